package linkage

import (
	"slices"
	"strings"
)

// Merge lays the columns of two lists side by side: those that mean the same become
// one column, those that only one list has stay, and the last says which list a
// record comes from. Of each merged column, fromA and fromB say where it stands in
// either list, -1 where it does not.
func Merge(a, b Schema) (merged Schema, fromA, fromB []int) {
	for i, c := range a {
		if c.Role == Source {
			c.Role = Ignored
		}
		merged, fromA, fromB = append(merged, c), append(fromA, i), append(fromB, -1)
	}
	left := make([]bool, len(b))
	for _, alike := range []func(x, y Column) bool{sameHeader, sameRole} {
		for j, c := range b {
			if left[j] || c.Role == Ignored || c.Role == Source {
				continue
			}
			i := slices.IndexFunc(merged, func(x Column) bool { return x.Role == c.Role && alike(x, c) })
			for i >= 0 && fromB[i] >= 0 {
				next := slices.IndexFunc(merged[i+1:], func(x Column) bool { return x.Role == c.Role && alike(x, c) })
				if next < 0 {
					i = -1
					break
				}
				i += 1 + next
			}
			if i >= 0 {
				fromB[i], left[j] = j, true
			}
		}
	}
	for j, c := range b {
		if !left[j] && c.Role != Ignored && c.Role != Source {
			merged, fromA, fromB = append(merged, c), append(fromA, -1), append(fromB, j)
		}
	}
	return append(merged, Column{Header: "source", Role: Source}), append(fromA, -1), append(fromB, -1)
}

func sameHeader(x, y Column) bool { return strings.EqualFold(x.Header, y.Header) }

func sameRole(x, y Column) bool { return true }
