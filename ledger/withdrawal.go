package ledger

import (
	"context"
	"slices"
	"time"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/statement"
)

// edge is one withdrawal: a statement, made by an act, that names a target.
type edge struct {
	idx                    int64
	target, statement, act string
	at                     int64
}

// withdrawals are all of them up to a place in the log, and what follows: a
// withdrawal counts unless it, or its act, is itself withdrawn by one that counts.
// A withdrawal can only name what stands before it, so one pass from the end
// decides all. It is never changed once made.
type withdrawals struct {
	next  int64 // the first place that was not looked at
	edges []edge
	dead  map[string]bool // ids of acts and statements that no longer stand
	makes map[string][]int
}

func newWithdrawals(edges []edge) *withdrawals {
	w := &withdrawals{edges: edges, dead: map[string]bool{}, makes: map[string][]int{}}
	for i, e := range slices.Backward(edges) {
		if !w.dead[e.act] && !w.dead[e.statement] {
			w.dead[e.target] = true
		}
		w.makes[e.act] = append(w.makes[e.act], i)
		w.makes[e.statement] = append(w.makes[e.statement], i)
	}
	if n := len(edges); n > 0 {
		w.next = edges[n-1].idx + 1
	}
	return w
}

// names says whether a statement no longer stands.
func (w *withdrawals) names(r statement.Recorded) bool { return w.dead[r.ID] || w.dead[r.ActID] }

// mark sets Withdrawn.
func (w *withdrawals) mark(recorded []statement.Recorded) {
	for i := range recorded {
		recorded[i].Withdrawn = w.names(recorded[i])
	}
}

// until gives the withdrawals as they were at a time.
func (w *withdrawals) until(at time.Time) *withdrawals {
	µs := at.UnixMicro()
	n := len(w.edges)
	for n > 0 && w.edges[n-1].at > µs {
		n--
	}
	if n == len(w.edges) {
		return w
	}
	return newWithdrawals(w.edges[:n])
}

// reach gives every id whose standing may have changed by these withdrawals: their
// targets, and what a target that is a withdrawal names itself.
func (w *withdrawals) reach(fresh []edge) []string {
	var ids []string
	seen := map[string]bool{}
	for queue := slices.Clone(fresh); len(queue) > 0; queue = queue[1:] {
		target := queue[0].target
		if seen[target] {
			continue
		}
		seen[target] = true
		ids = append(ids, target)
		for _, i := range w.makes[target] {
			queue = append(queue, w.edges[i])
		}
	}
	return ids
}

// edges are the withdrawals among statements.
func edges(recorded []statement.Recorded) []edge {
	var out []edge
	for _, r := range recorded {
		if isWithdrawal(r.Property) {
			out = append(out, edge{idx: r.Index, target: r.Object, statement: r.ID, act: r.ActID, at: r.RecordedAt.UnixMicro()})
		}
	}
	return out
}

func isWithdrawal(p statement.Property) bool {
	return p == statement.WithdrawnAct || p == statement.WithdrawnStatement
}

// withdrawals gives what is withdrawn as the transaction sees it. What was read
// before lies in memory; only what came since is read.
func (v View) withdrawals(ctx context.Context) (*withdrawals, error) {
	known := v.l.withdrawn.Load()
	rows, err := ledgersql.New(v.tx).WithdrawalsFrom(ctx, ledgersql.WithdrawalsFromParams{OfficeID: v.l.office, Idx: known.next})
	if err != nil || len(rows) == 0 {
		return known, err
	}
	all := slices.Clip(known.edges)
	for _, r := range rows {
		all = append(all, edge{idx: r.Idx, target: r.Target, statement: r.StatementID, act: r.ActID, at: r.RecordedAt})
	}
	w := newWithdrawals(all)
	if v.committed {
		v.l.withdrawn.CompareAndSwap(known, w)
	}
	return w, nil
}

// changed gives the statements before a place whose standing these withdrawals may
// have changed, as they are now.
func (v View) changed(ctx context.Context, fresh []edge, before int64) ([]statement.Recorded, error) {
	if len(fresh) == 0 {
		return nil, nil
	}
	w, err := v.withdrawals(ctx)
	if err != nil {
		return nil, err
	}
	ids := w.reach(fresh)
	rows, err := v.rows(ctx, byID, ids)
	if err != nil {
		return nil, err
	}
	acts, err := v.rows(ctx, byAct, ids)
	if err != nil {
		return nil, err
	}
	rows = append(rows, acts...)
	rows = slices.DeleteFunc(rows, func(r row) bool { return r.idx >= before })
	return v.open(ctx, distinct(rows), strict)
}

var insertWithdrawals = newInserter("ledger_withdrawal", "office_id", "idx", "target", "statement_id", "act_id", "recorded_at")

func (l *Ledger) writeEdges(ctx context.Context, tx *db.Tx, fresh []edge) error {
	return insertWithdrawals.insert(ctx, tx, len(fresh), func(i int, args []any) []any {
		e := fresh[i]
		return append(args, l.office, e.idx, e.target, e.statement, e.act, e.at)
	})
}

// Withdraw records that acts and statements no longer stand. To undo a
// withdrawal, withdraw its act.
func (l *Ledger) Withdraw(ctx context.Context, by, why string, actIDs, statementIDs []string) ([]statement.Recorded, error) {
	record, err := l.host.NewID()
	if err != nil {
		return nil, err
	}
	act := statement.Act{Kind: statement.ActWithdrawal, By: by, Statements: []statement.Statement{
		{Subject: record, Property: statement.RecordKind, Value: string(statement.WithdrawalOfAct)},
	}}
	say := func(p statement.Property, object, value string) {
		act.Statements = append(act.Statements, statement.Statement{Subject: record, Property: p, Object: object, Value: value})
	}
	for _, id := range actIDs {
		say(statement.WithdrawnAct, id, "")
	}
	for _, id := range statementIDs {
		say(statement.WithdrawnStatement, id, "")
	}
	if len(act.Statements) == 1 {
		return nil, ErrNoStatement
	}
	if why != "" {
		say(statement.WithdrawnWhy, "", why)
	}
	return l.Append(ctx, act)
}
