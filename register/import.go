package register

import (
	"io"
	"slices"
	"strings"
	"time"

	"homeward/internal/problem"
	"homeward/statement"
)

// List is a list that somebody sent, ready to be read.
type List struct {
	Body io.ReaderAt
	Size int64
	// File is the record under which the list is kept, "" when it is not.
	File string
}

// Column is one column of a list, as read and as understood.
type Column struct {
	Number int    // from 0
	Header string // as written
	// Field is what it means; FieldIgnored when it is not taken in.
	Field Field
	// ByHeader and ByContent say how the meaning was guessed.
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

// WithColumns gives the mapping with the meanings that somebody says columns have, by
// their headers. ErrNoColumn when there is no such column, ErrNoField when a column
// cannot mean that.
func (m Mapping) WithColumns(columns []Column, means map[string]Field) (Mapping, error) {
	m.Fields = slices.Clone(m.Fields)
	for header, field := range means {
		i := slices.IndexFunc(columns, func(c Column) bool {
			return strings.EqualFold(strings.TrimSpace(c.Header), strings.TrimSpace(header))
		})
		switch _, known := headerPhrases[field]; {
		case i < 0 || i >= len(m.Fields):
			return m, ErrNoColumn
		case !known && field != FieldIgnored:
			return m, ErrNoField
		}
		m.Fields[i] = field
	}
	return m, nil
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
	// Records is how many people its rows made, kin among them.
	Records int
	File    string // the list itself, "" when it was not kept
	Mapping Mapping
	Note    string

	kept remembered
	acts []string // that hold its rows
}

// HeldRow is a row that waits for a person because it speaks of somebody who was
// forgotten.
type HeldRow struct {
	Row       int
	Statement string // the statement that holds it
}

// Preview is a row as it would be recorded, for the person who checks a plan.
type Preview struct {
	Row   int
	Lines []PreviewLine
}

// PreviewLine is one statement of a preview. About and Object are 0 for the person
// of the row, 1 and up for those named beside her; Object is -1 where there is none.
type PreviewLine struct {
	About    int
	Kind     statement.Kind
	Property statement.Property
	Value    string
	Object   int
}

// RunOptions say how a plan is carried out.
type RunOptions struct {
	// Source is the record of whoever made the list.
	Source string
	// Again takes in rows that are here from an earlier import of the same speaker;
	// otherwise they are left out and counted. Another speaker's are always taken in.
	Again bool
	// Note is a remark on the import.
	Note string
}

// Result is what an import did.
type Result struct {
	Import  string
	Acts    []string
	Rows    int // that were taken in
	Records int // that were made: people, kin and speakers
	Held    int // rows that wait for a person
	Known   int // rows that are here already and were left out
	Unnamed int // rows that name nobody
}

// The problems of lists.
var (
	ErrNoColumn = problem.New(problem.Invalid, "import.no_column",
		"the list has no such column", "write the column as its header does; --dry-run shows them")
	ErrNoField = problem.New(problem.Invalid, "import.no_field",
		"a column cannot mean that", "take one of the meanings that --dry-run shows, such as name, given_name, birth_date, seen_place, note, or ignored")
	ErrMapping = problem.New(problem.Invalid, "import.mapping",
		"no column says how the people are called", "say which column holds the name")
	ErrAgain = problem.New(problem.Conflict, "import.again",
		"this very file was imported before", "open that import; to take the file in again, say so")
	ErrNoSource = problem.New(problem.Invalid, "import.no_source",
		"nobody is named as the speaker of the list", "say whose list it is")
	ErrNoFile = problem.New(problem.NotFound, "import.no_file",
		"the list itself was not kept", "upload it again")
	ErrNoRow = problem.New(problem.NotFound, "import.no_row",
		"there is no such row waiting", "open the import again to see what waits")
	ErrUndone = problem.New(problem.Conflict, "import.undone",
		"this import was undone before", "open it to see what stands now")
)
