package chart_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homeward/internal/locale"
	"homeward/statement/edtf"
	"homeward/web/figures/chart"
)

var update = flag.Bool("update", false, "write the golden drawings anew")

func v(x float64) *float64 { return &x }

// ainIssa is the evening of 13 October 2019 with everything a chart can show.
func ainIssa() chart.Chart {
	day := edtf.MustParse("2019-10-13")
	return chart.Chart{
		ID: "sheet", Title: "How many escaped", Desc: "Claims on one axis.",
		Groups: []chart.Group{
			{Title: "People who escaped", Low: &chart.Bound{N: 100, Words: "lowest 100"}, High: &chart.Bound{N: 785, Words: "highest 785"}, Claims: []chart.Claim{
				{URL: "/c/1", Speaker: "the administration", Date: "13 October 2019", Basis: "no evidence given", Said: "785", Low: v(785), High: v(785), When: day, Thread: "a"},
				{URL: "/c/2", Speaker: "a newspaper", Date: "14 October 2019", Basis: "was told", Note: "repeats", Said: "785", Low: v(785), High: v(785), Act: chart.Repeats, Grounds: true, Under: true, When: edtf.MustParse("2019-10-14")},
				{URL: "/c/3", Speaker: "an observatory", Date: "13 October 2019", Basis: "was told", Said: "about 100", Low: v(100), High: v(100), Grounds: true, When: day},
				{URL: "/c/4", Speaker: "a camp worker", Date: "13 October 2019", Basis: "saw it", Said: "over 100", Low: v(100), Grounds: true, When: day},
				{URL: "/c/5", Speaker: "officials", Date: "October 2019", Basis: "no evidence given", Said: "hundreds", Low: v(100), Word: true, When: edtf.MustParse("2019-10"), Thread: "a"},
				{URL: "/c/6", Speaker: "a ministry", Basis: "no evidence given", Note: "denies", Said: "785", Low: v(785), High: v(785), Act: chart.Denies},
				{URL: "/c/7", Speaker: "a blog", Said: "at most 600", High: v(600), Act: chart.Withdrawn, Note: "withdrawn"},
			}},
			{Title: "Counts other people", Claims: []chart.Claim{
				{URL: "/c/8", Speaker: "the hall", Said: "249 to 949", Low: v(249), High: v(949), Grounds: true, When: day},
				{URL: "/c/9", Speaker: "a minister", Said: "“emptied the jail”", When: edtf.MustParse("2019-10-14")},
			}},
		},
	}
}

func in(lang string) context.Context { return locale.With(context.Background(), locale.For(lang)) }

func draw(t *testing.T, ctx context.Context, d chart.Drawing) string {
	t.Helper()
	var out bytes.Buffer
	if err := chart.Draw(d).Render(ctx, &out); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(out.String(), "><", ">\n<")
}

// TestDrawings holds the drawings to those that somebody has looked at.
func TestDrawings(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]func(context.Context) chart.Drawing{
		"rows-360.en":  func(ctx context.Context) chart.Drawing { return ainIssa().Rows(ctx, 360) },
		"rows-1120.en": func(ctx context.Context) chart.Drawing { return ainIssa().Rows(ctx, 1120) },
		"rows-1120.ar": func(ctx context.Context) chart.Drawing { return ainIssa().Rows(ctx, 1120) },
		"time-1120.ru": func(ctx context.Context) chart.Drawing { return ainIssa().OverTime(ctx, 1120) },
		"time-360.ar":  func(ctx context.Context) chart.Drawing { return ainIssa().OverTime(ctx, 360) },
	} {
		ctx := in(strings.TrimPrefix(filepath.Ext(name), "."))
		got, file := draw(t, ctx, d(ctx)), filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil { //nolint:gosec // test data
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file) //nolint:gosec // test data
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s\nlook at it, then: go test ./web/figures/chart -update", name, diff)
		}
	}
}

