package figures

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"homeward/statement/edtf"
)

func p(n int64) *int64 { return &n }

func TestTheTableOfWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		said, lang string
		low, high  *int64
		q          Qualifier
	}{
		{"785", "en", p(785), p(785), Exact}, {"1,779", "en", p(1779), p(1779), Exact}, {"12 000", "ru", p(12000), p(12000), Exact}, {"٧٨٥", "ar", p(785), p(785), Exact},
		{"about 100", "en", p(100), p(100), About}, {"Около 200", "ru", p(200), p(200), About}, {"نحو ١٠٠", "ar", p(100), p(100), About}, {"some 200", "en", p(200), p(200), About},
		{"nearly 50", "en", p(50), p(50), Almost}, {"почти 50", "ru", p(50), p(50), Almost},
		{"at least 50", "en", p(50), nil, AtLeast}, {"не менее 50", "ru", p(50), nil, AtLeast}, {"50+", "en", p(50), nil, AtLeast}, {"على الأقل 50", "ar", p(50), nil, AtLeast},
		{"more than 1,000", "en", p(1000), nil, MoreThan}, {"over 100", "en", p(100), nil, MoreThan}, {"более 2 тыс.", "ru", p(2000), nil, MoreThan},
		{"up to 50", "en", nil, p(50), UpTo}, {"no more than 50", "en", nil, p(50), AtMost}, {"fewer than 50", "en", nil, p(50), LessThan}, {"не более 50", "ru", nil, p(50), AtMost},
		{"30-40", "en", p(30), p(40), Between}, {"between 30 and 40", "en", p(30), p(40), Between}, {"от 30 до 40", "ru", p(30), p(40), Between}, {"30–40", "en", p(30), p(40), Between},
		{"dozens", "en", p(12), nil, Word}, {"tens", "en", p(10), nil, Word}, {"hundreds", "en", p(100), nil, Word}, {"several hundred", "en", p(200), nil, Word}, {"some", "en", p(2), nil, Word},
		{"десятки", "ru", p(10), nil, Word}, {"несколько сотен", "ru", p(200), nil, Word}, {"مئات", "ar", p(100), nil, Word}, {"at least dozens", "en", p(12), nil, Word},
		{"2.5 million", "en", p(2500000), p(2500000), Exact}, {"2 thousand", "en", p(2000), p(2000), Exact}, {"none", "en", p(0), p(0), Exact}, {"никто", "ru", p(0), p(0), Exact},
	} {
		v, ok := Code(c.said, c.lang)
		if !ok || !equal(v.Low, c.low) || !equal(v.High, c.high) || v.Qualifier != c.q || v.Said != c.said {
			t.Errorf("%q is read as %v (%v): %s", c.said, v.plain(), ok, v.Qualifier)
		}
	}
	for _, said := range []string{"", "many", "quite a few", "1,77", "12 00", "-5", "5-3", "=1+1", "100 people", "тьма", "9999999999999999", "9 million million"} {
		if v, ok := Code(said, "en"); ok {
			t.Errorf("%q is read as %s", said, v.plain())
		}
	}
}

// at gives a claim another place or time.
func at(c Claim, change func(*Claim)) Claim {
	change(&c)
	return c
}

