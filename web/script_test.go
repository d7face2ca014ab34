package web_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"homeward/access"
	"homeward/web"
	"homeward/web/webtest"
)

// hits is a search whose list changes while one types, and a form of the list's own.
func hits(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query().Get("q")
	body := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := fmt.Fprintf(w, `<h1>Search</h1><form method="get" action="/hits" data-swap="#hits"><label for="q">q</label><input id="q" name="q" value="%s" data-live><button>go</button></form>
<div id="hits"><p>hits for [%s]</p><a id="ask" href="/gone" data-confirm="Really?">remove</a></div>`, templ.EscapeString(q), templ.EscapeString(q))
		return err
	})
	return web.Render(w, r, web.Page{Title: "shell.people"}, body)
}

func hitSite(t *testing.T) string {
	t.Helper()
	route := web.Route{Method: "GET", Pattern: "/hits", Surface: web.Staff, Action: access.HomeRead,
		Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Unlogged, Handler: hits}
	h, err := web.New(web.Site{Surface: web.Staff, Routes: []web.Route{route}, Sessions: anybody{}, Rand: rand.Reader, Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// TestAPieceOfAPageChangesWithoutLoading types into a search under the pages' own
// policy: Trusted Types are on.
func TestAPieceOfAPageChangesWithoutLoading(t *testing.T) {
	who := map[string]string{"hw": "token", "hw-l": "en"}
	tab := webtest.Open(t, hitSite(t)+"/hits", webtest.View{Cookies: who})
	webtest.Value[bool](tab, "window.sameDocument = true")
	tab.Do(chromedp.SendKeys(chromedp.CSS("#q"), "Амин<b>"))
	want := "hits for [Амин<b>]"
	for range 100 {
		if strings.Contains(tab.Text("#hits"), want) {
			break
		}
		time.Sleep(30 * time.Millisecond)
	}
	if got := tab.Text("#hits"); !strings.Contains(got, want) {
		t.Fatalf("the list shows %q", got)
	}
	if !webtest.Value[bool](tab, "window.sameDocument === true && document.activeElement.id === 'q'") {
		t.Error("the page was loaded anew, or the cursor lost its place")
	}
	if got := webtest.Value[string](tab, "decodeURIComponent(location.search)"); got != "?q=Амин<b>" {
		t.Errorf("the address is %q", got)
	}
	// What came with the fragment is alive too.
	if !webtest.Value[bool](tab, `(() => { let asked = ""; window.confirm = (q) => { asked = q; return false; }; document.getElementById("ask").click(); return asked === "Really?" && location.pathname === "/hits"; })()`) {
		t.Error("a button of the new list does not ask")
	}
	for _, p := range tab.Problems() {
		t.Error(p)
	}
	plain := webtest.Open(t, hitSite(t)+"/hits", webtest.View{Cookies: who, NoScript: true})
	plain.Do(chromedp.SendKeys(chromedp.CSS("#q"), "x"), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("main button")))
		return err
	}))
	if got := plain.Text("#hits p"); got != "hits for [x]" {
		t.Errorf("without script the list shows %q", got)
	}
}

// TestThePolicyHolds tries what a text that became markup would try.
func TestThePolicyHolds(t *testing.T) {
	tab := webtest.Open(t, hitSite(t)+"/hits", webtest.View{Cookies: map[string]string{"hw": "token", "hw-l": "en"}})
	for name, attempt := range map[string]string{
		"markup by innerHTML":  `(() => { try { document.body.innerHTML = "<img src=x onerror=window.ran=1>"; return "done"; } catch (e) { return e.name; } })()`,
		"a second policy":      `(() => { try { trustedTypes.createPolicy("other", {}); return "done"; } catch (e) { return e.name; } })()`,
		"the same name again":  `(() => { try { trustedTypes.createPolicy("homeward", {createHTML: x => x}); return "done"; } catch (e) { return e.name; } })()`,
		"a string as a script": `(() => { try { setTimeout("window.ran = 1", 0); return "done"; } catch (e) { return e.name; } })()`,
	} {
		if got := webtest.Value[string](tab, attempt); got == "done" {
			t.Errorf("%s is not refused", name)
		}
	}
	if webtest.Value[bool](tab, "window.ran === 1") {
		t.Error("a script ran")
	}
}
