package returns_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/register"
	"homeward/returns"
	"homeward/statement"
	"homeward/statement/edtf"
)

const anna = "0192a0de-0000-7000-8000-0000000000a1"

var (
	_ returns.Ledger  = (*ledger.Ledger)(nil)
	_ returns.Judge   = (*register.Register)(nil)
	_ ledger.Follower = (*returns.Returns)(nil)
)

// house is an office with a register and returns.
type house struct {
	*returns.Returns
	t      *testing.T
	office ledgertest.Office
	people *register.Register
	db     *db.DB
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, keyring *db.DB) {
		t.Parallel()
		machine := host.System()
		office := ledgertest.Open(t, d, keyring, machine)
		people := register.New(office.Root.OfficeID(), d, office.Ledger, office.Vault, nil, machine)
		r := returns.New(office.Root.OfficeID(), d, office.Ledger, people, machine)
		office.AddFollower(people)
		office.AddFollower(r)
		fn(t, &house{r, t, office, people, d})
	})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) open(kind statement.Kind, said ...statement.Statement) string {
	h.t.Helper()
	id := ledgertest.ID(h.t)
	all := []statement.Statement{ledgertest.Opens(id, kind)}
	for _, s := range said {
		s.Subject = id
		all = append(all, s)
	}
	_, err := h.office.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: all})
	h.must(err)
	return id
}

func (h *house) person(sex, born string) string {
	return h.open(statement.Person, statement.Statement{Property: statement.PersonName, Value: "N"},
		statement.Statement{Property: statement.PersonSex, Value: sex}, statement.Statement{Property: statement.PersonBirthDate, Value: born})
}

func (h *house) source() string {
	return h.open(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "a speaker"})
}

func (h *house) totals() returns.Totals {
	h.t.Helper()
	t, err := h.Totals(context.Background())
	h.must(err)
	return t
}

func rowOf(rows []returns.Row, key string) returns.Row {
	i := slices.IndexFunc(rows, func(r returns.Row) bool { return r.Key == key })
	if i < 0 {
		return returns.Row{}
	}
	return rows[i]
}

// TestTheReturnsOfWinter follows the flight of 30 December 2018 (FIELD.md, Annex A)
// for one boy.
func TestTheReturnsOfWinter(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		boy, ministry, grandmother := h.person("male", "2012~"), h.source(), h.source()
		baghdad := h.open(statement.PlaceRecord, statement.Statement{Property: statement.PlaceName, Value: "Baghdad"})
		id, err := h.Record(ctx, anna, returns.NewReturn{Person: boy, Stage: returns.Planned, On: edtf.MustParse("2018-12-30"),
			From: returns.Spot{Record: baghdad, Wording: "Багдад"}, To: returns.Spot{Wording: "Москва", Lang: "ru"}, By: "the commission",
			Word: returns.Word{SaidBy: ministry, Basis: statement.NameList}, Note: "from the list"})
		h.must(err)
		if got := h.totals(); got.Planned.All() != 1 || got.Home.All() != 0 {
			t.Errorf("planned: %+v", got)
		}
		h.must(h.Advance(ctx, anna, id, returns.Step{Stage: returns.Arrived, On: edtf.MustParse("2018-12-30"), Word: returns.Word{SaidBy: ministry, Basis: statement.WasTold}}))
		got := h.totals()
		if got.Home.Reported != 1 || got.Home.Verified != 0 || got.Planned.All() != 0 {
			t.Errorf("arrived: %+v", got)
		}
		h.must(h.Advance(ctx, anna, id, returns.Step{Stage: returns.HandedOver, On: edtf.MustParse("2018-12-31"), HandedTo: "his grandmother",
			Word: returns.Word{SaidBy: grandmother, Basis: statement.SawIt}}))
		got = h.totals()
		for what, row := range map[string]returns.Row{
			"year": rowOf(got.ByYear, "2018"), "sex": rowOf(got.BySex, "male"), "age": rowOf(got.ByAge, returns.Child),
			"from": rowOf(got.ByFrom, baghdad), "to": rowOf(got.ByTo, "Москва"),
		} {
			if row.Verified != 1 || row.Reported != 0 || !slices.Equal(row.Returns, []string{id}) {
				t.Errorf("by %s: %+v in %+v", what, row, got)
			}
		}
		x, err := h.Return(ctx, id)
		if err != nil || x.Stage != returns.HandedOver || len(x.Stages) != 3 || !slices.Equal(x.Speakers, []string{ministry, grandmother}) || len(x.Notes) != 1 {
			t.Errorf("%+v, %v", x, err)
		}
		if without := got.Without(); without.Home.All() != 1 || without.Home.Returns != nil || without.ByYear[0].Returns != nil || got.ByYear[0].Returns == nil {
			t.Errorf("without records: %+v", without)
		}
		if list, err := h.List(ctx, returns.Filter{Year: "2018", Person: boy, Stage: returns.HandedOver}); err != nil || len(list) != 1 {
			t.Errorf("list: %+v, %v", list, err)
		}
		if list, err := h.List(ctx, returns.Filter{Year: "2019"}); err != nil || len(list) != 0 {
			t.Errorf("of another year: %+v, %v", list, err)
		}
	})
}

