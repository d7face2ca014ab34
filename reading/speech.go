package reading

import (
	"slices"
	"strings"
)

// An act is somebody's speaking in a sentence: who, how, and what of the sentence it
// covers.
type act struct {
	speaker  string
	via      []string
	basis    string
	stance   Stance
	saidOn   string
	saidWhen string // the words of it
	from, to int    // its tokens: the name and the verb
	scope    int    // where what it introduces ends
	trailing bool   // it stands behind what was said
	nameless bool   // only sources, witnesses
	carries  bool   // «передаёт»: an outlet's verb
	bearing  bool   // «по её словам»
	back     bool   // «Об этом сообщил»: it covers the sentences before it
}

func lastAct(said []act) (act, bool) {
	for i := len(said) - 1; i >= 0; i-- {
		if said[i].speaker != "" {
			return said[i], true
		}
	}
	return act{}, false
}

// spokenAt says whether a time stands at the verb, or opens the sentence before the
// subject: it is the time of the speaking.
func (a act) spokenAt(d dated) bool {
	return d.from >= a.from && d.to <= a.to || d.from == a.to || d.to == a.from
}

// remember keeps the name of whoever speaks, for "she said" and for short forms.
func (r *reader) remember(speaker string) {
	if speaker == "" {
		return
	}
	r.last = speaker
	if !isMedia(speaker) {
		r.person = speaker
	}
	if n := len(r.named); n > 0 && r.named[n-1].name == speaker {
		return
	}
	r.named = slices.DeleteFunc(r.named, func(k known) bool { return k.name == speaker })
	r.named = append(r.named, known{speaker, fold(speaker)})
	if len(r.named) > maxNamed {
		r.named = r.named[1:]
	}
}

// speech finds who speaks in a sentence, from left to right.
func (r *reader) speech(ts []token, g *grammar, dates []dated) []act {
	var said []act
	for i := 0; i < len(ts); i++ {
		a, ok := r.phrase(ts, g, i)
		if !ok {
			a, ok = r.verb(ts, g, i, said, dates)
		}
		if !ok {
			continue
		}
		for _, d := range dates {
			if a.spokenAt(d) {
				a.saidOn, a.saidWhen = d.edtf, d.words
			}
		}
		if a.bearing && len(said) > 0 {
			a.speaker = said[len(said)-1].speaker
		}
		a.speaker = r.whole(a.speaker)
		a.back = a.back || g.lang == "en" && a.to < len(ts) && ts[a.to].low == "this" || g.lang == "ru" && len(said) == 0 && len(ts) > 2 && (ts[0].low == "об" && ts[1].low == "этом" || ts[0].low == "о" && ts[1].low == "чем")
		said = append(said, a)
		i = max(i, a.to-1)
	}
	if len(said) == 0 {
		said = g.announced(ts)
	}
	return r.relays(ts, g, said)
}

// announced reads a name with a colon and a quotation behind it and no verb at all.
func (g *grammar) announced(ts []token) []act {
	for k := 1; k+1 < len(ts) && k < 9; k++ {
		t := ts[k]
		if t.text == ":" {
			if ts[k+1].quote == 0 || ts[k].quote != 0 || !ts[k-1].capital || !g.canSpeak(ts[:k]) {
				return nil
			}
			return []act{{speaker: g.name(ts[:k]), stance: Asserts, to: k, scope: len(ts)}}
		}
		if t.kind != word || g.deed(t.low) && !t.capital || g.stop[t.low] && t.low != "of" && t.low != "for" {
			return nil
		}
	}
	return nil
}

// whole gives the name by which a speaker was introduced: "Saratova" is Kheda
// Saratova, "the foundation" the one named before.
func (r *reader) whole(name string) string {
	if name == "" || strings.Contains(name, " ") {
		return name
	}
	key := fold(name)
	for i := len(r.named) - 1; i >= 0; i-- {
		if before, ok := strings.CutSuffix(r.named[i].low, key); ok && (strings.HasSuffix(before, " ") || strings.HasSuffix(before, "-")) {
			return r.named[i].name
		}
	}
	return name
}

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

