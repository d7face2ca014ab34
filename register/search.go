package register

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"
	"sync"

	"homeward/names"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Query is what somebody knows of a person who is looked for.
type Query struct {
	// Name in any script and order of its parts; a prefix of a part is enough.
	Name string
	// BirthYear, Sex and Place narrow and rank; the zero values do not.
	BirthYear int
	Sex       string
	Place     string
	// Limit is how many hits to give; 0 is read as 20.
	Limit int
}

// Hit is one person found.
type Hit struct {
	// Person is the id of the cluster, Record the record that met the query best.
	Person, Record string
	// Records is how many records the person has.
	Records int
	// Name is the name that met the query, Lang its language.
	Name, Lang string
	// Other are further names, at most three.
	Other []string
	Born  Years
	Sex   string
	Place string // where she was last known
	// Kin are the names of those she is tied to, at most three.
	Kin   []KinName
	Score float64 // 0 to 1
	Why   []Reason
}

// KinName is somebody she is tied to, by name.
type KinName struct {
	Role Role
	Name string
}

// Reason is why a person was found, in a coded word that a page translates.
type Reason struct {
	Code ReasonCode
	// Text is the part of the query or of the record it is about, where there is one.
	Text string
	// Against says that it speaks against her being the one.
	Against bool
}

// ReasonCode is a word for a reason.
type ReasonCode string

// The reasons.
const (
	SameLetters    ReasonCode = "same_letters"     // the same name, letter by letter
	OtherScript    ReasonCode = "other_script"     // the same letters in another script
	SameSound      ReasonCode = "same_sound"       // spelled differently, spoken alike
	SameForm       ReasonCode = "same_form"        // the same but for an ending
	SameConsonants ReasonCode = "same_consonants"  // the same consonants
	Similar        ReasonCode = "similar"          // a letter or two differ
	Beginning      ReasonCode = "beginning"        // the name begins so
	NotFound       ReasonCode = "part_not_found"   // a part of the query met nothing
	SameBirthYear  ReasonCode = "birth_year"       // born in that year
	NearBirthYear  ReasonCode = "birth_year_near"  // within a year
	OtherBirthYear ReasonCode = "birth_year_other" // born in another
	SameSex        ReasonCode = "sex"              //
	OtherSex       ReasonCode = "sex_other"        //
	SamePlace      ReasonCode = "place"            // known at, or from, that place
	KinHasName     ReasonCode = "kin"              // kin of hers has that name
	SeveralRecords ReasonCode = "several_records"  // more than one record of hers met the query
)

// PlaceHit is a place found.
type PlaceHit struct {
	Place string
	// Name is the name that met the query, Other are the further ones.
	Name  PlaceName
	Other []PlaceName
	Codes []string
	Score float64
}

// candidates is how many records are compared in full. What is left out had a
// lower sum of its words' scores, so with a common name only others of that name.
const candidates = 100

