package example_test

import (
	"slices"
	"testing"

	"homeward"
	"homeward/figures"
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
			contests(t, h, cast)
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

// contests looks at the sheet of Ain Issa: 785 and about 100 contest each other, who
// repeats corroborates nothing, and what was published comes out again.
func contests(t *testing.T, h *homeward.House, cast *example.Cast) {
	t.Helper()
	s, err := h.Figures.Sheet(t.Context(), cast.Question, figures.AsOf{})
	if err != nil {
		t.Fatal(err)
	}
	of := func(key string) figures.Group {
		l, ok := s.Line(cast.Figures[key])
		if !ok || l.Group < 0 {
			t.Fatalf("%s stands in no group", key)
		}
		return s.Groups[l.Group]
	}
	if g := of("785"); g.Grade != figures.Contested || g.Independent != 1 || g.Best != nil {
		t.Errorf("785 is %s, of %d origins", g.Grade, g.Independent)
	}
	if g := of("100"); g.Grade != figures.Contested || g.Low.Number != 100 || g.High.Number != 785 || !g.High.Part || g.Independent != 3 {
		t.Errorf("about 100 is %s, %+v to %+v, of %d origins", g.Grade, g.Low, g.High, g.Independent)
	}
	if l, _ := s.Line(cast.Figures["some"]); l.Standing != figures.Revised || l.By != cast.Figures["hundreds"] {
		t.Errorf("what the officials said first is %s", l.Standing)
	}
	if len(s.Conflicts) != 1 || s.Conflicts[0].Kind != figures.PartExceeds {
		t.Errorf("the conflicts are %+v", s.Conflicts)
	}
	if l, _ := s.Line(cast.Figures["785"]); len(l.AnsweredBy) != 2 {
		t.Errorf("785 is answered by %v", l.AnsweredBy)
	}
	releases, err := h.Figures.Releases(t.Context())
	if err != nil || len(releases) != 1 {
		t.Fatalf("%d releases, %v", len(releases), err)
	}
	if c, err := h.Figures.CheckRelease(t.Context(), releases[0].ID); err != nil || !c.Frozen || !c.Recomputed {
		t.Errorf("the release is checked: %+v, %v", c, err)
	}
	asked, err := h.Figures.Questions(t.Context())
	if err != nil || len(asked) != 3 {
		t.Errorf("%d questions, %v", len(asked), err)
	}
	for _, q := range asked {
		s, err := h.Figures.Sheet(t.Context(), q.ID, figures.AsOf{})
		if err != nil || q.ID != cast.Question && len(s.Conflicts) > 0 {
			t.Errorf("other sheets have the conflicts %+v, %v", s.Conflicts, err)
		}
	}
}
