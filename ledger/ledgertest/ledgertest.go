// Package ledgertest makes an office with an open ledger for the tests of other
// rooms.
package ledgertest

import (
	"testing"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/statement"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// LogID is the id of every log made here.
const LogID = "0192a0de-0000-7000-8000-00000000106d"

// Office is one office of a test.
type Office struct {
	Root  *vault.Root
	Vault *vault.Vault
	*ledger.Ledger
}

// Open makes an office over two fresh databases. Nothing is kept outside.
func Open(t testing.TB, main, keyring *db.DB, h host.Host) Office {
	t.Helper()
	root, v := vaulttest.Open(t, keyring, h)
	return Office{root, v, Ledger(t, main, root, v, h, nil)}
}

// Ledger opens the ledger of an office: one more of them is another process.
func Ledger(t testing.TB, main *db.DB, root *vault.Root, v *vault.Vault, h host.Host, outside host.Dir) *ledger.Ledger {
	t.Helper()
	l, err := ledger.New(t.Context(), main, v, root, h, ledger.Options{
		OfficeID: root.OfficeID(), LogID: LogID, Origin: "homeward.test/log", Outside: outside,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("close the ledger: %v", err)
		}
	})
	return l
}

// ID makes an id.
func ID(t testing.TB) string {
	t.Helper()
	id, err := host.System().NewID()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Opens gives the statement that opens a record.
func Opens(id string, kind statement.Kind) statement.Statement {
	return statement.Statement{Subject: id, Property: statement.RecordKind, Value: string(kind)}
}
