package intakeweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"homeward/intake"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
	"homeward/web/facts"
	"homeward/web/ui"
)

// writeForm is the form in which what is said is written down. It goes to and fro
// while it is being filled in: a search for a name, another property.
type writeForm struct {
	File, From, To, Wording          string
	Q, Who, Nameless                 string
	Property                         statement.Property
	Value, Lang, Place               string
	OtherQ, OtherWho, OtherNameless  string
	SaidBy, Speaker                  string
	Herself                          bool
	Basis, Stance                    string
	TrueOn, SaidOn, Why              string
	Sources                          []source
	Hits, OtherHits                  []match.Found
	Places                           []register.PlaceHit
	searched, otherSearched, isEmpty bool
}

// The answers of the form that are no record.
const (
	someNew      = "new"
	someNameless = "nameless"
)

// source is what the form has chosen; the zero source when there is none.
func (f writeForm) source() source {
	for _, s := range f.Sources {
		if s.File == f.File {
			return s
		}
	}
	return source{}
}

// propertyGroups are what can be said of a person here, by the ids of their words.
var propertyGroups = []struct {
	Group      string
	Properties []statement.Property
}{
	{"place", []statement.Property{statement.SeenAt, statement.ThoughtAt, statement.LastNews, statement.LastNewsOn, statement.PersonCustody, statement.PersonCustodian}},
	{"wish", []statement.Property{statement.WishOwn, statement.WishRelatives, statement.WishCondition}},
	{"names", []statement.Property{statement.PersonNameAsHeard, statement.PersonName, statement.PersonBirthName, statement.PersonMarriedName, statement.PersonMaidenName,
		statement.PersonKunya, statement.PersonNickname, statement.PersonGivenName, statement.PersonPatronymic, statement.PersonFamilyName}},
	{"person", []statement.Property{statement.PersonSex, statement.PersonBirthDate, statement.PersonAge, statement.PersonBirthPlace, statement.PersonNationality,
		statement.PersonHomeRegion, statement.PersonHomeAddress, statement.PersonMarital, statement.PersonLanguage, statement.PersonDescription,
		statement.PersonHealth, statement.PersonDead, statement.PersonLeft, statement.PersonNarrative}},
	{"kin", []statement.Property{statement.KinMother, statement.KinFather, statement.KinPossibleFather, statement.KinChildOf, statement.KinSpouseOf,
		statement.KinSiblingOf, statement.KinGuardianOf, statement.KinRelativeOf, statement.PersonTravelsWith}},
	{"contact", []statement.Property{statement.ContactPhone, statement.ContactMessenger, statement.ContactEmail, statement.ContactAddress, statement.ContactRoute, statement.ContactCaution}},
	{"file", []statement.Property{statement.PersonPhoto, statement.PersonVoice}},
}

// offered says whether the form offers a property.
func offered(p statement.Property) bool {
	for _, g := range propertyGroups {
		if slices.Contains(g.Properties, p) {
			return true
		}
	}
	return false
}

// control says which field a property's value is given in.
func control(p statement.Property) string {
	d := statement.Vocabulary[p]
	switch {
	case d.Value == statement.Object && slices.Contains(d.Points, statement.File):
		return "file"
	case d.Value == statement.Object:
		return "other"
	}
	return string(d.Value)
}

