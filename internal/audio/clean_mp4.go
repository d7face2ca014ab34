package audio

import "slices"

// An MP4 is made again with its index first, so that a player can begin at once: the
// index holds the one track of sound with dates set to zero and names emptied, and
// the data holds that track's samples, and nothing that no index points to.

func (c *cleaner) mp4() {
	f, _ := parseMP4(c.s)
	t := f.sound
	switch {
	case t == nil || len(t.stsz) < 8 && f.fragments == 0:
		c.refuse("an MP4 without its index")
	case t.external:
		c.refuse("an MP4 whose sound lies in another file")
	case f.fragments > 0:
		c.fragmented(f)
	default:
		c.indexed(f)
	}
	c.remove(RemovedTracks, len(f.tracks) > 1)
}

// mp4Kept lists the boxes of the index that are kept, by the box they are in.
var mp4Kept = map[string][]string{
	"moov": {"mvhd", "trak", "mvex"},
	"mvex": {"mehd", "trex"},
	"trak": {"tkhd", "edts", "mdia"},
	"edts": {"elst"},
	"mdia": {"mdhd", "hdlr", "minf"},
	"minf": {"smhd", "dinf", "stbl"},
	"stbl": {"stsd", "stts", "ctts", "stsc", "stsz", "stco", "co64", "stss", "sgpd", "sbgp"},
}

const maxSampleEntry = 4 << 10

// rebuild gives a box with what is kept of its body.
func (c *cleaner) rebuild(f *mp4File, kind string, body []byte) []byte {
	kept, master := mp4Kept[kind]
	if !master {
		return makeBox(kind, c.leaf(kind, body))
	}
	var out []byte
	tracks := 0
	for child, b := range boxes(body) {
		mine := true
		switch child {
		case "trak":
			mine = tracks < len(f.tracks) && f.tracks[tracks] == f.sound
			tracks++
		case "trex":
			mine = len(b) >= 8 && be.Uint32(b[4:]) == f.sound.id
		}
		if !slices.Contains(kept, child) {
			c.remove(RemovedTags, child != "free" && child != "skip")
			continue
		}
		if mine {
			out = append(out, c.rebuild(f, child, b)...)
		}
	}
	return makeBox(kind, out)
}

// leaf cleans a box that holds no boxes.
func (c *cleaner) leaf(kind string, body []byte) []byte {
	b := slices.Clone(body)
	switch kind {
	case "mvhd", "tkhd", "mdhd":
		end := 12
		if len(b) > 0 && b[0] == 1 {
			end = 20
		}
		if len(b) < end {
			c.refuse("an MP4 with a short header")
			return b
		}
		c.remove(RemovedDates, slices.ContainsFunc(b[4:end], func(x byte) bool { return x != 0 }))
		clear(b[4:end])
	case "hdlr":
		name := make([]byte, 25)
		if len(b) >= 12 {
			copy(name[8:12], b[8:12])
		}
		c.remove(RemovedTags, len(b) > 25)
		return name
	case "dinf": // one reference: the data is in this file
		return makeBox("dref", []byte{0, 0, 0, 0, 0, 0, 0, 1}, makeBox("url ", []byte{0, 0, 0, 1}))
	case "stsd":
		if len(b) > maxSampleEntry {
			c.refuse("an MP4 with a large sample description")
		}
	}
	return b
}

func makeBox(kind string, parts ...[]byte) []byte {
	b := append(make([]byte, 4, 64), kind...)
	for _, p := range parts {
		b = append(b, p...)
	}
	be.PutUint32(b, uint32(len(b)))
	return b
}

// fileType keeps the brand, by which players tell QuickTime from MP4.
func (f *mp4File) fileType() []byte {
	compatible := []byte(f.brand)
	if f.brand != "isom" && f.brand != "qt  " {
		compatible = append(compatible, "isom"...)
	}
	return makeBox("ftyp", []byte(f.brand), make([]byte, 4), compatible)
}

// maxCopy keeps every place in the copy within 32 bits.
const maxCopy = 1<<32 - maxMoov - 1<<20