// Search finds people by what is known of them, the best first. Records that live
// judgements hold together are one hit. It reads memory alone.
//
// A hit's score is the likeness of the names (names.Compare), a little more for
// what else agrees, and less for what does not.
func (r *Register) Search(ctx context.Context, q Query) ([]Hit, error) {
	if q.Limit <= 0 {
		q.Limit = 20
	}
	x := r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := searching{index: x, query: q, name: names.Read(q.Name), places: map[string]float64{}, words: map[[2]uint32]likened{}}
	if q.Place != "" {
		s.place = names.Read(q.Place)
	}
	var found []scored
	if len(s.name.Parts) > 0 {
		found = s.byName()
	} else if q.BirthYear != 0 || q.Sex != "" || q.Place != "" {
		found = s.all()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.hits(found), nil
}

// searching is one search.
type searching struct {
	index *index
	query Query
	name  names.Name
	place names.Name
	// places are the likenesses of places' wordings to the one that is looked for.
	places map[string]float64
	// words are what names.Alike said of a part of the query and a word: the same
	// words stand in the names of thousands.
	words map[[2]uint32]likened
}

type likened struct {
	score float64
	level names.Level
}

// alike compares a part of the query with a word of the index.
func (s *searching) alike(part int, word uint32) (float64, names.Level) {
	key := [2]uint32{uint32(part), word}
	l, known := s.words[key]
	if !known {
		l.score, l.level = names.Alike(s.name.Parts[part], s.index.tokens[word].part)
		s.words[key] = l
	}
	return l.score, l.level
}

// scored is a record with the sum of its words' scores.
type scored struct {
	n     uint32
	score float64
}

// scratch is a number for each record, kept from one search to the next: zeroing
// what was touched is cheaper than making it anew.
type scratch struct {
	sum, best    []float32
	touched, now []uint32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func (c *scratch) fit(n int) {
	if len(c.sum) < n {
		c.sum, c.best = make([]float32, n+n/8), make([]float32, n+n/8)
	}
	c.touched, c.now = c.touched[:0], c.now[:0]
}

// byName goes from the words of the query to the words of the index that are like
// them, and from these to the records that have them.
func (s *searching) byName() []scored {
	c := scratches.Get().(*scratch)
	defer scratches.Put(c)
	c.fit(len(s.index.records))
	for _, p := range s.name.Weighty() {
		s.addWord(c, p)
	}
	found := bestOf{most: candidates}
	for _, n := range c.touched {
		if e := s.index.records[n]; e.live && e.kind == statement.Person {
			found.add(scored{n, float64(c.sum[n]) * s.favour(e)})
		}
		c.sum[n] = 0
	}
	return found.sorted()
}

// addWord adds to each record what its best word has in common with one part of
// the query.
func (s *searching) addWord(c *scratch, p names.Part) {
	c.now = c.now[:0]
	for _, w := range s.wordsLike(p) {
		for _, n := range s.index.tokens[w.n].records {
			if c.best[n] == 0 {
				c.now = append(c.now, n)
			}
			c.best[n] = max(c.best[n], float32(w.score))
		}
	}
	// A word that few have tells more.
	weight := float32(math.Log(2 + float64(len(s.index.records))/float64(1+len(c.now))))
	for _, n := range c.now {
		if c.sum[n] == 0 {
			c.touched = append(c.touched, n)
		}
		c.sum[n] += weight * c.best[n]
		c.best[n] = 0
	}
}

// favour moves records that also agree otherwise before those that do not, when
// there are too many to compare in full.
func (s *searching) favour(e *entry) float64 {
	f := 1.0
	if s.query.BirthYear != 0 {
		if y := e.born; y.Known() {
			f *= map[bool]float64{true: 1.3, false: 0.8}[y.near(Years{s.query.BirthYear, s.query.BirthYear}) <= 1]
		}
	}
	if s.query.Sex != "" {
		if e.sex != "" && e.sex != s.query.Sex {
			f *= 0.8
		}
	}
	return f
}

// all goes through every record, when no name is given.
func (s *searching) all() []scored {
	found := bestOf{most: candidates}
	q := s.query
	for n, e := range s.index.records {
		if !e.live || e.kind != statement.Person || e.members == nil && e.cluster == uint32(n) &&
			(q.Sex != "" && e.sex != "" && e.sex != q.Sex || q.BirthYear != 0 && e.born.near(Years{q.BirthYear, q.BirthYear}) > 1) {
			continue
		}
		score, why := s.others(uint32(n))
		if len(why) > 0 && !slices.ContainsFunc(why, func(r Reason) bool { return r.Against }) {
			found.add(scored{uint32(n), score})
		}
	}
	return found.sorted()
}

// bestOf keeps the best of many, as a heap with the worst on top.
type bestOf struct {
	most int
	kept []scored
}

func (b *bestOf) Len() int           { return len(b.kept) }
func (b *bestOf) Less(i, j int) bool { return better(b.kept[j], b.kept[i]) < 0 }
func (b *bestOf) Swap(i, j int)      { b.kept[i], b.kept[j] = b.kept[j], b.kept[i] }
func (b *bestOf) Push(x any)         { b.kept = append(b.kept, x.(scored)) }
func (b *bestOf) Pop() any {
	last := b.kept[len(b.kept)-1]
	b.kept = b.kept[:len(b.kept)-1]
	return last
}

func (b *bestOf) add(s scored) {
	switch {
	case len(b.kept) < b.most:
		heap.Push(b, s)
	case better(s, b.kept[0]) < 0:
		b.kept[0] = s
		heap.Fix(b, 0)
	}
}

// sorted gives the best first.
func (b *bestOf) sorted() []scored {
	slices.SortFunc(b.kept, better)
	return b.kept
}

// better puts the higher score first, and of two alike the older record.
func better(a, b scored) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.n, b.n))
}

