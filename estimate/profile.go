package estimate

import (
	"math"
	"slices"
)

// profile gives the profile-likelihood interval of a fitted model (Cormack 1992):
// those N at which the multinomial likelihood, with the unseen held at N − n as one
// more cell, falls by less than half of the 95 % point of χ² with one degree. The
// upper limit is infinite where the likelihood does not come down.
func profile(f *fitter, m fitted) (low, high float64) {
	p := &profiler{f: f, model: m.model, n: f.margins[0]}
	x := slices.Clone(f.x)
	defer f.load(x)
	peak, most := p.peak(math.Log(max(m.unseen, least)))
	floor := most - 0.5*chi2
	low, high = p.n, math.Inf(1)
	if p.at(math.Log(least)) < floor {
		low = p.n + math.Exp(p.crossing(math.Log(least), peak, floor))
	}
	for step := 0.5; peak+step < math.Log(beyond); step *= 1.5 {
		if p.at(peak+step) < floor {
			return low, p.n + math.Exp(p.crossing(peak+step, peak, floor))
		}
	}
	return low, high
}

const (
	chi2   = 3.841458820694124 // 95 % point with one degree of freedom
	least  = 1e-3              // unseen people that are as good as none
	beyond = 1e13              // unseen people that nobody believes
)

// profiler is the profile likelihood as a function of the logarithm of the unseen.
type profiler struct {
	f     *fitter
	model model
	n     float64
	ready bool
}

func (p *profiler) at(logUnseen float64) float64 {
	unseen := math.Exp(logUnseen)
	f := p.f
	f.x[0] = unseen
	f.load(f.x)
	f.set(p.model, true) // leaves the coefficients of the last fit where they are
	if !f.fit(p.ready) {
		p.ready = false
		return math.Inf(-1)
	}
	p.ready = true
	total := p.n + unseen
	return logGamma(total+1) - logFactorial(unseen) - total*math.Log(total) + f.likelihood() + total
}

// peak finds the maximum near a first guess by golden sections.
func (p *profiler) peak(guess float64) (at, value float64) {
	const ratio = 0.6180339887498949
	lo, hi := guess-3, guess+3
	a, b := hi-ratio*(hi-lo), lo+ratio*(hi-lo)
	fa, fb := p.at(a), p.at(b)
	for hi-lo > 1e-5 {
		if fa > fb {
			hi, b, fb = b, a, fa
			a = hi - ratio*(hi-lo)
			fa = p.at(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + ratio*(hi-lo)
			fb = p.at(b)
		}
	}
	if fa > fb {
		return a, fa
	}
	return b, fb
}

// crossing bisects between a point outside the interval and one inside.
func (p *profiler) crossing(outside, inside, floor float64) float64 {
	for math.Abs(outside-inside) > 1e-6 {
		middle := (outside + inside) / 2
		if p.at(middle) < floor {
			outside = middle
		} else {
			inside = middle
		}
	}
	return inside
}
