package db_test

import (
	"bytes"
	crand "crypto/rand"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"

	"homeward/internal/db"
)

// lossyVFS lies under the encryption and keeps two worlds: what programs see, which
// is in files of a temporary folder, and what would be on the disk if the power went
// now, which is in memory. After a number of writes and syncs the power goes: every
// call fails, and what is on the disk is decided.
//
// What was written since a file's last sync reaches the disk sector by sector, or
// not, in any order, and one sector may be torn in the middle. A file that was never
// synced may have no name yet; one that was removed may still have it.
type lossyVFS struct {
	base   vfs.VFS
	chance *rand.Rand

	mu    sync.Mutex
	files map[string]*onDisk // by base name
	left  int                // writes and syncs until the power goes; -1 never
	out   bool
	syncs int // counted, to show that the test tests something
}

// onDisk is one file as the disk has it.
type onDisk struct {
	named   bool   // its name is on the disk
	content []byte // as of the last sync
	since   []written
	removed bool // programs have removed it, and the folder is not synced
}

// written is one write; a nil data is a truncation to off.
type written struct {
	off  int64
	data []byte
}

// sector is what a disk writes at once. It is the size that the VFS admits to.
const sector = 4096

func newLossyVFS(chance *rand.Rand, left int) *lossyVFS {
	return &lossyVFS{base: vfs.Find(""), chance: chance, left: left, files: map[string]*onDisk{}}
}

var errPowerOut = sqlite3.IOERR

// step counts one call that changes the disk. The caller holds mu.
func (l *lossyVFS) step() error {
	if l.left == 0 {
		l.out = true
	}
	if l.out {
		return errPowerOut
	}
	l.left--
	return nil
}

// disk gives the images of the files after the power cut.
func (l *lossyVFS) disk() map[string][]byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out = true
	images := map[string][]byte{}
	for name, f := range l.files {
		if !f.named && l.chance.IntN(2) == 0 || f.removed && l.chance.IntN(2) == 0 {
			continue
		}
		images[name] = f.after(l.chance)
	}
	return images
}

// after is what of a file is on the disk.
func (f *onDisk) after(chance *rand.Rand) []byte {
	// Three kinds of disk: one that had written nothing yet, one that had written
	// much, one that had written nearly all.
	share := []int{0, 50, 95}[chance.IntN(3)]
	image := bytes.Clone(f.content)
	for _, w := range f.since {
		if w.data == nil {
			if chance.IntN(100) < share {
				image = resize(image, w.off)
			}
			continue
		}
		for at := 0; at < len(w.data); {
			// Up to the next border between sectors.
			n := min(len(w.data)-at, sector-int((w.off+int64(at))%sector))
			piece := w.data[at : at+n]
			if chance.IntN(40) == 0 {
				piece = piece[:chance.IntN(n+1)] // torn
			} else if chance.IntN(100) >= share {
				piece = nil
			}
			image = put(image, w.off+int64(at), piece)
			at += n
		}
	}
	return image
}

func resize(image []byte, size int64) []byte {
	if int64(len(image)) > size {
		return image[:size]
	}
	return append(image, make([]byte, size-int64(len(image)))...)
}

func put(image []byte, off int64, data []byte) []byte {
	if len(data) == 0 {
		return image
	}
	if end := off + int64(len(data)); end > int64(len(image)) {
		image = resize(image, end)
	}
	copy(image[off:], data)
	return image
}

func (l *lossyVFS) Open(string, vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return nil, 0, sqlite3.CANTOPEN // OpenFilename is called in its place
}

func (l *lossyVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out {
		return nil, 0, errPowerOut
	}
	inner, flags, err := vfsutil.WrapOpenFilename(l.base, name, flags)
	if err != nil || name == nil {
		return inner, flags, err
	}
	base := filepath.Base(name.String())
	f := l.files[base]
	if f == nil || f.removed {
		f = &onDisk{}
		if old, err := os.ReadFile(name.String()); err == nil && len(old) > 0 && l.files[base] == nil {
			f.content, f.named = old, true // it was there before
		}
		l.files[base] = f
	}
	return &lossyFile{File: inner, vfs: l, disk: f}, flags, nil
}

func (l *lossyVFS) Delete(name string, syncDir bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.step(); err != nil {
		return err
	}
	if f := l.files[filepath.Base(name)]; f != nil {
		f.removed = true
		if syncDir {
			delete(l.files, filepath.Base(name))
		}
	}
	return l.base.Delete(name, false)
}

