// Package invented makes a relatives' list of people who do not exist, for the demo
// and for tests. It is the same list every time: names, years, places and telephone
// numbers are drawn by chance with a fixed seed from words of the kind that stand in
// such lists, with the mistakes that people make in them. The first row says that
// everything is invented, and no telephone number can be dialled.
package invented

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"

	"homeward/internal/table"
)

// Rows is how many people the list names: as many as relatives had identified in
// 2019, by the public figure (Moscow Times, 2019-10-15, quoting Kheda Saratova).
const Rows = 1779

// Women is how many of them are grown women; the others are children.
const Women = 702

// The woman of the demo: her row is written in Latin letters, while the voice
// message about her is in Russian.
const (
	WomanRow     = 64 // as a spreadsheet counts
	WomanLatin   = "Aminat Magomedova"
	WomanRussian = "Аминат Магомедова"
	WomanBorn    = 1994
	WomanHome    = "Дагестан, Ботлихский район"
	WomanChild   = "Юсуф"
	WomanMother  = "Патимат Магомедова"
	WomanFather  = "Магомед Магомедов" // not in the list: her mother tells it on the telephone
)

// Notice is the first row of the list.
const Notice = "ВЫМЫШЛЕННЫЕ ДАННЫЕ. Ни один человек в этом списке не существует. / INVENTED DATA: nobody in this list exists."

// Header is the row that names the columns.
var Header = []string{
	"№", "Фамилия", "Имя", "Отчество", "Пол", "Дата рождения", "Гражданство", "Регион", "Последнее известное место", "Дата последней связи",
	"Муж", "Дети", "Мать", "Желание вернуться", "Заявитель", "Кем приходится", "Телефон", "Примечание",
}

// HeaderRow is where it stands, as a spreadsheet counts.
const HeaderRow = 3

// Workbook gives the list as xlsx.
func Workbook() ([]byte, error) { return WorkbookOf(Rows) }

// WorkbookOf gives a list of n people.
func WorkbookOf(n int) ([]byte, error) {
	var b bytes.Buffer
	err := table.WriteXLSX(&b, "Список", []string{Notice}, func(yield func([]string) bool) { each(n, yield) })
	return b.Bytes(), err
}

