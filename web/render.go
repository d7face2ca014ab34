package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/web/ui"
)

// Page is what a handler says about the page it draws.
type Page struct {
	// Title is the id of a message. It stands in the browser's history and over
	// shoulders: a neutral word, never a name.
	Title string
	// Wide lets the page use a desk's whole width; tables do, texts do not.
	Wide bool
	// Section is the path of the navigation's entry this page belongs to, where the
	// page's own path does not begin with it.
	Section string
	// Styles and Scripts are further files of static/ that only this page needs, by
	// their names: "recording.css", "recording.js".
	Styles, Scripts []string
	// Padded fills the page up to one of few sizes, so that a wire does not tell
	// which of several answers was given.
	Padded bool
}

// padding is the step of a padded page's size.
const padding = 16 << 10

// Render draws a page in the shell, with status 200.
func Render(w http.ResponseWriter, r *http.Request, p Page, body templ.Component) error {
	return RenderStatus(w, r, http.StatusOK, p, body)
}

// RenderStatus draws a page with another status: 422 for a form to be corrected.
// The page is drawn into memory first, so that one that breaks is an error and not
// half a page.
func RenderStatus(w http.ResponseWriter, r *http.Request, status int, p Page, body templ.Component) error {
	f := frameOf(r)
	var out bytes.Buffer
	ctx := templ.WithChildren(r.Context(), body)
	if err := ui.Shell(f.shell(w, r, p)).Render(ctx, &out); err != nil {
		return fmt.Errorf("web: draw page: %w", err)
	}
	if p.Padded {
		out.WriteString(strings.Repeat("\n", (padding-out.Len()%padding)%padding))
	}
	pageHeaders(w.Header())
	w.Header().Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(out.Bytes())
	if err != nil {
		return errGone
	}
	return nil
}

// shell gathers what the frame shows around the page.
func (f *frame) shell(w http.ResponseWriter, r *http.Request, p Page) ui.Page {
	l := locale.From(r.Context())
	page := ui.Page{
		Title: l.T(p.Title), Public: f.site.Surface == Public, Wide: p.Wide, Path: f.here(r),
		Language: l.Code(), Dir: l.Dir(), Switch: f.languages(l.Code()),
		Styles: p.Styles, Scripts: p.Scripts,
	}
	if page.Public {
		return page
	}
	page.Notices = takeFlash(w, r)
	page.CanLock = f.site.Lock != nil && access.CanSome(f.session.Role(), access.OfficeLock)
	if f.session.User.ID == "" || f.session.Locked {
		page.Bare = true
		return page
	}
	page.User = f.session.User.Name
	page.SignOut = f.may(http.MethodPost, "/sign-out")
	page.LockScreen = f.may(http.MethodPost, "/lock-screen")
	page.Role = l.T("role." + string(f.session.Role()))
	if f.may(http.MethodPost, "/people/search") {
		page.Search = "/people/search"
	}
	at := f.path
	if p.Section != "" {
		at = p.Section
	}
	page.Sections, page.More = f.entries(l, Sections, at), f.entries(l, More, at)
	return page
}

// here is the address to come back to after choosing a language: this page, without
// the language an address may name, or the first page where this one is the answer
// to a form.
func (f *frame) here(r *http.Request) string {
	if r.Method != http.MethodGet {
		return "/"
	}
	u := *r.URL
	query := u.Query()
	query.Del("language")
	u.RawQuery = query.Encode()
	return u.RequestURI()
}

func (f *frame) languages(current string) []ui.LanguageLink {
	var links []ui.LanguageLink
	for _, l := range locale.Languages {
		links = append(links, ui.LanguageLink{Code: l.Code, Name: l.Name, Dir: l.Dir, URL: "/" + l.Code + f.path, Current: l.Code == current})
	}
	return links
}

func (f *frame) entries(l *locale.Printer, all []Entry, at string) []ui.Section {
	var shown []ui.Section
	for _, e := range all {
		if f.mayOpen(e.Path) {
			current := at == e.Path || strings.HasPrefix(at, e.Path+"/")
			shown = append(shown, ui.Section{Label: l.T(e.Label), URL: e.Path, Current: current})
		}
	}
	return shown
}

// mayOpen says whether a page is there and this role may come to it.
func (f *frame) mayOpen(path string) bool {
	if f.site.table == nil {
		return false
	}
	return f.may(http.MethodGet, path)
}

func (f *frame) may(method, path string) bool {
	route := f.site.table.has(method, path)
	return route != nil && access.CanSome(f.session.Role(), route.Action)
}
