package reading

import (
	"strings"
)

// The subject of a verb of saying: before it, or behind it.

// subject names the speaker: a pronoun is whoever spoke last.
func (r *reader) subject(ts []token, g *grammar, said []act) string {
	if len(ts) <= 2 && g.pronoun[ts[len(ts)-1].low] {
		if len(said) > 0 && said[len(said)-1].speaker != "" {
			return said[len(said)-1].speaker
		}
		if g.personal[ts[len(ts)-1].low] {
			return r.person
		}
		return r.last
	}
	if g.common[ts[len(ts)-1].low] && !ts[len(ts)-1].capital && (len(ts) == 1 || len(ts) == 2 && ts[0].low == "the") {
		if known := r.known(ts[len(ts)-1].low); known != "" {
			return known
		}
	}
	return g.name(ts)
}

// subjectBefore finds the words of a subject that end before the verb at i.
func (g *grammar) subjectBefore(ts []token, i int, dates []dated) (from, to int, ok bool) {
	to = g.beforeAsides(ts, i, dates)
	if to > 0 && ts[to-1].text == "," { // an apposition, or "citing Y", between commas
		comma := openingComma(ts, to-1)
		switch {
		case comma <= 0:
			return 0, 0, false
		case areNames(ts[comma+1 : to-1]): // "their lawyer, Ida Holm, said"
			if from, _, ok := g.subjectBefore(ts, comma, dates); ok {
				return from, to - 1, true
			}
			return comma + 1, to - 1, true
		case !g.apposes(ts, comma+1):
			return 0, 0, false
		}
		to = comma
	}
	from, to = g.trimmed(ts, g.reachBack(ts, to), to, dates)
	if from < to && g.lang == "ru" && g.isClause(ts[from:to]) {
		return 0, 0, false
	}
	return from, to, from < to && (g.canSpeak(ts[from:to]) || g.nobody[ts[from].low])
}

// isClause says whether words begin with a verb and so are no name: «находились в лагере».
func (g *grammar) isClause(ts []token) bool {
	return !ts[0].capital && (pluralPast(ts[0].low) || strings.HasSuffix(ts[0].low, "лся") || strings.HasSuffix(ts[0].low, "лась") || strings.HasSuffix(ts[0].low, "ются") || strings.HasSuffix(ts[0].low, "ится"))
}

// beforeAsides goes back over what stands between a subject and its verb: adverbs, a
// time, a short form in brackets.
func (g *grammar) beforeAsides(ts []token, to int, dates []dated) int {
	for to > 0 {
		if t := ts[to-1]; g.skipBefore[t.low] || g.lang == "ru" && t.low == "не" {
			to--
		} else if d, found := endingAt(dates, to); found && d.from > 0 {
			to = d.from
		} else {
			break
		}
	}
	if to > 3 && ts[to-1].text == ")" { // "the Observatory (SOHR) said"
		for k := to - 2; k > 0 && k > to-8; k-- {
			if ts[k].text == "(" {
				return k
			}
		}
	}
	return to
}

// reachBack finds where the words begin that a subject can consist of.
func (g *grammar) reachBack(ts []token, to int) int {
	from := to
	for from > 0 && to-from < 16 && !g.limits(ts, from-1) {
		if closes := ts[from-1].text; closes == "»" || closes == "”" || closes == "\"" {
			opened := openOf(ts, from-1)
			if opened < 0 || from-opened > 8 {
				break
			}
			from = opened
			continue
		}
		from--
	}
	return from
}

