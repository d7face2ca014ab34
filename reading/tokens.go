package reading

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a word, a number in digits, something with digits that is no number of
// anything (a time, a date, "28-year-old"), or a mark.
type token struct {
	text, low          string
	start, end         int // code points of the text
	byteStart, byteEnd int // bytes of the paragraph
	kind               kind
	value              float64
	grouped            bool // "1,779": a year is not written so
	capital            bool
	spaced             bool // white space stands before it
	quote              int  // which quotation of the passage it stands in; 0 is none
}

type kind uint8

const (
	word kind = iota
	number
	mixed
	mark
)

// scanner walks a paragraph once.
type scanner struct {
	text   string
	at     int // byte
	runes  int // code points before it
	g      *grammar
	tokens []token
	spaced bool
}

func tokenize(p string, at int, g *grammar) []token {
	s := &scanner{text: p, runes: at, g: g, spaced: true}
	for s.at < len(s.text) {
		c, size := utf8.DecodeRuneInString(s.text[s.at:])
		switch {
		case unicode.IsSpace(c) || c == 0xFEFF || c == softHyphen || c == 0x200B || c == 0x2060 || unicode.IsControl(c):
			s.at, s.runes, s.spaced = s.at+size, s.runes+1, true
		case isDigit(c):
			s.digits()
		case unicode.IsLetter(c):
			s.word()
		default:
			s.add(size, mark, 0)
		}
	}
	return s.tokens
}

// softHyphen is a place where a word may be divided, and is not a part of it.
const softHyphen = 0xAD

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func (s *scanner) add(size int, k kind, value float64) {
	text := s.text[s.at : s.at+size]
	n := utf8.RuneCountInString(text)
	if k == word {
		text = undivided(text)
	}
	first, _ := utf8.DecodeRuneInString(text)
	s.tokens = append(s.tokens, token{
		text: text, low: fold(text), start: s.runes, end: s.runes + n, kind: k, value: value,
		capital: unicode.IsUpper(first), spaced: s.spaced, byteStart: s.at, byteEnd: s.at + size,
	})
	s.at, s.runes, s.spaced = s.at+size, s.runes+n, false
}

// undivided takes the marks of division out of a word: "chil-" at the end of a line.
func undivided(text string) string {
	if !strings.ContainsAny(text, "\n\u00AD") {
		return text
	}
	return strings.NewReplacer("-\r\n", "", "-\n", "", "\u00AD", "").Replace(text)
}

// lineBreak is how many bytes a hyphen and the end of the line behind it have, when the
// word goes on in the next.
func lineBreak(text string) int {
	for _, divided := range []string{"-\n", "-\r\n"} {
		if rest, ok := strings.CutPrefix(text, divided); ok {
			if c, _ := utf8.DecodeRuneInString(rest); unicode.IsLower(c) {
				return len(divided)
			}
		}
	}
	return 0
}

// fold lower-cases and levels what is written in two ways.
func fold(text string) string {
	low := strings.ToLower(text)
	if strings.ContainsAny(low, "ё’‑") {
		low = strings.NewReplacer("ё", "е", "’", "'", "‑", "-").Replace(low)
	}
	return low
}

