package access

import (
	"encoding/base64"
	"strconv"
	"strings"

	"homeward/names"
)

// Activation and recovery codes are 120 random bits in 24 signs of Crockford's
// base 32, in groups that can be read over a telephone. With so many bits a plain
// hash keeps them (ASVS 6.5.2 asks for a slow one below 112).
const (
	codeSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeSize  = 24
	codeGroup = 4
)

// tokenText writes tokens of sessions and links, and what is sealed in a form.
var tokenText = base64.RawURLEncoding

// tokenSize is 256 bits.
const tokenSize = 32

func (a *Access) newToken() (string, error) {
	b, err := a.host.Bytes(tokenSize)
	return tokenText.EncodeToString(b), err
}

func (a *Access) newCode() (string, error) {
	b, err := a.host.Bytes(codeSize)
	if err != nil {
		return "", err
	}
	for i := range b {
		b[i] = codeSigns[b[i]%32]
	}
	return string(b), nil
}

func formatCode(code string) string { return inGroups(code) }

// inGroups writes 4 signs, a space, 4 signs.
func inGroups(text string) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && i%codeGroup == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// parseCode reads a code as people type it: any case, with or without the groups,
// o for 0 and i or l for 1, digits of any script.
func parseCode(text string) (string, bool) {
	code := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\u00a0':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, strings.ToUpper(westernDigits(text)))
	return code, len(code) == codeSize && strings.Trim(code, codeSigns) == ""
}

// westernDigits reads the digits of every script as those that an authenticator shows,
// and drops spaces.
func westernDigits(text string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "").Replace(names.Numerals(text))
}

func itoa(n int) string { return strconv.Itoa(n) }
