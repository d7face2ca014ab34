package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/figures"
	"homeward/figures/export"
	"homeward/internal/locale"
	"homeward/internal/table"
	"homeward/statement/edtf"
)

func claim(id string, speaker figures.Speaker, words string, of figures.Population, what figures.What) figures.Claim {
	c := figures.Claim{
		ID: id, Speaker: speaker, Of: of, What: what, Tally: what.Tally(), Stance: figures.Asserts, Basis: figures.Statement,
		SaidOn: edtf.MustParse("2019-10-13"), On: edtf.MustParse("2019-10-13~"), URLs: []string{"https://news.example/1"},
		Place: figures.Place{Record: "camp", Names: []figures.Words{{Text: "Ain Issa", Lang: "en"}, {Text: "Айн-Исса", Lang: "ru"}}, Country: "SY", Codes: []string{"iso3166-2:SY-RA"}},
	}
	if v, ok := figures.Code(words, "en"); ok {
		c.Value = &v
	}
	return c
}

var (
	sdf    = figures.Speaker{ID: "1", Label: "=cmd|' /C calc'!A0", Public: "the administration", Kind: "authority"}
	woman  = figures.Speaker{ID: "2", Label: "Хава из второго барака", Public: "a woman in the camp", Kind: "stranded", Protected: true}
	people = figures.Population{Unit: figures.People}
)

func sheet() figures.Sheet {
	denial := claim("d", figures.Speaker{ID: "3", Label: "minister", Public: "a minister", Kind: "authority"}, "", figures.Population{}, "")
	denial.Stance, denial.Assertion, denial.Answers, denial.EvidenceGiven = figures.Denies, "emptied", []string{"a"}, "no"
	return figures.Build(figures.Question{}, figures.AsOf{}, []figures.Claim{
		claim("a", sdf, "785", figures.Population{Unit: figures.People, Who: []figures.Who{figures.Foreigners}}, figures.Escaped),
		claim("b", woman, "around 200", people, figures.Remaining),
		claim("c", sdf, "at least 50", figures.Population{Unit: figures.People, Who: []figures.Who{figures.Women}, Nationalities: []string{"RU"}}, figures.Held),
		claim("e", sdf, "3,000", figures.Population{Unit: figures.Requests}, "registered"),
		denial,
	}, nil)
}

func records(t *testing.T, o export.Options) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := export.CSV(&b, sheet(), o); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// column finds a column by its tag.
func column(t *testing.T, rows [][]string, tag string) []string {
	t.Helper()
	i := slices.Index(rows[1], tag)
	if i < 0 {
		t.Fatalf("no column %s in %v", tag, rows[1])
	}
	var cells []string
	for _, r := range rows[2:] {
		cells = append(cells, r[i])
	}
	return cells
}

var hashtag = regexp.MustCompile(`^\s*(#[A-Za-z][_0-9A-Za-z]*)((?:\s*\+[A-Za-z][_0-9A-Za-z]*)*)\s*$`)

func TestTheFileIsHXL(t *testing.T) {
	t.Parallel()
	rows := records(t, export.Options{Outside: true, Lang: "en"})
	if len(rows) != 7 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, tag := range rows[1] {
		if !hashtag.MatchString(tag) {
			t.Errorf("%q is no tag of HXL", tag)
		}
	}
	for i, tag := range rows[1] {
		for _, r := range rows[2:] {
			cell := r[i]
			if cell == "" {
				continue
			}
			if strings.HasPrefix(tag, "#affected") {
				if _, err := strconv.Atoi(cell); err != nil {
					t.Errorf("%s holds %q", tag, cell)
				}
			}
			if strings.HasPrefix(tag, "#date") {
				if _, err := time.Parse("2006-01-02"[:len(cell)], cell); err != nil {
					t.Errorf("%s holds %q", tag, cell)
				}
			}
		}
	}
	for tag, want := range map[string]string{
		"#affected+ind": "785||200||", "#affected+f+adults": "|||50|", "#x_claim+low": "785||200|50|3000", "#x_claim+high": "785||200||3000",
		"#country+code+v_iso3": "SYR|SYR|SYR|SYR|SYR", "#x_claim+nationality+v_iso3": "|||RUS|", "#date+occurred": "||2019-10||", "#x_claim+evidence": "|no|||",
		"#x_claim+stance": "asserts|denies|asserts|asserts|asserts", "#date+reported": "2019-10-13|2019-10-13|2019-10|2019-10-13|2019-10-13",
	} {
		if got := strings.Join(column(t, rows, tag), "|"); got != want {
			t.Errorf("%s is %s, want %s", tag, got, want)
		}
	}
}

