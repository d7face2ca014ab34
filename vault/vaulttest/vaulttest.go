// Package vaulttest makes an open office for the tests of other rooms, in which a
// passphrase costs next to nothing.
package vaulttest

import (
	"testing"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/vault"
)

// Office is the id of every office made here.
const Office = "0192a0de-0000-7000-8000-000000000001"

// Cheap is the cost of a passphrase in tests.
var Cheap = vault.Cost{MemoryKiB: 64, Time: 1, Threads: 1}

// Passphrase opens every office made here.
func Passphrase() vault.Opener {
	return vault.Passphrase([]byte("correct horse battery staple"), vault.WithCost(Cheap))
}

// Root makes an office in a temporary folder and gives its key, open, and the folder.
func Root(t testing.TB, h host.Host) (*vault.Root, host.Dir) {
	t.Helper()
	keys, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keys.Close() }) //nolint:errcheck // a folder of a test
	root, err := vault.Create(t.Context(), h, keys, Office, Passphrase())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(root.Close)
	return root, keys
}

// Open makes an office and its vault over an empty keyring.
func Open(t testing.TB, keyring *db.DB, h host.Host) (*vault.Root, *vault.Vault) {
	t.Helper()
	root, _ := Root(t, h)
	return root, Vault(t, root, keyring, h)
}

// Vault opens the keyring of an office: one more of them is another process.
func Vault(t testing.TB, root *vault.Root, keyring *db.DB, h host.Host) *vault.Vault {
	t.Helper()
	v, err := vault.New(t.Context(), root, keyring, h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}
