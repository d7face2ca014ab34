package edtf

import (
	"strings"
	"time"
)

// PartKind says whether an end of an interval is given.
type PartKind int

// The kinds of part.
const (
	Given    PartKind = iota
	Open              // .. : no limit
	NotKnown          // nothing: there is an end, and nobody knows when
)

// Part is one date without an interval, or one end of an interval, taken apart.
type Part struct {
	Kind PartKind
	Year int
	// Unsaid counts the last digits of the year that were not said: 1 in 201X, 2
	// in 20XX. Year then holds zeros in their place.
	Unsaid int
	// Month is 1 to 12, or 21 to 24 for spring, summer, autumn, winter; 0 when the
	// expression ends with the year, Masked when it is XX.
	Month int
	// Day is 1 to 31; 0 when the expression ends before it, Masked when it is XX.
	Day int
	// Clock is the time of day with its zone as written, "" without one.
	Clock string
	// Uncertain and Approximate are ? and ~; % is both.
	Uncertain, Approximate bool

	negative bool // the year was written with a minus: -00XX has no other trace of it
}

// Masked stands for a month or day written XX: there is one, and it was not said.
const Masked = -1

// Spring is the first of the four seasons as ISO 8601-2 numbers them. They are
// those of the northern hemisphere here: whoever says "summer" to this house is
// there.
const (
	Spring = 21
	Summer = 22
	Autumn = 23
	Winter = 24
)

// span is a stretch of days, both ends in it.
type span struct{ from, to DayNumber }

func parse(text string) ([]Part, bool) {
	if text == "" || len(text) > maxText {
		return nil, false
	}
	first, second, interval := strings.Cut(text, "/")
	if !interval {
		p, ok := parsePart(text, true)
		return []Part{p}, ok
	}
	from, ok1 := parseEnd(first)
	to, ok2 := parseEnd(second)
	said := from.Kind == Given || to.Kind == Given
	return []Part{from, to}, ok1 && ok2 && said
}

func parseEnd(text string) (Part, bool) {
	switch text {
	case "":
		return Part{Kind: NotKnown}, true
	case "..":
		return Part{Kind: Open}, true
	}
	return parsePart(text, false)
}

// parsePart reads what stands between slashes.
func parsePart(text string, clock bool) (Part, bool) {
	var p Part
	if day, time, ok := strings.Cut(text, "T"); ok {
		p.Clock = time
		ok = clock && isClock(time) && p.date(day) && p.Day > 0
		return p, ok
	}
	switch {
	case strings.HasSuffix(text, "?"):
		p.Uncertain = true
	case strings.HasSuffix(text, "~"):
		p.Approximate = true
	case strings.HasSuffix(text, "%"):
		p.Uncertain, p.Approximate = true, true
	}
	if p.Uncertain || p.Approximate {
		text = text[:len(text)-1]
	}
	if rest, ok := strings.CutPrefix(text, "Y"); ok {
		return p, p.longYear(rest)
	}
	return p, p.date(text)
}

// longYear reads the digits after a Y: five to nine, none a needless zero.
func (p *Part) longYear(text string) bool {
	digits, negative := strings.CutPrefix(text, "-")
	if len(digits) < 5 || len(digits) > 9 || digits[0] == '0' {
		return false
	}
	ok := number(digits, &p.Year)
	if p.negative = negative; negative {
		p.Year = -p.Year
	}
	return ok
}

// date reads year, month and day.
func (p *Part) date(text string) bool {
	text, p.negative = strings.CutPrefix(text, "-")
	if len(text) < 4 || !p.year(text[:4]) {
		return false
	}
	switch len(text) {
	case len("2019"):
		return true
	case len("2019-10"):
		return p.Unsaid == 0 && masked(text[4:], &p.Month) && p.fits(false)
	case len("2019-10-13"):
		return p.Unsaid == 0 && masked(text[4:7], &p.Month) && masked(text[7:], &p.Day) && p.fits(true)
	}
	return false
}

// fits says whether there is such a month and such a day.
func (p *Part) fits(hasDay bool) bool {
	switch {
	case p.Month == Masked:
		return !hasDay || p.Day == Masked
	case p.Month >= Spring && p.Month <= Winter:
		return !hasDay
	case p.Month < 1 || p.Month > 12:
		return false
	case !hasDay || p.Day == Masked:
		return true
	}
	return p.Day >= 1 && p.Day <= daysIn(p.Year, p.Month)
}

