package match

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"homeward/internal/host"
	"homeward/names"
	"homeward/register"
	"homeward/statement/edtf"
)

// People finds people of the register. Its index lives in the memory of an unlocked
// process alone: it is told of each change when the change is committed, and wiped
// at the lock and at a forgetting. It is safe for concurrent use.
//
// A search looks from every side from which somebody can be known: by the name, by
// the beginning of a name that is still being typed, and by those she is tied to.
// What is known beside the name narrows each of them before anything is cut off, so
// that the one Aminat of Botlikh is found among a thousand of her name.
type People struct {
	register *register.Register
	index    *Index
	host     host.Host
}

var _ register.Watcher = (*People)(nil)

// NewPeople makes the search over a register and keeps it in step from now on. It
// belongs before the unlocking.
func NewPeople(r *register.Register, h host.Host) *People {
	p := &People{register: r, index: NewIndex(), host: h}
	r.Watch(p)
	return p
}

// Changed takes records anew, and out those that are gone.
func (p *People) Changed(v register.View, refs []register.Ref) {
	for _, n := range refs {
		k, ok := v.Person(n)
		if !ok || len(k.Names) == 0 {
			p.index.Remove(n)
			continue
		}
		rec := Record{Ref: n, Sex: sexCoded(k.Sex)}
		// Of years that contradict each other none is the middle: they are weighed
		// one by one (see weighBirth).
		if births := v.Births(n); len(births) == 1 {
			rec.Born = Years{births[0].From, births[0].To}
		}
		for _, name := range k.Names {
			rec.Names = append(rec.Names, name.Text)
		}
		p.index.Add(rec)
	}
	p.index.forgetReadings()
	if len(refs) >= manyAtOnce {
		p.index.Settle()
	}
}

// manyAtOnce is how many changes make it worth to write the index anew: a list that
// is taken in, or the whole register at unlocking.
const manyAtOnce = 1000

// Wiped forgets everything.
func (p *People) Wiped() { p.index.Reset() }

func sexCoded(code string) Sex {
	switch code {
	case "female":
		return Female
	case "male":
		return Male
	}
	return NoSex
}

// Wanted is what somebody knows of a person who is looked for.
type Wanted struct {
	// Name in any script and order of its parts.
	Name string
	// Begins says that the last word of the name may be only the beginning of one.
	Begins bool
	// Born are the years in which she may be born; Or are others, when it is one or
	// the other and nothing between.
	Born register.Years
	Or   []register.Years
	Sex  string // a code of person.sex
	// Place is where she was seen, was born or comes from.
	Place string
	// Kin are people she is tied to, by name.
	Kin []WantedKin
	// Limit is how many people to give; 0 is read as 20.
	Limit int
	// Allow, when given, says of which records one may learn: all of a person's, or
	// none. The others are neither ranked nor counted.
	Allow func(register.View, register.Ref) bool
	// except are records that are not looked for: those that a list brought itself.
	except func(register.View, register.Ref) bool

	// listed says that a row of a list asks: it has a name, so that kin are held
	// against those found by it, and nobody is looked for from their side.
	listed bool
}

// WantedKin is somebody the person is tied to. Role says what that one is to her;
// "" is any tie.
type WantedKin struct {
	Role register.Role
	Name string
}

// Empty says that nothing is known.
func (w Wanted) Empty() bool {
	return w.Name == "" && !w.Born.Known() && w.Sex == "" && w.Place == "" && len(w.Kin) == 0
}

// births are the years, each alternative by itself.
func (w Wanted) births() []register.Years {
	if !w.Born.Known() {
		return nil
	}
	return append([]register.Years{w.Born}, w.Or...)
}

// Found is one person found.
type Found struct {
	register.Summary
	// Record is the record of hers that met the question best.
	Record string
	// Name is the name of hers that met it best, Lang its language; Other are
	// further names.
	Name, Lang string
	Other      []string
	// Score is the evidence in bits, above 0 when more speaks for her than against.
	Score float64
	// Strength says what that is worth among so many.
	Strength Strength
	// Why are the reasons, in the order of the question.
	Why []Reason
}

const (
	// looked is how many records each look gives: enough that what else is known can
	// bring one forward, and what narrows has a look of its own.
	looked = 60
	// lookedListed is the same for a row of a list, which has a whole name.
	lookedListed = 40
	// ranked is how many of those who are known by something else than their name
	// are weighed in full.
	ranked = 150
	// ln2 turns nats into bits.
	ln2 = 0.6931471805599453
	// farBehind is how much less evidence, in nats, one may have than the best and
	// still be shown.
	farBehind = 9
)

