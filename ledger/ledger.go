// Package ledger is the waist of the house: everything known passes here, in one
// order, and nothing that has passed is changed.
//
// # The story
//
// A room hands in an act: an import, an appeal, a judgement. Each of its
// statements gets the next place in the log. Its canonical bytes and 32 random
// bytes (the salt) are sealed together under the statement's own key; what stays
// readable beside them is ids, kinds and times. The log itself holds only a
// commitment, HMAC-SHA-256(salt, canonical bytes), and over all commitments a
// Merkle tree (RFC 6962; the layout of golang.org/x/mod/sumdb/tlog), whose head is
// signed after every act: the checkpoint, a C2SP signed note. The last checkpoint
// is also written outside the office's folder, so that a folder put back to
// yesterday is noticed.
//
// In the same transaction every Follower brings its tables up to date; after the
// commit, in every process and in the order of the log, every Learner hears of it.
// What the followers hold can be dropped and made again (Rebuild).
//
// Who is forgotten loses the key: the sealed rows go, the commitments stay, and
// the tree still verifies. What was said wrongly is withdrawn by a later act,
// which can be withdrawn itself.
//
// # The tables
//
//	ledger_head        one row for each log: size, root, epoch, last time
//	ledger_key         the log's Ed25519 key, sealed
//	ledger_statement   ids and times in clear; content and salt sealed together
//	ledger_leaf        commitment and leaf hash of every entry, for ever
//	ledger_node        the tree above the leaves
//	ledger_checkpoint  every signed tree head
//	ledger_record      what kind of record an id is, and whose
//	ledger_withdrawal  what withdraws what
//	ledger_read        who looked at what: a log of its own
//	ledger_pending     an erasure that was begun; empty but for an instant
//
// All of them but the last are checked by Verify, row by row and column by column.
package ledger

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"
	"time"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/statement"
	"homeward/vault"
)

// Options say which log this is.
type Options struct {
	// OfficeID is the office whose log it is, the root key's own.
	OfficeID string
	// LogID names this installation's log, a UUID. "" takes the one that the
	// database holds, or makes one when the log is new.
	LogID string
	// Origin is the name under which checkpoints are signed, such as
	// "homeward/1f0c…". "" is "homeward/" and the log's id.
	Origin string
	// Outside is a folder elsewhere (a stick, another machine's share) that keeps
	// the last checkpoint. nil means none, and a folder put back to an older state
	// cannot be noticed.
	Outside host.Dir
}

// Follower is a room whose tables are computed from the ledger.
type Follower interface {
	// Name is the follower's, for messages: "register".
	Name() string
	// Follow brings the follower's tables up to date, in the appending transaction:
	// it must be cheap, may run more than once (the transaction is repeated when
	// another was in the way), and touches memory only through tx.AfterCommit.
	//
	// recorded holds the new statements in the order of the log. After them come
	// the earlier statements whose Withdrawn changed by this act, as they now are;
	// a follower that takes the last of each id is right. What an act of erasure
	// forgot is named by its erasure.subject statements, one for each record; a
	// follower removes what it holds of those.
	Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error
	// Reset empties the follower's tables before a rebuild.
	Reset(ctx context.Context, tx *db.Tx) error
}

// Learner is an index in memory. It hears of everything that was committed, by
// whichever process, in the order of the log, from one goroutine at a time.
type Learner interface {
	// Learn takes new statements, and again those whose Withdrawn changed; the last
	// of each id is right. It must be quick and cannot fail.
	Learn(recorded []statement.Recorded)
	// Forget removes everything about these records, and every statement that was
	// sealed with their keys.
	Forget(ids []string)
	// Reset forgets everything; the log is told from its beginning afterwards.
	Reset()
}

// Ledger is one office's log. It is safe for concurrent use, and several
// processes may share one database.
type Ledger struct {
	db      *db.DB
	vault   *vault.Vault
	host    host.Host
	office  string
	logID   string
	origin  string
	outside host.Dir

	key ed25519.PrivateKey

	appending sync.Mutex // one append at a time in this process; others wait in turn
	learning  sync.Mutex // guards learners and is held while they learn
	learners  []*pupil
	followers []Follower
}

// New opens the office's log, or begins it. The log's signing key is made at the
// first opening and sealed under the root.
func New(ctx context.Context, d *db.DB, v *vault.Vault, root *vault.Root, h host.Host, o Options) (*Ledger, error) {
	return nil, errUnbuilt
}

