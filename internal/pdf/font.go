package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-fonts/dejavu/dejavuserifcondensed"
	"github.com/go-fonts/dejavu/dejavuserifcondensedbold"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// The faces: DejaVu Serif Condensed for what it has, DejaVu Sans for the rest,
// which is Arabic above all. Both are embedded in the program; only the glyphs a
// document uses go into its file.

// source is a face as it lies in the program, read once.
type source struct {
	name string
	font *font.Font
	file *opentype.Loader
	upem int
}

var sources = sync.OnceValue(func() []source {
	return []source{
		read("DejaVuSerifCondensed", dejavuserifcondensed.TTF),
		read("DejaVuSerifCondensed-Bold", dejavuserifcondensedbold.TTF),
		read("DejaVuSans", dejavusans.TTF),
		read("DejaVuSans-Bold", dejavusansbold.TTF),
	}
})

// read opens an embedded face. One that cannot be read is a broken build.
func read(name string, data []byte) source {
	file, err := opentype.NewLoader(bytes.NewReader(data))
	if err != nil {
		panic("pdf: embedded face " + name + ": " + err.Error())
	}
	f, err := font.NewFont(file)
	if err != nil {
		panic("pdf: embedded face " + name + ": " + err.Error())
	}
	return source{name: name, font: f, file: file, upem: int(f.Upem())}
}

// face is one face in one document, with the codes it was given.
type face struct {
	source
	shaped   *font.Face
	resource string
	used     bool
	codes    map[drawn]uint16
	list     []drawn // by code
}

// drawn is a glyph standing for a text; each pair has a code of its own, so that
// a shape shared by two letters is copied out as the right one.
type drawn struct {
	id   uint32
	text string
}

// The tables whose measures are asked for.
var (
	tagHead = opentype.MustNewTag("head")
	tagHhea = opentype.MustNewTag("hhea")
)

// nothing is the glyph of a code that draws nothing and takes no width.
const nothing = 1<<32 - 1

type faces struct{ all []*face }

func openFaces() *faces {
	set := &faces{}
	for i, s := range sources() {
		set.all = append(set.all, &face{
			source: s, shaped: font.NewFace(s.font), resource: fmt.Sprintf("F%d", i+1), codes: map[drawn]uint16{},
		})
	}
	return set
}

// choose gives the face for a rune: the style's, or the one that has the rune.
func (f *faces) choose(style Style, r rune) *face {
	weight := 0
	if style.Bold {
		weight = 1
	}
	serif, sans := f.all[weight], f.all[2+weight]
	if !style.Sans && (serif.has(r) || !sans.has(r)) {
		return serif
	}
	return sans
}

func (f *face) has(r rune) bool {
	_, ok := f.font.NominalGlyph(r)
	return ok
}

func (f *face) use() { f.used = true }

// width is a glyph's own advance in the face's units.
func (f *face) width(id uint32) int {
	if id == nothing {
		return 0
	}
	return int(f.shaped.HorizontalAdvance(font.GID(id)))
}

// blank says whether a glyph draws nothing.
func (f *face) blank(id uint32) bool {
	e, ok := f.shaped.GlyphExtents(font.GID(id))
	return !ok || e.Width == 0 && e.Height == 0
}

// code gives the glyph's code in the file. A document cannot use them all up
// with text that a person reads; were it so, the shape is kept and its first
// meaning copied.
func (f *face) code(id uint32, text string) uint16 {
	key := drawn{id, text}
	if c, ok := f.codes[key]; ok {
		return c
	}
	const most = 1<<16 - 1
	if len(f.list) >= most {
		for c, d := range f.list {
			if d.id == id {
				return uint16(c + 1)
			}
		}
		return 0
	}
	f.list = append(f.list, key)
	c := uint16(len(f.list))
	f.codes[key] = c
	return c
}

// subset gives a TrueType file with the glyphs in use, and for each code from 0
// the glyph in that file.
func (f *face) subset() (file []byte, glyphs []uint16) {
	s := newSubset(f.source)
	glyphs = append(glyphs, 0)
	for _, d := range f.list {
		id := d.id
		if id == nothing {
			space, _ := f.font.NominalGlyph(' ')
			id = uint32(space)
		}
		glyphs = append(glyphs, s.add(id))
	}
	return s.file(), glyphs
}

