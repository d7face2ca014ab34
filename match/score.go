package match

import (
	"math"

	"homeward/names"
)

// maxWords is how many words of one name are looked at.
const maxWords = 12

// line is what a word of a record is worth for each part of the query, nil when it
// is worth nothing for any, and its role.
type line struct {
	worth *[maxParts]int16
	role  names.Role
}

// score weighs one record: by the best of its names, year of birth and sex.
func (x *Index) score(s *scratch, ref Ref, parts []names.Reading) int32 {
	best := int32(math.MinInt32 / 2)
	var lines [maxWords]line
	n := 0
	r := rowReader{list: x.names[x.at[ref]:]}
	for more := true; more; {
		more = r.next()
		if more && r.word != 0 {
			if n < len(lines) {
				lines[n] = line{role: r.role}
				if at := s.slot[r.word]; at != 0 {
					lines[n].worth = &s.worth[at-1]
				}
				n++
			}
			continue
		}
		best = max(best, weighName(lines[:n], parts))
		n = 0
	}
	return best + int32(s.about.weigh(x.about[ref]))
}

// weighName assigns words of a record to parts of the query, the best pair first,
// and takes off what is left over on either side.
func weighName(lines []line, parts []names.Reading) int32 {
	sum := int32(0)
	var taken, met uint
	for {
		best, word, part := int32(0), 0, 0
		for i, l := range lines {
			if l.worth == nil || taken&(1<<i) != 0 {
				continue
			}
			for j := range parts {
				if met&(1<<j) != 0 {
					continue
				}
				if w := int32(l.worth[j]) - otherRole(l.role, parts[j].Role); w > best {
					best, word, part = w, i, j
				}
			}
		}
		if best == 0 {
			return sum - leftOver(lines, parts, taken, met)
		}
		sum += best
		taken |= 1 << word
		met |= 1 << part
	}
}

// otherRole is what it costs that the name of a kunya met another part: it is her
// child's.
func otherRole(a, b names.Role) int32 {
	if (a == names.Kunya) != (b == names.Kunya) {
		return int32(T.OtherRole * unit)
	}
	return 0
}

// leftOver is what parts without a counterpart cost. As many as both sides have met
// each other and differ; the rest one side does not have. A kunya is left out
// freely.
func leftOver(lines []line, parts []names.Reading, taken, met uint) int32 {
	words, asked := 0, 0
	for i, l := range lines {
		if taken&(1<<i) == 0 && l.role != names.Kunya {
			words++
		}
	}
	for j, p := range parts {
		if met&(1<<j) == 0 && p.Role != names.Kunya {
			asked++
		}
	}
	both := min(words, asked)
	return int32((float64(both)*T.Conflict + float64(asked-both)*T.Missing + float64(words-both)*T.Extra) * unit)
}

// aboutWeights say what a record's year of birth and sex are worth for a query.
type aboutWeights struct {
	sex            Sex
	year, spread   int
	known          bool
	by             [len(T.Year)]int16
	otherYear, off int16
}

func weighAbout(q Query) aboutWeights {
	w := aboutWeights{sex: q.Sex, otherYear: int16(T.YearOff * unit), off: int16(T.SexOff * unit)}
	for i, worth := range T.Year {
		w.by[i] = int16(worth * unit)
	}
	w.year, w.spread, w.known = makeAbout(NoSex, q.Born).born()
	return w
}

func (w *aboutWeights) weigh(a about) int16 {
	sum := int16(0)
	if s := a.sex(); s != w.sex && s != NoSex && w.sex != NoSex {
		sum += w.off
	}
	year, spread, known := a.born()
	if !w.known || !known {
		return sum
	}
	apart := max(0, max(year-w.year, w.year-year)-spread-w.spread)
	if apart < len(w.by) {
		return sum + w.by[apart]
	}
	return sum + w.otherYear
}
