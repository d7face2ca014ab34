package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// rates counts requests. Whom it counts is known only as a hash under a key that
// lives in memory and changes every hour: no address is kept, and a dump of memory
// tells who came during the last hour at most by trying all addresses.
type rates struct {
	rand io.Reader
	now  func() time.Time

	mu      sync.Mutex
	key     [32]byte
	since   time.Time
	buckets map[[16]byte]*bucket
}

// bucket holds the moment at which it would be full of waiting.
type bucket struct{ full time.Time }

const (
	rotation = time.Hour
	// mostBuckets bounds the memory; past it everybody starts anew.
	mostBuckets = 200_000
)

func newRates(rand io.Reader, now func() time.Time) (*rates, error) {
	r := &rates{rand: rand, now: now}
	return r, r.rotate(now())
}

func (r *rates) rotate(now time.Time) error {
	if _, err := io.ReadFull(r.rand, r.key[:]); err != nil {
		return err
	}
	r.since, r.buckets = now, map[[16]byte]*bucket{}
	return nil
}

// take counts one request of a class; ErrTooOften when there were too many.
func (r *rates) take(class Rate, whom string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if age := now.Sub(r.since); age > rotation || age < -rotation || len(r.buckets) > mostBuckets {
		if err := r.rotate(now); err != nil {
			return err
		}
	}
	mac := hmac.New(sha256.New, r.key[:])
	mac.Write([]byte(class.Name + "\x00" + whom))
	var id [16]byte
	copy(id[:], mac.Sum(nil))
	b := r.buckets[id]
	if b == nil {
		b = &bucket{}
		r.buckets[id] = b
	}
	if b.full.Before(now) {
		b.full = now
	}
	if b.full.Sub(now) > time.Duration(class.Burst-1)*class.Every {
		return ErrTooOften
	}
	b.full = b.full.Add(class.Every)
	return nil
}

// counted says whose request it is: the user's, or the network's.
func (s *Site) counted(r *http.Request, f *frame) string {
	if f.session.User.ID != "" {
		return "user " + f.session.User.ID
	}
	return "network " + s.network(r)
}

// network is the part of an address that a sender does not change at will: 24 bits
// of IPv4, 48 of IPv6.
func (s *Site) network(r *http.Request) string {
	addr := remote(r.RemoteAddr)
	if s.trusts(addr) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && s.trusts(addr); i-- {
			next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = next.Unmap()
		}
	}
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}

func remote(hostport string) netip.Addr {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}

func (s *Site) trusts(addr netip.Addr) bool {
	for _, p := range s.Proxies {
		if addr.IsValid() && p.Contains(addr) {
			return true
		}
	}
	return false
}

// Network is the part of a request's address by which attempts are counted. It is
// for counting in memory and is kept nowhere.
func Network(r *http.Request) string { return frameOf(r).site.network(r) }
