package ledger

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
	"homeward/statement"
)

// The way of an act: it is prepared and examined against what the log holds; the
// keys of what it opens are committed in the keyring; then, in one transaction that
// begins with the head's row, it is sealed, written, followed and signed. If the
// program dies between the two commits, a key is left over that seals nothing.

// clockSlack is how far the machine's clock may be behind the last entry.
const clockSlack = 2 * time.Minute

// Append records an act: all of its statements or none. It gives them as they
// stand in the log, with act.note at the end when the act has a note. When it
// returns, they are on the disk, every follower has followed, and the learners of
// this process know.
//
// An error after which nobody knows whether it was recorded is db.ErrUnsure. Whoever
// gives the act its ID may append it again: ErrActThere says that it was.
func (l *Ledger) Append(ctx context.Context, act statement.Act) ([]statement.Recorded, error) {
	return l.AppendWith(ctx, act, nil)
}

// AppendWith is Append with rows of the room's own in the same transaction. also
// may run more than once.
func (l *Ledger) AppendWith(ctx context.Context, act statement.Act, also func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error) ([]statement.Recorded, error) {
	return l.appendActs(ctx, []statement.Act{act}, also)
}

// AppendAll records several acts in one transaction, under one checkpoint. A later
// one may speak of what an earlier one opens.
func (l *Ledger) AppendAll(ctx context.Context, acts []statement.Act) ([]statement.Recorded, error) {
	if len(acts) == 0 {
		return nil, nil
	}
	return l.appendActs(ctx, acts, nil)
}

func (l *Ledger) appendActs(ctx context.Context, acts []statement.Act, also func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error) ([]statement.Recorded, error) {
	for _, a := range acts {
		if reserved(a.Kind) {
			return nil, ErrReserved
		}
	}
	acts, err := l.prepare(acts)
	if err != nil {
		return nil, err
	}
	var opens map[string]opening
	err = l.read(ctx, func(ctx context.Context, v View) error {
		opens, err = v.examine(ctx, acts)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := l.vault.Ensure(ctx, keysOf(opens)...); err != nil {
		return nil, err
	}
	return l.commit(ctx, writing{
		acts: func(context.Context, View, *head) ([]statement.Act, map[string]opening, error) {
			return acts, opens, nil
		},
		also:  also,
		house: !slices.ContainsFunc(acts, func(a statement.Act) bool { return a.By != "" }),
	})
}

// writing is what one transaction adds to the log.
type writing struct {
	// acts gives what to record, prepared and examined, with what it opens. It runs
	// in the transaction, after the head was locked, and may change the epoch.
	acts func(ctx context.Context, v View, h *head) ([]statement.Act, map[string]opening, error)
	also func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error
	// house says that the house itself acts, which it does whatever the clock says.
	house bool
	// healing says that this very act makes good that the log was rolled back.
	healing bool
}

// written is what such a transaction did.
type written struct {
	first    int64 // place of the first statement
	recorded []statement.Recorded
	changed  []statement.Recorded // earlier statements whose standing changed
	tree     *frontier
	note     string
	stored   bool // the log's own rows are written; what fails after is a room's
}

// commit writes to the log and tells everybody.
func (l *Ledger) commit(ctx context.Context, w writing) ([]statement.Recorded, error) {
	if err := l.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer l.endTurn()
	if err := l.blocked(w.healing); err != nil {
		return nil, err
	}
	var done written
	err := l.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		done, err = l.write(ctx, View{l: l, tx: tx}, w)
		return err
	})
	if db.IsUnique(err) && !done.stored {
		return nil, ErrActThere.Wrap(err)
	}
	if err != nil {
		return nil, err
	}
	l.grown = done.tree
	l.tell(ctx, done)
	l.keepOutside(statementsLog, done.note)
	l.giveNotice(ctx)
	return done.recorded, nil
}

