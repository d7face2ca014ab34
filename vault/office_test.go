package vault_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"homeward/internal/host"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// office makes an office in a folder of its own.
func office(t *testing.T, openers ...vault.Opener) (dir string, keys host.Dir, root *vault.Root) {
	t.Helper()
	dir = t.TempDir()
	keys, err := host.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	root, err = vault.Create(t.Context(), host.System(), keys, vaulttest.Office, openers...)
	if err != nil {
		t.Fatal(err)
	}
	return dir, keys, root
}

func phrase(words string) vault.Opener {
	return vault.Passphrase([]byte(words), vault.WithCost(vaulttest.Cheap))
}

func TestOpenOffice(t *testing.T) {
	t.Parallel()
	person, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	_, keys, root := office(t, vaulttest.Passphrase(), vault.Identity(nil, person.Recipient()))
	want := root.Derive("db")
	for _, c := range []struct {
		name   string
		opener vault.Opener
		err    error
	}{
		{"passphrase", vaulttest.Passphrase(), nil},
		{"identity", vault.Identity(person, nil), nil},
		{"wrong passphrase", phrase("correct horse battery stable"), vault.ErrWrongKey},
		{"no passphrase", phrase(""), vault.ErrWrongKey},
		{"wrong identity", vault.Identity(stranger, nil), vault.ErrWrongKey},
	} {
		opened, err := vault.Open(t.Context(), keys, c.opener)
		wantErr(t, err, c.err)
		if err != nil {
			continue
		}
		if opened.OfficeID() != vaulttest.Office || !bytes.Equal(opened.Derive("db"), want) || bytes.Equal(opened.Derive("log"), want) {
			t.Errorf("%s opens another office", c.name)
		}
	}
	_, err = vault.Create(t.Context(), host.System(), keys, vaulttest.Office, vaulttest.Passphrase())
	wantErr(t, err, vault.ErrMade)
	empty, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, err = vault.Open(t.Context(), empty, vaulttest.Passphrase())
	wantErr(t, err, vault.ErrNotMade)
	_, err = vault.ReadDoor(empty)
	wantErr(t, err, vault.ErrNotMade)
	_, err = vault.Create(t.Context(), host.System(), empty, vaulttest.Office, phrase("short"))
	wantErr(t, err, vault.ErrShort)
	_, err = vault.Create(t.Context(), host.System(), empty, vaulttest.Office)
	wantErr(t, err, vault.ErrLastSlot)
	_, err = vault.Open(t.Context(), empty, vaulttest.Passphrase())
	wantErr(t, err, vault.ErrNotMade) // nothing half made is left
}

// One passphrase typed on two keyboards is one passphrase.
func TestPassphraseIsNormalised(t *testing.T) {
	t.Parallel()
	_, keys, _ := office(t, phrase("Йод и ещё ёлка")) // composed
	_, err := vault.Open(t.Context(), keys, phrase("И\u0306од и еще\u0308 е\u0308лка"))
	wantErr(t, err, nil)
}

// A slot says what a try of it costs; the default is what the design asks for.
func TestPassphraseCost(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second and 256 MiB")
	}
	dir, keys, _ := office(t, vault.Passphrase([]byte("correct horse battery staple")))
	data, err := os.ReadFile(filepath.Join(dir, "office.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"memory_kib": 262144`, `"time": 3`, `"algorithm": "argon2id+xaes256"`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the slot does not say %s", want)
		}
	}
	_, err = vault.Open(t.Context(), keys, phrase("correct horse battery staple"))
	wantErr(t, err, nil)
}

