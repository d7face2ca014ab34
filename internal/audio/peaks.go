package audio

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"homeward/internal/problem"
)

// Peak is one column of a waveform: the lowest and the highest sample in its span
// of time over all channels, from -1 to 1, and the root mean square.
type Peak struct {
	Min, Max, RMS float32
}

// Waveform is the shape of a recording. Column i stands for the time from
// i×Duration/len(Peaks) to (i+1)×Duration/len(Peaks).
type Waveform struct {
	Peaks    []Peak
	Duration time.Duration
	// Unreadable is how many packets could not be decoded; silence stands in their
	// place.
	Unreadable int
	// By says who decoded: "opus", "pcm" or "ffmpeg".
	By string
}

const (
	// MaxPeaks is the most columns that can be asked for.
	MaxPeaks = 20_000
	// MaxDrawn is the longest recording that gets a waveform. Opus is decoded at
	// about 200 times the speed of speech on one core.
	MaxDrawn = 6 * time.Hour
)

// Peaks draws a waveform of n columns (fewer only when the recording has fewer
// samples). Opus of one or two channels and PCM are decoded here. Anything else
// goes through tools.FFmpeg, when there is one, and otherwise gives ErrNoWaveform.
// The context bounds the work.
func Peaks(ctx context.Context, r io.ReaderAt, size int64, n int, tools Tools) (Waveform, error) {
	rec, err := Probe(r, size)
	if err != nil {
		return Waveform{}, err
	}
	if rec.Duration > MaxDrawn {
		return Waveform{}, ErrTooLong.With("hours", int(MaxDrawn/time.Hour))
	}
	n = min(max(n, 1), MaxPeaks)
	s := newSource(r, size)
	w, err := native(ctx, s, rec, n)
	if errors.Is(err, ErrNoWaveform) && tools.FFmpeg != "" {
		w, err = tools.peaks(ctx, r, size, rec, n)
	}
	if err == nil && s.err != nil {
		err = s.err
	}
	if err != nil {
		return Waveform{}, err
	}
	return w, nil
}

// native decodes what can be decoded without help.
func native(ctx context.Context, s *source, rec Recording, n int) (Waveform, error) {
	switch {
	case rec.Container == Ogg && rec.Codec == Opus:
		return oggPeaks(ctx, s, n)
	case rec.Container == Matroska && rec.Codec == Opus:
		return mkvPeaks(ctx, s, n)
	case rec.Container == WAV:
		return wavPeaks(ctx, s, n)
	}
	return Waveform{}, ErrNoWaveform
}

// envelope gathers samples into columns. How many frames (samples of all channels
// at one time) there will be is known before.
type envelope struct {
	peaks  []Peak
	total  int64
	pos    int64
	column int
	next   int64 // first frame of the next column
	count  int64
	square float64
}

func newEnvelope(n int, total int64) *envelope {
	n = int(max(min(int64(n), total), 1))
	e := &envelope{peaks: make([]Peak, n), total: total}
	e.next = e.start(1)
	return e
}

// start is the first frame of a column. Columns differ by at most one frame. The
// product cannot overflow: 6 hours at 768 kHz times 20,000 is below 2^49.
func (e *envelope) start(column int) int64 {
	return int64(column) * e.total / int64(len(e.peaks))
}

// add takes interleaved samples of whole frames; what goes over the total is left
// out.
func (e *envelope) add(samples []float32, channels int) {
	for i := 0; i+channels <= len(samples) && e.pos < e.total; i += channels {
		if e.pos == e.next {
			e.close()
		}
		p := &e.peaks[e.column]
		for _, v := range samples[i : i+channels] {
			if v != v { // a float WAV may hold what is no number
				continue
			}
			v = min(max(v, -1), 1)
			if e.count == 0 {
				p.Min, p.Max = v, v
			}
			p.Min, p.Max = min(p.Min, v), max(p.Max, v)
			e.square += float64(v) * float64(v)
			e.count++
		}
		e.pos++
	}
}

func (e *envelope) close() {
	if e.count > 0 {
		e.peaks[e.column].RMS = float32(math.Sqrt(e.square / float64(e.count)))
	}
	e.square, e.count = 0, 0
	if e.column < len(e.peaks)-1 {
		e.column++
		e.next = e.start(e.column + 1)
	}
}

func (e *envelope) waveform(rate int, by string, bad int) Waveform {
	e.close()
	return Waveform{Peaks: e.peaks, Duration: span(e.total, int64(rate)), Unreadable: bad, By: by}
}

// oggPeaks decodes all links of an Ogg/Opus file, one after the other.
func oggPeaks(ctx context.Context, s *source, n int) (Waveform, error) {
	scan := scanOgg(s)
	var total int64
	for _, l := range scan.links {
		if l.codec != Opus || l.channels > 2 {
			return Waveform{}, ErrNoWaveform
		}
		total += l.playable()
	}
	e, bad := newEnvelope(n, total), 0
	o := &oggReader{s: s, fault: func(Fault) {}}
	for _, l := range scan.links {
		b, err := l.decode(ctx, o, e)
		if err != nil {
			return Waveform{}, err
		}
		bad += b
	}
	return e.waveform(opusRate, "opus", bad), nil
}

