package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// onDisk is an office whose two database files a test can damage while it is locked.
type onDisk struct {
	*testing.T
	dir  string
	root *vault.Root
}

const (
	mainName    = "homeward.db"
	keyringName = "keyring.db"
)

// fill makes an office with people, withdrawals, looks and an erasure, so that its
// files have leaves and inner pages of every table, index pages and free pages.
func fill(t *testing.T) onDisk {
	t.Helper()
	o := onDisk{T: t, dir: t.TempDir()}
	main, keyring := o.open(mainName), o.open(keyringName)
	must(t, main.Migrate(t.Context(), db.Migrations()))
	root, v := vaulttest.Open(t, keyring, host.System())
	o.root = root
	l, err := ledger.New(t.Context(), main, v, root, host.System(), o.options())
	must(t, err)
	office := ledgertest.Office{Root: root, Vault: v, Ledger: l}
	history(t, office)
	var acts []statement.Act
	var ids []string
	for i := range 400 {
		id, a := person(t, fmt.Sprintf("one of many names, number %d", i))
		acts, ids = append(acts, a), append(ids, id)
	}
	for part := range slices.Chunk(acts, 50) {
		_, err := l.AppendAll(t.Context(), part)
		must(t, err)
	}
	for i := range 60 {
		must(t, l.Read(t.Context(), user, "person.read", ids[i]))
		must(t, errors.Join(l.CatchUp(t.Context())))
	}
	for i := range 3 {
		_, err = l.Erase(t.Context(), []string{user, ledgertest.ID(t)}, "own_request", ids[100+i], "")
		must(t, err)
	}
	execute(t, main, "CREATE TABLE test_gone (id INTEGER NOT NULL PRIMARY KEY, words TEXT NOT NULL)")
	for i := range 5 {
		execute(t, main, "INSERT INTO test_gone VALUES ($1, $2)", i, strings.Repeat("gone ", 10_000))
	}
	execute(t, main, "DELETE FROM test_gone")
	must(t, l.Close())
	v.Close()
	must(t, errors.Join(main.Close(), keyring.Close()))
	return o
}

func (o onDisk) options() ledger.Options {
	return ledger.Options{OfficeID: o.root.OfficeID(), LogID: ledgertest.LogID, Origin: "homeward.test/log"}
}

func (o onDisk) path(name string) string { return filepath.Join(o.dir, name) }

func (o onDisk) open(name string) *db.DB {
	o.Helper()
	d, err := db.OpenSQLite(o.Context(), o.path(name), dbtest.Key)
	must(o.T, err)
	return d
}

// silent is a learner: unlocking reads the whole log for it.
type silent struct{}

func (silent) Learn([]statement.Recorded) {}
func (silent) Forget([]string)            {}
func (silent) Reset()                     {}

// unlock opens the office as the program does, and verifies it. The error is the one of
// unlocking. learning says whether the log is read whole before.
func (o onDisk) unlock(learning bool) (r ledger.Report, err error) {
	o.Helper()
	var open []func() error
	defer func() {
		for _, end := range slices.Backward(open) {
			_ = end() // what is damaged may not close well
		}
	}()
	var files [2]*db.DB
	for i, name := range []string{mainName, keyringName} {
		if files[i], err = db.OpenSQLite(o.Context(), o.path(name), dbtest.Key); err != nil {
			return r, err
		}
		open = append(open, files[i].Close)
	}
	if err := files[0].Migrate(o.Context(), db.Migrations()); err != nil {
		return r, err
	}
	v, err := vault.New(o.Context(), o.root, files[1], host.System())
	if err != nil {
		return r, err
	}
	open = append(open, func() error { v.Close(); return nil })
	l, err := ledger.New(o.Context(), files[0], v, o.root, host.System(), o.options())
	if err != nil {
		return r, err
	}
	open = append(open, l.Close)
	if learning {
		l.AddLearner(silent{})
		if err := l.CatchUp(o.Context()); err != nil {
			return r, err
		}
	}
	r, err = l.Verify(o.Context(), ledger.VerifyOptions{})
	if err != nil {
		o.Errorf("verify did not go on: %v", err)
	}
	return r, nil
}

