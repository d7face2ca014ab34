package homeward_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"homeward"
	"homeward/access"
	"homeward/casework"
	"homeward/intake"
	"homeward/internal/db"
	"homeward/internal/example"
	"homeward/ledger"
	"homeward/register"
	"homeward/statement"
)

// TestEveryTableHasAClass holds what verify knows of tables to both schemas: a new table
// that nobody has thought about turns this red.
func TestEveryTableHasAClass(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		h := openKept(t, unpack(t, newest(t), kind))
		for name, half := range halves(h) {
			known := map[string]string{}
			for table, class := range homeward.Tables(name == "data") {
				known[table] = class
			}
			for _, table := range tablesOf(t, half) {
				if known[table] == "" {
					t.Errorf("%s: %s has no class in tables.go, so verify does not look at it", kind, table)
				}
				delete(known, table)
			}
			for table := range known {
				if kind == "postgres" || table != "db_migration_lock" {
					t.Errorf("%s: there is no table %s", kind, table)
				}
			}
		}
	}
}

var kinds = []string{"sqlite", "postgres"}

func newest(t *testing.T) string {
	t.Helper()
	return schemaFolder + "/v1"
}

func halves(h *homeward.House) map[string]*db.DB {
	return map[string]*db.DB{"data": h.DB, "keyring": h.Keyring}
}

func tablesOf(t *testing.T, d *db.DB) (names []string) {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if d.Dialect() == db.PostgreSQL {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	ok(t, d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		names, err = lines(ctx, tx, query)
		return err
	}))
	slices.Sort(names)
	return names
}

// lawful makes an office in which everything that is watched or computed has rows, by
// what may lawfully be done in it: the control of every mutation.
func lawful(t *testing.T, kind string) *homeward.House {
	t.Helper()
	h := openKept(t, unpack(t, newest(t), kind))
	ctx := t.Context()
	users, err := h.Access.Users(ctx)
	ok(t, err)
	anna, boris := users[0].ID, users[1].ID
	// The same report twice, the second time after the first was taken.
	token, err := h.Door.Token()
	ok(t, err)
	for range 2 {
		sendWith(t, h.Door, token, "Ещё раз (вымышлено).")
		_, err = h.Intake.Drain(ctx)
		ok(t, err)
	}
	receipt, err := example.Send(ctx, h.Door, example.Report{Language: "ar", Name: "أم", Text: "(مخترع)"})
	ok(t, err)
	_, err = h.Intake.Drain(ctx)
	ok(t, err)
	thread, err := h.Intake.Lookup(ctx, receipt.String())
	ok(t, err)
	ok(t, h.Intake.RevokeReceipt(ctx, anna, thread.Appeal, "in wrong hands (invented)"))
	var tasks []string
	for _, text := range []string{"ring her aunt", "write to the camp"} {
		id, err := h.Casework.AddTask(ctx, anna, casework.Task{Text: text, For: boris})
		ok(t, err)
		tasks = append(tasks, id)
	}
	ok(t, h.Casework.FinishTask(ctx, boris, tasks[0], true))
	_, code, err := h.Access.Invite(ctx, "", access.NewUser{UserName: "vera", Name: "Vera (invented)", Role: access.Caseworker})
	ok(t, err)
	activate(t, h, code)
	ok(t, h.Access.Disable(ctx, "", boris))
	ok(t, h.Vault.Suppress(ctx, "0199aaaa-0000-7000-8000-000000000001", h.Vault.Mark("a"), h.Vault.Mark("b")))
	_, err = h.Register.Add(ctx, anna, register.NewPerson{Statements: []statement.Statement{{Property: statement.PersonName, Value: "Ошибка", Lang: "ru"}}, Note: "invented"})
	ok(t, err)
	said := records(t, h.DB, "ledger_statement")
	last := said[slices.IndexFunc(said, func(r record) bool { return r.values[1] == size(t, h)-1 })]
	_, err = h.Ledger.Withdraw(ctx, anna, "a mistake", []string{last.values[slices.Index(last.columns, "act_id")].(string)}, nil)
	ok(t, err)
	ok(t, h.Vault.CountLock(ctx))
	ok(t, h.Ledger.Read(ctx, anna, "person.read", anna))
	return h
}

func size(t *testing.T, h *homeward.House) int64 {
	t.Helper()
	n, err := h.Ledger.Size(t.Context())
	ok(t, err)
	return n
}

