package lettersweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/match"
	"homeward/statement"
	"homeward/web"
)

// makeView is the page on which a letter is made: the recipient, the purpose, the
// people; then what is held beside what would go; then the words.
type makeView struct {
	words
	Form       url.Values
	Recipients []letters.Recipient
	To         *letters.Recipient
	Purpose    string
	People     []chosen
	Query      string
	Hits       []match.Found
	Looked     bool
	Cleared    casework.Cleared
	Paper      *letters.Paper
	Problem    web.Sentences
	Errors     map[string]string
	Today      letters.Day
}

// chosen is one person of the letter.
type chosen struct {
	ID      string
	Records []string
	Name    string
	Lang    string
	Rows    []heldRow
	// Why says why nothing of her may go; "" when something may.
	Why casework.Reason
}

// heldRow is one value that is held, and what becomes of it.
type heldRow struct {
	Said statement.Recorded
	Goes bool
	Why  casework.Reason
	// Hidden says that the value is a contact: it is named and not shown.
	Hidden bool
}

func (p Pages) newLetter(w http.ResponseWriter, r *http.Request) error {
	form := r.URL.Query()
	if r.Method == http.MethodPost {
		var err error
		if form, err = web.ReadForm(r); err != nil {
			return err
		}
	}
	v, err := p.makeView(r, form)
	if err != nil {
		return err
	}
	switch form.Get("step") {
	case "make":
		return p.makeLetter(w, r, v)
	case "preview":
		return p.previewLetter(w, r, v)
	}
	return web.Render(w, r, makePageOf(v), makePage(v))
}

func makePageOf(makeView) web.Page {
	return web.Page{Title: "letter.new", Section: "/letters", Styles: []string{"letters.css"}}
}

// makeView gathers the page from the form.
func (p Pages) makeView(r *http.Request, form url.Values) (v makeView, err error) {
	ctx := r.Context()
	v.Form, v.Purpose, v.Today = form, form.Get("purpose"), p.Letters.Today()
	if v.Recipients, err = p.Letters.Recipients(ctx); err != nil {
		return v, err
	}
	if i := slices.IndexFunc(v.Recipients, func(r letters.Recipient) bool { return r.ID == form.Get("recipient") }); i >= 0 {
		v.To = &v.Recipients[i]
	}
	if err := p.choosePeople(ctx, &v); err != nil {
		return v, err
	}
	if form.Get("step") == "find" {
		v.Query = strings.TrimSpace(form.Get("name"))
		if v.Query != "" {
			if v.Hits, err = p.Search.Find(ctx, v.Query, 8); err != nil {
				return v, err
			}
		}
	}
	if v.To != nil && v.Purpose != "" && len(v.People) > 0 && form.Get("step") != "find" && form.Get("add") == "" {
		if err := p.look(r, &v); err != nil {
			return v, err
		}
	}
	v.words, err = p.words(r, v.speakers()...)
	return v, err
}

// choosePeople finds those who are ticked, and the one who was added.
func (p Pages) choosePeople(ctx context.Context, v *makeView) error {
	seen := map[string]bool{}
	for _, id := range append(slices.Clone(v.Form["person"]), v.Form.Get("add")) {
		if id == "" {
			continue
		}
		person, err := p.People.Person(ctx, id)
		if err != nil {
			return err
		}
		if seen[person.ID] {
			continue
		}
		seen[person.ID] = true
		v.People = append(v.People, chosen{ID: person.ID, Records: recordsOf(person), Name: person.Name.Statement.Value, Lang: person.Name.Statement.Lang})
	}
	return nil
}

// look has casework say what may go, and puts it beside what is held.
func (p Pages) look(r *http.Request, v *makeView) error {
	ctx := r.Context()
	request := casework.Request{Recipient: v.To.ID, Purpose: v.Purpose}
	for _, c := range v.People {
		request.Persons = append(request.Persons, casework.Asked{Records: c.Records})
	}
	cleared, refused, err := p.Casework.Clear(ctx, web.Actor(ctx), request)
	if err != nil {
		v.Problem, err = web.Told(r, err, formless...)
		return err
	}
	v.Looked = true
	if v.Cleared, err = p.onlyTicked(ctx, v, request, cleared); err != nil {
		v.Problem, err = web.Told(r, err, formless...)
		return err
	}
	goes := map[string]bool{}
	for _, person := range cleared.People() {
		for _, f := range person.Fields() {
			goes[f.Statement()] = true
		}
		for _, f := range person.Files() {
			goes[f.File()] = true
		}
	}
	for i := range v.People {
		held, err := p.Casework.Holdings(ctx, v.People[i].Records...)
		if err != nil {
			return err
		}
		v.People[i].compare(held, refused, goes)
	}
	return nil
}

