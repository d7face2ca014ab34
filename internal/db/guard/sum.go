package guard

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"homeward/internal/db"
)

// tagSize is the size of a twin's random number. A sum that comes out right although
// twins were taken out or put back is as likely as guessing 256 bits.
const tagSize = 32

// sum is what is known of all twins of a table together.
type sum struct {
	Rows    int64  `json:"rows"`
	Tags    []byte `json:"tags"` // the sum, to the base of 256, without what runs over
	Changes int64  `json:"changes"`
}

func (s *sum) add(tag []byte) {
	s.Rows++
	carry := 0
	for i := tagSize - 1; i >= 0; i-- {
		n := int(s.Tags[i]) + int(tag[i]) + carry
		s.Tags[i], carry = byte(n), n>>8
	}
}

func (s *sum) take(tag []byte) {
	s.Rows--
	borrow := 0
	for i := tagSize - 1; i >= 0; i-- {
		n := int(s.Tags[i]) - int(tag[i]) - borrow
		borrow = 0
		if n < 0 {
			n, borrow = n+256, 1
		}
		s.Tags[i] = byte(n)
	}
}

func newSum() *sum { return &sum{Tags: make([]byte, tagSize)} }

const sumLabel = "guard/sum"

// errSum says that the sums do not open: somebody has altered them.
var errSum = errors.New("guard: the sums do not open")

// readSums gives the sums of every table; nil when there are none.
func (g *Guard) readSums(ctx context.Context, tx *db.Tx) (map[string]*sum, error) {
	var sealed []byte
	err := tx.QueryRowContext(ctx, "SELECT sealed FROM guard_sum WHERE office_id = $1", g.office).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := g.sealer.OfficeOpen(sumLabel, sealed)
	if err != nil {
		if _, locked := g.sealer.OfficeSeal(sumLabel, nil); locked != nil {
			return nil, locked // not the sums: there is no key
		}
		return nil, errSum
	}
	sums := map[string]*sum{}
	if json.Unmarshal(plain, &sums) != nil {
		return nil, errSum
	}
	for _, s := range sums {
		if s == nil || len(s.Tags) != tagSize {
			return nil, errSum
		}
	}
	return sums, nil
}

// sums is readSums for one who changes rows: altered ones are none.
func (g *Guard) sums(ctx context.Context, tx *db.Tx) (map[string]*sum, error) {
	sums, err := g.readSums(ctx, tx)
	if errors.Is(err, errSum) {
		return nil, nil
	}
	return sums, err
}

func (g *Guard) putSums(ctx context.Context, tx *db.Tx, sums map[string]*sum) error {
	plain, err := json.Marshal(sums)
	if err != nil {
		return err
	}
	sealed, err := g.sealer.OfficeSeal(sumLabel, plain)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO guard_sum (office_id, sealed) VALUES ($1, $2)
		ON CONFLICT (office_id) DO UPDATE SET sealed = excluded.sealed`, g.office, sealed)
	return err
}

// Changes gives how often a watched row of this database was changed; 0 when none is
// watched. It only ever grows.
func (g *Guard) Changes(ctx context.Context, tx *db.Tx) (n int64, err error) {
	sums, err := g.sums(ctx, tx)
	for _, s := range sums {
		n += s.Changes
	}
	return n, err
}

// Begin begins to watch tables that are not watched yet, with the rows that they have:
// in a new office, and in one whose program did not watch them. first says that nothing
// was ever watched; otherwise sums that are missing were taken away, and stay so.
func (g *Guard) Begin(ctx context.Context, tx *db.Tx, first bool) error {
	sums, err := g.readSums(ctx, tx)
	if errors.Is(err, errSum) || sums == nil && err == nil && !first {
		return nil
	}
	if err != nil {
		return err
	}
	if sums == nil {
		sums = map[string]*sum{}
	}
	begun := false
	for _, t := range g.tables {
		if sums[t.Name] != nil {
			continue
		}
		begun = true
		if sums[t.Name], err = g.begin(ctx, tx, t); err != nil {
			return err
		}
	}
	if !begun {
		return nil
	}
	return g.putSums(ctx, tx, sums)
}

func (g *Guard) begin(ctx context.Context, tx *db.Tx, t Table) (*sum, error) {
	if _, err := tx.ExecContext(ctx, "DELETE FROM guard_row WHERE office_id = $1 AND room = $2", g.office, t.Name); err != nil {
		return nil, err
	}
	rows, err := g.rows(ctx, tx, t)
	if err != nil {
		return nil, err
	}
	s := newSum()
	s.Changes = 1
	for id, row := range rows {
		if err := g.put(ctx, tx, t, id, row, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// rows reads a whole table, by its ids.
func (g *Guard) rows(ctx context.Context, tx *db.Tx, t Table) (map[string][]string, error) {
	rows := map[string][]string{}
	columns := t.all()
	err := query(ctx, tx, len(columns), func(values []any) error {
		rows[idOf(values[:len(t.Key)])] = texts(values)
		return nil
	}, "SELECT "+strings.Join(columns, ", ")+" FROM "+t.Name+" WHERE office_id = $1", g.office)
	return rows, err
}