// CSV gives a list of n people as text, with semicolons.
func CSV(n int) []byte {
	var b bytes.Buffer
	each(n, func(row []string) bool {
		for i, c := range row {
			if i > 0 {
				b.WriteByte(';')
			}
			b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
		return true
	})
	return b.Bytes()
}

// Short gives a list of n people with four columns.
func Short(n int) []byte {
	var b bytes.Buffer
	b.WriteString("ФИО;Дата рождения;Пол;Последнее известное место\n")
	m := &maker{chance: rand.New(rand.NewPCG(2019, 1014))}
	for range n {
		fmt.Fprintf(&b, "%s;%s;%s;%s\n", Name(m.chance), m.born(1960, 2018), m.mostly("ж", 60), m.pick(places))
	}
	return b.Bytes()
}

// each yields the rows below the notice: an empty one, the header, the people.
func each(n int, yield func([]string) bool) {
	m := &maker{chance: rand.New(rand.NewPCG(2019, 1013))}
	if !yield([]string{"Список родственников, октябрь 2019 (вымышлен)"}) || !yield(Header) {
		return
	}
	for number := 1; number <= n; number++ {
		row := m.row(number, n)
		if number+HeaderRow == WomanRow {
			row = woman(number)
		}
		if !yield(row) {
			return
		}
	}
}

type maker struct {
	chance *rand.Rand
	last   family
}

// family is what the rows of a mother and her children share.
type family struct {
	surname, mother, father, place, seen, region, applicant, relation, phone string
}

func woman(number int) []string {
	return []string{
		fmt.Sprint(number), "Magomedova", "Aminat", "", "ж", fmt.Sprint(WomanBorn), "РФ", WomanHome, "Ain Issa", "09.2019",
		"", WomanChild + " (2014), Марьям (2016)", "", "вернуться", WomanMother, "мать", "8 000 000-00-64", "пишет латиницей из мессенджера",
	}
}

// row makes one person. Seven in eighteen are women; the children after a woman are
// hers.
func (m *maker) row(number, n int) []string {
	if number == 1 || (number*Women)/Rows != ((number-1)*Women)/Rows {
		return m.mother(number)
	}
	return m.child(number)
}

func (m *maker) mother(number int) []string {
	surname := m.pick(surnames)
	father := m.pick(men)
	f := family{
		surname: surname, father: m.pick(surnames) + " " + m.pick(men), place: m.pick(places), seen: m.seen(), region: m.pick(regions),
		relation: m.pick([]string{"мать", "мать", "сестра", "отец", "бабушка", "тётя"}),
	}
	given := m.pick(women)
	f.mother = surname + "а " + given
	f.applicant = surname + "а " + m.pick(women)
	if f.relation == "отец" {
		f.applicant = surname + " " + m.pick(men)
	}
	f.phone = fmt.Sprintf("8 000 %03d-%02d-%02d", number/1000, number/100%100, number%100)
	m.last = f
	return []string{
		fmt.Sprint(number), surname + "а", given, patronymic(father, "овна"), m.mostly("ж", 97), m.born(1968, 1999), m.mostly("РФ", 92), f.region, f.place, f.seen,
		f.father, m.children(), "", m.pick([]string{"вернуться", "вернуться", "вернуться", "да", "", "", "не знает", "просит забрать детей"}),
		f.applicant, f.relation, f.phone, m.pick(remarks),
	}
}

func (m *maker) child(number int) []string {
	f := m.last
	given, surname, sex, ending := m.pick(men), f.surname, "м", "ович"
	if m.chance.IntN(2) == 0 {
		given, surname, sex, ending = m.pick(women), f.surname+"а", "ж", "овна"
	}
	father := strings.Fields(f.father)[1]
	return []string{
		fmt.Sprint(number), surname, given, m.mostly(patronymic(father, ending), 60), m.mostly(sex, 95), m.born(2004, 2018), m.mostly("РФ", 70), f.region, f.place, f.seen,
		"", "", f.mother, "", f.applicant, m.pick([]string{"бабушка", "бабушка", "тётя", "дедушка"}), f.phone, m.pick(remarks),
	}
}

func (m *maker) pick(words []string) string { return words[m.chance.IntN(len(words))] }

// mostly gives the text in so many of a hundred cases, and an empty cell otherwise.
func (m *maker) mostly(text string, percent int) string {
	if m.chance.IntN(100) < percent {
		return text
	}
	return ""
}

// born writes a birth as such lists do: whole, as a year, about, as an age, badly.
func (m *maker) born(from, to int) string {
	year := from + m.chance.IntN(to-from+1)
	switch n := m.chance.IntN(100); {
	case n < 55:
		return fmt.Sprintf("%02d.%02d.%d", 1+m.chance.IntN(28), 1+m.chance.IntN(12), year)
	case n < 80:
		return fmt.Sprint(year)
	case n < 86:
		return fmt.Sprintf("около %d", year)
	case n < 91:
		return fmt.Sprintf("%d г.р.", year)
	case n < 95:
		return fmt.Sprintf("%d лет", 2019-year)
	case n < 97:
		return fmt.Sprintf("%d-%d", year, year+2)
	case n < 99:
		return ""
	}
	return m.pick([]string{"не помнит", "зимой", "31.02.1990"})
}

func (m *maker) seen() string {
	switch n := m.chance.IntN(10); {
	case n < 4:
		return fmt.Sprintf("%02d.%d", 1+m.chance.IntN(9), 2019)
	case n < 7:
		return fmt.Sprintf("%02d.%02d.%d", 1+m.chance.IntN(28), 1+m.chance.IntN(12), 2017+m.chance.IntN(2))
	case n < 9:
		return fmt.Sprint(2016 + m.chance.IntN(3))
	}
	return ""
}

func (m *maker) children() string {
	var out []string
	for range m.chance.IntN(4) {
		out = append(out, fmt.Sprintf("%s (%d)", m.pick(append(men, women...)), 2009+m.chance.IntN(10)))
	}
	return strings.Join(out, ", ")
}

// patronymic makes one of a father's name.
func patronymic(father, ending string) string {
	if base, ok := strings.CutSuffix(father, "й"); ok {
		return base + "е" + strings.TrimPrefix(ending, "о")
	}
	if base, ok := strings.CutSuffix(father, "а"); ok {
		return base + "а" + strings.TrimPrefix(ending, "о")
	}
	return father + ending
}

var (
	women = strings.Fields(`Амина Патимат Хадижат Зулейхан Марьям Асият Зарема Луиза Мадина Фатима Айшат Заира Хава Седа Иман Раиса Аиша Сакинат Умукусум Барият
		Загидат Написат Хеда Малика Элина Лейла Зухра Динара Гульнара Камила Рукият Сабина Салимат Таиса Тамара Эльмира Макка Петимат Яха Зара Милана Оксана Наталья Анна Елена Айгуль Гульмира Мехрибан Нигора Дильфуза`)
	men = strings.Fields(`Магомед Ахмед Иса Муса Рамзан Шамиль Расул Гаджи Абдула Абубакар Умар Али Хасан Хусейн Юсуп Ибрагим Исмаил Мовсар Тимур Заур
		Руслан Аслан Адам Бислан Ваха Зелимхан Султан Джамал Камил Курбан Мурад Марат Рустам Анзор Беслан Сайд Идрис Якуб Дауд Сулейман Данияр Бахтияр Фаррух Артур Денис Андрей`)
	surnames = strings.Fields(`Алиев Гасанов Исаев Мусаев Ибрагимов Абдулаев Ахмедов Рамазанов Курбанов Омаров Гаджиев Хасанов Юсупов Османов Сулейманов Джабраилов
		Эльдаров Ахмадов Кадиев Дадаев Висаитов Хаджиев Мурадов Сайдулаев Базаев Умаров Закаев Темирханов Бекбулатов Аджиев Кочкаров Эбзеев Узденов Хубиев Тамбиев Шогенов
		Кардангушев Балкаров Мальсагов Аушев Евлоев Цечоев Барахоев Костоев Гагиев Дзейтов Плиев Местоев Ужахов Рахимов Назаров Каримов Юлдашев Тургунов Абдрахманов Сеитов`)
	places = []string{
		"Айн-Исса", "лагерь Айн Исса", "Ain Issa", "Аль-Холь", "Аль-Хол", "лагерь Хол", "Al-Hol", "Рож", "Мосул", "Телль-Афар", "Тель Афар", "Идлиб", "Ракка", "под Раккой",
		"Багдад, тюрьма", "Хасака", "просто палаточный лагерь", "Дейр-эз-Зор", "Багуз", "не известно",
	}
	regions = []string{
		"Дагестан", "Дагестан, Хасавюрт", "Дагестан, Махачкала", "Чечня", "Чечня, Грозный", "Чеченская Республика", "Ингушетия", "Кабардино-Балкария", "Карачаево-Черкесия",
		"Москва", "Татарстан", "Астрахань", "Ставропольский край", "Тюменская область", "Пенза", "Волгоград",
	}
	remarks = []string{
		"", "", "", "", "", "", "", "муж погиб в 2017", "вдова", "есть голосовое сообщение", "беременна, просит врача", "последний раз звонила с чужого телефона",
		"паспорт отобрали", "дети без документов", "двое детей родились там", "говорила, что переводят в другой лагерь",
	}
)

// Name draws a whole name in one of the three scripts' usual spellings of such
// lists: for tests that need many.
func Name(chance *rand.Rand) string {
	m := &maker{chance: chance}
	surname := m.pick(surnames)
	if chance.IntN(2) == 0 {
		return surname + "а " + m.pick(women) + " " + patronymic(m.pick(men), "овна")
	}
	return surname + " " + m.pick(men) + " " + patronymic(m.pick(men), "ович")
}
