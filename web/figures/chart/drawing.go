package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Drawing is a chart laid out: what stands where, in a box of Width by Height.
type Drawing struct {
	ID            string
	Title, Desc   string
	Class         string
	Width, Height float64
	RTL           bool
	Back          []Shape // behind everything: lines of the axis, the summary
	Items         []Item
}

// Item is one claim, a link to where it is shown.
type Item struct {
	URL   string
	Label string // everything the line says, unshortened
	// Hit is the ground that takes a click.
	Hit    Shape
	Shapes []Shape
}

// Shape is one sign. Class says what it is, and the style sheet how it looks.
type Shape struct {
	Kind   ShapeKind
	Class  string
	X, Y   float64 // the beginning of a line or a text, the middle of a circle, a corner of a box
	X2, Y2 float64 // the end of a line
	W, H   float64 // of a box
	R      float64 // of a circle; of a box's corners
	Points []point // of a polygon
	Text   string
	Anchor string // of a text: start, middle, end
}

// ShapeKind says which it is.
type ShapeKind int

// The kinds of shape.
const (
	Line ShapeKind = iota + 1
	Box
	Circle
	Polygon
	Text
)

type point struct{ X, Y float64 }

// mirrored turns the drawing round, for a script that runs from the right. Texts
// keep their anchors: in such a line "start" is at the right.
func (d Drawing) mirrored() Drawing {
	d.RTL = true
	for i := range d.Back {
		d.Back[i] = d.Back[i].mirrored(d.Width)
	}
	for i, item := range d.Items {
		d.Items[i].Hit = item.Hit.mirrored(d.Width)
		for j := range item.Shapes {
			item.Shapes[j] = item.Shapes[j].mirrored(d.Width)
		}
	}
	return d
}

func (s Shape) mirrored(width float64) Shape {
	s.X, s.X2 = width-s.X-s.W, width-s.X2
	points := make([]point, len(s.Points))
	for i, p := range s.Points {
		points[i] = point{width - p.X, p.Y}
	}
	s.Points = points
	return s
}

func (d Drawing) viewBox() string { return "0 0 " + n(d.Width) + " " + n(d.Height) }

func (d Drawing) direction() string {
	if d.RTL {
		return "rtl"
	}
	return "ltr"
}

// n writes a measure to a tenth.
func n(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

func (s Shape) points() string {
	var all []string
	for _, p := range s.Points {
		all = append(all, n(p.X)+","+n(p.Y))
	}
	return strings.Join(all, " ")
}

// fill is the ground of a box: a pattern, which is found by its id, or none where a
// filled box would hide what lies under it.
func (d Drawing) fill(s Shape) string {
	switch {
	case strings.Contains(s.Class, "hatched"):
		return fmt.Sprintf("url(#%s-hatch)", d.ID)
	case s.Class == "hit", s.Class == "span":
		return "none"
	}
	return "currentColor"
}

func line(class string, x, y, x2, y2 float64) Shape {
	return Shape{Kind: Line, Class: class, X: x, Y: y, X2: x2, Y2: y2}
}

// text is in the reader's language: it runs as the drawing does.
func text(class, anchor string, x, y float64, words string) Shape {
	return Shape{Kind: Text, Class: class, Anchor: anchor, X: x, Y: y, Text: words}
}

// quoted is a name, or what somebody said: it runs as its own letters do.
func quoted(class, anchor string, x, y float64, words string) Shape {
	return text(class, anchor, x, y, isolate+words+pop)
}

func polygon(class string, points ...point) Shape {
	return Shape{Kind: Polygon, Class: class, Points: points}
}
