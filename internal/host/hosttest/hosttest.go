// Package hosttest is a disk that fails on purpose: a folder in memory that fills
// up, refuses, and at a power cut forgets what was not synced.
//
// The rules of the power cut are those of a file system that promises no more than
// POSIX does. The content of a file is as it was at its last Sync, or with any part
// of what was written since. The names of a folder are as they were at its last
// Sync, or with the first few of the changes since, in their order. A file that was
// synced and whose name was not is gone.
package hosttest

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"homeward/internal/host"
)

// Disk is a disk in memory. The zero value is not usable; take New.
type Disk struct {
	mu    sync.Mutex
	root  *folder
	power int              // counts power cuts; what was open before one is dead
	room  int              // bytes that still fit; -1 for any number
	fail  func(Call) error // asked before every call
	clock func() time.Time
}

// Call is what is about to be done to the disk.
type Call struct {
	Op   string // create, open, read, write, sync, rename, remove, list, sub, syncdir
	Name string // of the file or folder; base name only
}

// New makes an empty disk with room for any number of bytes.
func New() *Disk { return &Disk{root: newFolder(), room: -1, clock: time.Now} }

// Dir is the disk's top folder. After a power cut, take it anew.
func (d *Disk) Dir() host.Dir {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &dir{disk: d, folder: d.root, power: d.power}
}

// Room says how many more bytes fit; -1 is any number. A write that goes over it
// writes what fits and gives ENOSPC, as disks do.
func (d *Disk) Room(bytes int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = bytes
}

// Fail has fn asked before every call; what it returns is the call's error. nil ends
// that.
func (d *Disk) Fail(fn func(Call) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = fn
}

// Clock sets the time that files bear.
func (d *Disk) Clock(now func() time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock = now
}

// PowerCut forgets what was not synced: all of it when chance is nil, and otherwise
// as much as chance has it. Everything that was open gives errors from now on.
func (d *Disk) PowerCut(chance *rand.Rand) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.power++
	d.root.cut(chance)
}

// Files gives the content of every file by its path, as programs see it.
func (d *Disk) Files() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := map[string][]byte{}
	d.root.walk("", func(path string, f *file) { all[path] = bytes.Clone(f.data) })
	return all
}

// node is a *file or a *folder.
type node any

type folder struct {
	now     map[string]node // as programs see it
	kept    map[string]node // as of the last Sync
	changes []change        // since then
}

// change is one creation, renaming or removal.
type change struct {
	gone, come string // "" for none
	what       node
}

type file struct {
	data, kept []byte
	changed    time.Time
}

func newFolder() *folder { return &folder{now: map[string]node{}, kept: map[string]node{}} }

func (f *folder) apply(names map[string]node, c change) {
	if c.gone != "" {
		delete(names, c.gone)
	}
	if c.come != "" {
		names[c.come] = c.what
	}
}

func (f *folder) change(c change) {
	f.apply(f.now, c)
	f.changes = append(f.changes, c)
}

func (f *folder) sync() {
	for _, c := range f.changes {
		f.apply(f.kept, c)
	}
	f.changes = nil
}

func (f *folder) cut(chance *rand.Rand) {
	if chance != nil {
		for _, c := range f.changes[:chance.IntN(len(f.changes)+1)] {
			f.apply(f.kept, c)
		}
	}
	f.changes = nil
	f.now = map[string]node{}
	for name, n := range f.kept {
		f.now[name] = n
		switch n := n.(type) {
		case *folder:
			n.cut(chance)
		case *file:
			n.cut(chance)
		}
	}
}

// cut keeps a part of what was written since the last Sync: its beginning, and after
// that zeros where the length reached the disk before the bytes did.
func (f *file) cut(chance *rand.Rand) {
	after := bytes.Clone(f.kept)
	if extra := len(f.data) - len(f.kept); chance != nil && extra > 0 {
		after = append(after, f.data[len(f.kept):len(f.kept)+chance.IntN(extra+1)]...)
		after = append(after, make([]byte, chance.IntN(len(f.data)-len(after)+1))...)
	}
	f.data, f.kept = after, bytes.Clone(after)
}

func (f *folder) walk(path string, fn func(string, *file)) {
	for name, n := range f.now {
		switch n := n.(type) {
		case *folder:
			n.walk(path+name+"/", fn)
		case *file:
			fn(path+name, n)
		}
	}
}

// dir is a folder as a program has it open.
type dir struct {
	disk   *Disk
	folder *folder
	power  int
}

var errPower = errors.New("hosttest: opened before the power cut")

// begin takes the lock; the caller gives it back when the error is nil.
func (d *dir) begin(op, name string) error { return d.disk.begin(op, name, d.power) }

func (d *Disk) begin(op, name string, power int) error {
	d.mu.Lock()
	fail := d.fail
	if power != d.power {
		d.mu.Unlock()
		return errPower
	}
	if fail == nil {
		return nil
	}
	d.mu.Unlock() // fn may look at the disk, or cut its power
	if err := fail(Call{Op: op, Name: name}); err != nil {
		return &fs.PathError{Op: op, Path: name, Err: err}
	}
	d.mu.Lock()
	if power != d.power {
		d.mu.Unlock()
		return errPower
	}
	return nil
}

