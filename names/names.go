// Package names reads people's names and compares them across scripts and
// spellings. It is pure: nothing is stored, nobody's name is in it.
//
// # The way of a name
//
//	"Магомедова АМИНАТ"          as given
//	 fold      магомедова, аминат     case, accents, invisible marks, digits, variants of a letter
//	 roles     –                      whose daughter, whose mother; one name in two words (particles.go)
//	 letters   м а г о м е д о в а    of its own script; what is spelled with several is one (letters.go)
//	 bones     m k m t f, m n         classes of consonants, under which an index keeps words (bones.go)
//	 sound     magomedova, aminat     read into one Latin alphabet, for the levels that a page can name
//	 stem      magomedov,  amina      endings of gender, patronymic and weak -t are taken off
//	 skeleton  mhmdv,      mn         the consonants of the sound, for Keys
//
// Two words are compared by the cost of writing the one when the other was meant:
// an edit distance over letters whose costs are probabilities (costs.tsv, learnt by
// the command learn), in which an article, a patronymic's or a gendered ending may
// be taken off (word.go). Level says how they agree. Common names have short, home
// and foreign forms (forms.tsv). Two names are compared by the best assignment of
// their parts to each other, whatever their order: sources give the family name
// first or last, with or without the patronymic. A patronymic is no given name, so
// that father and son stay two.
//
// # What it does not do
//
// It knows no frequencies and does not say which part is the family name. What a
// likeness is worth among the people of a register is for match to say.
//
// # Sources
//
// Cyrillic: BGN/PCGN 1947 romanization of Russian, ICAO Doc 9303 part 3 (machine
// readable passports), ISO 9:1995, GOST 7.79-2000 B and what else learn/systems.go
// names. Arabic: ALA-LC romanization tables and BGN/PCGN 1956, and the Unicode
// Standard chapter 9.2 for the letter variants (alef, ya, kaf, teh marbuta). Letters
// in messages (7 for ح, 4 for ч): usage. Costs: Wikidata's labels of people, CC0,
// mined by NETransliteration-COLING2018. Look-alike letters: Unicode confusables.
// Keyboards: US QWERTY, Russian ЙЦУКЕН, Arabic 101. Gendered and patronymic endings:
// the Russian grammar of surnames in -ов, -ев, -ский and patronymics in -ович, -овна.
// Caucasian feminine -т (Амина, Аминат), kunya and nasab: common knowledge of
// Dagestani, Chechen and Arabic name-giving.
package names

import "slices"

// Limits. A longer name is read up to here: no name that a person bears is longer,
// and what is not a name must not be slow.
const (
	maxParts = 12
	maxRunes = 40 // of one part
)

// Name is a name taken apart.
type Name struct {
	Parts []Part
}

// Part is one word of a name at each level of the reading.
type Part struct {
	Fold     string // folded, in its own script
	Sound    string // in the alphabet of sounds
	Stem     string // without endings of gender and patronymic
	Skeleton string // consonants in classes; "" for a word of vowels
	// Other is a second skeleton, where a letter can be read in two ways.
	Other string
	// Vowelless says that the script leaves out short vowels.
	Vowelless bool
	// Particle says that it carries little: al, ibn, bint, umm, von.
	Particle bool
	// Patronymic says that it is made of the father's name by its ending.
	Patronymic bool
	// Role is what the words around it make of it.
	Role Role
	// Word is the part as letters.
	Word Word

	families []family // that have it as a form
}

// Role is what a part of a name is, as far as the name itself says so.
type Role uint8

// The roles.
const (
	AnyRole Role = iota
	Father       // of whom she is the daughter: after ibn, bint; before oglu, kyzy
	Kunya        // whose mother or father she is called: after umm, abu
)

// Read takes a name apart. Particles are kept apart from what they stand before;
// an Arabic article that is written together with its word is taken off.
func Read(name string) Name {
	var n Name
	for _, w := range arrange(words(name)) {
		if len(n.Parts) == maxParts {
			break
		}
		if p, ok := readPart(w); ok {
			n.Parts = append(n.Parts, p)
		}
	}
	return n
}

func readPart(w word) (Part, bool) {
	sound := ""
	switch w.script {
	case Arabic:
		sound = arabicSound(w.text)
	case Cyrillic:
		sound = cyrillicSound(w.text)
	default:
		sound = latinSound(w.accented)
	}
	if sound == "" {
		sound = w.text // letters that no table knows are at least like themselves
	}
	if sound == "" {
		return Part{}, false
	}
	p := Part{Fold: w.text, Sound: sound, Vowelless: w.script == Arabic, Particle: w.particle != notParticle, Role: w.role}
	p.Stem, p.Patronymic = stem(sound)
	p.Skeleton = skeleton(p.Stem)
	p.Other = otherSkeleton(p, w)
	p.Word = NewWord(w.letters)
	p.Patronymic = p.Patronymic || p.Word.patronymic()
	if !p.Particle {
		p.families = p.Word.families()
	}
	return p, true
}

// Keys gives the script-independent keys under which a name can be found: for each
// part that is no particle the stem of its sound, and "~" with its consonants.
// Names that a caseworker would call alike share keys; names that share one may
// still differ.
func Keys(name string) []string {
	var keys []string
	for _, p := range Read(name).Weighty() {
		keys = append(keys, p.Keys()...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Keys gives the keys of one part.
func (p Part) Keys() []string {
	keys := []string{p.Stem}
	for _, s := range []string{p.Skeleton, p.Other} {
		if s != "" {
			keys = append(keys, "~"+s)
		}
	}
	return keys
}

// Weighty are the parts that are compared: without particles, unless there is
// nothing else.
func (n Name) Weighty() []Part {
	var parts []Part
	for _, i := range n.sorted() {
		parts = append(parts, n.Parts[i])
	}
	return parts
}
