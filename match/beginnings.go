package match

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"homeward/names"
	"homeward/register"
)

// # Looks that read the whole dictionary
//
// The index finds a word by its bones, which is quick and finds the whole word. Two
// questions ask otherwise: who has a word that begins so, as one is still typing it,
// and who are all that have a name, which a kin's side needs without a limit. Both
// walk the dictionary of distinct words once: some tens of thousands where there are
// a hundred thousand people, and no further structure that would have to be wiped.

// alikeWord is a word of the dictionary that met one that was asked.
type alikeWord struct {
	n       uint32
	records uint32
	father  bool // it is made of the one that was asked, as a father's name
	share   float64
}

// eachDictionaryWord walks the words that somebody has. The caller holds the lock.
func (x *Index) eachDictionaryWord(yield func(n uint32, letters []byte)) {
	for n := 1; n < len(x.words.list); n++ {
		if e := &x.words.list[n]; e.records > 0 && e.n > 0 {
			yield(uint32(n), x.words.lettersOf(uint32(n)))
		}
	}
}

// forgetReadings wipes what was read of names while records were taken in: it speeds
// up the many that come at once, and would remember those that are forgotten.
func (x *Index) forgetReadings() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.read.Forget()
}

// likeWords gives the words of the dictionary that may be one that was asked, and
// those that are made of it as of a father's name.
func (x *Index) likeWords(asked *names.Word) (out []alikeWord) {
	x.eachDictionaryWord(func(n uint32, letters []byte) {
		word := names.NewWord(letters)
		limit := names.CostAt(enough, &word, asked)
		fit := names.Between(&word, asked, limit)
		if fit.Cost > limit || fit.A == names.FamilyName || fit.B == names.FamilyName {
			return
		}
		if fit.B == names.FatherName && fit.A != names.FatherName {
			return // the patronymic was asked; who has the father's name alone has another
		}
		out = append(out, alikeWord{n: n, records: x.words.list[n].records, father: fit.A == names.FatherName && fit.B != names.FatherName})
	})
	return out
}

// allNamed gives all records that have all words of a name, and those whose name has
// one made of a word of it, as a patronymic is.
func (x *Index) allNamed(name names.Name) (named, children map[Ref]bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	children = map[Ref]bool{}
	for i := range name.Parts {
		if name.Parts[i].Particle && len(name.Parts) > 1 {
			continue
		}
		having := map[Ref]bool{}
		for _, form := range caseForms(name.Parts[i]) {
			for _, w := range x.likeWords(&form.Word) {
				into := having
				if w.father {
					into = children
				}
				x.eachRecord(w.n, func(n Ref) {
					if w.father || named == nil || named[n] {
						into[n] = true
					}
				})
			}
		}
		named = having
	}
	return named, children
}

// cases are endings that a Russian name takes after "daughter of", "wife of", "with",
// and what may stand there in the name itself.
var cases = map[string][]string{
	"а": {""}, "я": {"й", "ь"}, "ы": {"а"}, "и": {"а", "я", "ь"}, "ой": {"а"}, "ей": {"а", "я"}, "ом": {""}, "ем": {"", "й"}, "ым": {""}, "ого": {"ий"},
}

// caseForms gives a word and what it may be without an ending of case. Which of them
// is a name, the dictionary tells.
func caseForms(p names.Part) []names.Part {
	forms := []names.Part{p}
	if names.Script(p.Fold) != names.Cyrillic {
		return forms
	}
	for ending, instead := range cases {
		stem, ok := strings.CutSuffix(p.Fold, ending)
		if !ok || utf8.RuneCountInString(stem) < 2 {
			continue
		}
		for _, with := range instead {
			forms = append(forms, names.Read(stem+with).Parts...)
		}
	}
	return forms
}

// What two letters or more may differ and still be the beginning of a word, in
// units, and how many letters an Arabic word may leave out.
const (
	leastTyped  = 2
	typedLimit  = 3 * names.Unit / 2
	typedAcross = 9 * names.Unit / 2
	// typedWorth is taken off: who types a beginning may also mean that very word.
	typedWorth = 1.5
)

