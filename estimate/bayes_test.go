package estimate

import (
	"math"
	"slices"
	"testing"
)

func TestHowManyGraphsDecompose(t *testing.T) {
	t.Parallel()
	for k, want := range map[int]int{2: 2, 3: 8, 4: 61, 5: 822} {
		got := 0
		for edges := range 1 << (k * (k - 1) / 2) {
			if _, ok := decompose(k, edges); ok {
				got++
			}
		}
		if got != want {
			t.Errorf("%d lists: %d graphs, want %d", k, got, want)
		}
	}
}

// TestDecomposition writes out the cliques and separators of a path 1–2–3 beside 4.
func TestDecomposition(t *testing.T) {
	t.Parallel()
	weights, ok := decompose(4, 0b001001) // pairs 12 and 23
	want := map[int]int8{0b0011: 1, 0b0110: 1, 0b0010: -1, 0b1000: 1, 0: -2}
	if !ok {
		t.Fatal("a path does not decompose")
	}
	for s, w := range weights {
		if w != want[s] {
			t.Errorf("set %04b stands %d times, want %d", s, w, want[s])
		}
	}
	if _, ok := decompose(4, 0b101101); ok { // 12, 14, 23, 34: a circle of four
		t.Error("a circle of four decomposes")
	}
}

// TestGraphsOfTwoLists compares with the sum done directly: two lists, two graphs, all
// numbers of unseen.
func TestGraphsOfTwoLists(t *testing.T) {
	t.Parallel()
	x := []float64{0, 30, 20, 15}
	const n, most, d = 65, 5000, 0.25
	got, err := averageGraphs(t.Context(), 2, x, d, most)
	if err != nil {
		t.Fatal(err)
	}
	var logs []float64
	for u := range most + 1 {
		un := float64(u)
		total := n + un
		base := logGamma(total+1) - logGamma(un+1) - math.Log(total)
		all := logGamma(total+4*d) - logGamma(4*d)
		one := func(on float64) float64 { // a list by itself: Beta(2d, 2d)
			return logGamma(total-on+2*d) + logGamma(on+2*d) - 2*logGamma(2*d)
		}
		both := logGamma(un+d) + logGamma(30+d) + logGamma(20+d) + logGamma(15+d) - 4*logGamma(d)
		logs = append(logs, base+one(45)+one(35)-2*all, base+both-all)
	}
	top := slices.Max(logs)
	sum, apart := 0.0, 0.0
	for i, l := range logs {
		sum += math.Exp(l - top)
		if i%2 == 1 {
			apart += math.Exp(l - top)
		}
	}
	if !near(got.saturated, apart/sum, 1e-6) {
		t.Errorf("the graph with the edge has %v, want %v", got.saturated, apart/sum)
	}
	at, below := 0, 0.0
	for ; below < 0.5*sum; at++ {
		below += math.Exp(logs[2*at]-top) + math.Exp(logs[2*at+1]-top)
	}
	if want := float64(n + at - 1); math.Abs(got.median-want) > 1 {
		t.Errorf("median %v, want %v", got.median, want)
	}
}

// TestGridIsFineEnough compares the ranges of the grid with every single number.
func TestGridIsFineEnough(t *testing.T) {
	t.Parallel()
	g := newGrid(100, 300_000)
	covered := 0.0
	for i, w := range g.width {
		if start := g.unseen[i] - (w-1)/2; start != covered {
			t.Fatalf("a range begins at %v, the last ended at %v", start, covered)
		}
		covered += w
	}
	if covered != 300_001 {
		t.Errorf("the grid ends at %v", covered)
	}
	if len(g.unseen) > 12_000 {
		t.Errorf("%d ranges", len(g.unseen))
	}
}

// TestOneClass compares the sampler with the exact distribution: with one class the
// lists are independent, each with a uniform chance, and N can be summed directly.
func TestOneClass(t *testing.T) {
	t.Parallel()
	x := []float64{0, 30, 25, 12, 20, 9, 8, 3}
	n := 0.0
	for _, c := range x {
		n += c
	}
	exact := exactIndependent(x, n, 20*n)
	o := Options{}.filled(3)
	o.Classes = 1
	a, err := latentClasses(t.Context(), 3, x, o)
	if err != nil || a.rhat > 1.01 {
		t.Fatalf("%+v %v", a, err)
	}
	for q, got := range map[float64]float64{0.025: a.low, 0.5: a.median, 0.975: a.high} {
		if want := n + exact(q); !near(got, want, 0.015) {
			t.Errorf("quantile %v is %v, exactly %v", q, got, want)
		}
	}
}

// exactIndependent gives the quantiles of the unseen under independent lists with
// uniform chances and the prior 1/N.
func exactIndependent(x []float64, n, most float64) func(q float64) float64 {
	var logs []float64
	for u := 0.0; u <= most; u++ {
		l := logGamma(n+u+1) - logGamma(u+1) - math.Log(n+u)
		for j := range 3 {
			size := 0.0
			for w, c := range x {
				if Pattern(w).On(j) {
					size += c
				}
			}
			l += logGamma(size+1) + logGamma(n+u-size+1) - logGamma(n+u+2)
		}
		logs = append(logs, l)
	}
	top := slices.Max(logs)
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - top)
	}
	return func(q float64) float64 {
		below := 0.0
		for u, l := range logs {
			if below += math.Exp(l-top) / sum; below >= q {
				return float64(u)
			}
		}
		return most
	}
}

// TestClassesSeeTwoKinds draws two kinds of people whom independence would miss.
func TestClassesSeeTwoKinds(t *testing.T) {
	t.Parallel()
	const easy, hard = 1500, 1500
	x := make([]float64, 32)
	for w := range x {
		p, q := 1.0, 1.0
		for j := range 5 {
			if Pattern(w).On(j) {
				p, q = p*0.55, q*0.12
			} else {
				p, q = p*0.45, q*0.88
			}
		}
		x[w] = math.Round(easy*p + hard*q)
	}
	x[0] = 0
	a, err := latentClasses(t.Context(), 5, x, Options{Classes: 3}.filled(5))
	if err != nil || !a.converged() {
		t.Fatalf("%+v %v", a, err)
	}
	f := newFitter(5, x)
	independent := f.margins[0] + f.try(independence(5), nil).unseen
	if !near(a.median, easy+hard, 0.08) || a.low > easy+hard || a.high < easy+hard || near(independent, easy+hard, 0.08) {
		t.Errorf("%+v, independence %v, truth %d", a, independent, easy+hard)
	}
}

// TestBoundOnTheUnseenIsReported bounds what may be drawn below what is plausible.
func TestBoundOnTheUnseenIsReported(t *testing.T) {
	t.Parallel()
	o := Options{MostUnseen: 0.3, Sweeps: 2000, Longest: 2000}.filled(4)
	a, err := latentClasses(t.Context(), 4, kosovo().floats(), o)
	if err != nil || a.capped <= maxEdge || a.converged() {
		t.Errorf("%+v %v", a, err)
	}
	g, err := averageGraphs(t.Context(), 4, kosovo().floats(), 1.0/16, 5000)
	if err != nil || g.edge <= maxEdge {
		t.Errorf("%+v %v", g, err)
	}
}