// activate gives a colleague her password and her recovery codes.
func activate(t *testing.T, h *homeward.House, code string) {
	t.Helper()
	begun, err := h.Access.BeginActivation(t.Context(), code)
	ok(t, err)
	first, err := totp.GenerateCode(begun.Secret, h.Host.Now())
	ok(t, err)
	_, err = h.Access.Activate(t.Context(), "", code, begun.Sealed, "a road of seven invented stones", first)
	ok(t, err)
}

// sendWith sends a report of one text with a token of the form.
func sendWith(t *testing.T, door *intake.Door, token, text string) intake.Receipt {
	t.Helper()
	parts := []intake.Part{{Field: intake.FieldLanguage, Body: strings.NewReader("ru")}, {Field: intake.FieldText, Body: strings.NewReader(text)}}
	receipt, err := door.Receive(t.Context(), token, "", func() (p intake.Part, err error) {
		if len(parts) == 0 {
			return p, io.EOF
		}
		p, parts = parts[0], parts[1:]
		return p, nil
	})
	ok(t, err)
	return receipt
}

// TestVerifyLawful is the control of the mutations: it names nothing, and says what it
// looked at.
func TestVerifyLawful(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := lawful(t, kind)
			r := verify(t, h)
			for _, f := range r.Findings {
				t.Errorf("found %+v", f)
			}
			looked := map[ledger.Scope]ledger.Looked{}
			for _, l := range r.Looked {
				looked[l.What] = l
			}
			for _, scope := range []ledger.Scope{ledger.Files, ledger.Computed, ledger.Watched} {
				if l := looked[scope]; l.Left || l.N == 0 {
					t.Errorf("of %s it says %+v", scope, l)
				}
			}
			if r.Keys == 0 || !looked[ledger.Passing].Left || r.Rows.Data == 0 || r.Rows.Keyring == 0 {
				t.Errorf("the report says %d keys, %+v, %+v", r.Keys, looked, r.Rows)
			}
			quick, err := h.VerifyAs(t.Context(), homeward.Verification{Quick: true})
			ok(t, err)
			if !slices.Contains(quick.Looked, ledger.Looked{What: ledger.Computed, Left: true}) {
				t.Errorf("the quick one says that it looked at %+v", quick.Looked)
			}
		})
	}
}

func verify(t *testing.T, h *homeward.House) ledger.Report {
	t.Helper()
	r, err := h.Verify(t.Context(), "", nil)
	ok(t, err)
	return r
}

// record is a row as it lies in its table.
type record struct {
	table   string
	columns []string
	values  []any
}

// records reads a table.
func records(t *testing.T, d *db.DB, table string) (all []record) {
	t.Helper()
	ok(t, d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		all = nil
		rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table) // #nosec G202 -- a name out of the catalogue
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // Err tells
		columns, err := rows.Columns()
		for err == nil && rows.Next() {
			r := record{table, columns, make([]any, len(columns))}
			into := make([]any, len(columns))
			for i := range into {
				into[i] = &r.values[i]
			}
			err = rows.Scan(into...)
			for i, v := range r.values {
				if b, is := v.([]byte); is {
					r.values[i] = bytes.Clone(b)
				}
			}
			all = append(all, r)
		}
		if err != nil {
			return err
		}
		return rows.Err()
	}))
	slices.SortFunc(all, func(a, b record) int { return strings.Compare(fmt.Sprint(a.values...), fmt.Sprint(b.values...)) })
	return all
}

func (r record) where(from int) (text string, args []any) {
	var b strings.Builder
	for i, c := range r.columns {
		if i > 0 {
			b.WriteString(" AND ")
		}
		fmt.Fprintf(&b, "%s = $%d", c, from+i)
	}
	return b.String(), r.values
}

func (r record) remove(t *testing.T, d *db.DB) {
	t.Helper()
	where, args := r.where(1)
	run(t, d, "DELETE FROM "+r.table+" WHERE "+where, args...)
}

