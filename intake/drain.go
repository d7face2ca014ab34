package intake

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"homeward/evidence"
	"homeward/intake/intakesql"
	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/statement"
)

// The outcomes of taking a report out of the spool.
const (
	outcomeKept  = "kept"
	outcomeStuck = "stuck"
)

// Drain takes what waits in this process's spool into the ledger, the oldest first,
// and says how many reports it took. A report leaves the spool only when its act is
// committed; after a crash in between it is found to have been taken. One that cannot
// be taken as it is (damaged, larger than this office keeps) stays where it is, and
// Stuck names it with the reason. One that fails for a reason that passes (a full
// disk, a database that is away) is an error, is tried again by the next Drain, and
// does not keep the others waiting.
func (i *Intake) Drain(ctx context.Context) (n int, err error) {
	i.draining.Lock()
	defer i.draining.Unlock()
	files, err := i.door.spool.list()
	if err != nil {
		return 0, fmt.Errorf("intake: look into the spool: %w", err)
	}
	var failed []error
	for _, f := range files {
		took, err := i.drain(ctx, f)
		if took {
			n++
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("intake: report %d of the spool: %w", f.number, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return n, errors.Join(failed...)
}

// drain takes one report.
func (i *Intake) drain(ctx context.Context, f stored) (took bool, err error) {
	if there, err := i.taken(ctx, f); err != nil || there {
		return false, errors.Join(err, i.removeTaken(there, f))
	}
	err = i.door.spool.read(f, func(open func() (io.Reader, error)) error {
		r, err := readSealed(open, i.key)
		if err != nil {
			return err
		}
		if r.token != f.token || r.content != f.content {
			return errSealed
		}
		return i.record(ctx, f, r)
	})
	if errors.Is(err, errTaken) { // another process had the same report, and was first
		there, err := i.taken(ctx, f)
		return false, errors.Join(err, i.removeTaken(there, f))
	}
	if p, ok := problem.As(err); ok && (p.Kind == problem.Invalid || p.Kind == problem.TooLarge) {
		return false, i.stuck(ctx, f, p.Code)
	}
	if err != nil {
		return false, err
	}
	return true, i.door.spool.remove(f)
}

// taken says whether a report with this token and content is in the ledger already. Then
// it notes that this one, too, is on its way out of the spool, if it is another one than
// was taken: before it is removed, so that nobody misses it afterwards.
func (i *Intake) taken(ctx context.Context, f stored) (there bool, err error) {
	var row intakesql.IntakeSpooled
	err = i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err = intakesql.New(tx).Spooled(ctx, intakesql.SpooledParams{
			OfficeID: i.office, Token: f.token.String(), Content: f.content.String(),
		})
		there, err = found(err)
		there = there && row.Outcome == outcomeKept
		return err
	})
	if err != nil || !there || row.Spool == i.door.spool.id && row.Number == int64(f.number) {
		return there, err
	}
	return there, i.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return i.again(ctx, tx, f) })
}

// again notes a report that leaves the spool because the same one was taken already.
func (i *Intake) again(ctx context.Context, tx *db.Tx, f stored) error {
	spool, number := i.door.spool.id, int64(f.number)
	return i.guard.Change(ctx, tx, "intake_again", guard.Row(spool, number), func() error {
		return intakesql.New(tx).AddAgain(ctx, intakesql.AddAgainParams{
			OfficeID: i.office, Spool: spool, Number: number, Token: f.token.String(), Content: f.content.String(), SeenAt: i.host.Now().UnixMicro(),
		})
	})
}

// removeTaken removes a report that was taken, and no other.
func (i *Intake) removeTaken(there bool, f stored) error {
	if !there {
		return nil
	}
	return i.door.spool.remove(f)
}

// errTaken says that the report was taken by somebody else at the same moment.
var errTaken = errors.New("intake: the report was taken at the same moment by another process")

