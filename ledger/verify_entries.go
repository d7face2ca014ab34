package ledger

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
	"homeward/statement"
	"homeward/vault"
)

// This file reads the entries of a log with their leaves and nodes, block by block.
// One goroutine reads, as a transaction is one goroutine's; the cores open and hash;
// one goroutine takes the blocks in their order and grows the tree.

// block is a part of the log with everything that lies at its places.
type block struct {
	from, to   int64
	statements []ledgersql.StatementsWholeRow
	reads      []ledgersql.ReadsWholeRow
	leaves     []ledgersql.LeavesRow
	nodes      map[int64]proof.Hash

	lostEntries, lostLeaves, lostNodes lost
}

// outcome is what was found out about one block.
type outcome struct {
	block
	entries []entry // one for each place
	err     error
}

// entry is one place of the log, checked.
type entry struct {
	present    bool
	read       bool       // the content could be read
	commitment proof.Hash // that the content gives
	at         int64      // by the content, or else by the row in clear
	epoch      int
	said       statement.Recorded // of a statement that could be read
	id, key    string
	sealed     []byte   // of one that does not open
	keyless    bool     // its key is not there
	unkeyed    bool     // the keyring cannot be read where its key lies
	columns    []string // that differ from the content
}

// entries checks a whole log.
func (v *verification) entries(ctx context.Context, c *logCheck) error {
	c.tree = newTreeCheck(c.log, c.size)
	if _, ok := c.roots[0]; ok {
		c.roots[0] = proof.Empty()
	}
	work := make(chan chan outcome, 2*runtime.GOMAXPROCS(0))
	failed := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { failed <- v.take(ctx, c, work, cancel) }()
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	var err error
	for from := int64(0); from < c.size && err == nil; from += step {
		var b block
		if b, err = v.readBlock(ctx, c.log, from, min(from+step, c.size)); err != nil {
			break
		}
		done := make(chan outcome, 1)
		select {
		case work <- done:
		case <-ctx.Done():
			err = ctx.Err()
			continue
		}
		places <- struct{}{}
		go func() {
			done <- v.checkBlock(ctx, c.log, b)
			<-places
		}()
	}
	close(work)
	taken := <-failed
	if taken != nil {
		return taken
	}
	return err
}

func (v *verification) readBlock(ctx context.Context, log, from, to int64) (b block, err error) {
	q, office := ledgersql.New(v.view.tx), v.l.office
	b = block{from: from, to: to, nodes: map[int64]proof.Hash{}}
	b.leaves, b.lostLeaves, err = span(ctx, v, interval{from, to}, func(from, to int64) ([]ledgersql.LeavesRow, error) {
		return q.Leaves(ctx, ledgersql.LeavesParams{OfficeID: office, Log: log, Idx: from, Idx_2: to})
	})
	if err != nil {
		return b, err
	}
	// A node's position lies behind the leaf that completes it.
	var nodes []ledgersql.NodesRow
	nodes, b.lostNodes, err = span(ctx, v, interval{tlog.StoredHashIndex(0, from), tlog.StoredHashIndex(0, to)}, func(from, to int64) ([]ledgersql.NodesRow, error) {
		return q.Nodes(ctx, ledgersql.NodesParams{OfficeID: office, Log: log, Position: from, Position_2: to})
	})
	if err != nil {
		return b, err
	}
	for _, n := range nodes {
		b.nodes[n.Position] = proof.Hash(pad(n.Hash))
	}
	if log == statementsLog {
		b.statements, b.lostEntries, err = span(ctx, v, interval{from, to}, func(from, to int64) ([]ledgersql.StatementsWholeRow, error) {
			return q.StatementsWhole(ctx, ledgersql.StatementsWholeParams{OfficeID: office, Idx: from, Idx_2: to})
		})
	} else {
		b.reads, b.lostEntries, err = span(ctx, v, interval{from, to}, func(from, to int64) ([]ledgersql.ReadsWholeRow, error) {
			return q.ReadsWhole(ctx, ledgersql.ReadsWholeParams{OfficeID: office, Idx: from, Idx_2: to})
		})
	}
	return b, err
}

func (v *verification) checkBlock(ctx context.Context, log int64, b block) outcome {
	out := outcome{block: b, entries: make([]entry, b.to-b.from)}
	if log == readsLog {
		for _, r := range b.reads {
			out.entries[r.Idx-b.from] = v.checkLook(r)
		}
		return out
	}
	keys := make([]string, len(b.statements))
	for i, r := range b.statements {
		keys[i] = sealedWith(r)
	}
	slices.Sort(keys)
	if out.err = passing(v.l.vault.Warm(ctx, slices.Compact(keys)...)); out.err != nil {
		return out
	}
	looked, err := v.l.vault.Look(ctx)
	if out.err = passing(err); out.err != nil {
		return out
	}
	if err != nil {
		looked = ctx
	}
	for _, r := range b.statements {
		if out.entries[r.Idx-b.from], out.err = v.checkStatement(looked, r); out.err != nil {
			return out
		}
	}
	return out
}

func sealedWith(r ledgersql.StatementsWholeRow) string {
	if r.KeyID == "" {
		return r.Subject
	}
	return r.KeyID
}

