package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"homeward/casework/caseworksql"
	"homeward/internal/db"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Giver says who gave a grant.
type Giver string

// The givers.
const (
	Own   Giver = "own"   // the person herself
	Proxy Giver = "proxy" // another for her: never read as hers where care is high
)

// NewGrant is a consent as it was given.
type NewGrant struct {
	// Person is whose data it is: a record of the person, or the source record of a
	// relative who applies in his or her own right. Her own consent is written down
	// for the record in which she speaks.
	Person string
	// Recipient is the one to whom it may go, Purpose the one use.
	Recipient string
	Purpose   string
	// Fields are the properties that may go (Grantable), Files the very files.
	Fields []statement.Property
	Files  []string
	Giver  Giver
	// Source is who gave it. For an own grant it may be left empty.
	Source string
	// How is a code of grant.how, Language the language in which it was asked and
	// answered, Witnesses who was present.
	How       string
	Language  string
	Witnesses []string
	// Interpreter is who put the onward disclosure into that language, where it was
	// read in another; needed then.
	Interpreter string
	// Onward is the recipient's onward disclosure, word for word as it was read
	// out; it must be one of those the recipient's record states now (Onward).
	Onward string
	// Given is when. Expires is the last day on which it holds, a calendar day.
	Given   edtf.Date
	Expires edtf.Date
	Note    string
}

// Grant is a consent as it stands.
type Grant struct {
	ID string
	NewGrant
	// Withdrawn says that it was taken back, WithdrawnOn on which day.
	Withdrawn   bool
	WithdrawnOn edtf.Date
	// Undone says that the entry itself was undone.
	Undone bool
	// OnwardNow says that the recipient still passes things on as was read out.
	OnwardNow  bool
	RecordedBy string
	RecordedAt time.Time

	recorded    int64 // its place in the log
	withdrawnAt int64 // the place of its withdrawal
	withdrawnOn time.Time
}

// GrantState is how a grant stands on a day.
type GrantState string

// The states. Only a live grant lets anything through.
const (
	GrantLive      GrantState = "live"
	GrantOver      GrantState = "expired"
	GrantTakenBack GrantState = "withdrawn"
	GrantUndone    GrantState = "undone"
	GrantOutdated  GrantState = "outdated" // the recipient's onward disclosure changed
)

// State says how the grant stands on a day. What was taken back is gone at once,
// also before the day that was named.
func (g Grant) State(at time.Time) GrantState {
	switch {
	case g.Undone:
		return GrantUndone
	case g.Withdrawn:
		return GrantTakenBack
	case g.Expires.IsZero() || dayOf(at) > g.Expires.String():
		return GrantOver
	case !g.OnwardNow:
		return GrantOutdated
	}
	return GrantLive
}

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
	records, err := c.one(ctx, g.Person)
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
	records, err := c.one(ctx, g.Person)
	if err != nil {
		return err
	}
	said, err := c.held(ctx, records)
	if err != nil {
		return err
	}
	for _, file := range g.Files {
		if !slices.ContainsFunc(said, func(r statement.Recorded) bool { return isFile(r.Property) && r.Object == file }) {
			return ErrField.With("field", string(statement.GrantFile))
		}
	}
	return nil
}

// herself are the records as which the person speaks: her own, and the sources
// that are she.
func (c *Casework) herself(ctx context.Context, records []string) ([]string, error) {
	links, err := c.pointing(ctx, records, statement.SourcePerson)
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(records), subjects(live(links, statement.SourcePerson))...), nil
}

// WithdrawGrant records that a consent was taken back on a day, by whom (source;
// "" is the office). It counts from this moment, whatever the day, and cannot be
// undone: a new consent is a new grant.
func (c *Casework) WithdrawGrant(ctx context.Context, by, grant, source string, on edtf.Date, note string) error {
	if by == "" {
		return ErrNobody
	}
	today := edtf.Day(c.host.Now().UTC())
	if on.IsZero() {
		on = today
	}
	if on.Ahead(c.host.Now()) {
		return ErrGiven
	}
	if _, err := c.GrantByID(ctx, grant); err != nil {
		return err
	}
	_, err := c.ledger.Append(ctx, statement.Act{Kind: statement.ActConsent, By: by, Note: note, Statements: []statement.Statement{{
		Subject: grant, Property: statement.GrantWithdrawn, Value: on.String(), SaidBy: source,
	}}})
	return err
}

// GrantByID gives one consent.
func (c *Casework) GrantByID(ctx context.Context, id string) (Grant, error) {
	found, err := c.readGrants(ctx, []string{id})
	if err != nil {
		return Grant{}, err
	}
	if len(found) == 0 {
		return Grant{}, ErrNotFound
	}
	return found[0], nil
}

