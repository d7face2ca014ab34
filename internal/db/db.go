// Package db opens the house's database: one encrypted SQLite file in the
// office's folder, or PostgreSQL when one machine is outgrown. The rooms write
// their SQL once and do not ask which of the two is there.
//
// The way of a transaction: Write takes a connection, begins (BEGIN IMMEDIATE on
// SQLite, SERIALIZABLE on PostgreSQL), calls the room's function, and commits.
// When another transaction was in the way it does all of this again, so the
// function must be repeatable: it touches nothing but its Tx, and leaves what
// lives in memory to Tx.AfterCommit. Read gives one snapshot in which nothing
// can be written.
//
// The rules are:
//
//   - When Write returns nil, the bytes are on the disk. Every setting on which
//     that rests is set and then read back on every connection, and a database
//     that will not have it is refused at the door (synchronous=FULL on SQLite,
//     synchronous_commit, fsync and full_page_writes on PostgreSQL).
//   - When Write returns ErrUnsure, nobody knows. It is not repeated here.
//   - A SQLite handle that failed to reach its disk is not used again: it is
//     closed, reopened and checked first. What the kernel dropped after a failed
//     fsync is not made good by a second one that succeeds.
//   - No error holds a value that was in a statement or a row.
//
// On disk, SQLite is three files: the database, its -wal and its -shm. The first
// two are encrypted page by page (Adiantum); the third is an index of page
// numbers. No other program may open them: a SQLite before 3.51.3 can corrupt a
// database in WAL mode, and the one in the distribution is older.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"homeward/internal/problem"
)

// Dialect names the database behind a DB.
type Dialect string

// The two databases. Only goose, this package and tests need to know which.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgres"
)

// engine is where the two databases differ.
type engine interface {
	dialect() Dialect
	// called names the file or the server's database, for whoever has to find it.
	called() string
	// open makes connections and refuses a database that cannot keep its word.
	open(ctx context.Context) (*pools, error)
	// classify says what a driver's error means for the one who met it.
	classify(err error) fault
	// unanswered reports whether a COMMIT that gave err may have happened.
	unanswered(err error) bool
	// scrub rewrites the database without what was deleted.
	scrub(ctx context.Context, p *pools) error
	// backup writes a consistent, encrypted copy into a new file.
	backup(ctx context.Context, p *pools, dest string) error
	// check reads everything and says what is damaged. alone runs what must not meet a
	// writer.
	check(ctx context.Context, p *pools, alone func(context.Context, func() error) error) (Checkup, error)
	// apart opens a pool of its own beside the others, which nothing has used, and
	// snapshot is the isolation in which a transaction of it sees one moment.
	apart() (*sql.DB, error)
	snapshot() sql.IsolationLevel
	// wipe forgets the key. Nothing can be opened afterwards.
	wipe()
}

// pools are the open connections. On PostgreSQL both fields are the same pool.
type pools struct {
	write, read *sql.DB
	// suspect is set when a handle failed in a way that leaves its state unknown.
	suspect atomic.Bool
}

func (p *pools) close() error {
	if p.write == p.read {
		return p.write.Close()
	}
	return errors.Join(p.read.Close(), p.write.Close())
}

// DB is one open database. It is safe for concurrent use.
type DB struct {
	engine engine

	// turn is held by the one writer on SQLite, through its AfterCommit functions,
	// so that what they update in memory has the order of the commits.
	turn chan struct{}

	closing context.Context // cancelled when Close begins; ends transactions in flight
	close   context.CancelFunc

	mu     sync.RWMutex // held for reading by every transaction
	pools  *pools       // guarded by mu; nil between a failure and a reopening
	closed bool         // guarded by mu
}

func open(ctx context.Context, e engine) (*DB, error) {
	p, err := e.open(ctx)
	if err != nil {
		e.wipe()
		return nil, explain(e, err)
	}
	d := &DB{engine: e, pools: p}
	d.closing, d.close = context.WithCancel(context.Background())
	if e.dialect() == SQLite {
		d.turn = make(chan struct{}, 1)
	}
	return d, nil
}

// Dialect says which database is behind d.
func (d *DB) Dialect() Dialect { return d.engine.dialect() }

// Name is what the database is called where it lies: a file's name, or that of the
// server's database.
func (d *DB) Name() string { return d.engine.called() }

