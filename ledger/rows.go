package ledger

import (
	"context"
	"database/sql"
	"errors"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
)

// CountRows has every checkpoint say how often rows beside the log were changed; before
// the first Append. count is asked in the transaction that signs.
func (l *Ledger) CountRows(count func(ctx context.Context, tx *db.Tx) (proof.Rows, error)) {
	l.rows = count
}

// SignedRows gives what the last checkpoints of this epoch say of the rows beside the
// log: nothing where no program that watches them has signed one.
func (l *Ledger) SignedRows(ctx context.Context) (rows proof.Rows, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		rows = proof.Rows{}
		epoch := 0
		for _, log := range []int64{statementsLog, readsLog} {
			note, err := ledgersql.New(v.tx).LastCheckpoint(ctx, ledgersql.LastCheckpointParams{OfficeID: l.office, Log: log})
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			c, err := proof.Open(note.Note, l.verifier(log))
			if err != nil {
				continue // which verify says; nothing is believed that is not signed
			}
			if log == statementsLog {
				epoch = c.Epoch
			}
			if c.Epoch >= epoch {
				rows.Data, rows.Keyring = max(rows.Data, c.Rows.Data), max(rows.Keyring, c.Rows.Keyring)
			}
		}
		return nil
	})
	return rows, err
}
