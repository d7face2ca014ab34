package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/go-text/typesetting/segmenter"
	"pgregory.net/rapid"
)

const (
	russian = "Просим оказать содействие в возвращении гражданки России из лагеря Айн-Исса; её дети находятся с ней."
	arabic  = "هذه فقرة عربية عن لاجئين في المخيم"
)

// letter is a document with everything in it.
func letter() *Document {
	d := New(Options{Title: "Письмо", Lang: "ru", Footer: func(p, n int) string { return fmt.Sprintf("H-2026/0001, %d / %d", p, n) }})
	d.Text("Бюро\nГрозный", Style{Size: 9 * Point})
	d.Text("Уполномоченному по правам человека\nв Российской Федерации", Style{Left: Width / 2, Before: 12 * Point, After: 24 * Point})
	d.Text("Обращение", Style{Bold: true, Align: Centre, Size: 13 * Point, After: 8 * Point, KeepNext: true})
	for range 3 {
		d.Text(russian+" Имя: "+Isolate("أمينة محمد")+", "+Isolate("Aminat Mamaeva")+". "+russian, Style{FirstLine: 12 * Millimetre, After: 4 * Point})
	}
	d.Text(arabic, Style{})
	small := Style{Size: 9 * Point}
	d.Table(Table{
		Widths: []int{35, 65}, Head: []string{"Сведение", "Как сказано"}, Ruled: true, Pad: 2 * Point, First: small, Rest: small,
		Rows: [][]string{{"Имя", "Аминат"}, {"Имя (арабское письмо)", "أمينة"}, {"Рассказ", strings.Repeat(russian+" ", 30)}},
	})
	return d
}

// The same calls give the same bytes, in every process: a change of this number
// means that letters kept by their hash can no longer be made again.
func TestBytesAreFixed(t *testing.T) {
	t.Parallel()
	first, second := letter().Bytes(), letter().Bytes()
	if !bytes.Equal(first, second) {
		t.Fatal("the same document gave two files")
	}
	const want = "1cabd74c18097f606039f3c1df44c0c411f17ffaa151fb3680aceecdf973bb9e"
	if got := fmt.Sprintf("%x", sha256.Sum256(first)); got != want {
		t.Errorf("the file's hash is %s, was %s", got, want)
	}
}

// TestMarkStandsOnEachPage also where the text fills the page, and nothing of it is there
// when none is asked for.
func TestMarkStandsOnEachPage(t *testing.T) {
	t.Parallel()
	d := letter()
	d.options.Mark = "ПРОЕКТ\nnot approved"
	for range 60 {
		d.Text(russian, Style{})
	}
	pages := len(fill(d.lines, depth))
	if n := bytes.Count(d.Bytes(), []byte("q 0.84 g")); pages < 2 || n != pages {
		t.Errorf("%d marks on %d pages", n, pages)
	}
	if len(d.Missing()) > 0 || bytes.Contains(letter().Bytes(), []byte("0.84 g")) {
		t.Errorf("missing %q, or a mark on a document without one", d.Missing())
	}
}

func TestLayoutInNumbers(t *testing.T) {
	t.Parallel()
	d := New(Options{Lang: "ru"})
	lines := d.setter.paragraph(russian+" "+russian, Style{FirstLine: 12 * Millimetre}, Width)
	var got []string
	for _, l := range lines {
		got = append(got, fmt.Sprintf("%d+%d", l.pieces[0].x, end(l)-l.pieces[0].x))
	}
	want := []string{"34020+433207", "0+478037", "0+177316"}
	if !slices.Equal(got, want) {
		t.Errorf("lines begin and reach %q, want %q", got, want)
	}
	if lines[0].height != 14700 || lines[0].rise != 10500 {
		t.Errorf("a line is %d high with its baseline at %d", lines[0].height, lines[0].rise)
	}
}

