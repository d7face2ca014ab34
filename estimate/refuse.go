package estimate

import (
	"slices"
	"strings"
)

// The thresholds of refusing. Those of overlap are looked at before any method runs.
const (
	leastShared   = 7   // people whom two lists alone must share (Robson and Regier 1964)
	leastRepeated = 10  // people on two lists or more
	pointFactor   = 1.5 // methods nearer than this give one number
	rangeFactor   = 3   // and farther than this no range either
	boundFactor   = 10  // upper over lower bound
	saturatedMost = 0.5 // probability of the graph that leaves the unseen open
)

// refusal says why a table does not bear an estimate, before any method is run; nil
// where it may. Taking people out of overlaps never turns a refusal into none.
func refusal(t Table) *Note {
	repeated := t.repeated()
	if repeated == 0 {
		return notePointer("no_overlap")
	}
	if t.Lists() == 2 && t.Overlap(0, 1) < leastShared {
		return notePointer("few_shared", "shared", t.Overlap(0, 1), "needed", leastShared)
	}
	if groups := t.apart(); len(groups) > 0 {
		return apartNote(t, groups)
	}
	if repeated < leastRepeated {
		return notePointer("few_repeated", "repeated", repeated, "needed", leastRepeated)
	}
	return nil
}

// apartNote names the lists that touch no other, and what leaving them out would
// cost.
func apartNote(t Table, groups [][]int) *Note {
	out := Pattern(0)
	var names []string
	for j := range t.names {
		if slices.ContainsFunc(groups, func(g []int) bool { return slices.Contains(g, j) }) {
			out |= 1 << j
			names = append(names, t.names[j])
		}
	}
	lost := int64(0)
	for w, c := range t.cells {
		if Pattern(w)&^out == 0 {
			lost += c
		}
	}
	return notePointer("lists_apart", "lists", strings.Join(names, ", "), "left", t.N()-lost, "lost", lost)
}

// headline applies the rules to what the methods said. The point is never an average
// and never chosen: it is that of the method in the middle.
func headline(methods []Method, atLeast float64) Headline {
	voters := slices.DeleteFunc(slices.Clone(methods), func(m Method) bool { return !m.usable() })
	if why := stopped(methods, len(voters)); why != nil {
		return refused(*why, atLeast)
	}
	slices.SortStableFunc(voters, func(a, b Method) int {
		switch {
		case a.Estimate < b.Estimate:
			return -1
		case a.Estimate > b.Estimate:
			return 1
		}
		return 0
	})
	first, last := voters[0].Estimate, voters[len(voters)-1].Estimate
	middle := voters[(len(voters)-1)/2]
	low, high := middle.Low, middle.High
	for _, v := range voters {
		low, high = min(low, v.Low), max(high, v.High)
	}
	h := Headline{Low: low, Point: None, High: high, MethodsLow: first, MethodsHigh: last}
	apart := float64(last / first)
	switch {
	case apart > rangeFactor:
		return h.refuse(note("too_far", "factor", factor(apart)), atLeast)
	case !high.Given() || !low.Given() || float64(high/low) > boundFactor:
		return h.refuse(note("too_wide", "factor", factor(float64(high/low))), atLeast)
	case apart > pointFactor:
		h.Kind, h.Reason = KindRange, note("apart_points", "factor", factor(apart))
		return h
	}
	h.Kind, h.Point, h.Method = KindEstimate, middle.Estimate, middle.Name
	h.Reason = agreement(voters, apart)
	return h
}

func agreement(voters []Method, apart float64) Note {
	switch {
	case voters[0].Name == Chapman:
		return note("two_lists")
	case len(voters) == 1:
		return note("one_method")
	}
	return note("agree", "methods", len(voters), "factor", factor(max(apart, 1)))
}

// stopped gives the first reason for which a method that must have a say has none.
func stopped(methods []Method, voters int) *Note {
	for _, m := range methods {
		if m.Role != Votes || m.usable() || m.Why == nil {
			continue
		}
		switch m.Why.Code {
		case "no_answer":
			return notePointer("no_model")
		case "not_agreed":
			return notePointer("chains", "rhat", decimals(m.RHat, 2), "effective", decimals(m.Effective, 0))
		case "beyond":
			return notePointer("edge", "method", m.Name)
		case "all_depend":
			return notePointer("saturated")
		}
	}
	if voters == 0 {
		return notePointer("no_voter")
	}
	return nil
}

func refused(why Note, atLeast float64) Headline {
	return Headline{MethodsLow: None, MethodsHigh: None}.refuse(why, atLeast)
}

func (h Headline) refuse(why Note, atLeast float64) Headline {
	h.Kind, h.Low, h.Point, h.High, h.Reason, h.Caution = KindRefused, Figure(atLeast), None, None, why, nil
	return h
}
