package table

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// maxParts is how many files a workbook may have inside; a list has some dozens,
// with its pictures some hundreds.
const maxParts = 5000

// openWorkbook reads an xlsx. Its limits are looked at in the zip's directory
// before anything is unpacked; a directory that lies is caught by the zip reader,
// which stops at the length it was promised. Then each part is read strictly, since
// excelize, which reads it after that, takes a mistake for the end.
func openWorkbook(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	inside, err := inspect(r, size, l)
	if err != nil {
		return nil, err
	}
	sheets, err := inside.look()
	if err != nil {
		return nil, err
	}
	// The two limits are equal so that excelize never unpacks into a temporary
	// folder; TmpDir names none in case that changes.
	f, err := guarded(func() (*excelize.File, error) {
		return excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{
			UnzipSizeLimit: l.Unpacked, UnzipXMLSizeLimit: l.Unpacked,
			TmpDir: "/nonexistent", ShortDatePattern: "yyyy-mm-dd",
		})
	})
	if err != nil {
		return nil, ErrDamaged.Wrap(plainError(err))
	}
	b := &Book{Sheets: f.GetSheetList(), limits: l, close: f.Close}
	if len(b.Sheets) == 0 {
		return nil, errors.Join(ErrEmpty, f.Close())
	}
	if len(b.Sheets) != len(sheets) {
		return nil, errors.Join(ErrDamaged, f.Close())
	}
	b.rows = func(ctx context.Context, sheet int, fn func(Row) error) error {
		return sheetRows(f, b.Sheets[sheet], sheets[sheet].last, fn)
	}
	return b, nil
}

// inspect looks at the directory of the zip, and gives the parts in it.
func inspect(r io.ReaderAt, size int64, l Limits) (parts, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, ErrDamaged.Wrap(plainError(err))
	}
	if len(z.File) > maxParts {
		return nil, ErrBomb
	}
	var unpacked uint64
	book := false
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, ErrEncrypted
		}
		if unpacked += f.UncompressedSize64; f.UncompressedSize64 > uint64(l.Unpacked) || unpacked > uint64(l.Unpacked) {
			return nil, ErrBomb.With("limit", l.Unpacked)
		}
		book = book || partName(f.Name) == partBook
	}
	if !book {
		return nil, ErrKind
	}
	return partsOf(z.File)
}

// sheetRows hands on the rows of a sheet. Excelize decodes them from the sheet's
// XML one by one, and has to come to the last.
func sheetRows(f *excelize.File, sheet string, last int, fn func(Row) error) (err error) {
	rows, err := guarded(func() (*excelize.Rows, error) { return f.Rows(sheet) })
	if err != nil {
		return ErrDamaged.Wrap(plainError(err))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	number := 0
	for rows.Next() {
		number++
		cells, err := guarded(func() ([]string, error) { return rows.Columns() })
		if err != nil {
			return ErrDamaged.Wrap(plainError(err)).With("row", number)
		}
		if err := fn(Row{Number: number, Cells: cells}); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return ErrDamaged.Wrap(plainError(err))
	}
	if number != last {
		return ErrDamaged.With("row", number)
	}
	return nil
}

// guarded turns a panic of the library, which has met few hostile files, into an
// error.
func guarded[T any](fn func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the workbook's reader gave up")
		}
	}()
	return fn()
}

// plainError keeps what an error is and drops what it says: the library's errors
// may repeat a cell.
func plainError(err error) error {
	for _, known := range []error{
		zip.ErrFormat, zip.ErrChecksum, zip.ErrAlgorithm, io.ErrUnexpectedEOF, csv.ErrQuote, csv.ErrBareQuote,
		errOutside, errDepth, errOrder, errNoText,
	} {
		if errors.Is(err, known) {
			return known
		}
	}
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		return plainSyntax(syntax.Msg)
	}
	return errors.New("its reader gave up")
}

// plainSyntax says what is wrong with a piece of XML without what stands there.
func plainSyntax(said string) error {
	for sign, words := range map[string]string{
		"illegal character code": "a control character stands in the text", "invalid UTF-8": "a byte is no letter of UTF-8",
		"invalid character entity": "an entity is not one of XML", "unexpected EOF": "it breaks off", "closed by": "an element is not closed",
	} {
		if strings.Contains(said, sign) {
			return errors.New(words)
		}
	}
	return errors.New("it is not XML")
}
