package reading

import (
	"cmp"
	"strings"
)

// A number that stands alone: people's deeds follow it, or a count was announced, or it
// goes on with another.

// without reads a number that has no noun: "about 100 escaped", "put the number at 30",
// "122 from Iraq", «детей не менее двадцати».
func (r *reader) without(ts []token, g *grammar, a amount, prior string, priorAt int) (string, int, bool) {
	unit := prior
	if unit == "" {
		unit = r.unit
	}
	if unit == "" || unit == "percent" {
		unit = "people"
	}
	if a.people {
		return unit, a.to, true
	}
	if a.year && a.from == a.core {
		return "", 0, false
	}
	if a.vague && prior == "" {
		unit = "people" // "Thousands are held" begins anew
	}
	if u, ok := g.counted(ts, a, unit); ok {
		return u, a.to, true
	}
	if u, ok := g.shares(ts, a); ok {
		return u, a.to, true
	}
	if a.from > 0 && g.ordering[ts[a.from-1].low] && a.exact < 10 {
		return "", 0, false // "the first two brought"
	}
	if a.to < len(ts) && g.more[ts[a.to].low] {
		end := a.to + 1
		return unit, end, true
	}
	if g.does(ts, g.behindAside(ts, a.to)) {
		return unit, a.to, true
	}
	if u, ok := g.subjectOf(ts, a); ok {
		return cmp.Or(u, unit), a.to, true
	}
	if u, ok := g.nounBefore(ts, a); ok {
		if u == "" {
			u = unit
		}
		return u, a.to, true
	}
	if prior != "" && g.coordinated(ts, a, priorAt) {
		return prior, a.to, true
	}
	if (r.unit != "" || r.counting) && (g.bare(ts, a) || g.guessed(ts, a)) {
		return unit, a.to, true
	}
	return "", 0, false
}

// shares reads a number that shares its noun with the next: "59 and 83 people".
func (g *grammar) shares(ts []token, a amount) (unit string, ok bool) {
	if a.to+1 >= len(ts) || !g.joins[ts[a.to].low] || a.exact <= 1 || a.year {
		return "", false
	}
	next, ok := g.simpleAt(ts, a.to+1)
	if !ok {
		return "", false
	}
	unit, _, counted, _ := g.nounAfter(ts, amount{from: a.to + 1, core: a.to + 1, to: next.next, exact: next.value}, "")
	return unit, counted && !things[unit]
}

// behindAside goes behind what stands between commas: "163, according to X, died".
func (g *grammar) behindAside(ts []token, i int) int {
	if i+2 >= len(ts) || ts[i].text != "," {
		return i
	}
	for k := i + 2; k < len(ts) && k < i+12; k++ {
		if ts[k].text != "," {
			continue
		}
		if _, ok := opens(ts, i+1, g); ok || g.lang == "ru" && ts[i+1].low == "по" {
			return k + 1
		}
		break
	}
	return i
}

// subjectOf reads a number that is the subject of a clause: "six were women", "of whom
// 1,200 are", "some 700 who used to", «Десять — уроженцы Дагестана», «Шестьдесят три
// написали». Its unit is that of what the number is said to be.
func (g *grammar) subjectOf(ts []token, a amount) (unit string, ok bool) {
	if a.to >= len(ts) || a.exact <= 1 || !g.begins(ts, a.from) {
		return "", false
	}
	next := ts[a.to]
	switch {
	case next.low == "who" || next.low == "тех":
		return "people", true
	case g.being[next.low]:
	case g.lang == "ru" && (next.text == "—" || next.text == "–" || next.text == "-"):
		for k := a.to + 1; k < len(ts) && k < a.to+3; k++ {
			if u, is := g.person(ts[k]); is {
				return u, true
			}
		}
		return "", false
	case g.lang == "ru" && !next.capital && pluralPast(next.low):
		return "", true
	default:
		return "", false
	}
	for k := a.to + 1; k < len(ts) && k < a.to+4; k++ {
		if u, is := g.person(ts[k]); is && !g.singular[ts[k].low] {
			return u, true
		}
	}
	return "", !a.year
}

// pluralPast says whether a Russian word is what several did.
func pluralPast(low string) bool {
	return len(low) > 8 && (strings.HasSuffix(low, "ли") || strings.HasSuffix(low, "лись"))
}

// begins says whether a clause can begin with what stands at i.
func (g *grammar) begins(ts []token, i int) bool {
	if i == 0 {
		return true
	}
	b := ts[i-1]
	return b.kind == mark && b.text != "(" && b.text != "$" || g.clause[b.low]
}

// guessed reads a number that has no more than its qualifier, in a text that counts
// people: "At least 50.", "the Kurdish side says about 900". Under and over a small
// number is an age.
func (g *grammar) guessed(ts []token, a amount) bool {
	switch a.value.Qualifier {
	case "about", "at least", "up to", "at most", "between":
	case "more than", "less than", "almost":
		if a.exact < 100 {
			return false
		}
	default:
		return false
	}
	return a.exact >= 10 && !a.year && g.closes(ts, a.to) && !g.timely(ts, amount{from: a.from})
}

// counted says whether the words before a number announce a count: "put the number of
// women at 50", "a toll of 17".
func (g *grammar) counted(ts []token, a amount, unit string) (string, bool) {
	found := false
	for k := a.from - 1; k >= 0 && k >= a.from-12; k-- {
		if ts[k].kind == mark && !strings.Contains(",:\"“«", ts[k].text) || ts[k].kind == number && (ts[k].value < 1900 || ts[k].value > 2100) {
			break
		}
		if u, ok := g.unit(ts[k].low); ok {
			unit = u
		}
		if g.counting[ts[k].low] {
			found = true
			break
		}
	}
	if !found || !g.closes(ts, a.to) || a.value.Qualifier != "between" && !g.reaches[ts[outOfQuote(ts, a.from)-1].low] {
		return "", false
	}
	return unit, true
}

