package statement

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Fragment is the part of a file that says it: a passage of a recording, a page,
// characters of a text, a rectangle of a picture, or a sensible combination. The
// zero value is the whole file.
//
// It is written as a W3C Media Fragments URI 1.0 (t, xywh), with page as in RFC
// 8118 and char as in RFC 5147, joined by & in the order page, t, char, xywh:
//
//	t=12,19   t=12.5,19   page=3   char=10,40   page=2&xywh=10,20,300,40
//
// Fragment is comparable, and String gives each one form.
type Fragment struct {
	Page int  // from 1; 0 when not given
	Time Span // milliseconds
	Char Span // characters of the text, from 0
	Area Area
}

// Span is a stretch from From up to and not including To; To is -1 when it goes
// on to the end. The zero value is no span.
type Span struct {
	From, To int64
	Given    bool
}

// Area is a rectangle of a picture, in pixels or in percent of its size. The zero
// value is no rectangle.
type Area struct {
	X, Y, Width, Height int
	Percent             bool
}

// ErrFragment says that a text is no media fragment the house reads.
var ErrFragment = errors.New("statement: not a media fragment of time, page, characters or area")

// maxMillis keeps times exact: ten thousand hours.
const maxMillis = 36_000_000_000

// Seconds gives the fragment of a recording between two times in seconds.
func Seconds(from, to float64) Fragment {
	return Fragment{Time: Span{From: int64(math.Round(from * 1000)), To: int64(math.Round(to * 1000)), Given: true}}
}

// PageOf gives the fragment of one page, from 1.
func PageOf(page int) Fragment { return Fragment{Page: page} }

// Chars gives the fragment of the characters from one up to another.
func Chars(from, to int) Fragment {
	return Fragment{Char: Span{From: int64(from), To: int64(to), Given: true}}
}

// ParseFragment reads a media fragment; "" is the whole file. Times may be given
// as seconds or as [hh:]mm:ss, with or without "npt:", and are kept to the
// millisecond; a rectangle with or without "pixel:". Anything else is ErrFragment.
func ParseFragment(text string) (Fragment, error) {
	var f Fragment
	if text == "" {
		return f, nil
	}
	for part := range strings.SplitSeq(text, "&") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || !f.set(name, value) {
			return Fragment{}, ErrFragment
		}
	}
	return f, nil
}

func (f *Fragment) set(name, value string) (ok bool) {
	switch name {
	case "t":
		if f.Time.Given {
			return false
		}
		f.Time, ok = parseSpan(strings.TrimPrefix(value, "npt:"), parseTime)
	case "char":
		if f.Char.Given {
			return false
		}
		f.Char, ok = parseSpan(value, parseCount)
	case "page":
		n, good := parseCount(value)
		ok = good && n > 0 && f.Page == 0
		f.Page = int(n)
	case "xywh":
		ok = f.Area == Area{} && f.Area.parse(value)
	}
	return ok
}

// parseSpan reads "a,b", "a", "a," and ",b".
func parseSpan(text string, number func(string) (int64, bool)) (Span, bool) {
	from, to, two := strings.Cut(text, ",")
	s := Span{To: -1, Given: true}
	if from == "" && to == "" {
		return s, false
	}
	ok := true
	if from != "" {
		s.From, ok = number(from)
	}
	if two && to != "" && ok {
		s.To, ok = number(to)
		ok = ok && s.To > s.From
	}
	return s, ok
}

// parseCount reads a decimal number without sign or needless zeros.
func parseCount(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 32)
	return n, err == nil && strconv.FormatInt(n, 10) == text && n >= 0
}

// parseTime reads normal play time: 12, 12.5, 1:02, 1:00:02.25.
func parseTime(text string) (int64, bool) {
	whole, fraction, dotted := strings.Cut(text, ".")
	fields := strings.Split(whole, ":")
	if len(fields) > 3 || dotted && fraction == "" {
		return 0, false
	}
	var seconds int64
	for i, field := range fields {
		if field == "" || len(field) > 9 || i > 0 && len(field) != 2 || !isDigits(field) {
			return 0, false
		}
		n := digits(field)
		if i > 0 && n > 59 {
			return 0, false
		}
		seconds = seconds*60 + n
	}
	if !isDigits(fraction) || len(fraction) > 9 {
		return 0, false
	}
	millis := seconds*1000 + digits((fraction + "000")[:3])
	return millis, millis <= maxMillis
}

func isDigits(text string) bool {
	return strings.Trim(text, "0123456789") == ""
}

func (a *Area) parse(text string) bool {
	if text, a.Percent = strings.CutPrefix(text, "percent:"); !a.Percent {
		text = strings.TrimPrefix(text, "pixel:")
	}
	fields := strings.Split(text, ",")
	if len(fields) != 4 {
		return false
	}
	into := []*int{&a.X, &a.Y, &a.Width, &a.Height}
	for i, field := range fields {
		n, ok := parseCount(field)
		if !ok || a.Percent && n > 100 {
			return false
		}
		*into[i] = int(n)
	}
	return a.Width > 0 && a.Height > 0
}

// String gives the one form of the fragment, "" for the whole file.
func (f Fragment) String() string {
	var parts []string
	if f.Page != 0 {
		parts = append(parts, fmt.Sprintf("page=%d", f.Page))
	}
	if f.Time.Given {
		parts = append(parts, "t="+f.Time.text(formatTime))
	}
	if f.Char.Given {
		parts = append(parts, "char="+f.Char.text(func(n int64) string { return strconv.FormatInt(n, 10) }))
	}
	if f.Area != (Area{}) {
		unit := ""
		if f.Area.Percent {
			unit = "percent:"
		}
		parts = append(parts, fmt.Sprintf("xywh=%s%d,%d,%d,%d", unit, f.Area.X, f.Area.Y, f.Area.Width, f.Area.Height))
	}
	return strings.Join(parts, "&")
}

func (s Span) text(number func(int64) string) string {
	if s.To < 0 {
		return number(s.From)
	}
	return number(s.From) + "," + number(s.To)
}

func formatTime(millis int64) string {
	text := strconv.FormatInt(millis/1000, 10)
	if rest := millis % 1000; rest != 0 {
		text += strings.TrimRight(fmt.Sprintf(".%03d", rest), "0")
	}
	return text
}
