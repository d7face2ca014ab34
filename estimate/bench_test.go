package estimate

import (
	"syscall"
	"testing"
	"time"
)

// spent reports the CPU time of each round: the machine that measures has others at
// work, who lengthen the clock's time and not this.
func spent(b *testing.B) func() {
	b.Helper()
	now := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := now()
	return func() { b.ReportMetric(float64(now()-start)/float64(b.N)/1e6, "cpu-ms/op") }
}

// BenchmarkModels113 fits every model of four lists. The bar: 50 ms.
func BenchmarkModels113(b *testing.B) {
	f := newFitter(4, kosovo().floats())
	defer spent(b)()
	for b.Loop() {
		if s, err := searchModels(b.Context(), f, 3); err != nil || s.tried != 113 {
			b.Fatal(s.tried, err)
		}
	}
}

// BenchmarkModels6893 fits every model of five lists with empty overlaps. The bar: 5 s.
func BenchmarkModels6893(b *testing.B) {
	f := newFitter(5, load(b, "uk_2013_5lists").floats())
	defer spent(b)()
	for b.Loop() {
		if s, err := searchModels(b.Context(), f, 4); err != nil || s.tried != 6893 {
			b.Fatal(s.tried, err)
		}
	}
}

// BenchmarkGibbs110000 makes 110,000 sweeps of the latent classes. The bar: 2 s.
func BenchmarkGibbs110000(b *testing.B) {
	for _, c := range []struct {
		name    string
		classes int
		table   func(testing.TB) Table
	}{
		{"Kosovo, 5 classes", 5, func(testing.TB) Table { return kosovo() }},
		{"Kosovo, 10 classes", 10, func(testing.TB) Table { return kosovo() }},
		{"UK, 10 classes", 10, func(b testing.TB) Table { return load(b, "uk_2013_5lists") }},
	} {
		b.Run(c.name, func(b *testing.B) {
			t := c.table(b)
			defer spent(b)()
			for b.Loop() {
				g := newChain(1, 1, t.Lists(), t.floats(), c.classes, 20*float64(t.N()))
				for range 110_000 {
					g.step()
				}
			}
		})
	}
}

// BenchmarkGraphs averages over the 822 decomposable graphs of five lists.
func BenchmarkGraphs(b *testing.B) {
	t := load(b, "uk_2013_5lists")
	defer spent(b)()
	for b.Loop() {
		if _, err := averageGraphs(b.Context(), 5, t.floats(), 1.0/32, 30*float64(t.N())); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBootstrap repeats the stepwise selection a thousand times.
func BenchmarkBootstrap(b *testing.B) {
	t := load(b, "uk_2013_5lists")
	f := newFitter(5, t.floats())
	n := float64(t.N()) + stepwise(f).unseen
	defer spent(b)()
	for b.Loop() {
		if _, _, err := bootstrap(b.Context(), f, n, Options{}.filled(5)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWhole is the whole command's work over four lists.
func BenchmarkWhole(b *testing.B) {
	defer spent(b)()
	for b.Loop() {
		if _, err := Estimate(b.Context(), kosovo(), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
