package statement

// What is said of places, incidents and speakers, of what arrives and of what is
// decided about it.
const (
	PlaceName    Property = "place.name"
	PlaceCode    Property = "place.code"
	PlaceKind    Property = "place.kind"
	PlaceParent  Property = "place.parent"
	PlaceCountry Property = "place.country"
	PlacePoint   Property = "place.point"
	PlaceOpen    Property = "place.open"

	IncidentLabel Property = "incident.label"
	IncidentKind  Property = "incident.kind"
	IncidentPlace Property = "incident.place"
	IncidentDate  Property = "incident.date"
	IncidentText  Property = "incident.narrative"
	GroupLabel    Property = "group.label"
	GroupText     Property = "group.description"

	SourceLabel     Property = "source.label"
	SourceKind      Property = "source.kind"
	SourcePublic    Property = "source.public_label"
	SourceProtected Property = "source.protected"
	SourcePerson    Property = "source.person"
	SourceRelation  Property = "source.relation"
	SourceURL       Property = "source.url"

	AppealArrived     Property = "appeal.arrived"
	AppealChannel     Property = "appeal.channel"
	AppealLanguage    Property = "appeal.language"
	AppealContactOK   Property = "appeal.consent_to_contact"
	AppealSender      Property = "appeal.sender"
	AppealText        Property = "appeal.text"
	AppealFile        Property = "appeal.file"
	AppealAdditionTo  Property = "appeal.addition_to"
	AppealMentions    Property = "appeal.mentions"
	AppealNeedsPerson Property = "appeal.needs_person"
	AppealTriage      Property = "appeal.triage"

	FileOf           Property = "file.of"
	FileMediaType    Property = "file.media_type"
	FileSHA256       Property = "file.sha256"
	FileSize         Property = "file.size"
	FileName         Property = "file.original_name"
	FileArrived      Property = "file.arrived"
	FileDuration     Property = "file.duration_ms"
	FileDerivedFrom  Property = "file.derived_from"
	FileCustody      Property = "file.custody"
	FileCustodyNote  Property = "file.custody_note"
	FileNeedsPerson  Property = "file.needs_person"
	TranscriptOf     Property = "transcript.of"
	TranscriptMaker  Property = "transcript.maker"
	TranscriptText   Property = "transcript.text"
	TranscriptPart   Property = "transcript.passage"
	TranscriptFrom   Property = "transcript.translated_from"
	TranscriptAccept Property = "transcript.accepted"

	ImportFile    Property = "import.file"
	ImportSource  Property = "import.source"
	ImportMapping Property = "import.mapping"
	ImportRows    Property = "import.rows"
	ImportRow     Property = "import.row"
	ImportHeld    Property = "import.row_held"

	JudgedSame       Property = "judgement.same"
	JudgedNotSame    Property = "judgement.not_same"
	JudgedCannotTell Property = "judgement.cannot_tell"
	JudgedUndone     Property = "judgement.undone"
)

var (
	onPlace      = []Kind{PlaceRecord}
	onIncident   = []Kind{Incident}
	onGroup      = []Kind{Group}
	onSource     = []Kind{Source}
	onAppeal     = []Kind{Appeal}
	onFile       = []Kind{File}
	onTranscript = []Kind{Transcript}
	onImport     = []Kind{ImportRecord}
	onJudged     = []Kind{Person, Household, PlaceRecord, Source, Incident, Group, Return}

	waitsFor = []string{"unreadable", "unknown_kind", "unplayable", "unknown_language", "empty", "suppressed", "looks_like_another", "no_way_back", "interrupted", "too_large", "damaged_picture", "damaged_sound", "receipt_unknown", "receipt_revoked", "other"}
)

var places = []Definition{
	{Property: PlaceName, Value: Name, On: onPlace, Class: Internal, Many: true, Doc: "A name of the place, in one language and script."},
	{Property: PlaceCode, Value: Line, On: onPlace, Class: Internal, Many: true, Doc: "A code with its system before a colon: ocha:SY1103, iso3166-2:SY-RA."},
	{Property: PlaceKind, Value: Code, Codes: []string{"country", "region", "district", "town", "camp", "annex", "prison", "hospital", "shelter", "airport", "crossing", "other"}, On: onPlace, Class: Internal, Doc: "What sort of place."},
	{Property: PlaceParent, Value: Object, Points: onPlace, On: onPlace, Class: Internal, Doc: "The place it lies in."},
	{Property: PlaceCountry, Value: Country, On: onPlace, Class: Internal, Doc: "The country it lies in."},
	{Property: PlacePoint, Value: Line, On: onPlace, Class: Internal, Doc: "Latitude and longitude in degrees, WGS 84: 36.3839,38.8592."},
	{Property: PlaceOpen, Value: Flag, On: onPlace, Class: Internal, Doc: "Whether people are held or sheltered there, as of the time it speaks of."},
}

