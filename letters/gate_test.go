package letters_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"homeward/casework"
	"homeward/internal/db/dbtest"
	"homeward/letters"
	"homeward/statement"
	"homeward/statement/edtf"
)

// kinOf gives the woman children who are said to be hers, a mother with a telephone,
// and the neighbour whose voice the mother's record is.
func (o *office) kinOf(person, mother string) {
	o.t.Helper()
	for _, child := range []string{"Юсуф", "Марьям"} {
		o.open(statement.Person,
			statement.Statement{Property: statement.PersonGivenName, Value: child, SaidBy: mother},
			statement.Statement{Property: statement.KinChildOf, Object: person, SaidBy: mother},
			statement.Statement{Property: statement.ContactPhone, Value: "+7 928 555-01-78", SaidBy: mother})
	}
	o.open(statement.Source,
		statement.Statement{Property: statement.SourceLabel, Value: "Патимат Магомедова, тётя"},
		statement.Statement{Property: statement.SourceKind, Value: "relative"},
		statement.Statement{Property: statement.SourceRelation, Object: person, Value: "тётя"},
		statement.Statement{Property: statement.ContactEmail, Value: "patya.m@example.org"})
	o.open(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "мать"},
		statement.Statement{Property: statement.SourceRelation, Object: person, Value: "мать"})
}

// TestKinStayOutOfALetterHoweverTheyAreSpelled writes of those to whom no statement
// about her points, in every way that came to mind.
func TestKinStayOutOfALetterHoweverTheyAreSpelled(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		o.kinOf(person, mother)
		o.consents(recipient, person, mother, statement.PersonName)
		c := o.clear(recipient, person)
		for text, want := range map[string]error{
			"Дочь Марьям находится у родственников.":  letters.ErrText,
			"доверенность от Патимат, Марьям":         letters.ErrText,
			"С ней сын Юсуф":                          letters.ErrText,
			"заявление Магомедовой":                   letters.ErrText,
			"Юсуфу пять лет":                          letters.ErrText,
			"вместе с П а т и м а т":                  letters.ErrText,
			"вместе с Па\u200bти\u00adмат":            letters.ErrText,
			"вместе с Па-ти.мат":                      letters.ErrText,
			"вместе с Maryam":                         letters.ErrText,
			"مع مريم":                                 letters.ErrText,
			"ومريم":                                   letters.ErrText,
			"от XABЫ Мамаевой":                        letters.ErrText,
			"от Xaba":                                 letters.ErrText,
			"от П4тимат":                              letters.ErrText,
			"доверенностьПатимат":                     letters.ErrText,
			"доверенностьпатимат":                     letters.ErrText,
			"МамаеваПатимат":                          letters.ErrText,
			"тел. 8 (928) 555 01 77":                  letters.ErrText,
			"тел. 9285550177":                         letters.ErrText,
			"тел. ٩٢٨ ٥٥٥ ٠١ ٧٨":                      letters.ErrText,
			"8 девять: 928, потом 555, потом O1 и 78": letters.ErrText,
			"patya.m собака example":                  letters.ErrText,
			"PATYA.M":                                 letters.ErrText,
			"Связь +963 944 123 456.":                 letters.ErrReach,
			"Номер 1234567":                           letters.ErrReach,
			"٩٦٣ ٩٤٤ ١٢٣":                             letters.ErrReach,
			"Пишите: kto-to@example.net":              letters.ErrReach,
			"telegram ＠ktoto":                         letters.ErrReach,
			"ktoto (at) example.net":                  letters.ErrReach,
			"t.me/ktoto":                              letters.ErrReach,
			"Заявитель — мать, сестра ждёт её дома.":                         nil,
			"Мамаевой Аминат нужна помощь.":                                  nil,
			"Письмо № H-2026/0001 от 13.10.2019, в 2014/2019 и 2019-10-13.":  nil,
			"Просим ответить бюро: " + officePhone:                           nil,
			"Приложение: копия паспорта на 12 л., справка 364000, г. Москва": nil,
		} {
			_, err := o.Preview(ctx, anna, c, letters.Draft{Substance: text})
			if !errors.Is(err, want) {
				t.Errorf("the substance %q: %v, want %v", text, err, want)
			}
			if _, err = o.Preview(ctx, anna, c, letters.Draft{Annexes: []string{"Копия справки", text}}); !errors.Is(err, want) {
				t.Errorf("the annex %q: %v, want %v", text, err, want)
			}
		}
	})
}