// fill reads the form, or begins one, and looks up what it asks for.
func (p Pages) fill(ctx context.Context, v *appealView, q url.Values) error {
	get := func(key string) string { return strings.TrimSpace(q.Get(key)) }
	f := writeForm{
		File: get("file"), From: get("from"), To: get("to"), Wording: get("wording"), Q: get("q"), Who: get("who"), Nameless: get("nameless"),
		Property: statement.Property(get("property")), Value: get("value"), Lang: get("lang"), Place: get("place"),
		OtherQ: get("other_q"), OtherWho: get("other_who"), OtherNameless: get("other_nameless"),
		SaidBy: get("said_by"), Speaker: get("speaker"), Herself: q.Get("herself") != "", Basis: get("basis"), Stance: get("stance"),
		TrueOn: get("true_on"), SaidOn: get("said_on"), Why: get("why"), Sources: v.sources(ctx), isEmpty: get("property") == "",
	}
	if len(f.Sources) > 0 && f.source().File == "" {
		f.File = f.Sources[0].File
	}
	if !offered(f.Property) {
		f.Property = statement.SeenAt
	}
	if f.isEmpty {
		f.begin(v)
	}
	if err := p.lookUp(ctx, &f); err != nil {
		return err
	}
	v.Form = f
	return nil
}

// begin gives an untouched form what is likely.
func (f *writeForm) begin(v *appealView) {
	s := f.source()
	f.Lang, f.SaidBy = s.Lang, s.Sender
	f.Basis, f.Stance = string(statement.NoBasis), string(statement.Asserts)
	if !s.Arrived.IsZero() {
		f.SaidOn = s.Arrived.UTC().Format(time.DateOnly)
	}
	if people := v.remembered(); len(people) > 0 && f.Who == "" {
		f.Who = people[0].Object
	}
}

// lookUp searches the register for the names and places that were typed.
func (p Pages) lookUp(ctx context.Context, f *writeForm) (err error) {
	if f.Q != "" {
		f.searched = true
		if f.Hits, err = p.People.Find(ctx, f.Q, 6); err != nil {
			return err
		}
	}
	if f.OtherQ != "" && control(f.Property) == "other" {
		f.otherSearched = true
		if f.OtherHits, err = p.People.Find(ctx, f.OtherQ, 6); err != nil {
			return err
		}
	}
	if f.Value != "" && control(f.Property) == string(statement.Place) {
		if f.Places, err = p.Register.FindPlaces(ctx, f.Value, 6); err != nil {
			return err
		}
	}
	return nil
}

// write shows the page with the form as far as it is filled in; with the button
// "write" it writes down what is said, with "mark" it marks the passage as harmful.
func (p Pages) write(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.open(r)
	if err != nil {
		return err
	}
	if err := p.fill(r.Context(), v, form); err != nil {
		return err
	}
	message := ""
	do := form.Get("do")
	if do != "write" && do != "mark" {
		return web.Render(w, r, appealTitle, appealPage(*v))
	}
	if err = p.check(r.Context(), v, form); err == nil && do == "write" {
		message, err = "write.saved", p.writeDown(r, v)
	} else if err == nil {
		message, err = "harmful.done", p.markHarmful(r, v)
	}
	if told, ok := problem.As(err); ok && told.Kind == problem.Invalid || ok && told.Kind == problem.TooLarge {
		v.Errors[fieldOf(told)] = sentence(r.Context(), told)
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, appealTitle, appealPage(*v))
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/appeals/"+v.Appeal+"?file="+v.Form.File, message)
}

// fieldOf says beside which field a problem is told.
func fieldOf(e *problem.Error) string {
	for field, problems := range map[string][]error{
		"from": {intake.ErrClock, intake.ErrPassage}, "wording": {intake.ErrWording}, "who": {intake.ErrWhom},
		"other": {intake.ErrOther}, "said_by": {intake.ErrSpeaker, intake.ErrHerself}, "lang": {intake.ErrLanguage, statement.ErrLanguage}, "dates": {errDates},
		"property": {errProperty}, "basis": {errBasis}, "stance": {errStance},
	} {
		for _, known := range problems {
			if errors.Is(e, known) {
				return field
			}
		}
	}
	return "value"
}

// errDates marks a date of the form that cannot be read.
var errDates = problem.New(problem.Invalid, "write.dates", "the date cannot be read", "write 2019-10-13, 2019-10, or 1991~ for about 1991")

