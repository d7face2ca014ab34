package registerweb

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/vault"
	"homeward/web/ui"
)

// An office soon knows hundreds of speakers, and a list of all of them is no choice. A
// form offers few: those who spoke of this person before, then those who came last.
// Others are searched for, by a field and a button of the form, which comes back as far
// as it was filled in. A speaker without a name is called by what is known.

const (
	offeredNear  = 8  // speakers who spoke of the person
	offeredLast  = 8  // who came last
	offeredFound = 12 // whom a search finds
)

// speakerChoice is what the field of the speaker offers.
type speakerChoice struct {
	Options []ui.Option
	Asked   string // the search
	Found   int    // how many it found; more than are offered is said
	Error   string
}

// errSpeakerOpen says that a speaker was searched for and none was chosen.
var errSpeakerOpen = problem.New(problem.Invalid, "fact.speaker_open",
	"it is not chosen who says it", "choose one of those who were found, or empty the search")

// findsSpeaker says whether the form asks for speakers and not yet to be kept.
func findsSpeaker(form url.Values) bool { return form.Get("do") == "speaker" }

// speakerOpen says whether a search for a speaker was left without a choice: what is
// said must not become the office's own by that.
func speakerOpen(form url.Values) bool {
	return tidy(form, "speaker_q") != "" && form.Get("speaker") == ""
}

// speakers gathers the choice. Near are those who spoke of the person already.
func (p Pages) speakers(ctx context.Context, form url.Values, near []string) (c speakerChoice, err error) {
	chosen := form.Get("speaker")
	c.Asked = cut(tidy(form, "speaker_q"))
	all, _, err := p.Register.Sources(ctx, "", 0)
	if err != nil {
		return c, err
	}
	rows := map[string]register.SourceRow{}
	for _, s := range all {
		rows[s.ID] = s
	}
	var ids []string
	if c.Asked != "" {
		found, total, err := p.Register.Sources(ctx, c.Asked, offeredFound)
		if err != nil {
			return c, err
		}
		c.Found = total
		for _, s := range found {
			ids = append(ids, s.ID)
		}
	} else {
		ids = append(ids, near[:min(len(near), offeredNear)]...)
		slices.SortFunc(all, func(a, b register.SourceRow) int { return cmp.Compare(b.ID, a.ID) }) // ids are made in the order of time
		for _, s := range all[:min(len(all), offeredLast)] {
			ids = append(ids, s.ID)
		}
	}
	if chosen != "" {
		ids = append([]string{chosen}, ids...)
	}
	c.Options = []ui.Option{{Label: locale.T(ctx, "register.office"), Chosen: chosen == ""}}
	seen := map[string]bool{}
	for _, id := range ids {
		row, known := rows[id]
		if seen[id] || !known {
			continue
		}
		seen[id] = true
		label, err := p.speakerLabel(ctx, row)
		if err != nil {
			return c, err
		}
		c.Options = append(c.Options, ui.Option{Value: id, Label: label, Chosen: id == chosen})
	}
	return c, nil
}

// speakerLabel is what a speaker is called in a choice. One without a name is the sender
// of an appeal: everybody else was given a word by the office.
func (p Pages) speakerLabel(ctx context.Context, s register.SourceRow) (string, error) {
	if s.Label != "" {
		return s.Label, nil
	}
	t, err := p.Register.Source(ctx, s.ID, 1)
	if errors.Is(err, vault.ErrForgotten) || errors.Is(err, register.ErrUnknown) {
		return locale.T(ctx, "register.nameless"), nil
	}
	if err != nil {
		return "", err
	}
	for _, g := range t.Facts {
		for _, f := range g.Facts {
			return locale.T(ctx, "register.sender_of", "day", locale.From(ctx).ShortDate(f.Statement.RecordedAt)), nil
		}
	}
	return locale.T(ctx, "register.nameless"), nil
}

// spoke are the speakers of what is said of a person, those of the newest first.
func spoke(p *register.Person) []string {
	var ids []string
	for _, f := range slices.Backward(p.History) {
		if id := f.Statement.SaidBy; id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// speakerProblem is what stands at the field of the speaker.
func speakerProblem(ctx context.Context) string {
	what, do := locale.From(ctx).Problem(errSpeakerOpen)
	return strings.TrimSpace(locale.Sentences(what, do))
}

// foundWords says what a search for a speaker found.
func foundWords(ctx context.Context, c speakerChoice) string {
	if c.Asked == "" {
		return locale.T(ctx, "fact.speaker_q_hint")
	}
	return locale.N(ctx, "fact.speaker_found", c.Found)
}
