package audio

// Some recordings have no container: frames follow each other, each with a header
// that says how long it is. MPEG layer 2 and 3, AAC in ADTS and AMR are of this
// kind, and are walked from frame to frame, so that the length is counted and not
// believed.

// frame is what a frame's header says.
type frame struct {
	size     int
	samples  int
	rate     int
	channels int
	codec    Codec
}

// frames is one run of frames in a file.
type frames struct {
	first   frame
	begin   int64 // offset of the first frame
	end     int64 // offset after the last whole frame
	count   int64
	samples int64
	cut     bool // the last frame is not all there
}

// walk follows frames from off on to where they end. A frame of another rate or
// codec than the first ends the run, as does one whose header is none.
func walk(s *source, off int64, header int, read func([]byte) (frame, bool)) frames {
	f := frames{begin: off, end: off}
	for {
		b := s.at(f.end, header)
		if b == nil {
			return f
		}
		fr, ok := read(b)
		if !ok || f.count > 0 && (fr.rate != f.first.rate || fr.codec != f.first.codec) {
			return f
		}
		if int64(fr.size) > s.size-f.end {
			f.cut = true
			return f
		}
		if f.count == 0 {
			f.first = fr
		}
		f.count++
		f.samples += int64(fr.samples)
		f.end += int64(fr.size)
	}
}

// minFrames is how many frames in a row make a file without a signature a
// recording: chance gives two bytes that look like a header once in 2,000.
const minFrames = 4

// probeFrames tries what has no signature of its own, after any ID3 tags.
func probeFrames(s *source) (Recording, bool) {
	begin := skipID3(s)
	for _, kind := range []struct {
		container Container
		header    int
		read      func([]byte) (frame, bool)
	}{{MP3, 4, mpegFrame}, {ADTS, 7, adtsFrame}} {
		f := walk(s, begin, kind.header, kind.read)
		if f.count < minFrames {
			continue
		}
		rec := f.recording(kind.container)
		if kind.container == MP3 {
			claimXing(s, f, &rec)
		}
		if rest := skipTagsAtEnd(s, f.end); rest < s.size && !f.cut {
			rec.fault(Trailing)
		}
		return rec, true
	}
	return Recording{}, false
}

func (f frames) recording(c Container) Recording {
	rec := Recording{
		Container: c, Codec: f.first.codec, Channels: f.first.channels, SampleRate: f.first.rate,
		Duration: span(f.samples, int64(f.first.rate)), Counted: true,
	}
	if f.cut {
		rec.fault(Truncated)
	}
	return rec
}

// skipID3 gives the offset after the ID3v2 tags at the start of the file.
func skipID3(s *source) int64 {
	var off int64
	for range 16 {
		h := s.at(off, 10)
		if h == nil || string(h[:3]) != "ID3" {
			return off
		}
		size := int64(h[6]&0x7f)<<21 | int64(h[7]&0x7f)<<14 | int64(h[8]&0x7f)<<7 | int64(h[9]&0x7f)
		off += 10 + size
		if h[5]&0x10 != 0 { // a footer repeats the header
			off += 10
		}
	}
	return off
}

// skipTagsAtEnd gives the offset after the tags that may follow the last frame:
// APEv2, ID3v2, Lyrics3 and ID3v1.
func skipTagsAtEnd(s *source, off int64) int64 {
	for range 16 {
		h := s.at(off, 32)
		switch {
		case h != nil && string(h[:8]) == "APETAGEX":
			off += int64(le.Uint32(h[12:]))
			if le.Uint32(h[20:])&(1<<29) != 0 { // this is the header; size leaves it out
				off += 32
			}
		case h != nil && string(h[:11]) == "LYRICSBEGIN":
			end := s.find(off, "LYRICS200")
			if end < 0 {
				return off
			}
			off = end + 9
		case s.size-off == 128 && s.has(off, "TAG"):
			return s.size
		default:
			return off
		}
	}
	return off
}

