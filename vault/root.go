package vault

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"sync"

	"filippo.io/age"

	"homeward/internal/host"
)

// Root is the office key, open. It lives in one place in memory, and Close wipes
// it there.
type Root struct {
	office string
	host   host.Host // for salts and nonces

	mu     sync.RWMutex
	key    *[keySize]byte      // guarded by mu; nil when closed
	intake *age.HybridIdentity // guarded by mu; nil when closed
}

// Create makes an office: its key, one slot for each opener, the intake key pair
// and the intake secret. It writes two files into keys, which must hold no office
// yet, and gives the key open.
func Create(ctx context.Context, h host.Host, keys host.Dir, officeID string, openers ...Opener) (*Root, error) {
	if len(openers) == 0 {
		return nil, ErrLastSlot
	}
	if _, err := readOffice(keys); err == nil || !isNotMade(err) {
		return nil, orMade(err)
	}
	random, err := h.Bytes(keySize)
	if err != nil {
		return nil, err
	}
	r := &Root{office: officeID, host: h, key: new([keySize]byte)}
	copy(r.key[:], random)
	clear(random)
	if err := r.furnish(ctx, keys, openers); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// orMade is the answer of Create when the folder is not empty.
func orMade(err error) error {
	if err == nil {
		return ErrMade
	}
	return err
}

// furnish makes everything that hangs on a new root key. The office's file is
// written last: it is there or the office is not.
func (r *Root) furnish(ctx context.Context, keys host.Dir, openers []Opener) error {
	f := &officeFile{Format: officeFormat, Office: r.office}
	if err := r.makeIntake(f); err != nil {
		return err
	}
	for _, o := range openers {
		if err := r.addSlot(ctx, f, o); err != nil {
			return err
		}
	}
	if err := r.restoreSecret(keys, f); err != nil {
		return err
	}
	return r.writeOffice(keys, f)
}

// Open opens the office key with one of its openers. The error is ErrNotMade when
// there is no office, ErrWrongKey when the passphrase or identity is another one,
// ErrNoSlot when the office has no slot of that kind, and ErrAltered when somebody
// has changed the file.
func Open(ctx context.Context, keys host.Dir, o Opener) (*Root, error) {
	f, err := readOffice(keys)
	if err != nil {
		return nil, err
	}
	key, err := f.open(ctx, o)
	if err != nil {
		return nil, err
	}
	r := &Root{office: f.Office, host: host.System(), key: key}
	if err := r.check(f); err != nil {
		r.Close()
		return nil, err
	}
	if err := r.restoreSecret(keys, f); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// OfficeID is the id that stands in every table's key.
func (r *Root) OfficeID() string { return r.office }

// Derive gives the 32 bytes that belong to a label, always the same for one office:
// HKDF-SHA-256 of the root key, with the office's id as salt. Labels are short and
// constant ("db", "keyring", "blob-names", "log"); the vault's own begin with
// "vault/". When the root is closed it gives nil, which no cipher takes as a key.
func (r *Root) Derive(label string) []byte {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.key == nil {
		return nil
	}
	return must(hkdf.Key(sha256.New, r.key[:], []byte(r.office), "homeward "+label, keySize))
}

// copyKey derives a key to where its caller can wipe it.
func (r *Root) copyKey(label string, into *[keySize]byte) error {
	derived := r.Derive(label)
	if derived == nil {
		return ErrLocked
	}
	copy(into[:], derived)
	clear(derived)
	return nil
}

// mac is an HMAC-SHA-256 under the key of a label; nil when closed.
func (r *Root) mac(label string, data []byte) []byte {
	key := r.Derive(label)
	if key == nil {
		return nil
	}
	defer clear(key)
	m := hmac.New(sha256.New, key)
	m.Write(data)
	return m.Sum(nil)
}

// IntakeIdentity is the private half of the key to which reports are sealed; nil
// when the root is closed.
func (r *Root) IntakeIdentity() age.Identity {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.intake == nil {
		return nil
	}
	return r.intake
}

// Close wipes the key. What was derived from it and given away is for its owners to
// wipe; what is still garbage in the heap goes with the process, which a lock replaces
// (docs/decisions/0005).
func (r *Root) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.key != nil {
		clear(r.key[:])
	}
	r.key, r.intake = nil, nil
}