// Close ends the transactions in flight, closes every connection and forgets the
// key. Every later call gives ErrClosed.
func (d *DB) Close() error {
	d.close()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	defer d.engine.wipe()
	if d.pools == nil {
		return nil
	}
	return d.pools.close()
}

// attempts is how often a transaction is tried before its caller is told that
// the database is busy. With the pauses below that is about five seconds.
const attempts = 10

// Write runs fn in one transaction and commits it. fn may run more than once.
// An error from fn undoes the transaction and is returned as it is, unless it
// came from the database, in which case it says what a person can do.
//
// Once fn has returned, the commit no longer depends on ctx: a reader who closes
// the page at that moment does not leave its outcome unknown.
func (d *DB) Write(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return d.repeat(ctx, func() error { return d.transact(ctx, fn, false) })
}

// WriteAlone is Write for work so long that others would always be in its way: once
// those who write now have ended, nobody else writes until it has. Readers go on.
func (d *DB) WriteAlone(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if d.Dialect() == SQLite {
		return d.Write(ctx, fn) // which has one writer in any case
	}
	return d.repeat(ctx, func() error {
		lock, err := d.lockAll(ctx)
		if err != nil {
			return err
		}
		return d.transact(ctx, func(ctx context.Context, tx *Tx) error {
			// Before anything is read: what is seen is seen from the lock on.
			if _, err := tx.ExecContext(ctx, lock); err != nil {
				return err
			}
			return fn(ctx, tx)
		}, false)
	})
}

// lockAll is the statement that keeps other writers from every table of ours.
func (d *DB) lockAll(ctx context.Context) (string, error) {
	var tables string
	err := d.transact(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.QueryRowContext(ctx, `SELECT string_agg(quote_ident(n.nspname) || '.' || quote_ident(t.relname), ', ' ORDER BY t.relname)
			FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
			WHERE t.relkind = 'r' AND n.nspname = current_schema()`).Scan(&tables)
	}, true)
	return "LOCK TABLE " + tables + " IN EXCLUSIVE MODE", err
}

// repeat tries a transaction until nobody is in its way.
func (d *DB) repeat(ctx context.Context, transact func() error) error {
	for n := 1; ; n++ {
		err := transact()
		if err == nil {
			return nil
		}
		if d.engine.classify(err) != faultRetry {
			return explain(d.engine, err)
		}
		if n == attempts {
			return ErrBusy.Wrap(err)
		}
		if err := pause(ctx, n); err != nil {
			return err
		}
	}
}

// Read runs fn in a transaction that sees one moment and writes nothing.
func (d *DB) Read(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return explain(d.engine, d.transact(ctx, fn, true))
}

