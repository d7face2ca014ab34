package register

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"homeward/internal/db"
	"homeward/register/registersql"
	"homeward/statement"
)

// Judge records what a person decided about two records. Same is refused with
// ErrContradiction where somebody decided that two of the records that it would
// join are not the same, these two among them: that decision is undone first.
// NotSame is refused with ErrJoined while other judgements
// hold the two together. Both are decided in the transaction that records it.
func (r *Register) Judge(ctx context.Context, by, a, b string, v Verdict, why string) ([]statement.Recorded, error) {
	if a == b {
		return nil, ErrSelf
	}
	property, ok := judgementOf[v]
	if !ok {
		return nil, statement.ErrWord
	}
	act := statement.Act{Kind: statement.ActJudgement, By: by, Statements: []statement.Statement{
		{Subject: a, Property: property, Object: b, Value: why},
	}}
	return r.ledger.AppendWith(ctx, act, func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
		q := registersql.New(tx)
		if err := r.judgeable(ctx, q, a, b); err != nil {
			return err
		}
		switch v {
		case Same:
			if err := r.notApart(ctx, q, a, b, recorded[0].ID); err != nil {
				return err
			}
			return r.agrees(ctx, q, a)
		case NotSame:
			return r.apart(ctx, q, a, b)
		case Undone:
			return r.wasJudged(ctx, q, a, b, recorded[0].ID)
		}
		return nil
	})
}

// Undo takes back what was decided about a pair. What held them together before
// nobody decided anything holds again: each record with what was said of it.
func (r *Register) Undo(ctx context.Context, by, a, b, why string) ([]statement.Recorded, error) {
	return r.Judge(ctx, by, a, b, Undone, why)
}

var judgementOf = map[Verdict]statement.Property{
	Same: statement.JudgedSame, NotSame: statement.JudgedNotSame, CannotTell: statement.JudgedCannotTell, Undone: statement.JudgedUndone,
}

// judgeable refuses records that are not there any more, and two kinds of record.
func (r *Register) judgeable(ctx context.Context, q *registersql.Queries, a, b string) error {
	x, err := r.record(ctx, q, a)
	if err != nil {
		return err
	}
	y, err := r.record(ctx, q, b)
	if err != nil {
		return err
	}
	if x.Kind != y.Kind {
		return statement.ErrKind
	}
	if x.Live == 0 || y.Live == 0 {
		return ErrUnknown
	}
	return nil
}

// agrees refuses a cluster in which somebody decided that two are not the same.
func (r *Register) agrees(ctx context.Context, q *registersql.Queries, id string) error {
	row, err := r.record(ctx, q, id)
	if err != nil {
		return err
	}
	members, err := q.Members(ctx, registersql.MembersParams{OfficeID: r.office, Cluster: row.Cluster})
	if err != nil {
		return err
	}
	for _, m := range members {
		verdicts, err := r.verdicts(ctx, q, m.ID)
		if err != nil {
			return err
		}
		for _, v := range verdicts {
			among := slices.ContainsFunc(members, func(x registersql.MembersRow) bool { return x.ID == v.other })
			if among && v.verdict == NotSame {
				return ErrContradiction.With("a", m.ID).With("b", v.other)
			}
		}
	}
	return nil
}

// apart refuses "not the same" for two records of one cluster.
func (r *Register) apart(ctx context.Context, q *registersql.Queries, a, b string) error {
	x, err := r.record(ctx, q, a)
	if err != nil {
		return err
	}
	y, err := r.record(ctx, q, b)
	if err != nil {
		return err
	}
	if x.Cluster == y.Cluster {
		return ErrJoined
	}
	return nil
}

// before gives what counted for a pair before a statement of one's own.
func (r *Register) before(ctx context.Context, q *registersql.Queries, a, b, own string) (Verdict, error) {
	a, b = ordered(a, b)
	rows, err := q.PairJudgements(ctx, registersql.PairJudgementsParams{OfficeID: r.office, A: a, B: b})
	if err != nil {
		return Unjudged, err
	}
	rows = slices.DeleteFunc(rows, func(j registersql.PairJudgementsRow) bool { return j.StatementID == own })
	if len(rows) == 0 || rows[len(rows)-1].Verdict == string(Undone) {
		return Unjudged, nil
	}
	return Verdict(rows[len(rows)-1].Verdict), nil
}

// wasJudged refuses to undo what was not decided.
func (r *Register) wasJudged(ctx context.Context, q *registersql.Queries, a, b, own string) error {
	v, err := r.before(ctx, q, a, b, own)
	if err == nil && v == Unjudged {
		return ErrNotJudged
	}
	return err
}