// year reads four digits, the last one or two of them perhaps X.
func (p *Part) year(text string) bool {
	said := strings.TrimRight(text, "X")
	p.Unsaid = len(text) - len(said)
	if p.Unsaid > 2 || !number(said+"00"[:p.Unsaid], &p.Year) {
		return false
	}
	if p.negative {
		p.Year = -p.Year
	}
	// There is one year 0, and it is not negative.
	return !p.negative || p.Year < 0 || p.Unsaid > 0
}

// masked reads "-10" or "-XX".
func masked(text string, into *int) bool {
	if text == "-XX" {
		*into = Masked
		return true
	}
	return text[0] == '-' && number(text[1:], into)
}

// number reads decimal digits and nothing else.
func number(text string, into *int) bool {
	n := 0
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
		n = n*10 + int(c-'0')
	}
	*into = n
	return true
}

// isClock reads 05:00:00 with Z, +03, +03:00 or no zone behind it.
func isClock(text string) bool {
	for _, layout := range []string{"15:04:05", "15:04:05Z", "15:04:05-07", "15:04:05-07:00"} {
		// time.Parse also reads a short hour and a fraction: one form only, please.
		t, err := time.Parse(layout, text)
		if err == nil && len(text) == len(layout) && strings.HasPrefix(text, t.Format("15:04:05")) {
			return true
		}
	}
	return false
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func dayNumber(year, month, day int) DayNumber {
	return dayOf(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC))
}

// dayOf gives the number of the day that begins at t.
func dayOf(t time.Time) DayNumber { return DayNumber(t.Unix() / secondsOfDay) }

// span gives the days that the part may mean.
func (p Part) span() span {
	switch {
	case p.Kind != Given:
		return span{MinDay, MaxDay}
	case p.Month == 0:
		return p.yearSpan()
	case p.Month >= Spring:
		return p.seasonSpan()
	case p.Month == Masked:
		return span{dayNumber(p.Year, 1, 1), dayNumber(p.Year, 12, 31)}
	case p.Day > 0:
		day := dayNumber(p.Year, p.Month, p.Day)
		return span{day, day}
	}
	return span{dayNumber(p.Year, p.Month, 1), dayNumber(p.Year, p.Month+1, 0)}
}

// yearSpan is a year, a decade or a century. Before the year 0 the digits count
// backwards: -001X are the years -19 to -10.
func (p Part) yearSpan() span {
	rest := [...]int{0, 9, 99}[p.Unsaid]
	first, last := p.Year, p.Year+rest
	if p.negative {
		first, last = p.Year-rest, min(p.Year, -1)
	}
	return span{dayNumber(first, 1, 1), dayNumber(last, 12, 31)}
}

// seasonSpan is three whole months, as weather services count them. A winter of
// 2019 may be the one that ends in that year or the one that begins in it, so it
// spans both.
func (p Part) seasonSpan() span {
	if p.Month == Winter {
		return span{dayNumber(p.Year-1, 12, 1), dayNumber(p.Year+1, 3, 0)}
	}
	first := 3 * (p.Month - Spring + 1)
	return span{dayNumber(p.Year, first, 1), dayNumber(p.Year, first+3, 0)}
}

// widened is the span, and for a qualified part the same on either side: with a
// year the years around it, with a month the months, with a day the days.
func (p Part) widened() span {
	s := p.span()
	if p.Kind != Given || !p.Uncertain && !p.Approximate {
		return s
	}
	years, months, days := p.unit()
	return span{
		from: dayOf(s.from.Time().AddDate(-years, -months, -days)),
		to:   dayOf((s.to+1).Time().AddDate(years, months, days)) - 1,
	}
}

// unit is how exactly the part is said.
func (p Part) unit() (years, months, days int) {
	switch {
	case p.Day > 0:
		return 0, 0, 1
	case p.Month >= Spring:
		return 0, 3, 0
	case p.Month > 0:
		return 0, 1, 0
	}
	return [...]int{1, 10, 100}[p.Unsaid], 0, 0
}
