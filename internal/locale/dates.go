package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"homeward/statement/edtf"
)

// months are the names of the months as they stand alone and beside a day. The
// Arabic ones are those used in Syria and Iraq; date libraries know only the
// Egyptian.
var months = map[string]struct{ alone, withDay, short [12]string }{
	"en": {
		alone:   [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		withDay: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		short:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	},
	"ru": {
		alone:   [12]string{"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"},
		withDay: [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
		short:   [12]string{"янв.", "февр.", "марта", "апр.", "мая", "июня", "июля", "авг.", "сент.", "окт.", "нояб.", "дек."},
	},
	"ar": {
		alone:   [12]string{"كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"},
		withDay: [12]string{"كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"},
		short:   [12]string{"كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"},
	},
}

// Date tells a day: 13 October 2019.
func (p *Printer) Date(t time.Time) string {
	t = t.In(p.zone)
	return p.day(t.Year(), int(t.Month()), t.Day())
}

// ShortDate tells a day in a table: 13 Oct 2019.
func (p *Printer) ShortDate(t time.Time) string {
	t = t.In(p.zone)
	return fmt.Sprintf("%d %s %d", t.Day(), months[p.Code()].short[t.Month()-1], t.Year())
}

// DateTime tells a day and a time of day: 13 October 2019, 14:05.
func (p *Printer) DateTime(t time.Time) string {
	return p.T("locale.datetime", "date", p.Date(t), "time", p.TimeOfDay(t))
}

// TimeOfDay tells hours and minutes.
func (p *Printer) TimeOfDay(t time.Time) string { return t.In(p.zone).Format("15:04") }

// Ago tells how long ago a moment was, in whole days beyond the first: "just
// now", "3 hours ago", "yesterday", "12 days ago". The future is told by its date.
func (p *Printer) Ago(t, now time.Time) string {
	if t.After(now.Add(time.Minute)) {
		return p.Date(t)
	}
	age := now.Sub(t)
	days := daysBetween(t.In(p.zone), now.In(p.zone))
	switch {
	case age < time.Minute:
		return p.T("locale.just_now")
	case age < time.Hour:
		return p.N("locale.minutes_ago", int(age/time.Minute))
	case days == 0 || age < 6*time.Hour:
		return p.N("locale.hours_ago", int(age/time.Hour))
	case days == 1:
		return p.T("locale.yesterday")
	default:
		return p.N("locale.days_ago", days)
	}
}

func daysBetween(a, b time.Time) int {
	midnight := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(midnight(b).Sub(midnight(a)) / (24 * time.Hour))
}

// EDTF puts a date into words as exactly as it is known and no more: "around
// 1991", "October 2019", "2017 to 2019". A zero date gives "".
func (p *Printer) EDTF(d edtf.Date) string { return p.edtf(d.String()) }

func (p *Printer) edtf(text string) string {
	from, to, interval := strings.Cut(text, "/")
	if !interval {
		return p.point(text)
	}
	switch {
	case from == ".." && to == "..", from == "" && to == "":
		return text
	case from == "..":
		return p.T("locale.or_earlier", "date", p.point(to))
	case to == "..":
		return p.T("locale.and_later", "date", p.point(from))
	case from == "":
		return p.T("locale.from_unknown", "date", p.point(to))
	case to == "":
		return p.T("locale.to_unknown", "date", p.point(from))
	}
	return p.T("locale.from_to", "from", p.point(from), "to", p.point(to))
}

// point tells one date of an interval, or a date that stands alone.
func (p *Printer) point(text string) string {
	bare := strings.TrimRight(text, "?~%")
	said := p.plain(bare)
	switch text[len(bare):] {
	case "?":
		return p.T("locale.uncertain", "date", said)
	case "~":
		return p.T("locale.approximate", "date", said)
	case "%", "?~", "~?":
		return p.T("locale.uncertain_approximate", "date", said)
	}
	return said
}

// plain tells a date without qualification. What it cannot read it gives back as
// it was written: the written form is a value too.
func (p *Printer) plain(text string) string {
	text, clock, _ := strings.Cut(text, "T")
	before := strings.HasPrefix(text, "-")
	parts := strings.Split(strings.TrimPrefix(text, "-"), "-")
	year := p.year(parts[0])
	if year == "" || len(parts) > 3 {
		return text
	}
	if before {
		year = p.T("locale.before_era", "year", year)
	}
	said := year
	switch {
	case len(parts) == 2:
		said = p.month(year, parts[1])
	case len(parts) == 3 && parts[1] == "XX":
		said = p.T("locale.month_unknown", "date", p.bareYear(year))
	case len(parts) == 3 && parts[2] == "XX":
		said = p.T("locale.day_unknown", "date", p.month(year, parts[1]))
	case len(parts) == 3:
		m, d := atoi(parts[1]), atoi(parts[2])
		if m < 1 || m > 12 || d < 1 {
			return text
		}
		said = p.T("locale.day", "day", strconv.Itoa(d), "month", months[p.Code()].withDay[m-1], "year", year)
	default:
		said = p.bareYear(year)
	}
	if clock != "" {
		return p.T("locale.datetime", "date", said, "time", clock)
	}
	return said
}

func (p *Printer) day(y, m, d int) string {
	return p.T("locale.day", "day", strconv.Itoa(d), "month", months[p.Code()].withDay[m-1], "year", strconv.Itoa(y))
}

// year reads 1991, 199X, 19XX and Y17000; "" when it is none of them.
func (p *Printer) year(text string) string {
	long := strings.TrimPrefix(text, "Y")
	switch {
	case long != text && atoi(long) > 0:
		return long
	case len(text) != 4:
		return ""
	case strings.HasSuffix(text, "XX") && atoi(text[:2]) >= 0:
		return p.T("locale.century", "years", text[:2]+"00")
	case strings.HasSuffix(text, "X") && atoi(text[:3]) >= 0:
		return p.T("locale.decade", "years", text[:3]+"0")
	case atoi(text) >= 0:
		return strconv.Itoa(atoi(text))
	}
	return ""
}

// bareYear tells a year that stands alone; Russian marks it as a year.
func (p *Printer) bareYear(year string) string {
	if atoi(year) < 0 {
		return year
	}
	return p.T("locale.year", "year", year)
}

// month tells a month or a season (21 to 24) of a year.
func (p *Printer) month(year, text string) string {
	n := atoi(text)
	switch {
	case text == "XX":
		return p.T("locale.month_unknown", "date", p.bareYear(year))
	case n >= 1 && n <= 12:
		return p.T("locale.month", "month", months[p.Code()].alone[n-1], "year", year)
	case n >= 21 && n <= 24:
		season := []string{"locale.spring", "locale.summer", "locale.autumn", "locale.winter"}[n-21]
		return p.T(season, "year", year)
	}
	return year + "-" + text
}

// atoi reads digits and nothing else; -1 when there is anything else.
func atoi(s string) int {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return -1
	}
	return int(n)
}
