package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"homeward"
	"homeward/internal/host"
	"homeward/internal/problem"
)

// serveCommand runs the office. Without a certificate, a listener may stand only on
// this machine's own addresses, or behind a proxy that is named.
type serveCommand struct {
	PublicAddr string         `help:"Address of the public form." env:"HOMEWARD_PUBLIC_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	StaffAddr  string         `help:"Address of the staff pages; keep it away from the public." env:"HOMEWARD_STAFF_ADDR" default:"127.0.0.1:8081" placeholder:"HOST:PORT"`
	PublicCert string         `help:"Certificate of the public address, PEM." env:"HOMEWARD_PUBLIC_CERT" type:"path" placeholder:"FILE"`
	PublicKey  string         `help:"Its key, PEM." env:"HOMEWARD_PUBLIC_KEY" type:"path" placeholder:"FILE"`
	StaffCert  string         `help:"Certificate of the staff address, PEM." env:"HOMEWARD_STAFF_CERT" type:"path" placeholder:"FILE"`
	StaffKey   string         `help:"Its key, PEM." env:"HOMEWARD_STAFF_KEY" type:"path" placeholder:"FILE"`
	PublicACME []string       `help:"Names of the public address: get its certificate from an ACME authority, whose terms you accept by this." name:"public-acme" env:"HOMEWARD_PUBLIC_ACME" placeholder:"NAME"`
	StaffACME  []string       `help:"The same for the staff address." name:"staff-acme" env:"HOMEWARD_STAFF_ACME" placeholder:"NAME"`
	ACME       authority      `embed:"" prefix:"acme-"`
	Model      modelFlags     `embed:"" prefix:"model-"`
	Proxy      []netip.Prefix `help:"Networks of the proxies that end TLS before us and may say whom they ask for." env:"HOMEWARD_PROXY" placeholder:"CIDR"`
	Indexed    bool           `help:"Let search engines list the public start page." env:"HOMEWARD_INDEXED"`
	LockAfter  time.Duration  `help:"Lock when nobody has used the staff pages for so long; 0 never." env:"HOMEWARD_LOCK_AFTER" default:"8h"`
	Unlocked   bool           `help:"Ask for the passphrase now, instead of starting locked."`
	LogJSON    bool           `help:"Write the log as JSON lines." name:"log-json" env:"HOMEWARD_LOG_JSON"`
	LogLevel   slog.Level     `help:"debug, info, warn or error." env:"HOMEWARD_LOG_LEVEL" default:"info"`

	// How the demo goes on after it was locked: by how much its clock is put off,
	// and that its folder is removed at the end.
	Demo      time.Duration `hidden:""`
	Temporary bool          `hidden:""`
}

func (serveCommand) example() string {
	return "  homeward serve --dir /srv/homeward\n" +
		"  homeward serve --public-addr :443 --public-cert cert.pem --public-key key.pem --staff-addr 127.0.0.1:8081\n" +
		"  homeward serve --public-addr :443 --public-acme help.example.org"
}

var errNoTLS = problem.New(problem.Invalid, "serve.tls",
	"without a certificate an address may be only on this machine (127.0.0.1, ::1)",
	"give --public-cert and --public-key (or --staff-cert and --staff-key), let --public-acme get one, or name the proxy that ends TLS with --proxy")

func (cmd *serveCommand) run(ctx context.Context, c *call) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	if config.Model, err = cmd.Model.options(); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(config.Dir, "keys")); err != nil {
		return homeward.ErrNoOffice.Wrap(err)
	}
	lock, err := lockFolder(config.Dir)
	if err != nil {
		return err
	}
	defer lock.Close() //nolint:errcheck // the kernel gives it back with the process
	h := host.System()
	if cmd.Demo != 0 {
		h.Now = func() time.Time { return time.Now().Add(cmd.Demo) }
		config.Name = "Homeward demo"
		config.Access.Idle, config.Access.Fresh = demoLinkLife, demoLinkLife
	}
	office, err := homeward.OpenOffice(config, h)
	if err != nil {
		return err
	}
	return errors.Join(cmd.serve(ctx, c, office, cmd.showLinksAgain(ctx, c)), office.Close(), removeDemo(config.Dir, cmd.Temporary))
}

// serve runs until ctx ends. ready, when given, is told the addresses.
func (cmd *serveCommand) serve(ctx context.Context, c *call, office *homeward.Office, ready func(*homeward.Server, addresses) error) error {
	if err := guardMemory(); err != nil {
		return err
	}
	sockets, err := inheritListeners()
	if err != nil {
		return err
	}
	p := &program{cmd: cmd, call: c, office: office, sockets: sockets, next: os.Args, log: cmd.logger(c.stderr), ended: make(chan error, 3)}
	if p.server, err = homeward.NewServer(office, p.options()); err != nil {
		return err
	}
	if err := p.open(office.Config.Dir); err != nil {
		return errors.Join(err, p.close())
	}
	if cmd.Unlocked && !sockets.replaced {
		opener, err := c.opener()
		if err == nil {
			err = p.server.Unlock(ctx, opener)
		}
		if err != nil {
			return errors.Join(err, p.close())
		}
	}
	p.say()
	if ready != nil {
		if err := ready(p.server, p.at); err != nil {
			return errors.Join(err, p.close())
		}
	}
	return p.wait(ctx)
}

// addresses are where the surfaces can be reached.
type addresses struct{ public, staff string }

// program is one serve process.
type program struct {
	cmd     *serveCommand
	call    *call
	office  *homeward.Office
	server  *homeward.Server
	sockets *listeners
	log     *slog.Logger
	at      addresses
	servers []*serving
	next    []string // the arguments of the image that takes over at a lock
	ended   chan error
	once    sync.Once
}

func (p *program) options() homeward.ServerOptions {
	return homeward.ServerOptions{
		Log: p.log, Proxies: p.cmd.Proxy, Indexed: p.cmd.Indexed, LockAfter: p.cmd.LockAfter,
		PublicPlain: !p.cmd.public().secure() && len(p.cmd.Proxy) == 0,
		StaffPlain:  !p.cmd.staff().secure() && len(p.cmd.Proxy) == 0,
		Replace:     p.replace,
	}
}

// replace ends this image of the process: see docs/decisions/0005.
func (p *program) replace() error {
	entry, err := p.sockets.handOver()
	if err != nil {
		return err
	}
	p.leave() // what does not end in time ends with the image
	return becomeLocked(p.next, entry)
}

// open starts the three listeners.
func (p *program) open(dir string) error {
	public, err := p.listen("public", dir, p.cmd.public())
	if err != nil {
		return err
	}
	staff, err := p.listen("staff", dir, p.cmd.staff())
	if err != nil {
		return err
	}
	control, err := listenControl(p.sockets, dir)
	if err != nil {
		return err
	}
	p.at = addresses{public: address(public, p.cmd.public()), staff: address(staff, p.cmd.staff())}
	if p.cmd.Demo != 0 {
		p.next = p.cmd.demoArguments(p.call, dir, p.at)
	}
	p.start(public, p.server.Public())
	p.start(staff, p.server.Staff())
	p.start(control, controlHandler(p.runCommand))
	return nil
}

// surface is where one listener stands, and how it is secured.
type surface struct {
	addr, cert, key string
	acme            []string
}

func (cmd *serveCommand) public() surface {
	return surface{cmd.PublicAddr, cmd.PublicCert, cmd.PublicKey, cmd.PublicACME}
}

func (cmd *serveCommand) staff() surface {
	return surface{cmd.StaffAddr, cmd.StaffCert, cmd.StaffKey, cmd.StaffACME}
}

func (s surface) secure() bool { return s.cert != "" || len(s.acme) > 0 }

func address(ln net.Listener, s surface) string {
	scheme := "http"
	if s.secure() {
		scheme = "https"
	}
	return scheme + "://" + ln.Addr().String()
}

func (p *program) listen(name, dir string, s surface) (net.Listener, error) {
	if !s.secure() && len(p.cmd.Proxy) == 0 && !loopback(s.addr) {
		return nil, errNoTLS
	}
	ln, err := p.sockets.listen(name, "tcp", s.addr)
	if err != nil {
		return nil, problem.New(problem.Unavailable, "serve.address",
			"the "+name+" address cannot be used", "choose another, or end the program that has it").Wrap(err)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	switch {
	case s.cert != "":
		pair, err := tls.LoadX509KeyPair(s.cert, s.key)
		if err != nil {
			return nil, problem.New(problem.Invalid, "serve.certificate",
				"the certificate of the "+name+" address cannot be used", "give a PEM certificate and the key that belongs to it").Wrap(err)
		}
		config.Certificates = []tls.Certificate{pair}
	case len(s.acme) > 0:
		if config, err = p.cmd.ACME.config(filepath.Join(dir, "keys", "acme"), s.acme); err != nil {
			return nil, err
		}
	default:
		return ln, nil
	}
	return tls.NewListener(ln, config), nil
}

// loopback says whether an address can be reached from this machine only.
func loopback(addr string) bool {
	name, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.IsLoopback()
}

// start serves one listener.
func (p *program) start(ln net.Listener, h http.Handler) {
	s := newServing(ln, h, quiet{p.log.Handler()})
	p.servers = append(p.servers, s)
	go func() { p.ended <- s.serve() }()
}

// leave ends the listeners and waits for what is in flight.
func (p *program) leave() {
	var all sync.WaitGroup
	for _, s := range p.servers {
		all.Go(s.leave)
	}
	all.Wait()
}

// quiet drops what net/http writes about single connections: it holds addresses.
type quiet struct{ slog.Handler }

func (quiet) Handle(context.Context, slog.Record) error { return nil }

func (p *program) say() {
	state := "locked; unlock it on the staff pages or with 'homeward unlock'"
	if !p.server.Locked() {
		state = "unlocked"
	}
	p.log.Info("the office is open for reports", "public", p.at.public, "staff", p.at.staff, "state", state)
}

// wait serves until somebody ends the program or a listener fails. SIGUSR1 locks.
func (p *program) wait(ctx context.Context) error {
	locks := make(chan os.Signal, 1)
	signal.Notify(locks, syscall.SIGUSR1)
	defer signal.Stop(locks)
	for {
		select {
		case <-ctx.Done():
			return p.close()
		case <-locks:
			if err := p.server.Lock(ctx); err != nil {
				p.log.Error("locking", "error", err)
			}
		case err := <-p.ended:
			if errors.Is(err, http.ErrServerClosed) {
				// A lock has begun: the next image of this program goes on.
				p.server.Settled()
				continue
			}
			return errors.Join(err, p.close())
		}
	}
}

// close ends the listeners, waits for what is in flight, and locks.
func (p *program) close() (err error) {
	p.once.Do(func() {
		p.leave() // what does not end in time ends with the process
		err = p.server.Close()
	})
	return err
}

// runCommand runs a command that came over the control socket.
func (p *program) runCommand(ctx context.Context, r request, stdout, stderr io.Writer) (int, error) {
	c := &call{options: p.call.options, stdout: stdout, stderr: stderr, told: r.Secrets, staff: p.at.staff}
	c.JSON, c.Quiet = r.JSON, r.Quiet
	err := p.perform(ctx, c, r)
	if errors.Is(err, errProve) {
		return 0, errProve
	}
	return c.finish(err), nil
}

func (p *program) perform(ctx context.Context, c *call, r request) error {
	made, ok := houseCommands[r.Command]
	if !ok {
		return fmt.Errorf("the running 'homeward serve' does not know the command %q: it is another version", r.Command)
	}
	cmd := made()
	if err := json.Unmarshal(r.Flags, cmd); err != nil {
		return fmt.Errorf("read the command's flags: %w", err)
	}
	if s, ok := cmd.(serverCommand); ok {
		return s.inServer(ctx, c, p.server)
	}
	if p.server.Locked() {
		return errLocked
	}
	if _, ok := cmd.(provingCommand); ok && p.cmd.Demo == 0 {
		if err := p.proved(ctx, c); err != nil {
			return err
		}
	}
	return p.server.Within(ctx, func(ctx context.Context, h *homeward.House) error {
		return cmd.(houseCommand).inHouse(ctx, c, h)
	})
}

// proved holds what came with a command against the office's slots.
func (p *program) proved(ctx context.Context, c *call) error {
	if len(c.told) != 2 {
		return errProve
	}
	opener, err := openerOf(c.told[0], c.told[1])
	if err != nil {
		return err
	}
	return p.office.Proves(ctx, opener)
}

func (cmd *serveCommand) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cmd.LogLevel}
	if cmd.LogJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// lockCommand closes the house in the running process.
type lockCommand struct{}

func (lockCommand) example() string { return "  homeward lock --dir /srv/homeward" }

func (*lockCommand) secrets(*call) ([]string, error) { return nil, nil }

func (*lockCommand) inServer(ctx context.Context, c *call, s *homeward.Server) error {
	if err := s.Lock(ctx); err != nil {
		return err
	}
	return c.result(map[string]string{"state": "locked"}, func(w io.Writer) { fmt.Fprintln(w, "locked") })
}

// unlockCommand opens the house in the running process.
type unlockCommand struct{}

func (unlockCommand) example() string {
	return "  homeward unlock --dir /srv/homeward\n  homeward unlock --passphrase-file - < /run/secrets/homeward"
}

func (*unlockCommand) secrets(c *call) ([]string, error) { return c.secrets() }

func (*unlockCommand) inServer(ctx context.Context, c *call, s *homeward.Server) error {
	if len(c.told) != 2 {
		return errNoTerminal
	}
	opener, err := openerOf(c.told[0], c.told[1])
	if err != nil {
		return err
	}
	if err := s.Unlock(ctx, opener); err != nil {
		return err
	}
	return c.result(map[string]string{"state": "unlocked"}, func(w io.Writer) { fmt.Fprintln(w, "unlocked") })
}

// trimScheme gives the host and port of an address, for sentences.
func trimScheme(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	return rest
}
