package web

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"homeward/access"
	"homeward/internal/locale"
)

// Sessions finds the session that a browser's token stands for; *access.Access is
// one. A token that is unknown, ended or too old gives access.ErrNoSession.
type Sessions interface {
	Session(ctx context.Context, token string) (access.Session, error)
}

// Reads is the log of reads; *ledger.Ledger is one. It returns when the leaf is
// kept, so that nothing is shown that is not written down.
type Reads interface {
	Read(ctx context.Context, user, action, object string) error
}

// Site is one surface of the house: everything its handler needs. The zero value
// of a field is the safe one or is filled with a default, except Routes.
type Site struct {
	Surface Surface
	Routes  []Route
	// Sessions is nil where nobody can be signed in: on the public surface, and
	// while the office is locked.
	Sessions Sessions
	Reads    Reads
	Log      *slog.Logger
	Now      func() time.Time
	Rand     io.Reader
	// Zone is the office's; times are told in it.
	Zone *time.Location
	// Locked: every staff path leads to the unlock page.
	Locked bool
	// Lock closes the office; nil hides the button.
	Lock func(ctx context.Context) error
	// Plain says that the listener is reached over plain http, which is allowed on
	// this machine only: cookies lose the __Host- prefix that browsers refuse there.
	Plain bool
	// Proxies may say in X-Forwarded-For whom they ask for.
	Proxies []netip.Prefix
	// Leave is where "leave now" leads; a weather page by default.
	Leave string
	// Indexed lets search engines list the public start page.
	Indexed bool
	// Name is the office's, as the public pages may show it; may be empty.
	Name string

	table *table
	rates *rates
}

// DefaultLeave is a page anybody might be reading.
const DefaultLeave = "https://www.wikipedia.org/"

// New checks the table and gives the surface's handler. It fails when a route
// lacks a field or two of them meet.
func New(s Site) (http.Handler, error) {
	if s.Surface != Public && s.Surface != Staff {
		return nil, errors.New("web: a site is public or staff")
	}
	s.Log = cmp.Or(s.Log, slog.New(slog.DiscardHandler))
	s.Leave = cmp.Or(s.Leave, DefaultLeave)
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	if s.Rand == nil {
		return nil, errors.New("web: a site needs randomness")
	}
	site := &s
	site.Routes = append(site.common(), s.Routes...)
	table, err := newTable(site)
	if err = errors.Join(err, locale.Check()); err != nil {
		return nil, err
	}
	site.table = table
	if site.rates, err = newRates(s.Rand, s.Now); err != nil {
		return nil, err
	}
	return site.stack(), nil
}

// Table gives every route of a site, the frame's own first: what New registers, for
// the test that asks each of them as everybody.
func Table(s Site) []Route { return append(s.common(), s.Routes...) }
