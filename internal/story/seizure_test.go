package story_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"golang.org/x/net/html"

	"homeward"
	"homeward/internal/canarytest"
	"homeward/internal/example"
	"homeward/statement"
	"homeward/web"
)

// TestSeizure fills every field of every form of the program with a canary of its own,
// sends files that hold canaries in their names, their tags and their content, with the
// log at its most talkative, locks, and looks through whatever a thief could carry
// away. The control is what the unlocked office says of itself, in which the same look finds
// them. A form that the walk did not meet fails the test.
func TestSeizure(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o := serve(t, kind)
			w := newWalk(o)
			w.everywhere()
			w.missed()
			words := canarytest.NewScanner(w.canaries...)
			var said []byte
			o.must(o.house.Ledger.Each(t.Context(), 0, func(r statement.Recorded) error {
				said = append(said, r.Value+"\n"...)
				return nil
			}))
			w.control(said)
			backup := filepath.Join(t.TempDir(), "backup")
			if kind == "sqlite" {
				_, err := o.house.Backup(t.Context(), filepath.Join(backup, "data"), filepath.Join(backup, "keyring"), nil)
				o.must(err)
				words.None(t, backup)
			}
			o.must(o.server.Lock(t.Context()))
			o.server.Settled()
			w.whileLocked()
			for _, folder := range []string{o.config.Dir, o.files()} {
				words.None(t, folder)
			}
			inTemp(t, words)
			for _, h := range words.Bytes("the log", []byte(o.log.String())) {
				t.Error(h)
			}
			if kind == "postgres" {
				dumped(t, words, o.config.DatabaseURL, o.config.KeyringURL)
			}
			t.Logf("%d canaries in %d forms", len(w.canaries), len(w.done))
		})
	}
}

// control looks for what was stored in what the unlocked office tells of itself.
func (w *walk) control(said []byte) {
	found, missing := 0, map[string]bool{}
	for _, c := range w.stored {
		switch {
		case bytes.Contains(said, []byte(c)):
			found++
		case apart[w.where[c]] == "":
			missing[w.where[c]] = true
		}
	}
	if len(missing) > 0 || found < 60 {
		w.t.Errorf("the control finds %d canaries, and not those of %q", found, slices.Sorted(maps.Keys(missing)))
	}
	w.t.Logf("%d canaries are in the unlocked office's own words", found)
}

// dumped looks through what the database server would give to whoever has it.
func dumped(t *testing.T, words *canarytest.Scanner, urls ...string) {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if err != nil || len(found) == 0 {
		t.Skip("the databases are not looked through: there is no pg_dump on this machine")
	}
	for _, u := range urls {
		dump, err := exec.CommandContext(t.Context(), found[len(found)-1], "--dbname", u).Output()
		if err != nil || len(dump) < 10_000 {
			t.Fatalf("pg_dump gave %d bytes: %v", len(dump), err)
		}
		for _, h := range words.Bytes("a dump", dump) {
			t.Error(h)
		}
	}
}

// walk goes through all pages and fills in what they ask.
type walk struct {
	*office
	canaries []string
	stored   []string // those of the forms that were taken
	at       string   // the field that is being filled in
	led      bool     // whether the last form led to another page, as one does that was taken
	where    map[string]string
	typed    map[string]bool // the forms into which text was typed
	mux      *http.ServeMux
	forms    map[string]bool // every route that takes a form
	done     map[string]bool // those that were sent one
	accepted map[string]bool // those that took it
	tries    map[string]int
	strict   map[string]int  // how often a field refused what was in it
	seen     map[string]bool // pages
}