// write is the transaction.
func (l *Ledger) write(ctx context.Context, v View, w writing) (done written, err error) {
	h, err := l.lockHead(ctx, v.tx, statementsLog)
	if err != nil {
		return done, err
	}
	if done.tree, err = l.tree(ctx, v.tx, statementsLog, h, l.grown); err != nil {
		return done, err
	}
	at, err := l.time(h, w.house)
	if err != nil {
		return done, err
	}
	acts, opens, err := w.acts(ctx, v, &h)
	if err != nil {
		return done, err
	}
	if err := v.unknown(ctx, acts); err != nil {
		return done, err
	}
	done.first, done.recorded = h.size, l.place(acts, h, at)
	if err := l.store(ctx, v.tx, done.recorded, done.tree); err != nil {
		return done, err
	}
	if err := l.writeOpenings(ctx, v.tx, opens, done.recorded); err != nil {
		return done, err
	}
	if done.note, err = l.sign(ctx, v.tx, statementsLog, h, done.tree, at); err != nil {
		return done, err
	}
	fresh := edges(done.recorded)
	if err := l.writeEdges(ctx, v.tx, fresh); err != nil {
		return done, err
	}
	if done.changed, err = v.changed(ctx, fresh, done.first); err != nil {
		return done, err
	}
	if len(fresh) > 0 {
		standing, err := v.withdrawals(ctx)
		if err != nil {
			return done, err
		}
		standing.mark(done.recorded)
	}
	done.stored = true
	return done, l.follow(ctx, v.tx, done, w.also)
}

func (l *Ledger) follow(ctx context.Context, tx *db.Tx, done written, also func(context.Context, *db.Tx, []statement.Recorded) error) error {
	told := slices.Concat(done.recorded, done.changed)
	for _, f := range l.followers {
		if err := f.Follow(ctx, tx, told); err != nil {
			return err
		}
	}
	if also == nil {
		return nil
	}
	return also(ctx, tx, done.recorded)
}

// lockHead takes the head's row, so that of two processes one waits here.
func (l *Ledger) lockHead(ctx context.Context, tx *db.Tx, log int64) (head, error) {
	r, err := ledgersql.New(tx).LockHead(ctx, ledgersql.LockHeadParams{OfficeID: l.office, Log: log})
	if errors.Is(err, sql.ErrNoRows) {
		return head{}, ErrDamaged
	}
	if err != nil {
		return head{}, err
	}
	return newHead(r.LogID, r.Origin, r.Size, r.Root, r.Epoch, r.RecordedAt)
}

// tree gives the right edge of a log's tree: the one in memory when it is of this
// very head, else the one in the tables, which must agree with the head.
func (l *Ledger) tree(ctx context.Context, tx *db.Tx, log int64, h head, f *frontier) (*frontier, error) {
	if f != nil && f.size == h.size && f.root() == h.root {
		return f.clone(), nil
	}
	f, err := l.readFrontier(ctx, tx, log, h.size)
	if err != nil {
		return nil, err
	}
	if f.root() != h.root {
		return nil, ErrDamaged
	}
	return f, nil
}

// time gives the time of the next entry: the clock's, but never before the last.
func (l *Ledger) time(h head, house bool) (int64, error) {
	now := l.host.Now().UnixMicro()
	if now < h.at-clockSlack.Microseconds() && !house {
		return 0, ErrClock
	}
	return max(now, h.at), nil
}

// unknown refuses an act that was recorded before.
func (v View) unknown(ctx context.Context, acts []statement.Act) error {
	q := ledgersql.New(v.tx)
	for _, a := range acts {
		n, err := q.ActThere(ctx, ledgersql.ActThereParams{OfficeID: v.l.office, ActID: a.ID})
		if err != nil {
			return err
		}
		if n > 0 {
			return ErrActThere
		}
	}
	return nil
}

// place gives each statement its place in the log.
func (l *Ledger) place(acts []statement.Act, h head, at int64) []statement.Recorded {
	var out []statement.Recorded
	for _, a := range acts {
		for _, s := range a.Statements {
			out = append(out, statement.Recorded{
				Statement: s, ActID: a.ID, ActKind: a.Kind,
				LogID: h.logID, Index: h.size + int64(len(out)), Epoch: h.epoch,
				RecordedBy: a.By, RecordedAt: time.UnixMicro(at).UTC(),
			})
		}
	}
	return out
}

// sealing is a statement ready to be written.
type sealing struct {
	sealed     []byte
	commitment proof.Hash
	leaf       proof.Hash
}

// seal seals statements with their salts and commits to them.
func (l *Ledger) seal(ctx context.Context, recorded []statement.Recorded) ([]sealing, error) {
	keys := make([]string, len(recorded))
	for i, r := range recorded {
		keys[i] = r.Key
	}
	slices.Sort(keys)
	if err := l.vault.Warm(ctx, slices.Compact(keys)...); err != nil {
		return nil, err
	}
	ctx, err := l.vault.Look(ctx)
	if err != nil {
		return nil, err
	}
	salts, err := l.host.Bytes(proof.SaltSize * len(recorded))
	if err != nil {
		return nil, err
	}
	out := make([]sealing, len(recorded))
	for i, r := range recorded {
		salt := salts[i*proof.SaltSize:][:proof.SaltSize]
		canonical := statement.Canonical(r)
		s := &out[i]
		s.commitment = proof.Commit(salt, canonical)
		s.leaf = proof.Leaf(s.commitment)
		if s.sealed, err = l.vault.Seal(ctx, r.Key, l.sealContext(r.Index), append(canonical, salt...)); err != nil {
			return nil, err
		}
		clear(canonical)
	}
	clear(salts)
	return out, nil
}

