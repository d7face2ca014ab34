// Package static holds the style sheets and the scripts of the pages, all our own.
//
// Each file is served under a name that holds the hash of its content, so that a
// browser may keep it for ever and never shows an old one.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed *.css *.js *.svg
var files embed.FS

// Asset is one file as it is served.
type Asset struct {
	URL     string // "/static/base.1f3a90c2b7d4.css"
	Type    string // media type with its character set
	Content []byte
	Gzip    []byte
}

var types = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml; charset=utf-8",
}

// assets are all files, by their plain name and by their address.
var assets = sync.OnceValues(func() (byName, byURL map[string]*Asset) {
	byName, byURL = map[string]*Asset{}, map[string]*Asset{}
	names, err := fs.Glob(files, "*.*")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, name := range names {
		content, err := files.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		ext := path.Ext(name)
		sum := sha256.Sum256(content)
		a := &Asset{
			URL:  "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
			Type: types[ext], Content: content, Gzip: compress(content),
		}
		byName[name], byURL[a.URL] = a, a
	}
	return byName, byURL
})

func compress(content []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(content)
	}
	if err != nil || z.Close() != nil {
		panic("static: gzip into memory failed")
	}
	return b.Bytes()
}

// URL gives the address of a file by its plain name. A name that does not exist
// is a fault of the page, found the first time it is rendered.
func URL(name string) string {
	byName, _ := assets()
	if byName[name] == nil {
		panic("static: there is no file " + name)
	}
	return byName[name].URL
}

// Find gives the file at an address.
func Find(url string) (*Asset, bool) {
	_, byURL := assets()
	a, ok := byURL[url]
	return a, ok
}
