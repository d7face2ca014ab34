package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// This file asks a PostgreSQL server what can be asked without being its superuser. The
// pages are the server's own: it holds them against checksums when it reads them, if
// data_checksums is on. Indexes are held against their tables by amcheck, where that
// extension is installed and may be used; where it is not, only the numbers of rows by
// the index and by the table are compared, and the checkup says so.

func (e *postgresEngine) check(ctx context.Context, p *pools, _ func(context.Context, func() error) error) (Checkup, error) {
	c := Checkup{Name: e.called()}
	// SET LOCAL and its reach end with the transaction.
	tx, err := p.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return c, err
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	var checksums string
	if err := tx.QueryRowContext(ctx, "SELECT current_setting('data_checksums')").Scan(&checksums); err != nil {
		return c, err
	}
	c.Checksums = checksums == "on"
	schema, err := amcheck(ctx, tx)
	if err != nil {
		return c, err
	}
	c.Indexes = schema != ""
	tables, err := texts(ctx, tx, `SELECT CAST(quote_ident(n.nspname) || '.' || quote_ident(t.relname) AS text) FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
		WHERE t.relkind = 'r' AND n.nspname = current_schema() ORDER BY 1`)
	if err != nil {
		return c, err
	}
	for _, table := range tables {
		err := e.checkTable(ctx, tx, &c, table, schema)
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// amcheck gives the schema of the extension, "" where it cannot be used.
func amcheck(ctx context.Context, tx *sql.Tx) (string, error) {
	found, err := texts(ctx, tx, `SELECT CAST(quote_ident(n.nspname) AS text) FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
		WHERE x.extname = 'amcheck' AND has_function_privilege(n.nspname || '.bt_index_check(regclass, boolean)', 'EXECUTE')`)
	return strings.Join(found, ""), err
}

// checkTable reads one table, and its indexes.
func (e *postgresEngine) checkTable(ctx context.Context, tx *sql.Tx, c *Checkup, table, schema string) error {
	short := table[strings.LastIndex(table, ".")+1:]
	byTable, err := e.counted(ctx, tx, c, short, "enable_seqscan", table)
	if err != nil {
		return err
	}
	byIndex, err := e.counted(ctx, tx, c, short, "enable_indexonlyscan", table)
	if err != nil {
		return err
	}
	if byTable >= 0 && byIndex >= 0 && byTable != byIndex {
		c.add(Damage{Fault: FaultIndex, Table: short})
	}
	if schema == "" {
		return nil
	}
	indexes, err := texts(ctx, tx, `SELECT CAST(CAST(indexrelid AS regclass) AS text) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = CAST($1 AS regclass) AND a.amname = 'btree' AND i.indisvalid`, table)
	if err != nil {
		return err
	}
	for _, index := range indexes {
		err := e.attempt(ctx, tx, func() error {
			_, err := tx.ExecContext(ctx, "SELECT "+schema+".bt_index_check(CAST($1 AS regclass), true)", index)
			return err
		})
		if err := e.unread(err, c, Damage{Fault: FaultIndex, Table: short, Index: index[strings.LastIndex(index, ".")+1:]}); err != nil {
			return err
		}
	}
	return nil
}

// counted gives the number of rows, read in the one way that is left on; -1 when they
// cannot be read.
func (e *postgresEngine) counted(ctx context.Context, tx *sql.Tx, c *Checkup, short, way, table string) (n int64, err error) {
	for _, w := range []string{"enable_seqscan", "enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan"} {
		on := "off"
		if w == way {
			on = "on"
		}
		if _, err := tx.ExecContext(ctx, "SET LOCAL "+w+" = "+on); err != nil {
			return -1, err
		}
	}
	err = e.attempt(ctx, tx, func() error { return tx.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n) })
	if err == nil {
		return n, nil
	}
	return -1, e.unread(err, c, Damage{Fault: FaultUnread, Table: short})
}

func (e *postgresEngine) attempt(ctx context.Context, tx *sql.Tx, fn func() error) error {
	return (&Tx{inner: tx, engine: e}).Attempt(ctx, fn)
}

// unread notes a damage where an error is one, and gives every other error.
func (e *postgresEngine) unread(err error, c *Checkup, x Damage) error {
	if err == nil || !errors.Is(err, ErrDamaged) {
		return err
	}
	c.add(x)
	return nil
}

func texts(ctx context.Context, tx *sql.Tx, query string, args ...any) (all []string, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
