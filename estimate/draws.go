package estimate

import (
	"math"
	"math/rand/v2"
)

// Random numbers of the distributions that the samplers need, by published methods.
// gonum's are exact too but make one distribution object a draw and take some times as
// long where the parameters change with every draw, as they do here.

// logFactorial is log x!, also between whole numbers.
func logFactorial(x float64) float64 {
	if x < float64(len(factorials)) && x == math.Trunc(x) {
		return factorials[int(x)]
	}
	return logGamma(x + 1)
}

var factorials = func() (f [1024]float64) {
	for i := 2; i < len(f); i++ {
		f[i] = f[i-1] + math.Log(float64(i))
	}
	return f
}()

// logGamma is log Γ(x) for x > 0: Stirling's series where it is exact to the last
// digits, which is faster than math.Lgamma.
func logGamma(x float64) float64 {
	if x < 16 {
		l, _ := math.Lgamma(x)
		return l
	}
	r := 1 / x
	r2 := r * r
	series := r * (1.0/12 - r2*(1.0/360-r2*(1.0/1260-r2*(1.0/1680-r2/1188))))
	return (x-0.5)*math.Log(x) - x + 0.9189385332046727 + series
}

// binomial draws how many of n succeed with probability p: by inversion where few
// do, otherwise by transformed rejection (Hörmann 1993, BTRS).
func binomial(r *rand.Rand, n, p float64) float64 {
	switch {
	case n <= 0 || p <= 0:
		return 0
	case p >= 1:
		return n
	case p > 0.5:
		return n - binomial(r, n, 1-p)
	case n*p < 10:
		return binomialFew(r, n, p)
	}
	q := 1 - p
	spread := math.Sqrt(n * p * q)
	b := 1.15 + 2.53*spread
	a := -0.0873 + 0.0248*b + 0.01*p
	c := n*p + 0.5
	quick := 0.92 - 4.2/b
	for {
		v := r.Float64()
		u := r.Float64() - 0.5
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + c)
		if us >= 0.07 && v <= quick {
			return k
		}
		if k < 0 || k > n {
			continue
		}
		m := math.Floor((n + 1) * p)
		alpha := (2.83 + 5.1/b) * spread
		v = math.Log(v * alpha / (a/(us*us) + b))
		if v <= logFactorial(m)+logFactorial(n-m)-logFactorial(k)-logFactorial(n-k)+(k-m)*math.Log(p/q) {
			return k
		}
	}
}

// binomialFew goes through the probabilities of 0, 1, 2, … until a uniform number
// is used up.
func binomialFew(r *rand.Rand, n, p float64) float64 {
	u := r.Float64()
	if u <= 1-n*p {
		return 0 // (1 − p)^n is no less (Bernoulli's inequality): mostly it need not be computed
	}
	ratio := p / (1 - p)
	first := math.Exp(n * math.Log1p(-p))
	for ; ; u = r.Float64() {
		at := first
		for k := 0.0; k <= n && k < 200; k++ {
			if u <= at {
				return k
			}
			u -= at
			at *= ratio * (n - k) / (k + 1)
		}
	}
}

// multinomial shares n among the cells in proportion to their weights, whose sum is
// total.
func multinomial(r *rand.Rand, n float64, weights []float64, total float64, into []float64) {
	for i, w := range weights {
		into[i] = 0
		if n > 0 && w > 0 {
			if i == len(weights)-1 || w >= total {
				into[i] = n
			} else {
				into[i] = binomial(r, n, w/total)
			}
			n -= into[i]
		}
		total -= w
	}
	for i := len(weights) - 1; n > 0 && i >= 0; i-- { // what rounding left over
		if weights[i] > 0 {
			into[i] += n
			n = 0
		}
	}
}

// poisson draws a count with the given mean: by a product of uniforms where it is
// small, otherwise by transformed rejection (Hörmann 1993, PTRS).
func poisson(r *rand.Rand, mean float64) float64 {
	if mean < 10 {
		k, product, limit := 0.0, r.Float64(), math.Exp(-mean)
		for product > limit {
			k++
			product *= r.Float64()
		}
		return k
	}
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	scale := 1.1239 + 1.1328/(b-3.4)
	quick := 0.9277 - 3.6224/(b-2)
	for {
		u := r.Float64() - 0.5
		v := r.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= quick {
			return k
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		if math.Log(v*scale/(a/(us*us)+b)) <= k*math.Log(mean)-mean-logFactorial(k) {
			return k
		}
	}
}

// gamma draws from the gamma distribution of the given shape, at least 1, and rate 1
// (Marsaglia and Tsang 2000).
func gamma(r *rand.Rand, shape float64) float64 {
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := r.Float64()
		if u < 1-0.0331*x*x*x*x || math.Log(u) < 0.5*x*x+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}

// logGammaDraw draws the logarithm of a gamma number of any shape. Shapes far below
// one give numbers too small to be held otherwise.
func logGammaDraw(r *rand.Rand, shape float64) float64 {
	if shape >= 1 {
		return math.Log(gamma(r, shape))
	}
	return math.Log(gamma(r, shape+1)) - r.ExpFloat64()/shape
}

// logBeta draws from the beta distribution and gives the logarithms of the number
// and of one minus it.
func logBeta(r *rand.Rand, a, b float64) (log, complement float64) {
	x, y := logGammaDraw(r, a), logGammaDraw(r, b)
	hi := max(x, y)
	sum := hi + math.Log(math.Exp(x-hi)+math.Exp(y-hi))
	return x - sum, y - sum
}
