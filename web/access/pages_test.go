package accessweb_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"homeward/access"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/internal/locale"
	"homeward/vault/vaulttest"
	"homeward/web"
	accessweb "homeward/web/access"
	"homeward/web/webtest"
)

const password = "Вишня летит над тихой водой 7"

// office is the door's pages before a real house.
type office struct {
	*testing.T
	access *access.Access
	server *httptest.Server
	mu     sync.Mutex
	time   time.Time
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.time
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.time = o.time.Add(d)
}

func open(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, time: time.Now()}
	h := host.System()
	h.Now = o.now
	keyring, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keyring.Close() }) //nolint:errcheck // a test's
	root, v := vaulttest.Open(t, keyring, h)
	o.access, err = access.New(dbtest.SQLite(t), v, root.Derive("access"), vaulttest.Office, h, access.Options{Cost: webtest.Cost})
	if err != nil {
		t.Fatal(err)
	}
	o.server = webtest.Serve(t)(web.New(web.Site{Surface: web.Staff, Routes: accessweb.Pages{Access: o.access}.Routes(), Sessions: o.access, Rand: rand.Reader, Now: o.now, Plain: true}))
	return o
}

// hire makes an account from the console and gives a session by a one-time link.
func (o *office) hire(name string, role access.Role) (id, token string) {
	o.Helper()
	return webtest.Hire(o, o.access, name, role)
}

// browser is one browser with its cookies.
type browser struct{ *webtest.Reader }

func (o *office) browser(token string) browser {
	o.Helper()
	who := webtest.Visitor()
	if token != "" {
		who = webtest.Staff(token)
	}
	return browser{webtest.Browse(o, o.server.URL, who)}
}

func (b browser) get(path string) browser {
	b.Helper()
	b.Get(path)
	return b
}

// post sends a form of names and values in turn.
func (b browser) post(path string, pairs ...string) browser {
	b.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	b.Post(path, form)
	return b
}

// wants holds an answer to where it came from, too.
func (b browser) wants(status int, path string, texts ...string) browser {
	b.Helper()
	b.WantsFrom(path).Wants(status, texts...)
	return b
}

