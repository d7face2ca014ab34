package reading

import (
	"cmp"
	"strings"
)

// The noun that is counted: "50 Russian women", "200 of us".

// nounAfter looks for the noun that is counted: "50 Russian women", "200 of us". The
// word other says that something else is counted.
// Of "them" there are as many as same.
func (g *grammar) nounAfter(ts []token, a amount, same string) (unit string, end int, ok, other bool) {
	behind := pastQuote(ts, a)
	begin := behind
	if begin < len(ts) && (ts[begin].low == "of" || ts[begin].low == "из") {
		if a.exact <= 1 {
			return "", 0, false, true // "one of the camps" counts nothing
		}
		if begin+1 < len(ts) && g.ofThem[ts[begin+1].low] {
			return cmp.Or(same, "people"), begin + 2, true, false
		}
		begin++
		for begin < len(ts) && g.pointing[ts[begin].low] {
			begin++
		}
	}
	for k := begin; k < len(ts) && k < begin+6; k++ {
		u, is := g.person(ts[k])
		if is && a.exact != 1 && g.singular[ts[k].low] {
			continue // "58 prisoner exchanges" are no prisoners
		}
		if is && !(g.lang == "en" && ts[k].capital && k+1 < len(ts) && ts[k+1].capital && k > begin) {
			if u != "people" || unit == "" { // "displaced people" are displaced
				unit = u
			}
			if k > begin && g.peaceful(ts[k-1].low) {
				unit = "people" // «мирных жителей»
			}
			end, ok = k+1, true
			if g.lang == "ru" && !g.adjective(ts[k].low) {
				break // what follows is in the genitive: «семей боевиков» are families
			}
			continue
		}
		if ok || g.endsPhrase(ts, k, begin) {
			break
		}
	}
	if ok {
		unit, end = g.together(ts, unit, end)
		return unit, end, true, false
	}
	return "", 0, false, g.countsOther(ts, behind)
}

// pastQuote goes behind a number and the quotation marks around it or behind it:
// "fewer than ten" detainees, семь тысяч «русских вдов».
func pastQuote(ts []token, a amount) int {
	if a.to < len(ts) && ts[a.to].kind == mark && strings.Contains("«»“”\"", ts[a.to].text) {
		closes := ts[a.to].text != "«" && ts[a.to].text != "“" && !ts[a.to].spaced
		if !closes || a.from > 0 && strings.Contains("«“\"", ts[a.from-1].text) {
			return a.to + 1
		}
	}
	return a.to
}

// isWhere says whether a few camps or prisons are only where something is: "in two
// camps". "Closed two camps" counts them.
func (g *grammar) isWhere(ts []token, a amount, unit string) bool {
	if unit != "camps" && unit != "prisons" || a.exact > 5 || a.value.Qualifier != "" {
		return false
	}
	k := a.from - 1
	for k >= 0 && g.pointing[ts[k].low] {
		k--
	}
	return k >= 0 && (g.place[ts[k].low] || ts[k].low == "of")
}

// person gives the unit of a noun for people or for what is counted with them.
func (g *grammar) person(t token) (unit string, ok bool) {
	if unit, ok = g.unit(t.low); !ok && g.demonym(t) {
		return "people", true
	}
	return unit, ok
}

// endsPhrase says whether no noun that is counted can stand at k or behind it.
func (g *grammar) endsPhrase(ts []token, k, begin int) bool {
	t := ts[k]
	if t.low == "and" || t.low == "и" { // "Kazakh and Uzbek citizens"
		return k == begin
	}
	if t.kind != word || g.small(t) || g.months[t.low] > 0 {
		return true
	}
	if g.deed(t.low) && (k > begin && !g.adjective(t.low) || k == begin && !g.participle(t.low)) {
		return true
	}
	_, _, numeral := g.numeral(t.low)
	return numeral && !t.capital
}

// countsOther says whether the word at k is the noun of something that is not counted
// here: kilometres, countries.
func (g *grammar) countsOther(ts []token, k int) bool {
	if k >= len(ts) || ts[k].kind != word {
		return false
	}
	low := ts[k].low
	return !g.stop[low] && !g.auxiliary[low] && !g.deed(low) && !g.more[low] && low != "and" && low != "и" && !g.article[low] && g.saying[low] == ""
}

// participle says whether a deed may stand before the noun it belongs to.
func (g *grammar) participle(low string) bool {
	if g.lang == "ru" {
		return g.adjective(low)
	}
	return strings.HasSuffix(low, "ed") || strings.HasSuffix(low, "ing") || strings.HasSuffix(low, "en")
}

func (g *grammar) adjective(low string) bool {
	if g.lang == "en" {
		return g.participle(low)
	}
	for _, ending := range []string{"ых", "их", "ые", "ие", "ым", "ими", "ыми"} {
		if strings.HasSuffix(low, ending) {
			return true
		}
	}
	return false
}

// together joins "women and children", which one number counts.
func (g *grammar) together(ts []token, unit string, end int) (string, int) {
	if end+1 < len(ts) && (ts[end].low == "and" || ts[end].low == "и") {
		k := end + 1
		if k+1 < len(ts) && ts[k].low == "their" {
			k++
		}
		if second, ok := g.unit(ts[k].low); ok && second != unit {
			return unit + " and " + second, k + 1
		}
	}
	return unit, end
}

// small says whether a token is one of the small words at which a noun phrase ends:
// "is", but not "IS".
func (g *grammar) small(t token) bool {
	return (g.stop[t.low] || g.auxiliary[t.low]) && !(t.capital && len(t.text) > 1 && strings.ToUpper(t.text) == t.text)
}
