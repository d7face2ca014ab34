package figuresweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"homeward/figures"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/statement"
	"homeward/web"
	"homeward/web/facts"
	"homeward/web/ui"
)

// The form of a claim needs no script. Who speaks, who carried it and who published it
// are chosen among those who speak on this sheet, those who are found by a search, which
// is a button of the same form, and a new speaker, who is written down with the claim.

// carriers is how many steps of the chain the form offers.
const carriers = 3

// formView is the form of a claim.
type formView struct {
	words
	Question figures.Question
	Sheet    figures.Sheet
	Known    []figures.Speaker // who speaks on this sheet
	Found    []register.SourceRow
	More     bool // the search found more than the lists hold
	Sought   string
	Places   []ui.Option
	Form     url.Values
	Problem  web.Sentences
	Errors   map[string]string
}

func (p Pages) newClaim(w http.ResponseWriter, r *http.Request) error {
	v, err := p.formView(r, firstForm(r))
	if err != nil {
		return err
	}
	return web.Render(w, r, formFrame, formPage(v))
}

var formFrame = web.Page{Title: "sheet.record", Styles: styles}

// firstForm fills the form for a claim that corrects, repeats or answers another.
func firstForm(r *http.Request) url.Values {
	form := url.Values{"unit": {string(figures.People)}}
	for way, stance := range map[string]figures.Stance{"corrects": figures.Corrects, "repeats": figures.Repeats, "answers": figures.Denies} {
		if id := r.URL.Query().Get(way); id != "" {
			form.Set(way, id)
			form.Set("stance", string(stance))
		}
	}
	return form
}

func (p Pages) formView(r *http.Request, form url.Values) (v formView, err error) {
	ctx := r.Context()
	v.words, v.Form, v.Sought = p.words(r), form, strings.TrimSpace(form.Get("source_q"))
	if v.Sheet, err = p.Figures.Sheet(ctx, r.PathValue("id"), figures.AsOf{}); err != nil {
		return v, err
	}
	v.Question = v.Sheet.Question
	v.fill()
	for _, l := range v.Sheet.Lines {
		for _, s := range append([]figures.Speaker{l.Speaker, l.Published}, l.Via...) {
			if s.ID != "" && !s.Forgotten && !slices.ContainsFunc(v.Known, func(k figures.Speaker) bool { return k.ID == s.ID }) {
				v.Known = append(v.Known, s)
			}
		}
	}
	if v.Places, err = p.places(ctx); err != nil {
		return v, err
	}
	return v, p.search(ctx, &v)
}

// fill takes from the claim that is corrected or repeated who is counted, where and
// when: only the number is new.
func (v *formView) fill() {
	id := v.Form.Get("corrects") + v.Form.Get("repeats")
	l, here := v.Sheet.Line(id)
	if !here || v.Form.Has("said") {
		return
	}
	set := func(name, value string) {
		if value != "" {
			v.Form.Set(name, value)
		}
	}
	if v.Form.Get("corrects") != "" {
		set("speaker", speakerValue(l.Speaker))
	}
	set("unit", string(l.Of.Unit))
	set("what", string(l.What))
	set("tally", string(l.Tally))
	set("place", l.Place.Record)
	set("place_name", l.Place.Wording)
	set("on", l.On.String())
	set("nationality", strings.Join(l.Of.Nationalities, " "))
	for _, w := range l.Of.Who {
		v.Form.Add("who", string(w))
	}
	if v.Form.Get("repeats") != "" && l.Value != nil {
		set("said", l.Value.Said)
		set("lang", l.Value.Lang)
	}
}

func speakerValue(s figures.Speaker) string {
	if s.Office() {
		return facts.ByOffice
	}
	return s.ID
}

// search finds speakers by a part of their name. Whoever sees no names finds
// what is no person only.
func (p Pages) search(ctx context.Context, v *formView) error {
	if v.Sought == "" && !v.chosenUnknown() {
		return nil
	}
	all, _, err := p.People.Sources(ctx, v.Sought, 0)
	if err != nil {
		return err
	}
	chosen := v.chosen()
	for _, s := range all {
		known := slices.ContainsFunc(v.Known, func(k figures.Speaker) bool { return k.ID == s.ID })
		if known || s.Label == "" || !v.byName() && (s.Protected || !slices.Contains(impersonal, s.Kind)) {
			continue
		}
		if v.Sought == "" && !slices.Contains(chosen, s.ID) {
			continue
		}
		if len(v.Found) == facts.MostFound {
			v.More = true
			break
		}
		v.Found = append(v.Found, s)
	}
	return nil
}

// chosen are the records that the form names as speakers.
func (v *formView) chosen() (ids []string) {
	names := []string{"speaker", "published"}
	for i := range carriers {
		names = append(names, carrier(i))
	}
	for _, name := range names {
		if id := v.Form.Get(name); id != "" && id != facts.ByOffice && id != facts.ByNew {
			ids = append(ids, id)
		}
	}
	return ids
}

