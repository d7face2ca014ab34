package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"homeward"
	"homeward/internal/host"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/vault"
)

// command is one command with its flags parsed.
type command interface{}

// houseCommand works in an unlocked office: in the serving process when there is
// one, otherwise in a house that is unlocked for it. Its exported fields are its
// flags and travel as JSON; a flag that names a file holds an absolute path.
type houseCommand interface {
	inHouse(ctx context.Context, c *call, h *homeward.House) error
}

// lockedCommand is a houseCommand that, where no process serves the office, opens the
// house itself, or does without.
type lockedCommand interface {
	houseCommand
	inOffice(ctx context.Context, c *call, o *homeward.Office) error
}

// freeCommand does without an office, or opens it in a way of its own.
type freeCommand interface {
	run(ctx context.Context, c *call) error
}

// serverCommand speaks to the serving process itself, and only to that.
type serverCommand interface {
	inServer(ctx context.Context, c *call, s *homeward.Server) error
	// secrets are what it needs to be told and must not stand in a flag.
	secrets(c *call) ([]string, error)
}

// provingCommand is a houseCommand that makes accounts, signs somebody in or acts in
// somebody's name. Where no process serves the office, whoever runs it has to open the
// office first; beside one that is unlocked she proves that she could.
type provingCommand interface {
	houseCommand
	proves()
}

func (*userAdd) proves()       {}
func (*userLink) proves()      {}
func (*userDisable) proves()   {}
func (*importCommand) proves() {}
func (*exportCommand) proves() {}
func (*eraseCommand) proves()  {}

// houseCommands are those that can be sent over the control socket, by name.
var houseCommands = map[string]func() command{
	"user add":     func() command { return new(userAdd) },
	"user list":    func() command { return new(userList) },
	"user link":    func() command { return new(userLink) },
	"user disable": func() command { return new(userDisable) },
	"import":       func() command { return new(importCommand) },
	"export":       func() command { return new(exportCommand) },
	"verify":       func() command { return new(verifyCommand) },
	"rebuild":      func() command { return new(rebuildCommand) },
	"erase":        func() command { return new(eraseCommand) },
	"backup":       func() command { return new(backupCommand) },
	"lock":         func() command { return new(lockCommand) },
	"unlock":       func() command { return new(unlockCommand) },
}

// call is one run of a command: its surroundings and common flags.
type call struct {
	options
	stdin          io.Reader
	stdout, stderr io.Writer
	told           []string  // what came with a command over the socket
	staff          string    // where the serving process has its staff pages; "" without one
	shown          time.Time // when progress was last shown
	line           bool      // a line of progress stands unfinished
}

var (
	errNotServed = problem.New(problem.Unavailable, "cli.not_served",
		"no 'homeward serve' is running for this office", "start it first, or name the right folder with --dir")
	errNoTerminal = problem.New(problem.Invalid, "cli.no_terminal",
		"there is no terminal to ask for the passphrase", "name a file that holds it with --passphrase-file")
	errProve = problem.New(problem.Forbidden, "cli.prove",
		"this command takes the passphrase of the office also while the office is unlocked", "type it, or name its file with --passphrase-file")
	errLocked = problem.New(problem.Locked, "cli.locked",
		"the office is locked", "unlock it with 'homeward unlock' or on the staff pages")
)

// dispatch runs a command where it belongs.
func (c *call) dispatch(ctx context.Context, name string, cmd command) error {
	switch cmd := cmd.(type) {
	case freeCommand:
		return cmd.run(ctx, c)
	case serverCommand:
		if code, sent, err := c.send(ctx, name, cmd); sent || err != nil {
			return asExit(code, err)
		}
		return errNotServed
	case houseCommand:
		if code, sent, err := c.send(ctx, name, cmd); sent || err != nil {
			return asExit(code, err)
		}
		return c.alone(ctx, cmd)
	}
	return fmt.Errorf("the command %q has no way to run", name)
}

