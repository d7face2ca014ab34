package access

import (
	"context"
	"time"

	"homeward/access/accesssql"
	"homeward/internal/db"
)

// Spend counts n sensitive things that a user is about to see. Beyond the hour's
// budget it gives ErrBudget and notes the event: a stolen session, or somebody who
// is leaving, does not carry the whole register away.
func (a *Access) Spend(ctx context.Context, userID string, n int) error {
	hour := a.host.Now().Unix() / int64(time.Hour/time.Second)
	var used int64
	err := a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		q := a.queries(tx)
		used, err = q.Spend(ctx, accesssql.SpendParams{OfficeID: a.office, UserID: userID, Hour: hour, Used: int64(n)})
		if err != nil || used <= int64(a.opt.Reads) || used-int64(n) > int64(a.opt.Reads) {
			return err // well within, or noted before
		}
		return a.note(ctx, tx, EventBudget, userID, userID)
	})
	if err == nil && used > int64(a.opt.Reads) {
		return ErrBudget.With("limit", a.opt.Reads)
	}
	return err
}

// ReadLog is the log of sensitive reads; *ledger.Ledger is one.
type ReadLog interface {
	Read(ctx context.Context, user, action, object string) error
}

// Counted gives the log of reads with the budget before it: what is over the budget
// is not shown, and so is not logged as read.
func (a *Access) Counted(log ReadLog) ReadLog { return counted{a, log} }

type counted struct {
	access *Access
	log    ReadLog
}

func (c counted) Read(ctx context.Context, user, action, object string) error {
	if err := c.access.Spend(ctx, user, 1); err != nil {
		return err
	}
	return c.log.Read(ctx, user, action, object)
}
