// Package webtest looks at pages in a real browser: Debian's Chromium, driven by
// chromedp, with axe-core to find what people who cannot see or use a mouse would
// stumble over.
//
//	func TestPages(t *testing.T) {
//		server := httptest.NewServer(handler)
//		defer server.Close()
//		webtest.Look(t, server.URL, webtest.Staff(token), "/people", "/people/"+id)
//	}
//
// Look opens each page in three languages, on a telephone and on a desk, light and
// dark; it fails when axe finds anything, when the browser refuses something by the
// page's policy, when script fails, when anything is asked of another host, or when
// a page is wider than its screen. To see the pages:
//
//	HOMEWARD_SHOTS=/tmp/shots go test ./web/register -run TestPages
//
// Browse is a reader whose browser runs no script: it asks, sends forms, and holds
// what comes to what a test wants. Door, Hire and Serve are the house round the pages
// of one room: who is signed in, and where they are served.
//
// Where Chromium or axe-core is absent the test is left out and says so;
// scripts/install-test-tools installs both.
package webtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// View is how a page is looked at.
type View struct {
	Width    int // of the screen in pixels; 1280 when zero
	Dark     bool
	NoScript bool
	Print    bool
	Cookies  map[string]string
	Accept   string // Accept-Language
}

// Tab is one page being looked at.
type Tab struct {
	Context context.Context // for chromedp actions of the test's own
	open    context.Context // as long as the tab is there
	t       testing.TB
	origin  string

	mu       sync.Mutex
	problems []string
}

var browser struct {
	once sync.Once
	ctx  context.Context
	err  error
}

// unseen are parts of the browser that nobody sees here: those that chromedp leaves
// out, and the list under the address bar, which is a page with a process of its own
// in every window, and costs twice as much as opening the window.
const unseen = "Translate,BlinkGenPropertyTrees,WebUIOmniboxPopup,WebUIOmniboxAimPopup"

// patience is how long one page may take.
const patience = 3 * time.Minute

// start launches one Chromium for the whole test binary; it ends with the process.
func start() (context.Context, error) {
	browser.once.Do(func() {
		if _, err := exec.LookPath("chromium"); err != nil {
			browser.err = err
			return
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.NoSandbox,
			chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-features", unseen), chromedp.Flag("use-fake-ui-for-media-stream", true),
			chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("lang", "en"))
		allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
		browser.ctx, _ = chromedp.NewContext(allocator)
		browser.err = chromedp.Do(browser.ctx)
	})
	return browser.ctx, browser.err
}

// Open goes to a page and gives its tab, which is closed with the test.
func Open(t testing.TB, address string, v View) *Tab {
	t.Helper()
	return open(t, t, address, v)
}

// open is Open for a tab that stays open as long as one test runs and is looked at by
// another, within it.
func open(owner, t testing.TB, address string, v View) *Tab {
	t.Helper()
	parent, err := start()
	if err != nil {
		t.Skipf("a browser is not here: %v", err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	owner.Cleanup(cancel)
	tab := &Tab{open: ctx}
	tab.handTo(t)
	tab.must(chromedp.Do(ctx))
	tab.must(chromedp.Listen(ctx, tab.listen))
	tab.goTo(address, v)
	return tab
}

// handTo makes what happens in the tab from now on a test's own.
func (tab *Tab) handTo(t testing.TB) {
	ctx, cancel := context.WithTimeout(tab.open, patience)
	t.Cleanup(cancel)
	tab.t, tab.Context = t, ctx
}

// goTo goes to a page as if nothing had been before it: the browser keeps nothing of
// earlier pages but what any page asks of the site, its styles and its script.
func (tab *Tab) goTo(address string, v View) {
	tab.t.Helper()
	tab.mu.Lock()
	tab.origin, tab.problems = originOf(address), nil
	tab.mu.Unlock()
	tab.Do(tab.prepare(v, address))
	tab.Do(chromedp.Navigate(address))
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (tab *Tab) prepare(v View, address string) chromedp.Action[chromedp.Void] {
	if v.Width == 0 {
		v.Width = 1280
	}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: originOf(address), StorageTypes: "cookies,local_storage"})
		if err == nil {
			err = screen(ctx, t, v)
		}
		if err == nil && v.NoScript {
			_, err = cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		}
		if err == nil && v.Accept != "" {
			_, err = cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: map[string]any{"Accept-Language": v.Accept}})
		}
		for name, value := range v.Cookies {
			if err == nil {
				_, err = cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: address})
			}
		}
		return err
	})
}

// screen makes the tab a telephone or a desk, light or dark.
func screen(ctx context.Context, t *chromedp.Target, v View) error {
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	if v.Print {
		media.Media = "print"
	}
	if _, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, media); err != nil {
		return err
	}
	_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(v.Width), Height: 800, DeviceScaleFactor: 1, Mobile: v.Width < 600})
	return err
}

