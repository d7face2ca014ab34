package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"homeward/internal/example"
)

var printedLink = regexp.MustCompile(`(caseworker|coordinator|analyst|administrator|auditor) +(\S+) +(http://127\.0\.0\.1:\d+/link/\S+)`)

// demo is "homeward demo" as somebody has it in a terminal.
type demo struct {
	*served
	terminal lines
}

// startDemo starts it and waits for what it prints first.
func startDemo(t *testing.T) *demo {
	t.Helper()
	self, err := os.Executable()
	d := &demo{served: &served{t: t}}
	d.must(err)
	folder := t.TempDir()
	d.program, d.dir = filepath.Join(folder, "homeward"), filepath.Join(folder, "an office")
	d.must(os.Symlink(self, d.program))
	t.Setenv("HOMEWARD_DIR", d.dir)
	d.serve = exec.Command(d.program, "demo", "--keep", d.dir, "--public-addr", "127.0.0.1:0", "--staff-addr", "127.0.0.1:0")
	d.serve.Stdout, d.serve.Stderr = &d.terminal, &d.log
	d.must(d.serve.Start())
	t.Cleanup(func() {
		_ = d.serve.Process.Signal(os.Interrupt) // it may have ended
		_ = d.serve.Wait()                       // with whatever code
	})
	d.until("Press Ctrl-C")
	return d
}

// until waits for words on the terminal.
func (d *demo) until(words string) {
	d.t.Helper()
	for range 1200 {
		if strings.Contains(d.terminal.String(), words) {
			return
		}
		time.Sleep(50 * time.Millisecond) // another process; nothing else tells
	}
	d.t.Fatalf("the demo does not print %q\n%s\n%s", words, d.terminal.String(), d.log.String())
}

// newest is the last link that stands on the terminal for somebody.
func (d *demo) newest(user string) string {
	d.t.Helper()
	link := ""
	for _, m := range printedLink.FindAllStringSubmatch(d.terminal.String(), -1) {
		if m[2] == user {
			link = m[3]
		}
	}
	if link == "" {
		d.t.Fatalf("there is no link for %s\n%s", user, d.terminal.String())
	}
	return link
}

// signsIn follows a link as the page's form does, and says whether it opens a session.
func (d *demo) signsIn(link string) bool {
	d.t.Helper()
	base, token, _ := strings.Cut(link, "/link/")
	res, err := client(151).PostForm(base+"/link", url.Values{"token": {token}})
	d.must(err)
	defer res.Body.Close() //nolint:errcheck // only its head matters
	for _, c := range res.Cookies() {
		if c.Name == "hw" && c.Value != "" {
			r, err := http.NewRequest("GET", base+"/inbox", nil)
			d.must(err)
			r.AddCookie(&http.Cookie{Name: "hw", Value: c.Value})
			inbox, err := client(151).Do(r)
			d.must(err)
			defer inbox.Body.Close() //nolint:errcheck // only its head matters
			return inbox.StatusCode == http.StatusOK
		}
	}
	return false
}

// TestTheDemoLetsOneInAgain signs in by a printed link, out of luck a second time, by a
// link of the command that is printed, and after locking and unlocking by the links
// that the terminal shows then.
func TestTheDemoLetsOneInAgain(t *testing.T) {
	d := startDemo(t)
	for _, user := range []string{example.Caseworker, example.Coordinator, example.Analyst, example.Administrator, example.Auditor} {
		d.newest(user)
	}
	first := d.newest(example.Caseworker)
	if !d.signsIn(first) {
		t.Error("the first link does not sign in")
	}
	if d.signsIn(first) {
		t.Error("a link works twice")
	}
	command := regexp.MustCompile(`\S+ user link ` + example.Caseworker + ` --dir '` + regexp.QuoteMeta(d.dir) + `'`)
	if !command.MatchString(d.terminal.String()) {
		t.Errorf("no command for another link is printed:\n%s", d.terminal.String())
	}
	var link struct {
		Address string `json:"address"`
	}
	d.must(json.Unmarshal(d.output("user", "link", example.Caseworker, "--json"), &link))
	if !strings.HasPrefix(link.Address, first[:strings.Index(first, "/link/")]) || !d.signsIn(link.Address) {
		t.Errorf("the link of the command, %s, does not sign in", link.Address)
	}

	passphrase := filepath.Join(t.TempDir(), "passphrase")
	d.must(os.WriteFile(passphrase, []byte(example.Passphrase+"\n"), 0o600))
	d.run("lock")
	d.settle()
	d.run("unlock", "--passphrase-file", passphrase)
	d.until("The office is unlocked")
	d.until("The office is unlocked.\n\n  Sign in")
	for range 100 {
		if d.newest(example.Auditor) != first && strings.Count(d.terminal.String(), " user link ") == 2 {
			break
		}
		time.Sleep(20 * time.Millisecond) // it is still printing
	}
	again := d.newest(example.Caseworker)
	if again == first || !d.signsIn(again) {
		t.Errorf("after unlocking, the terminal's link does not sign in:\n%s", d.terminal.String())
	}
	if !d.signsIn(d.newest(example.Coordinator)) {
		t.Error("the coordinator's does not either")
	}
}

// TestWhatIsPrintedCanBeTyped: a word of a command survives the shell.
func TestWhatIsPrintedCanBeTyped(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"/tmp/homeward-demo-1", "/tmp/an office", "it's", "a$b", "`x`", "папка", ""} {
		out, err := exec.Command("sh", "-c", "printf %s "+quoted(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q is printed as %s, and the shell has %q, %v", word, quoted(word), out, err)
		}
	}
	if quoted("/tmp/homeward-demo-1") != "/tmp/homeward-demo-1" {
		t.Error("a plain word is quoted")
	}
	if got := ourselves(); !strings.HasPrefix(got, "go run ./cmd/homeward") && !strings.Contains(got, string(filepath.Separator)) {
		t.Errorf("the program calls itself %q, which is nowhere to be found", got)
	}
}
