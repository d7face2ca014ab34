package letters

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	spelled "homeward/names"
)

// A number in words is a number: "восемь девятьсот двадцать восемь", "nine two eight",
// "ثمانية وعشرون", also with digits among the words and grown together with them. It is
// read into its digits, so that it can be held against the numbers that are known, and
// so that seven digits of which one is a word are as much as seven digits.

// count is what a word of numbers stands for.
type count int

// counts are the words for numbers below a thousand, folded.
var counts = func() map[string]count {
	m := map[string]count{}
	add := func(first, step count, words string) {
		for i, forms := range strings.Fields(words) {
			for form := range strings.SplitSeq(forms, "/") {
				m[spelled.Fold(form)] = first + count(i)*step
			}
		}
	}
	add(0, 1, "ноль/нуль/нол/ноля один/одна/одно два/две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "+
		"пятнадцать шестнадцать семнадцать восемнадцать девятнадцать")
	add(20, 10, "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
	add(100, 100, "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
	add(0, 1, "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	add(20, 10, "twenty thirty forty/fourty fifty sixty seventy eighty ninety")
	add(100, 100, "hundred")
	add(0, 1, "صفر واحد/واحدة اثنان/اثنين/إثنان/إثنين/اثنا/اثني/اثنتان ثلاثة/ثلاث أربعة/أربع/اربعة خمسة/خمس ستة/ست سبعة/سبع ثمانية/ثمان/ثماني تسعة/تسع عشرة/عشر/عشرا")
	add(20, 10, "عشرون/عشرين ثلاثون/ثلاثين أربعون/أربعين/اربعون/اربعين خمسون/خمسين ستون/ستين سبعون/سبعين ثمانون/ثمانين تسعون/تسعين")
	add(100, 100, "مئة/مائة/مية مئتان/مئتين/مائتان/مائتين ثلاثمئة/ثلاثمائة أربعمئة/أربعمائة خمسمئة/خمسمائة ستمئة/ستمائة سبعمئة/سبعمائة ثمانمئة/ثمانمائة تسعمئة/تسعمائة")
	m[spelled.Fold("أحد")], m[spelled.Fold("احدى")] = 1, 1
	return m
}()

// linking are the words that stand between the parts of one number.
var linking = map[string]bool{"и": true, "and": true, "و": true, "плюс": true, "plus": true}

// told is a number as a text tells it: its digits, and whether one of them at least
// stands as a word.
type told struct {
	digits string
	words  bool
}

// figure is one word of a number, or one row of its digits.
type figure struct {
	digits string // as written; "" when it is a word
	value  count
	joined bool // an Arabic word with "and" before it, as in eight and twenty
	arabic bool
}

// spoken reads the numbers of a text. Those that follow each other with nothing but
// signs between them are one, as a telephone number is told.
func spoken(text string) []told {
	var all []told
	var now []figure
	and := false
	for _, w := range append(runs(text), "") {
		found := figuresIn(w)
		switch {
		case len(found) > 0:
			found[0].joined = found[0].joined || and && found[0].arabic
			now, and = append(now, found...), false
		case linking[w]:
			and = true
		default:
			if len(now) > 0 {
				all = append(all, tell(now))
			}
			now, and = nil, false
		}
	}
	return all
}

// tell puts the words of a number together: nine hundred, twenty and eight are 928.
func tell(figures []figure) told {
	var out told
	var b strings.Builder
	open, room := count(-1), count(0) // a number that may go on, and what may follow
	end := func() {
		if open >= 0 {
			b.WriteString(strconv.Itoa(int(open)))
		}
		open, room = -1, 0
	}
	for _, f := range figures {
		out.words = out.words || f.digits == ""
		v, unit := f.value, open > 0 && open < 10
		switch {
		case f.digits != "":
			end()
			b.WriteString(f.digits)
		case v > 0 && v < room:
			open += v
			room = below(v)
		case unit && v == 100:
			open, room = open*100, 100
		case unit && f.arabic && (v == 10 || f.joined && v > 10 && v < 100):
			open, room = open+v, 0
		default:
			end()
			open, room = v, below(v)
		}
	}
	end()
	out.digits = b.String()
	return out
}

// below is what may follow a number within the same one.
func below(v count) count {
	switch {
	case v >= 100:
		return 100
	case v >= 20:
		return 10
	}
	return 0
}

// runs are the runs of letters of a text, folded, and its runs of digits.
func runs(text string) []string {
	var all []string
	var run []rune
	letters := false
	end := func() {
		if letters {
			all = append(all, strings.Fields(spelled.Fold(string(run)))...)
		} else if len(run) > 0 {
			all = append(all, string(run))
		}
		run, letters = run[:0], false
	}
	for _, r := range spelled.Numerals(visible(text)) {
		letter, digit := unicode.IsLetter(r), r >= '0' && r <= '9'
		switch {
		case unicode.Is(unicode.M, r) || softer[r]:
		case !letter && !digit:
			end()
		default:
			if len(run) > 0 && letter != letters {
				end()
			}
			run, letters = append(run, r), letter
		}
	}
	end()
	return all
}

// figuresIn reads a run of digits, or a word that is nothing but words for numbers.
func figuresIn(w string) []figure {
	switch n, ok := counts[w]; {
	case w == "":
		return nil
	case w[0] >= '0' && w[0] <= '9':
		return []figure{{digits: w}}
	case ok:
		return []figure{{value: n, arabic: spelled.Script(w) == spelled.Arabic}}
	}
	if n, ok := counts[strings.TrimPrefix(w, "و")]; ok {
		return []figure{{value: n, arabic: true, joined: true}}
	}
	return grownFigures(w)
}

// grownFigures reads number words that are written in one.
func grownFigures(w string) []figure {
	for i := len(w) - 1; i > 0; i-- {
		n, ok := counts[w[:i]]
		if !ok {
			continue
		}
		if rest := figuresIn(w[i:]); rest != nil {
			return append([]figure{{value: n}}, rest...)
		}
	}
	return nil
}

// spokenDigits are all digits of a text, those in words too.
func spokenDigits(text string) string {
	var b strings.Builder
	for _, n := range spoken(text) {
		b.WriteString(n.digits)
	}
	return b.String()
}

// telephoneDigits are as many as a telephone number has at least.
const telephoneDigits = 7

// dictated says whether a text holds a telephone number of which words are a part.
func dictated(text string) bool {
	return slices.ContainsFunc(spoken(text), func(n told) bool { return n.words && len(n.digits) >= telephoneDigits })
}