// word takes letters, and hyphens, apostrophes and points between letters.
func (s *scanner) word() {
	i := s.at
	for i < len(s.text) {
		c, size := utf8.DecodeRuneInString(s.text[i:])
		if unicode.IsLetter(c) || isDigit(c) || unicode.IsMark(c) {
			i += size
			continue
		}
		if n := lineBreak(s.text[i:]); n > 0 {
			i += n
			continue
		}
		if c == softHyphen && startsLetter(s.text[i+size:]) {
			i += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(s.text[i+size:])
		joins := c == '-' || c == '‑' || (c == '\'' || c == '’') || c == '.' && isSingle(s.text[s.at:i])
		if !joins || !unicode.IsLetter(next) {
			break
		}
		if (c == '\'' || c == '’') && strings.HasPrefix(s.text[i+size:], "s") && !startsLetter(s.text[i+size+1:]) {
			s.add(i-s.at, word, 0)
			s.spaced = false
			s.add(size+1, word, 0) // 's stands alone
			return
		}
		i += size
	}
	if first, second, joined := strings.Cut(fold(s.text[s.at:i]), "-"); joined && s.g.lang == "ru" && s.g.numerals[first] > 0 && s.g.numerals[second] > 0 {
		s.add(strings.IndexByte(s.text[s.at:i], '-'), word, 0) // две-три: a range
		return
	}
	s.add(i-s.at, word, 0)
}

func startsLetter(text string) bool {
	c, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(c)
}

// isSingle says whether the word so far ends in a single letter: U.S, p.m.
func isSingle(so string) bool {
	n := utf8.RuneCountInString(so)
	return n == 1 || n >= 3 && strings.HasSuffix(so[:len(so)-1], ".") || n > 1 && so[len(so)-1] < utf8.RuneSelf && len(so) >= 2 && so[len(so)-2] == '.'
}

// digits takes a number with its groups and decimals, or what only looks like one.
func (s *scanner) digits() {
	i := s.run(s.at)
	whole, grouped := s.text[s.at:i], false
	for len(whole) <= 12 && (len(whole) <= 3 || grouped) {
		next, ok := s.group(i)
		if !ok {
			break
		}
		whole += s.text[next-3 : next]
		i, grouped = next, true
	}
	fraction := ""
	if c, _ := utf8.DecodeRuneInString(s.text[i:]); (c == '.' || c == ',') && !grouped {
		if j := s.run(i + 1); j > i+1 && j-i <= 3 && !s.moreDigits(j) {
			fraction, i = s.text[i:j], j
		}
	}
	if j := s.caseEnding(i); j > i && fraction == "" {
		value, _ := strconv.ParseFloat(whole, 64) // 63-х
		s.add(j-s.at, number, value)
		s.tokens[len(s.tokens)-1].grouped = true
		return
	}
	if j := s.looks(i); j > i {
		s.add(j-s.at, mixed, 0)
		return
	}
	value, err := strconv.ParseFloat(whole+strings.Replace(fraction, ",", ".", 1), 64)
	k := number
	if err != nil || len(whole) > 10 {
		k = mixed
	}
	s.add(i-s.at, k, value)
	s.tokens[len(s.tokens)-1].grouped = grouped
}

// caseEnding finds the end of a Russian case written behind digits: 63-х, 5-ти.
func (s *scanner) caseEnding(i int) int {
	for _, ending := range []string{"-х", "-ти", "-ми", "-ех"} {
		if strings.HasPrefix(s.text[i:], ending) && !startsLetter(s.text[i+len(ending):]) && s.g.lang == "ru" {
			return i + len(ending)
		}
	}
	return i
}

func (s *scanner) run(i int) int {
	for i < len(s.text) && isDigit(rune(s.text[i])) {
		i++
	}
	return i
}

func (s *scanner) moreDigits(i int) bool {
	return i+1 < len(s.text) && strings.IndexByte(".,:", s.text[i]) >= 0 && isDigit(rune(s.text[i+1]))
}

// group finds a separator and exactly three digits.
func (s *scanner) group(i int) (next int, ok bool) {
	c, size := utf8.DecodeRuneInString(s.text[i:])
	if c != ',' && c != ' ' && c != 0xA0 && c != 0x202F && c != 0x2009 {
		return i, false
	}
	j := i + size
	if s.run(j) != j+3 {
		return i, false
	}
	return j + 3, true
}

// looks finds the end of what is no number: 14:30, 2019-10-13, 13.10.2019, 28-year-old,
// 21st, 2021-м, a version, a share of an address.
func (s *scanner) looks(i int) int {
	j := i
	for j < len(s.text) {
		c, size := utf8.DecodeRuneInString(s.text[j:])
		if unicode.IsLetter(c) {
			j += size
			continue
		}
		if isDigit(c) && j > i {
			j += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(s.text[j+size:])
		switch {
		case (c == ':' || c == '.') && isDigit(next):
		case (c == '/') && isDigit(next):
		case (c == '-' || c == '‑') && unicode.IsLetter(next):
		case c == '-' && isDigit(next) && (j > i || s.isDate(j)):
		default:
			return j
		}
		j += size
	}
	return j
}

// isDate says whether a hyphen begins the rest of 2019-10-13 and not of a range.
func (s *scanner) isDate(i int) bool {
	j := s.run(i + 1)
	return j < len(s.text) && s.text[j] == '-' && s.run(j+1) > j+1
}

// quotes numbers the quotations of a passage. An apostrophe is none.
func quotes(tokens []token) {
	open, n, closer := 0, 0, ""
	for i := range tokens {
		t := &tokens[i]
		switch {
		case t.kind != mark:
		case open == 0 && (t.text == "«" || t.text == "“" || t.text == "„" || t.text == "\""):
			n++
			open = n
			closer = map[string]string{"«": "»", "“": "”", "„": "“", "\"": "\""}[t.text]
		case open != 0 && t.text == closer:
			t.quote, open = open, 0
			continue
		}
		t.quote = open
	}
}

// A sentence is a piece of the tokens.
type sentence struct {
	tokens []token
}

// sentences cuts a passage. A point after an abbreviation ends nothing.
func sentences(tokens []token, g *grammar) []sentence {
	var out []sentence
	start := 0
	for i := range tokens {
		if i-start < maxSentence && !ends(tokens, i, g) {
			continue
		}
		end := i + 1
		for end < len(tokens) && isCloser(tokens, end) {
			end++
		}
		if end <= start {
			continue
		}
		out, start = append(out, sentence{tokens[start:end]}), end
	}
	if start < len(tokens) {
		out = append(out, sentence{tokens[start:]})
	}
	return out
}

// isCloser says whether a quotation ends here, so that its mark belongs to the
// sentence before it.
func isCloser(tokens []token, i int) bool {
	t := tokens[i]
	return t.text == ")" || (t.text == "»" || t.text == "”" || t.text == "\"" || t.text == "“") && t.quote != 0 && tokens[i-1].quote == t.quote && !t.spaced
}

func ends(tokens []token, i int, g *grammar) bool {
	t := tokens[i]
	if t.kind != mark {
		return false
	}
	switch t.text {
	case "!", "?", "…":
	case ".":
		if i > 0 && g.abbreviated(tokens[i-1]) &&
			!(i+1 < len(tokens) && isCloser(tokens, i+1)) {
			return false
		}
	default:
		return false
	}
	if i+1 >= len(tokens) {
		return true
	}
	next := tokens[i+1]
	if isCloser(tokens, i+1) && i+2 < len(tokens) {
		after := tokens[i+2]
		if g.lang == "en" && g.saidBehind(tokens, i+2) {
			return false // “… release the children!” Pinheiro said.
		}
		return after.capital || after.kind == mark && after.text != "," && after.text != "—" && after.text != "–" && after.text != "-" || after.kind == number
	}
	return next.spaced && (next.capital || next.kind != word)
}

// saidBehind says whether a name and a verb of saying close a quotation at i, and nothing
// that is said follows.
func (g *grammar) saidBehind(tokens []token, i int) bool {
	for k := i; k < len(tokens) && k < i+6 && tokens[k].kind == word; k++ {
		if k > i && g.saying[tokens[k].low] != "" && !tokens[k].capital {
			return k+1 >= len(tokens) || tokens[k+1].kind == mark || g.weekdays[tokens[k+1].low] > 0 || g.aside[tokens[k+1].low]
		}
	}
	return false
}

// join gives the words of some tokens as they were written, with single spaces.
func join(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && (t.spaced || t.start > tokens[i-1].end) {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// abbreviated says whether a point after a word may end nothing: тыс., U.S., J.
func (g *grammar) abbreviated(t token) bool {
	return g.abbreviations[t.low] || t.kind == word && (len(t.text) <= 2 && utf8.RuneCountInString(t.text) == 1 && t.capital || strings.Contains(t.text, "."))
}