// chosenUnknown says that the form names a speaker whom no list holds yet.
func (v *formView) chosenUnknown() bool {
	return slices.ContainsFunc(v.chosen(), func(id string) bool {
		return !slices.ContainsFunc(v.Known, func(k figures.Speaker) bool { return k.ID == id })
	})
}

func carrier(i int) string { return "via" + strconv.Itoa(i+1) }

// speakerOptions are the choices of one list of speakers.
func (v formView) speakerOptions(ctx context.Context, office bool) []ui.Option {
	all := []ui.Option{{Label: locale.T(ctx, "sheet.choose")}}
	for _, s := range v.Known {
		all = append(all, ui.Option{Value: s.ID, Label: v.speaker(ctx, s)})
	}
	for _, s := range v.Found {
		all = append(all, ui.Option{Value: s.ID, Label: s.Label})
	}
	if office {
		all = append(all, ui.Option{Value: facts.ByOffice, Label: locale.T(ctx, "sheet.office")})
	}
	return append(all, ui.Option{Value: facts.ByNew, Label: locale.T(ctx, "sheet.source_new")})
}

// claimOptions are the claims of this sheet.
func (v formView) claimOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: locale.T(ctx, "sheet.no_claim")}}
	for _, l := range v.Sheet.Lines {
		all = append(all, ui.Option{Value: l.ID, Label: dotted(v.said(ctx, l.Claim), v.speaker(ctx, l.Speaker), when(ctx, l.Claim))})
	}
	return all
}

// found says what the search has brought.
func (v formView) found(ctx context.Context) string {
	switch {
	case v.Sought == "":
		return locale.T(ctx, "sheet.source_hint")
	case v.More:
		return locale.T(ctx, "sheet.source_more", "n", facts.MostFound)
	}
	return locale.N(ctx, "sheet.source_found", len(v.Found))
}

// ofClaim says beside which field each problem of a claim stands.
var ofClaim = map[*problem.Error]string{
	figures.ErrSpeaker: "speaker", figures.ErrNothing: "said", figures.ErrUncoded: "low", figures.ErrBounds: "low", figures.ErrUnit: "unit",
	figures.ErrWhat: "what", figures.ErrList: "basis", figures.ErrCorrects: "corrects", figures.ErrTarget: "stance", register.ErrNoLabel: "new_source",
	statement.ErrSaidAhead: "said_on", statement.ErrAhead: "on", statement.ErrReaches: "on",
}

func (p Pages) addClaim(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.formView(r, form)
	if err != nil {
		return err
	}
	if facts.Finding(form) {
		return web.Render(w, r, formFrame, formPage(v))
	}
	n, errs := readClaim(r, form)
	n.Questions = []string{v.Question.ID}
	if len(errs) == 0 {
		var id string
		if id, err = p.record(r, v, n); err == nil {
			return web.Redirect(w, r, "/claims/"+id, "sheet.recorded")
		}
		if v.Problem, errs, err = web.ByField(r, err, ofClaim, formless...); err != nil {
			return err
		}
	}
	v.Errors = errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, formFrame, formPage(v))
}

// record writes the claim down, and before it a new speaker, when nothing else stands in
// the way.
func (p Pages) record(r *http.Request, v formView, n figures.NewClaim) (string, error) {
	chosen := func(name string) string {
		id := v.Form.Get(name)
		if id == facts.ByNew || v.mayChoose(id) {
			return id
		}
		return ""
	}
	n.Speaker, n.Published = chosen("speaker"), chosen("published")
	if v.Form.Get("speaker") == facts.ByOffice {
		n.Speaker, n.Office = "", true
	}
	n.Via = nil
	for i := range carriers {
		if id := chosen(carrier(i)); id != "" {
			n.Via = append(n.Via, id)
		}
	}
	if err := p.Figures.Check(n); err != nil {
		return "", err
	}
	if err := p.newSpeaker(r, v, &n); err != nil {
		return "", err
	}
	return p.Figures.Record(r.Context(), web.Actor(r.Context()), n)
}

// mayChoose says whether a speaker is one that the form offered.
func (v formView) mayChoose(id string) bool {
	return slices.ContainsFunc(v.Known, func(s figures.Speaker) bool { return s.ID == id }) ||
		slices.ContainsFunc(v.Found, func(s register.SourceRow) bool { return s.ID == id })
}

