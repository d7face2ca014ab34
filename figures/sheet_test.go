package figures

import (
	"fmt"
	"slices"
	"testing"

	"homeward/statement/edtf"
)

// The claims of Ain Issa, October 2019, as public reports have them (docs/figures.md).

var camp = Place{Record: "camp", Names: []Words{{"Ain Issa", "en"}, {"Айн-Исса", "ru"}}, Country: "SY"}

func said(t testing.TB, id, speaker, words string, of Population, what What, on string) Claim {
	t.Helper()
	c := Claim{ID: id, Speaker: Speaker{ID: speaker}, Of: of, What: what, Tally: what.Tally(), Place: camp, Stance: Asserts, SaidOn: edtf.MustParse(on), On: edtf.MustParse(on)}
	if words != "" {
		v, ok := Code(words, "en")
		if !ok {
			t.Fatalf("the table does not read %q", words)
		}
		c.Value = &v
	}
	return c
}

var (
	people     = Population{Unit: People}
	foreigners = Population{Unit: People, Who: []Who{Foreigners}}
	russians   = Population{Unit: People, Who: []Who{Women}, Nationalities: []string{"RU"}}
)

func group(t testing.TB, s Sheet, claim string) Group {
	t.Helper()
	l, ok := s.Line(claim)
	if !ok || l.Group < 0 {
		t.Fatalf("%s is in no group", claim)
	}
	return s.Groups[l.Group]
}

func TestAinIssa(t *testing.T) {
	t.Parallel()
	sdf := said(t, "785", "administration", "785", foreigners, Escaped, "2019-10-13")
	sohr := said(t, "100", "observatory", "about 100", people, Escaped, "2019-10-13")
	held := said(t, "50", "defender", "about 50", russians, Held, "2019-10-14")
	s := Build(Question{}, AsOf{}, []Claim{held, sohr, sdf}, nil)
	if len(s.Conflicts) != 1 || s.Conflicts[0].Kind != PartExceeds || s.Conflicts[0].A != "785" || s.Conflicts[0].B != "100" {
		t.Errorf("conflicts are %+v", s.Conflicts)
	}
	for _, id := range []string{"785", "100"} {
		if g := group(t, s, id); g.Grade != Contested || g.Best != nil {
			t.Errorf("%s is %s with best %v", id, g.Grade, g.Best)
		}
	}
	sdf.SaidOn = edtf.MustParse("2019-10-12") // the part is said before the whole
	if before := Build(Question{}, AsOf{}, []Claim{sohr, sdf}, nil); len(before.Conflicts) != 1 || before.Conflicts[0].A != "785" {
		t.Errorf("said first, the part is in the conflicts %+v", before.Conflicts)
	}
	whole := group(t, s, "100")
	if whole.Low.Number != 100 || whole.High.Number != 785 || !whole.High.Part || whole.High.Claim != "785" {
		t.Errorf("reported: %+v to %+v", whole.Low, whole.High)
	}
	if g := group(t, s, "50"); g.Grade != Single || len(g.Conflicts) > 0 {
		t.Errorf("the women who are held are %s, in conflicts %v", g.Grade, g.Conflicts)
	}
	i := slices.IndexFunc(s.Comparisons, func(c Comparison) bool { return c.A == "785" && c.B == "50" || c.A == "50" && c.B == "785" })
	if c := s.Comparisons[i]; c.Relation != NotComparable || !slices.Equal(c.Reasons, []Reason{OtherWhat}) {
		t.Errorf("785 escaped and 50 held: %+v", c)
	}
}

// BenchmarkBuild makes a sheet of as many claims as an import of events has.
func BenchmarkBuild(b *testing.B) {
	var claims []Claim
	for i := range 500 {
		c := said(b, fmt.Sprint(i), fmt.Sprint("speaker ", i%40), fmt.Sprint(i%97), people, Escaped, fmt.Sprintf("2019-10-%02d", 1+i%28))
		c.Place = Place{Wording: fmt.Sprint("village ", i%200)}
		c.Index = int64(i)
		claims = append(claims, c)
	}
	for b.Loop() {
		Build(Question{}, AsOf{}, claims, nil)
	}
}
