// Package audio says what a recording is, draws its waveform, and makes a
// working copy of it without the data a telephone hides in it.
//
// A voice message is judged by its content, never by its name or by the type
// somebody claims for it. Three things are done with one, in this order:
//
//	Probe   what is it: container, codec, how long, how many channels, and what
//	        is wrong with it. Reads headers and the lengths of packets only.
//	Clean   the working copy: the same sound, byte for byte the same packets, and
//	        nothing else: no tags, no cover picture, no place, no date, no device.
//	Peaks   the waveform. Opus (in Ogg, WebM or Matroska) and PCM in WAV are
//	        decoded here; other codecs by an ffmpeg that the operator has
//	        installed, or not at all. A waveform is never made up.
//
// The original is not this package's business: it is stored sealed and whole,
// whatever Probe says about it.
//
// All parsers here read foreign input. They read through a window of fixed size,
// follow no length further than the file goes, move forward at every step, and
// keep nothing that grows with the file, except the index of an MP4 (at most
// 32 MiB) and of the clusters of a WebM being cleaned. No content reaches an
// error or a log: problems carry codes and numbers.
package audio

import (
	"io"
	"time"

	"homeward/internal/problem"
)

// Container is how the sound is wrapped.
type Container string

// The containers that are known.
const (
	Ogg      Container = "ogg"  // RFC 3533
	WAV      Container = "wav"  // RIFF/WAVE, also RF64
	MP4      Container = "mp4"  // ISO 14496-12: m4a, mp4, 3gp
	MP3      Container = "mp3"  // MPEG audio frames, with or without ID3
	AMR      Container = "amr"  // RFC 4867, section 5
	Matroska Container = "webm" // WebM and Matroska (RFC 9559)
	FLAC     Container = "flac" // RFC 9639
	CAF      Container = "caf"  // Apple Core Audio Format
	ADTS     Container = "adts" // bare AAC frames, ISO 13818-7
)

// Codec is how the sound is coded.
type Codec string

// The codecs that are told apart. OtherCodec is one that a known container
// names and this list does not.
const (
	Opus       Codec = "opus"
	Vorbis     Codec = "vorbis"
	AAC        Codec = "aac"
	ALAC       Codec = "alac"
	MPEGLayer3 Codec = "mp3"
	MPEGLayer2 Codec = "mp2"
	AMRNarrow  Codec = "amr-nb"
	AMRWide    Codec = "amr-wb"
	PCM        Codec = "pcm"
	ALaw       Codec = "alaw"
	MuLaw      Codec = "mulaw"
	FLACCodec  Codec = "flac"
	Speex      Codec = "speex"
	OtherCodec Codec = "other"
)

// Fault is something wrong with a recording that is a recording all the same. It
// is shown beside the recording; it is never a reason to refuse one.
type Fault string

// The faults. Each constant is also the message id of its sentence.
const (
	Truncated    Fault = "audio.fault.truncated"     // the file stops in the middle of a piece
	WrongLength  Fault = "audio.fault.wrong_length"  // claims a length it does not have
	Damaged      Fault = "audio.fault.damaged"       // a checksum or a structure inside is wrong
	NoEnd        Fault = "audio.fault.no_end"        // has no mark of its end: it may have been cut
	Trailing     Fault = "audio.fault.trailing"      // bytes after the end that are not sound
	Silent       Fault = "audio.fault.empty"         // holds no sound at all
	WithPictures Fault = "audio.fault.with_pictures" // also holds moving pictures
	ManyTracks   Fault = "audio.fault.many_tracks"   // holds more than one track of sound; the first is used
)

// English gives the fault's sentence.
func (f Fault) English() string {
	switch f {
	case Truncated:
		return "the recording is cut off"
	case WrongLength:
		return "the recording claims a length it does not have"
	case Damaged:
		return "a part of the recording is damaged"
	case NoEnd:
		return "the recording has no mark of its end and may have been cut"
	case Trailing:
		return "the file goes on after the recording ends"
	case Silent:
		return "the recording holds no sound"
	case WithPictures:
		return "the file also holds moving pictures"
	case ManyTracks:
		return "the file holds more than one track of sound"
	}
	return string(f)
}

