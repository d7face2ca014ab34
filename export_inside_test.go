package homeward

import "homeward/statement"

// WriteApart writes the file of an export.
var WriteApart = writeApart

// States are what an export holds without a consent, and whether of each only the month.
func States() map[statement.Property]bool {
	all := map[statement.Property]bool{}
	for p, f := range states {
		all[p] = f == month
	}
	return all
}
