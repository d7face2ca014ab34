package returns_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"homeward/returns"
	"homeward/statement"
	"homeward/statement/edtf"
)

// step is a report on a way home, with the day on which it was said.
func step(stage returns.Stage, on, saidBy, saidOn string) returns.Step {
	s := returns.Step{Stage: stage, Word: returns.Word{SaidBy: saidBy}}
	if on != "" {
		s.On = edtf.MustParse(on)
	}
	if saidOn != "" {
		s.Word.SaidOn = edtf.MustParse(saidOn)
	}
	return s
}

func (s stanceStep) as(stance statement.Stance) returns.Step {
	s.Stance = stance
	return returns.Step(s)
}

type stanceStep returns.Step

// way records the steps as one way home and reads it again.
func (h *house) way(steps ...returns.Step) returns.Return {
	h.t.Helper()
	ctx := context.Background()
	var id string
	var err error
	for i, s := range steps {
		if i == 0 {
			id, err = h.Record(ctx, anna, returns.NewReturn{Person: h.person("female", "1990"), Stage: s.Stage, On: s.On, HandedTo: s.HandedTo, Word: s.Word})
		} else {
			err = h.Advance(ctx, anna, id, s)
		}
		h.must(err)
	}
	x, err := h.Return(ctx, id)
	h.must(err)
	return x
}

func TestHowFarSheHasCome(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		one, two := h.source(), h.source()
		for name, c := range map[string]struct {
			steps    []returns.Step
			stage    returns.Stage
			on       string
			disputed bool
			denied   int
			taken    int
		}{
			"arrived before the day that was planned": {steps: []returns.Step{
				step(returns.Planned, "2019-02-18", one, "2019-02-01"), step(returns.Arrived, "2019-02-11", two, "2019-02-12")},
				stage: returns.Arrived, on: "2019-02-11"},
			"planned anew by one who has not heard": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, "2019-02-12"), step(returns.Planned, "2019-02-18", two, "2019-02-14")},
				stage: returns.Arrived, on: "2019-02-11"},
			"handed over on a day nobody named": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, ""), step(returns.HandedOver, "", two, "")},
				stage: returns.HandedOver, on: "2019-02-11"},
			"called off before the day that was planned": {steps: []returns.Step{
				step(returns.Planned, "2019-02-18", one, "2019-02-01"), step(returns.CalledOff, "2019-02-10", one, "2019-02-10")},
				stage: returns.CalledOff, on: "2019-02-10"},
			"planned anew after it was called off": {steps: []returns.Step{
				step(returns.Planned, "2019-02-18", one, "2019-02-01"), step(returns.CalledOff, "2019-02-10", one, ""), step(returns.Planned, "2019-03-01", one, "2019-02-20")},
				stage: returns.Planned, on: "2019-03-01"},
			"boarded after it was called off": {steps: []returns.Step{
				step(returns.CalledOff, "2019-02-10", one, ""), step(returns.Boarded, "2019-02-11", two, "")},
				stage: returns.Boarded, on: "2019-02-11"},
			"called off, and arrived by another's word": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, ""), step(returns.CalledOff, "2019-02-12", two, "")},
				stage: returns.Arrived, on: "2019-02-11", disputed: true},
			"on two days": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, ""), step(returns.Arrived, "2019-02-13", two, "")},
				stage: returns.Arrived, on: "2019-02-11", disputed: true},
			"on days of which one holds the other": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, ""), step(returns.Arrived, "2019-02", two, "")},
				stage: returns.Arrived, on: "2019-02", disputed: false},
			"denied by another": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, ""), stanceStep(step(returns.Arrived, "", two, "")).as(statement.Denies)},
				stage: returns.Arrived, on: "2019-02-11", disputed: true, denied: 1},
			"taken back by its speaker": {steps: []returns.Step{
				step(returns.Boarded, "2019-02-11", one, ""), step(returns.Arrived, "2019-02-11", one, ""), stanceStep(step(returns.Arrived, "", one, "")).as(statement.Withdraws)},
				stage: returns.Boarded, on: "2019-02-11", taken: 1},
			"denied later by its own speaker": {steps: []returns.Step{
				step(returns.Planned, "2019-02-18", one, ""), step(returns.Arrived, "2019-02-11", one, "2019-02-12"), stanceStep(step(returns.Arrived, "", one, "2019-02-13")).as(statement.Denies)},
				stage: returns.Planned, on: "2019-02-18", taken: 1},
			"taken back by one who never said it": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, ""), stanceStep(step(returns.Arrived, "", two, "")).as(statement.Withdraws)},
				stage: returns.Arrived, on: "2019-02-11"},
			"said again after it was taken back": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, "2019-02-12"), stanceStep(step(returns.Arrived, "", one, "2019-02-13")).as(statement.Withdraws), step(returns.Arrived, "2019-02-12", one, "2019-02-14")},
				stage: returns.Arrived, on: "2019-02-12", taken: 1},
			"all of it taken back": {steps: []returns.Step{
				step(returns.Arrived, "2019-02-11", one, ""), stanceStep(step(returns.Arrived, "", one, "")).as(statement.Withdraws)},
				stage: "", taken: 1},
		} {
			x := h.way(c.steps...)
			if x.Stage != c.stage || x.On.String() != c.on || x.Disputed != c.disputed || len(x.Denied) != c.denied || len(x.TakenBack) != c.taken {
				t.Errorf("%s: %q on %q, disputed %v, %d denied, %d taken back", name, x.Stage, x.On, x.Disputed, len(x.Denied), len(x.TakenBack))
			}
		}
	})
}

