package registerweb

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/access"
	"homeward/internal/locale"

	"homeward/register"
	"homeward/web"
	"homeward/web/ui"
)

// importsView is the page of the lists that were brought in.
type importsView struct {
	words
	All     []register.Imported
	Problem web.Sentences
}

func (p Pages) imports(w http.ResponseWriter, r *http.Request) error {
	return p.importsPage(w, r, http.StatusOK, web.Sentences{})
}

func (p Pages) importsPage(w http.ResponseWriter, r *http.Request, status int, problem web.Sentences) error {
	v := importsView{Problem: problem}
	var err error
	if v.All, err = p.Register.Imports(r.Context()); err != nil {
		return err
	}
	if v.words, err = p.Staff.Names(r.Context()); err != nil {
		return err
	}
	return web.RenderStatus(w, r, status, page("imports.title", ""), importsPage(v))
}

// upload seals the list as it arrives, and leads to the page that reads it.
func (p Pages) upload(w http.ResponseWriter, r *http.Request) error {
	parts, err := web.Parts(r)
	if err != nil {
		return err
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return p.importsPage(w, r, http.StatusUnprocessableEntity, web.Sentences{What: locale.T(r.Context(), "imports.no_file")})
		}
		if err != nil {
			return err
		}
		if part.FormName() != "list" || part.FileName() == "" {
			continue
		}
		file, err := p.Register.KeepList(r.Context(), web.Actor(r.Context()), part.FileName(), part)
		if err != nil {
			return err
		}
		return web.Redirect(w, r, "/lists/"+file, "")
	}
}

// planView is the page on which a list is read before it is brought in.
type planView struct {
	File    string
	Plan    *register.Plan
	Sources []register.SourceRow
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
	Unread  bool // the file is no list that can be read
}

func (p Pages) plan(w http.ResponseWriter, r *http.Request) error {
	v, err := p.planView(r, nil, url.Values{})
	if err != nil {
		return err
	}
	return web.Render(w, r, wide(page("imports.plan", "/imports")), planPage(v))
}

// planView reads the list. What it cannot read is said on the page.
func (p Pages) planView(r *http.Request, m *register.Mapping, form url.Values) (v planView, err error) {
	ctx := r.Context()
	v.File, v.Form = r.PathValue("id"), form
	list, err := p.Register.OpenList(ctx, v.File)
	if err != nil {
		return v, err
	}
	if v.Sources, _, err = p.Register.Sources(ctx, "", offeredSpeakers); err != nil {
		return v, err
	}
	v.Plan, err = p.Register.Plan(ctx, list, m)
	if err != nil {
		v.Problem, err = web.Told(r, err, formless...)
		v.Unread = v.Plan == nil
	}
	return v, err
}

// mappingOf reads the meaning of the columns from the form.
func mappingOf(form url.Values) *register.Mapping {
	m := &register.Mapping{Lang: form.Get("lang"), AsOf: tidy(form, "as_of")}
	m.Sheet, _ = strconv.Atoi(form.Get("sheet"))
	m.HeaderRow, _ = strconv.Atoi(form.Get("header_row"))
	n, _ := strconv.Atoi(form.Get("columns"))
	for i := range min(max(n, 0), 512) {
		m.Fields = append(m.Fields, register.Field(form.Get("column-"+strconv.Itoa(i))))
	}
	if d, ok := register.ReadDate(m.AsOf, time.Now()); ok {
		m.AsOf = d.String()
	}
	return m
}

// check reads the list again as the form says, and brings it in when asked to.
func (p Pages) check(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	m := mappingOf(form)
	if form.Get("do") == "guess" {
		m = nil
	}
	v, err := p.planView(r, m, form)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if form.Get("do") == "run" && v.Problem.What == "" {
		source, err := p.listSource(r, form)
		if err == nil {
			return p.start(w, r, v.Plan, register.RunOptions{Source: source, Again: form.Get("again") == "yes", Note: tidy(form, "note")})
		}
		if v.Problem, err = web.Told(r, err, formless...); err != nil {
			return err
		}
		v.Errors = map[string]string{"source": locale.T(r.Context(), "imports.source_missing")}
		status = http.StatusUnprocessableEntity
	}
	return web.RenderStatus(w, r, status, wide(page("imports.plan", "/imports")), planPage(v))
}

// listSource is whose list it is: one that is known, or a new speaker.
func (p Pages) listSource(r *http.Request, form url.Values) (string, error) {
	if id := form.Get("source"); id != "" {
		return id, nil
	}
	return p.Register.AddSource(r.Context(), web.Actor(r.Context()), register.NewSource{Label: tidy(form, "new_source"), Kind: "list"})
}

// run is an import under way.
type run struct {
	done, total int
	result      register.Result
	err         error
	finished    bool
}

// patience is how long a request waits for an import before it shows how far it is.
const patience = 6 * time.Second

