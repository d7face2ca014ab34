package reading

import (
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
		} else if g.goesOnWith(ts) && len(r.figures) > 0 {
			f.Speaker, f.Via = r.figures[len(r.figures)-1].Speaker, r.figures[len(r.figures)-1].Via
		}
		if inherited && f.Speaker != r.figures[len(r.figures)-1].Speaker && f.Stance != Denies {
			f.Unit, unit = "people", "people" // another speaker may count others
		}
		r.figures = append(r.figures, f)
		prior, priorAt = unit, end
		if !things[unit] {
			r.unit = unit
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
	if d, ok := nearest(dates, a.from, end); ok {
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
	unit, end, counted, other := g.nounAfter(ts, a)
	if counted {
		return unit, end, !g.speaksItself(ts, a, end)
	}
	if a.value.Low != nil && a.value.High != nil && *a.value.High <= 1 {
		return "", 0, false
	}
	if other && !a.people {
		return "", 0, false
	}
	return r.without(ts, g, a, prior, priorAt)
}

// refused are numbers that count nobody, whatever stands beside them.
func (g *grammar) refused(ts []token, a amount) bool {
	if before := a.from - 1; before >= 0 {
		b := ts[before]
		if before > 0 && b.low == "of" && ts[before-1].low == "out" {
			return true // "six out of ten"
		}
		if g.ages[b.low] || g.money[b.low] || g.reference[b.low] || b.kind == number && !b.spaced && before > 0 || b.text == "." && before > 0 && g.reference[ts[before-1].low] {
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

// percentOfPeople keeps a share when people are near that it can be a share of.
func (g *grammar) percentOfPeople(ts []token, a amount, prior bool) bool {
	for k := a.to; k < len(ts) && k < a.to+8; k++ {
		if _, ok := g.unit(ts[k].low); ok || g.demonym(ts[k]) || g.ofThem[ts[k].low] {
			return true
		}
	}
	return prior && a.to < len(ts) && g.auxiliary[ts[a.to].low]
}

// nounAfter looks for the noun that is counted: "50 Russian women", "200 of us". The
// word other says that something else is counted.
func (g *grammar) nounAfter(ts []token, a amount) (unit string, end int, ok, other bool) {
	begin := a.to
	if begin < len(ts) && (ts[begin].low == "of" || ts[begin].low == "из") {
		if a.exact <= 1 {
			return "", 0, false, true // "one of the camps" counts nothing
		}
		if begin+1 < len(ts) && g.ofThem[ts[begin+1].low] {
			return "people", begin + 2, true, false
		}
		begin++
		for begin < len(ts) && g.pointing[ts[begin].low] {
			begin++
		}
	}
	for k := begin; k < len(ts) && k < begin+6; k++ {
		u, is := g.person(ts[k])
		if is && a.exact != 1 && g.singular[ts[k].low] {
			continue // "58 prisoner exchanges" are no prisoners
		}
		if is && !(g.lang == "en" && ts[k].capital && k+1 < len(ts) && ts[k+1].capital && k > begin) {
			unit, end, ok = u, k+1, true
			if g.lang == "ru" && !g.adjective(ts[k].low) {
				break // what follows is in the genitive: «семей боевиков» are families
			}
			continue
		}
		if ok || g.endsPhrase(ts, k, begin) {
			break
		}
	}
	if ok {
		unit, end = g.together(ts, unit, end)
		return unit, end, true, false
	}
	return "", 0, false, g.countsOther(ts, a.to)
}

// person gives the unit of a noun for people or for what is counted with them.
func (g *grammar) person(t token) (unit string, ok bool) {
	if unit, ok = g.unit(t.low); !ok && g.demonym(t) {
		return "people", true
	}
	return unit, ok
}

// endsPhrase says whether no noun that is counted can stand at k or behind it.
func (g *grammar) endsPhrase(ts []token, k, begin int) bool {
	t := ts[k]
	if t.low == "and" || t.low == "и" { // "Kazakh and Uzbek citizens"
		return k == begin
	}
	if t.kind != word || g.small(t) || g.months[t.low] > 0 {
		return true
	}
	if g.deed(t.low) && (k > begin && !g.adjective(t.low) || k == begin && !g.participle(t.low)) {
		return true
	}
	_, _, numeral := g.numeral(t.low)
	return numeral && !t.capital
}

// countsOther says whether the word at k is the noun of something that is not counted
// here: kilometres, countries.
func (g *grammar) countsOther(ts []token, k int) bool {
	if k >= len(ts) || ts[k].kind != word {
		return false
	}
	low := ts[k].low
	return !g.stop[low] && !g.auxiliary[low] && !g.deed(low) && !g.more[low] && low != "and" && low != "и" && !g.article[low] && g.saying[low] == ""
}

// participle says whether a deed may stand before the noun it belongs to.
func (g *grammar) participle(low string) bool {
	if g.lang == "ru" {
		return g.adjective(low)
	}
	return strings.HasSuffix(low, "ed") || strings.HasSuffix(low, "ing") || strings.HasSuffix(low, "en")
}

func (g *grammar) adjective(low string) bool {
	if g.lang == "en" {
		return g.participle(low)
	}
	for _, ending := range []string{"ых", "их", "ые", "ие", "ым", "ими", "ыми"} {
		if strings.HasSuffix(low, ending) {
			return true
		}
	}
	return false
}

// together joins "women and children", which one number counts.
func (g *grammar) together(ts []token, unit string, end int) (string, int) {
	if end+1 < len(ts) && (ts[end].low == "and" || ts[end].low == "и") {
		k := end + 1
		if k+1 < len(ts) && ts[k].low == "their" {
			k++
		}
		if second, ok := g.unit(ts[k].low); ok && second != unit {
			return unit + " and " + second, k + 1
		}
	}
	return unit, end
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

// without reads a number that has no noun: "about 100 escaped", "put the number at 30",
// "122 from Iraq", «детей не менее двадцати».
func (r *reader) without(ts []token, g *grammar, a amount, prior string, priorAt int) (string, int, bool) {
	unit := prior
	if unit == "" {
		unit = r.unit
	}
	if unit == "" || unit == "percent" {
		unit = "people"
	}
	if a.people {
		return unit, a.to, true
	}
	if a.year && a.from == a.core {
		return "", 0, false
	}
	if a.vague && prior == "" {
		unit = "people" // "Thousands are held" begins anew
	}
	if u, ok := g.counted(ts, a, unit); ok {
		return u, a.to, true
	}
	if a.to < len(ts) && g.more[ts[a.to].low] {
		end := a.to + 1
		return unit, end, true
	}
	if g.does(ts, a.to) {
		return unit, a.to, true
	}
	if u, ok := g.nounBefore(ts, a); ok {
		if u == "" {
			u = unit
		}
		return u, a.to, true
	}
	if prior != "" && g.coordinated(ts, a, priorAt) {
		return prior, a.to, true
	}
	if r.unit != "" && g.bare(ts, a) {
		return unit, a.to, true
	}
	return "", 0, false
}

// counted says whether the words before a number announce a count: "put the number of
// women at 50", "a toll of 17".
func (g *grammar) counted(ts []token, a amount, unit string) (string, bool) {
	found := false
	for k := a.from - 1; k >= 0 && k >= a.from-12; k-- {
		if ts[k].kind == mark && ts[k].text != "," && ts[k].text != ":" || ts[k].kind == number {
			break
		}
		if u, ok := g.unit(ts[k].low); ok {
			unit = u
		}
		if g.counting[ts[k].low] {
			found = true
			break
		}
	}
	if !found || !g.closes(ts, a.to) || a.value.Qualifier != "between" && !g.reaches[ts[a.from-1].low] {
		return "", false
	}
	return unit, true
}

// small says whether a token is one of the small words at which a noun phrase ends:
// "is", but not "IS".
func (g *grammar) small(t token) bool {
	return (g.stop[t.low] || g.auxiliary[t.low]) && !(t.capital && len(t.text) > 1 && strings.ToUpper(t.text) == t.text)
}

// closes says whether nothing is counted after i: the clause ends or goes on with a
// small word.
func (g *grammar) closes(ts []token, i int) bool {
	return i >= len(ts) || ts[i].kind == mark || g.stop[ts[i].low] || g.auxiliary[ts[i].low] || ts[i].low == "and" || ts[i].low == "и"
}

// does says whether people's deeds follow: "had escaped", "бежали".
func (g *grammar) does(ts []token, i int) bool {
	for k := i; k < len(ts) && k < i+5 && ts[k].kind == word; k++ {
		if g.deed(ts[k].low) && !ts[k].capital {
			return true
		}
		if !g.auxiliary[ts[k].low] && !strings.HasSuffix(ts[k].low, "ly") {
			break
		}
	}
	return false
}

// nounBefore reads what stands before a number: «детей не менее двадцати», «их 46»,
// «погибли 17», "there were at least 21".
func (g *grammar) nounBefore(ts []token, a amount) (string, bool) {
	k := a.from - 1
	if k < 0 || !g.closes(ts, a.to) {
		return "", false
	}
	if g.lang == "en" {
		return "", g.casualty[ts[k].low] || k >= 1 && (ts[k-1].low == "there" && (ts[k].low == "were" || ts[k].low == "are"))
	}
	if (ts[k].text == "—" || ts[k].text == "–") && k > 0 {
		k--
	}
	if ts[k].low == "было" || ts[k].low == "уже" || ts[k].low == "еще" {
		k = max(0, k-1)
	}
	if u, ok := g.unit(ts[k].low); ok {
		return u, true
	}
	if ts[k].low == "их" || ts[k].low == "нас" {
		for j := k - 1; j >= 0 && j > k-12; j-- {
			if u, ok := g.unit(ts[j].low); ok {
				return u, true
			}
		}
		return "", true
	}
	return "", g.deed(ts[k].low) && ts[k].kind == word && !ts[k].capital
}

// coordinated says whether a number goes on with the count before it: ": 122 from Iraq
// and 152 from Syria", "up from 324 in 2021 and 281 a year earlier".
func (g *grammar) coordinated(ts []token, a amount, priorAt int) bool {
	if a.from-priorAt > 14 || a.from == 0 {
		return false
	}
	b := ts[a.from-1]
	linked := b.kind == mark && b.text != "(" || g.links[b.low] || g.ofThem[b.low] || b.capital
	if !linked || g.timely(ts, a) {
		return false
	}
	if a.to >= len(ts) || ts[a.to].kind == mark {
		return true
	}
	n := ts[a.to].low
	return g.place[n] || g.links[n] || g.article[n] || n == "a" || g.lang == "ru" && ts[a.to].capital
}

// timely says that a number after "at", "by", "in" may be an hour or a day.
func (g *grammar) timely(ts []token, a amount) bool {
	return a.from > 0 && g.hours[ts[a.from-1].low] && a.value.Qualifier == ""
}

// bare reads a number that only its qualifier or its neighbours show to be a count of
// the same people: "about 100.", «сообщал о 2600».
func (g *grammar) bare(ts []token, a amount) bool {
	if a.from == 0 || !g.closes(ts, a.to) || a.to < len(ts) && g.months[ts[a.to].low] > 0 {
		return false
	}
	b := ts[a.from-1].low
	if g.lang == "ru" {
		return (b == "о" || b == "об" || b == "не") && a.exact > 1 && !a.year
	}
	if a.to < len(ts) && g.auxiliary[ts[a.to].low] && a.exact > 1 {
		return b == "that" || b == "," || b == "but" || b == "and" || b == "\"" || b == "“"
	}
	return g.saying[b] != "" && a.exact > 5
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
		if said[k].to <= i && (ts[i].quote != 0 || !said[k].trailing) {
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

// without leaves out the times at which somebody spoke: they are of the speaking.
func without(dates []dated, said []act) []dated {
	return slices.DeleteFunc(slices.Clone(dates), func(d dated) bool {
		return slices.ContainsFunc(said, func(a act) bool { return a.spokenAt(d) })
	})
}

// goesOnWith says whether a sentence divides what the one before it counted: "Of them".
func (g *grammar) goesOnWith(ts []token) bool {
	return len(ts) > 1 && g.continues[ts[0].low] && (g.ofThem[ts[1].low] || ts[1].low == "include" || ts[1].low == "included")
}
