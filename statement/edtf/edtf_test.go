package edtf

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The examples are those of ISO 8601-2:2019 as the Library of Congress prints them
// for levels 0 and 1, and the house's own where it had to choose.
var examples = []struct{ text, earliest, latest string }{
	{"1985-04-12", "1985-04-12", "1985-04-12"},
	{"1985-04", "1985-04-01", "1985-04-30"},
	{"1985", "1985-01-01", "1985-12-31"},
	{"2024-02", "2024-02-01", "2024-02-29"},
	{"1985-04-12T23:20:30", "1985-04-12", "1985-04-12"},
	{"1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12"},
	{"1985-04-12T23:20:30-04", "1985-04-12", "1985-04-12"},
	{"1985-04-12T23:20:30+04:30", "1985-04-12", "1985-04-12"},
	{"1964/2008", "1964-01-01", "2008-12-31"},
	{"2004-06/2006-08", "2004-06-01", "2006-08-31"},
	{"2004-02-01/2005-02-08", "2004-02-01", "2005-02-08"},
	{"2004-02-01/2005-02", "2004-02-01", "2005-02-28"},
	{"2004-02-01/2005", "2004-02-01", "2005-12-31"},
	{"2005/2006-02", "2005-01-01", "2006-02-28"},
	{"2001-21", "2001-03-01", "2001-05-31"},
	{"2001-22", "2001-06-01", "2001-08-31"},
	{"2001-23", "2001-09-01", "2001-11-30"},
	{"2001-24", "2000-12-01", "2002-02-28"},
	{"1984?", "1984-01-01", "1984-12-31"},
	{"2004-06~", "2004-06-01", "2004-06-30"},
	{"2004-06-11%", "2004-06-11", "2004-06-11"},
	{"201X", "2010-01-01", "2019-12-31"},
	{"20XX", "2000-01-01", "2099-12-31"},
	{"2004-XX", "2004-01-01", "2004-12-31"},
	{"1985-04-XX", "1985-04-01", "1985-04-30"},
	{"1985-XX-XX", "1985-01-01", "1985-12-31"},
	{"1985-04-12/..", "1985-04-12", "∞"},
	{"1985-04/..", "1985-04-01", "∞"},
	{"../1985", "-∞", "1985-12-31"},
	{"1985/", "1985-01-01", "∞"},
	{"/1985-04-12", "-∞", "1985-04-12"},
	{"1984~/2004-06", "1984-01-01", "2004-06-30"},
	{"1984-06-02?/2004-08-08~", "1984-06-02", "2004-08-08"},
	{"2019-10-XX/2019-24", "2019-10-01", "2020-02-29"},
	{"0000", "0000-01-01", "0000-12-31"},
	{"-1985", "-1985-01-01", "-1985-12-31"},
	{"-0044-03-15", "-0044-03-15", "-0044-03-15"},
	{"-001X", "-0019-01-01", "-0010-12-31"},
	{"-00XX", "-0099-01-01", "-0001-12-31"},
	{"Y10000", "10000-01-01", "10000-12-31"},
	{"Y170002", "170002-01-01", "170002-12-31"},
	{"Y-170002", "-170002-01-01", "-170002-12-31"},
}

func dayText(n DayNumber) string {
	switch n {
	case MinDay:
		return "-∞"
	case MaxDay:
		return "∞"
	}
	return n.Time().Format("2006-01-02")
}

func TestExamplesOfTheStandard(t *testing.T) {
	t.Parallel()
	for _, e := range examples {
		d, err := Parse(e.text)
		if err != nil {
			t.Errorf("Parse(%q): %v", e.text, err)
			continue
		}
		if d.String() != e.text {
			t.Errorf("Parse(%q).String() = %q", e.text, d)
		}
		if from, to := dayText(d.Earliest()), dayText(d.Latest()); from != e.earliest || to != e.latest {
			t.Errorf("%s spans %s to %s, want %s to %s", e.text, from, to, e.earliest, e.latest)
		}
	}
}

