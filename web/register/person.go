package registerweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"homeward/internal/locale"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
	"homeward/web/facts"
	"homeward/web/ui"
)

// personView is the page of a person.
type personView struct {
	words
	Person   *register.Person
	At       string // the day as of which she is shown, "" for now
	Consents templ.Component
	Form     factForm
	MayWrite bool
	Tab      string
}

// factForm is the form in which a fact is written down.
type factForm struct {
	Property statement.Property // "" until it is chosen
	Values   url.Values
	Speakers speakerChoice
	Places   []register.PlaceRow
	Hits     []match.Found // people of the name that was given for kin
	Problem  web.Sentences
	Errors   map[string]string
}

func (p Pages) person(w http.ResponseWriter, r *http.Request) error {
	form, err := asked(r)
	if err != nil {
		return err
	}
	v, err := p.personView(r, form)
	if err != nil {
		return err
	}
	return web.Render(w, r, page("people.person", "/people"), personPage(v))
}

func (p Pages) personView(r *http.Request, form url.Values) (v personView, err error) {
	ctx := r.Context()
	id := r.PathValue("id")
	if at, bad := time.Parse(time.DateOnly, form.Get("at")); bad == nil {
		v.At = form.Get("at")
		v.Person, err = p.Register.At(ctx, id, at.Add(24*time.Hour-time.Microsecond))
	} else {
		v.Person, err = p.Register.Person(ctx, id)
	}
	if err != nil {
		return v, err
	}
	if v.words, err = p.Staff.Names(ctx); err != nil {
		return v, err
	}
	v.MayWrite = v.At == ""
	if p.Consents != nil && v.At == "" {
		if v.Consents, err = p.Consents(r, v.Person); err != nil {
			return v, err
		}
	}
	if v.MayWrite {
		v.Form, err = p.factForm(ctx, v.Person, form)
	}
	return v, err
}

// factForm gathers what the form for a fact needs.
func (p Pages) factForm(ctx context.Context, of *register.Person, form url.Values) (f factForm, err error) {
	f.Values = form
	chosen := statement.Property(form.Get("say"))
	for _, g := range sayable {
		if slices.Contains(g.Properties, chosen) {
			f.Property = chosen
		}
	}
	if f.Property == "" {
		return f, nil
	}
	if f.Speakers, err = p.speakers(ctx, form, spoke(of)); err != nil {
		return f, err
	}
	d := statement.Vocabulary[f.Property]
	if d.Value == statement.Place {
		f.Places, err = p.Register.Places(ctx)
	}
	if who := cut(tidy(form, "who")); d.Value == statement.Object && who != "" {
		f.Hits, err = p.People.Find(ctx, who, 8)
	}
	return f, err
}

func (p Pages) history(w http.ResponseWriter, r *http.Request) error {
	v := personView{Tab: "history"}
	var err error
	if v.Person, err = p.Register.Person(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	if v.words, err = p.Staff.Names(r.Context()); err != nil {
		return err
	}
	slices.Reverse(v.Person.History)
	return web.Render(w, r, page("people.history", "/people"), historyPage(v))
}

func (p Pages) addFact(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.personView(r, form)
	if err != nil {
		return err
	}
	if findsSpeaker(form) && v.Form.Property != "" {
		return web.Render(w, r, page("people.person", "/people"), personPage(v))
	}
	s, errs := factOf(r.Context(), v, form)
	if speakerOpen(form) {
		v.Form.Speakers.Error = speakerProblem(r.Context())
		errs["speaker"] = v.Form.Speakers.Error
	}
	if len(errs) == 0 {
		err = p.sayFact(r, v, &s, form)
		if err == nil {
			return web.Redirect(w, r, "/people/"+v.Person.ID, "people.fact_saved")
		}
		if v.Form.Problem, err = web.Told(r, err, formless...); err != nil {
			return err
		}
	}
	v.Form.Errors = errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, page("people.person", "/people"), personPage(v))
}

