package public

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"homeward/intake"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/web"
)

// form is what the form's page shows: what was typed, when it has to be shown
// again, and why.
type form struct {
	Token   string
	Receipt string // of an addition
	Voice   bool
	Limits  intake.Limits
	values  map[string]string
	// What and Do are the problem that kept the message from being taken.
	What, Do string
}

// Value gives back what was typed into a field.
func (f form) Value(name string) string { return f.values[name] }

func (p Pages) form(w http.ResponseWriter, r *http.Request) error {
	token, err := p.Door.Token()
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: title}, formPage(form{Token: token, Limits: p.Door.Limits()}))
}

// voice is the form with a recorder; the one page that may use the microphone.
func (p Pages) voice(w http.ResponseWriter, r *http.Request) error {
	token, err := p.Door.Token()
	if err != nil {
		return err
	}
	f := form{Token: token, Limits: p.Door.Limits(), Voice: true}
	return web.Render(w, r, web.Page{Title: title, Scripts: []string{"voice.js"}}, formPage(f))
}

// take passes the parts of a form on to the door as they arrive. Nothing of a file
// is held here; the typed fields are, so that a form that was not taken comes back
// filled in.
func (p Pages) take(w http.ResponseWriter, r *http.Request) error {
	parts, err := web.Parts(r)
	if err != nil {
		return err
	}
	token, receipt, next, err := intake.Lead(parts)
	f := form{Token: token, Receipt: receipt, Limits: p.Door.Limits(), values: map[string]string{}}
	var given intake.Receipt
	if err == nil {
		given, err = p.Door.Receive(r.Context(), token, receipt, f.remember(next))
	}
	if err != nil {
		return p.notTaken(w, r, f, err)
	}
	return web.Render(w, r, web.Page{Title: title, Padded: true}, takenPage(given, receipt != ""))
}

// remember keeps a copy of the typed fields that pass by.
func (f form) remember(next func() (intake.Part, error)) func() (intake.Part, error) {
	return func() (intake.Part, error) {
		part, err := next()
		if err != nil || part.File || len(f.values) > 16 {
			return part, err
		}
		value, err := io.ReadAll(io.LimitReader(part.Body, int64(f.Limits.Text)+1))
		if err != nil {
			return part, err
		}
		f.values[part.Field] = string(value)
		part.Body = bytes.NewReader(value)
		return part, nil
	}
}

// notTaken shows the form again with the reason. The rest of a body that was too
// large is read first: a browser that is still sending sees no answer. One that broke
// off reads nothing any more, and that is no fault of the house.
func (p Pages) notTaken(w http.ResponseWriter, r *http.Request, f form, err error) error {
	reason, ok := problem.As(err)
	if !ok || reason.Kind == problem.Internal {
		return err
	}
	_, _ = io.Copy(io.Discard, r.Body)
	if errors.Is(err, intake.ErrReceipt) {
		f.Receipt = ""
	}
	if errors.Is(err, intake.ErrForm) || f.Token == "" {
		if f.Token, err = p.Door.Token(); err != nil {
			return err
		}
	}
	f.What, f.Do = locale.From(r.Context()).Problem(reason)
	return web.RenderStatus(w, r, web.Status(reason), web.Page{Title: title}, formPage(f))
}

// chosenContact is the answer that is chosen already: the safe one.
func chosenContact(f form) string {
	if v := f.Value(intake.FieldContact); v != "" {
		return v
	}
	return "receipt_only"
}
