package match

import (
	"cmp"
	"slices"
	"strings"

	"homeward/names"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
)

// profile is what is compared of one record.
type profile struct {
	ref   register.Ref
	id    string
	names []names.Name
	spare []names.Part // of maiden names and kunyas
	sex   string
	born  register.Years
	// births are the years that are said, those that contradict each other apart.
	births []register.Years
	days   []edtf.DayNumber // of birth, where a whole date is said
	from   []place          // where she was born or comes from
	seen   []place
	homes  []register.Ref // households
	rows   []row
	// given and family are stems of words that somebody said are such.
	given, family map[string]bool
}

// place is a place as it was said.
type place struct {
	text   string
	key    string
	object register.Ref
	points bool
}

// row is a row of a list that names her. own says that it is hers, and not that of
// kin who names her.
type row struct {
	list register.Ref
	text string
	own  bool
}

// profile reads a record, nil when it is not there or has no name.
func (s *weighings) profile(n register.Ref) *profile {
	if p, ok := s.read[n]; ok {
		return p
	}
	k, ok := s.view.Person(n)
	var p *profile
	if ok && len(k.Names) > 0 {
		p = &profile{ref: n, id: k.ID, sex: k.Sex, born: k.Born, births: s.view.Births(n), given: map[string]bool{}, family: map[string]bool{}}
		p.takeNames(s, k)
		for said := range s.view.Said(n) {
			p.take(s, said)
		}
		for i := range p.rows {
			p.rows[i].own = s.heads(n, p.rows[i])
		}
		if len(p.names) == 0 {
			p = nil
		}
	}
	s.read[n] = p
	return p
}

// name reads a name once.
func (s *weighings) name(text string) names.Name {
	n, ok := s.names[text]
	if !ok {
		n = names.Read(text)
		s.names[text] = n
	}
	return n
}

// takeNames puts names together where only their parts were said.
func (p *profile) takeNames(s *weighings, k register.Known) {
	var parts [3]string
	for _, n := range k.Names {
		switch n.Property {
		case statement.PersonGivenName:
			parts[0] = n.Text
		case statement.PersonPatronymic:
			parts[1] = n.Text
		case statement.PersonFamilyName:
			parts[2] = n.Text
		case statement.PersonMaidenName, statement.PersonKunya:
			for _, part := range s.name(n.Text).Parts {
				if !part.Particle {
					p.spare = append(p.spare, part)
				}
			}
		default:
			p.addName(s, n.Text)
		}
	}
	if whole := strings.TrimSpace(strings.Join(parts[:], " ")); whole != "" {
		p.addName(s, whole)
	}
	if len(p.names) == 0 {
		p.addName(s, k.Names[0].Text)
	}
}

func (p *profile) addName(s *weighings, text string) {
	if n := s.name(text); len(n.Parts) > 0 {
		p.names = append(p.names, n)
	}
}

// take takes one thing that was said.
func (p *profile) take(s *weighings, said register.Said) {
	switch said.Property {
	case statement.PersonFamilyName, statement.PersonGivenName:
		stems := p.family
		if said.Property == statement.PersonGivenName {
			stems = p.given
		}
		for _, part := range s.name(said.Value).Parts {
			stems[part.Stem] = true
		}
	case statement.PersonBirthDate:
		if d, err := edtf.Parse(said.Value); err == nil && d.Earliest() == d.Latest() {
			p.days = append(p.days, d.Earliest())
		}
	case statement.PersonBirthPlace, statement.PersonHomeRegion:
		p.from = append(p.from, s.place(said))
	case statement.SeenAt, statement.ThoughtAt:
		p.seen = append(p.seen, s.place(said))
	case statement.PersonHousehold:
		p.homes = append(p.homes, said.Object)
	case statement.ImportRow:
		p.rows = append(p.rows, row{list: said.Object, text: said.Value})
	}
}

func (s *weighings) place(said register.Said) place {
	text := said.Value
	if text == "" && said.Points {
		text = s.view.Label(said.Object)
	}
	return place{text: text, key: placeKey(s.view, said), object: said.Object, points: said.Points}
}

// heads says whether the row is the record's own. The person of a row is recorded
// before the kin that the row names.
func (s *weighings) heads(n register.Ref, r row) bool {
	for _, t := range s.view.Ties(n) {
		if t.Other < n && slices.ContainsFunc(slices.Collect(s.rowsOf(t.Other)), func(o row) bool { return o.list == r.list && o.text == r.text }) {
			return false
		}
	}
	return true
}

func (s *weighings) rowsOf(n register.Ref) func(func(row) bool) {
	return func(yield func(row) bool) {
		for said := range s.view.Said(n) {
			if said.Property == statement.ImportRow && !yield(row{list: said.Object, text: said.Value}) {
				return
			}
		}
	}
}

// What is held of births: one in so many years, one in so many days; and of the
// first of January, which stands where the day is not known, one in ten.
const (
	yearsOfBirth = 35.0
	daysOfYear   = 365.0
	newYears     = 10.0
)

// bornLine compares births, by the day where both have one.
func (c *comparing) bornLine() {
	if day := c.bestDay(); day != "" {
		c.sayDay(day)
		return
	}
	a, b := c.a.born, c.b.born
	if !a.Known() || !b.Known() {
		c.tooYoung(c.a, c.b)
		c.tooYoung(c.b, c.a)
		return
	}
	a, b = closest(c.a.births, c.b.births)
	apart := a.Near(b)
	if apart == 0 {
		width := float64(a.To - a.From + b.To - b.From + 1)
		c.say(FieldBorn, LevelYear, yearsText(a), yearsText(b), width/yearsOfBirth)
		return
	}
	c.say(FieldBorn, apartLevel(apart), yearsText(a), yearsText(b), 0)
}

