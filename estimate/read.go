package estimate

import (
	"math"
	"strconv"
	"strings"

	"homeward/internal/problem"
)

// What can be wrong with rows.
var (
	ErrHeader = problem.New(problem.Invalid, "estimate.header",
		"the first row does not name the lists", "write the names of the lists in the first row, and \"count\" over the counts")
	ErrCell = problem.New(problem.Invalid, "estimate.cell",
		"a cell is neither 0 nor 1", "write 1 where the people of the row are on the list, 0 where they are not, and keep names and remarks out of this file")
	ErrCellMissing = problem.New(problem.Invalid, "estimate.cell_missing",
		"a row has too few cells", "write 1 or 0 for each list, and the count where there is one")
	ErrCellMore = problem.New(problem.Invalid, "estimate.cell_more",
		"a row has more cells than the first row", "check the sign between the cells, and that a count has no sign between its thousands")
	ErrCount = problem.New(problem.Invalid, "estimate.count",
		"a count is not a whole number", "write how many people have this pattern in digits: 0, 1, 250")
	ErrCountTwice = problem.New(problem.Invalid, "estimate.count_twice",
		"two columns are named \"count\"", "keep one of them")
)

// Parser makes a table of rows as they stand in a sheet. The first row names the
// lists; every other is 1 or 0 for each. With a column "count" a row stands for that
// many people, and rows with the same pattern add up; without it, for one person.
// Errors say in which row (as the caller numbers them) and column.
type Parser struct {
	names  []string
	column []int // the list of each column; -1 for the count
	counts map[Pattern]int64
	n      int64
}

// Row takes the next row.
func (p *Parser) Row(number int, cells []string) error {
	if p.names == nil {
		return p.header(cells)
	}
	if len(cells) < len(p.column) {
		return ErrCellMissing.With("row", number)
	}
	if len(cells) > len(p.column) {
		return ErrCellMore.With("row", number)
	}
	pattern, count := Pattern(0), int64(1)
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		var err *problem.Error
		switch {
		case p.column[i] < 0:
			count, err = parseCount(cell)
		case cell == "1":
			pattern |= 1 << p.column[i]
		case cell != "0":
			err = ErrCell
		}
		if err != nil {
			return err.With("row", number).With("column", i+1)
		}
	}
	return p.add(number, pattern, count)
}

func (p *Parser) add(number int, pattern Pattern, count int64) error {
	if pattern == 0 && count > 0 {
		return ErrOnNoList.With("row", number)
	}
	if count > MaxPeople-p.n {
		return ErrManyPeople.With("row", number).With("limit", MaxPeople)
	}
	p.n += count
	p.counts[pattern] += count
	return nil
}

// header reads the names. A first row of ones and zeros is data without a header,
// whose first row would be lost unnoticed.
func (p *Parser) header(cells []string) error {
	var names []string
	var column []int
	figures, counted := 0, false
	for _, cell := range cells {
		name := strings.TrimSpace(cell)
		if _, err := strconv.ParseFloat(name, 64); err == nil {
			figures++
		}
		if strings.EqualFold(name, "count") {
			if counted {
				return ErrCountTwice
			}
			counted, column = true, append(column, -1)
			continue
		}
		column = append(column, len(names))
		names = append(names, name)
	}
	if figures == len(cells) {
		return ErrHeader
	}
	if err := checkNames(names); err != nil {
		return err
	}
	p.names, p.column, p.counts = names, column, map[Pattern]int64{}
	return nil
}

// Table gives the table of all rows.
func (p *Parser) Table() (Table, error) {
	if p.names == nil {
		return Table{}, ErrHeader
	}
	return NewTable(p.names, p.counts)
}

// parseCount reads a count. A workbook may hand on a whole number as "12.0" or
// "1E3"; what is no whole number is refused, and so are signs that only some
// languages read as digits' separators.
func parseCount(cell string) (int64, *problem.Error) {
	if n, err := strconv.ParseInt(cell, 10, 64); err == nil {
		if n < 0 {
			return 0, ErrNegative
		}
		return n, nil
	}
	f, err := strconv.ParseFloat(cell, 64)
	switch {
	case strings.ContainsAny(cell, "xXpP_") || math.IsNaN(f):
		return 0, ErrCount
	case f < 0:
		return 0, ErrNegative
	case f > MaxPeople:
		return 0, ErrManyPeople.With("limit", MaxPeople) // also where it overflowed, or says "inf"
	case err != nil || f != math.Trunc(f):
		return 0, ErrCount
	}
	return int64(f), nil
}
