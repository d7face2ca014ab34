package estimate

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// fitter fits log-linear models to one table by Newton's method (for Poisson counts
// the same as iteratively reweighted least squares; Fienberg 1972, Cormack 1989).
// It is made once and reused: searching thousands of models, it allocates nothing.
//
// The design of a hierarchical model over 0/1 lists needs no matrix. The term t has
// a one in every cell that contains t, so that
//
//	the linear predictor of all cells is the sum of b over subsets,
//	the sufficient statistics are the sums of x over supersets,
//	the entry (s, t) of X'WX is the sum of mu over supersets of s ∪ t,
//
// and one pass over the 2^k cells for each list gives each of them for all terms.
type fitter struct {
	k         int
	x         []float64 // the table; x[0] is 0, or the unseen where they are given
	margins   []float64 // sums of x over supersets: the sufficient statistics
	factorial float64   // sum of log x!
	kept      []bool    // cells that the model can fill
	all       bool      // no cell was dropped
	terms     []Pattern // the free terms, the constant (0) first
	b         []float64 // their coefficients
	counted   int       // parameters: the free terms and those at minus infinity
	mu        []float64 // fitted cells, 0 where not kept
	sums      []float64 // sums of mu over supersets
	eta       []float64
	gram      []float64
	step      []float64
	gradient  []float64
}

func newFitter(k int, x []float64) *fitter {
	cells := 1 << k
	f := &fitter{
		k: k, x: make([]float64, cells), margins: make([]float64, cells), kept: make([]bool, cells),
		mu: make([]float64, cells), sums: make([]float64, cells), eta: make([]float64, cells),
	}
	f.load(x)
	return f
}

// load takes another table of as many lists.
func (f *fitter) load(x []float64) {
	copy(f.x, x)
	copy(f.margins, x)
	supersetSums(f.margins, f.k)
	f.factorial = 0
	for _, c := range x {
		f.factorial += logFactorial(c)
	}
}

// set takes a model. A term with nobody on all its lists has its best coefficient at
// minus infinity: the term and the cells that contain it are left out (Chan, Silverman
// and Vincent 2021, section 2; here also for terms of more than two lists), and it
// still counts as a parameter.
func (f *fitter) set(m model, unseen bool) {
	f.terms = append(f.terms[:0], 0)
	f.counted = 1 + len(m)
	f.all = true
	for w := range f.kept {
		f.kept[w] = true
	}
	f.kept[0] = unseen
	for _, t := range m {
		if f.margins[t] > 0 {
			f.terms = append(f.terms, t)
			continue
		}
		f.all = false
		for w := range f.kept {
			f.kept[w] = f.kept[w] && Pattern(w)&t != t
		}
	}
	p := len(f.terms)
	f.b = resize(f.b, p)
	f.step = resize(f.step, p)
	f.gram = resize(f.gram, p*p)
}

func resize(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n, 2*n)
	}
	return s[:n]
}

// How Newton's method ends. A step's decrement is about twice what the likelihood
// can still gain: below enough, the step that was made ends it, because the error
// after a step is of the order of its square.
const (
	enough   = 1e-9
	maxSteps = 40
)

// fit finds the most likely coefficients, from those in f.b when warm, and says
// whether it converged.
func (f *fitter) fit(warm bool) bool {
	if warm {
		f.predict()
		if f.climb() {
			return true
		}
	}
	return f.start() && f.climb()
}

// climb makes Newton steps, halved where the likelihood would fall.
func (f *fitter) climb() bool {
	last := f.likelihood()
	for range maxSteps {
		decrement, ok := f.newton()
		if !ok {
			return false
		}
		for half := 0; ; half++ {
			f.predict()
			now := f.likelihood()
			if now >= last-1e-9*(1+math.Abs(last)) {
				last = now
				break
			}
			if half == 30 || math.IsNaN(now) && half > 20 {
				return false
			}
			for i := range f.step {
				f.step[i] /= 2
				f.b[i] -= f.step[i]
			}
		}
		if decrement < enough {
			return true
		}
	}
	return false
}

// newton adds a Newton step to f.b and gives its decrement; false where the
// information is singular.
func (f *fitter) newton() (decrement float64, ok bool) {
	p := len(f.terms)
	for i, t := range f.terms {
		f.step[i] = f.margins[t] - f.sums[t]
	}
	f.gradient = append(f.gradient[:0], f.step...)
	if !f.factor() {
		return 0, false
	}
	lapack64.Potrs(f.cholesky(), blas64.General{Rows: p, Cols: 1, Stride: 1, Data: f.step})
	for i, s := range f.step {
		f.b[i] += s
		decrement += s * f.gradient[i]
	}
	return decrement, !math.IsNaN(decrement)
}

// factor builds X'WX and takes its Cholesky factor.
func (f *fitter) factor() bool {
	p := len(f.terms)
	for i, s := range f.terms {
		for j, t := range f.terms[i:] {
			f.gram[i*p+i+j] = f.sums[s|t]
		}
	}
	_, ok := lapack64.Potrf(blas64.Symmetric{Uplo: blas.Upper, N: p, Stride: p, Data: f.gram[:p*p]})
	return ok
}