func TestWhatIsNoDate(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "2019 ", " 2019", "19", "019", "20199", "2019-", "2019-1", "2019-00", "2019-13", "2019-20", "2019-25",
		"2019-10-", "2019-10-00", "2019-10-32", "2019-02-29", "2019-04-31", "2019-10-1", "2019-21-01", "2019/10/13",
		"13.10.2019", "10/2019", "20191013", "2019-W41", "2019-286", "-0000", "-0000-01-01", "+2019", "−2019", "٢٠١٩",
		"XXXX", "2XXX", "2X19", "X019", "201x", "201u", "201X-10", "201X-XX", "2019-XX-13", "2019-X0", "2019-1X", "2019-10-1X", "2019-24-XX",
		"?", "2019??", "2019?~", "?2019", "2019-10?-13", "2019-?10", "~2019/", "2019!",
		"Y2019", "Y02019", "Y-2019", "Y", "Y-", "YXXXXX", "Y10000-01", "Y1234567890", "Y-17E7", "y12345", "Y+12345",
		"/", "..", "../..", "../", "/..", "//", "2019//2020", "2019/2018", "2020-01/2019", "2019/...", "2019 / 2020", "2019/open", "unknown/2019",
		"2019T05:00:00", "2019-10T05:00:00Z", "2019-10-13T", "2019-10-13T05:00", "2019-10-13T5:00:00", "2019-10-13T24:00:00", "2019-10-13T05:00:60",
		"2019-10-13T05:00:00.5", "2019-10-13T05:00:00.5Z", "2019-10-13T05:00:00+3", "2019-10-13T05:00:00Z?", "2019-10-XXT05:00:00", "2019-10-13t05:00:00",
		"2019-10-13T05:00:00/2019", "2019/2019-10-13T05:00:00Z", "2019\x00", "2019\n", strings.Repeat("2019/", 100),
	} {
		if d, err := Parse(text); err == nil {
			t.Errorf("Parse(%q) = %q, want an error", text, d)
		}
	}
}

func TestRelate(t *testing.T) {
	t.Parallel()
	for _, e := range []struct {
		a    string
		want Relation
		b    string
	}{
		{"2019-10-09", Before, "2019-10-13"},
		{"2019-10", Overlaps, "2019-10-13"},
		{"2019-09", Before, "2019-10"},
		{"2019-10-13", After, "200X"},
		{"201X", Overlaps, "2019-10-13"},
		{"1985", Before, "1986"},
		{"1985~", Unknown, "1986"}, // about 1985 may be 1986
		{"1985~", Before, "1987"},
		{"1985~", Overlaps, "1985-06"},
		{"2019-10-13?", Unknown, "2019-10-14"},
		{"2019-10-13?", Before, "2019-10-15"},
		{"2017/..", Overlaps, "2031"}, // open: it goes on
		{"2017/", Unknown, "2031"},    // it ended, nobody knows when
		{"2017/", Overlaps, "2017-05"},
		{"2017/", After, "2016"},
		{"/2017", Unknown, "1990"},
		{"/2017", Overlaps, "2017"},
		{"/2017", Before, "2018"},
		{"../2017", Overlaps, "1990"},
		{"2017/2019~", Unknown, "2020-12-31"},
		{"2017/2019~", Before, "2021"},
		{"1985~", Unknown, "1984-01-01"},
		{"2019-02?", Unknown, "2019-01-01"},
		{"2019-02?", After, "2018-12-31"},
		{"2018-24", Overlaps, "2017-12"},
		{"2018-24", Overlaps, "2019-02-28"},
		{"2018-24", Before, "2019-03"},
		{"", Unknown, "2019"},
		{"2019", Unknown, ""},
		{"-0044", Before, "0000"},
		{"Y-12345", Before, "-9999"},
	} {
		if got := Relate(parsed(e.a), parsed(e.b)); got != e.want {
			t.Errorf("%q is %v %q, want %v", e.a, got, e.b, e.want)
		}
	}
}

