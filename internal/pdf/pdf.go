// Package pdf puts shaped text on paper: letters in Russian with Arabic and Latin
// names inside them, set as a reader of each script expects, and copied out of
// the file as the words that were put in.
//
// # The way of a text
//
// A Document is filled from top to bottom (Text, Table, Space, Rule). Each
// paragraph is cut into runs of one direction, script and face, shaped by
// HarfBuzz, broken into lines where Unicode allows it (UAX #14), and each line is
// put into visual order (UAX #9). The lines wait in one list; Bytes fills pages
// from it, keeps the first and the last two lines of a paragraph together, and
// writes the file.
//
// The rules are:
//
//   - The same calls give the same bytes: no clock, no chance, no map order, no
//     compression (whose output may change with the compiler). A letter kept by
//     its hash can be made again and compared.
//   - The file says nothing but its text: no author, no program, no date, and the
//     title is the caller's neutral one.
//   - Every glyph is mapped to what it stands for (ToUnicode), one code for each
//     pair of glyph and text, so that pdftotext gives logical Russian and Arabic.
//   - Any text can be set. What the faces do not have is drawn as an empty box,
//     kept in the text of the file, and told by Missing.
//   - All lengths are whole numbers, so that layout does not depend on how a
//     processor rounds.
package pdf

import (
	"bytes"
	"strings"
)

// Length is a distance on paper in thousandths of a point.
type Length int

// Units of length.
const (
	Point      Length = 1000
	Millimetre Length = 2835
)

// A4.
const (
	pageWidth  = 595276 * Point / 1000
	pageHeight = 841890 * Point / 1000
)

// Align says on which side of its column a paragraph stands.
type Align int

// The alignments. Start is where the paragraph's own direction begins; Left is
// the left edge whatever the direction, for columns that begin on one line.
const (
	Start Align = iota
	End
	Centre
	Left
)

// Direction is the base direction of a paragraph.
type Direction int

// The directions. FromText takes the first strong letter, and what has none
// reads from left to right.
const (
	FromText Direction = iota
	LeftToRight
	RightToLeft
)

// Style is how a paragraph looks. The zero Style is text of the body.
type Style struct {
	Size    Length // 0 is 10.5 points
	Leading int    // line height in hundredths of Size; 0 is 140
	Bold    bool
	Sans    bool
	Align   Align
	Dir     Direction
	// FirstLine sets the first line in, Left the whole paragraph.
	FirstLine, Left Length
	Before, After   Length
	// KeepNext keeps the paragraph on the page of what follows it.
	KeepNext bool
}

func (s Style) size() Length {
	if s.Size <= 0 {
		return 10*Point + Point/2
	}
	return s.Size
}

func (s Style) lineHeight() Length {
	leading := s.Leading
	if leading <= 0 {
		leading = 140
	}
	return s.size() * Length(leading) / 100
}

// Options are what belongs to the whole document.
type Options struct {
	// Title is shown by readers in the window's name: it must be neutral.
	Title string
	// Lang is the BCP 47 tag of the document.
	Lang string
	// Footer gives the line at the foot of a page; nil leaves it empty.
	Footer func(page, pages int) string
	// Mark is written large and grey across each page, under its text; "" leaves it out.
	Mark string
}

// The margins: more on the left, where the sheet is bound.
const (
	marginLeft   = 25 * Millimetre
	marginRight  = 15 * Millimetre
	marginTop    = 18 * Millimetre
	marginBottom = 22 * Millimetre
	footerAt     = 11 * Millimetre // baseline above the lower edge

	// Width is what a line of text can take.
	Width = pageWidth - marginLeft - marginRight
	depth = pageHeight - marginTop - marginBottom
)

// Document is a document in the making. It is used by one goroutine.
type Document struct {
	options Options
	setter  *setter
	lines   []line
	pending Length // space asked for before the next line
}

// New starts a document.
func New(o Options) *Document {
	return &Document{options: o, setter: newSetter(o.Lang)}
}

// line is one line of the list that pages are filled from: pieces of text at
// their places from the left edge of the text area, all on one baseline.
type line struct {
	before Length // space above it, not at the top of a page
	height Length
	rise   Length // from the top of the line to its baseline
	pieces []piece
	rule   bool   // a hairline above it
	keep   bool   // not to be parted from the next
	head   []line // repeated when a page begins with this line
	space  bool   // nothing but distance
}

// piece is a shaped run at its place.
type piece struct {
	x    Length
	size Length
	run  run
}