// errMoved says that its receipt was given or revoked in between: look again.
var errMoved = errors.New("intake: the receipt changed in between")

// record says in the ledger what came. When another process changed the ground in
// between (the report this one adds to was drained), it looks again.
func (i *Intake) record(ctx context.Context, f stored, r *Report) error {
	id, err := i.host.NewID()
	if err != nil {
		return err
	}
	c := &composer{i: i, appeal: id, report: r, mark: i.mark(cmp.Or(r.AdditionTo, r.Locator))}
	if err := c.compose(ctx); err != nil {
		return err
	}
	for range 3 {
		if err = c.place(ctx); err != nil {
			return err
		}
		if err = i.append(ctx, f, c); !errors.Is(err, errMoved) {
			return err
		}
	}
	return err
}

// append commits the act with the rows that go with it.
func (i *Intake) append(ctx context.Context, f stored, c *composer) error {
	act := statement.Act{Kind: statement.ActAppeal, Statements: slices.Concat(c.said, c.placed)}
	_, err := i.ledger.AppendWith(ctx, act, func(ctx context.Context, tx *db.Tx, _ []statement.Recorded) error {
		q := intakesql.New(tx)
		row, err := q.Spooled(ctx, intakesql.SpooledParams{OfficeID: i.office, Token: f.token.String(), Content: f.content.String()})
		there, err := found(err)
		switch {
		case err != nil:
			return err
		case there && row.Outcome == outcomeKept:
			return errTaken
		}
		if err := i.receipt(ctx, tx, c); err != nil {
			return err
		}
		if there && (row.Spool != i.door.spool.id || row.Number != int64(f.number)) { // that one is stuck elsewhere
			if err := i.again(ctx, tx, f); err != nil {
				return err
			}
		}
		return i.spooled(ctx, tx, intakesql.AddSpooledParams{
			OfficeID: i.office, Token: f.token.String(), Content: f.content.String(),
			Spool: i.door.spool.id, Number: int64(f.number), Outcome: outcomeKept,
			Given: c.given, Appeal: c.appeal, Awaits: c.awaits, SeenAt: i.host.Now().UnixMicro(),
		})
	})
	return err
}

// spooled writes down what became of a report.
func (i *Intake) spooled(ctx context.Context, tx *db.Tx, p intakesql.AddSpooledParams) error {
	return i.guard.Change(ctx, tx, "intake_spooled", guard.Row(p.Token, p.Content), func() error {
		return intakesql.New(tx).AddSpooled(ctx, p)
	})
}

// receipt enters the receipt of a first report, or prolongs the one an addition came
// with, if both are still as place found them.
func (i *Intake) receipt(ctx context.Context, tx *db.Tx, c *composer) error {
	q := intakesql.New(tx)
	row, err := q.Receipt(ctx, intakesql.ReceiptParams{OfficeID: i.office, Mark: c.mark})
	there, err := found(err)
	if err != nil {
		return err
	}
	now := i.host.Now()
	expires := now.Add(ReceiptLife).UnixMicro()
	switch {
	case there != c.known || there && row.RevokedAt != c.receipt.RevokedAt:
		return errMoved
	case there && row.ExpiresAt <= now.UnixMicro():
		return nil // it has expired and stays so
	case there:
		return i.changeWhere(ctx, tx, "intake_receipt", "appeal", row.Appeal, func() error {
			return q.ProlongReceipts(ctx, intakesql.ProlongReceiptsParams{OfficeID: i.office, Appeal: row.Appeal, ExpiresAt: expires})
		})
	case c.report.AdditionTo != "" || c.report.Foreign:
		return nil // its report is still in another spool, or was forgotten; or nobody knows its receipt
	}
	err = i.guard.Change(ctx, tx, "intake_receipt", guard.Row(c.mark), func() error {
		return q.AddReceipt(ctx, intakesql.AddReceiptParams{OfficeID: i.office, Mark: c.mark, Appeal: c.appeal, ExpiresAt: expires})
	})
	if err != nil {
		return err
	}
	return i.changeWhere(ctx, tx, "intake_spooled", "awaits", c.mark, func() error {
		return q.Arrived(ctx, intakesql.ArrivedParams{OfficeID: i.office, Awaits: c.mark})
	})
}

