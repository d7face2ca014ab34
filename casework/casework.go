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
//   - A consent is asked and cleared of the person, whatever records make her up
//     now, and stays with the record for which it was written down: when two are
//     two again, neither has the other's.
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
	"slices"
	"time"

	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/statement"
)

//go:generate sqlc generate

// Ledger is what casework asks of the ledger.
type Ledger interface {
	Append(ctx context.Context, act statement.Act) ([]statement.Recorded, error)
	AppendWith(ctx context.Context, act statement.Act, also func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error) ([]statement.Recorded, error)
	About(ctx context.Context, subjects ...string) ([]statement.Recorded, error)
	Pointing(ctx context.Context, object string, properties ...statement.Property) ([]statement.Recorded, error)
	Erase(ctx context.Context, by []string, rule, subject, counter string) (ledger.Erasure, error)
}

// Vault seals the office's own rows and keeps the marks of who was forgotten.
type Vault interface {
	Seal(ctx context.Context, keyID, context string, plaintext []byte) ([]byte, error)
	Open(ctx context.Context, keyID, context string, sealed []byte) ([]byte, error)
	OfficeSeal(label string, plaintext []byte) ([]byte, error)
	OfficeOpen(label string, sealed []byte) ([]byte, error)
	Suppress(ctx context.Context, erasure string, marks ...[]byte) error
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
	// One gives all records that people decided are one with a record, itself among
	// them, as it stands now. nil is a record that is one with nobody.
	One func(ctx context.Context, record string) ([]string, error)
	// Documents gives the files that hold words about people beside their records
	// (letters about several of them, the answers): they are forgotten with them.
	// nil is none.
	Documents func(ctx context.Context, records ...string) ([]string, error)
}

// ErasureWait is the waiting period with which an office starts.
const ErasureWait = 24 * time.Hour

// Casework is the room. It is safe for concurrent use.
type Casework struct {
	ledger Ledger
	vault  Vault
	db     *db.DB
	host   host.Host
	guard  *guard.Guard // of tasks, and of the days of erasures
	o      Options
}

// New opens the room. Add it to the ledger as a follower before the first act.
func New(d *db.DB, l Ledger, v Vault, h host.Host, o Options) *Casework {
	return &Casework{ledger: l, vault: v, db: d, host: h, guard: guard.New(o.OfficeID, v, guard.Main), o: o}
}

// dayOf gives the calendar day, UTC, in the form in which days compare as text.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// about reads what was said of the records, each record's in the order of the log.
func (c *Casework) about(ctx context.Context, ids ...string) (map[string][]statement.Recorded, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	slices.Sort(ids)
	ids = slices.Compact(ids)
	found := make(map[string][]statement.Recorded, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	all, err := c.ledger.About(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		found[r.Subject] = append(found[r.Subject], r)
	}
	return found, nil
}

// pointing reads what points at any of the records.
func (c *Casework) pointing(ctx context.Context, records []string, properties ...statement.Property) ([]statement.Recorded, error) {
	var all []statement.Recorded
	for _, id := range records {
		found, err := c.ledger.Pointing(ctx, id, properties...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// subjects are the records that the statements are about, each once.
func subjects(all []statement.Recorded) []string {
	var ids []string
	for _, r := range all {
		if !slices.Contains(ids, r.Subject) {
			ids = append(ids, r.Subject)
		}
	}
	return ids
}

// live are the statements that stand and assert something.
func live(all []statement.Recorded, p statement.Property) []statement.Recorded {
	var found []statement.Recorded
	for _, r := range all {
		if r.Property == p && !r.Withdrawn && r.Stance != statement.Denies && r.Stance != statement.Withdraws {
			found = append(found, r)
		}
	}
	return found
}

// draft is a record that an act is going to open.
type draft struct {
	id         string
	saidBy     string
	statements []statement.Statement
}

// open begins a record of a kind.
func (c *Casework) open(kind statement.Kind) (*draft, error) {
	id, err := c.host.NewID()
	if err != nil {
		return nil, err
	}
	d := &draft{id: id}
	return d.say(statement.RecordKind, string(kind)), nil
}

// say adds a value; an empty one is left out.
func (d *draft) say(p statement.Property, value string) *draft {
	if value != "" {
		d.statements = append(d.statements, statement.Statement{Subject: d.id, Property: p, Value: value, SaidBy: d.saidBy})
	}
	return d
}

// point adds a record that is pointed at; an empty one is left out.
func (d *draft) point(p statement.Property, object, wording string) *draft {
	if object != "" {
		d.statements = append(d.statements, statement.Statement{Subject: d.id, Property: p, Object: object, Value: wording, SaidBy: d.saidBy})
	}
	return d
}
