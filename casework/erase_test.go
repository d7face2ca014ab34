package casework_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/statement"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// sealed runs a test on an office with a vault.
func sealed(t *testing.T, fn func(t *testing.T, o *office, v *vault.Vault)) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, keyring *db.DB) {
		t.Parallel()
		_, v := vaulttest.Open(t, keyring, host.System())
		fn(t, newOffice(t, d, v, casework.Options{ErasureWait: casework.ErasureWait}), v)
	})
}

func TestErasureTakesTwoAndTime(t *testing.T) {
	sealed(t, func(t *testing.T, o *office, v *vault.Vault) {
		ctx := context.Background()
		person, grandmother := o.person()
		grant := o.grant(o.consent(person, grandmother, casework.Proxy))
		letter := o.open(statement.Letter, statement.Statement{Property: statement.LetterRecipient, Object: o.recipient},
			statement.Statement{Property: statement.LetterPerson, Object: person}, statement.Statement{Property: statement.LetterSent, Value: "2019-10-13"})
		mark := v.Mark("аминат", "1991")
		marks := func(context.Context, []string) ([][]byte, error) { return [][]byte{mark}, nil }

		if _, err := o.ProposeErasure(ctx, anna, []string{person}, "because", "she asked"); !errors.Is(err, casework.ErrRule) {
			t.Errorf("without a rule: %v", err)
		}
		a, err := o.ProposeErasure(ctx, anna, []string{person}, "own_request", "she asked")
		o.must(err)
		told, err := o.ToldOf(ctx, person)
		if want := []casework.Told{{Kind: statement.Letter, Record: letter, Recipient: o.recipient, On: "2019-10-13"}}; err != nil || !slices.Equal(told, want) {
			t.Errorf("told %+v, %v", told, err)
		}
		refuse := func(want error) {
			t.Helper()
			if _, err := o.Erase(ctx, boris, a, marks); !errors.Is(err, want) {
				t.Errorf("erased: %v, want %v", err, want)
			}
		}
		refuse(casework.ErrNotApproved)
		o.must(o.Approve(ctx, boris, a))
		refuse(casework.ErrWait)
		o.ledger.Now = o.ledger.Now.Add(casework.ErasureWait + time.Minute)
		done, err := o.Erase(ctx, boris, a, marks)
		if err != nil || len(done) != 1 || !slices.Contains(done[0].Records, grant) {
			t.Fatalf("erased %+v, %v", done, err)
		}
		refuse(casework.ErrDecided)
		if suppressed, err := v.Suppressed(ctx, mark); err != nil || !suppressed {
			t.Errorf("the same row would come back (%v)", err)
		}
		if gone, err := o.GrantByID(ctx, grant); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("the grant is still read: %+v, %v", gone, err)
		}
		if told, err := o.ToldOf(ctx, person); err != nil || len(told) != 1 {
			t.Errorf("who was told is no longer listed: %+v, %v", told, err)
		}
		if e, err := o.Erasure(ctx, a); err != nil || e.Reason != "" || e.Done.IsZero() || e.Rule != "own_request" {
			t.Errorf("%+v, %v", e, err)
		}
	})
}

// TestAnExportIsAmongWhoWasTold finds by the consent to whom an export went, also when
// the person and her consent are forgotten; and not under somebody else's name.
func TestAnExportIsAmongWhoWasTold(t *testing.T) {
	sealed(t, func(t *testing.T, o *office, _ *vault.Vault) {
		ctx := context.Background()
		person, grandmother := o.person()
		grant := o.grant(o.consent(person, grandmother, casework.Proxy))
		other, _ := o.person()
		order := o.open(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "return age1"})
		export, err := o.Propose(ctx, anna, casework.DeedExport, []string{order, o.recipient}, "for a partner")
		o.must(err)
		o.must(o.Approve(ctx, boris, export))
		if told, err := o.ToldOf(ctx, person); err != nil || len(told) > 0 {
			t.Errorf("told before anything left: %+v, %v", told, err)
		}
		o.must(o.Use(ctx, anna, export, strings.Repeat("ab", 32), []string{grant}))
		listed := func(when string) {
			t.Helper()
			told, err := o.ToldOf(ctx, person)
			if err != nil || len(told) != 1 || told[0].Kind != statement.Approval || told[0].Record != export || told[0].Recipient != o.recipient || told[0].On == "" {
				t.Errorf("%s: told %+v, %v", when, told, err)
			}
			if told, err := o.ToldOf(ctx, other); err != nil || len(told) > 0 {
				t.Errorf("%s: of somebody else told %+v, %v", when, told, err)
			}
		}
		listed("exported")
		a, err := o.ProposeErasure(ctx, anna, []string{person}, "duress", "they are at the door")
		o.must(err)
		o.must(o.Approve(ctx, boris, a))
		done, err := o.Erase(ctx, boris, a, func(context.Context, []string) ([][]byte, error) { return nil, nil })
		if err != nil || len(done) != 1 || !slices.Contains(done[0].Records, grant) {
			t.Fatalf("erased %+v, %v", done, err)
		}
		listed("forgotten")
	})
}

