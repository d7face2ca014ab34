package vault

import "homeward/internal/problem"

// What can go wrong with keys, for the person who meets it.
var (
	ErrNotMade = problem.New(problem.NotFound, "vault.not_made",
		"There is no office here yet", "make one with homeward init, or name the right folder")
	ErrMade = problem.New(problem.Conflict, "vault.made",
		"There is an office here already", "choose an empty folder, or unlock the one that is there")
	ErrWrongKey = problem.New(problem.Forbidden, "vault.wrong_key",
		"The passphrase or key does not open this office", "check the keyboard's language and try again")
	ErrNoSlot = problem.New(problem.Forbidden, "vault.no_slot",
		"The office cannot be opened in this way", "use one of the ways it was set up with")
	ErrNewer = problem.New(problem.Unavailable, "vault.newer",
		"The office key or something sealed was written by a newer Homeward", "install that version or a later one; nothing was changed")
	ErrAltered = problem.New(problem.Unavailable, "vault.altered",
		"The file of the office key was altered, and reports may have been sealed to somebody else",
		"take no more reports; put keys/office.json back from a backup, and find out who could write to it")
	ErrDamaged = problem.New(problem.Unavailable, "vault.damaged",
		"The file of the office key cannot be read", "put the folder keys back from a backup")
	ErrLastSlot = problem.New(problem.Conflict, "vault.last_slot",
		"This is the last way into the office", "add another one first")
	ErrShort = problem.New(problem.Invalid, "vault.short",
		"The passphrase is too short", "choose several words that nobody would guess")
	ErrLocked = problem.New(problem.Locked, "vault.locked",
		"The office is locked", "unlock it and try again")
	ErrForgotten = problem.New(problem.NotFound, "vault.forgotten",
		"This was forgotten and cannot be read by anybody", "")
	ErrTampered = problem.New(problem.Unavailable, "vault.tampered",
		"Something sealed was altered or damaged", "run verify; it names what was changed")
	ErrNoKey = problem.New(problem.NotFound, "vault.no_key",
		"The keyring has no key for this", "if the keyring was restored from a backup, restore the one that belongs to these data")
	ErrOwner = problem.New(problem.Conflict, "vault.owner",
		"This belongs to another record already", "forget it with that record, or record it anew")
	ErrOtherKeyring = problem.New(problem.Conflict, "vault.other_keyring",
		"The keyring belongs to another office key", "name the keyring of this office, or restore it")
)
