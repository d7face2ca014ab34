package letters_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homeward/internal/db/dbtest"
	"homeward/letters"
	"homeward/statement"
)

// contactsOf are where the mother can be found, as a caseworker writes it down.
func contactsOf(address, route string) []statement.Statement {
	return []statement.Statement{{Property: statement.ContactAddress, Value: address}, {Property: statement.ContactRoute, Value: route}}
}

const (
	kinAddress = "Грозный, ул. Мира 5, у соседки Залины"
	kinDriver  = "через водителя Рамзана в Кизляре по пятницам"
)

// TestPartsOfAnAddressAndOfARouteStay writes an address and a route in parts, in other
// orders, in cases and in other scripts, and, as a control, what an office may well say of
// the same towns and streets.
func TestPartsOfAnAddressAndOfARouteStay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		for _, s := range contactsOf(kinAddress, kinDriver) {
			s.Subject = mother
			_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{s}})
			o.must(err)
		}
		o.consents(recipient, person, mother, statement.PersonName)
		c := o.clear(recipient, person)
		for _, text := range []string{
			kinAddress, kinDriver, "Мать: Грозный, ул. Мира 5", "ул. Мира 5, Грозный", "Grozny, ul. Mira 5, u sosedki", "водитель Рамзан из Кизляра",
			"соседки Залины", "соседка Залина", "у Залины", "u Zaliny", "Мира, д. 5", "дом 5 по улице Мира", "на Мира, 5", "живёт на улице Мира",
			"улица Мира, дом пять", "MIRA STREET 5", "5 Mira street", "с водителем из Кизляра", "кизлярский водитель", "водителем в Кизляре",
			"через Рамзана", "передать Рамзану", "Рамзаном", "via Ramzan", "عبر رمزان", "Mira ul., 5", "Мира 5", "в Грозном на Мира у соседки",
			"в Кизляре, водитель, по пятницам", "по пятницам водитель из Кизляра",
		} {
			if _, err := o.Preview(t.Context(), anna, c, letters.Draft{Substance: "Сообщаем: " + text + ", просим помочь."}); !errors.Is(err, letters.ErrText) {
				t.Errorf("the substance %q: %v", text, err)
			}
			if _, err := o.Preview(t.Context(), anna, c, letters.Draft{Annexes: []string{text}}); !errors.Is(err, letters.ErrText) {
				t.Errorf("the annex %q: %v", text, err)
			}
		}
		for _, text := range []string{
			"Она родом из Грозного.", "Мать живёт в Грозном и ждёт её.", "Уехала из Кизляра в 2015 году.", "По пятницам в лагере раздают воду.",
			"Мы за мир. Пять детей ждут.", "5 человек ждут помощи в Грозном.", "Соседи в лагере помогают ей.", "Водитель отказался ехать.",
			"ул. Ленина, д. 5, г. Грозный", "проспект Мира, 29", "Справка выдана в Грозном 5 мая 2014 г.", "Мира и здоровья Вам.",
			"Прокуратура Чеченской Республики, г. Грозный", "В пятницу мы писали в Кизляр.", "женщина с 5 детьми, Грозный",
		} {
			if _, err := o.Preview(t.Context(), anna, c, letters.Draft{Substance: text}); err != nil {
				t.Errorf("the substance %q: %v", text, err)
			}
		}
		for value, refused := range map[string]bool{
			"Мать осталась одна: Грозный, ул. Мира 5": true, "Письма возил водитель Рамзан из Кизляра": true, "Жила в Грозном, потом в Кизляре": false,
		} {
			_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
				{Subject: person, Property: statement.PersonNarrative, Value: value, SaidBy: mother}}})
			o.must(err)
			o.consents(recipient, person, mother, statement.PersonName, statement.PersonNarrative)
			if _, err = o.Make(t.Context(), anna, o.clear(recipient, person), letters.Draft{}); refused != errors.Is(err, letters.ErrField) && !strings.Contains(value, "Жила") {
				t.Errorf("a narrative %q: %v", value, err)
			}
		}
	})
}

