package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// setter turns text into lines of shaped runs. It holds what is not safe to share
// between documents: the shaper and the faces with their codes.
type setter struct {
	shaper   shaping.HarfbuzzShaper
	segments segmenter.Segmenter
	faces    *faces
	lang     language.Language
	missing  []rune
	lacks    map[rune]bool
}

func newSetter(lang string) *setter {
	return &setter{faces: openFaces(), lang: language.NewLanguage(lang), lacks: map[rune]bool{}}
}

// run is a stretch of a paragraph of one level, script and face, shaped.
type run struct {
	from, to int // in the paragraph's runes
	level    level
	script   language.Script
	face     *face
	glyphs   []glyph
	advance  int // in the face's units
}

// glyph is one shape, in visual order, with the text it stands for.
type glyph struct {
	id               uint32
	advance, dx, dy  int // in the face's units
	cluster, covered int // the first rune it stands for, and how many its cluster has
	text             string
	unseen           []string // letters it stands for besides, to be written before it
}

// clean takes out what is not text or would change the order of what stands
// around it: control characters, embeddings and overrides, soft hyphens. A page
// has no tabs.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
			return ' '
		case r >= '\u202A' && r <= '\u202E', r >= '\u206A' && r <= '\u206F', r == '\u00AD', r == '\uFEFF', unicode.IsControl(r):
			return -1
		case r >= 0xFFFE && r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF:
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// paragraph sets one paragraph in a column of that width.
func (s *setter) paragraph(text string, style Style, width Length) []line {
	runes := []rune(text)
	lv, base := levels(runes, style.Dir)
	runs := s.itemise(runes, lv, style)
	for i := range runs {
		s.shape(runes, &runs[i])
	}
	width -= style.Left
	starts := s.breaks(runes, advances(runes, runs, style.size()), width, style.FirstLine)
	var lines []line
	for i, from := range starts {
		to := len(runes)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		lines = append(lines, s.line(runes, runs, from, to, base, style, width, i == 0))
	}
	return lines
}

// itemise cuts a paragraph into runs. Spaces, marks and punctuation belong to the
// script and the face of what stands before them.
func (s *setter) itemise(text []rune, lv []level, style Style) []run {
	var runs []run
	script, chosen := language.Common, s.faces.choose(style, 'a')
	for i, r := range text {
		own := language.LookupScript(r)
		if own == language.Common || own == language.Inherited || own == language.Unknown {
			own = script
		}
		f := chosen
		if !follows(r) {
			f = s.face(style, r)
		}
		n := len(runs)
		if n > 0 && runs[n-1].level == lv[i] && runs[n-1].face == f && (runs[n-1].script == own || runs[n-1].script == language.Common) {
			runs[n-1].to, runs[n-1].script = i+1, own
		} else {
			runs = append(runs, run{from: i, to: i + 1, level: lv[i], script: own, face: f})
		}
		script, chosen = own, f
	}
	return runs
}

// follows says whether a rune takes the face of what stands before it.
func follows(r rune) bool {
	return r == ' ' || r == '\u00A0' || invisible(r) || unicode.In(r, unicode.Mn, unicode.Me)
}

// invisible says whether a rune is drawn by nothing at all.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) && r != '\u0600' && (r < '\u0600' || r > '\u0605') && r != '\u06DD' ||
		r >= '\uFE00' && r <= '\uFE0F'
}

// face chooses the face for a rune and remembers the runes that none has.
func (s *setter) face(style Style, r rune) *face {
	f := s.faces.choose(style, r)
	if !f.has(r) && !s.lacks[r] {
		s.lacks[r] = true
		s.missing = append(s.missing, r)
	}
	return f
}

