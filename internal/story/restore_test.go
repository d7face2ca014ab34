package story_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"homeward"
)

// TestRestoredOfficeSaysTheSame backs an office up, restores it into an empty folder
// and compares what both export, decrypted: whatever stands in the backup's ledger is
// the same, line by line, and verify finds nothing. What differs is what comes after:
// the restore, which is an entry of a new epoch; what the office went on to say; and
// the head of the export, which names the checkpoint.
func TestRestoredOfficeSaysTheSame(t *testing.T) {
	t.Parallel()
	o := serve(t, "sqlite")
	folder := t.TempDir()
	data, keyring := filepath.Join(folder, "data"), filepath.Join(folder, "keyring")
	_, err := o.house.Backup(t.Context(), data, keyring, nil)
	o.must(err)
	before := export(t, o.house, o.cast)[1:]
	c := homeward.Config{Dir: filepath.Join(folder, "again")}
	again, restored, err := homeward.RestoreBackup(t.Context(), c, o.clock.Host(), data, keyring, passphrase())
	o.must(err)
	defer func() { o.must(again.Close()) }()
	clean(t, again)
	after := export(t, again, o.cast)[1:]
	said := func(lines [][]byte) (before [][]byte) {
		for _, line := range lines {
			var l struct{ Index int64 }
			o.must(json.Unmarshal(line, &l))
			if l.Index < restored.Size {
				before = append(before, line)
			}
		}
		return before
	}
	was, is := said(before), said(after)
	if len(is) < 1000 || len(is) != len(was) {
		t.Fatalf("of the %d entries in the backup, %d lines were exported before it was restored and %d after", restored.Size, len(was), len(is))
	}
	for i := range is {
		if !bytes.Equal(was[i], is[i]) {
			t.Fatalf("line %d was\n%.300s\nand is\n%.300s", i, was[i], is[i])
		}
	}
}