// start runs the import beside the request: closing the page does not cut it short.
func (p Pages) start(w http.ResponseWriter, r *http.Request, plan *register.Plan, o register.RunOptions) error {
	id, state := rand.Text(), &run{total: plan.Rows}
	p.Runs.put(id, state)
	ctx, by := context.WithoutCancel(r.Context()), web.Actor(r.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		result, err := plan.Run(ctx, by, o, func(done, total int) { p.Runs.progress(state, done, total) })
		p.Runs.finish(state, result, err)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
	}
	return web.Redirect(w, r, "/import-runs/"+id, "")
}

func (x *Runs) put(id string, s *run) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.all == nil {
		x.all = map[string]*run{}
	}
	x.all[id] = s
}

func (x *Runs) progress(s *run, done, total int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s.done, s.total = done, total
}

func (x *Runs) finish(s *run, result register.Result, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s.result, s.err, s.finished = result, err, true
}

func (x *Runs) get(id string) (run, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s, ok := x.all[id]
	if !ok {
		return run{}, false
	}
	return *s, true
}

// running shows how far an import is; when it is done, it leads to its page.
func (p Pages) running(w http.ResponseWriter, r *http.Request) error {
	state, ok := p.Runs.get(r.PathValue("id"))
	switch {
	case !ok:
		return web.Redirect(w, r, "/imports", "")
	case !state.finished:
		w.Header().Set("Refresh", "2")
		return web.Render(w, r, page("imports.running", "/imports"), runningPage(state))
	case state.err != nil && state.result.Import != "":
		return web.Redirect(w, r, "/imports/"+state.result.Import, "imports.cut_short")
	case state.err != nil:
		return state.err
	}
	return web.Redirect(w, r, "/imports/"+state.result.Import, "imports.done", state.result.Rows)
}

// importView is the page of one import.
type importView struct {
	words
	Import  register.Imported
	MayUndo bool
}

