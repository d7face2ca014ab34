package match

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"homeward/names"
	"homeward/register"
)

// # A list against the register
//
// A passenger list, a hospital's or relatives' list is held against the register row
// by row, without being brought in: nothing is recorded, and nothing is decided. What
// a person has to look at comes first: rows that may be somebody and may be nobody.

// Outcome says how a row stands.
type Outcome string

// The outcomes, in the order in which they are looked at.
const (
	RowDoubtful Outcome = "doubtful" // may be somebody, or one of several
	RowHere     Outcome = "here"     // surely somebody, as far as the list goes
	RowNowhere  Outcome = "nowhere"  // nobody in the register is likely to be meant
)

// Outcomes are all of them.
var Outcomes = []Outcome{RowDoubtful, RowHere, RowNowhere}

// Compared is a row with those who may be meant by it, the best first.
type Compared struct {
	Row     register.Row
	Hits    []Found
	Outcome Outcome
	// Chance is how probable it is that the first of the hits is meant, where as much
	// speaks beforehand for being in the register as against it.
	Chance float64
}

// From foundFrom the first of the hits is taken to be meant; up to noneUpTo, that none is.
const (
	foundFrom = 0.9
	noneUpTo  = 0.1
)

// shownCandidates is how many are kept for a row.
const shownCandidates = 5

// Compare holds rows against the register and gives them with the doubtful ones
// first. progress may be nil. The records that an earlier import made of the very row
// are left out: a row that finds itself says nothing.
func (p *People) Compare(ctx context.Context, rows []register.Row, progress func(done int)) ([]Compared, error) {
	out := make([]Compared, len(rows))
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 4) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(rows) {
					return
				}
				out[i] = p.compare(ctx, rows[i])
				if n := int(done.Add(1)); progress != nil && n%50 == 0 {
					progress(n)
				}
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b Compared) int {
		return cmp.Or(cmp.Compare(slices.Index(Outcomes, a.Outcome), slices.Index(Outcomes, b.Outcome)), cmp.Compare(math.Abs(a.Chance-0.5), math.Abs(b.Chance-0.5)),
			cmp.Compare(a.Row.Number, b.Row.Number))
	})
	return out, nil
}

// compare looks for one row by each of its names.
func (p *People) compare(ctx context.Context, row register.Row) Compared {
	c := Compared{Row: row}
	at := map[string]int{}
	p.register.Look(func(v register.View) {
		for _, w := range wantedOf(row) {
			for _, f := range p.search(ctx, v, w) {
				i, known := at[f.Person]
				switch {
				case !known:
					at[f.Person] = len(c.Hits)
					c.Hits = append(c.Hits, f)
				case f.Score > c.Hits[i].Score:
					c.Hits[i] = f
				}
			}
		}
	})
	slices.SortStableFunc(c.Hits, func(a, b Found) int { return cmp.Compare(b.Score, a.Score) })
	c.judge()
	c.Hits = c.Hits[:min(shownCandidates, len(c.Hits))]
	return c
}

// mostNames is how many names of one row are looked for.
const mostNames = 4

// wantedOf asks for a row once by each of its names.
func wantedOf(row register.Row) (out []Wanted) {
	w := Wanted{Born: row.Born, Sex: row.Sex, Place: cmp.Or(row.Seen, row.Home), Limit: 2 * shownCandidates, listed: true}
	for _, k := range row.Kin {
		w.Kin = append(w.Kin, WantedKin{Role: k.Role, Name: k.Name})
	}
	if len(row.Copies) > 0 {
		w.except = func(v register.View, n register.Ref) bool { return slices.Contains(row.Copies, v.ID(n)) }
	}
	for _, name := range wholeNames(row.Names) {
		w.Name = name
		out = append(out, w)
	}
	return out
}

// wholeNames leaves out names that are part of another of the row: the given name
// alone finds hundreds whom the whole name tells apart.
func wholeNames(all []string) (out []string) {
	for i, name := range all {
		part := slices.ContainsFunc(all[:i], func(other string) bool { return within(name, other) }) ||
			slices.ContainsFunc(all[i+1:], func(other string) bool { return within(name, other) && !within(other, name) })
		if !part && len(out) < mostNames {
			out = append(out, name)
		}
	}
	return out
}

// within says whether all words of a name stand in another.
func within(name, other string) bool {
	words, in := names.Read(name).Parts, names.Read(other).Parts
	for _, w := range words {
		if !slices.ContainsFunc(in, func(o names.Part) bool { return o.Fold == w.Fold }) {
			return false
		}
	}
	return len(words) > 0
}

// judge says how the row stands.
func (c *Compared) judge() {
	somebody := 0.0
	for _, f := range c.Hits {
		somebody += f.Strength.Chance
	}
	if len(c.Hits) > 0 {
		c.Chance = c.Hits[0].Strength.Chance
	}
	switch {
	case c.Chance >= foundFrom:
		c.Outcome = RowHere
	case somebody <= noneUpTo:
		c.Outcome = RowNowhere
	default:
		c.Outcome = RowDoubtful
	}
}
