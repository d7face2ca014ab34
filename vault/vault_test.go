package vault_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// each runs a test on an empty keyring of both kinds.
func each(t *testing.T, fn func(t *testing.T, keyring *db.DB)) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, _, keyring *db.DB) { fn(t, keyring) })
}

func ensure(t testing.TB, v *vault.Vault, keys ...vault.NewKey) {
	t.Helper()
	if err := v.Ensure(context.Background(), keys...); err != nil {
		t.Fatal(err)
	}
}

func seal(t testing.TB, v *vault.Vault, key, context_, plaintext string) []byte {
	t.Helper()
	sealed, err := v.Seal(context.Background(), key, context_, []byte(plaintext))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("the error is %v, want %v", got, want)
	}
}

func TestSealOpen(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		_, v := vaulttest.Open(t, keyring, host.System())
		ctx := t.Context()
		ensure(t, v, vault.NewKey{ID: "a"}, vault.NewKey{ID: "b"})
		sealed := seal(t, v, "a", "name", "Аминат")
		plain, err := v.Open(ctx, "a", "name", sealed)
		if err != nil || string(plain) != "Аминат" {
			t.Fatal(err)
		}
		if len(sealed) != len(plain)+vault.Overhead || !bytes.HasPrefix(sealed, []byte("xaes256:")) {
			t.Error("the blob does not have the form that is documented")
		}
		for what, open := range map[string]func() ([]byte, error){
			"another context": func() ([]byte, error) { return v.Open(ctx, "a", "place", sealed) },
			"another key":     func() ([]byte, error) { return v.Open(ctx, "b", "name", sealed) },
			"the office key":  func() ([]byte, error) { return v.OfficeOpen("name", sealed) },
		} {
			if _, err := open(); !errors.Is(err, vault.ErrTampered) {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, err = v.Open(ctx, "nobody", "name", sealed)
		wantErr(t, err, vault.ErrNoKey)
		_, err = v.Open(ctx, "a", "name", append([]byte("serpent3:"), sealed[8:]...))
		wantErr(t, err, vault.ErrNewer)
	})
}

// One text sealed twice gives two blobs, and neither holds it.
func TestSealedIsNotPlaintext(t *testing.T) {
	t.Parallel()
	_, v := vaulttest.Open(t, keyringSQLite(t), host.System())
	ensure(t, v, vault.NewKey{ID: "k"})
	rapid.Check(t, func(rt *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 6, 2000).Draw(rt, "plain")
		once, twice := seal(t, v, "k", "c", string(plain)), seal(t, v, "k", "c", string(plain))
		if bytes.Equal(once, twice) || bytes.Contains(once, plain) {
			rt.Fatal("the blob shows what is in it")
		}
		opened, err := v.Open(context.Background(), "k", "c", once)
		if err != nil || !bytes.Equal(opened, plain) {
			rt.Fatal("does not open to what was sealed")
		}
	})
}

// keyringSQLite is an empty keyring where the kind of database does not matter.
func keyringSQLite(t testing.TB) *db.DB {
	t.Helper()
	d, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() }) //nolint:errcheck // a database of a test
	return d
}

