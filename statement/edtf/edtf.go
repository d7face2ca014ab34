// Package edtf reads dates as exactly as they are known: the Extended Date/Time
// Format of ISO 8601-2:2019, Level 1, with its intervals.
//
// What people say of time is seldom a day. "Some time in October", "he was born
// about 1985", "from 2017 until they moved her": each is a value here and keeps
// its own precision.
//
//	2019  2019-10  2019-10-13             a year, a month, a day
//	2019-10-13T05:00:00Z                  a moment (also +03, +03:00, or no zone)
//	-0044  0000  Y170000002  Y-170000002  years before 1, years of five to nine digits
//	201X  20XX  2019-XX  2019-10-XX  2019-XX-XX   digits that were not said
//	2019-21 … 2019-24                     spring, summer, autumn, winter
//	1985?  1985~  1985%                   uncertain, approximate, both
//	2017/2019  2017~/2019-10              an interval of any of these but moments
//	../2019  2019/..                      open: it goes on without a limit
//	/2019  2019/                          that end is not known
//
// Reading is strict, so one expression has one text, and two dates are equal
// exactly when their texts are. What a date may mean is a stretch of days, from
// Earliest to Latest. Compare puts dates into one order for lists; Relate says
// what can honestly be said of two of them, and is the one to reason with.
package edtf

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Date is one EDTF expression. The zero value is "not said". A Date is comparable
// with == (equal texts are equal dates).
type Date struct {
	text string
	// literal is what the text spans when it is taken at its word.
	literal span
	// inner leaves out what lies beyond an unknown end: the part that is known.
	inner span
	// outer also holds the days that a qualifier (? ~ %) lets come in question.
	outer span
}

// DayNumber counts days from 1970-01-01, in the Gregorian calendar carried back
// before its beginning, as ISO 8601 does.
type DayNumber int64

// The days that stand for an interval's open or unknown start and end. No other
// date reaches them.
const (
	MinDay DayNumber = -1 << 62
	MaxDay DayNumber = 1<<62 - 1
)

// Time gives the first moment of the day in UTC. It means nothing for MinDay and
// MaxDay.
func (n DayNumber) Time() time.Time { return time.Unix(int64(n)*secondsOfDay, 0).UTC() }

const secondsOfDay = 24 * 60 * 60

// ErrDate says that a text is no EDTF date the house reads.
var ErrDate = errors.New("edtf: not a date of EDTF Level 1")

// maxText is longer than every expression.
const maxText = 64

// Parse reads an expression.
func Parse(text string) (Date, error) {
	parts, ok := parse(text)
	if !ok {
		return Date{}, ErrDate
	}
	if len(parts) == 1 {
		one := parts[0].span()
		return Date{text: text, literal: one, inner: one, outer: parts[0].widened()}, nil
	}
	d := interval(parts[0], parts[1])
	if d.text = text; d.literal.from > d.literal.to {
		return Date{}, ErrDate
	}
	return d, nil
}

// interval reaches from the first day of its start to the last of its end.
func interval(start, end Part) Date {
	d := Date{
		literal: span{start.span().from, end.span().to},
		outer:   span{start.widened().from, end.widened().to},
	}
	d.inner = d.literal
	if start.Kind == NotKnown {
		d.inner.from = end.span().from
	}
	if end.Kind == NotKnown {
		d.inner.to = start.span().to
	}
	return d
}

// MustParse reads an expression that is part of the program. It panics on any
// other.
func MustParse(text string) Date {
	d, err := Parse(text)
	if err != nil {
		panic(fmt.Sprintf("edtf: MustParse(%q)", text))
	}
	return d
}

// Year is a whole year. It gives the zero Date beyond nine digits.
func Year(year int) Date {
	text := fmt.Sprintf("%04d", year)
	if year < 0 {
		text = fmt.Sprintf("-%04d", -year)
	}
	if year > 9999 || year < -9999 {
		text = fmt.Sprintf("Y%d", year)
	}
	d, _ := Parse(text)
	return d
}

// Day is the day that t falls on where t's clock hangs. EDTF has no days in years
// of more than four digits: there it is the year.
func Day(t time.Time) Date {
	if t.Year() > 9999 || t.Year() < -9999 {
		return Year(t.Year())
	}
	d, _ := Parse(Year(t.Year()).text + t.Format("-01-02"))
	return d
}

// Ahead says that even the earliest day that the date can mean lies after the day on
// which t falls, in UTC: what it speaks of has not happened.
func (d Date) Ahead(t time.Time) bool {
	return !d.IsZero() && d.Earliest() != MinDay && d.Earliest() > dayOf(t.UTC())
}

// ReachesAhead says that it is an interval whose end lies after the day on which t falls,
// in UTC, or is open or not known. An end that is only imprecise, such as the month that
// runs, does not lie after it.
func (d Date) ReachesAhead(t time.Time) bool {
	parts := d.Parts()
	if len(parts) < 2 {
		return false
	}
	return d.Latest() == MaxDay || parts[1].span().from > dayOf(t.UTC())
}

// String gives the expression as it was read, "" for the zero value.
func (d Date) String() string { return d.text }

// IsZero says whether no date is given.
func (d Date) IsZero() bool { return d.text == "" }

// IsUncertain says whether the speaker doubts it, or an end of it: ? or %.
func (d Date) IsUncertain() bool { return strings.ContainsAny(d.text, "?%") }

// IsApproximate says whether it, or an end of it, is an estimate: ~ or %.
func (d Date) IsApproximate() bool { return strings.ContainsAny(d.text, "~%") }

// IsInterval says whether it has a start and an end, given or not.
func (d Date) IsInterval() bool { return strings.Contains(d.text, "/") }

// Earliest is the first day that it may mean, taken at its word: MinDay when the
// start of an interval is open or unknown.
func (d Date) Earliest() DayNumber { return d.literal.from }

// Latest is the last day that it may mean, taken at its word: MaxDay when the end
// of an interval is open or unknown.
func (d Date) Latest() DayNumber { return d.literal.to }

// Parts gives the date's own part, or the two ends of an interval, so that it can
// be put into words. The zero Date has none.
func (d Date) Parts() []Part {
	parts, _ := parse(d.text)
	return parts
}

// Compare orders dates for lists: by the earliest day, then the latest, then the
// text. It is a total order; not said comes last.
func Compare(a, b Date) int {
	if a.IsZero() != b.IsZero() {
		if a.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(
		cmp.Compare(a.literal.from, b.literal.from),
		cmp.Compare(a.literal.to, b.literal.to),
		cmp.Compare(a.text, b.text),
	)
}

// Relation is what can be said of two dates.
type Relation int

// The relations of a first date to a second.
const (
	Unknown  Relation = iota // nothing can be said
	Before                   // the first is over before the second begins
	After                    // the first begins when the second is over
	Overlaps                 // they may share a day: they do not contradict each other
)

var relations = [...]string{"unknown", "before", "after", "overlaps"}

// String gives the relation's word.
func (r Relation) String() string { return relations[r] }

// Relate says how a stands to b. Before and After are said only when they hold
// also if every end marked ? ~ or % is wrong by its own length (1985~ may be 1984
// or 1986) and wherever an unknown end lies. Where that decides, or where one of
// the dates is not said, the answer is Unknown.
func Relate(a, b Date) Relation {
	switch {
	case a.IsZero() || b.IsZero():
		return Unknown
	case a.outer.to < b.outer.from:
		return Before
	case a.outer.from > b.outer.to:
		return After
	case a.inner.from <= b.inner.to && b.inner.from <= a.inner.to:
		return Overlaps
	}
	return Unknown
}
