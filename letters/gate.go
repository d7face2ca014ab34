package letters

import (
	"context"
	"strings"
	"unicode"

	"homeward/casework"
	"homeward/names"
	"homeward/statement"
)

// What a caseworker writes in her own words passes no consent by itself. The gate
// holds it against everything the register says of the people concerned, of their
// kin and of whoever speaks of them: a free text that holds a name, a number, a
// place or a contact of theirs does not pass, unless that very value was cleared.
//
// It is strict, and it is no proof: who writes "her mother's house behind the
// mosque" writes something that no register holds. That is why a second person
// reads every letter.
type gate struct {
	names   []names.Part // parts of names
	phrases []string     // other values, folded
	numbers []string     // runs of digits of contacts and papers
}

// gate gathers what may not be written about these records. allowed are the
// statements that were cleared.
func (l *Letters) gate(ctx context.Context, records []string, allowed map[string]bool) (*gate, error) {
	said, err := l.ledger.About(ctx, records...)
	if err != nil {
		return nil, err
	}
	around, err := l.ledger.About(ctx, others(said, records)...)
	if err != nil {
		return nil, err
	}
	g := &gate{}
	passed := map[string]bool{}
	for _, r := range append(said, around...) {
		if allowed[r.ID] {
			passed[r.Value] = true
		}
	}
	for _, r := range append(said, around...) {
		if !passed[r.Value] {
			g.add(r)
		}
	}
	return g, nil
}

// others are the records that the statements lead to: kin, speakers, carriers.
func others(said []statement.Recorded, records []string) []string {
	seen := map[string]bool{"": true}
	for _, id := range records {
		seen[id] = true
	}
	var found []string
	for _, r := range said {
		for _, id := range append([]string{r.Object, r.SaidBy}, r.Via...) {
			if !seen[id] {
				seen[id] = true
				found = append(found, id)
			}
		}
	}
	return found
}

// shortest is how long a value must be to be looked for in a text.
const shortest = 3

func (g *gate) add(r statement.Recorded) {
	d := statement.Vocabulary[r.Property]
	switch {
	case d.Class == statement.Public || d.Class == statement.Internal:
		return
	case d.Value == statement.Name:
		for _, p := range names.Read(r.Value).Parts {
			if !p.Particle && len([]rune(p.Fold)) >= shortest {
				g.names = append(g.names, p)
			}
		}
		return
	case d.Value == statement.Code, d.Value == statement.Flag, d.Value == statement.Country, d.Value == statement.Language,
		d.Value == statement.Hash, d.Value == statement.User, d.Value == statement.PropertyRef:
		return
	}
	if n := onlyDigits(r.Value); len(n) >= 5 {
		g.numbers = append(g.numbers, n)
	}
	if p := plain(r.Value); len([]rune(p)) >= shortest {
		g.phrases = append(g.phrases, p)
	}
}

// stops says whether a text holds something that may not go.
func (g *gate) stops(text string) bool {
	folded, digits := " "+plain(text)+" ", onlyDigits(text)
	for _, p := range g.phrases {
		if strings.Contains(folded, " "+p+" ") {
			return true
		}
	}
	for _, n := range g.numbers {
		if strings.Contains(digits, n) {
			return true
		}
	}
	words := names.Read(text).Parts
	for _, n := range g.names {
		for _, w := range words {
			if _, how := names.Alike(n, w); how >= names.SameStem && len([]rune(w.Fold)) >= shortest {
				return true
			}
		}
	}
	return false
}

// plain is a text in small letters, its words parted by one space and nothing else.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
	}), " ")
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '\u0660' && r <= '\u0669':
			return '0' + r - '\u0660'
		case r >= '\u06F0' && r <= '\u06F9':
			return '0' + r - '\u06F0'
		}
		return -1
	}, text)
}

// clearedStatements are the ids of what was cleared.
func clearedStatements(c casework.Cleared) map[string]bool {
	all := map[string]bool{}
	for _, p := range c.People() {
		for _, f := range p.Fields() {
			all[f.Statement()] = true
		}
	}
	return all
}
