package linkage

import (
	"cmp"
	"slices"
)

// edge is a pair of records that may be the same, with its weight in bits.
type edge struct {
	a, b   uint32
	weight float32
}

// forest is a union of records into sets.
type forest []uint32

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = uint32(i)
	}
	return f
}

func (f forest) find(x uint32) uint32 {
	for f[x] != x {
		f[x] = f[f[x]]
		x = f[x]
	}
	return x
}

func (f forest) join(a, b uint32) {
	if a, b = f.find(a), f.find(b); a != b {
		f[max(a, b)] = min(a, b)
	}
}

// The limits of clustering.
const (
	// threshold is the average weight, in bits, above which two groups are one
	// person. It is the program's one threshold.
	threshold = 0
	// clipped bounds what one pair can weigh within a group.
	clipped = 20
	// clippedBelow is the same for a pair that speaks against it: one report full of
	// mistakes does not part a person.
	clippedBelow = 10
	// closest is how much the nearest pair of two groups counts beside their average.
	closest = 0.3
	// crowd is what it takes more, in bits, to join groups each twice as large: two
	// people with many reports each, taken for one, are the worst mistake.
	crowd = 1
	// wholly is the largest group whose pairs are all compared.
	wholly = 200
)

// grouper joins records into people.
type grouper struct {
	n     int
	weigh func(a, b uint32) float32
	// against says, in bits, how much two groups contradict each other beyond what
	// their pairs do one by one; it may be nil.
	against func(a, b []uint32) float32
	of      []uint32 // the group of each record: its first record
	looked  int      // pairs that were compared to complete a group
}

// group gives each record the number of the first record of its group. Edges come
// in any order; equal weights are told apart by the records.
func (g *grouper) group(edges []edge) {
	g.of = make([]uint32, g.n)
	for i := range g.of {
		g.of[i] = uint32(i)
	}
	all := make([]uint32, g.n)
	copy(all, g.of)
	g.divide(all, edges, threshold)
}

// divide takes the connected groups of some records above a weight; one that is too
// large to be compared wholly is divided again at a higher one.
func (g *grouper) divide(all []uint32, edges []edge, above float32) {
	at := func(r uint32) uint32 {
		if len(all) == g.n {
			return r
		}
		i, _ := slices.BinarySearch(all, r)
		return uint32(i)
	}
	f := newForest(len(all))
	for _, e := range edges {
		if e.weight > above {
			f.join(at(e.a), at(e.b))
		}
	}
	members := parts(len(all), func(i int) (uint32, bool) { return f.find(uint32(i)), true })
	known := parts(len(edges), func(i int) (uint32, bool) {
		root := f.find(at(edges[i].a))
		return root, root == f.find(at(edges[i].b))
	})
	for root := range uint32(len(all)) {
		own := members.of(root)
		if len(own) < 2 {
			continue
		}
		records := make([]uint32, len(own))
		for i, x := range own {
			records[i] = all[x]
		}
		within := make([]edge, 0, len(own))
		for _, x := range known.of(root) {
			within = append(within, edges[x])
		}
		if len(own) <= wholly {
			g.average(records, within)
		} else {
			g.divide(records, within, above+4)
		}
	}
}

// partition is things by the number of their part.
type partition struct{ ends, all []uint32 }

// parts sorts n things by their part; one that has none is left out.
func parts(n int, part func(i int) (uint32, bool)) partition {
	p := partition{ends: make([]uint32, 1)}
	for i := range n {
		if at, ok := part(i); ok {
			for int(at)+2 > len(p.ends) {
				p.ends = append(p.ends, make([]uint32, int(at)+2-len(p.ends))...)
			}
			p.ends[at+1]++
		}
	}
	for i := 1; i < len(p.ends); i++ {
		p.ends[i] += p.ends[i-1]
	}
	p.all = make([]uint32, p.ends[len(p.ends)-1])
	next := slices.Clone(p.ends)
	for i := range n {
		if at, ok := part(i); ok {
			p.all[next[at]] = uint32(i)
			next[at]++
		}
	}
	return p
}

func (p *partition) of(part uint32) []uint32 {
	if int(part)+1 >= len(p.ends) {
		return nil
	}
	return p.all[p.ends[part]:p.ends[part+1]]
}

// bundle is a connected group of records while it is divided into people.
type bundle struct {
	n     int
	sum   []float32 // of the weights between two groups
	top   []float32 // the greatest of them
	size  []float32
	best  []int // of each group: the later one nearest to it, -1 for none
	group []int // of each record
	alive []int
}

// average joins, again and again, the two groups whose records weigh most towards
// each other, as long as that is above the threshold.
func (g *grouper) average(all []uint32, edges []edge) {
	n := len(all)
	b := &bundle{n: n, sum: g.table(all, edges), size: make([]float32, n), best: make([]int, n), group: make([]int, n)}
	b.top = slices.Clone(b.sum)
	for i := range n {
		b.size[i], b.group[i] = 1, i
	}
	b.alive = slices.Clone(b.group)
	for i := range n {
		b.nearest(i)
	}
	for {
		x, most := -1, float32(threshold)
		for _, i := range b.alive {
			if b.best[i] >= 0 {
				if w := b.link(i, b.best[i]); w > most {
					x, most = i, w
				}
			}
		}
		if x < 0 {
			break
		}
		if y := b.best[x]; g.contradict(b, all, x, y, most) {
			b.part(x, y)
		} else {
			b.join(x, y)
		}
	}
	for i := range n {
		g.of[all[i]] = all[b.group[i]]
	}
}

