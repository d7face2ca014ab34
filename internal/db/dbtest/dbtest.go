// Package dbtest gives tests fresh databases of both kinds, so that every room
// that stores something is held to one suite: Each runs a test on SQLite and on
// PostgreSQL and fails when the second cannot be had.
//
// PostgreSQL comes from HOMEWARD_TEST_POSTGRES when that holds the address of a
// running server (make starts one for the whole run). Otherwise each test process
// starts a private one, on a unix socket in a folder of its own, which ends with
// the process however that ends. It keeps its promises (fsync is on), but where
// the machine has a disk in memory it lives there.
//
// HOMEWARD_TEST_POSTGRES=absent skips these tests, and says so.
package dbtest

import (
	"bytes"
	"path/filepath"
	"testing"

	"homeward/internal/db"
)

// Key is the key of every SQLite database made here. It protects nothing.
func Key() []byte { return bytes.Repeat([]byte{0x5a}, 32) }

// Each runs fn as the subtests "sqlite" and "postgres", each on a fresh database
// with the main sequence of migrations.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, PostgreSQL(t)) })
}

// EachPair is Each with a second, empty database of the same kind: the keyring,
// which the vault migrates by its own sequence.
func EachPair(t *testing.T, fn func(t *testing.T, main, keyring *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t), openSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, PostgreSQL(t), openPostgres(t, Postgres(t))) })
}

// SQLite gives a fresh migrated database in a temporary folder.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	d := openSQLite(t)
	migrate(t, d)
	return d
}

// PostgreSQL gives a fresh migrated database on the test server.
func PostgreSQL(t testing.TB) *db.DB {
	t.Helper()
	return openPostgres(t, fresh(t, template(t)))
}

// Postgres gives the address of a fresh, empty database on the test server, for
// tests that start a whole program.
func Postgres(t testing.TB) string {
	t.Helper()
	return fresh(t, "template0")
}

func openSQLite(t testing.TB) *db.DB {
	t.Helper()
	d, err := db.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "homeward.db"), Key)
	return opened(t, d, err)
}

func openPostgres(t testing.TB, url string) *db.DB {
	t.Helper()
	d, err := db.OpenPostgres(t.Context(), url)
	return opened(t, d, err)
}

func opened(t testing.TB, d *db.DB, err error) *db.DB {
	t.Helper()
	if err != nil {
		fatal(t, err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return d
}

func migrate(t testing.TB, d *db.DB) {
	t.Helper()
	if err := d.Migrate(t.Context(), db.Migrations()); err != nil {
		fatal(t, err)
	}
}

// fatal ends the test with the whole chain of an error: a problem's sentence is
// for people, and a test wants the cause.
func fatal(t testing.TB, err error) {
	t.Helper()
	for ; err != nil; err = unwrap(err) {
		t.Logf("%T: %v", err, err)
	}
	t.FailNow()
}

func unwrap(err error) error {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return e.Unwrap()
	case interface{ Unwrap() []error }:
		return e.Unwrap()[0]
	}
	return nil
}

// EmptySQLite gives a fresh SQLite database without tables: a keyring, for one.
func EmptySQLite(t testing.TB) *db.DB {
	t.Helper()
	return openSQLite(t)
}
