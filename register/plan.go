package register

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"homeward/evidence"
	"homeward/internal/table"
	"homeward/names"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Plan is what an import would do: nothing is recorded before Run.
type Plan struct {
	Sheets   []string
	Encoding string
	Columns  []Column
	Mapping  Mapping
	// Rows are those with a person; People and Ties what they would make.
	Rows, People, Ties int
	// Held, Known, Twice and Unnamed count the rows with these problems.
	Held, Known, Twice, Unnamed int
	// Problems are the first of them, More how many there are beside.
	Problems []RowProblem
	More     int
	Previews []Preview
	// Earlier are imports of the very same file that were not undone.
	Earlier []Imported

	r    *Register
	list List
	hash string
	// actSize replaces the constant of that name in tests.
	actSize int
}

const (
	sampleRows  = 200 // looked at to guess what columns mean
	maxProblems = 500
	maxPreviews = 5
	titleRows   = 20 // rows that may stand above the header
)

// KeepList seals a list that somebody uploads and gives the id of its file.
func (r *Register) KeepList(ctx context.Context, by, name string, body io.Reader) (string, error) {
	if r.evidence == nil {
		return "", ErrNoFile
	}
	kept, err := r.evidence.Keep(ctx, evidence.Incoming{Name: name, Body: body})
	if err != nil {
		return "", err
	}
	_, err = r.ledger.Append(ctx, statement.Act{Kind: statement.ActFile, By: by, Statements: kept.Statements})
	return kept.File, err
}

// OpenList opens a list that was kept. It is decrypted into memory: a list is read
// from several places, and never onto the disk.
func (r *Register) OpenList(ctx context.Context, file string) (List, error) {
	if r.evidence == nil {
		return List{}, ErrNoFile
	}
	f, info, err := r.evidence.Open(ctx, file)
	if err != nil {
		return List{}, err
	}
	data, err := io.ReadAll(io.LimitReader(f, info.Size))
	if err = errors.Join(err, f.Close()); err != nil {
		return List{}, err
	}
	return List{Body: bytes.NewReader(data), Size: int64(len(data)), File: file}, nil
}

// Plan reads a list from beginning to end and says what an import would do. With a
// nil mapping it guesses what the columns mean, by their headers and by what
// stands in them.
func (r *Register) Plan(ctx context.Context, list List, m *Mapping) (*Plan, error) {
	p := &Plan{r: r, list: list}
	if err := p.hashList(); err != nil {
		return nil, err
	}
	book, err := table.Open(list.Body, list.Size, table.Limits{})
	if err != nil {
		return nil, err
	}
	defer book.Close() //nolint:errcheck // it gives back memory
	p.Sheets, p.Encoding = book.Sheets, book.Encoding
	if err := p.guess(ctx, book, m); err != nil {
		return nil, err
	}
	if p.Earlier, err = p.earlier(ctx); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(p.Mapping.Fields, namesSomebody) {
		return p, ErrMapping
	}
	err = p.drafts(ctx, book, func(d *draft) error { p.count(d); return nil })
	return p, err
}

// namesSomebody are the fields of which one at least names the person of a row.
func namesSomebody(f Field) bool {
	return slices.Contains([]Field{FieldName, FieldGivenName, FieldFamilyName, FieldMaidenName, FieldBirthName, FieldOtherName, FieldKunya}, f)
}

func (p *Plan) hashList() error {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(p.list.Body, 0, p.list.Size)); err != nil {
		return err
	}
	p.hash = hex.EncodeToString(h.Sum(nil))
	return nil
}

// guess finds the header and the meaning of the columns, as far as a given mapping
// does not say.
func (p *Plan) guess(ctx context.Context, book *table.Book, m *Mapping) error {
	if m != nil {
		p.Mapping = *m
	}
	rows, err := sample(ctx, book, p.Mapping.Sheet)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return table.ErrEmpty
	}
	if m == nil {
		p.Mapping.HeaderRow = headerRow(rows)
	}
	p.columns(rows)
	if m == nil {
		p.Mapping.Fields = guessFields(p.Columns)
		p.Mapping.Lang = guessLanguage(rows)
		p.Mapping.AsOf = titleDate(rows, p.Mapping.HeaderRow, p.r.host.Now())
	}
	for i := range p.Columns {
		if m != nil && i < len(m.Fields) {
			p.Columns[i].ByHeader, p.Columns[i].ByContent = false, false
		}
		if i < len(p.Mapping.Fields) {
			p.Columns[i].Field = p.Mapping.Fields[i]
		}
	}
	return nil
}

