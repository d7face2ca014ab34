package homeward

import (
	"context"
	"time"

	"homeward/internal/problem"
)

// How often the house looks by itself (docs/decisions/0006).
const (
	lookAtLedger  = 400 * time.Millisecond // what other processes appended: found within a second
	lookAtLocks   = time.Second            // whether another process was locked
	lookAtSpool   = time.Second            // what arrived at the door
	lookAtLetters = 15 * time.Minute       // whose day has passed
	lookAtIdle    = 30 * time.Second       // whether anybody is still there
	lookAtFiles   = 24 * time.Hour         // what a crash left behind in the store
)

// keepHouse does what the house does by itself, until ctx ends.
func (s *Server) keepHouse(ctx context.Context, h *House) {
	go h.Ledger.Watch(ctx, lookAtLedger, func(err error) {
		if ctx.Err() == nil {
			s.options.Log.Error("following the ledger", "error", problemCode(err))
		}
	})
	s.drain(ctx, h)
	s.markUnseen(ctx, h)
	s.lookAtLetters(ctx, h)
	spool, locks, letters, idle := time.NewTicker(lookAtSpool), time.NewTicker(lookAtLocks), time.NewTicker(lookAtLetters), time.NewTicker(lookAtIdle)
	files := time.NewTicker(lookAtFiles)
	defer files.Stop()
	defer spool.Stop()
	defer locks.Stop()
	defer letters.Stop()
	defer idle.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-spool.C:
			s.drain(ctx, h)
		case <-locks.C:
			s.lockWithOthers(ctx, h)
		case <-letters.C:
			s.lookAtLetters(ctx, h)
		case <-files.C:
			s.sweep(ctx, h)
		case <-idle.C:
			s.lockWhenIdle()
		}
	}
}

// drain brings what lies in the spool into the ledger. A report that cannot be
// brought in stays in the spool and is tried again.
func (s *Server) drain(ctx context.Context, h *House) {
	if h.Door.Waiting() == 0 {
		return
	}
	n, err := h.Intake.Drain(ctx)
	if err != nil && ctx.Err() == nil {
		s.options.Log.Error("reports wait in the spool", "drained", n, "error", problemCode(err))
	}
}

// markUnseen has those appeals wait for a person that were drained before a file that no
// page shows did.
func (s *Server) markUnseen(ctx context.Context, h *House) {
	if _, err := h.Intake.MarkUnseen(ctx); err != nil && ctx.Err() == nil {
		s.options.Log.Error("looking for files that no page shows", "error", problemCode(err))
	}
}

// lookAtLetters finds letters whose day has passed without an answer.
func (s *Server) lookAtLetters(ctx context.Context, h *House) {
	if _, err := h.Letters.Look(ctx); err != nil && ctx.Err() == nil {
		s.options.Log.Error("looking at the letters", "error", problemCode(err))
	}
}

// sweep removes blobs that belong to nothing: what was being written when a process
// was killed. A day's grace keeps what is just arriving.
func (s *Server) sweep(ctx context.Context, h *House) {
	before := h.Host.Now().Add(-lookAtFiles)
	_, err := h.Evidence.Sweep(ctx, before)
	if err == nil {
		_, err = h.blobs.Sweep(ctx, before)
	}
	if err != nil && ctx.Err() == nil {
		s.options.Log.Error("sweeping the store", "error", problemCode(err))
	}
}

// unseen is how many looks in a row may fail before the house is closed: a lock by
// another process that cannot be seen must not be ignored.
const unseen = 30

// lockWithOthers locks when the office was locked in another process, or when that
// cannot be known.
func (s *Server) lockWithOthers(ctx context.Context, h *House) {
	n, err := h.Vault.Locks(ctx)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		if h.blind++; h.blind < unseen {
			return
		}
		s.options.Log.Error("locking: the keyring cannot be reached", "error", problemCode(err))
	case n == h.locks:
		h.blind = 0
		return
	default:
		s.options.Log.Info("locking: the office was locked in another process")
	}
	s.closeBehind(false)
}

// closeBehind locks from the house's own work, for which locking waits.
func (s *Server) closeBehind(others bool) {
	go func() {
		if err := s.close(others); err != nil {
			s.options.Log.Error("locking", "error", problemCode(err))
		}
	}()
}

func (s *Server) lockWhenIdle() {
	after := s.options.LockAfter
	if after > 0 && s.office.Host.Now().Unix()-s.lastWork.Load() > int64(after/time.Second) {
		s.closeBehind(true)
	}
}

// problemCode gives the code of a problem, or the error itself: neither holds
// content.
func problemCode(err error) string {
	if p, ok := problem.As(err); ok {
		return p.Code
	}
	return err.Error()
}
