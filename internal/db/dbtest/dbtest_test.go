package dbtest_test

import (
	"context"
	"testing"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
)

func TestEachGivesFreshDatabases(t *testing.T) {
	for range 2 {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, "CREATE TABLE once (id TEXT NOT NULL PRIMARY KEY)")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
