package story_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"filippo.io/age"

	"homeward"
	"homeward/intake"
	"homeward/internal/example"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/match"
	"homeward/register"
	"homeward/register/invented"
	"homeward/statement"
)

// TestForgetting has two people forget, on the pages, somebody who came with a list
// and of whom a letter tells: nothing of her can be read any more by any way there is,
// the same list imported again is held for a person, who was told is listed, verify
// finds nothing, a backup made after has forgotten her too, an older keyring is refused
// with it, and older data forget her again by the newer keyring.
func TestForgetting(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o := serve(t, kind)
			f := o.toBeForgotten()
			f.isKnown(o.house)
			before := f.backup()
			approval := f.forget()
			f.isForgotten(o.house)
			f.nothingIsLeft(approval)
			o.must(o.house.Ledger.Rebuild(t.Context(), nil))
			f.isForgotten(o.house)
			after := f.backup()
			f.listAgain()
			if after.data == "" {
				return
			}
			t.Run("a backup made after", func(t *testing.T) { f.restored(t, after) })
			t.Run("older data", func(t *testing.T) { f.forgottenAgain(t, backup{before.data, after.keyring}) })
			t.Run("older data put back by hand", func(t *testing.T) { f.unlockedAgain(t, backup{before.data, after.keyring}) })
			t.Run("older keys", func(t *testing.T) {
				// They have no key for what was recorded since, the erasure itself among it.
				c := homeward.Config{Dir: filepath.Join(t.TempDir(), "office")}
				_, _, err := homeward.RestoreBackup(t.Context(), c, o.clock.Host(), after.data, before.keyring, passphrase())
				if problem.KindOf(err) == problem.Internal {
					t.Errorf("data with an older keyring: %v", err)
				}
			})
		})
	}
}

// leaving is somebody who is going to be forgotten.
type leaving struct {
	o       *office
	person  string
	records []string
	name    string
	letter  string
	values  map[string]bool // what is said of her, by the ids of the statements
	blobs   int             // originals in the store before
}

// toBeForgotten takes the person of the first letter.
func (o *office) toBeForgotten() *leaving {
	o.t.Helper()
	ctx := o.t.Context()
	f := &leaving{o: o, letter: o.cast.Letters[0], values: map[string]bool{}}
	letter, err := o.house.Letters.Letter(ctx, f.letter)
	o.must(err)
	f.person = letter.Persons[0]
	p, err := o.house.Register.Person(ctx, f.person)
	o.must(err)
	for _, r := range p.Records {
		f.records = append(f.records, r.ID)
		said, err := o.house.Ledger.About(ctx, r.ID)
		o.must(err)
		for _, s := range said {
			if s.Value != "" {
				f.values[s.ID] = true
			}
		}
	}
	f.person, f.name = p.ID, p.Name.Statement.Value
	f.spokenOf(f.records[0])
	f.blobs = f.stored()
	return f
}

// spokenOf has an appeal speak of her in words that lie under the appeal's own key, as
// they were written down before they were kept with her.
func (f *leaving) spokenOf(record string) {
	f.o.t.Helper()
	ctx := f.o.t.Context()
	items, err := f.o.house.Intake.Inbox(ctx, intake.Filter{Limit: 1})
	f.o.must(err)
	_, err = f.o.house.Ledger.Append(ctx, statement.Act{Kind: statement.ActEntry, By: f.o.cast.Users[example.Caseworker].ID, Statements: []statement.Statement{
		{Subject: items[0].Appeal, Property: statement.AppealMentions, Object: record, Value: "как её зовут в обращении"}}})
	f.o.must(err)
	links, err := f.o.house.Ledger.Pointing(ctx, record, statement.AppealMentions)
	f.o.must(err)
	for _, s := range links {
		f.values[s.ID] = s.Value != ""
	}
}

