package figures

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"homeward/names"
	"homeward/statement"
	"homeward/statement/edtf"
)

// The office's own count of people at a place, for a release. The rules:
//
//   - A person is the records that people decided are one. She is counted where she was
//     last seen or thought to be, when that is the place or lies in it. A place that was
//     only named is the one that has that name, where only one has it.
//   - Whoever is known from one source alone is not counted at all. Speakers who share a
//     carrier are one source: two relatives on one committee's list, and the committee.
//   - She is verified when somebody saw her there, or a document shows it; else reported.
//   - A child is younger than eighteen on the day of the count by every statement;
//     whoever contradicts themselves is not known.

// person is what a count looks at.
type person struct {
	at, called string // the place where she was last known: its record, or its name alone
	verified   bool
	channels   map[string][]string // by which sources something was said of her: speaker, then carriers
	sex, age   string              // female, male; child, adult; "" for not known
}

// census is everybody of the register as they were known at a moment, with the places
// where they were.
type census struct {
	people []person
	places map[string]Place
	named  map[string]string // a folded name → the one place that has it; "" when several do
}

// census reads the register as it was at a moment of the log.
func (f *Figures) census(ctx context.Context, at time.Time) (census, error) {
	people, err := f.everybody(ctx, at)
	if err != nil {
		return census{}, err
	}
	ids, err := f.every(ctx, statement.PlaceRecord)
	if err != nil {
		return census{}, err
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	r := reader{figures: f, asOf: AsOf{Recorded: at}, places: map[string]Place{}}
	if err := r.readPlaces(ctx, wanted); err != nil {
		return census{}, err
	}
	c := census{people: people, places: r.places, named: map[string]string{}}
	for _, id := range slices.Sorted(maps.Keys(r.places)) {
		for _, name := range r.places[id].foldedNames() {
			if other, known := c.named[name]; known && other != id {
				id = ""
			}
			c.named[name] = id
		}
	}
	return c, nil
}

// count counts the people at a place. one says which sources are one.
func (c census) count(place string, one func(source string) (string, error)) (cells Cells, err error) {
	for _, p := range c.people {
		at := p.at
		if at == "" {
			at = c.named[names.Fold(p.called)]
		}
		if at == "" || at != place && !slices.Contains(c.places[at].Within, place) {
			continue
		}
		if two, err := p.twoSources(one); err != nil {
			return cells, err
		} else if !two {
			continue
		}
		row := 1
		if p.verified {
			row = 0
		}
		cells[row][p.column()]++
	}
	return cells, nil
}

// twoSources says whether at least two sources tell of her that have nobody in common.
func (p person) twoSources(one func(string) (string, error)) (bool, error) {
	if len(p.channels) < 2 {
		return false, nil
	}
	keys := slices.Sorted(maps.Keys(p.channels))
	joined, last := newSets(len(keys)), map[string]int{}
	for i, key := range keys {
		for _, id := range p.channels[key] {
			source, err := one(id)
			if err != nil {
				return false, err
			}
			if j, known := last[source]; known {
				joined.join(i, j)
			}
			last[source] = i
		}
	}
	return slices.ContainsFunc(joined, func(i int) bool { return joined.of(i) != 0 }), nil
}

// column is where a person is counted: women, men, children, not known.
func (p person) column() int {
	switch {
	case p.age == "child":
		return 2
	case p.age == "adult" && p.sex == "female":
		return 0
	case p.age == "adult" && p.sex == "male":
		return 1
	}
	return 3
}

// everybody puts the people of the register together as they were known at a moment.
func (f *Figures) everybody(ctx context.Context, at time.Time) ([]person, error) {
	ids, err := f.every(ctx, statement.Person)
	if err != nil {
		return nil, err
	}
	said, err := f.about(ctx, AsOf{Recorded: at}, ids)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return !stands(said[id]) })
	var all []person
	for _, records := range clusters(ids, said) {
		all = append(all, personOf(records, said, at))
	}
	return all, nil
}

// stands says whether a record was opened and is there.
func stands(said []statement.Recorded) bool {
	return slices.ContainsFunc(said, func(s statement.Recorded) bool { return s.Property == statement.RecordKind && !s.Withdrawn })
}

