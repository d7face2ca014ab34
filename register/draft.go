package register

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"homeward/internal/table"
	"homeward/names"
	"homeward/statement"
	"homeward/statement/edtf"
)

// draft is what a row would be recorded as. Its records are numbered: 0 is the
// person of the row, the others are kin and the relative who speaks.
type draft struct {
	row      int
	records  []draftRecord
	lines    []line
	problems []RowProblem
	names    []string // of the person
	born     Years
	print    string   // what tells the very row again
	copies   []string // records that an earlier import made of the very row
	held     bool
	twice    bool
}

type draftRecord struct {
	kind statement.Kind
	// shared tells the same speaker again in other rows; "" for a record of its own.
	shared string
}

// line is a statement whose records are numbers of the draft; object is -1 where
// there is none.
type line struct {
	subject, object int
	said            statement.Statement
}

// reading turns rows into drafts.
type reading struct {
	r       *Register
	mapping Mapping
	headers []string
	asOf    edtf.Date
	now     time.Time
	prints  map[string][]string // of records from earlier imports
	seen    map[string]int      // of rows of this list
}

// cell is a cell with what its column means.
type cell struct {
	column int
	text   string
}

// draft reads a row. ok is false for a row that names nobody.
func (rd *reading) draft(ctx context.Context, row table.Row) (*draft, error) {
	d := &drafting{reading: rd, draft: draft{row: row.Number, records: []draftRecord{{kind: statement.Person}}}, cells: map[Field][]cell{}}
	if row.Repaired {
		d.problem(-1, RowCharacters, false)
	}
	for i, text := range row.Cells {
		if text == "" {
			continue
		}
		if i >= len(rd.mapping.Fields) {
			d.problem(i, RowMoreCells, false)
			continue
		}
		if f := rd.mapping.Fields[i]; f != FieldIgnored && !unsaid(text) {
			d.cells[f] = append(d.cells[f], cell{i, text})
		}
	}
	d.nameThem()
	if len(d.draft.names) == 0 {
		d.problem(-1, RowEmptyName, false)
		return &d.draft, nil
	}
	d.about()
	d.whereabouts()
	d.kin()
	d.relative()
	return &d.draft, d.compare(ctx)
}

// drafting is the reading of one row.
type drafting struct {
	*reading
	draft draft
	cells map[Field][]cell
}

func (d *drafting) problem(column int, code ProblemCode, kept bool) {
	p := RowProblem{Row: d.draft.row, Column: column, Code: code, Kept: kept}
	if column >= 0 && column < len(d.headers) {
		p.Header = d.headers[column]
	}
	d.draft.problems = append(d.draft.problems, p)
}

// say adds a statement about a record of the draft.
func (d *drafting) say(subject int, p statement.Property, value string) *statement.Statement {
	return d.point(subject, p, value, -1)
}

func (d *drafting) point(subject int, p statement.Property, value string, object int) *statement.Statement {
	d.draft.lines = append(d.draft.lines, line{subject, object, statement.Statement{Property: p, Value: value, Lang: languageOf(p, value, d.mapping.Lang)}})
	return &d.draft.lines[len(d.draft.lines)-1].said
}

// keep writes down a cell that could not be understood as a remark, with its
// column, so that what was said is not lost.
func (d *drafting) keep(c cell, code ProblemCode) {
	d.problem(c.column, code, true)
	text := c.text
	if c.column < len(d.headers) && d.headers[c.column] != "" {
		text = oneLine(d.headers[c.column]) + ": " + text
	}
	d.say(0, statement.RecordNote, cut(text, statement.MaxValue))
}

// each calls fn for every cell of a field.
func (d *drafting) each(f Field, fn func(c cell)) {
	for _, c := range d.cells[f] {
		fn(c)
	}
}

// short says a value of one line, or keeps it as a remark when it is too long.
func (d *drafting) short(f Field, p statement.Property) {
	d.each(f, func(c cell) {
		if len(c.text) > statement.MaxLine {
			d.keep(c, RowTooLong)
			return
		}
		d.say(0, p, oneLine(c.text))
	})
}