// TestTentsPostsAndLandmarksStay: what leads to somebody in a camp, in Istanbul or in the
// mountains is told by a number beside a tent, by a post, or word for word.
func TestTentsPostsAndLandmarksStay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		for _, value := range []string{
			"Istanbul, Fatih, Akşemsettin Cd. No:14 D:3", "القطاع 4، خيمة 117", "лагерь Рож, секция 2, палатка 45", "село Гехи, последний дом перед мостом, зелёные ворота",
			"за Хасавюртом, кутан «Заря», балок 3",
		} {
			_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{{Subject: mother, Property: statement.ContactAddress, Value: value}}})
			o.must(err)
		}
		_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
			{Subject: mother, Property: statement.ContactRoute, Value: "палатка 47, через Abu Omar; ехать до поста Герзель"}}})
		o.must(err)
		o.consents(recipient, person, mother, statement.PersonName)
		c := o.clear(recipient, person)
		for _, text := range []string{
			"Akşemsettin Cd. No:14", "No:14, Akşemsettin Cd.", "палатка 47", "Спросить в палатке 47", "tent 47", "خيمة 117، القطاع 4", "خيمة رقم 117", "палатка 117, сектор 4", "tent 117, sector 4",
			"секция 2, палатка 45", "палатка 45, секция 2", "в 45-й палатке", "последний дом перед мостом", "кутан Заря", "балок 3", "пост Герзель",
		} {
			if _, err := o.Preview(t.Context(), anna, c, letters.Draft{Substance: "Сообщаем: " + text + ", просим помочь."}); !errors.Is(err, letters.ErrText) {
				t.Errorf("the substance %q: %v", text, err)
			}
		}
		for _, text := range []string{
			"Находилась в лагере Рож.", "В палатке холодно, 45 детей болеют.", "Живёт в Стамбуле.", "Она в секции для иностранок.", "Дом перед мостом разрушен.",
			"Просим ответить в 2 раза быстрее.", "Палатка сгорела 4 мая 2019 года.", "На посту никого не было.", "Заря новой жизни.",
		} {
			if _, err := o.Preview(t.Context(), anna, c, letters.Draft{Substance: text}); err != nil {
				t.Errorf("the substance %q: %v", text, err)
			}
		}
	})
}

// cased is a word of an address with its cases and its Latin spelling.
type cased []string

var (
	townsOf   = []cased{{"Грозный", "Грозном", "Грозного", "Grozny"}, {"Кизляр", "Кизляре", "Кизляра", "Kizlyar"}, {"Хасавюрт", "Хасавюрте", "Hasavyurt"}, {"Ачхой-Мартан", "Ачхой-Мартане"}, {"Гудермес", "Гудермесе", "Gudermes"}}
	streetsOf = []cased{{"Мира", "Mira"}, {"Садовая", "Садовой", "Sadovaya"}, {"Кадырова", "Kadyrova"}, {"Шейха Мансура", "Sheikha Mansura"}, {"Дружбы Народов"}, {"Абубакарова", "Abubakarova"}}
	peopleOf  = []cased{{"Залины", "Залина", "Залине", "Залиной", "Zalina"}, {"Рамзана", "Рамзан", "Рамзаном", "Ramzan"}, {"Мадины", "Мадина", "Мадиной", "Madina"}, {"Асхаба", "Асхаб", "Асхабом"}, {"Тоиты", "Тоита", "Тоитой"}}
	whoOf     = []cased{{"соседки", "соседка", "соседке"}, {"водителя", "водитель", "водителем", "voditel"}, {"учительницы", "учительница"}, {"продавца", "продавцом"}}
	daysOf    = []cased{{"по пятницам"}, {"по вечерам"}, {"в субботу"}}
	spotsOf   = []cased{{"кафе Ласточка"}, {"мечеть Нур", "мечети Нур"}, {"рынок Беркат", "рынке Беркат"}}
)

func (c cased) draw(rt *rapid.T) string { return rapid.SampledFrom([]string(c)).Draw(rt, "form") }

// found is where somebody can be found, and the parts of it by which that is told.
type found struct {
	address, route string
	parts          []func(*rapid.T) string
}

