package names

import "strings"

// # Letters
//
// Below the readable levels of a name (fold, sound, skeleton) lies a finer one: each
// word as a string of letters of its own script, where what one sound is spelled
// with is one letter (sh, tsch, дж, تش). The letters of the three scripts are
// disjoint, so that one table (costs.tsv) can say how probable it is that who meant
// a Cyrillic х has written a Latin kh, h, ch or x, or an Arabic خ. Nothing is
// decided by reading; what is ambiguous stays so until two words are compared.

// letter is a letter of one of the three alphabets below; 0 is none.
type letter = uint8

// maxLetters bounds what is compared of one word.
const maxLetters = 24

// alphabets name the letters, each with the sounds it may stand for, the most usual
// first. Sounds are one character each: S ш, Z ж, C ч, J дж, T ц, h also х; "-" is
// silence. They only start the learning of costs and name the class of the letter
// (see bones); what is rare is found by the learning.
var alphabets = [3]string{
	Latn: "a:a b:bp c:kTsJC d:d e:e f:fv g:ghJ h:h- i:i j:ijJZ k:k l:l m:m n:n o:o p:p q:kg r:r s:sz t:t u:u v:v w:vuS x:hk y:ij z:zT " +
		"ä:ea ö:oe ü:ui ə:ae ç:CsJ ğ:gj sh:S ch:CShk tch:C zh:Z kh:hk gh:gh th:ts dh:dz ts:T dj:J shch:SC ou:uo ks:k cz:TC 2:- 3:-a 4:C 5:h 6:tS 7:h 8:gk 9:ks ?0: ?1: ?2: ?3: ?4: ?5: ?6: ?7:",
	Cyrl: "а:a б:bp в:vf г:gh д:d е:ej ж:ZJ з:z и:i й:ji к:k л:l м:m н:n о:oa п:p р:r с:s т:t у:uv ф:f х:h ц:T ч:C ш:S щ:SC ы:i э:e ё:oe дж:J кс:k",
	Arab: "ا:a ب:bp ت:t ث:st ج:Jg ح:h خ:h د:d ذ:zd ر:r ز:z س:s ش:S ص:s ض:dz ط:t ظ:zd ع:-a غ:gh ف:fv ق:kg ك:kg ل:l م:m ن:n ه:ha و:uov ي:iej ى:ai ة:aet " +
		"پ:p چ:C ژ:Z گ:g ڤ:v ە:ea ۆ:o ێ:e تس:T دج:J كس:k",
}

// The scripts as indices of tables.
const (
	Latn = iota
	Cyrl
	Arab
)

// spelled is a letter as the tables write it.
type spelled struct {
	name   string
	script uint8
	sounds string
}

// letters are all letters, by number.
var letters = func() []spelled {
	all := []spelled{{}}
	for script, list := range alphabets {
		for entry := range strings.FieldsSeq(list) {
			name, sounds, _ := strings.Cut(entry, ":")
			all = append(all, spelled{name: name, script: uint8(script), sounds: sounds})
		}
	}
	return all
}()

// numLetters is the size of the tables over letters: the alphabets hold fewer.
const numLetters = 144

// numberOf finds a letter by its name.
var numberOf = func() map[string]letter {
	m := map[string]letter{}
	for i, l := range letters {
		m[l.name] = letter(i)
	}
	return m
}()

