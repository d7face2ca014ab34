// Package vault keeps the office's keys: it opens the office, seals what can hurt
// somebody under a key of that somebody's own, and forgets by destroying the key.
//
// # The story
//
// An office is made (Create): a random root key, wrapped once for each way in, its
// slots. While it is locked, intake knows a public key to which it seals every
// report, and the secret that derives receipts (ReadDoor); nothing in the folder
// says a name. Somebody unlocks (Open) with a passphrase or an age identity; from
// the root key hangs everything else (Root.Derive). The Vault opens the keyring, a
// database of its own, and from then on rooms ask it to Seal and Open under the key
// of a subject, an appeal or a file. Ensure makes a key and commits it before the
// first thing is sealed with it, so that nothing is ever stored whose key a crash
// took. Forget destroys the keys of an owner and of all that belongs to it: what
// they sealed stays where it is, here and in every old backup of the data, and
// nobody can read it.
//
// # The keys
//
//	root key        32 random bytes. In memory while open (one place, Root); on disk
//	                only inside slots of keys/office.json, under a passphrase
//	                (Argon2id) or an age identity.
//	derived keys    HKDF-SHA-256 of the root key and a label, never stored: the
//	                database's, the keyring's, blob names, the log's … ("db",
//	                "keyring", "blob-names"). The vault's own: vault/wrap (wraps the
//	                keyring's keys), vault/suppression (marks), vault/office-file
//	                (MAC over office.json), vault/own (seals the intake key and
//	                secret in office.json), vault/office/LABEL (OfficeSeal).
//	intake key      an age key pair (ML-KEM-768 with X25519). The public half lies in
//	                the clear in office.json, under its MAC; the private half is
//	                sealed there under vault/own.
//	intake secret   32 random bytes in keys/intake.secret, in the clear: it derives
//	                receipts and opens nothing. A sealed copy in office.json puts it
//	                back when the file is lost.
//	record keys     32 random bytes for each subject, appeal and file, in the table
//	                vault_key, wrapped under vault/wrap with their id and owner as
//	                context. In memory in the cache of a Vault.
//	message keys    one for each blob, derived by XAES-256-GCM from a record key and
//	                a random 192-bit nonce; one for each stream, by HKDF from a
//	                record key, a random salt and the context.
//
// # The rules
//
//   - Every sealed blob begins with the name of its algorithm.
//   - Every blob is bound to its context. Where it stands is part of what it is.
//   - A key in memory does not outlive a Forget by another process: each operation
//     looks at the keyring's epoch first (Look makes one look do for many).
//   - The keyring is backed up apart from the data, and its backups are kept
//     briefly: their age is how long forgetting takes.
//   - Locked: Close wipes the root key, the cache and what hangs on them. Ciphers are
//     wiped after each use, since the key lies in them as it is.
package vault

import (
	"context"
	"crypto/subtle"
	"embed"
	"io/fs"
	"sync"
	"sync/atomic"

	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/internal/host"
	"homeward/vault/vaultsql"
)

//go:generate go tool -modfile=../tools/sqlc/go.mod sqlc generate

//go:embed migrations
var embedded embed.FS

// Migrations is the keyring's own sequence.
func Migrations() fs.FS {
	return must(fs.Sub(embedded, "migrations"))
}

// Vault seals and opens under the keys of the keyring. It is safe for concurrent use.
type Vault struct {
	root    *Root
	keyring *db.DB
	host    host.Host
	guard   *guard.Guard // of the keyring's rows that are no keys
	changes atomic.Int64 // how often such a row was changed, as far as this process knows

	mu     sync.Mutex
	wrap   *[keySize]byte            // guarded by mu; nil when closed
	cache  map[string]*[keySize]byte // guarded by mu
	marks  map[string]bool           // guarded by mu; nil when not loaded
	epoch  int64                     // guarded by mu; the keyring's when the cache was empty
	closed bool                      // guarded by mu
}

// maxCache bounds the keys in memory: about 40 MB.
const maxCache = 1 << 18

// New opens the keyring of an office, bringing its schema up to date. The error is
// ErrOtherKeyring when its keys are wrapped under another root key.
func New(ctx context.Context, root *Root, keyring *db.DB, h host.Host) (*Vault, error) {
	if err := keyring.Migrate(ctx, Migrations()); err != nil {
		return nil, err
	}
	wrap := root.Derive("vault/wrap")
	if wrap == nil {
		return nil, ErrLocked
	}
	v := &Vault{root: root, keyring: keyring, host: h, wrap: new([keySize]byte), cache: map[string]*[keySize]byte{}}
	v.guard = guard.New(root.office, v, guard.Keyring)
	copy(v.wrap[:], wrap)
	clear(wrap)
	if err := v.prove(ctx); err != nil {
		v.Close()
		return nil, err
	}
	return v, nil
}

// prove makes the office's row in a new keyring, and holds an old one to it.
func (v *Vault) prove(ctx context.Context) error {
	proof := v.root.mac("vault/keyring", []byte(v.root.office))
	if proof == nil {
		return ErrLocked
	}
	var state vaultsql.StateRow
	err := v.keyring.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := vaultsql.New(tx)
		if err := q.MakeState(ctx, vaultsql.MakeStateParams{OfficeID: v.root.office, Proof: proof}); err != nil {
			return err
		}
		var err error
		state, err = q.State(ctx, v.root.office)
		return err
	})
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(state.Proof, proof) != 1 {
		return ErrOtherKeyring
	}
	v.epoch = state.Epoch
	return nil
}

// Close wipes every key the vault holds. It closes neither the keyring nor the root.
func (v *Vault) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.drop()
	if v.wrap != nil {
		clear(v.wrap[:])
	}
	v.wrap, v.cache, v.closed = nil, nil, true
}

// drop wipes the cache. The caller holds mu.
func (v *Vault) drop() {
	for _, k := range v.cache {
		clear(k[:])
	}
	clear(v.cache)
	v.marks = nil
}
