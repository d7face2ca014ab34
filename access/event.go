package access

import (
	"context"
	"time"

	"homeward/access/accesssql"
	"homeward/internal/db"
	"homeward/internal/db/guard"
)

// EventKind is something that happened to an account.
type EventKind string

// The kinds of event.
const (
	EventInvited     EventKind = "invited"
	EventActivated   EventKind = "activated"
	EventAdmitted    EventKind = "admitted"
	EventRole        EventKind = "role_changed"
	EventStartedOver EventKind = "started_over"
	EventDisabled    EventKind = "disabled"
	EventSignedIn    EventKind = "signed_in"
	EventRecovery    EventKind = "signed_in_by_recovery_code"
	EventLink        EventKind = "signed_in_by_link"
	EventWrong       EventKind = "sign_in_refused"
	EventSignedOut   EventKind = "signed_out"
	EventEnded       EventKind = "session_ended"
	EventPassword    EventKind = "password_changed"
	EventFactor      EventKind = "authenticator_changed"
	EventCodes       EventKind = "recovery_codes_made"
	EventBudget      EventKind = "budget_reached"
)

// EventKinds are all of them.
var EventKinds = []EventKind{
	EventInvited, EventActivated, EventAdmitted, EventRole, EventStartedOver, EventDisabled, EventSignedIn, EventRecovery, EventLink,
	EventWrong, EventSignedOut, EventEnded, EventPassword, EventFactor, EventCodes, EventBudget,
}

// Event is one line of what happened at the door.
type Event struct {
	ID   string
	At   time.Time
	Kind EventKind
	User string // whose account
	By   string // who did it; "" is the console
}

func (a *Access) note(ctx context.Context, tx *db.Tx, kind EventKind, user, by string) error {
	id, err := a.host.NewID()
	if err != nil {
		return err
	}
	return a.guard.Change(ctx, tx, "access_event", guard.Row(id), func() error {
		return a.queries(tx).AddEvent(ctx, accesssql.AddEventParams{
			OfficeID: a.office, ID: id, At: a.host.Now().UnixMicro(), Kind: string(kind), UserID: user, ByID: by,
		})
	})
}

// EventsOf gives the latest events of one account, the newest first: its holder is
// to see what was done with it.
func (a *Access) EventsOf(ctx context.Context, userID string, limit int) (events []Event, err error) {
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := a.queries(tx).EventsOf(ctx, accesssql.EventsOfParams{OfficeID: a.office, UserID: userID, Limit: int32(limit)})
		events = eventsFrom(rows)
		return err
	})
	return events, err
}

// Events gives the events of all accounts before the one with that id, the newest
// first; from the newest when before is "".
func (a *Access) Events(ctx context.Context, before string, limit int) (events []Event, err error) {
	if before == "" {
		before = "g" // after every id
	}
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := a.queries(tx).Events(ctx, accesssql.EventsParams{OfficeID: a.office, ID: before, Limit: int32(limit)})
		events = eventsFrom(rows)
		return err
	})
	return events, err
}

func eventsFrom(rows []accesssql.AccessEvent) []Event {
	events := make([]Event, len(rows))
	for i, r := range rows {
		events[i] = Event{ID: r.ID, At: time.UnixMicro(r.At).UTC(), Kind: EventKind(r.Kind), User: r.UserID, By: r.ByID}
	}
	return events
}
