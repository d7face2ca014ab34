package casework

import (
	"maps"
	"slices"
	"time"

	"homeward/statement"
)

// Cleared is what may leave the house: for one recipient and one purpose, of each
// person exactly the values that a live grant names. Only Casework.Clear makes
// one, and nothing can change it. The zero value holds nothing and is not Valid.
type Cleared struct {
	recipient string
	purpose   string
	at        time.Time
	by        string
	people    []ClearedPerson
	counted   [][]string
	releases  []string
	asked     []string
}

// ClearedPerson is one person's part of it.
type ClearedPerson struct {
	record   string
	records  []string
	own      bool
	fields   []ClearedField
	files    []ClearedFile
	grantIDs []string
}

// ClearedField is one value as one speaker gave it. Where the property points at
// another record (a mother, a place) Object is that record; its name may be shown
// only when it is a place, or when the person is in the same Cleared.
type ClearedField struct {
	statement string
	property  statement.Property
	value     string
	lang      string
	object    string
	subject   string
	saidOn    string
	trueOn    string
	grant     string
	speaker   Speaker
}

// ClearedFile is one file that a grant names: a photograph, a recording, a scan.
type ClearedFile struct {
	file     string
	property statement.Property
	grant    string
}

// Speaker is how whoever said a value is spoken of outside: by the public label if
// the office gave one, otherwise only by what sort of speaker it is. The office's
// own label for a speaker never leaves.
type Speaker struct {
	// Herself says that the person herself said it.
	Herself bool
	// Office says that the office itself asserts it.
	Office bool
	// Kind is the code of source.kind, "" when not known.
	Kind string
	// Public is source.public_label, "" when there is none.
	Public string
}

// Numbers is what may be told of those who may not be named.
type Numbers struct {
	// People are all: the named and the counted.
	People int
	// Named are those with at least one field.
	Named int
	// Counted are those for whom care is high: a number and nothing else.
	Counted int
}

// Valid says whether Clear made it and it lets something through.
func (c Cleared) Valid() bool { return c.recipient != "" && (len(c.people) > 0 || len(c.counted) > 0) }

// Recipient is the record to whom it may go, and to nobody else.
func (c Cleared) Recipient() string { return c.recipient }

// Purpose is the code of grant.purpose for which it may be used.
func (c Cleared) Purpose() string { return c.purpose }

// At is when it was cleared. What is sent later is to be asked about again with
// Casework.Standing.
func (c Cleared) At() time.Time { return c.at }

// By is the user who had it cleared.
func (c Cleared) By() string { return c.by }

// People are those of whom something may be said by name, in the order in which
// they were asked for.
func (c Cleared) People() []ClearedPerson { return slices.Clone(c.people) }

// Person finds the person by any of the records; false when nothing of that
// person may be said here.
func (c Cleared) Person(record string) (ClearedPerson, bool) {
	for _, p := range c.people {
		if slices.Contains(p.records, record) {
			return p, true
		}
	}
	return ClearedPerson{}, false
}

// Asked are all records that were asked about, also of those of whom nothing may
// be said: a free text beside the cleared values is held against them.
func (c Cleared) Asked() []string { return slices.Clone(c.asked) }

// Counted are the records of each person who is only counted. They say whom a number was
// made of, for the house to ask again, and are nothing that may go.
func (c Cleared) Counted() [][]string { return slices.Clone(c.counted) }

// Numbers are what may be said of all.
func (c Cleared) Numbers() Numbers {
	return Numbers{People: len(c.people) + len(c.counted), Named: len(c.people), Counted: len(c.counted)}
}

// Grants are the ids of the grants under which something passed, sorted.
func (c Cleared) Grants() []string {
	all := map[string]bool{}
	for _, p := range c.people {
		for _, id := range p.grantIDs {
			all[id] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// Releases are the two-person approvals by which values passed although care is
// high.
func (c Cleared) Releases() []string { return slices.Clone(c.releases) }

// Record is the person's record for which the caller asked first.
func (p ClearedPerson) Record() string { return p.record }

// Records are all records that are this person.
func (p ClearedPerson) Records() []string { return slices.Clone(p.records) }

// Own says that every value passed under a grant that the person gave herself.
func (p ClearedPerson) Own() bool { return p.own }

// Grants are the ids of the grants used for this person.
func (p ClearedPerson) Grants() []string { return slices.Clone(p.grantIDs) }

// Fields are the values, in the order of GrantableFields, then as recorded.
func (p ClearedPerson) Fields() []ClearedField { return slices.Clone(p.fields) }

// Of are the values of the given properties, in the order of the properties.
func (p ClearedPerson) Of(properties ...statement.Property) []ClearedField {
	var found []ClearedField
	for _, want := range properties {
		for _, f := range p.fields {
			if f.Property() == want {
				found = append(found, f)
			}
		}
	}
	return found
}

// Files are the files that may go with it.
func (p ClearedPerson) Files() []ClearedFile { return slices.Clone(p.files) }

// Property says what is said.
func (f ClearedField) Property() statement.Property { return f.property }

// Value is what was said, as given.
func (f ClearedField) Value() string { return f.value }

// Lang is the language of the value, "" when not known.
func (f ClearedField) Lang() string { return f.lang }

// Object is the other record, "" when there is none.
func (f ClearedField) Object() string { return f.object }

// Subject is the record it is said of: the person, or a paper of hers.
func (f ClearedField) Subject() string { return f.subject }

// Statement is the id of the statement in the ledger.
func (f ClearedField) Statement() string { return f.statement }

// Grant is the grant under which it passes.
func (f ClearedField) Grant() string { return f.grant }

// Speaker is who said it, as it may be said outside. Of somebody reported dead a
// letter says so only as said by the speaker.
func (f ClearedField) Speaker() Speaker { return f.speaker }

// SaidOn is when it was said, as EDTF, "" when not said.
func (f ClearedField) SaidOn() string { return f.saidOn }

// TrueOn is the time it speaks of, as EDTF.
func (f ClearedField) TrueOn() string { return f.trueOn }

// File is the file's record.
func (f ClearedFile) File() string { return f.file }

// Property says what the file is: person.photo, person.voice, document.file.
func (f ClearedFile) Property() statement.Property { return f.property }

// Grant is the grant that names it.
func (f ClearedFile) Grant() string { return f.grant }
