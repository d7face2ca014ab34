package casework_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"homeward/casework"
	"homeward/casework/caseworktest"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Users of the test office.
const (
	anna  = "0192a0de-0000-7000-8000-0000000000a1"
	boris = "0192a0de-0000-7000-8000-0000000000b2"
)

const onward = "The ombudsman tells the body complained of, and may pass the letter to the competent body."

// office is a casework over a ledger in memory.
type office struct {
	*casework.Casework
	t         testing.TB
	ledger    *caseworktest.Ledger
	id        string
	recipient string
	same      [][]string // records that people decided are one
}

// one is what the register says.
func (o *office) one(_ context.Context, record string) ([]string, error) {
	for _, group := range o.same {
		if slices.Contains(group, record) {
			return group, nil
		}
	}
	return []string{record}, nil
}

func newOffice(t testing.TB, d *db.DB, v casework.Vault, o casework.Options) *office {
	l := caseworktest.NewLedger(d)
	h := host.System()
	h.Now = func() time.Time { return l.Now }
	o.OfficeID = l.ID() // each its own: many may share a database
	of := &office{t: t, ledger: l, id: o.OfficeID}
	if o.One == nil {
		o.One = of.one
	}
	c := casework.New(d, l, v, h, o)
	of.Casework = c
	l.Followers = []caseworktest.Follower{c}
	of.recipient = of.open(statement.Recipient, statement.Statement{Property: statement.RecipientOnward, Value: onward, Lang: "en"})
	return of
}

// each runs a test on an office over each database.
func each(t *testing.T, fn func(t *testing.T, o *office)) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		fn(t, newOffice(t, d, nil, casework.Options{}))
	})
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// act records statements and gives them back.
func (o *office) act(kind statement.ActKind, by string, s ...statement.Statement) []statement.Recorded {
	o.t.Helper()
	r, err := o.ledger.Append(context.Background(), statement.Act{Kind: kind, By: by, Statements: s})
	o.must(err)
	return r
}

// open makes a record of which something is said.
func (o *office) open(kind statement.Kind, said ...statement.Statement) string {
	o.t.Helper()
	id := o.ledger.ID()
	all := []statement.Statement{{Subject: id, Property: statement.RecordKind, Value: string(kind)}}
	for _, s := range said {
		s.Subject = id
		all = append(all, s)
	}
	o.act(statement.ActEntry, anna, all...)
	return id
}

// say writes down what is said of a record and gives the statement's id.
func (o *office) say(s statement.Statement) string {
	o.t.Helper()
	return o.act(statement.ActEntry, anna, s)[0].ID
}

// person makes a person with a name and a year of birth, as a grandmother says.
func (o *office) person() (person, grandmother string) {
	o.t.Helper()
	grandmother = o.open(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "her mother"},
		statement.Statement{Property: statement.SourceKind, Value: "relative"},
		statement.Statement{Property: statement.SourcePublic, Value: "a relative"})
	person = o.open(statement.Person,
		statement.Statement{Property: statement.PersonName, Value: "Аминат", Lang: "ru", SaidBy: grandmother},
		statement.Statement{Property: statement.PersonBirthDate, Value: "1991~", SaidBy: grandmother},
		statement.Statement{Property: statement.ContactPhone, Value: "+7 KIN", SaidBy: grandmother})
	return person, grandmother
}

// consent is a grant of name and year of birth to the ombudsman.
func (o *office) consent(person, source string, giver casework.Giver) casework.NewGrant {
	return casework.NewGrant{Person: person, Recipient: o.recipient, Purpose: "return",
		Fields: []statement.Property{statement.PersonName, statement.PersonBirthDate}, Giver: giver, Source: source,
		How: "telephone", Language: "en", Witnesses: []string{"a colleague"}, Onward: onward,
		Given: edtf.MustParse("2019-10-13"), Expires: edtf.MustParse("2020-10-13")}
}

func (o *office) grant(g casework.NewGrant) string {
	o.t.Helper()
	id, err := o.Grant(context.Background(), anna, g)
	o.must(err)
	return id
}

func (o *office) rate(person string, level casework.Level) string {
	o.t.Helper()
	id, err := o.Rate(context.Background(), anna, casework.Rating{Recipient: o.recipient, Person: person, Level: level, Reason: "looked at"})
	o.must(err)
	return id
}

// clear asks for everything of one person.
func (o *office) clear(records ...string) (casework.Cleared, []casework.Refusal) {
	o.t.Helper()
	c, r, err := o.Clear(context.Background(), anna, casework.Request{Recipient: o.recipient, Purpose: "return",
		Persons: []casework.Asked{{Records: records}}})
	o.must(err)
	return c, r
}

// sent gives the values that were let through.
func sent(c casework.Cleared) []string {
	var values []string
	for _, p := range c.People() {
		for _, f := range p.Fields() {
			values = append(values, f.Value())
		}
		for _, f := range p.Files() {
			values = append(values, "file "+f.File())
		}
	}
	return values
}

// reasons gives why the others stayed.
func reasons(all []casework.Refusal) map[statement.Property]casework.Reason {
	m := map[statement.Property]casework.Reason{}
	for _, r := range all {
		m[r.Property] = r.Reason
	}
	return m
}
