package linkage

import (
	"context"
	"math"
	"slices"
)

// Atoms are what records are found by: coarse forms of what they say, equal in two
// records or not. A record is a short row of them; blocks.go joins two or three
// into a key.

// maxAtoms bounds the row: a table over all sets of atoms has to stay small, and the
// tags of a record fit into four machine words.
const maxAtoms = 14

// tags are sixteen bits of the hash of each atom of a record, four to a word, 0 for
// one that it does not have; the last sixteen say which it has. Two records are held
// against each other in a dozen operations, whatever the number of atoms.
type tags [4]uint64

const (
	lanes     = 0x7fff7fff7fff7fff
	lastLane  = 48
	laneWidth = 16
)

func (t *tags) lane(i int) uint64 { return t[i>>2] >> (i & 3 * laneWidth) & 0xffff }

func (t *tags) has() int { return int(t[3] >> lastLane) }

// compare gives the sets of atoms that are equal in both and that differ in both.
func (t *tags) compare(o *tags) (same, differ int) {
	both := t.has() & o.has()
	for w := range t {
		x := t[w] ^ o[w]
		zero := ^((x&lanes + lanes) | x | lanes) >> (laneWidth - 1) // 1 in each lane that is equal
		zero |= zero >> (laneWidth - 1)
		zero |= zero >> (2*laneWidth - 2)
		same |= int(zero&15) << (4 * w)
	}
	same &= both
	return same, both &^ same
}

// atom is one form of one field.
type atom struct {
	field int
	of    func(*Records, uint32) string // the form of a value, "" for none
	// group keeps two forms of one thing out of one key.
	group int
	bits  []float32 // how much it says when two records share a value, by its number
	hash  []uint64
	h2    float64 // bits that a shared value says on average
	cover float64 // share of records that have it
	// same and differ are what it adds to the bound when equal or not.
	differ float32
	alone  bool // it is in no key: it only adds to the bound
}

func (r *Records) atoms() []atom {
	var all []atom
	for i := range r.fields {
		f := &r.fields[i]
		forms := formsOf(f)
		for _, form := range forms {
			all = append(all, atom{field: i, of: form, group: i})
		}
		if f.kind == kindSex || f.kind == kindNumber {
			all[len(all)-1].alone = true
		}
		if f.kind == kindDate {
			all[len(all)-1].group = maxFields + i // year and day make a key together
		}
	}
	return all
}

// formsOf gives the forms in which a field is an atom.
func formsOf(f *field) []func(*Records, uint32) string {
	words := func(form func(*words) string) func(*Records, uint32) string {
		return func(_ *Records, v uint32) string { return form(&f.words.all[v]) }
	}
	code := func(form func(string) string) func(*Records, uint32) string {
		return func(_ *Records, v uint32) string { return form(f.codes.all[v]) }
	}
	switch f.kind {
	case kindWords:
		if f.role == Given || f.role == Family {
			return []func(*Records, uint32) string{words(bonesOf), words(beginningOf)}
		}
		return []func(*Records, uint32) string{words(bonesOf)}
	case kindDate:
		return make([]func(*Records, uint32) string, 2) // see internDate
	case kindSex:
		return []func(*Records, uint32) string{func(_ *Records, v uint32) string { return string(appendInt(nil, int(v))) }}
	case kindPostcode:
		return []func(*Records, uint32) string{code(func(s string) string { return s }), code(area)}
	case kindEmail:
		return []func(*Records, uint32) string{code(func(s string) string { local, _ := cutEmail(s); return local })}
	}
	return []func(*Records, uint32) string{code(func(s string) string { return s })}
}

// bonesOf is the consonants of a text, or what there is.
func bonesOf(w *words) string {
	if len(w.bones) > 1 {
		return w.bones
	}
	return "." + w.sound
}

// beginningOf is the first three letters.
func beginningOf(w *words) string { return string(w.code[:min(3, len(w.code))]) }

// finder has the atoms of all records.
type finder struct {
	ctx      context.Context // of the one call of Link that the finder lives for
	progress func(done, total int)
	r        *Records
	n        int
	atoms    []atom
	rows     []uint32 // len(atoms) for each record
	tags     []tags
	keys     []key
	// holding[set] are the keys all of whose atoms are in the set.
	holding []uint64
	loss    []float32 // of a set of atoms that differ
	used    []uint64  // by record: the keys whose block was small enough
	sorted  []uint64
	spare   []uint64
	// given and family are the atoms of the consonants of these names, and names the
	// set of both; family is -1 when there are not both.
	given, family int
	names         int
}

