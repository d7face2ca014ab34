package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// A workbook is a zip of XML files. Excelize takes the first mistake in one of them
// for its end, without a word: a sheet with one bad byte in its fifth row would have
// four rows and no problem. So every part that is read is first read here, by the
// strict rules of XML, and what a sheet holds is counted. The rules are:
//
//   - Anything that is not well-formed XML is damage, and is named by its place: the
//     sheet, the row, the byte.
//   - A document type is refused: no spreadsheet writes one, and entities are only
//     good for reading what is not the sender's.
//   - Rows and cells stand in order, and a cell that refers to the table of texts
//     finds its text there. Excelize gives a cell that does not the wrong place, or
//     leaves it out.

// maxDepth is how deep elements may lie in each other; a sheet has about ten.
const maxDepth = 100

// The parts of a workbook that are read besides its sheets, in lower case.
const (
	partBook   = "xl/workbook.xml"
	partRels   = "xl/_rels/workbook.xml.rels"
	partTexts  = "xl/sharedstrings.xml"
	partStyles = "xl/styles.xml"
	partTypes  = "[content_types].xml"
	partRoot   = "_rels/.rels"
)

// parts are the files inside a workbook, by their names in lower case.
type parts map[string]*zip.File

// partName is how a part's name is compared: programs on Windows write it with
// backslashes, and some in another case.
func partName(name string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(name, `\`, "/")), "/")
}

// sheetPart is what a sheet's XML holds.
type sheetPart struct {
	name string
	last int // the number of its last row; 0 when it has none
}

// look reads every part strictly, and says what the sheets hold, in their order.
func (p parts) look() ([]sheetPart, error) {
	for _, name := range []string{partTypes, partRoot, partStyles} {
		if err := p.walk(name, func(xml.Token, []string) error { return nil }); err != nil {
			return nil, partError(name, err)
		}
	}
	sheets, err := p.sheets()
	if err != nil {
		return nil, err
	}
	texts := textsWalk{}
	damaged := p.walk(partTexts, texts.token)
	for i := range sheets {
		w := sheetWalk{texts: texts.done, damaged: -1}
		if damaged != nil {
			w.texts, w.damaged = -1, texts.done
		}
		if err := p.walk(sheets[i].name, w.token); err != nil {
			return nil, w.problem(i+1, err, damaged)
		}
		sheets[i].last = w.row
	}
	if damaged != nil {
		return nil, partError(partTexts, damaged)
	}
	return sheets, nil
}

// sheets reads which parts are the sheets, in the order of the workbook.
func (p parts) sheets() ([]sheetPart, error) {
	targets := map[string]string{}
	err := p.walk(partRels, func(t xml.Token, _ []string) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			target := attribute(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("xl", target)
			}
			targets[attribute(e, "Id")] = partName(path.Clean(target))
		}
		return nil
	})
	if err != nil {
		return nil, partError(partRels, err)
	}
	var sheets []sheetPart
	err = p.walk(partBook, func(t xml.Token, _ []string) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "sheet" {
			sheets = append(sheets, sheetPart{name: targets[attribute(e, "id")]})
		}
		return nil
	})
	if err != nil {
		return nil, partError(partBook, err)
	}
	return sheets, nil
}

// attribute gives an element's attribute by its local name.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// placed is a mistake with the byte at which it was met.
type placed struct {
	at    int64
	cause error
}

func (e *placed) Error() string { return "byte " + strconv.FormatInt(e.at, 10) }
func (e *placed) Unwrap() error { return e.cause }

var (
	errOutside = errors.New("text outside of the one root element")
	errDepth   = errors.New("elements lie too deep in each other")
	errOrder   = errors.New("rows or cells are not in order")
	errNoText  = errors.New("a cell refers to no text")
)

// walk reads one part strictly to its end. A part that is not there has nothing in
// it. Within is the names of the elements around a token; around a start or an end,
// its own too.
func (p parts) walk(name string, fn func(t xml.Token, within []string) error) error {
	f, ok := p[name]
	if !ok {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return &placed{cause: err}
	}
	defer r.Close() //nolint:errcheck // only read, and its checksum comes with its end
	d := xml.NewDecoder(r)
	if err := walkTokens(d, fn); err != nil {
		return &placed{at: d.InputOffset(), cause: err}
	}
	return nil
}

func walkTokens(d *xml.Decoder, fn func(t xml.Token, within []string) error) error {
	var within []string
	rooted := false
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && rooted {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.Directive:
			return ErrEntities
		case xml.StartElement:
			if len(within) == 0 && rooted {
				return errOutside
			}
			rooted = true
			if within = append(within, t.Name.Local); len(within) > maxDepth {
				return errDepth
			}
		case xml.CharData:
			if len(within) == 0 && len(bytes.TrimSpace(bytes.TrimPrefix(t, []byte("\uFEFF")))) > 0 {
				return errOutside
			}
		}
		if err := fn(t, within); err != nil {
			return err
		}
		if _, ended := t.(xml.EndElement); ended {
			within = within[:len(within)-1]
		}
	}
}

// textsWalk counts the texts that cells refer to.
type textsWalk struct{ done int }

func (w *textsWalk) token(t xml.Token, _ []string) error {
	if e, ok := t.(xml.EndElement); ok && e.Name.Local == "si" {
		w.done++
	}
	return nil
}

// sheetWalk holds a sheet to its order.
type sheetWalk struct {
	texts   int // how many texts there are; -1 when that is not known
	damaged int // the text that is looked for because it is damaged; -1 for none

	row, column int
	shared      bool   // the cell refers to a text
	ref         []byte // the reference, as far as it is read
}

func (w *sheetWalk) token(t xml.Token, within []string) error {
	switch t := t.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "row":
			return w.startRow(attribute(t, "r"))
		case "c":
			return w.startCell(t)
		}
	case xml.CharData:
		if w.shared && within[len(within)-1] == "v" {
			w.ref = append(w.ref, t...)
		}
	case xml.EndElement:
		if t.Name.Local == "c" && w.shared {
			return w.endCell()
		}
	}
	return nil
}

func (w *sheetWalk) startRow(number string) error {
	n := w.row + 1
	if number != "" {
		given, err := strconv.Atoi(number)
		if err != nil || given < n || given > excelize.TotalRows {
			return errOrder
		}
		n = given
	}
	w.row, w.column = n, 0
	return nil
}

func (w *sheetWalk) startCell(e xml.StartElement) error {
	w.shared, w.ref = attribute(e, "t") == "s", w.ref[:0]
	if style := attribute(e, "s"); style != "" {
		if _, err := strconv.Atoi(style); err != nil {
			return errOrder
		}
	}
	column := w.column + 1
	if place := attribute(e, "r"); place != "" {
		given, _, err := excelize.CellNameToCoordinates(place)
		if err != nil || given < column {
			return errOrder
		}
		column = given
	}
	w.column = column
	return nil
}

// endCell looks whether a cell's text is there. A cell without a reference is empty.
func (w *sheetWalk) endCell() error {
	w.shared = false
	text := string(bytes.TrimSpace(w.ref))
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || w.texts >= 0 && n >= w.texts || w.damaged >= 0 && n == w.damaged {
		return errNoText
	}
	return nil
}

// problem tells what is wrong with a sheet, or with the text its row refers to.
func (w *sheetWalk) problem(sheet int, err, texts error) error {
	if errors.Is(err, ErrEntities) || w.row == 0 {
		return partError("xl/worksheets", err)
	}
	told := ErrDamagedRow
	if at := (*placed)(nil); errors.As(texts, &at) && errors.Is(err, errNoText) {
		if errors.Is(texts, ErrEntities) {
			return ErrEntities
		}
		told, err = ErrDamagedText.With("text", w.damaged+1), texts
	}
	return told.With("sheet", sheet).With("row", w.row).With("byte", byteOf(err)).Wrap(plainError(err))
}

// partError tells what is wrong with a part that has no rows.
func partError(name string, err error) error {
	if errors.Is(err, ErrEntities) {
		return ErrEntities
	}
	return ErrDamagedPart.With("part", name).With("byte", byteOf(err)).Wrap(plainError(err))
}

func byteOf(err error) int64 {
	at := (*placed)(nil)
	if errors.As(err, &at) {
		return at.at
	}
	return 0
}

// partsOf lists the parts. Two of one name are damage: nobody knows which is meant.
func partsOf(files []*zip.File) (parts, error) {
	p := parts{}
	for _, f := range files {
		name := partName(f.Name)
		if _, twice := p[name]; twice && slices.Contains([]string{partBook, partRels, partTexts, partStyles}, name) {
			return nil, ErrDamaged
		}
		p[name] = f
	}
	return p, nil
}
