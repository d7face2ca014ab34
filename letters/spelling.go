package letters

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	spelled "homeward/names"
)

// How a name may stand in a text. It is found word by word, since a text says
// "Магомедовой" or only "Патимат":
//
//   - in the cases of Russian, with the prefixes of Arabic, with the English 's;
//   - in another script or spelling, as homeward/names reads it;
//   - in pieces: П а т и м а т, Па-ти-мат, with signs that nobody sees between;
//   - in letters that only look like those of the name, or with digits for letters;
//   - grown together with another word.
//
// Words of kinship are nobody's name: a speaker who is called "мать" keeps no word
// out of a letter.

// nameSet are words of names, ready to be looked for.
type nameSet struct {
	bases   map[string]bool // folded, without a last vowel: what a case ending hangs on
	sounds  map[string]bool // sounds and stems, in whatever script
	parts   []spelled.Part
	longest int // letters
}

// add takes the words of a name.
func (n *nameSet) add(name string) {
	for _, w := range pieces(name) {
		for _, p := range spelled.Read(w).Parts {
			if !p.Particle && utf8.RuneCountInString(p.Fold) >= shortest && !kinWord(p.Fold) {
				n.word(p)
			}
		}
	}
}

func (n *nameSet) word(p spelled.Part) {
	if n.bases == nil {
		n.bases, n.sounds = map[string]bool{}, map[string]bool{}
	}
	if n.bases[p.Fold] {
		return
	}
	n.parts = append(n.parts, p)
	n.longest = max(n.longest, utf8.RuneCountInString(p.Fold))
	n.bases[p.Fold] = true
	for _, ending := range []string{"ии", "ыи", "ая", "а", "я", "о", "е", "ы", "и", "у", "ю"} {
		if base := strings.TrimSuffix(p.Fold, ending); base != p.Fold && utf8.RuneCountInString(base) >= 2 {
			n.bases[base] = true
			break
		}
	}
	n.sounds[p.Sound] = true
	if len(p.Stem) > 2 {
		n.sounds[p.Stem] = true
	}
}

// endings are those of the Russian cases and of possessives, as they look folded (й
// is и, ь is nothing), and the English one.
var endings = strings.Fields("а у е ы и я ю о аи еи ои ою ею ом ем ам ям ами ями ах ях ов ев ых их ым им ыми ими ого его ому ему ую юю ая яя ое ее ии ыи " +
	"ин ина ину ины ином инои ине ова ову ове овои овы овым овых s")

