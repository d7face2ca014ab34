package letters

import "homeward/internal/problem"

// What can stand in the way, for the person who meets it.
var (
	ErrNobody = problem.New(problem.Forbidden, "letters.nobody",
		"this needs a person who does it", "sign in and try again")
	ErrNotFound = problem.New(problem.NotFound, "letters.not_found",
		"there is no such letter", "go back to the desk and choose again")
	ErrRecipientUnknown = problem.New(problem.NotFound, "letters.recipient_unknown",
		"there is no such recipient", "choose one from the list, or add it first")
	ErrProfile = problem.New(problem.Invalid, "letters.profile",
		"there is no such set of rules", "choose one of those listed")
	ErrRecipient = problem.New(problem.Invalid, "letters.recipient",
		"a recipient needs a name, an address and a way by which it takes letters", "fill in what is missing")
	ErrOnward = problem.New(problem.Invalid, "letters.onward",
		"it is not said to whom the recipient passes on what it gets", "write it down in at least one language; it is read out before anybody consents")
	ErrDays = problem.New(problem.Invalid, "letters.days",
		"a number of days must lie between 0 and 999", "correct the number")
	ErrOffice = problem.New(problem.Invalid, "letters.office",
		"the office's own name and postal address are missing: without them no answer is due", "fill in the letterhead first")
	ErrLetterhead = problem.New(problem.Conflict, "letters.letterhead_changed",
		"another person has changed the letterhead since this form was opened; yours is not kept yet",
		"compare both below; keep it again if yours is to stand")
	ErrNothing = problem.New(problem.Invalid, "letters.nothing",
		"nothing may go to this recipient for this purpose", "look at the reasons, and ask for consent where it is missing")
	ErrLongAgo = problem.New(problem.Conflict, "letters.cleared_long_ago",
		"what may go was looked up too long ago", "look it up again; consent may have been taken back since")
	ErrPurpose = problem.New(problem.Invalid, "letters.purpose",
		"a letter cannot be made for this purpose", "choose another purpose")
	ErrText = problem.New(problem.Forbidden, "letters.text",
		"the free text holds something that may not go: a name, a contact or another entry of the register", "take it out, or have it released by consent")
	ErrField = problem.New(problem.Forbidden, "letters.field",
		"an entry that would go holds a contact, or a name or an entry of somebody else that nobody released",
		"leave the entry out of this letter, or write it down again without them; the words as they were said stay in the register")
	ErrReach = problem.New(problem.Forbidden, "letters.reach",
		"the free text holds what looks like a telephone number, an e-mail address or a name with a messenger", "take it out; only the office's own and those released by consent may stand in a text")
	ErrForgotten = problem.New(problem.Conflict, "letters.forgotten",
		"the words of this letter were forgotten with somebody of whom it speaks", "void it; make another for those who are left")
	ErrOvertaken = problem.New(problem.Forbidden, "letters.overtaken",
		"something that stands in this letter may not go any more as it stands there", "void this letter and make another: what may go is looked up anew")
	ErrKnownNow = problem.New(problem.Forbidden, "letters.known_now",
		"this letter holds something that is known today to be a contact, or a name or an entry of somebody that nobody released",
		"void this letter and make another without it")
	ErrTooLong = problem.New(problem.TooLarge, "letters.too_long",
		"the text is too long", "shorten it")
	ErrDay = problem.New(problem.Invalid, "letters.day",
		"the day cannot be read", "write it as year-month-day")
	ErrFuture = problem.New(problem.Invalid, "letters.future",
		"the day has not come yet", "give the day on which it happened")
	ErrBefore = problem.New(problem.Invalid, "letters.before",
		"the day lies before what it must follow", "look at the dates of the letter and correct the day")
	ErrStage = problem.New(problem.Conflict, "letters.stage",
		"the letter is not at the point where this can be done", "look at the letter as it stands now")
	ErrChannel = problem.New(problem.Invalid, "letters.channel",
		"the recipient does not take letters by this way", "choose one of its ways, or add the way to the recipient first")
	ErrReason = problem.New(problem.Invalid, "letters.reason",
		"this needs a written reason", "write down why")
	ErrOutcome = problem.New(problem.Invalid, "letters.outcome",
		"an outcome is not one of those listed, or is for somebody the letter is not about", "choose an outcome for the people of the letter")
	ErrNoOutcome = problem.New(problem.Invalid, "letters.no_outcome",
		"it is not said what the answer means", "choose an outcome, for each person or for all")
	ErrScanned = problem.New(problem.Invalid, "letters.scan",
		"an answer needs its scan or its words", "attach the scan, or write down what it says")
	ErrNoScan = problem.New(problem.Invalid, "letters.no_scan",
		"the file is neither a PDF nor a picture, whatever its name says", "choose the scan; or, if this is what came, say that it is to be kept as it is, and choose it again")
	ErrInTime = problem.New(problem.Conflict, "letters.in_time",
		"the recipient still has time", "wait until the day shown has passed")
	ErrLine = problem.New(problem.Invalid, "letters.line",
		"this is not one of the standing lines", "choose one of the lines shown")
	ErrLanguages = problem.New(problem.Invalid, "letters.languages",
		"the line is missing in one of the three languages", "write it in English, Russian and Arabic")
	ErrConsent = problem.New(problem.Forbidden, "letters.consent",
		"a line that tells more than a standing one needs a consent", "choose a standing line, or ask for consent first")
	ErrMessage = problem.New(problem.NotFound, "letters.message_unknown",
		"there is no such line", "go back to the appeal and choose again")
	ErrLineNow = problem.New(problem.Forbidden, "letters.line_now",
		"the line holds something that is known today to be a name, a contact or an entry of the register", "take it back and write another without it")
	ErrReleased = problem.New(problem.Conflict, "letters.message_state",
		"the line can be read already, or was taken back", "look at the lines of the appeal as they stand now")
)
