package homeward_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"homeward"
	"homeward/access"
	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/example"
	"homeward/letters"
	"homeward/register"
	"homeward/returns"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault"
)

// The offices in testdata/schema were made by earlier versions of the program, one
// for each schema that was ever released. Whatever this version is, it opens them.

var makeSchema = flag.String("make-schema", "", "make the office of that name in testdata/schema anew: v2")

// kept is what one finds again in a kept office.
type kept struct {
	Entries  int64  `json:"entries"`
	Erased   int64  `json:"erased"`
	Reads    int64  `json:"reads"`
	Woman    string `json:"woman"`  // a person who is two records
	Name     string `json:"name"`   // a spelling that meets her
	Appeal   string `json:"appeal"` // with the recording
	File     string `json:"file"`   // the recording
	SHA256   string `json:"sha256"` // of it
	Letter   string `json:"letter"`
	Receipt  string `json:"receipt"`
	User     string `json:"user"`
	Checksum string `json:"checkpoint"` // the last one, as somebody outside would keep it
}

const schemaFolder = "testdata/schema"

// TestKeptOffices opens a copy of every kept office: it migrates, it verifies, its
// projections are rebuilt to the same, and what was in it is found.
func TestKeptOffices(t *testing.T) {
	t.Parallel()
	versions, err := filepath.Glob(filepath.Join(schemaFolder, "v*"))
	if err != nil || len(versions) == 0 {
		t.Fatal("no office is kept", err)
	}
	for _, version := range versions {
		for _, kind := range []string{"sqlite", "postgres"} {
			t.Run(filepath.Base(version)+"/"+kind, func(t *testing.T) {
				t.Parallel()
				c := unpack(t, version, kind)
				var want kept
				data, err := os.ReadFile(filepath.Join(version, kind+".json"))
				ok(t, err)
				ok(t, json.Unmarshal(data, &want))
				checkKept(t, c, want)
			})
		}
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func checkKept(t *testing.T, c homeward.Config, want kept) {
	t.Helper()
	h := openKept(t, c)
	ctx := t.Context()
	verifyKept(t, h, want)
	before := rows(t, h.DB)
	ok(t, h.Ledger.Rebuild(ctx, nil))
	after := rows(t, h.DB)
	for table, was := range before {
		if after[table] != was {
			t.Errorf("rebuilt, %s is another", table)
		}
	}
	verifyKept(t, h, want)
	findKept(t, h, want)
}

func openKept(t *testing.T, c homeward.Config) *homeward.House {
	t.Helper()
	clock := example.NewClock(example.Answer)
	o, err := homeward.OpenOffice(c, clock.Host())
	ok(t, err)
	h, err := o.Unlock(t.Context(), vault.Passphrase([]byte(example.Passphrase)))
	if err != nil {
		t.Fatal(err, o.Close())
	}
	t.Cleanup(func() { ok(t, h.Close()) })
	return h
}

func verifyKept(t *testing.T, h *homeward.House, want kept) {
	t.Helper()
	r, err := h.Verify(t.Context(), want.Checksum, nil)
	ok(t, err)
	for _, f := range r.Findings {
		t.Errorf("verify found %+v", f)
	}
	if r.Entries < want.Entries || r.Erased != want.Erased || r.Erased == 0 || r.Reads != want.Reads || r.Outside != 1 {
		t.Errorf("%d entries, %d erased, %d reads, %d checkpoints from outside; want %+v", r.Entries, r.Erased, r.Reads, r.Outside, want)
	}
}

// findKept looks for what was written down.
func findKept(t *testing.T, h *homeward.House, want kept) {
	t.Helper()
	ctx := t.Context()
	hits, err := h.People.Find(ctx, want.Name, 20)
	ok(t, err)
	if len(hits) == 0 || hits[0].Person != want.Woman || hits[0].Records != 2 {
		t.Errorf("the search for %q gives %+v", want.Name, hits)
	}
	f, info, err := h.Evidence.Open(ctx, want.File)
	ok(t, err)
	hash := sha256.New()
	_, err = io.Copy(hash, f)
	ok(t, errors.Join(err, f.Close()))
	if got := hex.EncodeToString(hash.Sum(nil)); got != want.SHA256 || info.SHA256 != want.SHA256 {
		t.Errorf("the recording is %s, its statement says %s, it was %s", got, info.SHA256, want.SHA256)
	}
	if th, err := h.Intake.Lookup(ctx, want.Receipt); err != nil || th.Appeal != want.Appeal {
		t.Errorf("the receipt opens %+v, %v", th, err)
	}
	if s, err := h.Letters.Clock(ctx, want.Letter, h.Letters.Today()); err != nil || s.Registered.String() == "" {
		t.Errorf("the letter stands at %+v, %v", s, err)
	}
	grants, err := h.Casework.Grants(ctx, want.Woman)
	if err != nil || len(grants) != 1 || grants[0].State(h.Host.Now()) != casework.GrantLive {
		t.Errorf("consents %+v, %v", grants, err)
	}
	if all, err := h.Returns.List(ctx, returns.Filter{}); err != nil || len(all) != 1 {
		t.Errorf("%d returns, %v", len(all), err)
	}
	if u, err := h.Access.User(ctx, want.User); err != nil || u.Role != access.Coordinator {
		t.Errorf("the coordinator is %v, %v", u.Role, err)
	}
}

// rows gives the content of every table, as text to compare.
func rows(t *testing.T, d *db.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	ok(t, d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		query := "SELECT name FROM sqlite_master WHERE type = 'table'"
		if d.Dialect() == db.PostgreSQL {
			query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
		}
		tables, err := lines(ctx, tx, query)
		for _, name := range tables {
			var content []string
			if content, err = lines(ctx, tx, "SELECT * FROM "+name); err != nil { // #nosec G202 -- a name out of the catalogue
				return err
			}
			slices.Sort(content)
			all[name] = strings.Join(content, "\n")
		}
		return err
	}))
	if len(all) < 20 {
		t.Errorf("only %d tables", len(all))
	}
	return all
}

