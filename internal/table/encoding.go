package table

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	enc16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// textEncoding is how a text is written.
type textEncoding struct {
	name string
	enc  encoding.Encoding
	// letters are the commonest letters of the language that is written so, the most
	// frequent first.
	letters string
}

func (e textEncoding) decoder() transform.Transformer {
	return e.enc.NewDecoder().Transformer
}

var (
	asUTF8    = textEncoding{name: "UTF-8", enc: enc16.UTF8BOM}
	asUTF16LE = textEncoding{name: "UTF-16LE", enc: enc16.UTF16(enc16.LittleEndian, enc16.UseBOM)}
	asUTF16BE = textEncoding{name: "UTF-16BE", enc: enc16.UTF16(enc16.BigEndian, enc16.UseBOM)}
)

const (
	russianLetters = "оеаинтсрвлкмдпуягьызбчйхжшюцщэф"
	arabicLetters  = "اليمنروتبةعدسفهكقحجشصطخأىئغضذإءثزؤظآ"
	westernLetters = "éäüößàèçêôâîûïëœñáíóúãõæøåÉÄÜÖÇÀ"
)

// oneByte are the encodings of one byte for a letter that people here meet.
var oneByte = []textEncoding{
	{name: "windows-1251", enc: charmap.Windows1251, letters: russianLetters},
	{name: "KOI8-R", enc: charmap.KOI8R, letters: russianLetters},
	{name: "CP866", enc: charmap.CodePage866, letters: russianLetters},
	{name: "windows-1256", enc: charmap.Windows1256, letters: arabicLetters},
	{name: "windows-1252", enc: charmap.Windows1252, letters: westernLetters},
}

// detect finds the encoding of a text by its content. It is false for what is no
// text. cut says that the sample ends in the middle of the text.
func detect(sample []byte, cut bool) (textEncoding, bool) {
	switch {
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return asUTF16LE, true
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return asUTF16BE, true
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return asUTF8, true
	}
	if e, ok := withoutMark(sample); ok {
		return e, true
	}
	if bytes.IndexByte(sample, 0) >= 0 {
		return textEncoding{}, false
	}
	if cut {
		for n := 0; n < utf8.UTFMax && len(sample) > 0 && !utf8.Valid(sample); n++ {
			sample = sample[:len(sample)-1]
		}
	}
	if utf8.Valid(sample) {
		return asUTF8, true
	}
	best, most := oneByte[0], -1e9
	for _, e := range oneByte {
		if score := e.fits(sample); score > most {
			best, most = e, score
		}
	}
	return best, true
}

// withoutMark recognises UTF-16 without a byte order mark: a list has line ends
// and separators, whose every second byte is zero.
func withoutMark(sample []byte) (textEncoding, bool) {
	even, odd := 0, 0
	for i := 0; i+1 < len(sample); i += 2 {
		switch {
		case sample[i] == 0 && sample[i+1] != 0:
			even++
		case sample[i] != 0 && sample[i+1] == 0:
			odd++
		}
	}
	few := len(sample) / 40
	switch {
	case odd > few && even <= odd/10:
		return textEncoding{name: "UTF-16LE", enc: enc16.UTF16(enc16.LittleEndian, enc16.IgnoreBOM)}, true
	case even > few && odd <= even/10:
		return textEncoding{name: "UTF-16BE", enc: enc16.UTF16(enc16.BigEndian, enc16.IgnoreBOM)}, true
	}
	return textEncoding{}, false
}

// fits says how much a text looks like the language, when it is read in the
// encoding: the mean over what is not ASCII, where a common letter counts more
// than a rare one, and a sign, another script's letter or a capital inside a word
// counts against it.
func (e textEncoding) fits(sample []byte) float64 {
	text, err := e.enc.NewDecoder().Bytes(sample)
	if err != nil {
		return -1e9
	}
	sum, n := 0.0, 0
	before := rune(0)
	for _, r := range string(text) {
		if r >= 0x80 {
			sum += e.weight(before, r)
			n++
		}
		before = r
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func (e textEncoding) weight(before, r rune) float64 {
	switch {
	case strings.ContainsRune("«»—–„“”’№،؛؟\u00a0ـ", r):
		return 0
	case !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r):
		return -2
	}
	place := strings.IndexRune(e.letters, unicode.ToLower(r))
	if place < 0 {
		return -1
	}
	w := 1 - float64(place)/float64(len(e.letters))/2
	switch {
	case unicode.IsUpper(r) && unicode.IsLower(before):
		return -1.5
	case e.letters == westernLetters && before >= 0x80:
		return -1 // accented letters seldom stand together; two bytes of another alphabet always do
	case e.letters != westernLetters && unicode.Is(unicode.Latin, before):
		return -1 // nor do two alphabets in one word
	}
	return w
}
