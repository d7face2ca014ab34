package ledger_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/internal/db"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
)

// history makes a log with everything in it that may lawfully be there: people,
// withdrawals and their withdrawal, an erasure, looks.
func history(t *testing.T, o ledgertest.Office) {
	t.Helper()
	var acts []string
	var ids []string
	for i := range 12 {
		id, a := person(t, fmt.Sprint("name ", i))
		recorded := appended(t, o.Ledger, a)
		acts, ids = append(acts, recorded[0].ActID), append(ids, id)
	}
	withdrawn, err := o.Withdraw(t.Context(), user, "wrong list", acts[2:4], nil)
	must(t, err)
	_, err = o.Withdraw(t.Context(), user, "it was right", []string{withdrawn[0].ActID}, nil)
	must(t, err)
	_, err = o.Erase(t.Context(), []string{user, ledgertest.ID(t)}, "own_request", ids[5], "")
	must(t, err)
	for i := range 9 {
		must(t, o.Read(t.Context(), user, "person.read", ids[i]))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func verified(t *testing.T, l *ledger.Ledger, o ledger.VerifyOptions) ledger.Report {
	t.Helper()
	r, err := l.Verify(t.Context(), o)
	must(t, err)
	return r
}

// TestVerifyLawful is the control: nothing is found where nothing was altered.
func TestVerifyLawful(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, _, _ *db.DB) {
		if r := verified(t, o.Ledger, ledger.VerifyOptions{}); len(r.Findings) > 0 {
			t.Errorf("an empty log: %+v", r.Findings)
		}
		history(t, o)
		r := verified(t, o.Ledger, ledger.VerifyOptions{})
		for _, f := range r.Findings {
			t.Errorf("found %+v", f)
		}
		if r.Erased == 0 || r.Reads != 9 || r.Entries < 24 || r.Checkpoint == "" {
			t.Errorf("the report says %+v", r)
		}
	})
}

// logged is the beginning of a key in a table that holds both logs.
const logged = "CAST(log AS text) || '-' || CAST("

// columns of each table that may be altered, with whether they hold text, numbers or
// bytes, and the condition that chooses a row.
var columns = []struct{ table, column, kind, key string }{
	{"ledger_head", "log_id", "text", "log"}, {"ledger_head", "origin", "text", "log"}, {"ledger_head", "size", "number", "log"},
	{"ledger_head", "root", "bytes", "log"}, {"ledger_head", "epoch", "number", "log"}, {"ledger_head", "recorded_at", "number", "log"},
	{"ledger_key", "public_key", "bytes", "log_id"}, {"ledger_key", "sealed", "bytes", "log_id"},
	{"ledger_statement", "log_id", "text", "idx"}, {"ledger_statement", "epoch", "number", "idx"}, {"ledger_statement", "id", "text", "idx"},
	{"ledger_statement", "act_id", "text", "idx"}, {"ledger_statement", "act_kind", "text", "idx"}, {"ledger_statement", "subject", "text", "idx"},
	{"ledger_statement", "property", "text", "idx"}, {"ledger_statement", "object", "text", "idx"}, {"ledger_statement", "said_by", "text", "idx"},
	{"ledger_statement", "key_id", "text", "idx"}, {"ledger_statement", "recorded_by", "text", "idx"},
	{"ledger_statement", "recorded_at", "number", "idx"}, {"ledger_statement", "sealed", "bytes", "idx"},
	{"ledger_leaf", "commitment", "bytes", logged + "idx AS text)"}, {"ledger_leaf", "hash", "bytes", logged + "idx AS text)"},
	{"ledger_node", "hash", "bytes", logged + "position AS text)"},
	{"ledger_checkpoint", "note", "text", logged + "size AS text)"},
	{"ledger_record", "kind", "text", "id"}, {"ledger_record", "owner", "text", "id"}, {"ledger_record", "statement_id", "text", "id"}, {"ledger_record", "act_id", "text", "id"},
	{"ledger_withdrawal", "target", "text", "idx"}, {"ledger_withdrawal", "statement_id", "text", "idx"}, {"ledger_withdrawal", "act_id", "text", "idx"}, {"ledger_withdrawal", "recorded_at", "number", "idx"},
	{"ledger_read", "log_id", "text", "idx"}, {"ledger_read", "epoch", "number", "idx"}, {"ledger_read", "recorded_at", "number", "idx"},
	{"ledger_read", "user_id", "text", "idx"}, {"ledger_read", "action", "text", "idx"}, {"ledger_read", "object", "text", "idx"}, {"ledger_read", "salt", "bytes", "idx"},
}

// another gives an SQL expression for a value that differs from the column's.
func another(column, kind string) string {
	switch kind {
	case "number":
		return column + " + 1"
	case "bytes":
		return "$2"
	}
	return column + " || 'x'"
}

