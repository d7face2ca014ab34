package example_test

import (
	"slices"
	"testing"

	"homeward"
	"homeward/internal/db/dbtest"
	"homeward/internal/example"
	"homeward/match"
	"homeward/vault"
)

// TestFill plays the example on both databases: it goes through the doors of every
// room, so it fails when one breaks its word to another.
func TestFill(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := homeward.Config{Dir: t.TempDir()}
			if kind == "postgres" {
				c.DatabaseURL, c.KeyringURL = dbtest.Postgres(t), dbtest.Postgres(t)
			}
			clock := example.NewClock(example.Start)
			cheap := vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})
			h, err := homeward.Make(t.Context(), c, clock.Host(), vault.Passphrase([]byte(example.Passphrase), cheap))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := h.Close(); err != nil {
					t.Error(err)
				}
			})
			cast, err := example.Fill(t.Context(), h, clock, func(s string) { t.Log(s) })
			if err != nil {
				t.Fatal(err)
			}
			if len(cast.Letters) != 3 || len(cast.Receipts) != 4 || cast.Woman == "" {
				t.Errorf("the cast is not complete: %d letters, %d receipts", len(cast.Letters), len(cast.Receipts))
			}
			findsHer(t, h, cast.Woman)
			clock.Put(example.Morning)
			n, err := h.Intake.Drain(t.Context())
			if err != nil || n != 4 {
				t.Errorf("drained %d reports: %v", n, err)
			}
			report, err := h.Verify(t.Context(), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range report.Findings {
				t.Errorf("verify found %+v", f)
			}
			t.Logf("%d statements", report.Entries)
		})
	}
}

// findsHer asks for the woman of the demo as the page on how the search reads names
// does: each question finds her among the first ten, and says why.
func findsHer(t *testing.T, h *homeward.House, her string) {
	t.Helper()
	for _, question := range []string{"Аминат", "Aminat", "Aminatt", "أمينة", "Амінат", "дочь Магомеда, Ботлих, 1994", "Аминат Магомедова", "Аминат, Ботлих"} {
		hits, err := h.People.Find(t.Context(), question, 30)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(hits, func(f match.Found) bool { return f.Person == her })
		if at < 0 || at >= 10 || len(hits[at].Why) == 0 {
			t.Errorf("%q finds her at %d of %d", question, at+1, len(hits))
		}
		for i, f := range hits {
			if i < 3 || i == at {
				t.Logf("%q %d: %.1f bits, margin %.1f %s %s %v", question, i+1, f.Score, f.Strength.Margin, f.Strength.Word, f.Name, f.Why)
			}
		}
	}
}
