package audio

// FLAC (RFC 9639): "fLaC", metadata blocks of which the first says everything, then
// frames. The number of samples is the header's word; the last frame in the file
// tells how far the sound really goes.

// flacStreamInfo reads the first 18 bytes of a STREAMINFO block's body.
func flacStreamInfo(b []byte) (rate, channels int, samples int64) {
	if len(b) < 18 {
		return 0, 0, 0
	}
	v := be.Uint64(b[10:])
	return int(v >> 44), int(v>>41&7) + 1, int64(v & (1<<36 - 1))
}

// flacBlock is one metadata block.
type flacBlock struct {
	kind byte
	off  int64 // of its body
	size int64
}

const (
	flacInfo      = 0
	flacSeekTable = 3
	maxFLACBlocks = 1000
)

// flacBlocks lists the metadata blocks and gives where the frames begin.
func flacBlocks(s *source) (blocks []flacBlock, frames int64, ok bool) {
	off := int64(4)
	for range maxFLACBlocks {
		h := s.at(off, 4)
		if h == nil {
			return blocks, 0, false
		}
		last := h[0]&0x80 != 0
		b := flacBlock{kind: h[0] & 0x7f, off: off + 4, size: int64(be.Uint32(h) & 0xFFFFFF)}
		if b.size > s.size-b.off {
			return blocks, 0, false
		}
		blocks = append(blocks, b)
		off = b.off + b.size
		if last {
			return blocks, off, true
		}
	}
	return blocks, 0, false
}

func probeFLAC(s *source) (Recording, bool) {
	blocks, frames, ok := flacBlocks(s)
	if len(blocks) == 0 || blocks[0].kind != flacInfo {
		return Recording{}, false
	}
	info := s.at(blocks[0].off, 18)
	rate, channels, samples := flacStreamInfo(info)
	if rate == 0 || rate > maxRate {
		return Recording{}, false
	}
	rec := Recording{Container: FLAC, Codec: FLACCodec, Channels: channels, SampleRate: rate}
	rec.Claimed = span(samples, int64(rate))
	if !ok {
		rec.Counted = true
		rec.fault(Truncated)
		return rec, true
	}
	fixed := int64(be.Uint16(info))
	if _, end, found := lastFLACFrame(s, frames, s.size, fixed); found {
		rec.Duration = span(end, int64(rate))
	}
	rec.Counted = true
	if samples > 0 && differ(rec.Duration, rec.Claimed) {
		rec.fault(WrongLength)
	}
	if samples > 0 && rec.Duration < rec.Claimed {
		rec.fault(Truncated)
	}
	return rec, true
}

// maxFLACFrame is the longest frame that is looked for.
const maxFLACFrame = 4 << 20

// lastFLACFrame looks backwards from size for the last frame header whose checksum
// is right, and gives where it is and the number of the sample after that frame.
func lastFLACFrame(s *source, frames, size, blockSize int64) (at, samples int64, ok bool) {
	for end := size; end > frames && size-end <= maxFLACFrame; {
		start := max(frames, end-window/2)
		b := s.at(start, int(min(int64(window/2)+16, size-start)))
		for i := int(end - start - 1); i >= 0 && i < len(b); i-- {
			if n, ok := flacFrame(b[i:], blockSize); ok {
				return start + int64(i), n, true
			}
		}
		end = start
	}
	return 0, 0, false
}

// flacFrame reads a frame header (RFC 9639, section 9.1) and gives the number of
// the sample after the frame.
func flacFrame(b []byte, blockSize int64) (int64, bool) {
	if len(b) < 6 || b[0] != 0xff || b[1]&0xfe != 0xf8 || b[2]>>4 == 0 || b[2]&15 == 15 {
		return 0, false
	}
	number, n, ok := flacNumber(b[4:])
	if !ok {
		return 0, false
	}
	n += 4
	var size int64
	switch code := b[2] >> 4; {
	case code == 1:
		size = 192
	case code >= 2 && code <= 5:
		size = 576 << (code - 2)
	case code == 6 && len(b) > n:
		size = int64(b[n]) + 1
		n++
	case code == 7 && len(b) > n+1:
		size = int64(be.Uint16(b[n:])) + 1
		n += 2
	case code >= 8:
		size = 256 << (code - 8)
	}
	switch b[2] & 15 {
	case 12:
		n++
	case 13, 14:
		n += 2
	}
	if size == 0 || len(b) <= n || crc8(b[:n]) != b[n] {
		return 0, false
	}
	if b[1]&1 == 0 { // fixed block size: frames are numbered, not samples
		number *= blockSize
	}
	return number + size, true
}

// flacNumber reads a number coded as UTF-8 codes characters, up to 36 bits.
func flacNumber(b []byte) (v int64, n int, ok bool) {
	if b[0] < 0x80 {
		return int64(b[0]), 1, true
	}
	for mask := byte(0x40); b[0]&mask != 0; mask >>= 1 {
		n++
	}
	if n == 0 || n > 6 || len(b) <= n {
		return 0, 0, false
	}
	v = int64(b[0] & (0x3f >> n))
	for _, c := range b[1 : n+1] {
		if c&0xc0 != 0x80 {
			return 0, 0, false
		}
		v = v<<6 | int64(c&0x3f)
	}
	return v, n + 1, true
}

// crc8 is the checksum of a frame header: polynomial 0x07, starting from zero.
func crc8(b []byte) byte {
	var c byte
	for _, x := range b {
		c ^= x
		for range 8 {
			if c&0x80 != 0 {
				c = c<<1 ^ 0x07
			} else {
				c <<= 1
			}
		}
	}
	return c
}
