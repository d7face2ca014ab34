package register

import (
	"cmp"
	"maps"
	"runtime/debug"
	"slices"
	"sync"

	"homeward/statement"
	"homeward/statement/edtf"
)

// index is what search knows, in memory only: the names of all records with what
// ranks them. It is built from the ledger at unlock, follows each commit, and is
// wiped at lock.
//
// It does not find anybody by name: that is a watcher's, which is told of each
// change under the same lock.
type index struct {
	mu      sync.RWMutex
	records []*entry          // the place is the number by which others know it
	numbers map[string]uint32 // id → place
	// pairs are judgements by pair, in the order of the log.
	pairs map[[2]uint32][]decision
	// keyed are facts that were sealed with another key than their record's own.
	keyed map[int64]string
	// changed are the records of which watchers are to be told.
	changed  map[uint32]bool
	watchers []Watcher
}

// entry is a record.
type entry struct {
	id      string
	kind    statement.Kind
	opened  int64
	live    bool     // its opening stands
	facts   []fact   // in the order of the log
	cluster uint32   // the oldest record of the cluster
	members []uint32 // of the cluster, on its oldest record; nil when it stands alone
	backs   []uint32 // records with a fact that points at this one
	born    Years    // what the facts add up to
	sex     string
	whole   bool     // a whole name was said
	judged  []uint32 // records of which somebody once decided something with this one
}

// fact is one statement, as far as search needs it. It is known by its place in the
// log.
type fact struct {
	index     int64
	property  statement.Property
	value     string
	lang      string
	object    int64 // the record it points at; -1 none
	day       edtf.DayNumber
	years     Years
	imported  bool // an import said it
	withdrawn bool
	denied    bool
}

type decision struct {
	index     int64
	verdict   Verdict
	withdrawn bool
}

func newIndex() *index {
	x := &index{}
	x.clear()
	return x
}

func (x *index) clear() {
	x.records, x.numbers, x.changed = nil, map[string]uint32{}, map[uint32]bool{}
	x.pairs, x.keyed = map[[2]uint32][]decision{}, map[int64]string{}
}

// Learn takes new statements, and again those whose standing changed.
func (x *index) Learn(recorded []statement.Recorded) {
	x.mu.Lock()
	defer x.mu.Unlock()
	dirty := map[uint32]bool{}
	for _, s := range recorded {
		x.learn(s, dirty)
	}
	x.recluster(dirty)
	x.tell()
}

// tell tells the watchers of what changed since they were told last.
func (x *index) tell() {
	if len(x.changed) == 0 {
		return
	}
	refs := slices.Sorted(maps.Keys(x.changed))
	clear(x.changed)
	for _, w := range x.watchers {
		w.Changed(View{x}, refs)
	}
}

// learned are the properties that search needs, beside names.
var learned = map[statement.Property]bool{
	statement.PersonSex: true, statement.PersonBirthDate: true, statement.PersonAge: true, statement.PersonBirthPlace: true,
	statement.PersonHomeRegion: true, statement.SeenAt: true, statement.ThoughtAt: true, statement.RecordForeign: true,
	statement.PlaceName: true, statement.PlaceCode: true, statement.PlaceKind: true, statement.PlaceCountry: true, statement.SourceLabel: true, statement.SourceKind: true, statement.SourceProtected: true, statement.SourcePerson: true,
	statement.HouseholdLabel: true, statement.PersonHousehold: true, statement.PersonCustody: true, statement.IncidentLabel: true, statement.GroupLabel: true, statement.ImportRow: true,
	statement.KinChildOf: true, statement.KinMother: true, statement.KinFather: true, statement.KinPossibleFather: true, statement.KinSpouseOf: true,
	statement.KinSiblingOf: true, statement.KinGuardianOf: true, statement.KinRelativeOf: true, statement.PersonTravelsWith: true,
	statement.RecipientName: true,
}

