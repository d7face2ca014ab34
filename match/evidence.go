package match

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"homeward/names"
	"homeward/register"
)

// # What is known beside the name
//
// Evidence is added up in nats, as in "how many times likelier under the same person
// than under another". It is weighed over all records of a person: the record whose
// name met the question may say nothing of a year that another record of hers says.
// The index has weighed the years and the sex of the record itself; here what it
// gave is taken off again before the best of hers is put in its place.

// placeWorth is what a place is worth: camps and districts are shared by many.
const placeWorth = 2.0

// What a kin's name is worth is told by how many have it: a father called Magomed
// says little, one called Zelimkhan much. It is believed in part, since names run in
// families, and a patronymic less than a tie that somebody named.
const (
	kinBelieved    = 0.8
	fatherBelieved = 0.6
	kinLeast       = 1.0
	kinMost        = 7.0
)

// exactWorth is what a word is worth that is spelled as it was asked, beside one
// that is like it; spokenWorth, when it is the same in another spelling.
const (
	exactWorth  = 0.5
	spokenWorth = 0.3
)

// marbutaWorth gives back what the index takes off for it.
const marbutaWorth = 0.7

// weigh gives what is known of the person beside what the index has weighed, over
// all of her records, for and against her being the one who is looked for, in nats;
// and writes down why.
func (s *searching) weigh(c register.Ref, at *person) float64 {
	sum := s.weighSpelling(at) + s.weighBirth(c, at) + s.weighSex(c, at)
	if s.places != nil {
		for _, m := range s.view.Members(c) {
			if wording := s.places.In(m); wording != "" {
				at.say(Reason{Code: SamePlace, Asked: s.wanted.Place, Known: wording})
				sum += placeWorth
				break
			}
		}
	}
	for i := range s.kin {
		sum += s.weighKin(c, at, &s.kin[i])
	}
	return sum
}

func (p *person) say(r Reason) { p.why = append(p.why, r) }

// weighSpelling brings the name that is spelled as it was asked before one that is
// only like it. One word asks for a person and says nothing of how many words her
// name has: what the index takes off for those beyond is given back.
func (s *searching) weighSpelling(at *person) float64 {
	known, _ := s.view.Person(at.best)
	best, extra := 0.0, 0
	for _, name := range known.Names {
		read := names.Read(name.Text)
		at.words = max(at.words, len(read.Parts))
		sum := 0.0
		for _, p := range s.name.Parts {
			sum += spelledWorth(p, read)
		}
		if sum > best {
			best, extra = sum, weighty(read)-1
		}
	}
	if weighty(s.name) == 1 && best > 0 {
		best += T.Extra * float64(extra)
	}
	return best
}

func weighty(n names.Name) int {
	count := 0
	for _, p := range n.Parts {
		if !p.Particle {
			count++
		}
	}
	return count
}

func spelledWorth(p names.Part, in names.Name) float64 {
	best := 0.0
	for _, q := range in.Parts {
		switch {
		case p.Particle || q.Particle:
		case p.Fold == q.Fold:
			return exactWorth
		case p.Sound == q.Sound:
			best = max(best, spokenWorth)
		case marbuta(p, q) || marbuta(q, p):
			best = max(best, spokenWorth+marbutaWorth)
		}
	}
	return best
}

// marbuta says whether an Arabic word ends in ة where the other ends in -at: the
// letter is read so as well as -a, and Аминат in Botlikh is أمينة in Arabic.
func marbuta(arabic, other names.Part) bool {
	if arabic.Word.Script() != names.Arab || other.Word.Script() == names.Arab || !strings.HasSuffix(arabic.Fold, "ة") {
		return false
	}
	_, level := names.Alike(arabic, other)
	fit := names.Between(&arabic.Word, &other.Word, names.CostAt(enough, &arabic.Word, &other.Word))
	return level == names.SameStem && fit.B == names.FeminineT
}

// nearest says how far the nearest of some years is from the nearest of others.
func nearest(known, asked []register.Years) (apart int, both bool) {
	apart = math.MaxInt
	for _, k := range known {
		for _, a := range asked {
			apart, both = min(apart, k.Near(a)), true
		}
	}
	return apart, both
}

func yearWorth(apart int) float64 {
	if apart < len(T.Year) {
		return T.Year[apart]
	}
	return T.YearOff
}

// indexed is what the index gives for the years and the sex of a record.
func (s *searching) indexed(n register.Ref) float64 { return s.indexedSex(n) + s.indexedBirth(n) }

func (s *searching) indexedSex(n register.Ref) float64 {
	if sex := s.view.Sex(n); s.wanted.Sex != "" && sex != "" && sex != s.wanted.Sex {
		return T.SexOff
	}
	return 0
}

// indexedBirth is 0 where the index knows no year: none is said, or two contradict.
func (s *searching) indexedBirth(n register.Ref) float64 {
	births := s.view.Births(n)
	if len(births) != 1 {
		return 0
	}
	about, most := makeAbout(NoSex, Years{births[0].From, births[0].To}), math.Inf(-1)
	for _, b := range s.wanted.births() {
		w := weighAbout(Query{Born: Years{b.From, b.To}})
		most = max(most, float64(w.weigh(about))/unit)
	}
	if math.IsInf(most, -1) {
		return 0
	}
	return most
}

