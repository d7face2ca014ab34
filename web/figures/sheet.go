package figuresweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"homeward/access"
	"homeward/figures"
	"homeward/internal/locale"
	"homeward/statement/edtf"
	"homeward/web"
	"homeward/web/figures/chart"
	"homeward/web/ui"
)

// The widths for which the chart is laid out: a telephone, paper and a tablet, a desk.
const (
	phoneWidth  = 340
	middleWidth = 680
	deskWidth   = 1120
)

// row is a claim on the sheet with its number, by which the page speaks of it.
type row struct {
	figures.Line
	N     int
	Under bool // it belongs to the one above it
}

// block is the rows of one group, or those that are in none.
type block struct {
	Group *figures.Group
	Index int // in Sheet.Groups; -1 for claims in none
	Rows  []row
}

// sheetView is the page of one question.
type sheetView struct {
	words
	Sheet    figures.Sheet
	Blocks   []block
	Numbers  map[string]int // claim → its number
	Asked    asked
	Question figures.Words
}

// asked is what the reader chose in the address.
type asked struct {
	On       string // the day as of which it is shown, as typed
	By       string // "recorded": what the office knew; otherwise what had been said
	View     string // "time" or ""
	Scale    chart.Scale
	BadDate  bool
	As       figures.AsOf
	location string // the path of the sheet
}

// readAsked reads it. A day that is none is told beside its field, and the sheet is that
// of today.
func readAsked(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{On: q.Get("on"), View: q.Get("view"), location: r.URL.Path}
	if q.Get("by") == "recorded" {
		a.By = "recorded"
	}
	if s := chart.Scale(q.Get("scale")); s == chart.Linear || s == chart.Log {
		a.Scale = s
	}
	if a.View != "time" {
		a.View = ""
	}
	if a.On == "" {
		return a
	}
	d, err := edtf.Parse(a.On)
	if err != nil || d.Latest() == edtf.MaxDay || d.Latest() == edtf.MinDay {
		a.BadDate = true
		return a
	}
	if a.By == "recorded" {
		day := d.Latest().Time()
		a.As.Recorded = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, locale.From(r.Context()).Zone()).Add(-time.Microsecond)
	} else {
		a.As.Said = d
	}
	return a
}

// past says that the sheet is shown as of another day than today.
func (a asked) past() bool { return a.As != figures.AsOf{} }

// with is the address of the sheet with one choice changed.
func (a asked) with(name, value string) string {
	q := url.Values{}
	for key, v := range map[string]string{"on": a.On, "by": a.By, "view": a.View, "scale": string(a.Scale)} {
		if key == name {
			v = value
		}
		if v != "" {
			q.Set(key, v)
		}
	}
	if len(q) == 0 {
		return a.location
	}
	return a.location + "?" + q.Encode()
}

func (p Pages) sheet(w http.ResponseWriter, r *http.Request) error {
	v, err := p.sheetView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "sheet.title", Wide: true, Styles: styles}, sheetPage(v))
}

func (p Pages) sheetView(r *http.Request) (v sheetView, err error) {
	v.words, v.Asked = p.words(r), readAsked(r)
	if v.Sheet, err = p.Figures.Sheet(r.Context(), r.PathValue("id"), v.Asked.As); err != nil {
		return v, err
	}
	v.Question = v.Sheet.Question.Label(locale.From(r.Context()).Code())
	v.Blocks = blocks(v.Sheet)
	v.Numbers = map[string]int{}
	for _, b := range v.Blocks {
		for _, row := range b.Rows {
			v.Numbers[row.ID] = row.N
		}
	}
	return v, nil
}

// blocks puts the lines of a sheet in the order in which the page shows them: group by
// group, what repeats or answers a claim under it, and last what stands alone.
func blocks(s figures.Sheet) []block {
	all := make([]block, len(s.Groups)+1)
	for i := range s.Groups {
		all[i] = block{Group: &s.Groups[i], Index: i}
	}
	all[len(s.Groups)].Index = -1
	under := map[string][]figures.Line{}
	for _, l := range s.Lines {
		if parent := above(s, l); parent != "" {
			under[parent] = append(under[parent], l)
		}
	}
	var put func(b *block, l figures.Line, deep bool)
	put = func(b *block, l figures.Line, deep bool) {
		b.Rows = append(b.Rows, row{Line: l, Under: deep})
		for _, child := range under[l.ID] {
			put(b, child, true)
		}
	}
	for _, l := range s.Lines {
		if above(s, l) == "" {
			at := l.Group
			if at < 0 {
				at = len(s.Groups)
			}
			put(&all[at], l, false)
		}
	}
	all = slices.DeleteFunc(all, func(b block) bool { return len(b.Rows) == 0 })
	n := 0
	for i := range all {
		for j := range all[i].Rows {
			n++
			all[i].Rows[j].N = n
		}
	}
	return all
}

