package homeward

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"filippo.io/age"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/statement"
)

// exportFormat is the first line of an export.
type exportFormat struct {
	Format     string    `json:"format"` // "homeward-statements"
	Version    int       `json:"version"`
	Made       time.Time `json:"made"`
	Log        string    `json:"log"`
	Checkpoint string    `json:"checkpoint"`
	LeftOut    string    `json:"left_out"`
}

// exported is one statement in an export.
type exported struct {
	Index      int64    `json:"index"`
	ID         string   `json:"id"`
	Act        string   `json:"act"`
	ActKind    string   `json:"act_kind"`
	Subject    string   `json:"subject"`
	Property   string   `json:"property"`
	Value      string   `json:"value,omitempty"`
	Lang       string   `json:"lang,omitempty"`
	Object     string   `json:"object,omitempty"`
	SaidBy     string   `json:"said_by,omitempty"`
	Via        []string `json:"via,omitempty"`
	SaidOn     string   `json:"said_on,omitempty"`
	TrueOn     string   `json:"true_on,omitempty"`
	Stance     string   `json:"stance"`
	Basis      string   `json:"basis"`
	File       string   `json:"file,omitempty"`
	Part       string   `json:"part,omitempty"`
	RecordedBy string   `json:"recorded_by,omitempty"`
	RecordedAt string   `json:"recorded_at"`
	Withdrawn  bool     `json:"withdrawn,omitempty"`
}

// The problems of an export.
var (
	ErrExportApproval = problem.New(problem.Forbidden, "export.approval",
		"An export takes two people", "propose it with 'homeward export --propose', have a coordinator approve it on the staff pages, and name the approval")
	ErrExportRecipient = problem.New(problem.Invalid, "export.recipient",
		"That is not an age recipient", "it begins with age1; the partner makes one with age-keygen")
	ErrExportOther = problem.New(problem.Forbidden, "export.other_recipient",
		"The approval is for another recipient", "propose an export to this one")
)

// ProposeExport asks for an export to one recipient and gives the approval's id.
// The recipient becomes a record, so that what is approved is this export to this
// key and no other.
func (h *House) ProposeExport(ctx context.Context, by, recipient, reason string) (approval string, err error) {
	if _, err := exportTo(recipient); err != nil {
		return "", err
	}
	id, err := h.Register.AddSource(ctx, by, register.NewSource{Label: recipient, Kind: "organisation"})
	if err != nil {
		return "", err
	}
	return h.Casework.Propose(ctx, by, casework.DeedExport, []string{id}, reason)
}

func exportTo(recipient string) (age.Recipient, error) {
	found, err := age.ParseRecipients(strings.NewReader(recipient + "\n"))
	if err != nil || len(found) != 1 {
		return nil, ErrExportRecipient.Wrap(err)
	}
	return found[0], nil
}

// approved holds an export to what two people approved.
func (h *House) approved(ctx context.Context, approval, recipient string) error {
	a, err := h.Casework.Approval(ctx, approval)
	if err != nil {
		return err
	}
	if a.Deed != casework.DeedExport || a.State != casework.Approved || a.Stale || len(a.Of) != 1 {
		return ErrExportApproval
	}
	label, err := h.Register.Label(ctx, a.Of[0])
	if err != nil {
		return err
	}
	if label.Text != recipient {
		return ErrExportOther
	}
	return nil
}

// Export writes every statement that may ever leave the house as lines of JSON,
// encrypted to a recipient: only the holder of that identity can read them. The
// contacts of kin are in no export (rule 6), and passages marked as incriminating
// stay out with what rests on them (rule 13). It takes an approved deed of the kind
// "export".
func (h *House) Export(ctx context.Context, approval, recipient string, w io.Writer, progress func(done, total int64)) (n int64, err error) {
	to, err := exportTo(recipient)
	if err != nil {
		return 0, err
	}
	if err := h.approved(ctx, approval, recipient); err != nil {
		return 0, err
	}
	checkpoint, err := h.Ledger.Checkpoint(ctx)
	if err != nil {
		return 0, err
	}
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return 0, err
	}
	enc := json.NewEncoder(sealed)
	enc.SetEscapeHTML(false)
	err = enc.Encode(exportFormat{
		Format: "homeward-statements", Version: 1, Made: h.Host.Now().UTC(), Log: h.Ledger.LogID(), Checkpoint: checkpoint,
		LeftOut: "contacts of kin, and passages that may incriminate their speaker",
	})
	if err != nil {
		return 0, err
	}
	err = h.exportable(ctx, func(r statement.Recorded) error {
		n++
		if progress != nil {
			progress(n, 0)
		}
		return enc.Encode(line(r))
	})
	if err != nil {
		return n, err
	}
	return n, sealed.Close()
}

// exportBatch is how many statements are looked at together.
const exportBatch = 500

// exportable calls fn for every statement that may be in an export.
func (h *House) exportable(ctx context.Context, fn func(statement.Recorded) error) error {
	var batch []statement.Recorded
	flush := func() error {
		harmful, err := h.Casework.Incriminating(ctx, batch)
		if err != nil {
			return err
		}
		for _, r := range batch {
			if harmful[r.ID] {
				continue
			}
			if r, err = h.withoutForgotten(ctx, r); err != nil {
				return err
			}
			if err := fn(r); err != nil {
				return err
			}
		}
		batch = batch[:0]
		return nil
	}
	err := h.Ledger.Each(ctx, 0, func(r statement.Recorded) error {
		if !statement.Vocabulary[r.Property].Exportable() || r.Property == statement.PassageHarmful {
			return nil
		}
		if batch = append(batch, r); len(batch) < exportBatch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// withoutForgotten takes the wording from a mention of somebody who was forgotten. It
// lies under the appeal's key where it was written down before it lay under hers.
func (h *House) withoutForgotten(ctx context.Context, r statement.Recorded) (statement.Recorded, error) {
	if r.Property != statement.AppealMentions || r.Value == "" {
		return r, nil
	}
	gone, err := h.Vault.Forgotten(ctx, r.Object)
	if gone {
		r.Value = ""
	}
	return r, err
}

func line(r statement.Recorded) exported {
	return exported{
		Index: r.Index, ID: r.ID, Act: r.ActID, ActKind: string(r.ActKind), Subject: r.Subject, Property: string(r.Property),
		Value: r.Value, Lang: r.Lang, Object: r.Object, SaidBy: r.SaidBy, Via: r.Via,
		SaidOn: r.SaidOn.String(), TrueOn: r.TrueOn.String(), Stance: string(r.Stance), Basis: string(r.Basis),
		File: r.Evidence.File, Part: r.Evidence.Part.String(), RecordedBy: r.RecordedBy,
		RecordedAt: r.RecordedAt.UTC().Format(time.RFC3339Nano), Withdrawn: r.Withdrawn,
	}
}