// outOfQuote goes before the mark that opens a quoted number: was "fewer than ten".
func outOfQuote(ts []token, i int) int {
	if i > 1 && strings.Contains("\"“«", ts[i-1].text) && ts[i-1].kind == mark {
		return i - 1
	}
	return i
}

// closes says whether nothing is counted after i: the clause ends or goes on with a
// small word.
func (g *grammar) closes(ts []token, i int) bool {
	return i >= len(ts) || ts[i].kind == mark || g.stop[ts[i].low] || g.auxiliary[ts[i].low] || ts[i].low == "and" || ts[i].low == "и"
}

// does says whether people's deeds follow: "had escaped", "бежали".
func (g *grammar) does(ts []token, i int) bool {
	for k := i; k < len(ts) && k < i+5 && ts[k].kind == word; k++ {
		if g.deed(ts[k].low) && !ts[k].capital {
			return true
		}
		if !g.auxiliary[ts[k].low] && !strings.HasSuffix(ts[k].low, "ly") {
			break
		}
	}
	return false
}

// nounBefore reads what stands before a number: «детей не менее двадцати», «их 46»,
// «погибли 17», "there were at least 21".
func (g *grammar) nounBefore(ts []token, a amount) (string, bool) {
	k := a.from - 1
	if k < 0 || !g.closes(ts, a.to) {
		return "", false
	}
	if g.lang == "en" {
		if k < 1 {
			return "", g.casualty[ts[k].low]
		}
		for k > 1 && (ts[k].low == "just" || ts[k].low == "only" || ts[k].low == "now") {
			k--
		}
		there := (ts[k-1].low == "there" || ts[k-1].low == "we" || ts[k-1].low == "they") && g.being[ts[k].low]
		return "", there || g.casualty[ts[k].low] || ts[k].low == "for" && g.builtFor[ts[k-1].low]
	}
	if a.from > 1 && ts[k].text == "," { // «Убийств, по его словам, было 88»
		k = g.beforeAside(ts, k)
	}
	if (ts[k].text == "—" || ts[k].text == "–") && k > 0 {
		k--
	}
	if ts[k].low == "было" || ts[k].low == "уже" || ts[k].low == "еще" {
		k = max(0, k-1)
		if ts[k].text == "," && k > 0 {
			k = g.beforeAside(ts, k)
		}
	}
	if u, ok := g.unit(ts[k].low); ok {
		return u, true
	}
	if ts[k].low == "их" || ts[k].low == "нас" {
		for j := k - 1; j >= 0 && j > k-12; j-- {
			if u, ok := g.unit(ts[j].low); ok {
				return u, true
			}
		}
		return "", true
	}
	if k > 0 && ts[k].kind == word && g.deed(ts[k-1].low) && a.exact >= 10 && !a.year && !g.stop[ts[k].low] && !g.place[ts[k].low] {
		return "", true // «ждут отправки 16 000»
	}
	return "", g.deed(ts[k].low) && ts[k].kind == word && !ts[k].capital
}

// beforeAside goes before what stands between commas and ends at k.
func (g *grammar) beforeAside(ts []token, k int) int {
	for i := k - 1; i > 0 && i > k-8; i-- {
		if ts[i].text == "," {
			return i - 1
		}
	}
	return k
}

// coordinated says whether a number goes on with the count before it: ": 122 from Iraq
// and 152 from Syria", "up from 324 in 2021 and 281 a year earlier".
func (g *grammar) coordinated(ts []token, a amount, priorAt int) bool {
	if a.from-priorAt > 14 || a.from == 0 {
		return false
	}
	b := ts[a.from-1]
	linked := b.kind == mark && b.text != "(" || g.links[b.low] || g.ofThem[b.low] || b.capital
	if !linked || g.timely(ts, a) {
		return false
	}
	if a.to >= len(ts) || ts[a.to].kind == mark {
		return true
	}
	n := ts[a.to].low
	if ts[a.to].capital && (a.to+1 >= len(ts) || ts[a.to+1].kind == mark) {
		return true // "28,000 are Syrian and 30,000 Iraqi;"
	}
	return g.place[n] || g.links[n] || g.article[n] || n == "a" || g.lang == "ru" && ts[a.to].capital
}

// timely says that a number after "at", "by", "in" may be an hour or a day.
func (g *grammar) timely(ts []token, a amount) bool {
	return a.from > 0 && g.hours[ts[a.from-1].low] && a.value.Qualifier == ""
}

// bare reads a number that only its qualifier or its neighbours show to be a count of
// the same people: "about 100.", «сообщал о 2600».
func (g *grammar) bare(ts []token, a amount) bool {
	if a.from == 0 || !g.closes(ts, a.to) || a.to < len(ts) && g.months[ts[a.to].low] > 0 {
		return false
	}
	b := ts[a.from-1].low
	if g.lang == "ru" {
		return (b == "о" || b == "об" || b == "не" || b == "про") && a.exact > 1 && !a.year
	}
	if a.to < len(ts) && g.auxiliary[ts[a.to].low] && a.exact > 1 {
		return b == "that" || b == "," || b == "but" || b == "and" || b == "\"" || b == "“"
	}
	return g.saying[b] != "" && a.exact > 5
}
