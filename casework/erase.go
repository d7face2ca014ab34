package casework

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"homeward/casework/caseworksql"
	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/ledger"
	"homeward/statement"
)

// Told is one who was told something of a person. What went out stays out, also
// when the person is forgotten: the office has to know whom to write to.
type Told struct {
	// Kind is statement.Letter, Message, Reply, or Approval of an export in which something
	// of her left; Record its id.
	Kind   statement.Kind
	Record string
	// Recipient is to whom a letter or an export went, or who wrote the reply; Appeal by whose
	// receipt a message is read.
	Recipient string
	Appeal    string
	// On is when it went out or came, as given; "" when it was made and has not gone
	// out.
	On string
	// Number is our number of a letter.
	Number string
}

// Erasure is a proposed erasure.
type Erasure struct {
	Approval
	Rule string
	// From is when it can be done, Done when it was.
	From time.Time
	Done time.Time
}

// duress is the rule that does not wait.
const duress = "duress"

// Rules are the codes of erasure.rule.
func Rules() []string { return statement.Vocabulary[statement.ErasedRule].Codes }

// Marker gives the suppression marks of a person's records while they can still be
// read, so that the same person in a later list is held for somebody to decide.
type Marker func(ctx context.Context, records []string) ([][]byte, error)

// ToldOf lists who was told something of the person, the latest first.
func (c *Casework) ToldOf(ctx context.Context, records ...string) ([]Told, error) {
	grants, err := c.pointing(ctx, records, statement.GrantPerson)
	if err != nil {
		return nil, err
	}
	gone, err := c.forgottenWith(ctx, records)
	if err != nil {
		return nil, err
	}
	links, err := c.pointing(ctx, slices.Concat(records, subjects(grants), gone),
		statement.LetterPerson, statement.LetterGrant, statement.MessageGrant, statement.ReplyAbout, statement.ReplyOutcome, statement.ApprovalUnder)
	if err != nil {
		return nil, err
	}
	said, err := c.about(ctx, subjects(links)...)
	if err != nil {
		return nil, err
	}
	var told []Told
	for _, id := range subjects(links) {
		told = append(told, readTold(id, said[id]))
	}
	slices.Reverse(told)
	for i, t := range told {
		if t.Kind != statement.Reply || t.Recipient == "" {
			continue
		}
		letter, err := c.about(ctx, t.Recipient) // of a reply it is the letter so far
		if err != nil {
			return nil, err
		}
		told[i].Recipient = readTold(t.Recipient, letter[t.Recipient]).Recipient
	}
	return told, nil
}

// forgottenWith are the records that were forgotten together with these. That a consent
// was hers goes with her key; what left under it is still found by the erasure.
func (c *Casework) forgottenWith(ctx context.Context, records []string) ([]string, error) {
	erasures, err := c.pointing(ctx, records, statement.ErasedSubject)
	if err != nil {
		return nil, err
	}
	said, err := c.about(ctx, subjects(erasures)...)
	if err != nil {
		return nil, err
	}
	var gone []string
	for _, id := range subjects(erasures) {
		for _, r := range said[id] {
			if r.Property == statement.ErasedSubject && !slices.Contains(records, r.Object) {
				gone = append(gone, r.Object)
			}
		}
	}
	return gone, nil
}

func readTold(id string, said []statement.Recorded) Told {
	t := Told{Record: id}
	for _, r := range said {
		switch r.Property {
		case statement.RecordKind:
			t.Kind = statement.Kind(r.Value)
		case statement.LetterRecipient, statement.ReplyLetter:
			t.Recipient = r.Object
		case statement.LetterNumber:
			t.Number = r.Value
		case statement.LetterSent, statement.MessageReleased, statement.ReplyReceived:
			t.On = r.Value
		case statement.MessageAppeal:
			t.Appeal = r.Object
		case statement.ApprovalOf: // of an export its recipient comes last
			t.Recipient = r.Object
		case statement.ApprovalUsed:
			t.On = r.RecordedAt.UTC().Format(time.RFC3339)
		}
	}
	return t
}

// ProposeErasure asks that a person (all records of her) be forgotten.
func (c *Casework) ProposeErasure(ctx context.Context, by string, records []string, rule, reason string) (string, error) {
	if !slices.Contains(Rules(), rule) {
		return "", ErrRule
	}
	d, err := c.proposal(ctx, by, DeedErasure, records, reason)
	if err != nil || len(d.statements) == 0 {
		return d.id, err
	}
	from := c.host.Now()
	if rule != duress {
		from = from.Add(c.o.ErasureWait)
	}
	act := statement.Act{Kind: statement.ActApproval, By: by, Statements: d.statements}
	_, err = c.ledger.AppendWith(ctx, act, func(ctx context.Context, tx *db.Tx, _ []statement.Recorded) error {
		return c.guard.Change(ctx, tx, "casework_erasure", guard.Row(d.id), func() error {
			return caseworksql.New(tx).PutErasure(ctx, caseworksql.PutErasureParams{OfficeID: c.o.OfficeID, Approval: d.id, Rule: rule, FromAt: from.UnixMicro()})
		})
	})
	return d.id, err
}

