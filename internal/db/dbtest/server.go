package dbtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx", for the harness's own statements

	"homeward/internal/db"
)

// cluster.sh makes a server in $1, says "ready", and ends it at the end of its input.
//
//go:embed cluster.sh
var clusterScript string

// Address is the variable that holds the address of a running test server, or
// "absent" to do without.
const Address = "HOMEWARD_TEST_POSTGRES"

// server gives the address of the test server's maintenance database.
var server = sync.OnceValues(func() (*url.URL, error) {
	if given := os.Getenv(Address); given != "" {
		return url.Parse(given)
	}
	return start()
})

// lifeline is the input of the server's keeper. The kernel closes it when this
// process ends, also by a panic or kill -9, and the keeper then cleans up.
//
//lint:ignore U1000 it is held, not used
var lifeline *os.File

// start runs a private server as a user that PostgreSQL accepts.
func start() (*url.URL, error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	keeper := exec.Command("/bin/sh", "-c", clusterScript, "keeper", dir)
	keeper.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is the test's, not the keeper's
	if os.Getuid() == 0 {
		credential, err := unprivileged()
		if err != nil {
			return nil, err
		}
		keeper.SysProcAttr.Credential = credential
		if err := os.Chown(dir, int(credential.Uid), int(credential.Gid)); err != nil {
			return nil, err
		}
	}
	out, err := keeper.StdoutPipe()
	if err != nil {
		return nil, err
	}
	in, writeEnd, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	keeper.Stdin, lifeline = in, writeEnd
	if err := keeper.Start(); err != nil {
		return nil, err
	}
	if _, err := fmt.Fscanln(out, new(string)); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log")) // only to say more
		return nil, fmt.Errorf("no PostgreSQL server (scripts/install-test-tools installs one; %s=absent does without): %w\n%s", Address, keeper.Wait(), log)
	}
	return &url.URL{Scheme: "postgres", User: url.User("homeward"), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}, in.Close()
}

// folder makes a folder with a short name: a socket's path has at most 107 bytes.
func folder() (string, error) {
	if dir, err := os.MkdirTemp("/dev/shm", "homeward-pg-"); err == nil {
		return dir, nil
	}
	return os.MkdirTemp("/tmp", "homeward-pg-")
}

// unprivileged finds the user to run the server as.
func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("dbtest: PostgreSQL refuses root, and there is no user postgres or nobody to run it as")
}

// Need skips a test that is to do without the test server, and ends one for which none
// can be had.
func Need(t testing.TB) {
	t.Helper()
	need(t)
}

// need gives the test server, or skips or ends the test.
func need(t testing.TB) *url.URL {
	t.Helper()
	if os.Getenv(Address) == "absent" {
		t.Skip("PostgreSQL is not tested: " + Address + "=absent")
	}
	u, err := server()
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// named gives the server's address with another database's name.
func named(u *url.URL, name string) string {
	c := *u
	c.Path = "/" + name
	return c.String()
}

var serial atomic.Int64

// fresh makes a copy of a template database, dropped when the test ends.
func fresh(t testing.TB, template string) string {
	t.Helper()
	address := copied(t, template)
	t.Cleanup(func() {
		if err := drop(address); err != nil {
			t.Error(err)
		}
	})
	return address
}

// copied makes a copy of a database, once those who were connected to it have gone:
// the server learns of that a moment after they did.
func copied(t testing.TB, template string) string {
	t.Helper()
	u := need(t)
	name := fmt.Sprintf("t%d_%d_%d", os.Getpid(), time.Now().UnixNano(), serial.Add(1))
	admin(t, u, func(ctx context.Context, c *sql.Conn) error {
		for tries := 0; ; tries++ {
			_, err := c.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
			if in := new(pgconn.PgError); !errors.As(err, &in) || in.Code != objectInUse || tries == 200 {
				return err
			}
			time.Sleep(25 * time.Millisecond) // the server tells nobody
		}
	})
	return named(u, name)
}

// objectInUse is the SQLSTATE of a template that somebody is connected to.
const objectInUse = "55006"

func drop(address string) error {
	name, err := nameOf(address)
	if err != nil {
		return err
	}
	u, err := server()
	if err != nil {
		return err
	}
	return administer(u, func(ctx context.Context, c *sql.Conn) error {
		_, err := c.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		return err
	})
}

func nameOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(u.Path, "/"), nil
}

// Lasting gives the address of a fresh, empty database that outlives the test which
// asked for it, and what drops it. Copies are made of it with Copy.
func Lasting(t testing.TB) (address string, gone func() error) {
	t.Helper()
	address = copied(t, "template0")
	return address, func() error { return drop(address) }
}

// Copy gives the address of a copy of a database on the test server to which nobody
// is connected. The copy is dropped when the test ends.
func Copy(t testing.TB, address string) string {
	t.Helper()
	name, err := nameOf(address)
	if err != nil {
		t.Fatal(err)
	}
	return fresh(t, name)
}

// admin runs fn on the maintenance database.
func admin(t testing.TB, u *url.URL, fn func(context.Context, *sql.Conn) error) {
	t.Helper()
	if err := administer(u, fn); err != nil {
		t.Fatal(err)
	}
}

func administer(u *url.URL, fn func(context.Context, *sql.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	pool, err := sql.Open("pgx", u.String())
	if err != nil {
		return err
	}
	c, err := pool.Conn(ctx)
	if err == nil {
		err = errors.Join(fn(ctx, c), c.Close())
	}
	return errors.Join(err, pool.Close())
}

// template gives the name of the migrated template database, made by whichever
// test process comes first. Its name follows the content of the migrations.
func template(t testing.TB) string {
	t.Helper()
	u, name := need(t), "homeward_"+fingerprint(t)
	admin(t, u, func(ctx context.Context, c *sql.Conn) error {
		if _, err := c.ExecContext(ctx, "SELECT pg_advisory_lock(1779)"); err != nil {
			return err
		}
		var there bool
		err := c.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there)
		if err != nil || there {
			return err
		}
		for _, s := range []string{"DROP DATABASE IF EXISTS " + name + "_new", "CREATE DATABASE " + name + "_new TEMPLATE template0"} {
			if _, err := c.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		d, err := db.OpenPostgres(ctx, named(u, name+"_new"))
		if err != nil {
			fatal(t, err)
		}
		if err := errors.Join(d.Migrate(ctx, db.Migrations()), d.Close()); err != nil {
			return err
		}
		_, err = c.ExecContext(ctx, "ALTER DATABASE "+name+"_new RENAME TO "+name)
		return err
	})
	return name
}

// fingerprint is short for the names and bytes of the migrations.
func fingerprint(t testing.TB) string {
	t.Helper()
	h := sha256.New()
	err := fs.WalkDir(db.Migrations(), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(db.Migrations(), path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(data), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
