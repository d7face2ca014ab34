package statement

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"homeward/internal/problem"
	"homeward/statement/edtf"
)

// Limits of a statement and an act. They keep one hostile row from filling the
// ledger, and are far above anything a person says in one breath.
const (
	MaxValue      = 64 << 10 // bytes of any value
	MaxLine       = 1 << 10  // bytes of a line or a name
	MaxVia        = 16       // carriers between the speaker and the house
	MaxStatements = 200_000  // statements of one act
)

// The ways in which a statement can be unusable. Their arguments are the
// property's name and limits, never what was said.
var (
	ErrUnknownProperty = problem.New(problem.Invalid, "statement.unknown_property",
		"the vocabulary has no such property", "choose one from docs/vocabulary.md")
	ErrID = problem.New(problem.Invalid, "statement.id",
		"an id is not a UUID in lower case", "use the id that the record was given")
	ErrEmpty = problem.New(problem.Invalid, "statement.empty",
		"nothing is said: the value is empty", "give a value, or leave the line out")
	ErrTooLong = problem.New(problem.TooLarge, "statement.too_long",
		"the value is longer than this property allows", "shorten it, or attach it as a file")
	ErrCharacters = problem.New(problem.Invalid, "statement.characters",
		"the value holds bytes or control characters that are not text", "save the source as UTF-8 and try again")
	ErrValue = problem.New(problem.Invalid, "statement.value",
		"the value does not have the form this property needs", "see the property in docs/vocabulary.md")
	ErrLanguage = problem.New(problem.Invalid, "statement.language",
		"the language is not a BCP 47 tag", "use a tag such as ru, ar or ru-Latn")
	ErrObject = problem.New(problem.Invalid, "statement.object",
		"the property needs another record to point at, or allows none", "see the property in docs/vocabulary.md")
	ErrKind = problem.New(problem.Invalid, "statement.kind",
		"the property cannot stand on, or point at, this kind of record", "see the property in docs/vocabulary.md")
	ErrWord = problem.New(problem.Invalid, "statement.word",
		"the stance, the basis or the kind of act is not one the house knows", "use one of the listed words")
	ErrEvidence = problem.New(problem.Invalid, "statement.evidence",
		"the evidence names a passage without a file, or the passage is missing", "name the file and its part")
	ErrAct = problem.New(problem.Invalid, "act.size",
		"an act needs at least one statement and has an upper limit", "split it into several acts")
)

// Validate says whether the statement can be recorded as it is. Whether the kinds
// of its records fit is for the ledger, which knows them. The id may be empty.
func (s Statement) Validate() error {
	d, ok := Vocabulary[s.Property]
	if !ok {
		return ErrUnknownProperty
	}
	for _, check := range []func(Definition) error{
		s.checkIDs, s.checkObject, s.checkText, s.checkValue, s.checkWords, s.checkEvidence,
	} {
		if err := check(d); err != nil {
			if p, ok := problem.As(err); ok {
				return p.With("property", string(s.Property))
			}
			return err
		}
	}
	return nil
}

// Validate checks the act and each of its statements.
func (a Act) Validate() error {
	if len(a.Statements) == 0 || len(a.Statements) > MaxStatements {
		return ErrAct.With("limit", MaxStatements)
	}
	if !slices.Contains(ActKinds, a.Kind) {
		return ErrWord
	}
	if !isID(a.ID) && a.ID != "" || !isID(a.By) && a.By != "" {
		return ErrID
	}
	if err := checkText(a.Note, MaxValue); err != nil {
		return err
	}
	for _, s := range a.Statements {
		if err := s.Validate(); err != nil {
			return err
		}
	}
	return nil
}

func (s Statement) checkIDs(Definition) error {
	if !isID(s.Subject) || len(s.Via) > MaxVia {
		return ErrID
	}
	for _, id := range append([]string{s.ID, s.Object, s.SaidBy, s.Evidence.File, s.Key}, s.Via...) {
		if id != "" && !isID(id) {
			return ErrID
		}
	}
	if slices.Contains(s.Via, "") {
		return ErrID
	}
	return nil
}

func (s Statement) checkObject(d Definition) error {
	switch d.Value {
	case Object, Reference:
		if s.Object == "" {
			return ErrObject
		}
	case Place:
		if s.Object == "" && s.Value == "" {
			return ErrEmpty
		}
	default:
		if s.Object != "" && len(d.Points) == 0 {
			return ErrObject
		}
		if s.Value == "" {
			return ErrEmpty
		}
	}
	return nil
}

func (s Statement) checkText(d Definition) error {
	limit := MaxLine
	if d.Value == Text || d.Value == Object || d.Value == Reference {
		limit = MaxValue
	}
	if err := checkText(s.Value, limit); err != nil {
		return err
	}
	if d.Value != Text && d.Value != Object && strings.ContainsAny(s.Value, lineBreaks) {
		return ErrCharacters
	}
	if s.Lang != "" {
		if len(s.Lang) > 64 {
			return ErrLanguage
		}
		if _, err := language.Parse(s.Lang); err != nil {
			return ErrLanguage
		}
	}
	return nil
}

