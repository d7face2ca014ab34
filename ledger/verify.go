package ledger

import "context"

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

// Verify reads the whole log and compares every row with what was committed to
// and signed. It finds; it changes nothing.
func (l *Ledger) Verify(ctx context.Context, o VerifyOptions) (Report, error) {
	return Report{}, ErrDamaged
}
