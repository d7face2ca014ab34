// Package intakeweb has the staff's pages of what arrived: the inbox, and the
// appeal, where a recording is listened to and what is said in it becomes
// statements with the seconds in which it is said.
//
// The rules are:
//
//   - Everything works without script: times are typed, words are quoted, each
//     choice is a form that comes back filled in. static/recording.js adds the
//     player with its waveform, and takes a passage over into the form.
//   - The waveform is the recording's own, drawn on the server as SVG. Where none
//     can be drawn the page says so.
//   - What is shown or played is a working copy. The original is a file to be saved,
//     for one role, and each time it is written down who did.
//   - A half-filled form goes to and fro in the body of a request, never in an
//     address: addresses stand in histories.
package intakeweb

import (
	"context"
	"net/http"

	"homeward/access"
	"homeward/evidence"
	"homeward/intake"
	"homeward/match"
	"homeward/register"
	"homeward/web"
)

//go:generate templ generate

// Users gives the names of those who work here, by their ids; *access.Access does.
type Users interface {
	Names(ctx context.Context) (map[string]string, error)
}

// Pages are the pages of intake.
type Pages struct {
	Intake   *intake.Intake
	Evidence *evidence.Evidence
	Register *register.Register
	People   *match.People
	Users    Users
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	act := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: "/appeals/{id}/" + pattern, Surface: web.Staff, Action: access.AppealWrite,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: h}
	}
	file := func(pattern string, action access.Action, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: h}
	}
	return []web.Route{
		{Method: "GET", Pattern: "/inbox", Surface: web.Staff, Action: access.InboxRead,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Unlogged, Handler: p.inbox},
		{Method: "GET", Pattern: "/appeals/{id}", Surface: web.Staff, Action: access.AppealRead,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: p.appeal},
		// Writing shows the page again while the form is being filled in: that is a look too.
		{Method: "POST", Pattern: "/appeals/{id}/write", Surface: web.Staff, Action: access.AppealWrite,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: p.write},
		act("triage", p.triage),
		act("dealt", p.dealt),
		act("transcript", p.transcript),
		act("accept", p.accept),
		act("remark", p.remark),
		act("withdraw", p.withdraw),
		act("revoke", p.revoke),
		file("/files/{id}", access.FileRead, p.working),
		file("/files/{id}/original", access.FileOriginal, p.original),
	}
}

// back leads to the appeal again, with the same file chosen.
func back(w http.ResponseWriter, r *http.Request, message string) error {
	return web.Redirect(w, r, "/appeals/"+r.PathValue("id"), message)
}