// pause waits before the nth repetition: 1 ms doubling to 1 s, half of it chance,
// so that two writers who collided do not collide again.
func pause(ctx context.Context, n int) error {
	d := min(time.Millisecond<<n, time.Second)
	d = d/2 + rand.N(d/2)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// inside marks a context whose transaction on one DB has not ended.
type inside struct{ d *DB }

// transact runs fn once, in a transaction of its own.
func (d *DB) transact(ctx context.Context, fn func(context.Context, *Tx) error, readOnly bool) error {
	if ctx.Value(inside{d}) != nil {
		return errNested
	}
	if !readOnly {
		if err := d.takeTurn(ctx); err != nil {
			return err
		}
		defer d.endTurn()
	}
	p, err := d.use(ctx)
	if err != nil {
		return err
	}
	defer d.mu.RUnlock()
	tx, err := d.begin(ctx, p, readOnly)
	if err != nil {
		d.inspect(p, err)
		return d.ended(err)
	}
	defer tx.end() // also when fn panics
	if err := fn(context.WithValue(ctx, inside{d}, true), tx); err != nil {
		d.inspect(p, err)
		return d.ended(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.commit(); err != nil {
		d.inspect(p, err)
		if d.engine.unanswered(err) {
			return ErrUnsure.Wrap(err)
		}
		return d.ended(err)
	}
	return nil
}

// ended gives the error of a transaction that failed, or that Close cut short.
func (d *DB) ended(err error) error {
	if _, spoken := problem.As(err); !spoken && d.closing.Err() != nil {
		return ErrClosed.Wrap(err)
	}
	return err
}

func (d *DB) takeTurn(ctx context.Context) error {
	if d.turn == nil {
		return nil
	}
	select {
	case d.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-d.closing.Done():
		return ErrClosed
	}
}

func (d *DB) endTurn() {
	if d.turn != nil {
		<-d.turn
	}
}

// begin starts a transaction that ctx can stop while it waits for a connection,
// and that afterwards only Close stops: what fn asks of the database is asked
// with fn's own context.
func (d *DB) begin(ctx context.Context, p *pools, readOnly bool) (*Tx, error) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unlink := context.AfterFunc(ctx, cancel)
	unhook := context.AfterFunc(d.closing, cancel)
	pool, options := p.write, &sql.TxOptions{Isolation: sql.LevelSerializable}
	if readOnly {
		pool, options = p.read, &sql.TxOptions{ReadOnly: true}
		if d.Dialect() == PostgreSQL {
			// One snapshot, as SQLite gives; it never has to be repeated.
			options.Isolation = sql.LevelRepeatableRead
		}
	}
	inner, err := pool.BeginTx(own, options)
	if !unlink() && err == nil {
		err = errors.Join(ctx.Err(), inner.Rollback())
	}
	if err != nil {
		unhook()
		cancel()
		return nil, err
	}
	return &Tx{inner: inner, engine: d.engine, stop: func() { unhook(); cancel() }}, nil
}

// use takes the lock that keeps the connections open, reopening them first when
// they are suspect. The caller gives the lock back with d.mu.RUnlock.
func (d *DB) use(ctx context.Context) (*pools, error) {
	for {
		d.mu.RLock()
		if d.closed || d.closing.Err() != nil {
			d.mu.RUnlock()
			return nil, ErrClosed
		}
		if p := d.pools; p != nil && !p.suspect.Load() {
			return p, nil
		}
		d.mu.RUnlock()
		if err := d.reopen(ctx); err != nil {
			return nil, err
		}
	}
}

// inspect marks the connections suspect when err says that they may be.
func (d *DB) inspect(p *pools, err error) {
	if d.Dialect() == SQLite && d.engine.classify(err) == faultLost {
		p.suspect.Store(true)
	}
}

// reopen replaces suspect connections. Closing the last connection moves what was
// safely committed out of the write-ahead log; opening checks the settings again.
func (d *DB) reopen(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return ErrClosed
	}
	if d.pools != nil && !d.pools.suspect.Load() {
		return nil // another transaction was first
	}
	if d.pools != nil {
		old := d.pools
		d.pools = nil
		if err := old.close(); err != nil {
			return fmt.Errorf("db: close suspect connections: %w", err)
		}
	}
	p, err := d.engine.open(ctx)
	if err != nil {
		return err
	}
	if err := recoverLog(ctx, p.write); err != nil {
		return errors.Join(err, p.close())
	}
	d.pools = p
	return nil
}

// Scrub makes deleted bytes unrecoverable from the database's own files: on SQLite
// what was deleted is overwritten, the file rebuilt and the write-ahead log
// emptied; on PostgreSQL every table is vacuumed. It is slow, and it is not
// erasure by itself: backups and archives keep what they have until the keys go.
func (d *DB) Scrub(ctx context.Context) error {
	return d.maintain(ctx, d.engine.scrub)
}

// Backup writes a consistent copy into the new file dest while others go on
// working. The copy is encrypted under the same key and never passes through
// plaintext on a disk. On PostgreSQL it is an error: pg_dump or the archive is
// the tool there.
func (d *DB) Backup(ctx context.Context, dest string) error {
	return explain(d.engine, func() error {
		p, err := d.use(ctx)
		if err != nil {
			return err
		}
		defer d.mu.RUnlock()
		return d.engine.backup(ctx, p, dest)
	}())
}

// maintain runs work that needs the writer's connection outside a transaction.
func (d *DB) maintain(ctx context.Context, work func(context.Context, *pools) error) error {
	return explain(d.engine, func() error {
		if err := d.takeTurn(ctx); err != nil {
			return err
		}
		defer d.endTurn()
		p, err := d.use(ctx)
		if err != nil {
			return err
		}
		defer d.mu.RUnlock()
		err = work(ctx, p)
		d.inspect(p, err)
		return err
	}())
}
