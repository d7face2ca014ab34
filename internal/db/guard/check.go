package guard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"homeward/internal/db"
)

// Kind says what was done.
type Kind string

// What can be wrong with a row.
const (
	Altered  Kind = "altered"  // it is not what its twin says; Columns says where
	Deleted  Kind = "deleted"  // its twin is there alone
	Inserted Kind = "inserted" // it has no twin
	Broken   Kind = "broken"   // its twin does not open
	Back     Kind = "back"     // rows of the table were taken out or put back with their twins
	NoSums   Kind = "no_sums"  // the sums are gone
	BadSums  Kind = "bad_sums" // the sums do not open
	Unknown  Kind = "unknown"  // twins of a table that is not watched
)

// Fault is one thing that is not as it was kept. ID is the row's key.
type Fault struct {
	Kind    Kind
	Table   string
	ID      string
	Columns []string
}

// Check compares every watched row with its twin, and all twins with their sum. begun
// is false in an office that was never opened by a program that watches: then there is
// nothing to compare, which is for the caller to judge.
func (g *Guard) Check(ctx context.Context, tx *db.Tx) (faults []Fault, begun bool, err error) {
	sums, err := g.readSums(ctx, tx)
	if errors.Is(err, errSum) {
		return []Fault{{Kind: BadSums, Table: "guard_sum"}}, true, nil
	}
	if err != nil || sums == nil {
		return nil, false, err
	}
	for _, t := range g.tables {
		found, err := g.checkTable(ctx, tx, t, sums[t.Name])
		if err != nil {
			return nil, true, fmt.Errorf("guard: compare %s: %w", t.Name, err)
		}
		faults = append(faults, found...)
	}
	strays, err := g.strays(ctx, tx)
	return append(faults, strays...), true, err
}

// twins reads what lies beside a table, by the rows' ids; nil where one does not open.
func (g *Guard) twins(ctx context.Context, tx *db.Tx, t Table) (map[string]*twin, error) {
	twins := map[string]*twin{}
	err := query(ctx, tx, 2, func(values []any) error {
		id, sealed := fmt.Sprint(values[0]), values[1].([]byte)
		twins[id] = g.open(t, id, sealed)
		return nil
	}, "SELECT id, sealed FROM guard_row WHERE office_id = $1 AND room = $2", g.office, t.Name)
	return twins, err
}

func (g *Guard) checkTable(ctx context.Context, tx *db.Tx, t Table, kept *sum) (faults []Fault, err error) {
	twins, err := g.twins(ctx, tx, t)
	if err != nil {
		return nil, err
	}
	rows, err := g.rows(ctx, tx, t)
	if err != nil {
		return nil, err
	}
	have := newSum()
	for _, id := range slices.Sorted(maps.Keys(twins)) {
		w := twins[id]
		row, there := rows[id]
		delete(rows, id)
		switch {
		case w == nil:
			faults = append(faults, Fault{Kind: Broken, Table: t.Name, ID: id})
			continue
		case !there:
			faults = append(faults, Fault{Kind: Deleted, Table: t.Name, ID: id})
		case !equal(row, w.Row):
			faults = append(faults, Fault{Kind: Altered, Table: t.Name, ID: id, Columns: differ(t, row, w.Row)})
		}
		have.add(w.Tag)
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		faults = append(faults, Fault{Kind: Inserted, Table: t.Name, ID: id})
	}
	broken := slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind == Broken })
	if !broken && (kept == nil || have.Rows != kept.Rows || !bytes.Equal(have.Tags, kept.Tags)) {
		faults = append(faults, Fault{Kind: Back, Table: t.Name})
	}
	return faults, nil
}

// differ names the columns in which a row is not its twin.
func differ(t Table, row, was []string) (columns []string) {
	for i, column := range t.all() {
		if row[i] != was[i] {
			columns = append(columns, column)
		}
	}
	return columns
}

// strays finds twins of no table.
func (g *Guard) strays(ctx context.Context, tx *db.Tx) (faults []Fault, err error) {
	args, names := []any{g.office}, make([]string, len(g.tables))
	for i, t := range g.tables {
		args, names[i] = append(args, t.Name), fmt.Sprintf("$%d", i+2)
	}
	err = query(ctx, tx, 1, func(values []any) error {
		faults = append(faults, Fault{Kind: Unknown, Table: "guard_row", ID: fmt.Sprint(values[0])})
		return nil
	}, "SELECT id FROM guard_row WHERE office_id = $1 AND room NOT IN ("+strings.Join(names, ", ")+") ORDER BY id", args...)
	return faults, err
}

// Restore puts back every row that was altered or deleted and whose twin is whole, and
// says how many. It is for a rebuild, which somebody asks for.
func (g *Guard) Restore(ctx context.Context, tx *db.Tx) (n int64, err error) {
	faults, _, err := g.Check(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, f := range faults {
		if f.Kind != Altered && f.Kind != Deleted {
			continue
		}
		t := g.table(f.Table)
		twins, err := g.twins(ctx, tx, t)
		if err != nil {
			return n, err
		}
		if err := g.restore(ctx, tx, t, twins[f.ID].Row); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (g *Guard) restore(ctx context.Context, tx *db.Tx, t Table, row []string) error {
	var where, places strings.Builder
	args := []any{g.office}
	places.WriteString("$1")
	for i := range row {
		fmt.Fprintf(&places, ", $%d", i+2)
		args = append(args, value(row[i]))
	}
	for i, column := range t.Key {
		fmt.Fprintf(&where, " AND %s = $%d", column, i+2)
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM "+t.Name+" WHERE office_id = $1"+where.String(), args[:1+len(t.Key)]...)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO "+t.Name+" (office_id, "+strings.Join(t.all(), ", ")+") VALUES ("+places.String()+")", args...)
	return err
}
