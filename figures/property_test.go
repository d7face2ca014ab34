package figures

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"homeward/statement/edtf"
)

// sheets draws the claims of a sheet: a handful of speakers who say, repeat, revise,
// correct, deny and take back numbers of people who can and cannot be compared.
func sheets() *rapid.Generator[[]Claim] {
	words := []string{"785", "about 100", "over 100", "hundreds", "dozens", "at least 50", "up to 800", "30-40", "50", "55", "120", "some", "none", "2 thousand"}
	populations := []Population{people, foreigners, russians, {Unit: Requests}, {Unit: People, Who: []Who{Women, Children}}, {Unit: People, Who: []Who{Children}, Nationalities: []string{"RU", "KZ"}}}
	places := []Place{camp, {Record: "annexe", Within: []string{"camp", "syria"}, Country: "SY"}, {Wording: "Ain Issa"}, {}}
	dates := []string{"2019-10-13", "2019-10", "2019-10-13/2019-10-14", "2019-10-14", ""}
	return rapid.Custom(func(t *rapid.T) []Claim {
		var all []Claim
		n := rapid.IntRange(0, 9).Draw(t, "claims")
		for i := range n {
			c := Claim{
				ID: fmt.Sprintf("claim-%d", i), Index: int64(i), Speaker: Speaker{ID: rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "speaker")},
				Of: rapid.SampledFrom(populations).Draw(t, "people"), What: rapid.SampledFrom([]What{Escaped, Held}).Draw(t, "what"),
				Place: rapid.SampledFrom(places).Draw(t, "place"), Stance: rapid.SampledFrom(Stances).Draw(t, "stance"),
				Basis: rapid.SampledFrom(Bases).Draw(t, "basis"), Withdrawn: rapid.IntRange(0, 9).Draw(t, "withdrawn") == 0,
			}
			c.Tally = rapid.SampledFrom([]Tally{c.What.Tally(), c.What.Tally(), Total}).Draw(t, "tally")
			if on := rapid.SampledFrom(dates).Draw(t, "on"); on != "" {
				c.On = edtf.MustParse(on)
			}
			c.SaidOn = edtf.MustParse(rapid.SampledFrom([]string{"2019-10-13", "2019-10-14", "2019-10-15"}).Draw(t, "said on"))
			if rapid.IntRange(0, 5).Draw(t, "numbered") > 0 {
				v, _ := Code(rapid.SampledFrom(words).Draw(t, "words"), "en")
				c.Value = &v
			}
			other := func(what string) string { return fmt.Sprintf("claim-%d", rapid.IntRange(0, n).Draw(t, what)) }
			switch c.Stance {
			case Repeats:
				c.Repeats = other("repeats")
			case Corrects, Withdraws:
				c.Corrects = []string{other("corrects")}
			case Denies:
				c.Answers = []string{other("answers")}
			}
			all = append(all, c)
		}
		return all
	})
}

func decisions(n int) *rapid.Generator[[]Overrule] {
	return rapid.Custom(func(t *rapid.T) []Overrule {
		var all []Overrule
		for i := range rapid.IntRange(0, 2).Draw(t, "decisions") {
			a, b := rapid.IntRange(0, max(1, n-1)).Draw(t, "a"), rapid.IntRange(0, max(1, n-1)).Draw(t, "b")
			if a != b {
				all = append(all, Overrule{A: fmt.Sprintf("claim-%d", a), B: fmt.Sprintf("claim-%d", b), Index: int64(100 + i), Relation: rapid.SampledFrom([]Relation{Same, PartOf, NotComparable}).Draw(t, "relation")})
			}
		}
		return all
	})
}

func TestSheetsAreHonest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		claims := sheets().Draw(t, "claims")
		decided := decisions(len(claims)).Draw(t, "decided")
		s := Build(Question{}, AsOf{}, claims, decided)
		for _, g := range s.Groups {
			checkGroup(t, s, g)
		}
		seen := map[string]bool{}
		for _, l := range s.Lines {
			if seen[l.ID] || l.Withdrawn {
				t.Errorf("%s stands twice, or was withdrawn", l.ID)
			}
			seen[l.ID] = true
		}
		for _, c := range claims {
			if !c.Withdrawn && !seen[c.ID] {
				t.Errorf("%s is on no line", c.ID)
			}
		}
	})
}

