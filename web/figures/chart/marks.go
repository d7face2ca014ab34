package chart

// The measures of marks, in units of the drawing.
const (
	dotRadius  = 6.0
	ringRadius = 4.0
	barHeight  = 9.0
	bandHeight = 15.0
	arrowReach = 46.0 // of an end that was not said
	crossHalf  = 8.0
)

// mark is what stands on the axis for one claim, and how far it reaches along it.
type mark struct {
	shapes   []Shape
	from, to float64
}

// markOf draws a claim at the height y; at gives the place of a number.
func markOf(c Claim, at func(float64) float64, start, y float64) mark {
	fill := "mark"
	if !c.Grounds {
		fill = "mark hollow"
	}
	if c.act() == Repeats {
		fill += " repeat"
	}
	var m mark
	switch c.Kind() {
	case Dot:
		m = dot(c, fill, at(*c.Low), y)
	case Bar:
		m = bar(fill, at(*c.Low), at(*c.High), y)
	case Least:
		m = arrow(c, fill, at(*c.Low), y, 1)
	case Most:
		m = arrow(c, fill, at(*c.High), y, -1)
	case Band:
		m = band(c, fill, at, y)
	default:
		m = quote(start, y)
	}
	return m.acted(c, y)
}

func dot(c Claim, fill string, x, y float64) mark {
	r := dotRadius
	if c.act() == Repeats {
		r = ringRadius
	}
	return mark{[]Shape{{Kind: Circle, Class: fill, X: x, Y: y, R: r}}, x - r, x + r}
}

// bar reaches from one number to the other; its ends are marked, so that a short one
// is no dot.
func bar(fill string, from, to, y float64) mark {
	to = max(to, from+2)
	return mark{[]Shape{
		{Kind: Box, Class: fill, X: from, Y: y - barHeight/2, W: to - from, H: barHeight},
		line("cap", from, y-barHeight, from, y+barHeight), line("cap", to, y-barHeight, to, y+barHeight),
	}, from, to}
}

// arrow is an open end; way is 1 upwards, -1 downwards.
func arrow(c Claim, fill string, x, y, way float64) mark {
	m := dot(c, fill, x, y)
	tip := x + way*arrowReach
	m.shapes = append([]Shape{line("reach", x, y, tip-way*8, y),
		polygon("tip", point{tip, y}, point{tip - way*9, y - 5}, point{tip - way*9, y + 5})}, m.shapes...)
	m.from, m.to = min(m.from, tip), max(m.to, tip)
	return m
}

// band is a word. Its coded end is drawn, an open one is not.
func band(c Claim, fill string, at func(float64) float64, y float64) mark {
	var from, to float64
	var ends []Shape
	end := func(x float64) Shape { return line("cap", x, y-bandHeight/2, x, y+bandHeight/2) }
	switch {
	case c.High == nil:
		from = at(*c.Low)
		to = from + arrowReach
		ends = []Shape{end(from), polygon("tip", point{to + 8, y}, point{to, y - 5}, point{to, y + 5})}
	case c.Low == nil:
		to = at(*c.High)
		from = to - arrowReach
		ends = []Shape{end(to), polygon("tip", point{from - 8, y}, point{from, y - 5}, point{from, y + 5})}
	default:
		from, to = at(*c.Low), max(at(*c.High), at(*c.Low)+6)
		ends = []Shape{end(from), end(to)}
	}
	shapes := []Shape{{Kind: Box, Class: fill + " hatched", X: from, Y: y - bandHeight/2, W: to - from, H: bandHeight}}
	return mark{append(shapes, ends...), from, to + 8}
}

// quote stands where there is no number: two strokes, as before something quoted.
func quote(x, y float64) mark {
	stroke := func(x float64) Shape {
		return polygon("mark quoted", point{x, y + 5}, point{x + 1.5, y - 5}, point{x + 6, y - 5}, point{x + 4.5, y + 5})
	}
	return mark{[]Shape{stroke(x), stroke(x + 8)}, x, x + 14}
}

// acted crosses a denial and strikes through what was taken back.
func (m mark) acted(c Claim, y float64) mark {
	middle := (m.from + m.to) / 2
	if k := c.Kind(); k == Least || k == Most {
		middle = m.from + dotRadius
		if k == Most {
			middle = m.to - dotRadius
		}
	}
	switch c.act() {
	case Denies:
		m.shapes = append(m.shapes,
			line("cross", middle-crossHalf, y-crossHalf, middle+crossHalf, y+crossHalf),
			line("cross", middle-crossHalf, y+crossHalf, middle+crossHalf, y-crossHalf))
		m.from, m.to = min(m.from, middle-crossHalf), max(m.to, middle+crossHalf)
	case Withdrawn:
		m.shapes = append(m.shapes, line("strike", m.from-5, y, m.to+5, y))
		m.from, m.to = m.from-5, m.to+5
	}
	return m
}
