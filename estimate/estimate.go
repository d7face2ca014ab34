package estimate

import (
	"context"
	"math"
	"slices"
	"strconv"
)

// Estimate says how many people there are, as far as the table bears it. An error is
// a problem with the table or the context's end; a refusal is an answer.
func Estimate(ctx context.Context, t Table, o Options) (Result, error) {
	if len(t.names) < 2 {
		return Result{}, ErrOneList
	}
	if err := t.check(); err != nil {
		return Result{}, err
	}
	o = o.filled(t.Lists())
	r := describe(t)
	r.Seed = o.Seed
	if why := refusal(t); why != nil {
		r.Headline = refused(*why, math.NaN())
		r.leaveOut(ctx, t, o)
		r.warn(t)
		return r, ctx.Err()
	}
	sorted, numbers := t.ordered()
	e := &estimator{ctx: ctx, t: sorted, numbers: numbers, o: o, f: newFitter(t.Lists(), sorted.floats())}
	if err := e.run(&r); err != nil {
		return Result{}, err
	}
	r.Headline = headline(r.Methods, r.atLeast)
	e.caution(&r)
	if !o.HeadlineOnly {
		r.leaveOut(ctx, t, o)
		if err := e.sensitivity(&r); err != nil {
			return Result{}, err
		}
	}
	r.warn(t)
	return r, ctx.Err()
}

// caution looks for dependence that the chosen model leaves over. It does not change
// the kind of the headline, which the methods decide, but stands beside its numbers.
func (e *estimator) caution(r *Result) {
	if r.selection.model == nil {
		return
	}
	r.leftOver = e.f.leftOver(r.selection.model)
	if r.leftOver > moreThanChance && r.Headline.Kind != KindRefused {
		r.Headline.Caution = notePointer("warn.differ")
	}
}

// describe counts what is there: it stands beside every answer, refused or not.
func describe(t Table) Result {
	r := Result{
		N: t.N(), SeenOn: t.Seen(), Methods: []Method{}, LeaveOut: []LeaveOut{}, Priors: []Setting{}, Matching: []Setting{},
		Warnings: []Note{}, Pairs: []Pair{},
	}
	for j, name := range t.names {
		r.Lists = append(r.Lists, List{Name: name, Size: t.Size(j), Only: t.Count(1 << j)})
	}
	for i := range t.names {
		for j := i + 1; j < len(t.names); j++ {
			both := t.Overlap(i, j)
			p := Pair{First: i + 1, Second: j + 1, Both: both, Zero: both == 0, Alone: None, Odds: None}
			if both >= leastShared {
				n, _, _ := chapman(float64(t.Size(i)), float64(t.Size(j)), float64(both))
				p.Alone = Figure(n)
			}
			if t.Lists() > 2 {
				p.Odds = Figure(odds(t, i, j))
			}
			r.Pairs = append(r.Pairs, p)
		}
	}
	for _, code := range []string{"assume.same", "assume.closed", "assume.matched", "assume.chance", "assume.alike", "assume.depended"} {
		r.Assumed = append(r.Assumed, note(code))
	}
	return r
}

// estimator runs the methods over one table.
type estimator struct {
	ctx     context.Context
	t       Table // with its lists in the order of their names
	numbers []int // of the lists as they were given
	o       Options
	f       *fitter
}

// Up to how many lists which method runs.
const (
	allModels  = 5 // 6,893 models; a sixth list would make millions
	pairModels = 6 // 32,768 models
	graphLists = 5 // 822 graphs
)

// run goes through the methods in the order in which the result shows them.
func (e *estimator) run(r *Result) error {
	r.Methods = append(r.Methods, e.chapman(), e.chao(r), e.loglinear(Independence, Baseline, e.f.try(independence(e.t.Lists()), nil)))
	if e.t.Lists() == 2 {
		return nil
	}
	if err := e.searches(r); err != nil {
		return err
	}
	step, err := e.stepwise(r)
	if err != nil {
		return err
	}
	classes, err := e.classes(e.o)
	if err != nil {
		return err
	}
	r.Methods = append(r.Methods, step, classes)
	if e.t.Lists() <= graphLists {
		graphs, err := e.graphs(e.o.Delta)
		if err != nil {
			return err
		}
		r.Methods = append(r.Methods, graphs)
	}
	return nil
}

// chapman is the estimate of the two lists that share most; with more than two
// lists it is there to compare.
func (e *estimator) chapman() Method {
	best, most := Pattern(0), int64(-1)
	for _, t := range interactions(e.t.Lists(), 2) {
		if both := e.t.onAll(t); both > most {
			best, most = t, both
		}
	}
	var sizes []float64
	for j := range e.t.Lists() {
		if best.On(j) {
			sizes = append(sizes, float64(e.t.Size(j)))
		}
	}
	m := noMethod(Chapman, Shown)
	if e.t.Lists() == 2 {
		m.Role = Votes
	}
	m.Model = model{best}.notation(e.numbers)
	if e.t.Lists() == 2 {
		m.Model = independence(2).notation(e.numbers)
	}
	n, low, high := chapman(sizes[0], sizes[1], float64(most))
	seen := float64(e.t.N()) // the other lists may show that there are more
	m.Estimate, m.Low, m.High, m.Converged = Figure(max(n, seen)), Figure(max(low, seen)), Figure(max(high, seen)), true
	return m
}

