package homeward

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"homeward/internal/problem"
	"homeward/vault"
)

// Server is the running program: one office, locked or not, behind two surfaces.
//
// The rules are:
//
//   - The public surface is one for as long as the process lives: a report that is
//     arriving when the office is locked goes on arriving (docs/decisions/0087). What
//     it asks of an open house it asks through Within.
//   - A staff request belongs to the house it began in. Locking waits for the requests
//     in flight, cuts off those that take too long, and only then closes; whoever is
//     cut off or comes too late is told so by the pages of the locked office.
//   - After a lock the process replaces itself (Replace): no program can promise
//     that it has overwritten every copy of a key.
type Server struct {
	office  *Office
	options ServerOptions

	public http.Handler
	staff  switchboard

	mu    sync.Mutex              // held while locking or unlocking
	rooms atomic.Pointer[tenancy] // the house that is open; nil while locked
	// away is the staff surface of the locked office.
	away http.Handler
	// lastWork is when a staff page was last asked for, in Unix seconds.
	lastWork atomic.Int64
}

// ServerOptions say how a Server meets the world.
type ServerOptions struct {
	Log *slog.Logger
	// PublicPlain and StaffPlain say that a surface is reached over plain http,
	// which only this machine itself may do.
	PublicPlain, StaffPlain bool
	// Proxies may say whom they ask for.
	Proxies []netip.Prefix
	// Indexed lets search engines list the public start page.
	Indexed bool
	// LockAfter locks when no staff page was asked for so long; 0 means never.
	LockAfter time.Duration
	// Replace ends this process image and starts a locked one in its place. It is
	// called when the house is closed; nil leaves the process as it is, for tests
	// that look at everything but memory.
	Replace func() error
}

// ErrUnlocked says that there is nothing to unlock.
var ErrUnlocked = problem.New(problem.Conflict, "office.unlocked", "The office is unlocked already", "")

// ErrOfficeLocked says that a deed needs the office unlocked.
var ErrOfficeLocked = problem.New(problem.Locked, "office.locked",
	"The office is locked", "unlock it with 'homeward unlock' or on the staff pages")

// graceOfLock is how long requests in flight may go on when the house is locked.
const graceOfLock = 5 * time.Second

// NewServer makes the server of a locked office.
func NewServer(o *Office, options ServerOptions) (*Server, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{office: o, options: options}
	s.lastWork.Store(o.Host.Now().Unix())
	if err := s.openSurfaces(); err != nil {
		return nil, err
	}
	s.staff.set(s.away)
	return s, nil
}

// Public answers the public listener, Staff the staff's.
func (s *Server) Public() http.Handler { return s.public }

// Staff answers the staff listener.
func (s *Server) Staff() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.lastWork.Store(s.office.Host.Now().Unix())
		s.staff.ServeHTTP(w, r)
	})
}

// Locked says whether the office is locked.
func (s *Server) Locked() bool { return s.rooms.Load() == nil }

// House gives the open house; ErrOfficeLocked when it is locked. It may be locked at
// any moment: what is done in it is done with Within.
func (s *Server) House() (*House, error) {
	if t := s.rooms.Load(); t != nil {
		return t.house, nil
	}
	return nil, ErrOfficeLocked
}

// Within does something in the open house, which is not closed meanwhile: ctx ends
// when locking does not wait any longer. ErrOfficeLocked when the office is locked,
// or was locked before the work was done.
func (s *Server) Within(ctx context.Context, do func(ctx context.Context, h *House) error) (err error) {
	t := s.rooms.Load()
	if t == nil || !t.enter(ctx, func(ctx context.Context) {
		if err = do(ctx, t.house); err != nil && errors.Is(context.Cause(ctx), ErrOfficeLocked) {
			err = ErrOfficeLocked.Wrap(err)
		}
	}) {
		return ErrOfficeLocked
	}
	return err
}

// Unlock opens the house, drains what arrived while it was locked, and opens the
// staff pages.
func (s *Server) Unlock(ctx context.Context, opener vault.Opener) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.Locked() {
		return ErrUnlocked
	}
	h, err := s.office.Unlock(ctx, opener)
	if err != nil {
		return err
	}
	return s.move(h)
}

// Adopt opens the pages of a house that is unlocked already, such as one just made.
func (s *Server) Adopt(h *House) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.Locked() {
		return ErrUnlocked
	}
	return s.move(h)
}

// move lets a house be used: its pages, and what it does by itself.
func (s *Server) move(h *House) error {
	rooms := newTenancy(h)
	staff, err := s.openPages(h)
	if err != nil {
		return errors.Join(err, h.Lock())
	}
	s.rooms.Store(rooms)
	rooms.work.Go(func() { s.keepHouse(rooms.ctx, h) })
	rooms.work.Go(func() { s.keepScrubbed(rooms.ctx, h) })
	rooms.work.Go(func() { s.keepMatched(rooms.ctx, h) })
	s.staff.set(rooms.wrap(staff, s.away))
	s.options.Log.Info("the office is unlocked")
	return nil
}

