package reading

import (
	"slices"
	"strings"
)

// Who only carries: "X, citing Y".

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
		if carrier != "" && (material != "" || !isMedia(carrier) && (g.isAnonymous(ts[n:end]) || g.unnamed(ts[n:end]))) {
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

// unnamed says whether words name nobody and no office: "camp workers", «проводника».
func (g *grammar) unnamed(ts []token) bool {
	return !slices.ContainsFunc(ts, func(t token) bool { return t.capital || g.common[t.low] || g.voice[t.low] })
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
