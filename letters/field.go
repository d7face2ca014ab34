package letters

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"homeward/casework"
	"homeward/statement"
)

// What was cleared is held against the gate too, before it stands in a letter. The
// speaker said it in her own words, and a clerk wrote it down as it was said: "pregnant;
// her mother can be reached at …". The consent names the field; it cannot give away who
// else is in it. Such a letter is refused with the name of the field, whose words stay in
// the register; they can be written down again without the contact.
//
// Somebody else's name stops a free value, and so does a way to reach anybody, and what
// stands in the register at some length under another entry that was not released. A
// single word of another entry does not: "Рож" in a narrative is no secret of the camp's.

// worded says that a value is in somebody's words.
func worded(v statement.ValueKind) bool {
	return v == statement.Text || v == statement.Line || v == statement.Place
}

// checkCleared says of the first value that may not stand in a letter which it is.
func (g *gate) checkCleared(fields []casework.ClearedField) error {
	var numbers []string // of papers, which are no telephones
	for _, f := range fields {
		if f.Property() == statement.DocumentNumber {
			numbers = append(numbers, f.Value())
		}
	}
	for _, f := range fields {
		if g.leaks(f.Property(), f.Value(), numbers) {
			return ErrField.With("field", string(f.Property()))
		}
	}
	return nil
}

// leaks says whether a value that was cleared holds a contact or somebody else's name.
func (g *gate) leaks(p statement.Property, value string, numbers []string) bool {
	kind := statement.Vocabulary[p].Value
	reaching := reaches(withoutIndex(value), numbers)
	switch {
	case value == "" || !worded(kind) && kind != statement.Name:
		return false
	case kind == statement.Name:
		return reaching
	case p == statement.DocumentNumber:
		return g.known.in(value) || g.leadsTo(value) || g.kept.in(value, &g.cleared) || handle.MatchString(value)
	case p == statement.ApplicantAddress: // it is how the applicant himself is reached, and he gave it
		return reaching || g.kept.in(value, &g.cleared)
	case reaching || g.known.in(value) || g.leadsTo(value) || g.quotesMarked(value):
		return true
	case kind == statement.Place && placeName(value):
		return false
	}
	folded := " " + plain(value) + " "
	return g.kept.in(value, &g.cleared) ||
		slices.ContainsFunc(g.long, func(p string) bool { return strings.Contains(folded, " "+p+" ") })
}

// placeName says that a wording is the name of a place and no more: one word or two,
// each with a capital where its script has them.
func placeName(value string) bool {
	words := strings.Fields(value)
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) {
			return false
		}
	}
	return len(words) <= 2
}

// index is the six digits that a postal address begins or ends with, or a line of it.
var index = regexp.MustCompile(`(?m)(^|,)\s*[0-9]{6}\s*(,|$)`)

// withoutIndex is an address without them: they and the house's number are no telephone.
func withoutIndex(value string) string { return index.ReplaceAllString(value, "$1 № $2") }
