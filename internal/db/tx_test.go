package db_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/problem"
)

const pile = `CREATE TABLE test_pile (office_id TEXT NOT NULL, id TEXT NOT NULL, n BIGINT NOT NULL, data BYTEA, PRIMARY KEY (office_id, id))`

// eachPile runs a test on both databases with one table of its own.
func eachPile(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, pile)
		fn(t, d)
	})
}

func count(t testing.TB, d *db.DB) (n int) {
	t.Helper()
	one(t, d, &n, "SELECT count(*) FROM test_pile")
	return n
}

func one(t testing.TB, d *db.DB, into any, query string, args ...any) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.QueryRowContext(ctx, query, args...).Scan(into)
	})
	if err != nil {
		t.Fatal(err)
	}
}

const insert = "INSERT INTO test_pile (office_id, id, n) VALUES ('o', $1, $2)"

func TestWriteUndoesWhatFailed(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		own := errors.New("the room's own")
		after := 0
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			tx.AfterCommit(func() { after++ })
			if _, err := tx.ExecContext(ctx, insert, "a", 1); err != nil {
				return err
			}
			return own
		})
		if !errors.Is(err, own) || count(t, d) != 0 || after != 0 {
			t.Errorf("%v, %d rows, %d functions after a commit that was none", err, count(t, d), after)
		}
		func() {
			defer func() { recover() }() //nolint:errcheck // the panic is the test's
			_ = d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				if _, err := tx.ExecContext(ctx, insert, "a", 1); err != nil {
					return err
				}
				panic("in the middle")
			})
		}()
		if count(t, d) != 0 {
			t.Error("a panic committed")
		}
		write(t, d, insert, "a", 1) // and the database goes on
	})
}

func TestAfterCommitInOrder(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		var got []int
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			got = nil
			for i := range 3 {
				tx.AfterCommit(func() { got = append(got, i) })
			}
			_, err := tx.ExecContext(ctx, insert, "a", 1)
			return err
		})
		if err != nil || !slices.Equal(got, []int{0, 1, 2}) {
			t.Errorf("%v, %v", got, err)
		}
	})
}

// A transaction inside another one of the same database would wait for itself on
// SQLite; it is refused on both. One of another database is lawful.
func TestNested(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, other *db.DB) {
		nothing := func(context.Context, *db.Tx) error { return nil }
		for name, inner := range map[string]func(context.Context) error{
			"write": func(ctx context.Context) error { return d.Write(ctx, nothing) },
			"read":  func(ctx context.Context) error { return d.Read(ctx, nothing) },
		} {
			for _, outer := range []func(context.Context, func(context.Context, *db.Tx) error) error{d.Write, d.Read} {
				err := outer(t.Context(), func(ctx context.Context, _ *db.Tx) error { return inner(ctx) })
				if err == nil || !strings.Contains(err.Error(), "inside another one") {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		err := d.Write(t.Context(), func(ctx context.Context, _ *db.Tx) error { return other.Write(ctx, nothing) })
		if err != nil {
			t.Errorf("another database: %v", err)
		}
	})
}

func TestReadWritesNothing(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, insert, "a", 1)
			return err
		})
		if !errors.Is(err, db.ErrReadOnly) || count(t, d) != 0 {
			t.Errorf("a reader wrote: %v", err)
		}
	})
}

// TestOneSnapshot: what is committed while a reader reads, it does not see.
func TestOneSnapshot(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		var before, after int
		err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM test_pile").Scan(&before); err != nil {
				return err
			}
			done := make(chan struct{})
			go func() { defer close(done); write(t, d, insert, "a", 1) }()
			<-done
			return tx.QueryRowContext(ctx, "SELECT count(*) FROM test_pile").Scan(&after)
		})
		if err != nil || before != 0 || after != 0 || count(t, d) != 1 {
			t.Errorf("%d, then %d: %v", before, after, err)
		}
	})
}

// TestRetries: writers in each other's way lose nothing; they are repeated.
func TestRetries(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		write(t, d, insert, "counter", 0)
		const writers, each = 6, 10
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				for range each {
					err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						var n int
						if err := tx.QueryRowContext(ctx, "SELECT n FROM test_pile WHERE id = 'counter'").Scan(&n); err != nil {
							return err
						}
						_, err := tx.ExecContext(ctx, "UPDATE test_pile SET n = $1 WHERE id = 'counter'", n+1)
						return err
					})
					if err != nil && !errors.Is(err, db.ErrBusy) {
						t.Error(err)
					}
					if err != nil {
						all.Go(func() { write(t, d, "UPDATE test_pile SET n = n + 1 WHERE id = 'counter'") })
					}
				}
			})
		}
		all.Wait()
		var n int
		one(t, d, &n, "SELECT n FROM test_pile WHERE id = 'counter'")
		if n != writers*each {
			t.Errorf("%d of %d increments are there", n, writers*each)
		}
	})
}