func TestSlots(t *testing.T) {
	t.Parallel()
	_, keys, root := office(t, vaulttest.Passphrase())
	ctx := t.Context()
	wantErr(t, root.RemoveSlot(ctx, keys, "passphrase-1"), vault.ErrLastSlot)
	wantErr(t, root.RemoveSlot(ctx, keys, "passphrase-7"), vault.ErrNoSlot)
	wantErr(t, root.AddSlot(ctx, keys, phrase("another dozen letters")), nil)
	slots, err := vault.Slots(keys)
	if err != nil || len(slots) != 2 || slots[1] != (vault.Slot{Name: "passphrase-2", Kind: "passphrase", Known: true}) {
		t.Fatal(slots, err)
	}
	wantErr(t, root.RemoveSlot(ctx, keys, "passphrase-1"), nil)
	_, err = vault.Open(ctx, keys, vaulttest.Passphrase())
	wantErr(t, err, vault.ErrWrongKey)
	again, err := vault.Open(ctx, keys, phrase("another dozen letters"))
	wantErr(t, err, nil)
	wantErr(t, again.AddSlot(ctx, keys, vaulttest.Passphrase()), nil)
	_, err = vault.Open(ctx, keys, vaulttest.Passphrase())
	wantErr(t, err, nil)
	again.Close()
	wantErr(t, again.AddSlot(ctx, keys, vaulttest.Passphrase()), vault.ErrAltered) // cannot check, so does not write
}

// edit changes office.json as somebody with the disk could.
func edit(t *testing.T, dir string, change func(map[string]any)) {
	t.Helper()
	name := filepath.Join(dir, "office.json")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var f map[string]any
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	change(f)
	if data, err = json.Marshal(f); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A slot of a kind that does not exist yet is kept, listed, and no way in.
func TestSlotOfALaterVersion(t *testing.T) {
	t.Parallel()
	dir, keys, root := office(t, vaulttest.Passphrase())
	share := json.RawMessage(`{"name":"share-1","kind":"recovery-share","algorithm":"shamir","index":1,"of":3}`)
	addSigned(t, dir, root, share)
	slots, err := vault.Slots(keys)
	if err != nil || len(slots) != 2 || slots[1].Known || slots[1].Kind != "recovery-share" {
		t.Fatal(slots, err)
	}
	_, err = vault.Open(t.Context(), keys, vaulttest.Passphrase())
	wantErr(t, err, nil)
	person, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	_, err = vault.Open(t.Context(), keys, vault.Identity(person, nil))
	wantErr(t, err, vault.ErrNoSlot)
	wantErr(t, root.RemoveSlot(t.Context(), keys, "passphrase-1"), vault.ErrLastSlot) // the other one opens nothing here
	wantErr(t, root.AddSlot(t.Context(), keys, vault.Identity(nil, person.Recipient())), nil)
	data, err := os.ReadFile(filepath.Join(dir, "office.json"))
	if err != nil || !strings.Contains(string(data), "recovery-share") {
		t.Error("the slot of the later version was lost", err)
	}
}

// addSigned adds a slot as a later version would, under the file's MAC.
func addSigned(t *testing.T, dir string, root *vault.Root, slot json.RawMessage) {
	t.Helper()
	if err := vault.AddRawSlot(root, dir, slot); err != nil {
		t.Fatal(err)
	}
}

// TestAlteredOffice: whoever can write to the folder cannot have the office seal its
// reports to another key, or open it with another slot, without the next one who
// unlocks being told.
func TestAlteredOffice(t *testing.T) {
	t.Parallel()
	thief, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	intake := func(f map[string]any) map[string]any { return f["intake"].(map[string]any) }
	for name, c := range map[string]struct {
		change func(map[string]any)
		err    error
	}{
		"recipient": {func(f map[string]any) { intake(f)["recipient"] = thief.Recipient().String() }, vault.ErrAltered},
		"office":    {func(f map[string]any) { f["office"] = "another" }, vault.ErrWrongKey},
		"slot more": {func(f map[string]any) {
			f["slots"] = append(f["slots"].([]any), map[string]any{"name": "x", "kind": "x"})
		}, vault.ErrAltered},
		"mac":        {func(f map[string]any) { delete(f, "mac") }, vault.ErrAltered},
		"secret":     {func(f map[string]any) { intake(f)["secret"] = "AAAA" }, vault.ErrAltered},
		"format":     {func(f map[string]any) { f["format"] = "homeward office key 2" }, vault.ErrNewer},
		"field more": {func(f map[string]any) { f["hint"] = "my dog" }, vault.ErrDamaged},
		"no slots":   {func(f map[string]any) { f["slots"] = []any{} }, vault.ErrDamaged},
		"cost":       {func(f map[string]any) { slot(f)["memory_kib"] = 1 << 30 }, vault.ErrDamaged},
		"no cost":    {func(f map[string]any) { slot(f)["time"] = 0 }, vault.ErrDamaged},
		"algorithm":  {func(f map[string]any) { slot(f)["algorithm"] = "argon3" }, vault.ErrNewer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, keys, _ := office(t, vaulttest.Passphrase())
			edit(t, dir, c.change)
			_, err := vault.Open(t.Context(), keys, vaulttest.Passphrase())
			wantErr(t, err, c.err)
		})
	}
}

