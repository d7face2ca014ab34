package register

import (
	"context"
	"errors"
	"slices"
	"strings"

	"homeward/internal/db"
	"homeward/register/registersql"
	"homeward/statement"
)

// Add opens a record of a person and gives its id.
func (r *Register) Add(ctx context.Context, by string, n NewPerson) (string, error) {
	named := slices.ContainsFunc(n.Statements, func(s statement.Statement) bool { return namesOfPeople[s.Property] })
	if !named {
		return "", ErrNoName
	}
	return r.open(ctx, by, statement.Person, n.Statements, n.Note)
}

// AddSource opens a record of a speaker. A speaker without a name is known by what
// the office calls her.
func (r *Register) AddSource(ctx context.Context, by string, n NewSource) (string, error) {
	if strings.TrimSpace(n.Label) == "" {
		return "", ErrNoLabel
	}
	return r.open(ctx, by, statement.Source, n.statements(), "")
}

func (n NewSource) statements() []statement.Statement {
	said := []statement.Statement{{Property: statement.SourceLabel, Value: strings.TrimSpace(n.Label)}}
	say := func(p statement.Property, value, object string) {
		if value != "" || object != "" {
			said = append(said, statement.Statement{Property: p, Value: value, Object: object})
		}
	}
	say(statement.SourceKind, n.Kind, "")
	say(statement.SourcePublic, n.Public, "")
	if n.Protected {
		say(statement.SourceProtected, "yes", "")
	}
	say(statement.SourcePerson, "", n.Person)
	for _, k := range n.Relations {
		say(statement.SourceRelation, k.Degree, k.Person)
	}
	say(statement.SourceURL, n.URL, "")
	return append(said, n.Contacts...)
}

// AddPlace opens a record of a place.
func (r *Register) AddPlace(ctx context.Context, by string, n NewPlace) (string, error) {
	var said []statement.Statement
	for _, name := range n.Names {
		if strings.TrimSpace(name.Text) != "" {
			said = append(said, statement.Statement{Property: statement.PlaceName, Value: strings.TrimSpace(name.Text), Lang: name.Lang})
		}
	}
	if len(said) == 0 {
		return "", ErrNoPlaceName
	}
	say := func(p statement.Property, value, object string) {
		if value != "" || object != "" {
			said = append(said, statement.Statement{Property: p, Value: value, Object: object})
		}
	}
	say(statement.PlaceKind, n.Kind, "")
	say(statement.PlaceCountry, n.Country, "")
	say(statement.PlaceParent, "", n.Parent)
	say(statement.PlacePoint, n.Point, "")
	for _, c := range n.Codes {
		say(statement.PlaceCode, c, "")
	}
	if !n.Open.IsZero() {
		said = append(said, statement.Statement{Property: statement.PlaceOpen, Value: "yes", TrueOn: n.Open})
	}
	return r.open(ctx, by, statement.PlaceRecord, said, "")
}

// open makes a record with its first statements.
func (r *Register) open(ctx context.Context, by string, kind statement.Kind, said []statement.Statement, note string) (string, error) {
	id, err := r.host.NewID()
	if err != nil {
		return "", err
	}
	act := statement.Act{Kind: statement.ActEntry, By: by, Note: note, Statements: []statement.Statement{
		{Subject: id, Property: statement.RecordKind, Value: string(kind)},
	}}
	for _, s := range said {
		if s.Property == statement.WishOwn && s.SaidBy != id {
			return "", statement.ErrNotHers // a new record has nobody yet who is she
		}
		s.Subject = id
		act.Statements = append(act.Statements, s)
	}
	if err := statement.NotAhead(r.host.Now(), act.Statements...); err != nil {
		return "", err
	}
	_, err = r.ledger.Append(ctx, act)
	return id, err
}

// Say writes down what is said of records that are there. seen is Person.Seen of
// the page on which it was written: where somebody else has since said something
// of the same property, of which only one value can be so, nothing is recorded and
// the error is ErrChanged, with the properties. 0 asks no questions.
func (r *Register) Say(ctx context.Context, by string, seen int64, said []statement.Statement, note string) ([]statement.Recorded, error) {
	if err := statement.NotAhead(r.host.Now(), said...); err != nil {
		return nil, err
	}
	if err := r.hers(ctx, said...); err != nil {
		return nil, err
	}
	act := statement.Act{Kind: statement.ActEntry, By: by, Note: note, Statements: said}
	return r.ledger.AppendWith(ctx, act, func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
		return r.unchanged(ctx, registersql.New(tx), seen, recorded[0].Index, said)
	})
}

