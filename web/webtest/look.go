package webtest

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Who is the reader: the cookies her browser has.
type Who struct {
	cookies map[string]string
	public  bool
}

// Staff is somebody with a session over plain http.
func Staff(token string) Who { return Who{cookies: map[string]string{"hw": token}} }

// Public is a reader of the public pages: paths get their language in front.
func Public() Who { return Who{public: true} }

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
// pictures there.
func Look(t *testing.T, server string, who Who, paths ...string) {
	t.Helper()
	for _, lang := range []string{"en", "ru", "ar"} {
		for _, path := range paths {
			t.Run(lang+path, func(t *testing.T) { look(t, server, who, lang, path) })
		}
	}
}

func look(t *testing.T, server string, who Who, lang, path string) {
	v := View{Cookies: map[string]string{"hw-l": lang}}
	for name, value := range who.cookies {
		v.Cookies[name] = value
	}
	address := server + path
	if who.public {
		v.Cookies, address = nil, server+"/"+lang+path
	}
	tab := Open(t, address, v)
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
