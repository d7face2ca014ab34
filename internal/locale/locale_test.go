package locale

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"homeward/internal/problem"
)

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// TestEveryMessageIsInEveryLanguage holds the three languages to the same ids,
// the same placeholders and the plural forms CLDR asks for.
func TestEveryMessageIsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, id := range slices.Sorted(maps.Keys(catalog().ids)) {
		byLanguage := catalog().ids[id]
		want := placeholders(byLanguage["en"])
		for _, l := range Languages {
			m := byLanguage[l.Code]
			if m == nil {
				t.Errorf("%s is missing in %s", id, l.Code)
				continue
			}
			if got := placeholders(m); !slices.Equal(got, want) {
				t.Errorf("%s in %s has the placeholders %v, in English %v", id, l.Code, got, want)
			}
			checkPlural(t, id, l.Code, isPlural(byLanguage), m)
		}
	}
}

func isPlural(byLanguage map[string]*i18n.Message) bool {
	for _, m := range byLanguage {
		if m.One != "" || m.Few != "" || m.Many != "" || m.Two != "" || m.Zero != "" {
			return true
		}
	}
	return false
}

func checkPlural(t *testing.T, id, lang string, plural bool, m *i18n.Message) {
	t.Helper()
	have := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	for form, text := range have {
		needed := form == "other" || plural && slices.Contains(forms[lang], form)
		if needed && strings.TrimSpace(text) == "" {
			t.Errorf("%s in %s lacks the form %q", id, lang, form)
		}
		if !needed && text != "" {
			t.Errorf("%s in %s has the form %q, which that language does not use", id, lang, form)
		}
	}
}

