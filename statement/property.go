package statement

import "slices"

// Property is what can be said of a record: a key of Vocabulary, such as
// "person.birth_date". It is stored in clear, so its name must be harmless.
type Property string

// ValueKind says what a property's value is.
type ValueKind string

// The kinds of value. Where a record is pointed at, the value may hold the
// speaker's own wording of it.
const (
	Text        ValueKind = "text"     // any length up to MaxValue, lines allowed
	Line        ValueKind = "line"     // one line, up to MaxLine bytes
	Name        ValueKind = "name"     // a name as given, one line
	Date        ValueKind = "date"     // EDTF, ISO 8601-2: 2019-10, 1985~, 2017/2019
	Instant     ValueKind = "instant"  // RFC 3339 in UTC: 2019-10-13T05:00:00Z
	Number      ValueKind = "number"   // a whole number or a range: 35, 35-45
	Code        ValueKind = "code"     // one of the definition's Codes
	Flag        ValueKind = "flag"     // yes or no
	Country     ValueKind = "country"  // ISO 3166-1 alpha-2
	Language    ValueKind = "language" // BCP 47
	Hash        ValueKind = "hash"     // SHA-256 as 64 hexadecimal digits
	User        ValueKind = "user"     // the id of somebody who works here
	PropertyRef ValueKind = "property" // a property of this vocabulary that may be shown
	Object      ValueKind = "object"   // another record, always
	Place       ValueKind = "place"    // a place's record, or its name as said, or both
	Reference   ValueKind = "ref"      // the id of an act or a statement
)

// Class says whom a value could hurt, and so where it may go.
type Class string

// The classes, from harmless to never.
const (
	Public     Class = "public"      // may be shown to anybody
	Internal   Class = "internal"    // how the office works; for its staff
	Sensitive  Class = "sensitive"   // about a person; leaves only under a live grant
	Lethal     Class = "lethal"      // can get somebody hurt; as sensitive, and each look is logged
	KinContact Class = "kin-contact" // reaches a third party: no export format may hold it
)

// Kind is what a record is.
type Kind string

// The kinds of record.
const (
	Person          Kind = "person"
	Household       Kind = "household"
	PlaceRecord     Kind = "place"
	Incident        Kind = "incident"
	Group           Kind = "group"
	Source          Kind = "source"
	Appeal          Kind = "appeal"
	File            Kind = "file"
	Transcript      Kind = "transcript"
	PaperRecord     Kind = "document"
	ImportRecord    Kind = "import"
	Grant           Kind = "grant"
	Care            Kind = "care"
	Approval        Kind = "approval"
	Recipient       Kind = "recipient"
	Letter          Kind = "letter"
	Reply           Kind = "reply"
	Message         Kind = "message"
	Return          Kind = "return"
	WithdrawalOfAct Kind = "withdrawal"
	Erasure         Kind = "erasure"
	Restore         Kind = "restore"
	Question        Kind = "question"
	Claim           Kind = "claim"
	Release         Kind = "release"
)

// KindDefinition is what the house knows of a kind of record.
type KindDefinition struct {
	Kind Kind
	Doc  string
	// Owner is the property that names the record it belongs to. Its key is made
	// as the owner's, so that forgetting the owner forgets it too: a consent goes
	// with the person who gave it. "" means it belongs to itself.
	Owner Property
	// Owned says that the act opening the record must name the owner.
	Owned bool
}

