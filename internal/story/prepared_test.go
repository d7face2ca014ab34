package story_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward"
	"homeward/access"
	"homeward/internal/canarytest"
	"homeward/internal/db/dbtest"
	"homeward/internal/example"
	"homeward/vault"
)

// What many of the tests need is made once: the program, and the example's office on
// each database. A test takes a copy of the office, as from a backup made in peace,
// and what it does to it is its own.

// shared is where it lies until all tests have ended. The temporary folder of them all
// lies in it too, so that one can look through whatever the house leaves there.
var shared struct {
	folder string
	temp   string
	mu     sync.Mutex
	gone   []func() error // databases to be dropped
}

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // memory is there, and the processors are few
	code, err := 1, error(nil)
	if shared.folder, err = os.MkdirTemp("", "story-"); err == nil {
		shared.temp = filepath.Join(shared.folder, "temp")
		err = errors.Join(os.Mkdir(shared.temp, 0o700), os.Setenv("TMPDIR", shared.temp))
	}
	if err == nil {
		code = m.Run()
		err = os.RemoveAll(shared.folder)
	}
	for _, gone := range shared.gone {
		err = errors.Join(err, gone())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// inTemp fails for words that lie in the temporary folder, outside of the folders that
// the tests have for themselves.
func inTemp(t testing.TB, words *canarytest.Scanner) {
	t.Helper()
	all, err := os.ReadDir(shared.temp)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if !strings.HasPrefix(e.Name(), "Test") {
			hits, err := words.Folder(filepath.Join(shared.temp, e.Name()))
			if err != nil && !errors.Is(err, fs.ErrNotExist) { // another test's, gone since it was listed
				t.Error(err)
			}
			for _, h := range hits {
				t.Error(h)
			}
		}
	}
}

// TestWhatLiesInTheTemporaryFolderIsFound is the control.
func TestWhatLiesInTheTemporaryFolderIsFound(t *testing.T) {
	t.Parallel()
	canary := canarytest.New(t.Name(), 1)
	folder, err := os.MkdirTemp("", "left-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it goes with the whole
	if err := os.WriteFile(filepath.Join(folder, "part"), []byte("x"+canary), 0o600); err != nil {
		t.Fatal(err)
	}
	found := &counting{TB: t}
	if inTemp(found, canarytest.NewScanner(canary)); found.hits == 0 {
		t.Errorf("a word in %s is not found", folder)
	}
}

// counting counts what would fail a test.
type counting struct {
	testing.TB
	hits int
}

func (c *counting) Helper()      {}
func (c *counting) Error(...any) { c.hits++ }

// once makes something for all tests; when that fails, each that needs it fails.
type once[T any] struct {
	do   sync.Once
	made T
	done bool
}

func (o *once[T]) get(t *testing.T, what string, make func() T) T {
	t.Helper()
	o.do.Do(func() { o.made = make(); o.done = true })
	if !o.done {
		t.Fatalf("%s could not be made; another test says why", what)
	}
	return o.made
}

var program once[string]

// compile makes the program as an office would run it.
func compile(t *testing.T) string {
	t.Helper()
	return program.get(t, "the program", func() string {
		file := filepath.Join(shared.folder, "homeward")
		build := exec.CommandContext(t.Context(), "go", "build", "-o", file, "homeward/cmd/homeward")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build the program: %v\n%s", err, out)
		}
		return file
	})
}

// cheap makes a passphrase quick to try, and quick a password; an office takes the
// vault's own cost, and access's.
var (
	cheap         = vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})
	cheapPassword = access.Cost{MemoryKiB: 64, Time: 1, Threads: 1}
)

// passphrase opens the example's office.
func passphrase() vault.Opener { return vault.Passphrase([]byte(example.Passphrase), cheap) }

// kinds are the two databases.
var kinds = []string{"sqlite", "postgres"}

// config is an office's configuration on one kind of database, which is empty.
func config(t *testing.T, kind string) homeward.Config {
	t.Helper()
	c := homeward.Config{Dir: t.TempDir(), Name: "Example"}
	if kind == "postgres" {
		c.DatabaseURL, c.KeyringURL = dbtest.Postgres(t), dbtest.Postgres(t)
	}
	return patient(c)
}

// patient asks nobody to sign in again, however often the clock is put on.
func patient(c homeward.Config) homeward.Config {
	c.Access.Idle, c.Access.Fresh, c.Access.Reads, c.Access.Cost = 12*time.Hour, 12*time.Hour, 1_000_000, cheapPassword
	return c
}

// prepared is the example's office, closed: its weeks are behind it, the reports of
// the evening lie in its spool, and second records of people were looked for.
type prepared struct {
	config homeward.Config
	cast   *example.Cast
	at     time.Time // when it was closed
}

var offices = map[string]*once[prepared]{"sqlite": {}, "postgres": {}}

// prepare makes the example's office for all tests.
func prepare(t *testing.T, kind string) prepared {
	t.Helper()
	if kind == "postgres" {
		dbtest.Need(t)
	}
	return offices[kind].get(t, "the example's office", func() prepared {
		p := prepared{config: patient(homeward.Config{Dir: filepath.Join(shared.folder, kind), Name: "Example"})}
		if kind == "postgres" {
			p.config.DatabaseURL, p.config.KeyringURL = lasting(t), lasting(t)
		}
		clock := example.NewClock(example.Start)
		err := os.Mkdir(p.config.Dir, 0o700)
		if err == nil {
			p.cast, err = fill(t.Context(), p.config, clock)
		}
		if err != nil {
			t.Fatal(err)
		}
		p.at = clock.Now()
		return p
	})
}

func lasting(t *testing.T) string {
	t.Helper()
	address, gone := dbtest.Lasting(t)
	shared.mu.Lock()
	defer shared.mu.Unlock()
	shared.gone = append(shared.gone, gone)
	return address
}

func fill(ctx context.Context, c homeward.Config, clock *example.Clock) (*example.Cast, error) {
	house, err := homeward.Make(ctx, c, clock.Host(), passphrase())
	if err != nil {
		return nil, err
	}
	cast, err := example.Fill(ctx, house, clock, nil)
	for n := 1; err == nil && n > 0; {
		n, err = house.Proposals.Work(ctx)
	}
	return cast, errors.Join(err, house.Close())
}

// fillFrom gives a copy of the example's office, closed.
func fillFrom(t *testing.T, kind string) (homeward.Config, *example.Cast, time.Time) {
	t.Helper()
	p := prepare(t, kind)
	c := p.config
	c.Dir = t.TempDir()
	if err := os.CopyFS(c.Dir, os.DirFS(p.config.Dir)); err != nil {
		t.Fatal(err)
	}
	if kind == "postgres" {
		c.DatabaseURL, c.KeyringURL = dbtest.Copy(t, c.DatabaseURL), dbtest.Copy(t, c.KeyringURL)
	}
	return c, p.cast, p.at
}