func TestWhatIsComparable(t *testing.T) {
	t.Parallel()
	everybody := said(t, "a", "x", "100", people, Escaped, "2019-10-13")
	stock := said(t, "a", "x", "100", people, Held, "2019-10-13")
	on := func(date string) func(*Claim) { return func(c *Claim) { c.On = edtf.MustParse(date) } }
	of := func(p Population) func(*Claim) { return func(c *Claim) { c.Of = p } }
	for _, c := range []struct {
		name   string
		a, b   Claim
		want   Relation
		reason Reason
	}{
		{"the same", everybody, everybody, Same, ""},
		{"foreigners and people", at(everybody, of(foreigners)), everybody, PartOf, PeoplePart},
		{"people and foreigners", everybody, at(everybody, of(foreigners)), WholeOf, PeoplePart},
		{"Russian women and foreigners", at(everybody, of(russians)), at(everybody, of(foreigners)), PartOf, PeoplePart},
		{"women and women with children", at(everybody, of(Population{Unit: People, Who: []Who{Women}})), at(everybody, of(Population{Unit: People, Who: []Who{Children, Women}})), PartOf, PeoplePart},
		{"women and adults", at(everybody, of(Population{Unit: People, Who: []Who{Women}})), at(everybody, of(Population{Unit: People, Who: []Who{Adults}})), PartOf, PeoplePart},
		{"women and children", at(everybody, of(Population{Unit: People, Who: []Who{Women}})), at(everybody, of(Population{Unit: People, Who: []Who{Children}})), NotComparable, OtherPeople},
		{"displaced civilians and civilians", at(everybody, of(Population{Unit: People, Who: []Who{Displaced, Civilians}})), at(everybody, of(Population{Unit: People, Who: []Who{Civilians}})), PartOf, PeoplePart},
		{"fighters and civilians", at(everybody, of(Population{Unit: People, Who: []Who{Fighters}})), at(everybody, of(Population{Unit: People, Who: []Who{Civilians}})), NotComparable, OtherPeople},
		{"Syrians and foreigners in Syria", at(everybody, of(Population{Unit: People, Nationalities: []string{"SY"}})), at(everybody, of(foreigners)), NotComparable, OtherPeople},
		{"women of all and foreigners", at(everybody, of(Population{Unit: People, Who: []Who{Women}})), at(everybody, of(foreigners)), NotComparable, OtherPeople},
		{"a group", at(everybody, of(Population{Unit: People, Group: "g"})), everybody, PartOf, PeoplePart},
		{"requests and people", at(everybody, of(Population{Unit: Requests})), everybody, NotComparable, OtherUnit},
		{"escaped and held", everybody, stock, NotComparable, OtherWhat},
		{"escaped on a day and up to it", everybody, at(everybody, func(c *Claim) { c.Tally = Total }), NotComparable, OtherTally},
		{"the annexe and the camp", at(everybody, func(c *Claim) { c.Place = Place{Record: "annexe", Within: []string{"camp"}} }), everybody, PartOf, PlacePart},
		{"another camp", at(everybody, func(c *Claim) { c.Place = Place{Record: "roj"} }), everybody, NotComparable, OtherPlace},
		{"the camp by its name", at(everybody, func(c *Claim) { c.Place = Place{Wording: "айн-исса"} }), everybody, Same, ""},
		{"no place", at(everybody, func(c *Claim) { c.Place = Place{} }), everybody, NotComparable, NoPlace},
		{"no place at one incident", at(everybody, func(c *Claim) { c.Place, c.Incident = Place{}, "i" }), at(everybody, func(c *Claim) { c.Incident = "i" }), Same, ""},
		{"a day of the month", everybody, at(everybody, on("2019-10")), PartOf, TimePart},
		{"another day", everybody, at(everybody, on("2019-10-14")), NotComparable, OtherTime},
		{"times that only overlap", at(everybody, on("2019-10-10/2019-10-14")), at(everybody, on("2019-10-13/2019-10-20")), NotComparable, OtherTime},
		{"a stock of a vaguer date", stock, at(stock, on("2019-10")), Same, ""},
		{"part by people, whole by time", at(everybody, of(foreigners)), at(everybody, on("2019-10-13T05:00:00Z")), PartOf, PeoplePart},
		{"crossing", at(at(everybody, of(foreigners)), on("2019-10")), everybody, NotComparable, Crossing},
		{"no number", at(everybody, func(c *Claim) { c.Value = nil }), everybody, NotComparable, NoNumber},
	} {
		got := Compare(c.a, c.b, nil)
		if got.Relation != c.want || c.reason != "" && !slices.Contains(got.Reasons, c.reason) {
			t.Errorf("%s: %s %v, want %s %s", c.name, got.Relation, got.Reasons, c.want, c.reason)
		}
		if back := Compare(c.b, c.a, nil); back.Relation != c.want.mirror() {
			t.Errorf("%s, seen from the other side: %s", c.name, back.Relation)
		}
	}
}

func TestAPersonDecidesAgainstTheRules(t *testing.T) {
	t.Parallel()
	a, b := said(t, "a", "x", "785", foreigners, Escaped, "2019-10-13"), said(t, "b", "y", "100", people, Escaped, "2019-10-13")
	apart := []Overrule{{A: "b", B: "a", Relation: NotComparable, Why: "the one counts the annexe", Index: 7}}
	s := Build(Question{}, AsOf{}, []Claim{a, b}, apart)
	if len(s.Conflicts) != 0 || len(s.Overrules) != 1 || group(t, s, "a").Grade != Single {
		t.Errorf("what a person set apart is still a conflict: %+v", s.Conflicts)
	}
	c := s.Comparisons[0]
	if c.ByRule != PartOf || c.Relation != NotComparable || !slices.Equal(c.Reasons, []Reason{ByPerson}) {
		t.Errorf("the comparison is %+v", c)
	}
	same := append(apart, Overrule{A: "a", B: "b", Relation: Same, Index: 9})
	s = Build(Question{}, AsOf{}, []Claim{a, b}, same)
	if g := group(t, s, "a"); len(g.Origins) != 2 || g.Grade != Contested || s.Conflicts[0].Kind != Differ {
		t.Errorf("what a person joined is %+v", g)
	}
	part := []Overrule{{A: "a", B: "b", Relation: PartOf, Index: 1}}
	if got := Compare(b, a, part); got.Relation != WholeOf {
		t.Errorf("the other side of a part is %s", got.Relation)
	}
}

