package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// Shadow runs fn in a transaction in which each of the named tables is another one of
// the same form: empty, in this connection's own memory, and gone when fn returns. What
// fn writes it writes there, so it can compute a table again beside the one that lies on
// the disk, which kept names, and compare them; nobody waits for it, and nothing of it
// stays. Everything else is read as it is at one moment, and must not be written.
func (d *DB) Shadow(ctx context.Context, tables []string, fn func(ctx context.Context, tx *Tx, kept func(table string) string) error) error {
	if ctx.Value(inside{d}) != nil {
		return errNested
	}
	return explain(d.engine, func() (err error) {
		if _, err := d.use(ctx); err != nil {
			return err
		}
		defer d.mu.RUnlock()
		// A connection of its own: one that was used before may have compiled the
		// same statements for the tables on the disk.
		own, err := d.engine.apart()
		if err != nil {
			return err
		}
		own.SetMaxOpenConns(1)
		defer func() { err = errors.Join(err, own.Close()) }()
		until, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(d.closing, cancel)()
		inner, err := own.BeginTx(until, &sql.TxOptions{Isolation: d.engine.snapshot()})
		if err != nil {
			return d.ended(err)
		}
		tx := &Tx{inner: inner, engine: d.engine, stop: cancel}
		defer tx.end()
		kept, err := shadows(until, tx, tables)
		if err != nil {
			return d.ended(err)
		}
		return d.ended(fn(context.WithValue(until, inside{d}, true), tx, kept))
	}())
}

// shadows makes the tables.
func shadows(ctx context.Context, tx *Tx, tables []string) (kept func(string) string, err error) {
	schema := "main"
	if tx.engine.dialect() == PostgreSQL {
		if err := tx.QueryRowContext(ctx, "SELECT quote_ident(current_schema())").Scan(&schema); err != nil {
			return nil, err
		}
	}
	kept = func(table string) string { return schema + "." + table }
	for _, table := range tables {
		text := "CREATE TEMPORARY TABLE " + table + " (LIKE " + kept(table) + " INCLUDING ALL) ON COMMIT DROP"
		if tx.engine.dialect() == SQLite {
			// Its own words, with another home; its indexes follow.
			if text, err = shadowText(ctx, tx, table); err != nil {
				return nil, err
			}
		}
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// shadowText gives the statements that make a table of SQLite and its indexes, in the
// schema of temporary tables.
func shadowText(ctx context.Context, tx *Tx, table string) (text string, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT sql FROM main.sqlite_schema WHERE tbl_name = $1 AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC", table)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var b strings.Builder
	for rows.Next() {
		var made string
		if err := rows.Scan(&made); err != nil {
			return "", err
		}
		switch {
		case strings.HasPrefix(made, "CREATE TABLE "):
			made = "CREATE TEMPORARY TABLE " + strings.TrimPrefix(made, "CREATE TABLE ")
		case strings.HasPrefix(made, "CREATE UNIQUE INDEX "):
			made = "CREATE UNIQUE INDEX temp." + strings.TrimPrefix(made, "CREATE UNIQUE INDEX ")
		default:
			made = "CREATE INDEX temp." + strings.TrimPrefix(made, "CREATE INDEX ")
		}
		b.WriteString(made + ";\n")
	}
	return b.String(), rows.Err()
}
