package public_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"homeward/intake"
	"homeward/internal/host"
	"homeward/vault"
	"homeward/web"
	"homeward/web/public"
	"homeward/web/webtest"
)

// thread is an office that is unlocked and has answered once to one receipt.
type thread struct{ receipt string }

func (t thread) Lookup(_ context.Context, text string) (intake.Thread, error) {
	if r, err := intake.ParseReceipt(text); err != nil || r.String() != t.receipt {
		return intake.Thread{}, intake.ErrReceipt
	}
	return intake.Thread{Appeal: "a"}, nil
}

func newDoor(t *testing.T, limits intake.Limits) *intake.Door {
	t.Helper()
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	door, err := intake.NewDoor(vault.Door{OfficeID: "o", Recipient: identity.Recipient(), Secret: bytes.Repeat([]byte{7}, 32)}, dir, host.System(), limits)
	if err != nil {
		t.Fatal(err)
	}
	return door
}

func newSite(t *testing.T, p public.Pages) *httptest.Server {
	t.Helper()
	return webtest.Serve(t)(web.New(web.Site{Surface: web.Public, Routes: p.Routes(), Rand: rand.Reader, Plain: true}))
}

// form is what a browser sends: fields and files in the order of the page.
type form struct {
	body *bytes.Buffer
	*multipart.Writer
}

