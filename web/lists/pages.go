// Package listsweb has the pages on which a list is held against the register without
// being brought in: relatives', of passengers, of a hospital.
//
// The rules are:
//
//   - Nothing is recorded by looking. A list that is only looked at lives in memory
//     (Desk), is its reader's alone, and is gone afterwards; it is kept as evidence
//     only when its reader says so, and then sealed as any other file.
//   - Rows that a person must look at stand first. For each stand those who may be
//     meant, why, and how strong that is.
//   - Nothing is decided here. What follows is done on the pages that exist for it:
//     the person, a new record, the import.
//   - What is taken out of the house says of the register only whether a row is
//     known, never what is known: no name, no place, no date of hers.
package listsweb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/web"
	registerweb "homeward/web/register"
)

//go:generate templ generate

// Pages are the pages of lists that are only looked at.
type Pages struct {
	Register *register.Register
	People   *match.People
	Desk     *Desk
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	show := func(pattern string, action access.Action, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: h}
	}
	act := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: pattern, Surface: web.Staff, Action: access.ImportRun,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: h}
	}
	upload, kept := act("/compare", p.upload), act("/compare/kept/{file}", p.kept)
	upload.Body, upload.Rate, kept.Rate = web.Upload, web.Heavy, web.Heavy
	start := show("/compare", access.ImportRun, p.start)
	start.Audit = web.Unlogged
	return []web.Route{
		start, upload, kept,
		show("/compare/{id}", access.ImportRun, p.list),
		act("/compare/{id}", p.again),
	}
}

func page(title string) web.Page {
	return web.Page{Title: title, Section: "/imports", Wide: true, Styles: []string{"register.css"}}
}

// startView is the page on which a list is chosen.
type startView struct {
	Mine    []look
	Problem web.Sentences
}

func (p Pages) start(w http.ResponseWriter, r *http.Request) error {
	return p.startPage(w, r, http.StatusOK, web.Sentences{})
}

func (p Pages) startPage(w http.ResponseWriter, r *http.Request, status int, problem web.Sentences) error {
	return web.RenderStatus(w, r, status, page("lists.title"), startPage(startView{Mine: p.Desk.mine(web.Actor(r.Context())), Problem: problem}))
}

// upload reads the list into memory. Only when its reader asks for it is it sealed as
// evidence too.
func (p Pages) upload(w http.ResponseWriter, r *http.Request) error {
	name, data, keep, err := readUpload(r)
	if err != nil {
		return p.refused(w, r, err)
	}
	if len(data) == 0 {
		return p.startPage(w, r, http.StatusUnprocessableEntity, web.Sentences{What: locale.T(r.Context(), "imports.no_file")})
	}
	file := ""
	if keep {
		if file, err = p.Register.KeepList(r.Context(), web.Actor(r.Context()), name, bytes.NewReader(data)); err != nil {
			return p.refused(w, r, err)
		}
	}
	return p.lay(w, r, name, file, data)
}

// readUpload reads the parts of the form: the list, and whether it is to be kept.
func readUpload(r *http.Request) (name string, data []byte, keep bool, err error) {
	parts, err := web.Parts(r)
	if err != nil {
		return "", nil, false, err
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return name, data, keep, nil
		}
		if err != nil {
			return "", nil, false, err
		}
		switch {
		case part.FormName() == "keep":
			keep = true
		case part.FormName() == "list" && part.FileName() != "" && data == nil:
			name = part.FileName()
			if data, err = io.ReadAll(io.LimitReader(part, mostOfAList+1)); err != nil {
				return "", nil, false, err
			}
			if len(data) > mostOfAList {
				return "", nil, false, ErrTooBig
			}
		}
	}
}

// kept looks at a list that is kept as evidence.
func (p Pages) kept(w http.ResponseWriter, r *http.Request) error {
	file := r.PathValue("file")
	list, err := p.Register.OpenList(r.Context(), file)
	if err != nil {
		return err
	}
	if list.Size > mostOfAList {
		return p.refused(w, r, ErrTooBig)
	}
	data, err := io.ReadAll(io.NewSectionReader(list.Body, 0, list.Size))
	if err != nil {
		return err
	}
	return p.lay(w, r, "", file, data)
}

// patience is how long a request waits for a comparison before it shows how far it is.
const patience = 4 * time.Second

// lay puts a list on the desk and begins to compare it: closing the page does not cut
// it short.
func (p Pages) lay(w http.ResponseWriter, r *http.Request, name, file string, data []byte) error {
	id, err := p.Desk.put(web.Actor(r.Context()), name, file, data)
	if err != nil {
		return p.refused(w, r, err)
	}
	p.wait(r.Context(), id)
	return web.Redirect(w, r, "/compare/"+id, "")
}

func (p Pages) wait(ctx context.Context, id string) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.compare(context.WithoutCancel(ctx), id)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
	}
}

