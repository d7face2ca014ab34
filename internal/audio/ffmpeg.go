package audio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// Tools are programs of the machine that may help. The zero value has none, and
// everything but some waveforms works without.
type Tools struct {
	// FFmpeg is the program's path, "" for none.
	FFmpeg string
}

// FindTools looks for the programs on the machine.
func FindTools() Tools {
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		return Tools{} // none: that is an answer, not a failure
	}
	return Tools{FFmpeg: path}
}

// The rules for the child process are:
//   - it gets the sound alone, as Clean makes it, on its standard input and gives
//     samples on its standard output; it is told to open nothing else, and no bytes
//     touch the disk;
//   - its arguments are fixed but for two numbers; no shell; an empty environment;
//   - it lives as long as the context, at most decodeTime, and gives at most what
//     the recording's length allows;
//   - what it complains of is dropped: it may quote the file.

const decodeTime = 2 * time.Minute

func (t Tools) command(ctx context.Context, channels, rate int) *exec.Cmd {
	cmd := exec.CommandContext(ctx, t.FFmpeg,
		"-nostdin", "-hide_banner", "-v", "quiet", "-threads", "1",
		"-protocol_whitelist", "pipe", "-i", "pipe:0",
		"-map", "0:a:0", "-vn", "-sn", "-dn",
		"-ac", strconv.Itoa(channels), "-ar", strconv.Itoa(rate),
		"-f", "f32le", "-c:a", "pcm_f32le", "pipe:1")
	cmd.Env = []string{}
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// peaks decodes through ffmpeg. The length by the headers may be a little off, and
// the columns need the true one: when it is, the recording is decoded again.
func (t Tools) peaks(ctx context.Context, r io.ReaderAt, size int64, rec Recording, n int) (Waveform, error) {
	ctx, cancel := context.WithTimeout(ctx, decodeTime)
	defer cancel()
	channels, rate := min(max(rec.Channels, 1), 2), rec.SampleRate
	if rate < 8000 || rate > 192_000 {
		rate = opusRate
	}
	total := int64(rec.Duration.Seconds() * float64(rate))
	for range 2 {
		e := newEnvelope(n, total)
		found, err := t.decode(ctx, r, size, channels, rate, e)
		if err != nil {
			return Waveform{}, err
		}
		if found == 0 {
			return Waveform{}, ErrNoWaveform
		}
		if found == total {
			return e.waveform(rate, "ffmpeg", 0), nil
		}
		total = found
	}
	return Waveform{}, ErrNoWaveform.Wrap(errors.New("audio: ffmpeg gave two lengths for one recording"))
}

// decode runs the child once and gives how many frames came out of it.
func (t Tools) decode(ctx context.Context, r io.ReaderAt, size int64, channels, rate int, e *envelope) (int64, error) {
	cmd := t.command(ctx, channels, rate)
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, fmt.Errorf("audio: ffmpeg: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, fmt.Errorf("audio: ffmpeg: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("audio: ffmpeg: %w", err)
	}
	fed := make(chan error, 1)
	go func() {
		_, err := Clean(in, r, size)
		fed <- errors.Join(err, in.Close())
	}()
	frames, readErr := count(out, channels, rate, e)
	if readErr != nil {
		_ = cmd.Process.Kill() // it is told below whether it ended well
	}
	feedErr := <-fed
	waitErr := cmd.Wait()
	if err := interrupted(ctx); err != nil {
		return 0, err
	}
	if readErr != nil {
		return 0, readErr
	}
	if errors.Is(feedErr, ErrNotClean) {
		return 0, ErrNoWaveform.Wrap(feedErr)
	}
	// A child that has what it needs hangs up: that is no failure of ours.
	if feedErr != nil && !errors.Is(feedErr, syscall.EPIPE) {
		return 0, feedErr
	}
	if waitErr != nil && frames == 0 {
		return 0, ErrNoWaveform.Wrap(waitErr)
	}
	return frames, nil
}

// count reads the child's samples into the envelope, and stops it when it gives
// more than the longest recording holds.
func count(out io.Reader, channels, rate int, e *envelope) (frames int64, err error) {
	limit := int64(MaxDrawn.Seconds()) * int64(rate)
	w := wavFile{format: wavFloat, bits: 32, channels: channels, block: 4 * channels}
	counted := &counter{r: io.LimitReader(out, limit*int64(w.block)+1)}
	if err := readSamples(context.Background(), counted, w, e); err != nil {
		return 0, err
	}
	if frames = counted.n / int64(w.block); frames > limit {
		return 0, ErrTooLong.With("hours", int(MaxDrawn/time.Hour))
	}
	return frames, nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}
