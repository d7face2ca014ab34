package casework

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"homeward/casework/caseworksql"
	"homeward/internal/db"
	"homeward/statement"
)

// Deed is what takes two people.
type Deed string

// The deeds.
const (
	DeedRelease Deed = "release" // values of a person for whom care is high; of: one grant
	DeedLetter  Deed = "letter"  // of: the letter, and the grants it was made under
	DeedMessage Deed = "message" // of: the message, and its grants
	DeedErasure Deed = "erasure" // of: the records of one person
	DeedCare    Deed = "care"    // of: the high rating that becomes usual
	DeedProof   Deed = "proof"   // of: what the proof is about, and the grant
	DeedExport  Deed = "export"  // of: what is exported
)

// Deeds are all of them.
var Deeds = []Deed{DeedRelease, DeedLetter, DeedMessage, DeedErasure, DeedCare, DeedProof, DeedExport}

// ApprovalState is how far it is.
type ApprovalState string

// The states.
const (
	Proposed ApprovalState = "proposed"
	Approved ApprovalState = "approved"
	Refused  ApprovalState = "refused"
	Undone   ApprovalState = "undone" // the proposal or the approval itself was undone
)

// Approval is a deed that takes two, as it stands.
type Approval struct {
	ID         string
	Deed       Deed
	Of         []string
	Reason     string
	State      ApprovalState
	ProposedBy string
	ProposedAt time.Time
	DecidedBy  string
	DecidedAt  time.Time
	// Why is the reason of a refusal.
	Why string
	// Stale says that something it covers has changed since it was proposed.
	Stale bool
	// Countersigned says that the second person was the outside counter-signer.
	Countersigned bool
	// Used is when a deed that can be done once was done; zero is not yet.
	Used time.Time

	proposed   int64    // the proposal's place in the log
	act        string   // the act that approved it
	hashes     []string // of what was said of each of Of when it was proposed
	reasonHash string
	signature  string
	upTo       int64 // the place of the yes
}

// Propose asks for a deed that takes two and gives the approval's id. of are the
// records it covers, the one that is dealt with first; what is said of them now is
// fixed by a hash. The reason is sealed with the first. Proposing again what one
// has proposed gives the same id.
func (c *Casework) Propose(ctx context.Context, by string, deed Deed, of []string, reason string) (string, error) {
	d, err := c.proposal(ctx, by, deed, of, reason)
	if err != nil || len(d.statements) == 0 {
		return d.id, err
	}
	_, err = c.ledger.Append(ctx, statement.Act{Kind: statement.ActApproval, By: by, Statements: d.statements})
	return d.id, err
}

// proposal drafts one, or names the same one that waits already.
func (c *Casework) proposal(ctx context.Context, by string, deed Deed, of []string, reason string) (draft, error) {
	if by == "" {
		return draft{}, ErrNobody
	}
	if !slices.Contains(Deeds, deed) || len(of) == 0 || slices.Contains(of, "") {
		return draft{}, ErrDeed
	}
	if strings.TrimSpace(reason) == "" {
		return draft{}, ErrReason
	}
	waiting, err := c.waiting(ctx, deed, of)
	if err != nil {
		return draft{}, err
	}
	if waiting.ID != "" && waiting.ProposedBy != by {
		return draft{}, ErrWaiting
	}
	if waiting.ID != "" {
		return draft{id: waiting.ID}, nil
	}
	hashes, err := c.hashes(ctx, of)
	if err != nil {
		return draft{}, err
	}
	d, err := c.open(statement.Approval)
	if err != nil {
		return draft{}, err
	}
	d.say(statement.ApprovalDeed, string(deed))
	for i, id := range of {
		d.point(statement.ApprovalOf, id, hashes[i]+reasonMark+hash(reason))
	}
	d.say(statement.ApprovalProposed, by).say(statement.ApprovalReason, reason)
	// The reason speaks of whom it is about, so it is forgotten with them.
	d.statements[len(d.statements)-1].Key = of[0]
	return *d, nil
}

