package homeward

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"homeward/internal/host"
)

// Forgetting somebody destroys her keys and removes her files before it is answered:
// from then on nothing of her can be read. What the database has deleted still lies in
// its files, sealed, until they are rebuilt. That takes as long as the database is
// large, so it is done behind the answer, and is owed until it is done: a file in the
// office's folder says so, also to the next start after the process died. While it is
// owed, the first page of the working day says that too, and says when it failed.

// scrubFile stands in the office's folder while deleted bytes wait to be overwritten.
const scrubFile = "scrub-owed"

// againAfter is how long after a failure it is tried again.
const againAfter = 15 * time.Minute

// scrubbing is how it stands with the deleted bytes.
type scrubbing struct {
	doing sync.Mutex // held while it is done

	mu     sync.Mutex
	owed   bool
	failed bool
	wake   chan struct{}
}

// learnScrub finds out whether an earlier process owed it.
func (h *House) learnScrub(context.Context) error {
	h.scrub.wake = make(chan struct{}, 1)
	_, err := host.ReadFile(h.dir, scrubFile, 1)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		h.scrub.owe()
	}
	return err
}

// oweScrub writes down that deleted bytes are to be overwritten, before there are any.
func (h *House) oweScrub() error {
	h.scrub.doing.Lock() // or what is being done now would take the file away
	defer h.scrub.doing.Unlock()
	if err := host.WriteFile(h.dir, scrubFile, nil); err != nil {
		return err
	}
	h.scrub.owe()
	return nil
}

func (s *scrubbing) owe() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owed = true
	select {
	case s.wake <- struct{}{}:
	default: // it is on its way
	}
}

// Scrub overwrites deleted bytes in the database's files when that is owed. Doing it
// again is harmless.
func (h *House) Scrub(ctx context.Context) error {
	h.scrub.doing.Lock()
	defer h.scrub.doing.Unlock()
	h.scrub.mu.Lock()
	owed := h.scrub.owed
	h.scrub.mu.Unlock()
	if !owed {
		return nil
	}
	err := h.overwrite(ctx)
	h.scrub.mu.Lock()
	defer h.scrub.mu.Unlock()
	if h.scrub.failed = err != nil && ctx.Err() == nil; err == nil {
		h.scrub.owed = false
	}
	return err
}

// overwrite does it. The keyring did its own when the keys went; it is done once more
// for a process that died in between, and so are the originals of all that was ever
// forgotten: which of them the process had not come to, only their absence would say.
func (h *House) overwrite(ctx context.Context) error {
	if err := errors.Join(h.Keyring.Scrub(ctx), h.DB.Scrub(ctx)); err != nil {
		return err
	}
	erasures, err := h.Vault.Erasures(ctx)
	if err != nil {
		return err
	}
	for _, e := range erasures {
		if err := h.Evidence.Discard(ctx, e.Records...); err != nil {
			return err
		}
	}
	if _, err := h.Evidence.Sweep(ctx, h.Host.Now().Add(-lookAtFiles)); err != nil {
		return err
	}
	if err := h.dir.Remove(scrubFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return h.dir.Sync()
}

// state says whether deleted bytes wait to be overwritten, and whether that failed.
func (s *scrubbing) state() (owed, failed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.owed, s.failed
}

// keepScrubbed overwrites deleted bytes whenever that is owed, until ctx ends.
func (s *Server) keepScrubbed(ctx context.Context, h *House) {
	again := time.NewTicker(againAfter)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.scrub.wake:
		case <-again.C:
		}
		if err := h.Scrub(ctx); err != nil && ctx.Err() == nil {
			s.options.Log.Error("deleted bytes are not overwritten yet", "error", problemCode(err))
		}
	}
}