func slot(f map[string]any) map[string]any { return f["slots"].([]any)[0].(map[string]any) }

// A slot cut out of one office's file opens nothing in another's.
func TestIdentitySlotOfAnotherOffice(t *testing.T) {
	t.Parallel()
	person, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	opener := vault.Identity(person, person.Recipient())
	dirA, keysA, _ := office(t, opener)
	keysB, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Create(t.Context(), host.System(), keysB, "0192a0de-0000-7000-8000-000000000002", opener); err != nil {
		t.Fatal(err)
	}
	foreign, err := host.ReadFile(keysB, "office.json", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var b map[string]any
	if err := json.Unmarshal(foreign, &b); err != nil {
		t.Fatal(err)
	}
	edit(t, dirA, func(f map[string]any) { f["slots"] = b["slots"] })
	_, err = vault.Open(t.Context(), keysA, opener)
	wantErr(t, err, vault.ErrWrongKey)
}

// While locked: two files, and nothing in them opens a report.
func TestDoor(t *testing.T) {
	t.Parallel()
	dir, keys, root := office(t, vaulttest.Passphrase())
	door, err := vault.ReadDoor(keys)
	if err != nil || door.OfficeID != vaulttest.Office || len(door.Secret) != 32 {
		t.Fatal(err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, door.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "the guards have ordered us to leave"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	identity := root.IntakeIdentity()
	root.Close()
	again, err := vault.Open(t.Context(), keys, vaulttest.Passphrase())
	if err != nil {
		t.Fatal(err)
	}
	for _, identity := range []age.Identity{identity, again.IntakeIdentity()} {
		r, err := age.Decrypt(bytes.NewReader(sealed.Bytes()), identity)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(r); err != nil || string(text) != "the guards have ordered us to leave" {
			t.Fatal(err)
		}
	}
	names, err := keys.List()
	if err != nil || strings.Join(names, " ") != "intake.secret office.json" {
		t.Fatal("the folder keys holds", names, err)
	}
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Error(name, "can be read by others", err)
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("AGE-SECRET-KEY")) {
			t.Error(name, "holds a private key")
		}
	}
}

// The intake secret that was lost comes back when somebody unlocks; the receipts of
// before are known again.
func TestLostIntakeSecret(t *testing.T) {
	t.Parallel()
	dir, keys, _ := office(t, vaulttest.Passphrase())
	before, err := vault.ReadDoor(keys)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "intake.secret")
	for _, harm := range []func() error{
		func() error { return os.Remove(name) },
		func() error { return os.WriteFile(name, []byte("short"), 0o600) },
		func() error { return os.WriteFile(name, bytes.Repeat([]byte("x"), 1000), 0o600) },
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.ReadDoor(keys); err == nil {
			t.Error("the door opens with a secret that is not the office's")
		}
		if _, err := vault.Open(t.Context(), keys, vaulttest.Passphrase()); err != nil {
			t.Fatal(err)
		}
		after, err := vault.ReadDoor(keys)
		if err != nil || !bytes.Equal(before.Secret, after.Secret) {
			t.Fatal(err)
		}
	}
}
