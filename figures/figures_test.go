package figures_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/figures"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault/vaulttest"
)

const (
	clerk = "0192a0de-0000-7000-8000-0000000000c1"
	other = "0192a0de-0000-7000-8000-0000000000c2"
)

// office is the room over an open ledger, with a register beside it.
type office struct {
	ledgertest.Office
	*figures.Figures
	register *register.Register
	main     *db.DB
	host     host.Host
	now      *time.Time
	camp     string
}

func open(t *testing.T, main, keyring *db.DB) office {
	t.Helper()
	now := time.Date(2019, 10, 13, 9, 0, 0, 0, time.UTC)
	h := host.System()
	h.Now = func() time.Time { return now }
	o := office{Office: ledgertest.Open(t, main, keyring, h), main: main, host: h, now: &now}
	o.register, o.Figures = join(o.Ledger, o)
	if err := o.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.camp = o.place(t, "Ain Issa", "camp", "")
	return o
}

func join(l *ledger.Ledger, o office) (*register.Register, *figures.Figures) {
	r := register.New(vaulttest.Office, o.main, l, o.Vault, nil, o.host)
	f := figures.New(vaulttest.Office, o.main, l, o.Vault, r, o.host)
	l.AddFollower(r)
	l.AddFollower(f)
	l.AddLearner(r.Learner())
	return r, f
}

func each(t *testing.T, fn func(t *testing.T, o office)) {
	t.Helper()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) { fn(t, open(t, main, keyring)) })
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

func (o office) place(t testing.TB, name, kind, parent string) string {
	t.Helper()
	id, err := o.register.AddPlace(t.Context(), clerk, register.NewPlace{Names: []register.PlaceName{{Text: name, Lang: "en"}}, Kind: kind, Country: "SY", Parent: parent})
	must(t, err)
	return id
}

func (o office) source(t testing.TB, n register.NewSource) string {
	t.Helper()
	id, err := o.register.AddSource(t.Context(), clerk, n)
	must(t, err)
	return id
}

func (o office) ask(t testing.TB) string {
	t.Helper()
	id, err := o.Ask(t.Context(), clerk, figures.NewQuestion{Labels: []figures.Words{{Text: "How many escaped?", Lang: "en"}, {Text: "Сколько бежало?", Lang: "ru"}}, Places: []string{o.camp}})
	must(t, err)
	return id
}

func (o office) sheet(t testing.TB, question string, asOf figures.AsOf) figures.Sheet {
	t.Helper()
	s, err := o.Sheet(t.Context(), question, asOf)
	must(t, err)
	return s
}

// claim is a claim about those who escaped from the camp on the day.
func (o office) claim(question, speaker, words string, who ...figures.Who) figures.NewClaim {
	return figures.NewClaim{
		Speaker: speaker, Value: figures.Value{Said: words, Lang: "en"}, Of: figures.Population{Unit: figures.People, Who: who}, What: figures.Escaped,
		PlaceRecord: o.camp, SaidOn: edtf.MustParse("2019-10-13"), On: edtf.MustParse("2019-10-13"), Questions: []string{question}, Basis: figures.Statement,
	}
}

func (o office) record(t testing.TB, n figures.NewClaim) string {
	t.Helper()
	id, err := o.Record(t.Context(), clerk, n)
	must(t, err)
	return id
}

// world is the office with 785 and about 100 on its sheet.
type world struct {
	question, sdf, sohr, foreigners, people string
}

func (o office) contested(t testing.TB) world {
	t.Helper()
	w := world{question: o.ask(t)}
	w.sdf = o.source(t, register.NewSource{Label: "press office", Public: "the region's administration", Kind: "authority"})
	w.sohr = o.source(t, register.NewSource{Label: "observatory's desk", Public: "an observatory", Kind: "organisation"})
	w.foreigners = o.record(t, o.claim(w.question, w.sdf, "785", figures.Foreigners))
	n := o.claim(w.question, w.sohr, "about 100")
	n.Basis, n.Cites = figures.SourcesInside, []string{"sources in the camp"}
	w.people = o.record(t, n)
	return w
}

