package match

import (
	"cmp"
	"math"
	"slices"

	"homeward/names"
)

// candidate is a word of the dictionary that may be what was meant by a part of the
// query.
type candidate struct {
	word    uint32
	records uint32 // that have it
	cost    int16  // of writing the part when the word was meant
	worth   int16  // by how much likelier that makes the part
}

// How candidates are looked for.
const (
	keyBudget    = 5 * unit // of the variants of a word's bones
	mostVariants = 3000
	formBudget   = 2 * unit // the same for another form of a name
	formCost     = 8 * unit // of the letters of one
	leastWorth   = unit / 2 // what is worth less is no candidate
	surely       = unit     // what costs no more is one anyway
)

// unknown is the probability that a word of so many letters is written by somebody
// whose name nobody in the index has.
func unknown(letters int) float64 { return math.Exp(-3 - 1.7*float64(letters)) }

// mostCost is the cost above which a word is another name, whatever it is worth.
func mostCost(letters int) int { return unit * (5 + 2*letters) }

// finding is the search for the candidates of one part.
type finding struct {
	index *Index
	seen  seen
	s     *scratch
	list  []candidate
	of    float64
	// mass is the probability of the part as it was written, by anybody; base its
	// negative logarithm: what a word would be worth that costs nothing.
	mass, base float64
	limits     [3]int // of costs worth looking at, by the script of the word
	most       int
}

// candidates finds the words that may be what was meant by one part of the query,
// and what each is worth: by how much likelier the part is where that word was meant
// than where anybody was. So a rare name weighs more than Magomed, in whatever
// spelling, and without a list of frequencies.
func (x *Index) candidates(s *scratch, i int, word *names.Word, seen seen) {
	n := len(word.Letters())
	f := &finding{index: x, seen: seen, s: s, list: s.found[i][:0], of: float64(seen.count) + few, mass: unknown(n), most: mostCost(n)}
	f.look(word, keyBudget, 0)
	f.most = formCost
	word.OtherForms(func(form *names.Word, cost int) { f.look(form, formBudget, float64(cost)) })
	s.found[i] = f.keep()
	for _, c := range s.found[i] {
		at := s.slot[c.word]
		if at == 0 {
			s.worth = append(s.worth, [maxParts]int16{})
			at = uint32(len(s.worth))
			s.slot[c.word] = at
		}
		s.worth[at-1][i] = max(s.worth[at-1][i], c.worth) // it may be one by two forms
	}
}

// look compares the words under the variants of a word's bones with it; extra is
// what it costs that this word was written for another.
func (f *finding) look(asked *names.Word, budget int, extra float64) {
	f.s.mark++
	f.limit(asked, extra)
	f.s.fitting.Begin(asked)
	asked.Variants(budget, mostVariants, func(b names.Bones, key int) {
		// A slip costs what it costs, however much is believed of the letters: for a
		// common name it is worth nothing.
		if slipped := key >= keyBudget; slipped && float64(key) > f.base || !f.s.keys.add(b, f.s.mark) {
			return
		}
		f.index.words.each(b, func(d *dictionaryWord) {
			limit := f.limits[d.word.Script()]
			if key > limit {
				return
			}
			fit := f.s.fitting.Meant(&d.word, limit)
			if fit.Cost <= limit {
				f.take(d.n, asked, extra+float64(fit.Cost)*names.Chosen(d.word.Script(), asked.Script()), extra)
			}
		})
	})
}

func (f *finding) take(word uint32, asked *names.Word, cost, extra float64) {
	records := f.seen.records(word)
	if records == 0 {
		return
	}
	f.list = append(f.list, candidate{word: word, records: records, cost: int16(cost)})
	f.mass += float64(records) / f.of * math.Exp(-cost/unit)
	// The more likely the part is anyway, the less a candidate may cost.
	if f.base+math.Log(f.mass)*unit > unit/8 {
		f.limit(asked, extra)
	}
}

func (f *finding) limit(asked *names.Word, extra float64) {
	f.base = -math.Log(f.mass) * unit
	for script := range f.limits {
		worth := max(f.base-extra-leastWorth, surely) / names.Chosen(uint8(script), asked.Script())
		f.limits[script] = min(f.most, int(worth))
	}
}

// keep gives the candidates that are worth something, the best first; and those
// that are surely meant, also where so many bear the name that it tells nothing.
func (f *finding) keep() []candidate {
	base := -math.Log(f.mass) * unit
	kept := f.list[:0]
	for _, c := range f.list {
		c.worth = int16(min(base-float64(c.cost), mostWorth))
		if c.worth > leastWorth || c.cost <= surely {
			c.worth = max(c.worth, 1)
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.word, b.word))
	})
	return kept
}

// mostWorth bounds what a word is worth, so that six of them are far from an
// overflow.
const mostWorth = 100 * unit

// keySet are the keys that were looked up for one part. There is room for twice as
// many as mostVariants, and those that slips add to the last.
type keySet [1 << 13]struct {
	key  names.Bones
	mark uint64
}

// add says whether the key is new under the mark.
func (k *keySet) add(b names.Bones, mark uint64) bool {
	for i := hashBones(b) % uint64(len(k)); ; i = (i + 1) % uint64(len(k)) {
		switch e := &k[i]; {
		case e.mark != mark:
			e.key, e.mark = b, mark
			return true
		case e.key == b:
			return false
		}
	}
}
