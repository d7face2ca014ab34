package accessweb

import (
	"context"
	"net/http"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/web"
)

// staffView is the staff list, with the form to invite somebody where the reader
// may.
type staffView struct {
	Me      access.Session
	Users   []access.User
	Names   map[string]string
	New     access.NewUser
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) staff(w http.ResponseWriter, r *http.Request) error {
	v, err := p.staffView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "staff.title"}, staffPage(v))
}

func (p Pages) staffView(r *http.Request) (v staffView, err error) {
	v.Me = session(r)
	if v.Users, err = p.Access.Users(r.Context()); err != nil {
		return v, err
	}
	v.Names = names(v.Users)
	return v, nil
}

func names(users []access.User) map[string]string {
	m := make(map[string]string, len(users))
	for _, u := range users {
		m[u.ID] = u.Name
	}
	return m
}

var ofNewUser = map[*problem.Error]string{
	access.ErrTaken: "user", access.ErrUserName: "user", access.ErrName: "name", access.ErrRole: "role",
}

func (p Pages) invite(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	n := access.NewUser{Name: form.Get("name"), UserName: form.Get("user"), Email: form.Get("email"), Role: access.Role(form.Get("role"))}
	_, code, err := p.Access.Invite(r.Context(), web.Actor(r.Context()), n)
	if err == nil {
		return web.Render(w, r, web.Page{Title: "staff.title"}, invitedPage(n.Name, code))
	}
	above, errs, err := web.ByField(r, err, ofNewUser)
	if err != nil {
		return err
	}
	v, err := p.staffView(r)
	if err != nil {
		return err
	}
	v.New, v.Problem, v.Errors = n, above, errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "staff.title"}, staffPage(v))
}

// memberView is one colleague's account.
type memberView struct {
	Me     access.Session
	User   access.User
	Events []access.Event
	Names  map[string]string
}

func (v memberView) may(a access.Action) bool { return v.Me.Can(a, v.Me.RelationTo(v.User.ID)) }

func (p Pages) member(w http.ResponseWriter, r *http.Request) (err error) {
	v := memberView{Me: session(r)}
	if v.User, err = p.Access.User(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	if v.Names, err = p.Access.Names(r.Context()); err != nil {
		return err
	}
	if v.Me.Can(access.EventRead, access.None) {
		if v.Events, err = p.Access.EventsOf(r.Context(), v.User.ID, eventsShown); err != nil {
			return err
		}
	}
	return web.Render(w, r, web.Page{Title: "staff.title", Section: "/staff"}, memberPage(v))
}

func (p Pages) admit(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "staff.admitted", p.Access.Admit)
}

func (p Pages) disable(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "staff.disabled", p.Access.Disable)
}

func (p Pages) endSessions(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "staff.sessions_ended", p.Access.EndSessions)
}

func (p Pages) changeRole(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	return p.change(w, r, "staff.role_changed", func(ctx context.Context, by, id string) error {
		return p.Access.ChangeRole(ctx, by, id, access.Role(form.Get("role")))
	})
}

// change does one thing to a colleague's account and shows it again.
func (p Pages) change(w http.ResponseWriter, r *http.Request, message string, do func(ctx context.Context, by, id string) error) error {
	id := r.PathValue("id")
	if err := do(r.Context(), web.Actor(r.Context()), id); err != nil {
		return err
	}
	return web.Redirect(w, r, "/staff/"+id, message)
}

func (p Pages) startOver(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	code, err := p.Access.StartOver(r.Context(), web.Actor(r.Context()), id)
	if err != nil {
		return err
	}
	u, err := p.Access.User(r.Context(), id)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "staff.title", Section: "/staff"}, invitedPage(u.Name, code))
}

// eventsView is a page of what happened at the door.
type eventsView struct {
	Events []access.Event
	Names  map[string]string
	Older  string
}

const eventsOnPage = 50

func (p Pages) events(w http.ResponseWriter, r *http.Request) (err error) {
	var v eventsView
	if v.Events, err = p.Access.Events(r.Context(), r.URL.Query().Get("before"), eventsOnPage); err != nil {
		return err
	}
	if v.Names, err = p.Access.Names(r.Context()); err != nil {
		return err
	}
	if len(v.Events) == eventsOnPage {
		v.Older = "/events?before=" + v.Events[len(v.Events)-1].ID
	}
	return web.Render(w, r, web.Page{Title: "event.title"}, eventsPage(v))
}

func consoleName(ctx context.Context) string { return locale.T(ctx, "event.console") }
