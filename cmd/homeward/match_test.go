package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// benchFiles runs the benchmark of the search on two files.
func benchFiles(t *testing.T, register, queries []byte) (code int, stdout, stderr, hits string) {
	t.Helper()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, content := range map[string][]byte{"register.csv": register, "queries.tsv": queries} {
		if err := os.WriteFile(path(name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, err bytes.Buffer
	code = run(context.Background(), []string{"match", "bench", "--register", path("register.csv"), "--queries", path("queries.tsv"), "--out", path("hits.tsv")}, strings.NewReader(""), &out, &err)
	written, _ := os.ReadFile(path("hits.tsv"))
	return code, out.String(), err.String(), string(written)
}

// TestMatchBenchAnswersOrSaysWhatIsWrong gives the benchmark what people mistake for
// its files: each is answered, or refused in words, and no name stands in what is said.
func TestMatchBenchAnswersOrSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	const (
		head, asked     = "id,full_name,sex,birth_year\n", "query_id\tname\tsex\tbirth_year\n"
		her, question   = "r1,Vymyshlennaya Aminat,f,1991\n", "q1\tАминат Вымышленная\tf\t1991\n"
		unread, columns = "cannot be read as a table", "lacks a column"
	)
	long := strings.Repeat("Аминат", 1667) // ten thousand letters
	many := strings.Repeat("Aminat ", 1429)
	packed := gzipped(t, head+strings.Repeat(her, 2000))
	for name, c := range map[string]struct {
		register, queries string
		refused           string // "" where it is answered
		hit               bool   // whether q1 finds r1
	}{
		"as it should be":             {head + her, asked + question, "", true},
		"with a mark of the encoding": {"\uFEFF" + head + her, "\uFEFF" + asked + question, "", true},
		"an empty register":           {"", asked + question, unread, false},
		"empty queries":               {head + her, "", unread, false},
		"only headers":                {head, asked, "", false},
		"nobody in the register":      {head, asked + question, "", false},
		"no column of the name":       {"id,sex,birth_year\nr1,f,1991\n", asked + question, columns, false},
		"queries without a name":      {head + her, "query_id\tsex\tbirth_year\nq1\tf\t1991\n", columns, false},
		"a row cut short":             {head + "r1,Vymyshlennaya\n", asked + question, unread, false},
		"a question cut short":        {head + her, asked + "q1\tАминат\n", unread, false},
		"names that are no UTF-8":     {head + "r2,\xff\xfe\xd0 Aminat\x80,f,1991\n" + her, asked + question + "q2\t\xff\xfe\xd0\tf\t1991\n", "", true},
		"a long name":                 {head + "r2," + long + ",f,1991\n" + her, asked + "q2\t" + long + "\tf\t1991\n" + question, "", true},
		"a name of many parts":        {head + "r2," + many + ",f,1991\n" + her, asked + "q2\t" + many + "\tf\t1991\n" + question, "", true},
		"a question without end":      {head + her, asked + "q1\t" + strings.Repeat("A", 2<<20) + "\tf\t1991\n", unread, false},
		"a workbook that is a bomb":   {zipBomb(t), asked + question, unread, false},
		"a workbook of queries":       {head + her, zipBomb(t), unread, false},
		"compressed and cut short":    {packed[:len(packed)/2], asked + question, unread, false},
		"compressed queries":          {head + her, packed[:len(packed)/2], unread, false},
	} {
		code, stdout, stderr, hits := benchFiles(t, []byte(c.register), []byte(c.queries))
		if c.refused != "" && (code == 0 || !strings.Contains(stderr, c.refused)) || c.refused == "" && (code != 0 || !strings.Contains(stdout, `"records"`)) {
			t.Errorf("%s: exit code %d, %.200q, %.200q", name, code, stdout, stderr)
		}
		if strings.Contains(hits, "q1\t1\tr1\t") != c.hit {
			t.Errorf("%s: the hits are %.200q", name, hits)
		}
		if strings.Contains(strings.ToLower(stdout+stderr), "aminat") || strings.Contains(stderr, "Аминат") {
			t.Errorf("%s: a name is told: %.200q", name, stderr)
		}
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// zipBomb is a workbook of a few hundred kilobytes whose sheet unpacks to a hundred
// times as much.
func zipBomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err == nil {
		_, err = io.CopyN(w, zeros{}, 32<<20)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
