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
//   - A request belongs to the house it began in. Locking waits for the requests
//     in flight, cuts off those that take too long, and only then closes.
//   - While locked, the staff surface shows unlocking and nothing else, and the
//     public one takes reports and additions.
//   - After a lock the process replaces itself (Replace): no program can promise
//     that it has overwritten every copy of a key.
type Server struct {
	office  *Office
	options ServerOptions

	public, staff switchboard

	mu    sync.Mutex // held while locking or unlocking
	house atomic.Pointer[House]
	rooms *tenancy // of the house that is open; guarded by mu
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
	return s, s.showLocked()
}

// Public answers the public listener, Staff the staff's.
func (s *Server) Public() http.Handler { return &s.public }

// Staff answers the staff listener.
func (s *Server) Staff() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.lastWork.Store(s.office.Host.Now().Unix())
		s.staff.ServeHTTP(w, r)
	})
}

// Locked says whether the office is locked.
func (s *Server) Locked() bool { return s.house.Load() == nil }

// House gives the open house; ErrOfficeLocked when it is locked.
func (s *Server) House() (*House, error) {
	if h := s.house.Load(); h != nil {
		return h, nil
	}
	return nil, ErrOfficeLocked
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
	rooms := newTenancy()
	public, staff, err := s.openPages(h)
	if err != nil {
		return errors.Join(err, h.Lock())
	}
	s.rooms = rooms
	s.house.Store(h)
	rooms.work.Go(func() { s.keepHouse(rooms.ctx, h) })
	s.public.set(rooms.wrap(public))
	s.staff.set(rooms.wrap(staff))
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
	h, rooms := s.house.Load(), s.rooms
	if h == nil {
		s.mu.Unlock()
		return nil
	}
	s.house.Store(nil)
	s.rooms = nil
	err := s.showLocked()
	go func() {
		defer s.mu.Unlock() // nobody unlocks before the old house is closed
		s.closeHouse(h, rooms, others)
	}()
	return err
}

// closeHouse ends what is in flight, closes the house and replaces the process.
func (s *Server) closeHouse(h *House, rooms *tenancy, others bool) {
	if others {
		ctx, cancel := context.WithTimeout(context.Background(), graceOfLock)
		if err := h.Vault.CountLock(ctx); err != nil {
			s.options.Log.Error("telling the other processes to lock", "error", problemCode(err))
		}
		cancel()
	}
	rooms.end(graceOfLock)
	if err := h.Lock(); err != nil {
		s.options.Log.Error("closing the office", "error", err)
	}
	s.options.Log.Info("the office is locked")
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
	ctx    context.Context
	cancel context.CancelFunc
	busy   sync.RWMutex // held for reading by every request
	work   sync.WaitGroup
}

func newTenancy() *tenancy {
	t := &tenancy{}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// wrap ties a request to the tenancy: it is cut off when the house closes.
func (t *tenancy) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.busy.RLock()
		defer t.busy.RUnlock()
		if t.ctx.Err() != nil { // came through the door as it closed
			http.Error(w, ErrOfficeLocked.Error(), http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer context.AfterFunc(t.ctx, cancel)()
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// end waits for the requests in flight, cuts off what is left, and waits for that.
func (t *tenancy) end(grace time.Duration) {
	timer := time.AfterFunc(grace, t.cancel)
	t.busy.Lock()
	timer.Stop()
	t.cancel()
	t.busy.Unlock()
	t.work.Wait()
}

// switchboard passes a request to whatever handler is set at the moment.
type switchboard struct{ now atomic.Pointer[http.Handler] }

func (s *switchboard) set(h http.Handler) { s.now.Store(&h) }

func (s *switchboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*s.now.Load()).ServeHTTP(w, r)
}
