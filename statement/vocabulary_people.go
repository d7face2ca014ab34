package statement

// What is said of people. A name with its kind is a property of its own, so that
// "which name is this?" is never lost; the whole name as given is kept beside its
// parts, because only the speaker knows how it divides.
const (
	RecordKind     Property = "record.kind"
	RecordNote     Property = "record.note"
	RecordForeign  Property = "record.foreign_id"
	ActNote        Property = "act.note"
	PassageHarmful Property = "passage.incriminating"

	PersonName         Property = "person.name"
	PersonBirthName    Property = "person.birth_name"
	PersonMarriedName  Property = "person.married_name"
	PersonMaidenName   Property = "person.maiden_name"
	PersonKunya        Property = "person.kunya"
	PersonNickname     Property = "person.nickname"
	PersonNameAsHeard  Property = "person.name_as_heard"
	PersonGivenName    Property = "person.given_name"
	PersonPatronymic   Property = "person.patronymic"
	PersonFamilyName   Property = "person.family_name"
	PersonSex          Property = "person.sex"
	PersonBirthDate    Property = "person.birth_date"
	PersonBirthPlace   Property = "person.birth_place"
	PersonAge          Property = "person.age"
	PersonNationality  Property = "person.nationality"
	PersonHomeRegion   Property = "person.home_region"
	PersonHomeAddress  Property = "person.home_address"
	PersonMarital      Property = "person.marital"
	PersonLanguage     Property = "person.language"
	PersonDescription  Property = "person.description"
	PersonPhoto        Property = "person.photo"
	PersonVoice        Property = "person.voice"
	PersonHealth       Property = "person.health"
	PersonCustody      Property = "person.custody"
	PersonCustodian    Property = "person.custodian"
	PersonDead         Property = "person.reported_dead"
	PersonLeft         Property = "person.left_home"
	PersonHousehold    Property = "person.household"
	PersonTravelsWith  Property = "person.travels_with"
	PersonNarrative    Property = "person.narrative"
	PersonMentionedAs  Property = "person.mentioned_as"
	HouseholdLabel     Property = "household.label"
	HouseholdNarrative Property = "household.narrative"

	KinChildOf        Property = "kin.child_of"
	KinMother         Property = "kin.mother"
	KinFather         Property = "kin.father"
	KinPossibleFather Property = "kin.possible_father"
	KinSpouseOf       Property = "kin.spouse_of"
	KinSiblingOf      Property = "kin.sibling_of"
	KinGuardianOf     Property = "kin.guardian_of"
	KinRelativeOf     Property = "kin.relative_of"

	SeenAt        Property = "sighting.seen_at"
	ThoughtAt     Property = "sighting.thought_at"
	LastNews      Property = "news.last"
	LastNewsOn    Property = "news.last_on"
	WishOwn       Property = "wish.own"
	WishRelatives Property = "wish.relatives"
	WishCondition Property = "wish.condition"

	ContactPhone     Property = "contact.phone"
	ContactEmail     Property = "contact.email"
	ContactMessenger Property = "contact.messenger"
	ContactAddress   Property = "contact.address"
	ContactRoute     Property = "contact.route"
	ContactCaution   Property = "contact.caution"
	ApplicantName    Property = "applicant.name"
	ApplicantAddress Property = "applicant.address"

	DocumentPerson   Property = "document.person"
	DocumentKind     Property = "document.kind"
	DocumentNumber   Property = "document.number"
	DocumentIssuer   Property = "document.issuer"
	DocumentIssuedOn Property = "document.issued_on"
	DocumentExpires  Property = "document.expires"
	DocumentState    Property = "document.state"
	DocumentFile     Property = "document.file"
)

var (
	onPerson    = []Kind{Person}
	onHousehold = []Kind{Household}
	onPeople    = []Kind{Person, Household, Group}
	onSpeakers  = []Kind{Person, Source}
	onDocument  = []Kind{PaperRecord}

	wishes = []string{"return", "stay", "undecided", "children_only", "elsewhere"}
)

var anyRecord = []Definition{
	{Property: RecordKind, Value: Code, Codes: kindCodes(), Class: Public, Doc: "What the record is; the first statement about it."},
	{Property: RecordNote, Value: Text, Class: Sensitive, Many: true, Doc: "A remark of the office about the record."},
	{Property: RecordForeign, Value: Line, Class: Sensitive, Many: true, Doc: "The record's id in the source's own list or system."},
	{Property: ActNote, Value: Text, Class: Sensitive, Many: true, Doc: "Why the act was done, in the words of the user who did it."},
	{Property: PassageHarmful, Value: Text, Class: Lethal, Many: true, Passage: true, On: []Kind{Appeal, File, Transcript, Reply},
		Doc: "A passage that may incriminate its speaker: it stays out of packs and proofs."},
}

