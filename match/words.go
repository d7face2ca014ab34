package match

import "homeward/names"

// words is the dictionary: each distinct word once, as its letters, under its bones.
// Number 0 is no word.
//
// The text of a name is not kept: letters are all that comparing needs, and what a
// page shows comes from the register.
type words struct {
	list    []entry
	letters []byte
	spelled table // by letters
	boned   chains
}

// entry is a word.
type entry struct {
	at      uint32 // of its letters
	next    uint32 // word with the same bones
	records uint32 // that have it
	list    uint32 // where its records begin in postings.lists
	bytes   uint32 // how long that list is
	n       uint8  // letters
}

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
	return w.letters[e.at : e.at+uint32(e.n)]
}

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
	w.list = append(w.list, entry{at: uint32(len(w.letters)), n: uint8(len(letters))})
	w.letters = append(w.letters, letters...)
	w.spelled.put(hashLetters(letters), n, w.hash)
	key := boneKey(word.Bones())
	if first := w.boned.find(key); first != 0 {
		w.list[n].next = w.list[first].next
		w.list[first].next = n
	} else {
		w.boned.put(key, n)
	}
	return n
}

func boneKey(b names.Bones) uint32 { return uint32(mix(uint64(b)*0x9E3779B97F4A7C15) >> 16) }

// wipe overwrites a word that nobody has; its number is not used again.
func (w *words) wipe(n uint32) {
	e := &w.list[n]
	clear(w.letters[e.at : e.at+uint32(e.n)])
	e.n = 0
}
