package ledger

import (
	"context"
	"slices"
	"strings"

	"homeward/internal/problem"
	"homeward/ledger/ledgersql"
	"homeward/statement"
	"homeward/vault"
)

// opening is a record that an act opens.
type opening struct {
	id             string
	kind           statement.Kind
	owner          string // the record that its key belongs to; its own id for nobody else
	idx            int64
	statement, act string
}

// reserved are the kinds of act that the ledger alone records.
func reserved(k statement.ActKind) bool {
	return k == statement.ActErasure || k == statement.ActRestore
}

// prepare gives acts their ids, their notes as statements, and the values that an
// empty field stands for.
func (l *Ledger) prepare(acts []statement.Act) ([]statement.Act, error) {
	out := make([]statement.Act, len(acts))
	for i, a := range acts {
		if err := a.Validate(); err != nil {
			return nil, err
		}
		said := slices.Clone(a.Statements)
		if a.Note != "" {
			said = append(said, statement.Statement{Subject: said[0].Subject, Key: said[0].Key, Property: statement.ActNote, Value: a.Note})
		}
		if err := l.name(&a.ID); err != nil {
			return nil, err
		}
		for j := range said {
			said[j] = said[j].Normal()
			said[j].Via = slices.Clone(said[j].Via)
			if err := l.name(&said[j].ID); err != nil {
				return nil, err
			}
		}
		a.Statements = said
		out[i] = a
	}
	return out, nil
}

func (l *Ledger) name(id *string) (err error) {
	if *id == "" {
		*id, err = l.host.NewID()
	}
	return err
}

// examiner holds acts against what the log knows of the records they name.
type examiner struct {
	kinds map[string]statement.Kind // of every record that is named
	opens map[string]opening        // by these acts
	makes map[string]bool           // acts and statements of the acts before this one
}

// examine says whether the acts can be recorded, and what they open.
func (v View) examine(ctx context.Context, acts []statement.Act) (map[string]opening, error) {
	x := examiner{opens: map[string]opening{}, makes: map[string]bool{}}
	var err error
	if x.kinds, err = v.kinds(ctx, named(acts)); err != nil {
		return nil, err
	}
	for _, a := range acts {
		if err := x.open(a); err != nil {
			return nil, err
		}
	}
	unopened := map[string]bool{}
	for id := range x.opens {
		unopened[id] = true
	}
	for _, a := range acts {
		for _, s := range a.Statements {
			if s.Property == statement.RecordKind {
				delete(unopened, s.Subject)
			}
			if unopened[s.Subject] {
				return nil, ErrNoRecord.With("property", string(s.Property))
			}
			if err := x.judge(s); err != nil {
				return nil, err
			}
			if isWithdrawal(s.Property) && !x.makes[s.Object] {
				if err := v.withdrawable(ctx, s.Object); err != nil {
					return nil, err
				}
			}
		}
		x.makes[a.ID] = true
		for _, s := range a.Statements {
			x.makes[s.ID] = true
		}
	}
	return x.opens, nil
}

// named are the records that acts name and do not open themselves.
func named(acts []statement.Act) []string {
	ids := map[string]bool{}
	for _, a := range acts {
		for _, s := range a.Statements {
			ids[s.Subject] = true
			ids[s.SaidBy] = true
			ids[s.Evidence.File] = true
			ids[s.Key] = true
			for _, via := range s.Via {
				ids[via] = true
			}
			if statement.Vocabulary[s.Property].Value != statement.Reference {
				ids[s.Object] = true
			}
		}
	}
	delete(ids, "")
	out := make([]string, 0, len(ids))
	for id := range ids {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

var kindsOf = newChooser("SELECT id, kind FROM ledger_record WHERE office_id = $1 AND id %IN%")

func (v View) kinds(ctx context.Context, ids []string) (map[string]statement.Kind, error) {
	kinds := make(map[string]statement.Kind, len(ids))
	err := kindsOf.each(ctx, v.tx, v.l.office, ids, func(scan func(...any) error) error {
		var id, kind string
		err := scan(&id, &kind)
		kinds[id] = statement.Kind(kind)
		return err
	})
	return kinds, err
}

// open notes the records that an act opens, each with its owner.
func (x *examiner) open(a statement.Act) error {
	for _, s := range a.Statements {
		if s.Property != statement.RecordKind {
			continue
		}
		if x.kinds[s.Subject] != "" {
			return ErrOpened
		}
		x.kinds[s.Subject] = statement.Kind(s.Value)
		x.opens[s.Subject] = opening{id: s.Subject, kind: statement.Kind(s.Value), owner: s.Subject, statement: s.ID, act: a.ID}
	}
	for _, s := range slices.Backward(a.Statements) { // the first one named is the owner
		o, ok := x.opens[s.Subject]
		if ok && o.act == a.ID && s.Object != "" && ownerProperty(o.kind) == s.Property {
			o.owner = s.Object
			x.opens[s.Subject] = o
		}
	}
	for _, s := range a.Statements {
		o := x.opens[s.Subject]
		if d, _ := statement.KindOf(o.kind); s.Property == statement.RecordKind && d.Owned && o.owner == o.id {
			return ErrNoOwner.With("kind", string(o.kind))
		}
	}
	return nil
}

func ownerProperty(k statement.Kind) statement.Property {
	d, _ := statement.KindOf(k)
	return d.Owner
}

// judge says whether a statement fits the records it names.
func (x *examiner) judge(s statement.Statement) error {
	d := statement.Vocabulary[s.Property]
	kind := x.kinds[s.Subject]
	if kind == "" {
		return ErrNoRecord.With("property", string(s.Property))
	}
	if !d.StandsOn(kind) {
		return misplaced(s.Property)
	}
	if s.Object != "" && d.Value != statement.Reference {
		object := x.kinds[s.Object]
		if object == "" {
			return ErrNoRecord.With("property", string(s.Property))
		}
		if !d.PointsAt(object) {
			return misplaced(s.Property)
		}
	}
	if s.Evidence.File != "" && x.kinds[s.Evidence.File] != statement.File {
		return ErrNoRecord.With("property", string(s.Property))
	}
	for _, id := range append([]string{s.SaidBy, s.Key}, s.Via...) {
		if id != "" && x.kinds[id] == "" {
			return ErrNoRecord.With("property", string(s.Property))
		}
	}
	return nil
}

func misplaced(p statement.Property) *problem.Error {
	return statement.ErrKind.With("property", string(p))
}

// withdrawable says whether an act or a statement of the log can be withdrawn.
func (v View) withdrawable(ctx context.Context, id string) error {
	kinds, err := ledgersql.New(v.tx).ActKinds(ctx, ledgersql.ActKindsParams{OfficeID: v.l.office, ActID: id})
	if err != nil {
		return err
	}
	if len(kinds) == 0 {
		return ErrNoStatement
	}
	if reserved(statement.ActKind(kinds[0])) {
		return ErrWithdrawal
	}
	return nil
}

// keysOf are what the vault must hold before the acts can be sealed: a key for each
// record that is opened.
func keysOf(opens map[string]opening) []vault.NewKey {
	keys := make([]vault.NewKey, 0, len(opens))
	for id, o := range opens {
		k := vault.NewKey{ID: id}
		if o.owner != id {
			k.Owner = o.owner
		}
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b vault.NewKey) int { return strings.Compare(a.ID, b.ID) })
	return keys
}
