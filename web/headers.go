package web

import "net/http"

// The policies of TRUST.md 2.4. Trusted Types stay on with one named policy, which
// static/homeward.js uses to take a fragment out of a page of ours.
const (
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; " +
		"font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; " +
		"require-trusted-types-for 'script'; trusted-types homeward; report-to csp"
	// filePolicy is for everything that is not a page of ours: whatever it is, it runs
	// nothing and shows nothing in our name.
	filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"

	permissions = "camera=(), geolocation=(), microphone=(), display-capture=(), usb=(), serial=(), bluetooth=(), payment=(), browsing-topics=()"
	// voicePermissions are those of the page that records a voice.
	voicePermissions = "camera=(), geolocation=(), microphone=(self), display-capture=(), usb=(), serial=(), bluetooth=(), payment=(), browsing-topics=()"
)

// setHeaders puts on every answer, also of an error, what TRUST.md 2.4 asks for.
func setHeaders(h http.Header, indexed bool) {
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("X-DNS-Prefetch-Control", "off")
	if !indexed {
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	}
	h.Set("Permissions-Policy", permissions)
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Cache-Control", NoStore.header())
}

// routeHeaders are those a route changes.
func routeHeaders(h http.Header, r *Route) {
	h.Set("Cache-Control", r.Cache.header())
	if r.Microphone {
		h.Set("Permissions-Policy", voicePermissions)
	}
	if r.Pattern != "/{$}" {
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	}
}

// pageHeaders are those of an HTML page.
func pageHeaders(h http.Header) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Reporting-Endpoints", `csp="/csp-report"`)
}
