// Package canarytest looks for words that must not be there: in folders of a locked
// house, in backups, in logs, in temporary files, in the memory of a process.
//
// A canary is a text that occurs nowhere by chance. A test writes one into every
// field it can reach, locks the house, and has a Scanner look through whatever a
// thief could carry away. The scanner knows a canary in many clothes: UTF-8 composed
// and decomposed, in capitals and small letters, UTF-16, base64, hexadecimal, percent
// signs, JSON escapes; and pieces of eight bytes of it, as they lie in a torn page.
//
// A scan that finds nothing proves something only beside one that finds: scan the
// same house unsealed, or the same memory before the lock, and see the hits.
package canarytest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// New makes the nth canary of a test: letters of two scripts, one of which has
// another form when it is decomposed. It is fit to be a name.
func New(test string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", test, n))
	return "Й" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10])) + "й"
}

// Hit is a canary that was found.
type Hit struct {
	Where  string // file or region of memory
	Offset int64
	Canary string
	Form   string // in which clothes: utf-8, utf-16le, base64 …
}

func (h Hit) String() string {
	return fmt.Sprintf("%s at %d: %s of %q", h.Where, h.Offset, h.Form, h.Canary)
}

// window is how much is compared at first.
const window = 8

// pieces says how many bytes of a form must be there: so many that they occur by
// chance once in more terabytes than there are. It is eight bytes of the canary,
// and in the shorter alphabets a few more.
var pieces = map[string]int{
	"utf-8": 8, "decomposed": 8, "capitals": 8, "small letters": 8,
	"utf-16le": 16, "utf-16be": 16, "json": 30, "hex": 20, "HEX": 20, "percent": 30,
	"base64+0": 12, "base64+1": 12, "base64+2": 12, "base64url+0": 12, "base64url+1": 12, "base64url+2": 12,
}

// longest is the largest of pieces.
const longest = 30

// form is one way to write a canary.
type form struct{ name, canary string }

// place is where a window stands in a form.
type place struct {
	form form
	rest []byte // what must follow after the window
}

// Scanner looks for canaries. It is safe for concurrent use.
type Scanner struct {
	// windows are the pieces looked for. filter holds the first bits of each, so
	// that most places are passed over without looking into the map.
	windows map[uint64][]place
	filter  []uint64
}

const filterBits = 1 << 24

func slot(w uint64) (word, bit uint64) {
	h := w * 0x9e3779b97f4a7c15 >> 40
	return h >> 6, h & 63
}

// NewScanner looks for these canaries. Each must have at least eight bytes, and
// sixteen to be known in every form.
func NewScanner(canaries ...string) *Scanner {
	s := &Scanner{windows: map[uint64][]place{}, filter: make([]uint64, filterBits/64)}
	for _, c := range canaries {
		if len(c) < window {
			panic("canarytest: a canary of fewer than eight bytes is found by chance")
		}
		for name, written := range forms(c) {
			need := pieces[name]
			for i := 0; i+need <= len(written); i++ {
				s.add(written[i:i+need], form{name, c})
			}
		}
	}
	return s
}

// keyPiece is how much of a key must be there. The system saves a processor's registers
// when it interrupts a program, and with them sixteen bytes of a key that was in use;
// half a key opens nothing.
const keyPiece = 20

// NewKeyScanner looks for keys as they lie in memory, and not for other forms of them.
func NewKeyScanner(keys ...[]byte) *Scanner {
	s := &Scanner{windows: map[uint64][]place{}, filter: make([]uint64, filterBits/64)}
	for n, key := range keys {
		for i := 0; i+keyPiece <= len(key); i++ {
			s.add(key[i:i+keyPiece], form{"key", strconv.Itoa(n)})
		}
	}
	return s
}

func (s *Scanner) add(piece []byte, f form) {
	w := binary.LittleEndian.Uint64(piece)
	s.windows[w] = append(s.windows[w], place{f, piece[window:]})
	word, bit := slot(w)
	s.filter[word] |= 1 << bit
}

