// Package figures keeps contested numbers: who said which, of whom, when, on what it
// rests, and what can honestly be said of all of them together.
//
// # The story
//
// An administration says that 785 foreigners escaped, an observatory that about 100
// people did, citing sources in the camp; a news agency repeats the first; a minister
// says that the guards emptied the jail, and gives no evidence. Each is a Claim: a
// record of its own, whose statements carry the speaker, who carried it on, when it
// was said, what time it speaks of, with what stance and on what basis. A Question
// gathers those that belong on one sheet. A Sheet puts them side by side and adds up
// what the stated rules allow, each number with the claims behind it. A Release
// freezes a sheet: numbered, dated, its hash in the ledger.
//
// # The rules
//
//   - A bound that was not said is not made up: "at least 50" has no upper one, "about
//     100" is 100 and the word, "dozens" is the word and the least it can mean (code.go).
//   - Two claims are compared when they count the same people, or one counts a part of
//     the other's, by what, place and time (compare.go). A person can decide otherwise,
//     with a reason; that is a statement, and can be undone.
//   - What repeats has the origin of what it repeats, and one speaker is one origin,
//     whose last revision counts. Repeating corroborates nothing (origins.go).
//   - A group of claims is named, corroborated, single, contested or withdrawn (grade.go).
//     Low and high are numbers that somebody said; so is the best, which is there only
//     for what is named or corroborated. Nothing is ever averaged.
//   - What is published shows a protected speaker only by her public label, counts
//     verified and reported people apart, leaves out whoever one source alone knows, and
//     holds back small numbers together with what would give them away (suppress.go).
//
// # On disk
//
// Everything said is in the ledger, sealed under the key of the claim, which belongs to
// its speaker. The one table, figures_release, gives each release one number and is
// rebuilt from the ledger; claims are found by what points at their question.
package figures

