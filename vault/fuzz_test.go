package vault_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// FuzzOffice: whatever lies in office.json, opening it gives a problem with words or
// the office, and never ends the program.
func FuzzOffice(f *testing.F) {
	dir := f.TempDir()
	keys, err := host.OpenDir(dir)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := vault.Create(f.Context(), host.System(), keys, vaulttest.Office, vaulttest.Passphrase()); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(filepath.Join(dir, "office.json"))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(good), "", "{}", `{"format":"homeward office key 1"}`, `{"format":"homeward office key 9","x":[]}`,
		`{"format":"homeward office key 1","office":"o","intake":{},"slots":[{"name":"a","kind":"passphrase"}]}`,
		`{"format":"homeward office key 1","office":"o","intake":{},"slots":[1,null,"x"]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := vault.ParseOffice(data); err != nil {
			if _, ok := problem.As(err); !ok {
				t.Fatalf("an error without words: %v", err)
			}
			return
		}
		if bytes.Contains(data, []byte("memory_kib")) && !bytes.Equal(data, good) {
			return // trying a passphrase may lawfully cost much
		}
		dir, err := host.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if err := host.WriteFile(dir, "office.json", data); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(t.Context(), dir, vaulttest.Passphrase()); err != nil {
			if _, ok := problem.As(err); !ok {
				t.Fatalf("an error without words: %v", err)
			}
		}
		if _, err := vault.Slots(dir); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzBlob: bytes that were not sealed here never open, as a blob or as a stream.
func FuzzBlob(f *testing.F) {
	keyring := keyringSQLite(f)
	root, _ := vaulttest.Root(f, host.System())
	v := vaulttest.Vault(f, root, keyring, host.System())
	ensure(f, v, vault.NewKey{ID: "k"})
	for _, seed := range []string{"", "xaes256:", "xaes256:" + string(make([]byte, 40)), "aes256-stream:" + string(make([]byte, 48)),
		"aes256-stream:" + string(make([]byte, 70000)), "other9:x", ":"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, err := v.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Open(ctx, "k", "c", data); err == nil {
			t.Fatal("opens what was never sealed")
		} else if _, ok := problem.As(err); !ok {
			t.Fatalf("an error without words: %v", err)
		}
		if _, err := v.OpenStream(ctx, "k", "c", bytes.NewReader(data), int64(len(data))); err == nil {
			t.Fatal("opens a stream that was never sealed")
		} else if _, ok := problem.As(err); !ok {
			t.Fatalf("an error without words: %v", err)
		}
	})
}