// spellings are what is read as one letter, or as two, from the longest; each
// belongs to a romanization named in the package's doc, or to German, French,
// English, Polish, Turkish, Azerbaijani, Uzbek or Kurdish usage.
var spellings = [3]map[string]string{
	Latn: {
		"schtsch": "shch", "schtch": "shch", "chtch": "shch", "shch": "shch", "shh": "shch", "stsh": "shch", "szcz": "shch", "šč": "shch", "ŝ": "shch",
		"tsch": "tch", "tch": "tch", "č": "tch", "ć": "tch", "tš": "tch", "ĉ": "tch", "ç": "ç",
		"dsch": "dj", "dzh": "dj", "dž": "dj", "dj": "dj", "dż": "dj", "ǧ": "dj", "ǰ": "dj",
		"sch": "sh", "sh": "sh", "sz": "sh", "š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "ŝh": "sh",
		"zh": "zh", "ž": "zh", "ż": "zh", "ẑ": "zh", "kh": "kh", "ḫ": "kh", "ẖ": "kh", "ĥ": "kh", "ḥ": "h", "ħ": "h",
		"gh": "gh", "ġ": "gh", "ğ": "ğ", "ĝ": "gh", "ch": "ch", "th": "th", "ṯ": "th", "dh": "dh", "ḏ": "dh", "ph": "f",
		"ts": "ts", "tz": "ts", "tc": "ts", "ț": "ts", "ţ": "ts", "ck": "k", "cq": "k", "cc": "k", "qu": "k", "gue": "g e", "gui": "g i",
		"cz": "cz", "ks": "ks", "cks": "ks", "ou": "ou", "oo": "ou", "ee": "i", "aa": "a", "œ": "ö", "æ": "ä", "ø": "ö", "ß": "s",
		"ö": "ö", "ü": "ü", "ä": "ä", "ə": "ə", "ı": "i", "ŭ": "u", "û": "u", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ñ": "n",
		"yy": "i", "ij": "i", "iy": "i", "ii": "i", "yi": "i", "yj": "i", "ww": "v",
	},
	Cyrl: {
		"дж": "дж", "җ": "дж", "ҷ": "дж", "џ": "дж", "ђ": "дж", "ћ": "ч", "кс": "кс", "тс": "ц", "тц": "ц", "ю": "й у", "я": "й а", "ий": "и", "ый": "ы", "ии": "и",
		"ә": "а", "ө": "о", "ү": "у", "ұ": "у", "қ": "к", "ҡ": "к", "ғ": "г", "ҳ": "х", "һ": "х", "ң": "н", "ў": "у", "і": "и", "ї": "й и", "ј": "й", "є": "е", "ґ": "г",
		"ѣ": "е", "њ": "н", "љ": "л", "ҙ": "з", "ҫ": "с", "ӣ": "и", "ӯ": "у", "аь": "а", "оь": "о", "уь": "у", "гъ": "г", "хъ": "к", "къ": "к", "хь": "х", "кх": "к",
	},
	Arab: {
		"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "تش": "چ", "تس": "تس", "دج": "دج", "كس": "كس", "كچ": "چ", "ی": "ي", "ې": "ي", "ے": "ي",
		"ک": "ك", "ڪ": "ك", "ہ": "ه", "ھ": "ه", "ۀ": "ة", "ڵ": "ل", "ڕ": "ر", "ڭ": "گ", "ݣ": "گ", "ڨ": "گ", "ۋ": "ڤ", "وو": "و", "يي": "ي", "اا": "ا",
	},
}

// reading is a spelling, with the letters as which it is read.
type reading struct {
	runes   []rune
	letters []letter
}

// readings are the spellings of a script by their first rune, the longest first.
var readings = func() (tables [3]map[rune][]reading) {
	for script := range tables {
		tables[script] = map[rune][]reading{}
		add := func(spelling, names string) {
			r := reading{runes: []rune(spelling)}
			for name := range strings.FieldsSeq(names) {
				n, ok := numberOf[name]
				if !ok {
					panic("names: no letter " + name)
				}
				r.letters = append(r.letters, n)
			}
			list := append(tables[script][r.runes[0]], r)
			for i := len(list) - 1; i > 0 && len(list[i].runes) > len(list[i-1].runes); i-- {
				list[i], list[i-1] = list[i-1], list[i]
			}
			tables[script][r.runes[0]] = list
		}
		for _, l := range letters {
			if int(l.script) == script && len([]rune(l.name)) == 1 {
				add(l.name, l.name)
			}
		}
		for s, names := range spellings[script] {
			if len([]rune(s)) > 1 || numberOf[s] == 0 {
				add(s, names)
			}
		}
	}
	return tables
}()

