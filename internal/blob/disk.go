package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"syscall"
	"time"

	"homeward/internal/host"
)

// Disk keeps blobs in a folder.
type Disk struct {
	dir host.Dir

	mu    sync.Mutex
	known map[string]bool // folders whose names are known to be on the disk
}

// NewDisk keeps blobs in dir, which nobody else writes to.
func NewDisk(dir host.Dir) *Disk { return &Disk{dir: dir, known: map[string]bool{}} }

const partial = ".part"

// folder opens the folder of a name. A new folder is synced into its parent first:
// a blob in a folder that is not there after a power cut is not there either.
func (d *Disk) folder(name string) (host.Dir, error) {
	shard := name[:2]
	sub, err := d.dir.Sub(shard)
	if err != nil {
		return nil, explain("open a folder of", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.known[shard] {
		if err := d.dir.Sync(); err != nil {
			return nil, errors.Join(explain("sync", err), sub.Close())
		}
		d.known[shard] = true
	}
	return sub, nil
}

// Put is Store's.
func (d *Disk) Put(ctx context.Context, name string, write func(w io.Writer) error) error {
	if err := check(name); err != nil {
		return err
	}
	sub, err := d.folder(name)
	if err != nil {
		return err
	}
	defer sub.Close() //nolint:errcheck // a folder that was only read from
	if exists(sub, name) {
		return ErrExists
	}
	part := name + "." + rand.Text() + partial
	f, err := sub.Create(part)
	if err != nil {
		return explain("make a file in", err)
	}
	if err := d.fill(ctx, f, write); err != nil {
		abandon(sub, part)
		return err
	}
	if err := sub.Rename(part, name); err != nil {
		abandon(sub, part)
		return explain("name a file in", err)
	}
	if err := sub.Sync(); err != nil {
		abandon(sub, name) // nobody knows whether its name would survive
		return explain("sync", err)
	}
	return nil
}

// abandon removes what could not be finished. What it cannot remove is swept later.
func abandon(sub host.Dir, name string) { _ = sub.Remove(name) }

// fill writes, syncs and closes a file.
func (d *Disk) fill(ctx context.Context, f host.File, write func(io.Writer) error) error {
	w := &diskWriter{f: f}
	err := write(w)
	if w.err != nil {
		err = explain("write to", w.err) // write may have put it in other words
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = explain("sync a file in", f.Sync())
	}
	return errors.Join(err, explain("close a file in", f.Close()))
}

// diskWriter keeps the disk's own error apart from those of what is written.
type diskWriter struct {
	f   host.File
	err error
}

func (w *diskWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}

func exists(sub host.Dir, name string) bool {
	f, err := sub.Open(name)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// explain gives an error of the disk without the file's name; nil stays nil.
func explain(what string, err error) error {
	if err == nil {
		return nil
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return ErrFull.Wrap(err)
	}
	return fmt.Errorf("blob: %s the store: %w", what, err)
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return explain("remove a file from", err)
}

// Open is Store's.
func (d *Disk) Open(_ context.Context, name string) (Blob, error) {
	if err := check(name); err != nil {
		return nil, err
	}
	sub, err := d.folder(name)
	if err != nil {
		return nil, err
	}
	defer sub.Close() //nolint:errcheck // a folder that was only read from
	f, err := sub.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, explain("open a file in", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(explain("read", err), f.Close())
	}
	return &diskBlob{File: f, size: info.Size()}, nil
}

type diskBlob struct {
	host.File
	size int64
}

func (b *diskBlob) Size() int64 { return b.size }

// Remove is Store's.
func (d *Disk) Remove(_ context.Context, name string) error {
	if err := check(name); err != nil {
		return err
	}
	sub, err := d.folder(name)
	if err != nil {
		return err
	}
	defer sub.Close() //nolint:errcheck // Sync below tells what matters
	if err := ignoreAbsent(sub.Remove(name)); err != nil {
		return err
	}
	return explain("sync", sub.Sync())
}

// List is Store's.
func (d *Disk) List(ctx context.Context, fn func(Info) error) error {
	return d.walk(ctx, func(_ host.Dir, info Info) error {
		if check(info.Name) != nil {
			return nil
		}
		return fn(info)
	})
}

// Sweep removes what a power cut left half written before a time.
func (d *Disk) Sweep(ctx context.Context, before time.Time) (removed int, err error) {
	err = d.walk(ctx, func(sub host.Dir, info Info) error {
		if !strings.HasSuffix(info.Name, partial) || !info.Changed.Before(before) {
			return nil
		}
		removed++
		return ignoreAbsent(sub.Remove(info.Name))
	})
	return removed, err
}

// walk calls fn for every file of every folder.
func (d *Disk) walk(ctx context.Context, fn func(host.Dir, Info) error) error {
	shards, err := d.dir.List()
	if err != nil {
		return explain("list", err)
	}
	for _, shard := range shards {
		if len(shard) != 2 {
			continue
		}
		if err := d.walkFolder(ctx, shard, fn); err != nil {
			return err
		}
	}
	return nil
}

func (d *Disk) walkFolder(ctx context.Context, shard string, fn func(host.Dir, Info) error) error {
	sub, err := d.dir.Sub(shard)
	if err != nil {
		return explain("open a folder of", err)
	}
	defer sub.Close() //nolint:errcheck // a folder that was only read from
	names, err := sub.List()
	if err != nil {
		return explain("list", err)
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		info, err := look(sub, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return explain("read", err)
		}
		if err := fn(sub, info); err != nil {
			return err
		}
	}
	return nil
}

func look(sub host.Dir, name string) (Info, error) {
	f, err := sub.Open(name)
	if err != nil {
		return Info{}, err
	}
	info, err := f.Stat()
	if err = errors.Join(err, f.Close()); err != nil {
		return Info{}, err
	}
	return Info{Name: name, Size: info.Size(), Changed: info.ModTime()}, nil
}
