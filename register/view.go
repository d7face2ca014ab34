package register

import (
	"cmp"
	"iter"

	"homeward/names"
	"homeward/statement"
	"homeward/statement/edtf"
)

// View is the register's memory as it stands at one moment, for those who look for
// people in it. It is good inside the function that was given it and not after.
//
// A record is known in it by a number, its Ref: small, and the same until the
// office is locked. It says nothing to anybody outside this process.
type View struct{ x *index }

// Ref is the number of a record in memory.
type Ref = uint32

// Watcher is told which records of people changed in what finds them: a name, a
// year of birth, a sex, being there at all. It is told after the commit, while
// nobody can look, so that what it keeps and the register never differ.
type Watcher interface {
	// Changed is called for records that are new, changed or gone.
	Changed(v View, refs []Ref)
	// Wiped is called when everything is forgotten, at a lock.
	Wiped()
}

// Watch has the watcher told of every change from now on, and of what is known
// already. It belongs before the unlocking.
func (r *Register) Watch(w Watcher) {
	x := r.index
	x.mu.Lock()
	defer x.mu.Unlock()
	x.watchers = append(x.watchers, w)
	var all []Ref
	for n := range x.records {
		all = append(all, Ref(n))
	}
	w.Changed(View{x}, all)
}

// Look calls fn with the register's memory. No change happens until it returns.
func (r *Register) Look(fn func(View)) {
	r.index.mu.RLock()
	defer r.index.mu.RUnlock()
	fn(View{r.index})
}

// Known is what finds one record of a person.
type Known struct {
	Ref  Ref
	ID   string
	Born Years
	Sex  string
	// Names are the names that were said, the whole ones alone where a whole name
	// was said.
	Names []KnownName
	// Imported says that a list said it.
	Imported bool
}

// KnownName is one wording of a name.
type KnownName struct {
	Text, Lang string
	Property   statement.Property
}

// Person gives what is known of a person's record; false when there is none, or
// none any more.
func (v View) Person(n Ref) (Known, bool) {
	if int(n) >= len(v.x.records) {
		return Known{}, false
	}
	e := v.x.records[n]
	if !e.live || e.kind != statement.Person {
		return Known{}, false
	}
	k := Known{Ref: n, ID: e.id, Born: e.born, Sex: e.sex}
	for _, f := range e.facts {
		if f.withdrawn || f.denied {
			continue
		}
		k.Imported = k.Imported || f.imported
		if namesOfPeople[f.property] && !(e.whole && partOfName[f.property]) {
			k.Names = append(k.Names, KnownName{f.value, f.lang, f.property})
		}
	}
	return k, true
}

// Sex gives the sex of a person's record, "" when it is not known.
func (v View) Sex(n Ref) string { return v.x.records[n].sex }

// Born gives the span of the years in which the person of a record may be born.
func (v View) Born(n Ref) Years { return v.x.records[n].born }

// Births gives the years in which the person of a record may be born. What fits
// together is one span; what contradicts itself stays apart, so that of 1987 and
// 1991 nobody makes 1989.
func (v View) Births(n Ref) []Years {
	e := v.x.records[n]
	if !e.born.Known() {
		return nil
	}
	var out []Years
	for _, f := range e.facts {
		if !f.withdrawn && !f.denied {
			out = beside(out, f.years)
		}
	}
	return out
}

// People gives the records of people, in no meaningful order.
func (v View) People() iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		for n, e := range v.x.records {
			if e.live && e.kind == statement.Person && !yield(Ref(n)) {
				return
			}
		}
	}
}

// Ref gives the number of a record.
func (v View) Ref(id string) (Ref, bool) {
	n, ok := v.x.numbers[id]
	return n, ok
}

// ID gives the id of a record by its number.
func (v View) ID(n Ref) string { return v.x.records[n].id }

// Cluster gives the record that stands for the person the record belongs to.
func (v View) Cluster(n Ref) Ref { return v.x.records[n].cluster }

// Members are the records that live judgements hold together with it, itself among
// them.
func (v View) Members(n Ref) []Ref { return v.x.membersOf(n) }

// Verdict is what counts for two records: what was decided last and not undone.
func (v View) Verdict(a, b Ref) Verdict { return v.x.verdict(a, b) }

