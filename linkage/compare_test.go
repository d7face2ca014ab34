package linkage

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// plainEdits is the table that edits is a fast form of.
func plainEdits(a, b []byte) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range b {
		d[0][j+1] = j + 1
	}
	for i := range a {
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			d[i+1][j+1] = min(d[i][j+1]+1, d[i+1][j]+1, d[i][j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d[i+1][j+1] = min(d[i+1][j+1], d[i-1][j-1]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestEdits(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		a, b := make([]byte, r.IntN(12)), make([]byte, r.IntN(65))
		for _, s := range [][]byte{a, b} {
			for i := range s {
				s[i] = "abc"[r.IntN(3)]
			}
		}
		if r.IntN(2) == 0 {
			b = slices.Clone(a)
			if len(b) > 2 {
				i := r.IntN(len(b) - 1)
				b[i], b[i+1] = b[i+1], b[i]
			}
		}
		if got, want := edits(a, b), plainEdits(a, b); got != want {
			t.Fatalf("%q to %q: %d edits, want %d", a, b, got, want)
		}
	}
}

func TestWordsCompared(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want []uint8
	}{
		{"Amina", "AMINA", []uint8{wordsSame}},
		{"Al-Masri", "Masri", []uint8{wordsSame}},
		{"Khan Yunis", "Khan Younis", []uint8{wordsSpelling, wordsNear}},
		{"Mahmood", "Mahmud", []uint8{wordsSpelling}},
		{"Haddad", "Haddda", []uint8{wordsSpelling, wordsNear}},
		{"Amina", "A", []uint8{wordsInitial}},
		{"Abdulrahman", "Abd.", []uint8{wordsInitial}},
		{"Carew", "Carew Pole", []uint8{wordsPart, wordsInitial}},
		{"Amina", "Ruslan", []uint8{wordsDifferent}},
		{"Аминат", "Aminat", []uint8{wordsSpelling}},
		{"Магомед", "محمد", []uint8{wordsSpelling, wordsNear, wordsSimilar}},
		{"Аминат", "Ruslan", []uint8{wordsDifferent}},
		{"Hasan", "Husayn", []uint8{wordsDifferent}},
		{"Хасан", "حسين", []uint8{wordsDifferent}},
		{"Hussain", "Гусейн", []uint8{wordsSpelling, wordsNear, wordsSimilar}},
		{"Hosen", "Husayn", []uint8{wordsNear, wordsSimilar}},
	} {
		d := newDictionary()
		a, b := d.all[0], d.all[0]
		if id := d.id(c.a); id > 0 {
			a = d.all[id]
		}
		if id := d.id(c.b); id > 0 {
			b = d.all[id]
		}
		got := compareWords(&a, &b)
		if !slices.Contains(c.want, got) || compareWords(&b, &a) != got {
			t.Errorf("%s and %s: %q, the other way round %q", c.a, c.b, levelNames[kindWords][got], levelNames[kindWords][compareWords(&b, &a)])
		}
	}
}

func TestDatesRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]date{
		"1990-03-02": makeDate(1990, 3, 2), "02.03.1990": makeDate(1990, 3, 2), "2/3/1990": makeDate(1990, 3, 2), "19900302": makeDate(1990, 3, 2),
		"02031990": makeDate(1990, 3, 2), "1990": makeDate(1990, 0, 0), "1990-03": makeDate(1990, 3, 0), "03.1990": makeDate(1990, 3, 0), "1985~": makeDate(1985, 0, 0),
		"2 марта 1990": makeDate(1990, 3, 2), "March 1990": makeDate(1990, 3, 0), "٢.٣.١٩٩٠": makeDate(1990, 3, 2), "2 آذار 1990": makeDate(1990, 3, 2),
		"1853-81-01": makeDate(1853, 81, 1), "": 0, "unknown": 0, "12": 0, "99999999999999": 0,
	} {
		if got := readDate(text, dayFirst); got != want {
			t.Errorf("%q is read as %d-%d-%d", text, got.year(), got.month(), got.day())
		}
	}
	if got := readDate("3/14/1990", orderOf([]string{"1/2/1990", "3/14/1990"})); got != makeDate(1990, 3, 14) {
		t.Errorf("the month first: %d-%d-%d", got.year(), got.month(), got.day())
	}
}

