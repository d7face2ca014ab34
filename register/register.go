// Package register is the register of people: what the ledger adds up to when one
// asks "who is she, and what do we know of her?".
//
// # The story
//
// A relative's list, a voice message, a telephone call: each speaks of somebody,
// and each makes a record of its own. Nothing is ever merged by the machine. A
// person reads two records side by side and says that they are the same, that
// they are not, or that she cannot tell; that judgement is a statement like any
// other. A Person is the cluster of records that live judgements hold together,
// and every fact of hers stays on the record it was said of: undo the judgement,
// and both records are as if they had never met, whatever was written on either
// of them in between.
//
// # The rules
//
//   - Every value carries who said it; what contradicts stands side by side.
//   - "Not the same" is remembered. A judgement that would join two records of
//     which somebody said that they are two is refused and says why.
//   - Her own wish is never her relatives' wish.
//   - Names lie in the clear in memory only, from unlock to lock. The index is
//     built from the ledger, follows each commit, and is wiped.
//   - A row about somebody who was forgotten is held for a person.
//
// # On disk
//
// register_record (which records there are and who belongs together) and
// register_judgement (who decided what about which pair, without the reasons) are
// projections: ids, words and counters, dropped and built again from the ledger
// at any time. Everything else is read from the ledger when it is asked for.
package register

import (
	"context"
	"database/sql"
	"errors"

	"homeward/evidence"
	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/register/registersql"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault"
)

// Register is the office's register. It follows the ledger with its tables; its
// index in memory is a learner of its own (Learner). It is safe for concurrent use.
type Register struct {
	office   string
	db       *db.DB
	ledger   *ledger.Ledger
	vault    *vault.Vault
	evidence *evidence.Evidence
	host     host.Host
	index    *index
}

var (
	_ ledger.Follower = (*Register)(nil)
	_ ledger.Learner  = (*index)(nil)
)

// New makes the register of an office. The caller adds it to the ledger as a
// follower, before the first Append, and its Learner as a learner. Without evidence, lists are
// imported and the file itself is not kept.
func New(office string, d *db.DB, l *ledger.Ledger, v *vault.Vault, e *evidence.Evidence, h host.Host) *Register {
	return &Register{office: office, db: d, ledger: l, vault: v, evidence: e, host: h, index: newIndex()}
}

// Learner is the index in memory, for ledger.AddLearner. Its Reset is what a lock
// calls: no name of the register is in memory afterwards.
func (r *Register) Learner() ledger.Learner { return r.index }

// record finds a record's row, ErrUnknown when there is none.
func (r *Register) record(ctx context.Context, q *registersql.Queries, id string) (registersql.RecordRow, error) {
	row, err := q.Record(ctx, registersql.RecordParams{OfficeID: r.office, ID: id})
	if errors.Is(err, sql.ErrNoRows) {
		return row, ErrUnknown
	}
	return row, err
}

// NewPerson is a record of a person that somebody writes down by hand.
type NewPerson struct {
	// Statements are what is said of her; their Subject is filled in. At least one
	// is a name.
	Statements []statement.Statement
	// Note is why it is written down.
	Note string
}

// NewSource is a speaker that is written down: a relative, an outlet, a second
// woman in the recording.
type NewSource struct {
	Label     string // as the office calls her; needed, also for one without a name
	Kind      string // a code of source.kind
	Public    string // how she is called outside
	Protected bool
	// Person says that the speaker is that person of the register.
	Person string
	// Relations say of whom the speaker claims to be kin, and in what degree.
	Relations []Relation
	// Contacts are contact.* statements; their Subject is filled in.
	Contacts []statement.Statement
	URL      string
}

// Relation is a claimed kinship of a speaker.
type Relation struct{ Person, Degree string }

// NewPlace is a place with its names.
type NewPlace struct {
	Names   []PlaceName
	Kind    string // a code of place.kind
	Parent  string
	Country string // ISO 3166-1 alpha-2
	Codes   []string
	Point   string
	Open    edtf.Date // since when, or between when, people are held there
}

// PlaceName is one name of a place.
type PlaceName struct{ Text, Lang string }

// The problems of the register.
var (
	ErrUnknown = problem.New(problem.NotFound, "register.unknown",
		"there is no such record", "search for it; it may have been forgotten")
	ErrNoName = problem.New(problem.Invalid, "register.no_name",
		"a person needs a name, even one that is only guessed at", "write what she was called in what was said; “name as heard” will do")
	ErrNoLabel = problem.New(problem.Invalid, "register.no_label",
		"a speaker needs a word by which the office knows her", "write one, such as “second woman in the recording”")
	ErrNoPlaceName = problem.New(problem.Invalid, "register.no_place_name",
		"a place needs a name", "write one in any language; more can be added later")
	ErrChanged = problem.New(problem.Conflict, "register.changed",
		"somebody else wrote about the same thing since you opened the page", "read what was added, then save yours again if it still holds")
	ErrSelf = problem.New(problem.Invalid, "register.self",
		"both are one and the same record", "choose two different records")
	ErrContradiction = problem.New(problem.Conflict, "register.contradiction",
		"somebody decided that two of these records are not the same person", "read that decision and undo it first if it was wrong")
	ErrJoined = problem.New(problem.Conflict, "register.joined",
		"other decisions hold these two records together", "undo the decision that joins them first")
	ErrNotJudged = problem.New(problem.Conflict, "register.not_judged",
		"there is no decision about these two records that could be undone", "open the page again to see what stands now")
)