// above is the claim under which a line stands, "" for none. Claims that answer or
// repeat each other in a ring stand under none of them.
func above(s figures.Sheet, l figures.Line) string {
	parent := func(l figures.Line) string {
		switch {
		case l.Standing == figures.Repeating:
			return l.By
		case l.Group < 0 && len(l.Answers) > 0:
			return l.Answers[0]
		case l.Standing == figures.Taking && len(l.Corrects) > 0:
			return l.Corrects[0]
		}
		return ""
	}
	first := parent(l)
	found, here := s.Line(first)
	if !here || l.Group >= 0 && found.Group != l.Group {
		return ""
	}
	for at, seen := found, 0; ; seen++ {
		next, here := s.Line(parent(at))
		switch {
		case !here:
			return first
		case next.ID == l.ID, seen > len(s.Lines):
			return ""
		}
		at = next
	}
}

// line finds the line of a claim.
func (v sheetView) line(claim string) figures.Line {
	l, _ := v.Sheet.Line(claim)
	return l
}

// chart draws the sheet.
func (v sheetView) chart(ctx context.Context) chart.Chart {
	c := chart.Chart{ID: "sheet", Title: v.Question.Text, Desc: v.describe(ctx), Scale: v.Asked.Scale}
	for _, b := range v.Blocks {
		g := chart.Group{}
		if b.Group != nil {
			g = chart.Group{Title: groupTitle(ctx, *b.Group), Low: v.bound(ctx, "sheet.chart.low", b.Group.Low),
				High: v.bound(ctx, "sheet.chart.high", b.Group.High), Best: v.bound(ctx, "sheet.chart.best", b.Group.Best)}
			if b.Group.Independent < 2 { // one number is no range
				g.Low, g.High = nil, nil
			}
		} else if len(v.Blocks) > 1 {
			g.Title = locale.T(ctx, "sheet.alone")
		}
		for _, r := range b.Rows {
			g.Claims = append(g.Claims, v.chartClaim(ctx, r))
		}
		c.Groups = append(c.Groups, g)
	}
	return c
}

func (v sheetView) bound(ctx context.Context, id string, b *figures.Bound) *chart.Bound {
	if b == nil {
		return nil
	}
	said := locale.T(ctx, id, "n", locale.From(ctx).Number(b.Number))
	if b.Part {
		said = locale.T(ctx, "sheet.of_part", "bound", said)
	}
	return &chart.Bound{N: float64(b.Number), Words: said}
}

func (v sheetView) chartClaim(ctx context.Context, r row) chart.Claim {
	c := chart.Claim{
		URL: "/claims/" + r.ID, Speaker: v.speaker(ctx, r.Speaker), Date: when(ctx, r.Claim), Basis: v.basis(ctx, r.Claim),
		Said: v.said(ctx, r.Claim), Note: dotted(v.chain(ctx, r.Claim), stands(ctx, r.Line)),
		Grounds: grounds(r.Claim), Under: r.Under, When: saidOn(r.Claim), Act: act(r.Line), Thread: v.thread(r.Line),
	}
	if r.Value != nil {
		c.Low, c.High, c.Word = float(r.Value.Low), float(r.Value.High), r.Value.Qualifier == figures.Word
	}
	return c
}

func act(l figures.Line) chart.Act {
	switch {
	case l.Standing == figures.Revised, l.Standing == figures.Corrected, l.Standing == figures.TakenBack:
		return chart.Withdrawn
	case l.Stance == figures.Denies:
		return chart.Denies
	case l.Standing == figures.Repeating:
		return chart.Repeats
	}
	return chart.Asserts
}

// thread joins what one speaker said of one thing in the course of time.
func (v sheetView) thread(l figures.Line) string {
	if l.Group < 0 || l.Standing == figures.Repeating {
		return ""
	}
	return strconv.Itoa(l.Group) + cmp.Or(l.Speaker.One, l.Speaker.ID)
}

func float(n *int64) *float64 {
	if n == nil {
		return nil
	}
	f := float64(*n)
	return &f
}

// describe says in sentences what the chart shows.
func (v sheetView) describe(ctx context.Context) string {
	l := locale.From(ctx)
	speakers := map[string]bool{}
	for _, line := range v.Sheet.Lines {
		speakers[cmp.Or(line.Speaker.One, line.Speaker.ID)] = true
	}
	said := []string{l.N("sheet.desc.claims", len(v.Sheet.Lines)), l.N("sheet.desc.speakers", len(speakers))}
	for _, g := range v.Sheet.Groups {
		if g.Low != nil && g.High != nil {
			said = append(said, locale.Sentences(l.T("sheet.desc.group", "what", groupTitle(ctx, g), "low", l.Number(g.Low.Number), "high", l.Number(g.High.Number),
				"grade", l.T("figures.grade."+string(g.Grade)))))
		}
	}
	said = append(said, l.T("sheet.desc.table"))
	return locale.Sentences(said...)
}

// tabs are the two views of the sheet.
func (v sheetView) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Label: locale.T(ctx, "sheet.by_claim"), URL: v.Asked.with("view", ""), Current: v.Asked.View == ""},
		{Label: locale.T(ctx, "sheet.over_time"), URL: v.Asked.with("view", "time"), Current: v.Asked.View == "time"},
	}
}

