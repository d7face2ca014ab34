package match

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/names"
)

// indexed are invented people.
var indexed = []Record{
	{Ref: 0, Names: []string{"Магомедова Аминат Магомедовна"}, Sex: Female, Born: Years{1994, 1994}},
	{Ref: 1, Names: []string{"Магомедов Амин Магомедович"}, Sex: Male, Born: Years{1994, 1994}},
	{Ref: 2, Names: []string{"أمينة محمدوفا"}, Sex: Female, Born: Years{1993, 1993}},
	{Ref: 3, Names: []string{"Щербакова Юлия", "Yulia Shcherbakova"}, Sex: Female, Born: Years{1988, 1988}},
	{Ref: 4, Names: []string{"Fatima bint Ali al-Shami"}, Sex: Female},
	{Ref: 5, Names: []string{"عبد الرحمن خالد العبيدي"}, Sex: Male, Born: Years{2011, 2011}},
	{Ref: 6, Names: []string{"Исрапилова Саида (Умм Ахмад)"}, Sex: Female, Born: Years{1990, 1992}},
	{Ref: 7, Names: []string{"Johannes Zacharias"}, Sex: Male, Born: Years{1975, 1975}},
	{Ref: 8, Names: []string{"ნინო ბერიძე"}, Sex: Female},
	{Ref: 9, Names: []string{"Джамилова Джамиля"}, Sex: Female, Born: Years{2001, 2001}},
}

func indexOf(records ...Record) *Index {
	x := NewIndex()
	for _, r := range records {
		x.Add(r)
	}
	return x
}

func firstHit(hits []Hit) Ref {
	if len(hits) == 0 {
		return nobody
	}
	return hits[0].Ref
}

func TestSearch(t *testing.T) {
	t.Parallel()
	for _, settled := range []bool{false, true} {
		x := indexOf(indexed...)
		if settled {
			x.Settle()
		}
		for _, c := range []struct {
			q    Query
			want Ref
		}{
			{Query{Name: "Аминат Магомедова"}, 0}, {Query{Name: "Aminat Magomedova"}, 0}, {Query{Name: "Aminatt Magomedowa"}, 0},
			{Query{Name: "أمينة محمدوفا"}, 2}, {Query{Name: "Амінат Магомедова"}, 0}, {Query{Name: "магомедова аминат", Born: Years{1994, 1994}}, 0},
			{Query{Name: "Magomedov Amin", Sex: Male}, 1}, {Query{Name: "Schtscherbakowa Julia"}, 3}, {Query{Name: "شيرباكوفا يوليا"}, 3},
			{Query{Name: "Фатима аш-Шами"}, 4}, {Query{Name: "Abdurrahman al-Obaidi"}, 5}, {Query{Name: "Абдурахман Обейди", Born: Years{2010, 2010}}, 5},
			{Query{Name: "Saida Israpilova"}, 6}, {Query{Name: "Hans Zacharias"}, 7}, {Query{Name: "ნინო ბერიძე"}, 8}, {Query{Name: "Dschamilja Dschamilowa"}, 9},
			{Query{Name: "Cemile Cemilova"}, 9}, {Query{Name: "Fvbyfn Vfujvtljdf"}, 0}, {Query{Name: "Ыфшвф Шыкфзшдщмф"}, 6},
		} {
			if got := firstHit(x.Search(c.q)); got != c.want {
				t.Errorf("settled %v: %q finds %d first, want %d: %v", settled, c.q.Name, got, c.want, x.Search(c.q))
			}
		}
		for _, name := range []string{"", "!!!", "Wolfgang Oberhuber-Vogt", "😀"} {
			if hits := x.Search(Query{Name: name}); len(hits) > 0 && hits[0].Score > 4 {
				t.Errorf("%q finds %v", name, hits)
			}
		}
	}
}

