package figures_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/figures"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
)

var title = []figures.Words{{Text: "Ain Issa, 13 October 2019", Lang: "en"}, {Text: "Айн-Исса, 13 октября 2019 г.", Lang: "ru"}}

func TestAReleaseIsFrozen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		draft, err := o.Preview(t.Context(), figures.NewRelease{Question: w.question, Titles: title})
		must(t, err)
		r, err := o.Publish(t.Context(), clerk, figures.NewRelease{Question: w.question, Titles: title})
		must(t, err)
		if r.Number != 1 || r.On != edtf.MustParse("2019-10-13") || r.By != clerk || len(draft.Content.Claims) != 2 {
			t.Errorf("the release is %+v", r)
		}
		for _, change := range []func(){
			func() {},
			func() { *o.now = o.now.Add(time.Hour) },
			func() { o.record(t, o.claim(w.question, w.sohr, "over 100")) },
			func() {
				_, err := o.register.Say(t.Context(), clerk, 0, []statement.Statement{{Subject: w.sohr, Property: statement.SourcePublic, Value: "another name"}}, "")
				must(t, err)
			},
			func() {
				_, err := o.Overrule(t.Context(), clerk, w.people, w.foreigners, figures.NotComparable, "not the same people")
				must(t, err)
			},
			func() { _, err := o.Withdraw(t.Context(), clerk, w.people, "a slip"); must(t, err) },
		} {
			change()
			if c, err := o.CheckRelease(t.Context(), r.ID); err != nil || c != (figures.Checked{Frozen: true, Recomputed: true}) {
				t.Errorf("checked: %+v, %v", c, err)
			}
			if again, err := o.Release(t.Context(), r.ID); err != nil || string(again.Body) != string(r.Body) {
				t.Error("the bytes changed")
			}
		}
		var content figures.Content
		if err := json.Unmarshal(r.Body, &content); err != nil || content.Groups[0].Grade != figures.Contested || content.Groups[0].Best != nil || content.Format != figures.ContentFormat {
			t.Errorf("it says %+v, %v", content.Groups, err)
		}
		for _, id := range []string{w.question, w.sdf, w.sohr, w.people, w.foreigners, o.camp, clerk} {
			if strings.Contains(string(r.Body), id) {
				t.Error("an id of the house is published")
			}
		}
	})
}

func TestCorrectionsAreListed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		n := figures.NewRelease{Question: w.question, Titles: title}
		first, err := o.Publish(t.Context(), clerk, n)
		must(t, err)
		*o.now = o.now.Add(time.Hour)
		revised := o.claim(w.question, w.sdf, "800", figures.Foreigners)
		revised.Stance, revised.Corrects = figures.Corrects, []string{w.foreigners}
		o.record(t, revised)
		second, err := o.Publish(t.Context(), clerk, n)
		must(t, err)
		if c := second.Content.Corrections; len(c) != 1 || c[0].What != string(figures.Corrected) || c[0].Release != 1 || c[0].Was != figures.Stands {
			t.Errorf("what the speaker corrected: %+v", c)
		}
		*o.now = o.now.Add(time.Hour)
		_, err = o.Withdraw(t.Context(), clerk, w.people, "it was another camp")
		must(t, err)
		if _, err := o.Publish(t.Context(), clerk, n); !errors.Is(err, figures.ErrCorrection) {
			t.Errorf("a claim disappears without a word: %v", err)
		}
		n.Corrects, n.Why = second.ID, "One claim was of another camp."
		third, err := o.Publish(t.Context(), clerk, n)
		must(t, err)
		if c := third.Content; len(c.Corrections) != 1 || c.Corrections[0].What != figures.Removed || c.Corrects != 2 || c.Why != n.Why {
			t.Errorf("what the office corrected: %+v", c.Corrections)
		}
		*o.now = o.now.Add(time.Hour)
		act, err := o.WithdrawRelease(t.Context(), clerk, second.ID, "wrong")
		must(t, err)
		all, err := o.Releases(t.Context())
		must(t, err)
		if all[0].Withdrawn || !all[1].Withdrawn || !slices.Equal(all[1].CorrectedBy, []string{third.ID}) || len(all[1].Body) == 0 {
			t.Errorf("the releases are %+v", all)
		}
		for _, r := range []figures.Release{first, second, third} {
			if c, err := o.CheckRelease(t.Context(), r.ID); err != nil || !c.Frozen || !c.Recomputed {
				t.Errorf("release %d is checked: %+v, %v", r.Number, c, err)
			}
		}
		must(t, o.Restore(t.Context(), clerk, act, ""))
	})
}

