package public

import (
	"errors"
	"net/http"

	"homeward/intake"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/web"
)

// opened is what a receipt shows: that more can be added, and what the office
// answered. Nothing of what was sent. While the office is locked, it is what any
// receipt shows that is spelt right.
type opened struct {
	Form     form
	Locked   bool
	Messages []Message
}

func (p Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: title}, askPage(""))
}

// open shows what a receipt opens. While the office is locked nobody can look
// anything up, a revoked receipt as little as one that was never given: all that are
// spelt right get one page, and what is added with them is kept.
func (p Pages) open(w http.ResponseWriter, r *http.Request) error {
	values, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	receipt, spelt := intake.ParseReceipt(values.Get("receipt"))
	o := opened{Locked: p.Threads == nil}
	if !o.Locked {
		// Also for a receipt that is spelt wrong: every answer does the same work.
		found, looked := p.messages(r, values.Get("receipt"))
		if o.Locked = problem.KindOf(looked) == problem.Locked; !o.Locked {
			o.Messages, err = found, looked
		}
	}
	if spelt != nil || errors.Is(err, intake.ErrReceipt) {
		return p.wrong(w, r)
	}
	if err != nil {
		return err
	}
	token, err := p.Door.Token()
	if err != nil {
		return err
	}
	o.Form = form{Token: token, Receipt: receipt.String(), Limits: p.Door.Limits()}
	return web.Render(w, r, web.Page{Title: title, Padded: true}, openedPage(o))
}

func (p Pages) messages(r *http.Request, receipt string) ([]Message, error) {
	thread, err := p.Threads.Lookup(r.Context(), receipt)
	if err != nil || p.Messages == nil {
		return nil, err
	}
	return p.Messages(r.Context(), thread.Appeal, locale.From(r.Context()).Code())
}

// wrong is the one page for a receipt that opens nothing, whatever the reason. Its
// status is that of a right one.
func (p Pages) wrong(w http.ResponseWriter, r *http.Request) error {
	what, do := locale.From(r.Context()).Problem(intake.ErrReceipt)
	return web.Render(w, r, web.Page{Title: title, Padded: true}, askPage(locale.Sentences(what, do)))
}
