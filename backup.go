package homeward

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/vault"
)

// A backup is two folders, which are kept apart:
//
//	data/     homeward.db, files/, spool/, keys/ and manifest.json. It may be kept for
//	          years: what was forgotten cannot be read in it without its key.
//	keyring/  keyring.db and manifest.json. Whoever keeps an old one keeps the keys of
//	          whoever was forgotten since: it is kept briefly. That is the clock of
//	          forgetting.
//
// All of it is as sealed as the office's own folder.

// manifestName is the list of what a backup's folder holds.
const manifestName = "manifest.json"

// manifestFormat is the version of that list.
const manifestFormat = 1

// Manifest says what a backup's folder holds.
type Manifest struct {
	Format     int            `json:"format"`
	Office     string         `json:"office"`
	Made       time.Time      `json:"made"`
	Checkpoint string         `json:"checkpoint,omitempty"`
	Files      []BackedUpFile `json:"files"`
}

// BackedUpFile is one file of a backup.
type BackedUpFile struct {
	Path   string `json:"path"` // with slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// The problems of backups.
var (
	ErrBackupPostgres = problem.New(problem.Invalid, "backup.postgres",
		"An office on PostgreSQL is backed up with its database",
		"use pg_dump or the archive for both databases, the keyring's with a short retention, and copy the office's folder")
	ErrBackupThere = problem.New(problem.Conflict, "backup.there",
		"There is something in the backup's folder already", "name a new folder")
	ErrBackupApart = problem.New(problem.Invalid, "backup.together",
		"The keyring's folder and the data's would be one, or one in the other", "name a folder for the keys that lies elsewhere with --keys-to")
	ErrBackupWithin = problem.New(problem.Invalid, "backup.within",
		"The backup would lie in the office's own folder, and be lost with it", "name a folder on another disk")
	ErrNoBackup = problem.New(problem.NotFound, "backup.none",
		"There is no backup in this folder", "name the folder that holds manifest.json; a backup has one for the data and one for the keyring")
	ErrBackupDamaged = problem.New(problem.Invalid, "backup.damaged",
		"A file of the backup is missing or not as it was written", "use another backup; nothing was put into the new folder")
	ErrBackupPair = problem.New(problem.Invalid, "backup.pair",
		"The data and the keyring are not of one office", "name the two folders of one backup")
)

// Backup writes a backup into two new folders while the office goes on working.
// The keys come last: each entry of the data then has its key.
func (h *House) Backup(ctx context.Context, dataDir, keyringDir string, progress func(done, total int64)) (Manifest, error) {
	if h.Config.DatabaseURL != "" {
		return Manifest{}, ErrBackupPostgres
	}
	if within(dataDir, keyringDir) || within(keyringDir, dataDir) {
		return Manifest{}, ErrBackupApart
	}
	for _, dir := range []string{dataDir, keyringDir} {
		if within(dir, h.Config.Dir) {
			return Manifest{}, ErrBackupWithin
		}
		if err := emptyFolder(dir, ErrBackupThere); err != nil {
			return Manifest{}, err
		}
	}
	checkpoint, err := h.Ledger.Checkpoint(ctx)
	if err != nil {
		return Manifest{}, err
	}
	if err := h.DB.Backup(ctx, filepath.Join(dataDir, mainFile)); err != nil {
		return Manifest{}, err
	}
	for _, folder := range []struct{ name, from string }{
		{filesFolder, h.Config.files()}, {spoolFolder, filepath.Join(h.Config.Dir, spoolFolder)}, {keysFolder, filepath.Join(h.Config.Dir, keysFolder)},
	} {
		if err := copyFolder(ctx, folder.from, filepath.Join(dataDir, folder.name), progress); err != nil {
			return Manifest{}, err
		}
	}
	m := Manifest{Format: manifestFormat, Office: h.Root.OfficeID(), Made: h.Host.Now().UTC(), Checkpoint: checkpoint}
	if err := writeManifest(dataDir, &m); err != nil {
		return Manifest{}, err
	}
	if err := h.Keyring.Backup(ctx, filepath.Join(keyringDir, keyringFile)); err != nil {
		return Manifest{}, err
	}
	keys := Manifest{Format: manifestFormat, Office: m.Office, Made: h.Host.Now().UTC()}
	return m, writeManifest(keyringDir, &keys)
}

// RestoreBackup puts a backup into an empty folder and opens it there. The ledger
// begins a new epoch, and says what the backup did not hold.
func RestoreBackup(ctx context.Context, c Config, h host.Host, dataDir, keyringDir string, opener vault.Opener) (*House, ledger.Restored, error) {
	none := ledger.Restored{}
	if c.DatabaseURL != "" {
		return nil, none, ErrBackupPostgres
	}
	if err := emptyFolder(c.Dir, ErrNotEmpty); err != nil {
		return nil, none, err
	}
	if c.Files != "" {
		if err := emptyFolder(c.Files, ErrNotEmpty); err != nil {
			return nil, none, err
		}
	}
	data, err := readManifest(dataDir)
	if err != nil {
		return nil, none, err
	}
	keys, err := readManifest(keyringDir)
	if err != nil {
		return nil, none, err
	}
	if data.Office != keys.Office {
		return nil, none, ErrBackupPair
	}
	for _, from := range []struct {
		dir string
		m   Manifest
	}{{dataDir, data}, {keyringDir, keys}} {
		if err := from.m.check(ctx, from.dir); err != nil {
			return nil, none, err
		}
	}
	for dir, m := range map[string]Manifest{dataDir: data, keyringDir: keys} {
		if err := m.putBack(ctx, dir, c); err != nil {
			return nil, none, err
		}
	}
	office, err := OpenOffice(c, h)
	if err != nil {
		return nil, none, err
	}
	house, err := office.open(ctx, opener)
	if err != nil {
		return nil, none, errors.Join(err, office.Close())
	}
	restored, err := house.beginAgain(ctx)
	if err != nil {
		return nil, none, errors.Join(err, house.Close())
	}
	return house, restored, nil
}

// emptyFolder makes a folder, or takes one that is there and holds nothing.
func emptyFolder(dir string, full error) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		return full
	}
	return err
}

