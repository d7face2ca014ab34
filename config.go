package homeward

import (
	"path/filepath"
	"time"

	"homeward/access"
	"homeward/intake"
	"homeward/internal/model"
	"homeward/vault"
)

// Config is what an office is told about the machine it runs on. The command line
// fills it from flags and from the environment variables named here; a flag wins.
type Config struct {
	// Dir is the office's folder: HOMEWARD_DIR, --dir. Everything the office has
	// lies in it, unless DatabaseURL says otherwise.
	Dir string
	// DatabaseURL is the address of a PostgreSQL database made for this office:
	// HOMEWARD_DATABASE_URL. "" means homeward.db in Dir.
	DatabaseURL string
	// KeyringURL is the address of a second, separate PostgreSQL database for the
	// keys: HOMEWARD_KEYRING_URL. Needed when DatabaseURL is given, so that the two
	// can be backed up apart: forgetting somebody rests on that.
	KeyringURL string
	// Files is the folder of the sealed originals: HOMEWARD_FILES, --files. "" means
	// files/ in Dir. With several processes over one database it is one folder for all
	// of them, which may be another machine's share: what one has taken, another opens.
	Files string
	// Outside is a folder elsewhere (a stick, another machine's share) that keeps
	// the last checkpoint of the ledger: HOMEWARD_OUTSIDE, --outside. "" means none,
	// and then nobody notices when the whole folder is put back to an older state.
	Outside string
	// Name is the office's name as the public pages and letters may show it:
	// HOMEWARD_NAME. May be empty.
	Name string
	// Zone is the office's time zone: HOMEWARD_ZONE, an IANA name. UTC when nil.
	Zone *time.Location
	// Limits bound what the public form takes.
	Limits intake.Limits
	// Model is a language model that the office runs, which the reading desk may ask about
	// published articles: HOMEWARD_MODEL_URL. The zero value is none.
	Model model.Options
	// Access holds the lengths of sessions and the budget of reads.
	Access access.Options
	// Passphrase is how a passphrase becomes a key; the zero value is the default
	// of the vault. Tests and the demo take less work than an office must.
	Passphrase []vault.PassphraseOption
}

func (c Config) files() string {
	if c.Files != "" {
		return c.Files
	}
	return filepath.Join(c.Dir, filesFolder)
}

func (c Config) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}
