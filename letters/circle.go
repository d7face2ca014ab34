package letters

import (
	"context"

	"homeward/statement"
)

// Who stands around somebody. A letter about a woman must hold nothing of her
// children, of her mother who speaks for her, nor of the neighbour whose telephone
// the mother uses. They are found by every tie there is, whichever of the two it was
// said of, and of everybody by all records that people decided are one:
//
//   - kin, household, those who travel with her: a child is said to be her child, and
//     nothing that is said of her names it;
//   - whoever spoke of her or carried it, and which person of the register that is;
//   - who sent an appeal that mentions her, who gave a consent, to whom she or a child
//     was handed over.
//
// Two steps are taken, from her to her mother and from there to the neighbour. A tie
// that was withdrawn is followed too: it was a secret when it was said.

// steps is how far the circle goes.
const steps = 2

// outward are the properties of a record by which somebody around is named.
var outward = map[statement.Property]bool{
	statement.KinChildOf: true, statement.KinMother: true, statement.KinFather: true, statement.KinPossibleFather: true,
	statement.KinSpouseOf: true, statement.KinSiblingOf: true, statement.KinGuardianOf: true, statement.KinRelativeOf: true,
	statement.PersonTravelsWith: true, statement.PersonHousehold: true,
	statement.SourcePerson: true, statement.SourceRelation: true,
	statement.AppealSender: true, statement.AppealMentions: true,
	statement.GrantSource: true, statement.GrantPerson: true,
	statement.ReturnPerson: true, statement.ReturnWith: true,
}

// inward are the properties by which others point at somebody.
var inward = []statement.Property{
	statement.KinChildOf, statement.KinMother, statement.KinFather, statement.KinPossibleFather,
	statement.KinSpouseOf, statement.KinSiblingOf, statement.KinGuardianOf, statement.KinRelativeOf,
	statement.PersonTravelsWith, statement.PersonHousehold,
	statement.SourcePerson, statement.SourceRelation,
	statement.AppealMentions, statement.DocumentPerson,
	statement.GrantPerson, statement.ReturnPerson, statement.ReturnWith,
}

// joints are the kinds of record that only join people: they are no step.
var joints = map[statement.Kind]bool{
	statement.Household: true, statement.Appeal: true, statement.PaperRecord: true, statement.Grant: true, statement.Return: true,
}

// circle is everything that was said of the records and of whoever stands around.
type circle struct {
	letters *Letters
	seen    map[string]bool
	said    []statement.Recorded
}

func (l *Letters) circle(ctx context.Context, records []string) ([]statement.Recorded, error) {
	c := circle{letters: l, seen: map[string]bool{"": true}}
	next, err := c.wholes(ctx, records)
	for step := 0; err == nil && step <= steps && len(next) > 0; step++ {
		next, err = c.around(ctx, next, step < steps)
	}
	return c.said, err
}

// around reads what was said of the records, goes on through the joints at once, and
// gives those who stand one step further.
func (c *circle) around(ctx context.Context, records []string, further bool) ([]string, error) {
	var next []string
	for len(records) > 0 {
		said, err := c.letters.ledger.About(ctx, records...)
		if err != nil {
			return nil, err
		}
		c.said = append(c.said, said...)
		if !further {
			return nil, nil
		}
		met, err := c.met(ctx, records, said)
		if err != nil {
			return nil, err
		}
		joined, people, err := c.apart(ctx, met)
		if err != nil {
			return nil, err
		}
		records, next = joined, append(next, people...)
	}
	return next, nil
}

// met are the records, not seen yet, that are tied to those by what was said.
func (c *circle) met(ctx context.Context, records []string, said []statement.Recorded) ([]string, error) {
	var found []string
	for _, r := range said {
		if outward[r.Property] {
			found = append(found, r.Object)
		}
		found = append(append(found, r.SaidBy), r.Via...)
	}
	for _, id := range records {
		links, err := c.letters.ledger.Pointing(ctx, id, inward...)
		if err != nil {
			return nil, err
		}
		for _, r := range links {
			found = append(found, r.Subject, r.SaidBy)
		}
	}
	return c.wholes(ctx, found)
}

// wholes gives the records that were not seen before, each with those that people
// decided are the same.
func (c *circle) wholes(ctx context.Context, records []string) ([]string, error) {
	var all []string
	for _, id := range records {
		if c.seen[id] {
			continue
		}
		one, err := c.letters.casework.One(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, r := range append([]string{id}, one...) {
			if !c.seen[r] {
				c.seen[r] = true
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// apart parts the joints from the people and their speakers; places and what else
// may be pointed at is left out.
func (c *circle) apart(ctx context.Context, records []string) (joined, people []string, err error) {
	if len(records) == 0 {
		return nil, nil, nil
	}
	said, err := c.letters.ledger.About(ctx, records...)
	for _, r := range said {
		switch kind := statement.Kind(r.Value); {
		case r.Property != statement.RecordKind:
		case joints[kind]:
			joined = append(joined, r.Subject)
		case kind == statement.Person || kind == statement.Source:
			people = append(people, r.Subject)
		}
	}
	return joined, people, err
}
