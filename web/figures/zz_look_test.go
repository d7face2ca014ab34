package figuresweb_test

import (
	"crypto/rand"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"homeward"
	"homeward/access"
	"homeward/figures"
	"homeward/internal/example"
	"homeward/vault"
	"homeward/web"
	"homeward/web/webtest"
)

func TestZZLook(t *testing.T) {
	clock := example.NewClock(example.Start)
	cheap := vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})
	h, err := homeward.Make(t.Context(), homeward.Config{Dir: t.TempDir(), Access: access.Options{Cost: access.Cost{MemoryKiB: 64, Time: 1, Threads: 1}, Fresh: 10000 * time.Hour}}, clock.Host(), vault.Passphrase([]byte(example.Passphrase), cheap))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	cast, err := example.Fill(t.Context(), h, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	clock.Put(example.Morning)
	handler, err := web.New(web.Site{Surface: web.Staff, Routes: h.Routes(), Sessions: h.Access, Reads: h.Ledger, Rand: rand.Reader, Plain: true, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	who := os.Getenv("WHO")
	if who == "" {
		who = example.Caseworker
	}
	link, err := h.Access.Link(t.Context(), cast.Users[who].ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := h.Access.UseLink(t.Context(), "", link)
	if err != nil {
		t.Fatal(err)
	}
	q := cast.Question
	claims, err := h.Figures.Claims(t.Context(), figures.Filter{Question: q}, figures.AsOf{})
	if err != nil {
		t.Fatal(err)
	}
	paths := strings.Fields(strings.NewReplacer("Q", q, "C0", claims[0].ID, "C1", claims[1].ID, "C2", claims[2].ID).Replace(os.Getenv("PATHS")))
	if os.Getenv("PRINT") != "" {
		tab := webtest.Open(t, server.URL+paths[0], webtest.View{Width: 720, Print: true, Cookies: map[string]string{"hw": token, "hw-l": "en"}})
		tab.Screenshot(os.Getenv("PRINT"))
		return
	}
	webtest.Look(t, server.URL, webtest.Staff(token), paths...)
}