// TestSenderAndOtherRecordsOfKinAreAround finds the sender of an appeal that mentions
// her, and the second record of a child.
func TestSenderAndOtherRecordsOfKinAreAround(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		child := o.open(statement.Person, statement.Statement{Property: statement.KinChildOf, Object: person})
		again := o.open(statement.Person, statement.Statement{Property: statement.PersonName, Value: "Ибрагим"})
		o.same = [][]string{{child, again}}
		speaker := o.open(statement.Person, statement.Statement{Property: statement.PersonName, Value: "Зарема Гаджиева"},
			statement.Statement{Property: statement.ContactPhone, Value: "+7 (988) 777-66-55"})
		sender := o.open(statement.Source, statement.Statement{Property: statement.SourcePerson, Object: speaker})
		o.open(statement.Appeal, statement.Statement{Property: statement.AppealMentions, Object: person},
			statement.Statement{Property: statement.AppealSender, Object: sender})
		house := o.open(statement.Household, statement.Statement{Property: statement.HouseholdLabel, Value: "Третья палатка"})
		o.open(statement.Person, statement.Statement{Property: statement.PersonNickname, Value: "Умм Сумайя"},
			statement.Statement{Property: statement.PersonHousehold, Object: house})
		_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
			{Subject: person, Property: statement.PersonHousehold, Object: house}}})
		o.must(err)
		o.consents(recipient, person, mother, statement.PersonName)
		c := o.clear(recipient, person)
		for _, text := range []string{"Ибрагиму два года", "с Заремой", "9887776655", "и Сумайей"} {
			if _, err := o.Preview(t.Context(), anna, c, letters.Draft{Substance: text}); !errors.Is(err, letters.ErrText) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}

// plainWords are what an office writes in a letter or to whoever holds a receipt,
// without a name: invented, at the length of real ones.
var plainWords = map[string]string{
	"ru": `В октябре 2019 года после начала боевых действий женщине с двумя малолетними детьми велели покинуть лагерь. По словам родственников,
последний раз она выходила на связь осенью: просила передать матери, что дети живы, но младший тяжело болен, воды и еды не хватает, врача нет уже третий месяц.
Отец детей, по рассказам очевидцев, погиб; свидетельств о рождении у детей нет, потому что они родились там. Паспорт остался у администрации лагеря.
Ранее мы обращались в Министерство иностранных дел (письмо от 02.09.2019) и в прокуратуру; ответ от 13 ноября 2019 г. по существу поставленных вопросов сведений не содержит.
Бабушка готова принять внуков, условия проживания проверены органами опеки, имеется заключение. Сестра готова сдать анализ для подтверждения родства.
Женщина не подозревается в совершении преступлений, хочет вернуться домой и воспитывать детей. Просим Вас в пределах полномочий запросить сведения,
оказать содействие в выдаче документов и уведомить нас о принятых мерах в установленный законом срок. Копия доверенности и справка из школы прилагаются.
Мир и надежда этой семьи зависят от того, кто первым протянет руку; мы верим, что роза ветров переменится.`,
	"en": `We have sent a letter to the office that can help and are waiting for its answer. The law gives it thirty days. Please be patient: it may ask for more time.
There is no news yet about the road or the crossing. If it is safe for you, tell us whether the children still have a doctor and whether anybody has come to ask about papers.
Do not write down the names of other people. You can add to your message here with the same receipt at any hour.`,
	"ar": `أرسلنا رسالة إلى الجهة التي يمكنها أن تساعد وننتظر جوابها خلال ثلاثين يومًا. نرجو منكم الصبر، فقد تطلب وقتًا أطول. لا أخبار حتى الآن عن الطريق أو المعبر.
إن كان ذلك آمنًا لكم فأخبرونا هل ما زال لدى الأطفال طبيب وهل جاء أحد يسأل عن الوثائق. لا تكتبوا أسماء أشخاص آخرين. يمكنكم أن تضيفوا إلى رسالتكم هنا في أي ساعة بالإيصال نفسه، ونحن نتابع الأمر.`,
}