// Close writes the last checkpoint outside, ends what runs in the background and
// forgets the signing key. The database stays open.
func (l *Ledger) Close() error { return errUnbuilt }

// LogID names the log.
func (l *Ledger) LogID() string { return l.logID }

// AddFollower adds a room that follows; before the first Append.
func (l *Ledger) AddFollower(f Follower) {}

// AddLearner adds an index in memory. It learns what is already in the log at the
// next CatchUp.
func (l *Ledger) AddLearner(x Learner) {}

// Append records an act: all of its statements or none. It gives them as they
// stand in the log, with act.note at the end when the act has a note. When it
// returns, they are on the disk, every follower has followed, and the learners of
// this process know.
func (l *Ledger) Append(ctx context.Context, act statement.Act) ([]statement.Recorded, error) {
	return nil, errUnbuilt
}

// AppendWith is Append with rows of the room's own in the same transaction. also
// may run more than once.
func (l *Ledger) AppendWith(ctx context.Context, act statement.Act, also func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error) ([]statement.Recorded, error) {
	return nil, errUnbuilt
}

// AppendAll records several acts in one transaction, under one checkpoint.
func (l *Ledger) AppendAll(ctx context.Context, acts []statement.Act) ([]statement.Recorded, error) {
	return nil, errUnbuilt
}

// About gives what was said of the subjects, in the order of the log. What was
// forgotten is left out.
func (l *Ledger) About(ctx context.Context, subjects ...string) ([]statement.Recorded, error) {
	return nil, errUnbuilt
}

// AboutAt is About as the log stood at that time: later statements are left out,
// and Withdrawn is what it was then.
func (l *Ledger) AboutAt(ctx context.Context, at time.Time, subjects ...string) ([]statement.Recorded, error) {
	return nil, errUnbuilt
}

// Pointing gives the statements whose object is the record, in the order of the
// log; only those with one of the properties, when any is named. The property
// SaidByRecord stands for those which the record said.
func (l *Ledger) Pointing(ctx context.Context, object string, properties ...statement.Property) ([]statement.Recorded, error) {
	return nil, errUnbuilt
}

// InAct gives the statements of an act.
func (l *Ledger) InAct(ctx context.Context, actID string) ([]statement.Recorded, error) {
	return nil, errUnbuilt
}

// Get gives one statement: ErrNoStatement when there is none, vault.ErrForgotten
// when it was forgotten.
func (l *Ledger) Get(ctx context.Context, statementID string) (statement.Recorded, error) {
	return statement.Recorded{}, errUnbuilt
}

// OfKind gives the ids of the records of a kind whose opening stands, in the
// order in which they were opened.
func (l *Ledger) OfKind(ctx context.Context, kind statement.Kind) ([]string, error) {
	return nil, errUnbuilt
}

// Kind says what a record is, ErrNoRecord when it is none.
func (l *Ledger) Kind(ctx context.Context, id string) (statement.Kind, error) { return "", errUnbuilt }

// Each calls fn for every statement from a place on, in order. Withdrawn is as it
// is now.
func (l *Ledger) Each(ctx context.Context, from int64, fn func(statement.Recorded) error) error {
	return errUnbuilt
}

// Gaps says how many entries of the log were forgotten.
func (l *Ledger) Gaps(ctx context.Context) (int64, error) { return 0, errUnbuilt }

// Withdraw records that acts and statements no longer stand. To undo a
// withdrawal, withdraw its act.
func (l *Ledger) Withdraw(ctx context.Context, by, why string, actIDs, statementIDs []string) ([]statement.Recorded, error) {
	return nil, errUnbuilt
}

var errUnbuilt = errors.New("ledger: being built")

type pupil struct{}

// SaidByRecord stands, in Pointing, for the statements that a record said.
const SaidByRecord statement.Property = "said_by"

// Erasure is what was forgotten: the ids whose keys were destroyed, and the
// places in the log that are empty now.
type Erasure struct {
	ID      string // the erasure's own record
	Records []string
	Indexes []int64
}

// Erase forgets a record and everything that belongs to it: the keys are
// destroyed, then the sealed rows go and an act of erasure takes their place. by
// are the users who approved it: two, or one and an outside counter-signature in
// base64. rule is a code of erasure.rule. Erasing what was erased before is no
// error.
func (l *Ledger) Erase(ctx context.Context, by []string, rule, subject, counter string) (Erasure, error) {
	return Erasure{}, errUnbuilt
}