var incidents = []Definition{
	{Property: IncidentLabel, Value: Line, On: onIncident, Class: Internal, Many: true, Doc: "What the incident is called."},
	{Property: IncidentKind, Value: Code, Codes: []string{"offensive", "shelling", "escape", "emptied", "transfer", "fire", "flood", "outbreak", "return_flight", "other"}, On: onIncident, Class: Internal, Doc: "What sort of incident."},
	{Property: IncidentPlace, Value: Place, Points: onPlace, On: onIncident, Class: Internal, Many: true, Doc: "Where it happened."},
	{Property: IncidentDate, Value: Date, On: onIncident, Class: Internal, Doc: "When it happened."},
	{Property: IncidentText, Value: Text, On: onIncident, Class: Internal, Many: true, Doc: "What happened, as told."},
	{Property: GroupLabel, Value: Line, On: onGroup, Class: Internal, Many: true, Doc: "What the group is called: those who stayed."},
	{Property: GroupText, Value: Text, On: onGroup, Class: Sensitive, Many: true, Doc: "Who belongs to it, as told."},
}

var sources = []Definition{
	{Property: SourceLabel, Value: Line, On: onSource, Class: Lethal, Doc: "Who speaks, as the office calls her: second woman in the recording."},
	{Property: SourceKind, Value: Code, Codes: []string{"stranded", "relative", "witness", "defender", "outlet", "authority", "organisation", "list", "document", "office", "unknown"}, On: onSource, Class: Internal, Doc: "What sort of speaker."},
	{Property: SourcePublic, Value: Line, On: onSource, Class: Public, Doc: "How the speaker is called outside: a woman in the camp."},
	{Property: SourceProtected, Value: Flag, On: onSource, Class: Internal, Doc: "Whether the speaker is shown outside only by the public label."},
	{Property: SourcePerson, Value: Object, Points: onPerson, On: onSource, Class: Lethal, Doc: "The speaker is that person of the register."},
	{Property: SourceRelation, Value: Object, Points: onPerson, On: onSource, Class: Lethal, Many: true, Doc: "The speaker claims kinship with that person; the value says which. Unverified until a second channel confirms it."},
	{Property: SourceURL, Value: Line, On: onSource, Class: Public, Many: true, Doc: "Where a published source can be found."},
}

var appeals = []Definition{
	{Property: AppealArrived, Value: Instant, On: onAppeal, Class: Internal, Doc: "When it was sealed in the spool."},
	{Property: AppealChannel, Value: Code, Codes: channels, On: onAppeal, Class: Internal, Doc: "By which way it came."},
	{Property: AppealLanguage, Value: Language, On: onAppeal, Class: Internal, Many: true, Doc: "The language it is in."},
	{Property: AppealContactOK, Value: Code, Codes: []string{"receipt_only", "yes", "no"}, On: onAppeal, Class: Internal, Doc: "Whether the sender may be contacted, and how."},
	{Property: AppealSender, Value: Object, Points: onSource, On: onAppeal, Class: Lethal, Doc: "Who sent it."},
	{Property: AppealText, Value: Text, On: onAppeal, Class: Lethal, Many: true, Doc: "What was written."},
	{Property: AppealFile, Value: Object, Points: onFile, On: onAppeal, Class: Sensitive, Many: true, Doc: "A file that came with it."},
	{Property: AppealAdditionTo, Value: Object, Points: onAppeal, On: onAppeal, Class: Internal, Doc: "It came with the receipt of that appeal."},
	{Property: AppealMentions, Value: Object, Points: []Kind{Person, Household, PlaceRecord, Group}, On: onAppeal, Class: Lethal, Many: true, Doc: "It speaks of that record; the evidence is the passage. The wording is hers: person.mentioned_as (older statements hold it as value)."},
	{Property: AppealNeedsPerson, Value: Code, Codes: waitsFor, On: onAppeal, Class: Internal, Many: true, Doc: "A machine could not deal with it: why it waits for a person."},
	{Property: AppealTriage, Value: Code, Codes: []string{"new", "open", "waiting", "answered", "set_aside", "closed"}, On: onAppeal, Class: Internal, Doc: "How far it has got; the last live statement counts."},
}

