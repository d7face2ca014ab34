package letters

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"homeward/casework"
	spelled "homeward/names"
	"homeward/statement"
)

// What a caseworker writes in her own words passes no consent by itself. The gate
// holds it against everything the register says of the people concerned and of
// those around them (circle.go): a free text that holds a name, a number, an address
// or a contact of theirs, however it is spelled (spelling.go), does not pass, unless
// it was cleared. Whatever anybody could be reached by does not pass either, also
// when no register knows it (reach.go).
//
// It is strict, and it is no proof: who writes "her mother's house behind the
// mosque" writes something that no register holds. That is why a second person
// reads every letter.
type gate struct {
	kept    nameSet           // names that may not be written
	cleared nameSet           // names that may, as they were cleared
	phrases []string          // other values, as their words
	numbers []string          // the last digits of numbers
	strings []string          // contacts by which nobody is reached at once, as letters and digits alone
	known   circleContacts    // how those around are reached, which is looked for in every way
	long    []string          // what was said of her and of them at some length, as its words
	passes  []string          // values that may be written, by which somebody could be reached
	kinds   map[string]string // of a speaker, by record
	own     map[string]bool   // the records that were asked about

	quotations map[string]bool // words in a row of marked passages (gate_marked.go)
	places     []whereabouts   // where those around can be found, in parts (gate_place.go)
	runs       []string        // and in rows of words
}

// gate gathers what may not be written about these records. allowed are the
// statements that were cleared; office is what the office says of itself.
func (l *Letters) gate(ctx context.Context, records []string, allowed map[string]bool, office ...string) (*gate, error) {
	said, err := l.circle(ctx, records)
	if err != nil {
		return nil, err
	}
	g := &gate{passes: office, kinds: map[string]string{}, own: map[string]bool{}}
	for _, id := range records {
		g.own[id] = true
	}
	passed := map[string]bool{}
	for _, r := range said {
		if allowed[r.ID] {
			passed[sort(r)+r.Value] = true
			g.passes = append(g.passes, r.Value)
			if sort(r) == "name" {
				g.cleared.add(r.Value)
			}
		}
		if r.Property == statement.SourceKind {
			g.kinds[r.Subject] = r.Value
		}
	}
	for _, r := range said {
		if contact := statement.Vocabulary[r.Property].Class == statement.KinContact; contact || !passed[sort(r)+r.Value] {
			g.add(r)
		}
	}
	return g, g.marked(ctx, l, said)
}

// sort keeps names apart from other values: the same word in a text that was cleared
// lets no name pass.
func sort(r statement.Recorded) string {
	if statement.Vocabulary[r.Property].Value == statement.Name {
		return "name"
	}
	return "other"
}

// shortest is how long a value must be to be looked for in a text.
const shortest = 3

// add keeps a value back.
func (g *gate) add(r statement.Recorded) {
	d := statement.Vocabulary[r.Property]
	switch {
	case d.Class == statement.Public || d.Class == statement.Internal:
		return
	case d.Value == statement.Name:
		g.kept.add(r.Value)
		return
	case (d.Value == statement.Date || d.Value == statement.Number) && !g.own[r.Subject]:
		return // the year in which a brother was born is the year of much else
	case d.Value == statement.Code, d.Value == statement.Flag, d.Value == statement.Country, d.Value == statement.Language,
		d.Value == statement.Hash, d.Value == statement.User, d.Value == statement.PropertyRef:
		return
	}
	if g.names(r) {
		g.kept.add(nameIn(r.Value))
	}
	if d.Class == statement.KinContact {
		g.contact(r)
	}
	if n := national(onlyDigits(r.Value)); len(n) >= 5 {
		g.numbers = append(g.numbers, n)
	}
	if p := plain(r.Value); len([]rune(p)) >= shortest && !kinWord(p) {
		g.phrases = append(g.phrases, p)
		if worded(d.Value) && strings.Count(p, " ") >= 2 {
			g.long = append(g.long, p)
		}
	}
}

// names says that a line holds somebody's name: what the office calls a speaker who
// is a human being, who was present at a consent, to whom a child was handed over.
func (g *gate) names(r statement.Recorded) bool {
	switch r.Property {
	case statement.GrantWitness, statement.GrantSpokenBy, statement.ReturnHandedTo:
		return true
	case statement.SourceLabel:
		return !slices.Contains([]string{"outlet", "authority", "organisation", "list", "document", "office"}, g.kinds[r.Subject])
	}
	return false
}

// contact keeps back a way to reach somebody, and of an address with a sign in it
// also what stands before the sign. A name with a messenger is kept without the words
// that say with which.
func (g *gate) contact(r statement.Recorded) {
	local, _, _ := strings.Cut(r.Value, "@")
	near := r.Property == statement.ContactPhone || r.Property == statement.ContactEmail || r.Property == statement.ContactMessenger
	if !near {
		g.place(r)
	}
	for _, s := range []string{r.Value, local} {
		switch s = solid(s); {
		case len([]rune(s)) < 5:
		case near:
			g.known.strings = append(g.known.strings, s)
		default:
			g.strings = append(g.strings, s)
		}
	}
	for _, n := range append(spoken(r.Value), told{digits: onlyDigits(r.Value)}) {
		if n := national(n.digits); len(n) >= 5 {
			g.known.numbers = append(g.known.numbers, n)
		}
	}
	if !near {
		return
	}
	for _, w := range handled.FindAllString(spelled.Numerals(visible(r.Value)), -1) {
		if p := plain(w); nickname(w) && strings.ContainsFunc(p, unicode.IsLetter) {
			g.known.phrases = append(g.known.phrases, p)
		}
	}
}

// circleContacts are the ways by which those around are reached.
type circleContacts struct{ numbers, strings, phrases []string }

// in says whether a text holds one of them.
func (c circleContacts) in(text string) bool {
	digits, said, all, folded := onlyDigits(text), spokenDigits(text), solid(text), " "+plain(text)+" "
	return slices.ContainsFunc(c.numbers, func(n string) bool { return strings.Contains(digits, n) || strings.Contains(said, n) }) ||
		slices.ContainsFunc(c.strings, func(s string) bool { return strings.Contains(all, s) }) ||
		slices.ContainsFunc(c.phrases, func(p string) bool { return strings.Contains(folded, " "+p+" ") })
}

// stops says whether a text holds something that may not go.
func (g *gate) stops(text string) bool {
	folded, digits, all := " "+plain(text)+" ", onlyDigits(text), solid(text)
	return g.known.in(text) || g.leadsTo(text) || g.quotesMarked(text) || slices.ContainsFunc(g.phrases, func(p string) bool { return strings.Contains(folded, " "+p+" ") }) ||
		slices.ContainsFunc(g.numbers, func(n string) bool { return strings.Contains(digits, n) }) ||
		slices.ContainsFunc(g.strings, func(s string) bool { return strings.Contains(all, s) }) ||
		g.kept.in(text, &g.cleared)
}

// check says of the first text that may not go why.
func (g *gate) check(texts ...string) error {
	for _, text := range texts {
		if g.stops(text) {
			return ErrText
		}
		if reaches(text, g.passes) {
			return ErrReach
		}
	}
	return nil
}

// statementsOf are the ids of what was cleared.
func statementsOf(fields []casework.ClearedField) map[string]bool {
	all := map[string]bool{}
	for _, f := range fields {
		all[f.Statement()] = true
	}
	return all
}
