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
	w := Word{letters: l}
	if len(l) > 0 {
		w.script = scriptOfLetter[l[0]]
	}
	if len(l) > 4 && sounding[l[0]]&soundsA != 0 && sounding[l[1]]&soundsL != 0 {
		w.start = 2
	}
	w.findEnds()
	return w
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

// is says whether the letter i from the end sounds so.
func (w *Word) is(i int, set uint16) bool {
	n := len(w.letters)
	return i < n && sounding[w.letters[n-1-i]]&set != 0
}

func (w *Word) end(fewer int, cost uint8, kind Ending) {
	at := len(w.letters) - fewer
	if at-int(w.start) < 2 || int(w.n) == len(w.ends) {
		return
	}
	w.ends[w.n] = ending{uint8(at), cost, kind}
	w.n++
}

// findEnds finds the endings by rule, in the sounds of all three scripts.
func (w *Word) findEnds() {
	n := len(w.letters)
	switch {
	case n < 4:
	case w.is(0, soundsC) && w.is(1, soundsI) && w.is(2, soundsV) && w.is(3, soundsE) && n > 5: // -ович
		w.end(4, costFatherName, FatherName)
	case w.is(0, soundsA) && w.is(1, soundsN) && w.is(2, soundsV) && w.is(3, soundsE) && n > 5, // -овна
		w.is(0, soundsA) && w.is(1, soundsN) && w.is(2, soundsC) && w.is(3, soundsI) && n > 5: // -ична
		w.end(4, costFatherName, FatherName)
	case w.is(0, soundsA) && w.is(1, soundsY) && w.is(2, soundsA) && w.is(3, soundsK) && n > 5: // -ская
		w.end(3, costGendered, Gendered)
	case w.is(0, soundsI) && w.is(1, soundsK) && w.is(2, soundsS) && n > 4: // -ский
		w.end(1, 0, Gendered)
	case w.is(0, soundsA) && w.is(1, soundsV) && w.is(2, soundsE) && n > 4: // -ова
		w.end(1, costGendered, Gendered)
		w.end(3, costFamilyName, FamilyName)
	case w.is(0, soundsV) && w.is(1, soundsE) && n > 4: // -ов
		w.end(2, costFamilyName, FamilyName)
	case w.is(0, soundsA) && w.is(1, soundsN) && w.is(2, soundsI) && n > 4: // -ина
		w.end(1, costGendered, Gendered)
	case w.is(0, soundsT) && w.is(1, soundsA|soundsE) && n > 3: // -ат
		w.end(1, costFeminineT, FeminineT)
	}
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
// articles at the beginning and the endings of findEnds may be skipped.
func (t *table) fit(a, b *Word, limit int) Fit {
	x, y := a.letters, b.letters
	var rows [3][maxLetters + 1]int32
	before, last, now := &rows[0], &rows[1], &rows[2]
	fit := Fit{Cost: limit + 1}
	for j, l := range y {
		last[j+1] = last[j] + int32(t.insert[l][a.script])
	}
	if s := b.start; s > 0 {
		last[s] = min(last[s], startCost(b))
		for j := int(s); j < len(y); j++ {
			last[j+1] = min(last[j+1], last[j]+int32(t.insert[y[j]][a.script]))
		}
	}
	for i, l := range x {
		write, drop := &t.write[l], int32(t.drop[l][b.script])
		now[0] = last[0] + drop
		if int(a.start) == i+1 {
			now[0] = min(now[0], startCost(a))
		}
		least := now[0]
		for j := range y {
			m := y[j]
			best := min(last[j+1]+drop, now[j]+int32(t.insert[m][a.script]), last[j]+int32(write[m]))
			if i > 0 && j > 0 && x[i-1] != l {
				if s := before[j-1] + costSwap; s < best {
					best = min(best, s+int32(t.write[l][y[j-1]])+int32(t.write[x[i-1]][m]))
				}
			}
			now[j+1] = best
			least = min(least, best)
		}
		if int(least) > limit {
			return fit
		}
		if a.n > 0 || i == len(x)-1 {
			fit.ended(a, b, i+1, now)
		}
		before, last, now = last, now, before
	}
	return fit
}

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
