package register_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"homeward/internal/table"
	"homeward/match"
	"homeward/register"
	"homeward/register/invented"
	"homeward/statement"
)

func list(data []byte) register.List {
	return register.List{Body: bytes.NewReader(data), Size: int64(len(data))}
}

func (o office) plan(t testing.TB, l register.List, m *register.Mapping) *register.Plan {
	t.Helper()
	p, err := o.Plan(t.Context(), l, m)
	must(t, err)
	return p
}

func (o office) source(t testing.TB) string {
	t.Helper()
	id, err := o.AddSource(t.Context(), clerk, register.NewSource{Label: "список родственников", Kind: "list"})
	must(t, err)
	return id
}

const small = `Список, октябрь 2019;;;;;;;;;;
ФИО;Пол;Год рождения;Возраст;Гражданство;Последнее место;Когда видели в последний раз;Муж;Дети;Заявитель;Кем приходится;Телефон;Примечание
Магомедова Аминат;ж;1991;;РФ;Айн-Исса;09.2019;Ахмед Магомедов, 1985 г.р. (погиб);Юсуф (2014), Марьям 2016;Магомедова Патимат;мать;+7 000 111-22-33;просит врача
Алиева Зарема;жен;осенью;30;Марс;Мосул;давно;;2;Магомедова Патимат;тётя;+7 000 111-22-33;
;ж;1990;;;;;;;;;;
Хасанов Иса;м;32.13.1990;;;;;;;;;;
Хасанов Иса;м;32.13.1990;;;;;;;;;;
`

func TestARelativesListBecomesPeople(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		coded, err := charmap.Windows1251.NewEncoder().String(small)
		must(t, err)
		file, err := o.KeepList(t.Context(), clerk, "список.csv", strings.NewReader(coded))
		must(t, err)
		l, err := o.OpenList(t.Context(), file)
		must(t, err)
		p := o.plan(t, l, nil)
		want := []register.Field{
			register.FieldName, register.FieldSex, register.FieldBirthDate, register.FieldAge, register.FieldNationality, register.FieldSeenPlace, register.FieldSeenOn,
			register.FieldSpouse, register.FieldChildren, register.FieldRelative, register.FieldRelation, register.FieldRelativePhone, register.FieldNote,
		}
		if !slices.Equal(p.Mapping.Fields, want) || p.Mapping.HeaderRow != 2 || p.Mapping.Lang != "ru" || p.Mapping.AsOf != "2019-10" || p.Encoding != "windows-1251" {
			t.Fatalf("%+v %s", p.Mapping, p.Encoding)
		}
		if p.Rows != 4 || p.Unnamed != 1 || p.Twice != 1 || p.People != 7 {
			t.Errorf("%+v", p)
		}
		var problems []string
		for _, x := range p.Problems {
			problems = append(problems, fmt.Sprintf("%d %d %s %v", x.Row, x.Column, x.Code, x.Kept))
		}
		wantProblems := []string{
			"4 4 row.country true", "4 2 row.date true", "4 6 row.date true", "5 -1 row.no_name false", "6 2 row.date true", "7 2 row.date true", "7 -1 row.twice false",
		}
		if !slices.Equal(problems, wantProblems) {
			t.Errorf("problems %q", problems)
		}
		if _, err := p.Run(t.Context(), clerk, register.RunOptions{}, nil); !errors.Is(err, register.ErrNoSource) {
			t.Errorf("without a speaker: %v", err)
		}
		source := o.source(t)
		m := p.Mapping
		m.AsOf = "2019-10"
		p = o.plan(t, l, &m)
		done, err := p.Run(t.Context(), clerk, register.RunOptions{Source: source}, nil)
		must(t, err)
		if done.Rows != 4 || done.Unnamed != 1 || len(done.Acts) != 1 {
			t.Errorf("%+v", done)
		}
		o.checkAminat(t, source)
		again := o.plan(t, l, nil)
		if len(again.Earlier) != 1 || again.Known != 4 {
			t.Errorf("the same file is not known: %+v", again)
		}
		if _, err := again.Run(t.Context(), clerk, register.RunOptions{Source: source}, nil); !errors.Is(err, register.ErrAgain) {
			t.Errorf("the same file twice: %v", err)
		}
	})
}

func (o office) find(t testing.TB, name string) []match.Found {
	t.Helper()
	hits, err := o.people.Search(t.Context(), match.Wanted{Name: name})
	must(t, err)
	return hits
}

