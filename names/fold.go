package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ScriptName is a script, as far as this package tells them apart.
type ScriptName string

// The scripts.
const (
	Latin    ScriptName = "Latn"
	Cyrillic ScriptName = "Cyrl"
	Arabic   ScriptName = "Arab"
	Mixed    ScriptName = "Zyyy" // letters of several scripts
	Other    ScriptName = "Zzzz" // another script
	None     ScriptName = ""     // no letter at all
)

// Script says in which script a name is written.
func Script(s string) ScriptName {
	found := None
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		switch is := scriptOf(r); {
		case found == None:
			found = is
		case found != is:
			return Mixed
		}
	}
	return found
}

func scriptOf(r rune) ScriptName {
	switch {
	case unicode.Is(unicode.Latin, r):
		return Latin
	case unicode.Is(unicode.Cyrillic, r):
		return Cyrillic
	case unicode.Is(unicode.Arabic, r):
		return Arabic
	}
	return Other
}

// Fold gives the name in its own script without what two writers of the same name
// do differently: case, accents and vowel marks, invisible marks, kinds of
// digits, presentation forms, variants of a letter, spaces and punctuation.
func Fold(s string) string {
	var b strings.Builder
	for i, w := range words(s) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// word is a word of a name: folded, and with those Latin accents that change the
// sound still on.
type word struct {
	text, accented string
	script         ScriptName
	letters        []letter
	particle       particle
	special        bool // it changes how its neighbours are read
	role           Role
}

// maxWords bounds what is read of a text that is no name.
const maxWords = 64

// words splits a name. Spaces, hyphens and other punctuation part words;
// apostrophes and invisible marks do not. A word in which the script changes is
// kept whole: somebody mixed look-alike letters (see lookAlike).
func words(s string) []word {
	var out []word
	var text, accented []rune
	flush := func() {
		if len(text) > 0 && len(out) < maxWords {
			out = append(out, finish(text, accented))
		}
		text, accented = text[:0], accented[:0]
	}
	// NFKC first, so that presentation forms and full-width letters are the plain
	// ones; bytes that are not UTF-8 become U+FFFD and part words.
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(clip(s), "\uFFFD")) {
		r = unicode.ToLower(r)
		switch {
		case joins(r):
		case unicode.IsLetter(r) && len(text) < maxRunes:
			accented = append(accented, r)
			text = appendBare(text, r)
		case unicode.IsLetter(r), unicode.Is(unicode.Mn, r):
		case unicode.Is(unicode.Nd, r) && len(text) < maxRunes:
			d := '0' + rune(digitValue(r))
			text, accented = append(text, d), append(accented, d)
		case unicode.Is(unicode.Nd, r):
		default:
			flush()
		}
	}
	flush()
	return out
}

// clip cuts a text that is far too long for a name, so that what is not a name is
// not slow. Four bytes are the longest rune.
func clip(s string) string {
	const most = maxWords * (maxRunes + 1) * 4
	if len(s) > most {
		return s[:most]
	}
	return s
}

func finish(text, accented []rune) word {
	text = lookAlike(text)
	w := word{text: string(text), accented: string(accented)}
	w.script = Script(w.text)
	w.letters = spellWord(lookAlike(accented), w.script)
	w.particle = particles[w.text]
	w.special = w.particle != notParticle || servants[w.text] || secondHalves[w.text]
	if w.script == Cyrillic || w.script == Arabic {
		w.accented = w.text
	}
	return w
}

// joins says whether a character is written inside a word without being a letter:
// apostrophes, half rings, the tatweel, marks of direction and width.
func joins(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʻ', 'ʿ', 'ʾ', '`', '´', 'ʹ', 'ʺ', '″', '′', 'ـ', 'ъ', 'ь', 'ӏ', 'Ӏ', 'ء':
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// digitValue gives the value of a decimal digit of any script: they stand in runs
// of ten that begin with zero.
func digitValue(r rune) int {
	n := 0
	for n < 9 && unicode.Is(unicode.Nd, r-rune(n)-1) {
		n++
	}
	// Runs that follow each other directly (mathematical digits) are apart by ten.
	return n % 10
}

// Numerals writes the decimal digits of every script as 0 to 9, and leaves the rest.
func Numerals(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Nd, r) {
			return '0' + rune(digitValue(r))
		}
		return r
	}, text)
}

// appendBare is bare without a slice for the letters that names are mostly made of.
func appendBare(to []rune, r rune) []rune {
	if 'a' <= r && r <= 'z' || 'а' <= r && r <= 'я' && r != 'й' || 'ب' <= r && r <= 'غ' || 'ف' <= r && r <= 'ن' {
		return append(to, r)
	}
	return append(to, bare(r)...)
}

// bare gives a letter without accents, and one letter for its variants.
func bare(r rune) []rune {
	if s, ok := variants[r]; ok {
		return []rune(s)
	}
	if r < 0x80 {
		return []rune{r}
	}
	var out []rune
	for _, d := range norm.NFKD.String(string(r)) {
		if unicode.Is(unicode.Mn, d) {
			continue
		}
		if s, ok := variants[d]; ok {
			out = append(out, []rune(s)...)
		} else {
			out = append(out, d)
		}
	}
	return out
}

// variants are letters that decompose into nothing simpler and are another
// writer's form of a plain one.
var variants = map[rune]string{
	// Latin
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ə': "a", 'ŋ': "n", 'ħ': "h",
	// Cyrillic outside Russian, by the Russian letter that Russian papers give
	'і': "и", 'ј': "и", 'є': "е", 'ґ': "г", 'ѣ': "е", 'ә': "а", 'ө': "о", 'ү': "у", 'ұ': "у", 'қ': "к", 'ҡ': "к",
	'ғ': "г", 'ҳ': "х", 'һ': "х", 'ҷ': "дж", 'җ': "дж", 'џ': "дж", 'ђ': "дж", 'ң': "н", 'њ': "н", 'љ': "л", 'ћ': "ч", 'ҙ': "з", 'ҫ': "с",
	// Arabic and Persian
	'ٱ': "ا", 'ى': "ى", 'ی': "ي", 'ې': "ي", 'ے': "ي", 'ک': "ك", 'ڪ': "ك", 'ہ': "ه", 'ھ': "ه", 'ە': "ه", 'ۀ': "ه", 'ۆ': "و", 'ێ': "ي", 'ڵ': "ل", 'ڕ': "ر",
}

// lookAlike writes a word in the script of most of its letters when the others
// are only their doubles: a Latin "A" in a Cyrillic Аминат.
func lookAlike(text []rune) []rune {
	latin, cyrillic := 0, 0
	for _, r := range text {
		switch scriptOf(r) {
		case Latin:
			latin++
		case Cyrillic:
			cyrillic++
		}
	}
	if latin == 0 || cyrillic == 0 {
		return text
	}
	doubles := toCyrillic
	if latin > cyrillic {
		doubles = toLatin
	}
	for i, r := range text {
		if d, ok := doubles[r]; ok {
			text[i] = d
		}
	}
	return text
}

// The lower-case letters that look alike (Unicode confusables, the part that a
// keyboard in the other layout produces).
var (
	toCyrillic = map[rune]rune{'a': 'а', 'b': 'в', 'c': 'с', 'e': 'е', 'h': 'н', 'i': 'и', 'k': 'к', 'm': 'м', 'o': 'о', 'p': 'р', 't': 'т', 'x': 'х', 'y': 'у'}
	toLatin    = func() map[rune]rune {
		m := map[rune]rune{}
		for l, c := range toCyrillic {
			m[c] = l
		}
		return m
	}()
)
