package web

import (
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/web/static"
)

// common are the routes of the frame itself.
func (s *Site) common() []Route {
	routes := []Route{
		{Method: "GET", Pattern: "/static/{file}", Surface: Both, Action: access.PublicRead,
			Body: NoBody, Rate: Assets, Cache: Immutable, Audit: Unlogged, Handler: sendAsset},
		{Method: "POST", Pattern: "/csp-report", Surface: Both, Action: access.PublicRead,
			Body: 16 << 10, Rate: Browse, Cache: NoStore, Audit: Unlogged, Handler: s.policyReport},
		{Method: "POST", Pattern: "/language", Surface: Staff, Action: access.PublicRead,
			Body: Form, Rate: Browse, Cache: NoStore, Audit: Unlogged, Handler: chooseLanguage},
	}
	if s.Locked {
		return routes
	}
	return append(routes,
		Route{Method: "GET", Pattern: "/{$}", Surface: Staff, Action: access.HomeRead,
			Body: NoBody, Rate: Work, Cache: NoStore, Audit: Unlogged, Handler: firstPage},
		Route{Method: "GET", Pattern: "/help", Surface: Staff, Action: access.HomeRead,
			Body: NoBody, Rate: Work, Cache: NoStore, Audit: Unlogged, Handler: helpPage},
		Route{Method: "POST", Pattern: "/lock", Surface: Staff, Action: access.OfficeLock,
			Body: Form, Rate: Work, Cache: NoStore, Audit: Act, Handler: s.lockOffice})
}

// sendAsset sends a style sheet or a script; its name holds its hash.
func sendAsset(w http.ResponseWriter, r *http.Request) error {
	a, ok := static.Find("/static/" + r.PathValue("file"))
	if !ok {
		return ErrNotFound
	}
	content := a.Content
	w.Header().Set("Content-Type", a.Type)
	w.Header().Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		content = a.Gzip
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	if _, err := w.Write(content); err != nil {
		return errGone
	}
	return nil
}

// policyReport counts that a browser refused something in a page of ours. The
// report itself may hold an address with an id, or a text: it is not kept.
func (s *Site) policyReport(w http.ResponseWriter, r *http.Request) error {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return errGone
	}
	s.Log.LogAttrs(r.Context(), slog.LevelWarn, "a browser refused something by the content policy")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// chooseLanguage remembers the staff's language in the browser.
func chooseLanguage(w http.ResponseWriter, r *http.Request) error {
	form, err := ReadForm(r)
	if err != nil {
		return err
	}
	if !locale.Known(form.Get("language")) {
		return ErrForm
	}
	http.SetCookie(w, frameOf(r).site.cookie(languageCookie, form.Get("language"), languageKept))
	back := form.Get("back")
	if !local(back) {
		back = "/"
	}
	return Redirect(w, r, back, "")
}

// firstPage leads to the first section the role may open.
func firstPage(w http.ResponseWriter, r *http.Request) error {
	f := frameOf(r)
	for _, e := range append(append([]Entry{}, Sections...), More...) {
		if f.mayOpen(e.Path) {
			return Redirect(w, r, e.Path, "")
		}
	}
	return ErrNotFound
}

// lockOffice closes the house: afterwards there is no key in memory. The answer is
// sent before, for nothing can be sent after.
func (s *Site) lockOffice(w http.ResponseWriter, r *http.Request) error {
	if s.Lock == nil {
		return ErrNotFound
	}
	if err := s.Lock(r.Context()); err != nil {
		return err
	}
	ClearToken(w, r)
	return Redirect(w, r, "/unlock", "")
}
