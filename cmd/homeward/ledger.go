package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"homeward"
	"homeward/internal/db"
	"homeward/internal/problem"
	"homeward/ledger"
)

// verifyCommand reads the whole ledger and every file.
type verifyCommand struct {
	Checkpoint string `help:"A checkpoint that somebody kept, to compare with." placeholder:"FILE" type:"path"`
	Quick      bool   `help:"Leave out what follows from the statements and would be computed again: the longest part."`
}

func (verifyCommand) example() string {
	return "  homeward verify --dir /srv/homeward\n  homeward verify --checkpoint mailed-on-13-october.txt --json\n  homeward verify --quick"
}

type verifyResult struct {
	Log        string        `json:"log"`
	Epoch      int           `json:"epoch"`
	Statements int64         `json:"statements"`
	Forgotten  int64         `json:"forgotten"`
	Reads      int64         `json:"reads"`
	Checkpoint string        `json:"checkpoint"`
	Outside    int           `json:"outside_checkpoints"`
	Place      string        `json:"outside"`                 // none, kept, behind or missing
	Unread     *failure      `json:"ledger_unread,omitempty"` // why damage kept the ledger from being read
	Databases  []checkedJSON `json:"databases"`
	Keys       int64         `json:"keys"`
	Looked     []lookedJSON  `json:"looked"`
	Findings   []findingJSON `json:"findings"`
	More       int           `json:"more_findings"`
}

// checkedJSON is what was looked at of a database itself.
type checkedJSON struct {
	Name      string `json:"name"`
	Pages     int64  `json:"pages"`
	Checksums bool   `json:"checksums"`
	Indexes   bool   `json:"indexes"`
}

// lookedJSON is what was looked at beside the statements, and what was not.
type lookedJSON struct {
	What string `json:"what"`
	N    int64  `json:"n"`
	Left bool   `json:"left_out"`
}

type findingJSON struct {
	Kind  string         `json:"kind"`
	Table string         `json:"table"`
	ID    string         `json:"id,omitempty"`
	Index int64          `json:"index"`
	Code  string         `json:"code"`
	Args  map[string]any `json:"args,omitempty"`
	What  string         `json:"what"`
}

func (cmd *verifyCommand) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	outside, err := cmd.outside()
	if err != nil {
		return err
	}
	report, err := h.VerifyAs(ctx, homeward.Verification{Outside: outside, Quick: cmd.Quick, Progress: c.progress("verifying")})
	if err != nil {
		return err
	}
	return tellReport(c, report)
}

// inOffice looks at the files before it opens the house: a damaged one may keep it from
// opening.
func (cmd *verifyCommand) inOffice(ctx context.Context, c *call, o *homeward.Office) error {
	outside, err := cmd.outside()
	if err != nil {
		return err
	}
	opener, err := c.opener()
	if err != nil {
		return err
	}
	report, err := o.Verify(ctx, opener, homeward.Verification{Outside: outside, Quick: cmd.Quick, Progress: c.progress("verifying")})
	if err != nil {
		return err
	}
	return tellReport(c, report)
}

// outside reads the checkpoint that somebody kept; "" without one.
func (cmd *verifyCommand) outside() (string, error) {
	if cmd.Checkpoint == "" {
		return "", nil
	}
	text, err := os.ReadFile(cmd.Checkpoint)
	if err != nil {
		return "", problem.New(problem.NotFound, "verify.checkpoint", "the checkpoint file cannot be read", "look at --checkpoint").Wrap(err)
	}
	return string(text), nil
}

// tellReport prints what was found, and gives errFound where that is anything.
func tellReport(c *call, report ledger.Report) error {
	r := verifyResult{
		Log: report.LogID, Epoch: report.Epoch, Statements: report.Entries, Forgotten: report.Erased,
		Reads: report.Reads, Checkpoint: report.Checkpoint, Outside: report.Outside, Place: string(report.Place),
		Keys: report.Keys, Looked: []lookedJSON{}, Databases: []checkedJSON{}, Findings: []findingJSON{}, More: report.More,
	}
	if report.Unread != nil {
		f := failureOf(report.Unread)
		r.Unread = &f
	}
	for _, d := range report.Databases {
		r.Databases = append(r.Databases, checkedJSON{d.Name, d.Pages, d.Checksums, d.Indexes})
	}
	for _, l := range report.Looked {
		r.Looked = append(r.Looked, lookedJSON{string(l.What), l.N, l.Left})
	}
	for _, f := range report.Findings {
		r.Findings = append(r.Findings, findingJSON{Kind: string(f.Kind), Table: f.Table, ID: f.ID, Index: f.Index, Code: f.Code, Args: f.Args, What: f.What})
	}
	if err := c.result(r, func(w io.Writer) { sayReport(w, report) }); err != nil {
		return err
	}
	if len(report.Findings) > 0 {
		return errFound
	}
	return nil
}

