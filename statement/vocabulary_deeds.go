package statement

// What the office does: consents it was given, letters it sends, answers it gets,
// people who come home, and what it withdraws, forgets and restores.
const (
	GrantPerson    Property = "grant.person"
	GrantRecipient Property = "grant.recipient"
	GrantPurpose   Property = "grant.purpose"
	GrantField     Property = "grant.field"
	GrantFile      Property = "grant.file"
	GrantGiver     Property = "grant.giver"
	GrantSource    Property = "grant.source"
	GrantHow       Property = "grant.how"
	GrantLanguage  Property = "grant.language"
	GrantWitness   Property = "grant.witness"
	GrantSpokenBy  Property = "grant.interpreter"
	GrantOnward    Property = "grant.onward_read"
	GrantGiven     Property = "grant.given_on"
	GrantExpires   Property = "grant.expires"
	GrantWithdrawn Property = "grant.withdrawn"

	CareRecipient Property = "care.recipient"
	CarePerson    Property = "care.person"
	CareAttribute Property = "care.attribute"
	CareValue     Property = "care.attribute_value"
	CareLevel     Property = "care.level"
	CareReason    Property = "care.reason"

	ApprovalOf       Property = "approval.of"
	ApprovalDeed     Property = "approval.deed"
	ApprovalProposed Property = "approval.proposed"
	ApprovalApproved Property = "approval.approved"
	ApprovalRefused  Property = "approval.refused"
	ApprovalReason   Property = "approval.reason"
	ApprovalCounter  Property = "approval.countersigned"
	ApprovalUsed     Property = "approval.used"
	ApprovalUnder    Property = "approval.used_under"

	RecipientName     Property = "recipient.name"
	RecipientKind     Property = "recipient.kind"
	RecipientAddress  Property = "recipient.address"
	RecipientCountry  Property = "recipient.country"
	RecipientLanguage Property = "recipient.language"
	RecipientChannel  Property = "recipient.channel"
	RecipientOnward   Property = "recipient.onward"
	RecipientProfile  Property = "recipient.profile"
	RecipientRegister Property = "recipient.register_days"
	RecipientAnswer   Property = "recipient.answer_days"
	RecipientExtend   Property = "recipient.extension_days"
	RecipientSource   Property = "recipient.rule_source"
	RecipientVerified Property = "recipient.verified_on"

	LetterNumber       Property = "letter.number"
	LetterRecipient    Property = "letter.recipient"
	LetterPerson       Property = "letter.person"
	LetterPurpose      Property = "letter.purpose"
	LetterGrant        Property = "letter.grant"
	LetterDocument     Property = "letter.document"
	LetterText         Property = "letter.text"
	LetterDated        Property = "letter.dated"
	LetterSent         Property = "letter.sent_on"
	LetterChannel      Property = "letter.channel"
	LetterRegistered   Property = "letter.registered_on"
	LetterRegisteredNo Property = "letter.registered_number"
	LetterExtended     Property = "letter.extended_to"
	LetterForwarded    Property = "letter.forwarded_to"
	LetterForwardedOn  Property = "letter.forwarded_on"
	LetterAnswered     Property = "letter.answered_on"
	LetterNoAnswer     Property = "letter.no_answer"
	LetterVoided       Property = "letter.voided"

	ReplyLetter   Property = "reply.letter"
	ReplyScan     Property = "reply.scan"
	ReplyReceived Property = "reply.received_on"
	ReplyDated    Property = "reply.dated"
	ReplyNumber   Property = "reply.number"
	ReplyText     Property = "reply.text"
	ReplyAbout    Property = "reply.about"
	ReplyOutcome  Property = "reply.outcome"

	MessageAppeal   Property = "message.appeal"
	MessageText     Property = "message.text"
	MessageGrant    Property = "message.grant"
	MessageReleased Property = "message.released"
	MessageRevoked  Property = "message.revoked"

	ReturnPerson   Property = "return.person"
	ReturnStage    Property = "return.stage"
	ReturnFrom     Property = "return.from"
	ReturnTo       Property = "return.to"
	ReturnWith     Property = "return.with"
	ReturnHandedTo Property = "return.handed_to"
	ReturnBy       Property = "return.organised_by"
	ReturnIncident Property = "return.incident"

	WithdrawnAct       Property = "withdrawal.act"
	WithdrawnStatement Property = "withdrawal.statement"
	WithdrawnWhy       Property = "withdrawal.reason"
	ErasedSubject      Property = "erasure.subject"
	ErasedIndexes      Property = "erasure.indexes"
	ErasedRule         Property = "erasure.rule"
	ErasedBy           Property = "erasure.approver"
	ErasedCounter      Property = "erasure.countersigned"
	RestoredEpoch      Property = "restore.epoch"
	RestoredSize       Property = "restore.size"
	RestoredLost       Property = "restore.lost"
	RestoredCheckpoint Property = "restore.checkpoint"
)

