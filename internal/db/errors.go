package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"homeward/internal/problem"
)

// What can go wrong with a database, for the person who meets it.
var (
	ErrClosed = problem.New(problem.Locked, "db.closed",
		"The office is locked", "unlock it and try again")
	ErrBusy = problem.New(problem.Unavailable, "db.busy",
		"The database is busy with other work", "try again in a moment")
	ErrFull = problem.New(problem.Unavailable, "db.full",
		"The disk is full and nothing was saved", "free some space on it and try again; what was saved before is safe")
	ErrUnreachable = problem.New(problem.Unavailable, "db.unreachable",
		"The database cannot be reached and nothing was saved", "check that it is running and that its disk is connected, then try again")
	ErrUnsure = problem.New(problem.Unavailable, "db.unsure",
		"The database did not confirm that it saved this", "look whether it is there before doing it again")
	ErrReadOnly = problem.New(problem.Unavailable, "db.readonly",
		"The database may be read but not written", "check the permissions of the office's folder, or that the server is not a standby")
	ErrDamaged = problem.New(problem.Unavailable, "db.damaged",
		"The database cannot be read: a part of it is damaged, or it is not this office's",
		"do not write to it; put the latest backup into an empty folder by homeward restore, and run homeward verify there")
	ErrTooNew = problem.New(problem.Unavailable, "db.newer",
		"The database was written by a newer Homeward", "install that version or a later one; nothing was changed")
	ErrUnsafe = problem.New(problem.Unavailable, "db.unsafe",
		"The database will not keep its word after a power cut", "set what the log names and start again")
	ErrText = problem.New(problem.Invalid, "db.text",
		"The text holds bytes that are not letters", "save the file again as UTF-8 and remove invisible characters")
	ErrAddress = problem.New(problem.Invalid, "db.address",
		"The database's address cannot be used", "write it as postgres://user@host/name")
)

// errNested is a mistake in the calling code: on SQLite it would wait for itself.
var errNested = errors.New("db: a transaction was begun inside another one of the same database")

// errValue stands in for an error that would repeat a value.
var errValue = errors.New("db: a value could not be sent or read as the type that was asked for (a column and its query disagree)")

// fault is what an error of a driver means.
type fault int

const (
	faultNone     fault = iota // not the database's error, or of no special meaning
	faultRetry                 // another transaction was in the way; do it again
	faultUnique                // a row with this key is there already
	faultFull                  // no room on the disk
	faultReadOnly              // no permission to write
	faultDamaged               // wrong key, or not a database any more
	faultLost                  // connection or disk failed
)

// explain turns an error of the database into a problem with words. What already
// has words keeps them, and what did not come from the database is left alone.
func explain(e engine, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := problem.As(err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err // the caller gave up; the database is not to blame
	}
	switch e.classify(err) {
	case faultRetry:
		return ErrBusy.Wrap(err)
	case faultFull:
		return ErrFull.Wrap(err)
	case faultReadOnly:
		return ErrReadOnly.Wrap(err)
	case faultDamaged:
		return damaged(e, err)
	case faultLost:
		return ErrUnreachable.Wrap(err)
	case faultUnique:
		return &uniqueError{err}
	case faultNone:
		if tells(err) {
			return errValue
		}
	}
	return err
}

// tells reports whether err repeats a value: database/sql prints the one that it
// could not scan, pgx the one that it could not send. Both are mistakes in our
// code; neither may put a name into a log.
func tells(err error) bool {
	text := err.Error()
	return strings.Contains(text, "sql: Scan error") || strings.Contains(text, "encode args[")
}

// uniqueError marks that a row with the same key is there already.
type uniqueError struct{ cause error }

func (e *uniqueError) Error() string { return "db: " + e.cause.Error() }
func (e *uniqueError) Unwrap() error { return e.cause }

// IsUnique reports whether a Write failed because a row with the same key is
// there already. Inside a transaction use ON CONFLICT: PostgreSQL ends a
// transaction at its first error.
func IsUnique(err error) bool {
	var u *uniqueError
	return errors.As(err, &u)
}

// discreet lets pass the errors that are known to hold no value from a statement,
// and replaces every other: the drivers print the argument they cannot encode.
func discreet(err error) error {
	if err == nil {
		return nil
	}
	_, spoken := problem.As(err)
	var network net.Error
	switch {
	case spoken, isSQLite(err), isPostgres(err), errors.As(err, &network),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, sql.ErrTxDone), errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrNoRows),
		errors.Is(err, driver.ErrBadConn):
		return err
	default:
		return errValue
	}
}
