package register

import (
	"context"

	"homeward/internal/table"
	"homeward/statement"
)

// Row is a row of a list as it was read, for those who hold it against the register
// without bringing it in.
type Row struct {
	Number int // as a spreadsheet counts, from 1
	Names  []string
	Born   Years
	Sex    string // a code of person.sex
	Birth  string // the date of birth as it would be recorded, or ""
	Age    string
	Seen   string // where she was last known
	Home   string
	Kin    []KinName
	// Copies are records that an earlier import made of the very row.
	Copies []string
	// Held says that it speaks of somebody who was forgotten.
	Held bool
}

// Each reads the rows that name somebody, as the plan understands them. It records
// nothing.
func (p *Plan) Each(ctx context.Context, fn func(Row) error) error {
	book, err := table.Open(p.list.Body, p.list.Size, table.Limits{})
	if err != nil {
		return err
	}
	defer book.Close() //nolint:errcheck // it gives back memory
	return p.drafts(ctx, book, func(d *draft) error {
		if len(d.names) == 0 {
			return nil
		}
		return fn(d.asRow())
	})
}

// kinOfRow says what a line makes of the one whom it ties to the person of the row:
// when the person is its subject, and when she is its object.
var kinOfRow = map[statement.Property][2]Role{
	statement.KinMother: {RoleMother, RoleChild}, statement.KinFather: {RoleFather, RoleChild}, statement.KinChildOf: {RoleParent, RoleChild},
	statement.KinSpouseOf: {RoleSpouse, RoleSpouse}, statement.KinSiblingOf: {RoleSibling, RoleSibling},
}

func (d *draft) asRow() Row {
	r := Row{Number: d.row, Names: d.names, Born: d.born, Copies: d.copies, Held: d.held}
	called := map[int]string{}
	for _, l := range d.lines {
		if l.said.Property == statement.PersonName && called[l.subject] == "" {
			called[l.subject] = l.said.Value
		}
	}
	for _, l := range d.lines {
		roles, tie := kinOfRow[l.said.Property]
		switch {
		case tie && l.subject == 0 && l.object > 0:
			r.Kin = append(r.Kin, KinName{roles[0], called[l.object]})
		case tie && l.object == 0:
			r.Kin = append(r.Kin, KinName{roles[1], called[l.subject]})
		case l.subject == 0:
			r.say(l.said)
		}
	}
	return r
}

func (r *Row) say(s statement.Statement) {
	for p, to := range map[statement.Property]*string{
		statement.PersonSex: &r.Sex, statement.PersonBirthDate: &r.Birth, statement.PersonAge: &r.Age, statement.SeenAt: &r.Seen, statement.PersonHomeRegion: &r.Home,
	} {
		if s.Property == p && *to == "" {
			*to = s.Value
		}
	}
}
