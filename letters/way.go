package letters

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"homeward/casework"
	"homeward/evidence"
	"homeward/internal/db"
	"homeward/letters/letterssql"
	"homeward/statement"
)

// The way of a letter after it was made. Each step is an act of its own, and is
// refused where the letter is not at that point: a letter is sent once, and only
// what was sent can be registered, put off, passed on or answered.

// step checks that somebody acts, that the day has come and follows what it must,
// and gives the letter as it stands.
func (l *Letters) step(ctx context.Context, by, letter string, on Day, follows func(State) Day) (State, error) {
	if by == "" {
		return State{}, ErrNobody
	}
	s, err := l.Clock(ctx, letter, l.Today())
	if err != nil {
		return State{}, err
	}
	switch {
	case on > l.Today():
		return s, ErrFuture
	case s.Stage == Voided, follows == nil && s.Sent.Has(), follows != nil && !s.Sent.Has():
		return s, ErrStage
	case follows != nil && on < follows(s), follows == nil && on < s.Dated:
		return s, ErrBefore
	}
	return s, nil
}

func sinceSent(s State) Day { return s.Sent }

// Send records that the letter was sent on a day, by a way that its recipient
// takes. Two people must have approved it, and what stands in it must still be what may
// go: a letter about somebody who took back her consent, or made of two records that are
// two again, is never sent, whoever approves it anew.
func (l *Letters) Send(ctx context.Context, by, letter string, on Day, channel string) error {
	if _, err := l.step(ctx, by, letter, on, nil); err != nil {
		return err
	}
	said, err := l.said(ctx, letter)
	if err != nil {
		return err
	}
	if err := l.recheck(ctx, said); err != nil {
		return err
	}
	if _, err := l.casework.Approved(ctx, casework.DeedLetter, letter); err != nil {
		return err
	}
	to, err := l.Recipient(ctx, objects(said, statement.LetterRecipient)[0])
	if err != nil {
		return err
	}
	if !slices.Contains(to.Channels, channel) {
		return ErrChannel
	}
	all := []statement.Statement{
		{Subject: letter, Property: statement.LetterSent, Value: on.String()},
		{Subject: letter, Property: statement.LetterChannel, Value: channel},
	}
	for _, file := range objects(said, statement.LetterDocument) {
		all = append(all, evidence.Custody(file, "handed_over", "")...)
	}
	return l.leave(ctx, by, letter, all)
}

// recorded is when a property was said.
func recorded(said []statement.Recorded, p statement.Property) time.Time {
	i := slices.IndexFunc(said, func(r statement.Recorded) bool { return r.Property == p })
	if i < 0 {
		return time.Time{}
	}
	return said[i].RecordedAt
}

// objects are the live objects of a property.
func objects(said []statement.Recorded, p statement.Property) []string {
	var ids []string
	for _, r := range said {
		if r.Property == p && !r.Withdrawn {
			ids = append(ids, r.Object)
		}
	}
	return ids
}

// leave appends that a letter was sent or voided, of which only one can happen, and
// once: when two people record it at the same moment, the second is told that the
// letter has moved on.
func (l *Letters) leave(ctx context.Context, by, letter string, all []statement.Statement) error {
	_, err := l.ledger.AppendWith(ctx, statement.Act{Kind: statement.ActLetter, By: by, Statements: all},
		func(ctx context.Context, tx *db.Tx, _ []statement.Recorded) error {
			var left int64
			for _, w := range []what{wasSent, wasVoided} {
				n, err := letterssql.New(tx).CountEventsFrom(ctx, letterssql.CountEventsFromParams{OfficeID: l.office, Letter: letter, What: string(w)})
				if err != nil {
					return err
				}
				left += n
			}
			if left > 1 {
				return ErrStage
			}
			return nil
		})
	return err
}

// Registered records when the recipient registered the letter, and its number
// there; the number may be empty.
func (l *Letters) Registered(ctx context.Context, by, letter string, on Day, number string) error {
	if _, err := l.step(ctx, by, letter, on, sinceSent); err != nil {
		return err
	}
	all := []statement.Statement{{Subject: letter, Property: statement.LetterRegistered, Value: on.String()}}
	if number = strings.TrimSpace(number); number != "" {
		all = append(all, statement.Statement{Subject: letter, Property: statement.LetterRegisteredNo, Value: number})
	}
	return l.append(ctx, by, all)
}

// Extended records that the recipient gave notice of a later day for its answer.
func (l *Letters) Extended(ctx context.Context, by, letter string, to Day) error {
	s, err := l.step(ctx, by, letter, l.Today(), sinceSent)
	if err != nil {
		return err
	}
	if to <= s.Sent {
		return ErrBefore
	}
	return l.append(ctx, by, []statement.Statement{{Subject: letter, Property: statement.LetterExtended, Value: to.String()}})
}

// Forwarded records that the recipient passed the letter to another on a day; from
// there the other's time runs.
func (l *Letters) Forwarded(ctx context.Context, by, letter, to string, on Day) error {
	if _, err := l.step(ctx, by, letter, on, sinceSent); err != nil {
		return err
	}
	other, err := l.Recipient(ctx, to)
	if err != nil {
		return err
	}
	return l.append(ctx, by, []statement.Statement{
		{Subject: letter, Property: statement.LetterForwarded, Object: to, Value: other.Name("ru")},
		{Subject: letter, Property: statement.LetterForwardedOn, Value: on.String()},
	})
}