// Wants are the properties that it learns of.
func (x *index) Wants() []statement.Property {
	wanted := append([]statement.Property{statement.RecordKind}, judgementProperties...)
	for p, is := range learned {
		if is {
			wanted = append(wanted, p)
		}
	}
	for p, is := range namesOfPeople {
		if is {
			wanted = append(wanted, p)
		}
	}
	return wanted
}

func isName(p statement.Property) bool {
	return namesOfPeople[p] || p == statement.PlaceName
}

// namesOfPeople are the properties that hold a person's name. An applicant's own
// name is released to one recipient and is no name to search by.
var namesOfPeople = func() map[statement.Property]bool {
	m := map[statement.Property]bool{}
	for _, p := range statement.Names() {
		m[p] = p != statement.ApplicantName
	}
	return m
}()

// learn takes one statement.
func (x *index) learn(s statement.Recorded, dirty map[uint32]bool) {
	switch {
	case s.Property == statement.RecordKind:
		n := x.number(s.Subject)
		e := x.records[n]
		e.kind, e.opened, e.live = statement.Kind(s.Value), s.Index, !s.Withdrawn
		dirty[n], x.changed[n] = true, true
	case slices.Contains(judgementProperties, s.Property):
		x.judge(s, dirty)
	case learned[s.Property] || isName(s.Property):
		x.remember(s)
	}
}

func (x *index) number(id string) uint32 {
	if n, ok := x.numbers[id]; ok {
		return n
	}
	n := uint32(len(x.records))
	x.records = append(x.records, &entry{id: id, cluster: n})
	x.numbers[id] = n
	return n
}

func (x *index) remember(s statement.Recorded) {
	n := x.number(s.Subject)
	e := x.records[n]
	at := len(e.facts)
	if at > 0 && e.facts[at-1].index >= s.Index {
		var again bool
		if at, again = slices.BinarySearchFunc(e.facts, s.Index, func(f fact, i int64) int { return cmp.Compare(f.index, i) }); again {
			e.facts[at].withdrawn = s.Withdrawn
			e.sum()
			x.changed[n] = true
			return
		}
	}
	f := fact{
		index: s.Index, property: s.Property, value: s.Value, lang: s.Lang, object: -1,
		imported: s.ActKind == statement.ActImport, withdrawn: s.Withdrawn,
		denied: s.Stance == statement.Denies || s.Stance == statement.Withdraws,
	}
	if s.Key != s.Subject && s.Key != "" {
		x.keyed[s.Index] = s.Key
	}
	switch s.Property {
	case statement.PersonBirthDate, statement.PersonAge:
		f.years = yearsOf(s)
	case statement.SeenAt, statement.ThoughtAt:
		f.day = seenDay(s)
	}
	if s.Object != "" {
		o := x.number(s.Object)
		f.object = int64(o)
		if s.Property != statement.ImportRow && !slices.Contains(x.records[o].backs, n) {
			x.records[o].backs = append(x.records[o].backs, n)
		}
	}
	e.facts = slices.Insert(e.facts, at, f)
	if f.years.Known() || f.property == statement.PersonSex || f.property == statement.PersonName {
		e.sum()
		x.changed[n] = true
	}
	if namesOfPeople[f.property] || isPlace[f.property] {
		x.changed[n] = true
	}
}

func (x *index) judge(s statement.Recorded, dirty map[uint32]bool) {
	a, b := x.number(s.Subject), x.number(s.Object)
	dirty[a], dirty[b] = true, true
	pair := [2]uint32{min(a, b), max(a, b)}
	list := x.pairs[pair]
	if len(list) == 0 {
		x.records[a].judged = append(x.records[a].judged, b)
		x.records[b].judged = append(x.records[b].judged, a)
	}
	d := decision{index: s.Index, verdict: Verdict(verdictOf(s.Property)), withdrawn: s.Withdrawn}
	at, found := slices.BinarySearchFunc(list, d, func(p, q decision) int { return cmp.Compare(p.index, q.index) })
	if found {
		list[at] = d
	} else {
		list = slices.Insert(list, at, d)
	}
	x.pairs[pair] = list
}

