package match

import (
	"cmp"
	"context"
	"slices"

	"homeward/internal/host"
	"homeward/names"
	"homeward/register"
)

// People finds people of the register. Its index lives in the memory of an unlocked
// process alone: it is told of each change when the change is committed, and wiped
// at the lock and at a forgetting. It is safe for concurrent use.
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
		rec := Record{Ref: n, Sex: sexCoded(k.Sex), Born: Years{k.Born.From, k.Born.To}}
		for _, name := range k.Names {
			rec.Names = append(rec.Names, name.Text)
		}
		p.index.Add(rec)
	}
}

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
	// Born are the years in which she may be born.
	Born register.Years
	Sex  string // a code of person.sex
	// Place is where she was seen, was born or comes from.
	Place string
	// Kin are people she is tied to, by name.
	Kin []WantedKin
	// Limit is how many people to give; 0 is read as 20.
	Limit int
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
	// Why are the reasons, in the order of the question.
	Why []Reason
}

// What evidence beside the name is worth, in nats, as in "how many times likelier
// under the same person than under another". The years and the sex are weighed by
// the index where the record has them; here only what another record of the same
// person knows.
const (
	placeWorth  = 2.0
	kinWorth    = 3.5
	fatherWorth = 2.5
)

// looked is how many records the index is asked for: enough that what else is
// known can bring one forward from among many of the same name.
const looked = 200

// ln2 turns nats into bits.
const ln2 = 0.6931471805599453

// farBehind is how much less evidence, in nats, one may have than the best and
// still be shown.
const farBehind = 9

// Find finds people by a question as one types it (see Ask), at most limit.
func (p *People) Find(ctx context.Context, text string, limit int) ([]Found, error) {
	w := p.Ask(text)
	w.Limit = limit
	return p.Search(ctx, w)
}

// Ask reads a question with the office's clock and its places.
func (p *People) Ask(text string) Wanted {
	return Ask(text, p.host.Now().Year(), func(place string) bool {
		known, err := p.register.FindPlaces(context.Background(), place, 1)
		return err == nil && len(known) > 0 && known[0].Score >= enough
	})
}

// Search finds people by what is known of them, the best first. Records that live
// judgements hold together are one person. It reads memory alone.
func (p *People) Search(ctx context.Context, w Wanted) ([]Found, error) {
	if w.Limit <= 0 {
		w.Limit = 20
	}
	var found []Found
	p.register.Look(func(v register.View) {
		s := searching{view: v, index: p.index, wanted: w, name: names.Read(w.Name), places: v.Places(w.Place)}
		found = s.run(ctx)
	})
	return found, ctx.Err()
}

// searching is one search.
type searching struct {
	view   register.View
	index  *Index
	wanted Wanted
	name   names.Name
	places *register.PlaceFinder
}

// person gathers the records of one person that were found.
type person struct {
	best  register.Ref
	score float64 // in nats
	hits  int
	why   []Reason
}

func (s *searching) run(ctx context.Context) []Found {
	found := map[register.Ref]*person{}
	for _, h := range s.candidates() {
		c := s.view.Cluster(h.Ref)
		at := found[c]
		if at == nil {
			at = &person{best: h.Ref, score: h.Score}
			found[c] = at
		} else if h.Score > at.score {
			at.best, at.score = h.Ref, h.Score
		}
		at.hits++
		if ctx.Err() != nil {
			return nil
		}
	}
	order := make([]register.Ref, 0, len(found))
	for c, at := range found {
		at.score += s.weigh(c, at)
		order = append(order, c)
	}
	slices.SortFunc(order, func(a, b register.Ref) int {
		return cmp.Or(cmp.Compare(found[b].score, found[a].score), cmp.Compare(a, b))
	})
	var out []Found
	for _, c := range order {
		at := found[c]
		if len(out) == s.wanted.Limit || at.score < found[order[0]].score-farBehind {
			break
		}
		out = append(out, s.describe(at))
	}
	return out
}

// candidates are the records that may be meant, with the evidence of their names,
// years and sex. With kin's names those count too who are tied to people of that
// name; without any name, everybody whom nothing speaks against.
func (s *searching) candidates() []Hit {
	w := s.wanted
	born, sex := Years{w.Born.From, w.Born.To}, sexCoded(w.Sex)
	var hits []Hit
	if w.Name != "" {
		hits = s.index.Search(Query{Name: w.Name, Sex: sex, Born: born, Limit: looked})
	}
	for _, k := range w.Kin {
		hits = append(hits, s.byKin(k, hits)...)
	}
	if w.Name == "" && len(w.Kin) == 0 {
		hits = s.everybody()
	}
	return hits
}

// byKin gives those who are tied to somebody of that name, and those whose name
// has the father's in it, unless they are among the hits.
func (s *searching) byKin(k WantedKin, among []Hit) []Hit {
	known := map[register.Ref]bool{}
	for _, h := range among {
		known[h.Ref] = true
	}
	var out []Hit
	take := func(n register.Ref, score float64) {
		if _, ok := s.view.Person(n); ok && !known[n] {
			known[n] = true
			out = append(out, Hit{Ref: n, Score: score})
		}
	}
	for _, h := range s.index.Search(Query{Name: k.Name, Limit: looked}) {
		for _, t := range s.view.Ties(h.Ref) {
			take(t.Other, 0)
		}
	}
	if fathers[k.Role] {
		w := s.wanted
		for _, h := range s.index.Search(Query{Name: "ибн " + k.Name, Sex: sexCoded(w.Sex), Born: Years{w.Born.From, w.Born.To}, Limit: looked}) {
			take(h.Ref, h.Score)
		}
	}
	return out
}

// fathers are the roles of one whose name may stand in hers.
var fathers = map[register.Role]bool{register.RoleFather: true, register.RolePossibleFather: true, register.RoleParent: true}

// everybody goes through all records, when no name is given: those of whom
// something fits and against whom nothing speaks.
func (s *searching) everybody() []Hit {
	var out []Hit
	w := s.wanted
	for n := range s.view.People() {
		k, _ := s.view.Person(n)
		sex, born := w.Sex != "" && k.Sex != "", w.Born.Known() && k.Born.Known()
		switch {
		case sex && k.Sex != w.Sex, born && k.Born.Near(w.Born) > 1, w.Place != "" && s.places.In(n) == "":
		case sex || born || w.Place != "":
			out = append(out, Hit{Ref: n})
		}
	}
	return out
}
