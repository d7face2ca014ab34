package ledger_test

import (
	"testing"

	"homeward/internal/db"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
)

// TestTheKeyringRemindsOlderData has the keyring forget somebody of whom the log says
// nothing, as when the data came back from an older day. Verify misses an act that says
// why; recording it again gives it one, once, under the id it had, and tells everybody.
func TestTheKeyringRemindsOlderData(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		ctx := t.Context()
		f := &shadow{told: map[string]bool{}}
		o.AddFollower(f)
		id, act := person(t, "Аминат")
		appended(t, o.Ledger, act)
		_, stays := person(t, "Хава")
		appended(t, o.Ledger, stays)
		if missing, err := o.Unrecorded(ctx); err != nil || len(missing) > 0 {
			t.Fatalf("before anybody was forgotten: %v, %v", missing, err)
		}
		erasure := ledgertest.ID(t)
		if _, err := o.Vault.Forget(ctx, id, erasure); err != nil {
			t.Fatal(err)
		}
		if r, err := o.Verify(ctx, ledger.VerifyOptions{}); err != nil || len(r.Findings) == 0 || r.Findings[0].Kind != ledger.KeyGone {
			t.Fatalf("the control: verify finds %v, %v", r.Findings, err)
		}
		done, err := o.ForgetAgain(ctx)
		if err != nil || len(done) != 1 || done[0].ID != erasure || len(done[0].Indexes) != 2 {
			t.Fatalf("forgotten again: %+v, %v", done, err)
		}
		if again, err := o.ForgetAgain(ctx); err != nil || len(again) > 0 {
			t.Errorf("forgotten a third time: %v, %v", again, err)
		}
		if left, err := o.About(ctx, id); err != nil || len(left) > 0 {
			t.Errorf("%d statements are left, %v", len(left), err)
		}
		said, err := o.About(ctx, erasure)
		if err != nil || len(said) < 3 {
			t.Errorf("the erasure says %v, %v", said, err)
		}
		for _, s := range said {
			if s.Property == statement.ErasedBy || s.Property == statement.ErasedRule {
				t.Errorf("%s is made up", s.Property)
			}
		}
		if r, err := o.Verify(ctx, ledger.VerifyOptions{}); err != nil || len(r.Findings) > 0 || r.Erased != 2 {
			t.Errorf("verify: %v, %v", r, err)
		}
		if _, err := o.Erase(ctx, []string{user, other}, "own_request", id, ""); err != nil {
			t.Errorf("asked to forget whoever is forgotten: %v", err)
		}
		if n, err := o.Size(ctx); err != nil || n != 4+int64(len(said)) {
			t.Errorf("%d entries: an erasure was recorded twice, %v", n, err)
		}
	})
}