// checkStatement opens a statement's row and compares it with what it says in clear.
// An error means that the keyring could not be read, and nothing is known.
func (v *verification) checkStatement(ctx context.Context, r ledgersql.StatementsWholeRow) (entry, error) {
	e := entry{present: true, at: r.RecordedAt, epoch: int(r.Epoch), id: r.ID, key: sealedWith(r)}
	s, canonical, salt, err := v.l.unseal(ctx, e.key, r.Idx, r.Sealed)
	switch {
	case errors.Is(err, vault.ErrForgotten), errors.Is(err, vault.ErrNoKey):
		e.keyless, e.sealed = true, r.Sealed
		return e, nil
	case errors.Is(err, vault.ErrTampered), errors.Is(err, vault.ErrNewer): // also where the algorithm's name was altered
		e.sealed = r.Sealed
		return e, nil
	case isDamage(err):
		e.unkeyed = true
		return e, nil
	case err != nil:
		return e, err
	}
	e.read, e.said = true, s
	e.commitment = proof.Commit(salt, canonical)
	e.at, e.epoch = s.RecordedAt.UnixMicro(), s.Epoch
	clear(canonical)
	for _, c := range []struct {
		column string
		same   bool
	}{
		{"idx", s.Index == r.Idx}, {"log_id", s.LogID == r.LogID && s.LogID == v.l.logID}, {"epoch", int64(s.Epoch) == r.Epoch},
		{"id", s.ID == r.ID}, {"act_id", s.ActID == r.ActID}, {"act_kind", string(s.ActKind) == r.ActKind},
		{"subject", s.Subject == r.Subject}, {"property", string(s.Property) == r.Property}, {"object", s.Object == r.Object},
		{"said_by", s.SaidBy == r.SaidBy}, {"key_id", s.Key == e.key && (r.KeyID == "" || r.KeyID != r.Subject)},
		{"recorded_by", s.RecordedBy == r.RecordedBy}, {"recorded_at", e.at == r.RecordedAt},
	} {
		if !c.same {
			e.columns = append(e.columns, c.column)
		}
	}
	return e, nil
}

// checkLook gives the commitment of an entry of the log of reads.
func (v *verification) checkLook(r ledgersql.ReadsWholeRow) entry {
	look := Look{Index: r.Idx, At: time.UnixMicro(r.RecordedAt), User: r.UserID, Action: r.Action, Object: r.Object}
	e := entry{present: true, read: true, at: r.RecordedAt, epoch: int(r.Epoch)}
	e.commitment = proof.Commit(r.Salt, canonicalLook(r.LogID, int(r.Epoch), look))
	return e
}

// take puts the blocks together in their order.
func (v *verification) take(ctx context.Context, c *logCheck, work <-chan chan outcome, cancel func()) error {
	last := entry{epoch: 1}
	for done := range work {
		out := <-done
		if out.err != nil {
			cancel()
			for range work { // whoever reads blocks may be waiting to hand one over
				continue
			}
			return out.err
		}
		v.takeBlock(c, out, &last)
		v.progress(out.to - out.from)
	}
	return ctx.Err()
}

func (v *verification) takeBlock(c *logCheck, out outcome, last *entry) {
	leaves := map[int64]ledgersql.LeavesRow{}
	for _, l := range out.leaves {
		leaves[l.Idx] = l
	}
	v.takeLost(c, out.block)
	for i, e := range out.entries {
		idx := out.from + int64(i)
		v.takeLeaf(c, idx, e, leaves, out.nodes)
		if e.present {
			v.takeOrder(c, idx, e, last)
		}
		if out.lostEntries.has(idx) {
			continue
		}
		if c.log == statementsLog {
			v.takeStatement(idx, e)
		} else if !e.present {
			v.say(Deleted, "ledger_read", "", idx, "entry_missing")
		}
	}
}

// takeLost notes the places of a block that could not be read.
func (v *verification) takeLost(c *logCheck, b block) {
	table := "ledger_statement"
	if c.log == readsLog {
		table = "ledger_read"
	}
	for _, l := range []struct {
		table string
		lost  lost
	}{{table, b.lostEntries}, {"ledger_leaf", b.lostLeaves}, {"ledger_node", b.lostNodes}} {
		for _, i := range l.lost {
			v.say(Damaged, l.table, "", i.from, "entries_unread", "from", i.from, "to", i.to-1)
		}
	}
	if c.log == statementsLog {
		for _, i := range b.lostEntries {
			for idx := i.from; idx < i.to; idx++ {
				v.unreadPlaces[idx] = true
			}
		}
	}
	c.tree.lostLeaves = append(c.tree.lostLeaves, b.lostLeaves...)
	c.tree.lostNodes = append(c.tree.lostNodes, b.lostNodes...)
}

