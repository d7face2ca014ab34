package letters

import (
	"context"
	"slices"
	"strings"

	"homeward/statement"
)

// A passage of a recording that may incriminate its speaker is marked by its seconds, and
// the words of those seconds stand in the transcript. Whoever writes the letter has read
// them: they stop a text wherever they stand, an annex and a narrative too, when four of
// them follow each other as they were said, or all of them where they are fewer.

// quoted is how many words in a row are a quotation.
const quoted = 4

// marked gathers the words of the marked passages of everything on which what was said
// rests, and of what came with the appeals that speak of the people.
func (g *gate) marked(ctx context.Context, l *Letters, said []statement.Recorded) error {
	var files []string
	add := func(id string) {
		if id != "" && !slices.Contains(files, id) {
			files = append(files, id)
		}
	}
	for _, r := range said {
		add(r.Evidence.File)
		if r.Property == statement.AppealFile || r.Property == statement.PersonVoice {
			add(r.Object)
		}
	}
	var words []statement.Recorded
	for _, f := range files {
		links, err := l.ledger.Pointing(ctx, f, statement.TranscriptOf)
		if err != nil {
			return err
		}
		for _, link := range links {
			of, err := l.ledger.About(ctx, link.Subject)
			if err != nil {
				return err
			}
			words = append(words, of...)
		}
	}
	words = slices.DeleteFunc(words, func(r statement.Recorded) bool { return r.Property != statement.TranscriptPart })
	harmful, err := l.casework.Incriminating(ctx, words)
	if err != nil {
		return err
	}
	for _, r := range words {
		if harmful[r.ID] {
			g.quotes(r.Value)
		}
	}
	return nil
}

// quotes keeps back the words of a passage. One word alone is no quotation.
func (g *gate) quotes(passage string) {
	words := strings.Fields(plain(passage))
	if len(words) < 2 {
		return
	}
	if g.quotations == nil {
		g.quotations = map[string]bool{}
	}
	n := min(quoted, len(words))
	for i := 0; i+n <= len(words); i++ {
		g.quotations[strings.Join(words[i:i+n], " ")] = true
	}
}

// quotesMarked says whether a text quotes a marked passage.
func (g *gate) quotesMarked(text string) bool {
	if len(g.quotations) == 0 {
		return false
	}
	words := strings.Fields(plain(text))
	for n := 2; n <= quoted; n++ {
		for i := 0; i+n <= len(words); i++ {
			if g.quotations[strings.Join(words[i:i+n], " ")] {
				return true
			}
		}
	}
	return false
}
