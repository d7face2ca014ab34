package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
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
	if !c.JSON {
		fmt.Fprintf(c.stderr, "Making a temporary office in %s. Everybody in it is invented.\n", dir)
	}
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
	if config.DatabaseURL != "" || config.Outside != "" {
		fmt.Fprintln(c.stderr, "The demo keeps to one temporary folder: no other database and no outside folder are used.")
	}
	config.DatabaseURL, config.KeyringURL, config.Outside = "", "", ""
	config.Name = "Homeward demo"
	config.Access.Idle, config.Access.Fresh, config.Access.Reads = demoLinkLife, demoLinkLife, 100_000
	opener := vault.Passphrase([]byte(example.Passphrase), vault.WithCost(demoCost))
	house, err := homeward.Make(ctx, config, clock.Host(), opener)
	if err != nil {
		return nil, nil, err
	}
	cast, err := example.Fill(ctx, house, clock, func(what string) {
		if !c.Quiet && !c.JSON {
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
	err = serve.serve(ctx, c, house.Office, func(s *homeward.Server, at addresses) error {
		if err := s.Adopt(house); err != nil {
			return err
		}
		links, err := demoLinks(ctx, house, at)
		if err != nil {
			return err
		}
		return c.result(demoResult{Public: at.public, Staff: at.staff, Links: paths(links), Receipts: cast.Receipts, Passphrase: example.Passphrase},
			func(w io.Writer) { cmd.sayDemo(w, c.Dir, at, links, cast) })
	})
	return errors.Join(err, house.Office.Close())
}

type demoResult struct {
	Public     string            `json:"public"`
	Staff      string            `json:"staff"`
	Links      map[string]string `json:"links"`
	Receipts   []string          `json:"receipts,omitempty"`
	Passphrase string            `json:"passphrase,omitempty"`
}

// signInPath is the page that takes a one-time link.
func signInPath(token string) string { return "/link/" + token }

// demoLink signs one of the demo's users in, once.
type demoLink struct{ user, role, address string }

// demoLinks makes a link for everybody who works here.
func demoLinks(ctx context.Context, h *homeward.House, at addresses) ([]demoLink, error) {
	users, err := h.Access.Users(ctx)
	if err != nil {
		return nil, err
	}
	var links []demoLink
	for _, u := range users {
		token, err := h.Access.Link(ctx, u.ID, demoLinkLife)
		if err != nil {
			return nil, err
		}
		links = append(links, demoLink{u.UserName, string(u.Role), at.staff + signInPath(token)})
	}
	return links, nil
}

// paths are the links' paths, by user name.
func paths(links []demoLink) map[string]string {
	by := map[string]string{}
	for _, l := range links {
		by[l.user] = l.address[strings.Index(l.address, signInPath("")):]
	}
	return by
}

func sayLinks(w io.Writer, dir string, links []demoLink) {
	fmt.Fprint(w, "  Sign in, each link once, on this machine:\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range links {
		fmt.Fprintf(t, "    %s\t%s\t%s\n", l.role, l.user, l.address)
	}
	_ = t.Flush() // to a terminal or a buffer
	fmt.Fprintf(w, "\n  Signed out? Another link, from another terminal:\n\n    %s user link %s --dir %s\n", ourselves(), example.Caseworker, quoted(dir))
}

func (cmd *demoCommand) sayDemo(w io.Writer, dir string, at addresses, links []demoLink, cast *example.Cast) {
	fmt.Fprintf(w, `
It is the morning of 15 October 2019 in this office. Everybody in it is invented.

  The public form      %s/
  A receipt to try     %s

`, at.public, cast.Receipts[0])
	sayLinks(w, dir, links)
	fmt.Fprintf(w, `
What to try first, as the caseworker:
  1. Inbox: open the Russian voice message, listen, and write down what is said against the seconds.
  2. People: search Аминат Магомедова. She is in a relatives' list, in Latin letters. Are they the same? "How the search
     reads names" there finds her by six questions: %s/people/reading
  3. Her page: record her consent for the ombudsman. Letters: make the letter.
  4. As the coordinator, by her link (in another browser, or after signing out): approve it. Mark it sent; see the
     day of the answer.
  5. Figures: 785 “escaped”, or about 100? Each claim with its speaker, and why the two cannot both be so. The analyst,
     by her link, sees the same without the office's names.
  6. Lock the office at the top right. The form still takes reports. Locking signs everybody out; unlock on the staff
     pages with the words below, and this terminal shows new links:

       %s

Every user's password, where a page asks for it: %s
Prove that nothing was altered, in another terminal:

    %s verify --dir %s

Press Ctrl-C to end. %s
`, at.staff, example.Passphrase, example.Password, ourselves(), quoted(dir), cmd.afterwards())
}

// afterwards says what becomes of the office.
func (cmd *demoCommand) afterwards() string {
	if cmd.Keep != "" {
		return "The office stays where it is."
	}
	return "The office is removed."
}

// showLinksAgain prints new links when the demo's office is unlocked: locking has
// ended every session, and replaced the image of this process by one that knows of no
// link.
func (cmd *serveCommand) showLinksAgain(ctx context.Context, c *call) func(*homeward.Server, addresses) error {
	if cmd.Demo == 0 {
		return nil
	}
	return func(s *homeward.Server, at addresses) error {
		go func() {
			err := whenUnlocked(ctx, s, func(ctx context.Context, h *homeward.House) error {
				links, err := demoLinks(ctx, h, at)
				if err != nil {
					return err
				}
				return c.result(demoResult{Public: at.public, Staff: at.staff, Links: paths(links)}, func(w io.Writer) {
					fmt.Fprint(w, "\nThe office is unlocked.\n\n")
					sayLinks(w, c.Dir, links)
				})
			})
			if err != nil && ctx.Err() == nil {
				c.finish(err)
			}
		}()
		return nil
	}
}

// whenUnlocked waits for a person to unlock the office, and does something in it once.
func whenUnlocked(ctx context.Context, s *homeward.Server, do func(context.Context, *homeward.House) error) error {
	look := time.NewTicker(300 * time.Millisecond)
	defer look.Stop()
	for s.Locked() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
	return s.Within(ctx, do)
}

// ourselves is how this program is called from the same place: "go run" leaves nothing
// behind that could be called again.
func ourselves() string {
	path, err := os.Executable()
	if err != nil {
		return "homeward"
	}
	if strings.Contains(path, string(filepath.Separator)+"go-build") {
		return "go run ./cmd/homeward"
	}
	if found, err := exec.LookPath("homeward"); err == nil && sameFile(found, path) {
		return "homeward"
	}
	return quoted(path)
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	two, bad := os.Stat(b)
	return err == nil && bad == nil && os.SameFile(one, two)
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:", r))
	}) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
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
func (cmd *serveCommand) demoArguments(c *call, dir string, at addresses) []string {
	args := []string{os.Args[0], "serve", "--dir", dir, "--public-addr", trimScheme(at.public), "--staff-addr", trimScheme(at.staff),
		"--log-level", cmd.LogLevel.String(), "--demo=" + strconv.FormatInt(int64(cmd.Demo), 10) + "ns"} // in one word: it is negative
	if cmd.Temporary {
		args = append(args, "--temporary")
	}
	if c.JSON {
		args = append(args, "--json")
	}
	return args
}
