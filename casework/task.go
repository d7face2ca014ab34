package casework

import (
	"context"
	"errors"
	"time"
)

// Task is something that is to be done. It helps today's work and is no part of
// what the office may have to prove: an ordinary row, its text sealed.
type Task struct {
	ID string
	// About is the record it is about, "" for none. Its key seals the text: whoever
	// is forgotten takes it along.
	About string
	// Text says what is to be done.
	Text string
	// Due is the day by which, year-month-day, "" when it is not urgent.
	Due string
	// For is the user who is to do it, "" for whoever comes first.
	For    string
	Made   time.Time
	MadeBy string
	Done   time.Time
	DoneBy string
}

// TaskFilter chooses tasks.
type TaskFilter struct {
	For   string // this user's and nobody's; "" is everybody's
	About string
	Done  bool   // the done ones instead of the open ones
	Until string // due on or before the day
	Limit int
}

// AddTask notes something to be done.
func (c *Casework) AddTask(ctx context.Context, by string, t Task) (string, error) {
	return "", errors.ErrUnsupported
}

// Tasks are those chosen, the most urgent first.
func (c *Casework) Tasks(ctx context.Context, f TaskFilter) ([]Task, error) {
	return nil, errors.ErrUnsupported
}

// FinishTask marks one done, or, with done false, open again.
func (c *Casework) FinishTask(ctx context.Context, by, id string, done bool) error {
	return errors.ErrUnsupported
}
