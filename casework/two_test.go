package casework_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/statement"
)

// TestTwoPeopleAtOneThing has two colleagues decide, rate and finish the same at the
// same moment, over the real ledger: one of them did it, the other is told.
func TestTwoPeopleAtOneThing(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, keyring *db.DB) {
		t.Parallel()
		ctx := context.Background()
		h := host.System()
		office := ledgertest.Open(t, d, keyring, h)
		c := casework.New(d, office.Ledger, office.Vault, h, casework.Options{OfficeID: office.Root.OfficeID()})
		office.AddFollower(c)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		recipient := ledgertest.ID(t)
		_, err := office.Append(ctx, statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{ledgertest.Opens(recipient, statement.Recipient)}})
		must(err)
		const clara = "0192a0de-0000-7000-8000-0000000000c3"

		proposal, err := c.Propose(ctx, anna, casework.DeedExport, []string{recipient}, "why")
		must(err)
		one, other := atOnce(func() error { return c.Approve(ctx, boris, proposal) }, func() error { return c.Refuse(ctx, clara, proposal, "not so") })
		oneOf(t, "deciding", one, other, casework.ErrDecided)
		a, err := c.Approval(ctx, proposal)
		must(err)
		if (a.State == casework.Approved) != (one == nil) {
			t.Errorf("%s, although approving gave %v", a.State, one)
		}

		task, err := c.AddTask(ctx, anna, casework.Task{Text: "ring the ministry"})
		must(err)
		one, other = atOnce(func() error { return c.FinishTask(ctx, anna, task, true) }, func() error { return c.FinishTask(ctx, boris, task, true) })
		oneOf(t, "finishing", one, other, casework.ErrTaskMoved)
		done, err := c.Tasks(ctx, casework.TaskFilter{Done: true})
		must(err)
		if len(done) != 1 || (done[0].DoneBy == anna) != (one == nil) {
			t.Errorf("done by %+v, although the first was told %v", done, one)
		}
		must(c.FinishTask(ctx, boris, task, false))

		seen, err := c.Newest(ctx, recipient)
		must(err)
		rate := func(by string, level casework.Level) error {
			_, err := c.Rate(ctx, by, casework.Rating{Recipient: recipient, Attribute: statement.PersonSex, Value: "female", Level: level, Reason: "why", Seen: &seen})
			return err
		}
		one, other = atOnce(func() error { return rate(anna, casework.High) }, func() error { return rate(boris, casework.High) })
		oneOf(t, "rating", one, other, casework.ErrCareChanged)
		if all, err := c.Ratings(ctx, recipient); err != nil || len(all) != 1 || (all[0].By == anna) != (one == nil) {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// atOnce does both and gives what each was told.
func atOnce(a, b func() error) (one, other error) {
	var both sync.WaitGroup
	both.Go(func() { one = a() })
	both.Go(func() { other = b() })
	both.Wait()
	return one, other
}

// oneOf wants that one of the two did it, and that the other was told so.
func oneOf(t *testing.T, what string, one, other, told error) {
	t.Helper()
	if one != nil {
		one, other = other, one
	}
	if one != nil || !errors.Is(other, told) {
		t.Errorf("%s at once: %v and %v", what, one, other)
	}
}