// nameEnd finds where the name that begins at i ends: at a comma, at a word that goes
// on otherwise, never inside the quotation marks of a name.
func (g *grammar) nameEnd(ts []token, i int) int {
	k := i
	for ; k < len(ts) && k < i+14; k++ {
		t := ts[k]
		if t.text == "«" || t.text == "“" || t.text == "\"" {
			if closing := closeOf(ts, k); closing > k && closing <= k+6 {
				if k = closing; k+1 < len(ts) && g.place[ts[k+1].low] {
					return k + 1
				}
				continue
			}
			break
		}
		if t.kind == mark && t.text != "." && t.text != "-" {
			break
		}
		if t.text == "." && !(k > i && g.abbreviated(ts[k-1]) && k+1 < len(ts)) {
			break
		}
		if t.low == "at" && k > i && k+1 < len(ts) && g.article[ts[k+1].low] {
			break // "at a briefing"
		}
		if _, cites := cites(ts, k, g); cites && k > i {
			break
		}
		if t.low == "that" && k > i && g.material[ts[k-1].low] {
			continue // figures that X published
		}
		if k > i && (g.saying[t.low] != "" && !t.capital && !g.noVerb(ts, k) || g.boundary[t.low] || g.auxiliary[t.low] || t.kind == number) {
			break
		}
	}
	for k > i && g.dateWord(ts[k-1]) {
		k--
	}
	return k
}

