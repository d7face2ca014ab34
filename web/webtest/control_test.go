package webtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"homeward/access"
)

// badPage has one of everything that Look must find.
const badPage = `<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><main><h1>x</h1>
<p>words</p><input name="nameless"><img src="https://example.invalid/x.png" alt="">
<div class="wide" style="width:3000px">wide</div>⟦some.id⟧<script src="/fails.js"></script></main></body></html>`

// TestLookFindsWhatIsWrong is the control: a page with faults must not pass.
func TestLookFindsWhatIsWrong(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := badPage
		if r.URL.Path == "/fails.js" {
			w.Header().Set("Content-Type", "text/javascript")
			body = "throw new Error('broken')"
		} else {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "style-src 'self'; script-src 'self'")
		}
		if _, err := io.WriteString(w, body); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	tab := Open(t, server.URL+"/", View{Width: 390})
	found := map[string]bool{}
	for _, v := range tab.Axe() {
		found[v.ID] = true
	}
	if !found["label"] {
		t.Errorf("axe does not find the field without a label: %v", found)
	}
	problems := strings.Join(tab.Problems(), "\n")
	for _, want := range []string{"Content Security Policy", "asks another host: https://example.invalid/x.png", "script failed"} {
		if !strings.Contains(problems, want) {
			t.Errorf("%q is not found in:\n%s", want, problems)
		}
	}
	if got := Value[string](tab, foreign); got != "https://example.invalid/x.png" {
		t.Errorf("foreign addresses: %q", got)
	}
	if got := Value[string](tab, missing); got != "⟦some.id⟧" {
		t.Errorf("missing words: %q", got)
	}
}

// TestATabKeepsNothingOfThePageBefore is the control of looking at page after page in
// one tab: what is wrong is found on each, and told of none that comes after.
func TestATabKeepsNothingOfThePageBefore(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
		body := `<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><main><h1>x</h1></main></body></html>`
		if r.URL.Path == "/bad" {
			body = `<!DOCTYPE html><html><body><input name="nameless"><script>localStorage.setItem("kept", "yes"); throw new Error("broken")</script></body></html>`
		}
		if _, err := io.WriteString(w, body); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	view := Staff("token").In("en")
	tab := Open(t, server.URL+"/", view)
	for _, path := range []string{"/bad", "/good", "/bad", "/good"} {
		tab.goTo(server.URL+path, view)
		kept := Value[string](tab, `document.cookie.split("; ").sort().join() + (localStorage.getItem("kept") || "")`)
		axe, said := tab.Axe(), tab.Problems()
		if bad := path == "/bad"; bad != (len(axe) > 0) || bad != (len(said) > 0) || !bad && kept != "hw-l=en,hw=token,seen=yes" {
			t.Errorf("%s: axe finds %v, the browser says %v, it keeps %q", path, axe, said, kept)
		}
	}
}

// watching takes the place of a test that must fail.
type watching struct {
	testing.TB
	said string
}

func (w *watching) Helper()                           {}
func (w *watching) Errorf(format string, args ...any) { w.said += fmt.Sprintf(format, args...) }
func (w *watching) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	runtime.Goexit()
}

// TestAReaderFindsWhatIsWrong: each of a reader's demands fails on a page that does
// not meet it, and none on one that does.
func TestAReaderFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	server := Serve(t)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := "she is &lt;here&gt;"
		if r.URL.Path == "/unsaid" {
			body = "⟦some.id⟧"
		}
		if _, err := io.WriteString(w, body); err != nil {
			t.Error(err)
		}
	}), nil)
	for demand, c := range map[string]struct {
		wrong bool
		try   func(*Reader)
	}{
		"another status":  {true, func(r *Reader) { r.Get("/").Wants(404) }},
		"a text":          {true, func(r *Reader) { r.Get("/").Wants(200, "gone") }},
		"no text":         {true, func(r *Reader) { r.Get("/").Lacks("<here>") }},
		"no text as sent": {true, func(r *Reader) { r.Get("/").Lacks("&lt;here") }},
		"a pattern":       {true, func(r *Reader) { r.Get("/").Find("gone(.)") }},
		"another place":   {true, func(r *Reader) { r.Get("/").WantsFrom("/there") }},
		"words":           {true, func(r *Reader) { r.Get("/unsaid") }},
		"nothing more":    {false, func(r *Reader) { r.Get("/").WantsFrom("/").Wants(200, "<here>").Lacks("gone").Find("she is (.)") }},
	} {
		w := &watching{TB: t}
		ended := make(chan bool)
		go func() {
			defer close(ended)
			c.try(Browse(w, server.URL, Visitor()))
		}()
		if <-ended; c.wrong != (w.said != "") {
			t.Errorf("a reader who wants %s says %q", demand, w.said)
		}
	}
}

// TestTheDoorKnowsItsTokens and nobody else's.
func TestTheDoorKnowsItsTokens(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "nobody", ".also", "caseworker.also.also"} {
		if _, err := (Door{Fresh: true}).Session(t.Context(), token); err == nil {
			t.Errorf("the token %q is let in", token)
		}
	}
	one, err := Door{}.Session(t.Context(), As(access.Caseworker).cookies[tokenCookie])
	if err != nil || one.User.ID != Worker || one.User.Role != access.Caseworker || !one.FreshUntil.IsZero() {
		t.Errorf("a caseworker is %+v, %v", one, err)
	}
	two, err := Door{Fresh: true}.Session(t.Context(), AlsoAs(access.Auditor).cookies[tokenCookie])
	if err != nil || two.User.ID != Another || two.ID == one.ID || two.FreshUntil.IsZero() {
		t.Errorf("another auditor is %+v, %v", two, err)
	}
}