// nameThem says the names. A name that stands in several cells is also said whole,
// in the order of the columns.
func (d *drafting) nameThem() {
	d.short(FieldName, statement.PersonName)
	var parts []cell
	for _, f := range []Field{FieldFamilyName, FieldGivenName, FieldPatronymic} {
		parts = append(parts, d.cells[f]...)
	}
	slices.SortFunc(parts, func(a, b cell) int { return cmp.Compare(a.column, b.column) })
	var words []string
	for _, c := range parts {
		words = append(words, oneLine(c.text))
	}
	if whole := strings.Join(words, " "); len(words) > 1 && len(d.cells[FieldName]) == 0 && len(whole) <= statement.MaxLine {
		d.say(0, statement.PersonName, whole)
	}
	d.short(FieldFamilyName, statement.PersonFamilyName)
	d.short(FieldGivenName, statement.PersonGivenName)
	d.short(FieldPatronymic, statement.PersonPatronymic)
	d.short(FieldMaidenName, statement.PersonMaidenName)
	d.short(FieldBirthName, statement.PersonBirthName)
	d.short(FieldOtherName, statement.PersonName)
	d.short(FieldKunya, statement.PersonKunya)
	for _, l := range d.draft.lines {
		if namesOfPeople[l.said.Property] && len(names.Read(l.said.Value).Parts) > 0 {
			d.draft.names = append(d.draft.names, l.said.Value)
		}
	}
}

// about says what is known of the person herself.
func (d *drafting) about() {
	d.word(FieldSex, statement.PersonSex, sexWords, RowSex)
	d.word(FieldMarital, statement.PersonMarital, maritalWords, "")
	d.word(FieldNationality, statement.PersonNationality, countryWords, RowCountry)
	d.word(FieldWish, statement.WishRelatives, wishWords, RowWish)
	d.date(FieldBirthDate, statement.PersonBirthDate)
	d.date(FieldLeftHome, statement.PersonLeft)
	d.age()
	d.short(FieldBirthPlace, statement.PersonBirthPlace)
	d.short(FieldHomeRegion, statement.PersonHomeRegion)
	d.short(FieldForeignID, statement.RecordForeign)
	for field, property := range map[Field]statement.Property{
		FieldHomeAddress: statement.PersonHomeAddress, FieldHealth: statement.PersonHealth,
		FieldNarrative: statement.PersonNarrative, FieldNote: statement.RecordNote,
	} {
		d.each(field, func(c cell) { d.say(0, property, c.text) })
	}
}

// word says a code for a word that is known, and keeps the others as a remark.
func (d *drafting) word(f Field, p statement.Property, words map[string]string, code ProblemCode) {
	d.each(f, func(c cell) {
		if value, ok := lookup(words, c.text); ok {
			d.say(0, p, value).Lang = ""
			return
		}
		if code == "" {
			d.say(0, statement.RecordNote, oneLine(d.headers[c.column])+": "+c.text)
			return
		}
		d.keep(c, code)
	})
}

func (d *drafting) date(f Field, p statement.Property) {
	d.each(f, func(c cell) {
		date, ok := readDate(c.text, d.now)
		switch {
		case !ok && p == statement.PersonBirthDate:
			// A column of births often holds ages.
			if age, isAge := readAge(c.text); isAge {
				d.say(0, statement.PersonAge, age).TrueOn = d.asOf
				return
			}
			d.keep(c, RowDate)
		case !ok:
			d.keep(c, RowDate)
		case d.future(date):
			d.keep(c, RowDateFuture)
		default:
			d.say(0, p, date.String())
			if p == statement.PersonBirthDate {
				d.draft.born = d.draft.born.and(yearsOf(statement.Recorded{Statement: d.draft.lines[len(d.draft.lines)-1].said}))
			}
		}
	})
}

func (d *drafting) future(date edtf.Date) bool {
	return date.Ahead(d.now)
}

func (d *drafting) age() {
	d.each(FieldAge, func(c cell) {
		age, ok := readAge(c.text)
		if !ok {
			if date, isDate := readDate(c.text, d.now); isDate && !d.future(date) {
				d.say(0, statement.PersonBirthDate, date.String())
				return
			}
			d.keep(c, RowAge)
			return
		}
		said := d.say(0, statement.PersonAge, age)
		said.TrueOn = d.asOf
		d.draft.born = d.draft.born.and(yearsOf(statement.Recorded{Statement: *said, RecordedAt: d.now}))
	})
}

