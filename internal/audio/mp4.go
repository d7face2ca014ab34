package audio

import "iter"

// MP4 (ISO 14496-12) is boxes in boxes. "moov" is the index: for each track what
// it is and where its samples lie; "mdat" is the samples. A browser that records
// writes fragments instead: "moof" with a small index before each "mdat".

const (
	maxMoov  = 32 << 20
	maxMoof  = 1 << 20
	maxBoxes = 1_000_000
)

// box is one box of the file's top level.
type box struct {
	kind string
	off  int64 // of its header
	head int64 // size of its header
	size int64 // of all of it; more than the file has when the file is cut
}

func (b box) end() int64 { return b.off + b.size }

// topBoxes walks the top level of the file.
func topBoxes(s *source) iter.Seq[box] {
	return func(yield func(box) bool) {
		off := int64(0)
		for range maxBoxes {
			h := s.at(off, 8)
			if h == nil {
				return
			}
			b := box{kind: string(h[4:8]), off: off, head: 8, size: int64(be.Uint32(h))}
			switch b.size {
			case 0:
				b.size = s.size - off
			case 1:
				x := s.at(off, 16)
				if x == nil {
					return
				}
				b.head, b.size = 16, int64(be.Uint64(x[8:]))
			}
			if b.size < b.head || b.size > 1<<62-off || !yield(b) {
				return
			}
			off += b.size
		}
	}
}

// boxes walks the boxes inside a body held in memory.
func boxes(b []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for len(b) >= 8 {
			size, head := uint64(be.Uint32(b)), uint64(8)
			if size == 0 {
				size = uint64(len(b))
			}
			if size == 1 && len(b) >= 16 {
				size, head = be.Uint64(b[8:]), 16
			}
			if size < head || size > uint64(len(b)) || !yield(string(b[4:8]), b[head:size]) {
				return
			}
			b = b[size:]
		}
	}
}

// inner gives the body of the first box found by following the path.
func inner(b []byte, path ...string) []byte {
	for _, want := range path {
		var found []byte
		for kind, body := range boxes(b) {
			if kind == want {
				found = body
				break
			}
		}
		if found == nil {
			return nil
		}
		b = found
	}
	return b
}

// mp4File is what the boxes say.
type mp4File struct {
	brand     string
	moov      []byte // its body
	tracks    []*mp4Track
	sound     *mp4Track // the first track of sound
	fragments int
	fragTime  int64 // ticks of the sound's fragments
	cut       bool
	trailing  bool
	damaged   bool
}

// mp4Track is one track; the tables are slices of moov.
type mp4Track struct {
	id       uint32
	handler  string
	scale    int64
	duration int64 // ticks by mdhd, 0 unknown
	codec    Codec
	channels int
	rate     int
	external bool // samples lie in another file
	entry    []byte
	stts     []byte
	stsz     []byte
	stsc     []byte
	offsets  []byte
	wide     bool // offsets are of 64 bits
	trexTime uint32
	trexSize uint32
}

func parseMP4(s *source) (*mp4File, bool) {
	f := &mp4File{}
	known := false
	for b := range topBoxes(s) {
		f.cut = f.cut || b.end() > s.size
		switch b.kind {
		case "ftyp":
			if h := s.at(b.off, 12); h != nil {
				f.brand = string(h[8:12])
			}
		case "moov":
			if f.moov == nil && b.size <= maxMoov {
				f.moov = s.read(b.off+b.head, min(b.size, s.size-b.off)-b.head)
				f.readMoov()
			}
		case "moof":
			f.fragments++
			f.readMoof(s, b)
		case "mdat", "free", "skip", "wide", "styp", "sidx", "mfra", "uuid", "meta", "pdin", "prft", "emsg", "ssix":
		default:
			f.trailing = known
			f.damaged = f.damaged || !known
		}
		known = true
		if f.trailing {
			break
		}
	}
	return f, f.sound != nil || f.moov == nil && isRecorderBrand(f.brand)
}

// isRecorderBrand says whether a file without its index is likely a recording that
// was cut off before the recorder wrote it, by the brand in its first box.
func isRecorderBrand(brand string) bool {
	switch brand {
	case "M4A ", "M4B ", "isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42":
		return true
	}
	return len(brand) == 4 && brand[:3] == "3gp"
}

func (f *mp4File) readMoov() {
	for kind, body := range boxes(f.moov) {
		if kind == "trak" {
			t := readTrack(body)
			f.tracks = append(f.tracks, t)
			if t.handler == "soun" && f.sound == nil {
				f.sound = t
			}
		}
	}
	for kind, body := range boxes(inner(f.moov, "mvex")) {
		if kind == "trex" && len(body) >= 20 && f.sound != nil && be.Uint32(body[4:]) == f.sound.id {
			f.sound.trexTime, f.sound.trexSize = be.Uint32(body[12:]), be.Uint32(body[16:])
		}
	}
}

