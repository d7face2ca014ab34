package estimate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
	"pgregory.net/rapid"
)

func TestHowManyModels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lists, most, want int }{
		{2, 1, 1}, {3, 2, 8}, {4, 3, 113}, {5, 4, 6893}, {4, 2, 64}, {5, 2, 1024}, {6, 2, 32768},
	} {
		seen, before := map[string]bool{}, []int{-1}
		eachModel(c.lists, c.most, func(depth int, m model) bool {
			if !m.hierarchical() {
				t.Errorf("%v is not hierarchical", m)
			}
			if depth != len(m)-c.lists {
				t.Errorf("depth %d of %v", depth, m)
			}
			seen[m.notation(numbered(c.lists))] = true
			before[0]++
			return true
		})
		if len(seen) != c.want || before[0]+1 != c.want {
			t.Errorf("%d lists, terms of %d: %d models, %d different, want %d", c.lists, c.most, before[0]+1, len(seen), c.want)
		}
	}
	stopped := 0
	eachModel(5, 4, func(int, model) bool { stopped++; return stopped < 10 })
	if stopped != 10 {
		t.Errorf("the walk went on to %d", stopped)
	}
}

func TestNotation(t *testing.T) {
	t.Parallel()
	m := model{1, 2, 4, 8, 0b0011, 0b0101, 0b0110, 0b1001, 0b1100, 0b0111}
	for want, numbers := range map[string][]int{"[123,14,34]": {1, 2, 3, 4}, "[234,12,14]": {4, 3, 2, 1}} {
		if got := m.notation(numbers); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// hierarchical says whether every term stands with all its subsets.
func (m model) hierarchical() bool {
	var have [1 << MaxLists]bool
	for _, t := range m {
		have[t] = true
	}
	for _, t := range m {
		if t.Lists() > 1 && !facets(t, have[:]) {
			return false
		}
	}
	return true
}

// drawTable draws a sparse or a full table of counts over k lists.
func drawTable(t *rapid.T, k int) []float64 {
	x := make([]float64, 1<<k)
	top := rapid.SampledFrom([]int{2, 20, 1000}).Draw(t, "top")
	for w := 1; w < len(x); w++ {
		if !rapid.Bool().Draw(t, "empty") {
			x[w] = float64(rapid.IntRange(0, top).Draw(t, "count"))
		}
	}
	for j := range k {
		x[1<<j]++ // every list has somebody
	}
	return x
}

func drawModel(t *rapid.T, k int) model {
	var all []model
	eachModel(k, k-1, func(_ int, m model) bool {
		all = append(all, append(model(nil), m...))
		return true
	})
	return rapid.SampledFrom(all).Draw(t, "model")
}

// design is the matrix that the fitter does without.
func (f *fitter) design() *mat.Dense {
	var rows []float64
	n := 0
	for w, kept := range f.kept {
		if !kept {
			continue
		}
		n++
		for _, term := range f.terms {
			v := 0.0
			if Pattern(w)&term == term {
				v = 1
			}
			rows = append(rows, v)
		}
	}
	return mat.NewDense(n, len(f.terms), rows)
}

// TestFitMeetsItsMargins checks a fit by what defines it: it is of the model's form
// and meets the sufficient statistics.
func TestFitMeetsItsMargins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(3, 4).Draw(t, "lists")
		x, m := drawTable(t, k), drawModel(t, k)
		f := newFitter(k, x)
		got := f.try(m, nil)
		if !got.good() {
			return
		}
		for i, term := range f.terms {
			if seen, fit := f.margins[term], f.sums[term]; math.Abs(seen-fit) > 1e-4*(1+seen) {
				t.Errorf("term %b: %v people, %v fitted", term, seen, fit)
			}
			sum := 0.0
			for w, mu := range f.mu {
				if Pattern(w)&term == term {
					sum += mu
				}
			}
			if math.Abs(sum-f.sums[term]) > 1e-6*(1+sum) {
				t.Errorf("term %d: the sums over supersets are wrong", i)
			}
		}
		if d := f.deviance(); d < -1e-6 || math.Abs(d-got.deviance) > 1e-6*(1+d) {
			t.Errorf("deviance %v", d)
		}
	})
}

