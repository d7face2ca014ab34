package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sheet "homeward/internal/table"
)

// linkFile links one file and gives the exit code and what was said.
func linkFile(t *testing.T, name string, more ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	args := append([]string{"link", name, "--out", filepath.Join(t.TempDir(), "clusters.csv")}, more...)
	code = run(context.Background(), args, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

// TestLinkReadsWhatPeopleKeep links one list as CSV, compressed, in a Cyrillic
// encoding, and as a workbook.
func TestLinkReadsWhatPeopleKeep(t *testing.T) {
	t.Parallel()
	header := []string{"№", "Фамилия", "Имя", "Дата рождения"}
	rows := [][]string{{"1", "Вымышленная", "Аминат", "03.04.1991"}, {"2", "Вымышленная", "Амина", "03.04.1991"}, {"3", "Придуманный", "Юсуф", "12.11.1984"}}
	var csv, gz, xlsx bytes.Buffer
	for _, row := range append([][]string{header}, rows...) {
		csv.WriteString(strings.Join(row, ";") + "\n")
	}
	z := gzip.NewWriter(&gz)
	if _, err := z.Write(csv.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := sheet.WriteXLSX(&xlsx, "list", header, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"list.csv": csv.Bytes(), "list.csv.gz": gz.Bytes(), "list.xlsx": xlsx.Bytes(), "list-1251.csv": windows1251(csv.String())} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := linkFile(t, path)
		if code != 0 || !strings.Contains(stdout, "3 records are 2 people") {
			t.Errorf("%s: exit code %d, %q, %q", name, code, stdout, stderr)
		}
	}
}

// windows1251 writes a Russian text as an old spreadsheet does.
func windows1251(s string) []byte {
	var b []byte
	for _, r := range s {
		switch {
		case r < 0x80:
			b = append(b, byte(r))
		case r >= 'А' && r <= 'я':
			b = append(b, byte(r-'А'+0xc0))
		case r == '№':
			b = append(b, 0xb9)
		}
	}
	return b
}

// TestLinkRefusesBombs gives files that unpack to far more than they are, and one that
// was cut short: each is refused in words, and nothing is written.
func TestLinkRefusesBombs(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := io.CopyN(z, zeros{}, linkUnpacked*2); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"bomb.csv.gz": {bomb.Bytes(), "unpacks to far more"},
		"cut.csv.gz":  {bomb.Bytes()[:1000], "damaged or was cut short"},
		"old.xls":     {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), "old xls format"},
		"picture.csv": {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), "no column is known"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, stderr := linkFile(t, path)
		if code == 0 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit code %d, %q", name, code, stderr)
		}
	}
}

// TestLinkSaysWhereAQuoteIsNotClosed: rows that stand in a cell of another are nobody's,
// and whoever links the list is told of it; a cell of several lines is none of that.
func TestLinkSaysWhereAQuoteIsNotClosed(t *testing.T) {
	t.Parallel()
	const head = "id,family,given,born,note\n1,Vymyshlennaya,Aminat,1991,\n"
	for name, c := range map[string]struct {
		content string
		row     int // 0 for no warning
	}{
		"to the end":            {head + "2,\"Pridumanny,Yusuf,1984,\n3,Tretya,Madina,1990,\n4,Novy,Isa,1970,\n", 3},
		"in the last row":       {head + "2,Pridumanny,Yusuf,1984,\"seen", 3},
		"after cells of lines":  {head + "2,Pridumanny,Yusuf,1984,\"Shali,\nLenin street\"\n3,\"Tretya,Madina,1990,\n4,Novy,Isa,1970,\n", 4},
		"to the next mark":      {head + "2,\"Pridumanny,Yusuf,1984,\n3,\"Tretya\",Madina,1990,\n4,Novy,Isa,1970,\n", 3},
		"over one row":          {head + "2,Pridumanny,\"Yusuf,1984,\n3,Tretya,Madina,1990,\n4,Novy,\"Isa\",1970,\n", 3},
		"in the head":           {"id,family,given,born,\"note\n1,Vymyshlennaya,Aminat,1991,\n2,Pridumanny,Yusuf,1984,\n", 1},
		"with other signs":      {strings.ReplaceAll(head+"2,\"Pridumanny,Yusuf,1984,\n3,Tretya,Madina,1990,\n", ",", ";"), 3},
		"no mark":               {head + "2,Pridumanny,Yusuf,1984,\n", 0},
		"a cell of three lines": {head + "2,Pridumanny,Yusuf,1984,\"Shali,\nLenin street, 5\n3, left\"\n", 0},
		"marks in marks":        {head + "2,Pridumanny,Yusuf,1984,\"called \"\"Abu\"\",\nat home\"\n", 0},
		"an inch":               {head + "2,Pridumanny,Yusuf,1984,5\" scar\n", 0},
	} {
		path := filepath.Join(t.TempDir(), "list.csv")
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, stdout, stderr := linkFile(t, path, "--json")
		want, told := fmt.Sprintf("list 1, row %d: a quotation mark", c.row), strings.Count(stderr, "a quotation mark")
		if c.row == 0 && (told > 0 || strings.Contains(stdout, "unclosed_quotes")) {
			t.Errorf("%s: warns: %q", name, stderr)
		}
		if c.row > 0 && (told != 1 || !strings.Contains(stderr, want)) {
			t.Errorf("%s: %q, %q, want %q once", name, stdout, stderr, want)
		}
		if c.row > 1 && !strings.Contains(strings.Join(strings.Fields(stdout), ""), fmt.Sprintf(`"unclosed_quotes":[{"list":1,"row":%d}]`, c.row)) {
			t.Errorf("%s: the summary says %q", name, stdout)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}
