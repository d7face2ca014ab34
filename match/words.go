package match

import (
	"bytes"
	"cmp"
	"slices"

	"homeward/names"
)

// words is the dictionary: each distinct word once, as its letters, under its bones.
// Number 0 is no word.
//
// The text of a name is not kept: letters are all that comparing needs, and what a
// page shows comes from the register.
//
// What is settled lies in packed, words with the same bones one behind the other,
// so that a search reads them at a stretch. What came since lies in fresh, in
// chains.
type words struct {
	list    []entry
	spelled table // by letters
	packed  []byte
	boned   chains // where words with the same bones begin in packed
	settled uint32 // words up to this number are packed
	fresh   []byte // letters of the others
	chained chains // the first of the others with the same bones
	next    []uint32
}

// entry is a word.
type entry struct {
	at      uint32 // of its letters, in packed or fresh
	records uint32 // that have it
	list    uint32 // where its records begin in postings.lists
	bytes   uint32 // how long that list is
	n       uint8  // letters
}

// In packed a word is: how many letters, names.Word.Code, three bytes of its
// number, its letters. A zero ends those of the same bones.
const (
	packedHead = 5
	wipedCode  = 0xff
)

// table is a hash table with open addressing from a hash to a number other than 0.
// Several numbers may have one hash; the caller knows its own.
type table struct {
	slots []uint32
	used  int
}

func (t *table) find(hash uint64, is func(uint32) bool) uint32 {
	if len(t.slots) == 0 {
		return 0
	}
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; t.slots[i] != 0; i = (i + 1) & mask {
		if is(t.slots[i]) {
			return t.slots[i]
		}
	}
	return 0
}

// put adds a number; rehash gives the hash of those that move when the table grows.
func (t *table) put(hash uint64, n uint32, rehash func(uint32) uint64) {
	if t.used*4 >= len(t.slots)*3 {
		old := t.slots
		t.slots = make([]uint32, max(64, 2*len(old)))
		for _, o := range old {
			if o != 0 {
				t.place(rehash(o), o) // a wiped word lies somewhere, and is like none
			}
		}
	}
	t.used++
	t.place(hash, n)
}

func (t *table) place(hash uint64, n uint32) {
	mask := uint64(len(t.slots) - 1)
	i := hash & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = n
}

// chains find the first word of those with the same bones. Two bones may share a
// chain; comparing letters tells them apart.
type chains struct {
	slots []chain
	used  int
}

type chain struct{ key, first uint32 }

func (c *chains) find(key uint32) uint32 {
	if len(c.slots) == 0 {
		return 0
	}
	mask := uint32(len(c.slots) - 1)
	for i := key & mask; c.slots[i].first != 0; i = (i + 1) & mask {
		if c.slots[i].key == key {
			return c.slots[i].first
		}
	}
	return 0
}

func (c *chains) put(key, first uint32) {
	if c.used*4 >= len(c.slots)*3 {
		old := c.slots
		c.slots = make([]chain, max(64, 2*len(old)))
		for _, o := range old {
			if o.first != 0 {
				c.place(o)
			}
		}
	}
	c.used++
	c.place(chain{key, first})
}

func (c *chains) place(o chain) {
	mask := uint32(len(c.slots) - 1)
	i := o.key & mask
	for c.slots[i].first != 0 {
		i = (i + 1) & mask
	}
	c.slots[i] = o
}

func hashLetters(l []byte) uint64 {
	h := uint64(len(l)) * 0x9E3779B97F4A7C15
	for _, b := range l {
		h = (h ^ uint64(b)) * 0x100000001B3
	}
	return mix(h)
}

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return h ^ h>>32
}

func (w *words) lettersOf(n uint32) []byte {
	e := &w.list[n]
	if n > w.settled {
		return w.fresh[e.at : e.at+uint32(e.n)]
	}
	return w.packed[e.at : e.at+uint32(e.n)]
}

// hash of a wiped word is like no word's.
func (w *words) hash(n uint32) uint64 { return hashLetters(w.lettersOf(n)) }

// lookup finds a word by its letters.
func (w *words) lookup(letters []byte) uint32 {
	return w.spelled.find(hashLetters(letters), func(n uint32) bool { return string(w.lettersOf(n)) == string(letters) })
}