var (
	onGrant     = []Kind{Grant}
	onCare      = []Kind{Care}
	onApproval  = []Kind{Approval}
	onRecipient = []Kind{Recipient}
	onLetter    = []Kind{Letter}
	onReply     = []Kind{Reply}
	onMessage   = []Kind{Message}
	onReturn    = []Kind{Return}
	onErasure   = []Kind{Erasure}
	onRestore   = []Kind{Restore}

	purposes     = []string{"return", "whereabouts", "protection", "documents", "medical_aid", "legal_aid", "family_contact", "publication", "proof"}
	lettersWay   = []string{"post", "email", "web_reception", "by_hand", "fax", "through_other"}
	consentWays  = []string{"in_person", "telephone", "voice_message", "written_message", "paper", "video"}
	deedsForTwo  = []string{"release", "letter", "message", "erasure", "care", "proof", "export"}
	replyResults = []string{"accepted", "helped", "refused", "forwarded", "asks_for_more", "not_competent", "not_found", "informed", "no_substance"}
)

var grants = []Definition{
	{Property: GrantPerson, Value: Object, Points: []Kind{Person, Source}, On: onGrant, Class: Sensitive, Doc: "Whose data it is: the person, or a relative who applies in his or her own right."},
	{Property: GrantRecipient, Value: Object, Points: onRecipient, On: onGrant, Class: Sensitive, Doc: "To whom it may go; exactly one."},
	{Property: GrantPurpose, Value: Code, Codes: purposes, On: onGrant, Class: Sensitive, Doc: "For what it may be used; exactly one."},
	{Property: GrantField, Value: PropertyRef, On: onGrant, Class: Sensitive, Many: true, Doc: "A property that may go."},
	{Property: GrantFile, Value: Object, Points: onFile, On: onGrant, Class: Sensitive, Many: true, Doc: "A file that may go: voice and face leave only so."},
	{Property: GrantGiver, Value: Code, Codes: []string{"own", "proxy"}, On: onGrant, Class: Sensitive, Doc: "Whether she gave it herself or another gave it for her."},
	{Property: GrantSource, Value: Object, Points: onSpeakers, On: onGrant, Class: Lethal, Doc: "Who gave it."},
	{Property: GrantHow, Value: Code, Codes: consentWays, On: onGrant, Class: Sensitive, Doc: "How it was obtained."},
	{Property: GrantLanguage, Value: Language, On: onGrant, Class: Sensitive, Doc: "In which language it was asked and given."},
	{Property: GrantWitness, Value: Line, On: onGrant, Class: Lethal, Many: true, Doc: "Who was present."},
	{Property: GrantSpokenBy, Value: Line, On: onGrant, Class: Lethal, Doc: "Who put what was read out into her language, where it was read in another."},
	{Property: GrantOnward, Value: Text, On: onGrant, Class: Sensitive, Doc: "Where the recipient passes it on, word for word as it was read to her."},
	{Property: GrantGiven, Value: Date, On: onGrant, Class: Sensitive, Doc: "When it was given."},
	{Property: GrantExpires, Value: Date, On: onGrant, Class: Sensitive, Doc: "The last day on which it holds."},
	{Property: GrantWithdrawn, Value: Date, On: onGrant, Class: Sensitive, Doc: "The day on which she took it back."},
}