// waiting finds a proposal of the same that is open and not stale.
func (c *Casework) waiting(ctx context.Context, deed Deed, of []string) (Approval, error) {
	all, err := c.ApprovalsOf(ctx, of[0])
	if err != nil {
		return Approval{}, err
	}
	for _, a := range all {
		if a.Deed == deed && a.State == Proposed && !a.Stale && slices.Equal(a.Of, of) {
			return a, nil
		}
	}
	return Approval{}, nil
}

// hashes fixes what stands in the ledger about each of the records. The ids of the
// statements are enough: what an id says never changes.
func (c *Casework) hashes(ctx context.Context, of []string) ([]string, error) {
	said, err := c.about(ctx, of...)
	if err != nil {
		return nil, err
	}
	hashes := make([]string, len(of))
	for i, id := range of {
		h := sha256.New()
		for _, r := range said[id] {
			if !r.Withdrawn {
				fmt.Fprintf(h, "%s\n", r.ID)
			}
		}
		if err := c.hashPerson(ctx, h, said[id]); err != nil {
			return nil, err
		}
		hashes[i] = "sha256:" + hex.EncodeToString(h.Sum(nil))
	}
	return hashes, nil
}

// hashPerson fixes, for a grant, which records are the person: who approved had seen
// those and no others.
func (c *Casework) hashPerson(ctx context.Context, h io.Writer, said []statement.Recorded) error {
	for _, g := range live(said, statement.GrantPerson) {
		records, err := c.One(ctx, g.Object)
		if err != nil {
			return err
		}
		if len(records) == 1 {
			continue
		}
		slices.Sort(records)
		for _, id := range records {
			fmt.Fprintf(h, "one %s\n", id)
		}
	}
	return nil
}

// reasonMark stands, in the wording of approval.of, between the hash of what is
// covered and that of the reason: the reason can be forgotten, and the text that
// the counter-signer signed is still the same.
const reasonMark = " reason "

func hash(text string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))) }

// Approve is the second person's yes. The proposer gets ErrSamePerson, a stale
// proposal ErrStale.
func (c *Casework) Approve(ctx context.Context, by, approval string) error {
	a, err := c.decidable(ctx, by, approval)
	if err != nil {
		return err
	}
	if a.ProposedBy == by {
		return ErrSamePerson
	}
	return c.accept(ctx, by, a, statement.Statement{Subject: a.ID, Property: statement.ApprovalApproved, Value: by})
}

// Countersign brings the outside counter-signer's Ed25519 signature over
// Canonical, in base64, as the second person.
func (c *Casework) Countersign(ctx context.Context, by, approval, signature string) error {
	if len(c.o.Counter) != ed25519.PublicKeySize {
		return ErrNoCounter
	}
	a, err := c.decidable(ctx, by, approval)
	if err != nil {
		return err
	}
	signature = strings.Join(strings.Fields(signature), "")
	if !c.signed(a, signature) {
		return ErrCounter
	}
	return c.accept(ctx, by, a, statement.Statement{Subject: a.ID, Property: statement.ApprovalCounter, Value: signature})
}

// signed says whether the counter-signer signed the approval.
func (c *Casework) signed(a Approval, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && len(c.o.Counter) == ed25519.PublicKeySize && ed25519.Verify(c.o.Counter, c.canonical(a), raw)
}

// accept records the yes, and with it what the yes does by itself.
func (c *Casework) accept(ctx context.Context, by string, a Approval, yes statement.Statement) error {
	statements := []statement.Statement{yes}
	if a.Deed == DeedCare {
		high, err := c.readRatings(ctx, a.Of[:1])
		if err != nil {
			return err
		}
		if len(high) == 0 {
			return ErrStale
		}
		lower := high[0]
		lower.Level, lower.Reason = Usual, a.Reason
		d, err := c.rating(lower)
		if err != nil {
			return err
		}
		statements = append(statements, d.statements...)
	}
	return c.settle(ctx, by, a.ID, statements)
}