// placeholders are those of the form "other"; n may be left out of a form that
// says the number in words.
func placeholders(m *i18n.Message) []string {
	if m == nil {
		return nil
	}
	found := map[string]bool{}
	for _, match := range placeholder.FindAllStringSubmatch(m.Other, -1) {
		found[match[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// used finds the ids that pages ask for by name.
var used = regexp.MustCompile(`\b(?:locale\.|ui\.|[a-z]\.|\.)?(?:T|N)\((?:ctx, |r\.Context\(\), )?"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"`)

// comment is a line that is documentation and asks for nothing.
var comment = regexp.MustCompile(`(?m)^\s*//.*$`)

// TestEveryMessageAskedForExists reads the source of the house for ids.
func TestEveryMessageAskedForExists(t *testing.T) {
	t.Parallel()
	walkSource(t, func(name, text string) {
		for _, match := range used.FindAllStringSubmatch(comment.ReplaceAllString(text, ""), -1) {
			if !Has(match[1]) {
				t.Errorf("%s asks for the message %s, which does not exist", name, match[1])
			}
		}
	})
}

// coded finds the problems of the house: problem.New(problem.Invalid, "code",
var coded = regexp.MustCompile(`problem\.New\(\s*problem\.\w+,\s*"([a-z0-9_.]+)",\s*"[^"]*",\s*("[^"]*")`)

// TestEveryProblemIsTranslated holds what a person can act on to the three
// languages.
func TestEveryProblemIsTranslated(t *testing.T) {
	t.Parallel()
	walkSource(t, func(name, text string) {
		if strings.HasPrefix(name, "../../cmd/") || strings.Count(name, "/") == 2 && filepath.Base(name) != "server.go" {
			return // the command line and what serves it alone speak English
		}
		for _, match := range coded.FindAllStringSubmatch(comment.ReplaceAllString(text, ""), -1) {
			if !Has(match[1]+".what") || match[2] != `""` && !Has(match[1]+".do") {
				t.Errorf("%s: the problem %s is not translated", name, match[1])
			}
		}
	})
}

func walkSource(t *testing.T, visit func(name, text string)) {
	t.Helper()
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || len(d.Name()) > 2 && d.Name()[0] == '.' && d.Name() != "..") {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			return nil
		}
		data, err := os.ReadFile(name)
		if err == nil {
			visit(name, string(data))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPlurals says numbers as each language does.
func TestPlurals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "1 day"}, {"en", 2, "2 days"}, {"en", 0, "0 days"},
		{"ru", 1, "1 день"}, {"ru", 3, "3 дня"}, {"ru", 5, "5 дней"}, {"ru", 11, "11 дней"}, {"ru", 21, "21 день"},
		{"ar", 1, "يوم واحد"}, {"ar", 2, "يومان"}, {"ar", 3, "3 أيام"}, {"ar", 11, "11 يومًا"}, {"ar", 100, "100 يوم"},
	} {
		if got := For(c.lang).N("locale.days", c.n); got != c.want {
			t.Errorf("%d in %s is %q, want %q", c.n, c.lang, got, c.want)
		}
	}
}

// TestDatesInWords tells EDTF as exactly as it is known.
func TestDatesInWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][3]string{
		"2019-10-13":   {"13 October 2019", "13 октября 2019 г.", "13 تشرين الأول 2019"},
		"2019-10":      {"October 2019", "октябрь 2019 г.", "تشرين الأول 2019"},
		"1991":         {"1991", "1991 г.", "1991"},
		"1991~":        {"around 1991", "примерно 1991 г.", "نحو 1991"},
		"1991?":        {"perhaps 1991", "возможно, 1991 г.", "ربما 1991"},
		"1991%":        {"perhaps around 1991", "возможно, примерно 1991 г.", "ربما نحو 1991"},
		"201X":         {"2010s", "2010-е годы", "العقد الذي يبدأ عام 2010"},
		"2019-XX":      {"2019, month not known", "2019 г., месяц неизвестен", "2019، الشهر غير معروف"},
		"2019-10-XX":   {"October 2019, day not known", "октябрь 2019 г., день неизвестен", "تشرين الأول 2019، اليوم غير معروف"},
		"2019-24":      {"winter 2019", "зима 2019 г.", "شتاء 2019"},
		"2017/2019":    {"2017 to 2019", "2017 г. — 2019 г.", "من 2017 إلى 2019"},
		"2017/..":      {"2017 and later", "2017 г. и позже", "2017 وما بعد ذلك"},
		"../2017":      {"2017 or earlier", "2017 г. или раньше", "2017 أو قبل ذلك"},
		"2017/":        {"from 2017, end not known", "2017 г. — конец неизвестен", "من 2017، والنهاية غير معروفة"},
		"":             {"", "", ""},
		"not a date":   {"not a date", "not a date", "not a date"},
		"2017~/2019-1": {"around 2017 to January 2019", "примерно 2017 г. — январь 2019 г.", "من نحو 2017 إلى كانون الثاني 2019"},
	} {
		for i, l := range Languages {
			if got := For(l.Code).edtf(text); got != want[i] {
				t.Errorf("%q in %s is %q, want %q", text, l.Code, got, want[i])
			}
		}
	}
}

// TestAgo counts days as people do, by midnights in the office's zone.
func TestAgo(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("office", 3*3600)
	p := For("en").In(zone)
	now := time.Date(2019, 10, 14, 9, 0, 0, 0, zone)
	for _, c := range []struct {
		ago  time.Duration
		want string
	}{
		{10 * time.Second, "just now"}, {5 * time.Minute, "5 minutes ago"}, {3 * time.Hour, "3 hours ago"},
		{20 * time.Hour, "yesterday"}, {50 * time.Hour, "2 days ago"}, {-48 * time.Hour, "16 October 2019"},
	} {
		if got := p.Ago(now.Add(-c.ago), now); got != c.want {
			t.Errorf("%v ago is %q, want %q", c.ago, got, c.want)
		}
	}
}

