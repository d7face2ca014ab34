package reading

// Where the name of a speaker ends, and what of it is his name.

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

func hasMark(ts []token) bool {
	for _, t := range ts {
		if t.kind == mark && t.text != "-" {
			return true
		}
	}
	return false
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

// canSpeak says whether words can be a speaker: a pronoun, a name, or a thing that the
// grammar knows to speak, not "that" or a number alone.
func (g *grammar) canSpeak(ts []token) bool {
	if g.lang == "en" && (ts[0].low == "whose" || ts[0].low == "which") {
		return false
	}
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
