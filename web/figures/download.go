package figuresweb

import (
	"bytes"
	"io"
	"net/http"

	"homeward/figures"
	"homeward/figures/export"
	"homeward/internal/locale"
	"homeward/web"
)

// file is one form in which a sheet is taken out of the house.
type file struct {
	name, media string
	write       func(io.Writer, figures.Sheet, export.Options) error
}

var files = map[string]file{
	"csv":    {"figures.csv", "text/csv; charset=utf-8", export.CSV},
	"xlsx":   {"figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", export.XLSX},
	"jsonld": {"figures.jsonld", "application/ld+json", export.JSONLD},
}

// download sends a sheet as a file, as of the chosen day. It leaves the house, so it
// holds what a release would say and nothing more.
func (p Pages) download(w http.ResponseWriter, r *http.Request) error {
	f, known := files[r.PathValue("format")]
	if !known {
		return web.ErrNotFound
	}
	s, err := p.Figures.Sheet(r.Context(), r.PathValue("id"), readAsked(r).As)
	if err != nil {
		return err
	}
	l := locale.From(r.Context())
	var out bytes.Buffer
	if err := f.write(&out, s, export.Options{Outside: true, Lang: l.Code(), Words: func(key string) string { return l.T(key) }}); err != nil {
		return err
	}
	return web.Attach(w, r, f.name, f.media, bytes.NewReader(out.Bytes()))
}
