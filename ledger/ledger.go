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
	"sync"
	"sync/atomic"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/ledger/proof"
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

// Choosy is a Learner that learns of some properties alone. When the log is read for
// it, statements of other ones are not even opened: what a property is stands in clear
// beside them, and Verify says whether it was altered. What was just recorded it is told
// whole.
type Choosy interface {
	Wants() []statement.Property
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
	process string  // names this one of the processes over the database
	outside *keeper // nil when nothing is kept outside

	key       ed25519.PrivateKey            // nil when its row was destroyed
	refusal   atomic.Pointer[problem.Error] // why nothing is recorded
	withdrawn atomic.Pointer[withdrawals]

	// turn is held by the one who appends in this process, and guards grown.
	turn  chan struct{}
	grown *frontier // the tree after this process's last append

	followers []Follower
	rows      func(ctx context.Context, tx *db.Tx) (proof.Rows, error) // see CountRows; may be nil

	learning sync.Mutex // held while learners learn; guards pupils
	pupils   []*pupil

	looking    readQueue
	unfinished atomic.Bool // an erasure was begun and not ended
}

// AddFollower adds a room that follows; before the first Append and CatchUp.
func (l *Ledger) AddFollower(f Follower) { l.followers = append(l.followers, f) }

// LogID names the log.
func (l *Ledger) LogID() string { return l.logID }

// Origin is the name under which checkpoints are signed.
func (l *Ledger) Origin() string { return l.origin }

func (l *Ledger) takeTurn(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Ledger) endTurn() { <-l.turn }

// Close keeps the last checkpoint outside and forgets the signing key. The
// database stays open. Nothing may be appended afterwards.
func (l *Ledger) Close() error {
	var err error
	if l.outside != nil {
		err = l.outside.close()
	}
	l.turn <- struct{}{}
	defer l.endTurn()
	l.refusal.Store(db.ErrClosed)
	clear(l.key)
	l.key = nil
	return err
}
