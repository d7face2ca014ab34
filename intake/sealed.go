package intake

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/bits"
	"time"

	"filippo.io/age"

	"homeward/internal/problem"
)

// Inside its seal a report is a sequence of frames: one byte saying what it is, four
// bytes of length, and as many bytes. They are written as they arrive, so that a
// long recording passes through memory 64 KiB at a time.
//
//	field   JSON {name}, then its value in data frames as below
//	file    JSON {name, type}
//	data    a piece of the field or file before it
//	end     JSON {size, sha256} of that field or file
//	summary JSON: see summary; exactly one, after everything else
//	padding zeros, up to the next size of a coarse scale
//
// Version 1 begins with the eight bytes of sealedMagic.
const (
	frameField   = 'f'
	frameFile    = 'F'
	frameData    = 'd'
	frameEnd     = 'e'
	frameSummary = 's'
	framePadding = 'p'

	sealedMagic = "hwreport"
	frameHead   = 5
	frameMax    = 64 << 10
)

// mark names a token or a content; see spoolMark.
type mark [16]byte

func (m mark) String() string { return hex.EncodeToString(m[:]) }

// MarshalText and UnmarshalText write a mark in hexadecimal digits.
func (m mark) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

func (m *mark) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(m) {
		return errSealed
	}
	copy(m[:], b)
	return nil
}

// summary is what the house adds to a report, sealed with it.
type summary struct {
	Version    int       `json:"version"`
	Arrived    time.Time `json:"arrived"`
	Locator    string    `json:"locator"`              // of the receipt that belongs to the token
	AdditionTo string    `json:"addition_to,omitzero"` // the locator of the receipt that was given with it
	Receipt    string    `json:"receipt,omitzero"`     // whether that receipt is the house's own
	Token      mark      `json:"token"`
	Content    mark      `json:"content"`
	Fields     int       `json:"fields"`
	Files      int       `json:"files"`
	SHA256     string    `json:"sha256"` // of everything that was given
}

// What a summary says of the receipt that came with a report; the words are equally
// long, as everything is that a wire or a disk could tell apart. A report of the first
// doors says nothing: they took only what is the house's own.
const (
	receiptGenuine = "genuine"
	receiptForeign = "foreign"
)

type frameName struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
}

type frameSum struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// errSealed says that a sealed report is not what the door wrote.
var errSealed = problem.New(problem.Invalid, "intake.sealed",
	"a report in the spool cannot be read: its file was damaged",
	"keep the file; the person who sent it may be asked to send it again")

// sealer writes the frames of one report under its seal.
type sealer struct {
	age   io.WriteCloser
	out   *bufio.Writer
	n     int64     // bytes of plaintext written
	given hash.Hash // of what the sender gave, in one form
	bytes int64     // that the sender gave
}

func newSealer(w io.Writer, to age.Recipient) (*sealer, error) {
	a, err := age.Encrypt(w, to)
	if err != nil {
		return nil, fmt.Errorf("intake: seal: %w", err)
	}
	s := &sealer{age: a, out: bufio.NewWriterSize(a, frameMax), given: sha256.New()}
	return s, s.write([]byte(sealedMagic))
}

func (s *sealer) write(b []byte) error {
	n, err := s.out.Write(b)
	s.n += int64(n)
	return err
}

func (s *sealer) frame(kind byte, b []byte) error {
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(b)))
	if err := s.write(head); err != nil {
		return err
	}
	return s.write(b)
}

func (s *sealer) json(kind byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(b) > frameMax {
		return errSealed
	}
	return s.frame(kind, b)
}

// field seals one field.
func (s *sealer) field(name string, value []byte) error {
	s.note(frameField, []byte(name), value)
	sum := sha256.Sum256(value)
	if err := s.json(frameField, frameName{Name: name}); err != nil {
		return err
	}
	if err := s.frame(frameData, value); err != nil {
		return err
	}
	return s.json(frameEnd, frameSum{int64(len(value)), hex.EncodeToString(sum[:])})
}

// file seals one file while it arrives. Its error is the answer to the sender.
func (s *sealer) file(name, claimed string, body io.Reader, limits Limits) error {
	if err := s.json(frameFile, frameName{name, claimed}); err != nil {
		return ErrNotTaken.Wrap(err)
	}
	sum, size, buf := sha256.New(), int64(0), make([]byte, frameMax)
	for {
		n, err := fill(body, buf)
		if n > 0 {
			size += int64(n)
			if size > limits.File {
				return ErrFileSize.With("megabytes", limits.File>>20)
			}
			if s.bytes += int64(n); s.bytes > limits.Report {
				return ErrReportSize.With("megabytes", limits.Report>>20)
			}
			sum.Write(buf[:n])
			if err := s.frame(frameData, buf[:n]); err != nil {
				return ErrNotTaken.Wrap(err)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return interrupted(err)
		}
	}
	total := sum.Sum(nil)
	s.note(frameFile, []byte(name), total)
	if err := s.json(frameEnd, frameSum{size, hex.EncodeToString(total)}); err != nil {
		return ErrNotTaken.Wrap(err)
	}
	return nil
}

// fill reads until the buffer is full or the reader ends. Other than io.ReadFull it
// keeps the reader's own error apart: io.EOF is an end, anything else a broken line.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	return n, err
}

