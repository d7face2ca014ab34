package registerweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"homeward/internal/locale"
	"homeward/match"
	"homeward/names"
	"homeward/register"
	"homeward/statement"
	"homeward/web"
	"homeward/web/facts"
	"homeward/web/ui"
)

// sameView is the page on which two records are held against each other.
type sameView struct {
	words
	Left, Right *register.Person // each as its one record tells
	Persons     [2]*register.Person
	Lines       []ui.Pair
	Verdict     register.Verdict
	// Direct is what was decided about this very pair and stands.
	Direct  *register.Judgement
	History []register.Judgement
	// Weighing is what speaks for and against, Weighed that there is one.
	Weighing match.Weighing
	Weighed  bool
	Form     url.Values
	Problem  web.Sentences
}

func (p Pages) same(w http.ResponseWriter, r *http.Request) error {
	v, err := p.sameView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, beside(), samePage(v))
}

func wide(p web.Page) web.Page {
	p.Wide = true
	return p
}

// beside is the page of two records.
func beside() web.Page {
	p := wide(page("same.title", "/people"))
	p.Styles = append(slices.Clone(p.Styles), "match.css")
	return p
}

func (p Pages) sameView(r *http.Request) (v sameView, err error) {
	ctx := r.Context()
	a, b := r.PathValue("id"), r.PathValue("other")
	if a == b {
		return v, register.ErrSelf
	}
	if v.Left, err = p.Register.Alone(ctx, a); err != nil {
		return v, err
	}
	if v.Right, err = p.Register.Alone(ctx, b); err != nil {
		return v, err
	}
	for i, id := range []string{a, b} {
		if v.Persons[i], err = p.Register.Person(ctx, id); err != nil {
			return v, err
		}
	}
	if v.words, err = p.Staff.Names(ctx); err != nil {
		return v, err
	}
	if v.Verdict, err = p.Register.Verdict(ctx, a, b); err != nil {
		return v, err
	}
	if v.History, err = p.Register.Judgements(ctx, a, b); err != nil {
		return v, err
	}
	if i := slices.IndexFunc(v.History, func(j register.Judgement) bool { return j.Live }); i >= 0 {
		v.Direct = &v.History[i]
	}
	v.Lines = compare(ctx, v.Left, v.Right)
	if p.Weigh != nil {
		v.Weighing, v.Weighed = p.Weigh(a, b)
	}
	return v, nil
}

func (p Pages) judge(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	a, b := r.PathValue("id"), r.PathValue("other")
	verdict := register.Verdict(form.Get("verdict"))
	_, err = p.Register.Judge(r.Context(), web.Actor(r.Context()), a, b, verdict, tidy(form, "why"))
	if err == nil {
		return web.Redirect(w, r, "/people/"+a+"/same/"+b, "same.saved_"+string(verdict))
	}
	problem, err := web.Told(r, err, formless...)
	if err != nil {
		return err
	}
	v, err := p.sameView(r)
	if err != nil {
		return err
	}
	v.Problem, v.Form = problem, form
	return web.RenderStatus(w, r, http.StatusConflict, beside(), samePage(v))
}

// compared are the lines of the comparison, in the order in which they weigh.
var compared = []statement.Property{
	statement.PersonBirthDate, statement.PersonAge, statement.PersonSex, statement.PersonBirthPlace, statement.PersonHomeRegion, statement.PersonNationality,
	statement.PersonMarital, statement.PersonDescription, statement.PersonLeft, statement.PersonHealth, statement.PersonNarrative, statement.LastNews, statement.RecordNote,
}

// compare holds two records against each other, line by line.
func compare(ctx context.Context, a, b *register.Person) []ui.Pair {
	lines := []ui.Pair{namesLine(ctx, a, b), bornLine(ctx, a, b)}
	for _, property := range compared {
		if property == statement.PersonAge || property == statement.PersonBirthDate {
			continue
		}
		if line, ok := factLine(ctx, property, a, b); ok {
			lines = append(lines, line)
		}
	}
	lines = append(lines, seenLine(ctx, a, b), listLine(ctx, "same.kin", kinOf(ctx, a), kinOf(ctx, b)), listLine(ctx, "same.from", fromWhere(ctx, a), fromWhere(ctx, b)))
	return slices.DeleteFunc(lines, func(l ui.Pair) bool { return l.Left == "" && l.Right == "" })
}

// judged puts a line's verdict into words: how alike the two sides are.
func judged(ctx context.Context, line ui.Pair, like float64) ui.Pair {
	switch {
	case line.Left == "" || line.Right == "":
		line.Verdict, line.Tone = locale.T(ctx, "same.only_one"), ui.Plain
	case like >= 0.9:
		line.Verdict, line.Tone = locale.T(ctx, "same.agrees"), ui.Good
	case like >= 0.7:
		line.Verdict, line.Tone = locale.T(ctx, "same.similar"), ui.Warn
	default:
		line.Verdict, line.Tone = locale.T(ctx, "same.differs"), ui.Bad
	}
	return line
}

func namesLine(ctx context.Context, a, b *register.Person) ui.Pair {
	best := 0.0
	how := names.Different
	for _, x := range a.Names {
		for _, y := range b.Names {
			c := names.Compare(names.Read(x.Statement.Value), names.Read(y.Statement.Value))
			if c.Score > best {
				best, how = c.Score, weakest(c)
			}
		}
	}
	line := judged(ctx, ui.Pair{Label: locale.T(ctx, "people.names"), Left: all(distinctNames(a)), Right: all(distinctNames(b))}, best)
	if id := levels[how]; id != "" && best >= 0.7 {
		line.Weight = strings.TrimRight(locale.T(ctx, "reason."+id, "text", ""), ": ")
	}
	return line
}

