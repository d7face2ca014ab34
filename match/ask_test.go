package match_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"homeward/match"
	"homeward/register"
)

// TestAsk reads questions as they are typed.
func TestAsk(t *testing.T) {
	t.Parallel()
	year := func(from int, to ...int) register.Years {
		return register.Years{From: from, To: append(to, from)[0]}
	}
	kin := func(role register.Role, name string) []match.WantedKin {
		return []match.WantedKin{{Role: role, Name: name}}
	}
	places := func(s string) bool { return slices.Contains([]string{"Ботлих", "Roj", "Кавказа"}, s) }
	for ask, want := range map[string]match.Wanted{
		"Аминат Магомедова":           {Name: "Аминат Магомедова", Begins: true},
		"Аминат Магомедова ":          {Name: "Аминат Магомедова"},
		"Аминат, ":                    {Name: "Аминат"},
		"дочь Магомеда, Ботлих, 1994": {Kin: kin(register.RoleParent, "Магомеда"), Place: "Ботлих", Born: year(1994), Sex: "female"},
		"Aminat, 25, wife of Isa":     {Name: "Aminat", Born: year(1993, 1994), Sex: "female", Kin: kin(register.RoleSpouse, "Isa")},
		"Aminat 1991":                 {Name: "Aminat", Born: year(1991)},
		"Aminat, 1991 or 1994":        {Name: "Aminat", Born: year(1991), Or: []register.Years{year(1994)}},
		"Аминат, 1991/1994":           {Name: "Аминат", Born: year(1991), Or: []register.Years{year(1994)}},
		"Аминат, 1991 или 1991":       {Name: "Аминат", Born: year(1991)},
		"Аминат 1990-1992 г.р.":       {Name: "Аминат", Born: year(1990, 1992)},
		"Аминат, около 1991":          {Name: "Аминат", Born: year(1989, 1993)},
		"Аминат, 25-30 лет":           {Name: "Аминат", Born: year(1988, 1994)},
		"أمينة، ٢٥ سنة":               {Name: "أمينة", Born: year(1993, 1994)},
		"بنت محمد":                    {Kin: kin(register.RoleParent, "محمد"), Sex: "female"},
		"فاطمة بنت محمد":              {Name: "فاطمة بنت محمد", Begins: true},
		"أم يوسف":                     {Name: "أم يوسف", Begins: true},
		"Зара, вместе с Марьям":       {Name: "Зара", Kin: kin("", "Марьям")},
		"Зара, с Марьям":              {Name: "Зара", Kin: kin("", "Марьям")},
		"Зара, с Кавказа":             {Name: "Зара", Place: "Кавказа"},
		"Зара, из Ботлиха":            {Name: "Зара", Place: "Ботлиха"},
		"in Roj":                      {Place: "Roj"},
		"бабушка Юсуфа":               {Kin: kin(register.RoleRelative, "Юсуфа"), Sex: "female"},
		"Аминат дочь Магомеда, Roj":   {Name: "Аминат", Kin: kin(register.RoleParent, "Магомеда"), Place: "Roj", Sex: "female"},
		"1994":         {Born: year(1994)},
		"Аминат 12345": {Name: "Аминат 12345", Begins: true},
		", ;,":         {},
		"":             {},
		"дочь":         {Name: "дочь", Begins: true},
		"мать Юсуфа, сестра Патимат": {Kin: append(kin(register.RoleChild, "Юсуфа"), kin(register.RoleSibling, "Патимат")...), Sex: "female"},
	} {
		got := match.Ask(ask, 2019, places)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(match.Wanted{})); diff != "" {
			t.Errorf("%q:\n%s", ask, diff)
		}
	}
}

