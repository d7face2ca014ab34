package reading

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"homeward/statement/edtf"
)

// passage is one marked passage of testdata; the README there tells the marks.
type passage struct {
	ID        string
	Published string
	Text      string
}

// label is one marked figure.
type label struct {
	start, end                          int
	low, high                           *float64
	qualifier, unit, speaker, via, date string
	stance                              Stance
}

var marked = regexp.MustCompile(`\{([^{}]*)\}`)

func loadPassages(t *testing.T, file string) []passage {
	t.Helper()
	var doc struct{ Passage []passage }
	if _, err := toml.DecodeFile(file, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Passage
}

// unmark takes the marks out and gives the labels where they stood.
func unmark(t *testing.T, text string) (string, []label) {
	t.Helper()
	var b strings.Builder
	var labels []label
	at := 0
	for _, m := range marked.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(text[at:m[0]])
		parts := append(strings.Split(text[m[2]:m[3]], "|"), make([]string, 8)...)
		l := label{start: utf8.RuneCountInString(b.String()), qualifier: parts[2], unit: parts[3], speaker: parts[4], via: parts[5], stance: Stance(parts[6]), date: strings.TrimSpace(parts[7])}
		if l.stance == "" {
			l.stance = Asserts
		}
		b.WriteString(parts[0])
		l.end = utf8.RuneCountInString(b.String())
		l.low, l.high = bounds(t, parts[1])
		labels = append(labels, l)
		at = m[1]
	}
	b.WriteString(text[at:])
	return b.String(), labels
}

func bounds(t *testing.T, text string) (low, high *float64) {
	t.Helper()
	parse := func(s string) *float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatalf("the value %q: %v", text, err)
		}
		return &v
	}
	if only, ok := strings.CutSuffix(text, "+"); ok {
		return parse(only), nil
	}
	if only, ok := strings.CutPrefix(text, "-"); ok {
		return nil, parse(only)
	}
	if a, b, ok := strings.Cut(text, "-"); ok {
		return parse(a), parse(b)
	}
	return parse(text), parse(text)
}

// score counts what was found and what of it was right.
type score struct{ labelled, found, right, speaker, unit, qualifier, stance, dated, date, via, relayed int }

func (s score) precision() float64 { return ratio(s.right, s.found) }
func (s score) recall() float64    { return ratio(s.right, s.labelled) }

