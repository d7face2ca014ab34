// Package host is what the house asks of the machine it runs on: the time,
// chance, files that survive a power cut, and one way out to the network.
//
// Each is a field that a test can replace, so that a clock ten years off, a disk
// that fills up and a cable pulled between write and fsync are ordinary tests
// that run inside the process.
package host

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"time"
)

// Host is the machine as the rooms see it. The zero value is not usable; take
// System, and replace what a test wants otherwise.
type Host struct {
	// Now gives the wall clock. It may jump: order is the ledger's, never the
	// clock's.
	Now func() time.Time
	// Rand gives cryptographic randomness. Readers never fail short.
	Rand io.Reader
	// Dial is the only way out of the house.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// System is the real machine. Its dialer refuses every address: nothing in the
// house speaks to the network unless configuration gives it a dialer.
func System() Host {
	return Host{Now: time.Now, Rand: rand.Reader, Dial: refuse}
}

func refuse(_ context.Context, _, address string) (net.Conn, error) {
	return nil, fmt.Errorf("host: no outgoing connection is configured (asked for %q)", address)
}

// DialOnly is a dialer that goes to these hosts ("name" or "name:port") and to no other.
func DialOnly(hosts ...string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		name, _, err := net.SplitHostPort(address)
		if err != nil || !slices.Contains(hosts, address) && !slices.Contains(hosts, name) {
			return refuse(ctx, network, address)
		}
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
}

// Bytes gives n random bytes.
func (h Host) Bytes(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(h.Rand, b); err != nil {
		return nil, fmt.Errorf("host: randomness: %w", err)
	}
	return b, nil
}

// NewID makes a UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then
// 74 random bits. It is an id and not a secret.
func (h Host) NewID() (string, error) {
	b, err := h.Bytes(16)
	if err != nil {
		return "", err
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(h.Now().UnixMilli()))
	copy(b[:6], ms[2:])
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
