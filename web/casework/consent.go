package caseworkweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"homeward/casework"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
	"homeward/web/ui"
)

// grantsView is the list of a person's consents.
type grantsView struct {
	words
	Person string // the address of the person's page ends so
	Grants []casework.Grant
	Now    time.Time
}

// PersonGrants is the list of a person's consents for the person's own page, with
// the way to write down another.
func (p Pages) PersonGrants(r *http.Request, person *register.Person) (templ.Component, error) {
	v, err := p.grantsView(r, person)
	if err != nil {
		return nil, err
	}
	return grantTable(v), nil
}

func (p Pages) grantsView(r *http.Request, person *register.Person) (v grantsView, err error) {
	v.Person, v.Now = person.ID, ui.Now(r.Context())
	if v.Grants, err = p.Casework.Grants(r.Context(), recordsOf(person)...); err != nil {
		return v, err
	}
	var ids []string
	for _, g := range v.Grants {
		ids = append(ids, g.Recipient, g.Source)
	}
	v.words, err = p.words(r, ids...)
	return v, err
}

// consentsView is the page of a person's consents.
type consentsView struct {
	Person *register.Person
	Grants grantsView
}

func (p Pages) consents(w http.ResponseWriter, r *http.Request) error {
	person, err := p.People.Person(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := consentsView{Person: person}
	if v.Grants, err = p.grantsView(r, person); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "consent.title"}, consentsPage(v))
}

// consentForm is the page on which a consent is written down.
type consentForm struct {
	words
	Person     *register.Person
	Recipients []letters.Recipient
	Recipient  *letters.Recipient // nil until it is chosen
	Onward     []casework.OnwardText
	Holdings   []casework.Holding
	Files      []fileChoice
	Sources    []register.Label
	Level      casework.Level
	Form       url.Values
	Preview    bool
	Problem    web.Sentences
	Errors     map[string]string
}

// fileChoice is a photograph, a recording or a scan that a consent may name.
type fileChoice struct {
	File     string
	Property statement.Property
}

func (p Pages) newConsent(w http.ResponseWriter, r *http.Request) error {
	v, err := p.consentForm(r, r.URL.Query())
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "consent.new"}, consentFormPage(v))
}

// consentForm gathers the form. Until a recipient is chosen it offers them.
func (p Pages) consentForm(r *http.Request, form url.Values) (v consentForm, err error) {
	ctx := r.Context()
	if v.Person, err = p.People.Person(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	v.Form = form
	chosen := form.Get("recipient")
	if chosen == "" {
		if v.Recipients, err = p.Recipients.Recipients(ctx); err != nil {
			return v, err
		}
		lang := locale.From(ctx).Code()
		slices.SortFunc(v.Recipients, func(a, b letters.Recipient) int { return cmp.Compare(a.Name(lang), b.Name(lang)) })
		return v, nil
	}
	recipient, err := p.Recipients.Recipient(ctx, chosen)
	if err != nil {
		return v, err
	}
	v.Recipient = &recipient
	if v.Onward, err = p.Casework.Onward(ctx, chosen); err != nil {
		return v, err
	}
	records := recordsOf(v.Person)
	if v.Holdings, err = p.Casework.Holdings(ctx, records...); err != nil {
		return v, err
	}
	if v.Level, _, err = p.Casework.CareFor(ctx, chosen, records...); err != nil {
		return v, err
	}
	var ids []string
	for _, h := range v.Holdings {
		for _, s := range h.Said {
			ids = append(ids, s.SaidBy, s.Object)
			if slices.Contains([]statement.Property{statement.PersonPhoto, statement.PersonVoice, statement.DocumentFile}, h.Property) && s.Object != "" {
				v.Files = append(v.Files, fileChoice{s.Object, h.Property})
			}
		}
	}
	for _, s := range v.Person.Speakers {
		ids = append(ids, s.Statement.Subject)
	}
	if v.words, err = p.words(r, ids...); err != nil {
		return v, err
	}
	v.Sources = v.speakers()
	return v, nil
}

// speakers are those who may have given it: whoever says anything of her.
func (v consentForm) speakers() []register.Label {
	var all []register.Label
	add := func(id string) {
		l := v.Labels[id]
		if id != "" && l.Kind == statement.Source && !slices.ContainsFunc(all, func(x register.Label) bool { return x.ID == id }) {
			all = append(all, l)
		}
	}
	for _, s := range v.Person.Speakers {
		add(s.Statement.Subject)
	}
	for _, h := range v.Holdings {
		for _, s := range h.Said {
			add(s.SaidBy)
		}
	}
	return all
}

// ofConsent says beside which field each problem of a consent stands.
var ofConsent = map[*problem.Error]string{
	casework.ErrOnward: "onward", casework.ErrFields: "field", casework.ErrField: "field", casework.ErrGiver: "source", casework.ErrNotHer: "source",
	casework.ErrOwnRight: "giver", casework.ErrExpires: "expires", casework.ErrLong: "expires", casework.ErrGiven: "given", casework.ErrReadIn: "interpreter",
}

func (p Pages) addConsent(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.consentForm(r, form)
	if err != nil {
		return err
	}
	if v.Recipient == nil || form.Get("step") == "preview" {
		v.Preview = true
		return web.Render(w, r, web.Page{Title: "consent.new"}, consentFormPage(v))
	}
	g, errs := v.grant()
	var id string
	if len(errs) == 0 {
		id, err = p.Casework.Grant(r.Context(), web.Actor(r.Context()), g)
		if err == nil {
			return web.Redirect(w, r, "/consents/"+id, "consent.recorded")
		}
		if v.Problem, errs, err = web.ByField(r, err, ofConsent, formless...); err != nil {
			return err
		}
	}
	v.Errors = errs
	for name, message := range errs {
		if message == "" {
			v.Errors[name] = locale.T(r.Context(), "consent.missing")
		}
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "consent.new"}, consentFormPage(v))
}

