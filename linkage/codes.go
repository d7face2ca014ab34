package linkage

import (
	"strings"
	"unicode"
)

// Codes are short texts in which every sign counts: telephone numbers, postcodes,
// house numbers, addresses of mail. They are kept as text beside their number.

// codeID is a value of a codebook; 0 is no value.
type codeID = uint32

type codebook struct {
	ids map[string]codeID
	all []string
}

func newCodebook() *codebook { return &codebook{ids: map[string]codeID{}, all: make([]string, 1)} }

func (c *codebook) id(code string) codeID {
	if code == "" {
		return 0
	}
	id, ok := c.ids[code]
	if !ok {
		id = codeID(len(c.all))
		code = strings.Clone(code)
		c.all = append(c.all, code)
		c.ids[code] = id
	}
	return id
}

// sexOf reads the usual words and letters for a sex: 1 male, 2 female, 0 neither.
func sexOf(s string) uint32 {
	if s == "" || len(s) > 24 {
		return 0
	}
	return sexes[strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), ".")]
}

var sexes = func() map[string]uint32 {
	m := map[string]uint32{}
	for sex, words := range map[uint32]string{
		1: "m|male|man|boy|1|м|муж|мужской|мужчина|мальчик|ч|чол|чоловіча|чоловік|ذكر|رجل|ولد|مرد|homme|masculin|masculino|h|hombre|erkek|e|männlich|mann|maschio|uomo|varón|varon",
		2: "f|female|woman|girl|2|ж|жен|женский|женщина|девочка|жін|жіноча|жінка|أنثى|انثى|امرأة|بنت|زن|femme|féminin|feminin|femenino|feminino|mujer|kadın|kadin|k|w|weiblich|frau|femmina|donna|0",
	} {
		for w := range strings.SplitSeq(words, "|") {
			m[w] = sex
		}
	}
	return m
}()

// phoneTail is how many digits of a telephone number are compared, from its end:
// what stands before is the country's and the trunk's, written or not.
const phoneTail = 8

func phoneOf(s string) string {
	d := digitsOf(s)
	if len(d) < 5 {
		return ""
	}
	return string(d[max(0, len(d)-phoneTail):])
}

func looksPhone(s string) bool {
	n := len(digitsOf(s))
	return n >= 7 && n <= 15 && !lettersIn(s) && (strings.ContainsAny(s, "+()- ") || n >= 9)
}

func emailOf(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), ""))
}

func looksEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && strings.IndexByte(s[at:], '.') > 0 && !strings.Contains(s, " ")
}

// postcodeOf keeps letters and digits and, where there was one, the space between
// the two halves.
func postcodeOf(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if d, ok := digit(r); ok {
			b.WriteByte(d)
		} else if unicode.IsLetter(r) {
			b.WriteRune(r)
		}
	}
	if b.Len() > 32 {
		return ""
	}
	return b.String()
}

// area is the part of a postcode that says where roughly: all but its last three
// signs, or its first half.
func area(code string) string {
	if len(code) > 4 {
		return code[:len(code)-3]
	}
	return code[:(len(code)+1)/2]
}

// numberOf gives the number of a house: its first digits, without what leads them.
func numberOf(s string) string {
	start := strings.IndexFunc(s, func(r rune) bool { _, ok := digit(r); return ok })
	if start < 0 {
		return ""
	}
	d := make([]byte, 0, 8)
	for _, r := range s[start:] {
		c, ok := digit(r)
		if !ok || len(d) == 8 {
			break
		}
		d = append(d, c)
	}
	return strings.TrimLeft(string(d), "0")
}

// Levels of agreement of two codes.
const (
	codeDifferent uint8 = iota + 1
	codeArea            // a postcode's beginning, the domain of an address of mail
	codeNear            // one sign, or two neighbours exchanged; two of many
	codeMost            // an address of mail up to its domain
	codeSame
	codeLevels
)

func comparePostcodes(a, b string) uint8 {
	switch {
	case edits([]byte(clip(a)), []byte(clip(b))) <= 1:
		return codeNear
	case area(a) == area(b):
		return codeArea
	}
	return codeDifferent
}

func comparePhones(a, b string) uint8 {
	if d := edits([]byte(a), []byte(b)); d <= 1 {
		return codeNear
	}
	return codeDifferent
}

func compareNumbers(a, b string) uint8 {
	if len(a)+len(b) > 2 && edits([]byte(a), []byte(b)) == 1 {
		return codeNear
	}
	return codeDifferent
}

func compareEmails(a, b string) uint8 {
	local, domain := cutEmail(a)
	other, otherDomain := cutEmail(b)
	d := edits([]byte(clip(local)), []byte(clip(other)))
	switch {
	case d == 0 && local != "":
		return codeMost
	case edits([]byte(clip(a)), []byte(clip(b)))*6 <= max(len(a), len(b)), d <= 1 && len(local) > 4:
		return codeNear
	case domain == otherDomain && domain != "":
		return codeArea
	}
	return codeDifferent
}

func cutEmail(s string) (local, domain string) {
	if at := strings.IndexByte(s, '@'); at >= 0 {
		return s[:at], s[at+1:]
	}
	return s, ""
}

// clip bounds what is compared by edits.
func clip(s string) string { return s[:min(len(s), 64)] }
