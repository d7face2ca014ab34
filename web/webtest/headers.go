package webtest

import (
	"mime"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// always are the headers of TRUST.md 2.4 that every answer has.
var always = map[string]string{
	"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"X-Dns-Prefetch-Control":       "off",
	"X-Robots-Tag":                 "noindex, nofollow, noarchive",
}

const (
	wantPage = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types homeward; report-to csp"
	wantFile = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"
)

// Headers holds an answer, whatever its status, to TRUST.md 2.4. voice says that it
// is the one page that may ask for the microphone.
func Headers(t testing.TB, name string, answer *http.Response, voice bool) {
	t.Helper()
	h := answer.Header
	for key, want := range always {
		if got := h.Values(key); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q", name, key, got)
		}
	}
	for _, absent := range []string{"Server", "X-Powered-By", "X-XSS-Protection", "Access-Control-Allow-Origin"} {
		if h.Get(absent) != "" {
			t.Errorf("%s has %s", name, absent)
		}
	}
	kind, params, _ := mime.ParseMediaType(h.Get("Content-Type"))
	want := wantFile
	if kind == "text/html" && h.Get("Location") == "" {
		want = wantPage
	}
	if got := h.Get("Content-Security-Policy"); got != want {
		t.Errorf("%s: the policy is %q", name, got)
	}
	empty := answer.StatusCode == http.StatusNoContent || h.Get("Location") != "" || answer.ContentLength == 0
	if !empty && (kind == "" || strings.HasPrefix(kind, "text/") && params["charset"] != "utf-8") {
		t.Errorf("%s: Content-Type is %q", name, h.Get("Content-Type"))
	}
	if kind == "text/html" && !strings.HasPrefix(h.Get("Cache-Control"), "public, max-age=300") && h.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: Cache-Control is %q", name, h.Get("Cache-Control"))
	}
	checkPermissions(t, name, h.Get("Permissions-Policy"), voice)
}

// features are those no page may use, but one the microphone.
var features = []string{"camera", "geolocation", "microphone", "display-capture", "usb", "serial", "bluetooth", "payment", "browsing-topics"}

// member is one member of the dictionary that Permissions-Policy is (RFC 8941): a
// feature and the list of those it is allowed to.
var member = regexp.MustCompile(`^([a-z-]+)=\(([a-z ]*)\)$`)

func checkPermissions(t testing.TB, name, header string, voice bool) {
	t.Helper()
	got := map[string]string{}
	for part := range strings.SplitSeq(header, ", ") {
		m := member.FindStringSubmatch(part)
		if m == nil {
			t.Errorf("%s: Permissions-Policy has the member %q", name, part)
			return
		}
		got[m[1]] = m[2]
	}
	for _, feature := range features {
		want := ""
		if feature == "microphone" && voice {
			want = "self"
		}
		if allowed, there := got[feature]; !there || allowed != want {
			t.Errorf("%s: %s is allowed to %q", name, feature, allowed)
		}
	}
}