// sayFact writes the fact down; kin who is not in the register yet gets a record
// first.
func (p Pages) sayFact(r *http.Request, v personView, s *statement.Statement, form url.Values) error {
	ctx, by := r.Context(), web.Actor(r.Context())
	if form.Get("object") == "new" {
		other, err := p.Register.Add(ctx, by, register.NewPerson{Statements: []statement.Statement{{Property: statement.PersonName, Value: tidy(form, "who"), SaidBy: s.SaidBy}}})
		if err != nil {
			return err
		}
		s.Object = other
	}
	_, err := p.Register.Say(ctx, by, number(form.Get("seen")), []statement.Statement{*s}, tidy(form, "note"))
	return err
}

func number(text string) int64 {
	low, _, ok := statement.ParseNumber(text)
	if !ok {
		return 0
	}
	return low
}

// factOf reads the form. The errors are by the name of the field.
func factOf(ctx context.Context, v personView, form url.Values) (statement.Statement, map[string]string) {
	errs := map[string]string{}
	missing := func(name string) { errs[name] = locale.T(ctx, "fact.missing") }
	s := statement.Statement{
		Subject: v.Person.ID, Property: v.Form.Property, Value: strings.ReplaceAll(tidy(form, "value"), "\r\n", "\n"), Lang: tidy(form, "lang"),
		SaidBy: form.Get("speaker"), Stance: statement.Stance(form.Get("stance")), Basis: statement.Basis(form.Get("basis")),
	}
	if s.Property == "" {
		missing("say")
		return s, errs
	}
	for _, rec := range v.Person.Records {
		if rec.ID == form.Get("record") {
			s.Subject = rec.ID
		}
	}
	d := statement.Vocabulary[s.Property]
	switch d.Value {
	case statement.Object:
		if s.Object = form.Get("object"); s.Object == "" || s.Object == "new" && tidy(form, "who") == "" {
			missing("who")
		}
	case statement.Place:
		if s.Object = form.Get("object"); s.Object == "" && s.Value == "" {
			missing("value")
		}
	default:
		normalValue(ctx, &s, d, errs)
		if s.Value == "" && errs["value"] == "" {
			missing("value")
		}
	}
	dateField(ctx, form, "true_on", &s.TrueOn, errs)
	dateField(ctx, form, "said_on", &s.SaidOn, errs)
	return s, errs
}

// normalValue writes dates, ages and countries as the vocabulary has them.
func normalValue(ctx context.Context, s *statement.Statement, d statement.Definition, errs map[string]string) {
	if s.Value == "" {
		return
	}
	var ok bool
	switch {
	case d.Value == statement.Date:
		var date edtf.Date
		if date, ok = register.ReadDate(s.Value, ui.Now(ctx)); ok {
			s.Value = date.String()
		} else {
			errs["value"] = locale.T(ctx, "fact.date_bad")
		}
	case d.Property == statement.PersonAge:
		if age, good := register.ReadAge(s.Value); good {
			s.Value = age
		} else {
			errs["value"] = locale.T(ctx, "fact.age_bad")
		}
	case d.Value == statement.Country:
		if s.Value, ok = register.ReadCountry(s.Value); !ok {
			errs["value"] = locale.T(ctx, "fact.country_bad")
		}
	}
}

func dateField(ctx context.Context, form url.Values, name string, into *edtf.Date, errs map[string]string) {
	text := tidy(form, name)
	if text == "" {
		return
	}
	d, ok := register.ReadDate(text, time.Now())
	if !ok {
		errs[name] = locale.T(ctx, "fact.date_bad")
	}
	*into = d
}

// saidView is the page of one statement.
type saidView struct {
	words
	Person  *register.Person
	Fact    register.Fact
	Reasons []register.Fact // remarks of the act that made it
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) said(w http.ResponseWriter, r *http.Request) error {
	v, err := p.saidView(r)
	if err != nil {
		return err
	}
	v.Form = url.Values{"value": {v.Fact.Statement.Value}}
	return web.Render(w, r, page("people.said", "/people"), saidPage(v))
}

