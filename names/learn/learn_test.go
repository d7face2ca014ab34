package main

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homeward/names"
)

// TestThereAndBack writes Cyrillic names as each system does, and reads them back:
// they must be much like what they were.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	people := []string{"магомедова аминат", "щербаков дмитрий", "хасанов чингиз", "цветаева юлия", "жукова ярослава", "исрапилов шамиль", "джабраилов эльдар", "гаджиев зелимхан"}
	for _, s := range systems {
		for _, name := range people {
			var out []string
			for w := range strings.FieldsSeq(name) {
				out = append(out, s.write(w))
			}
			if got := names.Similarity(name, strings.Join(out, " ")); got < 0.75 {
				t.Errorf("%s writes %s as %s: %.2f alike", s.name, name, strings.Join(out, " "), got)
			}
		}
	}
}

// TestAnyWordThereAndBack does so with made-up words, as a stranger's name is.
func TestAnyWordThereAndBack(t *testing.T) {
	t.Parallel()
	syllable := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"ма", "го", "ди", "ша", "ну", "рус", "лам", "бек", "зе", "ли", "хан", "са", "ту", "вар", "пе"}).Draw(t, "syllable")
	})
	rapid.Check(t, func(t *rapid.T) {
		word := strings.Join(rapid.SliceOfN(syllable, 2, 4).Draw(t, "word"), "")
		s := rapid.SampledFrom(systems).Draw(t, "system")
		if got := names.Similarity(word, s.write(word)); got < 0.6 {
			t.Fatalf("%s writes %s as %s: %.2f alike", s.name, word, s.write(word), got)
		}
	})
}

func TestLearn(t *testing.T) {
	t.Parallel()
	pairs, err := readAttested(strings.NewReader("arab\tفاطمة\tlatn\tfatima:5|fatma:2\ncyrl\tШура\tlatn\tshura:3|schura:1\n"))
	if err != nil || len(pairs) < 6 {
		t.Fatalf("%d pairs, %v", len(pairs), err)
	}
	var out bytes.Buffer
	if err := learnCosts(pairs).print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nش\tsh\t", "\nф\tf\t", "\na\t-arab\t"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q", want)
		}
	}
	if _, err := readAttested(strings.NewReader("three\tcolumns\tonly\n")); err == nil {
		t.Error("a line of three columns is read")
	}
}