// TestSearchFindsWhatFittingEachFinds checks that starting from the fit of a smaller
// model changes nothing.
func TestSearchFindsWhatFittingEachFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := drawTable(t, 4)
		f := newFitter(4, x)
		s, err := searchModels(context.Background(), f, 3)
		if err != nil {
			t.Fatal(err)
		}
		best, found := math.Inf(1), 0
		eachModel(4, 3, func(_ int, m model) bool {
			if got := newFitter(4, x).try(m, nil); got.good() {
				best = min(best, got.bic)
				found++
			}
			return true
		})
		if found != s.usable || s.found && math.Abs(best-s.bic.bic) > 1e-6 {
			t.Errorf("%d usable and BIC %v, one by one %d and %v", s.usable, s.bic.bic, found, best)
		}
	})
}

// TestRankIsThatOfTheMatrix compares with gonum's singular values.
func TestRankIsThatOfTheMatrix(t *testing.T) {
	t.Parallel()
	short := 0
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(3, 4).Draw(t, "lists")
		f := newFitter(k, drawTable(t, k))
		f.set(drawModel(t, k), false)
		var svd mat.SVD
		if !svd.Factorize(f.design(), mat.SVDNone) {
			t.Fatal("no singular values")
		}
		want := svd.Rank(1e-9) == len(f.terms)
		if got := f.identifiable(); got != want {
			t.Errorf("identifiable %v, want %v", got, want)
		}
		if !want {
			short++
		}
	})
	if short == 0 {
		t.Error("no table was short of rank: the test has seen nothing")
	}
}

// TestMaximumIsThatOfTheProgramme compares the simplex with gonum's where that does not
// give up, and a proof by the fit with the programme.
func TestMaximumIsThatOfTheProgramme(t *testing.T) {
	t.Parallel()
	without, compared := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(3, 4).Draw(t, "lists")
		f := newFitter(k, drawTable(t, k))
		m := drawModel(t, k)
		got := f.try(m, nil)
		f.set(m, false)
		exist := f.maximum()
		if got.verdict == exists && !exist || got.verdict == noMaximum && exist {
			t.Errorf("verdict %d, programme %v", got.verdict, exist)
		}
		if !exist {
			without++
		}
		if best, ok := f.byGonum(); ok {
			compared++
			if want := best > 1e-7; want != exist {
				t.Errorf("gonum finds %v, the programme says %v", best, exist)
			}
		}
	})
	if without == 0 || compared == 0 {
		t.Errorf("%d tables without a maximum, %d compared: the test has seen too little", without, compared)
	}
}

// byGonum gives the largest least cell by gonum's solver, on the counts as they are.
// Where the start is degenerate gonum gives up with an error or a panic.
func (f *fitter) byGonum() (best float64, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	a := f.design().T()
	rows, cells := a.Dims()
	full := mat.NewDense(rows, cells+1, nil)
	right := make([]float64, rows)
	for i := range rows {
		sum := 0.0
		for j := range cells {
			full.Set(i, j, a.At(i, j))
			sum += a.At(i, j)
		}
		full.Set(i, cells, sum)
		right[i] = f.margins[f.terms[i]]
	}
	cost := make([]float64, cells+1)
	cost[cells] = -1
	least, _, err := lp.Simplex(cost, full, right, 1e-10, nil)
	return -least, err == nil && !math.IsNaN(least)
}

