package estimate

import (
	"context"
	"errors"

	"homeward/internal/problem"
)

// Linked is a register's own people: on which lists each is, and which of them may be
// one person, where nobody has decided yet.
type Linked struct {
	Names    []string
	People   []Pattern
	Doubtful [][2]int // pairs of indexes into People
}

// ErrPair says that a doubtful pair names somebody who is not there.
var ErrPair = problem.New(problem.Invalid, "estimate.pair",
	"a doubtful pair names somebody who is not among the people", "load the page again")

// Linkage is what the doubt about who is the same does to the answer.
type Linkage struct {
	Pairs   int      `json:"pairs"`
	ApartN  int64    `json:"apart_n"`
	JoinedN int64    `json:"joined_n"`
	Apart   Headline `json:"apart"`
	Joined  Headline `json:"joined"`
}

// Apart counts every doubtful pair as two people.
func (l Linked) Apart() (Table, error) { return l.table(nil) }

// Joined counts the people of a doubtful pair as one, and all who hang together by
// such pairs.
func (l Linked) Joined() (Table, error) {
	parent := make([]int, len(l.People))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, p := range l.Doubtful {
		if min(p[0], p[1]) < 0 || max(p[0], p[1]) >= len(l.People) {
			return Table{}, ErrPair
		}
		parent[root(p[0])] = root(p[1])
	}
	for i := range parent {
		parent[i] = root(i)
	}
	return l.table(parent)
}

// table counts the people; those with the same one as their head are one.
func (l Linked) table(head []int) (Table, error) {
	lists := map[int]Pattern{}
	for i, p := range l.People {
		at := i
		if head != nil {
			at = head[i]
		}
		lists[at] |= p
	}
	counts := map[Pattern]int64{}
	for _, p := range lists {
		counts[p]++
	}
	return NewTable(l.Names, counts)
}

// EstimateLinked estimates twice, with the doubtful pairs all apart and all joined, and
// gives a headline that holds for both. The methods and the rest are those of all
// apart: nothing is joined unless a person joins it.
func EstimateLinked(ctx context.Context, l Linked, o Options) (Result, error) {
	apart, err := l.Apart()
	if err != nil {
		return Result{}, err
	}
	joined, err := l.Joined()
	if err != nil && !errors.Is(err, ErrSameLists) {
		return Result{}, err
	}
	r, failed := Estimate(ctx, apart, o)
	if failed != nil || len(l.Doubtful) == 0 {
		return r, failed
	}
	r.Linkage = &Linkage{Pairs: len(l.Doubtful), ApartN: r.N, JoinedN: joined.N(), Apart: r.Headline}
	if err != nil { // once joined, two lists are the same
		r.Linkage.Joined = refused(note("same_lists"), r.atLeast)
	} else {
		o.HeadlineOnly = true
		other, err := Estimate(ctx, joined, o)
		if err != nil {
			return Result{}, err
		}
		r.Linkage.Joined = other.Headline
	}
	r.Headline = carry(r.Linkage.Apart, r.Linkage.Joined)
	r.Warnings = append([]Note{note("warn.linkage", "pairs", len(l.Doubtful))}, withoutCode(r.Warnings, "warn.no_linkage")...)
	return r, nil
}

func withoutCode(notes []Note, code string) []Note {
	var out []Note
	for _, n := range notes {
		if n.Code != code {
			out = append(out, n)
		}
	}
	return out
}

// carry makes one headline of two: the wider bounds, and the same rules between them
// as between methods.
func carry(apart, joined Headline) Headline {
	low, high := min(apart.Low, joined.Low), max(apart.High, joined.High)
	h := Headline{Caution: apart.Caution, MethodsLow: lesser(apart.MethodsLow, joined.MethodsLow), MethodsHigh: greater(apart.MethodsHigh, joined.MethodsHigh)}
	for _, c := range []struct {
		code string
		h    Headline
	}{{"apart_refused", apart}, {"joined_refused", joined}} {
		if c.h.Kind == KindRefused {
			return h.refuse(note(c.code), float64(lesser(apart.Low, joined.Low)))
		}
	}
	if h.Caution == nil {
		h.Caution = joined.Caution
	}
	between := float64(h.MethodsHigh / h.MethodsLow)
	switch {
	case between > rangeFactor:
		return h.refuse(note("joined_too_far", "factor", factor(between)), float64(low))
	case float64(high/low) > boundFactor:
		return h.refuse(note("too_wide", "factor", factor(float64(high/low))), float64(low))
	}
	h.Low, h.High, h.Point, h.Kind = low, high, None, KindRange
	switch {
	case apart.Kind == KindRange:
		h.Reason = apart.Reason
	case joined.Kind == KindRange:
		h.Reason = joined.Reason
	case between > pointFactor:
		h.Reason = note("joined_range", "factor", factor(between))
	default:
		h.Kind, h.Point, h.Method, h.Reason = KindEstimate, apart.Point, apart.Method, apart.Reason
	}
	return h
}

// lesser and greater pass over what is missing.
func lesser(a, b Figure) Figure {
	if !a.Given() || b < a {
		return b
	}
	return a
}

func greater(a, b Figure) Figure {
	if !a.Given() || b > a {
		return b
	}
	return a
}
