package match

import (
	"math"
	"slices"
	"sync"

	"homeward/names"
)

// Query is what somebody knows of the one who is looked for.
type Query struct {
	Name  string
	Sex   Sex
	Born  Years
	Limit int // 0 is read as 10
	// Allow, when given, says which records may be found at all.
	Allow func(Ref) bool
}

// Hit is a record that may be hers.
type Hit struct {
	Ref   Ref
	Score float64 // evidence in nats: how many times more probable, as a logarithm
}

const (
	unit       = names.Unit
	maxParts   = 6
	heapSize   = 64
	leastWorth = unit / 2
	postBudget = 40000
	scoreMost  = 800
	formBudget = 2 * unit // of the keys of another form of a name
	formCost   = 8 * unit // of the letters of one
	accBias    = 8 * unit // keeps a sum above 0 when the year speaks against it
	yearRange  = 0
)

// few is how many people of other names are thought to be in a register beside
// those that are: in one of three people, all called Amina, the name still tells
// something.
const few = 500

// T are the weights, in nats.
var T = struct {
	Conflict, Missing, Extra float64
	Budget                   int
	LimitBase, LimitPer      float64
	UnknownBase, UnknownPer  float64
	Arab, Cross, Same        float64
	Year                     [4]float64
	YearOff, SexOff          float64
	Post, Score              int
	Within                   float64
	LeastWorth               float64
}{
	Conflict: 5, Missing: 1.2, Extra: 0.4, Budget: 5 * unit, LimitBase: 5, LimitPer: 2,
	UnknownBase: 3, UnknownPer: 1.7, Arab: 0.35, Cross: 0.55, Same: 0.9,
	Year: [4]float64{2.8, 1.2, 1.0, -2}, YearOff: -3.5, SexOff: -3, Post: 40000, Score: 400, Within: 30, LeastWorth: 0.5,
}

// scratch is what one search needs, kept for the next.
type scratch struct {
	slot    []uint32 // word → row of table + 1 of this epoch
	table   [][maxParts]int16
	cands   [maxParts][]candidate
	touched []Ref
	keys    keySet
	mark    uint64 // of keys: one for each part of each search
	years   yearWeights
	heap    []scored
	acc     []int16
	read    names.Reader
}

type candidate struct {
	word uint32
	cost int16
	llr  int16
}

type scored struct {
	ref   Ref
	score int32
}

// mostVariants bounds the keys of one word.
const mostVariants = 3000

// keySet are the keys that were looked up for one part; twice as many have room.
type keySet [2 * 4096]struct {
	key  names.Bones
	mark uint64
}

// add says whether the key is new under the mark.
func (k *keySet) add(b names.Bones, mark uint64) bool {
	for i := mix(uint64(b)*0x9E3779B97F4A7C15) % uint64(len(k)); ; i = (i + 1) % uint64(len(k)) {
		switch e := &k[i]; {
		case e.mark != mark:
			e.key, e.mark = b, mark
			return true
		case e.key == b:
			return false
		}
	}
}

var pool = sync.Pool{New: func() any { return &scratch{} }}

// Search gives the records that fit best, the best first.
func (x *Index) Search(q Query) []Hit {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.count == 0 {
		return nil
	}
	s := pool.Get().(*scratch)
	defer pool.Put(s)
	parts := s.read.Read(q.Name)
	if len(parts) > maxParts {
		parts = parts[:maxParts]
	}
	s.prepare(x)
	s.years = weighYears(q)
	for i := range parts {
		x.candidates(s, i, &parts[i].Word)
	}
	x.gather(s, parts, q)
	limit := q.Limit
	if limit == 0 {
		limit = 10
	}
	slices.SortFunc(s.heap, func(a, b scored) int {
		if a.score != b.score {
			return int(b.score) - int(a.score)
		}
		return int(a.ref) - int(b.ref)
	})
	hits := make([]Hit, 0, limit)
	for _, h := range s.heap[:min(limit, len(s.heap))] {
		hits = append(hits, Hit{Ref: h.ref, Score: float64(h.score) / unit})
	}
	return hits
}

func (s *scratch) prepare(x *Index) {
	if n := len(x.words.list); len(s.slot) < n {
		s.slot = make([]uint32, n+n/4)
	}
	if n := len(x.at); len(s.acc) < n {
		s.acc = make([]int16, n+n/8)
	}
	s.table, s.heap = s.table[:0], s.heap[:0]
}

