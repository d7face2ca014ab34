package figures

import (
	"cmp"
	"slices"
	"time"

	"homeward/statement/edtf"
)

// AsOf says what a sheet may know. The zero value is everything.
type AsOf struct {
	Recorded time.Time // what the office had written down by then
	Said     edtf.Date // what had been said, or published, by the end of that date
	True     edtf.Date // what speaks of that time
}

// Question is what a sheet is about.
type Question struct {
	ID       string
	Labels   []Words
	Incident string
	Places   []Place
	Period   edtf.Date
	Claims   int // how many were recorded, those that the office took back among them
	Act      string
	Index    int64
	// Withdrawn says that the office took the question back.
	Withdrawn bool
}

// Label is what is asked, in the language or, where it is not there, in the first one.
func (q Question) Label(lang string) Words {
	if i := in(lang, len(q.Labels), func(i int) string { return q.Labels[i].Lang }); i >= 0 {
		return q.Labels[i]
	}
	return Words{}
}

// Line is a claim as it stands on a sheet.
type Line struct {
	Claim
	Standing Standing
	// By is the claim that revised, corrected or took it back, or that it repeats.
	By string
	// Group is its place in Sheet.Groups; -1 where it is in none.
	Group int
	// Counts says that it is the one that counts for its origin.
	Counts bool
	// AnsweredBy are the claims that answer it: denials, other explanations.
	AnsweredBy []string
}

// Group is the claims that count the same: the same people, place and time.
type Group struct {
	Of          Population
	What        What
	Tally       Tally
	Place       Place
	When        edtf.Date // of the first origin
	Claims      []string  // all of them, also those that count no more
	Origins     []Origin
	Grade       Grade
	Low, High   *Bound // nil when nothing stands
	Best        *Bound // nil unless named or corroborated
	PartOf      []int  // groups of which it counts a part
	Parts       []int
	Conflicts   []int // in Sheet.Conflicts
	Steps       []Step
	Independent int // how many origins
}

// Sheet is the claims of one question, side by side, and what the rules make of them.
type Sheet struct {
	Question Question
	AsOf     AsOf
	// Lines are in the order in which things were said; what answers a claim and has no
	// number follows it.
	Lines  []Line
	Groups []Group
	// Comparisons are all pairs of claims that count, each once, A before B in Lines.
	Comparisons []Comparison
	Conflicts   []Conflict
	Overrules   []Overrule // all that count
	// Max is the largest number on the sheet, for the axis; 0 when there is none.
	Max int64

	decided []Overrule // all of them, to make the sheet anew
}

// Line finds a claim's line.
func (s Sheet) Line(claim string) (Line, bool) {
	i := slices.IndexFunc(s.Lines, func(l Line) bool { return l.ID == claim })
	if i < 0 {
		return Line{}, false
	}
	return s.Lines[i], true
}

// Build makes a sheet of claims by the rules alone. It is pure: the same claims give the
// same sheet, in whatever order they come.
func Build(q Question, asOf AsOf, claims []Claim, decided []Overrule) Sheet {
	claims = slices.SortedFunc(slices.Values(claims), before)
	claims = slices.DeleteFunc(claims, func(c Claim) bool { return c.Withdrawn || !asOf.holds(c) })
	s := Sheet{Question: q, AsOf: asOf, decided: slices.SortedFunc(slices.Values(decided), func(a, b Overrule) int { return cmp.Compare(a.Index, b.Index) })}
	b := builder{traced: trace(claims), claims: claims, decided: decided, sheet: &s}
	b.prepare()
	b.groups()
	b.compare()
	b.conflicts()
	b.summaries()
	b.lines()
	return s
}

