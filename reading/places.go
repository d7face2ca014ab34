package reading

import (
	"strings"
	"unicode/utf8"
)

// placeOf is the name that stands behind "in", "at", "from" nearest to a figure, as
// it is said. Without a list of places it takes what is written like a name.
func placeOf(ts []token, g *grammar, from, end int, dates []dated) string {
	best, distance := "", 1<<30
	for i := 0; i+1 < len(ts); i++ {
		if !g.place[ts[i].low] || inDate(dates, i) || i > 0 && ts[i-1].low == "according" {
			continue
		}
		name, ok := placeAt(ts, g, i+1, dates)
		if !ok {
			continue
		}
		away := i - end
		if i < from {
			away = from - i + 3
		}
		if away < distance {
			best, distance = name, away
		}
	}
	return best
}

// placeAt reads a name of a place at i, with the camp or town that stands before it.
func placeAt(ts []token, g *grammar, i int, dates []dated) (string, bool) {
	k := i
	for k < len(ts) && k < i+5 && (ts[k].text == "\"" || ts[k].text == "«" || ts[k].text == "“" || ts[k].kind == word && !ts[k].capital && (g.article[ts[k].low] || g.placeWords[ts[k].low])) {
		k++
	}
	begin := k
	for k < len(ts) && k < begin+4 && ts[k].kind == word && ts[k].capital && !g.dateWord(ts[k]) && !inDate(dates, k) {
		if _, counted := g.unit(ts[k].low); counted && k == begin {
			break
		}
		k++
	}
	if k == begin {
		return "", false
	}
	if _, after, cut := strings.Cut(ts[k-1].text, "-"); cut && after != "" && strings.ToLower(after) == after {
		return "", false // Kurdish-controlled
	}
	if isMedia(join(ts[begin:k])) || utf8.RuneCountInString(ts[begin].text) < 5 && strings.ToUpper(ts[begin].text) == ts[begin].text || ts[begin].low == "islamic" || ts[begin].low == "isis" {
		return "", false
	}
	if k < len(ts) && ts[k].kind == word && g.lang == "en" && !g.placeWords[ts[k].low] && !g.closes(ts, k) && !g.deed(ts[k].low) {
		return "", false // "in Syrian hands": an adjective
	}
	return join(ts[begin:k]), true
}