// forms are the ways in which a canary may lie somewhere.
func forms(canary string) map[string][]byte {
	all := map[string][]byte{}
	for name, text := range map[string]string{
		"utf-8": canary, "decomposed": norm.NFD.String(canary),
		"capitals": strings.ToUpper(canary), "small letters": strings.ToLower(canary),
	} {
		all[name] = []byte(text)
	}
	units := utf16.Encode([]rune(canary))
	for _, u := range units {
		all["utf-16le"] = binary.LittleEndian.AppendUint16(all["utf-16le"], u)
		all["utf-16be"] = binary.BigEndian.AppendUint16(all["utf-16be"], u)
		all["json"] = fmt.Appendf(all["json"], `\u%04x`, u)
	}
	all["hex"] = []byte(hex.EncodeToString([]byte(canary)))
	all["HEX"] = []byte(strings.ToUpper(hex.EncodeToString([]byte(canary))))
	for _, b := range []byte(canary) {
		all["percent"] = fmt.Appendf(all["percent"], "%%%02X", b)
	}
	for shift := range 3 {
		// Shifted by 0, 1 or 2 bytes, as it falls in a longer text; the letters that
		// hang together with what stands before and after are left out.
		padded := append(make([]byte, shift), canary...)
		for name, encoding := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
			text := encoding.EncodeToString(padded)
			from, to := (shift*8+5)/6, len(padded)*8/6
			all[fmt.Sprintf("%s+%d", name, shift)] = []byte(text[from:to])
		}
	}
	return all
}

// Bytes looks through bytes. Of each canary and form it reports the first hit.
func (s *Scanner) Bytes(where string, data []byte) []Hit {
	hits := found{}
	s.scan(where, 0, data, hits)
	return hits.list()
}

// found keeps the first hit of each canary and form.
type found map[form]Hit

func (f found) list() []Hit {
	hits := make([]Hit, 0, len(f))
	for _, h := range f {
		hits = append(hits, h)
	}
	return hits
}

func (s *Scanner) scan(where string, base int64, data []byte, hits found) {
	for i := 0; i+window <= len(data); i++ {
		w := binary.LittleEndian.Uint64(data[i:])
		word, bit := slot(w)
		if s.filter[word]&(1<<bit) == 0 {
			continue
		}
		for _, p := range s.windows[w] {
			if _, seen := hits[p.form]; !seen && bytes.HasPrefix(data[i+window:], p.rest) {
				hits[p.form] = Hit{where, base + int64(i), p.form.canary, p.form.name}
			}
		}
	}
}

// block is how much is read at once.
const block = 1 << 20

// Reader looks through a stream.
func (s *Scanner) Reader(where string, r io.Reader) ([]Hit, error) {
	hits := found{}
	buf := make([]byte, 0, block+longest)
	base := int64(0)
	for {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		s.scan(where, base, buf, hits)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return hits.list(), nil
		}
		if err != nil {
			return hits.list(), err
		}
		keep := min(longest-1, len(buf))
		base += int64(len(buf) - keep)
		copy(buf, buf[len(buf)-keep:])
		buf = buf[:keep]
	}
}

// Folder looks through every file below a folder, its names, and what is inside of
// gzip.
func (s *Scanner) Folder(folder string) (hits []Hit, err error) {
	err = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != folder {
			return nil // gone since it was listed
		}
		if err != nil {
			return err
		}
		hits = append(hits, s.Bytes("the name of "+path, []byte(path))...)
		if !e.Type().IsRegular() {
			return nil
		}
		more, err := s.file(path)
		hits = append(hits, more...)
		return err
	})
	return hits, err
}

func (s *Scanner) file(path string) ([]Hit, error) {
	f, err := os.Open(path) //nolint:gosec // a test's own folder
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil // gone since it was listed
		}
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	hits, err := s.Reader(path, f)
	if err != nil {
		return hits, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return hits, err
	}
	if z, err := gzip.NewReader(f); err == nil {
		more, _ := s.Reader(path+" unpacked", z) // what does not unpack was scanned as it is
		hits = append(hits, more...)
	}
	return hits, nil
}

// Process looks through the memory of a process, as a dump of it would hold it. Linux
// only; the process must be this one, a child, or anybody's for root.
func (s *Scanner) Process(pid int) (hits []Hit, err error) {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return nil, err
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return nil, err
	}
	defer mem.Close() //nolint:errcheck // only read from
	for line := range strings.Lines(string(maps)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || !strings.HasPrefix(fields[1], "rw") {
			continue // what cannot be written was loaded from a file
		}
		from, to, ok := span(fields[0])
		if !ok {
			continue
		}
		// A region that cannot be read (a guard, a device) is in no dump either.
		more, _ := s.Reader(fields[0], io.NewSectionReader(mem, from, to-from))
		hits = append(hits, more...)
	}
	return hits, nil
}

func span(text string) (from, to int64, ok bool) {
	a, b, ok := strings.Cut(text, "-")
	low, err1 := strconv.ParseUint(a, 16, 63)
	high, err2 := strconv.ParseUint(b, 16, 63)
	return int64(low), int64(high), ok && err1 == nil && err2 == nil
}

// None fails the test when a folder holds a canary, naming the first few.
func (s *Scanner) None(t testing.TB, folder string) {
	t.Helper()
	hits, err := s.Folder(folder)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range hits {
		if i == 10 {
			t.Errorf("and %d more", len(hits)-i)
			break
		}
		t.Error(h)
	}
}