// TestWhereMarksStand reads the places of marks on a linear axis.
func TestWhereMarksStand(t *testing.T) {
	t.Parallel()
	c := ainIssa()
	a := c.Axis()
	if a.Log || a.Min != 0 || a.Max < 949 || a.Max > 1200 {
		t.Errorf("the axis is %+v", a)
	}
	circle := func(lang string, item int) float64 {
		for _, s := range c.Rows(in(lang), 1120).Items[item].Shapes {
			if s.Kind == chart.Circle {
				return s.X
			}
		}
		t.Fatalf("line %d has no dot", item)
		return 0
	}
	if few, many := circle("en", 2), circle("en", 0); many-few < 200 {
		t.Errorf("785 stands at %v and 100 at %v", many, few)
	}
	if few, many := circle("ar", 2), circle("ar", 0); few-many < 200 {
		t.Errorf("in Arabic 785 stands at %v and 100 at %v", many, few)
	}
	if l, r := circle("en", 0), circle("ar", 0); l+r < 1119 || l+r > 1121 {
		t.Errorf("the drawing is not mirrored: %v and %v", l, r)
	}
}

// TestNothingHangsOnColour looks for the shapes that tell claims apart.
func TestNothingHangsOnColour(t *testing.T) {
	t.Parallel()
	items := ainIssa().Rows(in("en"), 1120).Items
	for i, want := range []string{"hollow", "repeat", "mark", "tip", "hatched", "cross", "strike", "cap", "quoted"} {
		found := false
		for _, s := range items[i].Shapes {
			found = found || strings.Contains(s.Class, want)
		}
		if !found {
			t.Errorf("line %d has no %s", i, want)
		}
	}
	for _, s := range items[2].Shapes {
		if strings.Contains(s.Class, "hollow") {
			t.Error("a claim with grounds is drawn hollow")
		}
	}
}

// TestTheKeyExplainsWhatOccurs and nothing else.
func TestTheKeyExplainsWhatOccurs(t *testing.T) {
	t.Parallel()
	words := map[string]bool{}
	for _, e := range ainIssa().Key() {
		if !locale.Has(e.Words) {
			t.Errorf("the key has no words %s", e.Words)
		}
		words[e.Words] = true
	}
	if len(words) != 11 {
		t.Errorf("the key has %d lines: %v", len(words), words)
	}
	one := chart.Chart{ID: "x", Groups: []chart.Group{{Claims: []chart.Claim{{Low: v(5), High: v(5), Grounds: true}}}}}
	if key := one.Key(); len(key) != 1 || key[0].Words != "sheet.key.dot" {
		t.Errorf("one dot is explained by %+v", key)
	}
}

// TestAxes chooses the axis by the numbers.
func TestAxes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values   []float64
		wanted   chart.Scale
		log      bool
		min, max float64
	}{
		{nil, chart.Auto, false, 0, 10},
		{[]float64{0}, chart.Log, false, 0, 10},
		{[]float64{100, 785}, chart.Auto, false, 0, 1000},
		{[]float64{100, 785}, chart.Log, true, 100, 1000},
		{[]float64{12, 12000}, chart.Auto, true, 10, 20000},
		{[]float64{12, 12000}, chart.Linear, false, 0, 12500},
		{[]float64{0, 12000}, chart.Log, false, 0, 12500},
		{[]float64{1, 1}, chart.Log, true, 1, 10},
		{[]float64{1}, chart.Auto, false, 0, 2},
	} {
		a := chart.NewAxis(c.values, c.wanted)
		if a.Log != c.log || a.Min != c.min || a.Max != c.max {
			t.Errorf("%v as %q gives %+v, want log %v from %v to %v", c.values, c.wanted, a, c.log, c.min, c.max)
		}
		for _, most := range []int{2, 4, 9} {
			ticks := a.Ticks(most)
			if len(ticks) < 2 || len(ticks) > most+1 {
				t.Errorf("%v as %q: %d ticks where %d find room: %v", c.values, c.wanted, len(ticks), most, ticks)
			}
		}
		for _, x := range c.values {
			if at := a.At(x); at < 0 || at > 1 {
				t.Errorf("%v stands at %v", x, at)
			}
		}
	}
}

