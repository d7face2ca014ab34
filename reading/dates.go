package reading

import (
	"fmt"
	"time"

	"homeward/statement/edtf"
)

// A day is the day of publication, if it is known.
type day struct {
	time  time.Time
	known bool
}

// dayOf takes a date that is one day; none is allowed.
func dayOf(d edtf.Date) (day, error) {
	if d.IsZero() {
		return day{}, nil
	}
	if d.Earliest() != d.Latest() {
		return day{}, ErrPublished
	}
	return day{d.Earliest().Time(), true}, nil
}

// A dated is an expression of time in a sentence: its tokens and what it means, ""
// when the day of publication would be needed and is not known.
type dated struct {
	from, to int
	edtf     string
	words    string
}

// dates finds the expressions of time of a sentence.
func (r *reader) dates(ts []token, g *grammar) []dated {
	var out []dated
	for i := 0; i < len(ts); {
		to, when, ok := r.dateAt(ts, g, i)
		if !ok {
			i++
			continue
		}
		d := dated{from: i, to: to, edtf: when}
		if i > 0 {
			d.edtf, d.from = g.opened(ts, i, when)
		}
		d.words = join(ts[d.from:to])
		if when != "" && d.edtf == "" {
			d.edtf = when
		}
		if d.edtf != "" {
			r.mentioned = d.edtf
		}
		out = append(out, d)
		i = to
	}
	return out
}

// opened reads the word before a date: "since Sunday" has begun then and goes on.
func (g *grammar) opened(ts []token, i int, when string) (string, int) {
	before := ts[i-1].low
	if g.partOf[before] { // "in early November", «в середине ноября»
		if i > 1 && g.on[ts[i-2].low] {
			return when, i - 2
		}
		return when, i - 1
	}
	switch {
	case g.since[before] && when != "" && !isInterval(when):
		if before == "с" || before == "со" || before == "since" || before == "after" || before == "после" || before == "from" {
			return when + "/..", i - 1
		}
	case g.until[before] && when != "" && !isInterval(when):
		return "../" + when, i - 1
	case g.on[before] || g.since[before] || g.until[before]:
		return when, i - 1
	}
	return when, i
}

func isInterval(when string) bool {
	for _, c := range when {
		if c == '/' {
			return true
		}
	}
	return false
}

// dateAt reads one expression that begins at i.
func (r *reader) dateAt(ts []token, g *grammar, i int) (to int, when string, ok bool) {
	t := ts[i]
	if t.kind == mixed {
		if d, err := time.Parse("2006-01-02", t.text); err == nil {
			return i + 1, d.Format("2006-01-02"), true
		}
		if d, err := time.Parse("2.1.2006", t.text); err == nil {
			return i + 1, d.Format("2006-01-02"), true
		}
		if g.lang == "ru" && len(t.low) > 5 && isYear(t.low[:4]) && t.low[4] == '-' && i > 0 && g.on[ts[i-1].low] {
			return i + 1, t.low[:4], true // 2021-м
		}
		return 0, "", false
	}
	if to, when, ok := r.monthAt(ts, g, i); ok {
		return to, when, true
	}
	if n := g.weekdays[t.low]; n > 0 && (g.lang == "ru" && i > 0 && (g.on[ts[i-1].low] || g.since[ts[i-1].low] || g.until[ts[i-1].low]) || g.lang == "en" && t.capital) {
		return i + 1, r.weekday(n), true
	}
	if to, when, ok := r.relative(ts, g, i); ok {
		return to, when, true
	}
	if t.kind == number && t.value >= 1900 && t.value < 2100 && !t.grouped && t.value == float64(int(t.value)) {
		if i+1 < len(ts) && g.yearWord[ts[i+1].low] {
			to = i + 2
			if ts[i+1].low == "г" && to < len(ts) && ts[to].text == "." && to+1 < len(ts) {
				to++
			}
			return to, fmt.Sprintf("%04.0f", t.value), true
		}
		if i > 0 && (g.on[ts[i-1].low] || g.since[ts[i-1].low] || g.until[ts[i-1].low]) {
			if i+1 < len(ts) && ts[i+1].kind == word && !g.closes(ts, i+1) && g.lang == "en" {
				if _, person := g.unit(ts[i+1].low); person {
					return 0, "", false
				}
			}
			return i + 1, fmt.Sprintf("%04.0f", t.value), true
		}
	}
	return 0, "", false
}

