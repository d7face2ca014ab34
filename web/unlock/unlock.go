// Package unlock is the one page the office has while it is locked: it asks for the
// passphrase. What arrived in the meantime is taken in by the house that opens.
package unlock

import (
	"context"
	"errors"
	"net/http"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/vault"
	"homeward/web"
)

//go:generate templ generate

// ErrWrong is what a wrong passphrase is told; the same as the vault's, in the
// words of the page.
var ErrWrong = problem.New(problem.Forbidden, "unlock.wrong",
	"That is not the passphrase", "check capital letters and the keyboard's language, and type it again")

// Pages are the pages of a locked office.
type Pages struct {
	// Unlock opens the office with its passphrase; vault.ErrWrongKey when that is not
	// it. The slice is wiped afterwards.
	Unlock func(ctx context.Context, passphrase []byte) error
}

// Routes lists them.
func (p Pages) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: "/unlock", Surface: web.Staff, Action: access.OfficeUnlock,
			Body: web.NoBody, Rate: web.Browse, Cache: web.NoStore, Audit: web.Unlogged, Handler: p.ask},
		{Method: "POST", Pattern: "/unlock", Surface: web.Staff, Action: access.OfficeUnlock,
			Body: web.Form, Rate: web.SignIn, Cache: web.NoStore, Audit: web.Unlogged, Handler: p.unlock},
	}
}

// Away are the routes of the unlocked office at the same address: whoever still has
// the page open is led in.
func Away() []web.Route {
	routes := Pages{}.Routes()
	for i := range routes {
		routes[i].Handler = func(w http.ResponseWriter, r *http.Request) error { return web.Redirect(w, r, "/", "") }
	}
	return routes
}

func (p Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: "unlock.title"}, page(""))
}

func (p Pages) unlock(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	passphrase := []byte(form.Get("passphrase"))
	defer clear(passphrase)
	switch err := p.Unlock(r.Context(), passphrase); {
	case errors.Is(err, vault.ErrWrongKey):
		what, do := locale.From(r.Context()).Problem(ErrWrong)
		return web.RenderStatus(w, r, http.StatusForbidden, web.Page{Title: "unlock.title"}, page(locale.Sentences(what, do)))
	case err != nil:
		return err
	}
	return web.Redirect(w, r, "/", "")
}
