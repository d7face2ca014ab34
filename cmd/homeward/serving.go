package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// serving is one listener being served, from the first connection to the last
// answer.
//
// A lock replaces the process, and nobody who is speaking to it at that moment may be
// cut off unheard. net/http's own Shutdown closes a connection that is idle at once,
// also when the next form is already on its way through it; the sender then sees the
// line drop and cannot know whether she was heard. So leaving goes in this order:
//
//   - The listener closes. Whoever connects now waits in the socket's queue, which
//     the next image of the process inherits.
//   - What is running goes on, and what still comes on an open connection is answered;
//     each answer says that it is the connection's last.
//   - A connection that has been silent for a moment is closed.
//   - After leaveWithin everything ends.
type serving struct {
	http    http.Server
	ln      net.Listener
	leaving atomic.Bool
	ended   chan struct{} // the listener accepts no more

	mu   sync.Mutex
	open map[net.Conn]time.Time // since when it is silent; zero while it is not
}

// How long leaving takes at the most: a recording that is being sent over a bad line
// gets its receipt, or is cut off and was taken by nobody. Silence is how long an
// open connection may be without a word until it is taken to have none.
const (
	leaveWithin = 30 * time.Second
	silence     = time.Second
)

// newServing serves h on a listener. A slow telephone may take an hour for its
// recording, but must say at once what it wants.
func newServing(ln net.Listener, h http.Handler, errs slog.Handler) *serving {
	s := &serving{ended: make(chan struct{}), open: map[net.Conn]time.Time{}}
	s.ln = ln
	s.http = http.Server{
		Handler: s.lastAnswers(h), ReadHeaderTimeout: 15 * time.Second, IdleTimeout: 2 * time.Minute,
		ReadTimeout: time.Hour, WriteTimeout: time.Hour, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(errs, slog.LevelDebug), ConnState: s.follow,
	}
	return s
}

// serve returns when the listener is closed: http.ErrServerClosed when that was meant.
func (s *serving) serve() error {
	err := s.http.Serve(s.ln)
	close(s.ended)
	if s.leaving.Load() && errors.Is(err, net.ErrClosed) {
		return http.ErrServerClosed
	}
	return err
}

// lastAnswers has each answer say that it is the connection's last, once leaving has
// begun.
func (s *serving) lastAnswers(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&lastAnswer{w, &s.leaving}, r)
	})
}

// lastAnswer is an answer that looks, as its first byte goes out, whether it is the
// last.
type lastAnswer struct {
	http.ResponseWriter
	leaving *atomic.Bool
}

func (a *lastAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *lastAnswer) WriteHeader(status int) {
	a.say()
	a.ResponseWriter.WriteHeader(status)
}

func (a *lastAnswer) Write(p []byte) (int, error) {
	a.say()
	return a.ResponseWriter.Write(p)
}

func (a *lastAnswer) say() {
	if a.leaving.Load() {
		a.Header().Set("Connection", "close")
	}
}

// follow keeps which connections are open. It is told of a new one before the next
// is accepted.
func (s *serving) follow(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateClosed, http.StateHijacked:
		delete(s.open, c)
	case http.StateIdle:
		s.open[c] = time.Now()
	default:
		s.open[c] = time.Time{}
	}
}

// leave ends the serving.
func (s *serving) leave() {
	s.leaving.Store(true)
	_ = s.ln.Close() // it accepts no more, whatever it says
	<-s.ended
	ctx, cancel := context.WithTimeout(context.Background(), leaveWithin)
	defer cancel()
	look := time.NewTicker(silence / 50)
	defer look.Stop()
	for !s.silent() && ctx.Err() == nil {
		<-look.C
	}
	_ = s.http.Shutdown(ctx) // closes what is silent; what does not end in time ends with the image
}

// silent says whether every open connection has been silent for its moment.
func (s *serving) silent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, since := range s.open {
		if since.IsZero() || time.Since(since) < silence {
			return false
		}
	}
	return true
}
