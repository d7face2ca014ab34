package letters

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/casework"
	"homeward/evidence"
	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/internal/problem"
	"homeward/letters/letterssql"
	"homeward/statement"
)

// Draft is what a caseworker adds to what was cleared. Its texts are held against
// the register before they stand in a letter.
type Draft struct {
	// Dated is the letter's date, today when it is 0.
	Dated Day
	// Asks are the places, from 0, of those of Requests(purpose) that are asked;
	// none means all.
	Asks []int
	// Substance is what happened, in the caseworker's words; may be empty.
	Substance string
	// Annexes are what goes with the letter besides the files that consents name:
	// copies of earlier decisions, a power of attorney.
	Annexes []string
}

// Limits of what a caseworker adds.
const (
	maxSubstance = 8000
	maxAnnexes   = 40
	maxAnnex     = 300
)

// clearedFor is how long a look at what may go is good for.
const clearedFor = time.Hour

func (d Draft) requests(purpose string) []string {
	all := Requests(purpose)
	if len(d.Asks) == 0 {
		return all
	}
	var chosen []string
	for i, r := range all {
		if slices.Contains(d.Asks, i) {
			chosen = append(chosen, r)
		}
	}
	return chosen
}

// Make writes a letter from what was cleared, gives it the next number, keeps it
// sealed and proposes it to a second person. It gives the letter's id.
func (l *Letters) Make(ctx context.Context, by string, c casework.Cleared, d Draft) (string, error) {
	to, office, err := l.mayMake(ctx, by, c, &d)
	if err != nil {
		return "", err
	}
	out, err := l.compose(ctx, c, d, to, office)
	if err != nil {
		return "", err
	}
	l.numbering.Lock()
	id, err := l.number(ctx, by, c, d, out)
	l.numbering.Unlock()
	if err != nil {
		return "", err
	}
	return id, l.Propose(ctx, by, id)
}

// Preview gives the letter as Make would write it, without a number and without
// keeping it.
func (l *Letters) Preview(ctx context.Context, by string, c casework.Cleared, d Draft) (Paper, error) {
	to, office, err := l.mayMake(ctx, by, c, &d)
	if err != nil {
		return Paper{}, err
	}
	out, err := l.compose(ctx, c, d, to, office)
	return Paper(out), err
}

// mayMake checks everything that must be so before a letter is written.
func (l *Letters) mayMake(ctx context.Context, by string, c casework.Cleared, d *Draft) (Recipient, Letterhead, error) {
	if by == "" {
		return Recipient{}, Letterhead{}, ErrNobody
	}
	switch {
	case !c.Valid():
		return Recipient{}, Letterhead{}, ErrNothing
	case l.host.Now().Sub(c.At()) > clearedFor:
		return Recipient{}, Letterhead{}, ErrLongAgo
	case len(asks[c.Purpose()].asks) == 0:
		return Recipient{}, Letterhead{}, ErrPurpose
	}
	to, err := l.Recipient(ctx, c.Recipient())
	if err != nil {
		return Recipient{}, Letterhead{}, err
	}
	if err := l.casework.Together(ctx, recordsOf(c)...); err != nil {
		return Recipient{}, Letterhead{}, err
	}
	if err := l.casework.Standing(ctx, c.At(), c.Grants()...); err != nil {
		return Recipient{}, Letterhead{}, err
	}
	office, err := l.Letterhead(ctx)
	if err != nil {
		return Recipient{}, Letterhead{}, err
	}
	if !office.complete() {
		return Recipient{}, Letterhead{}, ErrOffice
	}
	return to, office, l.checkDraft(ctx, c, d, office)
}

// checkDraft holds the free text to its limits, and it and what was cleared against the
// register.
func (l *Letters) checkDraft(ctx context.Context, c casework.Cleared, d *Draft, office Letterhead) error {
	if !d.Dated.Has() {
		d.Dated = l.Today()
	}
	if d.Dated > l.Today() {
		return ErrFuture
	}
	if err := d.tidy(); err != nil {
		return err
	}
	g, err := l.gate(ctx, c.Asked(), statementsOf(fieldsOf(c)), office.Contact, office.Address)
	if err != nil {
		return err
	}
	if err := g.checkCleared(fieldsOf(c)); err != nil {
		return err
	}
	if err := g.check(d.Substance); err != nil {
		return err
	}
	return inAnnexes(g.check(d.Annexes...))
}

// tidy leaves out what is blank and holds the texts to their limits.
func (d *Draft) tidy() error {
	d.Substance = strings.TrimSpace(d.Substance)
	if len(d.Substance) > maxSubstance {
		return ErrTooLong
	}
	var annexes []string
	for _, a := range d.Annexes {
		if a = strings.Join(strings.Fields(a), " "); a != "" {
			annexes = append(annexes, a)
		}
	}
	d.Annexes = annexes
	if len(annexes) > maxAnnexes || slices.ContainsFunc(annexes, func(a string) bool { return len(a) > maxAnnex }) {
		return inAnnexes(ErrTooLong)
	}
	return nil
}

// InAnnexes is the argument "in" of a problem that is about the annexes and not about the
// substance.
const InAnnexes = "annexes"

func inAnnexes(err error) error {
	if told, ok := problem.As(err); ok {
		return told.With("in", InAnnexes)
	}
	return err
}

// errTaken says that another process took the number first.
var errTaken = errors.New("letters: the number was taken")

// number gives the letter the next number of its year and records it. When another
// process was first, the letter is written again with the number after.
func (l *Letters) number(ctx context.Context, by string, c casework.Cleared, d Draft, out content) (string, error) {
	year := int64(d.Dated.Time().Year())
	for {
		last, err := l.lastNumber(ctx, year)
		if err != nil {
			return "", err
		}
		out.Number = fmt.Sprintf("H-%d/%04d", year, last+1)
		id, err := l.record(ctx, by, c, out, func(ctx context.Context, tx *db.Tx) error { return l.take(ctx, tx, year, last) })
		if !errors.Is(err, errTaken) {
			return id, err
		}
	}
}

