package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault"
)

var (
	_ casework.Ledger = (*ledger.Ledger)(nil)
	_ casework.Vault  = (*vault.Vault)(nil)
	_ ledger.Follower = (*casework.Casework)(nil)
)

// TestOverTheRealLedger goes once through the room with nothing of it a stand-in:
// consent, care, release, erasure, rebuild.
func TestOverTheRealLedger(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, keyring *db.DB) {
		t.Parallel()
		ctx := context.Background()
		h := host.System()
		later := time.Duration(0)
		h.Now = func() time.Time { return time.Now().Add(later) }
		office := ledgertest.Open(t, d, keyring, h)
		c := casework.New(d, office.Ledger, office.Vault, h, casework.Options{OfficeID: office.Root.OfficeID(), ErasureWait: time.Hour})
		office.AddFollower(c)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		open := func(kind statement.Kind, said ...statement.Statement) string {
			t.Helper()
			id := ledgertest.ID(t)
			all := []statement.Statement{ledgertest.Opens(id, kind)}
			for _, s := range said {
				s.Subject = id
				all = append(all, s)
			}
			_, err := office.Append(ctx, statement.Act{Kind: statement.ActEntry, By: anna, Statements: all})
			must(err)
			return id
		}
		recipient := open(statement.Recipient, statement.Statement{Property: statement.RecipientOnward, Value: onward})
		person := open(statement.Person, statement.Statement{Property: statement.PersonName, Value: "Аминат"},
			statement.Statement{Property: statement.PersonCustody, Value: "released", TrueOn: edtf.MustParse("2019-10-12")})
		today := edtf.Day(time.Now().UTC())
		grant, err := c.Grant(ctx, anna, casework.NewGrant{Person: person, Recipient: recipient, Purpose: "return", Giver: casework.Own,
			Fields: []statement.Property{statement.PersonName}, How: "telephone", Language: "ru", Onward: onward, Given: today,
			Expires: edtf.Day(time.Now().AddDate(1, 0, 0).UTC()), Witnesses: []string{"a colleague"}, Note: "she rang"})
		must(err)
		_, err = c.Rate(ctx, anna, casework.Rating{Recipient: recipient, Person: person, Level: casework.High, Reason: "five of six were held"})
		must(err)
		release, err := c.Propose(ctx, anna, casework.DeedRelease, []string{grant}, "she asked for it")
		must(err)
		must(c.Approve(ctx, boris, release))
		request := casework.Request{Recipient: recipient, Purpose: "return", Persons: []casework.Asked{{Records: []string{person}}}}
		cleared, refused, err := c.Clear(ctx, anna, request)
		if err != nil || !slices.Equal(sent(cleared), []string{"Аминат"}) {
			t.Fatalf("sent %v, refused %v, %v", sent(cleared), refused, err)
		}
		if ending, err := c.Ending(ctx, 400, 10); err != nil || len(ending) != 1 || ending[0].Note != "she rang" {
			t.Errorf("ending %+v, %v", ending, err)
		}
		must(office.Rebuild(ctx, nil))
		if again, _, err := c.Clear(ctx, anna, request); err != nil || !slices.Equal(sent(again), sent(cleared)) {
			t.Errorf("after a rebuild: %v, %v", sent(again), err)
		}

		task, err := c.AddTask(ctx, anna, casework.Task{About: person, Text: "ring her"})
		must(err)
		erasure, err := c.ProposeErasure(ctx, anna, []string{person}, "own_request", "she asked")
		must(err)
		must(c.Approve(ctx, boris, erasure))
		later = 2 * time.Hour
		marks := func(context.Context, []string) ([][]byte, error) {
			return [][]byte{office.Vault.Mark("аминат")}, nil
		}
		done, err := c.Erase(ctx, boris, erasure, marks)
		if err != nil || !slices.Contains(done[0].Records, grant) {
			t.Fatalf("erased %+v, %v", done, err)
		}
		if c, r, err := c.Clear(ctx, anna, request); err != nil || c.Valid() {
			t.Errorf("after the erasure: %v, %v, %v", sent(c), r, err)
		}
		if e, err := c.Erasure(ctx, erasure); err != nil || e.Reason != "" || e.Done.IsZero() {
			t.Errorf("%+v, %v", e, err)
		}
		if err := c.FinishTask(ctx, anna, task, true); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("the task about her is still there: %v", err)
		}
	})
}