// weighBirth holds the years of birth against each other: the nearest that anybody
// said of her.
func (s *searching) weighBirth(c register.Ref, at *person) float64 {
	asked := s.wanted.births()
	if len(asked) == 0 {
		return 0
	}
	var known []register.Years
	for _, m := range s.view.Members(c) {
		known = append(known, s.view.Births(m)...)
	}
	apart, both := nearest(known, asked)
	if !both {
		return 0
	}
	switch {
	case apart > nearYears:
		at.say(Reason{Code: OtherBirthYear, Years: apart, Against: true})
	case apart > 0:
		at.say(Reason{Code: NearBirthYear, Years: apart})
	default:
		at.say(Reason{Code: SameBirthYear})
	}
	return yearWorth(apart) - s.indexedBirth(at.best)
}

// weighSex does the same with the sex.
func (s *searching) weighSex(c register.Ref, at *person) float64 {
	own := s.view.Sex(at.best)
	sex := own
	for _, m := range s.view.Members(c) {
		sex = cmp.Or(sex, s.view.Sex(m))
	}
	switch {
	case s.wanted.Sex == "" || sex == "":
		return 0
	case sex == s.wanted.Sex:
		at.say(Reason{Code: SameSex})
		return 0
	}
	at.say(Reason{Code: OtherSex, Against: true})
	if own != "" {
		return 0
	}
	return T.SexOff
}

// kinSide is what is known from the side of somebody she is tied to.
type kinSide struct {
	wanted WantedKin
	read   names.Name
	forms  names.Name            // its words, and what they may be without an ending of case
	named  map[register.Ref]bool // who has that name
	near   map[register.Ref]bool // whom it may make the one who is looked for
	worth  float64
	lazy   bool // who is named so is looked up when it is asked
}

// kinSide finds all who have a kin's name, and those who are tied to them or have it
// as their father's in their own.
func (s *searching) kinSide(w WantedKin) kinSide {
	k := kinSide{wanted: w, read: names.Read(clip(w.Name)), named: map[register.Ref]bool{}, near: map[register.Ref]bool{}}
	if len(k.read.Parts) == 0 {
		return k
	}
	for _, p := range k.read.Parts {
		k.forms.Parts = append(k.forms.Parts, caseForms(p)...)
	}
	named, children := s.index.allNamed(k.read)
	if allow := s.rights(); allow != nil {
		hidden := func(n register.Ref, _ bool) bool { return !allow(n) }
		maps.DeleteFunc(named, hidden)
		maps.DeleteFunc(children, hidden)
	}
	// What is further off than letters tell, as محمد from Магомед, the index finds.
	for _, h := range s.index.Search(Query{Name: w.Name, Limit: looked, Allow: s.rights()}) {
		if !named[h.Ref] && s.has(h.Ref, k.read) {
			named[h.Ref] = true
		}
	}
	for n := range named {
		k.named[n] = true
		for _, t := range s.view.Ties(n) {
			if _, ok := s.view.Person(t.Other); ok {
				k.near[t.Other] = true
			}
		}
	}
	if fathers[w.Role] {
		for n := range children {
			k.near[n] = true
		}
		for _, h := range s.index.Search(Query{Name: "ибн " + w.Name, Limit: looked, Allow: s.rights()}) {
			k.near[h.Ref] = true
		}
	}
	k.worth = math.Log(s.of / float64(len(named)+1))
	return k
}

// What a kin's name is worth in a row of a list, by how many words it has.
const (
	listedOne  = 2.0
	listedMore = 3.5
)

// listedKin is a kin whom a row of a list names: held against those who are tied to
// somebody found by her own name, one by one.
func listedKin(w WantedKin) kinSide {
	k := kinSide{wanted: w, read: names.Read(clip(w.Name)), named: map[register.Ref]bool{}, lazy: true, worth: listedOne / kinBelieved}
	k.forms = k.read
	if weighty(k.read) > 1 {
		k.worth = listedMore / kinBelieved
	}
	return k
}

// isNamed says whether a record has a kin's name.
func (s *searching) isNamed(k *kinSide, n register.Ref) bool {
	is, known := k.named[n]
	if !known && k.lazy {
		is = weighty(k.read) > 0 && s.has(n, k.read)
		k.named[n] = is
	}
	return is
}

// fathers are the roles of one whose name may stand in hers.
var fathers = map[register.Role]bool{register.RoleFather: true, register.RolePossibleFather: true, register.RoleParent: true}

