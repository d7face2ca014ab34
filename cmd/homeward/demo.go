package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"homeward"
	"homeward/internal/example"
	"homeward/vault"
)

// demoCommand shows everything, in an office that is removed at the end.
type demoCommand struct {
	PublicAddr string `help:"Address of the public form; another free one when it is taken." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	StaffAddr  string `help:"Address of the staff pages; another free one when it is taken." default:"127.0.0.1:8081" placeholder:"HOST:PORT"`
	Keep       string `help:"Make the office in this new folder and keep it." type:"path" placeholder:"DIR"`
}

func (demoCommand) example() string { return "  homeward demo" }

// demoCost keeps the demo quick; an office takes the vault's own.
var demoCost = vault.Cost{MemoryKiB: 8 << 10, Time: 1, Threads: 1}

// demoLinkLife is how long the sign-in links of the demo hold.
const demoLinkLife = 12 * time.Hour

func (cmd *demoCommand) run(ctx context.Context, c *call) (err error) {
	dir := cmd.Keep
	if dir == "" {
		if dir, err = os.MkdirTemp("", "homeward-demo-"); err != nil {
			return err
		}
	}
	temporary := cmd.Keep == ""
	c.Dir = dir
	fmt.Fprintf(c.stderr, "Making a temporary office in %s. Everybody in it is invented.\n", dir)
	clock := example.NewClock(example.Start)
	house, cast, err := cmd.fill(ctx, c, clock)
	if err != nil {
		return errors.Join(err, removeDemo(dir, temporary))
	}
	return errors.Join(cmd.show(ctx, c, clock, house, cast), removeDemo(dir, temporary))
}

// fill makes the office and plays the weeks before the morning on which it opens.
func (cmd *demoCommand) fill(ctx context.Context, c *call, clock *example.Clock) (*homeward.House, *example.Cast, error) {
	config, err := c.config()
	if err != nil {
		return nil, nil, err
	}
	// Nothing of the environment's own office may be touched.
	config.DatabaseURL, config.KeyringURL, config.Outside = "", "", ""
	config.Name = "Homeward demo"
	config.Access.Idle, config.Access.Fresh, config.Access.Reads = demoLinkLife, demoLinkLife, 100_000
	opener := vault.Passphrase([]byte(example.Passphrase), vault.WithCost(demoCost))
	house, err := homeward.Make(ctx, config, clock.Host(), opener)
	if err != nil {
		return nil, nil, err
	}
	cast, err := example.Fill(ctx, house, clock, func(what string) {
		if !c.Quiet {
			fmt.Fprintln(c.stderr, "  "+what)
		}
	})
	if err != nil {
		return nil, nil, errors.Join(err, house.Close())
	}
	clock.Put(example.Morning)
	return house, cast, nil
}

// show serves the office until it is ended.
func (cmd *demoCommand) show(ctx context.Context, c *call, clock *example.Clock, house *homeward.House, cast *example.Cast) error {
	serve := &serveCommand{
		PublicAddr: freeAddress(cmd.PublicAddr), StaffAddr: freeAddress(cmd.StaffAddr),
		Demo: clock.Offset(), Temporary: cmd.Keep == "", LogLevel: slog.LevelWarn,
	}
	lock, err := lockFolder(c.Dir)
	if err != nil {
		return errors.Join(err, house.Close())
	}
	defer lock.Close() //nolint:errcheck // the kernel gives it back with the process
	links := map[string]string{}
	for name, u := range cast.Users {
		token, err := house.Access.Link(ctx, u.ID, demoLinkLife)
		if err != nil {
			return errors.Join(err, house.Close())
		}
		links[name] = signInPath(token)
	}
	err = serve.serve(ctx, c, house.Office, func(s *homeward.Server, at addresses) error {
		if err := s.Adopt(house); err != nil {
			return err
		}
		return c.result(demoResult{Public: at.public, Staff: at.staff, Links: links, Receipts: cast.Receipts, Passphrase: example.Passphrase},
			func(w io.Writer) { sayDemo(w, c.Dir, at, links, cast) })
	})
	return errors.Join(err, house.Office.Close())
}

type demoResult struct {
	Public     string            `json:"public"`
	Staff      string            `json:"staff"`
	Links      map[string]string `json:"links"`
	Receipts   []string          `json:"receipts"`
	Passphrase string            `json:"passphrase"`
}

// signInPath is the page that takes a one-time link.
func signInPath(token string) string { return "/link/" + token }

func sayDemo(w io.Writer, dir string, at addresses, links map[string]string, cast *example.Cast) {
	fmt.Fprintf(w, `
It is the morning of 15 October 2019 in this office. Everybody in it is invented.

  The public form      %s/
  A receipt to try     %s

  Sign in, each link once:
    caseworker         %s%s
    coordinator        %s%s
    analyst            %s%s
    administrator      %s%s
    auditor            %s%s

What to try first, as the caseworker:
  1. Inbox: open the Russian voice message, listen, and write down what is said against the seconds.
  2. People: search Аминат Магомедова. She is in a relatives' list, in Latin letters. Are they the same?
  3. Her page: record her consent for the ombudsman. Letters: make the letter.
  4. As the coordinator (another browser, or sign out): approve it. Mark it sent; see the day of the answer.
  5. Lock the office at the top right. The form still takes reports. Unlock with:

       %s

Every user's password is: %s
Prove that nothing was altered, in another terminal: homeward verify --dir %s
Press Ctrl-C to end. The office is removed.
`, at.public, cast.Receipts[0],
		at.staff, links[example.Caseworker], at.staff, links[example.Coordinator], at.staff, links[example.Analyst],
		at.staff, links[example.Administrator], at.staff, links[example.Auditor],
		example.Passphrase, example.Password, dir)
}

// freeAddress gives the address, or another port of its host when it is taken.
func freeAddress(addr string) string {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		name, _, _ := net.SplitHostPort(addr)
		return net.JoinHostPort(name, "0")
	}
	_ = ln.Close() // it was only tried
	return addr
}

// removeDemo removes a temporary office.
func removeDemo(dir string, temporary bool) error {
	if !temporary {
		return nil
	}
	return os.RemoveAll(dir)
}

// demoArguments are those of the image that takes over when the demo is locked: the
// same office at the same hour of 2019.
func (cmd *serveCommand) demoArguments(dir string, at addresses) []string {
	args := []string{os.Args[0], "serve", "--dir", dir, "--public-addr", trimScheme(at.public), "--staff-addr", trimScheme(at.staff),
		"--demo=" + strconv.FormatInt(int64(cmd.Demo), 10) + "ns"} // in one word: it is negative
	if cmd.Temporary {
		args = append(args, "--temporary")
	}
	return args
}
