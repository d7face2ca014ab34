package homeward

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"homeward/internal/db"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/vault"
)

// A damaged page may keep the house from opening: the migrations, the ledger and the
// indexes in memory all read before anybody can ask. So a verification that finds the
// office locked looks at the files first, for which the key is enough, and opens the
// house afterwards, as far as it opens.

// Verify is House.Verify for an office that is locked, and leaves it locked. Where a
// file is damaged, nothing is begun in it: what the keyring knows and older data do not
// is forgotten again only when the files are whole.
func (o *Office) Verify(ctx context.Context, opener vault.Opener, v Verification) (report ledger.Report, err error) {
	root, err := vault.Open(ctx, o.keys, opener)
	if err != nil {
		return report, err
	}
	files := o.databaseFiles(root)
	defer files.wipe()
	checked, err := files.check(ctx, false)
	if err != nil {
		root.Close()
		return report, err
	}
	v.checked = checked
	report, err = o.verifyOpened(ctx, root, v)
	if err == nil || ctx.Err() != nil {
		return report, err
	}
	if !anyDamage(checked) { // it does not open, and yet each page is what was written
		var unasked error
		if checked, unasked = files.check(ctx, true); unasked != nil {
			return report, err
		}
	}
	return withoutLedger(checked, err)
}

// verifyOpened opens the house and verifies it.
func (o *Office) verifyOpened(ctx context.Context, root *vault.Root, v Verification) (report ledger.Report, err error) {
	if anyDamage(v.checked) {
		h, err := o.joinUnlearned(ctx, root)
		if err != nil {
			return report, err
		}
		defer func() { _ = h.Lock() }() // what is damaged may not close well
		return h.compare(ctx, v)
	}
	h, err := o.join(ctx, root)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, h.Lock()) }()
	if err := h.forgetWithKeyring(ctx); err != nil {
		return report, err
	}
	v.checked = nil // its indexes were not asked
	return h.VerifyAs(ctx, v)
}

// withoutLedger is the report of an office whose ledger could not be read, for the
// reason of err. Where its databases are whole, that reason is another and all there is.
func withoutLedger(checked []db.Checkup, err error) (ledger.Report, error) {
	report := ledger.Report{Databases: checked, Unread: err}
	for _, c := range checked {
		if found := ledger.Damages(c); len(found) > 0 {
			report.Findings = append(report.Findings, found...)
			report.Findings = append(report.Findings, ledger.Found(ledger.Damaged, "ledger", "", -1, "unread", "name", c.Name))
		}
	}
	if len(report.Findings) == 0 {
		return ledger.Report{}, err
	}
	return report, nil
}

func anyDamage(checked []db.Checkup) bool {
	for _, c := range checked {
		if len(c.Damages) > 0 {
			return true
		}
	}
	return false
}

// databaseFile is a database that lies in the office's folder, with its key.
type databaseFile struct {
	path string
	key  []byte
}

type databaseFiles []databaseFile

// databaseFiles are those of this office; none where its databases are a server's. One
// that is not there is left to whoever opens it.
func (o *Office) databaseFiles(root *vault.Root) (files databaseFiles) {
	for _, d := range []struct{ url, name, label string }{
		{o.Config.DatabaseURL, mainFile, mainLabel}, {o.Config.KeyringURL, keyringFile, keyringLabel},
	} {
		path := filepath.Join(o.Config.Dir, d.name)
		if _, err := os.Stat(path); d.url == "" && err == nil {
			files = append(files, databaseFile{path, root.Derive(d.label)})
		}
	}
	return files
}

func (f databaseFiles) wipe() {
	for _, d := range f {
		clear(d.key)
	}
}

func (f databaseFiles) check(ctx context.Context, thorough bool) (checked []db.Checkup, err error) {
	for _, d := range f {
		c, err := db.CheckFile(ctx, d.path, func() []byte { return d.key }, thorough)
		if err != nil {
			return nil, err
		}
		checked = append(checked, c)
	}
	return checked, nil
}

// place adds to an error of opening which page is damaged, where one is.
func (f databaseFiles) place(ctx context.Context, err error) error {
	p, spoken := problem.As(err)
	if !spoken || !db.IsDamage(err) {
		return err
	}
	checked, unasked := f.check(ctx, false)
	if unasked != nil {
		return err
	}
	for _, c := range checked {
		for _, found := range ledger.Damages(c) {
			return p.Wrap(fmt.Errorf("%s: %w", found.What, errors.Unwrap(p)))
		}
	}
	return err
}
