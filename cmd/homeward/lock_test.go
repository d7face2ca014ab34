package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward"
	"homeward/casework"
	"homeward/internal/host"
	"homeward/vault"
)

// TestNobodyIsCutOffByALock sends reports and writes tasks one after the other, through
// connections that stay open, while the office is locked and unlocked again and again.
// Every request has an answer, in words where it could not be done, and whatever was
// acknowledged is there afterwards. A recording that arrives slowly while the office
// is locked gets its receipt.
func TestNobodyIsCutOffByALock(t *testing.T) {
	p := startOffice(t, "--lock-after", "0")
	p.run("user", "add", "zarema", "--role", "caseworker")
	token := p.session("zarema")
	w := &writers{t: t, stop: make(chan struct{})}
	public, staff := p.address("public"), p.address("staff")
	for n := range 3 {
		w.all.Go(func() { w.task(staff, token, n) })
	}
	var senders [8]*http.Client
	for n := range senders {
		senders[n] = client(n)
	}
	w.all.Go(func() { w.slowReport(public) })
	for range 5 {
		for n, c := range senders {
			tokens := w.forms(c, public, 12)
			w.all.Go(func() { w.report(c, public, n, tokens) })
		}
		p.run("lock")
		p.settle()
		p.unlock()
	}
	close(w.stop)
	w.all.Wait()
	p.end()
	t.Logf("%d reports and %d tasks were acknowledged, %d tasks were not taken, in words", len(w.receipts), len(w.tasks), w.refused)
	if len(w.receipts) < 50 || len(w.tasks) < 20 || w.refused == 0 {
		t.Error("too little happened for a lock to fall between it")
	}
	p.hasAll(w.receipts, w.tasks)
}

// writers are the people on both sides of the door.
type writers struct {
	t    *testing.T
	stop chan struct{}
	all  sync.WaitGroup

	mu              sync.Mutex
	receipts, tasks []string // what was acknowledged
	refused         int
}

// client gives the browser of somebody at an address of her own, so that she is
// counted alone.
func client(n int) *http.Client {
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(n+1), 1)}}
	return &http.Client{
		Transport:     &http.Transport{DialContext: from.DialContext},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       time.Minute,
	}
}

func (w *writers) stopped() bool {
	select {
	case <-w.stop:
		return true
	case <-time.After(20 * time.Millisecond): // thinking
		return false
	}
}