func TestYearAndSexPartPeopleOfOneName(t *testing.T) {
	t.Parallel()
	x := NewIndex()
	for i := range 60 {
		x.Add(Record{Ref: Ref(i), Names: []string{"Алиева Мадина"}, Sex: Female, Born: Years{1950 + i, 1950 + i}})
	}
	x.Add(Record{Ref: 60, Names: []string{"Алиева Мадина"}, Sex: Male, Born: Years{1980, 1980}})
	hits := x.Search(Query{Name: "Madina Alieva", Sex: Female, Born: Years{1980, 1980}, Limit: 100})
	if len(hits) != 61 || hits[0].Ref != 30 {
		t.Fatalf("%d hits, the first %v, want all and 30", len(hits), hits[:1])
	}
	if at := slices.IndexFunc(hits, func(h Hit) bool { return h.Ref == 60 }); at < 5 {
		t.Errorf("a man stands at place %d of those who look for a woman", at)
	}
	if y := hits[1].Ref; y != 29 && y != 31 {
		t.Errorf("the second is born in %d", 1950+y)
	}
}

func TestRightsComeBeforeRanking(t *testing.T) {
	t.Parallel()
	x := NewIndex()
	for i := range 5000 {
		x.Add(Record{Ref: Ref(i), Names: []string{"Алиева Мадина"}, Sex: Female})
	}
	hits := x.Search(Query{Name: "Мадина Алиева", Limit: 3, Allow: func(r Ref) bool { return r >= 4998 }})
	if len(hits) != 2 || hits[0].Ref != 4998 {
		t.Errorf("%v, want the two that are allowed", hits)
	}
}

// contents is everything of the index that could tell a name.
func (x *Index) contents() []byte {
	return slices.Concat(x.words.packed, x.words.fresh, x.names)
}

func TestRemoveLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, settled := range []bool{false, true} {
		x := indexOf(indexed...)
		if settled {
			x.Settle()
		}
		for _, p := range names.Read(indexed[3].Names[0]).Parts {
			if !bytes.Contains(x.contents(), p.Word.Letters()) {
				t.Fatal("the letters of a word are nowhere, so that this test would prove nothing")
			}
		}
		x.Remove(3)
		if len(x.read.Read("")) != 0 || x.read.Remembers() != 0 {
			t.Error("the reader remembers words as they were written")
		}
		if firstHit(x.Search(Query{Name: "Щербакова Юлия"})) == 3 || x.Len() != len(indexed)-1 {
			t.Error("a removed record is found")
		}
		for _, p := range names.Read(indexed[3].Names[0]).Parts {
			if bytes.Contains(x.contents(), p.Word.Letters()) {
				t.Errorf("settled %v: %q is still in memory", settled, p.Fold)
			}
		}
		x.Remove(3)
		x.Remove(99)
		x.Settle()
		x.Add(indexed[3])
		if got := firstHit(x.Search(Query{Name: "Щербакова Юлия"})); got != 3 {
			t.Errorf("a record taken in again is not found: %d", got)
		}
		x.Reset()
		if x.Len() != 0 || len(x.contents()) != 0 || x.Search(Query{Name: "Юлия"}) != nil {
			t.Error("something is left after the reset")
		}
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	x := indexOf(indexed...)
	x.Settle()
	x.Add(Record{Ref: 4, Names: []string{"Зульфия Каримова"}})
	if firstHit(x.Search(Query{Name: "Фатима аш-Шами"})) == 4 || firstHit(x.Search(Query{Name: "Zulfiya Karimova"})) != 4 {
		t.Error("a record is found by what was known before")
	}
	if x.Len() != len(indexed) {
		t.Errorf("%d records", x.Len())
	}
}

// madeUp makes many records of few syllables, so that words are shared.
func madeUp(n int, seed uint64) []Record {
	r := rand.New(rand.NewPCG(seed, 2))
	syllables := strings.Fields("ма го мед али са ид ха сан за рин ру слан бек ис лам ма ди на")
	word := func() string {
		w := ""
		for range 2 + r.IntN(3) {
			w += syllables[r.IntN(len(syllables))]
		}
		return w
	}
	out := make([]Record, n)
	for i := range out {
		y := 1950 + r.IntN(60)
		out[i] = Record{Ref: Ref(i), Names: []string{word() + " " + word()}, Sex: Sex(r.IntN(3)), Born: Years{y, y}}
	}
	return out
}

