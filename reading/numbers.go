package reading

import "strings"

// An amount is a number as said: its tokens, from its qualifier on, and its value.
type amount struct {
	from, core, to int // first token, first of the number itself, behind the last
	value          Value
	exact          float64
	percent        bool
	year           bool // could be one: 1900 to 2099 in plain digits
	people         bool // a word that counts people only: двое, троих
	vague          bool
}

// simple reads one number that begins at i: digits or words, with its scale.
type simple struct {
	value  float64
	next   int
	scale  float64 // the last scale word, for "five to seven thousand"
	vague  string
	digits bool
	people bool
	year   bool
}

func (g *grammar) simpleAt(ts []token, i int) (simple, bool) {
	if i >= len(ts) {
		return simple{}, false
	}
	if ts[i].kind == number {
		s := simple{value: ts[i].value, next: i + 1, digits: true, scale: 1}
		s.year = !ts[i].grouped && s.value >= 1900 && s.value < 2100 && s.value == float64(int(s.value))
		g.scales(ts, &s)
		s.year = s.year && s.next == i+1
		return s, true
	}
	if s, ok := g.vagueAt(ts, i); ok {
		return s, true
	}
	return g.wordsAt(ts, i)
}

// scales multiplies by what follows: thousand, тыс.
func (g *grammar) scales(ts []token, s *simple) {
	for s.next < len(ts) {
		if with := s.next; with+2 < len(ts) && g.extra[ts[with+1].low] && g.scale[ts[with+2].low] >= 1000 {
			s.next += 2 // «4 с лишним тысячи»
		}
		scale, ok := g.scale[ts[s.next].low]
		if !ok {
			return
		}
		s.value, s.scale = s.value*scale, s.scale*scale
		s.next++
		if g.abbreviations[ts[s.next-1].low] && s.next+1 < len(ts) && ts[s.next].text == "." && !ts[s.next+1].capital {
			s.next++
		}
	}
}

// vagueAt reads dozens, hundreds, tens of thousands, several hundred: the least that
// the word can mean.
func (g *grammar) vagueAt(ts []token, i int) (simple, bool) {
	j := i
	times := 1.0
	if g.several[ts[j].low] {
		times = 2
		j++
	} else if ts[j].low == "a" && j+1 < len(ts) && ts[j+1].low == "few" {
		times = 2
		j += 2
	}
	if j >= len(ts) {
		return simple{}, false
	}
	v, ok := g.vague[ts[j].low]
	if !ok && times == 2 {
		v = vagueWord{g.scale[ts[j].low], g.scaleName[ts[j].low]}
		ok = v.name != ""
	}
	if !ok || times == 1 && g.qualified(ts, i) && g.scaleOne[ts[j].low] {
		return simple{}, false
	}
	s := simple{value: v.least * times, next: j + 1, vague: v.name, scale: 1}
	k := s.next
	if k < len(ts) && ts[k].low == "of" {
		k++
	}
	if k < len(ts) && g.manyScale[ts[k].low] > 0 {
		s.value *= g.manyScale[ts[k].low]
		s.vague = v.name + " of " + g.scaleName[ts[k].low]
		s.next = k + 1
	}
	return s, true
}

// qualified says whether a word of quantity stands before i, so that "сотни" is one
// hundred and not hundreds.
func (g *grammar) qualified(ts []token, i int) bool {
	_, from := g.qualifierBefore(ts, i)
	return from < i
}

// wordsAt reads a number in words.
func (g *grammar) wordsAt(ts []token, i int) (simple, bool) {
	s := simple{next: i, scale: 1}
	total, current, read := 0.0, 0.0, false
	lastUnit := 0.0 // the value of the word before, 0 after a scale
	if g.article[ts[i].low] {
		if i+1 >= len(ts) || g.scale[ts[i+1].low] == 0 {
			return s, false
		}
		current, s.next = 1, i+1
	}
	for s.next < len(ts) {
		low := ts[s.next].low
		if v, people, ok := g.numeral(low); ok && (lastUnit == 0 || v < lastUnit && lastUnit >= 20) {
			current, lastUnit, read = current+v, v, true
			s.people = s.people || people
			s.next++
			continue
		}
		if scale := g.scale[low]; scale > 0 && ts[s.next].kind == word && (read || current > 0 || g.scaleOne[low]) {
			current = max(current, 1) * scale
			if scale >= 1000 {
				total, current = total+current, 0
			}
			s.scale, lastUnit, read = scale, 0, true
			s.next++
			continue
		}
		if low == "and" && g.lang == "en" && read && s.scale >= 100 && s.next+1 < len(ts) {
			if _, _, ok := g.numeral(ts[s.next+1].low); ok && lastUnit == 0 {
				s.next++
				continue
			}
		}
		break
	}
	s.value = total + current
	return s, read
}

