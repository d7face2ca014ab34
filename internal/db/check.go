package db

import (
	"context"
	"errors"
	"slices"
	"strings"

	"homeward/internal/problem"
)

// This file asks a database whether it is whole: not whether what lies in it is true,
// which is the ledger's question, but whether all of it can still be read as it was
// written.

// Fault says what is wrong with a part of a database.
type Fault string

// The faults.
const (
	FaultChecksum  Fault = "checksum"  // a page is not the one that was written
	FaultStructure Fault = "structure" // a page does not fit the tree that it belongs to
	FaultIndex     Fault = "index"     // an index does not hold what its table holds
	FaultUnread    Fault = "unread"    // reading it gave an error
)

// Damage is one thing that is wrong with the database itself.
type Damage struct {
	Fault Fault
	Page  int64  // its number in the file, from 1; 0 where none can be named
	Table string // the table it belongs to; "" where that cannot be told, or none
	Index string // the index of that table, where it belongs to one
}

// Checkup is what was looked at, and what was found.
type Checkup struct {
	// Name is the file's, or the server's for PostgreSQL: for whoever has to find it.
	Name string
	// Pages is how many pages were held against their checksums; 0 when the database
	// keeps none, or keeps them where only its server sees them.
	Pages int64
	// Checksums says that every page has one.
	Checksums bool
	// Indexes says that every index was held against its table, entry by entry; without
	// it only their counts were.
	Indexes bool
	Damages []Damage
}

// maxDamages bounds what one check lists.
const maxDamages = 500

// Check reads the whole database and gives what is wrong with it. It changes nothing,
// and others go on working. An error means that it could not be looked at.
func (d *DB) Check(ctx context.Context) (c Checkup, err error) {
	p, err := d.use(ctx)
	if err != nil {
		return c, err
	}
	defer d.mu.RUnlock()
	c, err = d.engine.check(ctx, p, d.alone)
	return c, explain(d.engine, err)
}

// alone runs fn while nobody writes.
func (d *DB) alone(ctx context.Context, fn func() error) error {
	if err := d.takeTurn(ctx); err != nil {
		return err
	}
	defer d.endTurn()
	return fn()
}

// add notes a damage once.
func (c *Checkup) add(x Damage) {
	if len(c.Damages) < maxDamages && !slices.Contains(c.Damages, x) {
		c.Damages = append(c.Damages, x)
	}
}

// IsDamage reports whether an error says that a part of the database cannot be read
// any more, while the rest of it may.
func IsDamage(err error) bool {
	return errors.Is(err, ErrDamaged) || errors.Is(err, errValue)
}

// damaged gives ErrDamaged with the name of what is damaged.
func damaged(e engine, err error) *problem.Error {
	p := ErrDamaged.With("name", e.called())
	p.What = strings.Replace(p.What, "The database", "The database "+e.called(), 1)
	return p.Wrap(err)
}