// bad are questions that nobody asks, and somebody types.
var bad = []string{
	strings.Repeat("Аминат ", 1500), strings.Repeat("а", 10_000), strings.Repeat("ab", 5_000) + ", 1994", strings.Repeat("1", 10_000), strings.Repeat("дочь ", 3_000), strings.Repeat("😀", 3_000),
	strings.Repeat("Марьям, ", 2_000), "Aминaт", "АmиnаТ", "Amiнатأمينة", "!!!???", "—", "...", "12345", "0", "😀😀", "\u202eАминат\u202c", "\u200f\u200e\u2067", "\x00\x01\x02", "\xff\xfe\xfd", "Амин\xd0",
	"\u0301\u0301\u0301", "ﷺ", "ʼ'`\"", "a/b", "1991/", "/", "-", "19-", "~", "или", "1991 или", "дочь дочь дочь", "с", "из", "from ", "\t\n\r", "（）", "＝cmd", "Ⅳ", "٣", "0x1F", "1e9", "∞", "ﬁ", "ß", "İ", "ǅ", "𝓐𝓶𝓲𝓷𝓪𝓽", "Аминат\u00adка",
}

// TestBadInputIsAnswered asks them: an answer, and a quick one.
func TestBadInputIsAnswered(t *testing.T) {
	t.Parallel()
	m := village(t)
	for i, q := range bad {
		start := time.Now()
		for _, w := range []match.Wanted{m.people.Ask(q), {Name: q, Begins: true}, {Place: q}, {Name: "Аминат", Place: q, Kin: []match.WantedKin{{Name: q}}}, {Kin: []match.WantedKin{{Role: register.RoleParent, Name: q}}}} {
			if _, err := m.people.Search(t.Context(), w); err != nil {
				t.Errorf("question %d: %v", i, err)
			}
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("question %d took %v", i, took)
		}
	}
	for i, q := range bad {
		if _, err := m.people.Compare(t.Context(), []register.Row{{Names: []string{q, "Аминат"}, Seen: q, Sex: q, Kin: []register.KinName{{Role: register.RoleMother, Name: q}}}}, nil); err != nil {
			t.Errorf("row %d: %v", i, err)
		}
	}
}

// FuzzAsk reads anything, and asks it of a village.
func FuzzAsk(f *testing.F) {
	for _, q := range bad {
		f.Add(q)
	}
	for _, q := range []string{"дочь Магомеда, Ботлих, 1994", "Aminat, 25, wife of Isa", "1991/1994", "أمينة، ٢٥", "Мар"} {
		f.Add(q)
	}
	m := village(f)
	f.Fuzz(func(t *testing.T, q string) {
		w := m.people.Ask(q)
		for _, s := range []string{w.Name, w.Place} {
			if !utf8.ValidString(s) {
				t.Errorf("%q is no text", s)
			}
		}
		for _, y := range append(slices.Clone(w.Or), w.Born) {
			if y.Known() && (y.From > y.To || y.From < 1800 || y.To > 2100) {
				t.Errorf("born %v", y)
			}
		}
		hits, err := m.people.Search(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range hits {
			if h.Person == "" || h.Name == "" && len(h.Names) > 0 || h.Strength.Bar < 0 || h.Strength.Bar > 100 {
				t.Errorf("hit %d: %+v", i, h)
			}
		}
	})
}

// TestOrderOfWordsIsIrrelevant asks the same words in another order.
func TestOrderOfWordsIsIrrelevant(t *testing.T) {
	m := village(t)
	words := []string{"Аминат", "Magomedova", "Марьям", "Ахмедовна", "Магомед", "Алиева", "أمينة", "Omarova", "Zzz"}
	rapid.Check(t, func(t *rapid.T) {
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(words), 1, 3, rapid.ID[string]).Draw(t, "words")
		other := rapid.Permutation(chosen).Draw(t, "order")
		a, err := m.people.Search(t.Context(), match.Wanted{Name: strings.Join(chosen, " ")})
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.people.Search(t.Context(), match.Wanted{Name: strings.Join(other, " ")})
		if err != nil {
			t.Fatal(err)
		}
		if len(a) != len(b) {
			t.Fatalf("%d and %d hits", len(a), len(b))
		}
		for i := range a {
			if a[i].Person != b[i].Person || a[i].Strength.Word != b[i].Strength.Word {
				t.Fatalf("at %d: %s and %s", i, a[i].Name, b[i].Name)
			}
		}
	})
}

