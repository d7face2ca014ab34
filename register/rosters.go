package register

import (
	"cmp"
	"context"
	"slices"

	"homeward/statement"
)

// Roster is everybody whom the lists of one speaker name, each person once: what the
// register's own lists have in common is counted from these.
type Roster struct {
	Source Label
	Public string // how the speaker is called outside, "" when nobody has said
	Kind   string // a code of source.kind
	Lists  int    // how many of that speaker's lists were brought in and stand
	People []string
}

// Rosters gives who is on whose list, by the decisions about who is the same as they
// stand now. On a list is whoever a row is about; those she names (a mother, a husband)
// are not. The most people come first.
func (r *Register) Rosters(ctx context.Context) ([]Roster, error) {
	imports, err := r.Imports(ctx)
	if err != nil {
		return nil, err
	}
	on := r.index.rowsOfImports()
	by := map[string]*Roster{}
	named := map[string]map[string]bool{}
	for _, i := range imports {
		if i.Undone || i.Source.ID == "" || len(on[i.ID]) == 0 {
			continue
		}
		x := by[i.Source.ID]
		if x == nil {
			x = &Roster{Source: i.Source}
			by[i.Source.ID], named[i.Source.ID] = x, map[string]bool{}
		}
		x.Lists++
		for _, person := range on[i.ID] {
			if !named[i.Source.ID][person] {
				named[i.Source.ID][person] = true
				x.People = append(x.People, person)
			}
		}
	}
	out := make([]Roster, 0, len(by))
	for id, x := range by {
		if err := r.outside(ctx, id, x); err != nil {
			return nil, err
		}
		slices.Sort(x.People)
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b Roster) int {
		return cmp.Or(cmp.Compare(len(b.People), len(a.People)), cmp.Compare(a.Source.ID, b.Source.ID))
	})
	return out, nil
}

// outside fills in how a speaker may be called before those who see no names.
func (r *Register) outside(ctx context.Context, id string, x *Roster) error {
	said, err := r.ledger.About(ctx, id)
	for _, s := range said {
		switch {
		case s.Withdrawn:
		case s.Property == statement.SourcePublic:
			x.Public = s.Value
		case s.Property == statement.SourceKind:
			x.Kind = s.Value
		}
	}
	return err
}

// rowsOfImports gives the persons whom the rows of each import are about. A row makes a
// record of whoever it is about first, and then of those it names beside her.
func (x *index) rowsOfImports() map[string][]string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	type row struct {
		of     int64
		number string
	}
	first := map[row]*entry{}
	for _, e := range x.records {
		if !e.live || e.kind != statement.Person {
			continue
		}
		for _, f := range e.facts {
			if f.property != statement.ImportRow || f.withdrawn {
				continue
			}
			if at := (row{f.object, f.value}); first[at] == nil || e.opened < first[at].opened {
				first[at] = e
			}
		}
	}
	out := map[string][]string{}
	for at, e := range first {
		id := x.records[at.of].id
		out[id] = append(out[id], x.records[e.cluster].id)
	}
	return out
}
