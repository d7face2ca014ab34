package register_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"homeward/evidence"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault/vaulttest"
)

// office is a register over an open ledger.
type office struct {
	ledgertest.Office
	*register.Register
	people *match.People
	main   *db.DB
	now    *time.Time
}

const (
	clerk = "0192a0de-0000-7000-8000-0000000000c1"
	other = "0192a0de-0000-7000-8000-0000000000c2"
)

func open(t testing.TB, main, keyring *db.DB) office {
	t.Helper()
	now := time.Date(2019, 10, 15, 9, 0, 0, 0, time.UTC)
	h := host.System()
	h.Now = func() time.Time { return now }
	o := ledgertest.Open(t, main, keyring, h)
	folder, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() }) //nolint:errcheck // a folder of a test
	e := evidence.New(blob.NewDisk(folder), o.Ledger, o.Vault, o.Root, h)
	r := register.New(vaulttest.Office, main, o.Ledger, o.Vault, e, h)
	o.AddFollower(r)
	o.AddLearner(r.Learner())
	if err := o.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return office{o, r, match.NewPeople(r, h), main, &now}
}

func each(t *testing.T, fn func(t *testing.T, o office)) {
	t.Helper()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) { fn(t, open(t, main, keyring)) })
}

func name(text string) statement.Statement {
	return statement.Statement{Property: statement.PersonName, Value: text}
}

func fact(p statement.Property, value string) statement.Statement {
	return statement.Statement{Property: p, Value: value}
}

func (o office) add(t testing.TB, said ...statement.Statement) string {
	t.Helper()
	id, err := o.Add(t.Context(), clerk, register.NewPerson{Statements: said})
	must(t, err)
	return id
}

func (o office) say(t testing.TB, subject string, said ...statement.Statement) {
	t.Helper()
	for i := range said {
		said[i].Subject = subject
	}
	_, err := o.Say(t.Context(), clerk, 0, said, "")
	must(t, err)
}

func (o office) person(t testing.TB, id string) *register.Person {
	t.Helper()
	p, err := o.Person(t.Context(), id)
	must(t, err)
	return p
}

func (o office) judge(t testing.TB, a, b string, v register.Verdict) {
	t.Helper()
	_, err := o.Judge(t.Context(), clerk, a, b, v, "because")
	must(t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		t.Logf("%T %v", e, e)
	}
	if err != nil {
		t.FailNow()
	}
}

func values(facts []register.Fact) []string {
	var out []string
	for _, f := range facts {
		out = append(out, f.Statement.Value)
	}
	slices.Sort(out)
	return out
}

func group(p *register.Person, property statement.Property) register.Group {
	for _, g := range p.Facts {
		if g.Property == property {
			return g
		}
	}
	return register.Group{}
}

// TestHerWishIsHers: as her own wish only her own word is written down, whatever record of
// hers it is about; what was written down before that rule stands with her relatives'.
func TestHerWishIsHers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		ctx := t.Context()
		mother, err := o.AddSource(ctx, clerk, register.NewSource{Label: "мать", Kind: "relative"})
		must(t, err)
		id, heard := o.add(t, name("Аминат")), o.add(t, name("Аминат"))
		she, err := o.AddSource(ctx, clerk, register.NewSource{Label: "женщина на записи", Person: heard})
		must(t, err)
		wish := func(by string) statement.Statement {
			return statement.Statement{Subject: id, Property: statement.WishOwn, Value: "return", SaidBy: by}
		}
		refused := func(what, by string) {
			t.Helper()
			if _, err := o.Say(ctx, clerk, 0, []statement.Statement{wish(by)}, ""); !errors.Is(err, statement.ErrNotHers) {
				t.Errorf("%s: %v", what, err)
			}
		}
		refused("her mother's word", mother)
		refused("the office's word", "")
		refused("the word of a woman who is not known to be she", she)
		_, err = o.Judge(ctx, clerk, id, heard, register.Same, "мать узнала голос")
		must(t, err)
		said, err := o.Say(ctx, clerk, 0, []statement.Statement{wish(she)}, "")
		must(t, err)
		instead := wish(mother)
		if _, err := o.Correct(ctx, clerk, said[0].ID, &instead, "misheard"); !errors.Is(err, statement.ErrNotHers) {
			t.Errorf("corrected into her mother's: %v", err)
		}
		if _, err := o.Add(ctx, clerk, register.NewPerson{Statements: []statement.Statement{name("Мадина"), {Property: statement.WishOwn, Value: "return", SaidBy: mother}}}); !errors.Is(err, statement.ErrNotHers) {
			t.Errorf("with a new record: %v", err)
		}
		_, err = o.Ledger.Append(ctx, statement.Act{Kind: statement.ActEntry, By: clerk, Statements: []statement.Statement{wish(mother)}}) // as it once could be
		must(t, err)
		if p := o.person(t, id); len(p.Wishes) != 1 || p.Wishes[0].Speaker.ID != she || len(p.RelativesWish) != 1 || p.RelativesWish[0].Speaker.ID != mother {
			t.Errorf("wishes %+v and %+v", p.Wishes, p.RelativesWish)
		}
	})
}

