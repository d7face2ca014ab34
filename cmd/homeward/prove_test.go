package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheSocketLetsNobodyBeSomebodyElse: beside an unlocked office a command that signs
// somebody in, makes an account or acts in somebody's name takes what opens the office;
// one that only looks does not.
func TestTheSocketLetsNobodyBeSomebodyElse(t *testing.T) {
	p := startOffice(t, "--lock-after", "0")
	p.run("user", "add", "zarema", "--role", "caseworker")
	t.Setenv("HOMEWARD_IDENTITY_FILE", "")
	wrong := filepath.Join(t.TempDir(), "wrong")
	p.must(os.WriteFile(wrong, []byte("another horse entirely\n"), 0o600))
	for _, args := range [][]string{
		{"user", "add", "olga", "--role", "coordinator"},
		{"user", "link", "zarema"},
		{"user", "disable", "zarema"},
		{"erase", "--propose", "0199aaaa-0000-7000-8000-000000000000", "--as", "zarema", "--reason", "x"},
		{"import", wrong, "--source", "x", "--as", "zarema"},
	} {
		cmd := exec.Command(p.program, append(args, "--passphrase-file", wrong)...)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "passphrase") {
			t.Errorf("%v with another passphrase: %v\n%s", args, err, out)
		}
	}
	p.run("user", "list") // names nobody can be by it
	if out := string(p.output("user", "list", "--json")); strings.Contains(out, "olga") || strings.Contains(out, "disabled") {
		t.Errorf("something was done: %s", out)
	}
	p.run("user", "link", "zarema", "--identity-file", p.keyFile)
}