// notApart refuses to join a pair of which somebody decided that it is two.
func (r *Register) notApart(ctx context.Context, q *registersql.Queries, a, b, own string) error {
	v, err := r.before(ctx, q, a, b, own)
	if err == nil && v == NotSame {
		return ErrContradiction.With("a", a).With("b", b)
	}
	return err
}

// One gives all records that are one with a record now, itself among them.
func (r *Register) One(ctx context.Context, id string) ([]string, error) {
	var all []string
	err := r.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := registersql.New(tx)
		all = []string{id}
		row, err := q.Record(ctx, registersql.RecordParams{OfficeID: r.office, ID: id})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		members, err := q.Members(ctx, registersql.MembersParams{OfficeID: r.office, Cluster: row.Cluster})
		for _, m := range members {
			if m.ID != id {
				all = append(all, m.ID)
			}
		}
		return err
	})
	return all, err
}

// Verdict gives what counts now for two records, or for the persons they belong
// to: Same when one cluster holds both; otherwise the strongest word that stands
// between a record of the one and a record of the other.
func (r *Register) Verdict(ctx context.Context, a, b string) (Verdict, error) {
	found := Unjudged
	err := r.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		found, err = r.between(ctx, registersql.New(tx), a, b)
		return err
	})
	return found, err
}

func (r *Register) between(ctx context.Context, q *registersql.Queries, a, b string) (Verdict, error) {
	x, err := r.record(ctx, q, a)
	if err != nil {
		return Unjudged, err
	}
	y, err := r.record(ctx, q, b)
	if err != nil {
		return Unjudged, err
	}
	if x.Cluster == y.Cluster {
		return Same, nil
	}
	members, err := q.Members(ctx, registersql.MembersParams{OfficeID: r.office, Cluster: x.Cluster})
	if err != nil {
		return Unjudged, err
	}
	others, err := q.Members(ctx, registersql.MembersParams{OfficeID: r.office, Cluster: y.Cluster})
	if err != nil {
		return Unjudged, err
	}
	found := Unjudged
	for _, m := range members {
		verdicts, err := r.verdicts(ctx, q, m.ID)
		if err != nil {
			return Unjudged, err
		}
		for _, v := range verdicts {
			if !slices.ContainsFunc(others, func(o registersql.MembersRow) bool { return o.ID == v.other }) {
				continue
			}
			if v.verdict == NotSame {
				return NotSame, nil
			}
			if v.verdict == CannotTell {
				found = CannotTell
			}
		}
	}
	return found, nil
}

// Judgements gives every decision about the records, newest first. With two ids:
// those between the two.
func (r *Register) Judgements(ctx context.Context, ids ...string) ([]Judgement, error) {
	said, err := r.judgements(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(ids) == 2 {
		said = slices.DeleteFunc(said, func(j Judgement) bool {
			return !(j.A == ids[0] && j.B == ids[1] || j.A == ids[1] && j.B == ids[0])
		})
	}
	return said, nil
}

// judgements reads the decisions that name any of the records.
func (r *Register) judgements(ctx context.Context, ids []string) ([]Judgement, error) {
	said, err := r.ledger.About(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		pointing, err := r.ledger.Pointing(ctx, id, judgementProperties...)
		if err != nil {
			return nil, err
		}
		said = append(said, pointing...)
	}
	return judged(said), nil
}

var judgementProperties = []statement.Property{
	statement.JudgedSame, statement.JudgedNotSame, statement.JudgedCannotTell, statement.JudgedUndone,
}

// judged picks the judgements out of statements, newest first, each once, and says
// which of them counts for its pair.
func judged(said []statement.Recorded) []Judgement {
	said = slices.DeleteFunc(slices.Clone(said), func(s statement.Recorded) bool { return !slices.Contains(judgementProperties, s.Property) })
	slices.SortFunc(said, func(a, b statement.Recorded) int { return int(b.Index - a.Index) })
	said = slices.CompactFunc(said, func(a, b statement.Recorded) bool { return a.ID == b.ID })
	decided := map[[2]string]bool{}
	out := make([]Judgement, len(said))
	for i, s := range said {
		a, b := ordered(s.Subject, s.Object)
		live := !s.Withdrawn && !decided[[2]string{a, b}]
		if live {
			decided[[2]string{a, b}] = true
		}
		out[i] = Judgement{
			A: s.Subject, B: s.Object, Verdict: Verdict(verdictOf(s.Property)), Why: s.Value, By: s.RecordedBy, At: s.RecordedAt,
			Live: live && s.Property != statement.JudgedUndone, Statement: s.ID, Act: s.ActID,
		}
	}
	return out
}
