package homeward

import (
	"context"
	"strings"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/statement"
	caseworkweb "homeward/web/casework"
)

// exportToApprove is an export as its second person sees it. What would leave is gathered
// by the code that writes the file, and nothing is written: before the yes as of now, after
// it as of the yes. Of what was used, refused or changed only the order is left to show.
func (h *House) exportToApprove(ctx context.Context, by string, a casework.Approval) (caseworkweb.Export, error) {
	if a.Deed != casework.DeedExport {
		return caseworkweb.Export{}, ErrExportApproval
	}
	if len(a.Of) != 2 { // proposed before exports were for one recipient: it can be refused, and is never made
		return caseworkweb.Export{}, nil
	}
	seen := caseworkweb.Export{Recipient: a.Of[1]}
	label, err := h.Register.Label(ctx, a.Of[0])
	if err != nil && problem.KindOf(err) != problem.NotFound {
		return seen, err
	}
	purpose, key, whole := strings.Cut(label.Text, " ")
	if !whole {
		return seen, nil
	}
	seen.Purpose, seen.Key = purpose, key
	before := a.Before()
	switch {
	case a.Stale || !a.Used.IsZero() || a.State != casework.Proposed && a.State != casework.Approved:
		return seen, nil
	case a.State == casework.Proposed:
		if before, err = h.Ledger.Size(ctx); err != nil {
			return seen, err
		}
	}
	to, err := h.Letters.Recipient(ctx, a.Of[1])
	if err != nil {
		return seen, err
	}
	x := &exporting{house: h, to: to, purpose: purpose, before: before, by: by}
	if err := x.gather(ctx); err != nil {
		return seen, err
	}
	x.show(&seen)
	return seen, nil
}

// show tells what was gathered: of whom which fields, and what stays.
func (x *exporting) show(seen *caseworkweb.Export) {
	seen.Previewed = true
	seen.Counted, seen.Statements, seen.States = x.made.Counted, x.made.Statements, x.made.States
	for f, p := range x.passed(func(f casework.ClearedField) bool { return !x.sifted.Held[f.Statement()] }) {
		last := len(seen.People) - 1
		if last < 0 || seen.People[last].Record != p.Record() {
			seen.People = append(seen.People, caseworkweb.ExportPerson{Record: p.Record(), Fields: map[statement.Property]int64{}})
			last++
		}
		seen.People[last].Fields[f.Property()]++
	}
	for _, l := range x.made.LeftOut {
		seen.LeftOut = append(seen.LeftOut, caseworkweb.ExportLeftOut{Why: l.Why, N: l.N, Fields: l.Fields})
	}
}
