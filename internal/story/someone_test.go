package story_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"homeward/internal/locale"
	"homeward/web/webtest"
)

// someone is a person before a real browser. She finds fields by their labels and
// buttons by what stands on them, in her language, as the messages say it: a step
// names the message, so that it reads the same in Russian and in Arabic. Every page
// that she looks at is held to what axe, the browser and the screen say of it.
type someone struct {
	*webtest.Tab
	t        *testing.T
	name     string
	site     string // scheme and host
	words    *locale.Printer
	phone    bool
	scripted bool
	looked   int

	mu     sync.Mutex
	wrong  []string
	ranges []string // what was answered with a part of a file
}

// patience is how long somebody waits for a page on a busy machine.
const patience = 45 * time.Second

// atDesk sits down at a desk, with a site open.
func atDesk(t *testing.T, name, host, language string, cookies map[string]string) *someone {
	t.Helper()
	p := &someone{t: t, name: name, site: "http://" + host, words: locale.For(language), scripted: true}
	p.begin("/", webtest.View{Accept: language, Cookies: cookies})
	return p
}

// onPhone takes a telephone whose line is bad, with a page of a site open.
func onPhone(t *testing.T, name, host, language string, scripted bool) *someone {
	t.Helper()
	p := &someone{t: t, name: name, site: "http://" + host, words: locale.For(language), phone: true, scripted: scripted}
	p.begin("/"+language+"/", webtest.View{Width: 390, NoScript: !scripted, Accept: language})
	p.Do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 1})
		return err
	}))
	p.line(network.Conditions{Latency: 300, DownloadThroughput: 50_000, UploadThroughput: 30_000})
	return p
}

// line makes the line of her telephone good or bad.
func (p *someone) line(c network.Conditions) {
	p.t.Helper()
	p.Do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&c}})
		return err
	}))
}

func (p *someone) begin(path string, v webtest.View) {
	p.t.Helper()
	p.Tab = webtest.Open(p.t, p.site+path, v)
	p.must(chromedp.Listen(p.Context, p.hear))
}

func (p *someone) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
}

// hear notes what the browser says, in its own loop.
func (p *someone) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *cdpruntime.EventConsoleAPICalled:
		if e.Type == cdpruntime.ConsoleAPICalledTypeError || e.Type == cdpruntime.ConsoleAPICalledTypeWarning {
			p.wrong = append(p.wrong, fmt.Sprintf("the console has a %s", e.Type))
		}
	case *network.EventResponseReceived:
		switch {
		case e.Response.Status == 206:
			p.ranges = append(p.ranges, e.Response.URL)
		case e.Response.Status >= 400:
			p.wrong = append(p.wrong, fmt.Sprintf("%s was answered with %d", e.Response.URL, e.Response.Status))
		}
	}
}

// word gives the words of a message in her language.
func (p *someone) word(id string, args ...any) string { return p.words.T(id, args...) }

// open goes to a page of her site.
func (p *someone) open(path string) {
	p.t.Helper()
	p.Do(chromedp.Navigate(p.site + path))
}

// finds are the parts of script with which elements are found. A label's words are
// its first text: what follows says "optional", or explains.
const finds = `
const norm = s => s.replace(/[\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();
const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
const first = e => { const w = document.createTreeWalker(e, NodeFilter.SHOW_TEXT); while (w.nextNode()) if (norm(w.currentNode.data)) return norm(w.currentNode.data); return "" };
`

// found waits for an element and gives a selector for it.
func (p *someone) found(what, expression string) chromedp.JSPath {
	p.t.Helper()
	path := "(() => {" + finds + "return " + expression + "})()"
	for began := time.Now(); time.Since(began) < patience; time.Sleep(30 * time.Millisecond) {
		if ok, err := chromedp.Run(p.Context, chromedp.Evaluate[bool]("!!"+path)); err == nil && ok {
			return chromedp.JSPath(path)
		}
	}
	p.t.Fatalf("%s does not find %s on %s:\n%.1500s", p.name, what, p.at(), p.read())
	return ""
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string can always be written
	return string(b)
}

// field is the control that a label with those words belongs to.
func (p *someone) field(label string) chromedp.JSPath {
	p.t.Helper()
	return p.found("the field "+quote(label), fmt.Sprintf("[...document.querySelectorAll('label')].find(l => l.control && seen(l) && first(l) === norm(%s))?.control", quote(label)))
}

// control is what can be pressed that has those words on it: in the page first, then
// in its head.
func (p *someone) control(words string) chromedp.JSPath {
	p.t.Helper()
	return p.found("anything to press with "+quote(words), fmt.Sprintf(`["main", "header"].flatMap(w => [...document.querySelectorAll(w + " button," + w + " a," + w + " summary")]).find(e => seen(e) && !e.disabled && norm(e.textContent) === norm(%s))`, quote(words)))
}

// write types into a field, in the place of what stood in it.
func (p *someone) write(label, text string) {
	p.t.Helper()
	p.writeInto(p.field(label), text)
}

func (p *someone) writeInto(field chromedp.JSPath, text string) {
	p.t.Helper()
	webtest.Value[bool](p.Tab, fmt.Sprintf("(e => { e.scrollIntoView({block: 'center'}); e.focus(); e.select(); return true })(%s)", field))
	p.Do(chromedp.SendKeys(field, text))
}

