package intake

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"syscall"
	"time"

	"homeward/internal/host"
)

// lossyDir is a folder in memory that forgets at a power cut whatever was not synced:
// the bytes of a file since its last Sync, and names made, changed or removed since
// the folder's last Sync.
type lossyDir struct {
	mu      sync.Mutex
	names   map[string]*lossyFile // as programs see it
	durable map[string]*lossyFile // as a power cut leaves it
	// fault is asked before every operation that may fail; nil means none fails.
	fault func(operation, name string) error
	// The two ways to cheat, for the controls that must lose.
	skipFileSync, skipDirSync bool
}

type lossyFile struct {
	data, durable []byte
}

func newLossyDir() *lossyDir {
	return &lossyDir{names: map[string]*lossyFile{}, durable: map[string]*lossyFile{}}
}

// powerCut gives the folder as the next start of the machine finds it.
func (d *lossyDir) powerCut() *lossyDir {
	d.mu.Lock()
	defer d.mu.Unlock()
	after := newLossyDir()
	for name, f := range d.durable {
		kept := &lossyFile{data: slices.Clone(f.durable), durable: slices.Clone(f.durable)}
		after.names[name], after.durable[name] = kept, kept
	}
	return after
}

func (d *lossyDir) fails(operation, name string) error {
	if d.fault == nil {
		return nil
	}
	return d.fault(operation, name)
}

func (d *lossyDir) Create(name string) (host.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fails("create", name); err != nil {
		return nil, err
	}
	if d.names[name] != nil {
		return nil, fs.ErrExist
	}
	d.names[name] = &lossyFile{}
	return &lossyHandle{d: d, f: d.names[name], name: name}, nil
}

func (d *lossyDir) Open(name string) (host.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.names[name] == nil {
		return nil, fs.ErrNotExist
	}
	return &lossyHandle{d: d, f: d.names[name], name: name}, nil
}

func (d *lossyDir) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fails("rename", from); err != nil {
		return err
	}
	if d.names[from] == nil {
		return fs.ErrNotExist
	}
	d.names[to] = d.names[from]
	delete(d.names, from)
	return nil
}

func (d *lossyDir) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fails("remove", name); err != nil {
		return err
	}
	if d.names[name] == nil {
		return fs.ErrNotExist
	}
	delete(d.names, name)
	return nil
}

func (d *lossyDir) List() ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.names)), nil
}

func (d *lossyDir) Sub(string) (host.Dir, error) { return nil, errors.ErrUnsupported }

func (d *lossyDir) Sync() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fails("syncdir", ""); err != nil {
		return err
	}
	if !d.skipDirSync {
		d.durable = maps.Clone(d.names)
	}
	return nil
}

func (d *lossyDir) Close() error { return nil }

type lossyHandle struct {
	d    *lossyDir
	f    *lossyFile
	name string
	pos  int
}

func (h *lossyHandle) Write(b []byte) (int, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if err := h.d.fails("write", h.name); err != nil {
		n := len(b) / 2 // a full disk takes a part
		h.f.data = append(h.f.data, b[:n]...)
		return n, err
	}
	h.f.data = append(h.f.data, b...)
	return len(b), nil
}

func (h *lossyHandle) Read(b []byte) (int, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if h.pos >= len(h.f.data) {
		return 0, io.EOF
	}
	n := copy(b, h.f.data[h.pos:])
	h.pos += n
	return n, nil
}

func (h *lossyHandle) ReadAt(b []byte, off int64) (int, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	return bytes.NewReader(h.f.data).ReadAt(b, off)
}

func (h *lossyHandle) Sync() error {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	if err := h.d.fails("sync", h.name); err != nil {
		return err
	}
	if !h.d.skipFileSync {
		h.f.durable = slices.Clone(h.f.data)
	}
	return nil
}

func (h *lossyHandle) Close() error { return nil }

func (h *lossyHandle) Stat() (fs.FileInfo, error) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	return lossyInfo{name: h.name, size: int64(len(h.f.data))}, nil
}

type lossyInfo struct {
	name string
	size int64
}

func (i lossyInfo) Name() string       { return i.name }
func (i lossyInfo) Size() int64        { return i.size }
func (i lossyInfo) Mode() fs.FileMode  { return 0o600 }
func (i lossyInfo) ModTime() time.Time { return time.Time{} }
func (i lossyInfo) IsDir() bool        { return false }
func (i lossyInfo) Sys() any           { return nil }

var errDiskFull = syscall.ENOSPC
