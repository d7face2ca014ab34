package linkage

import (
	"slices"
	"strings"

	"homeward/internal/problem"
	"homeward/names"
)

// kind is how the values of a field are compared.
type kind uint8

const (
	kindWords kind = iota
	kindDate
	kindSex
	kindPhone
	kindEmail
	kindPostcode
	kindNumber
	kindCode // equal or not: a household
)

// field is one thing that is compared. Several columns may make one field, and one
// column several.
type field struct {
	role Role
	name string // as reasons call it
	kind kind
	// kin says that the members of a household share it.
	kin   bool
	words *dictionary
	codes *codebook
	// columns of the list it is read from.
	columns []int
	count   []uint32 // how often each value occurs, by its number
	filled  int
	usual   uint32 // of dates: a day and month that stand for "not known"
	years   []uint32
	days    []uint32 // of dates: by date.inYear
}

// maxFields bounds what is compared.
const maxFields = 24

// The faults of a list.
var (
	ErrTwice = problem.New(problem.Invalid, "linkage.id_twice",
		"two records have the same id", "give each record an id of its own, also across the two lists")
	ErrSources = problem.New(problem.Invalid, "linkage.sources",
		"the column of the source does not name two lists", "name the column that says which list a record stands in")
	ErrFields = problem.New(problem.TooLarge, "linkage.fields",
		"the list has more columns to compare than can be used", "leave some out with --map \"Column=ignored\"")
	ErrLists = problem.New(problem.Invalid, "linkage.lists",
		"one list is linked, or two", "put more lists together, or link them two by two")
	ErrNobody = problem.New(problem.Invalid, "linkage.empty",
		"the list has no records", "check that it is the right file and that its first row has the headers")
)

// Records is a list that has been read: each cell is interned, so that a record is
// a row of numbers.
type Records struct {
	schema  Schema
	fields  []field
	idAt    int
	sources *codebook
	source  []uint8 // of each record; empty for one list
	ids     []byte
	idEnd   []uint32
	values  []uint32 // len(fields) for each record
	scratch []uint32
	dates   order
	dateAt  [3]int // day, month, year in columns of their own; -1
	full    int    // column of the full name; -1
	people  *dictionary
	sealed  bool
	ready   bool
	waiting [][]string // rows seen before the order of dates is known
}

// NewRecords makes room for a list with these columns.
func NewRecords(s Schema) (*Records, error) {
	r := &Records{schema: s, idAt: -1, full: -1, dateAt: [3]int{-1, -1, -1}, people: newDictionary()}
	if err := r.layOut(); err != nil {
		return nil, err
	}
	r.scratch = make([]uint32, len(r.fields))
	return r, nil
}

// layOut makes the fields of a schema.
func (r *Records) layOut() error {
	at := map[Role][]int{}
	for i, c := range r.schema {
		at[c.Role] = append(at[c.Role], i)
	}
	r.idAt, r.full = first(at[ID]), first(at[FullName])
	for i, role := range []Role{BirthDay, BirthMonth, BirthYear} {
		r.dateAt[i] = first(at[role])
	}
	name := func(role Role, kin bool) {
		if len(at[role]) > 0 || r.full >= 0 && (role == Given || role == Family || role == Middle && len(at[Father]) == 0) {
			r.fields = append(r.fields, field{role: role, name: string(role), kind: kindWords, kin: kin, words: r.people, columns: at[role]})
		}
	}
	name(Given, false)
	name(Father, true)
	name(Middle, true) // whether siblings share it is learnt: often it is the father's name
	name(Family, true)
	if len(at[Birth]) > 0 || r.dateAt[2] >= 0 {
		r.fields = append(r.fields, field{role: Birth, name: string(Birth), kind: kindDate, columns: at[Birth]})
	}
	shared := map[Role]*dictionary{}
	for i, c := range r.schema {
		if f, ok := plainField(c); ok {
			f.columns = []int{i}
			if f.words != nil && shared[c.Role] != nil {
				f.words = shared[c.Role] // a place is one place, born there or seen there
			}
			shared[c.Role] = f.words
			r.fields = append(r.fields, f)
		}
	}
	if streets := at[Street]; len(streets) > 0 && len(at[Number]) == 0 {
		r.fields = append(r.fields, field{role: Number, name: string(Number), kind: kindNumber, kin: true, codes: newCodebook(), columns: streets[:1]})
	}
	switch {
	case len(r.fields) == 0:
		return ErrNoNames
	case len(r.fields) > maxFields:
		return ErrFields
	}
	if len(at[Source]) > 0 {
		r.sources = newCodebook()
	}
	return nil
}

