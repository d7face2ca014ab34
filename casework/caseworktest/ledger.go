// Package caseworktest gives tests a ledger in memory with the manners of the real
// one (order, withdrawals, forgetting, followers), so that a property of casework
// can be tried on thousands of offices.
package caseworktest

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"homeward/internal/db"
	"homeward/ledger"
	"homeward/statement"
)

// Follower is what the ledger calls in its transactions.
type Follower interface {
	Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error
	Reset(ctx context.Context, tx *db.Tx) error
}

// Ledger is a log in memory. It is for one goroutine.
type Ledger struct {
	DB        *db.DB // nil: no follower is called
	Now       time.Time
	Followers []Follower

	log   []statement.Recorded
	kinds map[string]statement.Kind
	owner map[string]string
	gone  map[string]bool
}

// made counts the ids: they are one sequence, so that many ledgers may share a
// database.
var made atomic.Int64

// NewLedger begins an empty log.
func NewLedger(d *db.DB) *Ledger {
	return &Ledger{DB: d, Now: time.Date(2019, 10, 14, 8, 0, 0, 0, time.UTC),
		kinds: map[string]statement.Kind{}, owner: map[string]string{}, gone: map[string]bool{}}
}

// ID makes an id.
func (l *Ledger) ID() string {
	return fmt.Sprintf("00000000-0000-7000-8000-%012x", made.Add(1))
}

// Append records an act.
func (l *Ledger) Append(ctx context.Context, act statement.Act) ([]statement.Recorded, error) {
	return l.AppendWith(ctx, act, nil)
}

// AppendWith records an act with rows of the caller's own.
func (l *Ledger) AppendWith(ctx context.Context, act statement.Act, also func(context.Context, *db.Tx, []statement.Recorded) error) ([]statement.Recorded, error) {
	if err := act.Validate(); err != nil {
		return nil, err
	}
	if act.Note != "" {
		first := act.Statements[0]
		act.Statements = append(slices.Clone(act.Statements), statement.Statement{Subject: first.Subject, Property: statement.ActNote, Value: act.Note, Key: first.Key})
	}
	recorded, err := l.record(act)
	if err != nil {
		return nil, err
	}
	before := make([]bool, len(l.log))
	for i, r := range l.log {
		before[i] = r.Withdrawn
	}
	l.log = append(l.log, recorded...)
	l.withdraw()
	told := slices.Clone(l.log[len(before):])
	for i, was := range before {
		if l.log[i].Withdrawn != was {
			told = append(told, l.log[i])
		}
	}
	if err := l.tell(ctx, told, also); err != nil {
		l.log = l.log[:len(before)]
		l.withdraw()
		return nil, err
	}
	return l.log[len(before):len(l.log):len(l.log)], nil
}

func (l *Ledger) record(act statement.Act) ([]statement.Recorded, error) {
	l.Now = l.Now.Add(time.Millisecond)
	id := l.ID()
	var recorded []statement.Recorded
	for _, s := range act.Statements {
		if s.Property == statement.RecordKind {
			l.kinds[s.Subject] = statement.Kind(s.Value)
			l.owner[s.Subject] = s.Subject
		}
		kind, known := l.kinds[s.Subject]
		d := statement.Vocabulary[s.Property]
		if !known || !d.StandsOn(kind) || s.Object != "" && d.Value != statement.Reference && l.kinds[s.Object] != "" && !d.PointsAt(l.kinds[s.Object]) {
			return nil, statement.ErrKind.With("property", string(s.Property))
		}
		if k, _ := statement.KindOf(kind); k.Owner == s.Property && s.Object != "" {
			l.owner[s.Subject] = s.Object
		}
		s = s.Normal()
		s.ID = l.ID()
		recorded = append(recorded, statement.Recorded{Statement: s, ActID: id, ActKind: act.Kind, Index: int64(len(l.log) + len(recorded)),
			RecordedBy: act.By, RecordedAt: l.Now})
	}
	return recorded, nil
}

// withdraw computes Withdrawn from the end: a withdrawal that is withdrawn itself
// counts for nothing.
func (l *Ledger) withdraw() {
	down := map[string]bool{}
	for i := len(l.log) - 1; i >= 0; i-- {
		r := &l.log[i]
		r.Withdrawn = down[r.ID] || down[r.ActID]
		if !r.Withdrawn && (r.Property == statement.WithdrawnAct || r.Property == statement.WithdrawnStatement) {
			down[r.Object] = true
		}
	}
}