func (f *fitter) cholesky() blas64.Triangular {
	p := len(f.terms)
	return blas64.Triangular{Uplo: blas.Upper, Diag: blas.NonUnit, N: p, Stride: p, Data: f.gram[:p*p]}
}

// start sets f.b by one weighted regression of log(x + 0.1), which is near the
// answer for any table.
func (f *fitter) start() bool {
	for w := range f.mu {
		f.mu[w], f.eta[w] = 0, 0
		if f.kept[w] {
			m := f.x[w] + 0.1
			f.mu[w] = m
			f.eta[w] = m*math.Log(m) + f.x[w] - m
		}
	}
	copy(f.sums, f.mu)
	supersetSums(f.sums, f.k)
	supersetSums(f.eta, f.k)
	for i, t := range f.terms {
		f.b[i] = f.eta[t]
	}
	if !f.factor() {
		return false
	}
	lapack64.Potrs(f.cholesky(), blas64.General{Rows: len(f.b), Cols: 1, Stride: 1, Data: f.b})
	f.predict()
	return true
}

// predict computes the cells and their sums from the coefficients.
func (f *fitter) predict() {
	clear(f.eta)
	for i, t := range f.terms {
		f.eta[t] = f.b[i]
	}
	subsetSums(f.eta, f.k)
	for w := range f.mu {
		f.mu[w] = 0
		if f.kept[w] {
			f.mu[w] = math.Exp(f.eta[w])
		}
	}
	copy(f.sums, f.mu)
	supersetSums(f.sums, f.k)
}

// likelihood is the Poisson log-likelihood without the factorials of the counts.
func (f *fitter) likelihood() float64 {
	l := -f.sums[0]
	for i, t := range f.terms {
		l += f.b[i] * f.margins[t]
	}
	return l
}

// deviance compares the fit with one that meets every cell.
func (f *fitter) deviance() float64 {
	d := 0.0
	for w, x := range f.x {
		if !f.kept[w] {
			continue
		}
		d += f.mu[w] - x
		if x > 0 {
			d += x * math.Log(x/f.mu[w])
		}
	}
	return 2 * d
}

// least is the smallest fitted cell.
func (f *fitter) least() float64 {
	least := math.Inf(1)
	for w, m := range f.mu {
		if f.kept[w] {
			least = min(least, m)
		}
	}
	return least
}

// standardError is that of the estimated number of people: the variance of the unseen
// about their mean, and of the mean.
func (f *fitter) standardError(m fitted) float64 {
	f.set(m.model, false)
	if !f.fit(false) || !f.factor() {
		return math.NaN()
	}
	e := make([]float64, len(f.terms))
	e[0] = 1
	lapack64.Potrs(f.cholesky(), blas64.General{Rows: len(e), Cols: 1, Stride: 1, Data: e})
	return math.Sqrt(m.unseen + m.unseen*m.unseen*e[0])
}

// leftOver asks whether more people are on several lists at once than a fitted model
// expects: the score test for one more column, the number of pairs of lists in each
// cell (Darroch's heterogeneity, as Rivest and Baillargeon 2007 have it). It is above
// zero where people differ in how easily they are found, and about normal where not;
// it has more power than a search over the single pairs, which may each be too weak.
// A model that has the column already leaves nothing over: NaN.
func (f *fitter) leftOver(m model) float64 {
	f.set(m, false)
	if !f.fit(false) || !f.factor() {
		return math.NaN()
	}
	score, square := 0.0, 0.0
	cross := make([]float64, len(f.mu))
	for w, mu := range f.mu {
		on := float64(Pattern(w).Lists())
		pairs := on * (on - 1) / 2
		if f.kept[w] {
			score += pairs * (f.x[w] - mu)
			square += pairs * pairs * mu
		}
		cross[w] = pairs * mu
	}
	supersetSums(cross, f.k)
	v := make([]float64, len(f.terms))
	for i, t := range f.terms {
		v[i] = cross[t]
	}
	solved := slices.Clone(v)
	lapack64.Potrs(f.cholesky(), blas64.General{Rows: len(v), Cols: 1, Stride: 1, Data: solved})
	explained := 0.0
	for i := range v {
		explained += v[i] * solved[i]
	}
	if rest := square - explained; rest > 1e-9*square {
		return score / math.Sqrt(rest)
	}
	return math.NaN()
}

// subsetSums turns a[w] into the sum of a over the subsets of w.
func subsetSums(a []float64, k int) {
	for bit := 1; bit < 1<<k; bit <<= 1 {
		for base := 0; base < len(a); base += 2 * bit {
			low, high := a[base:base+bit], a[base+bit:base+2*bit]
			for i, v := range low {
				high[i] += v
			}
		}
	}
}

// supersetSums turns a[w] into the sum of a over the supersets of w.
func supersetSums(a []float64, k int) {
	for bit := 1; bit < 1<<k; bit <<= 1 {
		for base := 0; base < len(a); base += 2 * bit {
			low, high := a[base:base+bit], a[base+bit:base+2*bit]
			for i, v := range high {
				low[i] += v
			}
		}
	}
}