// Kinds are all kinds of record, in the order of the vocabulary.
var Kinds = []KindDefinition{
	{Kind: Person, Doc: "Somebody who is looked for, wants to come home, or is kin of one who does."},
	{Kind: Household, Doc: "People who live or travel together."},
	{Kind: PlaceRecord, Doc: "A camp, a prison, a town, a region."},
	{Kind: Incident, Doc: "Something that happened at a place: a shelling, an escape, a transfer."},
	{Kind: Group, Doc: "People spoken of together without their names."},
	{Kind: Source, Doc: "Whoever says something: a relative, a woman in a recording, an outlet, an authority, a list."},
	{Kind: Appeal, Doc: "One message asking for help, with its texts and files."},
	{Kind: File, Doc: "A recording, a photograph, a scan or a list, kept sealed and unaltered.", Owner: FileOf},
	{Kind: Transcript, Doc: "What a recording or a page says, in one version.", Owner: TranscriptOf, Owned: true},
	{Kind: PaperRecord, Doc: "A passport, a certificate, a paper a person holds or lost.", Owner: DocumentPerson, Owned: true},
	{Kind: ImportRecord, Doc: "One list brought into the house, with its mapping."},
	{Kind: Grant, Doc: "A person's consent: one recipient, one purpose, named fields.", Owner: GrantPerson, Owned: true},
	{Kind: Care, Doc: "How careful to be: a recipient and a person, or a recipient and an attribute.", Owner: CarePerson},
	{Kind: Approval, Doc: "A deed that takes two people: proposed, then approved or refused."},
	{Kind: Recipient, Doc: "An authority or organisation to which letters go."},
	{Kind: Letter, Doc: "A letter to a recipient about one or more people."},
	{Kind: Reply, Doc: "What a recipient answered."},
	{Kind: Message, Doc: "A line that is read with a receipt.", Owner: MessageAppeal, Owned: true},
	{Kind: Return, Doc: "One person's way home.", Owner: ReturnPerson, Owned: true},
	{Kind: WithdrawalOfAct, Doc: "An act or a statement that no longer stands."},
	{Kind: Erasure, Doc: "Something was forgotten; which rule, which places in the log, nothing else."},
	{Kind: Restore, Doc: "The ledger was restored from a backup and opened a new epoch."},
	{Kind: Question, Doc: "What is asked of numbers: how many escaped from a camp on a day."},
	{Kind: Claim, Doc: "A number, or a claim without one, by one speaker.", Owner: ClaimSpeaker},
	{Kind: Release, Doc: "Figures as they were published: numbered, dated, frozen."},
}

// KindOf finds a kind's definition.
func KindOf(k Kind) (KindDefinition, bool) {
	i := slices.IndexFunc(Kinds, func(d KindDefinition) bool { return d.Kind == k })
	if i < 0 {
		return KindDefinition{}, false
	}
	return Kinds[i], true
}

// Definition is what the vocabulary says of one property.
type Definition struct {
	Property Property
	Value    ValueKind
	// On are the kinds of record it may stand on; none means any.
	On []Kind
	// Points are the kinds of record its object may be; none means any.
	Points []Kind
	// Codes are the values of a Code.
	Codes []string
	Class Class
	// Many says that several values may be so at once (names, children). Where it
	// is false, two live values contradict each other and a page shows both.
	Many bool
	// Passage says that the statement must name the passage it marks.
	Passage bool
	// Doc is its meaning in one sentence.
	Doc string
}

// StandsOn says whether the property may be said of a record of that kind.
func (d Definition) StandsOn(k Kind) bool { return len(d.On) == 0 || slices.Contains(d.On, k) }

// PointsAt says whether the property may point at a record of that kind.
func (d Definition) PointsAt(k Kind) bool { return len(d.Points) == 0 || slices.Contains(d.Points, k) }

// Exportable says whether any export may ever hold the value, under whatever
// grant. Contacts and routes to third parties never may.
func (d Definition) Exportable() bool { return d.Class != KinContact }

// Definitions are the vocabulary in the order in which it is printed.
var Definitions = slices.Concat(
	anyRecord, personFacts, kinship, sightings, contacts, papers, places, incidents, sources,
	appeals, files, imports, judgements, grants, approvals, recipients, letters, replies,
	returns, ledgerActs, figures, releases,
)

// Vocabulary is every property that can be said. It is never changed at run time.
var Vocabulary = func() map[Property]Definition {
	m := make(map[Property]Definition, len(Definitions))
	for _, d := range Definitions {
		m[d.Property] = d
	}
	return m
}()

// Names are the properties that hold a person's name, for search and matching.
func Names() []Property {
	var names []Property
	for _, d := range Definitions {
		if d.Value == Name && d.StandsOn(Person) {
			names = append(names, d.Property)
		}
	}
	return names
}
