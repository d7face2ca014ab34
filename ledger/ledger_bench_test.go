package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
	"homeward/vault/vaulttest"
)

// BenchmarkMillion appends a million statements in acts of twenty thousand and
// verifies all of them, on SQLite (go test -benchtime 1x).
func BenchmarkMillion(b *testing.B) {
	const people, each, acts = 4000, 5, 50
	for b.Loop() {
		d := dbtest.SQLite(b)
		keyring := dbtest.EmptySQLite(b)
		root, v := vaulttest.Open(b, keyring, host.System())
		l := ledgertest.Ledger(b, d, root, v, host.System(), nil)
		began := time.Now()
		for range acts {
			act := statement.Act{Kind: statement.ActImport, By: user}
			for i := range people {
				id := ledgertest.ID(b)
				act.Statements = append(act.Statements, ledgertest.Opens(id, statement.Person))
				for j := range each - 1 {
					act.Statements = append(act.Statements, statement.Statement{Subject: id, Property: statement.PersonName, Value: fmt.Sprint("an invented name ", i, j)})
				}
			}
			if _, err := l.Append(b.Context(), act); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(people*each*acts)/time.Since(began).Seconds(), "appended/s")
		began = time.Now()
		r, err := l.Verify(b.Context(), ledger.VerifyOptions{})
		if err != nil || len(r.Findings) > 0 || r.Entries != people*each*acts {
			b.Fatalf("%v %+v", err, r)
		}
		b.ReportMetric(time.Since(began).Seconds(), "verify-s")
	}
}

// BenchmarkAppend appends acts of two statements, one after the other, each on the
// disk when the next begins.
func BenchmarkAppend(b *testing.B) {
	d, keyring := dbtest.SQLite(b), dbtest.EmptySQLite(b)
	root, v := vaulttest.Open(b, keyring, host.System())
	l := ledgertest.Ledger(b, d, root, v, host.System(), nil)
	for b.Loop() {
		id := ledgertest.ID(b)
		act := statement.Act{Kind: statement.ActEntry, By: user, Statements: []statement.Statement{
			ledgertest.Opens(id, statement.Person),
			{Subject: id, Property: statement.PersonName, Value: "an invented name"},
		}}
		if _, err := l.Append(b.Context(), act); err != nil {
			b.Fatal(err)
		}
	}
}
