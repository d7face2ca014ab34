package table

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/transform"
)

// sampleSize is how much of a text is looked at to find out how it is written.
const sampleSize = 256 << 10

// openText reads a text with signs between its cells.
func openText(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	sample := make([]byte, min(size, sampleSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), sample); err != nil {
		return nil, ErrDamaged.Wrap(err)
	}
	enc, ok := detect(sample, size > sampleSize)
	if !ok {
		return nil, ErrKind
	}
	head, err := io.ReadAll(transform.NewReader(strings.NewReader(string(sample)), enc.decoder()))
	if err != nil {
		return nil, ErrKind
	}
	comma, skip := separator(string(head))
	b := &Book{Sheets: []string{""}, Encoding: enc.name, Comma: comma, limits: l, close: func() error { return nil }}
	b.rows = func(ctx context.Context, _ int, fn func(Row) error) error {
		text := bufio.NewReaderSize(transform.NewReader(io.NewSectionReader(r, 0, size), enc.decoder()), 64<<10)
		return textRows(text, comma, skip, fn)
	}
	return b, nil
}

// textRows hands on the records. A record's row is its line, less the line ends
// inside the cells before it: a spreadsheet counts those as one row.
func textRows(r io.Reader, comma rune, skip bool, fn func(Row) error) error {
	c := csv.NewReader(io.MultiReader(r, strings.NewReader(afterEnd)))
	c.Comma, c.LazyQuotes, c.FieldsPerRecord, c.ReuseRecord = comma, true, -1, true
	inside, widest := 0, 2
	for first := true; ; first = false {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrDamaged.Wrap(plainError(err))
		}
		line, _ := c.FieldPos(0)
		row := Row{Number: line - inside, Cells: slices.Clone(record)}
		widest = max(widest, len(record))
		for i, cell := range record {
			inside += strings.Count(cell, "\n")
			row.Unclosed = row.Unclosed || swallowed(cell, comma, widest)
			row.Cells[i] = strings.TrimSuffix(cell, afterEnd)
		}
		if first && skip {
			continue
		}
		if first {
			row.Cells[0] = strings.TrimPrefix(row.Cells[0], "\uFEFF")
		}
		if err := fn(row); err != nil {
			return err
		}
	}
}

// afterEnd is put behind a text. Empty lines are no rows, so it is seen only where a
// quotation mark is still open at the end.
const afterEnd = "\n\n\n\n"

// swallowed says whether a cell has rows in it: it goes on to the end of the text, or
// one of its lines has as many cells as a row, or a quotation mark stands in it where
// a cell begins. An address of several lines has none of these.
func swallowed(cell string, comma rune, widest int) bool {
	if !strings.Contains(cell, "\n") {
		return false
	}
	if strings.HasSuffix(cell, afterEnd) {
		return true
	}
	first := true
	for line := range strings.Lines(cell) {
		if first { // what stands before it in its row is not in the cell
			first = false
			continue
		}
		if strings.HasPrefix(line, `"`) || strings.Contains(line, string(comma)+`"`) || strings.Count(line, string(comma)) >= widest-1 {
			return true
		}
	}
	return false
}

// separators are the signs that may stand between cells. Where two divide the
// lines equally well, the earlier is taken.
var separators = []rune{'\t', ';', ',', '|'}

// separator finds the sign between the cells: the one that divides most lines into
// the same number of cells, more than one. A first line "sep=;" says it outright
// and is no row.
func separator(text string) (comma rune, skip bool) {
	if rest, ok := strings.CutPrefix(strings.TrimPrefix(text, "\uFEFF"), "sep="); ok && rest != "" {
		return []rune(rest)[0], true
	}
	best, most := ',', 0
	for _, sign := range separators {
		if n := evenness(text, sign); n > most {
			best, most = sign, n
		}
	}
	return best, false
}

// evenness counts, among the first lines, those that have as many cells as the
// most common number above one, and weighs it by that number.
func evenness(text string, sign rune) int {
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.LazyQuotes, c.FieldsPerRecord, c.ReuseRecord = sign, true, -1, true
	lines := map[int]int{}
	for range 50 {
		record, err := c.Read()
		if err != nil {
			break
		}
		if len(record) > 1 {
			lines[len(record)]++
		}
	}
	best := 0
	for cells, n := range lines {
		best = max(best, n*100+min(cells, 50))
	}
	return best
}
