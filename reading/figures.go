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
		} else if g.goesOnWith(ts) && len(r.figures) > 0 {
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
	if other && !a.people {
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
		return true
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

// nounAfter looks for the noun that is counted: "50 Russian women", "200 of us". The
// word other says that something else is counted.
// Of "them" there are as many as same.
func (g *grammar) nounAfter(ts []token, a amount, same string) (unit string, end int, ok, other bool) {
	behind := pastQuote(ts, a)
	begin := behind
	if begin < len(ts) && (ts[begin].low == "of" || ts[begin].low == "из") {
		if a.exact <= 1 {
			return "", 0, false, true // "one of the camps" counts nothing
		}
		if begin+1 < len(ts) && g.ofThem[ts[begin+1].low] {
			return cmp.Or(same, "people"), begin + 2, true, false
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
			if u != "people" || unit == "" { // "displaced people" are displaced
				unit = u
			}
			if k > begin && g.peaceful(ts[k-1].low) {
				unit = "people" // «мирных жителей»
			}
			end, ok = k+1, true
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
	return "", 0, false, g.countsOther(ts, behind)
}

// pastQuote goes behind a number and the quotation marks around it or behind it:
// "fewer than ten" detainees, семь тысяч «русских вдов».
func pastQuote(ts []token, a amount) int {
	if a.to < len(ts) && ts[a.to].kind == mark && strings.Contains("«»“”\"", ts[a.to].text) {
		closes := ts[a.to].text != "«" && ts[a.to].text != "“" && !ts[a.to].spaced
		if !closes || a.from > 0 && strings.Contains("«“\"", ts[a.from-1].text) {
			return a.to + 1
		}
	}
	return a.to
}

// isWhere says whether a few camps or prisons are only where something is: "in two
// camps". "Closed two camps" counts them.
func (g *grammar) isWhere(ts []token, a amount, unit string) bool {
	if unit != "camps" && unit != "prisons" || a.exact > 5 || a.value.Qualifier != "" {
		return false
	}
	k := a.from - 1
	for k >= 0 && g.pointing[ts[k].low] {
		k--
	}
	return k >= 0 && (g.place[ts[k].low] || ts[k].low == "of")
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
	if g.does(ts, g.behindAside(ts, a.to)) {
		return unit, a.to, true
	}
	if u, ok := g.subjectOf(ts, a); ok {
		return cmp.Or(u, unit), a.to, true
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
	if (r.unit != "" || r.counting) && (g.bare(ts, a) || g.guessed(ts, a)) {
		return unit, a.to, true
	}
	return "", 0, false
}

// behindAside goes behind what stands between commas: "163, according to X, died".
func (g *grammar) behindAside(ts []token, i int) int {
	if i+2 >= len(ts) || ts[i].text != "," {
		return i
	}
	for k := i + 2; k < len(ts) && k < i+12; k++ {
		if ts[k].text != "," {
			continue
		}
		if _, ok := opens(ts, i+1, g); ok || g.lang == "ru" && ts[i+1].low == "по" {
			return k + 1
		}
		break
	}
	return i
}

// subjectOf reads a number that is the subject of a clause: "six were women", "of whom
// 1,200 are", "some 700 who used to", «Десять — уроженцы Дагестана», «Шестьдесят три
// написали». Its unit is that of what the number is said to be.
func (g *grammar) subjectOf(ts []token, a amount) (unit string, ok bool) {
	if a.to >= len(ts) || a.exact <= 1 || !g.begins(ts, a.from) {
		return "", false
	}
	next := ts[a.to]
	switch {
	case next.low == "who":
		return "people", true
	case g.being[next.low]:
	case g.lang == "ru" && (next.text == "—" || next.text == "–" || next.text == "-"):
		for k := a.to + 1; k < len(ts) && k < a.to+3; k++ {
			if u, is := g.person(ts[k]); is {
				return u, true
			}
		}
		return "", false
	case g.lang == "ru" && !next.capital && pluralPast(next.low):
		return "", true
	default:
		return "", false
	}
	for k := a.to + 1; k < len(ts) && k < a.to+4; k++ {
		if u, is := g.person(ts[k]); is && !g.singular[ts[k].low] {
			return u, true
		}
	}
	return "", !a.year
}

// pluralPast says whether a Russian word is what several did.
func pluralPast(low string) bool {
	return len(low) > 8 && (strings.HasSuffix(low, "ли") || strings.HasSuffix(low, "лись"))
}

// begins says whether a clause can begin with what stands at i.
func (g *grammar) begins(ts []token, i int) bool {
	if i == 0 {
		return true
	}
	b := ts[i-1]
	return b.kind == mark && b.text != "(" && b.text != "$" || g.clause[b.low]
}

// guessed reads a number that has no more than its qualifier, in a text that counts
// people: "At least 50.", "the Kurdish side says about 900". Under and over a small
// number is an age.
func (g *grammar) guessed(ts []token, a amount) bool {
	switch a.value.Qualifier {
	case "about", "at least", "up to", "at most", "between":
	case "more than", "less than", "almost":
		if a.exact < 100 {
			return false
		}
	default:
		return false
	}
	return a.exact >= 10 && !a.year && g.closes(ts, a.to) && !g.timely(ts, amount{from: a.from})
}

// counted says whether the words before a number announce a count: "put the number of
// women at 50", "a toll of 17".
func (g *grammar) counted(ts []token, a amount, unit string) (string, bool) {
	found := false
	for k := a.from - 1; k >= 0 && k >= a.from-12; k-- {
		if ts[k].kind == mark && !strings.Contains(",:\"“«", ts[k].text) || ts[k].kind == number && (ts[k].value < 1900 || ts[k].value > 2100) {
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
	if !found || !g.closes(ts, a.to) || a.value.Qualifier != "between" && !g.reaches[ts[outOfQuote(ts, a.from)-1].low] {
		return "", false
	}
	return unit, true
}

// outOfQuote goes before the mark that opens a quoted number: was "fewer than ten".
func outOfQuote(ts []token, i int) int {
	if i > 1 && strings.Contains("\"“«", ts[i-1].text) && ts[i-1].kind == mark {
		return i - 1
	}
	return i
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
		if k < 1 {
			return "", g.casualty[ts[k].low]
		}
		for k > 1 && (ts[k].low == "just" || ts[k].low == "only" || ts[k].low == "now") {
			k--
		}
		there := (ts[k-1].low == "there" || ts[k-1].low == "we" || ts[k-1].low == "they") && g.being[ts[k].low]
		return "", there || g.casualty[ts[k].low] || ts[k].low == "for" && g.builtFor[ts[k-1].low]
	}
	if a.from > 1 && ts[k].text == "," { // «Убийств, по его словам, было 88»
		k = g.beforeAside(ts, k)
	}
	if (ts[k].text == "—" || ts[k].text == "–") && k > 0 {
		k--
	}
	if ts[k].low == "было" || ts[k].low == "уже" || ts[k].low == "еще" {
		k = max(0, k-1)
		if ts[k].text == "," && k > 0 {
			k = g.beforeAside(ts, k)
		}
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
	if k > 0 && ts[k].kind == word && g.deed(ts[k-1].low) && a.exact >= 10 && !a.year && !g.stop[ts[k].low] && !g.place[ts[k].low] {
		return "", true // «ждут отправки 16 000»
	}
	return "", g.deed(ts[k].low) && ts[k].kind == word && !ts[k].capital
}

// beforeAside goes before what stands between commas and ends at k.
func (g *grammar) beforeAside(ts []token, k int) int {
	for i := k - 1; i > 0 && i > k-8; i-- {
		if ts[i].text == "," {
			return i - 1
		}
	}
	return k
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
		return (b == "о" || b == "об" || b == "не" || b == "про") && a.exact > 1 && !a.year
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

// without leaves out the times at which somebody spoke: they are of the speaking.
func without(dates []dated, said []act) []dated {
	return slices.DeleteFunc(slices.Clone(dates), func(d dated) bool {
		return slices.ContainsFunc(said, func(a act) bool { return a.spokenAt(d) })
	})
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
