package reading

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"homeward/internal/problem"
	"homeward/statement/edtf"
)

// check holds every reading to what it promises of its offsets.
func check(t *testing.T, r Reading) {
	t.Helper()
	letters := []rune(r.Text)
	end := 0
	for _, f := range r.Figures {
		if f.Start < end || f.End <= f.Start || f.End > len(letters) {
			t.Fatalf("a figure from %d to %d of %d, behind %d", f.Start, f.End, len(letters), end)
		}
		end = f.End
		if got := string(letters[f.Start:f.End]); got != f.Text {
			t.Fatalf("the text at %d is %q, not %q", f.Start, got, f.Text)
		}
		if f.Value.Low == nil && f.Value.High == nil || f.Unit == "" || f.Stance == "" || f.Via == nil {
			t.Fatalf("a figure lacks what it must have: %+v", f)
		}
		if f.Value.Low != nil && f.Value.High != nil && *f.Value.Low > *f.Value.High {
			t.Fatalf("low over high: %v %v", *f.Value.Low, *f.Value.High)
		}
		for _, d := range []string{f.Date, f.SaidOn} {
			if d != "" {
				if _, err := edtf.Parse(d); err != nil {
					t.Fatalf("the date %q is no EDTF", d)
				}
			}
		}
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "blank": " \n\t\n", "mark": "\ufeff", "digits": strings.Repeat("1234567890 ", 1000), "one number": "7",
		"quotes": strings.Repeat("\"", 5000), "commas": strings.Repeat(", said ", 5000), "open": strings.Repeat("« 5 women said ", 3000),
		"long number": strings.Repeat("9", 100000) + " women fled", "nested": strings.Repeat("<div><b>", 20000) + "50 women fled", "zero": "0 women\x00 and 5 men\x00 fled",
		"right to left": "قالت 785 امرأة", "comment": "<!-- 50 women fled -->", "unclosed": "<p>50 women fled <script>60 men", "cdata": "<html><![CDATA[50 women]]>",
		"dates": "On 99 October 2019 and 31 February 12 women fled over 999 years in May 0.", "huge year": "over a 99999999999999999999-year period 5 women fled",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := Read([]byte(text), Options{Published: edtf.MustParse("2019-10-15")})
			if err != nil {
				t.Fatal(err)
			}
			check(t, r)
			if (name == "empty" || name == "digits" || name == "comment") && len(r.Figures) > 0 {
				t.Errorf("%d figures in nothing", len(r.Figures))
			}
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	russian1251 := []byte{0xC2, 0x20, 0xEB, 0xE0, 0xE3, 0xE5, 0xF0, 0xE5}
	for name, c := range map[string]struct {
		article []byte
		o       Options
		want    *problem.Error
	}{
		"windows-1251":  {russian1251, Options{}, ErrEncoding},
		"utf-16":        {[]byte{0xFF, 0xFE, 0x41, 0x00}, Options{}, ErrEncoding},
		"too large":     {make([]byte, MaxSize+1), Options{}, ErrTooLarge},
		"language":      {[]byte("text"), Options{Lang: "ar"}, ErrLang},
		"not one day":   {[]byte("text"), Options{Published: edtf.MustParse("2019-10")}, ErrPublished},
		"not in an era": {[]byte("text"), Options{Published: edtf.MustParse("2019-10/..")}, ErrPublished},
	} {
		if _, err := Read(c.article, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestHTML reads the words of a page, and offsets that count in them.
func TestHTML(t *testing.T) {
	t.Parallel()
	page := "<!DOCTYPE html><html><head><title>90 men fled</title><style>p{}</style></head><body><nav>12 women</nav><script>var s='80 women fled';</script>" +
		"<p>At least&nbsp;50&#32;women &amp; <b>20 children</b><sup>[14]</sup> fled Roj on Monday, the <i>Heron Fund</i> said.</p><p>The camp holds 2&#8239;000 people.</p></body></html>"
	r, err := Read([]byte(page), Options{Published: edtf.MustParse("2019-10-15")})
	if err != nil {
		t.Fatal(err)
	}
	check(t, r)
	var got []string
	for _, f := range r.Figures {
		got = append(got, f.Text+" | "+f.Speaker+" | "+f.Date)
	}
	want := []string{"At least\u00a050 women | Heron Fund | 2019-10-14", "20 children | Heron Fund | 2019-10-14", "2\u202f000 people |  | "}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if strings.Contains(r.Text, "<") || strings.Contains(r.Text, "80") || strings.Contains(r.Text, "[14]") {
		t.Errorf("the text is %q", r.Text)
	}
}

// article is a long text in the manner of the passages.
func article(size int) string {
	piece := "Officials said on Monday that 785 foreigners escaped from Roj. \"There are around 200 of us,\" a woman told AFP, \"and 12 are ill.\"\n\n" +
		"По словам правозащитницы Розы Идрисовой, в лагере остаются около 50 россиянок, из них 12 — с детьми. Об этом сообщил ТАСС.\n\n"
	return strings.Repeat(piece, size/len(piece)+1)
}

// TestLinear holds the work to the length of the text: ten times as much must not
// cost more than thirty times, in text of every kind that invites more.
func TestLinear(t *testing.T) {
	shapes := map[string]func(int) string{
		"article":  article,
		"one line": func(n int) string { return strings.Repeat("the 12 women said and, ", n/23) },
		"numbers":  func(n int) string { return strings.Repeat("twenty two thousand and five ", n/29) },
		"quotes":   func(n int) string { return strings.Repeat("\"5 men fled, ", n/13) },
		"tags":     func(n int) string { return strings.Repeat("<b>5 men<i> fled", n/16) },
		"commas":   func(n int) string { return strings.Repeat(",", n) + "said" },
	}
	for name, shape := range shapes {
		small, large := []byte(shape(50_000)), []byte(shape(500_000))
		a, b := timeOf(t, small), timeOf(t, large)
		if b > 30*max(a, 2*time.Millisecond) {
			t.Errorf("%s: %v for 50 kB, %v for 500 kB", name, a, b)
		}
	}
}

// timeOf is the time of the processor, so that a busy machine does not look like slow
// code: the least of three readings.
func timeOf(t *testing.T, text []byte) time.Duration {
	t.Helper()
	best := time.Duration(1 << 62)
	for range 3 {
		start := processorTime(t)
		if _, err := Read(text, Options{}); err != nil {
			t.Fatal(err)
		}
		best = min(best, processorTime(t)-start)
	}
	return best
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestTenMegabytes reads what is far larger than an article.
func TestTenMegabytes(t *testing.T) {
	if testing.Short() {
		t.Skip("10 MB")
	}
	r, err := Read([]byte(article(10_000_000)), Options{Published: edtf.MustParse("2019-10-15")})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Figures) < 100_000 {
		t.Errorf("%d figures", len(r.Figures))
	}
	check(t, r)
}

// TestSameEveryTime reads the same article to the same suggestions.
func TestSameEveryTime(t *testing.T) {
	t.Parallel()
	text := []byte(article(5000))
	first, err := Read(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := Read(text, Options{})
		if err != nil || len(again.Figures) != len(first.Figures) {
			t.Fatal("another reading", err)
		}
		for i := range again.Figures {
			a, b := again.Figures[i], first.Figures[i]
			if a.Text != b.Text || a.Speaker != b.Speaker || a.Date != b.Date || a.Place != b.Place || a.Unit != b.Unit || a.Start != b.Start {
				t.Fatalf("%+v and %+v", a, b)
			}
		}
	}
}

func BenchmarkArticle(b *testing.B) {
	text := []byte(article(8000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Read(text, Options{Published: edtf.MustParse("2019-10-15")}); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{article(300), "<p>5 women fled</p>", "от 5 до 7 тыс. человек, сообщил «А»", "between 3 and 4", "\"5 men,\" he said. \"6.\"", "in 2019-м 5", "the 's said", "полторы сотни", "a few dozen", "5–7%", "2-3-4 men", "(5 women) said, citing X"} {
		f.Add(seed, "2019-10-15")
	}
	f.Fuzz(func(t *testing.T, text, published string) {
		o := Options{}
		if d, err := edtf.Parse(published); err == nil {
			o.Published = d
		}
		r, err := Read([]byte(text), o)
		if err != nil {
			if utf8.ValidString(text) && !errors.Is(err, ErrPublished) {
				t.Fatal(err)
			}
			return
		}
		check(t, r)
	})
}
