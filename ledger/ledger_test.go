package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
	"homeward/vault"
)

const (
	user  = "0192a0de-0000-7000-8000-0000000000a1"
	other = "0192a0de-0000-7000-8000-0000000000a2"
)

func each(t *testing.T, fn func(t *testing.T, o ledgertest.Office, main, keyring *db.DB)) {
	t.Helper()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		t.Parallel()
		fn(t, ledgertest.Open(t, main, keyring, host.System()), main, keyring)
	})
}

// person is an act that opens a person with a name.
func person(t *testing.T, names ...string) (string, statement.Act) {
	t.Helper()
	id := ledgertest.ID(t)
	act := statement.Act{Kind: statement.ActEntry, By: user, Statements: []statement.Statement{ledgertest.Opens(id, statement.Person)}}
	for _, n := range names {
		act.Statements = append(act.Statements, statement.Statement{Subject: id, Property: statement.PersonName, Value: n, Lang: "ru"})
	}
	return id, act
}

func appended(t *testing.T, l *ledger.Ledger, act statement.Act) []statement.Recorded {
	t.Helper()
	r, err := l.Append(t.Context(), act)
	if err != nil {
		t.Fatalf("append: %v (%v)", err, errors.Unwrap(err))
	}
	return r
}

func TestWhatIsAppendedIsReadBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		ctx := t.Context()
		source := ledgertest.ID(t)
		appended(t, o.Ledger, statement.Act{Kind: statement.ActEntry, By: user, Statements: []statement.Statement{
			ledgertest.Opens(source, statement.Source),
			{Subject: source, Property: statement.SourceLabel, Value: "a relative"},
		}})
		id, act := person(t, "Аминат", "Amina")
		act.Note = "as she said"
		act.Statements[1].SaidBy = source
		recorded := appended(t, o.Ledger, act)
		if len(recorded) != 4 || recorded[3].Property != statement.ActNote || recorded[0].Index != 2 || recorded[3].Index != 5 {
			t.Fatalf("recorded %+v", recorded)
		}
		about, err := o.About(ctx, id)
		if err != nil || fmt.Sprint(about) != fmt.Sprint(recorded) {
			t.Errorf("about: %v\n%+v\n%+v", err, about, recorded)
		}
		said, err := o.Pointing(ctx, source, ledger.SaidByRecord)
		if err != nil || len(said) != 1 || said[0].ID != recorded[1].ID {
			t.Errorf("said by: %v %+v", err, said)
		}
		in, err := o.InAct(ctx, recorded[0].ActID)
		if err != nil || len(in) != 4 {
			t.Errorf("in act: %v %d", err, len(in))
		}
		if got, err := o.Get(ctx, recorded[1].ID); err != nil || got.Value != "Аминат" {
			t.Errorf("get: %v", err)
		}
		if _, err := o.Get(ctx, ledgertest.ID(t)); !errors.Is(err, ledger.ErrNoStatement) {
			t.Errorf("get of nothing: %v", err)
		}
		if k, err := o.Kind(ctx, id); err != nil || k != statement.Person {
			t.Errorf("kind: %v %v", k, err)
		}
		if ids, err := o.OfKind(ctx, statement.Person); err != nil || !slices.Equal(ids, []string{id}) {
			t.Errorf("of kind: %v %v", ids, err)
		}
		var n int64
		err = o.Each(ctx, 0, func(r statement.Recorded) error {
			if r.Index != n {
				t.Errorf("entry %d where %d belongs", r.Index, n)
			}
			n++
			return nil
		})
		if err != nil || n != 6 {
			t.Errorf("each: %v %d", err, n)
		}
	})
}