func TestAClaimIsReadAsItWasRecorded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		agency := o.source(t, register.NewSource{Label: "agency", Public: "an agency", Kind: "outlet"})
		woman := o.source(t, register.NewSource{Label: "second woman in the recording", Public: "a woman in the camp", Kind: "stranded", Protected: true})
		q := o.ask(t)
		annexe := o.place(t, "Annexe", "annex", o.camp)
		low, high := int64(150), int64(250)
		n := figures.NewClaim{
			Speaker: woman, Via: []string{agency}, Published: agency, PublishedOn: edtf.MustParse("2019-10-13"), URLs: []string{"https://news.example/1"},
			SaidOn: edtf.MustParse("2019-10-12"), On: edtf.MustParse("2019-10"),
			Value: figures.Value{Said: "человек двести наверное", Lang: "ru", Low: &low, High: &high, Qualifier: figures.Between},
			Of:    figures.Population{Unit: figures.People, Who: []figures.Who{figures.Women, figures.Children}, Nationalities: []string{"RU"}},
			What:  figures.Remaining, PlaceRecord: annexe, Place: register.PlaceName{Text: "здесь", Lang: "ru"}, Questions: []string{q},
			Words: []figures.Words{{Text: "нас осталось человек двести", Lang: "ru"}}, Basis: figures.SawIt, EvidenceGiven: "no", Note: "from the recording",
		}
		id := o.record(t, n)
		c, err := o.Claim(t.Context(), id)
		must(t, err)
		if c.Speaker.Label != "second woman in the recording" || c.Speaker.Outside() != "a woman in the camp" || !c.Speaker.Protected || len(c.Via) != 1 || c.Published.ID != agency {
			t.Errorf("who says it: %+v", c.Speaker)
		}
		if c.Value == nil || *c.Value.Low != 150 || *c.Value.High != 250 || c.Value.Said != n.Value.Said || c.Value.Qualifier != figures.Between {
			t.Errorf("the value is %+v", c.Value)
		}
		if c.Place.Record != annexe || c.Place.Wording != "здесь" || !slices.Equal(c.Place.Within, []string{o.camp}) || c.Place.Country != "SY" {
			t.Errorf("the place is %+v", c.Place)
		}
		if !slices.Equal(c.Of.Who, n.Of.Who) || c.What != figures.Remaining || c.Tally != figures.Stock || c.Basis != figures.SawIt || c.EvidenceGiven != "no" || c.Note != n.Note ||
			c.Stance != figures.Asserts || c.On != n.On || c.SaidOn != n.SaidOn || c.PublishedOn != n.PublishedOn || !slices.Equal(c.URLs, n.URLs) || !slices.Equal(c.Questions, n.Questions) {
			t.Errorf("the claim is %+v", c)
		}
		all, err := o.Claims(t.Context(), figures.Filter{Speaker: woman, Place: annexe}, figures.AsOf{})
		if err != nil || len(all) != 1 {
			t.Errorf("by speaker and place there are %d, %v", len(all), err)
		}
		if all, err := o.Claims(t.Context(), figures.Filter{Speaker: agency}, figures.AsOf{}); err != nil || len(all) != 0 {
			t.Errorf("the carrier is taken for the speaker: %d, %v", len(all), err)
		}
	})
}

func TestWhatCannotBeWrittenDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		change := func(f func(n *figures.NewClaim)) figures.NewClaim {
			n := o.claim(w.question, w.sohr, "100")
			f(&n)
			return n
		}
		low, high := int64(5), int64(3)
		for name, c := range map[string]struct {
			claim figures.NewClaim
			want  error
		}{
			"no speaker":                {change(func(n *figures.NewClaim) { n.Speaker = "" }), figures.ErrSpeaker},
			"nothing":                   {change(func(n *figures.NewClaim) { n.Value = figures.Value{} }), figures.ErrNothing},
			"words nobody can read":     {change(func(n *figures.NewClaim) { n.Value.Said = "тьма" }), figures.ErrUncoded},
			"no unit":                   {change(func(n *figures.NewClaim) { n.Of.Unit = "" }), figures.ErrUnit},
			"nothing happened":          {change(func(n *figures.NewClaim) { n.What = "" }), figures.ErrWhat},
			"backwards":                 {change(func(n *figures.NewClaim) { n.Value.Low, n.Value.High = &low, &high }), figures.ErrBounds},
			"no list":                   {change(func(n *figures.NewClaim) { n.Basis = figures.ListHeld }), figures.ErrList},
			"repeats nothing":           {change(func(n *figures.NewClaim) { n.Stance = figures.Repeats }), figures.ErrTarget},
			"corrects another's":        {change(func(n *figures.NewClaim) { n.Stance, n.Corrects = figures.Corrects, []string{w.foreigners} }), figures.ErrCorrects},
			"corrects what is no claim": {change(func(n *figures.NewClaim) { n.Stance, n.Corrects = figures.Corrects, []string{o.camp} }), figures.ErrTarget},
			"published tomorrow":        {change(func(n *figures.NewClaim) { n.PublishedOn = edtf.MustParse("2019-10-20") }), statement.ErrSaidAhead},
			"escaped tomorrow":          {change(func(n *figures.NewClaim) { n.On = edtf.MustParse("2019-10-20") }), statement.ErrAhead},
			"of tomorrow":               {change(func(n *figures.NewClaim) { n.SaidOn = edtf.MustParse("2019-10-20") }), statement.ErrSaidAhead},
		} {
			if _, err := o.Record(t.Context(), clerk, c.claim); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		if _, err := o.Record(t.Context(), "", o.claim(w.question, w.sohr, "100")); !errors.Is(err, figures.ErrNobody) {
			t.Errorf("nobody writes it down: %v", err)
		}
		if _, err := o.RecordAll(t.Context(), clerk, []figures.NewClaim{o.claim(w.question, w.sohr, "100"), {}}); err == nil {
			t.Error("half of what was given is recorded")
		}
		if s := o.sheet(t, w.question, figures.AsOf{}); len(s.Lines) != 2 {
			t.Errorf("%d claims were recorded nevertheless", len(s.Lines)-2)
		}
	})
}