// subset copies glyphs out of a TrueType face under new numbers, in the order in
// which they are asked for. A glyph made of others brings them along.
type subset struct {
	tables map[string][]byte
	long   bool // the form of loca
	new    map[uint32]uint16
	old    []uint32
	glyf   [][]byte
}

func newSubset(s source) *subset {
	set := &subset{tables: map[string][]byte{}, new: map[uint32]uint16{}}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cvt ", "fpgm", "prep"} {
		table, err := s.file.RawTable(opentype.MustNewTag(name))
		if err != nil {
			continue // cvt, fpgm and prep may be absent
		}
		set.tables[name] = table
	}
	set.long = binary.BigEndian.Uint16(set.tables["head"][50:]) == 1
	set.add(0) // .notdef comes first
	return set
}

// add takes a glyph and gives its new number.
func (s *subset) add(id uint32) uint16 {
	if n, ok := s.new[id]; ok {
		return n
	}
	n := uint16(len(s.old))
	s.new[id] = n
	s.old = append(s.old, id)
	s.glyf = append(s.glyf, nil)
	data := bytes.Clone(s.outline(id))
	s.renumber(data)
	s.glyf[n] = data
	return n
}

// outline gives a glyph's description, empty for one that draws nothing.
func (s *subset) outline(id uint32) []byte {
	loca, glyf := s.tables["loca"], s.tables["glyf"]
	at := func(i uint32) int {
		if s.long {
			return int(binary.BigEndian.Uint32(loca[4*i:]))
		}
		return 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
	}
	entry := 2
	if s.long {
		entry = 4
	}
	if int(id+2)*entry > len(loca) {
		return nil
	}
	return glyf[at(id):at(id+1)]
}

// The flags of a part of a composite glyph (OpenType, table glyf).
const (
	wordArguments = 0x0001
	haveScale     = 0x0008
	moreParts     = 0x0020
	haveXYScale   = 0x0040
	haveTwoByTwo  = 0x0080
)

// renumber writes the new numbers of a composite glyph's parts into it.
func (s *subset) renumber(data []byte) {
	if len(data) < 10 || int16(binary.BigEndian.Uint16(data)) >= 0 {
		return
	}
	for at := 10; at+4 <= len(data); {
		flags := binary.BigEndian.Uint16(data[at:])
		part := uint32(binary.BigEndian.Uint16(data[at+2:]))
		binary.BigEndian.PutUint16(data[at+2:], s.add(part))
		at += 6
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&haveScale != 0:
			at += 2
		case flags&haveXYScale != 0:
			at += 4
		case flags&haveTwoByTwo != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return
		}
	}
}

// file writes the tables of the subset.
func (s *subset) file() []byte {
	var glyf, loca, hmtx []byte
	for i, g := range s.glyf {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, g...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = append(hmtx, s.metric(s.old[i])...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head, hhea, maxp := bytes.Clone(s.tables["head"]), bytes.Clone(s.tables["hhea"]), bytes.Clone(s.tables["maxp"])
	binary.BigEndian.PutUint32(head[8:], 0)  // the sum over the file, which no PDF reader asks for
	binary.BigEndian.PutUint16(head[50:], 1) // loca in its long form
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(s.glyf)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(s.glyf)))
	made := map[string][]byte{"glyf": glyf, "loca": loca, "hmtx": hmtx, "head": head, "hhea": hhea, "maxp": maxp}
	var tables []opentype.Table
	for _, name := range []string{"cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"} {
		content, ok := made[name]
		if !ok {
			content = s.tables[name]
		}
		if len(content) == 0 && name != "glyf" {
			continue
		}
		for len(content)%4 != 0 {
			content = append(content[:len(content):len(content)], 0)
		}
		tables = append(tables, opentype.Table{Tag: opentype.MustNewTag(name), Content: content})
	}
	return opentype.WriteTTF(tables)
}

// metric gives a glyph's advance and left bearing as the table hmtx has them.
func (s *subset) metric(id uint32) []byte {
	hmtx := s.tables["hmtx"]
	full := uint32(binary.BigEndian.Uint16(s.tables["hhea"][34:]))
	if id < full {
		return hmtx[4*id : 4*id+4]
	}
	last := hmtx[4*(full-1) : 4*(full-1)+2]
	bearing := 4*full + 2*(id-full)
	return append(bytes.Clone(last), hmtx[bearing:bearing+2]...)
}
