// Package readingweb has the reading desk: an article is pasted or uploaded, the figures
// that somebody says in it are marked on its text, and a person accepts, changes or
// refuses each.
//
// The rules are:
//
//   - A suggestion is nothing until a person has accepted it. Then it is a claim with its
//     speaker, whoever carried it, and the outlet; its words are those of the article.
//   - The article is sealed as evidence before it is read, as it came.
//   - What was suggested and refused is kept nowhere. The desk is in memory (desk.go), is
//     its reader's alone, and is gone at the lock.
//   - Who sees no names of speakers (the analyst) writes down institutions.
//   - A language model, where the office runs one, is asked only when somebody asks it,
//     about this published text and nothing else; what it adds is marked as its own.
package readingweb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/access"
	"homeward/figures"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/reading"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
)

//go:generate templ generate

// World is what the pages ask of the register: speakers, places, and a sealed file.
type World interface {
	Sources(ctx context.Context, text string, limit int) ([]register.SourceRow, int, error)
	AddSource(ctx context.Context, by string, n register.NewSource) (string, error)
	Places(ctx context.Context) ([]register.PlaceRow, error)
	KeepList(ctx context.Context, by, name string, body io.Reader) (string, error)
}

// Claims is what they ask of the room of figures; *figures.Figures is one.
type Claims interface {
	Check(n figures.NewClaim) error
	Record(ctx context.Context, by string, n figures.NewClaim) (string, error)
	Questions(ctx context.Context) ([]figures.Question, error)
	Sheet(ctx context.Context, question string, asOf figures.AsOf) (figures.Sheet, error)
}

// Model is a language model that the office runs; nil where there is none.
type Model interface {
	// Suggest gives what the model finds in a published text. It is asked about nothing else.
	Suggest(ctx context.Context, text string, o reading.Options) ([]reading.Figure, error)
	// Name is how it is called on the page.
	Name() string
}

// Pages are the pages of the reading desk.
type Pages struct {
	Figures Claims
	World   World
	Model   Model
	Desk    *Desk
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	show := func(pattern string, audit web.Audit, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: access.FiguresWrite,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: audit, Handler: h}
	}
	act := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: pattern, Surface: web.Staff, Action: access.FiguresWrite,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: h}
	}
	upload, ask := act("/reading", p.upload), act("/reading/{id}/model", p.ask)
	upload.Body, upload.Rate, ask.Rate = web.Upload, web.Heavy, web.Heavy
	return []web.Route{
		show("/reading", web.Unlogged, p.start), upload,
		show("/reading/{id}", web.Logged, p.one),
		act("/reading/{id}", p.change),
		act("/reading/{id}/suggestions/{n}", p.decide),
		ask,
	}
}

func page() web.Page {
	return web.Page{Title: "article.title", Section: "/reading", Wide: true, Styles: []string{"reading.css"}, Scripts: []string{"reading.js"}}
}

// mostOfAnArticle bounds what is uploaded, in bytes: a captured page has its pictures.
const mostOfAnArticle = 64 << 20

// ErrTooBig says that an upload is no article.
var ErrTooBig = problem.New(problem.TooLarge, "article.too_big",
	"this is too big to be an article", "save the page without its pictures, or paste its text")

// ErrUnpublished keeps from the model what nobody says was published.
var ErrUnpublished = problem.New(problem.Invalid, "article.unpublished",
	"the model is asked about published articles only", "give the article again with the day on which it was published")

// startView is the page on which an article is given.
type startView struct {
	Mine      []article
	Questions []figures.Question
	Outlets   []string
	Form      map[string]string
	Errors    map[string]string
	Problem   web.Sentences
}

func (p Pages) start(w http.ResponseWriter, r *http.Request) error {
	return p.startPage(w, r, http.StatusOK, startView{Form: map[string]string{}})
}

func (p Pages) startPage(w http.ResponseWriter, r *http.Request, status int, v startView) error {
	var err error
	if v.Questions, err = p.Figures.Questions(r.Context()); err != nil {
		return err
	}
	known, err := p.speakers(r)
	if err != nil {
		return err
	}
	for _, s := range known {
		if s.Kind == "outlet" {
			v.Outlets = append(v.Outlets, s.Label)
		}
	}
	v.Mine = p.Desk.mine(web.Actor(r.Context()))
	return web.RenderStatus(w, r, status, page(), startPage(v))
}

// given is an article as it comes from the form.
type given struct {
	fields map[string]string
	name   string
	data   []byte
}

