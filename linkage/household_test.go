package linkage_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// told is what several people say of one.
type told struct{ given, father, sex, born string }

// report adds what a number of people say of somebody of one house; the last of them
// does not know its telephone.
func (p told) report(rows [][]string, id string, times int) [][]string {
	for k := range times {
		row := []string{fmt.Sprintf("%s/%d", id, k), p.given, p.father, "Vakharzanov", p.sex, p.born, "Shali", "89287770011"}
		if k == 4 {
			row[7] = ""
		}
		rows = append(rows, row)
	}
	return rows
}

// TestTwinsFathersAndSonsStayTwo puts twins, a father and his son of one name, two
// cousins of one name and a child that bears a dead one's into a list of others, each
// told of by several people. None of them may become one, with dates or without.
func TestTwinsFathersAndSonsStayTwo(t *testing.T) {
	t.Parallel()
	for _, dated := range []bool{true, false} {
		rows, _ := invented(11, 900)
		people := map[string]told{
			"twin-a": {"Khalid", "Umar", "m", "2011-04-09"}, "twin-b": {"Umalt", "Umar", "m", "2011-04-09"},
			"sister-a": {"Zulay", "Umar", "f", "2014-09-30"}, "sister-b": {"Luiza", "Umar", "f", "2014-09-30"},
			"father": {"Akhmed", "Suleyman", "m", "1961-02-11"}, "son": {"Akhmed", "Akhmed", "m", "1990-07-23"},
			"cousin-a": {"Ibragim", "Dzhabrail", "m", "2001-01-17"}, "cousin-b": {"Ibragim", "Isa", "m", "2003-11-02"},
		}
		if dated {
			people["dead"], people["later"] = told{"Selim", "Umar", "m", "2006-03-05"}, told{"Selim", "Umar", "m", "2009-10-14"}
		}
		for id, p := range people {
			if !dated {
				p.born = ""
			}
			rows = p.report(rows, id, 5)
		}
		of := clustersOf(t, link(t, rows))
		where := map[string]string{}
		for id := range people {
			for k := range 5 {
				c := of[fmt.Sprintf("%s/%d", id, k)]
				if other, ok := where[c]; ok && other != id {
					t.Errorf("dated %v: %s and %s became one", dated, other, id)
				}
				where[c] = id
			}
		}
	}
	// These stay two only because what each group says again and again is held against
	// the other: report by report, a difference passes for a slip.
	for _, c := range []struct {
		of    string
		times int
		a, b  told
	}{
		{"cousins", 3, told{"Ibragim", "Dzhabrail", "m", ""}, told{"Ibragim", "Isa", "m", ""}},
		{"cousins whose fathers are called alike", 3, told{"Ibragim", "Sultan", "m", ""}, told{"Ibragim", "Sulim", "m", ""}},
		{"cousins of nearly one day", 2, told{"Ibragim", "Dzhabrail", "m", "2001-01-17"}, told{"Ibragim", "Isa", "m", "2001-01-27"}},
	} {
		staysTwo(t, c.of, c.times, c.a, c.b)
	}
}

// TestHasanAndHusaynAreTwo: twins are often called by two names that are alike by their
// letters. Everything else of them is the same, and they stand in one list.
func TestHasanAndHusaynAreTwo(t *testing.T) {
	t.Parallel()
	for i, names := range [][2]string{
		{"Hasan", "Husayn"}, {"Hassan", "Hussain"}, {"Khasan", "Khusein"}, {"Хасан", "Хусейн"}, {"Гасан", "Гусейн"}, {"حسن", "حسين"}, {"Хасан", "Hussein"}, {"Hasan", "حسين"},
	} {
		born, times := []string{"2011-04-09", ""}[i%2], []int{1, 1, 4, 4}[i%4]
		staysTwo(t, names[0]+" and "+names[1], times, told{names[0], "Umar", "m", born}, told{names[1], "Umar", "m", born})
	}
}

