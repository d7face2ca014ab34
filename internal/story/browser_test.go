package story_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// reader is somebody with a browser without script: she opens pages, fills in the
// forms that stand on them and sends them. She cannot send a field that the page does
// not have, nor choose what is not offered, so a story that she plays holds the pages
// to what they show.
type reader struct {
	t      *testing.T
	client *http.Client
	at     *url.URL
	page   *html.Node
	body   []byte
}

// newReader gives a browser whose first page is at an address, not opened yet.
func newReader(t *testing.T, address string) *reader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t: t, client: &http.Client{Jar: jar}, at: at}
}

// open goes to a page.
func (r *reader) open(path string) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.address(path), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	r.ask(request, http.StatusOK)
}

func (r *reader) address(path string) string {
	r.t.Helper()
	u, err := r.at.Parse(path)
	if err != nil {
		r.t.Fatal(err)
	}
	return u.String()
}

// ask sends a request, follows where it leads, and takes the page that comes.
func (r *reader) ask(request *http.Request, want int) {
	r.t.Helper()
	request.Header.Set("Accept-Language", "ru")
	answer, err := r.client.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	if r.body, err = io.ReadAll(answer.Body); err != nil {
		r.t.Fatal(err)
	}
	if answer.StatusCode != want {
		r.t.Fatalf("%s %s answered %d, want %d: %s", request.Method, request.URL.Path, answer.StatusCode, want, complaints(parse(r.t, r.body)))
	}
	r.at, r.page = answer.Request.URL, parse(r.t, r.body)
}

