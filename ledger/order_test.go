package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"homeward/internal/db"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
)

// TestTimeContradictsPlace: somebody who has the keys dates an entry in the middle of
// an act back. The signed time of the act says nothing of it; its place does.
func TestTimeContradictsPlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		_, first := person(t, "before")
		appended(t, o.Ledger, first)
		id, second := person(t, "one", "two")
		recorded := appended(t, o.Ledger, second)
		forged := recorded[1]
		forged.RecordedAt = forged.RecordedAt.Add(-24 * time.Hour)
		b, err := o.Bundle(t.Context(), forged.ID)
		must(t, err)
		sealed, err := o.Vault.Seal(t.Context(), id, fmt.Sprintf("ledger/statement/%s/%d", o.LogID(), forged.Index),
			append(statement.Canonical(forged), b.Salt...))
		must(t, err)
		execute(t, d, "UPDATE ledger_statement SET sealed = $1, recorded_at = $2 WHERE idx = $3", sealed, forged.RecordedAt.UnixMicro(), forged.Index)
		for _, f := range verified(t, o.Ledger, ledger.VerifyOptions{}).Findings {
			if f.Kind == ledger.OutOfOrder && f.Index == forged.Index {
				return
			}
		}
		t.Error("an entry that was dated back is not named")
	})
}