// spell reads a folded word into letters. A letter written twice is read once, also
// in Arabic, where it may be spoken twice (ممدوح, Mamduh): a slip of the finger is
// more frequent.
func spell(runes []rune, script uint8, into []letter) []letter {
	table := readings[script]
	for i := 0; i < len(runes) && len(into) < maxLetters; {
		n := 1
		for _, r := range table[runes[i]] {
			if begins(runes[i:], r.runes) {
				n = len(r.runes)
				for _, l := range r.letters {
					if len(into) == 0 || into[len(into)-1] != l {
						into = append(into, l)
					}
				}
				break
			}
		}
		if unread := n == 1 && len(table[runes[i]]) == 0; unread {
			into = append(into, foreign+letter(runes[i]%8))
		}
		i += n
	}
	return into
}

// foreign is the first of eight letters that stand for those of other scripts, so
// that a Georgian name is at least like itself.
var foreign = numberOf["?0"]

func begins(runes, with []rune) bool {
	if len(runes) < len(with) {
		return false
	}
	for i, r := range with {
		if runes[i] != r {
			return false
		}
	}
	return true
}

// spellWord reads a word into letters and settles what its ends leave open: a
// final h after a vowel is not spoken (Fatimah), a final Arabic heh is mostly a
// teh marbuta without its dots, and an alef before a long vowel at the beginning
// only carries it (إيفان, أولغا).
func spellWord(runes []rune, script ScriptName) []letter {
	at := Latn
	switch script {
	case Cyrillic:
		at = Cyrl
	case Arabic:
		at = Arab
	}
	l := spell(runes, uint8(at), make([]letter, 0, min(len(runes)+2, maxLetters+2)))
	n := len(l)
	switch {
	case n > 2 && at == Latn && l[n-1] == letterH && vowel[l[n-2]]:
		l = l[:n-1]
	case n > 2 && at == Arab && l[n-1] == letterHeh:
		l[n-1] = letterTehMarbuta
	}
	l = assimilate(l)
	if len(l) > 2 && at == Arab && l[0] == letterAlef && (l[1] == letterWaw || l[1] == letterYa) {
		l = l[1:]
	}
	return l
}

// assimilate takes out the l that is written and not spoken before a sun letter:
// عبد الرحمن is Abdurrahman.
func assimilate(l []letter) []letter {
	if len(l) < 6 || !sunLetter[l[5]] && !sunLetter[l[4]] || sounding[l[0]]&soundsAyn == 0 || sounding[l[1]]&soundsB == 0 || sounding[l[2]]&soundsD == 0 {
		return l
	}
	for at := 3; at <= 4; at++ {
		if sounding[l[at]]&soundsL != 0 && sunLetter[l[at+1]] && (at == 3 || vowel[l[3]]) {
			return append(l[:at], l[at+1:]...)
		}
	}
	return l
}

// sunLetter are the letters that swallow the l of the article.
var sunLetter = func() (s [numLetters]bool) {
	for i, l := range letters {
		s[i] = l.sounds != "" && strings.IndexByte("dtszSrn", l.sounds[0]) >= 0
	}
	return s
}()

// Letters that rules name.
var (
	letterH          = numberOf["h"]
	letterHeh        = numberOf["ه"]
	letterTehMarbuta = numberOf["ة"]
	letterAlef       = numberOf["ا"]
	letterWaw        = numberOf["و"]
	letterYa         = numberOf["ي"]
)

// vowel says which letters are first of all vowels.
var vowel = func() (v [numLetters]bool) {
	for i, l := range letters {
		v[i] = l.sounds != "" && strings.ContainsRune("aeiou", rune(l.sounds[0]))
	}
	return v
}()

// scriptOfLetter is the alphabet of each letter.
var scriptOfLetter = func() (s [numLetters]uint8) {
	for i, l := range letters {
		s[i] = l.script
	}
	return s
}()

// Letter is a letter as the learning of costs sees it.
type Letter struct {
	Name   string
	Script int    // Latn, Cyrl or Arab
	Sounds string // that it may stand for, the most usual first
}

// Letters are all letters; the place of a letter is its number, 0 is none.
func Letters() []Letter {
	all := make([]Letter, len(letters))
	for i, l := range letters {
		all[i] = Letter{Name: l.name, Script: int(l.script), Sounds: l.sounds}
	}
	return all
}

// Spell reads one word into numbers of letters.
func Spell(word string) []uint8 {
	for _, w := range words(word) {
		return w.letters
	}
	return nil
}