// stuck writes down why a report cannot be taken. It stays in the spool.
func (i *Intake) stuck(ctx context.Context, f stored, reason string) error {
	return i.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return i.spooled(ctx, tx, intakesql.AddSpooledParams{
			OfficeID: i.office, Token: f.token.String(), Content: f.content.String(), Spool: i.door.spool.id,
			Number: int64(f.number), Outcome: outcomeStuck, Reason: reason, SeenAt: i.host.Now().UnixMicro(),
		})
	})
}

// Stuck is a report that lies in a spool and cannot be taken as it is.
type Stuck struct {
	Spool  string // which process's
	Number int64  // its place in that spool, the beginning of the file's name
	Reason string // the code of the problem: intake.sealed, evidence.too_large
	Seen   time.Time
}

// Stuck gives the reports that wait in a spool for a person.
func (i *Intake) Stuck(ctx context.Context) ([]Stuck, error) {
	var list []Stuck
	err := i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := intakesql.New(tx).Stuck(ctx, i.office)
		list = nil
		for _, r := range rows {
			list = append(list, Stuck{r.Spool, r.Number, r.Reason, time.UnixMicro(r.SeenAt).UTC()})
		}
		return err
	})
	return list, err
}

// Check looks for reports of this process's spool that are gone without having been
// taken, and for those whose chain is broken or that cannot be read: for Verify.
func (i *Intake) Check(ctx context.Context) ([]ledger.Finding, error) {
	i.draining.Lock()
	defer i.draining.Unlock()
	files, last, err := i.door.spool.snapshot()
	if err != nil {
		return nil, err
	}
	here := map[uint64]bool{}
	for _, f := range files {
		here[f.number] = true
	}
	err = i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := intakesql.New(tx)
		numbers, err := q.SpooledNumbers(ctx, intakesql.SpooledNumbersParams{OfficeID: i.office, Spool: i.door.spool.id})
		if err != nil {
			return err
		}
		more, err := q.AgainNumbers(ctx, intakesql.AgainNumbersParams{OfficeID: i.office, Spool: i.door.spool.id})
		for _, n := range append(numbers, more...) {
			here[uint64(n)] = true
		}
		return err
	})
	var findings []ledger.Finding
	if db.IsDamage(err) { // what was taken out of the spool is not known
		findings = append(findings, ledger.Found(ledger.Damaged, "spool", "", -1, "taken_unread"))
		last, err = 0, nil
	}
	for n := uint64(1); n <= last; n++ {
		if !here[n] {
			findings = append(findings, ledger.Found(ledger.Deleted, "spool", "", int64(n), "report_missing"))
		}
	}
	return append(findings, i.door.spool.broken(files)...), err
}

// composer turns a report into statements.
type composer struct {
	i      *Intake
	appeal string
	report *Report
	said   []statement.Statement // the report itself
	waits  map[string]bool       // reasons
	sender string
	given  string // mark of the content alone

	mark    string                  // of the receipt it belongs to
	known   bool                    // that receipt has a row
	receipt intakesql.IntakeReceipt // the row
	awaits  string
	placed  []statement.Statement // where it belongs; made anew when the ground moved
}

func (c *composer) say(subject string, p statement.Property, value string) {
	c.said = append(c.said, statement.Statement{Subject: subject, Property: p, Value: value})
}

func (c *composer) point(subject string, p statement.Property, object string) {
	c.said = append(c.said, statement.Statement{Subject: subject, Property: p, Object: object})
}

