package ledger_test

import (
	"errors"
	"testing"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/ledger"
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

// TestALogThatGrewShorterIsAnErrorAndNoCrash: beneath a running process the log's size is
// lowered by one. The process says that the ledger is damaged and lives; put right, it
// goes on where it was.
func TestALogThatGrewShorterIsAnErrorAndNoCrash(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		history(t, o)
		l := ledgertest.Ledger(t, d, o.Root, o.Vault, host.System(), nil)
		heard := &choosy{wants: statement.RecordKind, heard: map[statement.Property]int{}}
		l.AddLearner(heard)
		must(t, l.CatchUp(t.Context()))
		execute(t, d, "UPDATE ledger_head SET size = size - 1 WHERE log = 1")
		if err := l.CatchUp(t.Context()); !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("a shorter log: %v", err)
		}
		if r, err := l.Verify(t.Context(), ledger.VerifyOptions{}); err != nil || len(r.Findings) == 0 {
			t.Errorf("verify beside it: %v, %v", r.Findings, err)
		}
		execute(t, d, "UPDATE ledger_head SET size = size + 1 WHERE log = 1")
		must(t, l.CatchUp(t.Context()))
	})
}
