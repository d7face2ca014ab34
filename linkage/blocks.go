package linkage

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// key is a set of atoms that two records must share to be looked at together.
type key struct {
	set  uint32
	h2   float64
	have float64 // share of records that have all of it
	// rare says that only its small blocks are looked through: shared by many, it
	// says too little.
	rare bool
}

// The measure of a key: the blocks of a good one hold a few records; a block of
// more than blockMost is not looked through pair by pair, its records only meet
// their neighbours in the order of arrange.
const (
	blockAim   = 8
	blockMost  = 64
	blockNear  = 6
	blockRare  = 24
	maxKeys    = 64
	recordBits = 28 // of a number of a record beside the hash of its key
	maxRecords = 1 << recordBits
)

// choose makes the keys: every set of up to three atoms that says enough for the
// size of the list, and no part of which does.
func (f *finder) choose() {
	need := float64(log2int(f.n)) - 3
	var keys []key
	enough := func(set uint32) bool { return f.weightOf(set) >= need }
	for size := 1; size <= 3; size++ {
		f.sets(size, func(set uint32) {
			for rest := set; rest != 0; rest &= rest - 1 {
				if part := set &^ (rest & -rest); part != 0 && enough(part) {
					return
				}
			}
			if enough(set) || size == 3 && f.weightOf(set) >= need-3 {
				keys = append(keys, key{set: set, h2: f.weightOf(set), have: f.haveOf(set)})
			}
		})
	}
	if len(keys) == 0 {
		f.sets(2, func(set uint32) { keys = append(keys, key{set: set, h2: f.weightOf(set), have: f.haveOf(set)}) })
	}
	slices.SortStableFunc(keys, func(a, b key) int {
		switch {
		case a.have > b.have:
			return -1
		case a.have < b.have:
			return 1
		}
		return int(a.set) - int(b.set)
	})
	f.keys = keys[:min(len(keys), maxKeys-16)]
	f.addRare()
	f.tabulate()
}

// addRare makes keys of single atoms and of two, for the values among them that few
// records have: a rare name is enough to look.
func (f *finder) addRare() {
	var keys []key
	for size := 1; size <= 2; size++ {
		from := len(keys)
		f.sets(size, func(set uint32) {
			if !slices.ContainsFunc(f.keys, func(k key) bool { return k.set&^set == 0 }) {
				keys = append(keys, key{set: set, h2: f.weightOf(set), have: f.haveOf(set), rare: true})
			}
		})
		slices.SortStableFunc(keys[from:], func(a, b key) int { return cmp.Compare(b.h2*b.have, a.h2*a.have) })
	}
	f.keys = append(f.keys, keys[:min(len(keys), maxKeys-len(f.keys))]...)
}

// sets calls fn for each set of so many atoms of different groups.
func (f *finder) sets(size int, fn func(set uint32)) {
	for set := uint32(1); set < 1<<len(f.atoms); set++ {
		if bits.OnesCount32(set) == size && f.mixed(set) {
			fn(set)
		}
	}
}

func (f *finder) mixed(set uint32) bool {
	groups := uint64(0)
	for i := range f.atoms {
		if set&(1<<i) == 0 {
			continue
		}
		if g := uint64(1) << f.atoms[i].group; f.atoms[i].alone || groups&g != 0 {
			return false
		} else {
			groups |= g
		}
	}
	return true
}

func (f *finder) weightOf(set uint32) (w float64) {
	for ; set != 0; set &= set - 1 {
		w += f.atoms[bits.TrailingZeros32(set)].h2
	}
	return w
}

func (f *finder) haveOf(set uint32) float64 {
	w := 1.0
	for ; set != 0; set &= set - 1 {
		w *= f.atoms[bits.TrailingZeros32(set)].cover
	}
	return w
}

// crossed is what the bound gains when the given name of one is the family name of
// the other.
func (f *finder) crossed(a, b int) (gain float32) {
	x, y := &f.tags[a], &f.tags[b]
	hit := false
	for _, pair := range [2][2]int{{f.given, f.family}, {f.family, f.given}} {
		if x.lane(pair[0]) == y.lane(pair[1]) {
			gain += f.atoms[pair[0]].bits[f.rows[a*len(f.atoms)+pair[0]]]
			hit = true
		}
	}
	if hit {
		gain -= f.loss[f.names]
	}
	return gain
}

// tabulate prepares what is asked for every pair that is met.
func (f *finder) tabulate() {
	size := 1 << len(f.atoms)
	f.holding, f.loss = make([]uint64, size), make([]float32, size)
	for set := range size {
		for k, key := range f.keys {
			if key.set&^uint32(set) == 0 {
				f.holding[set] |= 1 << k
			}
		}
		for rest := set; rest != 0; rest &= rest - 1 {
			f.loss[set] += f.atoms[bits.TrailingZeros(uint(rest))].differ
		}
	}
	f.used = make([]uint64, f.n)
	f.sorted, f.spare = make([]uint64, 0, f.n), make([]uint64, f.n)
}

