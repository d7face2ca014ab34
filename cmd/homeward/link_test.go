package main

import (
	"bytes"
	"compress/gzip"
	"context"
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

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}
