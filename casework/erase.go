package casework

import (
	"context"
	"errors"
	"time"

	"homeward/statement"
)

// Told is one who was told something of a person, and what is left of it once the
// person is forgotten: letters and messages already out stay out.
type Told struct {
	// Kind is statement.Letter or statement.Message, Record its id.
	Kind   statement.Kind
	Record string
	// Recipient is to whom a letter went; Appeal by whose receipt a message is read.
	Recipient string
	Appeal    string
	// On is when, as EDTF; "" when it was made and has not gone out.
	On string
}

// Erasure is a proposed erasure.
type Erasure struct {
	Approval
	Rule string
	// From is when it can be done.
	From time.Time
}

// Rules are the codes of erasure.rule.
func Rules() []string { return statement.Vocabulary[statement.ErasedRule].Codes }

// Marker gives the suppression marks of a record while it can still be read, so
// that the same person in a later list is held for somebody to decide.
type Marker func(ctx context.Context, records []string) ([][]byte, error)

// Eraser destroys keys and writes the erasure down: the ledger and the vault.
type Eraser interface {
	Suppress(ctx context.Context, erasure string, marks ...[]byte) error
	Erase(ctx context.Context, by []string, rule, subject, counter string) error
}

// ToldOf lists who was told something of the person.
func (c *Casework) ToldOf(ctx context.Context, records ...string) ([]Told, error) {
	return nil, errors.ErrUnsupported
}

// ProposeErasure asks that a person (all records of her) be forgotten.
func (c *Casework) ProposeErasure(ctx context.Context, by string, records []string, rule, reason string) (string, error) {
	return "", errors.ErrUnsupported
}

// Erasure gives a proposed one.
func (c *Casework) Erasure(ctx context.Context, approval string) (Erasure, error) {
	return Erasure{}, errors.ErrUnsupported
}

// Erase does what two people approved. Suppression marks are made first, then the
// keys are destroyed. It can be repeated after a crash.
func (c *Casework) Erase(ctx context.Context, by, approval string, marks Marker, e Eraser) error {
	return errors.ErrUnsupported
}
