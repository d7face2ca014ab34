package registerweb

import (
	"context"
	"strings"
	"testing"

	"homeward/access"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/web"
	"homeward/web/webtest"
)

// nobodyLooks is a log of reads that keeps nothing.
type nobodyLooks struct{}

func (nobodyLooks) Read(context.Context, string, string, string) error { return nil }

// weighing puts the pages of an office up once more, with the picture of weights.
func (o *office) weighing() {
	o.t.Helper()
	w := match.NewWeigher(o.register, host.System())
	o.serve(web.Site{Reads: nobodyLooks{}, Routes: Pages{Register: o.register, People: o.people, Staff: webtest.Door{}, Runs: &Runs{}, Weigh: w.Weigh}.Routes()})
}

// told writes a record down: a name, then property and value in turn.
func (o *office) told(name string, facts ...string) string {
	o.t.Helper()
	said := []statement.Statement{{Property: statement.PersonName, Value: name}}
	for i := 0; i+1 < len(facts); i += 2 {
		said = append(said, statement.Statement{Property: statement.Property(facts[i]), Value: facts[i+1]})
	}
	id, err := o.register.Add(o.t.Context(), worker, register.NewPerson{Statements: said})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

// twoWomen are two records that agree in much and differ in something.
func (o *office) twoWomen() string {
	a := o.told("Умарова Зульфия Идрисовна", "person.birth_date", "1991-02-03", "person.sex", "female", "sighting.seen_at", "Ain Issa", "person.home_region", "Ботлих",
		"person.description", "невысокая, говорит по-аварски, младшая из трёх сестёр")
	b := o.told("Zulfiya Umarova", "person.birth_date", "1991-03-02", "person.sex", "female", "sighting.seen_at", "Айн-Исса", "person.home_region", "Gunib")
	for id, child := range map[string]string{a: "Юсуф Умаров", b: "يوسف"} {
		kin := o.told(child, "person.birth_date", "2014")
		if _, err := o.register.Say(o.t.Context(), worker, 0, []statement.Statement{{Subject: kin, Property: statement.KinMother, Object: id}}, ""); err != nil {
			o.t.Fatal(err)
		}
	}
	return "/people/" + a + "/same/" + b
}

// TestThePictureOfWeights says each thing in words and in bits, what the sum means,
// and the same again as a table.
func TestThePictureOfWeights(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		o := newOffice(t, main, ring)
		o.weighing()
		page, _ := o.get(o.twoWomen(), 200)
		o.holds(page, "What speaks for and against", "the same sounds in another script", "day and month exchanged", "Shared by kin", "times likelier if they are one person",
			"The same as a table", "Зульфия", "Zulfiya", "weight-against", "weight-for", "bear a similar name")
		if n := strings.Count(page, `class="weight-fill"`); n < 7 {
			t.Errorf("%d bars", n)
		}
		if strings.Contains(page, "style=") {
			t.Error("the policy of the pages refuses a style attribute")
		}
	})
}

// TestTwoRecordsAreFitToBeSeen looks at the page with its picture; on a phone both
// records are on the screen.
func TestTwoRecordsAreFitToBeSeen(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	o.weighing()
	path := o.twoWomen()
	webtest.Look(t, o.server.URL, webtest.As(access.Caseworker), path)
	phone := webtest.As(access.Caseworker).In("en")
	phone.Width = 390
	tab := webtest.Open(t, o.server.URL+path, phone)
	if !webtest.Value[bool](tab, `[...document.querySelectorAll(".compare td")].every((c) => c.getBoundingClientRect().right <= 390)`) {
		t.Error("the second record is off the screen of a phone")
	}
}
