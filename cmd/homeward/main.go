// Command homeward runs an office that helps people stranded in a war zone to come
// home: it takes appeals in, ties each to the people it is about, puts them before
// the authorities who can act, and keeps count until people are home.
//
// "homeward demo" shows all of it with invented people. "homeward init" makes an
// office and "homeward serve" runs it; the other commands work in an office that is
// being served, over its control socket, or in one that is not, which they lock for
// the time.
//
// Exit codes: 0 done; 1 a fault of the program; 2 the command line; 3 what was given
// cannot be used; 4 no such thing; 5 not allowed; 6 somebody was first; 7 the office
// is locked; 8 disk or database unusable; 9 verify found something.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // the office's zone, also where the machine has none

	"github.com/alecthomas/kong"

	"homeward"
	"homeward/internal/problem"
)

// options are the flags of every command, and their environment variables.
type options struct {
	Dir         string `help:"The office's folder." env:"HOMEWARD_DIR" default:"homeward-office" type:"path" placeholder:"DIR" json:"dir"`
	DatabaseURL string `help:"PostgreSQL database of the office; without it, homeward.db in the folder." env:"HOMEWARD_DATABASE_URL" name:"database-url" placeholder:"URL" json:"-"`
	KeyringURL  string `help:"A second PostgreSQL database, for the keys." env:"HOMEWARD_KEYRING_URL" name:"keyring-url" placeholder:"URL" json:"-"`
	Files       string `help:"The folder of the sealed originals; without it, files in the office's folder. Several processes share one." env:"HOMEWARD_FILES" type:"path" placeholder:"DIR" json:"-"`
	Outside     string `help:"A folder elsewhere that keeps the last checkpoint of the ledger." env:"HOMEWARD_OUTSIDE" type:"path" placeholder:"DIR" json:"-"`
	Name        string `help:"The office's name, as letters and public pages may show it." env:"HOMEWARD_NAME" placeholder:"NAME" json:"-"`
	Zone        string `help:"The office's time zone, such as Europe/Berlin." env:"HOMEWARD_ZONE" default:"UTC" json:"-"`

	PassphraseFile string `help:"Read the office's passphrase from this file; - is standard input. Otherwise it is asked for." env:"HOMEWARD_PASSPHRASE_FILE" placeholder:"FILE" json:"-"`
	IdentityFile   string `help:"Unlock with an age identity from this file instead of a passphrase." env:"HOMEWARD_IDENTITY_FILE" placeholder:"FILE" json:"-"`
	JSON           bool   `help:"Print the result as JSON, for a machine." name:"json" json:"-"`
	Quiet          bool   `help:"Show no progress." short:"q" json:"-"`
}

