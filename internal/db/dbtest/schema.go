package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homeward/internal/db"
)

// SameSchema fails the test when two databases differ in their tables, columns,
// types, nullability, defaults, keys, indexes, foreign keys or number of checks.
func SameSchema(t testing.TB, sqlite, postgres *db.DB) {
	t.Helper()
	if diff := cmp.Diff(Schema(t, sqlite), Schema(t, postgres)); diff != "" {
		t.Errorf("the schemas differ (- sqlite, + postgres):\n%s", diff)
	}
}

// Schema describes a database in words that mean the same on both, one line a
// thing, tables in order of their names. The tables of goose are left out.
func Schema(t testing.TB, d *db.DB) []string {
	t.Helper()
	questions := postgresQuestions
	if d.Dialect() == db.SQLite {
		questions = sqliteQuestions
	}
	var lines []string
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		tables, err := list(ctx, tx, questions.tables)
		for _, table := range tables {
			if strings.HasPrefix(table, "db_migration") {
				continue
			}
			about, tableErr := describe(ctx, tx, questions, table)
			if tableErr != nil {
				return fmt.Errorf("%s: %w", table, tableErr)
			}
			lines = append(lines, about...)
		}
		return err
	})
	if err != nil {
		fatal(t, err)
	}
	return lines
}

// questions are the queries that describe a table, $1, each answering with lines.
type questions struct{ tables, columns, primary, indexes, foreign, checks string }

func describe(ctx context.Context, tx *db.Tx, q questions, table string) ([]string, error) {
	lines := []string{"table " + table}
	for _, question := range []string{q.columns, q.primary, q.indexes, q.foreign, q.checks} {
		found, err := list(ctx, tx, question, table)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i] = "  " + normal(found[i])
		}
		lines = append(lines, found...)
	}
	// Columns keep their order; what follows them has none.
	columns := slices.IndexFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "  column ") && l != lines[0] })
	if columns > 0 {
		slices.Sort(lines[columns:])
	}
	return lines, nil
}

// cast is how PostgreSQL prints a default: 'x'::text.
var cast = regexp.MustCompile(`::[a-z ]+`)

// check counts the CHECK constraints in SQLite's own text of a table.
var check = regexp.MustCompile(`(?i)\bCHECK\s*\(`)

func normal(line string) string {
	if text, ok := strings.CutPrefix(line, "checks in "); ok {
		return fmt.Sprintf("checks %d", len(check.FindAllString(text, -1)))
	}
	return cast.ReplaceAllString(line, "")
}

func list(ctx context.Context, tx *db.Tx, query string, args ...any) (lines []string, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below tells what matters
	for rows.Next() {
		var line sql.NullString
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		lines = append(lines, line.String)
	}
	return lines, rows.Err()
}

var sqliteQuestions = questions{
	tables: `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
	columns: `SELECT 'column ' || name || ' ' || lower(type) || CASE WHEN "notnull" THEN ' not null' ELSE '' END
		|| coalesce(' default ' || dflt_value, '') FROM pragma_table_info($1) ORDER BY cid`,
	primary: `SELECT 'primary key (' || group_concat(name, ', ') || ')' FROM
		(SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk) HAVING count(*) > 0`,
	indexes: `SELECT CASE l.origin WHEN 'u' THEN 'unique ' ELSE CASE WHEN l."unique" THEN 'unique ' ELSE '' END || 'index ' || l.name || ' ' END
		|| '(' || (SELECT group_concat(part, ', ') FROM (SELECT coalesce(x.name, 'expression') || CASE WHEN x."desc" THEN ' desc' ELSE '' END AS part
			FROM pragma_index_xinfo(l.name) x WHERE x.key ORDER BY x.seqno)) || ')' || CASE WHEN l.partial THEN ' partial' ELSE '' END
		FROM pragma_index_list($1) l WHERE l.origin <> 'pk'`,
	foreign: `SELECT 'foreign key (' || group_concat("from", ', ') || ') references ' || "table" || ' (' || group_concat("to", ', ') || ') on delete ' || lower(on_delete)
		FROM (SELECT * FROM pragma_foreign_key_list($1) ORDER BY id, seq) GROUP BY id`,
	checks: `SELECT 'checks in ' || sql FROM sqlite_schema WHERE type = 'table' AND name = $1`,
}

// keyColumns lists the columns of the key array %[1]s of table %[2]s.
const keyColumns = `(SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(%[1]s) WITH ORDINALITY AS k (num, n)
	JOIN pg_attribute a ON a.attrelid = %[2]s AND a.attnum = k.num)`

var postgresQuestions = questions{
	tables: `SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
	columns: `SELECT 'column ' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
		|| coalesce(' default ' || column_default, '') FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position`,
	primary: `SELECT 'primary key (' || ` + fmt.Sprintf(keyColumns, "c.conkey", "c.conrelid") + ` || ')'
		FROM pg_constraint c WHERE c.contype = 'p' AND c.conrelid = CAST($1 AS regclass)`,
	indexes: `SELECT CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || CASE WHEN c.oid IS NULL THEN 'index ' || n.relname || ' ' ELSE '' END
		|| '(' || (SELECT string_agg(coalesce(a.attname, 'expression') || CASE WHEN i.indoption[k.n - 1] & 1 = 1 THEN ' desc' ELSE '' END, ', ' ORDER BY k.n)
			FROM unnest(CAST(i.indkey AS int[])) WITH ORDINALITY AS k (num, n)
			LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num AND k.num <> 0)
		|| ')' || CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END
		FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
		WHERE i.indrelid = CAST($1 AS regclass) AND NOT i.indisprimary`,
	foreign: `SELECT 'foreign key (' || ` + fmt.Sprintf(keyColumns, "c.conkey", "c.conrelid") + ` || ') references ' || CAST(c.confrelid AS regclass)
		|| ' (' || ` + fmt.Sprintf(keyColumns, "c.confkey", "c.confrelid") + ` || ') on delete '
		|| CASE c.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' ELSE 'set default' END
		FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = CAST($1 AS regclass)`,
	checks: `SELECT 'checks ' || count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = CAST($1 AS regclass)`,
}
