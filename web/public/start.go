package public

import (
	"net/http"

	"homeward/web"
)

//go:generate templ generate

// title is the same for every public page: it says nothing in a history.
const title = "public.title"

func (p Pages) start(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: title}, startPage(p.Name))
}

func (p Pages) privacy(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, web.Page{Title: title}, privacyPage())
}

// leave leads out of here, and has the browser forget our pages.
func leave(w http.ResponseWriter, r *http.Request) error {
	to := web.DefaultLeave
	if site := web.SiteOf(r); site != nil {
		to = site.Leave
	}
	w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
