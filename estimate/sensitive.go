package estimate

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// leaveOut estimates without each list in turn, by the methods that need no random
// numbers and little time.
func (r *Result) leaveOut(ctx context.Context, t Table, o Options) {
	if o.HeadlineOnly || t.Lists() < 3 {
		return
	}
	for j, name := range t.names {
		if ctx.Err() != nil {
			return
		}
		r.LeaveOut = append(r.LeaveOut, without(ctx, t, j, name, o))
	}
}

func without(ctx context.Context, t Table, j int, name string, o Options) LeaveOut {
	rest := t.Without(j)
	out := LeaveOut{List: name, N: rest.N(), Lost: t.Count(1 << j), Low: None, High: None, Points: []Setting{}}
	if rest.N() == 0 {
		out.Refused = notePointer("no_overlap")
		return out
	}
	if out.Refused = refusal(rest); out.Refused != nil {
		return out
	}
	sorted, numbers := rest.ordered()
	e := &estimator{ctx: ctx, t: sorted, numbers: numbers, o: o, f: newFitter(rest.Lists(), sorted.floats())}
	for _, m := range e.quick() {
		if !m.Converged || !m.Estimate.Given() {
			continue
		}
		out.Points = append(out.Points, Setting{Method: m.Name, Estimate: m.Estimate, Low: m.Low, High: m.High, Converged: true})
		if !out.Low.Given() {
			out.Low, out.High = m.Estimate, m.Estimate
		}
		out.Low, out.High = min(out.Low, m.Estimate), max(out.High, m.Estimate)
	}
	if len(out.Points) == 0 {
		out.Refused = notePointer("no_model")
	}
	return out
}

// quick runs the methods that vote as far as they draw nothing.
func (e *estimator) quick() []Method {
	k := e.t.Lists()
	if k == 2 {
		return []Method{e.chapman()}
	}
	var methods []Method
	if k <= allModels {
		if all, err := searchModels(e.ctx, e.f, k-1); err == nil {
			methods = append(methods, e.loglinear(LoglinearBIC, Votes, all.bic))
		}
	}
	step := stepwise(e.f)
	m := e.loglinear(StepwiseBCa, Votes, step)
	m.Low, m.High = None, None // a profile interval is not the bootstrap's
	methods = append(methods, m)
	if k <= graphLists {
		graphs, err := e.graphs(1 / float64(int(1)<<k))
		if err == nil {
			methods = append(methods, graphs)
		}
	}
	return methods
}

// sensitivity repeats the methods with priors under other priors, and the chosen
// model with one match in twenty taken apart.
func (e *estimator) sensitivity(r *Result) error {
	k := e.t.Lists()
	if k <= graphLists && k > 2 {
		for _, delta := range []float64{e.o.Delta / 4, 0.5} {
			m, err := e.graphs(delta)
			if err != nil {
				return err
			}
			r.Priors = append(r.Priors, setting(m, "delta="+strconv.FormatFloat(delta, 'g', -1, 64)))
		}
	}
	if k > 2 {
		o := e.o
		o.Classes *= 2
		o.Longest = min(o.Longest, 2*o.Sweeps) // the other number of classes is a side look
		m, err := e.classes(o)
		if err != nil {
			return err
		}
		r.Priors = append(r.Priors, setting(m, m.Model))
	}
	e.missedMatches(r)
	return nil
}

func setting(m Method, name string) Setting {
	return Setting{Method: m.Name, Setting: name, Estimate: m.Estimate, Low: m.Low, High: m.High, Converged: m.Converged}
}

// wrongMatches is the share of matches that is taken apart.
const wrongMatches = 0.05

// missedMatches asks what the chosen model would say if a share of the people on
// several lists were in truth two people, one of them on one list alone.
func (e *estimator) missedMatches(r *Result) {
	chosen, x := r.selection.model, e.t.floats()
	if chosen == nil {
		chosen = independence(e.t.Lists())
	}
	for w, c := range e.t.floats() {
		if n := bits.OnesCount(uint(w)); n > 1 {
			x[w] -= wrongMatches * c
			for rest := w; rest != 0; rest &= rest - 1 {
				one := rest & -rest
				x[one] += wrongMatches * c / float64(n)
				x[w&^one] += wrongMatches * c / float64(n)
			}
		}
	}
	f := newFitter(e.t.Lists(), x)
	got := f.try(chosen, nil)
	out := Setting{Method: LoglinearBIC, Setting: "one match in twenty is two people", Estimate: None, Low: None, High: None}
	if e.t.Lists() > allModels {
		out.Method = StepwiseBCa
	}
	if e.t.Lists() == 2 {
		out.Method = Independence
	}
	if got.good() {
		out.Estimate, out.Converged = Figure(f.margins[0]+got.unseen), true
	}
	r.Matching = append(r.Matching, out)
}

