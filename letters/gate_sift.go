package letters

import (
	"context"

	"homeward/casework"
	"homeward/statement"
)

// Sifted is what an export takes of what was cleared. A letter with one indiscreet entry
// is refused and written anew; an export of many people goes on without the entry.
type Sifted struct {
	// Held are the statements that stay, though a consent names their field: somebody
	// else's name or a contact stands in their words.
	Held map[string]bool
	// Places are the names of the places to which cleared statements point, by statement.
	Places map[string]string
}

// Sift holds every value that was cleared against the gate, each person's against those
// who stand around her.
func (l *Letters) Sift(ctx context.Context, c casework.Cleared) (Sifted, error) {
	out := Sifted{Held: map[string]bool{}, Places: map[string]string{}}
	places, err := l.places(ctx, c)
	if err != nil {
		return out, err
	}
	allowed := statementsOf(fieldsOf(c))
	for _, p := range c.People() {
		g, err := l.gate(ctx, p.Records(), allowed)
		if err != nil {
			return out, err
		}
		for _, f := range p.Fields() {
			out.sift(g, p, f, places)
		}
	}
	return out, nil
}

// sift holds one value, the words by which its speaker is called outside, and the name of
// the place to which it points.
func (s *Sifted) sift(g *gate, p casework.ClearedPerson, f casework.ClearedField, places map[string][]statement.Recorded) {
	var numbers []string // of papers, which are no telephones
	for _, n := range p.Of(statement.DocumentNumber) {
		numbers = append(numbers, n.Value())
	}
	if g.leaks(f.Property(), f.Value(), numbers) || g.check(f.Speaker().Public) != nil {
		s.Held[f.Statement()] = true
		return
	}
	if name := russianName(places[f.Object()]); isPlace(f) && name != "" && !g.leaks(f.Property(), name, nil) {
		s.Places[f.Statement()] = name
	}
}
