package web

import (
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// shown are the media types that are played or shown inside our pages; working
// copies only, made by the house.
var shown = map[string]bool{
	"audio/ogg": true, "audio/mpeg": true, "audio/mp4": true, "audio/wav": true, "audio/webm": true, "audio/flac": true, "audio/aac": true, "audio/amr": true,
	"image/png": true, "image/jpeg": true, "image/webp": true, "application/pdf": false,
}

// Show sends a working copy to be shown inside a page, answering Range. A type that
// is not on the list is sent as a file to be saved.
func Show(w http.ResponseWriter, r *http.Request, mediaType string, content io.ReadSeeker) error {
	base, _, _ := strings.Cut(mediaType, ";")
	if !shown[strings.TrimSpace(base)] {
		return Attach(w, r, "file", mediaType, content)
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Security-Policy", filePolicy)
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// Attach sends a file to be saved: the browser is told to open nothing.
func Attach(w http.ResponseWriter, r *http.Request, name, mediaType string, content io.ReadSeeker) error {
	if mediaType == "" || strings.HasPrefix(mediaType, "text/html") || strings.Contains(mediaType, "svg") || strings.Contains(mediaType, "xml") {
		mediaType = "application/octet-stream"
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Security-Policy", filePolicy)
	w.Header().Set("Content-Disposition", disposition(name))
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// disposition writes the name as RFC 6266 asks, in any script.
func disposition(name string) string {
	name = strings.Map(func(c rune) rune {
		if c < ' ' || c == '/' || c == '\\' || c == 0x7f {
			return '_'
		}
		return c
	}, name)
	if d := mime.FormatMediaType("attachment", map[string]string{"filename": name}); d != "" {
		return d
	}
	return "attachment"
}
