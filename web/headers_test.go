package web

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"mime"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"homeward/web/webtest"
)

var dirFS = os.DirFS(".")

func prefixes(all ...string) []netip.Prefix {
	var p []netip.Prefix
	for _, s := range all {
		p = append(p, netip.MustParsePrefix(s))
	}
	return p
}

// TestHeaders holds every answer of every kind to the contract.
func TestHeaders(t *testing.T) {
	t.Parallel()
	staff, public := newSite(t, nil), newSite(t, onPublic)
	asset := regexp.MustCompile(`/static/base\.[0-9a-f]+\.css`).FindString(ask(staff, "GET", "/people", "caseworker", "").Body.String())
	for _, c := range []struct {
		h                         http.Handler
		method, path, token, body string
		status                    int
		cache                     string
	}{
		{staff, "GET", "/people", "caseworker", "", 200, "no-store"},
		{staff, "HEAD", "/people", "caseworker", "", 200, "no-store"},
		{staff, "GET", "/people", "", "", 303, "no-store"},
		{staff, "GET", "/people", "analyst", "", 403, "no-store"},
		{staff, "GET", "/people/none", "caseworker", "", 404, "no-store"},
		{staff, "GET", "/people/broken", "caseworker", "", 500, "no-store"},
		{staff, "GET", "/people/file", "caseworker", "", 200, "no-store"},
		{staff, "GET", "/people/sound", "caseworker", "", 200, "no-store"},
		{staff, "PUT", "/people", "caseworker", "", 405, "no-store"},
		{staff, "POST", "/people", "caseworker", "to=/people", 303, "no-store"},
		{staff, "POST", "/people", "caseworker", "to=" + strings.Repeat("x", 100), 413, "no-store"},
		{staff, "GET", asset, "", "", 200, "public, max-age=31536000, immutable"},
		{staff, "GET", "/static/none.css", "", "", 404, "no-store"},
		{staff, "POST", "/csp-report", "", "{}", 204, "no-store"},
		{public, "GET", "/en/", "", "", 200, "public, max-age=300"},
		{public, "GET", "/en/voice", "", "", 200, "no-store"},
		{public, "GET", "/voice", "", "", 302, "no-store"},
		{public, "GET", "/en/nothing", "", "", 404, "no-store"},
	} {
		w := ask(c.h, c.method, c.path, c.token, c.body)
		name := c.method + " " + c.path + " as " + c.token
		if w.Code != c.status {
			t.Errorf("%s is %d, want %d", name, w.Code, c.status)
		}
		webtest.Headers(t, name, w.Result(), c.path == "/en/voice")
		if got := w.Header().Get("Cache-Control"); got != c.cache {
			t.Errorf("%s: Cache-Control is %q, want %q", name, got, c.cache)
		}
	}
}

// TestFilesAreSavedAndNotOpened sends a page as a file.
func TestFilesAreSavedAndNotOpened(t *testing.T) {
	t.Parallel()
	w := ask(newSite(t, nil), "GET", "/people/file", "caseworker", "")
	if got := w.Header().Get("Content-Type"); got != "application/octet-stream" {
		t.Errorf("an HTML file is sent as %q", got)
	}
	kind, params, err := mime.ParseMediaType(w.Header().Get("Content-Disposition"))
	if err != nil || kind != "attachment" || params["filename"] != "список.html" {
		t.Errorf("Content-Disposition is %q", w.Header().Get("Content-Disposition"))
	}
	for _, name := range []string{"a\r\nX: y", "../../x", "", strings.Repeat("я", 300), "\"; x=\""} {
		if d := disposition(name); strings.ContainsAny(d, "\r\n") || !strings.HasPrefix(d, "attachment") {
			t.Errorf("%q becomes %q", name, d)
		}
	}
}

// source parses every Go file of the house that is no test.
func source(t *testing.T, visit func(name string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "tools" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err == nil {
			visit(filepath.ToSlash(strings.TrimPrefix(name, ".."+string(filepath.Separator))), file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOnlyTheTableRegistersRoutes forbids another mux, and the ways of reading a
// form that write files to the temporary folder.
func TestOnlyTheTableRegistersRoutes(t *testing.T) {
	t.Parallel()
	forbidden := map[string]string{
		"NewServeMux": "only web/table.go makes a mux", "HandleFunc": "routes stand in the table", "Handle": "routes stand in the table",
		"ParseMultipartForm": "it writes to the temporary folder: use web.Parts", "FormFile": "it writes to the temporary folder: use web.Parts",
		"FormValue": "it parses multipart forms: use web.ReadForm", "PostFormValue": "it parses multipart forms: use web.ReadForm",
	}
	seen := false
	source(t, func(name string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok || forbidden[selector.Sel.Name] == "" {
				return true
			}
			switch name {
			case "web/table.go":
				seen = true
				return true
			case "cmd/homeward/control.go":
				return true // a socket of the machine's own, for the command line
			}
			t.Errorf("%s uses %s: %s", name, selector.Sel.Name, forbidden[selector.Sel.Name])
			return true
		})
	})
	if !seen {
		t.Error("the test does not find the table itself")
	}
}

// TestPagesHoldNoStyleAndNoScript reads the templates: the policy would refuse both.
func TestPagesHoldNoStyleAndNoScript(t *testing.T) {
	t.Parallel()
	inside := regexp.MustCompile(`(?i)\bstyle="|<style|\bon[a-z]+="|javascript:|templ\.Raw|\bscript [a-z]+\(|<script>`)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".templ") {
			return err
		}
		data, err := fs.ReadFile(dirFS, filepath.ToSlash(name))
		if m := inside.Find(data); m != nil {
			t.Errorf("%s has %q", name, m)
		}
		if external := regexp.MustCompile(`(?:src|href|action)="(https?:)?//`).Find(data); external != nil {
			t.Errorf("%s leads away: %q", name, external)
		}
		if bytes.Contains(data, []byte("margin-left")) {
			t.Errorf("%s knows left from right", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestStylesKnowNoLeftAndRight keeps Arabic right.
func TestStylesKnowNoLeftAndRight(t *testing.T) {
	t.Parallel()
	physical := regexp.MustCompile(`(?:margin|padding|border|inset)-(?:left|right)|[;{ ](?:left|right):|text-align: (?:left|right)|float:|url\(`)
	names, err := fs.Glob(dirFS, "static/*.css")
	if err != nil || !slices.Contains(names, "static/base.css") {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(dirFS, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range physical.FindAll(data, -1) {
			t.Errorf("%s has %q", name, m)
		}
	}
}
