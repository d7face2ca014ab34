package db_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"lukechampine.com/adiantum"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
)

// decrypted gives the files of a SQLite database as SQLite sees them: what a thief
// with the key would read.
func decrypted(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	cipher := adiantum.New(dbtest.Key())
	files := map[string][]byte{}
	for name, data := range raw(t, dir) {
		if strings.HasSuffix(name, "-shm") {
			continue
		}
		for at := 0; at+sector <= len(data); at += sector {
			var tweak [8]byte
			binary.LittleEndian.PutUint64(tweak[:], uint64(at))
			cipher.Decrypt(data[at:at+sector], tweak[:])
		}
		files[name] = data
	}
	return files
}

func raw(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files[filepath.Base(path)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func holding(files map[string][]byte, canary string) (names []string) {
	for name, data := range files {
		if bytes.Contains(data, []byte(canary)) {
			names = append(names, name)
		}
	}
	return names
}

func openIn(t testing.TB, dir string, options ...db.Option) *db.DB {
	t.Helper()
	d, err := db.OpenSQLite(t.Context(), filepath.Join(dir, "homeward.db"), dbtest.Key, options...)
	if err != nil {
		t.Fatal(cause(err))
	}
	t.Cleanup(func() { d.Close() }) //nolint:errcheck // closed by the test where it matters
	return d
}

// TestFilesAreEncrypted: a canary is in the pages for whoever has the key, and in no
// file for whoever has not.
func TestFilesAreEncrypted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := openIn(t, dir)
	write(t, d, pile)
	const canary = "the women in the annexe"
	write(t, d, insert, canary, 1)
	if names := holding(raw(t, dir), canary); names != nil {
		t.Errorf("%q hold what was written, in clear", names)
	}
	if holding(decrypted(t, dir), canary) == nil {
		t.Error("the canary is nowhere: the test does not test")
	}
	for name := range raw(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if names := holding(raw(t, dir), "SQLite format"); names != nil {
		t.Error("the file says what it is")
	}
}

// TestScrub: what was deleted is in no page, no gap and no log afterwards, for
// whoever has the key.
func TestScrub(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := openIn(t, dir)
	write(t, d, pile)
	const canary = "forget-this-canary"
	for i := range 50 {
		write(t, d, insert, fmt.Sprintf("%s-%d %s", canary, i, strings.Repeat("x", 100*i)), i)
		write(t, d, insert, fmt.Sprintf("stays-%d", i), i)
	}
	write(t, d, "DELETE FROM test_pile WHERE id LIKE 'forget%'")
	if holding(decrypted(t, dir), canary) == nil {
		t.Error("the canary is nowhere before Scrub: the test does not test")
	}
	if err := d.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if names := holding(decrypted(t, dir), canary); names != nil {
		t.Errorf("%q still hold what was deleted", names)
	}
	if n := count(t, d); n != 50 || holding(decrypted(t, dir), "stays-49") == nil {
		t.Errorf("%d rows are left", n)
	}
}

func TestScrubPostgreSQL(t *testing.T) {
	t.Parallel()
	if err := dbtest.PostgreSQL(t).Scrub(t.Context()); err != nil {
		t.Error(err)
	}
}

// A wrong key, a file that is no database, and a damaged one say so and are not
// written to.
func TestWrongKeyOrDamaged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := openIn(t, dir)
	write(t, d, pile)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "homeward.db")
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	other := func() []byte { return bytes.Repeat([]byte{7}, 32) }
	damaged := bytes.Clone(good)
	damaged[50] ^= 1
	for what, c := range map[string]struct {
		content []byte
		key     func() []byte
	}{
		"another key": {good, other},
		"damaged":     {damaged, dbtest.Key},
		"a text":      {bytes.Repeat([]byte("this is no database "), 1000), dbtest.Key},
	} {
		if err := os.WriteFile(name, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := db.OpenSQLite(t.Context(), name, c.key)
		if !errors.Is(err, db.ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
		if now, err := os.ReadFile(name); err != nil || !bytes.Equal(now, c.content) {
			t.Errorf("%s: the file was written to, %v", what, err)
		}
	}
	if err := os.WriteFile(name, good, 0o600); err != nil {
		t.Fatal(err)
	}
	openIn(t, dir)
}

// A log whose last block was cut off, by a disk that was full, is read up to there.
func TestLogWithAPartOfABlock(t *testing.T) {
	t.Parallel()
	for _, cut := range []int64{1, 31, 33, 512, 4095, 4097, 5000, 20000} {
		dir := t.TempDir()
		d := openIn(t, dir)
		write(t, d, pile)
		for i := range 10 {
			write(t, d, insert, fmt.Sprint(i), i)
		}
		// The files as a power cut leaves them: the log is not moved into the database.
		images := raw(t, dir)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		log := images["homeward.db-wal"]
		if int64(len(log)) < cut {
			t.Fatal("the log is too short for the test")
		}
		again := t.TempDir()
		for name, data := range map[string][]byte{"homeward.db": images["homeward.db"], "homeward.db-wal": log[:cut]} {
			if err := os.WriteFile(filepath.Join(again, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		d = openIn(t, again)
		var tables int
		one(t, d, &tables, "SELECT count(*) FROM sqlite_schema")
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := openIn(t, dir)
	write(t, d, pile)
	write(t, d, insert, "canary in the backup", 1)
	copied := t.TempDir()
	dest := filepath.Join(copied, "homeward.db")
	if err := d.Backup(t.Context(), dest); err != nil {
		t.Fatal(cause(err))
	}
	if names := holding(raw(t, copied), "canary in"); names != nil {
		t.Error("the backup is in clear")
	}
	if d.Backup(t.Context(), dest) == nil {
		t.Error("a backup was written over another")
	}
	if n := count(t, openIn(t, copied)); n != 1 {
		t.Errorf("%d rows in the backup", n)
	}
	if dbtest.PostgreSQL(t).Backup(t.Context(), filepath.Join(copied, "x")) == nil {
		t.Error("PostgreSQL made a backup")
	}
}

// TestDiskFullAndBack: a disk that fills up gives ErrFull and keeps everything; when
// there is room, the same handle writes again.
func TestDiskFullAndBack(t *testing.T) {
	t.Parallel()
	d, disk := openFaulty(t)
	write(t, d, pile)
	acked := 0
	for round := range 40 {
		disk.fail(round%7, sqlite3.FULL)
		for i := range 5 {
			err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO test_pile (office_id, id, n, data) VALUES ('o', $1, 1, $2)", fmt.Sprint(round, i), make([]byte, 9000))
				return err
			})
			switch {
			case err == nil:
				acked++
			case !errors.Is(err, db.ErrFull) && !errors.Is(err, db.ErrUnsure) && !errors.Is(err, db.ErrUnreachable):
				t.Fatalf("round %d: %v, %v", round, err, cause(err))
			}
		}
		disk.fail(-1, nil)
		write(t, d, insert, fmt.Sprint("after ", round), 1)
		acked++
	}
	if n := count(t, d); n < acked {
		t.Errorf("%d rows of %d acknowledged", n, acked)
	}
	if acked == 240 {
		t.Error("the disk never was full")
	}
}

// TestFailedSync: after an error of fsync nothing is acknowledged until the database
// has been opened again and found whole, and then it is.
func TestFailedSync(t *testing.T) {
	t.Parallel()
	d, disk := openFaulty(t)
	write(t, d, pile)
	for round := range 20 {
		disk.failSync(1)
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, insert, fmt.Sprint("unsure ", round), 1)
			return err
		})
		if !errors.Is(err, db.ErrUnsure) {
			t.Fatalf("round %d: a commit whose sync failed gives %v", round, err)
		}
		write(t, d, insert, fmt.Sprint("after ", round), 1)
	}
	var n int
	one(t, d, &n, "SELECT count(*) FROM test_pile WHERE id LIKE 'after%'")
	if n != 20 {
		t.Errorf("%d of 20 are there", n)
	}
}
