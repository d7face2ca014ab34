package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"
	"time"
)

func peaksOf(t testing.TB, b []byte, n int, tools Tools) Waveform {
	t.Helper()
	w, err := Peaks(context.Background(), bytes.NewReader(b), int64(len(b)), n, tools)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// makeWAV wraps samples; the tests make their own sound where they must know it.
func makeWAV(format, channels, rate, bits int, data []byte) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00")
	b = le.AppendUint16(b, uint16(format))
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*channels*bits/8))
	b = le.AppendUint16(b, uint16(channels*bits/8))
	b = le.AppendUint16(b, uint16(bits))
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(len(data)))
	b = append(b, data...)
	le.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

func TestPeaksOfKnownSamples(t *testing.T) {
	// Four columns of six frames in stereo: column i swings between -i/4 and i/8.
	var pcm []float64
	for i := range 4 {
		for range 2 {
			pcm = append(pcm, -float64(i)/4, 0, 0, float64(i)/8)
		}
		pcm = append(pcm, 0, 0, 0, 0)
	}
	for name, coding := range map[string]struct {
		format, bits int
		put          func([]byte, float64) []byte
		slack        float64
	}{
		"8 bit":  {1, 8, func(b []byte, v float64) []byte { return append(b, byte(v*128+128)) }, 0},
		"16 bit": {1, 16, func(b []byte, v float64) []byte { return binary.LittleEndian.AppendUint16(b, uint16(int16(v*32768))) }, 0},
		"24 bit": {1, 24, func(b []byte, v float64) []byte {
			x := int32(v * (1 << 23))
			return append(b, byte(x), byte(x>>8), byte(x>>16))
		}, 0},
		"32 bit": {1, 32, func(b []byte, v float64) []byte { return binary.LittleEndian.AppendUint32(b, uint32(int32(v*(1<<31)))) }, 0},
		"float": {3, 32, func(b []byte, v float64) []byte {
			return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
		}, 0},
		"float 64": {3, 64, func(b []byte, v float64) []byte { return binary.LittleEndian.AppendUint64(b, math.Float64bits(v)) }, 0},
	} {
		var data []byte
		for _, v := range pcm {
			data = coding.put(data, v)
		}
		w := peaksOf(t, makeWAV(coding.format, 2, 8000, coding.bits, data), 4, Tools{})
		for i, p := range w.Peaks {
			if p.Min != -float32(i)/4 || p.Max != float32(i)/8 {
				t.Errorf("%s: column %d is %v", name, i, p)
			}
			square := (2*math.Pow(float64(i)/4, 2) + 2*math.Pow(float64(i)/8, 2)) / 12
			if math.Abs(float64(p.RMS)-math.Sqrt(square)) > 1e-6 {
				t.Errorf("%s: column %d has RMS %v, want %v", name, i, p.RMS, math.Sqrt(square))
			}
		}
		if w.By != "pcm" || w.Duration != span(24, 8000) {
			t.Errorf("%s: %v by %s", name, w.Duration, w.By)
		}
	}
}

func TestTelephoneCodes(t *testing.T) {
	// Values of ITU-T G.711's tables: the loudest, the softest, zero's two sides.
	for _, test := range []struct {
		read func(byte) float32
		code byte
		want int
	}{
		{aLaw, 0xAA, 32256}, {aLaw, 0x2A, -32256}, {aLaw, 0xD5, 8}, {aLaw, 0x55, -8}, {aLaw, 0x80, 5504},
		{muLaw, 0x80, 32124}, {muLaw, 0x00, -32124}, {muLaw, 0xFF, 0}, {muLaw, 0x7E, -8},
	} {
		if got := test.read(test.code); got != float32(test.want)/32768 {
			t.Errorf("code %#x is %v, want %d", test.code, got*32768, test.want)
		}
	}
}

func TestColumnsDivideTheTimeEvenly(t *testing.T) {
	for _, total := range []int64{1, 2, 7, 999, 48000, 48001} {
		for _, n := range []int{1, 2, 3, 100, 1000} {
			e := newEnvelope(n, total)
			e.add(slices.Repeat([]float32{0.5}, int(total)+10), 1) // ten too many
			e.close()
			if want := min(int64(n), total); int64(len(e.peaks)) != want {
				t.Fatalf("%d columns of %d samples: got %d", n, total, len(e.peaks))
			}
			for i, p := range e.peaks {
				if p != (Peak{0.5, 0.5, 0.5}) {
					t.Fatalf("%d columns of %d samples: column %d is %v", n, total, i, p)
				}
			}
		}
	}
}

