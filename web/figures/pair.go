package figuresweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"homeward/figures"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/statement"
	"homeward/web"
	"homeward/web/ui"
)

// pairView is two claims side by side: what the rules say of them, what a person
// decided, and the form to decide.
type pairView struct {
	words
	Question figures.Question
	A, B     figures.Claim
	Compared figures.Comparison
	By       string // who decided
	Form     url.Values
	Problem  web.Sentences
	Errors   map[string]string
}

func (p Pages) pair(w http.ResponseWriter, r *http.Request) error {
	v, err := p.pairView(r, url.Values{})
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "sheet.pair_title", Section: "/figures", Styles: styles}, pairPage(v))
}

func (p Pages) pairView(r *http.Request, form url.Values) (v pairView, err error) {
	v.words, v.Form = p.words(r), form
	s, err := p.together(r.Context(), r.PathValue("id"), r.PathValue("other"))
	if err != nil {
		return v, err
	}
	v.Question = s.Question
	a, _ := s.Line(r.PathValue("id"))
	b, _ := s.Line(r.PathValue("other"))
	v.A, v.B = a.Claim, b.Claim
	v.Compared = figures.Compare(v.A, v.B, s.Overrules)
	if o := v.Compared.Overruled; o != nil {
		v.By, err = p.colleague(r, o.By)
	}
	return v, err
}

// together gives a sheet on which two different claims stand.
func (p Pages) together(ctx context.Context, a, b string) (figures.Sheet, error) {
	claim, err := p.Figures.Claim(ctx, a)
	if err != nil {
		return figures.Sheet{}, err
	}
	for _, question := range claim.Questions {
		s, err := p.Figures.Sheet(ctx, question, figures.AsOf{})
		if problem.KindOf(err) == problem.NotFound {
			continue
		} else if err != nil {
			return s, err
		}
		_, hasA := s.Line(a)
		if _, hasB := s.Line(b); hasA && hasB && a != b {
			return s, nil
		}
	}
	return figures.Sheet{}, figures.ErrNotFound
}

// ofPair says beside which field each problem of a decision stands.
var ofPair = map[*problem.Error]string{figures.ErrReason: "why", statement.ErrWord: "relation"}

func (p Pages) overrule(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.pairView(r, form)
	if err != nil {
		return err
	}
	_, err = p.Figures.Overrule(r.Context(), web.Actor(r.Context()), v.A.ID, v.B.ID, figures.Relation(form.Get("relation")), form.Get("why"))
	if err == nil {
		return web.Redirect(w, r, v.url(), "sheet.overruled")
	}
	if v.Problem, v.Errors, err = web.ByField(r, err, ofPair, formless...); err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "sheet.pair_title", Section: "/figures", Styles: styles}, pairPage(v))
}

// undoOverrule takes the decision back that stands; another that was made meanwhile is
// left alone.
func (p Pages) undoOverrule(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.pairView(r, form)
	if err != nil {
		return err
	}
	if o := v.Compared.Overruled; o == nil || o.Act != form.Get("act") {
		return figures.ErrNotFound
	}
	if err := p.Figures.Restore(r.Context(), web.Actor(r.Context()), form.Get("act"), form.Get("why")); err != nil {
		return err
	}
	return web.Redirect(w, r, v.url(), "sheet.overrule_undone")
}

func (v pairView) url() string {
	return pairURL(v.A.ID, v.B.ID)
}

// pairs are the counts on which two claims are compared, line by line.
func (v pairView) pairs(ctx context.Context) []ui.Pair {
	line := func(label, left, right string) ui.Pair {
		tone, verdict := ui.Good, locale.T(ctx, "sheet.alike")
		switch {
		case left == "" || right == "":
			tone, verdict = ui.Plain, ""
		case left != right:
			tone, verdict = ui.Plain, locale.T(ctx, "sheet.unlike")
		}
		return ui.Pair{Label: locale.T(ctx, label), Left: left, Right: right, Tone: tone, Verdict: verdict}
	}
	of := func(c figures.Claim) string {
		if c.Of.Unit == "" {
			return ""
		}
		return people(ctx, c.Of)
	}
	tally := func(c figures.Claim) string {
		if c.Tally == "" {
			return ""
		}
		return locale.T(ctx, "figures.tally."+string(c.Tally))
	}
	return []ui.Pair{
		{Label: locale.T(ctx, "sheet.said"), Left: v.said(ctx, v.A), Right: v.said(ctx, v.B)},
		{Label: locale.T(ctx, "sheet.said_on"), Left: when(ctx, v.A), Right: when(ctx, v.B)},
		line("sheet.people", of(v.A), of(v.B)),
		line("sheet.what", whatWords(ctx, v.A.What), whatWords(ctx, v.B.What)),
		line("sheet.place", placeName(ctx, v.A.Place), placeName(ctx, v.B.Place)),
		line("sheet.period", day(ctx, v.A.When()), day(ctx, v.B.When())),
		line("sheet.tally", tally(v.A), tally(v.B)),
		{Label: locale.T(ctx, "sheet.basis_title"), Left: v.basis(ctx, v.A), Right: v.basis(ctx, v.B)},
	}
}

// relationOptions are what a person can decide, in the order of the form.
func (v pairView) relationOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, rel := range []figures.Relation{figures.Same, figures.PartOf, figures.WholeOf, figures.NotComparable} {
		all = append(all, ui.Option{Value: string(rel), Label: locale.T(ctx, "sheet.decide."+string(rel)), Hint: locale.T(ctx, "sheet.decide_hint."+string(rel))})
	}
	return all
}

// decided is the relation that the form shows chosen.
func (v pairView) decided() string { return cmp.Or(v.Form.Get("relation"), "") }

func decidedAt(o figures.Overrule) time.Time { return time.UnixMicro(o.At) }

// pairURL leads to the page of two claims.
func pairURL(a, b string) string { return "/claims/" + a + "/beside/" + b }