func (l *Ledger) tell(ctx context.Context, told []statement.Recorded, also func(context.Context, *db.Tx, []statement.Recorded) error) error {
	if l.DB == nil {
		return nil
	}
	return l.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, f := range l.Followers {
			if err := f.Follow(ctx, tx, told); err != nil {
				return err
			}
		}
		if also == nil {
			return nil
		}
		return also(ctx, tx, told)
	})
}

// Rebuild empties the followers and tells them the whole log again.
func (l *Ledger) Rebuild(ctx context.Context) error {
	return l.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, f := range l.Followers {
			if err := f.Reset(ctx, tx); err != nil {
				return err
			}
		}
		for start := 0; start < len(l.log); {
			end := start
			for end < len(l.log) && l.log[end].ActID == l.log[start].ActID {
				end++
			}
			for _, f := range l.Followers {
				if err := f.Follow(ctx, tx, l.readable(l.log[start:end])); err != nil {
					return err
				}
			}
			start = end
		}
		return nil
	})
}

func (l *Ledger) forgotten(r statement.Recorded) bool {
	return l.isGone(r.SealedWith())
}

func (l *Ledger) isGone(id string) bool {
	return l.gone[id] || l.owner[id] != id && l.owner[id] != "" && l.isGone(l.owner[id])
}

func (l *Ledger) readable(all []statement.Recorded) []statement.Recorded {
	return slices.DeleteFunc(slices.Clone(all), l.forgotten)
}

// About gives what was said of the subjects.
func (l *Ledger) About(_ context.Context, subjects ...string) ([]statement.Recorded, error) {
	return slices.DeleteFunc(l.readable(l.log), func(r statement.Recorded) bool { return !slices.Contains(subjects, r.Subject) }), nil
}

// Pointing gives what points at the record.
func (l *Ledger) Pointing(_ context.Context, object string, properties ...statement.Property) ([]statement.Recorded, error) {
	return slices.DeleteFunc(l.readable(l.log), func(r statement.Recorded) bool {
		return r.Object != object || len(properties) > 0 && !slices.Contains(properties, r.Property)
	}), nil
}

// All is the whole log, as far as it can be read.
func (l *Ledger) All() []statement.Recorded { return l.readable(l.log) }

// Withdraw records that acts or statements no longer stand.
func (l *Ledger) Withdraw(ctx context.Context, by string, acts, statements []string) error {
	id := l.ID()
	act := statement.Act{Kind: statement.ActWithdrawal, By: by, Statements: []statement.Statement{{Subject: id, Property: statement.RecordKind, Value: string(statement.WithdrawalOfAct)}}}
	for _, a := range acts {
		act.Statements = append(act.Statements, statement.Statement{Subject: id, Property: statement.WithdrawnAct, Object: a})
	}
	for _, s := range statements {
		act.Statements = append(act.Statements, statement.Statement{Subject: id, Property: statement.WithdrawnStatement, Object: s})
	}
	_, err := l.Append(ctx, act)
	return err
}

func (l *Ledger) belongs(id, subject string) bool {
	return id == subject || l.owner[id] != id && l.owner[id] != "" && l.belongs(l.owner[id], subject)
}

// Erase forgets a record and all that belongs to it.
func (l *Ledger) Erase(ctx context.Context, by []string, rule, subject, counter string) (ledger.Erasure, error) {
	erasure := ledger.Erasure{ID: l.ID()}
	act := statement.Act{Kind: statement.ActErasure, By: by[0], Statements: []statement.Statement{
		{Subject: erasure.ID, Property: statement.RecordKind, Value: string(statement.Erasure)},
		{Subject: erasure.ID, Property: statement.ErasedRule, Value: rule}}}
	for id := range l.kinds {
		if !l.isGone(id) && l.belongs(id, subject) {
			erasure.Records = append(erasure.Records, id)
		}
	}
	l.gone[subject] = true
	slices.Sort(erasure.Records)
	for _, id := range erasure.Records {
		act.Statements = append(act.Statements, statement.Statement{Subject: erasure.ID, Property: statement.ErasedSubject, Object: id})
	}
	if counter != "" {
		act.Statements = append(act.Statements, statement.Statement{Subject: erasure.ID, Property: statement.ErasedCounter, Value: counter})
	}
	_, err := l.Append(ctx, act)
	return erasure, err
}
