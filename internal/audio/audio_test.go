package audio

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func probeBytes(b []byte) (Recording, error) {
	return Probe(bytes.NewReader(b), int64(len(b)))
}

// voiceTime is how long voice.ogg sounds: its last granule position, 380,064, less
// the 312 samples that the decoder skips (RFC 7845, section 4.3).
const voiceTime = (380_064 - 312) * time.Second / 48_000

func TestProbeKnowsEachContainer(t *testing.T) {
	const tone = 200 * time.Millisecond
	for _, test := range []struct {
		file  string
		want  Recording
		slack time.Duration // coders pad the sound to whole frames
	}{
		{"voice.ogg", Recording{Container: Ogg, Codec: Opus, Channels: 1, SampleRate: 48000, Duration: voiceTime}, time.Millisecond},
		{"seed/tone.ogg", Recording{Container: Ogg, Codec: Opus, Channels: 1, SampleRate: 48000, Duration: tone}, 0},
		{"seed/vorbis.ogg", Recording{Container: Ogg, Codec: Vorbis, Channels: 1, SampleRate: 16000, Duration: tone}, 0},
		{"seed/tone.m4a", Recording{Container: MP4, Codec: AAC, Channels: 1, SampleRate: 16000, Duration: tone}, 130 * time.Millisecond},
		{"seed/frag.mp4", Recording{Container: MP4, Codec: AAC, Channels: 1, SampleRate: 16000, Duration: tone}, 130 * time.Millisecond},
		{"seed/tone.webm", Recording{Container: Matroska, Codec: Opus, Channels: 1, SampleRate: 48000, Duration: tone}, 20 * time.Millisecond},
		{"seed/live.mkv", Recording{Container: Matroska, Codec: Opus, Channels: 1, SampleRate: 48000, Duration: tone}, 20 * time.Millisecond},
		{"seed/tone.mp3", Recording{Container: MP3, Codec: MPEGLayer3, Channels: 1, SampleRate: 16000, Duration: tone}, 90 * time.Millisecond},
		{"seed/tone.aac", Recording{Container: ADTS, Codec: AAC, Channels: 1, SampleRate: 16000, Duration: tone}, 130 * time.Millisecond},
		{"seed/tone.flac", Recording{Container: FLAC, Codec: FLACCodec, Channels: 1, SampleRate: 8000, Duration: tone}, 0},
		{"seed/tone.wav", Recording{Container: WAV, Codec: ALaw, Channels: 1, SampleRate: 8000, Duration: 50 * time.Millisecond}, 0},
		{"seed/tone.caf", Recording{Container: CAF, Codec: PCM, Channels: 1, SampleRate: 8000, Duration: 50 * time.Millisecond}, 0},
	} {
		t.Run(test.file, func(t *testing.T) {
			got, err := probeBytes(load(t, test.file))
			if err != nil {
				t.Fatal(err)
			}
			if d := (got.Duration - test.want.Duration).Abs(); d > test.slack {
				t.Errorf("duration %v, want %v within %v", got.Duration, test.want.Duration, test.slack)
			}
			got.Duration, got.Claimed, got.Counted = test.want.Duration, 0, false
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("unlike what it is (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProbeKnowsAMR(t *testing.T) {
	frames := bytes.Repeat(append([]byte{0x3c}, make([]byte, 31)...), 50) // 12.2 kbit/s, one second
	rec, err := probeBytes(append([]byte("#!AMR\n"), frames...))
	if err != nil {
		t.Fatal(err)
	}
	want := Recording{Container: AMR, Codec: AMRNarrow, Channels: 1, SampleRate: 8000, Duration: time.Second, Counted: true}
	if diff := cmp.Diff(want, rec); diff != "" {
		t.Error(diff)
	}
	wide := bytes.Repeat(append([]byte{0x24}, make([]byte, 40)...), 25)
	rec, err = probeBytes(append([]byte("#!AMR-WB\n"), wide...))
	if err != nil || rec.Codec != AMRWide || rec.Duration != time.Second/2 {
		t.Errorf("got %+v, %v", rec, err)
	}
}

func TestProbeRefusesWhatIsNoRecording(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":           nil,
		"one byte":          {0xff},
		"text":              []byte("Нам сказали уходить"),
		"a name that lies":  []byte("OggS but only in its first four letters"),
		"jpeg":              append([]byte{0xff, 0xd8, 0xff, 0xe0}, make([]byte, 500)...),
		"sync words alone":  bytes.Repeat([]byte{0xff, 0xfb}, 4000),
		"riff of pictures":  []byte("RIFF\x10\x00\x00\x00WEBPVP8 \x04\x00\x00\x00abcd"),
		"heic":              []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
		"an mp4 of nothing": []byte("\x00\x00\x00\x10ftypzzzz\x00\x00\x00\x00"),
		"zeros":             make([]byte, 100_000),
	} {
		if rec, err := probeBytes(b); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: got %+v, %v", name, rec, err)
		}
	}
}

// A disk that fails must never look like a file that is no recording.
func TestProbeTellsAFailingDiskFromAStrangeFile(t *testing.T) {
	broken := errors.New("the disk says no")
	voice := load(t, "voice.ogg")
	_, err := Probe(failingAt{bytes.NewReader(voice), broken}, int64(len(voice)))
	if !errors.Is(err, broken) || errors.Is(err, ErrUnknown) {
		t.Errorf("got %v", err)
	}
	_, err = Probe(bytes.NewReader(voice[:100]), int64(len(voice)))
	if err == nil || errors.Is(err, ErrUnknown) {
		t.Errorf("a file shorter than its size: got %v", err)
	}
}

type failingAt struct {
	*bytes.Reader
	err error
}

func (f failingAt) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func TestFaultsHaveWords(t *testing.T) {
	for _, f := range []Fault{Truncated, WrongLength, Damaged, NoEnd, Trailing, Silent, WithPictures, ManyTracks} {
		if f.English() == string(f) {
			t.Errorf("%s has no sentence", f)
		}
	}
}