// link is what two groups weigh towards each other.
func (b *bundle) link(i, j int) float32 {
	crowded := crowd * float32(log2int(int(min(b.size[i], b.size[j])))-1)
	return (1-closest)*b.sum[i*b.n+j]/(b.size[i]*b.size[j]) + closest*b.top[i*b.n+j] - crowded
}

// nearest finds the later group that is nearest to one.
func (b *bundle) nearest(i int) {
	b.best[i] = -1
	for _, j := range b.alive {
		if j > i && (b.best[i] < 0 || b.link(i, j) > b.link(i, b.best[i])) {
			b.best[i] = j
		}
	}
}

// contradict says whether two groups that are near each other by their pairs are two
// people by what each of them says again and again.
func (g *grouper) contradict(b *bundle, all []uint32, x, y int, near float32) bool {
	return g.against != nil && b.size[x] > 1 && b.size[y] > 1 && near-g.against(b.members(all, x), b.members(all, y)) < threshold
}

// spokesmen is how many records of a group are asked what the group says.
const spokesmen = 6

// members are the first records of a group.
func (b *bundle) members(all []uint32, x int) (out []uint32) {
	for i, group := range b.group {
		if group == x && len(out) < spokesmen {
			out = append(out, all[i])
		}
	}
	return out
}

// part keeps two groups, and whatever they grow into, from becoming one.
func (b *bundle) part(x, y int) {
	b.sum[x*b.n+y], b.sum[y*b.n+x] = parted, parted
	for _, i := range b.alive {
		if i == x || b.best[i] == y {
			b.nearest(i)
		}
	}
}

// parted is less than any weights add up to.
const parted = -1e7

// join puts group y into group x.
func (b *bundle) join(x, y int) {
	b.alive = slices.DeleteFunc(b.alive, func(i int) bool { return i == y })
	b.size[x] += b.size[y]
	for _, j := range b.alive {
		if j != x {
			b.sum[x*b.n+j] += b.sum[y*b.n+j]
			b.top[x*b.n+j] = max(b.top[x*b.n+j], b.top[y*b.n+j])
			b.sum[j*b.n+x], b.top[j*b.n+x] = b.sum[x*b.n+j], b.top[x*b.n+j]
		}
	}
	for i := range b.group {
		if b.group[i] == y {
			b.group[i] = x
		}
	}
	for _, i := range b.alive {
		if i == x || b.best[i] == x || b.best[i] == y || i < x {
			b.nearest(i)
		}
	}
}

// table weighs every pair of a group.
func (g *grouper) table(all []uint32, edges []edge) []float32 {
	n := len(all)
	sum := make([]float32, n*n)
	filled := make([]bool, n*n)
	at := func(r uint32) int { i, _ := slices.BinarySearch(all, r); return i }
	for _, e := range edges {
		i, j := at(e.a), at(e.b)
		w := min(max(e.weight, -clippedBelow), clipped)
		sum[i*n+j], sum[j*n+i] = w, w
		filled[i*n+j], filled[j*n+i] = true, true
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			if !filled[i*n+j] {
				w := min(max(g.weigh(all[i], all[j]), -clippedBelow), clipped)
				sum[i*n+j], sum[j*n+i] = w, w
				g.looked++
			}
		}
	}
	return sum
}

// marry gives each record of one list at most one of the other: the heaviest pair
// first, as long as it is likelier than not that she is this one and none of the
// others that she may be. Who finds her own leaves the others freer, so that is
// looked at again.
func marry(n int, edges []edge) []uint32 {
	m := &marrying{of: make([]uint32, n), taken: make([]bool, n), rivals: make([]float64, n)}
	for i := range m.of {
		m.of[i] = uint32(i)
	}
	left := slices.Clone(edges)
	slices.SortFunc(left, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	for before := -1; len(left) != before; {
		before = len(left)
		left = m.round(left)
	}
	return m.of
}

type marrying struct {
	of     []uint32
	taken  []bool
	rivals []float64 // of each record: the odds of all it may be, added up
}

// round marries whom it can, and gives the pairs that are left.
func (m *marrying) round(edges []edge) []edge {
	clear(m.rivals)
	for _, e := range edges {
		m.rivals[e.a] += power(e.weight)
		m.rivals[e.b] += power(e.weight)
	}
	for _, e := range edges {
		odds := power(e.weight)
		others := max(0, m.rivals[e.a]-odds) + max(0, m.rivals[e.b]-odds)
		if e.weight > threshold && odds > 1+others && !m.taken[e.a] && !m.taken[e.b] {
			m.taken[e.a], m.taken[e.b] = true, true
			m.of[max(e.a, e.b)] = min(e.a, e.b)
		}
	}
	return slices.DeleteFunc(edges, func(e edge) bool { return m.taken[e.a] || m.taken[e.b] })
}
