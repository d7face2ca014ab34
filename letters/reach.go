package letters

import (
	"regexp"
	"strings"
	"unicode"

	spelled "homeward/names"
)

// What anybody could be reached by: seven digits or more that may be a telephone
// number, in figures or in words (spoken.go), an e-mail address, a name with a messenger
// (messenger.go). None stands in a free text, whether the register knows it or not,
// unless it was cleared or is the office's own. Dates and the numbers of our own letters
// are none.

var (
	date      = regexp.MustCompile(`\b(?:[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[01][0-9](?:-[0-3][0-9])?|(?:19|20)[0-9]{2}\s?[-–—/]\s?(?:19|20)[0-9]{2})\b`)
	ownNumber = regexp.MustCompile(`\bH-20[0-9]{2}/[0-9]{4}\b`)
	telephone = regexp.MustCompile(`[0-9](?:[^\p{L}0-9№]{0,3}[0-9]){6,}`)
	handle    = regexp.MustCompile(`@|(?i:[\p{L}0-9]\s*[\[({<]\s*(?:at|эт|собака|ат)\s*[\])}>]\s*[\p{L}0-9]|(?:^|[^\p{L}])собака\s+\S+\s+(?:точка|dot)(?:[^\p{L}]|$)|(?:t|wa|m|vk)\s?\.\s?(?:me|com)\s?/|telegram\s?\.\s?me)`)
)

// reaches says whether a text holds such a thing beside the values that may stand in
// it.
func reaches(text string, passes []string) bool {
	text = spelled.Numerals(visible(text))
	for _, p := range passes {
		if p = spelled.Numerals(visible(p)); strings.ContainsAny(p, "@0123456789") {
			text = without(text, p)
		}
	}
	text = ownNumber.ReplaceAllString(date.ReplaceAllString(text, "№"), "№")
	return handle.MatchString(text) || telephone.MatchString(text) || dictated(text) || nicknamed(text)
}

// without takes a value out of a text where it stands by itself.
func without(text, value string) string {
	for _, line := range strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		line = strings.TrimSpace(line)
		if len(line) < 5 {
			continue
		}
		at := 0
		for {
			i := strings.Index(text[at:], line)
			if i < 0 {
				break
			}
			from, to := at+i, at+i+len(line)
			if edge(text[:from], false) && edge(text[to:], true) {
				text = text[:from] + "№" + text[to:]
			}
			at = min(from+1, len(text))
		}
	}
	return text
}

// edge says that a text does not go on with a letter or a digit.
func edge(text string, begins bool) bool {
	runes := []rune(text)
	if len(runes) == 0 {
		return true
	}
	r := runes[len(runes)-1]
	if begins {
		r = runes[0]
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '@'
}

// onlyDigits are the digits of a text, also those that stand as letters among them.
func onlyDigits(text string) string {
	runes := []rune(spelled.Numerals(visible(text)))
	digit := func(i int) bool { return i >= 0 && i < len(runes) && runes[i] >= '0' && runes[i] <= '9' }
	var b strings.Builder
	for i, r := range runes {
		switch {
		case digit(i):
			b.WriteRune(r)
		case strings.ContainsRune("oOоО", r) && (digit(i-1) || digit(i+1)):
			b.WriteByte('0')
		case strings.ContainsRune("lIі|", r) && (digit(i-1) || digit(i+1)):
			b.WriteByte('1')
		case strings.ContainsRune("зЗ", r) && digit(i-1) && digit(i+1):
			b.WriteByte('3')
		}
	}
	return b.String()
}

// national leaves of a long number what is the same with +7, with 8 and with neither.
func national(digits string) string {
	return digits[max(0, len(digits)-9):]
}

// plain is a text in small letters, its words parted by one space and nothing else.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(spelled.Numerals(visible(text))), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
	}), " ")
}

// solid is a text as its letters and digits alone.
func solid(text string) string { return strings.ReplaceAll(plain(text), " ", "") }
