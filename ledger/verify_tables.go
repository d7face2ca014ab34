package ledger

import (
	"context"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"homeward/ledger/ledgersql"
	"homeward/vault"
)

// This file checks the tables that follow from the statements, and finds the rows
// that lie at no place of the log.

// checkPending reads the erasures that were begun and not ended.
func (v *verification) checkPending(ctx context.Context) error {
	var rows []ledgersql.PendingRow
	ok, err := v.reading(ctx, "ledger_pending", func() (err error) {
		rows, err = ledgersql.New(v.view.tx).Pending(ctx, v.l.office)
		return err
	})
	if !ok {
		return err
	}
	for _, r := range rows {
		if _, err := v.l.openPending(r.ID, r.Sealed); err != nil {
			v.say(Altered, "ledger_pending", r.ID, -1, "erasure_closed")
			continue
		}
		v.pending = true
	}
	return nil
}

// checkRecords holds the table of records against the statements that open them.
func (v *verification) checkRecords(ctx context.Context) error {
	seen := map[string]bool{}
	var unread lost
	q := ledgersql.New(v.view.tx)
	size := v.report.Entries
	for from := int64(0); from < size; from += step {
		rows, gone, err := spanOf(ctx, v, "ledger_record", interval{from, min(from+step, size)}, func(from, to int64) ([]ledgersql.RecordsBetweenRow, error) {
			return q.RecordsBetween(ctx, ledgersql.RecordsBetweenParams{OfficeID: v.l.office, Idx: from, Idx_2: to})
		})
		if err != nil {
			return err
		}
		unread = append(unread, gone...)
		for _, r := range rows {
			o := v.opens[r.ID]
			if o == nil {
				if !v.unreadableAt(r.Idx) {
					v.say(Inserted, "ledger_record", r.ID, r.Idx, "record_unopened")
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
				v.say(Altered, "ledger_record", r.ID, r.Idx, "columns", "columns", strings.Join(columns, ", "))
			}
		}
	}
	for id, o := range v.opens {
		if !seen[id] && !v.gone[id] && !unread.has(o.idx) {
			v.say(Deleted, "ledger_record", id, o.idx, "record_missing")
		}
	}
	return nil
}

// checkKeys opens every key of the keyring, and holds them against the records that the
// log opens and those that it says were forgotten. A key more is no finding: it was made,
// and then the act was not recorded.
func (v *verification) checkKeys(ctx context.Context) error {
	have := make(map[string]bool, len(v.opens))
	err := v.l.vault.Keys(ctx, func(k vault.KeptKey) {
		v.report.Keys++
		have[k.ID] = true
		if !k.Whole {
			v.say(Altered, "vault_key", k.ID, -1, "key_wrapped")
		}
		if v.gone[k.ID] && !v.pending {
			v.say(Inserted, "vault_key", k.ID, -1, "key_back")
		}
	})
	if isDamage(err) {
		return nil // which is a finding already (askDatabases)
	}
	if err != nil {
		return err
	}
	for _, p := range v.keyless {
		if !have[p.key] && !v.gone[p.key] && !v.pending {
			have[p.key] = true // once for all that it sealed
			v.say(KeyGone, "vault_key", p.key, -1, "record_key")
		}
	}
	for id, o := range v.opens {
		if !have[id] && !v.gone[id] && !v.pending {
			v.say(KeyGone, "vault_key", id, o.idx, "record_key")
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
	if v.unreadPlaces[idx] {
		return true
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
	q, size := ledgersql.New(v.view.tx), v.report.Entries
	var rows []ledgersql.WithdrawalsBetweenRow
	var unread lost
	for from := int64(0); from < size; from += step {
		some, gone, err := spanOf(ctx, v, "ledger_withdrawal", interval{from, min(from+step, size)}, func(from, to int64) ([]ledgersql.WithdrawalsBetweenRow, error) {
			return q.WithdrawalsBetween(ctx, ledgersql.WithdrawalsBetweenParams{OfficeID: v.l.office, Idx: from, Idx_2: to})
		})
		if err != nil {
			return err
		}
		rows, unread = append(rows, some...), append(unread, gone...)
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
			v.say(Inserted, "ledger_withdrawal", r.StatementID, r.Idx, "withdrawal_unsaid")
		case ok && len(e.differ(r)) > 0:
			v.say(Altered, "ledger_withdrawal", e.statement, r.Idx, "columns", "columns", strings.Join(e.differ(r), ", "))
		}
	}
	for idx, e := range want {
		if unread.has(idx) {
			continue
		}
		v.say(Deleted, "ledger_withdrawal", e.statement, idx, "withdrawal_gone")
	}
	return nil
}

// differ names the columns of a withdrawal's row that are not what was recorded.
func (e edge) differ(r ledgersql.WithdrawalsBetweenRow) (columns []string) {
	for _, c := range []struct {
		column string
		same   bool
	}{{"target", e.target == r.Target}, {"statement_id", e.statement == r.StatementID}, {"act_id", e.act == r.ActID}, {"recorded_at", e.at == r.RecordedAt}} {
		if !c.same {
			columns = append(columns, c.column)
		}
	}
	return columns
}

// strays finds the rows that lie behind the end of the log or before its beginning.
func (v *verification) strays(ctx context.Context, statements, reads int64) error {
	q, office := ledgersql.New(v.view.tx), v.l.office
	for _, look := range []struct {
		table string
		fn    func() error
	}{
		{"ledger_statement", func() error {
			found, err := q.StrayStatements(ctx, ledgersql.StrayStatementsParams{OfficeID: office, Idx: statements})
			for _, r := range found {
				v.say(Inserted, "ledger_statement", r.ID, r.Idx, "no_place")
			}
			return err
		}},
		{"ledger_read", func() error {
			looks, err := q.StrayReads(ctx, ledgersql.StrayReadsParams{OfficeID: office, Idx: reads})
			for _, idx := range looks {
				v.say(Inserted, "ledger_read", "", idx, "no_place")
			}
			return err
		}},
		{"ledger_leaf", func() error {
			leaves, err := q.StrayLeaves(ctx, ledgersql.StrayLeavesParams{OfficeID: office, Idx: statements, Idx_2: reads})
			for _, r := range leaves {
				v.say(Inserted, "ledger_leaf", "", r.Idx, "no_place_of", "log", r.Log)
			}
			return err
		}},
		{"ledger_node", func() error {
			nodes, err := q.StrayNodes(ctx, ledgersql.StrayNodesParams{
				OfficeID: office, Position: tlog.StoredHashIndex(0, statements), Position_2: tlog.StoredHashIndex(0, reads),
			})
			for _, r := range nodes {
				v.say(Inserted, "ledger_node", "", r.Position, "no_tree_of", "log", r.Log)
			}
			return err
		}},
		{"ledger_checkpoint", func() error {
			checkpoints, err := q.StrayCheckpoints(ctx, ledgersql.StrayCheckpointsParams{OfficeID: office, Size: statements, Size_2: reads})
			for _, r := range checkpoints {
				v.say(Inserted, "ledger_checkpoint", "", r.Size, "no_place_of", "log", r.Log)
			}
			return err
		}},
		{"ledger_record", func() error {
			records, err := q.StrayRecords(ctx, ledgersql.StrayRecordsParams{OfficeID: office, Idx: statements})
			for _, r := range records {
				v.say(Inserted, "ledger_record", r.ID, r.Idx, "no_place")
			}
			return err
		}},
		{"ledger_withdrawal", func() error {
			withdrawn, err := q.StrayWithdrawals(ctx, ledgersql.StrayWithdrawalsParams{OfficeID: office, Idx: statements})
			for _, r := range withdrawn {
				v.say(Inserted, "ledger_withdrawal", r.StatementID, r.Idx, "no_place")
			}
			return err
		}},
	} {
		if _, err := v.reading(ctx, look.table, look.fn); err != nil {
			return err
		}
	}
	return nil
}