func readTrack(trak []byte) *mp4Track {
	t := &mp4Track{}
	if b := inner(trak, "tkhd"); len(b) >= 24 {
		t.id = be.Uint32(b[12:])
		if b[0] == 1 {
			t.id = be.Uint32(b[20:])
		}
	}
	mdia := inner(trak, "mdia")
	if b := inner(mdia, "mdhd"); len(b) >= 24 {
		t.scale, t.duration = int64(be.Uint32(b[12:])), int64(be.Uint32(b[16:]))
		if b[0] == 1 && len(b) >= 36 {
			t.scale, t.duration = int64(be.Uint32(b[20:])), int64(be.Uint64(b[24:]))
		}
		if t.duration < 0 || t.duration == 1<<32-1 {
			t.duration = 0
		}
	}
	if b := inner(mdia, "hdlr"); len(b) >= 12 {
		t.handler = string(b[8:12])
	}
	minf := inner(mdia, "minf")
	if b := inner(minf, "dinf", "dref"); len(b) >= 8 {
		for _, ref := range boxes(b[8:]) {
			t.external = t.external || len(ref) < 4 || ref[3]&1 == 0
		}
	}
	t.readTables(inner(minf, "stbl"))
	return t
}

func (t *mp4Track) readTables(stbl []byte) {
	for kind, body := range boxes(stbl) {
		if len(body) < 8 {
			continue
		}
		switch {
		case kind == "stsd" && t.entry == nil:
			t.readEntry(body[8:])
		case kind == "stts" && t.stts == nil:
			t.stts = body[8:]
		case kind == "stsz" && t.stsz == nil:
			t.stsz = body[4:]
		case kind == "stsc" && t.stsc == nil:
			t.stsc = body[8:]
		case (kind == "stco" || kind == "co64") && t.offsets == nil:
			t.offsets, t.wide = body[8:], kind == "co64"
		}
	}
}

// readEntry reads the first sample description: which codec, and with what.
func (t *mp4Track) readEntry(b []byte) {
	for format, e := range boxes(b) {
		t.entry = e
		if len(e) < 28 || t.handler != "soun" {
			return
		}
		t.channels, t.rate = int(be.Uint16(e[16:])), int(be.Uint16(e[24:]))
		if t.rate == 0 {
			t.rate = int(t.scale)
		}
		rest := e[28:]
		if v := be.Uint16(e[8:]); v == 1 && len(rest) >= 16 {
			rest = rest[16:]
		} else if v == 2 && len(rest) >= 36 {
			rest = rest[36:]
		}
		var channels int
		if t.codec, channels = mp4Codec(format, rest); channels > 0 {
			t.channels = channels
		}
		if t.codec == Opus {
			t.rate = opusRate
		}
		return
	}
}

// mp4Codec gives the codec, and the channels where the codec's own header says them:
// for AAC the sample description always says two.
func mp4Codec(format string, rest []byte) (Codec, int) {
	if format == "mp4a" {
		esds := inner(rest, "esds")
		if esds == nil {
			esds = inner(rest, "wave", "esds")
		}
		return readESDS(esds)
	}
	return namedCodec(format), 0
}

func namedCodec(format string) Codec {
	switch format {
	case "alac":
		return ALAC
	case "samr":
		return AMRNarrow
	case "sawb":
		return AMRWide
	case "Opus":
		return Opus
	case "fLaC":
		return FLACCodec
	case ".mp3":
		return MPEGLayer3
	case "lpcm", "sowt", "twos", "in24", "in32", "fl32", "ipcm", "fpcm":
		return PCM
	case "alaw":
		return ALaw
	case "ulaw":
		return MuLaw
	}
	return OtherCodec
}

// readESDS reads the object type out of an elementary stream descriptor (ISO
// 14496-1, 7.2.6): tag 3, in it tag 4, its first byte; and the channels out of the
// decoder's own header, tag 5 inside.
func readESDS(b []byte) (Codec, int) {
	if len(b) < 4 {
		return AAC, 0
	}
	b = b[4:]
	if tag, body := descriptor(b); tag == 3 && len(body) > 3 {
		flags := body[2]
		b = body[3:]
		if flags&0x80 != 0 && len(b) > 2 {
			b = b[2:]
		}
	}
	tag, body := descriptor(b)
	if tag != 4 || len(body) == 0 {
		return AAC, 0
	}
	switch body[0] {
	case 0x69, 0x6B:
		return MPEGLayer3, 0
	case 0x40, 0x66, 0x67, 0x68:
		return AAC, aacChannels(body)
	case 0xDD:
		return Vorbis, 0
	}
	return OtherCodec, 0
}

// aacChannels reads an AudioSpecificConfig (ISO 14496-3, 1.6.2.1): five bits of
// object type, four of rate, four of channels. The longer forms are left alone.
func aacChannels(decoder []byte) int {
	if len(decoder) < 13 {
		return 0
	}
	tag, asc := descriptor(decoder[13:])
	if tag != 5 || len(asc) < 2 || asc[0]>>3 == 31 || be.Uint16(asc)>>7&15 == 15 {
		return 0
	}
	switch n := int(asc[1] >> 3 & 15); {
	case n == 7:
		return 8
	case n < 7:
		return n
	}
	return 0
}