// stored counts what lies in the store.
func (f *leaving) stored() (n int) {
	f.o.t.Helper()
	f.o.must(filepath.WalkDir(f.o.files(), func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	}))
	return n
}

// files is the folder of the originals.
func (o *office) files() string {
	return cmp.Or(o.config.Files, filepath.Join(o.config.Dir, "files"))
}

// reader gives the browser of somebody who is signed in.
func (o *office) reader(user string) *reader {
	o.t.Helper()
	r := newReader(o.t, o.staff.URL)
	jar, err := cookiejar.New(nil)
	o.must(err)
	at, err := url.Parse(o.staff.URL)
	o.must(err)
	jar.SetCookies(at, []*http.Cookie{{Name: "hw", Value: o.token(user), Path: "/"}})
	r.client.Jar = jar
	return r
}

// isKnown is the control: by every way by which she is looked for later, she is found.
func (f *leaving) isKnown(h *homeward.House) {
	f.o.t.Helper()
	if found := f.ways(h); f.name == "" || len(found) != 3 {
		f.o.t.Fatalf("before, %q is found only by %q", f.name, found)
	}
}

// isForgotten looks for her by every way.
func (f *leaving) isForgotten(h *homeward.House) {
	f.o.t.Helper()
	if found := f.ways(h); len(found) > 0 {
		f.o.t.Errorf("she is forgotten, and is found by %q", found)
	}
}

// ways tells by which ways she is found.
func (f *leaving) ways(h *homeward.House) (found []string) {
	f.o.t.Helper()
	ctx := f.o.t.Context()
	if _, err := h.Register.Person(ctx, f.person); err == nil {
		found = append(found, "her page")
	} else if problem.KindOf(err) != problem.NotFound {
		f.o.t.Errorf("her page: %v", err)
	}
	hits, err := h.People.Find(ctx, f.name, 1000)
	f.o.must(err)
	if slices.ContainsFunc(hits, func(h match.Found) bool { return h.Person == f.person || slices.Contains(f.records, h.Record) }) {
		found = append(found, "the search")
	}
	if f.exported(h) > 0 {
		found = append(found, "an export")
	}
	return found
}

// exported counts what an export to the recipient of her letter says of her.
func (f *leaving) exported(h *homeward.House) (n int) {
	f.o.t.Helper()
	for _, line := range export(f.o.t, h, f.o.cast) {
		var s struct{ Property, Value string }
		f.o.must(json.Unmarshal(line, &s))
		if s.Value == f.name {
			n++
		}
	}
	return n
}

// export makes an export to the ombudsman as two people approve it, and gives its lines
// decrypted.
func export(t *testing.T, h *homeward.House, cast *example.Cast) (lines [][]byte) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	partner, err := age.GenerateX25519Identity()
	must(err)
	order := homeward.ExportOrder{Recipient: cast.Ombudsman, Purpose: "return", Key: partner.Recipient().String()}
	approval, err := h.ProposeExport(ctx, cast.Users[example.Caseworker].ID, order, "for a partner (invented)")
	must(err)
	must(h.Casework.Approve(ctx, cast.Users[example.Coordinator].ID, approval))
	file := filepath.Join(t.TempDir(), "export")
	_, err = h.Export(ctx, approval, order, file, nil)
	must(err)
	sealed, err := os.ReadFile(file)
	must(err)
	plain, err := age.Decrypt(bytes.NewReader(sealed), partner)
	must(err)
	scan := bufio.NewScanner(plain)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		lines = append(lines, bytes.Clone(scan.Bytes()))
	}
	must(scan.Err())
	if len(lines) < 1000 {
		t.Fatalf("the export has only %d lines", len(lines))
	}
	return lines
}

