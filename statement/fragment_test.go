package statement

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFragments(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "",
		"t=12,19":                    "t=12,19",
		"t=12.5,19":                  "t=12.5,19",
		"t=12":                       "t=12",
		"t=12,":                      "t=12",
		"t=,19":                      "t=0,19",
		"t=npt:12,19":                "t=12,19",
		"t=0:12,1:02.250":            "t=12,62.25",
		"t=1:00:00,1:00:01":          "t=3600,3601",
		"t=0.0005,0.0019":            "t=0,0.001", // to the millisecond, cut off
		"page=3":                     "page=3",
		"char=10,40":                 "char=10,40",
		"char=10":                    "char=10",
		"xywh=10,20,300,40":          "xywh=10,20,300,40",
		"xywh=pixel:10,20,300,40":    "xywh=10,20,300,40",
		"xywh=percent:0,0,100,50":    "xywh=percent:0,0,100,50",
		"xywh=10,20,300,40&page=2":   "page=2&xywh=10,20,300,40",
		"char=0,5&t=1&page=1":        "page=1&t=1&char=0,5",
		"t=10000:00:00":              "t=36000000",
		"t=00:12,00:19":              "t=12,19",
		"xywh=0,0,1,1&t=1,2&char=,9": "t=1,2&char=0,9&xywh=0,0,1,1",
	} {
		f, err := ParseFragment(text)
		if err != nil || f.String() != want {
			t.Errorf("ParseFragment(%q) = %q, %v, want %q", text, f, err, want)
		}
	}
}

func TestNoFragments(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"t", "t=", "t=,", "t=19,12", "t=12,12", "t=-1", "t=1e3", "t=1.", "t=.5", "t=1:2", "t=1:60", "t=1:60:00", "t=1:1:1:1", "t=10000:00:01", "t=1;2", "t=smpte:0:0:1",
		"t=1&t=2", "page=0", "page=-1", "page=01", "page=+1", "page=1,2", "page=1&page=1", "page=9999999999", "char=5,4", "char=x", "char=1&char=2", "char=-1",
		"xywh=1,2,3", "xywh=1,2,3,0", "xywh=0,0,0,5", "xywh=-1,0,5,5", "xywh=percent:0,0,101,5", "xywh=1,1,1,1&xywh=1,1,1,1", "xywh=em:1,1,1,1",
		"id=3", "t=1&", "&t=1", "&", "t=1 ", " t=1", "T=1", "t=١", "#t=1",
	} {
		if f, err := ParseFragment(text); err == nil {
			t.Errorf("ParseFragment(%q) = %q, want an error", text, f)
		}
	}
}

func TestFragmentConstructors(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]Fragment{
		"t=12.5,19.001": Seconds(12.5, 19.001), "page=2": PageOf(2), "char=3,9": Chars(3, 9),
	} {
		if got := f.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestFragmentReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anyFragment().Draw(t, "fragment")
		if back, err := ParseFragment(f.String()); err != nil || back != f {
			t.Fatalf("%q reads back as %+v, %v, want %+v", f, back, err, f)
		}
	})
}

func FuzzParseFragment(f *testing.F) {
	for _, text := range []string{"t=12.5,19", "page=2&xywh=percent:1,2,3,4", "char=1", "t=1:00:00.25", "t=,1&char=0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseFragment(text)
		if err != nil {
			if got != (Fragment{}) {
				t.Fatalf("an error and a fragment: %q", text)
			}
			return
		}
		if back, err := ParseFragment(got.String()); err != nil || back != got {
			t.Fatalf("%q was read as %q, which is read as %q, %v", text, got, back, err)
		}
	})
}