func TestDuressDoesNotWait(t *testing.T) {
	sealed(t, func(t *testing.T, o *office, _ *vault.Vault) {
		ctx := context.Background()
		person, _ := o.person()
		other, _ := o.person()
		a, err := o.ProposeErasure(ctx, anna, []string{person, other}, "duress", "they are at the door")
		o.must(err)
		o.must(o.Approve(ctx, boris, a))
		stop := errors.New("power cut")
		if _, err := o.Erase(ctx, boris, a, func(context.Context, []string) ([][]byte, error) { return nil, stop }); !errors.Is(err, stop) {
			t.Errorf("without marks: %v", err)
		}
		if left, _ := o.ledger.About(ctx, person); len(left) == 0 {
			t.Error("forgotten although the marks failed")
		}
		none := func(context.Context, []string) ([][]byte, error) { return nil, nil }
		_, err = o.ledger.Erase(ctx, []string{anna, boris}, "duress", person, "") // a crash after the first of two
		o.must(err)
		if done, err := o.Erase(ctx, boris, a, none); err != nil || len(done) != 2 {
			t.Errorf("done again after a crash: %+v, %v", done, err)
		}
		if left, _ := o.ledger.About(ctx, other); len(left) > 0 {
			t.Errorf("%d statements are left", len(left))
		}
	})
}

func TestTasks(t *testing.T) {
	sealed(t, func(t *testing.T, o *office, v *vault.Vault) {
		ctx := context.Background()
		person, _ := o.person()
		o.must(v.Ensure(ctx, vault.NewKey{ID: person}))
		add := func(about, text, due, who string) string {
			id, err := o.AddTask(ctx, anna, casework.Task{About: about, Text: text, Due: due, For: who})
			o.must(err)
			return id
		}
		texts := func(f casework.TaskFilter) []string {
			t.Helper()
			all, err := o.Tasks(ctx, f)
			o.must(err)
			var found []string
			for _, task := range all {
				found = append(found, task.Text)
			}
			return found
		}
		some := add("", "some day", "", anna)
		add(person, "ring the grandmother", "2019-10-20", "")
		add("", "Boris's", "2019-10-15", boris)
		for _, c := range []struct {
			f    casework.TaskFilter
			want []string
		}{
			{casework.TaskFilter{For: anna}, []string{"ring the grandmother", "some day"}},
			{casework.TaskFilter{}, []string{"Boris's", "ring the grandmother", "some day"}},
			{casework.TaskFilter{Until: "2019-10-16"}, []string{"Boris's"}},
			{casework.TaskFilter{About: person}, []string{"ring the grandmother"}},
		} {
			if got := texts(c.f); !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, want %v", c.f, got, c.want)
			}
		}
		o.must(o.FinishTask(ctx, boris, some, true))
		if got := texts(casework.TaskFilter{Done: true}); !slices.Equal(got, []string{"some day"}) {
			t.Errorf("done: %v", got)
		}
		if err := o.FinishTask(ctx, boris, person, true); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("no such task: %v", err)
		}
		if _, err := o.AddTask(ctx, anna, casework.Task{Text: "x", Due: "soon"}); !errors.Is(err, casework.ErrTask) {
			t.Errorf("a day that is none: %v", err)
		}
		_, err := o.ledger.Erase(ctx, []string{anna, boris}, "mistake", person, "")
		o.must(err)
		if got := texts(casework.TaskFilter{About: person}); len(got) > 0 {
			t.Errorf("of one who was forgotten: %v", got)
		}
	})
}
