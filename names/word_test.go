package names

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func firstWord(s string) Word {
	for _, w := range arrange(words(s)) {
		if w.particle == notParticle {
			return NewWord(w.letters)
		}
	}
	return Word{}
}

func spelledOut(w Word) string {
	var names []string
	for _, l := range w.letters {
		names = append(names, letters[l].name)
	}
	return strings.Join(names, " ")
}

func TestSpell(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Schtscherbakow": "shch e r b a k o w",
		"Щербаков":       "щ е р б а к о в",
		"Шамиль":         "ш а м и л",
		"Дмитрий":        "д м и т р и",
		"Яна":            "й а н а",
		"Алла":           "а л а",
		"Xəlilova":       "x ə l i l o v a",
		"Çağla":          "ç a ğ l a",
		"Fatimah":        "f a t i m a",
		"O'Brien":        "o b r i e n",
		"A7mad":          "a 7 m a d", // seven is ح in messages
		"فاطمه":          "ف ا ط م ة", // a final heh is a teh marbuta without dots
		"أولغا":          "و ل غ ا",   // the alef only carries the vowel
		"تشيتشرين":       "چ ي چ ر ي ن",
		"آمنة":           "ا م ن ة",
		"محممد":          "م ح م د", // a slip of the finger
		"Abdulrahman":    "a b d u r a h m a n",
		"عبد الرحمن":     "ع ب د ا ر ح م ن",
		"Абд ар-Рахман":  "а б д р а х м а н",
		"Nur ad-Din":     "n u r d i n",
	} {
		if got := spelledOut(firstWord(in)); got != strings.TrimSpace(want) {
			t.Errorf("%s is read %q, want %q", in, got, want)
		}
	}
}

// TestBonesAcrossScripts holds names to the keys that an index finds them by.
func TestBonesAcrossScripts(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"Аминат Aminat أمينة Амина", "Магомедова Magomedova Magomedow", "Муслим Muslim مسلم", "Саламбек Salambek سلامبيك",
		"Шамиль Schamil Chamil شامل", "Чингиз Tschingis Čingiz Çingiz", "Абдурахман Abdurrahman عبدالرحمن",
		"Светлана Swetlana سفيتلانا", "Джамиля Jamila Cemile Dschamila جميلة", "Алиевич Али علي",
	} {
		all := strings.Fields(line)
		first := firstWord(all[0])
		want := first.Bones()
		for _, other := range all[1:] {
			w := firstWord(other)
			found := false
			w.Variants(5*Unit, 3000, func(b Bones, _ int) { found = found || b == want })
			if !found {
				t.Errorf("%s is not found under the keys of %s", all[0], other)
			}
		}
	}
}

func TestEndings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want Ending
	}{
		{"Магомедович", "Магомед", FatherName}, {"Алиевна", "علي", FatherName}, {"Ivanovitch", "Ivan", FatherName}, {"Исаевна", "Isa", FatherName},
		{"Алиева", "Алиев", Gendered}, {"Petrovskaya", "Петровский", Gendered}, {"Патимат", "Патима", FeminineT}, {"Адамов", "Adam", FamilyName},
	} {
		a, b := firstWord(c.a), firstWord(c.b)
		if fit := Between(&a, &b, 100*Unit); fit.A != c.want {
			t.Errorf("%s and %s: %+v, want the ending %d taken off", c.a, c.b, fit, c.want)
		}
	}
}

// TestCostsAreSensible holds the learnt table to what anybody knows of letters.
func TestCostsAreSensible(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"ш", "sh", "k"}, {"х", "kh", "m"}, {"ж", "zh", "l"}, {"خ", "kh", "s"}, {"ق", "q", "n"}, {"ش", "sh", "t"}, {"ج", "дж", "м"}, {"غ", "г", "с"}, {"ع", "а", "б"}, {"ц", "ts", "b"},
	} {
		x, likely, never := numberOf[c[0]], numberOf[c[1]], numberOf[c[2]]
		if directed.write[x][likely]+Unit > directed.write[x][never] {
			t.Errorf("%s is written %s at %d and %s at %d", c[0], c[1], directed.write[x][likely], c[2], directed.write[x][never])
		}
	}
	if v, c := directed.insert[numberOf["a"]][Arab], directed.insert[numberOf["m"]][Arab]; v+Unit > c {
		t.Errorf("a Latin a that Arabic does not write costs %d, an m %d", v, c)
	}
}

func TestBetweenIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := firstWord(anyName.Draw(t, "a")), firstWord(anyName.Draw(t, "b"))
		if len(a.letters) == 0 || len(b.letters) == 0 {
			return
		}
		one, two := Between(&a, &b, costMost), Between(&b, &a, costMost)
		if one.Cost != two.Cost {
			t.Fatalf("%d forth and %d back", one.Cost, two.Cost)
		}
		if self := Between(&a, &a, costMost); self.Cost != 0 {
			t.Fatalf("a word costs %d to be itself", self.Cost)
		}
	})
}

// TestReaderReadsAsRead holds the reader with a memory to the one without.
func TestReaderReadsAsRead(t *testing.T) {
	t.Parallel()
	var reader Reader
	rapid.Check(t, func(t *rapid.T) {
		name := anyName.Draw(t, "name")
		var want []string
		for _, p := range Read(name).Parts {
			if !p.Particle && len(p.Word.letters) > 0 {
				want = append(want, spelledOut(p.Word))
			}
		}
		var got []string
		for _, p := range reader.Read(name) {
			got = append(got, spelledOut(p.Word))
		}
		if len(want) > 0 && strings.Join(got, "|") != strings.Join(want, "|") {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Fatima bint Ali al-Shami":     "fatima:0 ali:1 shami:0",
		"أم أحمد فاطمة":                "احمد:2 فاطمة:0",
		"Алиева Нармин Рашид кызы":     "алиева:0 нармин:0 рашид:1",
		"Abu Bakr al-Baghdadi":         "abubakr:0 baghdadi:0",
		"Umm Ahmad":                    "ahmad:2",
		"Ан Светлана":                  "ан:0 светлана:0", // not an article: the next word begins otherwise
		"Habib Allah Karimi":           "habiballah:0 karimi:0",
		"Grina Yelena (Umm Ahmad al-)": "grina:0 yelena:0 ahmad:2",
	} {
		var got []string
		for _, p := range Read(name).Parts {
			if !p.Particle {
				got = append(got, p.Fold+":"+string('0'+rune(p.Role)))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is read %q, want %q", name, strings.Join(got, " "), want)
		}
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"Саша", "Aleksandr"}, {"Lena", "Елена"}, {"Patya", "Патимат"}, {"Hans", "Johannes"}, {"Bob", "Robert"}, {"Хадя", "خديجة"}} {
		a, b := Read(c[0]).Parts[0], Read(c[1]).Parts[0]
		if score, level := Alike(a, b); score < 0.75 {
			t.Errorf("%s and %s: %.2f at level %d", c[0], c[1], score, level)
		}
	}
	if score, level := Alike(Read("Саша").Parts[0], Read("Мария").Parts[0]); level == SameNameForm {
		t.Errorf("Саша is taken for Мария: %.2f", score)
	}
}

// TestFatherAndSon: those whose names are each other's patronymic are two people,
// and so are siblings.
func TestFatherAndSon(t *testing.T) {
	t.Parallel()
	same := Similarity("Арбиев Шамиль Каримович", "Arbiev Shamil Karimovich")
	for _, other := range []string{"Арбиев Карим Шамилевич", "Арбиев Руслан Каримович"} {
		if s := Similarity("Арбиев Шамиль Каримович", other); s > same-0.2 {
			t.Errorf("%s is %.2f like Арбиев Шамиль Каримович, his own name in Latin letters %.2f", other, s, same)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"Аминат", "عبد الرحمن بن", "\xff\xfeA7", strings.Repeat("abd al ", 999), "ﷺ ﷲ", "Nur ad-Din oglu", "أو", "a", strings.Repeat("ш", 9999)} {
		f.Add(s)
	}
	var reader Reader
	f.Fuzz(func(t *testing.T, s string) {
		n := Read(s)
		if len(n.Parts) > maxParts {
			t.Fatal("too many parts")
		}
		for _, p := range n.Parts {
			if len(p.Word.letters) > maxLetters {
				t.Fatal("too many letters")
			}
			count := 0
			start := time.Now()
			p.Word.Variants(5*Unit, 3000, func(Bones, int) { count++ })
			if count > 3000+2*numClasses {
				t.Fatalf("%d keys", count)
			}
			if took := time.Since(start); took > time.Second {
				t.Fatalf("the keys of %q took %v", p.Fold, took)
			}
		}
		if got := reader.Read(s); len(got) > maxParts {
			t.Fatal("too many words")
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		Read("Магомедова Аминат Магомедовна")
	}
}

func BenchmarkReader(b *testing.B) {
	var r Reader
	for b.Loop() {
		r.Read("Магомедова Аминат Магомедовна")
	}
}

func BenchmarkMeant(b *testing.B) {
	x, y := firstWord("Магомедова"), firstWord("Magomedowa")
	for b.Loop() {
		Meant(&x, &y, costMost)
	}
}

func BenchmarkVariants(b *testing.B) {
	w := firstWord("Schtscherbakowa")
	n := 0
	for b.Loop() {
		w.Variants(5*Unit, 3000, func(Bones, int) { n++ })
	}
}

func TestOtherLayouts(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"Fvbyfn Vfujvtljdf": "аминат магомедова", "Ффьтф": "aamna", "hgphl": "الحام", "фьштф": "amina"} {
		found := false
		for _, other := range OtherLayouts(typed) {
			found = found || other == want
		}
		if !found {
			t.Errorf("%s may be %q, want %s among them", typed, OtherLayouts(typed), want)
		}
	}
}

// A word that is held against many costs what it costs against each alone, in
// whatever order they come and however soon each is given up.
func TestFittingOneAfterTheOther(t *testing.T) {
	t.Parallel()
	var meant []Word
	for _, name := range []string{"Магомедова", "Магомедов", "Магомед", "Мадина", "аль-Хасан", "Алхасан", "الحسن", "حسن", "Mahmud", "Mahmoud", "Muhammad", "Alhasan", "Alina", "A", "محمد", "Магамедова"} {
		for _, p := range Read(name).Parts {
			meant = append(meant, p.Word)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.SampledFrom(meant).Draw(t, "asked")
		var f Fitting
		f.Begin(&asked)
		for i, w := range rapid.SliceOfN(rapid.SampledFrom(meant), 1, 12).Draw(t, "meant") {
			limit := rapid.IntRange(0, 40*Unit).Draw(t, "limit")
			if got, want := f.Meant(&w, limit), Meant(&w, &asked, limit); got != want {
				t.Fatalf("word %d of the row: %v, alone %v", i, got, want)
			}
		}
	})
}

// TestKnownNamesApart: names that are known for two are two, in whatever spelling and
// script; of forms of one name, and of what the table does not have, nothing is said.
func TestKnownNamesApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b  string
		apart bool
	}{
		{"Hasan", "Husayn", true}, {"Хасан", "Hussein", true}, {"حسن", "حسين", true}, {"Гасан", "Хусайн", true}, {"Саша", "Маша", true},
		{"Hussain", "Гусейн", false}, {"Hassan", "حسن", false}, {"Саша", "Александра", false}, {"Саша", "Alexandre", false},
		{"Hosn", "Husayn", false}, {"Qwzubaidjan", "Hasan", false},
	} {
		a, b := Read(c.a).Parts[0].Word, Read(c.b).Parts[0].Word
		if got := a.Known().Apart(b.Known()); got != c.apart || b.Known().Apart(a.Known()) != got {
			t.Errorf("%s and %s: apart %v", c.a, c.b, got)
		}
	}
}
