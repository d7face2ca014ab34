package ledger

import (
	"context"
	"crypto/ed25519"
	"errors"
	"slices"

	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
)

// This file checks what is signed: the key, the heads, the checkpoints, and what is
// kept of them outside.

// readHeads reads the heads and the key, and holds them against each other.
func (v *verification) readHeads(ctx context.Context) error {
	q := ledgersql.New(v.view.tx)
	var rows []ledgersql.HeadsRow
	_, err := v.reading(ctx, "ledger_head", func() (err error) {
		rows, err = q.Heads(ctx, v.l.office)
		return err
	})
	if err != nil {
		return err
	}
	v.heads = map[int64]ledgersql.HeadsRow{}
	for _, r := range rows {
		if r.Log != statementsLog && r.Log != readsLog {
			v.say(Inserted, "ledger_head", "", r.Log, "no_such_log")
			continue
		}
		v.heads[r.Log] = r
		if r.LogID != v.l.logID || r.Origin != v.l.originOf(r.Log) {
			v.say(Altered, "ledger_head", "", r.Log, "head_name")
		}
	}
	for _, log := range []int64{statementsLog, readsLog} {
		if _, ok := v.heads[log]; !ok && !v.unread["ledger_head"] {
			v.say(Deleted, "ledger_head", "", log, "head_missing")
		}
	}
	return v.readKey(ctx, q)
}

// readKey finds the key that checkpoints are checked with: the signing key's own
// public half, or else the one in clear.
func (v *verification) readKey(ctx context.Context, q *ledgersql.Queries) error {
	var rows []ledgersql.KeysRow
	there, err := v.reading(ctx, "ledger_key", func() (err error) {
		rows, err = q.Keys(ctx, v.l.office)
		return err
	})
	if err != nil {
		return err
	}
	var public ed25519.PublicKey
	if !there && v.l.key != nil { // what was read when the office was unlocked
		public = v.l.key.Public().(ed25519.PublicKey)
	}
	there = !there
	for _, r := range rows {
		if r.LogID != v.l.logID {
			v.say(Inserted, "ledger_key", r.LogID, -1, "key_other")
			continue
		}
		there = true
		own := v.l.openKey(r.LogID, r.Sealed)
		switch {
		case own == nil:
			v.say(Altered, "ledger_key", r.LogID, -1, "key_closed")
			public = ed25519.PublicKey(r.PublicKey)
		case !own.Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(r.PublicKey)):
			v.say(Altered, "ledger_key", r.LogID, -1, "key_public")
			public = own.Public().(ed25519.PublicKey)
		default:
			public = own.Public().(ed25519.PublicKey)
		}
	}
	if !there {
		v.say(Deleted, "ledger_key", v.l.logID, -1, "key_missing")
	}
	v.keys = map[int64]proof.Key{}
	for _, log := range []int64{statementsLog, readsLog} {
		v.keys[log] = proof.Key{Name: v.l.originOf(log), Public: public}
	}
	return nil
}

// logCheck is what is known of one log while it is verified.
type logCheck struct {
	log   int64
	size  int64 // entries that there must be
	at    int64 // time of the last entry
	epoch int
	last  proof.Checkpoint // that the log itself holds
	// signed are the checkpoints that are what they say, by size; kept are those
	// from outside. roots is filled in while the leaves are read.
	signed map[int64]proof.Checkpoint
	kept   []proof.Checkpoint
	roots  map[int64]proof.Hash // wanted: by size
	tree   *treeCheck
}

// checkpoints checks the chain of checkpoints of a log, the head against the last
// of them, and reads those that are kept outside.
func (v *verification) checkpoints(ctx context.Context, log int64) (*logCheck, error) {
	c := &logCheck{log: log, epoch: 1, signed: map[int64]proof.Checkpoint{}, roots: map[int64]proof.Hash{}}
	var rows []ledgersql.CheckpointsRow
	_, err := v.reading(ctx, "ledger_checkpoint", func() (err error) {
		rows, err = ledgersql.New(v.view.tx).Checkpoints(ctx, ledgersql.CheckpointsParams{OfficeID: v.l.office, Log: log})
		return err
	})
	if err != nil {
		return nil, err
	}
	known := map[int64]bool{}
	for _, r := range rows {
		known[r.Size] = true
	}
	var last proof.Checkpoint
	note := ""
	for _, r := range rows {
		cp, err := proof.Open(r.Note, v.keys[log])
		switch {
		case err != nil:
			v.say(Altered, "ledger_checkpoint", "", r.Size, "note_unsigned")
			continue
		case cp.Size != r.Size:
			v.say(Swapped, "ledger_checkpoint", "", r.Size, "note_of", "size", cp.Size)
			continue
		}
		if cp.Prev != last.Size && !known[cp.Prev] && cp.Prev != 0 {
			v.say(Deleted, "ledger_checkpoint", "", cp.Prev, "note_missing")
		}
		if cp.Epoch < last.Epoch || cp.At.Before(last.At) {
			v.say(OutOfOrder, "ledger_checkpoint", "", r.Size, "note_order")
		}
		last, note = cp, r.Note
		c.signed[cp.Size] = cp
		c.roots[cp.Size] = proof.Hash{}
	}
	c.last = last
	if log == statementsLog {
		v.report.Checkpoint, v.report.Epoch = note, max(last.Epoch, 1)
	}
	for _, cp := range c.signed {
		if cp.Epoch == v.report.Epoch { // the statements' log is read first, and turns first
			v.report.Rows.Data = max(v.report.Rows.Data, cp.Rows.Data)
			v.report.Rows.Keyring = max(v.report.Rows.Keyring, cp.Rows.Keyring)
		}
	}
	if err := v.headAgainst(ctx, c, last); err != nil {
		return nil, err
	}
	v.outside(c)
	return c, nil
}

