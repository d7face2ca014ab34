package linkage

import (
	"context"
	"runtime"
	"slices"
)

// Result is what linking found.
type Result struct {
	Records    int
	Candidates int // pairs that were compared
	Clusters   int
	// of is the cluster of each record in sealed order.
	of    []uint32
	edges []edge
	r     *Records
	m     *model
}

// Options say how to link. None of them changes what is found.
type Options struct {
	// Workers is how many work at once; 0 for as many as the machine has.
	Workers int
	// Progress is told how far each step has come.
	Progress func(step string, done, total int)
}

// Link finds which records are the same person.
func Link(ctx context.Context, r *Records, o Options) (*Result, error) {
	if err := r.seal(); err != nil {
		return nil, err
	}
	workers := o.Workers
	if workers <= 0 {
		workers = min(runtime.GOMAXPROCS(0), 8)
	}
	f := newFinder(r)
	m, cut := learn(r, f, workers)
	res := &Result{Records: r.Len(), r: r, m: m}
	res.edges, res.Candidates = weighAll(r, f, m, cut, workers)
	if r.source != nil {
		res.of = marry(r.Len(), res.edges)
	} else {
		s := newScorer(r, m)
		var e evidence
		g := &grouper{n: r.Len(), weigh: func(a, b uint32) float32 { return s.weight(a, b, &e) }}
		g.group(res.edges)
		res.of = g.of
		res.Candidates += g.looked
	}
	res.number()
	return res, ctx.Err()
}

// weighAll compares every candidate pair and keeps those that could be the same.
func weighAll(r *Records, f *finder, m *model, cut float32, workers int) ([]edge, int) {
	type part struct {
		edges []edge
		n     int
	}
	parts := make([]part, len(f.keys)*workers)
	scorers := make([]*scorer, workers)
	scratch := make([]evidence, workers)
	for w := range scorers {
		scorers[w] = newScorer(r, m)
	}
	f.pairs(workers, nil, cut, func(worker, chunk int, a, b uint32, _ float32) {
		p := &parts[chunk]
		p.n++
		if w := scorers[worker].weight(a, b, &scratch[worker]); w > keepAbove {
			p.edges = append(p.edges, edge{a, b, w})
		}
	})
	var all []edge
	n := 0
	for _, p := range parts {
		all = append(all, p.edges...)
		n += p.n
	}
	slices.SortFunc(all, func(x, y edge) int {
		if x.a != y.a {
			return int(x.a) - int(y.a)
		}
		return int(x.b) - int(y.b)
	})
	return slices.Compact(all), n
}

// keepAbove is the weight below which a pair is forgotten once compared.
const keepAbove = -8

// number counts the clusters.
func (res *Result) number() {
	for i, of := range res.of {
		if of == uint32(i) {
			res.Clusters++
		}
	}
}

// Each calls fn with the id and the cluster of every record.
func (res *Result) Each(fn func(id string, cluster int) error) error {
	number := make([]int, res.Records)
	next := 0
	for i, of := range res.of {
		if number[of] == 0 {
			next++
			number[of] = next
		}
		if err := fn(res.r.idOf(i), number[of]); err != nil {
			return err
		}
	}
	return nil
}