func TestAWithdrawnArrivalIsNotCounted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		x := h.way(step(returns.Planned, "2019-02-18", h.source(), ""), step(returns.Arrived, "2019-02-11", h.source(), ""))
		if got := h.totals(); got.Home.All() != 1 || got.Planned.All() != 0 || rowOf(got.ByYear, "2019").All() != 1 {
			t.Errorf("arrived a week before the plan: %+v", got)
		}
		arrived := x.Stages[len(x.Stages)-1]
		withdrawn, err := h.office.Withdraw(ctx, anna, "of another", nil, []string{arrived.ID})
		h.must(err)
		if got := h.totals(); got.Home.All() != 0 || got.Planned.All() != 1 {
			t.Errorf("withdrawn: %+v", got)
		}
		_, err = h.office.Withdraw(ctx, anna, "of her after all", []string{withdrawn[0].ActID}, nil)
		h.must(err)
		if got := h.totals(); got.Home.All() != 1 || got.Planned.All() != 0 {
			t.Errorf("the withdrawal withdrawn: %+v", got)
		}
	})
}

// TestTheOrderOfRecordingChangesNothing records any reports in two orders. Each has
// the day on which it was said, so that two words of one speaker have an order.
func TestTheOrderOfRecordingChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		speakers := []string{h.source(), h.source()}
		days := []string{"2019-02-09", "2019-02-10", "2019-02-11", "2019-02-18", "2019-02", "2019~"}
		rapid.Check(t, func(rt *rapid.T) {
			n := rapid.IntRange(1, 4).Draw(rt, "reports")
			said := rapid.Permutation([]string{"2019-03-01", "2019-03-02", "2019-03-03", "2019-03-04", "2019-03-05"}).Draw(rt, "said")
			steps := []returns.Step{step(returns.Planned, "2019-02-18", speakers[0], said[4])} // what opens it is always said to be so
			home := false
			for i := range n {
				s := step(rapid.SampledFrom(returns.Stages).Draw(rt, "stage"), rapid.SampledFrom(days).Draw(rt, "on"), rapid.SampledFrom(speakers).Draw(rt, "by"), said[i])
				s.Stance = rapid.SampledFrom([]statement.Stance{statement.Asserts, statement.Asserts, statement.Denies, statement.Withdraws}).Draw(rt, "stance")
				steps = append(steps, s)
			}
			for _, s := range steps {
				home = home || s.Stage.Home() && s.Stance == statement.Asserts && !slices.ContainsFunc(steps, func(no returns.Step) bool {
					return no.Stage == s.Stage && no.Word.SaidBy == s.Word.SaidBy && no.Stance != statement.Asserts && no.Stance != "" && edtf.Compare(no.Word.SaidOn, s.Word.SaidOn) > 0
				})
			}
			a := h.way(steps...)
			rest := rapid.Permutation(steps[1:]).Draw(rt, "order")
			b := h.way(append(steps[:1:1], rest...)...)
			if a.Stage != b.Stage || a.On != b.On || a.Disputed != b.Disputed || len(a.Denied) != len(b.Denied) || len(a.TakenBack) != len(b.TakenBack) {
				rt.Errorf("%q on %q (%v) became %q on %q (%v)", a.Stage, a.On, a.Disputed, b.Stage, b.On, b.Disputed)
			}
			if a.Stage.Home() != home {
				rt.Errorf("%q, although somebody's word that she is home stands: %v", a.Stage, home)
			}
		})
	})
}
