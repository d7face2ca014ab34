package linkage

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// seal ends the reading: it takes joined names apart, puts the records into an
// order that depends on nothing but what they say, and counts the values.
func (r *Records) seal() error {
	if r.sealed {
		return nil
	}
	if !r.ready {
		if err := r.start(); err != nil {
			return err
		}
	}
	if r.Len() == 0 {
		return ErrNobody
	}
	if r.sources != nil && len(r.sources.all) != maxSources+1 {
		return ErrSources
	}
	if r.count(); r.splitJoined() {
		r.count()
	}
	if err := r.arrange(); err != nil {
		return err
	}
	for i := range r.fields {
		if f := &r.fields[i]; f.kind == kindDate {
			r.countDates(i, f)
		}
	}
	r.sealed = true
	return nil
}

// count counts the values of each field that is no date.
func (r *Records) count() {
	width := len(r.fields)
	for i := range r.fields {
		f := &r.fields[i]
		f.filled = 0
		switch {
		case f.kind == kindDate:
			continue
		case f.words != nil:
			f.count = make([]uint32, len(f.words.all))
		case f.codes != nil:
			f.count = make([]uint32, len(f.codes.all))
		default:
			f.count = make([]uint32, 3)
		}
		for at := i; at < len(r.values); at += width {
			if v := r.values[at]; v != 0 {
				f.count[v]++
				f.filled++
			}
		}
	}
}

// countDates counts years and days, and finds the day that stands for "not known":
// one that is met many times more often than a day of the year is.
func (r *Records) countDates(i int, f *field) {
	f.years, f.days, f.filled = make([]uint32, 10000), make([]uint32, 1<<14), 0
	full := 0
	for at := i; at < len(r.values); at += len(r.fields) {
		d := date(r.values[at])
		if d == 0 {
			continue
		}
		f.filled++
		f.years[min(d.year(), 9999)]++
		if in := d.inYear(); in != 0 {
			f.days[in]++
			full++
		}
	}
	most := uint32(slices.Index(f.days, slices.Max(f.days)))
	if n := int(f.days[most]); n > 5 && n*365 > full*6 {
		f.usual = most
	}
}

// splitJoined takes given names apart that hold the father's or the family's name as
// well, where that one's own cell is empty: "Samir Hassan", "". The two must be met
// alone far more often than together, so that Abd al-Rahman stays one.
func (r *Records) splitJoined() (changed bool) {
	given, father, family := r.fieldOf(Given), r.fieldOf(Father), r.fieldOf(Family)
	if given < 0 {
		return false
	}
	width := len(r.fields)
	for row := 0; row < len(r.values); row += width {
		g := r.values[row+given]
		if g == 0 || len(r.people.all[g].parts) < 2 {
			continue
		}
		for _, other := range []int{father, family} {
			if other < 0 || r.values[row+other] != 0 {
				continue
			}
			if a, b, ok := r.parted(g, given, other); ok {
				r.values[row+given], r.values[row+other], changed = a, b, true
				break
			}
		}
	}
	return changed
}

// parted finds the place at which a joined name falls into two that are known.
func (r *Records) parted(joined uint32, given, other int) (a, b uint32, ok bool) {
	parts := r.people.all[joined].parts
	whole := r.countOf(given, joined)
	for at := len(parts) - 1; at > 0; at-- {
		a, b = r.people.find(strings.Join(parts[:at], " ")), r.people.find(strings.Join(parts[at:], " "))
		if a == 0 || b == 0 {
			continue
		}
		if n := min(r.countOf(given, a), r.countOf(other, b)); n >= 2 && whole*8 <= n+8 {
			return a, b, true
		}
	}
	return 0, 0, false
}

// countOf is how often a field has a value; a value made since the last count is 0.
func (r *Records) countOf(f int, v uint32) uint32 {
	if c := r.fields[f].count; int(v) < len(c) {
		return c[v]
	}
	return 0
}