// TestScaling doubles everybody: the model of independence doubles its answer, and so
// do two lists by the classic formula.
func TestScaling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := drawTable(t, 3)
		by := float64(rapid.IntRange(2, 50).Draw(t, "by"))
		m := drawModel(t, 3)
		once := newFitter(3, x).try(m, nil)
		for w := range x {
			x[w] *= by
		}
		more := newFitter(3, x).try(m, nil)
		if once.verdict != more.verdict {
			t.Fatalf("verdict %d became %d", once.verdict, more.verdict)
		}
		if once.good() && !near(more.unseen, by*once.unseen, 1e-5) {
			t.Errorf("%v became %v, want × %v", once.unseen, more.unseen, by)
		}
	})
}

// TestProfileOfTwoLists compares with the likelihood computed directly: for two lists
// the probabilities have a closed form.
func TestProfileOfTwoLists(t *testing.T) {
	t.Parallel()
	const a, b, m = 120, 90, 31
	f := newFitter(2, []float64{0, a - m, b - m, m})
	got := f.try(independence(2), nil)
	low, high := profile(f, got)
	direct := func(total float64) float64 {
		n := float64(a + b - m)
		l := logGamma(total+1) - logGamma(total-n+1)
		for _, size := range []float64{a, b} {
			l += size*math.Log(size/total) + (total-size)*math.Log(1-size/total)
		}
		return l
	}
	most := math.Inf(-1)
	for total := float64(a + b - m); total < 2000; total += 0.01 {
		most = max(most, direct(total))
	}
	for _, limit := range []float64{low, high} {
		if d := 2 * (most - direct(limit)); math.Abs(d-chi2) > 0.01 {
			t.Errorf("at %.2f the likelihood has fallen by %.3f, want %.3f", limit, d, chi2)
		}
	}
	if f.x[0] != 0 || f.margins[0] != a+b-m {
		t.Error("the table was not put back")
	}
}

// TestStepwiseBounds checks the limits on samples whose answer is known.
func TestStepwiseBounds(t *testing.T) {
	t.Parallel()
	sorted := make([]float64, 999)
	for i := range sorted {
		sorted[i] = float64(i + 1)
	}
	low, high := bcaLimits(sorted, 500.5, 0) // no bias, no acceleration: plain percentiles
	if math.Abs(low-25.1) > 1 || math.Abs(high-974.9) > 1 {
		t.Errorf("%v to %v", low, high)
	}
	shifted, _ := bcaLimits(sorted, 700, 0)
	if shifted <= low {
		t.Error("an estimate above most resamples must move the limits up")
	}
	sorted[998], sorted[997] = math.Inf(1), math.Inf(1)
	for i := 960; i < 999; i++ {
		sorted[i] = math.Inf(1)
	}
	if _, high := bcaLimits(sorted, 500.5, 0); !math.IsInf(high, 1) {
		t.Errorf("resamples without an answer give the bound %v", high)
	}
	if got := quantile8([]float64{1, 2, 3, 4}, 0.5); got != 2.5 {
		t.Errorf("median %v", got)
	}
}

// TestBootstrapCoversIndependentLists draws tables of independent lists from a known
// number of people.
func TestBootstrapCoversIndependentLists(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	covered := 0
	const tables, people = 60, 1000
	for range tables {
		x := make([]float64, 8)
		for range people {
			p := 0
			for j, chance := range []float64{0.3, 0.4, 0.2} {
				if r.Float64() < chance {
					p |= 1 << j
				}
			}
			x[p]++
		}
		x[0] = 0
		f := newFitter(3, x)
		n := f.margins[0] + stepwise(f).unseen
		low, high, err := bootstrap(t.Context(), f, n, Options{Seed: 1, Resamples: 200}.filled(3))
		if err != nil {
			t.Fatal(err)
		}
		if low <= people && people <= high {
			covered++
		}
	}
	if covered < tables*82/100 {
		t.Errorf("%d of %d intervals hold the true number", covered, tables)
	}
}

// TestSearchStops ends with its context.
func TestSearchStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Estimate(ctx, kosovo(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
