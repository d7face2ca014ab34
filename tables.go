package homeward

import (
	"slices"

	"homeward/internal/db/guard"
)

// class says what vouches for a table, and so what verify does with it.
type class int

const (
	// proven tables are the log itself and what is signed over it.
	proven class = iota + 1
	// computed tables follow from the log: they are computed again and compared.
	computed
	// watched tables follow from nothing: each row has a sealed twin (internal/db/guard).
	watched
	// watching tables are the twins and their sums.
	watching
	// passing tables hold what ends by itself or is made again: sessions, links, delays,
	// proposals. Nothing in them is shown as true, and nobody looks at them.
	passing
)

// dataTables are all tables of the data, keyTables those of the keys: a test holds both
// to the schema, so that no table is forgotten here.
var (
	dataTables = map[string]class{
		"ledger_head": proven, "ledger_key": proven, "ledger_statement": proven, "ledger_leaf": proven, "ledger_node": proven,
		"ledger_checkpoint": proven, "ledger_record": proven, "ledger_withdrawal": proven, "ledger_read": proven, "ledger_pending": proven,

		"intake_said": computed, "intake_appeal": computed, "intake_written": computed,
		"register_record": computed, "register_judgement": computed,
		"casework_grant": computed, "casework_care": computed, "casework_approval": computed,
		"letters_letter": computed, "letters_event": computed, "letters_person": computed, "letters_document": computed, "letters_message": computed,
		"returns_return": computed, "figures_release": computed,

		"access_user": watched, "access_recovery": watched, "access_event": watched,
		"intake_receipt": watched, "intake_spooled": watched, "intake_again": watched,
		"casework_task": watched, "casework_erasure": watched, "letters_number": watched, "letters_office": watched,

		"guard_row": watching, "guard_sum": watching,

		"access_session": passing, "access_link": passing, "access_delay": passing, "access_budget": passing,
		"match_look": passing, "match_pair": passing,
		"db_migration": passing, "db_migration_lock": passing,
	}
	keyTables = map[string]class{
		"vault_key":   proven, // each key is sealed with its id and owner
		"vault_state": watched, "vault_erasure": watched, "vault_suppression": watched,
		"guard_row": watching, "guard_sum": watching,
		"db_migration": passing, "db_migration_lock": passing,
	}
)

// rowKeys are the primary keys of computed tables, without the office.
var rowKeys = map[string][]string{
	"intake_said": {"statement"}, "intake_appeal": {"appeal"}, "intake_written": {"statement"},
	"register_record": {"id"}, "register_judgement": {"statement_id"},
	"casework_grant": {"id"}, "casework_care": {"id"}, "casework_approval": {"id"},
	"letters_letter": {"id"}, "letters_event": {"id"}, "letters_person": {"letter", "person"}, "letters_document": {"letter", "document"}, "letters_message": {"id"},
	"returns_return": {"id"}, "figures_release": {"number"},
}

// ofClass gives the names of the data's tables of a class, in their order.
func ofClass(c class) (names []string) {
	for name, is := range dataTables {
		if is == c {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// followed are all tables that a follower of the ledger writes, and those with them that
// are written whenever one of these is.
func followed() []string {
	names := slices.Concat(ofClass(computed), ofClass(watching), []string{"match_look", "match_pair"})
	for _, t := range guard.Main {
		names = append(names, t.Name)
	}
	return names
}