// places says how it stands with the last checkpoint outside.
var places = map[ledger.Place]string{
	ledger.Nowhere: "no place outside is named, so a folder put back whole to an earlier day would go unnoticed",
	ledger.Kept:    "the last one is kept there",
	ledger.Behind:  "what is kept there is older than the log: connect the place, and record something",
	ledger.Missing: "a place is named, and no checkpoint can be read there",
}

func checkedPages(d db.Checkup) string {
	switch {
	case d.Pages > 0:
		return fmt.Sprintf("%d pages were held against their checksums", d.Pages)
	case d.Checksums:
		return "every table was read, and its server holds pages against checksums"
	}
	return "its pages have no checksums"
}

func checkedIndexes(d db.Checkup) string {
	switch {
	case d.Indexes:
		return "every index was held against its table"
	case d.Pages > 0:
		return "its indexes could not be held against their tables"
	}
	return "of indexes only the counts were compared, since amcheck cannot be used"
}

func sayReport(w io.Writer, r ledger.Report) {
	if r.Unread != nil {
		sayUnread(w, failureOf(r.Unread))
	} else {
		fmt.Fprintf(w, "%d statements in epoch %d, %d of them forgotten by acts of erasure; %d looks in the log of reads\n",
			r.Entries, r.Epoch, r.Erased, r.Reads)
		fmt.Fprintf(w, "compared with %d checkpoints kept outside; %s\n", r.Outside, places[r.Place])
	}
	for _, d := range r.Databases {
		fmt.Fprintf(w, "%s: %s; %s\n", d.Name, checkedPages(d), checkedIndexes(d))
	}
	sayLooked(w, r)
	if len(r.Findings) == 0 {
		fmt.Fprintln(w, "nothing was altered in what was looked at")
		return
	}
	fmt.Fprintf(w, "\n%d findings:\n", len(r.Findings)+r.More)
	for _, f := range r.Findings {
		fmt.Fprintf(w, "  %-12s %s", f.Kind, f.Table)
		if f.Index >= 0 {
			fmt.Fprintf(w, " at %d", f.Index)
		}
		if f.ID != "" {
			fmt.Fprintf(w, " (%s)", f.ID)
		}
		fmt.Fprintf(w, ": %s\n", f.What)
	}
}

// scopes says what lies beside the statements.
var scopes = map[ledger.Scope]string{
	ledger.Files:    "%d originals, each read to its end",
	ledger.Spool:    "the spool, in which %d reports wait",
	ledger.Watched:  "%d rows that no statement says: accounts, recovery codes and what happened at the door, receipts, what was taken out of the spools, tasks, numbers and head of letters, what was forgotten",
	ledger.Computed: "%d rows of the inbox, the register, consents, letters, returns and figures, computed again from the statements",
}

// left says what was not looked at.
var left = map[ledger.Scope]string{
	ledger.Watched:  "the rows that no statement says, since they cannot be read",
	ledger.Computed: "the inbox, the register, consents, letters, returns and figures, as far as they are computed from the statements",
	ledger.Passing:  "what passes or is made again: sessions, sign-in links, delays, hourly counts, and proposals of who may be the same",
}

// sayLooked says what was looked at beside the statements, and what was not.
func sayLooked(w io.Writer, r ledger.Report) {
	if r.Unread != nil {
		return
	}
	fmt.Fprintf(w, "looked at besides: %d keys", r.Keys)
	for _, l := range r.Looked {
		if !l.Left {
			fmt.Fprintf(w, "; "+scopes[l.What], l.N)
		}
	}
	fmt.Fprint(w, "\nnot looked at:")
	and := " "
	for _, l := range r.Looked {
		if l.Left {
			fmt.Fprint(w, and+left[l.What])
			and = "; "
		}
	}
	fmt.Fprintln(w)
}

// sayUnread says that nothing but the databases themselves could be looked at, and why.
func sayUnread(w io.Writer, f failure) {
	fmt.Fprintf(w, "the ledger could not be read, so its statements and files were not compared: %s\n", f.What)
	if f.Do != "" {
		fmt.Fprintf(w, "  %s\n", f.Do)
	}
	if f.Why != "" {
		fmt.Fprintf(w, "  (%s)\n", f.Why)
	}
}

// rebuildCommand computes every projection anew, and puts back what else can be.
type rebuildCommand struct{}

