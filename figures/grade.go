package figures

import (
	"cmp"
	"slices"
)

// The rules by which a group of claims that count the same is graded, over its
// independent origins:
//
//	withdrawn     no claim of it stands any more
//	contested     two origins differ by more than twice; or somebody denies a number of it;
//	              or a part of it is said to be more than the whole; or a total fell
//	              without a correction
//	named         the office holds a list of names on which a claim rests
//	corroborated  two independent origins agree within a fifth
//	single        anything else: one origin, or several of which no two agree
//
// The first that fits is the grade. Whoever says that 785 foreigners escaped says that
// at least 785 people did: the number of a part counts towards the most that is said of
// the whole.
//
// Low and high are the lowest and the highest number of an origin. Best is there only
// for what is named (the list's own number) or corroborated: of those who agree, the one
// with the most direct basis, and of two the lower. All three are numbers that somebody
// said; nothing is averaged.

// Grade says how well a group's number stands.
type Grade string

// The grades.
const (
	Named        Grade = "named"
	Corroborated Grade = "corroborated"
	Single       Grade = "single"
	Contested    Grade = "contested"
	NoneStands   Grade = "withdrawn"
)

// Grades are all of them, the best first.
var Grades = []Grade{Named, Corroborated, Single, Contested, NoneStands}

// Bound is a number that somebody said, and who.
type Bound struct {
	Number int64
	Claim  string
	// Open says that the claim gives no limit on that side: "at least 50" as the high.
	Open bool
	// Part says that it is the number of a part, which counts towards the whole.
	Part bool
}

// ConflictKind says how two claims cannot both be so.
type ConflictKind string

// The kinds.
const (
	PartExceeds ConflictKind = "part_exceeds_whole" // A counts a part of B and more than B
	Differ      ConflictKind = "differ"             // A is more than twice B
	Falls       ConflictKind = "falls"              // the total A is later than B, and less
	Denied      ConflictKind = "denied"             // A denies B
)

// ConflictKinds are all of them.
var ConflictKinds = []ConflictKind{PartExceeds, Differ, Falls, Denied}

// Conflict is a pair of claims that cannot both be so.
type Conflict struct {
	Kind ConflictKind
	A, B string
	// Of A and B; nil where the claim has no number.
	NumberA, NumberB *int64
}

// A fifth is how far numbers may be apart and still agree; also how far "about" reaches
// when a part is held against its whole. Twice is from where they contest each other.
const (
	agreeParts, agreeOf = 6, 5 // larger ≤ smaller × 6/5
	twice               = 2
)

// near says that two numbers are within a fifth of the smaller one.
func near(a, b int64) bool { return max(a, b)*agreeOf <= min(a, b)*agreeParts }

// agree says that two values were both said with two bounds, and each pair of bounds is
// within a fifth. What is open on a side agrees with nothing: it only does not contradict.
func agree(a, b Value) bool {
	return !a.Open() && !b.Open() && near(*a.Low, *b.Low) && near(*a.High, *b.High)
}

// exceeds says that all that a can mean is more than all that b can, factor times over.
func exceeds(a, b Value, factor int64) bool {
	return a.Low != nil && b.High != nil && *a.Low > factor**b.High
}

// more says that a part is more than its whole, or an earlier total more than a later:
// beyond what "about" can cover.
func more(part, whole Value) bool {
	if !exceeds(part, whole, 1) {
		return false
	}
	return !part.Loose() && !whole.Loose() || !near(*part.Low, *whole.High)
}

func (t traced) differ(a, b Claim) []Conflict {
	switch {
	case exceeds(*a.Value, *b.Value, twice):
		return []Conflict{t.conflict(Differ, a, b)}
	case exceeds(*b.Value, *a.Value, twice):
		return []Conflict{t.conflict(Differ, b, a)}
	}
	return nil
}

func (t traced) conflict(k ConflictKind, a, b Claim) Conflict {
	c := Conflict{Kind: k, A: a.ID, B: b.ID}
	if a.Numbered() {
		n := a.Value.Least()
		c.NumberA = &n
	}
	if b.Numbered() {
		n := b.Value.Most()
		c.NumberB = &n
	}
	return c
}

// denials are the claims by which an independent speaker denies a claim, directly or as
// what it repeats.
func (t traced) denials(c Claim) []Claim {
	var found []Claim
	for _, d := range t.claims {
		if d.Stance != Denies || t.gone(d.ID) || speaks(d) == t.origin(c) {
			continue
		}
		if slices.ContainsFunc(d.Answers, func(id string) bool { return id == c.ID || t.root[id] == c.ID }) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, before)
	return found
}

// Step is one rule that was applied, and to which claims: with them a person can redo
// the summary by hand.
type Step struct {
	Rule   Rule
	Claims []string
}

// Rule names a rule.
type Rule string

// The rules, in the order in which they are applied.
const (
	RuleRepeat     Rule = "repeat"       // the first repeats the second: one origin
	RuleRevised    Rule = "revised"      // the second revises the first
	RuleCorrected  Rule = "corrected"    // the second corrects the first
	RuleTakenBack  Rule = "taken_back"   // the second takes the first back
	RuleJoined     Rule = "joined"       // said for a vaguer time, and fits one group alone
	RuleOverruled  Rule = "overruled"    // a person decided about the pair
	RuleLow        Rule = "low"          // the lowest
	RuleHigh       Rule = "high"         // the highest
	RuleHighOfPart Rule = "high_of_part" // the highest is that of a part
	RuleDiffer     Rule = "differ"       // more than twice apart
	RuleDenied     Rule = "denied"       // the first denies the second
	RulePart       Rule = "part_exceeds" // the first is a part of the second, and more
	RuleFalls      Rule = "falls"        // the first is a later total than the second, and less
	RuleNamed      Rule = "named"        // the office holds the list
	RuleAgree      Rule = "agree"        // within a fifth
	RuleOne        Rule = "one_origin"   // only one independent origin
	RuleNoTwo      Rule = "no_two_agree" // several, of which no two agree
	RuleNoneStands Rule = "none_stands"  // nothing stands
	RuleBestNamed  Rule = "best_named"   // the list's own number
	RuleBestDirect Rule = "best_direct"  // the most direct basis of those who agree
	RuleNoBest     Rule = "no_best"      // neither named nor corroborated
)