// readGiven reads the parts of the form: the file, or the text that was pasted.
func readGiven(r *http.Request) (g given, err error) {
	parts, err := web.Parts(r)
	if err != nil {
		return g, err
	}
	g.fields = map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return g, err
		}
		data, err := io.ReadAll(io.LimitReader(part, mostOfAnArticle+1))
		switch {
		case err != nil:
			return g, err
		case len(data) > mostOfAnArticle:
			return g, ErrTooBig
		case part.FormName() == "file" && len(data) > 0:
			g.name, g.data = part.FileName(), data
		case part.FormName() != "file":
			g.fields[part.FormName()] = string(data)
		}
	}
}

// upload reads an article, keeps it as evidence, and puts what was read on the desk.
func (p Pages) upload(w http.ResponseWriter, r *http.Request) error {
	g, err := readGiven(r)
	if err != nil {
		return p.refuse(w, r, g, err)
	}
	if text := g.fields["text"]; len(g.data) == 0 && strings.TrimSpace(text) != "" {
		g.name, g.data = "article.txt", []byte(text)
	}
	a, errs := p.article(r, g)
	if len(errs) > 0 {
		return p.startPage(w, r, http.StatusUnprocessableEntity, startView{Form: g.fields, Errors: errs})
	}
	if err := a.read(g.data, g.fields["lang"]); err != nil {
		return p.refuse(w, r, g, err)
	}
	if a.outlet, err = p.outlet(r, a.Outlet); err != nil {
		return p.refuse(w, r, g, err)
	}
	if a.file, err = p.World.KeepList(r.Context(), a.owner, g.name, bytes.NewReader(g.data)); err != nil {
		return err
	}
	id, err := p.Desk.put(a)
	if err != nil {
		return p.refuse(w, r, g, err)
	}
	return web.Redirect(w, r, "/reading/"+id, "article.read", len(a.Suggestions))
}

func (p Pages) refuse(w http.ResponseWriter, r *http.Request, g given, err error) error {
	told, err := web.Told(r, err)
	if err != nil {
		return err
	}
	return p.startPage(w, r, http.StatusUnprocessableEntity, startView{Form: g.fields, Problem: told})
}

// article is what the form says of the article, and what is wrong with it.
func (p Pages) article(r *http.Request, g given) (a *article, errs map[string]string) {
	errs = map[string]string{}
	field := func(name string) string { return strings.TrimSpace(g.fields[name]) }
	a = &article{owner: web.Actor(r.Context()), Outlet: field("outlet"), URL: field("url"), Question: field("question"), begun: time.Now()}
	if len(g.data) == 0 {
		errs["text"] = locale.T(r.Context(), "article.no_article")
	}
	if a.Outlet == "" {
		errs["outlet"] = locale.T(r.Context(), "article.no_outlet")
	}
	if text := field("published"); text != "" {
		d, err := edtf.Parse(text)
		if err != nil || d.Earliest() != d.Latest() {
			errs["published"] = locale.T(r.Context(), "reading.published.what")
		}
		a.Published = d
	}
	return a, errs
}

// outlet finds the outlet among those that are known, or writes it down.
func (p Pages) outlet(r *http.Request, name string) (string, error) {
	known, err := p.speakers(r)
	if err != nil {
		return "", err
	}
	return p.sourceOf(r, known, name, "outlet")
}

// articleView is the page of an article.
type articleView struct {
	article
	Pieces   []piece
	Known    []register.SourceRow
	Places   []register.PlaceRow
	Question figures.Question
	Lines    []figures.Line
	All      []figures.Question
	ByName   bool
	Model    string
	Open     int // the suggestion whose form is open, -1 for none
	Form     formOf
	Problem  web.Sentences
	Errors   map[string]string
}

func (p Pages) one(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r)
	if err != nil {
		return p.gone(w, r, err)
	}
	v.Open = v.next(0)
	if at, err := strconv.Atoi(r.URL.Query().Get("at")); err == nil {
		v.Open = at
	}
	return web.Render(w, r, page(), articlePage(v))
}

func (p Pages) gone(w http.ResponseWriter, r *http.Request, err error) error {
	told, err := web.Told(r, err)
	if err != nil {
		return err
	}
	return p.startPage(w, r, http.StatusNotFound, startView{Form: map[string]string{}, Problem: told})
}

func (p Pages) view(r *http.Request) (v articleView, err error) {
	ctx := r.Context()
	a, err := p.Desk.get(web.Actor(ctx), r.PathValue("id"))
	if err != nil {
		return v, err
	}
	v = articleView{article: a, Pieces: a.pieces(), ByName: byName(r), Open: -1}
	if v.Known, err = p.speakers(r); err != nil {
		return v, err
	}
	if v.Places, err = p.World.Places(ctx); err != nil {
		return v, err
	}
	if v.All, err = p.Figures.Questions(ctx); err != nil {
		return v, err
	}
	if a.Question != "" {
		s, err := p.Figures.Sheet(ctx, a.Question, figures.AsOf{})
		if err != nil && problem.KindOf(err) != problem.NotFound {
			return v, err
		}
		v.Question, v.Lines = s.Question, s.Lines
	}
	if p.Model != nil {
		v.Model = p.Model.Name()
	}
	return v, nil
}