// Text sets text as paragraphs, one for each line of it.
func (d *Document) Text(text string, s Style) {
	paragraphs := strings.Split(clean(text), "\n")
	for i, p := range paragraphs {
		lines := d.setter.paragraph(p, s, Width)
		bind(lines, s.KeepNext || i < len(paragraphs)-1 && len(paragraphs) <= 3)
		if i == 0 {
			d.pending = max(d.pending, s.Before)
		}
		d.add(lines)
	}
	d.pending = max(d.pending, s.After)
}

// bind keeps the first two and the last two lines of a paragraph together.
func bind(lines []line, next bool) {
	n := len(lines)
	if n == 0 {
		return
	}
	if n > 1 {
		lines[0].keep, lines[n-2].keep = true, true
	}
	lines[n-1].keep = next
}

func (d *Document) add(lines []line) {
	if len(lines) == 0 {
		return
	}
	lines[0].before += d.pending
	d.pending = 0
	d.lines = append(d.lines, lines...)
}

// Space leaves at least h free before what comes next.
func (d *Document) Space(h Length) { d.pending = max(d.pending, h) }

// Rule draws a hairline across the page.
func (d *Document) Rule() {
	d.add([]line{{rule: true, height: Point, space: true, keep: true}})
}

// Table is text in columns. A row that does not fit is parted between its lines;
// the head is repeated on each page.
type Table struct {
	// Widths are the columns' shares of the page's width, in hundredths.
	Widths []int
	Head   []string
	Rows   [][]string
	// First is the style of the first column, Last of the last (nil: as the others),
	// Rest of the others.
	First, Rest Style
	Last        *Style
	// Ruled draws a hairline above each row and below the last.
	Ruled bool
	// Pad is the space above and below the text of a row.
	Pad Length
}

// Table sets a table.
func (d *Document) Table(t Table) {
	var head []line
	if len(t.Head) > 0 {
		bold := t.Rest
		bold.Bold = true
		bare := t
		bare.First, bare.Rest, bare.Last = bold, bold, nil
		head = d.row(bare, t.Head)
		for i := range head {
			head[i].keep = true
		}
		d.add(head)
	}
	for _, cells := range t.Rows {
		lines := d.row(t, cells)
		bind(lines, false)
		for i := range lines {
			lines[i].head = head
		}
		d.add(lines)
	}
	if t.Ruled {
		d.add([]line{{rule: true, height: Point, space: true}})
	}
	d.pending = max(d.pending, t.Rest.After)
}

// row sets one row: the cells' lines side by side.
func (d *Document) row(t Table, cells []string) []line {
	const gutter = 3 * Millimetre
	var rows []line
	x := Length(0)
	for i, width := range t.Widths {
		column := Width * Length(width) / 100
		if i < len(cells) {
			rows = beside(rows, d.cell(cells[i], t.style(i), column-gutter), x)
		}
		x += column
	}
	if len(rows) > 0 {
		rows[0].rule = t.Ruled
		rows[0].height += t.Pad
		rows[0].rise += t.Pad
		rows[len(rows)-1].height += t.Pad
	}
	return rows
}

// style is that of a column.
func (t Table) style(i int) Style {
	switch {
	case i == 0:
		return t.First
	case i == len(t.Widths)-1 && t.Last != nil:
		return *t.Last
	}
	return t.Rest
}

func (d *Document) cell(text string, s Style, width Length) []line {
	var lines []line
	for _, p := range strings.Split(clean(text), "\n") {
		lines = append(lines, d.setter.paragraph(p, s, width)...)
	}
	return lines
}

// beside adds the lines of a cell that begins at x to those of the row.
func beside(row, cell []line, x Length) []line {
	for i, l := range cell {
		for j := range l.pieces {
			l.pieces[j].x += x
		}
		if i == len(row) {
			row = append(row, l)
			continue
		}
		row[i].height = max(row[i].height, l.height)
		row[i].rise = max(row[i].rise, l.rise)
		row[i].pieces = append(row[i].pieces, l.pieces...)
	}
	return row
}

// Missing gives the characters that no face has, in the order of the text.
func (d *Document) Missing() []rune { return d.setter.missing }

// Bytes writes the document. Nothing can be added to it afterwards.
func (d *Document) Bytes() []byte {
	pages := fill(d.lines, depth)
	var contents [][]byte
	for i, page := range pages {
		var b bytes.Buffer
		d.mark(&b)
		d.draw(&b, page)
		d.footer(&b, i+1, len(pages))
		contents = append(contents, b.Bytes())
	}
	return write(d.options, d.setter, contents)
}