func (o *office) code(secret string) string {
	o.Helper()
	code, err := totp.GenerateCodeCustom(strings.ReplaceAll(secret, " ", ""), o.now(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		o.Fatal(err)
	}
	return code
}

// TestTheWayIn walks from an invitation to a day's work, as three people in three
// browsers.
func TestTheWayIn(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, adminToken := o.hire("Admin One", access.Administrator)
	_, leadToken := o.hire("Lead Two", access.Coordinator)
	admin, lead, she := o.browser(adminToken), o.browser(leadToken), o.browser("")

	admin.get("/staff").wants(200, "/staff", "Admin One", "Invite somebody")
	admin.post("/staff", "name", "Амина Н.", "user", "bad name", "role", "caseworker").wants(422, "/staff", "A user name has 2 to 64 letters", `value="Амина Н."`)
	admin.post("/staff", "name", "Амина Н.", "user", "amina", "role", "king").wants(422, "/staff", "The office has no such role")
	code := admin.post("/staff", "name", "Амина Н.", "user", "amina", "role", "caseworker").wants(200, "/staff", "shown this once").Find(`<code class="reference" dir="ltr">([0-9A-Z ]+)</code>`)

	she.get("/account").wants(200, "/sign-in", "Activate your account")
	she.post("/activate", "activation", "0000").wants(403, "/activate", "The activation code is wrong")
	she.post("/activate", "activation", strings.ToLower(code)).wants(200, "/activate", "Амина Н.", "Caseworker")
	secret, sealed := she.Find(`<code class="secret" dir="ltr">([A-Z2-7 ]+)</code>`), she.Find(`name="sealed" value="([^"]+)"`)
	she.post("/activate/finish", "activation", code, "sealed", sealed, "new", "амина амина 2019", "first", o.code(secret)).wants(422, "/activate/finish", "guessed first", secret)
	she.post("/activate/finish", "activation", code, "sealed", sealed, "new", password, "first", "000000").wants(422, "/activate/finish", "does not fit the authenticator", secret)
	she.post("/activate/finish", "activation", code, "sealed", sealed, "new", password, "first", o.code(secret)).wants(200, "/activate/finish", "recovery codes", "Somebody has to admit you first")
	paper := she.Find(`<li><code>([0-9A-Z ]+)</code></li>`)
	o.pass(30 * time.Second)
	she.post("/sign-in", "user", "amina", "password", password, "code", o.code(secret)).wants(403, "/sign-in", "nobody has admitted it yet")

	page := lead.get("/staff").wants(200, "/staff", "waits to be admitted").Find(`href="(/staff/[0-9a-f-]+)"><bdi>Амина`)
	admin.post(page+"/admit").wants(403, page+"/admit", "nor by the one who asked for it")
	lead.post(page+"/admit").wants(200, page, "The account is admitted", "active")
	lead.post(page+"/disable").wants(403, page+"/disable", "Your role does not do this")

	o.pass(30 * time.Second)
	she.post("/sign-in", "user", "amina", "password", "wrong", "code", o.code(secret)).wants(403, "/sign-in", "do not go together", `value="amina"`)
	she.post("/sign-in", "user", "AMINA", "password", password, "code", o.code(secret)).wants(200, "/account", "My account", "signed in", "sign-in refused")
	she.get("/staff").wants(403, "/staff", "Your role does not do this")

	// The laptop changes hands and comes back.
	she.post("/lock-screen").wants(200, "/resume", "The screen is locked", "АН")
	she.get("/account").wants(200, "/resume")
	held := she.Find(`name="session" value="([^"]+)"`)
	she.post("/resume", "session", held, "password", "wrong").wants(403, "/resume", "do not go together")
	she.post("/resume", "session", held, "password", password).wants(200, "/account", "My account")

	// The telephone is lost.
	she.get("/account/authenticator").wants(200, "/account/authenticator")
	fresh, sealed := she.Find(`<code class="secret" dir="ltr">([A-Z2-7 ]+)</code>`), she.Find(`name="sealed" value="([^"]+)"`)
	she.post("/account/authenticator", "sealed", sealed, "first", "000000", "password", password, "code", paper).wants(422, "/account/authenticator", fresh)
	she.post("/account/authenticator", "sealed", sealed, "first", o.code(fresh), "password", password, "code", paper).wants(200, "/account", "authenticator is replaced")
	o.pass(30 * time.Second)
	she.post("/account/password", "new", "short", "password", password, "code", o.code(fresh)).wants(422, "/account/password", "shorter than 15")
	she.post("/account/password", "new", "семь белых лодок без вёсел", "password", password, "code", o.code(fresh)).wants(200, "/account", "The password is changed")
	o.pass(30 * time.Second)
	she.post("/account/codes", "password", password, "code", o.code(fresh)).wants(403, "/account/codes", "do not go together")
	she.post("/account/codes", "password", "семь белых лодок без вёсел", "code", o.code(fresh)).wants(200, "/account/codes", "Write these recovery codes down")
	o.pass(30 * time.Second)
	she.get("/confirm?to=%2Faccount").wants(200, "/confirm")
	she.post("/confirm", "to", "/account", "password", "семь белых лодок без вёсел", "code", o.code(fresh)).wants(200, "/account")
	o.pass(30 * time.Second)
	she.post("/confirm", "to", "https://elsewhere.example/", "password", "семь белых лодок без вёсел", "code", o.code(fresh)).wants(404, "/confirm")

	// She leaves.
	admin.get("/events").wants(200, "/events", "authenticator replaced", "Амина Н.")
	admin.post(page+"/end-sessions").wants(200, page, "All sessions have ended")
	she.get("/account").wants(200, "/sign-in")
	admin.post(page+"/role", "role", "analyst").wants(200, page, "waits to be admitted")
	admin.post(page+"/start-over").wants(200, page+"/start-over", "shown this once")
	admin.post(page+"/disable").wants(200, page, "closed")
	admin.post("/sign-out").wants(200, "/sign-in")
	admin.get("/staff").wants(200, "/sign-in")
}

// TestAsksAgain finds a session open, some minutes after its user signed in.
func TestAsksAgain(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, token := o.hire("Admin One", access.Administrator)
	id, _ := o.hire("Other", access.Analyst)
	admin := o.browser(token)
	o.pass(6 * time.Minute)
	admin.get("/staff").wants(200, "/staff")
	admin.post("/staff", "name", "Mallory", "user", "mallory", "role", "coordinator").wants(403, "/staff", "password and code once more", `href="/confirm"`)
	admin.post("/staff/"+id+"/disable").wants(403, "/staff/"+id+"/disable", "password and code once more")
	if u, err := o.access.User(t.Context(), id); err != nil || u.State == access.Disabled {
		t.Errorf("the account is %s, %v", u.State, err)
	}
}

func TestOneTimeLink(t *testing.T) {
	t.Parallel()
	o := open(t)
	id, _ := o.hire("Demo", access.Analyst)
	link, err := o.access.Link(t.Context(), id, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	b := o.browser("")
	for range 2 { // a link that is only looked at, by whatever program, opens nothing
		b.get("/link/"+link).wants(200, "/link/"+link, "Sign in")
	}
	b.post("/link", "token", link).wants(200, "/help", "Demo") // the one page an analyst has on this small site
	b.get("/account").wants(200, "/account", "Demo")
	o.browser("").post("/link", "token", link).wants(403, "/link", "link is wrong")

	o.browser("").Ask(http.MethodGet, "/link/"+link, "", nil, "X-Forwarded-For", "203.0.113.9").Wants(404)
}

// TestSecretsAreNotKept looks for a secret in every address and cookie of the
// walk that shows it.
func TestSecretsAreNotKept(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, token := o.hire("Admin One", access.Administrator)
	b := o.browser(token)
	b.post("/staff", "name", "New", "user", "new.one", "role", "analyst")
	code := b.Find(`<code class="reference" dir="ltr">([0-9A-Z ]+)</code>`)
	b.get("/staff")
	if strings.Contains(b.Page, code) {
		t.Error("the staff list shows the code again")
	}
	for _, c := range b.Cookies() {
		if c.Value == token && c.Name != "hw" || strings.Contains(c.Value, strings.ReplaceAll(code, " ", "")) {
			t.Errorf("cookie %s holds a secret", c.Name)
		}
	}
}

// TestPagesAreFitToBeSeen looks at every page of the door.
func TestPagesAreFitToBeSeen(t *testing.T) {
	o := open(t)
	adminID, adminToken := o.hire("Администратор Один", access.Administrator)
	_, leadToken := o.hire("Мадина К.", access.Coordinator)
	id, _, err := o.access.Invite(t.Context(), adminID, access.NewUser{Name: "أمينة ن.", UserName: "amina", Email: "amina@example.org", Role: access.Caseworker})
	if err != nil {
		t.Fatal(err)
	}
	_, parked := o.hire("Лейла М.", access.Caseworker)
	if err := o.access.LockScreen(t.Context(), parked); err != nil {
		t.Fatal(err)
	}
	webtest.Look(t, o.server.URL, webtest.Staff(""), "/sign-in", "/activate")
	webtest.Look(t, o.server.URL, webtest.Staff(parked), "/resume")
	webtest.Look(t, o.server.URL, webtest.Staff(adminToken), "/staff", "/staff/"+id, "/events", "/account", "/account/password", "/account/authenticator", "/account/codes", "/confirm")
	webtest.Look(t, o.server.URL, webtest.Staff(leadToken), "/staff/"+id)
}

// TestActivationInABrowser goes through the pages that only a post shows.
func TestActivationInABrowser(t *testing.T) {
	o := open(t)
	adminID, adminToken := o.hire("Admin One", access.Administrator)
	_, code, err := o.access.Invite(t.Context(), adminID, access.NewUser{Name: "Амина Н.", UserName: "amina", Role: access.Caseworker})
	if err != nil {
		t.Fatal(err)
	}
	tab := webtest.Open(t, o.server.URL+"/activate", onPhone(webtest.Visitor(), "ru"))
	look := func(name string) {
		t.Helper()
		tab.Shot(name)
		for _, v := range tab.Axe() {
			t.Errorf("%s: %s", name, v)
		}
		for _, problem := range tab.Problems() {
			t.Errorf("%s: %s", name, problem)
		}
		if wide := webtest.Value[int](tab, "document.documentElement.scrollWidth"); wide > 390 {
			t.Errorf("%s is %d pixels wide", name, wide)
		}
	}
	tab.Do(fill("activation", code), submit())
	look("activate-enrol.ru.phone")
	secret := webtest.Value[string](tab, `document.querySelector("code.secret").textContent`)
	tab.Do(fill("new", "парольпарольпароль"), fill("first", "000000"), submit())
	look("activate-refused.ru.phone")
	tab.Do(fill("new", password), fill("first", o.code(secret)), submit())
	look("activate-ready.ru.phone")
	if got := webtest.Value[int](tab, `document.querySelectorAll("ol.codes li").length`); got != 10 {
		t.Errorf("%d recovery codes are shown", got)
	}

	tab = webtest.Open(t, o.server.URL+"/staff", onPhone(webtest.Staff(adminToken), "ar"))
	tab.Do(fill("name", "سلمى ع."), fill("user", "salma"), submit())
	look("staff-invited.ar.phone")
	if got := tab.Text(".activation-code"); len(strings.Fields(got)) != 6 {
		t.Errorf("the code is shown as %q", got)
	}
}

func onPhone(who webtest.Who, lang string) webtest.View {
	v := who.In(lang)
	v.Width = 390
	return v
}

func fill(field, text string) chromedp.Action[chromedp.Void] {
	return chromedp.SendKeys(chromedp.CSS("#f-"+field), text)
}

// submit presses the main button and waits for the answer.
func submit() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(".actions .button-accent")))
		return err
	})
}

// TestEveryEventHasItsWord asks for the words that pages put together.
func TestEveryEventHasItsWord(t *testing.T) {
	t.Parallel()
	for _, kind := range access.EventKinds {
		if id := "event." + string(kind); !locale.Has(id) {
			t.Errorf("%s has no word", id)
		}
	}
}
