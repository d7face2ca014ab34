package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/statement"
)

// An erasure is begun by a sealed row in ledger_pending; then the keys are
// destroyed in the keyring; then one transaction removes the sealed rows, records
// what was done and removes the pending row. After a crash in between, the next
// CatchUp ends it: it is never forgotten that somebody was to be forgotten.

// Erasure is what was forgotten: the records whose keys were destroyed, and the
// places in the log that are empty now.
type Erasure struct {
	ID      string // the erasure's own record
	Records []string
	Indexes []int64
}

// pending is an erasure that was begun.
type pending struct {
	ID      string   `json:"id"`
	Act     string   `json:"act"`
	By      []string `json:"by"`
	Rule    string   `json:"rule"`
	Subject string   `json:"subject"`
	Counter string   `json:"counter"`
	// Gone are the records of an erasure that is recorded again after a restoration:
	// their keys were destroyed before, and who approved it is not known any more.
	Gone []string `json:"gone,omitempty"`
}

// Erase forgets a record and everything that belongs to it: the keys are
// destroyed, then the sealed rows go and an act of erasure takes their place. by
// are the users who approved it: two, or one and an outside counter-signature in
// base64. rule is a code of erasure.rule. Followers and learners are told by the
// act's erasure.subject statements.
//
// What was forgotten before is not forgotten twice: whoever repeats it after a crash
// is given what went then, and nothing more is recorded.
func (l *Ledger) Erase(ctx context.Context, by []string, rule, subject, counter string) (Erasure, error) {
	by = slices.Compact(slices.Sorted(slices.Values(by)))
	if len(by) == 0 || len(by) < 2 && counter == "" {
		return Erasure{}, ErrTwo
	}
	if err := l.Blocked(); err != nil {
		return Erasure{}, err
	}
	if done, err := l.before(ctx, subject); err != nil || done.ID != "" {
		return done, err
	}
	p := pending{By: by, Rule: rule, Subject: subject, Counter: counter}
	if err := errors.Join(l.name(&p.ID), l.name(&p.Act)); err != nil {
		return Erasure{}, err
	}
	if err := l.erasable(ctx, p); err != nil {
		return Erasure{}, err
	}
	if err := l.beginErasure(ctx, p); err != nil {
		return Erasure{}, err
	}
	return l.endErasure(ctx, p)
}

// before gives the erasure by which a record is gone already, and ends it when it was
// only begun.
func (l *Ledger) before(ctx context.Context, subject string) (Erasure, error) {
	gone, err := l.vault.ErasureOf(ctx, subject)
	if err != nil || gone.Erasure == "" {
		return Erasure{}, err
	}
	return Erasure{ID: gone.Erasure, Records: gone.Records}, l.finishErasures(ctx)
}

// erasable refuses what could not be recorded, before anything is destroyed.
func (l *Ledger) erasable(ctx context.Context, p pending) error {
	if _, err := l.prepare([]statement.Act{p.act(nil, nil)}); err != nil {
		return err
	}
	kind, err := l.Kind(ctx, p.Subject)
	if err != nil {
		return err
	}
	switch kind {
	case statement.WithdrawalOfAct, statement.Erasure, statement.Restore, statement.Release:
		return ErrKept
	}
	return nil
}

// act is what is recorded of an erasure: never more than bare ids and places.
func (p pending) act(records []string, indexes []int64) statement.Act {
	a := statement.Act{ID: p.Act, Kind: statement.ActErasure}
	if len(p.By) > 0 {
		a.By = p.By[0]
	}
	say := func(property statement.Property, object, value string) {
		a.Statements = append(a.Statements, statement.Statement{Subject: p.ID, Property: property, Object: object, Value: value})
	}
	say(statement.RecordKind, "", string(statement.Erasure))
	if p.Rule != "" {
		say(statement.ErasedRule, "", p.Rule)
	}
	for _, user := range p.By {
		say(statement.ErasedBy, "", user)
	}
	if p.Counter != "" {
		say(statement.ErasedCounter, "", p.Counter)
	}
	for _, id := range records {
		say(statement.ErasedSubject, id, "")
	}
	for _, text := range ranges(indexes, statement.MaxValue) {
		say(statement.ErasedIndexes, "", text)
	}
	return a
}

func pendingLabel(id string) string { return "ledger/pending/" + id }

func (l *Ledger) beginErasure(ctx context.Context, p pending) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	sealed, err := l.vault.OfficeSeal(pendingLabel(p.ID), data)
	if err != nil {
		return err
	}
	l.unfinished.Store(true)
	return l.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return ledgersql.New(tx).AddPending(ctx, ledgersql.AddPendingParams{OfficeID: l.office, ID: p.ID, Sealed: sealed})
	})
}

