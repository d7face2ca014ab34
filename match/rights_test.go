package match

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRightsComeBeforeEverything hides records of a crowd of homonyms at random. Whoever
// may not see them is answered as if they were not there: the same records, as many, in
// the same order, however few are asked for and however many hidden ones fit better.
func TestRightsComeBeforeEverything(t *testing.T) {
	t.Parallel()
	given := []string{"Аминат", "Aminat", "Амина", "أمينة", "Aminatt", "Магомед", "Magomed", "محمد", "Мадина", "Фатима", "Fatimat"}
	family := []string{"Магомедова", "Magomedova", "Магомедов", "Алиева", "Alieva", "Исаева", "علي", "Гаджиева"}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		all, left := NewIndex(), NewIndex()
		hidden := map[Ref]bool{}
		for i := range Ref(30 + r.IntN(800)) {
			rec := Record{Ref: i, Names: []string{given[r.IntN(len(given))] + " " + family[r.IntN(len(family))]}, Sex: Sex(r.IntN(3))}
			if r.IntN(3) > 0 {
				y := 1980 + r.IntN(20)
				rec.Born = Years{y, y}
			}
			all.Add(rec)
			if hidden[i] = r.IntN(4) == 0; !hidden[i] {
				left.Add(rec)
			}
		}
		if seed%2 == 0 {
			all.Settle()
			left.Settle()
		}
		for range 10 {
			q := Query{Name: given[r.IntN(len(given))], Sex: Sex(r.IntN(3)), Limit: 1 + r.IntN(40)}
			if r.IntN(2) == 0 {
				q.Name += " " + family[r.IntN(len(family))]
			}
			if r.IntN(2) == 0 {
				y := 1980 + r.IntN(20)
				q.Born = Years{y, y}
			}
			want := left.Search(q)
			q.Allow = func(n Ref) bool { return !hidden[n] }
			if got := all.Search(q); !slices.Equal(got, want) {
				t.Fatalf("seed %d, %q, at most %d: %v, want %v", seed, q.Name, q.Limit, got, want)
			}
		}
	}
}
