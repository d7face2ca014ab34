package figures

import (
	"slices"
	"strconv"
	"strings"

	"homeward/names"
	"homeward/reading"
)

// The table by which words become numbers. It gives the least that a word can mean,
// as event data codes it (tens 10, dozens 12, hundreds 100), and no upper bound.
// docs/figures.md prints it; a change of it changes sheets and no statement.

// vague are words for numbers, in the languages of the house.
var vague = map[string]int64{
	"some": 2, "several": 2, "a few": 2, "tens": 10, "dozens": 12, "scores": 20, "hundreds": 100, "several hundred": 200, "thousands": 1000,
	"several thousand": 2000, "tens of thousands": 10_000, "hundreds of thousands": 100_000,
	"несколько": 2, "десятки": 10, "десятков": 10, "сотни": 100, "сотен": 100, "несколько сотен": 200, "несколько десятков": 20, "тысячи": 1000,
	"несколько тысяч": 2000, "десятки тысяч": 10_000, "сотни тысяч": 100_000,
	"بعض": 2, "عدة": 2, "عشرات": 10, "العشرات": 10, "مئات": 100, "المئات": 100, "عدة مئات": 200, "آلاف": 1000, "الآلاف": 1000, "عشرات الآلاف": 10_000, "مئات الآلاف": 100_000,
}

// none are words for nobody.
var none = []string{"none", "nobody", "no one", "no", "никто", "никого", "ни одного", "ни одной", "нет", "لا أحد", "لا أحد منهم"}

// qualifying are the words before a number, the longest of a beginning first.
var qualifying = []struct {
	words string
	q     Qualifier
}{
	{"no fewer than", AtLeast}, {"no less than", AtLeast}, {"at least", AtLeast}, {"more than", MoreThan}, {"over", MoreThan},
	{"no more than", AtMost}, {"at most", AtMost}, {"as many as", UpTo}, {"up to", UpTo}, {"fewer than", LessThan}, {"less than", LessThan}, {"under", LessThan},
	{"approximately", About}, {"an estimated", About}, {"roughly", About}, {"about", About}, {"around", About}, {"some", About}, {"~", About}, {"≈", About},
	{"nearly", Almost}, {"almost", Almost}, {"close to", Almost},
	{"не менее", AtLeast}, {"по меньшей мере", AtLeast}, {"по крайней мере", AtLeast}, {"как минимум", AtLeast}, {"минимум", AtLeast}, {"более", MoreThan}, {"больше", MoreThan}, {"свыше", MoreThan},
	{"не более", AtMost}, {"не больше", AtMost}, {"максимум", AtMost}, {"менее", LessThan}, {"меньше", LessThan},
	{"около", About}, {"примерно", About}, {"порядка", About}, {"приблизительно", About}, {"почти", Almost},
	{"على الأقل", AtLeast}, {"ما لا يقل عن", AtLeast}, {"أكثر من", MoreThan}, {"ما يزيد على", MoreThan}, {"أقل من", LessThan}, {"ما لا يزيد على", AtMost},
	{"نحو", About}, {"حوالي", About}, {"قرابة", Almost}, {"ما يقارب", About},
}

// scales multiply the number before them.
var scales = map[string]int64{
	"hundred": 100, "thousand": 1000, "million": 1_000_000, "k": 1000, "тысяча": 1000, "тысячи": 1000, "тысяч": 1000, "тыс": 1000, "тыс.": 1000, "млн": 1_000_000, "миллион": 1_000_000, "миллиона": 1_000_000,
	"ألف": 1000, "آلاف": 1000, "مليون": 1_000_000,
}

// Code reads a number as it was said by the table: "about 100", «более 2 тыс.»,
// "dozens". ok is false for words that the table does not have; then Low and High
// are nil, and a person says what they mean.
func Code(said, lang string) (v Value, ok bool) {
	v = Value{Said: said, Lang: lang}
	text := strings.Join(strings.Fields(strings.ToLower(names.Numerals(said))), " ")
	if slices.Contains(none, text) {
		return v.exactly(0, 0, Exact), true
	}
	q, rest := qualifierOf(text)
	if n, isWord := vague[text]; isWord {
		return v.atLeast(n, Word), true
	}
	if n, isWord := vague[rest]; isWord {
		return v.atLeast(n, Word), true // "at least dozens" says no more than dozens
	}
	if low, high, isRange := rangeOf(rest); isRange && (q == Exact || q == About) {
		return v.exactly(low, high, Between), true
	}
	if trimmed, plus := strings.CutSuffix(rest, "+"); plus && q == Exact {
		rest, q = trimmed, AtLeast
	}
	n, ok := numberOf(rest)
	if !ok {
		return v, false
	}
	switch q {
	case AtLeast, MoreThan:
		return v.atLeast(n, q), true
	case UpTo, AtMost, LessThan:
		v.High, v.Qualifier = &n, q
		return v, true
	}
	return v.exactly(n, n, q), true
}

func (v Value) exactly(low, high int64, q Qualifier) Value {
	v.Low, v.High, v.Qualifier = &low, &high, q
	return v
}