// notForms are routes that take nothing that anybody types, each with the reason.
var notForms = map[string]string{
	"POST /csp-report":                "browsers send it by themselves, and nothing of it is kept",
	"POST /approvals/{id}/erase":      "a button, pressed in TestForgetting",
	"POST /lock":                      "a button",
	"POST /lock-screen":               "a button",
	"POST /sign-out":                  "a button",
	"POST /compare/{id}":              "of a list that is held in memory alone, looked at in web/lists",
	"POST /compare/kept/{file}":       "a button",
	"POST /unlock":                    "of the locked office, filled in there",
	"POST /appeals/{id}/accept":       "a button",
	"POST /letters/{id}/propose":      "a button",
	"POST /letters/{id}/no-answer":    "a button",
	"POST /messages/{id}/release":     "a button",
	"POST /messages/{id}/revoke":      "a button",
	"POST /staff/{id}/admit":          "a button",
	"POST /account/sessions/{id}/end": "a button",
	"POST /claims/{id}/restore":       "a button",
	"POST /releases/{id}/restore":     "a button",
	"POST /people/{id}":               "a button of a list that is held in memory alone: it shows her page with what the list says filled in",

	"POST /reading/{id}/model":           "a button, where a model is configured",
	"POST /reading/{id}/suggestions/{n}": "what is read in an article becomes a claim, and the form of a claim is filled in; looked at in web/reading",
}

// unheard are forms that hold a secret or a proof: a canary is neither, and so they are
// refused. What was typed into them is looked for in the log and the temporary folder.
var unheard = map[string]string{
	"POST /letters/new":                "a letter takes more than the walk gives; one is made in TestTheProgram",
	"POST /sign-in":                    "a name, a password and a code",
	"POST /confirm":                    "a password and a code",
	"POST /resume":                     "a password",
	"POST /activate":                   "a code of activation",
	"POST /activate/finish":            "a password and a code",
	"POST /account/password":           "passwords and a code",
	"POST /account/codes":              "a password and a code",
	"POST /account/authenticator":      "a password and codes",
	"POST /approvals/{id}/countersign": "a signature from outside",
	"POST /imports/{id}/rows/{row}":    "no row of the example is held; one is in TestForgetting",
}

// byHand are forms that a page shows only in a state to which the walk does not come;
// their fields are sent all the same, in this order. In an address and in a field,
// a word in braces is an id, and {why} a canary.
var byHand = []struct{ pattern, path, fields string }{
	{"/resume", "/resume", "password={why}"},
	{"/activate/finish", "/activate/finish", "password={why}&again={why}&code={why}"},
	{"/imports/{id}/rows/{row}", "/imports/{import}/rows/20", "why={why}"},
	{"/imports/{id}/undo", "/imports/{import}/undo", "why={why}"},
	{"/imports/{id}/redo", "/imports/{import}/redo", "why={why}"},
	{"/approvals/{id}/countersign", "/approvals/{approval}/countersign", "signature={why}"},
	{"/approvals/{id}/refuse", "/approvals/{approval}/refuse", "why={why}"},
	{"/letters/{id}/undo", "/letters/{letter}/undo", "statement={sent}&why={why}"},
	{"/consents/{id}/release", "/consents/{grant}/release", "reason={why}"},
	{"/returns/{id}/same", "/returns/{return}/same", "other={other}&why={why}"},
	{"/returns/{id}/apart", "/returns/{return}/apart", "other={other}&why={why}"},
	{"/returns/{id}/two", "/returns/{return}/two", "other={other}&why={why}"},
	{"/appeals/{id}/withdraw", "/appeals/{appeal}/withdraw", "statement={said}&why={why}"},
	{"/letters/new", "/letters/new", "step=make&recipient={ombudsman}&purpose=return&person={person}&dated=2019-10-15&substance={why}&annexes={why}"},
	{"/match", "/match", "a={woman}&b={child}&verdict=cannot_tell&why={why}"},
	{"/appeals/{id}/revoke", "/appeals/{appeal}/revoke", "why={why}"},
}

// answers are forms that are answered at once: they find something, or make a file.
var answers = map[string]bool{
	"POST /people/search": true,
	"POST /staff":         true, // with the code of activation
}