func TestGrades(t *testing.T) {
	t.Parallel()
	claim := func(id, speaker, words string) Claim {
		return said(t, id, speaker, words, people, Escaped, "2019-10-13")
	}
	list := func(c Claim) Claim { c.Basis = ListHeld; return c }
	counted := func(c Claim) Claim { c.Basis = HeadCount; return c }
	denial := claim("no", "z", "")
	denial.Stance, denial.Answers = Denies, []string{"1"}
	for _, c := range []struct {
		name   string
		claims []Claim
		grade  Grade
		best   int64 // 0 for none
	}{
		{"one", []Claim{claim("1", "a", "100")}, Single, 0},
		{"two that agree", []Claim{claim("1", "a", "100"), claim("2", "b", "120")}, Corroborated, 100},
		{"the more direct of two that agree", []Claim{claim("1", "a", "100"), counted(claim("2", "b", "120"))}, Corroborated, 120},
		{"two a fifth apart and a person more", []Claim{claim("1", "a", "100"), claim("2", "b", "121")}, Single, 0},
		{"two that are twice apart", []Claim{claim("1", "a", "100"), claim("2", "b", "200")}, Single, 0},
		{"two that are more than twice apart", []Claim{claim("1", "a", "100"), claim("2", "b", "201")}, Contested, 0},
		{"two that agree and one far off", []Claim{claim("1", "a", "100"), claim("2", "b", "110"), claim("3", "c", "785")}, Contested, 0},
		{"one speaker twice", []Claim{claim("1", "a", "100"), claim("2", "a", "110")}, Single, 0},
		{"at least agrees with nothing", []Claim{claim("1", "a", "at least 100"), claim("2", "b", "100")}, Single, 0},
		{"at least does not contest", []Claim{claim("1", "a", "at least 100"), claim("2", "b", "785")}, Single, 0},
		{"at least contests what is less than half", []Claim{claim("1", "a", "at least 300"), claim("2", "b", "100")}, Contested, 0},
		{"a list that the office holds", []Claim{list(claim("1", "a", "97")), claim("2", "b", "about 100")}, Named, 97},
		{"a list of which the least and the most are said", []Claim{list(claim("1", "a", "30-40"))}, Named, 30},
		{"ranges that agree", []Claim{claim("1", "a", "30-40"), claim("2", "b", "32-44")}, Corroborated, 30},
		{"ranges that only overlap", []Claim{claim("1", "a", "30-100"), claim("2", "b", "90-110")}, Single, 0},
		{"a list against a number far off", []Claim{list(claim("1", "a", "97")), claim("2", "b", "785")}, Contested, 0},
		{"a list that is only spoken of", []Claim{at(claim("1", "a", "97"), func(c *Claim) { c.Basis = ListClaimed })}, Single, 0},
		{"a denial", []Claim{claim("1", "a", "100"), claim("2", "b", "100"), denial}, Contested, 0},
	} {
		g := group(t, Build(Question{}, AsOf{}, c.claims, nil), "1")
		best := int64(0)
		if g.Best != nil {
			best = g.Best.Number
		}
		if g.Grade != c.grade || best != c.best {
			t.Errorf("%s: %s with best %d, want %s with %d", c.name, g.Grade, best, c.grade, c.best)
		}
	}
}

func TestAboutReachesAFifth(t *testing.T) {
	t.Parallel()
	whole := said(t, "whole", "a", "about 100", people, Escaped, "2019-10-13")
	for words, conflicts := range map[string]int{"100": 0, "120": 0, "121": 1, "at least 121": 1, "dozens": 0} {
		part := said(t, "part", "b", words, foreigners, Escaped, "2019-10-13")
		if s := Build(Question{}, AsOf{}, []Claim{whole, part}, nil); len(s.Conflicts) != conflicts {
			t.Errorf("%s foreigners of about 100 people make %d conflicts", words, len(s.Conflicts))
		}
	}
	exact := said(t, "whole", "a", "100", people, Escaped, "2019-10-13")
	if s := Build(Question{}, AsOf{}, []Claim{exact, said(t, "part", "b", "101", foreigners, Escaped, "2019-10-13")}, nil); len(s.Conflicts) != 1 {
		t.Error("101 foreigners of 100 people are no conflict")
	}
}

