package intakeweb

import (
	"errors"
	"net/http"

	"homeward/evidence"
	"homeward/vault"
	"homeward/web"
)

// working sends the copy of a file that may be shown and played; a player asks for
// ranges of it. An authority's answer in PDF, which has no copy, is sent to be saved.
func (p Pages) working(w http.ResponseWriter, r *http.Request) error {
	f, mediaType, err := p.Evidence.Working(r.Context(), r.PathValue("id"))
	if errors.Is(err, evidence.ErrNoCopy) {
		return p.answer(w, r)
	}
	if err != nil {
		return asAbsent(err)
	}
	defer f.Close() //nolint:errcheck // only read
	return web.Show(w, r, mediaType, f)
}

// answer sends an authority's answer in PDF, as it came.
func (p Pages) answer(w http.ResponseWriter, r *http.Request) error {
	f, info, err := p.Evidence.Answer(r.Context(), r.PathValue("id"))
	if err != nil {
		return asAbsent(err)
	}
	defer f.Close() //nolint:errcheck // only read
	return web.Attach(w, r, info.Name, info.MediaType, f)
}

// original sends a file as it came, to be saved.
func (p Pages) original(w http.ResponseWriter, r *http.Request) error {
	f, info, err := p.Evidence.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return asAbsent(err)
	}
	defer f.Close() //nolint:errcheck // only read
	return web.Attach(w, r, info.Name, info.MediaType, f)
}

// asAbsent lets a file that was forgotten answer like one that was never there.
func asAbsent(err error) error {
	if errors.Is(err, vault.ErrForgotten) {
		return evidence.ErrNotFound
	}
	return err
}