func (r *Records) fieldOf(role Role) int {
	return slices.IndexFunc(r.fields, func(f field) bool { return f.role == role })
}

// arrange sorts the records by what they say, then by id: those with like names
// lie together, and the order in which they were read no longer matters.
func (r *Records) arrange() error {
	type place struct {
		near, content uint64
		at            uint32
	}
	hashes := r.valueHashes()
	given, family := r.fieldOf(Given), r.fieldOf(Family)
	places := make([]place, r.Len())
	for i := range places {
		row := r.values[i*len(r.fields) : (i+1)*len(r.fields)]
		p := place{at: uint32(i)}
		for f, v := range row {
			p.content = mix(p.content ^ hashValue(hashes[f], v) ^ uint64(f))
		}
		p.near = r.bonesHash(row, family)<<32 | r.bonesHash(row, given)&0xffffffff
		places[i] = p
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.near, b.near), cmp.Compare(a.content, b.content), bytes.Compare(r.idBytes(a.at), r.idBytes(b.at)))
	})
	order := make([]uint32, len(places))
	for i, p := range places {
		order[i] = p.at
	}
	r.reorder(order)
	return r.distinctIDs()
}

func (r *Records) idBytes(i uint32) []byte {
	start := uint32(0)
	if i > 0 {
		start = r.idEnd[i-1]
	}
	return r.ids[start:r.idEnd[i]]
}

// valueHashes gives, for each field of words or codes, the hash of each value's text.
func (r *Records) valueHashes() [][]uint64 {
	done := map[*dictionary][]uint64{}
	all := make([][]uint64, len(r.fields))
	for i, f := range r.fields {
		switch {
		case f.words != nil:
			if done[f.words] == nil {
				h := make([]uint64, len(f.words.all))
				for v := range f.words.all {
					h[v] = hashText(f.words.all[v].text)
				}
				done[f.words] = h
			}
			all[i] = done[f.words]
		case f.codes != nil:
			h := make([]uint64, len(f.codes.all))
			for v, c := range f.codes.all {
				h[v] = hashText(c)
			}
			all[i] = h
		}
	}
	return all
}

func hashValue(hashes []uint64, v uint32) uint64 {
	if v == 0 || hashes == nil {
		return uint64(v)
	}
	return hashes[v]
}

func (r *Records) bonesHash(row []uint32, f int) uint64 {
	if f < 0 || row[f] == 0 {
		return 0
	}
	return hashText(r.people.all[row[f]].bones) >> 32
}

// hashText is FNV-1a with a finish that spreads it over all bits.
func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix is the finish of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// reorder puts the records into a new order.
func (r *Records) reorder(order []uint32) {
	width := len(r.fields)
	values := make([]uint32, 0, len(r.values))
	ids := make([]byte, 0, len(r.ids))
	ends := make([]uint32, 0, len(order))
	var source []uint8
	for _, at := range order {
		values = append(values, r.values[int(at)*width:(int(at)+1)*width]...)
		ids = append(ids, r.idBytes(at)...)
		ends = append(ends, uint32(len(ids)))
		if r.source != nil {
			source = append(source, r.source[at])
		}
	}
	r.values, r.ids, r.idEnd, r.source = values, ids, ends, source
}

// distinctIDs says whether every record has an id of its own.
func (r *Records) distinctIDs() error {
	hashes := make([]uint64, r.Len())
	at := make(map[uint64][]uint32)
	for i := range hashes {
		hashes[i] = hashText(string(r.idBytes(uint32(i))))
	}
	sorted := slices.Clone(hashes)
	slices.Sort(sorted)
	twice := map[uint64]bool{}
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] {
			twice[sorted[i]] = true
		}
	}
	if len(twice) == 0 {
		return nil
	}
	for i, h := range hashes {
		if !twice[h] {
			continue
		}
		for _, other := range at[h] {
			if bytes.Equal(r.idBytes(other), r.idBytes(uint32(i))) {
				return ErrTwice
			}
		}
		at[h] = append(at[h], uint32(i))
	}
	return nil
}
