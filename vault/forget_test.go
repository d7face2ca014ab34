package vault_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

func TestForgetOwnerAndAllItOwns(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		_, v := vaulttest.Open(t, keyring, host.System())
		ctx := t.Context()
		ensure(t, v, vault.NewKey{ID: "person"}, vault.NewKey{ID: "grant", Owner: "person"},
			vault.NewKey{ID: "file", Owner: "grant"}, vault.NewKey{ID: "other"})
		sealed := map[string][]byte{}
		for _, id := range []string{"person", "grant", "file", "other"} {
			sealed[id] = seal(t, v, id, "c", id)
		}
		for range 2 { // twice: the same answer
			ids, err := v.Forget(ctx, "person", "erasure")
			if err != nil || !slices.Equal(ids, []string{"file", "grant", "person"}) {
				t.Fatal(ids, err)
			}
		}
		for id, blob := range sealed {
			_, err := v.Open(ctx, id, "c", blob)
			if id == "other" {
				wantErr(t, err, nil)
				continue
			}
			wantErr(t, err, vault.ErrForgotten)
			wantErr(t, v.Ensure(ctx, vault.NewKey{ID: id}), vault.ErrForgotten)
			wantErr(t, v.Ensure(ctx, vault.NewKey{ID: "new", Owner: id}), vault.ErrForgotten)
			if gone, err := v.Forgotten(ctx, id); err != nil || !gone {
				t.Error(id, gone, err)
			}
		}
		// A key that was never made is forgotten in advance, so that it never is.
		if ids, err := v.Forget(ctx, "never", "erasure"); err != nil || !slices.Equal(ids, []string{"never"}) {
			t.Fatal(ids, err)
		}
		wantErr(t, v.Ensure(ctx, vault.NewKey{ID: "never"}), vault.ErrForgotten)
	})
}

func TestOwnerStays(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		_, v := vaulttest.Open(t, keyring, host.System())
		ensure(t, v, vault.NewKey{ID: "file", Owner: "appeal"}, vault.NewKey{ID: "file"})
		ensure(t, v, vault.NewKey{ID: "file"}, vault.NewKey{ID: "file", Owner: "appeal"})
		wantErr(t, v.Ensure(t.Context(), vault.NewKey{ID: "file", Owner: "person"}), vault.ErrOwner)
	})
}

// TestForgettingClosure holds Forget to a model: of a forest drawn by chance, exactly
// the owner and what hangs below it opens never again, the rest always.
func TestForgettingClosure(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		root, v := vaulttest.Open(t, keyring, host.System())
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			round++
			n := rapid.IntRange(2, 12).Draw(rt, "records")
			if keyring.Dialect() == db.PostgreSQL && round > 15 {
				return // each forgetting vacuums every table
			}
			id := func(i int) string { return fmt.Sprintf("%d-%d", round, i) }
			owner := make([]int, n)
			keys := make([]vault.NewKey, n)
			for i := range n {
				owner[i] = i
				if i > 0 {
					owner[i] = rapid.IntRange(0, i).Draw(rt, "owner")
				}
				keys[i] = vault.NewKey{ID: id(i), Owner: id(owner[i])}
			}
			ensure(t, v, keys...)
			sealed := make([][]byte, n)
			for i := range n {
				sealed[i] = seal(t, v, id(i), "c", id(i))
			}
			victim := rapid.IntRange(0, n-1).Draw(rt, "victim")
			if _, err := v.Forget(context.Background(), id(victim), "e"); err != nil {
				rt.Fatal(err)
			}
			other := vaulttest.Vault(t, root, keyring, host.System())
			for i := range n {
				gone := below(owner, i, victim)
				for _, v := range []*vault.Vault{v, other} {
					_, err := v.Open(context.Background(), id(i), "c", sealed[i])
					if gone && !errors.Is(err, vault.ErrForgotten) || !gone && err != nil {
						rt.Fatalf("record %d, forgotten %v: %v", i, gone, err)
					}
				}
			}
		})
	})
}

// below says whether victim is met on the way from i up through its owners.
func below(owner []int, i, victim int) bool {
	for {
		if i == victim {
			return true
		}
		if owner[i] == i {
			return false
		}
		i = owner[i]
	}
}

// The wrapped key is no row of the keyring any more. That it is not in the gaps of
// its pages and in its write-ahead log either is shown of db.Scrub, in its room.
func TestForgottenKeyIsDeleted(t *testing.T) {
	t.Parallel()
	keyring := keyringSQLite(t)
	_, v := vaulttest.Open(t, keyring, host.System())
	ensure(t, v, vault.NewKey{ID: "k"})
	var wrapped []byte
	read(t, keyring, "SELECT sealed FROM vault_key WHERE id = 'k'", &wrapped)
	if _, err := v.Forget(t.Context(), "k", "e"); err != nil {
		t.Fatal(err)
	}
	var left int
	read(t, keyring, "SELECT count(*) FROM vault_key", &left)
	if left != 0 || len(wrapped) == 0 {
		t.Fatal("the key is still in the keyring")
	}
}

