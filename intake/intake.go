package intake

import (
	"context"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"homeward/evidence"
	"homeward/intake/intakesql"
	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/statement"
	"homeward/vault"
)

// Intake is the half that lives while the house is unlocked: it takes reports out of
// the spool, keeps the inbox, and knows which appeal a receipt opens. It follows the
// ledger and has to be added to it as a Follower.
type Intake struct {
	door     *Door
	key      age.Identity
	ledger   *ledger.Ledger
	evidence *evidence.Evidence
	vault    *vault.Vault
	db       *db.DB
	host     host.Host
	office   string
	guard    *guard.Guard // of receipts, and of what was taken out of the spools

	// One gives the records that are one person, as people decided; nil where every
	// record stands alone. The register answers it.
	One func(ctx context.Context, record string) ([]string, error)

	draining sync.Mutex
}

// NewIntake joins the door to what is behind it. key is the private half of the
// intake key (vault.Root.IntakeIdentity).
func NewIntake(door *Door, key age.Identity, l *ledger.Ledger, e *evidence.Evidence, v *vault.Vault, d *db.DB, h host.Host) *Intake {
	return &Intake{door: door, key: key, ledger: l, evidence: e, vault: v, db: d, host: h, office: door.door.OfficeID,
		guard: guard.New(door.door.OfficeID, v, guard.Main)}
}

// ReceiptLife is how long a receipt opens its appeal, from the last thing that was
// sent with it.
const ReceiptLife = 3 * 365 * 24 * time.Hour

// Thread is what a receipt opens. There is nothing in it of what was sent, and
// nobody's name; what the office answered is for letters to give.
type Thread struct {
	Appeal    string
	Day       time.Time // on which the first report arrived, UTC
	Additions int
}

// noReceipt is looked up in place of one that the house never gave.
var noReceipt = Receipt{strings.Repeat("0", receiptLen)}

// Lookup gives what a receipt opens. Whatever is wrong with it, mistyped, never
// given, forgotten, revoked or expired, the answer is ErrReceipt after the same work.
func (i *Intake) Lookup(ctx context.Context, text string) (Thread, error) {
	r, err := i.door.Knows(text)
	known := err == nil
	if !known {
		r = noReceipt
	}
	var thread Thread
	err = i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := intakesql.New(tx)
		row, err := q.LookReceipt(ctx, intakesql.LookReceiptParams{OfficeID: i.office, Mark: i.mark(r.locator())})
		if err != nil {
			return err
		}
		now := i.host.Now().UnixMicro()
		holds := known && row.Given == 1 && row.RevokedAt == 0 && row.ExpiresAt > now
		appeal, err := q.LookAppeal(ctx, intakesql.LookAppealParams{OfficeID: i.office, Appeal: row.Appeal})
		if err != nil {
			return err
		}
		if !holds || appeal.There != 1 {
			return ErrReceipt
		}
		thread = Thread{Appeal: row.Appeal, Day: time.UnixMicro(appeal.ArrivedDay).UTC(), Additions: int(appeal.Additions)}
		return nil
	})
	return thread, err
}

// mark names a receipt in the database: under a key that is gone while the house is
// locked, so that the table of a stolen disk is no list of receipts to try.
func (i *Intake) mark(locator string) string {
	return hex.EncodeToString(i.vault.Mark("intake receipt", locator))
}

// ReceiptState is what staff may know of an appeal's receipt: never the receipt.
type ReceiptState struct {
	Given   bool
	Revoked time.Time // zero while it holds
	Expires time.Time
}

// ReceiptOf says how it stands with the receipt of an appeal.
func (i *Intake) ReceiptOf(ctx context.Context, appeal string) (ReceiptState, error) {
	var s ReceiptState
	err := i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := intakesql.New(tx).ReceiptOf(ctx, intakesql.ReceiptOfParams{OfficeID: i.office, Appeal: appeal})
		if s.Given, err = found(err); !s.Given {
			return err
		}
		s.Expires = time.UnixMicro(row.ExpiresAt).UTC()
		if row.RevokedAt != 0 {
			s.Revoked = time.UnixMicro(row.RevokedAt).UTC()
		}
		return nil
	})
	return s, err
}

// RevokeReceipt has an appeal's receipt open nothing any more, because it is in
// wrong hands; why is kept as a remark on the appeal. What arrives with it later is kept, and waits for a person.
func (i *Intake) RevokeReceipt(ctx context.Context, by, appeal, why string) error {
	if why = strings.TrimSpace(why); why == "" {
		return ErrWhy
	}
	act := statement.Act{Kind: statement.ActEntry, By: by, Statements: []statement.Statement{
		{Subject: appeal, Property: statement.RecordNote, Value: why},
	}}
	_, err := i.ledger.AppendWith(ctx, act,
		func(ctx context.Context, tx *db.Tx, _ []statement.Recorded) error {
			var n int64
			err := i.changeWhere(ctx, tx, "intake_receipt", "appeal", appeal, func() (err error) {
				n, err = intakesql.New(tx).RevokeReceipts(ctx, intakesql.RevokeReceiptsParams{
					OfficeID: i.office, Appeal: appeal, RevokedAt: i.host.Now().UnixMicro(),
				})
				return err
			})
			if err == nil && n == 0 {
				return ErrNoAppeal
			}
			return err
		})
	return err
}

// changeWhere changes the rows of a table in which a column has a value, with what is
// kept of them.
func (i *Intake) changeWhere(ctx context.Context, tx *db.Tx, table, column, value string, fn func() error) error {
	keys, err := i.guard.Where(ctx, tx, table, column, value)
	if err != nil {
		return err
	}
	return i.guard.Change(ctx, tx, table, keys, fn)
}
