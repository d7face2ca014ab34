package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/acme"
)

// officeName is the name under which the test's office is served.
const officeName = "office.example"

// TestCertificateFromAnAuthority serves the public form with a certificate that an ACME
// authority signs after it looked whether the listener has the name, and goes on with
// the same one when the office is locked.
func TestCertificateFromAnAuthority(t *testing.T) {
	a := newCertifier(t)
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, pemOf(a.server.Certificate().Raw), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startOffice(t, "--public-acme", officeName, "--acme-directory", a.server.URL+"/directory", "--acme-ca", root, "--lock-after", "0")
	a.mu.Lock()
	a.office = strings.TrimPrefix(p.address("public"), "https://")
	a.mu.Unlock()
	if _, err := a.visit("other.example"); err == nil {
		t.Error("a name that was not given has a certificate")
	}
	first, err := a.visit(officeName)
	p.must(err)
	p.run("lock")
	p.settle()
	again, err := a.visit(officeName)
	p.must(err)
	if !first.Equal(again) || a.orders != 1 {
		t.Errorf("the locked office has another certificate, after %d orders", a.orders)
	}
	kept, err := os.ReadFile(filepath.Join(p.dir, "keys", "acme", officeName))
	if err != nil || !bytes.Contains(kept, []byte("PRIVATE KEY")) {
		t.Errorf("the certificate is not in keys/acme: %v", err)
	}
}

// TestAuthorityThatSaysNo: a certificate is not given to a listener that does not prove
// its name, and then none is served.
func TestAuthorityThatSaysNo(t *testing.T) {
	a := newCertifier(t)
	other := httptest.NewTLSServer(http.NotFoundHandler()) // who has the name in truth
	t.Cleanup(other.Close)
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, pemOf(a.server.Certificate().Raw), 0o600); err != nil {
		t.Fatal(err)
	}
	p := startOffice(t, "--public-acme", officeName, "--acme-directory", a.server.URL+"/directory", "--acme-ca", root)
	a.office = strings.TrimPrefix(p.address("public"), "https://")
	a.proves = strings.TrimPrefix(other.URL, "https://")
	if _, err := a.visit(officeName); err == nil {
		t.Error("a listener that proved nothing has a certificate")
	}
}

// certifier is an ACME authority (RFC 8555) as small as a test needs: it takes every
// account, looks whether the name is served by who asks (tls-alpn-01), and signs.
type certifier struct {
	t      *testing.T
	server *httptest.Server
	key    *ecdsa.PrivateKey
	cert   *x509.Certificate

	mu     sync.Mutex
	office string // where the office's name leads
	proves string // where it leads the authority; "" is the same
	thumb  string // of the account's key
	orders int
	valid  bool
	signed []byte
}

func pemOf(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func newCertifier(t *testing.T) *certifier {
	t.Helper()
	a := &certifier{t: t}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a test's authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err == nil {
		a.cert, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /directory", func(w http.ResponseWriter, _ *http.Request) {
		a.say(w, 200, map[string]string{"newNonce": a.url("/nonce"), "newAccount": a.url("/account"), "newOrder": a.url("/orders"), "revokeCert": a.url("/revoke"), "keyChange": a.url("/keys")})
	})
	mux.HandleFunc("HEAD /nonce", func(w http.ResponseWriter, _ *http.Request) { a.say(w, 200, nil) })
	mux.HandleFunc("POST /account", a.account)
	mux.HandleFunc("POST /orders", a.order)
	mux.HandleFunc("POST /orders/1", func(w http.ResponseWriter, _ *http.Request) { a.say(w, 200, a.state()) })
	mux.HandleFunc("POST /authorizations/1", func(w http.ResponseWriter, _ *http.Request) { a.say(w, 200, a.authorization()) })
	mux.HandleFunc("POST /challenges/1", a.challenge)
	mux.HandleFunc("POST /finalize/1", a.finalize)
	mux.HandleFunc("POST /certificates/1", func(w http.ResponseWriter, _ *http.Request) {
		a.head(w)
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = w.Write(slices.Concat(pemOf(a.signed), pemOf(a.cert.Raw)))
	})
	a.server = httptest.NewTLSServer(mux)
	t.Cleanup(a.server.Close)
	return a
}

func (a *certifier) url(path string) string { return a.server.URL + path }

func (a *certifier) head(w http.ResponseWriter) {
	w.Header().Set("Replay-Nonce", rand.Text())
	w.Header().Set("Cache-Control", "no-store")
}

func (a *certifier) say(w http.ResponseWriter, status int, what any) {
	a.head(w)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(what)
}

// signed is what every request is: a JSON web signature.
type signedRequest struct{ Protected, Payload string }

func part(text string, into any) error {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(data) == 0 {
		return err
	}
	return json.Unmarshal(data, into)
}

