package statement

// What is said of numbers: who said which, of whom, where and when; what answers
// what; which of them can be compared; and what was published of them.
//
// A claim is a record of its own and belongs to its speaker: who forgets the
// speaker forgets what she said, and a release that was published before stays. Its
// speaker, carriers, day, stance and basis are those of its statements (SaidBy, Via,
// SaidOn, Stance, Basis, Evidence), and TrueOn is the time that it speaks of.
const (
	QuestionLabel    Property = "question.label"
	QuestionIncident Property = "question.incident"
	QuestionPlace    Property = "question.place"
	QuestionPeriod   Property = "question.period"

	ClaimSpeaker     Property = "claim.speaker"
	ClaimQuestion    Property = "claim.question"
	ClaimFigure      Property = "claim.figure"
	ClaimLow         Property = "claim.low"
	ClaimBest        Property = "claim.best"
	ClaimHigh        Property = "claim.high"
	ClaimQualifier   Property = "claim.qualifier"
	ClaimUnit        Property = "claim.unit"
	ClaimWho         Property = "claim.who"
	ClaimNationality Property = "claim.nationality"
	ClaimGroup       Property = "claim.group"
	ClaimWhat        Property = "claim.what"
	ClaimTally       Property = "claim.tally"
	ClaimPlace       Property = "claim.place"
	ClaimIncident    Property = "claim.incident"
	ClaimAssertion   Property = "claim.assertion"
	ClaimWords       Property = "claim.words"
	ClaimBasis       Property = "claim.basis"
	ClaimCites       Property = "claim.cites"
	ClaimEvidence    Property = "claim.evidence_given"
	ClaimPublished   Property = "claim.published"
	ClaimPublishedOn Property = "claim.published_on"
	ClaimURL         Property = "claim.url"
	ClaimRepeats     Property = "claim.repeats"
	ClaimAnswers     Property = "claim.answers"
	ClaimCorrects    Property = "claim.corrects"

	CompareSame  Property = "compare.same"
	ComparePart  Property = "compare.part_of"
	CompareApart Property = "compare.apart"

	ReleaseNumber   Property = "release.number"
	ReleaseOn       Property = "release.published_on"
	ReleaseTitle    Property = "release.title"
	ReleaseQuestion Property = "release.question"
	ReleaseCorrects Property = "release.corrects"
	ReleaseHash     Property = "release.sha256"
	ReleasePlace    Property = "release.place"
	ReleasePart     Property = "release.part"

	ImportLeftOut Property = "import.row_left_out"
)

var (
	onQuestion = []Kind{Question}
	onClaim    = []Kind{Claim}
	onRelease  = []Kind{Release}
)

// The codes are also read by the room of figures, which says what each one means.
var (
	qualifiers = []string{"exact", "about", "almost", "at_least", "more_than", "up_to", "at_most", "less_than", "between", "word"}
	units      = []string{"people", "families", "households", "requests", "list_entries", "camps", "prisons", "percent", "other"}
	counted    = []string{"women", "men", "children", "adults", "foreigners", "nationals", "fighters_kin", "fighters", "civilians", "detainees", "displaced", "staff", "widows"}
	counting   = []string{"escaped", "remaining", "held", "present", "moved", "released", "returned", "arrived", "left_home", "killed", "injured", "missing", "identified", "wanting_return", "may_return", "asked_for", "registered", "planned", "unaccounted", "other"}
	tallies    = []string{"stock", "flow", "total"}
	assertions = []string{"emptied", "released_deliberately", "escaped", "some_escaped", "fled", "moved", "none_left", "unreachable", "dismissed", "no_evidence", "not_so", "guards_left", "other"}
	claimBases = []string{"list_held", "list_claimed", "head_count", "document", "saw_it", "sources_inside", "sources_named", "estimate", "statement", "none_given"}
)

