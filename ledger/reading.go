package ledger

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
	"homeward/statement"
	"homeward/vault"
)

// View is the log as one transaction sees it, for followers and for rows of a
// room's own beside an act. The ledger's own reading methods make one each.
type View struct {
	l         *Ledger
	tx        *db.Tx
	committed bool // tx is read-only and sees only what was committed
}

// In gives the log as the transaction sees it, with what it has written itself.
func (l *Ledger) In(tx *db.Tx) View { return View{l: l, tx: tx} }

// read runs fn on one moment of the log.
func (l *Ledger) read(ctx context.Context, fn func(ctx context.Context, v View) error) error {
	return l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		return fn(ctx, View{l: l, tx: tx, committed: true})
	})
}

// row is a statement as it lies in its table.
type row struct {
	idx                          int64
	id, act                      string
	subject, object, saidBy, key string
	property                     string
	sealed                       []byte
}

func (r row) sealedWith() string {
	if r.key == "" {
		return r.subject
	}
	return r.key
}

const rowColumns = "SELECT idx, id, act_id, subject, property, object, said_by, key_id, sealed FROM ledger_statement WHERE office_id = $1 AND "

func (r *row) scan(scan func(...any) error) error {
	return scan(&r.idx, &r.id, &r.act, &r.subject, &r.property, &r.object, &r.saidBy, &r.key, &r.sealed)
}

// Written by hand for the lists of ids.
var (
	bySubject = newChooser(rowColumns + "subject %IN%")
	byObject  = newChooser(rowColumns + "object %IN% AND object <> ''")
	bySaidBy  = newChooser(rowColumns + "said_by %IN% AND said_by <> ''")
	byAct     = newChooser(rowColumns + "act_id %IN%")
	byID      = newChooser(rowColumns + "id %IN%")
)

// byPlace asks for a part of the log, of n properties, 0 for all of them.
func byPlace(n int) string {
	of := ""
	if n > 0 {
		of = " AND property IN (" + parameters(4, n) + ")"
	}
	return rowColumns + "idx >= $2 AND idx < $3" + of + " ORDER BY idx"
}

func (v View) rows(ctx context.Context, c chooser, ids []string) (out []row, err error) {
	err = c.each(ctx, v.tx, v.l.office, ids, func(scan func(...any) error) error {
		var r row
		err := r.scan(scan)
		out = append(out, r)
		return err
	})
	return distinct(out), err
}

// distinct puts rows into the order of the log, each once.
func distinct(rows []row) []row {
	slices.SortFunc(rows, func(a, b row) int { return int(a.idx - b.idx) })
	return slices.CompactFunc(rows, func(a, b row) bool { return a.idx == b.idx })
}

// sealContext binds a sealed statement to its place.
func (l *Ledger) sealContext(idx int64) string {
	return "ledger/statement/" + l.logID + "/" + strconv.FormatInt(idx, 10)
}

// unseal opens a row: the statement, its canonical bytes and its salt.
func (l *Ledger) unseal(ctx context.Context, key string, idx int64, sealed []byte) (r statement.Recorded, canonical, salt []byte, err error) {
	plain, err := l.vault.Open(ctx, key, l.sealContext(idx), sealed)
	if err != nil {
		return r, nil, nil, err
	}
	if len(plain) < proof.SaltSize {
		return r, nil, nil, vault.ErrTampered
	}
	canonical, salt = plain[:len(plain)-proof.SaltSize], plain[len(plain)-proof.SaltSize:]
	r, err = statement.Decode(canonical)
	if err != nil {
		return r, nil, nil, vault.ErrTampered.Wrap(err)
	}
	return r, canonical, salt, nil
}

// agrees says whether what was sealed is what the row says in clear.
func (r row) agrees(s statement.Recorded) bool {
	return s.Index == r.idx && s.ID == r.id && s.ActID == r.act && s.Subject == r.subject && string(s.Property) == r.property &&
		s.Object == r.object && s.SaidBy == r.saidBy && s.Key == r.sealedWith()
}

// What to do about a statement whose key is missing although nobody was forgotten:
// a page says so, an index that is built at unlocking goes without it.
const (
	strict  = false
	lenient = true
)

// wide is from how many rows on the work is shared among the cores.
const wide = 512

