package homeward

import (
	"context"
	"errors"
	"slices"

	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/register"
	"homeward/statement"
)

// ErrNotErasable refuses to forget what is no subject of its own.
var ErrNotErasable = problem.New(problem.Invalid, "erasure.not_erasable", "That is not forgotten by itself",
	"propose the person, the appeal, the sender or the file it belongs to; what was decided and released stays as proof")

// Verify compares everything with what was recorded and signed: the ledger, the keys,
// the files behind the statements, the spool's chain, what follows from the ledger, and
// what follows from nothing and is watched (compare.go). outside is a checkpoint that
// somebody kept, "" for none. Where damage keeps the ledger from being read, the report
// has what the databases say of themselves, and why (see ledger.Report.Unread).
func (h *House) Verify(ctx context.Context, outside string, progress func(done, total int64)) (ledger.Report, error) {
	return h.VerifyAs(ctx, Verification{Outside: outside, Progress: progress})
}

// ProposeErasure asks that something be forgotten: a person, with every record that is
// she; an appeal, with what was added to it and what its sender said of herself; or one
// file, speaker, group, place or household by itself. Whatever else there is (letters,
// consents, decisions) goes with those it is about, or stays as proof: ErrNotErasable.
func (h *House) ProposeErasure(ctx context.Context, by, record, rule, reason string) (approval string, err error) {
	kind, err := h.Ledger.Kind(ctx, record)
	if errors.Is(err, ledger.ErrNoRecord) {
		return "", register.ErrUnknown
	}
	if err != nil {
		return "", err
	}
	var records []string
	switch kind {
	case statement.Person:
		p, err := h.Register.Person(ctx, record)
		if err != nil {
			return "", err
		}
		for _, r := range p.Records {
			records = append(records, r.ID)
		}
	case statement.Appeal:
		a, err := h.Casework.AppealOf(ctx, record)
		if err != nil {
			return "", err
		}
		records = a.Records()
	case statement.File, statement.Source, statement.Group, statement.PlaceRecord, statement.Household:
		records = []string{record}
	default:
		return "", ErrNotErasable
	}
	return h.Casework.ProposeErasure(ctx, by, records, rule, reason)
}

// Erase forgets what two people approved: the keys, what follows from them and the
// originals are gone when it returns. The deleted bytes in the database's own files
// are owed to Scrub, which a serving office does by itself. After a crash in the middle
// it is asked for again and goes on where it stopped; originals that a crash left lying
// are removed by Scrub.
func (h *House) Erase(ctx context.Context, by, approval string) ([]ledger.Erasure, error) {
	if err := h.oweScrub(); err != nil {
		return nil, err
	}
	if err := h.Ledger.CatchUp(ctx); err != nil { // ends what an earlier attempt began
		return nil, err
	}
	done, err := h.Casework.Erase(ctx, by, approval, h.marks)
	if err != nil {
		return done, err
	}
	for _, e := range done {
		if err := h.Evidence.Discard(ctx, e.Records...); err != nil {
			return done, err
		}
	}
	return done, nil
}

// documentsApart gives the letters and answers about somebody that have to be
// forgotten beside her: a letter about nobody else goes with her own key.
func (h *House) documentsApart(ctx context.Context, records ...string) ([]string, error) {
	all, err := h.Letters.DocumentsAbout(ctx, records...)
	if err != nil {
		return nil, err
	}
	gone, err := h.Vault.GoesWith(ctx, records...)
	return slices.DeleteFunc(all, func(id string) bool { return gone[id] }), err
}

// marks gives the suppression marks of a person's records. One that is forgotten has
// left hers already: no key is destroyed before the marks of all are kept.
func (h *House) marks(ctx context.Context, records []string) ([][]byte, error) {
	var all [][]byte
	for _, id := range records {
		switch kind, err := h.Ledger.Kind(ctx, id); {
		case errors.Is(err, ledger.ErrNoRecord):
			if gone, err := h.Vault.Forgotten(ctx, id); err != nil || !gone {
				return nil, errors.Join(err, ledger.ErrNoRecord)
			}
			continue
		case err != nil:
			return nil, err
		case kind != statement.Person:
			continue // who sends again is heard again, and a list's file is nobody
		}
		marks, err := h.Register.Marks(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, marks...)
	}
	return all, nil
}
