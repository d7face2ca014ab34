package match_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/vault/vaulttest"
)

const (
	writer    = "0192a0de-0000-7000-8000-000000000101"
	colleague = "0192a0de-0000-7000-8000-000000000102"
	// looksAgain is how often an open house looks at the end of the ledger (keep.go).
	looksAgain = 400 * time.Millisecond
)

// searcher is one of several over the same databases.
type searcher struct {
	ledgertest.Office
	*register.Register
	people *match.People
}

func (p searcher) found(t *testing.T, name string) int {
	t.Helper()
	hits, err := p.people.Find(t.Context(), name, 5)
	if err != nil {
		t.Fatal(err)
	}
	return len(hits)
}

func searchers(t *testing.T, main, keyring *db.DB) (one, two searcher) {
	h := host.System()
	one.Office = ledgertest.Open(t, main, keyring, h)
	two.Office = one.Office
	two.Vault = vaulttest.Vault(t, one.Root, keyring, h)
	two.Ledger = ledgertest.Ledger(t, main, one.Root, two.Vault, h, nil)
	for _, p := range []*searcher{&one, &two} {
		p.Register = register.New(vaulttest.Office, main, p.Ledger, p.Vault, nil, h)
		p.people = match.NewPeople(p.Register, h)
		p.AddFollower(p.Register)
		p.AddLearner(p.Learner())
		if err := p.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return one, two
}

// TestFoundTheMomentItIsWritten finds somebody in the process that wrote her down as
// soon as the call returns, and never one whose statement was rolled back; in the
// other process within a second; and nowhere once she is forgotten.
func TestFoundTheMomentItIsWritten(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		one, two := searchers(t, main, keyring)
		ctx, stop := context.WithCancel(t.Context())
		watching := make(chan struct{})
		go func() {
			defer close(watching)
			two.Ledger.Watch(ctx, looksAgain, func(err error) { t.Error(err) })
		}()
		defer func() { stop(); <-watching }()

		rolled := errors.New("rolled back")
		_, err := one.AppendWith(t.Context(), statement.Act{Kind: statement.ActEntry, By: writer, Statements: []statement.Statement{
			ledgertest.Opens(colleague, statement.Person), {Subject: colleague, Property: statement.PersonName, Value: "Зубайжат"},
		}}, func(context.Context, *db.Tx, []statement.Recorded) error { return rolled })
		if !errors.Is(err, rolled) {
			t.Fatal(err)
		}
		var longest time.Duration
		var last string
		for _, name := range []string{"Умукусум Дадаева", "Написат Эбзеева", "Седа Бекбулатова"} {
			last, err = one.Add(t.Context(), writer, register.NewPerson{Statements: []statement.Statement{{Property: statement.PersonName, Value: name}}})
			if err != nil {
				t.Fatal(err)
			}
			written := time.Now()
			if one.found(t, name) != 1 {
				t.Errorf("not found in the process that wrote her down")
			}
			for two.found(t, name) == 0 {
				if time.Since(written) > 5*time.Second {
					t.Fatal("not found in the other process after five seconds")
				}
				time.Sleep(10 * time.Millisecond)
			}
			longest = max(longest, time.Since(written))
		}
		t.Logf("found in the other process after at most %v", longest)
		if longest > 2*time.Second {
			t.Errorf("the other process found her after %v", longest) // a second, and as much for a busy machine
		}
		if one.found(t, "Зубайжат") != 0 || two.found(t, "Зубайжат") != 0 {
			t.Error("what was rolled back is found")
		}
		if _, err := one.Erase(t.Context(), []string{writer, colleague}, "own_request", last, ""); err != nil {
			t.Fatal(err)
		}
		if one.found(t, "Седа Бекбулатова") != 0 {
			t.Error("the forgotten is found in the process that forgot her")
		}
		for gone := time.Now(); two.found(t, "Седа Бекбулатова") != 0; time.Sleep(10 * time.Millisecond) {
			if time.Since(gone) > 3*time.Second {
				t.Fatal("the forgotten is found in the other process")
			}
		}
		two.Learner().Reset()
		if two.found(t, "Написат") != 0 {
			t.Error("found after the lock")
		}
	})
}

// TestWokenByNotice has a process hear of what another wrote, and of whom it forgot,
// without looking: its next look would be in an hour. What was rolled back is no
// notice.
func TestWokenByNotice(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		if main.Dialect() != db.PostgreSQL {
			return // one process has the file
		}
		one, two := searchers(t, main, keyring)
		ctx, stop := context.WithCancel(t.Context())
		watching := make(chan struct{})
		go func() {
			defer close(watching)
			two.Ledger.Watch(ctx, time.Hour, func(err error) { t.Error(err) })
		}()
		defer func() { stop(); <-watching }()

		became := func(want int) time.Duration {
			t.Helper()
			began := time.Now()
			for two.found(t, "Хадижат Рамазанова") != want {
				if time.Since(began) > 10*time.Second {
					t.Fatalf("not woken after ten seconds: want %d found", want)
				}
				time.Sleep(time.Millisecond)
			}
			return time.Since(began)
		}
		who, err := one.Add(t.Context(), writer, register.NewPerson{Statements: []statement.Statement{{Property: statement.PersonName, Value: "Хадижат Рамазанова"}}})
		if err != nil {
			t.Fatal(err)
		}
		found := became(1)
		if _, err := one.Erase(t.Context(), []string{writer, colleague}, "own_request", who, ""); err != nil {
			t.Fatal(err)
		}
		t.Logf("found after %v, gone after %v", found, became(0))
	})
}
