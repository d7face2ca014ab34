package figures_test

import (
	"errors"
	"testing"

	"homeward/figures"
	"homeward/register"
)

// TestOnlyOnesOwnActsAreUndone refuses the act of another room, and what was undone.
func TestOnlyOnesOwnActsAreUndone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		said, err := o.About(t.Context(), o.source(t, register.NewSource{Label: "somebody", Kind: "outlet"}))
		must(t, err)
		for _, act := range []string{said[0].ActID, w.foreigners, ""} {
			if err := o.Restore(t.Context(), clerk, act, "slip"); !errors.Is(err, figures.ErrNotFound) {
				t.Errorf("the act %q of another kind is undone: %v", act, err)
			}
		}
		if act, err := o.WithdrawnBy(t.Context(), w.foreigners); act != "" || err != nil {
			t.Errorf("what stands was withdrawn by %q, %v", act, err)
		}
		act, err := o.Withdraw(t.Context(), clerk, w.foreigners, "slip")
		must(t, err)
		if by, err := o.WithdrawnBy(t.Context(), w.foreigners); by != act || err != nil {
			t.Errorf("withdrawn by %q, want %q, %v", by, act, err)
		}
		must(t, o.Restore(t.Context(), clerk, act, ""))
		if err := o.Restore(t.Context(), clerk, act, ""); !errors.Is(err, figures.ErrNotFound) {
			t.Errorf("what was undone is undone again: %v", err)
		}
	})
}