// keysOf lists the key values of a table as text.
func keysOf(t *testing.T, d *db.DB, table, key string) (keys []string) {
	t.Helper()
	must(t, d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		keys = nil
		rows, err := tx.QueryContext(ctx, "SELECT CAST("+key+" AS text) FROM "+table)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		for rows.Next() {
			var k string
			if err := rows.Scan(&k); err != nil {
				return err
			}
			keys = append(keys, k)
		}
		return rows.Err()
	}))
	return keys
}

// bytesOf reads one cell.
func bytesOf(t *testing.T, d *db.DB, table, column, key, value string) (data []byte) {
	t.Helper()
	must(t, d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT "+column+" FROM "+table+" WHERE CAST("+key+" AS text) = $1", value).Scan(&data)
	}))
	return data
}

func execute(t *testing.T, d *db.DB, sql string, args ...any) (affected int64) {
	t.Helper()
	must(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		r, err := tx.ExecContext(ctx, sql, args...)
		if err == nil {
			affected, err = r.RowsAffected()
		}
		return err
	}))
	return affected
}

// TestMutator alters every column of every table, deletes rows of every table and
// exchanges contents, one thing at a time, and wants each named in its table.
func TestMutator(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		history(t, o)
		chance := rand.New(rand.NewPCG(1779, 2019))
		tried := 0
		for _, c := range columns {
			keys := keysOf(t, d, c.table, c.key)
			if len(keys) == 0 {
				t.Fatalf("%s is empty", c.table)
			}
			chance.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
			for _, key := range keys[:min(len(keys), 6)] {
				tried++
				old := bytesOf(t, d, c.table, c.column, c.key, key)
				args := []any{key}
				if c.kind == "bytes" {
					altered := slices.Clone(old)
					altered[chance.IntN(len(altered))] ^= 1 << chance.IntN(8)
					args = append(args, altered)
				}
				n := execute(t, d, "UPDATE "+c.table+" SET "+c.column+" = "+another(c.column, c.kind)+" WHERE CAST("+c.key+" AS text) = $1", args...)
				named(t, o.Ledger, fmt.Sprintf("%s.%s of %s (%d rows)", c.table, c.column, key, n), c.table)
				undo(t, d, c.table, c.column, c.kind, c.key, key, old)
			}
		}
		if r := verified(t, o.Ledger, ledger.VerifyOptions{}); len(r.Findings) > 0 {
			t.Fatalf("the mutator did not put everything back: %+v", r.Findings)
		}
		t.Logf("%d mutations, all named", tried)
	})
}

func undo(t *testing.T, d *db.DB, table, column, kind, key, value string, old []byte) {
	t.Helper()
	where := " WHERE CAST(" + key + " AS text) = $1"
	switch kind {
	case "number":
		execute(t, d, "UPDATE "+table+" SET "+column+" = "+column+" - 1"+where, value)
	case "bytes":
		execute(t, d, "UPDATE "+table+" SET "+column+" = $2"+where, value, old)
	default:
		execute(t, d, "UPDATE "+table+" SET "+column+" = $2"+where, value, string(old))
	}
}

// named wants a finding in the table.
func named(t *testing.T, l *ledger.Ledger, what, table string) {
	t.Helper()
	r := verified(t, l, ledger.VerifyOptions{})
	if !slices.ContainsFunc(r.Findings, func(f ledger.Finding) bool { return f.Table == table }) {
		t.Errorf("%s: not named in %s; findings %+v", what, table, r.Findings)
	}
}

// TestMutatorDeletes takes one row out of each table, and puts rows in.
func TestMutatorDeletes(t *testing.T) {
	t.Parallel()
	tables := map[string]string{
		"ledger_statement": "idx", "ledger_leaf": "idx", "ledger_node": "position", "ledger_checkpoint": "size",
		"ledger_record": "id", "ledger_withdrawal": "idx", "ledger_read": "idx", "ledger_head": "log", "ledger_key": "log_id",
	}
	for table, key := range tables {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
				history(t, o)
				keys := keysOf(t, d, table, key)
				if execute(t, d, "DELETE FROM "+table+" WHERE CAST("+key+" AS text) = $1", keys[len(keys)/2]) == 0 {
					t.Fatal("nothing was deleted")
				}
				named(t, o.Ledger, "a row deleted", table)
			})
		})
	}
}

// TestMutatorInserts puts a row behind the end of the log, and exchanges contents.
func TestMutatorInserts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		history(t, o)
		execute(t, d, `INSERT INTO ledger_statement SELECT office_id, idx + 100000, log_id, epoch, id || 'x', act_id, act_kind, subject, property, object,
			said_by, key_id, recorded_by, recorded_at, sealed FROM ledger_statement WHERE idx = 1`)
		named(t, o.Ledger, "a statement inserted", "ledger_statement")
		execute(t, d, "DELETE FROM ledger_statement WHERE idx > 99999")

		one, two := bytesOf(t, d, "ledger_statement", "sealed", "idx", "1"), bytesOf(t, d, "ledger_statement", "sealed", "idx", "3")
		execute(t, d, "UPDATE ledger_statement SET sealed = $1 WHERE idx = 3", one)
		execute(t, d, "UPDATE ledger_statement SET sealed = $1 WHERE idx = 1", two)
		r := verified(t, o.Ledger, ledger.VerifyOptions{})
		swapped := 0
		for _, f := range r.Findings {
			if f.Kind == ledger.Swapped {
				swapped++
			}
		}
		if swapped != 2 {
			t.Errorf("two exchanged contents gave %+v", r.Findings)
		}
	})
}