func first(columns []int) int {
	if len(columns) == 0 {
		return -1
	}
	return columns[0]
}

// plainField makes the field of a column that stands for itself.
func plainField(c Column) (field, bool) {
	f := field{role: c.Role, name: strings.ToLower(strings.TrimSpace(c.Header)), kin: true}
	switch c.Role {
	case Place, Street:
		f.kind, f.words = kindWords, newDictionary()
	case Fact:
		f.kind, f.words = kindWords, newDictionary()
	case Sex:
		f.kind, f.kin = kindSex, false
	case Phone:
		f.kind, f.codes = kindPhone, newCodebook()
	case Email:
		f.kind, f.codes, f.kin = kindEmail, newCodebook(), false
	case Postcode:
		f.kind, f.codes = kindPostcode, newCodebook()
	case Number:
		f.kind, f.codes = kindNumber, newCodebook()
	case Household:
		f.kind, f.codes = kindCode, newCodebook()
	default:
		return f, false
	}
	return f, true
}

// datesFrom is how many rows are kept back until it is known how dates are written.
const datesFrom = 2000

// Add reads one row. The cells may be used again by the caller.
func (r *Records) Add(cells []string) error {
	if r.ready {
		return r.add(cells)
	}
	r.waiting = append(r.waiting, cloneCells(cells))
	if len(r.waiting) == datesFrom {
		return r.start()
	}
	return nil
}

func cloneCells(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.Clone(c)
	}
	return out
}

// start finds out how dates are written and reads the rows that waited for it.
func (r *Records) start() error {
	r.ready = true
	var sample []string
	for _, f := range r.fields {
		if f.kind == kindDate && len(f.columns) > 0 {
			for _, row := range r.waiting {
				sample = append(sample, cell(row, f.columns[0]))
			}
		}
	}
	r.dates = orderOf(sample)
	for _, row := range r.waiting {
		if err := r.add(row); err != nil {
			return err
		}
	}
	r.waiting = nil
	return nil
}

// maxSources bounds the lists a source column may name; linking takes two.
const maxSources = 2

func (r *Records) add(cells []string) error {
	if r.sources != nil {
		i := slices.IndexFunc(r.schema, func(c Column) bool { return c.Role == Source })
		s := r.sources.id(strings.TrimSpace(cell(cells, i)))
		if s == 0 || s > maxSources {
			return ErrSources
		}
		r.source = append(r.source, uint8(s))
	}
	if r.idAt >= 0 {
		r.ids = append(r.ids, cell(cells, r.idAt)...)
	} else {
		r.ids = appendInt(r.ids, len(r.idEnd)+1)
	}
	r.idEnd = append(r.idEnd, uint32(len(r.ids)))
	for i := range r.fields {
		r.scratch[i] = r.value(&r.fields[i], cells)
	}
	if r.full >= 0 {
		r.fillNames(cell(cells, r.full))
	}
	r.values = append(r.values, r.scratch...)
	return nil
}

func cell(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return cells[i]
}

// value reads what a record says of a field.
func (r *Records) value(f *field, cells []string) uint32 {
	text := ""
	if len(f.columns) > 0 {
		text = cell(cells, f.columns[0])
	}
	switch f.kind {
	case kindWords:
		for _, c := range f.columns[min(1, len(f.columns)):] {
			if more := cell(cells, c); more != "" {
				text = strings.TrimSpace(text + " " + more)
			}
		}
		if f.role == Street {
			text = withoutNumber(text)
		}
		return f.words.id(text)
	case kindDate:
		return r.dateOf(text, cells)
	case kindSex:
		return sexOf(text)
	}
	return f.codes.id(codeOf(f.kind, text))
}