// fillers are what a form takes in a field that does not take any text, and the button
// that stores and does not search; {} is a canary.
var fillers = map[string]map[string]string{
	"POST /appeals/{id}/write":      {"from": "0:01", "to": "0:02", "property": "person.name", "lang": "ru", "basis": "was_told", "true_on": "2019-10", "said_on": "2019-10-14", "herself": ""},
	"POST /appeals/{id}/transcript": {"language": "ru", "typed": "0:01 {}\n0:02 {}"},
	"POST /recipients":              {"answer": "30", "register": "3", "extend": "30", "country": "RU", "verified": "2019-10-01"},
	"POST /places":                  {"kind": "camp", "country": "SY", "point": "36.4, 38.9"},
	"POST /people":                  {"do": "", "age": "28", "birth": "1991~"},
	"POST /people/{id}/facts":       {"do": "", "say": "person.description", "value": "{}"},
	"POST /people/{id}/returns":     {"do": ""},
	"POST /returns/{id}/steps":      {"do": ""},
	"POST /people/{id}/consents":    {"step": "record", "giver": "proxy"},
	"POST /figures/{id}/claims": {"do": "", "low": "7", "best": "8", "high": "9", "qualifier": "", "assertion": "", "unit": "people", "what": "escaped", "tally": "", "nationality": "RU",
		"place": "", "speaker": "new", "new_kind": "witness", "published": "", "source_q": "", "stance": "asserts", "basis": "none_given", "cites": "", "file": "", "part": "", "answers": "", "repeats": "", "corrects": ""},
	"POST /figures/{id}/releases": {"do": "publish", "at": "", "corrects": "", "why": ""},
	"POST /lists/{id}":            {"do": "run", "source": "", "header_row": "1", "as_of": "2019-10"},
}

// apart says of fields of forms that were taken why the control does not find what was
// typed into them among the statements.
var apart = map[string]string{
	"/people speaker_q":               "a search",
	"/people/{id}/facts speaker_q":    "a search",
	"/people/{id}/returns source_q":   "a search",
	"/returns/{id}/steps source_q":    "a search",
	"/compare list":                   "of a list that is held in memory alone",
	"/appeals/{id}/write q":           "a search",
	"/appeals/{id}/write speaker":     "of a speaker who is chosen otherwise",
	"/appeals/{id}/write why":         "of a passage that is marked",
	"/people/search name":             "a search",
	"/people/{id}/returns new_source": "of a speaker who is chosen otherwise",
	"/returns/{id}/steps new_source":  "of a speaker who is chosen otherwise",
	"/imports list":                   "inside a file",
	"/reading file":                   "inside a file",
	"/reading text":                   "of an article that came as a file",
	"/reading url":                    "of an article that is held in memory alone",
	"/letters/{id}/reply scan":        "inside a file",
	"/letters/letterhead address":     "a sealed row of its own",
	"/letters/letterhead city":        "a sealed row of its own",
	"/letters/letterhead contact":     "a sealed row of its own",
	"/letters/letterhead name":        "a sealed row of its own",
	"/letters/letterhead position":    "a sealed row of its own",
	"/letters/letterhead signatory":   "a sealed row of its own",
	"/tasks text":                     "a sealed row of its own",
	"/staff name":                     "a sealed row of its own",
	"/staff user":                     "a sealed row of its own",
	"/staff email":                    "a sealed row of its own",
}

// last are forms after which the walk could not go on as before.
var last = []string{"/disable", "/end-sessions", "/start-over", "/role", "/end", "/undo", "/erase", "/void", "/withdraw", "/revoke", "/password"}

func newWalk(o *office) *walk {
	w := &walk{office: o, typed: map[string]bool{}, where: map[string]string{}, mux: http.NewServeMux(), forms: map[string]bool{}, done: map[string]bool{}, accepted: map[string]bool{}, tries: map[string]int{}, strict: map[string]int{}, seen: map[string]bool{}}
	for _, r := range web.Table(web.Site{Surface: web.Staff, Routes: o.house.Routes(), Lock: o.server.Lock}) {
		if r.Method == http.MethodPost && !w.forms["POST "+r.Pattern] {
			w.mux.HandleFunc("POST "+r.Pattern, func(http.ResponseWriter, *http.Request) {})
			w.forms["POST "+r.Pattern] = true
		}
	}
	return w
}

func (w *walk) next() string {
	c := canarytest.New(w.t.Name(), len(w.canaries))
	w.canaries, w.where[c] = append(w.canaries, c), w.at
	return c
}

// everywhere walks as each of those who work here, and as a stranger.
func (w *walk) everywhere() {
	pages := w.pages()
	w.asStranger()
	for _, final := range []bool{false, true} {
		for _, user := range []string{example.Caseworker, example.Coordinator, example.Administrator, example.Auditor} {
			r := w.reader(user)
			w.seen = map[string]bool{}
			all := pages[user]
			if user == example.Coordinator { // some of their forms are hers alone
				all = slices.Concat(all, pages[example.Caseworker])
			}
			for _, p := range all {
				w.from(r, p, final, 3)
			}
		}
	}
	w.sendByHand()
	w.reports(false)
}

