package lettersweb

import (
	"net/http"

	"homeward/letters"
	"homeward/web"
)

// deskView is the desk: all letters that a filter lets through.
type deskView struct {
	words
	Lines  []letters.Line
	Show   string
	Counts map[string]int
	Today  letters.Day
	// NoLetterhead says that no letter can be made yet.
	NoLetterhead bool
}

// filters are the views of the desk, in their order.
var filters = []struct {
	name string
	lets func(letters.Stage) bool
}{
	{"open", letters.Stage.Open},
	{"late", letters.Stage.Late},
	{"due", func(s letters.Stage) bool { return s == letters.AnswerDue }},
	{"ours", func(s letters.Stage) bool { return s == letters.Made || s == letters.Approved }},
	{"answered", func(s letters.Stage) bool { return s == letters.Answered }},
	{"all", func(letters.Stage) bool { return true }},
}

func (p Pages) desk(w http.ResponseWriter, r *http.Request) error {
	v := deskView{Today: p.Letters.Today(), Counts: map[string]int{}, Show: "open"}
	all, err := p.Letters.Desk(r.Context(), v.Today)
	if err != nil {
		return err
	}
	head, err := p.Letters.Letterhead(r.Context())
	if err != nil {
		return err
	}
	v.NoLetterhead = head.Name == ""
	if v.words, err = p.words(r); err != nil {
		return err
	}
	for _, f := range filters {
		if r.URL.Query().Get("show") == f.name {
			v.Show = f.name
		}
	}
	for _, f := range filters {
		for _, l := range all {
			if !f.lets(l.State.Stage) {
				continue
			}
			v.Counts[f.name]++
			if f.name == v.Show {
				v.Lines = append(v.Lines, l)
			}
		}
	}
	return web.Render(w, r, web.Page{Title: "desk.title", Wide: true, Styles: []string{"letters.css"}}, deskPage(v))
}
