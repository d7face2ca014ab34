package listsweb

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"homeward/access"
	"homeward/evidence"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/vault/vaulttest"
	"homeward/web"
	registerweb "homeward/web/register"
	"homeward/web/webtest"
)

const worker = webtest.Worker

type office struct {
	t        testing.TB
	server   *httptest.Server
	register *register.Register
	desk     *Desk
	folder   string
	as       webtest.Who
}

func newOffice(t testing.TB) *office {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
	}
	o := &office{t: t, desk: &Desk{}, folder: t.TempDir(), as: webtest.As(access.Caseworker)}
	folder, err := host.OpenDir(o.folder)
	must(err)
	t.Cleanup(func() { folder.Close() }) //nolint:errcheck // a folder of a test
	ring, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	must(err)
	t.Cleanup(func() { ring.Close() }) //nolint:errcheck // the test is over
	h, main := host.System(), dbtest.SQLite(t)
	root, v := vaulttest.Open(t, ring, h)
	l, err := ledger.New(t.Context(), main, v, root, h, ledger.Options{OfficeID: vaulttest.Office})
	must(err)
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // the test is over
	o.register = register.New(vaulttest.Office, main, l, v, evidence.New(blob.NewDisk(folder), l, v, root, h), h)
	people := match.NewPeople(o.register, h)
	l.AddFollower(o.register)
	l.AddLearner(o.register.Learner())
	must(l.CatchUp(t.Context()))
	routes := append(Pages{Register: o.register, People: people, Desk: o.desk}.Routes(),
		registerweb.Pages{Register: o.register, People: people, Staff: webtest.Door{}, Runs: &registerweb.Runs{}}.Routes()...)
	o.server = webtest.Serve(t)(web.New(web.Site{Surface: web.Staff, Sessions: webtest.Door{Fresh: true}, Reads: l, Rand: rand.Reader, Plain: true, Routes: routes}))
	return o
}

func (o *office) add(name string, more ...statement.Statement) string {
	o.t.Helper()
	id, err := o.register.Add(o.t.Context(), worker, register.NewPerson{Statements: append([]statement.Statement{{Property: statement.PersonName, Value: name}}, more...)})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

// reader is whoever sits before the pages now.
func (o *office) reader() *webtest.Reader {
	o.t.Helper()
	return webtest.Browse(o.t, o.server.URL, o.as)
}

func (o *office) get(path string, want int) string {
	o.t.Helper()
	return o.reader().Get(path).Wants(want).Body
}

func (o *office) post(path string, form url.Values, want int) (page, at string) {
	o.t.Helper()
	r := o.reader().Post(path, form).Wants(want)
	return r.Body, r.At.RequestURI()
}

func (o *office) upload(data []byte, keep bool, want int) (page, at string) {
	o.t.Helper()
	form := url.Values{}
	if keep {
		form.Set("keep", "yes")
	}
	r := o.reader().Upload("/compare", "list", "рейс.csv", data, form).Wants(want)
	return r.Body, r.At.RequestURI()
}

func holds(t testing.TB, page string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(page, w) {
			t.Errorf("the page lacks %q:\n%.3000s", w, page)
		}
	}
}

const passengers = "Name;Born;Sex;Last seen\n" +
	"Zubaidat Abdurashidova;1980;f;Mosul\n" +
	"أمينة محمدوفا;1994;f;Ain Issa\n" +
	"Maryam;1987;f;Roj\n" +
	"=HYPERLINK(\"http://x\";\"Petrova\");1970;f;\n"

func village(o *office) (her string) {
	her = o.add("Аминат Магомедова", statement.Statement{Property: statement.PersonBirthDate, Value: "1994"}, statement.Statement{Property: statement.PersonSex, Value: "female"},
		statement.Statement{Property: statement.SeenAt, Value: "Айн-Исса"}, statement.Statement{Property: statement.RecordNote, Value: "тайное примечание"})
	for i := range 6 {
		o.add("Марьям", statement.Statement{Property: statement.PersonBirthDate, Value: fmt.Sprint(1984 + i)})
	}
	return her
}

