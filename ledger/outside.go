package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
)

// This file keeps the last checkpoint of each log outside the office's folder. The
// rules are:
//
//   - A checkpoint is a file of its own, named by log, epoch and size, and renamed
//     into place; then the older ones go. So of two processes that write at once
//     the newer wins, whoever is last: nothing newer is ever overwritten.
//   - It is written after the commit and in the background. That the place is not
//     there stops nobody from recording, but everybody can see it (Outside).
//   - A checkpoint of the same size with another root is a fork. From then on
//     nothing is recorded.

// outsideName gives the name of a checkpoint's file. Names sort as checkpoints do.
func outsideName(log int64, epoch int, size int64) string {
	return fmt.Sprintf("%s%08d-%016d.checkpoint", outsidePrefix(log), epoch, size)
}

func outsidePrefix(log int64) string {
	if log == readsLog {
		return "reads-"
	}
	return "statements-"
}

// maxOutside bounds what is read from a file that anybody may have written.
const maxOutside = 1 << 16

// keeper writes checkpoints into a folder, the last of each log.
type keeper struct {
	place host.Dir
	name  string // of the log's folder in the place

	mu      sync.Mutex
	waiting map[int64]string // guarded by mu; notes not written yet
	running chan struct{}    // guarded by mu; closed when the writer ends, nil when none runs
	err     error            // guarded by mu; why the last one is not there
	forked  func()
}

func newKeeper(place host.Dir, logID string) *keeper {
	return &keeper{place: place, name: logID, waiting: map[int64]string{}, forked: func() {}}
}

// keepOutside has a checkpoint kept; it does not wait.
func (l *Ledger) keepOutside(log int64, note string) {
	k := l.outside
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.waiting[log] = note
	if k.running == nil {
		k.running = make(chan struct{})
		go k.run(map[int64]proof.Key{statementsLog: l.verifier(statementsLog), readsLog: l.verifier(readsLog)}, k.running)
	}
}

// run writes what waits, until nothing does.
func (k *keeper) run(keys map[int64]proof.Key, done chan struct{}) {
	defer close(done)
	for {
		k.mu.Lock()
		notes := k.waiting
		if len(notes) == 0 {
			k.running = nil
			k.mu.Unlock()
			return
		}
		k.waiting = map[int64]string{}
		k.mu.Unlock()
		var err error
		for log, note := range notes {
			err = errors.Join(err, k.keep(log, note, keys[log]))
		}
		if errors.Is(err, ErrRolledBack) {
			k.forked()
		}
		k.mu.Lock()
		k.err = err
		k.mu.Unlock()
	}
}

// keep writes one checkpoint, unless a newer one is there.
func (k *keeper) keep(log int64, note string, key proof.Key) error {
	c, err := proof.Open(note, key)
	if err != nil {
		return ErrDamaged.Wrap(err)
	}
	dir, err := k.place.Sub(k.name)
	if err != nil {
		return ErrOutside.Wrap(err)
	}
	defer dir.Close() //nolint:errcheck // only read from and renamed in; Sync has spoken
	last, _, err := lastOutside(dir, log, key)
	if err != nil && !errors.Is(err, errForeign) {
		return ErrOutside.Wrap(err)
	}
	switch {
	case last == nil || older(*last, c):
	case last.Size == c.Size && last.Epoch == c.Epoch && last.Root != c.Root:
		return ErrRolledBack
	default:
		return nil
	}
	if err := host.WriteFile(dir, outsideName(log, c.Epoch, c.Size), []byte(note)); err != nil {
		return ErrOutside.Wrap(err)
	}
	return removeOlder(dir, log, c)
}

// older says whether a was signed before b.
func older(a, b proof.Checkpoint) bool {
	return a.Epoch < b.Epoch || a.Epoch == b.Epoch && a.Size < b.Size
}

func removeOlder(dir host.Dir, log int64, c proof.Checkpoint) error {
	names, err := dir.List()
	if err != nil {
		return ErrOutside.Wrap(err)
	}
	newest := outsideName(log, c.Epoch, c.Size)
	for _, name := range names {
		if strings.HasPrefix(name, outsidePrefix(log)) && name < newest {
			if err := dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return ErrOutside.Wrap(err)
			}
		}
	}
	return nil
}

// errForeign says that a file lies outside that this log did not sign.
var errForeign = errors.New("ledger: a checkpoint outside is not signed by this log")

// lastOutside gives the newest checkpoint that the log signed, nil when there is
// none, and its note. errForeign comes beside it.
func lastOutside(dir host.Dir, log int64, key proof.Key) (last *proof.Checkpoint, note string, err error) {
	names, err := dir.List()
	if err != nil {
		return nil, "", err
	}
	var foreign error
	for _, name := range names {
		if !strings.HasPrefix(name, outsidePrefix(log)) || !strings.HasSuffix(name, ".checkpoint") {
			continue
		}
		data, err := host.ReadFile(dir, name, maxOutside)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process has put a newer one there
		}
		if err != nil {
			return nil, "", err
		}
		c, err := proof.Open(string(data), key)
		if err != nil {
			foreign = errForeign
			continue
		}
		if last == nil || older(*last, c) {
			last, note = &c, string(data)
		}
	}
	return last, note, foreign
}