// TestOrderAndHistoryDoNotMatter: what is found depends on what is in the index,
// not on how it came there. Hits far behind may differ: how early a common name is
// met decides how far its rare neighbours are followed.
func TestOrderAndHistoryDoNotMatter(t *testing.T) {
	t.Parallel()
	all := madeUp(400, 1)
	one := indexOf(all...)
	one.Settle()
	for seed := range uint64(8) {
		order := slices.Clone(all)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		other := NewIndex()
		for i, r := range order {
			if i%7 == 0 {
				other.Add(Record{Ref: r.Ref, Names: []string{"Кто Угодно"}})
			}
			other.Add(r)
			if i == 100 {
				other.Settle()
			}
		}
		for _, r := range all[:40] {
			a, b := one.Search(Query{Name: r.Names[0], Limit: 3}), other.Search(Query{Name: r.Names[0], Limit: 3})
			for i := range min(len(a), len(b)) {
				if d := a[i].Score - b[i].Score; a[i].Score > a[0].Score-4 && (d > 0.3 || d < -0.3) {
					t.Fatalf("seed %d, %s, place %d: %v and %v", seed, r.Names[0], i, a[i], b[i])
				}
			}
		}
	}
}

// TestComingAndGoing adds, takes out and settles in any order: who is in is found, and
// who is out is not; also when everybody left and a word nobody had comes again.
func TestComingAndGoing(t *testing.T) {
	t.Parallel()
	all := madeUp(120, 3)
	for seed := range uint64(30) {
		chance := rand.New(rand.NewPCG(seed, 3))
		x, in := NewIndex(), map[Ref]bool{}
		for step := range 600 {
			r := all[chance.IntN(len(all))]
			switch n := chance.IntN(20); {
			case n == 0:
				x.Settle()
			case n < 10:
				x.Add(r)
				in[r.Ref] = true
			default:
				x.Remove(r.Ref)
				delete(in, r.Ref)
			}
			if step == 300 {
				for _, r := range all {
					x.Remove(r.Ref)
				}
				x.Settle()
				clear(in)
			}
		}
		if x.Len() != len(in) {
			t.Fatalf("seed %d: %d records, %d were left in", seed, x.Len(), len(in))
		}
		for _, r := range all {
			hits := x.Search(Query{Name: r.Names[0], Sex: r.Sex, Born: r.Born, Limit: len(all)})
			if found := slices.ContainsFunc(hits, func(h Hit) bool { return h.Ref == r.Ref }); found != in[r.Ref] {
				t.Fatalf("seed %d: %v is in: %v, found: %v", seed, r, in[r.Ref], found)
			}
		}
	}
}

func TestEveryRecordFindsItself(t *testing.T) {
	t.Parallel()
	all := madeUp(3000, 2)
	x := indexOf(all...)
	for _, settled := range []bool{false, true} {
		if settled {
			x.Settle()
		}
		for i := 0; i < len(all); i += 37 {
			r := all[i]
			hits := x.Search(Query{Name: r.Names[0], Sex: r.Sex, Born: r.Born})
			if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Ref == r.Ref }) {
				t.Fatalf("settled %v: %v is not among its own hits %v", settled, r, hits)
			}
		}
	}
}

func TestHostileNamesAreQuick(t *testing.T) {
	t.Parallel()
	x := indexOf(madeUp(20_000, 3)...)
	for _, name := range []string{
		strings.Repeat("магомед", 2000), strings.Repeat("ал ", 5000), strings.Repeat("\u202e", 10_000), strings.Repeat("👩‍👧", 2500), "\xff\xfe\x00" + strings.Repeat("\x80", 9000),
		strings.Repeat("а", 10_000), strings.Repeat("хгкчшщцжj", 9), "маgоmеd аlи", strings.Repeat("ممم ", 3000), "' ' ' - - -", "1 2 3 4 5 6 7 8 9", strings.Repeat("abd al ", 3000),
	} {
		start := time.Now()
		x.Add(Record{Ref: 20_000, Names: []string{name}})
		x.Search(Query{Name: name})
		x.Remove(20_000)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%.20q took %v", name, took)
		}
	}
}

func TestReadersBesideAWriter(t *testing.T) {
	t.Parallel()
	all := madeUp(2000, 4)
	x := indexOf(all[:1000]...)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := range 300 {
				if hits := x.Search(Query{Name: all[i].Names[0]}); len(hits) == 0 {
					t.Error("a record that is in is not found")
					return
				}
			}
		})
	}
	for _, r := range all[1000:] {
		x.Add(r)
		x.Remove(r.Ref)
	}
	x.Settle()
	wg.Wait()
}

