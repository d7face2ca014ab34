package homeward

import (
	"context"
	"errors"
	"slices"

	"homeward/internal/db"
	"homeward/ledger"
	"homeward/statement"
)

// Verify compares everything with what was recorded and signed: the ledger, the
// files behind the statements, and the spool's chain. outside is a checkpoint that
// somebody kept, "" for none. Where damage keeps the ledger from being read, the report
// has what the databases say of themselves, and why (see ledger.Report.Unread).
func (h *House) Verify(ctx context.Context, outside string, progress func(done, total int64)) (ledger.Report, error) {
	report, err := h.compare(ctx, outside, nil, progress)
	if err == nil || ctx.Err() != nil {
		return report, err
	}
	var checked []db.Checkup
	for _, d := range []*db.DB{h.DB, h.Keyring} {
		c, unasked := d.Check(ctx)
		if unasked != nil {
			return report, errors.Join(err, unasked)
		}
		checked = append(checked, c)
	}
	return withoutLedger(checked, err)
}

// compare is Verify, with what the databases have said already, if they were asked.
func (h *House) compare(ctx context.Context, outside string, checked []db.Checkup, progress func(done, total int64)) (ledger.Report, error) {
	var kept []string
	if outside != "" {
		kept = []string{outside}
	}
	report, err := h.Ledger.Verify(ctx, ledger.VerifyOptions{Outside: kept, Databases: checked, Evidence: h.Evidence.Check, Progress: progress})
	if err != nil {
		return report, err
	}
	spool, err := h.Intake.Check(ctx)
	report.Findings = append(report.Findings, spool...)
	return report, err
}

// ProposeErasure asks that a person be forgotten, with every record that is she.
func (h *House) ProposeErasure(ctx context.Context, by, record, rule, reason string) (approval string, err error) {
	p, err := h.Register.Person(ctx, record)
	if err != nil {
		return "", err
	}
	records := make([]string, len(p.Records))
	for i, r := range p.Records {
		records[i] = r.ID
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
		// The file of a list is nobody: it leaves no mark.
		switch kind, err := h.Ledger.Kind(ctx, id); {
		case errors.Is(err, ledger.ErrNoRecord):
			if gone, err := h.Vault.Forgotten(ctx, id); err != nil || !gone {
				return nil, errors.Join(err, ledger.ErrNoRecord)
			}
			continue
		case err != nil:
			return nil, err
		case kind == statement.File:
			continue
		}
		marks, err := h.Register.Marks(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, marks...)
	}
	return all, nil
}