var approvals = []Definition{
	{Property: CareRecipient, Value: Object, Points: onRecipient, On: onCare, Class: Sensitive, Doc: "The recipient with whom to be careful."},
	{Property: CarePerson, Value: Object, Points: onPerson, On: onCare, Class: Lethal, Doc: "The person it is about, where it is about one."},
	{Property: CareAttribute, Value: PropertyRef, On: onCare, Class: Internal, Doc: "The property by which people are concerned, where it is about many."},
	{Property: CareValue, Value: Line, On: onCare, Class: Internal, Doc: "The value of that property: a region, a nationality."},
	{Property: CareLevel, Value: Code, Codes: []string{"usual", "high"}, On: onCare, Class: Sensitive, Doc: "How much care is needed; high means numbers only. Not rated means refused."},
	{Property: CareReason, Value: Text, On: onCare, Class: Lethal, Doc: "Why."},
	{Property: ApprovalOf, Value: Object, On: onApproval, Class: Sensitive, Many: true, Doc: "What it is about: a grant, a letter, a message, a person."},
	{Property: ApprovalDeed, Value: Code, Codes: deedsForTwo, On: onApproval, Class: Internal, Doc: "What is to be done that takes two."},
	{Property: ApprovalProposed, Value: User, On: onApproval, Class: Internal, Doc: "Who proposes it."},
	{Property: ApprovalApproved, Value: User, On: onApproval, Class: Internal, Doc: "Who, another person, approves it."},
	{Property: ApprovalRefused, Value: User, On: onApproval, Class: Internal, Doc: "Who refuses it."},
	{Property: ApprovalReason, Value: Text, On: onApproval, Class: Sensitive, Many: true, Doc: "The written reason."},
	{Property: ApprovalCounter, Value: Line, On: onApproval, Class: Internal, Doc: "The outside counter-signer's Ed25519 signature in base64, where the office is one person."},
	{Property: ApprovalUsed, Value: Hash, On: onApproval, Class: Internal, Doc: "The deed was done, and cannot be done again; the value is the hash of the file that was made."},
	{Property: ApprovalUnder, Value: Object, Points: onGrant, On: onApproval, Class: Sensitive, Many: true, Doc: "A grant under which something left by the deed."},
}

var recipients = []Definition{
	{Property: RecipientName, Value: Name, On: onRecipient, Class: Internal, Many: true, Doc: "Its name, in one language."},
	{Property: RecipientKind, Value: Code, Codes: []string{"ombudsman", "ministry", "security_service", "consulate", "regional", "court", "un_body", "red_cross", "organisation", "press", "relative", "other"}, On: onRecipient, Class: Internal, Doc: "What sort of recipient."},
	{Property: RecipientAddress, Value: Text, On: onRecipient, Class: Internal, Many: true, Doc: "Where letters go."},
	{Property: RecipientCountry, Value: Country, On: onRecipient, Class: Internal, Doc: "Whose authority it is."},
	{Property: RecipientLanguage, Value: Language, On: onRecipient, Class: Internal, Many: true, Doc: "A language in which it may be written to."},
	{Property: RecipientChannel, Value: Code, Codes: lettersWay, On: onRecipient, Class: Internal, Many: true, Doc: "A way by which it takes letters."},
	{Property: RecipientOnward, Value: Text, On: onRecipient, Class: Internal, Many: true, Doc: "To whom it passes on what it gets; read to whoever consents, in the language of the statement."},
	{Property: RecipientProfile, Value: Line, On: onRecipient, Class: Internal, Doc: "The profile of rules it follows: ru.ombudsman."},
	{Property: RecipientRegister, Value: Number, On: onRecipient, Class: Internal, Doc: "Days within which it must register a letter."},
	{Property: RecipientAnswer, Value: Number, On: onRecipient, Class: Internal, Doc: "Days from registration within which it must answer."},
	{Property: RecipientExtend, Value: Number, On: onRecipient, Class: Internal, Doc: "Days by which it may extend, with notice."},
	{Property: RecipientSource, Value: Line, On: onRecipient, Class: Internal, Many: true, Doc: "Where its rule can be read."},
	{Property: RecipientVerified, Value: Date, On: onRecipient, Class: Internal, Doc: "When the rule was last checked."},
}

