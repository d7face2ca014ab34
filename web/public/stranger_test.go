package public_test

import (
	"testing"
	"time"

	"homeward/evidence"
	"homeward/intake"
	"homeward/internal/blob"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/vault"
	"homeward/vault/vaulttest"
	"homeward/web/public"
)

// TestAStrangerLearnsNothingOfTheRegister sends reports about somebody who is in the
// register and about somebody who is not, before and after they are drained, and
// comes back with both receipts: the answers are the same in words and in size, and
// the register is not asked.
func TestAStrangerLearnsNothingOfTheRegister(t *testing.T) {
	t.Parallel()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h := host.System()
	folder := func() host.Dir {
		dir, err := host.OpenDir(t.TempDir())
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
	door, err := intake.NewDoor(known, folder(), h, intake.Limits{})
	must(err)
	e := evidence.New(blob.NewDisk(folder()), l, v, root, h)
	i := intake.NewIntake(door, root.IntakeIdentity(), l, e, v, main, h)
	r := register.New(vaulttest.Office, main, l, v, e, h)
	people := match.NewPeople(r, h)
	l.AddFollower(i)
	l.AddFollower(r)
	l.AddLearner(r.Learner())
	must(l.CatchUp(t.Context()))
	const here, nowhere = "Аминат Магомедова", "Зарема Хаджимурад" // as long as each other
	_, err = r.Add(t.Context(), "0192a0de-0000-7000-8000-000000000101", register.NewPerson{Statements: []statement.Statement{{Property: statement.PersonName, Value: here}}})
	must(err)
	for name, want := range map[string]int{here: 1, nowhere: 0} {
		if hits, err := people.Find(t.Context(), name, 5); err != nil || len(hits) != want || len(name) != len(here) {
			t.Fatalf("%d hits, want %d, %v; %d letters", len(hits), want, err, len(name))
		}
	}
	server := newSite(t, public.Pages{Door: door, Threads: i})

	for _, lang := range []string{"ru", "ar", "en"} {
		pages := map[string][]string{}
		for _, name := range []string{here, nowhere} {
			_, page := get(t, server.URL+"/"+lang+"/report")
			start := time.Now()
			status, page := newForm(t, "token", tokenOf(t, page), "language", lang, "name", name, "text", "Есть ли она в ваших списках: "+name+"?", "contact", "receipt_only").send(t, server.URL+"/"+lang+"/report")
			receipt := receiptOf(page)
			if status != 200 || receipt == "" {
				t.Fatalf("status %d", status)
			}
			t.Logf("answered in %v", time.Since(start))
			_, before := openReceipt(t, server.URL, receipt)
			if _, err := i.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, after := openReceipt(t, server.URL, receipt)
			pages[name] = []string{page, before, after}
		}
		for n, step := range []string{"the receipt", "coming back before it was read", "coming back after"} {
			a, b := pages[here][n], pages[nowhere][n]
			if len(a) != len(b) || own.ReplaceAllString(a, "") != own.ReplaceAllString(b, "") {
				t.Errorf("%s, %s: %d bytes for one who is here, %d for one who is not", lang, step, len(a), len(b))
			}
		}
	}
}