// Every bit of a blob matters.
func TestEveryFlippedBitIsSeen(t *testing.T) {
	t.Parallel()
	_, v := vaulttest.Open(t, keyringSQLite(t), host.System())
	ensure(t, v, vault.NewKey{ID: "k"})
	sealed := seal(t, v, "k", "c", "the guards have ordered them to leave")
	ctx, err := v.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(sealed) {
		sealed[bit/8] ^= 1 << (bit % 8)
		if _, err := v.Open(ctx, "k", "c", sealed); !errors.Is(err, vault.ErrTampered) && !errors.Is(err, vault.ErrNewer) {
			t.Fatalf("bit %d: %v", bit, err)
		}
		sealed[bit/8] ^= 1 << (bit % 8)
	}
	for n := range len(sealed) {
		if _, err := v.Open(ctx, "k", "c", sealed[:n]); !errors.Is(err, vault.ErrTampered) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
}

func TestOfficeSeal(t *testing.T) {
	t.Parallel()
	root, v := vaulttest.Open(t, keyringSQLite(t), host.System())
	sealed, err := v.OfficeSeal("log", []byte("signing key"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := v.OfficeOpen("log", sealed)
	if err != nil || string(plain) != "signing key" {
		t.Fatal(err)
	}
	_, err = v.OfficeOpen("mail", sealed)
	wantErr(t, err, vault.ErrTampered)
	root.Close()
	_, err = v.OfficeOpen("log", sealed)
	wantErr(t, err, vault.ErrLocked)
}

// After Close nothing opens, whatever was in memory.
func TestClosed(t *testing.T) {
	t.Parallel()
	root, v := vaulttest.Open(t, keyringSQLite(t), host.System())
	ctx := t.Context()
	ensure(t, v, vault.NewKey{ID: "k"})
	sealed := seal(t, v, "k", "c", "text")
	v.Close()
	root.Close()
	_, err := v.Open(ctx, "k", "c", sealed)
	wantErr(t, err, vault.ErrLocked)
	_, err = v.Seal(ctx, "k", "c", nil)
	wantErr(t, err, vault.ErrLocked)
	wantErr(t, v.Ensure(ctx, vault.NewKey{ID: "new"}), vault.ErrLocked)
	_, err = v.SealStream(ctx, "k", "c", io.Discard)
	wantErr(t, err, vault.ErrLocked)
	if root.Derive("db") != nil || v.Mark("x") != nil || root.IntakeIdentity() != nil {
		t.Error("a closed root gives keys")
	}
	wantErr(t, v.Suppress(ctx, "e", v.Mark("x")), vault.ErrLocked)
}

func TestOtherKeyring(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		vaulttest.Open(t, keyring, host.System())
		other, _ := vaulttest.Root(t, host.System())
		_, err := vault.New(t.Context(), other, keyring, host.System())
		wantErr(t, err, vault.ErrOtherKeyring)
	})
}

// What one process sealed, the next one opens: keys are committed before use.
func TestReopen(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		root, v := vaulttest.Open(t, keyring, host.System())
		ensure(t, v, vault.NewKey{ID: "k"})
		sealed := seal(t, v, "k", "c", "text")
		plain, err := vaulttest.Vault(t, root, keyring, host.System()).Open(t.Context(), "k", "c", sealed)
		if err != nil || string(plain) != "text" {
			t.Fatal(err)
		}
	})
}

// A keyring row that was altered, or moved to another id or owner, opens nothing.
func TestAlteredKeyringRow(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		root, v := vaulttest.Open(t, keyring, host.System())
		ensure(t, v, vault.NewKey{ID: "a"}, vault.NewKey{ID: "b"})
		sealed := seal(t, v, "a", "c", "text")
		for _, change := range []string{
			"UPDATE vault_key SET owner = 'b' WHERE id = 'a'",
			"UPDATE vault_key SET owner = 'a', sealed = (SELECT sealed FROM vault_key WHERE id = 'b') WHERE id = 'a'",
		} {
			execute(t, keyring, change)
			_, err := vaulttest.Vault(t, root, keyring, host.System()).Open(t.Context(), "a", "c", sealed)
			wantErr(t, err, vault.ErrTampered)
		}
	})
}

func execute(t testing.TB, d *db.DB, query string) {
	t.Helper()
	err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWarmAndCacheBounds(t *testing.T) {
	each(t, func(t *testing.T, keyring *db.DB) {
		root, v := vaulttest.Open(t, keyring, host.System())
		var keys []vault.NewKey
		var ids []string
		for i := range 500 {
			id := string(rune('A'+i/26)) + string(rune('a'+i%26))
			keys, ids = append(keys, vault.NewKey{ID: id, Owner: "owner"}), append(ids, id)
		}
		ensure(t, v, keys...)
		ensure(t, v, keys...)
		sealed := map[string][]byte{}
		for _, id := range ids {
			sealed[id] = seal(t, v, id, "c", id)
		}
		second := vaulttest.Vault(t, root, keyring, host.System())
		ctx, err := second.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := second.Warm(ctx, append(ids, "nobody")...); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if plain, err := second.Open(ctx, id, "c", sealed[id]); err != nil || string(plain) != id {
				t.Fatal(err)
			}
		}
	})
}
