// Package guard keeps watch over rows that nothing else vouches for: those that no
// statement of the ledger says and that can therefore not be computed again. Who has an
// account, which receipt opens which appeal, what was taken out of a spool.
//
// # The story
//
// A room that changes such a row does so through Change. Beside the row lies its twin
// then, in guard_row: the row once more, sealed under the office's key together with its
// place and a random number that nobody sees. Of the random numbers of all twins of a
// table the sum is kept, with how many they are and how often something was changed:
// sealed too, one row for all tables (guard_sum). Whoever can write the database and has
// no key can change a row, but not its twin; can delete or put back both, but not the sum.
// And who puts back the sum as well, puts back the number of changes, which the ledger
// has signed in its checkpoints since (Changes).
//
// Check names what does not fit. What a whole twin holds can be put back (Restore).
//
// A row that is already not what its twin says stays so: Change does the room's work and
// leaves the twin as it is, so that nothing that was altered is made good by being used.
package guard

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"homeward/internal/db"
)

// Table is one whose rows are watched. Key is its primary key without the office,
// Columns are all the others.
type Table struct {
	Name         string
	Key, Columns []string
}

// Main are the tables of the data that are watched, Keyring those of the keys.
var (
	Main = []Table{
		{"access_user", []string{"id"}, []string{"lookup", "code", "account"}},
		{"access_recovery", []string{"user_id", "hash"}, nil},
		{"access_event", []string{"id"}, []string{"at", "kind", "user_id", "by_id"}},
		{"casework_erasure", []string{"approval"}, []string{"rule", "from_at", "done_at"}},
		{"casework_task", []string{"id"}, []string{"about", "user_id", "due", "made_at", "made_by", "done_at", "done_by", "sealed"}},
		{"intake_receipt", []string{"mark"}, []string{"appeal", "expires_at", "revoked_at"}},
		{"intake_spooled", []string{"token", "content"}, []string{"spool", "number", "outcome", "reason", "given", "appeal", "awaits", "seen_at"}},
		{"intake_again", []string{"spool", "number"}, []string{"token", "content", "seen_at"}},
		{"letters_number", []string{"year"}, []string{"last"}},
		{"letters_office", nil, []string{"sealed"}},
	}
	Keyring = []Table{
		{"vault_state", nil, []string{"epoch", "locks", "proof"}},
		{"vault_erasure", []string{"id"}, []string{"root", "erasure", "forgotten_at"}},
		{"vault_suppression", []string{"mark"}, []string{"erasure", "made_at"}},
	}
)

// Sealer seals under the office's own key; *vault.Vault is one.
type Sealer interface {
	OfficeSeal(label string, plaintext []byte) ([]byte, error)
	OfficeOpen(label string, sealed []byte) ([]byte, error)
}

// Guard watches the tables of one database.
type Guard struct {
	office string
	sealer Sealer
	tables []Table
}

// New watches the tables of an office.
func New(office string, sealer Sealer, tables []Table) *Guard {
	return &Guard{office, sealer, tables}
}

// Key is a row's primary key without the office, in the order of Table.Key.
type Key []any

// Row is the key of one row.
func Row(values ...any) []Key { return []Key{values} }

func (g *Guard) table(name string) Table {
	for _, t := range g.tables {
		if t.Name == name {
			return t
		}
	}
	panic("guard: " + name + " is not watched") // a table's name is a constant of its room
}

// Change changes rows of a table by what fn does in the transaction, and their twins
// with them. keys are all rows that fn may change, that it makes or that it removes.
func (g *Guard) Change(ctx context.Context, tx *db.Tx, table string, keys []Key, fn func() error) error {
	t := g.table(table)
	sums, err := g.sums(ctx, tx)
	if err != nil {
		return err
	}
	if sums == nil || sums[table] == nil { // not watched yet, or somebody took the sums: Check says so
		return fn()
	}
	rows := make([]watched, len(keys))
	for i, key := range keys {
		if rows[i], err = g.look(ctx, tx, t, key); err != nil {
			return err
		}
	}
	if err := fn(); err != nil {
		return err
	}
	changed := false
	for _, w := range rows {
		if !w.fits() {
			continue
		}
		did, err := g.follow(ctx, tx, t, w, sums[table])
		if err != nil {
			return err
		}
		changed = changed || did
	}
	if !changed {
		return nil
	}
	return g.putSums(ctx, tx, sums)
}

// Where gives the keys of the rows of a table in which a column has a value, for Change.
func (g *Guard) Where(ctx context.Context, tx *db.Tx, table, column string, value any) (keys []Key, err error) {
	t := g.table(table)
	err = query(ctx, tx, len(t.Key), func(values []any) error {
		keys = append(keys, values)
		return nil
	}, "SELECT "+strings.Join(t.Key, ", ")+" FROM "+table+" WHERE office_id = $1 AND "+column+" = $2", g.office, value)
	return keys, err
}

// watched is a row with its twin, as they lie side by side.
type watched struct {
	key  Key
	id   string
	row  []string // nil when there is none
	twin *twin    // nil when there is none, or it does not open
	lost bool     // it is there and does not open
}

