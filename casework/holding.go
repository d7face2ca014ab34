package casework

import (
	"cmp"
	"context"
	"slices"

	"homeward/statement"
)

// Holding is one property of which the office holds something, for the form on
// which a consent is written down.
type Holding struct {
	Property statement.Property
	Said     []statement.Recorded
	// Never says that no consent can let it out, and why.
	Never Reason
}

// Holdings are what the office holds of a person, in the order of the form, then
// what can never leave.
func (c *Casework) Holdings(ctx context.Context, records ...string) ([]Holding, error) {
	said, err := c.held(ctx, records)
	if err != nil {
		return nil, err
	}
	var all []Holding
	for _, s := range said {
		if slices.Contains(housekeeping, s.Property) || s.Withdrawn {
			continue
		}
		i := slices.IndexFunc(all, func(h Holding) bool { return h.Property == s.Property })
		if i < 0 {
			i = len(all)
			all = append(all, Holding{Property: s.Property, Never: never(s.Property)})
		}
		all[i].Said = append(all[i].Said, s)
	}
	slices.SortStableFunc(all, func(a, b Holding) int { return cmp.Compare(place(a.Property), place(b.Property)) })
	return all, nil
}

// never says why a property can leave under no consent, "" when it can.
func never(p statement.Property) Reason {
	switch {
	case statement.Vocabulary[p].Class == statement.KinContact:
		return KinContact
	case !Grantable(p):
		return NotGrantable
	}
	return ""
}

// place is where the property stands on the form; what never leaves comes last.
func place(p statement.Property) int {
	if i := slices.Index(grantable, p); i >= 0 {
		return i
	}
	return len(grantable)
}