// settle records a decision. Of two people who decide at the same moment the second
// is told that it was decided.
func (c *Casework) settle(ctx context.Context, by, approval string, statements []statement.Statement) error {
	_, err := c.ledger.AppendWith(ctx, statement.Act{Kind: statement.ActApproval, By: by, Statements: statements},
		func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
			n, err := caseworksql.New(tx).DecidedBefore(ctx, caseworksql.DecidedBeforeParams{OfficeID: c.o.OfficeID, Subject: approval, Idx: recorded[0].Index})
			if err == nil && n > 0 {
				return ErrDecided
			}
			return err
		})
	return err
}

// Refuse says no, with the reason. The proposer may take back so what he proposed.
func (c *Casework) Refuse(ctx context.Context, by, approval, why string) error {
	if strings.TrimSpace(why) == "" {
		return ErrReason
	}
	a, err := c.decidable(ctx, by, approval)
	if err != nil && !errors.Is(err, ErrStale) {
		return err
	}
	return c.settle(ctx, by, a.ID, []statement.Statement{
		{Subject: a.ID, Property: statement.ApprovalRefused, Value: by},
		{Subject: a.ID, Property: statement.ApprovalReason, Value: why, Key: a.Of[0]},
	})
}

// decidable gives a proposal that waits for a decision. When it is stale, it comes
// with ErrStale.
func (c *Casework) decidable(ctx context.Context, by, approval string) (Approval, error) {
	if by == "" {
		return Approval{}, ErrNobody
	}
	a, err := c.Approval(ctx, approval)
	if err != nil {
		return Approval{}, err
	}
	if a.State != Proposed {
		return Approval{}, ErrDecided
	}
	if a.Stale {
		return a, ErrStale
	}
	return a, nil
}

// Canonical is the text that an outside counter-signer signs: ids and hashes only.
func (c *Casework) Canonical(ctx context.Context, approval string) ([]byte, error) {
	a, err := c.Approval(ctx, approval)
	if err != nil {
		return nil, err
	}
	return c.canonical(a), nil
}

func (c *Casework) canonical(a Approval) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "homeward approval v1\noffice %s\napproval %s\ndeed %s\nproposed-by %s\nproposed-at %s\n",
		c.o.OfficeID, a.ID, a.Deed, a.ProposedBy, a.ProposedAt.UTC().Format(time.RFC3339Nano))
	for i, id := range a.Of {
		fmt.Fprintf(&b, "of %s %s\n", id, a.hashes[i])
	}
	fmt.Fprintf(&b, "reason %s\n", a.reasonHash)
	return []byte(b.String())
}

// Approval gives one.
func (c *Casework) Approval(ctx context.Context, approval string) (Approval, error) {
	all, err := c.readApprovals(ctx, []string{approval})
	if err != nil {
		return Approval{}, err
	}
	if len(all) == 0 {
		return Approval{}, ErrNotFound
	}
	return all[0], nil
}

// ApprovalsOf are all approvals that cover a record, the latest first.
func (c *Casework) ApprovalsOf(ctx context.Context, record string) ([]Approval, error) {
	links, err := c.ledger.Pointing(ctx, record, statement.ApprovalOf)
	if err != nil {
		return nil, err
	}
	return c.readApprovals(ctx, subjects(links))
}

// Approved gives the approval under which the deed may be done to the record now:
// approved by two, and nothing it covers has changed since it was proposed.
// Otherwise ErrNotApproved, or ErrStale when something has changed.
func (c *Casework) Approved(ctx context.Context, deed Deed, record string) (Approval, error) {
	all, err := c.ApprovalsOf(ctx, record)
	if err != nil {
		return Approval{}, err
	}
	answer := error(ErrNotApproved)
	for _, a := range all {
		if a.Deed != deed || a.State != Approved {
			continue
		}
		if !a.Stale {
			return a, nil
		}
		answer = ErrStale
	}
	return Approval{}, answer
}

// Pending are the proposals that wait for a second person, the oldest first.
func (c *Casework) Pending(ctx context.Context) ([]Approval, error) {
	var ids []string
	err := c.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		ids, err = caseworksql.New(tx).PendingApprovals(ctx, c.o.OfficeID)
		return err
	})
	if err != nil {
		return nil, err
	}
	all, err := c.readApprovals(ctx, ids)
	all = slices.DeleteFunc(all, func(a Approval) bool { return a.State != Proposed })
	slices.Reverse(all)
	return all, err
}

