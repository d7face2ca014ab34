package homeward

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"homeward/intake"
	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/vault"
)

// Office is an office while it is locked: a folder, the public half of a key, and
// a door that takes reports. It holds no database handle and nothing secret but
// what intake may know.
type Office struct {
	Config Config
	Host   host.Host
	// Door takes reports, locked or not.
	Door *intake.Door

	dir, keys, spool, outside host.Dir
}

// The folders and files of an office.
const (
	keysFolder  = "keys"
	spoolFolder = "spool"
	filesFolder = "files"
	mainFile    = "homeward.db"
	keyringFile = "keyring.db"
	// The labels of the databases' keys.
	mainLabel    = "db"
	keyringLabel = "keyring"
	// outsideFile remembers the folder that keeps the last checkpoint: whoever made
	// the office said where, and no later command may forget it.
	outsideFile = "outside"
)

// The problems of an office's folder.
var (
	ErrNoOffice = problem.New(problem.NotFound, "office.none",
		"There is no office in this folder", "make one with 'homeward init', or name its folder with --dir")
	ErrOfficeThere = problem.New(problem.Conflict, "office.there",
		"There is an office in this folder already", "choose an empty folder with --dir")
	ErrNotEmpty = problem.New(problem.Conflict, "office.not_empty",
		"The folder is not empty", "choose an empty folder")
	ErrTwoURLs = problem.New(problem.Invalid, "office.two_databases",
		"With PostgreSQL an office needs two databases: one for the data and one for its keys",
		"set both HOMEWARD_DATABASE_URL and HOMEWARD_KEYRING_URL, to different databases")
	ErrFiles = problem.New(problem.Unavailable, "office.files",
		"The folder of the originals cannot be used", "look whether the share is mounted, or name another folder with --files")
	ErrOutsideWithin = problem.New(problem.Invalid, "office.outside_within",
		"The folder for the outside checkpoint lies in the office's own folder, and would be put back with it",
		"name one on a stick or on another machine's share with --outside")
	ErrOutside = problem.New(problem.Unavailable, "office.outside",
		"The folder for the outside checkpoint cannot be used", "put the stick in, or name another folder with --outside")
)

// Make makes an office in an empty folder: its key in one slot for each opener, its
// intake key, and its empty databases.
func Make(ctx context.Context, c Config, h host.Host, openers ...vault.Opener) (*House, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	o, err := openFolders(c, h)
	if err != nil {
		return nil, err
	}
	id, err := h.NewID()
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	root, err := vault.Create(ctx, h, o.keys, id, openers...)
	if err != nil {
		if errors.Is(err, vault.ErrMade) {
			err = ErrOfficeThere.Wrap(err)
		}
		return nil, errors.Join(err, o.Close())
	}
	if err := o.openDoor(); err != nil {
		root.Close()
		return nil, errors.Join(err, o.Close())
	}
	return o.join(ctx, root)
}

// OpenOffice opens an office's folder and leaves it locked.
func OpenOffice(c Config, h host.Host) (*Office, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	o, err := openFolders(c, h)
	if err != nil {
		return nil, err
	}
	if err := o.openDoor(); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

func (c Config) check() error {
	if (c.DatabaseURL == "") != (c.KeyringURL == "") || c.DatabaseURL != "" && c.DatabaseURL == c.KeyringURL {
		return ErrTwoURLs
	}
	if c.Outside != "" && within(c.Outside, c.Dir) {
		return ErrOutsideWithin
	}
	return nil
}

// within says whether a folder is another one or lies in it, as far as their names and
// links tell. What is not there yet is where its nearest existing parent is.
func within(folder, other string) bool {
	path, err := filepath.Rel(resolved(other), resolved(folder))
	return err == nil && filepath.IsLocal(path)
}

func resolved(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if there, err := filepath.EvalSymlinks(path); err == nil {
		return there
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	return filepath.Join(resolved(parent), filepath.Base(path))
}

func openFolders(c Config, h host.Host) (*Office, error) {
	dir, err := host.OpenDir(c.Dir)
	if err != nil {
		return nil, err
	}
	o := &Office{Config: c, Host: h, dir: dir}
	for name, into := range map[string]*host.Dir{keysFolder: &o.keys, spoolFolder: &o.spool} {
		if *into, err = dir.Sub(name); err != nil {
			return nil, errors.Join(err, o.Close())
		}
	}
	if err := o.openOutside(); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// maxPath bounds the remembered folder's name, in bytes.
const maxPath = 4096

// openOutside opens the folder outside: the one that is named now, or else the one
// that was named last. A stick that is not in the machine is made again as a folder
// nobody looks at; so the place must be there already when it is only remembered.
func (o *Office) openOutside() (err error) {
	if o.Config.Outside == "" {
		remembered, err := host.ReadFile(o.dir, outsideFile, maxPath)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		o.Config.Outside = string(remembered)
		if _, err := os.Stat(o.Config.Outside); err != nil {
			return ErrOutside.Wrap(err)
		}
	}
	if o.outside, err = host.OpenDir(o.Config.Outside); err != nil {
		return ErrOutside.Wrap(err)
	}
	return host.WriteFile(o.dir, outsideFile, []byte(o.Config.Outside))
}

func (o *Office) openDoor() error {
	door, err := vault.ReadDoor(o.keys)
	if errors.Is(err, vault.ErrNotMade) || errors.Is(err, fs.ErrNotExist) {
		return ErrNoOffice.Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("read the intake key: %w", err)
	}
	o.Door, err = intake.NewDoor(door, o.spool, o.Host, o.Config.Limits)
	return err
}

// Keys is the folder of the key's slots.
func (o *Office) Keys() host.Dir { return o.keys }

// Close gives the folders back.
func (o *Office) Close() error {
	var errs []error
	for _, d := range []host.Dir{o.outside, o.spool, o.keys, o.dir} {
		if d != nil {
			errs = append(errs, d.Close())
		}
	}
	return errors.Join(errs...)
}