// Lock closes the house, and tells the other processes of the office to do the same.
// It returns when the pages show the locked office; the closing itself goes on behind
// the answer, for the button's own request has to be answered too. Locking what is
// locked is no error.
func (s *Server) Lock(context.Context) error { return s.close(true) }

// close locks. others says whether the other processes are to lock too.
func (s *Server) close(others bool) error {
	s.mu.Lock()
	rooms := s.rooms.Load()
	if rooms == nil {
		s.mu.Unlock()
		return nil
	}
	s.rooms.Store(nil)
	s.staff.set(s.away)
	go func() {
		defer s.mu.Unlock() // nobody unlocks before the old house is closed
		s.closeHouse(rooms, others)
	}()
	return nil
}

// closeHouse ends what is in flight, closes the house and replaces the process. Work
// that does not end when it is told to keeps its keys and handles, for a key that is
// wiped under a seal being made would seal with nothing; it ends with the image.
func (s *Server) closeHouse(rooms *tenancy, others bool) {
	h := rooms.house
	if others {
		ctx, cancel := context.WithTimeout(context.Background(), graceOfLock)
		if err := h.Vault.CountLock(ctx); err != nil {
			s.options.Log.Error("telling the other processes to lock", "error", problemCode(err))
		}
		cancel()
	}
	if ended := rooms.end(graceOfLock); !inTime(ended, graceOfLock) {
		s.options.Log.Error("locking: some work does not end; it is cut off with the process")
		if s.options.Replace == nil {
			<-ended
		} else {
			s.replace()
			<-ended // the image could not be replaced
		}
	}
	if err := h.Lock(); err != nil {
		s.options.Log.Error("closing the office", "error", problemCode(err))
	}
	s.options.Log.Info("the office is locked")
	s.replace()
}

// replace puts a locked image in the place of this one, and does not return.
func (s *Server) replace() {
	if s.options.Replace == nil {
		return
	}
	if err := s.options.Replace(); err != nil {
		s.options.Log.Error("the process could not replace itself; end it", "error", err)
	}
}

// Settled waits until a lock that has begun is done.
func (s *Server) Settled() {
	s.mu.Lock()
	//lint:ignore SA2001 waiting is the purpose
	s.mu.Unlock()
}

// Close locks this process without replacing it, and waits.
func (s *Server) Close() error {
	s.options.Replace = nil
	err := s.close(false)
	s.Settled()
	return err
}

// tenancy is one time that the house is open: its requests and its own work.
type tenancy struct {
	house  *House
	ctx    context.Context
	cancel context.CancelFunc
	busy   sync.RWMutex // held for reading by every request
	work   sync.WaitGroup
}

func newTenancy(h *House) *tenancy {
	t := &tenancy{house: h}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// enter does something while the house is open, with a context that ends when
// locking does not wait any longer. It says no when the house is closing already.
func (t *tenancy) enter(ctx context.Context, do func(context.Context)) bool {
	t.busy.RLock()
	defer t.busy.RUnlock()
	if t.ctx.Err() != nil {
		return false
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer context.AfterFunc(t.ctx, func() { cancel(ErrOfficeLocked) })()
	defer cancel(nil)
	do(ctx)
	return true
}

// wrap ties a request to the tenancy. Whoever comes as the door closes is answered
// by the locked office.
func (t *tenancy) wrap(next, away http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inside := t.enter(r.Context(), func(ctx context.Context) {
			defer context.AfterFunc(ctx, func() {
				if t.ctx.Err() != nil {
					hurry(w)
				}
			})()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
		if !inside {
			away.ServeHTTP(w, r)
		}
	})
}

// lastWords is how long the answer to a request that was cut off may take.
const lastWords = 2 * time.Second

// hurry ends the reading of a form that is still arriving, and gives its answer a
// last moment: a context alone does not wake who waits for a slow line.
func hurry(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	now := time.Now()
	_ = control.SetReadDeadline(now)                 // a writer without deadlines is a test's
	_ = control.SetWriteDeadline(now.Add(lastWords)) // the same
}

// end has the requests in flight end within a time, cuts off what is left, and tells
// by the channel when all has ended.
func (t *tenancy) end(grace time.Duration) <-chan struct{} {
	ended := make(chan struct{})
	timer := time.AfterFunc(grace, t.cancel)
	go func() {
		defer close(ended)
		t.busy.Lock()
		timer.Stop()
		t.cancel()
		t.busy.Unlock()
		t.work.Wait()
	}()
	return ended
}

// inTime waits for what ends, for the time it has until it is cut off and as long
// again for it to notice.
func inTime(ended <-chan struct{}, grace time.Duration) bool {
	select {
	case <-ended:
		return true
	case <-time.After(2 * grace):
		return false
	}
}

// switchboard passes a request to whatever handler is set at the moment.
type switchboard struct{ now atomic.Pointer[http.Handler] }

func (s *switchboard) set(h http.Handler) { s.now.Store(&h) }

func (s *switchboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*s.now.Load()).ServeHTTP(w, r)
}
