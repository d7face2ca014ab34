package letters

import (
	"time"

	"homeward/statement/edtf"
)

// Day is a calendar day, counted from 1970-01-01. Deadlines of the law are
// counted in these: a day has no hour and no zone, and adding 30 to it crosses a
// year's end or a leap day like any other.
type Day int64

// DayOf gives the day of a moment, in UTC, as everything that is dated in the house.
func DayOf(t time.Time) Day { return Day(edtf.Day(t.UTC()).Earliest()) }

// ParseDay reads a day: 2026-11-24.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, ErrDay
	}
	return DayOf(t), nil
}

// String gives the day as 2026-11-24.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Time gives the day's first moment in UTC.
func (d Day) Time() time.Time { return edtf.DayNumber(d).Time() }

// Date gives the day as a date of a statement.
func (d Day) Date() edtf.Date { return edtf.Day(d.Time()) }

// day reads a day out of a statement's date: the last day of a date that is not
// one day, so that nobody is called late for our own imprecision.
func day(value string) (Day, bool) {
	d, err := edtf.Parse(value)
	if err != nil || d.Latest() == edtf.MaxDay {
		return 0, false
	}
	return Day(d.Latest()), true
}
