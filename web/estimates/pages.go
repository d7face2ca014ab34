// Package estimatesweb has the pages on which the register's own lists are laid over each
// other, to say how many people there really are or that the lists do not bear an answer.
//
// The rules are:
//
//   - Nobody is named. A list is a letter with the word by which its speaker is known
//     (outside, to those who see no names), and people are only counted.
//   - The answer is shown whole: the headline or the refusal, the lists and what they
//     share with zeros marked, every method, each list left out, other priors, doubtful
//     pairs joined and apart, and what is taken for granted.
//   - Whoever may not open a person sees no count from which one could be picked out:
//     veil.go.
//   - It is worked out beside the request, in memory alone (desk.go), is seen by whoever
//     asked for it, and ends when the house is locked.
package estimatesweb

import (
	"context"
	"net/http"
	"slices"
	"time"

	"homeward/access"
	"homeward/estimate"
	"homeward/internal/locale"
	"homeward/register"
	"homeward/web"
)

//go:generate templ generate

// Lists gives who is on whose list; *register.Register is one.
type Lists interface {
	Rosters(ctx context.Context) ([]register.Roster, error)
}

// Overlaps lays lists over each other; *match.Proposals is one.
type Overlaps interface {
	Overlaps(ctx context.Context, lists []register.Roster, names []string) (estimate.Linked, error)
}

// Pages are the pages of the estimates.
type Pages struct {
	Lists    Lists
	Overlaps Overlaps
	Desk     *Desk
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	show := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: access.FiguresRead,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: h}
	}
	run := web.Route{Method: "POST", Pattern: "/estimates", Surface: web.Staff, Action: access.FiguresRead,
		Body: web.Form, Rate: web.Heavy, Cache: web.NoStore, Audit: web.Logged, Handler: p.run}
	return []web.Route{show("/estimates", p.start), run, show("/estimates/{id}", p.one)}
}

func page() web.Page {
	return web.Page{Title: "estimates.title", Section: "/estimates", Wide: true, Styles: []string{"estimates.css"}}
}

// listed is one list as the pages show it.
type listed struct {
	Source string // the speaker's record
	Letter string
	Label  string // "" where its reader may not see one: then its kind says it
	Kind   string
	Lists  int
	People int
}

// startView is the page on which lists are chosen.
type startView struct {
	All     []listed
	Chosen  map[string]bool
	Mine    []run
	Veil    bool
	Problem web.Sentences
}

func (p Pages) start(w http.ResponseWriter, r *http.Request) error {
	return p.startPage(w, r, http.StatusOK, nil, web.Sentences{})
}

func (p Pages) startPage(w http.ResponseWriter, r *http.Request, status int, chosen []string, problem web.Sentences) error {
	rosters, err := p.Lists.Rosters(r.Context())
	if err != nil {
		return err
	}
	v := startView{Chosen: map[string]bool{}, Mine: p.Desk.mine(web.Actor(r.Context())), Veil: !seesPeople(r), Problem: problem}
	for _, id := range chosen {
		v.Chosen[id] = true
	}
	for _, x := range rosters {
		v.All = append(v.All, asListed(r, x))
	}
	return web.RenderStatus(w, r, status, page(), startPage(v))
}

// seesPeople says whether the reader may open a person: who may not sees neither names of
// speakers nor small numbers.
func seesPeople(r *http.Request) bool {
	s, ok := access.FromContext(r.Context())
	return ok && s.Can(access.PersonRead, access.None)
}

// asListed calls a list as its reader may know it.
func asListed(r *http.Request, x register.Roster) listed {
	l := listed{Source: x.Source.ID, Label: x.Public, Kind: x.Kind, Lists: x.Lists, People: len(x.People)}
	if seesPeople(r) {
		l.Label = x.Source.Text
	}
	return l
}

// patience is how long a request waits for an answer before it shows how far it is.
const patience = 3 * time.Second

// run begins to work an estimate out over the lists that were chosen.
func (p Pages) run(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	chosen := form["list"]
	refuse := func(err error) error {
		told, err := web.Told(r, err)
		if err != nil {
			return err
		}
		return p.startPage(w, r, http.StatusUnprocessableEntity, chosen, told)
	}
	rosters, err := p.Lists.Rosters(r.Context())
	if err != nil {
		return err
	}
	rosters = slices.DeleteFunc(rosters, func(x register.Roster) bool { return !slices.Contains(chosen, x.Source.ID) })
	switch {
	case len(rosters) < 2:
		return refuse(estimate.ErrOneList)
	case len(rosters) > estimate.MaxLists:
		return refuse(estimate.ErrManyLists)
	}
	lists, letters := lettered(r, rosters)
	linked, err := p.Overlaps.Overlaps(r.Context(), rosters, letters)
	if err != nil {
		return err
	}
	id, ended, err := p.Desk.begin(web.Actor(r.Context()), lists, linked)
	if err != nil {
		return refuse(err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
	case <-r.Context().Done():
	}
	return web.Redirect(w, r, "/estimates/"+id, "")
}

// lettered gives each list a letter: an estimate knows its lists by nothing else.
func lettered(r *http.Request, rosters []register.Roster) (lists []listed, letters []string) {
	for i, x := range rosters {
		l := asListed(r, x)
		l.Letter = string(rune('A' + i))
		lists, letters = append(lists, l), append(letters, l.Letter)
	}
	return lists, letters
}

func (p Pages) one(w http.ResponseWriter, r *http.Request) error {
	x, err := p.Desk.get(web.Actor(r.Context()), r.PathValue("id"))
	if err != nil {
		told, err := web.Told(r, err)
		if err != nil {
			return err
		}
		return p.startPage(w, r, http.StatusNotFound, nil, told)
	}
	if !x.ready {
		w.Header().Set("Refresh", "2")
		return web.Render(w, r, page(), waitPage(x))
	}
	if x.err != nil {
		told, err := web.Told(r, x.err)
		if err != nil {
			return err
		}
		return p.startPage(w, r, http.StatusUnprocessableEntity, x.chosen(), told)
	}
	return web.Render(w, r, page(), resultPage(resultView{run: x, Veil: !seesPeople(r) && x.small}))
}

// word is a word of the page, for the templates.
func word(ctx context.Context, id string, pairs ...any) string {
	return locale.T(ctx, "estimates."+id, pairs...)
}
