package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"homeward/access"
)

// Handler answers one route. An error it returns becomes a page; it must not have
// written anything then.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one row of the table. Every field but the last three must be
// given: what is left out stops the program at its start.
type Route struct {
	Method  string
	Pattern string // a path of http.ServeMux, without a language: "/people/{id}"
	Surface Surface
	// Action is the row of access.Rules that decides who may come here at all.
	Action access.Action
	// Body is the largest request body in bytes; NoBody where none is read.
	Body int64
	Rate Rate
	// Cache says who may keep the answer.
	Cache Cache
	// Audit says how the log of reads and the ledger learn of it.
	Audit   Audit
	Handler Handler

	// Microphone lets the page ask for it; only the page that records a voice.
	Microphone bool
	// Failure is the id of a message that the page of any problem adds: what became of
	// what was sent.
	Failure string
	// Object names what is read, for the log of reads; by default the path's {id}.
	Object func(r *http.Request) string
}

// Surface is the listener a route is reached through.
type Surface int

// The surfaces.
const (
	Public Surface = iota + 1
	Staff
	// Both is for what either needs: style sheets and scripts, reports of the
	// browser about its policy.
	Both
)

// Limits of bodies, in bytes.
const (
	NoBody int64 = -1
	Form   int64 = 256 << 10
	Upload int64 = 160 << 20 // an answer's scan, a list; the report of a sender has the door's own limit inside
)

// Cache says who may keep the answer.
type Cache int

// The classes.
const (
	NoStore   Cache = iota + 1 // nobody
	Shared                     // anybody, for some minutes: public pages that are the same for all
	Immutable                  // for ever: a name that holds a hash
)

func (c Cache) header() string {
	switch c {
	case Shared:
		return "public, max-age=300"
	case Immutable:
		return "public, max-age=31536000, immutable"
	}
	return "no-store"
}

// Audit says how an answer is accounted for.
type Audit int

// The classes.
const (
	Unlogged Audit = iota + 1 // shows nothing about anybody
	Logged                    // a sensitive read: a leaf in the log of reads before the answer is sent
	Act                       // an act: the ledger itself says who did it
)

// Rate is the class by which requests are counted. On the public surface and
// before signing in the requests of one network are counted together, afterwards
// those of one user.
type Rate struct {
	Name  string
	Burst int           // so many at once
	Every time.Duration // and one more after so long
}

// The classes. A camp may stand behind one address: the public ones are wide.
var (
	Assets  = Rate{"assets", 600, 100 * time.Millisecond}
	Browse  = Rate{"browse", 240, 250 * time.Millisecond}
	Report  = Rate{"report", 60, 5 * time.Second}
	Receipt = Rate{"receipt", 20, 6 * time.Second}
	SignIn  = Rate{"sign-in", 20, 6 * time.Second}
	Work    = Rate{"work", 600, 100 * time.Millisecond}
	Search  = Rate{"search", 120, 500 * time.Millisecond}
	Heavy   = Rate{"heavy", 12, 10 * time.Second}
)

// name says which route it is, for logs and for the developer.
func (r Route) name() string { return r.Method + " " + r.Pattern }

// check finds what the author of a route forgot.
func (r Route) check() error {
	missing := map[string]bool{
		"Method":  r.Method == "",
		"Pattern": !strings.HasPrefix(r.Pattern, "/"),
		"Surface": r.Surface < Public || r.Surface > Both,
		"Action":  !access.Known(r.Action),
		"Body":    r.Body == 0 || r.Method == http.MethodGet && r.Body != NoBody,
		"Rate":    r.Rate.Burst == 0 || r.Rate.Every == 0,
		"Cache":   r.Cache < NoStore || r.Cache > Immutable,
		"Audit":   r.Audit < Unlogged || r.Audit > Act,
		"Handler": r.Handler == nil,
	}
	var errs []error
	for _, field := range []string{"Method", "Pattern", "Surface", "Action", "Body", "Rate", "Cache", "Audit", "Handler"} {
		if missing[field] {
			errs = append(errs, fmt.Errorf("web: route %s: %s is missing or wrong", r.name(), field))
		}
	}
	if r.Method != http.MethodGet && r.Method != "" && r.Cache > NoStore {
		errs = append(errs, fmt.Errorf("web: route %s: what changes something is never kept", r.name()))
	}
	if r.Audit == Logged && r.Cache > NoStore {
		errs = append(errs, fmt.Errorf("web: route %s: a sensitive answer is never kept", r.name()))
	}
	return errors.Join(errs...)
}
