package linkage

import (
	"cmp"
	"math"
	"slices"
)

// How much is looked at to learn.
const (
	randomPairs = 300_000
	seeds       = 30_000
	rounds      = 8
	// surely is the weight from which two records are taken for the same person when
	// a third one is tied to both, and eachCloses how many pairs one record ties.
	surely      = 8
	eachCloses  = 8
	closedTrust = 200
	// trust is how many pairs what was believed beforehand is worth.
	trust = 40
)

// learn finds the model of a list without being told one pair.
func learn(r *Records, f *finder, workers int) (m *model, cut float32) {
	m = &model{fields: make([]fieldModel, len(r.fields))}
	m.countValues(r)
	m.learnChance(r)
	m.begin(r)
	t := takeSample(r, f, m, workers)
	t.expectMaximise(rounds)
	t.learnDependence()
	t.expectMaximise(rounds)
	t.close()
	t.learnAliases()
	t.again()
	t.expectMaximise(rounds)
	return m, t.cut
}

// countValues turns counts into frequencies. A value met once is held a little
// rarer than once: most of those who bear it are not in the list.
func (m *model) countValues(r *Records) {
	for i := range r.fields {
		f, fm := &r.fields[i], &m.fields[i]
		share := func(counts []uint32) []float32 {
			sum := 0
			for _, c := range counts {
				sum += int(c)
			}
			out := make([]float32, len(counts))
			for v, c := range counts {
				out[v] = log2((float64(c) + 0.1) / (float64(sum) + 10))
			}
			return out
		}
		if f.kind == kindDate {
			fm.years, fm.days = share(f.years), share(f.days)
			continue
		}
		fm.freq = share(f.count)
	}
}

// learnChance compares records taken at random: nearly all of them are strangers.
func (m *model) learnChance(r *Records) {
	s := newScorer(r, m)
	counts := make([][maxLevels]float64, len(r.fields))
	frequent := make([][maxLevels]float64, len(r.fields))
	n := uint64(r.Len())
	for k := range uint64(min(randomPairs, int(n*(n-1)/2)*2)) {
		h := mix(k * 2)
		a, b := uint32(h>>32*n>>32), uint32(mix(h)>>32*n>>32)
		if a == b || r.source != nil && r.source[a] == r.source[b] {
			continue
		}
		for f := range r.fields {
			va, vb := r.values[int(a)*s.width+f], r.values[int(b)*s.width+f]
			level, _ := s.compare(f, va, vb)
			counts[f][level]++
			if level != 0 {
				frequent[f][level] += math.Exp2(float64(m.frequencyOf(r, f, va, vb)))
			}
		}
	}
	for f := range r.fields {
		m.fields[f].setChance(&r.fields[f], counts[f], frequent[f])
		if r.fields[f].kind == kindDate {
			c := collision(r.fields[f].years)
			for l := range m.fields[f].typical {
				m.fields[f].typical[l] = c
			}
		}
	}
}

// collision is the probability that two values taken at random are equal.
func collision(counts []uint32) float32 {
	sum, squares := 0.0, 0.0
	for _, c := range counts {
		sum += float64(c)
		squares += float64(c) * float64(c)
	}
	return log2(squares / max(1, sum*sum))
}

// frequencyOf is that of the more frequent of two values, of dates that of the year.
func (m *model) frequencyOf(r *Records, f int, a, b uint32) float32 {
	fm := &m.fields[f]
	if r.fields[f].kind == kindDate {
		return fm.years[min(date(a).year(), 9999)]
	}
	return max(fm.freq[a], fm.freq[b])
}

func (fm *fieldModel) setChance(fd *field, counts, frequent [maxLevels]float64) {
	levels := levelsOf(fd.kind)
	sum := 0.0
	for l := uint8(1); l < levels; l++ {
		sum += counts[l]
	}
	for l := uint8(1); l < levels; l++ {
		fm.u[l] = log2((counts[l] + 0.3) / (sum + 0.3*float64(levels)))
		mean := 0.001
		if counts[l] > 0 {
			mean = frequent[l] / counts[l]
		}
		fm.typical[l] = log2(mean)
	}
}

