package reading

// What is said without a number and answers a number: that a prison was emptied, that
// guards let people go, that a claim is dismissed, that nothing proves it; and rules, such
// as "only children were accepted". They are suggested beside the figures, as short as
// they are said.

// The kinds of a suggestion. A figure has none, so that its JSON is what it was.
const (
	KindClaim = "claim"
	KindRule  = "rule"
)

// maxClaim is how many words are shown of a claim.
const maxClaim = 16

// claims finds what a sentence says without a number.
func (r *reader) claims(ts []token, g *grammar, said []act, dates []dated) {
	events := without(dates, said)
	for i := 0; i < len(ts); i++ {
		kind, stance, from, ok := g.claimAt(ts, i)
		if !ok {
			continue
		}
		end := clauseEnd(ts, i)
		if g.numbered(ts[from:end]) {
			continue
		}
		c := Figure{
			Kind: kind, Start: ts[from].start, End: ts[end-1].end, Text: r.source[ts[from].byteStart:ts[end-1].byteEnd],
			What: join(ts[from:end]), Via: []string{}, Stance: Asserts, Place: placeOf(ts, g, from, end, dates),
		}
		if d, ok := nearest(ts, events, from, end); ok {
			c.Date, c.When = d.edtf, d.words
		}
		if who, ok := claimant(said, ts, from, i); ok {
			c.credit(who)
		} else if ts[i].quote != 0 {
			c.Speaker = r.last
		}
		if stance != "" {
			c.Stance = stance
		}
		r.claimed = append(r.claimed, c)
		i = end - 1
	}
}

// claimant is who makes a claim: of a denial, whoever denies.
func claimant(said []act, ts []token, from, at int) (act, bool) {
	for _, a := range said {
		if a.from <= at && at < a.to && a.speaker != "" {
			return a, true
		}
	}
	return speakerOf(said, ts, from)
}

// claimAt says whether a claim or a rule begins at i, or is told by the word at i.
func (g *grammar) claimAt(ts []token, i int) (kind string, stance Stance, from int, ok bool) {
	low := ts[i].low
	switch {
	case g.only[low] && g.admits(ts, i):
		return KindRule, "", g.letIn(ts, i), true
	case g.saying[low] == Denies && g.followedBy(ts, i, g.allegation, 5):
		return KindClaim, Denies, i, true
	case g.emptying[low] && g.followedBy(ts, i, g.emptied, 5):
		return KindClaim, "", i, true
	case g.emptying[low] && g.lang == "en" && i > 1 && g.passive[ts[i-1].low] && g.precededBy(ts, i, g.emptied, 14):
		return KindClaim, "", i, true
	}
	for _, words := range g.unproven {
		if matches(ts, i, words) {
			return KindClaim, Denies, i, true
		}
	}
	return "", "", i, false
}

// admits says whether "only" or "no" stands with people and with their being let in:
// "only children were accepted", «принимали только детей».
func (g *grammar) admits(ts []token, i int) bool {
	people, let := false, false
	for k := i + 1; k < len(ts) && k < i+9 && ts[k].kind == word; k++ {
		if _, is := g.person(ts[k]); is && k < i+4 {
			people = true
		}
		let = let || g.admitted[ts[k].low]
	}
	for k := i - 1; k >= 0 && k > i-5 && ts[k].kind == word && !let; k-- {
		let = g.admitted[ts[k].low]
	}
	return people && let
}

// letIn goes back from "only" to the verb that may stand before it: «принимали только детей».
func (g *grammar) letIn(ts []token, i int) int {
	for k := i - 1; k >= 0 && k > i-4 && ts[k].kind == word; k-- {
		if g.admitted[ts[k].low] && k > 0 && ts[k-1].low == "не" {
			return k - 1
		}
		if g.admitted[ts[k].low] {
			return k
		}
	}
	return i
}

func (g *grammar) precededBy(ts []token, i int, some words, within int) bool {
	for k := i - 1; k >= 0 && k >= i-within; k-- {
		if some[ts[k].low] {
			return true
		}
	}
	return false
}

// clauseEnd finds where what is said at i ends.
func clauseEnd(ts []token, i int) int {
	k := i + 1
	for k < len(ts) && k < i+maxClaim && (ts[k].kind != mark || ts[k].text == "-" || ts[k].text == "'") {
		k++
	}
	return k
}

// numbered says whether a number of people stands in some words: then it is a figure.
func (g *grammar) numbered(ts []token) bool {
	for i := range ts {
		if a, ok := g.amountAt(ts, i); ok && a.exact > 1 && !a.year {
			return true
		}
	}
	return false
}
