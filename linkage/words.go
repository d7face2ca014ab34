package linkage

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"homeward/names"
)

// wordsID is a value of a dictionary; 0 is no value.
type wordsID = uint32

// maxText bounds how much of a cell is read as words: no name and no address is
// longer, and what is none must not be slow.
const maxText = 200

// words is one distinct text of a field, read once however many records have it.
type words struct {
	text  string   // folded, particles left out, a space between its parts
	code  []byte   // text without spaces, one byte a letter, at most 64
	parts []string // the folded parts that carry weight
	sound string   // how it is spoken, without endings of gender and patronymic
	bones string   // its consonants
	read  names.Name
	known names.Known // which names of many forms it may be; none when it is of several words
	// vowelless and script say when the letters of two texts cannot be compared.
	script names.ScriptName
}

// dictionary interns texts. Texts that fold into one are one value.
type dictionary struct {
	raw    map[string]wordsID
	folded map[string]wordsID
	all    []words
}

func newDictionary() *dictionary {
	return &dictionary{raw: map[string]wordsID{}, folded: map[string]wordsID{}, all: make([]words, 1)}
}

// id gives the number of a text, 0 when nothing of it can be read.
func (d *dictionary) id(text string) wordsID {
	if text == "" {
		return 0
	}
	if id, ok := d.raw[text]; ok {
		return id
	}
	w, ok := readWords(text)
	var id wordsID
	if ok {
		if id, ok = d.folded[w.key()]; !ok {
			id = wordsID(len(d.all))
			d.all = append(d.all, w)
			d.folded[w.key()] = id
		}
	}
	d.raw[strings.Clone(text)] = id
	return id
}

// key tells texts apart. Two of the same letters may be spoken in two ways, since
// an accent that folding takes off may have changed the sound.
func (w *words) key() string { return w.text + "\x00" + w.sound }

// find gives the number of a text that is known already, 0 for another.
func (d *dictionary) find(text string) wordsID {
	w, ok := readWords(text)
	if !ok {
		return 0
	}
	return d.folded[w.key()]
}

func readWords(text string) (words, bool) {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	w := words{read: names.Read(text)}
	parts := w.read.Weighty()
	if len(parts) == 0 {
		return w, false
	}
	var t, s, b []string
	for _, p := range parts {
		t, s, b = append(t, p.Fold), append(s, p.Stem), append(b, p.Skeleton)
	}
	w.parts, w.text = t, strings.Join(t, " ")
	w.sound, w.bones = strings.Join(s, ""), strings.Join(b, "")
	w.script = names.Script(w.text)
	w.code = coded(w.text)
	if len(parts) == 1 {
		w.known = parts[0].Word.Known()
	}
	return w, true
}

// coded writes a text as one byte a letter. Letters of one script keep apart,
// because an alphabet lies within 128 code points.
func coded(text string) []byte {
	code := make([]byte, 0, min(len(text), 64))
	for _, r := range text {
		if len(code) == 64 {
			break
		}
		switch {
		case r == ' ':
		case r < utf8.RuneSelf:
			code = append(code, byte(r))
		default:
			code = append(code, byte(0x80|r&0x7f))
		}
	}
	return code
}

// edits counts the insertions, deletions, replacements and exchanges of neighbours
// that lead from a to b (optimal string alignment), by Hyyrö's bit-parallel
// method: a column of the table is one machine word.
func edits(a, b []byte) int {
	if len(a) == 0 || len(b) == 0 {
		return max(len(a), len(b))
	}
	var where [256]uint64
	for i, c := range a {
		where[c] |= 1 << i
	}
	last := uint64(1) << (len(a) - 1)
	up, down, diagonal, before := ^uint64(0), uint64(0), uint64(0), uint64(0)
	distance := len(a)
	for _, c := range b {
		same := where[c]
		exchange := ((^diagonal & same) << 1) & before
		diagonal = ((same & up) + up) ^ up | same | down | exchange
		right := down | ^(diagonal | up)
		left := up & diagonal
		if right&last != 0 {
			distance++
		}
		if left&last != 0 {
			distance--
		}
		right = right<<1 | 1
		left <<= 1
		up = left | ^(diagonal | right)
		down = right & diagonal
		before = same
	}
	return distance
}

// Levels of agreement of two texts, from nothing in common to letter by letter.
const (
	wordsDifferent uint8 = iota + 1
	wordsInitial         // one is an initial or a beginning of the other
	wordsSimilar         // the consonants agree, or most letters
	wordsPart            // of several words one is the same
	wordsNear            // a letter differs, or two of many
	wordsSpelling        // the same sounds
	wordsAlias           // known from the list itself to stand for each other
	wordsSame            // the same letters
	wordsLevels
)

// compareWords says how two texts agree. It is symmetric. Two names that are known to
// be two differ, however alike their letters are: twins are often called Hasan and
// Husayn.
func compareWords(a, b *words) uint8 {
	level := compareLetters(a, b)
	if (level == wordsNear || level == wordsSimilar) && a.known.Apart(b.known) {
		return wordsDifferent
	}
	return level
}

func compareLetters(a, b *words) uint8 {
	switch {
	case a.text == b.text:
		return wordsSame
	case a.script != b.script:
		return compareScripts(a, b)
	case a.sound == b.sound:
		return wordsSpelling
	}
	longer, shorter := max(len(a.code), len(b.code)), min(len(a.code), len(b.code))
	if shorter == 1 || beginning(a.code, b.code) {
		if a.code[0] == b.code[0] {
			return wordsInitial
		}
		return wordsDifferent
	}
	d := edits(a.code, b.code)
	switch {
	case d == 1 && longer >= 4, d == 2 && longer >= 8, d == 3 && longer >= 14:
		return wordsNear
	case len(a.parts)+len(b.parts) > 2 && sharedPart(a, b):
		return wordsPart
	case d*5 <= longer*2, a.bones == b.bones && len(a.bones) > 1:
		return wordsSimilar
	}
	return wordsDifferent
}

// beginning says whether one text is the beginning of the other, cut short after at
// least three letters with at least two left out.
func beginning(a, b []byte) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 3 && len(b) >= len(a)+2 && string(b[:len(a)]) == string(a)
}

func sharedPart(a, b *words) bool {
	for _, p := range a.parts {
		if utf8.RuneCountInString(p) < 2 {
			continue
		}
		for _, q := range b.parts {
			if p == q {
				return true
			}
		}
	}
	return false
}

// compareScripts compares texts of different scripts by their sounds.
func compareScripts(a, b *words) uint8 {
	switch score := names.Compare(a.read, b.read).Score; {
	case score >= 0.93:
		return wordsSpelling
	case score >= 0.82:
		return wordsNear
	case score >= 0.68:
		return wordsSimilar
	}
	return wordsDifferent
}

// digitsOf gives the digits of a text, those of other scripts as ours.
func digitsOf(s string) []byte {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if d, ok := digit(r); ok {
			out = append(out, d)
		}
	}
	return out
}

func digit(r rune) (byte, bool) {
	switch {
	case r >= '0' && r <= '9':
		return byte(r), true
	case r >= '٠' && r <= '٩':
		return byte(r-'٠') + '0', true
	case r >= '۰' && r <= '۹':
		return byte(r-'۰') + '0', true
	}
	return 0, false
}

func lettersIn(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func log2int(n int) int { return bits.Len(uint(n)) }
