package ledger

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"strings"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
	"homeward/vault"
)

//go:generate go tool -modfile=../tools/sqlc/go.mod sqlc generate

// New opens the office's log, or begins it. The log's signing key is made at the
// first opening and sealed under the root.
//
// A log that contradicts itself, or that is behind the checkpoint kept outside, is
// opened for reading and verifying alone: everything else gives ErrDamaged or
// ErrRolledBack.
func New(ctx context.Context, d *db.DB, v *vault.Vault, root *vault.Root, h host.Host, o Options) (*Ledger, error) {
	if o.OfficeID == "" || root.OfficeID() != o.OfficeID {
		return nil, ErrOtherLog
	}
	process, err := h.NewID()
	if err != nil {
		return nil, err
	}
	l := &Ledger{
		db: d, vault: v, host: h, office: o.OfficeID, process: process,
		turn: make(chan struct{}, 1),
	}
	l.withdrawn.Store(newWithdrawals(nil))
	found, err := l.identify(ctx)
	if err != nil {
		return nil, err
	}
	if found.empty {
		if err := l.begin(ctx, o); err != nil {
			return nil, err
		}
		if found, err = l.identify(ctx); err != nil {
			return nil, err
		}
	}
	if err := l.adopt(found, o); err != nil {
		return nil, err
	}
	if o.Outside != nil {
		l.outside = newKeeper(o.Outside, l.logID)
		if err := l.compareOutside(ctx); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// identity is what the tables say of the log, each asked on its own, so that one
// altered row does not make the whole log unreadable.
type identity struct {
	empty   bool
	logID   string
	origin  string
	whole   bool // all of them agree
	key     ed25519.PrivateKey
	pending bool
}

func (l *Ledger) identify(ctx context.Context) (found identity, err error) {
	err = l.read(ctx, func(ctx context.Context, v View) error {
		found, err = v.identify(ctx)
		return err
	})
	return found, err
}

func (v View) identify(ctx context.Context) (identity, error) {
	q := ledgersql.New(v.tx)
	rows, err := q.Identity(ctx, v.l.office)
	if err != nil {
		return identity{}, err
	}
	if len(rows) == 0 {
		return identity{empty: true}, nil
	}
	id := identity{whole: true}
	ids, origins, heads := map[string]int{}, map[string]int{}, 0
	for _, r := range rows {
		if r.LogID != "" {
			ids[r.LogID]++
		}
		if r.Origin != "" {
			origin, _, _ := strings.Cut(r.Origin, "\n") // of a note, its first line
			origins[strings.TrimSuffix(origin, readsSuffix)]++
		}
		if r.Log > 0 {
			heads++
		}
	}
	id.logID, id.origin = most(ids), most(origins)
	id.whole = len(ids) == 1 && len(origins) == 1 && heads == 2
	pending, err := q.Pending(ctx, v.l.office)
	if err != nil {
		return identity{}, err
	}
	id.pending = len(pending) > 0
	row, err := q.Key(ctx, ledgersql.KeyParams{OfficeID: v.l.office, LogID: id.logID})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return identity{}, err
	}
	id.key = v.l.openKey(id.logID, row.Sealed)
	id.whole = id.whole && id.key != nil && id.key.Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(row.PublicKey))
	return id, nil
}

// most gives the word that was said most often; of two, the first in order.
func most(votes map[string]int) (word string) {
	for w, n := range votes {
		if n > votes[word] || n == votes[word] && w < word {
			word = w
		}
	}
	return word
}

// keyLabel is the office key under which the log's signing key is sealed.
func keyLabel(logID string) string { return "ledger/key/" + logID }

// openKey unseals the signing key; nil when it is not what was sealed.
func (l *Ledger) openKey(logID string, sealed []byte) ed25519.PrivateKey {
	seed, err := l.vault.OfficeOpen(keyLabel(logID), sealed)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil
	}
	defer clear(seed)
	return ed25519.NewKeyFromSeed(seed)
}

// adopt takes on what the tables say.
func (l *Ledger) adopt(found identity, o Options) error {
	if o.LogID != "" && o.LogID != found.logID || o.Origin != "" && o.Origin != found.origin {
		return ErrOtherLog
	}
	l.logID, l.origin, l.key = found.logID, found.origin, found.key
	l.unfinished.Store(found.pending)
	if !found.whole {
		l.refusal.Store(ErrDamaged)
	}
	return nil
}

// readsSuffix is what the log of reads adds to the origin.
const readsSuffix = "/reads"

// begin makes the two logs and the key. Of two processes that begin at once one
// finds the other's rows.
func (l *Ledger) begin(ctx context.Context, o Options) error {
	logID := o.LogID
	if err := l.name(&logID); err != nil {
		return err
	}
	origin := o.Origin
	if origin == "" {
		origin = "homeward/" + logID
	}
	if _, err := proof.Parse(proof.Checkpoint{Origin: origin, Epoch: 1}.Text()); err != nil {
		return ErrOrigin.Wrap(err)
	}
	seed, err := l.host.Bytes(ed25519.SeedSize)
	if err != nil {
		return err
	}
	defer clear(seed)
	sealed, err := l.vault.OfficeSeal(keyLabel(logID), seed)
	if err != nil {
		return err
	}
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	root := proof.Empty()
	return l.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := ledgersql.New(tx)
		there, err := q.Identity(ctx, l.office)
		if err != nil || len(there) > 0 {
			return err
		}
		for log, name := range map[int64]string{statementsLog: origin, readsLog: origin + readsSuffix} {
			err := q.MakeHead(ctx, ledgersql.MakeHeadParams{OfficeID: l.office, Log: log, LogID: logID, Origin: name, Root: root[:]})
			if err != nil {
				return err
			}
		}
		return q.MakeKey(ctx, ledgersql.MakeKeyParams{OfficeID: l.office, LogID: logID, PublicKey: public, Sealed: sealed})
	})
}

// blocked says why nothing is recorded, if so. healing is the restoration that
// makes a rolled back log good.
func (l *Ledger) blocked(healing bool) error {
	if p := l.refusal.Load(); p != nil && !(healing && errors.Is(p, ErrRolledBack)) {
		return p
	}
	return nil
}

// Blocked says why the ledger records nothing, nil when it does.
func (l *Ledger) Blocked() error { return l.blocked(false) }

// refuse has the ledger record nothing more; the first reason stands.
func (l *Ledger) refuse(p *problem.Error) { l.refusal.CompareAndSwap(nil, p) }

// VerifierKey gives the public key that checks the log's checkpoints.
func (l *Ledger) VerifierKey() proof.Key { return l.verifier(statementsLog) }

func (l *Ledger) verifier(log int64) proof.Key {
	k := proof.Key{Name: l.originOf(log)}
	if l.key != nil {
		k.Public = l.key.Public().(ed25519.PublicKey)
	}
	return k
}

func (l *Ledger) originOf(log int64) string {
	if log == readsLog {
		return l.origin + readsSuffix
	}
	return l.origin
}
