package register

import (
	"time"

	"homeward/statement"
	"homeward/statement/edtf"
)

// Person is one person as the ledger adds her up: every record that a live
// judgement says is she, and everything said of them.
type Person struct {
	// ID is the oldest of her records. An id of any of them finds her.
	ID string
	// Records are the ids of her records, oldest first. What is said of her is said
	// of one of them, and stays with it when a judgement is undone.
	Records []Record
	// Seen is the index of the last entry that speaks of her: give it to Say, and a
	// change that somebody else made meanwhile is noticed.
	Seen int64
	// Name is the one a page is headed with; Names are all of them.
	Name  Fact
	Names []Fact
	// Facts are what is said of her, grouped by property in the order of the
	// vocabulary; names, kin, sightings and wishes have lists of their own.
	Facts []Group
	Kin   []Edge
	// Born is the years of birth that somebody gives, her age included.
	Born Years
	// Births are the same, what contradicts itself apart: of two, one is wrong.
	Births []Years
	// Sightings are where she was or is supposed to have been, the newest first.
	Sightings []Sighting
	// Wishes are what she said herself; RelativesWish what others say that she wishes. Never mixed.
	Wishes, RelativesWish []Fact
	// Files are photographs and recordings of her, Appeals those that mention her.
	Files   []Fact
	Kept    map[string]KeptFile // by file, what is known of it
	Appeals []Mention
	// Speakers are sources that are she, or claim to be kin of hers.
	Speakers []Fact
	// Imports are the lists that her records come from.
	Imports []Origin
	// Judgements are the decisions about her records, newest first, also undone ones.
	Judgements []Judgement
	// History is every statement about her in the order of recording, the
	// withdrawn ones among them.
	History []Fact
}

// Record is one record of a person.
type Record struct {
	ID     string
	Name   string
	Opened time.Time
	By     string // the user who made it
	// Import is the list it comes from, "" for none, and Row the place in it.
	Import string
	Row    string
}

// Fact is one statement about her with the name of whoever says it.
type Fact struct {
	Statement statement.Recorded
	Speaker   Label
	Via       []Label
	// Object names the record that the statement points at.
	Object Label
	// Contradicts says that another live statement of a property that can have only
	// one value says otherwise. Both stand; a page shows them side by side.
	Contradicts bool
}

// Group is what is said of one property, the live ones first, newest first.
type Group struct {
	Property statement.Property
	Facts    []Fact
	// Contradicted says that two live facts of the group cannot both be so.
	Contradicted bool
}

// Edge is a tie between her and another person, whoever of the two it was said of.
type Edge struct {
	Fact Fact
	// Other is the person at the other end.
	Other Label
	// Role is what the other is to her: mother, child, husband or wife …
	Role Role
}

// Role is what one person is to another.
type Role string

// The roles, as kin edges give them when read from either end.
const (
	RoleMother         Role = "mother"
	RoleFather         Role = "father"
	RolePossibleFather Role = "possible_father"
	RoleParent         Role = "parent"
	RoleChild          Role = "child"
	RolePossibleChild  Role = "possible_child"
	RoleSpouse         Role = "spouse"
	RoleSibling        Role = "sibling"
	RoleGuardian       Role = "guardian"
	RoleWard           Role = "ward"
	RoleRelative       Role = "relative"
	RoleTravels        Role = "travels_with"
)

// Sighting is that she was, or is supposed to have been, at a place.
type Sighting struct {
	Fact Fact
	// Thought says that nobody saw her there.
	Thought bool
	// When is the time it speaks of; where none is given, the time it was said; zero
	// when neither is known.
	When edtf.Date
	// Place is the place's name, or the words that were used.
	Place Label
	// Days is how long ago it was at least, counted from the latest day it can have
	// been; -1 when no day is known.
	Days int
}

// Mention is an appeal that speaks of her.
type Mention struct {
	Appeal string
	Fact   Fact // the value is the wording, the evidence the passage
}

// Origin is the list a record comes from.
type Origin struct {
	Record, Import, Row string
	Source              Label
	At                  time.Time
}

// Label is what a record is called on a page.
type Label struct {
	// ID is the record, "" for the office itself.
	ID   string
	Kind statement.Kind
	Text string
	// Lang is the language of Text, where it is known.
	Lang string
	// Protected says that the speaker is shown outside only by a public label.
	Protected bool
	// Forgotten says that the record was erased and nothing is known of it any more.
	Forgotten bool
}

// Years are the first and last year of birth that fit what is said; 0, 0 when
// nothing is.
type Years struct{ From, To int }

// Known says whether anything is known.
func (y Years) Known() bool { return y.From != 0 || y.To != 0 }

// Verdict is what a person decided about two records.
type Verdict string

// The verdicts.
const (
	Same       Verdict = "same"
	NotSame    Verdict = "not_same"
	CannotTell Verdict = "cannot_tell"
	Undone     Verdict = "undone"
	// Unjudged is what stands when nobody decided, or the decision was undone.
	Unjudged Verdict = ""
)

// Judgement is one decision about two records.
type Judgement struct {
	A, B    string
	Verdict Verdict
	Why     string
	By      string
	At      time.Time
	// Live says that it is the one that counts now for the pair.
	Live      bool
	Statement string
	Act       string
}

// KeptFile is what was judged of a file by its content, and when it came.
type KeptFile struct {
	MediaType string
	Length    time.Duration // of a recording
	Arrived   time.Time
}
