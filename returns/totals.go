package returns

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"homeward/names"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Count is a number of people, each once, with the returns behind it.
type Count struct {
	// Reported are those of whom somebody says so; Verified those of whom somebody saw it
	// or a document shows it. Nobody is in both.
	Reported, Verified int
	// Ways is in how many returns it is told: more than people when somebody has more
	// than one, which may be one and the same.
	Ways int
	// Returns are their ids. Without takes them away.
	Returns []string
}

// All is both together.
func (c Count) All() int { return c.Reported + c.Verified }

// add counts one person with the returns that are told of her.
func (c *Count) add(ways []Return) {
	if slices.ContainsFunc(ways, func(x Return) bool { return x.Verified }) {
		c.Verified++
	} else {
		c.Reported++
	}
	c.Ways += len(ways)
	for _, x := range ways {
		c.Returns = append(c.Returns, x.ID)
	}
}

// Row is one line of a table.
type Row struct {
	// Key is a year, a code, a place's record, or, where a place has no record, its
	// name as said; Unknown where nobody said, Contradicted where speakers differ,
	// Several where she came home more than once.
	Key string
	// Place is the place's record, "" for none.
	Place string
	Count
}

// The keys of rows for what cannot be said.
const (
	Unknown      = "unknown"
	Contradicted = "contradicted"
	Several      = "several"
)

// The keys of ByAge.
const (
	Child = "child" // under eighteen on the day of arrival, whatever the day can have been
	Adult = "adult"
)

// Totals are the counts, of people. The rows of each table add up to Home. Somebody of
// whom two returns are told that stand at different stages is in both.
type Totals struct {
	Home                               Count // arrived or handed over
	Planned, UnderWay, CalledOff       Count
	Disputed                           Count // among all of them
	Doubles                            Count // with returns that may be one, and nobody has said
	Beyond                             Count // whose report nobody can have known: in none of them
	ByYear, BySex, ByAge, ByFrom, ByTo []Row
}

func (t *Totals) counts() []*Count {
	return []*Count{&t.Home, &t.Planned, &t.UnderWay, &t.CalledOff, &t.Disputed, &t.Doubles, &t.Beyond}
}

// Without gives the numbers without the records behind them, for those who may
// see no person.
func (t Totals) Without() Totals {
	for _, c := range t.counts() {
		c.Returns = nil
	}
	for _, rows := range []*[]Row{&t.ByYear, &t.BySex, &t.ByAge, &t.ByFrom, &t.ByTo} {
		*rows = slices.Clone(*rows)
		for i := range *rows {
			(*rows)[i].Returns = nil
		}
	}
	return t
}

// Totals counts.
func (r *Returns) Totals(ctx context.Context) (Totals, error) {
	all, err := r.read(ctx, r.everyone)
	if err != nil {
		return Totals{}, err
	}
	if err := r.compare(ctx, all); err != nil {
		return Totals{}, err
	}
	said, err := r.people(ctx, all)
	if err != nil {
		return Totals{}, err
	}
	var t Totals
	tables := map[string]map[string]*Row{}
	for _, ways := range byPerson(all) {
		t.count(ways)
		if home := standing(ways, func(x Return) bool { return x.Stage.Home() }); len(home) > 0 {
			lay(tables, home, said[home[0].who])
		}
	}
	t.ByYear, t.BySex, t.ByAge = rows(tables["year"], false), rows(tables["sex"], false), rows(tables["age"], false)
	t.ByFrom, t.ByTo = rows(tables["from"], true), rows(tables["to"], true)
	return t, nil
}

// byPerson parts the returns by whose they are, in the order in which they were first
// told.
func byPerson(all []Return) [][]Return {
	var people [][]Return
	at := map[string]int{}
	for _, x := range all {
		i, known := at[x.who]
		if !known {
			i = len(people)
			at[x.who] = i
			people = append(people, nil)
		}
		people[i] = append(people[i], x)
	}
	return people
}

