package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"homeward/internal/db"
	"homeward/register/registersql"
	"homeward/statement"
)

//go:generate go tool -modfile=../tools/sqlc/go.mod sqlc generate

// Name is the follower's name.
func (r *Register) Name() string { return "register" }

// Reset empties the projections before a rebuild.
func (r *Register) Reset(ctx context.Context, tx *db.Tx) error {
	q := registersql.New(tx)
	if err := q.ResetRecords(ctx, r.office); err != nil {
		return err
	}
	return q.ResetJudgements(ctx, r.office)
}

// clustered are the kinds of record that can be judged to be the same.
func clustered(k string) bool {
	d := statement.Vocabulary[statement.JudgedSame]
	return slices.Contains(d.On, statement.Kind(k))
}

// Follow keeps register_record and register_judgement: new records, the place of
// what was said last of each, judgements, and who belongs together after them.
func (r *Register) Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
	f := following{r: r, tx: tx, q: registersql.New(tx), fresh: map[string]*opening{}, changed: map[string]int64{}, turned: map[string]int16{}}
	for _, s := range recorded {
		// What comes after the new statements is told again because its standing changed.
		f.again = s.Index < recorded[0].Index
		if err := f.take(ctx, s); err != nil {
			return err
		}
	}
	return f.finish(ctx)
}

// opening is a record that is new.
type opening struct {
	id, kind        string
	opened, changed int64
	live            int16
}

// following is one run of Follow.
type following struct {
	r  *Register
	tx *db.Tx
	q  *registersql.Queries
	// fresh are new records, order their ids in the order of the log.
	fresh   map[string]*opening
	order   []string
	changed map[string]int64
	// dirty are records whose cluster may have changed, turned those whose opening
	// was withdrawn or stands again.
	dirty  []string
	turned map[string]int16
	again  bool
}

func (f *following) take(ctx context.Context, s statement.Recorded) error {
	switch s.Property {
	case statement.RecordKind:
		if clustered(s.Value) {
			return f.opened(s)
		}
		return nil
	case statement.JudgedSame, statement.JudgedNotSame, statement.JudgedCannotTell, statement.JudgedUndone:
		a, b := ordered(s.Subject, s.Object)
		f.dirty = append(f.dirty, a, b)
		f.note(s)
		f.note(statement.Recorded{Statement: statement.Statement{Subject: s.Object}, Index: s.Index})
		return f.q.PutJudgement(ctx, registersql.PutJudgementParams{
			OfficeID: f.r.office, StatementID: s.ID, A: a, B: b, Verdict: verdictOf(s.Property), Idx: s.Index, Live: flag(!s.Withdrawn),
		})
	case statement.ErasedSubject:
		return f.forget(ctx, s.Object)
	}
	f.note(s)
	return nil
}

func (f *following) note(s statement.Recorded) {
	if f.again {
		return
	}
	if fresh := f.fresh[s.Subject]; fresh != nil {
		fresh.changed = max(fresh.changed, s.Index)
		return
	}
	f.changed[s.Subject] = max(f.changed[s.Subject], s.Index)
}

// opened takes the first statement of a record: when it is new, and when its
// standing changed.
func (f *following) opened(s statement.Recorded) error {
	if fresh := f.fresh[s.Subject]; fresh != nil {
		fresh.live = flag(!s.Withdrawn)
		return nil
	}
	if f.again {
		f.turned[s.Subject] = flag(!s.Withdrawn)
		return nil
	}
	f.fresh[s.Subject] = &opening{
		id: s.Subject, kind: s.Value, opened: s.Index, changed: s.Index, live: flag(!s.Withdrawn),
	}
	f.order = append(f.order, s.Subject)
	return nil
}

