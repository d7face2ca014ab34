package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homeward/internal/host"
	"homeward/register"
	"homeward/register/invented"
	"homeward/statement"
)

// memory is a register that lives in memory alone.
type memory struct {
	*register.Register
	*Weigher
	people *People
	at     int64
	ids    int
}

func newMemory() *memory {
	h := host.Host{Now: func() time.Time { return time.Date(2019, 10, 15, 9, 0, 0, 0, time.UTC) }}
	r := register.New("office", nil, nil, nil, nil, h)
	return &memory{Register: r, Weigher: NewWeigher(r, h), people: NewPeople(r, h)}
}

// say tells the register, as the ledger would.
func (m *memory) say(id string, p statement.Property, value, object string) {
	m.Learner().Learn([]statement.Recorded{{
		Statement: statement.Statement{Subject: id, Key: id, Property: p, Value: value, Object: object}, Index: m.at, RecordedAt: time.Unix(1571130000, 0),
	}})
	m.at++
}

func (m *memory) open(kind statement.Kind) string {
	m.ids++
	id := fmt.Sprintf("0192a0de-0000-7000-8000-%012d", m.ids)
	m.say(id, statement.RecordKind, string(kind), "")
	return id
}

// person writes down a record: a name, then property and value in turn.
func (m *memory) person(name string, facts ...string) string {
	id := m.open(statement.Person)
	m.say(id, statement.PersonName, name, "")
	for i := 0; i+1 < len(facts); i += 2 {
		m.say(id, statement.Property(facts[i]), facts[i+1], "")
	}
	return id
}

// tie says what an object is to a record.
func (m *memory) tie(id string, p statement.Property, object string) { m.say(id, p, "", object) }

func (m *memory) judge(a, b string, p statement.Property) { m.say(a, p, "", b) }

// crowd fills the register with strangers.
func (m *memory) crowd(n int) {
	chance := rand.New(rand.NewPCG(3, 5))
	for range n {
		m.person(invented.Name(chance), "person.birth_date", fmt.Sprint(1950+chance.IntN(65)), "person.sex", []string{"female", "male"}[chance.IntN(2)])
	}
}

func (m *memory) weighed(t testing.TB, a, b string) Weighing {
	t.Helper()
	w, ok := m.Weigh(a, b)
	if !ok {
		t.Fatalf("%s and %s are not weighed", a, b)
	}
	return w
}

// spelled shows a weighing as a person would read it.
func spelled(w Weighing) string {
	out := fmt.Sprintf("total %+.1f, prior %+.1f\n", w.Total, w.Prior)
	for _, f := range w.Fields {
		out += fmt.Sprintf("  %-8s %-15s %+6.1f  %s | %s\n", f.Field, f.Level, f.Bits, f.A, f.B)
	}
	return out
}

// TestOnePersonInTwoScripts is the usual case.
func TestOnePersonInTwoScripts(t *testing.T) {
	m := newMemory()
	m.crowd(300)
	a := m.person("Умарова Зульфия Идрисовна", "person.birth_date", "1991", "person.sex", "female", "person.home_region", "Ботлих")
	b := m.person("Zulfiya Umarova", "person.birth_date", "1991", "person.sex", "female", "person.home_region", "Botlikh")
	w := m.weighed(t, a, b)
	if w.Posterior() < 3 {
		t.Errorf("she is not found again: %s", spelled(w))
	}
	t.Log(spelled(w))
}

// TestARareNameWeighsMore holds one agreement against the other.
func TestARareNameWeighsMore(t *testing.T) {
	m := newMemory()
	m.crowd(300)
	bits := func(name string) float64 { return m.weighed(t, m.person(name), m.person(name)).Total }
	common, rare := bits("Магомед"), bits("Эльмурза")
	if rare < common+2 {
		t.Errorf("the rare name weighs %.1f bits, Magomed %.1f", rare, common)
	}
}

// TestTwinsAreTwo: one day of birth, one family, one father, one mother, two given
// names; in one list, and in two.
func TestTwinsAreTwo(t *testing.T) {
	m := newMemory()
	m.crowd(300)
	list, other := m.open(statement.ImportRecord), m.open(statement.ImportRecord)
	family := func(list string, given ...string) (out []string) {
		mother := m.person("Дадаева Марьям Исаевна", "person.sex", "female", "person.birth_date", "1985")
		for i, g := range given {
			id := m.person("Дадаева "+g+" Умаровна", "person.birth_date", "2010-03-05", "person.sex", "female")
			m.tie(id, statement.KinMother, mother)
			m.say(id, statement.ImportRow, fmt.Sprint(i+2), list)
			out = append(out, id)
		}
		return out
	}
	one, two := family(list, "Хадижат", "Фатима"), family(other, "Хадижат", "Фатима")
	for _, pair := range [][2]string{{one[0], one[1]}, {one[0], two[1]}, {one[1], two[0]}} {
		if w := m.weighed(t, pair[0], pair[1]); w.Posterior() > -2 {
			t.Errorf("twins become one: %s", spelled(w))
		}
	}
	for i := range one {
		if w := m.weighed(t, one[i], two[i]); w.Posterior() < 2 {
			t.Errorf("a twin is not found again: %s", spelled(w))
		}
	}
}

