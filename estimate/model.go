package estimate

import (
	"slices"
	"strconv"
	"strings"
)

// model is a hierarchical log-linear model: its terms, each a set of lists, without
// the constant. With a term stand all its subsets. Terms are kept in the order of
// enumeration: by how many lists they join, then by the lists.
type model []Pattern

// independence is the model in which no list depends on another.
func independence(k int) model {
	m := make(model, k)
	for j := range m {
		m[j] = 1 << j
	}
	return m
}

// with adds a term.
func (m model) with(t Pattern) model { return append(slices.Clone(m), t) }

func (m model) has(t Pattern) bool { return slices.Contains(m, t) }

// notation writes a model by its largest terms, as the field does: [123,14,34].
// numbers are what the lists are called.
func (m model) notation(numbers []int) string {
	var terms []string
	for _, t := range m {
		largest := !slices.ContainsFunc(m, func(o Pattern) bool { return o != t && o&t == t })
		if !largest {
			continue
		}
		var digits []int
		for j, n := range numbers {
			if t.On(j) {
				digits = append(digits, n)
			}
		}
		slices.Sort(digits)
		word := ""
		for _, d := range digits {
			word += strconv.Itoa(d)
		}
		terms = append(terms, word)
	}
	slices.SortFunc(terms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return "[" + strings.Join(terms, ",") + "]"
}

// interactions lists the terms of two lists up to most, in the order in which
// models are grown: pairs 12, 13, …, 23, …, then triples, and so on.
func interactions(k, most int) []Pattern {
	var terms []Pattern
	for size := 2; size <= most; size++ {
		terms = append(terms, subsets(0, k, size)...)
	}
	return terms
}

// subsets gives the sets of size lists from list first on, in lexical order.
func subsets(first, k, size int) []Pattern {
	if size == 0 {
		return []Pattern{0}
	}
	var out []Pattern
	for j := first; j <= k-size; j++ {
		for _, rest := range subsets(j+1, k, size-1) {
			out = append(out, 1<<j|rest)
		}
	}
	return out
}

// eachModel visits every hierarchical model with terms of at most most lists: 8 with
// three lists, 113 with four, 6,893 with five, where most is one less than the
// lists; the model with all terms leaves the unseen open and is not among them.
// A model is visited after the one without its last term, whose depth is one less.
// visit returns false to stop.
func eachModel(k, most int, visit func(depth int, m model) bool) {
	terms := interactions(k, most)
	m := independence(k)
	var have [1 << MaxLists]bool
	for _, t := range m {
		have[t] = true
	}
	var grow func(next, depth int) bool
	grow = func(next, depth int) bool {
		if !visit(depth, m) {
			return false
		}
		for i := next; i < len(terms); i++ {
			if !facets(terms[i], have[:]) {
				continue
			}
			m, have[terms[i]] = append(m, terms[i]), true
			more := grow(i+1, depth+1)
			m, have[terms[i]] = m[:len(m)-1], false
			if !more {
				return false
			}
		}
		return true
	}
	grow(0, 0)
}

// facets says whether all sets with one list fewer are there.
func facets(t Pattern, have []bool) bool {
	for rest := t; rest != 0; rest &= rest - 1 {
		if !have[t&^(rest&-rest)] {
			return false
		}
	}
	return true
}
