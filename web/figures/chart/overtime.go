package chart

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"homeward/internal/locale"
	"homeward/statement/edtf"
)

// The measures of the chart over time.
const (
	plotHeight = 300.0
	edgeRoom   = 56.0 // beside the plot, for the numbers of the axis
	laneRoom   = 34.0 // below it, for claims without a number
	apart      = 19.0 // how far two marks of one place are moved apart
)

// days is the stretch of time that is shown.
type days struct{ from, to edtf.DayNumber }

// span is the part of a claim's date that has ends.
func span(c Claim) (d days, ok bool) {
	if c.When.IsZero() {
		return d, false
	}
	d = days{c.When.Earliest(), c.When.Latest()}
	if d.from == edtf.MinDay {
		d.from = d.to
	}
	if d.to == edtf.MaxDay {
		d.to = d.from
	}
	return d, d.from != edtf.MinDay && d.to != edtf.MaxDay
}

// timeline is the chart over time while it is laid out.
type timeline struct {
	ctx            context.Context
	chart          Chart
	axis           Axis
	d              Drawing
	days           days
	from, to       float64 // the plot's edges
	top, bottom    float64
	lane           float64 // where claims without a number stand
	undated        float64 // where claims without a date stand, 0 when there are none
	placed         []upright
	threads        map[string][]point
	threadsInOrder []string
}

// OverTime lays the claims out by the day on which they were said. Each bears its
// number in the list.
func (c Chart) OverTime(ctx context.Context, width float64) Drawing {
	t := &timeline{ctx: ctx, chart: c, axis: c.Axis(), threads: map[string][]point{}}
	t.d = Drawing{ID: c.ID + "-time-" + n(width), Title: c.Title, Desc: c.Desc, Width: width, Class: "time"}
	t.from, t.to = margin+edgeRoom, width-margin-24
	t.top, t.bottom = 26, 26+plotHeight
	t.lane = t.bottom
	all := c.claims()
	if slices.ContainsFunc(all, func(c Claim) bool { return c.Kind() == Quote }) {
		t.lane = t.bottom + laneRoom
	}
	if slices.ContainsFunc(all, func(c Claim) bool { _, ok := span(c); return !ok }) {
		t.undated = t.to - 10
		t.to -= 78
	}
	t.days = stretch(all)
	t.d.Height = t.lane + 68
	for i, claim := range all {
		t.place(i+1, claim)
	}
	t.ground()
	if locale.From(ctx).Dir() == "rtl" {
		return t.d.mirrored()
	}
	return t.d
}

// stretch holds every date, with some air; a single day gets a week around it.
func stretch(all []Claim) days {
	d := days{edtf.MaxDay, edtf.MinDay}
	for _, c := range all {
		if s, ok := span(c); ok {
			d.from, d.to = min(d.from, s.from), max(d.to, s.to)
		}
	}
	if d.from > d.to {
		return days{0, 1}
	}
	air := max((d.to-d.from)/20, 1)
	if d.to-d.from < 6 {
		air = 3
	}
	return days{d.from - air, d.to + air}
}

func (t *timeline) x(day edtf.DayNumber) float64 {
	return t.from + float64(day-t.days.from)/float64(t.days.to-t.days.from)*(t.to-t.from)
}

func (t *timeline) up(v float64) float64 { return t.axis.At(v) * (t.bottom - t.top) }

// place draws one claim: its mark stands upright, so it is drawn lying and turned.
func (t *timeline) place(number int, c Claim) {
	x, known := t.undated, false
	var s days
	if s, known = span(c); known {
		x = (t.x(s.from) + t.x(s.to)) / 2
	}
	var shapes []Shape
	y, foot := t.lane-14, t.lane-14
	if v := c.values(); len(v) > 0 {
		y, foot = t.bottom-t.up(v[len(v)-1]), t.bottom-t.up(v[0])
	}
	x = t.free(upright{x, y, foot})
	if known && s.to > s.from {
		shapes = append(shapes, line("when", t.x(s.from), y, t.x(s.to), y))
	}
	if c.Kind() == Quote {
		shapes = append(shapes, markOf(c, t.up, x-7, y).shapes...)
	} else {
		for _, lying := range markOf(c, t.up, 0, 0).shapes {
			shapes = append(shapes, lying.upright(x, t.bottom))
		}
		t.thread(c.Thread, point{x, y})
	}
	label := strconv.Itoa(number)
	shapes = append(shapes, text("number", "middle", x, highest(shapes, y)-5, label))
	t.d.Items = append(t.d.Items, Item{URL: c.URL, Label: label + " · " + c.label(), Shapes: shapes,
		Hit: Shape{Kind: Box, Class: "hit", X: x - 13, Y: y - 13, W: 26, H: 26, R: 4}})
}

// highest is the upper edge of a mark, above which its number stands.
func highest(shapes []Shape, y float64) float64 {
	top := y - dotRadius
	for _, s := range shapes {
		switch s.Kind {
		case Line:
			top = math.Min(top, math.Min(s.Y, s.Y2))
		case Box:
			top = math.Min(top, s.Y)
		}
		for _, p := range s.Points {
			top = math.Min(top, p.Y)
		}
	}
	return top
}