// TestAFatherIsNotHisSon: the given name and the family's agree, the years are a
// generation apart, and the fathers' names contradict each other.
func TestAFatherIsNotHisSon(t *testing.T) {
	m := newMemory()
	m.crowd(300)
	for _, names := range [][2]string{
		{"Магомед Алиевич Магомедов", "Магомед Магомедович Магомедов"},
		{"Эльмурза Бекоевич Эльмурзаев", "Эльмурза Эльмурзаевич Эльмурзаев"},
		{"Magomed Magomedov", "Магомед Магомедов"},
	} {
		father := m.person(names[0], "person.birth_date", "1960", "person.sex", "male")
		son := m.person(names[1], "person.birth_date", "1985", "person.sex", "male")
		if w := m.weighed(t, father, son); w.Posterior() > -3 {
			t.Errorf("a father becomes his son: %s", spelled(w))
		}
	}
}

// TestOneSiblingRaisesTheOthers: when a person decides that one of the children is
// one, the others and the mother weigh more.
func TestOneSiblingRaisesTheOthers(t *testing.T) {
	m := newMemory()
	m.crowd(300)
	family := func(mother string, children ...string) (out []string) {
		id := m.person(mother, "person.sex", "female")
		for _, c := range children {
			child := m.person(c)
			m.tie(child, statement.KinMother, id)
			out = append(out, child)
		}
		return append(out, id)
	}
	one := family("Саидова Луиза", "Саидов Тимур", "Саидова Милана", "Саидов Ислам")
	two := family("Luisa", "Timur", "Milana", "Islam")
	var before []float64
	for i := range one {
		before = append(before, m.weighed(t, one[i], two[i]).Total)
	}
	m.judge(one[0], two[0], statement.JudgedSame)
	for i := 1; i < len(one); i++ {
		w := m.weighed(t, one[i], two[i])
		if w.Total < before[i]+0.5 {
			t.Errorf("%d: %.1f bits before, now %s", i, before[i], spelled(w))
		}
	}
	// The mother's children are a group: without them little would be known of her.
	alone := m.weighed(t, m.person("Саидова Луиза", "person.sex", "female"), m.person("Luisa", "person.sex", "female"))
	if w := m.weighed(t, one[3], two[3]); w.Total < alone.Total+6 {
		t.Errorf("alone %.1f, with her children %s", alone.Total, spelled(w))
	}
	// And his brother does not become him.
	if w := m.weighed(t, one[1], two[0]); w.Posterior() > -3 {
		t.Errorf("a sibling becomes another: %s", spelled(w))
	}
}

// TestAChildIsNotMarried: of one the year is known, of the other that she has a
// husband or a child.
func TestAChildIsNotMarried(t *testing.T) {
	m := newMemory()
	m.crowd(300)
	girl := m.person("Исаева Тамара", "person.birth_date", "2009")
	wife, husband := m.person("Исаева Тамара"), m.person("Тамбиев Иса")
	m.tie(wife, statement.KinSpouseOf, husband)
	mother, child := m.person("Исаева Тамара"), m.person("Исаев Тимур", "person.birth_date", "2011")
	m.tie(child, statement.KinMother, mother)
	for _, elder := range []string{wife, mother} {
		w := m.weighed(t, girl, elder)
		if !slices.ContainsFunc(w.Fields, func(f FieldWeight) bool { return f.Level == LevelTooYoung }) || w.Posterior() > -4 {
			t.Errorf("%s", spelled(w))
		}
	}
	grown := m.person("Исаева Тамара", "person.birth_date", "1985")
	if w := m.weighed(t, grown, wife); slices.ContainsFunc(w.Fields, func(f FieldWeight) bool { return f.Level == LevelTooYoung }) {
		t.Errorf("%s", spelled(w))
	}
}

