package audio

import "math"

// WAV is RIFF chunks: "fmt " says how samples are written, "data" holds them.
// Recorders that write to a pipe leave the data's length at zero or at its
// maximum, and RF64 puts it into a chunk of its own: the file's own end decides.

const (
	wavPCM        = 0x0001
	wavFloat      = 0x0003
	wavALaw       = 0x0006
	wavMuLaw      = 0x0007
	wavExtensible = 0xFFFE
)

// wavFile is what a WAV's chunks say.
type wavFile struct {
	format   uint16
	channels int
	rate     int
	block    int // bytes of one sample of all channels
	bits     int // bits of one sample of one channel as stored
	fmtOff   int64
	fmtSize  int64
	data     int64 // offset of the samples
	claimed  int64 // bytes of samples, by the header
	present  int64 // bytes of samples really there
	open     bool  // the header leaves the length open
	trailing bool  // bytes after the last chunk
	cut      bool
}

func parseWAV(s *source) (w wavFile, ok bool) {
	var long int64 // RF64: the data's size
	off := int64(12)
	for n := 0; n < 1000; n++ {
		h := s.at(off, 8)
		if h == nil {
			w.trailing = off < s.size
			break
		}
		id, size, body := string(h[:4]), int64(le.Uint32(h[4:])), off+8
		switch id {
		case "ds64":
			if b := s.at(body, 16); b != nil {
				long = int64(le.Uint64(b[8:]))
			}
		case "fmt ":
			if !w.readFormat(s, body, size) {
				return w, false
			}
		case "data":
			if size == math.MaxUint32 && long > 0 {
				size = long
			}
			w.open = size == math.MaxUint32 || size == 0 && body < s.size
			w.data, w.claimed = body, size
			w.present = max(min(size, s.size-body), 0)
			if w.open {
				w.present = s.size - body
			}
			w.cut = !w.open && w.present < size
			if w.open || w.cut {
				return w, w.block > 0
			}
		}
		off = body + size + size&1
		if off < body || off > s.size {
			w.cut = w.cut || id != "data"
			break
		}
	}
	return w, w.block > 0 && w.data > 0
}

func (w *wavFile) readFormat(s *source, off, size int64) bool {
	if size < 16 {
		return false
	}
	b := s.at(off, 16)
	if b == nil {
		return false
	}
	w.fmtOff, w.fmtSize = off, size
	w.format, w.channels, w.rate = le.Uint16(b), int(le.Uint16(b[2:])), int(le.Uint32(b[4:]))
	w.block, w.bits = int(le.Uint16(b[12:])), int(le.Uint16(b[14:]))
	if w.format == wavExtensible {
		if x := s.at(off, 26); size >= 26 && x != nil {
			w.format = le.Uint16(x[24:])
		}
	}
	return w.channels > 0 && w.channels <= 64 && w.rate > 0 && w.rate <= maxRate && w.block > 0
}

func (w wavFile) codec() Codec {
	switch w.format {
	case wavPCM, wavFloat:
		return PCM
	case wavALaw:
		return ALaw
	case wavMuLaw:
		return MuLaw
	case 0x0055:
		return MPEGLayer3
	}
	return OtherCodec
}

// plain says whether one sample is one fixed number of bytes, so that lengths can
// be counted and samples read here.
func (w wavFile) plain() bool {
	return w.sampler() != nil && w.block == w.channels*(w.bits/8)
}

func probeWAV(s *source) (Recording, bool) {
	w, ok := parseWAV(s)
	if !ok {
		return Recording{}, false
	}
	rec := Recording{Container: WAV, Codec: w.codec(), Channels: w.channels, SampleRate: w.rate}
	if w.plain() {
		rec.Counted = true
		rec.Duration = span(w.present/int64(w.block), int64(w.rate))
		rec.Claimed = span(w.claimed/int64(w.block), int64(w.rate))
		if w.open {
			rec.Claimed = 0
		}
		if w.present%int64(w.block) != 0 {
			rec.fault(Truncated)
		}
	}
	if w.cut {
		rec.fault(Truncated)
		rec.fault(WrongLength)
	}
	if w.open {
		rec.fault(NoEnd)
	}
	if w.trailing {
		rec.fault(Trailing)
	}
	return rec, true
}

// sampler gives how to read one sample as a number from -1 to 1; nil when its form
// is not one we read.
func (w wavFile) sampler() func([]byte) float32 {
	switch {
	case w.format == wavPCM && w.bits == 8:
		return func(b []byte) float32 { return (float32(b[0]) - 128) / 128 }
	case w.format == wavPCM && w.bits == 16:
		return func(b []byte) float32 { return float32(int16(le.Uint16(b))) / (1 << 15) }
	case w.format == wavPCM && w.bits == 24:
		return func(b []byte) float32 {
			return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
		}
	case w.format == wavPCM && w.bits == 32:
		return func(b []byte) float32 { return float32(int32(le.Uint32(b))) / (1 << 31) }
	case w.format == wavFloat && w.bits == 32:
		return func(b []byte) float32 { return math.Float32frombits(le.Uint32(b)) }
	case w.format == wavFloat && w.bits == 64:
		return func(b []byte) float32 { return float32(math.Float64frombits(le.Uint64(b))) }
	case w.format == wavALaw && w.bits == 8:
		return func(b []byte) float32 { return aLaw(b[0]) }
	case w.format == wavMuLaw && w.bits == 8:
		return func(b []byte) float32 { return muLaw(b[0]) }
	}
	return nil
}

// aLaw and muLaw expand the two telephone codes of ITU-T G.711.
func aLaw(b byte) float32 {
	b ^= 0x55
	exp, mant := int(b>>4&7), int(b&15)
	v := mant<<4 + 8
	if exp > 0 {
		v = (v + 0x100) << (exp - 1)
	}
	if b&0x80 == 0 {
		v = -v
	}
	return float32(v) / (1 << 15)
}

func muLaw(b byte) float32 {
	b = ^b
	v := (int(b&15)<<3+0x84)<<(b>>4&7) - 0x84
	if b&0x80 != 0 {
		v = -v
	}
	return float32(v) / (1 << 15)
}
