package estimate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// stepwiseLevel is the p-value below which a pair of lists enters the model (Chan,
// Silverman and Vincent 2021, section 3.2).
const stepwiseLevel = 0.02

// stepwise grows a model from independence. At each step the pair enters whose
// number of common people is least likely under the present fit. A pair whose model
// has no answer is passed over.
func stepwise(f *fitter) fitted {
	now := f.try(independence(f.k), nil)
	if !now.good() {
		return now
	}
	start := f.coefficients(nil)
	pairs := interactions(f.k, 2)
	barred := make([]bool, len(pairs))
	for {
		best := unlikeliest(f, pairs, barred, now.model)
		if best < 0 {
			return now
		}
		got := f.try(now.model.with(pairs[best]), start)
		if got.good() {
			now, start = got, f.coefficients(start)
			clear(barred)
			continue
		}
		barred[best] = true
		f.set(now.model, false)
		f.startFrom(start) // back to the fit that the next pair is judged by
		f.predict()
	}
}

// unlikeliest gives the pair to enter, or -1 when none is unlikely enough. Of pairs
// that are equally so the first is taken.
func unlikeliest(f *fitter, pairs []Pattern, barred []bool, m model) int {
	best, least := -1, stepwiseLevel
	for i, t := range pairs {
		if barred[i] || m.has(t) {
			continue
		}
		if p := tail(f.margins[t], f.sums[t]); p < least {
			best, least = i, p
		}
	}
	return best
}

// tail is the smaller of the probabilities that a Poisson count is at most, and at
// least, what was seen.
func tail(seen, mean float64) float64 {
	if mean <= 0 {
		return 1
	}
	d := distuv.Poisson{Lambda: mean}
	if seen <= mean {
		return d.CDF(seen)
	}
	return d.Survival(seen - 1)
}

// bootstrap repeats the whole stepwise selection on resampled people and gives the
// bias-corrected and accelerated limits (Efron 1987; Chan, Silverman and Vincent
// 2021, section 3.3), so that the doubt about the model is in the interval.
func bootstrap(ctx context.Context, f *fitter, estimate float64, o Options) (low, high float64, err error) {
	n := f.margins[0]
	original := slices.Clone(f.x)
	defer f.load(original)
	r := rand.New(rand.NewPCG(o.Seed, 0xb007))
	sample := make([]float64, len(f.x))
	values := make([]float64, 0, o.Resamples)
	for i := range o.Resamples {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		multinomial(r, n, original, n, sample)
		values = append(values, total(f, sample))
		o.Progress("bootstrap", i+1, o.Resamples)
	}
	slices.Sort(values)
	low, high = bcaLimits(values, estimate, acceleration(f, original))
	return low, high, nil
}

// total is the stepwise estimate for a table, infinite where there is none.
func total(f *fitter, x []float64) float64 {
	f.load(x)
	if m := stepwise(f); m.good() {
		return f.margins[0] + m.unseen
	}
	return math.Inf(1)
}

// acceleration leaves out one person of each pattern in turn.
func acceleration(f *fitter, original []float64) float64 {
	x := slices.Clone(original)
	theta := make([]float64, len(x))
	n, sum := 0.0, 0.0
	for w, c := range original {
		if c == 0 {
			continue
		}
		x[w]--
		theta[w] = total(f, x)
		x[w]++
		n += c
		sum += c * theta[w]
	}
	mean := sum / n
	squares, cubes := 0.0, 0.0
	for w, c := range original {
		if c > 0 {
			d := mean - theta[w]
			squares += c * d * d
			cubes += c * d * d * d
		}
	}
	if a := cubes / (6 * math.Pow(squares, 1.5)); !math.IsNaN(a) && !math.IsInf(a, 0) {
		return a
	}
	return 0 // no spread, or no estimate without some person
}

// bcaLimits reads the 2.5 % and 97.5 % limits off the sorted resamples.
func bcaLimits(sorted []float64, estimate, a float64) (low, high float64) {
	below := 0.0
	for _, v := range sorted {
		if v < estimate {
			below++
		}
	}
	count := float64(len(sorted))
	z0 := distuv.UnitNormal.Quantile(min(max(below/count, 0.5/count), 1-0.5/count))
	limit := func(q float64) float64 {
		z := z0 + distuv.UnitNormal.Quantile(q)
		return quantile8(sorted, distuv.UnitNormal.CDF(z0+z/(1-a*z)))
	}
	return limit(0.025), limit(0.975)
}

// quantile8 is the quantile that is nearly median-unbiased (Hyndman and Fan 1996,
// type 8). gonum has none but types 1 and 4.
func quantile8(sorted []float64, p float64) float64 {
	n := float64(len(sorted))
	at := p*(n+1.0/3) + 1.0/3
	whole := math.Floor(at)
	i := int(min(max(whole, 1), n))
	j := int(min(max(whole+1, 1), n))
	lower, upper, part := sorted[i-1], sorted[j-1], at-whole
	if lower == upper || part == 0 {
		return lower
	}
	return lower + part*(upper-lower)
}