// part gives the passage that the form names.
func (v *appealView) part() (statement.Fragment, error) {
	f := v.Form
	s := f.source()
	switch {
	case s.File == "":
		return statement.Fragment{}, intake.ErrPassage
	case s.Text:
		text, _ := v.Text(s.File)
		return text.Passage(f.Wording)
	case !s.Sound || f.From == "" && f.To == "":
		return statement.Fragment{}, nil
	}
	from, err := intake.ParseClock(orZero(f.From))
	if err != nil {
		return statement.Fragment{}, err
	}
	span := statement.Span{From: from.Milliseconds(), To: -1, Given: true}
	if f.To != "" {
		to, err := intake.ParseClock(f.To)
		if err != nil {
			return statement.Fragment{}, err
		}
		span.To = to.Milliseconds()
	}
	length := v.Waves[s.File].Duration.Milliseconds()
	if span.To >= 0 && span.To <= span.From || length > 0 && span.From >= length {
		return statement.Fragment{}, intake.ErrPassage
	}
	return statement.Fragment{Time: span}, nil
}

func orZero(text string) string {
	if text == "" {
		return "0"
	}
	return text
}

// writeDown makes a statement of the form.
func (p Pages) writeDown(r *http.Request, v *appealView) error {
	part, err := v.part()
	if err != nil {
		return err
	}
	f := v.Form
	w := intake.Writing{
		Appeal: f.source().Report, File: f.File, Part: part, Wording: f.Wording, Property: f.Property, Value: f.Value, Lang: f.language(),
		Of: whom(f.Who, f.Q, f.Lang, f.Nameless), SaidBy: f.SaidBy, Herself: f.Herself,
		Stance: statement.Stance(f.Stance), Basis: statement.Basis(f.Basis),
	}
	if f.SaidBy == someNew {
		w.SaidBy, w.Speaker = "", f.Speaker
	}
	if w.TrueOn, w.SaidOn, err = f.dates(); err != nil {
		return err
	}
	switch control(f.Property) {
	case "file":
		w.Value, w.Object = "", f.File
	case "other":
		w.Other = whom(f.OtherWho, f.OtherQ, f.Lang, f.OtherNameless)
	case string(statement.Place):
		w.Object = f.Place
	}
	_, err = p.Intake.Write(r.Context(), web.Actor(r.Context()), w)
	return err
}

// language is the value's, where a value has one.
func (f writeForm) language() string {
	switch statement.Vocabulary[f.Property].Value {
	case statement.Text, statement.Line, statement.Name, statement.Place:
		return f.Lang
	}
	return ""
}

func (f writeForm) dates() (trueOn, saidOn edtf.Date, err error) {
	read := func(text string) edtf.Date {
		if text == "" {
			return edtf.Date{}
		}
		d, bad := edtf.Parse(text)
		if bad != nil {
			err = errDates
		}
		return d
	}
	return read(f.TrueOn), read(f.SaidOn), err
}

func whom(answer, name, lang, nameless string) intake.Whom {
	switch answer {
	case someNew:
		return intake.Whom{Name: name, Lang: lang}
	case someNameless:
		return intake.Whom{Nameless: nameless}
	}
	return intake.Whom{Record: answer}
}

// markHarmful marks the form's passage.
func (p Pages) markHarmful(r *http.Request, v *appealView) error {
	part, err := v.part()
	if err != nil {
		return err
	}
	return p.Intake.MarkHarmful(r.Context(), web.Actor(r.Context()), v.Form.File, part, v.Form.Why)
}

// Choices of the form, in words.

