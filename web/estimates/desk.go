package estimatesweb

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"

	"homeward/estimate"
	"homeward/internal/problem"
)

// Desk holds the estimates that are worked out or were, in memory alone: counts and no
// names. One is put away half an hour after it was looked at, and all at the lock.
type Desk struct {
	mu     sync.Mutex
	all    map[string]*run
	closed bool
}

// What a desk holds, and how long an answer may take.
const (
	forAWhile  = 30 * time.Minute
	mostOnDesk = 24
	mostByOne  = 6
	atOnce     = 2 // that are being worked out
	longest    = 4 * time.Minute
)

// The problems of the desk.
var (
	ErrGone = problem.New(problem.NotFound, "estimates.gone",
		"this estimate is not here any more", "choose the lists again: an estimate is kept in memory for half an hour")
	ErrBusy = problem.New(problem.Conflict, "estimates.busy",
		"other estimates are being worked out", "wait a minute and ask again")
	ErrTooLong = problem.New(problem.Unavailable, "estimates.too_long",
		"the estimate took too long and was given up", "take fewer lists, or larger ones")
)

// run is one estimate.
type run struct {
	id, owner   string
	begun       time.Time
	lists       []listed
	step        string
	done, total int
	result      estimate.Result
	small       bool // some pattern has so few people that one could be picked out
	err         error
	ready       bool
	cancel      context.CancelFunc
	timer       *time.Timer
}

// chosen are the speakers whose lists it is over.
func (x run) chosen() (ids []string) {
	for _, l := range x.lists {
		ids = append(ids, l.Source)
	}
	return ids
}

// begin works an estimate out beside the request; ended closes when it is done.
func (d *Desk) begin(owner string, lists []listed, linked estimate.Linked) (id string, ended <-chan struct{}, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	working := 0
	for _, x := range d.all {
		if !x.ready {
			working++
		}
	}
	if d.closed || working >= atOnce {
		return "", nil, ErrBusy
	}
	d.makeRoom(owner)
	if d.all == nil {
		d.all = map[string]*run{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	x := &run{id: rand.Text(), owner: owner, begun: time.Now(), lists: lists, cancel: cancel}
	x.timer = time.AfterFunc(forAWhile, func() { d.away(x.id) })
	d.all[x.id] = x
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer cancel()
		d.work(ctx, x, linked)
	}()
	return x.id, done, nil
}

// makeRoom puts away the oldest of what is done, of one reader and of all.
func (d *Desk) makeRoom(owner string) {
	for {
		mine, all := 0, 0
		var oldest *run
		for _, x := range d.all {
			all++
			if x.owner == owner {
				mine++
			}
		}
		full := all >= mostOnDesk
		if mine < mostByOne && !full {
			return
		}
		for _, x := range d.all {
			if x.ready && (x.owner == owner || full) && (oldest == nil || x.begun.Before(oldest.begun)) {
				oldest = x
			}
		}
		if oldest == nil {
			return
		}
		oldest.timer.Stop()
		delete(d.all, oldest.id)
	}
}

func (d *Desk) work(ctx context.Context, x *run, linked estimate.Linked) {
	result, err := estimate.EstimateLinked(ctx, linked, estimate.Options{Progress: func(step string, done, total int) {
		d.mu.Lock()
		defer d.mu.Unlock()
		x.step, x.done, x.total = step, done, total
	}})
	if errors.Is(err, context.DeadlineExceeded) {
		err = ErrTooLong
	}
	small := hasSmall(linked)
	d.mu.Lock()
	defer d.mu.Unlock()
	x.result, x.small, x.err, x.ready = result, small, err, true
}

// get gives somebody's own estimate, and keeps it for another while.
func (d *Desk) get(owner, id string) (run, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	x := d.all[id]
	if x == nil || x.owner != owner {
		return run{}, ErrGone
	}
	x.timer.Reset(forAWhile)
	return *x, nil
}

// mine are somebody's estimates, the newest first.
func (d *Desk) mine(owner string) (out []run) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, x := range d.all {
		if x.owner == owner {
			out = append(out, *x)
		}
	}
	slices.SortFunc(out, func(a, b run) int { return b.begun.Compare(a.begun) })
	return out
}

func (d *Desk) away(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if x := d.all[id]; x != nil {
		x.cancel()
		x.timer.Stop()
		delete(d.all, id)
	}
}

// Wipe ends and puts away everything, at the lock.
func (d *Desk) Wipe() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, x := range d.all {
		x.cancel()
		x.timer.Stop()
		delete(d.all, id)
	}
	d.closed = true
}