// holds says whether the sheet may know the claim. What was recorded is for the ledger.
func (a AsOf) holds(c Claim) bool {
	if !a.Recorded.IsZero() && c.Recorded > a.Recorded.UnixMicro() {
		return false
	}
	if !a.Said.IsZero() {
		said := c.SaidOn
		if said.IsZero() {
			said = c.PublishedOn
		}
		if said.IsZero() || said.Earliest() > a.Said.Latest() {
			return false
		}
	}
	if a.True.IsZero() {
		return true
	}
	switch edtf.Relate(c.When(), a.True) {
	case edtf.Overlaps:
		return true
	case edtf.Before:
		return c.Tally == Total
	}
	return false
}

// builder puts a sheet together.
type builder struct {
	traced
	claims  []Claim
	decided []Overrule
	sheet   *Sheet
	group   map[string]int // claim → group
	at      map[string]int // claim → its place in timed and pairs
	ready   []Claim        // as they are compared: with a time, and names folded
	members [][]Claim      // of each group
	vague   []int          // groups that claims of a vaguer time joined
	pairs   []*Comparison  // of each two claims, once they were compared
}

// countable are the claims that can be in a group: they have a number and deny nothing.
func (b *builder) countable() []Claim {
	return slices.DeleteFunc(slices.Clone(b.claims), func(c Claim) bool {
		return !c.Numbered() || b.standing[c.ID] == Denying || b.standing[c.ID] == Taking
	})
}

func (b *builder) pair(x, y Claim) Comparison {
	i, j := b.at[x.ID], b.at[y.ID]
	found := &b.pairs[i*len(b.ready)+j]
	if *found == nil {
		c := Compare(b.ready[i], b.ready[j], b.decided)
		*found = &c
	}
	return **found
}

// prepare makes the claims ready to be compared.
func (b *builder) prepare() {
	b.group, b.at = map[string]int{}, map[string]int{}
	for i, c := range b.claims {
		c = b.timed(c)
		c.Place.folded = c.Place.foldedNames()
		b.at[c.ID] = i
		b.ready = append(b.ready, c)
	}
	b.pairs = make([]*Comparison, len(b.ready)*len(b.ready))
}

// timed gives a claim that repeats another without a time of its own that one's time.
func (b *builder) timed(c Claim) Claim {
	if first, here := b.traced.claims[b.root[c.ID]]; here && c.On.IsZero() && first.ID != c.ID {
		c.On = first.When()
	}
	return c
}

// groups joins the claims that count the same. A claim of a vaguer time joins a group
// only when it fits that one alone, and that one no other.
func (b *builder) groups() {
	all := b.countable()
	sets := newSets(len(all))
	for i, x := range all {
		for j := range i {
			if c := b.pair(all[j], x); c.Relation == Same && !c.Vague {
				sets.join(i, j)
			}
		}
	}
	joined := b.joinVague(all, sets)
	at := map[int]int{}
	for i, c := range all {
		root := sets.of(i)
		if _, known := at[root]; !known {
			at[root] = len(b.members)
			b.members = append(b.members, nil)
		}
		b.group[c.ID] = at[root]
		b.members[at[root]] = append(b.members[at[root]], c)
	}
	for root, i := range at {
		if joined[root] {
			b.vague = append(b.vague, i)
		}
	}
	for i, members := range b.members {
		b.sheet.Groups = append(b.sheet.Groups, b.newGroup(i, members))
	}
}

// joinVague joins what fits once, and gives the sets that came of it.
func (b *builder) joinVague(all []Claim, sets sets) map[int]bool {
	fits := map[int]map[int]bool{}
	for i, x := range all {
		for j := range i {
			if c := b.pair(all[j], x); c.Relation == Same && c.Vague && sets.of(i) != sets.of(j) {
				note(fits, sets.of(i), sets.of(j))
				note(fits, sets.of(j), sets.of(i))
			}
		}
	}
	joined := map[int]bool{}
	for i := range all {
		if at := sets.of(i); at == i && len(fits[at]) == 1 {
			other := only(fits[at])
			if len(fits[other]) == 1 {
				sets.join(at, other)
				joined[sets.of(at)] = true
			}
		}
	}
	return joined
}

