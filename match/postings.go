package match

import (
	"encoding/binary"
	"slices"
)

// postings are the records of each word: in one arena of gaps for those that are
// settled, in chains for those that came since. A record is in one or the other with
// all of its words.
type postings struct {
	lists []byte
	// recent are the records that came since; tail are chains of them by word, the
	// newest first.
	recent []Ref
	heads  map[uint32]uint32
	tail   []link
}

// link is a place in postings.recent, and the next of the chain.
type link struct{ recent, next uint32 }

// begin takes a record among the recent.
func (p *postings) begin(ref Ref) { p.recent = append(p.recent, ref) }

// add puts the record that was begun last on the list of a word.
func (p *postings) add(x *Index, word uint32) {
	if p.heads == nil {
		p.heads, p.tail = map[uint32]uint32{}, make([]link, 1)
	}
	head, last := p.heads[word], uint32(len(p.recent)-1)
	if head != 0 && p.tail[head].recent == last {
		return
	}
	x.words.list[word].records++
	p.heads[word] = uint32(len(p.tail))
	p.tail = append(p.tail, link{last, head})
}

// settleAt is how long a tail may grow beside what is settled.
const settleAt = 1 << 16

// settle writes the lists anew when the tail has grown long.
func (p *postings) settle(x *Index) {
	if len(p.tail) > settleAt && len(p.tail)*4 > len(p.lists) {
		x.settle()
	}
}

// Settle makes the index as small and fast as it can be: after many records were
// added at once.
func (x *Index) Settle() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.settle()
}

// settle counts the bytes of each list, then writes them, both in the order of the
// rows.
func (x *Index) settle() {
	last := make([]uint32, len(x.words.list))
	for i := range x.words.list {
		x.words.list[i].bytes = 0
	}
	x.eachWord(func(ref Ref, word uint32) {
		if last[word] != ref+1 {
			x.words.list[word].bytes += size(ref + 1 - last[word])
			last[word] = ref + 1
		}
	})
	at := uint32(0)
	for i := range x.words.list {
		x.words.list[i].list = at
		at += x.words.list[i].bytes
		x.words.list[i].bytes = 0
		last[i] = 0
	}
	lists := make([]byte, at)
	x.eachWord(func(ref Ref, word uint32) {
		if last[word] != ref+1 {
			e := &x.words.list[word]
			e.bytes += uint32(binary.PutUvarint(lists[e.list+e.bytes:], uint64(ref+1-last[word])))
			last[word] = ref + 1
		}
	})
	clear(x.posts.lists)
	x.posts = postings{lists: lists}
	x.names, x.at, x.about = slices.Clip(slices.Clone(x.names)), slices.Clip(slices.Clone(x.at)), slices.Clip(slices.Clone(x.about))
	x.words.settle()
	x.read.Forget()
}

func size(n uint32) uint32 {
	s := uint32(1)
	for ; n >= 0x80; n >>= 7 {
		s++
	}
	return s
}

// eachWord walks all rows.
func (x *Index) eachWord(yield func(Ref, uint32)) {
	for ref, at := range x.at {
		if at == 0 {
			continue
		}
		for row := (rowReader{list: x.names[at:]}); row.next(); {
			if row.word != 0 {
				yield(Ref(ref), row.word)
			}
		}
	}
}

// nobody is the record of a place that was taken out.
const nobody = 1<<32 - 1

// remove takes one record off the list of a word, and wipes the word when nobody
// has it any more.
func (p *postings) remove(x *Index, word uint32, ref Ref) {
	e := &x.words.list[word]
	for l := p.heads[word]; l != 0; l = p.tail[l].next {
		if n := p.tail[l].recent; n != nobody && p.recent[n] == ref {
			p.tail[l].recent = nobody
			e.records--
		}
	}
	if p.cut(e, ref) {
		e.records--
	}
	if e.records == 0 {
		x.words.wipe(word)
	}
}

// cut writes a settled list without one record: it only gets shorter.
func (p *postings) cut(e *entry, ref Ref) bool {
	list := p.lists[e.list : e.list+e.bytes]
	to, kept, found := 0, uint32(0), false
	for c := p.list(e); c.ref != nobody; c.next(p.lists) {
		if c.ref == ref {
			found = true
			continue
		}
		to += binary.PutUvarint(list[to:], uint64(c.ref+1-kept))
		kept = c.ref + 1
	}
	clear(list[to:])
	e.bytes = uint32(to)
	return found
}

// cursor walks a settled list. It stands at ref, at nobody behind the end.
type cursor struct {
	at, end uint32
	ref     Ref
}

func (p *postings) list(e *entry) cursor {
	c := cursor{e.list, e.list + e.bytes, nobody} // one before the first
	c.next(p.lists)
	return c
}

func (c *cursor) next(lists []byte) {
	if c.at == c.end {
		c.ref = nobody
		return
	}
	gap := uint32(lists[c.at])
	c.at++
	if gap >= 0x80 {
		gap, c.at = longer(lists, c.at, gap)
	}
	c.ref += gap
}

// longer reads the rest of a number of seven bits a byte, of which the first was
// read.
func longer(b []byte, at, first uint32) (v, behind uint32) {
	v = first & 0x7f
	for shift := 7; ; shift += 7 {
		n := uint32(b[at])
		at++
		v |= n & 0x7f << shift
		if n < 0x80 {
			return v, at
		}
	}
}

// since walks the places in recent of the records that have a word since the lists
// were settled.
func (p *postings) since(word uint32, yield func(uint32)) {
	for l := p.heads[word]; l != 0; l = p.tail[l].next {
		if n := p.tail[l].recent; n != nobody {
			yield(n)
		}
	}
}

// eachRecord walks the records that have a word. The caller holds the lock.
func (x *Index) eachRecord(word uint32, yield func(Ref)) {
	for c := x.posts.list(&x.words.list[word]); c.ref != nobody; c.next(x.posts.lists) {
		yield(c.ref)
	}
	x.posts.since(word, func(n uint32) { yield(x.posts.recent[n]) })
}
