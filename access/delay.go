package access

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"time"

	"homeward/access/accesssql"
	"homeward/internal/db"
)

// Guessing is slowed down for each user name, whether it exists or not, and nobody
// is locked out by it.
//
// After freeTries wrong tries each further one opens a pause, a second at first and
// then twice as long, up to a minute. During a pause nothing is compared, except
// for whoever brings the right code of the moment: she is heard at once, although
// somebody is hammering at her name. A code brought during a pause is used up by
// it, right password or not, so it cannot be tried with one password after the
// other; and to hit one by chance takes some three hundred thousand tries.
const (
	freeTries = 5
	longest   = time.Minute
	forgiven  = time.Hour // after so long without a wrong try all is forgotten
)

// delay is how a user name stands.
type delay struct {
	bucket int64
	wrong  int64
	until  time.Time
}

func (d delay) on(now time.Time) bool {
	// A pause longer than the longest is a clock that was set back.
	return now.Before(d.until) && d.until.Sub(now) <= longest
}

func bucketOf(lookup []byte) int64 { return int64(binary.BigEndian.Uint16(lookup)) }

func (a *Access) delay(ctx context.Context, tx *db.Tx, bucket int64) (delay, error) {
	row, err := a.queries(tx).Delay(ctx, accesssql.DelayParams{OfficeID: a.office, Bucket: bucket})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	d := delay{bucket: bucket, wrong: row.Wrong, until: time.UnixMicro(row.UntilAt)}
	if a.host.Now().Sub(d.until) > forgiven {
		d.wrong = 0
	}
	return d, err
}

// missed notes one more wrong try.
func (a *Access) missed(ctx context.Context, tx *db.Tx, d delay) error {
	now := a.host.Now()
	pause := time.Duration(0)
	if d.wrong++; d.wrong > freeTries {
		pause = min(time.Second<<min(d.wrong-freeTries-1, 10), longest)
	}
	return a.setDelay(ctx, tx, d.bucket, d.wrong, now.Add(pause))
}

func (a *Access) setDelay(ctx context.Context, tx *db.Tx, bucket, wrong int64, until time.Time) error {
	return a.queries(tx).SetDelay(ctx, accesssql.SetDelayParams{OfficeID: a.office, Bucket: bucket, Wrong: wrong, UntilAt: until.UnixMicro()})
}
