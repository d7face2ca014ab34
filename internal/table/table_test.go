package table

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	enc16 "golang.org/x/text/encoding/unicode"
)

func read(t testing.TB, data []byte, l Limits) ([][]string, *Book, error) {
	t.Helper()
	b, err := Open(bytes.NewReader(data), int64(len(data)), l)
	if err != nil {
		return nil, nil, err
	}
	var rows [][]string
	err = b.Rows(t.Context(), 0, func(r Row) error {
		rows = append(rows, r.Cells)
		return nil
	})
	if closed := b.Close(); closed != nil {
		t.Error(closed)
	}
	return rows, b, err
}

func TestTextIsReadInWhateverEncodingItWasWritten(t *testing.T) {
	t.Parallel()
	russian := "Фамилия;Имя;Год рождения\r\nМагомедова;Аминат;1991\r\nАлиева;Патимат;1987\r\n"
	arabic := "الاسم;سنة الميلاد\r\nأمينة محمد;1991\r\nفاطمة الزهراء;1987\r\n"
	french := "Nom;Prénom;Région\r\nLefèvre;Hélène;Île-de-France\r\n"
	german := "Name;Straße\r\nMüller;Größe\r\n"
	for _, c := range []struct {
		name, text string
		enc        encoding.Encoding
		mark       string
	}{
		{"UTF-8", russian, encoding.Nop, ""},
		{"UTF-8", arabic, encoding.Nop, "\xef\xbb\xbf"},
		{"UTF-16LE", russian, enc16.UTF16(enc16.LittleEndian, enc16.UseBOM), ""},
		{"UTF-16BE", arabic, enc16.UTF16(enc16.BigEndian, enc16.UseBOM), ""},
		{"UTF-16LE", russian, enc16.UTF16(enc16.LittleEndian, enc16.IgnoreBOM), ""},
		{"windows-1251", russian, charmap.Windows1251, ""},
		{"KOI8-R", russian, charmap.KOI8R, ""},
		{"CP866", russian, charmap.CodePage866, ""},
		{"windows-1256", arabic, charmap.Windows1256, ""},
		{"windows-1252", french, charmap.Windows1252, ""},
		{"windows-1252", german, charmap.Windows1252, ""},
	} {
		data, err := c.enc.NewEncoder().String(c.text)
		if err != nil {
			t.Fatal(err)
		}
		rows, book, err := read(t, []byte(c.mark+data), Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var want [][]string
		for line := range strings.Lines(c.text) {
			want = append(want, strings.Split(strings.TrimSpace(line), ";"))
		}
		if book.Encoding != c.name || book.Comma != ';' {
			t.Errorf("%s was read as %s with %q", c.name, book.Encoding, book.Comma)
		}
		if d := cmp.Diff(want, rows); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestSeparators(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rune{
		"a,b\n1,2\n":      ',',
		"a\tb, c\n1\t2\n": '\t',
		"имя;заметка\nА;\"x, y, z\"\nБ;q\n": ';',
		"a|b\n1|2":              '|',
		"sep=:\na:b\n":          ':',
		"одна колонка\nи всё\n": ',',
	} {
		_, book, err := read(t, []byte(text), Limits{})
		if err != nil || book.Comma != want {
			t.Errorf("%q: %v %v", text, book, err)
		}
	}
}

func TestRowsAreNumberedAsASpreadsheetDoes(t *testing.T) {
	t.Parallel()
	text := "a,b\n\n\"two\nlines\",1\n,\nlast,2\n"
	b, err := Open(strings.NewReader(text), int64(len(text)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	if err := b.Rows(t.Context(), 0, func(r Row) error { numbers = append(numbers, r.Number); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(numbers, []int{1, 3, 5}) {
		t.Errorf("rows %v", numbers)
	}
}

func workbook(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", cell, &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	day := time.Date(1991, 3, 4, 0, 0, 0, 0, time.UTC)
	data := workbook(t, []any{"Имя", "Родилась", "Возраст"}, []any{"Аминат", day, 28}, []any{}, []any{"Patimat\r\nAlieva", nil, 3.5})
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle("Sheet1", "B2", "B2", style); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	rows, _, err := read(t, b.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Имя", "Родилась", "Возраст"}, {"Аминат", "1991-03-04", "28"}, {"Patimat\nAlieva", "", "3.5"}}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	good := workbook(t, []any{"a", "b"}, []any{"c", "d"})
	for name, c := range map[string]struct {
		data   []byte
		limits Limits
		want   error
	}{
		"nothing":           {nil, Limits{}, ErrEmpty},
		"only spaces":       {[]byte(" \n\n"), Limits{}, ErrEmpty},
		"a picture":         {append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), make([]byte, 100)...), Limits{}, ErrKind},
		"another zip":       {zipped(t, "word/document.xml", []byte("<x/>")), Limits{}, ErrKind},
		"cut short":         {good[:len(good)/2], Limits{}, ErrDamaged},
		"a bomb":            {bomb(t), Limits{Unpacked: 1 << 20}, ErrBomb},
		"a password":        {encrypted(t), Limits{}, ErrEncrypted},
		"an old workbook":   {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), Limits{}, ErrOld},
		"too large":         {good, Limits{Bytes: 10}, ErrTooLarge},
		"too many rows":     {[]byte("a\nb\nc\n"), Limits{Rows: 2}, ErrRows},
		"too many columns":  {[]byte("a,b,c\n"), Limits{Columns: 2}, ErrColumns},
		"an unclosed quote": {[]byte("a,\"" + strings.Repeat("b\n", 500)), Limits{Cell: 100}, ErrCell},
		"broken XML":        {broken(t, good), Limits{}, ErrDamagedRow},
	} {
		if _, _, err := read(t, c.data, c.limits); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func zipped(t testing.TB, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func bomb(t testing.TB) []byte { return zipped(t, "xl/workbook.xml", make([]byte, 2<<20)) }

func encrypted(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := excelize.NewFile().Write(&b, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// broken gives the workbook with a sheet that ends in the middle of a tag.
func broken(t testing.TB, data []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		if f.Name != "xl/worksheets/sheet1.xml" {
			if err := out.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNothingIsUnpackedIntoTheTemporaryFolder reads and writes a workbook whose
// sheet is far above the size from which excelize would use a temporary file.
func TestNothingIsUnpackedIntoTheTemporaryFolder(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	rows := func(yield func([]string) bool) {
		for range 12_000 {
			if !yield([]string{strings.Repeat("Аминат ", 20), strings.Repeat("Магомедова ", 20), "1991", "x", "y"}) {
				return
			}
		}
	}
	var b bytes.Buffer
	if err := WriteXLSX(&b, "List", []string{"a", "b", "c"}, rows); err != nil {
		t.Fatal(err)
	}
	got, _, err := read(t, b.Bytes(), Limits{})
	if err != nil || len(got) != 12_001 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Error(err)
	}
}

func TestFormulasAreWrittenAsText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+79280000000": "+79280000000", "+7 928": "'+7 928", "-5": "-5", "-cmd": "'-cmd", "@SUM(A1)": "'@SUM(A1)",
		"\t=x": "'\t=x", " =x": "' =x", "＝x": "'＝x", "Аминат": "Аминат", "": "", "a=b": "a=b",
	} {
		if got := Harmless(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
	var b bytes.Buffer
	if err := WriteCSV(&b, []string{"имя"}, slices.Values([][]string{{"=HYPERLINK(\"x\")"}})); err != nil {
		t.Fatal(err)
	}
	rows, _, err := read(t, b.Bytes(), Limits{})
	if err != nil || len(rows) != 2 || rows[1][0] != "'=HYPERLINK(\"x\")" {
		t.Errorf("%q %v", rows, err)
	}
}

func TestStopping(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	b, err := Open(strings.NewReader("a\nb\n"), 4, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	err = b.Rows(ctx, 0, func(Row) error { stop(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a;b\n\"c"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00"))
	f.Add(workbook(f, []any{"a", 1}))
	f.Add([]byte("PK\x03\x04rest"))
	f.Add([]byte("\xef\xbb\xbf\xc7\xe1;\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _, err := read(t, data, Limits{Unpacked: 4 << 20, Rows: 1000, Columns: 100, Cell: 1000})
		if err != nil {
			return
		}
		for _, r := range rows {
			for _, c := range r {
				if again, repaired := Clean(c); again != c || repaired {
					t.Fatalf("%q is not clean", c)
				}
			}
		}
	})
}