// exitError carries the exit code of a command that ran in the serving process and
// has said everything there.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func asExit(code int, err error) error {
	if err == nil && code != 0 {
		return exitError(code)
	}
	return err
}

// send runs the command in the serving process; sent is false when there is none.
func (c *call) send(ctx context.Context, name string, cmd command) (code int, sent bool, err error) {
	client, ok := controlClient(c.Dir)
	if !ok {
		return 0, false, nil
	}
	flags, err := json.Marshal(cmd)
	if err != nil {
		return 0, false, err
	}
	r := request{Command: name, Flags: flags, JSON: c.JSON, Quiet: c.Quiet}
	if s, ok := cmd.(serverCommand); ok {
		if r.Secrets, err = s.secrets(c); err != nil {
			return 0, false, err
		}
	}
	code, err = sendCommand(ctx, client, r, c.stdout, c.stderr)
	if errors.Is(err, errProve) {
		if r.Secrets, err = c.secrets(); err == nil {
			code, err = sendCommand(ctx, client, r, c.stdout, c.stderr)
		}
	}
	return code, true, err
}

// secrets are what opens the office, asked for here, where the terminal is: the
// passphrase, or the text of an age identity behind the word "identity".
func (c *call) secrets() ([]string, error) {
	if c.IdentityFile != "" {
		text, err := os.ReadFile(c.IdentityFile)
		return []string{"identity", string(text)}, err
	}
	p, err := c.passphrase("Passphrase of the office: ")
	return []string{"passphrase", p}, err
}

// alone unlocks the office for one command, which has the folder to itself.
func (c *call) alone(ctx context.Context, cmd houseCommand) (err error) {
	if cmd, ok := cmd.(lockedCommand); ok {
		office, done, err := c.officeHere()
		if err != nil {
			return err
		}
		return errors.Join(cmd.inOffice(ctx, c, office), done())
	}
	h, done, err := c.unlockHere(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	return cmd.inHouse(ctx, c, h)
}

// officeHere opens the office's folder in this process, and leaves the office locked.
func (c *call) officeHere() (office *homeward.Office, done func() error, err error) {
	config, err := c.config()
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(filepath.Join(c.Dir, "keys")); err != nil {
		return nil, nil, homeward.ErrNoOffice.Wrap(err)
	}
	lock, err := lockFolder(c.Dir)
	if err != nil {
		return nil, nil, err
	}
	office, err = homeward.OpenOffice(config, host.System())
	if err != nil {
		return nil, nil, errors.Join(err, lock.Close())
	}
	return office, func() error { return errors.Join(office.Close(), lock.Close()) }, nil
}

// unlockHere opens the house in this process.
func (c *call) unlockHere(ctx context.Context) (h *homeward.House, done func() error, err error) {
	office, leave, err := c.officeHere()
	if err != nil {
		return nil, nil, err
	}
	opener, err := c.opener()
	if err == nil {
		h, err = office.Unlock(ctx, opener)
	}
	if err != nil {
		return nil, nil, errors.Join(err, leave())
	}
	return h, func() error { return errors.Join(h.Lock(), leave()) }, nil
}

// opener is how this caller opens the office.
func (c *call) opener() (vault.Opener, error) {
	if c.IdentityFile != "" {
		return identityOpener(c.IdentityFile)
	}
	p, err := c.passphrase("Passphrase of the office: ")
	if err != nil {
		return nil, err
	}
	return vault.Passphrase([]byte(p)), nil
}

// passphrase reads the office's passphrase from its file or from the terminal.
func (c *call) passphrase(prompt string) (string, error) {
	switch c.PassphraseFile {
	case "":
		return c.ask(prompt)
	case "-":
		data, err := io.ReadAll(io.LimitReader(c.stdin, maxPassphrase))
		return trimLine(data), err
	}
	f, err := os.Open(c.PassphraseFile)
	if err != nil {
		return "", problem.New(problem.NotFound, "cli.passphrase_file",
			"the passphrase file cannot be read", "look at --passphrase-file").Wrap(err)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxPassphrase))
	return trimLine(data), errors.Join(err, f.Close())
}

