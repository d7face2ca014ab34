// Package lettersweb has the pages of the letters: the desk with what is due, late
// and answered; making a letter; a letter with its way, its paper and its answers;
// the recipients with their rules; and the lines that are read with a receipt.
//
// The rules are:
//
//   - What may go is looked up by casework each time the page is drawn, and the page
//     shows held beside sent, with the reason for everything that stays. Contacts of
//     kin are named there as held and never shown.
//   - A letter is made from what was looked up in that very request.
//   - Who wrote a letter is not offered to approve it. Casework refuses it anyway.
//   - Nobody's name is in an address: people are carried by their ids.
package lettersweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"homeward/access"
	"homeward/casework"
	"homeward/evidence"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/match"
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

// Search is what they ask of matching: people by a question as one types it.
type Search interface {
	Find(ctx context.Context, text string, limit int) ([]match.Found, error)
}

// Appeals is what they ask of the ledger: whom an appeal mentions.
type Appeals interface {
	About(ctx context.Context, subjects ...string) ([]statement.Recorded, error)
}

// Staff is what they ask of access: names of colleagues by their ids.
type Staff interface {
	Names(ctx context.Context) (map[string]string, error)
}

// Pages are the pages of the letters.
type Pages struct {
	Letters  *letters.Letters
	Casework *casework.Casework
	Evidence *evidence.Evidence
	People   People
	Search   Search
	Appeals  Appeals
	Staff    Staff
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
	look := act("/letters/new", access.LetterWrite, p.newLetter)
	look.Audit = web.Logged // it shows what is held, also while nothing is made yet
	look.Object = func(*http.Request) string { return "letters/new" }
	begin := show("/letters/new", access.LetterWrite, web.Logged, p.newLetter)
	begin.Object = look.Object
	answer := act("/letters/{id}/reply", access.ReplyWrite, p.recordReply)
	answer.Body = web.Upload
	return []web.Route{
		show("/letters", access.LetterRead, web.Unlogged, p.desk), // ids, states and days: no person
		begin, look,
		show("/letters/letterhead", access.RecipientRead, web.Unlogged, p.letterhead),
		act("/letters/letterhead", access.RecipientWrite, p.setLetterhead),
		show("/letters/{id}", access.LetterRead, web.Logged, p.letter),
		show("/letters/{id}/print", access.LetterRead, web.Logged, p.print),
		show("/letters/{id}/document", access.LetterRead, web.Logged, p.document),
		act("/letters/{id}/propose", access.LetterWrite, p.propose),
		act("/letters/{id}/send", access.LetterSend, p.send),
		act("/letters/{id}/registered", access.LetterSend, p.registered),
		act("/letters/{id}/extended", access.LetterSend, p.extended),
		act("/letters/{id}/forwarded", access.LetterSend, p.forwarded),
		act("/letters/{id}/no-answer", access.LetterSend, p.noAnswer),
		act("/letters/{id}/void", access.LetterWrite, p.void),
		act("/letters/{id}/undo", access.LetterSend, p.undo),
		show("/letters/{id}/reply", access.ReplyWrite, web.Logged, p.reply),
		answer,

		show("/recipients", access.RecipientRead, web.Unlogged, p.recipients),
		show("/recipients/new", access.RecipientWrite, web.Unlogged, p.newRecipient),
		act("/recipients", access.RecipientWrite, p.addRecipient),
		show("/recipients/{id}", access.RecipientRead, web.Unlogged, p.recipient),

		show("/appeals/{id}/messages", access.AppealRead, web.Logged, p.lines),
		act("/appeals/{id}/messages", access.MessageWrite, p.tell),
		act("/messages/{id}/release", access.MessageWrite, p.release),
		act("/messages/{id}/revoke", access.MessageWrite, p.revoke),
	}
}

// words is what the views share: who reads, and how records and colleagues are
// called.
type words struct {
	Me     access.Session
	Labels map[string]register.Label
	Names  map[string]string
}

func (p Pages) words(r *http.Request, ids ...string) (words, error) {
	var w words
	var err error
	w.Me, _ = access.FromContext(r.Context())
	if w.Labels, err = p.People.Labels(r.Context(), slices.DeleteFunc(ids, func(id string) bool { return id == "" })...); err != nil {
		return w, err
	}
	w.Names, err = p.Staff.Names(r.Context())
	return w, err
}

// may says whether the reader's role may do an action at all.
func (w words) may(a access.Action) bool { return access.CanSome(w.Me.Role(), a) }

// recordsOf are the ids of a person's records, the oldest first.
func recordsOf(p *register.Person) []string {
	ids := make([]string, len(p.Records))
	for i, r := range p.Records {
		ids[i] = r.ID
	}
	return ids
}

// dayOf reads a day field; an empty one is today.
func (p Pages) dayOf(form url.Values, name string) (letters.Day, error) {
	if form.Get(name) == "" {
		return p.Letters.Today(), nil
	}
	return letters.ParseDay(form.Get(name))
}