func (e *estimator) chao(r *Result) Method {
	seen := e.t.Seen()
	once, twice, n, k := float64(seen[0]), float64(seen[1]), float64(e.t.N()), e.t.Lists()
	bound, low, high := chao(once, twice, n, k, twice < fewTwice)
	_, r.atLeast, _ = chao(once, twice, n, k, true)
	m := noMethod(Chao, Bound)
	m.Estimate, m.Low, m.High, m.Converged = Figure(bound), Figure(low), Figure(high), true
	return m
}

// loglinear shows a fitted model with its profile interval.
func (e *estimator) loglinear(name string, role Role, got fitted) Method {
	m := noMethod(name, role)
	m.Model = got.model.notation(e.numbers)
	if !got.good() {
		m.Why = notePointer("no_answer")
		return m
	}
	low, high := profile(e.f, got)
	m.Estimate = Figure(float64(e.t.N()) + got.unseen)
	m.Low, m.High = Figure(min(low, float64(m.Estimate))), Figure(max(high, float64(m.Estimate)))
	m.Deviance, m.AIC, m.BIC, m.Converged = Figure(got.deviance), Figure(got.aic), Figure(got.bic), true
	m.Error = Figure(e.f.standardError(got))
	return m
}

// searches looks over the families of models.
func (e *estimator) searches(r *Result) error {
	k := e.t.Lists()
	if k <= pairModels {
		pairs, err := searchModels(e.ctx, e.f, 2)
		if err != nil {
			return err
		}
		r.Tried, r.Usable = pairs.tried, pairs.usable
		r.Methods = append(r.Methods, e.loglinear(LoglinearBIC2, Shown, pairs.bic))
	}
	if k > allModels {
		return nil
	}
	all, err := searchModels(e.ctx, e.f, k-1)
	if err != nil {
		return err
	}
	r.Tried, r.Usable, r.selection = all.tried, all.usable, all.bic
	r.Methods = append(r.Methods, e.loglinear(LoglinearBIC, Votes, all.bic), e.loglinear(LoglinearAIC, Shown, all.aic))
	return nil
}

func (e *estimator) stepwise(r *Result) (Method, error) {
	m := noMethod(StepwiseBCa, Votes)
	got := stepwise(e.f)
	m.Model = got.model.notation(e.numbers)
	if !got.good() {
		m.Why = notePointer("no_answer")
		return m, nil
	}
	if r.selection.model == nil {
		r.selection = got
	}
	n := float64(e.t.N()) + got.unseen
	low, high, err := bootstrap(e.ctx, e.f, n, e.o)
	if err != nil {
		return m, err
	}
	m.Estimate, m.Low, m.High = Figure(n), Figure(min(low, n)), Figure(max(high, n))
	m.Deviance, m.AIC, m.BIC, m.Converged = Figure(got.deviance), Figure(got.aic), Figure(got.bic), true
	if !m.High.Given() {
		m.Why = notePointer("no_bootstrap")
	}
	return m, nil
}

func (e *estimator) classes(o Options) (Method, error) {
	m := noMethod(LCMCR, Votes)
	m.Model = "K=" + strconv.Itoa(o.Classes)
	a, err := latentClasses(e.ctx, e.t.Lists(), e.t.floats(), o)
	if err != nil {
		return m, err
	}
	m.Estimate, m.Low, m.High = Figure(a.median), Figure(a.low), Figure(a.high)
	m.RHat, m.Effective = Figure(a.rhat), Figure(a.effective)
	switch {
	case a.capped > maxEdge:
		m.Why = notePointer("beyond")
	case !a.converged():
		m.Why = notePointer("not_agreed")
	default:
		m.Converged = true
	}
	return m, nil
}

func (e *estimator) graphs(delta float64) (Method, error) {
	m := noMethod(DGA, Votes)
	a, err := averageGraphs(e.ctx, e.t.Lists(), e.t.floats(), delta, e.o.GridUnseen*float64(e.t.N()))
	if err != nil {
		return m, err
	}
	m.Model = slices.Concat(independence(e.t.Lists()), a.best).notation(e.numbers)
	m.Estimate, m.Low, m.High = Figure(a.median), Figure(a.low), Figure(a.high)
	switch {
	case a.edge > maxEdge:
		m.Why = notePointer("beyond")
	case a.saturated > saturatedMost:
		m.Why = notePointer("all_depend")
	default:
		m.Converged = true
	}
	return m, nil
}