// maxPassphrase bounds what is read as a passphrase, in bytes.
const maxPassphrase = 4096

func trimLine(data []byte) string { return strings.TrimRight(string(data), "\r\n") }

// ask asks on the terminal without showing what is typed.
func (c *call) ask(prompt string) (string, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return "", errNoTerminal.Wrap(err)
	}
	defer tty.Close() //nolint:errcheck // nothing is written that must arrive
	if _, err := io.WriteString(tty, prompt); err != nil {
		return "", errNoTerminal.Wrap(err)
	}
	typed, err := term.ReadPassword(int(tty.Fd()))
	if err != nil {
		return "", errNoTerminal.Wrap(err)
	}
	_, err = io.WriteString(tty, "\n")
	return string(typed), err
}

// failure is an error as the terminal or a machine is told it.
type failure struct {
	Code string `json:"code"`
	What string `json:"what"`
	Do   string `json:"do,omitempty"`
	Why  string `json:"why,omitempty"` // what was underneath: a disk, a network
	Exit int    `json:"exit"`
}

// failureOf puts an error into words. The numbers of a problem, a row or a limit,
// stand in its translated sentence: the English one is taken where there are any.
func failureOf(err error) failure {
	if errors.Is(err, context.Canceled) {
		return failure{Code: "cli.stopped", What: "stopped", Exit: exitFault}
	}
	p, ok := problem.As(err)
	if !ok {
		return failure{Code: "cli.internal", What: "internal error: " + err.Error(), Exit: exitFault}
	}
	f := failure{Code: p.Code, What: p.What, Do: p.Do, Exit: exitCode(err)}
	english := locale.For("en")
	bare := *p
	bare.Args = nil
	if what, do := english.Problem(p); len(p.Args) > 0 {
		if without, _ := english.Problem(&bare); what != without {
			f.What, f.Do = what, do
		}
	}
	for cause := errors.Unwrap(p); cause != nil; cause = errors.Unwrap(cause) {
		if _, spoken := cause.(*problem.Error); !spoken {
			f.Why = cause.Error()
			break
		}
	}
	return f
}

// finish says what went wrong and gives the exit code. With --json it is one line of
// JSON, on the standard error too: a result is never mixed with an error.
func (c *call) finish(err error) int {
	c.endLine()
	var e exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return int(e)
	case errors.Is(err, errFound):
		return exitFound
	}
	f := failureOf(err)
	c.sayFailure(f)
	return f.Exit
}

func (c *call) sayFailure(f failure) {
	if c.JSON {
		// Nothing is left to be told of an error that cannot be written.
		_ = json.NewEncoder(c.stderr).Encode(map[string]failure{"error": f})
		return
	}
	fmt.Fprintf(c.stderr, "homeward: %s\n", f.What)
	if f.Do != "" {
		fmt.Fprintf(c.stderr, "  %s\n", f.Do)
	}
	if f.Why != "" {
		fmt.Fprintf(c.stderr, "  (%s)\n", f.Why)
	}
}

// progress shows how far long work has come, at most five times a second, and where the
// end is not known not at the end either.
func (c *call) progress(what string) func(done, total int64) {
	return func(done, total int64) {
		if c.Quiet || c.JSON || time.Since(c.shown) < 200*time.Millisecond && (done < total || total <= 0) {
			return
		}
		c.shown, c.line = time.Now(), true
		if total > 0 {
			fmt.Fprintf(c.stderr, "\r%s: %d of %d (%d %%) ", what, done, total, done*100/total)
			return
		}
		fmt.Fprintf(c.stderr, "\r%s: %d ", what, done)
	}
}

func (c *call) endLine() {
	if c.line {
		fmt.Fprintln(c.stderr)
		c.line = false
	}
}

// result prints what a command found: as JSON, or in words.
func (c *call) result(v any, words func(w io.Writer)) error {
	c.endLine()
	if c.JSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	words(c.stdout)
	return nil
}