func TestWhatIsForTheOfficeStaysThere(t *testing.T) {
	t.Parallel()
	outside := strings.Join(column(t, records(t, export.Options{Outside: true}), "#meta+source+name"), "|")
	if outside != "the administration|a minister|a woman in the camp|the administration|the administration" {
		t.Errorf("outside the speakers are %s", outside)
	}
	inside := strings.Join(column(t, records(t, export.Options{}), "#meta+source+name"), "|")
	if !strings.Contains(inside, "Хава") || !strings.HasPrefix(inside, "'=cmd") {
		t.Errorf("inside the speakers are %s", inside)
	}
	for _, write := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return export.CSV(b, sheet(), export.Options{Outside: true}) },
		func(b *bytes.Buffer) error { return export.JSONLD(b, sheet(), export.Options{Outside: true}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil || strings.Contains(b.String(), "Хава") || strings.Contains(b.String(), "cmd") {
			t.Errorf("outside: %v\n%s", err, b.String())
		}
	}
	bare := sheet()
	bare.Lines[0].Speaker.Public = ""
	if err := export.CSV(&bytes.Buffer{}, bare, export.Options{Outside: true}); err == nil {
		t.Error("what the office calls a source goes outside")
	}
}

func TestTheWorkbookOpens(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := export.XLSX(&b, sheet(), export.Options{}); err != nil {
		t.Fatal(err)
	}
	book, err := table.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), table.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	err = book.Rows(t.Context(), 0, func(r table.Row) error {
		rows++
		for _, c := range r.Cells {
			if strings.HasPrefix(c, "=") {
				t.Errorf("row %d has a formula", r.Number)
			}
		}
		return nil
	})
	if err != nil || rows != 7 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

func TestClaimsOfSchemaOrg(t *testing.T) {
	t.Parallel()
	for _, l := range locale.Languages {
		var b bytes.Buffer
		p := locale.For(l.Code)
		if err := export.JSONLD(&b, sheet(), export.Options{Outside: true, Lang: l.Code, Words: func(key string) string { return p.T(key) }}); err != nil {
			t.Fatal(err)
		}
		var out struct {
			Context string           `json:"@context"`
			Graph   []map[string]any `json:"@graph"`
		}
		if err := json.Unmarshal(b.Bytes(), &out); err != nil || out.Context != "https://schema.org" || len(out.Graph) != 5 {
			t.Fatalf("%v: %s", err, b.String())
		}
		for _, c := range out.Graph {
			if c["@type"] != "Claim" || c["author"] == nil || c["text"] == "" || c["reviewRating"] != nil {
				t.Errorf("a claim is %v", c)
			}
		}
		if about := out.Graph[3]["about"].(map[string]any); about["minValue"] != 50.0 || about["maxValue"] != nil {
			t.Errorf("at least 50 is about %v", about)
		}
		if out.Graph[1]["about"] != nil {
			t.Error("a denial counts people")
		}
		if author := out.Graph[2]["author"].(map[string]any); author["@type"] != "Person" || author["name"] != "a woman in the camp" {
			t.Errorf("she is %v", author)
		}
	}
}

// TestEveryCodeHasAWord holds the words of all codes, and of the columns, to the three
// languages.
func TestEveryCodeHasAWord(t *testing.T) {
	t.Parallel()
	asked := 0
	var b bytes.Buffer
	words := func(key string) string {
		asked++
		if !locale.Has(key) {
			t.Errorf("%s has no word", key)
		}
		return key
	}
	if err := export.CSV(&b, sheet(), export.Options{Words: words}); err != nil || asked < 40 {
		t.Fatalf("%d words were asked for, %v", asked, err)
	}
	for area, codes := range map[string][]string{
		"unit": all(figures.Units), "who": all(figures.Whos), "what": all(figures.Whats), "tally": all(figures.Tallies), "qualifier": all(figures.Qualifiers),
		"assertion": all(figures.Assertions), "basis": all(figures.Bases), "stance": all(figures.Stances), "grade": all(figures.Grades), "grade_rule": all(figures.Grades),
		"standing": all(figures.Standings), "relation": all(figures.Relations), "reason": all(figures.Reasons), "conflict": all(figures.ConflictKinds), "rule": all(figures.Rules), "row": all(figures.RowRules),
	} {
		for _, code := range codes {
			words("figures." + area + "." + code)
		}
	}
}

func all[C ~string](codes []C) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	return out
}
