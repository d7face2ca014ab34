package linkage

import (
	"math"
	"slices"
)

// How much is looked at to learn.
const (
	randomPairs = 300_000
	samplePairs = 600_000
	rounds      = 12
	// trust is how many pairs what was believed beforehand is worth.
	trust = 40
)

// learn finds the model of a list without being told one pair.
func learn(r *Records, f *finder, workers int) *model {
	m := &model{fields: make([]fieldModel, len(r.fields))}
	m.countValues(r)
	m.learnChance(r)
	m.begin(r)
	t := takeSample(r, f, m, workers)
	t.expectMaximise()
	t.learnDependence()
	t.expectMaximise()
	t.learnAliases()
	t.again()
	t.expectMaximise()
	return m
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
	pairs []sampled
}

// takeSample meets one in so many blocks: each pair has one block that it is met in,
// so each is as likely to be taken.
func takeSample(r *Records, f *finder, m *model, workers int) *training {
	t := &training{r: r, m: m, s: newScorer(r, m)}
	every := uint64(max(1, r.Len()/60_000))
	t.share = 1 / float64(every)
	chunks := make([][]sampled, len(f.keys)*workers)
	f.pairs(workers, every, f.cut(), func(worker, chunk int, a, b uint32, _ float32) {
		chunks[chunk] = append(chunks[chunk], sampled{a: a, b: b})
	})
	t.pairs = slices.Concat(chunks...)
	t.again()
	return t
}

// again compares the pairs anew, when the model knows more.
func (t *training) again() {
	t.s = newScorer(t.r, t.m)
	for i := range t.pairs {
		t.s.read(t.pairs[i].a, t.pairs[i].b, &t.pairs[i].e)
	}
}

// expectMaximise alternates between what the pairs are, given the model, and what
// the model is, given the pairs.
func (t *training) expectMaximise() {
	for range rounds {
		m, h, ofSame, ofKindred := t.expect()
		for f := range t.r.fields {
			fd, fm := &t.r.fields[f], &t.m.fields[f]
			p := believed(fd)
			settle(&fm.m, m[f], p, levelsOf(fd.kind))
			settle(&fm.h, h[f], p, levelsOf(fd.kind))
		}
		total := totalPairs(t.r)
		t.m.setPrior((ofSame/t.share+1)/total, (ofKindred/t.share+1)/total)
	}
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
		p[c] = math.Exp2(float64(l[c] - top))
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}

// settle turns counts into probabilities, what was believed beforehand among them.
func settle(out *[maxLevels]float32, counts [maxLevels]float64, p [maxLevels]float64, levels uint8) {
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
	aliasMost  = 10  // bits that it can be worth
)

// learnAliases counts which values meet in pairs that everything else says are the
// same, and compares that with what their letters let expect.
func (t *training) learnAliases() {
	met := map[uint64]float64{}
	together := make([]float64, len(t.r.fields))
	type meeting struct {
		f    int
		a, b uint32
		l    uint8
	}
	example := map[uint64]meeting{}
	for i := range t.pairs {
		p := &t.pairs[i]
		l := t.s.sum(&p.e)
		for f := range t.r.fields {
			if t.r.fields[f].kind != kindWords || p.e.level[f] == 0 {
				continue
			}
			w := t.without(l, f, &p.e)
			together[f] += w
			if p.e.level[f] == wordsSame || w < 0.9 {
				continue
			}
			a, b := t.r.values[int(p.a)*t.s.width+f], t.r.values[int(p.b)*t.s.width+f]
			key := pairKey(t.s.dict[f], a, b)
			met[key] += w
			example[key] = meeting{f, a, b, p.e.level[f]}
		}
	}
	t.m.alias = make(map[uint64]float32, len(met)/4)
	for key, n := range met {
		x := example[key]
		expected := 0.0
		for f := range t.r.fields {
			if t.r.fields[f].kind == kindWords && t.s.dict[f] == t.s.dict[x.f] {
				expected += together[f] * t.expected(f, x.l, x.a, x.b)
			}
		}
		if lift := math.Log2((n + aliasDoubt) / (expected + aliasDoubt)); math.Abs(lift) > 0.3 {
			t.m.alias[key] = float32(min(max(lift, -3), aliasMost))
		}
	}
}

// without is the probability that a pair is the same, as the other fields have it.
func (t *training) without(l [classes]float32, f int, e *evidence) float64 {
	l[same] -= t.m.fields[f].m[e.level[f]] + e.lift[f]
	l[kindred] -= t.m.inHouse(&t.r.fields[f], f, e.level[f], e.chance[f])
	l[strangers] -= e.chance[f]
	return odds(l)[same]
}

// expected is how often two values should meet in a pair of the same person.
func (t *training) expected(f int, level uint8, a, b uint32) float64 {
	fm := &t.m.fields[f]
	ratio := fm.m[level] - t.m.chanceOf(&t.r.fields[f], f, level, a, b)
	return 2 * math.Exp2(float64(ratio+fm.freq[a]+fm.freq[b]))
}