// outsideCheckpoint reads what is kept outside of a log.
func (l *Ledger) outsideCheckpoint(log int64) (*proof.Checkpoint, string, error) {
	dir, err := l.outside.place.Sub(l.outside.name)
	if err != nil {
		return nil, "", err
	}
	defer dir.Close() //nolint:errcheck // only read from
	return lastOutside(dir, log, l.verifier(log))
}

// compareOutside notices, at opening, that the database is behind what was signed.
// That the place cannot be read is shown and stops nobody.
func (l *Ledger) compareOutside(ctx context.Context) error {
	l.outside.forked = func() { l.refuse(ErrRolledBack) }
	for _, log := range []int64{statementsLog, readsLog} {
		last, _, err := l.outsideCheckpoint(log)
		if err != nil {
			l.outside.fail(ErrOutside.Wrap(err))
		}
		if last == nil {
			continue
		}
		err = l.read(ctx, func(ctx context.Context, v View) error { return v.extends(ctx, log, *last) })
		switch {
		case errors.Is(err, ErrRolledBack):
			l.refuse(ErrRolledBack)
		case errors.Is(err, ErrDamaged):
			l.refuse(ErrDamaged)
		case err != nil:
			return err
		}
	}
	return nil
}

// extends says whether the log still begins with what a checkpoint holds. One of
// an epoch before the last restoration is left to Verify.
func (v View) extends(ctx context.Context, log int64, c proof.Checkpoint) error {
	h, err := v.headOf(ctx, log)
	if err != nil {
		return err
	}
	if c.Epoch < h.epoch {
		return nil
	}
	if c.Epoch > h.epoch || c.Size > h.size {
		return ErrRolledBack
	}
	f, err := v.l.readFrontier(ctx, v.tx, log, c.Size)
	if err != nil {
		return err
	}
	if f.root() != c.Root {
		return ErrRolledBack
	}
	return nil
}

// Place says how it stands with the last checkpoint outside the folder.
type Place string

// The states of the place outside, the worse ones last.
const (
	Nowhere Place = "none"    // no place was named
	Kept    Place = "kept"    // the last checkpoint of both logs is there
	Behind  Place = "behind"  // what is there is older
	Missing Place = "missing" // nothing is there, or it cannot be read
)

// worse gives the worse of two states.
func worse(a, b Place) Place {
	order := []Place{Nowhere, Kept, Behind, Missing}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// outsideNow is what lies outside of one log.
type outsideNow struct {
	last *proof.Checkpoint // nil when nothing is there that the log signed
	note string
	err  error // of reading it
}

// beside says how what lies outside stands to the last checkpoint of the log.
func (n outsideNow) beside(last proof.Checkpoint) Place {
	switch {
	case n.err != nil && !errors.Is(n.err, errForeign), n.last == nil && last.Size > 0:
		return Missing
	case n.last != nil && older(*n.last, last):
		return Behind
	}
	return Kept
}

// Outside says how it stands with the last checkpoint outside, after what is being
// written. Beside a place that is named and behind stands why: ErrOutside when it could
// not be written, ErrRolledBack when another history lies there.
func (l *Ledger) Outside(ctx context.Context) (Place, error) {
	if l.outside == nil {
		return Nowhere, nil
	}
	why := l.outside.wait(ctx)
	if _, known := problem.As(why); why != nil && !known {
		return Missing, why // the caller gave up
	}
	place := Kept
	for _, log := range []int64{statementsLog, readsLog} {
		last, err := l.lastSigned(ctx, log)
		if err != nil {
			return Missing, err
		}
		var now outsideNow
		now.last, now.note, now.err = l.outsideCheckpoint(log)
		place = worse(place, now.beside(last))
	}
	if place == Kept && errors.Is(why, ErrOutside) {
		why = nil // another process has kept it since
	}
	if place != Kept && why == nil {
		why = ErrOutside
	}
	return place, why
}

// lastSigned gives the last checkpoint that the log itself holds.
func (l *Ledger) lastSigned(ctx context.Context, log int64) (c proof.Checkpoint, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		row, err := ledgersql.New(v.tx).LastCheckpoint(ctx, ledgersql.LastCheckpointParams{OfficeID: l.office, Log: log})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if c, err = proof.Open(row.Note, l.verifier(log)); err != nil {
			return ErrDamaged.Wrap(err)
		}
		return err
	})
	return c, err
}

func (k *keeper) wait(ctx context.Context) error {
	for {
		k.mu.Lock()
		running, err := k.running, k.err
		k.mu.Unlock()
		if running == nil {
			return err
		}
		select {
		case <-running:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (k *keeper) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.err = err
}

// close waits until nothing is being written.
func (k *keeper) close() error { return k.wait(context.Background()) }
