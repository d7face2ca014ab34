package match

import (
	"slices"

	"homeward/names"
)

// How many records are looked at.
const (
	// mostAdded is how many entries of lists are added up in full; of longer lists
	// only those of records that a rarer part has touched.
	mostAdded = 40000
	// mostScored is about how many records are scored in full.
	mostScored = 300
	// mostSum bounds a sum of worths.
	mostSum = 1 << 13
	// aboutBias keeps a sum above 0 when year and sex speak against the record.
	aboutBias = 10 * unit
	// block is how many records are added up at a time: their sums stay in the
	// processor's own memory.
	block = 1 << 16
)

// entered is a list of records that is added up: those of one candidate word.
type entered struct {
	cursor
	word  uint32
	worth int16
}

// promising is a record with what its words are worth, later also its
// year of birth and its sex: enough to choose which are scored in full.
type promising struct {
	ref Ref
	sum int16
}

// gather adds up what the candidate words are worth for each record, those of the
// rarest part first, and scores the most promising in full.
func (x *Index) gather(s *scratch, parts []names.Reading, allow func(Ref) bool) {
	defer s.forget(len(parts))
	full := x.enter(s, len(parts))
	s.sums = slices.Grow(s.sums[:0], max(block, len(x.posts.recent)))[:max(block, len(x.posts.recent))]
	for from := 0; from < len(x.at); from += block {
		to := Ref(min(from+block, len(x.at)))
		for i := range s.lists {
			l := s.lists[i]
			if l.ref >= to {
				continue
			}
			for ; l.ref < to; l.next(x.posts.lists) {
				s.add(l.ref-Ref(from), l.worth, i < full)
			}
			s.lists[i].cursor = l.cursor
		}
		s.promise(func(n Ref) Ref { return Ref(from) + n }, allow)
	}
	for i, l := range s.lists {
		x.posts.since(l.word, func(n uint32) { s.add(n, l.worth, i < full) })
	}
	s.promise(func(n Ref) Ref { return x.posts.recent[n] }, allow)
	chosen := x.choose(s)
	x.warm(chosen)
	for _, p := range chosen {
		s.push(scored{p.ref, x.score(s, p.ref, parts)})
	}
}

// enter puts the lists of all candidates one behind the other, those of the rarest
// part first, and says how many are added up in full; the others count only for
// records that one of those has touched.
func (x *Index) enter(s *scratch, parts int) (full int) {
	var order []int
	var total [maxParts]int
	for i := range parts {
		for _, c := range s.found[i] {
			total[i] += int(c.records)
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return total[a] - total[b] })
	added := 0
	for k, i := range order {
		if all := k == 0 || added+total[i] <= mostAdded; !all && added <= mostScored {
			break // all that were touched will be scored, with every part
		} else if all {
			full += len(s.found[i])
		}
		added += total[i]
		for _, c := range s.found[i] {
			s.lists = append(s.lists, entered{x.posts.list(&x.words.list[c.word]), c.word, c.worth})
		}
	}
	return full
}

func (s *scratch) add(n uint32, worth int16, full bool) {
	switch sum := s.sums[n]; {
	case sum != 0:
		s.sums[n] = min(sum+worth, mostSum)
	case full:
		s.sums[n] = worth
		s.touched = append(s.touched, n)
	}
}

// promise keeps the touched records of a block that may be found.
func (s *scratch) promise(refOf func(uint32) Ref, allow func(Ref) bool) {
	for _, n := range s.touched {
		ref, sum := refOf(n), s.sums[n]
		s.sums[n] = 0
		if ref != nobody && (allow == nil || allow(ref)) {
			s.promising = append(s.promising, promising{ref, sum})
		}
	}
	s.touched = s.touched[:0]
}

// choose gives the records that are to be scored in full: by the sum of their words,
// then with year of birth and sex, which part people of one name.
func (x *Index) choose(s *scratch) []promising {
	most := max(mostScored, 2*s.room)
	if len(s.promising) <= most {
		return s.promising
	}
	several := best(s.promising, 6*most, len(s.promising))
	for i, p := range several {
		several[i].sum = max(0, p.sum+s.about.weigh(x.about[p.ref])+aboutBias)
	}
	return best(several, most, 2*most)
}

// best puts those with the highest sums first, about so many of them, and gives
// them. They are counted in buckets, since they need not be sorted; of the last
// bucket it takes what there is, up to the most that may be given.
func best(list []promising, about, most int) []promising {
	const perBucket = 8
	var count [(mostSum+2*aboutBias)/perBucket + 1]int32
	for _, p := range list {
		count[p.sum/perBucket]++
	}
	last, sum := len(count), 0
	for last > 0 && sum <= about {
		last--
		sum += int(count[last])
	}
	kept := 0
	for i, p := range list {
		if int(p.sum) >= (last+1)*perBucket {
			list[kept], list[i] = p, list[kept]
			kept++
		}
	}
	for i := kept; i < len(list) && kept < most; i++ {
		if p := list[i]; int(p.sum) >= last*perBucket {
			list[kept], list[i] = p, list[kept]
			kept++
		}
	}
	return list[:kept]
}

// warm touches the rows of the records that will be scored, so that the processor
// fetches many at a time.
func (x *Index) warm(list []promising) (sum byte) {
	for _, p := range list {
		sum += x.names[x.at[p.ref]]
	}
	return sum
}

// forget makes the scratch ready for the next search.
func (s *scratch) forget(parts int) {
	for i := range parts {
		for _, c := range s.found[i] {
			s.slot[c.word] = 0
		}
	}
	s.fitting.Forget()
	s.lists, s.promising = s.lists[:0], s.promising[:0]
}
