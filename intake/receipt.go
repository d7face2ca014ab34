package intake

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"strings"

	"homeward/internal/problem"
	"homeward/names"
)

// Receipt is what a sender keeps: 24 characters of Crockford's base 32, which have
// no I, L, O and U, written in six groups of four.
//
//	locator  8 characters, 40 bits   HMAC(intake secret, "locator" ‖ token)
//	secret  15 characters, 75 bits   HMAC(intake secret, "secret" ‖ locator)
//	check    1 character             finds every single wrong character and every
//	                                 two neighbours that changed places
//
// Whoever has the intake secret can say whether a receipt is one of the house's
// without having kept it: nothing about receipts lies anywhere while the house is
// locked (docs/decisions/0040-receipts.md). The zero value is no receipt.
type Receipt struct{ code string }

// ErrReceipt is the one answer to a receipt that is mistyped, was never given,
// belongs to something forgotten, was revoked, or has expired.
var ErrReceipt = problem.New(problem.NotFound, "intake.receipt",
	"this receipt opens nothing here",
	"check each group of four characters, and type it again")

const (
	locatorLen = 8
	secretLen  = 15
	receiptLen = locatorLen + secretLen + 1

	crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// String gives the receipt in groups: 7G3K-0MZQ-…
func (r Receipt) String() string {
	var groups []string
	for i := 0; i+4 <= len(r.code); i += 4 {
		groups = append(groups, r.code[i:i+4])
	}
	return strings.Join(groups, "-")
}

// Groups gives the six groups, for a page that prints them large.
func (r Receipt) Groups() []string { return strings.Split(r.String(), "-") }

// IsZero says that there is no receipt.
func (r Receipt) IsZero() bool { return r.code == "" }

func (r Receipt) locator() string { return r.code[:locatorLen] }

// ParseReceipt reads a receipt as people type and dictate it: in either case, with
// spaces, dashes or dots between the groups or without, o for 0, i and l for 1, and
// with the digits of any keyboard. It looks at the check character
// alone; whether the house gave the receipt is for Door.Knows. Its only error is
// ErrReceipt.
func ParseReceipt(text string) (Receipt, error) {
	if len(text) > 400 {
		return Receipt{}, ErrReceipt
	}
	var code []byte
	for _, r := range names.Numerals(text) {
		c, ok := typed(r)
		switch {
		case !ok:
			return Receipt{}, ErrReceipt
		case c != 0:
			code = append(code, c)
		}
	}
	if len(code) != receiptLen || code[receiptLen-1] != check(code[:receiptLen-1]) {
		return Receipt{}, ErrReceipt
	}
	return Receipt{string(code)}, nil
}

// typed gives the character that a typed one stands for, 0 when it only separates.
func typed(r rune) (c byte, ok bool) {
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	switch r {
	case 'O':
		return '0', true
	case 'I', 'L':
		return '1', true
	case ' ', '\t', '\n', '\r', '-', '.', '_', '\u00a0', '\u2007', '\u202f', // spaces that do not break
		'\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212', // dashes that telephones put in
		'\u200e', '\u200f', '\u061c', '\u202a', '\u202b', '\u202c', '\u2066', '\u2067', '\u2068', '\u2069': // marks of direction
		return 0, true
	}
	if r < 0x80 && strings.IndexByte(crockford, byte(r)) >= 0 {
		return byte(r), true
	}
	return 0, false
}

// check gives the check character of the characters before it: their sum over the
// field of 32 elements, each weighed with another power of a generator. Two
// receipts that differ in one character, or by one swap, have different checks.
func check(code []byte) byte {
	var sum byte
	for _, c := range code {
		sum = times(sum, 2) ^ byte(strings.IndexByte(crockford, c))
	}
	// One more step, so that the check itself may not change places unseen.
	return crockford[times(sum, 2)]
}

// times multiplies in GF(32), modulo x⁵+x²+1.
func times(a, b byte) (p byte) {
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			p ^= a
		}
		if a <<= 1; a&32 != 0 {
			a ^= 0b100101
		}
	}
	return p
}

// mac is HMAC-SHA-256 over a purpose and parts, each with its length.
func mac(key []byte, purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	write := func(b []byte) {
		h.Write([]byte{byte(len(b) >> 24), byte(len(b) >> 16), byte(len(b) >> 8), byte(len(b))})
		h.Write(b)
	}
	write([]byte(purpose))
	for _, p := range parts {
		write(p)
	}
	return h.Sum(nil)
}

// spell gives the first n×5 bits of b as n characters.
func spell(b []byte, n int) []byte {
	code := make([]byte, n)
	for i := range code {
		var five byte
		for bit := i * 5; bit < i*5+5; bit++ {
			five = five<<1 | b[bit/8]>>(7-bit%8)&1
		}
		code[i] = crockford[five]
	}
	return code
}

// receiptFor gives the receipt that belongs to a token.
func receiptFor(secret, token []byte) Receipt {
	return receiptAt(secret, spell(mac(secret, "locator", token), locatorLen))
}

func receiptAt(secret, locator []byte) Receipt {
	code := append([]byte(nil), locator...)
	code = append(code, spell(mac(secret, "secret", locator), secretLen)...)
	return Receipt{string(append(code, check(code)))}
}

// genuine says whether the house gave the receipt, in a time that does not tell how
// much of it is right.
func (r Receipt) genuine(secret []byte) bool {
	code := r.code
	if r.IsZero() {
		code = strings.Repeat("0", receiptLen)
	}
	want := receiptAt(secret, []byte(code[:locatorLen]))
	return subtle.ConstantTimeCompare([]byte(want.code), []byte(code)) == 1 && !r.IsZero()
}
