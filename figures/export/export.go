// Package export writes figures so that others can use them: CSV with HXL tags, a
// workbook, and schema.org Claims as JSON-LD.
//
// # The rules
//
//   - A file for outside holds what a release would say and nothing more: public labels,
//     no words of the speaker but the number, marks in place of ids. A file for the office
//     also says what the office calls its sources; both have the same columns.
//   - A number stands in a column that counts people only when people are counted, and
//     under the people it counts. A bound that nobody said is an empty cell.
//   - We state no verdict, and so no ClaimReview: each claim is its speaker's.
//   - No cell is taken for a formula by a spreadsheet (internal/table).
//
// The package is pure: it writes what it is given.
package export

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"homeward/figures"
	"homeward/internal/table"
	"homeward/statement/edtf"
)

// Options say for whom a sheet is written, and in which words.
type Options struct {
	// Outside gives what may be shown to anybody.
	Outside bool
	// Event is what the incident is called, and Lang the language of names and words.
	Event string
	Lang  string
	// Words gives the word of a code, by the keys of internal/locale: figures.what.escaped.
	// Without it codes are written as they are.
	Words func(key string) string
}

// word is a code in words.
func (o Options) word(area, code string) string {
	if code == "" || o.Words == nil {
		return code
	}
	return o.Words("figures." + area + "." + code)
}

// column is a column with its HXL tag.
type column struct {
	key, tag string
	cell     func(o Options, l line) string
}

// columns in the order of the file. The key is that of the header's word.
var columns = []column{
	{"reported", "#date+reported", func(_ Options, l line) string { return iso(l.SaidOn) }},
	{"occurred", "#date+occurred", func(_ Options, l line) string { return iso(l.On) }},
	{"time", "#x_date+edtf", func(_ Options, l line) string { return l.On }},
	{"event", "#event+name", func(o Options, _ line) string { return o.Event }},
	{"place", "#loc+camp+name", func(o Options, l line) string { return figures.Called(l.Place, o.Lang) }},
	{"place_code", "#loc+camp+code", func(_ Options, l line) string { return l.code }},
	{"country", "#country+code+v_iso3", func(_ Options, l line) string { return iso3(l.Country) }},
	{"women", "#affected+f+adults", func(_ Options, l line) string { return l.of(figures.Women) }},
	{"children", "#affected+children", func(_ Options, l line) string { return l.of(figures.Children) }},
	{"people", "#affected+ind", func(_ Options, l line) string { return l.of("") }},
	{"said", "#x_claim+said", func(_ Options, l line) string { return l.Said }},
	{"low", "#x_claim+low", func(_ Options, l line) string { return number(l.Low) }},
	{"best", "#x_claim+best", func(_ Options, l line) string { return number(l.Best) }},
	{"high", "#x_claim+high", func(_ Options, l line) string { return number(l.High) }},
	{"qualifier", "#x_claim+qualifier", func(o Options, l line) string { return o.word("qualifier", string(l.Qualifier)) }},
	{"unit", "#x_claim+unit", func(o Options, l line) string { return o.word("unit", string(l.Unit)) }},
	{"who", "#x_claim+who", func(o Options, l line) string { return l.who(o) }},
	{"nationality", "#x_claim+nationality+v_iso3", func(_ Options, l line) string { return l.nationalities() }},
	{"what", "#x_claim+what", func(o Options, l line) string { return o.word("what", string(l.What)) }},
	{"tally", "#x_claim+tally", func(o Options, l line) string { return o.word("tally", string(l.Tally)) }},
	{"assertion", "#x_claim+assertion", func(o Options, l line) string { return o.word("assertion", string(l.Assertion)) }},
	{"stance", "#x_claim+stance", func(o Options, l line) string { return o.word("stance", string(l.Stance)) }},
	{"basis", "#x_claim+basis", func(o Options, l line) string { return o.word("basis", string(l.Basis)) }},
	{"evidence", "#x_claim+evidence", func(o Options, l line) string { return o.word("evidence", l.Evidence) }},
	{"speaker", "#meta+source+name", func(o Options, l line) string { return l.called(o, l.Speaker) }},
	{"via", "#meta+source+via", func(o Options, l line) string { return l.carriers(o) }},
	{"published_on", "#date+published", func(_ Options, l line) string { return iso(l.PublishedOn) }},
	{"url", "#meta+url", func(_ Options, l line) string { return strings.Join(l.URLs, " ") }},
	{"status", "#x_claim+status", func(o Options, l line) string { return o.word("standing", string(l.Standing)) }},
	{"by", "#x_claim+by", func(_ Options, l line) string { return l.By }},
	{"answers", "#x_claim+answers", func(_ Options, l line) string { return strings.Join(l.Answers, " ") }},
	{"group", "#x_claim+group", func(_ Options, l line) string { return l.groupNumber() }},
	{"grade", "#x_claim+grade", func(o Options, l line) string { return o.word("grade", string(l.grade)) }},
	{"id", "#meta+id", func(_ Options, l line) string { return l.Mark }},
}