// met is told of a pair that shares a key, with its bound. Chunks come one after the
// other in a worker, and in an order of their own over all.
type met func(worker, chunk int, a, b uint32, bound float32)

// sampleOf says of each record whether it is one of those that are looked at to
// learn.
type sampleOf []bool

// pairs meets every pair that shares a key in a small block, once, on as many
// workers; with a sample only those that have one of it. Pairs come in an order
// that does not depend on how the list was given; those of two lists only across.
func (f *finder) pairs(workers int, in sampleOf, cut float32, fn met) {
	clear(f.used)
	chunk := 0
	for k := range f.keys {
		f.progress(k, len(f.keys))
		if f.ctx.Err() != nil {
			return
		}
		f.sortBy(f.keys[k].set)
		starts := f.split(workers)
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() { f.meet(k, f.sorted[starts[w]:starts[w+1]], in, cut, w, chunk+w, fn) })
		}
		wg.Wait()
		chunk += workers
	}
	f.progress(len(f.keys), len(f.keys))
}

// sortBy brings the records that share a key together.
func (f *finder) sortBy(set uint32) {
	f.sorted = f.sorted[:0]
	width := len(f.atoms)
	for rec := range f.n {
		row := f.rows[rec*width : (rec+1)*width]
		h := uint64(set)
		for rest := set; rest != 0; rest &= rest - 1 {
			i := bits.TrailingZeros32(rest)
			v := row[i]
			if v == 0 {
				h = 0
				break
			}
			h = (h ^ f.atoms[i].hash[v]) * 0x9e3779b97f4a7c15
			h ^= h >> 29
		}
		if h != 0 {
			f.sorted = append(f.sorted, mix(h)&^(maxRecords-1)|uint64(rec))
		}
	}
	f.sorted, f.spare = radix(f.sorted, f.spare)
}

// radix sorts by the bits above the record's number, twelve at a time. It is
// stable, so that records stay in their order within a block.
func radix(a, b []uint64) (sorted, spare []uint64) {
	whole := b[:cap(b)]
	b = whole[:len(a)]
	for shift := recordBits; shift < 64; shift += 12 {
		var at [4096]uint32
		for _, x := range a {
			at[x>>shift&4095]++
		}
		sum := uint32(0)
		for i, n := range at {
			at[i] = sum
			sum += n
		}
		for _, x := range a {
			d := x >> shift & 4095
			b[at[d]] = x
			at[d]++
		}
		a, b = b, a[:len(a):cap(a)]
	}
	return a, b
}

// split cuts the sorted records between blocks into parts of like size.
func (f *finder) split(workers int) []int {
	starts := make([]int, workers+1)
	for w := 1; w < workers; w++ {
		at := len(f.sorted) * w / workers
		for at > 0 && at < len(f.sorted) && f.sorted[at]>>recordBits == f.sorted[at-1]>>recordBits {
			at++
		}
		starts[w] = max(at, starts[w-1])
	}
	starts[workers] = len(f.sorted)
	return starts
}

// meet goes through the blocks of one key.
func (f *finder) meet(k int, sorted []uint64, in sampleOf, cut float32, worker, chunk int, fn met) {
	before := uint64(1)<<k - 1
	for start := 0; start < len(sorted); {
		end := start + 1
		for end < len(sorted) && sorted[end]>>recordBits == sorted[start]>>recordBits {
			end++
		}
		block := sorted[start:end]
		start = end
		near := len(block)
		switch {
		case f.keys[k].rare && len(block) > blockRare:
			continue
		case len(block) > blockMost:
			near = blockNear
		default:
			for _, x := range block {
				f.used[x&(maxRecords-1)] |= 1 << k
			}
		}
		if in != nil && !slices.ContainsFunc(block, func(x uint64) bool { return in[x&(maxRecords-1)] }) {
			continue
		}
		f.meetBlock(block, near, before, in, cut, worker, chunk, fn)
	}
}

func (f *finder) meetBlock(block []uint64, near int, before uint64, in sampleOf, cut float32, worker, chunk int, fn met) {
	source := f.r.source
	for i := range block {
		a := int(block[i] & (maxRecords - 1))
		tagsA := &f.tags[a]
		used := f.used[a] & before
		all := in == nil || in[a]
		for _, x := range block[i+1 : min(len(block), i+1+near)] {
			b := int(x & (maxRecords - 1))
			if !all && !in[b] || source != nil && source[a] == source[b] {
				continue
			}
			same, differ := tagsA.compare(&f.tags[b])
			if f.holding[same]&used != 0 {
				continue // an earlier key has met them
			}
			bound := f.loss[differ]
			for rest := uint32(same); rest != 0; rest &= rest - 1 {
				j := bits.TrailingZeros32(rest)
				bound += f.atoms[j].bits[f.rows[a*len(f.atoms)+j]]
			}
			if f.family >= 0 && differ&f.names == f.names {
				bound += f.crossed(a, b)
			}
			if bound >= cut {
				fn(worker, chunk, uint32(a), uint32(b), bound)
			}
		}
	}
}