// fits says whether the twin is the row's.
func (w watched) fits() bool {
	if w.lost || (w.row == nil) != (w.twin == nil) {
		return false
	}
	return w.twin == nil || equal(w.row, w.twin.Row)
}

// twin is a row once more. Tag is a random number, the twin's part of the sum.
type twin struct {
	ID  string   `json:"id"`
	Row []string `json:"row"` // key and columns
	Tag []byte   `json:"tag"`
}

func label(table string) string { return "guard/row/" + table }

func (g *Guard) look(ctx context.Context, tx *db.Tx, t Table, key Key) (w watched, err error) {
	w = watched{key: key, id: idOf(key)}
	if w.row, err = g.row(ctx, tx, t, key); err != nil {
		return w, err
	}
	var sealed []byte
	err = tx.QueryRowContext(ctx, "SELECT sealed FROM guard_row WHERE office_id = $1 AND room = $2 AND id = $3", g.office, t.Name, w.id).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return w, nil
	}
	if err == nil {
		w.twin = g.open(t, w.id, sealed)
		w.lost = w.twin == nil
	}
	return w, err
}

// open gives a twin; nil when it is not one of that row.
func (g *Guard) open(t Table, id string, sealed []byte) *twin {
	plain, err := g.sealer.OfficeOpen(label(t.Name), sealed)
	if err != nil {
		return nil
	}
	defer clear(plain)
	w := new(twin)
	if json.Unmarshal(plain, w) != nil || w.ID != id || len(w.Tag) != tagSize || len(w.Row) != len(t.Key)+len(t.Columns) {
		return nil
	}
	return w
}

// follow brings the twin after its row, and says whether there was anything to do.
func (g *Guard) follow(ctx context.Context, tx *db.Tx, t Table, w watched, s *sum) (bool, error) {
	now, err := g.row(ctx, tx, t, w.key)
	if err != nil || w.twin == nil && now == nil || w.twin != nil && now != nil && equal(now, w.twin.Row) {
		return false, err
	}
	if w.twin != nil {
		s.take(w.twin.Tag)
	}
	s.Changes++
	if now == nil {
		_, err := tx.ExecContext(ctx, "DELETE FROM guard_row WHERE office_id = $1 AND room = $2 AND id = $3", g.office, t.Name, w.id)
		return true, err
	}
	return true, g.put(ctx, tx, t, w.id, now, s)
}

// put writes a row's twin and adds it to the sum.
func (g *Guard) put(ctx context.Context, tx *db.Tx, t Table, id string, row []string, s *sum) error {
	fresh := twin{ID: id, Row: row, Tag: make([]byte, tagSize)}
	rand.Read(fresh.Tag) // #nosec G104 -- never fails: crypto/rand ends the program instead
	plain, err := json.Marshal(fresh)
	if err != nil {
		return err
	}
	defer clear(plain)
	sealed, err := g.sealer.OfficeSeal(label(t.Name), plain)
	if err != nil {
		return err
	}
	s.add(fresh.Tag)
	_, err = tx.ExecContext(ctx, `INSERT INTO guard_row (office_id, room, id, sealed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (office_id, room, id) DO UPDATE SET sealed = excluded.sealed`, g.office, t.Name, id, sealed)
	return err
}

func (t Table) all() []string { return append(append([]string{}, t.Key...), t.Columns...) }

// row reads a row as text; nil when there is none.
func (g *Guard) row(ctx context.Context, tx *db.Tx, t Table, key Key) (row []string, err error) {
	var where strings.Builder
	args := []any{g.office}
	for i, column := range t.Key {
		fmt.Fprintf(&where, " AND %s = $%d", column, i+2)
		args = append(args, key[i])
	}
	columns := t.all()
	err = query(ctx, tx, len(columns), func(values []any) error {
		row = texts(values)
		return nil
	}, "SELECT "+strings.Join(columns, ", ")+" FROM "+t.Name+" WHERE office_id = $1"+where.String(), args...)
	return row, err
}

// query gives the values of each row to fn.
func query(ctx context.Context, tx *db.Tx, width int, fn func(values []any) error, text string, args ...any) (err error) {
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		values, into := make([]any, width), make([]any, width)
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

func texts(values []any) []string {
	row := make([]string, len(values))
	for i, v := range values {
		row[i] = text(v)
	}
	return row
}

// text writes a value so that it can be read again: what it is, then it.
func text(v any) string {
	switch v := v.(type) {
	case []byte:
		return "x" + hex.EncodeToString(v)
	case string:
		return "t" + v
	case int64:
		return "n" + strconv.FormatInt(v, 10)
	}
	return "n" + fmt.Sprint(v)
}

// value is what text wrote.
func value(text string) any {
	switch rest := text[1:]; text[0] {
	case 'x':
		b, _ := hex.DecodeString(rest) // written by text, and sealed since
		return b
	case 'n':
		n, _ := strconv.ParseInt(rest, 10, 64)
		return n
	default:
		return rest
	}
}

// idOf is a key as guard_row and findings show it.
func idOf(key Key) string {
	parts := make([]string, len(key))
	for i, v := range key {
		parts[i] = text(v)[1:]
	}
	return strings.Join(parts, " ")
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
