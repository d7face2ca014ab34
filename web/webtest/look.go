package webtest

import (
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

// The screens pages are looked at on.
var screens = []struct {
	name  string
	width int
	dark  bool
}{{"phone", 390, false}, {"desk", 1280, false}, {"phone-dark", 390, true}, {"desk-dark", 1280, true}}

// Look opens each path in every language and on every screen and fails for anything
// that is wrong with it. With HOMEWARD_SHOTS set to a folder it leaves pictures
// there.
func Look(t *testing.T, server string, who Who, paths ...string) {
	t.Helper()
	for _, lang := range []string{"en", "ru", "ar"} {
		for _, path := range paths {
			for i, s := range screens {
				// Layout and contrast do not depend on the language; its direction does.
				if os.Getenv("HOMEWARD_SHOTS") == "" && lang == "ru" && i > 0 {
					continue
				}
				look(t, server, who, lang, path, s.name, s.width, s.dark)
			}
		}
	}
}

func look(t *testing.T, server string, who Who, lang, path, screen string, width int, dark bool) {
	t.Run(lang+"/"+screen+path, func(t *testing.T) {
		v := View{Width: width, Dark: dark, Cookies: map[string]string{"hw-l": lang}}
		for name, value := range who.cookies {
			v.Cookies[name] = value
		}
		address := server + path
		if who.public {
			v.Cookies, address = nil, server+"/"+lang+path
		}
		tab := Open(t, address, v)
		if dir := os.Getenv("HOMEWARD_SHOTS"); dir != "" {
			name := strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-").Replace(path), "-")
			tab.Screenshot(filepath.Join(dir, name+"."+lang+"."+screen+".png"))
		}
		for _, v := range tab.Axe() {
			t.Error(v)
		}
		tab.check(lang, width)
	})
}

// check asks what axe does not.
func (tab *Tab) check(lang string, width int) {
	tab.t.Helper()
	for _, p := range tab.Problems() {
		tab.t.Error(p)
	}
	if got := Value[string](tab, "document.documentElement.lang"); got != lang {
		tab.t.Errorf("the page says it is in %q, want %q", got, lang)
	}
	if got := Value[int](tab, "document.documentElement.scrollWidth"); got > width {
		tab.t.Errorf("the page is %d pixels wide on a screen of %d: %s", got, width, Value[string](tab, widest))
	}
	if got := Value[string](tab, missing); got != "" {
		tab.t.Errorf("messages are missing: %s", got)
	}
}

// widest names an element that sticks out; missing finds ids shown instead of words.
const (
	widest = `[...document.querySelectorAll("body *")].filter(e => { const r = e.getBoundingClientRect(); return (r.right > innerWidth + 1 || r.left < -1) && !e.closest(".table-wrap, .tabs, .sections, .hidden, .skip") }).slice(0, 4).map(e => e.tagName + "." + e.className).join(", ")`

	missing = `(document.documentElement.outerHTML.match(/⟦[^⟧]*⟧/g) || []).join(" ")`
)