func closeOf(ts []token, i int) int {
	for k := i + 1; k < len(ts); k++ {
		if ts[k].text == "»" || ts[k].text == "”" || ts[k].text == "\"" {
			return k
		}
	}
	return i
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

// name is a speaker as he is called: without articles and empty words around.
func (g *grammar) name(ts []token) string {
	for len(ts) > 0 && (g.article[ts[0].low] && !(len(ts) > 1 && ts[1].text == ".") || ts[0].low == "the" || ts[0].low == "of" || ts[0].low == "в" || ts[0].low == "во" || g.owner[ts[0].low] || g.skipBefore[ts[0].low] || ts[0].kind == mark && ts[0].text != "«" && ts[0].text != "“" && ts[0].text != "\"") {
		ts = ts[1:]
	}
	for len(ts) > 0 && (g.skipBefore[ts[len(ts)-1].low] || ts[len(ts)-1].low == "'s" || ts[len(ts)-1].text == "," || ts[len(ts)-1].text == "—" || g.on[ts[len(ts)-1].low] && !ts[len(ts)-1].capital) {
		ts = ts[:len(ts)-1]
	}
	if n := len(ts); n > 2 && ts[0].text == "«" && ts[n-1].text == "»" && !hasMark(ts[1:n-1]) {
		ts = ts[1 : n-1]
	}
	if len(ts) == 0 {
		return ""
	}
	return join(ts)
}

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
	if stance == Corrects && !g.correctsCount(ts, i) {
		stance = Asserts
	}
	if !ok || ts[i].kind != word || g.noVerb(ts, i) {
		return act{}, false
	}
	a := act{stance: stance, from: i, to: i + 1, scope: len(ts), carries: g.carrying[ts[i].low]}
	if g.lang == "ru" && i > 0 && (ts[i-1].text == "," || ts[i-1].text == "—" || ts[i-1].text == "–" || ts[i-1].text == "-") {
		if from, to, via, found := g.subjectAfter(ts, i, dates); found && (to >= len(ts) || ts[to].kind == mark) {
			a.to, a.trailing, a.speaker = to, true, r.subject(ts[from:to], g, said)
			if via != "" {
				a.via = []string{via}
			}
			return a, a.speaker != ""
		}
	}
	if from, to, found := g.subjectBefore(ts, i, dates); found {
		if g.nobody[ts[from].low] && to-from <= 2 { // "we counted": whoever is quoted
			return act{}, false
		}
		a.from = from
		a.speaker = r.subject(ts[from:to], g, said)
		if a.speaker != "" {
			a.told(ts, g, i)
			a.trailing = from > 0 && isBreak(ts[from-1]) && !isDateline(ts[:from]) && g.falls(ts, a.to, g.telling[ts[i].low], dates)
			return a, true
		}
	}
	if from, to, via, found := g.subjectAfter(ts, i, dates); found {
		a.speaker = r.subject(ts[from:to], g, said)
		a.to, a.trailing = to, g.inverted(ts, i)
		if via != "" {
			a.via = []string{via}
		}
		return a, a.speaker != ""
	}
	if len(said) > 0 && (i > 0 && g.goesOn[ts[i-1].low] || strings.HasSuffix(ts[i].low, "ing") || i > 1 && g.skipBefore[ts[i-1].low]) {
		a.speaker, a.via = said[len(said)-1].speaker, said[len(said)-1].via
		return a, a.speaker != ""
	}
	return act{}, false
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
	return from, to, from < to && (g.canSpeak(ts[from:to]) || g.nobody[ts[from].low])
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

// areNames says whether there are only a few names: "Ida Holm".
func areNames(ts []token) bool {
	for _, t := range ts {
		if t.kind != word || !t.capital {
			return false
		}
	}
	return len(ts) >= 2 && len(ts) <= 4
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
		case "-", "'", "/":
			return false
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

func hasMark(ts []token) bool {
	for _, t := range ts {
		if t.kind == mark && t.text != "-" {
			return true
		}
	}
	return false
}

// canSpeak says whether words can be a speaker: a pronoun, a name, or a thing that the
// grammar knows to speak, not "that" or a number alone.
func (g *grammar) canSpeak(ts []token) bool {
	if len(ts) == 1 && (g.auxiliary[ts[0].low] || g.boundary[ts[0].low] && !g.pronoun[ts[0].low] || g.stop[ts[0].low] && !g.pronoun[ts[0].low]) {
		return false
	}
	if g.place[ts[0].low] && !ts[0].capital && g.lang == "en" || g.lang == "ru" && g.preposition[ts[0].low] {
		return false
	}
	for _, t := range ts {
		if t.kind == word && !g.auxiliary[t.low] {
			return true
		}
	}
	return false
}

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

// known finds the speaker who was introduced with a word: "the ministry".
func (r *reader) known(low string) string {
	for i := len(r.named) - 1; i >= 0; i-- {
		for w := range strings.FieldsSeq(r.named[i].low) {
			if w == low {
				return r.named[i].name
			}
		}
	}
	return ""
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
		along = along || g.aside[t.low]
		if !along || g.auxiliary[t.low] || g.pronoun[t.low] || t.kind == number || g.deed(t.low) {
			return false
		}
		i++
	}
	return i >= len(ts)
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
	from, via = g.behindRecipient(ts, from)
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
		return ts[k].low == "по" && !(k+1 < to && g.office[ts[k+1].low])
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
func (g *grammar) behindRecipient(ts []token, from int) (next int, via string) {
	if g.lang != "ru" || from >= len(ts) || !g.recipient[ts[from].low] {
		return from, ""
	}
	k, start := from+1, from
	if k < len(ts) && ts[k].text == "«" {
		k = closeOf(ts, k) + 1
		start = from + 1
	} else {
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

// withName goes on from a title to the name behind a comma: «представитель главы
// Чечни, сенатор Имя Фамилия».
func (g *grammar) withName(ts []token, to int) int {
	if g.lang != "ru" || to+2 >= len(ts) || ts[to].text != "," {
		return to
	}
	k := to + 1
	for k < len(ts) && k < to+4 && ts[k].kind == word && !ts[k].capital && !g.boundary[ts[k].low] {
		k++
	}
	names := k
	for k < len(ts) && ts[k].kind == word && ts[k].capital {
		k++
	}
	if k-names < 2 || k-names > 4 || k < len(ts) && ts[k].kind != mark {
		return to
	}
	return k
}

// inverted says whether a verb with its subject behind it closes what was said, and
// does not open it: «…, сообщил ЮНИСЕФ» but «Как сообщил ЮНИСЕФ, …».
func (g *grammar) inverted(ts []token, i int) bool {
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		if isBreak(ts[k]) && k > 0 {
			return true
		}
	}
	return false
}

// relays reads "X, citing Y": Y speaks and X carries it, unless Y is nobody in
// particular and X no news agency: then X speaks and Y is what he rests on.
func (r *reader) relays(ts []token, g *grammar, said []act) []act {
	for i := range ts {
		n, ok := cites(ts, i, g)
		if !ok {
			continue
		}
		end := g.nameEnd(ts, n)
		if end == n {
			continue
		}
		cited, material := g.source(ts[n:end])
		k := nearestAct(said, i)
		carrier := ""
		if k >= 0 {
			carrier = said[k].speaker
		} else if from, to, found := g.carrierBefore(ts, i); found {
			carrier = g.name(ts[from:to])
			said = append(said, act{speaker: carrier, stance: Asserts, from: from, to: end, scope: len(ts)})
			k = len(said) - 1
		} else {
			said = append(said, act{stance: Asserts, from: i, to: end, scope: len(ts), trailing: i > 0 && !startsClause(ts, i)})
			k = len(said) - 1
		}
		if cited == "" && material == "" {
			continue
		}
		said[k].to = max(said[k].to, min(end, len(ts)))
		if end > said[k].to {
			said[k].to = end
		}
		if carrier != "" && (material != "" || g.isAnonymous(ts[n:end]) && !isMedia(carrier)) {
			said[k].basis = cited + material
			continue
		}
		if carrier != "" {
			said[k].via = append([]string{carrier}, said[k].via...)
		}
		said[k].speaker = cited + material
	}
	return said
}

// isAnonymous says whether words name only sources.
func (g *grammar) isAnonymous(ts []token) bool {
	return slices.ContainsFunc(ts, func(t token) bool { return g.anonymous[t.low] })
}

func cites(ts []token, i int, g *grammar) (int, bool) {
	if !g.first[ts[i].low] {
		return 0, false
	}
	for n := min(3, len(ts)-i); n >= 1; n-- {
		if g.citing[lows(ts[i:i+n])] {
			return i + n, true
		}
	}
	return 0, false
}

// nearestAct is the act that "citing" at i belongs to.
func nearestAct(said []act, i int) int {
	best := -1
	for k, a := range said {
		if a.from < i || best < 0 && a.from > i {
			best = k
		}
	}
	return best
}

// carrierBefore finds a name that stands directly before "citing" with no verb.
func (g *grammar) carrierBefore(ts []token, i int) (from, to int, ok bool) {
	to = i
	for to > 0 && (ts[to-1].text == "," || g.auxiliary[ts[to-1].low]) {
		to--
	}
	from = to
	for from > 0 && to-from < 10 && !g.limits(ts, from-1) {
		from--
	}
	return from, to, from < to && g.canSpeak(ts[from:to])
}

var mediaNames = set(`reuters afp agence france-presse ap associated_press tass interfax ria novosti bbc cnn rtvi meduza al-jazeera rudaw anadolu guardian times post
 agency news newspaper radio tv television channel magazine portal courier broadcaster website outlet media agencies telegraph independent journal sputnik dpa
 анадолу рейтер рейтерс франс-пресс дождь тасс интерфакс риа новости агентство портал газета телеканал издание би-би-си медуза узел радио коммерсант рбк известия канал сайт сми журнал`)

// isMedia says whether a name is that of a news outlet: outlets relay, they seldom
// count.
func isMedia(name string) bool {
	for w := range strings.FieldsSeq(strings.Trim(fold(name), "«»\"")) {
		if mediaNames[strings.Trim(w, "«»\"“”,")] {
			return true
		}
	}
	return false
}