// weakest is the level of the pair of parts that agrees least, among those that
// agree.
func weakest(c names.Comparison) names.Level {
	level := names.SameLetters
	for _, p := range c.Pairs {
		if p.Level != names.Different {
			level = min(level, p.Level)
		}
	}
	return level
}

var levels = map[names.Level]string{
	names.SameLetters: "same_letters", names.OtherScript: "other_script", names.SameSound: "same_sound", names.SameStem: "same_form",
	names.Near: "similar", names.SameConsonants: "same_consonants",
}

// all joins the wordings of facts, each once.
func all(facts []register.Fact) string {
	var out []string
	for _, f := range facts {
		if !slices.Contains(out, f.Statement.Value) {
			out = append(out, f.Statement.Value)
		}
	}
	return strings.Join(out, " · ")
}

func bornLine(ctx context.Context, a, b *register.Person) ui.Pair {
	line := ui.Pair{Label: locale.T(ctx, "same.born"), Left: facts.Years(ctx, a.Births), Right: facts.Years(ctx, b.Births)}
	like := 0.0
	switch gap := apart(a.Born, b.Born); {
	case gap == 0:
		like = 1
	case gap <= 2:
		like = 0.8
	}
	return judged(ctx, line, like)
}

// apart says how many years lie between two spans.
func apart(a, b register.Years) int {
	return max(0, b.From-a.To, a.From-b.To)
}

func factLine(ctx context.Context, property statement.Property, a, b *register.Person) (ui.Pair, bool) {
	left, right := texts(ctx, property, a), texts(ctx, property, b)
	if len(left)+len(right) == 0 {
		return ui.Pair{}, false
	}
	line := ui.Pair{Label: locale.T(ctx, "property."+string(property)), Left: strings.Join(left, " · "), Right: strings.Join(right, " · ")}
	if statement.Vocabulary[property].Value == statement.Text {
		if line.Left == "" || line.Right == "" {
			return judged(ctx, line, 0), true
		}
		return line, true // two stories neither agree nor differ for a machine
	}
	return judged(ctx, line, likeness(left, right)), true
}

func texts(ctx context.Context, property statement.Property, p *register.Person) []string {
	var out []string
	for _, g := range p.Facts {
		if g.Property == property {
			for _, f := range g.Facts {
				out = append(out, value(ctx, f))
			}
		}
	}
	return out
}

// likeness is the best that two lists of wordings have in common.
func likeness(left, right []string) float64 {
	best := 0.0
	for _, x := range left {
		for _, y := range right {
			if names.Fold(x) == names.Fold(y) {
				return 1
			}
			best = max(best, names.Similarity(x, y))
		}
	}
	return best
}

func listLine(ctx context.Context, id string, left, right []string) ui.Pair {
	line := ui.Pair{Label: locale.T(ctx, id), Left: strings.Join(left, " · "), Right: strings.Join(right, " · ")}
	like := likeness(left, right)
	if id == "same.from" || like < 0.7 && len(left) > 0 && len(right) > 0 {
		return line // other kin or another list speak neither for nor against
	}
	return judged(ctx, line, like)
}

func seenAt(ctx context.Context, p *register.Person) (texts, places []string) {
	for _, s := range p.Sightings {
		place := label(ctx, s.Place)
		places = append(places, place)
		if !s.When.IsZero() {
			place += " (" + locale.From(ctx).EDTF(s.When) + ")"
		}
		texts = append(texts, place)
	}
	return texts, places
}

// seenLine compares places. That somebody was elsewhere at another time speaks
// neither for nor against.
func seenLine(ctx context.Context, a, b *register.Person) ui.Pair {
	left, leftPlaces := seenAt(ctx, a)
	right, rightPlaces := seenAt(ctx, b)
	line := ui.Pair{Label: locale.T(ctx, "same.seen"), Left: strings.Join(left, " · "), Right: strings.Join(right, " · ")}
	like := likeness(leftPlaces, rightPlaces)
	if like < 0.7 && len(left) > 0 && len(right) > 0 {
		return line
	}
	return judged(ctx, line, like)
}

func kinOf(ctx context.Context, p *register.Person) []string {
	var out []string
	for _, e := range p.Kin {
		out = append(out, locale.T(ctx, "tie."+string(e.Role))+" "+label(ctx, e.Other))
	}
	return out
}

func fromWhere(ctx context.Context, p *register.Person) []string {
	var out []string
	for _, o := range p.Imports {
		out = append(out, origin(ctx, o))
	}
	if len(out) == 0 {
		out = append(out, locale.T(ctx, "same.by_hand"))
	}
	return out
}

func side(ctx context.Context, alone, person *register.Person) ui.Side {
	return ui.Side{Heading: called(ctx, alone), URL: "/people/" + person.ID}
}

func sideWord(n int) string {
	if n == 0 {
		return "same.first"
	}
	return "same.second"
}

func verdictWord(v register.Verdict) string {
	if v == register.Unjudged {
		return "none"
	}
	return string(v)
}

func verdictTone(v register.Verdict) ui.Tone {
	switch v {
	case register.Same:
		return ui.Good
	case register.NotSame:
		return ui.Bad
	case register.CannotTell:
		return ui.Warn
	}
	return ui.Plain
}