// Label is what a record is called, "" when by nothing.
func (v View) Label(n Ref) string { return v.x.label(int64(n)) }

// Tie is an edge between two records, as it is seen from one of them.
type Tie struct {
	Other Ref
	Role  Role // what the other is
}

// Ties are the kin of a record, and who travelled with it.
func (v View) Ties(n Ref) []Tie {
	var out []Tie
	for _, t := range v.x.kin(n) {
		out = append(out, Tie{t.other, t.role})
	}
	return out
}

// LastSeen is the latest day on which somebody says that the person was anywhere,
// over all of the records; edtf.MinDay when nobody does.
func (v View) LastSeen(n Ref) edtf.DayNumber {
	last := edtf.MinDay
	for _, m := range v.Members(n) {
		for _, f := range v.x.records[m].facts {
			if (f.property == statement.SeenAt || f.property == statement.ThoughtAt) && !f.withdrawn && !f.denied {
				last = max(last, f.day)
			}
		}
	}
	return last
}

// PlaceFinder finds records by a place. It remembers what it said of a wording: the
// same few stand in the records of thousands.
type PlaceFinder struct {
	view   View
	wanted names.Name
	likes  map[string]bool
}

// Places looks for a place by any wording.
func (v View) Places(wanted string) *PlaceFinder {
	return &PlaceFinder{view: v, wanted: names.Read(wanted), likes: map[string]bool{}}
}

// In gives the wording of a place where a record was seen or thought to be, was
// born or comes from, which is like the one that is looked for in any of the
// place's names; "" when there is none.
func (p *PlaceFinder) In(n Ref) string {
	x := p.view.x
	for _, f := range x.records[n].facts {
		if f.withdrawn || f.denied || !isPlace[f.property] {
			continue
		}
		if p.like(f.value) {
			return f.value
		}
		if f.object < 0 {
			continue
		}
		for _, name := range x.records[f.object].facts {
			if name.property == statement.PlaceName && !name.withdrawn && p.like(name.value) {
				return cmp.Or(f.value, name.value)
			}
		}
	}
	return ""
}

func (p *PlaceFinder) like(wording string) bool {
	if wording == "" {
		return false
	}
	like, known := p.likes[wording]
	if !known {
		like = placeLikeness(p.wanted, names.Read(wording)) >= samePlace
		p.likes[wording] = like
	}
	return like
}

// Summary is what a row of a list shows of a person.
type Summary struct {
	Person  string // the id of the cluster
	Records int
	Names   []KnownName // the whole ones first said; at most four
	Born    Years
	Births  []Years // the same, what contradicts itself apart
	Sex     string
	Place   string    // where she was last known
	Kin     []KinName // those she is tied to, at most three
}

// KinName is somebody she is tied to, by name.
type KinName struct {
	Role Role
	Name string
}

// Summary says in short who the person is, over all of the records.
func (v View) Summary(n Ref) Summary {
	s := Summary{Person: v.ID(v.Cluster(n))}
	last := edtf.MinDay
	for _, m := range v.Members(n) {
		e := v.x.records[m]
		s.Records++
		s.Born = s.Born.and(e.born)
		for _, y := range v.Births(m) {
			s.Births = beside(s.Births, y)
		}
		if s.Sex == "" {
			s.Sex = e.sex
		}
		s.addNames(e)
		for _, f := range e.facts {
			if (f.property == statement.SeenAt || f.property == statement.ThoughtAt) && !f.withdrawn && !f.denied && f.day >= last {
				last = f.day
				if s.Place = f.value; s.Place == "" {
					s.Place = v.x.label(f.object)
				}
			}
		}
		for _, t := range v.x.kin(m) {
			if name := v.x.label(int64(t.other)); name != "" && len(s.Kin) < 3 {
				s.Kin = append(s.Kin, KinName{t.role, name})
			}
		}
	}
	return s
}

func (s *Summary) addNames(e *entry) {
	for _, f := range e.facts {
		if f.withdrawn || f.denied || !namesOfPeople[f.property] || e.whole && partOfName[f.property] {
			continue
		}
		known := false
		for _, n := range s.Names {
			known = known || n.Text == f.value
		}
		if !known && len(s.Names) < 4 {
			s.Names = append(s.Names, KnownName{f.value, f.lang, f.property})
		}
	}
}