// checkAminat looks at the first row of the small list.
func (o office) checkAminat(t *testing.T, source string) {
	t.Helper()
	hits := o.find(t, "Aminat Magomedova")
	if len(hits) == 0 {
		t.Fatal("she is not found")
	}
	p := o.person(t, hits[0].Person)
	if p.Name.Speaker.Text != "Магомедова Патимат" || len(p.Name.Via) != 1 || p.Name.Via[0].ID != source || p.Name.Statement.Lang != "ru" || p.Name.Statement.SaidOn.String() != "2019-10" {
		t.Errorf("name %+v", p.Name)
	}
	if len(p.Kin) != 3 || p.Kin[0].Role != register.RoleSpouse || p.Kin[1].Role != register.RoleChild {
		t.Errorf("kin %+v", p.Kin)
	}
	if len(p.Sightings) != 1 || p.Sightings[0].When.String() != "2019-09" || p.Sightings[0].Days != 15 {
		t.Errorf("sightings %+v", p.Sightings)
	}
	husband := o.person(t, p.Kin[0].Other.ID)
	if husband.Born != (register.Years{From: 1985, To: 1985}) || !slices.Contains(values(group(husband, statement.RecordNote).Facts), "1985 г.р. погиб") {
		t.Errorf("husband %v %+v", husband.Born, husband.Facts)
	}
	if len(p.Speakers) != 1 || p.Speakers[0].Statement.Value != "мать" {
		t.Errorf("speakers %+v", p.Speakers)
	}
	said, err := o.About(t.Context(), p.Name.Speaker.ID)
	must(t, err)
	phones := 0
	for _, s := range said {
		if s.Property == statement.ContactPhone {
			phones++
		}
	}
	if phones != 1 {
		t.Errorf("%d telephones of a relative who stands in two rows", phones)
	}
	zarema := o.person(t, o.find(t, "Зарема Алиева")[0].Person)
	notes := values(group(zarema, statement.RecordNote).Facts)
	if !slices.Contains(notes, "Год рождения: осенью") || !slices.Contains(notes, "Гражданство: Марс") || !slices.Contains(notes, "Дети: 2") {
		t.Errorf("what could not be read is lost: %q", notes)
	}
	if zarema.Born != (register.Years{From: 1988, To: 1989}) {
		t.Errorf("born %v", zarema.Born)
	}
}

// TestTheInventedList imports 1,779 rows, undoes them, and redoes that.
func TestTheInventedList(t *testing.T) {
	t.Parallel()
	data, err := invented.Workbook()
	must(t, err)
	each(t, func(t *testing.T, o office) {
		start := time.Now()
		p := o.plan(t, list(data), nil)
		if p.Rows != invented.Rows || p.Mapping.HeaderRow != invented.HeaderRow || slices.Contains(p.Mapping.Fields, register.FieldIgnored) {
			t.Fatalf("%d rows, %+v", p.Rows, p.Mapping)
		}
		steps := 0
		done, err := p.Run(t.Context(), clerk, register.RunOptions{Source: o.source(t)}, func(int, int) { steps++ })
		must(t, err)
		t.Logf("planned and imported %d rows (%d records, %d problems) in %v", done.Rows, done.Records, len(p.Problems)+p.More, time.Since(start).Round(time.Millisecond))
		if done.Rows != invented.Rows || len(done.Acts) != 1 || steps == 0 {
			t.Errorf("%+v", done)
		}
		hits := o.find(t, invented.WomanRussian)
		if len(hits) == 0 || hits[0].Name != "Magomedova Aminat" || hits[0].Born.From != invented.WomanBorn || !slices.Contains(hits[0].Why, match.Reason{Code: match.OtherScript, Asked: "аминат", Known: "aminat"}) {
			t.Fatalf("%+v", hits)
		}
		her := o.person(t, hits[0].Person)
		records, _ := o.Counts()
		must(t, o.UndoImport(t.Context(), clerk, done.Import, "the wrong list"))
		if n, _ := o.Counts(); n != 0 || len(o.find(t, invented.WomanRussian)) != 0 {
			t.Errorf("%d people are left", n)
		}
		if i, err := o.Import(t.Context(), done.Import); err != nil || !i.Undone || !i.Complete {
			t.Errorf("%+v %v", i, err)
		}
		if err := o.UndoImport(t.Context(), clerk, done.Import, ""); !errors.Is(err, register.ErrUndone) {
			t.Errorf("undone twice: %v", err)
		}
		must(t, o.RedoImport(t.Context(), clerk, done.Import, "it was the right one"))
		if n, _ := o.Counts(); n != records {
			t.Errorf("%d records, before %d", n, records)
		}
		same(t, her, o.person(t, her.ID))
	})
}

