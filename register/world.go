package register

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"homeward/internal/db"
	"homeward/ledger"
	"homeward/names"
	"homeward/register/registersql"
	"homeward/statement"
	"homeward/statement/edtf"
)

// SourceRow is a speaker in a list.
type SourceRow struct {
	ID, Label, Lang, Kind string
	Protected             bool
}

// Sources gives the speakers whose label holds the text, by their labels, and how
// many there are. limit 0 gives all.
func (r *Register) Sources(ctx context.Context, text string, limit int) (rows []SourceRow, total int, err error) {
	x := r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	wanted := names.Fold(text)
	for _, e := range x.records {
		if !e.live || e.kind != statement.Source {
			continue
		}
		l, _ := x.labelOf(e.id)
		if wanted != "" && !strings.Contains(names.Fold(l.Text), wanted) {
			continue
		}
		row := SourceRow{ID: e.id, Label: l.Text, Lang: l.Lang, Protected: l.Protected}
		for _, f := range e.facts {
			if f.property == statement.SourceKind && !f.withdrawn {
				row.Kind = f.value
			}
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b SourceRow) int {
		return cmp.Or(cmp.Compare(names.Fold(a.Label), names.Fold(b.Label)), cmp.Compare(a.ID, b.ID))
	})
	total = len(rows)
	if limit > 0 {
		rows = rows[:min(limit, total)]
	}
	return rows, total, ctx.Err()
}

// Thing is a speaker or a place with what is said of it.
type Thing struct {
	Label Label
	Seen  int64
	Facts []Group
	// Said are the statements that a speaker made of people, places and other speakers, the
	// newest first.
	Said []Fact
	// Judgements are the decisions about it.
	Judgements []Judgement
}

// Source gives a speaker: who it is, and what he or she said, at most that many.
func (r *Register) Source(ctx context.Context, id string, limit int) (*Thing, error) {
	t, err := r.thing(ctx, id, statement.Source)
	if err != nil {
		return nil, err
	}
	said, err := r.ledger.Pointing(ctx, id, ledger.SaidByRecord)
	if err != nil {
		return nil, err
	}
	said = slices.DeleteFunc(said, func(s statement.Recorded) bool { return !ours(s.Property) })
	slices.SortFunc(said, func(a, b statement.Recorded) int { return cmp.Compare(b.Index, a.Index) })
	m := material{about: said[:min(limit, len(said))]}
	labels, err := r.Labels(ctx, m.mentioned()...)
	if err != nil {
		return nil, err
	}
	a := assembly{labels: labels}
	for _, s := range m.about {
		t.Said = append(t.Said, a.fact(s))
	}
	return t, nil
}

// ours says whether a property is of what the register tells of: what a speaker sent, and
// the numbers that he gave, stand on pages of their own.
func ours(p statement.Property) bool {
	d := statement.Vocabulary[p]
	return slices.ContainsFunc([]statement.Kind{statement.Person, statement.Household, statement.PlaceRecord, statement.Incident, statement.Group, statement.Source}, d.StandsOn)
}

// Place gives a place with its names and what else is said of it.
func (r *Register) Place(ctx context.Context, id string) (*Thing, error) {
	return r.thing(ctx, id, statement.PlaceRecord)
}

