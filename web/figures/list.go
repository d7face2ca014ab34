package figuresweb

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"homeward/figures"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
	"homeward/web/ui"
)

// listed is a question with what its sheet says.
type listed struct {
	Question figures.Question
	Label    figures.Words
	Sheet    figures.Sheet
}

// listView is the list of questions.
type listView struct {
	words
	Questions []listed
}

func (p Pages) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{words: p.words(r)}
	all, err := p.Figures.Questions(r.Context())
	if err != nil {
		return err
	}
	for _, q := range all {
		if q.Withdrawn {
			continue
		}
		s, err := p.Figures.Sheet(r.Context(), q.ID, figures.AsOf{})
		if err != nil {
			return err
		}
		v.Questions = append(v.Questions, listed{Question: q, Label: q.Label(locale.From(r.Context()).Code()), Sheet: s})
	}
	return web.Render(w, r, web.Page{Title: "shell.figures", Styles: styles}, listPage(v))
}

// about is what a question asks about, in a line.
func (l listed) about(ctx context.Context) string {
	var said []string
	for _, place := range l.Question.Places {
		said = append(said, placeName(ctx, place))
	}
	return dotted(append(said, day(ctx, l.Question.Period), locale.N(ctx, "sheet.desc.claims", len(l.Sheet.Lines)))...)
}

// askView is the form on which a question is asked.
type askView struct {
	words
	Places  []ui.Option
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) newQuestion(w http.ResponseWriter, r *http.Request) error {
	v, err := p.askView(r, url.Values{})
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "sheet.ask"}, askPage(v))
}

func (p Pages) askView(r *http.Request, form url.Values) (v askView, err error) {
	v.words, v.Form = p.words(r), form
	v.Places, err = p.places(r.Context())
	return v, err
}

// places are the places that a form offers.
func (p Pages) places(ctx context.Context) ([]ui.Option, error) {
	rows, err := p.People.Places(ctx)
	if err != nil {
		return nil, err
	}
	all := []ui.Option{{Label: locale.T(ctx, "ui.not_said")}}
	for _, row := range rows {
		if name := nameOf(ctx, row); name != "" {
			all = append(all, ui.Option{Value: row.ID, Label: name})
		}
	}
	return all, nil
}

// nameOf is what a place is called in the reader's language, or else in its first.
func nameOf(ctx context.Context, row register.PlaceRow) string {
	p := figures.Place{}
	for _, n := range row.Names {
		p.Names = append(p.Names, figures.Words{Text: n.Text, Lang: n.Lang})
	}
	return placeName(ctx, p)
}

func (p Pages) ask(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.askView(r, form)
	if err != nil {
		return err
	}
	n, errs := readQuestion(r, form)
	if len(errs) == 0 {
		var id string
		if id, err = p.Figures.Ask(r.Context(), web.Actor(r.Context()), n); err == nil {
			return web.Redirect(w, r, "/figures/"+id, "sheet.asked")
		}
		if v.Problem, errs, err = web.ByField(r, err, ofQuestion, formless...); err != nil {
			return err
		}
	}
	v.Errors = errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "sheet.ask"}, askPage(v))
}

// readQuestion reads the form: its words in each language of the house.
func readQuestion(r *http.Request, form url.Values) (n figures.NewQuestion, errs map[string]string) {
	errs = map[string]string{}
	for _, l := range locale.Languages {
		if text := strings.TrimSpace(form.Get("label_" + l.Code)); text != "" {
			n.Labels = append(n.Labels, figures.Words{Text: text, Lang: l.Code})
		}
	}
	if place := form.Get("place"); place != "" {
		n.Places = []string{place}
	}
	n.Period = readDate(r, form, errs, "period")
	return n, errs
}

// readDate reads a date of a form, and says beside its field when it is none.
func readDate(r *http.Request, form url.Values, errs map[string]string, name string) edtf.Date {
	text := strings.TrimSpace(form.Get(name))
	if text == "" {
		return edtf.Date{}
	}
	d, err := edtf.Parse(text)
	if err != nil {
		errs[name] = locale.T(r.Context(), "sheet.date_wrong")
	}
	return d
}

// languages are those in which words are given.
func languages(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: locale.T(ctx, "ui.not_said")}}
	for _, l := range locale.Languages {
		all = append(all, ui.Option{Value: l.Code, Label: l.Name})
	}
	return all
}

// ofQuestion says beside which field each problem of a question stands.
var ofQuestion = map[*problem.Error]string{
	figures.ErrQuestion: "label_en", statement.ErrAhead: "period", statement.ErrReaches: "period",
}

// boundsWords is what a group's claims come to: from the lowest to the highest.
func boundsWords(ctx context.Context, g figures.Group) string {
	l := locale.From(ctx)
	if g.Best != nil {
		return l.T("sheet.range_best", "low", l.Number(g.Low.Number), "high", l.Number(g.High.Number), "best", l.Number(g.Best.Number))
	}
	if g.Low.Number == g.High.Number {
		return l.Number(g.Low.Number)
	}
	return l.T("sheet.range", "low", l.Number(g.Low.Number), "high", l.Number(g.High.Number))
}
