package register

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"homeward/statement"
	"homeward/vault"
)

// The names by which records are called stand in the index. Of two names the whole
// one is taken before parts and nicknames, and the first that was said.

// rank orders the properties by which a record is called.
var rank = map[statement.Property]int{
	statement.PersonName: 1, statement.PersonBirthName: 2, statement.PersonNameAsHeard: 3, statement.PersonMarriedName: 4, statement.PersonFamilyName: 5,
	statement.PersonGivenName: 6, statement.PersonPatronymic: 7, statement.PersonKunya: 8, statement.PersonNickname: 9, statement.PersonMaidenName: 10,
	statement.SourceLabel: 1, statement.PlaceName: 1, statement.HouseholdLabel: 1, statement.IncidentLabel: 1, statement.GroupLabel: 1, statement.RecipientName: 1,
}

// called gives what a record is called by its live facts, "" when by nothing. The
// parts of a name that stand alone are put together.
func (e *entry) called() (text, lang string) {
	best := 99
	parts := map[statement.Property]string{}
	for _, f := range e.facts {
		if f.withdrawn || f.denied {
			continue
		}
		if r, ok := rank[f.property]; ok && r < best {
			best, text, lang = r, f.value, f.lang
		}
		if parts[f.property] == "" {
			parts[f.property] = f.value
		}
	}
	if best >= 5 && best <= 7 {
		return joined(parts[statement.PersonFamilyName], parts[statement.PersonGivenName], parts[statement.PersonPatronymic]), lang
	}
	return text, lang
}

func joined(parts ...string) string {
	out := ""
	for _, p := range parts {
		if p != "" && out != "" {
			out += " "
		}
		out += p
	}
	return out
}

// label is what the record with that number is called.
func (x *index) label(n int64) string {
	if n < 0 {
		return ""
	}
	text, _ := x.records[n].called()
	return text
}

// Label gives what a record is called. The id "" is the office itself.
func (r *Register) Label(ctx context.Context, id string) (Label, error) {
	labels, err := r.Labels(ctx, id)
	return labels[id], err
}

// Labels gives what records are called, by their ids.
func (r *Register) Labels(ctx context.Context, ids ...string) (map[string]Label, error) {
	out := map[string]Label{}
	var unknown []string
	r.index.mu.RLock()
	for _, id := range ids {
		if id == "" {
			out[""] = Label{}
			continue
		}
		if l, ok := r.index.labelOf(id); ok {
			out[id] = l
		} else {
			unknown = append(unknown, id)
		}
	}
	r.index.mu.RUnlock()
	for _, id := range unknown {
		l, err := r.farLabel(ctx, id)
		if err != nil {
			return nil, err
		}
		out[id] = l
	}
	return out, nil
}

func (x *index) labelOf(id string) (Label, bool) {
	n, ok := x.numbers[id]
	if !ok || x.records[n].kind == "" {
		return Label{}, false
	}
	e := x.records[n]
	l := Label{ID: id, Kind: e.kind}
	l.Text, l.Lang = e.called()
	for _, f := range e.facts {
		if f.property == statement.SourceProtected && !f.withdrawn {
			l.Protected = f.value == "yes"
		}
		if f.property == statement.SourcePerson && !f.withdrawn && l.Text == "" {
			l.Text = x.label(f.object)
		}
	}
	return l, l.Text != "" || e.kind != statement.Person
}

// farLabel asks the vault about a record that the index does not know: it was
// forgotten, or it is of a kind that has no name.
func (r *Register) farLabel(ctx context.Context, id string) (Label, error) {
	l := Label{ID: id}
	gone, err := r.vault.Forgotten(ctx, id)
	if err != nil {
		return l, err
	}
	if gone {
		l.Forgotten = true
		return l, nil
	}
	said, err := r.ledger.About(ctx, id)
	if errors.Is(err, vault.ErrForgotten) {
		l.Forgotten = true
		return l, nil
	}
	if err != nil {
		return l, err
	}
	best := 99
	for _, s := range said {
		if s.Property == statement.RecordKind {
			l.Kind = statement.Kind(s.Value)
		}
		if n, ok := rank[s.Property]; ok && n < best && !s.Withdrawn {
			best, l.Text, l.Lang = n, s.Value, s.Lang
		}
	}
	return l, nil
}

// tie is an edge of the index, as it is seen from one of its ends.
type tie struct {
	other uint32
	role  Role
}

// roles say what the one at the other end is: first when the statement is about
// this record, then when it points at it.
var roles = map[statement.Property][2]Role{
	statement.KinChildOf:        {RoleParent, RoleChild},
	statement.KinMother:         {RoleMother, RoleChild},
	statement.KinFather:         {RoleFather, RoleChild},
	statement.KinPossibleFather: {RolePossibleFather, RolePossibleChild},
	statement.KinSpouseOf:       {RoleSpouse, RoleSpouse},
	statement.KinSiblingOf:      {RoleSibling, RoleSibling},
	statement.KinGuardianOf:     {RoleWard, RoleGuardian},
	statement.KinRelativeOf:     {RoleRelative, RoleRelative},
	statement.PersonTravelsWith: {RoleTravels, RoleTravels},
}

// kin gives those who are tied to a record, from both ends.
func (x *index) kin(n uint32) []tie {
	var out []tie
	for _, f := range x.records[n].facts {
		if role, ok := roles[f.property]; ok && !f.withdrawn && !f.denied && f.object >= 0 {
			out = append(out, tie{uint32(f.object), role[0]})
		}
	}
	for _, b := range x.records[n].backs {
		for _, f := range x.records[b].facts {
			if role, ok := roles[f.property]; ok && !f.withdrawn && !f.denied && f.object == int64(n) {
				out = append(out, tie{b, role[1]})
			}
		}
	}
	return out
}

// sum works out the years of birth that the record's live facts allow, the sex that
// was said last, and whether a whole name was said.
func (e *entry) sum() {
	e.born, e.sex, e.whole = Years{}, "", false
	for _, f := range e.facts {
		switch {
		case f.withdrawn || f.denied:
		case f.years.Known():
			e.born = e.born.and(f.years)
		case f.property == statement.PersonSex:
			e.sex = f.value
		case f.property == statement.PersonName:
			e.whole = true
		}
	}
}

func (e *entry) hasCode(text string) bool {
	return slices.ContainsFunc(e.facts, func(f fact) bool {
		return f.property == statement.PlaceCode && !f.withdrawn && cmp.Or(afterColon(f.value), f.value) == text
	})
}

func afterColon(s string) string {
	for i := range len(s) {
		if s[i] == ':' {
			return s[i+1:]
		}
	}
	return ""
}
