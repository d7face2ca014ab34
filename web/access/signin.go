package accessweb

import (
	"net/http"

	"homeward/access"
	"homeward/web"
)

// signInForm is the form as it is shown.
type signInForm struct {
	UserName string
	Problem  web.Sentences
	Waiting  []access.Session // colleagues whose screens are locked in this browser
}

func (p Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	waiting, err := p.Access.Parked(r.Context(), web.Token(r))
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "door.sign_in"}, signInPage(signInForm{Waiting: waiting}))
}

func (p Pages) doSignIn(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	token, _, err := p.Access.SignIn(r.Context(), web.Token(r), form.Get("user"), proof(form))
	if err != nil {
		f := signInForm{UserName: form.Get("user")}
		if f.Problem, err = web.Told(r, err); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusForbidden, web.Page{Title: "door.sign_in"}, signInPage(f))
	}
	web.SetToken(w, r, token)
	return web.Redirect(w, r, web.Back(w, r), "")
}

// signOut ends the session of this browser, whether it still lives or not.
func (p Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := p.Access.SignOut(r.Context(), web.Token(r)); err != nil {
		return err
	}
	web.ClearToken(w, r)
	return web.Redirect(w, r, "/sign-in", "door.signed_out")
}

// resumeForm is the form of a locked screen.
type resumeForm struct {
	Waiting []access.Session
	Chosen  string
	Problem web.Sentences
}

func (p Pages) resume(w http.ResponseWriter, r *http.Request) error {
	waiting, err := p.Access.Parked(r.Context(), web.Token(r))
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		return web.Redirect(w, r, "/sign-in", "")
	}
	f := resumeForm{Waiting: waiting, Chosen: waiting[0].ID}
	for _, s := range waiting {
		if s.ID == session(r).ID {
			f.Chosen = s.ID
		}
	}
	return web.Render(w, r, web.Page{Title: "door.locked"}, resumePage(f))
}

func (p Pages) doResume(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	token, _, err := p.Access.Resume(r.Context(), web.Token(r), form.Get("session"), form.Get("password"))
	if err != nil {
		f := resumeForm{Chosen: form.Get("session")}
		if f.Problem, err = web.Told(r, err); err != nil {
			return err
		}
		if f.Waiting, err = p.Access.Parked(r.Context(), web.Token(r)); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusForbidden, web.Page{Title: "door.locked"}, resumePage(f))
	}
	web.SetToken(w, r, token)
	return web.Redirect(w, r, web.Back(w, r), "")
}

func (p Pages) lockScreen(w http.ResponseWriter, r *http.Request) error {
	if err := p.Access.LockScreen(r.Context(), web.Token(r)); err != nil {
		return err
	}
	return web.Redirect(w, r, "/resume", "")
}

// link shows one button: a link that is only looked at opens nothing.
func (p Pages) link(w http.ResponseWriter, r *http.Request) error {
	if !here(r) {
		return web.ErrNotFound
	}
	return web.Render(w, r, web.Page{Title: "door.sign_in"}, linkPage(r.PathValue("token")))
}

func (p Pages) useLink(w http.ResponseWriter, r *http.Request) error {
	if !here(r) {
		return web.ErrNotFound
	}
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	token, _, err := p.Access.UseLink(r.Context(), web.Token(r), form.Get("token"))
	if err != nil {
		return err
	}
	web.SetToken(w, r, token)
	return web.Redirect(w, r, "/", "")
}