// TestSize holds the index to its promise on a register with few common words.
func TestSize(t *testing.T) {
	before := heap()
	x := indexOf(madeUp(100_000, 5)...)
	x.Settle()
	per := float64(heap()-before) / 100_000
	if per > 49 {
		t.Errorf("%.1f bytes a record", per)
	}
	runtime.KeepAlive(x)
}

func TestBench(t *testing.T) {
	t.Parallel()
	register := "id,full_name,sex,birth_year,origin\n"
	for i, r := range madeUp(500, 6) {
		register += fmt.Sprintf("R%d,%s,f,%d,\n", i, r.Names[0], r.Born.From)
	}
	var out bytes.Buffer
	report, err := Bench(strings.NewReader(register+"R500,\"Щербакова, Юлия\",f,1988,\n"), strings.NewReader("query_id\tname\tsex\tbirth_year\tkinds\nQ1\tShcherbakova Yulia\tf\t1988\t\nQ2\t???\t\t\t\n"), &out, nil)
	if err != nil {
		t.Fatal(err)
	}
	if report.Records != 501 || report.Queries != 2 || report.FindableUS <= 0 || report.Latency.P50 <= 0 {
		t.Errorf("%+v", report)
	}
	if !strings.HasPrefix(out.String(), "Q1\t1\tR500\t") || !strings.Contains(out.String(), "\nQ2\t0\t0\t") {
		t.Errorf("results:\n%.200s", out.String())
	}
	for _, bad := range []string{"", "id,name\n", "id,full_name,sex,birth_year\n1,2\n"} {
		if _, err := Bench(strings.NewReader(bad), strings.NewReader(""), &out, nil); err == nil {
			t.Errorf("the register %q is taken", bad)
		}
	}
}

func FuzzIndex(f *testing.F) {
	f.Add("Аминат", "Aminat", uint16(1994))
	f.Add("عبد الرحمن", "Abdurrahman\u202e", uint16(0))
	f.Add("\xff\xfe", strings.Repeat("а ", 50), uint16(65535))
	x := indexOf(madeUp(200, 7)...)
	x.Settle()
	f.Fuzz(func(t *testing.T, name, asked string, year uint16) {
		y := int(year)
		x.Add(Record{Ref: 200, Names: []string{name, asked}, Born: Years{y, y + 1}})
		hits := x.Search(Query{Name: asked, Born: Years{y, y}, Limit: 500})
		if !slices.IsSortedFunc(hits, func(a, b Hit) int {
			if a.Score > b.Score || a.Score == b.Score && a.Ref < b.Ref {
				return -1
			}
			return 1
		}) {
			t.Fatal("hits are out of order")
		}
		x.Remove(200)
		if slices.ContainsFunc(x.Search(Query{Name: asked}), func(h Hit) bool { return h.Ref == 200 }) {
			t.Fatal("a removed record is found")
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	all := madeUp(100_000, 8)
	x := indexOf(all...)
	x.Settle()
	i := 0
	for b.Loop() {
		x.Add(all[i%len(all)])
		i++
	}
}

func BenchmarkSearch(b *testing.B) {
	all := madeUp(100_000, 9)
	x := indexOf(all...)
	x.Settle()
	i := 0
	for b.Loop() {
		x.Search(Query{Name: all[i%len(all)].Names[0], Born: all[i%len(all)].Born})
		i++
	}
}

func BenchmarkSettle(b *testing.B) {
	x := indexOf(madeUp(100_000, 10)...)
	for b.Loop() {
		x.Settle()
	}
}

// Records are added up block by block: those of every block are found, settled or
// not, and also where a register is longer than one.
func TestEveryBlockIsSearched(t *testing.T) {
	t.Parallel()
	x := NewIndex()
	const last = 2*block + 10
	for _, ref := range []Ref{0, block - 1, block, last} {
		x.Add(Record{Ref: ref, Names: []string{"Щербакова Юлия"}, Sex: Female})
	}
	look := func(want int) {
		t.Helper()
		if hits := x.Search(Query{Name: "Yulia Shcherbakova"}); len(hits) != want {
			t.Errorf("found %v, want %d", hits, want)
		}
	}
	look(4)
	x.Settle()
	look(4)
	x.Add(Record{Ref: last + 1, Names: []string{"Юлия Щербакова"}})
	look(5)
	x.Remove(block)
	x.Remove(last + 1)
	look(3)
}
