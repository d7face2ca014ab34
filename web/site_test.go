package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"homeward/access"
	"homeward/internal/problem"
)

// sessions is a door that knows its tokens: each is the name of a role.
type sessions struct{}

func (sessions) Session(_ context.Context, token string) (access.Session, error) {
	role, ok := access.RoleOf(strings.TrimSuffix(token, "-locked"))
	if !ok {
		return access.Session{}, access.ErrNoSession
	}
	return access.Session{ID: "s", Locked: strings.HasSuffix(token, "-locked"), User: access.User{ID: "u-" + token, Role: role, Name: "Mesi"}}, nil
}

func text(body string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, body)
		return err
	})
}

func page(body string) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return Render(w, r, Page{Title: "shell.people"}, text(body))
	}
}

// secret stands for a name; it may not reach a log.
const secret = "Аминат-canary"

// one is a page about one object, with every way to fail.
func one(w http.ResponseWriter, r *http.Request) error {
	switch r.PathValue("id") {
	case "broken":
		panic(secret)
	case "wrong":
		return errors.New("the disk said no")
	case "half":
		if _, err := io.WriteString(w, "half a page"); err != nil {
			return err
		}
		return errors.New("and then no more")
	case "file":
		return Attach(w, r, "список.html", "text/html", strings.NewReader("<script>"))
	case "sound":
		return Show(w, r, "audio/ogg", strings.NewReader("OggS"))
	}
	return problem.New(problem.NotFound, "test.none", "There is no such record", "look again")
}

func change(w http.ResponseWriter, r *http.Request) error {
	form, err := ReadForm(r)
	if err != nil {
		return err
	}
	return Redirect(w, r, form.Get("to"), "locale.days", 3)
}

// testRoutes are one of each kind.
func testRoutes() []Route {
	get := Route{Method: "GET", Pattern: "/people", Surface: Staff, Action: access.PeopleSearch, Body: NoBody, Rate: Work, Cache: NoStore, Audit: Unlogged, Handler: page("people")}
	post := get
	post.Method, post.Action, post.Body, post.Audit, post.Handler = "POST", access.PersonWrite, 64, Act, change
	object := get
	object.Pattern, object.Audit, object.Handler = "/people/{id}", Logged, one
	signIn := get
	signIn.Pattern, signIn.Action, signIn.Handler = "/sign-in", access.SessionOpen, page("who")
	public := get
	public.Surface, public.Pattern, public.Action, public.Cache, public.Handler = Public, "/{$}", access.PublicRead, Shared, page("start")
	voice := public
	voice.Pattern, voice.Microphone, voice.Cache = "/voice", true, NoStore
	send := public
	send.Method, send.Pattern, send.Action, send.Body, send.Cache = "POST", "/report", access.ReportSend, Form, NoStore
	return []Route{get, post, object, signIn, public, voice, send}
}

