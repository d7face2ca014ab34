// Package returnsweb has the pages of the returns: the totals with the records
// behind each number, the list by name, one way home with everybody who reports it,
// and the form on which a return is written down.
//
// The totals are for whoever may see figures; the analyst gets them without the
// records behind them. Names are for those who do casework.
package returnsweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/returns"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
	"homeward/web/facts"
)

//go:generate templ generate

// formless are the kinds of problem for which there is no form to go back to.
var formless = []problem.Kind{problem.NotFound}

// People is what the pages ask of the register.
type People interface {
	Person(ctx context.Context, id string) (*register.Person, error)
	Labels(ctx context.Context, ids ...string) (map[string]register.Label, error)
	Sources(ctx context.Context, text string, limit int) ([]register.SourceRow, int, error)
	AddSource(ctx context.Context, by string, n register.NewSource) (string, error)
}

// Pages are the pages of the returns.
type Pages struct {
	Returns *returns.Returns
	People  People
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	show := func(pattern string, action access.Action, audit web.Audit, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: audit, Handler: h}
	}
	act := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: pattern, Surface: web.Staff, Action: access.ReturnWrite,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: h}
	}
	return []web.Route{
		show("/returns", access.FiguresRead, web.Unlogged, p.totals),
		show("/returns/list", access.ReturnRead, web.Logged, p.list),
		show("/returns/{id}", access.ReturnRead, web.Logged, p.one),
		act("/returns/{id}/steps", p.advance),
		act("/returns/{id}/same", p.same),
		act("/returns/{id}/two", p.two),
		act("/returns/{id}/apart", p.apart),
		show("/people/{id}/returns/new", access.ReturnWrite, web.Logged, p.newReturn),
		act("/people/{id}/returns", p.add),
	}
}

// words is what the views share.
type words struct {
	Me     access.Session
	Labels map[string]register.Label
}

func (p Pages) words(r *http.Request, ids ...string) (w words, err error) {
	w.Me, _ = access.FromContext(r.Context())
	w.Labels, err = p.People.Labels(r.Context(), ids...)
	return w, err
}

// totalsView is the page of the totals.
type totalsView struct {
	words
	Totals  returns.Totals
	ByNames bool // the reader may open the records behind a number
}

func (p Pages) totals(w http.ResponseWriter, r *http.Request) error {
	t, err := p.Returns.Totals(r.Context())
	if err != nil {
		return err
	}
	v := totalsView{}
	if v.Me, _ = access.FromContext(r.Context()); v.Me.Can(access.ReturnRead, access.None) {
		v.ByNames = true
	} else {
		t = t.Without()
	}
	var ids []string
	for _, row := range append(slices.Clone(t.ByFrom), t.ByTo...) {
		if row.Place != "" {
			ids = append(ids, row.Place)
		}
	}
	if v.words, err = p.words(r, ids...); err != nil {
		return err
	}
	v.Totals = t
	return web.Render(w, r, web.Page{Title: "returns.title"}, totalsPage(v))
}

// listView is the list by name.
type listView struct {
	words
	Filter returns.Filter
	Key    string // the row of a table whose records are shown, in words
	List   []returns.Return
}

func (p Pages) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := listView{Filter: returns.Filter{Stage: returns.Stage(q.Get("stage")), Year: q.Get("year")}}
	all, err := p.Returns.List(r.Context(), v.Filter)
	if err != nil {
		return err
	}
	if by := q.Get("by"); by != "" {
		behind, err := p.behind(r.Context(), by, q.Get("key"))
		if err != nil {
			return err
		}
		v.Key = q.Get("key")
		all = slices.DeleteFunc(all, func(x returns.Return) bool { return !slices.Contains(behind, x.ID) })
	}
	v.List = all
	var ids []string
	for _, x := range all {
		ids = append(ids, idsOf(x)...)
	}
	if v.words, err = p.words(r, ids...); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "returns.list", Wide: true}, listPage(v))
}

