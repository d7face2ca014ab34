package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"homeward/internal/locale"
	"homeward/internal/problem"
)

const (
	sheetXML = "xl/worksheets/sheet1.xml"
	textsXML = "xl/sharedStrings.xml"
)

// tenRows is a list with a head and ten rows, its texts in the table of texts.
func tenRows(t testing.TB) []byte {
	rows := [][]any{{"Имя", "Место"}}
	for i := range 10 {
		rows = append(rows, []any{fmt.Sprintf("Аминат %d", i+1), fmt.Sprintf("Айн-Исса %d", i+1)})
	}
	return workbook(t, rows...)
}

// edited gives the workbook with one of its parts changed.
func edited(t testing.TB, data []byte, name string, change func(string) string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == name {
			after := change(string(content))
			if after == string(content) {
				t.Fatalf("%s is not changed", name)
			}
			content = []byte(after)
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func replaced(old, with string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, with, 1) }
}

// TestADamagedRowIsNamed puts one mistake into the fifth row, in the sheet or in the
// text it refers to. Excelize alone gives the rows before it and no error.
func TestADamagedRowIsNamed(t *testing.T) {
	t.Parallel()
	good := tenRows(t)
	if rows, _, err := read(t, good, Limits{}); err != nil || len(rows) != 11 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for name, c := range map[string]struct {
		part string
		edit func(string) string
		want *problem.Error
	}{
		"a control character":       {sheetXML, replaced(`<c r="A5" t="s"><v>`, "<c r=\"A5\" t=\"s\"><v>\x01"), ErrDamagedRow},
		"an HTML entity":            {sheetXML, replaced(`<c r="A5" t="s"><v>`, `<c r="A5" t="s"><v>&nbsp;`), ErrDamagedRow},
		"a byte that is no UTF-8":   {sheetXML, replaced(`<c r="A5" t="s"><v>`, "<c r=\"A5\" t=\"s\"><v>\xff"), ErrDamagedRow},
		"an element not closed":     {sheetXML, replaced(`</v></c><c r="B5"`, `</c><c r="B5"`), ErrDamagedRow},
		"a bare ampersand":          {sheetXML, replaced(`<c r="A5" t="s"><v>`, `<c r="A5" t="s"><v>a & b`), ErrDamagedRow},
		"a reference to no text":    {sheetXML, replaced(`<c r="A5" t="s"><v>8<`, `<c r="A5" t="s"><v>800<`), ErrDamagedRow},
		"a reference that is none":  {sheetXML, replaced(`<c r="A5" t="s"><v>8<`, `<c r="A5" t="s"><v>x<`), ErrDamagedRow},
		"cells out of order":        {sheetXML, replaced(`<c r="B5"`, `<c r="A5"`), ErrDamagedRow},
		"a style that is no number": {sheetXML, replaced(`<c r="A5"`, `<c r="A5" s="x"`), ErrDamagedRow},
		"text: a control character": {textsXML, replaced("Аминат 4<", "Аминат\x014<"), ErrDamagedText},
		"text: an HTML entity":      {textsXML, replaced("Аминат 4<", "Аминат&nbsp;4<"), ErrDamagedText},
		"text: no UTF-8":            {textsXML, replaced("Аминат 4<", "Аминат\xff4<"), ErrDamagedText},
		"text: not closed":          {textsXML, replaced("Аминат 4</t>", "Аминат 4"), ErrDamagedText},
	} {
		rows, _, err := read(t, edited(t, good, c.part, c.edit), Limits{})
		told, _ := problem.As(err)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
			continue
		}
		if told.Args["sheet"] != 1 || told.Args["row"] != 5 || told.Args["byte"].(int64) < 100 || len(rows) > 0 {
			t.Errorf("%s: %v with %d rows", name, told.Args, len(rows))
		}
		for _, lang := range []string{"en", "ru", "ar"} {
			what, do := locale.For(lang).Problem(told)
			if place := fmt.Sprint(told.Args["byte"]); !strings.Contains(what, "5") || !strings.Contains(what, place) || do == "" {
				t.Errorf("%s: in %s it is said without its place: %s", name, lang, what)
			}
		}
	}
}

