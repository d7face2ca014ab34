package returnsweb_test

import (
	"crypto/rand"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"homeward/access"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/register"
	"homeward/returns"
	"homeward/statement"
	"homeward/web"
	returnsweb "homeward/web/returns"
	"homeward/web/webtest"
)

// office is the pages over real rooms.
type office struct {
	*testing.T
	access *access.Access
	ledger ledgertest.Office
	server *httptest.Server
	people *register.Register
	boy    string
	child  string
	says   string
}

func open(t *testing.T) *office {
	t.Helper()
	o := &office{T: t}
	h := host.System()
	main := dbtest.SQLite(t)
	keyring, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	o.must(err)
	t.Cleanup(func() { keyring.Close() }) //nolint:errcheck // a test's
	o.ledger = ledgertest.Open(t, main, keyring, h)
	id := o.ledger.Root.OfficeID()
	people := register.New(id, main, o.ledger.Ledger, o.ledger.Vault, nil, h)
	o.people = people
	rooms := returns.New(id, main, o.ledger.Ledger, people, h)
	o.ledger.AddFollower(people)
	o.ledger.AddFollower(rooms)
	o.ledger.AddLearner(people.Learner())
	o.access, err = access.New(main, o.ledger.Vault, o.ledger.Root.Derive("access"), id, h, access.Options{Cost: webtest.Cost})
	o.must(err)
	o.says = o.record(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "the grandmother"})
	o.boy = o.person("Юсуф Выдуманный", "male", "2012~")
	o.child = o.person("Фатима Выдуманная", "female", "1990")
	_, err = o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, Statements: []statement.Statement{
		{Subject: o.boy, Property: statement.KinMother, Object: o.child, SaidBy: o.says}}})
	o.must(err)
	o.server = webtest.Serve(t)(web.New(web.Site{Surface: web.Staff, Routes: returnsweb.Pages{Returns: rooms, People: people}.Routes(),
		Sessions: o.access, Reads: o.ledger.Ledger, Rand: rand.Reader, Plain: true}))
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) record(kind statement.Kind, said ...statement.Statement) string {
	o.Helper()
	id := ledgertest.ID(o)
	all := []statement.Statement{ledgertest.Opens(id, kind)}
	for _, s := range said {
		s.Subject = id
		all = append(all, s)
	}
	_, err := o.ledger.Append(o.Context(), statement.Act{Kind: statement.ActEntry, Statements: all})
	o.must(err)
	return id
}

func (o *office) person(name, sex, born string) string {
	return o.record(statement.Person, statement.Statement{Property: statement.PersonName, Value: name, Lang: "ru", SaidBy: o.says},
		statement.Statement{Property: statement.PersonSex, Value: sex, SaidBy: o.says}, statement.Statement{Property: statement.PersonBirthDate, Value: born, SaidBy: o.says})
}

// hire gives somebody's browser and her session.
func (o *office) hire(name string, role access.Role) (*webtest.Reader, webtest.Who) {
	o.Helper()
	_, token := webtest.Hire(o, o.access, name, role)
	who := webtest.Staff(token)
	return webtest.Browse(o, o.server.URL, who), who
}

func (o *office) form(stage, on, basis string) url.Values {
	return url.Values{"stage": {stage}, "on": {on}, "source": {o.says}, "basis": {basis}, "from": {"Багдад"}, "to": {"Москва"}}
}

// TestAWayHome walks from the plan to the handing over, then finds a second report.
func TestAWayHome(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Case Worker", access.Caseworker)
	she.Get("/returns").Wants(200, "No return here")
	she.Get("/people/"+o.boy+"/returns/new").Wants(200, "the grandmother", "Фатима Выдуманная")
	she.Post("/people/"+o.boy+"/returns", o.form("planned", "tomorrow", "none_given")).Wants(422, "This is no date")
	she.Post("/people/"+o.boy+"/returns", url.Values{"stage": {"planned"}}).Wants(422, "Choose who says so")
	form := o.form("planned", "2018-12-30", "list_of_names")
	form.Set("with", o.child)
	one := she.Post("/people/"+o.boy+"/returns", form).Wants(200, "The return is recorded", "planned", "the grandmother", "Фатима", "Багдад").Path()
	she.Post(one+"/steps", url.Values{"stage": {"handed_over"}, "on": {"2018-12-31"}, "handed_to": {"his grandmother"}, "source": {o.says}, "basis": {"saw_it"}}).Wants(200, "handed over", "verified", "his grandmother")
	she.Post(one+"/steps", url.Values{"stage": {"arrived"}, "stance": {"denies"}, "source": {o.says}, "basis": {"none_given"}}).Wants(200, "disputed", "denies", "handed over")
	she.Get("/returns").Wants(200, "came home", "2018", "children", "Багдад", "1 verified, 0 reported")
	she.Get("/returns/list?by=age&key=child").Wants(200, "Юсуф Выдуманный")
	she.Get("/returns/list?by=age&key=adult").Wants(200).Lacks("Юсуф")
	she.Get("/returns/list?year=2018&stage=handed_over").Wants(200, "Юсуф Выдуманный")

	neighbour := o.record(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "the neighbour"})
	double := o.form("arrived", "2018-12", "was_told")
	double.Set("source", neighbour)
	she.Post("/people/"+o.boy+"/returns", url.Values{"do": {"find"}, "source_q": {"neighbour"}}).Wants(200, "the neighbour")
	other := she.Post("/people/"+o.boy+"/returns", double).Wants(200, "One way home or two?", "may be the same return", "the grandmother").Path()
	she.Get("/returns").Wants(200, "1 verified, 0 reported", "told in 2 returns", "1 person has returns that may be the same return", "counts people")
	she.Get("/returns/list?by=doubles").Wants(200, "the grandmother", "the neighbour", "may be the same return")
	id, otherID := strings.TrimPrefix(one, "/returns/"), strings.TrimPrefix(other, "/returns/")
	she.Post(other+"/two", url.Values{"other": {id}, "why": {"two flights"}}).Wants(200, "they are two returns", "decided: another return", "Undo that").Lacks("may be the same return")
	she.Post(other+"/apart", url.Values{"other": {id}, "why": {"a slip"}}).Wants(200, "Nothing is decided", "may be the same return")
	she.Post(other+"/same", url.Values{"other": {id}, "why": {"the same flight"}}).Wants(200, "One return from now on", "Take them apart again")
	she.Get("/returns").Wants(200, "1 verified, 0 reported").Lacks("told in 2 returns", "may be the same return")
	she.Post(one+"/apart", url.Values{"other": {otherID}, "why": {"two flights"}}).Wants(200, "Nothing is decided")
	she.Get("/returns").Wants(200, "1 verified, 0 reported", "told in 2 returns")

	analyst, _ := o.hire("Ana Lyst", access.Analyst)
	analyst.Get("/returns").Wants(200, "1 verified, 0 reported", "told in 2 returns").Lacks("/returns/list", "Юсуф")
	analyst.Get("/returns/list").Wants(403)
	analyst.Get(one).Wants(403)
	she.Get("/returns/" + o.boy).Wants(404)
}