// candidates finds the words that may be what was meant by one part of the query,
// and what each would be worth: by how much likelier the part is where that word
// was meant than where anybody was.
func (x *Index) candidates(s *scratch, i int, word *names.Word) {
	list := s.cands[i][:0]
	of := float64(x.count) + few
	// mass is the probability of the part as it was written: by anybody in the
	// index, or by somebody of a name that nobody there has.
	mass := math.Exp(-T.UnknownBase - T.UnknownPer*float64(len(word.Letters())))
	base := -math.Log(mass) * unit
	most := int(unit * (T.LimitBase + T.LimitPer*float64(len(word.Letters()))))
	limits := limitsFor(base, word.Script(), most)
	try := func(asked *names.Word, budget, extra int) {
		s.mark++
		asked.Variants(budget, mostVariants, func(b names.Bones, key int) {
			if !s.keys.add(b, s.mark) {
				return
			}
			x.words.each(b, func(d *dictionaryWord) bool {
				limit := limits[d.word.Script()]
				if key > limit {
					return true
				}
				fit := names.Meant(&d.word, asked, limit)
				if fit.Cost > limit {
					return true
				}
				cost := float64(fit.Cost)*scale(d.word.Script(), asked.Script()) + float64(extra)
				list = append(list, candidate{word: d.n, cost: int16(cost)})
				mass += float64(x.words.list[d.n].records) / of * math.Exp(-cost/unit)
				if lower := -math.Log(mass) * unit; lower < base-2 {
					base = lower
					limits = limitsFor(base, asked.Script(), most)
				}
				return true
			})
		})
	}
	try(word, T.Budget, 0)
	word.OtherForms(func(form *names.Word, cost int) {
		limits = limitsFor(base-float64(cost), form.Script(), formCost)
		try(form, formBudget, cost)
	})
	base = -math.Log(mass) * unit
	least := int16(math.MaxInt16)
	for _, c := range list {
		least = min(least, c.cost)
	}
	kept := list[:0]
	for _, c := range list {
		c.llr = int16(min(base-float64(c.cost), 30000))
		if c.llr > int16(T.LeastWorth*unit) && float64(c.llr) > base-T.Within*unit-float64(least) {
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, func(a, b candidate) int {
		if a.llr != b.llr {
			return int(b.llr) - int(a.llr)
		}
		return int(a.word) - int(b.word)
	})
	s.cands[i] = kept
	for _, c := range kept {
		at := s.slot[c.word]
		if at == 0 {
			s.table = append(s.table, [maxParts]int16{})
			at = uint32(len(s.table))
			s.slot[c.word] = at
		}
		s.table[at-1][i] = max(s.table[at-1][i], c.llr) // it may be a candidate by two forms
	}
}

// scale is how much of the costs between two scripts is believed. Letters are not
// chosen each by itself: who writes ou for one waw writes it for all.
func scale(a, b uint8) float64 {
	switch {
	case a == b:
		return T.Same
	case a == names.Arab || b == names.Arab:
		return T.Arab
	}
	return T.Cross
}

// limitsFor says above which cost a word of each script is worth nothing.
func limitsFor(base float64, written uint8, most int) (limits [3]int) {
	for s := range limits {
		limits[s] = min(most, int((base-T.LeastWorth*unit)/scale(uint8(s), written)))
	}
	return limits
}

// gather finds the records of the candidate words, those of the rarest part first,
// adds up what their words are worth, and scores the most promising.
func (x *Index) gather(s *scratch, parts []names.Reading, q Query) {
	defer s.forget(len(parts))
	var order []int
	var total [maxParts]int
	for i := range parts {
		for _, c := range s.cands[i] {
			total[i] += int(x.words.list[c.word].records)
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return total[a] - total[b] })
	walked := 0
	for k, i := range order {
		full := k == 0 || walked+total[i] <= T.Post
		if !full && len(s.touched) <= T.Score {
			break // all that were touched will be scored in full
		}
		walked += total[i]
		for _, c := range s.cands[i] {
			x.addUp(s, c, full)
		}
	}
	for _, ref := range s.touched[:x.choose(s, T.Score)] {
		if q.Allow == nil || q.Allow(ref) {
			s.push(scored{ref, x.score(s, ref, parts)})
		}
	}
}

// addUp adds what a word is worth to its records; full also to those that no other
// word has touched.
func (x *Index) addUp(s *scratch, c candidate, full bool) {
	e := &x.words.list[c.word]
	ref := uint32(0)
	list := x.posts.lists[e.list : e.list+e.bytes]
	for i := 0; i < len(list); {
		gap := uint32(list[i])
		i++
		if gap >= 0x80 {
			gap &= 0x7f
			for shift := 7; i < len(list); shift += 7 {
				b := uint32(list[i])
				i++
				gap |= b & 0x7f << shift
				if b < 0x80 {
					break
				}
			}
		}
		ref += gap
		s.add(ref-1, c.llr, full)
	}
	x.posts.since(c.word, func(ref Ref) { s.add(ref, c.llr, full) })
}

func (s *scratch) add(ref Ref, worth int16, full bool) {
	switch a := s.acc[ref]; {
	case a != 0:
		s.acc[ref] = min(a+worth, 1<<13)
	case full:
		s.acc[ref] = worth
		s.touched = append(s.touched, ref)
	}
}

// choose puts those first that are to be scored in full, and says how many: by the
// sum of their words, then with their years of birth, which part people of one name.
func (x *Index) choose(s *scratch, most int) int {
	if len(s.touched) <= most {
		return len(s.touched)
	}
	n := s.best(len(s.touched), 6*most, yearRange)
	for _, ref := range s.touched[:n] {
		s.acc[ref] = max(1, s.acc[ref]+s.years.weigh(x.about[ref])+accBias)
	}
	return min(s.best(n, most, 0), 3*most)
}

// best moves those with the highest sums, about most of them and those with as much
// less slack, to the front of the first n.
func (s *scratch) best(n, most int, slack int16) int {
	var count [1 << 11]int32
	for _, ref := range s.touched[:n] {
		count[s.acc[ref]>>3&(1<<11-1)]++
	}
	least, sum := int16(0), 0
	for b := len(count) - 1; b >= 0; b-- {
		sum += int(count[b])
		if sum > most {
			least = int16(b)<<3 - slack
			break
		}
	}
	k := 0
	for i, ref := range s.touched[:n] {
		if s.acc[ref] >= least {
			s.touched[k], s.touched[i] = ref, s.touched[k]
			k++
		}
	}
	return k
}

// forget makes the scratch ready for the next search.
func (s *scratch) forget(parts int) {
	for i := range parts {
		for _, c := range s.cands[i] {
			s.slot[c.word] = 0
		}
	}
	for _, r := range s.touched {
		s.acc[r] = 0
	}
	s.touched = s.touched[:0]
}

func (s *scratch) push(h scored) {
	less := func(a, b scored) bool { return a.score < b.score || a.score == b.score && a.ref > b.ref }
	if len(s.heap) == heapSize {
		if !less(s.heap[0], h) {
			return
		}
		s.heap[0] = h
		for i := 0; ; {
			j := 2*i + 1
			if j >= heapSize {
				return
			}
			if j+1 < heapSize && less(s.heap[j+1], s.heap[j]) {
				j++
			}
			if !less(s.heap[j], s.heap[i]) {
				return
			}
			s.heap[i], s.heap[j] = s.heap[j], s.heap[i]
			i = j
		}
	}
	s.heap = append(s.heap, h)
	for i := len(s.heap) - 1; i > 0; {
		j := (i - 1) / 2
		if !less(s.heap[i], s.heap[j]) {
			return
		}
		s.heap[i], s.heap[j] = s.heap[j], s.heap[i]
		i = j
	}
}

// score weighs one record.
func (x *Index) score(s *scratch, ref Ref, parts []names.Reading) int32 {
	best := int32(math.MinInt32 / 2)
	var row [12]*[maxParts]int16
	var roles [12]names.Role
	n := 0
	r := rowReader{list: x.names[x.at[ref]:]}
	for more := true; more; {
		more = r.next()
		if more && r.word != 0 {
			if n < len(row) {
				row[n], roles[n] = nil, r.role
				if at := s.slot[r.word]; at != 0 {
					row[n] = &s.table[at-1]
				}
				n++
			}
			continue
		}
		best = max(best, assign(row[:n], roles[:n], parts))
		n = 0
	}
	return best + int32(s.years.weigh(x.about[ref]))
}

// assign matches words to parts, the best pair first.
func assign(row []*[maxParts]int16, roles []names.Role, parts []names.Reading) int32 {
	sum := int32(0)
	var usedRow, usedPart uint
	matched := 0
	for {
		best, bi, bj := int16(0), 0, 0
		for i, r := range row {
			if r == nil || usedRow&(1<<i) != 0 {
				continue
			}
			for j := range parts {
				if usedPart&(1<<j) == 0 && r[j] > best {
					best, bi, bj = r[j], i, j
				}
			}
		}
		if best == 0 {
			break
		}
		sum += int32(best)
		usedRow |= 1 << bi
		usedPart |= 1 << bj
		matched++
	}
	u, v := 0, 0
	for j, p := range parts {
		if usedPart&(1<<j) == 0 && p.Role != names.Kunya {
			u++
		}
	}
	for i, r := range roles {
		if usedRow&(1<<i) == 0 && r != names.Kunya {
			v++
		}
	}
	c := min(u, v)
	pen := float64(c)*T.Conflict + float64(u-c)*T.Missing + float64(v-c)*T.Extra
	return sum - int32(pen*unit)
}

// yearWeights says what a record's sex and year of birth are worth, in units.
type yearWeights struct {
	sex     Sex
	off     int16
	known   bool
	middle  int
	spread  int
	by      [len(T.Year)]int16
	yearOff int16
}

func weighYears(q Query) yearWeights {
	w := yearWeights{sex: q.Sex, off: int16(T.SexOff * unit), yearOff: int16(T.YearOff * unit)}
	for i, y := range T.Year {
		w.by[i] = int16(y * unit)
	}
	if q.Born.From > 0 {
		w.middle, w.spread, w.known = makeAbout(NoSex, q.Born).born()
	}
	return w
}

func (w *yearWeights) weigh(a about) int16 {
	sum := int16(0)
	if s := a.sex(); s != w.sex && s != NoSex && w.sex != NoSex {
		sum += w.off
	}
	year, spread, known := a.born()
	if !w.known || !known {
		return sum
	}
	d := year - w.middle
	if d < 0 {
		d = -d
	}
	d -= w.spread + spread
	switch {
	case d < 0:
		return sum + w.by[0]
	case d < len(w.by):
		return sum + w.by[d]
	}
	return sum + w.yearOff
}