func TestAPersonIsWhatIsSaidOfHer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		mother, err := o.AddSource(t.Context(), clerk, register.NewSource{Label: "мать", Kind: "relative"})
		must(t, err)
		woman, err := o.AddSource(t.Context(), clerk, register.NewSource{Label: "вторая женщина на записи", Protected: true})
		must(t, err)
		camp, err := o.AddPlace(t.Context(), clerk, register.NewPlace{Names: []register.PlaceName{{Text: "Ain Issa", Lang: "en"}, {Text: "Айн-Исса", Lang: "ru"}, {Text: "عين عيسى", Lang: "ar"}}, Kind: "camp", Country: "SY", Codes: []string{"ocha:C5814"}})
		must(t, err)
		id := o.add(t,
			statement.Statement{Property: statement.PersonName, Value: "Аминат Магомедова", Lang: "ru", SaidBy: mother},
			statement.Statement{Property: statement.PersonBirthDate, Value: "1991", SaidBy: mother},
			statement.Statement{Property: statement.PersonAge, Value: "31", SaidBy: woman, TrueOn: edtf.MustParse("2019-10")},
			statement.Statement{Property: statement.PersonSex, Value: "female"},
			statement.Statement{Property: statement.SeenAt, Object: camp, SaidBy: woman, TrueOn: edtf.MustParse("2019-10-13")},
			statement.Statement{Property: statement.ThoughtAt, Value: "Мосул", SaidBy: mother, TrueOn: edtf.MustParse("2017")},
			statement.Statement{Property: statement.WishRelatives, Value: "return", SaidBy: mother},
		)
		child := o.add(t, name("Юсуф"))
		o.say(t, child, statement.Statement{Property: statement.KinMother, Object: id, SaidBy: mother})
		p := o.person(t, id)
		if p.Name.Statement.Value != "Аминат Магомедова" || p.Name.Speaker.Text != "мать" || p.Name.Speaker.ID != mother {
			t.Errorf("name %+v", p.Name)
		}
		if !group(p, statement.PersonBirthDate).Contradicted || !group(p, statement.PersonAge).Contradicted {
			t.Error("born 1991 and 31 years old in 2019 are not held to contradict each other")
		}
		if len(p.Sightings) != 2 || p.Sightings[0].Days != 2 || p.Sightings[0].Place.Text != "Ain Issa" || !p.Sightings[1].Thought || p.Sightings[1].Place.Text != "Мосул" {
			t.Errorf("sightings %+v", p.Sightings)
		}
		if !p.Sightings[0].Fact.Speaker.Protected {
			t.Error("the speaker is not protected")
		}
		if len(p.Wishes) != 0 || len(p.RelativesWish) != 1 {
			t.Errorf("wishes %v and %v", p.Wishes, p.RelativesWish)
		}
		if len(p.Kin) != 1 || p.Kin[0].Role != register.RoleChild || p.Kin[0].Other.Text != "Юсуф" {
			t.Errorf("kin %+v", p.Kin)
		}
		if kin := o.person(t, child).Kin; len(kin) != 1 || kin[0].Role != register.RoleMother || kin[0].Other.ID != id {
			t.Errorf("kin of the child %+v", kin)
		}
		if p.Born != (register.Years{From: 1987, To: 1991}) {
			t.Errorf("born %v", p.Born)
		}
		if want := []register.Years{{From: 1987, To: 1988}, {From: 1991, To: 1991}}; !slices.Equal(p.Births, want) {
			t.Errorf("the alternatives are %v", p.Births)
		}
		hits, err := o.people.Search(t.Context(), match.Wanted{Name: p.Name.Statement.Value})
		if err != nil || len(hits) == 0 || !slices.Equal(hits[0].Births, p.Births) {
			t.Errorf("a hit says %+v, %v", hits, err)
		}
		for _, text := range []string{"Ain Issa", "Айн-Исса", "عين عيسى", "айн исса", "ain-issa", "C5814"} {
			found, err := o.FindPlaces(t.Context(), text, 5)
			must(t, err)
			if len(found) != 1 || found[0].Place != camp {
				t.Errorf("%s finds %v", text, found)
			}
		}
		if _, err := o.Person(t.Context(), camp); !errors.Is(err, register.ErrUnknown) {
			t.Errorf("a place is a person: %v", err)
		}
		if _, err := o.Person(t.Context(), ledgertest.ID(t)); !errors.Is(err, register.ErrUnknown) {
			t.Errorf("%v", err)
		}
	})
}

