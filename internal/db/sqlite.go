package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/unicode"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"
	adiantumcipher "lukechampine.com/adiantum"
	"lukechampine.com/adiantum/hbsh"
)

// This file alone knows the SQLite driver; sqlite_check.go knows the file beneath.

// The driver's connection and statement, with the optional methods that
// database/sql looks for.
type (
	sqliteConn interface {
		driver.Conn
		sqldriver.ExecerContext
		sqldriver.NamedValueChecker
	}
	sqliteStmt interface {
		sqldriver.Stmt
		sqldriver.StmtExecContext
		sqldriver.StmtQueryContext
		sqldriver.NamedValueChecker
	}
)

// Option changes how OpenSQLite opens.
type Option func(*sqliteEngine)

// WithVFS puts the registered SQLite VFS of that name under the encryption, in
// place of the operating system's files. It is for tests: a VFS that forgets what
// was not synced shows what a power cut would lose.
func WithVFS(name string) Option {
	return func(e *sqliteEngine) { e.base = name }
}

// minSQLite is the first version without the WAL-reset data race, which can
// corrupt a database or lose committed transactions (sqlite.org/wal.html,
// "The WAL-reset bug").
const minSQLite = 3051003

// OpenSQLite opens the encrypted database at path, making it when absent. key
// gives its 32 bytes; they are copied, asked for once, and wiped at Close.
func OpenSQLite(ctx context.Context, path string, key func() []byte, options ...Option) (*DB, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("db: find the database file: %w", err)
	}
	e := &sqliteEngine{path: full, settings: settings}
	for _, o := range options {
		o(e)
	}
	if err := e.register(key()); err != nil {
		return nil, err
	}
	return open(ctx, e)
}

// sqliteEngine opens one encrypted file. Each has a VFS of its own, which holds
// the key, so that the key is in no statement, no file name and no error.
type sqliteEngine struct {
	path     string
	base     string // name of the VFS under the encryption; "" is the operating system
	name     string // name of the encrypting VFS
	keys     *keyHolder
	settings []setting // what every connection must have
}

// keyHolder gives the cipher its key, and keeps the only copies so as to wipe
// them. The cipher refers to the slice it was made with.
type keyHolder struct{ key []byte }

// KDF is called with "" for a temporary file, which gets a key of its own, and
// otherwise with the placeholder that uri writes.
func (k *keyHolder) KDF(secret string) []byte {
	if secret != "" {
		return k.key
	}
	random := make([]byte, 32)
	rand.Read(random) // never fails: crypto/rand ends the program instead
	return random
}

// HBSH makes the cipher of one file; nil refuses.
func (k *keyHolder) HBSH(key []byte) *hbsh.HBSH {
	if len(key) != 32 {
		return nil
	}
	return adiantumcipher.New(key)
}

func (e *sqliteEngine) register(key []byte) error {
	base := vfs.Find(e.base)
	if base == nil {
		return fmt.Errorf("db: no VFS is registered under %q", e.base)
	}
	if len(key) != 32 {
		return fmt.Errorf("db: the key has %d bytes, not 32", len(key))
	}
	e.keys = &keyHolder{key: append([]byte(nil), key...)}
	e.name = "homeward-" + rand.Text()
	vfs.Register(e.name, adiantum.Wrap(base, e.keys))
	return nil
}

func (e *sqliteEngine) wipe() {
	vfs.Unregister(e.name)
	clear(e.keys.key)
	e.keys.key = nil
}

func (e *sqliteEngine) dialect() Dialect { return SQLite }
func (e *sqliteEngine) called() string   { return filepath.Base(e.path) }

// uri names a file for SQLite, to be opened through the encrypting VFS. The
// textkey is a placeholder that asks the VFS for the key it holds; modeof gives the
// write-ahead log the permissions of the database.
func (e *sqliteEngine) uri(path string) string {
	// SQLite reads %20 for a space, and a plus as a plus.
	same := strings.ReplaceAll(url.QueryEscape(path), "+", "%20")
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path)}).String() +
		"?vfs=" + e.name + "&textkey=held&modeof=" + same
}