// change chooses the sheet on which accepted claims stand, or puts the article away.
func (p Pages) change(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	owner, id := web.Actor(r.Context()), r.PathValue("id")
	if _, err := p.Desk.get(owner, id); err != nil {
		return p.gone(w, r, err)
	}
	if form.Get("do") == "away" {
		p.Desk.away(id)
		return web.Redirect(w, r, "/reading", "article.put_away")
	}
	p.Desk.change(id, func(a *article) { a.Question = form.Get("question") })
	return web.Redirect(w, r, "/reading/"+id, "article.sheet_chosen")
}

// ofClaim says beside which field each problem of a claim stands.
var ofClaim = map[*problem.Error]string{
	figures.ErrSpeaker: "speaker", figures.ErrNothing: "said", figures.ErrUncoded: "low", figures.ErrBounds: "low", figures.ErrUnit: "unit",
	figures.ErrWhat: "what", figures.ErrList: "basis", figures.ErrCorrects: "target", figures.ErrTarget: "target", register.ErrNoLabel: "speaker",
	statement.ErrSaidAhead: "said_on", statement.ErrAhead: "on", statement.ErrReaches: "on",
}

// decide accepts a suggestion as the form says, refuses it, or takes that back.
func (p Pages) decide(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.view(r)
	if err != nil {
		return p.gone(w, r, err)
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(v.Suggestions) {
		return p.gone(w, r, ErrGone)
	}
	id := r.PathValue("id")
	onward := func(message string) error {
		return web.Redirect(w, r, "/reading/"+id+"?at="+strconv.Itoa(v.next(n+1))+"#s-"+strconv.Itoa(max(v.next(n+1), 0)), message)
	}
	switch {
	case v.Suggestions[n].Claim != "":
		return onward("article.already")
	case form.Get("do") == "refuse":
		p.Desk.change(id, func(a *article) { a.Suggestions[n].Refused = true })
		v.Suggestions[n].Refused = true
		return onward("article.refused")
	case form.Get("do") == "again":
		p.Desk.change(id, func(a *article) { a.Suggestions[n].Refused = false })
		return web.Redirect(w, r, "/reading/"+id+"?at="+strconv.Itoa(n)+"#s-"+strconv.Itoa(n), "")
	}
	claim, errs, err := p.accept(r, v, n, formOf{form})
	if err == nil && len(errs) == 0 {
		p.Desk.change(id, func(a *article) { a.Suggestions[n].Claim = claim })
		v.Suggestions[n].Claim = claim
		return onward("article.accepted")
	}
	if err != nil {
		if v.Problem, errs, err = web.ByField(r, err, ofClaim); err != nil {
			return err
		}
	}
	v.Open, v.Form, v.Errors = n, formOf{form}, errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, page(), articlePage(v))
}

// ask has the model look at the text, and adds what the rules did not find.
func (p Pages) ask(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	a, err := p.Desk.get(web.Actor(r.Context()), id)
	if err != nil {
		return p.gone(w, r, err)
	}
	if p.Model == nil {
		return p.gone(w, r, ErrGone)
	}
	var found []reading.Figure
	if err = ErrUnpublished; !a.Published.IsZero() {
		found, err = p.Model.Suggest(r.Context(), a.Text, reading.Options{Published: a.Published})
	}
	if err != nil {
		v, again := p.view(r)
		if again != nil {
			return again
		}
		if v.Problem, err = web.Told(r, err); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, page(), articlePage(v))
	}
	added := 0
	p.Desk.change(id, func(a *article) { added = a.add(found) })
	return web.Redirect(w, r, "/reading/"+id, "article.model_added", added)
}

// byName says whether the reader sees who speaks.
func byName(r *http.Request) bool {
	s, ok := access.FromContext(r.Context())
	return ok && s.Can(access.SourceRead, access.None)
}

// institutions are the kinds of speaker whose label names nobody.
var institutions = []string{"outlet", "authority", "organisation", "list", "document", "office"}

// speakers are those whom the reader may know; who sees no names knows institutions.
func (p Pages) speakers(r *http.Request) ([]register.SourceRow, error) {
	all, _, err := p.World.Sources(r.Context(), "", 0)
	if err != nil || byName(r) {
		return all, err
	}
	return slices.DeleteFunc(all, func(s register.SourceRow) bool { return s.Protected || !slices.Contains(institutions, s.Kind) }), nil
}