// Grants are all consents given for the records of one person, the latest first.
func (c *Casework) Grants(ctx context.Context, records ...string) ([]Grant, error) {
	links, err := c.pointing(ctx, records, statement.GrantPerson)
	if err != nil {
		return nil, err
	}
	return c.readGrants(ctx, subjects(links))
}

// Live are the consents that let something through on a day.
func (c *Casework) Live(ctx context.Context, records []string, recipient, purpose string, at time.Time) ([]Grant, error) {
	all, err := c.Grants(ctx, records...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(g Grant) bool {
		return g.Recipient != recipient || g.Purpose != purpose || g.State(at) != GrantLive
	}), nil
}

// Standing asks again, at the moment of sending, whether what was cleared at a time
// under these grants may still go: every one of them is live, and of none she has
// taken back a part since. Otherwise it gives ErrGrantGone.
func (c *Casework) Standing(ctx context.Context, cleared time.Time, grants ...string) error {
	now := c.host.Now()
	for _, id := range grants {
		g, err := c.GrantByID(ctx, id)
		if errors.Is(err, ErrNotFound) {
			return ErrGrantGone
		}
		if err != nil {
			return err
		}
		if g.State(now) != GrantLive {
			return ErrGrantGone
		}
		if err := c.stillHers(ctx, g, cleared); err != nil {
			return err
		}
	}
	return nil
}

// stillHers asks, of all records that are the person now, whether her own consent is
// still known to be hers, and whether she took back a part of it since.
func (c *Casework) stillHers(ctx context.Context, g Grant, cleared time.Time) error {
	records, err := c.one(ctx, g.Person)
	if err != nil {
		return err
	}
	herself, err := c.herself(ctx, records)
	if err != nil {
		return err
	}
	if g.Giver == Own && !slices.Contains(herself, g.Source) {
		return ErrGrantGone
	}
	others, err := c.Grants(ctx, records...)
	if err != nil {
		return err
	}
	_, all, err := c.taken(ctx, others, herself, g.Recipient, g.Purpose)
	if err != nil {
		return err
	}
	since := slices.DeleteFunc(sameUse(all, g.Recipient, g.Purpose), func(o Grant) bool { return o.withdrawnOn.Before(cleared) })
	if takenBack(since).any(g) {
		return ErrGrantGone
	}
	return nil
}

