package match

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/internal/db"
	"homeward/ledger"
	"homeward/match/matchsql"
	"homeward/register"
	"homeward/statement"
)

//go:generate sqlc generate

// Looking for second records is work that is done later, in every process that is
// unlocked.
//
// The rules are:
//
//   - What is owed is no list that is kept but a question to the tables: which records
//     were told of something since they were looked at. So a process may be killed at
//     any moment, and another does the work.
//   - A look reads memory and writes once, in a small transaction. Done twice, by two
//     processes at once, it leaves what it leaves done once.
//   - A record that is forgotten while it is looked at leaves nothing: what is written
//     is written only of records that are there.

// engine is the version of the weighing: a new one looks at every record again.
const engine = 1

// How the work is cut.
const (
	owedAtOnce  = 400             // records asked for
	lookAtOnce  = 16              // looked at in one transaction
	lookAnyway  = 5 * time.Minute // at everybody, whatever the mark says
	looksAt     = 48              // records that the index is asked for, for each name
	pairsEach   = 12              // proposed at most in one look
	kinLookedAt = 12
)

// proposedAbove is how likely a pair has to be, in bits, to be shown to anybody: one
// in some nine.
const proposedAbove = -doubtful

// Name is the follower's name.
func (p *Proposals) Name() string { return "match" }

// Reset empties the tables: everything is looked at again.
func (p *Proposals) Reset(ctx context.Context, tx *db.Tx) error {
	q := matchsql.New(tx)
	tx.AfterCommit(func() { p.mark.Store(-1) })
	return errors.Join(q.ResetLooks(ctx, p.office), q.ResetPairs(ctx, p.office))
}

// Follow notes whose statements were withdrawn or stand again, and drops what was
// proposed of the forgotten. What is new of a record register_record tells.
func (p *Proposals) Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
	var told []string
	q := matchsql.New(tx)
	for _, s := range recorded {
		switch {
		case s.Property == statement.ErasedSubject:
			if err := errors.Join(
				q.ForgetLook(ctx, matchsql.ForgetLookParams{OfficeID: p.office, Record: s.Object}),
				q.ForgetPairs(ctx, matchsql.ForgetPairsParams{OfficeID: p.office, Record: s.Object}),
			); err != nil {
				return err
			}
		case s.Index < recorded[0].Index:
			told = append(told, s.Subject)
		}
	}
	slices.Sort(told)
	return p.tell(ctx, tx, slices.Compact(told), recorded)
}