// grant reads the form; an empty message marks a field that is missing.
func (v consentForm) grant() (casework.NewGrant, map[string]string) {
	errs := map[string]string{}
	g := casework.NewGrant{
		Person: v.Form.Get("record"), Recipient: v.Recipient.ID, Purpose: v.Form.Get("purpose"),
		Giver: casework.Giver(v.Form.Get("giver")), Source: v.Form.Get("source"), How: v.Form.Get("how"),
		Language: v.Form.Get("language"), Interpreter: v.Form.Get("interpreter"), Files: v.Form["file"], Note: v.Form.Get("note"),
	}
	if !slices.Contains(recordsOf(v.Person), g.Person) {
		g.Person = v.Person.ID
	}
	for _, f := range v.Form["field"] {
		g.Fields = append(g.Fields, statement.Property(f))
	}
	if who := v.Form.Get("witness"); who != "" {
		g.Witnesses = []string{who}
	}
	for _, o := range v.Onward {
		if v.Form.Get("onward") == onwardKey(o) {
			g.Onward = o.Text
		}
	}
	var err error
	if g.Given, err = edtf.Parse(v.Form.Get("given")); err != nil {
		errs["given"] = ""
	}
	if g.Expires, err = edtf.Parse(v.Form.Get("expires")); err != nil {
		errs["expires"] = ""
	}
	for name, value := range map[string]string{"purpose": g.Purpose, "giver": string(g.Giver), "how": g.How, "language": g.Language, "onward": g.Onward} {
		if value == "" {
			errs[name] = ""
		}
	}
	return g, errs
}

// onwardKey names one of the recipient's texts in the form: a text changed
// meanwhile has another key, and has to be read out anew.
func onwardKey(o casework.OnwardText) string { return o.Lang + "." + short(o.Text) }

// consentView is the page of one consent.
type consentView struct {
	words
	Grant   casework.Grant
	State   casework.GrantState
	Person  *register.Person
	Held    []casework.Holding
	Would   map[string]bool // statements and files that would go now
	Refused map[string]casework.Reason
	Whole   casework.Reason // why nothing may go at all
	Level   casework.Level
	Numbers casework.Numbers
	Release *casework.Approval // the latest release of this grant
}

func (p Pages) consent(w http.ResponseWriter, r *http.Request) error {
	v, err := p.consentView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "consent.title", Section: "/people"}, consentPage(v))
}

func (p Pages) consentView(r *http.Request) (v consentView, err error) {
	ctx := r.Context()
	if v.Grant, err = p.Casework.GrantByID(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	v.State = v.Grant.State(ui.Now(ctx))
	ids := []string{v.Grant.Recipient, v.Grant.Source, v.Grant.Person}
	records := []string{v.Grant.Person}
	// A relative who applies in his or her own right is a speaker and no person.
	if v.Person, err = p.People.Person(ctx, v.Grant.Person); err == nil {
		records = recordsOf(v.Person)
	} else if problem.KindOf(err) != problem.NotFound {
		return v, err
	}
	if v.Held, err = p.Casework.Holdings(ctx, records...); err != nil {
		return v, err
	}
	for _, h := range v.Held {
		for _, s := range h.Said {
			ids = append(ids, s.SaidBy, s.Object)
		}
	}
	if v.Level, _, err = p.Casework.CareFor(ctx, v.Grant.Recipient, records...); err != nil {
		return v, err
	}
	if err = p.wouldGo(ctx, &v, web.Actor(ctx), records); err != nil {
		return v, err
	}
	releases, err := p.Casework.ApprovalsOf(ctx, v.Grant.ID)
	if err != nil {
		return v, err
	}
	if i := slices.IndexFunc(releases, func(a casework.Approval) bool { return a.Deed == casework.DeedRelease }); i >= 0 {
		v.Release = &releases[i]
	}
	v.words, err = p.words(r, ids...)
	return v, err
}

// wouldGo asks casework what would go now to the recipient for the purpose under this
// consent: what only another lets through is marked on that one's page.
func (p Pages) wouldGo(ctx context.Context, v *consentView, by string, records []string) error {
	cleared, refused, err := p.Casework.Clear(ctx, by, casework.Request{
		Recipient: v.Grant.Recipient, Purpose: v.Grant.Purpose, Persons: []casework.Asked{{Records: records}}, Grant: v.Grant.ID})
	if err != nil {
		return err
	}
	v.Would, v.Refused, v.Numbers = map[string]bool{}, map[string]casework.Reason{}, cleared.Numbers()
	for _, person := range cleared.People() {
		for _, f := range person.Fields() {
			v.Would[f.Statement()] = true
		}
		for _, f := range person.Files() {
			v.Would[f.File()] = true
		}
	}
	for _, no := range refused {
		if no.Property == "" {
			v.Whole = no.Reason
		}
		v.Refused[no.Statement] = no.Reason
	}
	return nil
}

func (p Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	g, err := p.Casework.GrantByID(r.Context(), id)
	if err != nil {
		return err
	}
	// Whoever gave it takes it back, as far as the books say; it counts from now.
	if err := p.Casework.WithdrawGrant(r.Context(), web.Actor(r.Context()), id, g.Source, edtf.Date{}, form.Get("note")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/consents/"+id, "consent.withdrawn_now")
}

func (p Pages) proposeRelease(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if _, err := p.Casework.GrantByID(r.Context(), id); err != nil {
		return err
	}
	return p.propose(w, r, casework.DeedRelease, id, func(ctx context.Context, by, reason string) (string, error) {
		return p.Casework.Propose(ctx, by, casework.DeedRelease, []string{id}, reason)
	})
}
