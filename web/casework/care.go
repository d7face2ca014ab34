package caseworkweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"homeward/casework"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/register"
	"homeward/statement"
	"homeward/web"
)

// personCareView shows, for one person, how careful to be with each recipient.
type personCareView struct {
	words
	Person  *register.Person
	Rows    []careRow
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

// careRow is one recipient: the level that applies, and the ratings behind it.
type careRow struct {
	Recipient letters.Recipient
	Level     casework.Level
	Ratings   []casework.Rating
	Newest    int64
}

func (p Pages) personCare(w http.ResponseWriter, r *http.Request) error {
	v, err := p.personCareView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "care.title", Section: "/people"}, personCarePage(v))
}

func (p Pages) personCareView(r *http.Request) (v personCareView, err error) {
	ctx := r.Context()
	if v.Person, err = p.People.Person(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	recipients, err := p.Recipients.Recipients(ctx)
	if err != nil {
		return v, err
	}
	lang := locale.From(ctx).Code()
	slices.SortFunc(recipients, func(a, b letters.Recipient) int { return cmp.Compare(a.Name(lang), b.Name(lang)) })
	for _, to := range recipients {
		row := careRow{Recipient: to}
		if row.Level, row.Ratings, err = p.Casework.CareFor(ctx, to.ID, recordsOf(v.Person)...); err != nil {
			return v, err
		}
		if row.Newest, err = p.Casework.Newest(ctx, to.ID); err != nil {
			return v, err
		}
		v.Rows = append(v.Rows, row)
	}
	v.words, err = p.words(r)
	return v, err
}

// ofCare says beside which field each problem of a rating stands.
var ofCare = map[*problem.Error]string{
	casework.ErrReason: "reason", casework.ErrRating: "level", casework.ErrTakesTwo: "level", casework.ErrRecipient: "recipient",
}

func (p Pages) ratePerson(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.personCareView(r)
	if err != nil {
		return err
	}
	rating := casework.Rating{Recipient: form.Get("recipient"), Person: v.Person.ID, Level: casework.Level(form.Get("level")), Reason: form.Get("reason"),
		Seen: seen(form, "seen."+form.Get("recipient"))}
	if !slices.ContainsFunc(v.Rows, func(row careRow) bool { return row.Recipient.ID == rating.Recipient }) {
		rating.Recipient = ""
	}
	if _, err = p.Casework.Rate(r.Context(), web.Actor(r.Context()), rating); err == nil {
		return web.Redirect(w, r, "/people/"+v.Person.ID+"/care", "care.recorded")
	}
	v.Form = form
	if v.Problem, v.Errors, err = web.ByField(r, err, ofCare, formless...); err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "care.title", Section: "/people"}, personCarePage(v))
}

// seen is the newest rating that the form showed. A form without it saw none.
func seen(form url.Values, name string) *int64 {
	n, err := strconv.ParseInt(form.Get(name), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// recipientCareView shows what is in force with one recipient.
type recipientCareView struct {
	words
	Recipient letters.Recipient
	Ratings   []casework.Rating
	Newest    int64
	Form      url.Values
	Problem   web.Sentences
	Errors    map[string]string
}

func (p Pages) recipientCare(w http.ResponseWriter, r *http.Request) error {
	v, err := p.recipientCareView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "care.title", Section: "/recipients"}, recipientCarePage(v))
}

func (p Pages) recipientCareView(r *http.Request) (v recipientCareView, err error) {
	ctx := r.Context()
	if v.Recipient, err = p.Recipients.Recipient(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	if v.Newest, err = p.Casework.Newest(ctx, v.Recipient.ID); err != nil {
		return v, err
	}
	if v.Ratings, err = p.Casework.Ratings(ctx, v.Recipient.ID); err != nil {
		return v, err
	}
	var ids []string
	for _, rating := range v.Ratings {
		if rating.Person != "" {
			ids = append(ids, rating.Person)
		}
	}
	v.words, err = p.words(r, ids...)
	return v, err
}

func (p Pages) rateAttribute(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.recipientCareView(r)
	if err != nil {
		return err
	}
	rating := casework.Rating{Recipient: v.Recipient.ID, Attribute: statement.Property(form.Get("attribute")), Value: form.Get("value"),
		Level: casework.Level(form.Get("level")), Reason: form.Get("reason"), Seen: seen(form, "seen."+v.Recipient.ID)}
	if _, err = p.Casework.Rate(r.Context(), web.Actor(r.Context()), rating); err == nil {
		return web.Redirect(w, r, "/recipients/"+v.Recipient.ID+"/care", "care.recorded")
	}
	v.Form = form
	if v.Problem, v.Errors, err = web.ByField(r, err, ofCare, formless...); err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "care.title", Section: "/recipients"}, recipientCarePage(v))
}

func (p Pages) proposeLowering(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	return p.propose(w, r, casework.DeedCare, id, func(ctx context.Context, by, reason string) (string, error) {
		return p.Casework.ProposeLowering(ctx, by, id, reason)
	})
}
