package intake

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"homeward/internal/host"
	"homeward/ledger"
)

// spool is the folder of sealed reports. Reports arrive side by side, each in a
// .part file of its own; what is complete is put in its place one after the other,
// because each is chained to the one before. Whoever comes first does so for all
// that wait at that moment, so that the folder is synced once for them together.
type spool struct {
	dir   host.Dir
	host  host.Host
	quota int64
	id    string // of this folder, random

	mu      sync.Mutex
	waits   []*arrival // complete, not yet in place
	leading bool       // somebody is putting reports in their place

	state sync.Mutex // held while the folder and what follows change
	sure  bool       // false after an error: look at the folder again first
	files []stored   // by number
	last  trailer    // of the newest report, also when it is gone
	used  int64      // bytes of files
}

// stored is a report in its place.
type stored struct {
	name           string
	number         uint64
	token, content mark
	size           int64
}

// A trailer is the last trailerSize bytes of a report's file: what the file holds
// and where it stands in the chain.
//
//	magic 8 ‖ number 8 ‖ size of the body 8 ‖ SHA-256 of the body 32 ‖
//	mark of the token 16 ‖ mark of the content 16 ‖ link before 32 ‖ link 32
//
// The link is SHA-256 of all that stands before it in the trailer, so that each
// report answers for all before it. The chain shows what a fault of the disk or a
// hand took away; it is no seal against one who can write the whole folder anew.
type trailer struct {
	number         uint64
	size           int64
	body           [32]byte
	token, content mark
	before, link   [32]byte
}

const (
	trailerMagic = "hwspool1"
	trailerSize  = 8 + 8 + 8 + 32 + 16 + 16 + 32 + 32
)

// bytes gives the trailer and sets its link.
func (t *trailer) bytes() []byte {
	b := append(make([]byte, 0, trailerSize), trailerMagic...)
	b = binary.BigEndian.AppendUint64(b, t.number)
	b = binary.BigEndian.AppendUint64(b, uint64(t.size))
	b = slices.Concat(b, t.body[:], t.token[:], t.content[:], t.before[:])
	t.link = sha256.Sum256(b)
	return append(b, t.link[:]...)
}

func parseTrailer(b []byte) (t trailer, ok bool) {
	if len(b) != trailerSize || string(b[:8]) != trailerMagic {
		return t, false
	}
	t.number = binary.BigEndian.Uint64(b[8:])
	t.size = int64(binary.BigEndian.Uint64(b[16:]))
	copy(t.body[:], b[24:])
	copy(t.token[:], b[56:])
	copy(t.content[:], b[72:])
	copy(t.before[:], b[88:])
	return t, bytes.Equal(t.bytes(), b) && t.size >= 0
}

func (t trailer) name() string {
	return fmt.Sprintf("%016d.%s.%s.report", t.number, t.token, t.content)
}

var (
	reportName = regexp.MustCompile(`^([0-9]{16})\.([0-9a-f]{32})\.([0-9a-f]{32})\.report$`)
	headName   = regexp.MustCompile(`^([0-9]{16})\.head$`)
)

func openSpool(dir host.Dir, h host.Host, quota int64) (*spool, error) {
	s := &spool{dir: dir, host: h, quota: quota}
	if err := s.sweep(); err != nil {
		return nil, ErrNotTaken.Wrap(err)
	}
	if err := s.name(); err != nil {
		return nil, ErrNotTaken.Wrap(err)
	}
	if err := s.look(); err != nil {
		return nil, ErrNotTaken.Wrap(err)
	}
	return s, nil
}

// idName is the file that holds the folder's own id: what was taken out of which
// spool is known by it.
const idName = "spool.id"