// checkGroup holds a group to what never bends: every number was said by a speaker of it,
// nothing is between two numbers that were said, and repeating corroborates nothing.
func checkGroup(t *rapid.T, s Sheet, g Group) {
	for name, b := range map[string]*Bound{"low": g.Low, "high": g.High, "best": g.Best} {
		if b == nil {
			continue
		}
		l, ok := s.Line(b.Claim)
		if !ok || l.Value == nil {
			t.Fatalf("the %s has no claim behind it", name)
		}
		if !saidBy(*l.Value, b.Number) {
			t.Errorf("the %s is %d, and nobody said that", name, b.Number)
		}
		if !l.Counts {
			t.Errorf("the %s rests on a claim that does not count: %s", name, l.Standing)
		}
	}
	if g.Best != nil && g.Grade != Named && g.Grade != Corroborated {
		t.Errorf("a group that is %s has a best", g.Grade)
	}
	if (g.Best == nil) && (g.Grade == Named || g.Grade == Corroborated) {
		t.Errorf("a group that is %s has no best", g.Grade)
	}
	if (g.Low == nil) != (g.Grade == NoneStands) || (g.High == nil) != (g.Grade == NoneStands) {
		t.Errorf("a group that is %s has the bounds %v, %v", g.Grade, g.Low, g.High)
	}
	speakers := map[string]bool{}
	for _, o := range g.Origins {
		c, _ := s.Line(o.Claim)
		if c.Repeats != "" {
			continue // it stands for whoever it repeats
		}
		who := c.Speaker.ID
		if speakers[who] {
			t.Errorf("%q is two origins of one group", who)
		}
		speakers[who] = true
	}
	if g.Grade == Corroborated && len(g.Origins) < 2 {
		t.Error("one origin corroborates itself")
	}
	if len(g.Conflicts) > 0 && g.Grade != Contested && g.Grade != NoneStands {
		t.Errorf("a group in a conflict is %s", g.Grade)
	}
	if len(g.Steps) == 0 {
		t.Error("a group without a step cannot be redone by hand")
	}
}

func saidBy(v Value, n int64) bool {
	for _, b := range []*int64{v.Low, v.Best, v.High} {
		if b != nil && *b == n {
			return true
		}
	}
	return false
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		claims := sheets().Draw(t, "claims")
		decided := decisions(len(claims)).Draw(t, "decided")
		a := Build(Question{}, AsOf{}, claims, decided)
		mixed := rapid.Permutation(slices.Clone(claims)).Draw(t, "order")
		backwards := slices.Clone(decided)
		slices.Reverse(backwards)
		if b := Build(Question{}, AsOf{}, mixed, backwards); !reflect.DeepEqual(a, b) {
			t.Fatalf("another order gives another sheet:\n%+v\n%+v", a.Groups, b.Groups)
		}
	})
}

func TestRepeatsCorroborateNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		claims := sheets().Draw(t, "claims")
		before := Build(Question{}, AsOf{}, claims, nil)
		repeated := slices.Clone(claims)
		for i := range rapid.IntRange(1, 4).Draw(t, "repeats") {
			if len(claims) == 0 {
				return
			}
			c := rapid.SampledFrom(repeated).Draw(t, "of")
			if c.Withdrawn || c.Stance == Denies || c.Stance == Withdraws || len(c.Corrects) > 0 {
				continue
			}
			r := c
			r.ID, r.Index, r.Speaker, r.Repeats, r.Stance = fmt.Sprintf("repeat-%d", i), int64(50+i), Speaker{ID: fmt.Sprintf("outlet-%d", i)}, c.ID, Repeats
			r.SaidOn = edtf.MustParse("2019-10-16")
			repeated = append(repeated, r)
		}
		after := Build(Question{}, AsOf{}, repeated, nil)
		for _, g := range before.Groups {
			if g.Grade == NoneStands {
				continue
			}
			l, _ := after.Line(g.Origins[0].Claim)
			h := after.Groups[l.Group]
			if h.Grade != g.Grade || len(h.Origins) != len(g.Origins) || !reflect.DeepEqual(h.Low, g.Low) || !reflect.DeepEqual(h.Best, g.Best) {
				t.Fatalf("repeating made %s of %d origins into %s of %d:%s", g.Grade, len(g.Origins), h.Grade, len(h.Origins), brief(repeated))
			}
		}
	})
}

// brief writes claims so that a failure can be read.
func brief(claims []Claim) string {
	text := ""
	for _, c := range claims {
		value := "-"
		if c.Value != nil {
			value = c.Value.Said
		}
		text += fmt.Sprintf("\n%s by %q: %s %v %s on %s in %v, %s, repeats %q corrects %v withdrawn %v", c.ID, c.Speaker.ID, value, c.Of, c.What, c.On, c.Place.Record, c.Stance, c.Repeats, c.Corrects, c.Withdrawn)
	}
	return text
}
