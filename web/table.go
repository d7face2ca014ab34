package web

import (
	"errors"
	"fmt"
	"net/http"
)

// table is the mux made from the routes. Nothing else in the house registers a
// path (a test reads the source for it).
type table struct {
	mux    *http.ServeMux
	routes map[string]*Route // by the mux's pattern
}

func newTable(s *Site) (t *table, err error) {
	t = &table{mux: http.NewServeMux(), routes: map[string]*Route{}}
	var errs []error
	for i := range s.Routes {
		r := &s.Routes[i]
		if err := r.check(); err != nil {
			errs = append(errs, err)
			continue
		}
		if r.Surface != s.Surface && r.Surface != Both {
			continue
		}
		errs = append(errs, t.add(s, r))
	}
	return t, errors.Join(errs...)
}

// add registers one route. The mux panics when two patterns meet; that is an error
// of the table.
func (t *table) add(s *Site, r *Route) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("web: route %s: %v", r.name(), v)
		}
	}()
	t.mux.Handle(r.name(), s.guarded(r))
	t.routes[r.name()] = r
	return nil
}

// find gives the route of a request. Without one, status says why: 404, or 405 with
// the methods that the path has.
func (t *table) find(r *http.Request) (route *Route, status int, allow string) {
	h, pattern := t.mux.Handler(r)
	if route := t.routes[pattern]; route != nil {
		return route, 0, ""
	}
	answer := &discarded{header: http.Header{}}
	h.ServeHTTP(answer, r)
	return nil, answer.status, answer.header.Get("Allow")
}

// discarded is an answer of which only status and headers are wanted.
type discarded struct {
	header http.Header
	status int
}

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) Write(b []byte) (int, error) { d.WriteHeader(http.StatusOK); return len(b), nil }
func (d *discarded) WriteHeader(status int) {
	if d.status == 0 {
		d.status = status
	}
}

// has gives the route that would answer a request of that method and path; nil
// where there is none.
func (t *table) has(method, path string) *Route {
	r, err := http.NewRequest(method, path, nil)
	if err != nil {
		return nil
	}
	route, _, _ := t.find(r)
	return route
}