func TestTheSheetOfADayInThePast(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		before := *o.now
		*o.now = o.now.Add(24 * time.Hour)
		outlet := o.source(t, register.NewSource{Label: "outlet", Public: "an outlet", Kind: "outlet"})
		n := o.claim(w.question, outlet, "785", figures.Foreigners)
		n.Stance, n.Repeats = figures.Repeats, w.foreigners
		o.record(t, n)
		act, err := o.Withdraw(t.Context(), clerk, w.people, "it was another camp")
		must(t, err)
		now := o.sheet(t, w.question, figures.AsOf{})
		if len(now.Lines) != 2 || len(now.Conflicts) != 0 {
			t.Errorf("now there are %d lines and %d conflicts", len(now.Lines), len(now.Conflicts))
		}
		then := o.sheet(t, w.question, figures.AsOf{Recorded: before})
		if len(then.Lines) != 2 || len(then.Conflicts) != 1 || then.Groups[0].Grade != figures.Contested {
			t.Errorf("then there were %d lines and %d conflicts", len(then.Lines), len(then.Conflicts))
		}
		if _, err := o.Withdraw(t.Context(), clerk, w.people, ""); !errors.Is(err, figures.ErrNotFound) {
			t.Errorf("withdrawn twice: %v", err)
		}
		must(t, o.Restore(t.Context(), clerk, act, "it was this camp"))
		if s := o.sheet(t, w.question, figures.AsOf{}); len(s.Lines) != 3 || len(s.Conflicts) != 1 {
			t.Errorf("restored, there are %d lines and %d conflicts", len(s.Lines), len(s.Conflicts))
		}
		asked, err := o.Questions(t.Context())
		if err != nil || len(asked) != 1 || asked[0].Claims != 3 || asked[0].Label("ru").Text != "Сколько бежало?" {
			t.Errorf("the questions are %+v, %v", asked, err)
		}
	})
}

func TestAnOverruleIsUndone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		before := o.sheet(t, w.question, figures.AsOf{})
		if _, err := o.Overrule(t.Context(), clerk, w.foreigners, w.people, figures.NotComparable, " "); !errors.Is(err, figures.ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
		act, err := o.Overrule(t.Context(), clerk, w.people, w.foreigners, figures.WholeOf, "as the rules say")
		must(t, err)
		if s := o.sheet(t, w.question, figures.AsOf{}); len(s.Conflicts) != 1 || s.Comparisons[0].Overruled == nil || s.Comparisons[0].Overruled.By != clerk {
			t.Errorf("what a person confirmed: %+v", s.Comparisons)
		}
		apart, err := o.Overrule(t.Context(), other, w.people, w.foreigners, figures.NotComparable, "one counts the annexe alone")
		must(t, err)
		if s := o.sheet(t, w.question, figures.AsOf{}); len(s.Conflicts) != 0 || s.Comparisons[0].Overruled.Why != "one counts the annexe alone" {
			t.Errorf("what was set apart: %+v", s.Conflicts)
		}
		for _, a := range []string{apart, act} {
			must(t, o.Restore(t.Context(), clerk, a, ""))
		}
		if after := o.sheet(t, w.question, figures.AsOf{}); !reflect.DeepEqual(before, after) {
			t.Errorf("undone, the sheet is %+v", after)
		}
	})
}

