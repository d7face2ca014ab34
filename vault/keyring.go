package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"homeward/internal/db"
	"homeward/vault/vaultsql"
)

// NewKey asks for a key. Owner is the id of the record it belongs to: who forgets
// the owner forgets this too. "" means it belongs to itself.
type NewKey struct{ ID, Owner string }

func (k NewKey) owner() string {
	if k.Owner == "" {
		return k.ID
	}
	return k.Owner
}

// Ensure makes the keys that are missing and commits them: when it returns nil,
// they are on the disk, and whatever is sealed with them can be opened after a
// power cut. Asking again changes nothing. The error is ErrForgotten when an id or
// its owner was forgotten, and ErrOwner when a key is there and belongs to another
// record than the one named.
func (v *Vault) Ensure(ctx context.Context, keys ...NewKey) error {
	wanted := unique(keys)
	if v.holds(ctx, wanted) {
		return nil
	}
	return v.keyring.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for chunk := range slicesOf(wanted, batch) {
			if err := v.ensure(ctx, tx, chunk); err != nil {
				return err
			}
		}
		return nil
	})
}

// unique leaves out repetitions; an id named with and without its owner has it.
func unique(keys []NewKey) []NewKey {
	at := make(map[string]int, len(keys))
	var out []NewKey
	for _, k := range keys {
		i, ok := at[k.ID]
		if !ok {
			at[k.ID] = len(out)
			out = append(out, k)
		} else if out[i].Owner == "" {
			out[i].Owner = k.Owner
		}
	}
	return out
}

// holds reports whether every key is in memory and no owner has to be checked.
func (v *Vault) holds(ctx context.Context, keys []NewKey) bool {
	if len(keys) == 0 {
		return true
	}
	if v.fresh(ctx) != nil {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, k := range keys {
		if v.cache[k.ID] == nil || k.Owner != "" {
			return false
		}
	}
	return true
}

// ensure makes the missing ones of at most batch keys.
func (v *Vault) ensure(ctx context.Context, tx *db.Tx, keys []NewKey) error {
	ids := make([]string, 0, 2*len(keys))
	for _, k := range keys {
		ids = append(ids, k.ID)
		if o := k.owner(); o != k.ID {
			ids = append(ids, o)
		}
	}
	gone, err := v.erasedAmong(ctx, tx, ids)
	if err != nil {
		return err
	}
	if gone {
		return ErrForgotten
	}
	there, err := v.owners(ctx, tx, ids)
	if err != nil {
		return err
	}
	var missing []NewKey
	for _, k := range keys {
		switch owner, ok := there[k.ID]; {
		case !ok:
			missing = append(missing, k)
		case k.Owner != "" && owner != k.Owner:
			return ErrOwner
		}
	}
	return v.insert(ctx, tx, missing)
}

// insert writes new keys in one statement. It is written by hand because sqlc has
// no rows of any number.
func (v *Vault) insert(ctx context.Context, tx *db.Tx, keys []NewKey) error {
	if len(keys) == 0 {
		return nil
	}
	args := make([]any, 0, 4*len(keys))
	for _, k := range keys {
		random, err := v.host.Bytes(keySize)
		if err != nil {
			return err
		}
		sealed, err := v.wrapKey(k.ID, k.owner(), random)
		clear(random)
		if err != nil {
			return err
		}
		args = append(args, v.root.office, k.ID, k.owner(), sealed)
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO vault_key (office_id, id, owner, sealed) VALUES "+
		rows(len(keys), 4), args...)
	return err
}

// rows gives n groups of parameters of a width: ($1, $2), ($3, $4).
func rows(n, width int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(")
		b.WriteString(parameters(i*width+1, width))
		b.WriteString(")")
	}
	return b.String()
}

// parameters gives n parameters from $first.
func parameters(first, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(names, ", ")
}

// wrapContext binds a wrapped key to its office, id and owner.
func (v *Vault) wrapContext(id, owner string) string {
	return strings.Join([]string{"record key", v.root.office, id, owner}, "\x00")
}

func (v *Vault) wrapKey(id, owner string, key []byte) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.wrap == nil {
		return nil, ErrLocked
	}
	return seal(v.host, v.wrap, v.wrapContext(id, owner), key)
}

// batch is how many ids one query asks for. The query is always of this size, so
// that it is compiled once; what is not needed is filled up with the first id.
const batch = 64

// slicesOf cuts a slice into pieces of at most n.
func slicesOf[T any](all []T, n int) func(func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(all) > 0 {
			k := min(n, len(all))
			if !yield(all[:k]) {
				return
			}
			all = all[k:]
		}
	}
}

var (
	keysQuery = "SELECT id, owner, sealed FROM vault_key WHERE office_id = $1 AND id IN (" + parameters(2, batch) + ")"
	goneQuery = "SELECT CAST(count(*) AS BIGINT) FROM vault_erasure WHERE office_id = $1 AND id IN (" + parameters(2, batch) + ")"
)

func (v *Vault) arguments(ids []string) []any {
	args := make([]any, 0, batch+1)
	args = append(args, v.root.office)
	for i := range batch {
		if i < len(ids) {
			args = append(args, ids[i])
		} else {
			args = append(args, ids[0])
		}
	}
	return args
}