// lines gives the rows of a query.
func lines(ctx context.Context, tx *db.Tx, query string) (all []string, err error) {
	found, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	columns, err := found.Columns()
	if err != nil {
		return nil, err
	}
	for found.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			return nil, err
		}
		parts := make([]string, len(values))
		for i, v := range values {
			if b, isBytes := v.([]byte); isBytes {
				v = hex.EncodeToString(b)
			}
			parts[i] = fmt.Sprint(v)
		}
		all = append(all, strings.Join(parts, "|"))
	}
	return all, found.Err()
}

// unpack copies a kept office into a folder, and its databases onto the test server.
func unpack(t *testing.T, version, kind string) homeward.Config {
	t.Helper()
	c := homeward.Config{Dir: t.TempDir()}
	if kind == "postgres" {
		c.DatabaseURL, c.KeyringURL = dbtest.Postgres(t), dbtest.Postgres(t)
	}
	f, err := os.Open(filepath.Join(version, kind+".tar.gz"))
	ok(t, err)
	defer f.Close() //nolint:errcheck // only read
	z, err := gzip.NewReader(f)
	ok(t, err)
	for r := tar.NewReader(z); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return c
		}
		ok(t, err)
		data, err := io.ReadAll(r)
		ok(t, err)
		switch head.Name {
		case "main.sql":
			load(t, c.DatabaseURL, string(data))
		case "keyring.sql":
			load(t, c.KeyringURL, string(data))
		default:
			name := filepath.Join(c.Dir, filepath.FromSlash(head.Name))
			ok(t, os.MkdirAll(filepath.Dir(name), 0o700))
			ok(t, os.WriteFile(name, data, 0o600))
		}
	}
}

