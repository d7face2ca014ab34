package statement

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"homeward/statement/edtf"
)

// canonicalVersion is the first byte of the canonical form. A change of the form
// takes the next number; a form once used is read for ever.
const canonicalVersion = 1

// ErrCanonical says that bytes are no canonical form of a statement.
var ErrCanonical = errors.New("statement: not the canonical form of a statement")

// Canonical gives the bytes that a recorded statement is, version 1:
//
//	byte   version = 1
//	text   log id            id   statement     id   act         text  act kind
//	int64  index             u32  epoch         id   recorded by int64 recorded at, µs since 1970 UTC
//	id     subject           text property      text value       text  language
//	id     object            id   said by       u32  n, n × id via
//	text   said on (EDTF)    text true on       text stance      text  basis
//	id     evidence file     text fragment      id   key
//
// A text is its length as u32, then its bytes. Integers are big-endian. An id is
// one byte and what follows: 0 none; 1 a UUID, 16 bytes; 2 any other text. Every
// length stands before what it measures, and so two different statements never
// give the same bytes. Withdrawn is computed and not part of it.
func Canonical(r Recorded) []byte {
	e := make(encoder, 0, 256+len(r.Value))
	e = append(e, canonicalVersion)
	e.text(r.LogID)
	e.id(r.ID)
	e.id(r.ActID)
	e.text(string(r.ActKind))
	e.int64(r.Index)
	e.uint32(uint32(r.Epoch))
	e.id(r.RecordedBy)
	e.int64(r.RecordedAt.UnixMicro())
	e.id(r.Subject)
	e.text(string(r.Property))
	e.text(r.Value)
	e.text(r.Lang)
	e.id(r.Object)
	e.id(r.SaidBy)
	e.uint32(uint32(len(r.Via)))
	for _, id := range r.Via {
		e.id(id)
	}
	e.text(r.SaidOn.String())
	e.text(r.TrueOn.String())
	e.text(string(r.Stance))
	e.text(string(r.Basis))
	e.id(r.Evidence.File)
	e.text(r.Evidence.Part.String())
	e.id(r.Key)
	return e
}

// Decode reads the canonical form back. It gives ErrCanonical for anything that
// Canonical would not have written, byte for byte.
func Decode(data []byte) (Recorded, error) {
	d := decoder{rest: data}
	if d.byte() != canonicalVersion {
		return Recorded{}, ErrCanonical
	}
	var r Recorded
	r.LogID = d.text()
	r.ID = d.id()
	r.ActID = d.id()
	r.ActKind = ActKind(d.text())
	r.Index = d.int64()
	r.Epoch = int(d.uint32())
	r.RecordedBy = d.id()
	r.RecordedAt = time.UnixMicro(d.int64()).UTC()
	r.Subject = d.id()
	r.Property = Property(d.text())
	r.Value = d.text()
	r.Lang = d.text()
	r.Object = d.id()
	r.SaidBy = d.id()
	r.Via = d.ids()
	r.SaidOn = d.date()
	r.TrueOn = d.date()
	r.Stance = Stance(d.text())
	r.Basis = Basis(d.text())
	r.Evidence.File = d.id()
	r.Evidence.Part = d.fragment()
	r.Key = d.id()
	if d.bad || len(d.rest) != 0 || !bytes.Equal(Canonical(r), data) {
		return Recorded{}, ErrCanonical
	}
	return r, nil
}

type encoder []byte

func (e *encoder) uint32(n uint32) { *e = binary.BigEndian.AppendUint32(*e, n) }
func (e *encoder) int64(n int64)   { *e = binary.BigEndian.AppendUint64(*e, uint64(n)) }

func (e *encoder) text(s string) {
	e.uint32(uint32(len(s)))
	*e = append(*e, s...)
}

// The ways in which an id is written.
const (
	idNone = 0
	idUUID = 1
	idText = 2
)

func (e *encoder) id(id string) {
	switch {
	case id == "":
		*e = append(*e, idNone)
	case isID(id):
		*e = append(*e, idUUID)
		for _, part := range [...]string{id[:8], id[9:13], id[14:18], id[19:23], id[24:]} {
			// isID has checked that these are hexadecimal digits.
			*e, _ = hex.AppendDecode(*e, []byte(part))
		}
	default:
		*e = append(*e, idText)
		e.text(id)
	}
}

// decoder reads; after the first thing that does not fit, bad is set and all it
// gives is zero.
type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) take(n int) []byte {
	if d.bad || n < 0 || n > len(d.rest) {
		d.bad = true
		return nil
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken
}

func (d *decoder) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uint32() uint32 {
	if b := d.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (d *decoder) int64() int64 {
	if b := d.take(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

func (d *decoder) text() string { return string(d.take(int(d.uint32()))) }

func (d *decoder) id() string {
	switch d.byte() {
	case idNone:
		return ""
	case idUUID:
		return formatUUID(d.take(16))
	case idText:
		return d.text()
	}
	d.bad = true
	return ""
}

func (d *decoder) ids() []string {
	n := d.uint32()
	if n == 0 || int64(n) > int64(len(d.rest)) {
		d.bad = d.bad || n != 0
		return nil
	}
	ids := make([]string, n)
	for i := range ids {
		ids[i] = d.id()
	}
	return ids
}

func (d *decoder) date() edtf.Date {
	text := d.text()
	if text == "" {
		return edtf.Date{}
	}
	date, err := edtf.Parse(text)
	d.bad = d.bad || err != nil
	return date
}

func (d *decoder) fragment() Fragment {
	f, err := ParseFragment(d.text())
	d.bad = d.bad || err != nil
	return f
}

func formatUUID(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	var out [36]byte
	hex.Encode(out[:8], b[:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:], b[10:])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}