// TestAPersonIsCountedOnceHoweverOftenSheIsReported has two speakers tell of one arrival,
// in two returns, and lets a person decide, and decide otherwise.
func TestAPersonIsCountedOnceHoweverOftenSheIsReported(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		woman, one, other := h.person("female", "1990"), h.source(), h.source()
		a, b := h.arrived(woman, one, "2017-11-13", "Syria"), h.arrived(woman, other, "2017-11-13", "Qamishli")
		got := h.totals()
		if got.Home.All() != 1 || got.Home.Ways != 2 || got.Doubles.All() != 1 || !slices.Equal(got.Home.Returns, []string{a, b}) ||
			rowOf(got.ByYear, "2017").All() != 1 || rowOf(got.ByFrom, returns.Contradicted).Ways != 2 {
			t.Errorf("before anybody decided: %+v", got)
		}
		if x, y := h.listed(woman, a), h.listed(woman, b); !slices.Equal(x.MayBe, []string{b}) || !slices.Equal(y.MayBe, []string{a}) || !slices.Equal(x.Speakers, []string{one}) {
			t.Errorf("before anybody decided: %+v and %+v", x, y)
		}
		h.must(h.Same(ctx, anna, a, b, "the same flight"))
		got = h.totals()
		if got.Home.All() != 1 || got.Home.Ways != 1 || got.Doubles.All() != 0 || !slices.Equal(got.Home.Returns, []string{a}) || rowOf(got.ByFrom, returns.Contradicted).All() != 1 {
			t.Errorf("the same: %+v", got)
		}
		if x, err := h.Return(ctx, b); err != nil || x.ID != a || len(x.Speakers) != 2 || len(x.Stages) != 2 {
			t.Errorf("by its other record: %+v, %v", x, err)
		}
		h.must(h.office.Rebuild(ctx, nil))
		if got := h.totals(); got.Home.All() != 1 || got.Home.Ways != 1 {
			t.Errorf("after a rebuild: %+v", got)
		}
		h.must(h.Undo(ctx, anna, a, b, "two flights"))
		if got := h.totals(); got.Home.All() != 1 || got.Home.Ways != 2 || got.Doubles.All() != 1 {
			t.Errorf("undone: %+v", got)
		}
		h.must(h.NotSame(ctx, anna, b, a, "she came twice"))
		got = h.totals()
		if got.Home.All() != 1 || got.Home.Ways != 2 || got.Doubles.All() != 0 || rowOf(got.ByFrom, returns.Several).All() != 1 {
			t.Errorf("not the same: %+v", got)
		}
		if x := h.listed(woman, a); !slices.Equal(x.Two, []string{b}) || len(x.MayBe) > 0 {
			t.Errorf("not the same: %+v", x)
		}
		h.must(h.Undo(ctx, anna, a, b, "they may be one after all"))
		if x := h.listed(woman, a); len(x.Two) > 0 || len(x.MayBe) != 1 {
			t.Errorf("taken back: %+v", x)
		}
	})
}

func (h *house) arrived(person, by, on, from string) string {
	h.t.Helper()
	n := returns.NewReturn{Person: person, Stage: returns.Arrived, From: returns.Spot{Wording: from}, Word: returns.Word{SaidBy: by}}
	if on != "" {
		n.On = edtf.MustParse(on)
	}
	id, err := h.Record(context.Background(), anna, n)
	h.must(err)
	return id
}

