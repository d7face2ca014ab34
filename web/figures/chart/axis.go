package chart

import (
	"math"
	"slices"
)

// Scale is how an axis runs.
type Scale string

// The scales. Auto lets the numbers decide.
const (
	Auto   Scale = ""
	Linear Scale = "linear"
	Log    Scale = "log"
)

// wide is how many times the smallest number the largest must be for a logarithmic
// axis: below it a linear one keeps them apart, and a reader takes lengths for what
// they are.
const wide = 20

// Axis runs from Min to Max. A linear one begins at zero.
type Axis struct {
	Log      bool
	Min, Max float64
	// CanLog says whether a logarithmic axis could have been chosen: it has no zero.
	CanLog bool
}

// NewAxis chooses an axis for these numbers.
func NewAxis(values []float64, wanted Scale) Axis {
	if len(values) == 0 {
		return Axis{Max: 10}
	}
	low, high := slices.Min(values), slices.Max(values)
	a := Axis{CanLog: low > 0}
	a.Log = a.CanLog && (wanted == Log || wanted == Auto && high >= wide*low)
	if a.Log {
		a.Min, a.Max = roundDown(low), roundUp(high)
		if a.Min == a.Max {
			a.Max *= 10
		}
		return a
	}
	a.Max = step(high*1.02, 5) * math.Ceil(high*1.02/step(high*1.02, 5))
	if a.Max <= 0 {
		a.Max = 10
	}
	return a
}

// At gives the place of a number between 0 and 1.
func (a Axis) At(v float64) float64 {
	if a.Log {
		if v <= a.Min {
			return 0
		}
		return math.Min(1, math.Log(v/a.Min)/math.Log(a.Max/a.Min))
	}
	return math.Min(1, math.Max(0, v/a.Max))
}

// Ticks gives at most n numbers to be written at the axis, round ones.
func (a Axis) Ticks(n int) (ticks []float64) {
	n = max(n, 2)
	if !a.Log {
		s := step(a.Max, n)
		for v := 0.0; v <= a.Max*1.0001; v += s {
			ticks = append(ticks, v)
		}
		return ticks
	}
	for _, parts := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
		if ticks = a.decades(parts); len(ticks) <= n {
			return ticks
		}
	}
	every := (len(ticks) + n - 1) / n
	var few []float64
	for i := 0; i < len(ticks); i += every {
		few = append(few, ticks[i])
	}
	return few
}

// decades are the numbers of each power of ten that lie on the axis.
func (a Axis) decades(parts []float64) (ticks []float64) {
	for e := math.Floor(math.Log10(a.Min)); e <= math.Ceil(math.Log10(a.Max)); e++ {
		for _, p := range parts {
			if v := p * math.Pow(10, e); v >= a.Min*0.9999 && v <= a.Max*1.0001 {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}

// step is a round step that reaches high in at most n steps.
func step(high float64, n int) float64 {
	if high <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(high/float64(n))))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if s := m * power; s >= 1 && s*float64(n) >= high*0.9999 && (m != 2.5 || power >= 10) {
			return s
		}
	}
	return math.Max(1, 10*power)
}

// roundDown and roundUp give the nearest 1, 2 or 5 with zeros.
func roundDown(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{5, 2} {
		if m*power <= v {
			return m * power
		}
	}
	return power
}

func roundUp(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v {
			return m * power
		}
	}
	return 10 * power
}
