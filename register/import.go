package register

import (
	"time"
)

// Column is one column of a list, as read and as understood.
type Column struct {
	Number int    // from 0
	Header string // as written
	// Field is what it means; FieldIgnored when it is not taken in.
	Field Field
	// Guess says that the meaning was guessed, by the header or by the content.
	ByHeader, ByContent bool
	// Samples are the first values, for the person who checks the guess.
	Samples []string
}

// Field is what a column of a relatives' list means.
type Field string

// The meanings of columns.
const (
	FieldIgnored       Field = ""
	FieldName          Field = "name"
	FieldGivenName     Field = "given_name"
	FieldPatronymic    Field = "patronymic"
	FieldFamilyName    Field = "family_name"
	FieldMaidenName    Field = "maiden_name"
	FieldBirthName     Field = "birth_name"
	FieldOtherName     Field = "other_name"
	FieldKunya         Field = "kunya"
	FieldSex           Field = "sex"
	FieldBirthDate     Field = "birth_date"
	FieldAge           Field = "age"
	FieldBirthPlace    Field = "birth_place"
	FieldNationality   Field = "nationality"
	FieldHomeRegion    Field = "home_region"
	FieldHomeAddress   Field = "home_address"
	FieldMarital       Field = "marital"
	FieldSeenPlace     Field = "seen_place"
	FieldSeenOn        Field = "seen_on"
	FieldLastNews      Field = "last_news"
	FieldLastNewsOn    Field = "last_news_on"
	FieldLeftHome      Field = "left_home"
	FieldWish          Field = "relatives_wish"
	FieldHealth        Field = "health"
	FieldNarrative     Field = "narrative"
	FieldNote          Field = "note"
	FieldMother        Field = "mother"
	FieldFather        Field = "father"
	FieldSpouse        Field = "spouse"
	FieldChildren      Field = "children"
	FieldSiblings      Field = "siblings"
	FieldForeignID     Field = "foreign_id"
	FieldRelative      Field = "relative"
	FieldRelation      Field = "relation"
	FieldRelativePhone Field = "relative_phone"
	FieldRelativeMail  Field = "relative_email"
	FieldRelativeAddr  Field = "relative_address"
	FieldSaidOn        Field = "said_on"
)

// Mapping says what each column means, and what holds for the whole list.
type Mapping struct {
	// Sheet is the sheet of the workbook; 0 is the first.
	Sheet int `json:"sheet"`
	// HeaderRow is the row of the column names, from 1; 0 when there is none.
	HeaderRow int     `json:"header_row"`
	Fields    []Field `json:"fields"`
	// Lang is the language in which the list is written, "" when not known.
	Lang string `json:"lang,omitempty"`
	// AsOf is the EDTF date as of which ages and places are given, "" when not known.
	AsOf string `json:"as_of,omitempty"`
}

// RowProblem is one thing in a row that could not be taken in as it stands. It
// holds no content.
type RowProblem struct {
	Row    int    // as a spreadsheet counts, from 1
	Column int    // from 0; -1 when it is about the row
	Header string // of the column
	Code   ProblemCode
	// Kept says that the words were kept as a remark, so that nothing is lost.
	Kept bool
}

// ProblemCode is a word for what is wrong with a row.
type ProblemCode string

// What can be wrong with a row.
const (
	RowEmptyName  ProblemCode = "row.no_name"      // nobody to make a record of
	RowDate       ProblemCode = "row.date"         // not a date; kept as a remark
	RowDateFuture ProblemCode = "row.date_future"  // a birth or a sighting in the future
	RowAge        ProblemCode = "row.age"          // not an age
	RowSex        ProblemCode = "row.sex"          // a word for the sex that is not known
	RowCountry    ProblemCode = "row.country"      // a country that is not known
	RowWish       ProblemCode = "row.wish"         // a word for the wish that is not known
	RowTooLong    ProblemCode = "row.too_long"     // cut into a remark, or refused
	RowCharacters ProblemCode = "row.characters"   // bytes that are not text were taken out
	RowMoreCells  ProblemCode = "row.more_cells"   // cells beyond the last named column
	RowForgotten  ProblemCode = "row.forgotten"    // speaks of somebody who was forgotten: held
	RowKnown      ProblemCode = "row.already_here" // the very row is here from an earlier import
	RowTwice      ProblemCode = "row.twice"        // the very row stands twice in this list
)

// Imported is one list that was brought in.
type Imported struct {
	ID     string
	At     time.Time
	By     string
	Source Label
	Rows   int
	// Complete is false when the run was cut short: undo it, and run it again.
	Complete bool
	Undone   bool
	Held     []HeldRow
	Records  int
}

// HeldRow is a row that waits for a person because it speaks of somebody who was
// forgotten.
type HeldRow struct {
	Row       int
	Statement string // the statement that holds it
}