// TestTheFamilysNameOfAMotherSaysNothingMore: two boys of one name whose mothers
// bear the family's name and two given ones.
func TestTheFamilysNameOfAMotherSaysNothingMore(t *testing.T) {
	m := newMemory()
	m.crowd(300)
	one, two := m.person("Плиев Ваха"), m.person("Плиев Ваха")
	m.tie(one, statement.KinMother, m.person("Плиева Иман"))
	m.tie(two, statement.KinMother, m.person("Плиева Зарема"))
	w := m.weighed(t, one, two)
	if !slices.ContainsFunc(w.Fields, func(f FieldWeight) bool { return f.Field == FieldParents && f.Level == LevelDiffers && f.Bits < 0 }) {
		t.Errorf("%s", spelled(w))
	}
}

// TestKinAreTwo: a mother who bears her daughter's name is not her daughter.
func TestKinAreTwo(t *testing.T) {
	m := newMemory()
	m.crowd(300)
	mother := m.person("Эльмурзаева Зарема", "person.sex", "female")
	daughter := m.person("Эльмурзаева Зарема", "person.sex", "female")
	m.tie(daughter, statement.KinMother, mother)
	if w := m.weighed(t, mother, daughter); w.Posterior() > -6 {
		t.Errorf("%s", spelled(w))
	}
}

// TestWeighingIsSymmetric holds for any two records, and the order in which things
// were said does not matter either.
func TestWeighingIsSymmetric(t *testing.T) {
	words := []string{"Магомед", "Аминат", "Aminat", "أمينة", "Гасанова", "Gasanow", "Ахмедовна", "Умм Юсуф", "ибн Али", "З."}
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [3]string {
			who := rapid.SampledFrom([]string{"0", "1", "2", "3"}).Draw(t, "who")
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				return [3]string{who, "person.sex", rapid.SampledFrom([]string{"female", "male"}).Draw(t, "sex")}
			case 1:
				return [3]string{who, "person.birth_date", rapid.SampledFrom([]string{"1991", "1991-02-03", "1991-03-02", "1960", "199X", "1991-01-01"}).Draw(t, "born")}
			case 2:
				return [3]string{who, "person.home_region", rapid.SampledFrom([]string{"Ботлих", "Botlikh", "Грозный"}).Draw(t, "place")}
			case 3:
				return [3]string{who, "kin.mother", rapid.SampledFrom([]string{"0", "1", "2", "3"}).Draw(t, "mother")}
			default:
				a, b := rapid.SampledFrom(words).Draw(t, "word"), rapid.SampledFrom(words).Draw(t, "word")
				return [3]string{who, "person.name", a + " " + b}
			}
		}), 4, 20).Draw(t, "said")
		weigh := func(said [][3]string) Weighing {
			m := newMemory()
			ids := map[string]string{}
			for _, who := range []string{"0", "1", "2", "3"} {
				ids[who] = m.person("Аминат")
			}
			for _, s := range said {
				if object, tied := ids[s[2]]; tied && s[0] != s[2] {
					m.tie(ids[s[0]], statement.Property(s[1]), object)
				} else if !tied {
					m.say(ids[s[0]], statement.Property(s[1]), s[2], "")
				}
			}
			one, _ := m.Weigh(ids["0"], ids["1"])
			back, _ := m.Weigh(ids["1"], ids["0"])
			back.A, back.B = back.B, back.A
			for i, f := range back.Fields {
				back.Fields[i].A, back.Fields[i].B = f.B, f.A
			}
			if d := cmp.Diff(one, back, cmp.AllowUnexported(FieldWeight{})); d != "" {
				t.Fatalf("the other way round: %s", d)
			}
			return one
		}
		first := weigh(said)
		slices.Reverse(said)
		sexes := map[string]int{} // the last word on a sex counts, so there order matters
		for _, s := range said {
			if s[1] == "person.sex" {
				sexes[s[0]]++
			}
		}
		again := weigh(said)
		if sexes["0"] < 2 && sexes["1"] < 2 && sexes["2"] < 2 && sexes["3"] < 2 && math.Abs(first.Total-again.Total) > 1e-9 {
			t.Fatalf("said in another order: %s%s", spelled(first), spelled(again))
		}
	})
}

// TestEveryLevelHasItsReason keeps the table readable.
func TestEveryLevelHasItsReason(t *testing.T) {
	for f, levels := range believed {
		for l, c := range levels {
			if c.Why == "" || c.M <= 0 || c.U+c.Of <= 0 {
				t.Errorf("%s %s: %+v", f, l, c)
			}
		}
	}
}

func BenchmarkWeighPair(b *testing.B) {
	m := newMemory()
	m.crowd(2000)
	x := m.person("Умарова Зульфия Идрисовна", "person.birth_date", "1991", "person.sex", "female", "person.home_region", "Ботлих")
	y := m.person("Zulfiya Umarova", "person.birth_date", "1991", "person.sex", "female", "person.home_region", "Botlikh")
	for b.Loop() {
		m.Weigh(x, y)
	}
}