// TestPlainWordsPass writes whole appeals without a name beside a register of usual
// names.
func TestPlainWordsPass(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, t, d, false)
		w.family()
		w.everything(statement.PersonBirthDate)
		c := w.cleared()
		for _, p := range strings.Split(plainWords["ru"], ". ") {
			if _, err := w.Preview(context.Background(), anna, c, letters.Draft{Substance: p, Annexes: []string{"Копия ответа МИД от 2 сентября 2019 г."}}); err != nil {
				rt.Fatalf("%q: %v; around her %v", p, err, w.kin)
			}
		}
		if _, err := w.Message(context.Background(), anna, w.appeal, map[string]string{"en": plainWords["en"], "ru": "Ответа пока нет.", "ar": plainWords["ar"]}, c); err != nil {
			rt.Fatalf("a line: %v; around her %v", err, w.kin)
		}
	})
}

// TestNothingOfKinPassesAFreeText writes names and contacts of those around her,
// disguised at random, into every field that takes free words.
func TestNothingOfKinPassesAFreeText(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, t, d, false)
		w.family()
		w.everything(statement.PersonBirthDate)
		c := w.cleared()
		for range 6 {
			word := rapid.SampledFrom(w.kin).Draw(rt, "of whom")
			for _, how := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(disguises)-1), 0, 2, rapid.ID[int]).Draw(rt, "disguised") {
				word = disguises[how](rt, word)
			}
			text := rapid.SampledFrom([]string{"С ней ", "доверенность от «", "тел.: ", ""}).Draw(rt, "before") + word + rapid.SampledFrom([]string{"", ".", "», копия", " ждёт помощи"}).Draw(rt, "after")
			if _, err := w.Preview(context.Background(), anna, c, letters.Draft{Substance: text}); err == nil {
				rt.Fatalf("the substance holds %q, around her %v", text, w.kin)
			}
			if _, err := w.Preview(context.Background(), anna, c, letters.Draft{Annexes: []string{text}}); err == nil {
				rt.Fatalf("an annex holds %q, around her %v", text, w.kin)
			}
			for _, lang := range []string{"en", "ru", "ar"} {
				texts := map[string]string{"en": "Please wait.", "ru": "Ждите.", "ar": "انتظروا."}
				texts[lang] = text
				if _, err := w.Message(context.Background(), anna, w.appeal, texts, c); err == nil {
					rt.Fatalf("a line holds %q, around her %v", text, w.kin)
				}
			}
		}
	})
}

var givenNames = []string{"Патимат", "Марьям", "Юсуф", "Хава", "Зарема", "Хадижат", "Ибрагим", "Сумайя", "Рамазан", "Абдулла", "مريم", "يوسف", "فاطمة", "إبراهيم", "Maryam", "Ibrahim", "Zarema", "Khadijat"}

