package register_test

import (
	"testing"

	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
)

func TestWhoIsKnownAtAPlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		camp, err := o.AddPlace(t.Context(), clerk, register.NewPlace{Names: []register.PlaceName{{Text: "Ain Issa", Lang: "en"}, {Text: "Айн-Исса", Lang: "ru"}}, Kind: "camp", Country: "SY"})
		must(t, err)
		seen := func(value, object, day string) statement.Statement {
			return statement.Statement{Property: statement.SeenAt, Value: value, Object: object, TrueOn: edtf.MustParse(day)}
		}
		a := o.add(t, name("Аминат"), seen("", camp, "2019-10-12"))
		b := o.add(t, name("Патимат"), seen("лагерь Айн Исса", "", "2019-09"), seen("Мосул", "", "2019-10-01"))
		o.add(t, name("Иса"), seen("Мосул", "", "2019-10-01"))
		rows, total, err := o.KnownAt(t.Context(), camp, 10)
		must(t, err)
		if total != 2 || rows[0].Person != a || rows[0].Days != 3 || rows[0].Elsewhere || rows[1].Person != b || !rows[1].Elsewhere || rows[1].Name != "Патимат" {
			t.Errorf("%+v", rows)
		}
		all, err := o.Places(t.Context())
		must(t, err)
		if len(all) != 1 || all[0].Kind != "camp" || len(all[0].Names) != 2 {
			t.Errorf("%+v", all)
		}
		if p, err := o.Place(t.Context(), camp); err != nil || p.Label.Text != "Ain Issa" || len(p.Facts) != 3 {
			t.Errorf("%+v %v", p, err)
		}
		mother, err := o.AddSource(t.Context(), clerk, register.NewSource{Label: "мать Аминат", Kind: "relative", Relations: []register.Relation{{Person: a, Degree: "мать"}}})
		must(t, err)
		o.say(t, a, statement.Statement{Property: statement.PersonSex, Value: "female", SaidBy: mother})
		rowsOf, n, err := o.Sources(t.Context(), "МАТЬ", 5)
		must(t, err)
		if n != 1 || rowsOf[0].ID != mother || rowsOf[0].Kind != "relative" {
			t.Errorf("%+v", rowsOf)
		}
		if s, err := o.Source(t.Context(), mother, 10); err != nil || len(s.Said) != 1 || s.Said[0].Statement.Subject != a {
			t.Errorf("%+v %v", s, err)
		}
	})
}