// revisions are what one speaker said of one thing one time after the other, where that
// is more than once.
func (v sheetView) revisions() (all [][]figures.Line) {
	at := map[string]int{}
	for _, l := range v.Sheet.Lines {
		name := v.thread(l)
		if name == "" {
			continue
		}
		i, known := at[name]
		if !known {
			i = len(all)
			at[name], all = i, append(all, nil)
		}
		all[i] = append(all[i], l)
	}
	return slices.DeleteFunc(all, func(lines []figures.Line) bool { return len(lines) < 2 })
}

// wordless are claims without a number that answer a claim.
func (v sheetView) wordless() (all []figures.Line) {
	for _, l := range v.Sheet.Lines {
		if l.Group < 0 && !l.Numbered() {
			all = append(all, l)
		}
	}
	return all
}

// mostPairs is how many pairs a sheet lists. Of more, those that could be compared, or of
// which a person decided, stand before the rest.
const mostPairs = 120

// pairs are the pairs that are listed.
func (v sheetView) pairs() []figures.Comparison {
	if len(v.Sheet.Comparisons) <= mostPairs {
		return v.Sheet.Comparisons
	}
	all := slices.Clone(v.Sheet.Comparisons)
	slices.SortStableFunc(all, func(a, b figures.Comparison) int { return cmp.Compare(telling(b), telling(a)) })
	return all[:mostPairs]
}

// telling is how much a comparison has to say.
func telling(c figures.Comparison) int {
	switch {
	case c.Overruled != nil:
		return 2
	case c.Relation != figures.NotComparable:
		return 1
	}
	return 0
}

// mayWrite says whether the reader may write down claims and decide about pairs.
func (w words) mayWrite() bool { return w.Me.Can(access.FiguresWrite, access.None) }

// mayExport says whether the reader may take figures out of the house.
func (w words) mayExport() bool { return w.Me.Can(access.FiguresExport, access.None) }

// formats are those in which a sheet is taken out of the house.
var formats = []string{"csv", "xlsx", "jsonld"}

// download is the address of the sheet as a file, as of the chosen day.
func (a asked) download(question, format string) string {
	b := asked{On: a.On, By: a.By, location: "/figures/" + question + "/download/" + format}
	return b.with("", "")
}

func (a asked) problem(ctx context.Context) string {
	if a.BadDate {
		return locale.T(ctx, "sheet.date_wrong")
	}
	return ""
}

// dayType lets a browser offer its calendar, unless the day was typed as a month or a
// year, which a calendar would throw away.
func dayType(on string) string {
	if _, err := time.Parse(time.DateOnly, on); on != "" && err != nil {
		return "text"
	}
	return "date"
}

// pastWords says as of when the sheet is shown.
func pastWords(ctx context.Context, a asked) string {
	d, _ := edtf.Parse(a.On)
	if a.By == "recorded" {
		return locale.T(ctx, "sheet.as_recorded", "day", day(ctx, d))
	}
	return locale.T(ctx, "sheet.as_said", "day", day(ctx, d))
}

func printedOn(ctx context.Context, a asked) string {
	if a.past() {
		return pastWords(ctx, a)
	}
	return locale.T(ctx, "sheet.printed", "day", locale.From(ctx).DateTime(ui.Now(ctx)))
}

func pairLink(ctx context.Context, v sheetView) string {
	if v.mayWrite() {
		return locale.T(ctx, "sheet.pair_decide")
	}
	return locale.T(ctx, "sheet.pair_see")
}

func orNotSaid(ctx context.Context, text string) string {
	return cmp.Or(text, locale.T(ctx, "ui.not_said"))
}

// codedWords says what was made of a number as it was said.
func codedWords(ctx context.Context, v figures.Value) string {
	return dotted(locale.T(ctx, "sheet.coded", "value", coded(ctx, v)), locale.T(ctx, "figures.qualifier."+string(v.Qualifier)))
}

// assertion is what is claimed without a number, where its own words stand before it.
func (w words) assertion(ctx context.Context, c figures.Claim) string {
	if c.Assertion == "" || len(c.Words) == 0 || !w.open(c.Speaker) {
		return ""
	}
	return locale.T(ctx, "figures.assertion."+string(c.Assertion))
}

func evidenceWords(ctx context.Context, c figures.Claim) string {
	if grounds(c) {
		return locale.T(ctx, "sheet.evidence_given", "basis", locale.T(ctx, "figures.basis."+string(c.Basis)))
	}
	return locale.T(ctx, "figures.evidence.no")
}

// boundNotes says what a bound does not tell by itself.
func boundNotes(ctx context.Context, label string, b figures.Bound) string {
	var said []string
	if b.Part {
		said = append(said, locale.T(ctx, "sheet.is_part"))
	}
	if b.Open {
		said = append(said, locale.T(ctx, label+"_open"))
	}
	return dotted(said...)
}
