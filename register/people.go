package register

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"homeward/internal/db"
	"homeward/names"
	"homeward/register/registersql"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Person gives the person a record belongs to, as she is known now.
func (r *Register) Person(ctx context.Context, id string) (*Person, error) {
	rows, err := r.members(ctx, id)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, m := range rows {
		ids[i] = m.ID
	}
	return r.now(ctx, ids)
}

// Alone gives a person as one of her records alone tells of her: what she would be
// if nobody had judged it to belong with others.
func (r *Register) Alone(ctx context.Context, id string) (*Person, error) {
	if _, err := r.members(ctx, id); err != nil {
		return nil, err
	}
	return r.now(ctx, []string{id})
}

// now gathers what stands of records.
func (r *Register) now(ctx context.Context, ids []string) (*Person, error) {
	m := material{now: r.host.Now()}
	var err error
	if m.about, err = r.ledger.About(ctx, ids...); err != nil {
		return nil, err
	}
	for _, id := range ids {
		pointing, err := r.ledger.Pointing(ctx, id, pointingProperties...)
		if err != nil {
			return nil, err
		}
		m.pointing = append(m.pointing, pointing...)
	}
	return r.assemble(ctx, ids, m)
}

// At gives the person as she was known at a time: what was written down later is
// left out, and what was withdrawn later stands.
func (r *Register) At(ctx context.Context, id string, at time.Time) (*Person, error) {
	if _, err := r.members(ctx, id); err != nil {
		return nil, err
	}
	ids, err := r.membersAt(ctx, id, at)
	if err != nil {
		return nil, err
	}
	m := material{now: at}
	if m.about, err = r.ledger.AboutAt(ctx, at, ids...); err != nil {
		return nil, err
	}
	if len(m.about) == 0 {
		return nil, ErrUnknown
	}
	for _, id := range ids {
		pointing, err := r.pointingAt(ctx, id, at)
		if err != nil {
			return nil, err
		}
		m.pointing = append(m.pointing, pointing...)
	}
	return r.assemble(ctx, ids, m)
}

// pointingProperties are what others' records say of a person.
var pointingProperties = slices.Concat(judgementProperties, []statement.Property{
	statement.KinChildOf, statement.KinMother, statement.KinFather, statement.KinPossibleFather, statement.KinSpouseOf,
	statement.KinSiblingOf, statement.KinGuardianOf, statement.KinRelativeOf, statement.PersonTravelsWith,
	statement.AppealMentions, statement.FileOf, statement.SourcePerson, statement.SourceRelation,
})

// members are the records of a person's cluster, the oldest first.
func (r *Register) members(ctx context.Context, id string) (rows []registersql.MembersRow, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := registersql.New(tx)
		row, err := r.record(ctx, q, id)
		if err != nil {
			return err
		}
		if row.Kind != string(statement.Person) {
			return ErrUnknown
		}
		rows, err = q.Members(ctx, registersql.MembersParams{OfficeID: r.office, Cluster: row.Cluster})
		return err
	})
	return rows, err
}

