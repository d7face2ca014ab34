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
	aside    bool   // it stands between commas: both sides are its
	guessed  bool   // a name before a colon in a headline: who it is must be said later
	inner    bool   // it stands in what another says: "she said the guards told them"
	back     bool   // «Об этом сообщил»: it covers the sentences before it
}

func lastAct(said []act) (act, bool) {
	for i := len(said) - 1; i >= 0; i-- {
		if said[i].speaker != "" && !said[i].inner {
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
		a.inner = len(said) > 0 && !a.trailing && within(ts, said[len(said)-1], a)
		said = append(said, a)
		i = max(i, a.to-1)
	}
	said = g.leftOut(ts, said)
	if len(said) == 0 {
		said = g.announced(ts)
	}
	if len(said) == 0 && len(ts) < maxHeadline {
		said = g.headline(ts)
	}
	return r.relays(ts, g, said)
}

// leftOut reads a speaker whose verb was said before: «МВД говорит о 236, власти — о 800».
func (g *grammar) leftOut(ts []token, said []act) []act {
	if g.lang != "ru" || len(said) == 0 {
		return said
	}
	for k := said[len(said)-1].to; k+2 < len(ts); k++ {
		if ts[k].text != "—" && ts[k].text != "–" || !g.countsAbout(ts, k+1) {
			continue
		}
		from := k
		for from > 0 && ts[from-1].text != "," && ts[from-1].text != ";" {
			from--
		}
		for from < k && (ts[from].low == "а" || ts[from].low == "но" || ts[from].low == "и") {
			from++
		}
		if name := g.name(ts[from:k]); from > 0 && name != "" && g.canSpeak(ts[from:k]) {
			return append(said, act{speaker: name, stance: said[len(said)-1].stance, from: from, to: k + 1, scope: len(ts)})
		}
	}
	return said
}

// countsAbout says whether «о» with a number follows, a qualifier before it.
func (g *grammar) countsAbout(ts []token, i int) bool {
	for k := i; k+1 < len(ts) && k < i+4; k++ {
		if ts[k].low == "о" || ts[k].low == "об" || ts[k].low == "про" {
			_, ok := g.amountAt(ts, k+1)
			if !ok && k+2 < len(ts) {
				_, ok = g.amountAt(ts, k+2)
			}
			return ok
		}
	}
	return false
}

// within says whether an act only is part of what another speaker says, without so
// much as a comma between.
func within(ts []token, outer, inner act) bool {
	if outer.trailing || outer.speaker == inner.speaker || inner.from < outer.to || inner.from > outer.to+2 {
		return false
	}
	for _, t := range ts[outer.to:inner.from] {
		if t.kind == mark {
			return false
		}
	}
	return true
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

// maxHeadline is how many words a headline has at most.
const maxHeadline = 24

// headline reads who says it in a headline, which has no verb for that: "Officials: 50
// flee", "50 flee: officials", «Сбежали 50 человек — власти».
func (g *grammar) headline(ts []token) []act {
	if last := ts[len(ts)-1]; last.text == "." || last.text == "!" || last.text == "?" {
		return nil
	}
	for k := 1; k < len(ts)-1; k++ {
		if ts[k].text == ":" && k < 4 && capitals(ts[:k]) && !g.voices(ts[:k]) {
			return []act{{speaker: g.name(ts[:k]), stance: Asserts, to: k, scope: len(ts), guessed: true}}
		}
		if ts[k].text == ":" && k < 6 && g.voices(ts[:k]) {
			return []act{{speaker: g.name(ts[:k]), stance: Asserts, to: k, scope: len(ts)}}
		}
		dash := (ts[k].text == "—" || ts[k].text == "–" || ts[k].text == "-") && ts[k].spaced && ts[k+1].spaced
		if (ts[k].text == ":" || dash) && len(ts)-k <= 7 && k > 3 && g.voices(ts[k+1:]) {
			return []act{{speaker: g.name(ts[k+1:]), stance: Asserts, from: k, to: len(ts), scope: len(ts), trailing: true}}
		}
	}
	return nil
}

// capitals says whether there are only words that are written as names are.
func capitals(ts []token) bool {
	for _, t := range ts {
		if t.kind != word || !t.capital {
			return false
		}
	}
	return true
}

// voices says whether words name somebody who speaks for others: officials, the UN, a ministry.
func (g *grammar) voices(ts []token) bool {
	for _, t := range ts {
		if t.kind != word && t.text != "." && t.text != "-" || g.deed(t.low) && !t.capital {
			return false
		}
	}
	for _, t := range ts {
		if g.common[t.low] || g.voice[t.low] || isMedia(t.text) || len(t.text) > 1 && len(t.text) < 8 && strings.ToUpper(t.text) == t.text && g.lang == "ru" != (t.text[0] < 0x80) {
			return true
		}
	}
	return false
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
