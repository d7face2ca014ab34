package ledger_test

import (
	"bytes"
	"testing"

	"homeward/internal/db"
	"homeward/ledger/ledgertest"
	"homeward/ledger/proof"
)

// TestEveryEntryHasItsOwnSalt: a statement can be proved with the salt of its own
// bundle, and no salt says anything of another one.
func TestEveryEntryHasItsOwnSalt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		_, act := person(t, "Аминат", "Amina", "أمينة")
		seen := map[string]bool{string(make([]byte, proof.SaltSize)): true}
		for _, r := range appended(t, o.Ledger, act) {
			b, err := o.Bundle(t.Context(), r.ID)
			must(t, err)
			if len(b.Salt) != proof.SaltSize || seen[string(b.Salt)] {
				t.Errorf("entry %d has no salt of its own", r.Index)
			}
			if len(b.Salt) > 0 && bytes.Count(b.Salt, b.Salt[:1]) == len(b.Salt) {
				t.Errorf("the salt of entry %d is not random", r.Index)
			}
			seen[string(b.Salt)] = true
		}
	})
}
