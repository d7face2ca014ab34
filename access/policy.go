package access

import (
	"maps"
	"slices"
)

// Role is what somebody does in the office. An account has exactly one: who runs
// the machine and also writes letters has two accounts, so that the power over
// accounts is never at hand while a case is open.
type Role string

// The roles. Visitor is whoever is not signed in.
const (
	Visitor       Role = "visitor"
	Caseworker    Role = "caseworker"
	Coordinator   Role = "coordinator"
	Analyst       Role = "analyst"
	Administrator Role = "administrator"
	Auditor       Role = "auditor"
)

// Roles are those an account can have, in the order in which a form offers them.
var Roles = []Role{Caseworker, Coordinator, Analyst, Administrator, Auditor}

// Action is one thing that a route, or a command, does. Every action is a row of
// Rules; an action without a row is allowed to nobody.
type Action string

// The actions, in the order of Rules.
const (
	PublicRead   Action = "public.read"
	ReportSend   Action = "report.send"
	ReceiptRead  Action = "receipt.read"
	SessionOpen  Action = "session.open"
	OfficeUnlock Action = "office.unlock"
	OfficeLock   Action = "office.lock"
	AccountOwn   Action = "account.own"
	HomeRead     Action = "home.read"

	InboxRead    Action = "inbox.read"
	AppealRead   Action = "appeal.read"
	AppealWrite  Action = "appeal.write"
	FileRead     Action = "file.read"
	FileOriginal Action = "file.original"

	PeopleSearch Action = "people.search"
	PersonRead   Action = "person.read"
	PersonWrite  Action = "person.write"
	PersonJudge  Action = "person.judge"
	SourceRead   Action = "source.read"
	SourceWrite  Action = "source.write"
	PlaceRead    Action = "place.read"
	PlaceWrite   Action = "place.write"
	ImportRead   Action = "import.read"
	ImportRun    Action = "import.run"
	ImportUndo   Action = "import.undo"

	GrantRead       Action = "grant.read"
	GrantWrite      Action = "grant.write"
	CareRead        Action = "care.read"
	CareWrite       Action = "care.write"
	ApprovalRead    Action = "approval.read"
	ApprovalPropose Action = "approval.propose"
	ApprovalDecide  Action = "approval.decide"
	TaskRead        Action = "task.read"
	TaskWrite       Action = "task.write"

	RecipientRead  Action = "recipient.read"
	RecipientWrite Action = "recipient.write"
	LetterRead     Action = "letter.read"
	LetterWrite    Action = "letter.write"
	LetterSend     Action = "letter.send"
	ReplyWrite     Action = "reply.write"
	MessageWrite   Action = "message.write"
	ReturnRead     Action = "return.read"
	ReturnWrite    Action = "return.write"

	FiguresRead    Action = "figures.read"
	FiguresWrite   Action = "figures.write"
	FiguresExport  Action = "figures.export"
	FiguresRelease Action = "figures.release"
	PeopleExport   Action = "people.export"
	ProofMake      Action = "proof.make"
	ErasePropose   Action = "erase.propose"
	EraseApprove   Action = "erase.approve"

	LedgerRead   Action = "ledger.read"
	LedgerVerify Action = "ledger.verify"
	ReadLogRead  Action = "readlog.read"
	EventRead    Action = "event.read"
	UserRead     Action = "user.read"
	UserManage   Action = "user.manage"
	UserAdmit    Action = "user.admit"
	SystemManage Action = "system.manage"
)

// Relation is how the object of an action stands to the one who acts: what is
// one's own is one's own account or session, a task one has, an import one ran, a
// deed one proposed. Most things of the office are nobody's own: None.
type Relation string

// The relations.
const (
	None    Relation = "none"    // the action has no object, or one that belongs to the office
	Own     Relation = "own"     // the object is the acting user's
	Foreign Relation = "foreign" // it is a colleague's
)

// Reach says upon which objects a role may do an action.
type Reach int

// The reaches.
const (
	Nothing     Reach = iota
	Everything        // whosesoever it is
	OwnOnly           // not a colleague's
	ForeignOnly       // a colleague's and not one's own: the second of two people
)

func (r Reach) covers(rel Relation) bool {
	switch r {
	case Everything:
		return true
	case OwnOnly:
		return rel == Own
	case ForeignOnly:
		return rel == Foreign
	}
	return false
}

// Rule says who may do one action, and why.
type Rule struct {
	Action Action
	// May is the reach of each role that may do it at all.
	May map[Role]Reach
	// Doc is what the action is, Why the reason for the roles it is given to.
	Doc, Why string
}

