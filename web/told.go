package web

import (
	"errors"
	"net/http"
	"slices"

	"homeward/internal/locale"
	"homeward/internal/problem"
)

// Sentences are what a problem says above a form, in the reader's language.
type Sentences struct{ What, Do string }

// Told gives the words of a problem, for the form that met it. An error without
// words is given back and becomes the frame's own page; so does a problem of one of
// the kinds in pages, for which there is no form to go back to.
func Told(r *http.Request, err error, pages ...problem.Kind) (Sentences, error) {
	p, ok := problem.As(err)
	if !ok || p.Kind == problem.Internal || slices.Contains(pages, p.Kind) {
		return Sentences{}, err
	}
	what, do := locale.From(r.Context()).Problem(p)
	return Sentences{what, do}, nil
}

// ByField sets a problem beside the field it is about, or above the form. What Told
// gives back is unspoken.
func ByField(r *http.Request, err error, fields map[*problem.Error]string, pages ...problem.Kind) (above Sentences, errs map[string]string, unspoken error) {
	s, unspoken := Told(r, err, pages...)
	if unspoken != nil {
		return s, nil, unspoken
	}
	for p, name := range fields {
		if errors.Is(err, p) {
			return Sentences{}, map[string]string{name: s.What + ". " + s.Do + "."}, nil
		}
	}
	return s, nil, nil
}
