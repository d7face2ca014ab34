package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// window is how much of a file is held at once: more than the largest Ogg page
// (65,307 bytes).
const window = 128 << 10

// source reads a file none of whose numbers are trusted. A read past the end
// gives nil, not an error: what to call that is the parser's decision. An error
// of the reader itself sticks and ends every parser, so that a failing disk is
// never mistaken for a strange file.
type source struct {
	r    io.ReaderAt
	size int64
	buf  []byte
	off  int64 // where buf begins in the file
	err  error
}

func newSource(r io.ReaderAt, size int64) *source {
	return &source{r: r, size: max(size, 0)}
}

// at gives the n bytes at off, or nil when they are not all there. They are valid
// until the next call.
func (s *source) at(off int64, n int) []byte {
	if s.err != nil || off < 0 || n < 0 || n > window || off > s.size-int64(n) {
		return nil
	}
	if off < s.off || off+int64(n) > s.off+int64(len(s.buf)) {
		s.fill(off)
		if off+int64(n) > s.off+int64(len(s.buf)) {
			return nil
		}
	}
	i := off - s.off
	return s.buf[i : i+int64(n) : i+int64(n)]
}

func (s *source) fill(off int64) {
	if s.buf == nil {
		s.buf = make([]byte, 0, window)
	}
	want := min(int64(window), s.size-off)
	n, err := s.r.ReadAt(s.buf[:want], off)
	s.off, s.buf = off, s.buf[:n]
	if int64(n) < want {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		s.err = fmt.Errorf("audio: read: %w", err)
	}
}

// has says whether the bytes at off are these.
func (s *source) has(off int64, want string) bool {
	return string(s.at(off, len(want))) == want
}

// read gives a copy of n bytes, which may be more than a window.
func (s *source) read(off, n int64) []byte {
	if s.err != nil || off < 0 || n < 0 || off > s.size-n {
		return nil
	}
	b := make([]byte, n)
	if m, err := s.r.ReadAt(b, off); int64(m) < n {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		s.err = fmt.Errorf("audio: read: %w", err)
		return nil
	}
	return b
}

// section is the part of the file from off, n bytes long.
func (s *source) section(off, n int64) io.Reader {
	return io.NewSectionReader(s.r, off, n)
}

// find gives where the bytes next stand at or after off, -1 when nowhere.
func (s *source) find(off int64, want string) int64 {
	for off <= s.size-int64(len(want)) {
		n := int(min(int64(window/2), s.size-off))
		b := s.at(off, n)
		if b == nil {
			return -1
		}
		if i := bytes.Index(b, []byte(want)); i >= 0 {
			return off + int64(i)
		}
		off += int64(n - len(want) + 1)
	}
	return -1
}

var (
	be = binary.BigEndian
	le = binary.LittleEndian
)

// span turns a count of samples at a rate into a duration, without overflow and
// never negative.
func span(samples, rate int64) time.Duration {
	if samples <= 0 || rate <= 0 {
		return 0
	}
	seconds := samples / rate
	if seconds > int64(math.MaxInt64/time.Second)-1 {
		return math.MaxInt64
	}
	rest := float64(samples%rate) / float64(rate) * float64(time.Second)
	return time.Duration(seconds)*time.Second + time.Duration(math.Round(rest))
}

// differ says whether two lengths tell different stories: by more than half a
// second and more than two parts in a hundred.
func differ(a, b time.Duration) bool {
	d := (a - b).Abs()
	return d > 500*time.Millisecond && d > max(a, b)/50
}
