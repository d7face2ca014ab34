package register

import (
	"cmp"
	"slices"

	"homeward/statement"
	"homeward/statement/edtf"
)

// timeOf is the time a statement speaks of, as well as it is known: the time given,
// the day on which it was said, the day on which it was written down.
func timeOf(s statement.Recorded) edtf.Date {
	switch {
	case !s.TrueOn.IsZero():
		return s.TrueOn
	case !s.SaidOn.IsZero():
		return s.SaidOn
	}
	return edtf.Day(s.RecordedAt)
}

// seenOn is the time a sighting speaks of: the time given, otherwise when it was
// said. When it was written down says nothing of where somebody was.
func seenOn(s statement.Recorded) edtf.Date {
	if !s.TrueOn.IsZero() {
		return s.TrueOn
	}
	return s.SaidOn
}

// seenDay is the last day that a sighting can speak of, edtf.MinDay when no day is
// known. What is open or unknown at its end speaks of nothing later than the day it
// was said, or written down.
func seenDay(s statement.Recorded) edtf.DayNumber {
	when := seenOn(s)
	if when.IsZero() {
		return edtf.MinDay
	}
	if latest := when.Latest(); latest != edtf.MaxDay {
		return latest
	}
	if said := s.SaidOn.Latest(); !s.SaidOn.IsZero() && said != edtf.MaxDay {
		return said
	}
	return edtf.Day(s.RecordedAt).Latest()
}

// yearsOf gives the years of birth that a date of birth or an age allows. An age
// is as of the time it speaks of: who was 28 on some day of 2019 was born in 1990
// or 1991.
func yearsOf(s statement.Recorded) Years {
	if s.Property == statement.PersonAge {
		low, high, ok := statement.ParseNumber(s.Value)
		if !ok || high > 130 {
			return Years{}
		}
		from, to := yearsSpan(timeOf(s))
		if from == 0 {
			return Years{}
		}
		return Years{from - int(high) - 1, to - int(low)}
	}
	d, err := edtf.Parse(s.Value)
	if err != nil {
		return Years{}
	}
	from, to := yearsSpan(d)
	return Years{from, to}
}

// yearsSpan gives the years of a date, 0, 0 when an end is open.
func yearsSpan(d edtf.Date) (from, to int) {
	if d.IsZero() || d.Earliest() == edtf.MinDay || d.Latest() == edtf.MaxDay {
		return 0, 0
	}
	return d.Earliest().Time().Year(), d.Latest().Time().Year()
}

// Near says how far two spans of years are apart: 0 when they meet.
func (y Years) Near(other Years) int {
	switch {
	case y.To < other.From:
		return other.From - y.To
	case other.To < y.From:
		return y.From - other.To
	}
	return 0
}

// beside puts years to the alternatives: into the one that they fit, or beside them,
// so that of 1987 and 1991 nobody makes 1989.
func beside(all []Years, y Years) []Years {
	if !y.Known() {
		return all
	}
	at := slices.IndexFunc(all, func(other Years) bool { return other.Near(y) == 0 })
	if at < 0 {
		all = append(all, y)
	} else {
		all[at] = all[at].and(y)
	}
	slices.SortFunc(all, func(a, b Years) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return all
}

// and gives the years that both spans allow; where they allow none, those of
// either.
func (y Years) and(other Years) Years {
	switch {
	case !y.Known():
		return other
	case !other.Known():
		return y
	case y.Near(other) > 0:
		return Years{min(y.From, other.From), max(y.To, other.To)}
	}
	return Years{max(y.From, other.From), min(y.To, other.To)}
}