// behind are the records behind one number of the totals.
func (p Pages) behind(ctx context.Context, by, key string) ([]string, error) {
	t, err := p.Returns.Totals(ctx)
	if err != nil {
		return nil, err
	}
	whole := map[string]returns.Count{
		"home": t.Home, "planned": t.Planned, "under_way": t.UnderWay, "called_off": t.CalledOff,
		"disputed": t.Disputed, "doubles": t.Doubles, "beyond": t.Beyond,
	}
	if c, ok := whole[by]; ok {
		return c.Returns, nil
	}
	table := map[string][]returns.Row{"year": t.ByYear, "sex": t.BySex, "age": t.ByAge, "from": t.ByFrom, "to": t.ByTo}[by]
	for _, row := range table {
		if row.Key == key {
			return row.Returns, nil
		}
	}
	return nil, nil
}

// idsOf are the records that a return names.
func idsOf(x returns.Return) []string {
	ids := append([]string{x.Person}, x.Speakers...)
	for _, said := range [][]statement.Recorded{x.Denied, x.TakenBack, x.Beyond} {
		for _, s := range said {
			ids = append(ids, s.SaidBy)
		}
	}
	for _, said := range [][]statement.Recorded{x.From, x.To, x.With, x.Incident} {
		for _, s := range said {
			if s.Object != "" {
				ids = append(ids, s.Object)
			}
		}
	}
	return ids
}

// oneView is one way home.
type oneView struct {
	words
	Return  returns.Return
	Others  []returns.Return // other reports of the same person
	Says    speakers
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) one(w http.ResponseWriter, r *http.Request) error {
	v, err := p.oneView(r, url.Values{})
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "returns.one"}, onePage(v))
}

func (p Pages) oneView(r *http.Request, form url.Values) (v oneView, err error) {
	ctx := r.Context()
	v.Form = form
	if v.Return, err = p.Returns.Return(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	if v.Others, err = p.Returns.List(ctx, returns.Filter{Person: v.Return.Person}); err != nil {
		return v, err
	}
	v.Others = slices.DeleteFunc(v.Others, func(x returns.Return) bool {
		if x.ID != v.Return.ID {
			return false
		}
		v.Return = x // with what may be one with it
		return true
	})
	ids := idsOf(v.Return)
	for _, x := range v.Others {
		ids = append(ids, idsOf(x)...)
	}
	person, err := p.People.Person(ctx, v.Return.Person)
	if err != nil && problem.KindOf(err) != problem.NotFound {
		return v, err
	}
	v.Says, v.words, err = p.speakers(r, form, append(slices.Clone(v.Return.Speakers), speakersOf(person)...), ids)
	return v, err
}

// ofStep says beside which field each problem stands.
var ofStep = map[*problem.Error]string{
	returns.ErrStage: "stage", returns.ErrSpeaker: "source", returns.ErrPerson: "person", register.ErrNoLabel: "new_source",
	statement.ErrAhead: "on", statement.ErrReaches: "on", statement.ErrSaidAhead: "said_on",
}

func (p Pages) advance(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.oneView(r, form)
	if err != nil {
		return err
	}
	if facts.Finding(form) {
		return web.Render(w, r, web.Page{Title: "returns.one"}, onePage(v))
	}
	id := r.PathValue("id")
	s, errs := readStep(r, form)
	if len(errs) == 0 {
		if s.Word, err = p.speaks(r, form, s, v.words); err == nil {
			err = p.Returns.Advance(r.Context(), web.Actor(r.Context()), id, s)
		}
		if err == nil {
			return web.Redirect(w, r, "/returns/"+id, "returns.recorded")
		}
		if v.Problem, errs, err = web.ByField(r, err, ofStep, formless...); err != nil {
			return err
		}
	}
	v.Errors = errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "returns.one"}, onePage(v))
}

// readStep reads what both forms ask: how far, when, by whose word.
func readStep(r *http.Request, form url.Values) (returns.Step, map[string]string) {
	errs := map[string]string{}
	date := func(name string) edtf.Date {
		if form.Get(name) == "" {
			return edtf.Date{}
		}
		d, err := edtf.Parse(form.Get(name))
		if err != nil {
			errs[name] = locale.T(r.Context(), "returns.date_wrong")
		}
		return d
	}
	s := returns.Step{Stage: returns.Stage(form.Get("stage")), Stance: statement.Stance(form.Get("stance")), On: date("on"), HandedTo: form.Get("handed_to"), Note: form.Get("note"),
		Word: returns.Word{SaidOn: date("said_on"), Basis: statement.Basis(form.Get("basis"))}}
	return s, errs
}