func (r record) add(t *testing.T, d *db.DB) {
	t.Helper()
	places := make([]string, len(r.values))
	for i := range places {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	run(t, d, "INSERT INTO "+r.table+" ("+strings.Join(r.columns, ", ")+") VALUES ("+strings.Join(places, ", ")+")", r.values...)
}

// with gives the row with another value in a column.
func (r record) with(i int, v any) record {
	r.values = slices.Clone(r.values)
	r.values[i] = v
	return r
}

// strange gives a row like it that nobody made; of a table that has one row, none.
func (r record) strange() (record, bool) {
	for i := 1; i < len(r.values); i++ { // office_id is the first column of every table
		r = r.with(i, altered(r.values[i]))
	}
	return r, r.table != "guard_sum" && r.table != "vault_state" && r.table != "letters_office"
}

// set puts another row in its place.
func (r record) set(t *testing.T, d *db.DB, other record) {
	t.Helper()
	r.remove(t, d)
	other.add(t, d)
}

func run(t *testing.T, d *db.DB, text string, args ...any) {
	t.Helper()
	ok(t, d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		result, err := tx.ExecContext(ctx, text, args...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n != 1 {
			return fmt.Errorf("%d rows by %s: %w", n, text, err)
		}
		return nil
	}))
}

// altered gives another value.
func altered(v any) any {
	switch v := v.(type) {
	case []byte:
		other := bytes.Clone(v)
		if len(other) == 0 {
			return []byte{1}
		}
		other[len(other)/2] ^= 1
		return other
	case string:
		return v + "x"
	case int64:
		return v + 7777
	}
	return fmt.Sprint(v) + "x"
}

// mutated are the tables that verify answers for.
func mutated(data bool) (names []string) {
	for table, class := range homeward.Tables(data) {
		if class != "passing" {
			names = append(names, table)
		}
	}
	slices.Sort(names)
	return names
}

// TestVerifyNamesEveryCell alters every column of every table that verify answers for,
// with all checks on; deletes a row of each, and adds one.
func TestVerifyNamesEveryCell(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := office{lawful(t, kind)}
			if found := verify(t, h.House).Findings; len(found) > 0 {
				t.Fatalf("the control: %+v", found)
			}
			h.alterProven(t)
			h.alterSideBySide(t)
			if found := verify(t, h.House).Findings; len(found) > 0 {
				t.Errorf("everything put back: %+v", found)
			}
		})
	}
}

// alterProven alters one row after the other of what is not independent of the rest: the
// log, the keys, and what is kept of the watched rows.
func (o office) alterProven(t *testing.T) {
	t.Helper()
	for name, d := range halves(o.House) {
		for _, table := range mutated(name == "data") {
			if independent(name == "data", table) {
				continue
			}
			all := records(t, d, table)
			if len(all) == 0 {
				if !empty[table] {
					t.Errorf("no row of %s to alter", table)
				}
				continue
			}
			r := all[len(all)/2]
			for i, column := range r.columns {
				other := r.with(i, altered(r.values[i]))
				r.set(t, d, other)
				o.named(t, "altering "+column, table)
				other.set(t, d, r)
			}
			r.remove(t, d)
			o.named(t, "deleting", table)
			r.add(t, d)
			if strange, can := r.strange(); can {
				strange.add(t, d)
				o.named(t, "inserting", table)
				strange.remove(t, d)
			}
		}
	}
}

// independent tables are those whose findings do not depend on other tables, so that one
// row of each can be altered at once.
func independent(data bool, table string) bool {
	class := homeward.Tables(data)[table]
	return class == "computed" || class == "watched" && table != "vault_state"
}

// change is what is done to one row of many tables at once; nil leaves a table out.
type change func(r record) (other *record)

// alterSideBySide alters a column, deletes a row and adds one, of all the other tables at
// once, and wants each of them named.
func (o office) alterSideBySide(t *testing.T) {
	t.Helper()
	for i := range 20 {
		o.alterAll(t, fmt.Sprint("altering column ", i), func(r record) *record {
			if i >= len(r.columns) {
				return nil
			}
			other := r.with(i, altered(r.values[i]))
			return &other
		})
	}
	o.alterAll(t, "deleting", func(record) *record { return &record{} })
}

func (o office) alterAll(t *testing.T, what string, change change) {
	t.Helper()
	var wanted []string
	var undo []func()
	for name, d := range halves(o.House) {
		for _, table := range mutated(name == "data") {
			if !independent(name == "data", table) {
				continue
			}
			all := records(t, d, table)
			if len(all) == 0 {
				if !empty[table] {
					t.Errorf("no row of %s to alter", table)
				}
				continue
			}
			r := all[len(all)/2]
			other := change(r)
			if other == nil {
				continue
			}
			r.remove(t, d)
			if other.table != "" {
				other.add(t, d)
				undo = append(undo, func() { other.remove(t, d) })
			}
			undo, wanted = append(undo, func() { r.add(t, d) }), append(wanted, table)
		}
	}
	if len(wanted) > 0 {
		o.named(t, what, wanted...)
	}
	for _, fn := range undo {
		fn()
	}
}

