package db_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
)

// TestPowerLoss takes the power from an office thousands of times, at any write or
// sync: what Write has acknowledged is there when it comes back, whole, and what was
// not acknowledged is there whole or not at all.
func TestPowerLoss(t *testing.T) {
	t.Parallel()
	cuts := 2000
	if testing.Short() {
		cuts = 200
	}
	story := newPowerStory(t)
	for seed := range uint64(cuts) {
		story.cut(seed)
	}
	if story.lost != 0 || story.torn != 0 || story.unopened != 0 {
		t.Errorf("of %d acknowledged reports %d are lost, %d transactions torn; %d databases did not open",
			story.acknowledged, story.lost, story.torn, story.unopened)
	}
	if story.acknowledged < cuts || story.inFlight < cuts/4 {
		t.Errorf("%d acknowledged, %d in flight: the power went at the wrong moments", story.acknowledged, story.inFlight)
	}
	t.Logf("%d power cuts: %d reports acknowledged, %d cut short, %d lost", cuts, story.acknowledged, story.inFlight, story.lost)
}

// TestPowerLossWithoutFullSync is the control: with the driver's default,
// synchronous=NORMAL, acknowledged reports are lost. A test that lost none then would
// prove nothing above.
func TestPowerLossWithoutFullSync(t *testing.T) {
	t.Parallel()
	story := newPowerStory(t, db.WithSetting("synchronous", "NORMAL", "1"))
	for seed := range uint64(150) {
		story.cut(seed)
	}
	if story.lost == 0 {
		t.Errorf("of %d acknowledged reports none is lost: the disk forgets nothing", story.acknowledged)
	}
	t.Logf("synchronous=NORMAL: of %d acknowledged reports %d lost", story.acknowledged, story.lost)
}

// powerStory is an office whose power goes again and again. After eight times it is
// replaced by a new one, so that databases stay small.
type powerStory struct {
	t        *testing.T
	options  []db.Option
	template map[string][]byte
	images   map[string][]byte // what is on the disk
	acked    map[int]string    // reports that must be there
	serial   int
	seed     uint64

	acknowledged, inFlight, lost, torn, unopened int
}

const powerSchema = `CREATE TABLE report (office_id TEXT NOT NULL, id BIGINT NOT NULL, part BIGINT NOT NULL, body TEXT NOT NULL,
	PRIMARY KEY (office_id, id, part))`

func newPowerStory(t *testing.T, options ...db.Option) *powerStory {
	t.Helper()
	// A checkpoint every few pages, so that the power also goes in the middle of one.
	s := &powerStory{t: t, options: append(options, db.WithSetting("wal_autocheckpoint", "12", "12"))}
	dir := s.folder(nil)
	d, err := db.OpenSQLite(t.Context(), filepath.Join(dir, "homeward.db"), dbtest.Key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, d, powerSchema)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "homeward.db"))
	if err != nil {
		t.Fatal(err)
	}
	s.template = map[string][]byte{"homeward.db": data}
	return s
}

func write(t testing.TB, d *db.DB, query string, args ...any) {
	t.Helper()
	err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// folder makes a new folder with the files that are on the disk.
func (s *powerStory) folder(images map[string][]byte) string {
	dir, err := os.MkdirTemp(s.t.TempDir(), "")
	if err != nil {
		s.t.Fatal(err)
	}
	for name, data := range images {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	return dir
}

// cut is one life of a process: it looks whether all is there, writes until the power
// goes, and keeps what was on the disk then.
func (s *powerStory) cut(seed uint64) {
	chance := mathrand.New(mathrand.NewPCG(seed, 1779))
	if seed%8 == 0 {
		s.images, s.acked = s.template, map[int]string{}
	}
	dir := s.folder(s.images)
	defer os.RemoveAll(dir) //nolint:errcheck // the test's folder goes anyway
	disk := newLossyVFS(chance, 10+chance.IntN(90))
	name := "lossy-" + rand.Text()
	vfs.Register(name, disk)
	defer vfs.Unregister(name)
	d, err := db.OpenSQLite(context.Background(), filepath.Join(dir, "homeward.db"), dbtest.Key,
		append([]db.Option{db.WithVFS(name)}, s.options...)...)
	if err != nil {
		if !disk.dark() {
			s.unopened++
			s.t.Errorf("seed %d: the database does not open: %v", seed, cause(err))
		}
		s.images = disk.disk()
		return
	}
	s.seed = seed
	if s.check(d, disk) {
		for s.report(d, disk, chance) {
		}
	}
	_ = d.Close() // in the dark it cannot succeed
	s.images = disk.disk()
}

// dark reports whether the power has gone.
func (l *lossyVFS) dark() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out
}

// report writes one report of one to three parts in one transaction.
func (s *powerStory) report(d *db.DB, disk *lossyVFS, chance *mathrand.Rand) bool {
	s.serial++
	id, parts := s.serial, 1+chance.IntN(3)
	body := make([]byte, 100+chance.IntN(5000))
	for i := range body {
		body[i] = 'a' + byte(chance.IntN(26))
	}
	err := d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		for part := range parts {
			_, err := tx.ExecContext(ctx, "INSERT INTO report (office_id, id, part, body) VALUES ('o', $1, $2, $3)",
				id, part, fmt.Sprintf("%d %s", parts, body))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		if !disk.dark() {
			s.t.Errorf("report %d is refused while there is power: %v", id, cause(err))
		}
		s.inFlight++
		return false
	}
	s.acked[id] = digest(fmt.Sprintf("%d %s", parts, body))
	s.acknowledged++
	return true
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// check compares what is there with what was acknowledged. It reports whether there
// still is power.
func (s *powerStory) check(d *db.DB, disk *lossyVFS) bool {
	there := map[int]int{}
	verdict := ""
	err := d.Read(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		if err := tx.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT id, body FROM report ORDER BY id, part")
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err below tells what matters
		for rows.Next() {
			var id int
			var body string
			if err := rows.Scan(&id, &body); err != nil {
				return err
			}
			if want, ok := s.acked[id]; ok && want != digest(body) {
				s.torn++
			}
			there[id] += 6 / int(body[0]-'0') // six, when all parts are there
		}
		return rows.Err()
	})
	if err != nil {
		if !disk.dark() {
			s.t.Errorf("the database does not answer after a power cut: %v", cause(err))
		}
		return false
	}
	if verdict != "ok" {
		s.torn++
	}
	for _, sixths := range there {
		if sixths != 6 {
			s.torn++
		}
	}
	for id := range s.acked {
		if there[id] == 0 {
			s.lost++
			s.t.Logf("seed %d: report %d is lost; there are %d of %d", s.seed, id, len(there), len(s.acked))
			delete(s.acked, id) // counted once
		}
	}
	return true
}

// cause is the end of an error's chain: a problem's sentence is for people.
func cause(err error) error {
	for {
		next, ok := err.(interface{ Unwrap() error })
		if !ok || next.Unwrap() == nil {
			return err
		}
		err = next.Unwrap()
	}
}
