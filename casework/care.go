package casework

import (
	"context"
	"errors"

	"homeward/statement"
)

// Level is how careful to be.
type Level string

// The levels. Unrated lets nothing through; High lets a number through.
const (
	NotRated Level = ""
	Usual    Level = "usual"
	High     Level = "high"
)

// Rating says how careful to be with a recipient: about one person, or about
// everybody of whom Attribute has Value (a home region, a sex, a custody).
type Rating struct {
	ID        string
	Recipient string
	Person    string
	Attribute statement.Property
	Value     string
	Level     Level
	Reason    string
	By        string
	index     int64
	act       string
}

// Rate records a rating. Raising, and the first one, take one person; lowering
// from high is ErrTakesTwo: ProposeLowering.
func (c *Casework) Rate(ctx context.Context, by string, r Rating) (string, error) {
	return "", errors.ErrUnsupported
}

// ProposeLowering proposes that a high rating become usual. The approval does it.
func (c *Casework) ProposeLowering(ctx context.Context, by, rating, reason string) (string, error) {
	return "", errors.ErrUnsupported
}

// Ratings are those in force with a recipient.
func (c *Casework) Ratings(ctx context.Context, recipient string) ([]Rating, error) {
	return nil, errors.ErrUnsupported
}

// CareFor is the strictest rating that applies to a person (all records of it)
// and a recipient, with the ratings that decided.
func (c *Casework) CareFor(ctx context.Context, recipient string, records ...string) (Level, []Rating, error) {
	return NotRated, nil, errors.ErrUnsupported
}
