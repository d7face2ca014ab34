package homeward_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"homeward"
	"homeward/access"
	"homeward/casework"
	"homeward/figures"
	"homeward/internal/example"
	"homeward/letters"
	"homeward/register"
	"homeward/statement"
	"homeward/vault"
	"homeward/web"
	"homeward/web/static"
)

// The matrix of who comes where: every route of the staff pages, asked by every
// role for an object that is its own, a colleague's, forgotten, or was never there.
// What should happen stands in testdata/authz.golden, written by hand and apart
// from access.Rules, so that a slip in the policy does not write its own excuse.
//
// What is held:
//
//   - a route that is missing there, or is there and gone, fails;
//   - a role that may not come gets the same page, byte for byte, whatever the
//     object: it learns nothing from asking;
//   - what is forgotten answers like what was never there, and so does a
//     colleague's thing where only one's own may be touched;
//   - whoever is not signed in is led to the sign-in page from everywhere else;
//   - no page shows an analyst, an administrator or an auditor anybody's name.

const goldenFile = "testdata/authz.golden"

// expectation is one line of the table.
type expectation struct {
	line   int
	object string            // whose ids fill the pattern: kinds separated by commas, - for none
	cells  map[string]string // by role
}

// columns are the roles in the order of the table.
var columns = []access.Role{access.Visitor, access.Caseworker, access.Coordinator, access.Analyst, access.Administrator, access.Auditor}

func readGolden(t *testing.T) map[string]expectation {
	t.Helper()
	f, err := os.Open(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	table := map[string]expectation{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) != 3+len(columns) {
			t.Fatalf("%s:%d has %d columns, want %d", goldenFile, n, len(fields), 3+len(columns))
		}
		e := expectation{line: n, object: fields[2], cells: map[string]string{}}
		for i, role := range columns {
			if !slices.Contains([]string{"in", "no", "own", "mine", "others", "none"}, fields[3+i]) {
				t.Fatalf("%s:%d: %q is no answer", goldenFile, n, fields[3+i])
			}
			e.cells[string(role)] = fields[3+i]
		}
		route := fields[0] + " " + fields[1]
		if _, twice := table[route]; twice {
			t.Fatalf("%s:%d: %s stands there twice", goldenFile, n, route)
		}
		table[route] = e
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return table
}

// TestAuthorisationMatrix asks every route as everybody.
func TestAuthorisationMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("asks some thousand pages")
	}
	golden := readGolden(t)
	m := openMatrix(t)
	for _, route := range m.routes {
		if route.Surface == web.Public {
			continue
		}
		name := route.Method + " " + route.Pattern
		e, ok := golden[name]
		delete(golden, name)
		if !ok {
			t.Errorf("%s is not in %s: decide by hand who comes there", name, goldenFile)
			continue
		}
		t.Run(strings.ReplaceAll(name, "/", "⁄"), func(t *testing.T) { m.route(t, route, e) })
	}
	for name, e := range golden {
		t.Errorf("%s:%d: there is no route %s", goldenFile, e.line, name)
	}
	t.Logf("%d answers to %d routes", m.asked, len(m.routes))
}

// matrix is an open house with something of everything in it.
type matrix struct {
	house   *homeward.House
	handler http.Handler
	routes  []web.Route
	users   map[string]access.User
	spare   []string // accounts that nobody uses, to be changed
	things  map[string]things
	letters []string
	names   []string // of people, which only casework may see
	people  []string // of the list, to be forgotten
	asked   int
}

// things are the objects of one kind: by whom each was made, and one forgotten.
type things struct {
	by        map[string][]string // user id → ids
	forgotten string
}

const absent = "0192a0de-0000-7000-8000-00000000dead"

func openMatrix(t *testing.T) *matrix {
	t.Helper()
	clock := example.NewClock(example.Start)
	config := homeward.Config{Dir: t.TempDir(), Access: access.Options{Cost: access.Cost{MemoryKiB: 64, Time: 1, Threads: 1}, Reads: 1 << 30, Fresh: 10_000 * time.Hour}}
	cheap := vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})
	h, err := homeward.Make(t.Context(), config, clock.Host(), vault.Passphrase([]byte(example.Passphrase), cheap))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	cast, err := example.Fill(t.Context(), h, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	clock.Put(example.Morning)
	if _, err := h.Intake.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := &matrix{house: h, users: cast.Users, things: map[string]things{}}
	m.furnish(t, cast)
	m.serve(t)
	return m
}

