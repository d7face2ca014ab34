package audio

import (
	"iter"
	"math"
	"math/bits"
	"time"
)

// Matroska (RFC 9559) and WebM are EBML: elements in elements, each with an id and
// a size, the size sometimes left open because the recorder did not know it yet.
// The elements that matter are walked flat: a master element is entered, all
// others are passed over, so that an open size never misleads.

// The elements that are looked at.
const (
	idEBML          = 0x1A45DFA3
	idDocType       = 0x4282
	idSegment       = 0x18538067
	idInfo          = 0x1549A966
	idTimecodeScale = 0x2AD7B1
	idDuration      = 0x4489
	idTracks        = 0x1654AE6B
	idTrackEntry    = 0xAE
	idTrackNumber   = 0xD7
	idTrackType     = 0x83
	idCodecID       = 0x86
	idCodecPrivate  = 0x63A2
	idCodecDelay    = 0x56AA
	idSeekPreRoll   = 0x56BB
	idEncodings     = 0x6D80
	idAudio         = 0xE1
	idSampling      = 0xB5
	idChannels      = 0x9F
	idBitDepth      = 0x6264
	idCluster       = 0x1F43B675
	idTimecode      = 0xE7
	idSimpleBlock   = 0xA3
	idBlockGroup    = 0xA0
	idBlock         = 0xA1
	idBlockDuration = 0x9B
	idDiscard       = 0x75A2
	idCues          = 0x1C53BB6B
	idSeekHead      = 0x114D9B74
	idTags          = 0x1254C367
	idAttachments   = 0x1941A469
	idChapters      = 0x1043A770
	idVoid          = 0xEC
	idCRC           = 0xBF
)

// element is one EBML element.
type element struct {
	id   uint32
	off  int64 // of its header
	body int64
	size int64 // -1 when open
}

func (e element) master() bool {
	switch e.id {
	case idSegment, idInfo, idTracks, idTrackEntry, idAudio, idCluster, idBlockGroup:
		return true
	}
	return false
}

// element reads the header at off.
func (s *source) element(off int64) (element, bool) {
	b := s.at(off, int(min(12, max(s.size-off, 0))))
	if len(b) < 2 {
		return element{}, false
	}
	idLen := bits.LeadingZeros8(b[0]) + 1
	if idLen > 4 || len(b) <= idLen {
		return element{}, false
	}
	e := element{off: off}
	for _, x := range b[:idLen] {
		e.id = e.id<<8 | uint32(x)
	}
	size, n, open := vint(b[idLen:])
	if n == 0 {
		return element{}, false
	}
	e.body, e.size = off+int64(idLen+n), size
	if open {
		e.size = -1
	}
	return e, true
}

// vint reads a number of variable length; n is 0 when it is none.
func vint(b []byte) (v int64, n int, open bool) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0, false
	}
	n = bits.LeadingZeros8(b[0]) + 1
	if len(b) < n {
		return 0, 0, false
	}
	v = int64(b[0]) & (1<<(8-n) - 1)
	open = v == 1<<(8-n)-1
	for _, x := range b[1:n] {
		v = v<<8 | int64(x)
		open = open && x == 0xff
	}
	return v, n, open
}

// elements walks the file flat, as far as it makes sense; what is wrong is noted.
func (s *source) elements(note func(Fault)) iter.Seq[element] {
	return func(yield func(element) bool) {
		off := int64(0)
		for off < s.size {
			e, ok := s.element(off)
			if !ok || e.size < 0 && !e.master() {
				note(Damaged)
				return
			}
			if e.size > s.size-e.body {
				note(Truncated)
				if !e.master() {
					return
				}
			}
			if !yield(e) {
				return
			}
			off = e.body
			if !e.master() {
				off += e.size
			}
		}
	}
}

func (s *source) uint(e element) uint64 {
	if e.size > 8 {
		return 0
	}
	var v uint64
	for _, x := range s.at(e.body, int(e.size)) {
		v = v<<8 | uint64(x)
	}
	return v
}

func (s *source) float(e element) float64 {
	switch e.size {
	case 4:
		if b := s.at(e.body, 4); b != nil {
			return float64(math.Float32frombits(be.Uint32(b)))
		}
	case 8:
		if b := s.at(e.body, 8); b != nil {
			return math.Float64frombits(be.Uint64(b))
		}
	}
	return 0
}