// verdict is what counts for a pair.
func (x *index) verdict(a, b uint32) Verdict {
	for _, d := range slices.Backward(x.pairs[[2]uint32{min(a, b), max(a, b)}]) {
		if !d.withdrawn {
			return d.verdict
		}
	}
	return Unjudged
}

// recluster works out anew who belongs together with the dirty records, and with
// everybody of their former clusters.
func (x *index) recluster(dirty map[uint32]bool) {
	open := map[uint32]bool{}
	for n := range dirty {
		for _, m := range append(x.membersOf(n), n) {
			open[m] = true
		}
	}
	for n := range open {
		if open[n] {
			for _, m := range x.component(n) {
				open[m] = false
			}
		}
	}
}

// component files a record with all that live judgements hold together with it. A
// record whose opening is withdrawn holds nobody.
func (x *index) component(start uint32) []uint32 {
	group := []uint32{start}
	for i := 0; i < len(group) && x.records[start].live; i++ {
		for _, m := range x.records[group[i]].judged {
			if x.records[m].live && !slices.Contains(group, m) && x.verdict(group[i], m) == Same {
				group = append(group, m)
			}
		}
	}
	slices.SortFunc(group, func(a, b uint32) int { return cmp.Compare(x.records[a].opened, x.records[b].opened) })
	for _, n := range group {
		x.records[n].cluster, x.records[n].members = group[0], nil
	}
	if len(group) > 1 {
		x.records[group[0]].members = group
	}
	return group
}

// Reset forgets everything, and gives the memory back to the machine at once, so
// that names do not linger where nobody uses them. It belongs to the lock; what
// the log tells afterwards is learnt anew.
func (x *index) Reset() {
	x.mu.Lock()
	x.clear()
	for _, w := range x.watchers {
		w.Wiped()
	}
	x.mu.Unlock()
	debug.FreeOSMemory()
}

// Forget removes everything about the records, and every statement that was sealed
// with their keys.
func (x *index) Forget(ids []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	gone := map[string]bool{}
	dirty := map[uint32]bool{}
	for _, id := range ids {
		gone[id] = true
		if n, ok := x.numbers[id]; ok {
			x.forget(n, dirty)
		}
	}
	for index, key := range x.keyed {
		if gone[key] {
			x.forgetFact(index)
			delete(x.keyed, index)
		}
	}
	x.recluster(dirty)
	x.tell()
}

// forget empties a record. Its number stays, because others point at it.
func (x *index) forget(n uint32, dirty map[uint32]bool) {
	e := x.records[n]
	for _, m := range append(x.membersOf(n), e.judged...) {
		dirty[m] = true
	}
	for _, m := range e.judged {
		delete(x.pairs, [2]uint32{min(n, m), max(n, m)})
		x.records[m].judged = slices.DeleteFunc(x.records[m].judged, func(o uint32) bool { return o == n })
	}
	e.kind, e.live, e.judged = "", false, nil
	clear(e.facts)
	e.facts = nil
	e.sum()
	dirty[n], x.changed[n] = true, true
}

// forgetFact removes one fact, wherever it stands.
func (x *index) forgetFact(index int64) {
	for n, e := range x.records {
		if at, ok := slices.BinarySearchFunc(e.facts, index, func(f fact, i int64) int { return cmp.Compare(f.index, i) }); ok {
			e.facts = slices.Delete(e.facts, at, at+1)
			e.sum()
			x.changed[uint32(n)] = true
			return
		}
	}
}

// membersOf are the records of a cluster, itself among them.
func (x *index) membersOf(n uint32) []uint32 {
	if m := x.records[x.records[n].cluster].members; m != nil {
		return m
	}
	return []uint32{n}
}
