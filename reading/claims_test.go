package reading

import (
	"strings"
	"testing"

	"homeward/statement/edtf"
)

// TestClaims reads what is said without a number, with who says it, and takes no figure
// for one.
func TestClaims(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Defence Minister Hulusi Akar said the jail had been emptied by the YPG.":                         "claim|emptied by the YPG|Defence Minister Hulusi Akar|asserts|",
		"President Trump suggested that the Kurds may be releasing some militants deliberately.":          "claim|releasing some militants deliberately|President Trump|asserts|",
		"A spokesman dismissed the claim as baseless.":                                                    "claim|dismissed the claim as baseless|spokesman|denies|",
		"After November 2017 only children were accepted, Saratova said.":                                 "rule|only children were accepted|Saratova|asserts|2017-11/..",
		"Reuters could not independently verify the numbers.":                                             "claim|could not independently verify the numbers||denies|",
		"Министр обороны Хулуси Акар заявил, что курды опустошили тюрьму.":                                "claim|опустошили тюрьму|Министр обороны Хулуси Акар|asserts|",
		"После ноября 2017 года, отметила Саратова, принимали только детей.":                              "rule|принимали только детей|Саратова|asserts|2017-11/..",
		"С 1 января 2018 года в страну не впустили ни одной женщины, утверждают в «Комитете матерей».":    "rule|не впустили ни одной женщины|Комитете матерей|asserts|2018-01-01/..",
		"The group dismissed the claim that 300 prisoners had escaped. It opened an office in the north.": "",
	} {
		r, err := Read([]byte(text), Options{Published: edtf.MustParse("2019-10-15")})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range r.Claims {
			if c.Value.Low != nil || c.Value.High != nil || string([]rune(r.Text)[c.Start:c.End]) != c.Text {
				t.Errorf("a claim is %+v", c)
			}
			got = append(got, strings.Join([]string{c.Kind, c.Text, c.Speaker, string(c.Stance), c.Date}, "|"))
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s\n%s\nwant %s", text, strings.Join(got, "\n"), want)
		}
	}
}

// TestPages leaves menus, other articles and the marks of divided words out, whatever
// the page.
func TestPages(t *testing.T) {
	t.Parallel()
	filler := "<p>" + strings.Repeat("The road was closed and nobody came. ", 8) + "</p>"
	for name, c := range map[string]struct{ text, want string }{
		"article": {`<!DOCTYPE html><body><div>12 women</div><article><h1>50 women flee</h1><p>At least 50 wom&shy;en fled, the Heron Fund said.</p>` +
			`<div class="related-links"><p>Why 300 prisoners escaped</p></div><p>Read more: 700 children held</p>` + filler + `</article><div class="sidebar"><p>90 dead</p></div></body>`,
			"50 women; At least 50 wom\u00ADen"},
		"never closed": {`<html><body><div class="share"><p>50 women fled Roj.</p><p>20 men stayed.</p></body></html>`, "50 women; 20 men"},
		"two articles": {`<html><body><article>5 women fled.</article><article>6 men fled.</article></body></html>`, "5 women; 6 men"},
		"text of a PDF": {"HASAKAH, Syria - At least 50 women and 20 chil-\ndren fled the Roj camp on Monday, the Syrian\nObservatory for Human Rights said, and 12 detai-\n" +
			"nees were caught. The authorities in the region\nsaid that the camp of al-Hol had more than\n64,000 people in it.\n\nA second paragraph begins here, and it has no\nnumbers at all.\n",
			"At least 50 women; 20 chil-\ndren; 12 detai-\nnees; more than\n64,000 people"},
	} {
		r, err := Read([]byte(c.text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		check(t, r)
		var got []string
		for _, f := range r.Figures {
			got = append(got, f.Text)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, "; "), c.want)
		}
	}
}

// TestUnfinished reads what stops in the middle of a phrase, where a name was expected.
func TestUnfinished(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"50 women fled from the camp at", "50 женщин бежали из лагеря", "50 women in the", "5 of", "according to", "Officials:", "за 2", "of the 50 in two"} {
		for n := range []rune(words) {
			if _, err := Read([]byte(string([]rune(words)[:n+1])), Options{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