// sendByHand sends the forms that no page showed.
func (w *walk) sendByHand() {
	r := w.reader(example.Coordinator)
	ids := w.ids()
	fill := func(text string) string {
		for strings.Contains(text, "{why}") {
			text = strings.Replace(text, "{why}", w.next(), 1)
		}
		return ids.Replace(text)
	}
	for _, form := range byHand {
		if w.accepted["POST "+form.pattern] {
			continue
		}
		values, err := url.ParseQuery(form.fields)
		w.must(err)
		for name := range values {
			values.Set(name, fill(values.Get(name)))
		}
		f := &filled{r: r, node: &html.Node{}, action: r.address(fill(form.path)), values: values}
		w.accepted["POST "+form.pattern] = w.send(f) < 400 && w.led
		w.done["POST "+form.pattern], w.typed["POST "+form.pattern] = true, true
	}
}

// ids are those that byHand speaks of.
func (w *walk) ids() *strings.Replacer {
	ctx := w.t.Context()
	kind := func(k statement.Kind) []string {
		ids, err := w.house.Ledger.OfKind(ctx, k)
		w.must(err)
		return ids
	}
	partner, err := age.GenerateX25519Identity()
	w.must(err)
	approval, err := w.house.ProposeExport(ctx, w.cast.Users[example.Caseworker].ID,
		homeward.ExportOrder{Recipient: w.cast.Ombudsman, Purpose: "return", Key: partner.Recipient().String()}, "for a partner (invented)")
	w.must(err)
	grants, returns, appeals := kind(statement.Grant), kind(statement.Return), kind(statement.Appeal)
	appeal, said := w.said(appeals)
	letter, err := w.house.Letters.Letter(ctx, w.cast.Letters[0])
	w.must(err)
	sent := ""
	about, err := w.house.Ledger.About(ctx, w.cast.Letters[0])
	w.must(err)
	for _, s := range about {
		if s.Property == statement.LetterSent {
			sent = s.ID
		}
	}
	return strings.NewReplacer("{import}", w.cast.Import, "{approval}", approval, "{grant}", grants[0], "{letter}", w.cast.Letters[0], "{sent}", sent,
		"{ombudsman}", w.cast.Ombudsman, "{person}", letter.Persons[0], "{woman}", w.cast.Woman, "{child}", w.cast.ReturnKids[0], "{return}", returns[0], "{other}", returns[1], "{appeal}", appeal, "{said}", said)
}

// said gives an appeal and something that the walk wrote down in it.
func (w *walk) said(appeals []string) (appeal, said string) {
	for _, id := range appeals {
		links, err := w.house.Ledger.Pointing(w.t.Context(), id, statement.AppealMentions)
		w.must(err)
		for _, l := range links {
			appeal, said = id, l.ID
		}
	}
	return appeal, said
}

// asStranger fills in what somebody is asked who is not signed in.
func (w *walk) asStranger() {
	stranger := newReader(w.t, w.staff.URL)
	for _, p := range []string{"/sign-in", "/activate", "/resume"} {
		w.from(stranger, p, false, 2)
	}
	link, err := w.house.Access.Link(w.t.Context(), w.cast.Users[example.Second].ID, time.Hour)
	w.must(err)
	w.from(stranger, "/link/"+link, false, 1)
}

// reports sends the public forms.
func (w *walk) reports(locked bool) {
	relative := newReader(w.t, w.public.URL)
	for _, p := range []string{"/ru/report", "/en/voice", "/ar/receipt"} {
		relative.open(p)
		f := relative.read(w.find(relative, strings.Replace(p, "voice", "report", 1)))
		w.fill(f, "")
		if status := w.send(f); status != http.StatusOK {
			w.t.Errorf("%s, the office locked: %v, answered %d", p, locked, status)
		}
	}
}

func (w *walk) find(r *reader, action string) *html.Node {
	for n := range r.page.Descendants() {
		if n.Data == "form" && strings.HasSuffix(attr(n, "action"), action) {
			return n
		}
	}
	w.t.Fatalf("%s has no form for %s", r.at.Path, action)
	return nil
}