// everyPage has TestVerifyDamage try every page and not a sample of them: some six hundred.
var everyPage = os.Getenv("HOMEWARD_TEST_LARGE") != ""

// TestVerifyDamage flips one byte of pages of both files of a filled office, one at
// a time. Each is named by verify, with the page, or by the error of unlocking, with the
// file; and where the ledger can be opened, verify goes on to the end.
func TestVerifyDamage(t *testing.T) {
	t.Parallel()
	o := fill(t)
	for _, learning := range []bool{false, true} {
		if r, err := o.unlock(learning); err != nil || len(r.Findings) > 0 || r.Entries < 800 {
			t.Fatalf("an undamaged office: %v, %d entries, %+v", err, r.Entries, r.Findings)
		}
	}
	chance := rand.New(rand.NewPCG(15, 10))
	tally, tables := map[string]int{}, map[string]bool{}
	for _, name := range []string{mainName, keyringName} {
		whole, err := os.ReadFile(o.path(name))
		must(t, err)
		pages := len(whole) / 4096
		for page := range pages {
			if !everyPage && page > 2 && chance.IntN(6) > 0 {
				continue
			}
			at := page*4096 + chance.IntN(4096)
			o.flip(name, whole, at, page%2 == 0, tally, tables)
		}
		must(t, os.WriteFile(o.path(name), whole, 0o600))
	}
	t.Log(tally)
	if r, err := o.unlock(true); err != nil || len(r.Findings) > 0 {
		t.Fatalf("put back: %v, %+v", err, r.Findings)
	}
	wanted := []string{"ledger_statement", "ledger_leaf", "vault_key"}
	if everyPage {
		wanted = append(wanted, "ledger_node", "ledger_checkpoint", "ledger_record", "ledger_read", "ledger_withdrawal", mainName)
	}
	for _, want := range wanted {
		if !tables[want] {
			t.Errorf("no damage was named in %s", want)
		}
	}
}

// flip damages one byte and wants it named.
func (o onDisk) flip(name string, whole []byte, at int, learning bool, tally map[string]int, tables map[string]bool) {
	o.Helper()
	altered := slices.Clone(whole)
	altered[at] ^= 0x04
	must(o.T, os.WriteFile(o.path(name), altered, 0o600))
	r, err := o.unlock(learning)
	if err != nil {
		tally[name+" unlock"]++
		if !errors.Is(err, db.ErrDamaged) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "homeward restore") {
			o.Errorf("byte %d of %s: unlocking says %v", at, name, err)
		}
		return
	}
	tally[name+" verify"]++
	page := int64(at/4096) + 1
	if !slices.ContainsFunc(r.Findings, func(f ledger.Finding) bool {
		return f.Kind == ledger.Damaged && f.Args["name"] == name && f.Args["page"] == page
	}) {
		o.Errorf("byte %d of %s (page %d): verify found %+v", at, name, page, r.Findings)
	}
	for _, f := range r.Findings {
		tables[f.Table] = true
		if f.Kind != ledger.Damaged {
			o.Errorf("byte %d of %s (page %d): called %s where it is damage: %+v", at, name, page, f.Kind, f)
		}
	}
}

// TestAttempt: what fails in an attempt does not end the transaction around it.
func TestAttempt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		must(t, d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			err := tx.Attempt(ctx, func() error {
				_, err := tx.ExecContext(ctx, "SELECT nothing FROM no_such_table")
				return err
			})
			if err == nil {
				t.Error("a query of no table gave no error")
			}
			var n int
			return tx.QueryRowContext(ctx, "SELECT count(*) FROM ledger_head").Scan(&n)
		}))
	})
}
