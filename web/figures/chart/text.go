package chart

import (
	"strings"
	"unicode"
)

// The marks of an isolate whose direction its first strong letter decides, and of
// its end.
const (
	isolate = "\u2068"
	pop     = "\u2069"
)

// mostMarks is how many signs may stand upon one letter.
const mostMarks = 4

// clean takes from a label what could turn the line around it or break the drawing:
// control characters, marks of direction, towers of accents. The letters stay.
func clean(s string) string {
	tower := 0
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c:
			return -1
		case unicode.IsControl(r), r == unicode.ReplacementChar, r == 0x2028, r == 0x2029:
			return ' '
		}
		if tower++; !unicode.Is(unicode.M, r) {
			tower = 0
		}
		if tower > mostMarks {
			return -1
		}
		return r
	}, s)), " ")
}

// The widths of letters in parts of their size. SVG does not say how wide a text
// will be and the reader's fonts are her own, so they are guessed on the wide side.
func letter(r rune) float64 {
	switch {
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return 0
	case r == ' ', strings.ContainsRune("iljtfrI.,:;'|!()[]·", r):
		return 0.33
	case unicode.IsDigit(r):
		return 0.6
	case strings.ContainsRune("mwMWЖШЩЮФжшщюфмы", r):
		return 0.88
	case r >= 0x0600 && r <= 0x08ff, r >= 0xfb50 && r <= 0xfefc:
		return 0.52
	case r >= 0x2e80:
		return 1.05
	case unicode.IsUpper(r):
		return 0.68
	}
	return 0.56
}

// width is about how wide a text is.
func width(s string, size float64) (w float64) {
	for _, r := range s {
		w += letter(r)
	}
	return w * size
}

// fit shortens a text to a width, with an ellipsis where something is left out. A
// sign that belongs to the letter before it stays with it.
func fit(s string, size, room float64) string {
	if width(s, size) <= room {
		return s
	}
	var out strings.Builder
	room -= size
	for _, r := range s {
		if room -= letter(r) * size; room < 0 && letter(r) > 0 {
			break
		}
		out.WriteRune(r)
	}
	return strings.TrimRight(out.String(), " ·,;") + "…"
}

// wrap breaks a text into at most n lines of a width; the last is shortened.
func wrap(s string, size, room float64, n int) (lines []string) {
	words := strings.Fields(s)
	for len(words) > 0 && len(lines) < n-1 {
		line := words[0]
		next := 1
		for next < len(words) && width(line+" "+words[next], size) <= room {
			line += " " + words[next]
			next++
		}
		lines, words = append(lines, fit(line, size, room)), words[next:]
	}
	if len(words) > 0 {
		lines = append(lines, fit(strings.Join(words, " "), size, room))
	}
	return lines
}
