package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/web/ui"
)

// What a request can meet before its handler.
var (
	ErrNotFound = problem.New(problem.NotFound, "web.not_found",
		"There is no such page", "check the address, or start from the first page")
	ErrMethod = problem.New(problem.Invalid, "web.method",
		"This address does not take that kind of request", "go back and use the page's own buttons")
	ErrCrossOrigin = problem.New(problem.Forbidden, "web.cross_origin",
		"The request came from another site and was refused", "open the page here and do it again")
	ErrTooOften = problem.New(problem.TooMany, "web.too_often",
		"Too many requests in a short time", "wait a minute and try again")
	ErrTooLarge = problem.New(problem.TooLarge, "web.too_large",
		"What was sent is larger than this page takes", "send less at once")
	ErrForm = problem.New(problem.Invalid, "web.form",
		"The form could not be read", "go back, load the page again and fill it in once more")
	ErrInternal = problem.New(problem.Internal, "web.internal",
		"Something went wrong in the program", "try again; if it happens again, tell whoever looks after the program the reference below")
	ErrLocked = problem.New(problem.Locked, "web.locked",
		"The office is locked: nothing that you sent was kept",
		"leave this page open; unlock the office in another tab and sign in there; then load this page again and let the browser send the form once more; without another tab, go back first and copy the text")
)

// stack puts what stands before every handler in its order.
func (s *Site) stack() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := &frame{site: s, path: r.URL.Path}
		a := &answer{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), frameKey{}, f))
		began := time.Now()
		setHeaders(a.Header(), s.Indexed && s.Surface == Public)
		r = s.chooseLanguage(f, a, r)
		err := s.attempt(a, r, f)
		if err != nil {
			s.fail(a, r, f, err)
		}
		s.logRequest(r, f, a, time.Since(began))
	})
}

// attempt answers, and turns a panic into an error that holds no content.
func (s *Site) attempt(a *answer, r *http.Request, f *frame) (err error) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler {
			panic(v)
		}
		err = &panicked{kind: fmt.Sprintf("%T", v), stack: debug.Stack()}
	}()
	return s.serve(a, r, f)
}

// panicked remembers where the program broke, never with what.
type panicked struct {
	kind  string
	stack []byte
}

func (p *panicked) Error() string { return "panic of type " + p.kind }

var crossOrigin = http.NewCrossOriginProtection()

func (s *Site) serve(a *answer, r *http.Request, f *frame) error {
	route, status, allow := s.table.find(r)
	if route == nil {
		return s.unrouted(a, r, status, allow)
	}
	f.route = route
	if s.Surface == Public && f.language == "" {
		if route.Surface != Both {
			return redirectToLanguage(a, r)
		}
		f.language = "en"
	}
	if err := s.sameOrigin(r); err != nil {
		return err
	}
	s.table.mux.ServeHTTP(a, r)
	return f.takeError()
}

// sameOrigin refuses what another site makes a browser send. The public form is
// also sent by browsers too old to say where a request comes from; it carries a
// token of its own, and there is no session to ride on.
func (s *Site) sameOrigin(r *http.Request) error {
	if s.Surface == Public && r.Header.Get("Sec-Fetch-Site") == "" {
		return nil
	}
	if err := crossOrigin.Check(r); err != nil {
		return ErrCrossOrigin
	}
	return nil
}

func (s *Site) unrouted(a *answer, r *http.Request, status int, allow string) error {
	get := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case s.Surface == Staff && s.Locked && get:
		return Redirect(a, r, "/unlock", "")
	case s.Surface == Staff && s.Locked:
		return ErrLocked
	case status == http.StatusMethodNotAllowed:
		a.Header().Set("Allow", allow)
		return ErrMethod
	}
	return ErrNotFound
}

// guarded is one route with its limits and its rule.
func (s *Site) guarded(route *Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := frameOf(r)
		f.failed = s.guard(w, r, f, route)
	})
}

