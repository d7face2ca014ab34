package facts

import (
	"context"
	"testing"

	"homeward/register"
)

// TestYearsThatContradictAreNoSpan reads alternatives.
func TestYearsThatContradictAreNoSpan(t *testing.T) {
	t.Parallel()
	for want, births := range map[string][]register.Years{
		"":                  nil,
		"1991":              {{From: 1991, To: 1991}},
		"1990–1991":         {{From: 1990, To: 1991}},
		"1991 or 2013–2014": {{From: 1991, To: 1991}, {From: 2013, To: 2014}},
	} {
		if got := Years(context.Background(), births); got != want {
			t.Errorf("%v reads %q, want %q", births, got, want)
		}
	}
}