import (
	"strings"

	"homeward/internal/problem"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Value is a number as it was said. A bound that was not said is nil.
type Value struct {
	Said string // in the speaker's words: "about 100", "dozens"
	Lang string
	Low  *int64
	High *int64
	// Best is the number that the speaker takes for most likely, where two others
	// stand beside it.
	Best      *int64
	Qualifier Qualifier
}

// Qualifier says how exactly a number was said.
type Qualifier string

// The qualifiers.
const (
	Exact    Qualifier = "exact"
	About    Qualifier = "about"
	Almost   Qualifier = "almost"
	AtLeast  Qualifier = "at_least"
	MoreThan Qualifier = "more_than"
	UpTo     Qualifier = "up_to"
	AtMost   Qualifier = "at_most"
	LessThan Qualifier = "less_than"
	Between  Qualifier = "between"
	Word     Qualifier = "word" // dozens, hundreds: the word is in Said
)

// Qualifiers are all of them.
var Qualifiers = codes[Qualifier](statement.ClaimQualifier)

// Unit is what is counted. Requests are not people.
type Unit string

// The units that rules speak of; Units are all of them.
const (
	People      Unit = "people"
	Families    Unit = "families"
	Requests    Unit = "requests"
	ListEntries Unit = "list_entries"
)

// Units are all of them, Whos whom can be counted, Whats what can be said of them,
// Assertions what can be claimed without a number, Bases on what a claim can rest:
// each in the order in which a form offers it.
var (
	Units      = codes[Unit](statement.ClaimUnit)
	Whos       = codes[Who](statement.ClaimWho)
	Whats      = codes[What](statement.ClaimWhat)
	Tallies    = codes[Tally](statement.ClaimTally)
	Assertions = codes[Assertion](statement.ClaimAssertion)
	Bases      = codes[Basis](statement.ClaimBasis)
)

// Who is a word for those who are counted.
type Who string

// The words.
const (
	Women       Who = "women"
	Men         Who = "men"
	Children    Who = "children"
	Adults      Who = "adults"
	Foreigners  Who = "foreigners"
	Nationals   Who = "nationals" // of the country where it is
	FightersKin Who = "fighters_kin"
	Fighters    Who = "fighters"
	Civilians   Who = "civilians"
	Detainees   Who = "detainees"
	Displaced   Who = "displaced"
	Staff       Who = "staff"
	Widows      Who = "widows"
)

// Population is who is counted.
type Population struct {
	Unit Unit
	// Who are the words for them: women and children together, or Russian women. Nobody
	// named means everybody.
	Who           []Who
	Nationalities []string // ISO 3166-1 alpha-2
	Group         string   // the record of a group that no word describes
}

// What is what is said of those who are counted.
type What string

// Those that rules speak of.
const (
	Escaped    What = "escaped"
	Remaining  What = "remaining"
	Held       What = "held"
	Present    What = "present"
	Returned   What = "returned"
	Identified What = "identified"
	Planned    What = "planned"
)

// Tally says how it is counted over time.
type Tally string

// The tallies.
const (
	Stock Tally = "stock" // those who are so at a time: held, remaining
	Flow  Tally = "flow"  // those to whom it happened in a time: escaped, returned
	Total Tally = "total" // all to whom it happened up to a day: may not fall
)

// Tally gives how it is counted where nobody says otherwise.
func (w What) Tally() Tally {
	switch w {
	case "escaped", "moved", "released", "returned", "arrived", "left_home", "killed", "injured", "asked_for":
		return Flow
	}
	return Stock
}

// Assertion is what is claimed without a number.
type Assertion string

// Stance is how the speaker stands to what is said. It is the statement's, and
// Corrects where the claim corrects an earlier one of the same speaker.
type Stance string

// The stances.
const (
	Asserts   Stance = "asserts"
	Denies    Stance = "denies"
	Estimates Stance = "estimates"
	Repeats   Stance = "repeats"
	Withdraws Stance = "withdraws"
	Corrects  Stance = "corrects"
)

// Stances are all of them, in the order in which a form offers them.
var Stances = []Stance{Asserts, Denies, Estimates, Repeats, Withdraws, Corrects}

// Basis is on what a claim rests.
type Basis string

// The bases.
const (
	ListHeld      Basis = "list_held"    // the office holds the list of names
	ListClaimed   Basis = "list_claimed" // the speaker says that there is one
	HeadCount     Basis = "head_count"
	Document      Basis = "document"
	SawIt         Basis = "saw_it"
	SourcesInside Basis = "sources_inside"
	SourcesNamed  Basis = "sources_named"
	ByEstimate    Basis = "estimate"
	Statement     Basis = "statement"
	NoneGiven     Basis = "none_given"
)

// Speaker is a source that says, carries or publishes something.
type Speaker struct {
	ID    string // "" is the office itself
	Label string // as the office calls it; for staff
	Lang  string
	// Public is how it is called outside; "" where nothing was written.
	Public    string
	Kind      string // a code of source.kind
	Protected bool   // shown outside by the public label alone
	// Forgotten says that the source was forgotten: nothing but its id is left.
	Forgotten bool
	// One stands for all records of sources of which people decided that they are one.
	One string
}

// Office says that it is the office's own word.
func (s Speaker) Office() bool { return s.ID == "" }

// Outside is how the speaker is called outside the house: by the public label alone,
// since what the office calls a source may tell who it is. "" where there is none.
func (s Speaker) Outside() string { return s.Public }

// Words are words in a language.
type Words struct{ Text, Lang string }

// in is the first of several wordings that is in a language (en, ru), whatever its script
// or region, or else the first of all; -1 where there is none.
func in(lang string, n int, langOf func(int) string) int {
	for i := range n {
		if base, _, _ := strings.Cut(langOf(i), "-"); base == lang {
			return i
		}
	}
	return min(n, 1) - 1
}

// Place is where, with what it lies in.
type Place struct {
	Record  string // "" where only its name was said
	Wording string
	Names   []Words // of the record
	Kind    string  // a code of place.kind
	Country string
	Codes   []string
	// Within are the places that it lies in, the nearest first.
	Within []string

	folded []string // its names as they are compared, once they were worked out
}

// IsZero says that no place was said.
func (p Place) IsZero() bool { return p.Record == "" && p.Wording == "" }

// Claim is what one speaker said once: a number, or what is claimed without one.
type Claim struct {
	ID      string
	Speaker Speaker
	// Via are those who carried it, nearest the speaker first; Published who first
	// published it.
	Via         []Speaker
	Published   Speaker // its ID is "" where nobody is named
	PublishedOn edtf.Date
	URLs        []string
	SaidOn      edtf.Date
	// On is the time that it speaks of: a period, or an as-of date.
	On edtf.Date

	Value     *Value // nil where no number is said
	Assertion Assertion
	Words     []Words
	Of        Population
	What      What
	Tally     Tally
	Place     Place
	Incident  string
	Questions []string

	Stance Stance
	Basis  Basis
	Cites  []string // on whom the speaker rests, as said
	// EvidenceGiven is "yes", "no", or "" where nobody noted it.
	EvidenceGiven string
	// Evidence is the file kept, and the passage, where it can be read or heard.
	Evidence statement.Evidence

	Repeats           string // the claim that it only repeats
	Answers, Corrects []string

	Act        string // withdraw it to take the claim back
	Index      int64  // in the log
	RecordedBy string
	Recorded   int64 // µs since 1970 UTC
	Note       string
	// Withdrawn says that the office took the claim back: it had been written down
	// wrongly. What a speaker takes back is a claim with the stance Withdraws.
	Withdrawn bool
}

// When is the time that the claim speaks of; where nobody says, when it was said, or
// first published.
func (c Claim) When() edtf.Date {
	for _, d := range []edtf.Date{c.On, c.SaidOn, c.PublishedOn} {
		if !d.IsZero() {
			return d
		}
	}
	return edtf.Date{}
}

// Numbered says that the claim has a number that can be set against others.
func (c Claim) Numbered() bool { return c.Value != nil && c.Value.Coded() }

// What can stand in the way.
var (
	ErrNobody = problem.New(problem.Forbidden, "figures.nobody",
		"this needs a person who does it", "sign in and try again")
	ErrSpeaker = problem.New(problem.Invalid, "figures.no_speaker",
		"it is not said who says so", "choose the speaker; where a report names nobody, its outlet speaks")
	ErrNothing = problem.New(problem.Invalid, "figures.nothing",
		"neither a number is said nor anything else", "write the number as it was said, or choose what is claimed")
	ErrUncoded = problem.New(problem.Invalid, "figures.uncoded",
		"the number is in words that the table does not have", "give the least and the most that it means, or only the one that was said")
	ErrBounds = problem.New(problem.Invalid, "figures.bounds",
		"the least is more than the most, or the best is not between them", "compare the numbers with the source")
	ErrUnit = problem.New(problem.Invalid, "figures.no_unit",
		"it is not said what is counted", "choose people, families, requests or another unit")
	ErrWhat = problem.New(problem.Invalid, "figures.no_what",
		"it is not said what happened to those who are counted", "choose escaped, held, remaining or another word")
	ErrList = problem.New(problem.Invalid, "figures.no_list",
		"the office does not hold the list that it is said to rest on", "attach the list, or say that the speaker claims to have one")
	ErrCorrects = problem.New(problem.Invalid, "figures.corrects",
		"only the speaker of a claim corrects it or takes it back", "say that it answers the other claim")
	ErrTarget = problem.New(problem.Invalid, "figures.no_target",
		"it is not said which claim is repeated, corrected or taken back", "choose that claim; write it down first if it is not here")
	ErrNotFound = problem.New(problem.NotFound, "figures.not_found",
		"there is no such figure", "go back to the sheet and choose again")
	ErrQuestion = problem.New(problem.Invalid, "figures.no_question",
		"a question needs words", "write what is asked, in one language; others can be added")
	ErrReason = problem.New(problem.Invalid, "figures.no_reason",
		"a decision against the rules needs a reason", "write why the two can or cannot be compared")
	ErrSelf = problem.New(problem.Invalid, "figures.self",
		"both are one and the same claim", "choose two different claims")
)

// codes are the words of a property's code, as this package calls them.
func codes[C ~string](p statement.Property) []C {
	var all []C
	for _, c := range statement.Vocabulary[p].Codes {
		all = append(all, C(c))
	}
	return all
}
