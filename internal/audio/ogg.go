package audio

import "encoding/binary"

// Ogg (RFC 3533) is pages; a page holds pieces of packets of one logical stream.
// A file may be several streams one after the other ("chained", as when a radio
// is recorded over a change of programme) or side by side ("multiplexed", as
// sound beside pictures). For Opus (RFC 7845) the true length is the sum of what
// the packets' first bytes say; the granule position on a page only claims it.

const (
	oggContinued = 1 << iota // the page begins inside a packet
	oggFirst                 // first page of its logical stream
	oggLast                  // last page of its logical stream
)

const (
	oggHeader = 27
	// maxLinks bounds a file of very many very short chained streams.
	maxLinks = 10_000
	// opusRate is the clock of every Opus stream (RFC 7845, section 4).
	opusRate = 48_000
)

// oggPage is one page; lacing and body are valid until the next read.
type oggPage struct {
	off     int64
	flags   byte
	granule int64
	serial  uint32
	seq     uint32
	lacing  []byte
	body    []byte
}

func (p oggPage) size() int64 { return int64(oggHeader + len(p.lacing) + len(p.body)) }

// oggReader walks the pages of a file, over damage too.
type oggReader struct {
	s     *source
	off   int64
	bad   int
	fault func(Fault)
}

// maxBadPages bounds the work a file made of false page headers can cause: each
// costs a checksum of up to 65 kB.
const maxBadPages = 1000

// next gives the next whole page with a right checksum. Whatever is not one is
// passed over and noted.
func (o *oggReader) next() (oggPage, bool) {
	for ; ; o.bad++ {
		start := o.s.find(o.off, "OggS")
		if start < 0 || o.bad > maxBadPages {
			if o.off < o.s.size && o.s.err == nil {
				o.fault(Trailing)
			}
			return oggPage{}, false
		}
		if start > o.off {
			o.fault(Damaged)
		}
		p, whole := o.s.oggPage(start)
		if !whole {
			o.fault(Truncated)
			o.off = start + 4
			continue
		}
		if !p.valid(o.s) {
			o.fault(Damaged)
			o.off = start + 4
			continue
		}
		o.off = start + p.size()
		return p, true
	}
}

// oggPage reads the page at off; false when it does not fit in the file.
func (s *source) oggPage(off int64) (oggPage, bool) {
	h := s.at(off, oggHeader)
	if h == nil {
		return oggPage{}, false
	}
	segments := int(h[26])
	l := s.at(off, oggHeader+segments)
	if l == nil {
		return oggPage{}, false
	}
	body := 0
	for _, n := range l[oggHeader:] {
		body += int(n)
	}
	b := s.at(off, oggHeader+segments+body)
	if b == nil {
		return oggPage{}, false
	}
	return oggPage{
		off: off, flags: b[5], granule: int64(le.Uint64(b[6:])),
		serial: le.Uint32(b[14:]), seq: le.Uint32(b[18:]),
		lacing: b[oggHeader : oggHeader+segments], body: b[oggHeader+segments:],
	}, true
}

func (p oggPage) valid(s *source) bool {
	b := s.at(p.off, int(p.size()))
	return b != nil && b[4] == 0 && oggSum(b) == le.Uint32(b[22:])
}

// packets calls fn for each piece of a packet on the page: whether it is the
// packet's first piece, and whether its last.
func (p oggPage) packets(fn func(piece []byte, first, last bool)) {
	first := p.flags&oggContinued == 0
	start, end := 0, 0
	for _, n := range p.lacing {
		end += int(n)
		if n < 255 {
			fn(p.body[start:end], first, true)
			start, first = end, true
		}
	}
	if len(p.lacing) > 0 && p.lacing[len(p.lacing)-1] == 255 {
		fn(p.body[start:end], first, false)
	}
}

// oggLink is one logical stream of sound.
type oggLink struct {
	serial   uint32
	begin    int64 // offset of its first page
	codec    Codec
	channels int
	rate     int
	preSkip  int64 // samples to drop at the start
	gain     int16 // decibels in Q7.8
	family   byte  // channel mapping family
	headers  int   // header packets not seen yet

	decoded int64 // samples the packets hold (Opus alone)
	started bool
	first   int64 // granule position before the first sample
	last    int64 // granule position of the last page
	seq     uint32
	ended   bool
	halfway bool // inside a packet at the end of the page read last
	head    []byte
}

// claimed is how many samples the granule positions promise.
func (l *oggLink) claimed() int64 { return max(l.last-l.first-l.preSkip, 0) }

// playable is how many samples can really be heard. The end may be trimmed to the
// granule position (RFC 7845, section 4.4), but not by more than a second: beyond
// that the position is a lie and the packets are believed.
func (l *oggLink) playable() int64 {
	if l.codec != Opus {
		return l.claimed()
	}
	have := max(l.decoded-l.preSkip, 0)
	if trim := have - l.claimed(); l.ended && trim > 0 && trim <= opusRate {
		return l.claimed()
	}
	return have
}

// lies says whether the claim and the packets differ by more than a trimmed end.
func (l *oggLink) lies() bool {
	return l.codec == Opus && differ(span(l.claimed(), opusRate), span(l.playable(), opusRate))
}

// oggScan is what one pass over an Ogg file finds.
type oggScan struct {
	links []*oggLink
	rec   Recording
}

