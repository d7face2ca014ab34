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

func shareFamily(a, b []family) bool {
	return slices.ContainsFunc(a, func(f family) bool { return slices.Contains(b, f) })
}
