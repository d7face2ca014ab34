package db_test

import (
	"context"
	"testing"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
)

// TestConnectionsAreSafe reads the settings back through connections of both kinds
// and compares them with a list of its own, so that a setting and the program's own
// assertion of it cannot be loosened together unnoticed.
func TestConnectionsAreSafe(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	look := func(ctx context.Context, tx *db.Tx) error {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "trusted_schema": "0", "temp_store": "2",
		} {
			var got string
			if err := tx.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("PRAGMA %s is %s, not %s", pragma, got, want)
			}
		}
		return nil
	}
	if err := d.Write(t.Context(), look); err != nil {
		t.Error(err)
	}
	if err := d.Read(t.Context(), look); err != nil {
		t.Error(err)
	}
}
