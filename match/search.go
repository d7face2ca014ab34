package match

import (
	"cmp"
	"slices"
	"sync"

	"homeward/names"
)

// Query is what somebody knows of the one who is looked for.
type Query struct {
	// Name in any script, spelling and order of its parts.
	Name string
	Sex  Sex
	Born Years
	// Limit is how many hits to give; 0 is read as 10.
	Limit int
	// Allow, when given, says of which records one may learn. The others are as if they
	// were not there: they are not found, and a word tells as much as it does among
	// those that may be. It is asked many times and must not call the index.
	Allow func(Ref) bool
	// Among, when given, narrows the search to some records; what a word tells among
	// all does not change by it. It is asked before anything is ranked, and must not
	// call the index either.
	Among func(Ref) bool
}

// Hit is a record that may be hers.
type Hit struct {
	Ref Ref
	// Score is the evidence of name, year of birth and sex in nats: the logarithm of
	// how many times likelier the query is when she is meant than when anybody is.
	Score float64
}

const (
	unit = names.Unit
	// maxParts is how many parts of a query are looked at.
	maxParts = 6
	// usualHits is how many hits a query gives that names no limit.
	usualHits = 10
)

// few is how many people of other names are thought to be in a register beside
// those that are: in one of three people, all called Amina, the name still tells
// something.
const few = 500

// T are the weights of the evidence beside likeness, in nats. They are round
// figures from a plateau: each may change by a third without recall changing by a
// hundredth (docs/matching.md).
var T = struct {
	// Conflict is taken off for each part that met another name, Missing for one of
	// the query that the record lacks, Extra for one that the record has besides.
	Conflict, Missing, Extra float64
	// Year is the worth of years of birth no, one, two and three apart, YearOff of
	// more, SexOff of the other sex.
	Year            [4]float64
	YearOff, SexOff float64
	// OtherRole is taken off when the name of a kunya met another part.
	OtherRole float64
}{
	Conflict: 5, Missing: 1.2, Extra: 0.4,
	Year: [4]float64{3.8, 1.9, 1.7, -2}, YearOff: -5, SexOff: -5, OtherRole: 1.5,
}

// scratch is what one search needs, kept for the next: nothing of it is a name.
type scratch struct {
	keys      keySet
	mark      uint64 // of keys: one for each part of each search, and each of its forms
	fitting   names.Fitting
	found     [maxParts][]candidate
	slot      []uint32          // by word: its line in worth, and 1; 0 is none
	worth     [][maxParts]int16 // what a word is worth for each part
	lists     []entered
	sums      []int16 // by record of a block: what its words are worth together; 0 is untouched
	touched   []uint32
	promising []promising
	about     aboutWeights
	top       []scored // a heap, the worst first
	room      int      // of top
}

type scored struct {
	ref   Ref
	score int32
}

// before is the order of hits: records of one score in the order of their numbers.
func (a scored) before(b scored) bool {
	return a.score > b.score || a.score == b.score && a.ref < b.ref
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

// Search gives the records that fit best, the best first. Where hardly anything
// fits, the name may have been typed with the keyboard in another layout.
func (x *Index) Search(q Query) []Hit {
	hits := x.search(q)
	if len(hits) > 0 && hits[0].Score > weak {
		return hits
	}
	for _, name := range names.OtherLayouts(q.Name) {
		q.Name = name
		if other := x.search(q); len(other) > 0 && other[0].Score > weak {
			return other
		}
	}
	return hits
}

// weak is the score of a hit that may as well be chance.
const weak = 2

func (x *Index) search(q Query) []Hit {
	var reader names.Reader
	parts := reader.Read(q.Name)
	parts = parts[:min(len(parts), maxParts)]
	limit := cmp.Or(q.Limit, usualHits)

	x.mu.RLock()
	defer x.mu.RUnlock()
	seen := x.seenBy(q.Allow)
	if seen.count == 0 || len(parts) == 0 {
		return nil
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.prepare(x, q, limit)
	for i := range parts {
		x.candidates(s, i, &parts[i].Word, seen)
	}
	x.gather(s, parts, q.finds())
	slices.SortFunc(s.top, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ref, b.ref))
	})
	hits := make([]Hit, 0, min(limit, len(s.top)))
	for _, h := range s.top[:min(limit, len(s.top))] {
		hits = append(hits, Hit{Ref: h.ref, Score: float64(h.score) / unit})
	}
	return hits
}

// finds is which records may be found; nil for all.
func (q Query) finds() func(Ref) bool {
	switch {
	case q.Allow == nil:
		return q.Among
	case q.Among == nil:
		return q.Allow
	}
	return func(n Ref) bool { return q.Allow(n) && q.Among(n) }
}

// seen is the register as far as one may learn of it.
type seen struct {
	index *Index
	allow func(Ref) bool // nil for all of it
	count int
}

func (x *Index) seenBy(allow func(Ref) bool) seen {
	v := seen{index: x, allow: allow, count: x.count}
	if allow != nil {
		v.count = 0
		for n, at := range x.at {
			if at != 0 && allow(Ref(n)) {
				v.count++
			}
		}
	}
	return v
}

// records is how many have a word.
func (v seen) records(word uint32) (n uint32) {
	if v.allow == nil {
		return v.index.words.list[word].records
	}
	v.index.eachRecord(word, func(ref Ref) {
		if ref != nobody && v.allow(ref) {
			n++
		}
	})
	return n
}

func (s *scratch) prepare(x *Index, q Query, limit int) {
	if n := len(x.words.list); len(s.slot) < n {
		s.slot = make([]uint32, n+n/4)
	}
	s.worth, s.top, s.room = s.worth[:0], s.top[:0], limit
	s.about = weighAbout(q)
}

// push keeps a record when it is among the best.
func (s *scratch) push(h scored) {
	if len(s.top) == s.room {
		if !h.before(s.top[0]) {
			return
		}
		s.top[0] = h
		s.sink()
		return
	}
	s.top = append(s.top, h)
	for i := len(s.top) - 1; i > 0; {
		parent := (i - 1) / 2
		if !s.top[parent].before(s.top[i]) {
			return
		}
		s.top[i], s.top[parent] = s.top[parent], s.top[i]
		i = parent
	}
}

// sink moves the first of the heap down to its place.
func (s *scratch) sink() {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(s.top) {
			return
		}
		if child+1 < len(s.top) && s.top[child].before(s.top[child+1]) {
			child++
		}
		if !s.top[i].before(s.top[child]) {
			return
		}
		s.top[i], s.top[child] = s.top[child], s.top[i]
		i = child
	}
}