// Find finds people by a question as one types it (see Ask), at most limit.
func (p *People) Find(ctx context.Context, text string, limit int) ([]Found, error) {
	w := p.Ask(text)
	w.Limit = limit
	return p.Search(ctx, w)
}

// Ask reads a question with the office's clock and the places that it knows, its own
// and those that people were said to be at or from.
func (p *People) Ask(text string) Wanted {
	return Ask(text, p.host.Now().Year(), func(place string) bool {
		known, err := p.register.FindPlaces(context.Background(), place, 1)
		if err == nil && len(known) > 0 && known[0].Score >= enough {
			return true
		}
		worded := false
		p.register.Look(func(v register.View) {
			at := v.Places(place)
			for n := range v.People() {
				if worded = at.In(n) != ""; worded {
					return
				}
			}
		})
		return worded
	})
}

// Search finds people by what is known of them, the best first. Records that live
// judgements hold together are one person. It reads memory alone.
func (p *People) Search(ctx context.Context, w Wanted) ([]Found, error) {
	var found []Found
	p.register.Look(func(v register.View) { found = p.search(ctx, v, w) })
	return found, ctx.Err()
}

func (p *People) search(ctx context.Context, v register.View, w Wanted) []Found {
	if w.Limit <= 0 {
		w.Limit = 20
	}
	w.Name = clip(w.Name)
	s := searching{view: v, index: p.index, wanted: w, name: names.Read(w.Name), hits: map[register.Ref]float64{}}
	if w.Place != "" {
		s.places = v.Places(clip(w.Place))
	}
	s.of = float64(p.index.seen(s.rights())) + few
	return s.run(ctx)
}

// clip keeps a question to a length in which every name fits, so that one of ten
// thousand letters costs what a long name costs.
func clip(text string) string {
	const most = 300
	if len(text) <= most {
		return strings.ToValidUTF8(text, " ")
	}
	return strings.ToValidUTF8(text[:most], " ")
}

// searching is one search.
type searching struct {
	view   register.View
	index  *Index
	wanted Wanted
	name   names.Name
	places *register.PlaceFinder
	kin    []kinSide
	of     float64 // among how many records
	// hits are the records that may be meant, with the evidence in nats of their
	// names, years and sex.
	hits map[register.Ref]float64
}

// person gathers the records of one person that were found.
type person struct {
	best  register.Ref
	score float64 // in nats
	hits  int
	words int // of the fullest name
	heard edtf.DayNumber
	why   []Reason
}

// step is the evidence in steps that mean something: of those on one step she comes
// first of whom something was heard last.
func (p *person) step() int { return int(math.Round(p.score * 2)) }

func (s *searching) run(ctx context.Context) []Found {
	s.look(ctx)
	if ctx.Err() != nil {
		return nil
	}
	found, order := s.gather()
	slices.SortFunc(order, func(a, b register.Ref) int {
		x, y := found[a], found[b]
		return cmp.Or(cmp.Compare(y.step(), x.step()), cmp.Compare(y.heard, x.heard), cmp.Compare(y.words, x.words), cmp.Compare(a, b))
	})
	all := 1.0 // nobody's share
	for _, at := range found {
		all += shareOf(at.score/ln2, s.of)
	}
	var out []Found
	for _, c := range order {
		at := found[c]
		if len(out) == s.wanted.Limit || at.score < max(found[order[0]].score-farBehind, 0) {
			break
		}
		f := s.describe(at)
		f.Strength = strengthOf(shareOf(f.Score, s.of), all)
		out = append(out, f)
	}
	return out
}

// gather puts the records of each person together and weighs them.
func (s *searching) gather() (map[register.Ref]*person, []register.Ref) {
	found := map[register.Ref]*person{}
	for ref, score := range s.hits {
		c := s.view.Cluster(ref)
		at := found[c]
		if at == nil {
			at = &person{best: ref, score: score}
			found[c] = at
		} else if score > at.score || score == at.score && ref < at.best {
			at.best, at.score = ref, score
		}
		at.hits++
	}
	order := make([]register.Ref, 0, len(found))
	for c, at := range found {
		at.score += s.weigh(c, at)
		at.heard = s.view.LastSeen(c)
		order = append(order, c)
	}
	return found, order
}

// may says whether a record may be found at all.
func (s *searching) may(n register.Ref) bool {
	return (s.wanted.Allow == nil || s.wanted.Allow(s.view, n)) && (s.wanted.except == nil || !s.wanted.except(s.view, n))
}

