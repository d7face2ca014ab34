package ledger

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"homeward/internal/db"
	"homeward/statement"
)

// pupil is a learner and how far it has heard the log.
type pupil struct {
	learner Learner
	next    int64
}

// AddLearner adds an index in memory. It learns what is already in the log at the
// next CatchUp.
func (l *Ledger) AddLearner(x Learner) {
	l.learning.Lock()
	defer l.learning.Unlock()
	l.pupils = append(l.pupils, &pupil{learner: x})
}

// hear tells a learner of a part of the log that ends before a place.
func (p *pupil) hear(told []statement.Recorded, end int64) {
	if len(told) > 0 {
		p.learner.Learn(told)
	}
	if gone := forgotten(told); len(gone) > 0 {
		p.learner.Forget(gone)
	}
	p.next = end
}

// forgotten are the records that acts of erasure name.
func forgotten(told []statement.Recorded) []string {
	var ids []string
	for _, r := range told {
		if r.Property == statement.ErasedSubject && r.ActKind == statement.ActErasure {
			ids = append(ids, r.Object)
		}
	}
	return ids
}

// tell has the learners hear what was just committed, and before it what other
// processes have committed. What cannot be read now is heard at the next CatchUp.
func (l *Ledger) tell(ctx context.Context, done written) {
	l.learning.Lock()
	defer l.learning.Unlock()
	behind := false
	for _, p := range l.pupils {
		switch {
		case p.next == done.first:
			p.hear(slices.Concat(done.recorded, done.changed), done.first+int64(len(done.recorded)))
		case p.next < done.first:
			behind = true
		}
	}
	if behind {
		_ = l.catchUp(context.WithoutCancel(ctx)) // the next CatchUp finds the same error
	}
}

// CatchUp ends what a crash interrupted, and tells the learners what they have not
// heard yet, also from other processes. Call it at unlocking, once followers and
// learners are added, and then every second or so (Watch).
func (l *Ledger) CatchUp(ctx context.Context) error {
	if l.unfinished.Load() {
		if err := l.finishErasures(ctx); err != nil {
			return err
		}
	}
	l.learning.Lock()
	defer l.learning.Unlock()
	return l.catchUp(ctx)
}

// lesson is a part of the log as it was read for the learners.
type lesson struct {
	told, changed []statement.Recorded
	end           int64
	err           error
}

// catchUp is CatchUp for one who holds learning. While learners hear one part of the
// log, the next is read and opened.
func (l *Ledger) catchUp(ctx context.Context) error {
	if len(l.pupils) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next := slices.MinFunc(l.pupils, func(a, b *pupil) int { return cmp.Compare(a.next, b.next) }).next
	lessons := make(chan lesson, 1)
	go l.readLessons(ctx, next, l.wanted(), lessons)
	for x := range lessons {
		if x.err != nil {
			return x.err
		}
		for _, p := range l.pupils {
			if p.next < x.end {
				news := slices.DeleteFunc(slices.Clone(x.told), func(r statement.Recorded) bool { return r.Index < p.next })
				p.hear(append(news, x.changed...), x.end)
			}
		}
	}
	return ctx.Err()
}

// readLessons reads the log from a place to its end, part after part.
func (l *Ledger) readLessons(ctx context.Context, next int64, wanted []statement.Property, lessons chan<- lesson) {
	defer close(lessons)
	for end, size := next, next+1; end < size; next = end {
		var x lesson
		x.err = l.read(ctx, func(ctx context.Context, v View) error {
			h, err := v.head(ctx)
			if err != nil {
				return err
			}
			if h.size < next {
				return ErrDamaged // somebody shortened the log, or put an older day back beneath us
			}
			size, end = h.size, min(next+step, h.size)
			if x.told, err = v.between(ctx, next, end, wanted...); err != nil {
				return err
			}
			x.changed, err = v.changed(ctx, edges(x.told), next)
			return err
		})
		x.end = end
		select {
		case lessons <- x:
		case <-ctx.Done():
			return
		}
		if x.err != nil {
			return
		}
	}
}

