package figures

import (
	"maps"
	"slices"
)

// Small numbers give people away, and so does whatever small numbers can be worked out
// from. The rules:
//
//  1. A table counts people by how sure it is that they are there (verified, reported)
//     and by who they are (women, men, children, not known), with all its sums.
//  2. From what a table shows, one can work out by adding and taking away how many are in
//     other sets of its cells. No set that can be worked out may hold 1 to k−1 people.
//  3. Nor may two sets that can be worked out from two tables, of which one set lies in
//     the other, differ by 1 to k−1: two releases subtracted show whoever came between.
//     That holds for all tables of one place, and of a place that lies in the other.
//  4. While a rule is broken, one number more is held back: the smallest that is shown of
//     those by which the set is worked out. Nothing is rounded, nothing is added.
//
// The rules look at every set of cells (there are 255) and not only at rows and columns.

// Smallest is k: a group of fewer people is never shown.
const Smallest = 5

// The rows and columns of a table of people.
const (
	rowsOfPeople    = 2
	columnsOfPeople = 4
	cellsOfPeople   = rowsOfPeople * columnsOfPeople
)

// Cells are the numbers of a table before anything is held back: verified and reported,
// each as women, men, children, not known.
type Cells [rowsOfPeople][columnsOfPeople]int64

// set is a set of cells: one bit each, row by row.
type set uint8

const everyone set = 1<<cellsOfPeople - 1

// sums are the numbers of a table, inner cells first, then rows, columns and all.
var sums = func() []set {
	var all []set
	for i := range cellsOfPeople {
		all = append(all, 1<<i)
	}
	for r := range rowsOfPeople {
		all = append(all, set((1<<columnsOfPeople-1)<<(r*columnsOfPeople)))
	}
	for c := range columnsOfPeople {
		var s set
		for r := range rowsOfPeople {
			s |= 1 << (r*columnsOfPeople + c)
		}
		all = append(all, s)
	}
	return append(all, everyone)
}()

func (c Cells) of(s set) (n int64) {
	for i := range cellsOfPeople {
		if s&(1<<i) != 0 {
			n += c[i/columnsOfPeople][i%columnsOfPeople]
		}
	}
	return n
}

// shown is a table with what of it is shown; worked are the sets that can be worked out.
type shown struct {
	cells  Cells
	sums   []set
	worked []set
}

// small says that a number tells of somebody, and of few.
func small(n int64) bool { return n > 0 && n < Smallest }

// suppress chooses which of the sums of a table may be shown beside what was published
// before.
func suppress(cells Cells, before []shown) shown {
	t := shown{cells: cells}
	for _, s := range sums {
		if !small(cells.of(s)) {
			t.sums = append(t.sums, s)
		}
	}
	for {
		t.worked = span(t.sums)
		bad, found := t.broken(before)
		if !found {
			return t
		}
		t.hide(bad)
	}
}

// broken finds a set that can be worked out and must not be.
func (t shown) broken(before []shown) (set, bool) {
	for _, s := range t.worked {
		if small(t.cells.of(s)) {
			return s, true
		}
	}
	for _, other := range before {
		for _, s := range t.worked {
			for _, o := range other.worked {
				if s&o != s && s&o != o {
					continue
				}
				if differs(t.cells.of(s), other.cells.of(o), s, o) {
					return s, true
				}
			}
		}
	}
	return 0, false
}

// differs says that the larger set less the smaller one is a small number of people. Of
// two equal sets either can be the larger.
func differs(n, m int64, s, o set) bool {
	switch {
	case s == o:
		return small(n-m) || small(m-n)
	case s&o == o:
		return small(n - m)
	}
	return small(m - n)
}

// hide holds back the smallest number that is shown and without which the set cannot be
// worked out in the same way; the first of equals.
func (t *shown) hide(bad set) {
	at := -1
	for i, s := range t.sums {
		if s&bad == 0 && len(t.sums) > 1 && touches(t.sums, bad) {
			continue
		}
		if at < 0 || t.cells.of(s) < t.cells.of(t.sums[at]) {
			at = i
		}
	}
	t.sums = slices.Delete(t.sums, at, at+1)
}

func touches(all []set, bad set) bool {
	return slices.ContainsFunc(all, func(s set) bool { return s&bad != 0 })
}

// row is a vector over the cells. The sums of a table are two families of sets, each
// nested in itself (cells in rows in all, cells in columns in all); of such vectors every
// elimination stays with −1, 0 and 1, so that whole numbers are enough.
type row [cellsOfPeople]int64

func vector(s set) (v row) {
	for i := range v {
		v[i] = int64(s >> i & 1)
	}
	return v
}

// equation says what a sum of cells, each taken so many times, is.
type equation struct {
	row
	value int64
}

// solved are equations of which each has a first cell that no later one has.
type solved []equation

func reduce(known []set, value func(set) int64) (basis solved) {
	for _, s := range known {
		e := basis.rest(equation{vector(s), value(s)})
		if at := e.first(); at >= 0 {
			sign := e.row[at]
			for i := range e.row {
				e.row[i] *= sign
			}
			e.value *= sign
			basis = append(basis, e)
		}
	}
	return basis
}

// rest takes what follows from the others out of an equation.
func (b solved) rest(e equation) equation {
	for _, other := range b {
		factor := e.row[other.first()]
		for i := range e.row {
			e.row[i] -= factor * other.row[i]
		}
		e.value -= factor * other.value
	}
	return e
}

func (v row) first() int { return slices.IndexFunc(v[:], func(n int64) bool { return n != 0 }) }

// span gives the sets that can be worked out from some by adding and taking away,
// whatever else is known.
func span(known []set) []set {
	basis := reduce(known, func(set) int64 { return 0 })
	var all []set
	for s := set(1); ; s++ {
		if rest := basis.rest(equation{row: vector(s)}); rest.first() < 0 {
			all = append(all, s)
		}
		if s == everyone {
			return all
		}
	}
}

// solve gives cells that add up to what is known of some sets. Where several do, it gives
// one of them: the sets that can be worked out are the same in all.
func solve(known map[set]int64) (c Cells) {
	sets := slices.Sorted(maps.Keys(known))
	var found row
	for _, e := range slices.Backward(reduce(sets, func(s set) int64 { return known[s] })) {
		at, rest := e.first(), e.value
		for i := range e.row {
			if i != at {
				rest -= e.row[i] * found[i]
			}
		}
		found[at] = rest
	}
	for i, n := range found {
		c[i/columnsOfPeople][i%columnsOfPeople] = n
	}
	return c
}
