package match

import (
	"context"
	"hash/fnv"
	"math"

	"homeward/register"
)

// What one person's reports agree and differ in is learnt from the office's own
// pairs, though nobody says which of them are one: by what is believed, each pair is
// so likely to be one; taken so, the pairs say how often one person's reports agree
// at each level; and so again (expectation and maximisation). What is believed counts
// as trust pairs, so that a few cannot lead it astray.

const (
	learnFrom    = 500 // people, below which there is nothing to learn from
	learnRecords = 600 // records whose pairs are looked at
	learnPairs   = 60  // likely pairs, below which what is believed stays
	trust        = 80.0
	learnRounds  = 8
)

// learns are the fields whose levels are learnt: kin are too few, and what lists do
// is known.
var learns = []Field{FieldName, FieldFather, FieldBorn, FieldSex, FieldOrigin}

// teach learns the model anew when the register has grown by half since it did.
func (w *Weigher) teach(ctx context.Context, people *People) error {
	w.mu.RLock()
	last := w.model.people
	w.mu.RUnlock()
	if n := w.tally.records(); n < learnFrom || n < last+last/2 {
		return nil
	}
	m := w.learn(ctx, people)
	if ctx.Err() == nil {
		w.mu.Lock()
		w.model = m
		w.mu.Unlock()
	}
	return ctx.Err()
}

// learn makes a model of the pairs of some records. Which ones depends on their ids
// alone, so that the same register teaches the same.
func (w *Weigher) learn(ctx context.Context, people *People) *model {
	m := newModel()
	m.people = w.tally.records()
	var pairs []Weighing
	part := uint32(min(1, learnRecords/float64(m.people)) * math.MaxUint32)
	var chosen []register.Ref
	w.register.Look(func(v register.View) {
		for n := range v.People() {
			if hashOf(v.ID(n)) <= part {
				chosen = append(chosen, n)
			}
		}
	})
	for _, n := range chosen {
		if ctx.Err() != nil {
			return m
		}
		w.register.Look(func(v register.View) { pairs = append(pairs, w.sample(v, people.index, n)...) })
	}
	m.learn(pairs)
	return m
}

func hashOf(id string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(id)) //nolint:errcheck // a hash takes everything
	return h.Sum32()
}

// sample weighs a record against those that the index finds. Each pair is taken from
// the side of the lesser id alone.
func (w *Weigher) sample(v register.View, x *Index, n register.Ref) (out []Weighing) {
	s := w.begin(v)
	s.model = newModel()
	own := s.profile(n)
	if own == nil {
		return nil
	}
	met := map[register.Ref]bool{}
	s.candidates(x, own, func(m register.Ref) {
		p := s.profile(m)
		if met[m] || p == nil || v.Cluster(m) == v.Cluster(n) && m != n || p.id <= own.id {
			return
		}
		met[m] = true
		if got, ok := s.quick(own, p); ok {
			out = append(out, got)
		}
	})
	return out
}

// learn alternates between what the pairs are and what the model is.
func (m *model) learn(pairs []Weighing) {
	believes := newModel()
	for range learnRounds {
		counts := map[Field]map[Level]float64{}
		for _, f := range learns {
			counts[f] = map[Level]float64{}
		}
		likely := 0.0
		for i := range pairs {
			p := 1 / (1 + math.Exp2(-pairs[i].Posterior()-m.shift(believes, &pairs[i])))
			likely += p
			for _, line := range pairs[i].Fields {
				if counts[line.Field] != nil {
					counts[line.Field][line.Level] += p
				}
			}
		}
		if likely < learnPairs {
			return
		}
		m.pairs = len(pairs)
		for f, levels := range counts {
			m.settle(f, levels)
		}
		m.sum()
	}
}

// shift is by how much the model weighs a pair otherwise than what is believed.
func (m *model) shift(believes *model, w *Weighing) (bits float64) {
	for _, line := range w.Fields {
		for _, f := range learns {
			if line.Field == f {
				bits += math.Log2(m.ofOne(f, line.Level) / believes.ofOne(f, line.Level))
			}
		}
	}
	return bits
}

// ofOne is how often one person's reports agree at a level.
func (m *model) ofOne(f Field, l Level) float64 {
	if c := m.at[f][l]; c.Of == 0 || c.U > 0 || m.agree[f] == 0 {
		return c.M
	}
	return m.agree[f]
}

// settle takes the counts of a field in, what is believed among them. Births that are
// days and births that are years are two kinds of question, each with its own sum.
func (m *model) settle(f Field, counts map[Level]float64) {
	for _, kind := range kindsOf(f) {
		sum, of := 0.0, 0.0
		for l := range kind {
			sum += counts[l]
			of += believed[f][l].M
		}
		for l := range kind {
			c := m.at[f][l]
			c.M = of * (counts[l] + trust*believed[f][l].M/of) / (sum + trust)
			m.at[f][l] = c
		}
	}
}

// kindsOf are the levels of a field that exclude each other.
func kindsOf(f Field) []map[Level]bool {
	days := map[Level]bool{LevelDay: true, LevelSwapped: true, LevelOtherDay: true}
	one, two := map[Level]bool{}, map[Level]bool{}
	for l := range believed[f] {
		if f == FieldBorn && days[l] {
			two[l] = true
		} else {
			one[l] = true
		}
	}
	if len(two) == 0 {
		return []map[Level]bool{one}
	}
	return []map[Level]bool{one, two}
}