// shape has HarfBuzz shape a run.
func (s *setter) shape(text []rune, r *run) {
	direction := di.DirectionLTR
	if r.level%2 == 1 {
		direction = di.DirectionRTL
	}
	out := s.shaper.ShapeNoExtents(shaping.Input{
		Text: text, RunStart: r.from, RunEnd: r.to, Direction: direction, Face: r.face.shaped,
		Size: fixed.I(r.face.upem), Script: r.script, Language: s.lang,
	})
	r.glyphs, r.advance = r.glyphs[:0:0], 0
	for _, g := range out.Glyphs {
		r.glyphs = append(r.glyphs, glyph{
			id: uint32(g.GlyphID), advance: g.Advance.Round(), dx: g.XOffset.Round(), dy: g.YOffset.Round(),
			cluster: g.TextIndex(), covered: g.RunesCount(),
		})
		r.advance += g.Advance.Round()
	}
	r.name(text)
}

// name gives each glyph the text it stands for.
func (r *run) name(text []rune) {
	for i := 0; i < len(r.glyphs); {
		end := i
		for end < len(r.glyphs) && r.glyphs[end].cluster == r.glyphs[i].cluster {
			end++
		}
		nameCluster(r.glyphs[i:end], text, r.level%2 == 1)
		i = end
	}
}

// nameCluster has the base of a cluster, the first letter's glyph, stand for the
// letters, and the marks above and below it for nothing: a reader that takes them
// for letters on a line of their own would tear the word apart.
//
// In a run from the right, readers turn round the order of codes but not what one
// code stands for, and a lam-alef would come out as alef-lam. There the base
// stands for the first letter alone with its marks, and each other letter has a
// code that draws nothing, on the side where the letter would stand.
func nameCluster(cluster []glyph, text []rune, rtl bool) {
	from, to := cluster[0].cluster, min(cluster[0].cluster+cluster[0].covered, len(text))
	var letters []string
	for _, c := range text[from:to] {
		switch {
		case invisible(c):
		case len(letters) > 0 && (!rtl || unicode.Is(unicode.M, c)):
			letters[len(letters)-1] += string(c)
		default:
			letters = append(letters, string(c))
		}
	}
	if len(letters) == 0 {
		return
	}
	cluster[base(cluster, rtl)].text = letters[0]
	slices.Reverse(letters[1:])
	cluster[0].unseen = letters[1:]
}

// base finds the first letter's glyph: glyphs stand in visual order.
func base(cluster []glyph, rtl bool) int {
	if rtl {
		return len(cluster) - 1
	}
	return 0
}

// advances gives the width of each rune; what one glyph draws for several runes
// is counted at the first.
func advances(text []rune, runs []run, size Length) []Length {
	widths := make([]Length, len(text))
	for _, r := range runs {
		for _, g := range r.glyphs {
			widths[g.cluster] += scale(g.advance, size, r.face.upem)
		}
	}
	return widths
}

// scale turns a face's units into a length.
func scale(units int, size Length, upem int) Length {
	return Length((int64(units)*int64(size) + int64(upem)/2) / int64(upem))
}

// breaks gives where each line begins: as late as the width allows, at a place
// where Unicode allows a break, and inside a word only when the word alone is
// wider than the column.
func (s *setter) breaks(text []rune, widths []Length, width, first Length) []int {
	starts := []int{0}
	if len(text) == 0 {
		return starts
	}
	allowed := s.allowed(text)
	room, used, visible, last := width-first, Length(0), Length(0), 0
	for i := 0; i < len(text); i++ {
		used += widths[i]
		if text[i] != ' ' {
			visible = used
		}
		if visible > room && i > starts[len(starts)-1] {
			at := last
			if at <= starts[len(starts)-1] {
				at = grapheme(allowed, i, starts[len(starts)-1])
			}
			starts = append(starts, at)
			room, used, visible, last = width, 0, 0, 0
			i = at - 1
			continue
		}
		if allowed[i+1]&mayBreak != 0 && i+1 < len(text) {
			last = i + 1
		}
	}
	return starts
}

// What may be done before a rune.
const (
	mayBreak  = 1 << iota // begin a line
	mayDivide             // begin a line when a word is too wide
)

// allowed marks the places of a text: before each rune, and at the end.
func (s *setter) allowed(text []rune) []byte {
	marks := make([]byte, len(text)+1)
	s.segments.Init(text)
	for it := s.segments.LineIterator(); it.Next(); {
		l := it.Line()
		marks[l.Offset+len(l.Text)] |= mayBreak
	}
	for it := s.segments.GraphemeIterator(); it.Next(); {
		marks[it.Grapheme().Offset] |= mayDivide
	}
	return marks
}