// errEnded says that another process has ended the erasure.
var errEnded = errors.New("ledger: the erasure was ended by another process")

// endErasure destroys the keys and records it. It may be done again.
func (l *Ledger) endErasure(ctx context.Context, p pending) (Erasure, error) {
	gone := p.Gone
	if len(gone) == 0 {
		var err error
		if gone, err = l.vault.Forget(ctx, p.Subject, p.ID); err != nil {
			return Erasure{}, err
		}
	}
	opens := map[string]opening{p.ID: {id: p.ID, kind: statement.Erasure, owner: p.ID}}
	if err := l.vault.Ensure(ctx, keysOf(opens)...); err != nil {
		return Erasure{}, err
	}
	done := Erasure{ID: p.ID, Records: gone}
	_, err := l.commit(ctx, writing{house: true, acts: func(ctx context.Context, v View, _ *head) (_ []statement.Act, _ map[string]opening, err error) {
		if done.Indexes, err = v.remove(ctx, p, gone); err != nil {
			return nil, nil, err
		}
		acts, err := l.prepare([]statement.Act{p.act(gone, done.Indexes)})
		return acts, opens, err
	}})
	if errors.Is(err, errEnded) {
		return done, nil
	}
	return done, err
}

// remove takes the sealed rows of destroyed keys out of the tables, and the pending
// row with them, and gives the places that are empty now.
func (v View) remove(ctx context.Context, p pending, gone []string) ([]int64, error) {
	q := ledgersql.New(v.tx)
	n, err := q.DeletePending(ctx, ledgersql.DeletePendingParams{OfficeID: v.l.office, ID: p.ID})
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errEnded
	}
	var indexes []int64
	for _, id := range gone {
		at, err := q.SealedWith(ctx, ledgersql.SealedWithParams{OfficeID: v.l.office, Subject: id})
		if err != nil {
			return nil, err
		}
		indexes = append(indexes, at...)
		if err := q.DeleteRecord(ctx, ledgersql.DeleteRecordParams{OfficeID: v.l.office, ID: id}); err != nil {
			return nil, err
		}
	}
	slices.Sort(indexes)
	for _, idx := range indexes {
		if err := q.DeleteStatement(ctx, ledgersql.DeleteStatementParams{OfficeID: v.l.office, Idx: idx}); err != nil {
			return nil, err
		}
	}
	return indexes, nil
}

// finishErasures ends the erasures that were begun and not ended.
func (l *Ledger) finishErasures(ctx context.Context) error {
	if err := l.Blocked(); err != nil {
		return nil //nolint:nilerr // whoever records hears of it; reading goes on
	}
	var begun []ledgersql.PendingRow
	err := l.read(ctx, func(ctx context.Context, v View) (err error) {
		begun, err = ledgersql.New(v.tx).Pending(ctx, l.office)
		return err
	})
	if err != nil {
		return err
	}
	for _, row := range begun {
		p, err := l.openPending(row.ID, row.Sealed)
		if err != nil {
			return err
		}
		if _, err := l.endErasure(ctx, p); err != nil {
			return err
		}
	}
	l.unfinished.Store(false)
	return nil
}

func (l *Ledger) openPending(id string, sealed []byte) (p pending, err error) {
	data, err := l.vault.OfficeOpen(pendingLabel(id), sealed)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(data, &p); err != nil || p.ID != id || len(p.By) == 0 && len(p.Gone) == 0 {
		return p, ErrDamaged
	}
	return p, nil
}

// ranges writes places as text: "3, 7-12", in parts of at most limit bytes.
func ranges(indexes []int64, limit int) []string {
	var parts []string
	var text strings.Builder
	for i := 0; i < len(indexes); {
		j := i
		for j+1 < len(indexes) && indexes[j+1] == indexes[j]+1 {
			j++
		}
		item := strconv.FormatInt(indexes[i], 10)
		if j > i {
			item += "-" + strconv.FormatInt(indexes[j], 10)
		}
		if text.Len() > 0 && text.Len()+len(item)+2 > limit {
			parts = append(parts, text.String())
			text.Reset()
		}
		if text.Len() > 0 {
			text.WriteString(", ")
		}
		text.WriteString(item)
		i = j + 1
	}
	if text.Len() > 0 {
		parts = append(parts, text.String())
	}
	return parts
}

// eachRange reads what ranges wrote.
func eachRange(text string, fn func(from, to int64)) bool {
	for item := range strings.SplitSeq(text, ", ") {
		from, to, ok := statement.ParseNumber(item)
		if !ok {
			return false
		}
		fn(from, to)
	}
	return true
}