// most of the words that are looked at for one word of a query.
const mostWords = 256

// wordsLike finds the words of the index that are like a part of the query.
func (s *searching) wordsLike(p names.Part) []scored {
	seen := map[uint32]bool{}
	found := bestOf{most: mostWords}
	for _, k := range queryKeys(p) {
		for _, t := range s.index.keys[k] {
			if seen[t] {
				continue
			}
			seen[t] = true
			if score, _ := likeness(p, s.index.tokens[t].part); score >= 0.55 {
				found.add(scored{t, score})
			}
		}
	}
	return found.sorted()
}

// queryKeys are the keys under which the words like a part are listed: what it
// sounds like, its consonants with one more, one less or another, its beginning.
func queryKeys(p names.Part) []string {
	keys := indexKeys(p)
	for _, k := range p.Keys() {
		if k[0] == '~' {
			keys = append(keys, "-"+k[1:])
			for i := 1; i < len(k); i++ {
				keys = append(keys, "~"+k[1:i]+k[i+1:])
			}
		}
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return k[0] == '^' })
	if n := min(4, len(p.Sound)); n >= 2 {
		keys = append(keys, "^"+p.Sound[:n])
	}
	return keys
}

// likeness compares a part of the query with a word: as names do, and a beginning
// counts too, because a person types one.
func likeness(p, word names.Part) (float64, ReasonCode) {
	score, level := names.Alike(p, word)
	return begun(p, word, score, level)
}

func begun(p, word names.Part, score float64, level names.Level) (float64, ReasonCode) {
	if code, ok := reasonOf[level]; ok && score >= 0.72 {
		return score, code
	}
	if n := len(p.Sound); n >= 2 && n < len(word.Sound) && word.Sound[:n] == p.Sound {
		return max(score, 0.6+0.3*float64(n)/float64(len(word.Sound))), Beginning
	}
	return score, reasonOf[level]
}

var reasonOf = map[names.Level]ReasonCode{
	names.SameLetters: SameLetters, names.OtherScript: OtherScript, names.SameSound: SameSound, names.SameStem: SameForm,
	names.Near: Similar, names.SameConsonants: SameConsonants, names.SameInitial: Beginning, names.Distant: Similar,
}

// farBehind is the share of the best score below which nobody is shown.
const farBehind = 0.55

// partOfName are the properties that hold a part of a name. They are not compared
// where the record has the whole name, of which they say nothing new.
var partOfName = map[statement.Property]bool{statement.PersonGivenName: true, statement.PersonPatronymic: true, statement.PersonFamilyName: true}

