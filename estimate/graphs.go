package estimate

import (
	"context"
	"math"
	"math/bits"
)

// Averaging over decomposable graphs (Madigan and York 1997; Johndrow, Lum and Ball
// 2015). A graph joins the lists that may depend on each other. For each decomposable
// graph and each number of unseen people the probability of the table has a closed
// form, under a hyper-Dirichlet prior of delta for each cell and a prior of 1/N; the
// answer is the distribution of N over all of them.

// graphAnswer is what averaging gives.
type graphAnswer struct {
	low, median, high float64
	best              []Pattern // edges of the most probable graph
	share             float64   // its probability
	saturated         float64   // probability of the graph with all edges, which says nothing about the unseen
	edge              float64   // probability in the last tenth of the numbers looked at
}

// averageGraphs computes the distribution of N for up to most unseen people.
func averageGraphs(ctx context.Context, k int, x []float64, delta, most float64) (graphAnswer, error) {
	n := 0.0
	for _, c := range x {
		n += c
	}
	g := newGrid(n, most)
	tables := g.subsets(k, x, delta)
	base := g.prior()
	sum := posterior{mass: make([]float64, len(g.unseen)), peak: math.Inf(-1)}
	row := make([]float64, len(g.unseen))
	full := 1<<(k*(k-1)/2) - 1
	for edges := range full + 1 {
		weights, ok := decompose(k, edges)
		if !ok {
			continue
		}
		if err := ctx.Err(); err != nil {
			return graphAnswer{}, err
		}
		copy(row, base)
		for s, w := range weights {
			if w != 0 {
				for i, v := range tables[s] {
					row[i] += float64(w) * v
				}
			}
		}
		sum.add(edges, row)
	}
	return sum.answer(g, k, full), nil
}

// decompose gives, for a graph, how often the marginal likelihood of each set of
// lists stands in the product; false when the graph is not decomposable. The lists
// are taken by maximum cardinality search (Tarjan and Yannakakis 1984): each with its
// earlier neighbours, over those neighbours, which must form a clique.
func decompose(k, edges int) (weights []int8, ok bool) {
	var next [MaxLists]int
	for i, t := range interactions(k, 2) {
		if edges>>i&1 == 1 {
			a, b := bits.TrailingZeros16(uint16(t)), bits.Len16(uint16(t))-1
			next[a] |= 1 << b
			next[b] |= 1 << a
		}
	}
	weights = make([]int8, 1<<k)
	visited := 0
	for range k {
		at, most := -1, -1
		for v := range k {
			if c := bits.OnesCount(uint(next[v] & visited)); visited>>v&1 == 0 && c > most {
				at, most = v, c
			}
		}
		before := next[at] & visited
		for rest := before; rest != 0; rest &= rest - 1 {
			v := bits.TrailingZeros(uint(rest))
			if before&^(next[v]|1<<v) != 0 {
				return nil, false
			}
		}
		weights[before|1<<at]++
		weights[before]--
		visited |= 1 << at
	}
	return weights, true
}

// grid is a set of numbers of unseen people: each up to some, then ranges of equal
// ratio, each with its middle and its width.
type grid struct {
	n      float64
	unseen []float64
	width  []float64
}

// Up to each of exactly people the grid has every number; beyond, its ranges are
// wider by one part in finer.
const (
	exactly = 2000
	finer   = 1500
)

func newGrid(n, most float64) grid {
	g := grid{n: n}
	for at := 0.0; at <= most; {
		w := 1.0
		if at >= exactly {
			w = min(math.Floor(1+(at-exactly)/finer), most+1-at)
		}
		g.unseen = append(g.unseen, at+(w-1)/2)
		g.width = append(g.width, w)
		at += w
	}
	return g
}

// prior is what does not depend on the graph: the ways to choose the unseen, 1/N and
// the widths.
func (g grid) prior() []float64 {
	out := make([]float64, len(g.unseen))
	for i, u := range g.unseen {
		total := g.n + u
		out[i] = logGamma(total+1) - logFactorial(u) - math.Log(total) + math.Log(g.width[i])
	}
	return out
}

// subsets gives the log marginal likelihood of the table over each set of lists, for
// each number of unseen. Only the cell "on none of them" holds the unseen, together
// with those who are on other lists.
func (g grid) subsets(k int, x []float64, delta float64) [][]float64 {
	tables := make([][]float64, 1<<k)
	for a := range tables {
		margin := make([]float64, 1<<k)
		for w, c := range x {
			margin[w&a] += c
		}
		size := 1 << bits.OnesCount(uint(a))
		d := delta * float64(int(1)<<k/size)
		constant := -float64(size) * logGamma(d)
		for sub := a; sub > 0; sub = (sub - 1) & a {
			constant += logGamma(margin[sub] + d)
		}
		row := make([]float64, len(g.unseen))
		for i, u := range g.unseen {
			row[i] = constant + logGamma(u+margin[0]+d)
		}
		tables[a] = row
	}
	return tables
}

// posterior adds up the graphs on a common scale.
type posterior struct {
	mass   []float64
	peak   float64
	graphs []graphMass
}

type graphMass struct {
	edges int
	log   float64
}

// negligible is the logarithm of a share that changes nothing.
const negligible = -45

func (p *posterior) add(edges int, row []float64) {
	top := row[0]
	for _, v := range row {
		top = max(top, v)
	}
	if top > p.peak {
		scale := math.Exp(p.peak - top)
		for i := range p.mass {
			p.mass[i] *= scale
		}
		p.peak = top
	}
	sum := 0.0
	for i, v := range row {
		if v-p.peak > negligible {
			e := math.Exp(v - p.peak)
			p.mass[i] += e
			sum += e
		}
	}
	p.graphs = append(p.graphs, graphMass{edges, math.Log(sum) + p.peak})
}

func (p *posterior) answer(g grid, k, full int) graphAnswer {
	total, edge := 0.0, 0.0
	last := g.unseen[len(g.unseen)-1]
	for i, m := range p.mass {
		total += m
		if g.unseen[i] > 0.9*last {
			edge += m
		}
	}
	a := graphAnswer{edge: edge / total}
	a.low = g.n + g.quantile(p.mass, 0.025*total)
	a.median = g.n + g.quantile(p.mass, 0.5*total)
	a.high = g.n + g.quantile(p.mass, 0.975*total)
	best := 0
	for _, m := range p.graphs {
		share := math.Exp(m.log-p.peak) / total
		if share > a.share {
			a.share, best = share, m.edges
		}
		if m.edges == full {
			a.saturated = share
		}
	}
	for i, t := range interactions(k, 2) {
		if best>>i&1 == 1 {
			a.best = append(a.best, t)
		}
	}
	return a
}

// quantile finds the number of unseen below which the given mass lies.
func (g grid) quantile(mass []float64, target float64) float64 {
	sum := 0.0
	for i, m := range mass {
		if sum+m >= target {
			start := g.unseen[i] - (g.width[i]-1)/2
			if g.width[i] == 1 {
				return start
			}
			return start + g.width[i]*(target-sum)/m
		}
		sum += m
	}
	return g.unseen[len(g.unseen)-1]
}
