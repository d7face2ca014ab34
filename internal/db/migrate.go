package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var embedded embed.FS

// Migrations is the main sequence: one file for each room, in the order of the
// floors.
func Migrations() fs.FS {
	sub, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic("db: the embedded folder has another name: " + err.Error())
	}
	return sub
}

// The tables in which goose notes what was done; no room's table begins so.
const (
	versionTable = "db_migration"
	lockTable    = "db_migration_lock"
)

// Migrate brings the schema up to the newest file in fsys, each file in one
// transaction. A database that is newer than the program is refused untouched.
func (d *DB) Migrate(ctx context.Context, fsys fs.FS) error {
	return d.maintain(ctx, func(ctx context.Context, p *pools) error {
		provider, err := d.provider(p, fsys)
		if errors.Is(err, goose.ErrNoMigrations) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("db: read the migrations: %w", err)
		}
		current, newest, err := provider.GetVersions(ctx)
		if err != nil {
			// goose takes a version table that it cannot read for one that is not there.
			var n int
			if unread := p.write.QueryRowContext(ctx, "SELECT count(*) FROM "+versionTable).Scan(&n); d.engine.classify(unread) == faultDamaged {
				err = unread
			}
			return fmt.Errorf("db: read the schema's version: %w", err)
		}
		if current > newest {
			return ErrTooNew.With("have", newest).With("found", current)
		}
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("db: migrate: %w", err)
		}
		return nil
	})
}

func (d *DB) provider(p *pools, fsys fs.FS) (*goose.Provider, error) {
	options := []goose.ProviderOption{
		goose.WithTableName(versionTable),
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()),
	}
	if d.Dialect() == SQLite {
		return goose.NewProvider(goose.DialectSQLite3, p.write, fsys, options...)
	}
	// Two processes may start at once. A row in a table, not an advisory lock,
	// which distributed PostgreSQL lacks.
	one, err := lock.NewPostgresTableLocker(lock.WithTableName(lockTable),
		lock.WithTableLockTimeout(lockWait, lockTries))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, p.write, fsys, append(options, goose.WithLocker(one))...)
}

// How long a second process waits for the first to finish migrating.
const (
	lockWait  = 500 * time.Millisecond
	lockTries = 240
)
