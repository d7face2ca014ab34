// Package web is the frame of the pages: one table of routes, what stands before
// every one of them, and the shell that is drawn around each page. Every room's
// pages live in a folder of that room's name (web/register, web/letters …); the
// components they are made of are in web/ui.
//
// # A page in five minutes
//
// 1. A room's pages are a struct with what they need, and a method that lists
// their routes. A route that lacks a field does not start (see Route):
//
//	package registerweb // in web/register
//
//	type Pages struct{ Register *register.Register }
//
//	func (p Pages) Routes() []web.Route {
//		return []web.Route{
//			{Method: "GET", Pattern: "/people/{id}", Surface: web.Staff, Action: access.PersonRead,
//				Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: p.person},
//			{Method: "POST", Pattern: "/people/{id}/sightings", Surface: web.Staff, Action: access.PersonWrite,
//				Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: p.addSighting},
//		}
//	}
//
// 2. A handler returns its error. A problem.Error becomes a page with the right
// status, in the reader's language; any other error is logged and becomes
// "internal error" with a reference:
//
//	func (p Pages) person(w http.ResponseWriter, r *http.Request) error {
//		person, err := p.Register.Person(r.Context(), r.PathValue("id"))
//		if err != nil {
//			return err
//		}
//		return web.Render(w, r, web.Page{Title: "people.person"}, personPage(person))
//	}
//
// Title is the id of a message, never a name: titles stand in histories and over
// shoulders. Who acts is web.Actor(ctx), the id of the signed-in user. Whether
// she may do something to this very object is access.FromContext(ctx).
//
// 3. A form posts, the handler acts and redirects, and the next page says so once:
//
//	func (p Pages) addSighting(w http.ResponseWriter, r *http.Request) error {
//		form, err := web.ReadForm(r)
//		if err != nil {
//			return err
//		}
//		if form.Get("place") == "" {
//			errs := map[string]string{"place": locale.T(r.Context(), "people.place_missing")}
//			return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "people.person"}, sightingForm(form, errs))
//		}
//		…
//		return web.Redirect(w, r, "/people/"+id, "people.sighting_saved")
//	}
//
// With files: Body: web.Upload, and web.Parts(r) gives one part after the other;
// never ParseMultipartForm, which writes them to the temporary folder in clear.
//
// 4. The page itself is templ, beside the handler and of its name (person.templ):
//
//	templ personPage(p *register.Person) {
//		@ui.Head(locale.T(ctx, "people.person"))
//		@ui.Facts() {
//			for i, f := range p.Facts { @ui.Fact(ui.FactRow{First: i == 0, …}) }
//		}
//	}
//
// Generate with: go generate ./web/register, or everything with make generate
//
// 5. Words are in internal/locale/messages/<area>.{en,ru,ar}.toml; each id in all
// three. Look at the page: web/webtest has Look, Screenshot and Axe.
//
// # Entries of the navigation
//
// The shell shows an entry for each path of Sections that is in the table and that
// the user's role may open; a room that wants one asks for it in sections.go.
//
// # What stands before every handler
//
// In this order: recover, headers (TRUST.md 2.4), language, cross-origin check,
// the table (404, 405), the rate of the class, the body limit, the session and the
// rule, the log of reads. The request log has the pattern of the route and no
// address, no query and no path.
//
// # Two surfaces
//
// Public pages are linkable in each language (/ru/report) and hold no cookie. The
// prefix is taken off before the table is asked, so patterns name no language.
// Staff pages take the language from a cookie. Each surface is a handler of its
// own, for a listener of its own; a locked office has another, with the unlock page
// and the public form only.
package web
