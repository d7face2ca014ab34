package web

import (
	"net/http"
	"strconv"
	"strings"

	"homeward/internal/locale"
	"homeward/web/ui"
)

// backCookie remembers, for an hour, the page that was asked for before signing in.
const backCookie = "hw-b"

// Redirect leads on after an act (303), to a path of ours. message is the id of a
// sentence shown once on the next page; "" shows none. A count fills its {{.n}}.
// Nothing but the id and the count is kept in the browser.
func Redirect(w http.ResponseWriter, r *http.Request, to, message string, count ...int) error {
	f := frameOf(r)
	if !local(to) {
		return ErrNotFound
	}
	if f.site.Surface == Staff && w.Header().Get("Clear-Site-Data") != "" {
		to += "?language=" + f.language // the cookie that knew it is being cleared
	} else if f.site.Surface == Public {
		to = "/" + f.language + to
	} else if message != "" {
		value := message
		if len(count) > 0 {
			value += ":" + strconv.Itoa(count[0])
		}
		http.SetCookie(w, f.site.cookie(flashCookie, value, 60))
	}
	w.Header().Set("Cache-Control", NoStore.header())
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// local says whether an address is a path of this site and nothing else.
func local(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n\t")
}

// takeFlash gives the sentence that waits to be shown, and forgets it. The cookie
// is no proof of anything: it can only choose one of our own sentences.
func takeFlash(w http.ResponseWriter, r *http.Request) []ui.Flash {
	value := readCookie(r, flashCookie)
	if value == "" {
		return nil
	}
	http.SetCookie(w, frameOf(r).site.cookie(flashCookie, "", -1))
	id, n, counted := strings.Cut(value, ":")
	if !locale.Has(id) {
		return nil
	}
	l := locale.From(r.Context())
	if !counted {
		return []ui.Flash{{Tone: ui.Good, Text: l.T(id)}}
	}
	count, err := strconv.Atoi(n)
	if err != nil {
		return nil
	}
	return []ui.Flash{{Tone: ui.Good, Text: l.N(id, count)}}
}

// Back gives the page that was asked for before signing in, and forgets it; "/"
// where there is none.
func Back(w http.ResponseWriter, r *http.Request) string {
	to := readCookie(r, backCookie)
	if to == "" || !local(to) {
		return "/"
	}
	http.SetCookie(w, frameOf(r).site.cookie(backCookie, "", -1))
	return to
}
