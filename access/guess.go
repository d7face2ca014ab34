package access

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// How much of a password is not guessed first is counted in signs. What a guesser
// tries first counts less than its letters:
//
//	password, любовь, ghbdtn      a word of the list, also typed on the wrong keyboard: 2
//	p@ssw0rd                      the same with signs for letters: 2
//	qwertyuiop, 4567, zyx         a run of keys, digits or letters, either way: 1
//	aaaa, abcabc                  what stood just before, again: 1
//	1985, 13102019                a year, a date: 2
//	homeward, the user's name     the office's own words: 1
//	spaces, dashes, dots, commas  nothing
//
// The cheapest way to put the password together counts. Four words of the list
// are enough (minWorth), and so are two of them with some letters of one's own.
const minWorth = 8

const (
	worthWord = 2
	worthRun  = 1
	worthOwn  = 1
	// longestWord is longer than the words of the list and than most names.
	longestWord = 48
)

// commonWords is a list written for this house: what people in English, Russian
// and Arabic choose, and famous examples of pass phrases. A line that begins with
// # is a heading.
//
//go:embed words.txt
var commonWords string

// common is the list as it is looked up, with what the Cyrillic words look like on
// a keyboard set to Latin, and in Latin letters.
var common = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool, 4096)
	for line := range strings.Lines(commonWords) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for word := range strings.FieldsSeq(line) {
			plain := squeeze(word)
			m[plain] = true
			if strings.ContainsFunc(plain, isCyrillic) {
				m[squeeze(wrongKeyboard.Replace(plain))] = true
				m[inLatin.Replace(plain)] = true
			}
		}
	}
	return m
})

func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

var wrongKeyboard = strings.NewReplacer(pairs("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")...)

var inLatin = strings.NewReplacer("щ", "shch", "ж", "zh", "х", "kh", "ц", "ts", "ч", "ch", "ш", "sh", "ю", "yu", "я", "ya", "ё", "yo", "ъ", "", "ь", "",
	"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "з", "z", "и", "i", "й", "y", "к", "k", "л", "l", "м", "m", "н", "n", "о", "o",
	"п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "ы", "y", "э", "e")

func pairs(from, to string) []string {
	var both []string
	letters := []rune(to)
	for i, r := range []rune(from) {
		both = append(both, string(r), string(letters[i]))
	}
	return both
}

// rows are what fingers run along, forwards and back.
var rows = []string{
	"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
	"абвгдежзийклмнопрстуфхцчшщъыьэюя", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "٠١٢٣٤٥٦٧٨٩",
	"!@#$%^&*()",
}

// runs holds every stretch of three of a row, in both directions.
var runs = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, row := range rows {
		letters := []rune(row)
		for i := range len(letters) - 2 {
			a, b, c := letters[i], letters[i+1], letters[i+2]
			m[string([]rune{a, b, c})], m[string([]rune{c, b, a})] = true, true
		}
	}
	return m
})

// unleet undoes the signs people put for letters.
var unleet = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g', '@': 'a', '$': 's', '!': 'i', '|': 'l', '+': 't'}

// ownWords are words that count least: the office's and the user's own.
type ownWords map[string]bool

func newOwnWords(words []string) ownWords { return ownWords{}.with(words...) }

// with adds each of the words, and the words that they consist of.
func (o ownWords) with(words ...string) ownWords {
	all := ownWords{}
	for w := range o {
		all[w] = true
	}
	for _, text := range words {
		for _, w := range append(strings.FieldsFunc(text, notLetter), text) {
			if w = squeeze(w); len([]rune(w)) >= 3 {
				all[w] = true
			}
		}
	}
	return all
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// squeeze gives the small letters of a text without what separates words.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-_.,", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// worth gives the signs that the cheapest way to put the password together takes.
func (o ownWords) worth(password string) int {
	plain := []rune(squeeze(password))
	letters := make([]rune, len(plain))
	for i, r := range plain {
		if letters[i] = r; unleet[r] != 0 {
			letters[i] = unleet[r]
		}
	}
	least := make([]int, len(plain)+1) // least[i] is the worth of the first i signs
	for to := 1; to <= len(plain); to++ {
		least[to] = least[to-1] + 1
		for from := to - 1; from >= 0; from-- {
			if cost, known := o.piece(plain, letters, from, to); known {
				least[to] = min(least[to], least[from]+cost)
			}
		}
	}
	return least[len(plain)]
}

// piece says what a stretch counts when a guesser would try it as one.
func (o ownWords) piece(plain, letters []rune, from, to int) (cost int, known bool) {
	if isRun(plain[from:to]) || isAgain(plain, from, to) {
		return worthRun, true
	}
	if to-from > longestWord {
		return 0, false
	}
	text, read := string(plain[from:to]), string(letters[from:to])
	switch {
	case o[text] || o[read]:
		return worthOwn, true
	case common()[text] || common()[read] || isDate(text):
		return worthWord, true
	}
	return 0, false
}

func isRun(letters []rune) bool {
	for i := range len(letters) - 2 {
		if !runs()[string(letters[i:i+3])] {
			return false
		}
	}
	return len(letters) >= 3
}

// isAgain says whether a stretch of three or more repeats the signs just before.
func isAgain(letters []rune, from, to int) bool {
	if to-from < 3 {
		return false
	}
	for period := 1; period <= from; period++ {
		if slices.Equal(letters[from:to], letters[from-period:to-period]) {
			return true
		}
	}
	return false
}

// isDate knows years from 1900 to 2099 and days written with eight or six digits.
func isDate(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	year := func(t string) bool { return t >= "1900" && t <= "2099" }
	day := func(t string) bool { return t[:2] >= "01" && t[:2] <= "31" && t[2:] >= "01" && t[2:] <= "31" }
	switch len(text) {
	case 4:
		return year(text)
	case 6:
		return day(text[:4]) || day(text[2:])
	case 8:
		return year(text[:4]) && day(text[4:]) || year(text[4:]) && day(text[:4])
	}
	return false
}
