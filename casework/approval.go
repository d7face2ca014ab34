package casework

import (
	"context"
	"errors"
	"time"
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
}

// Propose asks for a deed that takes two and gives the approval's id. of are the
// records it covers, the one that is dealt with first; what is said of them now is
// fixed by a hash. The reason is sealed with the first.
func (c *Casework) Propose(ctx context.Context, by string, deed Deed, of []string, reason string) (string, error) {
	return "", errors.ErrUnsupported
}

// Approve is the second person's yes. The proposer gets ErrSamePerson, a stale
// proposal ErrStale.
func (c *Casework) Approve(ctx context.Context, by, approval string) error {
	return errors.ErrUnsupported
}

// Refuse says no, with the reason. The proposer may take back so what he proposed.
func (c *Casework) Refuse(ctx context.Context, by, approval, why string) error {
	return errors.ErrUnsupported
}

// Canonical is the text that an outside counter-signer signs: ids and hashes only.
func (c *Casework) Canonical(ctx context.Context, approval string) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// Countersign brings the outside counter-signer's Ed25519 signature over
// Canonical, in base64, as the second person.
func (c *Casework) Countersign(ctx context.Context, by, approval, signature string) error {
	return errors.ErrUnsupported
}

// Approval gives one.
func (c *Casework) Approval(ctx context.Context, approval string) (Approval, error) {
	return Approval{}, errors.ErrUnsupported
}

// ApprovalsOf are all approvals that cover a record, the latest first.
func (c *Casework) ApprovalsOf(ctx context.Context, record string) ([]Approval, error) {
	return nil, errors.ErrUnsupported
}

// Approved gives the approval under which the deed may be done to the record now:
// approved by two, and nothing it covers has changed since. ErrNotApproved, or
// ErrStale when it was approved and something has changed.
func (c *Casework) Approved(ctx context.Context, deed Deed, record string) (Approval, error) {
	return Approval{}, errors.ErrUnsupported
}

// Pending are the proposals that wait for a second person, the oldest first.
func (c *Casework) Pending(ctx context.Context) ([]Approval, error) {
	return nil, errors.ErrUnsupported
}
