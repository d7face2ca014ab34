package story_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"homeward"
	"homeward/statement"
)

// TestRestoredOfficeSaysTheSame backs an office up, restores it into an empty folder
// and compares everything that both say, statement by statement, with the act, the place and
// the day of each: whatever stands in the backup's ledger is the same, and verify finds
// nothing. What differs is what comes after: the restore, which is an entry of a new
// epoch, and what the office went on to say.
func TestRestoredOfficeSaysTheSame(t *testing.T) {
	t.Parallel()
	o := serve(t, "sqlite")
	folder := t.TempDir()
	data, keyring := filepath.Join(folder, "data"), filepath.Join(folder, "keyring")
	_, err := o.house.Backup(t.Context(), data, keyring, nil)
	o.must(err)
	before := everything(t, o.house)
	c := homeward.Config{Dir: filepath.Join(folder, "again")}
	again, restored, err := homeward.RestoreBackup(t.Context(), c, o.clock.Host(), data, keyring, passphrase())
	o.must(err)
	defer func() { o.must(again.Close()) }()
	clean(t, again)
	after := everything(t, again)
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
		t.Fatalf("of the %d entries in the backup, %d statements were read before it was restored and %d after", restored.Size, len(was), len(is))
	}
	for i := range is {
		if !bytes.Equal(was[i], is[i]) {
			t.Fatalf("line %d was\n%.300s\nand is\n%.300s", i, was[i], is[i])
		}
	}
}

// everything is each statement of an office with all that the ledger knows of it, as a
// line of JSON. It leaves no process: no export has this.
func everything(t *testing.T, h *homeward.House) (lines [][]byte) {
	t.Helper()
	err := h.Ledger.Each(t.Context(), 0, func(r statement.Recorded) error {
		line, err := json.Marshal(r)
		lines = append(lines, line)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