// mkvTrack is one track.
type mkvTrack struct {
	number   uint64
	kind     uint64 // 1 pictures, 2 sound
	codecID  string
	private  []byte
	delay    uint64 // nanoseconds to drop at the start
	preRoll  uint64
	channels int
	rate     float64
	depth    uint64
	encoded  bool // compressed or enciphered as a whole
}

// mkvFile is what one pass over the file finds.
type mkvFile struct {
	segment   int64 // offset of the segment's body, 0 without one
	scale     uint64
	duration  float64 // in the scale's units, 0 without one
	tracks    []*mkvTrack
	sound     *mkvTrack
	blocks    int64
	faults    []Fault
	clusterAt uint64
}

func (f *mkvFile) note(fault Fault) { f.faults = append(f.faults, fault) }

const maxMKVTracks = 64

// parseMatroska walks the file; block is called for each block of the track of
// sound, with the cluster's time.
func parseMatroska(s *source, block func(e element, cluster uint64)) (*mkvFile, bool) {
	f := &mkvFile{scale: 1_000_000}
	var t *mkvTrack
	for e := range s.elements(f.note) {
		if e.id == idSegment && f.segment != 0 {
			f.note(Trailing) // a second film in one file: the first is read
			break
		}
		switch e.id {
		case idSegment:
			f.segment = e.body
		case idTimecodeScale:
			f.scale = min(max(s.uint(e), 1), 1_000_000_000)
		case idDuration:
			f.duration = s.float(e)
		case idTrackEntry:
			if len(f.tracks) < maxMKVTracks {
				t = &mkvTrack{channels: 1, rate: 8000, number: 1 << 63}
				f.tracks = append(f.tracks, t)
			}
		case idTimecode:
			f.clusterAt = s.uint(e)
		case idCluster:
			f.choose()
		case idSimpleBlock, idBlock:
			if f.sound != nil && f.mine(s, e) {
				f.blocks++
				block(e, f.clusterAt)
			}
		default:
			if t != nil {
				t.read(s, e)
			}
		}
	}
	f.choose()
	return f, f.segment != 0 && f.sound != nil
}

func (f *mkvFile) choose() {
	for _, t := range f.tracks {
		if t.kind == 2 && f.sound == nil {
			f.sound = t
		}
	}
}

func (f *mkvFile) mine(s *source, e element) bool {
	b := s.at(e.body, int(min(e.size, 8)))
	n, width, _ := vint(b)
	return width > 0 && uint64(n) == f.sound.number
}

const maxCodecPrivate = 64 << 10

func (t *mkvTrack) read(s *source, e element) {
	switch e.id {
	case idTrackNumber:
		t.number = s.uint(e)
	case idTrackType:
		t.kind = s.uint(e)
	case idCodecID:
		t.codecID = string(s.at(e.body, int(min(e.size, 32))))
	case idCodecPrivate:
		if e.size <= maxCodecPrivate {
			t.private = append([]byte(nil), s.at(e.body, int(e.size))...)
		}
	case idCodecDelay:
		t.delay = s.uint(e)
	case idSeekPreRoll:
		t.preRoll = s.uint(e)
	case idEncodings:
		t.encoded = true
	case idSampling:
		t.rate = s.float(e)
	case idChannels:
		t.channels = int(min(s.uint(e), 255))
	case idBitDepth:
		t.depth = s.uint(e)
	}
}

func (t *mkvTrack) codec() Codec {
	switch {
	case t.codecID == "A_OPUS":
		return Opus
	case t.codecID == "A_VORBIS":
		return Vorbis
	case hasPrefix([]byte(t.codecID), "A_AAC"):
		return AAC
	case hasPrefix([]byte(t.codecID), "A_PCM"):
		return PCM
	case t.codecID == "A_MPEG/L3":
		return MPEGLayer3
	case t.codecID == "A_MPEG/L2":
		return MPEGLayer2
	case t.codecID == "A_FLAC":
		return FLACCodec
	case t.codecID == "A_ALAC":
		return ALAC
	}
	return OtherCodec
}

// when is the time of a block in nanoseconds.
func (f *mkvFile) when(cluster uint64, relative int16) time.Duration {
	ticks := int64(min(cluster, 1<<40)) + int64(relative)
	if ticks > math.MaxInt64/2/int64(f.scale) {
		return math.MaxInt64 / 2
	}
	return time.Duration(max(ticks, 0) * int64(f.scale))
}