// TestAListIsComparedAndIsGone holds a list against the register: what a person has to
// look at stands first, nothing is recorded, nothing lies on the disk, and it is gone
// when it is put away.
func TestAListIsComparedAndIsGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	her := village(o)
	records, _ := o.register.Counts()
	before := bytesIn(t, o.folder)
	page, at := o.upload([]byte(passengers), false, 200)
	holds(t, page, "Zubaidat Abdurashidova", "/people/"+her, "To look at", "Not in the register", "held in the memory of this process alone", "Ain Issa")
	page = rowsOf(page)
	if doubtful, nowhere := strings.Index(page, "<bdi>Maryam</bdi>"), strings.Index(page, "<bdi>Zubaidat"); doubtful < 0 || doubtful > nowhere {
		t.Error("the doubtful row does not stand first")
	}
	if now, _ := o.register.Counts(); now != records {
		t.Errorf("%d records, before %d", now, records)
	}
	if after := bytesIn(t, o.folder); after != before {
		t.Errorf("the store grew from %d to %d bytes", before, after)
	}
	holds(t, o.get(at+"?show=nowhere", 200), "Zubaidat")
	if strings.Contains(rowsOf(o.get(at+"?show=here", 200)), "Zubaidat") {
		t.Error("one who is not here is shown among those who are")
	}
	o.get(at+"?show=%22%3E&from=-7", 200)
	o.get(at+"?from=99999", 200)

	o.as = webtest.AlsoAs(access.Caseworker)
	o.get(at, 404) // a colleague's
	o.post(at, url.Values{"do": {"keep"}}, 404)
	o.as = webtest.As(access.Caseworker)
	o.post(at, url.Values{"do": {"away"}}, 200)
	page = o.get(at, 404)
	holds(t, page, "not on the desk any more")
}

// TestThisIsHer opens the form for a sighting with what the row says, and writes down
// nothing before it is sent; the place stands in no address.
func TestThisIsHer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	her := village(o)
	page, at := o.upload([]byte(passengers), false, 200)
	_, form, found := strings.Cut(page, `action="/people/`+her+`"`)
	if !found {
		t.Fatalf("nothing leads from the row to her:\n%s", page)
	}
	form, _, _ = strings.Cut(form, "</form>")
	holds(t, form, "sighting.seen_at", "Ain Issa", "Row 3")
	page, where := o.post("/people/"+her, url.Values{"say": {"sighting.seen_at"}, "value": {"Ain Issa"}, "basis": {"list_of_names"}, "note": {"Row 3 of a list"}}, 200)
	holds(t, page, `value="Ain Issa"`, "Row 3 of a list", `action="/people/`+her+`/facts"`)
	if strings.Contains(where, "Issa") {
		t.Errorf("the place stands in the address %s", where)
	}
	person, err := o.register.Person(t.Context(), her)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range person.History {
		if f.Statement.Value == "Ain Issa" {
			t.Error("looking at the form wrote it down")
		}
	}
	holds(t, o.get(at, 200), "Where several processes serve your office")
}

// TestColumnsCanBeToldAnew reads the list again with another meaning of a column.
func TestColumnsCanBeToldAnew(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	her := village(o)
	_, at := o.upload([]byte("a;b\n7;Аминат Магомедова\n8;Нина Петрова\n"), false, 200)
	form := url.Values{"columns": {"2"}, "header_row": {"1"}, "sheet": {"0"}, "column-0": {""}, "column-1": {""}}
	page, _ := o.post(at, form, 200)
	holds(t, page, "No column says how the people are called")
	form.Set("column-1", "name")
	page, _ = o.post(at, form, 200)
	holds(t, page, "/people/"+her, "Нина Петрова")
	form.Set("column-1", "nonsense")
	o.post(at, form, 200)
}

