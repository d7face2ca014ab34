package match_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"homeward/internal/host"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
)

// hearsay is a register that lives in memory alone, told what a ledger would tell.
type hearsay struct {
	t      testing.TB
	r      *register.Register
	people *match.People
	next   int64
	told   map[int64]statement.Recorded
}

func newHearsay(t testing.TB) *hearsay {
	h := host.Host{Now: func() time.Time { return time.Date(2019, 10, 15, 0, 0, 0, 0, time.UTC) }}
	r := register.New("office", nil, nil, nil, nil, h)
	return &hearsay{t: t, r: r, people: match.NewPeople(r, h), told: map[int64]statement.Recorded{}}
}

// said is what is said of a person: properties and values in turn. A value that
// begins with @ is a record.
func (m *hearsay) said(id string, pairs ...string) {
	m.t.Helper()
	var batch []statement.Recorded
	say := func(p statement.Property, value, object string) {
		s := statement.Recorded{Index: m.next, RecordedAt: time.Date(2019, 10, 15, 0, 0, 0, 0, time.UTC),
			Statement: statement.Statement{Subject: record(id), Key: record(id), Property: p, Value: value, Object: object}}
		m.told[m.next] = s
		batch = append(batch, s)
		m.next++
	}
	if _, known := m.ref(id); !known {
		say(statement.RecordKind, string(statement.Person), "")
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := pairs[i+1]; v != "" && v[0] == '@' {
			say(statement.Property(pairs[i]), "", record(v[1:]))
		} else {
			say(statement.Property(pairs[i]), v, "")
		}
	}
	m.r.Learner().Learn(batch)
}

// record makes an id of a short word.
func record(word string) string { return fmt.Sprintf("0192a0de-0000-7000-8000-%012x", word) }

func (m *hearsay) ref(id string) (n register.Ref, known bool) {
	m.r.Look(func(v register.View) { n, known = v.Ref(record(id)) })
	return n, known
}

func (m *hearsay) same(a, b string) {
	m.r.Learner().Learn([]statement.Recorded{{Index: m.next, Statement: statement.Statement{Subject: record(a), Key: record(a), Property: statement.JudgedSame, Object: record(b)}}})
	m.next++
}

const (
	name   = string(statement.PersonName)
	birth  = string(statement.PersonBirthDate)
	sex    = string(statement.PersonSex)
	home   = string(statement.PersonHomeRegion)
	seen   = string(statement.SeenAt)
	father = string(statement.KinFather)
	mother = string(statement.KinMother)
	with   = string(statement.PersonTravelsWith)
	spouse = string(statement.KinSpouseOf)
)

func (m *hearsay) find(question string, limit int) []match.Found {
	m.t.Helper()
	hits, err := m.people.Find(m.t.(interface{ Context() context.Context }).Context(), question, limit)
	if err != nil {
		m.t.Fatal(err)
	}
	return hits
}

// standing gives at which place somebody is found, from 1; 0 is not at all.
func standing(hits []match.Found, id string) int {
	return 1 + slices.IndexFunc(hits, func(f match.Found) bool { return f.Person == record(id) })
}

func codes(f match.Found) (out []match.ReasonCode) {
	for _, r := range f.Why {
		out = append(out, r.Code)
	}
	return out
}

// a village of people who are easily mixed up.
func village(t testing.TB) *hearsay {
	m := newHearsay(t)
	m.said("dad", name, "Магомед Магомедов", sex, "male", birth, "1960")
	m.said("aminat", name, "Aminat Magomedova", sex, "female", birth, "1994", home, "Дагестан, Ботлих", seen, "Ain Issa", father, "@dad")
	for i := range 11 {
		m.said("amina"+strconv.Itoa(i), name, "Амина", birth, strconv.Itoa(2005+i))
	}
	for i, w := range []string{"Алиева", "Мусаева", "Исаева", "Омарова", "Курбанова", "Гаджиева"} {
		m.said("w"+strconv.Itoa(i), name, w+" Марьям Ахмедовна", sex, "female", birth, strconv.Itoa(1985+i), seen, "Рож")
		m.said("k"+strconv.Itoa(i), name, w[:len(w)-2]+" Магомед", sex, "male", birth, strconv.Itoa(2010+i), mother, "@w"+strconv.Itoa(i))
	}
	return m
}

// TestSearchFinds asks as caseworkers ask.
func TestSearchFinds(t *testing.T) {
	t.Parallel()
	m := village(t)
	m.said("umm", name, "أم يوسف الروسية", sex, "female")
	m.said("zel", name, "Зелимхан Базаев", sex, "male")
	m.said("zara", name, "Зара", spouse, "@zel", with, "@umm")
	m.said("either", name, "Луиза Шамильевна Аушева", birth, "1987")
	m.said("either", birth, "1991")
	for _, c := range []struct {
		ask, want string
		within    int
		why       match.ReasonCode
	}{
		{"Аминат", "aminat", 1, match.OtherScript},
		{"Aminat", "aminat", 1, match.SameLetters},
		{"Aminatt", "aminat", 1, ""},
		{"أمينة", "aminat", 10, match.SameForm},
		{"Амінат", "aminat", 1, match.OtherScript},
		{"дочь Магомеда, Ботлих, 1994", "aminat", 1, match.KinHasName},
		{"дочь Магомеда, из Ботлиха, 25 лет", "aminat", 1, match.SamePlace},
		{"daughter of Magomed, Botlikh", "aminat", 1, match.KinHasName},
		{"بنت محمد, 1994", "aminat", 1, match.KinHasName},
		{"Аминат Магомедова", "aminat", 1, match.OtherScript},
		{"Магомедова Ами", "aminat", 1, match.Beginning},
		{"Амина", "amina0", 11, match.SameLetters},
		{"Мар", "w3", 7, match.Beginning},
		{"Mary", "w5", 7, match.Beginning},
		{"مريم", "w1", 7, ""},
		{"Марьям, 1987", "w2", 1, match.SameBirthYear},
		{"Марьям, 1987 или 1989", "w4", 2, match.SameBirthYear},
		{"мать Магомеда, 1986", "w1", 1, match.KinHasName},
		{"жена Зелимхана", "zara", 1, match.KinHasName},
		{"Зара, вместе с Умм Юсуф", "zara", 1, match.KinHasName},
		{"Umm Yusuf", "umm", 1, ""},
		{"Луиза, 1987", "either", 1, match.SameBirthYear},
		{"Луиза, 1991", "either", 1, match.SameBirthYear},
		{"Луиза, 1989", "either", 1, match.NearBirthYear},
		{"Магомедова 1994 Аминат", "aminat", 1, match.SameBirthYear},
	} {
		hits := m.find(c.ask, 20)
		at := standing(hits, c.want)
		if at == 0 || at > c.within {
			t.Errorf("%q: at place %d: %s", c.ask, at, told(hits))
			continue
		}
		if c.why != "" && !slices.Contains(codes(hits[at-1]), c.why) {
			t.Errorf("%q: reasons %v", c.ask, hits[at-1].Why)
		}
	}
}

func told(hits []match.Found) string {
	out := ""
	for _, h := range hits {
		out += fmt.Sprintf("\n  %.1f bits, margin %.1f, %s %q %v", h.Score, h.Strength.Margin, h.Strength.Word, h.Name, h.Why)
	}
	return out
}
