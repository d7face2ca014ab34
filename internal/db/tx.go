package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// Tx is a transaction as the rooms see it. It has the four methods that sqlc's
// generated code asks for; its queries have the parameters $1, $2 … on both
// databases. A Tx is used by one goroutine and is dead when the function that
// was given it returns.
type Tx struct {
	inner  *sql.Tx
	engine engine
	stop   func() // ends the transaction's own context
	after  []func()
}

// ExecContext runs a statement that gives no rows.
func (t *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r, err := t.inner.ExecContext(ctx, query, portable(args)...)
	return r, discreet(err)
}

// QueryContext runs a query. On SQLite and PostgreSQL alike its rows are to be
// read to the end or closed before the next statement of the transaction.
func (t *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r, err := t.inner.QueryContext(ctx, query, portable(args)...)
	return r, discreet(err)
}

// QueryRowContext runs a query that gives at most one row.
func (t *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return t.inner.QueryRowContext(ctx, query, portable(args)...)
}

// PrepareContext prepares a statement for the length of the transaction.
func (t *Tx) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	s, err := t.inner.PrepareContext(ctx, query)
	return s, discreet(err)
}

// AfterCommit has fn run once, when and only if the transaction is committed, in
// the order of the calls. It is for what lives in memory and follows the database.
// fn must be quick, cannot fail, and must not begin a transaction.
func (t *Tx) AfterCommit(fn func()) { t.after = append(t.after, fn) }

// Attempt runs a part of a transaction that reads and whose failing by damage does not
// end the transaction: afterwards IsDamage says whether the rest can still be read. On
// SQLite such an error may end the one moment that a transaction sees.
func (t *Tx) Attempt(ctx context.Context, fn func() error) error {
	if t.engine.dialect() == SQLite {
		return explain(t.engine, fn())
	}
	if _, err := t.inner.ExecContext(ctx, "SAVEPOINT attempt"); err != nil {
		return err
	}
	if err := fn(); err != nil {
		_, again := t.inner.ExecContext(ctx, "ROLLBACK TO SAVEPOINT attempt")
		return explain(t.engine, errors.Join(err, again))
	}
	_, err := t.inner.ExecContext(ctx, "RELEASE SAVEPOINT attempt")
	return err
}

// commitTime is how long a database may take to answer a COMMIT before its
// outcome is called unknown.
const commitTime = 30 * time.Second

func (t *Tx) commit() error {
	limit := time.AfterFunc(commitTime, t.stop)
	err := t.inner.Commit()
	limit.Stop()
	if err != nil {
		return err
	}
	for _, fn := range t.after {
		fn()
	}
	return nil
}

// end undoes a transaction that was not committed. The error of a rollback tells
// nothing new: the connection is gone, and the transaction with it.
func (t *Tx) end() {
	_ = t.inner.Rollback()
	t.stop()
}

// portable replaces the arguments that only one of the databases would take:
// PostgreSQL refuses text that is not UTF-8 or holds a zero byte, SQLite keeps
// both. Here both refuse, with the same error.
func portable(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok && (!utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0) {
			clean := append([]any(nil), args...)
			clean[i] = badText{}
			return clean
		}
	}
	return args
}

// badText is an argument that cannot be sent; database/sql reports its error.
type badText struct{}

func (badText) Value() (driver.Value, error) { return nil, ErrText }
