package chart

import (
	"context"
	"math"
	"strings"

	"homeward/internal/locale"
)

// The measures of lines.
const (
	narrowest = 560.0 // below it labels stand above their marks
	nameSize  = 13.5
	nameWide  = 14.5 // bold letters are wider
	smallSize = 12.0
	lineStep  = 17.0
	rowGap    = 15.0
	indent    = 16.0
	headRoom  = 10.0 // above the lines
	crownRoom = 24.0 // above a group, for the words of its summary
	crownStep = 14.0 // and for those of the highest, where they stand above the others
	footRoom  = 60.0 // below them, for the axis and its words
	margin    = 8.0
)

// sheet is the chart of lines while it is laid out.
type sheet struct {
	ctx    context.Context
	axis   Axis
	d      Drawing
	labels float64 // width of the column of labels; 0 where they stand above
	from   float64 // the plot's edges
	to     float64
	y      float64
	spans  []Shape // the summaries of the groups, behind everything
}

// Rows lays the claims out one below the other, in a drawing of that width.
func (c Chart) Rows(ctx context.Context, width float64) Drawing {
	s := &sheet{ctx: ctx, axis: c.Axis(), y: headRoom}
	s.d = Drawing{ID: c.ID + "-" + n(width), Title: c.Title, Desc: c.Desc, Width: width, Class: "rows"}
	s.from, s.to = margin+10, width-margin-24
	if width >= narrowest {
		s.labels = math.Max(210, math.Min(400, width*0.36))
		s.from, s.to = s.labels+30, width-margin-60
	}
	for _, g := range c.Groups {
		s.group(g)
	}
	s.d.Height = s.y + footRoom
	s.ground()
	if locale.From(ctx).Dir() == "rtl" {
		return s.d.mirrored()
	}
	return s.d
}

func (s *sheet) at(v float64) float64 { return s.from + s.axis.At(v)*(s.to-s.from) }

// group is a title, with the words of the summary beside it or below it, and lines.
func (s *sheet) group(g Group) {
	room, top := s.d.Width-2*margin, s.y
	if s.labels > 0 {
		room = s.labels - margin
	}
	if g.Title != "" {
		s.y += 8
		for _, l := range wrap(clean(g.Title), nameWide, room, 3) {
			s.d.Back = append(s.d.Back, text("group", "start", margin, s.y+11, l))
			s.y += lineStep
		}
	}
	if g.Low != nil || g.High != nil || g.Best != nil {
		if s.labels == 0 {
			s.y += crownRoom + crownStep
		}
		s.y = math.Max(s.y, top+crownRoom)
	}
	s.y += 4
	s.d.Back = append(s.d.Back, line("rule strong", margin, s.y, s.d.Width-margin, s.y))
	top = s.y
	for _, c := range g.Claims {
		s.row(c)
	}
	s.summary(g, top)
}

// row is one claim: its label, its mark, and what was said beside the mark.
func (s *sheet) row(c Claim) {
	top := s.y
	left, room := margin, s.labels-margin
	if s.labels == 0 {
		room = s.d.Width - 2*margin
	}
	var shapes []Shape
	if c.Under {
		shapes = append(shapes, line("branch", left+4, top-3, left+4, top+12), line("branch", left+4, top+12, left+12, top+12))
		left, room = left+indent, room-indent
	}
	y := top + rowGap/2
	for _, l := range wrap(clean(c.Speaker), nameWide, room, 2) {
		y += lineStep
		shapes = append(shapes, quoted("name", "start", left, y-4, l))
	}
	for _, l := range wrap(joined(c.Date, c.Basis, c.Note), smallSize, room, 3) {
		y += lineStep - 1
		shapes = append(shapes, text("about", "start", left, y-4, l))
	}
	middle := (top + y + rowGap/2) / 2
	if s.labels == 0 {
		middle = y + 13
		y += 24
	}
	marked, below := s.marked(c, middle)
	s.y = math.Max(y+rowGap/2, top+34)
	if below {
		s.y = math.Max(s.y, middle+30)
	}
	s.d.Items = append(s.d.Items, Item{URL: c.URL, Label: c.label(), Shapes: append(shapes, marked...),
		Hit: Shape{Kind: Box, Class: "hit", X: 2, Y: top, W: s.d.Width - 4, H: s.y - top, R: 4}})
	s.d.Back = append(s.d.Back, line("rule", margin, s.y, s.d.Width-margin, s.y))
}

