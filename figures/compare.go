package figures

import (
	"slices"

	"homeward/names"
	"homeward/statement/edtf"
)

// The rules by which two claims are compared:
//
//  1. A claim without a number is not compared. Units must be the same: requests are
//     not people.
//  2. What is said of those who are counted must be the same, and so must be how it is
//     counted over time: who escaped is not who is held.
//  3. People: on each of five counts (women, men, children; foreigners, nationals; the
//     other words; nationalities; the group) the one has the same words as the other, or
//     fewer, which is a part. Nobody named is everybody; a foreign nationality is a part
//     of the foreigners.
//  4. Place: the same record, or one that lies in the other, which is a part. A place that
//     has no record is the same when its name is. A place that nobody said is that of the
//     incident, when both speak of the same one.
//  5. Time: of those to whom something happened, a period in a longer one is a part, and
//     two that only overlap are not compared; of those who are so, the dates may mean
//     one day; of a total up to a day, it is the same day. What repeats a claim without a
//     time of its own speaks of that claim's.
//
// If everything is the same, the two count the same; if everything is the same or a
// part, the one counts a part of the other; else they are not compared. What a person
// decided about the pair comes before the rules.

// Relation is how what one claim counts stands to what another does.
type Relation string

// The relations.
const (
	Same          Relation = "same"
	PartOf        Relation = "part_of"
	WholeOf       Relation = "whole_of"
	NotComparable Relation = "not_comparable"
)

// Relations are all of them.
var Relations = []Relation{Same, PartOf, WholeOf, NotComparable}

func (r Relation) mirror() Relation {
	switch r {
	case PartOf:
		return WholeOf
	case WholeOf:
		return PartOf
	}
	return r
}

// Reason says which rule decided.
type Reason string

// The reasons for which two claims are not compared, or only as a part.
const (
	ByPerson    Reason = "by_person" // somebody decided so
	NoNumber    Reason = "no_number"
	OtherUnit   Reason = "unit"
	OtherWhat   Reason = "what"
	OtherTally  Reason = "tally"
	OtherPeople Reason = "people"
	PeoplePart  Reason = "people_part"
	OtherPlace  Reason = "place"
	PlacePart   Reason = "place_part"
	NoPlace     Reason = "no_place"
	OtherTime   Reason = "time"
	TimePart    Reason = "time_part"
	NoTime      Reason = "no_time"
	Crossing    Reason = "crossing" // each counts some whom the other does not
)

// Reasons are all of them.
var Reasons = []Reason{ByPerson, NoNumber, OtherUnit, OtherWhat, OtherTally, OtherPeople, PeoplePart, OtherPlace, PlacePart, NoPlace, OtherTime, TimePart, NoTime, Crossing}

// Overrule is what a person decided about a pair against the rules, or beside them.
type Overrule struct {
	A, B     string   // claims: A counts the same as, a part of, or others than B
	Relation Relation // of A to B: Same, PartOf or NotComparable
	Why      string
	By       string // user
	At       int64  // µs since 1970 UTC
	Act      string // withdraw it to undo
	Index    int64
}

// Comparison is how claim A stands to claim B, and why.
type Comparison struct {
	A, B     string
	Relation Relation
	Reasons  []Reason
	// Vague says that the times may be the same and are not said equally exactly.
	Vague bool
	// Overruled is what a person decided, nil where the rules did.
	Overruled *Overrule
	// ByRule is what the rules say where a person decided otherwise.
	ByRule Relation
}

// Compare compares two claims by the rules, and by what people decided.
func Compare(a, b Claim, decided []Overrule) Comparison {
	c := byRule(a, b)
	c.ByRule = c.Relation
	for _, o := range decided { // the last one in the log counts
		if (o.A == a.ID && o.B == b.ID || o.A == b.ID && o.B == a.ID) && (c.Overruled == nil || o.Index > c.Overruled.Index) {
			c.Overruled = &o
		}
	}
	if o := c.Overruled; o != nil {
		c.Relation, c.Reasons, c.Vague = o.Relation, []Reason{ByPerson}, false
		if o.A == b.ID {
			c.Relation = o.Relation.mirror()
		}
	}
	return c
}

