package audio

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Removal names a kind of thing that a working copy leaves out. It never says what
// was in it. Each constant is also a message id.
type Removal string

// What can be left out.
const (
	RemovedTags   Removal = "audio.removed.tags"   // titles, comments, names of devices and programs
	RemovedDates  Removal = "audio.removed.dates"  // when it was made
	RemovedTracks Removal = "audio.removed.tracks" // pictures, places in time, other tracks
	RemovedBytes  Removal = "audio.removed.bytes"  // bytes that belong to no part of the sound
)

// Cleaned says what became of a recording.
type Cleaned struct {
	Recording Recording // the original, as Probe gives it
	Bytes     int64     // size of the copy
	Removed   []Removal // sorted
}

// Clean writes the working copy of a recording: the packets of its (first) track of
// sound byte for byte, in a fresh wrapping that holds what a player needs and
// nothing else. The copy of a copy is the copy.
//
// What stays is the sound, and so the voice, what is heard behind it, and how the
// codec was set. ErrNotClean means that no such copy can be made for sure; then
// nothing or a part has been written, and the caller discards it.
func Clean(w io.Writer, r io.ReaderAt, size int64) (Cleaned, error) {
	rec, err := Probe(r, size)
	if err != nil {
		return Cleaned{}, err
	}
	s := newSource(r, size)
	c := &cleaner{s: s, out: bufio.NewWriterSize(w, 64<<10)}
	switch rec.Container {
	case Ogg:
		c.ogg()
	case WAV:
		c.wav()
	case MP4:
		c.mp4()
	case Matroska:
		c.matroska(rec)
	case FLAC:
		c.flac()
	case CAF:
		c.caf()
	case MP3:
		c.frames(walk(s, skipID3(s), 4, mpegFrame))
	case ADTS:
		c.frames(walk(s, skipID3(s), 7, adtsFrame))
	case AMR:
		c.amr()
	}
	if err := c.finish(); err != nil {
		return Cleaned{}, err
	}
	slices.Sort(c.removed)
	return Cleaned{Recording: rec, Bytes: c.n, Removed: c.removed}, nil
}

// cleaner writes one copy. Its first error sticks.
type cleaner struct {
	s       *source
	out     *bufio.Writer
	n       int64
	err     error
	removed []Removal
}

func (c *cleaner) finish() error {
	switch {
	case c.s.err != nil:
		return c.s.err
	case c.err != nil:
		return c.err
	}
	if err := c.out.Flush(); err != nil {
		return fmt.Errorf("audio: write the working copy: %w", err)
	}
	return nil
}

func (c *cleaner) refuse(why string) {
	if c.err == nil {
		c.err = ErrNotClean.Wrap(errors.New("audio: " + why))
	}
}

func (c *cleaner) remove(r Removal, when bool) {
	if when && !slices.Contains(c.removed, r) {
		c.removed = append(c.removed, r)
	}
}

func (c *cleaner) write(parts ...[]byte) {
	for _, b := range parts {
		if c.err != nil {
			return
		}
		n, err := c.out.Write(b)
		c.n += int64(n)
		if err != nil {
			c.err = fmt.Errorf("audio: write the working copy: %w", err)
		}
	}
}

// copy passes n bytes of the original through.
func (c *cleaner) copy(off, n int64) {
	if c.err != nil || n <= 0 {
		return
	}
	m, err := io.Copy(c.out, c.s.section(off, n))
	c.n += m
	if err == nil && m < n {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		c.err = fmt.Errorf("audio: copy the sound: %w", err)
	}
}

// frames copies a run of frames without the tags before and after.
func (c *cleaner) frames(f frames) {
	c.remove(RemovedTags, f.begin > 0 || skipTagsAtEnd(c.s, f.end) > f.end)
	c.remove(RemovedBytes, skipTagsAtEnd(c.s, f.end) < c.s.size)
	c.copy(f.begin, f.end-f.begin)
}

func (c *cleaner) amr() {
	f, _ := amrFrames(c.s)
	c.remove(RemovedBytes, f.end < c.s.size)
	c.copy(0, f.end)
}

// wav writes the format and the samples.
func (c *cleaner) wav() {
	w, _ := parseWAV(c.s)
	const riff, chunk = 12, 8
	format := c.s.read(w.fmtOff, min(w.fmtSize, 64))
	total := int64(4+chunk+len(format)+len(format)&1+chunk) + w.present + w.present&1
	if total > 1<<32-2 {
		c.refuse("a WAV of more than 4 GiB")
		return
	}
	c.remove(RemovedTags, c.s.size > total+chunk+riff)
	c.write([]byte("RIFF"), le32(total), []byte("WAVEfmt "), le32(int64(len(format))), format,
		make([]byte, len(format)&1), []byte("data"), le32(w.present))
	c.copy(w.data, w.present)
	c.write(make([]byte, w.present&1))
}

func le32(n int64) []byte { return le.AppendUint32(nil, uint32(n)) }

// flac keeps the stream's description, the table for seeking, and the frames. The
// last frame is kept only when its checksum ends with the file: behind it anything
// might hide.
func (c *cleaner) flac() {
	blocks, begin, ok := flacBlocks(c.s)
	if !ok {
		c.refuse("a FLAC cut off before its sound")
		return
	}
	var keep []flacBlock
	for _, b := range blocks {
		if b.kind == flacInfo || b.kind == flacSeekTable {
			keep = append(keep, b)
			continue
		}
		c.remove(RemovedTags, true)
	}
	c.write([]byte("fLaC"))
	for i, b := range keep {
		head := uint32(b.kind)<<24 | uint32(b.size)
		if i == len(keep)-1 {
			head |= 1 << 31
		}
		c.write(be.AppendUint32(nil, head))
		c.copy(b.off, b.size)
	}
	end := c.flacEnd(begin)
	c.remove(RemovedBytes, end < c.s.size)
	c.copy(begin, end-begin)
}

// flacEnd gives where the sound surely ends.
func (c *cleaner) flacEnd(begin int64) int64 {
	size := c.s.size
	if size-128 > begin && c.s.has(size-128, "TAG") {
		size -= 128
	}
	at, _, ok := lastFLACFrame(c.s, begin, size, 0)
	if !ok {
		return begin
	}
	frame := c.s.read(at, size-at)
	if len(frame) > 2 && crc16(frame[:len(frame)-2]) == be.Uint16(frame[len(frame)-2:]) {
		return size
	}
	return at
}

// crc16 is the checksum of a FLAC frame: polynomial 0x8005, starting from zero.
func crc16(b []byte) uint16 {
	var c uint16
	for _, x := range b {
		c ^= uint16(x) << 8
		for range 8 {
			if c&0x8000 != 0 {
				c = c<<1 ^ 0x8005
			} else {
				c <<= 1
			}
		}
	}
	return c
}

// caf keeps the chunks a player needs.
func (c *cleaner) caf() {
	f, _ := parseCAF(c.s)
	c.copy(0, 8)
	for _, k := range f.chunks {
		switch k.kind {
		case "desc", "kuki", "pakt", "chan", "data":
			c.write([]byte(k.kind), be.AppendUint64(nil, uint64(k.size)))
			c.copy(k.off, k.size)
		default:
			c.remove(RemovedTags, true)
		}
	}
}