func TestWithdrawalsAndTheirUndoing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		ctx := t.Context()
		id, act := person(t, "Аминат", "Amina")
		recorded := appended(t, o.Ledger, act)
		standing := func(want ...bool) {
			t.Helper()
			about, err := o.About(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			var got []bool
			for _, r := range about {
				got = append(got, !r.Withdrawn)
			}
			if !slices.Equal(got, want) {
				t.Errorf("standing %v, want %v", got, want)
			}
		}
		withdraw := func(acts, statements []string) string {
			t.Helper()
			w, err := o.Withdraw(ctx, user, "a mistake", acts, statements)
			if err != nil {
				t.Fatal(err)
			}
			return w[0].ActID
		}
		standing(true, true, true)
		first := withdraw(nil, []string{recorded[1].ID})
		standing(true, false, true)
		second := withdraw([]string{recorded[0].ActID}, nil)
		standing(false, false, false)
		if ids, err := o.OfKind(ctx, statement.Person); err != nil || len(ids) != 0 {
			t.Errorf("a withdrawn person is still listed: %v %v", ids, err)
		}
		third := withdraw([]string{second}, nil)
		standing(true, false, true)
		withdraw([]string{first}, nil)
		standing(true, true, true)
		withdraw([]string{third}, nil)
		standing(false, false, false)
		if then, err := o.AboutAt(ctx, recorded[0].RecordedAt, id); err != nil || len(then) != 3 || then[0].Withdrawn {
			t.Errorf("as it stood then: %v %+v", err, then)
		}
		if _, err := o.Withdraw(ctx, user, "", []string{ledgertest.ID(t)}, nil); !errors.Is(err, ledger.ErrNoStatement) {
			t.Errorf("withdrew nothing: %v", err)
		}
	})
}

func TestErasure(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		ctx := t.Context()
		id, act := person(t, "Аминат")
		recorded := appended(t, o.Ledger, act)
		paper := ledgertest.ID(t)
		appended(t, o.Ledger, statement.Act{Kind: statement.ActEntry, By: user, Statements: []statement.Statement{
			ledgertest.Opens(paper, statement.PaperRecord),
			{Subject: paper, Property: statement.DocumentPerson, Object: id},
		}})
		if _, err := o.Erase(ctx, []string{user, user}, "own_request", id, ""); !errors.Is(err, ledger.ErrTwo) {
			t.Fatalf("one person forgot: %v", err)
		}
		e, err := o.Erase(ctx, []string{user, other}, "own_request", id, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Records) != 2 || !slices.Equal(e.Indexes, []int64{0, 1, 2, 3}) {
			t.Errorf("erased %+v", e)
		}
		if about, err := o.About(ctx, id, paper); err != nil || len(about) != 0 {
			t.Errorf("after forgetting: %v %v", about, err)
		}
		if _, err := o.Get(ctx, recorded[1].ID); !errors.Is(err, ledger.ErrNoStatement) {
			t.Errorf("get: %v", err)
		}
		if n, err := o.Gaps(ctx); err != nil || n != 4 {
			t.Errorf("gaps: %d %v", n, err)
		}
		_, err = o.Append(ctx, statement.Act{Kind: statement.ActEntry, By: user, Statements: []statement.Statement{
			{Subject: id, Property: statement.PersonName, Value: "Аминат"},
		}})
		if !errors.Is(err, ledger.ErrNoRecord) {
			t.Errorf("said something of a forgotten person: %v", err)
		}
		_, again := person(t, "Аминат")
		again.Statements[0].Subject, again.Statements[1].Subject = id, id
		if _, err := o.Append(ctx, again); !errors.Is(err, vault.ErrForgotten) {
			t.Errorf("opened a forgotten id again: %v", err)
		}
	})
}

func TestBulk(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		act := statement.Act{Kind: statement.ActImport, By: user}
		for i := range 4000 {
			id := ledgertest.ID(t)
			act.Statements = append(act.Statements, ledgertest.Opens(id, statement.Person))
			for j := range 4 {
				act.Statements = append(act.Statements, statement.Statement{Subject: id, Property: statement.PersonName, Value: fmt.Sprint("name ", i, j)})
			}
		}
		recorded := appended(t, o.Ledger, act)
		if len(recorded) != 20_000 {
			t.Fatal(len(recorded))
		}
		for range 3 {
			_, a := person(t, "x")
			appended(t, o.Ledger, a)
		}
	})
}
