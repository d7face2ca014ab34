package readingweb

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
	"homeward/names"
	"homeward/reading"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
)

// What is suggested fills a form, and only what the form says becomes a claim. Where the
// words of an article leave it open, the form leaves it open too, and a person chooses.

// formOf is the form of one suggestion.
type formOf struct{ url.Values }

func (f formOf) get(name string) string { return strings.TrimSpace(f.Get(name)) }

// form is what the form of a suggestion shows: what a person sent that could not be
// taken, or what was read.
func (v articleView) form(i int) formOf {
	if v.Open == i && v.Form.Values != nil {
		return v.Form
	}
	f := v.offered(v.Suggestions[i])
	if f.get("what") == "" && i > 0 && !v.Suggestions[i].Model {
		f.Set("what", v.before(i)) // "put the number at about 100": of what was counted before
	}
	return f
}

// before is what is said of those who were counted last before a number that names nobody.
func (v articleView) before(i int) string {
	s := v.Suggestions[i]
	if s.Kind != "" || s.What != "" {
		return ""
	}
	for k := i - 1; k >= 0; k-- {
		if f := v.Suggestions[k].Figure; f.Kind == "" && deedOf(f.What) != "" {
			return string(deedOf(f.What))
		}
	}
	return ""
}

// offered fills the form with what was read.
func (v articleView) offered(s suggestion) formOf {
	f := url.Values{}
	set := func(name, value string) {
		if value != "" {
			f.Set(name, value)
		}
	}
	set("speaker", cmp.Or(s.Speaker, v.Outlet))
	set("speaker_kind", kindOf(s.Speaker))
	set("via", strings.Join(chain(s.Figure, v.Outlet), "; "))
	set("on", s.Date)
	set("said_on", s.SaidOn)
	set("place", s.Place)
	set("stance", string(stanceOf(s)))
	set("cites", s.Basis)
	set("basis", string(basisOf(s)))
	set("words", v.sentence(s))
	if s.Kind != "" {
		set("assertion", string(assertionOf(s)))
		if assertionOf(s) == "no_evidence" {
			set("evidence", "no")
		}
		return formOf{f}
	}
	value := figures.FromReading(s.Figure, v.Lang)
	set("said", numberOf(value))
	set("low", number(value.Low))
	set("high", number(value.High))
	set("qualifier", string(value.Qualifier))
	unit, who, what := counted(s.Figure)
	set("unit", string(unit))
	set("what", string(what))
	for _, w := range who {
		f.Add("who", string(w))
	}
	set("nationality", strings.Join(nationalities(s.Figure), " "))
	return formOf{f}
}

