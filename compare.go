package homeward

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/ledger"
	"homeward/ledger/proof"
	"homeward/vault"
)

// This file compares what lies beside the log: the tables that follow from it, which are
// computed again beside themselves, and the rows that follow from nothing, which have
// their twins. tables.go says which is which.

// Verification says what to compare with.
type Verification struct {
	// Outside is a checkpoint that somebody kept, "" for none.
	Outside string
	// Quick leaves out what follows from the log and is computed again, which takes
	// longer than everything else together. The report says so.
	Quick    bool
	Progress func(done, total int64)

	checked []db.Checkup // what the databases have said already, if they were asked
}

// VerifyAs is Verify with a choice of what to compare.
func (h *House) VerifyAs(ctx context.Context, v Verification) (ledger.Report, error) {
	report, err := h.compare(ctx, v)
	if err == nil || ctx.Err() != nil {
		return report, err
	}
	if errors.Is(err, vault.ErrOtherKeyring) {
		return h.withoutKeyring(ctx, err)
	}
	var checked []db.Checkup
	for _, d := range []*db.DB{h.DB, h.Keyring} {
		c, unasked := d.Check(ctx)
		if unasked != nil {
			return report, errors.Join(err, unasked)
		}
		checked = append(checked, c)
	}
	return withoutLedger(checked, err)
}

// withoutKeyring is the report of an office whose keyring says no more that it belongs to
// this office, so that nothing can be opened by it: its other rows say what was done to it.
func (h *House) withoutKeyring(ctx context.Context, unread error) (ledger.Report, error) {
	report := ledger.Report{Unread: unread}
	faults, _, _, err := h.Vault.CheckRows(ctx)
	if err != nil {
		return report, errors.Join(unread, err)
	}
	b := beside{report: &report}
	for _, f := range faults {
		b.fault(f, h.Keyring.Name())
	}
	if len(faults) == 0 {
		return report, unread
	}
	return report, nil
}

// compare is VerifyAs of what can be read.
func (h *House) compare(ctx context.Context, v Verification) (ledger.Report, error) {
	var kept []string
	if v.Outside != "" {
		kept = []string{v.Outside}
	}
	var files int64
	report, err := h.Ledger.Verify(ctx, ledger.VerifyOptions{Outside: kept, Databases: v.checked, Progress: v.Progress,
		Evidence: func(ctx context.Context, progress func(done, total int64)) ([]ledger.Finding, error) {
			return h.Evidence.Check(ctx, func(done, total int64) {
				files = done
				if progress != nil {
					progress(done, total)
				}
			})
		}})
	if err != nil {
		return report, err
	}
	b := beside{report: &report}
	b.looked(ledger.Files, files)
	spool, err := h.Intake.Check(ctx)
	if err != nil {
		return report, err
	}
	report.Findings = append(report.Findings, spool...)
	b.looked(ledger.Spool, int64(h.Door.Waiting()))
	if err := h.compareWatched(ctx, &b); err != nil {
		return report, err
	}
	if v.Quick || anyDamage(v.checked) {
		report.Looked = append(report.Looked, ledger.Looked{What: ledger.Computed, Left: true})
	} else if err := h.compareComputed(ctx, &b, v.Progress); err != nil {
		return report, err
	}
	report.Looked = append(report.Looked, ledger.Looked{What: ledger.Passing, Left: true})
	return report, nil
}

// beside gathers what is found beside the log.
type beside struct{ report *ledger.Report }

func (b *beside) looked(what ledger.Scope, n int64) {
	b.report.Looked = append(b.report.Looked, ledger.Looked{What: what, N: n})
}

// maxBeside is how many findings there are of one table; the others are counted.
const maxBeside = 200

func (b *beside) find(kind ledger.FindingKind, table, id, code string, args ...any) {
	n := 0
	for _, f := range b.report.Findings {
		if f.Table == table {
			n++
		}
	}
	if n >= maxBeside {
		b.report.More++
		return
	}
	b.report.Findings = append(b.report.Findings, ledger.Found(kind, table, id, -1, code, args...))
}