// trimmed takes away from a subject what is not its name: "On Monday the ministry",
// "Earlier she", "messages it", «об этом журналистам».
func (g *grammar) trimmed(ts []token, from, to int, dates []dated) (int, int) {
	for from < to {
		if d, found := startingAt(dates, from); found && d.to < to {
			from = d.to
		} else if g.skipBefore[ts[from].low] || ts[from].text == "," || ts[from].low == "and" || ts[from].low == "и" {
			from++
		} else {
			break
		}
	}
	for k := from + 1; k < to; k++ {
		_, cited := cites(ts, k, g)
		ends := cited || g.lang == "ru" && g.behindChannel(ts, k) > k ||
			(g.auxiliary[ts[k].low] || ts[k].low == "during") && ts[k].low != "who" && ts[k].low != "that"
		if ends { // "was heard", «на своей странице»
			to = k
		}
	}
	if g.lang == "ru" && from > 0 && g.inside[ts[from-1].low] || from < to && g.inside[ts[from].low] {
		from = g.behindPlace(ts, from, to)
	}
	if to-from > 1 && g.pronoun[ts[to-1].low] {
		from = to - 1 // "messages it said were sent"
	}
	for g.lang == "ru" && to-from > 2 && (ts[from].low == "об" || ts[from].low == "о") && (ts[from+1].low == "этом" || ts[from+1].low == "чем") {
		from += 2
	}
	for from < to && g.recipient[ts[from].low] {
		from++
	}
	return from, to
}

// behindPlace goes behind a place with which a clause begins: «В соседнем Дагестане МВД».
func (g *grammar) behindPlace(ts []token, from, to int) int {
	for k := from; k < to-1; k++ {
		low := ts[k].low
		if ts[k].capital && (strings.HasSuffix(low, "е") || strings.HasSuffix(low, "и") || strings.HasSuffix(low, "ах")) {
			return k + 1
		}
	}
	return from
}

// openOf finds the mark that opens what the one at i closes.
func openOf(ts []token, i int) int {
	for k := i - 1; k >= 0 && k > i-10; k-- {
		if ts[k].text == "«" || ts[k].text == "“" || ts[k].text == "\"" && ts[i].text == "\"" && ts[k].spaced {
			return k
		}
	}
	return -1
}

func openingComma(ts []token, closing int) int {
	for k := closing - 1; k > 0 && k > closing-24; k-- {
		if ts[k].text == "," {
			return k
		}
		if ts[k].text == "." {
			return -1
		}
	}
	return -1
}

// apposes says whether what begins at i can describe the name before it.
func (g *grammar) apposes(ts []token, i int) bool {
	t := ts[i]
	return g.appositive[t.low] || g.article[t.low] || t.kind == number || t.kind == mixed || g.citing[t.low] || t.kind == word && !t.capital && !g.boundary[t.low] || g.lang == "en" && t.low == "who"
}

// limits says whether a subject cannot reach back over the token at i.
func (g *grammar) limits(ts []token, i int) bool {
	t := ts[i]
	if t.kind == mark {
		switch t.text {
		case "'", "/":
			return false
		case "-":
			return t.spaced // "QAMISHLI - Kurdish authorities"
		case ".":
			return i == 0 || !g.abbreviated(ts[i-1])
		case "»", "”", "\"":
			opened := openOf(ts, i)
			return opened < 0 || i-opened > 8 || hasMark(ts[opened+1:i])
		}
		return true
	}
	return g.boundary[t.low] && !t.capital || g.saying[t.low] != "" && !t.capital && !g.alsoNoun[t.low]
}

// pluralVerb says whether a Russian verb has many subjects or nobody's in particular:
// «сообщили в администрации».
func pluralVerb(low string) bool {
	return strings.HasSuffix(low, "ли") || strings.HasSuffix(low, "ют") || strings.HasSuffix(low, "ут") || strings.HasSuffix(low, "ят") || strings.HasSuffix(low, "ат")
}

// subjectAfter finds a subject behind its verb: "said X", «сообщил ЮНИСЕФ», «сообщил
// агентству AFP источник», «сообщили в администрации».
func (g *grammar) subjectAfter(ts []token, i int, dates []dated) (from, to int, via string, ok bool) {
	if g.lang == "en" && (i == 0 || !isBreak(ts[i-1])) {
		return 0, 0, "", false
	}
	from = g.behindAsides(ts, i+1, dates)
	from, via = g.behindRecipient(ts, from, pluralVerb(ts[i].low))
	if from < len(ts) && g.lang == "ru" && (ts[from].low == "в" || ts[from].low == "во") {
		if from++; !pluralVerb(ts[i].low) { // «сообщила в своём канале уполномоченная»
			if from++; from < len(ts) && strings.HasPrefix(ts[from-1].low, "сво") {
				from++
			}
		}
	}
	if from >= len(ts) || ts[from].kind == mark && ts[from].text != "«" || ts[from].kind == number {
		return 0, 0, "", false
	}
	if g.pronoun[ts[from].low] {
		return from, from + 1, via, true
	}
	if g.boundary[ts[from].low] || g.stop[ts[from].low] {
		return 0, 0, "", false
	}
	to = g.nameEnd(ts, from)
	for k := from + 1; k < to; k++ {
		switch {
		case g.recipient[ts[k].low]: // «сообщил чиновник агентству»
			if via == "" && k+1 < to {
				via = strings.Trim(join(ts[k+1:to]), "«»")
			}
			to = k
		case g.leaves(ts, k, to): // "said Roza Idrisova in a statement"
			to = k
		}
	}
	return from, g.withName(ts, to), via, to > from
}