func TestWaveformOfTheVoice(t *testing.T) {
	voice := load(t, "voice.ogg")
	w := peaksOf(t, voice, 400, Tools{})
	if w.By != "opus" || w.Unreadable != 0 || len(w.Peaks) != 400 {
		t.Fatalf("by %s, %d unreadable, %d columns", w.By, w.Unreadable, len(w.Peaks))
	}
	if d := (w.Duration - voiceTime).Abs(); d > time.Millisecond {
		t.Errorf("duration %v", w.Duration)
	}
	loud, quiet := 0, 0
	for _, p := range w.Peaks {
		if p.Max-p.Min > 0.2 {
			loud++
		}
		if p.Max-p.Min < 0.02 {
			quiet++
		}
	}
	if loud < 150 || quiet < 15 { // speech, with pauses between sentences
		t.Errorf("%d loud and %d quiet columns do not look like speech", loud, quiet)
	}
}

// The same sound in a chain and in another container has the same shape.
func TestWaveformFollowsChains(t *testing.T) {
	voice := load(t, "voice.ogg")
	one := peaksOf(t, voice, 100, Tools{})
	two := peaksOf(t, slices.Concat(voice, voice), 200, Tools{})
	for i := range 200 {
		a, b := one.Peaks[i%100], two.Peaks[i]
		if math.Abs(float64(a.Max-b.Max)) > 1e-4 || math.Abs(float64(a.Min-b.Min)) > 1e-4 {
			t.Fatalf("column %d: %v and %v", i, a, b)
		}
	}
}

func TestGainIsHeeded(t *testing.T) {
	voice := load(t, "voice.ogg")
	plain := peaksOf(t, voice, 10, Tools{})
	half := slices.Clone(voice)
	at := bytes.Index(half, []byte("OpusHead")) + 16
	gain := -1541 // -6.02 dB in Q7.8: half
	binary.LittleEndian.PutUint16(half[at:], uint16(int16(gain)))
	w := peaksOf(t, resum(half), 10, Tools{})
	for i := range w.Peaks {
		if r := w.Peaks[i].Max / plain.Peaks[i].Max; math.Abs(float64(r)-0.5) > 0.001 {
			t.Errorf("column %d is %v of the plain one", i, r)
		}
	}
}

func TestNoWaveformIsMadeUp(t *testing.T) {
	for _, file := range []string{"seed/tone.m4a", "seed/tone.mp3", "seed/vorbis.ogg", "seed/tone.flac", "seed/tone.aac"} {
		b := load(t, file)
		_, err := Peaks(context.Background(), bytes.NewReader(b), int64(len(b)), 100, Tools{})
		if !errors.Is(err, ErrNoWaveform) {
			t.Errorf("%s: got %v", file, err)
		}
	}
	if _, err := Peaks(context.Background(), bytes.NewReader(nil), 0, 10, Tools{}); !errors.Is(err, ErrUnknown) {
		t.Errorf("nothing: got %v", err)
	}
}

func TestDamagedPacketsAreSilenceAndCounted(t *testing.T) {
	voice := load(t, "voice.ogg")
	pages := pagesOf(t, voice)
	b := slices.Clone(voice)
	s := newSource(bytes.NewReader(voice), int64(len(voice)))
	p, _ := s.oggPage(pages[2])
	body := pages[2] + oggHeader + int64(len(p.lacing))
	b[body] = 0xFE // now a packet of two frames of unequal length, cut short
	w := peaksOf(t, resum(b), 100, Tools{})
	if w.Unreadable == 0 {
		t.Error("a spoiled packet was not counted")
	}
}

func TestTooLongIsRefusedWithoutDecoding(t *testing.T) {
	// A megabyte of AMR frames without data claims nearly six hours; twice that is
	// too long.
	amr := append([]byte("#!AMR\n"), bytes.Repeat([]byte{0x78}, 2<<20)...)
	_, err := Peaks(context.Background(), bytes.NewReader(amr), int64(len(amr)), 100, Tools{FFmpeg: "/nonexistent"})
	if !errors.Is(err, ErrTooLong) {
		t.Errorf("got %v", err)
	}
}

func TestWaveformStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	voice := load(t, "voice.ogg")
	_, err := Peaks(ctx, bytes.NewReader(voice), int64(len(voice)), 100, Tools{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkPeaksOpus(b *testing.B) {
	voice := load(b, "voice.ogg")
	for b.Loop() {
		peaksOf(b, voice, 400, Tools{})
	}
	b.ReportMetric(voiceTime.Seconds()*float64(b.N)/b.Elapsed().Seconds(), "×realtime")
}
