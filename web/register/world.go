package registerweb

import (
	"net/http"
	"net/url"
	"slices"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/register"
	"homeward/statement"
	"homeward/web"
)

// sourcesView is the page of the speakers.
type sourcesView struct {
	Text    string
	Rows    []register.SourceRow
	Total   int
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) sources(w http.ResponseWriter, r *http.Request) error {
	return p.sourcesPage(w, r, http.StatusOK, sourcesView{Text: cut(tidy(r.URL.Query(), "text"))})
}

func (p Pages) sourcesPage(w http.ResponseWriter, r *http.Request, status int, v sourcesView) error {
	var err error
	if v.Rows, v.Total, err = p.Register.Sources(r.Context(), v.Text, 100); err != nil {
		return err
	}
	return web.RenderStatus(w, r, status, page("sources.title", ""), sourcesPage(v))
}

func (p Pages) addSource(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id, err := p.Register.AddSource(r.Context(), web.Actor(r.Context()), register.NewSource{
		Label: tidy(form, "label"), Kind: form.Get("kind"), Public: tidy(form, "public"), Protected: form.Get("protected") == "yes",
	})
	if err == nil {
		return web.Redirect(w, r, "/sources/"+id, "sources.added")
	}
	v := sourcesView{Form: form}
	if v.Problem, err = web.Told(r, err, formless...); err != nil {
		return err
	}
	if tidy(form, "label") == "" {
		v.Errors = map[string]string{"label": locale.T(r.Context(), "fact.missing")}
	}
	return p.sourcesPage(w, r, http.StatusUnprocessableEntity, v)
}

// sourceView is the page of a speaker.
type sourceView struct {
	Source  *register.Thing
	Form    url.Values
	Problem web.Sentences
}

// shownSaid is how many of a speaker's statements a page shows.
const shownSaid = 100

func (p Pages) source(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Register.Source(r.Context(), r.PathValue("id"), shownSaid)
	if err != nil {
		return err
	}
	return web.Render(w, r, page("sources.source", "/sources"), sourcePage(sourceView{Source: s}))
}

// ofSource are the properties that can be said of a speaker on its page.
var ofSource = []statement.Property{
	statement.SourceKind, statement.SourcePublic, statement.SourceProtected, statement.ContactPhone, statement.ContactEmail, statement.ContactMessenger,
	statement.ContactAddress, statement.ContactRoute, statement.ContactCaution, statement.SourceURL, statement.RecordNote,
}

func (p Pages) sayOfSource(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	s, ok := thingSaid(id, form, ofSource)
	if !ok {
		return web.ErrForm
	}
	if _, err = p.Register.Say(r.Context(), web.Actor(r.Context()), number(form.Get("seen")), []statement.Statement{s}, ""); err == nil {
		return web.Redirect(w, r, "/sources/"+id, "people.fact_saved")
	}
	v := sourceView{Form: form}
	if v.Problem, err = web.Told(r, err, formless...); err != nil {
		return err
	}
	if v.Source, err = p.Register.Source(r.Context(), id, shownSaid); err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, page("sources.source", "/sources"), sourcePage(v))
}

// placesView is the page of the places.
type placesView struct {
	Text    string
	Rows    []register.PlaceRow
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
	May     bool
}

func (p Pages) places(w http.ResponseWriter, r *http.Request) error {
	return p.placesPage(w, r, http.StatusOK, placesView{Text: cut(tidy(r.URL.Query(), "text"))})
}

func (p Pages) placesPage(w http.ResponseWriter, r *http.Request, status int, v placesView) error {
	all, err := p.Register.Places(r.Context())
	if err != nil {
		return err
	}
	v.Rows, v.May = all, access.CanSome(session(r).Role(), access.PlaceWrite)
	if v.Text != "" {
		found, err := p.Register.FindPlaces(r.Context(), v.Text, 30)
		if err != nil {
			return err
		}
		v.Rows = nil
		for _, f := range found {
			i := slices.IndexFunc(all, func(row register.PlaceRow) bool { return row.ID == f.Place })
			if i >= 0 {
				v.Rows = append(v.Rows, all[i])
			}
		}
	}
	return web.RenderStatus(w, r, status, page("places.title", ""), placesPage(v))
}

func (p Pages) addPlace(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	n := register.NewPlace{Kind: form.Get("kind"), Parent: form.Get("parent"), Point: tidy(form, "point")}
	for _, lang := range placeLanguages {
		n.Names = append(n.Names, register.PlaceName{Text: tidy(form, "name-"+lang), Lang: lang})
	}
	if country := tidy(form, "country"); country != "" {
		code, ok := register.ReadCountry(country)
		if !ok {
			v := placesView{Form: form, Errors: map[string]string{"country": locale.T(r.Context(), "fact.country_bad")}}
			return p.placesPage(w, r, http.StatusUnprocessableEntity, v)
		}
		n.Country = code
	}
	if c := tidy(form, "code"); c != "" {
		n.Codes = []string{c}
	}
	id, err := p.Register.AddPlace(r.Context(), web.Actor(r.Context()), n)
	if err == nil {
		return web.Redirect(w, r, "/places/"+id, "places.added")
	}
	v := placesView{Form: form}
	if v.Problem, err = web.Told(r, err, formless...); err != nil {
		return err
	}
	return p.placesPage(w, r, http.StatusUnprocessableEntity, v)
}

// placeLanguages are those in which the form asks for a place's name.
var placeLanguages = []string{"en", "ru", "ar"}

// placeView is the page of a place.
type placeView struct {
	Place   *register.Thing
	Known   []register.KnownHere
	Total   int
	People  bool // whether this reader may see who is known there
	Form    url.Values
	Problem web.Sentences
	May     bool
}

// shownKnown is how many people a place's page names.
const shownKnown = 200

func (p Pages) place(w http.ResponseWriter, r *http.Request) error {
	v, err := p.placeView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, page("places.place", "/places"), placePage(v))
}

func (p Pages) placeView(r *http.Request) (v placeView, err error) {
	id := r.PathValue("id")
	if v.Place, err = p.Register.Place(r.Context(), id); err != nil {
		return v, err
	}
	role := session(r).Role()
	v.People, v.May = access.CanSome(role, access.PersonRead), access.CanSome(role, access.PlaceWrite)
	if v.People {
		v.Known, v.Total, err = p.Register.KnownAt(r.Context(), id, shownKnown)
	}
	return v, err
}

// ofPlace are the properties that can be said of a place on its page.
var ofPlace = []statement.Property{statement.PlaceName, statement.PlaceCode, statement.PlaceKind, statement.PlaceCountry, statement.PlacePoint, statement.PlaceOpen, statement.RecordNote}

func (p Pages) namePlace(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	s, ok := thingSaid(id, form, ofPlace)
	if !ok {
		return web.ErrForm
	}
	if _, err = p.Register.Say(r.Context(), web.Actor(r.Context()), number(form.Get("seen")), []statement.Statement{s}, ""); err == nil {
		return web.Redirect(w, r, "/places/"+id, "people.fact_saved")
	}
	problem, err := web.Told(r, err, formless...)
	if err != nil {
		return err
	}
	v, err := p.placeView(r)
	if err != nil {
		return err
	}
	v.Problem, v.Form = problem, form
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, page("places.place", "/places"), placePage(v))
}
