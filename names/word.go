package names

import "strings"

// Word is a word of a name as its letters, ready to be held against others.
type Word struct {
	letters []letter
	script  uint8
	start   uint8 // where it begins without an article; 0 has none
	ends    [3]ending
	n       uint8 // how many endings
}

// ending is where a word may also end, and what it costs to take it so.
type ending struct {
	at   uint8
	cost uint8
	kind Ending
}

// Ending says what was taken off a word to find it like another.
type Ending uint8

// The endings.
const (
	Whole      Ending = iota
	Gendered          // -а of a feminine surname; -ский, -ская
	FatherName        // a patronymic without its ending is the father's name
	FeminineT         // Аминат, Амина
	FamilyName        // Адамов, Адам
	numEndings
)

// What it costs to take an ending off, on one side.
const (
	costGendered   = Unit / 3
	costFatherName = Unit
	costFeminineT  = Unit
	costFamilyName = 5 * Unit / 2
	costArticle    = Unit / 2 // Arabic writes it with the word
	costJoined     = 3 * Unit / 2
)

// NewWord makes a word of letters, which it keeps. They are of one script.
func NewWord(l []uint8) Word {
	if len(l) > maxLetters {
		l = l[:maxLetters]
	}
	return CodedWord(l, codeOf(l))
}

// CodedWord is NewWord for an index that keeps the word's Code.
func CodedWord(l []uint8, code uint8) Word {
	w := Word{letters: l}
	if len(l) > 0 {
		w.script = scriptOfLetter[l[0]]
	}
	if code&withArticle != 0 {
		w.start = 2
	}
	for _, e := range patterns[code&^withArticle] {
		w.ends[w.n] = ending{uint8(len(l)) - e.at, e.cost, e.kind}
		w.n++
	}
	return w
}

// Code is how the word begins and ends, in a byte.
func (w *Word) Code() uint8 { return codeOf(w.letters) }

// withArticle marks a code; the rest of it is one of the patterns, whose endings
// count from the end of the word.
const withArticle = 0x80

const (
	endsWhole = iota
	endsFatherName
	endsSkaya
	endsSki
	endsOva
	endsOv
	endsIna
	endsAt
)

var patterns = [withArticle][]ending{
	endsFatherName: {{4, costFatherName, FatherName}},
	endsSkaya:      {{3, costGendered, Gendered}},
	endsSki:        {{1, 0, Gendered}},
	endsOva:        {{1, costGendered, Gendered}, {3, costFamilyName, FamilyName}},
	endsOv:         {{2, costFamilyName, FamilyName}},
	endsIna:        {{1, costGendered, Gendered}},
	endsAt:         {{1, costFeminineT, FeminineT}},
}

// Letters are the word's letters, by number.
func (w *Word) Letters() []uint8 { return w.letters }

// Script is the alphabet of its letters: Latn, Cyrl or Arab.
func (w *Word) Script() uint8 { return w.script }

// The sounds that endings are made of.
const (
	soundsA = 1 << iota
	soundsE // o, e and what is written for them
	soundsI
	soundsV
	soundsN
	soundsK
	soundsS
	soundsC
	soundsT
	soundsL
	soundsY
	soundsAyn // what Abd begins with
	soundsB
	soundsD
)

var sounding = func() (s [numLetters]uint16) {
	for set, list := range map[uint16]string{
		soundsA: "a а ا ة ä ى ه", soundsE: "o e о е ё э و ي ou ö a", soundsI: "i y и ы ي ى", soundsV: "v w f в ф ف ڤ و", soundsN: "n н ن",
		soundsK: "k к ك ق q c", soundsS: "s ts с ц س ص ز z تس", soundsC: "ch tch c cz ç ч چ ش", soundsT: "t т ت ط", soundsL: "l л ل",
		soundsY: "y i j й и ي", soundsAyn: "a а э ع ا e", soundsB: "b б ب", soundsD: "d д د",
	} {
		for _, name := range strings.Fields(list) {
			s[numberOf[name]] |= set
		}
	}
	s[0] = 0
	return s
}()

// codeOf finds article and ending by rule, in the sounds of all three scripts.
func codeOf(l []letter) uint8 {
	n := len(l)
	code := uint8(0)
	if n > 4 && sounding[l[0]]&soundsA != 0 && sounding[l[1]]&soundsL != 0 {
		code = withArticle
		if l[0] == letterAlef {
			n -= 2
		}
	}
	return code | pattern(l, n)
}

// pattern finds the ending; n is how many letters there are without an article.
func pattern(l []letter, n int) uint8 {
	if n < 4 {
		return endsWhole
	}
	end := len(l)
	s0, s1, s2, s3 := sounding[l[end-1]], sounding[l[end-2]], sounding[l[end-3]], sounding[l[end-4]]
	switch {
	case n > 5 && s0&soundsC != 0 && s1&soundsI != 0 && s2&soundsV != 0 && s3&soundsE != 0, // -ович
		n > 5 && s0&soundsA != 0 && s1&soundsN != 0 && s2&soundsV != 0 && s3&soundsE != 0, // -овна
		n > 5 && s0&soundsA != 0 && s1&soundsN != 0 && s2&soundsC != 0 && s3&soundsI != 0: // -ична
		return endsFatherName
	case n > 5 && s0&soundsA != 0 && s1&soundsY != 0 && s2&soundsA != 0 && s3&soundsK != 0: // -ская
		return endsSkaya
	case n > 4 && s0&soundsI != 0 && s1&soundsK != 0 && s2&soundsS != 0: // -ский
		return endsSki
	case n > 4 && s0&soundsA != 0 && s1&soundsV != 0 && s2&soundsE != 0: // -ова
		return endsOva
	case n > 4 && s0&soundsV != 0 && s1&soundsE != 0: // -ов
		return endsOv
	case n > 4 && s0&soundsA != 0 && s1&soundsN != 0 && s2&soundsI != 0: // -ина
		return endsIna
	case s0&soundsT != 0 && s1&(soundsA|soundsE) != 0: // -ат
		return endsAt
	}
	return endsWhole
}