// indexed copies a file with one index.
func (c *cleaner) indexed(f *mp4File) {
	var total int64
	for k := range f.sound.chunks() {
		total += k.size
		if total > min(c.s.size, maxCopy) {
			c.refuse("an MP4 whose index lists more than the file holds")
			return
		}
	}
	// The index is built once, then its places are written into the bytes of the
	// table, which is found again as the last box of its kind.
	moov := c.rebuild(f, "moov", f.moov)
	head := f.fileType()
	place := int64(len(head)+len(moov)) + 8
	table := offsetTable(moov, f.sound.wide)
	if table == nil {
		c.refuse("an MP4 without places")
		return
	}
	i := 0
	for k := range f.sound.chunks() {
		if f.sound.wide {
			be.PutUint64(table[8*i:], uint64(place))
		} else {
			be.PutUint32(table[4*i:], uint32(place))
		}
		place += k.size
		i++
	}
	c.write(head, moov, be.AppendUint32(nil, uint32(total+8)), []byte("mdat"))
	for k := range f.sound.chunks() {
		if k.off > c.s.size-k.size { // the file was cut: the copy ends where it ends
			c.copy(k.off, c.s.size-k.off)
			break
		}
		c.copy(k.off, k.size)
	}
	c.remove(RemovedBytes, c.n < c.s.size && len(f.tracks) == 1 && f.outside(c.s) > 0)
}

// outside counts bytes of boxes that are no part of index or data.
func (f *mp4File) outside(s *source) (n int64) {
	for b := range topBoxes(s) {
		switch b.kind {
		case "ftyp", "moov", "mdat", "free", "skip", "wide":
		default:
			n += b.size
		}
	}
	return n
}

// offsetTable finds the entries of the table of places inside a rebuilt index.
func offsetTable(moov []byte, wide bool) []byte {
	kind := "stco"
	if wide {
		kind = "co64"
	}
	t := inner(moov, "moov", "trak", "mdia", "minf", "stbl", kind)
	if len(t) < 8 {
		return nil
	}
	return t[8:]
}

// fragmented copies a file of fragments. Each must be of the usual form, "moof" with
// the sound alone and "mdat" with exactly its bytes right behind: then they are
// copied as they are. Anything else is refused.
func (c *cleaner) fragmented(f *mp4File) {
	if len(f.tracks) != 1 || f.sound.samples() > 0 {
		c.refuse("an MP4 in fragments with several tracks")
		return
	}
	c.write(f.fileType(), c.rebuild(f, "moov", f.moov))
	var moof *box
	var bytes int64
	for b := range topBoxes(c.s) {
		switch {
		case b.kind == "moof":
			var ok bool
			if bytes, ok = c.plainFragment(f, b); !ok {
				c.refuse("an MP4 with an unusual fragment")
				return
			}
			moof = &b
		case b.kind == "mdat" && moof != nil:
			if moof.end() != b.off || b.size-b.head != bytes {
				c.refuse("an MP4 with data that no fragment lists")
				return
			}
			if b.end() <= c.s.size { // else the file was cut inside: left out
				c.copy(moof.off, moof.size)
				c.copy(b.off, b.size)
			}
			moof = nil
		case b.kind != "ftyp" && b.kind != "moov" && b.kind != "free":
			c.remove(RemovedTags, b.kind == "uuid" || b.kind == "meta" || b.kind == "udta")
		}
	}
}

// plainFragment says whether the fragment holds the index of the sound alone, and
// gives how many bytes it lists.
func (c *cleaner) plainFragment(f *mp4File, b box) (int64, bool) {
	if b.size > maxMoof || b.end() > c.s.size {
		return 0, b.end() > c.s.size
	}
	body := c.s.read(b.off+b.head, b.size-b.head)
	var sum int64
	trafs, seen := 0, int64(0)
	for kind, inside := range boxes(body) {
		seen += int64(len(inside)) + 8
		switch kind {
		case "mfhd":
		case "traf":
			trafs++
			fr := f.sound.fragment(inside)
			if fr.absolute || fr.damaged || !plainTraf(inside) {
				return 0, false
			}
			sum += fr.bytes
		default:
			return 0, false
		}
	}
	return sum, trafs == 1 && seen == int64(len(body))
}

func plainTraf(traf []byte) bool {
	seen := 0
	for kind, b := range boxes(traf) {
		seen += len(b) + 8
		switch kind {
		case "tfhd", "tfdt", "trun", "sbgp", "sgpd":
		default:
			return false
		}
	}
	return seen == len(traf)
}
