package statement

import (
	"errors"
	"testing"
	"time"

	"homeward/statement/edtf"
)

// TestNobodyKnowsTomorrow holds days on both sides of today to the rule.
func TestNobodyKnowsTomorrow(t *testing.T) {
	t.Parallel()
	now := time.Date(2019, 10, 15, 9, 0, 0, 0, time.UTC)
	on := func(p Property, value, day string) Statement {
		return Statement{Property: p, Value: value, TrueOn: edtf.MustParse(day)}
	}
	for _, c := range []struct {
		said Statement
		want error
	}{
		{on(ReturnStage, "arrived", "2019-10-15"), nil},
		{on(ReturnStage, "arrived", "2019-10-16"), ErrAhead},
		{on(ReturnStage, "boarded", "2025-01-01"), ErrAhead},
		{on(ReturnStage, "handed_over", "2020"), ErrAhead},
		{on(ReturnStage, "arrived", "2019-10"), nil},
		{on(ReturnStage, "arrived", "2019"), nil},
		{on(ReturnStage, "arrived", "201X"), nil},
		{on(ReturnStage, "arrived", "2019-08/2019-10"), nil},
		{on(ReturnStage, "arrived", "2019-10-13/2019-10-15"), nil},
		{on(ReturnStage, "arrived", "../2019-10"), nil},
		{on(ReturnStage, "arrived", "/2019-10-15"), nil},
		{on(ReturnStage, "arrived", "2019-10-15/2019-10-16"), ErrReaches},
		{on(ReturnStage, "arrived", "2019-10/2020-05"), ErrReaches},
		{on(ReturnStage, "handed_over", "../2030"), ErrReaches},
		{on(ReturnStage, "arrived", "2019-10/.."), ErrReaches},
		{on(ReturnStage, "boarded", "2019-10/"), ErrReaches},
		{on(ReturnStage, "planned", "2019-10/2020-05"), nil},
		{on(ReturnStage, "planned", "2025-01-01"), nil},
		{on(ReturnStage, "called_off", "2019-12"), nil},
		{on(SeenAt, "Айн-Исса", "2019-11"), ErrAhead},
		{on(SeenAt, "Айн-Исса", "2019-10"), nil},
		{on(SeenAt, "Айн-Исса", "2019"), nil},
		{on(SeenAt, "Айн-Исса", "2019-10-13/2031"), nil},
		{on(SeenAt, "Айн-Исса", "2020/2021"), ErrAhead},
		{on(SeenAt, "Айн-Исса", "../2031"), nil},
		{Statement{Property: SeenAt, SaidOn: edtf.MustParse("2031-01-01")}, ErrSaidAhead},
		{Statement{Property: LastNewsOn, Value: "2031"}, ErrAhead},
		{Statement{Property: PersonBirthDate, Value: "2019-10-16"}, ErrAhead},
		{Statement{Property: PersonBirthDate, Value: "2018/2031"}, ErrReaches},
		{Statement{Property: PersonBirthDate, Value: "2018/2019"}, nil},
		{Statement{Property: PersonName, Value: "2031"}, nil},
		{Statement{Property: DocumentExpires, Value: "2031-01-01"}, nil},
	} {
		if err := NotAhead(now, c.said); !errors.Is(err, c.want) {
			t.Errorf("%s %q of %s, said on %q: %v, want %v", c.said.Property, c.said.Value, c.said.TrueOn, c.said.SaidOn, err, c.want)
		}
	}
}