func isYear(text string) bool { return text >= "1900" && text < "2100" && len(text) == 4 }

// monthAt reads "13 October 2019", "Oct. 13", "October 2019", "13 октября", "в апреле".
func (r *reader) monthAt(ts []token, g *grammar, i int) (to int, when string, ok bool) {
	date, k := 0, i
	if ts[k].kind == number && ts[k].value >= 1 && ts[k].value <= 31 && ts[k].value == float64(int(ts[k].value)) {
		date, k = int(ts[k].value), k+1
		if g.lang == "en" && k < len(ts) && ts[k].low == "of" {
			k++
		}
	}
	if k >= len(ts) || g.months[ts[k].low] == 0 || g.lang == "en" && !ts[k].capital {
		return 0, "", false
	}
	month := g.months[ts[k].low]
	if g.lang == "en" && (ts[k].low == "may" || ts[k].low == "march") && date == 0 && k == 0 {
		return 0, "", false // the verbs begin sentences too
	}
	k++
	if k+1 < len(ts) && ts[k].text == "." && g.abbreviations[ts[k-1].low] {
		k++
	}
	if date == 0 && g.lang == "en" && k < len(ts) && ts[k].kind == number && ts[k].value >= 1 && ts[k].value <= 31 && !g.countsNext(ts, k) {
		date, k = int(ts[k].value), k+1
	}
	year := 0
	j := k
	if j+1 < len(ts) && ts[j].text == "," {
		j++
	}
	if j < len(ts) && ts[j].kind == number && ts[j].value >= 1900 && ts[j].value < 2100 && !ts[j].grouped {
		year, k = int(ts[j].value), j+1
		if k < len(ts) && g.yearWord[ts[k].low] {
			k++
		}
	}
	return k, r.monthDay(year, month, date), true
}

// countsNext says whether the number after a month counts people: "in October 12 women".
func (g *grammar) countsNext(ts []token, i int) bool {
	if i+1 >= len(ts) {
		return false
	}
	_, ok := g.unit(ts[i+1].low)
	return ok
}

// monthDay is a date whose year, when none is said, is the last in which that day or
// month had come by the publication.
func (r *reader) monthDay(year, month, date int) string {
	if date > 0 && year > 0 && time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC).Day() != date {
		date = 0
	}
	if year == 0 {
		if !r.published.known {
			return ""
		}
		p := r.published.time
		year = p.Year()
		if first := time.Date(year, time.Month(month), max(date, 1), 0, 0, 0, 0, time.UTC); first.After(p.AddDate(0, 0, 45)) {
			year--
		}
	}
	if date == 0 {
		return fmt.Sprintf("%04d-%02d", year, month)
	}
	d := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	if d.Day() != date {
		return fmt.Sprintf("%04d-%02d", year, month)
	}
	return d.Format("2006-01-02")
}

// weekday is the last day of that name, the day of publication being one.
func (r *reader) weekday(n int) string {
	if !r.published.known {
		return ""
	}
	p := r.published.time
	back := (int(p.Weekday()) - n%7 + 7) % 7
	return p.AddDate(0, 0, -back).Format("2006-01-02")
}

