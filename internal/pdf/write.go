package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// The file (ISO 32000-1): objects one after another, then the table of where
// each begins. Nothing is compressed: a letter is small, its bytes then depend on
// nothing but this package, and whoever searches the file for a name that must
// not be in it need not unpack anything.

// writer collects objects; an object's number is its place in the list, from 1.
type writer struct{ objects [][]byte }

// reserve takes a number for an object that is written later.
func (w *writer) reserve() int {
	w.objects = append(w.objects, nil)
	return len(w.objects)
}

func (w *writer) set(n int, format string, args ...any) {
	w.objects[n-1] = fmt.Appendf(nil, format, args...)
}

func (w *writer) add(format string, args ...any) int {
	n := w.reserve()
	w.set(n, format, args...)
	return n
}

// stream adds data with the dictionary entries given.
func (w *writer) stream(entries string, data []byte) int {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<< /Length %d%s >>\nstream\n", len(data), entries)
	b.Write(data)
	b.WriteString("\nendstream")
	n := w.reserve()
	w.objects[n-1] = b.Bytes()
	return n
}

// write makes the file from the pages' contents.
func write(o Options, s *setter, pages [][]byte) []byte {
	w := &writer{}
	catalog, tree, info := w.reserve(), w.reserve(), w.reserve()
	var fonts strings.Builder
	for _, f := range s.faces.all {
		if f.used {
			fmt.Fprintf(&fonts, " /%s %d 0 R", f.resource, w.font(f))
		}
	}
	var kids []string
	for _, content := range pages {
		page := w.add("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Resources << /Font <<%s >> >> /Contents %d 0 R >>",
			tree, number(pageWidth), number(pageHeight), fonts.String(), w.stream("", content))
		kids = append(kids, fmt.Sprintf("%d 0 R", page))
	}
	w.set(tree, "<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
	w.set(catalog, "<< /Type /Catalog /Pages %d 0 R /Lang %s /ViewerPreferences << /DisplayDocTitle true >> >>", tree, textString(o.Lang))
	w.set(info, "<< /Title %s >>", textString(o.Title))
	return w.file(catalog, info)
}

// file writes the objects, the table and the trailer. The identifier that the
// format asks for is the hash of everything before it.
func (w *writer) file(catalog, info int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	starts := make([]int, len(w.objects))
	for i, o := range w.objects {
		starts[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	id := sha256.Sum256(b.Bytes())
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(w.objects)+1)
	for _, at := range starts {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(w.objects)+1, catalog, info, id[:16], id[:16], table)
	return b.Bytes()
}

// textString writes a string for readers: UTF-16 in hexadecimal digits, so that
// nothing in it can be read as part of the file.
func textString(text string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteByte('>')
	return b.String()
}

// font adds a face: the composite font, its one descendant, the glyphs in use,
// and what each code stands for.
func (w *writer) font(f *face) int {
	file, glyphs := f.subset()
	name := tag(glyphs, f) + "+" + f.name
	program := w.stream(fmt.Sprintf(" /Length1 %d", len(file)), file)
	descriptor := w.add("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%s] /ItalicAngle 0 /Ascent %s /Descent %s /CapHeight 729 /StemV 80 /FontFile2 %d 0 R >>",
		name, f.box(), f.vertical(4), f.vertical(6), program)
	var toGlyph []byte
	for _, g := range glyphs {
		toGlyph = binary.BigEndian.AppendUint16(toGlyph, g)
	}
	descendant := w.add("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /DW 0 /W [0 [%s]] /CIDToGIDMap %d 0 R >>",
		name, descriptor, f.widths(), w.stream("", toGlyph))
	return w.add("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>",
		name, descendant, w.stream("", f.toUnicode()))
}

// tag is the six letters that mark a subset; the same glyphs have the same.
func tag(glyphs []uint16, f *face) string {
	h := sha256.New()
	for i, d := range f.list {
		fmt.Fprintf(h, "%d %d\n", d.id, glyphs[i+1])
	}
	sum := h.Sum(nil)
	letters := make([]byte, 6)
	for i := range letters {
		letters[i] = 'A' + sum[i]%26
	}
	return string(letters)
}

// widths lists the advance of each code from 0, in thousandths of the size.
func (f *face) widths() string {
	list := []string{decimal(int64(f.width(0))*1000, int64(f.upem))}
	for _, d := range f.list {
		list = append(list, decimal(int64(f.width(d.id))*1000, int64(f.upem)))
	}
	return strings.Join(list, " ")
}

// box is the rectangle of all glyphs, from the table head.
func (f *face) box() string {
	head, err := f.file.RawTable(tagHead)
	if err != nil {
		return "0 0 1000 1000"
	}
	var list []string
	for at := 36; at < 44; at += 2 {
		list = append(list, decimal(int64(int16(binary.BigEndian.Uint16(head[at:])))*1000, int64(f.upem)))
	}
	return strings.Join(list, " ")
}

// vertical is a measure of the table hhea.
func (f *face) vertical(at int) string {
	hhea, err := f.file.RawTable(tagHhea)
	if err != nil {
		return "0"
	}
	return decimal(int64(int16(binary.BigEndian.Uint16(hhea[at:])))*1000, int64(f.upem))
}

// toUnicode says for each code the text it stands for. A mark that belongs to the
// letter before it in the same cluster stands for nothing of its own.
func (f *face) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	const most = 100 // entries of one block
	for from := 0; from < len(f.list); from += most {
		block := f.list[from:min(from+most, len(f.list))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, d := range block {
			fmt.Fprintf(&b, "<%04X> <", from+i+1)
			for _, u := range utf16.Encode([]rune(d.text)) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