// mpegFrame reads a header of MPEG 1, 2 or 2.5, layer 2 or 3.
func mpegFrame(b []byte) (frame, bool) {
	h := be.Uint32(b)
	version, layer := h>>19&3, h>>17&3
	bitrate, rate := h>>12&15, h>>10&3
	if h>>21 != 0x7ff || version == 1 || layer == 0 || layer == 3 ||
		bitrate == 0 || bitrate == 15 || rate == 3 || h&3 == 2 {
		return frame{}, false
	}
	f := frame{codec: MPEGLayer3, channels: 2, rate: [3]int{44100, 48000, 32000}[rate]}
	if h>>6&3 == 3 {
		f.channels = 1
	}
	low := 0 // MPEG 2 and 2.5: half and quarter of the rates
	switch version {
	case 2:
		f.rate, low = f.rate/2, 1
	case 0:
		f.rate, low = f.rate/4, 1
	}
	f.samples = 1152
	if layer == 2 {
		f.codec = MPEGLayer2
	} else if low == 1 {
		f.samples = 576
	}
	kbps := mpegBitrates[low][2-layer][bitrate]
	f.size = f.samples/8*kbps*1000/f.rate + int(h>>9&1)
	return f, f.size > 4
}

// mpegBitrates holds kilobits per second by MPEG 1 or later, then layer 2 or 3,
// then the header's index.
var mpegBitrates = [2][2][15]int{
	{
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	},
	{
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	},
}

// claimXing compares the number of frames a Xing, Info or VBRI header promises
// with those that are there.
func claimXing(s *source, f frames, rec *Recording) {
	b := s.at(f.begin, min(f.first.size, 64))
	if len(b) < 64 {
		return
	}
	var claimed int64
	for _, at := range []int{13, 21, 36} { // after the side information
		tag := string(b[at : at+4])
		if (tag == "Xing" || tag == "Info") && b[at+7]&1 != 0 {
			claimed = int64(be.Uint32(b[at+8:]))
		}
		if tag == "VBRI" && at == 36 {
			claimed = int64(be.Uint32(b[at+14:]))
		}
	}
	if claimed == 0 {
		return
	}
	rec.Claimed = span(claimed*int64(f.first.samples), int64(f.first.rate))
	rec.Duration = span(f.samples-int64(f.first.samples), int64(f.first.rate)) // the header's own frame is silent
	if differ(rec.Claimed, rec.Duration) {
		rec.fault(WrongLength)
	}
	if f.count < claimed {
		rec.fault(Truncated)
	}
}

// adtsFrame reads a header of AAC in ADTS.
func adtsFrame(b []byte) (frame, bool) {
	h := be.Uint64(append([]byte{0}, b[:7]...))
	rate, channels := int(h>>34&15), int(h>>30&7)
	if h>>44 != 0xfff || h>>41&3 != 0 || rate >= len(aacRates) {
		return frame{}, false
	}
	f := frame{codec: AAC, rate: aacRates[rate], channels: channels, size: int(h >> 13 & 0x1fff)}
	if channels == 7 {
		f.channels = 8
	}
	f.samples = 1024 * (int(h&3) + 1)
	return f, f.size > 7
}

var aacRates = []int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// probeAMR reads "#!AMR" or "#!AMR-WB" and the frames of 20 ms that follow. The
// forms with several channels are not used by telephones and are not known here.
func probeAMR(s *source) (Recording, bool) {
	f, ok := amrFrames(s)
	if !ok {
		return Recording{}, false
	}
	rec := f.recording(AMR)
	if !f.cut && f.end < s.size {
		rec.fault(Damaged)
	}
	return rec, true
}

func amrFrames(s *source) (frames, bool) {
	switch {
	case s.has(0, "#!AMR\n"):
		f := walk(s, 6, 1, func(b []byte) (frame, bool) { return amrFrame(b[0], amrSizes, AMRNarrow, 8000) })
		f.first = frame{codec: AMRNarrow, rate: 8000, channels: 1}
		return f, true
	case s.has(0, "#!AMR-WB\n"):
		f := walk(s, 9, 1, func(b []byte) (frame, bool) { return amrFrame(b[0], amrWideSizes, AMRWide, 16000) })
		f.first = frame{codec: AMRWide, rate: 16000, channels: 1}
		return f, true
	}
	return frames{}, false
}

// Bytes of a frame after its first, by frame type (RFC 4867, tables 1; 3GPP TS
// 26.101 and 26.201); -1 for types that are reserved.
var (
	amrSizes     = [16]int{12, 13, 15, 17, 19, 20, 26, 31, 5, -1, -1, -1, -1, -1, -1, 0}
	amrWideSizes = [16]int{17, 23, 32, 36, 40, 46, 50, 58, 60, 5, -1, -1, -1, -1, 0, 0}
)

func amrFrame(b byte, sizes [16]int, codec Codec, rate int) (frame, bool) {
	n := sizes[b>>3&15]
	if n < 0 || b&0x83 != 0 {
		return frame{}, false
	}
	return frame{size: n + 1, samples: rate / 50, rate: rate, channels: 1, codec: codec}, true
}
