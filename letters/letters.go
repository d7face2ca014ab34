// Package letters is what the office writes to those who can act, and what comes
// back: recipients with the rules they are bound by, letters and their clocks,
// answers and silence, and the lines that an applicant reads with a receipt.
//
// # The story
//
// The caseworker asks casework what may go to the ombudsman about a woman. What
// comes back is a Cleared: name and year of birth, under her mother's consent.
// Make writes the letter from it, in Russian, gives it the office's next number,
// keeps the PDF sealed with its hash, and proposes it to a second person. Once
// approved it may be sent (Send), by a way that the recipient takes. From there a
// clock runs: registered within three days, answered within thirty of that; the
// recipient may put it off, or pass it on, and then another's clock begins. The
// answer is kept with its scan and with what it means for each person. When none
// comes, the house itself writes down, on the day after the last: no answer.
//
// # The rules
//
//   - The renderer takes a casework.Cleared and nothing else about people; what a
//     caseworker adds in her own words is held against the register first.
//   - Nothing is sent that two people have not approved, nor what could not be cleared
//     any more as it stands on the paper (recheck): a consent, how careful to be, who is
//     whose kin may have changed since it was made.
//   - The paper of a letter is given out here and nowhere else (Sheet), and bears a mark
//     until it may be sent.
//   - A number that was given is never given again, and none is left out: a letter
//     that will not be sent is voided, with the reason, and keeps its number.
//   - Every date is somebody's statement. The state of a letter is computed from
//     them by one function (clock), and what is due by the recipient's own rule:
//     what it allows itself beyond it is shown and not believed.
//   - The words of a letter are sealed with a file of their own, so that a person
//     who is forgotten takes them along, and the book of letters keeps its line.
//   - A line by receipt names nobody. The standing ones are a fixed list; any other
//     needs a consent and two people, and is held against the register.
//
// # The tables
//
// letters_letter, letters_event, letters_person, letters_document and
// letters_message hold ids, states and days, and are rebuilt from the ledger.
// letters_number and letters_office are ordinary rows.
package letters

import (
	"context"
	"sync"
	"time"

	"homeward/casework"
	"homeward/evidence"
	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/statement"
)

// Ledger is what letters ask of the ledger.
type Ledger interface {
	Append(ctx context.Context, act statement.Act) ([]statement.Recorded, error)
	AppendWith(ctx context.Context, act statement.Act, also func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error) ([]statement.Recorded, error)
	About(ctx context.Context, subjects ...string) ([]statement.Recorded, error)
	Pointing(ctx context.Context, object string, properties ...statement.Property) ([]statement.Recorded, error)
	OfKind(ctx context.Context, kind statement.Kind) ([]string, error)
	Withdraw(ctx context.Context, by, why string, actIDs, statementIDs []string) ([]statement.Recorded, error)
}

var _ Ledger = (*ledger.Ledger)(nil)

// Vault seals the letterhead.
type Vault interface {
	OfficeSeal(label string, plaintext []byte) ([]byte, error)
	OfficeOpen(label string, sealed []byte) ([]byte, error)
}

// Evidence keeps the letters and the answers.
type Evidence interface {
	Keep(ctx context.Context, in evidence.Incoming) (evidence.Kept, error)
	OpenPaper(ctx context.Context, file string) (*evidence.File, evidence.Info, error)
}

// Casework is what letters ask of casework: whether two people have approved, what may
// go now of what was cleared before, whether the consents still stand, which records are
// one person, and what rests on a marked passage.
type Casework interface {
	Propose(ctx context.Context, by string, deed casework.Deed, of []string, reason string) (string, error)
	Approved(ctx context.Context, deed casework.Deed, record string) (casework.Approval, error)
	ApprovalsOf(ctx context.Context, record string) ([]casework.Approval, error)
	Clear(ctx context.Context, by string, r casework.Request) (casework.Cleared, []casework.Refusal, error)
	Standing(ctx context.Context, cleared time.Time, grants ...string) error
	Together(ctx context.Context, groups ...[]string) error
	One(ctx context.Context, record string) ([]string, error)
	Incriminating(ctx context.Context, said []statement.Recorded) (map[string]bool, error)
}

// Options are the office's own.
type Options struct {
	OfficeID string
}

// Letters is the room. It is safe for concurrent use, and several processes may
// share one database.
type Letters struct {
	db       *db.DB
	ledger   Ledger
	vault    Vault
	evidence Evidence
	casework Casework
	host     host.Host
	office   string
	guard    *guard.Guard // of the numbers that were given, and of the letterhead

	numbering sync.Mutex // one letter is made at a time, so that few numbers collide
}

// New opens the room. It is a follower of the ledger.
func New(d *db.DB, l Ledger, v Vault, e Evidence, c Casework, h host.Host, o Options) *Letters {
	return &Letters{db: d, ledger: l, vault: v, evidence: e, casework: c, host: h, office: o.OfficeID,
		guard: guard.New(o.OfficeID, v, guard.Main)}
}

// Today is the office's day.
func (l *Letters) Today() Day { return DayOf(l.host.Now()) }
