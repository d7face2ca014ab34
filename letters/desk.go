package letters

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/letters/letterssql"
	"homeward/statement"
)

// Line is one letter on the desk: ids, states and days, and nothing about whom.
type Line struct {
	ID        string
	Number    string
	Recipient Recipient
	// Now is whose time runs: the recipient, or the one to whom it was passed.
	Now      Recipient
	Document string
	People   int
	State    State
}

// Desk gives all letters as they stand on a day, what is latest and most pressing
// first, what is done last.
func (l *Letters) Desk(ctx context.Context, today Day) ([]Line, error) {
	rows, happened, err := l.book(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.Recipient, whose(r.Recipient, happened[r.ID]))
	}
	recipients, err := l.recipients(ctx, ids...)
	if err != nil {
		return nil, err
	}
	desk := make([]Line, 0, len(rows))
	for _, r := range rows {
		approved, err := l.approved(ctx, r.ID, happened[r.ID])
		if err != nil {
			return nil, err
		}
		now := recipients[whose(r.Recipient, happened[r.ID])]
		desk = append(desk, Line{
			ID: r.ID, Number: r.Number, Recipient: recipients[r.Recipient], Now: now, Document: r.Document,
			People: int(r.People), State: clock(Day(r.Dated), happened[r.ID], now.Terms, approved, today),
		})
	}
	slices.SortStableFunc(desk, func(a, b Line) int { return cmp.Compare(pressing(a), pressing(b)) })
	return desk, nil
}

// pressing orders the desk: what is over its day by how much, then what is due by
// how soon, then what waits for us, then what has no day, then what is done.
func pressing(l Line) int {
	const week = 10_000
	switch {
	case !l.State.Stage.Open():
		return 4 * week
	case l.State.AnswerBy.Has():
		return min(l.State.Left, week)
	case l.State.Stage == Made || l.State.Stage == Approved:
		return 2 * week
	}
	return 3 * week
}

// book reads the projection: the letters, the newest first, and what happened.
func (l *Letters) book(ctx context.Context) ([]letterssql.LettersRow, map[string][]event, error) {
	var rows []letterssql.LettersRow
	happened := map[string][]event{}
	err := l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		q := letterssql.New(tx)
		if rows, err = q.Letters(ctx, l.office); err != nil {
			return err
		}
		all, err := q.Events(ctx, l.office)
		for _, r := range all {
			happened[r.Letter] = append(happened[r.Letter], event{what: what(r.What), day: Day(r.Day), to: r.Object, index: r.Entry})
		}
		return err
	})
	return rows, happened, err
}

// Paper is a letter as it stands on paper, for the page that is printed.
type Paper content

// Date is the letter's date in words.
func (p Paper) Date() string { return content(p).date() }

// CountedText speaks of those who are not named, "" when there are none.
func (p Paper) CountedText() string {
	if p.Counted == 0 {
		return ""
	}
	return counted(p.Counted, len(p.People))
}

// Letter is one letter with everything said of it.
type Letter struct {
	Line
	Purpose      string
	Persons      []string
	Grants       []string
	Channel      string
	RegisteredNo string
	VoidedWhy    string
	// Paper is the letter's words; Forgotten says that they were forgotten with
	// somebody it is about.
	Paper     Paper
	Forgotten bool
	// Way is what happened, in the order in which it was written down.
	Way       []Step
	Approvals []casework.Approval
	Replies   []Reply
	MadeBy    string
}

// Step is one entry of a letter's way, with who wrote it down.
type Step struct {
	Statement statement.Recorded
	What      string
	Day       Day
	// Undone says that it was taken back.
	Undone bool
}

// Letter gives one letter as it stands today.
func (l *Letters) Letter(ctx context.Context, id string) (Letter, error) {
	said, err := l.said(ctx, id)
	if err != nil {
		return Letter{}, err
	}
	out := Letter{
		Line:    Line{ID: id, Number: value(said, statement.LetterNumber)},
		Purpose: value(said, statement.LetterPurpose), Persons: objects(said, statement.LetterPerson),
		Grants: objects(said, statement.LetterGrant), Channel: value(said, statement.LetterChannel),
		RegisteredNo: value(said, statement.LetterRegisteredNo), VoidedWhy: value(said, statement.LetterVoided),
	}
	out.People = len(out.Persons)
	if documents := objects(said, statement.LetterDocument); len(documents) > 0 {
		out.Document = documents[0]
	}
	words := value(said, statement.LetterText)
	out.Forgotten = words == ""
	if words != "" {
		if err := json.Unmarshal([]byte(words), &out.Paper); err != nil {
			return Letter{}, err
		}
	}
	out.walk(said)
	return out, l.surround(ctx, &out, said)
}

// walk gathers the entries of the letter's way.
func (l *Letter) walk(said []statement.Recorded) {
	for _, r := range said {
		if r.Property == statement.LetterNumber {
			l.MadeBy = r.RecordedBy
		}
		w, ok := events[r.Property]
		if !ok {
			continue
		}
		d, _ := day(r.Value)
		if w == wasVoided {
			d = DayOf(r.RecordedAt)
		}
		l.Way = append(l.Way, Step{Statement: r, What: string(w), Day: d, Undone: r.Withdrawn})
	}
}

// surround adds what is not said of the letter itself: recipient, approvals,
// answers and the state.
func (l *Letters) surround(ctx context.Context, out *Letter, said []statement.Recorded) error {
	to := objects(said, statement.LetterRecipient)
	now := append(slices.Clone(to), objects(said, statement.LetterForwarded)...)
	recipients, err := l.recipients(ctx, now...)
	if err != nil {
		return err
	}
	if len(to) > 0 {
		out.Recipient, out.Now = recipients[to[0]], recipients[now[len(now)-1]]
	}
	if out.State, err = l.Clock(ctx, out.ID, l.Today()); err != nil {
		return err
	}
	if out.Approvals, err = l.casework.ApprovalsOf(ctx, out.ID); err != nil {
		return err
	}
	out.Replies, err = l.repliesTo(ctx, out.ID)
	return err
}

// About are the letters about a person, by any of her records, the latest first.
func (l *Letters) About(ctx context.Context, records ...string) ([]Line, error) {
	mine := map[string]bool{}
	err := l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, person := range records {
			ids, err := letterssql.New(tx).LettersAbout(ctx, letterssql.LettersAboutParams{OfficeID: l.office, Person: person})
			if err != nil {
				return err
			}
			for _, id := range ids {
				mine[id] = true
			}
		}
		return nil
	})
	if err != nil || len(mine) == 0 {
		return nil, err
	}
	desk, err := l.Desk(ctx, l.Today())
	desk = slices.DeleteFunc(desk, func(d Line) bool { return !mine[d.ID] })
	slices.SortFunc(desk, func(a, b Line) int { return strings.Compare(b.Number, a.Number) })
	return desk, err
}

// OpenAbout are the people of the letters about whom somebody still has to do something,
// each as often as there are such letters about her.
func (l *Letters) OpenAbout(ctx context.Context) ([]string, error) {
	desk, err := l.Desk(ctx, l.Today())
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, line := range desk {
		open[line.ID] = line.State.Stage.Open()
	}
	var people []string
	err = l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := letterssql.New(tx).People(ctx, l.office)
		people = nil
		for _, r := range rows {
			if open[r.Letter] {
				people = append(people, r.Person)
			}
		}
		return err
	})
	return people, err
}
