// Package table reads the lists that people keep (xlsx workbooks, and CSV in
// whatever encoding a spreadsheet wrote it) and writes lists that a spreadsheet
// can open without running anything.
//
// Open looks at the content, never at the name: a zip with a workbook in it is
// xlsx, everything else is text. Of a text it finds out the encoding (UTF-8,
// UTF-16, windows-1251, windows-1256, KOI8-R, CP866, windows-1252) and the sign
// between the cells (comma, semicolon, tab, bar). Rows are then handed on one by
// one, numbered as a spreadsheet numbers them.
//
// The rules are:
//
//   - Nothing is unpacked into a temporary folder: what is larger than a limit
//     is refused with a word that says which.
//   - A workbook that unpacks to far more than it is (a "zip bomb"), one with a
//     password and one that was cut short each have an error of their own.
//   - A list is read whole or not at all: a workbook in which one byte of a row is
//     damaged is refused, and the row is named.
//   - Cells come as text, as the sheet shows them; dates in Excel's own short
//     format come as 2019-10-13. Formulas are not computed: their saved value
//     counts.
//   - What goes out is text too. A cell that a spreadsheet would run as a formula
//     is written with an apostrophe before it.
package table

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"homeward/internal/problem"
)

// Limits bound what a list may be. The zero value of a field is its default.
type Limits struct {
	Bytes    int64 // of the file: 64 MiB
	Unpacked int64 // of a workbook, unpacked: 128 MiB
	Rows     int   // 1,000,000
	Columns  int   // 512
	Cell     int   // bytes of one cell: 64 KiB
}

func (l Limits) filled() Limits {
	return Limits{
		Bytes: or(l.Bytes, 64<<20), Unpacked: or(l.Unpacked, 128<<20),
		Rows: or(l.Rows, 1_000_000), Columns: or(l.Columns, 512), Cell: or(l.Cell, 64<<10),
	}
}

func or[T int | int64](given, otherwise T) T {
	if given > 0 {
		return given
	}
	return otherwise
}

// What can be wrong with a file.
var (
	ErrKind = problem.New(problem.Invalid, "table.kind",
		"this is not a list that can be read", "save it as xlsx or CSV and try again")
	ErrOld = problem.New(problem.Invalid, "table.old_format",
		"this is a workbook in the old xls format", "open it, save it as xlsx, and try again")
	ErrEncrypted = problem.New(problem.Invalid, "table.encrypted",
		"this workbook has a password", "save a copy without a password and try again")
	ErrDamaged = problem.New(problem.Invalid, "table.damaged",
		"the file is damaged or was cut short", "copy it again from where it came, or save it anew, and try again")
	ErrDamagedRow = problem.New(problem.Invalid, "table.damaged_row",
		"a row of the workbook is damaged", "open it in a spreadsheet program, compare that row with where it came from, and save it anew as xlsx; nothing was taken in")
	ErrDamagedText = problem.New(problem.Invalid, "table.damaged_text",
		"a text of the workbook is damaged", "open it in a spreadsheet program, compare that row with where it came from, and save it anew as xlsx; nothing was taken in")
	ErrDamagedPart = problem.New(problem.Invalid, "table.damaged_part",
		"a part of the workbook is damaged", "open it in a spreadsheet program, look whether all rows are there, and save it anew as xlsx; nothing was taken in")
	ErrEntities = problem.New(problem.Invalid, "table.entities",
		"the workbook has a document type in it, as no spreadsheet program writes it", "ask whoever sent it for the list as CSV; nothing was taken in")
	ErrBomb = problem.New(problem.TooLarge, "table.bomb",
		"the workbook unpacks to far more than a list holds", "save only the sheet with the list as CSV and try again")
	ErrTooLarge = problem.New(problem.TooLarge, "table.too_large",
		"the file is too large", "split it into several lists")
	ErrRows = problem.New(problem.TooLarge, "table.rows",
		"the list has too many rows", "split it into several lists")
	ErrColumns = problem.New(problem.TooLarge, "table.columns",
		"a row has too many cells", "remove the columns that are not needed, or check the sign between the cells")
	ErrCell = problem.New(problem.TooLarge, "table.cell",
		"a cell holds too much text", "check that every quotation mark is closed, or shorten the cell")
	ErrEmpty = problem.New(problem.Invalid, "table.empty",
		"the list is empty", "check that it is the right file and the right sheet")
	ErrSheet = problem.New(problem.NotFound, "table.sheet",
		"the workbook has no such sheet", "choose one of its sheets")
)