// open unseals rows and marks what was withdrawn. What was forgotten is left out.
func (v View) open(ctx context.Context, rows []row, lenient bool) ([]statement.Recorded, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = r.sealedWith()
	}
	slices.Sort(keys)
	if err := v.l.vault.Warm(ctx, slices.Compact(keys)...); err != nil {
		return nil, err
	}
	parts := 1
	if len(rows) >= wide {
		parts = runtime.GOMAXPROCS(0)
	}
	opened, errs := make([][]statement.Recorded, parts), make([]error, parts)
	var wg sync.WaitGroup
	for i := range parts {
		part := rows[i*len(rows)/parts : (i+1)*len(rows)/parts]
		wg.Go(func() { opened[i], errs[i] = v.l.openPart(ctx, part, lenient) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, first(errs)
	}
	out := slices.Concat(opened...)
	w, err := v.withdrawals(ctx)
	if err != nil {
		return nil, err
	}
	w.mark(out)
	return out, nil
}

// first gives the first error, as it is: a joined one would hide its kind from a
// page.
func first(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) openPart(ctx context.Context, rows []row, lenient bool) ([]statement.Recorded, error) {
	ctx, err := l.vault.Look(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]statement.Recorded, 0, len(rows))
	for _, r := range rows {
		s, _, _, err := l.unseal(ctx, r.sealedWith(), r.idx, r.sealed)
		switch {
		case errors.Is(err, vault.ErrForgotten), lenient && errors.Is(err, vault.ErrNoKey):
			continue
		case err != nil:
			return nil, err
		case !r.agrees(s):
			return nil, vault.ErrTampered
		}
		out = append(out, s)
	}
	return out, nil
}

// About gives what was said of the subjects, in the order of the log.
func (v View) About(ctx context.Context, subjects ...string) ([]statement.Recorded, error) {
	rows, err := v.rows(ctx, bySubject, subjects)
	if err != nil {
		return nil, err
	}
	return v.open(ctx, rows, strict)
}

// AboutAt is About as the log stood at a time.
func (v View) AboutAt(ctx context.Context, at time.Time, subjects ...string) ([]statement.Recorded, error) {
	all, err := v.About(ctx, subjects...)
	if err != nil {
		return nil, err
	}
	w, err := v.withdrawals(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r statement.Recorded) bool { return r.RecordedAt.After(at) })
	w.until(at).mark(all)
	return all, nil
}

// SaidByRecord stands, in Pointing, for the statements that a record said.
const SaidByRecord statement.Property = "said_by"

// Pointing gives the statements that point at a record.
func (v View) Pointing(ctx context.Context, object string, properties ...statement.Property) ([]statement.Recorded, error) {
	var out []row
	if len(properties) != 1 || properties[0] != SaidByRecord {
		rows, err := v.rows(ctx, byObject, []string{object})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if len(properties) == 0 || slices.Contains(properties, statement.Property(r.property)) {
				out = append(out, r)
			}
		}
	}
	if slices.Contains(properties, SaidByRecord) {
		rows, err := v.rows(ctx, bySaidBy, []string{object})
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return v.open(ctx, distinct(out), strict)
}

// InAct gives the statements of acts.
func (v View) InAct(ctx context.Context, actIDs ...string) ([]statement.Recorded, error) {
	rows, err := v.rows(ctx, byAct, actIDs)
	if err != nil {
		return nil, err
	}
	return v.open(ctx, rows, strict)
}

// Get gives one statement.
func (v View) Get(ctx context.Context, statementID string) (statement.Recorded, error) {
	rows, err := v.rows(ctx, byID, []string{statementID})
	if err != nil {
		return statement.Recorded{}, err
	}
	if len(rows) == 0 {
		return statement.Recorded{}, ErrNoStatement
	}
	found, err := v.open(ctx, rows, strict)
	if err != nil {
		return statement.Recorded{}, err
	}
	if len(found) == 0 {
		return statement.Recorded{}, vault.ErrForgotten
	}
	return found[0], nil
}

// OfKind gives the ids of the records of a kind whose opening stands.
func (v View) OfKind(ctx context.Context, kind statement.Kind) ([]string, error) {
	w, err := v.withdrawals(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := ledgersql.New(v.tx).RecordsOfKind(ctx, ledgersql.RecordsOfKindParams{OfficeID: v.l.office, Kind: string(kind)})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		if !w.dead[r.StatementID] && !w.dead[r.ActID] {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

// Kind says what a record is, ErrNoRecord when it is none.
func (v View) Kind(ctx context.Context, id string) (statement.Kind, error) {
	r, err := ledgersql.New(v.tx).Record(ctx, ledgersql.RecordParams{OfficeID: v.l.office, ID: id})
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNoRecord
	}
	return statement.Kind(r.Kind), err
}

// between gives the statements of a part of the log, of some properties where any are
// named; what cannot be read because a key is missing is left out.
func (v View) between(ctx context.Context, from, to int64, of ...statement.Property) ([]statement.Recorded, error) {
	rows := make([]row, 0, min(to-from, step))
	args := []any{v.l.office, from, to}
	for _, p := range of {
		args = append(args, string(p))
	}
	err := query(ctx, v.tx, func(scan func(...any) error) error {
		var r row
		err := r.scan(scan)
		rows = append(rows, r)
		return err
	}, byPlace(len(of)), args...)
	if err != nil {
		return nil, err
	}
	return v.open(ctx, rows, lenient)
}

// About gives what was said of the subjects, in the order of the log. What was
// forgotten is left out.
func (l *Ledger) About(ctx context.Context, subjects ...string) (out []statement.Recorded, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		out, err = v.About(ctx, subjects...)
		return err
	})
	return out, err
}