// whileLocked fills in what the locked office asks.
func (w *walk) whileLocked() {
	w.reports(true)
	keeper := newReader(w.t, w.staff.URL)
	keeper.open("/unlock")
	f := keeper.form("/unlock")
	w.fill(f, "")
	if status := w.send(f); status != http.StatusForbidden {
		w.t.Errorf("a canary as the passphrase was answered %d", status)
	}
}

// from fills in the forms of a page, and of the pages it leads to.
func (w *walk) from(r *reader, path string, final bool, depth int) {
	if w.seen[path] || depth == 0 {
		return
	}
	w.seen[path] = true
	if !w.look(r, path) {
		return
	}
	var actions []*html.Node
	more := map[string]bool{}
	for n := range r.page.Descendants() {
		switch {
		case n.Data == "form" && strings.EqualFold(attr(n, "method"), "post"):
			actions = append(actions, n)
		case n.Data == "a" && (strings.HasPrefix(attr(n, "href"), "/") || strings.HasPrefix(attr(n, "href"), "?")) && strings.Contains(attr(n, "href"), "?") && len(more) < 8:
			more[r.address(attr(n, "href"))] = true
		}
	}
	at, page := r.at, r.page
	for _, n := range actions {
		r.at, r.page = at, page
		w.try(r, n, final)
		if r.at.Path != at.Path {
			more[r.at.Path] = true
		}
	}
	for _, p := range slices.Sorted(maps.Keys(more)) {
		w.from(r, p, final, depth-1)
	}
}

// look opens a page; a page that is not for this reader is none.
func (w *walk) look(r *reader, path string) bool {
	answer, err := r.client.Get(r.address(path))
	w.must(err)
	defer answer.Body.Close() //nolint:errcheck // only read from
	if answer.StatusCode >= 300 || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		return false
	}
	page, err := html.Parse(answer.Body)
	w.must(err)
	r.at, r.page = answer.Request.URL, page
	return true
}

// try sends a form that was not taken yet.
func (w *walk) try(r *reader, n *html.Node, final bool) {
	u, err := url.Parse(r.address(attr(n, "action")))
	w.must(err)
	_, pattern := w.mux.Handler(httptest.NewRequest(http.MethodPost, u.Path, nil))
	isLast := slices.ContainsFunc(last, func(end string) bool { return strings.HasSuffix(pattern, end) })
	if w.accepted[pattern] || w.tries[pattern] >= 6 || isLast != final || slices.Contains([]string{"POST /lock", "POST /lock-screen", "POST /sign-out", "POST /account/sessions/{id}/end"}, pattern) {
		return
	}
	w.done[pattern] = true
	at, page := r.at, r.page
	for range 3 {
		w.tries[pattern]++
		r.at, r.page = at, page
		f := r.read(n)
		before := len(w.canaries)
		w.fill(f, pattern)
		w.typed[pattern] = w.typed[pattern] || len(w.canaries) > before
		if w.accepted[pattern] = w.send(f) < 400 && (w.led || answers[pattern]); w.accepted[pattern] {
			w.stored = append(w.stored, w.canaries[before:]...)
			return
		}
		w.learn(r, pattern, f)
	}
}

// learn notes which fields a page complains of: they take no free text. A form that comes
// back without a complaint has searched for what was in its fields of search.
func (w *walk) learn(r *reader, pattern string, f *filled) {
	for _, name := range f.order {
		if name == "q" || strings.HasSuffix(name, "_q") {
			w.strict[pattern+name] = len(instead) // the last of which is nothing
		}
	}
	for n := range r.page.Descendants() {
		if attr(n, "aria-invalid") == "true" {
			w.strict[pattern+attr(n, "name")]++
		}
	}
}

// instead is what goes into a field that refused a canary, and then this.
var instead = []string{"2019-10-15", "7", ""}

