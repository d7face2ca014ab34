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
