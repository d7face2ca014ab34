package lettersweb

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"homeward/internal/problem"
	"homeward/letters"
	"homeward/web"
)

// recipientsView is the list of recipients.
type recipientsView struct {
	words
	Recipients []letters.Recipient
	Letterhead letters.Letterhead
	Today      letters.Day
}

func (p Pages) recipients(w http.ResponseWriter, r *http.Request) error {
	v := recipientsView{Today: p.Letters.Today()}
	var err error
	if v.Recipients, err = p.Letters.Recipients(r.Context()); err != nil {
		return err
	}
	if v.Letterhead, err = p.Letters.Letterhead(r.Context()); err != nil {
		return err
	}
	if v.words, err = p.words(r); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "recipient.list", Styles: []string{"letters.css"}}, recipientsPage(v))
}

// recipientView is one recipient with its rules and their sources.
type recipientView struct {
	words
	Recipient letters.Recipient
	Lines     []letters.Line
	Today     letters.Day
}

func (p Pages) recipient(w http.ResponseWriter, r *http.Request) error {
	v := recipientView{Today: p.Letters.Today()}
	var err error
	if v.Recipient, err = p.Letters.Recipient(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	desk, err := p.Letters.Desk(r.Context(), v.Today)
	if err != nil {
		return err
	}
	for _, l := range desk {
		if l.Recipient.ID == v.Recipient.ID || l.Now.ID == v.Recipient.ID {
			v.Lines = append(v.Lines, l)
		}
	}
	if v.words, err = p.words(r); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "recipient.title", Section: "/recipients", Styles: []string{"letters.css"}}, recipientPage(v))
}

// recipientForm is the page on which a recipient is added: first the rules it
// follows, then itself.
type recipientForm struct {
	words
	Profile *letters.Profile
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
	Today   letters.Day
}

func recipientFormOf() web.Page {
	return web.Page{Title: "recipient.new", Section: "/recipients", Styles: []string{"letters.css"}}
}

func (p Pages) newRecipient(w http.ResponseWriter, r *http.Request) error {
	v, err := p.recipientForm(r, r.URL.Query())
	if err != nil {
		return err
	}
	return web.Render(w, r, recipientFormOf(), recipientFormPage(v))
}

func (p Pages) recipientForm(r *http.Request, form url.Values) (v recipientForm, err error) {
	v.Form, v.Today = form, p.Letters.Today()
	if profile, ok := letters.ProfileByID(form.Get("profile")); ok {
		v.Profile = &profile
	}
	v.words, err = p.words(r)
	return v, err
}

func (p Pages) addRecipient(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.recipientForm(r, form)
	if err != nil {
		return err
	}
	id, err := p.Letters.AddRecipient(r.Context(), web.Actor(r.Context()), newRecipientOf(form))
	if err == nil {
		return web.Redirect(w, r, "/recipients/"+id, "recipient.added")
	}
	v.Problem, v.Errors, err = web.ByField(r, err, map[*problem.Error]string{
		letters.ErrOnward: "onward.ru", letters.ErrDays: "answer",
	}, formless...)
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, recipientFormOf(), recipientFormPage(v))
}

func newRecipientOf(form url.Values) letters.NewRecipient {
	n := letters.NewRecipient{
		Profile: form.Get("profile"), Address: form.Get("address"), Kind: form.Get("kind"), Country: strings.ToUpper(form.Get("country")),
		Channels: form["channel"], Names: map[string]string{}, Onward: map[string]string{}, Source: form.Get("source"), Verified: form.Get("verified"),
		Register: days(form.Get("register")), Answer: days(form.Get("answer")), Extend: days(form.Get("extend")),
	}
	for _, lang := range languages {
		n.Names[lang], n.Onward[lang] = form.Get("name."+lang), form.Get("onward."+lang)
	}
	return n
}

var languages = []string{"ru", "en", "ar"}

// days reads a number of days: -1, the profile's, when nothing was given, and one
// that is refused when it is no number.
func days(text string) int {
	if strings.TrimSpace(text) == "" {
		return -1
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return 1000
	}
	return n
}

// given is what was typed, or else what the profile has.
func (v recipientForm) given(name, profile string) string { return cmp.Or(v.Form.Get(name), profile) }

// letterheadView is the form of the office's own letterhead.
type letterheadView struct {
	words
	Head    letters.Letterhead
	Now     *letters.Letterhead // what another wrote meanwhile
	Problem web.Sentences
}

// letterhead is the office as its letters name it.
type letterhead = letters.Letterhead

func letterheadPageOf() web.Page { return web.Page{Title: "letterhead.title", Section: "/recipients"} }

func (p Pages) letterhead(w http.ResponseWriter, r *http.Request) error {
	v := letterheadView{}
	var err error
	if v.Head, err = p.Letters.Letterhead(r.Context()); err != nil {
		return err
	}
	if v.words, err = p.words(r); err != nil {
		return err
	}
	return web.Render(w, r, letterheadPageOf(), letterheadPage(v))
}

func (p Pages) setLetterhead(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := letterheadView{Head: letters.Letterhead{
		Name: form.Get("name"), Address: form.Get("address"), Contact: form.Get("contact"), City: form.Get("city"),
		Signatory: form.Get("signatory"), Position: form.Get("position"), Seen: form.Get("seen"),
	}}
	set := p.Letters.SetLetterhead(r.Context(), web.Actor(r.Context()), v.Head)
	if set == nil {
		return web.Redirect(w, r, "/letters", "letterhead.kept")
	}
	if v.Problem, err = web.Told(r, set, formless...); err != nil {
		return err
	}
	if errors.Is(set, letters.ErrLetterhead) {
		now, err := p.Letters.Letterhead(r.Context())
		if err != nil {
			return err
		}
		v.Now, v.Head.Seen = &now, now.Seen
	}
	if v.words, err = p.words(r); err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, letterheadPageOf(), letterheadPage(v))
}