func (e *sqliteEngine) open(ctx context.Context) (*pools, error) {
	left, err := e.wholeBlocks()
	if err = errors.Join(err, e.private()); err != nil {
		return nil, err
	}
	p := &pools{
		write: sql.OpenDB(&sqliteConnector{engine: e}),
		read:  sql.OpenDB(&sqliteConnector{engine: e, readOnly: true}),
	}
	p.write.SetMaxOpenConns(1)
	readers := max(4, runtime.NumCPU())
	p.read.SetMaxOpenConns(readers)
	p.read.SetMaxIdleConns(readers)
	// The writer first: it makes the file and sets WAL mode, which stays.
	err = p.write.PingContext(ctx)
	if err == nil && left {
		err = leftover(ctx, p.write)
	}
	if err = errors.Join(err, p.read.PingContext(ctx)); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// apart opens one that may write what is temporary; a transaction of it begins as a
// reader, and holds up no writer as long as it writes nothing else.
func (e *sqliteEngine) apart() (*sql.DB, error) {
	return sql.OpenDB(&sqliteConnector{engine: e, deferred: true}), nil
}

func (e *sqliteEngine) snapshot() sql.IsolationLevel { return sql.LevelDefault }

// leftover moves what a process that ended without closing has left in the log into
// the database, so that the log begins anew. SQLite fills the last sector of a
// commit up, so that the next commit writes to another one; but what fills it up may
// be lost with the power. The next commit would then write to the sector in which the
// last acknowledged one ends, and a second power cut tear both. A log that another
// process is reading is that process's own.
func leftover(ctx context.Context, write *sql.DB) error {
	if err := checkpoint(ctx, write); !errors.Is(err, ErrBusy) {
		return err
	}
	return nil
}

// private makes the database and the index of its log before SQLite does, for this
// user alone: SQLite would give them what the umask leaves. It also syncs the name of
// a log into the folder, but not that of the database itself.
func (e *sqliteEngine) private() error {
	if e.base != "" {
		return nil
	}
	var err error
	for _, suffix := range []string{"", "-shm"} {
		var f *os.File
		if f, err = os.OpenFile(e.path+suffix, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
			break
		}
		if err = f.Close(); err != nil {
			break
		}
	}
	if err == nil {
		err = syncFolder(filepath.Dir(e.path))
	}
	if errors.Is(err, os.ErrPermission) {
		return ErrReadOnly.Wrap(err)
	}
	if err != nil {
		return ErrUnreachable.Wrap(err)
	}
	return nil
}

// cipherBlock is what the encryption reads and writes at once.
const cipherBlock = 4096

// wholeBlocks lengthens a write-ahead log that a full disk or a power cut has left
// with a part of a block at its end. The encryption cannot read such a part, and
// SQLite, which sees that the log is longer than that, calls it an error of the disk
// and does not open the database. Filled up, the block is noise, whose checksum is
// wrong, and the log ends before it: what was acknowledged was synced, in whole blocks.
// It reports whether there is a log.
func (e *sqliteEngine) wholeBlocks() (left bool, err error) {
	log := e.path + "-wal"
	info, err := os.Stat(log)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err == nil && info.Size()%cipherBlock != 0 {
		err = os.Truncate(log, (info.Size()/cipherBlock+1)*cipherBlock)
	}
	if err != nil {
		return false, ErrUnreachable.Wrap(err)
	}
	return info.Size() > 0, nil
}

// sqliteConnector opens connections for one pool.
type sqliteConnector struct {
	engine   *sqliteEngine
	readOnly bool
	deferred bool // its transactions take no lock before they write
}

func (c *sqliteConnector) Driver() sqldriver.Driver { return &driver.SQLite{} }

func (c *sqliteConnector) Connect(ctx context.Context) (sqldriver.Conn, error) {
	uri := c.engine.uri(c.engine.path)
	if c.deferred {
		uri += "&_txlock=deferred"
	}
	inner, err := (&driver.SQLite{}).OpenConnector(uri)
	if err != nil {
		return nil, fmt.Errorf("db: open the database file: %w", err)
	}
	conn, err := inner.Connect(ctx)
	if err != nil {
		return nil, err
	}
	own := conn.(sqliteConn)
	if err := prepare(own.Raw(), c.engine.settings, c.readOnly); err != nil {
		return nil, errors.Join(err, own.Close())
	}
	return &statementConn{sqliteConn: own, idle: map[string]sqldriver.Stmt{}}, nil
}

// checksumSize is what each page keeps free at its end. With that very number the
// driver writes a checksum there (sqlite.org/cksumvfs.html) and refuses to read a page
// that does not fit it: one altered byte makes noise of a whole block of the
// encryption, and noise must not be taken for a page.
const checksumSize = 8

// busyTime is how long a connection waits for a lock that another process holds.
const busyTime = 5 * time.Second

// setting is how something is set, and what reading it back must give.
type setting struct{ pragma, set, want string }

// settings are what every connection must have. journal_mode is asked first, since
// setting it reads the file and so shows a wrong key.
var settings = []setting{
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "ON", "1"},
	{"secure_delete", "ON", "1"},
	{"trusted_schema", "OFF", "0"},
	{"temp_store", "MEMORY", "2"},
}