// unread notes what damage kept from being compared.
func (b *beside) unread(what ledger.Scope, table, name string) {
	b.report.Looked = append(b.report.Looked, ledger.Looked{What: what, Left: true})
	b.find(ledger.Damaged, table, "", "unread", "name", name)
}

// compareWatched holds the rows that follow from nothing against what was kept of them,
// on both databases, and both against what the checkpoints say.
func (h *House) compareWatched(ctx context.Context, b *beside) error {
	var n int64
	for _, half := range []struct {
		d      *db.DB
		look   func(context.Context) ([]guard.Fault, int64, bool, error)
		tables []guard.Table
		signed int64
	}{
		{h.DB, h.checkRows, guard.Main, b.report.Rows.Data},
		{h.Keyring, h.Vault.CheckRows, guard.Keyring, b.report.Rows.Keyring},
	} {
		faults, changes, begun, err := half.look(ctx)
		if db.IsDamage(err) {
			b.unread(ledger.Watched, "guard_row", half.d.Name())
			continue
		}
		if err != nil {
			return err
		}
		for _, f := range faults {
			b.fault(f, half.d.Name())
		}
		closed := slices.ContainsFunc(faults, func(f guard.Fault) bool { return f.Kind == guard.BadSums })
		switch {
		case !begun:
			b.find(ledger.Deleted, "guard_sum", "", "sums_missing", "name", half.d.Name())
		case !closed && changes < half.signed:
			b.find(ledger.RolledBack, "guard_sum", "", "rows_before", "name", half.d.Name(), "have", changes, "signed", half.signed)
		}
		m, err := countRows(ctx, half.d, half.tables)
		if err != nil && !db.IsDamage(err) {
			return err
		}
		n += m
	}
	b.looked(ledger.Watched, n)
	return nil
}

// fault makes a finding of what the guard found.
func (b *beside) fault(f guard.Fault, name string) {
	switch f.Kind {
	case guard.Altered:
		b.find(ledger.Altered, f.Table, f.ID, "columns", "columns", strings.Join(f.Columns, ", "))
	case guard.Deleted:
		b.find(ledger.Deleted, f.Table, f.ID, "row_missing")
	case guard.Inserted, guard.Unknown:
		b.find(ledger.Inserted, f.Table, f.ID, "row_inserted")
	case guard.Broken:
		b.find(ledger.Altered, "guard_row", f.Table+" "+f.ID, "row_twin")
	case guard.Back:
		b.find(ledger.RolledBack, f.Table, "", "rows_back")
	case guard.BadSums:
		b.find(ledger.Altered, f.Table, "", "sums_closed", "name", name)
	}
}

func (h *House) checkRows(ctx context.Context) (faults []guard.Fault, changes int64, begun bool, err error) {
	err = h.DB.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		if faults, begun, err = h.guard.Check(ctx, tx); err != nil {
			return err
		}
		changes, err = h.guard.Changes(ctx, tx)
		return err
	})
	return faults, changes, begun, err
}

func countRows(ctx context.Context, d *db.DB, tables []guard.Table) (n int64, err error) {
	err = d.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		n = 0
		for _, t := range tables {
			var m int64
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+t.Name).Scan(&m); err != nil { // #nosec G202 -- a table of ours
				return err
			}
			n += m
		}
		return nil
	})
	return n, err
}

// compareComputed computes every table that follows from the log again, beside itself,
// and names each row that is another.
func (h *House) compareComputed(ctx context.Context, b *beside, progress func(done, total int64)) error {
	var n int64
	var differing []difference
	err := h.Ledger.Beside(ctx, followed(), progress, func(ctx context.Context, tx *db.Tx, kept func(string) string) error {
		for _, table := range ofClass(computed) {
			found, rows, err := h.compareTable(ctx, tx, table, kept(table))
			if err != nil {
				return err
			}
			n, differing = n+rows, append(differing, found...)
		}
		return nil
	})
	switch {
	case db.IsDamage(err), errors.Is(err, ledger.ErrDamaged), errors.Is(err, vault.ErrTampered), errors.Is(err, vault.ErrNoKey):
		b.unread(ledger.Computed, "ledger_statement", h.DB.Name())
		return nil
	case err != nil:
		return err
	}
	for _, d := range differing {
		switch {
		case d.have == nil:
			b.find(ledger.Deleted, d.table, d.id, "row_uncounted")
		case d.want == nil:
			b.find(ledger.Inserted, d.table, d.id, "row_computed")
		default:
			b.find(ledger.Altered, d.table, d.id, "columns", "columns", strings.Join(d.columns, ", "))
		}
	}
	b.looked(ledger.Computed, n)
	return nil
}

