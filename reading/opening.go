package reading

import (
	"strings"
)

// Who says something without a verb: "according to X", «по словам X», "reports by X
// that", "quoted X as saying".

// phrase reads "according to X", «по словам X», "reports by X that".
func (r *reader) phrase(ts []token, g *grammar, i int) (act, bool) {
	if g.lang == "ru" && i+2 < len(ts) && ts[i].low == "по" && (ts[i+1].low == "его" || ts[i+1].low == "ее" || ts[i+1].low == "их") && g.bearing[ts[i+2].low] {
		a := act{speaker: r.last, bearing: true, stance: Asserts, from: i, to: i + 3, scope: len(ts), trailing: i > 0 && ts[i-1].text == "," && i+4 >= len(ts)}
		if strings.HasPrefix(ts[i+2].low, "оценк") {
			a.stance = Estimates
		}
		return a, r.last != ""
	}
	if i == 0 && len(ts) > 4 && ts[0].low == "this" && ts[1].low == "was" && g.saying[ts[2].low] != "" && ts[3].low == "by" {
		end := g.nameEnd(ts, 4)
		a := act{speaker: g.name(ts[4:end]), stance: Asserts, to: end, scope: len(ts), back: true}
		return a, a.speaker != ""
	}
	if g.owner[ts[i].low] && i+1 < len(ts) && g.owned[ts[i+1].low] && r.person != "" { // "Her list has 1,779 names"
		return act{speaker: r.person, stance: Asserts, from: i, to: i + 2, scope: len(ts)}, true
	}
	if a, ok := r.quoted(ts, g, i); ok {
		return a, true
	}
	if opener, ok := opens(ts, i, g); ok {
		end := g.nameEnd(ts, opener.to)
		if end == opener.to {
			return act{}, false
		}
		name, basis := g.source(ts[opener.to:end])
		if name == "" { // "according to camp records": nobody else is named
			name, basis = basis, ""
			if g.material[fold(name)] {
				return act{}, false // "according to reports" names nobody
			}
		}
		a := act{speaker: name, basis: basis, stance: opener.stance, from: i, to: end, scope: len(ts), trailing: i > 0 && !startsClause(ts, i)}
		a.trailing = a.trailing && !(end < len(ts) && ts[end].low == "that") // "earlier reports by X that"
		a.aside = a.trailing && goesOnBehind(ts, end)
		a.nameless = g.isAnonymous(ts[opener.to:end])
		return a, name != ""
	}
	return act{}, false
}

// quoted reads "Interfax quoted police as saying": police speak, Interfax carries.
func (r *reader) quoted(ts []token, g *grammar, i int) (act, bool) {
	if !g.quoting[ts[i].low] {
		return act{}, false
	}
	for k := i + 2; k+1 < len(ts) && k < i+12; k++ {
		if ts[k].kind == mark && ts[k].text != "." {
			break
		}
		if ts[k].low != "as" || ts[k+1].low != "saying" {
			continue
		}
		a := act{speaker: g.name(ts[i+1 : k]), stance: Asserts, from: i, to: k + 2, scope: len(ts)}
		if from, to, ok := g.subjectBefore(ts, i, nil); ok {
			a.from, a.via = from, []string{g.name(ts[from:to])}
		}
		a.trailing = a.from > 0 && isBreak(ts[a.from-1]) && k+2 < len(ts) && ts[k+2].kind == mark
		return a, a.speaker != ""
	}
	return act{}, false
}

// startsClause says whether i is where a sentence or a new half of it begins.
func startsClause(ts []token, i int) bool {
	for k := i - 1; k >= 0; k-- {
		if ts[k].kind != mark {
			return false
		}
	}
	return true
}

type opening struct {
	to     int
	stance Stance
}

// opens finds the longest opener that begins at i.
func opens(ts []token, i int, g *grammar) (opening, bool) {
	if !g.first[ts[i].low] {
		return opening{}, false
	}
	for n := min(4, len(ts)-i); n >= 1; n-- {
		if s, ok := g.openers[lows(ts[i:i+n])]; ok {
			return opening{i + n, s}, true
		}
	}
	return opening{}, false
}

// source takes the speaker out of words that may name only what he rests on: "figures
// published by the United Nations" is the United Nations, "camp records" is a basis.
func (g *grammar) source(ts []token) (name, basis string) {
	for i, t := range ts {
		if !g.material[t.low] {
			continue
		}
		if i > 0 && ts[i-1].low == "'s" {
			return g.name(ts[:i-1]), ""
		}
		if i > 0 && g.lang == "en" && ts[i-1].capital && ts[0].capital {
			return g.name(ts[:i]), "" // "OCHA figures from July"
		}
		for k := i + 1; k < len(ts); k++ {
			if g.lang == "ru" || g.sourceLink[ts[k].low] {
				if g.lang == "en" {
					k++
				}
				rest := ts[k:]
				if g.lang == "en" && ts[k-1].low == "that" {
					rest = properName(rest)
				}
				if n := g.name(rest); n != "" {
					return n, ""
				}
				break
			}
		}
		return "", g.name(ts)
	}
	return g.name(ts), ""
}

// properName gives the words up to the first that is not part of a name.
func properName(ts []token) []token {
	for i, t := range ts {
		if i > 0 && !t.capital && t.low != "of" && t.low != "for" && t.low != "the" {
			return ts[:i]
		}
	}
	return ts
}
