package homeward_test

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"homeward"
	"homeward/access"
	"homeward/internal/example"
	"homeward/letters"
	"homeward/vault"
	"homeward/web"
)

// inPath is a part of a route's pattern that stands for an id.
var inPath = regexp.MustCompile(`\{[a-z]+\}`)

// TestNoRouteGivesOutTheUnmarkedPaperOfALetterThatNobodyApproved asks every staff route
// that takes an id, with the letter's and with its file's, as those who work on cases.
func TestNoRouteGivesOutTheUnmarkedPaperOfALetterThatNobodyApproved(t *testing.T) {
	clock := example.NewClock(example.Start)
	config := homeward.Config{Dir: t.TempDir(), Access: access.Options{Cost: access.Cost{MemoryKiB: 64, Time: 1, Threads: 1}, Reads: 1 << 30, Fresh: 10_000 * time.Hour}}
	cheap := vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})
	h, err := homeward.Make(t.Context(), config, clock.Host(), vault.Passphrase([]byte(example.Passphrase), cheap))
	ok(t, err)
	t.Cleanup(func() { ok(t, h.Close()) })
	cast, err := example.Fill(t.Context(), h, clock, nil)
	ok(t, err)
	l := unapproved(t, h, cast)
	paper := l.Paper.PDF("")
	ask := asking(t, h, cast)
	marked := 0
	for _, route := range h.Routes() {
		if route.Surface != web.Staff || !inPath.MatchString(route.Pattern) || strings.HasPrefix(route.Pattern, "/approvals/") && route.Method == http.MethodPost {
			continue
		}
		for _, id := range []string{l.Document, l.ID} {
			for _, who := range []string{example.Caseworker, example.Coordinator} {
				body := ask(route.Method, inPath.ReplaceAllString(route.Pattern, id), who)
				if bytes.Contains(body, paper[:len(paper)/2]) || bytes.Contains(body, paper[len(paper)/2:]) {
					t.Errorf("%s %s gives a %s the unmarked paper", route.Method, route.Pattern, who)
				}
				if bytes.HasPrefix(body, []byte("%PDF")) {
					marked++
				}
			}
		}
	}
	if marked != 2 {
		t.Errorf("the letter's own page gave out the marked paper %d times, want it for both", marked)
	}
}

// unapproved is a letter of the example that waits for its second person.
func unapproved(t *testing.T, h *homeward.House, cast *example.Cast) letters.Letter {
	t.Helper()
	for _, id := range cast.Letters {
		l, err := h.Letters.Letter(t.Context(), id)
		ok(t, err)
		if l.State.Mark() != "" {
			return l
		}
	}
	t.Fatal("the example has no letter that waits")
	return letters.Letter{}
}

// asking gives what asks the staff pages as somebody of the example, and what they say.
func asking(t *testing.T, h *homeward.House, cast *example.Cast) func(method, path, who string) []byte {
	t.Helper()
	var asked atomic.Int64 // the clock runs ahead, so that nobody asks too often
	site, err := web.New(web.Site{
		Surface: web.Staff, Routes: h.Routes(), Sessions: h.Access, Reads: h.Access.Counted(h.Ledger), Rand: rand.Reader, Plain: true,
		Now: func() time.Time { return h.Host.Now().Add(time.Duration(asked.Add(1)) * time.Minute) },
	})
	ok(t, err)
	return func(method, path, who string) []byte {
		t.Helper()
		link, err := h.Access.Link(t.Context(), cast.Users[who].ID, time.Hour)
		ok(t, err)
		token, _, err := h.Access.UseLink(t.Context(), "", link)
		ok(t, err)
		r := httptest.NewRequest(method, path, strings.NewReader(url.Values{"why": {"a test"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "hw", Value: token})
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		return w.Body.Bytes()
	}
}
