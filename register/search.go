package register

import "homeward/statement"

// Query is what somebody knows of a person who is looked for.
type Query struct {
	// Name in any script and order of its parts; a prefix of a part is enough.
	Name string
	// BirthYear, Sex and Place narrow and rank; the zero values do not.
	BirthYear int
	Sex       string
	Place     string
	// Limit is how many hits to give; 0 is read as 20.
	Limit int
}

// Hit is one person found.
type Hit struct {
	// Person is the id of the cluster, Record the record that met the query best.
	Person, Record string
	// Records is how many records the person has.
	Records int
	// Name is the name that met the query, Lang its language.
	Name, Lang string
	// Other are further names, at most three.
	Other []string
	Born  Years
	Sex   string
	Place string // where she was last known
	// Kin are the names of those she is tied to, at most three.
	Kin   []KinName
	Score float64 // 0 to 1
	Why   []Reason
}

// KinName is somebody she is tied to, by name.
type KinName struct {
	Role Role
	Name string
}

// Reason is why a person was found, in a coded word that a page translates.
type Reason struct {
	Code ReasonCode
	// Text is the part of the query or of the record it is about, where there is one.
	Text string
	// Against says that it speaks against her being the one.
	Against bool
}

// ReasonCode is a word for a reason.
type ReasonCode string

// The reasons.
const (
	SameLetters     ReasonCode = "same_letters"      // the same name, letter by letter
	OtherScript     ReasonCode = "other_script"      // the same letters in another script
	SameForm        ReasonCode = "same_form"         // the same but for an ending
	SameConsonants  ReasonCode = "same_consonants"   // the same consonants
	Similar         ReasonCode = "similar"           // a letter or two differ
	Beginning       ReasonCode = "beginning"         // the name begins so
	NotFound        ReasonCode = "part_not_found"    // a part of the query met nothing
	SameBirthYear   ReasonCode = "birth_year"        // born in that year
	NearBirthYear   ReasonCode = "birth_year_near"   // within a year
	OtherBirthYear  ReasonCode = "birth_year_other"  // born in another
	SameSex         ReasonCode = "sex"               //
	OtherSex        ReasonCode = "sex_other"         //
	SamePlace       ReasonCode = "place"             // known at, or from, that place
	KinHasName      ReasonCode = "kin"               // kin of hers has that name
	SeveralRecords  ReasonCode = "several_records"   // more than one record of hers met the query
	ContradictedOne ReasonCode = "contradicted_name" //
)

// PlaceHit is a place found.
type PlaceHit struct {
	Place string
	Name  string
	Names []statement.Recorded
	Score float64
}
