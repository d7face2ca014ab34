package reading

import (
	"strings"
)

// Who says something by a verb of saying, and which part of the sentence it covers:
// what is introduced stands behind it, what is closed before it.

// verb reads a verb of saying at i with whoever is its subject.
func (r *reader) verb(ts []token, g *grammar, i int, said []act, dates []dated) (act, bool) {
	stance, ok := g.saying[ts[i].low]
	if g.calling[ts[i].low] { // "called the figure false", «назвали фейком»
		if g.callsFalse(ts, i) {
			stance, ok = Denies, true
		}
	}
	if g.giving[ts[i].low] && g.correctsCount(ts, i) {
		stance, ok = Asserts, true // "gave a lower figure"
	}
	switch {
	case stance == Corrects && !g.correctsCount(ts, i):
		stance = Asserts
	case stance == Withdraws && !g.correctsCount(ts, i) && !g.followedBy(ts, i, g.alsoNoun, 4): // the guards withdrew
		return act{}, false
	case g.onlyOf[ts[i].low] && !g.followedBy(ts, i, g.topic, 5): // "spoke of 699 minors"
		return act{}, false
	}
	if !ok || ts[i].kind != word || g.noVerb(ts, i) {
		return act{}, false
	}
	a := act{stance: stance, from: i, to: i + 1, scope: len(ts), carries: g.carrying[ts[i].low]}
	if g.lang == "ru" && i > 0 && (ts[i-1].text == "," || ts[i-1].text == "—" || ts[i-1].text == "–" || ts[i-1].text == "-") {
		if from, to, via, found := g.subjectAfter(ts, i, dates); found && (to >= len(ts) || ts[to].kind == mark) {
			a.to, a.trailing, a.speaker = to, true, r.subject(ts[from:to], g, said)
			a.aside = ts[i-1].text == "," && goesOnBehind(ts, to)
			if via != "" {
				a.via = []string{via}
			}
			return a, a.speaker != ""
		}
	}
	if from, to, found := g.subjectBefore(ts, i, dates); found {
		if g.nobody[ts[from].low] && to-from <= 2 || g.ourselves[ts[to-1].low] { // "we counted": whoever is quoted
			return act{}, false
		}
		a.from = from
		a.speaker = r.subject(ts[from:to], g, said)
		if a.speaker != "" {
			a.told(ts, g, i)
			if k, via := g.behindRecipient(ts, a.to, false); via != "" {
				a.via, a.to = []string{via}, k
			} else if k := g.outletEnds(ts, a.to); k > a.to {
				a.via, a.to = []string{strings.Trim(join(ts[a.to:k]), "«»")}, k
			}
			a.trailing = from > 0 && isBreak(ts[from-1]) && !isDateline(ts[:from]) && g.falls(ts, a.to, g.telling[ts[i].low], dates)
			a.aside = a.trailing && goesOnBehind(ts, a.to)
			return a, true
		}
	}
	if from, to, via, found := g.subjectAfter(ts, i, dates); found {
		a.speaker = r.subject(ts[from:to], g, said)
		a.to, a.trailing = to, g.inverted(ts, i)
		a.aside = a.trailing && (ts[i-1].low == "как" || ts[i-1].low == "as") && goesOnBehind(ts, to)
		if via != "" {
			a.via = []string{via}
		}
		return a, a.speaker != ""
	}
	if len(said) == 0 && i > 2 && (ts[i-1].low == "and" || ts[i-1].low == "but" || strings.HasSuffix(ts[i].low, "ing")) { // "The Committee disagreed and said"
		if end := g.opensWith(ts, i); end > 0 {
			a.speaker, a.from = g.name(ts[:end]), 0
			return a, a.speaker != ""
		}
	}
	if len(said) > 0 && (i > 0 && g.goesOn[ts[i-1].low] || strings.HasSuffix(ts[i].low, "ing") || i > 1 && g.skipBefore[ts[i-1].low]) {
		a.speaker, a.via = said[len(said)-1].speaker, said[len(said)-1].via
		return a, a.speaker != ""
	}
	return act{}, false
}

// opensWith gives the end of the name with which a sentence opens.
func (g *grammar) opensWith(ts []token, i int) int {
	k := 0
	for k < i && ts[k].kind == word && (ts[k].capital || g.article[ts[k].low] || ts[k].low == "of" || ts[k].low == "for" || k+1 < i && g.titled[ts[k].low] && ts[k+1].capital) {
		k++
	}
	if k == 0 || k == 1 && !ts[0].capital || k == i || g.place[ts[0].low] || g.dateWord(ts[0]) || g.pronoun[ts[0].low] {
		return 0
	}
	return k
}

// goesOnBehind says whether a sentence goes on behind a comma: "Ten men, she said, fled".
func goesOnBehind(ts []token, i int) bool {
	for k := i; k < len(ts) && k < i+8; k++ {
		if ts[k].text == "," && k+2 < len(ts) {
			return true
		}
	}
	return false
}

