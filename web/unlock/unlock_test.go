package unlock_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"homeward/access"
	"homeward/vault"
	"homeward/web"
	"homeward/web/unlock"
	"homeward/web/webtest"
)

func lockedSite(t *testing.T) *httptest.Server {
	t.Helper()
	pages := unlock.Pages{Unlock: func(_ context.Context, passphrase []byte) error {
		if string(passphrase) != "right" {
			return vault.ErrWrongKey
		}
		return nil
	}}
	h, err := web.New(web.Site{Surface: web.Staff, Locked: true, Routes: pages.Routes(), Rand: rand.Reader, Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

// TestALockedOfficeShowsUnlockingAndNothingElse asks for pages of all kinds.
func TestALockedOfficeShowsUnlockingAndNothingElse(t *testing.T) {
	t.Parallel()
	server := lockedSite(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{"/", "/inbox", "/people/1", "/help", "/sign-in"} {
		answer, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/unlock" {
			t.Errorf("%s is %d, to %q", path, answer.StatusCode, answer.Header.Get("Location"))
		}
	}
	for passphrase, want := range map[string]int{"wrong": http.StatusForbidden, "": http.StatusForbidden, "right": http.StatusSeeOther} {
		answer, err := client.Post(server.URL+"/unlock", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"passphrase": {passphrase}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != want {
			t.Errorf("the passphrase %q is answered with %d, want %d", passphrase, answer.StatusCode, want)
		}
	}
	answer, err := client.Post(server.URL+"/people", "application/x-www-form-urlencoded", strings.NewReader("a=b"))
	if err != nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a form sent to a locked office: %v %v", answer, err)
	}
}

// TestWhoWroteWhileItWasLockedIsTold sends a form to a locked office: the answer says, in
// each language, that nothing was kept and how the text is saved.
func TestWhoWroteWhileItWasLockedIsTold(t *testing.T) {
	t.Parallel()
	server := lockedSite(t)
	for language, words := range map[string][]string{
		"en": {"nothing that you sent was kept", "Leave this page open", "copy the text"},
		"ru": {"ничего из отправленного не сохранено", "Не закрывайте эту страницу", "скопируйте текст"},
		"ar": {"لم يُحفظ شيء مما أرسلته", "اترك هذه الصفحة مفتوحة", "انسخ النص"},
	} {
		request, _ := http.NewRequest(http.MethodPost, server.URL+"/people", strings.NewReader("text=a"))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Accept-Language", language)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if !strings.Contains(string(page), w) {
				t.Errorf("%s: the page of a locked office does not say %q", language, w)
			}
		}
	}
}

// TestTheUnlockPageIsFitToBeSeen looks at it.
func TestTheUnlockPageIsFitToBeSeen(t *testing.T) {
	webtest.Look(t, lockedSite(t).URL, webtest.Visitor(), "/unlock")
}

// TestThePageLeftOpenSendsTheFormAgain does in a browser what that page says: the office
// is unlocked, the page is loaded again, and the text arrives.
func TestThePageLeftOpenSendsTheFormAgain(t *testing.T) {
	arrived := make(chan string, 1)
	open, err := web.New(web.Site{Surface: web.Staff, Rand: rand.Reader, Plain: true, Routes: []web.Route{
		{Method: "POST", Pattern: "/unlock", Surface: web.Staff, Action: access.OfficeUnlock, Body: web.Form, Rate: web.Browse, Cache: web.NoStore, Audit: web.Unlogged,
			Handler: func(w http.ResponseWriter, r *http.Request) error {
				form, err := web.ReadForm(r)
				arrived <- form.Get("passphrase")
				return errors.Join(err, web.Redirect(w, r, "/static/none", ""))
			}}}})
	if err != nil {
		t.Fatal(err)
	}
	away, err := web.New(web.Site{Surface: web.Staff, Locked: true, Rand: rand.Reader, Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	asking := lockedSite(t)
	var now atomic.Pointer[http.Handler]
	now.Store(&asking.Config.Handler)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*now.Load()).ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	tab := webtest.Open(t, server.URL+"/unlock", webtest.View{})
	tab.Wait("#f-passphrase")
	now.Store(&away)
	tab.Do(chromedp.SendKeys("#f-passphrase", "her own words"), chromedp.Submit("#f-passphrase"))
	tab.Wait(".problem")
	now.Store(&open)
	tab.Do(chromedp.Reload())
	select {
	case text := <-arrived:
		if text != "her own words" {
			t.Errorf("arrived is %q", text)
		}
	case <-time.After(10 * time.Second):
		t.Error("the page was loaded again, and nothing arrived")
	}
}