// leaves says whether a name behind its verb ends before the word at k.
func (g *grammar) leaves(ts []token, k, to int) bool {
	if g.lang == "ru" {
		return ts[k].low == "по" && !(k+1 < to && g.office[ts[k+1].low]) && !(to-k > 3 && areNames(ts[to-2:to])) // «член Совета по …, Имя Фамилия»
	}
	switch ts[k].low {
	case "in", "on", "by", "at", "after":
		return true
	}
	return false
}

// behindAsides skips adverbs, times and channels behind a verb.
func (g *grammar) behindAsides(ts []token, from int, dates []dated) int {
	for from < len(ts) {
		if g.skipBefore[ts[from].low] {
			from++
		} else if d, ok := startingAt(dates, from); ok {
			from = d.to
		} else if k := g.behindChannel(ts, from); k > from {
			from = k
		} else {
			break
		}
	}
	return from
}

// behindRecipient skips to whom it was said, and names the outlet if it is one.
func (g *grammar) behindRecipient(ts []token, from int, plural bool) (next int, via string) {
	if g.lang != "ru" || from >= len(ts) {
		return from, ""
	}
	if !g.recipient[ts[from].low] {
		return g.outletAt(ts, from, plural)
	}
	return g.recipientAt(ts, from)
}

// recipientAt skips «агентству AFP», «журналистам», names the outlet if it is one.
func (g *grammar) recipientAt(ts []token, from int) (next int, via string) {
	k, start := from+1, from
	if k < len(ts) && ts[k].text == "«" {
		k = closeOf(ts, k) + 1
		start = from + 1
	} else if !strings.HasSuffix(ts[from].low, "ам") { // «журналистам» have no name
		for k < len(ts) && ts[k].kind == word && ts[k].capital {
			start = from + 1
			k++
		}
	}
	if start > from { // not only «журналистам»
		via = strings.Trim(join(ts[start:k]), "«»")
	}
	if k < len(ts) {
		k = g.behindChannel(ts, k)
	}
	return k, via
}

// outletAt skips an outlet that is told something and has no word before it that says
// so: «сообщили «Интерфаксу» в пресс-службе», «сообщила РИА Новости омбудсмен». An outlet
// with nobody behind it is itself who says it; «в» leads to somebody if several speak.
func (g *grammar) outletAt(ts []token, from int, plural bool) (next int, via string) {
	k := from
	switch {
	case ts[k].text == "«":
		k = closeOf(ts, k) + 1
		if k == from+1 {
			return from, ""
		}
	default:
		for k < len(ts) && k < from+3 && ts[k].kind == word && ts[k].capital && isMedia(ts[k].text) {
			k++
		}
	}
	if k == from || k >= len(ts) || ts[k].kind != word || g.boundary[ts[k].low] || g.stop[ts[k].low] && !(plural && (ts[k].low == "в" || ts[k].low == "во")) {
		return from, ""
	}
	if _, cited := cites(ts, k, g); cited {
		return from, ""
	}
	return k, strings.Trim(join(ts[from:k]), "«»")
}

// behindChannel skips where somebody said it: «на своей странице в Instagram».
func (g *grammar) behindChannel(ts []token, i int) int {
	if !g.place[ts[i].low] && ts[i].low != "на" {
		return i
	}
	for k := i + 1; k < len(ts) && k < i+5; k++ {
		if g.channel[ts[k].low] {
			return k + 1
		}
		if ts[k].kind == mark {
			break
		}
	}
	return i
}
