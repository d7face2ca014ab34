package match

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"homeward/internal/host"
	"homeward/register"
)

// BenchmarkLook100k looks at one record among a hundred thousand: the searching, and
// the weighing of all that may be she.
func BenchmarkLook100k(b *testing.B) {
	p := crowd(100_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	w := NewWeigher(p.register, host.Host{})
	runtime.GC()
	runtime.ReadMemStats(&after)
	var took []time.Duration
	n := 0
	for b.Loop() {
		id := fmt.Sprintf("0192a0de-0000-7000-8000-%012d", n*7919%100_000)
		n++
		begin := time.Now()
		p.register.Look(func(v register.View) {
			s := w.begin(v)
			s.look(p.index, &look{id: id})
		})
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-tally")
}

// TestTheModelIsLearntFromPairsAlone: nobody says which records are one, and what is
// learnt is the same however often it is learnt.
func TestTheModelIsLearntFromPairsAlone(t *testing.T) {
	m := newMemory()
	m.crowd(700)
	syllables := []string{"бер", "дум", "гаш", "зел", "кур", "лом", "нап", "рах", "тиб", "шув", "фод", "жин"}
	name := func(i int) string {
		return syllables[i%12] + "а" + syllables[i/12%12] + "ин " + syllables[i*5%12] + "о" + syllables[i/7%12]
	}
	for _, off := range []int{0, 1} { // in the second list births are a year off
		for i := range 300 {
			m.person(name(i), "person.birth_date", fmt.Sprint(1950+i%60+off), "person.sex", "male", "person.home_region", "село "+syllables[i*7%12])
		}
	}
	one, two := m.Weigher.learn(t.Context(), m.people), m.Weigher.learn(t.Context(), m.people)
	if one.pairs == 0 {
		t.Fatal("nothing was learnt")
	}
	for f, levels := range one.at {
		for l, c := range levels {
			if d := c.M - two.at[f][l].M; d > 1e-12 || d < -1e-12 {
				t.Errorf("%s %s is learnt as %g and as %g", f, l, c.M, two.at[f][l].M)
			}
		}
	}
	if got, was := one.at[FieldBorn][LevelNear].M, believed[FieldBorn][LevelNear].M; got < was*1.5 {
		t.Errorf("that births are a year off is learnt as %.2f, believed %.2f", got, was)
	}
	small := newMemory()
	small.crowd(50)
	if err := small.teach(t.Context(), small.people); err != nil || small.model.pairs != 0 {
		t.Errorf("fifty people teach %d pairs, %v", small.model.pairs, err)
	}
}
