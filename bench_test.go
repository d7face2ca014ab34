package homeward_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward"
	"homeward/access"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/register"
	"homeward/register/invented"
	"homeward/statement"
	"homeward/vault"
)

// The benchmarks of docs/benchmarks.md. Each takes its own fixed number of samples
// in one iteration (go test -benchtime 1x) and reports percentiles; where there is
// something to compare with, that is measured in the same run.

// people is the size of the register that pages and search are measured on.
const people = 100_000

// quick takes the deliberate second out of a passphrase.
var quick = vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})

const words = "seven storks over the flooded meadow"

// made is an office of one benchmark.
type made struct {
	*homeward.House
	server *homeward.Server
	user   string
}

func makeOffice(b *testing.B, dir string, slots ...vault.Opener) *made {
	b.Helper()
	if len(slots) == 0 {
		slots = []vault.Opener{vault.Passphrase([]byte(words), quick)}
	}
	c := homeward.Config{Dir: dir, Access: access.Options{Reads: 1 << 30, Cost: access.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1}}}
	h, err := homeward.Make(b.Context(), c, host.System(), slots...)
	check(b, err)
	user, code, err := h.Access.Invite(b.Context(), "", access.NewUser{Name: "Bench", UserName: "bench", Role: access.Caseworker})
	check(b, err)
	_ = code // a link signs in without activation
	m := &made{House: h, user: user}
	m.server, err = homeward.NewServer(h.Office, homeward.ServerOptions{PublicPlain: true, StaffPlain: true})
	check(b, err)
	return m
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// load brings a list of n invented people in.
func (m *made) load(b *testing.B, n int) (register.Result, time.Duration) {
	b.Helper()
	list := invented.CSV(n)
	source, err := m.Register.AddSource(b.Context(), m.user, register.NewSource{Label: "invented", Kind: "list"})
	check(b, err)
	began := time.Now()
	plan, err := m.Register.Plan(b.Context(), register.List{Body: bytes.NewReader(list), Size: int64(len(list))}, nil)
	check(b, err)
	r, err := plan.Run(b.Context(), m.user, register.RunOptions{Source: source}, nil)
	check(b, err)
	return r, time.Since(began)
}

// percentiles reports the median and the 99th percentile of durations.
func percentiles(b *testing.B, took []time.Duration, prefix string) {
	b.Helper()
	slices.Sort(took)
	for _, p := range []struct {
		name string
		at   int
	}{{"p50", len(took) / 2}, {"p99", len(took) * 99 / 100}} {
		b.ReportMetric(float64(took[p.at].Microseconds())/1000, prefix+p.name+"-ms")
	}
}

// BenchmarkDurableReports sends reports of one short text and a 16 kB recording to
// the public form, eight senders at once, each answered when the report is on the
// disk. The peer is one SQLite transaction (synchronous=FULL) for the same bytes.
func BenchmarkDurableReports(b *testing.B) {
	const reports, senders = 2000, 8
	m := makeOffice(b, b.TempDir())
	defer m.Close() //nolint:errcheck // the folder goes
	public := m.server.Public()
	voice := bytes.Repeat([]byte("OggS invented sound "), 800)
	for b.Loop() {
		began := time.Now()
		took := inParallel(senders, reports, func() { sendReport(b, public, voice) })
		b.ReportMetric(float64(reports)/time.Since(began).Seconds(), "reports/s")
		percentiles(b, took, "")
		began = time.Now()
		peer := insertPeer(b, reports, senders, voice)
		b.ReportMetric(float64(reports)/time.Since(began).Seconds(), "peer-inserts/s")
		percentiles(b, peer, "peer-")
	}
}