// Resize looks at the same page on another screen.
func (tab *Tab) Resize(width int, dark bool) {
	tab.t.Helper()
	tab.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		return screen(ctx, t, View{Width: width, Dark: dark})
	}))
}

// listen notes what a reader would not see and should know of. It runs in the loop
// that reads the browser's messages and does nothing slow.
func (tab *Tab) listen(event any) {
	switch e := event.(type) {
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError && !strings.Contains(e.Entry.Text, "the server responded with a status of") {
			tab.note("the browser says: " + e.Entry.Text)
		}
	case *cdpruntime.EventExceptionThrown:
		tab.note("script failed: " + e.ExceptionDetails.Text)
	case *network.EventRequestWillBeSent:
		u := e.Request.URL
		if !strings.HasPrefix(u, tab.home()+"/") && !strings.HasPrefix(u, "blob:") && !strings.HasPrefix(u, "data:") {
			tab.note("asks another host: " + u)
		}
	}
}

// home is the site that the page is of.
func (tab *Tab) home() string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return tab.origin
}

func (tab *Tab) note(problem string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.problems = append(tab.problems, problem)
}

// Problems are what the browser complained of until now.
func (tab *Tab) Problems() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return append([]string(nil), tab.problems...)
}

// Do runs actions; a failing one ends the test.
func (tab *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	tab.must(chromedp.Do(tab.Context, actions...))
}

func (tab *Tab) must(err error) {
	tab.t.Helper()
	if err != nil {
		tab.t.Fatalf("browser: %v", err)
	}
}

// Text gives the visible text of the first element that a selector finds.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	tab.Wait(selector)
	return Value[string](tab, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// Wait waits until the first element that a selector finds is to be seen.
func (tab *Tab) Wait(selector string) {
	tab.t.Helper()
	seen := fmt.Sprintf("(e => !!e && e.getClientRects().length > 0)(document.querySelector(%q))", selector)
	for range 1200 {
		// While a page is being replaced there is no document to ask.
		if ok, err := chromedp.Run(tab.Context, chromedp.Evaluate[bool](seen)); err == nil && ok {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	tab.t.Fatalf("%s does not appear", selector)
}

// Value evaluates an expression of script in the page.
func Value[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	v, err := chromedp.Run(tab.Context, chromedp.Evaluate[T](expression, func(p *cdpruntime.EvaluateParams) { p.AwaitPromise = new(true) }))
	tab.must(err)
	return v
}

// Screenshot writes the whole page as a PNG.
func (tab *Tab) Screenshot(file string) {
	tab.t.Helper()
	png, err := chromedp.Run(tab.Context, chromedp.FullScreenshot(100))
	tab.must(err)
	tab.must(os.MkdirAll(filepath.Dir(file), 0o755))
	tab.must(os.WriteFile(file, png, 0o644))
}

// Shot is Screenshot for those who want to see: with HOMEWARD_SHOTS set to a folder
// it leaves a picture there.
func (tab *Tab) Shot(name string) {
	tab.t.Helper()
	if dir := os.Getenv("HOMEWARD_SHOTS"); dir != "" {
		tab.Screenshot(filepath.Join(dir, name+".png"))
	}
}

// Violation is one thing axe found.
type Violation struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Where []string `json:"where"`
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s at %s", v.ID, v.Help, strings.Join(v.Where, "; "))
}

// axeRun asks for WCAG 2.0 to 2.2, A and AA, and axe's own good practice. Of what is in
// order axe does not make a list.
const axeRun = `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
	r.violations.map(v => ({id: v.id, help: v.help, where: v.nodes.slice(0, 4).map(n => n.target.join(" ") + " " + (n.any[0] ? n.any[0].message : ""))})))`

// Axe gives what axe-core finds in the page.
func (tab *Tab) Axe() []Violation {
	tab.t.Helper()
	if !Value[bool](tab, `typeof axe === "object"`) {
		source, err := os.ReadFile(axePath())
		if err != nil {
			tab.t.Skip("axe-core is not here: run scripts/install-test-tools")
		}
		_, err = chromedp.Run(tab.Context, chromedp.Evaluate[chromedp.Void](string(source)+";undefined"))
		tab.must(err)
	}
	return Value[[]Violation](tab, axeRun)
}

// axePath is in the module's root, which the source of this file is two below.
func axePath() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", ".testtools", "node_modules", "axe-core", "axe.min.js")
}

// Expect takes what the browser complained of and the test brought about, such as a
// line that it cut, off the list of problems.
func (tab *Tab) Expect(part string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.problems = slices.DeleteFunc(tab.problems, func(p string) bool { return strings.Contains(p, part) })
}
