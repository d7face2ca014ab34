package ledger

import (
	"cmp"
	"context"
	"slices"

	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
)

// Finding is one thing that Verify found to be other than it was recorded.
type Finding struct {
	Kind  FindingKind
	Table string
	ID    string // of the statement, the record or the file; "" where the row has none
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
	Resealed   FindingKind = "resealed"     // sealed anew, by somebody who had the key, with other content
	RolledBack FindingKind = "rolled_back"  // the log is behind what was signed
	Forked     FindingKind = "forked"       // the log is not the one that was signed
	KeyGone    FindingKind = "key_gone"     // the key is missing, and no act of erasure says why
	OutOfOrder FindingKind = "out_of_order" // its time contradicts its place
)

// VerifyOptions say what else to compare with, and whom to tell.
type VerifyOptions struct {
	// Outside are checkpoints that somebody kept (printed, mailed). Those in
	// Options.Outside are compared with anyway.
	Outside []string
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
	More       int // findings beyond those in the list
}

// maxFindings is how many findings a report lists; the others are counted.
const maxFindings = 1000

// Verify reads the whole log and compares every row with what was committed to
// and signed. It finds; it changes nothing. All of it is read at one moment.
//
// What is taken for true, in this order: the office's key; what opens under it and
// fits its commitment; the hashes that a signed checkpoint holds together. So a
// finding names the row that does not fit the others, and not the others.
func (l *Ledger) Verify(ctx context.Context, o VerifyOptions) (Report, error) {
	v := &verification{l: l, o: o, erased: map[int64]bool{}, gone: map[string]bool{}, opens: map[string]*opening{}}
	v.report.LogID = l.logID
	err := l.read(ctx, v.run)
	if err != nil {
		return Report{}, err
	}
	if o.Evidence != nil {
		found, err := o.Evidence(ctx, o.Progress)
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

// verification is one run of Verify.
type verification struct {
	l      *Ledger
	o      VerifyOptions
	view   View
	report Report

	keys  map[int64]proof.Key // by log: what checkpoints are checked with
	heads map[int64]ledgersql.HeadsRow

	done, total int64

	erased  map[int64]bool      // places that acts of erasure name
	gone    map[string]bool     // records that they name
	absent  []int64             // places without a statement
	keyless []place             // places whose key is not there
	closed  []place             // places that do not open
	opens   map[string]*opening // records by the statements that open them
	edges   []edge              // withdrawals, by the statements
	pending bool                // an erasure was begun and not ended
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
func (v *verification) say(kind FindingKind, table, id string, index int64, what string) {
	v.find(Finding{Kind: kind, Table: table, ID: id, Index: index, What: what})
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
	if err := v.checkClosed(ctx); err != nil {
		return err
	}
	return v.strays(ctx, logs[statementsLog].size, logs[readsLog].size)
}