// closest gives the years of two people that are nearest to each other, of equals the
// narrowest. Where one says 1987 and 1991, nobody said 1989.
func closest(xs, ys []register.Years) (a, b register.Years) {
	order := func(x, y register.Years) []int {
		return []int{x.Near(y), x.To - x.From + y.To - y.From, x.From, y.From}
	}
	for _, x := range xs {
		for _, y := range ys {
			if !a.Known() || slices.Compare(order(x, y), order(a, b)) < 0 {
				a, b = x, y
			}
		}
	}
	return a, b
}

// youngest is how old somebody is at least who is married or has a child.
const youngest = 14

// tooYoung says that one whose birth is not known has a child or is married, and the
// other was born too late for that.
func (c *comparing) tooYoung(elder, child *profile) {
	if elder.born.Known() || !child.born.Known() {
		return
	}
	latest := 0
	for _, t := range c.view.Ties(elder.ref) {
		at := 0
		switch groups[t.Role] {
		case FieldSpouse:
			at = c.year - youngest
		case FieldChildren:
			if k, ok := c.view.Person(t.Other); ok && k.Born.Known() {
				at = k.Born.To - youngest
			}
		}
		if at > 0 && (latest == 0 || at < latest) {
			latest = at
		}
	}
	if latest == 0 || child.born.From <= latest {
		return
	}
	a, b := "", yearsText(child.born)
	if child == c.a {
		a, b = b, a
	}
	c.say(FieldBorn, LevelTooYoung, a, b, 0)
}

func apartLevel(years int) Level {
	switch {
	case years <= 2:
		return LevelNear
	case years <= 5:
		return LevelSome
	case years < 14:
		return LevelFar
	}
	return LevelGeneration
}

// bestDay compares the days of birth, where both are said whole: the level at which
// the best two agree, "" when a day is missing or they are of different years.
func (c *comparing) bestDay() Level {
	best := Level("")
	for _, x := range c.a.days {
		for _, y := range c.b.days {
			s, t := x.Time(), y.Time()
			switch {
			case x == y:
				return LevelDay
			case s.Year() != t.Year():
			case int(s.Month()) == t.Day() && s.Day() == int(t.Month()):
				best = LevelSwapped
			case best == "":
				best = LevelOtherDay
			}
		}
	}
	return best
}

func (c *comparing) sayDay(l Level) {
	days := func(p *profile) (string, bool) {
		var out []string
		first := false
		for _, d := range p.days {
			t := d.Time()
			out = append(out, t.Format("2006-01-02"))
			first = first || t.YearDay() == 1
		}
		slices.Sort(out)
		return strings.Join(slices.Compact(out), " · "), first
	}
	a, first := days(c.a)
	b, _ := days(c.b)
	chance := 1 / yearsOfBirth / daysOfYear
	if l == LevelDay && first {
		chance = 1 / yearsOfBirth / newYears
	}
	c.say(FieldBorn, l, a, b, chance)
}

func yearsText(y register.Years) string {
	if y.From == y.To {
		return itoa(y.From)
	}
	return itoa(y.From) + "–" + itoa(y.To)
}

// placeLines compares where she comes from and where she was seen.
func (c *comparing) placeLines() {
	c.placeLine(FieldOrigin, c.a.from, c.b.from)
	c.placeLine(FieldSeen, c.a.seen, c.b.seen)
	for _, x := range c.a.homes {
		if slices.Contains(c.b.homes, x) {
			c.say(FieldHome, LevelSame, c.view.Label(x), c.view.Label(x), relatives/float64(max(c.size, 8)))
			return
		}
	}
}

func (c *comparing) placeLine(f Field, xs, ys []place) {
	if len(xs) == 0 || len(ys) == 0 {
		return
	}
	var best *FieldWeight
	for _, x := range xs {
		for _, y := range ys {
			if !c.onePlace(x, y) {
				continue
			}
			chance := max(c.tally.share(byPlace, x.key, usualPlace), c.tally.share(byPlace, y.key, usualPlace))
			bits, kin := c.model.worth(f, LevelSame, chance)
			line := FieldWeight{Field: f, Level: LevelSame, A: x.text, B: y.text, Bits: bits, kin: kin}
			if best == nil || cmp.Or(cmp.Compare(line.Bits, best.Bits), cmp.Compare(best.A, line.A), cmp.Compare(best.B, line.B)) > 0 {
				best = &line
			}
		}
	}
	switch {
	case best != nil:
		c.lines = append(c.lines, *best)
	case f == FieldOrigin: // that she was elsewhere at another time says nothing
		c.say(f, LevelDiffers, textsOf(xs), textsOf(ys), 0)
	}
}

// usualPlace is how many of all come from a place or are held at it, where nothing is
// known of it.
const usualPlace = 0.08

func textsOf(places []place) string {
	var out []string
	for _, p := range places {
		if p.text != "" {
			out = append(out, p.text)
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " · ")
}

// onePlace says whether two wordings are of one place.
func (c *comparing) onePlace(x, y place) bool {
	if x.points && y.points && c.view.Cluster(x.object) == c.view.Cluster(y.object) {
		return true
	}
	return x.text != "" && y.text != "" && names.Compare(c.name(x.text), c.name(y.text)).Score >= enough
}

// listLine says that one list names both.
func (c *comparing) listLine() {
	for _, x := range c.a.rows {
		for _, y := range c.b.rows {
			switch {
			case x.list != y.list:
			case x.text == y.text:
				c.say(FieldList, LevelSameRow, x.text, y.text, 0)
				return
			case x.own && y.own:
				c.say(FieldList, LevelOtherRow, x.text, y.text, 0)
				return
			}
		}
	}
}