// TestAReturnIsSaidByWhoeverSaysIt takes the word of the office, of a newspaper that
// never spoke of him, found by a search, and of a speaker who was not known.
func TestAReturnIsSaidByWhoeverSaysIt(t *testing.T) {
	t.Parallel()
	o := open(t)
	paper := o.record(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "Вечерняя газета"})
	she, _ := o.hire("Case Worker", access.Caseworker)
	at := "/people/" + o.boy + "/returns"
	she.Get(at+"/new").Wants(200, "a new speaker", "the office").Lacks("Вечерняя")
	she.Post(at, url.Values{"do": {"find"}, "source_q": {"вечерняя"}, "stage": {"arrived"}, "on": {"2019"}, "basis": {"has_document"}, "note": {"page 3"}}).
		Wants(200, "Вечерняя газета", "1 find", `value="2019"`, "page 3", `value="arrived" selected`, `value="has_document" selected`, paper+`" selected`)
	form := o.form("arrived", "2019", "has_document")
	form.Set("source", paper)
	one := she.Post(at, form).Wants(200, "Вечерняя газета", "arrived").Path()
	step := url.Values{"stage": {"boarded"}, "source": {"office"}, "basis": {"saw_it"}}
	she.Post(one+"/steps", step).Wants(200, "boarded", "the office")
	step.Set("source", "new")
	she.Post(one+"/steps", step).Wants(422, "a word by which the office knows her")
	step.Set("new_source", "the airport's report")
	step.Set("on", "2199-01-01")
	she.Post(one+"/steps", step).Wants(422, "has not come yet", "the airport's report")
	if all, _, err := o.people.Sources(t.Context(), "airport", 0); err != nil || len(all) != 0 {
		t.Errorf("a report that was refused left %d speakers, %v", len(all), err)
	}
	step.Set("on", "2019-01-01")
	she.Post(one+"/steps", step).Wants(200, "the airport's report")
	step.Set("source", o.boy)
	she.Post(one+"/steps", step).Wants(422, "Choose who says so")
	she.Get("/returns/list").Wants(200, "the airport's report", "Вечерняя газета")

	// A person of whom nobody but the office has spoken.
	alone := o.record(statement.Person, statement.Statement{Property: statement.PersonName, Value: "Одна", Lang: "ru"})
	form.Set("source", "office")
	she.Post("/people/"+alone+"/returns", form).Wants(200, "the office", "arrived")
}

// TestNobodyComesHomeTomorrow refuses days that have not come, and keeps plans.
func TestNobodyComesHomeTomorrow(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Case Worker", access.Caseworker)
	at := "/people/" + o.boy + "/returns"
	for _, stage := range []string{"boarded", "arrived", "handed_over"} {
		she.Post(at, o.form(stage, "2199-01-01", "saw_it")).Wants(422, "The day has not come yet")
	}
	for _, stretch := range []string{"2019-10/2199-05", "../2199", "2019-10/.."} {
		she.Post(at, o.form("arrived", stretch, "saw_it")).Wants(422, "The stretch of time reaches beyond today")
	}
	form := o.form("arrived", "2019", "saw_it")
	form.Set("said_on", "2199-01-01")
	she.Post(at, form).Wants(422, "to have been told")
	she.Get("/returns").Wants(200, "No return here")
	she.Post(at, o.form("planned", "2199-01-01", "was_told")).Wants(200, "planned")
}

// TestLookAtThePages opens each of them in a browser.
func TestLookAtThePages(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is slow")
	}
	o := open(t)
	she, token := o.hire("Case Worker", access.Caseworker)
	one := she.Post("/people/"+o.boy+"/returns", o.form("handed_over", "2018-12-31", "saw_it")).Wants(200).Path()
	for _, on := range []string{"2017-10-21", "2017-11-13", "2019-02-10"} {
		she.Post("/people/"+o.child+"/returns", o.form("arrived", on, "was_told")).Wants(200)
	}
	she.Post("/people/"+o.boy+"/returns", o.form("planned", "2019", "none_given")).Wants(200)
	webtest.Look(t, o.server.URL, token, "/returns", "/returns/list", one, "/people/"+o.boy+"/returns/new")
}