// numeral is the value of one word, or of two with a hyphen.
func (g *grammar) numeral(low string) (v float64, people, ok bool) {
	if g.half[low] {
		return 1.5, false, true
	}
	if v, ok := g.numerals[low]; ok {
		return v, g.collective[low], true
	}
	if tens, unit, cut := strings.Cut(low, "-"); cut && g.lang == "en" {
		a, okA := g.numerals[tens]
		b, okB := g.numerals[unit]
		if okA && okB && a >= 20 && b < 10 {
			return a + b, false, true
		}
	}
	return 0, false, false
}

// amountAt reads a number with its range and the words that qualify it.
func (g *grammar) amountAt(ts []token, i int) (amount, bool) {
	s, ok := g.simpleAt(ts, i)
	if !ok {
		return amount{}, false
	}
	a := amount{from: i, core: i, to: s.next, exact: s.value, people: s.people, year: s.year, vague: s.vague != ""}
	low, high := s.value, s.value
	a.value = Value{Low: &low, High: &high, Qualifier: s.vague}
	if a.vague {
		a.value.High = nil
	}
	if other, from, ok := g.rangeAt(ts, i, s); ok {
		if low < 1000 && other.scale > 1 && s.scale == 1 && low*other.scale < other.value {
			low *= other.scale
		}
		high = other.value
		a.value = Value{Low: &low, High: &high, Qualifier: "between"}
		a.from, a.to, a.year = from, other.next, a.year && other.year
	}
	if a.to < len(ts) && g.percent[ts[a.to].low] {
		a.percent = true
		a.to++
		if ts[a.to-1].low == "per" {
			a.to++
		}
	}
	if a.value.Qualifier != "between" {
		a.qualify(g, ts)
	} else if q, from := g.qualifierBefore(ts, a.from); q == "about" {
		a.from = from
	}
	return a, true
}

// rangeAt reads the other end: 30-40, 30 or 40, between 30 and 40, от 30 до 40.
func (g *grammar) rangeAt(ts []token, i int, s simple) (other simple, from int, ok bool) {
	if s.next+1 >= len(ts) || s.vague != "" {
		return other, i, false
	}
	before := ""
	if i > 0 {
		before = ts[i-1].low
	}
	link, from := ts[s.next].low, i
	switch {
	case g.rangeOpen[before] == link && link != "":
		from = i - 1
	case link == "–" || link == "-" || link == "—" && !ts[s.next].spaced:
	case g.rangeLink[link] && before != "from":
	default:
		return other, i, false
	}
	other, ok = g.simpleAt(ts, s.next+1)
	return other, from, ok && other.vague == "" && other.value > s.value*min(1, other.scale) && other.value > s.value
}

// qualify reads "at least", "about", "or so".
func (a *amount) qualify(g *grammar, ts []token) {
	q := ""
	for range 2 {
		found, from := g.qualifierBefore(ts, a.from)
		if from == a.from {
			break
		}
		if q == "" || q == "about" || found == "at least" {
			q = found
		}
		a.from = from
	}
	if a.from > 0 && q == "" && (ts[a.from-1].low == "человек" || ts[a.from-1].low == "штук") {
		q, a.from, a.people = "about", a.from-1, true // «человек двести»
	}
	if q == "" && a.from > 0 && g.exceeding[ts[a.from-1].low] {
		q = "more than" // "exceeded 150"
	}
	for _, words := range g.after {
		if matches(ts, a.to, words) {
			q, a.to = "about", a.to+len(words)
			break
		}
	}
	switch q {
	case "":
		return
	case "at least", "more than":
		a.value.High = nil
	case "up to", "at most", "less than":
		a.value.High, a.value.Low = a.value.Low, nil
	}
	if a.vague && a.value.Low != nil {
		a.value.High = nil
		return // "at least dozens" says no more than dozens
	}
	a.value.Qualifier = q
}

// qualifierBefore finds the longest qualifier that ends before i. A Russian preposition
// may stand between: «как минимум о двух тысячах». "Handed over 33" is none.
func (g *grammar) qualifierBefore(ts []token, i int) (name string, from int) {
	from = i
	if i > 1 && g.between[ts[i-1].low] {
		if name, from := g.qualifierBefore(ts[:i-1], i-1); name == "at least" || name == "at most" {
			return name, from
		}
	}
	if i > 1 && ts[i-1].low == "over" && g.phrasal[ts[i-2].low] {
		return "", i
	}
	for n := min(4, i); n >= 1 && g.lastOf[ts[i-1].low]; n-- {
		if name, ok := g.before[lows(ts[i-n:i])]; ok {
			return name, i - n
		}
	}
	return "", i
}

func lows(ts []token) string {
	if len(ts) == 1 {
		return ts[0].low
	}
	parts := make([]string, len(ts))
	for i, t := range ts {
		parts[i] = t.low
	}
	return strings.Join(parts, " ")
}

func matches(ts []token, i int, words []string) bool {
	if i+len(words) > len(ts) {
		return false
	}
	for k, w := range words {
		if ts[i+k].low != w {
			return false
		}
	}
	return true
}