// Erasure gives a proposed one.
func (c *Casework) Erasure(ctx context.Context, approval string) (Erasure, error) {
	a, err := c.Approval(ctx, approval)
	if err != nil {
		return Erasure{}, err
	}
	var row caseworksql.ErasureRow
	err = c.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err = caseworksql.New(tx).Erasure(ctx, caseworksql.ErasureParams{OfficeID: c.o.OfficeID, Approval: approval})
		return err
	})
	if errors.Is(err, sql.ErrNoRows) || err == nil && a.Deed != DeedErasure {
		return Erasure{}, ErrNotFound
	}
	e := Erasure{Approval: a, Rule: row.Rule, From: time.UnixMicro(row.FromAt).UTC()}
	if row.DoneAt != 0 {
		e.Done = time.UnixMicro(row.DoneAt).UTC()
	}
	return e, err
}

// Erase does what two people approved. The marks are made first, while the person
// can still be read; then the keys are destroyed, those of the documents before those of
// the people, since what says which documents are about them goes with them. After a
// crash anywhere in the middle it is done again and goes on where it stopped: an approval
// of which a record is already forgotten is not stale, and the ledger forgets nothing
// twice.
func (c *Casework) Erase(ctx context.Context, by, approval string, marks Marker) ([]ledger.Erasure, error) {
	if by == "" {
		return nil, ErrNobody
	}
	e, err := c.Erasure(ctx, approval)
	if err != nil {
		return nil, err
	}
	if err := c.mayErase(ctx, e); err != nil {
		return nil, err
	}
	found, err := marks(ctx, e.Of)
	if err != nil {
		return nil, err
	}
	if err := c.vault.Suppress(ctx, approval, found...); err != nil {
		return nil, err
	}
	done, err := c.forget(ctx, e)
	if err != nil {
		return done, err
	}
	return done, c.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return c.guard.Change(ctx, tx, "casework_erasure", guard.Row(approval), func() error {
			return caseworksql.New(tx).MarkErasureDone(ctx, caseworksql.MarkErasureDoneParams{OfficeID: c.o.OfficeID, Approval: approval, DoneAt: c.host.Now().UnixMicro()})
		})
	})
}

// forget destroys the keys of an approved erasure.
func (c *Casework) forget(ctx context.Context, e Erasure) (done []ledger.Erasure, err error) {
	approvers := []string{e.ProposedBy}
	if !e.Countersigned {
		approvers = append(approvers, e.DecidedBy)
	}
	var all []string
	if c.o.Documents != nil {
		if all, err = c.o.Documents(ctx, e.Of...); err != nil {
			return nil, err
		}
	}
	for _, record := range append(slices.Clone(all), e.Of...) {
		one, err := c.ledger.Erase(ctx, approvers, e.Rule, record, e.signature)
		if err != nil {
			return done, err
		}
		done = append(done, one)
	}
	return done, nil
}

func (c *Casework) mayErase(ctx context.Context, e Erasure) error {
	switch {
	case !e.Done.IsZero():
		return ErrDecided
	case e.State != Approved:
		return ErrNotApproved
	case c.host.Now().Before(e.From):
		return ErrWait.With("from", e.From.Format(time.RFC3339))
	}
	if err := c.stillWhole(ctx, e); err != nil {
		return err
	}
	now, err := c.hashes(ctx, e.Of)
	if err != nil {
		return err
	}
	gone, err := c.hashes(ctx, []string{""})
	if err != nil {
		return err
	}
	for i := range now {
		if now[i] != e.hashes[i] && now[i] != gone[0] {
			return ErrStale
		}
	}
	return nil
}

// stillWhole refuses to forget an appeal to which something was added since two people
// looked at it: the addition would be left behind, and answer to no receipt.
func (c *Casework) stillWhole(ctx context.Context, e Erasure) error {
	a, err := c.AppealOf(ctx, e.Of[0])
	switch {
	case errors.Is(err, ErrNotFound): // somebody, a file, or gone already
		return nil
	case err != nil:
		return err
	case a.ID == e.Of[0] && len(without(a.Parts, e.Of)) > 0:
		return ErrStale
	}
	return nil
}