// begin sets what is believed before anything was learnt.
func (m *model) begin(r *Records) {
	for i := range r.fields {
		p := believed(&r.fields[i])
		if !r.fields[i].kin {
			m.own |= 1 << i
		}
		for l := range levelsOf(r.fields[i].kind) {
			m.fields[i].m[l] = log2(p[l])
			m.fields[i].h[l] = log2(p[l])
		}
	}
	m.twins = log2(twins)
	perPair := 0.5 * float64(r.Len()) / totalPairs(r)
	m.setPrior(perPair, perPair)
}

func (m *model) setPrior(ofSame, ofKindred float64) {
	ofSame, ofKindred = min(ofSame, 0.5), min(ofKindred, 0.4)
	m.prior = [classes]float32{log2(ofSame), log2(ofKindred), log2(1 - ofSame - ofKindred)}
}

// totalPairs is how many pairs there are in all.
func totalPairs(r *Records) float64 {
	n := float64(r.Len())
	if r.source == nil {
		return max(1, n*(n-1)/2)
	}
	first := 0.0
	for _, s := range r.source {
		if s == 1 {
			first++
		}
	}
	return max(1, first*(n-first))
}

// sampled is one pair that is learnt from.
type sampled struct {
	a, b uint32
	e    evidence
}

// training is a sample of the candidate pairs and what is thought of them.
type training struct {
	r     *Records
	m     *model
	s     *scorer
	share float64 // of all candidate pairs
	cut   float32 // the bound below which a pair is not compared
	pairs []sampled
	// closed are pairs that both agree with a third record so well that they must be
	// the same person, whatever they themselves say.
	closed []sampled
}

// The bound below which a pair that was met is not compared is chosen so that about
// wanted pairs are compared for each record; it is not below what leaves no hope.
const (
	wanted   = 11
	hopeless = -12 // bits, beside those that tell one record from all others
)

// takeSample meets the candidates of some records. In a list of up to seeds records
// that is everybody.
func takeSample(r *Records, f *finder, m *model, workers int) *training {
	t := &training{r: r, m: m, s: newScorer(r, m), share: 1, cut: float32(log2int(r.Len())) + hopeless}
	var in sampleOf
	if n := r.Len(); n > seeds {
		part := uint64(seeds) << 32 / uint64(n)
		in = make(sampleOf, n)
		for i := range in {
			in[i] = mix(uint64(i)+1)>>32 < part
		}
		p := float64(seeds) / float64(n)
		t.share = p * (2 - p)
	}
	chunks := make([][]bounded, len(f.keys)*workers)
	f.pairs(workers, in, t.cut, func(worker, chunk int, a, b uint32, bound float32) {
		chunks[chunk] = append(chunks[chunk], bounded{a, b, bound})
	})
	all := slices.Concat(chunks...)
	t.choose(all)
	for _, p := range all {
		if p.bound >= t.cut {
			t.pairs = append(t.pairs, sampled{a: p.a, b: p.b})
		}
	}
	t.again()
	return t
}

// bounded is a pair that was met, with its bound.
type bounded struct {
	a, b  uint32
	bound float32
}

// choose finds the bound that leaves as many pairs as are wanted.
func (t *training) choose(all []bounded) {
	var bins [256]int
	for _, p := range all {
		bins[min(int(p.bound-t.cut), len(bins)-1)]++
	}
	most := int(wanted * float64(t.r.Len()) * t.share)
	for at := len(bins) - 1; at >= 0; at-- {
		if most -= bins[at]; most < 0 {
			t.cut += float32(at + 1)
			return
		}
	}
}

