package linkage

import (
	"math"
	"math/bits"
	"slices"
)

// Fields do not agree independently of each other, also not between strangers: who
// shares a given name shares a sex, who shares a postcode shares a town, and the
// names, places and telephones of one country go together. Taken as independent
// they would count one thing twice. What is learnt here is how much more often two
// fields agree together than each alone would let expect; of all that agree in a
// pair, the strongest such ties that make no circle are taken off (the tree of Chow
// and Liu).

// dependence is what the ties within a set of agreeing fields are worth.
type dependence struct {
	lift  [][]float32 // of two fields, in bits
	table []float32   // of each set, where fields are few
}

const (
	tiedPairs  = 12_000 // looked at for each field
	tiedTrust  = 30     // pairs that independence is worth
	tiedMost   = 10     // bits
	tiedMissed = 0.15   // of those who are the same pass for strangers
	fewTied    = 12     // fields up to which all sets are prepared
	tiedMinBit = 0.1
)

// agrees says whether a level counts as agreement.
func agrees(k kind, level uint8) bool {
	switch k {
	case kindWords:
		return level >= wordsPart
	case kindDate:
		return level >= dateYearOnly
	case kindSex, kindCode:
		return level == 2
	}
	return level >= codeArea
}

// learnDependence takes, for each field, pairs that agree in it, and looks at how
// often strangers among them agree in the others.
func (t *training) learnDependence() {
	width := len(t.r.fields)
	lift := make([][]float32, width)
	base := t.baseAgreement()
	for f := range lift {
		lift[f] = t.tiesOf(f, base)
	}
	for f := range lift {
		for g := range f {
			both := min(lift[f][g], lift[g][f])
			if both < tiedMinBit {
				both = 0
			}
			lift[f][g], lift[g][f] = both, both
		}
	}
	t.m.tied = newDependence(lift)
}

// baseAgreement is how often strangers agree in each field.
func (t *training) baseAgreement() []float64 {
	base := make([]float64, len(t.r.fields))
	for f := range base {
		base[f] = t.agreement(f, &t.m.fields[f].u)
	}
	return base
}

// tiesOf gives how much more often strangers that agree in a field agree in each of
// the others.
func (t *training) tiesOf(f int, base []float64) []float32 {
	width := len(t.r.fields)
	lift := make([]float32, width)
	agree, present := make([]float64, width), make([]float64, width)
	var e evidence
	for _, p := range t.agreeing(f) {
		t.s.read(p[0], p[1], &e)
		stranger := odds(t.s.sum(&e))[strangers]
		for g := range width {
			if e.level[g] == 0 {
				continue
			}
			present[g] += stranger
			if agrees(t.r.fields[g].kind, e.level[g]) {
				agree[g] += stranger
			}
		}
	}
	for g := range width {
		if g != f {
			cond := (agree[g]+tiedTrust*base[g])/(present[g]+tiedTrust) - t.overlooked(f, g, base)
			lift[g] = min(max(log2(cond/base[g]), 0), tiedMost)
		}
	}
	return lift
}

// overlooked is how often two who pass for strangers, and agree in a field, agree in
// another because they are the same person after all or of one household.
func (t *training) overlooked(f, g int, base []float64) float64 {
	sum := 0.0
	for c, levels := range map[class]func(*fieldModel) *[maxLevels]float32{
		same: func(m *fieldModel) *[maxLevels]float32 { return &m.m }, kindred: func(m *fieldModel) *[maxLevels]float32 { return &m.h },
	} {
		if c == kindred && !(t.r.fields[f].kin && t.r.fields[g].kin) {
			continue
		}
		there := math.Exp2(float64(t.m.prior[c])) * t.agreement(f, levels(&t.m.fields[f]))
		sum += tiedMissed * there / (there + base[f]) * t.agreement(g, levels(&t.m.fields[g]))
	}
	return sum
}

// agreement adds up the levels that count as such.
func (t *training) agreement(f int, levels *[maxLevels]float32) (sum float64) {
	k := t.r.fields[f].kind
	for l := uint8(1); l < levelsOf(k); l++ {
		if agrees(k, l) {
			sum += math.Exp2(float64(levels[l]))
		}
	}
	return sum
}

