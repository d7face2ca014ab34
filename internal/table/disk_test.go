package table

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestWorkbookIsReadWithoutTheDisk looks into the temporary folder while the rows are
// being read, and not only afterwards, when a reader would have cleaned up.
func TestWorkbookIsReadWithoutTheDisk(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	var file bytes.Buffer
	err := WriteXLSX(&file, "List", []string{"name"}, func(yield func([]string) bool) {
		for range 500 {
			if !yield([]string{strings.Repeat("CANARY ", 40)}) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(bytes.NewReader(file.Bytes()), int64(file.Len()), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	err = b.Rows(t.Context(), 0, func(Row) error {
		rows++
		return filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("%s lies in the temporary folder", e.Name())
			}
			return err
		})
	})
	if err != nil || rows != 501 {
		t.Errorf("%d rows, %v", rows, err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
