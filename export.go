package homeward

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/register"
)

// An export is what one recipient may have for one purpose, of everybody who agreed to
// that, in one file that only the holder of one age identity can read.
//
// It leaves as a letter does. One person proposes it, naming the recipient, the purpose
// and the key; another approves. What people said of themselves and of each other passes
// casework.Clear, under live consents to that recipient and that purpose, and then the
// gate of the letters, which holds back what speaks of somebody else. No other word that
// anybody wrote is in it (export_lines.go).
//
// The approval is used once, and covers what stood in the ledger when it was given:
// nothing recorded afterwards is in the export, and everything taken back since is not.
// The file is written whole beside its name, as NAME.part; then the deed is recorded as
// done; then the file gets its name. Where the program dies before the deed is recorded,
// nothing was given: remove the part and do it again. Where it dies after, the part is the
// whole export, and needs nothing but its name.

// ExportOrder says to whom, for what and sealed to which key.
type ExportOrder struct {
	// Recipient is the record of the recipient, its profile where only one has it, or
	// its name.
	Recipient string
	// Purpose is a code of grant.purpose.
	Purpose string
	// Key is the age recipient (age1…).
	Key string
}

// Exported is what was made.
type Exported struct {
	// People are those of whom something is in it, Counted those of whom a number is.
	People, Counted int
	// Statements are those that passed under a consent, States the lines that name nobody.
	Statements, States int64
	LeftOut            []LeftOut
}

// The problems of an export.
var (
	ErrExportApproval = problem.New(problem.Forbidden, "export.approval",
		"An export takes two people", "propose it with 'homeward export --propose', have a coordinator approve it on the staff pages, and name the approval")
	ErrExportKey = problem.New(problem.Invalid, "export.recipient",
		"That is not an age recipient", "it begins with age1; the partner makes one with age-keygen")
	ErrExportTo = problem.New(problem.NotFound, "export.to",
		"No recipient, or more than one, is called so", "give the profile (ru.ombudsman), the name as it stands on the recipient's page, or the recipient's id")
	ErrExportOther = problem.New(problem.Forbidden, "export.other_recipient",
		"The approval is for another recipient, purpose or key", "propose an export to this one")
	ErrExportThere = problem.New(problem.Conflict, "export.there",
		"The file exists already, or a part of it of an earlier export", "name a new file; a part that was left is whole if the approval was used, and otherwise to be removed")
	ErrExportPlace = problem.New(problem.Unavailable, "export.place",
		"The export is made and its approval is used, but the file could not be given its name", "it lies whole under the name that ends in .part: give it its name by hand")
)

// ProposeExport asks for an export and gives the approval's id. The order becomes a
// record, so that what is approved is this export and no other.
func (h *House) ProposeExport(ctx context.Context, by string, o ExportOrder, reason string) (approval string, err error) {
	if _, err := exportTo(o.Key); err != nil {
		return "", err
	}
	to, err := h.exportRecipient(ctx, o.Recipient)
	if err != nil {
		return "", err
	}
	// Whether there is such a purpose the door knows.
	if _, _, err := h.Casework.Clear(ctx, by, casework.Request{Recipient: to.ID, Purpose: o.Purpose}); err != nil {
		return "", err
	}
	order, err := h.Register.AddSource(ctx, by, register.NewSource{Label: o.label(), Kind: "organisation"})
	if err != nil {
		return "", err
	}
	return h.Casework.Propose(ctx, by, casework.DeedExport, []string{order, to.ID}, reason)
}

// label is the order as its record is called: the purpose and the key.
func (o ExportOrder) label() string { return o.Purpose + " " + o.Key }

func exportTo(key string) (age.Recipient, error) {
	found, err := age.ParseRecipients(strings.NewReader(key + "\n"))
	if err != nil || len(found) != 1 {
		return nil, ErrExportKey.Wrap(err)
	}
	return found[0], nil
}

// exportRecipient finds the recipient by what somebody calls it.
func (h *House) exportRecipient(ctx context.Context, called string) (letters.Recipient, error) {
	all, err := h.Letters.Recipients(ctx)
	if err != nil {
		return letters.Recipient{}, err
	}
	found := slices.DeleteFunc(all, func(r letters.Recipient) bool {
		return called != r.ID && called != r.Profile.ID && !slices.ContainsFunc([]string{"en", "ru", "ar"}, func(lang string) bool { return called == r.Name(lang) })
	})
	if called == "" || len(found) != 1 {
		return letters.Recipient{}, ErrExportTo
	}
	return found[0], nil
}

// approved holds an export to what two people approved.
func (h *House) approved(ctx context.Context, approval string, o ExportOrder) (casework.Approval, error) {
	a, err := h.Casework.Approval(ctx, approval)
	switch {
	case err != nil:
		return a, err
	case a.Deed != casework.DeedExport || len(a.Of) != 2:
		return a, ErrExportApproval
	case !a.Used.IsZero():
		return a, casework.ErrUsed
	case a.State != casework.Approved:
		return a, ErrExportApproval
	case a.Stale:
		return a, casework.ErrStale
	}
	label, err := h.Register.Label(ctx, a.Of[0])
	if err != nil {
		return a, err
	}
	if label.Text != o.label() || a.Of[1] != o.Recipient {
		return a, ErrExportOther
	}
	return a, nil
}

// Export writes what two people approved into a new file, and uses their approval up.
func (h *House) Export(ctx context.Context, approval string, o ExportOrder, file string, progress func(done, total int64)) (Exported, error) {
	key, err := exportTo(o.Key)
	if err != nil {
		return Exported{}, err
	}
	to, err := h.exportRecipient(ctx, o.Recipient)
	if err != nil {
		return Exported{}, err
	}
	o.Recipient = to.ID
	a, err := h.approved(ctx, approval, o)
	if err != nil {
		return Exported{}, err
	}
	if err := h.Ledger.Read(ctx, a.ProposedBy, "people.export", approval); err != nil {
		return Exported{}, err
	}
	x := &exporting{house: h, to: to, purpose: o.Purpose, before: a.Before(), by: a.ProposedBy, progress: progress, key: h.Root.Derive("export")}
	if err := x.gather(ctx); err != nil {
		return Exported{}, err
	}
	err = writeApart(file, func(w io.Writer) error { return x.write(ctx, w, key) }, func(hash string) error {
		if err := h.Casework.Standing(ctx, x.cleared.At(), x.cleared.Grants()...); err != nil {
			return err
		}
		return h.Casework.Use(ctx, a.ProposedBy, approval, hash, x.grants())
	})
	return x.made, err
}

// partSuffix is what an export is called besides while it is no export yet.
const partSuffix = ".part"

// writeApart writes a new file whole beside its name, asks given whether it may be given,
// and gives it its name. What was not given is removed.
func writeApart(name string, write func(io.Writer) error, given func(hash string) error) error {
	if _, err := os.Lstat(name); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(err, ErrExportThere)
	}
	part := name + partSuffix
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return ErrExportThere
	}
	if err != nil {
		return err
	}
	w := hashing{w: f, hash: sha256.New()}
	err = write(w)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = given(hex.EncodeToString(w.hash.Sum(nil)))
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := os.Rename(part, name); err != nil {
		return ErrExportPlace.Wrap(err)
	}
	return syncFolder(filepath.Dir(name))
}

// hashing is a file of which the hash is known when it is written.
type hashing struct {
	w    io.Writer
	hash hash.Hash
}

func (h hashing) Write(p []byte) (int, error) {
	n, err := h.w.Write(p)
	h.hash.Write(p[:n])
	return n, err
}

// syncFolder makes a new name outlive a power cut.
func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