// headAgainst decides how long the log is, and holds the head to it.
func (v *verification) headAgainst(ctx context.Context, c *logCheck, last proof.Checkpoint) error {
	c.size, c.epoch = last.Size, max(last.Epoch, 1)
	if !last.At.IsZero() {
		c.at = last.At.UnixMicro()
	}
	h, ok := v.heads[c.log]
	if !ok {
		return nil
	}
	leaf := h.Size - 1
	_, err := v.reading(ctx, "ledger_leaf", func() error {
		last, err := ledgersql.New(v.view.tx).LastLeaf(ctx, ledgersql.LastLeafParams{OfficeID: v.l.office, Log: c.log})
		if err == nil {
			leaf = last
		}
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case v.unread["ledger_checkpoint"]:
		c.size, c.epoch, c.at = h.Size, int(h.Epoch), h.RecordedAt
		return nil
	case h.Size > last.Size && leaf+1 >= h.Size:
		v.say(Deleted, "ledger_checkpoint", "", h.Size, "note_uncovered")
		c.size = h.Size
	case h.Size != last.Size:
		v.say(Altered, "ledger_head", "", c.log, "head_size", "size", h.Size, "signed", last.Size)
	case last.Size > 0 && (len(h.Root) != len(last.Root) || proof.Hash(h.Root) != last.Root):
		v.say(Altered, "ledger_head", "", c.log, "head_root")
	}
	if last.Size > 0 && h.RecordedAt != c.at && h.Size == last.Size {
		v.say(Altered, "ledger_head", "", c.log, "head_time")
	}
	if last.Size == 0 && h.Size == 0 && proof.Hash(pad(h.Root)) != proof.Empty() {
		v.say(Altered, "ledger_head", "", c.log, "head_empty")
	}
	// The log of reads learns of a new epoch with its next entry.
	turned := c.log == readsLog && int(h.Epoch) == max(v.report.Epoch, 1)
	if int(h.Epoch) != c.epoch && !turned {
		v.say(Altered, "ledger_head", "", c.log, "head_epoch")
	}
	return nil
}

// pad gives 32 bytes of whatever lies in a column.
func pad(raw []byte) []byte {
	out := make([]byte, len(proof.Hash{}))
	if len(raw) == len(out) {
		copy(out, raw)
	}
	return out
}

// outside gathers the checkpoints that somebody kept elsewhere.
func (v *verification) outside(c *logCheck) {
	var notes []string
	if c.log == statementsLog {
		notes = slices.Clone(v.o.Outside)
	}
	if v.l.outside != nil {
		now := v.places[c.log]
		if errors.Is(now.err, errForeign) {
			v.say(Forked, "outside", "", -1, "outside_foreign")
		}
		if now.note != "" {
			notes = append(notes, now.note)
		}
		v.report.Place = worse(v.report.Place, now.beside(c.last))
	}
	for _, note := range notes {
		cp, err := proof.Open(note, v.keys[c.log])
		if err != nil {
			v.say(Forked, "outside", "", -1, "outside_unsigned")
			continue
		}
		v.report.Outside++
		if cp.Epoch > c.epoch || cp.Epoch == c.epoch && cp.Size > c.size {
			v.say(RolledBack, "outside", "", c.size, "outside_ahead", "from", c.size, "to", cp.Size-1)
			continue
		}
		if cp.Size <= c.size {
			c.kept = append(c.kept, cp)
			c.roots[cp.Size] = proof.Hash{}
		}
	}
}

// judge compares the roots of the leaves with what was signed and kept, and lets the
// tree name what is wrong below them.
func (c *logCheck) judge(v *verification) {
	broken := false
	for size, cp := range c.signed {
		broken = broken || c.roots[size] != cp.Root
	}
	c.tree.name(v, c, broken)
	for _, cp := range c.kept {
		// A checkpoint of an epoch before a restoration may hold entries that were
		// lost with it; what the signed ones hold together stands.
		if !broken && cp.Epoch == c.epoch && c.roots[cp.Size] != cp.Root {
			v.say(Forked, "outside", "", cp.Size, "outside_beginning")
		}
	}
}
