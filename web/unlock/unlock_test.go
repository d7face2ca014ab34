package unlock_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

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

// TestTheUnlockPageIsFitToBeSeen looks at it.
func TestTheUnlockPageIsFitToBeSeen(t *testing.T) {
	webtest.Look(t, lockedSite(t).URL, webtest.Visitor(), "/unlock")
}