func TestARowAboutSomebodyForgottenWaits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		id := o.add(t, name("Aminat Magomedova"), fact(statement.PersonBirthDate, "1991"))
		marks, err := o.Marks(t.Context(), id)
		must(t, err)
		erased, err := o.Erase(t.Context(), []string{clerk, other}, "own_request", id, "")
		must(t, err)
		must(t, o.Vault.Suppress(t.Context(), erased.ID, marks...))
		text := "ФИО;Год рождения\nМагомедова Аминат Ахмедовна;1991\nМагомедова Аминат;1975\nМагомедова Патимат;1991\nأمينة محمدوفا;\n"
		file, err := o.KeepList(t.Context(), clerk, "l.csv", strings.NewReader(text))
		must(t, err)
		l, err := o.OpenList(t.Context(), file)
		must(t, err)
		p := o.plan(t, l, nil)
		if p.Held != 2 {
			t.Errorf("%d rows are held: %+v", p.Held, p.Problems)
		}
		done, err := p.Run(t.Context(), clerk, register.RunOptions{Source: o.source(t)}, nil)
		must(t, err)
		i, err := o.Import(t.Context(), done.Import)
		must(t, err)
		if done.Rows != 2 || len(i.Held) != 2 || i.Held[0].Row != 2 || i.Held[1].Row != 5 {
			t.Errorf("%+v %+v", done, i)
		}
		if v, err := o.Held(t.Context(), i.ID, 2); err != nil || len(v.Lines) == 0 {
			t.Errorf("%+v %v", v, err)
		}
		must(t, o.TakeHeld(t.Context(), clerk, i.ID, 2, "another woman of that name"))
		must(t, o.LeaveHeld(t.Context(), clerk, i.Held[1], "it is she"))
		i, err = o.Import(t.Context(), done.Import)
		must(t, err)
		if len(i.Held) != 0 || i.Records != 3 {
			t.Errorf("%+v", i)
		}
		must(t, o.UndoImport(t.Context(), clerk, i.ID, ""))
		if n, _ := o.Counts(); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

func TestNotTheSameIsRememberedByTheNextImport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		her := o.add(t, name("Аминат Магомедова"))
		source := o.source(t)
		data := []byte("ФИО;Год рождения\nМагомедова Аминат;1975\n")
		first, err := o.plan(t, list(data), nil).Run(t.Context(), clerk, register.RunOptions{Source: source}, nil)
		must(t, err)
		var row string
		for _, h := range o.find(t, "Магомедова Аминат") {
			if h.Person != her {
				row = h.Person
			}
		}
		o.judge(t, row, her, register.NotSame)
		again, err := o.plan(t, list(append(data, "Иса Алиев;1980\n"...)), nil).Run(t.Context(), clerk, register.RunOptions{Source: source}, nil)
		must(t, err)
		if again.Rows != 1 || again.Known != 1 {
			t.Errorf("the row that is here was taken in again: %+v", again)
		}
		_, err = o.plan(t, list(data), nil).Run(t.Context(), clerk, register.RunOptions{Source: source, Again: true}, nil)
		must(t, err)
		copies := 0
		for _, h := range o.find(t, "Магомедова Аминат") {
			if h.Person == her || h.Born.From != 1975 {
				continue
			}
			copies++
			if v, err := o.Verdict(t.Context(), h.Person, her); err != nil || v != register.NotSame {
				t.Errorf("forgotten: %v %v", v, err)
			}
			if _, err := o.Judge(t.Context(), clerk, h.Person, her, register.Same, ""); !errors.Is(err, register.ErrContradiction) {
				t.Errorf("joined without undoing: %v", err)
			}
		}
		if copies != 2 || first.Rows != 1 {
			t.Errorf("%d copies", copies)
		}
	})
}

func TestListsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		for text, want := range map[string]error{
			"":                  table.ErrEmpty,
			"a;b\n1;2\n":        register.ErrMapping,
			"PK\x03\x04 broken": table.ErrDamaged,
		} {
			if _, err := o.Plan(t.Context(), list([]byte(text)), nil); !errors.Is(err, want) {
				t.Errorf("%q: %v", text, err)
			}
		}
		hostile := "ФИО;Возраст;Примечание\n" + strings.Repeat("Ы", 5000) + ";1;x\n\"=cmd|' /C calc'!A0\";-1;\u202egnp.exe\n😀;;\nA\x01B;5;\n"
		p := o.plan(t, list([]byte(hostile)), nil)
		done, err := p.Run(t.Context(), clerk, register.RunOptions{Source: o.source(t)}, nil)
		must(t, err)
		if done.Unnamed == 0 || len(p.Problems) == 0 {
			t.Errorf("%+v %+v", done, p.Problems)
		}
	})
}

// TestAnImportThatWasCutShort stops in the middle of a list of several acts: what
// was recorded is known as unfinished and is undone whole.
func TestAnImportThatWasCutShort(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		p := o.plan(t, list(invented.CSV(400)), nil)
		p.InActsOf(1000)
		ctx, stop := context.WithCancel(t.Context())
		_, err := p.Run(ctx, clerk, register.RunOptions{Source: o.source(t)}, func(done, _ int) {
			if done == 300 {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("%v", err)
		}
		all, err := o.Imports(t.Context())
		must(t, err)
		if len(all) != 1 || all[0].Complete || all[0].Records == 0 {
			t.Fatalf("%+v", all)
		}
		must(t, o.UndoImport(t.Context(), clerk, all[0].ID, "cut short"))
		if n, _ := o.Counts(); n != 0 {
			t.Errorf("%d are left", n)
		}
		if i, err := o.Import(t.Context(), all[0].ID); err != nil || !i.Undone {
			t.Errorf("%+v %v", i, err)
		}
	})
}