// agreeing draws pairs of records with the same value of a field, each such pair as
// likely as the next: a record at random, kept the more readily the more have its
// value, and one of those.
func (t *training) agreeing(f int) (pairs [][2]uint32) {
	width, n := len(t.r.fields), uint64(t.r.Len())
	with := t.byValue(f)
	most := uint64(0)
	for v := 1; v < len(with.ends); v++ {
		most = max(most, uint64(with.ends[v]-with.ends[v-1]))
	}
	if most < 2 {
		return nil
	}
	for k := uint64(0); k < 40*tiedPairs && len(pairs) < tiedPairs; k++ {
		x := mix(k ^ uint64(f)<<40)
		a := uint32(x >> 32 * n >> 32)
		v := t.r.values[int(a)*width+f]
		if v == 0 {
			continue
		}
		all := with.records(with.number(v))
		x = mix(x)
		b := all[x>>32*uint64(len(all))>>32]
		if a == b || x&0xffffffff*(most-1)>>32 >= uint64(len(all)-1) || t.r.source != nil && t.r.source[a] == t.r.source[b] {
			continue
		}
		pairs = append(pairs, [2]uint32{a, b})
	}
	return pairs
}

// byValue are the records of a list by what they say of a field.
type byValue struct {
	ends   []uint32
	all    []uint32
	number func(v uint32) uint32
}

func (t *training) byValue(f int) byValue {
	width := len(t.r.fields)
	b := byValue{number: func(v uint32) uint32 { return v }}
	if t.r.fields[f].kind == kindDate {
		dates := map[uint32]uint32{}
		for at := f; at < len(t.r.values); at += width {
			if v := t.r.values[at]; dates[v] == 0 && v != 0 {
				dates[v] = uint32(len(dates) + 1)
			}
		}
		b.number = func(v uint32) uint32 { return dates[v] }
	}
	most := uint32(0)
	for at := f; at < len(t.r.values); at += width {
		most = max(most, b.number(t.r.values[at]))
	}
	b.ends = make([]uint32, most+2)
	for at := f; at < len(t.r.values); at += width {
		b.ends[b.number(t.r.values[at])+1]++
	}
	for i := 1; i < len(b.ends); i++ {
		b.ends[i] += b.ends[i-1]
	}
	next := slices.Clone(b.ends)
	b.all = make([]uint32, t.r.Len())
	for i := range b.all {
		v := b.number(t.r.values[i*width+f])
		b.all[next[v]] = uint32(i)
		next[v]++
	}
	b.ends = b.ends[1:]
	return b
}

// records are those with a value, in their order.
func (b *byValue) records(v uint32) []uint32 { return b.all[b.ends[v-1]:b.ends[v]] }

func newDependence(lift [][]float32) *dependence {
	d := &dependence{lift: lift}
	if len(lift) <= fewTied {
		d.table = make([]float32, 1<<len(lift))
		for set := range d.table {
			d.table[set] = d.tree(uint32(set))
		}
	}
	return d
}

// of is what the ties within a set of fields are worth, in bits.
func (d *dependence) of(set uint32) float32 {
	switch {
	case d == nil:
		return 0
	case d.table != nil:
		return d.table[set]
	}
	return d.tree(set)
}

// tree adds up the greatest spanning tree of a set (Prim).
func (d *dependence) tree(set uint32) (sum float32) {
	if set == 0 {
		return 0
	}
	in := set & -set
	for rest := set &^ in; rest != 0; {
		best, at := float32(-1), 0
		for x := rest; x != 0; x &= x - 1 {
			j := bits.TrailingZeros32(x)
			for y := in; y != 0; y &= y - 1 {
				if l := d.lift[j][bits.TrailingZeros32(y)]; l > best {
					best, at = l, j
				}
			}
		}
		sum += best
		in |= 1 << at
		rest &^= 1 << at
	}
	return sum
}
