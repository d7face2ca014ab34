package host_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"syscall"
	"testing"

	"homeward/internal/host"
	"homeward/internal/host/hosttest"
)

// The folder in memory and the one on the disk answer alike.
func TestDirsAnswerAlike(t *testing.T) {
	t.Parallel()
	disk, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]host.Dir{"disk": disk, "memory": hosttest.New().Dir()} {
		t.Run(name, func(t *testing.T) { exercise(t, d) })
	}
}

func exercise(t *testing.T, d host.Dir) {
	t.Helper()
	check := func(what string, got, want error) {
		t.Helper()
		if !errors.Is(got, want) || (want == nil) != (got == nil) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("write", host.WriteFile(d, "a", []byte("one")), nil)
	check("write over", host.WriteFile(d, "a", []byte("two")), nil)
	got, err := host.ReadFile(d, "a", 3)
	if err != nil || string(got) != "two" {
		t.Errorf("read %q, %v", got, err)
	}
	_, err = host.ReadFile(d, "a", 2)
	if err == nil {
		t.Error("reads more than the limit")
	}
	_, err = d.Create("a")
	check("create again", err, fs.ErrExist)
	_, err = d.Open("b")
	check("open", err, fs.ErrNotExist)
	check("remove", d.Remove("b"), fs.ErrNotExist)
	check("rename", d.Rename("b", "c"), fs.ErrNotExist)
	for _, name := range []string{"../x", "/x", ".."} {
		if _, err := d.Create(name); err == nil {
			t.Errorf("creates %q", name)
		}
		if _, err := d.Open(name); err == nil {
			t.Errorf("opens %q", name)
		}
	}
	sub, err := d.Sub("folder")
	check("sub", err, nil)
	check("write in it", host.WriteFile(sub, "x", []byte("y")), nil)
	check("close", sub.Close(), nil)
	names, err := d.List()
	check("list", err, nil)
	if fmt.Sprint(names) != "[a folder]" {
		t.Errorf("lists %q", names)
	}
	check("remove", d.Remove("a"), nil)
	check("sync", d.Sync(), nil)
}

// TestWriteFilePowerCut cuts the power at every call of WriteFile: the file holds the
// old bytes or the new, and the new ones once WriteFile has said so.
func TestWriteFilePowerCut(t *testing.T) {
	t.Parallel()
	before, after := bytes.Repeat([]byte("old"), 100), bytes.Repeat([]byte("new!"), 200)
	for seed := range uint64(2000) {
		chance := rand.New(rand.NewPCG(seed, 7))
		disk := hosttest.New()
		if err := host.WriteFile(disk.Dir(), "f", before); err != nil {
			t.Fatal(err)
		}
		left := chance.IntN(8)
		disk.Fail(func(hosttest.Call) error {
			if left--; left < 0 {
				return errors.New("the power is out")
			}
			return nil
		})
		err := host.WriteFile(disk.Dir(), "f", after)
		disk.Fail(nil)
		disk.PowerCut(chance)
		got, readErr := host.ReadFile(disk.Dir(), "f", 1<<20)
		if readErr != nil || !bytes.Equal(got, before) && !bytes.Equal(got, after) || err == nil && !bytes.Equal(got, after) {
			t.Fatalf("seed %d: %v, then %d bytes, %v", seed, err, len(got), readErr)
		}
		if err := host.WriteFile(disk.Dir(), "f", after); err != nil {
			t.Fatalf("seed %d: what the power cut left is in the way: %v", seed, err)
		}
	}
}

// TestPowerCutForgets is the control: a write without its syncs is lost.
func TestPowerCutForgets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sync func(host.Dir, host.File) error
		kept bool
	}{
		"nothing":          {func(host.Dir, host.File) error { return nil }, false},
		"only the file":    {func(_ host.Dir, f host.File) error { return f.Sync() }, false},
		"only the folder":  {func(d host.Dir, _ host.File) error { return d.Sync() }, false},
		"file and folder":  {func(d host.Dir, f host.File) error { return errors.Join(f.Sync(), d.Sync()) }, true},
		"folder then file": {func(d host.Dir, f host.File) error { return errors.Join(d.Sync(), f.Sync()) }, true},
	} {
		disk := hosttest.New()
		d := disk.Dir()
		f, err := d.Create("report")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("text")); err != nil {
			t.Fatal(err)
		}
		if err := c.sync(d, f); err != nil {
			t.Fatal(err)
		}
		disk.PowerCut(nil)
		got, err := host.ReadFile(disk.Dir(), "report", 10)
		if kept := err == nil && string(got) == "text"; kept != c.kept {
			t.Errorf("%s synced: kept %v", name, kept)
		}
		if _, err := f.Write([]byte("x")); err == nil {
			t.Error("a file opened before the power cut is still written")
		}
	}
}

// A full disk says so, whatever was being written, and takes writes again when there
// is room.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	disk := hosttest.New()
	d := disk.Dir()
	if err := host.WriteFile(d, "f", []byte("old")); err != nil {
		t.Fatal(err)
	}
	for room := range 10 {
		disk.Room(room)
		if err := host.WriteFile(d, "f", []byte("new bytes!")); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("room for %d: %v", room, err)
		}
		if got, err := host.ReadFile(d, "f", 10); err != nil || string(got) != "old" {
			t.Fatal(string(got), err)
		}
	}
	disk.Room(-1)
	if err := host.WriteFile(d, "f", []byte("new bytes!")); err != nil {
		t.Fatal(err)
	}
}
