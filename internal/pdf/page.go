package pdf

import (
	"bytes"
	"fmt"
	"strings"
)

// A page is filled with lines until the next does not fit, then cut at the last
// place where it may be cut. Space is left out at its top.

// placed is a line at its distance from the top of the text area.
type placed struct {
	line
	top Length
}

// fill gives the lines of each page; a document without text has one empty page.
func fill(lines []line, depth Length) [][]placed {
	var pages [][]placed
	for len(lines) > 0 {
		page, n := fillOne(lines, depth)
		pages = append(pages, page)
		lines = lines[n:]
	}
	if len(pages) == 0 {
		return [][]placed{nil}
	}
	return pages
}

// fillOne fills one page and says how many of the lines it took, at least one.
func fillOne(lines []line, depth Length) ([]placed, int) {
	var page []placed
	y := Length(0)
	for _, l := range lines[0].head {
		page = append(page, placed{l, y})
		y += l.height
	}
	repeated := len(page)
	cut := 0 // how many lines stay when the page is cut at the last good place
	for i, l := range lines {
		if i > 0 {
			y += l.before
		}
		if i > 0 && y+l.height > depth {
			if cut == 0 {
				cut = i
			}
			return page[:repeated+cut], cut
		}
		page = append(page, placed{l, y})
		y += l.height
		if !l.keep {
			cut = i + 1
		}
	}
	return page, len(lines)
}

// draw writes a page's text and rules.
func (d *Document) draw(b *bytes.Buffer, page []placed) {
	for _, l := range page {
		top := pageHeight - marginTop - l.top
		if l.rule {
			fmt.Fprintf(b, "0.5 w %s %s m %s %s l S\n", number(marginLeft), number(top), number(marginLeft+Width), number(top))
		}
		for _, p := range l.pieces {
			d.setter.show(b, p, marginLeft+p.x, top-l.rise)
		}
	}
}

// markSize is the size of the letters across a page.
const markSize = 44 * Point

// mark writes the document's mark from the lower left to the upper right, in a grey that
// leaves the text above it to be read.
func (d *Document) mark(b *bytes.Buffer) {
	text := clean(d.options.Mark)
	if text == "" {
		return
	}
	const turn = "0.6428" // of 40 degrees, and the other leg
	fmt.Fprintf(b, "q 0.84 g 0.766 %s -%s 0.766 %s %s cm\n", turn, turn, number(pageWidth/2), number(pageHeight/2))
	y := Length(0)
	for paragraph := range strings.SplitSeq(text, "\n") {
		for _, l := range d.setter.paragraph(paragraph, Style{Size: markSize, Bold: true, Align: Centre}, 2*Width) {
			for _, p := range l.pieces {
				d.setter.show(b, p, p.x-Width, y)
			}
			y -= markSize * 5 / 4
		}
	}
	b.WriteString("Q\n")
}

// footer writes the line at the foot of a page, in the middle.
func (d *Document) footer(b *bytes.Buffer, page, pages int) {
	if d.options.Footer == nil {
		return
	}
	text := clean(d.options.Footer(page, pages))
	lines := d.setter.paragraph(text, Style{Size: 8 * Point, Align: Centre}, Width)
	if len(lines) == 0 {
		return
	}
	for _, p := range lines[0].pieces {
		d.setter.show(b, p, marginLeft+p.x, footerAt)
	}
}

// number writes a length in points, without needless digits.
func number(l Length) string { return decimal(int64(l), 1000) }

// decimal writes n/unit with at most three digits after the point.
func decimal(n, unit int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	thousandths := (n*1000 + unit/2) / unit
	whole, rest := thousandths/1000, thousandths%1000
	if rest == 0 {
		if whole == 0 {
			sign = ""
		}
		return fmt.Sprintf("%s%d", sign, whole)
	}
	digits := fmt.Sprintf("%03d", rest)
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return fmt.Sprintf("%s%d.%s", sign, whole, digits)
}