// seenOn is when she was at the place: by its own column, otherwise by the day of
// the last news, which is how the place is known.
func (d *drafting) seenOn() (when edtf.Date) {
	d.each(FieldSeenOn, func(c cell) {
		date, ok := readDate(c.text, d.now)
		switch {
		case !ok:
			d.keep(c, RowDate)
		case d.future(date):
			d.keep(c, RowDateFuture)
		default:
			when = date
		}
	})
	if !when.IsZero() {
		return when
	}
	d.each(FieldLastNewsOn, func(c cell) {
		if date, ok := readDate(c.text, d.now); ok && !d.future(date) {
			when = date
		}
	})
	return when
}

// whereabouts says where she was last known, and what the last news was.
func (d *drafting) whereabouts() {
	when := d.seenOn()
	d.each(FieldSeenPlace, func(c cell) {
		if len(c.text) > statement.MaxLine {
			d.keep(c, RowTooLong)
			return
		}
		said := d.say(0, statement.SeenAt, oneLine(c.text))
		said.TrueOn, said.Basis = when, statement.NameList
	})
	d.each(FieldLastNews, func(c cell) { d.say(0, statement.LastNews, c.text) })
	d.date(FieldLastNewsOn, statement.LastNewsOn)
}

// kin makes records of those who are named beside her, and the ties to them.
func (d *drafting) kin() {
	d.each(FieldMother, func(c cell) { d.tie(c, false, func(k int) { d.point(0, statement.KinMother, "", k) }) })
	d.each(FieldFather, func(c cell) { d.tie(c, false, func(k int) { d.point(0, statement.KinFather, "", k) }) })
	d.each(FieldSpouse, func(c cell) { d.tie(c, false, func(k int) { d.point(0, statement.KinSpouseOf, "", k) }) })
	d.each(FieldSiblings, func(c cell) { d.tie(c, true, func(k int) { d.point(0, statement.KinSiblingOf, "", k) }) })
	d.each(FieldChildren, func(c cell) { d.tie(c, true, func(k int) { d.point(k, d.parent(), "", 0) }) })
}

// parent is what she is to her children.
func (d *drafting) parent() statement.Property {
	for _, l := range d.draft.lines {
		if l.subject == 0 && l.said.Property == statement.PersonSex {
			switch l.said.Value {
			case "female":
				return statement.KinMother
			case "male":
				return statement.KinFather
			}
		}
	}
	return statement.KinChildOf
}

func (d *drafting) tie(c cell, many bool, edge func(kin int)) {
	people, ok := readKin(c.text, d.now, many)
	if !ok {
		d.say(0, statement.RecordNote, oneLine(d.headers[c.column])+": "+c.text)
		return
	}
	for _, p := range people {
		if len(p.name) > statement.MaxLine {
			d.keep(c, RowTooLong)
			continue
		}
		d.draft.records = append(d.draft.records, draftRecord{kind: statement.Person})
		k := len(d.draft.records) - 1
		d.say(k, statement.PersonName, oneLine(p.name))
		if p.birth != "" {
			d.say(k, statement.PersonBirthDate, p.birth)
		}
		if p.age != "" {
			d.say(k, statement.PersonAge, p.age).TrueOn = d.asOf
		}
		if p.rest != "" && strings.ContainsFunc(p.rest, unicode.IsLetter) {
			d.say(k, statement.RecordNote, p.rest)
		}
		edge(k)
	}
}