// note adds to the hash of what was given; each piece with its length.
func (s *sealer) note(kind byte, parts ...[]byte) {
	s.given.Write([]byte{kind})
	for _, p := range parts {
		s.given.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		s.given.Write(p)
	}
}

// content gives the hash of what was given and to what it is an addition.
func (s *sealer) content(head summary) []byte {
	return contentHash(s.given.Sum(nil), []byte(head.AdditionTo))
}

// finish writes the summary and the padding and closes the seal.
func (s *sealer) finish(head summary) error {
	head.Version = 1
	head.SHA256 = hex.EncodeToString(s.given.Sum(nil))
	if err := s.json(frameSummary, head); err != nil {
		return err
	}
	for left := padded(s.n+frameHead) - s.n; left > 0; {
		n := min(max(left-frameHead, 0), frameMax)
		if rest := left - frameHead - n; rest > 0 && rest < frameHead {
			n -= frameHead // leave room for one more frame
		}
		if err := s.frame(framePadding, make([]byte, n)); err != nil {
			return err
		}
		left -= frameHead + n
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	return s.age.Close()
}

// padded gives the size to which a report of n bytes is filled up: at least 4 KiB,
// and then one of the sizes of the PADMÉ scale (Nikitin et al., 2019), of which
// there are few and which cost at most 12 in a hundred.
func padded(n int64) int64 {
	n = max(n, 4<<10)
	exponent := bits.Len64(uint64(n)) - 1
	low := exponent - bits.Len(uint(exponent))
	mask := int64(1)<<low - 1
	return (n + mask) &^ mask
}

// Report is a sealed report, opened.
type Report struct {
	Locator    string // of the receipt that was given for it
	AdditionTo string // the locator of the receipt that came with it, "" without
	Foreign    bool   // a receipt came with it that the house never gave
	Arrived    time.Time
	Fields     []Field
	Files      []ReportFile

	token, content mark
	sha256         string
}

// Field is one field as it was given, byte for byte.
type Field struct {
	Name  string
	Value []byte
}

// Value gives the first field of that name.
func (r *Report) Value(name string) string {
	for _, f := range r.Fields {
		if f.Name == name {
			return string(f.Value)
		}
	}
	return ""
}

// ReportFile is one file of a report. Open decrypts it again from the start.
type ReportFile struct {
	Name, Type string
	Size       int64
	SHA256     string
	Open       func() (io.Reader, error)
}

// readSealed opens a report and reads it once to its end, so that whatever is handed
// on was found whole. open gives the sealed bytes from their start.
func readSealed(open func() (io.Reader, error), key age.Identity) (*Report, error) {
	u, err := unseal(open, key)
	if err != nil {
		return nil, err
	}
	r, done := &Report{}, false
	var head summary
	for {
		kind, b, err := u.next()
		if errors.Is(err, io.EOF) && done {
			break
		}
		if err != nil {
			return nil, asDamage(err)
		}
		if done && kind != framePadding {
			return nil, errSealed
		}
		switch kind {
		case frameField, frameFile:
			if err := u.take(r, kind, b, open, key); err != nil {
				return nil, asDamage(err)
			}
		case frameSummary:
			done = true
			if err := strictJSON(b, &head); err != nil {
				return nil, errSealed.Wrap(err)
			}
		case framePadding:
			if !done {
				return nil, errSealed
			}
		default:
			return nil, errSealed
		}
	}
	return r, r.settle(head, u)
}

// settle takes over the summary and holds the report to it.
func (r *Report) settle(head summary, u *unsealer) error {
	if head.Version != 1 || head.Fields != len(r.Fields) || head.Files != len(r.Files) || len(head.Locator) != locatorLen ||
		head.SHA256 != hex.EncodeToString(u.given.given.Sum(nil)) {
		return errSealed
	}
	r.Locator, r.AdditionTo, r.Arrived = head.Locator, head.AdditionTo, head.Arrived
	if r.Foreign = head.Receipt == receiptForeign; r.Foreign {
		r.AdditionTo = "" // its locator may be somebody else's
	}
	r.token, r.content, r.sha256 = head.Token, head.Content, head.SHA256
	return nil
}

// unsealer reads frames.
type unsealer struct {
	in    *bufio.Reader
	buf   []byte
	given sealer // only its hash is used
}

func unseal(open func() (io.Reader, error), key age.Identity) (*unsealer, error) {
	raw, err := open()
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(raw, key)
	if err != nil {
		return nil, asDamage(err)
	}
	u := &unsealer{in: bufio.NewReaderSize(plain, frameMax), buf: make([]byte, frameMax), given: sealer{given: sha256.New()}}
	magic := make([]byte, len(sealedMagic))
	if _, err := io.ReadFull(u.in, magic); err != nil || string(magic) != sealedMagic {
		return nil, errSealed
	}
	return u, nil
}

// next gives one frame; its bytes are valid until the next call.
func (u *unsealer) next() (kind byte, b []byte, err error) {
	head := u.buf[:frameHead]
	if _, err := io.ReadFull(u.in, head); err != nil {
		return 0, nil, err
	}
	kind = head[0]
	n := binary.BigEndian.Uint32(head[1:])
	if n > frameMax {
		return 0, nil, errSealed
	}
	b = u.buf[:n]
	if _, err = io.ReadFull(u.in, b); errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return kind, b, err
}

// take reads one field or file to its end.
func (u *unsealer) take(r *Report, kind byte, name []byte, open func() (io.Reader, error), key age.Identity) error {
	var about frameName
	if err := strictJSON(name, &about); err != nil {
		return err
	}
	var value bytes.Buffer
	into := io.Writer(&value)
	if kind == frameFile {
		into = io.Discard
	}
	sum, err := u.body(into)
	if err != nil {
		return err
	}
	if kind == frameField {
		u.given.note(kind, []byte(about.Name), value.Bytes())
		r.Fields = append(r.Fields, Field{about.Name, value.Bytes()})
		return nil
	}
	total, err := hex.DecodeString(sum.SHA256)
	if err != nil {
		return err
	}
	u.given.note(kind, []byte(about.Name), total)
	index := len(r.Files)
	r.Files = append(r.Files, ReportFile{
		Name: about.Name, Type: about.Type, Size: sum.Size, SHA256: sum.SHA256,
		Open: func() (io.Reader, error) { return openFile(open, key, index) },
	})
	return nil
}

// body copies data frames until the end frame and checks them against it.
func (u *unsealer) body(w io.Writer) (frameSum, error) {
	sum, size := sha256.New(), int64(0)
	for {
		kind, b, err := u.next()
		if err != nil {
			return frameSum{}, err
		}
		switch kind {
		case frameData:
			size += int64(len(b))
			sum.Write(b)
			if _, err := w.Write(b); err != nil {
				return frameSum{}, err
			}
		case frameEnd:
			var want frameSum
			if err := strictJSON(b, &want); err != nil {
				return frameSum{}, err
			}
			if want.Size != size || want.SHA256 != hex.EncodeToString(sum.Sum(nil)) {
				return frameSum{}, errSealed
			}
			return want, nil
		default:
			return frameSum{}, errSealed
		}
	}
}

// openFile decrypts again and gives the file of that number, from 0.
func openFile(open func() (io.Reader, error), key age.Identity, index int) (io.Reader, error) {
	u, err := unseal(open, key)
	if err != nil {
		return nil, err
	}
	for {
		kind, _, err := u.next()
		if err != nil {
			return nil, asDamage(err)
		}
		if kind != frameFile {
			continue
		}
		if index == 0 {
			return &fileReader{u: u}, nil
		}
		index--
	}
}

// fileReader gives the data frames of one file as a stream.
type fileReader struct {
	u    *unsealer
	left []byte
	done bool
}

func (f *fileReader) Read(p []byte) (int, error) {
	for len(f.left) == 0 {
		if f.done {
			return 0, io.EOF
		}
		kind, b, err := f.u.next()
		if err != nil {
			return 0, asDamage(err)
		}
		switch kind {
		case frameData:
			f.left = b
		case frameEnd:
			f.done = true
		default:
			return 0, errSealed
		}
	}
	n := copy(p, f.left)
	f.left = f.left[n:]
	return n, nil
}

// strictJSON reads exactly one value with known fields.
func strictJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errSealed
	}
	return nil
}

// diskError marks an error of the disk, which may pass, from one of the content,
// which stays.
type diskError struct{ err error }

func (e diskError) Error() string { return e.err.Error() }
func (e diskError) Unwrap() error { return e.err }

// asDamage says that a report is damaged, unless it was the disk that failed.
func asDamage(err error) error {
	var disk diskError
	if errors.As(err, &disk) || told(err) {
		return err
	}
	return errSealed.Wrap(err)
}

// told says that an error already has words for a person.
func told(err error) bool {
	_, ok := problem.As(err)
	return ok
}
