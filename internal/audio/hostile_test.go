package audio

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"
)

// resum makes the checksums of all pages right again after a test changed bytes.
func resum(b []byte) []byte {
	b = slices.Clone(b)
	s := newSource(bytes.NewReader(b), int64(len(b)))
	for off := int64(0); ; {
		p, ok := s.oggPage(off)
		if !ok {
			return b
		}
		page := b[off : off+p.size()]
		binary.LittleEndian.PutUint32(page[22:], oggSum(page))
		off += p.size()
	}
}

func pagesOf(t testing.TB, b []byte) (offs []int64) {
	t.Helper()
	s := newSource(bytes.NewReader(b), int64(len(b)))
	for off := int64(0); off < int64(len(b)); {
		p, ok := s.oggPage(off)
		if !ok {
			t.Fatal("test file is not whole pages")
		}
		offs = append(offs, off)
		off += p.size()
	}
	return offs
}

func TestOpusFaults(t *testing.T) {
	voice := load(t, "voice.ogg")
	pages := pagesOf(t, voice)
	last := pages[len(pages)-1]
	whole, err := probeBytes(voice)
	if err != nil || len(whole.Faults) > 0 {
		t.Fatalf("the sample itself: %+v, %v", whole, err)
	}
	change := func(off int64, v uint64) []byte {
		b := slices.Clone(voice)
		binary.LittleEndian.PutUint64(b[off:], v)
		return resum(b)
	}
	for _, test := range []struct {
		name     string
		file     []byte
		want     []Fault
		duration time.Duration // 0: not checked
	}{
		{"cut in a page", voice[:len(voice)-500], []Fault{Truncated}, 0},
		{"cut between pages", voice[:last], []Fault{NoEnd}, 0},
		{"claims ten hours", change(last+6, 48000*36000), []Fault{WrongLength}, whole.Duration},
		{"claims a second", change(last+6, 48000), []Fault{WrongLength}, whole.Duration},
		{"claims the end of time", change(last+6, 1<<63-1), []Fault{WrongLength}, whole.Duration},
		{"one byte changed", flip(voice, int(last)+400), []Fault{Damaged, NoEnd}, 0},
		{"bytes after the end", append(slices.Clone(voice), "PK\x03\x04 something else"...), []Fault{Trailing}, whole.Duration},
		{"rubbish between pages", slices.Concat(voice[:last], []byte("rubbish"), voice[last:]), []Fault{Damaged}, whole.Duration},
		{"headers alone", voice[:pages[2]], []Fault{NoEnd, Silent}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			rec, err := probeBytes(test.file)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range test.want {
				if !rec.Has(f) {
					t.Errorf("%s is missing in %v", f, rec.Faults)
				}
			}
			if len(rec.Faults) > len(test.want)+1 {
				t.Errorf("too many faults: %v", rec.Faults)
			}
			if d := (rec.Duration - test.duration).Abs(); test.duration > 0 && d > 200*time.Millisecond {
				t.Errorf("duration %v, want about %v", rec.Duration, test.duration)
			}
		})
	}
}

func flip(b []byte, at int) []byte {
	b = slices.Clone(b)
	b[at] ^= 0x40
	return b
}

func TestChainedStreamsAddUp(t *testing.T) {
	voice, tone := load(t, "voice.ogg"), load(t, "seed/tone.ogg")
	rec, err := probeBytes(slices.Concat(voice, tone, voice))
	if err != nil {
		t.Fatal(err)
	}
	if want := 2*voiceTime + 200*time.Millisecond; (rec.Duration-want).Abs() > 2*time.Millisecond || len(rec.Faults) > 0 {
		t.Errorf("got %v, want %v; faults %v", rec.Duration, want, rec.Faults)
	}
}