// serve mounts the staff pages on a site whose clock runs ahead, so that nobody
// asks too often, and whose lock closes nothing.
func (m *matrix) serve(t *testing.T) {
	t.Helper()
	var asked atomic.Int64
	site := web.Site{
		Surface: web.Staff, Routes: m.house.Routes(), Sessions: m.house.Access, Reads: m.house.Access.Counted(m.house.Ledger), Rand: rand.Reader, Plain: true,
		Now:  func() time.Time { return example.Morning.Add(time.Duration(asked.Add(1)) * time.Minute) },
		Lock: func(context.Context) error { return nil },
	}
	m.routes = web.Table(site)
	var err error
	if m.handler, err = web.New(site); err != nil {
		t.Fatal(err)
	}
}

// furnish adds what the example has not, forgets one thing of each kind, and sorts
// the rest by who made it.
func (m *matrix) furnish(t *testing.T, cast *example.Cast) {
	t.Helper()
	ctx := t.Context()
	m.letters = cast.Letters
	m.lists(t, cast)
	for _, line := range letters.StandingLines()[:2] {
		for _, by := range []string{example.Caseworker, example.Coordinator} {
			appeals, err := m.house.Ledger.OfKind(ctx, statement.Appeal)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.house.Letters.Tell(ctx, m.user(by), appeals[0], line.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	m.hire(t)
	m.things["task"] = things{by: map[string][]string{}}
	for _, by := range []string{example.Caseworker, example.Coordinator} {
		id, err := m.house.Casework.AddTask(ctx, m.user(by), casework.Task{Text: "for the matrix", About: cast.Woman})
		if err != nil {
			t.Fatal(err)
		}
		m.things["task"].by[m.user(by)] = []string{id}
	}
	for _, k := range statement.Kinds {
		m.sort(t, k)
	}
}

// lists brings in three small lists, one of them to be forgotten: undoing the large
// one would take the people of the other pages away.
func (m *matrix) lists(t *testing.T, cast *example.Cast) {
	t.Helper()
	ctx, by := t.Context(), m.user(example.Caseworker)
	kept := things{by: map[string][]string{}}
	for n := range 3 {
		text := fmt.Sprintf("name,birth year\nMatrix Testova %c,198%d\n", 'A'+n, n)
		file, err := m.house.Register.KeepList(ctx, by, "list.csv", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		list := register.List{Body: strings.NewReader(text), Size: int64(len(text)), File: file}
		plan, err := m.house.Register.Plan(ctx, list, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Run(ctx, by, register.RunOptions{Source: cast.Committee}, nil); err != nil {
			t.Fatal(err)
		}
		kept.by[by] = append(kept.by[by], file)
	}
	m.things["list"] = kept
}

// hire makes accounts that nobody uses: one that the administrator invited, and one
// that another invited, so that he may admit it.
func (m *matrix) hire(t *testing.T) {
	t.Helper()
	other, _, err := m.house.Access.Invite(t.Context(), "", access.NewUser{Name: "Other", UserName: "other", Role: access.Administrator})
	if err != nil {
		t.Fatal(err)
	}
	for i, by := range []string{m.user(example.Administrator), other} {
		id, _, err := m.house.Access.Invite(t.Context(), by, access.NewUser{Name: "Spare", UserName: fmt.Sprintf("spare-%d", i), Role: access.Analyst})
		if err != nil {
			t.Fatal(err)
		}
		m.spare = append(m.spare, id)
	}
}

func (m *matrix) sort(t *testing.T, k statement.KindDefinition) {
	t.Helper()
	ctx := t.Context()
	ids, err := m.house.Ledger.OfKind(ctx, k.Kind)
	if err != nil {
		t.Fatal(err)
	}
	th := things{by: map[string][]string{}}
	if len(ids) > 1 && k.Kind != statement.Erasure && k.Kind != statement.WithdrawalOfAct && k.Kind != statement.Restore {
		th.forgotten, ids = ids[len(ids)-1], ids[:len(ids)-1]
		by := []string{m.user(example.Coordinator), m.user(example.Caseworker)}
		if _, err := m.house.Ledger.Erase(ctx, by, "own_request", th.forgotten, ""); err != nil {
			t.Fatalf("forget a %s: %v", k.Kind, err)
		}
	}
	said, err := m.house.Ledger.About(ctx, ids[:min(len(ids), 40)]...)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range said {
		if slices.Contains(statement.Names(), r.Property) && len(r.Value) > 10 {
			m.names = append(m.names, r.Value)
		}
		if r.Property == statement.RecordKind {
			th.by[r.RecordedBy] = append(th.by[r.RecordedBy], r.Subject)
		}
	}
	if k.Kind == statement.Person {
		m.people = ids[len(ids)/2:]
	}
	if k.Kind == statement.ImportRecord {
		for _, imports := range th.by {
			slices.Reverse(imports) // the small ones first
		}
	}
	m.things[string(k.Kind)] = th
}

func (m *matrix) user(name string) string { return m.users[name].ID }

// byRole gives somebody of that role; second gives another, where there is one.
func (m *matrix) byRole(role access.Role, second bool) string {
	name := map[access.Role]string{
		access.Caseworker: example.Caseworker, access.Coordinator: example.Coordinator, access.Analyst: example.Analyst,
		access.Administrator: example.Administrator, access.Auditor: example.Auditor,
	}[role]
	if second && role == access.Caseworker {
		name = example.Second
	}
	if name == "" {
		return ""
	}
	return m.user(name)
}

// enter gives a fresh session of a user: some routes end the one they are asked in.
func (m *matrix) enter(t *testing.T, user string) string {
	t.Helper()
	if user == "" {
		return ""
	}
	link, err := m.house.Access.Link(t.Context(), user, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := m.house.Access.UseLink(t.Context(), "", link)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// answer is what came back, without what differs for reasons of its own.
type answer struct {
	status int
	to     string // of a redirect
	body   string
}

// refused says whether the answer let nobody in.
func (a answer) refused() bool {
	return a.status == http.StatusForbidden || a.status == http.StatusUnauthorized || a.status == http.StatusNotFound || a.to == "/sign-in"
}

// says gives the heading of the page, for whoever reads a failure.
func (a answer) says() string {
	if m := heading.FindStringSubmatch(a.body); m != nil {
		return m[1]
	}
	return fmt.Sprint(len(a.body), " bytes")
}

var heading = regexp.MustCompile(`<h1[^>]*>([^<]*)`)

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

func (m *matrix) ask(t *testing.T, route web.Route, path, user string) answer {
	t.Helper()
	m.asked++
	var body *strings.Reader
	r := httptest.NewRequest(route.Method, path, nil)
	if route.Method == http.MethodPost {
		body = strings.NewReader("why=for+the+matrix&reason=for+the+matrix&role=auditor")
		r = httptest.NewRequest(route.Method, path, body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.RemoteAddr = "127.0.0.1:1" // a one-time link opens on this machine only
	if token := m.enter(t, user); token != "" {
		r.AddCookie(&http.Cookie{Name: "hw", Value: token})
	}
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	if w.Code >= 500 {
		t.Errorf("%s %s answers %d", route.Method, route.Pattern, w.Code)
	}
	return answer{w.Code, w.Header().Get("Location"), anyID.ReplaceAllString(w.Body.String(), "ID")}
}

// nameless holds a page to naming nobody of the register.
func (m *matrix) nameless(t *testing.T, role access.Role, a answer) {
	t.Helper()
	for _, name := range m.names {
		if strings.Contains(a.body, name) {
			t.Errorf("%s is shown the name of somebody in the register", role)
			return
		}
	}
}

// caseless are the roles that never see whom the house knows.
var caseless = []access.Role{access.Visitor, access.Analyst, access.Administrator, access.Auditor}

// route asks one route as everybody.
func (m *matrix) route(t *testing.T, route web.Route, e expectation) {
	for _, role := range columns {
		want := e.cells[string(role)]
		if e.object == "-" {
			m.plain(t, route, role, want)
			continue
		}
		m.upon(t, route, role, want, strings.Split(e.object, ","))
	}
}

// plain is a route without an object.
func (m *matrix) plain(t *testing.T, route web.Route, role access.Role, want string) {
	t.Helper()
	path := strings.NewReplacer("/static/{file}", static.URL("base.css"), "{$}", "", "{token}", "none", "{id}", "none").Replace(route.Pattern)
	got := m.ask(t, route, path, m.byRole(role, false))
	if slices.Contains(caseless, role) {
		m.nameless(t, role, got)
	}
	if in := !got.refused() || got.status == http.StatusNotFound && route.Method == http.MethodPost; in != (want == "in") && !m.excused(route, got) {
		t.Errorf("%s is answered %d %s, want %q", role, got.status, got.to, want)
	}
	m.visitor(t, route, role, want, got)
}

// excused are answers that look like refusals and are none of the policy's: the
// page was reached, and what was shown there does not prove who somebody is.
func (m *matrix) excused(route web.Route, got answer) bool {
	switch route.Action {
	case access.SessionOpen, access.AccountOwn:
		return got.to == "/sign-in" && route.Action == access.SessionOpen ||
			got.status == http.StatusForbidden && !strings.Contains(got.body, access.ErrForbidden.What)
	}
	return false
}

// visitor holds the answer to whoever is not signed in.
func (m *matrix) visitor(t *testing.T, route web.Route, role access.Role, want string, got answer) {
	t.Helper()
	if role != access.Visitor || want == "in" {
		return
	}
	if route.Method == http.MethodGet && got.to != "/sign-in" || route.Method != http.MethodGet && got.status != http.StatusUnauthorized {
		t.Errorf("whoever is not signed in is answered %d %s", got.status, got.to)
	}
}

// object is one of the four states in which a route's object can be.
type object struct{ name, user, path string }

// admitted says whether an act was done, or was done already: what is refused for
// whose it is, is refused whatever the form says.
func (a answer) admitted() bool {
	return a.status < 400 && a.to != "/sign-in" || a.status == http.StatusConflict
}

// objects gives what a role asks for. An object of the role's own is left out where
// it has made none and the table does not ask for one.
func (m *matrix) objects(t *testing.T, route web.Route, role access.Role, kinds []string) map[string]object {
	t.Helper()
	me, other := m.byRole(role, false), m.byRole(role, true)
	found := map[string]object{}
	add := func(name, user string, pick func(kind string) string) {
		path, before := route.Pattern, ""
		for _, kind := range kinds {
			id := m.within(t, kind, before, pick)
			if before = id; id == "" {
				return
			}
			start, end := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
			path = path[:start] + id + path[end+1:]
		}
		found[name] = object{name, user, path}
	}
	add("own", me, func(kind string) string { return m.own(t, kind, me) })
	add("foreign", other, func(kind string) string { return m.foreign(t, kind, other) })
	add("erased", me, func(kind string) string { return m.things[kind].forgotten })
	add("absent", me, func(string) string { return absent })
	add("absent to the colleague", other, func(string) string { return absent })
	return found
}

// within gives an id for a place in a path that depends on the one before it: a
// statement about the person, another person, a row of the list.
func (m *matrix) within(t *testing.T, kind, before string, pick func(kind string) string) string {
	t.Helper()
	switch kind {
	case "row":
		return "1"
	case "other":
		return m.people[0]
	case "format":
		return "csv"
	case "beside":
		return m.beside(t, before)
	case "statement":
		if said, err := m.house.Ledger.About(t.Context(), before); err != nil {
			t.Fatal(err)
		} else if len(said) > 1 {
			return said[1].ID
		}
		return absent
	}
	return pick(kind)
}

// beside gives another claim of the same sheet.
func (m *matrix) beside(t *testing.T, claim string) string {
	t.Helper()
	c, err := m.house.Figures.Claim(t.Context(), claim)
	if err != nil || len(c.Questions) == 0 {
		return absent
	}
	sheet, err := m.house.Figures.Sheet(t.Context(), c.Questions[0], figures.AsOf{})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range sheet.Lines {
		if l.ID != claim {
			return l.ID
		}
	}
	return absent
}

func (m *matrix) own(t *testing.T, kind, me string) string {
	t.Helper()
	switch kind {
	case "user", "newcomer":
		return me
	case "approval":
		return m.propose(t, me)
	case "erasure":
		return m.proposeErasure(t, me)
	case "session":
		return m.sessionOf(t, me)
	}
	if ids := m.things[kind].by[me]; me != "" && len(ids) > 0 {
		return ids[0]
	}
	return ""
}

func (m *matrix) foreign(t *testing.T, kind, me string) string {
	t.Helper()
	switch kind {
	case "user":
		return m.spare[0]
	case "newcomer":
		return m.spare[1]
	case "approval", "erasure":
		by := m.user(example.Caseworker)
		if me == by {
			by = m.user(example.Coordinator)
		}
		return m.own(t, kind, by)
	case "session":
		if me == m.user(example.Second) {
			return m.sessionOf(t, m.user(example.Caseworker))
		}
		return m.sessionOf(t, m.user(example.Second))
	}
	for by, ids := range m.things[kind].by {
		if (by != me || me == "") && len(ids) > 0 {
			return ids[0]
		}
	}
	return ""
}

// propose has somebody propose a deed anew, as what was proposed before may be
// decided by now.
func (m *matrix) propose(t *testing.T, by string) string {
	t.Helper()
	letter := map[string]int{m.user(example.Caseworker): 0, m.user(example.Coordinator): 1}
	n, ok := letter[by]
	if !ok {
		return ""
	}
	id, err := m.house.Casework.Propose(t.Context(), by, casework.DeedExport, m.letters[n:n+1], "for the matrix")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// proposeErasure has somebody propose to forget a person of the list, and another
// approve it, so that it only has to be done.
func (m *matrix) proposeErasure(t *testing.T, by string) string {
	t.Helper()
	other := map[string]string{m.user(example.Caseworker): m.user(example.Coordinator), m.user(example.Coordinator): m.user(example.Caseworker)}[by]
	if other == "" {
		return ""
	}
	person := m.people[len(m.people)-1]
	m.people = m.people[:len(m.people)-1]
	id, err := m.house.Casework.ProposeErasure(t.Context(), by, []string{person}, "duress", "for the matrix")
	if err == nil {
		err = m.house.Casework.Approve(t.Context(), other, id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (m *matrix) sessionOf(t *testing.T, user string) string {
	t.Helper()
	if user == "" {
		return absent
	}
	m.enter(t, user)
	sessions, err := m.house.Access.SessionsOf(t.Context(), user)
	if err != nil || len(sessions) == 0 {
		t.Fatalf("%d sessions, %v", len(sessions), err)
	}
	return sessions[0].ID
}

// upon is a route with an object.
func (m *matrix) upon(t *testing.T, route web.Route, role access.Role, want string, kinds []string) {
	t.Helper()
	objects := m.objects(t, route, role, kinds)
	if objects["foreign"].path == "" && objects["own"].path == "" || want == "others" && objects["foreign"].path == "" {
		t.Fatalf("the house has no %v made by a colleague of the %s", kinds, role)
	}
	if _, ok := objects["own"]; !ok && (want == "own" || want == "mine" || want == "others") {
		t.Fatalf("the house has no %v made by the %s", kinds, role)
	}
	got := map[string]answer{}
	for name, o := range objects {
		got[name] = m.ask(t, route, o.path, o.user)
		if slices.Contains(caseless, role) {
			m.nameless(t, role, got[name])
		}
	}
	for _, name := range []string{"own", "foreign"} {
		a, asked := got[name]
		in := want == "in" || want == "none" || want == name || want == "mine" && name == "own" || want == "others" && name == "foreign"
		if asked && in != m.letIn(route, want, a) {
			t.Errorf("%s, %s: answered %d %s (%s), want %q", role, name, a.status, a.to, a.says(), want)
		}
	}
	m.visitor(t, route, role, want, got["absent"])
	if want == "no" {
		m.alike(t, route, role, got, "own", "foreign", "erased")
		return
	}
	if a := got["absent"]; !a.refused() && a.status < 400 && !m.excused(route, a) {
		t.Errorf("%s: what was never there is answered %d %s", role, a.status, a.to)
	}
	m.alike(t, route, role, got, "erased")
	if want == "own" {
		m.alike(t, route, role, got, "foreign")
	}
}

// letIn reads an answer. A post to a page that is anybody's of the role may fail for
// its empty form, which names nothing; where it matters whose the object is, the act
// has to be done.
func (m *matrix) letIn(route web.Route, want string, a answer) bool {
	switch {
	case want == "none":
		return a.status == http.StatusNotFound
	case route.Method == http.MethodGet:
		return !a.refused()
	case want == "in" || want == "no":
		return a.status != http.StatusUnauthorized && a.status != http.StatusForbidden && a.to != "/sign-in"
	}
	return a.admitted()
}

// alike holds answers to that for what was never there.
func (m *matrix) alike(t *testing.T, route web.Route, role access.Role, got map[string]answer, names ...string) {
	t.Helper()
	for _, name := range names {
		none := got["absent"]
		if name == "foreign" {
			none = got["absent to the colleague"]
		}
		if a, asked := got[name]; asked && a != none {
			t.Errorf("%s: %s is answered %d %s (%s), what was never there %d %s (%s)", role, name, a.status, a.to, a.says(), none.status, none.to, none.says())
		}
	}
}
