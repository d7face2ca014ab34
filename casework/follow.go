package casework

import (
	"context"

	"homeward/casework/caseworksql"
	"homeward/internal/db"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Name is the follower's name.
func (c *Casework) Name() string { return "casework" }

// Follow notes where consents, ratings and approvals are to be found.
func (c *Casework) Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
	f := follower{c: c, tx: tx, q: caseworksql.New(tx), office: c.o.OfficeID, with: map[string]statement.Recorded{}}
	for _, r := range recorded {
		f.collect(r)
	}
	for _, r := range recorded {
		if err := f.follow(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// Reset empties what Follow makes. Tasks and erasures are no part of it.
func (c *Casework) Reset(ctx context.Context, tx *db.Tx) error {
	q := caseworksql.New(tx)
	for _, reset := range []func(context.Context, string) error{q.ResetGrants, q.ResetCare, q.ResetApprovals} {
		if err := reset(ctx, c.o.OfficeID); err != nil {
			return err
		}
	}
	return nil
}

// follower reads one act. A record of ours is opened in one act, so what belongs
// into its row stands there.
type follower struct {
	c      *Casework
	tx     *db.Tx
	q      *caseworksql.Queries
	office string
	with   map[string]statement.Recorded // by subject and property
}

func (f follower) collect(r statement.Recorded) {
	switch r.Property {
	case statement.GrantRecipient, statement.GrantExpires, statement.CarePerson, statement.ApprovalDeed:
		f.with[r.Subject+string(r.Property)] = r
	}
}

func (f follower) of(r statement.Recorded, p statement.Property) statement.Recorded {
	return f.with[r.Subject+string(p)]
}

func (f follower) follow(ctx context.Context, r statement.Recorded) error {
	switch r.Property {
	case statement.GrantPerson:
		return f.grant(ctx, r)
	case statement.GrantWithdrawn:
		return f.q.MarkGrantWithdrawn(ctx, caseworksql.MarkGrantWithdrawnParams{OfficeID: f.office, ID: r.Subject})
	case statement.CareRecipient:
		return f.q.PutCare(ctx, caseworksql.PutCareParams{OfficeID: f.office, ID: r.Subject, Recipient: r.Object,
			Person: f.of(r, statement.CarePerson).Object, Entry: r.Index})
	case statement.ApprovalProposed:
		return f.approval(ctx, r)
	case statement.ApprovalApproved, statement.ApprovalCounter, statement.ApprovalRefused:
		return f.q.MarkApprovalDecided(ctx, caseworksql.MarkApprovalDecidedParams{OfficeID: f.office, ID: r.Subject})
	case statement.ErasedSubject:
		return f.forget(ctx, r.Object)
	}
	return nil
}

func (f follower) grant(ctx context.Context, r statement.Recorded) error {
	err := f.q.PutGrant(ctx, caseworksql.PutGrantParams{OfficeID: f.office, ID: r.Subject, Person: r.Object,
		Recipient: f.of(r, statement.GrantRecipient).Object, Entry: r.Index, Expires: lastDay(f.of(r, statement.GrantExpires).Value)})
	if err != nil {
		return err
	}
	return f.q.MarkGrantUndone(ctx, caseworksql.MarkGrantUndoneParams{OfficeID: f.office, ID: r.Subject, Undone: flag(r.Withdrawn)})
}

func (f follower) approval(ctx context.Context, r statement.Recorded) error {
	err := f.q.PutApproval(ctx, caseworksql.PutApprovalParams{OfficeID: f.office, ID: r.Subject,
		Deed: f.of(r, statement.ApprovalDeed).Value, ProposedBy: r.Value, Entry: r.Index})
	if err != nil {
		return err
	}
	return f.q.MarkApprovalUndone(ctx, caseworksql.MarkApprovalUndoneParams{OfficeID: f.office, ID: r.Subject, Undone: flag(r.Withdrawn)})
}

func (f follower) forget(ctx context.Context, id string) error {
	if err := f.q.ForgetGrants(ctx, caseworksql.ForgetGrantsParams{OfficeID: f.office, Person: id}); err != nil {
		return err
	}
	if err := f.q.ForgetCare(ctx, caseworksql.ForgetCareParams{OfficeID: f.office, Person: id}); err != nil {
		return err
	}
	tasks, err := f.c.guard.Where(ctx, f.tx, "casework_task", "about", id)
	if err != nil {
		return err
	}
	return f.c.guard.Change(ctx, f.tx, "casework_task", tasks, func() error {
		return f.q.ForgetTasks(ctx, caseworksql.ForgetTasksParams{OfficeID: f.office, About: id})
	})
}

func flag(b bool) int16 {
	if b {
		return 1
	}
	return 0
}

// lastDay is an expiry as a number; what is no day has passed.
func lastDay(text string) int64 {
	d, err := edtf.Parse(text)
	if err != nil || d.IsZero() {
		return int64(edtf.MinDay)
	}
	return int64(d.Latest())
}