func byRule(a, b Claim) Comparison {
	c := Comparison{A: a.ID, B: b.ID, Relation: NotComparable}
	switch {
	case !a.Numbered() || !b.Numbered():
		c.Reasons = []Reason{NoNumber}
	case a.Of.Unit != b.Of.Unit:
		c.Reasons = []Reason{OtherUnit}
	case a.What != b.What:
		c.Reasons = []Reason{OtherWhat}
	case a.Tally != b.Tally:
		c.Reasons = []Reason{OtherTally}
	}
	if c.Reasons != nil {
		return c
	}
	people, why := comparePeople(a, b)
	c.note(people, why, PeoplePart)
	place, why := comparePlaces(a, b)
	c.note(place, why, PlacePart)
	time, why, vague := compareTimes(a, b)
	c.note(time, why, TimePart)
	c.Relation = together(people, place, time)
	c.Vague = vague
	if c.Relation == NotComparable && !slices.Contains([]Relation{people, place, time}, NotComparable) {
		c.Reasons = append(c.Reasons, Crossing)
	}
	return c
}

func (c *Comparison) note(r Relation, why, part Reason) {
	switch r {
	case NotComparable:
		c.Reasons = append(c.Reasons, why)
	case PartOf, WholeOf:
		c.Reasons = append(c.Reasons, part)
	}
}

// together joins what was found on each count.
func together(all ...Relation) Relation {
	joined := Same
	for _, r := range all {
		switch {
		case r == Same || r == joined:
		case joined == Same:
			joined = r
		default:
			return NotComparable
		}
		if r == NotComparable {
			return NotComparable
		}
	}
	return joined
}

// The words for people by what they tell apart.
var (
	bySex    = []Who{Women, Men, Children}
	byOrigin = []Who{Foreigners, Nationals}
)

func comparePeople(a, b Claim) (Relation, Reason) {
	r := together(
		within(a.Of.only(bySex), b.Of.only(bySex)),
		compareOrigins(a, b),
		withinAll(a.Of.others(), b.Of.others()),
		oneGroup(a.Of.Group, b.Of.Group),
	)
	return r, OtherPeople
}