// lineBreaks are what a line cannot hold: besides the plain ones, Unicode's own.
const lineBreaks = "\n\t\u2028\u2029"

// checkText refuses what is not text: broken UTF-8, and control characters save
// the line end and the tab. A carriage return is one of them: importers write
// line ends as one newline, so that one text has one form.
func checkText(text string, limit int) error {
	if len(text) > limit {
		return ErrTooLong.With("limit", limit)
	}
	if !utf8.ValidString(text) {
		return ErrCharacters
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return ErrCharacters
		}
	}
	return nil
}

func (s Statement) checkValue(d Definition) error {
	ok := true
	switch d.Value {
	case Text, Line, Name, Place, Object, Reference:
	case Date:
		_, err := edtf.Parse(s.Value)
		ok = err == nil
	case Instant:
		// Parse also reads a short hour and a decimal comma: one moment, one text.
		t, err := time.Parse(time.RFC3339, s.Value)
		ok = err == nil && t.Format(time.RFC3339Nano) == s.Value && strings.HasSuffix(s.Value, "Z")
	case Number:
		ok = isNumber(s.Value)
	case Code:
		ok = slices.Contains(d.Codes, s.Value)
	case Flag:
		ok = s.Value == "yes" || s.Value == "no"
	case Country:
		r, err := language.ParseRegion(s.Value)
		ok = err == nil && r.IsCountry() && r.Canonicalize() == r && r.String() == s.Value && len(s.Value) == 2
	case Language:
		_, err := language.Parse(s.Value)
		ok = err == nil
	case Hash:
		b, err := hex.DecodeString(s.Value)
		ok = err == nil && len(b) == 32 && strings.ToLower(s.Value) == s.Value
	case User:
		ok = isID(s.Value)
	case PropertyRef:
		field, known := Vocabulary[Property(s.Value)]
		ok = known && field.Exportable()
	default:
		ok = false
	}
	if !ok {
		return ErrValue
	}
	return nil
}

func (s Statement) checkWords(Definition) error {
	if s.Stance != "" && !slices.Contains(Stances, s.Stance) || s.Basis != "" && !slices.Contains(Bases, s.Basis) {
		return ErrWord
	}
	return nil
}

func (s Statement) checkEvidence(d Definition) error {
	whole := s.Evidence.Part == Fragment{}
	if s.Evidence.File == "" && !whole {
		return ErrEvidence
	}
	if d.Passage && (s.Evidence.File == "" || whole) {
		return ErrEvidence
	}
	if part, err := ParseFragment(s.Evidence.Part.String()); err != nil || part != s.Evidence.Part {
		return ErrEvidence
	}
	return nil
}

var numberForm = regexp.MustCompile(`^[0-9]{1,15}(-[0-9]{1,15})?$`)

func isNumber(text string) bool {
	_, _, ok := ParseNumber(text)
	return ok
}

// ParseNumber reads a Number: "35" gives 35, 35; "35-45" gives 35, 45.
func ParseNumber(text string) (low, high int64, ok bool) {
	if !numberForm.MatchString(text) {
		return 0, 0, false
	}
	first, second, isRange := strings.Cut(text, "-")
	low = digits(first)
	if !isRange {
		return low, low, true
	}
	high = digits(second)
	return low, high, high >= low
}

// digits reads at most 15 decimal digits, which an int64 always holds.
func digits(text string) (n int64) {
	for _, c := range text {
		n = n*10 + int64(c-'0')
	}
	return n
}

// isID says whether the text is a UUID (RFC 9562) in its one lower-case form.
func isID(id string) bool {
	if len(id) != 36 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}

// OnlyHers says that a property is of her own will: what somebody else says of it is what
// he says, and never stands for what she wants.
func OnlyHers(p Property) bool { return p == WishOwn || p == WishCondition }

// SpeaksAs says whether a speaker is the person of these records: one of them, or a source
// of which said, what was said of it, tells that it is that person.
func SpeaksAs(speaker string, said []Recorded, records []string) bool {
	return slices.Contains(records, speaker) || slices.ContainsFunc(said, func(s Recorded) bool {
		return s.Property == SourcePerson && !s.Withdrawn && s.Stance != Denies && slices.Contains(records, s.Object)
	})
}

// ErrNotHers refuses to write down as her own wish what somebody else said.
var ErrNotHers = problem.New(problem.Invalid, "statement.not_hers",
	"her own wish is only what she says herself, and this speaker is somebody else",
	"write it down as what relatives wish for her; if the speaker is she, say so on the page of the speaker first")
