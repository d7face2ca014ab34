package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

// TestEveryCommandFailsAlike runs what cannot be done, as a person and as a machine asks
// it: the code says which kind of failure it was, the standard output stays empty, and
// with --json the standard error is one line that says the same.
func TestEveryCommandFailsAlike(t *testing.T) {
	folder := t.TempDir()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key := write("identity", identity.String()+"\n")
	passphrase, wrong := write("passphrase", "correct horse battery staple\n"), write("wrong", "another horse entirely\n")
	office, nothing := filepath.Join(folder, "office"), filepath.Join(folder, "nothing")
	in := func(dir string, args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), append(args, "--dir", dir), strings.NewReader(""), &out, &errs)
		return code, out.String(), errs.String()
	}
	if code, _, errs := in(office, "init", "--passphrase-file", passphrase, "--recipient", key); code != 0 {
		t.Fatalf("init: %d, %s", code, errs)
	}
	if code, _, errs := in(office, "user", "add", "zarema", "--role", "caseworker", "--identity-file", key); code != 0 {
		t.Fatalf("user add: %d, %s", code, errs)
	}
	open := []string{"--identity-file", key}
	for _, c := range []struct {
		dir  string
		args []string
		code int
		name string
	}{
		{nothing, append([]string{"verify"}, open...), exitNotFound, "office.none"},
		{nothing, append([]string{"user", "list"}, open...), exitNotFound, "office.none"},
		{office, []string{"lock"}, exitUnavailable, "cli.not_served"},
		{office, append([]string{"unlock"}, open...), exitUnavailable, "cli.not_served"},
		{office, []string{"verify", "--passphrase-file", wrong}, exitForbidden, "vault.wrong_key"},
		{office, []string{"verify", "--passphrase-file", filepath.Join(folder, "none")}, exitNotFound, "cli.passphrase_file"},
		{office, append([]string{"user", "add", "zarema", "--role", "caseworker"}, open...), exitConflict, "access.taken"},
		{office, append([]string{"user", "disable", "nobody"}, open...), exitNotFound, "access.no_user"},
		{office, append([]string{"erase", "--as", "nobody", "--approval", "x"}, open...), exitNotFound, "access.no_user"},
		{office, []string{"init", "--passphrase-file", passphrase}, exitConflict, "office.there"},
		{office, []string{"restore", nothing, "--identity-file", key}, exitConflict, "office.not_empty"},
		{nothing, []string{"restore", folder, "--identity-file", key}, exitNotFound, "backup.none"},
		{office, []string{"user", "add"}, exitUsage, "cli.usage"},
		{office, []string{"lock", "--no-such-flag"}, exitUsage, "cli.usage"},
	} {
		asked := strings.Join(c.args, " ")
		code, out, errs := in(c.dir, c.args...)
		if code != c.code || out != "" || !strings.HasPrefix(errs, "homeward: ") || strings.Contains(errs, "internal error") {
			t.Errorf("%s: exit code %d, not %d; %q; %s", asked, code, c.code, out, errs)
		}
		code, out, errs = in(c.dir, append(c.args, "--json")...)
		var told struct{ Error failure }
		if err := json.Unmarshal([]byte(errs), &told); err != nil || code != c.code || out != "" || told.Error.Exit != code || told.Error.Code != c.name || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s --json: exit code %d, %v; %q; %s", asked, code, err, out, errs)
		}
	}
}

// TestAVariableThatIsEmptyIsNone: a service file leaves a folder open, and gets the
// default and not the current folder.
func TestAVariableThatIsEmptyIsNone(t *testing.T) {
	here, folder := t.TempDir(), t.TempDir()
	t.Chdir(here)
	passphrase := filepath.Join(folder, "passphrase")
	if err := os.WriteFile(passphrase, []byte("correct horse battery staple\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"HOMEWARD_FILES", "HOMEWARD_OUTSIDE", "HOMEWARD_DIR", "HOMEWARD_ZONE", "HOMEWARD_IDENTITY_FILE"} {
		t.Setenv(name, "")
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"init", "--passphrase-file", passphrase}, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	made, err := os.ReadDir(here)
	if err != nil || len(made) != 1 || made[0].Name() != "homeward-office" {
		t.Errorf("made here: %v, %v", made, err)
	}
	if _, err := os.Stat(filepath.Join(here, "homeward-office", "files")); err != nil {
		t.Error(err)
	}
}