// AboutAt is About as the log stood at that time: later statements are left out,
// and Withdrawn is what it was then.
func (l *Ledger) AboutAt(ctx context.Context, at time.Time, subjects ...string) (out []statement.Recorded, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		out, err = v.AboutAt(ctx, at, subjects...)
		return err
	})
	return out, err
}

// Pointing gives the statements whose object is the record, in the order of the
// log; only those with one of the properties, when any is named. The property
// SaidByRecord stands for those which the record said.
func (l *Ledger) Pointing(ctx context.Context, object string, properties ...statement.Property) (out []statement.Recorded, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		out, err = v.Pointing(ctx, object, properties...)
		return err
	})
	return out, err
}

// InAct gives the statements of acts, in the order of the log.
func (l *Ledger) InAct(ctx context.Context, actIDs ...string) (out []statement.Recorded, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		out, err = v.InAct(ctx, actIDs...)
		return err
	})
	return out, err
}

// Get gives one statement: ErrNoStatement when there is none, vault.ErrForgotten
// while it is being forgotten.
func (l *Ledger) Get(ctx context.Context, statementID string) (out statement.Recorded, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		out, err = v.Get(ctx, statementID)
		return err
	})
	return out, err
}

// OfKind gives the ids of the records of a kind whose opening stands, in the
// order in which they were opened.
func (l *Ledger) OfKind(ctx context.Context, kind statement.Kind) (ids []string, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		ids, err = v.OfKind(ctx, kind)
		return err
	})
	return ids, err
}

// Kind says what a record is, ErrNoRecord when it is none.
func (l *Ledger) Kind(ctx context.Context, id string) (kind statement.Kind, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		kind, err = v.Kind(ctx, id)
		return err
	})
	return kind, err
}

// step is how many statements are in memory at once when the log is walked.
const step = 2048

// Each calls fn for every statement from a place on, in order, without those that
// were forgotten. Withdrawn is as it is when the statement is read. What is
// appended meanwhile comes too.
func (l *Ledger) Each(ctx context.Context, from int64, fn func(statement.Recorded) error) error {
	for {
		var part []statement.Recorded
		var size int64
		err := l.read(ctx, func(ctx context.Context, v View) (err error) {
			h, err := v.head(ctx)
			if err != nil {
				return err
			}
			size = h.size
			part, err = v.between(ctx, from, min(from+step, size))
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range part {
			if err := fn(r); err != nil {
				return err
			}
		}
		if from = min(from+step, size); from >= size {
			return nil
		}
	}
}

// Gaps says how many entries of the log were forgotten.
func (l *Ledger) Gaps(ctx context.Context) (gaps int64, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		h, err := v.head(ctx)
		if err != nil {
			return err
		}
		n, err := ledgersql.New(v.tx).CountStatements(ctx, l.office)
		gaps = h.size - n
		return err
	})
	return gaps, err
}

// Size says how many entries the log has.
func (l *Ledger) Size(ctx context.Context) (size int64, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		h, err := v.head(ctx)
		size = h.size
		return err
	})
	return size, err
}

// head is where a log stands.
type head struct {
	logID, origin string
	size          int64
	root          proof.Hash
	epoch         int
	at            int64 // µs of the last entry
}

func (v View) head(ctx context.Context) (head, error) { return v.headOf(ctx, statementsLog) }

func (v View) headOf(ctx context.Context, log int64) (head, error) {
	r, err := ledgersql.New(v.tx).Head(ctx, ledgersql.HeadParams{OfficeID: v.l.office, Log: log})
	if errors.Is(err, sql.ErrNoRows) {
		return head{}, ErrDamaged
	}
	if err != nil {
		return head{}, err
	}
	return newHead(r.LogID, r.Origin, r.Size, r.Root, r.Epoch, r.RecordedAt)
}

func newHead(logID, origin string, size int64, root []byte, epoch, at int64) (head, error) {
	h := head{logID: logID, origin: origin, size: size, epoch: int(epoch), at: at}
	if len(root) != len(h.root) || size < 0 || epoch < 1 || epoch > math.MaxInt32 {
		return h, ErrDamaged
	}
	h.root = proof.Hash(root)
	return h, nil
}