// weighKin looks for somebody of that name among those she is tied to, and for a
// father's name in hers.
func (s *searching) weighKin(c register.Ref, at *person, k *kinSide) float64 {
	for _, m := range s.view.Members(c) {
		for _, t := range s.view.Ties(m) {
			if allows(k.wanted.Role, t.Role) && s.isNamed(k, t.Other) {
				at.say(Reason{Code: KinHasName, Asked: k.wanted.Name, Known: s.nameLike(t.Other, k.read), Role: t.Role})
				return min(max(k.worth*kinBelieved, kinLeast), kinMost)
			}
		}
	}
	if !fathers[k.wanted.Role] {
		return 0
	}
	for _, m := range s.view.Members(c) {
		own, _ := s.view.Person(m)
		for _, name := range own.Names {
			if text := fatherIn(names.Read(name.Text), k.forms); text != "" {
				at.say(Reason{Code: FatherIsName, Asked: k.wanted.Name, Known: text})
				return min(max(k.worth*fatherBelieved, kinLeast), kinMost)
			}
		}
	}
	return 0
}

// nameLike gives the name of a record that is most like the one that is wanted.
func (s *searching) nameLike(n register.Ref, wanted names.Name) string {
	k, _ := s.view.Person(n)
	text, best := "", -1.0
	for _, name := range k.Names {
		if like := names.Compare(wanted, names.Read(name.Text)).Score; like > best {
			text, best = name.Text, like
		}
	}
	return text
}

// has says whether a name of the record has all words of another.
func (s *searching) has(n register.Ref, wanted names.Name) bool {
	for _, p := range wanted.Parts {
		if !p.Particle && s.named(n, p) == "" {
			return false
		}
	}
	return true
}

// named gives the name of a record that has a word.
func (s *searching) named(n register.Ref, wanted names.Part) string {
	k, _ := s.view.Person(n)
	for _, name := range k.Names {
		if slices.ContainsFunc(names.Read(name.Text).Parts, func(q names.Part) bool { return q.Patronymic == wanted.Patronymic && isAlike(wanted, q) }) {
			return name.Text
		}
	}
	return ""
}

// fatherIn gives the word of a name that is the father's, or made of it.
func fatherIn(name, wanted names.Name) string {
	for _, p := range name.Parts {
		if (p.Patronymic || p.Role == names.Father) && slices.ContainsFunc(wanted.Parts, func(w names.Part) bool { return isAlike(w, p) }) {
			return p.Fold
		}
	}
	return ""
}

// enough is the likeness of two words above which one is taken for the other.
const enough = 0.8

func isAlike(p, q names.Part) bool {
	score, _ := names.Alike(p, q)
	return score >= enough
}

// describe fills in what a row of the results shows.
func (s *searching) describe(at *person) Found {
	f := Found{Summary: s.view.Summary(at.best), Record: s.view.ID(at.best), Score: at.score / ln2}
	k, _ := s.view.Person(at.best)
	best := -1.0
	for _, name := range k.Names {
		if score := names.Compare(s.name, names.Read(name.Text)).Score; score > best {
			f.Name, f.Lang, best = name.Text, name.Lang, score
		}
	}
	for _, n := range f.Names {
		if n.Text != f.Name {
			f.Other = append(f.Other, n.Text)
		}
	}
	f.Why = append(s.nameReasons(at.best, f.Name), at.why...)
	if at.hits > 1 {
		f.Why = append(f.Why, Reason{Code: SeveralRecords})
	}
	return f
}

// nameReasons say for each word that was asked what it met: in her name, among the
// names of her kin, or as the beginning of a word.
func (s *searching) nameReasons(n register.Ref, name string) []Reason {
	if s.wanted.Name == "" {
		return nil
	}
	read := names.Read(name)
	why := Explain(s.name, read)
	for i, r := range why {
		if r.Code != NotFound && r.Code != Faint {
			continue
		}
		for j, p := range s.name.Parts {
			if p.Fold != r.Asked {
				continue
			}
			if word := beginningOf(p, read); word != "" && s.wanted.Begins && j == len(s.name.Parts)-1 {
				why[i] = Reason{Code: Beginning, Asked: r.Asked, Known: word}
			} else if kin, ok := s.amongKin(n, p); ok && r.Code == NotFound {
				why[i] = kin
			}
		}
	}
	return why
}

// amongKin looks for a word of the question among the names of those she is tied to.
func (s *searching) amongKin(n register.Ref, p names.Part) (Reason, bool) {
	for _, m := range s.view.Members(n) {
		for _, t := range s.view.Ties(m) {
			if name := s.named(t.Other, p); name != "" && s.may(t.Other) {
				return Reason{Code: KinHasName, Asked: p.Fold, Known: name, Role: t.Role}, true
			}
		}
	}
	return Reason{}, false
}

// allows says whether a tie may be the one that is asked for. Who says "parent"
// may mean the mother, and who says "child" one who is only possibly hers.
func allows(wanted, is register.Role) bool {
	switch wanted {
	case "", is:
		return true
	case register.RoleParent:
		return is == register.RoleMother || is == register.RoleFather || is == register.RolePossibleFather
	case register.RoleMother:
		return is == register.RoleParent
	case register.RoleFather:
		return is == register.RoleParent || is == register.RolePossibleFather
	case register.RoleChild:
		return is == register.RolePossibleChild
	}
	return false
}