// chosenPeople are the answers to "of whom?": those the appeal speaks of already,
// then those the register found, then a new record, then somebody without a name.
func (v *appealView) chosenPeople(ctx context.Context, q, chosen string, hits []match.Found, newWords, namelessWords string) []ui.Option {
	var options []ui.Option
	seen := map[string]bool{}
	for _, m := range v.remembered() {
		name, _, _ := v.called(ctx, m.Object)
		seen[m.Object] = true
		options = append(options, ui.Option{Value: m.Object, Label: name, Hint: locale.T(ctx, "write.mentioned"), Chosen: m.Object == chosen})
	}
	for _, h := range hits {
		if seen[h.Record] || seen[h.Person] {
			continue
		}
		seen[h.Record] = true
		options = append(options, ui.Option{Value: h.Record, Label: h.Name, Hint: hitWords(ctx, h), Chosen: h.Record == chosen})
	}
	if q != "" {
		options = append(options, ui.Option{Value: someNew, Label: newWords, Hint: q, Chosen: chosen == someNew})
	}
	return append(options, ui.Option{Value: someNameless, Label: namelessWords, Chosen: chosen == someNameless})
}

// hitWords says what else is known of somebody found, to tell her from others.
func hitWords(ctx context.Context, h match.Found) string {
	var parts []string
	if years := facts.Years(ctx, h.Births); years != "" {
		parts = append(parts, locale.T(ctx, "write.born", "year", years))
	}
	if h.Place != "" {
		parts = append(parts, h.Place)
	}
	parts = append(parts, h.Other...)
	for _, k := range h.Kin {
		parts = append(parts, k.Name)
	}
	if h.Records > 1 {
		parts = append(parts, locale.T(ctx, "write.records", "n", h.Records))
	}
	return strings.Join(parts, " · ")
}

// speakers are the answers to "who says it?".
func (v *appealView) speakers(ctx context.Context) []ui.Option {
	var options []ui.Option
	seen := map[string]bool{}
	add := func(id string) {
		if id != "" && !seen[id] && !v.Labels[id].Forgotten {
			seen[id] = true
			name, _, _ := v.called(ctx, id)
			options = append(options, ui.Option{Value: id, Label: name})
		}
	}
	for _, r := range v.Reports {
		add(r.Sender)
	}
	for _, s := range v.Written {
		add(s.SaidBy)
	}
	return append(options, ui.Option{Value: someNew, Label: locale.T(ctx, "write.speaker_new")})
}

func basisOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, b := range statement.Bases {
		options = append(options, ui.Option{Value: string(b), Label: locale.T(ctx, "basis."+string(b))})
	}
	return options
}

func stanceOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, s := range statement.Stances {
		options = append(options, ui.Option{Value: string(s), Label: locale.T(ctx, "stance."+string(s))})
	}
	return options
}

func codeOptions(ctx context.Context, p statement.Property) []ui.Option {
	var options []ui.Option
	for _, c := range statement.Vocabulary[p].Codes {
		options = append(options, ui.Option{Value: c, Label: codeWords(ctx, p, c)})
	}
	return options
}

func flagOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "yes", Label: locale.T(ctx, "value.flag.yes")}, {Value: "no", Label: locale.T(ctx, "value.flag.no")}}
}

func stateOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, s := range intake.States {
		options = append(options, ui.Option{Value: string(s), Label: locale.T(ctx, "triage."+string(s))})
	}
	return options
}

func placeOptions(ctx context.Context, places []register.PlaceHit) []ui.Option {
	var options []ui.Option
	for _, p := range places {
		var others []string
		for _, n := range p.Other {
			others = append(others, n.Text)
		}
		options = append(options, ui.Option{Value: p.Place, Label: p.Name.Text, Hint: strings.Join(append(others, p.Codes...), " · ")})
	}
	return append(options, ui.Option{Value: "", Label: locale.T(ctx, "write.place_none"), Chosen: true})
}

func sourceOptions(sources []source) []ui.Option {
	var options []ui.Option
	for _, s := range sources {
		options = append(options, ui.Option{Value: s.File, Label: s.Label})
	}
	return options
}

func valueHasLanguage(p statement.Property) bool {
	f := writeForm{Property: p, Lang: "und"}
	return f.language() != ""
}
