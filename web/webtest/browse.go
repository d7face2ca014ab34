package webtest

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Reader is somebody whose browser runs no script. It keeps cookies, goes where an
// answer leads, and says of each request where it comes from, as browsers do.
type Reader struct {
	testing.TB
	server string
	client *http.Client

	Status int
	At     *url.URL // where the last answer came from
	Header http.Header
	Body   string // the answer as it was sent
	Page   string // and as it is read: what was escaped is not
}

// Browse opens a browser at a site; nothing is asked yet.
func Browse(t testing.TB, server string, who Who) *Reader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range who.cookies {
		jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
	}
	return &Reader{TB: t, server: server, client: &http.Client{Jar: jar}, At: at}
}

// Get opens a page.
func (r *Reader) Get(path string) *Reader {
	r.Helper()
	return r.Ask(http.MethodGet, path, "", nil)
}

// Post sends a form.
func (r *Reader) Post(path string, form url.Values) *Reader {
	r.Helper()
	return r.Ask(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// Upload sends a form with one file in it.
func (r *Reader) Upload(path, field, file string, data []byte, form url.Values) *Reader {
	r.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(field, file)
	if err == nil {
		_, err = part.Write(data)
	}
	for name, values := range form {
		for _, v := range values {
			if err == nil {
				err = w.WriteField(name, v)
			}
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		r.Fatal(err)
	}
	return r.Ask(http.MethodPost, path, w.FormDataContentType(), &body)
}

// Ask sends any request; headers are names and values in turn.
func (r *Reader) Ask(method, path, kind string, body io.Reader, headers ...string) *Reader {
	r.Helper()
	request, err := http.NewRequestWithContext(r.Context(), method, r.server+path, body)
	if err != nil {
		r.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := r.client.Do(request)
	if err != nil {
		r.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // read to the end
	sent, err := io.ReadAll(answer.Body)
	if err != nil {
		r.Fatal(err)
	}
	r.Status, r.At, r.Header, r.Body = answer.StatusCode, answer.Request.URL, answer.Header, string(sent)
	r.Page = html.UnescapeString(r.Body)
	if id := unsaid.FindString(r.Page); id != "" {
		r.Errorf("%s lacks a message: %s", r.At.Path, id)
	}
	return r
}

// unsaid is an id of a message that has no words.
var unsaid = regexp.MustCompile("⟦[^⟧]*⟧")

// Path is where the last answer came from.
func (r *Reader) Path() string { return r.At.Path }

// ID is the last part of where the last answer came from.
func (r *Reader) ID() string { return r.At.Path[strings.LastIndexByte(r.At.Path, '/')+1:] }

// Wants ends the test when the answer has another status or lacks a text.
func (r *Reader) Wants(status int, texts ...string) *Reader {
	r.Helper()
	if r.Status != status {
		r.Fatalf("%s gave %d, want %d\n%.3000s", r.At.Path, r.Status, status, r.Page)
	}
	for _, text := range texts {
		if !strings.Contains(r.Page, text) {
			r.Fatalf("%s does not say %q\n%.4000s", r.At.Path, text, r.Page)
		}
	}
	return r
}

// WantsFrom ends the test when the answer came from elsewhere.
func (r *Reader) WantsFrom(path string) *Reader {
	r.Helper()
	if r.At.Path != path {
		r.Fatalf("it was %s that answered %d, want %s\n%.3000s", r.At.Path, r.Status, path, r.Page)
	}
	return r
}

// Cookies are what the browser keeps of the site.
func (r *Reader) Cookies() []*http.Cookie { return r.client.Jar.Cookies(r.At) }

// Lacks fails for each text that the answer has, escaped or not.
func (r *Reader) Lacks(texts ...string) *Reader {
	r.Helper()
	for _, text := range texts {
		if strings.Contains(r.Page, text) || strings.Contains(r.Body, text) {
			r.Errorf("%s says %q\n%.3000s", r.At.Path, text, r.Page)
		}
	}
	return r
}

// Find gives what a pattern holds in its brackets.
func (r *Reader) Find(pattern string) string {
	r.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(r.Page)
	if m == nil {
		r.Fatalf("%s has no %s\n%.4000s", r.At.Path, pattern, r.Page)
	}
	return m[1]
}