// readApprovals reads approvals from the ledger, the latest first.
func (c *Casework) readApprovals(ctx context.Context, ids []string) ([]Approval, error) {
	said, err := c.about(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var all []Approval
	for _, id := range ids {
		a, ok := c.readApproval(id, said[id])
		if !ok {
			continue
		}
		now, err := c.hashes(ctx, a.Of)
		if err != nil {
			return nil, err
		}
		a.Stale = !slices.Equal(now, a.hashes)
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Approval) int { return cmp.Compare(b.proposed, a.proposed) })
	return all, nil
}

// readApproval reads one. It believes nobody: what was not said in the act that
// proposed it is no part of it; an approval by the proposer, or in another's name,
// or with a wrong signature, is none; a refusal counts also when its entry was
// undone.
func (c *Casework) readApproval(id string, said []statement.Recorded) (Approval, bool) {
	a := Approval{ID: id, State: Proposed}
	undone := false
	for _, r := range said {
		if r.ActID == opening(said) {
			a.take(r)
			undone = undone || r.Withdrawn
			continue
		}
		switch r.Property {
		case statement.ApprovalApproved, statement.ApprovalCounter:
			if c.isYes(a, r) {
				a.decide(Approved, r)
				undone = undone || r.Withdrawn
			}
		case statement.ApprovalRefused:
			a.decide(Refused, r)
		case statement.ApprovalReason:
			a.Why = r.Value
		case statement.ApprovalUsed:
			a.Used = r.RecordedAt
		}
	}
	if undone && a.State != Refused {
		a.State = Undone
	}
	return a, a.Deed != "" && len(a.Of) > 0 && a.ProposedBy != ""
}

// take reads a statement of the proposal.
func (a *Approval) take(r statement.Recorded) {
	switch r.Property {
	case statement.ApprovalDeed:
		a.Deed = Deed(r.Value)
	case statement.ApprovalOf:
		covered, reason, _ := strings.Cut(r.Value, reasonMark)
		a.Of, a.hashes, a.reasonHash = append(a.Of, r.Object), append(a.hashes, covered), reason
	case statement.ApprovalReason:
		a.Reason = r.Value
	case statement.ApprovalProposed:
		if r.Value == r.RecordedBy {
			a.ProposedBy, a.ProposedAt, a.proposed = r.Value, r.RecordedAt, r.Index
		}
	}
}

// isYes says whether the statement is the second person's. It comes when nobody
// has decided yet, from a user who is not the proposer and who wrote it himself,
// or with the counter-signer's signature.
func (c *Casework) isYes(a Approval, r statement.Recorded) bool {
	if a.State != Proposed || a.ProposedBy == "" {
		return false
	}
	if r.Property == statement.ApprovalCounter {
		return c.signed(a, r.Value)
	}
	return r.Value == r.RecordedBy && r.Value != "" && r.Value != a.ProposedBy
}

func (a *Approval) decide(s ApprovalState, r statement.Recorded) {
	a.State, a.DecidedBy, a.DecidedAt, a.act, a.upTo = s, r.RecordedBy, r.RecordedAt, r.ActID, r.Index
	if r.Property == statement.ApprovalCounter {
		a.Countersigned, a.signature = true, r.Value
	}
}

// Decided are the latest decisions.
func (c *Casework) Decided(ctx context.Context, limit int) ([]Approval, error) {
	var ids []string
	err := c.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		ids, err = caseworksql.New(tx).DecidedApprovals(ctx, caseworksql.DecidedApprovalsParams{OfficeID: c.o.OfficeID, Limit: int32(limit)})
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.readApprovals(ctx, ids)
}

// HasCounterSigner says whether an outside counter-signer may be the second.
func (c *Casework) HasCounterSigner() bool { return len(c.o.Counter) == ed25519.PublicKeySize }