// Thresholds of warnings. They decide nothing but whether a sentence is said.
const (
	muchApart    = 2.0  // estimates of pairs
	almostInside = 0.9  // share of a list that another holds
	avoiding     = 0.2  // odds ratio
	mostlyOnce   = 0.8  // share of people on one list only
	fewRepeated  = 30   // people on two lists or more
	priorMoves   = 1.15 // factor by which a prior moves an answer

	moreThanChance = 1.645 // one-sided 5 % of a normal number
)

// warn says what a reader must know beside the headline.
func (r *Result) warn(t Table) {
	add := func(code string, args ...any) { r.Warnings = append(r.Warnings, note(code, args...)) }
	if t.Lists() > 2 && len(r.Methods) > 0 {
		add("warn.selection")
	}
	if t.Lists() == 2 && r.Headline.Kind != KindRefused {
		add("two_lists")
	}
	if t.Lists() > allModels {
		add("warn.many_lists")
	}
	r.warnOverlaps(t, add)
	if bad := r.Tried - r.Usable; bad > 0 {
		add("warn.models", "bad", bad, "tried", r.Tried)
	}
	if r.leftOver > moreThanChance {
		add("warn.differ")
	}
	if bound, ok := r.method(Chao); ok && r.Headline.Point < bound.Estimate {
		add("warn.below_bound", "bound", people(float64(bound.Estimate)))
	}
	r.warnSensitive(add)
	if r.Linkage == nil {
		add("warn.no_linkage")
	}
}

func (r *Result) warnOverlaps(t Table, add func(string, ...any)) {
	var zero []string
	low, high := math.Inf(1), 0.0
	for _, p := range r.Pairs {
		first, second := r.Lists[p.First-1], r.Lists[p.Second-1]
		if p.Zero {
			zero = append(zero, first.Name+" × "+second.Name)
		}
		if p.Alone.Given() {
			low, high = min(low, float64(p.Alone)), max(high, float64(p.Alone))
		}
		if first.Size > second.Size {
			first, second = second, first
		}
		if p.Both > 0 && float64(p.Both) >= almostInside*float64(first.Size) {
			add("warn.inside", "inside", first.Name, "outside", second.Name)
		}
		if p.Odds.Given() && float64(p.Odds) < avoiding {
			add("warn.negative", "first", first.Name, "second", second.Name)
		}
	}
	if zero != nil {
		add("warn.zero_pairs", "pairs", strings.Join(zero, ", "))
	}
	if high > muchApart*low {
		add("warn.pairs", "low", people(low), "high", people(high))
	}
	if once := float64(r.SeenOn[0]) / float64(r.N); once > mostlyOnce {
		add("warn.once", "percent", int(math.Round(100*once)))
	}
	if repeated := t.repeated(); repeated < fewRepeated && repeated > 0 {
		add("warn.fragile", "repeated", repeated)
	}
}

func (r *Result) warnSensitive(add func(string, ...any)) {
	for _, l := range r.LeaveOut {
		switch {
		case r.Headline.Kind == KindRefused:
		case l.Refused != nil:
			add("warn.leave_refuse", "list", l.List)
		case l.Low >= r.Headline.Low && l.High <= r.Headline.High:
		case people(float64(l.Low)) == people(float64(l.High)):
			add("warn.leave_one", "list", l.List, "low", people(float64(l.Low)))
		default:
			add("warn.leave_out", "list", l.List, "low", people(float64(l.Low)), "high", people(float64(l.High)))
		}
	}
	for _, p := range r.Priors {
		m, ok := r.method(p.Method)
		if !ok || !m.Converged {
			continue
		}
		if !p.Converged && p.Method == LCMCR {
			add("warn.class_prior")
			continue
		}
		if moved := math.Abs(math.Log(float64(p.Estimate / m.Estimate))); moved > math.Log(priorMoves) {
			add("warn.prior", "method", fmt.Sprintf("%s (%s)", p.Method, p.Setting), "from", people(float64(m.Estimate)), "to", people(float64(p.Estimate)))
		}
	}
	for _, s := range r.Matching {
		if m, ok := r.method(s.Method); ok && m.Converged && s.Converged {
			add("warn.matching", "from", people(float64(m.Estimate)), "to", people(float64(s.Estimate)))
		}
	}
}

func (r *Result) method(name string) (Method, bool) {
	for _, m := range r.Methods {
		if m.Name == name {
			return m, true
		}
	}
	return Method{}, false
}
