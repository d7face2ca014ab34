package ledger

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"homeward/ledger/ledgersql"
)

// This file checks the tables that follow from the statements, and finds the rows
// that lie at no place of the log.

// checkPending reads the erasures that were begun and not ended.
func (v *verification) checkPending(ctx context.Context) error {
	rows, err := ledgersql.New(v.view.tx).Pending(ctx, v.l.office)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := v.l.openPending(r.ID, r.Sealed); err != nil {
			v.say(Altered, "ledger_pending", r.ID, -1, "an erasure that was begun does not open")
			continue
		}
		v.pending = true
	}
	return nil
}

// checkRecords holds the table of records against the statements that open them.
func (v *verification) checkRecords(ctx context.Context) error {
	seen := map[string]bool{}
	q := ledgersql.New(v.view.tx)
	size := v.report.Entries
	for from := int64(0); from < size; from += step {
		rows, err := q.RecordsBetween(ctx, ledgersql.RecordsBetweenParams{OfficeID: v.l.office, Idx: from, Idx_2: min(from+step, size)})
		if err != nil {
			return err
		}
		for _, r := range rows {
			o := v.opens[r.ID]
			if o == nil {
				if !v.unreadableAt(r.Idx) {
					v.say(Inserted, "ledger_record", r.ID, r.Idx, "no statement opens this record")
				}
				continue
			}
			seen[r.ID] = true
			var columns []string
			for _, c := range []struct {
				column string
				same   bool
			}{{"kind", string(o.kind) == r.Kind}, {"owner", o.owner == r.Owner}, {"idx", o.idx == r.Idx}, {"statement_id", o.statement == r.StatementID}, {"act_id", o.act == r.ActID}} {
				if !c.same {
					columns = append(columns, c.column)
				}
			}
			if len(columns) > 0 {
				v.say(Altered, "ledger_record", r.ID, r.Idx, "not as recorded: "+strings.Join(columns, ", "))
			}
		}
	}
	for id, o := range v.opens {
		if !seen[id] && !v.gone[id] {
			v.say(Deleted, "ledger_record", id, o.idx, "the record is missing")
		}
	}
	return nil
}

// unreadableAt says whether the statement at a place could not be read, which is a
// finding of its own.
func (v *verification) unreadableAt(idx int64) bool {
	for _, list := range [][]place{v.closed, v.keyless} {
		for _, p := range list {
			if p.idx == idx {
				return true
			}
		}
	}
	for _, absent := range v.absent {
		if absent == idx && !v.erased[idx] {
			return true
		}
	}
	return false
}

// checkWithdrawals holds the table of withdrawals against the statements.
func (v *verification) checkWithdrawals(ctx context.Context) error {
	rows, err := ledgersql.New(v.view.tx).WithdrawalsFrom(ctx, ledgersql.WithdrawalsFromParams{OfficeID: v.l.office, Idx: 0})
	if err != nil {
		return err
	}
	want := map[int64]edge{}
	for _, e := range v.edges {
		want[e.idx] = e
	}
	for _, r := range rows {
		e, ok := want[r.Idx]
		delete(want, r.Idx)
		switch {
		case !ok && !v.unreadableAt(r.Idx):
			v.say(Inserted, "ledger_withdrawal", r.StatementID, r.Idx, "no statement withdraws this")
		case ok && (edge{idx: r.Idx, target: r.Target, statement: r.StatementID, act: r.ActID, at: r.RecordedAt}) != e:
			v.say(Altered, "ledger_withdrawal", e.statement, r.Idx, "not as recorded")
		}
	}
	for idx, e := range want {
		v.say(Deleted, "ledger_withdrawal", e.statement, idx, "the withdrawal is missing")
	}
	return nil
}

// strays finds the rows that lie behind the end of the log or before its beginning.
func (v *verification) strays(ctx context.Context, statements, reads int64) error {
	q, office := ledgersql.New(v.view.tx), v.l.office
	const outside = "it lies at no place of the log"
	found, err := q.StrayStatements(ctx, ledgersql.StrayStatementsParams{OfficeID: office, Idx: statements})
	if err != nil {
		return err
	}
	for _, r := range found {
		v.say(Inserted, "ledger_statement", r.ID, r.Idx, outside)
	}
	looks, err := q.StrayReads(ctx, ledgersql.StrayReadsParams{OfficeID: office, Idx: reads})
	if err != nil {
		return err
	}
	for _, idx := range looks {
		v.say(Inserted, "ledger_read", "", idx, outside)
	}
	leaves, err := q.StrayLeaves(ctx, ledgersql.StrayLeavesParams{OfficeID: office, Idx: statements, Idx_2: reads})
	if err != nil {
		return err
	}
	for _, r := range leaves {
		v.say(Inserted, "ledger_leaf", "", r.Idx, fmt.Sprintf("of log %d: %s", r.Log, outside))
	}
	if err := v.strayNodes(ctx, q, statements, reads); err != nil {
		return err
	}
	checkpoints, err := q.StrayCheckpoints(ctx, ledgersql.StrayCheckpointsParams{OfficeID: office, Size: statements, Size_2: reads})
	if err != nil {
		return err
	}
	for _, r := range checkpoints {
		v.say(Inserted, "ledger_checkpoint", "", r.Size, fmt.Sprintf("of log %d: %s", r.Log, outside))
	}
	records, err := q.StrayRecords(ctx, ledgersql.StrayRecordsParams{OfficeID: office, Idx: statements})
	if err != nil {
		return err
	}
	for _, r := range records {
		v.say(Inserted, "ledger_record", r.ID, r.Idx, outside)
	}
	withdrawn, err := q.StrayWithdrawals(ctx, ledgersql.StrayWithdrawalsParams{OfficeID: office, Idx: statements})
	if err != nil {
		return err
	}
	for _, r := range withdrawn {
		v.say(Inserted, "ledger_withdrawal", r.StatementID, r.Idx, outside)
	}
	return nil
}

func (v *verification) strayNodes(ctx context.Context, q *ledgersql.Queries, statements, reads int64) error {
	nodes, err := q.StrayNodes(ctx, ledgersql.StrayNodesParams{
		OfficeID: v.l.office, Position: tlog.StoredHashIndex(0, statements), Position_2: tlog.StoredHashIndex(0, reads),
	})
	if err != nil {
		return err
	}
	for _, r := range nodes {
		v.say(Inserted, "ledger_node", "", r.Position, fmt.Sprintf("of log %d: it lies in no tree", r.Log))
	}
	return nil
}
