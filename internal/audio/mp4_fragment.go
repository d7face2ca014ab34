package audio

// fragment is what one "moof" says of the track of sound.
type fragment struct {
	ticks    int64
	bytes    int64
	absolute bool // its places are counted from the start of the file
	damaged  bool
}

func (f *mp4File) readMoof(s *source, b box) {
	if f.sound == nil || b.size > maxMoof || b.end() > s.size {
		f.damaged = f.damaged || f.sound == nil && f.moov != nil
		return
	}
	for kind, traf := range boxes(s.read(b.off+b.head, b.size-b.head)) {
		if kind != "traf" {
			continue
		}
		fr := f.sound.fragment(traf)
		if fr.damaged || fr.bytes > s.size-b.end() {
			f.cut = f.cut || fr.bytes > s.size-b.end()
			f.damaged = f.damaged || fr.damaged
			continue
		}
		f.fragTime += fr.ticks
	}
}

// Flags of a track fragment's header and of its runs (ISO 14496-12, 8.8.7, 8.8.8).
const (
	tfhdBase, tfhdEntry, tfhdTime, tfhdSize                            = 0x1, 0x2, 0x8, 0x10
	trunOffset, trunFirst, trunTime, trunSize, trunFlags, trunComposed = 0x1, 0x4, 0x100, 0x200, 0x400, 0x800
)

func (t *mp4Track) fragment(traf []byte) (fr fragment) {
	time, size := t.trexTime, t.trexSize
	mine := false
	for kind, b := range boxes(traf) {
		switch {
		case kind == "tfhd" && len(b) >= 8:
			flags := be.Uint32(b) & 0xFFFFFF
			mine = be.Uint32(b[4:]) == t.id
			fr.absolute = flags&tfhdBase != 0
			time, size = fragmentDefaults(flags, b[8:], time, size)
		case kind == "trun" && len(b) >= 8 && mine:
			fr.run(b, time, size)
		}
	}
	return fr
}

func fragmentDefaults(flags uint32, b []byte, time, size uint32) (uint32, uint32) {
	for _, field := range []struct {
		flag  uint32
		bytes int
		into  *uint32
	}{{tfhdBase, 8, nil}, {tfhdEntry, 4, nil}, {tfhdTime, 4, &time}, {tfhdSize, 4, &size}} {
		if flags&field.flag == 0 {
			continue
		}
		if len(b) < field.bytes {
			break
		}
		if field.into != nil {
			*field.into = be.Uint32(b)
		}
		b = b[field.bytes:]
	}
	return time, size
}

// run adds one "trun": its samples each with their own duration and size, or with
// the defaults.
func (fr *fragment) run(b []byte, time, size uint32) {
	flags, count := be.Uint32(b)&0xFFFFFF, int64(be.Uint32(b[4:]))
	b = b[8:]
	for _, flag := range []uint32{trunOffset, trunFirst} {
		if flags&flag != 0 {
			b = b[min(4, len(b)):]
		}
	}
	width := 0
	for _, flag := range []uint32{trunTime, trunSize, trunFlags, trunComposed} {
		if flags&flag != 0 {
			width += 4
		}
	}
	if width == 0 {
		fr.ticks += count * int64(time)
		fr.bytes += count * int64(size)
		fr.damaged = fr.damaged || size == 0 || fr.ticks < 0 || fr.bytes < 0
		return
	}
	if count*int64(width) > int64(len(b)) {
		fr.damaged = true
		return
	}
	for ; count > 0; count-- {
		t, n := time, size
		at := 0
		if flags&trunTime != 0 {
			t, at = be.Uint32(b), 4
		}
		if flags&trunSize != 0 {
			n = be.Uint32(b[at:])
		}
		fr.ticks += int64(t)
		fr.bytes += int64(n)
		b = b[width:]
	}
}