// figureWithSpeaker is the recall of a figure together with its right speaker.
func (s score) figureWithSpeaker() float64 { return ratio(s.speaker, s.labelled) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (s score) String() string {
	return fmt.Sprintf("figures %d: precision %.3f recall %.3f, with right speaker %.3f (precision %.3f), unit %.3f, qualifier %.3f, stance %.3f, date %.3f of %d, via %.3f of %d",
		s.labelled, s.precision(), s.recall(), s.figureWithSpeaker(), ratio(s.speaker, s.found), ratio(s.unit, s.right), ratio(s.qualifier, s.right), ratio(s.stance, s.right),
		ratio(s.date, s.dated), s.dated, ratio(s.via, s.relayed), s.relayed)
}

func measure(t *testing.T, file string, verbose bool) score {
	t.Helper()
	var s score
	for _, p := range loadPassages(t, file) {
		text, labels := unmark(t, p.Text)
		o := Options{}
		if p.Published != "" {
			o.Published = edtf.MustParse(p.Published)
		}
		r, err := Read([]byte(text), o)
		if err != nil {
			t.Fatal(err)
		}
		s.add(t, p.ID, labels, r.Figures, verbose)
	}
	return s
}

func (s *score) add(t *testing.T, id string, labels []label, figures []Figure, verbose bool) {
	t.Helper()
	say := func(format string, args ...any) {
		if verbose {
			t.Logf("%s: "+format, append([]any{id}, args...)...)
		}
	}
	s.labelled += len(labels)
	s.found += len(figures)
	used := map[int]bool{}
	for _, f := range figures {
		i := slices.IndexFunc(labels, func(l label) bool {
			return l.start < f.End && f.Start < l.end && sameBound(l.low, f.Value.Low) && sameBound(l.high, f.Value.High)
		})
		if i < 0 || used[i] {
			say("not marked: %q %s", f.Text, boundsText(f.Value))
			continue
		}
		used[i] = true
		l := labels[i]
		s.right++
		count := func(into *int, ok bool, what, got, want string) {
			if ok {
				*into++
				return
			}
			say("%s of %q is %q, not %q", what, f.Text, got, want)
		}
		count(&s.speaker, sameSpeaker(f.Speaker, l.speaker), "speaker", f.Speaker, l.speaker)
		count(&s.unit, f.Unit == l.unit, "unit", f.Unit, l.unit)
		count(&s.qualifier, f.Value.Qualifier == l.qualifier, "qualifier", f.Value.Qualifier, l.qualifier)
		count(&s.stance, f.Stance == l.stance, "stance", string(f.Stance), string(l.stance))
		if l.date != "" {
			s.dated++
			count(&s.date, f.Date == l.date, "date", f.Date, l.date)
		}
		if l.via != "" {
			s.relayed++
			count(&s.via, sameSpeaker(strings.Join(f.Via, " "), l.via), "via", strings.Join(f.Via, ", "), l.via)
		}
	}
	for i, l := range labels {
		if !used[i] {
			say("missed at %d: %s %s", l.start, boundsText(Value{Low: l.low, High: l.high}), l.unit)
		}
	}
}

func boundsText(v Value) string {
	text := func(f *float64) string {
		if f == nil {
			return ""
		}
		return strconv.FormatFloat(*f, 'f', -1, 64)
	}
	return text(v.Low) + ".." + text(v.High) + " " + v.Qualifier
}

func sameBound(a, b *float64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// sameSpeaker compares names by their words without endings: one must hold all words
// of the other, and nobody is only nobody.
func sameSpeaker(got, want string) bool {
	g, w := stems(got), stems(want)
	if len(g) == 0 || len(w) == 0 {
		return len(g) == len(w)
	}
	return holds(g, w) || holds(w, g)
}

func holds(all, some []string) bool {
	for _, s := range some {
		if !slices.Contains(all, s) {
			return false
		}
	}
	return true
}

func stems(name string) []string {
	var out []string
	for w := range strings.FieldsFuncSeq(fold(name), func(c rune) bool { return !isLetter(c) && c != '-' }) {
		letters := []rune(w)
		if w == "the" || w == "of" || w == "s" {
			continue
		}
		n := len(letters)
		if n > 4 {
			n = max(4, n-3)
		}
		out = append(out, string(letters[:min(n, 6)]))
	}
	return out
}

// floors are what was reached; less is a step back. The words of the held half's
// failures were never printed: see docs/reading.md for when it was measured.
var floors = map[string]struct{ precision, recall, speaker float64 }{
	"testdata/open/en.toml":    {0.98, 0.98, 0.98},
	"testdata/open/ru.toml":    {0.98, 0.98, 0.98},
	"testdata/held/en.toml":    {0.97, 0.97, 0.95},
	"testdata/held/ru.toml":    {0.98, 0.98, 0.90},
	"testdata/reports/en.toml": {0.98, 0.98, 0.94},
	"testdata/reports/ru.toml": {0.97, 0.98, 0.93},
	"testdata/again/en.toml":   {0.98, 0.98, 0.95},
	"testdata/again/ru.toml":   {0.98, 0.98, 0.96},
}

func TestMeasured(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.toml")
	if err != nil || len(files) != len(floors) {
		t.Fatalf("%d files of passages, %v", len(files), err)
	}
	passages := 0
	for _, file := range files {
		s := measure(t, file, !strings.Contains(file, "held"))
		t.Logf("%s: %s", file, s)
		floor, ok := floors[filepath.ToSlash(file)]
		if !ok || s.precision() < floor.precision || s.recall() < floor.recall || s.figureWithSpeaker() < floor.speaker {
			t.Errorf("%s: less than was reached: %+v", file, floor)
		}
		passages += len(loadPassages(t, file))
	}
	if passages < 60 {
		t.Errorf("only %d passages", passages)
	}
}

// TestMeasureCanFail holds the measure itself to account: with other speakers and
// values than are marked it must not find everything right.
func TestMeasureCanFail(t *testing.T) {
	t.Parallel()
	text, labels := unmark(t, "{50 women|50||women|Heron Fund} and {60 men|61||men} fled, the Kestrel Fund said. {Nobody|5||people} stayed.")
	r, err := Read([]byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var s score
	s.add(t, "control", labels, r.Figures, false)
	if s.labelled != 3 || s.right != 1 || s.speaker != 0 || s.found != 2 {
		t.Errorf("the measure says %s", s)
	}
}
