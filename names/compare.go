package names

import (
	"math/bits"
	"slices"
	"strings"
)

// Level says at which level of the reading two parts agree.
type Level int

// The levels, from nothing in common to letter by letter.
const (
	Different      Level = iota
	Distant              // much differs
	SameInitial          // one of them is an initial of the other
	SameConsonants       // the consonants agree
	Near                 // a letter or two differ
	SameNameForm         // a diminutive, or another form of the same name
	SameStem             // the same but for an ending of gender, or a patronymic
	SameSound            // the same sounds, spelled differently
	OtherScript          // the same sounds in another script
	SameLetters          // letter by letter
)

// Pair is a part of one name that meets a part of the other.
type Pair struct {
	A, B  int // places in Name.Parts
	Score float64
	Level Level
}

// Comparison is what two names have in common.
type Comparison struct {
	// Score is between 0 (nothing) and 1 (the same name).
	Score float64
	// Pairs are the parts that were held against each other, also those that do
	// not agree. Parts that only one of the names has are in none.
	Pairs []Pair
}

// A part that the longer name has beside those of the shorter speaks a little
// against it: names are often given in part. Parts that were held against each
// other and have less than alike in common are in conflict.
const (
	unmatched = 0.35
	alike     = 0.5
	conflict  = 1.5 // how much more a part in conflict counts
	otherRole = 0.3 // a patronymic met a given name: father and son change places
)

// Similarity says how alike two names are, from 0 to 1. It is symmetric, and the
// order of the parts does not matter.
func Similarity(a, b string) float64 {
	return Compare(Read(a), Read(b)).Score
}

// Compare finds the best assignment of the parts of two names.
func Compare(a, b Name) Comparison {
	return CompareBy(a, b, func(i, j int) (float64, Level) { return Alike(a.Parts[i], b.Parts[j]) })
}

// CompareBy is Compare for a caller that keeps what Alike said of the i-th part of
// a and the j-th of b.
func CompareBy(a, b Name, alikeAt func(i, j int) (float64, Level)) Comparison {
	ia, ib := a.sorted(), b.sorted()
	if after(a, b, ia, ib) {
		c := CompareBy(b, a, func(i, j int) (float64, Level) { return alikeAt(j, i) })
		for i, p := range c.Pairs {
			c.Pairs[i].A, c.Pairs[i].B = p.B, p.A
		}
		return c
	}
	if len(ia) == 0 {
		return Comparison{}
	}
	patronymics := a.patronymic() && b.patronymic()
	table := make([][]Pair, len(ia))
	for i, x := range ia {
		table[i] = make([]Pair, len(ib))
		for j, y := range ib {
			score, level := alikeAt(x, y)
			if patronymics && a.Parts[x].Patronymic != b.Parts[y].Patronymic {
				score *= otherRole
			}
			table[i][j] = Pair{A: x, B: y, Score: score, Level: level}
		}
	}
	pairs, taken := assign(table, func(p Pair) float64 { return p.Score * (a.Parts[p.A].weight() + b.Parts[p.B].weight()) })
	sum, of := 0.0, 0.0
	for _, p := range pairs {
		w := a.Parts[p.A].weight() + b.Parts[p.B].weight()
		if p.Score >= alike {
			of += w
			sum += p.Score * w
		} else {
			of += w * conflict
		}
	}
	for j, y := range ib {
		if taken&(1<<j) == 0 {
			of += unmatched * b.Parts[y].weight()
		}
	}
	return Comparison{Score: sum / of, Pairs: pairs}
}

// patronymic says whether one of the parts is one.
func (n Name) patronymic() bool {
	return slices.ContainsFunc(n.Parts, func(p Part) bool { return p.Patronymic })
}

// sorted are the places of the parts that count, in an order that does not depend
// on the order in which they were given.
func (n Name) sorted() []int {
	var places []int
	for i, p := range n.Parts {
		if !p.Particle {
			places = append(places, i)
		}
	}
	if places == nil {
		for i := range n.Parts {
			places = append(places, i)
		}
	}
	slices.SortStableFunc(places, func(x, y int) int { return strings.Compare(n.Parts[x].Fold, n.Parts[y].Fold) })
	return places
}

// after says whether a is compared as the second of the two: the one with fewer
// parts is first, of equals the one whose letters are first. So Compare does the
// same sums whichever way round it is asked.
func after(a, b Name, ia, ib []int) bool {
	if len(ia) != len(ib) {
		return len(ia) > len(ib)
	}
	for i := range ia {
		if c := strings.Compare(a.Parts[ia[i]].Fold, b.Parts[ib[i]].Fold); c != 0 {
			return c > 0
		}
	}
	return false
}