// forget drops what the projections hold of a record that was erased.
func (f *following) forget(ctx context.Context, id string) error {
	near, err := f.neighbours(ctx, id)
	if err != nil {
		return err
	}
	f.dirty = append(f.dirty, near...)
	delete(f.fresh, id)
	delete(f.changed, id)
	delete(f.turned, id)
	if err := f.q.DeleteRecord(ctx, registersql.DeleteRecordParams{OfficeID: f.r.office, ID: id}); err != nil {
		return err
	}
	if err := f.q.DeleteJudgementsA(ctx, registersql.DeleteJudgementsAParams{OfficeID: f.r.office, A: id}); err != nil {
		return err
	}
	return f.q.DeleteJudgementsB(ctx, registersql.DeleteJudgementsBParams{OfficeID: f.r.office, B: id})
}

func (f *following) finish(ctx context.Context) error {
	if err := f.insert(ctx); err != nil {
		return err
	}
	if err := f.turn(ctx); err != nil {
		return err
	}
	for id, idx := range f.changed {
		if err := f.q.SetChanged(ctx, registersql.SetChangedParams{OfficeID: f.r.office, ID: id, Changed: idx}); err != nil {
			return err
		}
	}
	return f.recluster(ctx)
}

// insertRows is how many records are inserted with one statement. PostgreSQL takes
// 65,535 parameters, SQLite 32,766.
const insertRows = 500