// TestWhatIsTakenBackChoosesNoAxis keeps the axis linear where only a claim that no
// longer stands is far from the others.
func TestWhatIsTakenBackChoosesNoAxis(t *testing.T) {
	t.Parallel()
	of := func(first chart.Act) chart.Axis {
		return chart.Chart{Groups: []chart.Group{{Claims: []chart.Claim{{Low: v(2), Act: first}, {Low: v(100), High: v(100)}, {Low: v(785), High: v(785)}}}}}.Axis()
	}
	if a := of(chart.Withdrawn); a.Log || a.Max < 785 {
		t.Errorf("what was taken back made the axis %+v", a)
	}
	if a := of(chart.Asserts); !a.Log || a.Min > 2 {
		t.Errorf("what stands made the axis %+v", a)
	}
	if a := (chart.Chart{Groups: []chart.Group{{Claims: []chart.Claim{{Low: v(5), High: v(500), Act: chart.Withdrawn}}}}}).Axis(); !a.Log {
		t.Errorf("where nothing stands the axis is %+v", a)
	}
}

// TestHostileLabels draws labels that try to break out of the drawing.
func TestHostileLabels(t *testing.T) {
	t.Parallel()
	nasty := []string{
		`</text></svg><script>alert(1)</script>`, `" onload="alert(1)`, "\u202eturned round\u202c", "a\x00b\x1bc", strings.Repeat("ح", 400), strings.Repeat("W", 4000),
		"e\u0301\u0301\u0301" + strings.Repeat("\u0301", 300), "]]>&amp;&#x202e;", "👩‍👧‍👦", "", "   ",
	}
	isolates := regexp.MustCompile("[\u202a-\u202e]")
	for _, text := range nasty {
		c := chart.Chart{ID: "x", Title: text, Desc: text, Groups: []chart.Group{{Title: text, Claims: []chart.Claim{
			{URL: "javascript:alert(1)", Speaker: text, Date: text, Basis: text, Said: text, Note: text, Low: v(3), High: v(3)},
			{URL: "/c", Speaker: text, Said: text, When: edtf.MustParse("../2019"), Thread: text},
		}}}}
		for _, d := range []chart.Drawing{c.Rows(in("en"), 360), c.Rows(in("ar"), 1120), c.OverTime(in("ar"), 360)} {
			out := draw(t, in("ar"), d)
			if strings.Contains(out, "<script") || strings.Contains(out, "onload=\"") || strings.Contains(out, "javascript:") {
				t.Errorf("%q breaks out of the drawing", text)
			}
			body := regexp.MustCompile(`<text[^>]*>[^<]*`).FindAllString(out, -1)
			for _, b := range body {
				if isolates.MatchString(b) || strings.Count(b, "\u2068") != strings.Count(b, "\u2069") || strings.ContainsAny(b, "\x00\x1b") {
					t.Errorf("a label turns its line round: %q", b)
				}
			}
			for _, s := range d.Items[0].Shapes {
				if s.Kind == chart.Text && len([]rune(s.Text)) > 420 {
					t.Errorf("a label of %d signs stands in a line", len([]rune(s.Text)))
				}
			}
		}
	}
}

// TestClaimsOfOneDayDoNotCoverEachOther moves marks of one place apart.
func TestClaimsOfOneDayDoNotCoverEachOther(t *testing.T) {
	t.Parallel()
	var all []chart.Claim
	for range 6 {
		all = append(all, chart.Claim{Low: v(100), High: v(100), When: edtf.MustParse("2019-10-13")})
	}
	seen := map[float64]bool{}
	for _, item := range (chart.Chart{ID: "x", Groups: []chart.Group{{Claims: all}}}).OverTime(in("en"), 1120).Items {
		if seen[item.Hit.X] {
			t.Errorf("two marks stand at %v", item.Hit.X)
		}
		seen[item.Hit.X] = true
	}
}

// TestRangesOfDates survives every kind of date.
func TestRangesOfDates(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2019", "2019-10", "../2019", "2019/..", "/2019", "../..", "-0044", "Y170000002", "1985~", "2019-10-13T05:00:00Z", "2019-24"} {
		when, err := edtf.Parse(text)
		if err != nil {
			continue
		}
		c := chart.Chart{ID: "x", Groups: []chart.Group{{Claims: []chart.Claim{{Low: v(1), High: v(1), When: when}, {Low: v(9), High: v(9), When: edtf.MustParse("2019-10-13")}}}}}
		d := c.OverTime(in("en"), 360)
		if len(d.Items) != 2 || len(d.Back) > 200 {
			t.Errorf("%s: %d claims, %d lines behind them", text, len(d.Items), len(d.Back))
		}
	}
}