// assign gives each row a column so that the sum of gains is greatest, and the set
// of columns taken. There are at most maxParts rows and no more rows than columns.
func assign(table [][]Pair, gain func(Pair) float64) ([]Pair, uint) {
	rows, columns := len(table), len(table[0])
	// best[set] is the greatest gain when the first rows have taken the set.
	best := make([]float64, 1<<columns)
	choice := make([]int8, 1<<columns)
	for set := uint(1); set < 1<<columns; set++ {
		row := bits.OnesCount(set) - 1
		if row >= rows {
			continue
		}
		best[set] = -1
		for j := range columns {
			if set&(1<<j) == 0 {
				continue
			}
			if g := best[set&^(1<<j)] + gain(table[row][j]); g > best[set] {
				best[set], choice[set] = g, int8(j)
			}
		}
	}
	var top uint
	for set := uint(0); set < 1<<columns; set++ {
		if bits.OnesCount(set) == rows && (top == 0 || best[set] > best[top]) {
			top = set
		}
	}
	pairs := make([]Pair, rows)
	for set, row := top, rows-1; row >= 0; row-- {
		j := choice[set]
		pairs[row] = table[row][j]
		set &^= 1 << j
	}
	return pairs, top
}

// weight is how much a part counts: a long one is met by chance less often.
func (p Part) weight() float64 {
	return 0.5 + float64(min(len(p.Sound), 10))/10
}

// The scores of agreement at each level above a cost.
const (
	scoreScript = 0.99
	scoreSound  = 0.97
	scoreStem   = 0.94
	scoreMost   = 0.92 // the most that a cost gives
	scoreForm   = 0.80
	scoreFirst  = 0.60
)

// Alike compares two parts.
func Alike(p, q Part) (float64, Level) {
	otherScript := p.Word.script != q.Word.script
	switch {
	case p.Fold == q.Fold:
		return 1, SameLetters
	case len(p.Word.letters) == 0 || len(q.Word.letters) == 0:
		return 0, Different
	case len(p.Word.letters) == 1 || len(q.Word.letters) == 1:
		return alikeInitials(&p.Word, &q.Word)
	case p.Sound == q.Sound && otherScript:
		return scoreScript, OtherScript
	case p.Sound == q.Sound:
		return scoreSound, SameSound
	case p.Stem == q.Stem && len(p.Stem) > 2:
		return scoreStem, SameStem
	}
	fit := Between(&p.Word, &q.Word, costMost)
	score := scoreOf(fit.Cost, &p.Word, &q.Word)
	if score < scoreMost {
		score = max(score, min(scoreMost, 1-distance(p, q)))
	}
	switch {
	case score < scoreForm && shareFamily(p.families, q.families):
		return scoreForm, SameNameForm
	case score >= 0.8 && fit.A == fit.B && sameBones(p, q):
		return score, SameConsonants
	case score >= 0.8:
		return score, Near
	case score >= alike:
		return score, Distant
	}
	return score, Different
}

const costMost = 255 * Unit

// scoreOf makes a score of a cost: what chance would cost is nothing.
func scoreOf(cost int, p, q *Word) float64 {
	n := float64(min(len(p.letters), len(q.letters)))
	scaled := float64(cost) / Unit * believed(p.script, q.script)
	return max(0, min(scoreMost, 1-scaled/(chanceBase+chancePer*n)))
}

// What words of nothing in common cost, in nats: so much, and so much a letter.
const (
	chanceBase = 1.0
	chancePer  = 4.0
)

// CostAt is the cost at which two words are as alike as the score says (see Alike).
func CostAt(score float64, p, q *Word) int {
	n := float64(min(len(p.letters), len(q.letters)))
	return int((1 - score) * (chanceBase + chancePer*n) * Unit / believed(p.script, q.script))
}

// How much of the costs of letters counts. Letters are not chosen each by itself: who
// writes ou for one waw writes it for all, so that the costs of many are not simply
// to be added.
//
// believed is for a likeness, which is said of two words alone; Chosen for a
// probability, which a search weighs against all other words that may be meant and
// so against words of the query's own script (measured on half of the benchmark's
// queries: docs/matching.md).
func believed(a, b uint8) float64 { return ofScripts(a, b, 1, 0.65, 0.45) }

// Chosen is the share of the costs between two scripts that stands for choices.
func Chosen(a, b uint8) float64 { return ofScripts(a, b, 0.85, 0.55, 0.35) }

// ofScripts is one of three: within a script, between Latin and Cyrillic, between
// Arabic and another.
func ofScripts(a, b uint8, same, cross, arab float64) float64 {
	switch {
	case a == b:
		return same
	case a == Arab || b == Arab:
		return arab
	}
	return cross
}

// alikeInitials holds an initial against the first letter of a word.
func alikeInitials(p, q *Word) (float64, Level) {
	if mutual.write[p.letters[0]][q.letters[0]] < 2*Unit {
		return scoreFirst, SameInitial
	}
	return 0, Different
}

// sameBones says whether the consonants agree, and are enough to mean something.
func sameBones(p, q Part) bool {
	b := p.Word.Bones()
	return b > 0xff && b == q.Word.Bones()
}