// compose says what came; its files go to evidence on the way.
func (c *composer) compose(ctx context.Context) (err error) {
	c.waits = map[string]bool{}
	if c.sender, err = c.i.host.NewID(); err != nil {
		return err
	}
	r := c.report
	c.given = hex.EncodeToString(c.i.vault.Mark("intake content", r.sha256))
	c.say(c.appeal, statement.RecordKind, string(statement.Appeal))
	c.say(c.appeal, statement.AppealArrived, r.Arrived.UTC().Format(time.RFC3339Nano))
	c.say(c.appeal, statement.AppealChannel, "web")
	c.say(c.appeal, statement.AppealContactOK, contactCode(r.Value(FieldContact)))
	lang := c.language(r.Value(FieldLanguage))
	c.from()
	for _, f := range r.Fields {
		if err := c.field(ctx, f, lang); err != nil {
			return err
		}
	}
	for _, f := range r.Files {
		body, err := f.Open()
		if err != nil {
			return err
		}
		if err := c.attached(ctx, f.Name, f.Type, body); err != nil {
			return err
		}
	}
	return nil
}

func contactCode(given string) string {
	if given == "yes" || given == "no" {
		return given
	}
	return "receipt_only"
}

// language says in which language it came, "" when that is not known.
func (c *composer) language(given string) string {
	tag, err := language.Parse(given)
	if given == "" || err != nil || len(given) > 64 {
		c.waits["unknown_language"] = true
		return ""
	}
	c.say(c.appeal, statement.AppealLanguage, tag.String())
	return tag.String()
}

// from opens the record of whoever sent it. Each report has its own: that two come
// from one sender is for a person to find.
func (c *composer) from() {
	c.say(c.sender, statement.RecordKind, string(statement.Source))
	c.say(c.sender, statement.SourceKind, "unknown")
	c.point(c.appeal, statement.AppealSender, c.sender)
}

// field says one field. What cannot be said as it is, is kept as a file too.
func (c *composer) field(ctx context.Context, f Field, lang string) error {
	subject, p := c.appeal, statement.AppealText
	switch f.Name {
	case FieldLanguage, FieldContact:
		return nil
	case FieldText:
	case FieldReach:
		subject, p = c.sender, statement.ContactRoute
	case FieldCaution:
		subject, p = c.sender, statement.ContactCaution
	case FieldName:
		subject, p = c.sender, statement.SourceLabel
	}
	text, same := legible(f.Value)
	if p == statement.SourceLabel {
		text = oneLine(text)
		same = same && text == string(f.Value)
	}
	if f.Name != FieldText && p == statement.AppealText {
		text = f.Name + "\n" + text
	}
	if p != statement.AppealText {
		return c.aside(ctx, f, subject, p, text, same)
	}
	// What is written is a file too: its bytes as they came, and what a passage of it
	// can be named by.
	raw, err := c.keep(ctx, f.Name+".txt", "text/plain", bytes.NewReader(f.Value))
	if err != nil {
		return err
	}
	if !same {
		c.waits["unreadable"] = true
		c.point(c.appeal, statement.AppealFile, raw.File)
	}
	if strings.TrimSpace(text) == "" {
		c.waits["empty"] = true
		return nil
	}
	c.said = append(c.said, statement.Statement{Subject: subject, Property: p, Value: text, Lang: lang, SaidBy: c.sender,
		Evidence: statement.Evidence{File: raw.File}})
	return nil
}

// aside says what is about the sender and not about the matter.
func (c *composer) aside(ctx context.Context, f Field, subject string, p statement.Property, text string, same bool) error {
	if strings.TrimSpace(text) != "" {
		c.said = append(c.said, statement.Statement{Subject: subject, Property: p, Value: text, SaidBy: c.sender})
	}
	if same {
		return nil
	}
	c.waits["unreadable"] = true
	kept, err := c.keep(ctx, f.Name+".txt", "text/plain", bytes.NewReader(f.Value))
	if err == nil {
		c.point(c.appeal, statement.AppealFile, kept.File)
	}
	return err
}

