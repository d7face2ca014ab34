package ledger

import (
	"cmp"
	"context"
	"slices"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
)

// VerifyOptions say what else to compare with, and whom to tell.
type VerifyOptions struct {
	// Outside are checkpoints that somebody kept (printed, mailed). Those in
	// Options.Outside are compared with anyway.
	Outside []string
	// Databases are what the data and the keyring said of themselves, where they were
	// asked already; without, they are asked.
	Databases []db.Checkup
	// Evidence checks the files behind the statements; may be nil.
	Evidence func(ctx context.Context, progress func(done, total int64)) ([]Finding, error)
	// Progress is called now and then, by one goroutine at a time; may be nil.
	Progress func(done, total int64)
}

// Report is what a verification found.
type Report struct {
	LogID      string
	Epoch      int
	Entries    int64  // statements in the log
	Erased     int64  // of which forgotten, by acts of erasure
	Reads      int64  // entries of the log of reads
	Checkpoint string // the last one, a signed note
	Outside    int    // checkpoints from outside that were compared with
	Findings   []Finding
	More       int          // findings beyond those in the list
	Databases  []db.Checkup // the data and the keyring, as they were looked at
	Place      Place        // whether the last checkpoint is kept outside
	Rows       proof.Rows   // changes of watched rows that the checkpoints of this epoch have signed
	Keys       int64        // of the keyring, each of which was opened
	Looked     []Looked     // what was looked at beside the log, and what was left out
	Unread     error        // why damage kept the log from being read at all; then only Databases and Findings tell something
}

// Looked is something that a verification looks at beside the log: so many of it, or, with
// Left, none.
type Looked struct {
	What Scope
	N    int64
	Left bool
}

// Scope is what there is to look at.
type Scope string

// What lies beside the log. None of them says which: a finding does.
const (
	Files    Scope = "files"    // originals, each read to its end
	Spool    Scope = "spool"    // reports that wait, and those that were taken
	Computed Scope = "computed" // rows that follow from the log, computed again
	Watched  Scope = "watched"  // rows that follow from nothing: accounts, receipts (internal/db/guard)
	Passing  Scope = "passing"  // sessions, links, delays, proposals: never looked at
)

// maxFindings is how many findings a report lists; the others are counted.
const maxFindings = 1000

// Verify reads the whole log and compares every row with what was committed to
// and signed. It finds; it changes nothing. All of it is read at one moment.
//
// What is taken for true, in this order: the office's key; what opens under it and
// fits its commitment; the hashes that a signed checkpoint holds together. So a
// finding names the row that does not fit the others, and not the others.
func (l *Ledger) Verify(ctx context.Context, o VerifyOptions) (Report, error) {
	v := &verification{l: l, o: o, erased: map[int64]bool{}, unread: map[string]bool{}, unreadPlaces: map[int64]bool{}, gone: map[string]bool{}, opens: map[string]*opening{}}
	v.report.LogID = l.logID
	l.vault.Reread() // what this process remembers of keys proves nothing of the keyring
	if err := v.lookOutside(ctx); err != nil {
		return Report{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	asked := make(chan error, 1)
	go func() { asked <- v.askDatabases(ctx) }() // beside the reading, which keeps one core busy
	ran := false
	err := l.read(ctx, func(ctx context.Context, view View) error {
		err := v.run(ctx, view)
		ran = err == nil
		return err
	})
	if err != nil && !(ran && v.torn) { // damage may end the transaction of a reader
		cancel()
		<-asked
		return Report{}, err
	}
	if err := <-asked; err != nil {
		return Report{}, err
	}
	v.findDamage()
	if o.Evidence != nil {
		found, err := o.Evidence(ctx, o.Progress)
		if isDamage(err) {
			found, err = append(found, Found(Damaged, "files", "", -1, "file_unread")), nil
		}
		if err != nil {
			return Report{}, err
		}
		for _, f := range found {
			v.find(f)
		}
	}
	slices.SortStableFunc(v.report.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Index, b.Index))
	})
	return v.report, nil
}

// lookOutside reads what is kept outside, before the moment that is verified: so nothing
// there is newer than the log, however much is being recorded.
func (v *verification) lookOutside(ctx context.Context) error {
	v.report.Place, v.places = Nowhere, map[int64]outsideNow{}
	if v.l.outside == nil {
		return nil
	}
	if err := v.l.outside.wait(ctx); ctx.Err() != nil {
		return err
	}
	for _, log := range []int64{statementsLog, readsLog} {
		var now outsideNow
		now.last, now.note, now.err = v.l.outsideCheckpoint(log)
		v.places[log] = now
	}
	return nil
}

// verification is one run of Verify.
type verification struct {
	l      *Ledger
	o      VerifyOptions
	view   View
	report Report

	keys  map[int64]proof.Key // by log: what checkpoints are checked with
	heads map[int64]ledgersql.HeadsRow
	// places are what is kept outside, by log.
	places map[int64]outsideNow

	done, total int64

	erased  map[int64]bool      // places that acts of erasure name
	gone    map[string]bool     // records that they name
	absent  []int64             // places without a statement
	keyless []place             // places whose key is not there
	closed  []place             // places that do not open
	opens   map[string]*opening // records by the statements that open them
	edges   []edge              // withdrawals, by the statements
	pending bool                // an erasure was begun and not ended

	unread       map[string]bool // tables of which something could not be read, by their names
	unreadPlaces map[int64]bool  // places of the log of statements that could not be read
	halved       int             // readings that failed by damage
	torn         bool            // reading failed by damage: the transaction may be over
}

// place is a statement's row and what it is sealed with.
type place struct {
	idx    int64
	id     string
	key    string
	sealed []byte
}

// find notes a finding.
func (v *verification) find(f Finding) {
	if len(v.report.Findings) == maxFindings {
		v.report.More++
		return
	}
	v.report.Findings = append(v.report.Findings, f)
}

// say is find in one line.
func (v *verification) say(kind FindingKind, table, id string, index int64, code string, args ...any) {
	v.find(Found(kind, table, id, index, code, args...))
}

func (v *verification) progress(n int64) {
	v.done += n
	if v.o.Progress != nil {
		v.o.Progress(v.done, v.total)
	}
}

func (v *verification) run(ctx context.Context, view View) error {
	v.view = view
	if err := v.readHeads(ctx); err != nil {
		return err
	}
	logs := map[int64]*logCheck{}
	for _, log := range []int64{statementsLog, readsLog} {
		c, err := v.checkpoints(ctx, log)
		if err != nil {
			return err
		}
		logs[log] = c
		v.total += c.size
	}
	for _, log := range []int64{statementsLog, readsLog} {
		if err := v.entries(ctx, logs[log]); err != nil {
			return err
		}
		logs[log].judge(v)
	}
	v.report.Entries, v.report.Reads = logs[statementsLog].size, logs[readsLog].size
	for _, step := range []func(context.Context) error{v.checkPending, v.checkRecords, v.checkWithdrawals} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	v.checkAbsent()
	if err := v.checkKeys(ctx); err != nil {
		return err
	}
	if err := v.checkClosed(ctx); err != nil {
		return err
	}
	return v.strays(ctx, logs[statementsLog].size, logs[readsLog].size)
}