// anywhere makes one up.
func anywhere(rt *rapid.T) found {
	one := func(all []cased) cased { return rapid.SampledFrom(all).Draw(rt, "one") }
	in, street, host, far, man, what, day, spot := one(townsOf), one(streetsOf), one(peopleOf), one(townsOf), one(peopleOf), one(whoOf[1:]), one(daysOf), one(spotsOf)
	house := rapid.SampledFrom([]string{"5", "12", "47", "108"}).Draw(rt, "house")
	mark := rapid.SampledFrom([]string{"ул. ", "улица ", ""}).Draw(rt, "mark")
	f := found{
		address: in[0] + ", " + mark + street[0] + " " + house + ", у соседки " + host[0],
		route:   "через " + what[0] + " " + man[0] + " в " + far[min(1, len(far)-1)] + " " + day[0] + ", " + spot[0],
	}
	f.parts = []func(*rapid.T) string{
		func(rt *rapid.T) string { return "ул. " + street.draw(rt) + " " + house },
		func(rt *rapid.T) string { return street.draw(rt) + ", д. " + house },
		func(rt *rapid.T) string { return house + ", ул. " + street.draw(rt) + ", " + in.draw(rt) },
		func(rt *rapid.T) string { return "дом " + house + " по улице " + street.draw(rt) },
		func(rt *rapid.T) string { return street.draw(rt) + " " + house + ", " + in.draw(rt) },
		func(rt *rapid.T) string { return "на улице " + street.draw(rt) },
		func(rt *rapid.T) string { return host.draw(rt) },
		func(rt *rapid.T) string { return "соседка " + host.draw(rt) },
		func(rt *rapid.T) string { return what.draw(rt) + " " + man.draw(rt) },
		func(rt *rapid.T) string { return man.draw(rt) + " из " + far.draw(rt) },
		func(rt *rapid.T) string { return what.draw(rt) + " в " + far.draw(rt) },
		func(rt *rapid.T) string { return "в " + far.draw(rt) + " " + day.draw(rt) + " " + what.draw(rt) },
		func(rt *rapid.T) string { return spot.draw(rt) },
	}
	return f
}

// TestNoPartOfWhereKinAreFoundPasses plants addresses and routes around her and writes
// parts of them, in other orders, cases and scripts, into what is free and into what a
// consent releases.
func TestNoPartOfWhereKinAreFoundPasses(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, t, d, false)
		f := anywhere(rt)
		for _, s := range contactsOf(f.address, f.route) {
			s.Subject = w.mother
			_, err := w.ledger.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{s}})
			w.must(err)
		}
		w.everything(statement.PersonBirthDate, statement.PersonNarrative)
		c := w.cleared()
		for range 4 {
			text := rapid.SampledFrom(f.parts).Draw(rt, "part")(rt)
			for range rapid.IntRange(0, 1).Draw(rt, "as well") {
				text = rapid.SampledFrom(f.parts).Draw(rt, "part")(rt) + "; " + text
			}
			switch rapid.IntRange(0, 2).Draw(rt, "letters") {
			case 1:
				text = strings.ToUpper(text)
			case 2:
				text = strings.ToLower(text)
			}
			text = rapid.SampledFrom([]string{"", "Мать: ", "Просим писать: ", "Она жила здесь: "}).Draw(rt, "before") + text
			if _, err := w.Preview(context.Background(), anna, c, letters.Draft{Substance: text}); err == nil {
				rt.Fatalf("the substance holds %q of %q and %q", text, f.address, f.route)
			}
			if _, err := w.Preview(context.Background(), anna, c, letters.Draft{Annexes: []string{text}}); err == nil {
				rt.Fatalf("an annex holds %q of %q and %q", text, f.address, f.route)
			}
		}
		text := rapid.SampledFrom(f.parts).Draw(rt, "part")(rt)
		_, err := w.ledger.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
			{Subject: w.people[0], Property: statement.PersonNarrative, Value: "Выехала в 2015 году. " + text + ".", SaidBy: w.mother}}})
		w.must(err)
		if _, err := w.Preview(context.Background(), anna, w.cleared(), letters.Draft{}); err == nil {
			rt.Fatalf("a narrative that is released holds %q of %q and %q", text, f.address, f.route)
		}
	})
}

