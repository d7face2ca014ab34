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
	approval, err := h.ProposeErasure(ctx, zarema, cast.Woman, "duress", "her life is at stake (invented)")
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
	if _, err := h.Erase(ctx, zarema, approval); err != nil {
		t.Fatal(err)
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
	if err := errors.Join(server.Close(), office.Close()); err != nil {
		t.Error(err)
	}
}