// forget has one person propose it and another approve and do it, on the pages.
func (f *leaving) forget() (approval string) {
	f.o.t.Helper()
	zarema, olga := f.o.reader(example.Caseworker), f.o.reader(example.Coordinator)
	zarema.open("/people/" + f.person + "/erase")
	zarema.form("/erase").set("rule", "duress").set("reason", "её жизнь в опасности (вымышлено)").send()
	approval = zarema.at.Path
	olga.open(approval)
	olga.form("/approve").send()
	olga.open(approval)
	olga.form("/erase").send()
	return approval
}

// nothingIsLeft looks at the pages, the store, and what is owed.
func (f *leaving) nothingIsLeft(approval string) {
	f.o.t.Helper()
	zarema := f.o.reader(example.Caseworker)
	zarema.fetch("/people/"+f.person, "", http.StatusNotFound)
	if now := f.stored(); now >= f.blobs {
		f.o.t.Errorf("there were %d blobs in the store and there are %d: the letter's paper is not gone", f.blobs, now)
	}
	letter, err := f.o.house.Letters.Letter(f.o.t.Context(), f.letter)
	f.o.must(err)
	if !letter.Forgotten {
		f.o.t.Error("the words of the letter about her can still be read")
	}
	zarema.open(approval)
	zarema.shows(letter.Number)
	told, err := f.o.house.Casework.ToldOf(f.o.t.Context(), f.records...)
	f.o.must(err)
	if len(told) == 0 || told[0].Recipient != f.o.cast.Ombudsman {
		f.o.t.Errorf("who was told of her is not listed: %v", told)
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(f.o.config.Dir, "scrub-owed")); errors.Is(err, os.ErrNotExist) {
			break
		}
		if time.Now().After(end) {
			f.o.t.Fatal("the deleted bytes are not overwritten behind the answer")
		}
	}
	clean(f.o.t, f.o.house)
}

// clean fails for what verify finds.
func clean(t *testing.T, h *homeward.House) {
	t.Helper()
	report, err := h.Verify(t.Context(), "", nil)
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("verify: %v; %v", report.Findings, err)
	}
}

// listAgain imports the list she came with once more: she is held for a person, and
// whoever was not forgotten is known.
func (f *leaving) listAgain() {
	f.o.t.Helper()
	ctx := f.o.t.Context()
	book, err := invented.Workbook()
	f.o.must(err)
	zarema := f.o.cast.Users[example.Caseworker].ID
	file, err := f.o.house.Register.KeepList(ctx, zarema, "список.xlsx", bytes.NewReader(book))
	f.o.must(err)
	plan, err := f.o.house.Register.Plan(ctx, register.List{Body: bytes.NewReader(book), Size: int64(len(book)), File: file}, nil)
	f.o.must(err)
	result, err := plan.Run(ctx, zarema, register.RunOptions{Source: f.o.cast.Committee, Again: true}, nil)
	f.o.must(err)
	if result.Held == 0 {
		f.o.t.Errorf("nobody is held of the list that comes again: %+v", result)
	}
	f.isForgotten(f.o.house)
	page := f.o.reader(example.Caseworker)
	page.open("/imports/" + result.Import)
	if len(page.links("/rows/")) == 0 {
		f.o.t.Error("the held row is not on the page of the import")
	}
}

// backup is the two folders of one.
type backup struct{ data, keyring string }

// backup makes one, where the office does that itself.
func (f *leaving) backup() (b backup) {
	f.o.t.Helper()
	folder := f.o.t.TempDir()
	b = backup{filepath.Join(folder, "data"), filepath.Join(folder, "keyring")}
	_, err := f.o.house.Backup(f.o.t.Context(), b.data, b.keyring, nil)
	if f.o.config.DatabaseURL != "" {
		if !errors.Is(err, homeward.ErrBackupPostgres) {
			f.o.t.Errorf("a backup of PostgreSQL: %v", err)
		}
		return backup{}
	}
	f.o.must(err)
	return b
}