func note(m map[int]map[int]bool, a, b int) {
	if m[a] == nil {
		m[a] = map[int]bool{}
	}
	m[a][b] = true
}

func only(m map[int]bool) int {
	for k := range m {
		return k
	}
	return -1
}

// newGroup describes a group by the first claim that counts in it.
func (b *builder) newGroup(n int, members []Claim) Group {
	g := Group{Claims: ids(members), Origins: b.origins(members)}
	first := members[0]
	if len(g.Origins) > 0 {
		first = b.traced.claims[g.Origins[0].Claim]
	}
	g.Of, g.What, g.Tally, g.Place, g.When, g.Independent = first.Of, first.What, first.Tally, first.Place, first.When(), len(g.Origins)
	if slices.Contains(b.vague, n) {
		g.Steps = append(g.Steps, Step{RuleJoined, ids(members)})
	}
	for _, c := range members {
		switch b.standing[c.ID] {
		case Repeating:
			g.Steps = append(g.Steps, Step{RuleRepeat, []string{c.ID, b.root[c.ID]}})
		case Revised:
			g.Steps = append(g.Steps, Step{RuleRevised, []string{c.ID, b.by[c.ID]}})
		case Corrected:
			g.Steps = append(g.Steps, Step{RuleCorrected, []string{c.ID, b.by[c.ID]}})
		case TakenBack:
			g.Steps = append(g.Steps, Step{RuleTakenBack, []string{c.ID, b.by[c.ID]}})
		}
	}
	return g
}

// compare sets every claim that counts against every other.
func (b *builder) compare() {
	said := b.said()
	for i, x := range said {
		for _, y := range said[i+1:] {
			c := b.pair(x, y)
			b.sheet.Comparisons = append(b.sheet.Comparisons, c)
			gx, gy := b.group[x.ID], b.group[y.ID]
			switch c.Relation {
			case PartOf:
				b.part(gx, gy)
			case WholeOf:
				b.part(gy, gx)
			}
			if c.Overruled != nil {
				b.sheet.Overrules = append(b.sheet.Overrules, *c.Overruled)
				for _, g := range []int{gx, gy} {
					b.sheet.Groups[g].Steps = append(b.sheet.Groups[g].Steps, Step{RuleOverruled, []string{x.ID, y.ID}})
				}
			}
		}
	}
}

// said are the claims that count for their origins, over all groups.
func (b *builder) said() []Claim {
	var said []Claim
	for _, g := range b.sheet.Groups {
		said = append(said, b.counting(g)...)
	}
	slices.SortFunc(said, before)
	return said
}

func (b *builder) part(part, whole int) {
	if part == whole || slices.Contains(b.sheet.Groups[part].PartOf, whole) {
		return
	}
	b.sheet.Groups[part].PartOf = append(b.sheet.Groups[part].PartOf, whole)
	b.sheet.Groups[whole].Parts = append(b.sheet.Groups[whole].Parts, part)
}

// conflicts finds the pairs that cannot both be so.
func (b *builder) conflicts() {
	said := b.said()
	for i, x := range said {
		for _, d := range b.denials(x) {
			b.sheet.Conflicts = append(b.sheet.Conflicts, b.conflict(Denied, d, x))
		}
		for _, y := range said[i+1:] {
			b.sheet.Conflicts = append(b.sheet.Conflicts, b.between(x, y)...)
		}
	}
	for i, c := range b.sheet.Conflicts {
		for _, id := range []string{c.A, c.B} {
			g, in := b.group[id]
			if in && b.standing[id] != Denying && !slices.Contains(b.sheet.Groups[g].Conflicts, i) {
				b.sheet.Groups[g].Conflicts = append(b.sheet.Groups[g].Conflicts, i)
			}
		}
	}
}

