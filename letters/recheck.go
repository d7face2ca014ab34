package letters

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/statement"
)

// Between the day on which a letter is made and the day on which it goes the world moves:
// a consent is taken back or ends, somebody rates the recipient anew, the speaker takes
// back what she said, a telephone in the text turns out to be a neighbour's, the gate
// itself is made stricter. So before a letter goes, and before its paper is given out,
// everything is asked again: what would be cleared now is looked up, and each row of the
// paper must be among it, with the same words and the same speaker. What may go besides
// is no reason to stop. The free text is held against the register as it is today.
//
// A letter is never mended: it is voided, and another is made.

// recheck says what of an unsent letter may not go any more.
func (l *Letters) recheck(ctx context.Context, said []statement.Recorded) error {
	var c content
	if json.Unmarshal([]byte(value(said, statement.LetterText)), &c) != nil {
		return ErrForgotten
	}
	if err := l.casework.Together(ctx, c.Records...); err != nil {
		return err
	}
	now, refused, err := l.clearAgain(ctx, said, c)
	if err != nil {
		return err
	}
	places, err := l.places(ctx, now)
	if err != nil {
		return err
	}
	held := rechecked{composer: composer{cleared: now, places: places}, refused: refused}
	if err := held.covers(c, objects(said, statement.LetterPerson)); err != nil {
		return err
	}
	if err := l.passesNow(ctx, c, held.fields); err != nil {
		return err
	}
	err = l.casework.Standing(ctx, clearedAt(said, c), objects(said, statement.LetterGrant)...)
	if errors.Is(err, casework.ErrGrantGone) {
		return ErrOvertaken.With("why", string(casework.GrantWithdrawn)).Wrap(err)
	}
	return err
}

// clearedAt is when it was looked up what may stand in the letter.
func clearedAt(said []statement.Recorded, c content) time.Time {
	if c.Cleared.IsZero() {
		return recorded(said, statement.LetterNumber)
	}
	return c.Cleared
}

// clearAgain looks up what may go now of those whom the letter names or counts.
func (l *Letters) clearAgain(ctx context.Context, said []statement.Recorded, c content) (casework.Cleared, []casework.Refusal, error) {
	i := slices.IndexFunc(said, func(r statement.Recorded) bool { return r.Property == statement.LetterNumber })
	to := objects(said, statement.LetterRecipient)
	if i < 0 || len(to) == 0 {
		return casework.Cleared{}, nil, ErrNotFound
	}
	request := casework.Request{Recipient: to[0], Purpose: value(said, statement.LetterPurpose)}
	for _, records := range slices.Concat(c.Records, c.Counting) {
		request.Persons = append(request.Persons, casework.Asked{Records: records})
	}
	now, refused, err := l.casework.Clear(ctx, said[i].RecordedBy, request)
	if errors.Is(err, casework.ErrAsked) { // two of them were judged to be one since
		err = ErrOvertaken.Wrap(err)
	}
	return now, refused, err
}

// rechecked holds a letter against what may go now.
type rechecked struct {
	composer
	refused []casework.Refusal
	fields  []casework.ClearedField // those that stand on the paper
}

// covers says of the first thing on the paper that may not go any more which it is.
// people are those of its parts, in their order.
func (h *rechecked) covers(c content, people []string) error {
	if len(people) != len(c.People) {
		return ErrOvertaken
	}
	for i, part := range c.People {
		if err := h.part(part, people[i]); err != nil {
			return err
		}
	}
	if err := h.applicants(c); err != nil {
		return err
	}
	for _, one := range c.Counting {
		if _, named := h.cleared.Person(one[0]); !named && !slices.ContainsFunc(h.cleared.Counted(), func(now []string) bool { return slices.Contains(now, one[0]) }) {
			return h.overtaken(one[0], "")
		}
	}
	return h.filesGo(c)
}

// part holds what the paper says of one person against what may be said now.
func (h *rechecked) part(on part, person string) error {
	p, ok := h.cleared.Person(person)
	if !ok {
		return h.overtaken(person, "")
	}
	for _, row := range on.Rows {
		i := slices.IndexFunc(p.Fields(), func(f casework.ClearedField) bool { return h.says(row, f) })
		if i < 0 {
			return h.overtaken(person, row.Label)
		}
		h.fields = append(h.fields, p.Fields()[i])
	}
	return nil
}

// says that a row of the paper is a value as it may go now. A place and a person may bear
// any of the names that are theirs: another may have become the best since.
func (h *rechecked) says(on row, f casework.ClearedField) bool {
	if on.Label != h.label(f) || on.Speaker != h.source(f) {
		return false
	}
	switch {
	case isPlace(f) && f.Value() == "":
		return slices.ContainsFunc(h.places[f.Object()], func(r statement.Recorded) bool { return r.Value == on.Value })
	case !isPlace(f) && f.Object() != "":
		other, _ := h.cleared.Person(f.Object())
		return slices.ContainsFunc(other.Of(called...), func(n casework.ClearedField) bool { return n.Value() == on.Value })
	}
	return on.Value == h.value(f)
}

// applicants holds the lines of those who apply in their own right.
func (h *rechecked) applicants(c content) error {
	var may []string
	for _, p := range h.cleared.People() {
		may = append(may, h.applicant(p)...)
		h.fields = append(h.fields, p.Of(statement.ApplicantName, statement.ApplicantAddress)...)
	}
	for _, line := range c.Applicant {
		if !slices.Contains(may, line) {
			return h.overtaken("", labels[statement.ApplicantName])
		}
	}
	return nil
}

// filesGo holds the files that go with the letter. A letter of the first version does not
// say which they are, only how many of which kind of whom.
func (h *rechecked) filesGo(c content) error {
	may := filesOf(h.cleared)
	if slices.ContainsFunc(c.Files, func(file string) bool { return !slices.Contains(may, file) }) {
		return h.overtaken("", "")
	}
	enclosed := h.enclosed()
	for _, annex := range c.Annexes {
		if !strings.HasPrefix(annex, enclosedMark) || c.Version > 1 {
			continue
		}
		i := slices.Index(enclosed, annex)
		if i < 0 {
			return h.overtaken("", "")
		}
		enclosed = slices.Delete(enclosed, i, i+1)
	}
	return nil
}

// overtaken names what may not go any more, and why where that is known.
func (h *rechecked) overtaken(person, label string) error {
	err := ErrOvertaken
	for p, l := range labels {
		if l == label {
			err = err.With("field", string(p))
		}
	}
	for _, no := range h.refused {
		if no.Person == person && (no.Property == "" || label != "" && labels[no.Property] == label) {
			return err.With("why", string(no.Reason))
		}
	}
	return err
}

// passesNow holds the words of the letter, and the values that stand on it, against the
// register as it is today.
func (l *Letters) passesNow(ctx context.Context, c content, fields []casework.ClearedField) error {
	asked := c.Asked
	if len(asked) == 0 {
		asked = slices.Concat(c.Records...)
	}
	g, err := l.gate(ctx, asked, statementsOf(fields), c.Letterhead.Contact, c.Letterhead.Address)
	if err != nil {
		return err
	}
	if err := g.checkCleared(fields); err != nil {
		known := ErrKnownNow
		if told, ok := problem.As(err); ok && told.Args["field"] != nil {
			known = known.With("field", told.Args["field"])
		}
		return known.Wrap(err)
	}
	if err := g.check(append([]string{strings.Join(c.Substance, "\n")}, c.Annexes...)...); err != nil {
		return ErrKnownNow.Wrap(err)
	}
	return nil
}
