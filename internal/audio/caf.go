package audio

import "math"

// CAF is Apple's container: a description, then chunks, all big-endian.

// cafFile is what a CAF's chunks say.
type cafFile struct {
	chunks   []cafChunk
	format   string
	rate     float64
	perFrame int64 // bytes of a packet, 0 when they vary
	frames   int64 // samples in a packet, 0 when they vary
	channels int
	claimed  int64 // samples by the packet table, -1 without one
	data     int64 // bytes of sound there
	cut      bool
}

// cafChunk is one chunk: its body's place and size as they are in the file.
type cafChunk struct {
	kind string
	off  int64
	size int64
}

func parseCAF(s *source) (c cafFile, ok bool) {
	c.claimed = -1
	off := int64(8)
	for range 1000 {
		h := s.at(off, 12)
		if h == nil {
			break
		}
		k := cafChunk{kind: string(h[:4]), off: off + 12, size: int64(be.Uint64(h[4:]))}
		left := s.size - k.off
		if k.kind == "data" && k.size == -1 {
			k.size = left
		}
		if k.size < 0 || k.size > left {
			c.cut, k.size = true, left
		}
		c.chunks = append(c.chunks, k)
		c.read(s, k)
		off = k.off + k.size
	}
	return c, c.rate >= 1 && c.rate <= maxRate && c.channels > 0 && c.channels <= 64
}

func (c *cafFile) read(s *source, k cafChunk) {
	switch k.kind {
	case "desc":
		if b := s.at(k.off, 32); b != nil && k.size >= 32 {
			c.rate = math.Float64frombits(be.Uint64(b))
			c.format = string(b[8:12])
			c.perFrame, c.frames = int64(be.Uint32(b[16:])), int64(be.Uint32(b[20:]))
			c.channels = int(min(be.Uint32(b[24:]), 255))
		}
	case "pakt":
		if b := s.at(k.off, 24); b != nil && k.size >= 24 {
			c.claimed = int64(be.Uint64(b[8:]))
		}
	case "data":
		c.data = max(k.size-4, 0) // four bytes of edit count come first
	}
}

func probeCAF(s *source) (Recording, bool) {
	c, ok := parseCAF(s)
	if !ok {
		return Recording{}, false
	}
	rec := Recording{Container: CAF, Codec: cafCodec(c.format), Channels: c.channels, SampleRate: int(c.rate)}
	if c.claimed > 0 {
		rec.Claimed = span(c.claimed, int64(c.rate))
		rec.Duration = rec.Claimed
	}
	if c.perFrame > 0 && c.frames > 0 {
		rec.Duration = span(c.data/c.perFrame*c.frames, int64(c.rate))
		rec.Counted = true
	}
	if c.cut {
		rec.fault(Truncated)
	}
	if rec.Claimed > 0 && differ(rec.Claimed, rec.Duration) {
		rec.fault(WrongLength)
	}
	return rec, true
}

func cafCodec(format string) Codec {
	switch format {
	case "lpcm":
		return PCM
	case "aac ", "aach", "aacp":
		return AAC
	case "alac":
		return ALAC
	case "alaw":
		return ALaw
	case "ulaw":
		return MuLaw
	case "opus":
		return Opus
	case "flac":
		return FLACCodec
	}
	return OtherCodec
}