func TestDatesCompared(t *testing.T) {
	t.Parallel()
	d := makeDate
	for _, c := range []struct {
		a, b date
		want uint8
	}{
		{d(1990, 3, 2), d(1990, 3, 2), dateSame}, {d(1990, 3, 2), d(1990, 2, 3), dateSwapped}, {d(1990, 3, 2), d(1990, 3, 12), dateTyped},
		{d(1990, 3, 2), d(1991, 3, 2), dateTyped}, {d(1990, 3, 2), d(1980, 3, 2), dateTyped}, {d(1990, 3, 2), d(1909, 3, 2), dateTyped},
		{d(1990, 3, 2), d(1990, 3, 17), dateTwo}, {d(1990, 3, 2), d(1990, 0, 0), dateYearOnly}, {d(1990, 3, 2), d(1990, 1, 1), dateYearOnly},
		{d(1990, 3, 2), d(1957, 3, 2), dateDay}, {d(1990, 3, 2), d(1990, 7, 21), dateYear}, {d(1990, 3, 2), d(1991, 7, 21), dateNear},
		{d(1990, 3, 2), d(1971, 0, 0), dateYearOff}, {d(1990, 3, 2), d(1971, 8, 30), dateDifferent},
	} {
		usual := uint32(d(0, 1, 1))
		if got := compareDates(c.a, c.b, usual); got != c.want || compareDates(c.b, c.a, usual) != got {
			t.Errorf("%d-%d-%d and %d-%d-%d: %s", c.a.year(), c.a.month(), c.a.day(), c.b.year(), c.b.month(), c.b.day(), levelNames[kindDate][got])
		}
	}
}

// TestTagsCompared holds the comparison of four words against the plain one.
func TestTagsCompared(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		var a, b tags
		wantSame, wantDiffer := 0, 0
		for i := range maxAtoms {
			x, y := uint64(r.IntN(4)), uint64(r.IntN(4))
			if r.IntN(3) == 0 && x > 0 {
				x |= 0x8000
			}
			if r.IntN(3) == 0 && y > 0 {
				y |= 0x8000
			}
			for t, v := range map[*tags]uint64{&a: x, &b: y} {
				if v != 0 {
					t[i>>2] |= v << (i & 3 * laneWidth)
					t[3] |= 1 << (lastLane + i)
				}
			}
			switch {
			case x == 0 || y == 0:
			case x == y:
				wantSame |= 1 << i
			default:
				wantDiffer |= 1 << i
			}
		}
		if same, differ := a.compare(&b); same != wantSame || differ != wantDiffer {
			t.Fatalf("same %b differ %b, want %b and %b", same, differ, wantSame, wantDiffer)
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	if a, b := phoneOf("+24944315888"), phoneOf("044315888"); a != b {
		t.Errorf("one telephone written in two ways: %s, %s", a, b)
	}
	if phoneOf("112") != "" {
		t.Error("three digits are taken for a telephone")
	}
	if compareEmails("odawson45@malone.com", "odawson45@malome.com") != codeMost || compareEmails("a@b.org", "kkkkkk@c.org") != codeDifferent {
		t.Error("addresses of mail")
	}
	if comparePostcodes("sy108ra", "sy108rb") != codeNear || comparePostcodes("sy108ra", "sy105zz") != codeArea || comparePostcodes("sy108ra", "e70jp") != codeDifferent {
		t.Error("postcodes")
	}
	for word, want := range map[string]uint32{"М": 1, "жен.": 2, "ذكر": 1, "أنثى": 2, "Frau": 2, "x": 0} {
		if got := sexOf(word); got != want {
			t.Errorf("%q is read as %d", word, got)
		}
	}
}