// relative reads yesterday, last week, over two years.
func (r *reader) relative(ts []token, g *grammar, i int) (to int, when string, ok bool) {
	for n := min(3, len(ts)-i); n >= 1 && g.first[ts[i].low]; n-- {
		if what, ok := g.relatives[lows(ts[i:i+n])]; ok {
			if when, ok := r.fromThere(what); ok {
				return i + n, when, true
			}
			return i + n, r.resolve(what), true
		}
	}
	if !g.over[ts[i].low] {
		return 0, "", false
	}
	k := i + 1
	for k < len(ts) && k < i+4 && (g.article[ts[k].low] || g.overFill[ts[k].low]) {
		k++
	}
	if k >= len(ts) {
		return 0, "", false
	}
	if years, ok := g.yearPeriods[ts[k].low]; ok { // two-year
		to = k + 1
		if to < len(ts) && ts[to].low == "period" {
			to++
		}
		return to, r.yearsBack(years), true
	}
	s, ok := g.simpleAt(ts, k)
	if !ok || s.year || s.next >= len(ts) || !g.years[ts[s.next].low] {
		return 0, "", false
	}
	return s.next + 1, r.yearsBack(int(s.value)), true
}

// yearsBack is a period of years that ends with the publication. Longer ones than a
// life are misread.
func (r *reader) yearsBack(years int) string {
	if !r.published.known || years < 1 || years > 120 {
		return ""
	}
	y := r.published.time.Year()
	return fmt.Sprintf("%04d/%04d", y-years, y)
}

// fromThere resolves what is counted from the date mentioned before: "the next day",
// "a year earlier".
func (r *reader) fromThere(what string) (when string, ok bool) {
	days, years := 0, 0
	switch what {
	case "day back":
		days = -1
	case "day on":
		days = 1
	case "year back":
		years = -1
	default:
		return "", false
	}
	for _, format := range []string{"2006-01-02", "2006"} {
		if t, err := time.Parse(format, r.mentioned); err == nil && (format == "2006") == (years != 0) {
			return t.AddDate(years, 0, days).Format(format), true
		}
	}
	return "", true
}

// resolve turns the name of a relative time into a date.
func (r *reader) resolve(what string) string {
	if !r.published.known {
		return ""
	}
	p := r.published.time
	monday := p.AddDate(0, 0, -(int(p.Weekday())+6)%7)
	format := "2006-01-02"
	switch what { // "then" is counted from a time that is not known
	case "today":
		return p.Format(format)
	case "yesterday":
		return p.AddDate(0, 0, -1).Format(format)
	case "day before":
		return p.AddDate(0, 0, -2).Format(format)
	case "this week":
		return monday.Format(format) + "/" + p.Format(format)
	case "last week":
		return monday.AddDate(0, 0, -7).Format(format) + "/" + monday.AddDate(0, 0, -1).Format(format)
	case "weekend":
		return monday.AddDate(0, 0, -2).Format(format) + "/" + monday.AddDate(0, 0, -1).Format(format)
	case "this month":
		return p.Format("2006-01")
	case "last month":
		return time.Date(p.Year(), p.Month()-1, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
	case "this year":
		return p.Format("2006")
	case "last year":
		return fmt.Sprintf("%04d", p.Year()-1)
	case "since this year":
		return p.Format("2006") + "-01/" + p.Format("2006-01")
	}
	return ""
}

func inDate(dates []dated, i int) bool {
	for _, d := range dates {
		if d.from <= i && i < d.to {
			return true
		}
	}
	return false
}

func startingAt(dates []dated, i int) (dated, bool) {
	for _, d := range dates {
		if d.from == i {
			return d, true
		}
	}
	return dated{}, false
}

func endingAt(dates []dated, i int) (dated, bool) {
	for _, d := range dates {
		if d.to == i {
			return d, true
		}
	}
	return dated{}, false
}

// nearest is the time that stands nearest to a figure, behind it before before it, and
// on its own side of a comma.
func nearest(ts []token, dates []dated, from, end int) (dated, bool) {
	best, distance := dated{}, 1<<30
	for _, d := range dates {
		away := 0
		switch {
		case d.from >= end:
			away = d.from - end + 3*commas(ts[end:d.from])
		case d.to <= from:
			away = from - d.to + 2 + 3*commas(ts[d.to:from])
		}
		if away < distance {
			best, distance = d, away
		}
	}
	return best, distance < 1<<30
}

func commas(ts []token) int {
	n := 0
	for _, t := range ts {
		if t.text == "," || t.text == ";" {
			n++
		}
	}
	return n
}
