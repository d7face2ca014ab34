package web

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"homeward/access"
	"homeward/internal/problem"
)

// sessions is a door that knows its tokens: each is the name of a role.
type sessions struct{}

func (sessions) Session(_ context.Context, token string) (access.Session, error) {
	role, ok := access.RoleOf(strings.TrimSuffix(token, "-locked"))
	if !ok {
		return access.Session{}, access.ErrNoSession
	}
	return access.Session{ID: "s", Locked: strings.HasSuffix(token, "-locked"), User: access.User{ID: "u-" + token, Role: role, Name: "Mesi"}}, nil
}

func text(body string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, body)
		return err
	})
}

func page(body string) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return Render(w, r, Page{Title: "shell.people"}, text(body))
	}
}

// testRoutes are one of each kind.
func testRoutes() []Route {
	get := Route{Method: "GET", Pattern: "/people", Surface: Staff, Action: access.PeopleSearch, Body: NoBody, Rate: Work, Cache: NoStore, Audit: Logged, Handler: page("people")}
	post := get
	post.Method, post.Action, post.Body, post.Audit = "POST", access.PersonWrite, Form, Act
	post.Handler = func(w http.ResponseWriter, r *http.Request) error {
		form, err := ReadForm(r)
		if err != nil {
			return err
		}
		return Redirect(w, r, "/people/"+form.Get("id"), "shell.people")
	}
	one := get
	one.Pattern = "/people/{id}"
	one.Handler = func(w http.ResponseWriter, r *http.Request) error {
		switch r.PathValue("id") {
		case "broken":
			panic("a name that must not be logged")
		case "wrong":
			return errors.New("the disk said no")
		}
		return problem.New(problem.NotFound, "test.none", "There is no such record", "look again")
	}
	public := get
	public.Surface, public.Pattern, public.Action, public.Audit, public.Cache = Public, "/{$}", access.PublicRead, Unlogged, Shared
	public.Handler = page("start")
	send := public
	send.Method, send.Pattern, send.Action, send.Body, send.Cache = "POST", "/report", access.ReportSend, Form, NoStore
	return []Route{get, post, one, public, send}
}

func newSite(t *testing.T, change func(*Site)) http.Handler {
	t.Helper()
	s := Site{Surface: Staff, Routes: testRoutes(), Sessions: sessions{}, Rand: rand.Reader, Plain: true}
	if change != nil {
		change(&s)
	}
	h, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, method, path, token string, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		r.AddCookie(&http.Cookie{Name: tokenCookie, Value: token})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestTheRuleDecides asks as each role.
func TestTheRuleDecides(t *testing.T) {
	t.Parallel()
	h := newSite(t, nil)
	for token, want := range map[string]int{"caseworker": 200, "analyst": 403, "": 401, "nonsense": 401, "caseworker-locked": 403} {
		if got := ask(h, "GET", "/people", token, "").Code; got != want {
			t.Errorf("GET /people as %q is %d, want %d", token, got, want)
		}
	}
}
