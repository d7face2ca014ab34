package match

import (
	"encoding/binary"
	"slices"
)

// postings are the records of each word: in one arena of gaps for those that are
// settled, in chains for those that came since.
type postings struct {
	lists []byte
	// tail are chains of records by word, the newest first.
	heads map[uint32]uint32
	tail  []link
}

type link struct{ ref, next uint32 }

func (p *postings) add(x *Index, word uint32, ref Ref) {
	if p.heads == nil {
		p.heads, p.tail = map[uint32]uint32{}, make([]link, 1)
	}
	head := p.heads[word]
	if head != 0 && p.tail[head].ref == ref {
		return
	}
	x.words.list[word].records++
	p.heads[word] = uint32(len(p.tail))
	p.tail = append(p.tail, link{ref, head})
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

// nobody is the record of a link that was taken out.
const nobody = 1<<32 - 1

// remove takes one record off the list of a word, and wipes the word when nobody
// has it any more.
func (p *postings) remove(x *Index, word uint32, ref Ref) {
	e := &x.words.list[word]
	for l := p.heads[word]; l != 0; l = p.tail[l].next {
		if p.tail[l].ref == ref {
			p.tail[l].ref = nobody
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
	found := false
	from, to, last, kept := 0, 0, uint64(0), uint64(0)
	for from < len(list) {
		v, n := binary.Uvarint(list[from:])
		from += n
		last += v
		if last == uint64(ref)+1 {
			found = true
			continue
		}
		to += binary.PutUvarint(list[to:from], last-kept)
		kept = last
	}
	clear(list[to:])
	e.bytes = uint32(to)
	return found
}

// since walks the records that have a word since the lists were settled.
func (p *postings) since(word uint32, yield func(Ref)) {
	for l := p.heads[word]; l != 0; l = p.tail[l].next {
		if r := p.tail[l].ref; r != nobody {
			yield(r)
		}
	}
}