func TestOneSpeakerUnderTwoRecordsIsOneOrigin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		again := o.source(t, register.NewSource{Label: "the observatory", Public: "an observatory", Kind: "organisation"})
		o.record(t, o.claim(w.question, again, "110"))
		grade := func() figures.Grade {
			s := o.sheet(t, w.question, figures.AsOf{})
			l, _ := s.Line(w.people)
			return s.Groups[l.Group].Grade
		}
		must(t, o.Restore(t.Context(), clerk, actOf(t, o, w.foreigners), "only the small ones"))
		if g := grade(); g != figures.Corroborated {
			t.Fatalf("two speakers: %s", g)
		}
		_, err := o.register.Judge(t.Context(), clerk, w.sohr, again, register.Same, "one address")
		must(t, err)
		if g := grade(); g != figures.Single {
			t.Errorf("one speaker under two records: %s", g)
		}
	})
}

func actOf(t testing.TB, o office, claim string) string {
	t.Helper()
	c, err := o.Claim(t.Context(), claim)
	must(t, err)
	return c.Act
}

func TestForgettingASpeaker(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		published, err := o.Publish(t.Context(), clerk, figures.NewRelease{Question: w.question, Titles: []figures.Words{{Text: "Ain Issa", Lang: "en"}}})
		must(t, err)
		*o.now = o.now.Add(time.Hour)
		_, err = o.Erase(t.Context(), []string{clerk, other}, "own_request", w.sohr, "")
		must(t, err)
		s := o.sheet(t, w.question, figures.AsOf{})
		if len(s.Lines) != 1 || s.Lines[0].ID != w.foreigners || len(s.Conflicts) != 0 {
			t.Errorf("the sheet still has %d lines", len(s.Lines))
		}
		r, err := o.Release(t.Context(), published.ID)
		must(t, err)
		if !strings.Contains(string(r.Body), "about 100") {
			t.Error("what was published before is gone")
		}
		c, err := o.CheckRelease(t.Context(), published.ID)
		if err != nil || !c.Frozen || c.Recomputed || c.Forgotten != 1 {
			t.Errorf("checked: %+v, %v", c, err)
		}
		if _, err := o.Erase(t.Context(), []string{clerk, other}, "own_request", published.ID, ""); !errors.Is(err, ledger.ErrKept) {
			t.Errorf("a release is forgotten: %v", err)
		}
	})
}

func TestRebuildGivesTheSame(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		for range 2 {
			_, err := o.Publish(t.Context(), clerk, figures.NewRelease{Question: w.question, Titles: []figures.Words{{Text: "Ain Issa", Lang: "en"}}})
			must(t, err)
			*o.now = o.now.Add(time.Minute)
		}
		sheet := o.sheet(t, w.question, figures.AsOf{})
		before, err := o.Releases(t.Context())
		must(t, err)
		must(t, o.Rebuild(t.Context(), nil))
		after, err := o.Releases(t.Context())
		must(t, err)
		if len(before) != 2 || !reflect.DeepEqual(before, after) || !reflect.DeepEqual(sheet, o.sheet(t, w.question, figures.AsOf{})) {
			t.Errorf("%d releases became %d", len(before), len(after))
		}
	})
}

func TestTwoProcessesGiveOutNoNumberTwice(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		o := open(t, main, keyring)
		w := o.contested(t)
		second := ledgertest.Ledger(t, main, o.Root, o.Vault, o.host, nil)
		_, twin := join(second, o)
		must(t, second.CatchUp(t.Context()))
		n := figures.NewRelease{Question: w.question, Titles: []figures.Words{{Text: "Ain Issa", Lang: "en"}}}
		var wait sync.WaitGroup
		for _, f := range []*figures.Figures{o.Figures, twin, o.Figures, twin} {
			wait.Go(func() {
				if _, err := f.Publish(t.Context(), clerk, n); err != nil {
					t.Errorf("publish: %v (%v)", err, errors.Unwrap(err))
				}
			})
		}
		wait.Wait()
		all, err := o.Releases(t.Context())
		must(t, err)
		for i, r := range all {
			if r.Number != int64(i+1) || r.Content.Number != r.Number {
				t.Errorf("release %d has the number %d and says %d", i+1, r.Number, r.Content.Number)
			}
		}
		if len(all) != 4 {
			t.Errorf("%d of 4 were published", len(all))
		}
	})
}
