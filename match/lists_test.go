package match_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/match"
	"homeward/register"
	"homeward/register/invented"
)

// TestAListAgainstTheRegister holds three rows against a village: one that is surely
// there, one that may be, one that is not.
func TestAListAgainstTheRegister(t *testing.T) {
	t.Parallel()
	m := village(t)
	var last int
	got, err := m.people.Compare(t.Context(), []register.Row{
		{Number: 2, Names: []string{"Zubaidat Abdurashidova"}, Sex: "female"},
		{Number: 3, Names: []string{"АМИНАТ МАГОМЕДОВА", "Аминат"}, Born: register.Years{From: 1994, To: 1994}, Sex: "female", Seen: "عين عيسى", Kin: []register.KinName{{Role: register.RoleFather, Name: "Магомедов Магомед"}}},
		{Number: 4, Names: []string{"Марьям"}, Sex: "female", Born: register.Years{From: 1987, To: 1987}, Seen: "Рож"},
	}, func(done int) { last = done })
	if err != nil {
		t.Fatal(err)
	}
	if last != 0 {
		t.Errorf("told of %d rows of three", last)
	}
	for i, want := range []struct {
		row     int
		outcome match.Outcome
		first   string
	}{{4, match.RowDoubtful, "w2"}, {3, match.RowHere, "aminat"}, {2, match.RowNowhere, ""}} {
		c := got[i]
		if c.Row.Number != want.row || c.Outcome != want.outcome {
			t.Errorf("at %d: row %d, %s, chance %.3f: %s", i, c.Row.Number, c.Outcome, c.Chance, told(c.Hits))
			continue
		}
		if want.first != "" && (len(c.Hits) == 0 || c.Hits[0].Person != record(want.first)) {
			t.Errorf("row %d: %s", want.row, told(c.Hits))
		}
	}
	if r := got[1].Hits[0]; !slices.Contains(codes(r), match.KinHasName) || !slices.Contains(codes(r), match.SamePlace) {
		t.Errorf("the reasons lack kin or place: %v", r.Why)
	}
}

// TestARowDoesNotFindItself leaves out what an earlier import made of the row.
func TestARowDoesNotFindItself(t *testing.T) {
	t.Parallel()
	m := village(t)
	row := register.Row{Number: 2, Names: []string{"Aminat Magomedova"}, Copies: []string{record("aminat")}}
	got, err := m.people.Compare(t.Context(), []register.Row{row}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range got[0].Hits {
		if h.Person == record("aminat") {
			t.Errorf("found itself: %s", told(got[0].Hits))
		}
	}
}

// TestOrderOfRowsIsIrrelevant compares the same rows in another order.
func TestOrderOfRowsIsIrrelevant(t *testing.T) {
	t.Parallel()
	m := village(t)
	var rows []register.Row
	for i, name := range []string{"Аминат", "Марьям Алиева", "Магомед Исаев", "Амина", "Патимат", "محمد", "Maryam Omarova"} {
		rows = append(rows, register.Row{Number: i + 1, Names: []string{name}})
	}
	first, err := m.people.Compare(t.Context(), rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(rows)
	second, err := m.people.Compare(t.Context(), rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range first {
		if a, b := first[i], second[i]; a.Row.Number != b.Row.Number || a.Outcome != b.Outcome || told(a.Hits) != told(b.Hits) {
			t.Errorf("at %d: row %d and row %d", i, a.Row.Number, b.Row.Number)
		}
	}
}

// rowsOf are rows as a list of strangers has them.
func rowsOf(n int) (rows []register.Row) {
	chance := rand.New(rand.NewPCG(11, 4))
	for i := range n {
		name := invented.Name(chance)
		year := 1960 + chance.IntN(58)
		rows = append(rows, register.Row{
			Number: i + 2, Names: []string{name, strings.Fields(name)[1]}, Born: register.Years{From: year, To: year}, Seen: "Аль-Холь",
			Kin: []register.KinName{{Role: register.RoleMother, Name: invented.Name(chance)}, {Role: register.RoleChild, Name: strings.Fields(invented.Name(chance))[1]}},
		})
	}
	return rows
}

// BenchmarkList holds a list of 1,779 rows against 100,000 people.
func BenchmarkList(b *testing.B) {
	p := match.Crowd(100_000)
	rows := rowsOf(1779)
	if testing.Short() {
		rows = rows[:100]
	}
	b.ResetTimer()
	for b.Loop() {
		start := time.Now()
		got, err := p.Compare(b.Context(), rows, nil)
		if err != nil {
			b.Fatal(err)
		}
		count := map[match.Outcome]int{}
		for _, c := range got {
			count[c.Outcome]++
		}
		b.ReportMetric(time.Since(start).Seconds(), "s/list")
		b.Logf("%v", count)
	}
}