// TestAKeptListIsSealed keeps the file when its reader says so, and compares what was
// kept again.
func TestAKeptListIsSealed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	village(o)
	before := bytesIn(t, o.folder)
	page, at := o.upload([]byte(passengers), true, 200)
	holds(t, page, "kept as evidence")
	if bytesIn(t, o.folder) == before {
		t.Error("nothing was kept")
	}
	_, plan := o.post(at, url.Values{"do": {"keep"}}, 200)
	if !strings.HasPrefix(plan, "/lists/") {
		t.Fatalf("led to %s", plan)
	}
	page, again := o.post("/compare/kept/"+strings.TrimPrefix(plan, "/lists/"), nil, 200)
	holds(t, page, "Zubaidat", "kept as evidence")
	if again == at {
		t.Error("it is the same look")
	}
	o.post("/compare/kept/"+worker, nil, 404)
}

// TestAComparisonStaysInTheHouse: whoever held it would know who is in the register, so
// nobody takes it out alone, and there is no grant under which it could go.
func TestAComparisonStaysInTheHouse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	village(o)
	for _, role := range []access.Role{access.Caseworker, access.Coordinator} {
		o.as = webtest.As(role)
		page, at := o.upload([]byte(passengers), false, 200)
		if strings.Contains(page, "download") || strings.Contains(page, "/export") {
			t.Errorf("%s is led to a file", role)
		}
		o.get(at+"/export", 404)
	}
}

// TestBadLists are answered in words.
func TestBadLists(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	village(o)
	long := strings.Repeat("Ааминат", 1500)
	for name, data := range map[string][]byte{
		"empty": nil, "zeros": make([]byte, 100), "broken": []byte("PK\x03\x04nonsense"), "long": []byte("Name;Born\n" + long + ";1994\n"),
		"marks": []byte("Name\n\u202eАминат\u0000\u200f\xff\xfe\n!!!\n12345\n😀😀\n"),
	} {
		form := map[bool]int{true: 422, false: 200}[data == nil]
		page, at := o.upload(data, false, form)
		if !strings.Contains(page, "<h1") {
			t.Errorf("%s: no page", name)
		}
		if data != nil {
			o.post(at, url.Values{"do": {"away"}}, 200)
		}
	}
	o.post("/compare", url.Values{"list": {"x"}}, 422)
}

// TestTheDeskIsSmall refuses more lists than it holds, and is empty at the lock.
func TestTheDeskIsSmall(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	village(o)
	at := ""
	for range mostByOne {
		_, at = o.upload([]byte(passengers), false, 200)
	}
	page, _ := o.upload([]byte(passengers), false, 422)
	holds(t, page, "Too many lists", "рейс.csv")
	data := o.desk.all[strings.TrimPrefix(at, "/compare/")].data
	o.desk.Wipe()
	if len(bytes.Trim(data, "\x00")) > 0 {
		t.Error("the bytes of a list are left after the lock")
	}
	o.get(at, 404)
	o.upload([]byte(passengers), false, 422)
}

// rowsOf is the part of a page that shows rows, without the columns above it.
func rowsOf(page string) string {
	_, rows, _ := strings.Cut(page, `class="compared"`)
	return rows
}

// bytesIn is how many bytes lie in a folder.
func bytesIn(t testing.TB, folder string) (sum int64) {
	t.Helper()
	err := filepath.WalkDir(folder, func(_ string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		sum += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// TestTheLook opens the pages in a browser, in three languages, on a telephone and on
// a desk, light and dark.
func TestTheLook(t *testing.T) {
	if testing.Short() {
		t.Skip("looks with a browser")
	}
	o := newOffice(t)
	village(o)
	o.as = webtest.As(access.Coordinator)
	_, at := o.upload([]byte(passengers), false, 200)
	if !regexp.MustCompile(`^/compare/[A-Z0-9]+$`).MatchString(at) {
		t.Fatalf("led to %s", at)
	}
	webtest.Look(t, o.server.URL, webtest.As(access.Coordinator), "/compare", at, at+"?show=here")
}
