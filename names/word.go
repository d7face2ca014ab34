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

// Fit is how one word was found like another.
type Fit struct {
	Cost int
	// A and B are what was taken off each.
	A, B Ending
}

// Meant is the cost of writing b when a was meant, no more than limit+1 when it is
// above the limit.
func Meant(a, b *Word, limit int) Fit { return directed.fit(a, b, limit) }

// Between is the mean cost of both ways.
func Between(a, b *Word, limit int) Fit { return mutual.fit(a, b, limit) }

// fit is a weighted edit distance with swaps (optimal string alignment), in which
// articles at the beginning and the endings of the words may be skipped.
func (t *table) fit(a, b *Word, limit int) Fit {
	x, y := a.letters, b.letters
	var rows [3][maxLetters + 1]int32
	var insert [32]int32 // a power of two, so that j&31 needs no check
	before, last, now := &rows[0], &rows[1], &rows[2]
	fit := Fit{Cost: limit + 1}
	for j, l := range y {
		insert[j] = int32(t.insert[l][a.script])
		last[j+1] = last[j] + insert[j]
	}
	if s := b.start; s > 0 {
		last[s] = min(last[s], startCost(b))
		for j := int(s); j < len(y); j++ {
			last[j+1] = min(last[j+1], last[j]+insert[j])
		}
	}
	for j := range before {
		before[j] = costNone
	}
	previous := letter(0)
	for i, l := range x {
		write, drop := &t.write[l], int32(t.drop[l][b.script])
		left := last[0] + drop
		if int(a.start) == i+1 {
			left = min(left, startCost(a))
		}
		now[0] = left
		least := left
		diagonal, swapped := last[0], int32(costNone)
		for j, m := range y {
			above := last[j+1]
			best := min(above+drop, left+insert[j&31], diagonal+int32(write[m]))
			if swapped < best && previous != l {
				best = min(best, swapped+int32(t.write[l][y[j-1]])+int32(t.write[previous][m]))
			}
			now[j+1] = best
			least = min(least, best)
			left, diagonal, swapped = best, above, before[j]+costSwap
		}
		if int(least) > limit {
			return fit
		}
		if a.n > 0 || i == len(x)-1 {
			fit.ended(a, b, i+1, now)
		}
		previous = l
		before, last, now = last, now, before
	}
	return fit
}

// costNone is more than any word costs.
const costNone = 1 << 20

// startCost is what it costs to take the beginning of a word for an article: little
// in Arabic, which always writes it so, more for the Al of Alhasan and of Alina.
func startCost(w *Word) int32 {
	if w.script == Arab {
		return costArticle
	}
	return costJoined
}

// ended looks at the row after i letters of a: may a end here, and b at which of
// its ends?
func (f *Fit) ended(a, b *Word, i int, row *[maxLetters + 1]int32) {
	if i == len(a.letters) {
		f.endedAs(b, 0, Whole, row)
	}
	for _, e := range a.ends[:a.n] {
		if int(e.at) == i {
			f.endedAs(b, int(e.cost), e.kind, row)
		}
	}
}

func (f *Fit) endedAs(b *Word, cost int, kind Ending, row *[maxLetters + 1]int32) {
	if c := cost + int(row[len(b.letters)]); c < f.Cost {
		*f = Fit{c, kind, Whole}
	}
	for _, e := range b.ends[:b.n] {
		if c := cost + int(e.cost) + int(row[e.at]); c < f.Cost {
			*f = Fit{c, kind, e.kind}
		}
	}
}