func (rebuildCommand) example() string { return "  homeward rebuild --dir /srv/homeward" }

func (*rebuildCommand) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	var n int64
	show := c.progress("rebuilding")
	restored, err := h.Rebuild(ctx, func(done, total int64) { n = done; show(done, total) })
	if err != nil {
		return err
	}
	return c.result(map[string]int64{"statements": n, "restored": restored}, func(w io.Writer) {
		fmt.Fprintf(w, "everything that follows from %d statements was computed anew\n", n)
		if restored > 0 {
			fmt.Fprintf(w, "%d rows that no statement says had been altered or deleted, and were put back\n", restored)
		}
	})
}

// exportCommand takes two people: one proposes here, another approves on the pages.
type exportCommand struct {
	Propose  bool   `help:"Propose an export instead of writing one; prints the approval's id."`
	As       string `help:"With --propose: the user who proposes." placeholder:"USER"`
	Reason   string `help:"With --propose: why."`
	To       string `help:"Who gets it: the recipient's profile, its name or its id." placeholder:"RECIPIENT"`
	Purpose  string `help:"For what: return, whereabouts, protection, documents, medical_aid, legal_aid, family_contact, publication or proof. Only what people consented to for this recipient and this purpose goes." placeholder:"PURPOSE"`
	Key      string `help:"The age recipient that alone can read the export (age1…)." placeholder:"AGE1"`
	Approval string `help:"The approved proposal. It is used once, and covers what stood in the ledger when it was approved." placeholder:"ID"`
	Out      string `help:"The file to write; must not exist. It lies there as FILE.part until it is whole." placeholder:"FILE" type:"path"`
}

func (exportCommand) example() string {
	return "  homeward export --propose --as zarema --to ru.ombudsman --purpose return --key age1… --reason \"agreed on 3 October\"\n" +
		"  homeward export --approval 0199… --to ru.ombudsman --purpose return --key age1… --out october.jsonl.age"
}

var errExportFlags = problem.New(problem.Invalid, "export.flags",
	"an export needs a recipient, a purpose, a key, an approval and a file", "give --to, --purpose, --key, --approval and --out; or --propose with --to, --purpose, --key, --as and --reason")

// exportResult is what an export held, and what it did not.
type exportResult struct {
	File       string             `json:"file"`
	People     int                `json:"people"`
	NumberOnly int                `json:"number_only"`
	Statements int64              `json:"statements"`
	States     int64              `json:"states"`
	LeftOut    []homeward.LeftOut `json:"left_out"`
}

func (cmd *exportCommand) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	order := homeward.ExportOrder{Recipient: cmd.To, Purpose: cmd.Purpose, Key: cmd.Key}
	switch {
	case cmd.To == "" || cmd.Purpose == "" || cmd.Key == "" || cmd.Propose != (cmd.Approval == "") || cmd.Propose != (cmd.Out == ""):
		return errExportFlags
	case cmd.Propose:
		return cmd.propose(ctx, c, h, order)
	}
	made, err := h.Export(ctx, cmd.Approval, order, cmd.Out, c.progress("exporting"))
	if err != nil {
		return err
	}
	r := exportResult{File: cmd.Out, People: made.People, NumberOnly: made.Counted, Statements: made.Statements, States: made.States, LeftOut: made.LeftOut}
	return c.result(r, func(w io.Writer) { sayExported(w, r) })
}

func sayExported(w io.Writer, r exportResult) {
	fmt.Fprintf(w, "%d statements of %d people and %d states without a name written to %s, readable only with the recipient's identity\n",
		r.Statements, r.People, r.States, r.File)
	if r.NumberOnly > 0 {
		fmt.Fprintf(w, "%d people are in it as a number only\n", r.NumberOnly)
	}
	fmt.Fprintln(w, "the approval is used; not in the export are:")
	for _, l := range r.LeftOut {
		fmt.Fprintf(w, "  %8d  %s\n", l.N, l.What)
	}
}

func (cmd *exportCommand) propose(ctx context.Context, c *call, h *homeward.House, order homeward.ExportOrder) error {
	u, err := h.Access.UserNamed(ctx, cmd.As)
	if err != nil {
		return err
	}
	id, err := h.ProposeExport(ctx, u.ID, order, cmd.Reason)
	if err != nil {
		return err
	}
	return sayProposed(c, id)
}

func sayProposed(c *call, approval string) error {
	return c.result(map[string]string{"approval": approval}, func(w io.Writer) {
		fmt.Fprintf(w, "proposed; a coordinator approves it on the staff pages:\n\n    %s\n", approval)
	})
}