// refused says on the page of the choice what was wrong.
func (p Pages) refused(w http.ResponseWriter, r *http.Request, err error) error {
	told, err := web.Told(r, err)
	if err != nil {
		return err
	}
	return p.startPage(w, r, http.StatusUnprocessableEntity, told)
}

// rowsOnPage is how many rows a page shows.
const rowsOnPage = 40

// listView is the page of a list that is looked at.
type listView struct {
	look
	Show    match.Outcome
	Count   map[match.Outcome]int
	Rows    []match.Compared
	At, End int // of the rows shown, from 1
	Of      int
	Problem web.Sentences
}

func (p Pages) list(w http.ResponseWriter, r *http.Request) error {
	l, err := p.Desk.get(web.Actor(r.Context()), r.PathValue("id"))
	if err != nil {
		return p.gone(w, r, err)
	}
	if !l.ready {
		w.Header().Set("Refresh", "2")
		return web.Render(w, r, page("lists.title"), waitPage(l))
	}
	v := listView{look: l, Show: shown(r.URL.Query().Get("show")), Count: map[match.Outcome]int{}}
	if l.err != nil {
		if v.Problem, err = web.Told(r, l.err); err != nil {
			return err
		}
	}
	for _, c := range l.rows {
		v.Count[c.Outcome]++
		if c.Outcome == v.Show || v.Show == "" {
			v.Rows = append(v.Rows, c)
		}
	}
	v.Of = len(v.Rows)
	at, _ := strconv.Atoi(r.URL.Query().Get("from"))
	v.At = min(max(at, 1), max(v.Of, 1))
	v.End = min(v.At+rowsOnPage-1, v.Of)
	v.Rows = v.Rows[min(v.At-1, v.Of):v.End]
	return web.Render(w, r, page("lists.title"), listPage(v))
}

// gone leads to the choice of a file when a list is not there any more.
func (p Pages) gone(w http.ResponseWriter, r *http.Request, err error) error {
	told, err := web.Told(r, err)
	if err != nil {
		return err
	}
	return p.startPage(w, r, http.StatusNotFound, told)
}

func shown(asked string) match.Outcome {
	if o := match.Outcome(asked); slices.Contains(match.Outcomes, o) {
		return o
	}
	return ""
}

// again reads the list as the form says, keeps it, or puts it away.
func (p Pages) again(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	l, err := p.Desk.get(web.Actor(r.Context()), r.PathValue("id"))
	if err != nil {
		return p.gone(w, r, err)
	}
	switch form.Get("do") {
	case "away":
		p.Desk.away(l.id)
		return web.Redirect(w, r, "/compare", "lists.put_away")
	case "keep":
		return p.keep(w, r, l)
	}
	m := registerweb.MappingOf(form)
	p.Desk.change(l.id, func(l *look) { l.mapping = m })
	p.wait(r.Context(), l.id)
	return web.Redirect(w, r, "/compare/"+l.id, "")
}

// keep seals the list as evidence and leads to the page from which it is brought in.
func (p Pages) keep(w http.ResponseWriter, r *http.Request, l look) error {
	file := l.file
	if file == "" {
		data, ok := p.Desk.bytesOf(l.id)
		if !ok {
			return p.gone(w, r, ErrAway)
		}
		defer clear(data)
		var err error
		if file, err = p.Register.KeepList(r.Context(), web.Actor(r.Context()), l.name, bytes.NewReader(data)); err != nil {
			return err
		}
		p.Desk.change(l.id, func(l *look) { l.file = file })
	}
	return web.Redirect(w, r, "/lists/"+file, "")
}

func listOf(data []byte) register.List {
	return register.List{Body: bytes.NewReader(data), Size: int64(len(data))}
}

// newRecord are the fields of the form for a new record that a row fills in.
func newRecord(row register.Row) []string {
	form := url.Values{}
	if len(row.Names) > 0 {
		form.Set("name", row.Names[0])
	}
	for name, value := range map[string]string{"sex": row.Sex, "birth": row.Birth, "age": row.Age, "place": row.Seen, "home": row.Home} {
		if value != "" {
			form.Set(name, value)
		}
	}
	var pairs []string
	for _, name := range []string{"name", "sex", "birth", "age", "place", "home"} {
		if value := form.Get(name); value != "" {
			pairs = append(pairs, name, value)
		}
	}
	return pairs
}

// sighting are the fields of the form for a sighting that a row fills in. Who said it,
// and on what ground, the form asks.
func sighting(ctx context.Context, row register.Row) []string {
	pairs := []string{"say", string(statement.SeenAt)}
	if row.Seen != "" {
		pairs = append(pairs, "value", row.Seen)
	}
	return append(pairs, "basis", string(statement.NameList), "note", locale.T(ctx, "lists.from_row", "n", row.Number))
}