// rights says of which records one may learn; nil for all.
func (s *searching) rights() func(register.Ref) bool {
	if s.wanted.Allow == nil {
		return nil
	}
	return func(n register.Ref) bool { return s.wanted.Allow(s.view, n) }
}

// take remembers a record with the most that was found for it.
func (s *searching) take(n register.Ref, score float64) {
	if old, ok := s.hits[n]; !ok || score > old {
		s.hits[n] = score
	}
}

// look gathers the records that may be meant, from every side.
func (s *searching) look(ctx context.Context) {
	w := s.wanted
	for _, k := range w.Kin {
		if w.listed {
			s.kin = append(s.kin, listedKin(k))
		} else {
			s.kin = append(s.kin, s.kinSide(k))
		}
	}
	if w.Name != "" {
		s.byName(w.Name, 0, s.may)
		if s.places != nil && !w.listed {
			s.byName(w.Name, 0, func(n register.Ref) bool { return s.may(n) && s.places.In(n) != "" })
		}
		if w.Begins {
			s.byBeginning()
		}
	}
	for i := range s.kin {
		if ctx.Err() != nil || w.listed {
			return
		}
		s.byKin(&s.kin[i])
	}
	if w.Name == "" && len(w.Kin) == 0 {
		s.everybody()
	}
}

// byName asks the index, once for each alternative of the year of birth. more is
// what each record found is worth beside.
func (s *searching) byName(name string, more float64, among func(register.Ref) bool) {
	q := Query{Name: name, Sex: sexCoded(s.wanted.Sex), Limit: looked, Allow: s.rights(), Among: among}
	if s.wanted.listed {
		q.Limit = lookedListed
	}
	births := s.wanted.births()
	if len(births) == 0 {
		births = []register.Years{{}}
	}
	for _, b := range births {
		q.Born = Years{b.From, b.To}
		for _, h := range s.index.Search(q) {
			s.take(h.Ref, h.Score+more)
		}
	}
}

// byKin finds those who are tied to somebody of that name, and those whose name has
// the father's in it. Where her own name is asked too, it must be theirs, or little
// speaks for them.
func (s *searching) byKin(k *kinSide) {
	allow := func(n register.Ref) bool { return k.near[n] && s.may(n) }
	worth := 0.0
	if s.wanted.Name != "" {
		s.byName(s.wanted.Name, 0, allow)
		worth = -T.Conflict
	}
	s.takeBest(func(yield func(register.Ref) bool) {
		for n := range k.near {
			if _, known := s.hits[n]; !known && s.may(n) && !yield(n) {
				return
			}
		}
	}, worth)
}

// everybody goes through all records, when no name is given: those of whom
// something fits and against whom nothing speaks.
func (s *searching) everybody() {
	w := s.wanted
	if w.Empty() {
		return
	}
	births := w.births()
	s.takeBest(func(yield func(register.Ref) bool) {
		for n := range s.view.People() {
			sex := s.view.Sex(n)
			fits := w.Sex != "" && sex == w.Sex
			if w.Sex != "" && sex != "" && sex != w.Sex || !s.may(n) {
				continue
			}
			if born := s.view.Born(n); len(births) > 0 && born.Known() {
				if span, _ := nearest([]register.Years{born}, births); span > 1 {
					continue
				}
				apart, known := nearest(s.view.Births(n), births)
				if known && apart > 1 {
					continue
				}
				fits = fits || known
			}
			if s.places != nil {
				if s.places.In(n) == "" {
					continue
				}
				fits = true
			}
			if fits && !yield(n) {
				return
			}
		}
	}, 0)
}

// takeBest takes those of whom most of what is known beside the name fits, at most
// as many as are weighed in full. They bring that much and no more: what fits is
// weighed for all alike.
func (s *searching) takeBest(all func(yield func(register.Ref) bool), worth float64) {
	type fitting struct {
		ref register.Ref
		fit float64
	}
	births := s.wanted.births()
	var list []fitting
	all(func(n register.Ref) bool {
		f := fitting{ref: n, fit: s.indexedSex(n)}
		if apart, known := nearest(s.view.Births(n), births); known {
			f.fit += yearWorth(apart)
		}
		if s.places != nil && s.places.In(n) != "" {
			f.fit += placeWorth
		}
		list = append(list, f)
		return true
	})
	slices.SortFunc(list, func(a, b fitting) int { return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(a.ref, b.ref)) })
	for _, f := range list[:min(ranked, len(list))] {
		s.take(f.ref, worth+s.indexed(f.ref))
	}
}