var letters = []Definition{
	{Property: LetterNumber, Value: Line, On: onLetter, Class: Internal, Doc: "Our number."},
	{Property: LetterRecipient, Value: Object, Points: onRecipient, On: onLetter, Class: Sensitive, Doc: "To whom."},
	{Property: LetterPerson, Value: Object, Points: onPerson, On: onLetter, Class: Lethal, Many: true, Doc: "A person it is about."},
	{Property: LetterPurpose, Value: Code, Codes: purposes, On: onLetter, Class: Sensitive, Doc: "For what."},
	{Property: LetterGrant, Value: Object, Points: onGrant, On: onLetter, Class: Sensitive, Many: true, Doc: "A grant under which it was made."},
	{Property: LetterDocument, Value: Object, Points: onFile, On: onLetter, Class: Lethal, Many: true, Doc: "The letter as it went out, or an annex."},
	{Property: LetterText, Value: Text, On: onLetter, Class: Lethal, Doc: "Its words."},
	{Property: LetterDated, Value: Date, On: onLetter, Class: Internal, Doc: "The date it bears."},
	{Property: LetterSent, Value: Date, On: onLetter, Class: Internal, Doc: "When it was sent."},
	{Property: LetterChannel, Value: Code, Codes: lettersWay, On: onLetter, Class: Internal, Doc: "By which way it was sent."},
	{Property: LetterRegistered, Value: Date, On: onLetter, Class: Internal, Doc: "When the recipient registered it: the clock starts."},
	{Property: LetterRegisteredNo, Value: Line, On: onLetter, Class: Internal, Doc: "The recipient's number for it."},
	{Property: LetterExtended, Value: Date, On: onLetter, Class: Internal, Many: true, Doc: "The recipient gave notice of a later day for the answer."},
	{Property: LetterForwarded, Value: Object, Points: onRecipient, On: onLetter, Class: Sensitive, Many: true, Doc: "The recipient passed it to another; the value is its name as written."},
	{Property: LetterForwardedOn, Value: Date, On: onLetter, Class: Internal, Many: true, Doc: "When it was passed on: a new clock."},
	{Property: LetterAnswered, Value: Date, On: onLetter, Class: Internal, Many: true, Doc: "When it was answered."},
	{Property: LetterNoAnswer, Value: Date, On: onLetter, Class: Internal, Many: true, Doc: "The day on which it was found that no answer had come in time."},
	{Property: LetterVoided, Value: Text, On: onLetter, Class: Sensitive, Doc: "It was not sent and will not be; why."},
}

var replies = []Definition{
	{Property: ReplyLetter, Value: Object, Points: onLetter, On: onReply, Class: Sensitive, Many: true, Doc: "The letter it answers."},
	{Property: ReplyScan, Value: Object, Points: onFile, On: onReply, Class: Lethal, Many: true, Doc: "The answer as it came."},
	{Property: ReplyReceived, Value: Date, On: onReply, Class: Internal, Doc: "When it came."},
	{Property: ReplyDated, Value: Date, On: onReply, Class: Internal, Doc: "The date it bears."},
	{Property: ReplyNumber, Value: Line, On: onReply, Class: Internal, Doc: "The recipient's number of it."},
	{Property: ReplyText, Value: Text, On: onReply, Class: Lethal, Many: true, Doc: "Its words, or what matters of them."},
	{Property: ReplyAbout, Value: Object, Points: onPerson, On: onReply, Class: Lethal, Many: true, Doc: "A person the answer speaks of."},
	{Property: ReplyOutcome, Value: Code, Codes: replyResults, Points: onPerson, On: onReply, Class: Lethal, Many: true, Doc: "What it means; for the person it points at, or for all when it points at none."},
	{Property: MessageAppeal, Value: Object, Points: onAppeal, On: onMessage, Class: Internal, Doc: "The appeal whose receipt opens it."},
	{Property: MessageText, Value: Text, On: onMessage, Class: Sensitive, Many: true, Doc: "The line to be read, once in each language."},
	{Property: MessageGrant, Value: Object, Points: onGrant, On: onMessage, Class: Sensitive, Many: true, Doc: "The grant under which it was released, when it tells more than a standing line."},
	{Property: MessageReleased, Value: Instant, On: onMessage, Class: Internal, Doc: "From when it can be read."},
	{Property: MessageRevoked, Value: Instant, On: onMessage, Class: Internal, Doc: "From when it can no longer be read."},
}