var channels = []string{"web", "email", "telegram", "whatsapp", "signal", "telephone", "visit", "post", "list"}

var files = []Definition{
	{Property: FileOf, Value: Object, On: onFile, Class: Internal, Doc: "The record it belongs to; forgetting that record forgets the file."},
	{Property: FileMediaType, Value: Line, On: onFile, Class: Internal, Doc: "The media type, judged by content: audio/ogg; codecs=opus."},
	{Property: FileSHA256, Value: Hash, On: onFile, Class: Sensitive, Doc: "The hash of the original bytes."},
	{Property: FileSize, Value: Number, On: onFile, Class: Internal, Doc: "The size of the original in bytes."},
	{Property: FileName, Value: Line, On: onFile, Class: Lethal, Doc: "The name it came with; names of files name people."},
	{Property: FileArrived, Value: Instant, On: onFile, Class: Internal, Doc: "When it was sealed."},
	{Property: FileDuration, Value: Number, On: onFile, Class: Internal, Doc: "How long the recording is, in milliseconds."},
	{Property: FileDerivedFrom, Value: Object, Points: onFile, On: onFile, Class: Internal, Doc: "It is a working copy of that file; the value says how it was made."},
	{Property: FileCustody, Value: Code, Codes: []string{"received", "sealed", "opened", "copied", "handed_over", "checked", "damaged", "missing", "destroyed"}, On: onFile, Class: Internal, Many: true, Doc: "What happened to it: the chain of custody."},
	{Property: FileCustodyNote, Value: Text, On: onFile, Class: Sensitive, Many: true, Doc: "To whom, why, in what state: a remark on custody."},
	{Property: FileNeedsPerson, Value: Code, Codes: waitsFor, On: onFile, Class: Internal, Many: true, Doc: "A machine could not deal with it: why it waits for a person."},
	{Property: TranscriptOf, Value: Object, Points: onFile, On: onTranscript, Class: Internal, Doc: "The recording or scan whose words it gives."},
	{Property: TranscriptMaker, Value: Code, Codes: []string{"person", "machine"}, On: onTranscript, Class: Internal, Doc: "Whether a person or a machine here made it."},
	{Property: TranscriptText, Value: Text, On: onTranscript, Class: Lethal, Doc: "The whole text, without times."},
	{Property: TranscriptPart, Value: Text, On: onTranscript, Class: Lethal, Many: true, Passage: true, Doc: "The words of one passage, with its time or page as evidence."},
	{Property: TranscriptFrom, Value: Object, Points: onTranscript, On: onTranscript, Class: Internal, Doc: "It is a translation of that transcript."},
	{Property: TranscriptAccept, Value: Flag, On: onTranscript, Class: Internal, Doc: "A person accepted this version; the last live statement of the file's transcripts counts."},
}

var imports = []Definition{
	{Property: ImportFile, Value: Object, Points: onFile, On: onImport, Class: Internal, Doc: "The list that was imported."},
	{Property: ImportSource, Value: Object, Points: onSource, On: onImport, Class: Sensitive, Doc: "Whose list it is."},
	{Property: ImportMapping, Value: Text, On: onImport, Class: Internal, Doc: "Which column became which property, as JSON."},
	{Property: ImportRows, Value: Number, On: onImport, Class: Internal, Doc: "How many rows were read."},
	{Property: ImportRow, Value: Object, Points: onImport, Class: Internal, Many: true, Doc: "The record comes from that import; the value is the row's number."},
	{Property: ImportHeld, Value: Number, On: onImport, Class: Internal, Many: true, Doc: "A row that waits for a person because it speaks of somebody who was forgotten."},
	{Property: ImportLeftOut, Value: Line, On: onImport, Class: Internal, Many: true, Doc: "A row that was left out, and the rule it breaks: 17 order."},
}

var judgements = []Definition{
	{Property: JudgedSame, Value: Object, Points: onJudged, On: onJudged, Class: Sensitive, Many: true, Doc: "A person decided that both records are one; the value is the reason."},
	{Property: JudgedNotSame, Value: Object, Points: onJudged, On: onJudged, Class: Sensitive, Many: true, Doc: "A person decided that they are two; the value is the reason. Remembered also at the next import."},
	{Property: JudgedCannotTell, Value: Object, Points: onJudged, On: onJudged, Class: Sensitive, Many: true, Doc: "A person looked and could not tell; the value is the reason."},
	{Property: JudgedUndone, Value: Object, Points: onJudged, On: onJudged, Class: Sensitive, Many: true, Doc: "Earlier judgements of the pair no longer count; the value is the reason."},
}
