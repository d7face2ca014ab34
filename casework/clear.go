package casework

import (
	"context"
	"errors"

	"homeward/statement"
)

// Request asks what may go to a recipient.
type Request struct {
	Recipient string
	Purpose   string
	Persons   []Asked
	// Fields are the properties that are wanted; none means all that may go.
	Fields []statement.Property
}

// Asked is one person: all records that people decided are that person, as the
// register gives them now, the one to name her by first. An applicant in his or
// her own right is one too, with the source record.
type Asked struct {
	Records []string
}

// Clear lets through what may go and says of everything else why not. It is the
// only door. It is no error when nothing may go: then the Cleared is not Valid.
func (c *Casework) Clear(ctx context.Context, by string, r Request) (Cleared, []Refusal, error) {
	return Cleared{}, nil, errors.ErrUnsupported
}
