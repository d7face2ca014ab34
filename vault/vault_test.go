package vault_test

import (
	"bytes"
	"errors"
	"testing"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

func TestSealOpenForget(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, _, keyring *db.DB) {
		_, v := vaulttest.Open(t, keyring, host.System())
		ctx := t.Context()
		if err := v.Ensure(ctx, vault.NewKey{ID: "p"}, vault.NewKey{ID: "f", Owner: "p"}); err != nil {
			t.Fatal(err)
		}
		sealed, err := v.Seal(ctx, "f", "name", []byte("Аминат"))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := v.Open(ctx, "f", "name", sealed)
		if err != nil || !bytes.Equal(plain, []byte("Аминат")) {
			t.Fatal(err)
		}
		ids, err := v.Forget(ctx, "p", "e")
		if err != nil || len(ids) != 2 {
			t.Fatal(ids, err)
		}
		if _, err := v.Open(ctx, "f", "name", sealed); !errors.Is(err, vault.ErrForgotten) {
			t.Fatal(err)
		}
	})
}
