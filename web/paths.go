package web

import (
	"net/http"
	"strings"
)

// Paths gives the addresses of every page of a table, for tests that look at all of
// them: the routes without an object as they are, and those with one by the
// addresses given under their pattern ("/people/{id}": {"/people/1"}). left are the
// patterns for which none was given.
func Paths(routes []Route, surface Surface, objects map[string][]string) (paths, left []string) {
	for _, r := range routes {
		if r.Method != http.MethodGet || r.Surface != surface {
			continue
		}
		pattern := strings.TrimSuffix(r.Pattern, "{$}")
		switch {
		case !strings.Contains(pattern, "{"):
			paths = append(paths, pattern)
		case len(objects[r.Pattern]) == 0:
			left = append(left, r.Pattern)
		default:
			paths = append(paths, objects[r.Pattern]...)
		}
	}
	return paths, left
}