// followedBy says whether one of some words stands within a few behind i.
func (g *grammar) followedBy(ts []token, i int, some words, within int) bool {
	for k := i + 1; k < len(ts) && k <= i+within && ts[k].kind != mark; k++ {
		if some[ts[k].low] {
			return true
		}
	}
	return false
}

// callsFalse says whether what somebody calls something is that it is not so.
func (g *grammar) callsFalse(ts []token, i int) bool {
	for k := i + 1; k < len(ts) && k < i+12; k++ {
		if g.falsehood[ts[k].low] {
			return true
		}
	}
	return false
}

// correctsCount says whether a count is corrected, and not only made more exact:
// «уточнила она» adds, «уточнила число» corrects.
func (g *grammar) correctsCount(ts []token, i int) bool {
	for k := i + 1; k < len(ts) && k < i+5; k++ {
		if g.counting[ts[k].low] || g.material[ts[k].low] {
			return true
		}
	}
	return false
}

// isDateline says whether words are only where a report was filed: "GENEVA (Reuters) –".
func isDateline(ts []token) bool {
	last := ts[len(ts)-1].text
	return len(ts) < 8 && len(ts) > 1 && (last == "—" || last == "–" || last == "-") && ts[0].capital
}

// isBreak says whether a clause may begin behind a mark.
func isBreak(t token) bool {
	return t.kind == mark && strings.Contains(",\"”»“;—–-…!?", t.text)
}

// noVerb are words that only look like a verb of saying: "its report", "was reported".
func (g *grammar) noVerb(ts []token, i int) bool {
	if i == 0 {
		return g.alsoNoun[ts[i].low]
	}
	before := ts[i-1].low
	if g.alsoNoun[ts[i].low] && (ts[i-1].kind == number || strings.HasSuffix(before, "ed") || g.article[before] || g.determiner[before] || g.saying[before] != "" || g.stop[before] && !g.pronoun[before] && !g.skipBefore[before] && before != "had" && before != "has") {
		return true
	}
	if g.passive[before] {
		return true
	}
	// "the confirmed toll", "an estimated 50"
	return g.lang == "en" && strings.HasSuffix(ts[i].low, "ed") && (g.article[before] || g.determiner[before]) && !g.pronoun[before]
}

// inverted says whether a verb with its subject behind it closes what was said, and
// does not open it: «…, сообщил ЮНИСЕФ» but «Как сообщил ЮНИСЕФ, …».
func (g *grammar) inverted(ts []token, i int) bool {
	for k := i - 1; k >= 0 && (k >= i-2 || k == i-3 && g.relative[ts[i-1].low]); k-- {
		if isBreak(ts[k]) && k > 0 {
			return true
		}
	}
	return false
}

// told reads whom the speaker told it: "told AFP", and where the words end.
func (a *act) told(ts []token, g *grammar, i int) {
	if !g.telling[ts[i].low] || i+1 >= len(ts) {
		return
	}
	k := i + 1
	for k < len(ts) && (g.article[ts[k].low] || ts[k].low == "the") {
		k++
	}
	from := k
	for k < len(ts) && k < from+5 && ts[k].kind == word && (ts[k].capital || k > from && ts[k].low == "of") {
		if g.weekdays[ts[k].low] > 0 || g.months[ts[k].low] > 0 {
			break
		}
		k++
	}
	if k > from {
		a.via, a.to = []string{join(ts[from:k])}, k
	}
}

// outletEnds goes behind an outlet with which a clause ends: «директор рассказала «Шафак
// ньюс», что», «сенатор говорил ТАСС о 44 пассажирах».
func (g *grammar) outletEnds(ts []token, i int) int {
	if g.lang != "ru" || i >= len(ts) {
		return i
	}
	k := i
	if ts[k].text == "«" {
		k = closeOf(ts, k) + 1
	} else {
		for k < len(ts) && ts[k].kind == word && isMedia(ts[k].text) && ts[k].capital {
			k++
		}
	}
	if k > i+1 || k == i+1 && ts[i].kind == word {
		if k >= len(ts) || ts[k].kind == mark || g.preposition[ts[k].low] || g.boundary[ts[k].low] {
			return k
		}
	}
	return i
}

// falls says whether a sentence or clause ends soon after a verb, with no more than
// when, where or to whom it was said: what it reports stands before it.
func (g *grammar) falls(ts []token, i int, along bool, dates []dated) bool {
	for n := 0; i < len(ts) && n < 14; n++ {
		if d, ok := startingAt(dates, i); ok {
			i = d.to
			continue
		}
		t := ts[i]
		if t.text == "(" && i+8 < len(ts) {
			for i < len(ts) && ts[i].text != ")" {
				i++
			}
			i++
			continue
		}
		if t.kind == mark {
			return t.text != ":"
		}
		if t.low == "anonymity" { // "on condition of anonymity because …"
			return true
		}
		along = along || g.aside[t.low]
		if !along || g.auxiliary[t.low] || g.pronoun[t.low] || t.kind == number || g.deed(t.low) {
			return false
		}
		i++
	}
	return i >= len(ts)
}