func (l *lossyVFS) Access(name string, flags vfs.AccessFlag) (bool, error) {
	return l.base.Access(name, flags)
}

func (l *lossyVFS) FullPathname(name string) (string, error) { return l.base.FullPathname(name) }

// lossyFile is one open file.
type lossyFile struct {
	vfs.File
	vfs  *lossyVFS
	disk *onDisk
}

func (f *lossyFile) ReadAt(p []byte, off int64) (int, error) {
	f.vfs.mu.Lock()
	out := f.vfs.out
	f.vfs.mu.Unlock()
	if out {
		return 0, errPowerOut
	}
	return f.File.ReadAt(p, off)
}

func (f *lossyFile) WriteAt(p []byte, off int64) (int, error) {
	f.vfs.mu.Lock()
	defer f.vfs.mu.Unlock()
	if err := f.vfs.step(); err != nil {
		return 0, err
	}
	f.disk.since = append(f.disk.since, written{off, bytes.Clone(p)})
	return f.File.WriteAt(p, off)
}

func (f *lossyFile) Truncate(size int64) error {
	f.vfs.mu.Lock()
	defer f.vfs.mu.Unlock()
	if err := f.vfs.step(); err != nil {
		return err
	}
	f.disk.since = append(f.disk.since, written{off: size})
	return f.File.Truncate(size)
}

// Sync is where the two worlds meet. The real file is not synced: nobody takes the
// power from it. SQLite's own VFS syncs the folder with a new log, and db makes sure
// of the database's name itself, so that a synced file has its name.
func (f *lossyFile) Sync(vfs.SyncFlag) error {
	f.vfs.mu.Lock()
	defer f.vfs.mu.Unlock()
	if err := f.vfs.step(); err != nil {
		return err
	}
	for _, w := range f.disk.since {
		if w.data == nil {
			f.disk.content = resize(f.disk.content, w.off)
		} else {
			f.disk.content = put(f.disk.content, w.off, w.data)
		}
	}
	f.disk.since, f.disk.named = nil, true
	f.vfs.syncs++
	return nil
}

// The least that a disk can promise.
func (f *lossyFile) SectorSize() int                                 { return sector }
func (f *lossyFile) DeviceCharacteristics() vfs.DeviceCharacteristic { return 0 }

// What SQLite needs of the file below.
func (f *lossyFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }
func (f *lossyFile) LockState() vfs.LockLevel       { return vfsutil.WrapLockState(f.File) }

// faultyDisk is a disk that gives one error and then works again.
type faultyDisk struct {
	*lossyVFS
	plan *faultPlan
}

// faultPlan says when to fail.
type faultPlan struct {
	mu     sync.Mutex
	writes int // until they fail, -1 never
	syncs  int // that will fail
	err    error
}

func (p *faultPlan) fail(after int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writes, p.err = after, err
}

func (p *faultPlan) failSync(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.syncs = n
}

func (p *faultPlan) write() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.writes < 0 {
		return nil
	}
	if p.writes == 0 {
		return p.err
	}
	p.writes--
	return nil
}

func (p *faultPlan) sync() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.syncs == 0 {
		return nil
	}
	p.syncs--
	return sqlite3.IOERR_FSYNC
}

func (d *faultyDisk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	inner, flags, err := d.lossyVFS.OpenFilename(name, flags)
	if f, ok := inner.(*lossyFile); ok && err == nil {
		return &faultyFile{f, d.plan}, flags, nil
	}
	return inner, flags, err
}

type faultyFile struct {
	*lossyFile
	plan *faultPlan
}

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.plan.write(); err != nil {
		return 0, err
	}
	return f.lossyFile.WriteAt(p, off)
}

func (f *faultyFile) Sync(flags vfs.SyncFlag) error {
	if err := f.plan.sync(); err != nil {
		return err
	}
	return f.lossyFile.Sync(flags)
}

// openFaulty opens a new database on a disk that fails when it is told to.
func openFaulty(t *testing.T) (*db.DB, *faultPlan) {
	t.Helper()
	plan := &faultPlan{writes: -1}
	name := "faulty-" + crand.Text()
	vfs.Register(name, &faultyDisk{newLossyVFS(rand.New(rand.NewPCG(1, 1)), -1), plan})
	t.Cleanup(func() { vfs.Unregister(name) })
	return openIn(t, t.TempDir(), db.WithVFS(name), db.WithSetting("wal_autocheckpoint", "8", "8")), plan
}