// prepare sets what every connection must have and reads it back.
func prepare(c *sqlite3.Conn, settings []setting, readOnly bool) error {
	if err := c.BusyTimeout(busyTime); err != nil {
		return err
	}
	// Of a new file at once, of one that was made without at its next VACUUM.
	if _, err := c.FileControl("main", sqlite3.FCNTL_RESERVE_BYTES, checksumSize); err != nil {
		return err
	}
	for _, s := range settings {
		if err := c.Exec("PRAGMA " + s.pragma + "=" + s.set); err != nil {
			return err
		}
	}
	if err := unicode.Register(c); err != nil {
		return err
	}
	if readOnly {
		if err := c.Exec("PRAGMA query_only=ON"); err != nil {
			return err
		}
	}
	return assert(c, settings)
}

// assert refuses a connection whose settings, read back, would lose what was
// acknowledged or keep what was deleted.
func assert(c *sqlite3.Conn, settings []setting) error {
	for _, s := range settings {
		got, err := pragma(c, s.pragma)
		if err != nil {
			return err
		}
		if got != s.want {
			return ErrUnsafe.Wrap(fmt.Errorf("db: PRAGMA %s is %q and must be %q", s.pragma, got, s.want))
		}
	}
	version, err := query(c, "SELECT sqlite_version()")
	if err != nil {
		return err
	}
	if number(version) < minSQLite {
		return ErrUnsafe.Wrap(fmt.Errorf("db: SQLite %s is older than 3.51.3", version))
	}
	return nil
}

// number gives the version 3.51.3 as 3051003, as sqlite3_libversion_number does.
func number(version string) int {
	var major, minor, patch int
	if n, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); n != 3 || err != nil {
		return 0
	}
	return major*1e6 + minor*1e3 + patch
}

func pragma(c *sqlite3.Conn, name string) (string, error) { return query(c, "PRAGMA "+name) }

// query gives the one value of a statement.
func query(c *sqlite3.Conn, text string) (string, error) {
	s, _, err := c.Prepare(text)
	if err != nil {
		return "", err
	}
	value := ""
	if s.Step() {
		value = s.ColumnText(0)
	}
	return value, errors.Join(s.Err(), s.Close())
}

