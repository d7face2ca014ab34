package letters_test

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"os"

	"homeward/casework"
	"homeward/evidence"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/letters"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Users of the test office.
const (
	anna  = "0192a0de-0000-7000-8000-0000000000a1"
	boris = "0192a0de-0000-7000-8000-0000000000b2"
)

// office is the room over the real ledger, vault, evidence and casework, with a
// clock that a test moves.
type office struct {
	*letters.Letters
	t        testing.TB
	db       *db.DB
	ledger   ledgertest.Office
	evidence *evidence.Evidence
	casework *casework.Casework
	host     host.Host
	now      time.Time
	same     [][]string // records that people decided are one
}

func newOffice(t testing.TB, d, keyring *db.DB) *office {
	o := &office{t: t, db: d, now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	o.host = host.System()
	o.host.Now = func() time.Time { return o.now }
	o.ledger = ledgertest.Open(t, d, keyring, o.host)
	dir, err := host.OpenDir(t.TempDir())
	o.must(err)
	o.evidence = evidence.New(blob.NewDisk(dir), o.ledger.Ledger, o.ledger.Vault, o.ledger.Root, o.host)
	o.casework = casework.New(d, o.ledger.Ledger, o.ledger.Vault, o.host, casework.Options{
		OfficeID: o.ledger.Root.OfficeID(), ErasureWait: casework.ErasureWait,
		One: func(_ context.Context, record string) ([]string, error) {
			if i := slices.IndexFunc(o.same, func(g []string) bool { return slices.Contains(g, record) }); i >= 0 {
				return o.same[i], nil
			}
			return []string{record}, nil
		},
		Documents: func(ctx context.Context, records ...string) ([]string, error) {
			return o.Letters.DocumentsAbout(ctx, records...)
		},
	})
	o.Letters = o.again()
	o.ledger.AddFollower(o.casework)
	o.ledger.AddFollower(o.Letters)
	return o
}

// again opens the room once more, as another process would.
func (o *office) again() *letters.Letters {
	return letters.New(o.db, o.ledger.Ledger, o.ledger.Vault, o.evidence, o.casework, o.host, letters.Options{OfficeID: o.ledger.Root.OfficeID()})
}

// each runs a test on an office over each database.
func each(t *testing.T, fn func(t *testing.T, o *office)) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, keyring *db.DB) {
		t.Parallel()
		fn(t, newOffice(t, d, keyring))
	})
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		for ; err != nil; err = errors.Unwrap(err) {
			o.t.Logf("%T: %v", err, err)
		}
		o.t.FailNow()
	}
}

// refused wants that very problem.
func (o *office) refused(err, want error) {
	o.t.Helper()
	if !errors.Is(err, want) {
		o.t.Errorf("got %v, want %v", err, want)
	}
}

func (o *office) days(n int) { o.now = o.now.Add(time.Duration(n) * 24 * time.Hour) }

func (o *office) open(kind statement.Kind, said ...statement.Statement) string {
	o.t.Helper()
	id := ledgertest.ID(o.t)
	all := []statement.Statement{ledgertest.Opens(id, kind)}
	for _, s := range said {
		s.Subject = id
		all = append(all, s)
	}
	_, err := o.ledger.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: all})
	o.must(err)
	return id
}

// officePhone is the office's own number.
const officePhone = "+7 871 555 00 11"

var letterhead = letters.Letterhead{
	Name: "Бюро «Дорога домой»", Address: "364000, г. Грозный, ул. Примерная, д. 1", City: "Грозный",
	Contact: officePhone, Position: "Координатор", Signatory: "М. А. Исаева",
}

// ombudsman adds the recipient and rates it.
func (o *office) ombudsman() string {
	o.t.Helper()
	o.must(o.SetLetterhead(context.Background(), anna, letterhead))
	id, err := o.AddRecipient(context.Background(), anna, letters.NewRecipient{
		Profile: "ru.ombudsman", Address: "г. Москва, ул. Образцовая, д. 2", Register: -1, Answer: -1, Extend: -1,
	})
	o.must(err)
	return id
}

// Canaries: values that must never leave, and one of a field nobody consented to.
const (
	kinPhone   = "+7 928 555 01 77"
	kinRoute   = "через соседку Зулихан по пятницам"
	ungranted  = "беременна, шестой месяц"
	motherName = "Хава Мамаева"
)