// TestVerifyOutside: a log that is behind a checkpoint somebody kept was rolled back.
func TestVerifyOutside(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		history(t, o)
		kept, err := o.Checkpoint(t.Context())
		must(t, err)
		_, a := person(t, "later")
		appended(t, o.Ledger, a)
		if r := verified(t, o.Ledger, ledger.VerifyOptions{Outside: []string{kept}}); len(r.Findings) > 0 || r.Outside != 1 {
			t.Errorf("an earlier checkpoint: %+v", r)
		}
		other := strings.Replace(kept, "prev ", "prev 0", 1)
		if r := verified(t, o.Ledger, ledger.VerifyOptions{Outside: []string{other}}); len(r.Findings) != 1 || r.Findings[0].Kind != ledger.Forked {
			t.Errorf("a forged checkpoint: %+v", r.Findings)
		}
		rollBack(t, d, kept)
		late, err := o.Checkpoint(t.Context())
		must(t, err)
		if late != kept {
			t.Fatal("the log was not rolled back")
		}
		r := verified(t, o.Ledger, ledger.VerifyOptions{Outside: []string{kept}})
		if len(r.Findings) > 0 {
			t.Fatalf("rolled back and whole: %+v", r.Findings)
		}
	})
}

// rollBack takes everything out that came after a checkpoint, as one would who puts
// the whole database back to yesterday.
func rollBack(t *testing.T, d *db.DB, checkpoint string) {
	t.Helper()
	var size int64
	if _, err := fmt.Sscan(strings.Split(checkpoint, "\n")[1], &size); err != nil {
		t.Fatal(err)
	}
	for table, where := range map[string]string{
		"ledger_statement": "idx >= $1", "ledger_leaf": "log = 1 AND idx >= $1", "ledger_checkpoint": "log = 1 AND size > $1",
		"ledger_record": "idx >= $1", "ledger_withdrawal": "idx >= $1",
	} {
		execute(t, d, "DELETE FROM "+table+" WHERE "+where, size)
	}
	execute(t, d, "DELETE FROM ledger_node WHERE log = 1 AND position >= $1", ledger.NodeEnd(size))
	root := rootOf(t, checkpoint)
	at := atOf(t, checkpoint)
	execute(t, d, "UPDATE ledger_head SET size = $1, root = $2, recorded_at = $3 WHERE log = 1", size, root, at)
}

// TestVerifyRolledBack: yesterday's database against today's checkpoint outside.
func TestVerifyRolledBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		history(t, o)
		yesterday, err := o.Checkpoint(t.Context())
		must(t, err)
		_, a := person(t, "later")
		appended(t, o.Ledger, a)
		today, err := o.Checkpoint(t.Context())
		must(t, err)
		rollBack(t, d, yesterday)
		r := verified(t, o.Ledger, ledger.VerifyOptions{Outside: []string{today}})
		if len(r.Findings) != 1 || r.Findings[0].Kind != ledger.RolledBack || !strings.Contains(r.Findings[0].What, "entries") {
			t.Errorf("rolled back gave %+v", r.Findings)
		}
	})
}

// TestVerifyResealed: somebody who has the keys seals other content at a place.
func TestVerifyResealed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o ledgertest.Office, d, _ *db.DB) {
		id, a := person(t, "before")
		recorded := appended(t, o.Ledger, a)
		forged := recorded[1]
		forged.Value = "after"
		sealed, err := o.Vault.Seal(t.Context(), id, fmt.Sprintf("ledger/statement/%s/%d", o.LogID(), forged.Index),
			append(statement.Canonical(forged), make([]byte, 32)...))
		must(t, err)
		execute(t, d, "UPDATE ledger_statement SET sealed = $1 WHERE idx = $2", sealed, forged.Index)
		r := verified(t, o.Ledger, ledger.VerifyOptions{})
		if len(r.Findings) != 1 || r.Findings[0].Kind != ledger.Resealed || r.Findings[0].Index != forged.Index {
			t.Errorf("resealed gave %+v", r.Findings)
		}
	})
}

// rootOf and atOf read a checkpoint's lines.
func rootOf(t *testing.T, checkpoint string) []byte {
	t.Helper()
	root, err := base64.StdEncoding.DecodeString(strings.Split(checkpoint, "\n")[2])
	must(t, err)
	return root
}

func atOf(t *testing.T, checkpoint string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, strings.TrimPrefix(strings.Split(checkpoint, "\n")[5], "at "))
	must(t, err)
	return at.UnixMicro()
}
