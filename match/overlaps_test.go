package match_test

import (
	"bytes"
	"testing"

	"homeward/match"
	"homeward/register"
)

// bringOf imports a list of one speaker.
func (p process) bringOf(t testing.TB, source, csv string) string {
	t.Helper()
	plan, err := p.Plan(t.Context(), register.List{Body: bytes.NewReader([]byte(csv)), Size: int64(len(csv))}, nil)
	must(t, err)
	done, err := plan.Run(t.Context(), clerk, register.RunOptions{Source: source}, nil)
	must(t, err)
	return done.Import
}

// TestOverlaps lays a relatives' list, a second version of it and a prison's list over
// each other: by decisions, with what is undecided told apart, and not those who are
// only named beside somebody.
func TestOverlaps(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		relatives, err := p.AddSource(t.Context(), clerk, register.NewSource{Label: "список Патимат", Kind: "list", Public: "relatives"})
		must(t, err)
		prison, err := p.AddSource(t.Context(), clerk, register.NewSource{Label: "prison list", Kind: "authority"})
		must(t, err)
		p.bringOf(t, relatives, "ФИО;Пол;Год рождения;Муж\nУмарова Зульфия Идрисовна;ж;1991;Умаров Адам\nСаидова Хадижат;ж;1990;\nДадаева Малика;ж;1988;\n")
		second := p.bringOf(t, relatives, "ФИО;Пол;Год рождения\nКадиева Патимат;ж;1985\n")
		p.bringOf(t, prison, "ФИО;Пол;Год рождения\nZulfiya Umarova;ж;1991\nСаидова Хадижат;ж;1990\nИдрисова Луиза;ж;1979\n")
		p.work(t)
		lists, err := p.Rosters(t.Context())
		must(t, err)
		if len(lists) != 2 || lists[0].Source.ID != relatives || lists[0].Lists != 2 || len(lists[0].People) != 4 || len(lists[1].People) != 3 || lists[0].Public != "relatives" || lists[1].Kind != "authority" {
			t.Fatalf("the lists are %+v", lists)
		}
		l, err := p.proposals.Overlaps(t.Context(), lists, []string{"A", "B"})
		must(t, err)
		if len(l.People) != 7 || len(l.Doubtful) != 2 {
			t.Errorf("undecided: %d people, %d pairs", len(l.People), len(l.Doubtful))
		}
		p.decide(t, p.open(t, match.Asked{}).Rows)
		lists, err = p.Rosters(t.Context())
		must(t, err)
		l, err = p.proposals.Overlaps(t.Context(), lists, []string{"A", "B"})
		must(t, err)
		table, err := l.Apart()
		must(t, err)
		if len(l.Doubtful) != 0 || table.N() != 5 || table.Overlap(0, 1) != 2 {
			t.Errorf("decided: %d people, %d on both, %d pairs", table.N(), table.Overlap(0, 1), len(l.Doubtful))
		}
		must(t, p.UndoImport(t.Context(), clerk, second, "an old version"))
		lists, err = p.Rosters(t.Context())
		must(t, err)
		if len(lists[0].People) != 3 || lists[0].Lists != 1 {
			t.Errorf("after undoing %+v", lists[0])
		}
	})
}

// decide says of every pair that it is one person.
func (p process) decide(t testing.TB, pairs []match.Proposal) {
	t.Helper()
	for _, x := range pairs {
		_, err := p.Judge(t.Context(), clerk, x.A, x.B, register.Same, "the same letters")
		must(t, err)
	}
	if len(pairs) == 0 {
		t.Fatal("no pairs to decide about")
	}
}
