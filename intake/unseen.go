package intake

import (
	"context"
	"errors"

	"homeward/intake/intakesql"
	"homeward/internal/db"
	"homeward/statement"
)

// What no page shows waits for a person (attached). Appeals that were drained before that
// was so had a PDF that nobody was told of. When an office is unlocked, the house looks
// for them and writes down, as its own word and on the day on which it does, that they
// wait. What once waited and was dealt with is left alone.

// errWaits says that another process was first.
var errWaits = errors.New("intake: the appeal waits already")

// MarkUnseen has every appeal wait for a person that has a file no page shows and never
// waited for that. It says how many there were, and can be repeated.
func (i *Intake) MarkUnseen(ctx context.Context) (int, error) {
	var appeals []string
	err := i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		appeals, err = intakesql.New(tx).Unseen(ctx, i.office)
		return err
	})
	if err != nil {
		return 0, err
	}
	marked := 0
	for _, appeal := range appeals {
		err := i.markUnseen(ctx, appeal)
		if errors.Is(err, errWaits) {
			continue
		}
		if err != nil {
			return marked, err
		}
		marked++
	}
	return marked, nil
}

func (i *Intake) markUnseen(ctx context.Context, appeal string) error {
	act := statement.Act{Kind: statement.ActAppeal, Statements: []statement.Statement{
		{Subject: appeal, Property: statement.AppealNeedsPerson, Value: unplayable},
	}}
	_, err := i.ledger.AppendWith(ctx, act, func(ctx context.Context, tx *db.Tx, _ []statement.Recorded) error {
		n, err := intakesql.New(tx).CountWaits(ctx, intakesql.CountWaitsParams{OfficeID: i.office, Subject: appeal, Value: unplayable})
		if err == nil && n > 1 {
			return errWaits
		}
		return err
	})
	return err
}