// TestADamagedPartIsRefused tries mistakes that stand in no row, and files that are
// made to read what is not theirs.
func TestADamagedPartIsRefused(t *testing.T) {
	t.Parallel()
	good := tenRows(t)
	doctype := `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><`
	root := func(s string) string { // puts the document type before the root element
		i := strings.LastIndex(s[:strings.Index(s, "xmlns")], "<")
		return s[:i] + doctype + s[i+1:]
	}
	for name, c := range map[string]struct {
		part string
		edit func(string) string
		want *problem.Error
	}{
		"a document type in the sheet":  {sheetXML, root, ErrEntities},
		"a document type in the texts":  {textsXML, root, ErrEntities},
		"a document type in the book":   {"xl/workbook.xml", root, ErrEntities},
		"the end of the book":           {"xl/workbook.xml", replaced("</workbook>", ""), ErrDamagedPart},
		"an empty sheet part":           {sheetXML, func(string) string { return "" }, ErrDamagedPart},
		"a second root":                 {"xl/styles.xml", func(s string) string { return s + "<x/>" }, ErrDamagedPart},
		"text after the root":           {"xl/_rels/workbook.xml.rels", func(s string) string { return s + "x" }, ErrDamagedPart},
		"a row that goes back":          {sheetXML, replaced(`<row r="6"`, `<row r="3"`), ErrDamagedRow},
		"a row after the last possible": {sheetXML, replaced(`<row r="11"`, `<row r="1048577"`), ErrDamagedRow},
		"elements without end":          {sheetXML, replaced(`<row r="6"`, strings.Repeat("<x>", 200)+`<row r="6"`), ErrDamagedRow},
		"texts no row refers to":        {textsXML, replaced("</sst>", "<si><t>\x01</t></si></sst>"), ErrDamagedPart},
	} {
		rows, _, err := read(t, edited(t, good, c.part, c.edit), Limits{})
		if !errors.Is(err, c.want) || len(rows) > 0 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

// TestWhatOtherProgramsWriteIsRead tries what is unusual and no mistake.
func TestWhatOtherProgramsWriteIsRead(t *testing.T) {
	t.Parallel()
	good := tenRows(t)
	for name, c := range map[string]struct {
		part string
		edit func(string) string
	}{
		"rows without numbers": {sheetXML, func(s string) string {
			return strings.NewReplacer(` r="6"`, "", ` r="7"`, "", ` r="11"`, "").Replace(s)
		}},
		"cells without places":   {sheetXML, func(s string) string { return strings.NewReplacer(` r="A6"`, "", ` r="B6"`, "").Replace(s) }},
		"a byte order mark":      {sheetXML, func(s string) string { return "\xef\xbb\xbf" + s }},
		"a comment":              {sheetXML, replaced(`<row r="6"`, `<!-- x --><row r="6"`)},
		"an empty reference":     {sheetXML, replaced(`<row r="6"`, `<row r="6" spans="1:3"`)},
		"an escaped character":   {textsXML, replaced("Аминат 4<", "Аминат 4_x000D_<")},
		"entities that XML has":  {textsXML, replaced("Аминат 4<", "Аминат &amp; &#1040;<")},
		"a document's own space": {textsXML, func(s string) string { return s + "\n\n" }},
	} {
		rows, _, err := read(t, edited(t, good, c.part, c.edit), Limits{})
		if err != nil || len(rows) != 11 || rows[10][0] != "Аминат 10" || rows[10][1] != "Айн-Исса 10" {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
	gap := workbook(t, []any{"a"}, []any{}, []any{}, []any{"b"})
	if rows, _, err := read(t, gap, Limits{}); err != nil || len(rows) != 2 {
		t.Errorf("with a gap: %d rows, %v", len(rows), err)
	}
}

// FuzzSheet changes bytes of a sheet or of its texts. Either it is refused, or as
// many rows come out as encoding/xml finds row elements with something in them.
func FuzzSheet(f *testing.F) {
	good := tenRows(f)
	f.Add(uint16(900), []byte{1}, true)
	f.Add(uint16(400), []byte("&nbsp;"), false)
	f.Add(uint16(700), []byte("</row><row>"), true)
	f.Add(uint16(300), []byte("<!--"), false)
	f.Fuzz(func(t *testing.T, at uint16, with []byte, sheet bool) {
		part := textsXML
		if sheet {
			part = sheetXML
		}
		changed := edited(t, good, part, func(s string) string {
			i := int(at) % len(s)
			return s[:i] + string(with) + s[i:] + " "
		})
		began := time.Now()
		rows, _, err := read(t, changed, Limits{})
		if time.Since(began) > 5*time.Second {
			t.Fatal("it takes too long")
		}
		if err == nil && !sheet && len(rows) != 11 {
			t.Fatalf("%d rows of 11, and no problem", len(rows))
		}
		if err == nil && sheet && len(rows) < 11 && !bytes.Contains(with, []byte("<")) {
			t.Fatalf("%d rows of 11, and no problem", len(rows))
		}
	})
}

// BenchmarkWorkbook reads a list of 10,000 rows; looking at its parts first is part
// of that.
func BenchmarkWorkbook(b *testing.B) {
	var file bytes.Buffer
	rows := func(yield func([]string) bool) {
		for i := range 10_000 {
			if !yield([]string{fmt.Sprintf("Аминат %d", i), "Магомедова", "1991", "Айн-Исса", "x"}) {
				return
			}
		}
	}
	if err := WriteXLSX(&file, "List", []string{"a", "b", "c", "d", "e"}, rows); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got, _, err := read(b, file.Bytes(), Limits{}); err != nil || len(got) != 10_001 {
			b.Fatalf("%d rows, %v", len(got), err)
		}
	}
}
