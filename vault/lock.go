package vault

import (
	"context"

	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/vault/vaultsql"
)

// Several processes may serve one office, and a lock that only one of them obeys is
// none. Whoever locks counts it in the keyring; every other process looks now and
// then, and closes when the number is not the one it saw when it opened.

// CountLock counts that the office was locked.
func (v *Vault) CountLock(ctx context.Context) error {
	return v.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		return v.guard.Change(ctx, tx, "vault_state", guard.Row(), func() error { return vaultsql.New(tx).NextLock(ctx, v.root.office) })
	})
}

// Locks gives how often the office was locked.
func (v *Vault) Locks(ctx context.Context) (n int64, err error) {
	err = v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = vaultsql.New(tx).Locks(ctx, v.root.office)
		return err
	})
	return n, err
}