// prefixes are what Arabic writes in one with the word after it.
var prefixes = []string{"و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "ول", "وب"}

// in says whether a text holds one of the names that is none of the cleared ones.
func (n *nameSet) in(text string, cleared *nameSet) bool {
	if len(n.parts) == 0 {
		return false
	}
	known := map[string]bool{}
	for _, version := range []string{text, lettered(text, russianDigits), lettered(text, englishDigits)} {
		words := pieces(version)
		for i := range words {
			if n.grown(cleared.cut(words[i])) {
				return true
			}
			whole := ""
			for _, w := range words[i:] {
				whole += w
				if utf8.RuneCountInString(whole) > n.longest+4 {
					break
				}
				if _, done := known[whole]; !done {
					known[whole] = n.like(whole, cleared)
				}
				if known[whole] {
					return true
				}
			}
		}
	}
	return false
}

// like says whether a word may be one of the names, and is none of the cleared.
func (n *nameSet) like(word string, cleared *nameSet) bool {
	seen := looks(word)
	if slices.ContainsFunc(seen, cleared.same) {
		return false
	}
	return slices.ContainsFunc(seen, func(w string) bool { return n.same(w) || n.near(w) })
}

// looks are a word and the words of the other alphabet that look like it, letter for
// letter.
func looks(word string) []string {
	word = spelled.Fold(word)
	all := []string{word}
	for _, as := range []struct {
		table  map[rune]rune
		script *unicode.RangeTable
	}{{cyrillic, unicode.Cyrillic}, {latin, unicode.Latin}} {
		other := strings.Map(func(r rune) rune {
			if unicode.Is(as.script, r) {
				return r
			}
			return as.table[r]
		}, word)
		if other != word && !strings.ContainsRune(other, 0) {
			all = append(all, other)
		}
	}
	return all
}

// same says whether a word is one of the names, in some form of it.
func (n *nameSet) same(word string) bool {
	if utf8.RuneCountInString(word) < shortest || kinWord(word) {
		return false
	}
	for _, form := range forms(word) {
		if n.bases[form] && utf8.RuneCountInString(form) >= 2 {
			return true
		}
		if utf8.RuneCountInString(form) < shortest {
			continue
		}
		for _, p := range spelled.Read(form).Parts {
			if n.sounds[p.Sound] || len(p.Stem) > 2 && n.sounds[p.Stem] {
				return true
			}
		}
	}
	return false
}

// forms are a word as it stands and what it may be a form of. A Russian word without
// its ending may have had a vowel there.
func forms(word string) []string {
	all := []string{word}
	for _, e := range endings {
		if base := strings.TrimSuffix(word, e); base != word && base != "" {
			all = append(all, base)
			if utf8.RuneCountInString(base) >= shortest && e != "s" {
				all = append(all, base+"а")
			}
		}
	}
	return append(all, unprefixed(word)...)
}

// unprefixed are what an Arabic word may be without what is written in one with it.
func unprefixed(word string) []string {
	var all []string
	for _, p := range prefixes {
		if rest := strings.TrimPrefix(word, p); rest != word && utf8.RuneCountInString(rest) >= shortest {
			all = append(all, rest)
		}
	}
	return all
}

// near says whether a word is spelled nearly as one of the names, or sounds nearly so
// in another script. The shorter a word, the more must agree: the figures part the
// names from the plain words of the three languages in the tests.
func (n *nameSet) near(word string) bool {
	for _, form := range append([]string{word}, unprefixed(word)...) {
		for _, p := range spelled.Read(form).Parts {
			if !p.Particle && slices.ContainsFunc(n.parts, func(q spelled.Part) bool { return nearly(p, q) }) {
				return true
			}
		}
	}
	return false
}

func nearly(p, q spelled.Part) bool {
	letters := min(len(p.Word.Letters()), len(q.Word.Letters()))
	if letters < shortest {
		return false
	}
	score, _ := spelled.Alike(p, q)
	a, b := p.Word.Script(), q.Word.Script()
	switch {
	case a == b:
		return letters >= 6 && score >= 0.9
	case a != spelled.Arab && b != spelled.Arab && letters < 6:
		return score >= 0.95 // both write their vowels
	}
	return score >= 0.9 || letters >= 4 && score >= 0.85 || letters >= 6 && score >= 0.8
}

// grownFrom is how long a name must be to be looked for inside a word.
const grownFrom = 6

// grown says whether a long name stands inside a word.
func (n *nameSet) grown(word string) bool {
	for base := range n.bases {
		if utf8.RuneCountInString(base) >= grownFrom && strings.Contains(word, base) {
			return true
		}
	}
	return false
}

// cut is a word without the long names in it.
func (n *nameSet) cut(word string) string {
	for base := range n.bases {
		if utf8.RuneCountInString(base) >= grownFrom {
			word = strings.ReplaceAll(word, base, " ")
		}
	}
	return word
}

// pieces are the runs of letters of a text. A small letter and a capital after it are
// parted.
func pieces(text string) []string {
	var all []string
	var run []rune
	end := func() {
		all = append(all, strings.Fields(spelled.Fold(string(run)))...)
		run = run[:0]
	}
	for _, r := range visible(text) {
		switch {
		case unicode.Is(unicode.M, r) || softer[r]:
		case !unicode.IsLetter(r) || len(run) >= 40:
			end()
			if unicode.IsLetter(r) {
				run = append(run, r)
			}
		default:
			if len(run) > 0 && unicode.IsUpper(r) && unicode.IsLower(run[len(run)-1]) {
				end()
			}
			run = append(run, r)
		}
	}
	end()
	return all
}

// softer are signs within a word that are no letters of it.
var softer = map[rune]bool{'\'': true, '’': true, '‘': true, 'ʼ': true, '`': true, '´': true, 'ـ': true}

// visible is a text in plain letters, without what cannot be seen. Letters that are
// drawn as nothing part words as spaces do.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), r == '\u034F':
			return -1
		case unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			return ' '
		case strange[r] != 0:
			return strange[r]
		}
		return r
	}, norm.NFKC.String(strings.ToValidUTF8(text, " ")))
}

