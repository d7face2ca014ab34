package casework

import (
	"context"
	"slices"

	"homeward/casework/caseworksql"
	"homeward/internal/db"
	"homeward/statement"
)

// Some deeds are done once. Who approves that data leave the house has looked at what
// stands there on that day: what is recorded afterwards was approved by nobody, and the
// same yes does not serve again next month.

// Before is the place in the log behind which nothing was approved: that of the yes.
func (a Approval) Before() int64 { return a.upTo }

// Use records that a deed that is done once is done now, with the hash of the file that
// was made and the grants under which something is in it. Of two who do it at the same
// moment the second is told ErrUsed.
func (c *Casework) Use(ctx context.Context, by, approval, hash string, grants []string) error {
	switch a, err := c.Approval(ctx, approval); {
	case by == "":
		return ErrNobody
	case err != nil:
		return err
	case !a.Used.IsZero():
		return ErrUsed
	case a.State != Approved:
		return ErrNotApproved
	case a.Stale:
		return ErrStale
	}
	said := []statement.Statement{{Subject: approval, Property: statement.ApprovalUsed, Value: hash}}
	for _, g := range grants {
		said = append(said, statement.Statement{Subject: approval, Property: statement.ApprovalUnder, Object: g})
	}
	_, err := c.ledger.AppendWith(ctx, statement.Act{Kind: statement.ActApproval, By: by, Statements: said},
		func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
			n, err := caseworksql.New(tx).UsedBefore(ctx, caseworksql.UsedBeforeParams{OfficeID: c.o.OfficeID, Subject: approval, Idx: recorded[0].Index})
			if err == nil && n > 0 {
				return ErrUsed
			}
			return err
		})
	return err
}

// Consenting are the people of whom a consent to this recipient and purpose was ever
// written down, each as the records that she is now. Whether it lets anything through is
// for Clear to say.
func (c *Casework) Consenting(ctx context.Context, recipient, purpose string) ([]Asked, error) {
	links, err := c.ledger.Pointing(ctx, recipient, statement.GrantRecipient)
	if err != nil {
		return nil, err
	}
	grants, err := c.readGrants(ctx, subjects(links))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(grants, func(a, b Grant) int { return int(a.recorded - b.recorded) })
	seen := map[string]bool{}
	var all []Asked
	for _, g := range sameUse(grants, recipient, purpose) {
		if seen[g.Person] {
			continue
		}
		records, err := c.One(ctx, g.Person)
		if err != nil {
			return nil, err
		}
		for _, id := range records {
			seen[id] = true
		}
		all = append(all, Asked{Records: records})
	}
	return all, nil
}
