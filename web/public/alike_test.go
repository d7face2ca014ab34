package public_test

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/evidence"
	"homeward/intake"
	"homeward/internal/blob"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/vault"
	"homeward/vault/vaulttest"
	"homeward/web"
	"homeward/web/public"
)

// counted counts what is drawn from a source of randomness.
type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}

// threads counts how often something is looked up.
type threads struct {
	*intake.Intake
	n int
}

func (t *threads) Lookup(ctx context.Context, receipt string) (intake.Thread, error) {
	t.n++
	return t.Intake.Lookup(ctx, receipt)
}

// alike is an office with a receipt of each kind.
type alike struct {
	t        *testing.T
	now      time.Time
	spool    string
	drawn    *counted
	looks    *threads
	door     *intake.Door
	pages    map[bool]http.Handler // by whether the office is locked
	receipts map[string]string
}

func newAlike(t *testing.T) *alike {
	t.Helper()
	a := &alike{t: t, now: time.Date(2019, 10, 15, 9, 0, 0, 0, time.UTC), spool: t.TempDir(), drawn: &counted{Reader: rand.Reader}}
	h := host.System()
	h.Now = func() time.Time { return a.now }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	folder := func(name string) host.Dir {
		dir, err := host.OpenDir(name)
		must(err)
		t.Cleanup(func() { dir.Close() }) //nolint:errcheck // a folder of a test
		return dir
	}
	main := dbtest.SQLite(t)
	root, keys := vaulttest.Root(t, h)
	v := vaulttest.Vault(t, root, dbtest.EmptySQLite(t), h)
	l, err := ledger.New(t.Context(), main, v, root, h, ledger.Options{OfficeID: vaulttest.Office})
	must(err)
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // the test is over
	known, err := vault.ReadDoor(keys)
	must(err)
	drawing := h
	drawing.Rand = a.drawn
	a.door, err = intake.NewDoor(known, folder(a.spool), drawing, intake.Limits{})
	must(err)
	e := evidence.New(blob.NewDisk(folder(t.TempDir())), l, v, root, h)
	i := intake.NewIntake(a.door, root.IntakeIdentity(), l, e, v, main, h)
	l.AddFollower(i)
	must(l.CatchUp(t.Context()))
	a.looks = &threads{Intake: i}
	a.pages = map[bool]http.Handler{}
	for locked, p := range map[bool]public.Pages{true: {Door: a.door}, false: {Door: a.door, Threads: a.looks}} {
		routes := p.Routes()
		for n := range routes {
			routes[n].Rate = web.Browse // the rate is another test's
			routes[n].Rate.Burst = 1_000_000
		}
		a.pages[locked], err = web.New(web.Site{Surface: web.Public, Routes: routes, Rand: rand.Reader, Plain: true, Now: h.Now})
		must(err)
	}

	give := func() (receipt, appeal string) {
		_, page := a.add(true, "")
		receipt = receiptOf(page)
		_, err := i.Drain(t.Context())
		must(err)
		thread, err := i.Lookup(t.Context(), receipt)
		must(err)
		return receipt, thread.Appeal
	}
	a.receipts = map[string]string{"wrong": "0000-0000-0000-0000-0000-0000"}
	var appeal string
	a.receipts["expired"], _ = give()
	a.now = a.now.Add(intake.ReceiptLife + time.Hour)
	a.receipts["revoked"], appeal = give()
	must(i.RevokeReceipt(t.Context(), "", appeal, "it is in wrong hands"))
	a.receipts["erased"], appeal = give()
	_, err = l.Erase(t.Context(), []string{"0192a0de-0000-7000-8000-000000000101", "0192a0de-0000-7000-8000-000000000102"}, "own_request", appeal, "")
	must(err)
	a.receipts["right"], _ = give()
	return a
}

