package estimate

import "math"

// Options are what a person may set. The zero value of a field is its default.
type Options struct {
	// Seed starts all random numbers: the same seed gives the same figures, whatever
	// the order of lists and rows. Default 1.
	Seed uint64
	// Resamples is how often the bootstrap repeats the selection. Default 1,000.
	Resamples int
	// Chains is how many chains the latent classes run, at least 4. Default 4.
	Chains int
	// Classes is at most how many latent classes there are. Default 5.
	Classes int
	// Sweeps is how many sweeps each chain makes before it is looked at whether they
	// agree, and Longest how many at most. Defaults 27,500 and 440,000.
	Sweeps, Longest int
	// MostUnseen bounds the unseen in the latent classes, and GridUnseen in the averaging
	// over graphs, as multiples of those seen. Defaults 20 and 30.
	MostUnseen, GridUnseen float64
	// Delta is the prior of the averaging over graphs for each cell; by default one
	// person spread over all cells.
	Delta float64
	// HeadlineOnly leaves out what surrounds the headline: each list left out, other
	// priors, missed matches.
	HeadlineOnly bool
	// Progress is told how far the long steps have come: step is "bootstrap" or
	// "classes". It may be nil.
	Progress func(step string, done, total int)
}

func (o Options) filled(lists int) Options {
	o.Seed = or(o.Seed, 1)
	o.Resamples = max(or(o.Resamples, 1000), 100)
	o.Chains = max(o.Chains, 4)
	o.Classes = max(or(o.Classes, 5), 2)
	o.Sweeps = max(or(o.Sweeps, 27_500), 40*thin)
	o.Longest = max(or(o.Longest, 440_000), o.Sweeps)
	o.MostUnseen = orPositive(o.MostUnseen, 20)
	o.GridUnseen = orPositive(o.GridUnseen, 30)
	o.Delta = orPositive(o.Delta, 1/float64(int(1)<<lists))
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	return o
}

func or[T int | uint64](given, otherwise T) T {
	if given > 0 {
		return given
	}
	return otherwise
}

func orPositive(given, otherwise float64) float64 {
	if given > 0 && !math.IsInf(given, 0) {
		return given
	}
	return otherwise
}
