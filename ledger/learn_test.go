package ledger_test

import (
	"testing"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/statement"
)

// choosy is a learner of one property.
type choosy struct {
	wants  statement.Property
	heard  map[statement.Property]int
	forgot []string
}

func (c *choosy) Wants() []statement.Property { return []statement.Property{c.wants} }
func (c *choosy) Learn(told []statement.Recorded) {
	for _, r := range told {
		c.heard[r.Property]++
	}
}
func (c *choosy) Forget(ids []string) { c.forgot = append(c.forgot, ids...) }
func (c *choosy) Reset()              {}

// TestChoosy: a learner that chooses hears of what it asked for, in a log of several
// parts, and of who was forgotten; beside one that does not choose it hears everything.
func TestChoosy(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		history(t, o)
		var acts []statement.Act
		for range 1500 {
			_, a := person(t, "somebody")
			acts = append(acts, a)
		}
		_, err := o.AppendAll(t.Context(), acts)
		must(t, err)

		l := ledgertest.Ledger(t, d, o.Root, o.Vault, host.System(), nil)
		one := &choosy{wants: statement.RecordKind, heard: map[statement.Property]int{}}
		l.AddLearner(one)
		must(t, l.CatchUp(t.Context()))
		if one.heard[statement.RecordKind] < 1500 || len(one.forgot) != 1 || one.heard[statement.ErasedSubject] != 1 || len(one.heard) > 4 {
			t.Errorf("heard %v, forgot %v", one.heard, one.forgot)
		}
		l.AddLearner(silent{})
		other := &choosy{wants: statement.RecordKind, heard: map[statement.Property]int{}}
		l.AddLearner(other)
		must(t, l.CatchUp(t.Context()))
		if len(other.heard) < 5 {
			t.Errorf("beside one that does not choose it heard only %v", other.heard)
		}
	})
}
