package lettersweb

import (
	"context"
	"net/http"
	"net/url"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/statement"
	"homeward/web"
)

// linesView is the page of the lines of an appeal: what can be read with its
// receipt, and the form to add one.
type linesView struct {
	words
	Appeal     string
	Lines      []letters.Message
	Recipients []letters.Recipient // relatives, to whom a line in our own words may go
	Form       url.Values
	Problem    web.Sentences
	Errors     map[string]string
}

func linesPageOf() web.Page {
	return web.Page{Title: "line.title", Section: "/inbox", Styles: []string{"letters.css"}}
}

func (p Pages) lines(w http.ResponseWriter, r *http.Request) error {
	v, err := p.linesView(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Render(w, r, linesPageOf(), linesPage(v))
}

func (p Pages) linesView(r *http.Request, appeal string) (v linesView, err error) {
	v.Appeal, v.Form = appeal, url.Values{}
	if err := p.isAppeal(r.Context(), appeal); err != nil {
		return v, err
	}
	if v.Lines, err = p.Letters.Messages(r.Context(), appeal); err != nil {
		return v, err
	}
	all, err := p.Letters.Recipients(r.Context())
	if err != nil {
		return v, err
	}
	for _, to := range all {
		if to.Kind == "relative" {
			v.Recipients = append(v.Recipients, to)
		}
	}
	v.words, err = p.words(r)
	return v, err
}

func (p Pages) isAppeal(ctx context.Context, id string) error {
	said, err := p.Appeals.About(ctx, id)
	if err != nil {
		return err
	}
	for _, s := range said {
		if s.Property == statement.RecordKind && s.Value == string(statement.Appeal) {
			return nil
		}
	}
	return web.ErrNotFound
}

// tell releases a standing line at once, or proposes one in our own words.
func (p Pages) tell(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	appeal := r.PathValue("id")
	if err := p.isAppeal(r.Context(), appeal); err != nil {
		return err
	}
	message := "line.released"
	if form.Get("own") == "yes" {
		message = "line.proposed"
		err = p.ownWords(r.Context(), appeal, form)
	} else {
		_, err = p.Letters.Tell(r.Context(), web.Actor(r.Context()), appeal, form.Get("line"))
	}
	if err == nil {
		return web.Redirect(w, r, "/appeals/"+appeal+"/messages", message)
	}
	above, errs, err := web.ByField(r, err, map[*problem.Error]string{letters.ErrLine: "line", letters.ErrText: "text.en", letters.ErrReach: "text.en", letters.ErrLanguages: "text.en"}, formless...)
	if err != nil {
		return err
	}
	v, err := p.linesView(r, appeal)
	if err != nil {
		return err
	}
	v.Form, v.Problem, v.Errors = form, above, errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, linesPageOf(), linesPage(v))
}

// ownWords proposes a line under the consent of those whom the appeal mentions.
func (p Pages) ownWords(ctx context.Context, appeal string, form url.Values) error {
	by := web.Actor(ctx)
	request := casework.Request{Recipient: form.Get("recipient"), Purpose: "family_contact"}
	said, err := p.Appeals.About(ctx, appeal)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, s := range said {
		if s.Property != statement.AppealMentions || s.Withdrawn {
			continue
		}
		person, err := p.People.Person(ctx, s.Object)
		if problem.KindOf(err) == problem.NotFound && err != nil {
			continue // a place, a household, or somebody forgotten
		}
		if err != nil {
			return err
		}
		if !seen[person.ID] {
			seen[person.ID] = true
			request.Persons = append(request.Persons, casework.Asked{Records: recordsOf(person)})
		}
	}
	cleared, _, err := p.Casework.Clear(ctx, by, request)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	for _, lang := range languages {
		texts[lang] = form.Get("text." + lang)
	}
	_, err = p.Letters.Message(ctx, by, appeal, texts, cleared)
	return err
}

func (p Pages) release(w http.ResponseWriter, r *http.Request) error {
	return p.onLine(w, r, "line.released", p.Letters.Release)
}

func (p Pages) revoke(w http.ResponseWriter, r *http.Request) error {
	return p.onLine(w, r, "line.revoked", p.Letters.Revoke)
}

// onLine acts upon one line and comes back to its appeal.
func (p Pages) onLine(w http.ResponseWriter, r *http.Request, message string, do func(ctx context.Context, by, id string) error) error {
	id := r.PathValue("id")
	appeal, err := p.Letters.AppealOf(r.Context(), id)
	if err != nil {
		return err
	}
	if err = do(r.Context(), web.Actor(r.Context()), id); err == nil {
		return web.Redirect(w, r, "/appeals/"+appeal+"/messages", message)
	}
	above, err := web.Told(r, err, formless...)
	if err != nil {
		return err
	}
	v, err := p.linesView(r, appeal)
	if err != nil {
		return err
	}
	v.Problem = above
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, linesPageOf(), linesPage(v))
}