// numberOf is the number in the words of the article without the noun behind it, where the
// table of words reads the same in it: "785" of "785 foreigners".
func numberOf(v figures.Value) string {
	words := strings.Fields(v.Said)
	for n := len(words); n > 0; n-- {
		said := strings.Join(words[:n], " ")
		if read, ok := figures.Code(said, v.Lang); ok && number(read.Low) == number(v.Low) && number(read.High) == number(v.High) {
			return said
		}
	}
	return v.Said
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// chain are those who carried it, nearest the speaker first, and the outlet last. The
// outlet's own word was carried by nobody.
func chain(f reading.Figure, outlet string) []string {
	via := slices.Clone(f.Via)
	slices.Reverse(via)
	same := func(name string) bool { return names.Fold(name) == names.Fold(outlet) }
	via = slices.DeleteFunc(via, same)
	if f.Speaker == "" || same(f.Speaker) {
		return via
	}
	return append(via, outlet)
}

// stanceOf is the stance that the form shows. What corrects, repeats or takes back needs
// the claim that it stands to, which a person chooses.
func stanceOf(s suggestion) figures.Stance { return figures.Stance(s.Stance) }

// basisOf is on what it rests, as far as the words say.
func basisOf(s suggestion) figures.Basis {
	low := strings.ToLower(s.Basis)
	has := func(some ...string) bool {
		return slices.ContainsFunc(some, func(w string) bool { return strings.Contains(low, w) })
	}
	switch {
	case has("source", "inside", "источник", "очевид", "witness"):
		return figures.SourcesInside
	case has("list", "спис"):
		return figures.ListClaimed
	case has("record", "document", "data", "документ", "данны"):
		return figures.Document
	case s.Stance == reading.Estimates:
		return figures.ByEstimate
	case s.Speaker != "":
		return figures.Statement
	}
	return figures.NoneGiven
}

// assertionOf is what is claimed without a number.
func assertionOf(s suggestion) figures.Assertion {
	low := strings.ToLower(s.Text)
	has := func(some ...string) bool {
		return slices.ContainsFunc(some, func(w string) bool { return strings.Contains(low, w) })
	}
	switch {
	case s.Kind == reading.KindRule:
		return "other"
	case has("evidence", "verif", "confirm", "доказательств", "подтвер", "проверить"):
		return "no_evidence"
	case s.Stance == reading.Denies:
		return "dismissed"
	case has("empt", "опустош"):
		return "emptied"
	case has("releas", "freed", "freeing", "let ", "letting", "выпус", "отпус", "освобо", "open", "открыл"):
		return "released_deliberately"
	case has("abandon", "бросили", "покинули", "оставили"):
		return "guards_left"
	}
	return "other"
}

// counts say for the unit of a suggestion what is counted, who, and what is said of them
// by the noun itself.
var units = map[string]struct {
	unit figures.Unit
	who  []figures.Who
	what figures.What
}{
	"women": {who: []figures.Who{figures.Women}}, "men": {who: []figures.Who{figures.Men}}, "children": {who: []figures.Who{figures.Children}}, "widows": {who: []figures.Who{figures.Widows}},
	"boys": {who: []figures.Who{figures.Children}}, "girls": {who: []figures.Who{figures.Children}}, "orphans": {who: []figures.Who{figures.Children}}, "teenagers": {who: []figures.Who{figures.Children}},
	"sons": {who: []figures.Who{figures.Children}}, "daughters": {who: []figures.Who{figures.Children}}, "foreigners": {who: []figures.Who{figures.Foreigners}}, "fighters": {who: []figures.Who{figures.Fighters}},
	"prisoners": {who: []figures.Who{figures.Detainees}}, "detainees": {who: []figures.Who{figures.Detainees}}, "hostages": {who: []figures.Who{figures.Detainees}}, "displaced": {who: []figures.Who{figures.Displaced}},
	"refugees": {who: []figures.Who{figures.Displaced}}, "guards": {who: []figures.Who{figures.Staff}}, "workers": {who: []figures.Who{figures.Staff}}, "relatives": {who: []figures.Who{figures.FightersKin}},
	"families": {unit: figures.Families}, "households": {unit: "households"}, "appeals": {unit: figures.Requests}, "requests": {unit: figures.Requests}, "letters": {unit: figures.Requests},
	"camps": {unit: "camps"}, "prisons": {unit: "prisons"}, "percent": {unit: "percent"}, "cases": {unit: "other"}, "graves": {unit: "other"}, "arrests": {unit: "other"}, "tents": {unit: "other"}, "abductions": {unit: "other"},
	"dead": {what: "killed"}, "deaths": {what: "killed"}, "bodies": {what: "killed"}, "wounded": {what: "injured"}, "injuries": {what: "injured"}, "missing": {what: "missing"},
	"returnees": {what: figures.Returned}, "returns": {what: figures.Returned}, "escapees": {what: figures.Escaped}, "residents": {what: figures.Present},
}

// deeds are beginnings of what is said of those who are counted.
var deeds = []struct {
	what  figures.What
	stems string
}{
	{figures.Escaped, "escap fled flee broke slipp сбеж бежа бежал убеж скрыл"}, {figures.Returned, "repatriat return came вернул возвра доставлен"}, {"killed", "kill die dead dying погиб убит умер"},
	{"injured", "wound injur ранен постр"}, {"missing", "missing disappear vanish пропа"}, {"released", "releas freed free освоб выпущ выпуст отпущ"}, {"identified", "identif registered установ"},
	{figures.Held, "held hold detain imprison jail captur arrest удержив содерж задерж арест осужд convict sentenc"}, {"moved", "evacuat transfer moved эвакуир вывез вывоз перевел перемещ"},
	{"arrived", "arriv landed flew flown прибы прилет"}, {figures.Remaining, "remain left stay strand остал оста"}, {figures.Present, "live living жив прожив наход"}, {"wanting_return", "want хот прос"},
}

// counted says what a suggestion counts in the words of claims.
func counted(f reading.Figure) (unit figures.Unit, who []figures.Who, what figures.What) {
	unit = figures.People
	for part := range strings.SplitSeq(f.Unit, " and ") {
		x := units[part]
		unit = cmp.Or(x.unit, unit)
		for _, w := range x.who {
			if !slices.Contains(who, w) {
				who = append(who, w)
			}
		}
		what = cmp.Or(what, x.what)
	}
	return unit, who, cmp.Or(deedOf(f.What), what)
}

// deedOf finds what is said of them in the words that were read; the last word is the
// nearest deed.
func deedOf(words string) figures.What {
	fields := strings.Fields(strings.ToLower(words))
	for _, w := range slices.Backward(fields) {
		for _, d := range deeds {
			for stem := range strings.FieldsSeq(d.stems) {
				if strings.HasPrefix(w, stem) {
					return d.what
				}
			}
		}
	}
	return ""
}

// nations are beginnings of words for a nationality, by country.
var nations = map[string]string{
	"russian": "RU", "chechen": "RU", "dagestan": "RU", "ingush": "RU", "iraqi": "IQ", "syrian": "SY", "tajik": "TJ", "uzbek": "UZ", "kazakh": "KZ", "kyrgyz": "KG", "turk": "TR", "french": "FR",
	"german": "DE", "british": "GB", "dutch": "NL", "belgian": "BE", "swed": "SE", "danish": "DK", "norweg": "NO", "finnish": "FI", "austral": "AU", "canad": "CA", "american": "US", "tunis": "TN", "morocc": "MA", "egypt": "EG", "ukrain": "UA",
	"azerb": "AZ", "georgian": "GE", "росси": "RU", "русск": "RU", "чечен": "RU", "дагест": "RU", "ингуш": "RU", "ирак": "IQ", "сири": "SY", "таджи": "TJ", "узбек": "UZ", "узбеч": "UZ", "казах": "KZ", "казаш": "KZ", "кирги": "KG",
	"турец": "TR", "француз": "FR", "немец": "DE", "немок": "DE", "британ": "GB", "украин": "UA",
}

// nationalities are the countries of whose people a suggestion speaks.
func nationalities(f reading.Figure) (out []string) {
	for w := range strings.FieldsSeq(strings.ToLower(f.Text + " " + f.What)) {
		for stem, country := range nations {
			if strings.HasPrefix(w, stem) && !slices.Contains(out, country) {
				out = append(out, country)
			}
		}
	}
	slices.Sort(out)
	return out
}

// kindOf guesses what sort of speaker a name is; "" leaves it to a person.
func kindOf(name string) string {
	low := strings.ToLower(name)
	for _, k := range []struct{ kind, words string }{
		{"outlet", "reuters afp tass interfax agency news newspaper radio tv channel агентств газет портал канал новости медуза bbc би-би-си"},
		{"authority", "ministr minister administration authorit government officials army forces police commissioner ombuds министерств министр администраци власти правительств сдс мвд мид фсб уполномоченн омбудсмен president глава"},
		{"organisation", "foundation fund group observatory committee organi council watch children unicef un united nations fond фонд группа обсерватори комитет организаци совет центр юнисеф оон"},
		{"witness", "worker resident witness работник очевидец жител"},
		{"stranded", "woman women detainee женщин"},
		{"defender", "activist rights правозащит"},
	} {
		for w := range strings.FieldsSeq(k.words) {
			if strings.Contains(low, w) && (len(w) > 3 || slices.Contains(strings.Fields(low), w)) {
				return k.kind
			}
		}
	}
	return ""
}

// knownAs is the record of a speaker by exactly that name, "" where there is none.
func knownAs(known []register.SourceRow, name string) string {
	wanted := names.Fold(strings.TrimSpace(name))
	for _, s := range known {
		if wanted != "" && names.Fold(s.Label) == wanted {
			return s.ID
		}
	}
	return ""
}

// likely are known speakers whose name has the words of another: Saratova is Kheda
// Saratova, «представитель СДС» the SDF's.
func likely(known []register.SourceRow, name string) (out []string) {
	words := strings.Fields(names.Fold(name))
	for _, s := range known {
		label := names.Fold(s.Label)
		met := 0
		for _, w := range words {
			if stem := []rune(w); len(stem) > 3 && strings.Contains(label, string(stem[:max(4, len(stem)-2)])) {
				met++
			}
		}
		if met > 0 && label != names.Fold(name) && 2*met >= min(len(words), len(strings.Fields(label))) && len(out) < 4 {
			out = append(out, s.Label)
		}
	}
	return out
}

// sourceOf finds a speaker by name, or writes a new one down.
func (p Pages) sourceOf(r *http.Request, known []register.SourceRow, name, kind string) (string, error) {
	name = strings.TrimSpace(name)
	if id := knownAs(known, name); id != "" {
		return id, nil
	}
	if !byName(r) && !slices.Contains(institutions, kind) {
		kind = ""
	}
	return p.World.AddSource(r.Context(), webActor(r), register.NewSource{Label: name, Kind: kind})
}

// accept writes a suggestion down as the form says, and gives the claim's id.
func (p Pages) accept(r *http.Request, v articleView, n int, form formOf) (id string, errs map[string]string, err error) {
	c, errs := v.claim(r, n, form)
	if len(errs) > 0 {
		return "", errs, nil
	}
	// Speakers are written down last, when nothing else stands in the way.
	c.Speaker = "unknown"
	if err := p.Figures.Check(c); err != nil {
		return "", nil, err
	}
	known := v.Known
	find := func(name, kind string) (string, error) {
		id, err := p.sourceOf(r, known, name, kind)
		if err == nil && knownAs(known, name) == "" {
			known = append(known, register.SourceRow{ID: id, Label: name})
		}
		return id, err
	}
	if c.Speaker, err = find(form.get("speaker"), cmp.Or(form.get("speaker_kind"), kindOf(form.get("speaker")))); err != nil {
		return "", nil, err
	}
	for name := range strings.FieldsFuncSeq(form.get("via"), func(c rune) bool { return c == ';' || c == '؛' }) {
		if strings.TrimSpace(name) == "" {
			continue
		}
		carrier, err := find(name, cmp.Or(kindOf(name), "outlet"))
		if err != nil {
			return "", nil, err
		}
		if carrier != c.Speaker && !slices.Contains(c.Via, carrier) {
			c.Via = append(c.Via, carrier)
		}
	}
	id, err = p.Figures.Record(r.Context(), webActor(r), c)
	return id, nil, err
}

// claim is what the form says, without who says it.
func (v articleView) claim(r *http.Request, n int, form formOf) (c figures.NewClaim, errs map[string]string) {
	errs = map[string]string{}
	c = figures.NewClaim{
		Published: v.outlet, PublishedOn: v.Published, SaidOn: form.date(r, errs, "said_on"), On: form.date(r, errs, "on"),
		Assertion: figures.Assertion(form.get("assertion")), Stance: figures.Stance(form.get("stance")), Basis: figures.Basis(form.get("basis")),
		EvidenceGiven: form.get("evidence"), Note: form.get("note"), Evidence: statement.Evidence{File: v.file},
	}
	if form.get("speaker") == "" {
		errs["speaker"] = locale.T(r.Context(), "article.no_speaker")
	}
	if v.URL != "" {
		c.URLs = []string{v.URL}
	}
	if s := v.Suggestions[n]; v.plain {
		c.Evidence.Part = statement.Chars(s.Start, s.End)
	}
	if words := form.get("words"); words != "" {
		c.Words = []figures.Words{{Text: words, Lang: v.Lang}}
	}
	if cites := form.get("cites"); cites != "" {
		c.Cites = []string{cites}
	}
	if v.article.Question != "" {
		c.Questions = []string{v.article.Question}
	}
	if c.Assertion == "" {
		form.counts(r, errs, &c, v.Lang)
	}
	c.Place, c.PlaceRecord = v.place(form.get("place"))
	if target := form.get("target"); target != "" {
		switch c.Stance {
		case figures.Corrects, figures.Withdraws:
			c.Corrects = []string{target}
		case figures.Repeats:
			c.Repeats = target
		default:
			c.Answers = []string{target}
		}
	}
	return c, errs
}

// counts reads the number and who is counted.
func (f formOf) counts(r *http.Request, errs map[string]string, c *figures.NewClaim, lang string) {
	bound := func(name string) *int64 {
		text := strings.ReplaceAll(f.get(name), " ", "")
		if text == "" {
			return nil
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			errs[name] = locale.T(r.Context(), "article.number_wrong")
			return nil
		}
		return &n
	}
	c.Value = figures.Value{Said: f.get("said"), Lang: lang, Low: bound("low"), High: bound("high"), Qualifier: figures.Qualifier(f.get("qualifier"))}
	c.Of.Unit, c.What = figures.Unit(f.get("unit")), figures.What(f.get("what"))
	for _, w := range f.Values["who"] {
		c.Of.Who = append(c.Of.Who, figures.Who(w))
	}
	c.Of.Nationalities = strings.FieldsFunc(strings.ToUpper(f.get("nationality")), func(r rune) bool { return strings.ContainsRune(" ,;،", r) })
}

// place finds a place that is known by that name; its wording stays as the article has it.
func (v articleView) place(wording string) (name register.PlaceName, record string) {
	if wording == "" {
		return name, ""
	}
	for _, p := range v.Places {
		for _, n := range p.Names {
			if names.Fold(n.Text) == names.Fold(wording) {
				record = p.ID
			}
		}
	}
	return register.PlaceName{Text: wording, Lang: v.Lang}, record
}

func (f formOf) date(r *http.Request, errs map[string]string, name string) edtf.Date {
	text := f.get(name)
	if text == "" {
		return edtf.Date{}
	}
	d, err := edtf.Parse(text)
	if err != nil {
		errs[name] = locale.T(r.Context(), "article.date_wrong")
	}
	return d
}

func (f formOf) ticked(w figures.Who) bool { return slices.Contains(f.Values["who"], string(w)) }

// short is a suggestion in one line: who says how many of whom.
func (s suggestion) short(ctx context.Context, outlet string) string {
	parts := []string{cmp.Or(s.Speaker, locale.T(ctx, "article.own_voice", "outlet", outlet))}
	if s.Kind == "" && s.What != "" && !strings.Contains(s.Text, s.What) {
		parts = append(parts, s.What)
	}
	if d, err := edtf.Parse(s.Date); s.Date != "" && err == nil {
		parts = append(parts, locale.From(ctx).EDTF(d))
	} else if s.When != "" {
		parts = append(parts, "“"+s.When+"”")
	}
	if s.Place != "" {
		parts = append(parts, s.Place)
	}
	return strings.Join(parts, " · ")
}