// wanted are the properties that the learners learn, and those that the ledger itself
// has to know of; none when a learner does not choose.
func (l *Ledger) wanted() (all []statement.Property) {
	for _, p := range l.pupils {
		choosy, ok := p.learner.(Choosy)
		if !ok {
			return nil
		}
		all = append(all, choosy.Wants()...)
	}
	all = append(all, statement.ErasedSubject, statement.WithdrawnAct, statement.WithdrawnStatement)
	slices.Sort(all)
	return slices.Compact(all)
}

// Watch catches up until ctx ends: as soon as another process gives notice that it
// has written, and in any case again and again, since a notice may be lost. fail is
// told of errors and may be nil.
func (l *Ledger) Watch(ctx context.Context, pause time.Duration, fail func(error)) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	woken := make(chan struct{}, 1)
	var listening sync.WaitGroup
	listening.Go(func() { l.listen(ctx, woken) })
	defer listening.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-woken:
		case <-ticker.C:
		}
		if err := l.CatchUp(ctx); err != nil && ctx.Err() == nil && fail != nil {
			fail(err)
		}
	}
}

// notices is the channel on which a process says that it has written, and its name,
// by which it knows its own voice.
const notices = "homeward_ledger"

// listenAgain is how long a process that cannot listen waits before it tries again.
// It is told of nothing: looking at the end of the log goes on.
const listenAgain = 10 * time.Second

// listen wakes whoever watches when another process has written.
func (l *Ledger) listen(ctx context.Context, woken chan<- struct{}) {
	for ctx.Err() == nil {
		_ = l.db.Listen(ctx, notices, func(who string) {
			if who == l.process {
				return
			}
			select {
			case woken <- struct{}{}:
			default: // it is being woken
			}
		})
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

// giveNotice wakes the other processes. One that is not reached looks by itself.
func (l *Ledger) giveNotice(ctx context.Context) { _ = l.db.Notify(ctx, notices, l.process) }

// Rebuild empties what every follower holds and has it follow the whole log again,
// in one transaction: whoever reads meanwhile sees the old tables. Here Withdrawn
// is what it is at the end, so that no statement comes twice. progress may be nil.
func (l *Ledger) Rebuild(ctx context.Context, progress func(done, total int64)) error {
	if err := l.takeTurn(ctx); err != nil {
		return err
	}
	defer l.endTurn()
	return l.db.WriteAlone(ctx, func(ctx context.Context, tx *db.Tx) error {
		h, err := l.lockHead(ctx, tx, statementsLog)
		if err != nil {
			return err
		}
		for _, f := range l.followers {
			if err := f.Reset(ctx, tx); err != nil {
				return err
			}
		}
		return l.followAll(ctx, tx, h.size, progress)
	})
}

// followAll has every follower follow a log of a size.
func (l *Ledger) followAll(ctx context.Context, tx *db.Tx, size int64, progress func(done, total int64)) error {
	for from := int64(0); from < size; from += step {
		told, err := l.In(tx).between(ctx, from, min(from+step, size))
		if err != nil {
			return err
		}
		if err := l.follow(ctx, tx, written{recorded: told}, nil); err != nil {
			return err
		}
		if progress != nil {
			progress(min(from+step, size), size)
		}
	}
	return nil
}

// Beside has every follower follow the whole log as Rebuild does, but into tables that
// lie beside those on the disk (db.DB.Shadow), and gives both to compare. Nobody waits for
// it, and nothing of it stays. tables are all that a follower may write.
func (l *Ledger) Beside(ctx context.Context, tables []string, progress func(done, total int64), compare func(ctx context.Context, tx *db.Tx, kept func(table string) string) error) error {
	return l.db.Shadow(ctx, tables, func(ctx context.Context, tx *db.Tx, kept func(string) string) error {
		h, err := l.In(tx).head(ctx)
		if err != nil {
			return err
		}
		if err := l.followAll(ctx, tx, h.size, progress); err != nil {
			return err
		}
		return compare(ctx, tx, kept)
	})
}
