package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Number writes a whole number with the language's grouping: 1,779 in English
// and Arabic, 1 779 (with a space that does not break) in Russian.
func (p *Printer) Number(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "−", -n
	}
	digits := strconv.FormatInt(n, 10)
	separator := ","
	if p.Code() == "ru" {
		separator = "\u00a0"
		if len(digits) == 4 {
			separator = ""
		}
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), separator)
}

// Decimal writes a number with so many places after the language's decimal sign.
func (p *Printer) Decimal(x float64, places int) string {
	s := strconv.FormatFloat(x, 'f', places, 64)
	if p.Code() == "ru" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// Bytes tells a size: 640 kB, 1.2 MB.
func (p *Printer) Bytes(n int64) string {
	units := []string{"locale.bytes", "locale.kilobytes", "locale.megabytes", "locale.gigabytes"}
	x, unit := float64(n), 0
	for x >= 1000 && unit < len(units)-1 {
		x, unit = x/1000, unit+1
	}
	places := 0
	if unit > 0 && x < 10 {
		places = 1
	}
	return p.T(units[unit], "size", p.Decimal(x, places))
}

// Clock tells a place in a recording: 0:07, 12:40, 1:02:03.
func (p *Printer) Clock(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// Duration tells how long something lasts, in its two largest units: 3 days,
// 2 hours 5 minutes, 42 seconds.
func (p *Printer) Duration(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	s := int(d.Round(time.Second) / time.Second)
	parts := []struct {
		id string
		n  int
	}{
		{"locale.days", s / 86400}, {"locale.hours", s / 3600 % 24}, {"locale.minutes", s / 60 % 60}, {"locale.seconds", s % 60},
	}
	for i, part := range parts {
		if part.n == 0 && i < len(parts)-1 {
			continue
		}
		said := p.N(part.id, part.n)
		if i+1 < len(parts) && parts[i+1].n > 0 && part.n < 10 {
			said += " " + p.N(parts[i+1].id, parts[i+1].n)
		}
		return said
	}
	return ""
}

// List joins items as a sentence does: "a, b and c".
func (p *Printer) List(items ...string) string {
	for i := range items {
		items[i] = p.Isolate(items[i])
	}
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	comma := ", "
	if p.Code() == "ar" {
		comma = "، "
	}
	// The items are isolated once already.
	joined := p.T("locale.and", "a", "\x00", "b", "\x01")
	joined = strings.Replace(joined, "\x00", strings.Join(items[:last], comma), 1)
	return strings.Replace(joined, "\x01", items[last], 1)
}
