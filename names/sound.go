package names

import (
	"strings"
	"unicode"
)

// The alphabet of sounds is lower-case Latin with a capital for each sound that
// Latin spellings write with several letters: C ch, S sh and shch, Z zh, J j as in
// Jamila (дж), T ts. Kh and h are both h, q and k are k, w and v are v, y is i.

var cyrillicSounds = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "Z", 'з': "z", 'и': "i", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "T", 'ч': "C", 'ш': "S",
	'щ': "S", 'ы': "i", 'э': "e", 'ю': "iu", 'я': "ia",
}

// Arabic letters. The emphatic ones are read as Russian and European papers read
// them: ض is d or z (Ramadan, Рамазан), ث is s or t (Усман, Uthman); the second
// reading is in otherSkeleton.
var arabicSounds = map[rune]string{
	'ا': "a", 'ب': "b", 'ت': "t", 'ث': "s", 'ج': "J", 'ح': "h", 'خ': "h", 'د': "d", 'ذ': "z", 'ر': "r", 'ز': "z", 'س': "s",
	'ش': "S", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "", 'غ': "g", 'ف': "f", 'ق': "k", 'ك': "k", 'ل': "l", 'م': "m",
	'ن': "n", 'ه': "h", 'ة': "a", 'ى': "a", 'ي': "i", 'پ': "p", 'چ': "C", 'ژ': "Z", 'گ': "g", 'ڤ': "v", 'ڭ': "g",
}

func cyrillicSound(text string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(text, "дж", "j") {
		switch {
		case r == 'j':
			b.WriteByte('J')
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteString(cyrillicSounds[r])
		}
	}
	return smooth(b.String())
}

// arabicSound reads a word without its article. Waw is v at the beginning and
// beside an alef (ولید, حواء), a vowel elsewhere; a heh at the end is read as the
// teh marbuta that it often stands for (فاطمه), as the h after the last vowel of a
// Latin spelling is dropped.
func arabicSound(text string) string {
	letters := []rune(text)
	if len(letters) > 4 && letters[0] == 'ا' && letters[1] == 'ل' {
		letters = letters[2:]
	}
	var b strings.Builder
	for i, r := range letters {
		switch {
		case r == 'و' && (i == 0 || letters[i-1] == 'ا' || i+1 < len(letters) && letters[i+1] == 'ا'):
			b.WriteByte('v')
		case r == 'و':
			b.WriteByte('u')
		case r == 'ه' && i > 1 && i == len(letters)-1:
			b.WriteByte('a')
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteString(arabicSounds[r])
		}
	}
	return smooth(b.String())
}

// latinSpellings are read from the left, the longest first. Each is a spelling of
// one of the romanizations named in the package's doc, or a German, French,
// English, Turkish or South Slavic one.
var latinSpellings = func() map[int]map[string]string {
	table := map[string]string{
		"schtsch": "S", "shch": "S", "tsch": "C", "dsch": "J", "stsh": "S", "tch": "C", "dzh": "J", "sch": "S", "sh": "S", "zh": "Z",
		"kh": "h", "ch": "C", "ph": "f", "th": "t", "gh": "g", "dh": "d", "dj": "J", "ts": "T", "tz": "T", "ck": "k", "cz": "C", "sz": "S",
		"ou": "u", "oo": "u", "ee": "i", "ya": "ia", "yu": "iu", "ye": "e", "je": "e",
		"č": "C", "ć": "C", "ç": "C", "š": "S", "ş": "S", "ș": "S", "ŝ": "S", "ž": "Z", "ğ": "g", "ĝ": "g", "ẖ": "h", "ö": "o", "ü": "u", "ä": "a",
		"x": "ks", "q": "k", "w": "v", "y": "i", "ə": "a", "ı": "i",
	}
	byLength := map[int]map[string]string{}
	for spelling, sound := range table {
		n := len([]rune(spelling))
		if byLength[n] == nil {
			byLength[n] = map[string]string{}
		}
		byLength[n][spelling] = sound
	}
	return byLength
}()

func latinSound(text string) string {
	letters := []rune(text)
	var b strings.Builder
	for i := 0; i < len(letters); {
		n := spelling(letters[i:], &b)
		if n == 0 {
			b.WriteString(latinLetter(letters, i))
			n = 1
		}
		i += n
	}
	return smooth(b.String())
}