func (v *Vault) erasedAmong(ctx context.Context, tx *db.Tx, ids []string) (bool, error) {
	for chunk := range slicesOf(ids, batch) {
		var n int64
		if err := tx.QueryRowContext(ctx, goneQuery, v.arguments(chunk)...).Scan(&n); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

type keyRow struct {
	id, owner string
	sealed    []byte
}

// rowsOf reads the wrapped keys of ids; those that are not there are left out.
func (v *Vault) rowsOf(ctx context.Context, tx *db.Tx, ids []string) (found []keyRow, err error) {
	for chunk := range slicesOf(ids, batch) {
		if found, err = v.readRows(ctx, tx, chunk, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (v *Vault) readRows(ctx context.Context, tx *db.Tx, ids []string, found []keyRow) ([]keyRow, error) {
	more, err := scanKeys(tx.QueryContext(ctx, keysQuery, v.arguments(ids)...))
	if err != nil {
		return nil, err
	}
	return append(found, more...), nil
}

func scanKeys(rows *sql.Rows, asked error) (found []keyRow, err error) {
	if asked != nil {
		return nil, asked
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r keyRow
		if err := rows.Scan(&r.id, &r.owner, &r.sealed); err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, rows.Err()
}

func (v *Vault) owners(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	found, err := v.rowsOf(ctx, tx, ids)
	owners := make(map[string]string, len(found))
	for _, r := range found {
		owners[r.id] = r.owner
	}
	return owners, err
}

// key copies a record's key to where its caller can wipe it.
func (v *Vault) key(ctx context.Context, id string, into *[keySize]byte) error {
	if v.cached(id, into) {
		clear(into[:])
		if err := v.fresh(ctx); err != nil {
			return err
		}
		if v.cached(id, into) { // still: nobody has forgotten it
			return nil
		}
	}
	if err := v.load(ctx, []string{id}); err != nil {
		return err
	}
	if v.cached(id, into) {
		return nil
	}
	return v.absent(ctx, id)
}

func (v *Vault) cached(id string, into *[keySize]byte) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	k := v.cache[id]
	if k != nil {
		*into = *k
	}
	return k != nil
}

// absent says why there is no key.
func (v *Vault) absent(ctx context.Context, id string) error {
	gone, err := v.Forgotten(ctx, id)
	if err != nil {
		return err
	}
	if gone {
		return ErrForgotten
	}
	return ErrNoKey
}

// Warm brings the keys of many records into memory by few queries, before each is
// used. An id without a key is passed over; its Open will say why.
func (v *Vault) Warm(ctx context.Context, ids ...string) error {
	if err := v.fresh(ctx); err != nil {
		return err
	}
	var missing []string
	v.mu.Lock()
	for _, id := range ids {
		if v.cache[id] == nil {
			missing = append(missing, id)
		}
	}
	v.mu.Unlock()
	if len(missing) == 0 {
		return nil
	}
	return v.load(ctx, missing)
}

// load reads keys and the epoch in one snapshot and puts them into the cache.
func (v *Vault) load(ctx context.Context, ids []string) error {
	var found []keyRow
	var epoch int64
	err := v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if epoch, err = vaultsql.New(tx).Epoch(ctx, v.root.office); err != nil {
			return err
		}
		found, err = v.rowsOf(ctx, tx, ids)
		return err
	})
	if err != nil {
		return v.orGone(err)
	}
	return v.keep(epoch, found)
}

// orGone gives the error of a keyring whose state row is not there any more.
func (v *Vault) orGone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrOtherKeyring
	}
	return err
}

// keep opens wrapped keys of a snapshot into the cache. A snapshot from before a
// Forget that this process already knows of is not kept: the loser of that race is
// told that there is no key, and asks why.
func (v *Vault) keep(epoch int64, found []keyRow) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return ErrLocked
	}
	if epoch < v.epoch {
		return nil
	}
	v.see(epoch)
	if len(v.cache)+len(found) > maxCache {
		v.drop()
	}
	for _, r := range found {
		key, err := unseal(v.wrap, v.wrapContext(r.id, r.owner), r.sealed)
		if err != nil {
			return err
		}
		if len(key) != keySize {
			return ErrTampered
		}
		k := new([keySize]byte)
		copy(k[:], key)
		clear(key)
		v.cache[r.id] = k
	}
	return nil
}

// see empties the cache when the keyring's epoch is another. The caller holds mu.
func (v *Vault) see(epoch int64) {
	if epoch != v.epoch {
		v.drop()
		v.epoch = epoch
	}
}

// looked marks a context in which one look at the epoch does for many operations.
type looked struct{ v *Vault }

// lookLife is how long it does. It is what a long work, begun before a Forget by
// another process, may still open after it.
const lookLife = time.Second

// Look looks at the keyring's epoch now, and gives a context in which the vault's
// operations take that look for their own, for a second at a time: for work that
// opens many things. The context is used by one goroutine at a time.
func (v *Vault) Look(ctx context.Context) (context.Context, error) {
	if err := v.look(ctx); err != nil {
		return nil, err
	}
	at := monotonic()
	return context.WithValue(ctx, looked{v}, &at), nil
}

// monotonic is for lengths of time only, and so not the host's clock, which may jump.
func monotonic() time.Time { return time.Now() }

// fresh looks at the epoch, unless the context has a recent look.
func (v *Vault) fresh(ctx context.Context) error {
	last, _ := ctx.Value(looked{v}).(*time.Time)
	now := monotonic()
	if last != nil && now.Sub(*last) < lookLife {
		return nil
	}
	if err := v.look(ctx); err != nil {
		return err
	}
	if last != nil {
		*last = now
	}
	return nil
}

func (v *Vault) look(ctx context.Context) error {
	var epoch int64
	err := v.keyring.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		epoch, err = vaultsql.New(tx).Epoch(ctx, v.root.office)
		return err
	})
	if err != nil {
		return v.orGone(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return ErrLocked
	}
	v.see(epoch)
	return nil
}