// pointingAt gives what pointed at a record, as it stood at a time.
func (r *Register) pointingAt(ctx context.Context, id string, at time.Time) ([]statement.Recorded, error) {
	pointing, err := r.ledger.Pointing(ctx, id, pointingProperties...)
	if err != nil || len(pointing) == 0 {
		return nil, err
	}
	var subjects []string
	for _, s := range pointing {
		subjects = append(subjects, s.Subject)
	}
	slices.Sort(subjects)
	said, err := r.ledger.AboutAt(ctx, at, slices.Compact(subjects)...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(said, func(s statement.Recorded) bool {
		return s.Object != id || !slices.Contains(pointingProperties, s.Property)
	}), nil
}

// membersAt works out a cluster as it stood at a time.
func (r *Register) membersAt(ctx context.Context, id string, at time.Time) ([]string, error) {
	group := []string{id}
	for i := 0; i < len(group); i++ {
		said, err := r.ledger.AboutAt(ctx, at, group[i])
		if err != nil {
			return nil, err
		}
		pointing, err := r.pointingAt(ctx, group[i], at)
		if err != nil {
			return nil, err
		}
		for _, j := range judged(append(said, pointing...)) {
			other := j.A
			if other == group[i] {
				other = j.B
			}
			if j.Live && j.Verdict == Same && !slices.Contains(group, other) {
				group = append(group, other)
			}
		}
	}
	slices.Sort(group)
	return group, nil
}

// material is what a person is put together from.
type material struct {
	now             time.Time
	about, pointing []statement.Recorded
}

// assemble adds up what was said.
func (r *Register) assemble(ctx context.Context, ids []string, m material) (*Person, error) {
	labels, err := r.Labels(ctx, m.mentioned()...)
	if err != nil {
		return nil, err
	}
	p := &Person{ID: ids[0]}
	a := assembly{person: p, ids: ids, labels: labels, now: m.now, groups: map[statement.Property]*Group{}}
	sorted := slices.Clone(m.about)
	slices.SortFunc(sorted, func(x, y statement.Recorded) int { return cmp.Compare(x.Index, y.Index) })
	for _, s := range sorted {
		a.about(s)
	}
	for _, s := range m.pointing {
		a.pointing(s)
	}
	p.Judgements = judged(append(sorted, m.pointing...))
	a.finish()
	if err := r.speakForKin(ctx, p); err != nil {
		return nil, err
	}
	return p, r.knowFiles(ctx, p)
}

// File is the file that a fact of Person.Files names.
func (f Fact) File() string {
	if f.Statement.Property == statement.FileOf {
		return f.Statement.Subject
	}
	return f.Statement.Object
}

// knowFiles reads what is known of the files.
func (r *Register) knowFiles(ctx context.Context, p *Person) error {
	if len(p.Files) == 0 {
		return nil
	}
	ids := make([]string, len(p.Files))
	for i, f := range p.Files {
		ids[i] = f.File()
	}
	said, err := r.ledger.About(ctx, ids...)
	p.Kept = map[string]KeptFile{}
	for _, s := range said {
		k := p.Kept[s.Subject]
		switch s.Property {
		case statement.FileMediaType:
			k.MediaType = s.Value
		case statement.FileDuration:
			ms, _ := strconv.ParseInt(s.Value, 10, 64)
			k.Length = time.Duration(ms) * time.Millisecond
		case statement.FileArrived:
			k.Arrived, _ = time.Parse(time.RFC3339, s.Value)
		}
		p.Kept[s.Subject] = k
	}
	return err
}

// mentioned are the ids whose names a page needs.
func (m material) mentioned() []string {
	var ids []string
	for _, s := range append(slices.Clip(m.about), m.pointing...) {
		ids = append(ids, s.SaidBy, s.Object, s.Subject)
		ids = append(ids, s.Via...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// assembly is a person while she is put together.
type assembly struct {
	person *Person
	ids    []string
	labels map[string]Label
	now    time.Time
	groups map[statement.Property]*Group
}

func (a *assembly) fact(s statement.Recorded) Fact {
	f := Fact{Statement: s, Speaker: a.labels[s.SaidBy], Object: a.labels[s.Object]}
	for _, id := range s.Via {
		f.Via = append(f.Via, a.labels[id])
	}
	return f
}

// about takes a statement about one of her records.
func (a *assembly) about(s statement.Recorded) {
	p, f := a.person, a.fact(s)
	p.Seen = max(p.Seen, s.Index)
	p.History = append(p.History, f)
	if s.Property == statement.RecordKind {
		p.Records = append(p.Records, Record{ID: s.Subject, Name: a.labels[s.Subject].Text, Opened: s.RecordedAt, By: s.RecordedBy})
	}
	role, kin := roles[s.Property]
	switch {
	case slices.Contains(judgementProperties, s.Property), s.Property == statement.RecordKind:
	case s.Property == statement.ImportRow:
		a.origin(s)
	case s.Withdrawn:
	case namesOfPeople[s.Property]:
		p.Names = append(p.Names, f)
	case kin:
		if !slices.Contains(a.ids, s.Object) {
			p.Kin = append(p.Kin, Edge{Fact: f, Other: f.Object, Role: role[0]})
		}
	case s.Property == statement.SeenAt, s.Property == statement.ThoughtAt:
		p.Sightings = append(p.Sightings, a.sighting(f))
	case s.Property == statement.WishOwn, s.Property == statement.WishCondition:
		p.Wishes = append(p.Wishes, f)
	case s.Property == statement.WishRelatives:
		p.RelativesWish = append(p.RelativesWish, f)
	case s.Property == statement.PersonPhoto, s.Property == statement.PersonVoice:
		p.Files = append(p.Files, f)
	default:
		a.grouped(f)
	}
}

// pointing takes a statement of another record that points at one of hers.
func (a *assembly) pointing(s statement.Recorded) {
	p := a.person
	p.Seen = max(p.Seen, s.Index)
	if s.Withdrawn || slices.Contains(a.ids, s.Subject) {
		return
	}
	f := a.fact(s)
	if role, ok := roles[s.Property]; ok {
		p.Kin = append(p.Kin, Edge{Fact: f, Other: a.labels[s.Subject], Role: role[1]})
		return
	}
	switch s.Property {
	case statement.AppealMentions:
		p.Appeals = append(p.Appeals, Mention{Appeal: s.Subject, Fact: f})
	case statement.FileOf:
		p.Files = append(p.Files, f)
	case statement.SourcePerson, statement.SourceRelation:
		p.Speakers = append(p.Speakers, f)
	}
}

func (a *assembly) origin(s statement.Recorded) {
	if s.Withdrawn {
		return
	}
	a.person.Imports = append(a.person.Imports, Origin{Record: s.Subject, Import: s.Object, Row: s.Value, Source: a.labels[s.SaidBy], At: s.RecordedAt})
	for i := range a.person.Records {
		if a.person.Records[i].ID == s.Subject {
			a.person.Records[i].Import, a.person.Records[i].Row = s.Object, s.Value
		}
	}
}

func (a *assembly) grouped(f Fact) {
	g := a.groups[f.Statement.Property]
	if g == nil {
		g = &Group{Property: f.Statement.Property}
		a.groups[f.Statement.Property] = g
	}
	g.Facts = append(g.Facts, f)
}

func (a *assembly) sighting(f Fact) Sighting {
	s := Sighting{Fact: f, Thought: f.Statement.Property == statement.ThoughtAt, When: seenOn(f.Statement), Place: f.Object, Days: -1}
	if s.Place.Text == "" {
		s.Place.Text, s.Place.Lang = f.Statement.Value, f.Statement.Lang
	}
	if day := seenDay(f.Statement); day != edtf.MinDay {
		s.Days = max(0, int(edtf.Day(a.now).Latest()-day))
	}
	return s
}

// partWishes takes from her own wishes what somebody else said of them: it stands with
// what relatives wish for her. Who she is when she speaks is known only now.
func (a *assembly) partWishes() {
	p := a.person
	hers := func(f Fact) bool {
		by := f.Statement.SaidBy
		return slices.Contains(a.ids, by) || slices.ContainsFunc(p.Speakers, func(s Fact) bool {
			return s.Statement.Property == statement.SourcePerson && s.Statement.Subject == by && !denies(s)
		})
	}
	for _, f := range p.Wishes {
		if !hers(f) {
			p.RelativesWish = append(p.RelativesWish, f)
		}
	}
	p.Wishes = slices.DeleteFunc(p.Wishes, func(f Fact) bool { return !hers(f) })
}

// finish puts the parts in order.
func (a *assembly) finish() {
	p := a.person
	slices.SortFunc(p.Records, func(x, y Record) int { return x.Opened.Compare(y.Opened) })
	slices.SortStableFunc(p.Sightings, func(x, y Sighting) int {
		return cmp.Or(cmp.Compare(seenDay(y.Fact.Statement), seenDay(x.Fact.Statement)), cmp.Compare(y.Fact.Statement.Index, x.Fact.Statement.Index))
	})
	for _, d := range statement.Definitions {
		if g := a.groups[d.Property]; g != nil {
			contradict(g)
			slices.SortStableFunc(g.Facts, func(x, y Fact) int { return cmp.Compare(y.Statement.Index, x.Statement.Index) })
			p.Facts = append(p.Facts, *g)
		}
	}
	a.partWishes()
	markContradictions(p.Wishes)
	slices.SortStableFunc(p.Names, func(x, y Fact) int {
		return cmp.Compare(rank[x.Statement.Property], rank[y.Statement.Property])
	})
	if len(p.Names) > 0 {
		p.Name = p.Names[0]
	}
	for _, g := range p.Facts {
		if g.Property == statement.PersonBirthDate || g.Property == statement.PersonAge {
			for _, f := range g.Facts {
				if !denies(f) {
					p.Born = p.Born.and(yearsOf(f.Statement))
					p.Births = beside(p.Births, yearsOf(f.Statement))
				}
			}
		}
	}
	agesAgree(p)
}

// contradict marks the facts of a group that cannot be so at once.
func contradict(g *Group) {
	g.Contradicted = markContradictions(g.Facts)
}

func markContradictions(facts []Fact) bool {
	found := false
	for i := range facts {
		for j := range i {
			if facts[i].Statement.Property == facts[j].Statement.Property && opposed(facts[i], facts[j]) {
				facts[i].Contradicts, facts[j].Contradicts, found = true, true, true
			}
		}
	}
	return found
}

// opposed says whether two facts of one property cannot both be so. Of a property
// that may have many values, only a denial opposes its value.
func opposed(x, y Fact) bool {
	d := statement.Vocabulary[x.Statement.Property]
	same := alike(d, x, y)
	if denies(x) != denies(y) {
		return same
	}
	if denies(x) || d.Many || same {
		return false
	}
	lasting := d.Value == statement.Date || d.Property == statement.PersonDead || d.Property == statement.PersonSex
	if lasting || x.Statement.TrueOn.IsZero() || y.Statement.TrueOn.IsZero() {
		return true
	}
	rel := edtf.Relate(x.Statement.TrueOn, y.Statement.TrueOn)
	return rel != edtf.Before && rel != edtf.After
}

func denies(f Fact) bool {
	return f.Statement.Stance == statement.Denies || f.Statement.Stance == statement.Withdraws
}

// alike says whether two values may mean the same.
func alike(d statement.Definition, x, y Fact) bool {
	s, t := x.Statement, y.Statement
	switch {
	case d.Property == statement.PersonAge:
		a, b := yearsOf(s), yearsOf(t)
		return !a.Known() || !b.Known() || a.Near(b) == 0
	case d.Value == statement.Date:
		a, errA := edtf.Parse(s.Value)
		b, errB := edtf.Parse(t.Value)
		if errA != nil || errB != nil {
			return s.Value == t.Value
		}
		rel := edtf.Relate(a, b)
		return rel != edtf.Before && rel != edtf.After
	case s.Object != "" && t.Object != "":
		return s.Object == t.Object
	case d.Value == statement.Place:
		return names.Fold(cmp.Or(s.Value, x.Object.Text)) == names.Fold(cmp.Or(t.Value, y.Object.Text)) ||
			placeLikeness(names.Read(cmp.Or(s.Value, x.Object.Text)), names.Read(cmp.Or(t.Value, y.Object.Text))) > 0.8
	}
	return s.Value == t.Value
}

// agesAgree marks an age and a date of birth that cannot belong together.
func agesAgree(p *Person) {
	var ages, dates *Group
	for i := range p.Facts {
		switch p.Facts[i].Property {
		case statement.PersonAge:
			ages = &p.Facts[i]
		case statement.PersonBirthDate:
			dates = &p.Facts[i]
		}
	}
	if ages == nil || dates == nil {
		return
	}
	for i, age := range ages.Facts {
		for j, date := range dates.Facts {
			a, b := yearsOf(age.Statement), yearsOf(date.Statement)
			// One year of grace: an age is seldom said to the day.
			if a.Known() && b.Known() && a.Near(b) > 1 && !denies(age) && !denies(date) {
				ages.Facts[i].Contradicts, dates.Facts[j].Contradicts = true, true
				ages.Contradicted, dates.Contradicted = true, true
			}
		}
	}
}

// speakForKin fills in what the other ends of edges are called when the index does
// not know them.
func (r *Register) speakForKin(ctx context.Context, p *Person) error {
	for i, e := range p.Kin {
		if e.Other.Text == "" && !e.Other.Forgotten {
			l, err := r.Label(ctx, e.Other.ID)
			if err != nil {
				return err
			}
			p.Kin[i].Other = l
		}
	}
	order := []Role{RoleMother, RoleFather, RolePossibleFather, RoleParent, RoleGuardian, RoleSpouse, RoleChild, RolePossibleChild, RoleWard, RoleSibling, RoleRelative, RoleTravels}
	slices.SortStableFunc(p.Kin, func(x, y Edge) int { return cmp.Compare(slices.Index(order, x.Role), slices.Index(order, y.Role)) })
	return nil
}