var personFacts = []Definition{
	{Property: PersonName, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "The whole name as given, its kind not said."},
	{Property: PersonBirthName, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "The whole name given at birth."},
	{Property: PersonMarriedName, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "A name taken by marriage."},
	{Property: PersonMaidenName, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "The family name before marriage."},
	{Property: PersonKunya, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "An Arabic name after a child: Umm Yusuf."},
	{Property: PersonNickname, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "What she is called by those around her."},
	{Property: PersonNameAsHeard, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "A name written down by ear, the spelling a guess."},
	{Property: PersonGivenName, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "The given name, where the speaker divides the name."},
	{Property: PersonPatronymic, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "The patronymic, where the speaker divides the name."},
	{Property: PersonFamilyName, Value: Name, On: onPerson, Class: Sensitive, Many: true, Doc: "The family name, where the speaker divides the name."},
	{Property: PersonSex, Value: Code, Codes: []string{"female", "male", "other"}, On: onPerson, Class: Sensitive, Doc: "The sex as stated (PFIF 1.4 values)."},
	{Property: PersonBirthDate, Value: Date, On: onPerson, Class: Sensitive, Doc: "The date of birth, as exactly as it is known."},
	{Property: PersonBirthPlace, Value: Place, Points: onPlace, On: onPerson, Class: Sensitive, Doc: "The place of birth."},
	{Property: PersonAge, Value: Number, On: onPerson, Class: Sensitive, Doc: "The age in years, a number or a range, as of the time it speaks of."},
	{Property: PersonNationality, Value: Country, On: onPerson, Class: Sensitive, Many: true, Doc: "A nationality."},
	{Property: PersonHomeRegion, Value: Place, Points: onPlace, On: onPerson, Class: Sensitive, Doc: "The region she comes from; it may decide what awaits her there."},
	{Property: PersonHomeAddress, Value: Text, On: onPerson, Class: Lethal, Many: true, Doc: "Her own address at home, before she left."},
	{Property: PersonMarital, Value: Code, Codes: []string{"single", "married", "widowed", "divorced"}, On: onPerson, Class: Sensitive, Doc: "Married or not, as of the time it speaks of."},
	{Property: PersonLanguage, Value: Language, On: onPerson, Class: Sensitive, Many: true, Doc: "A language she speaks."},
	{Property: PersonDescription, Value: Text, On: onPerson, Class: Sensitive, Many: true, Doc: "What she looks like."},
	{Property: PersonPhoto, Value: Object, Points: []Kind{File}, On: onPerson, Class: Lethal, Many: true, Doc: "A photograph of her: biometric, leaves only under a grant naming the file."},
	{Property: PersonVoice, Value: Object, Points: []Kind{File}, On: onPerson, Class: Lethal, Many: true, Doc: "A recording of her voice: biometric, leaves only under a grant naming the file."},
	{Property: PersonHealth, Value: Text, On: onPerson, Class: Lethal, Many: true, Doc: "Illness, injury, pregnancy, what care is needed."},
	{Property: PersonCustody, Value: Code, Codes: []string{"free", "camp", "prison", "hospital", "private_house", "released"}, On: onPerson, Class: Lethal, Doc: "Whether and how she is held, as of the time it speaks of."},
	{Property: PersonCustodian, Value: Line, On: onPerson, Class: Lethal, Many: true, Doc: "Who holds her."},
	{Property: PersonDead, Value: Flag, On: onPerson, Class: Sensitive, Doc: "Reported dead, or reported not dead, by this speaker."},
	{Property: PersonLeft, Value: Date, On: onPerson, Class: Sensitive, Doc: "When she left home."},
	{Property: PersonHousehold, Value: Object, Points: onHousehold, On: onPerson, Class: Sensitive, Many: true, Doc: "The household she is a member of."},
	{Property: PersonTravelsWith, Value: Object, Points: onPerson, On: onPerson, Class: Sensitive, Many: true, Doc: "Somebody she travels or stays with."},
	{Property: PersonNarrative, Value: Text, On: onPerson, Class: Lethal, Many: true, Doc: "What happened to her, as told."},
	{Property: PersonMentionedAs, Value: Text, On: onPerson, Class: Lethal, Many: true, Doc: "The words in which an appeal speaks of her; they lie under her key and not under the appeal's."},
	{Property: HouseholdLabel, Value: Line, On: onHousehold, Class: Sensitive, Many: true, Doc: "What the household is called in the office."},
	{Property: HouseholdNarrative, Value: Text, On: onHousehold, Class: Lethal, Many: true, Doc: "What happened to the household, as told."},
}