// clusters joins records by the last word on each pair.
func clusters(ids []string, said map[string][]statement.Recorded) [][]string {
	at := map[string]int{}
	for i, id := range ids {
		at[id] = i
	}
	type pair [2]int
	last := map[pair]statement.Recorded{}
	for _, id := range ids {
		for _, s := range said[id] {
			other, known := at[s.Object]
			if s.Withdrawn || !known || !judges(s.Property) {
				continue
			}
			p := pair{min(at[id], other), max(at[id], other)}
			if was, there := last[p]; !there || s.Index > was.Index {
				last[p] = s
			}
		}
	}
	joined := newSets(len(ids))
	for p, s := range last {
		if s.Property == statement.JudgedSame {
			joined.join(p[0], p[1])
		}
	}
	of := map[int][]string{}
	for i, id := range ids {
		of[joined.of(i)] = append(of[joined.of(i)], id)
	}
	var all [][]string
	for i := range ids {
		if joined.of(i) == i {
			all = append(all, of[i])
		}
	}
	return all
}

func judges(p statement.Property) bool {
	return p == statement.JudgedSame || p == statement.JudgedNotSame || p == statement.JudgedCannotTell || p == statement.JudgedUndone
}

// personOf adds up the records of one.
func personOf(records []string, said map[string][]statement.Recorded, at time.Time) person {
	p := person{channels: map[string][]string{}}
	last := edtf.MinDay
	day := edtf.Day(at).Earliest()
	var sexes, ages []string
	for _, id := range records {
		for _, s := range said[id] {
			if s.Withdrawn || s.Stance == statement.Denies || s.Stance == statement.Withdraws {
				continue
			}
			if class := statement.Vocabulary[s.Property].Class; s.SaidBy != "" && class != statement.Internal && class != statement.Public {
				channel := append([]string{s.SaidBy}, s.Via...)
				p.channels[strings.Join(channel, " ")] = channel
			}
			switch s.Property {
			case statement.PersonSex:
				sexes = append(sexes, s.Value)
			case statement.PersonBirthDate:
				ages = append(ages, ageBorn(s.Value, day))
			case statement.PersonAge:
				ages = append(ages, ageSaid(s, day))
			case statement.SeenAt, statement.ThoughtAt:
				last = p.sighting(s, last)
			}
		}
	}
	p.sex, p.age = unanimous(sexes), unanimous(ages)
	return p
}

// sighting takes the news of the latest day; of one day a place that has a record.
func (p *person) sighting(s statement.Recorded, last edtf.DayNumber) edtf.DayNumber {
	on := edtf.MinDay
	for _, d := range []edtf.Date{s.TrueOn, s.SaidOn} {
		if !d.IsZero() && d.Latest() != edtf.MaxDay {
			on = d.Latest()
			break
		}
	}
	saw := s.Property == statement.SeenAt && (s.Basis == statement.SawIt || s.Basis == statement.Document)
	switch {
	case on < last:
		return last
	case on > last || p.at == "" && (p.called == "" || s.Object != ""):
		p.at, p.called, p.verified = s.Object, s.Value, saw
	case s.Object == p.at && (p.at != "" || s.Value == p.called):
		p.verified = p.verified || saw
	}
	return on
}

func unanimous(values []string) string {
	values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
	slices.Sort(values)
	if values = slices.Compact(values); len(values) == 1 {
		return values[0]
	}
	return ""
}

const majority = 18

func ageBorn(text string, day edtf.DayNumber) string {
	born := date(text)
	if born.IsZero() || born.Earliest() == edtf.MinDay || born.Latest() == edtf.MaxDay {
		return ""
	}
	return ageBetween(born.Earliest(), born.Latest(), day)
}

func ageSaid(s statement.Recorded, day edtf.DayNumber) string {
	low, high, ok := statement.ParseNumber(s.Value)
	then := s.TrueOn
	if then.IsZero() {
		then = s.SaidOn
	}
	if then.IsZero() {
		then = edtf.Day(s.RecordedAt)
	}
	if !ok || high > 150 || then.Earliest() == edtf.MinDay || then.Latest() == edtf.MaxDay {
		return ""
	}
	return ageBetween(years(then.Earliest(), -int(high)-1), years(then.Latest(), -int(low)), day)
}

// ageBetween says child or adult of one who was born between two days, "" where it may
// be either.
func ageBetween(earliest, latest, day edtf.DayNumber) string {
	switch {
	case years(latest, majority) <= day:
		return "adult"
	case years(earliest, majority) > day:
		return "child"
	}
	return ""
}

func years(d edtf.DayNumber, n int) edtf.DayNumber {
	return edtf.Day(d.Time().AddDate(n, 0, 0)).Earliest()
}