// CatchUp tells the learners what they have not heard yet, also from other
// processes. Call it at unlocking, and then every second or so.
func (l *Ledger) CatchUp(ctx context.Context) error { return errUnbuilt }

// Watch catches up until ctx ends: at every pause, and on PostgreSQL when another
// process wakes it.
func (l *Ledger) Watch(ctx context.Context, pause time.Duration) {}

// Restored is what a restoration found.
type Restored struct {
	Epoch int    // the one that begins
	Size  int64  // entries that the backup held
	Lost  string // places in the former epoch that it did not hold: "120-131"
}

// Restore records that the database was put back from a backup: it compares with
// the checkpoint outside, names what was lost, and begins a new epoch. Without it
// a log that is behind its outside checkpoint accepts nothing (ErrRolledBack).
func (l *Ledger) Restore(ctx context.Context, by string) (Restored, error) {
	return Restored{}, errUnbuilt
}

// Rebuild empties what every follower holds and has it follow the whole log
// again, in one transaction. progress may be nil.
func (l *Ledger) Rebuild(ctx context.Context, progress func(done, total int64)) error {
	return errUnbuilt
}

// Read records that a user looks at something, before it is shown. It returns
// when the entry is on the disk; entries of one moment are committed together.
func (l *Ledger) Read(ctx context.Context, user, action, object string) error { return errUnbuilt }

// Look is one entry of the log of reads.
type Look struct {
	Index  int64
	At     time.Time
	User   string
	Action string
	Object string
}

// LookQuery selects entries of the log of reads; empty fields select all.
type LookQuery struct {
	User, Object string
	From, Until  time.Time
	Before       int64 // entries before this place, for paging; 0 from the newest
	Limit        int   // 0 is 200
}

// Looks gives entries of the log of reads, the newest first.
func (l *Ledger) Looks(ctx context.Context, q LookQuery) ([]Look, error) { return nil, errUnbuilt }

// Finding is one thing that Verify found to be other than it was recorded.
type Finding struct {
	Kind  FindingKind
	Table string
	ID    string // of the statement, record or file; "" where the row has none
	Index int64  // place in the log, or size of the checkpoint; -1 where there is none
	What  string // in words, without content
}

// FindingKind says what was done.
type FindingKind string

// The kinds of finding.
const (
	Altered    FindingKind = "altered"      // a column is not what was recorded
	Deleted    FindingKind = "deleted"      // a row is missing
	Inserted   FindingKind = "inserted"     // a row is there that nobody recorded
	Swapped    FindingKind = "swapped"      // the content of two rows was exchanged
	Resealed   FindingKind = "resealed"     // sealed anew with other content by somebody who had the key
	RolledBack FindingKind = "rolled_back"  // the log is behind what was signed
	Forked     FindingKind = "forked"       // the log is not the one that was signed
	KeyGone    FindingKind = "key_gone"     // the key is missing and no act of erasure says why
	OutOfOrder FindingKind = "out_of_order" // its time contradicts its place
)

// VerifyOptions say what else to compare with, and whom to tell.
type VerifyOptions struct {
	// Outside is a checkpoint that somebody kept (printed, mailed). The one in
	// Options.Outside is compared with anyway.
	Outside string
	// Evidence checks the files behind the statements; may be nil.
	Evidence func(ctx context.Context, progress func(done, total int64)) ([]Finding, error)
	// Progress is called now and then; may be nil.
	Progress func(done, total int64)
}

// Report is what a verification found.
type Report struct {
	LogID      string
	Epoch      int
	Entries    int64 // statements in the log
	Erased     int64 // of which forgotten, by acts of erasure
	Reads      int64 // entries of the log of reads
	Checkpoint string
	Outside    string // how the outside checkpoint compares, in words; "" when there is none
	Findings   []Finding
}

// Verify reads the whole log and compares every row with what was committed to
// and signed. It finds; it changes nothing.
func (l *Ledger) Verify(ctx context.Context, o VerifyOptions) (Report, error) {
	return Report{}, errUnbuilt
}

// Checkpoint gives the last signed checkpoint, a C2SP signed note.
func (l *Ledger) Checkpoint(ctx context.Context) (string, error) { return "", errUnbuilt }

// VerifierKey gives the public key that checks checkpoints, in the form of a C2SP
// verifier key: name+hash+base64.
func (l *Ledger) VerifierKey() string { return "" }
