package db_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
)

// filled gives a closed database file with leaves, inner pages, indexes, overflow pages
// and pages that are free again.
func filled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	d := openIn(t, dir)
	write(t, d, "CREATE TABLE test_full (id INTEGER NOT NULL PRIMARY KEY, word TEXT NOT NULL, long TEXT NOT NULL)")
	write(t, d, "CREATE INDEX test_word ON test_full (word)")
	write(t, d, "CREATE TABLE test_gone (id INTEGER NOT NULL PRIMARY KEY, long TEXT NOT NULL)")
	must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for i := range 3000 {
			long := strings.Repeat("x", 50)
			if i%300 == 0 {
				long = strings.Repeat("y", 30_000)
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO test_full VALUES ($1, $2, $3)", i, fmt.Sprintf("word %d of many words", i*7919%3000), long); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO test_gone VALUES ($1, $2)", i, strings.Repeat("z", 60)); err != nil {
				return err
			}
		}
		return nil
	}))
	write(t, d, "DELETE FROM test_gone WHERE id > 100")
	must(t, d.Close())
	return filepath.Join(dir, "homeward.db")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestCheck flips one byte of every page of a file, one at a time. Each is named by its
// page, or the database says at the door that it is damaged; and where a page belongs to
// a table or an index, most are named with it.
func TestCheck(t *testing.T) {
	t.Parallel()
	name := filled(t)
	whole, err := os.ReadFile(name)
	must(t, err)
	if c := checkup(t, name); c == nil || len(c.Damages) > 0 || !c.Checksums || !c.Indexes || c.Pages != int64(len(whole)/4096) {
		t.Fatalf("an undamaged file gave %+v", c)
	}
	chance := rand.New(rand.NewPCG(2019, 10))
	where := map[string]int{}
	for page := range len(whole) / 4096 {
		at := page*4096 + chance.IntN(4096)
		where[flipped(t, name, whole, at)]++
	}
	t.Log(where)
	for _, want := range []string{"test_full", "test_full test_word", "", "the door"} {
		if where[want] == 0 {
			t.Errorf("no page of %q was named: %v", want, slicesOfKeys(where))
		}
	}
}

func slicesOfKeys(m map[string]int) (keys []string) {
	for k := range maps.Keys(m) {
		keys = append(keys, k)
	}
	return keys
}

// flipped flips one byte, wants its page named, says as whose, and puts the byte back.
func flipped(t *testing.T, name string, whole []byte, at int) string {
	t.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt([]byte{whole[at] ^ 0x10}, int64(at))
	must(t, err)
	defer func() {
		must(t, os.WriteFile(name, whole, 0o600))
		must(t, f.Close())
	}()
	c := checkup(t, name)
	if c == nil {
		return "the door"
	}
	for _, d := range c.Damages {
		if d.Page == int64(at/4096)+1 && d.Fault == db.FaultChecksum {
			return strings.TrimSpace(d.Table + " " + d.Index)
		}
	}
	t.Errorf("byte %d (page %d) is not named: %+v", at, at/4096+1, c.Damages)
	return "nobody"
}

// checkup opens and checks a file; nil when it was refused as damaged.
func checkup(t *testing.T, name string) *db.Checkup {
	t.Helper()
	d, err := db.OpenSQLite(t.Context(), name, dbtest.Key)
	if errors.Is(err, db.ErrDamaged) {
		if !strings.Contains(err.Error(), "homeward.db") {
			t.Errorf("the error does not name the file: %v", err)
		}
		return nil
	}
	must(t, err)
	defer d.Close() //nolint:errcheck // a test's
	c, err := d.Check(t.Context())
	must(t, err)
	return &c
}

// TestCheckIndex: an index that somebody with the key emptied of one entry is named,
// although every page fits its checksum.
func TestCheckIndex(t *testing.T) {
	t.Parallel()
	d := openIn(t, t.TempDir())
	write(t, d, "CREATE TABLE test_full (id INTEGER NOT NULL PRIMARY KEY, word TEXT NOT NULL)")
	write(t, d, "INSERT INTO test_full VALUES (1, 'one'), (2, 'two')")
	write(t, d, "CREATE INDEX test_word ON test_full (word) WHERE word <> 'two'")
	c, err := d.Check(t.Context())
	must(t, err)
	if len(c.Damages) > 0 {
		t.Fatalf("before: %+v", c.Damages)
	}
	write(t, d, "PRAGMA writable_schema=ON")
	write(t, d, "UPDATE sqlite_schema SET sql = 'CREATE INDEX test_word ON test_full (word)' WHERE name = 'test_word'")
	c, err = d.Check(t.Context())
	must(t, err)
	if len(c.Damages) == 0 || c.Damages[0].Index != "test_word" || c.Damages[0].Table != "test_full" || c.Damages[0].Fault != db.FaultIndex {
		t.Errorf("after: %+v", c.Damages)
	}
}

// TestCheckPostgreSQL: a whole database is found whole, and the checkup says honestly
// what could not be asked.
func TestCheckPostgreSQL(t *testing.T) {
	t.Parallel()
	d := dbtest.PostgreSQL(t)
	c, err := d.Check(t.Context())
	must(t, err)
	if len(c.Damages) > 0 || c.Pages != 0 || c.Name == "" {
		t.Errorf("%+v", c)
	}
	t.Logf("checksums %v, indexes %v", c.Checksums, c.Indexes)
}

// TestBackupHasChecksums copies a database that does not fit into SQLite's cache: what
// is written of a copy before its first page must have checksums too.
func TestBackupHasChecksums(t *testing.T) {
	t.Parallel()
	d := openIn(t, t.TempDir())
	write(t, d, "CREATE TABLE test_big (id INTEGER NOT NULL PRIMARY KEY, long TEXT NOT NULL)")
	must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for i := range 9000 {
			if _, err := tx.ExecContext(ctx, "INSERT INTO test_big VALUES ($1, $2)", i, strings.Repeat("long ", 600)); err != nil {
				return err
			}
		}
		return nil
	}))
	dest := filepath.Join(t.TempDir(), "homeward.db")
	must(t, d.Backup(t.Context(), dest))
	must(t, d.Close())
	if c := checkup(t, dest); c == nil || !c.Checksums || c.Pages < 6000 || len(c.Damages) > 0 {
		t.Errorf("the copy: %+v", c)
	}
}