var figures = []Definition{
	{Property: QuestionLabel, Value: Line, On: onQuestion, Class: Public, Many: true, Doc: "What is asked, in one language: how many escaped from the camp."},
	{Property: QuestionIncident, Value: Object, Points: onIncident, On: onQuestion, Class: Internal, Doc: "The incident it asks about."},
	{Property: QuestionPlace, Value: Object, Points: onPlace, On: onQuestion, Class: Internal, Many: true, Doc: "A place it asks about, with what lies in it."},
	{Property: QuestionPeriod, Value: Date, On: onQuestion, Class: Internal, Doc: "The time it asks about."},

	{Property: ClaimSpeaker, Value: Object, Points: onSource, On: onClaim, Class: Sensitive, Doc: "Whose claim it is; forgetting the speaker forgets it. The office's own count has none."},
	{Property: ClaimQuestion, Value: Object, Points: onQuestion, On: onClaim, Class: Internal, Many: true, Doc: "A question on whose sheet it stands."},
	{Property: ClaimFigure, Value: Line, On: onClaim, Class: Internal, Doc: "The number or the word as said: 785, about 100, dozens."},
	{Property: ClaimLow, Value: Number, On: onClaim, Class: Internal, Doc: "The least it means, where a person read it so and the table of words does not."},
	{Property: ClaimBest, Value: Number, On: onClaim, Class: Internal, Doc: "The number that the speaker takes for most likely between two others."},
	{Property: ClaimHigh, Value: Number, On: onClaim, Class: Internal, Doc: "The most it means, where a person read it so and the table of words does not."},
	{Property: ClaimQualifier, Value: Code, Codes: qualifiers, On: onClaim, Class: Internal, Doc: "How exact it was said, where a person read it so and the table of words does not."},
	{Property: ClaimUnit, Value: Code, Codes: units, On: onClaim, Class: Internal, Doc: "What is counted. Requests are not people."},
	{Property: ClaimWho, Value: Code, Codes: counted, On: onClaim, Class: Internal, Many: true, Doc: "Who is counted; nobody named means everybody."},
	{Property: ClaimNationality, Value: Country, On: onClaim, Class: Internal, Many: true, Doc: "Of which nationality those are who are counted."},
	{Property: ClaimGroup, Value: Object, Points: onGroup, On: onClaim, Class: Internal, Doc: "The group they belong to, where no word of the vocabulary says it."},
	{Property: ClaimWhat, Value: Code, Codes: counting, On: onClaim, Class: Internal, Doc: "What is said of those who are counted."},
	{Property: ClaimTally, Value: Code, Codes: tallies, On: onClaim, Class: Internal, Doc: "Whether it counts those who are so at a time, those to whom it happened in a time, or all up to a day."},
	{Property: ClaimPlace, Value: Place, Points: onPlace, On: onClaim, Class: Internal, Doc: "Where."},
	{Property: ClaimIncident, Value: Object, Points: onIncident, On: onClaim, Class: Internal, Doc: "At which incident."},
	{Property: ClaimAssertion, Value: Code, Codes: assertions, On: onClaim, Class: Internal, Doc: "What is claimed without a number."},
	{Property: ClaimWords, Value: Text, On: onClaim, Class: Sensitive, Many: true, Doc: "The speaker's own words around it; they may tell who she is."},
	{Property: ClaimBasis, Value: Code, Codes: claimBases, On: onClaim, Class: Internal, Doc: "On what it rests. A list that a speaker says to have is not a list that the office holds."},
	{Property: ClaimCites, Value: Line, On: onClaim, Class: Sensitive, Many: true, Doc: "On whom the speaker rests, as said: sources in the camp."},
	{Property: ClaimEvidence, Value: Flag, On: onClaim, Class: Internal, Doc: "Whether the speaker gave evidence."},
	{Property: ClaimPublished, Value: Object, Points: onSource, On: onClaim, Class: Internal, Doc: "Who published it first."},
	{Property: ClaimPublishedOn, Value: Date, On: onClaim, Class: Internal, Doc: "When it was first published."},
	{Property: ClaimURL, Value: Line, On: onClaim, Class: Public, Many: true, Doc: "Where it can be read."},
	{Property: ClaimRepeats, Value: Object, Points: onClaim, On: onClaim, Class: Internal, Doc: "The claim that it only repeats: both have one origin."},
	{Property: ClaimAnswers, Value: Object, Points: onClaim, On: onClaim, Class: Internal, Many: true, Doc: "The claim that it answers: denies, doubts, or explains otherwise."},
	{Property: ClaimCorrects, Value: Object, Points: onClaim, On: onClaim, Class: Internal, Many: true, Doc: "The claim that it corrects, of the same speaker, or takes back."},

	{Property: CompareSame, Value: Object, Points: onClaim, On: onClaim, Class: Internal, Many: true, Doc: "A person decided that both count the same people at one place and time; the value is the reason."},
	{Property: ComparePart, Value: Object, Points: onClaim, On: onClaim, Class: Internal, Many: true, Doc: "A person decided that this one counts a part of those whom the other counts; the value is the reason."},
	{Property: CompareApart, Value: Object, Points: onClaim, On: onClaim, Class: Internal, Many: true, Doc: "A person decided that the two cannot be compared; the value is the reason."},
}

var releases = []Definition{
	{Property: ReleaseNumber, Value: Number, On: onRelease, Class: Public, Doc: "Its number, from 1 without a gap."},
	{Property: ReleaseOn, Value: Date, On: onRelease, Class: Public, Doc: "The day on which it was published."},
	{Property: ReleaseTitle, Value: Line, On: onRelease, Class: Public, Many: true, Doc: "What it is called, in one language."},
	{Property: ReleaseQuestion, Value: Object, Points: onQuestion, On: onRelease, Class: Internal, Doc: "The question whose figures it gives."},
	{Property: ReleaseCorrects, Value: Object, Points: onRelease, On: onRelease, Class: Internal, Many: true, Doc: "The earlier release that it corrects; the value says why."},
	{Property: ReleasePlace, Value: Object, Points: onPlace, On: onRelease, Class: Internal, Many: true, Doc: "The place of a table of people in it; the value is the table's place among them."},
	{Property: ReleaseHash, Value: Hash, On: onRelease, Class: Public, Doc: "The hash of the bytes that were published."},
	{Property: ReleasePart, Value: Text, On: onRelease, Class: Public, Many: true, Doc: "The bytes that were published, in parts, in the order of the log."},
}