// name reads the folder's id, or gives it one.
func (s *spool) name() error {
	b, err := host.ReadFile(s.dir, idName, 64)
	if errors.Is(err, fs.ErrNotExist) {
		random, err := s.host.Bytes(16)
		if err != nil {
			return err
		}
		b = []byte(hex.EncodeToString(random))
		if err := host.WriteFile(s.dir, idName, b); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	s.id = string(b)
	return nil
}

// sweep removes what was arriving when the process before this one died. None of it
// was acknowledged.
func (s *spool) sweep() error {
	names, err := s.dir.List()
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".part") {
			if err := s.dir.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// look learns from the folder which reports are there and where the chain stands.
func (s *spool) look() error {
	names, err := s.dir.List()
	if err != nil {
		return err
	}
	s.files, s.used, s.last = nil, 0, trailer{}
	for _, name := range names {
		switch {
		case reportName.MatchString(name):
			f, err := s.measure(name)
			if err != nil {
				return err
			}
			s.files = append(s.files, f)
			s.used += f.size
		case headName.MatchString(name):
			if err := s.lookHead(name); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(s.files, func(a, b stored) int { return cmp.Compare(a.number, b.number) })
	if err := s.lookNewest(); err != nil {
		return err
	}
	s.sure = true
	return nil
}

func (s *spool) measure(name string) (stored, error) {
	parts := reportName.FindStringSubmatch(name)
	number, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil {
		return stored{}, err
	}
	f := stored{name: name, number: number}
	if err := errors.Join(f.token.UnmarshalText([]byte(parts[2])), f.content.UnmarshalText([]byte(parts[3]))); err != nil {
		return stored{}, err
	}
	file, err := s.dir.Open(name)
	if err != nil {
		return stored{}, err
	}
	info, err := file.Stat()
	if err = errors.Join(err, file.Close()); err != nil {
		return stored{}, err
	}
	f.size = info.Size()
	return f, nil
}

// lookHead reads where the chain stood when its newest report was taken away.
func (s *spool) lookHead(name string) error {
	b, err := host.ReadFile(s.dir, name, trailerSize)
	if err != nil {
		return err
	}
	if t, ok := parseTrailer(b); ok && t.number >= s.last.number {
		s.last = t
	}
	return nil
}

// lookNewest takes the end of the chain from the newest report. When that file is
// damaged the chain goes on from its number; Drain names the damage.
func (s *spool) lookNewest() error {
	if len(s.files) == 0 {
		return nil
	}
	newest := s.files[len(s.files)-1]
	if newest.number < s.last.number {
		return nil
	}
	t, err := s.trailer(newest)
	if err != nil && !errors.Is(err, errSealed) {
		return err
	}
	if err != nil {
		t = trailer{number: newest.number}
	}
	s.last = t
	return nil
}

// trailer reads the trailer of a stored report; errSealed when it is not whole.
func (s *spool) trailer(f stored) (trailer, error) {
	file, err := s.dir.Open(f.name)
	if err != nil {
		return trailer{}, err
	}
	defer file.Close() //nolint:errcheck // only read
	b := make([]byte, trailerSize)
	if f.size < trailerSize {
		return trailer{}, errSealed
	}
	if _, err := file.ReadAt(b, f.size-trailerSize); err != nil && !errors.Is(err, io.EOF) {
		return trailer{}, err
	}
	t, ok := parseTrailer(b)
	if !ok || t.size != f.size-trailerSize || t.name() != f.name {
		return trailer{}, errSealed
	}
	return t, nil
}

func (s *spool) waiting() int {
	s.state.Lock()
	defer s.state.Unlock()
	return len(s.files)
}

// list gives the reports that wait, the oldest first.
func (s *spool) list() ([]stored, error) {
	s.state.Lock()
	defer s.state.Unlock()
	if !s.sure {
		if err := s.look(); err != nil {
			return nil, err
		}
	}
	return slices.Clone(s.files), nil
}

// snapshot gives the reports that wait and the number of the newest there ever was.
func (s *spool) snapshot() ([]stored, uint64, error) {
	files, err := s.list()
	s.state.Lock()
	defer s.state.Unlock()
	return files, s.last.number, err
}

// broken names the waiting reports whose trailer is not whole, or does not follow on
// the one before it.
func (s *spool) broken(files []stored) (findings []ledger.Finding) {
	var before trailer
	for _, f := range files {
		t, err := s.trailer(f)
		code := ""
		switch {
		case err != nil:
			code = "report_unread"
		case before.number+1 == t.number && t.before != before.link:
			code = "report_chain"
		}
		if code != "" {
			findings = append(findings, ledger.Found(ledger.Altered, "spool", "", int64(f.number), code))
		}
		before = t
	}
	return findings
}

// arrival is one report on its way into the spool.
type arrival struct {
	s    *spool
	name string
	file host.File
	hash hash.Hash
	size int64
	err  error // sticks

	token, content mark
	done           chan struct{} // closed when it is in its place, or failed
}

var errFull = errors.New("intake: the spool holds as much as it may")

// begin makes the file in which a report arrives.
func (s *spool) begin() (*arrival, error) {
	id, err := s.host.Bytes(16)
	if err != nil {
		return nil, err
	}
	a := &arrival{s: s, name: hex.EncodeToString(id) + ".part", hash: sha256.New(), done: make(chan struct{})}
	a.file, err = s.dir.Create(a.name)
	return a, err
}

// Write takes sealed bytes.
func (a *arrival) Write(b []byte) (int, error) {
	if a.err == nil && a.s.over(a.size+int64(len(b))) {
		a.err = errFull
	}
	if a.err != nil {
		return 0, a.err
	}
	n, err := a.file.Write(b)
	a.hash.Write(b[:n])
	a.size += int64(n)
	a.err = err
	return n, err
}

func (s *spool) over(more int64) bool {
	s.state.Lock()
	defer s.state.Unlock()
	return s.used+more > s.quota
}

// discard takes away a report that is not wanted or did not get into its place. It
// is called always, and what fails here was not acknowledged and is swept up when
// the door is opened the next time.
func (a *arrival) discard() {
	if a.file != nil {
		_ = a.file.Close()
		a.file = nil
	}
	if a.name != "" {
		_ = a.s.dir.Remove(a.name)
		a.name = ""
	}
}

// earlySync is the size above which a report is synced before it waits for its turn, so
// that a long recording does not keep the others waiting.
const earlySync = 256 << 10

// keep puts a complete report in its place in the chain. When it returns nil, a power
// cut does not take the report.
func (s *spool) keep(a *arrival, token, content mark) error {
	if a.err != nil {
		return a.err
	}
	a.token, a.content = token, content
	if a.size > earlySync {
		if err := a.file.Sync(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	s.waits = append(s.waits, a)
	lead := !s.leading
	s.leading = true
	s.mu.Unlock()
	if lead {
		s.lead()
	}
	<-a.done
	return a.err
}

// lead puts waiting reports in their place until none waits.
func (s *spool) lead() {
	for {
		s.mu.Lock()
		batch := s.waits
		s.waits = nil
		if len(batch) == 0 {
			s.leading = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		s.place(batch)
		for _, a := range batch {
			close(a.done)
		}
	}
}

// place chains a batch of reports and syncs each, then the folder once. After any
// error nothing in memory is believed before the folder was looked at again: what
// the kernel lost after a failed sync is not made good by one that succeeds. A report
// that stands in its place without having been acknowledged does no harm: its sender
// sends it again, and Drain keeps it once.
func (s *spool) place(batch []*arrival) {
	s.state.Lock()
	defer s.state.Unlock()
	if !s.sure {
		if err := s.look(); err != nil {
			fail(batch, err)
			return
		}
	}
	for _, a := range batch {
		if s.holds(a.token, a.content) {
			continue // the same report once more: the folder's sync below is for it too
		}
		if a.err = s.chain(a); a.err != nil {
			s.sure = false
			break
		}
	}
	if !s.sure {
		fail(batch, errChain)
		return
	}
	if err := s.dir.Sync(); err != nil {
		s.sure = false
		fail(batch, err)
	}
}

var errChain = errors.New("intake: another report could not be put in its place")

// fail gives the error to those that have none of their own.
func fail(batch []*arrival, err error) {
	for _, a := range batch {
		if a.err == nil {
			a.err = err
		}
	}
}

func (s *spool) holds(token, content mark) bool {
	return slices.ContainsFunc(s.files, func(f stored) bool { return f.token == token && f.content == content })
}

// chain writes the report's trailer, syncs the file and gives it its name.
func (s *spool) chain(a *arrival) error {
	t := trailer{number: s.last.number + 1, size: a.size, token: a.token, content: a.content, before: s.last.link}
	a.hash.Sum(t.body[:0])
	if _, err := a.file.Write(t.bytes()); err != nil {
		return err
	}
	if err := a.file.Sync(); err != nil {
		return err
	}
	err := a.file.Close()
	a.file = nil
	if err != nil {
		return err
	}
	if err := s.dir.Rename(a.name, t.name()); err != nil {
		return err
	}
	a.name = ""
	s.last = t
	s.files = append(s.files, stored{name: t.name(), number: t.number, token: t.token, content: t.content, size: t.size + trailerSize})
	s.used += t.size + trailerSize
	return nil
}

// remove takes away a report that is safe elsewhere. Before the newest goes, a small
// file keeps where the chain stands.
func (s *spool) remove(f stored) error {
	s.state.Lock()
	defer s.state.Unlock()
	i := slices.IndexFunc(s.files, func(g stored) bool { return g.name == f.name })
	if i < 0 {
		return nil
	}
	if f.number == s.last.number {
		if err := s.writeHead(); err != nil {
			return err
		}
	}
	if err := s.dir.Remove(f.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.sure = false
		return err
	}
	s.files = slices.Delete(s.files, i, i+1)
	s.used -= f.size
	return s.dir.Sync()
}

// writeHead keeps the end of the chain, and takes away where it stood before.
func (s *spool) writeHead() error {
	t := s.last
	name := fmt.Sprintf("%016d.head", t.number)
	if err := host.WriteFile(s.dir, name, t.bytes()); err != nil {
		return err
	}
	names, err := s.dir.List()
	if err != nil {
		return err
	}
	for _, old := range names {
		if headName.MatchString(old) && old < name {
			if err := s.dir.Remove(old); err != nil {
				return err
			}
		}
	}
	return nil
}

// read opens a stored report with the office's key. The body is held to the hash in
// the trailer before anything of it is believed.
func (s *spool) read(f stored, unsealed func(open func() (io.Reader, error)) error) error {
	t, err := s.trailer(f)
	if err != nil {
		if errors.Is(err, errSealed) {
			return err
		}
		return diskError{err}
	}
	file, err := s.dir.Open(f.name)
	if err != nil {
		return diskError{err}
	}
	defer file.Close() //nolint:errcheck // only read
	open := func() (io.Reader, error) { return diskReader{io.NewSectionReader(file, 0, t.size)}, nil }
	sum := sha256.New()
	body, _ := open()
	if _, err := io.Copy(sum, body); err != nil {
		return diskError{err}
	}
	if !bytes.Equal(sum.Sum(nil), t.body[:]) {
		return errSealed
	}
	return unsealed(open)
}

// diskReader marks the errors of a disk.
type diskReader struct{ r io.Reader }

func (d diskReader) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = diskError{err}
	}
	return n, err
}