// newSpeaker writes the new speaker down and puts the record wherever it was chosen.
func (p Pages) newSpeaker(r *http.Request, v formView, n *figures.NewClaim) error {
	if n.Speaker != facts.ByNew && n.Published != facts.ByNew && !slices.Contains(n.Via, facts.ByNew) {
		return nil
	}
	id, err := p.People.AddSource(r.Context(), web.Actor(r.Context()), register.NewSource{Label: strings.TrimSpace(v.Form.Get("new_source")),
		Kind: v.newKind(), Public: strings.TrimSpace(v.Form.Get("new_public")), Protected: v.Form.Get("new_protected") == "yes"})
	if err != nil {
		return err
	}
	put := func(at *string) {
		if *at == facts.ByNew {
			*at = id
		}
	}
	put(&n.Speaker)
	put(&n.Published)
	for i := range n.Via {
		put(&n.Via[i])
	}
	return nil
}

// newKind is the sort of the new speaker; one who sees no names writes no person down.
func (v formView) newKind() string {
	kind := v.Form.Get("new_kind")
	if kind == "" || v.byName() || slices.Contains(writable, kind) {
		return kind
	}
	return ""
}

// readClaim reads what the form says of the number; who says it is read apart.
func readClaim(r *http.Request, form url.Values) (n figures.NewClaim, errs map[string]string) {
	errs = map[string]string{}
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	n = figures.NewClaim{
		Assertion: figures.Assertion(get("assertion")), What: figures.What(get("what")), Tally: figures.Tally(get("tally")),
		Place: register.PlaceName{Text: get("place_name")}, PlaceRecord: get("place"), Stance: figures.Stance(get("stance")), Basis: figures.Basis(get("basis")),
		EvidenceGiven: get("evidence"), Repeats: get("repeats"), Note: get("note"),
		SaidOn: readDate(r, form, errs, "said_on"), On: readDate(r, form, errs, "on"), PublishedOn: readDate(r, form, errs, "published_on"),
	}
	n.Value = readValue(r, form, errs)
	if n.Value != (figures.Value{}) {
		n.Of = readPeople(form)
	} else {
		n.What, n.Tally = "", ""
	}
	if text := get("words"); text != "" {
		n.Words = []figures.Words{{Text: text, Lang: get("words_lang")}}
	}
	for name, into := range map[string]*[]string{"answers": &n.Answers, "corrects": &n.Corrects, "cites": &n.Cites, "url": &n.URLs} {
		if text := get(name); text != "" {
			*into = []string{text}
		}
	}
	readEvidence(r, form, errs, &n)
	return n, errs
}

// readValue reads the number as it was said, and what a person reads in it where the
// table of words does not.
func readValue(r *http.Request, form url.Values, errs map[string]string) (v figures.Value) {
	v.Said, v.Lang = strings.TrimSpace(form.Get("said")), form.Get("lang")
	number := func(name string) *int64 {
		text := strings.ReplaceAll(strings.TrimSpace(form.Get(name)), " ", "")
		if text == "" {
			return nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			errs[name] = locale.T(r.Context(), "sheet.number_wrong")
			return nil
		}
		return &n
	}
	v.Low, v.Best, v.High = number("low"), number("best"), number("high")
	v.Qualifier = figures.Qualifier(form.Get("qualifier"))
	if v.Said == "" && v.Low == nil && v.High == nil {
		return figures.Value{}
	}
	return v
}

func readPeople(form url.Values) (p figures.Population) {
	p.Unit = figures.Unit(form.Get("unit"))
	for _, w := range form["who"] {
		p.Who = append(p.Who, figures.Who(w))
	}
	p.Nationalities = strings.FieldsFunc(strings.ToUpper(form.Get("nationality")), func(r rune) bool { return strings.ContainsRune(" ,;،", r) })
	return p
}

// readEvidence reads the file in which it can be read or heard, and the part of it.
func readEvidence(r *http.Request, form url.Values, errs map[string]string, n *figures.NewClaim) {
	n.Evidence.File = strings.TrimSpace(form.Get("file"))
	if text := strings.TrimSpace(form.Get("part")); text != "" && n.Evidence.File != "" {
		part, err := statement.ParseFragment(text)
		if err != nil {
			errs["part"] = locale.T(r.Context(), "sheet.part_wrong")
		}
		n.Evidence.Part = part
	}
}

// ticked says whether a word for those who are counted is ticked.
func (v formView) ticked(w figures.Who) bool { return slices.Contains(v.Form["who"], string(w)) }

// evidenceOptions are the answers to whether evidence was given.
func evidenceOptions(ctx context.Context) []ui.Option {
	return []ui.Option{{Label: locale.T(ctx, "sheet.evidence_unknown")}, {Value: "yes", Label: locale.T(ctx, "figures.evidence.yes")}, {Value: "no", Label: locale.T(ctx, "figures.evidence.no")}}
}

// basisChosen is the basis that the form shows: none given, until somebody says one.
func basisChosen(form url.Values) string {
	return cmp.Or(form.Get("basis"), string(figures.NoneGiven))
}
