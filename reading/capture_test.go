package reading

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// record is one record of a WARC file.
func record(kind, url, contentType, body string) string {
	return fmt.Sprintf("WARC/1.1\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2019-10-15T08:30:00Z\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", kind, url, contentType, len(body), body)
}

func answer(status, headers, body string) string {
	return "HTTP/1.1 " + status + "\r\n" + headers + "\r\n\r\n" + body
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func wacz(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOpen takes the article out of what archives write, and leaves the frames and
// pictures around it.
func TestOpen(t *testing.T) {
	t.Parallel()
	const page = "<html><body><p>50 women fled.</p></body></html>"
	html := "Content-Type: text/html; charset=utf-8"
	warc := record("warcinfo", "", "application/warc-fields", "software: x") +
		record("response", "https://example.org/a.png", "application/http", answer("200 OK", "Content-Type: image/png", "PNG")) +
		record("response", "https://example.org/gone", "application/http", answer("404 Not Found", html, "<p>9 men</p>")) +
		record("response", "https://example.org/frame", "application/http", answer("200 OK", html, "<p>an advertisement</p>")) +
		record("response", "https://example.org/news", "application/http", answer("200 OK", html+"\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked(zipped(t, page))))
	members := ""
	for part := range strings.SplitSeq(warc, "WARC/1.1") {
		if part != "" {
			members += zipped(t, "WARC/1.1"+part)
		}
	}
	cyrillic, err := charmap.Windows1251.NewEncoder().String(`<html><head><meta charset="windows-1251"></head><body>50 женщин бежали</body></html>`)
	if err != nil {
		t.Fatal(err)
	}
	pages := `{"format":"json-pages-1.0"}` + "\n" + `{"url":"https://example.org/news"}`
	for name, c := range map[string]struct {
		data      []byte
		url, want string
	}{
		"text":         {[]byte("50 women fled."), "", "50 women"},
		"WARC":         {[]byte(warc), "https://example.org/frame", ""},
		"WARC.gz":      {[]byte(members), "https://example.org/frame", ""},
		"WACZ":         {wacz(t, map[string]string{"archive/data.warc.gz": members, "pages/pages.jsonl": pages}), "https://example.org/news", "50 women"},
		"WACZ plain":   {wacz(t, map[string]string{"archive/data.warc": warc, "pages/pages.jsonl": pages}), "https://example.org/news", "50 women"},
		"says its set": {[]byte(cyrillic), "", "50 женщин"},
	} {
		got, err := Open(c.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r, err := Read(got.Article, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		words := ""
		for _, f := range r.Figures {
			words += f.Text
		}
		if got.URL != c.url || words != c.want || c.url != "" && got.On.String() != "2019-10-15" {
			t.Errorf("%s: %q on %s: %q", name, got.URL, got.On, words)
		}
	}
}

func chunked(body string) string {
	half := len(body) / 2
	return fmt.Sprintf("%x\r\n%s\r\n%x;x=y\r\n%s\r\n0\r\n\r\n", half, body[:half], len(body)-half, body[half:])
}

// TestOpenHostile refuses what is no capture, and does not unpack without end.
func TestOpenHostile(t *testing.T) {
	t.Parallel()
	bomb := zipped(t, record("response", "https://example.org/", "application/http", answer("200 OK", "Content-Type: text/html", strings.Repeat("0", 200<<20))))
	for name, data := range map[string][]byte{
		"a PDF": []byte("%PDF-1.7 …"), "an empty zip": wacz(t, nil), "a broken zip": []byte("PK\x03\x04 and no more"), "a broken gzip": []byte("\x1f\x8b\x08 and no more"),
		"no length": []byte("WARC/1.1\r\nWARC-Type: response\r\n\r\n"), "another length": []byte("WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 999\r\n\r\nshort"),
		"below nothing": []byte("WARC/1.1\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\n"), "a bomb": []byte(bomb),
		"a bomb in a zip": wacz(t, map[string]string{"archive/data.warc.gz": bomb}),
	} {
		if _, err := Open(data); !errors.Is(err, ErrCapture) && !errors.Is(err, ErrPDF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(record("response", "https://example.org/", "application/http", answer("200 OK", "Content-Type: text/html\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"))))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Open(data)
		if err != nil && len(c.Article) > 0 {
			t.Errorf("an article and %v", err)
		}
	})
}
