// Package accessweb has the pages of the door: signing in and out, taking turns at
// a shared laptop, the first activation of an account, one's own account, and the
// staff list.
//
// The rules are:
//
//   - One form takes user name, password and code together, and one sentence says
//     that they do not go together: nothing here tells whether a name exists.
//   - A secret that is shown once (activation code, recovery codes, an
//     authenticator's picture) stands in the answer to a post and nowhere else: not
//     in an address, not in a cookie, not in a page that can be loaded again.
//   - What changes an account asks for password and code in the same form.
//   - These pages decide nothing: access does.
package accessweb

import (
	"net/http"
	"net/netip"
	"strings"
	"unicode/utf8"

	"homeward/access"
	"homeward/internal/problem"
	"homeward/web"
)

//go:generate templ generate

// Pages are the pages of the door.
type Pages struct{ Access *access.Access }

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	show := func(pattern string, action access.Action, h web.Handler) web.Route {
		return web.Route{Method: "GET", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.NoBody, Rate: web.Browse, Cache: web.NoStore, Audit: web.Unlogged, Handler: h}
	}
	act := func(pattern string, action access.Action, rate web.Rate, h web.Handler) web.Route {
		return web.Route{Method: "POST", Pattern: pattern, Surface: web.Staff, Action: action,
			Body: web.Form, Rate: rate, Cache: web.NoStore, Audit: web.Act, Handler: h}
	}
	return []web.Route{
		show("/sign-in", access.SessionOpen, p.signIn),
		act("/sign-in", access.SessionOpen, web.SignIn, p.doSignIn),
		act("/sign-out", access.SessionOpen, web.Browse, p.signOut),
		show("/resume", access.SessionOpen, p.resume),
		act("/resume", access.SessionOpen, web.SignIn, p.doResume),
		act("/lock-screen", access.AccountOwn, web.Browse, p.lockScreen),
		show("/link/{token}", access.SessionOpen, p.link),
		act("/link", access.SessionOpen, web.SignIn, p.useLink),
		show("/activate", access.SessionOpen, p.activate),
		act("/activate", access.SessionOpen, web.SignIn, p.beginActivation),
		act("/activate/finish", access.SessionOpen, web.SignIn, p.finishActivation),

		show("/account", access.AccountOwn, p.account),
		act("/account/sessions/{id}/end", access.AccountOwn, web.Work, p.endOwnSession),
		show("/account/password", access.AccountOwn, p.password),
		act("/account/password", access.AccountOwn, web.SignIn, p.changePassword),
		show("/account/authenticator", access.AccountOwn, p.authenticator),
		act("/account/authenticator", access.AccountOwn, web.SignIn, p.enrol),
		show("/account/codes", access.AccountOwn, p.codes),
		act("/account/codes", access.AccountOwn, web.SignIn, p.newCodes),
		show("/confirm", access.AccountOwn, p.confirm),
		act("/confirm", access.AccountOwn, web.SignIn, p.doConfirm),

		show("/staff", access.UserRead, p.staff),
		act("/staff", access.UserManage, web.Work, p.invite),
		show("/staff/{id}", access.UserRead, p.member),
		act("/staff/{id}/admit", access.UserAdmit, web.Work, p.admit),
		act("/staff/{id}/role", access.UserManage, web.Work, p.changeRole),
		act("/staff/{id}/start-over", access.UserManage, web.Work, p.startOver),
		act("/staff/{id}/disable", access.UserManage, web.Work, p.disable),
		act("/staff/{id}/end-sessions", access.UserManage, web.Work, p.endSessions),
		show("/events", access.EventRead, p.events),
	}
}

// newPassword are the problems of a password that is being chosen.
var newPassword = map[*problem.Error]string{
	access.ErrPasswordShort: "new", access.ErrPasswordLong: "new", access.ErrPasswordCharacters: "new", access.ErrPasswordCommon: "new",
	access.ErrEnrol: "first",
}

// proof reads what somebody shows to be who she says.
func proof(form interface{ Get(string) string }) access.Proof {
	return access.Proof{Password: form.Get("password"), Code: form.Get("code")}
}

// session gives the session of a request that has one.
func session(r *http.Request) access.Session {
	s, _ := access.FromContext(r.Context())
	return s
}

// initials are how a colleague's session is known on a screen others may see.
func initials(name string) string {
	var b strings.Builder
	for _, word := range strings.Fields(name) {
		first, _ := utf8.DecodeRuneInString(word)
		b.WriteString(strings.ToUpper(string(first)))
		if b.Len() > 4 {
			break
		}
	}
	return b.String()
}

// here says whether a request comes from this very machine and through nobody: a
// proxy on it would make the whole world look like that.
func here(r *http.Request) bool {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		return false
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	return true
}
