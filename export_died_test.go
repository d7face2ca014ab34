package homeward_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"homeward"
)

// TestAnExportThatDiedLeavesItsPart dies after the part is written and before the file
// has its name: the whole file lies under the name of the part, none under its own, and the
// next attempt overwrites nothing.
func TestAnExportThatDiedLeavesItsPart(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "export")
	write := func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }
	func() {
		defer func() { _ = recover() }()
		_ = homeward.WriteApart(name, write, func(string) error { panic("the power is gone") })
	}()
	part, err := os.ReadFile(name + ".part")
	if err != nil || string(part) != "whole" {
		t.Errorf("the part holds %q, %v", part, err)
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file has its name although the program died before")
	}
	if err := homeward.WriteApart(name, write, func(string) error { return nil }); !errors.Is(err, homeward.ErrExportThere) {
		t.Errorf("the next attempt: %v", err)
	}
}
