package estimate

import (
	"maps"
	"math/bits"
	"slices"
	"strings"

	"homeward/internal/problem"
)

// Limits of a table.
const (
	// MaxLists is how many lists a table may have. Beyond it the cells outnumber any
	// people that such lists hold, and a model is written with one digit a list.
	MaxLists = 9
	// MaxPeople is how many people a table may hold.
	MaxPeople = 100_000_000
)

// What can be wrong with a table.
var (
	ErrOneList = problem.New(problem.Invalid, "estimate.one_list",
		"one list cannot tell how many are missing from it", "give at least two lists that were made apart from each other")
	ErrManyLists = problem.New(problem.Invalid, "estimate.many_lists",
		"there are too many lists to estimate from", "join lists that copy from each other, or leave out the smallest")
	ErrListName = problem.New(problem.Invalid, "estimate.list_name",
		"a column has no name", "write each list's name at the head of its column")
	ErrListTwice = problem.New(problem.Invalid, "estimate.list_twice",
		"two columns have the same name", "give each list a name of its own")
	ErrSameLists = problem.New(problem.Invalid, "estimate.same_lists",
		"two lists name exactly the same people", "leave one of them out: it is a copy of the other and says nothing more")
	ErrNobody = problem.New(problem.Invalid, "estimate.nobody",
		"there is nobody on any list", "check that it is the right file")
	ErrNegative = problem.New(problem.Invalid, "estimate.negative",
		"a count is below zero", "write how many people have this pattern: 0 or more")
	ErrManyPeople = problem.New(problem.TooLarge, "estimate.many_people",
		"the counts add up to more people than this can work with", "check the counts")
	ErrOnNoList = problem.New(problem.Invalid, "estimate.on_no_list",
		"a row holds people who are on no list", "take the row out: how many those are is what is estimated")
)

// Pattern says on which lists a person is: bit j is set when she is on list j,
// counted from 0.
type Pattern uint16

// On says whether the pattern has list j.
func (p Pattern) On(j int) bool { return p>>j&1 == 1 }

// Lists is on how many lists a person with this pattern is.
func (p Pattern) Lists() int { return bits.OnesCount16(uint16(p)) }

// Table says how many people have which pattern over a few lists. A pattern that
// nobody has counts 0; those on no list are not in it. The zero Table has no lists;
// NewTable and Parser make others, and none can be changed.
type Table struct {
	names []string
	cells []int64 // by Pattern; cells[0] is 0
}

// NewTable makes a table of the names of the lists and the number of people with
// each pattern.
func NewTable(names []string, counts map[Pattern]int64) (Table, error) {
	if err := checkNames(names); err != nil {
		return Table{}, err
	}
	t := Table{names: slices.Clone(names), cells: make([]int64, 1<<len(names))}
	n := int64(0)
	for _, p := range slices.Sorted(maps.Keys(counts)) {
		c := counts[p]
		switch {
		case c < 0:
			return Table{}, ErrNegative
		case int(p) >= len(t.cells):
			return Table{}, ErrManyLists.With("limit", len(names))
		case p == 0 && c > 0:
			return Table{}, ErrOnNoList
		case c > MaxPeople-n:
			return Table{}, ErrManyPeople.With("limit", MaxPeople)
		}
		n += c
		t.cells[p] = c
	}
	return t, t.check()
}

func checkNames(names []string) error {
	switch {
	case len(names) < 2:
		return ErrOneList
	case len(names) > MaxLists:
		return ErrManyLists.With("limit", MaxLists)
	}
	seen := map[string]bool{}
	for i, name := range names {
		folded := strings.ToLower(strings.TrimSpace(name))
		if folded == "" {
			return ErrListName.With("column", i+1)
		}
		if seen[folded] {
			return ErrListTwice.With("column", i+1)
		}
		seen[folded] = true
	}
	return nil
}

// check finds what no table to estimate from may be.
func (t Table) check() error {
	if t.N() == 0 {
		return ErrNobody
	}
	for i := range t.names {
		for j := range i {
			if t.Size(i) > 0 && t.Size(i) == t.Overlap(i, j) && t.Size(j) == t.Overlap(i, j) {
				return ErrSameLists.With("first", t.names[j]).With("second", t.names[i])
			}
		}
	}
	return nil
}