// end is where the last piece of a line ends.
func end(l line) Length {
	e := Length(0)
	for _, p := range l.pieces {
		e = max(e, p.x+scale(p.run.advance, p.size, p.run.face.upem))
	}
	return e
}

func TestPagesKeepLinesTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := New(Options{})
		var paragraphs [][]line
		for range rapid.IntRange(1, 40).Draw(t, "paragraphs") {
			n := rapid.IntRange(1, 9).Draw(t, "lines")
			p := make([]line, n)
			for i := range p {
				p[i] = line{height: 40 * Point, rise: Length(len(paragraphs)*100 + i)}
			}
			heading := rapid.IntRange(0, 5).Draw(t, "heading") == 0
			bind(p, heading)
			paragraphs = append(paragraphs, p)
			d.add(p)
		}
		pages := fill(d.lines, depth)
		total := 0
		for n, page := range pages {
			total += len(page)
			last := page[len(page)-1]
			if last.top+last.height > depth {
				t.Fatalf("page %d is too full", n+1)
			}
			at, size := int(last.rise)%100, len(paragraphs[int(last.rise)/100])
			if n < len(pages)-1 && size >= 2 && (at == 0 || at == size-2) {
				t.Errorf("page %d parts line %d from a paragraph of %d", n+1, at+1, size)
			}
		}
		if total != len(d.lines) {
			t.Fatalf("%d lines became %d", len(d.lines), total)
		}
	})
}

func TestTableHeadIsRepeated(t *testing.T) {
	t.Parallel()
	d := New(Options{Lang: "ru"})
	rows := make([][]string, 120)
	for i := range rows {
		rows[i] = []string{strconv.Itoa(i + 1), "Приложение"}
	}
	d.Table(Table{Widths: []int{20, 80}, Head: []string{"№", "Наименование"}, Rows: rows})
	text := extract(t, d.Bytes(), "-layout")
	if n := strings.Count(text, "Наименование"); n != 3 {
		t.Errorf("the head stands %d times on the pages, want 3", n)
	}
	for _, want := range []string{"1", "60", "120"} {
		if !slices.Contains(strings.Fields(text), want) {
			t.Errorf("row %s is not there", want)
		}
	}
}

func TestPdftotextGivesTheWords(t *testing.T) {
	t.Parallel()
	d := letter()
	text := plain(extract(t, d.Bytes()))
	for _, want := range []string{
		"Уполномоченному по правам человека", "в Российской Федерации", "Обращение", "Просим оказать содействие",
		"أمينة محمد", "Aminat Mamaeva", arabic, "Имя (арабское письмо)", "H-2026/0001, 1 / 2",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text of the file lacks %q", want)
		}
	}
	if len(d.Missing()) > 0 {
		t.Errorf("the faces lack %q", string(d.Missing()))
	}
}

// Letters that look alike must be copied out as themselves.
func TestEachScriptKeepsItsLetters(t *testing.T) {
	t.Parallel()
	words := []string{"АВСЕНКМОРТХ", "ABCEHKMOPTX", "ΑΒΕΗΙΚΜΝΟΡΤΧ", "йёЙЁ", "Ӏаьӏ", "گچپژ", "لا", "الإسلام", "٢٠١٩", "2019"}
	d := New(Options{Lang: "ru"})
	for _, w := range words {
		d.Text(w, Style{After: 20 * Point})
	}
	text := plain(extract(t, d.Bytes()))
	for _, w := range words {
		if !slices.Contains(strings.Fields(text), w) {
			t.Errorf("%s is not copied out as it was put in", w)
		}
	}
}

func TestFileSaysNothingButItsText(t *testing.T) {
	t.Parallel()
	need(t, "pdfinfo")
	path := save(t, letter().Bytes())
	out, err := exec.Command("pdfinfo", path).CombinedOutput()
	if err != nil {
		t.Fatalf("pdfinfo: %v\n%s", err, out)
	}
	for _, field := range []string{"Author", "Creator", "Producer", "CreationDate", "ModDate", "Subject", "Keywords"} {
		if regexp.MustCompile(`(?m)^` + field + `:`).Match(out) {
			t.Errorf("the file has a field %s", field)
		}
	}
	if !strings.Contains(string(out), "Pages:           2") {
		t.Errorf("pdfinfo reads\n%s", out)
	}
}

