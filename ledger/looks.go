package ledger

import (
	"context"
	"encoding/binary"
	"math"
	"sync"
	"time"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
)

// The log of reads has a tree of its own. Each request that shows something
// sensitive adds one entry before its answer is sent; those that come while one
// group is being committed are the next group. Entries hold bare ids, in clear:
// an auditor reads them with the office's data locked away from him.

// Look is one entry of the log of reads.
type Look struct {
	Index  int64
	At     time.Time
	User   string
	Action string
	Object string
}

// readQueue gathers entries into groups.
type readQueue struct {
	mu      sync.Mutex
	waiting []*looking // guarded by mu
	busy    bool       // guarded by mu; somebody is committing
	tree    *frontier  // the committing one's
}

// looking is an entry on its way.
type looking struct {
	look Look
	done chan error
}

// Read records that a user looks at something, before it is shown. It returns
// when the entry is on the disk; entries of one moment are committed together.
func (l *Ledger) Read(ctx context.Context, user, action, object string) error {
	if err := l.Blocked(); err != nil {
		return err
	}
	mine := &looking{look: Look{User: user, Action: action, Object: object}, done: make(chan error, 1)}
	q := &l.looking
	q.mu.Lock()
	q.waiting = append(q.waiting, mine)
	lead := !q.busy
	q.busy = true
	q.mu.Unlock()
	if lead {
		// The group does not depend on the one request that happens to lead it.
		go l.commitLooks(context.WithoutCancel(ctx))
	}
	select {
	case err := <-mine.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// maxGroup bounds one group.
const maxGroup = 1024

// commitLooks commits groups until none waits.
func (l *Ledger) commitLooks(ctx context.Context) {
	q := &l.looking
	for {
		q.mu.Lock()
		group := q.waiting
		if len(group) > maxGroup {
			group = group[:maxGroup]
		}
		q.waiting = q.waiting[len(group):]
		q.busy = len(group) > 0
		q.mu.Unlock()
		if len(group) == 0 {
			return
		}
		err := l.writeLooks(ctx, group)
		for _, x := range group {
			x.done <- err
		}
	}
}

// writeLooks is one group's transaction.
func (l *Ledger) writeLooks(ctx context.Context, group []*looking) error {
	var tree *frontier
	var note string
	err := l.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		h, err := l.lockHead(ctx, tx, readsLog)
		if err != nil {
			return err
		}
		if tree, err = l.tree(ctx, tx, readsLog, h, l.looking.tree); err != nil {
			return err
		}
		at, err := l.time(h, true) // a look is recorded whatever the clock says
		if err != nil {
			return err
		}
		if err := l.storeLooks(ctx, tx, h, at, group, tree); err != nil {
			return err
		}
		note, err = l.sign(ctx, tx, readsLog, h, tree, at)
		return err
	})
	if err != nil {
		return err
	}
	l.looking.tree = tree
	l.keepOutside(readsLog, note)
	return nil
}

var insertReads = newInserter("ledger_read", "office_id", "idx", "log_id", "epoch", "recorded_at", "user_id", "action", "object", "salt")

func (l *Ledger) storeLooks(ctx context.Context, tx *db.Tx, h head, at int64, group []*looking, tree *frontier) error {
	salts, err := l.host.Bytes(proof.SaltSize * len(group))
	if err != nil {
		return err
	}
	salt := func(i int) []byte { return salts[i*proof.SaltSize:][:proof.SaltSize] }
	sealed := make([]sealing, len(group))
	for i, x := range group {
		look := x.look
		look.Index, look.At = h.size+int64(i), time.UnixMicro(at)
		sealed[i].commitment = proof.Commit(salt(i), canonicalLook(h.logID, h.epoch, look))
		sealed[i].leaf = proof.Leaf(sealed[i].commitment)
	}
	err = insertReads.insert(ctx, tx, len(group), func(i int, args []any) []any {
		x := group[i].look
		return append(args, l.office, h.size+int64(i), h.logID, h.epoch, at, x.User, x.Action, x.Object, salt(i))
	})
	if err != nil {
		return err
	}
	return l.grow(ctx, tx, readsLog, tree, sealed)
}

// canonicalLook gives the bytes that an entry of the log of reads is: a version, then
// numbers as eight bytes, big-endian, and texts after their lengths.
func canonicalLook(logID string, epoch int, x Look) []byte {
	out := []byte("homeward read 1\n")
	for _, n := range []int64{x.Index, int64(epoch), x.At.UnixMicro()} {
		out = binary.BigEndian.AppendUint64(out, uint64(n))
	}
	for _, s := range []string{logID, x.User, x.Action, x.Object} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(s)))
		out = append(out, s...)
	}
	return out
}

// LookQuery selects entries of the log of reads; an empty field selects all.
type LookQuery struct {
	User, Object string
	From, Until  time.Time
	Before       int64 // only entries before this place, for paging; 0 begins with the newest
	Limit        int   // 0 is 200
}

// Looks gives entries of the log of reads, the newest first.
func (l *Ledger) Looks(ctx context.Context, q LookQuery) (out []Look, err error) {
	if q.Limit <= 0 {
		q.Limit = 200
	}
	if q.Before <= 0 {
		q.Before = math.MaxInt64
	}
	from, until := int64(math.MinInt64), int64(math.MaxInt64)
	if !q.From.IsZero() {
		from = q.From.UnixMicro()
	}
	if !q.Until.IsZero() {
		until = q.Until.UnixMicro()
	}
	err = l.read(ctx, func(ctx context.Context, v View) error {
		rows, err := ledgersql.New(v.tx).Reads(ctx, ledgersql.ReadsParams{
			OfficeID: l.office, Idx: q.Before, RecordedAt: from, RecordedAt_2: until,
			UserID: q.User, Object: q.Object, Limit: int32(min(q.Limit, math.MaxInt32)),
		})
		for _, r := range rows {
			out = append(out, Look{Index: r.Idx, At: time.UnixMicro(r.RecordedAt).UTC(), User: r.UserID, Action: r.Action, Object: r.Object})
		}
		return err
	})
	return out, err
}
