package main

import (
	"testing"

	"homeward/reading"
)

// TestValueText says each kind of value as it was said.
func TestValueText(t *testing.T) {
	t.Parallel()
	n := func(f float64) *float64 { return &f }
	for want, v := range map[string]reading.Value{
		"785":     {Low: n(785), High: n(785)},
		"~ 100":   {Low: n(100), High: n(100), Qualifier: "about"},
		"≥ 100":   {Low: n(100), Qualifier: "hundreds"},
		"≤ 30":    {High: n(30), Qualifier: "at most"},
		"30–40":   {Low: n(30), High: n(40), Qualifier: "between"},
		"1400000": {Low: n(1.4e6), High: n(1.4e6)},
	} {
		if got := valueText(v); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
