package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"

	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/vault/vaultsql"
)

// Forget destroys the key of owner and the keys of everything that belongs to it,
// to the end of the chain, and lists them under the erasure's id. When it returns
// nil they are gone from the keyring's files too (see db.Scrub); older backups of
// the keyring are for their own retention to end. Doing it again is harmless and
// gives the same ids: what was forgotten with owner, sorted.
func (v *Vault) Forget(ctx context.Context, owner, erasure string) (keyIDs []string, err error) {
	err = v.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		keyIDs, err = v.destroy(ctx, tx, owner, erasure)
		return err
	})
	v.mu.Lock()
	v.drop() // also after an error: nobody may know whether it was committed
	v.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if err := v.keyring.Scrub(ctx); err != nil {
		return nil, err
	}
	return keyIDs, nil
}

func (v *Vault) destroy(ctx context.Context, tx *db.Tx, owner, erasure string) ([]string, error) {
	q := vaultsql.New(tx)
	ids, err := v.closure(ctx, q, owner)
	if err != nil {
		return nil, err
	}
	now := v.host.Now().UnixMicro()
	rows := make([]guard.Key, len(ids))
	for i, id := range ids {
		rows[i] = guard.Key{id}
		if _, err := q.DestroyKey(ctx, vaultsql.DestroyKeyParams{OfficeID: v.root.office, ID: id}); err != nil {
			return nil, err
		}
	}
	err = v.guard.Change(ctx, tx, "vault_erasure", rows, func() error {
		for _, id := range ids {
			err := q.ListErased(ctx, vaultsql.ListErasedParams{OfficeID: v.root.office, ID: id, Root: owner, Erasure: erasure, ForgottenAt: now})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := v.turn(ctx, tx); err != nil {
		return nil, err
	}
	return q.ErasedWith(ctx, vaultsql.ErasedWithParams{OfficeID: v.root.office, Root: owner})
}

// turn counts the keyring's epoch on.
func (v *Vault) turn(ctx context.Context, tx *db.Tx) error {
	return v.guard.Change(ctx, tx, "vault_state", guard.Row(), func() error { return vaultsql.New(tx).NextEpoch(ctx, v.root.office) })
}

// closure is owner and all that belongs to it, near or far.
func (v *Vault) closure(ctx context.Context, q *vaultsql.Queries, owner string) ([]string, error) {
	ids := []string{owner}
	seen := map[string]bool{owner: true}
	for i := 0; i < len(ids); i++ {
		owned, err := q.Owned(ctx, vaultsql.OwnedParams{OfficeID: v.root.office, Owner: ids[i]})
		if err != nil {
			return nil, err
		}
		for _, id := range owned {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// GoesWith gives everything that would be forgotten with these owners, and them.
func (v *Vault) GoesWith(ctx context.Context, owners ...string) (map[string]bool, error) {
	all := map[string]bool{}
	err := v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, owner := range owners {
			ids, err := v.closure(ctx, vaultsql.New(tx), owner)
			if err != nil {
				return err
			}
			for _, id := range ids {
				all[id] = true
			}
		}
		return nil
	})
	return all, err
}

// Forgotten reports whether an id was forgotten, in itself or with its owner.
func (v *Vault) Forgotten(ctx context.Context, id string) (bool, error) {
	var n int64
	err := v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = vaultsql.New(tx).Erased(ctx, vaultsql.ErasedParams{OfficeID: v.root.office, ID: id})
		return err
	})
	return n > 0, err
}

// Erased is an erasure as the keyring lists it: what was forgotten by it.
type Erased struct {
	Erasure string
	Records []string
}

// ErasureOf gives the erasure by which an id was forgotten, in itself or with its
// owner, and what was forgotten with that owner; none of it when it was not.
func (v *Vault) ErasureOf(ctx context.Context, id string) (e Erased, err error) {
	err = v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := vaultsql.New(tx)
		row, err := q.ErasureOf(ctx, vaultsql.ErasureOfParams{OfficeID: v.root.office, ID: id})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		e.Erasure = row.Erasure
		e.Records, err = q.ErasedWith(ctx, vaultsql.ErasedWithParams{OfficeID: v.root.office, Root: row.Root})
		return err
	})
	return e, err
}

// Erasures lists all that was ever forgotten, the first first. A keyring that is
// younger than the data knows more of them than the data do.
func (v *Vault) Erasures(ctx context.Context) (all []Erased, err error) {
	var rows []vaultsql.AllErasedRow
	err = v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err = vaultsql.New(tx).AllErased(ctx, v.root.office)
		return err
	})
	at := map[string]int{}
	for _, r := range rows {
		i, ok := at[r.Erasure]
		if !ok {
			i, at[r.Erasure] = len(all), len(all)
			all = append(all, Erased{Erasure: r.Erasure})
		}
		all[i].Records = append(all[i].Records, r.ID)
	}
	return all, err
}

// Mark is what remains of a forgotten row so that it is known again: an HMAC of its
// parts under a key that hangs on the office key. It is nil when the office is
// locked. The caller folds names and dates to one form first.
func (v *Vault) Mark(parts ...string) []byte {
	key := v.root.Derive("vault/suppression")
	if key == nil {
		return nil
	}
	defer clear(key)
	m := hmac.New(sha256.New, key)
	for _, p := range parts {
		// The length first, so that ("ab", "c") is not ("a", "bc").
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		m.Write(n[:])
		m.Write([]byte(p))
	}
	return m.Sum(nil)
}

// Suppress keeps marks of what was forgotten by an erasure.
func (v *Vault) Suppress(ctx context.Context, erasure string, marks ...[]byte) error {
	now := v.host.Now().UnixMicro()
	return v.change(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows := make([]guard.Key, len(marks))
		for i, m := range marks {
			if len(m) != sha256.Size {
				return ErrLocked // what Mark gives when there is no key
			}
			rows[i] = guard.Key{m}
		}
		err := v.guard.Change(ctx, tx, "vault_suppression", rows, func() error {
			for _, m := range marks {
				err := vaultsql.New(tx).AddMark(ctx, vaultsql.AddMarkParams{OfficeID: v.root.office, Mark: m, Erasure: erasure, MadeAt: now})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return v.turn(ctx, tx)
	})
}

// Suppressed reports whether a mark is kept. For many rows, take a context of Look:
// the marks are few and lie in memory.
func (v *Vault) Suppressed(ctx context.Context, mark []byte) (bool, error) {
	if err := v.fresh(ctx); err != nil {
		return false, err
	}
	v.mu.Lock()
	marks := v.marks
	v.mu.Unlock()
	if marks == nil {
		var err error
		if marks, err = v.loadMarks(ctx); err != nil {
			return false, err
		}
	}
	return marks[string(mark)], nil
}

// loadMarks reads all marks; they are kept unless the keyring moved on meanwhile.
func (v *Vault) loadMarks(ctx context.Context) (map[string]bool, error) {
	marks := map[string]bool{}
	var epoch int64
	err := v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		q := vaultsql.New(tx)
		if epoch, err = q.Epoch(ctx, v.root.office); err != nil {
			return err
		}
		list, err := q.Marks(ctx, v.root.office)
		for _, m := range list {
			marks[string(m)] = true
		}
		return err
	})
	if err != nil {
		return nil, v.orGone(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if epoch == v.epoch {
		v.marks = marks
	}
	return marks, nil
}