// TestNumbersAndSizes groups and rounds as each language does.
func TestNumbersAndSizes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{For("en").Number(1779), "1,779"}, {For("ru").Number(1779), "1779"}, {For("ru").Number(12000), "12\u00a0000"},
		{For("en").Number(-5), "−5"}, {For("en").Number(1234567), "1,234,567"},
		{For("en").Bytes(999), "999 bytes"}, {For("en").Bytes(1_240_000), "1.2 MB"}, {For("ru").Bytes(1_240_000), "1,2 МБ"},
		{For("en").Clock(67 * time.Second), "1:07"}, {For("en").Clock(3723 * time.Second), "1:02:03"},
		{For("en").Duration(125 * time.Minute), "2 hours 5 minutes"}, {For("en").Duration(0), "0 seconds"},
		{For("en").List("a", "b", "c"), "a, b and c"}, {For("ar").List("أ", "ب"), "أ وب"},
		{Sentences("It went wrong", "Start again"), "It went wrong. Start again."}, {Sentences("Really?", ""), "Really?"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestNamesDoNotTurnTheLine isolates text that runs against the sentence.
func TestNamesDoNotTurnTheLine(t *testing.T) {
	t.Parallel()
	if got := For("en").Isolate("أمينة"); got != "\u2068أمينة\u2069" {
		t.Errorf("an Arabic name in English is %q", got)
	}
	if got := For("ar").Isolate("Аминат"); got != "\u2068Аминат\u2069" {
		t.Errorf("a Russian name in Arabic is %q", got)
	}
	if got := For("en").Isolate("Aminat"); got != "Aminat" {
		t.Errorf("an English name in English is %q", got)
	}
}

// TestProblems are told by their code, and in English where no translation is.
func TestProblems(t *testing.T) {
	t.Parallel()
	known := problem.New(problem.Unavailable, "db.busy", "the database is busy", "try again")
	if what, _ := For("ru").Problem(known); what == "The database is busy" || what == "" {
		t.Errorf("a known problem is told in Russian as %q", what)
	}
	unknown := problem.New(problem.Invalid, "no.such_code", "it went wrong", "start again")
	if what, do := For("ru").Problem(unknown); what != "It went wrong" || do != "Start again" {
		t.Errorf("an unknown problem is %q, %q", what, do)
	}
}

// TestAcceptChoosesALanguage reads what browsers send.
func TestAcceptChoosesALanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "en", "ru-RU,ru;q=0.9,en;q=0.5": "ru", "ce,ru;q=0.7": "ru", "ar-SY": "ar", "fr, de": "en", ";;;": "en",
	} {
		if got := Accept(header); got != want {
			t.Errorf("Accept(%q) = %s, want %s", header, got, want)
		}
	}
}

// TestBadFilesAreNamed says which file is wrong.
func TestBadFilesAreNamed(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"messages/x.en.toml": "a = ", "messages/y.de.toml": `a = "b"`, "messages/z.en.toml": "a = 3",
	} {
		_, err := load(fstest.MapFS{name: {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), filepath.Base(name)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := load(fstest.MapFS{"messages/a.en.toml": {Data: []byte(`[a]
x = "1"`)}, "messages/b.en.toml": {Data: []byte(`[a]
x = "2"`)}})
	if err == nil {
		t.Error("one id in two areas is accepted")
	}
}

// TestAnAppealHasOneWordInArabic: what somebody sent us and what we send out are two
// things, and in Arabic two words.
func TestAnAppealHasOneWordInArabic(t *testing.T) {
	t.Parallel()
	n := 0
	for id, by := range catalog().ids {
		if by["en"] == nil || by["ar"] == nil || !strings.Contains(strings.ToLower(by["en"].Other), "appeal") {
			continue
		}
		if n++; !strings.Contains(by["ar"].Other, "نداء") {
			t.Errorf("%s: %q is in Arabic %q", id, by["en"].Other, by["ar"].Other)
		}
	}
	if n < 20 {
		t.Errorf("only %d messages speak of appeals", n)
	}
}
