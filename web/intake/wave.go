package intakeweb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"homeward/evidence"
	"homeward/internal/problem"
	"homeward/statement"
)

// The waveform is one path of vertical strokes in a box of waveColumns by
// waveHeight; under it run the marks of what was written down and of what may harm.
const (
	waveColumns = 480
	waveHeight  = 96
	waveMiddle  = 44
	waveReach   = 42
)

// wave is the waveform of a recording.
type wave struct {
	Path     string
	Duration time.Duration
	Marks    []waveMark
}

// waveMark is a stretch of time under the waveform.
type waveMark struct {
	From, Width float64 // in columns
	Class       string
	Title       string
}

// draw gives the waveform of a recording; one without a path where none can be drawn.
func (p Pages) draw(ctx context.Context, info evidence.Info) (wave, error) {
	w := wave{Duration: info.Duration}
	peaks, duration, err := p.Evidence.Peaks(ctx, info.File, waveColumns)
	var told *problem.Error
	if errors.As(err, &told) && told.Kind != problem.Unavailable {
		return w, nil // no decoder for it, or too long: it can be played all the same
	}
	if err != nil {
		return w, err
	}
	if duration > 0 {
		w.Duration = duration
	}
	w.Path = strokes(peaks)
	return w, nil
}

// strokes draws one vertical stroke for each column; silence keeps a hair.
func strokes(peaks []float64) string {
	if len(peaks) == 0 {
		return ""
	}
	var b strings.Builder
	width := float64(waveColumns) / float64(len(peaks))
	for i, p := range peaks {
		half := max(p*waveReach, 0.6)
		fmt.Fprintf(&b, "M%.5g %.3gv%.3g", (float64(i)+0.5)*width, waveMiddle-half, 2*half)
	}
	return b.String()
}

// mark adds a stretch of time.
func (w *wave) mark(part statement.Fragment, class, title string) {
	if !part.Time.Given || w.Duration <= 0 {
		return
	}
	to := part.Time.To
	if to < 0 {
		to = w.Duration.Milliseconds()
	}
	scale := waveColumns / float64(w.Duration.Milliseconds())
	from := float64(part.Time.From) * scale
	w.Marks = append(w.Marks, waveMark{From: from, Width: max(float64(to)*scale-from, 2), Class: class, Title: title})
}

func column(x float64) string { return fmt.Sprintf("%.5g", x) }

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