// restored puts two halves of backups into an empty folder and looks for her there.
func (f *leaving) restored(t *testing.T, b backup) {
	o := *f.o
	o.t = t
	g := *f
	g.o = &o
	c := homeward.Config{Dir: filepath.Join(t.TempDir(), "office")}
	house, _, err := homeward.RestoreBackup(t.Context(), c, o.clock.Host(), b.data, b.keyring, passphrase())
	o.must(err)
	defer func() { o.must(house.Close()) }()
	g.isForgotten(house)
	clean(t, house)
}

// forgottenAgain puts data from before beside keys from after: the restoration is told by
// the keyring, and she is as forgotten as she was, in the log, in what follows from it,
// and in the store.
func (f *leaving) forgottenAgain(t *testing.T, b backup) {
	o := *f.o
	o.t = t
	g := *f
	g.o = &o
	o.config = homeward.Config{Dir: filepath.Join(t.TempDir(), "office")}
	house, restored, err := homeward.RestoreBackup(t.Context(), o.config, o.clock.Host(), b.data, b.keyring, passphrase())
	o.must(err)
	defer func() { o.must(house.Close()) }()
	if len(restored.Forgotten) == 0 {
		t.Error("the restoration says of nobody that she was forgotten again")
	}
	g.isForgotten(house)
	if now := g.stored(); now >= f.blobs {
		t.Errorf("there were %d blobs in the store and there are %d: her originals came back", f.blobs, now)
	}
	o.must(house.Scrub(t.Context()))
	clean(t, house)
	o.must(house.Ledger.Rebuild(t.Context(), nil))
	g.isForgotten(house)
	o.once(house, restored.Forgotten)
}

// unlockedAgain puts the same together without homeward restore, as a database's own tools
// would: unlocking finds it and does what restoring does.
func (f *leaving) unlockedAgain(t *testing.T, b backup) {
	o := *f.o
	o.t = t
	g := *f
	g.o = &o
	o.config = homeward.Config{Dir: filepath.Join(t.TempDir(), "office")}
	o.must(os.CopyFS(o.config.Dir, os.DirFS(b.data)))
	o.must(os.Remove(filepath.Join(o.config.Dir, "manifest.json")))
	keys, err := os.ReadFile(filepath.Join(b.keyring, "keyring.db"))
	o.must(err)
	o.must(os.WriteFile(filepath.Join(o.config.Dir, "keyring.db"), keys, 0o600))
	office, err := homeward.OpenOffice(o.config, o.clock.Host())
	o.must(err)
	house, err := office.Unlock(t.Context(), passphrase())
	o.must(err)
	defer func() { o.must(house.Close()) }()
	g.isForgotten(house)
	clean(t, house)
	erasures, err := house.Vault.Erasures(t.Context())
	o.must(err)
	var again []ledger.Erasure
	for _, e := range erasures {
		again = append(again, ledger.Erasure{ID: e.Erasure})
	}
	o.once(house, again)
}

// once counts the acts that tell of an erasure, and looks where they stand.
func (o *office) once(h *homeward.House, erasures []ledger.Erasure) {
	o.t.Helper()
	times := map[string]int{}
	epoch := 0
	o.must(h.Ledger.Each(o.t.Context(), 0, func(r statement.Recorded) error {
		switch {
		case r.Property == statement.RestoredEpoch:
			epoch = r.Epoch
		case r.Property == statement.RecordKind && r.Value == string(statement.Erasure):
			if times[r.Subject]++; r.Epoch < 2 || r.Epoch != epoch {
				o.t.Errorf("the erasure is recorded in epoch %d, and the restoration opened %d", r.Epoch, epoch)
			}
		}
		return nil
	}))
	for _, e := range erasures {
		if times[e.ID] != 1 {
			o.t.Errorf("an erasure is recorded %d times", times[e.ID])
		}
	}
	if left, err := h.Ledger.Unrecorded(o.t.Context()); err != nil || len(left) > 0 {
		o.t.Errorf("%d erasures are in the keyring alone, %v", len(left), err)
	}
}
