package story_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"homeward/casework"
	"homeward/intake"
	"homeward/internal/example"
	"homeward/statement"
	"homeward/web"
	"homeward/web/webtest"
)

// TestPages opens every page of the house in a browser, in three languages, on a
// telephone and a desk, in the light and in the dark, and fails for anything that is
// wrong with it: what axe finds, what the browser complains of, what runs off the
// screen, a word that was not translated.
func TestPages(t *testing.T) {
	t.Parallel()
	o := serve(t, "sqlite")
	pages := o.pages()
	o.coverEveryRoute(pages)
	for _, user := range []string{example.Caseworker, example.Coordinator, example.Administrator, example.Auditor} {
		t.Run(user, func(t *testing.T) {
			webtest.Look(t, o.staff.URL, webtest.Staff(o.token(user)), pages[user]...)
		})
	}
}

// pages are the addresses of the pages, by who reads them.
func (o *office) pages() map[string][]string {
	o.t.Helper()
	ctx := o.t.Context()
	inbox, err := o.house.Intake.Inbox(ctx, intake.Filter{})
	o.must(err)
	first := inbox[slices.IndexFunc(inbox, func(i intake.Item) bool { return i.Language == "ru" && i.Sounds > 0 })].Appeal
	broken := inbox[slices.IndexFunc(inbox, func(i intake.Item) bool { return len(i.NeedsFor) > 0 })].Appeal
	pending, err := o.house.Casework.Pending(ctx)
	o.must(err)
	letter := pending[slices.IndexFunc(pending, func(a casework.Approval) bool { return a.Deed == casework.DeedLetter })]
	grants, err := o.house.Ledger.OfKind(ctx, statement.Grant)
	o.must(err)
	list, err := o.house.Ledger.OfKind(ctx, statement.Return)
	o.must(err)
	releases, err := o.house.Ledger.OfKind(ctx, statement.Release)
	o.must(err)
	sheet := "/figures/" + o.cast.Question
	woman, child := "/people/"+o.cast.Woman, "/people/"+o.cast.ReturnKids[0]
	names, err := o.house.Ledger.About(ctx, o.cast.Woman)
	o.must(err)
	return map[string][]string{
		example.Caseworker: {
			"/today", "/tasks", "/help", "/account", "/account/password", "/account/authenticator", "/account/codes", "/confirm",
			"/inbox", "/appeals/" + first, "/appeals/" + broken, "/appeals/" + first + "/messages", "/appeals/" + first + "/erase",
			"/people", "/people?name=Аминат+Магомедова", "/people/new", "/people/reading", woman, child, woman + "/history", woman + "/said/" + names[1].ID,
			woman + "/same/" + o.cast.ReturnKids[0], woman + "/consents", woman + "/consents/new",
			woman + "/consents/new?recipient=" + o.cast.Ombudsman, "/consents/" + grants[0], woman + "/care", woman + "/erase", woman + "/returns/new",
			"/imports", "/imports/" + o.cast.Import, "/sources", "/sources/" + o.cast.Committee, "/places", "/places/" + o.cast.Places["Ain Issa"],
			"/recipients", "/recipients/" + o.cast.Ombudsman, "/recipients/" + o.cast.Ministry + "/care",
			"/letters", "/letters/" + o.cast.Letters[0], "/letters/" + o.cast.Letters[0] + "/print", "/letters/" + o.cast.Letters[1] + "/reply",
			"/letters/new", "/letters/letterhead", "/returns", "/returns/list", "/returns/" + list[0], "/approvals", "/match", "/compare",
			"/reading", "/estimates", "/figures", "/figures/new", sheet, sheet + "?view=time", sheet + "/claims/new", "/claims/" + o.cast.Figures["785"] + "/beside/" + o.cast.Figures["100"], "/claims/" + o.cast.Figures["785"],
		},
		example.Coordinator: {
			"/approvals/" + letter.ID, "/letters/" + o.cast.Letters[2], "/recipients/new", "/staff",
			sheet + "/releases/new", "/releases", "/releases/" + releases[0],
		},
		example.Administrator: {"/staff", "/staff/" + o.cast.Users[example.Second].ID, "/events"},
		example.Auditor:       {"/ledger", "/reads", "/returns"},
	}
}

// notPages are routes that answer with a file, lead elsewhere, or are looked at by
// the tests of their own room, each with the reason.
var notPages = map[string]string{
	"GET /files/{id}":            "a recording or a picture",
	"GET /files/{id}/original":   "a file to be saved",
	"GET /letters/{id}/document": "a PDF",
	"GET /unlock":                "of the locked office; looked at in web/unlock",
	"GET /sign-in":               "looked at in web/access",
	"GET /resume":                "looked at in web/access",
	"GET /link/{token}":          "looked at in web/access",
	"GET /activate":              "looked at in web/access",
	"GET /lists/{id}":            "a list being checked; looked at in web/register",
	"GET /compare/{id}":          "a list held against the register; looked at in web/lists",
	"GET /releases/{id}/file":    "a file to be saved",

	"GET /figures/{id}/download/{format}": "a file to be saved",
	"GET /reading/{id}":                   "an article on somebody's desk; looked at in web/reading",
	"GET /estimates/{id}":                 "an estimate on somebody's desk; looked at in web/estimates",
	"GET /import-runs/{id}":               "an import under way",
	"GET /imports/{id}/rows/{row}":        "a held row; looked at in web/register",
}

// coverEveryRoute fails for a page that nobody looks at.
func (o *office) coverEveryRoute(pages map[string][]string) {
	o.t.Helper()
	mux, seen := http.NewServeMux(), map[string]bool{}
	for _, r := range o.house.Routes() {
		if r.Method == "GET" && r.Surface == web.Staff {
			pattern := "GET " + r.Pattern
			mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
			seen[pattern] = notPages[pattern] != ""
		}
	}
	for _, paths := range pages {
		for _, path := range paths {
			_, pattern := mux.Handler(httptest.NewRequest("GET", path, nil))
			seen[pattern] = true
		}
	}
	for pattern, looked := range seen {
		if !looked {
			o.t.Errorf("nobody looks at the page %s: add it to pages, or to notPages with the reason", pattern)
		}
	}
}
