package casework

import (
	"slices"

	"homeward/statement"
)

// grantable are the properties that a consent may name, in the order in which a
// form offers them. Whatever is missing here can leave under no grant; a test asks
// of each new property of people and papers that somebody decided.
var grantable = []statement.Property{
	statement.PersonName, statement.PersonBirthName, statement.PersonMarriedName, statement.PersonMaidenName,
	statement.PersonKunya, statement.PersonNickname, statement.PersonNameAsHeard, statement.PersonGivenName,
	statement.PersonPatronymic, statement.PersonFamilyName, statement.PersonSex, statement.PersonBirthDate,
	statement.PersonBirthPlace, statement.PersonAge, statement.PersonNationality, statement.PersonHomeRegion,
	statement.PersonHomeAddress, statement.PersonMarital, statement.PersonLanguage, statement.PersonDescription,
	statement.PersonPhoto, statement.PersonVoice, statement.PersonHealth, statement.PersonCustody,
	statement.PersonCustodian, statement.PersonDead, statement.PersonLeft, statement.PersonTravelsWith,
	statement.PersonNarrative,
	statement.KinChildOf, statement.KinMother, statement.KinFather, statement.KinSpouseOf, statement.KinSiblingOf,
	statement.KinGuardianOf, statement.KinRelativeOf,
	statement.SeenAt, statement.ThoughtAt, statement.LastNews, statement.LastNewsOn,
	statement.WishOwn, statement.WishRelatives, statement.WishCondition,
	statement.DocumentKind, statement.DocumentNumber, statement.DocumentIssuer, statement.DocumentIssuedOn,
	statement.DocumentExpires, statement.DocumentState, statement.DocumentFile,
	statement.ApplicantName, statement.ApplicantAddress,
}

// Grantable says whether a consent may name the property.
func Grantable(p statement.Property) bool {
	d, ok := statement.Vocabulary[p]
	return ok && d.Exportable() && slices.Contains(grantable, p)
}

// GrantableFields are all that a consent may name, in the order of a form.
func GrantableFields() []statement.Property { return slices.Clone(grantable) }

// IsFile says that the property's value is a file, which leaves only under a grant
// that names that very file.
func IsFile(p statement.Property) bool {
	return p == statement.PersonPhoto || p == statement.PersonVoice || p == statement.DocumentFile
}

// ownRight says that only the applicant can release it.
func ownRight(p statement.Property) bool {
	return p == statement.ApplicantName || p == statement.ApplicantAddress
}

// namesAnother says that the property speaks of another person too.
func namesAnother(p statement.Property) bool {
	d := statement.Vocabulary[p]
	return slices.Contains(d.Points, statement.Person)
}

// housekeeping are properties of people and papers that say nothing of the person:
// Clear passes over them in silence.
var housekeeping = []statement.Property{
	statement.RecordKind, statement.RecordForeign, statement.ActNote, statement.ImportRow, statement.DocumentPerson,
	statement.JudgedSame, statement.JudgedNotSame, statement.JudgedCannotTell, statement.JudgedUndone,
}
