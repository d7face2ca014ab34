package pdf

import (
	"fmt"
	"slices"
	"testing"

	gotext "github.com/go-text/typesetting/bidi"
	"pgregory.net/rapid"
)

// Capital letters stand for Hebrew ones in the cases, digits for themselves; the
// levels were worked out by hand from the rules of UAX #9.
func TestLevels(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"abc", "000"},
		{"ABC", "111"},
		{"name ABC 12 years", "00000111122000000"},
		{"ABC 12 def", "1111221222"},
		{"a (BC) d", "00011000"},
		{"A (bc) D", "11122111"},
		{"no. 12 B", "00000001"},
		{"x \u2068\u0661\u0662 B\u2069 y", "0002211000"},
		{"x \u206812 B\u2069 y", "0002211000"},
		{"x \u2068BC\u2069 5 y", "0001100000"},
	} {
		text := hebrew(c.text)
		got, _ := levels(text, FromText)
		if s := digits(got); s != c.want {
			t.Errorf("%q: levels %s, want %s", c.text, s, c.want)
		}
	}
}

func hebrew(s string) []rune {
	var out []rune
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			r = 0x05D0 + r - 'A'
		}
		out = append(out, r)
	}
	return out
}

func digits(l []level) string {
	s := ""
	for _, x := range l {
		s += fmt.Sprint(x)
	}
	return s
}

// go-text gives runs by direction: the parity of every level must be its own.
func TestLevelsAgreeWithGoText(t *testing.T) {
	alphabet := []rune("aя1 2,.+-$(-)[]\u0661\u0662אبة%:/!«»\u064B\u200F\u200E\u2066\u2067\u2068\u2069")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 40).Draw(t, "text")
		dir := rapid.SampledFrom([]Direction{LeftToRight, RightToLeft}).Draw(t, "dir")
		got, _ := levels(text, dir)
		want := gotext.LeftToRight
		if dir == RightToLeft {
			want = gotext.RightToLeft
		}
		var p gotext.Paragraph
		runs := p.Segment(text, want)
		for i := range runs.NumRuns() {
			r := runs.Run(i)
			for at := r.Start; at < r.End; at++ {
				if trailing(text, at) {
					continue // rule L1 is for lines, which lose their trailing spaces
				}
				if (got[at]%2 == 0) != r.IsLeftToRight() {
					t.Fatalf("%q %U: level %d at %d, go-text has %d", string(text), text, got[at], at, r.Level)
				}
			}
		}
	})
}

// trailing says whether nothing but spaces and marks of direction follows.
func trailing(text []rune, at int) bool {
	for _, r := range text[at:] {
		if r != ' ' && (r < 0x2066 || r > 0x2069) {
			return false
		}
	}
	return true
}

func TestVisualOrder(t *testing.T) {
	type run struct {
		text  string
		level level
	}
	runs := []run{{"abc ", 0}, {"CBA", 1}, {"12", 2}, {"FED", 1}, {" ghi", 0}}
	visual(runs, func(r run) level { return r.level })
	var order []string
	for _, r := range runs {
		order = append(order, r.text)
	}
	if want := []string{"abc ", "FED", "12", "CBA", " ghi"}; !slices.Equal(order, want) {
		t.Errorf("order %q, want %q", order, want)
	}
}
