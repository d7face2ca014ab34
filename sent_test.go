package homeward_test

import (
	"errors"
	"testing"

	"homeward"
	"homeward/casework"
	"homeward/intake"
	"homeward/internal/example"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/vault"
)

// TestWhatWasSentIsForgotten has two people forget an appeal of the worked example: its
// text, its recording and its sender cannot be read any more, its originals are gone from
// the store, its receipt answers no longer, and verify finds nothing.
func TestWhatWasSentIsForgotten(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	clock := example.NewClock(example.Start)
	config := homeward.Config{Dir: t.TempDir()}
	h, err := homeward.Make(ctx, config, clock.Host(), vault.Passphrase([]byte(example.Passphrase), vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() }) //nolint:errcheck // the folder goes with it
	cast, err := example.Fill(ctx, h, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	zarema, olga := cast.Users[example.Caseworker].ID, cast.Users[example.Coordinator].ID
	if _, err := h.Intake.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	items, err := h.Intake.Inbox(ctx, intake.Filter{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	var whole casework.Appeal
	for _, item := range items {
		a, err := h.Casework.AppealOf(ctx, item.Appeal)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Files) > 0 && len(a.Senders) > 0 {
			whole = a
		}
	}
	sent := whole.ID
	before := originals(t, config.Dir)

	approval, err := h.ProposeErasure(ctx, zarema, sent, "duress", "she asked for her voice back (invented)")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Casework.Approve(ctx, olga, approval); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Erase(ctx, zarema, approval); err != nil {
		t.Fatal(err)
	}
	if len(removed(before, originals(t, config.Dir))) < len(whole.Files) {
		t.Error("the originals are still in the store")
	}
	records := whole.Records()
	for _, f := range whole.Files {
		records = append(records, f.ID)
	}
	for _, id := range records {
		if left, err := h.Ledger.About(ctx, id); err != nil || len(left) > 0 {
			t.Errorf("%d statements are left (%v)", len(left), err)
		}
	}
	if _, err := h.Intake.Open(ctx, sent); problem.KindOf(err) != problem.NotFound {
		t.Errorf("the appeal still opens: %v", err)
	}
	if r, err := h.Intake.ReceiptOf(ctx, sent); err != nil || r.Given {
		t.Errorf("its receipt is still known: %+v, %v", r, err)
	}
	if report, err := h.Verify(ctx, "", nil); err != nil || len(report.Findings) > 0 {
		t.Errorf("verify: %v; %v", report.Findings, err)
	}
	if _, err := h.ProposeErasure(ctx, zarema, cast.Letters[0], "mistake", "no such thing"); !errors.Is(err, homeward.ErrNotErasable) {
		t.Errorf("a letter by itself: %v", err)
	}
	if _, err := h.ProposeErasure(ctx, zarema, "0199aaaa-0000-7000-8000-000000000000", "mistake", "nobody"); !errors.Is(err, register.ErrUnknown) {
		t.Errorf("nobody: %v", err)
	}
}
