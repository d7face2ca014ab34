package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/ledger/proof"
	"homeward/statement"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// listener is a learner that notes what it hears.
type listener struct {
	mu    sync.Mutex
	heard []int64
	gone  []string
	dead  map[string]bool
}

func (x *listener) Learn(recorded []statement.Recorded) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.dead == nil {
		x.dead = map[string]bool{}
	}
	for _, r := range recorded {
		x.heard = append(x.heard, r.Index)
		x.dead[r.ID] = r.Withdrawn
	}
}

func (x *listener) Forget(ids []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.gone = append(x.gone, ids...)
}

func (x *listener) Reset() {}

// shadow is a follower that keeps what it was told, by statement.
type shadow struct {
	told map[string]bool
	fail error
}

func (s *shadow) Name() string { return "shadow" }
func (s *shadow) Follow(_ context.Context, tx *db.Tx, recorded []statement.Recorded) error {
	if s.fail != nil {
		return s.fail
	}
	tx.AfterCommit(func() {
		for _, r := range recorded {
			s.told[r.ID] = r.Withdrawn
		}
	})
	return nil
}
func (s *shadow) Reset(_ context.Context, tx *db.Tx) error {
	tx.AfterCommit(func() { clear(s.told) })
	return nil
}

// TestTwoProcessesAppendAtOnce has two ledgers over one database append at once:
// every act is there whole, each learner hears each place once and in order.
func TestTwoProcessesAppendAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, main, keyring *db.DB) {
		v2 := vaulttest.Vault(t, o.Root, keyring, host.System())
		both := []*ledger.Ledger{o.Ledger, ledgertest.Ledger(t, main, o.Root, v2, host.System(), nil)}
		ears := []*listener{{}, {}}
		for i, l := range both {
			l.AddLearner(ears[i])
		}
		const acts = 12
		var wg sync.WaitGroup
		for _, l := range both {
			for range acts {
				_, act := person(t, "a", "b")
				wg.Go(func() {
					if _, err := l.Append(t.Context(), act); err != nil {
						t.Errorf("append: %v (%v)", err, errors.Unwrap(err))
					}
				})
			}
		}
		wg.Wait()
		for i, l := range both {
			if err := l.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := make([]int64, 2*acts*3)
			for n := range want {
				want[n] = int64(n)
			}
			if !slices.Equal(ears[i].heard, want) {
				t.Errorf("process %d heard %v", i, ears[i].heard)
			}
		}
		r, err := o.Verify(t.Context(), ledger.VerifyOptions{})
		if err != nil || len(r.Findings) > 0 || r.Entries != 2*acts*3 {
			t.Errorf("verify: %v %+v", err, r.Findings)
		}
	})
}

// TestAnotherProcessForgets: a person forgotten by one process is forgotten in
// the other's memory after it catches up, and withdrawals reach it too.
func TestAnotherProcessForgets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, main, keyring *db.DB) {
		ctx := t.Context()
		v2 := vaulttest.Vault(t, o.Root, keyring, host.System())
		second := ledgertest.Ledger(t, main, o.Root, v2, host.System(), nil)
		ear := &listener{}
		second.AddLearner(ear)
		id, act := person(t, "Аминат")
		recorded := appended(t, o.Ledger, act)
		_, kept := person(t, "Another")
		other2 := appended(t, o.Ledger, kept)
		if err := second.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := second.About(ctx, id); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Withdraw(ctx, user, "", []string{other2[0].ActID}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Erase(ctx, []string{user, other}, "own_request", id, ""); err != nil {
			t.Fatal(err)
		}
		if about, err := second.About(ctx, id); err != nil || len(about) != 0 {
			t.Errorf("the other process still reads: %v %d", err, len(about))
		}
		if err := second.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(ear.gone, []string{id}) {
			t.Errorf("told to forget %v", ear.gone)
		}
		if !ear.dead[other2[1].ID] {
			t.Error("the other process was not told of the withdrawal")
		}
		_ = recorded
	})
}