func probeMatroska(s *source) (Recording, bool) {
	sum := &mkvSum{s: s}
	f, ok := parseMatroska(s, sum.add)
	if !ok {
		return Recording{}, false
	}
	rec := Recording{Container: Matroska, Codec: f.sound.codec(), Channels: f.sound.channels}
	rec.SampleRate = int(min(max(f.sound.rate, 0), maxRate))
	if ns := f.duration * float64(f.scale); ns > 0 && ns < math.MaxInt64/2 {
		rec.Claimed = time.Duration(ns)
	}
	rec.Duration, rec.Counted = f.when(sum.cluster, sum.relative), true
	if rec.Codec == Opus {
		rec.SampleRate = opusRate
		rec.Duration = span(sum.opus, opusRate) - time.Duration(min(f.sound.delay, uint64(time.Second)))
		rec.Duration = max(rec.Duration, 0)
	}
	if f.blocks == 0 {
		rec.Duration = 0
	}
	f.describe(&rec)
	return rec, true
}

func (f *mkvFile) describe(rec *Recording) {
	for _, fault := range f.faults {
		rec.fault(fault)
	}
	if rec.Claimed > 0 && differ(rec.Claimed, rec.Duration) {
		rec.fault(WrongLength)
	}
	for _, t := range f.tracks {
		switch {
		case t.kind == 1:
			rec.fault(WithPictures)
		case t.kind == 2 && t != f.sound:
			rec.fault(ManyTracks)
		}
	}
}

// mkvSum counts what the blocks of sound hold.
type mkvSum struct {
	s        *source
	opus     int64
	cluster  uint64
	relative int16
}

func (m *mkvSum) add(e element, cluster uint64) {
	b, ok := m.s.block(e)
	if !ok {
		return
	}
	m.cluster, m.relative = cluster, b.relative
	for packet := range b.packets() {
		m.opus += opusSamples(packet)
	}
}

// mkvBlock is the inside of a block: its packets, perhaps laced together.
type mkvBlock struct {
	relative int16
	flags    byte
	data     []byte
}

// block reads a block of at most a window.
func (s *source) block(e element) (mkvBlock, bool) {
	if e.size > window {
		return mkvBlock{}, false
	}
	b := s.at(e.body, int(e.size))
	_, n, _ := vint(b)
	if n == 0 || len(b) < n+3 {
		return mkvBlock{}, false
	}
	return mkvBlock{relative: int16(be.Uint16(b[n:])), flags: b[n+2], data: b[n+3:]}, true
}

// packets gives the packets of the block (RFC 9559, section 10.3).
func (b mkvBlock) packets() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if b.flags&0x06 == 0 || len(b.data) == 0 {
			yield(b.data)
			return
		}
		sizes, data, ok := b.lacing()
		for _, n := range sizes {
			if !ok || n < 0 || n > len(data) || !yield(data[:n]) {
				return
			}
			data = data[n:]
		}
	}
}

func (b mkvBlock) lacing() (sizes []int, data []byte, ok bool) {
	count := int(b.data[0]) + 1
	data = b.data[1:]
	switch b.flags & 0x06 {
	case 0x04: // all of one size
		for range count {
			sizes = append(sizes, len(data)/count)
		}
		return sizes, data, true
	case 0x02:
		sizes, data, ok = xiphLacing(data, count-1)
	default:
		sizes, data, ok = ebmlLacing(data, count-1)
	}
	rest := len(data)
	for _, n := range sizes {
		rest -= n
	}
	return append(sizes, rest), data, ok && rest >= 0
}

func xiphLacing(data []byte, count int) (sizes []int, rest []byte, ok bool) {
	for range count {
		n := 0
		for {
			if len(data) == 0 {
				return nil, nil, false
			}
			x := data[0]
			data = data[1:]
			n += int(x)
			if x < 255 {
				break
			}
		}
		sizes = append(sizes, n)
	}
	return sizes, data, true
}

// ebmlLacing: the first size as it is, the others as signed differences.
func ebmlLacing(data []byte, count int) (sizes []int, rest []byte, ok bool) {
	last := int64(0)
	for i := range count {
		v, n, _ := vint(data)
		if n == 0 {
			return nil, nil, false
		}
		if i > 0 {
			v += last - (1<<(7*n-1) - 1)
		}
		if v < 0 || v > window {
			return nil, nil, false
		}
		sizes, data, last = append(sizes, int(v)), data[n:], v
	}
	return sizes, data, true
}
