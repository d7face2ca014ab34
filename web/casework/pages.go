// Package caseworkweb has the pages of casework: what is due today, the consents
// of a person, how careful to be with a recipient, what waits for a second person,
// and the dialogue before somebody is forgotten.
//
// The rules are:
//
//   - A consent is written down on the page that shows what is to be read out: first
//     the recipient, then its onward disclosure, then the fields, each beside what
//     is held. What the page of a consent then calls "would go now" is computed by
//     casework.Clear itself, never by the page.
//   - Who proposed a deed is not offered to approve it. The room refuses it anyway.
//   - Nothing here decides what may leave: casework does.
package caseworkweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"homeward/access"
	"homeward/casework"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/letters"
	"homeward/register"
	"homeward/statement"
	"homeward/web"
)

//go:generate templ generate

// formless are the kinds of problem for which there is no form to go back to.
var formless = []problem.Kind{problem.NotFound}

// People is what the pages ask of the register.
type People interface {
	Person(ctx context.Context, id string) (*register.Person, error)
	Labels(ctx context.Context, ids ...string) (map[string]register.Label, error)
}

// Recipients is what they ask of the letters.
type Recipients interface {
	Recipients(ctx context.Context) ([]letters.Recipient, error)
	Recipient(ctx context.Context, id string) (letters.Recipient, error)
}

// Staff is what they ask of access: names of colleagues by their ids.
type Staff interface {
	Names(ctx context.Context) (map[string]string, error)
}

// Counter is one number of the page of today: a plural message, and where it leads.
type Counter struct {
	Message string // "today.appeals_new", "today.appeals_waiting", "today.letters_late", "today.approvals"
	N       int
	URL     string
	Urgent  bool
}

// Pages are the pages of casework.
type Pages struct {
	Casework   *casework.Casework
	People     People
	Recipients Recipients
	// Paper gives the words that a second person approves: a letter as it will go, a
	// line by receipt in its languages; nil for a deed without any.
	Paper func(r *http.Request, a casework.Approval) (templ.Component, error)
	// Export gives what an export would take along, and writes nothing.
	Export func(ctx context.Context, by string, a casework.Approval) (Export, error)
	Staff  Staff
	// Erase forgets somebody as two people approved: it is the house's, for her files go
	// with her keys.
	Erase func(ctx context.Context, by, approval string) ([]ledger.Erasure, error)
	// Counters are what other rooms have to say about today; each is shown when it
	// is not zero.
	Counters []func(ctx context.Context) (Counter, error)
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	show := func(pattern string, action access.Action, audit web.Audit, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: audit, Handler: h}
	}
	act := func(pattern string, action access.Action, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: h}
	}
	return []web.Route{
		show("/today", access.TaskRead, web.Logged, p.today),
		show("/tasks", access.TaskRead, web.Logged, p.tasks),
		act("/tasks", access.TaskWrite, p.addTask),
		act("/tasks/{id}", access.TaskWrite, p.finishTask),

		show("/people/{id}/consents", access.GrantRead, web.Logged, p.consents),
		show("/people/{id}/consents/new", access.GrantWrite, web.Logged, p.newConsent),
		act("/people/{id}/consents", access.GrantWrite, p.addConsent),
		show("/consents/{id}", access.GrantRead, web.Logged, p.consent),
		act("/consents/{id}/withdraw", access.GrantWrite, p.withdraw),
		act("/consents/{id}/release", access.ApprovalPropose, p.proposeRelease),

		show("/people/{id}/care", access.CareRead, web.Logged, p.personCare),
		act("/people/{id}/care", access.CareWrite, p.ratePerson),
		show("/recipients/{id}/care", access.CareRead, web.Logged, p.recipientCare),
		act("/recipients/{id}/care", access.CareWrite, p.rateAttribute),
		act("/care/{id}/lower", access.ApprovalPropose, p.proposeLowering),

		show("/approvals", access.ApprovalRead, web.Logged, p.approvals),
		show("/approvals/{id}", access.ApprovalRead, web.Logged, p.approval),
		act("/approvals/{id}/approve", access.ApprovalDecide, p.approve),
		act("/approvals/{id}/refuse", access.ApprovalDecide, p.refuse),
		act("/approvals/{id}/take-back", access.ApprovalPropose, p.takeBack),
		act("/approvals/{id}/countersign", access.ApprovalPropose, p.countersign),

		show("/people/{id}/erase", access.ErasePropose, web.Logged, p.erase),
		act("/people/{id}/erase", access.ErasePropose, p.proposeErasure),
		show("/appeals/{id}/erase", access.ErasePropose, web.Logged, p.eraseAppeal),
		act("/appeals/{id}/erase", access.ErasePropose, p.proposeAppealErasure),
		act("/approvals/{id}/erase", access.EraseApprove, p.doErase),
	}
}

// session gives the session of a request that has one.
func session(r *http.Request) access.Session {
	s, _ := access.FromContext(r.Context())
	return s
}

// recordsOf are the ids of a person's records, the oldest first.
func recordsOf(p *register.Person) []string {
	ids := make([]string, len(p.Records))
	for i, r := range p.Records {
		ids[i] = r.ID
	}
	return ids
}

// words is what most views share: who reads, and how records and colleagues are
// called.
type words struct {
	Me     access.Session
	Labels map[string]register.Label
	Names  map[string]string
}

// words gathers the labels of records and the names of colleagues.
func (p Pages) words(r *http.Request, ids ...string) (words, error) {
	w := words{Me: session(r)}
	var err error
	if w.Labels, err = p.People.Labels(r.Context(), ids...); err != nil {
		return w, err
	}
	for id, l := range w.Labels {
		if l.Kind != statement.Recipient {
			continue
		}
		// A recipient has a name in each language; the reader gets his own.
		to, err := p.Recipients.Recipient(r.Context(), id)
		if err != nil {
			return w, err
		}
		l.Lang = locale.From(r.Context()).Code()
		l.Text = to.Name(l.Lang)
		w.Labels[id] = l
	}
	w.Names, err = p.Staff.Names(r.Context())
	return w, err
}