func scanOgg(s *source) oggScan {
	scan := oggScan{rec: Recording{Container: Ogg}}
	o := &oggReader{s: s, fault: scan.rec.fault}
	var cur *oggLink
	for {
		p, ok := o.next()
		if !ok {
			break
		}
		if p.flags&oggFirst != 0 {
			cur = scan.begin(p, cur)
			continue
		}
		if cur != nil && p.serial == cur.serial {
			cur.page(p, scan.rec.fault)
		}
	}
	return scan
}

// begin looks at the first page of a logical stream, and gives the link that is
// now being read.
func (scan *oggScan) begin(p oggPage, cur *oggLink) *oggLink {
	l := identify(p)
	switch {
	case l == nil:
		if isPictures(p.body) {
			scan.rec.fault(WithPictures)
		}
		return cur
	case cur != nil && !cur.started && !cur.ended:
		scan.rec.fault(ManyTracks)
		return cur
	case len(scan.links) == maxLinks:
		scan.rec.fault(Damaged)
		return cur
	}
	scan.links = append(scan.links, l)
	return l
}

func isPictures(body []byte) bool {
	return hasPrefix(body, "\x80theora") || hasPrefix(body, "BBCD\x00") || hasPrefix(body, "OVP80")
}

func hasPrefix(b []byte, p string) bool { return len(b) >= len(p) && string(b[:len(p)]) == p }

// identify reads the first packet of a logical stream; nil when it is not sound.
func identify(p oggPage) *oggLink {
	b := p.body
	l := &oggLink{serial: p.serial, begin: p.off, seq: p.seq, ended: p.flags&oggLast != 0}
	switch {
	case hasPrefix(b, "OpusHead") && len(b) >= 19 && b[8]>>4 == 0 && b[9] > 0:
		l.codec, l.channels, l.rate, l.headers = Opus, int(b[9]), opusRate, 1
		l.preSkip, l.gain = int64(le.Uint16(b[10:])), int16(le.Uint16(b[16:]))
		l.family = b[18]
	case hasPrefix(b, "\x01vorbis") && len(b) >= 30 && b[11] > 0:
		l.codec, l.channels, l.rate, l.headers = Vorbis, int(b[11]), int(le.Uint32(b[12:])), 2
	case hasPrefix(b, "\x7fFLAC") && len(b) >= 13+4+18:
		l.codec, l.headers = FLACCodec, int(binary.BigEndian.Uint16(b[7:]))
		l.rate, l.channels, _ = flacStreamInfo(b[17:])
	case hasPrefix(b, "Speex   ") && len(b) >= 80:
		l.codec, l.channels, l.rate = Speex, int(le.Uint32(b[48:])), int(le.Uint32(b[36:]))
		l.headers = 1
	default:
		return nil
	}
	if l.channels < 1 || l.channels > 255 || l.rate < 1 || l.rate > maxRate {
		return nil
	}
	return l
}

// maxRate is the highest sampling rate believed, in hertz.
const maxRate = 768_000

// page takes in one page of the link.
func (l *oggLink) page(p oggPage, fault func(Fault)) {
	if l.ended {
		fault(Trailing)
		return
	}
	if p.seq != l.seq+1 {
		fault(Damaged)
		l.head = nil
	}
	l.seq = p.seq
	var samples int64
	done := false
	p.packets(func(piece []byte, first, last bool) {
		l.halfway = !last
		if first {
			l.head = l.head[:0]
		}
		l.head = append(l.head, piece[:min(len(piece), max(0, 2-len(l.head)))]...)
		if !last {
			return
		}
		if l.headers > 0 {
			l.headers--
			return
		}
		done = true
		if l.codec == Opus {
			samples += opusSamples(l.head)
		}
	})
	l.ended = p.flags&oggLast != 0
	l.decoded += samples
	l.clock(p.granule, samples, done)
}

// clock follows the granule position: the first page with a finished packet tells
// where the count begins, which need not be zero.
func (l *oggLink) clock(granule, samples int64, done bool) {
	if !done || granule < 0 {
		return
	}
	if !l.started {
		l.started = true
		if l.codec == Opus && granule > samples {
			l.first = granule - samples
		}
	}
	l.last = granule
}

func probeOgg(s *source) (Recording, bool) {
	scan := scanOgg(s)
	if len(scan.links) == 0 {
		return Recording{}, false
	}
	rec := &scan.rec
	first := scan.links[0]
	rec.Codec, rec.Channels, rec.SampleRate = first.codec, first.channels, first.rate
	rec.Counted = true
	for _, l := range scan.links {
		rec.Duration += span(l.playable(), int64(l.rate))
		rec.Claimed += span(l.claimed(), int64(l.rate))
		rec.Counted = rec.Counted && l.codec == Opus
		if l.lies() {
			rec.fault(WrongLength)
		}
		if l.halfway {
			rec.fault(Truncated)
		}
		if !l.ended && !rec.Has(Truncated) {
			rec.fault(NoEnd)
		}
	}
	return *rec, true
}

// oggTable is for the checksum of a page: CRC-32 with the polynomial 0x04c11db7,
// not reflected, starting from zero (RFC 3533, section 6).
var oggTable = func() (t [256]uint32) {
	for i := range t {
		r := uint32(i) << 24
		for range 8 {
			if r&0x8000_0000 != 0 {
				r = r<<1 ^ 0x04c1_1db7
			} else {
				r <<= 1
			}
		}
		t[i] = r
	}
	return t
}()

// oggSum is the checksum of a page, its own four bytes taken as zero.
func oggSum(page []byte) uint32 {
	var c uint32
	for i, b := range page {
		if i >= 22 && i < 26 {
			b = 0
		}
		c = c<<8 ^ oggTable[byte(c>>24)^b]
	}
	return c
}
