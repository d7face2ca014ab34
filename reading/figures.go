package reading

import (
	"cmp"
	"slices"
	"strings"
)

// count finds the figures of a sentence. It gives back those that stand in a
// quotation and have no speaker in their own sentence, each with its quotation.
func (r *reader) count(ts []token, g *grammar, said []act, dates []dated) map[int]int {
	var open map[int]int
	events := without(dates, said)
	prior, priorAt := "", -1 // what this sentence counted so far
	for i := 0; i < len(ts); {
		a, ok := g.amountAt(ts, i)
		if !ok || inDate(dates, a.core) {
			i++
			continue
		}
		unit, end, ok := r.unitOf(ts, g, a, prior, priorAt)
		if !ok {
			i = max(i+1, a.to)
			continue
		}
		f := r.figure(ts, g, a, unit, end, events)
		inherited := end == a.to && prior == "" && unit == r.unit && len(r.figures) > 0
		if who, ok := speakerOf(said, ts, a.core); ok {
			f.credit(who)
			if f.Stance == Corrects && correctedFrom(ts, a, g) {
				f.Stance = Withdraws
			}
		} else if q := ts[a.core].quote; q != 0 {
			if open == nil {
				open = map[int]int{}
			}
			open[len(r.figures)] = q
		} else if g.goesOnWith(ts) && len(r.figures) > r.begun {
			f.Speaker, f.Via = r.figures[len(r.figures)-1].Speaker, r.figures[len(r.figures)-1].Via
		}
		if inherited && f.Speaker != r.figures[len(r.figures)-1].Speaker && f.Stance != Denies {
			f.Unit, unit = "people", "people" // another speaker may count others
		}
		r.figures = append(r.figures, f)
		prior, priorAt = unit, end
		if !things[unit] {
			r.unit, r.counting = unit, true
		}
		i = max(end, a.to)
	}
	return open
}

// things are units that are not people: no number without a noun counts them.
var things = set("percent camps prisons tents appeals requests letters cases graves arrests abductions bodies deaths injuries")

// figure puts together what is suggested, but for its speaker.
func (r *reader) figure(ts []token, g *grammar, a amount, unit string, end int, dates []dated) Figure {
	f := Figure{
		Start: ts[a.from].start, End: ts[end-1].end, Text: r.source[ts[a.from].byteStart:ts[end-1].byteEnd], Value: a.value,
		Unit: unit, Via: []string{}, Stance: Asserts, Place: placeOf(ts, g, a.from, end, dates),
	}
	f.What = what(ts, g, a, end)
	if d, ok := nearest(ts, dates, a.from, end); ok {
		f.Date, f.When = d.edtf, d.words
	}
	return f
}

// what is who is counted and the nearest thing said of them: "foreigners escaped".
func what(ts []token, g *grammar, a amount, end int) string {
	said := ""
	if end > a.to {
		said = strings.TrimPrefix(join(ts[a.to:end]), "of ")
	}
	at := -1
	for k := end; k < len(ts) && k < end+8 && at < 0; k++ {
		if ts[k].kind == mark && ts[k].text != "," {
			break
		}
		if g.deed(ts[k].low) && !ts[k].capital {
			at = k
		}
	}
	for k := a.from - 1; k >= 0 && k > a.from-6 && at < 0; k-- {
		if g.deed(ts[k].low) && !ts[k].capital {
			at = k
		}
	}
	if at >= 0 {
		said += " " + ts[at].text
	}
	return strings.TrimSpace(said)
}

// unitOf says what an amount counts and where its words end, or that it is no figure.
func (r *reader) unitOf(ts []token, g *grammar, a amount, prior string, priorAt int) (unit string, end int, ok bool) {
	if g.refused(ts, a) {
		return "", 0, false
	}
	if a.percent {
		return "percent", a.to, g.percentOfPeople(ts, a, prior != "")
	}
	unit, end, counted, other := g.nounAfter(ts, a, cmp.Or(prior, r.unit))
	if counted {
		return unit, end, !g.speaksItself(ts, a, end) && !g.isWhere(ts, a, unit)
	}
	if a.value.Low != nil && a.value.High != nil && *a.value.High <= 1 {
		return "", 0, false
	}
	if other && !a.people && !(prior != "" && g.coordinated(ts, a, priorAt)) {
		return "", 0, false
	}
	return r.without(ts, g, a, prior, priorAt)
}

// refused are numbers that count nobody, whatever stands beside them.
func (g *grammar) refused(ts []token, a amount) bool {
	if g.isShare(ts, a) || g.isAge(ts, a.from) {
		return true
	}
	if before := a.from - 1; before >= 0 {
		b := ts[before]
		if g.never[b.low] && a.exact == 1 {
			return true // «ни один человек»
		}
		if g.money[b.low] || g.reference[b.low] || b.kind == number && !b.spaced && before > 0 || b.text == "." && before > 0 && g.reference[ts[before-1].low] {
			return true
		}
		if b.kind == number && ts[a.core].spaced && ts[a.core].kind == number {
			return true // 35 35: a telephone number
		}
		if b.kind == mixed && strings.ContainsAny(b.text, ":/") && ts[a.core].kind == number && !ts[a.core].spaced {
			return true
		}
	}
	if a.to < len(ts) {
		n := ts[a.to]
		if g.money[n.low] && n.text != "+" || n.kind == number && ts[a.core].kind == number && a.to == a.core+1 {
			return true
		}
		if _, month := g.months[n.low]; month && a.value.Qualifier == "" && ts[a.core].kind == number && *a.value.Low < 32 && (g.lang == "ru" || n.capital) {
			return true
		}
	}
	return false
}