// TestWriteAlone: a long writer among many short ones is through at its first try,
// and nothing of theirs is lost. Without being alone it loses to every one of them.
func TestWriteAlone(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		write(t, d, insert, "counter", 0)
		alone, short := amongShortWriters(t, d, d.WriteAlone)
		if alone != 1 {
			t.Errorf("the long transaction ran %d times", alone)
		}
		if d.Dialect() == db.PostgreSQL {
			again, more := amongShortWriters(t, d, d.Write)
			if again < 2 {
				t.Errorf("the control ran %d times: the short writers are not in its way", again)
			}
			short += more // the control gave up, and wrote nothing
		}
		var n int
		one(t, d, &n, "SELECT n FROM test_pile WHERE id = 'counter'")
		if n != alone+short {
			t.Errorf("the counter stands at %d after %d and %d increments", n, alone, short)
		}
	})
}

// amongShortWriters has a long transaction read, take its time and write, while short
// ones write what it reads; it says how often the long one ran and how many short
// ones there were.
func amongShortWriters(t *testing.T, d *db.DB, long func(context.Context, func(context.Context, *db.Tx) error) error) (ran, short int) {
	t.Helper()
	done := make(chan struct{})
	var others sync.WaitGroup
	var begun sync.Once
	writing := make(chan struct{})
	others.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				write(t, d, "UPDATE test_pile SET n = n + 1 WHERE id = 'counter'")
				short++
				begun.Do(func() { close(writing) })
			}
		}
	})
	<-writing
	err := long(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		ran++
		if ran == 3 {
			return errLongEnough
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT n FROM test_pile WHERE id = 'counter'").Scan(&n); err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
		_, err := tx.ExecContext(ctx, "UPDATE test_pile SET n = $1 WHERE id = 'counter'", n+1)
		return err
	})
	close(done)
	others.Wait()
	if err != nil && !errors.Is(err, errLongEnough) {
		t.Error(err)
	}
	return ran, short
}

var errLongEnough = errors.New("the control need not go on")

func TestUnique(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		write(t, d, insert, "a", 1)
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, insert, "a", 2)
			return err
		})
		if !db.IsUnique(err) {
			t.Errorf("%T %v", err, err)
		}
	})
}

// TestErrorsHoldNoValues sends values that every layer would like to print.
func TestErrorsHoldNoValues(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		const canary = "Аминат-Canary-1991"
		write(t, d, insert, canary, 1)
		for name, fn := range map[string]func(ctx context.Context, tx *db.Tx) error{
			"twice": func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, insert, canary, 2)
				return err
			},
			"scan": func(ctx context.Context, tx *db.Tx) error {
				var n int
				return tx.QueryRowContext(ctx, "SELECT id FROM test_pile").Scan(&n)
			},
			"type": func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO test_pile (office_id, id, n) VALUES ('o', 'b', CAST(CAST($1 AS text) AS bigint) / 0)", canary)
				if err == nil {
					err = errors.New("SQLite takes it")
				}
				return err
			},
			"argument": func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, insert, struct{ name string }{canary}, 2)
				return err
			},
			"not text": func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, insert, canary+"\xff", 2)
				return err
			},
			"zero byte": func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, insert, canary+"\x00", 2)
				return err
			},
			"null": func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO test_pile (office_id, id, n) VALUES ($1, $1, NULL)", canary)
				return err
			},
		} {
			err := d.Write(t.Context(), fn)
			if err == nil {
				t.Errorf("%s: no error", name)
			}
			tells(t, name, err, canary)
			if strings.HasPrefix(name, "not text") && !errors.Is(err, db.ErrText) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// tells looks through an error's whole chain.
func tells(t *testing.T, name string, err error, canary string) {
	t.Helper()
	if err == nil {
		return
	}
	if strings.Contains(fmt.Sprintf("%v %#v", err, err), canary[len(canary)-11:]) {
		t.Errorf("%s: an error repeats what was sent", name)
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		tells(t, name, e.Unwrap(), canary)
	case interface{ Unwrap() []error }:
		for _, err := range e.Unwrap() {
			tells(t, name, err, canary)
		}
	}
}

// Parameters mean the same on both, in whatever order a query names them.
func TestParametersByNumber(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		write(t, d, "INSERT INTO test_pile (n, id, office_id) VALUES ($2, $1, $3)", "the id", 7, "o")
		var id string
		one(t, d, &id, "SELECT id FROM test_pile WHERE n = $2 AND office_id = $1 /* $9 */ AND id <> '$3'", "o", 7)
		if id != "the id" {
			t.Error("a column was exchanged with another")
		}
	})
}