// strange are letters of scripts in which nobody here writes and which look like
// those of Russian.
var strange = look("ΑаΒвΕеΖзΗнΙіΚкΜмΝнΟоΡрΤтΥуΧхΛлΓгΦфΠпαаεеικκоοоρрυуνvτтχхμмπпφфλлγгωоՕоօоհհսиոпᴀаᴇеᴋкᴍмᴏоᴛтƖі")

func look(pairs string) map[rune]rune {
	m := map[rune]rune{}
	all := []rune(pairs)
	for i := 0; i+1 < len(all); i += 2 {
		m[all[i]] = all[i+1]
	}
	return m
}

// The small letters of one script that look like those of the other, in small or in
// capital letters, and the digits and signs that are written for letters.
var (
	cyrillic      = look("aаbвcсeеhнiиkкmмnпoоpрrгtтuиxхyу")
	latin         = look("аaвbеeиiкkмmнhоoрpсcтtхxуy")
	russianDigits = look("0о3з4а6б1и@а$с8в9д")
	englishDigits = look("0o3e4a1i5s@a$s7t8b")
)

// lettered are the words of a text that have letters and digits, with letters for the
// digits.
func lettered(text string, table map[rune]rune) string {
	var all []string
	for w := range strings.FieldsSeq(spelled.Numerals(visible(text))) {
		if strings.ContainsFunc(w, unicode.IsLetter) && strings.ContainsFunc(w, func(r rune) bool { return table[r] != 0 }) {
			all = append(all, strings.Map(func(r rune) rune {
				if to := table[r]; to != 0 {
					return to
				}
				return r
			}, w))
		}
	}
	return strings.Join(all, " . ")
}

// nameIn leaves of a line what may be a name: where the office wrote more than a
// name, the words with a capital.
func nameIn(line string) string {
	words := strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && !softer[r] })
	var capital []string
	kin := false
	for _, w := range words {
		if kinWord(spelled.Fold(w)) {
			kin = true
		} else if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) || !unicode.IsLower(r) {
			capital = append(capital, w)
		}
	}
	if len(capital) == 0 && !kin {
		return line
	}
	return strings.Join(capital, " ")
}

// kinship are the words by which the office calls somebody who is known only by what
// she is to another, in their forms.
var kinship = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(
		"мать матери матерью мама мамы маме маму мамой отец отца отцу отцом отце папа папы папе папу родитель родители родителей родителям " +
			"сестра сестры сестре сестру сестрой сестёр сестрам брат брата брату братом брате братья братьев дочь дочери дочерью дочка дочку сын сына сыну сыном сыне сыновья " +
			"ребёнок ребёнка ребёнку дети детей детям детьми девочка девочки девочку мальчик мальчика жена жены жене жену женой муж мужа мужу мужем вдова вдовы " +
			"бабушка бабушки бабушке бабушку бабушкой дед деда дедушка дедушки внук внука внучка внучки тётя тёти тёте тётю тётей тётка дядя дяди дяде дядю дядей " +
			"племянник племянница племянницы племянницу свекровь свекрови тёща тесть свёкор невестка золовка зять двоюродная двоюродный двоюродной родная родной " +
			"родственник родственника родственница родственницы родственницу родственники родственников семья семьи семью опекун соседка соседки сосед соседа подруга подруги друг " +
			"женщина женщины женщину вторая первая третья старшая старший младшая младший заявитель заявительница адвокат юрист врач волонтёр правозащитник правозащитница свидетель " +
			"неизвестно неизвестная неизвестный " +
			"mother mum mom father dad parent sister brother daughter son child children girl boy wife husband widow grandmother grandfather grandson granddaughter " +
			"aunt uncle niece nephew cousin relative family guardian neighbour neighbor friend woman man second first her his the applicant lawyer doctor volunteer witness unknown " +
			"أم الأم أمها والدة والدتها أب الأب أبوها والد والدها أخت أختها الأخت أخ أخوها الأخ ابنة ابنتها بنت ابن ابنها طفل طفلة أطفال زوج زوجها زوجة أرملة " +
			"جدة جدتها جد جدها خالة خال عمة عم قريب قريبة عائلة أسرة جارة جار صديقة صديق امرأة المرأة محام طبيب متطوع شاهد") {
		m[spelled.Fold(w)] = true
	}
	return m
}()

// kinWord says that a word, or a line of such words, names nobody.
func kinWord(folded string) bool {
	words := strings.Fields(spelled.Fold(folded))
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !kinship[w] })
}
