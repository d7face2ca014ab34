package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"homeward/internal/canarytest"
	"homeward/internal/host"
	"homeward/vault"
)

// TestLockedProcessHoldsNothing serves an office as a process of its own, brings a
// list full of canaries in, and looks through the process's memory, the office's
// folder, a backup, the log and the temporary folder: while it is unlocked the memory
// holds names and keys, and once it is locked nothing anywhere does.
func TestLockedProcessHoldsNothing(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("the memory of a process is not looked through: only root may read that of one that is not dumpable")
	}
	p := startOffice(t)
	canaries := make([]string, 24)
	for i := range canaries {
		canaries[i] = canarytest.New("seizure", i)
	}
	list := filepath.Join(p.dir, "..", "list.csv")
	p.must(os.WriteFile(list, table(canaries), 0o600))
	p.run("user", "add", "zarema", "--role", "caseworker")
	p.run("import", list, "--source", canaries[20], "--as", "zarema")
	p.must(os.Remove(list))
	backup := filepath.Join(t.TempDir(), "backup")
	p.run("backup", backup)

	words, keys := canarytest.NewScanner(canaries...), canarytest.NewKeyScanner(p.keys()...)
	for name, s := range map[string]*canarytest.Scanner{"canary": words, "key": keys} {
		if hits, err := s.Process(p.serve.Process.Pid); err != nil || len(hits) == 0 {
			t.Fatalf("the control found no %s in the memory of the unlocked process: %v", name, err)
		}
	}
	p.run("lock")
	p.settle()
	for name, s := range map[string]*canarytest.Scanner{"canary": words, "key": keys} {
		hits, err := s.Process(p.serve.Process.Pid)
		p.must(err)
		for _, h := range hits {
			t.Errorf("a %s is in the memory of the locked process: %v", name, h)
		}
	}
	for _, folder := range []string{p.dir, backup, p.temp} {
		words.None(t, folder)
		keys.None(t, folder)
	}
	if hits := words.Bytes("the log", []byte(p.log.String())); len(hits) > 0 {
		t.Errorf("the log holds %v", hits)
	}
}

// table is a list whose every cell is a canary.
func table(canaries []string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"Фамилия", "Имя", "Отчество", "Последнее известное место", "Заявитель", "Телефон", "Примечание", "Мать"})
	for i := 0; i+8 <= 16; i += 8 {
		_ = w.Write(canaries[i : i+8])
	}
	w.Flush()
	return b.Bytes()
}

// served is an office served by a process of its own.
type served struct {
	t                  *testing.T
	program, dir, temp string
	keyFile            string // of the age identity that opens the office
	identity           *age.X25519Identity
	serve              *exec.Cmd
	log                lines
}

// startOffice makes an office, serves it with these flags more, and unlocks it.
func startOffice(t *testing.T, flags ...string) *served {
	t.Helper()
	self, err := os.Executable()
	p := &served{t: t}
	p.must(err)
	folder := t.TempDir()
	p.program, p.dir, p.temp = filepath.Join(folder, "homeward"), filepath.Join(folder, "office"), filepath.Join(folder, "tmp")
	p.must(os.Symlink(self, p.program))
	p.must(os.Mkdir(p.temp, 0o700))
	p.identity, err = age.GenerateX25519Identity()
	p.must(err)
	keys := t.TempDir() // apart: a stick that is taken out
	p.must(os.WriteFile(filepath.Join(keys, "identity"), []byte(p.identity.String()+"\n"), 0o600))
	p.must(os.WriteFile(filepath.Join(keys, "passphrase"), []byte("correct horse battery staple\n"), 0o600))
	t.Setenv("HOMEWARD_DIR", p.dir)
	t.Setenv("TMPDIR", p.temp)
	p.run("init", "--passphrase-file", filepath.Join(keys, "passphrase"), "--recipient", filepath.Join(keys, "identity"))
	p.serve = exec.Command(p.program, append([]string{"serve", "--public-addr", "127.0.0.1:0", "--staff-addr", "127.0.0.1:0"}, flags...)...)
	p.serve.Stderr = &p.log
	p.must(p.serve.Start())
	t.Cleanup(func() {
		_ = p.serve.Process.Signal(os.Interrupt) // it may have ended
		_ = p.serve.Wait()                       // with whatever code
	})
	p.settle()
	p.keyFile = filepath.Join(keys, "identity")
	t.Setenv("HOMEWARD_IDENTITY_FILE", p.keyFile)
	p.unlock()
	return p
}

func (p *served) unlock() {
	p.t.Helper()
	p.run("unlock", "--identity-file", p.keyFile)
}

func (p *served) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// run runs a command beside the serving process.
func (p *served) run(args ...string) {
	p.t.Helper()
	p.output(args...)
}

// output runs a command and gives what it printed.
func (p *served) output(args ...string) []byte {
	p.t.Helper()
	out, err := exec.Command(p.program, args...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("homeward %v: %v\n%s\n%s", args, err, out, p.log.String())
	}
	return out
}

// settle waits until the serving process answers as a locked one.
func (p *served) settle() {
	p.t.Helper()
	for range 400 {
		var exit *exec.ExitError
		err := exec.Command(p.program, "user", "list").Run()
		if errors.As(err, &exit) && exit.ExitCode() == exitLocked {
			return
		}
		time.Sleep(25 * time.Millisecond) // another process; nothing else tells
	}
	p.t.Fatalf("the process does not answer\n%s", p.log.String())
}

// keys are those of the two database files, which the unlocked process holds.
func (p *served) keys() [][]byte {
	p.t.Helper()
	dir, err := host.OpenDir(filepath.Join(p.dir, "keys"))
	p.must(err)
	root, err := vault.Open(context.Background(), dir, vault.Identity(p.identity, p.identity.Recipient()))
	p.must(err)
	defer root.Close()
	return [][]byte{root.Derive("db"), root.Derive("keyring")}
}

// lines take what a process writes while the test may read it.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