func TestSearchMeetsHerInEveryScript(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		id := o.add(t, name("Aminat Magomedova"), fact(statement.PersonBirthDate, "1991"), fact(statement.PersonSex, "female"),
			statement.Statement{Property: statement.SeenAt, Value: "лагерь Айн-Исса", TrueOn: edtf.MustParse("2019-09")})
		father := o.add(t, name("Магомед Гаджиев"))
		o.say(t, id, statement.Statement{Property: statement.KinFather, Object: father})
		o.add(t, name("Патимат Алиева"), fact(statement.PersonBirthDate, "1991"))
		for _, q := range []string{"Аминат", "Aminat", "Aminatt", "Амінат", "أمينة", "Магомедова Аминат", "аминат магомед", "Aminat Mag", "Амина"} {
			hits, err := o.people.Search(t.Context(), match.Wanted{Name: q})
			must(t, err)
			if len(hits) == 0 || hits[0].Person != id || len(hits[0].Why) == 0 {
				t.Errorf("%s: %+v", q, hits)
			}
		}
		hits, err := o.people.Search(t.Context(), match.Ask("Аминат дочь Магомеда Гаджиева, 1990, عين عيسى", 2019, nil))
		must(t, err)
		codes := map[match.ReasonCode]bool{}
		for _, w := range hits[0].Why {
			codes[w.Code] = true
		}
		for _, want := range []match.ReasonCode{match.OtherScript, match.KinHasName, match.NearBirthYear, match.SameSex, match.SamePlace} {
			if !codes[want] {
				t.Errorf("no %s among %+v", want, hits[0].Why)
			}
		}
		if hits, err := o.people.Search(t.Context(), match.Wanted{Born: register.Years{From: 1991, To: 1991}, Sex: "female"}); err != nil || len(hits) != 2 {
			t.Errorf("by year: %+v %v", hits, err)
		}
		if hits, err := o.people.Search(t.Context(), match.Wanted{Name: "Зулейхан"}); err != nil || len(hits) != 0 {
			t.Errorf("somebody else: %+v %v", hits, err)
		}
	})
}

func TestJudgements(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		a, b, c := o.add(t, name("Аминат")), o.add(t, name("Aminat"), fact(statement.PersonBirthDate, "1991")), o.add(t, name("أمينة"), fact(statement.PersonBirthDate, "1987"))
		before := []*register.Person{o.person(t, a), o.person(t, b), o.person(t, c)}
		o.judge(t, a, b, register.Same)
		o.judge(t, b, c, register.Same)
		p := o.person(t, c)
		if p.ID != a || len(p.Records) != 3 || !group(p, statement.PersonBirthDate).Contradicted {
			t.Errorf("%+v", p.Records)
		}
		hits, err := o.people.Search(t.Context(), match.Wanted{Name: "Aminat"})
		must(t, err)
		if len(hits) != 1 || hits[0].Person != a || hits[0].Records != 3 {
			t.Errorf("hits %+v", hits)
		}
		if _, err := o.Judge(t.Context(), clerk, a, c, register.NotSame, ""); !errors.Is(err, register.ErrJoined) {
			t.Errorf("not the same inside a cluster: %v", err)
		}
		_, err = o.Undo(t.Context(), clerk, b, a, "a mistake")
		must(t, err)
		_, err = o.Undo(t.Context(), clerk, b, c, "another")
		must(t, err)
		for i, id := range []string{a, b, c} {
			same(t, before[i], o.person(t, id))
		}
		if _, err := o.Undo(t.Context(), clerk, b, a, ""); !errors.Is(err, register.ErrNotJudged) {
			t.Errorf("undoing twice: %v", err)
		}
		o.judge(t, a, c, register.NotSame)
		o.judge(t, a, b, register.Same)
		if _, err := o.Judge(t.Context(), clerk, b, c, register.Same, ""); !errors.Is(err, register.ErrContradiction) {
			t.Errorf("joining what is not the same: %v", err)
		}
		if v, err := o.Verdict(t.Context(), b, c); err != nil || v != register.NotSame {
			t.Errorf("verdict %v %v", v, err)
		}
		all, err := o.Judgements(t.Context(), a, b)
		must(t, err)
		if len(all) != 3 || !all[0].Live || all[1].Live || all[2].Live {
			t.Errorf("%+v", all)
		}
		if _, err := o.Judge(t.Context(), clerk, a, a, register.Same, ""); !errors.Is(err, register.ErrSelf) {
			t.Errorf("%v", err)
		}
	})
}

// same compares persons in all but the judgements about them, which are history.
func same(t testing.TB, want, got *register.Person) {
	t.Helper()
	if d := cmp.Diff(want, got, asShown...); d != "" {
		t.Errorf("the record is not what it was:\n%s", d)
	}
}

