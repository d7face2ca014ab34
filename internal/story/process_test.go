package story_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"homeward"
	"homeward/internal/example"
)

// process is one run of "homeward serve", with the folder that it serves.
type process struct {
	t              *testing.T
	program        string
	config         homeward.Config
	at             time.Time // where its clock is put
	public, staff  string
	passphraseFile string
	cmd            *exec.Cmd
	ended          chan error
	log            syncBuffer
}

// syncBuffer takes what a process writes while the test may read it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// startProcess serves an office, locked, at a moment of the example.
func startProcess(t *testing.T, program string, c homeward.Config, at time.Time) *process {
	t.Helper()
	p := &process{t: t, program: program, config: c, at: at, public: freePort(t), staff: freePort(t)}
	p.passphraseFile = filepath.Join(t.TempDir(), "passphrase")
	p.must(os.WriteFile(p.passphraseFile, []byte(example.Passphrase+"\n"), 0o600))
	p.start()
	t.Cleanup(p.stop)
	return p
}

func (p *process) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = p.command("serve", "--public-addr", p.public, "--staff-addr", p.staff, "--log-level", "debug", "--lock-after", "0",
		"--demo="+time.Until(p.at).Round(time.Second).String())
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	p.must(p.cmd.Start())
	p.ended = make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan<- error) { ended <- cmd.Wait() }(p.cmd, p.ended)
	p.wait("the control socket answers", func() bool {
		p.running()
		c, err := net.Dial("unix", filepath.Join(p.config.Dir, "control.sock"))
		if err != nil {
			return false
		}
		return c.Close() == nil
	})
}

// running fails when the process has ended by itself.
func (p *process) running() {
	p.t.Helper()
	select {
	case err := <-p.ended:
		p.cmd = nil
		p.t.Fatalf("the program ended by itself: %v\n%s", err, p.log.String())
	default:
	}
}

// restart ends the process in peace and starts it again at another moment.
func (p *process) restart(at time.Time) {
	p.t.Helper()
	p.stop()
	p.at = at
	p.start()
}

// stop ends the process as a service manager does.
func (p *process) stop() {
	p.t.Helper()
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended
	select {
	case err := <-p.ended:
		if err != nil {
			p.t.Errorf("the program ended with %v\n%s", err, p.log.String())
		}
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill() // it did not want to
		p.t.Error("the program does not end")
	}
	p.cmd = nil
}

// kill ends the process as a power cut does: kill -9.
func (p *process) kill() {
	p.t.Helper()
	p.must(p.cmd.Process.Signal(syscall.SIGKILL))
	<-p.ended
	p.cmd = nil
}

// The exit codes of the program that the story meets.
const (
	exitLocked = 7
	exitFound  = 9
)

func (p *process) command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.program, args...)
	cmd.Env = append(os.Environ(), "HOMEWARD_DIR="+p.config.Dir, "HOMEWARD_PASSPHRASE_FILE="+p.passphraseFile,
		"HOMEWARD_DATABASE_URL="+p.config.DatabaseURL, "HOMEWARD_KEYRING_URL="+p.config.KeyringURL)
	if p.config.Files != "" { // an empty one would be the folder in which the test runs
		cmd.Env = append(cmd.Env, "HOMEWARD_FILES="+p.config.Files)
	}
	return cmd
}

// try runs a command and gives what it says and its exit code.
func (p *process) try(args ...string) (string, int) {
	p.t.Helper()
	cmd := p.command(args...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(out) + string(exit.Stderr), exit.ExitCode()
	}
	p.must(err)
	return string(out), 0
}

// run runs a command that must do what it says.
func (p *process) run(args ...string) string {
	p.t.Helper()
	out, code := p.try(args...)
	if code != 0 {
		p.t.Fatalf("homeward %v ended with %d:\n%s\nlog:\n%s", args, code, out, p.log.String())
	}
	return out
}

// lock locks the office and waits until the next image of the process has taken over.
func (p *process) lock() {
	p.t.Helper()
	started := func() int { return strings.Count(p.log.String(), "the office is open for reports") }
	before := started()
	p.run("lock")
	p.wait("the locked image takes over", func() bool { p.running(); return started() > before })
}

// verify runs "homeward verify" and gives its findings.
func (p *process) verify() (findings []map[string]any, code int) {
	p.t.Helper()
	cmd := p.command("verify", "--json")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		p.must(err)
	}
	var report struct {
		Findings []map[string]any `json:"findings"`
	}
	if err := json.Unmarshal(out, &report); err != nil {
		p.t.Fatalf("verify ended with %d and said %q: %v", code, out, err)
	}
	return report.Findings, code
}

// signIn gives the browser of somebody who opened her one-time link.
func (p *process) signIn(user string) *reader {
	p.t.Helper()
	var link struct {
		Path string `json:"path"`
	}
	p.must(json.Unmarshal([]byte(p.run("user", "link", user, "--json")), &link))
	r := newReader(p.t, "http://"+p.staff)
	r.open(link.Path)
	r.form("/link").send()
	return r
}

// wait waits for the program's own work.
func (p *process) wait(what string, so func() bool) {
	p.t.Helper()
	for range 600 {
		if so() {
			return
		}
		time.Sleep(50 * time.Millisecond) // another process; nothing else tells
	}
	p.t.Fatalf("not so after thirty seconds: %s\n%s", what, p.log.String())
}

func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close() //nolint:errcheck // it was only to find a port
	return ln.Addr().String()
}
