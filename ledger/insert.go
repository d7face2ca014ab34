package ledger

import (
	"context"
	"strconv"
	"strings"

	"homeward/internal/db"
)

// This file is the hand-written SQL: rows and ids of any number, which sqlc cannot
// write. Queries come in three sizes, so that each is compiled once.

// sizes are how many rows or ids one query takes, the largest first.
var sizes = [...]int{64, 8, 1}

// inserter writes many rows of one table.
type inserter struct {
	width   int
	queries [len(sizes)]string
}

func newInserter(table string, columns ...string) inserter {
	in := inserter{width: len(columns)}
	for i, size := range sizes {
		groups := make([]string, size)
		for j := range groups {
			groups[j] = "(" + parameters(1+j*len(columns), len(columns)) + ")"
		}
		in.queries[i] = "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " + strings.Join(groups, ", ")
	}
	return in
}

// insert writes n rows; row appends the values of the ith to args.
func (in inserter) insert(ctx context.Context, tx *db.Tx, n int, row func(i int, args []any) []any) error {
	args := make([]any, 0, in.width*min(n, sizes[0]))
	for done := 0; done < n; {
		k := 0
		for sizes[k] > n-done {
			k++
		}
		args = args[:0]
		for i := range sizes[k] {
			args = row(done+i, args)
		}
		if _, err := tx.ExecContext(ctx, in.queries[k], args...); err != nil {
			return err
		}
		done += sizes[k]
	}
	return nil
}

// parameters gives n parameters from $first on.
func parameters(first, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(names, ", ")
}

// chooser asks for rows by a list of ids.
type chooser [len(sizes)]string

// newChooser makes the queries of a pattern in which %IN% stands for the list and
// $1 for the office.
func newChooser(pattern string) (c chooser) {
	for i, size := range sizes {
		c[i] = strings.ReplaceAll(pattern, "%IN%", "IN ("+parameters(2, size)+")")
	}
	return c
}

// each runs the query over all ids, a part at a time; a list that does not fill the
// query is filled up with its first id.
func (c chooser) each(ctx context.Context, tx *db.Tx, office string, ids []string, scan func(scan func(...any) error) error) error {
	for len(ids) > 0 {
		k := len(sizes) - 1
		for k > 0 && sizes[k] < len(ids) {
			k--
		}
		n := min(sizes[k], len(ids))
		args := make([]any, 0, sizes[k]+1)
		args = append(args, office)
		for i := range sizes[k] {
			if i < n {
				args = append(args, ids[i])
			} else {
				args = append(args, ids[0])
			}
		}
		if err := query(ctx, tx, scan, c[k], args...); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// query runs a query and has each row scanned.
func query(ctx context.Context, tx *db.Tx, scan func(scan func(...any) error) error, text string, args ...any) (err error) {
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