func (a *certifier) account(w http.ResponseWriter, r *http.Request) {
	var s signedRequest
	var head struct{ JWK struct{ X, Y string } }
	if err := json.NewDecoder(r.Body).Decode(&s); err == nil {
		err = part(s.Protected, &head)
		if err != nil {
			a.t.Error(err)
		}
	}
	coordinates := []byte{4}
	for _, c := range []string{head.JWK.X, head.JWK.Y} {
		b, err := base64.RawURLEncoding.DecodeString(c)
		if err != nil {
			a.t.Error(err)
		}
		coordinates = append(coordinates, b...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), coordinates)
	if err != nil {
		a.t.Error(err)
		return
	}
	thumb, err := acme.JWKThumbprint(crypto.PublicKey(key))
	if err != nil {
		a.t.Error(err)
	}
	a.mu.Lock()
	a.thumb = thumb
	a.mu.Unlock()
	w.Header().Set("Location", a.url("/account/1"))
	a.say(w, 201, map[string]string{"status": "valid"})
}

func (a *certifier) order(w http.ResponseWriter, _ *http.Request) {
	a.mu.Lock()
	a.orders++
	a.mu.Unlock()
	w.Header().Set("Location", a.url("/orders/1"))
	a.say(w, 201, a.state())
}

// state is the order as it stands.
func (a *certifier) state() map[string]any {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := map[string]any{"status": "pending", "identifiers": []any{map[string]string{"type": "dns", "value": officeName}},
		"authorizations": []string{a.url("/authorizations/1")}, "finalize": a.url("/finalize/1")}
	if a.valid {
		s["status"] = "ready"
	}
	if a.signed != nil {
		s["status"], s["certificate"] = "valid", a.url("/certificates/1")
	}
	return s
}

const challengeToken = "a-token-of-more-than-128-bits-0123456789"

func (a *certifier) authorization() map[string]any {
	a.mu.Lock()
	defer a.mu.Unlock()
	status := "pending"
	if a.valid {
		status = "valid"
	}
	return map[string]any{"status": status, "identifier": map[string]string{"type": "dns", "value": officeName},
		"challenges": []any{map[string]string{"type": "tls-alpn-01", "status": status, "token": challengeToken, "url": a.url("/challenges/1")}}}
}

// challenge looks whether the name is served by whoever has the account's key.
func (a *certifier) challenge(w http.ResponseWriter, _ *http.Request) {
	a.mu.Lock()
	at, thumb := a.office, a.thumb
	if a.proves != "" {
		at = a.proves
	}
	a.mu.Unlock()
	if err := proven(at, thumb); err != nil {
		a.say(w, 403, map[string]any{"type": "urn:ietf:params:acme:error:unauthorized", "detail": err.Error()})
		return
	}
	a.mu.Lock()
	a.valid = true
	a.mu.Unlock()
	a.say(w, 200, map[string]string{"type": "tls-alpn-01", "status": "valid", "token": challengeToken, "url": a.url("/challenges/1")})
}

// acmeIdentifier is the extension in which a listener shows its proof (RFC 8737).
var acmeIdentifier = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}

func proven(address, thumb string) error {
	c, err := tls.Dial("tcp", address, &tls.Config{ServerName: officeName, NextProtos: []string{acme.ALPNProto}, InsecureSkipVerify: true}) //nolint:gosec // the proof is a certificate of its own making
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // nothing was written
	state := c.ConnectionState()
	want := sha256.Sum256([]byte(challengeToken + "." + thumb))
	for _, e := range state.PeerCertificates[0].Extensions {
		var got []byte
		if _, err := asn1.Unmarshal(e.Value, &got); e.Id.Equal(acmeIdentifier) && err == nil && bytes.Equal(got, want[:]) && state.NegotiatedProtocol == acme.ALPNProto {
			return nil
		}
	}
	return fmt.Errorf("the listener does not show the proof")
}

func (a *certifier) finalize(w http.ResponseWriter, r *http.Request) {
	var s signedRequest
	var payload struct{ CSR string }
	err := json.NewDecoder(r.Body).Decode(&s)
	if err == nil {
		err = part(s.Payload, &payload)
	}
	der, _ := base64.RawURLEncoding.DecodeString(payload.CSR)
	request, bad := x509.ParseCertificateRequest(der)
	if err != nil || bad != nil || !a.valid {
		a.t.Errorf("an order is finalised out of order: %v, %v", err, bad)
		return
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: request.DNSNames, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(60 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, a.cert, request.PublicKey, a.key)
	if err != nil {
		a.t.Error(err)
	}
	a.mu.Lock()
	a.signed = signed
	a.mu.Unlock()
	a.say(w, 200, a.state())
}

// visit opens the office's start page as a browser that trusts the authority, and gives
// the certificate that it saw.
func (a *certifier) visit(name string) (*x509.Certificate, error) {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	c := client(220)
	c.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots, ServerName: name, MinVersion: tls.VersionTLS12}
	defer c.CloseIdleConnections()
	res, err := c.Get("https://" + a.office + "/en/")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // only its head matters
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the start page answered %d", res.StatusCode)
	}
	return res.TLS.PeerCertificates[0], nil
}