// copyFolder copies every file below a folder, each synced. What vanishes while it
// is copied was drained from the spool or removed: it is in the data already.
func copyFolder(ctx context.Context, from, to string, progress func(done, total int64)) error {
	var done int64
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		if strings.HasSuffix(path, ".part") { // still being written, and acknowledged to nobody
			return nil
		}
		if done++; progress != nil {
			progress(done, 0)
		}
		err = copyFile(path, filepath.Join(to, rel))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

// writeManifest lists and hashes what is in the folder, and syncs it.
func writeManifest(dir string, m *Manifest) error {
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		f, err := listFile(dir, path)
		m.Files = append(m.Files, f)
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(m.Files, func(a, b BackedUpFile) int { return strings.Compare(a.Path, b.Path) })
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	d, err := host.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(host.WriteFile(d, manifestName, append(text, '\n')), d.Close())
}

func listFile(dir, path string) (BackedUpFile, error) {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return BackedUpFile{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return BackedUpFile{}, err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	return BackedUpFile{Path: filepath.ToSlash(rel), Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, errors.Join(err, f.Close())
}

// maxManifest bounds a manifest, in bytes: a few hundred thousand files.
const maxManifest = 128 << 20

func readManifest(dir string) (m Manifest, err error) {
	f, err := os.Open(filepath.Join(dir, manifestName))
	if err != nil {
		return m, ErrNoBackup.Wrap(err)
	}
	err = json.NewDecoder(io.LimitReader(f, maxManifest)).Decode(&m)
	if err = errors.Join(err, f.Close()); err != nil {
		return m, ErrBackupDamaged.Wrap(err)
	}
	if m.Format != manifestFormat {
		return m, ErrBackupDamaged.Wrap(fmt.Errorf("manifest of format %d", m.Format))
	}
	return m, nil
}

// check reads every file of a backup and compares it with the manifest.
func (m Manifest) check(ctx context.Context, dir string) error {
	for _, want := range m.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !filepath.IsLocal(filepath.FromSlash(want.Path)) {
			return ErrBackupDamaged.Wrap(errors.New("a path in the manifest leaves the folder"))
		}
		got, err := listFile(dir, filepath.Join(dir, filepath.FromSlash(want.Path)))
		if err != nil || got != want {
			return ErrBackupDamaged.Wrap(errors.Join(fmt.Errorf("the file %s", want.Path), err))
		}
	}
	return nil
}

// putBack copies the files of a backup into an office's folders.
func (m Manifest) putBack(ctx context.Context, from string, c Config) error {
	for _, f := range m.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		dest := filepath.Join(c.Dir, filepath.FromSlash(f.Path))
		if name, ok := strings.CutPrefix(f.Path, filesFolder+"/"); ok {
			dest = filepath.Join(c.files(), filepath.FromSlash(name))
		}
		if err := os.MkdirAll(filepath.Dir(dest), 0o700); err != nil {
			return err
		}
		if err := copyFile(filepath.Join(from, filepath.FromSlash(f.Path)), dest); err != nil {
			return err
		}
	}
	return nil
}