// takeLeaf holds an entry against its leaf and grows the tree.
func (v *verification) takeLeaf(c *logCheck, idx int64, e entry, leaves map[int64]ledgersql.LeavesRow, nodes map[int64]proof.Hash) {
	t := c.tree
	row, ok := leaves[idx]
	commitment, hash := proof.Hash(pad(row.Commitment)), proof.Hash(pad(row.Hash))
	switch {
	case !ok:
		t.absent[idx] = true
		if e.read { // what was recorded says what the leaf was
			hash = proof.Leaf(e.commitment)
		}
	case hash != proof.Leaf(commitment):
		t.wrong[idx] = true
		if e.read {
			hash = proof.Leaf(e.commitment)
		}
	case e.read && e.commitment != commitment:
		t.other[idx] = proof.Leaf(e.commitment)
	case e.read:
		t.sure[idx] = true
	}
	t.add(hash, nodes)
	if _, wanted := c.roots[idx+1]; wanted {
		c.roots[idx+1] = t.grown.root()
	}
}

// takeOrder holds the time of an entry against its place.
func (v *verification) takeOrder(c *logCheck, idx int64, e entry, last *entry) {
	table := "ledger_statement"
	if c.log == readsLog {
		table = "ledger_read"
	}
	if e.at < last.at || e.epoch < last.epoch {
		v.say(OutOfOrder, table, e.id, idx, "entry_order")
	} else {
		last.at, last.epoch = e.at, e.epoch
	}
	if cp, ok := c.signed[idx+1]; ok && cp.At.UnixMicro() != e.at {
		v.say(OutOfOrder, table, e.id, idx, "entry_time")
	}
}

// takeStatement notes what a statement says of other tables.
func (v *verification) takeStatement(idx int64, e entry) {
	switch {
	case !e.present:
		v.absent = append(v.absent, idx)
		return
	case e.unkeyed:
		v.unreadPlaces[idx] = true
		v.say(Damaged, "vault_key", e.key, idx, "key_unread")
		return
	case e.keyless:
		v.keyless = append(v.keyless, place{idx, e.id, e.key, e.sealed})
		return
	case !e.read:
		v.closed = append(v.closed, place{idx, e.id, e.key, e.sealed})
		return
	}
	if len(e.columns) > 0 {
		v.say(Altered, "ledger_statement", e.said.ID, idx, "columns", "columns", strings.Join(e.columns, ", "))
	}
	s := e.said
	switch {
	case s.Property == statement.RecordKind:
		v.opens[s.Subject] = &opening{id: s.Subject, kind: statement.Kind(s.Value), owner: s.Subject, idx: idx, statement: s.ID, act: s.ActID}
	case isWithdrawal(s.Property):
		v.edges = append(v.edges, edge{idx: idx, target: s.Object, statement: s.ID, act: s.ActID, at: s.RecordedAt.UnixMicro()})
	case s.ActKind == statement.ActErasure && s.Property == statement.ErasedSubject:
		v.gone[s.Object] = true
	case s.ActKind == statement.ActErasure && s.Property == statement.ErasedIndexes:
		if !eachRange(s.Value, func(from, to int64) { v.noteErased(from, to) }) {
			v.say(Altered, "ledger_statement", s.ID, idx, "erasure_places")
		}
	}
	if o := v.opens[s.Subject]; o != nil && o.act == s.ActID && o.owner == o.id && s.Object != "" && ownerProperty(o.kind) == s.Property {
		o.owner = s.Object
	}
}

func (v *verification) noteErased(from, to int64) {
	for i := from; i <= to && i < v.total; i++ {
		v.erased[i] = true
	}
}

// checkAbsent holds the places without a statement against the acts of erasure, and
// those whose key is gone.
func (v *verification) checkAbsent() {
	absent := map[int64]bool{}
	for _, idx := range v.absent {
		absent[idx] = true
		if !v.erased[idx] && len(v.unreadPlaces) > 0 { // the act that says why may be among those
			v.say(Damaged, "ledger_statement", "", idx, "statement_unsure")
			continue
		}
		if !v.erased[idx] {
			v.say(Deleted, "ledger_statement", "", idx, "statement_missing")
			continue
		}
		v.report.Erased++
	}
	for idx := range v.erased {
		if !absent[idx] && !v.unreadPlaces[idx] {
			v.say(Inserted, "ledger_statement", "", idx, "statement_erased")
		}
	}
	for _, p := range v.keyless {
		if !v.pending {
			v.say(KeyGone, "ledger_statement", p.id, p.idx, "entry_key")
		}
	}
}

// manyClosed bounds the search for rows whose contents were exchanged.
const manyClosed = 200

// checkClosed says of statements that do not open whether their content lies in
// another row.
func (v *verification) checkClosed(ctx context.Context) error {
	swapped := map[int64]int64{}
	if len(v.closed) <= manyClosed {
		for _, a := range v.closed {
			for _, b := range v.closed {
				if a.idx == b.idx {
					continue
				}
				if _, _, _, err := v.l.unseal(ctx, b.key, b.idx, a.sealed); err == nil {
					swapped[a.idx] = b.idx
				}
			}
		}
	}
	for _, p := range v.closed {
		if other, ok := swapped[p.idx]; ok {
			v.say(Swapped, "ledger_statement", p.id, p.idx, "entry_of", "place", other)
			continue
		}
		v.say(Altered, "ledger_statement", p.id, p.idx, "entry_closed")
	}
	return ctx.Err()
}