var (
	formToken = regexp.MustCompile(`name="token" value="([^"]+)"`)
	receiptIn = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}([\s-]+[0-9A-HJKMNP-TV-Z]{4}){5}`)
	tag       = regexp.MustCompile(`<[^>]*>`)
)

// answer sends a request and reads its whole answer.
func (w *writers) answer(c *http.Client, r *http.Request) (int, string) {
	res, err := c.Do(r)
	if err != nil {
		w.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		return 0, ""
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Errorf("%s %s: the answer: %v", r.Method, r.URL.Path, err)
	}
	return res.StatusCode, string(body)
}

func (w *writers) request(method, address, mediaType string, body io.Reader) *http.Request {
	r, err := http.NewRequestWithContext(w.t.Context(), method, address, body)
	if err != nil {
		w.t.Error(err)
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	return r
}

// forms opens the form so many times and gives the tokens.
func (w *writers) forms(c *http.Client, public string, n int) (tokens []string) {
	for range n {
		_, page := w.answer(c, w.request(http.MethodGet, public+"/en/report", "", nil))
		found := formToken.FindStringSubmatch(page)
		if found == nil {
			w.t.Errorf("there is no form on the page: %.200s", page)
			return nil
		}
		tokens = append(tokens, found[1])
	}
	return tokens
}

// report sends one report after another, through one connection as long as it holds.
func (w *writers) report(c *http.Client, public string, n int, tokens []string) {
	for i, token := range tokens {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField("token", token)
		_ = form.WriteField("text", fmt.Sprintf("the %dth of sender %d", i, n))
		_ = form.Close()
		w.received(w.answer(c, w.request(http.MethodPost, public+"/en/report", form.FormDataContentType(), &body)))
	}
}

func (w *writers) received(status int, page string) {
	receipt := strings.Join(strings.Fields(receiptIn.FindString(tag.ReplaceAllString(page, " "))), "-")
	if status != http.StatusOK || receipt == "" {
		w.t.Errorf("a report was answered %d, without a receipt: %.300s", status, page)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.receipts = append(w.receipts, receipt)
}

// slowReport sends a report over a line that stands still for longer than the pages
// of the staff are waited for.
func (w *writers) slowReport(public string) {
	c := client(200)
	tokens := w.forms(c, public, 1)
	if len(tokens) == 0 {
		return
	}
	r, body := io.Pipe()
	form := multipart.NewWriter(body)
	go func() {
		_ = form.WriteField("token", tokens[0])
		_ = form.WriteField("text", "a recording follows")
		file, _ := form.CreateFormFile("voice", "voice.ogg")
		_, _ = io.WriteString(file, "OggS")
		time.Sleep(6 * time.Second) // the line
		_, _ = io.WriteString(file, strings.Repeat("sound", 1000))
		_ = form.Close()
		_ = body.Close()
	}()
	w.received(w.answer(c, w.request(http.MethodPost, public+"/en/report", form.FormDataContentType(), r)))
}

func (w *writers) task(staff, token string, n int) {
	c := client(100 + n)
	for i := 0; !w.stopped() && i < 600; i++ {
		text := fmt.Sprintf("task %d of %d", i, n)
		r := w.request(http.MethodPost, staff+"/tasks", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"text": {text}}.Encode()))
		r.AddCookie(&http.Cookie{Name: "hw", Value: token})
		status, page := w.answer(c, r)
		w.mu.Lock()
		switch {
		case status == http.StatusSeeOther:
			w.tasks = append(w.tasks, text)
		case status == http.StatusServiceUnavailable && strings.Contains(page, "The office is locked"):
			w.refused++
		default:
			w.t.Errorf("a task was answered %d: %.300s", status, page)
		}
		w.mu.Unlock()
	}
}

// address is where a surface is served, as the log says.
func (p *served) address(surface string) string {
	p.t.Helper()
	found := regexp.MustCompile(surface + `=(https?://\S+)`).FindStringSubmatch(p.log.String())
	if found == nil {
		p.t.Fatalf("the log names no %s address:\n%s", surface, p.log.String())
	}
	return found[1]
}

// session signs somebody in and gives the token of her browser.
func (p *served) session(user string) string {
	p.t.Helper()
	var link struct {
		Path string `json:"path"`
	}
	p.must(json.Unmarshal(p.output("user", "link", user, "--json"), &link))
	_, token, _ := strings.Cut(link.Path, "/link/")
	res, err := client(150).PostForm(p.address("staff")+"/link", url.Values{"token": {token}})
	p.must(err)
	defer res.Body.Close() //nolint:errcheck // only its head matters
	for _, c := range res.Cookies() {
		if c.Name == "hw" {
			return c.Value
		}
	}
	p.t.Fatalf("the link was answered %d, without a session", res.StatusCode)
	return ""
}

// end ends the serving process.
func (p *served) end() {
	p.t.Helper()
	p.must(p.serve.Process.Signal(os.Interrupt))
	p.must(p.serve.Wait())
}

// hasAll opens the office here and looks for everything that was acknowledged.
func (p *served) hasAll(receipts, tasks []string) {
	p.t.Helper()
	ctx := p.t.Context()
	office, err := homeward.OpenOffice(homeward.Config{Dir: p.dir}, host.System())
	p.must(err)
	h, err := office.Unlock(ctx, vault.Identity(p.identity, p.identity.Recipient()))
	p.must(err)
	defer func() { p.must(h.Close()) }()
	_, err = h.Intake.Drain(ctx)
	p.must(err)
	for _, r := range receipts {
		if _, err := h.Intake.Lookup(ctx, r); err != nil {
			p.t.Errorf("the report of receipt %s is not there: %v", r, err)
		}
	}
	kept, err := h.Casework.Tasks(ctx, casework.TaskFilter{Limit: 10_000})
	p.must(err)
	there := map[string]bool{}
	for _, k := range kept {
		there[k.Text] = true
	}
	for _, text := range tasks {
		if !there[text] {
			p.t.Errorf("%q was acknowledged and is not there", text)
		}
	}
}
