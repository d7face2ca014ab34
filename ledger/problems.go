package ledger

import "homeward/internal/problem"

// What can go wrong with the ledger, for the person who meets it.
var (
	ErrNoStatement = problem.New(problem.NotFound, "ledger.no_statement",
		"There is no such statement or act", "look whether it was forgotten")
	ErrNoRecord = problem.New(problem.NotFound, "ledger.no_record",
		"A statement names a record that is not there", "open the record first: its kind is its first statement")
	ErrOpened = problem.New(problem.Conflict, "ledger.opened",
		"The record was opened before", "say what is new of it without its kind")
	ErrActThere = problem.New(problem.Conflict, "ledger.act_there",
		"This was recorded before", "look at what is there; nothing was recorded twice")
	ErrNoOwner = problem.New(problem.Invalid, "ledger.no_owner",
		"A record of this kind belongs to another one, and the act does not say to which", "name it in the same act")
	ErrReserved = problem.New(problem.Forbidden, "ledger.reserved",
		"Only the ledger itself records an erasure or a restoration", "use homeward erase or homeward restore")
	ErrWithdrawal = problem.New(problem.Conflict, "ledger.withdrawal",
		"An erasure, a restoration and an act's own statements cannot be withdrawn", "withdraw the act that was wrong")
	ErrKept = problem.New(problem.Conflict, "ledger.kept",
		"This record is kept: it says what was withdrawn, forgotten, restored or published", "erase the person or the appeal it speaks of; to take a release back, withdraw it")
	ErrTwo = problem.New(problem.Forbidden, "ledger.two",
		"Forgetting takes two people", "have a second person approve, or the outside counter-signer sign")
	ErrClock = problem.New(problem.Unavailable, "ledger.clock",
		"The clock of this machine is behind the last entry of the ledger", "set the clock and try again; nothing was recorded")
	ErrRolledBack = problem.New(problem.Unavailable, "ledger.rolled_back",
		"The database is older than the last checkpoint kept outside, or is not the one that was signed",
		"if it was restored from a backup, record that with homeward restore; otherwise run verify and find out who replaced it")
	ErrDamaged = problem.New(problem.Unavailable, "ledger.damaged",
		"The ledger does not agree with itself", "run verify; it names what was changed. Nothing is recorded until then")
	ErrOutside = problem.New(problem.Unavailable, "ledger.outside",
		"The last checkpoint could not be kept outside the folder", "connect the place that homeward init named; the ledger goes on meanwhile")
	ErrOrigin = problem.New(problem.Invalid, "ledger.origin",
		"The name of the log cannot stand in a checkpoint", "choose one without spaces and plus signs")
	ErrOtherLog = problem.New(problem.Conflict, "ledger.other_log",
		"The database belongs to another office or log", "name the database of this office")
)
