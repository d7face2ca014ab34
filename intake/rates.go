package intake

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"homeward/internal/host"
)

// Rate is how often something may happen: Burst at once, and one more each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// Rates counts attempts without remembering who made them: an address is cut to its
// network, hashed with a key that is thrown away each hour, and counted in memory.
// It is one process's own. A flood from everywhere meets the bucket of all.
type Rates struct {
	host     host.Host
	one, all Rate

	mu      sync.Mutex
	key     []byte
	since   time.Time
	buckets map[[16]byte]*bucket
	common  bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// maxBuckets bounds the memory; beyond it the common bucket alone decides.
const maxBuckets = 100_000

// NewRates counts by network and for all together.
func NewRates(h host.Host, one, all Rate) *Rates {
	return &Rates{host: h, one: one, all: all, buckets: map[[16]byte]*bucket{}}
}

// Allow counts one attempt from an address; ErrTooOften when it is one too many. An
// address that is not valid (behind an onion service there is none) is counted as
// one network.
func (r *Rates) Allow(from netip.Addr) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.host.Now()
	if err := r.turn(now); err != nil {
		return err
	}
	b := r.bucket(from, now)
	if b != nil && !b.take(r.one, now) || !r.common.take(r.all, now) {
		return ErrTooOften
	}
	return nil
}

// turn throws the key and all counts away once an hour, or when the clock went back.
func (r *Rates) turn(now time.Time) error {
	if r.key != nil && now.Sub(r.since) < time.Hour && !now.Before(r.since) {
		return nil
	}
	key, err := r.host.Bytes(32)
	if err != nil {
		return ErrNotTaken.Wrap(err)
	}
	r.key, r.since = key, now
	clear(r.buckets)
	if r.common.at.IsZero() || now.Before(r.common.at) {
		r.common = bucket{left: float64(r.all.Burst), at: now}
	}
	return nil
}

func (r *Rates) bucket(from netip.Addr, now time.Time) *bucket {
	h := hmac.New(sha256.New, r.key)
	bits := 24
	if from = from.Unmap(); from.Is6() {
		bits = 48
	}
	if network, err := from.Prefix(bits); err == nil {
		h.Write(network.Addr().AsSlice())
	}
	var id [16]byte
	copy(id[:], h.Sum(nil))
	b := r.buckets[id]
	if b == nil && len(r.buckets) < maxBuckets {
		b = &bucket{left: float64(r.one.Burst), at: now}
		r.buckets[id] = b
	}
	return b
}

// take takes one from the bucket if there is one.
func (b *bucket) take(rate Rate, now time.Time) bool {
	if gone := now.Sub(b.at); gone > 0 && rate.Every > 0 {
		b.left = min(float64(rate.Burst), b.left+float64(gone)/float64(rate.Every))
	}
	b.at = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
