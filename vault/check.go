package vault

import (
	"context"

	"homeward/internal/db"
	"homeward/internal/db/guard"
)

// Check has the keyring say whether it is whole: see db.DB.Check.
func (v *Vault) Check(ctx context.Context) (db.Checkup, error) { return v.keyring.Check(ctx) }

// Reread forgets every key in memory, so that what is opened from now on is opened by
// what lies in the keyring: for whoever asks whether it lies there.
func (v *Vault) Reread() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.drop()
}

// KeptKey is a key as it lies in the keyring. Whole says that it opens, for that id and
// that owner.
type KeptKey struct {
	ID, Owner string
	Whole     bool
}

// maxKept is how many keys are read at a time.
const maxKept = 4096

// Keys gives every key of the keyring to fn, in the order of their ids.
func (v *Vault) Keys(ctx context.Context, fn func(KeptKey)) error {
	for after, more := "", true; more; {
		rows, err := v.keysAfter(ctx, after)
		if err != nil {
			return err
		}
		for _, r := range rows {
			key, err := v.unwrap(r)
			fn(KeptKey{r.id, r.owner, err == nil && len(key) == keySize})
			clear(key)
			after = r.id
		}
		more = len(rows) == maxKept
	}
	return nil
}

func (v *Vault) keysAfter(ctx context.Context, after string) (rows []keyRow, err error) {
	err = v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err = scanKeys(tx.QueryContext(ctx, "SELECT id, owner, sealed FROM vault_key WHERE office_id = $1 AND id > $2 ORDER BY id LIMIT $3",
			v.root.office, after, maxKept))
		return err
	})
	return rows, err
}

func (v *Vault) unwrap(r keyRow) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.wrap == nil {
		return nil, ErrLocked
	}
	return unseal(v.wrap, v.wrapContext(r.id, r.owner), r.sealed)
}

// Begin begins to watch the keyring's rows that are no keys: see guard.Guard.Begin.
func (v *Vault) Begin(ctx context.Context, first bool) error {
	return v.change(ctx, func(ctx context.Context, tx *db.Tx) error { return v.guard.Begin(ctx, tx, first) })
}

// change changes the keyring, and notes how often it was changed.
func (v *Vault) change(ctx context.Context, fn func(ctx context.Context, tx *db.Tx) error) error {
	var n int64
	err := v.keyring.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if err = fn(ctx, tx); err == nil {
			n, err = v.guard.Changes(ctx, tx)
		}
		return err
	})
	if err == nil {
		v.changes.Store(n)
	}
	return err
}

// Changes gives how often a row of the keyring that is no key was changed, at least: what
// another process did is not among it.
func (v *Vault) Changes() int64 { return v.changes.Load() }

// CheckRows compares the keyring's rows that are no keys with what was kept of them
// (guard.Guard.Check), and gives how often they were changed.
func (v *Vault) CheckRows(ctx context.Context) (faults []guard.Fault, changes int64, begun bool, err error) {
	err = v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		if faults, begun, err = v.guard.Check(ctx, tx); err != nil {
			return err
		}
		changes, err = v.guard.Changes(ctx, tx)
		return err
	})
	return faults, changes, begun, err
}

// RestoreRows puts back the keyring's rows that are no keys: see guard.Guard.Restore.
func (v *Vault) RestoreRows(ctx context.Context) (n int64, err error) {
	err = v.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err = v.guard.Restore(ctx, tx)
		return err
	})
	v.Reread()
	return n, err
}