func pathError(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }

// local refuses what leaves the folder, as os.Root does.
func local(name string) bool {
	return fs.ValidPath(name) && !strings.Contains(name, "/") && name != "."
}

func (d *dir) Create(name string) (host.File, error) {
	if err := d.begin("create", name); err != nil {
		return nil, err
	}
	defer d.disk.mu.Unlock()
	switch {
	case !local(name):
		return nil, pathError("create", name, fs.ErrInvalid)
	case d.folder.now[name] != nil:
		return nil, pathError("create", name, fs.ErrExist)
	case d.disk.room == 0:
		return nil, pathError("create", name, syscall.ENOSPC)
	}
	f := &file{changed: d.disk.clock()}
	d.folder.change(change{come: name, what: f})
	return &open{disk: d.disk, file: f, name: name, power: d.power, writable: true}, nil
}

func (d *dir) Open(name string) (host.File, error) {
	if err := d.begin("open", name); err != nil {
		return nil, err
	}
	defer d.disk.mu.Unlock()
	f, ok := d.folder.now[name].(*file)
	if !ok {
		return nil, pathError("open", name, fs.ErrNotExist)
	}
	return &open{disk: d.disk, file: f, name: name, power: d.power}, nil
}

func (d *dir) Rename(from, to string) error {
	if err := d.begin("rename", from); err != nil {
		return err
	}
	defer d.disk.mu.Unlock()
	n := d.folder.now[from]
	if n == nil || !local(to) {
		return pathError("rename", from, fs.ErrNotExist)
	}
	d.folder.change(change{gone: from, come: to, what: n})
	return nil
}

func (d *dir) Remove(name string) error {
	if err := d.begin("remove", name); err != nil {
		return err
	}
	defer d.disk.mu.Unlock()
	if d.folder.now[name] == nil {
		return pathError("remove", name, fs.ErrNotExist)
	}
	d.folder.change(change{gone: name})
	return nil
}

func (d *dir) List() ([]string, error) {
	if err := d.begin("list", ""); err != nil {
		return nil, err
	}
	defer d.disk.mu.Unlock()
	var names []string
	for name := range d.folder.now {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

func (d *dir) Sub(name string) (host.Dir, error) {
	if err := d.begin("sub", name); err != nil {
		return nil, err
	}
	defer d.disk.mu.Unlock()
	if !local(name) {
		return nil, pathError("sub", name, fs.ErrInvalid)
	}
	switch n := d.folder.now[name].(type) {
	case *folder:
		return &dir{disk: d.disk, folder: n, power: d.power}, nil
	case *file:
		return nil, pathError("sub", name, syscall.ENOTDIR)
	}
	f := newFolder()
	d.folder.change(change{come: name, what: f})
	return &dir{disk: d.disk, folder: f, power: d.power}, nil
}

func (d *dir) Sync() error {
	if err := d.begin("syncdir", ""); err != nil {
		return err
	}
	defer d.disk.mu.Unlock()
	d.folder.sync()
	return nil
}

func (d *dir) Close() error { return nil }

// open is a file as a program has it open.
type open struct {
	disk     *Disk
	file     *file
	name     string
	power    int
	writable bool
	pos      int
}

func (o *open) Read(p []byte) (int, error) {
	n, err := o.ReadAt(p, int64(o.pos))
	o.pos += n
	if n > 0 {
		err = nil
	}
	return n, err
}

func (o *open) ReadAt(p []byte, off int64) (int, error) {
	if err := o.disk.begin("read", o.name, o.power); err != nil {
		return 0, err
	}
	defer o.disk.mu.Unlock()
	if off >= int64(len(o.file.data)) {
		return 0, io.EOF
	}
	n := copy(p, o.file.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (o *open) Write(p []byte) (int, error) {
	if err := o.disk.begin("write", o.name, o.power); err != nil {
		return 0, err
	}
	defer o.disk.mu.Unlock()
	if !o.writable {
		return 0, pathError("write", o.name, fs.ErrPermission)
	}
	n := len(p)
	if o.disk.room >= 0 {
		n = min(n, o.disk.room)
		o.disk.room -= n
	}
	o.file.data = append(o.file.data, p[:n]...)
	o.file.changed = o.disk.clock()
	if n < len(p) {
		return n, pathError("write", o.name, syscall.ENOSPC)
	}
	return n, nil
}

func (o *open) Sync() error {
	if err := o.disk.begin("sync", o.name, o.power); err != nil {
		return err
	}
	defer o.disk.mu.Unlock()
	o.file.kept = bytes.Clone(o.file.data)
	return nil
}

func (o *open) Close() error { return nil }

func (o *open) Stat() (fs.FileInfo, error) {
	o.disk.mu.Lock()
	defer o.disk.mu.Unlock()
	return info{o.name, int64(len(o.file.data)), o.file.changed}, nil
}

// info is what Stat tells.
type info struct {
	name    string
	size    int64
	changed time.Time
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o600 }
func (i info) ModTime() time.Time { return i.changed }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }
