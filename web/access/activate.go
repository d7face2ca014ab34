package accessweb

import (
	"net/http"

	"homeward/access"
	"homeward/web"
)

// activateForm is the form in which somebody who was invited comes in.
type activateForm struct {
	access.Activation
	Code    string
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) activate(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: "door.activate"}, codePage(web.Sentences{}))
}

func (p Pages) beginActivation(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := activateForm{Code: form.Get("activation")}
	if f.Activation, err = p.Access.BeginActivation(r.Context(), f.Code); err != nil {
		return askCode(w, r, err)
	}
	return web.Render(w, r, web.Page{Title: "door.activate"}, activatePage(f))
}

func askCode(w http.ResponseWriter, r *http.Request, err error) error {
	s, err := web.Told(r, err)
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusForbidden, web.Page{Title: "door.activate"}, codePage(s))
}

func (p Pages) finishActivation(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f := activateForm{Code: form.Get("activation")}
	sealed := form.Get("sealed")
	done, err := p.Access.Activate(r.Context(), web.Token(r), f.Code, sealed, form.Get("new"), form.Get("first"))
	if err == nil {
		if done.Token != "" {
			web.SetToken(w, r, done.Token)
		}
		return web.Render(w, r, web.Page{Title: "door.activate"}, activatedPage(done))
	}
	if f.Problem, f.Errors, err = web.ByField(r, err, newPassword); err != nil {
		return err
	}
	if f.Activation, err = p.Access.ShowActivation(r.Context(), f.Code, sealed); err != nil {
		return askCode(w, r, err)
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "door.activate"}, activatePage(f))
}
