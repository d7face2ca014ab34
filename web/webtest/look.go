package webtest

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Who is the reader: the cookies her browser has.
type Who struct {
	cookies map[string]string
	public  bool
}

// Staff is somebody with a session over plain http.
func Staff(token string) Who { return Who{cookies: map[string]string{tokenCookie: token}} }

// The names of the cookies over plain http. They stand here once more, so that a page
// that forgets one is not followed by its test.
const tokenCookie, languageCookie = "hw", "hw-l"

// Public is a reader of the public pages: paths get their language in front.
func Public() Who { return Who{public: true} }

// In is how that reader looks at a page in a language.
func (w Who) In(lang string) View {
	if w.public {
		return View{} // the address says it
	}
	v := View{Cookies: map[string]string{languageCookie: lang}}
	maps.Copy(v.Cookies, w.cookies)
	return v
}

// Visitor is somebody at the staff address who has not signed in.
func Visitor() Who { return Who{} }

// The screens pages are looked at on.
var screens = []struct {
	name  string
	width int
	dark  bool
}{{"phone", 390, false}, {"desk", 1280, false}, {"phone-dark", 390, true}, {"desk-dark", 1280, true}}

// Look opens each path in every language, looks at it on every screen, and fails for
// anything that is wrong with it. With HOMEWARD_SHOTS set to a folder it leaves
// pictures there. The languages are looked at side by side, each in a tab of its own,
// in which page follows page: a browser that is warm takes half as long.
func Look(t *testing.T, server string, who Who, paths ...string) {
	t.Helper()
	var languages sync.WaitGroup
	for _, lang := range []string{"en", "ru", "ar"} {
		languages.Go(func() {
			t.Run(lang, func(t *testing.T) { lookThrough(t, server, who, lang, paths) })
		})
	}
	languages.Wait()
}

func lookThrough(t *testing.T, server string, who Who, lang string, paths []string) {
	var tab *Tab
	for _, path := range paths {
		address, v := server+path, who.In(lang)
		if who.public {
			address = server + "/" + lang + path
		}
		sound := t.Run(cmp.Or(strings.Trim(path, "/"), "start"), func(page *testing.T) {
			if tab == nil {
				tab = open(t, page, address, v)
			} else {
				tab.handTo(page)
				tab.goTo(address, v)
			}
			tab.look(lang, path)
		})
		if !sound {
			tab = nil // it may be the tab that is broken: the next page gets another
		}
	}
}

// look holds the page in the tab to what is promised of every page.
func (tab *Tab) look(lang, path string) {
	t := tab.t
	for i, s := range screens {
		// Two screens for each language meet every width and both grounds; all four when
		// somebody wants to see them.
		if dir := os.Getenv("HOMEWARD_SHOTS"); dir == "" && (lang == "ru") != (i == 1 || i == 2) {
			continue
		} else if tab.Resize(s.width, s.dark); dir != "" {
			tab.Screenshot(filepath.Join(dir, fileName(path)+"."+lang+"."+s.name+".png"))
		}
		for _, v := range tab.Axe() {
			t.Errorf("%s: %s", s.name, v)
		}
		if got := Value[int](tab, "document.documentElement.scrollWidth"); got > s.width {
			t.Errorf("the page is %d pixels wide on a screen of %d: %s", got, s.width, Value[string](tab, widest))
		}
	}
	tab.Check(lang)
}

// fileName makes a path into a name for its pictures.
func fileName(path string) string {
	name := strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-").Replace(path), "-")
	return cmp.Or(name, "start")
}

// Check asks what axe does not; the page must be in that language.
func (tab *Tab) Check(lang string) {
	tab.t.Helper()
	for _, p := range tab.Problems() {
		tab.t.Error(p)
	}
	if got := Value[string](tab, "document.documentElement.lang"); got != lang {
		tab.t.Errorf("the page says it is in %q, want %q", got, lang)
	}
	if got := Value[string](tab, foreign); got != "" {
		tab.t.Errorf("the page has addresses of other hosts: %s", got)
	}
	if got := Value[string](tab, missing); got != "" {
		tab.t.Errorf("messages are missing: %s", got)
	}
}

// widest names an element that sticks out; foreign finds addresses that are not
// ours (otpauth: opens an authenticator on this device and asks nobody); missing finds ids shown instead of words.
const (
	foreign = `[...document.querySelectorAll("[href], [src], [action], [poster], [data]")].flatMap(e => ["href", "src", "action", "poster", "data"].map(a => e.getAttribute(a)).filter(v => v && !v.startsWith("#") && !v.startsWith("blob:") && !v.startsWith("otpauth:") && new URL(v, location.href).origin !== location.origin)).join(" ")`

	widest = `[...document.querySelectorAll("body *")].filter(e => { const r = e.getBoundingClientRect(); return (r.right > innerWidth + 1 || r.left < -1) && !e.closest(".table-wrap, .tabs, .sections, .hidden, .skip") }).slice(0, 4).map(e => e.tagName + "." + e.className).join(", ")`

	missing = `(document.documentElement.outerHTML.match(/⟦[^⟧]*⟧/g) || []).join(" ")`
)
