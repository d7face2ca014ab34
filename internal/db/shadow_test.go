package db_test

import (
	"context"
	"errors"
	"testing"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
)

// TestShadow computes a table beside itself: what is written stays in the transaction,
// the table on the disk is there under its other name, and a writer does not wait.
func TestShadow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		count := func(ctx context.Context, tx *db.Tx, table string) (n int) {
			t.Helper()
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		add := func(ctx context.Context, tx *db.Tx, number int) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO figures_release (office_id, number, id, entry) VALUES ('o', $1, 'x', 1)", number)
			return err
		}
		write := func(number int) error {
			return d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return add(ctx, tx, number) })
		}
		if err := write(1); err != nil {
			t.Fatal(err)
		}
		// More than once: a connection that had its shadows must not keep them.
		for round := range 2 {
			err := d.Shadow(t.Context(), []string{"figures_release", "match_pair"}, func(ctx context.Context, tx *db.Tx, kept func(string) string) error {
				if n := count(ctx, tx, "figures_release"); n != 0 {
					t.Errorf("the other table begins with %d rows", n)
				}
				if err := errors.Join(add(ctx, tx, 7), add(ctx, tx, 8), add(ctx, tx, 9)); err != nil {
					return err
				}
				if err := write(10 + round); err != nil { // on another connection
					t.Errorf("a writer beside it: %v", err)
				}
				if a, b := count(ctx, tx, "figures_release"), count(ctx, tx, kept("figures_release")); a != 3 || b != 1+round {
					t.Errorf("%d rows in the other table, %d in the kept one", a, b)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if n := count(ctx, tx, "figures_release"); n != 3 {
				t.Errorf("%d rows afterwards, and three were written", n)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}