// close finds the pairs that a third record holds together. What one learns from
// pairs that agree is how often those agree that do; these tell how often the same
// person's reports differ.
func (t *training) close() {
	type tie struct{ from, to uint32 }
	var ties []tie
	for i := range t.pairs {
		p := &t.pairs[i]
		if l := t.s.sum(&p.e); l[same]-logSum(l[kindred], l[strangers]) > surely {
			ties = append(ties, tie{p.a, p.b}, tie{p.b, p.a})
		}
	}
	slices.SortFunc(ties, func(x, y tie) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to)) })
	for start := 0; start < len(ties); {
		end := start + 1
		for end < len(ties) && ties[end].from == ties[start].from {
			end++
		}
		if n := uint64(end - start); n > 1 {
			for k := range min(n*(n-1)/2, eachCloses) {
				h := mix(uint64(ties[start].from)<<8 | k)
				a, b := ties[start+int(h>>32*n>>32)].to, ties[start+int(h&0xffffffff*n>>32)].to
				if a != b && (t.r.source == nil || t.r.source[a] != t.r.source[b]) {
					t.closed = append(t.closed, sampled{a: a, b: b})
				}
			}
		}
		start = end
	}
	for i := range t.closed {
		t.s.read(t.closed[i].a, t.closed[i].b, &t.closed[i].e)
	}
}

// again compares the pairs anew, when the model knows more.
func (t *training) again() {
	t.s = newScorer(t.r, t.m)
	for i := range t.pairs {
		t.s.read(t.pairs[i].a, t.pairs[i].b, &t.pairs[i].e)
	}
	for i := range t.closed {
		t.s.read(t.closed[i].a, t.closed[i].b, &t.closed[i].e)
	}
}

// expectMaximise alternates between what the pairs are, given the model, and what
// the model is, given the pairs.
func (t *training) expectMaximise(rounds int) {
	for range rounds {
		m, h, ofSame, ofKindred := t.expect()
		for f := range t.r.fields {
			fd, fm := &t.r.fields[f], &t.m.fields[f]
			p := believed(fd)
			settle(&fm.m, m[f], p, trust, levelsOf(fd.kind))
			if fd.kind == kindDate { // nobody takes two of a household for twins beforehand
				for l := range p {
					p[l] = twins*p[l] + (1-twins)*math.Exp2(float64(fm.u[l]))
				}
			}
			settle(&fm.h, h[f], p, trust, levelsOf(fd.kind))
			if len(t.closed) > 0 {
				t.settleClosed(f)
			}
			if fd.kind == kindDate {
				t.m.twins = min(max(fm.h[dateSame]-fm.m[dateSame], log2(twins)), log2(twinsMost))
			}
		}
		total := totalPairs(t.r)
		t.m.setPrior((ofSame/t.share+1)/total, (ofKindred/t.share+1)/total)
	}
}

// settleClosed takes the levels within a person from the pairs that a third record
// holds together, as far as there are such.
func (t *training) settleClosed(f int) {
	var counts, p [maxLevels]float64
	for i := range t.closed {
		counts[t.closed[i].e.level[f]]++
	}
	for l := range p {
		p[l] = math.Exp2(float64(t.m.fields[f].m[l]))
	}
	settle(&t.m.fields[f].m, counts, p, closedTrust, levelsOf(t.r.fields[f].kind))
}

// expect counts levels, each pair as far as it is thought to be of a class.
func (t *training) expect() (m, h [][maxLevels]float64, ofSame, ofKindred float64) {
	m, h = make([][maxLevels]float64, len(t.r.fields)), make([][maxLevels]float64, len(t.r.fields))
	for i := range t.pairs {
		e := &t.pairs[i].e
		p := odds(t.s.sum(e))
		ofSame += p[same]
		ofKindred += p[kindred]
		for f := range t.r.fields {
			m[f][e.level[f]] += p[same]
			h[f][e.level[f]] += p[kindred]
		}
	}
	return m, h, ofSame, ofKindred
}

