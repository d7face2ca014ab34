package figures

import (
	"math/big"
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

// span gives the sets that can be worked out from some by adding and taking away,
// whatever else is known.
func span(known []set) []set {
	basis := reduce(known)
	var all []set
	for s := set(1); ; s++ {
		if inside(basis, s) {
			all = append(all, s)
		}
		if s == everyone {
			return all
		}
	}
}

// row is a vector over the cells.
type row [cellsOfPeople]*big.Rat

func vector(s set) row {
	var v row
	for i := range v {
		v[i] = new(big.Rat)
		if s&(1<<i) != 0 {
			v[i].SetInt64(1)
		}
	}
	return v
}

// reduce brings the vectors of sets into a form in which each row has a first cell that
// no other row has.
func reduce(known []set) []row {
	var basis []row
	for _, s := range known {
		v := vector(s)
		v.less(basis)
		at := v.first()
		if at < 0 {
			continue
		}
		inverse := new(big.Rat).Inv(v[at])
		for i := range v {
			v[i].Mul(v[i], inverse)
		}
		basis = append(basis, v)
	}
	return basis
}

// less takes the basis's part out of a vector.
func (v *row) less(basis []row) {
	for _, b := range basis {
		at := b.first()
		if v[at].Sign() == 0 {
			continue
		}
		factor := new(big.Rat).Set(v[at])
		for i := range v {
			v[i].Sub(v[i], new(big.Rat).Mul(factor, b[i]))
		}
	}
}

func (v *row) first() int {
	return slices.IndexFunc(v[:], func(r *big.Rat) bool { return r.Sign() != 0 })
}

func inside(basis []row, s set) bool {
	v := vector(s)
	v.less(basis)
	return v.first() < 0
}

// solve gives cells that add up to what is known of some sets. Where several do, it gives
// one of them: the sets that can be worked out are the same in all.
func solve(known []set, values []int64) (c Cells) {
	type equation struct {
		row
		value *big.Rat
	}
	var all []equation
	for i, s := range known {
		e := equation{vector(s), new(big.Rat).SetInt64(values[i])}
		for _, b := range all {
			factor := new(big.Rat).Set(e.row[b.first()])
			for j := range e.row {
				e.row[j].Sub(e.row[j], new(big.Rat).Mul(factor, b.row[j]))
			}
			e.value.Sub(e.value, new(big.Rat).Mul(factor, b.value))
		}
		at := e.first()
		if at < 0 {
			continue
		}
		inverse := new(big.Rat).Inv(e.row[at])
		for j := range e.row {
			e.row[j].Mul(e.row[j], inverse)
		}
		e.value.Mul(e.value, inverse)
		all = append(all, e)
	}
	var found row
	for i := range found {
		found[i] = new(big.Rat)
	}
	for _, e := range slices.Backward(all) {
		at, rest := e.first(), new(big.Rat).Set(e.value)
		for j := range e.row {
			if j != at {
				rest.Sub(rest, new(big.Rat).Mul(e.row[j], found[j]))
			}
		}
		found[at] = rest
	}
	for i, n := range found {
		c[i/columnsOfPeople][i%columnsOfPeople] = n.Num().Int64() // the sums of a table have whole solutions
	}
	return c
}