func (a *alike) do(locked bool, path, kind, body string) (int, string) {
	a.t.Helper()
	r := httptest.NewRequest("POST", "/en"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	a.pages[locked].ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (a *alike) look(locked bool, receipt string) (int, string) {
	return a.do(locked, "/receipt", "application/x-www-form-urlencoded", url.Values{"receipt": {receipt}}.Encode())
}

func (a *alike) add(locked bool, receipt string) (int, string) {
	a.t.Helper()
	token, err := a.door.Token()
	if err != nil {
		a.t.Fatal(err)
	}
	f := newForm(a.t, "token", token, "receipt", receipt, "language", "en", "text", "the same words each time")
	if err := f.Close(); err != nil {
		a.t.Fatal(err)
	}
	return a.do(locked, "/report", f.FormDataContentType(), f.body.String())
}

// onDisk is what lies in the spool, in bytes.
func (a *alike) onDisk() (bytes int64) {
	a.t.Helper()
	files, err := filepath.Glob(filepath.Join(a.spool, "*"))
	if err != nil {
		a.t.Fatal(err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// own is what a page has of one request alone: the form's token, the receipt itself.
var own = regexp.MustCompile(`name="token" value="[^"]+"|name="receipt" value="[^"]+"|<li>[0-9A-Z]{4}</li>`)

// work is what an answer cost, in what can be counted.
type work struct {
	drawn, looks int
	disk         int64
}

// TestReceiptsThatOpenNothingAreAlike looks up and adds with a receipt that was never
// given, one that was revoked, one that expired and one whose appeal was forgotten,
// in an office that is open and in one that is locked: the answers are equal, byte
// for byte and in their size, and so is what was done for them. While the office is
// locked, and for an addition always, a right receipt is answered so too.
func TestReceiptsThatOpenNothingAreAlike(t *testing.T) {
	a := newAlike(t)
	for _, locked := range []bool{true, false} {
		for name, ask := range map[string]func(bool, string) (int, string){"looking up": a.look, "adding": a.add} {
			kinds := []string{"wrong", "revoked", "expired", "erased"}
			if locked || name == "adding" {
				kinds = append(kinds, "right")
			}
			var first string
			var firstWork work
			var firstStatus, firstSize int
			for n, kind := range kinds {
				before := work{a.drawn.n, a.looks.n, a.onDisk()}
				status, page := ask(locked, a.receipts[kind])
				did := work{a.drawn.n - before.drawn, a.looks.n - before.looks, a.onDisk() - before.disk}
				size := len(page)
				page = own.ReplaceAllString(page, "")
				if n == 0 {
					first, firstWork, firstStatus, firstSize = page, did, status, size
					continue
				}
				if page != first || status != firstStatus || size != firstSize || did != firstWork {
					t.Errorf("%s, locked %v: a receipt that is %s is answered by %d in %d bytes after %+v, a wrong one by %d in %d after %+v; the same page: %v",
						name, locked, kind, status, size, did, firstStatus, firstSize, firstWork, page == first)
				}
			}
			if firstStatus != http.StatusOK {
				t.Errorf("%s, locked %v: status %d", name, locked, firstStatus)
			}
		}
	}
	status, right := a.look(false, a.receipts["right"])
	_, wrong := a.look(false, a.receipts["wrong"])
	if status != http.StatusOK || len(right) != len(wrong) || own.ReplaceAllString(right, "") == own.ReplaceAllString(wrong, "") {
		t.Errorf("a right receipt is answered by %d in %d bytes, a wrong one in %d", status, len(right), len(wrong))
	}
	for _, locked := range []bool{true, false} {
		status, page := a.add(locked, "0000-0000-0000-0000-0000-0001")
		if _, looked := a.look(locked, "0000-0000-0000-0000-0000-0001"); status != http.StatusNotFound || !strings.Contains(page, "each group of four") || looked != wrong {
			t.Errorf("locked %v: a slip of the finger is answered by %d", locked, status)
		}
	}
}

// TestLookingUpDoesTheSameWork counts what the whole answer allocates, which no other
// load on the machine changes: nothing is skipped for a receipt that is wrong.
func TestLookingUpDoesTheSameWork(t *testing.T) {
	a := newAlike(t)
	for _, locked := range []bool{true, false} {
		var counts []float64
		for _, kind := range []string{"wrong", "revoked", "expired", "erased"} {
			a.look(locked, a.receipts[kind])
			counts = append(counts, testing.AllocsPerRun(50, func() { a.look(locked, a.receipts[kind]) }))
		}
		if least, most := slices.Min(counts), slices.Max(counts); most-least > least/20 {
			t.Errorf("locked %v: %v allocations", locked, counts)
		}
	}
}

// TestWhatComesWithAReceiptThatOpensNothingIsKept drains what was added: all of it is
// there, and what belongs nowhere waits for a person.
func TestWhatComesWithAReceiptThatOpensNothingIsKept(t *testing.T) {
	t.Parallel()
	a := newAlike(t)
	for kind, want := range map[string]string{"wrong": "receipt_unknown", "revoked": "receipt_revoked", "erased": "receipt_unknown", "expired": "", "right": ""} {
		a.add(true, a.receipts[kind])
		if n, err := a.looks.Drain(t.Context()); n != 1 || err != nil {
			t.Fatalf("%s: %d drained, %v", kind, n, err)
		}
		items, err := a.looks.Inbox(t.Context(), intake.Filter{})
		if err != nil || len(items) == 0 {
			t.Fatal(err)
		}
		if want != "" && !slices.Contains(items[0].NeedsFor, want) {
			t.Errorf("%s: it waits for %v", kind, items[0].NeedsFor)
		}
		if kind == "wrong" && items[0].Additions != 0 {
			t.Error("what came with a wrong receipt belongs to another's appeal")
		}
	}
}