// Rules are all of them.
var Rules = []Rule{RuleRepeat, RuleRevised, RuleCorrected, RuleTakenBack, RuleJoined, RuleOverruled, RuleLow, RuleHigh, RuleHighOfPart, RuleDiffer, RuleDenied, RulePart, RuleFalls, RuleNamed, RuleAgree, RuleOne, RuleNoTwo, RuleNoneStands, RuleBestNamed, RuleBestDirect, RuleNoBest}

// directness orders bases, the most direct first.
var directness = []Basis{ListHeld, HeadCount, Document, SawIt, ListClaimed, SourcesNamed, SourcesInside, Statement, ByEstimate, NoneGiven}

func direct(b Basis) int {
	if i := slices.Index(directness, b); i >= 0 {
		return i
	}
	return len(directness)
}

// summarise grades a group and finds its numbers. conflicts are those of its claims with
// any other; parts the claims that count a part of it.
func (t traced) summarise(g *Group, conflicts []Conflict, parts []Claim) {
	step := func(r Rule, ids ...string) { g.Steps = append(g.Steps, Step{r, ids}) }
	said := t.counting(*g)
	if len(said) == 0 {
		g.Grade = NoneStands
		step(RuleNoneStands)
		return
	}
	t.bounds(g, said, parts, step)
	agreeing := agreements(said, step)
	for _, c := range conflicts {
		step(map[ConflictKind]Rule{Differ: RuleDiffer, Denied: RuleDenied, PartExceeds: RulePart, Falls: RuleFalls}[c.Kind], c.A, c.B)
	}
	held := slices.DeleteFunc(slices.Clone(said), func(c Claim) bool { return c.Basis != ListHeld || c.Value.Open() })
	switch {
	case len(conflicts) > 0:
		g.Grade = Contested
	case len(held) > 0:
		g.Grade = Named
		best := slices.MinFunc(held, byBasis)
		step(RuleNamed, best.ID)
		g.Best = bestOf(best)
		step(RuleBestNamed, best.ID)
	case len(agreeing) > 0:
		g.Grade = Corroborated
		best := slices.MinFunc(slices.DeleteFunc(slices.Clone(said), func(c Claim) bool { return !agreeing[c.ID] }), byBasis)
		g.Best = bestOf(best)
		step(RuleBestDirect, best.ID)
	default:
		g.Grade = Single
		if len(said) == 1 {
			step(RuleOne, said[0].ID)
		} else {
			step(RuleNoTwo, ids(said)...)
		}
	}
	if g.Best == nil {
		step(RuleNoBest)
	}
}

// agreements are the claims that agree with another one.
func agreements(said []Claim, step func(Rule, ...string)) map[string]bool {
	agreeing := map[string]bool{}
	for i, a := range said {
		for _, b := range said[i+1:] {
			if agree(*a.Value, *b.Value) {
				agreeing[a.ID], agreeing[b.ID] = true, true
				step(RuleAgree, a.ID, b.ID)
			}
		}
	}
	return agreeing
}

func ids(claims []Claim) []string {
	all := make([]string, len(claims))
	for i, c := range claims {
		all[i] = c.ID
	}
	return all
}

// byBasis orders claims for the best: the most direct basis, then the lower number.
func byBasis(a, b Claim) int {
	return cmp.Or(cmp.Compare(direct(a.Basis), direct(b.Basis)), cmp.Compare(a.Value.Least(), b.Value.Least()), before(a, b))
}

// bestOf is the number of the claim: the one that its speaker takes for most likely, or
// the least of a range, never anything between.
func bestOf(c Claim) *Bound {
	n, ok := c.Value.Point()
	if !ok {
		n = c.Value.Least()
	}
	return &Bound{Number: n, Claim: c.ID}
}

// counting are the claims that count for the origins of a group.
func (t traced) counting(g Group) []Claim {
	var said []Claim
	for _, o := range g.Origins {
		said = append(said, t.claims[o.Claim])
	}
	return said
}

// bounds finds the lowest and the highest number that an origin says, and the highest of
// a part where that is more.
func (t traced) bounds(g *Group, said, parts []Claim, step func(Rule, ...string)) {
	low := slices.MinFunc(said, func(a, b Claim) int { return cmp.Or(cmp.Compare(a.Value.Least(), b.Value.Least()), before(a, b)) })
	high := slices.MinFunc(said, func(a, b Claim) int { return cmp.Or(cmp.Compare(b.Value.Most(), a.Value.Most()), before(a, b)) })
	g.Low = &Bound{Number: low.Value.Least(), Claim: low.ID, Open: low.Value.Low == nil}
	g.High = &Bound{Number: high.Value.Most(), Claim: high.ID, Open: high.Value.High == nil}
	step(RuleLow, low.ID)
	for _, p := range parts {
		if p.Value.Low != nil && *p.Value.Low > g.High.Number {
			g.High = &Bound{Number: *p.Value.Low, Claim: p.ID, Open: true, Part: true}
		}
	}
	if g.High.Part {
		step(RuleHighOfPart, g.High.Claim)
		return
	}
	step(RuleHigh, g.High.Claim)
}