// hits compares the found records in full and puts those of one person together.
func (s *searching) hits(found []scored) []Hit {
	byPerson := map[uint32]int{}
	var out []Hit
	for _, f := range found {
		h := s.hit(f)
		if len(s.name.Parts) > 0 && h.Score < 0.3 {
			continue
		}
		cluster := s.index.records[f.n].cluster
		i, again := byPerson[cluster]
		switch {
		case !again:
			byPerson[cluster] = len(out)
			out = append(out, h)
		case h.Score > out[i].Score:
			h.Why = append(h.Why, Reason{Code: SeveralRecords})
			out[i] = h
		case !slices.ContainsFunc(out[i].Why, func(r Reason) bool { return r.Code == SeveralRecords }):
			out[i].Why = append(out[i].Why, Reason{Code: SeveralRecords})
		}
	}
	slices.SortStableFunc(out, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	if len(out) > 0 {
		// Beside one who fits well, those who hardly do are noise.
		least := farBehind * out[0].Score
		out = slices.DeleteFunc(out, func(h Hit) bool { return h.Score < least })
	}
	out = out[:min(len(out), s.query.Limit)]
	for i := range out {
		s.describe(&out[i])
	}
	return out
}

// hit compares one record with the query.
func (s *searching) hit(f scored) Hit {
	e := s.index.records[f.n]
	h := Hit{Person: s.index.records[e.cluster].id, Record: e.id}
	for _, fact := range e.facts {
		if fact.tokens == nil || fact.withdrawn || len(s.name.Parts) == 0 || e.whole && partOfName[fact.property] {
			continue
		}
		score, why := s.compare(f.n, fact)
		if h.Name == "" || score > h.Score {
			h.Score, h.Why, h.Name, h.Lang = score, why, fact.value, fact.lang
		}
	}
	more, why := s.others(f.n)
	if len(s.name.Parts) == 0 {
		h.Score = 0.5
	}
	h.Score = max(0, min(1, h.Score+more))
	h.Why = append(h.Why, why...)
	return h
}

// compare holds the query against one name. A part of the query that meets nothing
// in it is looked for among the names of kin.
func (s *searching) compare(n uint32, f fact) (float64, []Reason) {
	name := s.index.nameOf(f)
	c := names.CompareBy(s.name, name, func(i, j int) (float64, names.Level) { return s.alike(i, f.tokens[j]) })
	var why []Reason
	met := map[int]bool{}
	score := c.Score
	for _, p := range c.Pairs {
		like, code := begun(s.name.Parts[p.A], name.Parts[p.B], p.Score, p.Level)
		if like < 0.55 {
			continue
		}
		met[p.A] = true
		if code == Beginning {
			score += (like - p.Score) / float64(len(s.name.Parts)) * 0.8
		}
		why = append(why, Reason{Code: code, Text: name.Parts[p.B].Fold})
	}
	for i, p := range s.name.Parts {
		if met[i] || p.Particle {
			continue
		}
		if kin := s.kinNamed(n, i); kin != "" {
			score += 0.15
			why = append(why, Reason{Code: KinHasName, Text: kin})
		} else {
			why = append(why, Reason{Code: NotFound, Text: p.Fold, Against: true})
		}
	}
	return min(score, 1), why
}

// kinNamed gives the name of somebody tied to the record that has a word like the
// part.
func (s *searching) kinNamed(n uint32, part int) string {
	for _, k := range s.index.kin(n) {
		for _, f := range s.index.records[k.other].facts {
			for _, t := range f.tokens {
				if f.withdrawn {
					break
				}
				if score, _ := s.alike(part, t); score >= 0.8 {
					return f.value
				}
			}
		}
	}
	return ""
}

// others holds what else is known of the person against the query: all records of
// the cluster speak.
func (s *searching) others(n uint32) (more float64, why []Reason) {
	say := func(by float64, code ReasonCode, text string) {
		more += by
		why = append(why, Reason{Code: code, Text: text, Against: by < 0})
	}
	born, sex, place := Years{}, "", ""
	for _, m := range s.index.membersOf(n) {
		e := s.index.records[m]
		born, sex = born.and(e.born), cmp.Or(sex, e.sex)
		if s.query.Place != "" && place == "" {
			place = s.placeOf(e)
		}
	}
	if y := s.query.BirthYear; y != 0 && born.Known() {
		switch born.near(Years{y, y}) {
		case 0:
			say(0.08, SameBirthYear, "")
		case 1:
			say(0.05, NearBirthYear, "")
		default:
			say(-0.15, OtherBirthYear, "")
		}
	}
	if s.query.Sex != "" && sex != "" {
		if sex == s.query.Sex {
			say(0.02, SameSex, "")
		} else {
			say(-0.15, OtherSex, "")
		}
	}
	if place != "" {
		say(0.06, SamePlace, place)
	}
	return more, why
}

// placeOf gives the wording of a place of the record that is like the one that is
// looked for, in any of the place's names.
func (s *searching) placeOf(e *entry) string {
	for _, f := range e.facts {
		if f.withdrawn || !isPlace[f.property] {
			continue
		}
		if s.likePlace(f.value) {
			return f.value
		}
		if f.object < 0 {
			continue
		}
		for _, p := range s.index.records[f.object].facts {
			if p.property == statement.PlaceName && !p.withdrawn && s.likePlace(p.value) {
				return cmp.Or(f.value, p.value)
			}
		}
	}
	return ""
}

func (s *searching) likePlace(wording string) bool {
	if wording == "" {
		return false
	}
	like, known := s.places[wording]
	if !known {
		like = placeLikeness(s.place, names.Read(wording))
		s.places[wording] = like
	}
	return like >= 0.8
}

// placeLikeness says how well what is looked for is found in a wording, which may
// say more: "Ain Issa" in "лагерь Айн-Исса, северная Сирия".
func placeLikeness(wanted, wording names.Name) float64 {
	if len(wanted.Parts) == 0 {
		return 0
	}
	sum := 0.0
	for _, p := range wanted.Parts {
		best := 0.0
		for _, w := range wording.Parts {
			score, _ := names.Alike(p, w)
			best = max(best, score)
		}
		sum += best
	}
	return sum / float64(len(wanted.Parts))
}

var isPlace = map[statement.Property]bool{
	statement.SeenAt: true, statement.ThoughtAt: true, statement.PersonHomeRegion: true, statement.PersonBirthPlace: true,
}

// describe fills in what a row of the results shows.
func (s *searching) describe(h *Hit) {
	n := s.index.numbers[h.Record]
	members := s.index.membersOf(n)
	h.Records = len(members)
	last := edtf.MinDay
	for _, m := range members {
		e := s.index.records[m]
		h.Born, h.Sex = h.Born.and(e.born), cmp.Or(h.Sex, e.sex)
		for _, f := range e.facts {
			switch {
			case f.withdrawn:
			case namesOfPeople[f.property] && h.Name == "":
				h.Name, h.Lang = f.value, f.lang
			case e.whole && partOfName[f.property]:
			case namesOfPeople[f.property] && f.value != h.Name && len(h.Other) < 3 && !slices.Contains(h.Other, f.value):
				h.Other = append(h.Other, f.value)
			case (f.property == statement.SeenAt || f.property == statement.ThoughtAt) && !f.denied && f.day >= last:
				last, h.Place = f.day, cmp.Or(f.value, s.index.label(f.object))
			}
		}
		for _, k := range s.index.kin(m) {
			if name := s.index.label(int64(k.other)); name != "" && len(h.Kin) < 3 {
				h.Kin = append(h.Kin, KinName{k.role, name})
			}
		}
	}
}

// FindPlaces finds places by any of their names, in any script, or by a code.
func (r *Register) FindPlaces(ctx context.Context, text string, limit int) ([]PlaceHit, error) {
	x := r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := searching{index: x, name: names.Read(text)}
	found := map[uint32]float64{}
	for _, p := range s.name.Parts {
		for _, w := range s.wordsLike(p) {
			for _, n := range x.tokens[w.n].records {
				if e := x.records[n]; e.live && e.kind == statement.PlaceRecord {
					found[n] = 0
				}
			}
		}
	}
	for n, e := range x.records {
		if e.live && e.kind == statement.PlaceRecord && e.hasCode(text) {
			found[uint32(n)] = 1
		}
	}
	var out []PlaceHit
	for n, score := range found {
		if h := x.placeHit(n, s.name, score); h.Score >= 0.5 {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b PlaceHit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Place, b.Place))
	})
	if limit > 0 {
		out = out[:min(limit, len(out))]
	}
	return out, ctx.Err()
}

func (x *index) placeHit(n uint32, wanted names.Name, score float64) PlaceHit {
	e := x.records[n]
	h := PlaceHit{Place: e.id, Score: score}
	best := -1.0
	for _, f := range e.facts {
		switch {
		case f.withdrawn:
		case f.property == statement.PlaceCode:
			h.Codes = append(h.Codes, f.value)
		case f.property == statement.PlaceName:
			like := names.Compare(wanted, x.nameOf(f)).Score
			if like > best {
				best = like
				h.Name = PlaceName{f.value, f.lang}
			}
			h.Other = append(h.Other, PlaceName{f.value, f.lang})
		}
	}
	h.Other = slices.DeleteFunc(h.Other, func(p PlaceName) bool { return p == h.Name })
	h.Score = max(h.Score, best)
	return h
}

// Counts says how many records and people the register holds in memory.
func (r *Register) Counts() (records, people int) {
	x := r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	for n, e := range x.records {
		if e.live && e.kind == statement.Person {
			records++
			if e.cluster == uint32(n) {
				people++
			}
		}
	}
	return records, people
}