// odds turns logarithms into probabilities that add up to one.
func odds(l [classes]float32) (p [classes]float64) {
	top := max(l[same], l[kindred], l[strangers])
	sum := 0.0
	for c := range p {
		p[c] = power(l[c] - top)
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}

// power is two to the power of x, to three digits: enough for what is added up.
func power(x float32) float64 {
	if x < -60 {
		return 0
	}
	whole := math.Floor(float64(x))
	y := float64(x) - whole
	return math.Float64frombits(uint64(1023+int(whole))<<52) * (1 + y*(0.6951+y*(0.2276+y*0.0773)))
}

// settle turns counts into probabilities, what was believed beforehand among them.
func settle(out *[maxLevels]float32, counts, p [maxLevels]float64, trust float64, levels uint8) {
	sum := 0.0
	for l := uint8(1); l < levels; l++ {
		sum += counts[l]
	}
	for l := uint8(1); l < levels; l++ {
		out[l] = log2((counts[l] + trust*p[l] + 0.01) / (sum + trust + 0.01*float64(levels)))
	}
}

// Aliases: two spellings that stand for each other more often than their letters
// say, such as Sasha and Oleksandr, or a town's two names.
const (
	aliasDoubt = 2.0 // pairs that an alias must be met beyond what is expected
	aliasMost  = 12  // bits that it can be worth
)

// meetings are how often values of a dictionary met, as far as everything else says
// that the pair is the same.
type meetings struct {
	often    map[uint64]float64
	example  map[uint64]meeting
	together []float64 // by field: pairs in which both have a value
}

// meeting is one of the times two values met.
type meeting struct {
	f    int
	a, b uint32
	l    uint8
}

// learnAliases counts which values meet in pairs that everything else says are the
// same, and compares that with what their letters let expect.
func (t *training) learnAliases() {
	met := &meetings{often: map[uint64]float64{}, example: map[uint64]meeting{}, together: make([]float64, len(t.r.fields))}
	for i := range t.pairs {
		l := t.s.sum(&t.pairs[i].e)
		t.meet(met, &t.pairs[i], func(f int) float64 { return t.without(l, f, &t.pairs[i].e) })
	}
	for i := range t.closed {
		t.meet(met, &t.closed[i], func(int) float64 { return 1 })
	}
	t.m.alias = make(map[uint64]float32, len(met.often)/4)
	for key, n := range met.often {
		x := met.example[key]
		expected := 0.0
		for f := range t.r.fields {
			if t.r.fields[f].kind == kindWords && t.s.dict[f] == t.s.dict[x.f] {
				expected += met.together[f] * t.expected(f, x.l, x.a, x.b)
			}
		}
		lift := math.Log2((n + aliasDoubt) / (expected + aliasDoubt))
		ratio := float32(lift) + t.m.fields[x.f].m[x.l] - t.m.chanceOf(&t.r.fields[x.f], x.f, x.l, x.a, x.b)
		if lift > 1 && ratio > 0 {
			t.m.alias[key] = min(ratio, aliasMost)
		}
	}
}

// meet counts the values of one pair; sure says how likely it is the same, but for a
// field.
func (t *training) meet(met *meetings, p *sampled, sure func(f int) float64) {
	for f := range t.r.fields {
		if t.r.fields[f].kind != kindWords || p.e.level[f] == 0 {
			continue
		}
		w := sure(f)
		met.together[f] += w
		if p.e.level[f] == wordsSame || w < 0.9 {
			continue
		}
		a, b := t.r.values[int(p.a)*t.s.width+f], t.r.values[int(p.b)*t.s.width+f]
		key := pairKey(t.s.dict[f], a, b)
		met.often[key] += w
		met.example[key] = meeting{f, a, b, p.e.level[f]}
	}
}

// without is the probability that a pair is the same, as the other fields have it.
func (t *training) without(l [classes]float32, f int, e *evidence) float64 {
	l[same] -= t.m.ofOne(&t.r.fields[f], f, e.level[f]) + e.lift[f]
	l[kindred] -= t.m.inHouse(&t.r.fields[f], f, e.level[f], e.chance[f], e.lift[f])
	l[strangers] -= e.chance[f]
	return odds(l)[same]
}

// expected is how often two values should meet in a pair of the same person.
func (t *training) expected(f int, level uint8, a, b uint32) float64 {
	fm := &t.m.fields[f]
	ratio := fm.m[level] - t.m.chanceOf(&t.r.fields[f], f, level, a, b)
	return 2 * math.Exp2(float64(ratio+fm.freq[a]+fm.freq[b]))
}
