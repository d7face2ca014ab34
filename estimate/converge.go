package estimate

import "math"

// convergence compares the halves of all chains (split R̂) and counts how many
// independent draws theirs are worth (Gelman and others, Bayesian Data Analysis, 2013,
// sections 11.4 and 11.5; Geyer 1992 for where to cut the correlations). Chains that
// never move are not converged.
func convergence(chains [][]float64) (rhat, effective float64) {
	var halves [][]float64
	for _, c := range chains {
		m := len(c) / 2
		halves = append(halves, c[:m], c[len(c)-m:])
	}
	n := float64(len(halves[0]))
	means, within := make([]float64, len(halves)), 0.0
	grand := 0.0
	for i, h := range halves {
		means[i] = mean(h)
		grand += means[i] / float64(len(halves))
		within += variance(h, means[i]) / float64(len(halves))
	}
	between := 0.0
	for _, m := range means {
		between += n * (m - grand) * (m - grand) / float64(len(halves)-1)
	}
	if within == 0 || math.IsNaN(within) {
		return math.Inf(1), 0
	}
	pooled := (n-1)/n*within + between/n
	return math.Sqrt(pooled / within), effectiveSize(halves, means, within, pooled)
}

// effectiveSize adds up the correlations in pairs until a pair is no longer positive,
// never letting a pair exceed the one before.
func effectiveSize(halves [][]float64, means []float64, within, pooled float64) float64 {
	n := len(halves[0])
	correlation := func(lag int) float64 {
		sum := 0.0
		for i, h := range halves {
			for t := lag; t < n; t++ {
				sum += (h[t] - means[i]) * (h[t-lag] - means[i])
			}
		}
		covariance := sum / float64(len(halves)) / float64(n-1)
		return 1 - (within-covariance)/pooled
	}
	sum, last := 0.0, math.Inf(1)
	for lag := 0; lag+1 < n; lag += 2 {
		pair := correlation(lag) + correlation(lag+1)
		if pair <= 0 {
			break
		}
		last = min(last, pair)
		sum += last
	}
	draws := float64(n * len(halves))
	return min(draws/(2*sum-1), draws*math.Log10(draws))
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func variance(x []float64, mean float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x)-1)
}