// grapheme gives the last place at or before i, after start, between two letters
// as a reader sees them; a letter wider than the column is not divided.
func grapheme(marks []byte, i, start int) int {
	for at := i; at > start; at-- {
		if marks[at]&mayDivide != 0 {
			return at
		}
	}
	for at := i; at < len(marks)-1; at++ {
		if marks[at]&mayDivide != 0 {
			return at
		}
	}
	return max(i, start+1)
}

// line sets the runes from..to as one line.
func (s *setter) line(text []rune, runs []run, from, to int, base level, style Style, width Length, first bool) line {
	for to > from && (text[to-1] == ' ' || invisible(text[to-1])) {
		to--
	}
	parts := s.part(text, runs, from, to)
	visual(parts, func(r run) level { return r.level })
	out := line{height: style.lineHeight()}
	out.rise = (out.height-style.size())/2 + style.size()*80/100
	total := Length(0)
	for _, r := range parts {
		out.pieces = append(out.pieces, piece{x: total, size: style.size(), run: r})
		total += scale(r.advance, style.size(), r.face.upem)
	}
	at := offset(total, width, base, style, first)
	for i := range out.pieces {
		out.pieces[i].x += at
	}
	return out
}

// offset gives where a line begins in its column.
func offset(total, width Length, base level, style Style, first bool) Length {
	indent := Length(0)
	if first {
		indent = style.FirstLine
	}
	rtl := base%2 == 1
	switch {
	case style.Align == Centre:
		return style.Left + (width-total)/2
	case style.Align == Left:
		return style.Left + indent
	case (style.Align == End) != rtl:
		if rtl {
			return width - total - indent
		}
		return style.Left + width - total
	case rtl:
		return width - total - indent
	}
	return style.Left + indent
}

// part gives the runs of a stretch of the paragraph, shaping again the ones that
// it cuts.
func (s *setter) part(text []rune, runs []run, from, to int) []run {
	var parts []run
	for _, r := range runs {
		if r.to <= from || r.from >= to {
			continue
		}
		if r.from < from || r.to > to {
			r.from, r.to = max(r.from, from), min(r.to, to)
			s.shape(text, &r)
		}
		parts = append(parts, r)
	}
	return parts
}

// show writes a run at its place, its glyphs as codes of their face.
func (s *setter) show(b *bytes.Buffer, p piece, x, y Length) {
	f := p.run.face
	f.use()
	fmt.Fprintf(b, "BT /%s %s Tf %s %s Td [", f.resource, number(p.size), number(x), number(y))
	rise, open := 0, false
	for _, g := range p.run.glyphs {
		if g.text == "" && g.advance == 0 && len(g.unseen) == 0 && f.blank(g.id) {
			continue
		}
		if g.dy != rise {
			closeString(b, &open)
			rise = g.dy
			fmt.Fprintf(b, "] TJ %s Ts [", number(scale(rise, p.size, f.upem)))
		}
		shift(b, &open, -g.dx, f.upem)
		if !open {
			b.WriteByte('<')
			open = true
		}
		for _, text := range g.unseen {
			fmt.Fprintf(b, "%04X", f.code(nothing, text))
		}
		fmt.Fprintf(b, "%04X", f.code(g.id, g.text))
		shift(b, &open, f.width(g.id)-g.advance+g.dx, f.upem)
	}
	closeString(b, &open)
	b.WriteString("] TJ")
	if rise != 0 {
		b.WriteString(" 0 Ts")
	}
	b.WriteString(" ET\n")
}

// shift moves the next glyph back by that many of the face's units.
func shift(b *bytes.Buffer, open *bool, units, upem int) {
	if units == 0 {
		return
	}
	closeString(b, open)
	b.WriteString(decimal(int64(units)*1000, int64(upem)))
	b.WriteByte(' ')
}

func closeString(b *bytes.Buffer, open *bool) {
	if *open {
		b.WriteString("> ")
		*open = false
	}
}
