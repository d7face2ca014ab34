// Package proof checks, with no database, no key of the office and no other room
// but the statement itself, that somebody said something: that a statement stands
// at its place in a log whose head was signed.
//
// A Bundle is what a court is given: the statement's canonical bytes, the salt that
// was sealed with them, the hashes between its leaf and the root, and the signed
// checkpoint that holds the root. Whoever has the log's verifier key from another
// hand (a printed page, a partner office) can check the whole of it with Check; the
// arithmetic is HMAC-SHA-256, RFC 6962 and Ed25519, nothing else.
//
// The package is pure, and the ledger uses the same functions, so that what a court
// checks is what the house checks.
package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"math/bits"
)

// Hash is a SHA-256.
type Hash [sha256.Size]byte

// SaltSize is the length of a salt.
const SaltSize = 32

// Commit gives the commitment to an entry: HMAC-SHA-256(salt, canonical bytes).
// Without the salt nobody can try whether a guess is what was said.
func Commit(salt, canonical []byte) Hash {
	mac := hmac.New(sha256.New, salt)
	mac.Write(canonical)
	var h Hash
	mac.Sum(h[:0])
	return h
}

// Leaf gives the leaf hash of a commitment (RFC 6962, section 2.1).
func Leaf(commitment Hash) Hash {
	var data [1 + sha256.Size]byte
	copy(data[1:], commitment[:])
	return sha256.Sum256(data[:])
}

// Node gives the hash above two others.
func Node(left, right Hash) Hash {
	var data [1 + 2*sha256.Size]byte
	data[0] = 1
	copy(data[1:], left[:])
	copy(data[1+sha256.Size:], right[:])
	return sha256.Sum256(data[:])
}

// Empty is the root of a tree without entries.
func Empty() Hash { return sha256.Sum256(nil) }

// Included says whether path leads from the leaf at index to the root of the tree
// of that size (RFC 9162, section 2.1.3.2).
func Included(size, index int64, root, leaf Hash, path []Hash) bool {
	if index < 0 || index >= size {
		return false
	}
	at, last, r := uint64(index), uint64(size-1), leaf
	for _, p := range path {
		if last == 0 {
			return false
		}
		if at&1 == 1 || at == last {
			r = Node(p, r)
			up := bits.TrailingZeros64(at) // at is not 0: last is not, and they are equal or at is odd
			at, last = at>>up, last>>up
		} else {
			r = Node(r, p)
		}
		at, last = at>>1, last>>1
	}
	return last == 0 && r == root
}

// Consistent says whether path shows that the tree of the old size and root is the
// beginning of the tree of the new size and root (RFC 9162, section 2.1.4.2).
func Consistent(oldSize, newSize int64, oldRoot, newRoot Hash, path []Hash) bool {
	if oldSize < 0 || oldSize > newSize {
		return false
	}
	if oldSize == newSize {
		return len(path) == 0 && oldRoot == newRoot
	}
	if oldSize == 0 {
		return len(path) == 0 && oldRoot == Empty()
	}
	if oldSize&(oldSize-1) == 0 {
		path = append([]Hash{oldRoot}, path...)
	}
	if len(path) == 0 {
		return false
	}
	at, last := uint64(oldSize-1), uint64(newSize-1)
	up := bits.TrailingZeros64(^at)
	at, last = at>>up, last>>up
	was, is := path[0], path[0]
	for _, p := range path[1:] {
		if last == 0 {
			return false
		}
		if at&1 == 1 || at == last {
			was, is = Node(p, was), Node(p, is)
			up := bits.TrailingZeros64(at) // at is not 0: last is not, and they are equal or at is odd
			at, last = at>>up, last>>up
		} else {
			is = Node(is, p)
		}
		at, last = at>>1, last>>1
	}
	return last == 0 && was == oldRoot && is == newRoot
}
