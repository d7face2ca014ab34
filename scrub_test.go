package homeward_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"homeward"
	"homeward/internal/example"
	"homeward/vault"
)

// TestDeletedBytesAreOwedUntilTheyAreGone forgets somebody and lets the process die
// before the database's files are rebuilt: the next start knows that it is owed, the
// first page says so, and the served office does it by itself.
func TestDeletedBytesAreOwedUntilTheyAreGone(t *testing.T) {
	ctx := t.Context()
	clock := example.NewClock(example.Start)
	config := homeward.Config{Dir: t.TempDir()}
	opener := vault.Passphrase([]byte(example.Passphrase), vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1}))
	h, err := homeward.Make(ctx, config, clock.Host(), opener)
	if err != nil {
		t.Fatal(err)
	}
	cast, err := example.Fill(ctx, h, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	zarema, olga := cast.Users[example.Caseworker].ID, cast.Users[example.Coordinator].ID
	letter, err := h.Letters.Letter(ctx, cast.Letters[0])
	if err != nil {
		t.Fatal(err)
	}
	approval, err := h.ProposeErasure(ctx, zarema, letter.Persons[0], "duress", "her life is at stake (invented)")
	if err != nil {
		t.Fatal(err)
	}
	owed := func() bool {
		_, err := os.Stat(filepath.Join(config.Dir, "scrub-owed"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		return err == nil
	}
	if err := h.Casework.Approve(ctx, olga, approval); err != nil || owed() {
		t.Fatalf("approving: %v; owed before anything was deleted: %v", err, owed())
	}
	before := originals(t, config.Dir)
	if _, err := h.Erase(ctx, zarema, approval); err != nil {
		t.Fatal(err)
	}
	left := removed(before, originals(t, config.Dir))
	if len(left) == 0 {
		t.Fatal("forgetting her removes no original")
	}
	for path, sealed := range left { // as if the process had died before it came to them
		if err := os.WriteFile(path, sealed, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !owed() || h.DeletedBytes(ctx) != 1 {
		t.Error("it is not owed after the erasure")
	}
	if err := h.Close(); err != nil { // as far as the files go, the process has died
		t.Fatal(err)
	}

	office, err := homeward.OpenOffice(config, clock.Host())
	if err != nil {
		t.Fatal(err)
	}
	if h, err = office.Unlock(ctx, opener); err != nil {
		t.Fatal(err)
	}
	if h.DeletedBytes(ctx) != 1 {
		t.Error("the next start does not know that it is owed")
	}
	server, err := homeward.NewServer(office, homeward.ServerOptions{PublicPlain: true, StaffPlain: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Adopt(h); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); owed() || h.DeletedBytes(ctx) != 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the served office does not do what is owed")
		}
	}
	if still := removed(left, removed(left, originals(t, config.Dir))); len(still) > 0 {
		t.Errorf("%d of the %d originals that the crash left are still there", len(still), len(left))
	}
	if err := errors.Join(server.Close(), office.Close()); err != nil {
		t.Error(err)
	}
}

// originals reads all that lies in the store, by its path.
func originals(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(filepath.Join(dir, "files"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		all[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// removed gives what was there before and is not now.
func removed(before, now map[string][]byte) map[string][]byte {
	gone := map[string][]byte{}
	for path, sealed := range before {
		if _, ok := now[path]; !ok {
			gone[path] = sealed
		}
	}
	return gone
}