func TestRevisionsStandInOrder(t *testing.T) {
	t.Parallel()
	some := said(t, "some", "officials", "some", people, Escaped, "2019-10-13")
	hundreds := said(t, "hundreds", "officials", "hundreds", people, Escaped, "2019-10-13")
	hundreds.SaidOn = edtf.MustParse("2019-10-14")
	s := Build(Question{}, AsOf{}, []Claim{hundreds, some}, nil)
	first, _ := s.Line("some")
	g := group(t, s, "hundreds")
	if first.Standing != Revised || first.By != "hundreds" || first.Counts || len(g.Origins) != 1 || !slices.Equal(g.Origins[0].Earlier, []string{"some"}) {
		t.Errorf("the revision is %+v of %+v", first.Standing, g.Origins)
	}
	then := Build(Question{}, AsOf{Said: edtf.MustParse("2019-10-13")}, []Claim{hundreds, some}, nil)
	if l, _ := then.Line("some"); len(then.Lines) != 1 || l.Standing != Stands {
		t.Errorf("on the day before the sheet has %d lines", len(then.Lines))
	}
}

func TestTakingBack(t *testing.T) {
	t.Parallel()
	first := said(t, "first", "a", "100", people, Escaped, "2019-10-13")
	repeat := said(t, "repeat", "outlet", "100", people, Escaped, "2019-10-13")
	repeat.Repeats, repeat.Stance = "first", Repeats
	back := said(t, "back", "a", "", people, Escaped, "2019-10-15")
	back.Stance, back.Corrects = Withdraws, []string{"first"}
	foreign := back
	foreign.Speaker = Speaker{ID: "somebody else"}
	s := Build(Question{}, AsOf{}, []Claim{first, repeat, back}, nil)
	l, _ := s.Line("first")
	if g := group(t, s, "first"); l.Standing != TakenBack || l.By != "back" || g.Grade != NoneStands || g.Low != nil {
		t.Errorf("what was taken back is %s in a group that is %s", l.Standing, g.Grade)
	}
	if g := group(t, Build(Question{}, AsOf{}, []Claim{first, repeat, foreign}, nil), "first"); g.Grade != Single {
		t.Errorf("another speaker takes it back: %s", g.Grade)
	}
	if g := group(t, Build(Question{}, AsOf{}, []Claim{repeat}, nil), "repeat"); g.Grade != Single || len(g.Origins) != 1 {
		t.Errorf("a repeat of what is not here is %s", g.Grade)
	}
}

func TestATotalMayNotFall(t *testing.T) {
	t.Parallel()
	total := func(id, speaker, words, on string) Claim {
		c := said(t, id, speaker, words, people, Returned, on)
		c.Tally = Total
		return c
	}
	for _, c := range []struct {
		name   string
		claims []Claim
		want   int
	}{
		{"rises", []Claim{total("1", "a", "90", "2019-07-10"), total("2", "a", "122", "2019-11-18")}, 0},
		{"falls", []Claim{total("1", "a", "122", "2019-07-10"), total("2", "a", "90", "2019-11-18")}, 1},
		{"falls by another's word", []Claim{total("1", "a", "122", "2019-07-10"), total("2", "b", "90", "2019-11-18")}, 1},
		{"falls within about", []Claim{total("1", "a", "about 122", "2019-07-10"), total("2", "b", "110", "2019-11-18")}, 0},
		{"falls with a correction", []Claim{total("1", "a", "122", "2019-07-10"), at(total("2", "a", "90", "2019-11-18"), func(c *Claim) { c.Corrects, c.Stance = []string{"1"}, Corrects })}, 0},
	} {
		s := Build(Question{}, AsOf{}, c.claims, nil)
		if len(s.Conflicts) != c.want || c.want == 1 && s.Conflicts[0].Kind != Falls {
			t.Errorf("%s: %+v", c.name, s.Conflicts)
		}
	}
}