// woman is somebody in the register, as her mother tells it.
func (o *office) woman(name, arabic string) (person, mother string) {
	o.t.Helper()
	mother = o.open(statement.Source,
		statement.Statement{Property: statement.SourceLabel, Value: motherName},
		statement.Statement{Property: statement.SourceKind, Value: "relative"},
		statement.Statement{Property: statement.ContactPhone, Value: kinPhone},
		statement.Statement{Property: statement.ContactRoute, Value: kinRoute})
	camp := o.open(statement.PlaceRecord,
		statement.Statement{Property: statement.PlaceName, Value: "Ain Issa", Lang: "en"},
		statement.Statement{Property: statement.PlaceName, Value: "Айн-Исса", Lang: "ru"})
	said := edtf.MustParse("2019-10-13")
	person = o.open(statement.Person,
		statement.Statement{Property: statement.PersonName, Value: name, Lang: "ru", SaidBy: mother, SaidOn: said},
		statement.Statement{Property: statement.PersonName, Value: arabic, Lang: "ar", SaidBy: mother},
		statement.Statement{Property: statement.PersonBirthDate, Value: "1991~", SaidBy: mother},
		statement.Statement{Property: statement.PersonNationality, Value: "RU", SaidBy: mother},
		statement.Statement{Property: statement.SeenAt, Object: camp, SaidBy: mother, TrueOn: edtf.MustParse("2019-10")},
		statement.Statement{Property: statement.PersonHealth, Value: ungranted, SaidBy: mother},
		statement.Statement{Property: statement.ContactPhone, Value: kinPhone, SaidBy: mother})
	return person, mother
}

// consents records a grant and a rating, and gives the grant.
func (o *office) consents(recipient, person, mother string, fields ...statement.Property) string {
	o.t.Helper()
	ctx := context.Background()
	onward, err := o.casework.Onward(ctx, recipient)
	o.must(err)
	_, err = o.casework.Rate(ctx, anna, casework.Rating{Recipient: recipient, Person: person, Level: casework.Usual, Reason: "no complaint against her"})
	o.must(err)
	grant, err := o.casework.Grant(ctx, anna, casework.NewGrant{
		Person: person, Recipient: recipient, Purpose: "return", Giver: casework.Proxy, Source: mother, Fields: fields,
		How: "telephone", Language: onward[0].Lang, Onward: onward[0].Text, Given: edtf.Day(o.now.AddDate(0, 0, -1)), Expires: edtf.Day(o.now.AddDate(1, 0, -1)),
	})
	o.must(err)
	return grant
}

var sendable = []statement.Property{
	statement.PersonName, statement.PersonBirthDate, statement.PersonNationality, statement.SeenAt,
}

func (o *office) clear(recipient string, people ...string) casework.Cleared {
	o.t.Helper()
	r := casework.Request{Recipient: recipient, Purpose: "return"}
	for _, p := range people {
		r.Persons = append(r.Persons, casework.Asked{Records: []string{p}})
	}
	c, _, err := o.casework.Clear(context.Background(), anna, r)
	o.must(err)
	return c
}

// approve is the second person's yes to what waits.
func (o *office) approve(record string) {
	o.t.Helper()
	all, err := o.casework.ApprovalsOf(context.Background(), record)
	o.must(err)
	for _, a := range all {
		if a.State == casework.Proposed {
			o.must(o.casework.Approve(context.Background(), boris, a.ID))
		}
	}
}

// made is a letter about one woman, waiting for its second person.
func (o *office) made() (letter, recipient, person, grant string) {
	o.t.Helper()
	recipient = o.ombudsman()
	person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
	grant = o.consents(recipient, person, mother, sendable...)
	letter, err := o.Make(context.Background(), anna, o.clear(recipient, person), letters.Draft{
		Substance: "В октябре 2019 года ей велели покинуть лагерь.", Annexes: []string{"Копия ответа МИД от 2 сентября 2019 г."},
	})
	o.must(err)
	return letter, recipient, person, grant
}

// sent is a letter that was approved and sent today.
func (o *office) sent() (letter, recipient, person string) {
	o.t.Helper()
	letter, recipient, person, _ = o.made()
	o.approve(letter)
	o.must(o.Send(context.Background(), anna, letter, o.Today(), "post"))
	return letter, recipient, person
}

// pdfText opens a letter's file and gives its bytes and its words.
func (o *office) pdfText(file string) (raw []byte, text string) {
	o.t.Helper()
	f, info, err := o.evidence.OpenPaper(context.Background(), file)
	o.must(err)
	defer f.Close() //nolint:errcheck // read only
	raw = make([]byte, info.Size)
	_, err = f.ReadAt(raw, 0)
	o.must(err)
	if _, err := exec.LookPath("pdftotext"); err != nil {
		o.t.Skip("SKIPPED: pdftotext is not installed (apt-get install poppler-utils)")
	}
	path := filepath.Join(o.t.TempDir(), "l.pdf")
	o.must(os.WriteFile(path, raw, 0o600))
	out, err := exec.Command("pdftotext", path, "-").Output()
	o.must(err)
	return raw, flat(string(out))
}

// flat is a text in one line, without marks of direction.
func flat(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
