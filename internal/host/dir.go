package host

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sort"
)

// File is an open file of a Dir.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Closer
	// Sync makes the bytes survive a power cut. A failed Sync is final: the file
	// must be written anew (the kernel may have dropped the dirty pages).
	Sync() error
	Stat() (fs.FileInfo, error)
}

// Dir is one folder that names cannot leave: no "..", no absolute path, no
// symbolic link out of it.
type Dir interface {
	// Create makes a file that must not exist yet, mode 0600.
	Create(name string) (File, error)
	Open(name string) (File, error)
	Rename(from, to string) error
	Remove(name string) error
	// List gives the names in the folder, sorted.
	List() ([]string, error)
	// Sub opens a folder inside, made with mode 0700 when absent.
	Sub(name string) (Dir, error)
	// Sync makes creations, renames and removals in this folder survive a power
	// cut: fsync of a file alone does not keep its name.
	Sync() error
	Close() error
}

// OpenDir opens a folder of the real disk, made with mode 0700 when absent.
func OpenDir(name string) (Dir, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("host: make folder: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("host: open folder: %w", err)
	}
	return &diskDir{root: root}, nil
}

type diskDir struct{ root *os.Root }

func (d *diskDir) Create(name string) (File, error) {
	return d.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

func (d *diskDir) Open(name string) (File, error) { return d.root.Open(name) }

func (d *diskDir) Rename(from, to string) error { return d.root.Rename(from, to) }

func (d *diskDir) Remove(name string) error { return d.root.Remove(name) }

func (d *diskDir) List() ([]string, error) {
	f, err := d.root.Open(".")
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	err = errors.Join(err, f.Close())
	sort.Strings(names)
	return names, err
}

func (d *diskDir) Sub(name string) (Dir, error) {
	if err := d.root.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("host: make folder %s: %w", path.Base(name), err)
	}
	root, err := d.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &diskDir{root: root}, nil
}

func (d *diskDir) Sync() error {
	f, err := d.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d *diskDir) Close() error { return d.root.Close() }

// WriteFile puts a whole file in place so that after a power cut either the old
// bytes or the new ones are there, never a mixture: a new file is written and
// synced, renamed over the old, and the folder synced.
func WriteFile(d Dir, name string, data []byte) error {
	part := name + ".part"
	if err := d.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := d.Create(part)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := d.Rename(part, name); err != nil {
		return err
	}
	return d.Sync()
}

// ReadFile reads a whole file of at most limit bytes.
func ReadFile(d Dir, name string, limit int64) ([]byte, error) {
	f, err := d.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("host: %s is larger than %d bytes", path.Base(name), limit)
	}
	return data, nil
}
