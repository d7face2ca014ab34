package web

import "net/http"

// The cookies of the staff surface. Their names say nothing; the public surface
// has none.
const (
	tokenCookie    = "hw"
	languageCookie = "hw-l"
	flashCookie    = "hw-f"

	languageKept = 365 * 24 * 3600
)

// SetToken gives the browser the token of a new session. The cookie lasts until the
// browser closes; the session itself ends sooner.
func SetToken(w http.ResponseWriter, r *http.Request, token string) {
	http.SetCookie(w, frameOf(r).site.cookie(tokenCookie, token, 0))
}

// ClearToken ends the session in the browser and has it forget every page.
func ClearToken(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, frameOf(r).site.cookie(tokenCookie, "", -1))
	w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
}

// Token gives the token that the browser brought, "" when it brought none.
func Token(r *http.Request) string { return readCookie(r, tokenCookie) }

func readCookie(r *http.Request, name string) string {
	c, err := r.Cookie(frameOf(r).site.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}
