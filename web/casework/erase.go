package caseworkweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"homeward/access"
	"homeward/casework"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/web"
)

// eraseView is the dialogue before somebody is forgotten: what goes, what stays,
// who was told.
type eraseView struct {
	words
	Person  *register.Person
	Told    []casework.Told
	Grants  int
	Lists   []casework.List   // whose files still name her afterwards
	Appeals []casework.Appeal // that still speak of her afterwards
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) erase(w http.ResponseWriter, r *http.Request) error {
	v, err := p.eraseView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "erase.title", Section: "/people"}, erasePage(v))
}

func (p Pages) eraseView(r *http.Request) (v eraseView, err error) {
	ctx := r.Context()
	if v.Person, err = p.People.Person(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	records := recordsOf(v.Person)
	if v.Told, err = p.Casework.ToldOf(ctx, records...); err != nil {
		return v, err
	}
	grants, err := p.Casework.Grants(ctx, records...)
	if err != nil {
		return v, err
	}
	v.Grants = len(grants)
	if v.Lists, err = p.Casework.ListsNaming(ctx, records...); err != nil {
		return v, err
	}
	if v.Appeals, err = p.Casework.AppealsNaming(ctx, records...); err != nil {
		return v, err
	}
	v.words, err = p.words(r, recipientsOf(v.Told)...)
	return v, err
}

func (p Pages) proposeErasure(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.eraseView(r)
	if err != nil {
		return err
	}
	approval, err := p.proposeForgetting(r, recordsOf(v.Person), form)
	// Each of these is a proposal of its own: it takes others' words along, and may be refused.
	for _, l := range v.Lists {
		if err == nil && slices.Contains(form["file"], l.File) {
			_, err = p.proposeForgetting(r, []string{l.File}, form)
		}
	}
	for _, a := range v.Appeals {
		if err == nil && slices.Contains(form["appeal"], a.ID) {
			_, err = p.proposeForgetting(r, a.Records(), form)
		}
	}
	if err == nil {
		return web.Redirect(w, r, "/approvals/"+approval, "approval.proposed")
	}
	v.Form = form
	if v.Problem, v.Errors, err = web.ByField(r, err, map[*problem.Error]string{casework.ErrRule: "rule", casework.ErrReason: "reason"}, formless...); err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "erase.title", Section: "/people"}, erasePage(v))
}

// proposeForgetting proposes what a form asks for.
func (p Pages) proposeForgetting(r *http.Request, records []string, form url.Values) (approval string, err error) {
	return p.Casework.ProposeErasure(r.Context(), web.Actor(r.Context()), records, form.Get("rule"), form.Get("reason"))
}

// eraseAppealView is the dialogue before what somebody sent is forgotten.
type eraseAppealView struct {
	Appeal  casework.Appeal
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

// what is the choice of the form: the whole appeal, or one file of it.
func (v eraseAppealView) what() string { return cmp.Or(v.Form.Get("what"), v.Appeal.ID) }

func (p Pages) eraseAppeal(w http.ResponseWriter, r *http.Request) error {
	a, err := p.Casework.AppealOf(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "erase.appeal_title", Section: "/inbox"}, eraseAppealPage(eraseAppealView{Appeal: a}))
}

func (p Pages) proposeAppealErasure(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := eraseAppealView{Form: form}
	if v.Appeal, err = p.Casework.AppealOf(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	records := v.Appeal.Records()
	if file := v.what(); slices.ContainsFunc(v.Appeal.Files, func(f casework.AppealFile) bool { return f.ID == file }) {
		records = []string{file}
	} else if file != v.Appeal.ID {
		return casework.ErrNotFound
	}
	approval, err := p.proposeForgetting(r, records, form)
	if err == nil {
		return web.Redirect(w, r, "/approvals/"+approval, "approval.proposed")
	}
	if v.Problem, v.Errors, err = web.ByField(r, err, map[*problem.Error]string{casework.ErrRule: "rule", casework.ErrReason: "reason"}, formless...); err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "erase.appeal_title", Section: "/inbox"}, eraseAppealPage(v))
}

// doErase does what two people approved.
func (p Pages) doErase(w http.ResponseWriter, r *http.Request) error {
	return p.decide(w, r, "erase.done", func(ctx context.Context, by, id string) error {
		if err := p.guarded(r, access.EraseApprove); err != nil {
			return err
		}
		_, err := p.Erase(ctx, by, id)
		return err
	})
}
