package vault

import (
	"context"

	"homeward/internal/db"
)

// Check has the keyring say whether it is whole: see db.DB.Check.
func (v *Vault) Check(ctx context.Context) (db.Checkup, error) { return v.keyring.Check(ctx) }
