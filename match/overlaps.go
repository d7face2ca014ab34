package match

import (
	"context"

	"homeward/estimate"
	"homeward/internal/db"
	"homeward/match/matchsql"
	"homeward/register"
)

// Overlaps lays lists of the register over each other: who is on which, by the decisions
// that stand, and which pairs may be one person and are not decided. It holds no name;
// the lists are called as names says.
func (p *Proposals) Overlaps(ctx context.Context, lists []register.Roster, names []string) (estimate.Linked, error) {
	out := estimate.Linked{Names: names}
	at := map[string]int{}
	for j, l := range lists {
		for _, id := range l.People {
			i, known := at[id]
			if !known {
				i = len(out.People)
				at[id], out.People = i, append(out.People, 0)
			}
			out.People[i] |= 1 << j
		}
	}
	pairs, err := p.undecidedPairs(ctx)
	for _, pair := range pairs {
		a, oneIs := at[pair[0]]
		b, otherIs := at[pair[1]]
		if oneIs && otherIs {
			out.Doubtful = append(out.Doubtful, [2]int{a, b})
		}
	}
	return out, err
}

// undecidedPairs gives the persons of every pair that waits for a decision.
func (p *Proposals) undecidedPairs(ctx context.Context) (out [][2]string, err error) {
	var rows []matchsql.PairsRow
	err = p.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		rows, err = matchsql.New(tx).Pairs(ctx, p.office)
		return err
	})
	if err != nil {
		return nil, err
	}
	p.register.Look(func(v register.View) {
		for _, x := range p.weigher.begin(v).open(rows, Asked{}, p.host.Now().Year()) {
			out = append(out, [2]string{v.ID(v.Cluster(x.refs[0])), v.ID(v.Cluster(x.refs[1]))})
		}
	})
	return out, nil
}
