package ledger

import (
	"golang.org/x/mod/sumdb/tlog"

	"homeward/ledger/proof"
)

// treeCheck grows a tree over the leaves as they lie in their table and compares
// every node above them with the one that is stored.
//
// When the leaves give the signed roots, they are right, and a node that differs was
// altered itself. When they do not, the nodes are the witnesses: the nodes above an
// altered leaf differ, and the content that was sealed says which of the two leaves
// below the lowest of them is not what was committed to.
type treeCheck struct {
	log   int64
	grown *frontier
	// differ are the stored nodes that the leaves do not give, by position.
	differ map[int64]bool
	// lost are nodes that are not stored at all.
	lost []int64
	// other are the places whose content gives another commitment than the leaf's
	// row, with the leaf that the content gives.
	other map[int64]proof.Hash
	// sure says of each place whether its content gives the very commitment of the
	// leaf's row.
	sure []bool
	// wrong are the places whose leaf is not the hash of its own commitment.
	wrong map[int64]bool
	// absent are the places without a leaf.
	absent map[int64]bool
	size   int64
	// Places and positions that could not be read: what is missing there is no finding.
	lostLeaves, lostNodes lost
}

func newTreeCheck(log, size int64) *treeCheck {
	return &treeCheck{
		log: log, size: size, grown: &frontier{}, differ: map[int64]bool{}, other: map[int64]proof.Hash{},
		sure: make([]bool, size), wrong: map[int64]bool{}, absent: map[int64]bool{},
	}
}

// add takes the next leaf and compares the nodes it completes.
func (t *treeCheck) add(leaf proof.Hash, stored map[int64]proof.Hash) {
	t.grown.add(leaf, func(level int, n int64, h proof.Hash) proof.Hash {
		at := tlog.StoredHashIndex(level, n)
		switch have, ok := stored[at]; {
		case !ok:
			t.lost = append(t.lost, at)
		case have != h:
			t.differ[at] = true
		}
		return h
	})
}

// name finds what does not fit. broken says that the leaves do not give a signed
// root.
func (t *treeCheck) name(v *verification, c *logCheck, broken bool) {
	table, content := "ledger_leaf", "ledger_statement"
	if t.log == readsLog {
		content = "ledger_read"
	}
	for _, at := range t.lost {
		if t.lostNodes.has(at) {
			continue
		}
		v.say(Deleted, "ledger_node", "", at, "node_missing")
	}
	for idx := range t.absent {
		if t.lostLeaves.has(idx) {
			continue
		}
		v.say(Deleted, table, "", idx, "leaf_missing")
	}
	if !broken {
		t.namedBySignature(v, table, content)
		return
	}
	before := len(v.report.Findings) + v.report.More
	t.namedByNodes(v, table, content)
	if len(v.report.Findings)+v.report.More == before && len(t.absent) == 0 {
		for size, cp := range c.signed {
			if c.roots[size] != cp.Root {
				v.say(Forked, "ledger_checkpoint", "", size, "note_root")
			}
		}
	}
}

// namedBySignature: the leaves are what was signed.
func (t *treeCheck) namedBySignature(v *verification, table, content string) {
	for at := range t.differ {
		v.say(Altered, "ledger_node", "", at, "node_hash")
	}
	for idx := range t.other {
		v.say(Resealed, content, "", idx, "entry_content")
	}
	for idx := range t.wrong {
		v.say(Altered, table, "", idx, "leaf_hash")
	}
}

// namedByNodes: some leaf is not what was signed.
func (t *treeCheck) namedByNodes(v *verification, table, content string) {
	named := map[int64]bool{}
	for idx := range t.other {
		if t.above(idx) {
			v.say(Altered, table, "", idx, "leaf_other")
		} else {
			v.say(Resealed, content, "", idx, "entry_content")
		}
		named[idx] = true
	}
	for idx := range t.wrong {
		if !named[idx] {
			v.say(Altered, table, "", idx, "leaf_hash")
			named[idx] = true
		}
	}
	for at := range t.differ {
		level, n := tlog.SplitStoredHashIndex(at)
		if level == 1 {
			t.oneOf(v, table, named, 2*n, 2*n+1)
		} else if !t.below(level, n) {
			v.say(Altered, "ledger_node", "", at, "node_hash")
		}
	}
	if last := t.size - 1; t.size%2 == 1 && len(t.differ) == 0 {
		t.oneOf(v, table, named, last, last)
	}
}

// oneOf names which of two leaves below a node that differs is wrong: the one whose
// content does not vouch for it.
func (t *treeCheck) oneOf(v *verification, table string, named map[int64]bool, a, b int64) {
	if named[a] || named[b] || t.absent[a] || t.absent[b] {
		return
	}
	if t.sure[a] && t.sure[b] {
		v.say(Altered, "ledger_node", "", tlog.StoredHashIndex(1, a/2), "node_hash")
		return
	}
	for _, idx := range []int64{a, b} {
		if !t.sure[idx] && !named[idx] {
			v.say(Altered, table, "", idx, "leaf_or_beside")
			named[idx] = true
		}
	}
}

// above says whether a stored node above a leaf differs from what the leaf gives.
func (t *treeCheck) above(idx int64) bool {
	n := idx / 2
	at := tlog.StoredHashIndex(1, n)
	if 2*n+1 < t.size {
		return t.differ[at]
	}
	return true // the last leaf has no node above it: the root itself differs
}

// below says whether a stored node under this one differs too, or could not be read:
// then it only passes on what is wrong there.
func (t *treeCheck) below(level int, n int64) bool {
	if level == 1 {
		return false
	}
	left, right := tlog.StoredHashIndex(level-1, 2*n), tlog.StoredHashIndex(level-1, 2*n+1)
	return t.differ[left] || t.differ[right] || t.lostNodes.has(left) || t.lostNodes.has(right)
}