// load runs what pg_dump has written, without the lines that are for psql.
func load(t *testing.T, url, script string) {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(script) {
		if !strings.HasPrefix(line, `\`) {
			b.WriteString(line)
		}
	}
	pool, err := sql.Open("pgx", url)
	ok(t, err)
	_, err = pool.ExecContext(t.Context(), b.String())
	ok(t, errors.Join(err, pool.Close()))
}

// TestMakeSchema makes an office to be kept. It runs only when it is asked to:
//
//	scripts/with-postgres go test -run TestMakeSchema . -args -make-schema v2
func TestMakeSchema(t *testing.T) {
	if *makeSchema == "" {
		t.Skip("an office for later versions is made only with -make-schema")
	}
	folder := filepath.Join(schemaFolder, *makeSchema)
	if _, err := os.Stat(filepath.Join(folder, "sqlite.tar.gz")); err == nil {
		t.Fatal("what was released is never made again: take the next version")
	}
	ok(t, os.MkdirAll(folder, 0o755)) // #nosec G301 -- part of the source
	for _, kind := range []string{"sqlite", "postgres"} {
		c := homeward.Config{Dir: t.TempDir()}
		if kind == "postgres" {
			c.DatabaseURL, c.KeyringURL = dbtest.Postgres(t), dbtest.Postgres(t)
		}
		want := makeKept(t, c)
		data, err := json.MarshalIndent(want, "", "\t")
		ok(t, err)
		ok(t, os.WriteFile(filepath.Join(folder, kind+".json"), append(data, '\n'), 0o644)) // #nosec G306 -- part of the source
		pack(t, filepath.Join(folder, kind+".tar.gz"), c)
	}
}

// pack writes an office that is closed, and its databases, into one file.
func pack(t *testing.T, name string, c homeward.Config) {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	ok(t, err)
	w := tar.NewWriter(z)
	put := func(name string, data []byte) {
		ok(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data))}))
		_, err := w.Write(data)
		ok(t, err)
	}
	ok(t, fs.WalkDir(os.DirFS(c.Dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(c.Dir, filepath.FromSlash(path)))
		put(path, data)
		return err
	}))
	for file, url := range map[string]string{"main.sql": c.DatabaseURL, "keyring.sql": c.KeyringURL} {
		if url == "" {
			continue
		}
		out, err := exec.Command("pg_dump", "--inserts", "--no-owner", "--no-privileges", url).Output() // #nosec G204 -- the test server's own address
		ok(t, err)
		put(file, out)
	}
	ok(t, errors.Join(w.Close(), z.Close()))
	ok(t, os.WriteFile(name, b.Bytes(), 0o644)) // #nosec G306 -- part of the source
	t.Logf("%s: %d bytes", name, b.Len())
}

// keeper makes an office to be kept. Everybody in it is invented.
type keeper struct {
	t     *testing.T
	h     *homeward.House
	clock *example.Clock
	want  kept

	anna, boris, source string
}

func makeKept(t *testing.T, c homeward.Config) kept {
	t.Helper()
	k := &keeper{t: t, clock: example.NewClock(example.Start)}
	var err error
	k.h, err = homeward.Make(t.Context(), c, k.clock.Host(), vault.Passphrase([]byte(example.Passphrase),
		vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})))
	ok(t, err)
	k.people()
	k.letter()
	k.child()
	k.appeal()
	k.erasure()
	r, err := k.h.Verify(t.Context(), "", nil)
	ok(t, err)
	if len(r.Findings) > 0 {
		t.Fatal(r.Findings)
	}
	k.want.Entries, k.want.Erased, k.want.Reads, k.want.Checksum = r.Entries, r.Erased, r.Reads, r.Checkpoint
	ok(t, k.h.Close())
	return k.want
}

func (k *keeper) pass(d time.Duration) { k.clock.Put(k.clock.Now().Add(d)) }

func (k *keeper) user(name string, role access.Role) string {
	id, _, err := k.h.Access.Invite(k.t.Context(), "", access.NewUser{UserName: name, Name: name + " (invented)", Role: role})
	ok(k.t, err)
	return id
}

func (k *keeper) person(name, lang string, more ...statement.Statement) string {
	said := append([]statement.Statement{{Property: statement.PersonName, Value: name, Lang: lang, SaidBy: k.source}}, more...)
	id, err := k.h.Register.Add(k.t.Context(), k.anna, register.NewPerson{Statements: said, Note: "invented"})
	ok(k.t, err)
	return id
}

// people are two records of one woman, on whom somebody decided.
func (k *keeper) people() {
	var err error
	ctx := k.t.Context()
	k.anna, k.boris = k.user("anna", access.Caseworker), k.user("boris", access.Coordinator)
	k.want.User, k.want.Name = k.boris, "Aminat Magomedova"
	k.source, err = k.h.Register.AddSource(ctx, k.anna, register.NewSource{Label: "a list (invented)", Kind: "list"})
	ok(k.t, err)
	female := statement.Statement{Property: statement.PersonSex, Value: "female"}
	k.want.Woman = k.person("Аминат Магомедова", "ru", female, statement.Statement{Property: statement.PersonBirthDate, Value: "1991"})
	again := k.person("أمينة محمدوفا", "ar", female)
	_, err = k.h.Register.Judge(ctx, k.boris, k.want.Woman, again, register.Same, "the same children")
	ok(k.t, err)
	for _, id := range []string{k.want.Woman, again} {
		ok(k.t, k.h.Ledger.Read(ctx, k.anna, "person.read", id))
	}
}

// letter is one that was made under a consent, approved, sent and registered.
func (k *keeper) letter() {
	ctx := k.t.Context()
	to, err := k.h.Letters.AddRecipient(ctx, k.boris, letters.NewRecipient{
		Profile: "ru.ombudsman", Address: "101000, Москва, ул. Мясницкая, д. 47", Register: -1, Answer: -1, Extend: -1,
	})
	ok(k.t, err)
	ok(k.t, k.h.Letters.SetLetterhead(ctx, k.boris, letters.Letterhead{
		Name: "Бюро (вымышлено)", Address: "000000, Город", Contact: "office@homeward.example", City: "Город", Signatory: "Б. Вымышленный", Position: "Координатор",
	}))
	_, err = k.h.Casework.Rate(ctx, k.boris, casework.Rating{Recipient: to, Attribute: statement.PersonSex, Value: "female", Level: casework.Usual, Reason: "invented"})
	ok(k.t, err)
	recipient, err := k.h.Letters.Recipient(ctx, to)
	ok(k.t, err)
	today := k.clock.Now()
	_, err = k.h.Casework.Grant(ctx, k.anna, casework.NewGrant{
		Person: k.want.Woman, Recipient: to, Purpose: "return", Fields: []statement.Property{statement.PersonName, statement.PersonBirthDate}, Giver: casework.Own,
		How: "telephone", Language: "ru", Onward: recipient.Onward["ru"], Given: edtf.Day(today), Expires: edtf.Day(today.AddDate(1, 0, 0)),
	})
	ok(k.t, err)
	cleared, _, err := k.h.Casework.Clear(ctx, k.anna, casework.Request{Recipient: to, Purpose: "return", Persons: []casework.Asked{{Records: []string{k.want.Woman}}}})
	ok(k.t, err)
	k.want.Letter, err = k.h.Letters.Make(ctx, k.anna, cleared, letters.Draft{Substance: "Просит о возвращении (вымышленный пример)."})
	ok(k.t, err)
	k.approve(k.want.Letter)
	k.pass(time.Hour)
	ok(k.t, k.h.Letters.Send(ctx, k.anna, k.want.Letter, k.h.Letters.Today(), "post"))
	k.pass(24 * time.Hour)
	ok(k.t, k.h.Letters.Registered(ctx, k.anna, k.want.Letter, k.h.Letters.Today(), "19-1/26"))
}

func (k *keeper) approve(record string) {
	waiting, err := k.h.Casework.ApprovalsOf(k.t.Context(), record)
	ok(k.t, err)
	for _, a := range waiting {
		if a.State == casework.Proposed {
			ok(k.t, k.h.Casework.Approve(k.t.Context(), k.boris, a.ID))
		}
	}
}

func (k *keeper) child() {
	child := k.person("Юсуф", "ru")
	on, err := edtf.Parse("2019-07-10")
	ok(k.t, err)
	_, err = k.h.Returns.Record(k.t.Context(), k.anna, returns.NewReturn{
		Person: child, Stage: returns.HandedOver, On: on, From: returns.Spot{Wording: "Багдад"}, To: returns.Spot{Wording: "Москва"},
		HandedTo: "бабушке (вымышлена)", Word: returns.Word{SaidBy: k.source, Basis: statement.NameList},
	})
	ok(k.t, err)
}

// appeal is a report with a voice that came through the door.
func (k *keeper) appeal() {
	ctx := k.t.Context()
	receipt, err := example.Send(ctx, k.h.Door, example.Report{
		Language: "ru", Name: "бабушка", Text: "Прошу помочь (вымышлено).", Files: map[string][]byte{"voice.ogg": example.Voice},
	})
	ok(k.t, err)
	k.want.Receipt = receipt.String()
	_, err = k.h.Intake.Drain(ctx)
	ok(k.t, err)
	thread, err := k.h.Intake.Lookup(ctx, k.want.Receipt)
	ok(k.t, err)
	k.want.Appeal = thread.Appeal
	files, err := k.h.Ledger.OfKind(ctx, statement.File)
	ok(k.t, err)
	sum := sha256.Sum256(example.Voice)
	k.want.SHA256 = hex.EncodeToString(sum[:])
	for _, f := range files {
		if info, err := k.h.Evidence.Info(ctx, f); err == nil && info.SHA256 == k.want.SHA256 {
			k.want.File = f
		}
	}
}

// erasure forgets somebody, by two people and after the time that it takes.
func (k *keeper) erasure() {
	ctx := k.t.Context()
	gone := k.person("Зарема Забытая", "ru")
	approval, err := k.h.ProposeErasure(ctx, k.anna, gone, "own_request", "she asked (invented)")
	ok(k.t, err)
	ok(k.t, k.h.Casework.Approve(ctx, k.boris, approval))
	k.pass(casework.ErasureWait + time.Hour)
	_, err = k.h.Erase(ctx, k.anna, approval)
	ok(k.t, err)
}