func (p Pages) saidView(r *http.Request) (v saidView, err error) {
	ctx := r.Context()
	if v.Person, err = p.Register.Person(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	if v.words, err = p.Staff.Names(ctx); err != nil {
		return v, err
	}
	id := r.PathValue("statement")
	all := slices.Clone(v.Person.History)
	for _, e := range v.Person.Kin {
		all = append(all, e.Fact)
	}
	all = append(append(all, v.Person.Speakers...), v.Person.Files...)
	i := slices.IndexFunc(all, func(f register.Fact) bool { return f.Statement.ID == id })
	if i < 0 {
		return v, register.ErrUnknown
	}
	v.Fact = all[i]
	for _, f := range v.Person.History {
		if f.Statement.ActID == v.Fact.Statement.ActID && f.Statement.Property == statement.ActNote {
			v.Reasons = append(v.Reasons, f)
		}
	}
	return v, nil
}

func (p Pages) correct(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.saidView(r)
	if err != nil {
		return err
	}
	v.Form = form
	instead, errs := insteadOf(r.Context(), v.Fact.Statement.Statement, form)
	if tidy(form, "why") == "" {
		errs["why"] = locale.T(r.Context(), "fact.why_missing")
	}
	if len(errs) == 0 {
		_, err = p.Register.Correct(r.Context(), web.Actor(r.Context()), v.Fact.Statement.ID, instead, tidy(form, "why"))
		if err == nil {
			return web.Redirect(w, r, "/people/"+v.Person.ID, map[bool]string{true: "people.withdrawn", false: "people.corrected"}[instead == nil])
		}
		if v.Problem, err = web.Told(r, err, formless...); err != nil {
			return err
		}
	}
	v.Errors = errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, page("people.said", "/people"), saidPage(v))
}

// insteadOf is the statement that takes the place of one that was wrong: the same
// in everything but its value. nil when it is only withdrawn.
func insteadOf(ctx context.Context, was statement.Statement, form url.Values) (*statement.Statement, map[string]string) {
	errs := map[string]string{}
	if form.Get("do") == "withdraw" {
		return nil, errs
	}
	was.ID = ""
	was.Value = strings.ReplaceAll(tidy(form, "value"), "\r\n", "\n")
	normalValue(ctx, &was, statement.Vocabulary[was.Property], errs)
	if was.Value == "" {
		errs["value"] = locale.T(ctx, "fact.missing")
	}
	return &was, errs
}

// correctable says whether a value can be written anew: not one that points at a
// record.
func correctable(s statement.Recorded) bool {
	d := statement.Vocabulary[s.Property]
	return d.Value != statement.Object && d.Value != statement.Reference && s.Property != statement.RecordKind && s.Object == ""
}

// placeOptions are the known places for a form.
func placeOptions(ctx context.Context, places []register.PlaceRow, chosen string) []ui.Option {
	out := []ui.Option{{Label: locale.T(ctx, "fact.place_other"), Chosen: chosen == ""}}
	for _, p := range places {
		if len(p.Names) > 0 {
			out = append(out, ui.Option{Value: p.ID, Label: placeName(ctx, p.Names), Chosen: p.ID == chosen})
		}
	}
	return out
}