// choose takes the first of a closed list whose words hold a part.
func (p *someone) choose(label, part string) {
	p.t.Helper()
	field := p.field(label)
	chosen := webtest.Value[string](p.Tab, fmt.Sprintf(`(() => { %s const e = %s, o = [...e.options].find(o => norm(o.text).includes(norm(%s))); if (!o) return "";
		e.value = o.value; for (const k of ["input", "change"]) e.dispatchEvent(new Event(k, {bubbles: true})); return norm(o.text) })()`, finds, field, quote(part)))
	if chosen == "" {
		p.t.Fatalf("%s: %q does not offer %q", p.name, label, part)
	}
}

// tick presses the box or the round of a choice.
func (p *someone) tick(label string) {
	p.t.Helper()
	p.click(p.field(label))
}

// tickIn presses a box or a round that a selector finds.
func (p *someone) tickIn(selector string) {
	p.t.Helper()
	p.click(p.found(selector, "document.querySelector("+quote(selector)+")"))
}

// attach chooses files for a field.
func (p *someone) attach(label, file string) {
	p.t.Helper()
	p.Do(chromedp.SetUploadFiles(p.field(label), []string{file}))
}

// click touches an element, with a finger on a telephone.
func (p *someone) click(what chromedp.JSPath) {
	p.t.Helper()
	if p.phone {
		p.Do(chromedp.Tap(what))
		return
	}
	p.Do(chromedp.Click(what))
}

// press presses what has those words on it and stays on the page.
func (p *someone) press(words string) {
	p.t.Helper()
	p.click(p.control(words))
}

// send presses what has those words on it and waits for the page that comes.
func (p *someone) send(words string) {
	p.t.Helper()
	p.follow(p.control(words))
}

// to follows the first link whose address matches a selector of attributes.
func (p *someone) to(selector string) {
	p.t.Helper()
	p.follow(p.found("a link "+selector, fmt.Sprintf("[...document.querySelectorAll(%s)].find(seen)", quote("main "+selector))))
}

func (p *someone) follow(what chromedp.JSPath) {
	p.t.Helper()
	webtest.Value[bool](p.Tab, "window.stillHere = true")
	p.click(what)
	p.until("another page comes", `!window.stillHere && document.readyState === "complete"`)
}

// until waits for an expression to be true in the page.
func (p *someone) until(what, expression string) {
	p.t.Helper()
	for began := time.Now(); time.Since(began) < patience; time.Sleep(30 * time.Millisecond) {
		// While a page is being replaced there is nothing to ask.
		if ok, err := chromedp.Run(p.Context, chromedp.Evaluate[bool](expression)); err == nil && ok {
			return
		}
	}
	p.t.Fatalf("%s waits on %s until %s:\n%.1500s", p.name, p.at(), what, p.read())
}

// at is where she is; read is what she reads there.
func (p *someone) at() string {
	p.t.Helper()
	return webtest.Value[string](p.Tab, "location.pathname")
}

func (p *someone) read() string {
	p.t.Helper()
	return webtest.Value[string](p.Tab, `document.body.innerText.replace(/[\u2066-\u2069]/g, "").replace(/\u00a0/g, " ")`)
}

// sees fails for what is not to be read on the page.
func (p *someone) sees(what ...string) {
	p.t.Helper()
	page := p.read()
	for _, w := range what {
		if !strings.Contains(page, w) {
			p.t.Errorf("%s does not see %q on %s:\n%.1500s", p.name, w, p.at(), page)
		}
	}
}

// seesNot fails for what must not be read on the page.
func (p *someone) seesNot(what ...string) {
	p.t.Helper()
	page := p.read()
	for _, w := range what {
		if strings.Contains(page, w) {
			p.t.Errorf("%s sees %q on %s", p.name, w, p.at())
		}
	}
}

// look holds the page to what is promised of every page, and leaves a picture of it
// where somebody wants to see.
func (p *someone) look(picture string) {
	p.t.Helper()
	p.looked++
	width := 1280
	if p.phone {
		width = 390
	}
	webtest.Value[bool](p.Tab, "(scrollTo(0, 0), true)") // what sticks to the top stands there in the picture
	p.Shot(fmt.Sprintf("%s.%02d-%s.%d", p.name, p.looked, picture, width))
	if os.Getenv("HOMEWARD_SHOTS") != "" && !p.phone {
		p.Resize(390, false)
		p.Shot(fmt.Sprintf("%s.%02d-%s.390", p.name, p.looked, picture))
		p.Resize(width, false)
	}
	if got := webtest.Value[int](p.Tab, "document.documentElement.scrollWidth"); got > width {
		p.t.Errorf("%s: %s is %d pixels wide on a screen of %d", p.name, p.at(), got, width)
	}
	if p.scripted { // axe is script and needs its clock
		for _, v := range p.Axe() {
			p.t.Errorf("%s: %s: %s", p.name, p.at(), v)
		}
	}
	p.Check(p.words.Code())
	p.complain()
}

// complain fails for what the browser said until now, but once.
func (p *someone) complain(but ...string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.wrong {
		if !slices.ContainsFunc(but, func(b string) bool { return strings.Contains(w, b) }) {
			p.t.Errorf("%s: %s", p.name, w)
		}
	}
	p.wrong = nil
}

// gotParts says whether a file was fetched in parts.
func (p *someone) gotParts(of string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.ranges, func(u string) bool { return strings.HasSuffix(u, of) })
}
