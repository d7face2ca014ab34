package register_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/match"
	"homeward/register"
	"homeward/register/invented"
	"homeward/vault/vaulttest"
)

// TestTwoProcessesKnowTheSame adds through one process what the other finds after
// it has caught up, and forgets through the other what the first then does not
// find.
func TestTwoProcessesKnowTheSame(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		one := open(t, main, keyring)
		v := vaulttest.Vault(t, one.Root, keyring, host.System())
		h := host.System()
		h.Now = func() time.Time { return *one.now }
		l := ledgertest.Ledger(t, main, one.Root, v, h, nil)
		r := register.New(vaulttest.Office, main, l, v, nil, h)
		l.AddFollower(r)
		l.AddLearner(r.Learner())
		two := office{ledgertest.Office{Root: one.Root, Vault: v, Ledger: l}, r, match.NewPeople(r, h), main, one.now}
		a, b := one.add(t, name("Аминат Магомедова")), one.add(t, name("Aminat"))
		one.judge(t, a, b, register.Same)
		must(t, l.CatchUp(t.Context()))
		if hits := two.find(t, "أمينة"); len(hits) != 1 || hits[0].Records != 2 {
			t.Fatalf("%+v", hits)
		}
		_, err := l.Erase(t.Context(), []string{clerk, other}, "own_request", a, "")
		must(t, err)
		must(t, one.CatchUp(t.Context()))
		if hits := one.find(t, "Магомедова"); len(hits) != 0 {
			t.Errorf("%+v", hits)
		}
		r.Learner().Reset()
		if hits := two.find(t, "Aminat"); len(hits) != 0 {
			t.Errorf("after the lock: %+v", hits)
		}
	})
}

// TestAHundredThousandRows imports a list of a hundred thousand rows of four columns.
// It takes minutes and runs when HOMEWARD_TEST_LARGE is set,
// to 1 or to another number of rows.
func TestAHundredThousandRows(t *testing.T) {
	if os.Getenv("HOMEWARD_TEST_LARGE") == "" {
		t.Skip("HOMEWARD_TEST_LARGE is not set")
	}
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv("HOMEWARD_TEST_LARGE")); err == nil && n > 1 {
		rows = n
	}
	each(t, func(t *testing.T, o office) {
		start := time.Now()
		p := o.plan(t, list(invented.Short(rows)), nil)
		planned := time.Since(start)
		done, err := p.Run(t.Context(), clerk, register.RunOptions{Source: o.source(t)}, nil)
		must(t, err)
		ran := time.Since(start) - planned
		if done.Rows != rows {
			t.Errorf("%+v", done)
		}
		start = time.Now()
		hits := o.find(t, "Аминат Магомедова")
		found := time.Since(start)
		start = time.Now()
		o.person(t, hits[0].Person)
		page := time.Since(start)
		start = time.Now()
		must(t, o.UndoImport(t.Context(), clerk, done.Import, ""))
		t.Logf("planned in %v, imported in %v (%d acts), found in %v, person in %v, undone in %v", planned, ran, len(done.Acts), found, page, time.Since(start))
		if n, _ := o.Counts(); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

// TestSearchWhileOthersWrite asks and writes at once; the race detector watches.
func TestSearchWhileOthersWrite(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		a := o.add(t, name("Аминат Магомедова"))
		done := make(chan error)
		go func() {
			for range 40 {
				if _, err := o.people.Search(t.Context(), match.Wanted{Name: "Aminat"}); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		for range 8 {
			b := o.add(t, name("Aminat"))
			o.judge(t, a, b, register.Same)
		}
		must(t, <-done)
		if hits := o.find(t, "أمينة"); len(hits) != 1 || hits[0].Records != 9 {
			t.Errorf("%+v", hits)
		}
	})
}