// spelling writes the sound of the longest known spelling at the start of letters
// and gives its length, 0 when there is none.
func spelling(letters []rune, b *strings.Builder) int {
	for n := min(7, len(letters)); n > 0; n-- {
		if s, ok := latinSpellings[n][string(letters[:n])]; ok {
			b.WriteString(s)
			return n
		}
	}
	return 0
}

// latinLetter reads one letter: c and j depend on their neighbours, accents that
// no spelling names are dropped, other scripts are kept as they are.
func latinLetter(letters []rune, i int) string {
	r := letters[i]
	before, after := rune(0), rune(0)
	if i > 0 {
		before = letters[i-1]
	}
	if i+1 < len(letters) {
		after = letters[i+1]
	}
	switch {
	case r == 'c' && strings.ContainsRune("eiy", after) && after != 0:
		return "s"
	case r == 'c':
		return "k"
	case r == 'j' && i > 0 && isVowel(before) != isVowel(after):
		return "i" // Tatjana, Sergej; elsewhere it is the j of Jamila
	case r == 'j':
		return "J"
	case r < 0x80:
		return string(r)
	case unicode.Is(unicode.Latin, r):
		return string(bare(r))
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillicSounds[r]
	case unicode.Is(unicode.Arabic, r):
		return arabicSounds[r]
	}
	return string(r)
}

func isVowel(r rune) bool {
	return strings.ContainsRune("aeiouyáéíóúàèìòùâêîôûäöü", r) && r != 0
}

// smooth takes out what spellings of one sound still differ in: a letter written
// twice, ie for e, an f for the v at the end of -ov, an h after the last vowel.
func smooth(s string) string {
	s = strings.ReplaceAll(s, "ie", "e")
	var b strings.Builder
	last := rune(-1)
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	s = b.String()
	for _, end := range [][2]string{{"of", "ov"}, {"ef", "ev"}, {"ah", "a"}, {"eh", "e"}} {
		if len(s) > 3 && strings.HasSuffix(s, end[0]) {
			return strings.TrimSuffix(s, end[0]) + end[1]
		}
	}
	return s
}

// endings are taken off a sound, the first that fits: patronymics, which leave the
// father's name; gendered surnames, which leave the masculine one; the weak -t of
// Аминат. At least three sounds stay.
var endings = [][2]string{
	{"ovna", ""}, {"evna", ""}, {"oviC", ""}, {"eviC", ""}, {"iniCna", "a"}, // patronymics: the first five
	{"ova", "ov"}, {"eva", "ev"}, {"skaia", "ski"}, {"Tkaia", "Tki"}, {"aia", "i"},
	{"iat", "ia"}, {"at", "a"}, {"et", "e"},
}

const patronymics = 5

func stem(sound string) (stem string, patronymic bool) {
	for i, e := range endings {
		if base, ok := strings.CutSuffix(sound, e[0]); ok && len(base) >= 3 {
			return base + e[1], i < patronymics
		}
	}
	return sound, false
}

// classes put consonants together that one name is often written with: g for h in
// Dagestan, j and zh.
var classes = map[rune]rune{'g': 'h', 'Z': 'J', 'w': 'v'}

// skeleton gives the consonants. A word of vowels has none.
func skeleton(sound string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range sound {
		if strings.ContainsRune("aeiou", r) {
			continue
		}
		if c, ok := classes[r]; ok {
			r = c
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// otherSkeleton is the second reading of a word that has one: German ch and j,
// Arabic waw as a consonant, ض as z, ث as t, ف as the v that Arabic does not have.
func otherSkeleton(p Part, w word) string {
	other := ""
	if w.script == Arabic {
		second := strings.NewReplacer("ض", "ز", "ث", "ت", "و", "ڤ", "ف", "ڤ").Replace(w.text)
		if second == w.text {
			return ""
		}
		bare, _ := stem(arabicSound(second))
		other = skeleton(bare)
	} else if strings.ContainsAny(p.Stem, "CJ") {
		other = skeleton(strings.NewReplacer("C", "h", "J", "i").Replace(p.Stem))
	}
	if other == p.Skeleton {
		return ""
	}
	return other
}