func read(t testing.TB, d *db.DB, query string, into any) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.QueryRowContext(ctx, query).Scan(into)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSuppression(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		root, v := vaulttest.Open(t, keyring, host.System())
		ctx := t.Context()
		other := vaulttest.Vault(t, root, keyring, host.System())
		mark := v.Mark("aminat", "1991")
		if len(mark) != 32 || !bytes.Equal(mark, other.Mark("aminat", "1991")) {
			t.Fatal("a mark is not always the same")
		}
		if bytes.Equal(mark, v.Mark("aminat1991")) || bytes.Equal(mark, v.Mark("aminat1", "991")) {
			t.Error("two rows have one mark")
		}
		for _, v := range []*vault.Vault{v, other} {
			if held, err := v.Suppressed(ctx, mark); err != nil || held {
				t.Fatal(held, err)
			}
		}
		for range 2 {
			if err := v.Suppress(ctx, "erasure", mark); err != nil {
				t.Fatal(err)
			}
		}
		for _, v := range []*vault.Vault{v, other} {
			if held, err := v.Suppressed(ctx, mark); err != nil || !held {
				t.Fatal(held, err)
			}
		}
	})
}

// A look serves a long work for a second at the most.
func TestLookEnds(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		root, v := vaulttest.Open(t, keyring, host.System())
		ensure(t, v, vault.NewKey{ID: "k"})
		sealed := seal(t, v, "k", "c", "text")
		ctx, err := v.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := vaulttest.Vault(t, root, keyring, host.System()).Forget(t.Context(), "k", "e"); err != nil {
			t.Fatal(err)
		}
		_, err = v.Open(t.Context(), "k", "c", sealed) // a look of its own
		wantErr(t, err, vault.ErrForgotten)
		time.Sleep(1100 * time.Millisecond)
		_, err = v.Open(ctx, "k", "c", sealed)
		wantErr(t, err, vault.ErrForgotten)
	})
}

// childEnv tells the test program that it is the second process.
const childEnv = "HOMEWARD_VAULT_TEST_CHILD"

func TestMain(m *testing.M) {
	if url := os.Getenv(childEnv); url != "" {
		if err := child(url); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		return
	}
	if os.Getenv(memoryEnv) != "" {
		os.Exit(memoryChild())
	}
	os.Exit(m.Run())
}

// child is another process over the same keyring: it opens the blobs of record k
// that are written to it, one in each line, and says what came of it.
func child(url string) error {
	ctx := context.Background()
	keys, err := host.OpenDir(os.Getenv("HOMEWARD_VAULT_TEST_KEYS"))
	if err != nil {
		return err
	}
	root, err := vault.Open(ctx, keys, vaulttest.Passphrase())
	if err != nil {
		return err
	}
	keyring, err := db.OpenPostgres(ctx, url)
	if err != nil {
		return err
	}
	v, err := vault.New(ctx, root, keyring, host.System())
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		sealed, err := hex.DecodeString(lines.Text())
		if err != nil {
			return err
		}
		switch plain, err := v.Open(ctx, "k", "c", sealed); {
		case errors.Is(err, vault.ErrForgotten):
			fmt.Println("forgotten")
		case err != nil:
			fmt.Println("failed:", err)
		default:
			fmt.Println("opened", string(plain))
		}
	}
	return nil
}

// TestTwoProcesses: a key that one process has in memory is dead as soon as another
// has forgotten it, and its blobs never open again.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	url := dbtest.Postgres(t)
	dir := t.TempDir()
	keys, err := host.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	root, err := vault.Create(t.Context(), host.System(), keys, vaulttest.Office, vaulttest.Passphrase())
	if err != nil {
		t.Fatal(err)
	}
	keyring, err := db.OpenPostgres(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer keyring.Close() //nolint:errcheck // a database of a test
	v := vaulttest.Vault(t, root, keyring, host.System())
	ensure(t, v, vault.NewKey{ID: "k", Owner: "p"})
	sealed := hex.EncodeToString(seal(t, v, "k", "c", "text"))

	say, hear := startChild(t, url, dir)
	if got := hear(); got != "ready" {
		t.Fatal(got)
	}
	for range 3 {
		if say(sealed); hear() != "opened text" {
			t.Fatal("the second process does not open what the first one sealed")
		}
	}
	if _, err := v.Forget(t.Context(), "p", "e"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		say(sealed)
		if got := hear(); got != "forgotten" {
			t.Fatalf("the second process answers %q after the first one forgot", got)
		}
	}
}

func startChild(t *testing.T, url, keys string) (say func(string), hear func() string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), childEnv+"="+url, "HOMEWARD_VAULT_TEST_KEYS="+keys)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close() //nolint:errcheck // ends the child
		cmd.Wait() //nolint:errcheck // whatever it says now
	})
	lines := bufio.NewReader(out)
	return func(line string) {
			if _, err := io.WriteString(in, line+"\n"); err != nil {
				t.Fatal(err)
			}
		}, func() string {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			return strings.TrimSpace(line)
		}
}