func newSite(t *testing.T, change func(*Site)) http.Handler {
	t.Helper()
	s := Site{Surface: Staff, Routes: testRoutes(), Sessions: sessions{}, Rand: rand.Reader, Plain: true}
	if change != nil {
		change(&s)
	}
	h, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func onPublic(s *Site) { s.Surface, s.Sessions = Public, nil }

func ask(h http.Handler, method, path, token, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr = "198.51.100.7:4711"
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		r.AddCookie(&http.Cookie{Name: tokenCookie, Value: token})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestARouteWithoutAFieldDoesNotStart leaves out one after the other.
func TestARouteWithoutAFieldDoesNotStart(t *testing.T) {
	t.Parallel()
	whole := testRoutes()[0]
	for field, spoil := range map[string]func(*Route){
		"Method": func(r *Route) { r.Method = "" }, "Pattern": func(r *Route) { r.Pattern = "people" }, "Surface": func(r *Route) { r.Surface = 0 },
		"Action": func(r *Route) { r.Action = "no.rule" }, "Body": func(r *Route) { r.Body = 0 }, "Rate": func(r *Route) { r.Rate = Rate{} },
		"Cache": func(r *Route) { r.Cache = 0 }, "Audit": func(r *Route) { r.Audit = 0 }, "Handler": func(r *Route) { r.Handler = nil },
		"a sensitive answer": func(r *Route) { r.Audit, r.Cache = Logged, Shared },
		"changes something":  func(r *Route) { r.Method, r.Body, r.Cache = "POST", Form, Shared },
	} {
		r := whole
		spoil(&r)
		_, err := New(Site{Surface: Staff, Routes: []Route{r}, Rand: rand.Reader})
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("without %s: %v", field, err)
		}
	}
	if _, err := New(Site{Surface: Staff, Routes: []Route{whole, whole}, Rand: rand.Reader}); err == nil {
		t.Error("two routes at one address start")
	}
	if _, err := New(Site{Surface: Staff, Routes: []Route{whole}, Rand: rand.Reader}); err != nil {
		t.Errorf("a whole route does not start: %v", err)
	}
}

// TestTheRuleDecides asks as each role.
func TestTheRuleDecides(t *testing.T) {
	t.Parallel()
	h := newSite(t, nil)
	for token, want := range map[string]int{"caseworker": 200, "coordinator": 200, "analyst": 403, "administrator": 403, "auditor": 403, "": 303, "nonsense": 303, "caseworker-locked": 403} {
		if got := ask(h, "GET", "/people", token, "").Code; got != want {
			t.Errorf("GET /people as %q is %d, want %d", token, got, want)
		}
	}
	if got := ask(h, "POST", "/people", "", "to=/").Code; got != http.StatusUnauthorized {
		t.Errorf("a form of nobody is %d", got)
	}
}

// TestStatuses answers each kind of failure with its page.
func TestStatuses(t *testing.T) {
	t.Parallel()
	h := newSite(t, nil)
	for _, c := range []struct {
		method, path, body string
		status             int
		shows              string
	}{
		{"GET", "/people/none", "", 404, "There is no such record"},
		{"GET", "/no/such", "", 404, "There is no such page"},
		{"DELETE", "/people", "", 405, "does not take that kind"},
		{"TRACE", "/people", "", 405, ""},
		{"POST", "/people", "to=" + strings.Repeat("x", 100), 413, "larger than this page takes"},
		{"POST", "/people", "to=%zz", 422, "could not be read"},
		{"POST", "/people", "to=//evil.example/", 404, ""},
		{"POST", "/people", "to=https://evil.example/", 404, ""},
		{"POST", "/people", "to=/people", 303, ""},
		{"GET", "/people/wrong", "", 500, "Reference"},
		{"GET", "/people/broken", "", 500, "Reference"},
	} {
		w := ask(h, c.method, c.path, "caseworker", c.body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.shows) {
			t.Errorf("%s %s is %d, want %d with %q", c.method, c.path, w.Code, c.status, c.shows)
		}
		if strings.Contains(w.Body.String(), "the disk said no") || strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s %s shows what only the log may", c.method, c.path)
		}
	}
	if allow := ask(h, "DELETE", "/people", "caseworker", "").Header().Get("Allow"); allow != "GET, HEAD, POST" {
		t.Errorf("405 allows %q", allow)
	}
}

// TestAnAnswerThatBrokeOffIsCutOff does not let half a page look whole.
func TestAnAnswerThatBrokeOffIsCutOff(t *testing.T) {
	t.Parallel()
	defer func() {
		if v := recover(); v != http.ErrAbortHandler {
			t.Errorf("the connection is not aborted: %v", v)
		}
	}()
	ask(newSite(t, nil), "GET", "/people/half", "caseworker", "")
}

