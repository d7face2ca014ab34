package registerweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"homeward/internal/locale"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/web"
)

// searchView is the page of the search.
type searchView struct {
	Text    string // the question as it was typed
	Year    string
	Sex     string
	Place   string
	Hits    []match.Found
	Asked   bool
	People  int
	Records int
	With    *register.Person // somebody to whom a second record is looked for
	YearOdd bool
}

// shownHits is how many are shown: who is not among them needs a better question.
const shownHits = 30

func (p Pages) search(w http.ResponseWriter, r *http.Request) error {
	form, err := asked(r)
	if err != nil {
		return err
	}
	v := searchView{
		Text: cut(tidy(form, "name")), Year: cut(tidy(form, "year")), Sex: form.Get("sex"), Place: cut(tidy(form, "place")),
	}
	if !slices.Contains(statement.Vocabulary[statement.PersonSex].Codes, v.Sex) {
		v.Sex = ""
	}
	wanted := p.wanted(&v)
	v.Asked = !wanted.Empty()
	if with := form.Get("with"); with != "" {
		if v.With, err = p.Register.Person(r.Context(), with); err != nil {
			return err
		}
	}
	if v.Asked {
		if v.Hits, err = p.People.Search(r.Context(), wanted); err != nil {
			return err
		}
	}
	if v.With != nil {
		v.Hits = slices.DeleteFunc(v.Hits, func(h match.Found) bool { return h.Person == v.With.ID })
	}
	v.Records, v.People = p.Register.Counts()
	return web.Render(w, r, page("people.title", ""), searchPage(v))
}

// wanted puts the question together: what is typed as one line, and the fields
// beside it, which count before it.
func (p Pages) wanted(v *searchView) match.Wanted {
	w := p.People.Ask(v.Text)
	w.Limit = shownHits + 1
	if v.Sex != "" {
		w.Sex = v.Sex
	}
	if v.Place != "" {
		w.Place = v.Place
	}
	if v.Year != "" {
		n, err := strconv.Atoi(v.Year)
		if v.YearOdd = err != nil || n < 1880 || n > 2100; !v.YearOdd {
			w.Born = register.Years{From: n, To: n}
		}
	}
	return w
}

// asked gives what a page is asked for. What may be a name is sent in the body: an
// address stands in the history of a shared laptop.
func asked(r *http.Request) (url.Values, error) {
	if r.Method == http.MethodPost {
		return web.ReadForm(r)
	}
	return r.URL.Query(), nil
}

// cut keeps a question to a length that can be answered quickly.
func cut(text string) string {
	const most = 200
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// newPersonView is the form for a record of a person.
type newPersonView struct {
	Form    url.Values
	Speaker speakerChoice
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) newPerson(w http.ResponseWriter, r *http.Request) error {
	form, err := asked(r)
	if err != nil {
		return err
	}
	v, err := p.newPersonView(r, form)
	if err != nil {
		return err
	}
	return web.Render(w, r, page("people.new", "/people"), newPersonPage(v))
}

// offeredSpeakers is how many speakers the form of a list offers.
const offeredSpeakers = 300

func (p Pages) newPersonView(r *http.Request, form url.Values) (v newPersonView, err error) {
	v.Form = form
	v.Speaker, err = p.speakers(r.Context(), form, nil)
	return v, err
}

func (p Pages) addPerson(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if findsSpeaker(form) || speakerOpen(form) {
		return p.newPersonAgain(w, r, form)
	}
	var said []statement.Statement
	for _, f := range []struct {
		name     string
		property statement.Property
	}{
		{"name", nameKind(form.Get("kind"))}, {"sex", statement.PersonSex}, {"birth", statement.PersonBirthDate}, {"age", statement.PersonAge},
		{"place", statement.SeenAt}, {"home", statement.PersonHomeRegion}, {"note", statement.RecordNote},
	} {
		if text := tidy(form, f.name); text != "" {
			said = append(said, statement.Statement{Property: f.property, Value: strings.ReplaceAll(text, "\r\n", "\n"), SaidBy: form.Get("speaker")})
		}
	}
	id, err := p.Register.Add(r.Context(), web.Actor(r.Context()), register.NewPerson{Statements: said})
	if err == nil {
		return web.Redirect(w, r, "/people/"+id, "people.added")
	}
	v, failed := p.newPersonView(r, form)
	if failed != nil {
		return failed
	}
	if v.Problem, err = web.Told(r, err, formless...); err != nil {
		return err
	}
	if tidy(form, "name") == "" {
		v.Errors = map[string]string{"name": locale.T(r.Context(), "people.name_missing")}
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, page("people.new", "/people"), newPersonPage(v))
}

// newPersonAgain shows the form with the speakers that were found.
func (p Pages) newPersonAgain(w http.ResponseWriter, r *http.Request, form url.Values) error {
	v, err := p.newPersonView(r, form)
	if err != nil {
		return err
	}
	if findsSpeaker(form) {
		return web.Render(w, r, page("people.new", "/people"), newPersonPage(v))
	}
	v.Speaker.Error = speakerProblem(r.Context())
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, page("people.new", "/people"), newPersonPage(v))
}

// nameKind lets the form choose among the properties that hold names.
func nameKind(chosen string) statement.Property {
	if slices.Contains(sayable[0].Properties, statement.Property(chosen)) {
		return statement.Property(chosen)
	}
	return statement.PersonName
}
