package linkage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"homeward/linkage"
)

// invented makes reports about invented people in invented households, with the
// slips that ears, fingers and papers make. The same seed makes the same list.
func invented(seed uint64, people int) (rows [][]string, truth map[string]string) {
	r := rand.New(rand.NewPCG(seed, 1))
	given := strings.Fields("Aminat Madina Patimat Zarema Khadija Fatima Layla Maryam Salma Huda Yusuf Magomed Ruslan Karim Samir Bilal Nasir Idris Omar Tariq")
	stems := strings.Fields("Bal Dar Far Gad Hal Jan Kas Lam Mar Nur Qas Rad Sal Tam Vah Was Yam Zar Shar Khal")
	ends := strings.Fields("aev iyev anov ukov oyan mani dini bari sheh riba")
	towns := strings.Fields("Gudermes Shali Argun Botlikh Khasavyurt Derbent Raqqa Mosul Aleppo Homs")
	rows = [][]string{{"id", "given name", "father name", "family name", "sex", "date of birth", "town", "phone"}}
	truth = map[string]string{}
	for p := 0; p < people; {
		family, father, town := stems[r.IntN(len(stems))]+ends[r.IntN(len(ends))], given[10+r.IntN(10)], towns[r.IntN(len(towns))]
		phone := fmt.Sprintf("8928%07d", r.IntN(10_000_000))
		for range 1 + r.IntN(4) {
			g := r.IntN(20)
			sex := "f"
			if g >= 10 {
				sex = "m"
			}
			born := fmt.Sprintf("%d-%02d-%02d", 1950+r.IntN(70), 1+r.IntN(12), 1+r.IntN(28))
			for range 1 + r.IntN(4) {
				row := []string{fmt.Sprint("r", len(rows)), slip(r, given[g]), slip(r, father), slip(r, family), sex, born, town, phone}
				if r.IntN(5) == 0 {
					row[2+r.IntN(6)] = ""
				}
				truth[row[0]] = fmt.Sprint(p)
				rows = append(rows, row)
			}
			p++
		}
	}
	return rows, truth
}

// slip mistypes one name in eight.
func slip(r *rand.Rand, name string) string {
	if r.IntN(8) > 0 || len(name) < 4 {
		return name
	}
	at := 1 + r.IntN(len(name)-2)
	return name[:at] + name[at+1:]
}

func link(t testing.TB, rows [][]string) *linkage.Result {
	t.Helper()
	res, err := linkage.Link(context.Background(), recordsOf(t, rows), linkage.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// clustersOf gives the cluster of each record, by the ids of its members.
func clustersOf(t testing.TB, res *linkage.Result) map[string]string {
	t.Helper()
	members := map[int][]string{}
	err := res.Each(func(id string, cluster int) error {
		members[cluster] = append(members[cluster], id)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for _, ids := range members {
		slices.Sort(ids)
		for _, id := range ids {
			of[id] = strings.Join(ids, " ")
		}
	}
	return of
}

// TestPeopleAreFound links the invented list: brothers of one telephone and one house
// stay apart, reports about one person come together.
func TestPeopleAreFound(t *testing.T) {
	t.Parallel()
	rows, truth := invented(1, 600)
	f := score(t, link(t, rows), truth)
	if f.precision < 0.99 || f.f1 < 0.97 {
		t.Errorf("precision %.4f, F1 %.4f", f.precision, f.f1)
	}
}

// TestEveryRecordOnce says that clusters are a partition: nobody is lost and nobody
// is there twice.
func TestEveryRecordOnce(t *testing.T) {
	t.Parallel()
	rows, truth := invented(2, 300)
	seen := map[string]int{}
	res := link(t, rows)
	if err := res.Each(func(id string, _ int) error { seen[id]++; return nil }); err != nil {
		t.Fatal(err)
	}
	for id := range truth {
		if seen[id] != 1 {
			t.Errorf("record %s stands in the clusters %d times", id, seen[id])
		}
	}
	if len(seen) != len(truth) || res.Records != len(truth) {
		t.Errorf("%d records in the clusters, %d counted, %d in the list", len(seen), res.Records, len(truth))
	}
}

// TestOrderDoesNotMatter links a list in other orders, also of its columns.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rows, _ := invented(3, 300)
	want := clustersOf(t, link(t, rows))
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 9))
		other := slices.Clone(rows)
		r.Shuffle(len(other)-1, func(i, j int) { other[i+1], other[j+1] = other[j+1], other[i+1] })
		if got := clustersOf(t, link(t, other)); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order of the rows (seed %d) gives other clusters", seed)
		}
	}
	one := make([][]string, len(rows))
	for i, row := range rows {
		one[i] = slices.Concat(row[:1], row[4:], row[1:4])
	}
	got := clustersOf(t, link(t, one))
	apart := 0
	for id, members := range want {
		if got[id] != members {
			apart++
		}
	}
	if apart*50 > len(want) { // sums are added in another order, and nothing else
		t.Errorf("another order of the columns moves %d of %d records", apart, len(want))
	}
}

