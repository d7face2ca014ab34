// Package statement is the fact the whole house is made of: about whom, what,
// who said it, through whom, when it was said, when it was so, on what evidence.
//
// # The story
//
// A relative's list says "Аминат, born about 1991". A voice message says "I am in
// the annexe, with two children". A caseworker decides that both speak of one
// woman; later she finds they do not. An authority answers, or does not. Each is
// a Statement, several that belong together are an Act, and nothing is ever
// changed: what was said wrongly is withdrawn by a later act, and what was said
// twice differently stands twice, each with its speaker.
//
// A statement is about a record (its Subject): a person, a place, an appeal, a
// grant of consent. A record is nothing but an id; its first statement,
// record.kind, says what it is. What may be said is one closed vocabulary
// (Vocabulary, printed in docs/vocabulary.md): each Property has a kind of value,
// the kinds of record it may stand on, and a class saying whom it could hurt.
//
// # The bytes
//
// Canonical gives the one sequence of bytes that a recorded statement is, and
// Decode reads it back; the ledger commits to those bytes and seals them, so they
// never change for a version. See docs/decisions/0004-statements-and-canonical-form.md.
//
// The package is pure: no database, no clock, no randomness.
package statement

import (
	"time"

	"homeward/statement/edtf"
)

// Statement is one thing said about one record. All ids are UUIDs in lower case.
type Statement struct {
	// ID is a UUIDv7 made where the statement is recorded; the ledger makes one
	// when it is empty.
	ID string
	// Subject is the record it is about.
	Subject string
	// Property is what is said of it, a key of Vocabulary.
	Property Property
	// Value is what was said, as given: original script and wording. Normal forms
	// are computed by readers and never stored here. At most MaxValue bytes.
	Value string
	// Lang is the BCP 47 tag of Value, "" when it has no language or none is known.
	Lang string
	// Object is the other record, where the property points at one.
	Object string
	// SaidBy is the record of the source that asserts it; "" is the office itself.
	SaidBy string
	// Via is the chain of sources that carried it, nearest the speaker first.
	Via []string
	// SaidOn is when it was said.
	SaidOn edtf.Date
	// TrueOn is the time it speaks of.
	TrueOn edtf.Date
	// Stance is what the speaker does with it; "" is read as Asserts.
	Stance Stance
	// Basis is how the speaker knows; "" is read as NoBasis.
	Basis Basis
	// Evidence is the file, and the part of it, where it can be heard or read.
	Evidence Evidence
	// Key is the vault key that seals it; "" is read as Subject. Who forgets the
	// key's owner forgets the statement.
	Key string
}

// Evidence is a file record and the part of the file that says it.
type Evidence struct {
	File string
	Part Fragment
}

// Act is what somebody did in the house at one moment: the statements of an
// import, of a judgement, of a consent. Withdrawing the act undoes it whole.
type Act struct {
	// ID is a UUIDv7; the ledger makes one when it is empty.
	ID   string
	Kind ActKind
	// By is the id of the user who did it, "" the house itself.
	By string
	// At is when the ledger recorded it. Append sets it, whatever is given: a time
	// that somebody claims belongs in SaidOn, TrueOn or a value.
	At time.Time
	// Note is why, in the user's words. Append records it as a statement of its
	// own (act.note) about the first statement's subject, under the same key.
	Note string
	// Statements are recorded in this order.
	Statements []Statement
}

// Recorded is a statement as it stands in the ledger.
type Recorded struct {
	Statement
	ActID   string
	ActKind ActKind
	// LogID names the installation's log, Index the place in it, from 0 without a
	// gap. Epoch counts restorations from a backup, from 1.
	LogID string
	Index int64
	Epoch int
	// RecordedBy is the user, RecordedAt the ledger's time in whole microseconds,
	// never before the statement with the index before.
	RecordedBy string
	RecordedAt time.Time
	// Withdrawn says that a live withdrawal names the statement or its act. It is
	// computed by the reader of the ledger and no part of Canonical.
	Withdrawn bool
}

// Stance is what the speaker does with what is said.
type Stance string

// The stances. A minister who denies that a camp was emptied makes a statement
// with the value that is denied and the stance Denies.
const (
	Asserts   Stance = "asserts"
	Denies    Stance = "denies"
	Estimates Stance = "estimates"
	Repeats   Stance = "repeats"
	Withdraws Stance = "withdraws" // the speaker takes back what he said before
)

// Stances are all of them, in the order in which a form offers them.
var Stances = []Stance{Asserts, Denies, Estimates, Repeats, Withdraws}

// Basis is how the speaker knows.
type Basis string

// The bases.
const (
	NoBasis  Basis = "none_given"
	SawIt    Basis = "saw_it"
	WasTold  Basis = "was_told"
	Document Basis = "has_document"
	NameList Basis = "list_of_names"
)

// Bases are all of them, the most direct first.
var Bases = []Basis{SawIt, Document, NameList, WasTold, NoBasis}

// ActKind says what sort of deed an act is. It stands in clear beside the
// ledger's leaf, so it must be harmless to read.
type ActKind string

// The kinds of act.
const (
	ActImport     ActKind = "import"     // a list of relatives, with its rows
	ActAppeal     ActKind = "appeal"     // an appeal or an addition arrived
	ActFile       ActKind = "file"       // a file arrived, or something happened to it
	ActEntry      ActKind = "entry"      // a caseworker wrote down what is said
	ActTranscript ActKind = "transcript" // what a recording says, made or accepted
	ActJudgement  ActKind = "judgement"  // same, not the same, cannot tell
	ActConsent    ActKind = "consent"    // a grant, or its withdrawal by the person
	ActCare       ActKind = "care"       // how careful to be with a recipient
	ActApproval   ActKind = "approval"   // one half of a deed that takes two
	ActRecipient  ActKind = "recipient"  // what is known of an authority
	ActLetter     ActKind = "letter"     // made, sent, registered, extended, forwarded
	ActReply      ActKind = "reply"      // an authority answered, or is late
	ActMessage    ActKind = "message"    // a line to be read with a receipt
	ActReturn     ActKind = "return"     // planned, boarded, arrived, handed over
	ActWithdrawal ActKind = "withdrawal" // an act or statement no longer stands
	ActErasure    ActKind = "erasure"    // something was forgotten, by two people
	ActRestore    ActKind = "restore"    // the ledger was restored from a backup
	ActFigure     ActKind = "figure"     // a claim was written down, or compared
	ActRelease    ActKind = "release"    // figures were published
)

// ActKinds are all of them.
var ActKinds = []ActKind{
	ActImport, ActAppeal, ActFile, ActEntry, ActTranscript, ActJudgement, ActConsent,
	ActCare, ActApproval, ActRecipient, ActLetter, ActReply, ActMessage, ActReturn,
	ActWithdrawal, ActErasure, ActRestore, ActFigure, ActRelease,
}

// SealedWith gives the vault key that seals the statement.
func (s Statement) SealedWith() string {
	if s.Key != "" {
		return s.Key
	}
	return s.Subject
}

// Normal gives the statement with the values that an empty field stands for, as
// the ledger records it.
func (s Statement) Normal() Statement {
	if s.Stance == "" {
		s.Stance = Asserts
	}
	if s.Basis == "" {
		s.Basis = NoBasis
	}
	if s.Key == "" {
		s.Key = s.Subject
	}
	return s
}
