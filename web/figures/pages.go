// Package figuresweb has the figures sheet and what belongs to it: the list of
// questions, the sheet of one with its chart, the claim with everything behind it, the
// form on which a claim is written down, the pair that a person compares, and the
// releases.
//
// The rules are:
//
//   - Every number leads to the claim that says it, and the claim to its speaker and its
//     evidence.
//   - What a page adds up it also shows how: which rule, over which claims, so that a
//     person can redo it on paper.
//   - The chart says nothing that the table behind it does not say.
//   - Who sees figures and no names (the analyst, the auditor) sees a speaker as one is
//     shown outside: say.go.
//
// Nothing here compares, grades or adds up: the room of figures does.
package figuresweb

import (
	"context"
	"net/http"

	"homeward/access"
	"homeward/figures"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/web"
)

//go:generate templ generate

// formless are the kinds of problem for which there is no form to go back to.
var formless = []problem.Kind{problem.NotFound}

// styles are what every page here needs beside the house's own.
var styles = []string{"figures.css"}

// People is what the pages ask of the register.
type People interface {
	Sources(ctx context.Context, text string, limit int) ([]register.SourceRow, int, error)
	AddSource(ctx context.Context, by string, n register.NewSource) (string, error)
	Places(ctx context.Context) ([]register.PlaceRow, error)
}

// Staff is what they ask of access: names of colleagues by their ids.
type Staff interface {
	Names(ctx context.Context) (map[string]string, error)
}

// Pages are the pages of the figures.
type Pages struct {
	Figures *figures.Figures
	People  People
	Staff   Staff
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	show := func(pattern string, action access.Action, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: h}
	}
	act := func(pattern string, action access.Action, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: h}
	}
	return []web.Route{
		show("/figures", access.FiguresRead, p.list),
		show("/figures/new", access.FiguresWrite, p.newQuestion),
		act("/figures", access.FiguresWrite, p.ask),
		show("/figures/{id}", access.FiguresRead, p.sheet),
		show("/figures/{id}/download/{format}", access.FiguresExport, p.download),
		show("/figures/{id}/claims/new", access.FiguresWrite, p.newClaim),
		act("/figures/{id}/claims", access.FiguresWrite, p.addClaim),
		show("/claims/{id}/beside/{other}", access.FiguresRead, p.pair),
		act("/claims/{id}/beside/{other}", access.FiguresWrite, p.overrule),
		act("/claims/{id}/beside/{other}/undo", access.FiguresWrite, p.undoOverrule),
		show("/figures/{id}/releases/new", access.FiguresExport, p.newRelease),
		act("/figures/{id}/releases", access.FiguresRelease, p.publish),
		show("/claims/{id}", access.FiguresRead, p.claim),
		act("/claims/{id}/withdraw", access.FiguresWrite, p.withdraw),
		act("/claims/{id}/restore", access.FiguresWrite, p.restore),
		show("/releases", access.FiguresRead, p.releases),
		show("/releases/{id}", access.FiguresRead, p.release),
		show("/releases/{id}/file", access.FiguresExport, p.releaseFile),
		act("/releases/{id}/withdraw", access.FiguresRelease, p.withdrawRelease),
		act("/releases/{id}/restore", access.FiguresRelease, p.restoreRelease),
	}
}

// words are what every view begins with.
func (p Pages) words(r *http.Request) (w words) {
	w.Me, _ = access.FromContext(r.Context())
	return w
}
