package homeward

import (
	"context"

	"homeward/internal/db"
	"homeward/ledger"
)

// VerifyRows is Verify in which the pages and indexes of both databases were looked at
// already, for a test that alters rows and no pages.
func (h *House) VerifyRows(ctx context.Context) (ledger.Report, error) {
	return h.VerifyAs(ctx, Verification{checked: []db.Checkup{{Name: h.DB.Name()}, {Name: h.Keyring.Name()}}})
}

// DeletedBytes gives the number that the first page shows of them.
func (h *House) DeletedBytes(ctx context.Context) int {
	c, err := h.deletedBytes(ctx)
	if err != nil {
		return -1
	}
	return c.N
}

// Tables gives the class of every table, of the data or of the keys.
func Tables(data bool) map[string]string {
	classes := map[class]string{proven: "proven", computed: "computed", watched: "watched", watching: "watching", passing: "passing"}
	tables := keyTables
	if data {
		tables = dataTables
	}
	named := map[string]string{}
	for table, class := range tables {
		named[table] = classes[class]
	}
	return named
}
