package intake

import (
	"context"
	"errors"
	"testing"

	"homeward/internal/db"
	"homeward/statement"
)

// refusing follows the ledger and lets nothing be recorded.
type refusing struct{ yes bool }

func (*refusing) Name() string                        { return "refusing" }
func (*refusing) Reset(context.Context, *db.Tx) error { return nil }
func (r *refusing) Follow(context.Context, *db.Tx, []statement.Recorded) error {
	if r.yes {
		return errors.New("the disk under the database is full")
	}
	return nil
}

// TestReportThatCannotBeRecordedStays: a report leaves the spool only after what it
// says is in the ledger.
func TestReportThatCannotBeRecordedStays(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		no := &refusing{yes: true}
		h.ledger.AddFollower(no)
		d := h.intake.door
		receive(t, d, token(t, d), "", "language=ru", "text=x")
		if _, err := h.intake.Drain(t.Context()); err == nil || d.Waiting() != 1 || len(h.inbox()) != 0 {
			t.Fatalf("%v; %d wait, %d in the inbox", err, d.Waiting(), len(h.inbox()))
		}
		no.yes = false
		h.drain(1)
		if d.Waiting() != 0 || len(h.inbox()) != 1 {
			t.Errorf("%d wait, %d in the inbox", d.Waiting(), len(h.inbox()))
		}
	})
}