func (b *builder) between(x, y Claim) []Conflict {
	c := b.pair(x, y)
	switch {
	case c.Relation == PartOf && more(*x.Value, *y.Value):
		return []Conflict{b.conflict(PartExceeds, x, y)}
	case c.Relation == WholeOf && more(*y.Value, *x.Value):
		return []Conflict{b.conflict(PartExceeds, y, x)}
	case b.group[x.ID] == b.group[y.ID]:
		return b.differ(x, y)
	}
	return b.falls(x, y)
}

// falls finds a total that is less than an earlier one of the same people. A claim of the
// same speaker that corrects the earlier one is a correction, and there the earlier one
// counts no more.
func (b *builder) falls(x, y Claim) []Conflict {
	if x.Tally != Total || y.Tally != Total || x.When().IsZero() || y.When().IsZero() || b.pair(x, y).Overruled != nil {
		return nil
	}
	if x.When().Latest() > y.When().Latest() {
		x, y = y, x
	}
	if x.When().Latest() == y.When().Latest() {
		return nil
	}
	moved := y
	moved.On, moved.SaidOn, moved.PublishedOn = x.On, x.SaidOn, x.PublishedOn
	if byRule(x, moved).Relation == Same && more(*x.Value, *y.Value) {
		return []Conflict{b.conflict(Falls, y, x)}
	}
	return nil
}

func (b *builder) summaries() {
	for i := range b.sheet.Groups {
		g := &b.sheet.Groups[i]
		slices.Sort(g.PartOf)
		slices.Sort(g.Parts)
		var conflicts []Conflict
		for _, n := range g.Conflicts {
			conflicts = append(conflicts, b.sheet.Conflicts[n])
		}
		var parts []Claim
		for _, p := range g.Parts {
			parts = append(parts, b.counting(b.sheet.Groups[p])...)
		}
		slices.SortFunc(parts, before)
		b.summarise(g, conflicts, parts)
	}
}

// lines puts the claims in order: as they were said, what answers a claim without a
// number of its own behind it.
func (b *builder) lines() {
	answers := map[string][]string{}
	for _, c := range b.claims {
		for _, id := range c.Answers {
			answers[id] = append(answers[id], c.ID)
		}
	}
	put := map[string]bool{}
	var place func(c Claim)
	place = func(c Claim) {
		if put[c.ID] {
			return
		}
		put[c.ID] = true
		b.sheet.Lines = append(b.sheet.Lines, b.line(c, answers[c.ID]))
		for _, id := range answers[c.ID] {
			if answer := b.traced.claims[id]; !answer.Numbered() || b.standing[id] == Denying {
				place(answer)
			}
		}
	}
	for _, c := range b.claims {
		follows := (!c.Numbered() || b.standing[c.ID] == Denying) && slices.ContainsFunc(c.Answers, func(id string) bool { _, here := b.traced.claims[id]; return here && id != c.ID })
		if !follows {
			place(c)
		}
	}
	for _, c := range b.claims { // what answers itself in a ring
		place(c)
	}
}

func (b *builder) line(c Claim, answered []string) Line {
	l := Line{Claim: c, Standing: b.standing[c.ID], By: b.by[c.ID], Group: -1, AnsweredBy: answered}
	if g, in := b.group[c.ID]; in {
		l.Group = g
		l.Counts = slices.ContainsFunc(b.sheet.Groups[g].Origins, func(o Origin) bool { return o.Claim == c.ID })
	}
	if l.By == "" && c.Repeats != "" {
		l.By = b.root[c.ID]
	}
	if c.Numbered() {
		b.sheet.Max = max(b.sheet.Max, c.Value.Most(), c.Value.Least())
	}
	return l
}

// sets are joined numbers; each set is named by its smallest.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) of(i int) int {
	for s[i] != i {
		i = s[i]
	}
	return i
}

func (s sets) join(i, j int) {
	a, b := s.of(i), s.of(j)
	s[max(a, b)] = min(a, b)
}