// TestMoreEvidenceIsNoLess adds what is so to a question: it never speaks against.
func TestMoreEvidenceIsNoLess(t *testing.T) {
	m := village(t)
	score := func(w match.Wanted) float64 {
		hits, err := m.people.Search(t.Context(), w)
		if err != nil || standing(hits, "aminat") == 0 {
			t.Fatalf("%+v: %s", w, told(hits))
		}
		return hits[standing(hits, "aminat")-1].Score
	}
	last := 0.0
	w := match.Wanted{Name: "Аминат Магомедова"}
	for i, more := range []func(){
		func() {}, func() { w.Sex = "female" }, func() { w.Born = register.Years{From: 1994, To: 1994} }, func() { w.Place = "Ботлих" },
		func() {
			w.Kin = []match.WantedKin{{Role: register.RoleFather, Name: "Магомед Магомедов"}}
		},
	} {
		more()
		if now := score(w); now < last {
			t.Errorf("step %d: %.2f bits after %.2f", i, now, last)
		} else {
			last = now
		}
	}
	if w.Born = (register.Years{From: 1960, To: 1960}); score(w) >= last {
		t.Error("another year of birth does not speak against her")
	}
}

// TestWhoMayNotBeFoundIsNotCounted leaves out records before anything is ranked,
// also where they stand as somebody's kin.
func TestWhoMayNotBeFoundIsNotCounted(t *testing.T) {
	t.Parallel()
	m := village(t)
	dad, _ := m.ref("dad")
	her, _ := m.ref("aminat")
	for _, q := range []string{"Магомедов", "Магомедова", "Маг", "Ботлих", "отец Аминат", "дочь Магомеда"} {
		w := m.people.Ask(q)
		w.Allow = func(_ register.View, n register.Ref) bool { return n != dad && n != her }
		hits, err := m.people.Search(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		if standing(hits, "dad") != 0 || standing(hits, "aminat") != 0 {
			t.Errorf("%q: %s", q, told(hits))
		}
	}
	hits, err := m.people.Search(t.Context(), match.Wanted{Name: "Амина", Limit: 11, Allow: func(_ register.View, n register.Ref) bool { return n != her }})
	if err != nil || len(hits) != 11 {
		t.Errorf("%d hits of eleven, %v", len(hits), err)
	}
}

// TestRareEvidenceIsNotCutOff looks for the one of a very common name whose father
// has a rare one, and for the one at a place of her own, among more of her name than
// any look gives.
func TestRareEvidenceIsNotCutOff(t *testing.T) {
	t.Parallel()
	m := newHearsay(t)
	m.said("rare", name, "Зелимхан")
	for i := range 900 {
		id := "m" + string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		switch i {
		case 700:
			m.said(id, name, "Марьям Алиева", father, "@rare")
		case 800:
			m.said(id, name, "Марьям Алиева", seen, "Багуз")
		default:
			m.said(id, name, "Марьям Алиева", seen, "Рож")
		}
	}
	if hits := m.find("Марьям, дочь Зелимхана", 5); len(hits) == 0 || !slices.Contains(codes(hits[0]), match.KinHasName) {
		t.Errorf("the kin: %s", told(hits))
	}
	if hits := m.find("Марьям Алиева, Багуз", 5); len(hits) == 0 || !slices.Contains(codes(hits[0]), match.SamePlace) {
		t.Errorf("the place: %s", told(hits))
	}
}

// TestRecordsOfOnePersonAreWeighedTogether finds her by the name of one record and
// the year of another.
func TestRecordsOfOnePersonAreWeighedTogether(t *testing.T) {
	t.Parallel()
	m := village(t)
	m.said("heard", name, "Умукусум", birth, "1971")
	m.said("list", name, "U. Dadaeva", birth, "1975", seen, "Ракка")
	m.same("heard", "list")
	hits := m.find("Умукусум, 1975, Ракка", 5)
	if len(hits) != 1 || hits[0].Records != 2 || !slices.Contains(codes(hits[0]), match.SameBirthYear) || !slices.Contains(codes(hits[0]), match.SamePlace) {
		t.Fatal(told(hits))
	}
	if alone := m.find("Умукусум, 1973", 5); len(alone) != 1 || slices.Contains(codes(alone[0]), match.SameBirthYear) {
		t.Errorf("1973 is between 1971 and 1975 and neither: %s", told(alone))
	}
}
