package accessweb

import (
	"context"
	"net/http"

	"homeward/access"
	"homeward/web"
)

// accountView is one's own account.
type accountView struct {
	Session  access.Session
	Sessions []access.Session
	Events   []access.Event
	Names    map[string]string
	Recovery int // codes that are left
}

// eventsShown is as much as one looks through.
const eventsShown = 20

func (p Pages) account(w http.ResponseWriter, r *http.Request) error {
	v := accountView{Session: session(r)}
	ctx, me := r.Context(), v.Session.User.ID
	var err error
	if v.Sessions, err = p.Access.SessionsOf(ctx, me); err != nil {
		return err
	}
	if v.Events, err = p.Access.EventsOf(ctx, me, eventsShown); err != nil {
		return err
	}
	if v.Recovery, err = p.Access.RecoveryLeft(ctx, me); err != nil {
		return err
	}
	if v.Names, err = p.Access.Names(ctx); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "account.title"}, accountPage(v))
}

func (p Pages) endOwnSession(w http.ResponseWriter, r *http.Request) error {
	me := session(r).User.ID
	if err := p.Access.EndSession(r.Context(), me, me, r.PathValue("id")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/account", "account.session_ended")
}

// ownForm is a form that changes one's own account.
type ownForm struct {
	access.Enrolment
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) password(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: "account.password", Section: "/account"}, passwordPage(ownForm{}))
}

func (p Pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	token, err := p.Access.ChangePassword(r.Context(), web.Token(r), proof(form), form.Get("new"))
	if err != nil {
		var f ownForm
		if f.Problem, f.Errors, err = web.ByField(r, err, newPassword); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "account.password"}, passwordPage(f))
	}
	web.SetToken(w, r, token)
	return web.Redirect(w, r, "/account", "account.password_changed")
}

func (p Pages) authenticator(w http.ResponseWriter, r *http.Request) (err error) {
	var f ownForm
	if f.Enrolment, err = p.Access.BeginEnrolment(session(r)); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "account.authenticator"}, authenticatorPage(f))
}

func (p Pages) enrol(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	sealed := form.Get("sealed")
	token, err := p.Access.Enrol(r.Context(), web.Token(r), proof(form), sealed, form.Get("first"))
	if err != nil {
		var f ownForm
		if f.Problem, f.Errors, err = web.ByField(r, err, newPassword); err != nil {
			return err
		}
		if f.Enrolment, err = p.Access.ShowEnrolment(session(r), sealed); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "account.authenticator"}, authenticatorPage(f))
	}
	web.SetToken(w, r, token)
	return web.Redirect(w, r, "/account", "account.authenticator_changed")
}

func (p Pages) codes(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: "account.codes"}, askCodesPage(ownForm{}))
}

func (p Pages) newCodes(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	token, codes, err := p.Access.NewRecoveryCodes(r.Context(), web.Token(r), proof(form))
	if err != nil {
		var f ownForm
		if f.Problem, err = web.Told(r, err); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusForbidden, web.Page{Title: "account.codes"}, askCodesPage(f))
	}
	web.SetToken(w, r, token)
	return web.Render(w, r, web.Page{Title: "account.codes"}, codesPage(codes))
}

// confirm asks for password and code before a deed that needs them fresh. The frame
// leads here when a page gives access.ErrConfirm, and remembers the page.
func (p Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: "account.confirm"}, confirmPage(r.URL.Query().Get("to"), web.Sentences{}))
}

func (p Pages) doConfirm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	to := form.Get("to")
	token, err := p.Access.Confirm(r.Context(), web.Token(r), proof(form))
	if err != nil {
		s, err := web.Told(r, err)
		if err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusForbidden, web.Page{Title: "account.confirm"}, confirmPage(to, s))
	}
	web.SetToken(w, r, token)
	if to == "" {
		to = web.Back(w, r)
	}
	return web.Redirect(w, r, to, "")
}

// who gives the name of somebody who did something, for a list of events.
func who(ctx context.Context, names map[string]string, id string) string {
	if id == "" {
		return consoleName(ctx)
	}
	return names[id]
}
