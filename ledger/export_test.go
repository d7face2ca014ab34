package ledger

import "golang.org/x/mod/sumdb/tlog"

// NodeEnd is the first position behind the nodes of a tree, for tests that roll a
// log back.
func NodeEnd(size int64) int64 { return tlog.StoredHashIndex(0, size) }