// NoAnswer writes down, before the house does, that no answer came in time.
func (l *Letters) NoAnswer(ctx context.Context, by, letter string) error {
	s, err := l.step(ctx, by, letter, l.Today(), sinceSent)
	if err != nil {
		return err
	}
	if s.Stage != Overdue {
		return ErrInTime
	}
	return l.silence(ctx, by, letter, s)
}

// silence records it, once for each day by which an answer was due.
func (l *Letters) silence(ctx context.Context, by, letter string, s State) error {
	_, err := l.ledger.AppendWith(ctx, statement.Act{Kind: statement.ActReply, By: by, Statements: []statement.Statement{
		{Subject: letter, Property: statement.LetterNoAnswer, Value: l.Today().String()},
	}}, func(ctx context.Context, tx *db.Tx, _ []statement.Recorded) error {
		n, err := letterssql.New(tx).CountEventsFrom(ctx, letterssql.CountEventsFromParams{
			OfficeID: l.office, Letter: letter, What: string(wasNoAnswer), Day: int64(s.AnswerBy) + 1,
		})
		if err == nil && n > 1 {
			return ErrStage
		}
		return err
	})
	return err
}

// Look is the daily look: for every letter whose day has passed the house writes
// down that no answer came. It says how many there were, and can be repeated.
func (l *Letters) Look(ctx context.Context) (int, error) {
	desk, err := l.Desk(ctx, l.Today())
	if err != nil {
		return 0, err
	}
	found := 0
	for _, line := range desk {
		if line.State.Stage != Overdue {
			continue
		}
		err := l.silence(ctx, "", line.ID, line.State)
		if errors.Is(err, ErrStage) {
			continue // another process was first
		}
		if err != nil {
			return found, err
		}
		found++
	}
	return found, nil
}

// Void records that a letter which was not sent will not be. Its number stays
// taken.
func (l *Letters) Void(ctx context.Context, by, letter, why string) error {
	if _, err := l.step(ctx, by, letter, l.Today(), nil); err != nil {
		return err
	}
	if why = strings.TrimSpace(why); why == "" {
		return ErrReason
	}
	return l.leave(ctx, by, letter, []statement.Statement{{Subject: letter, Property: statement.LetterVoided, Value: why}})
}

// Undo takes back one entry of a letter's way that was written down wrongly: the
// statement, with everything of its act.
func (l *Letters) Undo(ctx context.Context, by, letter, statementID, why string) error {
	if by == "" {
		return ErrNobody
	}
	if strings.TrimSpace(why) == "" {
		return ErrReason
	}
	said, err := l.said(ctx, letter)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(said, func(r statement.Recorded) bool {
		_, way := events[r.Property]
		return r.ID == statementID && !r.Withdrawn && way
	})
	if i < 0 {
		return ErrStage
	}
	_, err = l.ledger.Withdraw(ctx, by, why, []string{said[i].ActID}, nil)
	return err
}

func (l *Letters) append(ctx context.Context, by string, all []statement.Statement) error {
	_, err := l.ledger.Append(ctx, statement.Act{Kind: statement.ActLetter, By: by, Statements: all})
	return err
}

// Clock gives the state of a letter on a day.
func (l *Letters) Clock(ctx context.Context, letter string, today Day) (State, error) {
	var row letterssql.LetterRow
	var happened []event
	err := l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		q := letterssql.New(tx)
		if row, err = q.Letter(ctx, letterssql.LetterParams{OfficeID: l.office, ID: letter}); err != nil {
			return err
		}
		rows, err := q.EventsOf(ctx, letterssql.EventsOfParams{OfficeID: l.office, Letter: letter})
		for _, r := range rows {
			happened = append(happened, event{what: what(r.What), day: Day(r.Day), to: r.Object, index: r.Entry})
		}
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return State{}, ErrNotFound
	}
	if err != nil {
		return State{}, err
	}
	terms, err := l.terms(ctx, row.Recipient, happened)
	if err != nil {
		return State{}, err
	}
	approved, err := l.approved(ctx, letter, happened)
	if err != nil {
		return State{}, err
	}
	return clock(Day(row.Dated), happened, terms[whose(row.Recipient, happened)], approved, today), nil
}

// whose time runs: the recipient's, or the last one's to whom it was passed.
func whose(recipient string, happened []event) string {
	for _, e := range happened {
		if e.what == wasForwarded && e.to != "" {
			recipient = e.to
		}
	}
	return recipient
}

func (l *Letters) terms(ctx context.Context, recipient string, happened []event) (map[string]Terms, error) {
	found, err := l.recipients(ctx, whose(recipient, happened))
	terms := map[string]Terms{}
	for id, r := range found {
		terms[id] = r.Terms
	}
	return terms, err
}

// approved says whether a letter that was not sent may be.
func (l *Letters) approved(ctx context.Context, letter string, happened []event) (bool, error) {
	for _, e := range happened {
		if e.what == wasSent || e.what == wasVoided {
			return true, nil
		}
	}
	_, err := l.casework.Approved(ctx, casework.DeedLetter, letter)
	if errors.Is(err, casework.ErrNotApproved) || errors.Is(err, casework.ErrStale) {
		return false, nil
	}
	return err == nil, err
}
