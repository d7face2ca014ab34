package casework

import "homeward/statement"

// Refusal says that something stays in the house, and why. It names records and
// statements and never holds a value, so that a page can put held beside sent.
type Refusal struct {
	// Person is the record by which the request named the person.
	Person string
	// Property and Statement are what stays; empty when it is the whole person.
	Property  statement.Property
	Statement string
	// File is the file that stays.
	File   string
	Reason Reason
}

// Reason is why something stays: a code, and the id "casework.reason.<code>" of
// its sentence in every language.
type Reason string

// The reasons.
const (
	NoGrant         Reason = "no_grant"         // nobody agreed to this recipient and purpose
	FieldNotGranted Reason = "field_not_named"  // there is a grant, and it does not name the field
	FileNotNamed    Reason = "file_not_named"   // no grant names that very file
	GrantExpired    Reason = "expired"          // the grant's last day has passed
	GrantWithdrawn  Reason = "withdrawn"        // it was taken back
	OnwardChanged   Reason = "onward_changed"   // the recipient now passes things on otherwise than was read out
	GiverApart      Reason = "giver_apart"      // it was given as hers by a voice that is no longer known to be hers
	NotGrantable    Reason = "never_asked"      // no grant can name it: the office's own notes and decisions
	KinContact      Reason = "kin_contact"      // reaches a third party: never, under no grant
	Incriminating   Reason = "incriminating"    // the evidence lies in a passage that may incriminate its speaker
	DeniedByHer     Reason = "denied_by_her"    // she herself says that it is not so
	TakenBack       Reason = "taken_back"       // the speaker took it back, or the entry was undone
	NotAValue       Reason = "denial"           // the statement denies something: there is nothing to pass on
	NoSpeaker       Reason = "no_speaker"       // a death is only ever passed on as said by somebody
	NotByHer        Reason = "not_by_her"       // somebody else says what only she can say: her wish
	OwnRightOnly    Reason = "own_right_only"   // an applicant's name and address go only by his or her own grant
	KinNotGranted   Reason = "kin_not_granted"  // it names another person, of whom nothing may be said here
	Unrated         Reason = "care_not_rated"   // how careful to be with this recipient was not decided
	HighCare        Reason = "care_high"        // care is high: a number only
	HighProxy       Reason = "care_high_proxy"  // care is high, and she did not ask for it herself
	HighCustody     Reason = "care_high_held"   // care is high, and she is held or it is not known that she is free
	HighNoRelease   Reason = "care_high_single" // care is high, and two people have not released it
	HighStale       Reason = "care_high_stale"  // care is high, and what was released has changed since
)

// Reasons are all of them.
var Reasons = []Reason{
	NoGrant, FieldNotGranted, FileNotNamed, GrantExpired, GrantWithdrawn, OnwardChanged, GiverApart, NotGrantable, KinContact,
	Incriminating, DeniedByHer, TakenBack, NotAValue, NoSpeaker, NotByHer, OwnRightOnly, KinNotGranted, Unrated, HighCare,
	HighProxy, HighCustody, HighNoRelease, HighStale,
}