// TestWorkersDoNotMatter links with one worker and with several.
func TestWorkersDoNotMatter(t *testing.T) {
	t.Parallel()
	rows, _ := invented(4, 300)
	want := clustersOf(t, link(t, rows))
	for _, n := range []int{1, 3} {
		res, err := linkage.Link(context.Background(), recordsOf(t, rows), linkage.Options{Workers: n})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(clustersOf(t, res), want) {
			t.Errorf("%d workers find other clusters", n)
		}
	}
}

// TestReasonsAddUp explains every pair: the same whichever way round it is asked, and
// its weight is what its parts add up to.
func TestReasonsAddUp(t *testing.T) {
	t.Parallel()
	rows, _ := invented(5, 200)
	res := link(t, rows)
	n := 0
	err := res.Pairs(func(p linkage.Pair) error {
		n++
		sum := p.Start
		for _, f := range p.Fields {
			sum += f.Bits
			if f.Level == "" || f.Name == "" {
				t.Errorf("a reason without words: %+v", f)
			}
		}
		other, ok := res.Between(p.B, p.A)
		if d := sum - p.Weight; !ok || d > 1e-3 || d < -1e-3 || other.Weight != p.Weight || !reflect.DeepEqual(levels(other), levels(p)) {
			t.Errorf("%s and %s: weight %.3f, parts %.3f, the other way round %.3f", p.A, p.B, p.Weight, sum, other.Weight)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d pairs, %v", n, err)
	}
	if _, ok := res.Between("r1", "nobody"); ok {
		t.Error("a record that is not in the list was compared")
	}
}

func levels(p linkage.Pair) (all []string) {
	for _, f := range p.Fields {
		all = append(all, f.Name+": "+f.Level)
	}
	return all
}

// TestDoubtFirst compares a list with a register: the pairs a person has to look at
// come in the order of doubt, the first list's record first.
func TestDoubtFirst(t *testing.T) {
	t.Parallel()
	rows, truth := invented(6, 300)
	list, register := [][]string{rows[0]}, [][]string{rows[0]}
	for i, row := range rows[1:] {
		row = slices.Clone(row)
		if i%2 == 0 {
			row[0] = "list-" + row[0]
			list = append(list, row)
		} else {
			row[0] = "register-" + row[0]
			register = append(register, row)
		}
	}
	pairs, res, err := linkage.Compare(context.Background(), listOf(list), listOf(register), 50, linkage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(pairs) != 50 || res.Records != len(rows)-1 {
		t.Fatalf("%d pairs of %d records", len(pairs), res.Records)
	}
	last := 0.0
	for _, p := range pairs {
		if !strings.HasPrefix(p.A, "list-") || !strings.HasPrefix(p.B, "register-") {
			t.Errorf("%s stands before %s", p.A, p.B)
		}
		doubt := max(p.Weight, -p.Weight)
		if doubt < last-1e-3 {
			t.Errorf("a weight of %.2f comes after one of %.2f", doubt, last)
		}
		last = doubt
	}
	right, joined := 0, 0
	partner := map[int]string{}
	err = res.Each(func(id string, cluster int) error {
		if other, ok := partner[cluster]; ok {
			joined++
			if cutBefore(other) == cutBefore(id) {
				t.Errorf("two records of one list were joined: %s, %s", other, id)
			}
			if truth[cutID(other)] == truth[cutID(id)] {
				right++
			}
		}
		partner[cluster] = id
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if right*100 < joined*97 || joined < 100 {
		t.Errorf("%d of %d joined pairs are right", right, joined)
	}
}

func cutBefore(id string) string { before, _, _ := strings.Cut(id, "-"); return before }
func cutID(id string) string     { _, after, _ := strings.Cut(id, "-"); return after }

// TestHostile gives lists that nobody means well with: an answer or an error that
// says what to do, never a panic, and no record lost.
func TestHostile(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Магомед ", 2000)
	same := [][]string{{"id", "given name", "family name", "date of birth"}}
	for i := range 3000 {
		same = append(same, []string{fmt.Sprint(i), "Amina", "Haddad", "1990-03-02"})
	}
	for name, rows := range map[string][][]string{
		"one record":    {{"id", "name"}, {"1", "Amina Haddad"}},
		"two alike":     {{"id", "name"}, {"1", "Amina Haddad"}, {"2", "Amina Haddad"}},
		"huge cells":    {{"id", "name", "phone"}, {"1", long, long}, {"2", long, "123456"}, {"3", "-", ""}},
		"no cells":      {{"id", "name"}, {}, {"2"}, {"3", ""}},
		"signs":         {{"id", "name", "dob"}, {"1", "\u202e\u200f!!! 🕊", "99999999999999"}, {"2", "\xff\xfe\x00", "0000-00-00"}, {"3", "…", "31.02.1990"}},
		"all the same":  same,
		"many columns":  {append([]string{"id"}, strings.Fields(strings.Repeat("town ", 20))...), {"1", "a"}, {"2", "a", "b"}},
		"wrong columns": {{"id", "sex", "e-mail"}, {"1", "Amina", "@@"}, {"2", "m", "a@"}, {"3", "f", "@b.c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := clustersOf(t, link(t, slices.Clone(idsOf(rows)))); len(got) != len(rows)-1 {
				t.Errorf("%d records came back of %d", len(got), len(rows)-1)
			}
		})
	}
}

// idsOf gives rows without an id one.
func idsOf(rows [][]string) [][]string {
	out := [][]string{rows[0]}
	for i, row := range rows[1:] {
		if len(row) == 0 {
			row = []string{fmt.Sprint("row", i)}
		}
		out = append(out, row)
	}
	return out
}

// TestRefusals are lists that cannot be linked.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lists []linkage.List
		want  error
	}{
		"empty":     {[]linkage.List{listOf([][]string{{"id", "name"}})}, linkage.ErrNobody},
		"twice":     {[]linkage.List{listOf([][]string{{"id", "name"}, {"1", "Amina"}, {"1", "Karim"}})}, linkage.ErrTwice},
		"no names":  {[]linkage.List{listOf([][]string{{"id", "passport"}, {"1", "2"}})}, linkage.ErrNoNames},
		"none":      {nil, linkage.ErrLists},
		"ids twice": {[]linkage.List{listOf([][]string{{"id", "name"}, {"1", "Amina"}}), listOf([][]string{{"nr", "name"}, {"1", "Karim"}})}, linkage.ErrTwice},
		"too wide":  {[]linkage.List{listOf([][]string{append([]string{"id"}, strings.Fields(strings.Repeat("town ", 40))...), {"1"}})}, linkage.ErrFields},
	} {
		r, err := linkage.Read(c.lists...)
		if err == nil {
			_, err = linkage.Link(context.Background(), r, linkage.Options{})
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	rows, _ := invented(7, 50)
	if _, err := linkage.Link(stopped, recordsOf(t, rows), linkage.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped linking: %v", err)
	}
}

// TestColumnsAreRecognised looks at headers in the languages of those who keep lists,
// and at columns whose header says nothing.
func TestColumnsAreRecognised(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]linkage.Role{
		"Фамилия": linkage.Family, "ИМЯ": linkage.Given, "Отчество": linkage.Father, "Дата рождения": linkage.Birth, "Пол": linkage.Sex,
		"الاسم الأول": linkage.Given, "اسم الأب": linkage.Father, "اللقب": linkage.Family, "تاريخ الميلاد": linkage.Birth, "رقم الهاتف": linkage.Phone,
		"Прізвище": linkage.Family, "Ім'я": linkage.Given, "Nom": linkage.Family, "Prénom": linkage.Given, "Né(e) le": linkage.Birth, "Date de naissance": linkage.Birth,
		"Nachname": linkage.Family, "Geburtsdatum": linkage.Birth, "Soyadı": linkage.Family, "Doğum tarihi": linkage.Birth, "Apellidos": linkage.Family,
		"last_name": linkage.Family, "first-name": linkage.Given, "Full Name": linkage.FullName, "postcode_fake": linkage.Postcode, "address_2": linkage.Street,
		"record_id": linkage.ID, "soc_sec_id": linkage.Ignored, "№ паспорта": "", "by": linkage.BirthYear, "dob_mon": linkage.BirthMonth, "Applicant surname": linkage.Family,
	} {
		got := linkage.Recognise([]string{header}, nil)[0].Role
		if want == "" {
			want = linkage.Ignored
		}
		if got != want {
			t.Errorf("%q is taken for %q, not %q", header, got, want)
		}
	}
	sample := [][]string{{"1990-03-02", "+7 928 123-45-67", "a@b.org", "ж"}, {"2001-12-30", "+7 928 765-43-21", "c@d.org", "м"}}
	got := linkage.Recognise([]string{"w", "x", "y", "z"}, sample)
	for i, want := range []linkage.Role{linkage.Birth, linkage.Phone, linkage.Email, linkage.Sex} {
		if got[i].Role != want {
			t.Errorf("column %d is taken for %q, not %q", i, got[i].Role, want)
		}
	}
}

// FuzzLink reads any text as a list of three columns.
func FuzzLink(f *testing.F) {
	f.Add("Amina Haddad|1990-03-02|Aleppo\nأمينة حداد|٢.٣.١٩٩٠|حلب\nАмина Хаддад||", "name", "dob", "town")
	f.Add("\x00\xff|||\n|", "фио", "телефон", "e-mail")
	f.Add(strings.Repeat("а", 300)+"|1|1\nb|9999999999|1", "отчество", "by", "zip")
	f.Fuzz(func(t *testing.T, text, a, b, c string) {
		rows := [][]string{{"id", a, b, c}}
		for i, line := range strings.Split(text, "\n") {
			rows = append(rows, append([]string{fmt.Sprint(i)}, strings.Split(line, "|")...))
		}
		r, err := linkage.Read(listOf(rows))
		if err != nil {
			return
		}
		res, err := linkage.Link(context.Background(), r, linkage.Options{Workers: 1})
		if err != nil {
			return
		}
		if res.Records != len(rows)-1 {
			t.Errorf("%d records of %d", res.Records, len(rows)-1)
		}
		if err := res.Pairs(func(linkage.Pair) error { return nil }); err != nil {
			t.Error(err)
		}
	})
}
