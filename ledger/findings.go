package ledger

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Finding is one thing that Verify found to be other than it was recorded.
type Finding struct {
	Kind  FindingKind
	Table string
	ID    string // of the statement, the record or the file; "" where the row has none
	Index int64  // place in the log, or size of the checkpoint; -1 where there is none
	// Code says what exactly: a message of locale under "proof.finding.", which Args
	// fill with numbers and names of columns and files, never content. What is the
	// English of it.
	Code string
	Args map[string]any
	What string
}

// FindingKind says what was done.
type FindingKind string

// The kinds of finding.
const (
	Altered    FindingKind = "altered"      // a column is not what was recorded
	Deleted    FindingKind = "deleted"      // a row is missing
	Inserted   FindingKind = "inserted"     // a row is there that nobody recorded
	Swapped    FindingKind = "swapped"      // the content of two rows was exchanged
	Resealed   FindingKind = "resealed"     // sealed anew, by somebody who had the key, with other content
	RolledBack FindingKind = "rolled_back"  // the log is behind what was signed
	Forked     FindingKind = "forked"       // the log is not the one that was signed
	KeyGone    FindingKind = "key_gone"     // the key is missing, and no act of erasure says why
	OutOfOrder FindingKind = "out_of_order" // its time contradicts its place
	Damaged    FindingKind = "damaged"      // a part of a database cannot be read as it was written
)

// english has the words of every code, with the places of its arguments.
var english = map[string]string{
	"columns": "not as recorded: {{.columns}}",

	"no_such_log":       "there is no such log",
	"head_name":         "log_id or origin is not the log's",
	"head_missing":      "the head of the log is missing",
	"head_size":         "size is {{.size}}, and {{.signed}} entries were signed",
	"head_root":         "root is not the one that was signed",
	"head_time":         "recorded_at is not the last entry's time",
	"head_empty":        "root is not that of an empty log",
	"head_epoch":        "epoch is not the one that was signed",
	"key_other":         "the key of another log",
	"key_closed":        "the sealed signing key does not open",
	"key_public":        "public_key is not the signing key's",
	"key_missing":       "the signing key is missing",
	"note_unsigned":     "the note is not what the log signed",
	"note_of":           "it holds the note of size {{.size}}",
	"note_missing":      "the next one names it, and it is missing",
	"note_order":        "its epoch or time is before that of the one before",
	"note_uncovered":    "the log has entries that no checkpoint covers",
	"note_root":         "the entries do not give the root that was signed",
	"outside_foreign":   "the place outside holds a checkpoint that this log did not sign",
	"outside_unsigned":  "the checkpoint is not signed by this log",
	"outside_ahead":     "entries {{.from}}-{{.to}} were signed and are not here",
	"outside_beginning": "the log does not begin with what was signed there",

	"entry_missing":     "the entry is missing",
	"entry_order":       "its time or epoch is before that of the entry before",
	"entry_time":        "its time is not the one that was signed with it",
	"entry_closed":      "its content does not open: sealed, subject, key_id or idx was altered",
	"entry_of":          "it holds the content of {{.place}}",
	"entry_content":     "the content is not what was committed to",
	"entry_key":         "its key is missing, and no act of erasure says why",
	"statement_missing": "the statement is missing, and no act of erasure says why",
	"statement_unsure":  "the statement is missing, and what could say why cannot be read",
	"statement_erased":  "an act of erasure says that it was forgotten",
	"erasure_places":    "the places of an erasure cannot be read",
	"erasure_closed":    "an erasure that was begun does not open",
	"leaf_missing":      "the leaf is missing",
	"leaf_hash":         "the commitment does not give the leaf's hash",
	"leaf_other":        "it is not the leaf of what was recorded",
	"leaf_or_beside":    "it is not the leaf that was signed, or the one beside it is not",
	"node_missing":      "the node is missing",
	"node_hash":         "the hash is not that of what lies below it",
	"record_unopened":   "no statement opens this record",
	"record_missing":    "the record is missing",
	"withdrawal_unsaid": "no statement withdraws this",
	"withdrawal_gone":   "the withdrawal is missing",
	"no_place":          "it lies at no place of the log",
	"no_place_of":       "of log {{.log}}: it lies at no place of the log",
	"no_tree_of":        "of log {{.log}}: it lies in no tree",

	"key_wrapped":   "the key does not open: id, owner or sealed was altered",
	"key_back":      "a key that was destroyed is back",
	"record_key":    "the record's key is missing, and no act of erasure says why",
	"row_missing":   "the row is missing, and what was kept of it is there",
	"row_inserted":  "nobody in the house made this row",
	"row_twin":      "what was kept of this row does not open",
	"rows_back":     "rows were taken out or put back, with what was kept of them",
	"rows_before":   "{{.have}} changes of watched rows are known in {{.name}}, and {{.signed}} were signed: an earlier state was put back",
	"sums_missing":  "what was kept of all watched rows together is missing in {{.name}}",
	"sums_closed":   "what was kept of all watched rows together does not open in {{.name}}",
	"row_computed":  "the log does not give this row",
	"row_uncounted": "the log gives this row, and it is missing",

	"file_missing":   "the original is not in the store",
	"file_sealed":    "the sealed original is not what was sealed",
	"file_key":       "the keyring has no key for the original",
	"file_hash":      "the original does not have the hash that was recorded",
	"file_size":      "the original has {{.size}} bytes and not the {{.recorded}} that were recorded",
	"file_unread":    "the original could not be looked at: what is known of it cannot be read",
	"report_missing": "a report that was acknowledged is not in the spool and was never taken out of it",
	"report_unread":  "the end of a report in the spool cannot be read",
	"taken_unread":   "which reports were taken out of the spool cannot be read",
	"report_chain":   "a report in the spool does not follow on the one before it",

	"page":           "page {{.page}} of {{.name}} is not what was written",
	"page_index":     "page {{.page}} of {{.name}}, in the index {{.index}}, is not what was written",
	"page_tree":      "page {{.page}} of {{.name}} does not fit what it belongs to",
	"page_tree_in":   "page {{.page}} of {{.name}} does not fit the index {{.index}}",
	"structure":      "{{.name}} does not fit together",
	"index":          "the index {{.index}} in {{.name}} does not hold what its table holds",
	"indexes":        "an index in {{.name}} does not hold what its table holds",
	"unread":         "it cannot be read in {{.name}}",
	"entries_unread": "{{.from}}-{{.to}} cannot be read",
	"key_unread":     "the keyring cannot be read where its key lies",
}

// Codes are all that a finding can say.
func Codes() []string { return slices.Sorted(maps.Keys(english)) }

// English gives the words of a code, with the places of its arguments.
func English(code string) string { return english[code] }

// Found makes a finding. args are names and values, in turn.
func Found(kind FindingKind, table, id string, index int64, code string, args ...any) Finding {
	f := Finding{Kind: kind, Table: table, ID: id, Index: index, Code: code, What: english[code]}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]any{}
		}
		name := fmt.Sprint(args[i])
		f.Args[name] = args[i+1]
		f.What = strings.ReplaceAll(f.What, "{{."+name+"}}", fmt.Sprint(args[i+1]))
	}
	return f
}