// upright is how high a mark stands at its place.
type upright struct{ x, top, foot float64 }

func (u upright) covers(v upright) bool {
	return math.Abs(u.x-v.x) < apart && u.top-apart < v.foot && v.top-apart < u.foot
}

// free moves a mark aside until it covers none that stands already.
func (t *timeline) free(u upright) float64 {
	for way, i := 1.0, 1.0; slices.ContainsFunc(t.placed, u.covers); i++ {
		u.x += way * i * apart
		way = -way
	}
	t.placed = append(t.placed, u)
	return u.x
}

func (t *timeline) thread(name string, p point) {
	if name == "" {
		return
	}
	if _, ok := t.threads[name]; !ok {
		t.threadsInOrder = append(t.threadsInOrder, name)
	}
	t.threads[name] = append(t.threads[name], p)
}

// upright turns a shape that lies along an axis from 0 so that it stands on it.
func (s Shape) upright(x, bottom float64) Shape {
	turn := func(px, py float64) (float64, float64) { return x + py, bottom - px }
	if s.Kind == Box {
		s.X, s.Y, s.W, s.H = x+s.Y, bottom-s.X-s.W, s.H, s.W
		return s
	}
	s.X, s.Y = turn(s.X, s.Y)
	if s.Kind == Line {
		s.X2, s.Y2 = turn(s.X2, s.Y2)
	}
	for i, p := range s.Points {
		s.Points[i].X, s.Points[i].Y = turn(p.X, p.Y)
	}
	return s
}

// ground draws both axes, the threads and the names of the lanes.
func (t *timeline) ground() {
	var back []Shape
	l := locale.From(t.ctx)
	for _, v := range t.axis.Ticks(6) {
		y := t.bottom - t.up(v)
		back = append(back, line("grid", t.from, y, t.to, y),
			text("tick", "end", t.from-8, y+4, l.Number(int64(math.Round(v)))))
	}
	back = append(back, line("axis", t.from, t.bottom, t.to, t.bottom))
	for _, tick := range t.dates() {
		back = append(back, line("axis", tick.X, t.lane, tick.X, t.lane+5), text("tick", "middle", tick.X, t.lane+20, tick.Text))
	}
	if t.lane > t.bottom {
		back = append(back, line("axis", t.from, t.lane, t.to, t.lane))
		for i, words := range wrap(locale.T(t.ctx, "sheet.chart.no_number"), 11, edgeRoom, 2) {
			back = append(back, text("tick lane", "end", t.from-8, t.bottom+15+float64(i)*12, words))
		}
	}
	if t.undated > 0 {
		back = append(back, line("grid", t.to+20, t.top, t.to+20, t.lane))
		for i, words := range wrap(locale.T(t.ctx, "sheet.chart.no_date"), 11, 70, 2) {
			back = append(back, text("tick lane", "middle", t.undated, t.lane+18+float64(i)*12, words))
		}
	}
	back = append(back, scaleLines(t.ctx, t.axis, t.d.Width, (t.from+t.to)/2, t.lane+46)...)
	for _, name := range t.threadsInOrder {
		p := t.threads[name]
		for i := 1; i < len(p); i++ {
			back = append(back, line("thread", p[i-1].X, p[i-1].Y, p[i].X, p[i].Y))
		}
	}
	t.d.Back = back
}

// steps are those between two dates at the axis; beyond them the years are rounded.
var steps = []struct{ days, months int }{{days: 1}, {days: 2}, {days: 7}, {days: 14}, {months: 1}, {months: 3}, {months: 6}}

// dates are the days written at the axis: as many as find room.
func (t *timeline) dates() (ticks []Shape) {
	most := max(int((t.to-t.from)/84), 1)
	whole := int(t.days.to - t.days.from)
	for _, s := range steps {
		if whole/(s.days+s.months*30) < most {
			return t.every(s.days, s.months, 0)
		}
	}
	return t.every(0, 0, int(step(float64(whole)/365, most)))
}

// every gives the ticks of one step, beginning at a day, a month or a year that
// divides by it.
func (t *timeline) every(d, m, y int) (ticks []Shape) {
	first, last := t.days.from.Time(), t.days.to.Time()
	at := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, time.UTC)
	switch {
	case m > 0:
		at = time.Date(first.Year(), time.Month((int(first.Month())-1)/m*m+1), 1, 0, 0, 0, 0, time.UTC)
	case y > 0:
		at = time.Date(first.Year()/y*y, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for ; !at.After(last); at = at.AddDate(y, m, d) {
		if at.Before(first) {
			continue
		}
		x := t.x(edtf.DayNumber(at.Unix() / (24 * 60 * 60)))
		ticks = append(ticks, Shape{X: x, Text: t.dateWords(at, m > 0, y > 0)})
	}
	return ticks
}

func (t *timeline) dateWords(at time.Time, month, year bool) string {
	switch l := locale.From(t.ctx); {
	case year:
		return fmt.Sprint(at.Year())
	case month:
		d, _ := edtf.Parse(at.Format("2006-01"))
		return l.EDTF(d)
	default:
		return l.In(time.UTC).ShortDate(at)
	}
}
