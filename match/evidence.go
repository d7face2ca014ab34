package match

import (
	"cmp"
	"slices"

	"homeward/names"
	"homeward/register"
)

// weigh gives what else is known of the person, over all of her records, for and
// against her being the one who is looked for, in nats; and writes down why.
func (s *searching) weigh(c register.Ref, at *person) float64 {
	sum := s.weighBirth(c, at) + s.weighSex(c, at)
	if s.wanted.Place != "" {
		for _, m := range s.view.Members(c) {
			if wording := s.places.In(m); wording != "" {
				at.say(Reason{Code: SamePlace, Asked: s.wanted.Place, Known: wording})
				sum += placeWorth
				break
			}
		}
	}
	for _, k := range s.wanted.Kin {
		sum += s.weighKin(c, at, k)
	}
	return sum
}

func (p *person) say(r Reason) { p.why = append(p.why, r) }

// weighBirth holds the years of birth against each other. The index has weighed
// those of the record itself.
func (s *searching) weighBirth(c register.Ref, at *person) float64 {
	own, _ := s.view.Person(at.best)
	born := own.Born
	for _, m := range s.view.Members(c) {
		if k, ok := s.view.Person(m); ok && !born.Known() {
			born = k.Born
		}
	}
	if !s.wanted.Born.Known() || !born.Known() {
		return 0
	}
	r, worth := Reason{Code: SameBirthYear}, T.Year[0]
	switch apart := born.Near(s.wanted.Born); {
	case apart > nearYears:
		r, worth = Reason{Code: OtherBirthYear, Years: apart, Against: true}, T.YearOff
	case apart > 0:
		r, worth = Reason{Code: NearBirthYear, Years: apart}, T.Year[apart]
	}
	at.say(r)
	if own.Born.Known() {
		return 0
	}
	return worth
}

// weighSex does the same with the sex.
func (s *searching) weighSex(c register.Ref, at *person) float64 {
	own, _ := s.view.Person(at.best)
	sex := cmp.Or(own.Sex, s.view.Summary(c).Sex)
	switch {
	case s.wanted.Sex == "" || sex == "":
		return 0
	case sex == s.wanted.Sex:
		at.say(Reason{Code: SameSex})
		return 0
	}
	at.say(Reason{Code: OtherSex, Against: true})
	if own.Sex != "" {
		return 0
	}
	return T.SexOff
}

// weighKin looks for somebody of that name among those she is tied to, and for a
// father's name in hers.
func (s *searching) weighKin(c register.Ref, at *person, k WantedKin) float64 {
	wanted := names.Read(k.Name)
	for _, m := range s.view.Members(c) {
		for _, t := range s.view.Ties(m) {
			if !allows(k.Role, t.Role) {
				continue
			}
			if name := s.named(t.Other, wanted); name != "" {
				at.say(Reason{Code: KinHasName, Asked: k.Name, Known: name, Role: t.Role})
				return kinWorth
			}
		}
	}
	if !fathers[k.Role] {
		return 0
	}
	for _, m := range s.view.Members(c) {
		own, _ := s.view.Person(m)
		for _, name := range own.Names {
			if text := fatherIn(names.Read(name.Text), wanted); text != "" {
				at.say(Reason{Code: FatherIsName, Asked: k.Name, Known: text})
				return fatherWorth
			}
		}
	}
	return 0
}

// named gives the name of a record that has all the words that are wanted.
func (s *searching) named(n register.Ref, wanted names.Name) string {
	k, ok := s.view.Person(n)
	if !ok {
		return ""
	}
	for _, name := range k.Names {
		read := names.Read(name.Text)
		if all(wanted, func(p names.Part) bool {
			return slices.ContainsFunc(read.Parts, func(q names.Part) bool { return isAlike(p, q) })
		}) {
			return name.Text
		}
	}
	return ""
}

// fatherIn gives the word of a name that is made of the father's.
func fatherIn(name, wanted names.Name) string {
	for _, p := range name.Parts {
		if p.Patronymic && slices.ContainsFunc(wanted.Parts, func(w names.Part) bool { return isAlike(w, p) }) {
			return p.Fold
		}
	}
	return ""
}

func all(n names.Name, is func(names.Part) bool) bool {
	return len(n.Parts) > 0 && !slices.ContainsFunc(n.Parts, func(p names.Part) bool { return !p.Particle && !is(p) })
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

// nameReasons say for each word that was asked what it met: in her name, or among
// the names of her kin.
func (s *searching) nameReasons(n register.Ref, name string) []Reason {
	if s.wanted.Name == "" {
		return nil
	}
	why := Explain(s.name, names.Read(name))
	for i, r := range why {
		if r.Code != NotFound {
			continue
		}
		for _, p := range s.name.Parts {
			if kin, ok := s.amongKin(n, p); ok && p.Fold == r.Asked {
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
			if name := s.named(t.Other, names.Name{Parts: []names.Part{p}}); name != "" {
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
