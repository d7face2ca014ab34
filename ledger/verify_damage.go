package ledger

import (
	"context"
	"errors"

	"homeward/internal/db"
	"homeward/vault"
)

// This file is what a verification does where a database is damaged. It first asks the
// databases themselves, which name pages, tables and indexes. Then, wherever reading an
// entry gives an error that is damage, that is a finding too, and what can still be read
// is verified all the same: a part of a table that cannot be read is halved until only
// the damaged places are left out.

// askDatabases has the data and the keyring checked by themselves.
func (v *verification) askDatabases(ctx context.Context) error {
	if len(v.o.Databases) > 0 {
		v.report.Databases = v.o.Databases
		return nil
	}
	for _, check := range []func(context.Context) (db.Checkup, error){v.l.db.Check, v.l.vault.Check} {
		c, err := check(ctx)
		if err != nil {
			return err
		}
		v.report.Databases = append(v.report.Databases, c)
	}
	return nil
}

// findDamage makes findings of what the databases said.
func (v *verification) findDamage() {
	for _, c := range v.report.Databases {
		v.report.Findings = append(v.report.Findings, Damages(c)...) // beyond the limit too: a page says more than its entries
	}
}

// Damages makes findings of what a database says of itself.
func Damages(c db.Checkup) (found []Finding) {
	for _, d := range c.Damages {
		found = append(found, damage(c.Name, d))
	}
	return found
}

// damage makes a finding of what a database says of itself.
func damage(name string, d db.Damage) Finding {
	code := "unread"
	switch {
	case d.Fault == db.FaultChecksum && d.Index != "":
		code = "page_index"
	case d.Fault == db.FaultChecksum:
		code = "page"
	case d.Fault == db.FaultStructure && d.Page == 0:
		code = "structure"
	case d.Fault == db.FaultStructure && d.Index != "":
		code = "page_tree_in"
	case d.Fault == db.FaultStructure:
		code = "page_tree"
	case d.Fault == db.FaultIndex && d.Index != "":
		code = "index"
	case d.Fault == db.FaultIndex:
		code = "indexes"
	}
	table := d.Table
	if table == "" {
		table = name
	}
	args := []any{"name", name}
	if d.Page > 0 {
		args = append(args, "page", d.Page)
	}
	if d.Index != "" {
		args = append(args, "index", d.Index)
	}
	return Found(Damaged, table, "", -1, code, args...)
}

// interval is a part of a log, without its end.
type interval struct{ from, to int64 }

// lost are the places that could not be read, of one table.
type lost []interval

func (l lost) has(place int64) bool {
	for _, i := range l {
		if i.from <= place && place < i.to {
			return true
		}
	}
	return false
}

// reading reads of a table. Where it is damaged, that is a finding, and ok is false.
func (v *verification) reading(ctx context.Context, table string, fn func() error) (ok bool, err error) {
	err = v.view.tx.Attempt(ctx, fn)
	if !isDamage(err) {
		return err == nil, err
	}
	v.torn = true
	if !v.unread[table] {
		v.unread[table] = true
		v.say(Damaged, table, "", -1, "unread", "name", v.l.db.Name())
	}
	return false, nil
}

// isDamage reports whether an error says that something cannot be read any more; also
// a commit of a log that is not one.
func isDamage(err error) bool { return db.IsDamage(err) || errors.Is(err, ErrDamaged) }

// maxHalved bounds the search for what can still be read around damage, in failed
// readings: a table whose index is gone is not searched entry by entry.
const maxHalved = 400

// span reads a part of a table by its places, and what of it is lost.
func span[R any](ctx context.Context, v *verification, part interval, read func(from, to int64) ([]R, error)) (rows []R, gone lost, err error) {
	err = v.view.tx.Attempt(ctx, func() (err error) {
		rows, err = read(part.from, part.to)
		return err
	})
	if !isDamage(err) {
		return rows, nil, err
	}
	v.torn = true
	v.halved++
	if part.to-part.from <= 1 || v.halved > maxHalved {
		return nil, lost{part}, nil
	}
	middle := part.from + (part.to-part.from)/2
	rows, gone, err = span(ctx, v, interval{part.from, middle}, read)
	if err != nil {
		return nil, nil, err
	}
	more, also, err := span(ctx, v, interval{middle, part.to}, read)
	if n := len(gone); n > 0 && len(also) > 0 && gone[n-1].to == also[0].from {
		gone[n-1].to, also = also[0].to, also[1:]
	}
	return append(rows, more...), append(gone, also...), err
}

// spanOf is span, with a finding for what is lost.
func spanOf[R any](ctx context.Context, v *verification, table string, part interval, read func(from, to int64) ([]R, error)) ([]R, lost, error) {
	rows, gone, err := span(ctx, v, part, read)
	for _, i := range gone {
		v.say(Damaged, table, "", i.from, "entries_unread", "from", i.from, "to", i.to-1)
	}
	return rows, gone, err
}

// passing gives an error of the keyring that is not its damage: where one key cannot be
// read, others may.
func passing(err error) error {
	if isDamage(err) || errors.Is(err, vault.ErrTampered) {
		return nil
	}
	return err
}
