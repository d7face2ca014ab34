package register_test

import (
	"errors"
	"testing"

	"homeward/register"
)

// TestTwoAreJoinedOnlyAfterUndoing: what somebody decided to be two people is not
// joined by another who did not know it; that decision is undone first, in sight.
func TestTwoAreJoinedOnlyAfterUndoing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		a, b := o.add(t, name("Аминат")), o.add(t, name("Aminat"))
		o.judge(t, a, b, register.NotSame)
		if _, err := o.Judge(t.Context(), clerk, b, a, register.Same, ""); !errors.Is(err, register.ErrContradiction) {
			t.Errorf("joined over a decision: %v", err)
		}
		if v, err := o.Verdict(t.Context(), a, b); err != nil || v != register.NotSame {
			t.Errorf("afterwards it is %v, %v", v, err)
		}
		_, err := o.Undo(t.Context(), clerk, a, b, "two photographs of one woman")
		must(t, err)
		o.judge(t, a, b, register.Same)
	})
}
