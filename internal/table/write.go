package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Harmless gives a cell that no spreadsheet takes for a formula: what begins with
// = + - @, one of their full-width doubles, a tab or a line end gets an
// apostrophe before it. Plain numbers stay numbers.
func Harmless(cell string) string {
	if plainNumber.MatchString(cell) {
		return cell
	}
	if strings.IndexAny(cell, "=+-@＝＋－＠\t\r\n\x00") == 0 {
		return "'" + cell
	}
	if trimmed := strings.TrimLeft(cell, " \u00a0\u200b\ufeff"); trimmed != cell && strings.IndexAny(trimmed, "=+-@＝＋－＠") == 0 {
		return "'" + cell
	}
	return cell
}

var plainNumber = regexp.MustCompile(`^[+-]?[0-9]{1,15}([.,][0-9]{1,15})?$`)

// WriteCSV writes a list as CSV: UTF-8 with a byte order mark, because spreadsheets
// know it by that, and line ends as RFC 4180 has them.
func WriteCSV(w io.Writer, header []string, rows func(yield func([]string) bool)) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(harmless(header)); err != nil {
		return err
	}
	for row := range rows {
		if err := c.Write(harmless(row)); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// WriteXLSX writes a list as a workbook of one sheet. Every cell is text. It is
// put together in memory: excelize's streaming writer spills into a temporary
// folder.
func WriteXLSX(w io.Writer, sheet string, header []string, rows func(yield func([]string) bool)) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("table: name the sheet: %w", plainError(err))
	}
	number := 0
	put := func(cells []string) error {
		number++
		values := harmless(cells)
		return f.SetSheetRow(sheet, fmt.Sprintf("A%d", number), &values)
	}
	if err := put(header); err != nil {
		return fmt.Errorf("table: write the header: %w", plainError(err))
	}
	for row := range rows {
		if err := put(row); err != nil {
			return fmt.Errorf("table: write row %d: %w", number, plainError(err))
		}
	}
	return f.Write(w)
}

func harmless(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = Harmless(c)
	}
	return out
}
