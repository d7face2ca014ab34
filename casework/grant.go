package casework

import (
	"cmp"
	"context"
	"slices"
	"time"

	"homeward/casework/caseworksql"
	"homeward/internal/db"
	"homeward/statement"
	"homeward/statement/edtf"
)

// A consent and how it stands. How one is given is in give.go, how one is taken back and
// what that stops in takeback.go.

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

// sameUse are the grants for one recipient and one purpose.
func sameUse(all []Grant, recipient, purpose string) []Grant {
	return slices.DeleteFunc(slices.Clone(all), func(g Grant) bool { return g.Recipient != recipient || g.Purpose != purpose })
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