// standing are the returns that stand so.
func standing(ways []Return, so func(Return) bool) []Return {
	return slices.DeleteFunc(slices.Clone(ways), func(x Return) bool { return !so(x) })
}

// count adds one person to each number in which she is.
func (t *Totals) count(ways []Return) {
	for i, so := range []func(Return) bool{
		func(x Return) bool { return x.Stage.Home() },
		func(x Return) bool { return x.Stage == Planned },
		func(x Return) bool { return x.Stage == Boarded },
		func(x Return) bool { return x.Stage == CalledOff },
		func(x Return) bool { return x.Disputed },
		func(x Return) bool { return len(x.MayBe) > 0 },
		func(x Return) bool { return len(x.Beyond) > 0 },
	} {
		if of := standing(ways, so); len(of) > 0 {
			t.counts()[i].add(of)
		}
	}
}

// lay puts one person who is home into each table, by all that is told of it.
func lay(tables map[string]map[string]*Row, home []Return, said []statement.Recorded) {
	var whole Return
	for _, x := range home {
		whole.Stages, whole.From, whole.To = append(whole.Stages, x.Stages...), append(whole.From, x.From...), append(whole.To, x.To...)
	}
	in := func(table, key, place string) {
		if key == Contradicted && table != "sex" && several(home) {
			key = Several
		}
		put(tables, table, key, place, home)
	}
	in("year", yearKey(whole), "")
	in("sex", one(values(said, statement.PersonSex)), "")
	in("age", ageKey(said, whole), "")
	from, place := placeKey(whole.From)
	in("from", from, place)
	to, place := placeKey(whole.To)
	in("to", to, place)
}

// several says that two of the returns are certainly not one.
func several(ways []Return) bool {
	for i, x := range ways {
		for _, y := range ways[i+1:] {
			if !slices.Contains(x.MayBe, y.ID) {
				return true
			}
		}
	}
	return false
}

func put(tables map[string]map[string]*Row, table, key, place string, ways []Return) {
	if tables[table] == nil {
		tables[table] = map[string]*Row{}
	}
	fold := key
	if place == "" {
		fold = names.Fold(key)
	}
	if tables[table][fold] == nil {
		tables[table][fold] = &Row{Key: key, Place: place}
	}
	tables[table][fold].add(ways)
}

// rows orders a table: by its keys, or the largest first; what cannot be said last.
func rows(table map[string]*Row, bySize bool) []Row {
	var all []Row
	for _, row := range table {
		all = append(all, *row)
	}
	last := func(r Row) int {
		return slices.Index([]string{Unknown, Contradicted, Several}, r.Key)
	}
	slices.SortFunc(all, func(a, b Row) int {
		if last(a) != last(b) {
			return cmp.Compare(last(a), last(b))
		}
		if bySize && a.All() != b.All() {
			return cmp.Compare(b.All(), a.All())
		}
		return cmp.Compare(a.Key, b.Key)
	})
	return all
}

