package figures

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// smallTables draws tables as a small office has them: most numbers are small.
func smallTables() *rapid.Generator[Cells] {
	return rapid.Custom(func(t *rapid.T) (c Cells) {
		for r := range c {
			for i := range c[r] {
				c[r][i] = rapid.OneOf(rapid.Int64Range(0, 8), rapid.Int64Range(0, 60)).Draw(t, "cell")
			}
		}
		return c
	})
}

// later draws a table of the same place after some people came and went.
func later(t *rapid.T, c Cells) Cells {
	for range rapid.IntRange(0, 6).Draw(t, "changes") {
		r, i := rapid.IntRange(0, rowsOfPeople-1).Draw(t, "row"), rapid.IntRange(0, columnsOfPeople-1).Draw(t, "column")
		c[r][i] = max(0, c[r][i]+rapid.Int64Range(-3, 7).Draw(t, "people"))
	}
	return c
}

// attack is an outsider with published tables of one place, or of a place and one in it,
// who adds and takes away. It works on what is published and shares no code with
// suppress but the meaning of a set: it solves for every sum of cells with rational
// arithmetic of its own.
func attack(t interface{ Errorf(string, ...any) }, truth []Cells, tables []PublishedTable) {
	var known []map[set]int64
	for i, p := range tables {
		known = append(known, workedOut(p))
		for s, n := range known[i] {
			if n != truth[i].of(s) {
				t.Errorf("a table says %d of a set of %d", n, truth[i].of(s))
			}
			if n > 0 && n < Smallest {
				t.Errorf("release %d gives away a set of %d people (%08b)", i+1, n, s)
			}
		}
	}
	for i, a := range known {
		for _, b := range known[:i] {
			for s, n := range a {
				for o, m := range b {
					if s&o == o && n-m > 0 && n-m < Smallest || s&o == s && m-n > 0 && m-n < Smallest {
						t.Errorf("two releases subtracted give away %d people", max(n-m, m-n))
					}
				}
			}
		}
	}
}

// workedOut closes what a table shows under taking a set away from one that holds it and
// adding sets that have nothing in common.
func workedOut(p PublishedTable) map[set]int64 {
	known := map[set]int64{}
	all := p.shown()
	for _, s := range all.sums {
		known[s] = all.cells.of(s)
	}
	for grown := true; grown; {
		grown = false
		for s, n := range known {
			for o, m := range known {
				for _, x := range []struct {
					fits bool
					set  set
					n    int64
				}{{s&o == o && s != o, s &^ o, n - m}, {s&o == 0, s | o, n + m}} {
					if _, there := known[x.set]; x.fits && !there && x.set != 0 {
						known[x.set], grown = x.n, true
					}
				}
			}
		}
	}
	return known
}

func TestNobodyIsGivenAwayByTwoReleases(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := smallTables().Draw(t, "table")
		var truth []Cells
		var before []shown
		var tables []PublishedTable
		for range rapid.IntRange(1, 3).Draw(t, "releases") {
			s := suppress(c, before)
			p := s.published(Place{})
			truth, tables = append(truth, c), append(tables, p)
			before = append(before, p.shown())
			c = later(t, c)
		}
		attack(t, truth, tables)
	})
}

func TestWithoutSuppressionTheAttackFinds(t *testing.T) {
	t.Parallel()
	all := func(c Cells) PublishedTable { return shown{cells: c, sums: sums}.published(Place{}) }
	count := func(truth []Cells, tables ...PublishedTable) int {
		var found finds
		attack(&found, truth, tables)
		return int(found)
	}
	one := Cells{{20, 10, 30, 0}, {40, 2, 50, 10}}
	if count([]Cells{one}, all(one)) == 0 {
		t.Error("two men are not found in a whole table")
	}
	two := Cells{{20, 10, 30, 0}, {40, 10, 50, 10}}
	more := Cells{{20, 10, 31, 0}, {40, 10, 50, 10}}
	if count([]Cells{two}, all(two)) != 0 {
		t.Error("something is found where nothing is small")
	}
	if count([]Cells{two, more}, all(two), all(more)) == 0 {
		t.Error("one child more is not found by subtracting")
	}
	hidden := all(one)
	hidden.Reported.Men = nil
	if count([]Cells{one}, hidden) == 0 {
		t.Error("a single hidden cell is not worked out from its row")
	}
}

type finds int

func (f *finds) Errorf(string, ...any) { *f++ }

func TestWhatIsLargeIsShown(t *testing.T) {
	t.Parallel()
	c := Cells{{20, 10, 30, 0}, {40, 12, 50, 10}}
	s := suppress(c, nil)
	if len(s.sums) != len(sums) {
		t.Errorf("of a table without small numbers %d of %d are shown", len(s.sums), len(sums))
	}
	if again := suppress(c, []shown{s}); !slices.Equal(again.sums, s.sums) {
		t.Error("the same table is not shown again")
	}
	grown := c
	grown[0][2] += Smallest
	if again := suppress(grown, []shown{s}); len(again.sums) != len(sums) {
		t.Error("a table that grew by enough is held back")
	}
	grown[0][2]++
	grown[0][2] -= Smallest
	after := suppress(grown, []shown{s})
	if slices.Contains(after.sums, set(1<<2)) || slices.Contains(after.sums, everyone) {
		t.Error("one child more is shown")
	}
}
