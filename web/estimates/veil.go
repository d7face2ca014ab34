package estimatesweb

import (
	"context"

	"homeward/estimate"
	"homeward/internal/locale"
)

// Small numbers beside the name of a list can tell who somebody is: "the one woman who is
// on the prison's list and on that of relatives". Whoever may not open a person therefore
// sees, when any pattern of lists has one to four people, no count exactly: one to four
// are "fewer than 5", and every other is rounded to five, so that what is left out cannot
// be worked out from the rest. Zeros stay: they are what an estimate stands or falls with.

// few is how many people are too few to be told.
const few = 5

// hasSmall says whether some pattern of lists has so few people, with the doubtful
// pairs joined or apart.
func hasSmall(l estimate.Linked) bool {
	for _, table := range []func() (estimate.Table, error){l.Apart, l.Joined} {
		t, err := table()
		if err != nil {
			continue
		}
		for p := 1; p < 1<<t.Lists(); p++ {
			if n := t.Count(estimate.Pattern(p)); n > 0 && n < few {
				return true
			}
		}
	}
	return false
}

// resultView is the page of an answer.
type resultView struct {
	run
	Veil bool
}

// count is a number of people as its reader may see it.
func (v resultView) count(ctx context.Context, n int64) string {
	switch {
	case !v.Veil || n == 0:
		return locale.From(ctx).Number(n)
	case n < few:
		return word(ctx, "few")
	}
	return locale.From(ctx).Number(rounded(n))
}

func rounded(n int64) int64 { return (n + few/2) / few * few }

// counted are the arguments of notes that count people on lists; the others are results
// of methods.
var counted = map[string]bool{"shared": true, "repeated": true, "left": true, "lost": true}

// note is a sentence of the estimate in the reader's language.
func (v resultView) note(ctx context.Context, n estimate.Note) string {
	pairs := n.Pairs()
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		if !counted[name] {
			continue
		}
		switch value := pairs[i+1].(type) {
		case int:
			pairs[i+1] = v.count(ctx, int64(value))
		case int64:
			pairs[i+1] = v.count(ctx, value)
		}
	}
	return locale.T(ctx, n.ID(), pairs...)
}

// whole is a result of a method, as people.
func whole(ctx context.Context, f estimate.Figure) string {
	if !f.Given() {
		return "–"
	}
	return locale.From(ctx).Number(int64(float64(f) + 0.5))
}

// both is what two lists share; ok is false on the diagonal.
func (v resultView) both(i, j int) (p estimate.Pair, ok bool) {
	for _, p := range v.result.Pairs {
		if p.First == min(i, j)+1 && p.Second == max(i, j)+1 {
			return p, true
		}
	}
	return p, false
}

// settingRow is an answer under another setting: of a prior, or of the matching.
type settingRow struct {
	estimate.Setting
	matching bool
}

func (v resultView) settings() (out []settingRow) {
	for _, s := range v.result.Priors {
		out = append(out, settingRow{s, false})
	}
	for _, s := range v.result.Matching {
		out = append(out, settingRow{s, true})
	}
	return out
}
