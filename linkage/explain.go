package linkage

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Pair is what two records say of each other. The weights are in bits: one more bit
// makes it twice as likely, against everything else, that they are one person.
type Pair struct {
	A, B string // the records' ids
	// Weight is the logarithm to the base two of the odds that they are the same;
	// it is Start and the bits of the fields together.
	Weight float64
	// Same says that the two were put into one cluster.
	Same bool
	// Start is where the odds stand before the fields speak: one pair in so many is
	// the same person, and what the fields say together counts less than each alone.
	Start  float64
	Fields []Field
}

// Field is what one field says.
type Field struct {
	Name  string
	Level string  // how the two values agree
	Bits  float64 // for (above zero) or against
}

// Likely is the weight as a probability.
func (p Pair) Likely() float64 { return 1 / (1 + math.Exp2(-p.Weight)) }

// levelNames are the words for the levels, by kind.
var levelNames = map[kind][]string{
	kindWords:    {"", "different", "beginning", "alike", "a word in common", "nearly the same", "sounds the same", "known to stand for each other", "the same"},
	kindDate:     {"", "different", "another year", "years near", "the year", "day and month", "the year, nothing more is said", "two of three", "mistyped", "day and month exchanged", "the same"},
	kindSex:      {"", "different", "the same"},
	kindCode:     {"", "different", "the same"},
	kindPhone:    {"", "different", "", "nearly the same", "", "the same"},
	kindNumber:   {"", "different", "", "nearly the same", "", "the same"},
	kindPostcode: {"", "different", "the same area", "nearly the same", "", "the same"},
	kindEmail:    {"", "different", "the same domain", "nearly the same", "the same before the @", "the same"},
}

// explain says what two records say of each other.
func (res *Result) explain(a, b uint32) Pair {
	if res.r.source != nil && res.r.source[a] > res.r.source[b] {
		a, b = b, a // the first list stands first
	}
	var e evidence
	l := res.weigh(a, b, &e)
	p := Pair{A: res.r.idOf(int(a)), B: res.r.idOf(int(b)), Same: res.of[a] == res.of[b], Weight: float64(l[same] - logSum(l[kindred], l[strangers]))}
	// Of the two ways not to be the same, each counts as far as it is likely.
	home := float32(odds([classes]float32{-1000, l[kindred], l[strangers]})[kindred])
	sum := 0.0
	add := func(name, level string, one, house, chance float32) {
		bits := float64(one - home*house - (1-home)*chance)
		p.Fields = append(p.Fields, Field{Name: name, Level: level, Bits: bits})
		sum += bits
	}
	for f := range res.r.fields {
		fd := &res.r.fields[f]
		if level := e.level[f]; level != 0 {
			add(fd.name, levelNames[fd.kind][level], res.m.ofOne(fd, f, level)+e.lift[f], res.m.inHouse(fd, f, level, e.chance[f], e.lift[f]), e.chance[f])
		}
	}
	if e.crossed {
		add(string(Given)+" and "+string(Family), "in each other's column", e.cross[same], e.cross[kindred], e.cross[strangers])
	}
	if e.kin > 0 {
		add("household", "a kin of both is one person", 0, 0, -e.kin)
	}
	p.Start = p.Weight - sum
	return p
}

// Pairs calls fn for every pair that was put together or nearly was, in the order of
// the records.
func (res *Result) Pairs(fn func(Pair) error) error {
	for _, e := range res.edges {
		if e.weight > nearly || res.of[e.a] == res.of[e.b] {
			if err := fn(res.explain(e.a, e.b)); err != nil {
				return err
			}
		}
	}
	return nil
}

// nearly is the weight from which a pair that was not put together is worth showing.
const nearly = -4

// Doubtful gives the pairs about which the odds are most even, the most doubtful
// first: those that a person has to look at.
func (res *Result) Doubtful(most int) []Pair {
	edges := slices.Clone(res.edges)
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(abs(x.weight), abs(y.weight)), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	var out []Pair
	for _, e := range edges[:min(most, len(edges))] {
		out = append(out, res.explain(e.a, e.b))
	}
	return out
}

func abs(x float32) float32 { return max(x, -x) }

// Between explains two records that the caller names, whether they were met or not.
func (res *Result) Between(a, b string) (Pair, bool) {
	if res.byID == nil {
		res.byID = make(map[string]uint32, res.Records)
		for i := range res.Records {
			res.byID[res.r.idOf(i)] = uint32(i)
		}
	}
	x, okA := res.byID[a]
	y, okB := res.byID[b]
	if !okA || !okB {
		return Pair{}, false
	}
	return res.explain(x, y), true
}

// Compare holds a list against a register and gives the pairs a person should look
// at, the most doubtful first. Nothing is joined by it.
func Compare(ctx context.Context, list, register List, most int, o Options) ([]Pair, *Result, error) {
	r, err := Read(list, register)
	if err != nil {
		return nil, nil, err
	}
	res, err := Link(ctx, r, o)
	if err != nil {
		return nil, nil, err
	}
	return res.Doubtful(most), res, nil
}
