package register

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var in2019 = time.Date(2019, 10, 15, 9, 0, 0, 0, time.UTC)

func TestDatesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"1991": "1991", "1991-03": "1991-03", "1991-03-04": "1991-03-04", "04.03.1991": "1991-03-04", "4/3/1991": "1991-03-04", "3/14/1991": "1991-03-14",
		"04.03.91": "1991-03-04", "04.03.15": "2015-03-04?", "03.1991": "1991-03", "1991 г.": "1991", "1991г.р.": "1991", "1991 года рождения": "1991",
		"около 1985": "1985~", "ок. 1985 г.": "1985~", "ca. 1985": "1985~", "~1985": "1985~", "1985?": "1985?", "примерно 1985?": "1985%",
		"1984-1986": "1984/1986", "1984-86": "1984/1986", "около 1984-1986": "1984~/1986~", "4 марта 1991": "1991-03-04", "март 1991 г.": "1991-03", "March 4, 1991": "1991-03-04",
		"4 mars 1991": "1991-03-04", "Oktober 2019": "2019-10", "١٩٩١": "1991", "٤ مارس ١٩٩١": "1991-03-04", "33301": "1991-03-04", "201X": "201X", "2017/2019": "2017/2019",
	} {
		d, ok := readDate(in, in2019)
		if !ok || d.String() != want {
			t.Errorf("%q: %q %v, want %q", in, d.String(), ok, want)
		}
	}
	for _, in := range []string{"", "давно", "32.13.1991", "30.02.1991", "1991 и 1992", "28", "123456"} {
		if d, ok := readDate(in, in2019); ok {
			t.Errorf("%q is read as %s", in, d)
		}
	}
}

func TestAges(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"28": "28", "28 лет": "28", "3 года": "3", "1 год": "1", "30-35": "30-35", "около 30 лет": "30", "5 мес.": "0", "2,5": "2", "~40": "40", "٢٨ سنة": "28", "12 ans": "12", "7 years old": "7"} {
		if got, ok := readAge(in); !ok || got != want {
			t.Errorf("%q: %q %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "молодая", "1991", "200", "35-30"} {
		if got, ok := readAge(in); ok {
			t.Errorf("%q is read as %s", in, got)
		}
	}
}

func TestKinInACell(t *testing.T) {
	t.Parallel()
	got, ok := readKin("Юсуф (2014), Марьям 2016 г.р.; Иса, 5 лет и Хадижат - 03.02.2018 (пропала)", in2019, true)
	want := []kinName{
		{name: "Юсуф", birth: "2014", rest: "2014"}, {name: "Марьям", birth: "2016", rest: "2016 г.р."},
		{name: "Иса", age: "5", rest: "5 лет"}, {name: "Хадижат", birth: "2018-02-03", rest: "03.02.2018 пропала"},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(kinName{})); !ok || d != "" {
		t.Error(d)
	}
	for _, none := range []string{"3", "2 детей", "нет данных", "?", ""} {
		if got, ok := readKin(none, in2019, true); ok {
			t.Errorf("%q names %v", none, got)
		}
	}
	if got, _ := readKin("Магомедов Ахмед, 1985 г.р.", in2019, false); len(got) != 1 || got[0].name != "Магомедов Ахмед" || got[0].birth != "1985" {
		t.Errorf("%v", got)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Field{
		"ФИО": FieldName, "Фамилия": FieldFamilyName, "Имя": FieldGivenName, "Отчество": FieldPatronymic, "Девичья фамилия": FieldMaidenName,
		"Дата рождения": FieldBirthDate, "Год рожд.": FieldBirthDate, "Место рождения": FieldBirthPlace, "Возраст (лет)": FieldAge, "Пол": FieldSex,
		"ФИО мужа": FieldSpouse, "Муж": FieldSpouse, "ФИО матери": FieldMother, "Отец": FieldFather, "Дети (имена, год рождения)": FieldChildren,
		"Последнее известное место": FieldSeenPlace, "Дата последней связи": FieldLastNewsOn, "Телефон заявителя": FieldRelativePhone, "Заявитель": FieldRelative,
		"Кем приходится": FieldRelation, "№ п/п": FieldForeignID, "№": FieldForeignID, "Примечание": FieldNote, "Регион": FieldHomeRegion, "Гражданство": FieldNationality,
		"Full name": FieldName, "Surname": FieldFamilyName, "First name": FieldGivenName, "Date of birth": FieldBirthDate, "Place of birth": FieldBirthPlace,
		"Husband": FieldSpouse, "Mother's name": FieldMother, "Children": FieldChildren, "Last known location": FieldSeenPlace, "Phone of relative": FieldRelativePhone,
		"Reported by": FieldRelative, "Relationship": FieldRelation, "Sex": FieldSex, "Remarks": FieldNote,
		"الاسم الكامل": FieldName, "تاريخ الميلاد": FieldBirthDate, "العمر": FieldAge, "الجنس": FieldSex, "اسم الزوج": FieldSpouse, "رقم الهاتف": FieldRelativePhone, "الجنسية": FieldNationality, "ملاحظات": FieldNote,
		"Nom": FieldFamilyName, "Prénom": FieldGivenName, "Date de naissance": FieldBirthDate, "Lieu de naissance": FieldBirthPlace, "Téléphone": FieldRelativePhone, "Enfants": FieldChildren,
		"Nachname": FieldFamilyName, "Vorname": FieldGivenName, "Geburtsdatum": FieldBirthDate, "Ehemann": FieldSpouse, "Kinder": FieldChildren, "Alter": FieldAge,
	} {
		if got, ok := fieldOf(header); !ok || got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
	for _, header := range []string{"", "колонка", "xyz", "Polizei"} {
		if got, ok := fieldOf(header); ok {
			t.Errorf("%q is taken for %q", header, got)
		}
	}
}
