package estimate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// furthest is the largest distance between the share of draws up to a value and its
// probability (Kolmogorov's statistic), looked at where the probability jumps.
func furthest(draws []float64, cdf func(float64) float64) float64 {
	slices.Sort(draws)
	worst := 0.0
	for i, v := range draws {
		if i+1 < len(draws) && draws[i+1] == v {
			continue
		}
		worst = max(worst, math.Abs(float64(i+1)/float64(len(draws))-cdf(v)))
	}
	return worst
}

// TestDrawsFollowTheirDistributions compares each sampler with gonum's distribution
// function. The bound is what chance exceeds once in some ten thousand times.
func TestDrawsFollowTheirDistributions(t *testing.T) {
	t.Parallel()
	const n = 20_000
	bound := 2.2 / math.Sqrt(n)
	for name, c := range map[string]struct {
		draw func(r *rand.Rand) float64
		cdf  func(float64) float64
	}{
		"binomial, few":      {func(r *rand.Rand) float64 { return binomial(r, 40, 0.1) }, distuv.Binomial{N: 40, P: 0.1}.CDF},
		"binomial, many":     {func(r *rand.Rand) float64 { return binomial(r, 1000, 0.3) }, distuv.Binomial{N: 1000, P: 0.3}.CDF},
		"binomial, most":     {func(r *rand.Rand) float64 { return binomial(r, 200, 0.93) }, distuv.Binomial{N: 200, P: 0.93}.CDF},
		"binomial, millions": {func(r *rand.Rand) float64 { return binomial(r, 3e7, 0.01) }, distuv.Normal{Mu: 3e5, Sigma: math.Sqrt(3e7 * 0.01 * 0.99)}.CDF},
		"Poisson, small":     {func(r *rand.Rand) float64 { return poisson(r, 3.3) }, distuv.Poisson{Lambda: 3.3}.CDF},
		"Poisson, large":     {func(r *rand.Rand) float64 { return poisson(r, 250) }, distuv.Poisson{Lambda: 250}.CDF},
		"gamma 1":            {func(r *rand.Rand) float64 { return gamma(r, 1) }, distuv.Gamma{Alpha: 1, Beta: 1}.CDF},
		"gamma 7.5":          {func(r *rand.Rand) float64 { return gamma(r, 7.5) }, distuv.Gamma{Alpha: 7.5, Beta: 1}.CDF},
		"gamma 0.2":          {func(r *rand.Rand) float64 { return math.Exp(logGammaDraw(r, 0.2)) }, distuv.Gamma{Alpha: 0.2, Beta: 1}.CDF},
		"beta":               {func(r *rand.Rand) float64 { l, _ := logBeta(r, 1.5, 0.4); return math.Exp(l) }, distuv.Beta{Alpha: 1.5, Beta: 0.4}.CDF},
		"one minus beta":     {func(r *rand.Rand) float64 { _, l := logBeta(r, 1.5, 0.4); return math.Exp(l) }, distuv.Beta{Alpha: 0.4, Beta: 1.5}.CDF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(3, 9))
			draws := make([]float64, n)
			for i := range draws {
				draws[i] = c.draw(r)
			}
			if d := furthest(draws, c.cdf); d > bound || math.IsNaN(d) {
				t.Errorf("off by %.4f, bound %.4f", d, bound)
			}
		})
	}
}

func TestMultinomialSharesEverybody(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	weights := []float64{0, 2, 1e-12, 5, 3, 0}
	into, sums := make([]float64, len(weights)), make([]float64, len(weights))
	for range 2000 {
		multinomial(r, 100, weights, 10+1e-12, into)
		total := 0.0
		for i, v := range into {
			sums[i] += v
			total += v
		}
		if total != 100 {
			t.Fatalf("%v people of 100", total)
		}
	}
	for i, want := range []float64{0, 20, 0, 50, 30, 0} {
		if got := sums[i] / 2000; math.Abs(got-want) > 0.5 {
			t.Errorf("cell %d gets %.2f, want %.0f", i, got, want)
		}
	}
	multinomial(r, 5, []float64{1, 1}, 3, into[:2]) // a total that does not fit
	if into[0]+into[1] != 5 {
		t.Error("somebody was lost")
	}
}

func TestLogGamma(t *testing.T) {
	t.Parallel()
	for x := 0.001; x < 1e9; x *= 1.37 {
		want, _ := math.Lgamma(x)
		if got := logGamma(x); math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
			t.Errorf("at %v: %v, want %v", x, got, want)
		}
	}
	if got := logFactorial(4); !near(got, math.Log(24), 1e-14) {
		t.Errorf("4! is e^%v", got)
	}
}

// TestConvergence knows chains whose answer is known.
func TestConvergence(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	chains := func(correlation, shift float64) [][]float64 {
		out := make([][]float64, 4)
		for i := range out {
			v := 0.0
			for range 4000 {
				v = correlation*v + math.Sqrt(1-correlation*correlation)*r.NormFloat64()
				out[i] = append(out[i], v+shift*float64(i))
			}
		}
		return out
	}
	rhat, effective := convergence(chains(0, 0))
	if math.Abs(rhat-1) > 0.01 || !near(effective, 16000, 0.15) {
		t.Errorf("independent: %v, %v", rhat, effective)
	}
	rhat, effective = convergence(chains(0.9, 0)) // worth (1 − ρ)/(1 + ρ)
	if rhat > maxRhat || !near(effective, 16000*0.1/1.9, 0.3) {
		t.Errorf("correlated: %v, %v", rhat, effective)
	}
	if rhat, _ = convergence(chains(0, 0.5)); rhat < maxRhat {
		t.Errorf("chains apart: %v", rhat)
	}
	still := [][]float64{{1, 1, 1, 1}, {1, 1, 1, 1}}
	if rhat, effective = convergence(still); !math.IsInf(rhat, 1) || effective != 0 {
		t.Errorf("chains that do not move: %v, %v", rhat, effective)
	}
}