// empty are the tables without rows in the kept office: what is begun and not ended, and
// what came later.
var empty = map[string]bool{"ledger_pending": true, "figures_release": true, "letters_message": true}

// TestVerifyNamesStrangers: a row in a table that has none.
func TestVerifyNamesStrangers(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		h := office{lawful(t, kind)}
		id := h.Root.OfficeID()
		for _, r := range []record{
			{"figures_release", []string{"office_id", "number", "id", "entry"}, []any{id, int64(1), "0199aaaa-0000-7000-8000-000000000001", int64(3)}},
			{"letters_message", []string{"office_id", "id", "appeal", "released", "revoked", "entry", "withdrawn"}, []any{id, "x", "y", int64(1), int64(0), int64(2), int64(0)}},
			{"ledger_pending", []string{"office_id", "id", "sealed"}, []any{id, "0199aaaa-0000-7000-8000-000000000001", []byte("xaes256:nothing")}},
		} {
			r.add(t, h.DB)
			h.named(t, "inserting", r.table)
			r.remove(t, h.DB)
		}
	}
}

// of gives the row of a table whose column has a value.
func of(t *testing.T, d *db.DB, table, column string, value any) record {
	t.Helper()
	for _, r := range records(t, d, table) {
		if r.values[slices.Index(r.columns, column)] == value {
			return r
		}
	}
	t.Fatalf("%s has no row with that %s", table, column)
	return record{}
}

// TestVerifyNamesRollBack: an account that was closed is put back as it was, first by its
// row, then with its twin, then with the sum over all twins.
func TestVerifyNamesRollBack(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := office{lawful(t, kind)}
			ctx := t.Context()
			users, err := h.Access.Users(ctx)
			ok(t, err)
			anna := users[0].ID
			row, twin, sum := of(t, h.DB, "access_user", "id", anna), of(t, h.DB, "guard_row", "id", anna), records(t, h.DB, "guard_sum")[0]
			ok(t, h.Access.Disable(ctx, "", anna))
			ok(t, h.Ledger.Read(ctx, anna, "person.read", anna)) // a checkpoint says how often something was changed
			if found := verify(t, h.House).Findings; len(found) > 0 {
				t.Fatalf("closing an account: %+v", found)
			}
			of(t, h.DB, "access_user", "id", anna).set(t, h.DB, row)
			h.named(t, "putting back the row", "access_user")
			of(t, h.DB, "guard_row", "id", anna).set(t, h.DB, twin)
			h.named(t, "putting back row and twin", "access_user")
			records(t, h.DB, "guard_sum")[0].set(t, h.DB, sum)
			h.named(t, "putting back the sums", "guard_sum")
		})
	}
}

// TestReceiptsAreWatched: of two receipts that were exchanged neither shows the other's
// thread without being named, and receipts that were deleted come back with a rebuild.
func TestReceiptsAreWatched(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := office{lawful(t, kind)}
			ctx := t.Context()
			receipt := sendWith(t, h.Door, formToken(t, h.Door), "Третье (вымышлено).")
			_, err := h.Intake.Drain(ctx)
			ok(t, err)
			was, err := h.Intake.Lookup(ctx, receipt.String())
			ok(t, err)
			all := records(t, h.DB, "intake_receipt")
			at := slices.Index(all[0].columns, "appeal")
			a, b := all[0], all[1]
			a.set(t, h.DB, a.with(at, b.values[at]))
			b.set(t, h.DB, b.with(at, a.values[at]))
			h.named(t, "exchanging appeals", "intake_receipt")
			n, err := h.Rebuild(ctx, nil)
			if err != nil || n != 2 {
				t.Errorf("rebuilt, %d rows are put back, %v", n, err)
			}
			for _, r := range records(t, h.DB, "intake_receipt") {
				r.remove(t, h.DB)
			}
			h.named(t, "deleting all", "intake_receipt")
			_, err = h.Rebuild(ctx, nil)
			ok(t, err)
			if found := verify(t, h.House).Findings; len(found) > 0 {
				t.Errorf("rebuilt: %+v", found)
			}
			if now, err := h.Intake.Lookup(ctx, receipt.String()); err != nil || now != was {
				t.Errorf("the receipt opens %+v, %v", now, err)
			}
		})
	}
}