func TestAProtectedSpeakerIsCalledByThePublicLabelAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		annexe := o.place(t, "Annexe", "annex", o.camp)
		woman := o.source(t, register.NewSource{Label: "Хава из второго барака", Public: "a woman in the camp", Kind: "stranded", Protected: true})
		nameless := o.source(t, register.NewSource{Label: "Марьям, сестра", Kind: "witness", Protected: true})
		carrier := o.source(t, register.NewSource{Label: "Фатима, тётя", Kind: "relative", Protected: true})
		n := o.claim(w.question, woman, "around 200")
		n.What, n.PlaceRecord, n.SaidOn, n.On, n.Via, n.URLs = figures.Remaining, annexe, edtf.MustParse("2019-10-12"), edtf.MustParse("2019-10-12"), []string{carrier}, []string{"https://news.example/audio"}
		n.Words, n.Cites = []figures.Words{{Text: "я Хава, нас двести", Lang: "ru"}}, []string{"соседка Зара"}
		o.record(t, n)
		m := o.claim(w.question, nameless, "dozens")
		low := int64(40)
		m.Value = figures.Value{Said: "сорок, Марьям считала", Lang: "ru", Low: &low, High: &low}
		o.record(t, m)
		few := o.claim(w.question, woman, "2", figures.Women)
		few.What = figures.Held
		o.record(t, few)
		if s := o.sheet(t, w.question, figures.AsOf{}); len(s.Lines) != 5 {
			t.Errorf("the control: the office sees %d claims", len(s.Lines))
		}
		r, err := o.Publish(t.Context(), clerk, figures.NewRelease{Question: w.question, Titles: title})
		must(t, err)
		for _, never := range []string{"Хава", "Марьям", "Фатима", "Зара", "двести", "Annexe", "news.example", "2019-10-12", "observatory's desk"} {
			if strings.Contains(string(r.Body), never) {
				t.Errorf("%q is published", never)
			}
		}
		if slices.ContainsFunc(r.Content.Claims, func(c figures.PublishedClaim) bool { return c.What == figures.Held }) {
			t.Error("two women are published by the word of a protected speaker")
		}
		i := slices.IndexFunc(r.Content.Claims, func(c figures.PublishedClaim) bool { return c.What == figures.Remaining })
		if c := r.Content.Claims[i]; c.Speaker.Label != "a woman in the camp" || c.SaidOn != "2019-10" || c.Place[0].Text != "Ain Issa" || c.Said != "around 200" {
			t.Errorf("she is published as %+v", c)
		}
		i = slices.IndexFunc(r.Content.Claims, func(c figures.PublishedClaim) bool { return c.Speaker.Label == "" })
		if c := r.Content.Claims[i]; c.Speaker.Kind != "witness" || c.Said != "40" {
			t.Errorf("whoever has no label is published as %+v", c)
		}
		bare := o.source(t, register.NewSource{Label: "an official of the ministry", Kind: "authority"})
		o.record(t, o.claim(w.question, bare, "90"))
		if _, err := o.Publish(t.Context(), clerk, figures.NewRelease{Question: w.question, Titles: title}); !errors.Is(err, figures.ErrUnlabelled) {
			t.Errorf("the office's own word for a speaker is published: %v", err)
		}
	})
}

func TestWhatCannotBePublished(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		q := o.ask(t)
		for _, c := range []struct {
			by   string
			n    figures.NewRelease
			want error
		}{
			{"", figures.NewRelease{Question: q, Titles: title}, figures.ErrNobody},
			{clerk, figures.NewRelease{Question: q}, figures.ErrTitle},
			{clerk, figures.NewRelease{Question: q, Titles: title}, figures.ErrNoClaims},
			{clerk, figures.NewRelease{Question: o.camp, Titles: title}, figures.ErrNotFound},
		} {
			if _, err := o.Publish(t.Context(), c.by, c.n); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		}
	})
}

