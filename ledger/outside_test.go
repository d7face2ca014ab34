package ledger_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
)

// TestPlace tells the states of the place outside apart, as the page and verify do.
func TestPlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		history(t, o)
		wantPlace(t, o.Ledger, ledger.Nowhere, nil)

		folder := t.TempDir()
		dir, err := host.OpenDir(folder)
		must(t, err)
		l := ledgertest.Ledger(t, d, o.Root, o.Vault, host.System(), dir)
		wantPlace(t, l, ledger.Missing, ledger.ErrOutside) // named only now: nothing was recorded since
		_, a := person(t, "somebody")
		appended(t, l, a)
		must(t, l.Read(t.Context(), user, "person.read", a.Statements[0].Subject))
		wantPlace(t, l, ledger.Kept, nil)

		_, a = person(t, "somebody else")
		appended(t, o.Ledger, a) // by a process that has no such place
		wantPlace(t, l, ledger.Behind, ledger.ErrOutside)
		_, a = person(t, "a third")
		appended(t, l, a)
		wantPlace(t, l, ledger.Kept, nil)

		removeCheckpoints(t, folder)
		wantPlace(t, l, ledger.Missing, ledger.ErrOutside)
		if r := verified(t, l, ledger.VerifyOptions{}); len(r.Findings) > 0 {
			t.Errorf("a place that is empty is no alteration: %+v", r.Findings)
		}
	})
}

func wantPlace(t *testing.T, l *ledger.Ledger, want ledger.Place, why error) {
	t.Helper()
	got, err := l.Outside(t.Context())
	if got != want || !errors.Is(err, why) {
		t.Errorf("the place outside is %q (%v), want %q (%v)", got, err, want, why)
	}
	if r := verified(t, l, ledger.VerifyOptions{}); r.Place != want {
		t.Errorf("verify calls it %q, want %q", r.Place, want)
	}
}

func removeCheckpoints(t *testing.T, folder string) {
	t.Helper()
	removed := 0
	must(t, filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".checkpoint") {
			removed++
			err = os.Remove(path)
		}
		return err
	}))
	if removed == 0 {
		t.Fatal("nothing was kept outside")
	}
}