// hers refuses as her own wish what somebody says who is not known to be she, in any
// record of hers.
func (r *Register) hers(ctx context.Context, said ...statement.Statement) error {
	for _, s := range said {
		if s.Property != statement.WishOwn {
			continue
		}
		records, err := r.One(ctx, s.Subject)
		if err != nil {
			return err
		}
		is, err := r.speaksAs(ctx, s.SaidBy, records)
		if err != nil {
			return err
		}
		if !is {
			return statement.ErrNotHers
		}
	}
	return nil
}

// speaksAs says whether a speaker is the person of these records.
func (r *Register) speaksAs(ctx context.Context, speaker string, records []string) (bool, error) {
	if speaker == "" { // the office
		return false, nil
	}
	said, err := r.ledger.About(ctx, speaker)
	return statement.SpeaksAs(speaker, said, records), err
}

// Correct withdraws a statement and says another in its place, or none when
// instead is nil. Two acts of one transaction; the statement that was withdrawn
// stays in the history. ErrChanged says that somebody withdrew it before.
func (r *Register) Correct(ctx context.Context, by, old string, instead *statement.Statement, why string) ([]statement.Recorded, error) {
	if instead != nil {
		if err := statement.NotAhead(r.host.Now(), *instead); err != nil {
			return nil, err
		}
		if err := r.hers(ctx, *instead); err != nil {
			return nil, err
		}
	}
	was, err := r.ledger.Get(ctx, old)
	if err != nil {
		return nil, err
	}
	if was.Withdrawn {
		return nil, ErrChanged.With("properties", string(was.Property))
	}
	record, err := r.host.NewID()
	if err != nil {
		return nil, err
	}
	withdrawal := statement.Act{Kind: statement.ActWithdrawal, By: by, Statements: []statement.Statement{
		{Subject: record, Property: statement.RecordKind, Value: string(statement.WithdrawalOfAct)},
		{Subject: record, Property: statement.WithdrawnStatement, Object: old},
	}}
	if why != "" {
		withdrawal.Statements = append(withdrawal.Statements, statement.Statement{Subject: record, Property: statement.WithdrawnWhy, Value: why})
	}
	acts := []statement.Act{withdrawal}
	if instead != nil {
		acts = append(acts, statement.Act{Kind: statement.ActEntry, By: by, Statements: []statement.Statement{*instead}})
	}
	return r.ledger.AppendAll(ctx, acts)
}

// unchanged looks at what was said since, up to the act itself, of the records
// that the statements are about and of those that belong with them.
func (r *Register) unchanged(ctx context.Context, q *registersql.Queries, seen, before int64, said []statement.Statement) error {
	if seen == 0 {
		return nil
	}
	var changed []string
	for subject, properties := range single(said) {
		ids, err := r.together(ctx, q, subject)
		if err != nil {
			return err
		}
		for _, id := range ids {
			since, err := q.SaidSince(ctx, registersql.SaidSinceParams{OfficeID: r.office, Subject: id, Idx: seen, Idx_2: before})
			if err != nil {
				return err
			}
			for _, p := range since {
				if slices.Contains(properties, p) {
					changed = append(changed, p)
				}
			}
		}
	}
	if len(changed) == 0 {
		return nil
	}
	slices.Sort(changed)
	return ErrChanged.With("properties", strings.Join(slices.Compact(changed), ", "))
}

// together gives a record's cluster; the record alone when it is of a kind that has
// none.
func (r *Register) together(ctx context.Context, q *registersql.Queries, id string) ([]string, error) {
	row, err := r.record(ctx, q, id)
	if errors.Is(err, ErrUnknown) {
		return []string{id}, nil
	}
	if err != nil {
		return nil, err
	}
	members, err := q.Members(ctx, registersql.MembersParams{OfficeID: r.office, Cluster: row.Cluster})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	return ids, nil
}

// single gives, for each subject, the properties said of it that can have only one
// value.
func single(said []statement.Statement) map[string][]string {
	out := map[string][]string{}
	for _, s := range said {
		if d := statement.Vocabulary[s.Property]; !d.Many {
			out[s.Subject] = append(out[s.Subject], string(s.Property))
		}
	}
	return out
}
