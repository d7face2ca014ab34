package letters

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/casework"
	"homeward/names"
	"homeward/statement"
	"homeward/statement/edtf"
)

// content is a letter as it stands on paper. It is made from a Cleared by compose
// and by nothing else, kept sealed in the ledger, and read back for the page that
// is printed.
type content struct {
	Version int
	Cleared time.Time // when it was looked up what may go
	// Records are those of each person named, as they were one when it was cleared.
	// Counting are those of each who is only counted, Asked all that were asked about,
	// Files what consents let go with it: since version 2.
	Records    [][]string
	Counting   [][]string `json:",omitempty"`
	Asked      []string   `json:",omitempty"`
	Files      []string   `json:",omitempty"`
	Number     string
	Dated      string
	Letterhead Letterhead
	Applicant  []string // lines; instead of the office when somebody applies in his or her own right
	Addressee  []string
	Title      string
	Subject    string
	Opening    []string
	People     []part
	Counted    int
	Substance  []string
	Requests   []string
	Basis      []string
	Closing    []string
	Annexes    []string
}

// part is what is said of one person.
type part struct {
	Heading string
	Rows    []row
}

// row is one value with who said it.
type row struct{ Label, Value, Speaker string }

// composer turns what was cleared into a letter.
type composer struct {
	cleared casework.Cleared
	places  map[string][]statement.Recorded // names of places, by record
	draft   Draft
	to      Recipient
	office  Letterhead
}

// compose writes the letter.
func (l *Letters) compose(ctx context.Context, c casework.Cleared, d Draft, to Recipient, office Letterhead) (content, error) {
	places, err := l.places(ctx, c)
	if err != nil {
		return content{}, err
	}
	m := composer{cleared: c, places: places, draft: d, to: to, office: office}
	words := asks[c.Purpose()]
	out := content{
		Version: 2, Cleared: c.At().UTC().Truncate(time.Microsecond), Records: recordsOf(c), Counting: c.Counted(), Asked: c.Asked(), Files: filesOf(c),
		Dated: d.Dated.String(), Letterhead: office, Addressee: m.addressee(),
		Title: cmp.Or(to.Profile.Letter.Title, "Обращение"), Subject: words.subject,
		Opening: []string{words.opening}, Counted: c.Numbers().Counted, Substance: paragraphs(d.Substance),
		Requests: d.requests(c.Purpose()), Basis: to.Profile.Letter.Basis, Closing: to.Profile.Letter.Closing,
	}
	for _, p := range c.People() {
		if applicant := m.applicant(p); len(applicant) > 0 {
			out.Applicant = append(out.Applicant, applicant...)
			continue
		}
		out.People = append(out.People, m.person(p, len(out.People)+1))
	}
	out.Annexes = append(m.enclosed(), m.draft.Annexes...)
	return out, nil
}

// isPlace says that a value is a place, in words or as a record.
func isPlace(f casework.ClearedField) bool {
	return statement.Vocabulary[f.Property()].Value == statement.Place
}

// places finds the names of the places that are pointed at.
func (l *Letters) places(ctx context.Context, c casework.Cleared) (map[string][]statement.Recorded, error) {
	var ids []string
	for _, p := range c.People() {
		for _, f := range p.Fields() {
			if f.Object() != "" && isPlace(f) {
				ids = append(ids, f.Object())
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	said, err := l.ledger.About(ctx, ids...)
	if err != nil {
		return nil, err
	}
	found := map[string][]statement.Recorded{}
	for _, r := range said {
		if r.Property == statement.PlaceName && !r.Withdrawn {
			found[r.Subject] = append(found[r.Subject], r)
		}
	}
	return found, nil
}

// russianName is the last Russian one, or else the first of all: the letter is in Russian.
func russianName(names []statement.Recorded) string {
	name := ""
	for _, r := range names {
		if name == "" || strings.HasPrefix(r.Lang, "ru") {
			name = r.Value
		}
	}
	return name
}

// addressee is the recipient as the envelope names it, then its address.
func (m composer) addressee() []string {
	name := m.to.Profile.Addressee
	if name == "" {
		name = m.to.Name("ru")
	}
	return append(lines(name), lines(m.to.Address)...)
}

// applicant gives the lines of one who applies in his or her own right.
func (m composer) applicant(p casework.ClearedPerson) []string {
	var out []string
	for _, f := range p.Of(statement.ApplicantName, statement.ApplicantAddress) {
		out = append(out, lines(f.Value())...)
	}
	return out
}

// called are the properties that name a person in a heading, the best first.
var called = []statement.Property{
	statement.PersonName, statement.PersonBirthName, statement.PersonMarriedName, statement.PersonFamilyName,
	statement.PersonGivenName, statement.PersonNameAsHeard, statement.PersonKunya, statement.PersonNickname,
}

// heading is the first name in Cyrillic letters, or the first of all, or a number.
func heading(p casework.ClearedPerson) string {
	said := p.Of(called...)
	if len(said) == 0 {
		return ""
	}
	i := slices.IndexFunc(said, func(f casework.ClearedField) bool { return names.Script(f.Value()) == names.Cyrillic })
	return said[max(i, 0)].Value()
}

func (m composer) person(p casework.ClearedPerson, n int) part {
	out := part{Heading: fmt.Sprintf("%d. %s", n, cmp.Or(heading(p), "Лицо, имя которого не сообщается"))}
	for _, f := range p.Fields() {
		said := row{Label: m.label(f), Value: m.value(f), Speaker: m.source(f)}
		if said.Value != "" && !slices.Contains(out.Rows, said) { // written down twice, it is said once
			out.Rows = append(out.Rows, said)
		}
	}
	return out
}

func (m composer) label(f casework.ClearedField) string {
	return cmp.Or(labels[f.Property()], "Сведение")
}

// value is what was said, in the words of the letter; "" when it can only be said
// by naming somebody of whom nothing may be said here.
func (m composer) value(f casework.ClearedField) string {
	switch {
	case isPlace(f):
		// In letters that the reader knows: as it was said, or else as the place is called.
		if called := russianName(m.places[f.Object()]); called != "" && names.Script(f.Value()) != names.Cyrillic {
			return called
		}
		return f.Value()
	case f.Object() != "":
		other, ok := m.cleared.Person(f.Object())
		if !ok {
			return ""
		}
		return heading(other)
	}
	return spell(f.Property(), f.Value())
}

// source is who said it, when, and the time it speaks of.
func (m composer) source(f casework.ClearedField) string {
	out := speaker(f.Speaker())
	if said := dated(f.SaidOn()); said != "" {
		out += "; сообщено: " + said
	}
	if true := dated(f.TrueOn()); true != "" {
		out += "; на время: " + true
	}
	return out
}

func dated(text string) string {
	d, err := edtf.Parse(text)
	if err != nil {
		return ""
	}
	return russian.EDTF(d)
}

// enclosedMark begins the line of a file among the annexes.
const enclosedMark = "К сведениям о лице № "

// enclosed lists the files that consents name, which go with the letter.
func (m composer) enclosed() []string {
	var out []string
	n := 0
	for _, p := range m.cleared.People() {
		if len(m.applicant(p)) > 0 {
			continue
		}
		n++
		for _, f := range p.Files() {
			out = append(out, fmt.Sprintf("%s%d: %s.", enclosedMark, n, cmp.Or(files[f.Property()], "файл")))
		}
	}
	return out
}

func lines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// paragraphs are the paragraphs of a text that a person wrote.
func paragraphs(text string) []string { return lines(strings.ReplaceAll(text, "\r", "")) }
