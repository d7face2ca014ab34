package model

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"homeward/reading"
	"homeward/statement/edtf"
)

// claimed is a figure as the model says it.
type claimed struct {
	Text    string   `json:"text"`
	Speaker string   `json:"speaker"`
	Via     []string `json:"via"`
	Stance  string   `json:"stance"`
	Date    string   `json:"date"`
	Place   string   `json:"place"`
}

const (
	mostFigures = 200
	mostWords   = 200 // letters of a figure's words
)

// parse reads the answer: JSON, or JSON in a fence, as models like to give it.
func parse(content string) ([]claimed, error) {
	from, to := strings.IndexByte(content, '{'), strings.LastIndexByte(content, '}')
	var got struct {
		Figures []claimed `json:"figures"`
	}
	if from < 0 || to < from || json.Unmarshal([]byte(content[from:to+1]), &got) != nil {
		return nil, ErrAnswer.Wrap(errors.New("model: no JSON"))
	}
	return got.Figures[:min(len(got.Figures), mostFigures)], nil
}

// check keeps what stands in the article. The number is read from its words by rules, so
// that the model only says where to look.
func check(article string, found []claimed, o reading.Options) []reading.Figure {
	a := articleOf(article)
	var out []reading.Figure
	for _, c := range found {
		if !utf8.ValidString(c.Text) || strings.TrimSpace(c.Text) == "" || utf8.RuneCountInString(c.Text) > mostWords {
			continue
		}
		start, end, ok := a.place(c.Text, out)
		if !ok {
			continue
		}
		f, ok := valued(c.Text, o)
		if !ok {
			continue
		}
		f.Start, f.End, f.Text = start, end, string(a.letters[start:end])
		f.Speaker, f.Place, f.Via = a.copied(c.Speaker), a.copied(c.Place), []string{}
		for _, v := range c.Via[:min(len(c.Via), 3)] {
			if v = a.copied(v); v != "" {
				f.Via = append(f.Via, v)
			}
		}
		f.Stance = reading.Asserts
		if s := reading.Stance(c.Stance); slices.Contains([]reading.Stance{reading.Denies, reading.Estimates, reading.Repeats}, s) {
			f.Stance = s
		}
		if d, err := edtf.Parse(c.Date); err == nil && !d.IsZero() && utf8.RuneCountInString(c.Date) < 30 {
			f.Date = d.String()
		}
		out = append(out, f)
	}
	return out
}

// valued reads the number of some words as the rules do: as if people did something.
func valued(words string, o reading.Options) (reading.Figure, bool) {
	for _, deed := range []string{" fled.", " people fled.", " бежали.", " человек бежали."} {
		r, err := reading.Read([]byte(words+deed), reading.Options{Lang: o.Lang, Published: o.Published})
		if err == nil && len(r.Figures) == 1 && r.Figures[0].Start < utf8.RuneCountInString(words) {
			f := r.Figures[0]
			return reading.Figure{Value: f.Value, Unit: f.Unit, What: strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(f.What, "fled"), "бежали"))}, true
		}
	}
	return reading.Figure{}, false
}

// text is the article, to be looked through.
type text struct {
	whole   string
	letters []rune
}

func articleOf(article string) text { return text{article, []rune(article)} }

// place finds words that no other figure has taken.
func (a text) place(words string, taken []reading.Figure) (start, end int, ok bool) {
	for at := 0; at < len(a.whole); {
		i := strings.Index(a.whole[at:], words)
		if i < 0 {
			return 0, 0, false
		}
		start = utf8.RuneCountInString(a.whole[:at+i])
		end = start + utf8.RuneCountInString(words)
		if !slices.ContainsFunc(taken, func(f reading.Figure) bool { return f.Start < end && start < f.End }) {
			return start, end, true
		}
		at += i + len(words)
	}
	return 0, 0, false
}

// copied gives words that stand in the article, "" for any others: a model does not put
// words into anybody's mouth.
func (a text) copied(words string) string {
	words = strings.TrimSpace(words)
	if words == "" || utf8.RuneCountInString(words) > mostWords || strings.ContainsAny(words, "\r\n\x00") || !strings.Contains(a.whole, words) {
		return ""
	}
	return words
}