func codeOf(k kind, text string) string {
	switch k {
	case kindPhone:
		return phoneOf(text)
	case kindEmail:
		return clip(emailOf(text))
	case kindPostcode:
		return postcodeOf(text)
	case kindNumber:
		return numberOf(text)
	}
	return clip(strings.TrimSpace(text))
}

// withoutNumber takes the number of the house off an address.
func withoutNumber(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { _, ok := digit(r); return ok || r == ' ' || r == ',' })
}

func (r *Records) dateOf(text string, cells []string) uint32 {
	if r.dateAt[2] < 0 {
		return uint32(readDate(text, r.dates))
	}
	var n [3]int
	for i, c := range r.dateAt {
		numbers, _ := numbersOf(cell(cells, c))
		if len(numbers) > 0 {
			n[i] = numbers[0]
		}
	}
	if n[2] == 0 && text != "" {
		return uint32(readDate(text, r.dates))
	}
	return uint32(makeDate(min(n[2], 9999), min(n[1], 99), min(n[0], 99)))
}

// fillNames takes a full name apart into what has no column of its own, or an empty
// one. A name that ends with a patronymic begins with the family's; otherwise the
// given name stands first and the family's last.
func (r *Records) fillNames(full string) {
	tokens := bound(full)
	if len(tokens) == 0 {
		return
	}
	given, middle, family := tokens[0], "", ""
	if n := len(tokens); n > 1 {
		family, middle = tokens[n-1], strings.Join(tokens[1:n-1], " ")
		if parts := names.Read(tokens[n-1]).Parts; n == 3 && len(parts) == 1 && parts[0].Patronymic {
			family, given, middle = tokens[0], tokens[1], tokens[2]
		}
	}
	known := map[string]bool{}
	for i, f := range r.fields {
		if (f.role == Given || f.role == Family) && len(f.columns) > 0 && r.scratch[i] != 0 {
			for _, p := range r.people.all[r.scratch[i]].parts {
				known[p] = true
			}
		}
	}
	if len(known) > 0 {
		middle = unknownOf(tokens, known)
	}
	for i, f := range r.fields {
		if r.scratch[i] != 0 {
			continue
		}
		switch {
		case f.role == Given && (len(f.columns) == 0 || len(known) == 0):
			r.scratch[i] = r.people.id(given)
		case f.role == Family && (len(f.columns) == 0 || len(known) == 0):
			r.scratch[i] = r.people.id(family)
		case f.role == Middle, f.role == Father:
			r.scratch[i] = r.people.id(middle)
		}
	}
}

// unknownOf are the parts of a full name that the columns of its parts do not have.
func unknownOf(tokens []string, known map[string]bool) string {
	var rest []string
	for _, t := range tokens {
		for _, p := range names.Read(t).Weighty() {
			if !known[p.Fold] {
				rest = append(rest, p.Fold)
			}
		}
	}
	return strings.Join(rest, " ")
}

// bound cuts a full name into its parts and leaves particles with what they stand
// before.
func bound(full string) []string {
	if len(full) > maxText {
		full = strings.ToValidUTF8(full[:maxText], "")
	}
	var out []string
	hold := ""
	for _, t := range strings.Fields(full) {
		parts := names.Read(t).Parts
		if len(parts) == 0 {
			continue
		}
		if len(parts) == 1 && (parts[0].Particle || parts[0].Sound == "abd") {
			hold += t + " "
			continue
		}
		out = append(out, hold+t)
		hold = ""
	}
	if hold != "" {
		out = append(out, strings.TrimSpace(hold))
	}
	return out
}

func appendInt(b []byte, n int) []byte {
	if n >= 10 {
		b = appendInt(b, n/10)
	}
	return append(b, byte('0'+n%10))
}

// Len is how many records there are.
func (r *Records) Len() int { return len(r.idEnd) }

// idOf gives a record's own id.
func (r *Records) idOf(i int) string {
	start := uint32(0)
	if i > 0 {
		start = r.idEnd[i-1]
	}
	return string(r.ids[start:r.idEnd[i]])
}