// Names are the names of the lists, in the order given.
func (t Table) Names() []string { return slices.Clone(t.names) }

// Lists is how many lists there are.
func (t Table) Lists() int { return len(t.names) }

// Count is how many people have exactly this pattern.
func (t Table) Count(p Pattern) int64 {
	if int(p) >= len(t.cells) {
		return 0
	}
	return t.cells[p]
}

// N is how many people are on at least one list.
func (t Table) N() int64 {
	n := int64(0)
	for _, c := range t.cells {
		n += c
	}
	return n
}

// Size is how many people are on list j.
func (t Table) Size(j int) int64 { return t.onAll(1 << j) }

// Overlap is how many people are on both lists i and j.
func (t Table) Overlap(i, j int) int64 { return t.onAll(1<<i | 1<<j) }

// onAll counts the people who are on all lists of a pattern, whatever else they
// are on.
func (t Table) onAll(p Pattern) int64 {
	n := int64(0)
	for w, c := range t.cells {
		if Pattern(w)&p == p {
			n += c
		}
	}
	return n
}

// Seen gives how many people are on exactly 1, 2, … lists.
func (t Table) Seen() []int64 {
	seen := make([]int64, len(t.names))
	for w, c := range t.cells {
		if w > 0 {
			seen[Pattern(w).Lists()-1] += c
		}
	}
	return seen
}

// repeated is how many people are on two lists or more.
func (t Table) repeated() int64 {
	n := int64(0)
	for _, c := range t.Seen()[1:] {
		n += c
	}
	return n
}

// Without leaves list j out, and with it the people whom only that list has.
func (t Table) Without(j int) Table {
	low := Pattern(1)<<j - 1
	out := Table{names: slices.Delete(slices.Clone(t.names), j, j+1), cells: make([]int64, len(t.cells)/2)}
	for w, c := range t.cells {
		p := Pattern(w)
		out.cells[p&low|p>>1&^low] += c
	}
	out.cells[0] = 0
	return out
}

// ordered puts the lists into the order of their names, so that the order in which
// the columns stood in a file changes no figure, not even a random one. numbers
// holds, for each list, its number in the table as it was given, from 1: models are
// named by those.
func (t Table) ordered() (sorted Table, numbers []int) {
	for j := range t.names {
		numbers = append(numbers, j+1)
	}
	slices.SortFunc(numbers, func(a, b int) int { return strings.Compare(t.names[a-1], t.names[b-1]) })
	sorted = Table{cells: make([]int64, len(t.cells))}
	for _, n := range numbers {
		sorted.names = append(sorted.names, t.names[n-1])
	}
	for w, c := range t.cells {
		p := Pattern(0)
		for j, n := range numbers {
			p |= Pattern(w) >> (n - 1) & 1 << j
		}
		sorted.cells[p] = c
	}
	return sorted, numbers
}

// floats are the counts as the methods work with them.
func (t Table) floats() []float64 {
	x := make([]float64, len(t.cells))
	for w, c := range t.cells {
		x[w] = float64(c)
	}
	return x
}

// apart gives the groups of lists that share nobody with the others, the largest
// group left out; none when all hang together.
func (t Table) apart() [][]int {
	group := make([]int, len(t.names))
	for j := range group {
		group[j] = j
	}
	for i := range t.names {
		for j := range i {
			if from, to := group[i], group[j]; from != to && t.Overlap(i, j) > 0 {
				for l, g := range group {
					if g == from {
						group[l] = to
					}
				}
			}
		}
	}
	var groups [][]int
	for g := range t.names {
		var members []int
		for j := range group {
			if group[j] == g {
				members = append(members, j)
			}
		}
		if members != nil {
			groups = append(groups, members)
		}
	}
	return t.withoutLargest(groups)
}

func (t Table) withoutLargest(groups [][]int) [][]int {
	people := func(g []int) (n int64) {
		for _, j := range g {
			n += t.Size(j)
		}
		return n
	}
	largest := slices.MaxFunc(groups, func(a, b []int) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return int(people(a) - people(b))
	})
	return slices.DeleteFunc(groups, func(g []int) bool { return slices.Equal(g, largest) })
}
