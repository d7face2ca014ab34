package vault

import (
	"bytes"
	"context"

	"homeward/internal/host"
)

// A sealed blob is
//
//	"xaes256:" ‖ nonce (24 bytes) ‖ ciphertext ‖ tag (16 bytes)
//
// where the first part names the algorithm, XAES-256-GCM, so that another one can
// stand beside it. The name and the context are authenticated with it.
const messageAlgorithm = "xaes256:"

// Overhead is by how much a sealed blob is longer than what is in it.
const Overhead = len(messageAlgorithm) + nonceSize + tagSize

// maxAlgorithm bounds the name at the start of a blob.
const maxAlgorithm = 24

// seal encrypts under a key. h gives the nonce.
func seal(h host.Host, key *[keySize]byte, context string, plaintext []byte) ([]byte, error) {
	nonce, err := h.Bytes(nonceSize)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, Overhead+len(plaintext))
	out = append(append(out, messageAlgorithm...), nonce...)
	aead, short := xaes(key, nonce)
	defer wipeCipher(aead)
	return aead.Seal(out, short, plaintext, []byte(messageAlgorithm+context)), nil
}

// unseal opens what seal made.
func unseal(key *[keySize]byte, context string, sealed []byte) ([]byte, error) {
	rest, err := named(messageAlgorithm, sealed)
	if err != nil {
		return nil, err
	}
	if len(rest) < nonceSize+tagSize {
		return nil, ErrTampered
	}
	aead, short := xaes(key, rest[:nonceSize])
	defer wipeCipher(aead)
	plaintext, err := aead.Open(nil, short, rest[nonceSize:], []byte(messageAlgorithm+context))
	if err != nil {
		return nil, ErrTampered.Wrap(err)
	}
	return plaintext, nil
}

// named takes the algorithm's name off a blob. A name that this version does not
// know is another one's work; what has no name is damaged.
func named(algorithm string, sealed []byte) ([]byte, error) {
	if rest, ok := bytes.CutPrefix(sealed, []byte(algorithm)); ok {
		return rest, nil
	}
	head := sealed[:min(len(sealed), maxAlgorithm)]
	name, _, ok := bytes.Cut(head, []byte(":"))
	if !ok || !word(name) {
		return nil, ErrTampered
	}
	return nil, ErrNewer
}

// word tells a name of an algorithm from random bytes.
func word(name []byte) bool {
	for _, c := range name {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return len(name) >= 4
}

// Seal encrypts under the key keyID, which Ensure made. context says what it is
// and where it stands (for example "statement:" and its id); Open must be given the
// same one, so that a blob moved to another place does not open there.
func (v *Vault) Seal(ctx context.Context, keyID, context string, plaintext []byte) ([]byte, error) {
	var key [keySize]byte
	defer clear(key[:])
	if err := v.key(ctx, keyID, &key); err != nil {
		return nil, err
	}
	return seal(v.host, &key, context, plaintext)
}

// Open decrypts what Seal made with the same key and context. The error is
// ErrForgotten when the key was destroyed, by whichever process, and ErrTampered
// when a single bit differs.
func (v *Vault) Open(ctx context.Context, keyID, context string, sealed []byte) ([]byte, error) {
	var key [keySize]byte
	defer clear(key[:])
	if err := v.key(ctx, keyID, &key); err != nil {
		return nil, err
	}
	return unseal(&key, context, sealed)
}

// OfficeSeal encrypts under the office key itself, for the few things that belong
// to nobody (the log's signing key). label is both the key's name and the context.
func (v *Vault) OfficeSeal(label string, plaintext []byte) ([]byte, error) {
	var key [keySize]byte
	defer clear(key[:])
	if err := v.root.copyKey("vault/office/"+label, &key); err != nil {
		return nil, err
	}
	return seal(v.host, &key, label, plaintext)
}

// OfficeOpen decrypts what OfficeSeal made with the same label.
func (v *Vault) OfficeOpen(label string, sealed []byte) ([]byte, error) {
	var key [keySize]byte
	defer clear(key[:])
	if err := v.root.copyKey("vault/office/"+label, &key); err != nil {
		return nil, err
	}
	return unseal(&key, label, sealed)
}