// commandLine is the whole of it. The order is the order of a life: try it, make an
// office, run it, look after it.
type commandLine struct {
	options

	Demo     demoCommand     `cmd:"" help:"Show everything: a temporary office with the worked example, invented people and sign-in links."`
	Init     initCommand     `cmd:"" help:"Make an office in an empty folder, with its first administrator."`
	Serve    serveCommand    `cmd:"" help:"Run the office: the public form and the staff pages."`
	Lock     lockCommand     `cmd:"" help:"Lock a running office: no key stays in memory; the public form goes on."`
	Unlock   unlockCommand   `cmd:"" help:"Unlock a running office."`
	User     userCommand     `cmd:"" help:"Who works here: invite, list, sign-in links, disable."`
	Import   importCommand   `cmd:"" help:"Bring in a relatives' list (xlsx, CSV), or undo one."`
	Export   exportCommand   `cmd:"" help:"Write what is in the ledger, encrypted to an age recipient."`
	Estimate estimateCommand `cmd:"" help:"Say how many there really are, from overlapping lists, or refuse."`
	Read     readCommand     `cmd:"" help:"Suggest the figures of an article, and who says each."`
	Link     linkCommand     `cmd:"" help:"Find which records of one list, or of two, are the same person."`
	Verify   verifyCommand   `cmd:"" help:"Prove that nothing was altered, or name what was."`
	Rebuild  rebuildCommand  `cmd:"" help:"Compute everything that follows from the ledger anew."`
	Erase    eraseCommand    `cmd:"" help:"Forget somebody. It takes two people."`
	Backup   backupCommand   `cmd:"" help:"Write a backup: data and keys apart."`
	Restore  restoreCommand  `cmd:"" help:"Put a backup back into an empty folder."`
	Match    matchCommand    `cmd:"" help:"Measure how well people are found by their names."`
	Version  versionCommand  `cmd:"" help:"Say which program this is."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program with its surroundings as arguments, so that a test can be it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var cli commandLine
	exit := -1
	if err := withoutEmpty(os.Environ()); err != nil {
		fmt.Fprintln(stderr, "homeward:", err)
		return exitFault
	}
	parser, err := kong.New(&cli,
		kong.Name("homeward"),
		kong.Description("The system for offices that help stranded people to come home.\n\nTry it: homeward demo"),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Help(helpWithExample),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exit = code; panic(exitNow{}) }),
		kong.Vars{"version": version()},
	)
	if err != nil {
		fmt.Fprintln(stderr, "homeward:", err)
		return exitFault
	}
	parsed, code, done := parse(parser, args, stderr, &exit)
	if done {
		return code
	}
	c := &call{options: cli.options, stdin: stdin, stdout: stdout, stderr: stderr}
	cmd := parsed.Selected().Target.Addr().Interface().(command)
	return c.finish(c.dispatch(ctx, commandName(parsed), cmd))
}

// withoutEmpty takes the house's variables that are set to nothing out of the
// environment: a service file that leaves one open means the default, and not the
// current folder, which is what nothing becomes as a path.
func withoutEmpty(environment []string) error {
	for _, variable := range environment {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "HOMEWARD_") && value == "" {
			if err := os.Unsetenv(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// exitNow leaves the parser when it has printed its help.
type exitNow struct{}

func parse(parser *kong.Kong, args []string, stderr io.Writer, exit *int) (parsed *kong.Context, code int, done bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exitNow); !ok {
				panic(r)
			}
			code, done = *exit, true
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		c := &call{options: options{JSON: slices.Contains(args, "--json")}, stderr: stderr}
		c.sayFailure(failure{Code: "cli.usage", What: err.Error(), Do: "see: homeward --help", Exit: exitUsage})
		return nil, exitUsage, true
	}
	return parsed, 0, false
}

// helpWithExample prints the usual help and, for a command, an example of its use.
func helpWithExample(o kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(o, ctx); err != nil {
		return err
	}
	if n := ctx.Selected(); n != nil {
		if e, ok := n.Target.Addr().Interface().(interface{ example() string }); ok {
			fmt.Fprintf(ctx.Stdout, "\nExample:\n%s\n", e.example())
		}
	}
	return nil
}

func commandName(parsed *kong.Context) string {
	name := ""
	for n := parsed.Selected(); n != nil && n.Type == kong.CommandNode; n = n.Parent {
		name = n.Name + " " + name
	}
	return name[:len(name)-1]
}

// The exit codes.
const (
	exitFault       = 1
	exitUsage       = 2
	exitInvalid     = 3
	exitNotFound    = 4
	exitForbidden   = 5
	exitConflict    = 6
	exitLocked      = 7
	exitUnavailable = 8
	exitFound       = 9
)

// errFound is how verify says that it found something: it is said already.
var errFound = errors.New("verify found something")

func exitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFound):
		return exitFound
	}
	switch problem.KindOf(err) {
	case problem.Invalid, problem.TooLarge, problem.TooMany:
		return exitInvalid
	case problem.NotFound:
		return exitNotFound
	case problem.Forbidden:
		return exitForbidden
	case problem.Conflict:
		return exitConflict
	case problem.Locked:
		return exitLocked
	case problem.Unavailable:
		return exitUnavailable
	}
	return exitFault
}

// config makes the office's configuration of the flags.
func (o options) config() (homeward.Config, error) {
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		return homeward.Config{}, problem.New(problem.Invalid, "cli.zone",
			"the time zone is not known", "use a name such as Europe/Berlin").Wrap(err)
	}
	return homeward.Config{
		Dir: o.Dir, DatabaseURL: o.DatabaseURL, KeyringURL: o.KeyringURL,
		Files: o.Files, Outside: o.Outside, Name: o.Name, Zone: zone,
	}, nil
}
