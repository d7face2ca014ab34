package public

import (
	"errors"
	"net/http"

	"homeward/intake"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/web"
)

// opened is what a right receipt shows: that something was kept, what the office
// answered, and the form to add more. Nothing of what was sent.
type opened struct {
	Form     form
	Locked   bool
	Messages []Message
}

func (p Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: title}, askPage(""))
}

// open shows what a receipt opens. While the office is locked nobody can look
// anything up; whether the house ever gave the receipt can be computed.
func (p Pages) open(w http.ResponseWriter, r *http.Request) error {
	values, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	receipt, err := p.Door.Knows(values.Get("receipt"))
	o := opened{Locked: p.Threads == nil}
	if !o.Locked {
		// Also for a receipt the door does not know: every answer does the same work.
		// An office that is locked looks nothing up, and leaves it at what the door knows.
		found, looked := p.messages(r, values.Get("receipt"))
		if o.Locked = problem.KindOf(looked) == problem.Locked; !o.Locked {
			o.Messages, err = found, looked
		}
	}
	if errors.Is(err, intake.ErrReceipt) {
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