// ordinary are sentences of letters such as offices write, with towns, days, numbers and
// common words in them: invented.
var ordinary = strings.Split(`Она родом из Грозного.
Мать живёт в Грозном и ждёт её возвращения.
В 2015 году она уехала из Кизляра через Турцию в Сирию.
Последний раз звонила сестре в пятницу, 11 октября 2019 года.
Отец обращался в прокуратуру города Хасавюрта, ответа нет.
Справка выдана администрацией города Гудермеса 5 мая 2014 г.
Семья проживает в Ачхой-Мартане, дети пойдут там в школу.
Соседи по палатке помогают ей с детьми.
Водитель автобуса отказался их везти.
Рынок в лагере закрыт, продуктов нет.
Мечеть в лагере разрушена обстрелом.
Учительница школы № 12 подтверждает, что дети учились в Грозном.
Из 108 женщин 47 просят о возвращении.
У неё 5 детей, младшему нет года.
Мы выступаем за мир и дружбу народов.
Народов много, а закон один.
Родители просят разрешить передачу лекарств через Красный Крест.
Письма приходят по субботам, ответа на них нет.
По вечерам в лагере нет света.
Бабушка готова принять внуков в Кизляре, условия проверены опекой.
Она работала продавцом в магазине в Хасавюрте.
Просим сообщить, куда направлены женщины из Айн-Исы.
Обращение направлено в Аппарат Уполномоченного в Москве, ул. Мясницкая, д. 47.
Прокуратура Чеченской Республики, г. Грозный, ул. Гаражная, д. 9а.
Министерство иностранных дел, Смоленская-Сенная площадь, 32/34.
Свидетельство о браке выдано в Гудермесе 12 июня 2013 года.
Сын родился 5 марта 2016 года, свидетельства о рождении нет.
Она просит забрать детей, если её саму забрать нельзя.
Ласточка, так называла её мать.
Сад и дом родителей сохранились, жить есть где.
Кафе, где она работала, закрылось в 2014 году.
Обучалась в Грозном в медицинском колледже, по специальности медсестра.
Из Хасавюрта выехали трое, в том числе две сестры.
Связь с лагерем плохая, сообщения идут по нескольку дней.
По данным родственников, в субботу лагерь обстреляли.
Мужа не видела с 2017 года.
Лагерь покинули около 12 часов дня.
Конвой вышел в 5 часов утра, дошли не все.
Дети болеют, нужен врач и чистая вода.
Просим уведомить нас о принятых мерах.
Её двоюродная сестра вернулась в 2018 году рейсом из Эрбиля в Грозный.
Через месяц связь прервалась.
Через знакомых стало известно, что лагерь опустел.
Жители Кизляра подписали обращение, 108 подписей.
Адвокат в Грозном ознакомлен с делом.
She comes from Grozny and her mother waits for her.
Five children are with her, the youngest is ill.
On Friday the guards opened the gates.
The driver left them on the road.
No answer has come from Moscow for 47 days.`, "\n")

// TestOrdinaryLettersPass counts how many ordinary sentences are refused beside addresses
// and routes of kin in the very towns of which the letters speak.
func TestOrdinaryLettersPass(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	tried, refused := 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, t, d, false)
		f := anywhere(rt)
		for _, s := range contactsOf(f.address, f.route) {
			s.Subject = w.mother
			_, err := w.ledger.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{s}})
			w.must(err)
		}
		w.everything(statement.PersonBirthDate)
		c := w.cleared()
		for _, text := range rapid.SliceOfNDistinct(rapid.SampledFrom(append(strings.Split(plainWords["ru"], ". "), ordinary...)), 12, 12, rapid.ID[string]).Draw(rt, "sentences") {
			tried++
			if _, err := w.Preview(context.Background(), anna, c, letters.Draft{Substance: text}); err != nil {
				refused[text+" / "+f.address+" / "+f.route]++
			}
		}
	})
	wrong := 0
	for text, n := range refused {
		wrong += n
		t.Logf("%d times: %s", n, text)
	}
	t.Logf("%d of %d ordinary sentences were refused", wrong, tried)
	if wrong*100 > tried {
		t.Errorf("more than one of a hundred ordinary sentences is refused: %d of %d", wrong, tried)
	}
}
