package webtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
