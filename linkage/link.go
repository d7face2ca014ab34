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
	of     []uint32
	met    int // pairs that were compared before grouping
	edges  []edge
	r      *Records
	m      *model
	scorer *scorer
	homes  *households // nil before they are known, and where they say nothing
	byID   map[string]uint32
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
	say := o.Progress
	if say == nil {
		say = func(string, int, int) {}
	}
	f := newFinder(ctx, r)
	f.progress = func(done, total int) { say("learning from the list", done, total) }
	m, cut := learn(r, f, workers)
	f.progress = func(done, total int) { say("comparing", done, total) }
	res := &Result{Records: r.Len(), r: r, m: m, scorer: newScorer(r, m)}
	res.edges, res.met = weighAll(r, f, m, cut, workers)
	res.Candidates = res.met
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	say("grouping", 0, 2)
	res.group()
	say("grouping", 1, 2)
	res.regard()
	say("grouping", 2, 2)
	return res, nil
}

// group puts together what belongs together: two lists pair by pair, one list into
// clusters.
func (res *Result) group() {
	if res.r.source != nil {
		res.of = marry(res.Records, res.edges)
	} else {
		var e evidence
		g := &grouper{n: res.Records, weigh: func(a, b uint32) float32 { return oddsOf(res.weigh(a, b, &e)) }, against: res.against}
		g.group(res.edges)
		res.of = g.of
		res.Candidates = res.met + g.looked
	}
	res.Clusters = 0
	for i, of := range res.of {
		if of == uint32(i) {
			res.Clusters++
		}
	}
}

// weighAll compares every candidate pair and keeps those that could be the same.
func weighAll(r *Records, f *finder, m *model, cut float32, workers int) (edges []edge, n int) {
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
		if w := oddsOf(scorers[worker].pair(a, b, &scratch[worker])); w > keepAbove {
			p.edges = append(p.edges, edge{a, b, w})
		}
	})
	for _, p := range parts {
		edges, n = append(edges, p.edges...), n+p.n
	}
	slices.SortFunc(edges, func(x, y edge) int {
		if x.a != y.a {
			return int(x.a) - int(y.a)
		}
		return int(x.b) - int(y.b)
	})
	return slices.Compact(edges), n
}

// keepAbove is the weight below which a pair is forgotten once compared.
const keepAbove = -8

// Each calls fn with the id and the cluster of every record, cluster by cluster.
func (res *Result) Each(fn func(id string, cluster int) error) error {
	people := parts(res.Records, func(i int) (uint32, bool) { return res.of[i], true })
	next := 0
	for first := range uint32(res.Records) {
		members := people.of(first)
		if len(members) > 0 {
			next++
		}
		for _, i := range members {
			if err := fn(res.r.idOf(int(i)), next); err != nil {
				return err
			}
		}
	}
	return nil
}