func TestOtherFormatsCut(t *testing.T) {
	for _, test := range []struct {
		file string
		keep float64
		want Fault
	}{
		{"seed/tone.m4a", 0.9, Truncated},
		{"seed/frag.mp4", 0.7, Truncated},
		{"seed/tone.mp3", 0.8, Truncated},
		{"seed/tone.webm", 0.8, Truncated},
		{"seed/tone.wav", 0.6, WrongLength},
		{"seed/tone.caf", 0.6, Truncated},
		{"seed/tone.flac", 0.95, Truncated},
	} {
		b := load(t, test.file)
		rec, err := probeBytes(b[:int(float64(len(b))*test.keep)])
		if err != nil {
			t.Errorf("%s: %v", test.file, err)
			continue
		}
		if !rec.Has(test.want) {
			t.Errorf("%s: faults %v, want %s", test.file, rec.Faults, test.want)
		}
	}
}

// A run of frames must be long enough to be told from chance, so it is doubled first.
func TestFramesCut(t *testing.T) {
	aac := bytes.Repeat(load(t, "seed/tone.aac"), 2)
	if rec, err := probeBytes(aac[:len(aac)-100]); err != nil || !rec.Has(Truncated) {
		t.Errorf("got %+v, %v", rec, err)
	}
}

func TestLyingLengths(t *testing.T) {
	wav := load(t, "seed/tone.wav")
	at := bytes.Index(wav, []byte("data")) + 4
	for _, size := range []uint32{0xFFFFFFFE, 1 << 31, 5000} {
		b := slices.Clone(wav)
		binary.LittleEndian.PutUint32(b[at:], size)
		rec, err := probeBytes(b)
		if err != nil || !rec.Has(WrongLength) || rec.Duration > 60*time.Millisecond {
			t.Errorf("wav claiming %d bytes: %+v, %v", size, rec, err)
		}
	}
	m4a := load(t, "seed/tone.m4a")
	at = bytes.Index(m4a, []byte("mdhd")) + 4 + 16
	binary.BigEndian.PutUint32(m4a[at:], 16000*3600)
	rec, err := probeBytes(m4a)
	if err != nil || !rec.Has(WrongLength) || rec.Duration > time.Second {
		t.Errorf("m4a claiming an hour: %+v, %v", rec, err)
	}
	amr := append([]byte("#!AMR\n"), bytes.Repeat([]byte{0x78}, 1<<20)...) // frames of type 15: no data
	if rec, err := probeBytes(amr); err != nil || rec.Duration != 1<<20*20*time.Millisecond {
		t.Errorf("a megabyte of empty AMR frames: %+v, %v", rec, err)
	}
}

// Work is bounded by the file's size, whatever it is made of.
func TestHostileShapesEndSoon(t *testing.T) {
	box := func(n int) []byte { return bytes.Repeat([]byte("\x00\x00\x00\x08free"), n) }
	page := "OggS\x00\x00" + strings.Repeat("\x00", 20) + "\xff"
	for name, b := range map[string][]byte{
		"false pages":       []byte(strings.Repeat("OggS", 1<<20)),
		"false long pages":  []byte(strings.Repeat(page+strings.Repeat("\xff", 255), 1<<14)),
		"many boxes":        append([]byte("\x00\x00\x00\x14ftypisom\x00\x00\x00\x00isom"), box(1<<19)...),
		"endless elements":  append([]byte("\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff"), bytes.Repeat([]byte{0xae, 0x80}, 1<<21)...),
		"clusters in open":  append([]byte("\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff"), bytes.Repeat([]byte("\x1f\x43\xb6\x75\xff"), 1<<19)...),
		"riff of nothing":   append([]byte("RIFF\xff\xff\xff\xffWAVE"), bytes.Repeat([]byte("junk\x00\x00\x00\x00"), 1<<19)...),
		"flac of blocks":    append([]byte("fLaC"), make([]byte, 1<<22)...),
		"id3 without end":   append([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f"), make([]byte, 1<<20)...),
		"caf of chunks":     append([]byte("caff\x00\x01\x00\x00"), make([]byte, 1<<22)...),
		"sync without end":  bytes.Repeat([]byte{0xff, 0xf3, 0x10, 0xc4}, 1<<20),
		"lyrics without it": append(load(t, "seed/tone.mp3"), []byte("LYRICSBEGIN"+strings.Repeat(" ", 1<<21))...),
	} {
		start := time.Now()
		rec, err := probeBytes(b)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%s took %v", name, d)
		}
		_, _ = rec, err // either answer is right
	}
}
