package ledger

import (
	"context"

	"homeward/ledger/ledgersql"
	"homeward/statement"
	"homeward/vault"
)

// Data that were put back from an older backup hold again whoever was forgotten since,
// and nothing in the log says that she was. The keyring, which is backed up later and
// apart, knows it: her key is gone and its list says by which erasure. From that list
// the log learns it again.

// Unrecorded are the erasures that the keyring lists and the log knows nothing of. There
// are none unless the data are older than the keyring: an erasure is begun in the data
// before a key is destroyed, and so the keyring is read first.
func (l *Ledger) Unrecorded(ctx context.Context) ([]vault.Erased, error) {
	listed, err := l.vault.Erasures(ctx)
	if err != nil || len(listed) == 0 {
		return nil, err
	}
	known := map[string]bool{}
	err = l.read(ctx, func(ctx context.Context, v View) error {
		q := ledgersql.New(v.tx)
		records, err := q.RecordsOfKind(ctx, ledgersql.RecordsOfKindParams{OfficeID: l.office, Kind: string(statement.Erasure)})
		if err != nil {
			return err
		}
		for _, r := range records {
			known[r.ID] = true
		}
		begun, err := q.Pending(ctx, l.office)
		for _, r := range begun {
			known[r.ID] = true
		}
		return err
	})
	var missing []vault.Erased
	for _, e := range listed {
		if !known[e.Erasure] {
			missing = append(missing, e)
		}
	}
	return missing, err
}

// ForgetAgain records those erasures once more, under the ids they had: the rows go, and
// followers and learners are told as they were the first time. By whom and by which rule
// it was approved is lost with the entries that said so, and is not made up. It comes
// after Restore, and doing it again is harmless.
func (l *Ledger) ForgetAgain(ctx context.Context) ([]Erasure, error) {
	missing, err := l.Unrecorded(ctx)
	if err != nil {
		return nil, err
	}
	var done []Erasure
	for _, e := range missing {
		p := pending{ID: e.Erasure, Gone: e.Records}
		if err := l.name(&p.Act); err != nil {
			return done, err
		}
		if err := l.beginErasure(ctx, p); err != nil {
			return done, err
		}
		one, err := l.endErasure(ctx, p)
		if err != nil {
			return done, err
		}
		done = append(done, one)
	}
	return done, l.finishErasures(ctx)
}
