package names

import (
	_ "embed"
	"slices"
	"strings"
)

// forms.tsv names the short, home and foreign forms of common names.
//
//go:embed forms.tsv
var formsTSV string

// family is a line of forms.tsv: forms that one person may go by.
type family uint16

type form struct {
	word   Word
	family family
}

// formsByBones are all forms by their key, formsOf the forms of each family.
var formsByBones, formsOf = func() (map[Bones][]form, [][]Word) {
	byBones, of := map[Bones][]form{}, [][]Word{}
	for line := range strings.Lines(formsTSV) {
		if line[0] == '#' {
			continue
		}
		f := family(len(of))
		var list []Word
		for _, w := range words(strings.ReplaceAll(line, "=", " ")) {
			word := NewWord(w.letters)
			byBones[word.Bones()] = append(byBones[word.Bones()], form{word, f})
			list = append(list, word)
		}
		of = append(of, list)
	}
	return byBones, of
}()

// costSameForm is up to what cost a word is taken for a form of the table, in
// whatever script; costForm is what going by another form costs.
const (
	costSameForm = Unit
	costForm     = 5 * Unit / 2
)

// families gives the families that have a word.
func (w *Word) families() []family {
	var out []family
	for _, f := range formsByBones[w.Bones()] {
		cost := float64(Between(w, &f.word, 3*costSameForm).Cost) * believed(w.script, f.word.script)
		if cost <= costSameForm && !slices.Contains(out, f.family) {
			out = append(out, f.family)
		}
	}
	return out
}

// OtherForms walks the forms that somebody of this name may go by, with their cost.
func (w *Word) OtherForms(yield func(form *Word, cost int)) {
	for _, f := range w.families() {
		for i := range formsOf[f] {
			yield(&formsOf[f][i], costForm)
		}
	}
}

// Known are the names of the table that a word may be a form of.
type Known []family

// furtherSpellings are further ones of names that are often mixed up, as lists have them: the
// first of each line stands in the table. A search does not need them, since it finds
// what is spelled alike; whether two are one name does.
var furtherSpellings = map[string]string{
	"Хасан":  "Hasan Hassan Khasan Khassan Hasen Hacen Hassen Хасан Хассан Гасан Гассан حسن",
	"Хусейн": "Husayn Husain Hussain Husein Hussein Hussien Huseyin Hüseyin Husseyn Houssein Houcine Khusein Khusain Khuseyn Gusein Хусейн Хусайн Хусаин Хусен Гусейн حسين",
}

// spellingOf is the family of each spelling, by its letters.
var spellingOf = func() map[string]family {
	of := map[string]family{}
	for name, list := range furtherSpellings {
		known := Read(name).Parts[0].Word
		for one := range strings.FieldsSeq(list) {
			of[string(Read(one).Parts[0].Word.letters)] = known.families()[0]
		}
	}
	return of
}()

// Known says which names of the table a word may be a form of; none for most words.
func (w *Word) Known() Known {
	if f, ok := spellingOf[string(w.letters)]; ok {
		return Known{f}
	}
	return w.families()
}

// Apart says that two words are known for two names, however alike their letters are:
// Hasan and Husayn are brothers. Of words that the table lacks it says nothing.
func (k Known) Apart(other Known) bool {
	return len(k) > 0 && len(other) > 0 && !shareFamily(k, other)
}

func shareFamily(a, b []family) bool {
	return slices.ContainsFunc(a, func(f family) bool { return slices.Contains(b, f) })
}