// difference is a row that is not as the log gives it.
type difference struct {
	table, id  string
	have, want []string // nil where there is none
	columns    []string
}

// compareTable compares a table on the disk with the one beside it.
func (h *House) compareTable(ctx context.Context, tx *db.Tx, table, kept string) (found []difference, n int64, err error) {
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil { // #nosec G202 -- a table of ours
		return nil, 0, err
	}
	at := map[string]*difference{}
	var columns []string
	for _, side := range []struct {
		text string
		put  func(d *difference, row []string)
	}{
		{"SELECT * FROM " + kept + " WHERE office_id = $1 EXCEPT SELECT * FROM " + table, func(d *difference, row []string) { d.have = row }},
		{"SELECT * FROM " + table + " EXCEPT SELECT * FROM " + kept + " WHERE office_id = $1", func(d *difference, row []string) { d.want = row }},
	} {
		if columns, err = h.eachRow(ctx, tx, side.text, func(columns, row []string) {
			id := idIn(table, columns, row)
			if at[id] == nil {
				at[id] = &difference{table: table, id: id}
			}
			side.put(at[id], row)
		}); err != nil {
			return nil, 0, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(at)) {
		d := at[id]
		for i := range min(len(d.have), len(d.want)) {
			if d.have[i] != d.want[i] {
				d.columns = append(d.columns, columns[i])
			}
		}
		found = append(found, *d)
	}
	return found, n, nil
}

// eachRow gives the rows of a query over the office's tables as text.
func (h *House) eachRow(ctx context.Context, tx *db.Tx, text string, fn func(columns, row []string)) (columns []string, err error) {
	rows, err := tx.QueryContext(ctx, text, h.Root.OfficeID())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if columns, err = rows.Columns(); err != nil {
		return nil, err
	}
	for rows.Next() {
		values, into, row := make([]any, len(columns)), make([]any, len(columns)), make([]string, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = hex.EncodeToString(b)
			}
			row[i] = fmt.Sprint(v)
		}
		fn(columns, row)
	}
	return columns, rows.Err()
}

// idIn is the key of a row.
func idIn(table string, columns, row []string) string {
	var parts []string
	for _, key := range rowKeys[table] {
		parts = append(parts, row[slices.Index(columns, key)])
	}
	return strings.Join(parts, " ")
}

// watchRows begins to watch the rows that follow from nothing, where that was not begun:
// in a new office, in one whose program did not watch them, and after a restoration. What
// the checkpoints say was watched before is not begun again: its sums were taken away.
func (h *House) watchRows(ctx context.Context) error {
	signed, err := h.Ledger.SignedRows(ctx)
	if err == nil {
		err = h.Vault.Begin(ctx, signed.Keyring == 0)
	}
	if err == nil {
		err = h.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return h.guard.Begin(ctx, tx, signed.Data == 0) })
	}
	if db.IsDamage(err) {
		return nil // verify says where
	}
	return err
}

// countChanges is what every checkpoint says of them.
func (h *House) countChanges(ctx context.Context, tx *db.Tx) (proof.Rows, error) {
	n, err := h.guard.Changes(ctx, tx)
	return proof.Rows{Data: n, Keyring: h.Vault.Changes()}, err
}

// Rebuild computes everything anew that follows from the log, and puts back every row
// that follows from nothing, was altered or deleted, and of which a whole twin is left.
// It gives how many those were.
func (h *House) Rebuild(ctx context.Context, progress func(done, total int64)) (restored int64, err error) {
	if err := h.Ledger.Rebuild(ctx, progress); err != nil {
		return 0, err
	}
	err = h.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		restored, err = h.guard.Restore(ctx, tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	n, err := h.Vault.RestoreRows(ctx)
	return restored + n, err
}
