// Package match finds a person among many by what somebody has heard of her name.
//
// # The index
//
// Index is the memory of names, without their text:
//
//	words     each distinct word once, as letters, under its bones      words.go
//	postings  the records of each word                                  postings.go
//	names     the words of each record; sex and year of birth           index.go
//
// A query goes the other way: its parts become candidate words, each with its worth
// against chance (candidates.go); their records are added up (gather.go), and the
// most promising are scored in full (score.go). Why one was found is said in codes,
// from the register's text (reasons.go). Nothing that Index or a search leaves in
// memory is a name in readable letters; Reset and Remove overwrite what they take.
//
// docs/matching.md has the measurements, what limits them, and what was dropped.
package match

import (
	"encoding/binary"
	"runtime/debug"
	"sync"

	"homeward/names"
)

// Ref is the caller's number of a record. Small numbers that follow each other
// cost least.
type Ref = uint32

// Record is what the index knows of somebody: never the text of her name.
type Record struct {
	Ref   Ref
	Names []string // each a whole name of hers, in any script
	Sex   Sex
	Born  Years
}

// Sex is what is known of somebody's sex.
type Sex uint8

// The sexes; the zero value is not known.
const (
	NoSex Sex = iota
	Female
	Male
)

// Years are the years in which somebody may be born, both included; the zero value
// is not known.
type Years struct{ From, To int }

// Index is the searchable memory of names. Many may search it while one changes it.
type Index struct {
	mu    sync.RWMutex
	words words
	at    []uint32 // where the names of a record begin; 0 is no record
	about []about
	names []byte
	posts postings
	count int
	read  names.Reader
}

// The names of a record, in Index.names, are a row of numbers: a word as its number
// in the dictionary and firstWord, a mark before it when it has a role, and the
// marks between and behind names.
const (
	endOfRow = iota
	nextName
	fatherNext
	kunyaNext
	firstWord // less one: words begin at 1
)

// about is sex and years of birth in two bytes: two bits of sex, ten of the year
// since 1700 in the middle, four of how far from it.
type about uint16

const firstYear = 1799

func makeAbout(sex Sex, y Years) about {
	a := about(sex)
	if y.From <= 0 && y.To <= 0 {
		return a
	}
	if y.From <= 0 {
		y.From = y.To - 15
	}
	if y.To <= 0 {
		y.To = y.From + 15
	}
	middle := (y.From + y.To) / 2
	spread := min((y.To-y.From+1)/2, 31)
	year := min(max(middle-firstYear, 1), 511)
	return a | about(year)<<2 | about(spread)<<11
}

func (a about) sex() Sex { return Sex(a & 3) }

// born gives the year in the middle and how far from it, known false when not.
func (a about) born() (year, spread int, known bool) {
	year = int(a >> 2 & 511)
	return year + firstYear, int(a >> 11), year != 0
}

// NewIndex makes an empty index.
func NewIndex() *Index { return &Index{} }

// Len is how many records are in it.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.count
}

// Reset forgets everything and gives the memory back to the machine.
func (x *Index) Reset() {
	x.mu.Lock()
	clear(x.names)
	clear(x.words.packed)
	clear(x.words.fresh)
	clear(x.posts.lists)
	x.read.Forget()
	x.words, x.at, x.about, x.names, x.posts, x.count = words{}, nil, nil, nil, postings{}, 0
	x.mu.Unlock()
	debug.FreeOSMemory()
}

// seen is how many records are in it of which one may learn.
func (x *Index) seen(allow func(Ref) bool) int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.seenBy(allow).count
}

// Add takes a record in, or what is now known of one that is in. It can be found
// when Add returns.
func (x *Index) Add(r Record) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(r.Ref)
	for uint32(len(x.at)) <= r.Ref {
		x.at, x.about = append(x.at, 0), append(x.about, 0)
	}
	if len(x.names) == 0 {
		x.names = append(x.names, endOfRow) // so that no row is at 0
	}
	x.posts.begin(r.Ref)
	x.at[r.Ref], x.about[r.Ref] = uint32(len(x.names)), makeAbout(r.Sex, r.Born)
	for i, name := range r.Names {
		if i > 0 {
			x.names = append(x.names, nextName)
		}
		x.addName(name)
	}
	x.names = append(x.names, endOfRow)
	x.count++
	x.posts.settle(x)
}

func (x *Index) addName(name string) {
	for _, p := range x.read.Read(name) {
		switch p.Role {
		case names.Father:
			x.names = append(x.names, fatherNext)
		case names.Kunya:
			x.names = append(x.names, kunyaNext)
		}
		n := x.words.add(&p.Word)
		x.names = binary.AppendUvarint(x.names, uint64(n)+firstWord-1)
		x.posts.add(x, n)
	}
}

// Remove takes a record out: its names, and the words that nobody else has, are
// overwritten.
func (x *Index) Remove(ref Ref) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(ref)
}

func (x *Index) remove(ref Ref) {
	if ref >= uint32(len(x.at)) || x.at[ref] == 0 {
		return
	}
	row := rowReader{list: x.names[x.at[ref]:]}
	for row.next() {
		if row.word != 0 {
			x.posts.remove(x, row.word, ref)
		}
	}
	clear(x.names[x.at[ref] : x.at[ref]+row.read])
	x.at[ref], x.about[ref] = 0, 0
	x.count--
	x.read.Forget() // it remembers words as they were written
}

// rowReader walks the words of a row. A word of 0 parts two names.
type rowReader struct {
	list []byte
	read uint32
	word uint32
	role names.Role
}

func (r *rowReader) next() bool {
	r.role = names.AnyRole
	for {
		v := uint32(r.list[r.read])
		r.read++
		if v >= 0x80 {
			v, r.read = longer(r.list, r.read, v)
		}
		switch v {
		case endOfRow:
			return false
		case nextName:
			r.word = 0
			return true
		case fatherNext:
			r.role = names.Father
		case kunyaNext:
			r.role = names.Kunya
		default:
			r.word = v - firstWord + 1
			return true
		}
	}
}
