package ledger

import (
	"context"
	"database/sql"
	"errors"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
)

// The logs of one office. Each is a tree of its own.
const (
	statementsLog int64 = 1
	readsLog      int64 = 2
)

// frontier is the right edge of a tree: the roots of its complete subtrees, the
// largest first. It is all that is needed to go on.
type frontier struct {
	size  int64
	peaks []proof.Hash
}

// add takes the next leaf. made is told of every hash above the leaves that is
// complete now, from below, and gives the one to go on with.
func (f *frontier) add(leaf proof.Hash, made func(level int, n int64, h proof.Hash) proof.Hash) {
	h, n := leaf, f.size
	for level := 1; n&1 == 1; level++ {
		last := len(f.peaks) - 1
		h, n = proof.Node(f.peaks[last], h), n>>1
		f.peaks = f.peaks[:last]
		h = made(level, n, h)
	}
	f.peaks = append(f.peaks, h)
	f.size++
}

func (f *frontier) root() proof.Hash {
	if f.size == 0 {
		return proof.Empty()
	}
	root := f.peaks[len(f.peaks)-1]
	for i := len(f.peaks) - 2; i >= 0; i-- {
		root = proof.Node(f.peaks[i], root)
	}
	return root
}

func (f *frontier) clone() *frontier {
	return &frontier{size: f.size, peaks: append([]proof.Hash(nil), f.peaks...)}
}

// readFrontier reads the right edge of the tree at a size.
func (l *Ledger) readFrontier(ctx context.Context, tx *db.Tx, log, size int64) (*frontier, error) {
	f := &frontier{size: size}
	r := l.hashes(ctx, tx, log)
	for level := bits.Len64(uint64(size)) - 1; level >= 0; level-- {
		if size>>level&1 == 0 {
			continue
		}
		h, err := r.at(level, size>>(level+1)<<1)
		if err != nil {
			return nil, err
		}
		f.peaks = append(f.peaks, h)
	}
	return f, nil
}

// hashReader reads stored hashes for sumdb/tlog.
type hashReader struct {
	ctx    context.Context //nolint:containedctx // tlog's reader takes none
	q      *ledgersql.Queries
	office string
	log    int64
}

func (l *Ledger) hashes(ctx context.Context, tx *db.Tx, log int64) hashReader {
	return hashReader{ctx: ctx, q: ledgersql.New(tx), office: l.office, log: log}
}

// at gives the stored hash at a level and place. Level 0 lies with the leaves.
func (r hashReader) at(level int, n int64) (proof.Hash, error) {
	var raw []byte
	var err error
	if level == 0 {
		var leaf ledgersql.LeafRow
		leaf, err = r.q.Leaf(r.ctx, ledgersql.LeafParams{OfficeID: r.office, Log: r.log, Idx: n})
		raw = leaf.Hash
	} else {
		raw, err = r.q.Node(r.ctx, ledgersql.NodeParams{OfficeID: r.office, Log: r.log, Position: tlog.StoredHashIndex(level, n)})
	}
	if errors.Is(err, sql.ErrNoRows) || err == nil && len(raw) != len(proof.Hash{}) {
		return proof.Hash{}, ErrDamaged
	}
	if err != nil {
		return proof.Hash{}, err
	}
	return proof.Hash(raw), nil
}

// ReadHashes makes it a tlog.HashReader.
func (r hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		h, err := r.at(tlog.SplitStoredHashIndex(index))
		if err != nil {
			return nil, err
		}
		hashes[i] = tlog.Hash(h)
	}
	return hashes, nil
}
