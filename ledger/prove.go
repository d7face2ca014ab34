package ledger

import (
	"context"
	"database/sql"
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
	"homeward/vault"
)

// Checkpoint gives the last signed checkpoint, a C2SP signed note; "" while the log
// is empty.
func (l *Ledger) Checkpoint(ctx context.Context) (note string, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		note, err = v.checkpoint(ctx)
		return err
	})
	return note, err
}

func (v View) checkpoint(ctx context.Context) (string, error) {
	r, err := ledgersql.New(v.tx).LastCheckpoint(ctx, ledgersql.LastCheckpointParams{OfficeID: v.l.office, Log: statementsLog})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return r.Note, err
}

// Include gives the path from the leaf at index to the root of the log's first size
// entries; proof.Included checks it.
func (l *Ledger) Include(ctx context.Context, index, size int64) (path []proof.Hash, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		path, err = v.include(ctx, index, size)
		return err
	})
	return path, err
}

func (v View) include(ctx context.Context, index, size int64) ([]proof.Hash, error) {
	h, err := v.head(ctx)
	if err != nil {
		return nil, err
	}
	if size > h.size || index < 0 || index >= size {
		return nil, ErrNoStatement
	}
	path, err := tlog.ProveRecord(size, index, v.l.hashes(ctx, v.tx, statementsLog))
	return plain(path), err
}

// Consistent gives the path that shows the log of newSize entries to begin with
// the log of oldSize; proof.Consistent checks it.
func (l *Ledger) Consistent(ctx context.Context, oldSize, newSize int64) (path []proof.Hash, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		h, err := v.head(ctx)
		if err != nil {
			return err
		}
		if newSize > h.size || oldSize < 0 || oldSize > newSize {
			return ErrNoStatement
		}
		if oldSize == 0 || oldSize == newSize {
			return nil
		}
		tree, err := tlog.ProveTree(newSize, oldSize, l.hashes(ctx, v.tx, statementsLog))
		path = plain(tree)
		return err
	})
	return path, err
}

func plain(hashes []tlog.Hash) []proof.Hash {
	out := make([]proof.Hash, len(hashes))
	for i, h := range hashes {
		out[i] = proof.Hash(h)
	}
	return out
}

// Bundle gives what proves one statement to somebody who has only the log's
// verifier key. It shows the statement whole: whether it may leave the house is for
// the caller to know, under a grant that names proof.
func (l *Ledger) Bundle(ctx context.Context, statementID string) (b proof.Bundle, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		b, err = v.bundle(ctx, statementID)
		return err
	})
	return b, err
}

func (v View) bundle(ctx context.Context, statementID string) (b proof.Bundle, err error) {
	rows, err := v.rows(ctx, byID, []string{statementID})
	if err != nil {
		return b, err
	}
	if len(rows) == 0 {
		return b, ErrNoStatement
	}
	r := rows[0]
	s, canonical, salt, err := v.l.unseal(ctx, r.sealedWith(), r.idx, r.sealed)
	if err != nil {
		return b, err
	}
	if !r.agrees(s) {
		return b, vault.ErrTampered
	}
	note, err := v.checkpoint(ctx)
	if err != nil {
		return b, err
	}
	c, err := proof.Open(note, v.l.VerifierKey())
	if err != nil {
		return b, ErrDamaged.Wrap(err)
	}
	path, err := v.include(ctx, r.idx, c.Size)
	if err != nil {
		return b, err
	}
	b = proof.Bundle{Format: proof.BundleFormat, Statement: canonical, Salt: salt, Checkpoint: note, Key: v.l.VerifierKey().String()}
	for _, h := range path {
		b.Path = append(b.Path, h[:])
	}
	if _, _, err := proof.Check(b, v.l.VerifierKey()); err != nil {
		return proof.Bundle{}, ErrDamaged.Wrap(err)
	}
	return b, nil
}
