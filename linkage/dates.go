package linkage

import (
	"strings"
	"unicode"
)

// A date is packed into one value: year, month and day as they were written, also
// impossible ones, since a month of 81 is a mistyped 01. Zero is not known.
type date uint32

func makeDate(y, m, d int) date { return date(y)<<14 | date(m&127)<<7 | date(d&127) }

func (d date) year() int  { return int(d >> 14) }
func (d date) month() int { return int(d>>7) & 127 }
func (d date) day() int   { return int(d) & 127 }

// inYear is the day and month, 0 when one of them is not known.
func (d date) inYear() uint32 {
	if d.month() == 0 || d.day() == 0 {
		return 0
	}
	return uint32(d) & (1<<14 - 1)
}

// order says how the columns of one list write a date that has its year last.
type order int

const (
	dayFirst order = iota
	monthFirst
)

// orderOf finds out whether 03/04/1990 is in April or in March: by the first number
// above twelve that stands where a month cannot.
func orderOf(sample []string) order {
	first, second := 0, 0
	for _, s := range sample {
		n, years := numbersOf(s)
		if len(n) == 3 && years == 2 {
			if n[0] > 12 {
				first++
			}
			if n[1] > 12 {
				second++
			}
		}
	}
	if second > first {
		return monthFirst
	}
	return dayFirst
}

// numbersOf gives the first three numbers of a text and which of them is the year,
// the one with four digits; -1 when none is.
func numbersOf(s string) (n []int, year int) {
	year = -1
	length := 0
	inside := false
	for _, r := range s {
		d, ok := digit(r)
		if !ok {
			inside = false
			continue
		}
		if !inside {
			if len(n) == 3 {
				return n, year
			}
			n, length, inside = append(n, 0), 0, true
		}
		if length++; length <= 8 {
			n[len(n)-1] = n[len(n)-1]*10 + int(d-'0')
		} else {
			n[len(n)-1] = 0 // no part of a date
		}
		switch {
		case length == 4:
			year = len(n) - 1
		case length == 5 && year == len(n)-1:
			year = -1
		}
	}
	return n, year
}

// readDate reads a date as lists write it: 1990-04-03, 3.4.1990, 4/3/1990, 19900403,
// 1990-04, 1990, 3 April 1990. It gives 0 for what is no date.
func readDate(s string, o order) date {
	n, year := numbersOf(s)
	switch {
	case len(n) == 1 && year == 0:
		return makeDate(n[0], monthNamed(s), 0)
	case len(n) == 1 && year < 0 && n[0] >= 1000_0000/10:
		return readCompact(n[0])
	case len(n) == 2 && year == 0 && n[1] < 100:
		return makeDate(n[0], n[1], 0)
	case len(n) == 2 && year == 1 && n[0] < 100:
		if m := monthNamed(s); m > 0 {
			return makeDate(n[1], m, n[0])
		}
		return makeDate(n[1], n[0], 0)
	case len(n) == 3 && year == 0 && n[1] < 100 && n[2] < 100:
		return makeDate(n[0], n[1], n[2])
	case len(n) == 3 && year == 2 && n[0] < 100 && n[1] < 100:
		if o == monthFirst {
			return makeDate(n[2], n[0], n[1])
		}
		return makeDate(n[2], n[1], n[0])
	}
	return 0
}

// readCompact reads eight digits: year, month, day, or the year last.
func readCompact(n int) date {
	if y := n / 10000; y >= 1000 && y <= 2200 {
		return makeDate(y, n/100%100, n%100)
	}
	if y := n % 10000; y >= 1000 && y <= 2200 {
		return makeDate(y, n/10000%100, n/1000000)
	}
	return makeDate(n/10000, n/100%100, n%100)
}

