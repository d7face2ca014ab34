package linkage

import "strconv"

// List is a list as somebody has it: what its columns mean, and its rows.
type List struct {
	Schema Schema
	// Rows hands on each row below the headers. The cells may be used again.
	Rows func(row func(cells []string) error) error
}

// Read reads one list, or two that are to be compared with each other.
func Read(lists ...List) (*Records, error) {
	switch len(lists) {
	case 1:
		r, err := NewRecords(lists[0].Schema)
		if err != nil {
			return nil, err
		}
		return r, lists[0].Rows(r.Add)
	case 2:
		return readTwo(lists[0], lists[1])
	}
	return nil, ErrLists
}

func readTwo(a, b List) (*Records, error) {
	merged, fromA, fromB := Merge(a.Schema, b.Schema)
	r, err := NewRecords(merged)
	if err != nil {
		return nil, err
	}
	cells := make([]string, len(merged))
	for i, from := range [][]int{fromA, fromB} {
		err := []List{a, b}[i].Rows(func(row []string) error {
			for at, column := range from {
				cells[at] = cell(row, column)
			}
			cells[len(cells)-1] = strconv.Itoa(i + 1)
			return r.Add(cells)
		})
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}