var returns = []Definition{
	{Property: ReturnPerson, Value: Object, Points: onPerson, On: onReturn, Class: Sensitive, Doc: "Who comes home."},
	{Property: ReturnStage, Value: Code, Codes: []string{"planned", "boarded", "arrived", "handed_over", "called_off"}, On: onReturn, Class: Sensitive, Many: true, Doc: "How far; the time it speaks of says when."},
	{Property: ReturnFrom, Value: Place, Points: onPlace, On: onReturn, Class: Sensitive, Doc: "From where."},
	{Property: ReturnTo, Value: Place, Points: onPlace, On: onReturn, Class: Sensitive, Doc: "To where."},
	{Property: ReturnWith, Value: Object, Points: onPerson, On: onReturn, Class: Sensitive, Many: true, Doc: "With whom."},
	{Property: ReturnHandedTo, Value: Line, On: onReturn, Class: Lethal, Many: true, Doc: "To whom she or the child was handed over."},
	{Property: ReturnBy, Value: Line, On: onReturn, Class: Internal, Doc: "Who organised it."},
	{Property: ReturnIncident, Value: Object, Points: onIncident, On: onReturn, Class: Internal, Doc: "The flight or transfer it was part of."},
}

var ledgerActs = []Definition{
	{Property: WithdrawnAct, Value: Reference, On: []Kind{WithdrawalOfAct}, Class: Internal, Many: true, Doc: "The act of which nothing stands any more."},
	{Property: WithdrawnStatement, Value: Reference, On: []Kind{WithdrawalOfAct}, Class: Internal, Many: true, Doc: "The statement that no longer stands."},
	{Property: WithdrawnWhy, Value: Text, On: []Kind{WithdrawalOfAct}, Class: Sensitive, Doc: "Why."},
	{Property: ErasedSubject, Value: Object, On: onErasure, Class: Internal, Many: true, Doc: "The record that was forgotten: a bare id."},
	{Property: ErasedIndexes, Value: Text, On: onErasure, Class: Internal, Many: true, Doc: "The places in the log whose content is gone: 3, 7-12."},
	{Property: ErasedRule, Value: Code, Codes: []string{"own_request", "relative_request", "retention", "mistake", "duress", "law"}, On: onErasure, Class: Internal, Doc: "By which rule."},
	{Property: ErasedBy, Value: User, On: onErasure, Class: Internal, Many: true, Doc: "Who approved it; two, or one and a counter-signature."},
	{Property: ErasedCounter, Value: Line, On: onErasure, Class: Internal, Doc: "The outside counter-signer's Ed25519 signature in base64."},
	{Property: RestoredEpoch, Value: Number, On: onRestore, Class: Internal, Doc: "The epoch that begins with the statement."},
	{Property: RestoredSize, Value: Number, On: onRestore, Class: Internal, Doc: "How many entries the backup held."},
	{Property: RestoredLost, Value: Line, On: onRestore, Class: Internal, Many: true, Doc: "The places in the former epoch that the backup did not hold: 120-131."},
	{Property: RestoredCheckpoint, Value: Text, On: onRestore, Class: Internal, Doc: "The last checkpoint known outside before the restoration."},
}