// months by their names' beginnings, in the languages of the headers.
var months = [12]string{
	"jan|янв|січ|ينا|كانون الثاني|oca|ene|gen|ژان", "feb|фев|лют|فبر|شباط|şub|fév|fev|فور", "mar|мар|бер|مار|آذار|mär|мaр|març",
	"apr|апр|кві|ابر|أبر|نيسان|nis|avr|abr|آور", "may|мая|май|тра|ماي|أيار|mai|mag|مه", "jun|июн|чер|يون|حزيران|haz|juin|giu|ژوئن",
	"jul|июл|лип|يول|تموز|tem|juil|lug|ژوئی", "aug|авг|сер|أغس|اغس|آب|ağu|aoû|aou|ago|اوت", "sep|сен|вер|سبت|أيلول|eyl|set|سپت",
	"oct|окт|жов|أكت|اكت|تشرين الأول|eki|okt|ott|out|اکت", "nov|ноя|лис|نوف|تشرين الثاني|kas|نوا", "dec|дек|гру|ديس|كانون الأول|ara|dez|déc|dic|دسا",
}

// monthNamed finds the name of a month in a text.
func monthNamed(s string) int {
	if !strings.ContainsFunc(s, unicode.IsLetter) {
		return 0
	}
	for _, word := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		for m, begins := range months {
			for b := range strings.SplitSeq(begins, "|") {
				if strings.HasPrefix(word, b) {
					return m + 1
				}
			}
		}
	}
	return 0
}

func looksDate(s string) bool {
	d := readDate(s, dayFirst)
	return d.year() >= 1000 && d.year() <= 2200 && len(s) < 24 && (d.inYear() != 0 || len(s) == 4)
}

// Levels of agreement of two dates of birth.
const (
	dateDifferent uint8 = iota + 1
	dateYearOff         // one is a year alone, another one
	dateNear            // years one or two apart, the day another
	dateYear            // the year, another day
	dateDay             // day and month, another year
	dateYearOnly        // the year; one of them says no more
	dateTwo             // year and month, or year and day
	dateTyped           // one digit, or the year off by one, two or ten
	dateSwapped         // day and month exchanged
	dateSame
	dateLevels
)

// compareDates says how two dates agree. usual are a day and month that stand for
// "not known" in this list, such as the first of January; 0 when none does.
func compareDates(a, b date, usual uint32) uint8 {
	if a == b {
		if a.inYear() == 0 {
			return dateYearOnly
		}
		return dateSame
	}
	inA, inB := a.inYear(), b.inYear()
	partial := inA == 0 || inB == 0 || usual != 0 && inA != inB && (inA == usual || inB == usual)
	apart := a.year() - b.year()
	if apart < 0 {
		apart = -apart
	}
	switch {
	case partial && apart == 0:
		return dateYearOnly
	case partial:
		return dateYearOff
	case apart == 0 && a.month() == b.day() && a.day() == b.month():
		return dateSwapped
	case apart == 0 && (a.month() == b.month() || a.day() == b.day()):
		if digitsApart(int(inA&127), int(inB&127))+digitsApart(int(inA>>7), int(inB>>7)) == 1 {
			return dateTyped
		}
		return dateTwo
	case inA == inB && (apart <= 2 || apart == 10 || yearsTyped(a.year(), b.year())):
		return dateTyped
	case inA == inB:
		return dateDay
	case apart == 0:
		return dateYear
	case apart <= 2:
		return dateNear
	}
	return dateDifferent
}

// digitsApart counts the digits in which two numbers below a hundred differ.
func digitsApart(x, y int) int {
	n := 0
	if x/10 != y/10 {
		n++
	}
	if x%10 != y%10 {
		n++
	}
	return n
}

// yearsTyped says whether one digit of two years differs, or two neighbours are
// exchanged.
func yearsTyped(x, y int) bool {
	if digitsApart(x/100, y/100)+digitsApart(x%100, y%100) == 1 {
		return true
	}
	a, b := [4]int{x / 1000, x / 100 % 10, x / 10 % 10, x % 10}, [4]int{y / 1000, y / 100 % 10, y / 10 % 10, y % 10}
	for i := range 3 {
		c := a
		c[i], c[i+1] = c[i+1], c[i]
		if c == b {
			return true
		}
	}
	return false
}
