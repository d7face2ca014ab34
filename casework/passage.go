package casework

import (
	"context"
	"slices"

	"homeward/statement"
)

// passages are the passages that may incriminate their speaker, by the file and
// everything made from it.
type passages map[string][]statement.Fragment

// cover says whether a statement rests on such a passage. A statement that names
// the whole file rests on all of it.
func (p passages) cover(s statement.Recorded) bool {
	if IsFile(s.Property) && len(p[s.Object]) > 0 || s.Property == statement.TranscriptText && len(p[s.Subject]) > 0 {
		return true
	}
	return slices.ContainsFunc(p[s.Evidence.File], func(mark statement.Fragment) bool {
		return !apart(mark, s.Evidence.Part)
	})
}

// apart says that two parts of a file certainly share nothing. Parts that cannot
// be compared (seconds and a page) may be the same words.
func apart(a, b statement.Fragment) bool {
	if a.Page != 0 && b.Page != 0 && a.Page != b.Page {
		return true
	}
	if a.Time.Given && b.Time.Given {
		return disjoint(a.Time, b.Time)
	}
	if a.Page != b.Page {
		return false // one of them is not said
	}
	if a.Char.Given && b.Char.Given {
		return disjoint(a.Char, b.Char)
	}
	none := statement.Area{}
	if a.Area != none && b.Area != none && a.Area.Percent == b.Area.Percent {
		return a.Area.X+a.Area.Width <= b.Area.X || b.Area.X+b.Area.Width <= a.Area.X ||
			a.Area.Y+a.Area.Height <= b.Area.Y || b.Area.Y+b.Area.Height <= a.Area.Y
	}
	return false
}

func disjoint(a, b statement.Span) bool {
	return a.To >= 0 && a.To <= b.From || b.To >= 0 && b.To <= a.From
}

// passages gathers the marks on every file on which the statements rest, wherever
// they were set: on the file, what it was made from or became, its transcripts,
// and the appeal or reply it came with.
func (c *Casework) passages(ctx context.Context, said []statement.Recorded) (passages, error) {
	found := passages{}
	var files []string
	for _, s := range said {
		for _, f := range []string{s.Evidence.File, fileOf(s), wordsOf(s)} {
			if f != "" && !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
	}
	for _, f := range files {
		family, err := c.family(ctx, f)
		if err != nil {
			return nil, err
		}
		about, err := c.about(ctx, family...)
		if err != nil {
			return nil, err
		}
		for _, id := range family {
			for _, mark := range live(about[id], statement.PassageHarmful) {
				if slices.Contains(family, mark.Evidence.File) {
					found[f] = append(found[f], mark.Evidence.Part)
				}
			}
		}
	}
	return found, nil
}

func fileOf(s statement.Recorded) string {
	if IsFile(s.Property) {
		return s.Object
	}
	return ""
}

// wordsOf is the transcript whose whole words a statement gives, without the seconds in
// which they are said: a mark on any of them is on these words too.
func wordsOf(s statement.Recorded) string {
	if s.Property == statement.TranscriptText {
		return s.Subject
	}
	return ""
}

// family is a file with the files it was made from or became, their transcripts,
// and the records with which they came.
func (c *Casework) family(ctx context.Context, file string) ([]string, error) {
	family := []string{file}
	for i := 0; i < len(family); i++ {
		about, err := c.about(ctx, family[i])
		if err != nil {
			return nil, err
		}
		next := []string{}
		for _, s := range about[family[i]] {
			switch s.Property {
			case statement.FileDerivedFrom, statement.FileOf, statement.TranscriptOf, statement.TranscriptFrom:
				next = append(next, s.Object)
			}
		}
		up := len(about[family[i]]) > 0 && isFamily(about[family[i]])
		if up {
			links, err := c.ledger.Pointing(ctx, family[i], statement.FileDerivedFrom, statement.TranscriptOf,
				statement.TranscriptFrom, statement.AppealFile, statement.ReplyScan)
			if err != nil {
				return nil, err
			}
			next = append(next, subjects(links)...)
		}
		for _, id := range next {
			if !slices.Contains(family, id) {
				family = append(family, id)
			}
		}
	}
	return family, nil
}

// isFamily says whether what points at the record is to be followed: a file's or a
// transcript's, and not all that an appeal or a person ever brought.
func isFamily(said []statement.Recorded) bool {
	kinds := live(said, statement.RecordKind)
	return len(kinds) > 0 && (kinds[0].Value == string(statement.File) || kinds[0].Value == string(statement.Transcript))
}

// Incriminating says which of the statements, by id, rest on a passage that may
// incriminate its speaker: they stay out of whatever leaves the house.
func (c *Casework) Incriminating(ctx context.Context, said []statement.Recorded) (map[string]bool, error) {
	marked, err := c.passages(ctx, said)
	if err != nil {
		return nil, err
	}
	rests := map[string]bool{}
	for _, s := range ended(said) {
		if marked.cover(s) {
			rests[s.ID] = true
		}
	}
	return rests, nil
}

// ended gives every line of a transcript that says only when it begins an end: where the
// next one begins. A mark on the last seconds is then not on all that was said before.
func ended(said []statement.Recorded) []statement.Recorded {
	begins := map[string][]int64{}
	for _, s := range said {
		if s.Property == statement.TranscriptPart && !s.Withdrawn {
			begins[s.Subject] = append(begins[s.Subject], s.Evidence.Part.Time.From)
		}
	}
	all := slices.Clone(said)
	for i, s := range all {
		t := &all[i].Evidence.Part.Time
		if s.Property != statement.TranscriptPart || !t.Given || t.To >= 0 {
			continue
		}
		for _, next := range begins[s.Subject] {
			if next > t.From && (t.To < 0 || next < t.To) {
				t.To = next
			}
		}
	}
	return all
}
