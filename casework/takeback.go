package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"homeward/statement"
	"homeward/statement/edtf"
)

// A consent is taken back. It counts from that moment and for ever; what was cleared
// before and has not gone yet stays; and no relative gives what she took back.

// WithdrawGrant records that a consent was taken back on a day, by whom (source;
// "" is the office). It counts from this moment, whatever the day, and cannot be
// undone: a new consent is a new grant.
func (c *Casework) WithdrawGrant(ctx context.Context, by, grant, source string, on edtf.Date, note string) error {
	if by == "" {
		return ErrNobody
	}
	today := edtf.Day(c.host.Now().UTC())
	if on.IsZero() {
		on = today
	}
	if on.Ahead(c.host.Now()) {
		return ErrGiven
	}
	if _, err := c.GrantByID(ctx, grant); err != nil {
		return err
	}
	_, err := c.ledger.Append(ctx, statement.Act{Kind: statement.ActConsent, By: by, Note: note, Statements: []statement.Statement{{
		Subject: grant, Property: statement.GrantWithdrawn, Value: on.String(), SaidBy: source,
	}}})
	return err
}

// Standing asks again, at the moment of sending, whether what was cleared at a time
// under these grants may still go: every one of them is live, and of none she has
// taken back a part since. Otherwise it gives ErrGrantGone.
func (c *Casework) Standing(ctx context.Context, cleared time.Time, grants ...string) error {
	now := c.host.Now()
	for _, id := range grants {
		g, err := c.GrantByID(ctx, id)
		if errors.Is(err, ErrNotFound) {
			return ErrGrantGone
		}
		if err != nil {
			return err
		}
		if g.State(now) != GrantLive {
			return ErrGrantGone
		}
		if err := c.stillHers(ctx, g, cleared); err != nil {
			return err
		}
	}
	return nil
}

// stillHers asks, of all records that are the person now, whether her own consent is
// still known to be hers, and whether she took back a part of it since.
func (c *Casework) stillHers(ctx context.Context, g Grant, cleared time.Time) error {
	records, err := c.One(ctx, g.Person)
	if err != nil {
		return err
	}
	herself, err := c.herself(ctx, records)
	if err != nil {
		return err
	}
	if g.Giver == Own && !slices.Contains(herself, g.Source) {
		return ErrGrantGone
	}
	others, err := c.Grants(ctx, records...)
	if err != nil {
		return err
	}
	_, all, err := c.taken(ctx, others, herself, g.Recipient, g.Purpose)
	if err != nil {
		return err
	}
	since := slices.DeleteFunc(sameUse(all, g.Recipient, g.Purpose), func(o Grant) bool { return o.withdrawnOn.Before(cleared) })
	if takenBack(since).any(g) {
		return ErrGrantGone
	}
	return nil
}

// takings say of each field and file when she last took it back herself.
type takings map[string]int64

func takenBack(same []Grant) takings {
	t := takings{}
	for _, g := range same {
		if g.Giver != Own || !g.Withdrawn {
			continue
		}
		for _, f := range g.Fields {
			t[string(f)] = max(t[string(f)], g.withdrawnAt)
		}
		for _, f := range g.Files {
			t[f] = max(t[f], g.withdrawnAt)
		}
	}
	return t
}

// overrides says that her withdrawal goes before the grant: no relative gives what
// she took back, and her own consent counts again only when it is a new one.
func (t takings) overrides(g Grant, what string) bool {
	at, ok := t[what]
	return ok && (g.Giver != Own || g.recorded < at)
}

// any says that she took back anything the grant names.
func (t takings) any(g Grant) bool {
	return slices.ContainsFunc(g.Fields, func(f statement.Property) bool { return t.overrides(g, string(f)) }) ||
		slices.ContainsFunc(g.Files, func(f string) bool { return t.overrides(g, f) })
}
