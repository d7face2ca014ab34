package audio

// An Ogg stream is made again from its packets' pages: the identification header as
// it is, the comment header emptied (for Vorbis the setup header follows), then the
// pages of sound with their packets untouched, numbered anew and summed anew. Gaps
// in the numbering stay gaps, so that a player still knows what was lost.

// maxHeaders bounds the header packets of one stream; a cover picture may make the
// comment header large.
const maxHeaders = 64 << 20

func (c *cleaner) ogg() {
	scan := scanOgg(c.s)
	o := &oggReader{s: c.s, fault: func(f Fault) { c.remove(RemovedBytes, f == Trailing || f == Damaged) }}
	c.remove(RemovedTracks, scan.rec.Has(WithPictures) || scan.rec.Has(ManyTracks))
	for _, l := range scan.links {
		c.oggLink(o, l)
	}
}

func (c *cleaner) oggLink(o *oggReader, l *oggLink) {
	k := &oggCopy{c: c, link: l}
	o.off = l.begin
	for c.err == nil {
		p, ok := o.next()
		if !ok {
			break
		}
		if p.serial != l.serial {
			if p.flags&oggFirst != 0 && k.sound { // the next link of a chain
				break
			}
			c.remove(RemovedTracks, true)
			continue
		}
		if p.off > l.begin && p.flags&oggFirst != 0 {
			break
		}
		k.page(p)
		if p.flags&oggLast != 0 {
			break
		}
	}
	if !k.sound && len(k.headers) < k.wanted() {
		c.refuse("an Ogg stream without its headers")
	}
}

// oggCopy copies one link.
type oggCopy struct {
	c       *cleaner
	link    *oggLink
	headers [][]byte
	partial []byte
	gone    int
	seq     uint32 // of the next page written
	shift   uint32 // what to add to the number of a page of sound
	sound   bool
}

// wanted is how many header packets the codec has.
func (k *oggCopy) wanted() int {
	switch k.link.codec {
	case Vorbis:
		return 3
	case FLACCodec:
		return 1 + max(k.link.headers, 1)
	}
	return 2
}

func (k *oggCopy) page(p oggPage) {
	if len(k.headers) == k.wanted() {
		if !k.sound {
			k.sound = true
			k.shift = k.seq - p.seq
		}
		k.write(p.flags, p.granule, p.seq+k.shift, p.lacing, p.body)
		return
	}
	p.packets(func(piece []byte, first, last bool) {
		if len(k.headers) == k.wanted() {
			k.c.refuse("sound on a page of headers")
			return
		}
		if k.gone += len(piece); k.gone > maxHeaders {
			k.c.refuse("headers of an Ogg stream too large")
			return
		}
		// Of a comment header nothing is kept, so nothing of it is gathered
		// either, beyond what shows that it is one.
		if len(k.headers) != 1 || len(k.partial) < 16 {
			k.partial = append(k.partial, piece...)
		}
		if last {
			k.headers = append(k.headers, k.partial)
			k.partial = nil
		}
	})
	if len(k.headers) == k.wanted() && k.c.err == nil {
		k.writeHeaders()
	}
}

func (k *oggCopy) writeHeaders() {
	comment := k.headers[1]
	empty := make([]byte, 8) // no vendor, no comments
	var second []byte
	switch k.link.codec {
	case Opus:
		second = append([]byte("OpusTags"), empty...)
		if !hasPrefix(comment, "OpusTags") {
			k.c.refuse("no OpusTags where they belong")
		}
	case Vorbis:
		second = append(append([]byte("\x03vorbis"), empty...), 1)
		if !hasPrefix(comment, "\x03vorbis") || !hasPrefix(k.headers[2], "\x05vorbis") {
			k.c.refuse("no Vorbis headers where they belong")
		}
	case FLACCodec: // one metadata block, marked as the last
		second = append([]byte{0x80 | 4, 0, 0, 8}, empty...)
		be.PutUint16(k.headers[0][7:], 1)
	default:
		second = empty
	}
	if k.c.err != nil {
		return
	}
	k.c.remove(RemovedTags, string(second) != string(comment))
	k.packet(oggFirst, k.headers[0])
	k.packet(0, second)
	if k.link.codec == Vorbis {
		k.packet(0, k.headers[2])
	}
}

// packet writes a packet on pages of its own.
func (k *oggCopy) packet(flags byte, b []byte) {
	for {
		n := min(len(b), 255*255)
		lacing := make([]byte, n/255, n/255+1)
		for i := range lacing {
			lacing[i] = 255
		}
		granule := int64(0)
		if n < 255*255 {
			lacing = append(lacing, byte(n%255))
		} else {
			granule = -1 // no packet ends on this page
		}
		k.write(flags, granule, k.seq, lacing, b[:n])
		k.seq++
		b = b[n:]
		if n < 255*255 {
			return
		}
		flags = oggContinued
	}
}

func (k *oggCopy) write(flags byte, granule int64, seq uint32, lacing, body []byte) {
	page := make([]byte, oggHeader, oggHeader+len(lacing)+len(body))
	copy(page, "OggS")
	page[5] = flags
	le.PutUint64(page[6:], uint64(granule))
	le.PutUint32(page[14:], k.link.serial)
	le.PutUint32(page[18:], seq)
	page[26] = byte(len(lacing))
	page = append(append(page, lacing...), body...)
	le.PutUint32(page[22:], oggSum(page))
	k.c.write(page)
}
