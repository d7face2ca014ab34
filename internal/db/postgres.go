package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// OpenPostgres opens the database at url (postgres://user@host/name, or the
// key=value form of libpq). It must have been made for us:
//
//	createdb --template=template0 --encoding=UTF8 --locale=C homeward
func OpenPostgres(ctx context.Context, url string) (*DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The parser's error repeats the address, and with it perhaps a password.
		return nil, ErrAddress
	}
	config.Tracer = discretion{}
	return open(ctx, &postgresEngine{config: *config})
}

type postgresEngine struct{ config pgx.ConnConfig }

func (e *postgresEngine) dialect() Dialect { return PostgreSQL }
func (e *postgresEngine) called() string   { return e.config.Database }
func (e *postgresEngine) wipe()            {}

// maxConns is what one process takes of the server's connections (100 by default).
const maxConns = 16

func (e *postgresEngine) open(ctx context.Context) (*pools, error) {
	pool := stdlib.OpenDB(e.config, stdlib.OptionAfterConnect(assertServer))
	pool.SetMaxOpenConns(maxConns)
	pool.SetMaxIdleConns(maxConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &pools{write: pool, read: pool}, nil
}

func (e *postgresEngine) apart() (*sql.DB, error) {
	return stdlib.OpenDB(e.config, stdlib.OptionAfterConnect(assertServer)), nil
}

func (e *postgresEngine) snapshot() sql.IsolationLevel { return sql.LevelRepeatableRead }

// minPostgres is the oldest release line that still gets security fixes.
const minPostgres = 140000

// assertServer refuses a server that would answer COMMIT before the bytes are on
// its disk, or that orders text otherwise than SQLite does.
func assertServer(ctx context.Context, c *pgx.Conn) error {
	var version int
	var commit, fsync, pages, encoding string
	var bytewise bool
	err := c.QueryRow(ctx, `SELECT current_setting('server_version_num')::int,
		current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes'),
		current_setting('server_encoding'), 'Z' < 'a' AND '-z' < '0' AND 'a b' < 'aa'`).
		Scan(&version, &commit, &fsync, &pages, &encoding, &bytewise)
	switch {
	case err != nil:
		return err
	case version < minPostgres:
		return unsafe("PostgreSQL must be 14 or later")
	case commit != "on" && commit != "remote_apply":
		return unsafe("synchronous_commit must be on: ALTER DATABASE … SET synchronous_commit TO on")
	case fsync != "on" || pages != "on":
		return unsafe("fsync and full_page_writes must be on in postgresql.conf")
	case encoding != "UTF8" || !bytewise:
		return unsafe("text must be UTF8 in the order of its bytes: createdb --template=template0 --encoding=UTF8 --locale=C")
	}
	return nil
}

func unsafe(why string) error { return ErrUnsafe.Wrap(errors.New("db: " + why)) }

// discretion strips every error of a statement before its caller sees it, and so
// before anybody can put its text into another one. (pgx also has a hook for errors,
// but gives it a copy.)
type discretion struct{}

// TraceQueryStart is pgx's.
func (discretion) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd is pgx's.
func (discretion) TraceQueryEnd(_ context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	stripErr(data.Err)
}

// TracePrepareStart is pgx's.
func (discretion) TracePrepareStart(ctx context.Context, _ *pgx.Conn, _ pgx.TracePrepareStartData) context.Context {
	return ctx
}

// TracePrepareEnd is pgx's.
func (discretion) TracePrepareEnd(_ context.Context, _ *pgx.Conn, data pgx.TracePrepareEndData) {
	stripErr(data.Err)
}

func stripErr(err error) {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		strip(e)
	}
}

// strip takes out of a server's error what may repeat a value: the detail ("Key
// (name)=(…) already exists"), the context, and the message of a data error
// ("invalid input syntax for type bigint: …").
func strip(e *pgconn.PgError) {
	e.Detail, e.Where, e.InternalQuery, e.Hint = "", "", "", ""
	switch {
	case strings.HasPrefix(e.Code, "22"):
		e.Message = "a value does not fit its column"
	case strings.HasPrefix(e.Code, "23"):
		e.Message = "the constraint " + e.ConstraintName + " of " + e.TableName + " does not hold"
	}
}

// classify reads the SQLSTATE (PostgreSQL manual, appendix A).
func (e *postgresEngine) classify(err error) fault {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return classifyConnection(err)
	}
	switch pg.Code {
	case "40001", "40P01", "55P03": // serialization, deadlock, lock not available
		return faultRetry
	case "23505":
		return faultUnique
	case "53100": // disk full
		return faultFull
	case "25006", "42501": // read-only transaction, no privilege
		return faultReadOnly
	case "XX001", "XX002", "58P01": // damaged data, index, missing file
		return faultDamaged
	case "53300", "57P01", "57P02", "57P03", "58030": // too many, shutting down, starting, I/O error
		return faultLost
	}
	if strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "28") || pg.Code == "3D000" {
		return faultLost
	}
	return faultNone
}

// unanswered: a server that answers with an error has undone the transaction. One
// that goes away, or says that it is going, may have kept it.
func (e *postgresEngine) unanswered(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Severity == "FATAL" || pg.Severity == "PANIC" || strings.HasPrefix(pg.Code, "08")
	}
	// database/sql itself refuses to commit what was rolled back before.
	return !errors.Is(err, sql.ErrTxDone) && !errors.Is(err, driver.ErrBadConn)
}

func classifyConnection(err error) fault {
	var connect *pgconn.ConnectError
	var network *net.OpError
	if errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return faultLost
	}
	return faultNone
}

// isPostgres reports whether err is the server's or the connection's own, stripped
// of values.
func isPostgres(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) || classifyConnection(err) == faultLost
}

func (e *postgresEngine) scrub(ctx context.Context, p *pools) error {
	_, err := p.write.ExecContext(ctx, "VACUUM")
	return err
}

func (e *postgresEngine) backup(context.Context, *pools, string) error {
	return fmt.Errorf("db: a PostgreSQL database is backed up by pg_dump or its archive, not from here")
}
