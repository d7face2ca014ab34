package figures

import (
	"context"
	"strconv"

	"homeward/figures/figuressql"
	"homeward/internal/db"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Name is the follower's name.
func (f *Figures) Name() string { return "figures" }

// Follow notes which release has which number. Of two processes that give out one
// number, the second meets the table's key, and its act is not recorded (see Publish).
func (f *Figures) Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
	q := figuressql.New(tx)
	for _, s := range recorded {
		if s.Property != statement.ReleaseNumber {
			continue
		}
		if err := f.followRelease(ctx, q, s); err != nil {
			return err
		}
	}
	return nil
}

func (f *Figures) followRelease(ctx context.Context, q *figuressql.Queries, s statement.Recorded) error {
	n, err := strconv.ParseInt(s.Value, 10, 64)
	if err != nil {
		return nil //nolint:nilerr // a number that this room did not give out
	}
	known, err := q.KnownRelease(ctx, figuressql.KnownReleaseParams{OfficeID: f.office, ID: s.Subject})
	if err != nil || known > 0 {
		return err
	}
	return q.PutRelease(ctx, figuressql.PutReleaseParams{OfficeID: f.office, Number: n, ID: s.Subject, Entry: s.Index})
}

// Reset empties the table before a rebuild.
func (f *Figures) Reset(ctx context.Context, tx *db.Tx) error {
	return figuressql.New(tx).ResetReleases(ctx, f.office)
}

func date(text string) edtf.Date {
	d, err := edtf.Parse(text)
	if err != nil {
		return edtf.Date{}
	}
	return d
}