// inParallel runs fn n times from several goroutines and gives how long each took.
func inParallel(goroutines, n int, fn func()) []time.Duration {
	var mu sync.Mutex
	var all []time.Duration
	var group sync.WaitGroup
	for range goroutines {
		group.Go(func() {
			var mine []time.Duration
			for range n / goroutines {
				began := time.Now()
				fn()
				mine = append(mine, time.Since(began))
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	group.Wait()
	return all
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// sendReport opens the form and sends it, as a browser does.
func sendReport(b *testing.B, public http.Handler, voice []byte) {
	from := fmt.Sprintf("10.%d.%d.%d:1", rand.N(255), rand.N(255), rand.N(255))
	page, open := httptest.NewRecorder(), httptest.NewRequest("GET", "/en/report", nil)
	open.RemoteAddr = from
	public.ServeHTTP(page, open)
	token := tokenField.FindStringSubmatch(page.Body.String())
	if token == nil {
		b.Error("the form has no token")
		return
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("token", token[1])
	_ = w.WriteField("text", "Three lines of invented text, sent over a bad line from far away.")
	f, _ := w.CreateFormFile("voice", "voice.ogg")
	_, _ = f.Write(voice)
	_ = w.Close()
	r := httptest.NewRequest("POST", "/en/report", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.RemoteAddr = from
	answer := httptest.NewRecorder()
	public.ServeHTTP(answer, r)
	if answer.Code >= 400 {
		b.Errorf("a report was answered with %d", answer.Code)
	}
}

// insertPeer stores the same bytes, each in one transaction of an encrypted SQLite
// database with synchronous=FULL.
func insertPeer(b *testing.B, n, senders int, voice []byte) []time.Duration {
	b.Helper()
	d := dbtest.SQLite(b)
	check(b, d.Write(b.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "CREATE TABLE peer (id TEXT NOT NULL PRIMARY KEY, data BYTEA)")
		return err
	}))
	h := host.System()
	return inParallel(senders, n, func() {
		id, err := h.NewID()
		if err == nil {
			err = d.Write(b.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO peer (id, data) VALUES ($1, $2)", id, voice)
				return err
			})
		}
		if err != nil {
			b.Error(err)
		}
	})
}

// BenchmarkImport brings in the relatives' list of 1,779 rows, on both databases.
func BenchmarkImport(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		for b.Loop() {
			m := makeOffice(b, b.TempDir())
			r, took := m.load(b, invented.Rows)
			b.ReportMetric(took.Seconds(), "import-s")
			b.ReportMetric(float64(r.Rows)/took.Seconds(), "rows/s")
			check(b, m.Close())
		}
	})
}

// BenchmarkHundredThousand measures an office that knows 100,000 people: search and
// the person's page over HTTP, unlocking, and verifying all of it.
func BenchmarkHundredThousand(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		m := makeOffice(b, dir)
		_, took := m.load(b, people)
		b.ReportMetric(took.Seconds(), "import-s")
		m.pages(b)
		m.verify(b)
		config := m.Config
		check(b, m.Close())
		measureUnlock(b, config)
	}
}

// BenchmarkVerify verifies an office of 5,000 people, without and with what is computed
// again beside the tables.
func BenchmarkVerify(b *testing.B) {
	for b.Loop() {
		m := makeOffice(b, b.TempDir())
		m.load(b, 5000)
		m.verify(b)
		check(b, m.Close())
	}
}

// verify measures both kinds of verification.
func (m *made) verify(b *testing.B) {
	b.Helper()
	for name, quick := range map[string]bool{"verify-s": false, "quick-verify-s": true} {
		began := time.Now()
		report, err := m.VerifyAs(b.Context(), homeward.Verification{Quick: quick})
		check(b, err)
		if len(report.Findings) > 0 {
			b.Fatalf("verify found %v", report.Findings[0])
		}
		b.ReportMetric(time.Since(began).Seconds(), name)
		b.ReportMetric(float64(report.Entries), "statements")
	}
}

// pages measures search and person pages as a browser asks for them.
func (m *made) pages(b *testing.B) {
	b.Helper()
	check(b, m.server.Adopt(m.House))
	staff := m.server.Staff()
	link, err := m.Access.Link(b.Context(), m.user, time.Hour)
	check(b, err)
	token, _, err := m.Access.UseLink(b.Context(), "", link)
	check(b, err)
	get := func(path string) time.Duration {
		r := httptest.NewRequest("GET", path, nil)
		r.AddCookie(&http.Cookie{Name: "hw", Value: token})
		answer := httptest.NewRecorder()
		began := time.Now()
		staff.ServeHTTP(answer, r)
		took := time.Since(began)
		if answer.Code != http.StatusOK {
			body, _ := io.ReadAll(io.LimitReader(answer.Body, 300))
			b.Fatalf("%s gave %d: %s", path, answer.Code, body)
		}
		return took
	}
	ids, err := m.Ledger.OfKind(b.Context(), statement.Person)
	check(b, err)
	var person, search []time.Duration
	for i := range 500 { // as many as the limit on requests lets through at once
		person = append(person, get("/people/"+ids[rand.N(len(ids))]))
		if i < 100 {
			search = append(search, get("/people?name="+searched[i%len(searched)]))
		}
	}
	percentiles(b, person, "person-page-")
	percentiles(b, search, "search-page-")
	var engine []time.Duration
	for i := range 2000 {
		began := time.Now()
		_, err := m.People.Find(b.Context(), names[i%len(names)], 10)
		check(b, err)
		engine = append(engine, time.Since(began))
	}
	percentiles(b, engine, "search-")
}

var (
	names    = strings.Split("Аминат Магомедова,Aminat Magomedova,أمينة,Патимат,Fatima,فاطمة,Юсуф Алиев,Yusuf,Марьям,Khadija Abdulaeva,Хадижа,Zarema", ",")
	searched = func() []string {
		var all []string
		for _, n := range names {
			all = append(all, strings.ReplaceAll(n, " ", "+"))
		}
		return all
	}()
)

// measureUnlock opens an office as a person does, with the vault's own cost of a
// passphrase left out: that is one second by intention.
func measureUnlock(b *testing.B, c homeward.Config) {
	b.Helper()
	o, err := homeward.OpenOffice(c, host.System())
	check(b, err)
	began := time.Now()
	h, err := o.Unlock(b.Context(), vault.Passphrase([]byte(words)))
	check(b, err)
	b.ReportMetric(time.Since(began).Seconds(), "unlock-s")
	check(b, h.Close())
}