func (v Value) atLeast(low int64, q Qualifier) Value {
	v.Low, v.Qualifier = &low, q
	return v
}

func qualifierOf(text string) (Qualifier, string) {
	for _, w := range qualifying {
		rest, found := strings.CutPrefix(text, w.words)
		if found && rest != "" && (rest[0] == ' ' || w.words == "~" || w.words == "≈") {
			return w.q, strings.TrimSpace(rest)
		}
	}
	if rest, found := strings.CutSuffix(text, " or so"); found {
		return About, rest
	}
	return Exact, text
}

// rangeOf reads "30-40", "30 to 40", "between 30 and 40", «от 30 до 40», "بين 30 و40".
func rangeOf(text string) (low, high int64, ok bool) {
	for _, open := range []string{"between ", "from ", "от ", "между ", "بين ", "من "} {
		text = strings.TrimPrefix(text, open)
	}
	for _, link := range []string{"–", "—", "-", " to ", " and ", " or ", " до ", " и ", " или ", " إلى ", " و"} {
		a, b, found := strings.Cut(text, link)
		if !found {
			continue
		}
		from, okFrom := numberOf(strings.TrimSpace(a))
		to, okTo := numberOf(strings.TrimSpace(b))
		if okFrom && okTo && from <= to {
			return from, to, true
		}
	}
	return 0, 0, false
}

// maxNumber is more than anybody counts; beyond it a number is a slip.
const maxNumber = 100_000_000_000

// numberOf reads digits with groups, and a scale: "1,779", "1 779", "2 thousand",
// "2.5 million".
func numberOf(text string) (int64, bool) {
	fields := strings.Fields(text)
	factor := int64(1)
	for len(fields) > 1 && scales[fields[len(fields)-1]] > 0 {
		factor *= scales[fields[len(fields)-1]]
		fields = fields[:len(fields)-1]
	}
	if len(fields) == 0 || factor > maxNumber {
		return 0, false
	}
	digits := strings.Join(fields, " ")
	if factor > 1 {
		if whole, part, found := strings.Cut(strings.ReplaceAll(digits, ",", "."), "."); found && len(part) == 1 && isDigits(whole+part) {
			n, err := strconv.ParseInt(whole+part, 10, 64)
			return n * (factor / 10), err == nil && n <= maxNumber/factor
		}
	}
	plain, ok := ungroup(digits)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(plain, 10, 64)
	if err != nil || n > maxNumber/factor {
		return 0, false
	}
	return n * factor, true
}

// ungroup takes the signs between groups of three digits out.
func ungroup(text string) (string, bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,.'’\u00a0\u202f٬", r) })
	for i, p := range parts {
		if !isDigits(p) || i > 0 && len(p) != 3 || i == 0 && len(parts) > 1 && len(p) > 3 {
			return "", false
		}
	}
	return strings.Join(parts, ""), len(parts) > 0
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// FromReading gives the value of a suggestion that reading made of an article.
func FromReading(f reading.Figure, lang string) Value {
	v := Value{Said: f.Text, Lang: lang, Qualifier: Qualifier(strings.ReplaceAll(f.Value.Qualifier, " ", "_")), Low: whole(f.Value.Low), High: whole(f.Value.High)}
	switch {
	case v.Qualifier == "":
		v.Qualifier = Exact
	case !slices.Contains(Qualifiers, v.Qualifier):
		v.Qualifier = Word
	}
	return v
}

func whole(f *float64) *int64 {
	if f == nil || *f < 0 || *f > maxNumber || *f != float64(int64(*f)) {
		return nil
	}
	n := int64(*f)
	return &n
}

// Coded says that there is a number at all.
func (v Value) Coded() bool { return v.Low != nil || v.High != nil }

// Open says that one of its bounds was not said.
func (v Value) Open() bool { return v.Low == nil || v.High == nil }

// Loose says that it was said to be only near.
func (v Value) Loose() bool { return v.Qualifier == About || v.Qualifier == Almost }

// Least is the smallest number that was said, Most the largest.
func (v Value) Least() int64 {
	if v.Low != nil {
		return *v.Low
	}
	if v.High != nil {
		return *v.High
	}
	return 0
}

// Most is the largest number that was said; whether it could be more says High.
func (v Value) Most() int64 {
	if v.High != nil {
		return *v.High
	}
	return v.Least()
}

// Point is the number to set a mark at: the best, where the speaker says one, or the
// one that was said alone. ok is false for a range.
func (v Value) Point() (n int64, ok bool) {
	switch {
	case v.Best != nil:
		return *v.Best, true
	case v.Low != nil && v.High != nil && *v.Low != *v.High, !v.Coded():
		return 0, false
	}
	return v.Least(), true
}

// ordered says that low ≤ best ≤ high, as far as they are said.
func (v Value) ordered() bool {
	numbers := []int64{}
	for _, n := range []*int64{v.Low, v.Best, v.High} {
		if n != nil {
			numbers = append(numbers, *n)
		}
	}
	return slices.IsSorted(numbers) && (len(numbers) == 0 || numbers[0] >= 0)
}