// beginsWith says whether a word may begin so, and how much of it that is. Cut by
// one letter and more, because scripts write one sound by one letter or by two, and
// Arabic leaves vowels out.
func beginsWith(letters []uint8, typed *names.Word) (share float64, ok bool) {
	n := len(typed.Letters())
	limit, least, most := typedLimit, n, n
	if n == 0 || len(letters) == 0 {
		return 0, false
	}
	whole := names.CodedWord(letters, 0)
	if whole.Script() != typed.Script() {
		least, most = n-1, n+1
		if whole.Script() == names.Arab || typed.Script() == names.Arab {
			limit, least, most = typedAcross, (n+1)/2, 2*n
		}
	}
	best := limit + 1
	for k := max(1, least); k <= min(most, len(letters)); k++ {
		cut := names.CodedWord(letters[:k], 0)
		if fit := names.Meant(&cut, typed, best-1); fit.Cost < best {
			best, share = fit.Cost, float64(k)/float64(len(letters))
		}
	}
	return share, best <= limit
}

// beginningOf gives the word of a name that begins so, "" when none does.
func beginningOf(typed names.Part, in names.Name) string {
	for _, p := range in.Parts {
		if _, ok := beginsWith(p.Word.Letters(), &typed.Word); ok && !p.Particle {
			return p.Fold
		}
	}
	return ""
}

// beginning is who has a word that begins so.
type beginning struct {
	share map[Ref]float64 // how much of the word was typed
	about map[Ref]about
}

func (x *Index) beginning(typed *names.Word) beginning {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var words []alikeWord
	x.eachDictionaryWord(func(n uint32, letters []byte) {
		if share, ok := beginsWith(letters, typed); ok {
			words = append(words, alikeWord{n: n, share: share})
		}
	})
	slices.SortFunc(words, func(a, b alikeWord) int { return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.n, b.n)) })
	b := beginning{share: map[Ref]float64{}, about: map[Ref]about{}}
	for _, w := range words {
		x.eachRecord(w.n, func(n Ref) {
			if _, known := b.share[n]; !known {
				b.share[n], b.about[n] = w.share, x.about[n]
			}
		})
	}
	return b
}

// byBeginning finds those of whose name the last word that was asked is the
// beginning of a word. It is worth what it tells: the fewer have such a word, the
// more.
func (s *searching) byBeginning() {
	last := len(s.name.Parts) - 1
	if last < 0 || len(s.name.Parts[last].Word.Letters()) < leastTyped || s.name.Parts[last].Particle {
		return
	}
	b := s.index.beginning(&s.name.Parts[last].Word)
	if allow := s.rights(); allow != nil {
		maps.DeleteFunc(b.share, func(n register.Ref, _ float64) bool { return !allow(n) })
	}
	if len(b.share) == 0 {
		return
	}
	worth := math.Log(s.of/float64(len(b.share))) - typedWorth
	if head := withoutLast(s.name); head != "" {
		s.byName(head, worth+T.Extra, func(n register.Ref) bool { _, ok := b.share[n]; return ok && s.may(n) })
		return
	}
	s.takeTyped(b, worth)
}

// withoutLast is a name but for its last word.
func withoutLast(n names.Name) string {
	head := ""
	for _, p := range n.Parts[:len(n.Parts)-1] {
		head += " " + p.Fold
	}
	return head
}

// takeTyped takes the best of those whose word begins so, when nothing else of the
// name was asked: the nearer it is to being whole the better.
func (s *searching) takeTyped(b beginning, worth float64) {
	list := make([]Hit, 0, len(b.share))
	weights := weighAbout(Query{Sex: sexCoded(s.wanted.Sex), Born: Years{s.wanted.Born.From, s.wanted.Born.To}})
	for n, share := range b.share {
		if !s.may(n) {
			continue
		}
		h := Hit{Ref: n, Score: share/2 + float64(weights.weigh(b.about[n]))/unit}
		if s.places != nil && s.places.In(n) != "" {
			h.Score += placeWorth
		}
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Ref, b.Ref)) })
	for _, h := range list[:min(ranked, len(list))] {
		s.take(h.Ref, worth+b.share[h.Ref]/2+s.indexed(h.Ref))
	}
}
