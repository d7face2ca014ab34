package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/internal/blob"
	"homeward/internal/host"
	"homeward/internal/host/hosttest"
)

const name = "abcdefghijklmnop"

func put(d blob.Store, name string, data []byte) error {
	return d.Put(context.Background(), name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

func get(t testing.TB, d blob.Store, name string) []byte {
	t.Helper()
	b, err := d.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, b.Size())
	if n, err := b.ReadAt(data, 0); n < len(data) {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

func list(t testing.TB, d blob.Store) (names []string) {
	t.Helper()
	err := d.List(t.Context(), func(i blob.Info) error {
		names = append(names, i.Name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func TestDisk(t *testing.T) {
	t.Parallel()
	real, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for kind, dir := range map[string]host.Dir{"disk": real, "memory": hosttest.New().Dir()} {
		t.Run(kind, func(t *testing.T) { exercise(t, blob.NewDisk(dir)) })
	}
}

// exercise holds any store to the contract.
func exercise(t *testing.T, d blob.Store) {
	ctx := t.Context()
	if _, err := d.Open(ctx, name); !errors.Is(err, blob.ErrNotFound) {
		t.Error("open what is not there:", err)
	}
	if err := d.Remove(ctx, name); err != nil {
		t.Error("remove what is not there:", err)
	}
	if err := put(d, name, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	if got := get(t, d, name); string(got) != "sealed" {
		t.Errorf("gives %q", got)
	}
	if err := put(d, name, []byte("other")); !errors.Is(err, blob.ErrExists) {
		t.Error("put twice:", err)
	}
	if got := get(t, d, name); string(got) != "sealed" {
		t.Error("a blob was replaced")
	}
	broken := errors.New("the sender went away")
	err := d.Put(ctx, "bbcdefghijklmnop", func(w io.Writer) error {
		w.Write([]byte("half")) //nolint:errcheck // what follows is tested
		return broken
	})
	if !errors.Is(err, broken) {
		t.Error("an error of what was written became", err)
	}
	if err := put(d, "ab00000000000000", nil); err != nil {
		t.Error("put nothing:", err)
	}
	if got := list(t, d); !slices.Equal(got, []string{"ab00000000000000", name}) {
		t.Error("lists", got)
	}
	if err := d.Remove(ctx, name); err != nil {
		t.Error(err)
	}
	if got := list(t, d); len(got) != 1 {
		t.Error("lists", got)
	}
	for _, bad := range []string{"", "short", "../../../../etc/passwd", "ABCDEFGHIJKLMNOP", strings.Repeat("a", 101), "abcdefghijklmnop.part"} {
		if put(d, bad, nil) == nil {
			t.Errorf("takes the name %q", bad)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := d.Put(cancelled, name, func(io.Writer) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error("put after the end:", err)
	}
}

// TestPowerCut cuts the power at any call: what Put has acknowledged is there, byte
// for byte, and nothing else is listed.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("sealed bytes "), 50)
	acknowledged := 0
	for seed := range uint64(3000) {
		chance := rand.New(rand.NewPCG(seed, 1))
		disk := hosttest.New()
		left := chance.IntN(40)
		disk.Fail(func(hosttest.Call) error {
			if left--; left < 0 {
				return errors.New("the power is out")
			}
			return nil
		})
		var kept []string
		d := blob.NewDisk(disk.Dir())
		for i := range 4 {
			name := fmt.Sprintf("%02dcdefghijklmnop", i%2*11+i)
			if put(d, name, content) == nil {
				kept = append(kept, name)
			}
		}
		disk.Fail(nil)
		disk.PowerCut(chance)
		again := blob.NewDisk(disk.Dir())
		for _, name := range kept {
			if !bytes.Equal(get(t, again, name), content) {
				t.Fatalf("seed %d: an acknowledged blob is damaged", seed)
			}
		}
		for _, name := range list(t, again) {
			if !bytes.Equal(get(t, again, name), content) {
				t.Fatalf("seed %d: half a blob is listed", seed)
			}
		}
		acknowledged += len(kept)
	}
	if acknowledged < 3000 {
		t.Fatalf("only %d blobs were acknowledged: the test does not test", acknowledged)
	}
}

// A disk that fills up says so and keeps what it has; nothing half written is left
// in the way.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	disk := hosttest.New()
	d := blob.NewDisk(disk.Dir())
	if err := put(d, name, []byte("before")); err != nil {
		t.Fatal(err)
	}
	for room := range 30 {
		disk.Room(room)
		if err := put(d, "abcccccccccccccc", make([]byte, 31)); !errors.Is(err, blob.ErrFull) {
			t.Fatalf("room for %d: %v", room, err)
		}
	}
	if files := disk.Files(); len(files) != 1 || string(get(t, d, name)) != "before" {
		t.Fatal("a full disk left", len(files), "files")
	}
	disk.Room(31)
	if err := put(d, "abcccccccccccccc", make([]byte, 31)); err != nil {
		t.Fatal(err)
	}
}

// An error of the disk is final: a sync that failed is not tried again, and no error
// names the file.
func TestFailingDisk(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"create", "write", "sync", "rename", "syncdir", "sub"} {
		disk := hosttest.New()
		d := blob.NewDisk(disk.Dir())
		broken := errors.New("input/output error")
		failed := 0
		disk.Fail(func(c hosttest.Call) error {
			if c.Op == op && failed == 0 {
				failed++
				return broken
			}
			return nil
		})
		err := put(d, name, []byte("x"))
		if !errors.Is(err, broken) || strings.Contains(err.Error(), "abc") {
			t.Errorf("%s: %v", op, err)
		}
		if err := put(d, name, []byte("x")); err != nil {
			t.Errorf("%s: afterwards: %v", op, err)
		}
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	disk := hosttest.New()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	disk.Clock(func() time.Time { return now })
	d := blob.NewDisk(disk.Dir())
	if err := put(d, name, []byte("whole")); err != nil {
		t.Fatal(err)
	}
	disk.Fail(func(c hosttest.Call) error {
		if c.Op == "rename" || c.Op == "remove" {
			return errors.New("the power is out")
		}
		return nil
	})
	if put(d, "abcccccccccccccc", []byte("half")) == nil {
		t.Fatal("the power was not out")
	}
	disk.Fail(nil)
	if n, err := d.Sweep(t.Context(), now); n != 0 || err != nil {
		t.Errorf("sweeps %d that may still be written, %v", n, err)
	}
	if n, err := d.Sweep(t.Context(), now.Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("sweeps %d, %v", n, err)
	}
	if files := disk.Files(); len(files) != 1 {
		t.Errorf("%d files are left", len(files))
	}
}

// Many at once, some with one name: one of those wins and nothing is mixed.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	dir, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := blob.NewDisk(dir)
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			name := fmt.Sprintf("%02dcdefghijklmnop", i/2)
			if err := put(d, name, bytes.Repeat([]byte{byte(i)}, 1000)); err != nil && !errors.Is(err, blob.ErrExists) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	names := list(t, d)
	if len(names) != 32 {
		t.Error(len(names), "blobs")
	}
	for _, name := range names {
		if got := get(t, d, name); len(bytes.Trim(got, string(got[:1]))) != 0 || len(got) != 1000 {
			t.Error("a mixed blob")
		}
	}
}
