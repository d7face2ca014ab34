// Package registerweb has the pages of the register: the search, the person, same
// or not, the lists that are brought in, speakers and places.
//
// The rules are:
//
//   - Every value stands with who said it; one tap more shows through whom, when, on
//     what evidence, and who wrote it down.
//   - What contradicts stands side by side and is marked in words. Nothing here
//     chooses between two speakers.
//   - Her own wish and her relatives' are two lists, and an empty one says "not
//     known".
//   - Nothing is merged without a button that a person presses, and each such page
//     shows what was decided before and how to undo it.
//   - A form that was written on an old page is not lost: it comes back, with what
//     somebody else wrote meanwhile above it.
package registerweb

import (
	"context"
	"net/http"
	"sync"

	"github.com/a-h/templ"

	"homeward/access"
	"homeward/match"
	"homeward/register"
	"homeward/web"
)

//go:generate templ generate

// Staff gives the names of those who work here, by their ids.
type Staff interface {
	Names(ctx context.Context) (map[string]string, error)
}

// Pages are the pages of the register.
type Pages struct {
	Register *register.Register
	People   *match.People
	Staff    Staff
	// Consents draws a person's consents on her page; nil leaves them out.
	Consents func(r *http.Request, p *register.Person) (templ.Component, error)
	// Weigh says what two records say of each other; nil leaves the picture out.
	Weigh func(a, b string) (match.Weighing, bool)
	// Runs are the imports under way in this process.
	Runs *Runs
}

// Runs are imports under way: an import of some thousand rows takes seconds, and
// its page shows how far it is.
type Runs struct {
	mu  sync.Mutex
	all map[string]*run
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	show := func(pattern string, action access.Action, rate web.Rate, audit web.Audit, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.NoBody, Rate: rate, Cache: web.NoStore, Audit: audit, Handler: h}
	}
	act := func(pattern string, action access.Action, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: h}
	}
	// A question that may hold a name is asked in the body, never in an address.
	look := func(pattern string, action access.Action, rate web.Rate, audit web.Audit, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.Form, Rate: rate, Cache: web.NoStore, Audit: audit, Handler: h}
	}
	upload := act("/imports", access.ImportRun, p.upload)
	upload.Body, upload.Rate = web.Upload, web.Heavy
	check := act("/lists/{id}", access.ImportRun, p.check)
	check.Audit = web.Logged // the plan shows rows of the list again
	return []web.Route{
		show("/people", access.PeopleSearch, web.Search, web.Logged, p.search),
		show("/people/new", access.PersonWrite, web.Work, web.Unlogged, p.newPerson),
		show("/people/reading", access.PeopleSearch, web.Search, web.Logged, p.reading),
		look("/people/search", access.PeopleSearch, web.Search, web.Logged, p.search),
		look("/people/new", access.PersonWrite, web.Work, web.Unlogged, p.newPerson),
		act("/people", access.PersonWrite, p.addPerson),
		show("/people/{id}", access.PersonRead, web.Work, web.Logged, p.person),
		look("/people/{id}", access.PersonWrite, web.Work, web.Logged, p.person), // with what a list says filled in
		show("/people/{id}/history", access.PersonRead, web.Work, web.Logged, p.history),
		act("/people/{id}/facts", access.PersonWrite, p.addFact),
		show("/people/{id}/said/{statement}", access.PersonRead, web.Work, web.Logged, p.said),
		act("/people/{id}/said/{statement}", access.PersonWrite, p.correct),
		show("/people/{id}/same/{other}", access.PersonRead, web.Work, web.Logged, p.same),
		act("/people/{id}/same/{other}", access.PersonJudge, p.judge),

		show("/imports", access.ImportRead, web.Work, web.Logged, p.imports),
		upload,
		show("/lists/{id}", access.ImportRun, web.Work, web.Logged, p.plan),
		check,
		show("/import-runs/{id}", access.ImportRun, web.Work, web.Unlogged, p.running),
		show("/imports/{id}", access.ImportRead, web.Work, web.Logged, p.imported),
		act("/imports/{id}/undo", access.ImportUndo, p.undoImport),
		act("/imports/{id}/redo", access.ImportUndo, p.redoImport),
		show("/imports/{id}/rows/{row}", access.ImportRead, web.Work, web.Logged, p.held),
		act("/imports/{id}/rows/{row}", access.ImportRun, p.decideHeld),

		show("/sources", access.SourceRead, web.Search, web.Logged, p.sources),
		show("/sources/{id}", access.SourceRead, web.Work, web.Logged, p.source),
		act("/sources", access.SourceWrite, p.addSource),
		act("/sources/{id}", access.SourceWrite, p.sayOfSource),
		show("/places", access.PlaceRead, web.Search, web.Unlogged, p.places),
		show("/places/{id}", access.PlaceRead, web.Work, web.Logged, p.place),
		act("/places", access.PlaceWrite, p.addPlace),
		act("/places/{id}", access.PlaceWrite, p.namePlace),
	}
}

var styles = []string{"register.css"}

// page is what every page of the room says about itself.
func page(title, section string) web.Page {
	return web.Page{Title: title, Section: section, Styles: styles}
}

func session(r *http.Request) access.Session {
	s, _ := access.FromContext(r.Context())
	return s
}
