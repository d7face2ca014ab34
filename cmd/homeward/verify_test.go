package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"homeward"
	"homeward/internal/db"
	"homeward/internal/host"
)

// damagedOffice is an office with a list in it, whose files a test damages.
type damagedOffice struct {
	*testing.T
	dir, key string // the folder, and the file that opens it
}

const pageSize = 4096

func fillOffice(t *testing.T) damagedOffice {
	t.Helper()
	folder := t.TempDir()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	o := damagedOffice{t, filepath.Join(folder, "office"), filepath.Join(folder, "identity")}
	var list strings.Builder
	list.WriteString("Фамилия,Имя,Год рождения\n")
	for n := range 250 {
		fmt.Fprintf(&list, "Вымышленная%d,Аминат,%d\n", n, 1960+n%50)
	}
	passphrase, csv := filepath.Join(folder, "passphrase"), filepath.Join(folder, "list.csv")
	for name, text := range map[string]string{o.key: identity.String() + "\n", passphrase: "correct horse battery staple\n", csv: list.String()} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "--passphrase-file", passphrase, "--recipient", o.key},
		{"user", "add", "zarema", "--role", "caseworker"},
		{"import", csv, "--source", "invented", "--as", "zarema"},
	} {
		if code, _, errs := o.run(args...); code != 0 {
			t.Fatalf("%v: exit code %d, %s", args, code, errs)
		}
	}
	return o
}

func (o damagedOffice) run(args ...string) (int, string, string) {
	var out, errs bytes.Buffer
	args = append(args, "--dir", o.dir)
	if args[0] != "init" {
		args = append(args, "--identity-file", o.key)
	}
	code := run(o.Context(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// roots are the pages at which the trees of a file begin: an inner page where the tree
// is large, a leaf where it is small, of tables and of indexes.
func (o damagedOffice) roots(name string) (pages []int64) {
	o.Helper()
	office, err := homeward.OpenOffice(homeward.Config{Dir: o.dir}, host.System())
	if err != nil {
		o.Fatal(err)
	}
	opener, err := identityOpener(o.key)
	if err != nil {
		o.Fatal(err)
	}
	h, err := office.Unlock(o.Context(), opener)
	if err != nil {
		o.Fatal(err)
	}
	defer h.Close() //nolint:errcheck // only read from
	d := h.DB
	if name == "keyring.db" {
		d = h.Keyring
	}
	err = d.Read(o.Context(), func(ctx context.Context, tx *db.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT rootpage FROM sqlite_schema WHERE rootpage > 1 ORDER BY rootpage")
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // only read from
		for rows.Next() {
			var page int64
			if err := rows.Scan(&page); err != nil {
				return err
			}
			pages = append(pages, page)
		}
		return rows.Err()
	})
	if err != nil {
		o.Fatal(err)
	}
	return pages
}

// TestVerifyNamesEveryPage flips one byte of pages all over both files of an office that
// nobody serves: the first, which begins the file and its schema, the next, which hold
// the rest of the schema, those at which tables and indexes begin, the last, and others
// between. Verify names each with its file, whether the house opens or not; and it finds
// nothing in the whole office.
func TestVerifyNamesEveryPage(t *testing.T) {
	t.Parallel()
	o := fillOffice(t)
	o.whole()
	unread := 0
	for name, many := range map[string]int{"homeward.db": 22, "keyring.db": 10} {
		path := filepath.Join(o.dir, name)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for n, page := range spread(o.roots(name), int64(len(content)/pageSize), many) {
			altered := slices.Clone(content)
			altered[(page-1)*pageSize+int64(n*331%pageSize)] ^= 0x04
			if err := os.WriteFile(path, altered, 0o600); err != nil {
				t.Fatal(err)
			}
			if o.named(name, page) {
				unread++
			}
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Log(unread, "times the house did not open")
	if unread == 0 {
		t.Error("the house opened each time: what it does where it cannot was not tried")
	}
	o.whole()
}

// spread gives pages of a file: the first three, the last, roots, and some between.
func spread(roots []int64, last int64, many int) []int64 {
	pages := []int64{1, 2, 3, last}
	for n := range many / 2 {
		pages = append(pages, roots[n*len(roots)/(many/2)])
	}
	for n := range int64(many / 2) {
		pages = append(pages, 2+n*(last-2)/int64(many/2))
	}
	slices.Sort(pages)
	return slices.Compact(pages)
}

type toldFindings struct {
	Unread     *failure      `json:"ledger_unread"`
	Statements int           `json:"statements"`
	Databases  []checkedJSON `json:"databases"`
	Findings   []findingJSON `json:"findings"`
}

func (o damagedOffice) whole() {
	o.Helper()
	code, out, errs := o.run("verify", "--json")
	var told toldFindings
	if err := json.Unmarshal([]byte(out), &told); err != nil || code != 0 || len(told.Findings) != 0 || told.Unread != nil || told.Statements < 500 || len(told.Databases) != 2 {
		o.Fatalf("the whole office: exit code %d, %s%s", code, out, errs)
	}
}

// named wants a page named, and gives whether the ledger could not be read.
func (o damagedOffice) named(name string, page int64) (unread bool) {
	o.Helper()
	code, out, errs := o.run("verify", "--json")
	var told toldFindings
	if err := json.Unmarshal([]byte(out), &told); err != nil || code != exitFound || errs != "" {
		o.Errorf("page %d of %s: exit code %d, %v, %s%s", page, name, code, err, out, errs)
		return false
	}
	if !slices.ContainsFunc(told.Findings, func(f findingJSON) bool {
		return f.Kind == "damaged" && f.Args["name"] == name && f.Args["page"] == float64(page)
	}) {
		o.Errorf("page %d of %s is not named: %s", page, name, out)
	}
	for _, f := range told.Findings {
		if n, _ := f.Args["name"].(string); f.Kind != "damaged" || n != "" && n != name {
			o.Errorf("page %d of %s: found besides: %+v", page, name, f)
		}
	}
	return told.Unread != nil
}

// TestUnlockingNamesThePage: a command that needs the house says which page keeps it
// from opening, and verify says the same in words.
func TestUnlockingNamesThePage(t *testing.T) {
	t.Parallel()
	o := fillOffice(t)
	path := filepath.Join(o.dir, "homeward.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[100] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := o.run("user", "list")
	if code != exitUnavailable || out != "" || !strings.Contains(errs, "(page 1 of homeward.db is not what was written") {
		t.Errorf("user list: exit code %d, %s%s", code, out, errs)
	}
	code, out, errs = o.run("verify")
	if code != exitFound || errs != "" || !strings.Contains(out, "the ledger could not be read") || !strings.Contains(out, "page 1 of homeward.db is not what was written") {
		t.Errorf("verify: exit code %d, %s%s", code, out, errs)
	}
}
