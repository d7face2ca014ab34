package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"filippo.io/age"

	"homeward"
	"homeward/access"
	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/vault"
)

// initCommand makes an office.
type initCommand struct {
	Admin     string `help:"User name of the first administrator." default:"admin" placeholder:"NAME"`
	AdminName string `help:"Her or his name, as colleagues know it." default:"Administrator" placeholder:"NAME"`
	Recipient string `help:"Also make a slot that this age identity's file opens, beside the passphrase." placeholder:"FILE" type:"path"`
}

func (initCommand) example() string {
	return "  homeward init --dir /srv/homeward --outside /media/stick --admin olga\n" +
		"  homeward serve --dir /srv/homeward"
}

var (
	errPassphrases = problem.New(problem.Invalid, "init.passphrases",
		"the two passphrases are not the same", "type the same one twice")
	errWeak = problem.New(problem.Invalid, "init.weak",
		fmt.Sprintf("the passphrase is shorter than %d characters", vault.MinPassphrase), "use five or six words that do not belong together")
	errIdentity = problem.New(problem.Invalid, "cli.identity",
		"the file holds no age identity", "make one with age-keygen and name its file")
)

type initResult struct {
	Dir    string `json:"dir"`
	Office string `json:"office"`
	User   string `json:"user"`
	Code   string `json:"activation_code"`
}

func (cmd *initCommand) run(ctx context.Context, c *call) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	first := access.NewUser{Name: cmd.AdminName, UserName: cmd.Admin, Role: access.Administrator}
	if err := first.Check(); err != nil { // before anything is made that a second attempt would find
		return err
	}
	openers, err := cmd.openers(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return err
	}
	lock, err := lockFolder(config.Dir)
	if err != nil {
		return err
	}
	h, err := homeward.Make(ctx, config, host.System(), openers...)
	if err != nil {
		return errors.Join(err, lock.Close())
	}
	_, code, err := h.Access.Invite(ctx, "", first)
	office := h.Root.OfficeID()
	if err = errors.Join(err, h.Close(), lock.Close()); err != nil {
		return err
	}
	r := initResult{Dir: config.Dir, Office: office, User: cmd.Admin, Code: code}
	return c.result(r, func(w io.Writer) {
		fmt.Fprintf(w, "The office is made in %s.\n\n", r.Dir)
		fmt.Fprintf(w, "1. Run it:      homeward serve --dir %s\n", r.Dir)
		fmt.Fprintf(w, "2. Unlock it:   homeward unlock --dir %s   (or on the staff pages)\n", r.Dir)
		fmt.Fprintf(w, "3. Activate the account %q on the staff pages with this code, once, within a week:\n\n       %s\n\n", r.User, r.Code)
		fmt.Fprintln(w, "Whoever loses the passphrase loses the office: nobody can open it, we neither. Write it down")
		fmt.Fprintln(w, "and keep it away from the machine.")
		if config.Outside == "" {
			fmt.Fprintln(w, "\nNo --outside folder is given: nobody will notice when the whole folder is put back to an older state.")
		}
	})
}

func (cmd *initCommand) openers(c *call) ([]vault.Opener, error) {
	p, err := c.passphrase("New passphrase of the office: ")
	if err != nil {
		return nil, err
	}
	if len([]rune(p)) < vault.MinPassphrase {
		return nil, errWeak
	}
	if c.PassphraseFile == "" {
		again, err := c.ask("Once more: ")
		if err != nil {
			return nil, err
		}
		if again != p {
			return nil, errPassphrases
		}
	}
	openers := []vault.Opener{vault.Passphrase([]byte(p))}
	if cmd.Recipient != "" {
		o, err := identityOpener(cmd.Recipient)
		if err != nil {
			return nil, err
		}
		openers = append(openers, o)
	}
	return openers, nil
}

// identityOpener reads an age identity from its file.
func identityOpener(file string) (vault.Opener, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, errIdentity.Wrap(err)
	}
	return openerOf("identity", string(text))
}

// openerOf makes an opener of what was told: "passphrase" or "identity", and the
// words themselves.
func openerOf(kind, secret string) (vault.Opener, error) {
	if kind == "passphrase" {
		return vault.Passphrase([]byte(secret)), nil
	}
	found, err := age.ParseIdentities(strings.NewReader(secret))
	if err != nil || len(found) == 0 {
		return nil, errIdentity.Wrap(err)
	}
	switch id := found[0].(type) {
	case *age.X25519Identity:
		return vault.Identity(id, id.Recipient()), nil
	case *age.HybridIdentity:
		return vault.Identity(id, id.Recipient()), nil
	}
	return nil, errIdentity
}

// versionCommand says which program this is.
type versionCommand struct{}

func (*versionCommand) run(_ context.Context, c *call) error {
	v := version()
	return c.result(map[string]string{"version": v}, func(w io.Writer) { fmt.Fprintln(w, "homeward", v) })
}

// version is the module's, as the Go toolchain stamped it into the program.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