func newFinder(ctx context.Context, r *Records) *finder {
	f := &finder{ctx: ctx, r: r, n: r.Len()}
	f.atoms = r.atoms()
	f.fill()
	f.given, f.family = f.atomOf(Given), f.atomOf(Family)
	if f.given < 0 {
		f.family = -1
	}
	if f.family >= 0 {
		f.names = 1<<f.given | 1<<f.family
	}
	f.choose()
	return f
}

// atomOf is the first atom of a role, -1 for none.
func (f *finder) atomOf(role Role) int {
	return slices.IndexFunc(f.atoms, func(a atom) bool { return f.r.fields[a.field].role == role })
}

// fill makes the rows, counts each value and drops what says least if there are too
// many atoms.
func (f *finder) fill() {
	width := len(f.r.fields)
	columns := make([]func(uint32) uint32, len(f.atoms)) // value of the field → value of the atom
	for i := range f.atoms {
		columns[i] = f.intern(&f.atoms[i])
	}
	for i := range f.atoms {
		a := &f.atoms[i]
		counts := make([]int, len(a.hash))
		filled := 0
		for at := a.field; at < len(f.r.values); at += width {
			if v := columns[i](f.r.values[at]); v != 0 {
				counts[v]++
				filled++
			}
		}
		a.measure(counts, filled, f.n)
	}
	if len(f.atoms) > maxAtoms {
		columns = f.drop(columns)
	}
	f.rows = make([]uint32, f.n*len(f.atoms))
	f.tags = make([]tags, f.n)
	for rec := range f.n {
		for i := range f.atoms {
			v := columns[i](f.r.values[rec*width+f.atoms[i].field])
			f.rows[rec*len(f.atoms)+i] = v
			if v != 0 {
				tag := max(f.atoms[i].hash[v]>>laneWidth&0xffff, 1)
				f.tags[rec][i>>2] |= tag << (i & 3 * laneWidth)
				f.tags[rec][3] |= 1 << (lastLane + i)
			}
		}
	}
}

// intern numbers the forms of an atom.
func (f *finder) intern(a *atom) func(uint32) uint32 {
	fd := &f.r.fields[a.field]
	size := 0
	switch {
	case fd.words != nil:
		size = len(fd.words.all)
	case fd.codes != nil:
		size = len(fd.codes.all)
	case fd.kind == kindDate:
		return internDate(a, fd)
	default:
		size = 3
	}
	column := make([]uint32, size)
	ids := map[string]uint32{}
	a.hash = []uint64{0}
	for v := 1; v < size; v++ {
		form := a.of(f.r, uint32(v))
		if form == "" {
			continue
		}
		id, ok := ids[form]
		if !ok {
			id = uint32(len(a.hash))
			ids[form] = id
			a.hash = append(a.hash, hashText(form))
		}
		column[v] = id
	}
	return func(v uint32) uint32 { return column[v] }
}

// internDate takes the numbers of a date as they are: a year, or a day of the year.
func internDate(a *atom, fd *field) func(uint32) uint32 {
	size := 1 << 14
	a.hash = make([]uint64, size)
	for v := range size {
		a.hash[v] = mix(uint64(v))
	}
	if a.group < maxFields {
		return func(v uint32) uint32 { return min(uint32(date(v).year()), 9999) }
	}
	return func(v uint32) uint32 {
		if in := date(v).inYear(); in != fd.usual {
			return in
		}
		return 0
	}
}

// measure finds what a shared value says: the logarithm of how rare it is.
func (a *atom) measure(counts []int, filled, n int) {
	a.bits = make([]float32, len(counts))
	sum := 0.0
	for v, c := range counts {
		if c == 0 || v == 0 {
			continue
		}
		share := float64(c) / float64(filled)
		a.bits[v] = float32(-math.Log2(share))
		sum += share * share
	}
	a.h2 = -math.Log2(max(sum, 1e-12))
	a.cover = float64(filled) / float64(n)
	a.differ = float32(-min(4, a.h2/2))
}

// drop leaves the atoms that say most.
func (f *finder) drop(columns []func(uint32) uint32) []func(uint32) uint32 {
	order := make([]int, len(f.atoms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		a, b := f.atoms[x].h2*f.atoms[x].cover, f.atoms[y].h2*f.atoms[y].cover
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	order = order[:maxAtoms]
	slices.Sort(order)
	atoms, kept := make([]atom, 0, maxAtoms), make([]func(uint32) uint32, 0, maxAtoms)
	for _, i := range order {
		atoms, kept = append(atoms, f.atoms[i]), append(kept, columns[i])
	}
	f.atoms = atoms
	return kept
}