var insertStatements = newInserter("ledger_statement", "office_id", "idx", "log_id", "epoch", "id", "act_id", "act_kind",
	"subject", "property", "object", "said_by", "key_id", "recorded_by", "recorded_at", "sealed")

// store seals and writes statements and grows the tree over them.
func (l *Ledger) store(ctx context.Context, tx *db.Tx, recorded []statement.Recorded, tree *frontier) error {
	sealed, err := l.seal(ctx, recorded)
	if err != nil {
		return err
	}
	err = insertStatements.insert(ctx, tx, len(recorded), func(i int, args []any) []any {
		r := recorded[i]
		key := r.Key
		if key == r.Subject {
			key = ""
		}
		return append(args, l.office, r.Index, r.LogID, r.Epoch, r.ID, r.ActID, string(r.ActKind), r.Subject, string(r.Property),
			r.Object, r.SaidBy, key, r.RecordedBy, r.RecordedAt.UnixMicro(), sealed[i].sealed)
	})
	if err != nil {
		return err
	}
	return l.grow(ctx, tx, statementsLog, tree, sealed)
}

var (
	insertLeaves = newInserter("ledger_leaf", "office_id", "log", "idx", "commitment", "hash")
	insertNodes  = newInserter("ledger_node", "office_id", "log", "position", "hash")
)

// grow adds leaves to a tree and writes them and the nodes they complete.
func (l *Ledger) grow(ctx context.Context, tx *db.Tx, log int64, tree *frontier, sealed []sealing) error {
	from := tree.size
	type node struct {
		position int64
		hash     proof.Hash
	}
	nodes := make([]node, 0, len(sealed)+16)
	for _, s := range sealed {
		tree.add(s.leaf, func(level int, n int64, h proof.Hash) proof.Hash {
			nodes = append(nodes, node{tlog.StoredHashIndex(level, n), h})
			return h
		})
	}
	err := insertLeaves.insert(ctx, tx, len(sealed), func(i int, args []any) []any {
		return append(args, l.office, log, from+int64(i), sealed[i].commitment[:], sealed[i].leaf[:])
	})
	if err != nil {
		return err
	}
	return insertNodes.insert(ctx, tx, len(nodes), func(i int, args []any) []any {
		return append(args, l.office, log, nodes[i].position, nodes[i].hash[:])
	})
}

var insertRecords = newInserter("ledger_record", "office_id", "id", "kind", "owner", "idx", "statement_id", "act_id")

// writeOpenings writes the records that were opened, in the order of the log.
func (l *Ledger) writeOpenings(ctx context.Context, tx *db.Tx, opens map[string]opening, recorded []statement.Recorded) error {
	var list []opening
	for _, r := range recorded {
		if o, ok := opens[r.Subject]; ok && r.Property == statement.RecordKind {
			o.idx, o.statement, o.act = r.Index, r.ID, r.ActID
			list = append(list, o)
		}
	}
	return insertRecords.insert(ctx, tx, len(list), func(i int, args []any) []any {
		o := list[i]
		return append(args, l.office, o.id, string(o.kind), o.owner, o.idx, o.statement, o.act)
	})
}

// sign moves the head to the tree and signs it.
func (l *Ledger) sign(ctx context.Context, tx *db.Tx, log int64, h head, tree *frontier, at int64) (string, error) {
	q, root := ledgersql.New(tx), tree.root()
	c := proof.Checkpoint{Origin: h.origin, Size: tree.size, Root: root, Epoch: h.epoch, Prev: h.size, At: time.UnixMicro(at).UTC()}
	if l.rows != nil {
		var err error
		if c.Rows, err = l.rows(ctx, tx); err != nil {
			return "", err
		}
	}
	note := proof.Sign(c, l.key)
	err := q.AddCheckpoint(ctx, ledgersql.AddCheckpointParams{OfficeID: l.office, Log: log, Size: tree.size, Note: note})
	if err != nil {
		return "", err
	}
	return note, q.MoveHead(ctx, ledgersql.MoveHeadParams{
		OfficeID: l.office, Log: log, Size: tree.size, Root: root[:], Epoch: int64(h.epoch), RecordedAt: at,
	})
}