// TestLogsHoldNoContent reads everything that was logged.
func TestLogsHoldNoContent(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := newSite(t, func(s *Site) {
		s.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	for _, path := range []string{"/people", "/people/broken", "/people/wrong", "/people/none?name=" + secret, "/x/" + secret, "/people/" + secret} {
		ask(h, "GET", path, "caseworker", "", "User-Agent", secret, "Referer", "https://x/"+secret)
	}
	ask(h, "POST", "/csp-report", "", `{"blocked":"`+secret+`"}`)
	for _, leak := range []string{"canary", "198.51.100", "u-caseworker", "%D0"} {
		if strings.Contains(log.String(), leak) {
			t.Errorf("the log holds %q:\n%s", leak, log.String())
		}
	}
	for _, kept := range []string{`"route":"/people/{id}"`, `"status":404`, "the disk said no", "panic of type string", "content policy"} {
		if !strings.Contains(log.String(), kept) {
			t.Errorf("the log does not say %q", kept)
		}
	}
}

// reads is a log of reads that may be full.
type reads struct {
	seen []string
	err  error
}

func (r *reads) Read(_ context.Context, user, action, object string) error {
	r.seen = append(r.seen, user+" "+action+" "+object)
	return r.err
}

// TestNothingIsShownThatIsNotWrittenDown asks with a log of reads, and with a full
// one.
func TestNothingIsShownThatIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	log := &reads{}
	h := newSite(t, func(s *Site) { s.Reads = log })
	id := "0192a0de-0000-7000-8000-000000000001"
	ask(h, "GET", "/people/"+id, "caseworker", "")
	if len(log.seen) != 1 || log.seen[0] != "u-caseworker people.search "+id {
		t.Errorf("written down: %v", log.seen)
	}
	// An address may hold anything; what is no id of a record is not kept for ever.
	for _, path := range []string{"..%2F..%2Fkeys", "sound", strings.ToUpper(id), id + "x", "%00", "0192a0de_0000_7000_8000_000000000001"} {
		log.seen = nil
		ask(h, "GET", "/people/"+path, "caseworker", "")
		if len(log.seen) != 1 || log.seen[0] != "u-caseworker people.search " {
			t.Errorf("%s is written down as %q", path, log.seen)
		}
	}
	log.err = errors.New("full")
	if w := ask(h, "GET", "/people/sound", "caseworker", ""); w.Code != 500 || strings.Contains(w.Body.String(), "OggS") {
		t.Errorf("shown although it was not written down: %d", w.Code)
	}
}

// TestOtherSitesAreRefused sends what a foreign page would make a browser send.
func TestOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	staff, public := newSite(t, nil), newSite(t, onPublic)
	for _, r := range testRoutes() {
		if r.Method == http.MethodGet {
			continue
		}
		h, path := staff, r.Pattern
		if r.Surface == Public {
			h, path = public, "/en"+r.Pattern
		}
		for _, site := range []string{"cross-site", "same-site"} {
			if got := ask(h, r.Method, path, "caseworker", "to=/", "Sec-Fetch-Site", site).Code; got != http.StatusForbidden {
				t.Errorf("%s from a %s page is %d", r.name(), site, got)
			}
		}
		if got := ask(h, r.Method, path, "caseworker", "to=/", "Sec-Fetch-Site", "same-origin").Code; got == http.StatusForbidden {
			t.Errorf("%s from our own page is refused", r.name())
		}
	}
	if got := ask(staff, "POST", "/people", "caseworker", "to=/", "Origin", "https://evil.example").Code; got != http.StatusForbidden {
		t.Errorf("an old browser's foreign form is %d", got)
	}
	if got := ask(public, "POST", "/en/report", "", "to=/", "Origin", "null").Code; got != http.StatusOK {
		t.Errorf("an old telephone's report is %d", got)
	}
}

// TestLanguages chooses by prefix, by cookie, by address and by browser.
func TestLanguages(t *testing.T) {
	t.Parallel()
	public, staff := newSite(t, onPublic), newSite(t, nil)
	w := ask(public, "GET", "/voice", "", "", "Accept-Language", "ce,ru;q=0.8")
	if w.Code != http.StatusFound || w.Header().Get("Location") != "/ru/voice" || w.Header().Get("Vary") != "Accept-Language" {
		t.Errorf("a public address without a language: %d %v", w.Code, w.Header())
	}
	if w := ask(public, "GET", "/ar/", "", ""); !strings.Contains(w.Body.String(), `<html lang="ar" dir="rtl"`) || len(w.Result().Cookies()) > 0 {
		t.Errorf("an Arabic address: %d", w.Code)
	}
	for _, path := range []string{"/de/", "/ru", "/xx/voice"} {
		if w := ask(public, "GET", path, "", ""); path != "/ru" && w.Code != http.StatusNotFound || path == "/ru" && w.Code != http.StatusOK {
			t.Errorf("%s is %d", path, w.Code)
		}
	}
	if w := ask(public, "GET", "/nothing", "", "", "Accept-Language", "ru"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `href="/ru/report"`) {
		t.Errorf("an address that is not there: %d", w.Code)
	}
	for _, headers := range [][]string{{"Cookie", "hw-l=ru"}, {"Accept-Language", "ru"}} {
		if w := ask(staff, "GET", "/people", "caseworker", "", headers...); !strings.Contains(w.Body.String(), `lang="ru"`) {
			t.Errorf("%v does not choose Russian", headers)
		}
	}
	w = ask(staff, "GET", "/people?language=ar", "caseworker", "")
	if !strings.Contains(w.Body.String(), `lang="ar"`) || w.Result().Cookies()[0].Value != "ar" {
		t.Error("an address that names a language does not choose it")
	}
	w = ask(staff, "POST", "/language", "", "language=ru&back=//evil.example")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
		t.Errorf("choosing a language leads to %q", w.Header().Get("Location"))
	}
}

// TestCookies look as TRUST.md asks, over https and over plain http.
func TestCookies(t *testing.T) {
	t.Parallel()
	for plain, name := range map[bool]string{true: "hw-f", false: "__Host-hw-f"} {
		h := newSite(t, func(s *Site) { s.Plain = plain })
		r := httptest.NewRequest("POST", "/people", strings.NewReader("to=/people"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: strings.TrimSuffix(name, "-f"), Value: "caseworker"})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		cookies := w.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("plain %v: %v", plain, cookies)
		}
		c := cookies[0]
		if c.Name != name || c.Secure == plain || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("plain %v: %v", plain, c)
		}
	}
}

