package web

import (
	"context"
	"net/http"

	"homeward/access"
)

// frame is what the frame knows about the request it carries.
type frame struct {
	site  *Site
	route *Route // nil until one is found
	// path is the request's, without its language prefix.
	path     string
	language string
	session  access.Session
	failed   error // what the handler returned
}

type frameKey struct{}

func frameOf(r *http.Request) *frame {
	if f, ok := r.Context().Value(frameKey{}).(*frame); ok {
		return f
	}
	return &frame{site: &Site{Surface: Staff, Plain: true}, path: r.URL.Path, language: "en"}
}

// Actor is the id of the user who acts, "" where nobody is signed in.
func Actor(ctx context.Context) string {
	s, _ := access.FromContext(ctx)
	return s.User.ID
}

// SiteOf gives the site a request came through; nil in a test without a frame.
func SiteOf(r *http.Request) *Site {
	if f, ok := r.Context().Value(frameKey{}).(*frame); ok {
		return f.site
	}
	return nil
}

// cookieName gives the name a cookie has on this site. Over https it is bound to
// the very host (__Host-), which browsers refuse over plain http.
func (s *Site) cookieName(name string) string {
	if s.Plain {
		return name
	}
	return "__Host-" + name
}

func (s *Site) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: maxAge,
		Secure: !s.Plain, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}