var asShown = []cmp.Option{
	cmpopts.IgnoreFields(register.Person{}, "Seen", "Judgements", "History"),
	cmp.Comparer(func(a, b edtf.Date) bool { return a == b }),
	cmpopts.EquateEmpty(),
}

func TestTwoPeopleWriteAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		id := o.add(t, name("Аминат"))
		seen := o.person(t, id).Seen
		first := []statement.Statement{{Subject: id, Property: statement.PersonBirthDate, Value: "1991"}}
		_, err := o.Say(t.Context(), clerk, seen, first, "")
		must(t, err)
		second := []statement.Statement{{Subject: id, Property: statement.PersonBirthDate, Value: "1987"}}
		if _, err := o.Say(t.Context(), other, seen, second, ""); !errors.Is(err, register.ErrChanged) {
			t.Errorf("the second is not told: %v", err)
		}
		elsewhere := []statement.Statement{{Subject: id, Property: statement.PersonSex, Value: "female"}, {Subject: id, Property: statement.PersonName, Value: "Амина"}}
		_, err = o.Say(t.Context(), other, seen, elsewhere, "")
		must(t, err)
		_, err = o.Say(t.Context(), other, o.person(t, id).Seen, second, "")
		must(t, err)
		p := o.person(t, id)
		if g := group(p, statement.PersonBirthDate); len(g.Facts) != 2 || !g.Contradicted {
			t.Errorf("%+v", g)
		}
		old := group(p, statement.PersonBirthDate).Facts[0].Statement.ID
		_, err = o.Correct(t.Context(), clerk, old, &statement.Statement{Subject: id, Property: statement.PersonBirthDate, Value: "1991"}, "misheard")
		must(t, err)
		if _, err := o.Correct(t.Context(), other, old, nil, ""); !errors.Is(err, register.ErrChanged) {
			t.Errorf("corrected twice: %v", err)
		}
		p = o.person(t, id)
		if g := group(p, statement.PersonBirthDate); len(g.Facts) != 2 || g.Contradicted {
			t.Errorf("%+v", g)
		}
		withdrawn := 0
		for _, f := range p.History {
			if f.Statement.Withdrawn {
				withdrawn++
			}
		}
		if withdrawn != 1 {
			t.Errorf("%d withdrawn in the history", withdrawn)
		}
	})
}

func TestWhatWasKnownThen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		a, b := o.add(t, name("Аминат")), o.add(t, name("Aminat"))
		o.judge(t, a, b, register.Same)
		*o.now = o.now.Add(24 * time.Hour)
		o.say(t, a, fact(statement.PersonBirthDate, "1991"))
		_, err := o.Undo(t.Context(), clerk, a, b, "")
		must(t, err)
		then, err := o.At(t.Context(), a, o.now.Add(-time.Hour))
		must(t, err)
		if len(then.Records) != 2 || len(then.Names) != 2 || then.Born.Known() {
			t.Errorf("then: %+v", then)
		}
		if now := o.person(t, a); len(now.Records) != 1 || !now.Born.Known() {
			t.Errorf("now: %+v", now)
		}
		if _, err := o.At(t.Context(), a, o.now.Add(-240*time.Hour)); !errors.Is(err, register.ErrUnknown) {
			t.Errorf("before she was known: %v", err)
		}
	})
}

func TestForgettingLeavesNoTrace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		a, b, c := o.add(t, name("Аминат Магомедова"), fact(statement.PersonBirthDate, "1991")), o.add(t, name("Aminat")), o.add(t, name("Юсуф"))
		o.judge(t, a, b, register.Same)
		o.judge(t, b, c, register.NotSame)
		o.say(t, c, statement.Statement{Property: statement.KinMother, Object: a})
		marks, err := o.Marks(t.Context(), a)
		must(t, err)
		if len(marks) == 0 {
			t.Error("no marks")
		}
		_, err = o.Erase(t.Context(), []string{clerk, other}, "own_request", a, "")
		must(t, err)
		if _, err := o.Person(t.Context(), a); !errors.Is(err, register.ErrUnknown) {
			t.Errorf("she is still there: %v", err)
		}
		if hits, err := o.people.Search(t.Context(), match.Wanted{Name: "Магомедова"}); err != nil || len(hits) != 0 {
			t.Errorf("she is found: %+v %v", hits, err)
		}
		if p := o.person(t, b); len(p.Records) != 1 {
			t.Errorf("%+v", p.Records)
		}
		if kin := o.person(t, c).Kin; len(kin) != 1 || !kin[0].Other.Forgotten || kin[0].Other.Text != "" {
			t.Errorf("kin %+v", kin)
		}
		must(t, o.Rebuild(t.Context(), nil))
		if _, err := o.Person(t.Context(), a); !errors.Is(err, register.ErrUnknown) {
			t.Errorf("she is back: %v", err)
		}
	})
}
