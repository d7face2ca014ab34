package estimate

import (
	"math"
	"math/bits"
)

// The estimates that need no model of how the lists depend on each other.

// chapman is the estimate from two lists of sizes a and b with m people in common
// (Chapman 1951), with Seber's variance (1982) and limits on the logarithm of the
// unseen (Chao 1987).
func chapman(a, b, m float64) (n, low, high float64) {
	n = (a+1)*(b+1)/(m+1) - 1
	v := (a + 1) * (b + 1) * (a - m) * (b - m) / ((m + 1) * (m + 1) * (m + 2))
	low, high = logLimits(n, a+b-m, v)
	return n, low, high
}

// logLimits are the 95 % limits on the logarithm of the unseen, which never fall
// below those seen.
func logLimits(n, seen, variance float64) (low, high float64) {
	unseen := n - seen
	if unseen <= 0 {
		return n, n
	}
	c := math.Exp(z975 * math.Sqrt(math.Log1p(variance/(unseen*unseen))))
	return seen + unseen/c, seen + unseen*c
}

// z975 bounds 95 % of a normal distribution.
const z975 = 1.959963984540054

// chao is the lower bound from the people seen once and twice (Chao 1987), in the
// form for a fixed number of lists; corrected for bias where few were seen twice.
func chao(f1, f2, n float64, k int, corrected bool) (bound, low, high float64) {
	c := float64(k-1) / float64(k)
	unseen := c * f1 * f1 / (2 * f2)
	ratio := f1 / f2
	if corrected {
		unseen = c * f1 * (f1 - 1) / (2 * (f2 + 1))
		ratio = f1 / (f2 + 1)
	}
	variance := max(f2, 1) * (ratio*ratio*ratio*ratio/4 + ratio*ratio*ratio + ratio*ratio/2)
	low, high = logLimits(n+unseen, n, variance)
	return n + unseen, low, high
}

// fewTwice is how many seen twice are few for Chao's bound.
const fewTwice = 10

// odds is the odds ratio of two lists over the people on any list, a hint at their
// dependence only where the other lists hold many; halves keep it finite.
func odds(t Table, i, j int) float64 {
	var cells [4]float64
	both := Pattern(1<<i | 1<<j)
	for w, c := range t.cells {
		if rest := Pattern(w) &^ both; bits.OnesCount16(uint16(rest)) > 0 {
			cells[w>>i&1|w>>j&1<<1] += float64(c)
		}
	}
	return (cells[0] + 0.5) * (cells[3] + 0.5) / ((cells[1] + 0.5) * (cells[2] + 0.5))
}
