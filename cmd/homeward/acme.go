package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"os"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"homeward/internal/host"
	"homeward/internal/problem"
)

// authority is who signs the certificates that the program gets by itself (ACME,
// RFC 8555). It proves that it has the name by the very listener that will serve it
// (tls-alpn-01, RFC 8737): no port 80 and no other program is needed, but the authority
// has to reach that listener at port 443 of the name.
//
// The account's key, the certificates and their keys lie in keys/acme in clear, like
// every TLS key: a locked office serves its form with them. The way out leads to the
// authority's own host and to no other.
type authority struct {
	Directory string `help:"Directory of the ACME authority." env:"HOMEWARD_ACME_DIRECTORY" default:"https://acme-v02.api.letsencrypt.org/directory" placeholder:"URL"`
	CA        string `help:"Root certificate of an authority that this machine does not know, PEM." name:"ca" env:"HOMEWARD_ACME_CA" type:"path" placeholder:"FILE"`
	Email     string `help:"Where the authority may write to about a certificate; better left out." env:"HOMEWARD_ACME_EMAIL" placeholder:"ADDRESS"`
}

var errAuthority = problem.New(problem.Invalid, "serve.acme",
	"the ACME authority cannot be used", "look at --acme-directory, an https address, and at --acme-ca, a PEM file")

// certificateWait is how long the authority may take for an answer.
const certificateWait = 30 * time.Second

// config gives a TLS configuration that gets the certificates of these names when they
// are first asked for, and anew a month before they end.
func (a authority) config(folder string, names []string) (*tls.Config, error) {
	directory, err := url.Parse(a.Directory)
	if err != nil || directory.Scheme != "https" || directory.Host == "" {
		return nil, errAuthority.Wrap(err)
	}
	roots, err := a.roots()
	if err != nil {
		return nil, errAuthority.Wrap(err)
	}
	out := host.System()
	out.Dial = host.DialOnly(directory.Hostname())
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(folder), HostPolicy: autocert.HostWhitelist(names...), Email: a.Email,
		Client: &acme.Client{
			DirectoryURL: a.Directory, UserAgent: "homeward",
			HTTPClient: &http.Client{Timeout: certificateWait, Transport: &http.Transport{
				DialContext: out.Dial, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, ForceAttemptHTTP2: true,
			}},
		},
	}
	config := m.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	return config, nil
}

// roots are those of the machine when no other is named.
func (a authority) roots() (*x509.CertPool, error) {
	if a.CA == "" {
		return nil, nil
	}
	text, err := os.ReadFile(a.CA)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errAuthority
	}
	return roots, nil
}