// line is one claim as it is written: the form in which it is published, whoever it is
// written for.
type line struct {
	figures.PublishedClaim
	code  string
	grade figures.Grade
}

// lines puts a sheet into the form in which it is written.
func lines(s figures.Sheet, o Options) ([]line, error) {
	var claims []figures.PublishedClaim
	if o.Outside {
		var err error
		s = s.ForOutside()
		if claims, _, err = s.Outside(); err != nil {
			return nil, err
		}
	}
	var all []line
	for i, l := range s.Lines {
		var out line
		if o.Outside {
			out.PublishedClaim = claims[i]
		} else {
			out.PublishedClaim = inside(l)
		}
		if l.Group >= 0 {
			out.grade = s.Groups[l.Group].Grade
		}
		if len(l.Place.Codes) > 0 && !(o.Outside && l.Speaker.Protected) {
			out.code = l.Place.Codes[0]
		}
		all = append(all, out)
	}
	return all, nil
}

// inside is a claim as the office sees it, in the published form.
func inside(l figures.Line) figures.PublishedClaim {
	c := figures.PublishedClaim{
		Mark: l.ID, Speaker: source(l.Speaker), URLs: l.URLs, SaidOn: l.SaidOn.String(), On: l.On.String(), PublishedOn: l.PublishedOn.String(),
		Unit: l.Of.Unit, Who: l.Of.Who, Nationalities: l.Of.Nationalities, What: l.What, Tally: l.Tally, Country: l.Place.Country,
		Assertion: l.Assertion, Stance: l.Stance, Basis: l.Basis, Evidence: l.EvidenceGiven, Standing: l.Standing, By: l.By, Answers: l.Answers, Group: l.Group + 1,
	}
	for _, v := range l.Via {
		c.Via = append(c.Via, source(v))
	}
	if l.Published.ID != "" {
		p := source(l.Published)
		c.Published = &p
	}
	for _, n := range l.Place.Names {
		c.Place = append(c.Place, figures.PublishedWords(n))
	}
	if len(c.Place) == 0 && l.Place.Wording != "" {
		c.Place = []figures.PublishedWords{{Text: l.Place.Wording}}
	}
	if v := l.Value; v != nil {
		c.Said, c.Low, c.Best, c.High, c.Qualifier = v.Said, v.Low, v.Best, v.High, v.Qualifier
	}
	return c
}

func source(s figures.Speaker) figures.PublishedSpeaker {
	if s.Office() {
		return figures.PublishedSpeaker{Mark: "office", Kind: "office"}
	}
	return figures.PublishedSpeaker{Mark: s.ID, Label: cmp.Or(s.Label, s.Public), Kind: s.Kind}
}

// CSV writes a sheet as CSV with a row of headers and a row of HXL tags.
func CSV(w io.Writer, s figures.Sheet, o Options) error {
	header, rows, err := sheet(s, o)
	if err != nil {
		return err
	}
	return table.WriteCSV(w, header, slices.Values(rows))
}

// XLSX writes the same as a workbook.
func XLSX(w io.Writer, s figures.Sheet, o Options) error {
	header, rows, err := sheet(s, o)
	if err != nil {
		return err
	}
	return table.WriteXLSX(w, "figures", header, slices.Values(rows))
}

func sheet(s figures.Sheet, o Options) (header []string, rows [][]string, err error) {
	all, err := lines(s, o)
	if err != nil {
		return nil, nil, err
	}
	tags := make([]string, len(columns))
	for i, c := range columns {
		header = append(header, o.header(c.key))
		tags[i] = c.tag
	}
	rows = append(rows, tags)
	for _, l := range all {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = c.cell(o, l)
		}
		rows = append(rows, cells)
	}
	return header, rows, nil
}

func (o Options) header(key string) string {
	if o.Words == nil {
		return key
	}
	return o.Words("figures.column." + key)
}

// of is the number of those alone, where people are counted: women, children, or, with
// "", everybody else. Of a range it is the least that was said.
func (l line) of(who figures.Who) string {
	if l.Unit != figures.People || l.Stance == figures.Denies {
		return ""
	}
	alone := figures.Who("")
	for _, w := range l.Who {
		switch {
		case w != figures.Women && w != figures.Children:
		case alone != "":
			alone = ""
			if who == "" {
				return l.point()
			}
			return "" // women and children together are people
		default:
			alone = w
		}
	}
	if alone != who {
		return ""
	}
	return l.point()
}

func (l line) point() string {
	for _, n := range []*int64{l.Best, l.Low, l.High} {
		if n != nil {
			return number(n)
		}
	}
	return ""
}

func (l line) who(o Options) string {
	var all []string
	for _, w := range l.Who {
		all = append(all, o.word("who", string(w)))
	}
	return strings.Join(all, ", ")
}

func (l line) nationalities() string {
	var all []string
	for _, c := range l.Nationalities {
		all = append(all, iso3(c))
	}
	return strings.Join(all, " ")
}

