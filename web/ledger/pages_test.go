package ledgerweb_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"homeward/access"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/internal/locale"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
	"homeward/web"
	ledgerweb "homeward/web/ledger"
	"homeward/web/webtest"
)

// office is the pages over a real ledger, whose verification finds what a test says.
type office struct {
	*testing.T
	access *access.Access
	ledger ledgertest.Office
	server *httptest.Server
	found  []ledger.Finding
}

func open(t *testing.T) *office {
	t.Helper()
	o := &office{T: t}
	h := host.System()
	main := dbtest.SQLite(t)
	keyring, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	o.must(err)
	t.Cleanup(func() { keyring.Close() }) //nolint:errcheck // a test's
	o.ledger = ledgertest.Open(t, main, keyring, h)
	o.access, err = access.New(main, o.ledger.Vault, o.ledger.Root.Derive("access"), o.ledger.Root.OfficeID(), h, access.Options{Cost: webtest.Cost})
	o.must(err)
	_, err = o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, Statements: []statement.Statement{
		ledgertest.Opens(ledgertest.ID(t), statement.Person)}})
	o.must(err)
	pages := ledgerweb.Pages{Ledger: o.ledger.Ledger, Staff: o.access, Key: func() string { return o.ledger.VerifierKey().String() }, Verify: func(context.Context) (ledger.Report, error) {
		return ledger.Report{Epoch: 1, Entries: 1234, Findings: o.found, Databases: []db.Checkup{{Name: "homeward.db", Pages: 99, Checksums: true, Indexes: true}}}, nil
	}}
	o.server = webtest.Serve(t)(web.New(web.Site{Surface: web.Staff, Routes: pages.Routes(), Sessions: o.access, Reads: o.ledger.Ledger, Rand: rand.Reader, Plain: true}))
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) hire(name string, role access.Role) (id, token string) {
	o.Helper()
	return webtest.Hire(o, o.access, name, role)
}

// ask gives a page; it fails when the status is another or a word is missing.
func (o *office) ask(method, path, token string, status int, texts ...string) string {
	o.Helper()
	kind := ""
	if method == http.MethodPost {
		kind = "application/x-www-form-urlencoded"
	}
	return webtest.Browse(o, o.server.URL, webtest.Staff(token)).Ask(method, path, kind, nil).Wants(status, texts...).Page
}

// TestProof shows where the log stands, and what a verification found.
func TestProof(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, auditor := o.hire("Audi Tor", access.Auditor)
	_, admin := o.hire("Ad Min", access.Administrator)
	note, err := o.ledger.Checkpoint(t.Context())
	o.must(err)
	key := o.ledger.VerifierKey().String()
	_, caseworker := o.hire("Case Worker", access.Caseworker)
	for _, token := range []string{auditor, admin} {
		o.ask("GET", "/ledger", token, 200, note, key, "epoch 1", "Verify everything now", "1 statement", "No place outside is named")
	}
	o.ask("GET", "/ledger", caseworker, 403)
	o.ask("GET", "/reads", admin, 403)
	o.ask("POST", "/ledger/verify", auditor, 200, "Nothing was altered", "1,234 statements", "homeward.db: 99 pages", "Every index")
	for _, kind := range []ledger.FindingKind{ledger.Altered, ledger.Deleted, ledger.Inserted, ledger.Swapped, ledger.Resealed, ledger.RolledBack,
		ledger.Forked, ledger.KeyGone, ledger.OutOfOrder, ledger.Damaged} {
		o.found = append(o.found, ledger.Found(kind, "ledger_statement", "the-id", 71, "columns", "columns", "recorded_by"))
	}
	o.found = append(o.found, ledger.Found(ledger.Damaged, "ledger_leaf", "", -1, "page", "name", "homeward.db", "page", int64(143)))
	o.found = append(o.found, ledger.Finding{Kind: ledger.Altered, Index: -1, Code: "of_a_later_version", What: "its own words"})
	o.ask("POST", "/ledger/verify", admin, 200, "12 things are not as they were recorded", "its key is missing", "ledger_statement", "the-id", "71",
		"not as recorded: recorded_by", "page 143 of homeward.db is not what was written", "its own words")
}

// TestFindings: whatever a verification can say has words in every language, with the
// same things filled in; the English ones are those of the command line.
func TestFindings(t *testing.T) {
	t.Parallel()
	place := regexp.MustCompile(`{{\.(\w+)}}`)
	for _, code := range ledger.Codes() {
		english := ledger.English(code)
		var args []any
		for _, m := range place.FindAllStringSubmatch(english, -1) {
			args = append(args, m[1], "<"+m[1]+">")
		}
		said := ledger.Found(ledger.Altered, "", "", -1, code, args...).What
		if got := locale.For("en").T("proof.finding."+code, args...); got != said {
			t.Errorf("%s is %q on the page and %q on the command line", code, got, said)
		}
		for _, language := range []string{"ru", "ar"} {
			words := locale.For(language).T("proof.finding."+code, args...)
			if strings.Contains(words, "⟦") || words == said || strings.Contains(words, "<no value>") {
				t.Errorf("%s in %s is %q", code, language, words)
			}
			for i := 1; i < len(args); i += 2 {
				if !strings.Contains(words, args[i].(string)) {
					t.Errorf("%s in %s leaves out %s: %q", code, language, args[i], words)
				}
			}
		}
	}
	for _, p := range []ledger.Place{ledger.Nowhere, ledger.Kept, ledger.Behind, ledger.Missing} {
		if !locale.Has("proof.outside." + string(p)) {
			t.Errorf("%s has no words", p)
		}
	}
}

// TestWhoLooked shows the newest first, one colleague alone, and page after page.
func TestWhoLooked(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, auditor := o.hire("Audi Tor", access.Auditor)
	she, caseworker := o.hire("Case Worker", access.Caseworker)
	person := ledgertest.ID(t)
	for _, r := range access.Rules {
		o.must(o.ledger.Read(t.Context(), she, string(r.Action), person))
	}
	o.must(o.ledger.Read(t.Context(), ledgertest.ID(t), "of.another.version", ""))
	page := o.ask("GET", "/reads", auditor, 200, "the log of reads", "Audi Tor", "a former colleague", "of.another.version", "Case Worker", "a search for people", person)
	if strings.Index(page, "of.another.version") > strings.Index(page, "a search for people") {
		t.Error("the newest is not first")
	}
	alone := o.ask("GET", "/reads?user="+she, auditor, 200, "a search for people")
	if strings.Contains(alone, "of.another.version") {
		t.Error("another's reads are shown")
	}
	for range 100 {
		o.must(o.ledger.Read(t.Context(), she, string(access.PersonRead), person))
	}
	page = o.ask("GET", "/reads?user="+she, auditor, 200)
	older := regexp.MustCompile(`/reads\?before=\d+&user=[0-9a-f-]+`).FindString(page)
	if older == "" {
		t.Fatal("no way to older reads")
	}
	o.ask("GET", older, auditor, 200, "a search for people", "rel=\"prev\"")
	o.ask("GET", "/reads", caseworker, 403)
	o.ask("GET", "/reads?before=x&user=nobody", auditor, 200)
}

func TestPages(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a browser")
	}
	o := open(t)
	_, token := o.hire("Audi Tor", access.Auditor)
	webtest.Look(t, o.server.URL, webtest.Staff(token), "/ledger", "/reads")
}
