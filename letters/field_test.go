package letters_test

import (
	"errors"
	"testing"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/statement"
)

// TestWhatWasClearedHoldsNobodyElse releases fields in which the speaker spoke of her
// mother too: no letter is made of them, and it is said which field it is.
func TestWhatWasClearedHoldsNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		recipient := o.ombudsman()
		for _, c := range []struct {
			property statement.Property
			value    string
			refused  bool
		}{
			{statement.PersonNarrative, "Выехала в 2015 году. Позвоните маме, +7 928 111-22-33.", true},
			{statement.PersonNarrative, "Выехала в 2015 году. Позвоните маме Патимат.", true},
			{statement.PersonNarrative, "Звонить: " + kinPhone, true},
			{statement.PersonNarrative, "Дети остались, " + kinRoute + " передали письмо.", true},
			{statement.PersonNarrative, "Телефон восемь девятьсот двадцать восемь сто одиннадцать двадцать два тридцать три", true},
			{statement.PersonHealth, "беременна; мама на связи: patimat.mag@mail.ru", true},
			{statement.PersonHomeAddress, "Ботлих, ул. Ленина 5, у мамы, тел. 8 928 111 22 33", true},
			{statement.PersonCustodian, "охрана, вайбер patimatmag", true},
			{statement.PersonDescription, "высокая, похожа на сестру Марьям", true},
			{statement.LastNews, "писала в 2019 с чужого: t.me/ktoto", true},
			{statement.SeenAt, "у Патимат в палатке", true},
			{statement.PersonHomeRegion, "Ботлих, 8 928 111 22 33", true},
			{statement.PersonNickname, "Амина 8 928 111 22 33", true},
			{statement.PersonNarrative, "Выехала в 2015 году с мужем; муж погиб 13.10.2019, двое детей, пять и семь лет, мать её ждёт.", false},
			{statement.PersonHomeAddress, "368971, Ботлихский р-н, с. Ботлих, ул. Ленина, д. 5", false},
			{statement.SeenAt, "Айн-Исса", false},
		} {
			person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
			o.kinOf(person, mother)
			_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
				{Subject: person, Property: c.property, Value: c.value, SaidBy: mother}}})
			o.must(err)
			o.consents(recipient, person, mother, statement.PersonName, c.property)
			_, err = o.Make(t.Context(), anna, o.clear(recipient, person), letters.Draft{})
			p, _ := problem.As(err)
			switch {
			case !c.refused && err != nil:
				t.Errorf("%s %q is refused: %v", c.property, c.value, err)
			case c.refused && (!errors.Is(err, letters.ErrField) || p.Args["field"] != string(c.property)):
				t.Errorf("%s %q: %v", c.property, c.value, err)
			}
		}
	})
}

// TestEachFreeFieldIsHeldAgainstTheGate says one indiscreet thing after the other in
// every field of a person and her papers that takes words and that a consent may name.
func TestEachFreeFieldIsHeldAgainstTheGate(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		recipient, tried := o.ombudsman(), 0
		for _, p := range casework.GrantableFields() {
			d := statement.Vocabulary[p]
			if d.Value != statement.Text && d.Value != statement.Line && d.Value != statement.Place || p == statement.ApplicantAddress {
				continue // an applicant's address is hers to give, and hangs on a source
			}
			for i, said := range []string{"так; звонить " + kinPhone, "так, пишите kto-to@example.net", "так, вайбер patimatmag", "так, у Патимат"} {
				if p == statement.DocumentNumber && i > 1 {
					continue // a number is no telephone, nor a name
				}
				person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
				o.kinOf(person, mother)
				one := statement.Statement{Subject: person, Property: p, Value: said, SaidBy: mother}
				if statement.OnlyHers(p) {
					one.SaidBy = person
				}
				if !d.StandsOn(statement.Person) {
					one.Subject = o.open(statement.PaperRecord, statement.Statement{Property: statement.DocumentPerson, Object: person})
				}
				_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{one}})
				o.must(err)
				o.consents(recipient, person, mother, statement.PersonName, p)
				if _, err = o.Preview(t.Context(), anna, o.clear(recipient, person), letters.Draft{}); !errors.Is(err, letters.ErrField) {
					t.Errorf("%s %q: %v", p, said, err)
				}
				tried++
			}
		}
		if tried < 30 {
			t.Errorf("only %d were tried", tried)
		}
	})
}

