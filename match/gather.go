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
	mostScored = 400
	// mostSum bounds a sum of worths.
	mostSum = 1 << 13
	// aboutBias keeps a sum above 0 when year and sex speak against the record.
	aboutBias = 10 * unit
)

// gather adds up what the candidate words are worth for each record, those of the
// rarest part first, and scores the most promising in full.
func (x *Index) gather(s *scratch, parts []names.Reading, allow func(Ref) bool) {
	defer s.forget(len(parts))
	var order []int
	var total [maxParts]int
	for i := range parts {
		for _, c := range s.found[i] {
			total[i] += int(x.words.list[c.word].records)
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return total[a] - total[b] })
	added := 0
	for k, i := range order {
		full := k == 0 || added+total[i] <= mostAdded
		if !full && len(s.touched) <= mostScored {
			break // all that were touched will be scored, with every part
		}
		added += total[i]
		for _, c := range s.found[i] {
			x.addUp(s, c, full)
		}
	}
	if allow != nil {
		s.allow(allow)
	}
	for _, ref := range s.touched[:x.choose(s)] {
		s.push(scored{ref, x.score(s, ref, parts)})
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
		s.add(ref-1, c.worth, full)
	}
	x.posts.since(c.word, func(ref Ref) { s.add(ref, c.worth, full) })
}

func (s *scratch) add(ref Ref, worth int16, full bool) {
	switch sum := s.sums[ref]; {
	case sum != 0:
		s.sums[ref] = min(sum+worth, mostSum)
	case full:
		s.sums[ref] = worth
		s.touched = append(s.touched, ref)
	}
}

// allow forgets the records that may not be found.
func (s *scratch) allow(may func(Ref) bool) {
	kept := s.touched[:0]
	for _, ref := range s.touched {
		if may(ref) {
			kept = append(kept, ref)
		} else {
			s.sums[ref] = 0
		}
	}
	s.touched = kept
}

// choose puts those first that are to be scored in full, and says how many: by the
// sum of their words, then with year of birth and sex, which part people of one
// name.
func (x *Index) choose(s *scratch) int {
	most := max(mostScored, 2*s.room)
	if len(s.touched) <= most {
		return len(s.touched)
	}
	n := s.best(len(s.touched), 6*most)
	for _, ref := range s.touched[:n] {
		s.sums[ref] = max(1, s.sums[ref]+s.about.weigh(x.about[ref])+aboutBias)
	}
	return min(s.best(n, most), 3*most)
}

// best moves those with the highest sums, about most of them, to the front of the
// first n touched, and says how many.
func (s *scratch) best(n, most int) int {
	const buckets = mostSum/8 + 256
	var count [buckets]int32
	for _, ref := range s.touched[:n] {
		count[s.sums[ref]/8]++
	}
	least, sum := int16(0), 0
	for b := buckets - 1; b >= 0; b-- {
		if sum += int(count[b]); sum > most {
			least = int16(b) * 8
			break
		}
	}
	k := 0
	for i, ref := range s.touched[:n] {
		if s.sums[ref] >= least {
			s.touched[k], s.touched[i] = ref, s.touched[k]
			k++
		}
	}
	return k
}

// forget makes the scratch ready for the next search.
func (s *scratch) forget(parts int) {
	for i := range parts {
		for _, c := range s.found[i] {
			s.slot[c.word] = 0
		}
	}
	for _, r := range s.touched {
		s.sums[r] = 0
	}
	s.touched = s.touched[:0]
}