// isShare says whether a number only divides: "six out of ten", "one in three".
func (g *grammar) isShare(ts []token, a amount) bool {
	b := a.from - 1
	if b < 1 || ts[b].low != "of" && ts[b].low != "in" {
		return b == 0 && g.every[ts[0].low] || b > 0 && g.every[ts[b].low]
	}
	if ts[b-1].low == "out" {
		return a.exact <= 20 // "six out of ten", but "out of 11,000 prisoners"
	}
	v, _, numeral := g.numeral(ts[b-1].low)
	return ts[b].low == "in" && (numeral && v < a.exact || ts[b-1].kind == number && ts[b-1].value < a.exact) && a.exact <= 20
}

// isAge says whether the number at i is an age, or the second of two: "between the
// ages of 3 and 10".
func (g *grammar) isAge(ts []token, i int) bool {
	for i > 2 && g.ageLink[ts[i-1].low] && ts[i-2].kind != mark {
		if _, _, numeral := g.numeral(ts[i-2].low); !numeral && ts[i-2].kind != number {
			break
		}
		i -= 2
	}
	for i > 0 && g.ageLink[ts[i-1].low] {
		i--
	}
	return i > 0 && g.ages[ts[i-1].low]
}

// percentOfPeople keeps a share when people are near that it can be a share of.
func (g *grammar) percentOfPeople(ts []token, a amount, prior bool) bool {
	for k := a.to; k < len(ts) && k < a.to+8; k++ {
		if _, ok := g.unit(ts[k].low); ok || g.demonym(ts[k]) || g.ofThem[ts[k].low] {
			return true
		}
	}
	return prior && a.to < len(ts) && g.auxiliary[ts[a.to].low]
}

// speaksItself says whether the people counted are only who speaks: "two officials said".
func (g *grammar) speaksItself(ts []token, a amount, end int) bool {
	if a.exact > 5 || a.value.Qualifier != "" {
		return false
	}
	k := end
	for k < len(ts) && k < end+3 && g.saying[ts[k].low] == "" && (g.auxiliary[ts[k].low] || ts[k].low == "heard") {
		k++
	}
	for k < len(ts) && k < end+5 && ts[k].kind == word && g.saying[ts[k].low] == "" && g.place[ts[min(end, len(ts)-1)].low] {
		k++
	}
	after := k < len(ts) && g.saying[ts[k].low] != "" && (k+1 >= len(ts) || !g.deed(ts[k].low))
	if a.from > 1 && g.openers[lows(ts[a.from-2:a.from])] != "" {
		return true // "according to two migrants"
	}
	before := a.from > 0 && g.saying[ts[a.from-1].low] != "" && g.lang == "ru"
	return after || before
}

// correctedFrom says whether a figure is the one that was corrected: "from 60 to 46",
// «46, а не 60».
func correctedFrom(ts []token, a amount, g *grammar) bool {
	if a.from == 0 {
		return false
	}
	b := ts[a.from-1].low
	return b == "from" || b == "не" && g.lang == "ru" || b == "с" && g.lang == "ru"
}

// speakerOf chooses who says what stands at the i-th token: whoever is introduced
// nearest before it, otherwise whoever is named nearest after.
func speakerOf(said []act, ts []token, i int) (act, bool) {
	best := -1
	for k, a := range said {
		if !a.trailing && a.to <= i && a.scope > i {
			best = k
		}
	}
	if best >= 0 {
		return carried(said[best], said[:best], said[best+1:]), true
	}
	for k, a := range said {
		if a.trailing && a.from > i {
			return said[k], true
		}
	}
	for k := range slices.Backward(said) {
		if said[k].to <= i && (ts[i].quote != 0 || !said[k].trailing || said[k].aside) {
			return said[k], true
		}
	}
	return act{}, false
}

// carried adds the outlet that reports what somebody else says: "according to X, 800
// escaped, Y reported", "Y reported that X said". Sources without a name are what the
// one who closes the sentence rests on.
func carried(a act, before, after []act) act {
	for _, b := range after {
		if b.trailing && b.speaker != "" && a.nameless && !isMedia(b.speaker) {
			b.basis, b.stance = a.speaker, a.stance
			return b
		}
	}
	for _, b := range slices.Concat(before, after) {
		if b.speaker != a.speaker && (isMedia(b.speaker) || b.carries) && !isMedia(a.speaker) && len(a.via) == 0 && (b.trailing || b.to <= a.from) {
			a.via = []string{b.speaker}
		}
	}
	return a
}

// goesOnWith says whether a sentence divides what the one before it counted: "Of them".
func (g *grammar) goesOnWith(ts []token) bool {
	if len(ts) < 3 {
		return false
	}
	if g.continues[ts[0].low] && (g.ofThem[ts[1].low] || g.goingOn[ts[1].low] || g.ofThem[ts[2].low] || g.goingOn[ts[2].low]) {
		return true // "Of them", "Among the dead"
	}
	for k := 1; k < 4 && k < len(ts); k++ { // "The dead included"
		if g.includes[ts[k].low] {
			return g.goingOn[ts[k-1].low] || g.ofThem[ts[k-1].low] || g.pronoun[ts[k-1].low]
		}
	}
	return false
}

// without leaves out the times at which somebody spoke: they are of the speaking.
func without(dates []dated, said []act) []dated {
	return slices.DeleteFunc(slices.Clone(dates), func(d dated) bool {
		return slices.ContainsFunc(said, func(a act) bool { return a.spokenAt(d) })
	})
}