func newForm(t *testing.T, fields ...string) form {
	t.Helper()
	f := form{body: &bytes.Buffer{}}
	f.Writer = multipart.NewWriter(f.body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := f.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func (f form) file(t *testing.T, field, name string, content []byte) {
	t.Helper()
	w, err := f.CreateFormFile(field, name)
	if err == nil {
		_, err = w.Write(content)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (f form) send(t *testing.T, url string) (status int, page string) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return read(t, func() (*http.Response, error) {
		return http.Post(url, f.FormDataContentType(), bytes.NewReader(f.body.Bytes()))
	})
}

func read(t *testing.T, ask func() (*http.Response, error)) (int, string) {
	t.Helper()
	answer, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if len(answer.Cookies()) > 0 {
		t.Errorf("a public page sets a cookie")
	}
	return answer.StatusCode, string(page)
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	return read(t, func() (*http.Response, error) { return http.Get(url) })
}

var (
	tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)
	groups     = regexp.MustCompile(`<li>([0-9A-Z]{4})</li>`)
)

func tokenOf(t *testing.T, page string) string {
	t.Helper()
	m := tokenField.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the form has no token")
	}
	return m[1]
}

func receiptOf(page string) string {
	var all []string
	for _, m := range groups.FindAllStringSubmatch(page, -1) {
		all = append(all, m[1])
	}
	return strings.Join(all, "-")
}

// TestAReportIsTakenWhileTheOfficeIsLocked walks as a browser without script does:
// the form, a voice message and three lines, the receipt, and back with it.
func TestAReportIsTakenWhileTheOfficeIsLocked(t *testing.T) {
	t.Parallel()
	server := newSite(t, public.Pages{Door: newDoor(t, intake.Limits{})})
	_, page := get(t, server.URL+"/ru/report")
	f := newForm(t, "token", tokenOf(t, page), "language", "ru", "text", "три строки\nо ней\nи детях", "contact", "receipt_only")
	f.file(t, "voice", "voice.ogg", []byte("OggS not really"))
	status, page := f.send(t, server.URL+"/ru/report")
	receipt := receiptOf(page)
	if status != http.StatusOK || len(receipt) != 29 {
		t.Fatalf("status %d, receipt %q", status, receipt)
	}
	if strings.Contains(page, "три строки") || strings.Contains(page, "voice.ogg") {
		t.Error("the receipt's page shows what was sent")
	}
	if _, again := f.send(t, server.URL+"/ru/report"); receiptOf(again) != receipt {
		t.Errorf("the same form again gives %q, not %q", receiptOf(again), receipt)
	}
	status, page = openReceipt(t, server.URL, strings.ToLower(strings.ReplaceAll(receipt, "-", " ")))
	if status != http.StatusOK || !strings.Contains(page, `name="receipt" value="`+receipt+`"`) {
		t.Fatalf("coming back while locked: status %d", status)
	}
	_, page = newForm(t, "token", tokenOf(t, page), "receipt", receipt, "text", "и ещё").send(t, server.URL+"/ru/report")
	if receiptOf(page) != receipt {
		t.Errorf("an addition is answered with %q", receiptOf(page))
	}
}

func openReceipt(t *testing.T, server, receipt string) (int, string) {
	t.Helper()
	return read(t, func() (*http.Response, error) {
		return http.PostForm(server+"/ru/receipt", map[string][]string{"receipt": {receipt}})
	})
}

// TestWhatIsNotTakenSaysSo gives the form back with what was typed, and the reason.
func TestWhatIsNotTakenSaysSo(t *testing.T) {
	t.Parallel()
	server := newSite(t, public.Pages{Door: newDoor(t, intake.Limits{File: 1000, Report: 4000, Files: 2})})
	_, page := get(t, server.URL+"/en/report")
	token := tokenOf(t, page)
	for name, c := range map[string]struct {
		fields []string
		files  [][]byte
		status int
	}{
		"nothing":    {fields: []string{"token", token, "language", "en"}, status: 422},
		"no token":   {fields: []string{"text", "kept words"}, status: 422},
		"bad token":  {fields: []string{"token", "x", "text", "kept words"}, status: 422},
		"large file": {fields: []string{"token", token, "text", "kept words"}, files: [][]byte{make([]byte, 1500)}, status: 413},
		"many files": {fields: []string{"token", token, "text", "kept words"}, files: [][]byte{{1}, {2}, {3}}, status: 413},
		"very large": {fields: []string{"token", token, "text", "kept words"}, files: [][]byte{make([]byte, 3<<20)}, status: 413},
	} {
		f := newForm(t, c.fields...)
		for _, content := range c.files {
			f.file(t, "file", "a.jpg", content)
		}
		status, page := f.send(t, server.URL+"/en/report")
		if status != c.status || receiptOf(page) != "" {
			t.Errorf("%s: status %d, want %d; receipt %q", name, status, c.status, receiptOf(page))
		}
		if !strings.Contains(page, "as not taken") && !strings.Contains(page, "othing was taken") {
			t.Errorf("%s: the page does not say that it was not taken", name)
		}
		if len(c.files) > 0 && !strings.Contains(page, "kept words") {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
}

// TestWrongReceiptsAreAlike compares, byte for byte, what a mistyped receipt, a
// well-formed one that nobody was given and a revoked one show.
func TestWrongReceiptsAreAlike(t *testing.T) {
	t.Parallel()
	door := newDoor(t, intake.Limits{})
	open := newSite(t, public.Pages{Door: door, Threads: thread{}})
	locked := newSite(t, public.Pages{Door: door})
	_, page := get(t, open.URL+"/ru/report")
	_, page = newForm(t, "token", tokenOf(t, page), "text", "x").send(t, open.URL+"/ru/report")
	revoked := receiptOf(page) // the house gave it, and nothing is found with it
	other := newDoor(t, intake.Limits{})
	token, err := other.Token()
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := intake.ParseReceipt("0000-0000-0000-0000-0000-0000")
	if err != nil {
		t.Fatalf("%v %v", err, token)
	}
	_, want := openReceipt(t, open.URL, "abc")
	for name, c := range map[string]struct{ server, receipt string }{
		"revoked": {open.URL, revoked}, "never given": {open.URL, foreign.String()}, "empty": {open.URL, ""}, "locked": {locked.URL, "abc"},
	} {
		if status, got := openReceipt(t, c.server, c.receipt); got != want || status != http.StatusOK {
			t.Errorf("a receipt that is wrong (%s) is answered differently", name)
		}
	}
	answered := newSite(t, public.Pages{Door: door, Threads: thread{revoked}, Messages: oneMessage})
	_, right := openReceipt(t, answered.URL, revoked)
	if !strings.Contains(right, "Мы получили") {
		t.Error("a right receipt shows no answer")
	}
	if len(right) != len(want) {
		t.Errorf("a right receipt's page has %d bytes, a wrong one's %d", len(right), len(want))
	}
}

func oneMessage(_ context.Context, _, language string) ([]public.Message, error) {
	return []public.Message{{Day: time.Date(2019, 10, 20, 0, 0, 0, 0, time.UTC), Text: "Мы получили ответ на письмо.", Language: language}}, nil
}

// TestPublicPagesAreLight weighs each page with its style sheets and scripts, and
// looks for addresses of other hosts.
func TestPublicPagesAreLight(t *testing.T) {
	t.Parallel()
	server := newSite(t, public.Pages{Door: newDoor(t, intake.Limits{})})
	link := regexp.MustCompile(`(?:src|href|action)="([^"]*)"`)
	for _, path := range []string{"/", "/report", "/voice", "/receipt", "/privacy"} {
		for _, lang := range []string{"en", "ru", "ar"} {
			status, page := get(t, server.URL+"/"+lang+path)
			if status != http.StatusOK {
				t.Errorf("%s%s is %d", lang, path, status)
			}
			weight := len(page)
			for _, m := range link.FindAllStringSubmatch(page, -1) {
				switch {
				case strings.HasPrefix(m[1], "/static/"):
					_, asset := get(t, server.URL+m[1])
					weight += len(asset)
				case !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "#") || strings.HasPrefix(m[1], "//"):
					t.Errorf("%s%s leads away: %s", lang, path, m[1])
				}
			}
			if weight > 50_000 {
				t.Errorf("%s%s weighs %d bytes", lang, path, weight)
			}
			if n := strings.Count(page, "style="); n > 0 || strings.Contains(page, "<style") {
				t.Errorf("%s%s has %d styles inside", lang, path, n)
			}
		}
	}
}

// TestItSaysFirstWhatItCannotProtect looks, on each page with a field in which one can
// type or attach, whether the warning stands before the first of them; the page of a
// receipt that was opened, and a form that comes back, are such pages too.
func TestItSaysFirstWhatItCannotProtect(t *testing.T) {
	t.Parallel()
	server := newSite(t, public.Pages{Door: newDoor(t, intake.Limits{})})
	for lang, warning := range map[string]string{"en": "may remember the page", "ru": "может запомнить страницу", "ar": "قد يتذكر هذا الهاتف"} {
		pages := map[string]string{}
		for _, path := range []string{"/report", "/voice", "/receipt"} {
			_, pages[path] = get(t, server.URL+"/"+lang+path)
		}
		_, pages["an open receipt"] = read(t, func() (*http.Response, error) {
			return http.PostForm(server.URL+"/"+lang+"/receipt", map[string][]string{"receipt": {"0000-0000-0000-0000-0000-0000"}})
		})
		_, pages["a form that comes back"] = newForm(t, "token", tokenOf(t, pages["/report"])).send(t, server.URL+"/"+lang+"/report")
		for name, page := range pages {
			field := regexp.MustCompile(`<textarea|<input[^>]*type="(?:text|file)"`).FindStringIndex(page)
			said := strings.Index(page, warning)
			if field == nil || said < 0 || said > field[0] {
				t.Errorf("%s of %s: the warning stands at %d, the first field at %v", lang, name, said, field)
			}
			if len(page) > 50_000 {
				t.Errorf("%s of %s has %d bytes", lang, name, len(page))
			}
		}
	}
}

// TestNothingIsPromisedThatNobodyEnforces: how long copies of the keys are kept, and
// that nobody's address ever leaves, is nothing that the program sees to.
func TestNothingIsPromisedThatNobodyEnforces(t *testing.T) {
	t.Parallel()
	server := newSite(t, public.Pages{Door: newDoor(t, intake.Limits{})})
	for lang, promises := range map[string][]string{
		"en": {"thirty days", "are never passed on"}, "ru": {"тридцать дней", "не передаются никогда"}, "ar": {"ثلاثين يومًا", "لا تُنقل أبدًا"},
	} {
		_, page := get(t, server.URL+"/"+lang+"/privacy")
		for _, promise := range promises {
			if strings.Contains(page, promise) {
				t.Errorf("%s promises %q", lang, promise)
			}
		}
	}
}

// TestPublicPagesAreFitToBeSeen looks at each of them.
func TestPublicPagesAreFitToBeSeen(t *testing.T) {
	server := newSite(t, public.Pages{Door: newDoor(t, intake.Limits{}), Name: "Example Office (invented)"})
	webtest.Look(t, server.URL, webtest.Public(), "/", "/report", "/voice", "/receipt", "/privacy")
}

// TestEveryFailureSaysWhetherItWasTaken meets what is not the door's own answer.
func TestEveryFailureSaysWhetherItWasTaken(t *testing.T) {
	t.Parallel()
	server := newSite(t, public.Pages{Door: newDoor(t, intake.Limits{})})
	want := "Without a receipt your message was not taken"
	status, page := read(t, func() (*http.Response, error) {
		return http.Post(server.URL+"/en/report", "application/json", strings.NewReader("{}"))
	})
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
		t.Errorf("what is no form: status %d", status)
	}
	for range 100 {
		if status, page = newForm(t, "a", "b").send(t, server.URL+"/en/report"); status == http.StatusTooManyRequests {
			break
		}
	}
	if status != http.StatusTooManyRequests || !strings.Contains(page, want) {
		t.Errorf("too often: status %d", status)
	}
}