// people writes down as many women of the camp, each by the word of as many sources, the
// first of whom saw her where that is so.
func (o office) people(t testing.TB, n int, sources []string, saw bool, born string, more ...statement.Statement) {
	t.Helper()
	for i := range n {
		said := []statement.Statement{{Property: statement.PersonName, Value: fmt.Sprintf("Invented %d", i)}}
		for _, s := range sources {
			basis := statement.WasTold
			if saw && s == sources[0] {
				basis = statement.SawIt
			}
			said = append(said,
				statement.Statement{Property: statement.PersonSex, Value: "female", SaidBy: s},
				statement.Statement{Property: statement.PersonBirthDate, Value: born, SaidBy: s},
				statement.Statement{Property: statement.SeenAt, Object: o.camp, SaidBy: s, Basis: basis, TrueOn: edtf.MustParse("2019-10-12")})
		}
		said = append(said, more...)
		_, err := o.register.Add(t.Context(), clerk, register.NewPerson{Statements: said})
		must(t, err)
	}
}

func TestPeopleAreCountedVerifiedAndReportedApart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		w := o.contested(t)
		a := o.source(t, register.NewSource{Label: "a", Public: "a list", Kind: "list"})
		b := o.source(t, register.NewSource{Label: "b", Public: "another list", Kind: "list"})
		o.people(t, 8, []string{a, b}, true, "1991")
		o.people(t, 6, []string{a, b}, false, "1991")
		o.people(t, 7, []string{a, b}, false, "2012")
		o.people(t, 9, []string{a}, true, "1991") // one source alone: never in a total
		again := o.source(t, register.NewSource{Label: "a once more", Public: "a list", Kind: "list"})
		_, err := o.register.Judge(t.Context(), clerk, a, again, register.Same, "one office")
		must(t, err)
		o.people(t, 6, []string{a, again}, true, "1991") // nor one source under two records
		for range 6 {                                    // nor two relatives on one list, and the list itself
			_, err := o.register.Add(t.Context(), clerk, register.NewPerson{Statements: []statement.Statement{
				{Property: statement.PersonName, Value: "Invented", SaidBy: b, Via: []string{a}},
				{Property: statement.PersonSex, Value: "female", SaidBy: a},
				{Property: statement.SeenAt, Object: o.camp, SaidBy: w.sdf, Via: []string{a}, TrueOn: edtf.MustParse("2019-10-12")},
			}})
			must(t, err)
		}
		elsewhere := o.place(t, "Roj", "camp", "")
		here := o.camp
		o.camp = elsewhere
		o.people(t, 5, []string{a, b}, true, "1991") // somewhere else
		o.people(t, 5, []string{a, b}, false, "1991", statement.Statement{Property: statement.ThoughtAt, Value: "AIN ISSA", SaidBy: a, TrueOn: edtf.MustParse("2019-10-13")})
		o.camp = here
		o.people(t, 5, []string{a, b}, true, "1991", statement.Statement{Property: statement.ThoughtAt, Object: elsewhere, SaidBy: a, TrueOn: edtf.MustParse("2019-10-13")})
		n := figures.NewRelease{Question: w.question, Titles: title, At: []string{o.camp}}
		r, err := o.Publish(t.Context(), clerk, n)
		must(t, err)
		p := r.Content.People[0]
		if got := numbers(p.Verified.Women, p.Reported.Women, p.Reported.Children, p.All.Women, p.All.All); got != "8 11 7 19 26" {
			t.Errorf("published: %s", got)
		}
		*o.now = o.now.Add(time.Hour)
		o.people(t, 2, []string{a, b}, true, "1991")
		second, err := o.Publish(t.Context(), clerk, n)
		must(t, err)
		q := second.Content.People[0]
		if got := numbers(q.Verified.Women, q.Reported.Women, q.Reported.Children, q.All.Women, q.All.All); got != "- 11 7 - -" {
			t.Errorf("two women more are published as %s", got)
		}
		for _, r := range []figures.Release{r, second} {
			if c, err := o.CheckRelease(t.Context(), r.ID); err != nil || !c.Recomputed {
				t.Errorf("release %d: %+v, %v", r.Number, c, err)
			}
		}
	})
}

func numbers(all ...*int64) string {
	var out []string
	for _, n := range all {
		if n == nil {
			out = append(out, "-")
			continue
		}
		out = append(out, fmt.Sprint(*n))
	}
	return strings.Join(out, " ")
}