// fill puts a canary into whatever may be typed, and chooses where there is a choice.
func (w *walk) fill(f *filled, pattern string) {
	for _, name := range f.order {
		w.at = strings.TrimPrefix(pattern, "POST ") + " " + name
		c := f.controls[name][0]
		proper, given := fillers[pattern][name]
		switch kind := attr(c, "type"); {
		case given && w.strict[pattern+name] == 0:
			for strings.Contains(proper, "{}") {
				proper = strings.Replace(proper, "{}", w.next(), 1)
			}
			f.values.Set(name, proper)
		case c.Data == "input" && kind == "file":
			f.files[name] = w.file(attr(c, "accept"))
		case c.Data == "textarea" || c.Data == "input" && slices.Contains([]string{"", "text", "search", "tel", "email", "url", "password"}, kind):
			switch n := w.strict[pattern+name]; {
			case n > 0:
				f.values.Set(name, instead[(n-1)%len(instead)])
			case isDate(name):
				f.values.Set(name, day(name))
			default:
				f.values.Set(name, w.next())
			}
		case kind == "date":
			f.values.Set(name, day(name))
		case kind == "number":
			f.values.Set(name, "7")
		case f.values.Get(name) == "":
			for _, v := range offers(f.controls[name]) {
				if v != "" {
					f.values.Set(name, v)
					break
				}
			}
		}
	}
}

// isDate knows the fields that take a day, or seconds of a recording.
func isDate(name string) bool {
	return slices.Contains([]string{"given", "true_on", "said_on", "due", "on", "expires", "birth", "born", "day", "received", "dated", "verified"}, name)
}

// day is the day of that morning, or one that has not come, for what ends.
func day(name string) string {
	if name == "due" || name == "expires" {
		return "2019-11-18"
	}
	return "2019-10-15"
}

// send sends a form and gives the status of the page it leads to.
func (w *walk) send(f *filled) int {
	body, kind := f.encoded()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, f.action, body)
	w.must(err)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Origin", f.r.at.Scheme+"://"+f.r.at.Host)
	answer, err := f.r.client.Do(request)
	w.must(err)
	defer answer.Body.Close() //nolint:errcheck // only read from
	page, err := html.Parse(answer.Body)
	w.must(err)
	f.r.at, f.r.page = answer.Request.URL, page
	w.led = answer.Request.Method == http.MethodGet
	return answer.StatusCode
}

// missed names the forms that were not met.
func (w *walk) missed() {
	for pattern := range w.forms {
		if !w.done[pattern] && notForms[pattern] == "" {
			w.t.Errorf("no page led the walk to the form %s: add a page that has it, or the reason to notForms", pattern)
		}
	}
	taken := 0
	for pattern := range w.done {
		switch {
		case w.accepted[pattern]:
			taken++
		case unheard[pattern] == "" && w.typed[pattern]:
			w.t.Errorf("the form %s refused what was typed into it, so that nothing of it was stored: give it what it takes in fillers, or the reason in unheard", pattern)
		}
	}
	w.t.Logf("%d of %d forms were taken", taken, len(w.done))
}

// file makes a file with canaries in its name, its tags and its content.
func (w *walk) file(accept string) upload {
	switch {
	case strings.Contains(accept, "audio"):
		return upload{w.next() + ".wav", taggedSound(w.next())}
	case strings.Contains(accept, "csv") || strings.Contains(accept, "sheet"):
		return upload{w.next() + ".csv", []byte("имя,примечание,место\n" + w.next() + "," + w.next() + "," + w.next() + "\n")}
	case strings.Contains(accept, "image"):
		return upload{w.next() + ".png", taggedPicture(w.t, w.next())}
	}
	return upload{w.next() + ".txt", []byte("what is written: " + w.next())}
}

// taggedSound is a tenth of a second of silence with a title.
func taggedSound(title string) []byte {
	chunk := func(id string, data []byte) []byte {
		b := append([]byte(id), binary.LittleEndian.AppendUint32(nil, uint32(len(data)))...)
		b = append(b, data...)
		return append(b, make([]byte, len(data)%2)...)
	}
	format := []byte{1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0}
	body := slices.Concat([]byte("WAVE"), chunk("fmt ", format), chunk("LIST", append([]byte("INFO"), chunk("INAM", []byte(title))...)), chunk("data", make([]byte, 1600)))
	return chunk("RIFF", body)
}

// taggedPicture is a dot with a comment.
func taggedPicture(t *testing.T, comment string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	text := []byte("tEXtComment\x00" + comment)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = append(chunk, text...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(text))
	at := bytes.Index(b.Bytes(), []byte("IEND")) - 4
	return slices.Concat(b.Bytes()[:at], chunk, b.Bytes()[at:])
}