func TestPositional(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"VALUES ($2, $1)":           "VALUES (?2, ?1)",
		"x = $10":                   "x = ?10",
		"no parameters":             "no parameters",
		"'$1' = $1":                 "'$1' = ?1",
		"'it''s $1' = $1":           "'it''s $1' = ?1",
		`"a$1" = $1`:                `"a$1" = ?1`,
		"-- $1\n$1":                 "-- $1\n?1",
		"/* $1 */ $1":               "/* $1 */ ?1",
		"-- $1":                     "-- $1",
		"'open $1":                  "'open $1",
		"a$1":                       "a$1",
		"$$ $1":                     "$$ ?1",
		"$0 $x $":                   "$0 $x $",
		"я$1":                       "я$1",
		"CAST($1 AS text) || $1":    "CAST(?1 AS text) || ?1",
		"a/$1-$2":                   "a/?1-?2",
		"'x' /* ' */ = $1 -- '\n$2": "'x' /* ' */ = ?1 -- '\n?2",
	} {
		if got := db.Positional(query); got != want {
			t.Errorf("%q becomes %q, want %q", query, got, want)
		}
	}
}

func TestVersionNumber(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]int{"3.51.3": db.MinSQLite, "3.9.0": 3009000, "": 0, "x": 0} {
		if got := db.Number(version); got != want {
			t.Errorf("%q is %d, want %d", version, got, want)
		}
	}
}

// A schema from a later Homeward is refused and not touched.
func TestSchemaTooNew(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, _, d *db.DB) {
		file := func(version int, table string) *fstest.MapFile {
			return &fstest.MapFile{Data: fmt.Appendf(nil, "-- +goose Up\nCREATE TABLE %s (office_id TEXT NOT NULL, PRIMARY KEY (office_id));\n-- +goose Down\nDROP TABLE %s;\n", table, table)}
		}
		old := fstest.MapFS{"0001_a.sql": file(1, "test_a")}
		newer := fstest.MapFS{"0001_a.sql": old["0001_a.sql"], "0002_b.sql": file(2, "test_b")}
		for _, step := range []struct {
			files fs.FS
			want  error
		}{{old, nil}, {newer, nil}, {newer, nil}, {old, db.ErrTooNew}} {
			if err := d.Migrate(t.Context(), step.files); !errors.Is(err, step.want) {
				t.Fatal(err, step.want)
			}
		}
		p, ok := problem.As(d.Migrate(t.Context(), old))
		if !ok || p.Args["found"] != int64(2) {
			t.Error("the problem does not say which version was found")
		}
		var n int
		one(t, d, &n, "SELECT count(*) FROM test_b")
	})
}

// A migration that fails leaves nothing of itself.
func TestMigrationFails(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, _, d *db.DB) {
		bad := fstest.MapFS{"0001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE test_a (id TEXT);\nCREATE TABEL oops (id TEXT);\n-- +goose Down\n")}}
		if d.Migrate(t.Context(), bad) == nil {
			t.Fatal("a broken migration is taken")
		}
		write(t, d, "CREATE TABLE test_a (id TEXT)")
	})
}

func TestClose(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		inside, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			ended <- d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				if _, err := tx.ExecContext(ctx, insert, "a", 1); err != nil {
					return err
				}
				close(inside)
				time.Sleep(50 * time.Millisecond)
				_, err := tx.ExecContext(ctx, insert, "b", 1)
				return err
			})
		}()
		<-inside
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil && !errors.Is(err, db.ErrClosed) {
			t.Errorf("a transaction that Close cut short: %v", err)
		}
		for name, err := range map[string]error{
			"write": d.Write(t.Context(), func(context.Context, *db.Tx) error { return nil }),
			"read":  d.Read(t.Context(), func(context.Context, *db.Tx) error { return nil }),
			"scrub": d.Scrub(t.Context()),
		} {
			if !errors.Is(err, db.ErrClosed) {
				t.Errorf("%s after Close: %v", name, err)
			}
		}
		if err := d.Close(); err != nil {
			t.Error("closing twice:", err)
		}
	})
}

// What the caller gives up is given up; what was committed stays.
func TestCancelled(t *testing.T) {
	eachPile(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.ExecContext(ctx, insert, "a", 1); err != nil {
				return err
			}
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) || count(t, d) != 0 {
			t.Errorf("%v, %d rows", err, count(t, d))
		}
		if err := d.Write(ctx, nil); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		write(t, d, insert, "a", 1)
	})
}

func TestAddress(t *testing.T) {
	t.Parallel()
	_, err := db.OpenPostgres(t.Context(), "postgres://user:SECRET@host:port/x")
	if !errors.Is(err, db.ErrAddress) || strings.Contains(fmt.Sprint(err, errors.Unwrap(err)), "SECRET") {
		t.Error(err)
	}
	_, err = db.OpenPostgres(t.Context(), "postgres://user@/x?host="+t.TempDir())
	if !errors.Is(err, db.ErrUnreachable) {
		t.Error(err)
	}
	_, err = db.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "no", "such", "folder", "x.db"), dbtest.Key)
	if !errors.Is(err, db.ErrUnreachable) {
		t.Error(err)
	}
	_, err = db.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "x.db"), func() []byte { return nil })
	if err == nil {
		t.Error("a database without a key")
	}
}
