package intake

import (
	"context"
	"slices"
	"time"

	"homeward/intake/intakesql"
	"homeward/internal/db"
	"homeward/internal/problem"
	"homeward/statement"
)

// State is how far an appeal has got.
type State string

// The states, in the order in which a page offers them.
const (
	New      State = "new"       // nobody has looked yet, or something was added since
	Open     State = "open"      // somebody is at it
	Waits    State = "waiting"   // for an answer from outside
	Answered State = "answered"  // the sender was answered
	SetAside State = "set_aside" // not for this office, or no appeal at all; kept
	Closed   State = "closed"
)

// States are all of them.
var States = []State{New, Open, Waits, Answered, SetAside, Closed}

// The problems of the inbox.
var (
	ErrNoAppeal = problem.New(problem.NotFound, "intake.no_appeal",
		"there is no such appeal here", "go back to the inbox")
	ErrState = problem.New(problem.Invalid, "intake.state",
		"an appeal cannot be in that state", "choose one from the list")
	ErrReason = problem.New(problem.Invalid, "intake.reason",
		"the appeal never waited for that", "look at what it waits for, and try again")
)

// Item is one line of the inbox: an appeal with its additions.
type Item struct {
	Appeal     string
	Day        time.Time // on which it arrived, UTC; this is all that stands in clear
	Arrived    time.Time // exactly; Inbox alone gives it, out of the sealed statement
	Latest     time.Time // when its last addition came, Arrived without one; Inbox alone gives it
	Newest     int64     // place in the log of what arrived last; the inbox is sorted by it
	Channel    string
	Language   string // BCP 47
	Contact    string
	State      State
	Texts      int
	Sounds     int
	Pictures   int
	Others     int
	Duration   time.Duration // of all sound
	Mentions   int           // how many records it was found to speak of
	Additions  int
	NeedsFor   []string // codes: why it waits for a person
	AdditionTo string   // the appeal it was added to, "" for one that began its thread
}

// Filter selects lines of the inbox; empty fields select all.
type Filter struct {
	State    State
	Language string
	Waiting  bool  // only what waits for a person
	Before   int64 // lines before this place (Item.Newest), for paging
	Limit    int   // 0 is 50
}

// Inbox gives the lines that begin a thread, the newest first.
func (i *Intake) Inbox(ctx context.Context, f Filter) ([]Item, error) {
	if f.Limit <= 0 || f.Limit > 500 {
		f.Limit = 50
	}
	if f.Before <= 0 {
		f.Before = 1 << 62
	}
	waiting := int64(0)
	if f.Waiting {
		waiting = 1
	}
	var items []Item
	err := i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := intakesql.New(tx).Threads(ctx, intakesql.ThreadsParams{
			OfficeID: i.office, Column2: string(f.State), Column3: f.Language, Column4: waiting,
			Newest: f.Before, Limit: int32(f.Limit),
		})
		items = nil
		for _, r := range rows {
			items = append(items, itemOf(r))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return items, i.arrivals(ctx, items)
}

// arrivals adds when each appeal and its last addition came.
func (i *Intake) arrivals(ctx context.Context, items []Item) error {
	last, err := i.lastAdditions(ctx, items)
	if err != nil {
		return err
	}
	var ids []string
	for n, item := range items {
		ids = append(ids, item.Appeal)
		if last[n] != item.Appeal {
			ids = append(ids, last[n])
		}
	}
	if len(ids) == 0 {
		return nil
	}
	said, err := i.ledger.About(ctx, ids...)
	at := map[string]time.Time{}
	for _, s := range said {
		if s.Property == statement.AppealArrived && !s.Withdrawn {
			at[s.Subject], _ = time.Parse(time.RFC3339, s.Value) // the vocabulary's Instant
		}
	}
	for n := range items {
		items[n].Arrived, items[n].Latest = at[items[n].Appeal], at[last[n]]
	}
	return err
}

// lastAdditions gives the report that came last in each thread.
func (i *Intake) lastAdditions(ctx context.Context, items []Item) ([]string, error) {
	last := make([]string, len(items))
	err := i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := intakesql.New(tx)
		for n, item := range items {
			last[n] = item.Appeal
			if item.Additions == 0 {
				continue
			}
			rows, err := q.Additions(ctx, intakesql.AdditionsParams{OfficeID: i.office, Thread: item.Appeal})
			if err != nil {
				return err
			}
			if len(rows) > 0 {
				last[n] = rows[len(rows)-1].Appeal
			}
		}
		return nil
	})
	return last, err
}

func itemOf(r intakesql.IntakeAppeal) Item {
	item := Item{
		Appeal: r.Appeal, Day: time.UnixMicro(r.ArrivedDay).UTC(), Newest: r.Newest, Channel: r.Channel,
		Language: r.Language, Contact: r.Contact, State: State(r.State),
		Texts: int(r.Texts), Sounds: int(r.Sounds), Pictures: int(r.Pictures), Others: int(r.Others),
		Duration: time.Duration(r.DurationMs) * time.Millisecond,
		Mentions: int(r.Mentions), Additions: int(r.Additions), NeedsFor: splitCodes(r.WaitsFor),
	}
	if r.Thread != r.Appeal {
		item.AdditionTo = r.Thread
	}
	return item
}

// Item gives one appeal's line, ErrNoAppeal when there is none.
func (i *Intake) Item(ctx context.Context, appeal string) (Item, error) {
	var item Item
	err := i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := intakesql.New(tx).Appeal(ctx, intakesql.AppealParams{OfficeID: i.office, Appeal: appeal})
		if ok, err := found(err); !ok {
			if err == nil {
				err = ErrNoAppeal
			}
			return err
		}
		item = itemOf(row)
		return nil
	})
	return item, err
}

// Count is how many threads are in a state, and how many of them wait for a person.
type Count struct {
	State            State
	Appeals, Waiting int
}

// Counts gives the number of threads by state, states without any left out.
func (i *Intake) Counts(ctx context.Context) ([]Count, error) {
	var counts []Count
	err := i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := intakesql.New(tx).CountStates(ctx, i.office)
		counts = nil
		for _, r := range rows {
			counts = append(counts, Count{State(r.State), int(r.Appeals), int(r.Waiting)})
		}
		return err
	})
	return counts, err
}

// Triage says how far an appeal has got. An addition is triaged with its thread.
func (i *Intake) Triage(ctx context.Context, by, appeal string, state State, why string) error {
	if !slices.Contains(States, state) {
		return ErrState
	}
	item, err := i.Item(ctx, appeal)
	if err != nil {
		return err
	}
	if item.AdditionTo != "" {
		appeal = item.AdditionTo
	}
	_, err = i.ledger.Append(ctx, statement.Act{Kind: statement.ActEntry, By: by, Note: why, Statements: []statement.Statement{
		{Subject: appeal, Property: statement.AppealTriage, Value: string(state)},
	}})
	return err
}

// Dealt records that a person dealt with a reason for which an appeal waited: the
// statement that says so is withdrawn, with why. If somebody else was first, nothing
// is left to do.
func (i *Intake) Dealt(ctx context.Context, by, appeal, reason, why string) error {
	said, err := i.ledger.About(ctx, appeal)
	if err != nil {
		return err
	}
	var ids []string
	waited := false
	for _, s := range said {
		if s.Property != statement.AppealNeedsPerson || s.Value != reason {
			continue
		}
		if waited = true; !s.Withdrawn {
			ids = append(ids, s.ID)
		}
	}
	if !waited {
		return ErrReason
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = i.ledger.Withdraw(ctx, by, why, nil, ids)
	return err
}