func TestPageIsDrawn(t *testing.T) {
	t.Parallel()
	need(t, "pdftoppm")
	path := save(t, letter().Bytes())
	cmd := exec.Command("pdftoppm", "-gray", "-r", "40", "-f", "1", "-l", "1", path)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	image, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("pdftoppm: %v\n%s", err, complaints.String())
	}
	dark := 0
	for _, p := range image[15:] {
		if p < 128 {
			dark++
		}
	}
	if dark < 2000 {
		t.Errorf("only %d dark points on the page", dark)
	}
}

// Whatever the text, the file is whole and no line is wider than its column,
// unless one letter alone is.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		russian, arabic, "", "\n\n", "(\\) <</Type>> endstream endobj", "\u202Egnissalc\u202C", strings.Repeat("щ", 400),
		"a" + strings.Repeat("\u0301", 300), "\u2066\u2067\u2068\u2069\u2069", "👩‍👩‍👧‍👦 🏳️‍🌈 \U0010FFFF", "\x00\xff\xfe\r", strings.Repeat("\u2068", 200) + "أ",
		"لا" + strings.Repeat("لا", 200), "क्षत्रिय ไทย 漢字", strings.Repeat("ﷺ", 80), "\u00AD\u200B\u200D", "А́ 5\u00A0лет", "\uFFFC",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			t.Skip("long enough")
		}
		d := New(Options{Title: text, Lang: "ru", Footer: func(int, int) string { return text }})
		d.Text(text, Style{FirstLine: 5 * Millimetre})
		d.Table(Table{Widths: []int{10, 90}, Head: []string{text}, Rows: [][]string{{text, text}}})
		for _, l := range d.lines {
			if over := end(l) - Width; over > 0 && !oneLetter(l) {
				t.Errorf("a line is %d too wide", over)
			}
		}
		whole(t, d.Bytes())
	})
}

// oneLetter says whether a line holds at most one letter as a reader sees it: a
// letter that is wider than its column stands out of it.
func oneLetter(l line) bool {
	var text strings.Builder
	for _, p := range l.pieces {
		if p.run.to-p.run.from > 0 {
			for _, g := range p.run.glyphs {
				text.WriteString(g.text)
			}
		}
	}
	var s segmenter.Segmenter
	if s.InitWithString(text.String()) != nil {
		return false
	}
	n := 0
	for it := s.GraphemeIterator(); it.Next(); {
		n++
	}
	return n <= 1
}

// whole checks the bones of a file: every object stands where the table says.
func whole(t *testing.T, file []byte) {
	t.Helper()
	m := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(file)
	if m == nil {
		t.Fatal("the file has no end")
	}
	at, _ := strconv.Atoi(string(m[1]))
	entries := regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`).FindAllSubmatch(file[at:], -1)
	if len(entries) == 0 {
		t.Fatal("the file has no objects")
	}
	for i, e := range entries {
		start, _ := strconv.Atoi(string(e[1]))
		if want := fmt.Sprintf("%d 0 obj\n", i+1); !bytes.HasPrefix(file[start:], []byte(want)) {
			t.Fatalf("object %d is not where the table says", i+1)
		}
	}
}

// plain leaves out what pdftotext adds to mark directions, and makes lines one.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

func extract(t *testing.T, file []byte, options ...string) string {
	t.Helper()
	need(t, "pdftotext")
	out, err := exec.Command("pdftotext", append(options, save(t, file), "-")...).CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v\n%s", err, out)
	}
	return string(out)
}

func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("SKIPPED: %s is not installed (apt-get install poppler-utils)", program)
	}
}

func save(t *testing.T, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