var (
	anybody = may(Everything, Visitor, Caseworker, Coordinator, Analyst, Administrator, Auditor)
	staff   = may(Everything, Roles...)
	cases   = may(Everything, Caseworker, Coordinator)
	lead    = may(Everything, Coordinator)
)

func may(reach Reach, roles ...Role) map[Role]Reach {
	m := make(map[Role]Reach, len(roles))
	for _, r := range roles {
		m[r] = reach
	}
	return m
}

// and gives the role more than the others.
func and(base, more map[Role]Reach) map[Role]Reach {
	m := maps.Clone(base)
	maps.Copy(m, more)
	return m
}

// Rules is the policy of the house, printed in docs/access.md. What is not here
// is allowed to nobody; no role overrides it.
var Rules = []Rule{
	{PublicRead, anybody, "Read the public pages and their style sheets; check a proof.", "They name nobody and are for everybody."},
	{ReportSend, anybody, "Send an appeal, or add to one.", "Whoever needs help has no account."},
	{ReceiptRead, anybody, "Read the answer to an appeal with its receipt.", "The receipt is the key; it shows nothing that was sent and names nobody."},
	{SessionOpen, anybody, "Sign in, activate an account, use a one-time link.", "What one has to show decides, not who one is."},
	{OfficeUnlock, anybody, "Unlock the office on the staff address.", "While it is locked there are no accounts: the passphrase decides."},
	{OfficeLock, staff, "Lock the office at once.", "Locking harms nobody, and whoever is at the door when it is needed must be able to."},
	{AccountOwn, may(OwnOnly, Roles...), "Look after one's own account: password, second factor, sessions, screen lock.", "Nobody sets another's password or looks at another's sessions."},
	{HomeRead, staff, "Open the first page after signing in.", "It holds only what the role may see elsewhere."},

	{InboxRead, cases, "See what has arrived.", "Appeals are casework."},
	{AppealRead, cases, "Open an appeal, read it, listen to it.", "Appeals are casework; an administrator runs the machine and reads no case."},
	{AppealWrite, cases, "Write down what an appeal says, transcribe, mark a passage, sort it.", "Those who read appeals write down what they say."},
	{FileRead, cases, "Open the cleaned working copy of a file, or an authority's answer in PDF as it came.", "It goes with the case it belongs to; a PDF cannot be cleaned, and of those only the answer that the office recorded is sent, to be saved."},
	{FileOriginal, lead, "Download an original as it came.", "Originals hold positions and devices; one role only, and each download is logged."},

	{PeopleSearch, cases, "Search the register by name.", "Do we already know her? An analyst never sees a name."},
	{PersonRead, cases, "Open a person, with everything said of her.", "Needed for casework, by nobody else; each look is logged."},
	{PersonWrite, cases, "Write down what is said of a person; open a record.", "Nothing is overwritten, so writing can always be undone."},
	{PersonJudge, cases, "Decide that two records are one woman, or are not; undo it.", "Exactly undoable, so it does not wait for the coordinator."},
	{SourceRead, cases, "See who speaks.", "A speaker is as endangered as those she speaks of."},
	{SourceWrite, cases, "Add a speaker, change what is known of one.", "Comes up in every case."},
	{PlaceRead, and(cases, may(Everything, Analyst)), "See places with their names and codes.", "A place by itself names nobody, and figures are about places."},
	{PlaceWrite, cases, "Add a place or a name of one.", "Comes up in every case."},
	{ImportRead, cases, "See imports and what became of them; try one out.", "A list is people."},
	{ImportRun, cases, "Bring a list into the register.", "An import can be undone whole."},
	{ImportUndo, and(lead, may(OwnOnly, Caseworker)), "Undo an import.", "One's own mistake, or the coordinator's decision: others may have built on it."},

	{GrantRead, cases, "See what a person has consented to.", "Casework rests on it."},
	{GrantWrite, cases, "Record a consent, or that it was taken back.", "Taking back must never wait for somebody."},
	{CareRead, cases, "See how careful to be with a recipient.", "Whoever writes letters must know."},
	{CareWrite, cases, "Propose how careful to be.", "Takes a second person by its own approval."},
	{ApprovalRead, cases, "See what waits for a second person.", "Who proposed a deed must see what became of it."},
	{ApprovalPropose, cases, "Propose a deed that takes two.", "Proposing changes nothing."},
	{ApprovalDecide, may(ForeignOnly, Coordinator), "Approve or refuse what a colleague proposed.", "Two people: never one's own proposal, whatever the role."},
	{TaskRead, cases, "See what is due.", "Tasks name cases."},
	{TaskWrite, cases, "Set, take and finish tasks.", "Colleagues stand in for each other."},

	{RecipientRead, cases, "See recipients and their rules.", "Needed to write to them."},
	{RecipientWrite, lead, "Add a recipient, change what is known of one.", "A wrong address sends a name to a stranger."},
	{LetterRead, cases, "See letters, their people and their clocks.", "Casework."},
	{LetterWrite, cases, "Make a letter from live grants, or void one.", "Nothing leaves before a second person has approved it."},
	{LetterSend, cases, "Record that an approved letter was sent, registered, extended, passed on.", "The approval was the gate; this is keeping the books."},
	{ReplyWrite, cases, "Record an answer with its scan and outcome.", "Whoever opens the post."},
	{MessageWrite, cases, "Propose a line to be read with a receipt, or take one back.", "Takes a second person by its own approval."},
	{ReturnRead, cases, "See who came home, by name.", "Names; the totals are figures."},
	{ReturnWrite, cases, "Record a step of somebody's way home.", "Casework."},

	{FiguresRead, and(cases, may(Everything, Analyst, Auditor)), "See counts: returns, imports, deadlines, contested figures.", "No name is in them."},
	{FiguresWrite, and(cases, may(Everything, Analyst)), "Write down who said which number; decide which numbers can be compared.", "Nothing is overwritten, and the analyst names institutions only."},
	{FiguresExport, and(lead, may(Everything, Analyst)), "Take figures out of the house.", "What is published is the analyst's work and the coordinator's word."},
	{FiguresRelease, lead, "Publish figures: numbered, dated, frozen; take a release back.", "What the house says outside is the coordinator's word, and the analyst prepares it."},
	{PeopleExport, lead, "Take data about people out of the house.", "Only under live grants and with a second person's approval."},
	{ProofMake, lead, "Make a dossier that an outsider can verify.", "It needs her grant and a second person."},
	{ErasePropose, cases, "Propose to forget somebody.", "Whoever hears the wish must be able to pass it on at once."},
	{EraseApprove, may(ForeignOnly, Coordinator), "Approve that somebody is forgotten.", "It cannot be undone: two people, never one's own proposal."},

	{LedgerRead, and(lead, may(Everything, Auditor, Administrator)), "See the log's checkpoints and proofs, without content.", "The auditor's work; the coordinator answers for it; whoever runs the machine verifies it and keeps a checkpoint elsewhere. No id of a person stands in it."},
	{LedgerVerify, and(lead, may(Everything, Auditor, Administrator)), "Verify the whole ledger and every file.", "Whoever suspects the machine must be able to check it; the report names ids only."},
	{ReadLogRead, and(lead, may(Everything, Auditor)), "See who looked at what.", "Misuse must be seen by somebody besides the one who looked. Not by the administrator: ids of people stand in it."},
	{EventRead, may(Everything, Administrator, Auditor), "See sign-ins, refusals and changes of accounts.", "Whoever looks after accounts, and whoever watches over that."},
	{UserRead, and(lead, may(Everything, Administrator)), "See who works here.", "A name among the staff endangers its bearer too: only those who must."},
	{UserManage, may(ForeignOnly, Administrator), "Invite somebody, change a role, start an account over, close it, end sessions.", "The administrator's work, and never upon his own account."},
	{UserAdmit, may(ForeignOnly, Administrator, Coordinator), "Admit an account that another invited or changed.", "An administrator alone cannot make himself a caseworker: whoever invited does not admit."},
	{SystemManage, may(Everything, Administrator), "Back up, see the state of disk and database.", "The machine without its content."},
}

var rules = func() map[Action]Rule {
	m := make(map[Action]Rule, len(Rules))
	for _, r := range Rules {
		m[r.Action] = r
	}
	return m
}()

// Can says whether a role may do an action upon an object that stands so to the
// acting user.
func Can(role Role, action Action, relation Relation) bool {
	return rules[action].May[role].covers(relation)
}

// CanSome says whether a role may do an action upon any object at all: whether a
// page shows its entry in the menu. The object decides again when it is known.
func CanSome(role Role, action Action) bool { return rules[action].May[role] != Nothing }

// fresh are the actions that ask for password and code once more, when they were
// not given just now: what cannot be taken back, and what lets somebody in.
var fresh = []Action{EraseApprove, PeopleExport, ProofMake, UserManage, UserAdmit}

// NeedsFresh says whether an action asks for password and code once more: whoever
// finds a session open cannot do it.
func NeedsFresh(action Action) bool { return slices.Contains(fresh, action) }

// Known says whether the action has a rule.
func Known(action Action) bool { _, ok := rules[action]; return ok }

// RoleOf reads a role that an account can have.
func RoleOf(text string) (Role, bool) {
	i := slices.Index(Roles, Role(text))
	return Role(text), i >= 0
}