// staysTwo puts two people into a list of others. Each of them must be one, and not the
// other.
func staysTwo(t *testing.T, who string, times int, a, b told) {
	t.Helper()
	rows, _ := invented(11, 900)
	of := clustersOf(t, link(t, b.report(a.report(rows, "a", times), "b", times)))
	if of["a/0"] == of["b/0"] {
		t.Errorf("%s, born %q, told %d times: they became one", who, a.born, times)
	}
	for k := range times {
		if of[fmt.Sprint("a/", k)] != of["a/0"] || of[fmt.Sprint("b/", k)] != of["b/0"] {
			t.Errorf("%s, born %q, told %d times: one of them became several", who, a.born, times)
		}
	}
}

// twoLists are what two camps wrote down of the same families: a given name, often a
// year, a village of a few, and a number of the family that each camp gave for itself.
// Homonyms abound; truth says who is who.
func twoLists(seed uint64, families int, numbered bool) (rows [][]string, truth map[string]string) {
	r := rand.New(rand.NewPCG(seed, 2))
	given := strings.Fields("Aminat Madina Patimat Zarema Khadija Fatima Layla Maryam Salma Huda Yusuf Magomed Ruslan Karim Samir Bilal Nasir Idris Omar Tariq Zulay Makka Seda Petimat Sumaya Rukiya Adam Isa Musa Yakub Salman Usman")
	rare := strings.Fields("bek khan sultan mirza dzhan nur")
	villages := strings.Fields("Shali Argun Botlikh Kurchaloy Vedeno Urus")
	rows = [][]string{{"id", "given name", "year of birth", "sex", "village", "household", "source"}}
	truth = map[string]string{}
	for h := range families {
		village := villages[r.IntN(len(villages))]
		numbers := [2]string{fmt.Sprint(1000 + r.IntN(90000)), fmt.Sprint(1000 + r.IntN(90000))}
		for m := range 3 + r.IntN(4) {
			name, sex := given[r.IntN(len(given))], []string{"m", "f"}[r.IntN(2)]
			if r.IntN(3) == 0 {
				name += rare[r.IntN(len(rare))] + string(rune('a'+r.IntN(26)))
			}
			year := 1950 + r.IntN(70)
			for list := range 2 {
				if r.IntN(5) == 0 {
					continue
				}
				born := fmt.Sprint(year + r.IntN(2))
				if r.IntN(4) == 0 {
					born = ""
				}
				row := []string{fmt.Sprintf("p%d.%d/%d", h, m, list), slip(r, name), born, sex, village, "", fmt.Sprint(list + 1)}
				if numbered {
					row[5] = numbers[list]
				}
				truth[row[0]] = fmt.Sprintf("%d.%d", h, m)
				rows = append(rows, row)
			}
		}
	}
	return rows, truth
}

// TestASisterRaisesHerBrother: who is found in two lists raises the others of her
// household, whose numbers mean something within each list alone; and no more wrong
// pairs come of it than without.
func TestASisterRaisesHerBrother(t *testing.T) {
	t.Parallel()
	score := func(numbered bool) (right, wrong float64) {
		rows, truth := twoLists(5, 900, numbered)
		first := map[string]string{}
		for id, c := range clustersOf(t, link(t, rows)) {
			if other, ok := first[c]; !ok {
				first[c] = id
			} else if truth[other] == truth[id] {
				right++
			} else {
				wrong++
			}
		}
		return right, wrong
	}
	right, wrong := score(true)
	rightAlone, wrongAlone := score(false)
	t.Logf("with households %v right, %v wrong; without %v, %v", right, wrong, rightAlone, wrongAlone)
	if right < 1.1*rightAlone {
		t.Errorf("households raise %v pairs to %v", rightAlone, right)
	}
	if wrong/(right+wrong) > wrongAlone/(rightAlone+wrongAlone) {
		t.Errorf("households make %v of %v pairs wrong, where %v of %v were", wrong, right+wrong, wrongAlone, rightAlone+wrongAlone)
	}
}
