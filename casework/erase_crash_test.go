package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
)

// errPower is what is told when the power goes.
var errPower = errors.New("power cut")

// power goes before or after some step of the work, once.
type power struct {
	steps int // that are left until it goes; never when it is negative
	gone  bool
	log   []string
}

// step is done when there is power before it, and known to be done when there is some
// after it.
func (p *power) step(name string, do func() error) error {
	if p.cut("before " + name) {
		return errPower
	}
	if err := do(); err != nil {
		return err
	}
	if p.cut("after " + name) {
		return errPower
	}
	return nil
}

func (p *power) cut(at string) bool {
	p.log = append(p.log, at)
	if p.steps--; p.steps == -1 {
		p.gone = true
	}
	return p.gone
}

// cutLedger, cutVault and cutFollower are the rooms with the power in question. The
// follower stands inside the ledger's own transaction, after the keys are destroyed.
type cutLedger struct {
	*ledger.Ledger
	p *power
}

func (l cutLedger) Erase(ctx context.Context, by []string, rule, subject, counter string) (e ledger.Erasure, err error) {
	return e, l.p.step("an erasure", func() error {
		e, err = l.Ledger.Erase(ctx, by, rule, subject, counter)
		return err
	})
}

type cutVault struct {
	casework.Vault
	p *power
}

func (v cutVault) Suppress(ctx context.Context, erasure string, marks ...[]byte) error {
	return v.p.step("the marks", func() error { return v.Vault.Suppress(ctx, erasure, marks...) })
}

type cutFollower struct{ p *power }

func (f cutFollower) Name() string                        { return "power" }
func (f cutFollower) Reset(context.Context, *db.Tx) error { return nil }
func (f cutFollower) Follow(_ context.Context, _ *db.Tx, told []statement.Recorded) error {
	if slices.ContainsFunc(told, func(r statement.Recorded) bool { return r.Property == statement.ErasedSubject }) && f.p.cut("inside an erasure") {
		return errPower
	}
	return nil
}

// TestErasureGoesOnWhereItStopped cuts the power before, inside and after every step of
// an erasure of two records and a document about both, opens the office anew and does it
// again: all of it is gone, each record once, the approval is done, and verify finds
// nothing.
func TestErasureGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, keyring *db.DB) {
		t.Parallel()
		h := host.System()
		office := ledgertest.Open(t, d, keyring, h)
		cuts := 0
		for steps := 0; ; steps++ {
			w := &interrupted{t: t, db: d, host: h, office: office, power: &power{steps: steps}}
			if !w.run() {
				break
			}
			cuts++
		}
		if cuts < 11 {
			t.Errorf("the power went only %d times", cuts)
		}
	})
}

// interrupted is one erasure with a power cut.
type interrupted struct {
	t        *testing.T
	db       *db.DB
	host     host.Host
	office   ledgertest.Office
	power    *power
	records  []string
	document string
}

func (w *interrupted) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("after %q: %v", w.power.log, err)
	}
}

func (w *interrupted) open(l *ledger.Ledger) *casework.Casework {
	c := casework.New(w.db, cutLedger{l, w.power}, cutVault{w.office.Vault, w.power}, w.host, casework.Options{
		OfficeID: w.office.Root.OfficeID(), ErasureWait: time.Hour,
		Documents: func(ctx context.Context, records ...string) ([]string, error) {
			// Which document is about somebody is known from what was said of her.
			if left, err := l.About(ctx, records...); err != nil || len(left) == 0 {
				return nil, err
			}
			if _, err := l.Kind(ctx, w.document); err != nil {
				return nil, nil
			}
			return []string{w.document}, nil
		},
	})
	l.AddFollower(c)
	l.AddFollower(cutFollower{w.power})
	return c
}

// run does it with one cut, and again; false when there was none left to make.
func (w *interrupted) run() bool {
	w.t.Helper()
	ctx := w.t.Context()
	l := ledgertest.Ledger(w.t, w.db, w.office.Root, w.office.Vault, w.host, nil)
	c := w.open(l)
	for _, kind := range []statement.Kind{statement.Person, statement.Person, statement.File} {
		id := ledgertest.ID(w.t)
		said := []statement.Statement{ledgertest.Opens(id, kind)}
		if kind == statement.Person {
			said = append(said, statement.Statement{Subject: id, Property: statement.PersonName, Value: "Аминат"})
		}
		_, err := l.Append(ctx, statement.Act{Kind: statement.ActEntry, By: anna, Statements: said})
		w.must(err)
		w.records, w.document = append(w.records, id), id
	}
	approval, err := c.ProposeErasure(ctx, anna, w.records[:2], "duress", "they are at the door")
	w.must(err)
	w.must(c.Approve(ctx, boris, approval))
	marks := func(context.Context, []string) ([][]byte, error) { return [][]byte{w.office.Vault.Mark(approval)}, nil }
	_, err = c.Erase(ctx, boris, approval, marks)
	if cut := w.power.gone; !cut {
		w.must(err)
		return false
	}
	if !errors.Is(err, errPower) {
		w.t.Fatalf("%q: %v", w.power.log, err)
	}
	if e, err := c.Erasure(ctx, approval); err != nil || !e.Done.IsZero() {
		w.t.Errorf("%q: taken for done, %v", w.power.log, err)
	}
	w.power = &power{steps: -1, log: w.power.log}
	again := ledgertest.Ledger(w.t, w.db, w.office.Root, w.office.Vault, w.host, nil)
	c = w.open(again)
	w.must(again.CatchUp(ctx))
	_, err = c.Erase(ctx, boris, approval, marks)
	w.must(err)
	w.gone(again)
	if e, err := c.Erasure(ctx, approval); err != nil || e.Done.IsZero() {
		w.t.Errorf("%q: not done, %v", w.power.log, err)
	}
	return true
}

// gone looks at what is left.
func (w *interrupted) gone(l *ledger.Ledger) {
	w.t.Helper()
	ctx := w.t.Context()
	times := map[string]int{}
	w.must(l.Each(ctx, 0, func(r statement.Recorded) error {
		if r.Property == statement.ErasedSubject {
			times[r.Object]++
		}
		return nil
	}))
	for _, id := range w.records {
		if left, err := l.About(ctx, id); err != nil || len(left) > 0 {
			w.t.Errorf("%q: %d statements are left, %v", w.power.log, len(left), err)
		}
		if times[id] != 1 {
			w.t.Errorf("%q: forgotten %d times in the log", w.power.log, times[id])
		}
	}
	if r, err := l.Verify(ctx, ledger.VerifyOptions{}); err != nil || len(r.Findings) > 0 {
		w.t.Errorf("%q: verify: %v, %v", w.power.log, r.Findings, err)
	}
}
