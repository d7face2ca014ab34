package public_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"homeward/intake"
	"homeward/web"
	"homeward/web/public"
	"homeward/web/webtest"
)

// watchedDoor remembers the files that came in.
type watchedDoor struct {
	*intake.Door
	mu    sync.Mutex
	files map[string][]byte
}

func (d *watchedDoor) Receive(ctx context.Context, token, receipt string, next func() (intake.Part, error)) (intake.Receipt, error) {
	return d.Door.Receive(ctx, token, receipt, func() (intake.Part, error) {
		part, err := next()
		if err != nil || !part.File {
			return part, err
		}
		content, err := io.ReadAll(part.Body)
		if err != nil {
			return part, err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.files[part.FileName] = content
		part.Body = bytes.NewReader(content)
		return part, nil
	})
}

var receiptText = regexp.MustCompile(`^([0-9A-Z]{4}\s*){6}$`)

func wantReceipt(t *testing.T, tab *webtest.Tab) string {
	t.Helper()
	text := tab.Text("ol.receipt")
	if !receiptText.MatchString(strings.TrimSpace(text)) {
		t.Fatalf("no receipt: %q", text)
	}
	return strings.Join(strings.Fields(text), " ")
}

func css(s string) chromedp.CSS { return chromedp.CSS(s) }

// TestTheFormInABrowser sends it without script and with, a file and a recorded
// voice, and comes back with the receipt.
func TestTheFormInABrowser(t *testing.T) {
	door := &watchedDoor{Door: newDoor(t, intake.Limits{}), files: map[string][]byte{}}
	server := newSite(t, public.Pages{Door: door})
	photo := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(photo, bytes.Repeat([]byte("p"), 300_000), 0o600); err != nil {
		t.Fatal(err)
	}

	t.Run("without script", func(t *testing.T) {
		tab := webtest.Open(t, server.URL+"/ru/report", webtest.View{Width: 390, NoScript: true})
		tab.Do(chromedp.SendKeys(css("#f-text"), "Она в лагере с октября."), submit())
		tab.Shot("receipt-no-script.ru.phone")
		receipt := wantReceipt(t, tab)
		tab.Do(chromedp.Navigate(server.URL+"/ar/receipt"), chromedp.SendKeys(css("#f-receipt"), receipt), submit())
		if got := tab.Text("h1"); got != "يمكنكم الآن إضافة شيء" {
			t.Errorf("coming back shows %q", got)
		}
		tab.Shot("opened.ar.phone")
	})
	t.Run("with script", func(t *testing.T) {
		tab := webtest.Open(t, server.URL+"/en/report", webtest.View{})
		tab.Do(chromedp.SendKeys(css("#f-text"), "Three lines"), chromedp.SetUploadFiles(css("#f-file"), []string{photo}),
			chromedp.Click(css(".actions .button-accent")))
		tab.Wait("ol.receipt")
		wantReceipt(t, tab)
		tab.Shot("receipt.en.desk")
		for _, v := range tab.Axe() {
			t.Error(v)
		}
		if len(door.files["photo.jpg"]) != 300_000 {
			t.Error("the photograph did not arrive")
		}
		complain(t, tab)
	})
	t.Run("a recorded voice", func(t *testing.T) {
		tab := webtest.Open(t, server.URL+"/en/voice", webtest.View{Width: 390})
		tab.Do(chromedp.Click(css("[data-record]")))
		tab.Wait("[data-stop]")
		time.Sleep(1200 * time.Millisecond) // speaking takes time
		tab.Shot("recording.en.phone")
		tab.Do(chromedp.Click(css("[data-stop]")))
		tab.Wait("[data-ready]")
		tab.Shot("recorded.en.phone")
		tab.Do(chromedp.Click(css(".actions .button-accent")))
		tab.Wait("ol.receipt")
		voice := door.files["voice.webm"]
		if len(voice) < 500 || !bytes.HasPrefix(voice, []byte{0x1a, 0x45, 0xdf, 0xa3}) && !bytes.HasPrefix(voice, []byte("OggS")) {
			t.Errorf("the recording has %d bytes", len(voice))
		}
		complain(t, tab)
	})
}

// submit presses the form's main button and waits for the next page.
func submit() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Click(css(".actions .button-accent")))
		return err
	})
}

func complain(t *testing.T, tab *webtest.Tab) {
	t.Helper()
	for _, p := range tab.Problems() {
		t.Error(p)
	}
}

// TestLeaveNow leads to the other page, with script in the place of this one.
func TestLeaveNow(t *testing.T) {
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" && r.Header.Get("Referer") != "" {
			t.Error("the other page learns where the reader came from")
		}
		if _, err := io.WriteString(w, "<h1 class=weather>weather</h1>"); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(away.Close)
	server := webtest.Serve(t)(web.New(web.Site{Surface: web.Public, Routes: public.Pages{Door: newDoor(t, intake.Limits{})}.Routes(), Rand: rand.Reader, Plain: true, Leave: away.URL + "/"}))
	for _, noScript := range []bool{true, false} {
		tab := webtest.Open(t, server.URL+"/en/report", webtest.View{NoScript: noScript})
		tab.Do(chromedp.Click(css(".button-leave")))
		if !noScript {
			tab.Wait("h1.weather")
		}
		if noScript {
			if got := tab.Text("h1.weather"); got != "weather" {
				t.Errorf("without script one comes to %q", got)
			}
			continue
		}
		history, err := chromedp.Run(tab.Context, chromedp.NavigationEntries())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range history.Entries {
			if strings.HasPrefix(e.URL, server.URL) {
				t.Errorf("going back would show %s", e.URL)
			}
		}
	}
}
