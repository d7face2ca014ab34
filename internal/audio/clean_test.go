package audio

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

var seeds = []string{
	"voice.ogg", "seed/tone.ogg", "seed/vorbis.ogg", "seed/tone.m4a", "seed/frag.mp4", "seed/tone.webm", "seed/live.mkv",
	"seed/tone.mp3", "seed/tone.aac", "seed/tone.flac", "seed/tone.wav", "seed/tone.caf",
}

func clean(b []byte) ([]byte, Cleaned, error) {
	var out bytes.Buffer
	c, err := Clean(&out, bytes.NewReader(b), int64(len(b)))
	return out.Bytes(), c, err
}

// A working copy is the same recording without its tags, and the copy of a copy is
// the copy.
func TestCleanKeepsTheSoundAlone(t *testing.T) {
	for _, file := range seeds {
		t.Run(file, func(t *testing.T) {
			b := load(t, file)
			before, err := probeBytes(b)
			if err != nil {
				t.Fatal(err)
			}
			copied, c, err := clean(b)
			if err != nil {
				t.Fatal(err)
			}
			if int64(len(copied)) != c.Bytes {
				t.Errorf("says %d bytes, wrote %d", c.Bytes, len(copied))
			}
			names := []string{"canary", "Lavf", "Lavc", "libopus", "ffmpeg"}
			if before.Codec == AAC || before.Codec == MPEGLayer3 { // these coders sign inside their packets
				names = names[:2]
			}
			for _, name := range names {
				if bytes.Contains(copied, []byte(name)) {
					t.Errorf("%q is left in the copy", name)
				}
			}
			after, err := probeBytes(copied)
			if err != nil {
				t.Fatal(err)
			}
			if after.Codec != before.Codec || after.Container != before.Container || differ(after.Duration, before.Duration) || len(after.Faults) > len(before.Faults) {
				t.Errorf("the copy is another recording: %+v, before %+v", after, before)
			}
			again, _, err := clean(copied)
			if err != nil || !bytes.Equal(again, copied) {
				t.Errorf("the copy of the copy differs: %v", err)
			}
		})
	}
}

// The copy of a voice message sounds the same, packet by packet.
func TestCleanCopySoundsTheSame(t *testing.T) {
	voice := load(t, "voice.ogg")
	copied, c, err := clean(voice)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(c.Removed, RemovedTags) {
		t.Errorf("removed %v", c.Removed)
	}
	if !slices.Equal(peaksOf(t, voice, 300, Tools{}).Peaks, peaksOf(t, copied, 300, Tools{}).Peaks) {
		t.Error("the copy has another waveform")
	}
}

// What somebody hides after or between the sound does not reach the copy.
func TestCleanLeavesOutWhatIsHidden(t *testing.T) {
	const hidden = "hidden: Гудермес, 43.35, 46.10"
	voice := load(t, "voice.ogg")
	pages := pagesOf(t, voice)
	for name, b := range map[string][]byte{
		"after the end":         append(slices.Clone(voice), hidden...),
		"between pages":         slices.Concat(voice[:pages[3]], []byte(hidden), voice[pages[3]:]),
		"after a WAV":           append(load(t, "seed/tone.wav"), hidden...),
		"after an MP3":          append(load(t, "seed/tone.mp3"), hidden...),
		"a box in an MP4":       append(load(t, "seed/tone.m4a"), makeBox("udta", []byte(hidden))...),
		"a chunk of a CAF":      append(load(t, "seed/tone.caf"), "info\x00\x00\x00\x00\x00\x00\x00\x20"+hidden...),
		"a stranger's bytes":    append(load(t, "seed/tone.aac"), hidden...),
		"behind the last frame": append(load(t, "seed/tone.flac"), hidden...),
	} {
		copied, _, err := clean(b)
		if err != nil && !errors.Is(err, ErrNotClean) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && bytes.Contains(copied, []byte(hidden)) {
			t.Errorf("%s: it is in the copy", name)
		}
	}
}

func TestCleanRefusesWhatIsNoRecording(t *testing.T) {
	if out, _, err := clean([]byte(strings.Repeat("text ", 100))); !errors.Is(err, ErrUnknown) || len(out) != 0 {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}

// Each parser meets bytes made for it: reading ends, lengths are not negative, and
// what is copied is again a recording or refused.
func fuzzContainer(f *testing.F, files ...string) {
	for _, file := range files {
		f.Add(load(f, file))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rec, err := probeBytes(b)
		if err != nil {
			return
		}
		if rec.Duration < 0 || rec.Claimed < 0 || rec.Channels < 0 {
			t.Errorf("%+v", rec)
		}
		w, err := Peaks(context.Background(), bytes.NewReader(b), int64(len(b)), 50, Tools{})
		if err == nil && len(w.Peaks) > 50 {
			t.Errorf("%d columns", len(w.Peaks))
		}
		if copied, c, err := clean(b); err == nil && int64(len(copied)) != c.Bytes {
			t.Errorf("says %d bytes, wrote %d", c.Bytes, len(copied))
		}
	})
}

func FuzzOgg(f *testing.F)      { fuzzContainer(f, "seed/tone.ogg", "seed/vorbis.ogg") }
func FuzzMP4(f *testing.F)      { fuzzContainer(f, "seed/tone.m4a", "seed/frag.mp4") }
func FuzzMatroska(f *testing.F) { fuzzContainer(f, "seed/tone.webm", "seed/live.mkv") }
func FuzzWAV(f *testing.F)      { fuzzContainer(f, "seed/tone.wav") }
func FuzzFLAC(f *testing.F)     { fuzzContainer(f, "seed/tone.flac") }
func FuzzCAF(f *testing.F)      { fuzzContainer(f, "seed/tone.caf") }
func FuzzFrames(f *testing.F)   { fuzzContainer(f, "seed/tone.mp3", "seed/tone.aac") }
func FuzzAMR(f *testing.F) {
	f.Add(append([]byte("#!AMR\n"), bytes.Repeat(append([]byte{0x3c}, make([]byte, 31)...), 4)...))
	f.Add(append([]byte("#!AMR-WB\n"), bytes.Repeat(append([]byte{0x24}, make([]byte, 40)...), 4)...))
	fuzzContainer(f)
}