func (s *Site) guard(w http.ResponseWriter, r *http.Request, f *frame, route *Route) error {
	routeHeaders(w.Header(), route)
	if err := s.enter(r, f); err != nil {
		return err
	}
	if err := s.rates.take(route.Rate, s.counted(r, f)); err != nil {
		w.Header().Set("Retry-After", "60")
		return err
	}
	if route.Body == NoBody {
		r.Body = http.NoBody
	} else {
		r.Body = http.MaxBytesReader(w, r.Body, route.Body)
	}
	if err := f.permit(route); err != nil {
		return err
	}
	r = r.WithContext(access.With(r.Context(), f.session))
	if route.Audit == Logged && s.Reads != nil {
		if err := s.Reads.Read(r.Context(), f.session.User.ID, string(route.Action), route.object(r)); err != nil {
			return err
		}
	}
	return route.Handler(w, r)
}

// object is the record that is looked at, as the log of reads names it. An address may
// hold anything; what is no id of a record is not written down for ever.
func (r *Route) object(req *http.Request) string {
	id := req.PathValue("id")
	if r.Object != nil {
		id = r.Object(req)
	}
	if !isID(id) {
		return ""
	}
	return id
}

// isID says whether a text is a UUID, as the house writes them.
func isID(text string) bool {
	for i := range len(text) {
		c := text[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(text) == 36
}

// enter finds the session the browser brought. To bring none is no error yet.
func (s *Site) enter(r *http.Request, f *frame) error {
	token := Token(r)
	if s.Sessions == nil || token == "" {
		return nil
	}
	session, err := s.Sessions.Session(r.Context(), token)
	if errors.Is(err, access.ErrNoSession) {
		return nil
	}
	if err == nil {
		f.session = session
	}
	return err
}

// permit asks the policy whether this role comes here at all.
func (f *frame) permit(route *Route) error {
	switch {
	case access.CanSome(access.Visitor, route.Action):
		return nil
	case f.session.User.ID == "":
		return access.ErrNoSession
	case f.session.Locked:
		return access.ErrScreenLocked
	case !access.CanSome(f.session.Role(), route.Action):
		return access.ErrForbidden
	case access.NeedsFresh(route.Action) && !f.session.Fresh(f.site.Now()):
		return access.ErrConfirm
	}
	return nil
}

// takeError gives what the handler returned; the mux stands between.
func (f *frame) takeError() error {
	err := f.failed
	f.failed = nil
	return err
}

// logRequest notes what happened, by pattern: no path, no query, no address, no
// browser.
func (s *Site) logRequest(r *http.Request, f *frame, a *answer, took time.Duration) {
	pattern := "none"
	if f.route != nil {
		pattern = f.route.Pattern
	}
	s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", knownMethod(r.Method)), slog.String("route", pattern),
		slog.Int("status", a.status), slog.Int64("bytes", a.bytes), slog.Duration("took", took))
}

func knownMethod(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return m
	}
	return "other"
}

// chooseLanguage reads the language of a request and takes a public prefix off its
// path. f.language stays empty where a public address has none. A staff address may
// name one (?language=ru), which is remembered.
func (s *Site) chooseLanguage(f *frame, w http.ResponseWriter, r *http.Request) *http.Request {
	if s.Surface == Public {
		if lang, rest, ok := cutLanguage(r.URL.Path); ok {
			f.language, f.path = lang, rest
			u := *r.URL
			u.Path, u.RawPath = rest, ""
			r2 := *r
			r2.URL = &u
			r = &r2
		}
	} else {
		f.language = r.URL.Query().Get("language")
		if locale.Known(f.language) {
			http.SetCookie(w, s.cookie(languageCookie, f.language, languageKept))
		} else if c, err := r.Cookie(s.cookieName(languageCookie)); err == nil {
			f.language = c.Value
		}
		if !locale.Known(f.language) {
			f.language = locale.Accept(r.Header.Get("Accept-Language"))
		}
	}
	// The page of an error at an address without a language is in the reader's.
	shown := cmp.Or(f.language, locale.Accept(r.Header.Get("Accept-Language")))
	ctx := locale.With(r.Context(), locale.For(shown).In(s.zone()))
	ctx = ui.WithNow(ctx, s.Now())
	if s.Surface == Public {
		ctx = ui.WithPrefix(ctx, "/"+shown)
	}
	return r.WithContext(ctx)
}

func cutLanguage(path string) (lang, rest string, ok bool) {
	lang, rest, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return lang, "/" + rest, locale.Known(lang)
}

// redirectToLanguage leads an address without a language to the reader's own.
func redirectToLanguage(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/"+locale.Accept(r.Header.Get("Accept-Language"))+r.URL.Path, http.StatusFound)
	return nil
}

func (s *Site) zone() *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}
