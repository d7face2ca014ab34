package vault_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/internal/canarytest"
	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// memoryEnv tells the test program that it is the office whose memory is looked at.
// It holds the office's folder.
const memoryEnv = "HOMEWARD_VAULT_TEST_MEMORY"

// canaries is how many texts the office has open.
const canaries = 1000

// TestMemoryAfterLock looks through the whole memory of a process before and after it
// closes the vault, the root and the keyring and its garbage is overwritten: before,
// the keys and the texts are there; afterwards, none of them. So nothing holds on to a
// key after Close, whatever becomes of the process.
func TestMemoryAfterLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sealedTexts(t, dir)
	cmd := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), memoryEnv+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close() //nolint:errcheck // ends the child
		cmd.Wait() //nolint:errcheck // whatever it says now
	}()
	lines := bufio.NewReader(out)
	hear := func(want string) string {
		line, err := lines.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, want) {
			t.Fatalf("the office says %q, %v; want %q", line, err, want)
		}
		return strings.TrimSpace(strings.TrimPrefix(line, want))
	}
	var secrets [][]byte
	for _, text := range strings.Fields(hear("open ")) {
		secret, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		for i := range secret {
			secret[i] ^= mask
		}
		secrets = append(secrets, secret)
	}
	var texts []string
	for i := range canaries {
		texts = append(texts, canarytest.New("memory", i))
	}
	forKeys, forTexts := canarytest.NewKeyScanner(secrets...), canarytest.NewScanner(texts...)
	keysBefore, textsBefore := look(t, forKeys, cmd.Process.Pid), look(t, forTexts, cmd.Process.Pid)
	if len(keysBefore) == 0 || len(textsBefore) < canaries/2 {
		t.Fatalf("before the lock %d hits of keys and %d of texts: the test does not test", len(keysBefore), len(textsBefore))
	}
	began := time.Now()
	if _, err := io.WriteString(in, "lock\n"); err != nil {
		t.Fatal(err)
	}
	hear("locked")
	took := time.Since(began)
	keysAfter, textsAfter := look(t, forKeys, cmd.Process.Pid), look(t, forTexts, cmd.Process.Pid)
	for _, h := range append(keysAfter, textsAfter...)[:min(10, len(keysAfter)+len(textsAfter))] {
		t.Logf("%s at %x: %s %s", h.Where, h.Offset, h.Form, h.Canary)
	}
	if len(keysAfter)+len(textsAfter) > 0 || took > 5*time.Second {
		t.Errorf("%v after the lock %d hits of keys and %d of texts are left", took, len(keysAfter), len(textsAfter))
	}
	t.Logf("keys: %d hits before, %d after; texts: %d before, %d after; locked in %v",
		len(keysBefore), len(keysAfter), len(textsBefore), len(textsAfter), took.Round(time.Millisecond))
}

func look(t *testing.T, s *canarytest.Scanner, pid int) []canarytest.Hit {
	t.Helper()
	hits, err := s.Process(pid)
	if err != nil {
		t.Skip("the memory of a process cannot be read here:", err)
	}
	return hits
}

func records() []vault.NewKey {
	var keys []vault.NewKey
	for i := range canaries {
		keys = append(keys, vault.NewKey{ID: fmt.Sprintf("record-%d", i)})
	}
	return keys
}

// sealedTexts makes an office with a thousand texts in its folder.
func sealedTexts(t *testing.T, dir string) {
	t.Helper()
	keys, err := host.OpenDir(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := vault.Create(t.Context(), host.System(), keys, vaulttest.Office, vaulttest.Passphrase())
	if err != nil {
		t.Fatal(err)
	}
	keyring, err := db.OpenSQLite(t.Context(), filepath.Join(dir, "keyring.db"), func() []byte { return root.Derive("keyring") })
	if err != nil {
		t.Fatal(err)
	}
	v := vaulttest.Vault(t, root, keyring, host.System())
	ensure(t, v, records()...)
	for i, k := range records() {
		sealed := seal(t, v, k.ID, "c", canarytest.New("memory", i))
		if err := os.WriteFile(filepath.Join(dir, k.ID), sealed, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	v.Close()
	if err := keyring.Close(); err != nil {
		t.Fatal(err)
	}
}

// memoryChild is an office that unlocks, reads a thousand texts, tells its keys in
// disguise, and locks when told.
func memoryChild() int {
	lock, err := unlockAndRead(os.Getenv(memoryEnv))
	if err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	commands := bufio.NewScanner(os.Stdin)
	commands.Scan()
	lock()
	fmt.Println("locked")
	commands.Scan() // until it is let go
	return 0
}

// mask disguises a key that is told to the test, so that telling it leaves nothing in
// memory that looks like it.
const mask = 0x5a

func disguise(secret []byte) string {
	var b strings.Builder
	for _, c := range secret {
		fmt.Fprintf(&b, "%02x", c^mask)
	}
	return b.String()
}

func unlockAndRead(dir string) (lock func(), err error) {
	ctx := context.Background()
	keys, err := host.OpenDir(filepath.Join(dir, "keys"))
	if err != nil {
		return nil, err
	}
	root, err := vault.Open(ctx, keys, vaulttest.Passphrase())
	if err != nil {
		return nil, err
	}
	keyring, err := db.OpenSQLite(ctx, filepath.Join(dir, "keyring.db"), func() []byte { return root.Derive("keyring") })
	if err != nil {
		return nil, err
	}
	v, err := vault.New(ctx, root, keyring, host.System())
	if err != nil {
		return nil, err
	}
	var texts [][]byte // as pages hold them while they are shown
	for _, k := range records() {
		sealed, err := os.ReadFile(filepath.Join(dir, k.ID))
		if err != nil {
			return nil, err
		}
		text, err := v.Open(ctx, k.ID, "c", sealed)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	fmt.Print("open")
	secrets := [][]byte{vault.RootKey(root), root.Derive("keyring"), root.Derive("vault/wrap"), root.Derive("blob-names")}
	for _, k := range records() {
		secrets = append(secrets, vault.CachedKey(v, k.ID))
	}
	for _, secret := range secrets {
		fmt.Print(" ", disguise(secret))
	}
	fmt.Println()
	return func() {
		texts = nil
		v.Close()
		root.Close()
		if err := keyring.Close(); err != nil {
			fmt.Println("failed:", err)
		}
		v, root, keyring = nil, nil, nil
		scour()
	}, nil
}