// tell notes many at a time: undoing an import turns thousands.
func (p *Proposals) tell(ctx context.Context, tx *db.Tx, told []string, recorded []statement.Recorded) error {
	for part := range slices.Chunk(told, 500) {
		var b strings.Builder
		b.WriteString("INSERT INTO match_look (office_id, record, told, looked, engine) VALUES ")
		args := []any{p.office, recorded[0].Index}
		for i, id := range part {
			if i > 0 {
				b.WriteByte(',')
			}
			args = append(args, id)
			fmt.Fprintf(&b, "($1,$%d,$2,-1,0)", len(args))
		}
		b.WriteString(" ON CONFLICT (office_id, record) DO UPDATE SET told = excluded.told")
		if _, err := tx.ExecContext(ctx, b.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

// Learner wakes the work, in every process that hears of new statements.
func (p *Proposals) Learner() ledger.Learner { return waker(p.wake) }

// waker is woken by what the ledger tells. It remembers nothing.
type waker chan struct{}

// Wants are the properties at which it wakes when the log is read; the register
// learns them anyway.
func (waker) Wants() []statement.Property {
	return []statement.Property{
		statement.RecordKind, statement.PersonName, statement.PersonBirthDate, statement.PersonAge,
		statement.JudgedSame, statement.JudgedNotSame, statement.JudgedCannotTell, statement.JudgedUndone,
	}
}

// Learn wakes the work.
func (w waker) Learn([]statement.Recorded) {
	select {
	case w <- struct{}{}:
	default: // it is awake
	}
}

// Forget does nothing: Follow dropped the rows, and memory is the register's.
func (waker) Forget([]string) {}

// Reset does nothing.
func (waker) Reset() {}

// Keep does the work until ctx ends. fail is told of errors.
func (p *Proposals) Keep(ctx context.Context, fail func(error)) {
	for ctx.Err() == nil {
		n, err := p.Work(ctx)
		if err != nil && ctx.Err() == nil {
			fail(err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-p.wake:
		case <-time.After(lookAnyway):
			p.mark.Store(-1)
		}
	}
}

// Work looks at some of the records that are owed a look, and says at how many. 0
// says that nobody is owed one.
func (p *Proposals) Work(ctx context.Context) (done int, err error) {
	owed, err := p.ask(ctx)
	if err != nil || len(owed) == 0 {
		return 0, err
	}
	// What the tables know memory knows then.
	if err := p.ledger.CatchUp(ctx); err != nil {
		return 0, err
	}
	if err := p.weigher.teach(ctx, p.people); err != nil {
		return 0, err
	}
	for batch := range slices.Chunk(owed, lookAtOnce) {
		began := time.Now()
		n, err := p.batch(ctx, batch)
		if done += n; err != nil {
			return done, err
		}
		if len(owed) > lookAtOnce && n > 0 {
			rest(ctx, min(time.Since(began), time.Second/4)) // a long list leaves the machine half its time
		}
	}
	return len(owed), ctx.Err()
}

// ask asks who is owed a look. When nobody is, the place in the log up to which that
// holds is remembered, and next time only what came behind it is asked for.
func (p *Proposals) ask(ctx context.Context) (ids []string, err error) {
	mark, newest := p.mark.Load(), int64(-1)
	err = p.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		q := matchsql.New(tx)
		if ids, err = p.owedSince(ctx, q, mark); err != nil || len(ids) > 0 {
			return err
		}
		newest, err = q.Newest(ctx, p.office)
		return err
	})
	if err == nil && len(ids) == 0 {
		p.mark.CompareAndSwap(mark, newest) // unless a rebuild came between
	}
	return ids, err
}

func (p *Proposals) owedSince(ctx context.Context, q *matchsql.Queries, mark int64) (ids []string, err error) {
	rows, err := q.Owed(ctx, matchsql.OwedParams{OfficeID: p.office, Engine: engine, Mark: mark, Most: owedAtOnce})
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids, err
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// look is one record under the eyes of the work.
type look struct {
	id    string
	upto  int64
	known [][2]string // pairs that were proposed before
	found []Weighing
}

// batch looks at records, those that another process has looked at meanwhile left out.
func (p *Proposals) batch(ctx context.Context, ids []string) (int, error) {
	var looks []*look
	err := p.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		looks = nil
		for _, id := range ids {
			l, err := p.owed(ctx, matchsql.New(tx), id)
			if err != nil {
				return err
			}
			if l != nil {
				looks = append(looks, l)
			}
		}
		return nil
	})
	if err != nil || len(looks) == 0 {
		return 0, err
	}
	if err := p.ledger.CatchUp(ctx); err != nil {
		return 0, err
	}
	for _, l := range looks {
		p.register.Look(func(v register.View) {
			s := p.weigher.begin(v)
			l.found = s.look(p.people.index, l)
		})
	}
	return len(looks), p.write(ctx, looks)
}

// owed reads up to where a record is to be looked at, nil when it was meanwhile.
func (p *Proposals) owed(ctx context.Context, q *matchsql.Queries, id string) (*look, error) {
	row, err := q.OwedOne(ctx, matchsql.OwedOneParams{OfficeID: p.office, ID: id, Engine: engine})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l := &look{id: id, upto: max(row.Changed, row.Told)}
	pairs, err := q.PairsOf(ctx, matchsql.PairsOfParams{OfficeID: p.office, Record: id})
	for _, x := range pairs {
		l.known = append(l.known, [2]string{x.A, x.B})
	}
	return l, err
}

// write puts down what looks found: the pairs that are likely enough, and takes away
// those that are not any more.
func (p *Proposals) write(ctx context.Context, looks []*look) error {
	now := p.host.Now().UnixMicro()
	return p.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := matchsql.New(tx)
		for _, l := range looks {
			for _, w := range l.found {
				var err error
				a, b := min(w.A, w.B), max(w.A, w.B)
				if !w.WorthAsking() {
					err = q.DeletePair(ctx, matchsql.DeletePairParams{OfficeID: p.office, A: a, B: b})
				} else {
					err = q.PutPair(ctx, matchsql.PutPairParams{OfficeID: p.office, A: a, B: b, Bits: w.Total, MadeAt: now, Engine: engine})
				}
				if err != nil {
					return err
				}
			}
			if err := q.PutLook(ctx, matchsql.PutLookParams{OfficeID: p.office, Record: l.id, Looked: l.upto, Engine: engine}); err != nil {
				return err
			}
		}
		return nil
	})
}

