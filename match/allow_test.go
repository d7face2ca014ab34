package match_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homeward/match"
	"homeward/register"
)

// TestWhoMayNotSeeIsAnsweredAsIfNobodyWereThere asks two registers: one in which a
// quarter of the people may not be seen, and one that never had them. Whoever is found,
// how many, in which order, with what reasons and how strong must be the same.
func TestWhoMayNotSeeIsAnsweredAsIfNobodyWereThere(t *testing.T) {
	t.Parallel()
	given := []string{"Аминат", "Aminat", "Амина", "أمينة", "Мадина", "Фатима", "Марьям", "مريم"}
	family := []string{"Магомедова", "Magomedova", "Алиева", "Исаева", "Гаджиева", "علي"}
	fathers := []string{"Магомед", "Magomed", "Али", "Иса", "محمد"}
	places := []string{"Ботлих", "Shali", "Хасавюрт"}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 8))
		pick := func(list []string) string { return list[r.IntN(len(list))] }
		all, left := newHearsay(t), newHearsay(t)
		// Both learn the words in one order: which of two words was learnt first may move
		// a score by a fraction of a bit, whoever has them.
		for i, word := range slices.Concat(given, family, fathers) {
			for _, m := range []*hearsay{all, left} {
				m.said(fmt.Sprint("w", i), name, word)
			}
		}
		hidden := map[string]bool{}
		for i := range 60 {
			her, dad := fmt.Sprint("h", i), fmt.Sprint("d", i)
			dads := []string{name, pick(fathers) + " " + pick(fathers), sex, "male"}
			said := []string{name, pick(given) + " " + pick(family), sex, "female", birth, strconv.Itoa(1985 + r.IntN(15)), home, pick(places), father, "@" + dad}
			hide := r.IntN(4) == 0
			for _, m := range []*hearsay{all, left} {
				if m == all || !hide {
					m.said(dad, dads...)
					m.said(her, said...)
				}
			}
			hidden[record(her)], hidden[record(dad)] = hide, hide
		}
		for _, question := range []string{
			pick(given), pick(given) + " " + pick(family), pick(given) + ", " + strconv.Itoa(1985+r.IntN(15)), "Мар", pick(family) + " Ам",
			"дочь Магомеда, " + pick(places), "daughter of Ali", pick(given) + ", дочь Исы", pick(given) + ", " + pick(places), "1990",
		} {
			w := all.people.Ask(question)
			w.Limit = 1 + r.IntN(30)
			want, err := left.people.Search(t.Context(), w)
			if err != nil {
				t.Fatal(err)
			}
			w.Allow = func(v register.View, n register.Ref) bool { return !hidden[v.ID(n)] }
			got, err := all.people.Search(t.Context(), w)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(brief(want), brief(got)); d != "" {
				t.Fatalf("seed %d, %q, at most %d:\n%s", seed, question, w.Limit, d)
			}
		}
	}
}

// brief is what a reader sees of the people found.
func brief(hits []match.Found) (out []string) {
	for _, h := range hits {
		out = append(out, fmt.Sprintf("%s %q %.6f %s %.6f %d %+v", h.Person, h.Name, h.Score, h.Strength.Word, h.Strength.Chance, h.Strength.Bar, h.Why))
	}
	return out
}
