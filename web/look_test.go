package web_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"

	"homeward/access"
	"homeward/web"
	"homeward/web/ui"
	"homeward/web/webtest"
)

// anybody is a door that lets a coordinator in.
type anybody struct{}

func (anybody) Session(context.Context, string) (access.Session, error) {
	return access.Session{ID: "s", User: access.User{ID: "u", Role: access.Coordinator, Name: "Мадина К."}}, nil
}

// styleSite is a staff site with the living style page and the navigation that a
// coordinator sees.
func styleSite(t *testing.T) *httptest.Server {
	t.Helper()
	style := func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, web.Page{Title: "shell.people", Section: "/people", Wide: true}, ui.Style())
	}
	broken := func(http.ResponseWriter, *http.Request) error { return context.DeadlineExceeded }
	var routes []web.Route
	for path, handler := range map[string]web.Handler{"/style": style, "/broken": broken, "/today": style, "/inbox": style, "/people": style, "/letters": style, "/returns": style, "/approvals": style, "/ledger": style} {
		routes = append(routes, web.Route{Method: "GET", Pattern: path, Surface: web.Staff, Action: access.HomeRead,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Unlogged, Handler: handler})
	}
	routes = append(routes, web.Route{Method: "POST", Pattern: "/people/search", Surface: web.Staff, Action: access.PeopleSearch,
		Body: web.Form, Rate: web.Search, Cache: web.NoStore, Audit: web.Unlogged, Handler: style})
	h, err := web.New(web.Site{Surface: web.Staff, Routes: routes, Sessions: anybody{}, Rand: rand.Reader, Plain: true,
		Lock: func(context.Context) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

// TestTheDesignSystemIsFitToBeSeen looks at every component, and at the pages of the
// frame itself.
func TestTheDesignSystemIsFitToBeSeen(t *testing.T) {
	server := styleSite(t)
	webtest.Look(t, server.URL, webtest.Staff("token"), "/style", "/help", "/broken")
}