// relative makes a record of the relative who speaks. Everything the row says is
// then said by him or her; ways to reach people are said of that record alone.
func (d *drafting) relative() {
	var label string
	d.each(FieldRelative, func(c cell) { label = cmp.Or(label, cut(oneLine(c.text), statement.MaxLine)) })
	contacts := map[Field]statement.Property{
		FieldRelativePhone: statement.ContactPhone, FieldRelativeMail: statement.ContactEmail, FieldRelativeAddr: statement.ContactAddress,
	}
	has := label != ""
	for f := range contacts {
		has = has || len(d.cells[f]) > 0
	}
	if !has {
		return
	}
	phone, relation := "", ""
	d.each(FieldRelativePhone, func(c cell) { phone += onlyDigits(c.text) })
	d.each(FieldRelation, func(c cell) { relation = cut(oneLine(c.text), statement.MaxLine-20) })
	if label == "" {
		// Known by the row: her own name would outlive her in another's record.
		label = strings.TrimSpace(relation + " № " + strconv.Itoa(d.draft.row))
	}
	d.draft.records = append(d.draft.records, draftRecord{kind: statement.Source, shared: names.Fold(label) + "\x00" + phone})
	k := len(d.draft.records) - 1
	d.say(k, statement.SourceLabel, label)
	d.say(k, statement.SourceKind, "relative").Lang = ""
	d.point(k, statement.SourceRelation, relation, 0)
	for _, f := range []Field{FieldRelativePhone, FieldRelativeMail, FieldRelativeAddr} {
		d.each(f, func(c cell) {
			if contacts[f] == statement.ContactAddress {
				d.say(k, contacts[f], c.text).Lang = ""
			} else {
				d.say(k, contacts[f], cut(oneLine(c.text), statement.MaxLine)).Lang = ""
			}
		})
	}
}

// compare looks whether the very row was read before, and whether it speaks of
// somebody who was forgotten.
func (d *drafting) compare(ctx context.Context) error {
	var parts []string
	for _, l := range d.draft.lines {
		if l.subject == 0 && printed(l.said.Property) {
			parts = append(parts, string(l.said.Property)+"="+names.Fold(l.said.Value))
		}
	}
	d.draft.print = fingerprint(parts)
	d.draft.copies = d.prints[d.draft.print]
	if len(d.draft.copies) > 0 {
		d.problem(-1, RowKnown, false)
	}
	if _, twice := d.seen[d.draft.print]; twice {
		d.draft.twice = true
		d.problem(-1, RowTwice, false)
	}
	d.seen[d.draft.print] = d.draft.row
	for _, mark := range d.r.rowMarks(d.draft.names, d.draft.born) {
		held, err := d.r.vault.Suppressed(ctx, mark)
		if err != nil {
			return err
		}
		if held {
			d.draft.held = true
			d.problem(-1, RowForgotten, false)
			return nil
		}
	}
	return nil
}

// printed are the properties by which the very row is told again: those that the
// index keeps.
func printed(p statement.Property) bool {
	return namesOfPeople[p] || p == statement.PersonSex || p == statement.PersonBirthDate || p == statement.PersonAge ||
		p == statement.PersonBirthPlace || p == statement.PersonHomeRegion || p == statement.SeenAt
}

func fingerprint(parts []string) string {
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

// fingerprints gives what earlier imports said of their people, by the record.
func (x *index) fingerprints() map[string][]string {
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := map[string][]string{}
	for _, e := range x.records {
		if !e.live || e.kind != statement.Person {
			continue
		}
		var parts []string
		row := false
		for _, f := range e.facts {
			row = row || f.property == statement.ImportRow && !f.withdrawn
			if f.imported && !f.withdrawn && printed(f.property) {
				parts = append(parts, string(f.property)+"="+names.Fold(f.value))
			}
		}
		if row && len(parts) > 0 {
			p := fingerprint(parts)
			out[p] = append(out[p], e.id)
		}
	}
	return out
}

// languageOf gives the language of a value: the list's, with the script where it is
// not the usual one of that language.
func languageOf(p statement.Property, value, lang string) string {
	if lang == "" {
		return ""
	}
	switch statement.Vocabulary[p].Value {
	case statement.Text, statement.Line, statement.Name, statement.Place:
	default:
		return ""
	}
	switch s := names.Script(value); s {
	case usual[lang], names.None, names.Mixed, names.Other:
		return lang
	default:
		return lang + "-" + string(s)
	}
}

var usual = map[string]names.ScriptName{"ru": names.Cyrillic, "ar": names.Arabic, "en": names.Latin, "fr": names.Latin, "de": names.Latin}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, names.Numerals(text))
}

// cut shortens a text at a letter.
func cut(text string, most int) string {
	for len(text) > most {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}