// TestAClearedTextClearsNoName writes a child's name in the words beside a narrative
// that holds it, and beside one of the same words.
func TestAClearedTextClearsNoName(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		o.kinOf(person, mother)
		_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
			{Subject: person, Property: statement.SeenAt, Value: "Марьям", SaidBy: mother}}})
		o.must(err)
		o.consents(recipient, person, mother, statement.PersonName, statement.SeenAt)
		_, err = o.Preview(t.Context(), anna, o.clear(recipient, person), letters.Draft{Substance: "С ней дочь Марьям."})
		o.refused(err, letters.ErrText)
	})
}

// TestNumbersInWordsAndNamesWithMessengers are ways to reach somebody as well.
func TestNumbersInWordsAndNamesWithMessengers(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		o.kinOf(person, mother)
		_, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
			{Subject: mother, Property: statement.ContactMessenger, Value: "вайбер patya_05"},
			{Subject: mother, Property: statement.ContactMessenger, Value: "Telegram: hava"}}})
		o.must(err)
		o.consents(recipient, person, mother, statement.PersonName)
		c := o.clear(recipient, person)
		for text, want := range map[string]error{
			"восемь девять два восемь один один один два два три три":                                        letters.ErrReach,
			"Восемь девятьсот двадцать восемь сто одиннадцать двадцать два тридцать три":                     letters.ErrReach,
			"8девять28один11двадцать два33":                                                                  letters.ErrReach,
			"восемьдевятьдвавосемьодинодинодин":                                                              letters.ErrReach,
			"eight nine two eight, one one one, two two three three":                                         letters.ErrReach,
			"nine hundred twenty eight, one hundred eleven, twenty two, thirty three":                        letters.ErrReach,
			"تسعة اثنان ثمانية واحد واحد واحد اثنان":                                                         letters.ErrReach,
			"تسعمئة وثمانية وعشرون مئة وأحد عشر اثنان وعشرون":                                                letters.ErrReach,
			"девятьсот двадцать восемь пятьсот пятьдесят пять ноль один семьдесят семь":                      letters.ErrText,
			"девятьсот двадцать восемь, потом пятьсот пятьдесят пять, и ещё ноль один, и ещё семьдесят семь": letters.ErrText,
			"вайбер patimatmag":                    letters.ErrReach,
			"Вайбер: patimatmag":                   letters.ErrReach,
			"на вайбере под именем patimatmag":     letters.ErrReach,
			"тг ktoto77":                           letters.ErrReach,
			"write to her on WhatsApp: patimatmag": letters.ErrReach,
			"signal patimatmag":                    letters.ErrReach,
			"patimatmag в телеграме":               letters.ErrReach,
			"واتساب patimatmag":                    letters.ErrReach,
			"спросите patya_05":                    letters.ErrText,
			"спросите Hava":                        letters.ErrText,
			"Детям один, два и пять лет; в 2014 году ей было двадцать три.": nil,
			"Сообщение в WhatsApp от 13 ноября 2019 г. прилагается.":        nil,
			"Просили тридцать первого и сто двадцать раз.":                  nil,
			"She wrote by WhatsApp, and then by Telegram yesterday.":        nil,
			"There is no signal there now.": nil,
		} {
			if _, err := o.Preview(t.Context(), anna, c, letters.Draft{Substance: text}); !errors.Is(err, want) {
				t.Errorf("%q: %v, want %v", text, err, want)
			}
		}
	})
}
