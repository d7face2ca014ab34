package example

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"homeward/casework"
	"homeward/letters"
	"homeward/register/invented"
	"homeward/returns"
	"homeward/statement"
	"homeward/statement/edtf"
)

// row gives the record of the person in a row of the list.
func (f *filler) row(ctx context.Context, row int) (string, error) {
	if f.rows == nil {
		if err := f.readRows(ctx); err != nil {
			return "", err
		}
	}
	if id := f.rows[row]; id != "" {
		return id, nil
	}
	return "", fmt.Errorf("no person in row %d of the list", row)
}

// readRows reads which record came from which row. A row makes its person first.
func (f *filler) readRows(ctx context.Context) error {
	f.rows = map[int]string{}
	said, err := f.h.Ledger.Pointing(ctx, f.cast.Import, statement.ImportRow)
	if err != nil {
		return err
	}
	people, err := f.h.Ledger.OfKind(ctx, statement.Person)
	if err != nil {
		return err
	}
	is := map[string]bool{}
	for _, id := range people {
		is[id] = true
	}
	for _, r := range said {
		row, err := strconv.Atoi(r.Value)
		if err == nil && is[r.Subject] && f.rows[row] == "" {
			f.rows[row] = r.Subject
		}
	}
	return nil
}

// fields are what the example's consents name.
var fields = []statement.Property{statement.PersonName, statement.PersonGivenName, statement.PersonFamilyName, statement.PersonPatronymic, statement.PersonBirthDate, statement.SeenAt}

// consent records a consent by telephone, as the person's own.
func (f *filler) consent(ctx context.Context, person, recipient string, on time.Time) error {
	to, err := f.h.Letters.Recipient(ctx, recipient)
	if err != nil {
		return err
	}
	_, err = f.h.Casework.Grant(ctx, f.user(Caseworker), casework.NewGrant{
		Person: person, Recipient: recipient, Purpose: "return", Fields: fields, Giver: casework.Own,
		How: "telephone", Language: "ru", Onward: to.Onward["ru"],
		Given: edtf.Day(on), Expires: edtf.Day(on.AddDate(1, 0, 0)),
		Note: "Вымышленное согласие, прочитано по телефону.",
	})
	return err
}

// letter makes a letter about one person of the list and has the coordinator
// approve it.
func (f *filler) letter(ctx context.Context, row int, substance string, approve bool) (string, error) {
	person, err := f.row(ctx, row)
	if err != nil {
		return "", err
	}
	if err := f.consent(ctx, person, f.cast.Ombudsman, f.clock.Now()); err != nil {
		return "", err
	}
	zarema := f.user(Caseworker)
	cleared, refused, err := f.h.Casework.Clear(ctx, zarema, casework.Request{
		Recipient: f.cast.Ombudsman, Purpose: "return", Persons: []casework.Asked{{Records: []string{person}}},
	})
	if err != nil {
		return "", err
	}
	if !cleared.Valid() {
		return "", fmt.Errorf("nothing was cleared of row %d; %d refusals, the first %v", row, len(refused), refused[:1])
	}
	letter, err := f.h.Letters.Make(ctx, zarema, cleared, letters.Draft{Substance: substance})
	if err != nil || !approve {
		return letter, err
	}
	return letter, f.approve(ctx, letter)
}

// approve has the coordinator approve what waits for a record.
func (f *filler) approve(ctx context.Context, record string) error {
	waiting, err := f.h.Casework.ApprovalsOf(ctx, record)
	if err != nil {
		return err
	}
	for _, a := range waiting {
		if a.State == casework.Proposed {
			return f.h.Casework.Approve(ctx, f.user(Coordinator), a.ID)
		}
	}
	return errors.New("nothing waits for approval")
}

// letters are three: one that nobody answered, one whose clock runs, and one that
// waits for the coordinator this morning.
func (f *filler) letters(ctx context.Context) error {
	zarema := f.user(Caseworker)
	const asked = "Женщина с детьми находится в лагере на северо-востоке Сирии и просит о возвращении (вымышленный пример)."
	for _, l := range []struct {
		row                int
		month              time.Month
		made, sent, noted  int
		number             string
		approve, sentAtAll bool
	}{
		{row: 20, month: time.September, made: 4, sent: 5, noted: 9, number: "19-4471/26", approve: true, sentAtAll: true},
		{row: 31, month: time.October, made: 1, sent: 2, noted: 4, number: "19-5102/26", approve: true, sentAtAll: true},
		{row: 45, month: time.October, made: 14},
	} {
		f.at(l.month, l.made, 9, 20)
		id, err := f.letter(ctx, l.row, asked, l.approve)
		if err != nil {
			return err
		}
		f.cast.Letters = append(f.cast.Letters, id)
		if !l.sentAtAll {
			continue
		}
		f.at(l.month, l.sent, 10, 0)
		if err := f.h.Letters.Send(ctx, zarema, id, f.h.Letters.Today(), "post"); err != nil {
			return err
		}
		f.at(l.month, l.noted, 9, 0)
		if err := f.h.Letters.Registered(ctx, zarema, id, f.h.Letters.Today(), l.number); err != nil {
			return err
		}
	}
	return nil
}

// returns are children of the list: the flights are public facts, the children
// invented.
func (f *filler) returns(ctx context.Context) error {
	f.at(time.October, 14, 11, 0)
	zarema := f.user(Caseworker)
	ministry := f.cast.Committee
	ways := []struct {
		stage returns.Stage
		on    string
	}{
		{returns.HandedOver, "2019-02-10"},
		{returns.HandedOver, "2019-02-10"},
		{returns.HandedOver, "2019-07-10"},
		{returns.Arrived, "2019-07-10"},
		{returns.Planned, "2019-11-18"},
		{returns.Planned, "2019-11-18"},
	}
	children, err := f.children(ctx, len(ways))
	if err != nil {
		return err
	}
	for i, r := range ways {
		child := children[i]
		on, err := edtf.Parse(r.on)
		if err != nil {
			return err
		}
		n := returns.NewReturn{
			Person: child, Stage: r.stage, On: on,
			From: returns.Spot{Record: f.cast.Places["Baghdad"]}, To: returns.Spot{Record: f.cast.Places["Moscow"]},
			By: "Уполномоченный по правам ребёнка", Word: returns.Word{SaidBy: ministry, Basis: statement.NameList},
		}
		if r.stage == returns.HandedOver {
			n.HandedTo = "бабушке (вымышлена)"
		}
		if i == 3 {
			n.Word.Basis = statement.WasTold
		}
		if _, err := f.h.Returns.Record(ctx, zarema, n); err != nil {
			return err
		}
		f.cast.ReturnKids = append(f.cast.ReturnKids, child)
	}
	return nil
}

// children finds as many small children in the list: those behind the women, of
// whom a year of birth is known.
func (f *filler) children(ctx context.Context, n int) ([]string, error) {
	var found []string
	for row := invented.HeaderRow + invented.Women + 1; len(found) < n && row < invented.Rows; row++ {
		id, err := f.row(ctx, row)
		if err != nil {
			continue // a row without a name
		}
		p, err := f.h.Register.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		if p.Born.From > 2008 {
			found = append(found, id)
		}
	}
	if len(found) < n {
		return nil, fmt.Errorf("only %d children in the list", len(found))
	}
	return found, nil
}