// thing gathers what is said of one record of a kind.
func (r *Register) thing(ctx context.Context, id string, kind statement.Kind) (*Thing, error) {
	err := r.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := r.record(ctx, registersql.New(tx), id)
		if err == nil && row.Kind != string(kind) {
			return ErrUnknown
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	m := material{now: r.host.Now()}
	if m.about, err = r.ledger.About(ctx, id); err != nil {
		return nil, err
	}
	labels, err := r.Labels(ctx, m.mentioned()...)
	if err != nil {
		return nil, err
	}
	t := &Thing{Label: labels[id]}
	a := assembly{person: &Person{}, ids: []string{id}, labels: labels, now: m.now, groups: map[statement.Property]*Group{}}
	for _, s := range m.about {
		t.Seen = max(t.Seen, s.Index)
		if s.Property != statement.RecordKind && !slices.Contains(judgementProperties, s.Property) && !s.Withdrawn {
			a.grouped(a.fact(s))
		}
	}
	a.finish()
	t.Facts, t.Judgements = a.person.Facts, judged(m.about)
	return t, nil
}

// PlaceRow is a place in a list.
type PlaceRow struct {
	ID      string
	Names   []PlaceName
	Kind    string
	Country string
	Codes   []string
}

// Places gives all places, by their first names.
func (r *Register) Places(ctx context.Context) ([]PlaceRow, error) {
	x := r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []PlaceRow
	for _, e := range x.records {
		if e.live && e.kind == statement.PlaceRecord {
			out = append(out, e.placeRow())
		}
	}
	slices.SortFunc(out, func(a, b PlaceRow) int { return cmp.Compare(a.first(), b.first()) })
	return out, ctx.Err()
}

func (e *entry) placeRow() PlaceRow {
	p := PlaceRow{ID: e.id}
	for _, f := range e.facts {
		switch {
		case f.withdrawn:
		case f.property == statement.PlaceName:
			p.Names = append(p.Names, PlaceName{f.value, f.lang})
		case f.property == statement.PlaceKind:
			p.Kind = f.value
		case f.property == statement.PlaceCountry:
			p.Country = f.value
		case f.property == statement.PlaceCode:
			p.Codes = append(p.Codes, f.value)
		}
	}
	return p
}

func (p PlaceRow) first() string {
	if len(p.Names) == 0 {
		return ""
	}
	return names.Fold(p.Names[0].Text)
}

// KnownHere is somebody who was, or is supposed to have been, at a place.
type KnownHere struct {
	Person, Name, Lang string
	Thought            bool
	Days               int // since the latest day it can have been; -1 when no day is known
	// Since says that something newer is known of her from elsewhere.
	Elsewhere bool
	Wording   string
}

// KnownAt gives those who are known at a place, the freshest news first: what
// points at it, and what names it in words. It reads memory alone.
func (r *Register) KnownAt(ctx context.Context, place string, limit int) (rows []KnownHere, total int, err error) {
	x := r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, ok := x.numbers[place]
	if !ok {
		return nil, 0, ErrUnknown
	}
	at := atPlace{index: x, place: int64(n), likes: map[string]bool{}, today: edtf.Day(r.host.Now()).Latest(), best: map[uint32]KnownHere{}}
	for _, name := range x.records[n].placeRow().Names {
		at.names = append(at.names, names.Read(name.Text))
	}
	for m, e := range x.records {
		if e.live && e.kind == statement.Person {
			at.look(uint32(m), e)
		}
	}
	for _, k := range at.best {
		rows = append(rows, k)
	}
	slices.SortFunc(rows, func(a, b KnownHere) int { return cmp.Or(cmp.Compare(age(a), age(b)), cmp.Compare(a.Person, b.Person)) })
	total = len(rows)
	return rows[:min(limit, total)], total, ctx.Err()
}

// atPlace is the looking for people at one place.
type atPlace struct {
	index *index
	place int64
	names []names.Name
	likes map[string]bool
	today edtf.DayNumber
	best  map[uint32]KnownHere // by cluster
}

// look takes the freshest news of a record that is of the place.
func (at *atPlace) look(m uint32, e *entry) {
	here, last := edtf.MinDay, edtf.MinDay
	var found fact
	for _, f := range e.facts {
		if f.withdrawn || f.denied || f.property != statement.SeenAt && f.property != statement.ThoughtAt {
			continue
		}
		last = max(last, f.day)
		if (f.object == at.place || f.object < 0 && at.like(f.value)) && f.day >= here {
			here, found = f.day, f
		}
	}
	if found.property == "" {
		return
	}
	k := KnownHere{Person: at.index.records[e.cluster].id, Thought: found.property == statement.ThoughtAt, Days: -1, Elsewhere: last > here, Wording: found.value}
	if here != edtf.MinDay {
		k.Days = int(max(0, at.today-here))
	}
	k.Name, k.Lang = e.called()
	if before, known := at.best[e.cluster]; !known || fresher(k, before) {
		at.best[e.cluster] = k
	}
}

// age orders news: what has no day comes last.
func age(k KnownHere) int {
	if k.Days < 0 {
		return math.MaxInt
	}
	return k.Days
}

func fresher(a, b KnownHere) bool { return age(a) < age(b) }

func (at *atPlace) like(wording string) bool {
	like, known := at.likes[wording]
	if !known {
		for _, n := range at.names {
			like = like || placeLikeness(n, names.Read(wording)) >= 0.8
		}
		at.likes[wording] = like
	}
	return like
}