// only gives the words of one count, adults as women and men.
func (p Population) only(words []Who) []string {
	var found []string
	for _, w := range p.Who {
		if w == Adults && slices.Contains(words, Women) {
			found = append(found, string(Women), string(Men))
		}
		if slices.Contains(words, w) {
			found = append(found, string(w))
		}
	}
	if len(words) > 0 && words[0] == Women && slices.Contains(p.Who, Widows) && len(found) == 0 {
		found = append(found, string(Women))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (p Population) others() []string {
	var found []string
	for _, w := range p.Who {
		if !slices.Contains(bySex, w) && !slices.Contains(byOrigin, w) && w != Adults {
			found = append(found, string(w))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// within compares sets of which any word may be so of one who is counted: women and
// children together. No word is everybody.
func within(a, b []string) Relation {
	switch {
	case slices.Equal(a, b):
		return Same
	case len(b) == 0 || len(a) > 0 && subset(a, b):
		return PartOf
	case len(a) == 0 || subset(b, a):
		return WholeOf
	}
	return NotComparable
}

// withinAll compares words each of which is so of everybody who is counted: displaced
// civilians. Each word more is a part.
func withinAll(a, b []string) Relation { return within(nil, nil).orBy(subset(b, a), subset(a, b)) }

// orBy gives part when the first is so, whole when the second is, same when both.
func (r Relation) orBy(part, whole bool) Relation {
	switch {
	case part && whole:
		return r
	case part:
		return PartOf
	case whole:
		return WholeOf
	}
	return NotComparable
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}

// compareOrigins compares by foreigners and nationals, and by nationalities. A named
// nationality is a part of the foreigners unless it is the country's own.
func compareOrigins(a, b Claim) Relation {
	x, y := nationalities(a), nationalities(b)
	wa, wb := a.Of.only(byOrigin), b.Of.only(byOrigin)
	if len(x) > 0 || len(y) > 0 {
		if len(x) > 0 && len(wb) == 1 && len(y) == 0 {
			return nationalityWithin(a, wb[0])
		}
		if len(y) > 0 && len(wa) == 1 && len(x) == 0 {
			return nationalityWithin(b, wa[0]).mirror()
		}
		return within(x, y)
	}
	return within(wa, wb)
}

func nationalities(c Claim) []string {
	all := slices.Clone(c.Of.Nationalities)
	slices.Sort(all)
	return slices.Compact(all)
}

// nationalityWithin says whether those of named nationalities are a part of the
// foreigners, or of the nationals, of the country where they are counted.
func nationalityWithin(c Claim, word string) Relation {
	foreign := !slices.Contains(c.Of.Nationalities, c.Place.Country)
	if word == string(Foreigners) && foreign {
		return PartOf
	}
	if word == string(Nationals) && len(c.Of.Nationalities) == 1 && !foreign {
		return Same
	}
	return NotComparable
}

func oneGroup(a, b string) Relation {
	switch {
	case a == b:
		return Same
	case b == "":
		return PartOf
	case a == "":
		return WholeOf
	}
	return NotComparable
}

func comparePlaces(a, b Claim) (Relation, Reason) {
	x, y := a.Place, b.Place
	switch {
	case x.IsZero() && y.IsZero() && a.Incident == b.Incident:
		return Same, ""
	case x.IsZero() || y.IsZero():
		if a.Incident != "" && a.Incident == b.Incident {
			return Same, ""
		}
		return NotComparable, NoPlace
	case x.Record == "" || y.Record == "":
		if called(x, y) {
			return Same, ""
		}
		return NotComparable, OtherPlace
	case x.Record == y.Record:
		return Same, ""
	case slices.Contains(x.Within, y.Record):
		return PartOf, ""
	case slices.Contains(y.Within, x.Record):
		return WholeOf, ""
	}
	return NotComparable, OtherPlace
}

// called says whether two places, one of them without a record, have one name.
func called(x, y Place) bool {
	return slices.ContainsFunc(x.foldedNames(), func(name string) bool { return slices.Contains(y.foldedNames(), name) })
}

// foldedNames are the names of a place as they are compared.
func (p Place) foldedNames() []string {
	if p.folded != nil {
		return p.folded
	}
	all := []string{}
	for _, n := range p.Names {
		all = append(all, names.Fold(n.Text))
	}
	if p.Wording != "" {
		all = append(all, names.Fold(p.Wording))
	}
	return all
}

// compareTimes compares what time the claims speak of. vague says that they are taken
// for one although one is said less exactly.
func compareTimes(a, b Claim) (r Relation, why Reason, vague bool) {
	x, y := a.When(), b.When()
	switch {
	case x == y && !x.IsZero():
		return Same, "", false
	case x.IsZero() || y.IsZero():
		return NotComparable, NoTime, false
	case a.Tally == Total:
		if x.Latest() == y.Latest() {
			return Same, "", false
		}
		return NotComparable, OtherTime, false
	case a.Tally == Stock:
		if edtf.Relate(x, y) == edtf.Overlaps {
			return Same, "", true
		}
		return NotComparable, OtherTime, false
	case x.Earliest() == y.Earliest() && x.Latest() == y.Latest():
		return Same, "", false
	case x.Earliest() >= y.Earliest() && x.Latest() <= y.Latest():
		return PartOf, "", false
	case y.Earliest() >= x.Earliest() && y.Latest() <= x.Latest():
		return WholeOf, "", false
	}
	return NotComparable, OtherTime, false
}
