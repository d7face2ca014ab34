package casework

import "homeward/internal/problem"

// What can stand in the way, for the person who meets it.
var (
	ErrNobody = problem.New(problem.Forbidden, "casework.nobody",
		"this needs a person who does it", "sign in and try again")
	ErrNotFound = problem.New(problem.NotFound, "casework.not_found",
		"there is no such entry", "go back to the list and choose again")
	ErrRecipient = problem.New(problem.Invalid, "casework.recipient",
		"a consent is for exactly one recipient", "choose one recipient from the list")
	ErrOnward = problem.New(problem.Invalid, "casework.onward",
		"what was read out is not what the recipient's page says about passing things on",
		"read out the recipient's text as it stands, or have it written down first")
	ErrField = problem.New(problem.Invalid, "casework.field",
		"one of the fields can never leave the house", "leave it out")
	ErrFields = problem.New(problem.Invalid, "casework.fields",
		"no field and no file is named", "mark what may be passed on")
	ErrGiver = problem.New(problem.Invalid, "casework.giver",
		"it is not said who gave the consent, or the person herself is named as somebody who gave it for her",
		"say whether she gave it herself or who gave it for her")
	ErrNotHer = problem.New(problem.Invalid, "casework.not_her",
		"nobody has written down that this speaker is the person herself, in any of the records judged to be she",
		"say on the speaker's page that the speaker is she, or judge the two records first, or write it down as given for her")
	ErrApart = problem.New(problem.Conflict, "casework.apart",
		"records that were one person when this was prepared are no longer one",
		"open each person's page and prepare it again; a consent stays with the record for which it was given")
	ErrOwnRight = problem.New(problem.Invalid, "casework.own_right",
		"an applicant's own name and address need his or her own consent", "ask the applicant")
	ErrExpires = problem.New(problem.Invalid, "casework.expires",
		"a consent needs a last day, not before the day on which it was given", "give the day as year-month-day")
	ErrLong = problem.New(problem.Invalid, "casework.long",
		"a consent holds for a year at most from the day on which it was given", "name an earlier last day; she can be asked again before it")
	ErrReadIn = problem.New(problem.Invalid, "casework.read_in",
		"what was read out is in another language than the one in which she was asked", "read it in her language, or write down who put it into her language")
	ErrGiven = problem.New(problem.Invalid, "casework.given",
		"the day on which it happened is missing or lies in the future", "give the day on which it happened")
	ErrGrantGone = problem.New(problem.Forbidden, "casework.grant_gone",
		"a consent on which this rests is no longer there", "clear it again; what is no longer covered stays out")
	ErrAsked = problem.New(problem.Invalid, "casework.asked",
		"a person is named without a record, or twice", "choose each person once")
	ErrRating = problem.New(problem.Invalid, "casework.rating",
		"a rating is about one person, or about one attribute and its value, and needs a level", "choose what it is about and how much care is needed")
	ErrReason = problem.New(problem.Invalid, "casework.reason_missing",
		"this needs a written reason", "write down why")
	ErrTakesTwo = problem.New(problem.Forbidden, "casework.takes_two",
		"this takes two people", "propose it; another person approves")
	ErrDeed = problem.New(problem.Invalid, "casework.deed",
		"it is not said what is to be done, or to what", "choose it again from its page")
	ErrSamePerson = problem.New(problem.Forbidden, "casework.same_person",
		"whoever proposes cannot be the one who approves", "ask another person")
	ErrWaiting = problem.New(problem.Conflict, "casework.waiting",
		"another person has proposed the same already", "look at that proposal and decide on it")
	ErrDecided = problem.New(problem.Conflict, "casework.decided",
		"this was decided already", "look at the decision; propose it again if it is still needed")
	ErrStale = problem.New(problem.Conflict, "casework.stale",
		"what this covers has changed since it was proposed", "look at it again and propose it anew")
	ErrNotApproved = problem.New(problem.Forbidden, "casework.not_approved",
		"two people have not approved this", "propose it; another person approves")
	ErrUsed = problem.New(problem.Conflict, "casework.used",
		"this approval was used already: what it allows is done once", "propose it again; another person approves anew")
	ErrCounter = problem.New(problem.Forbidden, "casework.counter",
		"the signature is not the counter-signer's over this text", "sign exactly the text shown, and paste the signature whole")
	ErrNoCounter = problem.New(problem.Forbidden, "casework.no_counter",
		"this office has no outside counter-signer", "ask a colleague to approve")
	ErrWait = problem.New(problem.Conflict, "casework.wait",
		"the waiting period before an erasure has not passed", "do it after the time shown")
	ErrRule = problem.New(problem.Invalid, "casework.rule",
		"an erasure needs the rule it follows", "choose the rule")
	ErrTaskMoved = problem.New(problem.Conflict, "casework.task_moved",
		"another person has marked this task meanwhile", "look at the list as it is now")
	ErrCareChanged = problem.New(problem.Conflict, "casework.care_changed",
		"another person has rated this recipient since this form was opened; yours is not recorded yet",
		"look at the ratings above as they are now, and record yours again if it still holds")
	ErrTask = problem.New(problem.Invalid, "casework.task",
		"a task needs a text and, if it has one, a day that can be read", "write what is to be done")
)
