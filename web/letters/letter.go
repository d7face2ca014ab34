package lettersweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"homeward/casework"
	"homeward/evidence"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/statement"
	"homeward/web"
)

// letterView is one letter: its way, its paper, what can be done, its answers.
type letterView struct {
	words
	Letter     letters.Letter
	Recipients []letters.Recipient      // to whom it may have been passed on
	Waiting    *casework.Approval       // the proposal that waits for a second person
	Stopped    web.Sentences            // why no paper of it is given out, and it is not sent
	Scans      map[string]evidence.Info // by file
	Today      letters.Day
	Form       url.Values
	Problem    web.Sentences
	Errors     map[string]string
	// At names the form whose fields the errors are about.
	At string
}

func letterPageOf() web.Page {
	return web.Page{Title: "letter.title", Section: "/letters", Wide: true, Styles: []string{"letters.css"}}
}

func (p Pages) letter(w http.ResponseWriter, r *http.Request) error {
	v, err := p.letterView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, letterPageOf(), letterPage(v))
}

func (p Pages) letterView(r *http.Request) (v letterView, err error) {
	ctx := r.Context()
	v.Today, v.Form = p.Letters.Today(), url.Values{}
	if v.Letter, err = p.Letters.Letter(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	if v.Recipients, err = p.Letters.Recipients(ctx); err != nil {
		return v, err
	}
	for _, a := range v.Letter.Approvals {
		if a.Deed == casework.DeedLetter && a.State == casework.Proposed && !a.Stale {
			v.Waiting = &a
		}
	}
	if v.Scans, err = p.scans(ctx, v.Letter); err != nil {
		return v, err
	}
	if v.Stopped, err = p.stopped(r, v.Letter); err != nil {
		return v, err
	}
	v.words, err = p.words(r, v.Letter.Persons...)
	return v, err
}

// stopped says of a letter that has not left why it may not any more.
func (p Pages) stopped(r *http.Request, l letters.Letter) (web.Sentences, error) {
	if l.State.Stage != letters.Made && l.State.Stage != letters.Approved {
		return web.Sentences{}, nil
	}
	err := p.Letters.MayPrint(r.Context(), l.ID)
	if err == nil {
		return web.Sentences{}, nil
	}
	return web.Told(r, inWords(r.Context(), err))
}

// scans are what is known of the files that came as answers.
func (p Pages) scans(ctx context.Context, l letters.Letter) (map[string]evidence.Info, error) {
	var files []string
	for _, r := range l.Replies {
		files = append(files, r.Scans...)
	}
	infos, err := p.Evidence.Infos(ctx, files...)
	found := map[string]evidence.Info{}
	for _, i := range infos {
		found[i.File] = i
	}
	return found, err
}

// mayDecide says whether the reader may be the second person.
func (v letterView) mayDecide() bool {
	return v.Waiting != nil && v.Me.Can("approval.decide", v.Me.RelationTo(v.Waiting.ProposedBy))
}

func (p Pages) print(w http.ResponseWriter, r *http.Request) error {
	l, err := p.Letters.Letter(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if l.Forgotten {
		return letters.ErrNotFound
	}
	if err := p.Letters.MayPrint(r.Context(), l.ID); err != nil {
		return inWords(r.Context(), err)
	}
	return web.Render(w, r, web.Page{Title: "letter.title", Section: "/letters", Styles: []string{"letters.css"}}, printPage(l))
}

// document sends the paper of a letter, to be saved.
func (p Pages) document(w http.ResponseWriter, r *http.Request) error {
	sheet, err := p.Letters.Sheet(r.Context(), r.PathValue("id"))
	if err != nil {
		return inWords(r.Context(), err)
	}
	defer sheet.Body.Close() //nolint:errcheck // only read
	return web.Attach(w, r, sheet.Name, "application/pdf", sheet.Body)
}

// inWords puts the codes that a problem names, a property and a reason, into the reader's
// words.
func inWords(ctx context.Context, err error) error {
	told, ok := problem.As(err)
	if !ok {
		return err
	}
	if field := told.Args["field"]; field != nil {
		told = told.With("field", property(ctx, statement.Property(fmt.Sprint(field))))
	}
	if why := told.Args["why"]; why != nil {
		told = told.With("why", reason(ctx, casework.Reason(fmt.Sprint(why))))
	}
	return told
}

// step does one step of a letter's way and comes back to its page; a problem stands
// in the form it is about.
func (p Pages) step(w http.ResponseWriter, r *http.Request, at, message string, fields map[*problem.Error]string, do func(by, id string, form url.Values) error) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err = do(web.Actor(r.Context()), id, form); err == nil {
		return web.Redirect(w, r, "/letters/"+id, message)
	}
	above, errs, err := web.ByField(r, inWords(r.Context(), err), fields, formless...)
	if err != nil {
		return err
	}
	v, err := p.letterView(r)
	if err != nil {
		return err
	}
	v.Form, v.Problem, v.Errors, v.At = form, above, errs, at
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, letterPageOf(), letterPage(v))
}

func (p Pages) propose(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "propose", "letter.proposed", nil, func(by, id string, _ url.Values) error {
		return p.Letters.Propose(r.Context(), by, id)
	})
}

// ofDay sets the problems of a day beside the field of that name.
func ofDay(name string) map[*problem.Error]string {
	return map[*problem.Error]string{letters.ErrDay: name, letters.ErrFuture: name, letters.ErrBefore: name}
}

func (p Pages) send(w http.ResponseWriter, r *http.Request) error {
	fields := ofDay("on")
	fields[letters.ErrChannel] = "channel"
	return p.step(w, r, "send", "letter.was_sent", fields, func(by, id string, form url.Values) error {
		on, err := p.dayOf(form, "on")
		if err != nil {
			return err
		}
		return p.Letters.Send(r.Context(), by, id, on, form.Get("channel"))
	})
}

func (p Pages) registered(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "registered", "letter.was_registered", ofDay("on"), func(by, id string, form url.Values) error {
		on, err := p.dayOf(form, "on")
		if err != nil {
			return err
		}
		return p.Letters.Registered(r.Context(), by, id, on, form.Get("number"))
	})
}

func (p Pages) extended(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "extended", "letter.was_extended", ofDay("to"), func(by, id string, form url.Values) error {
		to, err := letters.ParseDay(form.Get("to"))
		if err != nil {
			return err
		}
		return p.Letters.Extended(r.Context(), by, id, to)
	})
}

func (p Pages) forwarded(w http.ResponseWriter, r *http.Request) error {
	fields := ofDay("on")
	return p.step(w, r, "forwarded", "letter.was_forwarded", fields, func(by, id string, form url.Values) error {
		on, err := p.dayOf(form, "on")
		if err != nil {
			return err
		}
		return p.Letters.Forwarded(r.Context(), by, id, form.Get("to"), on)
	})
}

func (p Pages) noAnswer(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "no-answer", "letter.was_silent", nil, func(by, id string, _ url.Values) error {
		return p.Letters.NoAnswer(r.Context(), by, id)
	})
}

func (p Pages) void(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "void", "letter.was_voided", map[*problem.Error]string{letters.ErrReason: "why"}, func(by, id string, form url.Values) error {
		return p.Letters.Void(r.Context(), by, id, form.Get("why"))
	})
}

func (p Pages) undo(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "undo", "letter.was_undone", map[*problem.Error]string{letters.ErrReason: "why"}, func(by, id string, form url.Values) error {
		return p.Letters.Undo(r.Context(), by, id, form.Get("statement"), form.Get("why"))
	})
}
