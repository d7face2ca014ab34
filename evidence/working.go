package evidence

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"homeward/internal/audio"
	"homeward/internal/blob"
	"homeward/statement"
)

// Working gives the copy of a file that may be shown, and its media type: the sound
// of a recording without what a telephone writes beside it, a picture painted anew
// and upright, plain text as it is. It is made when it is first asked for. ErrNoCopy
// means that none can be made that surely holds nothing hidden; ErrPixels and
// ErrUnreadable say more of pictures.
func (e *Evidence) Working(ctx context.Context, file string) (*File, string, error) {
	info, err := e.Info(ctx, file)
	if err != nil {
		return nil, "", err
	}
	switch {
	case info.MediaType == text:
		f, err := e.openBlob(ctx, file, original)
		return f, text, missing(err)
	case isPicture(info.MediaType):
		f, err := e.made(ctx, file, working, e.paintCopy(info.MediaType))
		return f, copyType(info.MediaType), err
	case strings.HasPrefix(info.MediaType, "audio/"):
		f, err := e.made(ctx, file, working, cleanCopy)
		return f, info.MediaType, err
	}
	return nil, "", ErrNoCopy
}

// Answer gives an authority's answer in PDF as it came. A PDF has no working copy: none
// is painted anew here. But those who work on a case must read what the authority wrote,
// and its scan was chosen by the office itself. It is a file to be saved and never shown
// inside a page. ErrNoCopy for every other file: a PDF that a stranger sent is opened by
// whoever may have originals.
func (e *Evidence) Answer(ctx context.Context, file string) (*File, Info, error) {
	info, err := e.Info(ctx, file)
	if err != nil {
		return nil, info, err
	}
	if info.MediaType != pdf {
		return nil, info, ErrNoCopy
	}
	links, err := e.ledger.Pointing(ctx, file, statement.ReplyScan)
	if err != nil {
		return nil, info, err
	}
	if !slices.ContainsFunc(links, func(r statement.Recorded) bool { return !r.Withdrawn }) {
		return nil, info, ErrNoCopy
	}
	f, err := e.openBlob(ctx, file, original)
	return f, info, missing(err)
}

// IsPDF says that it is a PDF.
func (i Info) IsPDF() bool { return i.MediaType == pdf }

// AnswerOpens says whether those who work on a case can open it where it is the answer of
// an authority: as a working copy, or in PDF as it came.
func (i Info) AnswerOpens() bool {
	return i.MediaType == text || i.IsPDF() ||
		(isPicture(i.MediaType) || strings.HasPrefix(i.MediaType, "audio/")) && !slices.Contains(i.NeedsPerson, reasonPicture) && !slices.Contains(i.NeedsPerson, reasonTooLarge)
}

// missing gives the store's word of a lost original in this room's.
func missing(err error) error {
	if errors.Is(err, blob.ErrNotFound) {
		return ErrMissing.Wrap(err)
	}
	return err
}

// made opens what was derived from an original, deriving it when it is not there.
func (e *Evidence) made(ctx context.Context, file, kind string, derive func(context.Context, io.Writer, *File) error) (*File, error) {
	f, err := e.openBlob(ctx, file, kind)
	if err == nil || !errors.Is(err, blob.ErrNotFound) {
		return f, err
	}
	source, err := e.openBlob(ctx, file, original)
	if err != nil {
		return nil, missing(err)
	}
	err = e.putDerived(ctx, file, kind, func(w io.Writer) error { return derive(ctx, w, source) })
	if err = errors.Join(err, source.Close()); err != nil && !errors.Is(err, blob.ErrExists) {
		return nil, err
	}
	return e.openBlob(ctx, file, kind)
}

// putDerived seals what write writes under the file's key.
func (e *Evidence) putDerived(ctx context.Context, file, kind string, write func(io.Writer) error) error {
	name, err := e.name(file, kind)
	if err != nil {
		return err
	}
	return e.store.Put(ctx, name, func(w io.Writer) error {
		sealed, err := e.vault.SealStream(ctx, file, sealContext(file, kind), w)
		if err != nil {
			return err
		}
		if err := write(sealed); err != nil {
			return err
		}
		return sealed.Close()
	})
}

func cleanCopy(_ context.Context, w io.Writer, f *File) error {
	_, err := audio.Clean(w, f, f.Size())
	if errors.Is(err, audio.ErrNotClean) || errors.Is(err, audio.ErrUnknown) {
		return ErrNoCopy.Wrap(err)
	}
	return err
}

func (e *Evidence) paintCopy(kind string) func(context.Context, io.Writer, *File) error {
	return func(ctx context.Context, w io.Writer, f *File) error {
		picture, err := e.decode(ctx, f, kind)
		if err != nil {
			return err
		}
		return encode(w, picture, kind)
	}
}

// columns is in how many columns a waveform is drawn and kept.
const columns = 4096

// Peaks gives the waveform of a recording in n columns, each from 0 to 1, and how
// long it is. There are fewer columns only when more than 4096 are asked for or the
// recording has fewer samples. It is drawn once and kept sealed. The problems are
// audio's: audio.ErrNoWaveform, audio.ErrTooLong, audio.ErrUnknown.
func (e *Evidence) Peaks(ctx context.Context, file string, n int) ([]float64, time.Duration, error) {
	if _, err := e.Info(ctx, file); err != nil {
		return nil, 0, err
	}
	f, err := e.made(ctx, file, peaks, func(ctx context.Context, w io.Writer, f *File) error {
		wave, err := audio.Peaks(ctx, f, f.Size(), columns, e.tools)
		if err != nil {
			return err
		}
		_, err = w.Write(packPeaks(wave))
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	packed, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, 0, err
	}
	heights, duration, err := unpackPeaks(packed)
	return fold(heights, n), duration, err
}

// fold makes n columns of more, each as high as the highest it stands for.
func fold(heights []float64, n int) []float64 {
	n = min(max(n, 1), len(heights))
	folded := make([]float64, n)
	for i := range folded {
		from, to := i*len(heights)/n, ((i+1)*len(heights)+n-1)/n
		folded[i] = slices.Max(heights[from:to])
	}
	return folded
}

// packPeaks writes a waveform: its duration in nanoseconds, then the height of each
// column as a 16-bit share of the loudest there can be.
func packPeaks(wave audio.Waveform) []byte {
	out := binary.BigEndian.AppendUint64(nil, uint64(wave.Duration))
	for _, p := range wave.Peaks {
		height := math.Max(math.Abs(float64(p.Min)), math.Abs(float64(p.Max)))
		out = binary.BigEndian.AppendUint16(out, uint16(math.Round(math.Min(height, 1)*math.MaxUint16)))
	}
	return out
}

var errPeaks = errors.New("evidence: a kept waveform is cut off")

func unpackPeaks(packed []byte) ([]float64, time.Duration, error) {
	if len(packed) < 8 || len(packed)%2 != 0 {
		return nil, 0, errPeaks
	}
	duration := time.Duration(binary.BigEndian.Uint64(packed))
	packed = packed[8:]
	heights := make([]float64, len(packed)/2)
	for i := range heights {
		heights[i] = float64(binary.BigEndian.Uint16(packed[2*i:])) / math.MaxUint16
	}
	return heights, duration, nil
}
