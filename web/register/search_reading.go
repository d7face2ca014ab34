package registerweb

import (
	"context"
	"net/http"

	"homeward/internal/locale"
	"homeward/match"
	"homeward/web"
)

// readQuestions are asked on the page that says how the search reads names: one name
// in six spellings and scripts, and no name at all. The woman they find is invented,
// and is in the example's office alone.
var readQuestions = []string{"Аминат", "Aminat", "Aminatt", "أمينة", "Амінат", "дочь Магомеда, Ботлих, 1994"}

// readingView is the page that says how the search reads names.
type readingView struct {
	Her     *match.Found // who is found by the last question, which has no name
	Always  bool         // every question finds her
	Answers []readAnswer
}

// readAnswer is what one question found.
type readAnswer struct {
	Question string
	Wanted   match.Wanted
	Hits     []match.Found
	At       int // at which place she is, from 1; 0 is not at all
}

// Hit is what is shown of the answer: her, or who is first.
func (a readAnswer) Hit() match.Found { return a.Hits[max(a.At, 1)-1] }

func (p Pages) reading(w http.ResponseWriter, r *http.Request) error {
	v := readingView{}
	for _, q := range readQuestions {
		a := readAnswer{Question: q, Wanted: p.People.Ask(q)}
		a.Wanted.Limit = shownHits
		var err error
		if a.Hits, err = p.People.Search(r.Context(), a.Wanted); err != nil {
			return err
		}
		v.Answers = append(v.Answers, a)
	}
	if last := v.Answers[len(v.Answers)-1].Hits; len(last) > 0 {
		v.Her, v.Always = &last[0], true
	}
	for i := range v.Answers {
		a := &v.Answers[i]
		for n, h := range a.Hits {
			if v.Her != nil && h.Person == v.Her.Person {
				a.At = n + 1
			}
		}
		v.Always = v.Always && a.At > 0
	}
	return web.Render(w, r, page("howread.title", "/people"), readingPage(v))
}

// readAs says how a question was understood: what is asked, and of what.
func readAs(ctx context.Context, w match.Wanted) (out [][2]string) {
	add := func(what, value string) {
		if value != "" {
			out = append(out, [2]string{what, value})
		}
	}
	add(locale.T(ctx, "people.name"), w.Name)
	for _, k := range w.Kin {
		role := locale.T(ctx, "people.kin")
		if k.Role != "" {
			role = locale.T(ctx, "tie."+string(k.Role))
		}
		add(role, k.Name)
	}
	add(locale.T(ctx, "people.place"), w.Place)
	add(locale.T(ctx, "people.year"), years(ctx, w.Born))
	for _, y := range w.Or {
		add(locale.T(ctx, "people.year"), years(ctx, y))
	}
	if w.Sex != "" {
		add(locale.T(ctx, "people.sex"), code(ctx, "person.sex", w.Sex))
	}
	return out
}