func (e *sqliteEngine) classify(err error) fault {
	var code sqlite3.ErrorCode
	if !errors.As(err, &code) {
		return faultNone
	}
	switch code {
	case sqlite3.BUSY, sqlite3.LOCKED:
		return faultRetry
	case sqlite3.FULL, sqlite3.TOOBIG:
		return faultFull
	case sqlite3.READONLY, sqlite3.PERM:
		return faultReadOnly
	case sqlite3.NOTADB, sqlite3.CORRUPT:
		return faultDamaged
	case sqlite3.CANTOPEN, sqlite3.PROTOCOL, sqlite3.NOLFS:
		return faultLost
	case sqlite3.IOERR:
		if errors.Is(err, sqlite3.IOERR_BADKEY) || errors.Is(err, sqlite3.IOERR_DATA) { // IOERR_DATA: a page does not fit its checksum
			return faultDamaged
		}
		return faultLost
	case sqlite3.CONSTRAINT:
		if errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) || errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY) {
			return faultUnique
		}
	}
	return faultNone
}

// unanswered: a COMMIT that failed at the disk may have reached it. Every other code
// is SQLite's own word that the transaction was undone.
func (e *sqliteEngine) unanswered(err error) bool {
	return errors.Is(err, sqlite3.IOERR)
}

// isSQLite reports whether err is SQLite's own. Its messages name tables, columns
// and words of our statements, never a value.
func isSQLite(err error) bool {
	var code sqlite3.ErrorCode
	return errors.As(err, &code)
}

// recoverLog moves everything out of the write-ahead log into the database, synced,
// and checks the result. A failed fsync may have left pages of the log in memory
// only, which the system now calls clean; a later power cut would tear the log
// there and take with it what was acknowledged afterwards.
func recoverLog(ctx context.Context, write *sql.DB) error {
	if err := checkpoint(ctx, write); err != nil {
		return err
	}
	var verdict string
	if err := write.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return ErrDamaged.Wrap(errors.New("db: quick_check found the database damaged"))
	}
	return nil
}

// checkpoint empties the write-ahead log into the database file.
func checkpoint(ctx context.Context, write *sql.DB) error {
	var busy, frames, moved int
	err := write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	if err == nil && busy != 0 {
		err = ErrBusy.Wrap(errors.New("db: a reader keeps the write-ahead log from being emptied"))
	}
	return err
}

// scrub: secure_delete has zeroed deleted rows where they lay; VACUUM leaves behind
// the gaps inside pages; the checkpoints empty the log, where old pages still are.
func (e *sqliteEngine) scrub(ctx context.Context, p *pools) error {
	if err := checkpoint(ctx, p.write); err != nil {
		return err
	}
	if _, err := p.write.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	return checkpoint(ctx, p.write)
}

// backup has a reader write its snapshot through the same encrypting VFS.
func (e *sqliteEngine) backup(ctx context.Context, p *pools, dest string) error {
	full, err := filepath.Abs(dest)
	if err != nil {
		return fmt.Errorf("db: find the backup's folder: %w", err)
	}
	f, err := os.OpenFile(full, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("db: make the backup file: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing is written through f; it is synced below
	err = e.copyInto(ctx, p.read, full)
	if err == nil {
		err = e.sealPages(ctx, full)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(err, os.Remove(full))
	}
	return syncFolder(filepath.Dir(full))
}

// copyInto borrows one reader's connection, which may write for that long: SQLite
// counts the new file as a database that is written to.
func (e *sqliteEngine) copyInto(ctx context.Context, readers *sql.DB, dest string) (err error) {
	c, err := readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := c.ExecContext(ctx, "PRAGMA query_only=OFF"); err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "VACUUM INTO '"+strings.ReplaceAll(e.uri(dest), "'", "''")+"'")
	// Whatever became of the copy, and of ctx, the connection is a reader's again.
	_, again := c.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only=ON")
	return errors.Join(err, again)
}

func syncFolder(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
