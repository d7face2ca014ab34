package web

import (
	"context"
	"encoding/base32"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/web/ui"
)

//go:generate templ generate -f fail.templ
//go:generate templ generate -f help.templ

// errGone says that whoever asked is no longer there to read an answer.
var errGone = errors.New("web: the connection is gone")

var statuses = map[problem.Kind]int{
	problem.Internal:    http.StatusInternalServerError,
	problem.Invalid:     http.StatusUnprocessableEntity,
	problem.NotFound:    http.StatusNotFound,
	problem.Forbidden:   http.StatusForbidden,
	problem.Conflict:    http.StatusConflict,
	problem.TooLarge:    http.StatusRequestEntityTooLarge,
	problem.TooMany:     http.StatusTooManyRequests,
	problem.Locked:      http.StatusServiceUnavailable,
	problem.Unavailable: http.StatusServiceUnavailable,
}

// Status is the status that a problem is answered with.
func Status(err error) int {
	switch {
	case errors.Is(err, ErrMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, access.ErrNoSession):
		return http.StatusUnauthorized
	}
	return statuses[problem.KindOf(err)]
}

// fail answers with the page of an error. An error without words of its own is
// logged under a reference, and the page has the reference alone.
func (s *Site) fail(a *answer, r *http.Request, f *frame, err error) {
	if locked := problemOf(r); locked != nil && a.status == 0 {
		// Cut off by the house, not by whoever asked: there is somebody to answer.
		err, r = locked, r.WithContext(context.WithoutCancel(r.Context()))
	} else if errors.Is(err, errGone) || r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return
	}
	if a.status != 0 { // something was sent already: all that is left is to stop
		s.logFailure(r, f, s.reference(), err)
		panic(http.ErrAbortHandler)
	}
	a.Header().Set("Cache-Control", NoStore.header())
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		err = ErrTooLarge.Wrap(err)
	}
	if s.leadAway(a, r, err) {
		return
	}
	p, known := problem.As(err)
	reference := ""
	if !known || p.Kind == problem.Internal {
		p, reference = ErrInternal, s.reference()
		s.logFailure(r, f, reference, err)
	} else if cause := errors.Unwrap(p); cause != nil || p.Kind == problem.Unavailable {
		s.logFailure(r, f, "", err)
	}
	what, do := locale.From(r.Context()).Problem(p)
	status := Status(p)
	if err := RenderStatus(a, r, status, Page{Title: "shell.problem"}, problemPage(what, do, reference, f.failure(), s.wayOn(err))); err != nil && !errors.Is(err, errGone) {
		a.Header().Del("Content-Length")
		a.WriteHeader(status)
	}
}

// problemOf gives the problem for which a request was cut off by the house, such as
// that it is being locked; nil where nobody cut it off, or whoever asked has gone.
func problemOf(r *http.Request) error {
	if p, ok := problem.As(context.Cause(r.Context())); ok {
		return p
	}
	return nil
}

// leadAway sends whoever must sign in first, show again who she is, or unlock her
// screen to the page for it, and remembers where she wanted to go.
func (s *Site) leadAway(a *answer, r *http.Request, err error) bool {
	if r.Method != http.MethodGet {
		return false
	}
	to := ""
	switch {
	case errors.Is(err, access.ErrNoSession):
		to = "/sign-in"
	case errors.Is(err, access.ErrScreenLocked):
		to = "/resume"
	case errors.Is(err, access.ErrConfirm):
		to = "/confirm"
	}
	if to == "" || s.table.has(http.MethodGet, to) == nil {
		return false
	}
	http.SetCookie(a, s.cookie(backCookie, r.URL.RequestURI(), 3600))
	http.Redirect(a, r, to, http.StatusSeeOther)
	return true
}

// failure is the id of what the route adds to any problem.
func (f *frame) failure() string {
	if f.route == nil {
		return ""
	}
	return f.route.Failure
}

// wayOn is where the page of a problem leads: to show again who one is, for a form
// that needs it; otherwise to the first page.
func (s *Site) wayOn(err error) ui.Section {
	if errors.Is(err, access.ErrConfirm) && s.table.has(http.MethodGet, "/confirm") != nil {
		return ui.Section{Label: "shell.confirm", URL: "/confirm"}
	}
	return ui.Section{Label: "shell.to_start", URL: "/"}
}

// logFailure keeps what went wrong for whoever looks after the program. Errors of
// the house hold no content (internal/problem); a panic is told by its type and
// place.
func (s *Site) logFailure(r *http.Request, f *frame, reference string, err error) {
	pattern := "none"
	if f.route != nil {
		pattern = f.route.Pattern
	}
	attrs := []slog.Attr{slog.String("route", pattern), slog.String("reference", reference)}
	var broke *panicked
	p, known := problem.As(err)
	switch {
	case errors.As(err, &broke):
		attrs = append(attrs, slog.String("error", broke.Error()), slog.String("stack", string(broke.stack)))
	case known:
		attrs = append(attrs, slog.String("code", p.Code))
		if cause := errors.Unwrap(p); cause != nil {
			attrs = append(attrs, slog.String("error", cause.Error()))
		}
	default:
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	s.Log.LogAttrs(r.Context(), slog.LevelError, "request failed", attrs...)
}

// reference is short enough to be read over the phone.
func (s *Site) reference() string {
	var b [5]byte
	if _, err := io.ReadFull(s.Rand, b[:]); err != nil {
		return "NONE"
	}
	return base32.StdEncoding.EncodeToString(b[:])
}