// readGrants reads consents from the ledger, the latest first. One of which
// anything was forgotten is left out whole.
func (c *Casework) readGrants(ctx context.Context, ids []string) ([]Grant, error) {
	said, err := c.about(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var grants []Grant
	onward := map[string][]OnwardText{}
	for _, id := range ids {
		g, ok := readGrant(id, said[id])
		if !ok {
			continue
		}
		if _, known := onward[g.Recipient]; !known {
			if onward[g.Recipient], err = c.Onward(ctx, g.Recipient); err != nil {
				return nil, err
			}
		}
		g.OnwardNow = slices.ContainsFunc(onward[g.Recipient], func(t OnwardText) bool { return t.Text == g.Onward })
		grants = append(grants, g)
	}
	slices.SortFunc(grants, func(a, b Grant) int { return cmp.Compare(b.recorded, a.recorded) })
	return grants, nil
}

// readGrant reads one consent. All of it was said in the act that opened it; what
// came later adds nothing, save its withdrawal, which counts for ever. A statement
// of it that was undone makes the whole grant undone. Two recipients or two
// purposes make it none.
func readGrant(id string, said []statement.Recorded) (Grant, bool) {
	g := Grant{ID: id, withdrawnAt: -1}
	opened := opening(said)
	once := map[statement.Property]int{}
	for _, r := range said {
		if r.Property == statement.GrantWithdrawn {
			g.Withdrawn, g.withdrawnAt, g.withdrawnOn = true, r.Index, r.RecordedAt
			g.WithdrawnOn, _ = edtf.Parse(r.Value)
		}
		if r.ActID != opened || r.Property == statement.GrantWithdrawn {
			continue
		}
		g.Undone = g.Undone || r.Withdrawn
		once[r.Property]++
		g.take(r)
	}
	whole := g.Onward != "" && !g.Expires.IsZero()
	for _, p := range []statement.Property{statement.GrantPerson, statement.GrantRecipient, statement.GrantPurpose, statement.GrantGiver} {
		whole = whole && once[p] == 1
	}
	return g, whole
}

// opening is the act that opened the record.
func opening(said []statement.Recorded) string {
	for _, r := range said {
		if r.Property == statement.RecordKind {
			return r.ActID
		}
	}
	return ""
}

func (g *Grant) take(r statement.Recorded) {
	switch r.Property {
	case statement.GrantPerson:
		g.Person, g.recorded = r.Object, r.Index
		g.RecordedBy, g.RecordedAt = r.RecordedBy, r.RecordedAt
	case statement.GrantRecipient:
		g.Recipient = r.Object
	case statement.GrantPurpose:
		g.Purpose = r.Value
	case statement.GrantGiver:
		g.Giver = Giver(r.Value)
	case statement.GrantSource:
		g.Source = r.Object
	case statement.GrantHow:
		g.How = r.Value
	case statement.GrantLanguage:
		g.Language = r.Value
	case statement.GrantOnward:
		g.Onward = r.Value
	case statement.GrantGiven:
		g.Given, _ = edtf.Parse(r.Value)
	case statement.GrantExpires:
		g.Expires, _ = edtf.Parse(r.Value)
	case statement.GrantField:
		g.Fields = append(g.Fields, statement.Property(r.Value))
	case statement.GrantFile:
		g.Files = append(g.Files, r.Object)
	case statement.GrantSpokenBy:
		g.Interpreter = r.Value
	case statement.GrantWitness:
		g.Witnesses = append(g.Witnesses, r.Value)
	case statement.ActNote:
		if g.Note == "" {
			g.Note = r.Value
		}
	}
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

// sameUse are the grants for one recipient and one purpose.
func sameUse(all []Grant, recipient, purpose string) []Grant {
	return slices.DeleteFunc(slices.Clone(all), func(g Grant) bool { return g.Recipient != recipient || g.Purpose != purpose })
}

// takings say of each field and file when she last took it back herself.
type takings map[string]int64

func takenBack(same []Grant) takings {
	t := takings{}
	for _, g := range same {
		if g.Giver != Own || !g.Withdrawn {
			continue
		}
		for _, f := range g.Fields {
			t[string(f)] = max(t[string(f)], g.withdrawnAt)
		}
		for _, f := range g.Files {
			t[f] = max(t[f], g.withdrawnAt)
		}
	}
	return t
}

// overrides says that her withdrawal goes before the grant: no relative gives what
// she took back, and her own consent counts again only when it is a new one.
func (t takings) overrides(g Grant, what string) bool {
	at, ok := t[what]
	return ok && (g.Giver != Own || g.recorded < at)
}

// any says that she took back anything the grant names.
func (t takings) any(g Grant) bool {
	return slices.ContainsFunc(g.Fields, func(f statement.Property) bool { return t.overrides(g, string(f)) }) ||
		slices.ContainsFunc(g.Files, func(f string) bool { return t.overrides(g, f) })
}

// Ending are the consents whose last day lies between today and a number of days
// from now, the nearest first: time to ask again.
func (c *Casework) Ending(ctx context.Context, days, limit int) ([]Grant, error) {
	today := int64(edtf.Day(c.host.Now().UTC()).Earliest())
	var ids []string
	err := c.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		ids, err = caseworksql.New(tx).GrantsEnding(ctx, caseworksql.GrantsEndingParams{OfficeID: c.o.OfficeID,
			Expires: today, Expires_2: today + int64(days), Limit: int32(limit)})
		return err
	})
	if err != nil {
		return nil, err
	}
	all, err := c.readGrants(ctx, ids)
	slices.SortStableFunc(all, func(a, b Grant) int { return edtf.Compare(a.Expires, b.Expires) })
	return all, err
}

// Holding is one property of which the office holds something, for the form on
// which a consent is written down.
type Holding struct {
	Property statement.Property
	Said     []statement.Recorded
	// Never says that no consent can let it out, and why.
	Never Reason
}

// Holdings are what the office holds of a person, in the order of the form, then
// what can never leave.
func (c *Casework) Holdings(ctx context.Context, records ...string) ([]Holding, error) {
	said, err := c.held(ctx, records)
	if err != nil {
		return nil, err
	}
	var all []Holding
	for _, s := range said {
		if slices.Contains(housekeeping, s.Property) || s.Withdrawn {
			continue
		}
		i := slices.IndexFunc(all, func(h Holding) bool { return h.Property == s.Property })
		if i < 0 {
			i = len(all)
			all = append(all, Holding{Property: s.Property, Never: never(s.Property)})
		}
		all[i].Said = append(all[i].Said, s)
	}
	slices.SortStableFunc(all, func(a, b Holding) int { return cmp.Compare(place(a.Property), place(b.Property)) })
	return all, nil
}

// never says why a property can leave under no consent, "" when it can.
func never(p statement.Property) Reason {
	switch {
	case statement.Vocabulary[p].Class == statement.KinContact:
		return KinContact
	case !Grantable(p):
		return NotGrantable
	}
	return ""
}

// place is where the property stands on the form; what never leaves comes last.
func place(p statement.Property) int {
	if i := slices.Index(grantable, p); i >= 0 {
		return i
	}
	return len(grantable)
}