var kinship = []Definition{
	{Property: KinChildOf, Value: Object, Points: onPerson, On: onPerson, Class: Sensitive, Many: true, Doc: "She is a child of that person, mother or father not said."},
	{Property: KinMother, Value: Object, Points: onPerson, On: onPerson, Class: Sensitive, Doc: "Her mother."},
	{Property: KinFather, Value: Object, Points: onPerson, On: onPerson, Class: Sensitive, Doc: "Her father."},
	{Property: KinPossibleFather, Value: Object, Points: onPerson, On: onPerson, Class: Lethal, Many: true, Doc: "A man who may be the father: fatherhood uncertain."},
	{Property: KinSpouseOf, Value: Object, Points: onPerson, On: onPerson, Class: Sensitive, Many: true, Doc: "Her husband, or his wife; the value may say by which rite."},
	{Property: KinSiblingOf, Value: Object, Points: onPerson, On: onPerson, Class: Sensitive, Many: true, Doc: "A brother or sister; the value may say half or full."},
	{Property: KinGuardianOf, Value: Object, Points: onPerson, On: onPerson, Class: Sensitive, Many: true, Doc: "A child in her care that is not said to be her own."},
	{Property: KinRelativeOf, Value: Object, Points: onPerson, On: onPerson, Class: Sensitive, Many: true, Doc: "Kin of another degree; the value says which."},
}

var sightings = []Definition{
	{Property: SeenAt, Value: Place, Points: []Kind{PlaceRecord}, On: onPeople, Class: Lethal, Many: true, Doc: "Was at the place at the time it speaks of; the basis says how directly the speaker knows."},
	{Property: ThoughtAt, Value: Place, Points: []Kind{PlaceRecord}, On: onPeople, Class: Lethal, Many: true, Doc: "Is supposed to be or have been there; nobody saw it."},
	{Property: LastNews, Value: Text, On: onPeople, Class: Lethal, Many: true, Doc: "What the last news of her was."},
	{Property: LastNewsOn, Value: Date, On: onPeople, Class: Sensitive, Many: true, Doc: "When she was last heard of."},
	{Property: WishOwn, Value: Code, Codes: wishes, On: onPerson, Class: Lethal, Doc: "Her own wish, said by herself."},
	{Property: WishRelatives, Value: Code, Codes: wishes, On: onPerson, Class: Sensitive, Doc: "What her relatives say that she wishes; never read as her own wish."},
	{Property: WishCondition, Value: Text, On: onPerson, Class: Lethal, Many: true, Doc: "On what condition she would return. Hers only when she said it herself."},
}

var contacts = []Definition{
	{Property: ContactPhone, Value: Line, On: onSpeakers, Class: KinContact, Many: true, Doc: "A telephone number."},
	{Property: ContactEmail, Value: Line, On: onSpeakers, Class: KinContact, Many: true, Doc: "An e-mail address."},
	{Property: ContactMessenger, Value: Line, On: onSpeakers, Class: KinContact, Many: true, Doc: "An account with a messenger; the wording says which."},
	{Property: ContactAddress, Value: Text, On: onSpeakers, Class: KinContact, Many: true, Doc: "Where somebody lives or can be found now."},
	{Property: ContactRoute, Value: Text, On: onSpeakers, Class: KinContact, Many: true, Doc: "How contact is kept: through whom, by what way."},
	{Property: ContactCaution, Value: Text, On: onSpeakers, Class: KinContact, Many: true, Doc: "What to avoid when making contact: hours, words, who may overhear."},
	{Property: ApplicantName, Value: Name, On: onSpeakers, Class: Sensitive, Doc: "The own name of one who applies in his or her own right, for one recipient under a grant."},
	{Property: ApplicantAddress, Value: Text, On: onSpeakers, Class: Lethal, Doc: "The own postal address of one who applies in his or her own right, for one recipient under a grant."},
}

var papers = []Definition{
	{Property: DocumentPerson, Value: Object, Points: onPerson, On: onDocument, Class: Sensitive, Doc: "Whose document it is."},
	{Property: DocumentKind, Value: Code, Codes: []string{"passport", "internal_passport", "identity_card", "birth_certificate", "marriage_certificate", "death_certificate", "dna_result", "power_of_attorney", "court_decision", "other"}, On: onDocument, Class: Sensitive, Doc: "What sort of document."},
	{Property: DocumentNumber, Value: Line, On: onDocument, Class: Lethal, Doc: "Its number."},
	{Property: DocumentIssuer, Value: Line, On: onDocument, Class: Sensitive, Doc: "Who issued it."},
	{Property: DocumentIssuedOn, Value: Date, On: onDocument, Class: Sensitive, Doc: "When it was issued."},
	{Property: DocumentExpires, Value: Date, On: onDocument, Class: Sensitive, Doc: "Until when it is valid."},
	{Property: DocumentState, Value: Code, Codes: []string{"held", "copy", "lost", "taken", "missing"}, On: onDocument, Class: Sensitive, Doc: "Whether she holds it, as of the time it speaks of."},
	{Property: DocumentFile, Value: Object, Points: []Kind{File}, On: onDocument, Class: Lethal, Many: true, Doc: "A picture of it."},
}

func kindCodes() []string {
	codes := make([]string, len(Kinds))
	for i, k := range Kinds {
		codes[i] = string(k.Kind)
	}
	return codes
}