// insert writes the new records, many at a time: an import makes thousands, and
// sqlc knows no statement with a varying number of rows.
func (f *following) insert(ctx context.Context) error {
	ids := slices.DeleteFunc(f.order, func(id string) bool { return f.fresh[id] == nil })
	for part := range slices.Chunk(ids, insertRows) {
		var b strings.Builder
		b.WriteString("INSERT INTO register_record (office_id, id, kind, cluster, opened, changed, live) VALUES ")
		args := make([]any, 0, 7*len(part))
		for i, id := range part {
			if i > 0 {
				b.WriteByte(',')
			}
			n := len(args)
			fmt.Fprintf(&b, "($%d,$%d,$%d,$%d,$%d,$%d,$%d)", n+1, n+2, n+3, n+4, n+5, n+6, n+7)
			x := f.fresh[id]
			args = append(args, f.r.office, x.id, x.kind, x.id, x.opened, x.changed, x.live)
		}
		if _, err := f.tx.ExecContext(ctx, b.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

// turn sets whether the openings of records stand, many at a time: undoing an
// import turns thousands, of which few were ever judged.
func (f *following) turn(ctx context.Context) error {
	for _, live := range []int16{0, 1} {
		var ids []string
		for id, to := range f.turned {
			if to == live {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		for part := range slices.Chunk(ids, insertRows) {
			in, args := among(part, f.r.office, live)
			if _, err := f.tx.ExecContext(ctx, "UPDATE register_record SET live = $2 WHERE office_id = $1 AND id IN ("+in+")", args...); err != nil {
				return err
			}
			if err := f.judgedAmong(ctx, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// judgedAmong makes those dirty of whom somebody once decided something: nobody
// else is in a cluster.
func (f *following) judgedAmong(ctx context.Context, ids []string) (err error) {
	in, args := among(ids, f.r.office)
	rows, err := f.tx.QueryContext(ctx, "SELECT a, b FROM register_judgement WHERE office_id = $1 AND (a IN ("+in+") OR b IN ("+in+"))", args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		f.dirty = append(f.dirty, a, b)
	}
	return rows.Err()
}

// among gives the parameters of a list of ids, after the first arguments. sqlc
// knows no statement with a varying number of them.
func among(ids []string, first ...any) (string, []any) {
	var b strings.Builder
	args := first
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		args = append(args, id)
		fmt.Fprintf(&b, "$%d", len(args))
	}
	return b.String(), args
}

// recluster works out anew who belongs together with the dirty records: with them
// everybody of their former clusters, because an undone judgement may part those.
func (f *following) recluster(ctx context.Context) error {
	slices.Sort(f.dirty)
	open := map[string]bool{}
	for _, id := range slices.Compact(f.dirty) {
		members, err := f.cluster(ctx, id)
		if err != nil {
			return err
		}
		for _, m := range append(members, id) {
			open[m] = true
		}
	}
	for len(open) > 0 {
		start := least(open)
		component, err := f.component(ctx, start)
		if err != nil {
			return err
		}
		for _, m := range component {
			delete(open, m.id)
			if m.cluster == component[0].id {
				continue
			}
			if err := f.q.SetCluster(ctx, registersql.SetClusterParams{OfficeID: f.r.office, ID: m.id, Cluster: component[0].id}); err != nil {
				return err
			}
		}
		delete(open, start)
	}
	return nil
}

func least(set map[string]bool) string {
	first := ""
	for id := range set {
		if first == "" || id < first {
			first = id
		}
	}
	return first
}

// cluster gives the ids of the cluster that a record is filed under.
func (f *following) cluster(ctx context.Context, id string) ([]string, error) {
	row, err := f.q.Record(ctx, registersql.RecordParams{OfficeID: f.r.office, ID: id})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	members, err := f.q.Members(ctx, registersql.MembersParams{OfficeID: f.r.office, Cluster: row.Cluster})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	return ids, nil
}

// member is a record while its cluster is worked out.
type member struct {
	id, cluster string
	opened      int64
}

// component gives the records that live judgements hold together with one, the
// oldest first. A record whose opening is withdrawn holds nobody.
func (f *following) component(ctx context.Context, start string) ([]member, error) {
	var found []member
	seen := map[string]bool{start: true}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		row, err := f.q.Record(ctx, registersql.RecordParams{OfficeID: f.r.office, ID: queue[0]})
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if row.Live == 0 && queue[0] != start {
			continue
		}
		found = append(found, member{queue[0], row.Cluster, row.Opened})
		if row.Live == 0 {
			break
		}
		near, err := f.neighbours(ctx, queue[0])
		if err != nil {
			return nil, err
		}
		for _, id := range near {
			if !seen[id] {
				seen[id] = true
				queue = append(queue, id)
			}
		}
	}
	slices.SortFunc(found, func(a, b member) int { return int(a.opened - b.opened) })
	return found, nil
}

// neighbours are the records that the last live judgement of the pair holds to be
// the same as this one.
func (f *following) neighbours(ctx context.Context, id string) ([]string, error) {
	verdicts, err := f.r.verdicts(ctx, f.q, id)
	if err != nil {
		return nil, err
	}
	var near []string
	for _, v := range verdicts {
		if v.verdict == Same {
			near = append(near, v.other)
		}
	}
	return near, nil
}

// standing is what counts now for a pair.
type standing struct {
	other     string
	verdict   Verdict
	statement string
}

// verdicts gives what counts for each pair that a record is in: the last of the
// pair's live judgements.
func (r *Register) verdicts(ctx context.Context, q *registersql.Queries, id string) ([]standing, error) {
	as, err := q.JudgementsOfA(ctx, registersql.JudgementsOfAParams{OfficeID: r.office, A: id})
	if err != nil {
		return nil, err
	}
	bs, err := q.JudgementsOfB(ctx, registersql.JudgementsOfBParams{OfficeID: r.office, B: id})
	if err != nil {
		return nil, err
	}
	last := map[string]standing{}
	for _, j := range as {
		last[j.B] = standing{j.B, Verdict(j.Verdict), j.StatementID}
	}
	for _, j := range bs {
		last[j.A] = standing{j.A, Verdict(j.Verdict), j.StatementID}
	}
	out := make([]standing, 0, len(last))
	for _, s := range last {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b standing) int { return strings.Compare(a.other, b.other) })
	return out, nil
}

func ordered(a, b string) (string, string) {
	if b < a {
		return b, a
	}
	return a, b
}

func flag(yes bool) int16 {
	if yes {
		return 1
	}
	return 0
}

// verdictOf gives the word of a judgement's property.
func verdictOf(p statement.Property) string {
	return strings.TrimPrefix(string(p), "judgement.")
}