// TestFollowersAndRebuild: what a follower holds after a rebuild is what it held.
func TestFollowersAndRebuild(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		ctx := t.Context()
		f := &shadow{told: map[string]bool{}}
		o.AddFollower(f)
		var acts []string
		for range 5 {
			_, act := person(t, "x", "y")
			acts = append(acts, appended(t, o.Ledger, act)[0].ActID)
		}
		w, err := o.Withdraw(ctx, user, "", acts[:2], nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Withdraw(ctx, user, "", []string{w[0].ActID}, nil); err != nil {
			t.Fatal(err)
		}
		before := fmt.Sprint(f.told)
		if err := o.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(f.told) != before {
			t.Errorf("rebuilt\n%s\n%v", before, f.told)
		}
		f.fail = errors.New("no")
		size, _ := o.Size(ctx)
		_, act := person(t, "z")
		if _, err := o.Append(ctx, act); !errors.Is(err, f.fail) {
			t.Errorf("append although a follower failed: %v", err)
		}
		if now, _ := o.Size(ctx); now != size {
			t.Error("an act whose follower failed was recorded")
		}
		f.fail = nil
		appended(t, o.Ledger, act)
		if _, err := o.Append(ctx, statement.Act{ID: acts[0], Kind: statement.ActEntry, By: user, Statements: act.Statements[1:]}); !errors.Is(err, ledger.ErrActThere) {
			t.Errorf("an act twice: %v", err)
		}
	})
}

// TestErasureThatWasInterrupted: between the keyring and the main commit the
// program dies; the next opening ends the erasure.
func TestErasureThatWasInterrupted(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		t.Parallel()
		ctx := t.Context()
		root, v := vaulttest.Open(t, keyring, host.System())
		l := ledgertest.Ledger(t, main, root, v, host.System(), nil)
		f := &shadow{told: map[string]bool{}}
		l.AddFollower(f)
		id, act := person(t, "Аминат")
		appended(t, l, act)
		f.fail = errors.New("the power went")
		if _, err := l.Erase(ctx, []string{user, other}, "own_request", id, ""); !errors.Is(err, f.fail) {
			t.Fatalf("erase: %v", err)
		}
		if gone, _ := v.Forgotten(ctx, id); !gone {
			t.Fatal("the key is still there")
		}
		again := ledgertest.Ledger(t, main, root, v, host.System(), nil)
		if err := again.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		if n, _ := again.Gaps(ctx); n != 2 {
			t.Errorf("%d gaps", n)
		}
		r, err := again.Verify(ctx, ledger.VerifyOptions{})
		if err != nil || len(r.Findings) > 0 {
			t.Errorf("verify: %v %+v", err, r.Findings)
		}
		// Nothing is left to end.
		if err := ledgertest.Ledger(t, main, root, v, host.System(), nil).CatchUp(ctx); err != nil {
			t.Error(err)
		}
		if _, err := again.About(ctx, id); errors.Is(err, vault.ErrForgotten) {
			t.Error(err)
		}
	})
}

// TestProofs holds the paths that sumdb/tlog makes against the checker that a
// court uses, for every place and every older size.
func TestProofs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		ctx := t.Context()
		var recorded []statement.Recorded
		checkpoints := map[int64]proof.Checkpoint{}
		for range 7 {
			_, act := person(t, "x", "y")
			recorded = append(recorded, appended(t, o.Ledger, act)...)
			note, err := o.Checkpoint(ctx)
			if err != nil {
				t.Fatal(err)
			}
			c, err := proof.Open(note, o.VerifierKey())
			if err != nil {
				t.Fatal(err)
			}
			checkpoints[c.Size] = c
		}
		last := checkpoints[int64(len(recorded))]
		for _, r := range recorded {
			b, err := o.Bundle(ctx, r.ID)
			if err != nil {
				t.Fatal(err)
			}
			said, _, err := proof.Check(b, o.VerifierKey())
			if err != nil || said.ID != r.ID {
				t.Fatalf("%d: %v", r.Index, err)
			}
			b.Statement[len(b.Statement)-1] ^= 1
			if _, _, err := proof.Check(b, o.VerifierKey()); err == nil {
				t.Error("a changed statement is proved")
			}
		}
		for size, c := range checkpoints {
			path, err := o.Consistent(ctx, size, last.Size)
			if err != nil || !proof.Consistent(size, last.Size, c.Root, last.Root, path) {
				t.Errorf("%d is not the beginning of %d: %v", size, last.Size, err)
			}
			if size < last.Size && proof.Consistent(size, last.Size, last.Root, c.Root, path) {
				t.Error("a wrong root is consistent")
			}
		}
	})
}

// TestReadsAtOnce: many looks at once are each recorded, and counted by Verify.
func TestReadsAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				if err := o.Read(t.Context(), user, "person", fmt.Sprintf("0192a0de-0000-7000-8000-%012d", i)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		looks, err := o.Looks(t.Context(), ledger.LookQuery{User: user, Limit: 100})
		if err != nil || len(looks) != 60 {
			t.Errorf("%d looks: %v", len(looks), err)
		}
		r, err := o.Verify(t.Context(), ledger.VerifyOptions{})
		if err != nil || r.Reads != 60 || len(r.Findings) > 0 {
			t.Errorf("verify: %v %d %+v", err, r.Reads, r.Findings)
		}
	})
}