func TestConstructors(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{2019: "2019", 7: "0007", 0: "0000", -44: "-0044", 10000: "Y10000", -170002: "Y-170002", 1 << 40: ""} {
		if got := Year(year); got.String() != want {
			t.Errorf("Year(%d) = %q, want %q", year, got, want)
		}
	}
	grozny := time.FixedZone("", 3*60*60)
	if got := Day(time.Date(2019, 10, 12, 23, 0, 0, 0, time.UTC).In(grozny)); got != parsed("2019-10-13") {
		t.Errorf("the day where the clock hangs is %q, want 2019-10-13", got)
	}
	if got := Day(time.Date(12019, 10, 13, 0, 0, 0, 0, time.UTC)); got != parsed("Y12019") {
		t.Errorf("a day of a long year is %q, want Y12019", got)
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	got := parsed("2019-10-XX?/..").Parts()
	want := []Part{{Year: 2019, Month: 10, Day: Masked, Uncertain: true}, {Kind: Open}}
	if !slices.Equal(got, want) {
		t.Errorf("parts are %+v, want %+v", got, want)
	}
	if got := (Date{}).Parts(); got != nil {
		t.Errorf("the zero date has parts %+v", got)
	}
}

// parsed is MustParse, with "" for a date that is not said.
func parsed(text string) Date {
	if text == "" {
		return Date{}
	}
	return MustParse(text)
}

// anyDate draws expressions near one another, so that they meet, and some far off.
func anyDate() *rapid.Generator[Date] {
	return rapid.Custom(func(t *rapid.T) Date {
		switch rapid.IntRange(0, 9).Draw(t, "form") {
		case 0:
			return Date{}
		case 1, 2, 3:
			return rapid.Custom(drawInterval).Filter(func(d Date) bool { return !d.IsZero() }).Draw(t, "interval")
		}
		return MustParse(onePart().Draw(t, "part"))
	})
}

func onePart() *rapid.Generator[string] {
	years := []string{"2018", "2019", "2020", "201X", "20XX", "-0001", "0000", "-000X", "Y10000", "Y-99999"}
	return rapid.Custom(func(t *rapid.T) string {
		text := rapid.SampledFrom(years).Draw(t, "year")
		if strings.Trim(text, "-0123456789") == "" {
			text += rapid.SampledFrom([]string{"", "-01", "-02", "-12", "-XX", "-21", "-24", "-XX-XX", "-02-XX", "-02-28", "-12-31", "-01-01"}).Draw(t, "rest")
		}
		return text + rapid.SampledFrom([]string{"", "", "?", "~", "%"}).Draw(t, "qualifier")
	})
}

// drawInterval gives the zero date for an interval that ends before it begins.
func drawInterval(t *rapid.T) Date {
	ends := rapid.OneOf(onePart(), rapid.SampledFrom([]string{"", ".."}))
	d, _ := Parse(ends.Draw(t, "start") + "/" + ends.Draw(t, "end"))
	return d
}

func TestCompareIsATotalOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyDate().Draw(t, "a"), anyDate().Draw(t, "b"), anyDate().Draw(t, "c")
		if Compare(a, b) != -Compare(b, a) {
			t.Fatalf("not antisymmetric: %q, %q", a, b)
		}
		if (Compare(a, b) == 0) != (a == b) {
			t.Fatalf("equal in order and not in value, or the reverse: %q, %q", a, b)
		}
		if Compare(a, b) <= 0 && Compare(b, c) <= 0 && Compare(a, c) > 0 {
			t.Fatalf("not transitive: %q, %q, %q", a, b, c)
		}
		if a.IsZero() && !b.IsZero() && Compare(a, b) != 1 {
			t.Fatalf("not said does not come last: %q", b)
		}
	})
}

func TestParseReadsBackString(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate().Filter(func(d Date) bool { return !d.IsZero() }).Draw(t, "d")
		if back, err := Parse(d.String()); err != nil || back != d {
			t.Fatalf("%q reads back as %q, %v", d, back, err)
		}
		if d.Earliest() > d.Latest() {
			t.Fatalf("%q is over before it begins", d)
		}
	})
}

func TestRelateIsHonest(t *testing.T) {
	t.Parallel()
	mirror := map[Relation]Relation{Before: After, After: Before, Overlaps: Overlaps, Unknown: Unknown}
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDate().Draw(t, "a"), anyDate().Draw(t, "b")
		got := Relate(a, b)
		if back := Relate(b, a); back != mirror[got] {
			t.Fatalf("%q is %v %q, which is %v it", a, got, b, back)
		}
		if got == Before && a.Latest() >= b.Earliest() {
			t.Fatalf("%q is called before %q, and they may share a day", a, b)
		}
		if got == Overlaps && (a.Latest() < b.Earliest() || b.Latest() < a.Earliest()) {
			t.Fatalf("%q is said to overlap %q, and they share no day", a, b)
		}
		if !a.IsZero() && Relate(a, a) != Overlaps {
			t.Fatalf("%q does not overlap itself", a)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, e := range examples {
		f.Add(e.text)
	}
	f.Add("2019-10-1X/%")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			if d != (Date{}) {
				t.Fatalf("an error and a date: %q", text)
			}
			return
		}
		if d.String() != text || d.IsZero() || d.Earliest() > d.Latest() || Relate(d, d) != Overlaps {
			t.Fatalf("%q was read as %q, %d to %d", text, d, d.Earliest(), d.Latest())
		}
		if n := len(d.Parts()); n != 1 && n != 2 || (n == 2) != d.IsInterval() {
			t.Fatalf("%q has %d parts", text, n)
		}
	})
}