// Recording is what Probe found.
type Recording struct {
	Container  Container
	Codec      Codec
	Channels   int // 0 when the file does not say
	SampleRate int // hertz as decoded; Opus always 48000; 0 when the file does not say
	// Duration is how long the sound is, 0 when that cannot be known without
	// decoding. Counted says that it was counted from the packets that are
	// really in the file and not taken from a header's word.
	Duration time.Duration
	Counted  bool
	// Claimed is the length the file's header gives, 0 when it gives none.
	Claimed time.Duration
	Faults  []Fault
}

// Has says whether the recording has the fault.
func (r Recording) Has(f Fault) bool {
	for _, have := range r.Faults {
		if have == f {
			return true
		}
	}
	return false
}

func (r *Recording) fault(f Fault) {
	if !r.Has(f) {
		r.Faults = append(r.Faults, f)
	}
}

// MediaType is the type under which to serve the working copy (RFC 4281 codecs
// where browsers look at them).
func (r Recording) MediaType() string {
	switch r.Container {
	case Ogg:
		if r.Codec == OtherCodec {
			return "audio/ogg"
		}
		return "audio/ogg; codecs=" + string(r.Codec)
	case WAV:
		return "audio/wav"
	case MP4:
		if r.Codec == AMRNarrow || r.Codec == AMRWide {
			return "audio/3gpp"
		}
		return "audio/mp4"
	case MP3:
		return "audio/mpeg"
	case AMR:
		if r.Codec == AMRWide {
			return "audio/amr-wb"
		}
		return "audio/amr"
	case Matroska:
		if r.Codec == Opus || r.Codec == Vorbis {
			return "audio/webm; codecs=" + string(r.Codec)
		}
		return "audio/x-matroska"
	case FLAC:
		return "audio/flac"
	case CAF:
		return "audio/x-caf"
	case ADTS:
		return "audio/aac"
	}
	return "application/octet-stream"
}

// PlaysInBrowsers says whether the browsers of 2026 play the working copy. AMR,
// ALAC and CAF play in few; the page then offers the file instead of a player.
func (r Recording) PlaysInBrowsers() bool {
	switch r.Codec {
	case Opus, Vorbis, AAC, MPEGLayer3, PCM, FLACCodec:
		return r.Container != CAF
	}
	return false
}

// The problems of a recording.
var (
	// ErrUnknown: the content is not a recording we know.
	ErrUnknown = problem.New(problem.Invalid, "audio.unknown",
		"this is not a recording we know",
		"it is kept as it is; a recording as Ogg, M4A, MP3 or WAV can be played here")
	// ErrNoWaveform: the codec can be decoded neither here nor by an installed
	// ffmpeg.
	ErrNoWaveform = problem.New(problem.Invalid, "audio.no_waveform",
		"no waveform can be drawn for this recording",
		"play it without one; with ffmpeg installed on the server most recordings get one")
	// ErrTooLong: over MaxDrawn.
	ErrTooLong = problem.New(problem.TooLarge, "audio.too_long",
		"the recording is too long for a waveform", "play it without one")
	// ErrNotClean: no working copy can be made that surely holds the sound alone.
	ErrNotClean = problem.New(problem.Invalid, "audio.not_clean",
		"a copy without hidden data cannot be made of this recording",
		"the original is kept sealed; ask for the recording in another format")
)

// Probe says what the recording is. The problem ErrUnknown means that it is none
// we know; any other error is the reader's own. Probe reads a file once, from
// front to back, whatever its size.
func Probe(r io.ReaderAt, size int64) (Recording, error) {
	s := newSource(r, size)
	rec, ok := probe(s)
	if s.err != nil {
		return Recording{}, s.err
	}
	if !ok {
		return Recording{}, ErrUnknown
	}
	if rec.Counted && rec.Duration == 0 {
		rec.fault(Silent)
	}
	return rec, nil
}

// probe tries the formats in the order of how sure their first bytes are.
func probe(s *source) (Recording, bool) {
	switch {
	case s.has(0, "OggS"):
		return probeOgg(s)
	case s.has(0, "RIFF") && s.has(8, "WAVE"), s.has(0, "RF64") && s.has(8, "WAVE"):
		return probeWAV(s)
	case s.has(4, "ftyp"):
		return probeMP4(s)
	case s.has(0, "\x1a\x45\xdf\xa3"):
		return probeMatroska(s)
	case s.has(0, "fLaC"):
		return probeFLAC(s)
	case s.has(0, "#!AMR"):
		return probeAMR(s)
	case s.has(0, "caff\x00\x01"):
		return probeCAF(s)
	}
	return probeFrames(s)
}
