// Package casework is what the office may do for a person, and what it may not:
// the consents people gave, how careful to be with whom, the acts that take two
// people, and what is due today.
//
// # The story
//
// A grandmother telephones. She agrees that her daughter's name and year of birth
// go to the ombudsman, after hearing that the ombudsman tells the body complained
// of: a Grant by proxy, for one recipient, one purpose, two fields. The office
// has rated that recipient for people of that region: Care. A caseworker asks for
// the letter; Clear looks at every value the office holds and lets through those
// that a live grant names, and says of each other one why it stays. The letter
// room can only be given what Clear made. A second person approves (Approval).
// When the daughter herself withdraws, nothing leaves from that moment on.
//
// # The rules
//
//   - Default no. Clear is the only maker of Cleared, and Cleared is the only
//     thing about people that a letter, a message or an export accepts.
//   - A grant is one recipient, one purpose, named fields and files. What was
//     read out of the recipient's onward disclosure is part of it: when the
//     recipient's disclosure changes, the grant no longer covers it.
//   - Hers goes before theirs: what she took back no relative can give.
//   - Care is rated by recipient and person, or recipient and attribute; the
//     strictest counts, unrated means refused, high means a number only.
//   - Contacts of kin never leave. Neither does a passage that may incriminate
//     its speaker, nor anything whose evidence lies in one.
//   - One person never completes an act that takes two. What an approval covers
//     is fixed by a hash when it is proposed; when that changes, it is stale.
//   - Undoing an act never makes the house less careful: a withdrawn "high", a
//     withdrawn refusal and a withdrawn withdrawal of consent still count.
//
// Everything that matters is in the ledger and read from there. The tables
// casework_grant, casework_care and casework_approval only find it again and are
// rebuilt by Reset and Follow; casework_task and casework_erasure are the office's
// own ordinary rows.
package casework

import (
	"context"
	"crypto/ed25519"
	"time"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/statement"
)

// Ledger is what casework asks of the ledger.
type Ledger interface {
	Append(ctx context.Context, act statement.Act) ([]statement.Recorded, error)
	About(ctx context.Context, subjects ...string) ([]statement.Recorded, error)
	Pointing(ctx context.Context, object string, properties ...statement.Property) ([]statement.Recorded, error)
}

// Vault seals the office's own rows.
type Vault interface {
	Seal(ctx context.Context, keyID, context string, plaintext []byte) ([]byte, error)
	Open(ctx context.Context, keyID, context string, sealed []byte) ([]byte, error)
	OfficeSeal(label string, plaintext []byte) ([]byte, error)
	OfficeOpen(label string, sealed []byte) ([]byte, error)
}

// Options are the office's choices.
type Options struct {
	OfficeID string
	// Counter is the key of the outside counter-signer, where the office is one
	// person; nil means that the second is always a colleague.
	Counter ed25519.PublicKey
	// ErasureWait is how long a proposed erasure waits before it can be done,
	// unless the rule is duress. ErasureWait (the constant) is what an office
	// starts with.
	ErasureWait time.Duration
}

// ErasureWait is the waiting period with which an office starts.
const ErasureWait = 24 * time.Hour

// Casework is the room. It is safe for concurrent use.
type Casework struct {
	ledger Ledger
	vault  Vault
	db     *db.DB
	host   host.Host
	o      Options
}

// New opens the room.
func New(d *db.DB, l Ledger, v Vault, h host.Host, o Options) *Casework {
	return &Casework{ledger: l, vault: v, db: d, host: h, o: o}
}

// today is the office's day, as grants count it.
func (c *Casework) today() string { return day(c.host.Now()) }

// day gives the calendar day, UTC, in the form in which days compare as text.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