func (l line) called(o Options, s figures.PublishedSpeaker) string {
	if s.Label != "" || s.Kind == "" || o.Words == nil {
		return cmp.Or(s.Label, s.Kind)
	}
	return o.Words("value.source.kind." + s.Kind)
}

func (l line) carriers(o Options) string {
	var all []string
	for _, v := range l.Via {
		all = append(all, l.called(o, v))
	}
	return strings.Join(all, " ← ")
}

func (l line) groupNumber() string {
	if l.Group == 0 {
		return ""
	}
	return strconv.Itoa(l.Group)
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// iso is a date as HXL knows it, a day, a month or a year; "" for any other.
func iso(text string) string {
	d, err := edtf.Parse(text)
	if err != nil || d.IsInterval() || d.IsApproximate() || d.IsUncertain() {
		return ""
	}
	switch len(text) {
	case len("2019"), len("2019-10"), len("2019-10-13"):
		if strings.Trim(text, "-0123456789") == "" && !season(d) {
			return text
		}
	}
	return ""
}

func season(d edtf.Date) bool {
	return len(d.Parts()) == 1 && d.Parts()[0].Month > 12
}

func iso3(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil {
		return ""
	}
	return r.ISO3()
}

// The types of schema.org that a claim needs.
type (
	graph struct {
		Context string  `json:"@context"`
		Graph   []claim `json:"@graph"`
	}
	claim struct {
		Type            string    `json:"@type"`
		ID              string    `json:"@id"`
		Text            string    `json:"text"`
		Language        string    `json:"inLanguage,omitempty"`
		Author          *agent    `json:"author,omitempty"`
		DateCreated     string    `json:"dateCreated,omitempty"`
		Temporal        string    `json:"temporalCoverage,omitempty"`
		Spatial         *thing    `json:"spatialCoverage,omitempty"`
		About           *quantity `json:"about,omitempty"`
		FirstAppearance *work     `json:"firstAppearance,omitempty"`
		Appearance      []work    `json:"appearance,omitempty"`
		Status          string    `json:"creativeWorkStatus"`
	}
	agent struct {
		Type string `json:"@type"`
		Name string `json:"name"`
	}
	thing struct {
		Type string `json:"@type"`
		Name string `json:"name"`
	}
	quantity struct {
		Type string `json:"@type"`
		Min  *int64 `json:"minValue,omitempty"`
		Max  *int64 `json:"maxValue,omitempty"`
		Unit string `json:"unitText"`
	}
	work struct {
		Type      string `json:"@type"`
		URL       string `json:"url,omitempty"`
		Date      string `json:"datePublished,omitempty"`
		Publisher *agent `json:"publisher,omitempty"`
	}
)

// JSONLD writes a sheet as schema.org Claims, each with its author and where it appeared.
// schema.org has no word for a denial or a range: the text says it, and about has the
// bounds that were said.
func JSONLD(w io.Writer, s figures.Sheet, o Options) error {
	all, err := lines(s, o)
	if err != nil {
		return err
	}
	out := graph{Context: "https://schema.org", Graph: []claim{}}
	for _, l := range all {
		out.Graph = append(out.Graph, l.claim(o))
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(out)
}

func (l line) claim(o Options) claim {
	c := claim{
		Type: "Claim", ID: "#" + l.Mark, Text: l.text(o), Language: o.Lang, Author: l.agent(o, l.Speaker), DateCreated: iso(l.SaidOn), Temporal: l.On,
		Status: o.word("standing", string(l.Standing)),
	}
	if n := figures.Called(l.Place, o.Lang); n != "" {
		c.Spatial = &thing{"Place", n}
	}
	if (l.Low != nil || l.High != nil) && l.Stance != figures.Denies {
		c.About = &quantity{"QuantitativeValue", l.Low, l.High, cmp.Or(l.who(o), o.word("unit", string(l.Unit)))}
	}
	for i, url := range l.URLs {
		at := work{Type: "CreativeWork", URL: url}
		if i == 0 {
			at.Date = iso(l.PublishedOn)
			if l.Published != nil {
				at.Publisher = l.agent(o, *l.Published)
			}
			c.FirstAppearance = &at
			continue
		}
		c.Appearance = append(c.Appearance, at)
	}
	return c
}

// text says the claim in the words of its codes, since its own stay in the office.
func (l line) text(o Options) string {
	parts := []string{}
	if l.Stance != figures.Asserts {
		parts = append(parts, o.word("stance", string(l.Stance)))
	}
	counted := cmp.Or(l.who(o), o.word("unit", string(l.Unit)))
	for _, p := range []string{l.Said, counted, o.word("what", string(l.What)), o.word("assertion", string(l.Assertion)), figures.Called(l.Place, o.Lang), l.On} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " · ")
}

// agent is who speaks: a person, or a body.
func (l line) agent(o Options, s figures.PublishedSpeaker) *agent {
	kind := "Organization"
	switch s.Kind {
	case "stranded", "relative", "witness", "defender":
		kind = "Person"
	}
	if called := l.called(o, s); called != "" {
		return &agent{kind, called}
	}
	return nil
}