// TestASentenceIsShownOnce follows a redirect twice.
func TestASentenceIsShownOnce(t *testing.T) {
	t.Parallel()
	h := newSite(t, nil)
	flash := ask(h, "POST", "/people", "caseworker", "to=/people").Result().Cookies()[0]
	w := ask(h, "GET", "/people", "caseworker", "", "Cookie", flash.Name+"="+flash.Value)
	if !strings.Contains(w.Body.String(), "3 days") {
		t.Error("what was done is not said")
	}
	if left := w.Result().Cookies(); len(left) != 1 || left[0].MaxAge >= 0 {
		t.Errorf("it is said again: %v", left)
	}
	for _, forged := range []string{"<script>", "no.such.id", "shell.people:<b>", "shell.people:9999999999999999999999"} {
		if w := ask(h, "GET", "/people", "caseworker", "", "Cookie", flash.Name+"="+forged); strings.Contains(w.Body.String(), "data-flash") {
			t.Errorf("the forged cookie %q is shown", forged)
		}
	}
}

// TestWhereSheWantedToGo is remembered over signing in.
func TestWhereSheWantedToGo(t *testing.T) {
	t.Parallel()
	h := newSite(t, nil)
	w := ask(h, "GET", "/people/7?tab=kin", "", "")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/sign-in" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	back := w.Result().Cookies()[0]
	r := httptest.NewRequest("GET", "/sign-in", nil)
	r = r.WithContext(context.WithValue(r.Context(), frameKey{}, &frame{site: &Site{Plain: true}}))
	r.AddCookie(back)
	if got := Back(httptest.NewRecorder(), r); got != "/people/7?tab=kin" {
		t.Errorf("after signing in one comes to %q", got)
	}
}

// TestRates counts by network and by user, and forgives with time.
func TestRates(t *testing.T) {
	t.Parallel()
	now := time.Date(2019, 10, 13, 0, 0, 0, 0, time.UTC)
	h := newSite(t, func(s *Site) {
		s.Now = func() time.Time { return now }
		for i := range s.Routes {
			s.Routes[i].Rate = Rate{Name: "test", Burst: 3, Every: time.Minute}
		}
	})
	try := func(token, from string) int {
		return ask(h, "GET", "/sign-in", token, "", "X-Forwarded-For", from).Code
	}
	for i, want := range []int{200, 200, 200, 429, 429} {
		if got := try("", "203.0.113.1"); got != want {
			t.Errorf("request %d is %d, want %d", i, got, want)
		}
	}
	if got := try("caseworker", ""); got != 200 {
		t.Errorf("a user pays for her network: %d", got)
	}
	if got := try("", "203.0.113.99"); got != 429 {
		t.Errorf("a header changes who one is: %d", got)
	}
	now = now.Add(time.Minute)
	if got := try("", ""); got != 200 {
		t.Errorf("after a minute it is %d", got)
	}
	if got := try("", ""); got != 429 {
		t.Errorf("and then %d", got)
	}
}

// FuzzNetwork has no header break the counting.
func FuzzNetwork(f *testing.F) {
	f.Add("10.0.0.1:5", "1.2.3.4, 10.0.0.2")
	f.Add("[2001:db8::1]:5", "::ffff:1.2.3.4")
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		s := &Site{Proxies: prefixes("10.0.0.0/8", "2001:db8::/32")}
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", forwarded)
		if s.network(r) == "" {
			t.Error("no network")
		}
	})
}

// TestADeedThatNeedsFreshProof leads to the page that asks for it.
func TestADeedThatNeedsFreshProof(t *testing.T) {
	t.Parallel()
	h := newSite(t, func(s *Site) {
		for i := range s.Routes {
			if s.Routes[i].Pattern == "/people" {
				s.Routes[i].Handler = func(http.ResponseWriter, *http.Request) error { return access.ErrConfirm }
			}
		}
		confirm := s.Routes[0]
		confirm.Pattern, confirm.Handler = "/confirm", page("again")
		s.Routes = append(s.Routes, confirm)
	})
	if w := ask(h, "GET", "/people", "caseworker", ""); w.Header().Get("Location") != "/confirm" || w.Result().Cookies()[0].Value != "/people" {
		t.Errorf("a page leads to %q", w.Header().Get("Location"))
	}
	if w := ask(h, "POST", "/people", "caseworker", "a=b"); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), `href="/confirm"`) {
		t.Errorf("a form is answered with %d", w.Code)
	}
}
