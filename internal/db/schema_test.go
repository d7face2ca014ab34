package db_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
)

// TestBothDatabasesHaveOneSchema holds every room's migration to the rule that one
// file makes the same tables on both.
func TestBothDatabasesHaveOneSchema(t *testing.T) {
	dbtest.SameSchema(t, dbtest.SQLite(t), dbtest.PostgreSQL(t))
}

// TestSchemaSeesEveryDifference shows that the comparison above can fail.
func TestSchemaSeesEveryDifference(t *testing.T) {
	base := `CREATE TABLE room_a (office_id TEXT NOT NULL, id TEXT NOT NULL, n BIGINT NOT NULL DEFAULT 0, word TEXT DEFAULT 'x', data BYTEA,
		PRIMARY KEY (office_id, id), UNIQUE (office_id, n), CHECK (n >= 0));
		CREATE TABLE room_b (office_id TEXT NOT NULL, id TEXT NOT NULL, a TEXT, PRIMARY KEY (office_id, id),
			FOREIGN KEY (office_id, a) REFERENCES room_a (office_id, id));
		CREATE INDEX room_a_word ON room_a (word, n DESC);
		CREATE INDEX room_a_data ON room_a (data) WHERE data IS NOT NULL;
		CREATE UNIQUE INDEX room_b_a ON room_b (a);`
	change := map[string][2]string{
		"type":         {"n BIGINT", "n SMALLINT"},
		"null":         {"id TEXT NOT NULL, a", "id TEXT, a"},
		"default":      {"DEFAULT 0", "DEFAULT 1"},
		"column":       {"data BYTEA", "data BYTEA, more BYTEA"},
		"key order":    {"PRIMARY KEY (office_id, id), UNIQUE", "PRIMARY KEY (id, office_id), UNIQUE"},
		"unique":       {"UNIQUE (office_id, n)", "UNIQUE (n, office_id)"},
		"check":        {", CHECK (n >= 0)", ""},
		"index name":   {"room_a_word", "room_a_words"},
		"index order":  {"n DESC", "n"},
		"partial":      {" WHERE data IS NOT NULL", ""},
		"unique index": {"CREATE UNIQUE INDEX", "CREATE INDEX"},
		"foreign key":  {"(office_id, id));", "(office_id, id) ON DELETE CASCADE);"},
		"table":        {"CREATE TABLE room_b", "CREATE TABLE room_b2 (id TEXT); CREATE TABLE room_b"},
	}
	same := map[db.Dialect][]string{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		same[d.Dialect()] = schemaOf(t, d, base)
	})
	if !slices.Equal(same[db.SQLite], same[db.PostgreSQL]) {
		t.Errorf("one file, two schemas:\n%s\n\n%s", strings.Join(same[db.SQLite], "\n"), strings.Join(same[db.PostgreSQL], "\n"))
	}
	for name, c := range change {
		t.Run(name, func(t *testing.T) {
			altered := strings.Replace(base, c[0], c[1], 1)
			if altered == base {
				t.Fatal("the change changes nothing")
			}
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				if name == "null" && d.Dialect() == db.PostgreSQL {
					return // a primary key is never null there: this is the difference
				}
				if slices.Equal(schemaOf(t, d, altered), same[d.Dialect()]) {
					t.Error("not seen")
				}
			})
		})
	}
}

// schemaOf migrates an empty database by one file and describes it.
func schemaOf(t *testing.T, d *db.DB, text string) []string {
	t.Helper()
	name := "9000_room.sql"
	fsys := fstest.MapFS{name: {Data: []byte("-- +goose Up\n" + text + "\n-- +goose Down\n")}}
	if err := d.Migrate(t.Context(), fsys); err != nil {
		t.Fatal(err)
	}
	return dbtest.Schema(t, d)
}