// add finds or makes a word.
func (w *words) add(word *names.Word) uint32 {
	letters := word.Letters()
	if n := w.lookup(letters); n != 0 {
		return n
	}
	if len(w.list) == 0 {
		w.list = append(w.list, entry{})
	}
	n := uint32(len(w.list))
	w.list = append(w.list, entry{at: uint32(len(w.fresh)), n: uint8(len(letters))})
	w.fresh = append(w.fresh, letters...)
	w.spelled.put(hashLetters(letters), n, w.hash)
	key := boneKey(word.Bones())
	first := w.chained.find(key)
	if first == 0 {
		w.chained.put(key, n)
		w.next = append(w.next, 0)
	} else {
		w.next = append(w.next, w.next[first-w.settled-1])
		w.next[first-w.settled-1] = n
	}
	return n
}

// settle packs all words that somebody has, in the order of their bones.
func (w *words) settle() {
	if len(w.list) == 0 {
		return
	}
	type boned struct{ key, n uint32 }
	order := make([]boned, 0, len(w.list))
	size := 1
	for n := uint32(1); n < uint32(len(w.list)); n++ {
		if w.list[n].records > 0 {
			word := names.NewWord(w.lettersOf(n))
			order = append(order, boned{boneKey(word.Bones()), n})
			size += packedHead + 1 + int(w.list[n].n)
		} else {
			w.list[n] = entry{} // its letters are wiped and lie nowhere any more
		}
	}
	slices.SortFunc(order, func(a, b boned) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return bytes.Compare(w.lettersOf(a.n), w.lettersOf(b.n))
	})
	packed := append(make([]byte, 0, size), 0)
	boneTable := chains{}
	for i, o := range order {
		if i == 0 || order[i-1].key != o.key {
			boneTable.put(o.key, uint32(len(packed)))
		}
		letters := w.lettersOf(o.n)
		word := names.NewWord(letters)
		packed = append(packed, byte(len(letters)), word.Code(), byte(o.n), byte(o.n>>8), byte(o.n>>16))
		w.list[o.n].at = uint32(len(packed))
		packed = append(packed, letters...)
		if i+1 == len(order) || order[i+1].key != o.key {
			packed = append(packed, 0)
		}
	}
	clear(w.packed)
	clear(w.fresh)
	w.packed, w.boned, w.settled = slices.Clip(packed), boneTable, uint32(len(w.list))-1
	w.fresh, w.chained, w.next, w.list = nil, chains{}, nil, slices.Clip(slices.Clone(w.list))
	w.spelled = table{}
	for _, o := range order {
		w.spelled.put(w.hash(o.n), o.n, w.hash)
	}
}

// dictionaryWord is a word of the dictionary, ready to be compared.
type dictionaryWord struct {
	n    uint32
	word names.Word
}

// each walks the words with the same bones.
func (w *words) each(b names.Bones, yield func(*dictionaryWord)) {
	key := boneKey(b)
	var d dictionaryWord
	if at := w.boned.find(key); at != 0 {
		for n := uint32(w.packed[at]); n != 0; n = uint32(w.packed[at]) {
			p := w.packed[at : at+packedHead+n]
			at += packedHead + n
			if p[1] != wipedCode {
				d.n = uint32(p[2]) | uint32(p[3])<<8 | uint32(p[4])<<16
				d.word = names.CodedWord(p[packedHead:], p[1])
				yield(&d)
			}
		}
	}
	for n := w.chained.find(key); n != 0; n = w.next[n-w.settled-1] {
		if w.list[n].n > 0 {
			d.n, d.word = n, names.NewWord(w.lettersOf(n))
			yield(&d)
		}
	}
}

func hashBones(b names.Bones) uint64 { return mix(uint64(b) * 0x9E3779B97F4A7C15) }

func boneKey(b names.Bones) uint32 { return uint32(hashBones(b) >> 16) }

// wipe overwrites a word that nobody has; its number is not used again.
func (w *words) wipe(n uint32) {
	e := &w.list[n]
	clear(w.lettersOf(n))
	if n <= w.settled {
		w.packed[e.at-packedHead+1] = wipedCode
	}
	e.n = 0
}