// maxPacket bounds one packet put together from several pages.
const maxPacket = 128 << 10

// decode gives the link's playable samples to the envelope: without the pre-skip at
// its start and without what is trimmed at its end.
func (l *oggLink) decode(ctx context.Context, o *oggReader, e *envelope) (bad int, err error) {
	dec, err := newOpusStream(l.channels, l.gain)
	if err != nil {
		return 0, err
	}
	sink := &trimmed{e: e, skip: l.preSkip, left: l.playable(), channels: l.channels}
	headers, done := 2, false
	var packet []byte
	o.off = l.begin
	for !done {
		p, ok := o.next()
		if !ok {
			break
		}
		if p.serial != l.serial || p.off > l.begin && p.flags&oggFirst != 0 {
			done = p.serial == l.serial
			continue
		}
		if err := interrupted(ctx); err != nil {
			return 0, err
		}
		p.packets(func(piece []byte, first, last bool) {
			if first {
				packet = packet[:0]
			}
			packet = append(packet, piece[:min(len(piece), maxPacket-len(packet))]...)
			if last && headers > 0 {
				headers--
			} else if last {
				sink.add(dec.decode(packet))
			}
		})
		done = p.flags&oggLast != 0
	}
	return dec.bad, nil
}

// trimmed drops the first samples and stops after a number of them.
type trimmed struct {
	e        *envelope
	skip     int64
	left     int64
	channels int
}

func (t *trimmed) add(pcm []float32) {
	frames := int64(len(pcm) / t.channels)
	drop := min(t.skip, frames)
	t.skip -= drop
	keep := min(frames-drop, t.left)
	t.left -= keep
	t.e.add(pcm[drop*int64(t.channels):(drop+keep)*int64(t.channels)], t.channels)
}

// mkvPeaks decodes the Opus track of a WebM or Matroska file.
func mkvPeaks(ctx context.Context, s *source, n int) (Waveform, error) {
	sum := &mkvSum{s: s}
	f, ok := parseMatroska(s, sum.add)
	if !ok || f.sound.encoded || f.sound.channels > 2 || f.sound.channels < 1 {
		return Waveform{}, ErrNoWaveform
	}
	head := f.sound.private
	var gain int16
	skip := span(1, 1).Nanoseconds() // one second at most
	skip = min(int64(min(f.sound.delay, uint64(skip))), skip) * opusRate / int64(time.Second)
	if hasPrefix(head, "OpusHead") && len(head) >= 19 {
		gain = int16(le.Uint16(head[16:]))
	}
	dec, err := newOpusStream(f.sound.channels, gain)
	if err != nil {
		return Waveform{}, err
	}
	total := max(sum.opus-skip, 0)
	sink := &trimmed{e: newEnvelope(n, total), skip: skip, left: total, channels: f.sound.channels}
	stopped := error(nil)
	parseMatroska(s, func(e element, _ uint64) {
		if stopped = interrupted(ctx); stopped != nil {
			return
		}
		if b, ok := s.block(e); ok {
			for packet := range b.packets() {
				sink.add(dec.decode(packet))
			}
		}
	})
	if stopped != nil {
		return Waveform{}, stopped
	}
	return sink.e.waveform(opusRate, "opus", dec.bad), nil
}

// wavPeaks reads plain samples.
func wavPeaks(ctx context.Context, s *source, n int) (Waveform, error) {
	w, ok := parseWAV(s)
	if !ok || !w.plain() {
		return Waveform{}, ErrNoWaveform
	}
	total := w.present / int64(w.block)
	e := newEnvelope(n, total)
	err := readSamples(ctx, s.section(w.data, total*int64(w.block)), w, e)
	if err != nil {
		return Waveform{}, err
	}
	return e.waveform(w.rate, "pcm", 0), nil
}

// readSamples feeds interleaved samples to the envelope, some thousand frames at a
// time.
func readSamples(ctx context.Context, r io.Reader, w wavFile, e *envelope) error {
	sample, width := w.sampler(), w.bits/8
	in := bufio.NewReaderSize(r, window)
	raw := make([]byte, 1024*w.block)
	pcm := make([]float32, 1024*w.channels)
	for {
		if err := interrupted(ctx); err != nil {
			return err
		}
		n, err := io.ReadFull(in, raw)
		got := n / w.block * w.channels
		for i := range got {
			pcm[i] = sample(raw[i*width:])
		}
		e.add(pcm[:got], w.channels)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("audio: read samples: %w", err)
		}
	}
}

// errSlow: the time for a waveform ran out.
var errSlow = problem.New(problem.Unavailable, "audio.interrupted",
	"drawing the waveform took too long", "play the recording without one, or try again")

func interrupted(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return errSlow.Wrap(err)
	}
	return nil
}