func (p Pages) imported(w http.ResponseWriter, r *http.Request) error {
	v := importView{}
	var err error
	if v.Import, err = p.Register.Import(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	if v.words, err = p.Staff.Names(r.Context()); err != nil {
		return err
	}
	v.MayUndo = p.mayUndo(r, v.Import)
	return web.Render(w, r, page("imports.import", "/imports"), importPage(v))
}

// mayUndo asks the rule about this very import.
func (p Pages) mayUndo(r *http.Request, i register.Imported) bool {
	s := session(r)
	return s.Can(access.ImportUndo, s.RelationTo(i.By))
}

func (p Pages) undoImport(w http.ResponseWriter, r *http.Request) error {
	return p.turn(w, r, p.Register.UndoImport, "imports.undone")
}

func (p Pages) redoImport(w http.ResponseWriter, r *http.Request) error {
	return p.turn(w, r, p.Register.RedoImport, "imports.redone")
}

func (p Pages) turn(w http.ResponseWriter, r *http.Request, do func(ctx context.Context, by, id, why string) error, message string) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	i, err := p.Register.Import(r.Context(), id)
	if err != nil {
		return err
	}
	if !p.mayUndo(r, i) {
		return access.ErrForbidden
	}
	if err := do(r.Context(), web.Actor(r.Context()), id, tidy(form, "why")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/imports/"+id, message)
}

// heldView is the page of a row that waits for a person.
type heldView struct {
	Import  register.Imported
	Preview register.Preview
}

func (p Pages) held(w http.ResponseWriter, r *http.Request) error {
	row, err := strconv.Atoi(r.PathValue("row"))
	if err != nil {
		return register.ErrNoRow
	}
	v := heldView{}
	if v.Import, err = p.Register.Import(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	if v.Preview, err = p.Register.Held(r.Context(), v.Import.ID, row); err != nil {
		return err
	}
	return web.Render(w, r, page("imports.held", "/imports"), heldPage(v))
}

func (p Pages) decideHeld(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	row, err := strconv.Atoi(r.PathValue("row"))
	if err != nil {
		return register.ErrNoRow
	}
	ctx, by, id := r.Context(), web.Actor(r.Context()), r.PathValue("id")
	if form.Get("do") == "take" {
		if err := p.Register.TakeHeld(ctx, by, id, row, tidy(form, "why")); err != nil {
			return err
		}
		return web.Redirect(w, r, "/imports/"+id, "imports.held_taken")
	}
	i, err := p.Register.Import(ctx, id)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(i.Held, func(h register.HeldRow) bool { return h.Row == row })
	if at < 0 {
		return register.ErrNoRow
	}
	if err := p.Register.LeaveHeld(ctx, by, i.Held[at], tidy(form, "why")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/imports/"+id, "imports.held_left")
}

// fields are the meanings that a column may have, in the order of the choice.
var fields = []register.Field{
	register.FieldIgnored, register.FieldName, register.FieldFamilyName, register.FieldGivenName, register.FieldPatronymic, register.FieldMaidenName, register.FieldBirthName,
	register.FieldOtherName, register.FieldKunya, register.FieldSex, register.FieldBirthDate, register.FieldAge, register.FieldBirthPlace, register.FieldNationality,
	register.FieldHomeRegion, register.FieldHomeAddress, register.FieldMarital, register.FieldSeenPlace, register.FieldSeenOn, register.FieldLastNews, register.FieldLastNewsOn,
	register.FieldLeftHome, register.FieldWish, register.FieldHealth, register.FieldNarrative, register.FieldMother, register.FieldFather, register.FieldSpouse, register.FieldChildren,
	register.FieldSiblings, register.FieldRelative, register.FieldRelation, register.FieldRelativePhone, register.FieldRelativeMail, register.FieldRelativeAddr, register.FieldForeignID, register.FieldNote, register.FieldSaidOn,
}

func fieldOptions(ctx context.Context, chosen register.Field) []ui.Option {
	var out []ui.Option
	for _, f := range fields {
		out = append(out, ui.Option{Value: string(f), Label: fieldWord(ctx, f), Chosen: f == chosen})
	}
	return out
}

func fieldWord(ctx context.Context, f register.Field) string {
	return locale.T(ctx, "field."+cmp.Or(string(f), "ignored"))
}

// guessWord says how the meaning of a column was found.
func guessWord(ctx context.Context, c register.Column) string {
	switch {
	case c.ByHeader:
		return locale.T(ctx, "imports.by_header")
	case c.ByContent:
		return locale.T(ctx, "imports.by_content")
	}
	return ""
}

// samples are the first different values of a column.
func samples(c register.Column) string {
	var out []string
	for _, s := range c.Samples {
		if short := string([]rune(s)[:min(len([]rune(s)), 40)]); !slices.Contains(out, short) && len(out) < 3 {
			out = append(out, short)
		}
	}
	return strings.Join(out, " · ")
}

// problemRow is one kind of problem with the rows that have it.
type problemRow struct {
	Code   register.ProblemCode
	Header string
	Kept   bool
	Rows   []int
	Count  int
}

// shownRows is how many row numbers are named for one kind of problem.
const shownRows = 12

// byKind puts problems of one kind together, those of whole rows first.
func byKind(problems []register.RowProblem) []problemRow {
	var out []problemRow
	for _, p := range problems {
		i := slices.IndexFunc(out, func(r problemRow) bool { return r.Code == p.Code && r.Header == p.Header && r.Kept == p.Kept })
		if i < 0 {
			out = append(out, problemRow{Code: p.Code, Header: p.Header, Kept: p.Kept})
			i = len(out) - 1
		}
		out[i].Count++
		if len(out[i].Rows) < shownRows {
			out[i].Rows = append(out[i].Rows, p.Row)
		}
	}
	slices.SortStableFunc(out, func(a, b problemRow) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

func rowNumbers(rows []int) string {
	var out []string
	for _, n := range rows {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}

// sourceOptions are whose list it can be.
func sourceOptions(ctx context.Context, sources []register.SourceRow, chosen string) []ui.Option {
	out := []ui.Option{{Label: locale.T(ctx, "imports.source_new"), Chosen: chosen == ""}}
	for _, kind := range []string{"list", "defender", "organisation", "authority", "document", "relative"} {
		for _, s := range sources {
			if s.Kind == kind && (kind != "relative" || len(sources) < 50) {
				out = append(out, ui.Option{Value: s.ID, Label: s.Label, Chosen: s.ID == chosen})
			}
		}
	}
	return out
}

// stateOf says how an import stands.
func stateOf(ctx context.Context, i register.Imported) (ui.Tone, string) {
	switch {
	case i.Undone:
		return ui.Plain, locale.T(ctx, "imports.state_undone")
	case !i.Complete:
		return ui.Bad, locale.T(ctx, "imports.state_cut_short")
	case len(i.Held) > 0:
		return ui.Warn, locale.N(ctx, "imports.state_held", len(i.Held))
	}
	return ui.Good, locale.T(ctx, "imports.state_done")
}

func sheetOptions(sheets []string, chosen int) []ui.Option {
	var out []ui.Option
	for i, s := range sheets {
		out = append(out, ui.Option{Value: strconv.Itoa(i), Label: cmp.Or(s, strconv.Itoa(i+1)), Chosen: i == chosen})
	}
	return out
}

func languageOptions(ctx context.Context, chosen string) []ui.Option {
	out := []ui.Option{{Label: locale.T(ctx, "imports.no_language"), Chosen: chosen == ""}}
	for _, l := range []string{"ru", "ar", "en", "fr", "de"} {
		out = append(out, ui.Option{Value: l, Label: locale.T(ctx, "imports.in_language."+l), Chosen: l == chosen})
	}
	return out
}

// aboutWord says of whom a line of a preview speaks.
func aboutWord(ctx context.Context, l register.PreviewLine) string {
	switch {
	case l.About == 0:
		return locale.T(ctx, "imports.the_person")
	case l.Kind == "source":
		return locale.T(ctx, "imports.the_relative")
	}
	return locale.T(ctx, "imports.beside_her", "n", l.About)
}

func previewWord(ctx context.Context, l register.PreviewLine) string {
	return property(ctx, l.Property)
}