// look weighs a record against those that may be she: found by any of her names,
// proposed before, or tied to her kin as she is; and with each the kin that
// correspond.
func (s *weighings) look(x *Index, l *look) []Weighing {
	n, ok := s.view.Ref(l.id)
	if !ok {
		return nil
	}
	own := s.profile(n)
	if own == nil {
		return gone(l.known)
	}
	var found []Weighing
	met := map[register.Ref]bool{n: true}
	try := func(m register.Ref) {
		if met[m] || s.view.Cluster(m) == s.view.Cluster(n) {
			return
		}
		met[m] = true
		if w, ok := s.quick(own, s.profile(m)); ok {
			found = append(found, w)
		}
	}
	s.candidates(x, own, try)
	found = append(likeliest(found), s.again(own, l.known)...)
	return append(found, s.correspondences(own, found)...)
}

// gone are pairs of a record that is not there any more.
func gone(pairs [][2]string) []Weighing {
	var out []Weighing
	for _, p := range pairs {
		out = append(out, Weighing{A: p[0], B: p[1], Prior: proposedAbove - 1})
	}
	return out
}

// likeliest keeps the pairs that are likely enough, at most pairsEach.
func likeliest(found []Weighing) []Weighing {
	found = slices.DeleteFunc(found, func(w Weighing) bool { return !w.WorthAsking() })
	slices.SortFunc(found, func(a, b Weighing) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), strings.Compare(a.A, b.A), strings.Compare(a.B, b.B))
	})
	return found[:min(len(found), pairsEach)]
}

// again weighs the pairs that were proposed before, however they come out, so that
// those are taken away that are not likely any more.
func (s *weighings) again(own *profile, known [][2]string) []Weighing {
	var out []Weighing
	for _, pair := range known {
		id := pair[0]
		if id == own.id {
			id = pair[1]
		}
		m, ok := s.view.Ref(id)
		if !ok {
			continue
		}
		w, ok := s.weigh(own, s.profile(m))
		if !ok {
			w = gone([][2]string{pair})[0]
		}
		out = append(out, w)
	}
	return out
}

// candidates gives whom a record may be.
func (s *weighings) candidates(x *Index, own *profile, try func(register.Ref)) {
	for _, text := range s.texts(own.ref) {
		for _, h := range x.Search(Query{Name: text, Sex: sexCoded(own.sex), Born: Years{own.born.From, own.born.To}, Limit: looksAt}) {
			try(h.Ref)
		}
	}
	for i, r := range s.kinOf(s.view.Members(own.ref)) {
		if i == kinLookedAt {
			return
		}
		for _, m := range s.alikeKin(x, r) {
			for _, o := range s.kinOf([]register.Ref{m}) {
				if o.group == back[r.group] {
					try(o.ref)
				}
			}
		}
	}
}

// back is what she is to kin of a group.
var back = map[Field]Field{
	FieldParents: FieldChildren, FieldChildren: FieldParents, FieldSpouse: FieldSpouse, FieldSiblings: FieldSiblings, FieldTravels: FieldTravels,
}

// alikeKin are records that are judged to be one with somebody's kin, and a few that
// bear the same name.
func (s *weighings) alikeKin(x *Index, r relative) []register.Ref {
	out := slices.Clone(s.view.Members(r.ref))
	if texts := s.texts(r.ref); len(texts) > 0 {
		for _, h := range x.Search(Query{Name: texts[0], Limit: 8}) {
			out = append(out, h.Ref)
		}
	}
	return out
}

// texts are the names of a record, at most three.
func (s *weighings) texts(n register.Ref) []string {
	k, ok := s.view.Person(n)
	if !ok {
		return nil
	}
	var out []string
	for _, name := range k.Names[:min(len(k.Names), 3)] {
		out = append(out, name.Text)
	}
	return out
}

// correspondences weighs the kin of both who correspond, in pairs that are likely.
func (s *weighings) correspondences(own *profile, found []Weighing) []Weighing {
	var out []Weighing
	met := map[[2]string]bool{}
	mine := s.kinOf(s.view.Members(own.ref))
	joined := []register.Ref{}
	for _, w := range found {
		id := w.A
		if id == own.id {
			id = w.B
		}
		if m, ok := s.view.Ref(id); ok && w.Posterior() >= proposedAbove {
			joined = append(joined, m)
		}
	}
	for _, m := range append(joined, s.view.Members(own.ref)...) {
		for _, r := range mine[:min(len(mine), kinLookedAt)] {
			for _, o := range s.kinOf([]register.Ref{m}) {
				if o.group != r.group || s.view.Cluster(o.ref) == s.view.Cluster(r.ref) {
					continue
				}
				w, ok := s.weigh(s.profile(r.ref), s.profile(o.ref))
				key := [2]string{min(w.A, w.B), max(w.A, w.B)}
				if ok && !met[key] && w.WorthAsking() {
					met[key] = true
					out = append(out, w)
				}
			}
		}
	}
	return out
}