func TestWhatHasNoNumberStandsBesideWhatItAnswers(t *testing.T) {
	t.Parallel()
	sdf := said(t, "785", "administration", "785", foreigners, Escaped, "2019-10-13")
	sohr := said(t, "100", "observatory", "about 100", people, Escaped, "2019-10-13")
	minister := said(t, "emptied", "minister", "", Population{}, "", "2019-10-14")
	minister.Assertion, minister.Answers, minister.EvidenceGiven = "emptied", []string{"785"}, "no"
	s := Build(Question{}, AsOf{}, []Claim{minister, sohr, sdf}, nil)
	var order []string
	for _, l := range s.Lines {
		order = append(order, l.ID)
	}
	if !slices.Equal(order, []string{"100", "785", "emptied"}) {
		t.Errorf("the lines are %v", order)
	}
	l, _ := s.Line("785")
	beside, _ := s.Line("emptied")
	if !slices.Equal(l.AnsweredBy, []string{"emptied"}) || beside.Standing != Beside || beside.Group != -1 {
		t.Errorf("785 is answered by %v, which %s", l.AnsweredBy, beside.Standing)
	}
}

func TestVagueTimesJoinWhereTheyFitOnce(t *testing.T) {
	t.Parallel()
	day := said(t, "day", "a", "12,000", people, Present, "2019-10-13")
	month := said(t, "month", "b", "13,000", people, Present, "2019-10")
	if g := group(t, Build(Question{}, AsOf{}, []Claim{day, month}, nil), "day"); len(g.Origins) != 2 || g.Grade != Corroborated {
		t.Errorf("a month and a day of it are %d origins, %s", len(g.Origins), g.Grade)
	}
	later := said(t, "later", "c", "2,000", people, Present, "2019-10-25")
	s := Build(Question{}, AsOf{}, []Claim{day, month, later}, nil)
	if len(s.Groups) != 3 || len(s.Conflicts) != 0 {
		t.Errorf("a month with two days in it makes %d groups and %d conflicts", len(s.Groups), len(s.Conflicts))
	}
}

func TestAsOfWhatIsTrue(t *testing.T) {
	t.Parallel()
	day := said(t, "day", "a", "100", people, Held, "2019-10-13")
	later := said(t, "later", "a", "200", people, Held, "2019-11-13")
	s := Build(Question{}, AsOf{True: edtf.MustParse("2019-10")}, []Claim{day, later}, nil)
	if len(s.Lines) != 1 || s.Lines[0].ID != "day" {
		t.Errorf("of October there are %d lines", len(s.Lines))
	}
}

// TestTheTableIsPrinted holds the table of words in docs/figures.md to the code: every
// wording in it is read as it says, and no word of the code is missing from it.
func TestTheTableIsPrinted(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../docs/figures.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(data), "| said | least | most |")
	printed, _, _ := strings.Cut(after, "\n\n")
	number := func(cell string) *int64 {
		digits := strings.ReplaceAll(strings.TrimSpace(strings.SplitN(cell, ", and", 2)[0]), ",", "")
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return nil
		}
		return &n
	}
	checked := 0
	for _, line := range strings.Split(printed, "\n")[2:] {
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if strings.Contains(cells[1], "…") {
			continue // plain numbers
		}
		for said := range strings.SplitSeq(cells[0], " · ") {
			words := strings.Split(strings.TrimSpace(said), ", ")
			last := strings.Fields(words[len(words)-1])
			for _, w := range words {
				if !strings.ContainsAny(w, "0123456789٠١٢٣٤٥٦٧٨٩") && strings.ContainsAny(last[len(last)-1], "0123456789٠١٢٣٤٥٦٧٨٩") {
					w += " " + last[len(last)-1]
				}
				v, ok := Code(w, "")
				if !ok || !equal(v.Low, number(cells[1])) || !equal(v.High, number(cells[2])) {
					t.Errorf("%q is printed as%sto%sand read as %s (%v)", w, cells[1], cells[2], v.plain(), ok)
				}
				checked++
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d wordings are printed", checked)
	}
}

func TestARepeatOfWhatWasCorrectedFalls(t *testing.T) {
	t.Parallel()
	wordless := said(t, "words", "b", "", Population{}, "", "2019-10-13")
	first := said(t, "first", "a", "785", people, Held, "2019-10-13")
	first.Repeats, first.Stance = "words", Repeats
	corrected := said(t, "corrected", "a", "750", people, Held, "2019-10-13")
	corrected.Stance, corrected.Corrects = Corrects, []string{"first"}
	again := said(t, "again", "outlet", "785", people, Held, "2019-10-13")
	again.Repeats, again.Stance = "first", Repeats
	g := group(t, Build(Question{}, AsOf{}, []Claim{wordless, first, corrected, again}, nil), "corrected")
	if len(g.Origins) != 1 || g.Low.Number != 750 || g.High.Number != 750 {
		t.Errorf("%d origins from %v to %v", len(g.Origins), g.Low, g.High)
	}
}
