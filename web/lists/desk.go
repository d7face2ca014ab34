package listsweb

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"

	"homeward/internal/problem"
	"homeward/match"
	"homeward/register"
)

// Desk holds the lists that somebody is looking at, in memory alone. A list is put
// away when its reader says so, when nobody has looked at it for a while, and when
// the house is locked; putting away overwrites its bytes.
type Desk struct {
	mu     sync.Mutex
	all    map[string]*look
	closed bool
}

// What a desk holds.
const (
	forAWhile   = 30 * time.Minute // without a look
	mostOnDesk  = 12
	mostByOne   = 3
	mostOfAList = 24 << 20 // bytes
	mostRows    = 20_000
)

// The problems of the desk.
var (
	ErrAway = problem.New(problem.NotFound, "lists.gone",
		"this list is not on the desk any more", "choose the file again: a list that is only looked at is kept for half an hour in the memory of the process that took it; one kept as evidence can be compared through every process")
	ErrFull = problem.New(problem.Conflict, "lists.full",
		"too many lists are being looked at", "put one of yours away, or wait until a colleague does")
	ErrTooBig = problem.New(problem.Invalid, "lists.too_big",
		"the list is too big to be looked at", "divide it; a list of at most 24 MB and 20,000 rows can be compared here")
)

// look is a list that is being looked at.
type look struct {
	id, owner, name string
	file            string // under which it is kept as evidence, "" when it is not
	data            []byte
	timer           *time.Timer

	mapping     *register.Mapping // nil guesses
	plan        *register.Plan
	rows        []match.Compared
	done, total int
	err         error
	ready       bool
	turn        int // of the comparison: an older one that ends later is dropped
}

// put lays a list on the desk.
func (d *Desk) put(owner, name, file string, data []byte) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	mine := 0
	for _, l := range d.all {
		if l.owner == owner {
			mine++
		}
	}
	if d.closed || len(d.all) >= mostOnDesk || mine >= mostByOne {
		return "", ErrFull
	}
	if d.all == nil {
		d.all = map[string]*look{}
	}
	l := &look{id: rand.Text(), owner: owner, name: name, file: file, data: data}
	l.timer = time.AfterFunc(forAWhile, func() { d.away(l.id) })
	d.all[l.id] = l
	return l.id, nil
}

// get gives somebody's own list as it stands, and keeps it for another while. Those
// of colleagues are not there.
func (d *Desk) get(owner, id string) (look, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.all[id]
	if l == nil || l.owner != owner {
		return look{}, ErrAway
	}
	l.timer.Reset(forAWhile)
	return *l, nil
}

// mine are somebody's lists on the desk.
func (d *Desk) mine(owner string) (out []look) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.all {
		if l.owner == owner {
			out = append(out, *l)
		}
	}
	slices.SortFunc(out, func(a, b look) int { return cmp.Compare(a.name+a.id, b.name+b.id) })
	return out
}

// change changes a list that is still there.
func (d *Desk) change(id string, fn func(l *look)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.all[id]; l != nil {
		fn(l)
	}
}

// away puts a list away. A comparison that is under way reads a copy of its own
// (see bytesOf), so that nothing is read while it is overwritten.
func (d *Desk) away(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.all[id]; l != nil {
		l.timer.Stop()
		clear(l.data)
		delete(d.all, id)
	}
}

// Wipe puts everything away, at the lock.
func (d *Desk) Wipe() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, l := range d.all {
		l.timer.Stop()
		clear(l.data)
		delete(d.all, id)
	}
	d.closed = true
}

// bytesOf gives a copy of a list's bytes.
func (d *Desk) bytesOf(id string) ([]byte, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.all[id]
	if l == nil {
		return nil, false
	}
	return slices.Clone(l.data), true
}

// compare reads a list and holds it against the register, beside the request that
// asked for it.
func (p Pages) compare(ctx context.Context, id string) {
	data, ok := p.Desk.bytesOf(id)
	if !ok {
		return
	}
	defer clear(data)
	var m *register.Mapping
	var turn int
	p.Desk.change(id, func(l *look) {
		l.turn++
		turn, m = l.turn, l.mapping
		l.ready, l.err, l.rows, l.plan, l.done, l.total = false, nil, nil, nil, 0, 0
	})
	put := func(fn func(l *look)) {
		p.Desk.change(id, func(l *look) {
			if l.turn == turn {
				fn(l)
			}
		})
	}
	plan, err := p.Register.Plan(ctx, listOf(data), m)
	put(func(l *look) { l.plan = plan })
	var rows []match.Compared
	if err == nil {
		rows, err = p.against(ctx, plan, func(done, total int) { put(func(l *look) { l.done, l.total = done, total }) })
	}
	put(func(l *look) { l.rows, l.err, l.ready = rows, err, true })
}

var errEnough = errors.New("listsweb: enough rows")

func (p Pages) against(ctx context.Context, plan *register.Plan, progress func(done, total int)) ([]match.Compared, error) {
	var rows []register.Row
	err := plan.Each(ctx, func(r register.Row) error {
		if len(rows) == mostRows {
			return errEnough
		}
		rows = append(rows, r)
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil, ErrTooBig
	}
	if err != nil {
		return nil, err
	}
	progress(0, len(rows))
	return p.People.Compare(ctx, rows, func(done int) { progress(done, len(rows)) })
}
