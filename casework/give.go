package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"homeward/statement"
	"homeward/statement/edtf"
)

// A consent is given: for one recipient and one use, by herself or by another for her,
// after the recipient's onward disclosure was read out in a language that she speaks, and
// for a year at most.

// Grant records a consent and gives its id.
func (c *Casework) Grant(ctx context.Context, by string, g NewGrant) (string, error) {
	if by == "" {
		return "", ErrNobody
	}
	if err := c.checkGrant(ctx, &g); err != nil {
		return "", err
	}
	d, err := c.open(statement.Grant)
	if err != nil {
		return "", err
	}
	d.saidBy = g.Source
	d.point(statement.GrantPerson, g.Person, "").point(statement.GrantRecipient, g.Recipient, "").
		say(statement.GrantPurpose, g.Purpose).say(statement.GrantGiver, string(g.Giver)).
		point(statement.GrantSource, g.Source, "").say(statement.GrantHow, g.How).
		say(statement.GrantLanguage, g.Language).say(statement.GrantOnward, g.Onward).
		say(statement.GrantGiven, g.Given.String()).say(statement.GrantExpires, g.Expires.String())
	if g.Interpreter != "" {
		d.say(statement.GrantSpokenBy, g.Interpreter)
	}
	for _, f := range g.Fields {
		d.say(statement.GrantField, string(f))
	}
	for _, f := range g.Files {
		d.point(statement.GrantFile, f, "")
	}
	for _, w := range g.Witnesses {
		d.say(statement.GrantWitness, w)
	}
	_, err = c.ledger.Append(ctx, statement.Act{Kind: statement.ActConsent, By: by, Note: g.Note, Statements: d.statements})
	return d.id, err
}

// checkGrant holds a consent to the rules and fills in who gave an own one.
func (c *Casework) checkGrant(ctx context.Context, g *NewGrant) error {
	if g.Recipient == "" || g.Person == "" {
		return ErrRecipient
	}
	if len(g.Fields)+len(g.Files) == 0 {
		return ErrFields
	}
	for _, f := range g.Fields {
		if !Grantable(f) {
			return ErrField.With("field", string(f))
		}
	}
	if err := c.checkDays(g); err != nil {
		return err
	}
	if err := c.checkGiver(ctx, g); err != nil {
		return err
	}
	texts, err := c.Onward(ctx, g.Recipient)
	if err != nil {
		return err
	}
	if err := understood(g, texts); err != nil {
		return err
	}
	return c.checkFiles(ctx, g)
}

// understood says that the text read out is the recipient's own, and that it was read
// in the language in which she was asked, or put into it by somebody who is named.
func understood(g *NewGrant, texts []OnwardText) error {
	texts = slices.DeleteFunc(texts, func(t OnwardText) bool { return t.Text != g.Onward })
	if len(texts) == 0 {
		return ErrOnward
	}
	if g.Interpreter = strings.TrimSpace(g.Interpreter); g.Interpreter != "" {
		return nil
	}
	if !slices.ContainsFunc(texts, func(t OnwardText) bool { return t.Lang == "" || sameLanguage(t.Lang, g.Language) }) {
		return ErrReadIn
	}
	return nil
}

// sameLanguage compares two tags without script and region.
func sameLanguage(a, b string) bool {
	x, errX := language.Parse(a)
	y, errY := language.Parse(b)
	one, _ := x.Base()
	two, _ := y.Base()
	return errX == nil && errY == nil && one == two
}

func (c *Casework) checkDays(g *NewGrant) error {
	if g.Given.IsZero() || g.Given.Ahead(c.host.Now()) {
		return ErrGiven
	}
	last, err := time.Parse(time.DateOnly, g.Expires.String())
	if err != nil || edtf.Day(last).Earliest() < g.Given.Earliest() {
		return ErrExpires
	}
	// Given may be as rough as a year: it is counted from the last day that it can mean.
	from := min(g.Given.Latest(), edtf.Day(c.host.Now().UTC()).Latest())
	if last.After(from.Time().AddDate(longest, 0, 0)) {
		return ErrLong
	}
	return nil
}

// longest is for how many years a consent holds at most (docs/decisions/0140).
const longest = 1

func (c *Casework) checkGiver(ctx context.Context, g *NewGrant) error {
	if g.Giver == Own && g.Source == "" {
		g.Source = g.Person
	}
	if g.Source == "" || g.Giver != Own && g.Giver != Proxy {
		return ErrGiver
	}
	records, err := c.One(ctx, g.Person)
	if err != nil {
		return err
	}
	if g.Giver == Own {
		in, err := c.speaksIn(ctx, records, g.Source)
		if err != nil {
			return err
		}
		if len(in) == 0 {
			return ErrNotHer
		}
		if !slices.Contains(in, g.Person) {
			g.Person = in[0]
		}
		return nil
	}
	if slices.ContainsFunc(g.Fields, ownRight) {
		return ErrOwnRight
	}
	if slices.Contains(records, g.Source) {
		return ErrGiver
	}
	return nil
}

// checkFiles refuses a file that is not the person's photograph, voice or paper.
func (c *Casework) checkFiles(ctx context.Context, g *NewGrant) error {
	if len(g.Files) == 0 {
		return nil
	}
	records, err := c.One(ctx, g.Person)
	if err != nil {
		return err
	}
	said, err := c.held(ctx, records)
	if err != nil {
		return err
	}
	for _, file := range g.Files {
		if !slices.ContainsFunc(said, func(r statement.Recorded) bool { return IsFile(r.Property) && r.Object == file }) {
			return ErrField.With("field", string(statement.GrantFile))
		}
	}
	return nil
}

// OnwardText is a recipient's onward disclosure in one language.
type OnwardText struct {
	Lang, Text string
}

// Onward are the recipient's onward disclosures as its record states them now:
// what is to be read out before anybody consents.
func (c *Casework) Onward(ctx context.Context, recipient string) ([]OnwardText, error) {
	said, err := c.about(ctx, recipient)
	if err != nil {
		return nil, err
	}
	var texts []OnwardText
	for _, r := range live(said[recipient], statement.RecipientOnward) {
		texts = append(texts, OnwardText{Lang: r.Lang, Text: r.Value})
	}
	return texts, nil
}