// Book is an open list.
type Book struct {
	// Sheets are the names of the workbook's sheets; one without a name for a text.
	Sheets []string
	// Encoding and Comma say how a text is written; "" and 0 for a workbook.
	Encoding string
	Comma    rune

	limits Limits
	rows   func(ctx context.Context, sheet int, fn func(Row) error) error
	close  func() error
}

// Row is one row of a list.
type Row struct {
	Number int // as a spreadsheet counts, from 1
	Cells  []string
	// Repaired says that bytes which are no text were taken out of a cell.
	Repaired bool
	// Unclosed says that a quotation mark which was opened in this row of a text seems
	// not to be closed where it should: the rows below stand in one of its cells.
	Unclosed bool
}

// Empty says whether no cell holds anything.
func (r Row) Empty() bool {
	for _, c := range r.Cells {
		if c != "" {
			return false
		}
	}
	return true
}

// Open finds out what a file is and makes it ready to be read.
func Open(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	l = l.filled()
	if size > l.Bytes {
		return nil, ErrTooLarge.With("limit", l.Bytes)
	}
	start := make([]byte, min(size, 4096))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), start); err != nil {
		return nil, ErrDamaged.Wrap(err)
	}
	switch {
	case len(bytes.TrimSpace(start)) == 0:
		return nil, ErrEmpty
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("PK\x05\x06")):
		return openWorkbook(r, size, l)
	case bytes.HasPrefix(start, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, compound(r, size)
	}
	return openText(r, size, l)
}

// Rows calls fn for each row of a sheet that is not empty, in order. An error of
// fn ends it and is returned as it is.
func (b *Book) Rows(ctx context.Context, sheet int, fn func(Row) error) error {
	if sheet < 0 || sheet >= len(b.Sheets) {
		return ErrSheet
	}
	count := 0
	return b.rows(ctx, sheet, func(row Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.check(&row); err != nil || row.Empty() {
			return err
		}
		if count++; count > b.limits.Rows {
			return ErrRows.With("limit", b.limits.Rows)
		}
		return fn(row)
	})
}

// check cleans a row and holds it to the limits.
func (b *Book) check(row *Row) error {
	for len(row.Cells) > 0 && strings.TrimSpace(row.Cells[len(row.Cells)-1]) == "" {
		row.Cells = row.Cells[:len(row.Cells)-1]
	}
	if len(row.Cells) > b.limits.Columns {
		return ErrColumns.With("limit", b.limits.Columns).With("row", row.Number)
	}
	for i, c := range row.Cells {
		if len(c) > b.limits.Cell {
			return ErrCell.With("limit", b.limits.Cell).With("row", row.Number)
		}
		clean, repaired := Clean(c)
		row.Cells[i] = clean
		row.Repaired = row.Repaired || repaired
	}
	return nil
}

// Close gives back the memory. The file that was read stays its owner's to close.
func (b *Book) Close() error { return b.close() }

// Clean makes text that can be recorded: one kind of line end, no control
// characters, no bytes that are not UTF-8, no space around it. It says whether
// anything but space was taken out.
func Clean(s string) (string, bool) {
	if plain(s) {
		return strings.TrimSpace(s), false
	}
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\u2028", "\n", "\u0085", "\n").Replace(s)
	repaired := false
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == utf8.RuneError || unicode.IsControl(r) || r == '\uFEFF':
			repaired = true
			return -1
		}
		return r
	}, strings.ToValidUTF8(lines, "\uFFFD"))
	return strings.TrimSpace(clean), repaired
}

// plain says whether there is nothing to clean but space.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s) && !strings.ContainsAny(s, "\uFFFD\uFEFF\u2028\u0085") && !strings.ContainsFunc(s, unicode.IsControl)
}

// compound tells an encrypted workbook from an old one: both are OLE compound
// files, and the encrypted one has a stream of that name.
func compound(r io.ReaderAt, size int64) error {
	name := utf16le("EncryptedPackage")
	found, err := contains(io.NewSectionReader(r, 0, size), name)
	if err != nil {
		return ErrDamaged.Wrap(err)
	}
	if found {
		return ErrEncrypted
	}
	return ErrOld
}

func utf16le(ascii string) []byte {
	out := make([]byte, 0, 2*len(ascii))
	for i := range len(ascii) {
		out = append(out, ascii[i], 0)
	}
	return out
}

// contains looks for bytes in a stream without holding it.
func contains(r io.Reader, what []byte) (bool, error) {
	buffer := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(buffer[kept:])
		if bytes.Contains(buffer[:kept+n], what) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		tail := min(kept+n, len(what)-1)
		copy(buffer, buffer[kept+n-tail:kept+n])
		kept = tail
	}
}