func formToken(t *testing.T, door *intake.Door) string {
	t.Helper()
	token, err := door.Token()
	ok(t, err)
	return token
}

// named verifies, and wants a finding of each table.
func (o office) named(t *testing.T, what string, wanted ...string) {
	t.Helper()
	r, err := o.VerifyRows(t.Context())
	if err != nil {
		t.Errorf("%s of %s: verify ends with %v", what, wanted, err)
		return
	}
	var tables []string
	for _, f := range r.Findings {
		tables = append(tables, f.Table)
	}
	for _, table := range wanted {
		if !slices.Contains(tables, table) && (table != "guard_row" || len(tables) == 0) { // or the row whose twin it is
			t.Errorf("%s of %s: named are %v", what, table, tables)
		}
	}
}

type office struct{ *homeward.House }

// TestVerifyReadsTheKeyring: keys that this process has in its memory, of a person, an
// appeal and a file, are gone from the keyring, and each is named; so is a statement about
// a file whose key is another's, and the rest is verified all the same.
func TestVerifyReadsTheKeyring(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := office{lawful(t, kind)}
			for _, k := range []statement.Kind{statement.Person, statement.Appeal, statement.File} {
				ids, err := h.Ledger.OfKind(t.Context(), k)
				ok(t, err)
				_, err = h.Ledger.About(t.Context(), ids...) // now its keys are in memory
				ok(t, err)
				key := of(t, h.Keyring, "vault_key", "id", ids[0])
				key.remove(t, h.Keyring)
				h.named(t, "deleting the key of a "+string(k), "vault_key", "ledger_statement")
				key.add(t, h.Keyring)
			}
			said := of(t, h.DB, "ledger_statement", "property", string(statement.FileSHA256))
			other := said.with(slices.Index(said.columns, "key_id"), "x")
			said.set(t, h.DB, other)
			h.named(t, "altering the key of a file's hash", "ledger_statement", "files")
			other.set(t, h.DB, said)
		})
	}
}

// TestSpoolsOfTwoProcesses: one report lies in the spools of two processes, each of which
// drains it. That is lawful; a report that was really taken away is named all the same.
func TestSpoolsOfTwoProcesses(t *testing.T) {
	t.Parallel()
	c := unpack(t, newest(t), "postgres")
	h, other := openKept(t, c), openBeside(t, c)
	ctx := t.Context()
	form := formToken(t, h.Door)
	if a, b := sendWith(t, h.Door, form, "Одно и то же"), sendWith(t, other.Door, form, "Одно и то же"); a != b {
		t.Fatalf("one report has the receipts %s and %s", a, b)
	}
	for _, house := range []*homeward.House{h, other} {
		_, err := house.Intake.Drain(ctx)
		ok(t, err)
	}
	for _, house := range []*homeward.House{h, other} {
		if found := verify(t, house).Findings; len(found) > 0 {
			t.Errorf("found %+v", found)
		}
	}
	sendWith(t, other.Door, formToken(t, other.Door), "Это заберут")
	reports, err := filepath.Glob(filepath.Join(other.Config.Dir, "spool", "*.report"))
	if err != nil || len(reports) != 1 {
		t.Fatal(reports, err)
	}
	sendWith(t, other.Door, formToken(t, other.Door), "Это останется")
	ok(t, os.Remove(reports[0]))
	codes := []string{}
	for _, f := range verify(t, other).Findings {
		codes = append(codes, f.Code)
	}
	if !slices.Contains(codes, "report_missing") && !slices.Contains(codes, "report_unread") {
		t.Errorf("a report was taken away, and found is %v", codes)
	}
}

// openBeside opens a second process's folder over the same databases.
func openBeside(t *testing.T, c homeward.Config) *homeward.House {
	t.Helper()
	dir := t.TempDir()
	ok(t, os.CopyFS(filepath.Join(dir, "keys"), os.DirFS(filepath.Join(c.Dir, "keys"))))
	c.Files, c.Dir = filepath.Join(c.Dir, "files"), dir // the originals are theirs together
	return openKept(t, c)
}
