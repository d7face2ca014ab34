package casework

import (
	"context"
	"errors"
	"time"

	"homeward/statement"
	"homeward/statement/edtf"
)

// Giver says who gave a grant.
type Giver string

// The givers.
const (
	Own   Giver = "own"   // the person herself
	Proxy Giver = "proxy" // another for her: never read as hers where care is high
)

// NewGrant is a consent as it was given.
type NewGrant struct {
	// Person is whose data it is: the person's record, or the source record of a
	// relative who applies in his or her own right.
	Person string
	// Recipient is the one to whom it may go, Purpose the one use.
	Recipient string
	Purpose   string
	// Fields are the properties that may go (Grantable), Files the very files.
	Fields []statement.Property
	Files  []string
	Giver  Giver
	// Source is who gave it. For an own grant it may be left empty.
	Source string
	// How is a code of grant.how, Language the language in which it was asked and
	// answered, Witnesses who was present.
	How       string
	Language  string
	Witnesses []string
	// Onward is the recipient's onward disclosure, word for word as it was read
	// out; it must be one of those the recipient's record states now (Onward).
	Onward string
	// Given is when. Expires is the last day on which it holds, a calendar day.
	Given   edtf.Date
	Expires edtf.Date
	Note    string
}

// Grant is a consent as it stands.
type Grant struct {
	ID string
	NewGrant
	// WithdrawnOn is set when it was taken back.
	WithdrawnOn edtf.Date
	Withdrawn   bool
	// Undone says that the entry itself was undone.
	Undone bool
	// OnwardNow says that the recipient still passes things on as was read out.
	OnwardNow  bool
	RecordedBy string
	RecordedAt time.Time
	index      int64
	withdrawn  int64
}

// GrantState is how a grant stands on a day.
type GrantState string

// The states. Only a live grant lets anything through.
const (
	GrantIsLive      GrantState = "live"
	GrantIsExpired   GrantState = "expired"
	GrantIsWithdrawn GrantState = "withdrawn"
	GrantIsUndone    GrantState = "undone"
	GrantIsOutdated  GrantState = "outdated" // the recipient's onward disclosure changed
)

// Grant records a consent and gives its id.
func (c *Casework) Grant(ctx context.Context, by string, g NewGrant) (string, error) {
	return "", errors.ErrUnsupported
}

// WithdrawGrant records that a consent was taken back on a day, by whom (source;
// "" is the office). It counts from this moment, whatever the day.
func (c *Casework) WithdrawGrant(ctx context.Context, by, grant, source string, on edtf.Date, note string) error {
	return errors.ErrUnsupported
}

// Grants are all consents given for the records of one person, the latest first.
func (c *Casework) Grants(ctx context.Context, records ...string) ([]Grant, error) {
	return nil, errors.ErrUnsupported
}

// Live are the consents that let something through on a day.
func (c *Casework) Live(ctx context.Context, records []string, recipient, purpose string, at time.Time) ([]Grant, error) {
	return nil, errors.ErrUnsupported
}

// Standing asks again, at the moment of sending, whether every one of the grants
// is still live. It gives ErrGrantGone when one is not.
func (c *Casework) Standing(ctx context.Context, grants ...string) error {
	return errors.ErrUnsupported
}