// people reads what was said of everybody who came back, over all records of each.
func (r *Returns) people(ctx context.Context, all []Return) (map[string][]statement.Recorded, error) {
	var ids []string
	for _, x := range all {
		if x.Stage.Home() {
			ids = append(ids, x.records...)
		}
	}
	slices.Sort(ids)
	said, err := r.about(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	people := map[string][]statement.Recorded{}
	for _, x := range all {
		if _, known := people[x.who]; known {
			continue
		}
		for _, id := range slices.Compact(slices.Sorted(slices.Values(x.records))) {
			people[x.who] = append(people[x.who], said[id]...)
		}
	}
	return people, nil
}

// values are the different values that stand.
func values(said []statement.Recorded, p statement.Property) []string {
	var found []string
	for _, s := range said {
		if s.Property == p && !s.Withdrawn && s.Stance != statement.Denies && s.Stance != statement.Withdraws && !slices.Contains(found, s.Value) {
			found = append(found, s.Value)
		}
	}
	return found
}

// one is the value, if all agree.
func one(values []string) string {
	switch len(values) {
	case 0:
		return Unknown
	case 1:
		return values[0]
	}
	return Contradicted
}

// arrivals are the times at which she is said to have arrived.
func arrivals(x Return) []edtf.Date {
	var found []edtf.Date
	for _, s := range x.Stages {
		if Stage(s.Value).Home() && !s.TrueOn.IsZero() {
			found = append(found, s.TrueOn)
		}
	}
	return found
}

// year is the year by which the list finds a return: of one who is home the one
// under which the totals count it.
func (x Return) year() string {
	if x.Stage.Home() {
		return yearKey(x)
	}
	return yearOf(x.On)
}

func yearKey(x Return) string {
	var years []string
	for _, on := range arrivals(x) {
		if year := yearOf(on); year != "" && !slices.Contains(years, year) {
			years = append(years, year)
		}
	}
	return one(years)
}

// yearOf is the year in which all of a date lies, "" when it may lie in two.
func yearOf(d edtf.Date) string {
	if d.IsZero() || d.Earliest() == edtf.MinDay || d.Latest() == edtf.MaxDay {
		return ""
	}
	first, last := d.Earliest().Time().Year(), d.Latest().Time().Year()
	if first != last {
		return ""
	}
	return fmt.Sprintf("%04d", first)
}

// ageKey says child or adult only where it is so by every statement.
func ageKey(said []statement.Recorded, x Return) string {
	on := arrivals(x)
	if len(on) == 0 {
		return Unknown
	}
	var found []string
	note := func(key string) {
		if key != "" && !slices.Contains(found, key) {
			found = append(found, key)
		}
	}
	for _, born := range values(said, statement.PersonBirthDate) {
		d, err := edtf.Parse(born)
		if err == nil {
			note(ageOn(d.Earliest(), d.Latest(), on))
		}
	}
	for _, s := range said {
		if s.Property != statement.PersonAge || s.Withdrawn || s.Stance == statement.Denies || s.Stance == statement.Withdraws {
			continue
		}
		low, high, ok := statement.ParseNumber(s.Value)
		then := speaksOf(s)
		if ok && then.Earliest() != edtf.MinDay && then.Latest() != edtf.MaxDay && high < 200 {
			note(ageOn(years(then.Earliest(), -int(high)-1)+1, years(then.Latest(), -int(low)), on))
		}
	}
	return one(found)
}

// ageOn says child or adult if she was so on each of the days on which she is said
// to have arrived.
func ageOn(earliest, latest edtf.DayNumber, on []edtf.Date) string {
	var found []string
	for _, day := range on {
		if key := ofAge(earliest, latest, day); !slices.Contains(found, key) {
			found = append(found, key)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// ofAge compares the days on which she can have been born with the days on which
// she can have arrived.
func ofAge(earliest, latest edtf.DayNumber, arrived edtf.Date) string {
	if earliest == edtf.MinDay || latest == edtf.MaxDay || arrived.Earliest() == edtf.MinDay || arrived.Latest() == edtf.MaxDay {
		return ""
	}
	switch {
	case years(latest, 18) <= arrived.Earliest():
		return Adult
	case years(earliest, 18) > arrived.Latest():
		return Child
	}
	return ""
}

// years moves a day by whole years.
func years(d edtf.DayNumber, n int) edtf.DayNumber {
	return edtf.Day(d.Time().AddDate(n, 0, 0)).Earliest()
}

// placeKey is the place on which all agree: its record, or its name as said.
func placeKey(said []statement.Recorded) (key, record string) {
	var keys []string
	for _, s := range said {
		k := s.Object
		if k == "" {
			k = names.Fold(s.Value)
		}
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
			key, record = s.Value, s.Object
		}
	}
	switch {
	case len(keys) == 0:
		return Unknown, ""
	case len(keys) > 1:
		return Contradicted, ""
	case record != "":
		return record, record
	case key == Unknown || key == Contradicted || key == Several:
		return strconv.Quote(key), "" // a place of that name is not our word for none
	}
	return key, ""
}