// legible gives text that a statement can hold, and says whether that is what was
// given. Line ends are a browser's own: it sends every one as two characters.
func legible(given []byte) (text string, same bool) {
	text = strings.ReplaceAll(string(given), "\r\n", "\n")
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return clip(clean, statement.MaxValue-256), clean == text && len(clean) <= statement.MaxValue-256
}

// oneLine makes one line that a label can be.
func oneLine(text string) string {
	return clip(strings.Join(strings.Fields(text), " "), statement.MaxLine)
}

// attached keeps a file that was sent as one. What is neither to be heard nor to be
// seen on the page, a PDF or a web page sent as a voice, waits for a person.
func (c *composer) attached(ctx context.Context, name, claimed string, body io.Reader) error {
	kept, err := c.keep(ctx, name, claimed, body)
	if err != nil {
		return err
	}
	c.point(c.appeal, statement.AppealFile, kept.File)
	kind, _, _ := strings.Cut(kept.MediaType, "/")
	if kind != "audio" && kind != "image" && len(kept.NeedsPerson) == 0 {
		c.waits[unplayable] = true
	}
	return nil
}

// unplayable is why a file waits that no page plays or shows.
const unplayable = "unplayable"

// keep hands bytes to evidence, and says what it found out about them.
func (c *composer) keep(ctx context.Context, name, claimed string, body io.Reader) (evidence.Kept, error) {
	kept, err := c.i.evidence.Keep(ctx, evidence.Incoming{
		Name: name, ClaimedType: claimed, Of: c.appeal, Arrived: c.report.Arrived, Body: body,
	})
	if err != nil {
		return kept, err
	}
	for _, reason := range kept.NeedsPerson {
		c.waits[reason] = true
	}
	c.said = append(c.said, kept.Statements...)
	return kept, nil
}

// place says where the report belongs: a thread of its own, or under the appeal whose
// receipt came with it, or whose token it shares. It looks again when called again.
func (c *composer) place(ctx context.Context) error {
	c.placed, c.awaits = nil, ""
	waits := map[string]bool{}
	var waiting, before []string
	err := c.i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		q := intakesql.New(tx)
		c.receipt, err = q.Receipt(ctx, intakesql.ReceiptParams{OfficeID: c.i.office, Mark: c.mark})
		if c.known, err = found(err); err != nil {
			return err
		}
		if before, err = q.GivenBefore(ctx, intakesql.GivenBeforeParams{OfficeID: c.i.office, Given: c.given}); err != nil {
			return err
		}
		waiting, err = q.Awaiting(ctx, intakesql.AwaitingParams{OfficeID: c.i.office, Awaits: c.mark})
		return err
	})
	if err != nil {
		return err
	}
	waits["looks_like_another"] = len(before) > 0
	waits["receipt_unknown"] = c.report.Foreign
	switch {
	case c.known:
		c.addition(c.appeal, c.receipt.Appeal)
		waits["receipt_revoked"] = c.receipt.RevokedAt != 0
	case c.report.AdditionTo != "":
		c.awaits = c.mark
		waits["receipt_unknown"] = true
	default:
		for _, early := range waiting {
			c.addition(early, c.appeal)
		}
	}
	c.wait(waits)
	return nil
}

// addition ties a report to the appeal it belongs to, which is as good as new then.
func (c *composer) addition(report, to string) {
	c.placed = append(c.placed,
		statement.Statement{Subject: report, Property: statement.AppealAdditionTo, Object: to},
		statement.Statement{Subject: to, Property: statement.AppealTriage, Value: string(New)})
}

// wait says for which reasons a person must look.
func (c *composer) wait(more map[string]bool) {
	var codes []string
	for _, set := range []map[string]bool{c.waits, more} {
		for code, is := range set {
			if is {
				codes = append(codes, code)
			}
		}
	}
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		c.placed = append(c.placed, statement.Statement{Subject: c.appeal, Property: statement.AppealNeedsPerson, Value: code})
	}
}