// family puts people around the first woman by ties of every kind, said of her or of
// them, and remembers what must not be written.
func (w *world) family() {
	ties := []statement.Property{statement.KinChildOf, statement.KinMother, statement.KinSpouseOf, statement.KinSiblingOf, statement.KinRelativeOf, statement.PersonTravelsWith}
	at := w.people[0]
	for i, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(givenNames), 1, 4, rapid.ID[string]).Draw(w.rt, "kin") {
		phone := "+7 92" + string(rune('0'+i)) + " 555-01-77"
		tie := rapid.SampledFrom(ties).Draw(w.rt, "tie")
		said := []statement.Statement{{Property: statement.PersonName, Value: name}, {Property: statement.ContactPhone, Value: phone}}
		outward := rapid.Bool().Draw(w.rt, "said of her")
		if !outward {
			said = append(said, statement.Statement{Property: tie, Object: at})
		}
		kin := w.open(statement.Person, said...)
		if outward {
			_, err := w.ledger.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{{Subject: at, Property: tie, Object: kin}}})
			w.must(err)
		}
		w.kin = append(w.kin, name, phone)
		if rapid.Bool().Draw(w.rt, "further") && at == w.people[0] {
			at = kin
		}
	}
}

// everything that may go is released for each person, if it is one of these fields.
func (w *world) everything(fields ...statement.Property) {
	ctx := context.Background()
	onward, err := w.casework.Onward(ctx, w.to)
	w.must(err)
	for _, p := range w.people {
		_, err = w.ledger.Append(ctx, statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
			{Subject: p, Property: statement.PersonBirthDate, Value: "1991~", SaidBy: w.mother}}})
		w.must(err)
		_, err = w.casework.Rate(ctx, anna, casework.Rating{Recipient: w.to, Person: p, Level: casework.Usual, Reason: "none"})
		w.must(err)
		_, err = w.casework.Grant(ctx, anna, casework.NewGrant{Person: p, Recipient: w.to, Purpose: "return", Giver: casework.Proxy, Source: w.mother,
			Fields: fields, How: "telephone", Language: onward[0].Lang, Onward: onward[0].Text, Given: edtf.Day(w.ledger.Now), Expires: edtf.Day(w.ledger.Now.AddDate(0, 0, 30))})
		w.must(err)
	}
}

// disguises are ways to write a name or a number otherwise. One that does not fit
// leaves the word as it is.
var disguises = []func(*rapid.T, string) string{
	func(_ *rapid.T, s string) string { return strings.ToUpper(s) },
	func(_ *rapid.T, s string) string { return strings.ToLower(s) },
	func(_ *rapid.T, s string) string { return strings.Join(strings.Split(s, ""), " ") },
	func(rt *rapid.T, s string) string {
		runes := []rune(s)
		at := rapid.IntRange(1, len(runes)-1).Draw(rt, "at")
		return string(runes[:at]) + rapid.SampledFrom([]string{"\u200b", "\u00ad", "-", ".", "_", "\u2060", "·", " - "}).Draw(rt, "sign") + string(runes[at:])
	},
	func(_ *rapid.T, s string) string { // letters of the other alphabet
		return strings.NewReplacer("а", "a", "е", "e", "о", "o", "М", "M", "Х", "X", "р", "p").Replace(s)
	},
	func(_ *rapid.T, s string) string { // digits of Arabic
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '\u0660' + r - '0'
			}
			return r
		}, s)
	},
	func(_ *rapid.T, s string) string { return strings.Replace(s, "+7", "8", 1) },
	func(_ *rapid.T, s string) string { return strings.NewReplacer(" ", "", "-", "", "+", "").Replace(s) },
	func(rt *rapid.T, s string) string { // a case of Russian
		if strings.IndexFunc(s, func(r rune) bool { return !unicode.Is(unicode.Cyrillic, r) }) >= 0 {
			return s
		}
		for _, vowel := range []string{"а", "я"} {
			if base := strings.TrimSuffix(s, vowel); base != s {
				return base + rapid.SampledFrom([]string{"ы", "е", "у", "ой", "ю"}).Draw(rt, "ending")
			}
		}
		return s + rapid.SampledFrom([]string{"а", "у", "ом", "е", "ой"}).Draw(rt, "ending")
	},
}