func descriptor(b []byte) (tag byte, body []byte) {
	if len(b) < 2 {
		return 0, nil
	}
	size := 0
	for i := 1; i < len(b) && i <= 4; i++ {
		size = size<<7 | int(b[i]&0x7f)
		if b[i]&0x80 == 0 {
			rest := b[i+1:]
			return b[0], rest[:min(size, len(rest))]
		}
	}
	return 0, nil
}

// samples is how many samples the track's index lists.
func (t *mp4Track) samples() int64 {
	if len(t.stsz) < 8 {
		return 0
	}
	n := int64(be.Uint32(t.stsz[4:]))
	if be.Uint32(t.stsz) == 0 {
		n = min(n, int64(len(t.stsz)-8)/4)
	}
	return n
}

// bytes is the size of the samples from i up to, not including, j.
func (t *mp4Track) bytes(i, j int64) (n int64) {
	if fixed := int64(be.Uint32(t.stsz)); fixed > 0 {
		return fixed * (j - i)
	}
	for ; i < j; i++ {
		n += int64(be.Uint32(t.stsz[8+4*i:]))
	}
	return n
}

// mp4Chunk is a run of samples that lie together in the file.
type mp4Chunk struct {
	off     int64
	size    int64
	first   int64 // number of its first sample
	samples int64
}

// chunks walks the track's chunks in the order of time.
func (t *mp4Track) chunks() iter.Seq[mp4Chunk] {
	return func(yield func(mp4Chunk) bool) {
		width := 4
		if t.wide {
			width = 8
		}
		left, first, run := t.samples(), int64(0), 0
		for i := 0; (i+1)*width <= len(t.offsets) && left > 0; i++ {
			for (run+2)*12 <= len(t.stsc) && int64(be.Uint32(t.stsc[(run+1)*12:])) <= int64(i+1) {
				run++
			}
			if (run+1)*12 > len(t.stsc) {
				return
			}
			n := min(int64(be.Uint32(t.stsc[run*12+4:])), left)
			c := mp4Chunk{first: first, samples: n, size: t.bytes(first, first+n)}
			if t.wide {
				c.off = int64(be.Uint64(t.offsets[i*8:]) & (1<<62 - 1))
			} else {
				c.off = int64(be.Uint32(t.offsets[i*4:]))
			}
			if !yield(c) {
				return
			}
			left, first = left-n, first+n
		}
	}
}

// present is how many samples, from the first on, are in a file of this size.
func (t *mp4Track) present(size int64) (n int64) {
	for c := range t.chunks() {
		if c.off > size-c.size {
			return n + t.fitting(c, size-c.off)
		}
		n = c.first + c.samples
	}
	return n
}

// fitting is how many of the chunk's samples fit into the bytes that are left.
func (t *mp4Track) fitting(c mp4Chunk, left int64) (n int64) {
	if fixed := int64(be.Uint32(t.stsz)); fixed > 0 {
		return max(left/fixed, 0)
	}
	for ; n < c.samples; n++ {
		if left -= t.bytes(c.first+n, c.first+n+1); left < 0 {
			return n
		}
	}
	return n
}

// ticks is how long the first n samples last, in the track's scale.
func (t *mp4Track) ticks(n int64) (sum int64) {
	for b := t.stts; len(b) >= 8 && n > 0; b = b[8:] {
		k := min(int64(be.Uint32(b)), n)
		sum += k * int64(be.Uint32(b[4:]))
		n -= k
		if sum > 1<<60 || sum < 0 {
			return 1 << 60
		}
	}
	return sum
}

func probeMP4(s *source) (Recording, bool) {
	f, ok := parseMP4(s)
	if !ok {
		return Recording{}, false
	}
	rec := Recording{Container: MP4, Codec: OtherCodec}
	if f.cut || f.moov == nil {
		rec.fault(Truncated)
	}
	if f.damaged {
		rec.fault(Damaged)
	}
	if f.trailing {
		rec.fault(Trailing)
	}
	if f.sound != nil {
		f.describe(s, &rec)
	}
	return rec, true
}

func (f *mp4File) describe(s *source, rec *Recording) {
	t := f.sound
	rec.Codec, rec.Channels, rec.SampleRate = t.codec, t.channels, t.rate
	listed := t.samples()
	present := t.present(s.size)
	rec.Duration, rec.Counted = span(t.ticks(present)+f.fragTime, t.scale), true
	rec.Claimed = span(t.duration, t.scale)
	if present < listed {
		rec.fault(Truncated)
		rec.fault(WrongLength)
	}
	if rec.Claimed > 0 && differ(rec.Claimed, rec.Duration) {
		rec.fault(WrongLength)
	}
	for _, other := range f.tracks {
		switch {
		case other.handler == "vide":
			rec.fault(WithPictures)
		case other.handler == "soun" && other != t:
			rec.fault(ManyTracks)
		}
	}
}