func (l *Letters) lastNumber(ctx context.Context, year int64) (last int64, err error) {
	err = l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		last, err = letterssql.New(tx).LastNumber(ctx, letterssql.LastNumberParams{OfficeID: l.office, Year: year})
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return last, err
}

// take takes the number after last, in the transaction that records the letter.
func (l *Letters) take(ctx context.Context, tx *db.Tx, year, last int64) error {
	q := letterssql.New(tx)
	var n int64
	err := l.guard.Change(ctx, tx, "letters_number", guard.Row(year), func() (err error) {
		if err := q.BeginYear(ctx, letterssql.BeginYearParams{OfficeID: l.office, Year: year}); err != nil {
			return err
		}
		n, err = q.TakeNumber(ctx, letterssql.TakeNumberParams{OfficeID: l.office, Year: year, Last: last})
		return err
	})
	if err == nil && n != 1 {
		return errTaken
	}
	return err
}

// record keeps the PDF and appends the letter with it. The words and the PDF are
// sealed with the file's key, and the file belongs to the person when the letter is
// about one alone: who is forgotten takes them along.
func (l *Letters) record(ctx context.Context, by string, c casework.Cleared, out content, take func(context.Context, *db.Tx) error) (string, error) {
	id, err := l.host.NewID()
	if err != nil {
		return "", err
	}
	words, err := json.Marshal(out)
	if err != nil {
		return "", err
	}
	if len(words) > statement.MaxValue {
		return "", ErrTooLong
	}
	owner := id
	people := about(c)
	if len(people) == 1 {
		owner = people[0]
	}
	kept, err := l.evidence.Keep(ctx, evidence.Incoming{
		Name: strings.ReplaceAll(out.Number, "/", "-") + ".pdf", ClaimedType: "application/pdf", Of: owner, Body: bytes.NewReader(render(out, "")),
	})
	if err != nil {
		return "", err
	}
	said := letterStatements(id, kept, c, out, string(words), people)
	_, err = l.ledger.AppendWith(ctx, statement.Act{Kind: statement.ActLetter, By: by, Statements: said},
		func(ctx context.Context, tx *db.Tx, _ []statement.Recorded) error { return take(ctx, tx) })
	return id, err
}

// recordsOf are the records of each person who is named.
func recordsOf(c casework.Cleared) [][]string {
	var all [][]string
	for _, p := range c.People() {
		all = append(all, p.Records())
	}
	return all
}

// fieldsOf are all values that were cleared.
func fieldsOf(c casework.Cleared) []casework.ClearedField {
	var all []casework.ClearedField
	for _, p := range c.People() {
		all = append(all, p.Fields()...)
	}
	return all
}

// filesOf are all files that may go with a letter.
func filesOf(c casework.Cleared) []string {
	var all []string
	for _, p := range c.People() {
		for _, f := range p.Files() {
			all = append(all, f.File())
		}
	}
	return all
}

// about are the people a letter speaks of: not the applicant, who writes it.
func about(c casework.Cleared) []string {
	var ids []string
	for _, p := range c.People() {
		if len(p.Of(statement.ApplicantName, statement.ApplicantAddress)) == 0 {
			ids = append(ids, p.Record())
		}
	}
	return ids
}

func letterStatements(id string, kept evidence.Kept, c casework.Cleared, out content, words string, people []string) []statement.Statement {
	say := func(p statement.Property, value, object string) statement.Statement {
		return statement.Statement{Subject: id, Property: p, Value: value, Object: object}
	}
	all := []statement.Statement{say(statement.RecordKind, string(statement.Letter), "")}
	all = append(all, kept.Statements...)
	all = append(all,
		say(statement.LetterNumber, out.Number, ""), say(statement.LetterRecipient, "", c.Recipient()),
		say(statement.LetterPurpose, c.Purpose(), ""), say(statement.LetterDated, out.Dated, ""),
		say(statement.LetterDocument, "", kept.File))
	for _, p := range people {
		all = append(all, say(statement.LetterPerson, "", p))
	}
	for _, g := range c.Grants() {
		all = append(all, say(statement.LetterGrant, "", g))
	}
	text := say(statement.LetterText, words, "")
	text.Lang, text.Key = "ru", kept.File
	return append(all, text)
}

// Propose asks a second person to approve the letter; Make does so already.
func (l *Letters) Propose(ctx context.Context, by, letter string) error {
	said, err := l.said(ctx, letter)
	if err != nil {
		return err
	}
	if value(said, statement.LetterText) == "" {
		return ErrForgotten
	}
	of := []string{letter}
	for _, r := range said {
		if r.Property == statement.LetterGrant && !r.Withdrawn {
			of = append(of, r.Object)
		}
	}
	_, err = l.casework.Propose(ctx, by, casework.DeedLetter, of, value(said, statement.LetterNumber))
	return err
}

// said is everything said of a letter, ErrNotFound when there is none.
func (l *Letters) said(ctx context.Context, letter string) ([]statement.Recorded, error) {
	said, err := l.ledger.About(ctx, letter)
	if err != nil {
		return nil, err
	}
	if value(said, statement.RecordKind) != string(statement.Letter) {
		return nil, ErrNotFound
	}
	return said, nil
}

// value is the last live value of a property.
func value(said []statement.Recorded, p statement.Property) string {
	out := ""
	for _, r := range said {
		if r.Property == p && !r.Withdrawn {
			out = r.Value
		}
	}
	return out
}
