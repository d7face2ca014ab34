package estimate

import (
	"context"
	"math"
	"slices"
)

// fitted is a log-linear model with its fit.
type fitted struct {
	model     model
	verdict   verdict
	converged bool
	unseen    float64 // expected number of people on no list
	deviance  float64
	df        int
	aic, bic  float64
}

// good says whether the model gives a number.
func (m fitted) good() bool {
	return m.verdict == exists && m.converged && !math.IsInf(m.unseen, 0) && !math.IsNaN(m.unseen)
}

// try fits a model and says what it lacks. AIC and BIC are those of Poisson counts
// with the constant among the parameters, and n in BIC is the number of people. The
// fit starts from the coefficients of a smaller model where there are any.
func (f *fitter) try(m model, from []float64) fitted {
	f.set(m, false)
	if len(from) > 0 {
		f.startFrom(from)
	}
	out := fitted{model: m}
	if !f.identifiable() {
		out.verdict = notIdentifiable
		if !f.maximum() {
			out.verdict = neither
		}
		return out
	}
	out.converged = f.fit(len(from) > 0)
	if !(out.converged && f.least() >= proof) && !f.maximum() {
		out.verdict, out.converged = noMaximum, false
		return out
	}
	if !out.converged {
		return out
	}
	twice := -2 * (f.likelihood() - f.factorial)
	out.unseen = math.Exp(f.b[0])
	out.deviance = f.deviance()
	out.df = len(f.kept) - 1 - f.counted
	out.aic = twice + 2*float64(f.counted)
	out.bic = twice + math.Log(f.margins[0])*float64(f.counted)
	return out
}

// search is what came of fitting a family of models.
type search struct {
	aic, bic fitted // the best by each
	tried    int
	usable   int
	found    bool
}

// searchModels fits every hierarchical model with terms of up to most lists. A model
// starts from the fit of the one it was grown from.
func searchModels(ctx context.Context, f *fitter, most int) (search, error) {
	var s search
	starts := make([][]float64, 1<<f.k) // by depth: the coefficients of the model there
	eachModel(f.k, most, func(depth int, m model) bool {
		var from []float64
		if depth > 0 {
			from = starts[depth-1]
		}
		got := f.try(m, from)
		if starts[depth] = starts[depth][:0]; got.good() {
			starts[depth] = f.coefficients(starts[depth])
		}
		s.take(got)
		return s.tried%64 != 0 || ctx.Err() == nil
	})
	return s, ctx.Err()
}

// startFrom sets the coefficients from those of another model.
func (f *fitter) startFrom(coefficients []float64) {
	for i, t := range f.terms {
		f.b[i] = coefficients[t]
	}
}

// coefficients gives those of the fit by their terms, 0 for the others, in the given
// slice where it is long enough.
func (f *fitter) coefficients(into []float64) []float64 {
	into = resize(into, 1<<f.k)
	clear(into)
	for i, t := range f.terms {
		into[t] = f.b[i]
	}
	return into
}

// take keeps the better models. Between equals, the one with fewer terms, then the
// one that came first.
func (s *search) take(m fitted) {
	s.tried++
	if !m.good() {
		return
	}
	s.usable++
	if !s.found || better(m.bic, s.bic.bic, m, s.bic) {
		s.bic = m.kept()
	}
	if !s.found || better(m.aic, s.aic.aic, m, s.aic) {
		s.aic = m.kept()
	}
	s.found = true
}

func better(a, b float64, m, than fitted) bool {
	if math.Abs(a-b) < 1e-7 {
		return len(m.model) < len(than.model)
	}
	return a < b
}

// kept is a copy that does not share the model that the search goes on growing.
func (m fitted) kept() fitted {
	m.model = slices.Clone(m.model)
	return m
}