// listed is a return as the list of her returns shows it.
func (h *house) listed(person, id string) returns.Return {
	h.t.Helper()
	all, err := h.List(context.Background(), returns.Filter{Person: person})
	h.must(err)
	return all[slices.IndexFunc(all, func(x returns.Return) bool { return x.ID == id })]
}

// TestWhichReportsMayBeOneReturn compares times and ways, over both records of a woman.
func TestWhichReportsMayBeOneReturn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		by := h.source()
		for name, c := range map[string]struct {
			on, from, otherOn, otherFrom string
			may                          bool
		}{
			"one day, other words for the place": {"2017-11-13", "Сирия", "2017-11-13", "Камышлы", true},
			"a day within a month":               {"2017-11-13", "Syria", "2017-11", "Syria", true},
			"a month, from elsewhere":            {"2017-11-13", "Syria", "2017-11", "Iraq", false},
			"no day":                             {"2017-11-13", "Syria", "", "syria", true},
			"no place":                           {"2017-11-13", "Syria", "2017", "", true},
			"another day":                        {"2017-11-13", "Syria", "2017-11-14", "Syria", false},
		} {
			woman, again := h.person("female", "1990"), h.person("female", "1990")
			_, err := h.people.Judge(context.Background(), anna, woman, again, register.Same, "one woman")
			h.must(err)
			a, b := h.arrived(woman, by, c.on, c.from), h.arrived(again, by, c.otherOn, c.otherFrom)
			if may := slices.Equal(h.listed(again, a).MayBe, []string{b}); may != c.may {
				t.Errorf("%s: may be one: %v", name, may)
			}
		}
		if got := h.totals(); got.Home.All() != 6 || got.Home.Ways != 12 || got.Doubles.All() != 4 || rowOf(got.BySex, "female").All() != 6 {
			t.Errorf("%+v", got)
		}
	})
}

// TestWhatNobodyCanHaveKnownIsNotCounted reads returns that were written down before the
// form refused a time that reaches beyond the day.
func TestWhatNobodyCanHaveKnownIsNotCounted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		by := h.source()
		for _, on := range []string{"2019-10/..", "2019-10/2199-05", "2199-01-01", "../2199"} {
			woman := h.person("female", "1990")
			id := h.open(statement.Return, statement.Statement{Property: statement.ReturnPerson, Object: woman, SaidBy: by},
				statement.Statement{Property: statement.ReturnStage, Value: "planned", SaidBy: by, TrueOn: edtf.MustParse(on)},
				statement.Statement{Property: statement.ReturnStage, Value: "arrived", SaidBy: by, TrueOn: edtf.MustParse(on)})
			x := h.listed(woman, id)
			if x.Stage != returns.Planned || len(x.Beyond) != 1 || x.Beyond[0].Value != "arrived" || x.Verified {
				t.Errorf("%s: %+v", on, x)
			}
		}
		if got := h.totals(); got.Home.All() != 0 || got.Beyond.All() != 4 || got.Planned.All() != 4 {
			t.Errorf("%+v", got)
		}
	})
}

func TestWhatIsLeftOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		woman, speaker := h.person("female", "2000/2003"), h.source()
		word := returns.Word{SaidBy: speaker}
		for name, c := range map[string]struct {
			by   string
			n    returns.NewReturn
			want error
		}{
			"nobody":     {"", returns.NewReturn{Person: woman, Stage: returns.Arrived, Word: word}, returns.ErrNobody},
			"no person":  {anna, returns.NewReturn{Stage: returns.Arrived, Word: word}, returns.ErrPerson},
			"no stage":   {anna, returns.NewReturn{Person: woman, Stage: "home", Word: word}, returns.ErrStage},
			"no speaker": {anna, returns.NewReturn{Person: woman, Stage: returns.Arrived}, returns.ErrSpeaker},
		} {
			if _, err := h.Record(ctx, c.by, c.n); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		id, err := h.Record(ctx, anna, returns.NewReturn{Person: woman, Stage: returns.Boarded, On: edtf.MustParse("2019-12/2020-01"), Word: word})
		h.must(err)
		h.must(h.Advance(ctx, anna, id, returns.Step{Stage: returns.Arrived, On: edtf.MustParse("2019-12/2020-01"), Word: word}))
		got := h.totals()
		if rowOf(got.ByYear, returns.Unknown).All() != 1 || rowOf(got.ByAge, returns.Unknown).All() != 1 || rowOf(got.ByFrom, returns.Unknown).All() != 1 {
			t.Errorf("of one who may be either: %+v", got)
		}
		_, err = h.office.Append(ctx, statement.Act{Kind: statement.ActReturn, By: anna, Statements: []statement.Statement{
			{Subject: id, Property: statement.ReturnStage, Value: "arrived", Stance: statement.Denies, SaidBy: h.source()}}})
		h.must(err)
		if got := h.totals(); got.Disputed.All() != 1 || got.Home.All() != 1 {
			t.Errorf("denied: %+v", got)
		}
		_, err = h.office.Erase(ctx, []string{anna, speaker}, "own_request", woman, "")
		h.must(err)
		if got := h.totals(); got.Home.All() != 0 {
			t.Errorf("of one who was forgotten: %+v", got)
		}
		if _, err := h.Return(ctx, id); !errors.Is(err, returns.ErrNotFound) {
			t.Errorf("of one who was forgotten: %v", err)
		}
	})
}

// TestTotalsAddUp holds every table to the whole, whatever was said, and counts
// the ways home a second time, from the judgements alone.
func TestTotalsAddUp(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		speakers := []string{h.source(), h.source()}
		people := []string{h.person("female", "1990"), h.person("male", "2011-05~"), h.person("female", "2000/2003"), h.open(statement.Person)}
		var ids []string
		rapid.Check(t, func(rt *rapid.T) {
			one := func(from []string) string { return rapid.SampledFrom(from).Draw(rt, "pick") }
			id, err := h.Record(ctx, anna, returns.NewReturn{Person: one(people), Stage: rapid.SampledFrom(returns.Stages).Draw(rt, "stage"),
				On:   edtf.MustParse(one([]string{"2018", "2018-12-30", "2019-02~", "2018/2019"})),
				From: returns.Spot{Wording: one([]string{"", "Syria", "Iraq", "unknown"})}, To: returns.Spot{Wording: one([]string{"", "Грозный", "Grozny"})},
				Word: returns.Word{SaidBy: one(speakers), Basis: rapid.SampledFrom(statement.Bases).Draw(rt, "basis")}})
			h.must(err)
			ids = append(ids, id)
			if len(ids) > 1 && rapid.Bool().Draw(rt, "same") {
				h.must(h.Same(ctx, anna, id, one(ids[:len(ids)-1]), "why"))
			}
			h.checkSums(rt, len(ids))
		})
	})
}

// checkSums holds each table to the people who are home, and the returns to what was
// recorded.
func (h *house) checkSums(rt *rapid.T, most int) {
	got := h.totals()
	for name, rows := range map[string][]returns.Row{"year": got.ByYear, "sex": got.BySex, "age": got.ByAge, "from": got.ByFrom, "to": got.ByTo} {
		var reported, verified int
		var behind []string
		for _, r := range rows {
			reported, verified = reported+r.Reported, verified+r.Verified
			behind = append(behind, r.Returns...)
			if r.Ways != len(r.Returns) || r.All() > r.Ways {
				rt.Errorf("by %s: %d stand behind %d people in %d returns", name, len(r.Returns), r.All(), r.Ways)
			}
		}
		slices.Sort(behind)
		if reported != got.Home.Reported || verified != got.Home.Verified || len(slices.Compact(behind)) != got.Home.Ways {
			rt.Errorf("by %s: %d and %d of %+v", name, reported, verified, got.Home)
		}
	}
	list, err := h.List(context.Background(), returns.Filter{})
	h.must(err)
	home, records := map[string]bool{}, 0
	for _, x := range list {
		records += len(x.Records)
		if x.Stage.Home() {
			home[x.Person] = true
		}
	}
	ways := got.Home.Ways + got.Planned.Ways + got.UnderWay.Ways + got.CalledOff.Ways
	if ways != len(list) || records != most || got.Home.All() != len(home) {
		rt.Errorf("%d ways are counted, %d listed of %d records, %d were recorded; %d of %d people are home", ways, len(list), records, most, got.Home.All(), len(home))
	}
}