// onlyTicked narrows what may go to the fields that are ticked. When some were
// offered and none is, nothing goes.
func (p Pages) onlyTicked(ctx context.Context, v *makeView, request casework.Request, all casework.Cleared) (casework.Cleared, error) {
	if v.Form.Get("offered") == "" {
		return all, nil
	}
	for _, f := range v.Form["field"] {
		request.Fields = append(request.Fields, statement.Property(f))
	}
	if len(request.Fields) == 0 {
		return casework.Cleared{}, nil
	}
	narrowed, _, err := p.Casework.Clear(ctx, web.Actor(ctx), request)
	return narrowed, err
}

// ticked says whether a property is to go: all are until somebody unticks one.
func (v makeView) ticked(p statement.Property) bool {
	return v.Form.Get("offered") == "" || slices.Contains(v.Form["field"], string(p))
}

// asked says whether a request is to stand in the letter.
func (v makeView) asked(n int) bool {
	return len(v.Form["ask"]) == 0 || slices.Contains(v.Form["ask"], strconv.Itoa(n))
}

// compare lists what is held of a person with what becomes of it.
func (c *chosen) compare(held []casework.Holding, refused []casework.Refusal, goes map[string]bool) {
	why := map[string]casework.Reason{}
	for _, no := range refused {
		switch {
		case !slices.Contains(c.Records, no.Person):
		case no.Statement != "":
			why[no.Statement] = no.Reason
		case no.File != "":
			why[no.File] = no.Reason
		case no.Property == "":
			c.Why = no.Reason
		}
	}
	for _, h := range held {
		for _, s := range h.Said {
			file := ""
			if casework.IsFile(s.Property) {
				file = s.Object
			}
			c.Rows = append(c.Rows, heldRow{
				Said: s, Goes: goes[s.ID] || goes[file], Why: cmp.Or(why[s.ID], why[file], c.Why, h.Never),
				Hidden: statement.Vocabulary[s.Property].Class == statement.KinContact,
			})
		}
	}
}

// speakers are the records whose labels the page needs.
func (v makeView) speakers() []string {
	var ids []string
	for _, c := range v.People {
		for _, row := range c.Rows {
			ids = append(ids, row.Said.SaidBy, row.Said.Object)
		}
	}
	return ids
}

// fields are the properties of which something goes, in the order of the vocabulary.
func (v makeView) fields() []statement.Property {
	var all []statement.Property
	for _, d := range statement.Definitions {
		for _, c := range v.People {
			for _, row := range c.Rows {
				if row.Goes && row.Said.Property == d.Property && !slices.Contains(all, d.Property) {
					all = append(all, d.Property)
				}
			}
		}
	}
	return all
}

func (p Pages) previewLetter(w http.ResponseWriter, r *http.Request, v makeView) error {
	d, errs := p.draft(r, v)
	if len(errs) > 0 {
		v.Errors = errs
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, makePageOf(v), makePage(v))
	}
	paper, err := p.Letters.Preview(r.Context(), web.Actor(r.Context()), v.Cleared, d)
	if err != nil {
		return p.notMade(w, r, v, err)
	}
	v.Paper = &paper
	return web.Render(w, r, makePageOf(v), makePage(v))
}

func (p Pages) makeLetter(w http.ResponseWriter, r *http.Request, v makeView) error {
	d, errs := p.draft(r, v)
	if len(errs) > 0 {
		v.Errors = errs
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, makePageOf(v), makePage(v))
	}
	id, err := p.Letters.Make(r.Context(), web.Actor(r.Context()), v.Cleared, d)
	if err != nil && id == "" {
		return p.notMade(w, r, v, err)
	}
	if err != nil { // made, and not yet proposed: the letter's page offers it again
		return web.Redirect(w, r, "/letters/"+id, "letter.made_unproposed")
	}
	return web.Redirect(w, r, "/letters/"+id, "letter.made")
}

// ofLetter says beside which field each problem of a letter stands.
var ofLetter = map[*problem.Error]string{
	letters.ErrText: "substance", letters.ErrReach: "substance", letters.ErrTooLong: "substance", letters.ErrFuture: "dated", letters.ErrPurpose: "purpose",
}

func (p Pages) notMade(w http.ResponseWriter, r *http.Request, v makeView, err error) error {
	told, _ := problem.As(err)
	if v.Problem, v.Errors, err = web.ByField(r, inWords(r.Context(), err), ofLetter, formless...); err != nil {
		return err
	}
	if wrong := v.Errors["substance"]; wrong != "" && told.Args["in"] == letters.InAnnexes {
		v.Errors = map[string]string{"annexes": wrong}
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, makePageOf(v), makePage(v))
}

// draft reads what the caseworker adds.
func (p Pages) draft(r *http.Request, v makeView) (letters.Draft, map[string]string) {
	day, err := p.dayOf(v.Form, "dated")
	if err != nil {
		s, _ := web.Told(r, err, formless...)
		return letters.Draft{}, map[string]string{"dated": s.What + ". " + s.Do + "."}
	}
	d := letters.Draft{Dated: day, Substance: v.Form.Get("substance"), Annexes: strings.Split(v.Form.Get("annexes"), "\n")}
	for _, a := range v.Form["ask"] {
		if n, err := strconv.Atoi(a); err == nil {
			d.Asks = append(d.Asks, n)
		}
	}
	return d, nil
}