// placeName is a place's name in the reader's language, or its first.
func placeName(ctx context.Context, all []register.PlaceName) string {
	code := locale.From(ctx).Code()
	for _, n := range all {
		if strings.HasPrefix(n.Lang, code) {
			return n.Text
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[0].Text
}

// evidenceURL leads to the file behind a statement, at its place.
func evidenceURL(f register.Fact) string {
	e := f.Statement.Evidence
	if e.File == "" {
		return ""
	}
	part := e.Part.String()
	if part != "" {
		part = "#" + part
	}
	return "/files/" + e.File + part
}

// tabs are the views of a person.
func tabs(ctx context.Context, p *register.Person, current string) []ui.Tab {
	at := "/people/" + p.ID
	return []ui.Tab{
		{Label: locale.T(ctx, "people.tab_facts"), URL: at, Current: current == ""},
		{Label: locale.T(ctx, "people.tab_history"), URL: at + "/history", Current: current == "history", Counted: true, Count: len(p.History)},
		{Label: locale.T(ctx, "people.tab_consents"), URL: at + "/consents"},
		{Label: locale.T(ctx, "people.tab_care"), URL: at + "/care"},
	}
}

// origin puts a list's origin into words.
func origin(ctx context.Context, o register.Origin) string {
	return locale.T(ctx, "people.from_list", "who", label(ctx, o.Source), "row", cmp.Or(o.Row, "?"), "date", locale.From(ctx).ShortDate(o.At))
}

// byAppeal gathers the mentions of each appeal: one who speaks of her three times is
// one appeal.
func byAppeal(mentions []register.Mention) (all [][]register.Mention) {
	at := map[string]int{}
	for _, m := range mentions {
		n, known := at[m.Appeal]
		if !known {
			n, at[m.Appeal] = len(all), len(all)
			all = append(all, nil)
		}
		all[n] = append(all[n], m)
	}
	return all
}

// isKin says whether a property points at another person.
func isKin(p statement.Property) bool {
	return statement.Vocabulary[p].Value == statement.Object
}

// kinOptions are the people found by the name that was given, and a new record.
func kinOptions(ctx context.Context, v personView) []ui.Option {
	var out []ui.Option
	for _, h := range v.Form.Hits {
		if h.Person == v.Person.ID {
			continue
		}
		hint := strings.Join(slices.DeleteFunc([]string{facts.Years(ctx, h.Births), h.Place, strings.Join(h.Other, ", ")}, func(s string) bool { return s == "" }), " · ")
		out = append(out, ui.Option{Value: h.Record, Label: h.Name, Hint: hint})
	}
	return append(out, ui.Option{Value: "new", Label: locale.T(ctx, "fact.who_new", "name", v.Form.Values.Get("who")), Chosen: len(out) == 0})
}

func basisOptions(ctx context.Context, chosen string) []ui.Option {
	var out []ui.Option
	for _, b := range statement.Bases {
		out = append(out, ui.Option{Value: string(b), Label: locale.T(ctx, "basis."+string(b)), Chosen: string(b) == cmp.Or(chosen, string(statement.NoBasis))})
	}
	return out
}

func stanceOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range statement.Stances {
		out = append(out, ui.Option{Value: string(s), Label: locale.T(ctx, "stance."+string(s))})
	}
	return out
}

func recordOptions(ctx context.Context, p *register.Person) []ui.Option {
	var out []ui.Option
	for _, rec := range p.Records {
		out = append(out, ui.Option{Value: rec.ID, Label: locale.T(ctx, "fact.record_of", "name", rec.Name, "date", locale.From(ctx).ShortDate(rec.Opened))})
	}
	return out
}

// valueHint helps with values that have a form.
func valueHint(ctx context.Context, p statement.Property) string {
	switch {
	case statement.Vocabulary[p].Value == statement.Date:
		return locale.T(ctx, "fact.date_hint")
	case p == statement.PersonAge:
		return locale.T(ctx, "fact.age_hint")
	case p == statement.PersonNationality:
		return locale.T(ctx, "fact.country_hint")
	case p == statement.PersonLanguage:
		return locale.T(ctx, "fact.language_hint")
	}
	return ""
}

// historyWord is what a statement is about, judgements included.
func historyWord(ctx context.Context, f register.Fact) string {
	return property(ctx, f.Statement.Property)
}

// historyValue is what a line of the history shows.
func historyValue(ctx context.Context, f register.Fact) string {
	text := value(ctx, f)
	if f.Statement.Object != "" && f.Statement.Value != "" && f.Statement.Property != statement.ImportRow {
		text = label(ctx, f.Object) + ": " + text
	}
	return cmp.Or(text, "—")
}

// fileWords say what a file is: its kind by its content, its day, how long it plays.
func fileWords(ctx context.Context, f register.Fact, k register.KeptFile) string {
	kind := "other"
	for prefix, name := range map[string]string{"image/": "picture", "audio/": "sound", "video/": "video", "application/pdf": "pdf", "text/": "text"} {
		if strings.HasPrefix(k.MediaType, prefix) {
			kind = name
		}
	}
	words := []string{locale.T(ctx, "people.file_kind."+kind)}
	if !k.Arrived.IsZero() {
		words = append(words, locale.From(ctx).ShortDate(k.Arrived))
	} else {
		words = append(words, locale.From(ctx).ShortDate(f.Statement.RecordedAt))
	}
	if k.Length > 0 {
		words = append(words, locale.From(ctx).Clock(k.Length))
	}
	return strings.Join(words, " · ")
}