func (p Pages) same(w http.ResponseWriter, r *http.Request) error {
	return p.judge(w, r, "returns.same_recorded", p.Returns.Same)
}

func (p Pages) two(w http.ResponseWriter, r *http.Request) error {
	return p.judge(w, r, "returns.two_recorded", p.Returns.NotSame)
}

func (p Pages) apart(w http.ResponseWriter, r *http.Request) error {
	return p.judge(w, r, "returns.apart_recorded", p.Returns.Undo)
}

func (p Pages) judge(w http.ResponseWriter, r *http.Request, message string, do func(ctx context.Context, by, a, b, why string) error) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err = do(r.Context(), web.Actor(r.Context()), id, form.Get("other"), form.Get("why")); err == nil {
		return web.Redirect(w, r, "/returns/"+id, message)
	}
	above, _, err := web.ByField(r, err, nil, formless...)
	if err != nil {
		return err
	}
	v, err := p.oneView(r, url.Values{})
	if err != nil {
		return err
	}
	v.Problem = above
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "returns.one"}, onePage(v))
}

// formView is the form on which a return is first written down.
type formView struct {
	words
	Person  *register.Person
	Says    speakers
	Kin     []register.Label
	Places  []register.Label
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) newReturn(w http.ResponseWriter, r *http.Request) error {
	v, err := p.formView(r, url.Values{})
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "returns.new", Section: "/returns"}, formPage(v))
}

func (p Pages) formView(r *http.Request, form url.Values) (v formView, err error) {
	if v.Person, err = p.People.Person(r.Context(), r.PathValue("id")); err != nil {
		return v, err
	}
	v.Form = form
	var ids []string
	for _, s := range v.Person.Sightings {
		if s.Fact.Statement.Object != "" {
			ids = append(ids, s.Fact.Statement.Object)
		}
	}
	if v.Says, v.words, err = p.speakers(r, form, speakersOf(v.Person), ids); err != nil {
		return v, err
	}
	for _, e := range v.Person.Kin {
		if e.Other.ID != "" && !slices.ContainsFunc(v.Kin, func(l register.Label) bool { return l.ID == e.Other.ID }) {
			v.Kin = append(v.Kin, e.Other)
		}
	}
	for _, s := range v.Person.Sightings {
		l := v.Labels[s.Fact.Statement.Object]
		if l.Text != "" && !slices.ContainsFunc(v.Places, func(x register.Label) bool { return x.ID == l.ID }) {
			v.Places = append(v.Places, l)
		}
	}
	return v, nil
}

func (p Pages) add(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.formView(r, form)
	if err != nil {
		return err
	}
	if facts.Finding(form) {
		return web.Render(w, r, web.Page{Title: "returns.new", Section: "/returns"}, formPage(v))
	}
	s, errs := readStep(r, form)
	if len(errs) == 0 {
		id, err := p.record(r, v, s)
		if err == nil {
			return web.Redirect(w, r, "/returns/"+id, "returns.recorded")
		}
		if v.Problem, errs, err = web.ByField(r, err, ofStep, formless...); err != nil {
			return err
		}
	}
	v.Errors = errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "returns.new", Section: "/returns"}, formPage(v))
}

// record writes down what the form says.
func (p Pages) record(r *http.Request, v formView, s returns.Step) (id string, err error) {
	if s.Word, err = p.speaks(r, v.Form, s, v.words); err != nil {
		return "", err
	}
	return p.Returns.Record(r.Context(), web.Actor(r.Context()), returns.NewReturn{Person: v.Person.ID, Stage: s.Stage, On: s.On, HandedTo: s.HandedTo, Word: s.Word, Note: s.Note,
		From: v.spot("from"), To: v.spot("to"), With: v.Form["with"], By: v.Form.Get("by")})
}

// spot reads a place as it was called; the name of a place where she was seen is
// that place.
func (v formView) spot(name string) returns.Spot {
	s := returns.Spot{Wording: v.Form.Get(name)}
	for _, l := range v.Places {
		if l.Text == s.Wording {
			s.Record, s.Lang = l.ID, l.Lang
		}
	}
	return s
}