// marked is the mark of a line with what was said beside it, on the side where there
// is room; below it where neither has.
func (s *sheet) marked(c Claim, y float64) (shapes []Shape, below bool) {
	m := markOf(c, s.at, s.from, y)
	said, class := clean(c.Said), "said"
	if c.act() == Withdrawn {
		class = "said gone"
	}
	room, after, before := width(said, nameSize), s.d.Width-margin-m.to-8, m.from-8-s.from
	switch {
	case room <= after || c.Kind() == Quote:
		return append(m.shapes, quoted(class, "start", m.to+8, y+4.5, fit(said, nameSize, after))), false
	case room <= before:
		return append(m.shapes, quoted(class, "end", m.from-8, y+4.5, said)), false
	}
	said = fit(said, nameSize, s.d.Width-margin-s.from)
	x := math.Min(math.Max(m.from, s.from), s.d.Width-margin-width(said, nameSize))
	return append(m.shapes, quoted(class, "start", x, y+23, said)), true
}

// label is everything a line says, for whoever points at it or hears it.
func (c Claim) label() string {
	return joined(c.Speaker, c.Said, c.Date, c.Basis, c.Note)
}

func joined(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p = clean(p); p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, " · ")
}

// ground draws the axis and the summaries behind the lines.
func (s *sheet) ground() {
	bottom := s.y
	back := s.spans
	for _, v := range s.axis.Ticks(int((s.to - s.from) / 74)) {
		x := s.at(v)
		back = append(back, line("grid", x, headRoom, x, bottom),
			text("tick", "middle", x, bottom+17, locale.From(s.ctx).Number(int64(math.Round(v)))))
	}
	back = append(back, line("axis", s.from, bottom, s.to, bottom))
	back = append(back, scaleLines(s.ctx, s.axis, s.d.Width, (s.from+s.to)/2, bottom+36)...)
	s.d.Back = append(back, s.d.Back...)
}

// summary shades what lies between the low and the high of a group, and names both.
func (s *sheet) summary(g Group, top float64) {
	if g.Low != nil && g.High != nil && g.Low.N < g.High.N {
		s.spans = append(s.spans, Shape{Kind: Box, Class: "span", X: s.at(g.Low.N), Y: top, W: s.at(g.High.N) - s.at(g.Low.N), H: s.y - top})
	}
	same := g.Low != nil && g.High != nil && g.Low.N == g.High.N
	switch {
	case g.Best != nil:
		s.bound("best", *g.Best, "middle", top)
	case same:
		s.bound("bound", *g.High, "middle", top)
	}
	if g.Low != nil && !same {
		s.bound("bound", *g.Low, "end", top)
	}
	if g.High != nil && !same {
		s.bound("bound", *g.High, "start", top)
		if words := &s.d.Back[len(s.d.Back)-1]; s.labels == 0 {
			words.Y -= crownStep
		}
	}
}

// bound is an upright line through the group with its words above; where a best is
// named, the words of the others would cover it and are left to the page.
func (s *sheet) bound(class string, b Bound, anchor string, top float64) {
	x := s.at(b.N)
	words := clean(b.Words)
	room := width(words, smallSize)
	left, right := margin+s.labels, s.d.Width-margin
	switch {
	case anchor == "end" && x-room < left:
		anchor, x = "start", math.Max(left, math.Min(x, right-room))
	case anchor == "start" && x+room > right:
		anchor, x = "end", math.Min(right, math.Max(x, left+room))
	case anchor == "middle":
		x = math.Max(left+room/2, math.Min(x, right-room/2))
	}
	s.spans = append(s.spans, line(class, s.at(b.N), top-4, s.at(b.N), s.y))
	s.d.Back = append(s.d.Back, text(class+"-name", anchor, x, top-8, words))
}

// scaleLines are the words of the axis, on two lines where they do not fit on one.
func scaleLines(ctx context.Context, a Axis, wide, x, y float64) (shapes []Shape) {
	for i, l := range wrap(scaleWords(ctx, a), smallSize, wide-6*margin, 2) {
		shapes = append(shapes, text("scale", "middle", x, y+float64(i)*(lineStep-2), l))
	}
	return shapes
}

// scaleWords says how the axis runs.
func scaleWords(ctx context.Context, a Axis) string {
	if a.Log {
		return locale.T(ctx, "sheet.chart.log")
	}
	return locale.T(ctx, "sheet.chart.linear")
}