func parse(t *testing.T, body []byte) *html.Node {
	t.Helper()
	page, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// complaints are what a page says is wrong, or all of it when it does not say.
func complaints(page *html.Node) string {
	var all []string
	for n := range page.Descendants() {
		if classes := strings.Fields(attr(n, "class")); slices.Contains(classes, "error") || slices.Contains(classes, "notice") {
			all = append(all, text(n))
		}
	}
	if len(all) == 0 {
		return text(page)
	}
	return strings.Join(all, " | ")
}

// shows fails for what is not to be read on the page.
func (r *reader) shows(what ...string) {
	r.t.Helper()
	seen := text(r.page)
	for _, w := range what {
		if !strings.Contains(seen, w) {
			r.t.Errorf("%s does not show %q:\n%.1500s", r.at.Path, w, seen)
		}
	}
}

// link gives where the first link leads whose address holds a part.
func (r *reader) link(part string) string {
	r.t.Helper()
	for n := range r.page.Descendants() {
		if n.Data == "a" && strings.Contains(attr(n, "href"), part) {
			return r.address(attr(n, "href"))
		}
	}
	r.t.Fatalf("%s has no link to %s", r.at.Path, part)
	return ""
}

// filled is a form as it stands on a page, being filled in.
type filled struct {
	r        *reader
	node     *html.Node
	action   string
	order    []string // the names of the fields, as they stand on the page
	controls map[string][]*html.Node
	values   url.Values
	files    map[string]upload
}

// upload is a file in a form.
type upload struct {
	name string
	data []byte
}

// form finds the form that is sent to an address with that end.
func (r *reader) form(end string) *filled {
	r.t.Helper()
	var actions []string
	for n := range r.page.Descendants() {
		if n.Data != "form" {
			continue
		}
		action, err := r.at.Parse(attr(n, "action"))
		if err == nil && strings.HasSuffix(action.Path, end) {
			return r.read(n)
		}
		actions = append(actions, attr(n, "action"))
	}
	r.t.Fatalf("%s has no form for %s, only %q", r.at.Path, end, actions)
	return nil
}

// read takes the values that a form has before anybody touches it.
func (r *reader) read(form *html.Node) *filled {
	f := &filled{r: r, node: form, action: r.address(attr(form, "action")), controls: map[string][]*html.Node{}, values: url.Values{}, files: map[string]upload{}}
	for n := range r.page.Descendants() {
		name := attr(n, "name")
		if name == "" || !slices.Contains([]string{"input", "select", "textarea", "button"}, n.Data) || !f.has(n) {
			continue
		}
		if f.controls[name] == nil {
			f.order = append(f.order, name)
		}
		f.controls[name] = append(f.controls[name], n)
		switch kind := attr(n, "type"); {
		case n.Data == "button", kind == "file", kind == "submit":
		case n.Data == "textarea":
			f.values.Add(name, strings.TrimPrefix(text(n), "\n"))
		case n.Data == "select":
			for _, v := range chosen(n) {
				f.values.Add(name, v)
			}
		case kind == "checkbox" || kind == "radio":
			if given(n, "checked") {
				f.values.Add(name, valueOf(n))
			}
		default:
			f.values.Add(name, attr(n, "value"))
		}
	}
	return f
}

// has says whether a control belongs to the form, by its place or by name.
func (f *filled) has(n *html.Node) bool {
	if id := attr(n, "form"); id != "" {
		return id == attr(f.node, "id")
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "form" {
			return p == f.node
		}
	}
	return false
}

// set fills in one field or chooses among what is offered.
func (f *filled) set(name string, values ...string) *filled {
	f.r.t.Helper()
	controls := f.controls[name]
	if len(controls) == 0 {
		f.r.t.Fatalf("the form %s has no field %q", attr(f.node, "action"), name)
	}
	offered := offers(controls)
	for _, v := range values {
		if offered != nil && !slices.Contains(offered, v) {
			f.r.t.Fatalf("the field %q does not offer %q, only %q", name, v, offered)
		}
	}
	f.values[name] = values
	return f
}

// attach chooses a file.
func (f *filled) attach(name, fileName string, data []byte) *filled {
	f.r.t.Helper()
	if len(f.controls[name]) == 0 || attr(f.controls[name][0], "type") != "file" {
		f.r.t.Fatalf("the form %s takes no file %q", attr(f.node, "action"), name)
	}
	f.files[name] = upload{fileName, data}
	return f
}

// send sends the form and follows where its answer leads.
func (f *filled) send() { f.r.t.Helper(); f.sendFor(http.StatusOK) }

// sendFor sends the form and wants an answer.
func (f *filled) sendFor(want int) {
	f.r.t.Helper()
	if !strings.EqualFold(attr(f.node, "method"), http.MethodPost) {
		u, err := url.Parse(f.action)
		if err != nil {
			f.r.t.Fatal(err)
		}
		u.RawQuery = f.values.Encode()
		f.r.open(u.String())
		return
	}
	body, kind := f.encoded()
	request, err := http.NewRequestWithContext(f.r.t.Context(), http.MethodPost, f.action, body)
	if err != nil {
		f.r.t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Origin", f.r.at.Scheme+"://"+f.r.at.Host)
	f.r.ask(request, want)
}

func (f *filled) encoded() (io.Reader, string) {
	f.r.t.Helper()
	if attr(f.node, "enctype") != "multipart/form-data" {
		return strings.NewReader(f.values.Encode()), "application/x-www-form-urlencoded"
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, name := range f.order {
		for _, v := range f.values[name] {
			if err := w.WriteField(name, v); err != nil {
				f.r.t.Fatal(err)
			}
		}
	}
	for name, file := range f.files {
		part, err := w.CreateFormFile(name, file.name)
		if err == nil {
			_, err = part.Write(file.data)
		}
		if err != nil {
			f.r.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.r.t.Fatal(err)
	}
	return &body, w.FormDataContentType()
}

// offers gives what a choice offers; nil when anything may be typed.
func offers(controls []*html.Node) (all []string) {
	for _, c := range controls {
		switch kind := attr(c, "type"); {
		case c.Data == "select":
			for n := range c.Descendants() {
				if n.Data == "option" {
					all = append(all, optionValue(n))
				}
			}
		case c.Data == "button", kind == "radio", kind == "checkbox", kind == "submit", kind == "hidden":
			all = append(all, valueOf(c))
		default:
			return nil
		}
	}
	return all
}

func chosen(selection *html.Node) (values []string) {
	first := ""
	for n := range selection.Descendants() {
		if n.Data != "option" {
			continue
		}
		if given(n, "selected") {
			values = append(values, optionValue(n))
		}
		if first == "" {
			first = optionValue(n)
		}
	}
	if len(values) == 0 && !given(selection, "multiple") {
		return []string{first}
	}
	return values
}

func optionValue(n *html.Node) string {
	if given(n, "value") {
		return attr(n, "value")
	}
	return strings.TrimSpace(text(n))
}

func valueOf(n *html.Node) string {
	if given(n, "value") {
		return attr(n, "value")
	}
	return "on"
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func given(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// text gives what is to be read in a part of a page.
func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if n.Data == "script" || n.Data == "style" {
		return ""
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(text(c))
	}
	return b.String()
}