var errEnough = errors.New("register: enough rows")

func sample(ctx context.Context, book *table.Book, sheet int) ([]table.Row, error) {
	var rows []table.Row
	err := book.Rows(ctx, sheet, func(r table.Row) error {
		rows = append(rows, r)
		if len(rows) == sampleRows {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return rows, err
}

// headerRow gives the number of the row that names the columns: the one, near the
// top, in which most cells are headers that are known; two at least. 0 when there
// is none.
func headerRow(rows []table.Row) int {
	best, most := 0, 1
	for _, r := range rows[:min(len(rows), titleRows)] {
		known := 0
		for _, c := range r.Cells {
			if _, ok := fieldOf(c); ok && len(c) < 100 && !strings.ContainsFunc(c, unicode.IsDigit) {
				known++
			}
		}
		if known > most {
			best, most = r.Number, known
		}
	}
	if best == 0 && len(rows) > 1 && bareWords(rows[0]) && !bareWords(rows[1]) {
		return rows[0].Number
	}
	return best
}

// bareWords says whether a row looks like headers that nobody knows: words, no
// numbers.
func bareWords(r table.Row) bool {
	return !slices.ContainsFunc(r.Cells, func(c string) bool { return strings.ContainsFunc(c, unicode.IsDigit) })
}

// columns collects the headers and the first values.
func (p *Plan) columns(rows []table.Row) {
	for _, r := range rows {
		for i, c := range r.Cells {
			for i >= len(p.Columns) {
				p.Columns = append(p.Columns, Column{Number: len(p.Columns)})
			}
			switch {
			case r.Number == p.Mapping.HeaderRow:
				p.Columns[i].Header = c
			case r.Number > p.Mapping.HeaderRow && c != "" && len(p.Columns[i].Samples) < sampleRows:
				p.Columns[i].Samples = append(p.Columns[i].Samples, c)
			}
		}
	}
}

// repeatable are the fields that several columns may have.
var repeatable = []Field{FieldNote, FieldOtherName, FieldRelativePhone, FieldNarrative, FieldNationality, FieldLastNews, FieldHomeAddress, FieldIgnored}

func guessFields(columns []Column) []Field {
	fields := make([]Field, len(columns))
	taken := map[Field]bool{}
	for i := range columns {
		f, ok := fieldOf(columns[i].Header)
		if ok && (!taken[f] || slices.Contains(repeatable, f)) {
			fields[i], taken[f], columns[i].ByHeader = f, true, true
		}
	}
	if taken[FieldGivenName] && !taken[FieldFamilyName] && taken[FieldName] {
		// "Nom" and "Name" mean the family name where the given name has a column.
		for i, f := range fields {
			if f == FieldName {
				fields[i], taken[FieldFamilyName] = FieldFamilyName, true
				break
			}
		}
	}
	if taken[FieldFamilyName] && !taken[FieldGivenName] && !taken[FieldName] {
		for i, f := range fields {
			if f == FieldFamilyName {
				fields[i], taken[FieldName] = FieldName, true
				break
			}
		}
	}
	if taken[FieldGivenName] && !taken[FieldFamilyName] && !taken[FieldName] {
		// "Имя" alone is the whole name.
		fields[slices.Index(fields, FieldGivenName)], taken[FieldName] = FieldName, true
	}
	for i := range columns {
		if fields[i] != FieldIgnored || columns[i].ByHeader {
			continue
		}
		f := fieldByContent(columns[i].Samples)
		if f == FieldName && (taken[FieldName] || taken[FieldFamilyName]) {
			continue // a place has two words and a hyphen too, and the name has its column
		}
		if f != FieldIgnored && !taken[f] {
			fields[i], taken[f], columns[i].ByContent = f, true, true
		}
	}
	return fields
}

// fieldByContent guesses by the values: most of them must be of one sort.
func fieldByContent(samples []string) Field {
	if len(samples) == 0 {
		return FieldIgnored
	}
	count := map[Field]int{}
	for _, s := range samples {
		switch _, sex := lookup(sexWords, s); {
		case sex:
			count[FieldSex]++
		case isPhone(s):
			count[FieldRelativePhone]++
		case isAge(s):
			count[FieldAge]++
		case isBirth(s):
			count[FieldBirthDate]++
		case isFullName(s):
			count[FieldName]++
		}
	}
	for _, f := range []Field{FieldSex, FieldRelativePhone, FieldAge, FieldBirthDate, FieldName} {
		if count[f]*10 >= len(samples)*8 {
			return f
		}
	}
	return FieldIgnored
}

func isPhone(s string) bool {
	n := len(onlyDigits(s))
	return n >= 9 && n <= 15 && !strings.ContainsFunc(s, unicode.IsLetter)
}

func isAge(s string) bool {
	_, ok := readAge(s)
	return ok
}

func isBirth(s string) bool {
	d, ok := readDate(s, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
	y := yearsOf(statement.Recorded{Statement: statement.Statement{Property: statement.PersonBirthDate, Value: d.String()}})
	return ok && y.From > 1900 && y.To < 2100
}

func isFullName(s string) bool {
	n := len(names.Read(s).Parts)
	return n >= 2 && n <= 4 && !strings.ContainsFunc(s, unicode.IsDigit) && len(s) < 120
}

// guessLanguage tells Russian and Arabic by their letters. Latin letters are used
// by many.
func guessLanguage(rows []table.Row) string {
	count := map[names.ScriptName]int{}
	for _, r := range rows {
		for _, c := range r.Cells {
			count[names.Script(c)]++
		}
	}
	switch {
	case count[names.Cyrillic] > count[names.Arabic] && count[names.Cyrillic] > count[names.Latin]/2:
		return "ru"
	case count[names.Arabic] > count[names.Latin]/2:
		return "ar"
	}
	return ""
}

var dateInTitle = regexp.MustCompile(`\d{1,2}\.\d{1,2}\.20\d\d|20\d\d-\d\d(-\d\d)?|(\d{1,2} )?\p{L}+ 20\d\d`)

// titleDate finds the day of the list in what stands above its header: "Список,
// октябрь 2019".
func titleDate(rows []table.Row, header int, now time.Time) string {
	for _, r := range rows {
		if r.Number >= header {
			break
		}
		for _, c := range r.Cells {
			for _, text := range dateInTitle.FindAllString(c, 3) {
				if d, ok := readDate(text, now); ok {
					return d.String()
				}
			}
		}
	}
	return ""
}

// drafts reads the rows below the header.
func (p *Plan) drafts(ctx context.Context, book *table.Book, fn func(*draft) error) error {
	asOf, err := edtf.Parse(p.Mapping.AsOf)
	if p.Mapping.AsOf != "" && err != nil {
		return statement.ErrValue.With("property", "as_of")
	}
	// One look at the keyring does for the whole list.
	if ctx, err = p.r.vault.Look(ctx); err != nil {
		return err
	}
	rd := &reading{r: p.r, mapping: p.Mapping, asOf: asOf, now: p.r.host.Now(), prints: p.r.index.fingerprints(), seen: map[string]int{}}
	for _, c := range p.Columns {
		rd.headers = append(rd.headers, c.Header)
	}
	return book.Rows(ctx, p.Mapping.Sheet, func(row table.Row) error {
		if row.Number <= p.Mapping.HeaderRow {
			return nil
		}
		d, err := rd.draft(ctx, row)
		if err != nil {
			return err
		}
		return fn(d)
	})
}

func (p *Plan) count(d *draft) {
	for _, problem := range d.problems {
		if len(p.Problems) < maxProblems {
			p.Problems = append(p.Problems, problem)
		} else {
			p.More++
		}
	}
	if len(d.names) == 0 {
		p.Unnamed++
		return
	}
	p.Rows++
	p.Held += count(d.held)
	p.Known += count(len(d.copies) > 0)
	p.Twice += count(d.twice)
	for _, r := range d.records {
		p.People += count(r.kind == statement.Person)
	}
	for _, l := range d.lines {
		p.Ties += count(l.object >= 0)
	}
	if len(p.Previews) < maxPreviews {
		p.Previews = append(p.Previews, d.preview())
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (d *draft) preview() Preview {
	v := Preview{Row: d.row}
	for _, l := range d.lines {
		v.Lines = append(v.Lines, PreviewLine{About: l.subject, Kind: d.records[l.subject].kind, Property: l.said.Property, Value: l.said.Value, Object: l.object})
	}
	return v
}
